//! `clearway needs`

use super::{given, input};
use crate::args::{ClimateName, NeedsArgs};
use crate::failure::{Failure, faults_text};
use crate::output::Output;
use crate::session::{usage, usual};
use clearway::{FolderStore, NeedsRequest, needs, needs_of};
use clearway_artifacts::FolderKind;
use clearway_needs::Climate;
use std::time::Instant;

pub fn run(args: &NeedsArgs) -> Result<(), Failure> {
    let started = Instant::now();
    if let Some(people) = args.people {
        say!("{}", needs_of(people, args.climate.into()));
        return Ok(());
    }
    let (Some(dir), Some(out)) = (&args.plan, &args.out) else {
        return Err(Failure::Argument(
            "give a plan folder and a folder to write (--out), or --people".to_owned(),
        ));
    };
    let inputs = given([Some(dir), args.supplies.as_deref(), args.aid.as_deref()]);
    let output = Output::new(out, FolderKind::Needs, args.replace, &inputs)?;
    let answer = needs(&usual(), &FolderStore::new(dir), &request(args)?)?;
    for (table, warnings) in &answer.warnings {
        eprint!("{}", faults_text(table, warnings));
    }
    output.write(&answer.artifacts(usage(started))?)?;
    say!("{}", answer.in_words());
    say!("written to {0}; look at {0}/index.html", out.display());
    Ok(())
}

/// What the options ask for.
fn request(args: &NeedsArgs) -> Result<NeedsRequest, Failure> {
    let mut request = NeedsRequest::default();
    request.supplies = args.supplies.as_deref().map(input).transpose()?;
    request.aid = args.aid.as_deref().map(input).transpose()?;
    request.climate = args.climate.into();
    request.truck_pcu = args.truck_pcu;
    request.load_h = args.load_h;
    request.unload_h = args.unload_h;
    request.rest_km = args.rest_km;
    request.rest_minutes = args.rest_minutes;
    request.redacted = (args.redacted || args.exact).then_some(args.redacted);
    Ok(request)
}

impl From<ClimateName> for Climate {
    fn from(name: ClimateName) -> Self {
        match name {
            ClimateName::Warm => Self::Warm,
            ClimateName::Cold => Self::Cold,
        }
    }
}
