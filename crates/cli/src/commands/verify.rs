//! `clearway verify`

use super::read;
use crate::args::VerifyArgs;
use crate::failure::Failure;
use clearway::{FolderStore, Store, SubStore, verify};
use clearway_artifacts::ZipStore;
use clearway_serve::PROJECT_SCHEMA;
use std::path::Path;

pub fn run(args: &VerifyArgs) -> Result<(), Failure> {
    say!("{}", make(&args.plan, args.scenario.as_deref())?);
    Ok(())
}

/// A folder, or the files of a ZIP archive.
fn store_at(path: &Path) -> Result<Box<dyn Store>, Failure> {
    if !path.is_file() {
        return Ok(Box::new(FolderStore::new(path)));
    }
    let archive = ZipStore::new(path.display().to_string(), &read(path)?);
    Ok(Box::new(archive.map_err(|source| Failure::Read { path: path.to_owned(), source })?))
}

/// The folders of all plans in a project that the map application has exported; `None`: it is none.
fn plans_of_project(store: &dyn Store) -> Option<Vec<String>> {
    let bytes = store.read("project.json").ok()??;
    let project: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    if project.get("schema")?.as_str()? != PROJECT_SCHEMA {
        return None;
    }
    let versions = project.get("versions")?.as_array()?;
    let plans = versions.iter().filter(|version| version.get("kind").is_some_and(|kind| kind == "plan"));
    Some(plans.filter_map(|plan| Some(format!("versions/{}", plan.get("id")?))).collect())
}

/// Checks every plan of a project; what to print if all hold.
fn project(archive: &dyn Store, plans: &[String]) -> Result<String, Failure> {
    let mut words = Vec::new();
    let mut holds = true;
    for folder in plans {
        let verification = verify(&SubStore::new(archive, folder), None)?;
        holds &= verification.holds;
        words.push(verification.in_words());
    }
    if plans.is_empty() {
        words.push(format!("{} has no plan", archive.label()));
    }
    let words = words.join("\n");
    if holds { Ok(words) } else { Err(Failure::DoesNotHold(words)) }
}

/// Checks a plan folder; what to print if it holds.
pub fn make(plan: &Path, scenario: Option<&Path>) -> Result<String, Failure> {
    let (plan, scenario) = (store_at(plan)?, scenario.map(store_at).transpose()?);
    if let (Some(plans), None) = (plans_of_project(&*plan), &scenario) {
        return project(&*plan, &plans);
    }
    let verification = verify(&*plan, scenario.as_deref())?;
    let words = verification.in_words();
    if verification.holds { Ok(words) } else { Err(Failure::DoesNotHold(words)) }
}
