//! `clearway schema`

use crate::args::SchemaArgs;
use crate::failure::Failure;
use crate::output::Output;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_formats::{schema_text, schemas};

pub fn run(args: &SchemaArgs) -> Result<(), Failure> {
    // they are the same whenever they are written, so that replacing them needs no asking
    let output = Output::new(&args.out, FolderKind::Schemas, true, &[])?;
    let mut all = schemas();
    all.push(("audit.schema.json", schema_text::<clearway_audit::AuditReport>("audit.json")));
    all.push(("needs.schema.json", schema_text::<clearway_needs::NeedsReport>("needs.json")));
    all.push(("simulation.schema.json", schema_text::<clearway::SimulationReport>("simulation.json")));
    all.push(("ensemble.schema.json", schema_text::<clearway::EnsembleReport>("ensemble.json")));
    all.push(("replan.schema.json", schema_text::<clearway::ReplanReport>("replan.json")));
    all.push(("study.schema.json", schema_text::<clearway::StudyReport>("study.json")));
    let states = schema_text::<clearway::LinkStatesIndex>("link_states.json");
    all.push(("link_states.schema.json", states));
    let schemas = Artifacts::new(FolderKind::Schemas, Disclosure::Full, all);
    output.write(&schemas)?;
    for file in schemas.files() {
        say!("{}", args.out.join(&file.name).display());
    }
    Ok(())
}
