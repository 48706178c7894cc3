//! The nouns of Clearway and nothing else: what is given ([`Scenario`]), what is answered ([`Plan`]), what is proved
//! ([`Certificate`]) and what is reported ([`Summary`]).
//!
//! Every type mirrors a file described in `docs/reference/`; field names carry the unit. There is no mathematics
//! here, and no input or output but what a [`Store`] of files is, so that planner and verifier can share it and share nothing else.

mod assistance;
mod cancel;
mod certificate;
mod counted;
mod digest;
mod fault;
mod groups;
mod index;
mod junction;
mod modes;
mod multimodal;
pub mod number;
mod outcome;
mod place;
mod plan;
mod reported;
mod scenario;
mod settings;
mod store;
mod summary;
mod tables;
pub mod time;
mod toml_text;
mod visible;

pub use assistance::{ObservedRow, SupplyForm, SupplyPointRow, SupplyRow};
pub use cancel::Cancel;
pub use certificate::{Certificate, Cut, Family, UnsplittableZones};
pub use counted::{counted, grouped, hours, people, whole_people};
pub use digest::{MULTIMODAL_FILES, RAW_FILES, file_digest, multimodal_digest, scenario_digest};
pub use fault::{Fault, Faults, Severity};
pub use groups::PopulationGroups;
pub use junction::{ControlDefault, JunctionControl, JunctionRow};
pub use modes::{AccessRow, LinkUseRow, ModeId, ModeKind, ModeRow, Modes, RunRow};
pub use multimodal::{
    BindingConstraint, FacilityRow, FleetFigures, GroupRow, JointBound, LaneChoice, Means, MeansFigures,
    MultimodalSettings, MultimodalSummary, SharedResource, TripRow, Unranked, VehicleRow, WalkSettings,
    WholeBounds,
};
pub use outcome::{Bottleneck, BottleneckKind, CurvePoint, ZoneOutcome};
pub use place::{
    FerryLine, MapArea, NamedPlace, PlaceKind, RaisedRoad, ReceivingKind, ReceivingPlace, WaterLine,
};
pub use plan::{MovementOrder, NotMoved, Outcome, Plan, Reason, Route};
pub use reported::{CountRow, ReportedState, ReportedThing};
pub use scenario::{Case, Figure, RoadLoss, Scenario};
pub use settings::{ClassOfUsers, Context, Mode, Settings};
pub use store::{FolderStore, MemoryStore, OverlaidStore, Store, StoredFile, SubStore, no_such_file};
pub use summary::{
    Bounds, Gap, JourneyWaiting, NetworkSize, OnRoad, OnRoadFigures, OverflowTotals, OverflowingLink, People,
    PlacedTimes, PlanAndBound, PlanPrices, Queue, RouteLimitedBound, SpillChoice, SpillReason, Summary,
    UnrestrictedRoutes, WindowPrice, WithAccess,
};
pub use tables::{
    AssumptionRow, ClosureKind, ClosureRow, ClosureTarget, ConnectorPlace, ConnectorRow, LinkRow,
    MobilizationRow, MovementRow, NodeRow, SiteRow, SourceRow, SourceStatus, WindowRow, WindowTarget, YesNo,
    ZoneRow,
};
pub use toml_text::newer_toml;
pub use visible::{is_formula, is_turning, spreadsheet_cell, visible, visible_line, visible_page};

/// Version line written as `tool` into files, `clearway X.Y.Z`.
pub const TOOL: &str = concat!("clearway ", env!("CARGO_PKG_VERSION"));
