//! `clearway new`

use super::{read, refuse_existing};
use crate::args::{ModeName, New, ReleaseName};
use crate::failure::{Failure, faults_text};
use crate::progress::Progress;
use clearway_compose::{Input, Release, Request, RoadNetwork, compose};
use clearway_import::{ImportOptions, import_roads};
use clearway_io::{Overwrite, read_scenario, write_scenario};
use clearway_model::{Figure, Mode};
use std::path::{Path, PathBuf};

fn input(path: &Option<PathBuf>) -> Result<Option<Input>, Failure> {
    let name = |path: &Path| path.file_name().map_or(String::new(), |n| n.to_string_lossy().into_owned());
    path.as_deref().map(|path| Ok(Input::new(name(path), read(path)?))).transpose()
}

pub fn run(args: &New) -> Result<(), Failure> {
    refuse_existing(&args.dir, args.replace)?;
    if let Some(people) = args.people.filter(|people| *people < 0) {
        return Err(Failure::Argument(format!("--people is {people}, expected a whole number from 0")));
    }
    let folder = args.dir.file_name().map_or("scenario".into(), |n| n.to_string_lossy());
    let request = Request {
        area: input(&args.area)?,
        people: args.people.map(|n| Figure::new(n, args.people_low, args.people_high)),
        population: input(&args.population)?,
        zones: input(&args.zones)?,
        sites: input(&args.sites)?,
        hazards: input(&args.hazards)?,
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
    };
    let progress = Progress::new(crate::args::ProgressName::Auto);
    let options = ImportOptions {
        walk: request.mode == Mode::Walk,
        tntp: (&args.tntp).into(),
        ..ImportOptions::default()
    };
    let map = import_roads(&args.roads, &options, &|stage, share| progress.tell(stage, share))?;
    let (import_report, import_full) = (map.report.to_string(), format!("{:#}", map.report));
    let network = RoadNetwork {
        nodes: map.nodes,
        links: map.links,
        movements: map.movements,
        boundary_nodes: map.boundary_nodes,
        attribution: map.attribution,
        sources: map.sources,
    };
    progress.tell("zones, sites", 0.5);
    let composed = compose(network, &request)
        .map_err(|faults| Failure::Faults { what: "the scenario cannot be made".to_owned(), faults })?;
    let mut extra = vec![
        ("zones.geojson", composed.zones_geojson),
        ("sites.geojson", composed.sites_geojson),
        ("import.txt", import_full.into_bytes()),
    ];
    extra.extend(composed.hazards_geojson.map(|bytes| ("hazards.geojson", bytes)));
    let overwrite = if args.replace { Overwrite::Replace } else { Overwrite::Refuse };
    write_scenario(&args.dir, &composed.scenario, &extra, overwrite)?;
    progress.clear();
    tell!("{import_report}{}", composed.report);
    let what = args.dir.display().to_string();
    let (_, warnings) =
        read_scenario(&args.dir).map_err(|faults| Failure::Faults { what: what.clone(), faults })?;
    tell!("{}", faults_text(&what, &warnings));
    say!("every default with its source: {what}/sources.csv\nnext: clearway plan {what} --out PLAN");
    Ok(())
}
