//! `clearway simulate`

use crate::args::{QueuesName, SimulateArgs};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
use crate::session::usual;
use clearway::{Error, FolderStore, Queues, SimulateRequest, load, simulate, simulate_baseline};
use clearway_artifacts::FolderKind;

pub fn run(args: &SimulateArgs) -> Result<(), Failure> {
    let output = Output::new(&args.out, FolderKind::Simulation, args.replace, &[args.folder.as_path()])?;
    let mut request = SimulateRequest::default();
    request.queues = match args.queues {
        QueuesName::Spatial => Queues::Spatial,
        QueuesName::Vertical => Queues::Vertical,
    };
    request.spacing_m = args.spacing_m;
    request.wave_km_h = args.wave_km_h;
    let _kept = interrupt::heeded();
    request.with_baseline = !args.no_baseline;
    let folder = FolderStore::new(&args.folder);
    if args.baseline && args.folder.join("plan.json").is_file() {
        let plan = args.folder.display();
        return Err(Error::Request(format!(
            "{plan} is a plan folder: simulate {plan} shows the baseline beside the plan; for it alone take {plan}/scenario"
        ))
        .into());
    }
    let simulated = if args.baseline {
        simulate_baseline(&usual(), &load(&folder)?, &request)?
    } else {
        simulate(&usual(), &folder, &request)?
    };
    output.write(&simulated.artifacts()?)?;
    say!("{}", simulated.in_words());
    say!("written to {0}; look at {0}/index.html", args.out.display());
    Ok(())
}
