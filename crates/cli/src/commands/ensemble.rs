//! `clearway ensemble`

use super::parts;
use crate::args::{
    ChanceArgs, EnsembleMergeArgs, EnsembleRunArgs, EnsembleVerb, FiguresName, QueuesName, RoadArgs,
};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
use crate::session::usual;
use clearway::{
    Ensemble, EnsembleRequest, EnsembleRunner, FolderStore, MemberFigures, Queues, SimulateRequest,
    behaviour_profile, merge_ensemble, read_behaviour,
};
use clearway_artifacts::FolderKind;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

pub fn run(verb: &EnsembleVerb) -> Result<(), Failure> {
    match verb {
        EnsembleVerb::Run(args) => run_members(args),
        EnsembleVerb::Merge(args) => merge(args),
        EnsembleVerb::Profile => {
            say!("{}", behaviour_profile().trim_end());
            Ok(())
        }
    }
}

/// The request of the options.
pub fn request(chance_args: &ChanceArgs, road: RoadArgs) -> Result<EnsembleRequest, Failure> {
    let mut request = chance(chance_args)?;
    request.simulation = simulation(road);
    Ok(request)
}

/// What members are drawn from; the road is simulated as usual.
pub fn chance(chance: &ChanceArgs) -> Result<EnsembleRequest, Failure> {
    let mut request = EnsembleRequest::default();
    request.seed = chance.seed;
    request.figures = match chance.figures {
        FiguresName::Ranges => MemberFigures::Ranges,
        FiguresName::Central => MemberFigures::Central,
    };
    if let Some(path) = &chance.behaviour {
        let text = fs::read_to_string(path).map_err(|problem| parts::unreadable(path, &problem))?;
        request.behaviour = read_behaviour(&path.display().to_string(), &text)?;
    }
    Ok(request)
}

/// How the road is simulated.
pub fn simulation(road: RoadArgs) -> SimulateRequest {
    let mut request = SimulateRequest::default();
    request.queues = match road.queues {
        QueuesName::Spatial => Queues::Spatial,
        QueuesName::Vertical => Queues::Vertical,
    };
    request.spacing_m = road.spacing_m;
    request.wave_km_h = road.wave_km_h;
    request.pocket_vehicles = road.pocket_vehicles;
    request
}

fn run_members(args: &EnsembleRunArgs) -> Result<(), Failure> {
    let request = request(&args.chance, args.road)?;
    let runner = EnsembleRunner::new(&FolderStore::new(&args.plan), &request)?;
    fs::create_dir_all(&args.out).map_err(|problem| parts::unreadable(&args.out, &problem))?;
    let (first, end) = args.members;
    let mut ranges = parts::ranges(first..end, args.part);
    let all = ranges.len();
    ranges.retain(|range| !is_there(&runner, &args.out.join(part_name(range)), range));
    if ranges.len() < all {
        say!("{} of {all} parts are there already", all - ranges.len());
    }
    if !ranges.is_empty() {
        let _kept = interrupt::heeded();
        let session = match args.threads {
            Some(threads) => usual().with_threads(threads),
            None => usual(),
        };
        let mut left = ranges.clone().into_iter();
        runner.run_each(&session, &ranges, |part| {
            let Some(range) = left.next() else { return Ok(()) };
            parts::keep(&args.out.join(part_name(&range)), &part.to_parquet()?)
        })?;
    }
    say!("members {first}..{end} are in {}; clearway ensemble merge puts them together", args.out.display());
    Ok(())
}

/// The name of the file of some members; in the order of their numbers.
fn part_name(range: &Range<u32>) -> String {
    format!("members-{:010}-{:010}.parquet", range.start, range.end)
}

/// Whether a part of the same ensemble with these members is there, whole.
fn is_there(runner: &EnsembleRunner, path: &Path, range: &Range<u32>) -> bool {
    let Ok(bytes) = fs::read(path) else { return false };
    Ensemble::from_parquet(&bytes).is_ok_and(|part| {
        let members = part.rows.members.iter().map(|row| row.member);
        let mut numbers: Vec<u32> = members.chain(part.rows.failed.iter().map(|row| row.member)).collect();
        numbers.sort_unstable();
        runner.is_of(&part) && numbers.into_iter().eq(range.clone())
    })
}

fn merge(args: &EnsembleMergeArgs) -> Result<(), Failure> {
    let inputs: Vec<&Path> = args.parts.iter().map(PathBuf::as_path).collect();
    let output = Output::new(&args.out, FolderKind::Ensemble, args.replace, &inputs)?;
    let parts = parts::read(&args.parts)?;
    let ensemble = merge_ensemble(&parts)?;
    output.write(&ensemble.artifacts()?)?;
    say!("{}", ensemble.in_words());
    say!("written to {0}; look at {0}/index.html", args.out.display());
    Ok(())
}
