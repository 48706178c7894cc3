//! `clearway connect`

use crate::args::ConnectArgs;
use crate::failure::Failure;
use crate::output::Output;
use crate::session::usual;
use clearway::{ConnectRequest, FolderStore, connect};
use clearway_artifacts::FolderKind;

pub fn run(args: &ConnectArgs) -> Result<(), Failure> {
    let connected = connect(&usual(), &args.into(), &FolderStore::new(&args.dir))?;
    Output::of(&args.dir, FolderKind::Scenario)?.update(&connected.files())?;
    say!("{}; written to {}/connectors.csv", connected.in_words(), connected.label);
    Ok(())
}

impl From<&ConnectArgs> for ConnectRequest {
    fn from(args: &ConnectArgs) -> Self {
        let mut request = Self::default();
        request.sites.clone_from(&args.site);
        request.all_sites = args.all_sites;
        request
    }
}
