//! `compare`: plans of one place side by side.

use crate::artifacts::folder;
use crate::error::Error;
use crate::export::read_source;
use crate::session::Session;
use crate::simulate::{SimulateRequest, simulate};
use crate::verify::must_hold;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_export::{ExportSource, PlanTables};
use clearway_formats::csv_for_spreadsheets;
use clearway_model::{Scenario, Store};
use clearway_report::comparison::{
    AlternativeFigures, ComparedLink, ComparedZone, PlanComparison, ZoneFigures, comparison_page,
    comparison_words, weighed_figures,
};
use clearway_report::{RowLookup, standing_sentences};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is asked of a comparison.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct CompareRequest {
    /// Whether each plan is simulated on roads on which queues take space, and weighed by that, too.
    pub with_simulation: bool,
}

/// Plans side by side.
#[derive(Debug)]
#[non_exhaustive]
pub struct Compared {
    /// All figures.
    pub comparison: PlanComparison,
}

/// A plan with its tables.
struct Alternative {
    source: ExportSource,
    tables: PlanTables,
}

/// Puts plan folders side by side, each by its name; the first is what the others are compared with. Each is verified first. An alternative
/// is dominated where another of the same people is at least as good in every figure by which they are weighed, and better in one.
///
/// # Errors
/// [`Error::DoesNotHold`] for a plan whose figures do not follow from its scenario; [`Error::Request`] for fewer than two plans, a name that
/// comes twice, a folder that is no plan, and a multimodal plan, whose parts are plans of their own; [`Error::Invalid`] with all faults of
/// a file; [`Error::Cancelled`] without an answer.
///
/// ```
/// use clearway::{
///     CompareRequest, FolderStore, MemoryStore, PlanRequest, Session, Store, Usage, compare, load, plan,
/// };
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let session = Session::new().with_threads(1);
/// let loaded = load(&FolderStore::new(example))?;
/// let of = |request: &PlanRequest| -> Result<MemoryStore, clearway::Error> {
///     Ok(MemoryStore::from(plan(&session, &loaded, request)?.artifacts(Usage::default())?))
/// };
/// let mut long = PlanRequest::default();
/// long.window_ms = 3_600_000;
/// let (a, b) = (of(&PlanRequest::default())?, of(&long)?);
/// let plans = [("usual".to_owned(), &a as &dyn Store), ("by the hour".to_owned(), &b as &dyn Store)];
/// let compared = compare(&session, &plans, &CompareRequest::default())?;
/// assert_eq!(compared.comparison.alternatives.len(), 2);
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn compare(
    session: &Session,
    plans: &[(String, &dyn Store)],
    request: &CompareRequest,
) -> Result<Compared, Error> {
    let names: std::collections::BTreeSet<&str> = plans.iter().map(|(name, _)| name.as_str()).collect();
    if plans.len() < 2 || names.len() < plans.len() {
        return Err(Error::Request("two or more plans are compared, each with a name of its own".to_owned()));
    }
    let progress = session.progress();
    let mut alternatives = Vec::new();
    let mut figures: Vec<AlternativeFigures> = Vec::new();
    for (done, (name, plan)) in plans.iter().enumerate() {
        progress.tell(
            "compare",
            clearway_model::number::float(done) / clearway_model::number::float(plans.len()),
        );
        if session.cancel().is_cancelled() {
            return Err(Error::Cancelled(None));
        }
        refuse_others(*plan)?;
        must_hold(*plan)?;
        let source = read_source(*plan)?;
        let tables = PlanTables::new(&source)?;
        let simulated = match (request.with_simulation, source.plan.orders.is_empty()) {
            (false, _) => None,
            // of a bound alone nobody arrives
            (true, true) => Some(([None; 2], 0)),
            (true, false) => {
                let without_baseline = SimulateRequest { with_baseline: false, ..SimulateRequest::default() };
                let report = simulate(session, *plan, &without_baseline)?.report;
                Some(([report.t90_s, report.t100_s], report.arrived))
            }
        };
        let first = alternatives.first().map(|first: &Alternative| &first.source.scenario);
        figures.push(alternative(name, &source, simulated, first));
        alternatives.push(Alternative { source, tables });
    }
    let dominated: Vec<Vec<String>> = figures.iter().map(|one| dominators(one, &figures)).collect();
    for (one, by) in figures.iter_mut().zip(dominated) {
        one.dominated_by = by;
    }
    let settings = match alternatives.first() {
        Some(first) => first.source.scenario.settings.clone(),
        None => return Err(Error::Internal("nothing is compared".to_owned())),
    };
    let comparison = PlanComparison {
        settings,
        zones: zones(&alternatives),
        links: links(&alternatives),
        alternatives: figures,
    };
    Ok(Compared { comparison })
}

fn refuse_others(plan: &dyn Store) -> Result<(), Error> {
    let is_there = |name: &str| plan.read(name).is_ok_and(|found| found.is_some());
    let label = plan.label();
    if is_there("multimodal.json") {
        return Err(Error::Request(format!(
            "{label} is a multimodal plan; its parts are plans of their own that can be compared, e.g. {label}/vehicle"
        )));
    }
    if is_there("plan.json") {
        return Ok(());
    }
    Err(Error::Request(format!(
        "{label} is no plan folder: it has no plan.json; clearway plan SCENARIO --out PLAN writes one"
    )))
}

fn alternative(
    name: &str,
    source: &ExportSource,
    simulated: Option<([Option<f64>; 2], i64)>,
    first: Option<&Scenario>,
) -> AlternativeFigures {
    let summary = &source.summary;
    AlternativeFigures {
        name: name.to_owned(),
        people: summary.people.total,
        arrived: summary.people.arrived,
        overtaken: summary.people.overtaken,
        not_evacuated: summary.people.not_evacuated,
        t90_s: summary.t90_s,
        clearance_s: summary.clearance_s,
        person_hours: summary.person_hours,
        waiting_person_hours: summary.queue.person_hours,
        simulated_s: simulated.map(|simulated| simulated.0),
        simulated_arrived: simulated.map(|simulated| simulated.1),
        routes: summary.routes,
        orders: summary.orders,
        differs_in: first.map(|first| differences(first, &source.scenario)).unwrap_or_default(),
        dominated_by: Vec::new(),
        curve: source.curve.clone(),
    }
}

/// Files of a scenario that differ.
pub(crate) fn differences(first: &Scenario, other: &Scenario) -> Vec<String> {
    let rows = |file: &str, differs: bool| differs.then(|| file.to_owned());
    [
        rows("scenario.toml", first.settings != other.settings),
        rows("node.csv", first.nodes != other.nodes),
        rows("link.csv", first.links != other.links),
        rows("movement.csv", first.movements != other.movements),
        rows("zones.csv", first.zones != other.zones),
        rows("mobilization.csv", first.releases != other.releases),
        rows("sites.csv", first.sites != other.sites),
        rows("connectors.csv", first.connectors != other.connectors),
        rows("closures.csv", first.closures != other.closures),
        rows("windows.csv", first.windows != other.windows),
        rows("junctions.csv", first.junctions != other.junctions),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Who dominates an alternative.
fn dominators(one: &AlternativeFigures, all: &[AlternativeFigures]) -> Vec<String> {
    let own = weighed_figures(one);
    let dominates = |other: &&AlternativeFigures| {
        let figures = weighed_figures(other);
        let pairs = || own.iter().zip(&figures).map(|(own, other)| (own.1, other.1));
        other.name != one.name
            && other.people == one.people
            && figures.len() == own.len()
            && pairs().all(|(own, other)| other <= own)
            && pairs().any(|(own, other)| other < own)
    };
    all.iter().filter(dominates).map(|other| other.name.clone()).collect()
}

/// The zones of all alternatives, those of the first first.
fn zones(alternatives: &[Alternative]) -> Vec<ComparedZone> {
    let mut zones: Vec<ComparedZone> = Vec::new();
    let mut place: BTreeMap<String, usize> = BTreeMap::new();
    for (at, alternative) in alternatives.iter().enumerate() {
        let table = &alternative.tables.zones;
        for row in 0..table.rows.len() {
            let zone_id = table.text(row, "zone_id");
            let zone = *place.entry(zone_id.clone()).or_insert_with(|| {
                let name = table.text(row, "name");
                zones.push(ComparedZone { zone_id, name, figures: vec![None; alternatives.len()] });
                zones.len() - 1
            });
            zones[zone].figures[at] = Some(ZoneFigures {
                people: table.whole(row, "people"),
                arrived: table.whole(row, "arrived"),
                last_arrival_s: table.real(row, "last_arrival_s"),
                sites: table.text(row, "sites"),
            });
        }
    }
    zones
}

/// Links that somebody uses in any alternative.
fn links(alternatives: &[Alternative]) -> Vec<ComparedLink> {
    let mut links: Vec<ComparedLink> = Vec::new();
    let mut place: BTreeMap<String, usize> = BTreeMap::new();
    for (at, alternative) in alternatives.iter().enumerate() {
        let lookup = RowLookup::new(&alternative.source.scenario, None);
        let table = &alternative.tables.links;
        for row in 0..table.rows.len() {
            let link_id = table.text(row, "link_id");
            let link = *place.entry(link_id.clone()).or_insert_with(|| {
                let line = lookup.links.get(link_id.as_str()).and_then(|link| lookup.link_line(link));
                let (name, line) = (table.text(row, "name"), line.unwrap_or_default());
                links.push(ComparedLink { link_id, name, line, figures: vec![None; alternatives.len()] });
                links.len() - 1
            });
            let waiting = table.real(row, "waiting_person_h").unwrap_or(0.0);
            links[link].figures[at] = Some((table.whole(row, "people"), waiting));
        }
    }
    links.retain(|link| link.figures.iter().flatten().any(|(people, _)| *people > 0));
    links
}

impl Compared {
    /// The files of the folder.
    ///
    /// # Errors
    /// If the page cannot be made.
    pub fn artifacts(&self) -> Result<Artifacts, Error> {
        let files = vec![
            ("index.html".to_owned(), comparison_page(&self.comparison)?),
            ("alternatives.csv".to_owned(), self.alternatives_csv()),
            ("zones.csv".to_owned(), self.zones_csv()),
            ("links.csv".to_owned(), self.links_csv()),
        ];
        Ok(folder(FolderKind::Comparison, Disclosure::Full, files))
    }

    fn alternatives_csv(&self) -> Vec<u8> {
        let header = [
            "alternative",
            "people",
            "arrived",
            "overtaken",
            "not_evacuated",
            "t90_s",
            "t90_bound_s",
            "clearance_s",
            "clearance_bound_s",
            "person_hours",
            "person_hours_bound",
            "waiting_person_hours",
            "simulated_t90_s",
            "simulated_clearance_s",
            "simulated_arrived",
            "routes",
            "orders",
            "dominated_by",
            "scenario_differs_in",
        ];
        let rows = self.comparison.alternatives.iter().map(|one| {
            let [simulated_t90, simulated_t100] = one.simulated_s.unwrap_or_default();
            vec![
                one.name.clone(),
                one.people.to_string(),
                one.arrived.to_string(),
                one.overtaken.to_string(),
                one.not_evacuated.to_string(),
                number(one.t90_s.plan),
                number(one.t90_s.bound),
                number(one.clearance_s.plan),
                number(one.clearance_s.bound),
                number(one.person_hours.plan),
                number(one.person_hours.bound),
                one.waiting_person_hours.to_string(),
                number(simulated_t90),
                number(simulated_t100),
                one.simulated_arrived.map(|people| people.to_string()).unwrap_or_default(),
                one.routes.to_string(),
                one.orders.to_string(),
                one.dominated_by.join("; "),
                one.differs_in.join("; "),
            ]
        });
        csv_for_spreadsheets(&header, rows)
    }

    fn zones_csv(&self) -> Vec<u8> {
        let header = [
            "zone_id",
            "name",
            "alternative",
            "people",
            "arrived",
            "last_arrival_s",
            "last_arrival_change_s",
            "sites",
        ];
        let mut rows = Vec::new();
        for zone in &self.comparison.zones {
            let before = zone.figures.first().and_then(|figures| figures.as_ref()?.last_arrival_s);
            for (one, figures) in self.comparison.alternatives.iter().zip(&zone.figures) {
                let Some(figures) = figures else { continue };
                let change =
                    figures.last_arrival_s.zip(before).map(|(now, before)| thousandths(now - before));
                rows.push(vec![
                    zone.zone_id.clone(),
                    zone.name.clone(),
                    one.name.clone(),
                    figures.people.to_string(),
                    figures.arrived.to_string(),
                    number(figures.last_arrival_s),
                    number(change),
                    figures.sites.clone(),
                ]);
            }
        }
        csv_for_spreadsheets(&header, rows)
    }

    fn links_csv(&self) -> Vec<u8> {
        let header = [
            "link_id",
            "name",
            "alternative",
            "people",
            "people_change",
            "waiting_person_h",
            "waiting_change_person_h",
        ];
        let mut rows = Vec::new();
        for link in &self.comparison.links {
            let (people_before, waiting_before) = link.figures.first().copied().flatten().unwrap_or_default();
            for (one, figures) in self.comparison.alternatives.iter().zip(&link.figures) {
                let Some((people, waiting)) = figures else { continue };
                rows.push(vec![
                    link.link_id.clone(),
                    link.name.clone(),
                    one.name.clone(),
                    people.to_string(),
                    (people - people_before).to_string(),
                    waiting.to_string(),
                    thousandths(waiting - waiting_before).to_string(),
                ]);
            }
        }
        csv_for_spreadsheets(&header, rows)
    }

    /// What came of it, for a terminal.
    pub fn in_words(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for one in &self.comparison.alternatives {
            let all = one.clearance_s.plan.map_or_else(
                || "not all within the horizon".to_owned(),
                |s| format!("all after {}", clearway_report::after_start_up(s)),
            );
            let arrived = clearway_model::counted(one.arrived, "arrives", "arrive");
            let simulated = one.simulated_arrived.map_or_else(String::new, |people| {
                let times = one.simulated_s.unwrap_or_default();
                let all = times[1].map_or_else(String::new, |s| {
                    format!(", all after {}", clearway_report::after_start_up(s))
                });
                format!("; simulated where queues take space {} arrive{all}", clearway_model::grouped(people))
            });
            lines.push(format!("{}: {arrived}, {all}{simulated}", one.name));
        }
        lines.extend(comparison_words(&self.comparison));
        lines.extend(standing_sentences(self.comparison.settings.context).into_iter().map(str::to_owned));
        lines.join("\n")
    }
}

fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
