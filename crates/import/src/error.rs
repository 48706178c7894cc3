//! Why a road map could not be read.

use std::path::PathBuf;

/// Every variant names the file. Messages are lower-case fragments.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file cannot be opened or read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file that was given, as its store names it.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is of no kind that is known.
    #[error("{} is not a road map: found {found}, expected .osm.pbf, .osm, .osm.gz, _net.tntp, a folder with node.csv and link.csv, or one of these two tables", path.display())]
    UnknownFormat {
        /// The file or folder.
        path: PathBuf,
        /// What is there instead.
        found: String,
    },
    /// A table cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file breaks off or does not follow its format.
    #[error("{} is damaged or not what its name says: {reason}", path.display())]
    Malformed {
        /// The file that was given, as its store names it.
        path: PathBuf,
        /// What is wrong, with the place where known.
        reason: String,
    },
    /// The server that made the file says that it is not whole.
    #[error("{} is not complete: the server that made it says '{remark}'; ask for a smaller area or allow it more time, and download it again", path.display())]
    Incomplete {
        /// The file that was given, as its store names it.
        path: PathBuf,
        /// What the server wrote.
        remark: String,
    },
    /// The file is of another format that is known by name.
    #[error("{} is {what}, which is not read as a road map; {hint}", path.display())]
    Foreign {
        /// The file that was given, as its store names it.
        path: PathBuf,
        /// The format, with its article.
        what: String,
        /// What makes a road map of it.
        hint: String,
    },
    /// A text in another encoding than UTF-8.
    #[error("{}, {place}: the text is {found}, expected UTF-8; {hint}", path.display())]
    Encoding {
        /// The table that has the fault, as its store names it.
        path: PathBuf,
        /// The first line or byte that is not UTF-8.
        place: String,
        /// The encoding, by name where it can be told.
        found: String,
        /// What makes UTF-8 of it.
        hint: String,
    },
    /// More is unpacked than a map of this size holds.
    #[error("{} is not read: {reason}", path.display())]
    TooLarge {
        /// The file that was given, as its store names it.
        path: PathBuf,
        /// How much, and where.
        reason: String,
    },
    /// A table lacks something or has values that cannot be used.
    #[error("{}, line {line}: {field} = '{found}', expected {expected}", path.display())]
    Value {
        /// The table that has the fault, as its store names it.
        path: PathBuf,
        /// Line, 1-based, header included.
        line: u64,
        /// Column of the value.
        field: String,
        /// The text that stands in the cell.
        found: String,
        /// What a value of the column is, with its range.
        expected: String,
    },
    /// A needed column is not in the table.
    #[error("{} has no column '{column}'", path.display())]
    MissingColumn {
        /// The table that has the fault, as its store names it.
        path: PathBuf,
        /// The name that was looked for.
        column: String,
    },
    /// The second file of a pair is not there.
    #[error("{} has no matching {wanted} beside it", path.display())]
    MissingPartner {
        /// The file of the pair that was given.
        path: PathBuf,
        /// What is looked for.
        wanted: String,
    },
    /// The file is readable and holds no road.
    #[error("{} has no road that can be used ({found})", path.display())]
    NoRoads {
        /// The file that was given, as its store names it.
        path: PathBuf,
        /// How many ways or rows there are, none of which can be used.
        found: String,
    },
    /// An option is out of its range.
    #[error("import option {option} = {found}, expected {expected}")]
    Option {
        /// The name that was looked for.
        option: &'static str,
        /// The value that it has, as text.
        found: String,
        /// The range in which it has to be.
        expected: &'static str,
    },
    /// A TNTP file does not state a unit, and it cannot be told from the network's name.
    #[error("{} does not say the unit of {quantity}: expected {option} with {expected}", path.display())]
    UnstatedUnit {
        /// The file that was given, as its store names it.
        path: PathBuf,
        /// What has no unit.
        quantity: &'static str,
        /// The option that states it.
        option: &'static str,
        /// The values that the option takes.
        expected: &'static str,
    },
    /// It was asked to end.
    #[error("the import was ended early")]
    Cancelled,
    /// Several faults of one input, at least one.
    #[error("{}", several_words(.0))]
    Several(Vec<ImportError>),
}

/// More faults than these are counted and not printed.
const MOST_PRINTED: usize = 20;

fn several_words(faults: &[ImportError]) -> String {
    let mut lines: Vec<String> = faults.iter().take(MOST_PRINTED).map(ToString::to_string).collect();
    if faults.len() > MOST_PRINTED {
        lines.push(format!("and {} more", faults.len() - MOST_PRINTED));
    }
    lines.join("\n")
}

impl ImportError {
    /// One fault as it is, more of them together.
    pub(crate) fn several(mut faults: Vec<Self>) -> Self {
        match (faults.len(), faults.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                faults.extend(last);
                Self::Several(faults)
            }
        }
    }
}
