//! Plan folders of earlier versions: one word on what to do, in place of all the keys that are no more.

use crate::Unreadable;
use clearway_model::{Certificate, MultimodalSummary, Plan, Store, Summary};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// What a file says of itself.
#[derive(Deserialize)]
struct SelfDescription {
    schema: Option<String>,
    /// Only a plan of an earlier version has it; the schema of plans kept its number when the word changed.
    platoon_people: Option<IgnoredAny>,
}

const FILES: [(&str, &str); 4] = [
    ("plan.json", Plan::SCHEMA),
    ("certificate.json", Certificate::SCHEMA),
    ("summary.json", Summary::SCHEMA),
    ("multimodal.json", MultimodalSummary::SCHEMA),
];

/// Fails if a plan folder was written by an earlier version. What is no JSON, or states no schema, is left to whoever reads it.
pub(crate) fn refuse(plan: &dyn Store) -> Result<(), Unreadable> {
    let stated =
        |name: &str| -> Option<SelfDescription> { serde_json::from_slice(&plan.read(name).ok()??).ok() };
    // of two files, the one that this version writes counts
    if matches!(plan.read("everyone.json"), Ok(Some(_))) && matches!(plan.read("multimodal.json"), Ok(None)) {
        let schema = stated("everyone.json").and_then(|stated| stated.schema);
        let schema = schema.unwrap_or_else(|| "everyone.json".to_owned());
        return Err(Unreadable::Older { plan: plan.label(), schema });
    }
    for (name, current) in FILES {
        let Some(stated) = stated(name) else { continue };
        let schema = stated.schema.unwrap_or_default();
        if is_older(&schema, current) || (schema == current && stated.platoon_people.is_some()) {
            return Err(Unreadable::Older { plan: plan.label(), schema });
        }
    }
    Ok(())
}

fn is_older(found: &str, current: &str) -> bool {
    let parts = |schema: &str| {
        let (kind, number) = schema.split_once('/')?;
        Some((kind.to_owned(), number.parse::<u32>().ok()?))
    };
    parts(found)
        .zip(parts(current))
        .is_some_and(|(found, current)| found.0 == current.0 && found.1 < current.1)
}
