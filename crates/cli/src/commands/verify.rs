//! `clearway verify`

use super::read;
use crate::args::Verify;
use crate::failure::Failure;
use clearway_artifacts::ZipStore;
use clearway_formats::Current;
use clearway_model::{FolderStore, Store, counted, people};
use clearway_verify::{Finding, NOT_CHECKED, is_multimodal, verify, verify_multimodal};
use std::path::Path;

pub fn run(args: &Verify) -> Result<(), Failure> {
    say!("{}", make(&args.plan, args.scenario.as_deref())?);
    Ok(())
}

/// A folder, or the files of a ZIP archive.
fn store_at(path: &Path) -> Result<Box<dyn Store>, Failure> {
    if !path.is_file() {
        return Ok(Box::new(FolderStore::new(path)));
    }
    let label = path.display().to_string();
    Ok(Box::new(ZipStore::new(label, &read(path)?).map_err(unreadable(path))?))
}

fn unreadable(path: &Path) -> impl FnOnce(std::io::Error) -> Failure + use<> {
    let path = path.to_owned();
    move |source| Failure::Read { path, source }
}

/// Checks a plan folder; what to print if it holds.
pub fn make(plan: &Path, scenario: Option<&Path>) -> Result<String, Failure> {
    let (store, scenario) = (store_at(plan)?, scenario.map(store_at).transpose()?);
    // the plan holds a scenario of an earlier version as this version reads it
    let scenario = match &scenario {
        Some(scenario) => Some(Current::of(&**scenario).map_err(unreadable(plan))?),
        None => None,
    };
    let scenario = scenario.as_ref().map(|current| current as &dyn Store);
    let store = &*store;
    if is_multimodal(store) {
        return make_multimodal(store, scenario);
    }
    let result = verify(store, scenario)?;
    let checked = &result.checked;
    let looked_at = format!(
        "{}, {} on {} replayed as {} in {}, {} evaluated, {} of the curve compared",
        people(checked.people),
        count(checked.orders, "order"),
        count(checked.routes, "route"),
        count(checked.packets, "packet"),
        count(checked.events, "step"),
        count(checked.cuts, "cut"),
        count(checked.curve_rows, "point")
    );
    if result.holds {
        return Ok(format!(
            "holds: every figure of {} that is checked follows from its scenario\n  {looked_at}\n  not checked: {NOT_CHECKED}",
            store.label()
        ));
    }
    Err(does_not_hold(store, &looked_at, &result.findings, result.left_out))
}

/// A count with its noun, which has an `s` for more than one.
fn count(number: u64, noun: &str) -> String {
    counted(i64::try_from(number).unwrap_or(i64::MAX), noun, &format!("{noun}s"))
}

/// The same for a plan folder for everybody.
fn make_multimodal(plan: &dyn Store, scenario: Option<&dyn Store>) -> Result<String, Failure> {
    let result = verify_multimodal(plan, scenario)?;
    let mut looked_at = format!("{} of the fleet", count(result.trips, "round"));
    for (name, checked) in &result.parts {
        looked_at.push_str(&format!(
            "\n  {name}: {}, {}, {} evaluated",
            people(checked.people),
            count(checked.orders, "order"),
            count(checked.cuts, "cut")
        ));
    }
    if result.holds {
        let plan = plan.label();
        return Ok(format!(
            "holds: every figure of {plan} that is checked follows from its scenario\n  {looked_at}\n  not checked: {NOT_CHECKED}"
        ));
    }
    Err(does_not_hold(plan, &looked_at, &result.findings, result.left_out))
}

fn does_not_hold(plan: &dyn Store, looked_at: &str, findings: &[Finding], left_out: u64) -> Failure {
    let mut text = format!("does not hold: {}\n  {looked_at}\n", plan.label());
    for finding in findings {
        text.push_str(&format!("  {finding}\n"));
    }
    if left_out > 0 {
        text.push_str(&format!("  and {left_out} more of the same kinds\n"));
    }
    Failure::DoesNotHold(text)
}
