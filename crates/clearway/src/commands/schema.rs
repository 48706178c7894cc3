//! `clearway schema`

use crate::args::Schema;
use crate::failure::Failure;
use clearway_io::{schema_text, schemas};

pub fn run(args: &Schema) -> Result<(), Failure> {
    let wrap = |source| Failure::Read { path: args.out.clone(), source };
    std::fs::create_dir_all(&args.out).map_err(wrap)?;
    let mut all = schemas();
    all.push(("audit.schema.json", schema_text::<clearway_audit::Report>("audit.json")));
    all.push(("needs.schema.json", schema_text::<clearway_needs::Report>("needs.json")));
    for (name, text) in all {
        std::fs::write(args.out.join(name), text).map_err(wrap)?;
        say!("{}", args.out.join(name).display());
    }
    Ok(())
}
