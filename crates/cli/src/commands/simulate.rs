//! `clearway simulate`

use crate::args::{QueuesName, SimulateArgs};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
use crate::session::usual;
use clearway::{FolderStore, Queues, SimulateRequest, simulate};
use clearway_artifacts::FolderKind;

pub fn run(args: &SimulateArgs) -> Result<(), Failure> {
    let output = Output::new(&args.out, FolderKind::Simulation, args.replace, &[args.plan.as_path()])?;
    let mut request = SimulateRequest::default();
    request.queues = match args.queues {
        QueuesName::Spatial => Queues::Spatial,
        QueuesName::Vertical => Queues::Vertical,
    };
    request.spacing_m = args.spacing_m;
    request.wave_km_h = args.wave_km_h;
    let _kept = interrupt::heeded();
    let simulated = simulate(&usual(), &FolderStore::new(&args.plan), &request)?;
    output.write(&simulated.artifacts()?)?;
    say!("{}", simulated.in_words());
    say!("written to {0}; look at {0}/index.html", args.out.display());
    Ok(())
}
