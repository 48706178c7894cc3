//! `clearway resolve`

use super::{file_name, read};
use crate::args::{ResolveArgs, UnitName};
use crate::failure::{Failure, faults_text};
use crate::output::Output;
use clearway_artifacts::FolderKind;
use clearway_compose::{Input, RasterMeaning, Resolved, resolve_hazards, resolve_raster};
use clearway_formats::{read_scenario, to_csv};
use clearway_model::{Faults, FolderStore, Scenario};
use std::collections::HashSet;

pub fn run(args: &ResolveArgs) -> Result<(), Failure> {
    let what = args.dir.display().to_string();
    let (mut scenario, _) = read_scenario(&FolderStore::new(&args.dir))
        .map_err(|faults| Failure::Faults { what: what.clone(), faults })?;
    let resolved =
        resolved(args, &scenario)?.map_err(|faults| Failure::Faults { what: what.clone(), faults })?;
    // Rows of an earlier run of these hazards are replaced; rows typed by hand stay.
    let made: HashSet<&str> = resolved.closures.iter().map(|c| c.cause.as_str()).collect();
    let before = scenario.closures.len();
    let is_made = |cause: &str, id: &str| made.contains(cause) && id.starts_with(&format!("{cause}:"));
    scenario.closures.retain(|c| !is_made(&c.cause, &c.closure_id));
    let replaced = before - scenario.closures.len();
    let count = resolved.closures.len();
    scenario.closures.extend(resolved.closures);
    Output::of(&args.dir, FolderKind::Scenario)?.update(&[("closures.csv", &to_csv(&scenario.closures))])?;
    tell!("{}", faults_text(&what, &resolved.warnings));
    say!("{count} closures written to {what}/closures.csv ({replaced} of an earlier run replaced)");
    Ok(())
}

/// Closures out of a raster if one is given, else out of hazards.geojson.
fn resolved(args: &ResolveArgs, scenario: &Scenario) -> Result<Result<Resolved, Faults>, Failure> {
    let (raster, meaning) = match (&args.arrival, &args.depth) {
        (Some(raster), _) => {
            let unit_ms = match args.unit {
                Some(UnitName::S) => 1e3,
                Some(UnitName::Min) => 6e4,
                Some(UnitName::H) => 3.6e6,
                None => {
                    let text = "arrival times need their unit: --unit s, min or h; a raster does not say it";
                    return Err(Failure::Argument(text.to_owned()));
                }
            };
            (raster, RasterMeaning::Arrival { unit_ms, lasts_ms: args.until })
        }
        (None, Some(raster)) => {
            let from_ms = args.from.unwrap_or(0);
            if args.until.is_some_and(|until| until <= from_ms) {
                return Err(Failure::Argument("--until has to be after --from".to_owned()));
            }
            (raster, RasterMeaning::Depth { from_ms, until_ms: args.until })
        }
        (None, None) => {
            let hazards = Input::new("hazards.geojson", read(&args.dir.join("hazards.geojson"))?);
            return Ok(resolve_hazards(scenario, &hazards));
        }
    };
    let name = file_name(raster);
    Ok(resolve_raster(scenario, &Input::new(name, read(raster)?), &args.hazard_id, meaning))
}
