//! `clearway demo`

use super::{plan, verify};
use crate::args::Demo;
use crate::embedded::EXAMPLES;
use crate::failure::Failure;
use crate::planning::Wanted;
use clearway_io::{Overwrite, write_folder};

pub fn run(args: &Demo) -> Result<(), Failure> {
    let Some(example) = EXAMPLES.iter().find(|e| e.name == args.example) else {
        let names: Vec<&str> = EXAMPLES.iter().map(|e| e.name).collect();
        return Err(Failure::Argument(format!(
            "there is no example '{}'; there are {}",
            args.example,
            names.join(", ")
        )));
    };
    let scenario = args.out.join(format!("{}-scenario", example.name));
    let out = args.out.join(format!("{}-plan", example.name));
    let files: Vec<(&str, Vec<u8>)> = example.files.iter().map(|(n, b)| (*n, b.to_vec())).collect();
    write_folder(&scenario, &files, Overwrite::Replace)?;
    say!("{}", plan::make(&scenario, &out, &args.how, Overwrite::Replace, Wanted::Orders)?);
    say!("{}", verify::make(&out, None)?);
    say!(
        "\nscenario: {}\nplan:     {}\nlook at:  {}",
        scenario.display(),
        out.display(),
        out.join("index.html").display()
    );
    Ok(())
}
