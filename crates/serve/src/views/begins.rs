//! When a plan begins: one that was made of what was left of another begins in the middle of that one.

use super::tables::document;
use crate::app::ServeApp;
use crate::error::ServeError;
use crate::types::{VersionInfo, VersionKind};
use serde_json::Value;

/// When a plan begins, ms after the start of the first plan of its line; 0 of a plan that was made of none.
pub(super) fn begins_ms(app: &ServeApp, plan: &VersionInfo) -> Result<i64, ServeError> {
    let mut sum = 0;
    let mut next = Some(plan.clone());
    while let Some(plan) = next.filter(|version| version.kind == VersionKind::Plan) {
        let report = document(&app.store.version_store(plan.id)?, "replan.json")?;
        let Some(at_ms) = report.get("at_ms").and_then(Value::as_i64) else { break };
        sum += at_ms;
        next = plan.parent.map(|parent| app.store.version(parent)).transpose()?;
    }
    Ok(sum)
}
