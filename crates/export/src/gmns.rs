//! x
use crate::{
    format::{ExportError, NamedBytes},
    tables::PlanFacts,
};
pub(crate) fn gmns(_: &PlanFacts<'_>) -> Result<Vec<NamedBytes>, ExportError> {
    Ok(vec![])
}
