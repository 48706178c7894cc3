//! `clearway groups`

use super::{file_name, given, read};
use crate::args::{First, GroupsArgs};
use crate::failure::{Failure, faults_text};
use crate::output::Output;
use clearway_artifacts::{Disclosure, FolderKind};
use clearway_compose::CutArcs;
use clearway_formats::{read_groups, read_limited, read_scenario, scenario_text, to_csv};
use clearway_model::{
    FacilityRow, Fault, Faults, FolderStore, Means, MemoryStore, PopulationGroups, Scenario, WalkSettings,
};
use clearway_multimodal::make::{Share, add_facilities, groups, hazard_first, sources};
use std::path::Path;

pub fn run(args: &GroupsArgs) -> Result<(), Failure> {
    let inputs = [args.facilities.as_deref(), args.fleet.as_deref(), args.settings.as_deref()];
    let inputs = [given([Some(args.dir.as_path())]), given(inputs)].concat();
    let output = Output::new(&args.out, FolderKind::Scenario, args.replace, &inputs)?;
    let what = args.dir.display().to_string();
    let (mut scenario, _) =
        read_scenario(&FolderStore::new(&args.dir)).map_err(|faults| Failure::Faults { what, faults })?;
    let share = |means, [low, value, high]: [f64; 3]| Share { means, value, low, high };
    let shares = [
        share(Means::Walk, args.walk),
        share(Means::Seat, args.seat),
        share(Means::Wheelchair, args.wheelchair),
        share(Means::Stretcher, args.stretcher),
    ];
    if shares.iter().map(|s| s.value).sum::<f64>() > 1.0 {
        return Err(Failure::Argument("expected shares that together are at most 1".to_owned()));
    }
    let mut rows = groups(&scenario, &shares);
    if let Some(path) = &args.facilities {
        let facilities = facilities(path, &scenario)?;
        let cut_arcs = CutArcs::new(&scenario)
            .map_err(|faults| Failure::Faults { what: args.dir.display().to_string(), faults })?;
        judge(path, &cut_arcs, &facilities)?;
        let cut_arc = |facility: &FacilityRow| {
            cut_arcs.of_facility([facility.x_coord, facility.y_coord]).map(|(node, metres, _)| (node, metres))
        };
        add_facilities(&mut scenario, &mut rows, &facilities, &cut_arc);
    }
    if args.first == First::Hazard {
        hazard_first(&scenario, &mut rows).map_err(clearway_plan::PlanError::from)?;
    }
    let file = args.facilities.as_deref().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
    scenario.sources.extend(sources(&shares, args.source.as_deref(), file.as_deref()));
    let mut files: Vec<(&str, Vec<u8>)> = scenario_text(&scenario)?;
    files.push(("groups.csv", to_csv(&rows)));
    if let Some(path) = &args.fleet {
        files.push(("fleet.csv", read(path)?));
    }
    match &args.settings {
        Some(path) => files.push(("multimodal.toml", read(path)?)),
        // Walkers need to be described; these are the defaults, written out so that they are seen.
        None if args.walk[2] > 0.0 => files.push(("multimodal.toml", default_settings().into_bytes())),
        None => {}
    }
    let shapes: Vec<(&str, Vec<u8>)> = ["zones.geojson", "sites.geojson", "hazards.geojson"]
        .into_iter()
        .filter_map(|name| Some((name, std::fs::read(args.dir.join(name)).ok()?)))
        .collect();
    // Facilities have no shapes, so that those of the zones would not be whole.
    files.extend(shapes.into_iter().filter(|s| args.facilities.is_none() || s.0 != "zones.geojson"));
    let what = args.out.display().to_string();
    let checked = check(&files, &what)?;
    output.write(&files, Disclosure::Full)?;
    if let Some((population, warnings)) = checked {
        if !warnings.0.is_empty() {
            eprint!("{}", faults_text(&what, &warnings));
        }
        for means in Means::ALL {
            let people: i64 = population.rows.iter().filter(|g| g.means == means).map(|g| g.people).sum();
            if people > 0 {
                say!("{:<12}{}", means.word(), clearway_model::people(people));
            }
        }
        say!(
            "{} vehicles in {} types",
            population.fleet.iter().map(|v| v.count).sum::<i64>(),
            population.fleet.len()
        );
    }
    say!("written to {what}; plan with: clearway plan {what} --out PLAN");
    Ok(())
}

/// Faults of facilities that are far from any road; warnings are printed.
fn judge(path: &Path, cut_arcs: &CutArcs, facilities: &[FacilityRow]) -> Result<(), Failure> {
    let file = file_name(path);
    let mut faults = Faults::default();
    for (index, facility) in facilities.iter().enumerate() {
        let place = format!("row {} ({})", index + 2, facility.facility_id);
        let cut_arc = cut_arcs.of_facility([facility.x_coord, facility.y_coord]);
        let road_m = cut_arc.map_or(f64::INFINITY, |(_, _, road_m)| road_m);
        faults.0.extend(CutArcs::judge(&file, &place, road_m));
    }
    if faults.has_errors() {
        return Err(Failure::Faults { what: file, faults });
    }
    if !faults.0.is_empty() {
        eprint!("{}", faults_text(&file, &faults));
    }
    Ok(())
}

/// What is to be written, read as `plan` will: what has faults is not written.
fn check(files: &[(&str, Vec<u8>)], what: &str) -> Result<Option<(PopulationGroups, Faults)>, Failure> {
    let trial: MemoryStore = files.iter().map(|(name, bytes)| (*name, bytes.clone())).collect();
    let faults = |faults| Failure::Faults { what: what.to_owned(), faults };
    let (scenario, _) = read_scenario(&trial).map_err(faults)?;
    read_groups(&trial, &scenario).map_err(faults)
}

/// Reads facilities; all faults at once.
fn facilities(path: &Path, scenario: &Scenario) -> Result<Vec<FacilityRow>, Failure> {
    let bytes = read(path)?;
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let (rows, mut faults) = read_limited::<FacilityRow>(&name, &bytes);
    let (places, rows): (Vec<String>, Vec<FacilityRow>) = rows.into_iter().unzip();
    for (index, (place, row)) in places.iter().zip(&rows).enumerate() {
        let taken = scenario.zones.iter().any(|z| z.zone_id == row.facility_id)
            || rows[..index].iter().any(|r| r.facility_id == row.facility_id);
        if taken {
            let fault = Fault::error(&name, place, "an id that no zone and no other facility has");
            faults.push(fault.field("facility_id", &row.facility_id));
        }
        if !row.mobilization_id.is_empty()
            && !scenario.releases.iter().any(|r| r.mobilization_id == row.mobilization_id)
        {
            let fault = Fault::error(&name, place, "an id of mobilization.csv, or an empty cell");
            faults.push(fault.field("mobilization_id", &row.mobilization_id));
        }
    }
    if faults.has_errors() { Err(Failure::Faults { what: name, faults: Faults(faults.0) }) } else { Ok(rows) }
}

/// `multimodal.toml` with the defaults written out.
fn default_settings() -> String {
    let walk: WalkSettings = WalkSettings::default();
    format!(
        "schema = \"clearway-multimodal/2\"\nfleet_share = 0.5\n\n[walk]\nspeed_share = {:?}\nlanes = {:?}\nlane_people_h = {:?}\n",
        walk.speed_share, walk.lanes, walk.lane_people_h
    )
}
