//! `clearway groups`

use super::{given, input};
use crate::args::{First, GroupsArgs};
use crate::failure::{Failure, faults_text};
use crate::output::Output;
use crate::session::usual;
use clearway::{FleetPriority, FolderStore, GroupsRequest, ShareRange, groups};
use clearway_artifacts::FolderKind;

pub fn run(args: &GroupsArgs) -> Result<(), Failure> {
    let inputs = [args.facilities.as_deref(), args.fleet.as_deref(), args.settings.as_deref()];
    let inputs = [given([Some(args.dir.as_path())]), given(inputs)].concat();
    let output = Output::new(&args.out, FolderKind::Scenario, args.replace, &inputs)?;
    let mut request = GroupsRequest::from(args);
    request.facilities = args.facilities.as_deref().map(input).transpose()?;
    request.fleet = args.fleet.as_deref().map(input).transpose()?;
    request.settings = args.settings.as_deref().map(input).transpose()?;
    let made = groups(&usual(), &request, &FolderStore::new(&args.dir))?;
    output.write(&made.artifacts())?;
    for (of, warnings) in &made.warnings {
        eprint!("{}", faults_text(of, warnings));
    }
    if made.groups.is_some() {
        say!("{}", made.in_words());
    }
    say!("written to {0}; plan with: clearway plan {0} --out PLAN", args.out.display());
    Ok(())
}

impl From<&GroupsArgs> for GroupsRequest {
    /// All but the files.
    fn from(args: &GroupsArgs) -> Self {
        let range = |[low, share, high]: [f64; 3]| ShareRange { low, share, high };
        let mut request = Self::default();
        request.label = args.out.display().to_string();
        request.walk = range(args.walk);
        request.seat = range(args.seat);
        request.wheelchair = range(args.wheelchair);
        request.stretcher = range(args.stretcher);
        request.source.clone_from(&args.source);
        request.first = match args.first {
            First::Assistance => FleetPriority::Assistance,
            First::Hazard => FleetPriority::Hazard,
        };
        request
    }
}
