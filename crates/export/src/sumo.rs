//! x
use crate::{
    format::{ExportError, NamedBytes},
    tables::PlanFacts,
};
pub(crate) fn sumo(_: &PlanFacts<'_>) -> Result<Vec<NamedBytes>, ExportError> {
    Ok(vec![])
}
