//! `clearway verify`

use crate::args::Verify;
use crate::failure::Failure;
use clearway_verify::verify;
use std::path::Path;

pub fn run(args: &Verify) -> Result<(), Failure> {
    say!("{}", make(&args.plan, args.scenario.as_deref())?);
    Ok(())
}

/// Checks a plan folder; what to print if it holds.
pub fn make(plan: &Path, scenario: Option<&Path>) -> Result<String, Failure> {
    let result = verify(plan, scenario)?;
    let checked = &result.checked;
    let looked_at = format!(
        "{} people, {} orders on {} routes replayed as {} platoons in {} steps, {} cuts evaluated, {} points of the curve compared",
        checked.people,
        checked.orders,
        checked.routes,
        checked.platoons,
        checked.events,
        checked.cuts,
        checked.curve_rows
    );
    if result.holds {
        return Ok(format!(
            "holds: every figure of {} follows from its scenario\n  {looked_at}",
            plan.display()
        ));
    }
    let mut text = format!("does not hold: {}\n  {looked_at}\n", plan.display());
    for finding in &result.findings {
        text.push_str(&format!("  {finding}\n"));
    }
    if result.left_out > 0 {
        text.push_str(&format!("  and {} more of the same kinds\n", result.left_out));
    }
    Err(Failure::DoesNotHold(text))
}
