//! x
use crate::{
    format::{ExportError, NamedBytes},
    tables::PlanFacts,
};
pub(crate) fn matsim(
    _: &PlanFacts<'_>,
    _: crate::format::ExportOptions,
) -> Result<Vec<NamedBytes>, ExportError> {
    Ok(vec![])
}
