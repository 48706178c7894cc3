//! Which row of `sources.csv` says where a figure comes from.

use clearway_model::{Scenario, SourceRow};
use std::collections::BTreeMap;

/// The sources of a scenario, ready to be asked.
#[derive(Debug, Clone)]
pub struct FigureSources<'s> {
    rows: BTreeMap<(&'s str, &'s str, &'s str), &'s SourceRow>,
}

impl<'s> FigureSources<'s> {
    /// Of several rows for one figure [`FigureSources::find`] gives the first.
    pub fn new(scenario: &'s Scenario) -> Self {
        let mut rows = BTreeMap::new();
        for row in &scenario.sources {
            rows.entry((row.table.as_str(), row.id.as_str(), row.field.as_str())).or_insert(row);
        }
        Self { rows }
    }

    /// The source of one figure: the row of exactly this id, else the one for all ids (`*`). `table` is a file name without
    /// `.csv`, or `scenario`; `field` is a column.
    pub fn find<'a>(&'a self, table: &'a str, id: &'a str, field: &'a str) -> Option<&'s SourceRow> {
        self.rows.get(&(table, id, field)).or_else(|| self.rows.get(&(table, "*", field))).copied()
    }
}
