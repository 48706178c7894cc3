//! `clearway demo`

use super::{given, plan, verify};
use crate::args::{DemoArgs, OrderArgs, Routes};
use crate::embedded::{EXAMPLES, Example};
use crate::failure::Failure;
use crate::output::Output;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use std::path::Path;

pub fn run(args: &DemoArgs) -> Result<(), Failure> {
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
    refuse_edited(&scenario, example)?;
    let output = Output::new(&scenario, FolderKind::Scenario, true, &[])?;
    let plan_output =
        Output::new(&out, FolderKind::Plan, true, &given([Some(&scenario), args.orders.like.as_deref()]))?;
    let files = example.files.iter().map(|(name, bytes)| (*name, *bytes));
    output.write(&Artifacts::new(FolderKind::Scenario, Disclosure::Full, files))?;
    let routes_per_zone =
        args.orders.routes_per_zone.or(example.routes_per_zone.map(|most| Routes(Some(most))));
    let orders = OrderArgs { routes_per_zone, ..args.orders.clone() };
    say!("{}", plan::make(&scenario, &plan_output, &orders, &args.run, false)?);
    say!("{}", verify::make(&out, None)?);
    say!(
        "\nscenario: {}\nplan:     {}\nlook at:  {}",
        scenario.display(),
        out.display(),
        out.join("index.html").display()
    );
    Ok(())
}

/// Refuses to write over a scenario that is not as the demo leaves it: somebody has worked on it.
fn refuse_edited(dir: &Path, example: &Example) -> Result<(), Failure> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Ok(()) };
    let mut other: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().to_str()?.to_owned();
            let own = example.files.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes);
            let is_as_left = match own {
                Some(bytes) => std::fs::read(entry.path()).is_ok_and(|found| found == bytes),
                None => !FolderKind::Scenario.knows(&name),
            };
            (!is_as_left).then_some(name)
        })
        .collect();
    other.sort();
    if other.is_empty() {
        return Ok(());
    }
    let dir = dir.display();
    Err(Failure::Argument(format!(
        "'{dir}' is not as the demo leaves it ({}) and is not written over; plan it with: clearway plan {dir} --out PLAN; or give \
         another folder with --out",
        other.join(", ")
    )))
}
