//! `clearway new`

use super::{given, input};
use crate::args::{ModeName, NewArgs, PrivateName, ReleaseName};
use crate::failure::{Failure, faults_text};
use crate::output::Output;
use crate::session::usual;
use clearway::{
    ComposeRequest, FloodRequest, FolderStore, InputFile, MobilizationSpeed, PrivateRoadUse,
    assumptions_in_words, check, check_compose, compose,
};
use clearway_artifacts::FolderKind;
use clearway_model::{Fault, Faults, Mode};
use std::path::{Path, PathBuf};

pub fn run(args: &NewArgs) -> Result<(), Failure> {
    let inputs = given([
        Some(args.roads.as_path()),
        args.area.as_deref(),
        args.population.as_deref(),
        args.zones.as_deref(),
        args.sites.as_deref(),
        args.exits.as_deref(),
        args.hazards.as_deref(),
        args.terrain.as_deref(),
        args.water.as_deref(),
    ]);
    let output = Output::new(&args.dir, FolderKind::Scenario, args.replace, &inputs)?;
    // Whatever is wrong with options, files and the map is said together.
    let mut faults = Faults::default();
    let mut request = with_files(ComposeRequest::from(args), args, &mut faults);
    let (folder, map) = FolderStore::beside(&args.roads);
    request.map = map;
    if faults.has_errors() {
        faults.0.extend(check_compose(&usual(), &request, &folder)?.0);
        return Err(Failure::Faults { what: "the scenario cannot be made".to_owned(), faults });
    }
    let composed = compose(&usual(), &request, &folder)?;
    output.write(&composed.artifacts())?;
    say!("{}", composed.in_words());
    // Read as it now lies there: a folder that was replaced may hold files of somebody's own, which count.
    let checked = check(&FolderStore::new(&args.dir))?;
    let mut warnings = composed.report.warnings;
    warnings.0.extend(checked.warnings.0);
    let what = checked.label;
    tell!("{}", faults_text(&what, &warnings));
    say!("{}", assumptions_in_words(&checked.scenario));
    say!("every default with its source: {what}/sources.csv\nnext: clearway plan {what} --out PLAN");
    Ok(())
}

impl From<&NewArgs> for ComposeRequest {
    /// All but the files that are given and the map.
    fn from(args: &NewArgs) -> Self {
        let mut request = Self::default();
        request.private_roads = args.private_roads.into();
        request.junctions = args.junctions;
        request.tntp = (&args.tntp).into();
        request.name = args.name.clone().unwrap_or_else(|| folder_name(&args.dir));
        request.context = args.context.into();
        request.people = args.people;
        request.people_low = args.people_low;
        request.people_high = args.people_high;
        request.zone_count = args.zone_count;
        request.join_within_m = args.join_within;
        request.fire_buffer_m = args.fire_buffer;
        request.mode = args.mode.into();
        request.people_per_vehicle = args.people_per_vehicle;
        request.mobilization = args.release.map(Into::into);
        request.start.clone_from(&args.start);
        request.time_zone.clone_from(&args.time_zone);
        request.horizon_ms = args.horizon;
        request
    }
}

/// What a scenario is called that has no name of its own.
fn folder_name(dir: &Path) -> String {
    dir.file_name().map_or_else(|| "scenario".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// A request with its files; one that cannot be read is a fault.
fn with_files(mut request: ComposeRequest, args: &NewArgs, faults: &mut Faults) -> ComposeRequest {
    if let Some(people) = args.people.filter(|people| *people < 0) {
        faults.push(Fault::error("request", "", "a whole number from 0").field("--people", people));
    }
    let mut file = |path: &Option<PathBuf>| -> Option<InputFile> {
        let path = path.as_deref()?;
        let read = input(path);
        read.map_err(|error| {
            let place = path.display().to_string();
            faults.push(Fault::error(place, "", "a file that can be read").hint(error.to_string()));
        })
        .ok()
    };
    request.area = file(&args.area);
    request.population = file(&args.population);
    request.zones = file(&args.zones);
    request.sites = file(&args.sites);
    request.exits = file(&args.exits);
    request.hazards = file(&args.hazards);
    request.flood = file(&args.terrain).map(|terrain| {
        let mut flood = FloodRequest::new(terrain, args.level.clone());
        flood.water = file(&args.water);
        flood
    });
    request
}

impl From<PrivateName> for PrivateRoadUse {
    fn from(name: PrivateName) -> Self {
        match name {
            PrivateName::Nobody => Self::Nobody,
            PrivateName::Residents => Self::Residents,
            PrivateName::Everybody => Self::Everybody,
        }
    }
}

impl From<ModeName> for Mode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::Vehicle => Self::Vehicle,
            ModeName::Walk => Self::Walk,
        }
    }
}

impl From<ReleaseName> for MobilizationSpeed {
    fn from(name: ReleaseName) -> Self {
        match name {
            ReleaseName::Fast => Self::Fast,
            ReleaseName::Medium => Self::Medium,
            ReleaseName::Slow => Self::Slow,
            ReleaseName::Instant => Self::Instant,
        }
    }
}
