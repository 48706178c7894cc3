//! Reports for those who decide: pages to print, in several languages.
//!
//! A report is one file that loads nothing. Its words are messages (`data/messages/LANGUAGE/SECTION.toml`), its figures those of the
//! plan folder: each that stands in `summary.json` is marked with its key, so that whoever doubts a page can hold one against the other.
//! Each kind has a file here, a template in `pages/reports/` and a section of messages.

mod ab747;
mod arrivals;
mod drawing;
mod ete;
mod form;
mod form_parts;
mod form_plan;
mod frame;
mod furniture;
mod local;
mod med;
mod messages;
mod multimodal;
mod plan;
mod qr;
mod rows;
mod sheets;

pub use ab747::{
    Ab747Facts, InterventionRow, SharedPlaces, ShownWay, StreetEnd, StreetRow, StreetUse, WaysShown,
    ZoneAccess, ab747_report_page,
};
pub use ete::{EteFacts, EteGroup, EtePlan, EteStage, ete_report_page};
pub use form_plan::FormPlan;
pub use frame::ReportOrigin;
pub use med::{MedFacts, MedGroup, MedHazard, MedOrder, MedRoute, MedTransport, MedZone, med_report_page};
pub use messages::{Language, message_texts};
pub use multimodal::{MultimodalPart, MultimodalReportFacts, multimodal_report_page};
pub use plan::{PlanReportFacts, SimulatedMeansTimes, SimulatedPlanTimes, SimulatedTimes, plan_report_page};
pub use rows::{ReportedRoad, ReportedSite, ReportedZone};
pub use sheets::{
    CarriedSheetFacts, SheetFacts, SheetPage, VehicleSheetFacts, carried_sheets, sheet_index, sheet_pages,
    vehicle_sheets,
};
