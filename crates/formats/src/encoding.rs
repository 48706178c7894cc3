//! Bytes to text, as every reader takes them (`clearway_text`).

use clearway_model::Fault;
use clearway_text::WantedFile;

/// The text of a file without its byte-order mark, or the fault that says what it is instead.
pub(crate) fn decode<'b>(file: &str, bytes: &'b [u8]) -> Result<&'b str, Box<Fault>> {
    clearway_text::decode(file, bytes, WantedFile::of(file))
}
