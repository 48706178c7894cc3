//! x
use crate::{
    format::{ExportError, NamedBytes},
    tables::PlanTables,
};
pub(crate) fn geoparquet(
    _: &PlanTables,
    _: &clearway_report::ScenarioClock,
) -> Result<Vec<NamedBytes>, ExportError> {
    Ok(vec![])
}
