//! The tables of the data base.

use crate::error::ServeError;
use rusqlite::Connection;

/// Number of the tables' form, kept in the data base itself.
const FORM: i64 = 1;

const TABLES: &str = "
CREATE TABLE projects (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, context TEXT NOT NULL, made_by TEXT NOT NULL, made_at TEXT NOT NULL
) STRICT;
CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT, project INTEGER NOT NULL REFERENCES projects (id), name TEXT NOT NULL, digest TEXT NOT NULL,
    bytes INTEGER NOT NULL, given_by TEXT NOT NULL, given_at TEXT NOT NULL
) STRICT;
CREATE TABLE drafts (
    project INTEGER NOT NULL REFERENCES projects (id), revision INTEGER NOT NULL, note TEXT NOT NULL, made_by TEXT NOT NULL,
    made_at TEXT NOT NULL, draft TEXT NOT NULL, PRIMARY KEY (project, revision)
) STRICT;
CREATE TABLE versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, project INTEGER NOT NULL REFERENCES projects (id), kind TEXT NOT NULL,
    parent INTEGER REFERENCES versions (id), job INTEGER, draft_revision INTEGER, name TEXT NOT NULL, note TEXT NOT NULL,
    digest TEXT NOT NULL, disclosure TEXT NOT NULL, baseline INTEGER NOT NULL, made_by TEXT NOT NULL, made_at TEXT NOT NULL,
    review TEXT NOT NULL, submitted_by TEXT NOT NULL, words TEXT NOT NULL, bounds TEXT NOT NULL
) STRICT;
CREATE TABLE version_files (
    version INTEGER NOT NULL REFERENCES versions (id), position INTEGER NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
    sensitivity TEXT NOT NULL, digest TEXT NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (version, name)
) STRICT;
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, project INTEGER NOT NULL REFERENCES projects (id), kind TEXT NOT NULL, of_version INTEGER,
    ordered TEXT NOT NULL, state TEXT NOT NULL, made_by TEXT NOT NULL, ordered_at TEXT NOT NULL, begun_at TEXT, over_at TEXT,
    words TEXT NOT NULL, faults TEXT NOT NULL, notes TEXT NOT NULL, result INTEGER
) STRICT;
CREATE TABLE comments (
    id INTEGER PRIMARY KEY AUTOINCREMENT, version INTEGER NOT NULL REFERENCES versions (id), pin TEXT NOT NULL, text TEXT NOT NULL,
    answers INTEGER, made_by TEXT NOT NULL, made_at TEXT NOT NULL
) STRICT;
CREATE TABLE record (
    number INTEGER PRIMARY KEY, project INTEGER, made_by TEXT NOT NULL, made_at TEXT NOT NULL, what TEXT NOT NULL,
    details TEXT NOT NULL, digest TEXT NOT NULL
) STRICT;
CREATE TABLE accounts (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, active INTEGER NOT NULL
) STRICT;
CREATE TABLE sessions (
    token TEXT PRIMARY KEY, name TEXT NOT NULL, made_at INTEGER NOT NULL, used_at INTEGER NOT NULL
) STRICT;
CREATE INDEX files_of_project ON files (project);
CREATE INDEX versions_of_project ON versions (project);
CREATE INDEX versions_of_parent ON versions (parent);
CREATE INDEX jobs_of_project ON jobs (project);
CREATE INDEX jobs_of_state ON jobs (state);
CREATE INDEX comments_of_version ON comments (version);
";

/// Tables of which no row is ever changed or taken out.
const KEPT: [&str; 5] = ["files", "drafts", "version_files", "comments", "record"];

/// Makes the tables where there are none, and sets how they are written.
pub(super) fn prepare(connection: &Connection) -> Result<(), ServeError> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // what is committed is on the disk, also where the power goes
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    let form: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match form {
        FORM => Ok(()),
        0 => {
            let mut all = format!("BEGIN IMMEDIATE;\n{TABLES}");
            for table in KEPT {
                for verb in ["UPDATE", "DELETE"] {
                    all.push_str(&format!(
                        "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'rows of {table} are kept as they are'); END;\n"
                    ));
                }
            }
            all.push_str(&format!("PRAGMA user_version = {FORM};\nCOMMIT;"));
            Ok(connection.execute_batch(&all)?)
        }
        other => Err(ServeError::Store(format!(
            "it has the form {other}, and this version of the program knows {FORM}"
        ))),
    }
}
