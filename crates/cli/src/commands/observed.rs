//! `clearway observed`

use super::{file_name, read_table};
use crate::args::{Observed, ProgressName};
use crate::failure::Failure;
use crate::occupancy::{Rest, occupancy, verified};
use crate::output::Output;
use crate::progress::Progress;
use clearway_artifacts::{Disclosure, FolderKind};
use clearway_formats::read_limited;
use clearway_model::ObservedRow;
use clearway_needs::report::totals;
use clearway_report::observed::{NO_EVIDENCE, observed, observed_page};
use clearway_report::standing_sentences;

pub fn run(args: &Observed) -> Result<(), Failure> {
    let inputs = [args.plan.as_path(), &args.counts];
    let output = Output::new(&args.out, FolderKind::Observed, args.replace, &inputs)?;
    let progress = Progress::new(ProgressName::Auto);
    verified(&args.plan, &progress)?;
    let known = occupancy(&args.plan, Rest { km: None, minutes: 10.0 }, &progress)?;
    progress.clear();
    let file = file_name(&args.counts);
    let (rows, mut faults) = read_limited::<ObservedRow>(&file, &read_table(&args.counts)?);
    let settings = &known.scenario.settings;
    let counts = observed(&file, rows, settings, &mut faults);
    super::needs::heed(&args.counts, faults)?;
    let [origin, _, _] = totals(&known.presences);
    let all: i64 =
        known.presences.iter().filter(|p| p.kind == clearway_needs::Kind::Origin).map(|p| p.people[0]).sum();
    let left: Vec<i64> = origin.iter().map(|people| all - people).collect();
    let page = observed_page(settings, &left, &counts).into_bytes();
    output.write(&[("index.html", page)], Disclosure::Full)?;
    say!("{NO_EVIDENCE}");
    for sentence in standing_sentences(settings.context) {
        say!("{sentence}");
    }
    say!("written to {0}; look at {0}/index.html", args.out.display());
    Ok(())
}
