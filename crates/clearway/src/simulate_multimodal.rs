//! `simulate` of a multimodal plan: cars and fleet together on the roads that they share, everybody else where they are alone.

use crate::error::Error;
use crate::session::Session;
use crate::simulate::{SimulateRequest, Simulated, points_of, simulate_one};
use crate::simulate_recording::SimulatedRecording;
use clearway_formats::{csv_text, read_plan, read_scenario, read_scenario_with_groups, read_table};
use clearway_model::number::float;
use clearway_model::{
    Case, Fault, Faults, Means, MultimodalSummary, Plan, PopulationGroups, Scenario, Store, SubStore, TripRow,
};
use clearway_multimodal::joint::evacuees;
use clearway_multimodal::parts::driven;
use clearway_network::Network;
use clearway_simulate::fleet::FleetTask;
use clearway_simulate::fleet_run::{FleetSimulation, SimulatedTrip, TogetherTask, simulated_with_fleet};
use clearway_simulate::gap::{GapSplit, PartFigures};
use clearway_simulate::outcome::Outcome;
use clearway_simulate::recording::RecordingLimits;
use clearway_simulate::report::{
    ArrivalTimes, ReportInputs, SimulatedMeans, SimulatedOrders, SimulationReport, Standing, link_rows,
};
use clearway_simulate::simulation::Simulation;
use clearway_simulate::streets::QueueModel;
use clearway_simulate::traffic::{Journey, Vehicle};
use std::sync::Arc;
use std::time::Instant;

/// The folder of those who drive, cars and fleet together.
const ROADS: &str = "roads";

/// A trip of the fleet by its timetable and as simulated: a row of `fleet_trips.csv`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SimulatedFleetTrip {
    /// The trip by the timetable.
    pub trip: TripRow,
    /// When it leaves its zone, s; `None`: it does not.
    pub depart_s: Option<f64>,
    /// When its passengers are received, s; `None`: they are not.
    pub end_s: Option<f64>,
}

/// One part of a simulated multimodal plan, in a folder of its own.
#[derive(Debug)]
#[non_exhaustive]
pub struct SimulatedPart {
    /// Name of its folder.
    pub folder: String,
    /// What came of it.
    pub simulated: Simulated,
}

/// A multimodal plan folder.
struct MultimodalFolder {
    scenario: Scenario,
    summary: MultimodalSummary,
    trips: Vec<TripRow>,
}

/// People and what became of them, by means.
struct Moved {
    means: Means,
    vehicles: Vec<Vehicle>,
    journeys: Vec<Journey>,
}

pub(crate) fn simulate(
    session: &Session,
    plan: &dyn Store,
    request: &SimulateRequest,
    queues: QueueModel,
    recording: RecordingLimits,
) -> Result<Simulated, Error> {
    let started = Instant::now();
    let MultimodalFolder { mut scenario, summary, trips } = read_folder(plan)?;
    if !request.with_junctions {
        scenario.junctions.clear();
    }
    let Some(groups) = scenario.groups.as_ref() else { return Err(not_there(plan, "scenario/groups.csv")) };
    let mut request = *request;
    request.with_baseline = false;
    let mut parts: Vec<(String, Simulated, Simulation)> = Vec::new();
    let mut moved: Vec<Moved> = Vec::new();
    let mut fleet = Vec::new();
    for figures in &summary.means {
        let word = figures.means.word();
        let together = figures.means == Means::Vehicle && !trips.is_empty();
        if figures.means.is_carried() || together || part_plan(plan, word)?.is_none() {
            continue;
        }
        let (simulated, simulation) = simulate_one(session, &SubStore::new(plan, word), &request)?;
        moved.push(Moved {
            means: figures.means,
            vehicles: simulation.trips.vehicles.clone(),
            journeys: simulation.journeys.clone(),
        });
        parts.push((word.to_owned(), simulated, simulation));
    }
    if !trips.is_empty() {
        let roads =
            RoadsTask { session, plan, scenario: &scenario, groups, trips: &trips, queues, recording };
        let (simulated, simulation, found) = roads.simulated(&summary)?;
        moved.extend(by_means(&simulation, &trips, found.cars));
        fleet = fleet_rows(trips, &found.trips);
        parts.insert(0, (ROADS.to_owned(), simulated, simulation));
    }
    if parts.is_empty() {
        let label = plan.label();
        return Err(Error::Request(format!(
            "{label} has no orders and no trips, only bounds: there is nothing to simulate"
        )));
    }
    let whole = Outcome::new(
        &moved.iter().flat_map(|one| one.vehicles.iter().copied()).collect::<Vec<_>>(),
        &moved.iter().flat_map(|one| one.journeys.iter().copied()).collect::<Vec<_>>(),
    );
    let all = evacuees(groups);
    let mut report = whole_report(&parts, &summary, &whole, all);
    let horizon_ms = scenario.settings.horizon_ms;
    let last = match queues {
        QueueModel::Spatial(_) if !scenario.junctions.is_empty() => "junctions",
        QueueModel::Spatial(_) => "space",
        QueueModel::Vertical => "vehicles",
    };
    report.gap = Some(gap(&summary, &report, &whole, (all, horizon_ms), last));
    report.means = summary.means.iter().map(|figures| of_means(figures, &moved)).collect();
    report.wall_s = started.elapsed().as_secs_f64();
    let curve = points_of(&whole, &[], None);
    let parts = parts.into_iter().map(|(folder, simulated, _)| SimulatedPart { folder, simulated }).collect();
    Ok(Simulated {
        report,
        links: Vec::new(),
        curve,
        ensemble: None,
        losses: None,
        recording: None,
        parts,
        fleet,
        scenario: Arc::new(scenario),
    })
}

fn invalid(plan: &dyn Store, faults: Faults) -> Error {
    Error::Invalid { of: plan.label(), faults }
}

fn not_there(plan: &dyn Store, file: &str) -> Error {
    invalid(plan, Faults(vec![Fault::error(file, "", "a plan folder as clearway plan writes it")]))
}

/// A file of a folder; `None`: it has none.
fn read(folder: &dyn Store, name: &str) -> Result<Option<Vec<u8>>, Error> {
    let unreadable = |error: std::io::Error| {
        invalid(folder, Faults(vec![Fault::error(name, error.to_string(), "a file that can be read")]))
    };
    folder.read(name).map_err(unreadable)
}

/// The orders of a part; `None`: there is no such part, or nobody in it is in an order.
fn part_plan(plan: &dyn Store, word: &str) -> Result<Option<Plan>, Error> {
    let folder = SubStore::new(plan, word);
    if read(&folder, "plan.json")?.is_none() {
        return Ok(None);
    }
    let orders = read_plan(&folder).map_err(|faults| invalid(plan, faults))?;
    Ok(Some(orders).filter(|orders| !orders.orders.is_empty()))
}

fn read_folder(plan: &dyn Store) -> Result<MultimodalFolder, Error> {
    let bytes = read(plan, "multimodal.json")?.ok_or_else(|| not_there(plan, "multimodal.json"))?;
    let summary: MultimodalSummary = serde_json::from_slice(&bytes).map_err(|error| {
        invalid(
            plan,
            Faults(vec![Fault::error("multimodal.json", error.to_string(), "as clearway plan writes it")]),
        )
    })?;
    let scenario = SubStore::new(plan, "scenario");
    let (scenario, _) = read_scenario_with_groups(&scenario).map_err(|faults| invalid(plan, faults))?;
    let trips = match read(plan, "fleet/trips.csv")? {
        None => Vec::new(),
        Some(bytes) => {
            let (trips, faults) = read_table::<TripRow>("fleet/trips.csv", &bytes);
            if faults.has_errors() {
                return Err(invalid(plan, faults));
            }
            trips
        }
    };
    Ok(MultimodalFolder { scenario, summary, trips })
}

/// Cars and fleet on the roads that they share.
struct RoadsTask<'a> {
    session: &'a Session,
    plan: &'a dyn Store,
    scenario: &'a Scenario,
    groups: &'a PopulationGroups,
    trips: &'a [TripRow],
    queues: QueueModel,
    recording: RecordingLimits,
}

impl RoadsTask<'_> {
    fn simulated(
        &self,
        summary: &MultimodalSummary,
    ) -> Result<(Simulated, Simulation, FleetSimulation), Error> {
        let mut roads = driven(self.scenario, self.groups);
        roads.settings.name = format!("{} - on the roads", roads.settings.name);
        let folder = SubStore::new(self.plan, Means::Vehicle.word());
        let cars = part_plan(self.plan, Means::Vehicle.word())?;
        if cars.is_some() {
            // what of its sites is left to cars; the fleet has the rest, as its timetable says
            let own = SubStore::new(&folder, "scenario");
            roads.sites = read_scenario(&own).map_err(|faults| invalid(self.plan, faults))?.0.sites;
        }
        let case = cars.as_ref().map_or(Case::Central, |plan| plan.case);
        let by_road = |means: Means| means.is_carried() || means == Means::Vehicle;
        let on_roads = summary.means.iter().filter(|figures| by_road(figures.means));
        let progress = self.session.progress();
        let mut goes_on = |share: f64| {
            progress.tell("simulation", share);
            !self.session.cancel().is_cancelled()
        };
        let together = TogetherTask {
            scenario: &roads,
            plan: cars.as_ref(),
            fleet: FleetTask { types: &self.groups.fleet, trips: self.trips },
            case,
            queues: self.queues,
            evacuees: on_roads.map(|figures| figures.people - figures.staying).sum(),
            recording: Some(self.recording),
        };
        let mut found = simulated_with_fleet(together, &mut goes_on)?;
        let network = Network::new(&roads, case)?;
        let digest = &summary.scenario;
        let recording = SimulatedRecording::taken(&mut found.simulation, &roads, &network, digest);
        let inputs = ReportInputs {
            scenario: &roads,
            network: &network,
            digest,
            orders: SimulatedOrders::Plan,
            queues: self.queues,
            plan: None,
            bound: None,
            baseline: None,
            recording: recording.as_ref().map(SimulatedRecording::figures),
            wall_s: 0.0,
        };
        let simulated = Simulated {
            report: SimulationReport::new(&found.simulation, &inputs),
            links: link_rows(&found.simulation, &roads, &network),
            curve: points_of(&found.simulation.outcome, &[], None),
            ensemble: None,
            losses: None,
            recording,
            parts: Vec::new(),
            fleet: Vec::new(),
            scenario: Arc::new(roads),
        };
        let simulation = found.simulation.clone();
        Ok((simulated, simulation, found))
    }
}

/// Those of cars and of each kind of passengers; of a trip with several kinds each counts as a vehicle.
fn by_means(simulation: &Simulation, trips: &[TripRow], cars: usize) -> Vec<Moved> {
    let (vehicles, journeys) = (&simulation.trips.vehicles, &simulation.journeys);
    let mut moved = vec![Moved {
        means: Means::Vehicle,
        vehicles: vehicles[..cars].to_vec(),
        journeys: journeys[..cars].to_vec(),
    }];
    let people_in = |trip: &TripRow, means: Means| match means {
        Means::Seat => trip.seat_people,
        Means::Wheelchair => trip.wheelchair_people,
        _ => trip.stretcher_people,
    };
    for means in Means::FLEET {
        let mut of_kind = Moved { means, vehicles: Vec::new(), journeys: Vec::new() };
        for (trip, (vehicle, journey)) in trips.iter().zip(vehicles[cars..].iter().zip(&journeys[cars..])) {
            let people = u32::try_from(people_in(trip, means)).unwrap_or(0);
            if people > 0 {
                of_kind.vehicles.push(Vehicle { people, ..*vehicle });
                of_kind.journeys.push(*journey);
            }
        }
        moved.push(of_kind);
    }
    moved
}

/// Rows of `fleet_trips.csv`.
fn fleet_rows(trips: Vec<TripRow>, simulated: &[SimulatedTrip]) -> Vec<SimulatedFleetTrip> {
    let in_seconds = |time: Option<i64>| time.map(|time| float(time) / 1e6);
    let row = |(trip, of): (TripRow, &SimulatedTrip)| SimulatedFleetTrip {
        trip,
        depart_s: in_seconds(of.depart_us),
        end_s: in_seconds(of.end_us),
    };
    trips.into_iter().zip(simulated).map(row).collect()
}

/// The table of all trips.
pub(crate) fn fleet_csv(rows: &[SimulatedFleetTrip]) -> Vec<u8> {
    let header = [
        "trip_id",
        "vehicle_id",
        "zone_id",
        "site_id",
        "people",
        "timetable_depart_s",
        "depart_s",
        "timetable_end_s",
        "end_s",
        "late_s",
    ];
    let cells = rows.iter().map(|SimulatedFleetTrip { trip, depart_s, end_s }| {
        let time = |time: Option<f64>| time.map(|time| time.to_string()).unwrap_or_default();
        let planned = |ms: i64| float(ms) / 1000.0;
        [
            trip.trip_id.clone(),
            trip.vehicle_id.clone(),
            trip.zone_id.clone(),
            trip.site_id.clone(),
            (trip.seat_people + trip.wheelchair_people + trip.stretcher_people).to_string(),
            planned(trip.depart_ms).to_string(),
            time(*depart_s),
            planned(trip.end_ms).to_string(),
            time(*end_s),
            time(end_s.map(|end| (end - planned(trip.end_ms)).max(0.0))),
        ]
    });
    csv_text(&header, cells)
}

/// 90 % and all of so many people.
fn times_of(outcome: &Outcome, people: i64) -> ArrivalTimes {
    let time = |wanted: i64| outcome.time_of_s(wanted).filter(|_| people > 0);
    ArrivalTimes { t90_s: time((people * 9 + 9) / 10), t100_s: time(people) }
}

/// The figures of all, on the pattern of the first part.
fn whole_report(
    parts: &[(String, Simulated, Simulation)],
    summary: &MultimodalSummary,
    whole: &Outcome,
    all: i64,
) -> SimulationReport {
    let reports = || parts.iter().map(|(_, simulated, _)| &simulated.report);
    let mut report = parts[0].1.report.clone();
    report.scenario.clone_from(&summary.scenario);
    report.name.clone_from(&summary.name);
    let ArrivalTimes { t90_s, t100_s } = times_of(whole, all);
    (report.t90_s, report.t100_s, report.mean_s) = (t90_s, t100_s, whole.mean_s());
    report.last_s = whole.time_of_s(whole.people_arrived).filter(|_| whole.people_arrived > 0);
    (report.evacuees, report.arrived) = (all, whole.people_arrived);
    report.not_arrived = whole.people_overtaken + whole.people_underway;
    report.overtaken = whole.people_overtaken;
    (report.without_order, report.overtaken_in_all) = (None, None);
    report.waiting = whole.waiting.into();
    report.waiting_before_road = whole.before_road.into();
    report.plan = Some(ArrivalTimes { t90_s: None, t100_s: summary.clearance_s.plan });
    report.bound = Some(ArrivalTimes { t90_s: None, t100_s: summary.clearance_s.bound });
    report.baseline = None;
    report.recording = None;
    report.gridlock = reports().flat_map(|of| of.gridlock.iter().cloned()).collect();
    let mut standing: Vec<Standing> = reports().flat_map(|of| of.standing.iter().cloned()).collect();
    standing
        .sort_by(|a, b| (b.people + b.overtaken, &a.place_id).cmp(&(a.people + a.overtaken, &b.place_id)));
    report.standing = standing;
    report.links_without_length = reports().map(|of| of.links_without_length).max().unwrap_or(0);
    report.vehicles = reports().map(|of| of.vehicles).sum();
    report.moves = reports().map(|of| of.moves).sum();
    let vehicles = i64::try_from(report.vehicles).unwrap_or(i64::MAX).max(1);
    report.people_per_vehicle = float(report.arrived + report.not_arrived) / float(vehicles);
    report
}

fn gap(
    summary: &MultimodalSummary,
    report: &SimulationReport,
    whole: &Outcome,
    (all, horizon_ms): (i64, i64),
    last: &str,
) -> GapSplit {
    let of = |t100_s, person_hours| PartFigures { t100_s, person_hours, ..PartFigures::default() };
    let mut split = GapSplit::default();
    split.at_s = summary.clearance_s.bound.unwrap_or(0.0);
    split.add("bound", of(summary.clearance_s.bound, summary.person_hours.bound));
    split.add("plan", of(summary.clearance_s.plan, summary.person_hours.plan));
    let person_hours = Some(whole.person_hours(all, horizon_ms * 1000));
    split.add(last, PartFigures { t90_s: report.t90_s, ..of(report.t100_s, person_hours) });
    split
}

/// The figures of one means beside those of the plan.
fn of_means(figures: &clearway_model::MeansFigures, moved: &[Moved]) -> SimulatedMeans {
    let people = figures.people - figures.staying;
    let outcome = moved
        .iter()
        .find(|one| one.means == figures.means)
        .map(|one| Outcome::new(&one.vehicles, &one.journeys))
        .unwrap_or_default();
    let name = figures.name.clone().unwrap_or_default();
    SimulatedMeans {
        means: figures.means.word().to_owned(),
        name,
        evacuees: people,
        arrived: outcome.people_arrived,
        simulated: times_of(&outcome, people),
        plan: ArrivalTimes { t90_s: figures.t90_s.plan, t100_s: figures.clearance_s.plan },
        bound: ArrivalTimes { t90_s: figures.t90_s.bound, t100_s: figures.clearance_s.bound },
        waiting: outcome.waiting.into(),
    }
}
