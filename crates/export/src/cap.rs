//! x
use crate::{
    format::{ExportError, NamedBytes},
    tables::PlanFacts,
};
pub(crate) fn cap(_: &PlanFacts<'_>) -> Result<Vec<NamedBytes>, ExportError> {
    Ok(vec![])
}
