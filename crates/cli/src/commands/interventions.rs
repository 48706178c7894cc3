//! `clearway interventions`

use super::plan::loaded;
use crate::args;
use crate::failure::Failure;
use crate::output::Output;
use crate::session::{session, usage};
use crate::{interrupt, memory};
use clearway::{InterventionsRequest, LoadedScenario, Partial, interventions};
use clearway_artifacts::FolderKind;
use std::time::Instant;

pub fn run(args: &args::InterventionsArgs) -> Result<(), Failure> {
    let started = Instant::now();
    let inputs = [args.dir.as_path()];
    let output = Output::new(&args.out, FolderKind::Interventions, args.replace, &inputs)?;
    memory::refuse_before_reading(&args.dir, args.run.memory)?;
    let loaded = loaded(&args.dir)?;
    let request = request(&loaded, args)?;
    let _kept = interrupt::heeded();
    let (tried, ended) = match interventions(&session(&args.run), &loaded, &request) {
        Ok(tried) => (tried, false),
        Err(clearway::Error::Cancelled(Some(partial))) => {
            let Partial::Interventions(tried) = *partial else { return Err(Failure::NothingYet) };
            (tried, true)
        }
        Err(error) => return Err(error.into()),
    };
    output.write(&tried.artifacts(usage(started))?)?;
    tell!("{}", tried.in_words_of(&args.out.display().to_string()));
    if ended { Err(Failure::SoFar(args.out.clone())) } else { Ok(()) }
}

/// What the options ask for.
fn request(loaded: &LoadedScenario, args: &args::InterventionsArgs) -> Result<InterventionsRequest, Failure> {
    let mut request = InterventionsRequest::default();
    request.most = args.most;
    request.bridges = args.bridges;
    let known = |id: &str| loaded.scenario.nodes.iter().any(|node| node.node_id == id);
    let mut bad = Vec::new();
    for text in &args.bridge {
        // Ids may hold colons themselves: whichever colon parts two ids counts.
        let mut ends = text.match_indices(':').map(|(at, _)| [&text[..at], &text[at + 1..]]);
        match ends.find(|[from, to]| known(from) && known(to) && from != to) {
            Some(ends) => request.bridge.push(ends.map(str::to_owned)),
            None => bad.push(text.as_str()),
        }
    }
    if bad.is_empty() {
        return Ok(request);
    }
    Err(Failure::Argument(format!(
        "--bridge {}: expected two different ids of node.csv with a colon between them",
        bad.join(", ")
    )))
}
