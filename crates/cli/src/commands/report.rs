//! `clearway report`

use crate::args::{LanguageName, ReportArgs, ReportKindName};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
use crate::session::usual;
use clearway::{FolderStore, Language, ReportKind, ReportRequest, Store, report};
use clearway_artifacts::FolderKind;
use std::path::Path;
use std::time::SystemTime;

pub fn run(args: &ReportArgs) -> Result<(), Failure> {
    let mut inputs: Vec<&Path> = args.plans.iter().map(std::path::PathBuf::as_path).collect();
    inputs.extend(args.simulation.as_deref());
    let output = Output::new(&args.out, FolderKind::Report, args.replace, &inputs)?;
    let folders: Vec<FolderStore> = args.plans.iter().map(FolderStore::new).collect();
    let plans: Vec<&dyn Store> = folders.iter().map(|folder| folder as &dyn Store).collect();
    let mut request = ReportRequest::default();
    request.kind = kind(args.kind);
    request.language = language(args.language);
    request.date = args.date.clone().unwrap_or_else(today);
    request.contact.clone_from(&args.contact);
    request.full = args.full;
    let simulation = args.simulation.as_ref().map(|folder| super::input(&folder.join("simulation.json")));
    request.simulation = simulation.transpose()?;
    let _kept = interrupt::heeded();
    let answer = report(&usual(), &plans, &request)?;
    output.write(&answer.artifacts())?;
    say!("{}", answer.in_words());
    say!("written to {0}; look at {0}/index.html", args.out.display());
    Ok(())
}

fn kind(name: ReportKindName) -> ReportKind {
    match name {
        ReportKindName::Plan => ReportKind::Plan,
        ReportKindName::Sheets => ReportKind::Sheets,
    }
}

fn language(name: LanguageName) -> Language {
    match name {
        LanguageName::En => Language::En,
        LanguageName::Ar => Language::Ar,
        LanguageName::Es => Language::Es,
        LanguageName::Fr => Language::Fr,
    }
}

/// Today in UTC, `2026-11-30`.
fn today() -> String {
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    now.chars().take(10).collect()
}
