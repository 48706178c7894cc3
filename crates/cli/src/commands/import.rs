//! `clearway import`

use crate::args::ImportArgs;
use crate::failure::Failure;
use crate::output::Output;
use crate::session::usual;
use clearway::{FolderStore, ImportRequest, PrivateRoadUse, import};
use clearway_artifacts::FolderKind;

pub fn run(args: &ImportArgs) -> Result<(), Failure> {
    let output = Output::new(&args.out, FolderKind::RoadMap, args.replace, &[&args.map])?;
    let mut request = ImportRequest::from(args);
    let (folder, map) = FolderStore::beside(&args.map);
    request.map = map;
    let roads = import(&usual(), &request, &folder)?;
    output.write(&roads.artifacts())?;
    say!("{}\nwritten to {}", roads.in_words(), args.out.display());
    Ok(())
}

impl From<&ImportArgs> for ImportRequest {
    /// All but the map.
    fn from(args: &ImportArgs) -> Self {
        let mut request = Self::default();
        request.walk = args.walk;
        request.tracks = args.tracks;
        request.private_roads =
            if args.private_roads { PrivateRoadUse::Everybody } else { PrivateRoadUse::Nobody };
        request.tntp = (&args.tntp).into();
        request
    }
}
