//! Trip tables: how many trips begin in each zone.

use std::collections::BTreeMap;
use std::path::Path;

use super::text::TntpText;
use crate::ImportError;
use crate::map_file::MapFile;
use clearway_model::FolderStore;

/// How many trips begin in each zone.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TripTable {
    /// Number of the origin zone, which is the number of its node, to the trips from it to all zones, itself included.
    pub from: BTreeMap<u64, f64>,
    /// What the file says all trips together are.
    pub stated_total: Option<f64>,
}

impl TripTable {
    /// All trips, added up in ascending order of the origins.
    pub fn total(&self) -> f64 {
        self.from.values().sum()
    }
}

/// Reads `X_trips.tntp`.
///
/// # Errors
/// [`ImportError`] if the file cannot be read or has faults (all of them at once): something other than
/// `destination : trips;`, a negative number, a row before the first `Origin`, an origin twice, none at all.
pub fn read_tntp_trips(path: &Path) -> Result<TripTable, ImportError> {
    let (folder, name) = FolderStore::beside(path);
    let text = TntpText::read(&MapFile::new(&folder, name.unwrap_or_default()))?;
    let mut table = TripTable { stated_total: text.number("TOTAL OD FLOW"), ..TripTable::default() };
    let zones = text.number("NUMBER OF ZONES").unwrap_or(f64::INFINITY);
    let mut faults = Vec::new();
    let mut origin = None;
    for (line, row) in text.lines() {
        let mut words = row.split_whitespace();
        if words.next().is_some_and(|word| word.eq_ignore_ascii_case("origin")) {
            let number = words.next().unwrap_or("");
            origin = number.parse::<u64>().ok().filter(|zone| *zone > 0 && *zone as f64 <= zones);
            match origin {
                None => faults.push(text.fault(line, "Origin", number, "the number of a zone")),
                Some(zone) if table.from.contains_key(&zone) => {
                    faults.push(text.fault(line, "Origin", number, "a zone that is no origin before"));
                }
                Some(zone) => {
                    table.from.insert(zone, 0.0);
                }
            }
            continue;
        }
        for pair in row.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
            let read = pair.split_once(':').and_then(|(to, trips)| {
                to.trim().parse::<u64>().ok().filter(|zone| *zone > 0 && *zone as f64 <= zones)?;
                trips.trim().parse::<f64>().ok().filter(|trips| trips.is_finite() && *trips >= 0.0)
            });
            let Some(trips) = read else {
                faults.push(text.fault(line, "trips", pair, "destination : trips of at least 0"));
                continue;
            };
            if let Some(sum) = origin.and_then(|zone| table.from.get_mut(&zone)) {
                *sum += trips;
            } else if table.from.is_empty() && faults.is_empty() {
                // A faulty origin is named already; its rows are not faults of their own.
                faults.push(text.fault(line, "trips", pair, "a line 'Origin N' before"));
            }
        }
    }
    if table.from.is_empty() && faults.is_empty() {
        return Err(ImportError::Malformed { path: path.into(), reason: "no line 'Origin N'".into() });
    }
    if faults.is_empty() { Ok(table) } else { Err(ImportError::several(faults)) }
}
