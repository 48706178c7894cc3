//! `clearway check`

use crate::args::CheckArgs;
use crate::assumed;
use crate::failure::{Failure, faults_text};
use clearway_formats::{read_groups, read_scenario};
use clearway_model::{FolderStore, counted};

pub fn run(args: &CheckArgs) -> Result<(), Failure> {
    let what = args.dir.display().to_string();
    let (scenario, warnings) = read_scenario(&FolderStore::new(&args.dir))
        .map_err(|faults| Failure::Faults { what: what.clone(), faults })?;
    tell!("{}", faults_text(&what, &warnings));
    let people: i64 = scenario.zones.iter().map(|z| z.people).sum();
    say!(
        "{} nodes, {} links, {} with {}, {}. Digest {}",
        scenario.nodes.len(),
        scenario.links.len(),
        counted(scenario.zones.len() as i64, "zone", "zones"),
        clearway_model::people(people),
        counted(scenario.sites.len() as i64, "site", "sites"),
        scenario.digest
    );
    say!("{}", assumed::text(&scenario));
    if let Some((population, warnings)) = read_groups(&FolderStore::new(&args.dir), &scenario)
        .map_err(|faults| Failure::Faults { what: what.clone(), faults })?
    {
        tell!("{}", faults_text(&what, &warnings));
        say!(
            "{}, {} of the fleet. Digest with groups {}",
            counted(population.rows.len() as i64, "group", "groups"),
            counted(population.fleet.iter().map(|v| v.count).sum(), "vehicle", "vehicles"),
            population.digest
        );
    }
    Ok(())
}
