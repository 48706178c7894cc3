//! `simulate`: what becomes of a plan's orders on roads on which queues take space.

mod folder;
mod request;
mod written;

use crate::ensemble::Ensemble;
use crate::error::Error;
use crate::load::LoadedScenario;
use crate::losses::Losses;
use crate::session::Session;
use crate::simulate_gap::{split, without_junctions};
use crate::simulate_multimodal::{self, SimulatedFleetTrip, SimulatedPart};
use crate::simulate_recording::SimulatedRecording;
use clearway_model::number::round;
use clearway_model::time::seconds;
use clearway_model::{Case, CurvePoint, Scenario, Store};
use clearway_network::Network;
use clearway_simulate::gap::GapSplit;
use clearway_simulate::member::Member;
use clearway_simulate::outcome::Outcome;
use clearway_simulate::report::{
    ArrivalTimes, BaselineFigures, LinkTrafficRow, ReportInputs, SimulatedOrders, SimulationReport, link_rows,
};
use clearway_simulate::simulation::{Simulation, simulated, simulated_baseline};
use clearway_simulate::streets::QueueModel;
pub(crate) use folder::{PlanFolder, read_folder, read_single_folder};
pub use request::{Queues, SimulateRequest};
use serde::Serialize;
use std::sync::Arc;
use std::time::Instant;

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
}
