//! `clearway simulate`

use super::ensemble;
use crate::args::{RoadArgs, SimulateArgs};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
use crate::session::usual;
use clearway::{
    EnsembleRunner, Error, FolderStore, LossesRequest, Simulated, load, losses, simulate, simulate_baseline,
};
use clearway_artifacts::FolderKind;

pub fn run(args: &SimulateArgs) -> Result<(), Failure> {
    let output = Output::new(&args.out, FolderKind::Simulation, args.replace, &[args.folder.as_path()])?;
    let mut request = ensemble::simulation(RoadArgs::from(args));
    let _kept = interrupt::heeded();
    request.with_baseline = !args.no_baseline;
    request.with_junctions = !args.no_junctions;
    let folder = FolderStore::new(&args.folder);
    if args.baseline && args.folder.join("plan.json").is_file() {
        let plan = args.folder.display();
        return Err(Error::Request(format!(
            "{plan} is a plan folder: simulate {plan} shows the baseline beside the plan; for it alone take {plan}/scenario"
        ))
        .into());
    }
    if args.members.is_some() || args.lose.is_some() {
        // what cannot be done with this plan is said before anything is simulated
        EnsembleRunner::new(&folder, &ensemble::request(&args.chance, RoadArgs::from(args))?)?;
    }
    let mut simulated: Simulated = if args.baseline {
        simulate_baseline(&usual(), &load(&folder)?, &request)?
    } else if let Some(number) = args.member {
        let request = ensemble::request(&args.chance, RoadArgs::from(args))?;
        EnsembleRunner::new(&folder, &request)?.member(&usual(), number)?
    } else {
        simulate(&usual(), &folder, &request)?
    };
    if let Some(members) = args.members {
        let request = ensemble::request(&args.chance, RoadArgs::from(args))?;
        simulated = simulated.with_ensemble(clearway::ensemble(&usual(), &folder, &request, 0..members)?);
    }
    if let Some(links) = args.lose {
        let mut lost = LossesRequest::default();
        (lost.simulation, lost.links) = (request, links);
        lost.from_ms = i64::try_from(args.lose_at).unwrap_or(i64::MAX / 1_000_000);
        simulated = simulated.with_losses(losses(&usual(), &folder, &lost)?);
    }
    output.write(&simulated.artifacts()?)?;
    say!("{}", simulated.in_words());
    say!("written to {0}; look at {0}/index.html", args.out.display());
    Ok(())
}
