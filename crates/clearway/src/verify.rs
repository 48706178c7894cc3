//! `verify`: does what a plan folder claims follow from its scenario?

use crate::error::Error;
use clearway_formats::CurrentScenario;
use clearway_model::{Store, counted, people};
use clearway_verify::{CheckFinding, CheckedCounts, NOT_CHECKED, is_multimodal, verify_multimodal};
use serde::Serialize;
use std::path::PathBuf;

/// What the independent checker found in a plan folder.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct PlanVerification {
    /// How messages name the plan, e.g. the path of its folder.
    pub label: String,
    /// Whether every figure that is checked follows from the scenario.
    pub holds: bool,
    /// What does not follow.
    pub findings: Vec<CheckFinding>,
    /// Findings left out because there were many of their kind.
    pub left_out: u64,
    /// How much was recomputed.
    pub recomputed: Recomputed,
}

/// How much was recomputed.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Recomputed {
    /// The plan of one class of road users.
    Single(CheckedCounts),
    /// A multimodal plan, part by part.
    Multimodal {
        /// Its parts by name.
        parts: Vec<(String, CheckedCounts)>,
        /// Trips of the fleet.
        trips: u64,
    },
}

/// Recomputes a plan from its scenario, with code of its own: orders, figures and proof. `scenario`: `None` for the copy inside the plan.
///
/// # Errors
/// [`Error::Unreadable`] if a file is missing or is not what the reference describes, so that nothing can be said.
///
/// ```
/// use clearway::{FolderStore, MemoryStore, PlanRequest, Session, Usage, load, plan, verify};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let loaded = load(&FolderStore::new(example))?;
/// let planned = plan(&Session::new().with_threads(1), &loaded, &PlanRequest::default())?;
/// let files = MemoryStore::from(planned.artifacts(Usage::default())?);
/// let verification = verify(&files, None)?;
/// assert!(verification.holds, "{}", verification.in_words());
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn verify(plan: &dyn Store, scenario: Option<&dyn Store>) -> Result<PlanVerification, Error> {
    let label = plan.label();
    let is_there = |name: &str| plan.read(name).is_ok_and(|found| found.is_some());
    if is_there("scenario.toml") && !is_there("plan.json") && !is_multimodal(plan) {
        return Err(Error::Request(format!(
            "{label} is a scenario folder; verify takes a plan folder, as clearway plan {label} --out PLAN writes it"
        )));
    }
    let scenario = scenario.map(current).transpose()?;
    let scenario = scenario.as_ref().map(|current| current as &dyn Store);
    if is_multimodal(plan) {
        let result = verify_multimodal(plan, scenario)?;
        return Ok(PlanVerification {
            label,
            holds: result.holds,
            findings: result.findings,
            left_out: result.left_out,
            recomputed: Recomputed::Multimodal { parts: result.parts, trips: result.trips },
        });
    }
    let result = clearway_verify::verify(plan, scenario)?;
    Ok(PlanVerification {
        label,
        holds: result.holds,
        findings: result.findings,
        left_out: result.left_out,
        recomputed: Recomputed::Single(result.checked),
    })
}

/// A scenario as this version reads it: the plan holds one of an earlier version so.
fn current(store: &dyn Store) -> Result<CurrentScenario<'_>, Error> {
    CurrentScenario::of(store).map_err(|source| Error::Read { path: PathBuf::from(store.label()), source })
}

/// Refuses a plan whose own figures do not follow from its scenario: whoever is counted by it would be counted wrong.
pub(crate) fn must_hold(plan: &dyn Store) -> Result<(), Error> {
    let PlanVerification { label, findings, .. } = verify(plan, None)?;
    let Some(first) = findings.first() else { return Ok(()) };
    Err(Error::DoesNotHold(format!(
        "{label} does not hold, so that nobody can be counted by it; clearway verify {label} says all\n  {first}"
    )))
}

impl PlanVerification {
    /// What was found, and how much was looked at.
    pub fn in_words(&self) -> String {
        let (label, looked_at) = (&self.label, self.recomputed.in_words());
        if self.holds {
            return format!(
                "holds: every figure of {label} that is checked follows from its scenario\n  {looked_at}\n  not checked: {NOT_CHECKED}"
            );
        }
        let mut text = format!("does not hold: {label}\n  {looked_at}\n");
        for finding in &self.findings {
            text.push_str(&format!("  {finding}\n"));
        }
        if self.left_out > 0 {
            text.push_str(&format!("  and {} more of the same kinds\n", self.left_out));
        }
        text
    }
}

impl Recomputed {
    fn in_words(&self) -> String {
        match self {
            Self::Single(checked) => format!(
                "{}, {} on {} replayed as {} in {}, {} evaluated, {} of the curve compared",
                people(checked.people),
                count(checked.orders, "order"),
                count(checked.routes, "route"),
                count(checked.packets, "packet"),
                count(checked.events, "step"),
                count(checked.cuts, "cut"),
                count(checked.curve_rows, "point")
            ),
            Self::Multimodal { parts, trips } => {
                let mut text = format!("{} of the fleet", count(*trips, "round"));
                for (name, checked) in parts {
                    text.push_str(&format!(
                        "\n  {name}: {}, {}, {} evaluated",
                        people(checked.people),
                        count(checked.orders, "order"),
                        count(checked.cuts, "cut")
                    ));
                }
                text
            }
        }
    }
}

/// A count with its noun, which has an `s` for more than one.
fn count(number: u64, noun: &str) -> String {
    counted(i64::try_from(number).unwrap_or(i64::MAX), noun, &format!("{noun}s"))
}
