//! Clearway as a library: evacuation plans, and the bounds that no plan can beat.
//!
//! Each verb is a function: [`compose()`] a scenario of a road map, an area and a number of people ([`import()`] reads the map alone),
//! [`check()`], [`connect()`], [`resolve()`], [`change()`] and [`upgrade()`] it, divide its people into [`groups()`]; [`load`] a scenario, prove its
//! [`bound()`], make a [`plan()`] with its proof, prove what
//! [`interventions()`] gain, [`verify()`] a plan with code of its own, [`replay()`] its orders road by road, [`replan()`] what is left of it, tell what its people
//! [`needs()`], [`compare()`] it with others, vary its figures in a [`study()`], [`export()`] it for other programs, take its figures as tables ([`plan_tables()`]), [`audit()`] somebody else's plan. A [`Session`] says
//! with how many threads and how much memory, who hears how far it is ([`Observer`]), and can end what runs
//! with it ([`Session::cancel`]). Requests and events are plain data that can be read from and written as JSON; answers give their
//! files as [`Artifacts`], which say whether they may be passed on, to be written, packed or sent; nothing prints, nothing is global,
//! nothing ends the process. The program `clearway`, a server and Python each fill the same requests.
//!
//! ```
//! use clearway::{FolderStore, PlanRequest, Session, Usage, load, plan};
//!
//! # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
//! let loaded = load(&FolderStore::new(example))?;
//! let planned = plan(&Session::new().with_threads(1), &loaded, &PlanRequest::default())?;
//! println!("{}", planned.in_words());
//! let folder = planned.artifacts(Usage::default())?;
//! assert!(folder.get("certificate.json").is_some());
//! # Ok::<(), clearway::Error>(())
//! ```

mod artifacts;
mod audit;
mod change;
mod check;
mod compare;
mod compose;
mod connect;
mod diff;
mod ensemble;
mod error;
mod event;
mod export;
mod flood;
mod given_maps;
mod groups;
mod import;
mod input;
mod interventions;
mod load;
mod losses;
mod map_junctions;
mod memory;
mod multimodal;
mod needs;
mod observed;
mod part_file;
mod picture;
mod place_series;
mod plan;
mod proof;
mod propose;
mod replan;
mod replay;
mod report;
mod resolve;
mod robust;
mod session;
mod simulate;
mod simulate_gap;
mod simulate_multimodal;
mod simulate_recording;
mod study;
mod tables;
mod upgrade;
mod verify;

pub use artifacts::Files;
pub use audit::{
    AuditMapRequest, AuditRequest, AuditSubject, Audited, MapFacts, audit, audit_inputs, audit_map,
    blueprint_form, rules_table,
};
pub use change::{ChangedScenario, ChangedThing, ScenarioChange, change};
pub use check::{CheckedGroups, CheckedScenario, assumptions_in_words, check, check_groups};
pub use clearway_artifacts::{Artifact, Artifacts, Disclosure, FolderKind, Sensitivity, ZipStore};
pub use clearway_compose::{MobilizationSpeed, WaterLevel};
pub use clearway_export::ExportFormat;
pub use clearway_import::{TntpCoordinates, TntpLength, TntpOptions, TntpTime};
pub use clearway_model::{Cancel, FolderStore, MemoryStore, Store, StoredFile, SubStore};
pub use clearway_simulate::behaviour::{Behaviour, BehaviourFigure};
pub use clearway_simulate::ensemble::report::EnsembleReport;
pub use clearway_simulate::member::MemberFigures;
pub use clearway_simulate::recording_tables::LinkStatesIndex;
pub use clearway_simulate::report::SimulationReport;
pub use clearway_study::design::StudyDesign;
pub use clearway_study::report::StudyReport;
pub use clearway_study::spread::InputSpread;
pub use compare::{CompareRequest, Compared, compare};
pub use compose::{ComposeRequest, Composed, check_compose, compose};
pub use connect::{ConnectRequest, Connected, connect};
pub use diff::{AuditChange, AuditDifference, diff};
pub use ensemble::{
    Ensemble, EnsembleRequest, EnsembleRunner, behaviour_profile, ensemble, merge_ensemble, read_behaviour,
};
pub use error::{Error, Partial, fault_list};
pub use event::{Event, Observer, SilentObserver, Stage};
pub use export::{ExportRequest, Exported, ExportedPart, export};
pub use flood::FloodRequest;
pub use groups::{FleetPriority, GroupedScenario, GroupsRequest, ShareRange, groups};
pub use import::{ImportRequest, ImportedRoads, PrivateRoadUse, import};
pub use input::{FileContent, InputFile};
pub use interventions::{InterventionGain, Interventions, InterventionsRequest, interventions};
pub use load::{LoadedScenario, load, shapes};
pub use losses::{LossRow, Losses, LossesRequest, losses};
pub use multimodal::{MultimodalPlan, PlanPart};
pub use needs::{NeedsAnswer, NeedsRequest, needs, needs_of};
pub use observed::{ObservedAnswer, observed};
pub use picture::picture;
pub use plan::{Bound, BoundRequest, PlanRequest, Planned, Usage, bound, plan};
pub use propose::{
    FleetProposals, PeopleProposals, ProposeFleetRequest, ProposePeopleRequest, ProposeSitesRequest,
    ProposedVehicles, SiteProposals, propose_fleet, propose_people, propose_sites,
};
pub use replan::{
    CountsTable, CountsTableRow, DeadlineAnswer, EarlyWarning, EarlyWarningRequest, Exercise,
    ExerciseRequest, OptionName, PeopleNow, PlaceKindNow, PlaceNow, ReplanEffort, ReplanOption, ReplanReport,
    ReplanRequest, Replanned, StabilityPrice, UntriedReason, WarningTime, early_warning, exercise,
    plan_time_ms, replan, replan_counts, replan_template,
};
pub use replay::{LinkReplay, PlanReplay, SiteReplay, ZoneReplay, replay};
pub use report::{
    EstimateCell, EstimateRow, Language, MAKES_PDF, Paper, ReportAnswer, ReportKind, ReportRequest,
    estimate_cells, report,
};
pub use resolve::{HazardRaster, ResolveRequest, ResolvedHazards, TimeUnit, resolve};
pub use robust::{RobustReport, RobustRequest, RobustTrial, plan_robust};
pub use session::Session;
pub use simulate::{Queues, SimulateRequest, Simulated, SimulatedPoint, simulate, simulate_baseline};
pub use simulate_multimodal::{SimulatedFleetTrip, SimulatedPart};
pub use simulate_recording::SimulatedRecording;
pub use study::{
    Study, StudyAnswer, StudyFile, StudyInput, StudyOption, StudyPart, StudyRequest, StudyRunner,
    VariedFigure, merge_study, read_study, read_study_json, study,
};
pub use tables::{TablesOfPart, plan_tables};
pub use upgrade::{UpgradedScenario, upgrade};
pub use verify::{PlanVerification, Recomputed, verify};
