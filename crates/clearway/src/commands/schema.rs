//! `clearway schema`

use crate::args::Schema;
use crate::failure::Failure;
use clearway_io::schemas;

pub fn run(args: &Schema) -> Result<(), Failure> {
    let wrap = |source| Failure::Read { path: args.out.clone(), source };
    std::fs::create_dir_all(&args.out).map_err(wrap)?;
    for (name, text) in schemas() {
        std::fs::write(args.out.join(name), text).map_err(wrap)?;
        say!("{}", args.out.join(name).display());
    }
    Ok(())
}
