//! A plan folder as bytes, and how to change parts of it.

use clearway_model::{Certificate, Plan, RAW_FILES, scenario_digest};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// File name (`plan.json`, `scenario/link.csv`) and contents.
pub type Files = BTreeMap<String, Vec<u8>>;

const CHECKED: [&str; 8] = [
    "plan.json",
    "certificate.json",
    "summary.json",
    "orders.csv",
    "curve.csv",
    "zones.csv",
    "bottlenecks.csv",
    "overflow.csv",
];

/// Reads all of a plan folder that a checker looks at.
///
/// # Errors
///
/// If a file of the plan is missing or cannot be read.
pub fn read_folder(dir: &Path) -> std::io::Result<Files> {
    let mut files = Files::new();
    for name in CHECKED {
        files.insert(name.to_owned(), std::fs::read(dir.join(name))?);
    }
    for name in RAW_FILES {
        match std::fs::read(dir.join("scenario").join(name)) {
            Ok(bytes) => drop(files.insert(format!("scenario/{name}"), bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(files)
}

/// Writes a plan folder; `dir` is made if it is not there.
///
/// # Errors
///
/// If a file cannot be written.
pub fn write_folder(dir: &Path, files: &Files) -> std::io::Result<()> {
    std::fs::create_dir_all(dir.join("scenario"))?;
    files.iter().try_for_each(|(name, bytes)| std::fs::write(dir.join(name), bytes))
}

fn put_json(files: &mut Files, name: &str, value: &impl Serialize) -> Option<()> {
    files.insert(name.to_owned(), serde_json::to_vec(value).ok()?);
    Some(())
}

/// Changes `plan.json`, and makes `orders.csv` follow.
pub(super) fn plan(files: &mut Files, edit: impl FnOnce(&mut Plan) -> Option<()>) -> Option<()> {
    let mut plan: Plan = serde_json::from_slice(files.get("plan.json")?).ok()?;
    edit(&mut plan)?;
    put_json(files, "plan.json", &plan)?;
    let names = |file: &str, id: &str| -> BTreeMap<String, String> {
        let table = files.get(file).and_then(|bytes| Sheet::read(bytes));
        let rows = table.iter().flat_map(|table| table.rows.iter().map(move |row| (table, row)));
        rows.map(|(t, row)| (t.cell(row, id).to_owned(), t.cell(row, "name").to_owned())).collect()
    };
    let (zones, sites) = (names("scenario/zones.csv", "zone_id"), names("scenario/sites.csv", "site_id"));
    let mut sheet = Sheet::read(files.get("orders.csv")?)?;
    sheet.rows.clear();
    for order in &plan.orders {
        let route = plan.routes.iter().find(|route| route.route_id == order.route_id);
        let site = route.map_or("", |route| route.site_id.as_str());
        let cells = [
            ("order_id", order.order_id.to_string()),
            ("zone_id", order.zone_id.clone()),
            ("zone_name", zones.get(&order.zone_id).cloned().unwrap_or_default()),
            ("site_id", site.to_owned()),
            ("site_name", sites.get(site).cloned().unwrap_or_default()),
            ("route_id", order.route_id.clone()),
            ("group", order.group.clone()),
            ("class", order.class.clone()),
            ("people", order.people.to_string()),
            ("depart_from_ms", order.depart_from_ms.to_string()),
            ("depart_until_ms", order.depart_until_ms.to_string()),
        ];
        sheet.push(&cells.each_ref().map(|(column, cell)| (*column, cell.as_str())));
    }
    files.insert("orders.csv".to_owned(), sheet.write()?);
    Some(())
}

/// Changes `certificate.json`.
pub(super) fn certificate(
    files: &mut Files,
    edit: impl FnOnce(&mut Certificate) -> Option<()>,
) -> Option<()> {
    let mut certificate: Certificate = serde_json::from_slice(files.get("certificate.json")?).ok()?;
    edit(&mut certificate)?;
    put_json(files, "certificate.json", &certificate)
}

/// Changes the value at key `a.b` of `summary.json`.
pub(super) fn summary(
    files: &mut Files,
    key: &str,
    edit: impl FnOnce(&Value) -> Option<Value>,
) -> Option<()> {
    let mut summary: Value = serde_json::from_slice(files.get("summary.json")?).ok()?;
    let value = key.split('.').try_fold(&mut summary, |value, part| value.get_mut(part))?;
    *value = edit(value)?;
    put_json(files, "summary.json", &summary)
}

/// Changes a table.
pub(super) fn sheet(
    files: &mut Files,
    name: &str,
    edit: impl FnOnce(&mut Sheet) -> Option<()>,
) -> Option<()> {
    let mut sheet = Sheet::read(files.get(name)?)?;
    edit(&mut sheet)?;
    files.insert(name.to_owned(), sheet.write()?);
    Some(())
}

/// Makes the digests fit the scenario as it now stands.
pub(super) fn sign_again(files: &mut Files) -> Option<()> {
    let inside =
        files.iter().filter_map(|(name, bytes)| Some((name.strip_prefix("scenario/")?, bytes.as_slice())));
    let digest = scenario_digest(inside);
    for name in ["plan.json", "certificate.json", "summary.json"] {
        let mut value: Value = serde_json::from_slice(files.get(name)?).ok()?;
        *value.get_mut("scenario")? = Value::String(digest.clone());
        put_json(files, name, &value)?;
    }
    Some(())
}

/// A table as cells.
pub(super) struct Sheet {
    header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::Reader::from_reader(bytes);
        let header = reader.headers().ok()?.iter().map(str::to_owned).collect();
        let records = reader.records().filter_map(Result::ok);
        let rows = records.filter(|row| !row.get(0).is_some_and(|cell| cell.starts_with('#')));
        Some(Self { header, rows: rows.map(|row| row.iter().map(str::to_owned).collect()).collect() })
    }

    /// An empty table.
    pub fn new(columns: &[&str]) -> Self {
        Self { header: columns.iter().map(|column| (*column).to_owned()).collect(), rows: Vec::new() }
    }

    pub fn write(&self) -> Option<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.header).ok()?;
        self.rows.iter().try_for_each(|row| writer.write_record(row)).ok()?;
        writer.into_inner().ok()
    }

    pub fn cell<'a>(&self, row: &'a [String], column: &str) -> &'a str {
        let at = self.header.iter().position(|name| name == column);
        at.and_then(|at| row.get(at)).map_or("", String::as_str)
    }

    /// Sets a cell; the column is added if it is not there.
    pub fn set(&mut self, row: usize, column: &str, cell: &str) -> Option<()> {
        let at = match self.header.iter().position(|name| name == column) {
            Some(at) => at,
            None => {
                self.header.push(column.to_owned());
                self.rows.iter_mut().for_each(|row| row.push(String::new()));
                self.header.len() - 1
            }
        };
        *self.rows.get_mut(row)?.get_mut(at)? = cell.to_owned();
        Some(())
    }

    /// Adds a row; columns that the table does not have are added where the cell is not empty.
    pub fn push(&mut self, cells: &[(&str, &str)]) {
        self.rows.push(vec![String::new(); self.header.len()]);
        let row = self.rows.len() - 1;
        for (column, cell) in cells.iter().filter(|(_, cell)| !cell.is_empty()) {
            let _ = self.set(row, column, cell);
        }
    }

    /// Adds to a whole number in the first row where `keep` holds for it.
    pub fn add(&mut self, column: &str, by: i64, keep: impl Fn(i64) -> bool) -> Option<()> {
        let whole = |row: &Vec<String>| self.cell(row, column).parse::<i64>().ok().filter(|v| keep(*v));
        let (row, value) = self.rows.iter().enumerate().find_map(|(at, row)| Some((at, whole(row)?)))?;
        self.set(row, column, &(value + by).to_string())
    }
}
