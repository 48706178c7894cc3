//! All tests of this crate from outside are one program, so that building them links once.
#![allow(clippy::expect_used, clippy::unwrap_used)]

mod audit;
mod audit_map;
mod baseline;
mod cancel;
mod compare;
mod ensemble;
mod export;
mod flood;
mod given_maps;
mod guards;
mod hazard_files;
mod interventions;
mod left_behind;
mod overture;
mod prepare;
mod propose_fleet;
mod propose_people;
mod propose_sites;
mod readers;
mod replan;
mod report;
mod report_forms;
mod report_maps;
mod report_multimodal;
mod sessions;
mod study;

use clearway::{FolderStore, LoadedScenario, MemoryStore, PlanRequest, Session, Usage, load, plan};
use clearway_artifacts::Overwrite;
use clearway_formats::write_scenario;
use clearway_instances::{CityRequest, city};
use std::path::PathBuf;
use std::sync::OnceLock;

/// One of the project's examples.
fn example(name: &str) -> LoadedScenario {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    load(&FolderStore::new(dir)).unwrap()
}

/// A plan of the example `helsinki` with nothing else asked for, made once for all tests: it takes long.
fn helsinki_plan() -> MemoryStore {
    static PLAN: OnceLock<MemoryStore> = OnceLock::new();
    let planned = || {
        let planned = plan(&Session::new(), &example("helsinki"), &PlanRequest::default()).unwrap();
        MemoryStore::from(planned.artifacts(Usage::default()).unwrap())
    };
    PLAN.get_or_init(planned).clone()
}

/// A generated city of so many junctions a side.
fn generated_city(side: u32, people: i64) -> LoadedScenario {
    generated(&CityRequest { seed: 3, side, zones_side: 4, people, ..CityRequest::default() })
}

/// A generated city.
fn generated(request: &CityRequest) -> LoadedScenario {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("city");
    write_scenario(&folder, &city(request), &[], Overwrite::Refuse).unwrap();
    load(&FolderStore::new(folder)).unwrap()
}
