//! `clearway check`

use crate::args::Check;
use crate::assumed;
use crate::failure::{Failure, faults_text};
use clearway_io::{read_everyone, read_scenario};

pub fn run(args: &Check) -> Result<(), Failure> {
    let what = args.dir.display().to_string();
    let (scenario, warnings) =
        read_scenario(&args.dir).map_err(|faults| Failure::Faults { what: what.clone(), faults })?;
    tell!("{}", faults_text(&what, &warnings));
    let people: i64 = scenario.zones.iter().map(|z| z.people).sum();
    say!(
        "{} nodes, {} links, {} zones with {people} people, {} sites. Digest {}",
        scenario.nodes.len(),
        scenario.links.len(),
        scenario.zones.len(),
        scenario.sites.len(),
        scenario.digest
    );
    say!("{}", assumed::text(&scenario));
    if let Some((everyone, warnings)) = read_everyone(&args.dir, &scenario)
        .map_err(|faults| Failure::Faults { what: what.clone(), faults })?
    {
        tell!("{}", faults_text(&what, &warnings));
        say!(
            "{} groups, {} vehicles of the fleet. Digest with groups {}",
            everyone.groups.len(),
            everyone.fleet.iter().map(|v| v.count).sum::<i64>(),
            everyone.digest
        );
    }
    Ok(())
}
