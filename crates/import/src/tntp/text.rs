//! The outer form of TNTP files: tags, comments, rows.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::map_file::MapFile;
use crate::{ImportError, encoding};

/// Columns of a network file that has no line naming them.
const STANDARD: [&str; 10] = [
    "init_node",
    "term_node",
    "capacity",
    "length",
    "free_flow_time",
    "b",
    "power",
    "speed",
    "toll",
    "link_type",
];

/// A file taken apart: tags before the end of the metadata, rows after it.
#[derive(Debug)]
pub(crate) struct TntpText {
    pub path: PathBuf,
    tags: BTreeMap<String, String>,
    columns: Vec<String>,
    rows: Vec<(u64, String)>,
}

/// One row of a network file.
#[derive(Debug, Clone)]
pub(crate) struct NetRow<'a> {
    text: &'a TntpText,
    line: u64,
    cells: Vec<&'a str>,
}

impl TntpText {
    pub fn read(file: &MapFile<'_>) -> Result<Self, ImportError> {
        let (path, bytes) = (file.path(), file.read()?);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let text = std::str::from_utf8(bytes).map_err(|e| encoding::fault(path, bytes, e.valid_up_to()))?;
        let mut read = Self {
            path: path.into(),
            tags: BTreeMap::new(),
            columns: STANDARD.map(str::to_string).to_vec(),
            rows: Vec::new(),
        };
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if let Some((tag, value)) = line.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
                read.tags.insert(tag.trim().to_ascii_uppercase(), value.trim().to_string());
            } else if let Some(comment) = line.strip_prefix('~') {
                let names: Vec<String> =
                    comment.trim_end_matches(';').split_whitespace().map(str::to_ascii_lowercase).collect();
                if names.iter().any(|name| name == "init_node") {
                    read.columns = names.into_iter().filter(|name| name != ";").collect();
                }
            } else if !line.is_empty() {
                read.rows.push((index as u64 + 1, line.to_string()));
            }
        }
        Ok(read)
    }

    /// Text behind a tag.
    pub fn tag(&self, name: &str) -> Option<&str> {
        self.tags.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// Number behind a tag, if it is one.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.tag(name)?.parse().ok().filter(|value: &f64| value.is_finite())
    }

    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name == column)
    }

    /// Lines that are neither tags nor comments, with their numbers from 1.
    pub fn lines(&self) -> impl Iterator<Item = (u64, &str)> {
        self.rows.iter().map(|(line, text)| (*line, text.as_str()))
    }

    pub fn net_rows(&self) -> impl Iterator<Item = NetRow<'_>> {
        self.lines().map(|(line, text)| NetRow {
            text: self,
            line,
            cells: text.split([';', ' ', '\t', ',']).filter(|cell| !cell.is_empty()).collect(),
        })
    }

    /// A fault at a line.
    pub fn fault(&self, line: u64, field: &str, found: &str, expected: impl Into<String>) -> ImportError {
        ImportError::Value {
            path: self.path.clone(),
            line,
            field: field.into(),
            found: found.into(),
            expected: expected.into(),
        }
    }
}

impl NetRow<'_> {
    /// Whether the file has this column.
    pub fn has(&self, column: &str) -> bool {
        self.text.has(column)
    }

    fn cell(&self, column: &str) -> &str {
        let at = self.text.columns.iter().position(|name| name == column);
        at.and_then(|at| self.cells.get(at)).copied().unwrap_or("")
    }

    /// A number in a range.
    pub fn number(&self, column: &str, least: f64) -> Result<f64, ImportError> {
        let found = self.cell(column);
        match found.parse::<f64>() {
            Ok(value) if value.is_finite() && value >= least => Ok(value),
            _ => Err(self.fault(column, format!("a number of at least {least}"))),
        }
    }

    /// Number of a node.
    pub fn node(&self, column: &str) -> Result<u64, ImportError> {
        match self.cell(column).parse::<u64>() {
            Ok(node) if node > 0 => Ok(node),
            _ => Err(self.fault(column, "the number of a node, from 1")),
        }
    }

    pub fn fault(&self, column: &str, expected: impl Into<String>) -> ImportError {
        self.text.fault(self.line, column, self.cell(column), expected)
    }
}
