//! Everything a person sees of a plan, an audit or needs, as bytes: tables, map files, offline pages and the words of the answer.
//!
//! Pages share one frame and one style sheet (`html`, `pages/`); [`link_pages`] links those of one case to each other.
//!
//! Nothing here reads or writes files and nothing computes a figure of the plan: figures come in with [`PlanReport`] and go
//! out with their unit, a clock time and a way to check them. Terms: a *plan figure* comes from the exact network loading, a *bound* is
//! what no plan can beat, the *gap* is plan / bound - 1. No output says that people should move or calls a place safe
//! ([`standing_sentences`]).
//!
//! Outputs depend on the input alone, byte for byte; run data of the summary (wall time, memory, threads) is never shown.

mod assumed;
mod audit;
mod bottleneck_words;
mod changes;
mod chart;
mod clock;
pub mod comparison;
mod early;
pub mod ensemble;
mod error;
mod features;
mod geometry;
mod html;
mod labels;
mod lookup;
mod map;
mod moving_map;
mod multimodal;
mod needs;
mod number;
pub mod observed;
mod page;
mod path;
mod price_words;
pub mod reports;
mod routes;
mod scale;
pub mod simulation;
mod sources;
mod space_words;
mod standing;
pub mod study;
mod tables;
mod terminal;
mod waterfall;
mod words;

pub use assumed::assumption_words;
pub use audit::audit_page;
pub use changes::{ChangedRoad, ChangesPage, changes_page};
pub use clock::{ScenarioClock, TimeRounding, after_start, after_start_up};
pub use error::ReportError;
pub use geometry::{MapShape, parse_linestring};
pub use html::link_pages;
pub use lookup::RowLookup;
pub use multimodal::{multimodal_page, multimodal_words, timetable_page};
pub use needs::needs_page;
pub use page::plan_fragment;
pub use routes::{line as route_line, via as route_via};
pub use space_words::overflow_words;
pub use standing::standing_sentences;
pub use terminal::{ChartGlyphs, terminal_curve, terminal_curve_with, terminal_table};
pub use words::answer_in_words;

use clearway_model::{Bottleneck, CurvePoint, OverflowingLink, Plan, Scenario, Summary, ZoneOutcome};
use serde_json::Value;

/// Shapes for maps, each a GeoJSON `FeatureCollection` as described in `docs/reference/scenario.md`. Never used for a
/// figure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MapShapes {
    /// `zones.geojson`; features are matched by the property `zone_id`.
    pub zones: Option<Value>,
    /// `sites.geojson`; features are matched by the property `site_id`.
    pub sites: Option<Value>,
    /// `hazards.geojson`; drawn as given, in their own times.
    pub hazards: Option<Value>,
}

/// All that a report is made of. Slices are shown in the order given.
#[derive(Debug, Clone, Copy)]
pub struct PlanReport<'a> {
    /// The scenario for which the plan is made.
    pub scenario: &'a Scenario,
    /// Shapes for the map, if there are any.
    pub shapes: Option<&'a MapShapes>,
    /// The orders, their routes, and the people in none.
    pub plan: &'a Plan,
    /// The figures of the plan beside the bounds.
    pub summary: &'a Summary,
    /// Arrived and bound over time, ascending in time.
    pub curve: &'a [CurvePoint],
    /// What becomes of each zone.
    pub zones: &'a [ZoneOutcome],
    /// What sets the bound, largest first.
    pub bottlenecks: &'a [Bottleneck],
    /// Links that hold more vehicles than fit there, those with most first.
    pub overflowing: &'a [OverflowingLink],
}

/// The files of a plan folder that people read, as (name, bytes): `orders.csv`, `curve.csv`, `zones.csv`, `bottlenecks.csv`,
/// `overflow.csv`, `orders.geojson`, `bottlenecks.geojson`, `index.html`. Columns are those of `docs/reference/plan.md`.
///
/// # Errors
/// Only if a writer to memory or the built-in page template fails.
pub fn files(report: &PlanReport<'_>) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let lookup = lookup::RowLookup::new(report.scenario, report.shapes);
    let clock = ScenarioClock::new(&report.scenario.settings);
    Ok(vec![
        ("orders.csv".to_owned(), tables::orders_csv(report, &lookup, &clock)?),
        ("curve.csv".to_owned(), tables::curve_csv(report.curve)?),
        ("zones.csv".to_owned(), tables::zones_csv(report.zones)?),
        ("bottlenecks.csv".to_owned(), tables::bottlenecks_csv(report.bottlenecks)?),
        ("overflow.csv".to_owned(), tables::overflow_csv(report.overflowing)?),
        ("orders.geojson".to_owned(), features::orders_geojson(report, &lookup, &clock)?),
        ("bottlenecks.geojson".to_owned(), features::bottlenecks_geojson(report, &lookup, &clock)?),
        ("index.html".to_owned(), page::index_html(report, &lookup, &clock)?),
    ])
}
