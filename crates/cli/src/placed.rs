//! Supplies by place, for commands that are no verb of the library yet.

use crate::commands::{file_name, read_table};
use crate::failure::{Failure, faults_text};
use crate::occupancy::Whereabouts;
use crate::progress::Progress;
pub use clearway::place_series as series;
pub use clearway_needs::trucks;
use clearway_needs::{Climate, GivenSupplies, GivenTable, Rates, SupplyRules, Trucks};
use std::path::Path;

/// Reads supplies and supply points, and plans the convoys.
pub fn given(
    known: &Whereabouts,
    (supplies, aid): (Option<&Path>, Option<&Path>),
    (rates, climate): (&Rates, Climate),
    trucks: Trucks,
    progress: &Progress,
) -> Result<GivenSupplies, Failure> {
    let read = |path: Option<&Path>| -> Result<Option<(String, String, Vec<u8>)>, Failure> {
        let Some(path) = path else { return Ok(None) };
        Ok(Some((path.display().to_string(), file_name(path), read_table(path)?)))
    };
    let tables = [read(supplies)?, read(aid)?];
    let tables = tables.each_ref().map(|table| {
        let (label, file, csv) = table.as_ref()?;
        Some(GivenTable { label, file, csv })
    });
    let tell = |stage: &str, share: f64| progress.tell(stage, share);
    let rules = SupplyRules { rates, climate, trucks };
    let given = clearway_needs::given(known, tables, rules, &crate::interrupt::cancel(), &tell)
        .map_err(clearway::Error::from)?;
    for (table, warnings) in &given.warnings {
        eprint!("{}", faults_text(table, warnings));
    }
    Ok(given)
}
