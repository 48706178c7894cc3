//! What people type, save and send, as every reader of this project takes it.
//!
//! A figure is wrong before any mathematics where a text is read as something that it does not say: thousands as fractions, one
//! letter code as another, a time of last summer's clock, the second of two keys. Each file here is one such reading, so that no two
//! readers differ: letters ([`decode`]), kinds of files ([`kind_of`]), numbers ([`thousands`]), moments ([`Moment`]), ids that look
//! alike ([`skeleton`]), HXL tags ([`is_hxl_row`]) and JSON ([`parse_json`]).

mod encoding;
mod hxl;
mod ids;
mod json;
mod kind;
mod moment;
mod number;

pub use encoding::decode;
pub use hxl::is_hxl_row;
pub use ids::{code_key, invisible, near_code, skeleton, spelled_out};
pub use json::parse_json;
pub use kind::{FileKind, WantedFile, kind_of, wrong_kind};
pub use moment::{Moment, bundled_zone, clock_changes, clock_text, excel_day, offset_text, span_text};
pub use number::{amount_hint, thousands};
