//! Files that are given with a request.

use crate::error::Error;
use clearway_formats::{is_spreadsheet, spreadsheet_csv};
use clearway_model::Faults;
use clearway_needs::GivenTable;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::path::Path;

/// A file that is given with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InputFile {
    /// How messages name it, e.g. its path. Faults and sources name its last part, by whose ending a spreadsheet or raster is known.
    pub name: String,
    /// What is in it.
    pub content: FileContent,
}

/// What is in a file: text where it is UTF-8, else bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum FileContent {
    /// Text that is UTF-8.
    Text(String),
    /// Anything else, e.g. a spreadsheet or a raster.
    Bytes(Vec<u8>),
}

impl InputFile {
    /// A file's name and contents.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let content = match String::from_utf8(bytes.into()) {
            Ok(text) => FileContent::Text(text),
            Err(error) => FileContent::Bytes(error.into_bytes()),
        };
        Self { name: name.into(), content }
    }

    /// The last part of its name.
    pub fn file_name(&self) -> String {
        Path::new(&self.name).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// What is in it, as bytes.
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            FileContent::Text(text) => text.as_bytes(),
            FileContent::Bytes(bytes) => bytes,
        }
    }

    /// A table as CSV; of a spreadsheet its first sheet.
    pub(crate) fn csv(&self) -> Result<Cow<'_, [u8]>, Error> {
        let file = self.file_name();
        if !is_spreadsheet(&file) {
            return Ok(Cow::Borrowed(self.bytes()));
        }
        let csv = spreadsheet_csv(&file, self.bytes());
        csv.map(Cow::Owned)
            .map_err(|fault| Error::Invalid { of: self.name.clone(), faults: Faults(vec![*fault]) })
    }
}

/// A table that is given with a request, as CSV, with what messages call it.
pub(crate) struct GivenFile<'a> {
    label: &'a str,
    file: String,
    csv: Cow<'a, [u8]>,
}

impl<'a> GivenFile<'a> {
    /// The table of a file, where there is one.
    pub fn of(file: Option<&'a InputFile>) -> Result<Option<Self>, Error> {
        let Some(given) = file else { return Ok(None) };
        Ok(Some(Self { label: &given.name, file: given.file_name(), csv: given.csv()? }))
    }

    /// The table as it is read.
    pub fn table(&self) -> GivenTable<'_> {
        GivenTable { label: self.label, file: &self.file, csv: &self.csv }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text_in_json_and_other_bytes_come_back_as_they_were() {
        let table = InputFile::new("given/supplies.csv", "place_id,item\n");
        assert_eq!(table.file_name(), "supplies.csv");
        let json = serde_json::to_string(&table).unwrap();
        assert_eq!(json, r#"{"name":"given/supplies.csv","content":"place_id,item\n"}"#);
        assert_eq!(serde_json::from_str::<InputFile>(&json).unwrap(), table);
        let raster = InputFile::new("depth.tif", [0x49, 0xff, 0x00]);
        let json = serde_json::to_string(&raster).unwrap();
        let again: InputFile = serde_json::from_str(&json).unwrap();
        assert_eq!(again.bytes(), [0x49, 0xff, 0x00]);
    }
}
