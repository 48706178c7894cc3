//! `clearway connect`

use crate::args::ConnectArgs;
use crate::assumed;
use crate::failure::{Failure, faults_text};
use crate::output::Output;
use clearway_artifacts::FolderKind;
use clearway_compose::reconnect;
use clearway_formats::{read_scenario, read_to_connect, to_csv};
use clearway_model::{Fault, Faults, FolderStore};
use std::collections::BTreeSet;

pub fn run(args: &ConnectArgs) -> Result<(), Failure> {
    let what = args.dir.display().to_string();
    let failed = |faults: Faults| Failure::Faults { what: what.clone(), faults };
    let (scenario, gone) = read_to_connect(&FolderStore::new(&args.dir)).map_err(failed)?;
    let all: BTreeSet<String> = scenario.sites.iter().map(|site| site.site_id.clone()).collect();
    let moved: BTreeSet<String> =
        if args.all_sites { all.clone() } else { args.site.iter().cloned().collect() };
    let unknown = moved.iter().filter(|id| !all.contains(*id));
    let unknown = unknown.map(|id| Fault::error("sites.csv", "", "an id of the table").field("--site", id));
    let unknown = Faults(unknown.collect());
    if unknown.has_errors() {
        return Err(failed(unknown));
    }
    let made = reconnect(&scenario, &moved).map_err(failed)?;
    Output::of(&args.dir, FolderKind::Scenario)?.update(&[("connectors.csv", &to_csv(&made.connectors))])?;
    let (scenario, found) = read_scenario(&FolderStore::new(&args.dir)).map_err(failed)?;
    let mut warnings = made.warnings;
    warnings.0.extend(found.0);
    tell!("{}", faults_text(&what, &warnings));
    say!("{}", assumed::text(&scenario));
    let list = |names: &[String]| if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
    say!(
        "joined anew: {}; left out: {}; written to {what}/connectors.csv",
        list(&made.made),
        list(&gone.into_iter().collect::<Vec<_>>())
    );
    Ok(())
}
