//! `clearway import`

use crate::args::ImportArgs;
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Progress;
use clearway_artifacts::{Disclosure, FolderKind};
use clearway_import::{ImportOptions, gmns_files, import_roads};

pub fn run(args: &ImportArgs) -> Result<(), Failure> {
    let output = Output::new(&args.out, FolderKind::RoadMap, args.replace, &[&args.map])?;
    let progress = Progress::new(crate::args::ProgressName::Auto);
    let options = ImportOptions {
        walk: args.walk,
        tracks: args.tracks,
        private_roads: args.private_roads,
        tntp: (&args.tntp).into(),
        ..ImportOptions::default()
    };
    let map = import_roads(&args.map, &options, &|stage, share| progress.tell(stage, share))?;
    output.write(&gmns_files(&map), Disclosure::Full)?;
    progress.clear();
    tell!("{}", map.report);
    say!("written to {}", args.out.display());
    Ok(())
}
