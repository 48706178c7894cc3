//! `losses`: what becomes of a plan when one road or one site is lost (N-1).

use crate::error::Error;
use crate::session::Session;
use crate::simulate::{PlanFolder, SimulateRequest, read_single_folder};
use clearway_formats::csv_text;
use clearway_model::number::index;
use clearway_model::time::seconds;
use clearway_model::{Store, grouped};
use clearway_network::{ElementKind, Network};
use clearway_report::simulation::after_start_words;
use clearway_simulate::behaviour::Behaviour;
use clearway_simulate::member::{MemberFigures, MemberMaker, MemberSettings};
use clearway_simulate::report::{ArrivalTimes, place};
use clearway_simulate::simulation::Simulation;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What is lost.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct LossesRequest {
    /// How the road is simulated; `with_baseline` does not count.
    pub simulation: SimulateRequest,
    /// How many links are lost, one at a time: those that most people pass, of links that the same routes pass one. All sites are, too.
    pub links: u32,
    /// When they are lost, ms after the start; 0 or later.
    pub from_ms: i64,
}

impl Default for LossesRequest {
    fn default() -> Self {
        Self { simulation: SimulateRequest::default(), links: 10, from_ms: 0 }
    }
}

/// What becomes of a plan without one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LossRow {
    /// `link` or `site`; `none`: nothing is lost.
    pub kind: &'static str,
    /// The link or site; empty: nothing is lost.
    pub id: String,
    /// Its name, may be empty.
    pub name: String,
    /// People who pass it as ordered.
    pub people: i64,
    /// When 90 % of the evacuees have arrived, s; `None`: never.
    pub t90_s: Option<f64>,
    /// When all have, s; `None`: never.
    pub t100_s: Option<f64>,
    /// People in orders who do not arrive within the planning horizon.
    pub not_arrived: i64,
    /// Of these, people whom a hazard overtakes.
    pub overtaken: i64,
    /// Mean waiting after departure, min.
    pub waiting_mean_min: f64,
}

/// What becomes of a plan without each of some places.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Losses {
    /// When they are lost, s after the start.
    pub from_s: f64,
    /// Nothing lost, then without each place; most people who do not arrive first, then the latest 90 %.
    pub rows: Vec<LossRow>,
}

/// Simulates a plan as ordered without each of its most used links and without each site, one at a time. Who would pass what is lost goes by
/// the fastest way on empty roads that avoids it.
///
/// # Errors
/// As [`crate::simulate()`].
///
/// ```
/// use clearway::{FolderStore, LossesRequest, MemoryStore, PlanRequest, Session, Usage, load, losses, plan};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let session = Session::new().with_threads(1);
/// let planned = plan(&session, &load(&FolderStore::new(example))?, &PlanRequest::default())?;
/// let folder = MemoryStore::from(planned.artifacts(Usage::default())?);
/// // the one road there is: without it nobody arrives
/// let lost = losses(&session, &folder, &LossesRequest::default())?;
/// assert_eq!((lost.rows[0].kind, lost.rows[0].not_arrived), ("none", 0));
/// assert_eq!((lost.rows[1].kind, lost.rows[1].not_arrived), ("link", 12_000));
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn losses(session: &Session, plan: &dyn Store, request: &LossesRequest) -> Result<Losses, Error> {
    let queues = request.simulation.checked()?;
    if request.from_ms < 0 {
        return Err(Error::Request(format!("from_ms is {}, expected 0 or more", request.from_ms)));
    }
    let progress = session.progress();
    let PlanFolder { scenario, plan, .. } = read_single_folder(plan)?;
    let settings =
        MemberSettings { behaviour: Behaviour::default(), queues, figures: MemberFigures::Central, seed: 0 };
    let mut goes_on = |_: f64| !session.cancel().is_cancelled();
    let maker = MemberMaker::new(Cow::Borrowed(&scenario), Cow::Borrowed(&plan), settings, &mut goes_on)?;
    let places = maker.most_used(index(request.links));
    let mut goes_on = |share: f64| {
        progress.tell("losses", share);
        !session.cancel().is_cancelled()
    };
    let simulations = maker.without_each(&places, request.from_ms.saturating_mul(1000), &mut goes_on)?;
    let network = Network::new(&scenario, plan.case)?;
    let mut rows: Vec<LossRow> = places
        .iter()
        .zip(&simulations)
        .map(|(lost, simulation)| {
            let element = simulation.streets.elements[index(lost.street)];
            let (id, name) = place(&scenario, &network, element);
            let is_link = matches!(network.elements[element].kind, ElementKind::Link(_));
            LossRow::new(if is_link { "link" } else { "site" }, (id, name), lost.people, simulation)
        })
        .collect();
    let late = |row: &LossRow| row.t90_s.unwrap_or(f64::INFINITY);
    rows.sort_by(|a, b| {
        b.not_arrived.cmp(&a.not_arrived).then(late(b).total_cmp(&late(a))).then(a.id.cmp(&b.id))
    });
    let ordered = maker.as_ordered();
    let people =
        ordered.outcome.people_arrived + ordered.outcome.people_overtaken + ordered.outcome.people_underway;
    rows.insert(0, LossRow::new("none", (String::new(), String::new()), people, ordered));
    Ok(Losses { from_s: seconds(request.from_ms), rows })
}

impl LossRow {
    fn new(kind: &'static str, (id, name): (String, String), people: i64, simulation: &Simulation) -> Self {
        let ArrivalTimes { t90_s, t100_s } = ArrivalTimes::new(simulation);
        let outcome = &simulation.outcome;
        Self {
            kind,
            id,
            name,
            people,
            t90_s,
            t100_s,
            not_arrived: outcome.people_overtaken + outcome.people_underway,
            overtaken: outcome.people_overtaken,
            waiting_mean_min: outcome.waiting.mean_min,
        }
    }
}

/// `arrive after 2 h`, `never arrive`.
fn arrive_words(time_s: Option<f64>) -> String {
    if time_s.is_some() {
        format!("arrive after {}", after_start_words(time_s))
    } else {
        "never arrive".to_owned()
    }
}

impl Losses {
    /// `losses.csv`.
    pub(crate) fn csv(&self) -> Vec<u8> {
        let header = [
            "kind",
            "id",
            "name",
            "people",
            "t90_s",
            "t100_s",
            "not_arrived",
            "overtaken",
            "waiting_mean_min",
        ];
        let time = |time: Option<f64>| time.map(|time| time.to_string()).unwrap_or_default();
        let rows = self.rows.iter().map(|row| {
            [
                row.kind.to_owned(),
                row.id.clone(),
                row.name.clone(),
                row.people.to_string(),
                time(row.t90_s),
                time(row.t100_s),
                row.not_arrived.to_string(),
                row.overtaken.to_string(),
                format!("{:.2}", row.waiting_mean_min),
            ]
        });
        csv_text(&header, rows)
    }

    /// The three worst, for a terminal.
    pub fn in_words(&self) -> String {
        let mut lines = vec![format!(
            "Without one road or site, lost {}; who would pass it finds another way:",
            if self.from_s > 0.0 {
                format!("after {}", after_start_words(Some(self.from_s)))
            } else {
                "from the start".to_owned()
            }
        )];
        for row in self.rows.iter().filter(|row| row.kind != "none").take(3) {
            let name = if row.name.is_empty() { String::new() } else { format!(" ({})", row.name) };
            lines.push(format!(
                "- without {} {}{name}, which {} people pass: {} do not arrive, 90 % {}.",
                row.kind,
                row.id,
                grouped(row.people),
                grouped(row.not_arrived),
                arrive_words(row.t90_s)
            ));
        }
        lines.push("All are in losses.csv.".to_owned());
        lines.join("\n")
    }
}
