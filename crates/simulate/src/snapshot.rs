//! Where everybody is at some moments of a simulation: what people would count there.

use crate::recording_tables::origins;
use crate::simulation::Simulation;
use crate::streets::QueueModel;
use crate::traffic::{Demand, Hold, Passage, Watch, run};
use clearway_model::Scenario;
use clearway_model::number::index;
use clearway_network::{ElementKind, Network};
use std::collections::BTreeMap;

/// Where people who evacuate are at a moment, by rows of the scenario's tables. Who left without being asked is not among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleAt {
    /// By zone: people still there, those who stay, have turned back or stand before the first road included.
    pub waiting: Vec<i64>,
    /// By link, where there are any: people on it.
    pub on_road: BTreeMap<usize, i64>,
    /// By site: people admitted so far.
    pub arrived: Vec<i64>,
    /// People who are on a connector between the roads and a site, where nobody counts.
    pub uncounted: i64,
}

/// Notes where each vehicle is at the moments that are asked.
struct SnapshotWatch<'a, W> {
    /// Moments, µs, ascending.
    moments_us: &'a [i64],
    /// Per vehicle, the place of `moments_us` that comes next, and the number of entries on its path so far.
    vehicles: Vec<(u32, u32)>,
    /// Per moment and vehicle, how many streets of its path it has entered.
    entered: Vec<Vec<u32>>,
    inner: &'a mut W,
}

impl<W: Watch> Watch for SnapshotWatch<'_, W> {
    fn entered(&mut self, passage: Passage, time_us: i64) {
        let vehicle = index(passage.vehicle);
        let (next, count) = &mut self.vehicles[vehicle];
        // who enters at the moment itself has entered
        while self.moments_us.get(index(*next)).is_some_and(|&moment_us| moment_us < time_us) {
            self.entered[index(*next)][vehicle] = *count;
            *next += 1;
        }
        *count += 1;
        self.inner.entered(passage, time_us);
    }

    fn left(&mut self, passage: Passage, time_us: i64, waited_us: i64) {
        self.inner.left(passage, time_us, waited_us);
    }

    fn held(&mut self, hold: Hold) {
        self.inner.held(hold);
    }

    fn goes_on(&mut self, time_us: i64) -> bool {
        self.inner.goes_on(time_us)
    }
}

/// Where everybody is at some moments (µs, ascending) of a simulation, which is moved once more for it. `scenario` and `network` are those
/// of the simulation; `None` if it was asked to end.
pub fn people_at(
    simulation: &Simulation,
    (scenario, network): (&Scenario, &Network),
    queues: QueueModel,
    moments_us: &[i64],
    watch: &mut impl Watch,
) -> Option<Vec<PeopleAt>> {
    let trips = &simulation.trips;
    let demand = Demand {
        streets: &simulation.streets.streets,
        paths: &trips.paths,
        vehicles: &trips.vehicles,
        end_us: network.horizon * 1000,
        turns: queues.turns(),
    };
    let mut noting = SnapshotWatch {
        moments_us,
        vehicles: vec![(0, 0); trips.vehicles.len()],
        entered: vec![vec![0; trips.vehicles.len()]; moments_us.len()],
        inner: watch,
    };
    run(demand, &mut noting)?;
    for (vehicle, &(next, count)) in noting.vehicles.iter().enumerate() {
        noting.entered[index(next)..].iter_mut().for_each(|entered| entered[vehicle] = count);
    }
    let origins = origins(simulation, scenario, network);
    Some(
        noting
            .entered
            .iter()
            .map(|entered| counted(simulation, (scenario, network), &origins, entered))
            .collect(),
    )
}

/// Counts people by where their vehicles are.
fn counted(
    simulation: &Simulation,
    (scenario, network): (&Scenario, &Network),
    origins: &[u32],
    entered: &[u32],
) -> PeopleAt {
    let trips = &simulation.trips;
    let mut at = PeopleAt {
        waiting: scenario.zones.iter().map(|zone| zone.people).collect(),
        arrived: vec![0; scenario.sites.len()],
        ..PeopleAt::default()
    };
    let kind_of = |street: u32| network.elements[simulation.streets.elements[index(street)]].kind;
    let is_admission = |street: &u32| matches!(kind_of(*street), ElementKind::Admission(_));
    for (vehicle, &count) in trips.vehicles.iter().zip(entered) {
        let people = i64::from(vehicle.people);
        let path = &trips.paths[index(vehicle.path)];
        // beyond the ways of those who evacuate are those of others, which lead to sites, and those of people who turn back
        if vehicle.path >= trips.unasked_from && path.last().is_some_and(is_admission) {
            continue;
        }
        let Some(&street) = count.checked_sub(1).and_then(|place| path.get(index(place))) else { continue };
        let is_over = index(count) == path.len();
        match kind_of(street) {
            // a way that ends on a road is that of somebody who has turned back
            ElementKind::Link(_) if is_over => continue,
            ElementKind::Link(row) => *at.on_road.entry(row).or_default() += people,
            ElementKind::Admission(row) => at.arrived[row] += people,
            // who stands at the edge of a zone and does not get onto the road is still in it for whoever counts there
            ElementKind::Connector(_)
                if network.zone_of(simulation.streets.elements[index(street)]).is_some() =>
            {
                continue;
            }
            ElementKind::Connector(_) => at.uncounted += people,
        }
        if let Some(waiting) = at.waiting.get_mut(index(origins[index(vehicle.path)])) {
            *waiting -= people;
        }
    }
    at
}
