//! `clearway new`

use super::{file_name, given, read};
use crate::args::{ModeName, NewArgs, PrivateName, ProgressName, ReleaseName};
use crate::assumed;
use crate::failure::{Failure, faults_text};
use crate::output::Output;
use crate::progress::Progress;
use clearway_artifacts::{Disclosure, FolderKind};
use clearway_compose::{Ferry, Input, Release, Request, RoadNetwork, check_request, compose};
use clearway_formats::{check_scenario, read_scenario, scenario_folder};
use clearway_import::{ImportError, ImportOptions, RoadMap, import_roads};
use clearway_model::{Fault, Faults, Figure, FolderStore, Mode};
use std::path::PathBuf;

pub fn run(args: &NewArgs) -> Result<(), Failure> {
    let inputs = given([
        Some(args.roads.as_path()),
        args.area.as_deref(),
        args.population.as_deref(),
        args.zones.as_deref(),
        args.sites.as_deref(),
        args.exits.as_deref(),
        args.hazards.as_deref(),
    ]);
    let output = Output::new(&args.dir, FolderKind::Scenario, args.replace, &inputs)?;
    // Whatever is wrong with options, files and the map is said together.
    let mut faults = Faults::default();
    let request = request(args, &mut faults);
    let progress = Progress::new(ProgressName::Auto);
    let map = match roads(args, request.mode, &progress) {
        Ok(map) => Some(map),
        Err(error) if faults.0.is_empty() && check_request(&request).0.is_empty() => return Err(error.into()),
        Err(error) => {
            let fault = Fault::error(file_name(&args.roads), "", "a road map that can be read");
            faults.push(fault.hint(error.to_string()));
            None
        }
    };
    let (Some(map), false) = (map, faults.has_errors()) else {
        faults.0.extend(check_request(&request).0);
        progress.clear();
        return Err(cannot(faults));
    };
    let (import_report, import_full) = (map.report.to_string(), format!("{:#}", map.report));
    progress.tell("zones, sites", 0.5);
    let composed = compose(network(map), &request).map_err(cannot)?;
    // What the check refuses is not written.
    let refused = check_scenario(&composed.scenario);
    if refused.has_errors() {
        progress.clear();
        return Err(cannot(refused));
    }
    let mut extra = vec![
        ("zones.geojson", composed.zones_geojson),
        ("sites.geojson", composed.sites_geojson),
        ("import.txt", import_full.into_bytes()),
    ];
    extra.extend(composed.hazards_geojson.map(|bytes| ("hazards.geojson", bytes)));
    extra.extend(composed.exits_csv.map(|bytes| ("exits.csv", bytes)));
    let (files, _) = scenario_folder(&composed.scenario, &extra)?;
    output.write(&files, Disclosure::Full)?;
    progress.clear();
    tell!("{import_report}{}", composed.report);
    let what = args.dir.display().to_string();
    let (scenario, found) = read_scenario(&FolderStore::new(&args.dir))
        .map_err(|faults| Failure::Faults { what: what.clone(), faults })?;
    let mut warnings = composed.report.warnings;
    warnings.0.extend(found.0);
    tell!("{}", faults_text(&what, &warnings));
    say!("{}", assumed::text(&scenario));
    say!("every default with its source: {what}/sources.csv\nnext: clearway plan {what} --out PLAN");
    Ok(())
}

fn cannot(faults: Faults) -> Failure {
    Failure::Faults { what: "the scenario cannot be made".to_owned(), faults }
}

/// A file that was given; one that cannot be read is a fault.
fn input(path: Option<&PathBuf>, faults: &mut Faults) -> Option<Input> {
    let path = path?;
    match read(path) {
        Ok(bytes) => Some(Input::new(file_name(path), bytes)),
        Err(error) => {
            let place = path.display().to_string();
            faults.push(Fault::error(place, "", "a file that can be read").hint(error.to_string()));
            None
        }
    }
}

fn request(args: &NewArgs, faults: &mut Faults) -> Request {
    if let Some(people) = args.people.filter(|people| *people < 0) {
        faults.push(Fault::error("request", "", "a whole number from 0").field("--people", people));
    }
    let folder = args.dir.file_name().map_or("scenario".into(), |n| n.to_string_lossy());
    Request {
        area: input(args.area.as_ref(), faults),
        people: args.people.map(|n| Figure::new(n, args.people_low, args.people_high)),
        population: input(args.population.as_ref(), faults),
        zones: input(args.zones.as_ref(), faults),
        sites: input(args.sites.as_ref(), faults),
        exits: input(args.exits.as_ref(), faults),
        join_within_m: args.join_within,
        hazards: input(args.hazards.as_ref(), faults),
        zone_count: args.zone_count,
        mode: match args.mode {
            ModeName::Vehicle => Mode::Vehicle,
            ModeName::Walk => Mode::Walk,
        },
        people_per_vehicle: args.people_per_vehicle.map(|x| Figure::new(x, None, None)),
        release: args.release.map(|release| match release {
            ReleaseName::Fast => Release::Fast,
            ReleaseName::Medium => Release::Medium,
            ReleaseName::Slow => Release::Slow,
            ReleaseName::Instant => Release::Instant,
        }),
        context: args.context.into(),
        start: args.start.clone(),
        time_zone: args.time_zone.clone(),
        horizon_ms: args.horizon,
        ..Request::new(args.name.clone().unwrap_or_else(|| folder.into_owned()))
    }
}

fn roads(args: &NewArgs, mode: Mode, progress: &Progress) -> Result<RoadMap, ImportError> {
    let options = ImportOptions {
        walk: mode == Mode::Walk,
        tntp: (&args.tntp).into(),
        private_roads: args.private_roads == PrivateName::Everybody,
        residents: args.private_roads == PrivateName::Residents,
        ..ImportOptions::default()
    };
    import_roads(&args.roads, &options, &|stage, share| progress.tell(stage, share))
}

fn network(map: RoadMap) -> RoadNetwork {
    let excluded = map.report.excluded.into_iter();
    RoadNetwork {
        nodes: map.nodes,
        links: map.links,
        movements: map.movements,
        boundary_nodes: map.boundary_nodes,
        attribution: map.attribution,
        sources: map.sources,
        ferries: map.ferries.into_iter().map(|f| Ferry { name: f.name, course: f.course }).collect(),
        places: map.places,
        left_out: excluded.filter(|(reason, _)| reason.starts_with("access=")).collect(),
    }
}
