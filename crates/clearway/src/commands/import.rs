//! `clearway import`

use super::refuse_existing;
use crate::args::Import;
use crate::failure::Failure;
use crate::progress::Progress;
use clearway_import::{ImportOptions, import_roads, write_gmns};

pub fn run(args: &Import) -> Result<(), Failure> {
    refuse_existing(&args.out, args.replace)?;
    let progress = Progress::new(crate::args::ProgressName::Auto);
    let options = ImportOptions {
        walk: args.walk,
        tracks: args.tracks,
        private_roads: args.private_roads,
        tntp: (&args.tntp).into(),
        ..ImportOptions::default()
    };
    let map = import_roads(&args.map, &options, &|stage, share| progress.tell(stage, share))?;
    write_gmns(&args.out, &map)?;
    progress.clear();
    tell!("{}", map.report);
    say!("written to {}", args.out.display());
    Ok(())
}
