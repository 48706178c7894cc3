//! `instance list` and `instance make NAME --maps DIR --out DIR`: the library of `bench/library.toml`.

use clearway_artifacts::Overwrite;
use clearway_benchmarks::{InstanceLibrary, InstanceSize, make};
use clearway_formats::write_scenario;
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str =
    "usage: instance list [--library FILE]\n       instance make NAME --maps DIR --out DIR [--library FILE]";
/// The library this program was built with.
const BUILT_IN: &str = include_str!("../../../../bench/library.toml");

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing can be done if standard error is closed.
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let option = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).map(String::as_str)
    };
    let text = option("--library").map(std::fs::read_to_string).transpose()?;
    let library = InstanceLibrary::parse(text.as_deref().unwrap_or(BUILT_IN))?;
    let mut out = std::io::stdout();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["list", ..] => {
            for one in &library.instance {
                let from = one.map.clone().unwrap_or_else(|| "made up".into());
                let (name, class) = (&one.name, one.class.as_str());
                writeln!(out, "{name}\t{class}\t{from}\t{}\t{}", one.people, one.variant())?;
            }
        }
        ["make", name, ..] if !name.starts_with('-') => {
            let to = option("--out").ok_or(USAGE)?;
            let scenario = make(library.find(name)?, Path::new(option("--maps").unwrap_or(".")))?;
            let digest = write_scenario(Path::new(to), &scenario, &[], Overwrite::Replace)?;
            let m = InstanceSize::of(&scenario);
            writeln!(
                out,
                "{name}: {} nodes, {} links, {} zones, {} people, {} sites, ready after {:.2} h, at least {:.2} h at the sites. {digest}",
                m.nodes, m.links, m.zones, m.people, m.sites, m.release_h, m.exits_h
            )?;
        }
        _ => return Err(USAGE.into()),
    }
    Ok(())
}
