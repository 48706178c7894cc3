//! `simulate`: what becomes of a plan's orders on roads on which queues take space.

use crate::artifacts::{Files, folder};
use crate::ensemble::Ensemble;
use crate::error::Error;
use crate::load::LoadedScenario;
use crate::losses::Losses;
use crate::session::Session;
use crate::simulate_gap::{split, without_junctions};
use crate::simulate_multimodal::{self, SimulatedFleetTrip, SimulatedPart, fleet_csv};
use crate::simulate_recording::SimulatedRecording;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_formats::{csv_text, read_plan, read_scenario, read_summary, read_table};
use clearway_model::number::round;
use clearway_model::time::seconds;
use clearway_model::{Case, CurvePoint, Fault, Faults, Plan, Scenario, Store, SubStore, Summary, grouped};
use clearway_network::Network;
use clearway_report::simulation::{
    SimulatedCurvePoint, ring_words, simulation_page, simulation_verdict, times,
};
use clearway_report::standing_sentences;
use clearway_simulate::gap::GapSplit;
use clearway_simulate::member::Member;
use clearway_simulate::outcome::Outcome;
use clearway_simulate::recording::RecordingLimits;
use clearway_simulate::report::{
    ArrivalTimes, BaselineFigures, LinkTrafficRow, ReportInputs, SimulatedOrders, SimulationReport, link_rows,
};
use clearway_simulate::simulation::{Simulation, simulated, simulated_baseline};
use clearway_simulate::streets::{MOST_IN_POCKET, QueueModel, RoomFigures};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Instant;

/// What is asked of a simulation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SimulateRequest {
    /// How queues stand.
    pub queues: Queues,
    /// Room of a standing passenger car in its lane, m; 4 to 20.
    pub spacing_m: f64,
    /// Speed at which a freed space travels back through those that stand, km/h; 5 to 40.
    pub wave_km_h: f64,
    /// Vehicles before which others of the same lane may pass at the end of a road, to go on another way; 0 (strictly first in, first out)
    /// to 63.
    pub pocket_vehicles: u32,
    /// Whether it is simulated beside a plan that everybody takes the shortest way at once, which takes about as long again.
    pub with_baseline: bool,
    /// Whether junctions let through no more than `junctions.csv` says, where the scenario has it. Only where queues take space, and not on
    /// foot.
    pub with_junctions: bool,
    /// Length of the steps in which the state of each link is recorded, s; 1 to 3,600. Doubled as often as it takes to have no more than
    /// 1,500 steps and ten million times a link.
    pub state_step_s: u32,
}

/// How queues stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Queues {
    /// A road holds what fits on it; a full one blocks those behind.
    #[default]
    Spatial,
    /// On top of each other, as in the loading by which plans are judged: what is different by [`Queues::Spatial`] is due to space.
    Vertical,
}

impl Default for SimulateRequest {
    fn default() -> Self {
        let RoomFigures { spacing_m, wave_km_h, pocket_vehicles } = RoomFigures::default();
        Self {
            queues: Queues::Spatial,
            spacing_m,
            wave_km_h,
            pocket_vehicles,
            with_baseline: true,
            with_junctions: true,
            state_step_s: 60,
        }
    }
}

/// A simulated plan, or what happens without one.
#[derive(Debug)]
#[non_exhaustive]
pub struct Simulated {
    /// The figures.
    pub report: SimulationReport,
    /// What happened on each link that somebody used, by id.
    pub links: Vec<LinkTrafficRow>,
    /// People over time: simulated, by the plan, what no plan can exceed, and without a plan.
    pub curve: Vec<SimulatedPoint>,
    /// What becomes of it under chance, if that was asked for.
    pub ensemble: Option<Ensemble>,
    /// What becomes of it when a road or site is lost, if that was asked for.
    pub losses: Option<Losses>,
    /// The state of each link over time, and who passes it.
    pub recording: Option<SimulatedRecording>,
    /// Of a multimodal plan, its parts; what is said above is then about all of them, without links and recording.
    pub parts: Vec<SimulatedPart>,
    /// Of a multimodal plan with a fleet, its trips.
    pub fleet: Vec<SimulatedFleetTrip>,
    pub(crate) scenario: Arc<Scenario>,
}

/// One moment of a simulated plan.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SimulatedPoint {
    /// Time since the start, s.
    pub time_s: f64,
    /// People who have arrived in the simulation before that time.
    pub simulated_people: i64,
    /// People who have arrived by the plan before that time; `None` without a plan.
    pub plan_people: Option<i64>,
    /// What no plan can exceed, people; `None` without a plan.
    pub bound_people: Option<i64>,
    /// People who have arrived before that time if everybody takes the shortest way at once; `None` where that is what was simulated, or
    /// was left out.
    pub baseline_people: Option<i64>,
}

/// A plan folder of one class of road users.
pub(crate) struct PlanFolder {
    pub scenario: Scenario,
    pub plan: Plan,
    pub summary: Summary,
    pub curve: Vec<CurvePoint>,
}

/// Simulates the orders of a plan folder on its own copy of the scenario. Of a multimodal plan the cars and the fleet go together on their
/// roads, everybody else where they have lanes or lines of their own.
///
/// # Errors
/// [`Error::Request`] for figures outside their range and where there are no orders; [`Error::Invalid`] with all faults of a file; [`Error::Cancelled`] without an answer.
///
/// ```
/// use clearway::{FolderStore, MemoryStore, PlanRequest, Session, SimulateRequest, Usage, load, plan, simulate};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let session = Session::new().with_threads(1);
/// let planned = plan(&session, &load(&FolderStore::new(example))?, &PlanRequest::default())?;
/// let folder = MemoryStore::from(planned.artifacts(Usage::default())?);
/// let simulated = simulate(&session, &folder, &SimulateRequest::default())?;
/// assert_eq!(simulated.report.not_arrived, 0);
/// assert!(simulated.report.bound.is_some_and(|bound| simulated.report.t100_s >= bound.t100_s));
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn simulate(session: &Session, plan: &dyn Store, request: &SimulateRequest) -> Result<Simulated, Error> {
    if plan.read("multimodal.json").is_ok_and(|found| found.is_some()) {
        let queues = request.checked()?;
        return simulate_multimodal::simulate(session, plan, request, queues, request.recording());
    }
    Ok(simulate_one(session, plan, request)?.0)
}

/// Simulates a plan of one class; with all that came of it.
pub(crate) fn simulate_one(
    session: &Session,
    plan: &dyn Store,
    request: &SimulateRequest,
) -> Result<(Simulated, Simulation), Error> {
    let started = Instant::now();
    let queues = request.checked()?;
    let progress = session.progress();
    progress.tell("reading", 0.0);
    let PlanFolder { mut scenario, plan, summary, curve } = read_folder(plan)?;
    if !request.with_junctions {
        scenario.junctions.clear();
    }
    let without = without_junctions(&scenario, queues);
    let simulations =
        1.0 + f64::from(u8::from(request.with_baseline)) + f64::from(u8::from(without.is_some()));
    let mut goes_on = |share: f64| {
        progress.tell("simulation", share / simulations);
        !session.cancel().is_cancelled()
    };
    if !goes_on(0.0) {
        return Err(Error::Cancelled(None));
    }
    let recording = Some(request.recording());
    let mut simulation = simulated(&scenario, &plan, queues, recording, &mut goes_on)?;
    let baseline = request
        .with_baseline
        .then(|| simulated_baseline(&scenario, plan.case, queues, None, &mut |share| goes_on(1.0 + share)))
        .transpose()?;
    let before = simulations - 1.0;
    let without = without
        .map(|scenario| simulated(&scenario, &plan, queues, None, &mut |share| goes_on(before + share)))
        .transpose()?;
    let network = Network::new(&scenario, plan.case)?;
    let recording = SimulatedRecording::taken(&mut simulation, &scenario, &network, &plan.scenario);
    let inputs = ReportInputs {
        scenario: &scenario,
        network: &network,
        digest: &plan.scenario,
        orders: SimulatedOrders::Plan,
        queues,
        plan: Some(ArrivalTimes { t90_s: summary.t90_s.plan, t100_s: summary.clearance_s.plan }),
        bound: Some(ArrivalTimes { t90_s: summary.t90_s.bound, t100_s: summary.clearance_s.bound }),
        baseline: baseline.as_ref().map(BaselineFigures::new),
        recording: recording.as_ref().map(SimulatedRecording::figures),
        wall_s: started.elapsed().as_secs_f64(),
    };
    let mut report = SimulationReport::new(&simulation, &inputs);
    let plan = GapSplit::to_the_plan(&summary, &curve);
    report.gap = Some(split(plan, [without.as_ref(), Some(&simulation)], queues, network.horizon));
    let simulated = Simulated {
        report,
        links: link_rows(&simulation, &scenario, &network),
        curve: points_of(&simulation.outcome, &curve, baseline.as_ref().map(|of| &of.outcome)),
        ensemble: None,
        losses: None,
        recording,
        parts: Vec::new(),
        fleet: Vec::new(),
        scenario: Arc::new(scenario),
    };
    Ok((simulated, simulation))
}

/// Simulates what happens without a plan: everybody leaves as soon as they are ready and takes the fastest way on empty roads, in the central
/// case.
///
/// # Errors
/// [`Error::Request`] for figures outside their range, and for a scenario with population groups, whose parts are planned each for
/// itself; [`Error::Cancelled`] without an answer.
///
/// ```
/// use clearway::{FolderStore, Session, SimulateRequest, load, simulate_baseline};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let loaded = load(&FolderStore::new(example))?;
/// let simulated = simulate_baseline(&Session::new(), &loaded, &SimulateRequest::default())?;
/// assert_eq!(simulated.report.arrived, simulated.report.evacuees);
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn simulate_baseline(
    session: &Session,
    loaded: &LoadedScenario,
    request: &SimulateRequest,
) -> Result<Simulated, Error> {
    let started = Instant::now();
    let queues = request.checked()?;
    let scenario = &with_junctions(&loaded.scenario, request);
    if scenario.groups.is_some() {
        return Err(Error::Request(format!(
            "{} has population groups; plan it and simulate the parts of the plan one by one",
            loaded.label
        )));
    }
    let progress = session.progress();
    let mut goes_on = |share: f64| {
        progress.tell("simulation", share);
        !session.cancel().is_cancelled()
    };
    if !goes_on(0.0) {
        return Err(Error::Cancelled(None));
    }
    let recording = Some(request.recording());
    let mut simulation = simulated_baseline(scenario, Case::Central, queues, recording, &mut goes_on)?;
    let network = Network::new(scenario, Case::Central)?;
    let recording = SimulatedRecording::taken(&mut simulation, scenario, &network, &scenario.digest);
    let inputs = ReportInputs {
        scenario,
        network: &network,
        digest: &scenario.digest,
        orders: SimulatedOrders::ShortestWayAtOnce,
        queues,
        plan: None,
        bound: None,
        baseline: None,
        recording: recording.as_ref().map(SimulatedRecording::figures),
        wall_s: started.elapsed().as_secs_f64(),
    };
    Ok(Simulated {
        report: SimulationReport::new(&simulation, &inputs),
        links: link_rows(&simulation, scenario, &network),
        curve: points_of(&simulation.outcome, &[], None),
        ensemble: None,
        losses: None,
        recording,
        parts: Vec::new(),
        fleet: Vec::new(),
        scenario: Arc::clone(scenario),
    })
}

/// A scenario as it is to be simulated: without junctions if they are not to count.
fn with_junctions(scenario: &Arc<Scenario>, request: &SimulateRequest) -> Arc<Scenario> {
    if request.with_junctions || scenario.junctions.is_empty() {
        return Arc::clone(scenario);
    }
    Arc::new(Scenario { junctions: Vec::new(), ..scenario.as_ref().clone() })
}

impl SimulateRequest {
    /// How much of what happens on links is recorded.
    pub(crate) fn recording(&self) -> RecordingLimits {
        RecordingLimits { step_s: self.state_step_s, ..RecordingLimits::default() }
    }

    /// How queues stand.
    ///
    /// # Errors
    /// [`Error::Request`] for figures outside their range.
    pub(crate) fn checked(&self) -> Result<QueueModel, Error> {
        let mut wrong = Vec::new();
        for (name, value, least, most) in
            [("spacing_m", self.spacing_m, 4.0, 20.0), ("wave_km_h", self.wave_km_h, 5.0, 40.0)]
        {
            if !(least..=most).contains(&value) {
                wrong.push(format!("{name} is {value}, expected a number from {least} to {most}"));
            }
        }
        if self.pocket_vehicles > MOST_IN_POCKET {
            let wrong_pocket = self.pocket_vehicles;
            wrong.push(format!(
                "pocket_vehicles is {wrong_pocket}, expected a whole number from 0 to {MOST_IN_POCKET}"
            ));
        }
        if !(1..=3600).contains(&self.state_step_s) {
            wrong.push(format!("state_step_s is {}, expected a number from 1 to 3600", self.state_step_s));
        }
        if !wrong.is_empty() {
            return Err(Error::Request(wrong.join("; ")));
        }
        let figures = RoomFigures {
            spacing_m: self.spacing_m,
            wave_km_h: self.wave_km_h,
            pocket_vehicles: self.pocket_vehicles,
        };
        Ok(match self.queues {
            Queues::Spatial => QueueModel::Spatial(figures),
            Queues::Vertical => QueueModel::Vertical,
        })
    }
}

/// Reads a plan of one class for what is not simulated of several means at once.
///
/// # Errors
/// As [`read_folder`]; [`Error::Request`] for a multimodal plan.
pub(crate) fn read_single_folder(plan: &dyn Store) -> Result<PlanFolder, Error> {
    if plan.read("multimodal.json").is_ok_and(|found| found.is_some()) {
        let label = plan.label();
        return Err(Error::Request(format!(
            "{label} is a multimodal plan; under chance and without a road its parts can be simulated one by one, e.g. {label}/vehicle"
        )));
    }
    read_folder(plan)
}

pub(crate) fn read_folder(plan: &dyn Store) -> Result<PlanFolder, Error> {
    let invalid = |faults: Faults| Error::Invalid { of: plan.label(), faults };
    let is_there = |name: &str| plan.read(name).is_ok_and(|found| found.is_some());
    if !is_there("plan.json") && is_there("scenario.toml") {
        let label = plan.label();
        return Err(Error::Request(format!(
            "{label} is a scenario folder; simulate takes a plan folder, as clearway plan {label} --out PLAN writes it, or with --baseline a scenario: everybody by the shortest way at once"
        )));
    }
    let orders = read_plan(plan).map_err(invalid)?;
    if orders.orders.is_empty() {
        return Err(Error::Request(format!(
            "{} has no orders, only a bound: there is nothing to simulate",
            plan.label()
        )));
    }
    let summary = read_summary(plan).map_err(invalid)?;
    let (scenario, _) = read_scenario(&SubStore::new(plan, "scenario")).map_err(invalid)?;
    let missing = || Faults(vec![Fault::error("curve.csv", "", "a plan folder as clearway plan writes it")]);
    let bytes = plan.read("curve.csv").ok().flatten().ok_or_else(|| invalid(missing()))?;
    let (curve, faults) = read_table::<CurvePoint>("curve.csv", &bytes);
    if faults.has_errors() {
        return Err(invalid(faults));
    }
    Ok(PlanFolder { scenario, plan: orders, summary, curve })
}

/// People who have arrived in a simulation strictly before a moment, as in the curve of a plan.
pub(crate) fn arrived_before(outcome: &Outcome, time_s: f64) -> i64 {
    outcome.arrived_by(round(time_s * 1e6) - 1)
}

/// Moments at most that follow the plan's curve, where the simulation takes longer; and all moments where there is no plan.
const LATER_MOMENTS: u32 = 120;

/// The simulation at the moments of the plan's curve, and from there on until the last has arrived. The plan's curve ends when plan
/// and bound no longer change.
pub(crate) fn points_of(
    outcome: &Outcome,
    curve: &[CurvePoint],
    baseline: Option<&Outcome>,
) -> Vec<SimulatedPoint> {
    let at = |time_s: f64, point: Option<&CurvePoint>| SimulatedPoint {
        time_s,
        simulated_people: arrived_before(outcome, time_s),
        plan_people: point.map(|point| point.arrived_people),
        bound_people: point.map(|point| point.bound_people),
        baseline_people: baseline.map(|baseline| arrived_before(baseline, time_s)),
    };
    let mut points: Vec<SimulatedPoint> = curve.iter().map(|point| at(point.time_s, Some(point))).collect();
    if curve.is_empty() {
        points.push(at(0.0, None));
    }
    let last_s = points.last().map_or(0.0, |last| last.time_s);
    let last_arrival_s = outcome.arrived.last().map_or(0.0, |&(time_us, _)| seconds(time_us / 1000));
    if last_s <= last_arrival_s {
        // whole minutes, and the first moment at which all are there
        let step_s = ((last_arrival_s - last_s) / f64::from(LATER_MOMENTS) / 60.0).ceil().max(1.0) * 60.0;
        let later = (1..=LATER_MOMENTS + 1).map(|step| last_s + f64::from(step) * step_s);
        let until = later.clone().find(|&time_s| time_s > last_arrival_s);
        let later = later.take_while(|&time_s| until.is_none_or(|until| time_s <= until));
        points.extend(later.map(|time_s| at(time_s, curve.last())));
    }
    points
}

impl Simulated {
    /// Beside it what becomes of the plan under chance.
    pub fn with_ensemble(self, ensemble: Ensemble) -> Self {
        Self { ensemble: Some(ensemble), ..self }
    }

    /// Beside it what becomes of the plan when a road or site is lost.
    pub fn with_losses(self, losses: Losses) -> Self {
        Self { losses: Some(losses), ..self }
    }

    /// A member of an ensemble, by itself; `folder` is the plan's.
    pub(crate) fn of_member(
        mut member: Member,
        folder: &PlanFolder,
        queues: QueueModel,
        started: Instant,
    ) -> Self {
        let PlanFolder { plan, summary, curve, .. } = folder;
        let (scenario, network) = (Arc::new(member.scenario), &member.network);
        let recording = SimulatedRecording::taken(&mut member.simulation, &scenario, network, &plan.scenario);
        let inputs = ReportInputs {
            scenario: &scenario,
            network,
            digest: &plan.scenario,
            orders: SimulatedOrders::Plan,
            queues,
            plan: Some(ArrivalTimes { t90_s: summary.t90_s.plan, t100_s: summary.clearance_s.plan }),
            bound: Some(ArrivalTimes { t90_s: summary.t90_s.bound, t100_s: summary.clearance_s.bound }),
            baseline: None,
            recording: recording.as_ref().map(SimulatedRecording::figures),
            wall_s: started.elapsed().as_secs_f64(),
        };
        Self {
            report: SimulationReport::new(&member.simulation, &inputs),
            links: link_rows(&member.simulation, &scenario, network),
            curve: points_of(&member.simulation.outcome, curve, None),
            ensemble: None,
            losses: None,
            recording,
            parts: Vec::new(),
            fleet: Vec::new(),
            scenario,
        }
    }

    /// The files of the folder.
    ///
    /// # Errors
    /// If a table cannot be made.
    pub fn artifacts(&self) -> Result<Artifacts, Error> {
        Ok(folder(FolderKind::Simulation, Disclosure::Full, self.files()?))
    }

    fn files(&self) -> Result<Files, Error> {
        let curve: Vec<SimulatedCurvePoint> = self
            .curve
            .iter()
            .map(|point| SimulatedCurvePoint {
                time_s: point.time_s,
                simulated: point.simulated_people,
                plan: point.plan_people,
                bound: point.bound_people,
                baseline: point.baseline_people,
            })
            .collect();
        let states = self.recording.as_ref().map(SimulatedRecording::drawn);
        let page = simulation_page(&self.report, &self.links, &curve, &self.scenario, states)?;
        let mut files = vec![
            ("index.html".to_owned(), page),
            ("simulation.json".to_owned(), serde_json::to_vec_pretty(&self.report)?),
            ("curve.csv".to_owned(), self.curve_csv()),
        ];
        if self.parts.is_empty() {
            files.push(("links.csv".to_owned(), self.links_csv()));
        }
        if let Some(recording) = &self.recording {
            files.extend(recording.files()?);
        }
        if !self.fleet.is_empty() {
            files.push(("fleet_trips.csv".to_owned(), fleet_csv(&self.fleet)));
        }
        for SimulatedPart { folder, simulated } in &self.parts {
            files.extend(
                simulated.files()?.into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)),
            );
        }
        if let Some(ensemble) = &self.ensemble {
            files.extend(ensemble.files("ensemble.html")?);
        }
        if let Some(losses) = &self.losses {
            files.push(("losses.csv".to_owned(), losses.csv()));
        }
        Ok(files)
    }

    fn links_csv(&self) -> Vec<u8> {
        let header = [
            "link_id",
            "name",
            "vehicles",
            "people",
            "room_vehicles",
            "waiting_person_hours",
            "people_left",
            "people_overtaken",
        ];
        let rows = self.links.iter().map(|row| {
            [
                row.link_id.clone(),
                row.name.clone(),
                row.vehicles.to_string(),
                row.people.to_string(),
                row.room_vehicles.map(|room| room.to_string()).unwrap_or_default(),
                row.waiting_person_hours.to_string(),
                row.people_left.to_string(),
                row.people_overtaken.to_string(),
            ]
        });
        csv_text(&header, rows)
    }

    fn curve_csv(&self) -> Vec<u8> {
        let header = ["time_s", "simulated_people", "plan_people", "bound_people", "baseline_people"];
        let rows = self.curve.iter().map(|point| {
            let people =
                [Some(point.simulated_people), point.plan_people, point.bound_people, point.baseline_people];
            let [simulated, plan, bound, baseline] =
                people.map(|people| people.map(|people| people.to_string()).unwrap_or_default());
            [point.time_s.to_string(), simulated, plan, bound, baseline]
        });
        csv_text(&header, rows)
    }

    /// What came of it, for a terminal.
    pub fn in_words(&self) -> String {
        let report = &self.report;
        let rows = times(report);
        let mut lines = vec![simulation_verdict(report), String::new()];
        let header = [String::new(), "90 % arrived".to_owned(), "all arrived".to_owned()];
        let width = |column: usize| {
            rows.iter().chain([&header]).map(|row| row[column].chars().count()).max().unwrap_or(0)
        };
        let widths = [width(0), width(1), width(2)];
        for row in [&header].into_iter().chain(&rows) {
            let [name, ninety, all] = row;
            lines.push(format!("{name:<0$}  {ninety:>1$}  {all:>2$}", widths[0], widths[1], widths[2]));
        }
        lines.push(String::new());
        lines.push(format!(
            "After departure people wait {:.1} min in the mean, 95 of 100 up to {:.1} min, the longest {:.1} min.",
            report.waiting.mean_min, report.waiting.p95_min, report.waiting.longest_min
        ));
        lines.extend(self.most_stand_at());
        lines.extend(report.gridlock.iter().map(|ring| format!("Gridlock {}.", ring_words(ring))));
        if let Some(losses) = &self.losses {
            lines.extend([String::new(), losses.in_words()]);
        }
        if let Some(ensemble) = &self.ensemble {
            lines.extend([String::new(), "Under chance:".to_owned(), ensemble.in_words()]);
            return lines.join("\n");
        }
        lines.extend(standing_sentences(report.context).into_iter().map(str::to_owned));
        lines.join("\n")
    }

    /// Where most of those are who do not arrive; `None`: all do.
    fn most_stand_at(&self) -> Option<String> {
        let places: Vec<String> = self
            .report
            .standing
            .iter()
            .take(3)
            .map(|place| {
                let name = if place.name.is_empty() { String::new() } else { format!(" ({})", place.name) };
                format!("{}{name}: {}", place.place_id, grouped(place.people + place.overtaken))
            })
            .collect();
        (!places.is_empty()).then(|| format!("Most of those who do not arrive are at {}.", places.join("; ")))
    }
}
