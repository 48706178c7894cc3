//! What goes to the terminal: made safe to show, and not lost in silence.
//!
//! Names and cells are somebody else's text. What a terminal would obey in them is spelled out here, once for all commands.

use clearway_model::visible;
use std::fmt::Arguments;
use std::io::{self, Write};
use std::sync::Mutex;

/// Why standard output is not whole.
static LOST: Mutex<Option<io::Error>> = Mutex::new(None);

/// Writes to standard output. A reader that has gone away (`| head`) is no reason to fail; a full disk is.
pub fn out(text: Arguments<'_>) {
    let text = text.to_string();
    remember(io::stdout().write_all(visible(&text).as_bytes()));
}

/// Writes to standard error, where nothing can be done about a failure.
pub fn err(text: Arguments<'_>) {
    let text = text.to_string();
    let _ = io::stderr().write_all(visible(&text).as_bytes());
}

fn remember(written: io::Result<()>) {
    let Err(error) = written else { return };
    if error.kind() == io::ErrorKind::BrokenPipe {
        return;
    }
    if let Ok(mut lost) = LOST.lock() {
        lost.get_or_insert(error);
    }
}

/// Why standard output is not whole, if it is not, once everything is written.
pub fn lost() -> Option<io::Error> {
    remember(io::stdout().flush());
    LOST.lock().ok()?.take()
}
