//! Rows of `sources.csv` for what an import read and assumed.

use crate::capacity::{FIGURES, FigureCheck};
use clearway_model::{SourceRow, SourceStatus};

/// Rows for the defaults behind `link.csv`, in the order of [`FIGURES`].
pub(crate) fn default_sources() -> Vec<SourceRow> {
    FIGURES
        .iter()
        .map(|figure| {
            let note = if figure.rule.is_empty() {
                format!("{} ({})", figure.statement, figure.verified.words())
            } else {
                format!("{}: {} ({})", figure.rule, figure.statement, figure.verified.words())
            };
            SourceRow {
                table: "link".into(),
                id: "*".into(),
                field: figure.field.into(),
                status: if figure.verified == FigureCheck::Assumed {
                    SourceStatus::Assumed
                } else {
                    SourceStatus::Default
                },
                source: figure.source.into(),
                note,
                ..SourceRow::default()
            }
        })
        .collect()
}

/// Rows for what the road map itself states.
pub(crate) fn map_sources(source: &str, url: &str, fields: &[(&str, &str)], note: &str) -> Vec<SourceRow> {
    fields
        .iter()
        .map(|(table, field)| SourceRow {
            table: (*table).into(),
            id: "*".into(),
            field: (*field).into(),
            status: SourceStatus::Published,
            source: source.into(),
            url: url.into(),
            note: note.into(),
            ..SourceRow::default()
        })
        .collect()
}
