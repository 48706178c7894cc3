//! What no plan can beat for all means together where they compete: those with vehicles and the fleet on the same roads, all on
//! the same sites (`docs/reference/multimodal.md`, Joint bounds; why they hold: `docs/concepts/multimodal.md`).

use crate::parts::{CommittedByOthers, part, rows_of};
use clearway_bound::certify::CertifiedBound;
use clearway_flow::{CUT_UNITS_PER_PERSON, TimeSet};
use clearway_model::number::{float, floor, index as index_of};
use clearway_model::{
    ClassOfUsers, GroupRow, Means, MultimodalSettings, PopulationGroups, Scenario, ZoneRow,
};
use clearway_network::{ElementKind, Network};

const QUARTER: i64 = MultimodalSettings::QUARTER_MS;
/// Units of a cut's value in an amount that is given in people.
const UNITS: f64 = CUT_UNITS_PER_PERSON as f64;

/// How much of the roads somebody takes whom the fleet carries, as a share of what somebody takes in a vehicle of their own, at
/// the least and at most 1; by [`Means::FLEET`], 0 where no vehicle has places of the kind.
pub fn weights(class: &ClassOfUsers, population: &PopulationGroups) -> [f64; 3] {
    let own = own_pcu(class);
    Means::FLEET.map(|means| {
        let able = population.fleet.iter().filter(|row| row.places(means) > 0);
        let least = able
            .map(|row| {
                let places: i64 = Means::FLEET.iter().map(|m| row.places(*m)).sum();
                row.pcu_per_vehicle / float(places)
            })
            .min_by(f64::total_cmp);
        least.map_or(0.0, |pcu| (pcu / own).min(1.0))
    })
}

/// pcu per person in a vehicle of their own.
fn own_pcu(class: &ClassOfUsers) -> f64 {
    class.pcu_per_vehicle / class.people_per_vehicle.unwrap_or(1.0)
}

/// The scenario of all who take room on the roads: people with vehicles of their own as they are, those whom the fleet carries
/// by [`weights`], rounded down. Groups that are not ready with the others of their zone are left out.
pub fn on_roads(scenario: &Scenario, population: &PopulationGroups) -> Scenario {
    let mut joint =
        part(scenario, population, Means::Vehicle, &CommittedByOthers::nothing(scenario.sites.len()));
    joint.settings.name = format!("{} - roads for all", scenario.settings.name);
    let weights = scenario.settings.class.first().map_or([0.0; 3], |class| weights(class, population));
    let vehicles = rows_of(population, Means::Vehicle);
    let carried = Means::FLEET.map(|means| rows_of(population, means));
    for (zone, whole) in joint.zones.iter_mut().zip(&scenario.zones) {
        let curve = |id: &str| if id.is_empty() { whole.mobilization_id.clone() } else { id.to_owned() };
        let driver = vehicles.get(zone.zone_id.as_str()).filter(|group| group.people > 0);
        let mut release = driver.map(|group| curve(&group.mobilization_id));
        let (mut low, mut high) =
            (zone.people_low.unwrap_or(zone.people), zone.people_high.unwrap_or(zone.people));
        let mut has_range = zone.people_low.is_some() || zone.people_high.is_some();
        for (groups, weight) in carried.iter().zip(weights) {
            let Some(group) = groups.get(zone.zone_id.as_str()).filter(|g| g.people > 0) else { continue };
            let own = curve(&group.mobilization_id);
            if *release.get_or_insert_with(|| own.clone()) != own {
                continue;
            }
            let stay = group.stay_people.unwrap_or(0);
            let count = |people: i64| floor(float((people - stay).max(0)) * weight);
            zone.people += count(group.people);
            low += count(group.people_low.unwrap_or(group.people));
            high += count(group.people_high.unwrap_or(group.people));
            has_range |= group.people_low.is_some() || group.people_high.is_some();
        }
        if let Some(release) = release {
            zone.mobilization_id = release;
        }
        zone.people_low = has_range.then_some(low);
        zone.people_high = has_range.then_some(high);
    }
    // The fleet's use of connectors is not counted, so that none of them can be a bound for all.
    for connector in &mut joint.connectors {
        connector.capacity_pcu_h = None;
        connector.capacity_pcu_h_low = None;
        connector.capacity_pcu_h_high = None;
    }
    joint
}

/// What the fleet may use beyond a steady rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FleetBursts {
    /// Share of a link or admission that the fleet may take in a quarter of an hour.
    pub share: f64,
    /// The largest vehicle on the roads, in people with vehicles of their own.
    pub vehicle: f64,
    /// The most people who are received from one vehicle.
    pub load: f64,
    /// All whom the fleet carries: as the roads count them, and as sites do. Nobody is counted twice in a cut.
    pub all: [i64; 2],
}

impl FleetBursts {
    /// Those of a fleet; `joint` is the scenario of [`on_roads`].
    pub fn of(joint: &Scenario, population: &PopulationGroups) -> Self {
        let own = joint.settings.class.first().map_or(1.0, own_pcu);
        let largest = |of: &dyn Fn(&clearway_model::VehicleRow) -> f64| {
            population.fleet.iter().map(of).fold(0.0, f64::max)
        };
        Self {
            share: population.settings.fleet_share,
            vehicle: largest(&|row| row.pcu_per_vehicle / own),
            load: largest(&|row| float(Means::FLEET.iter().map(|m| row.places(*m)).sum::<i64>())),
            all: [
                joint.zones.iter().map(moving).sum::<i64>() - evacuees_of(population, &[Means::Vehicle]),
                evacuees_of(population, &Means::FLEET),
            ],
        }
    }

    /// How much more than rate x open time can pass in an interval, as the fleet's share is one of whole quarters of an hour, in
    /// cut units; `largest` in people.
    fn beyond(&self, rate: u64, open: &TimeSet, from: i64, until: i64, largest: f64) -> i128 {
        let length = open.length_within(from, until);
        if length == 0 {
            return 0;
        }
        let share = float(rate) * self.share;
        let touched = quarters(open, from, until) * QUARTER;
        let one = (largest * UNITS - share * float(QUARTER)).max(0.0);
        (share * float(touched - length) + one).ceil() as i128
    }
}

/// Quarters of an hour in which something is open within an interval.
fn quarters(open: &TimeSet, from: i64, until: i64) -> i64 {
    let (mut count, mut next) = (0, i64::MIN);
    for &(begin, end) in open.intervals() {
        let (begin, end) = (begin.max(from), end.min(until));
        if begin < end {
            let (first, last) = ((begin / QUARTER).max(next), (end - 1) / QUARTER);
            count += (last - first + 1).max(0);
            next = last + 1;
        }
    }
    count
}

/// The last time before which not all can have arrived over the roads, ms; `None`: not by the horizon. `bound` is that of
/// [`on_roads`], central.
pub fn roads_bound(bound: &CertifiedBound, bursts: &FleetBursts) -> Option<i64> {
    let need = i128::from(bound.network.evacuees()) * CUT_UNITS_PER_PERSON;
    let mut best = 0;
    for cut in &bound.curve.cuts {
        let crossing = CutCrossing::of(bound, &cut.alpha, cut.theta);
        let proves = |t: i64| crossing.value(bound, bursts, t).is_some_and(|value| value < need);
        // Only cuts that prove a later time than is known are worth the search.
        if cut.theta <= best || !proves(best + 1) {
            continue;
        }
        let (mut low, mut high) = (best + 1, cut.theta + 1);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if proves(middle) { low = middle } else { high = middle }
        }
        best = low;
    }
    (best < bound.network.horizon).then_some(best)
}

/// The arcs of a cut that can count, with the interval in which they do, and those into terminals.
struct CutCrossing {
    theta: i64,
    arcs: Vec<(usize, i64, i64)>,
    /// Per terminal, its arcs and from when they count.
    sites: Vec<Vec<(usize, i64)>>,
    /// Per source, its threshold.
    sources: Vec<i64>,
}

impl CutCrossing {
    fn of(bound: &CertifiedBound, alpha: &[i64], theta: i64) -> Self {
        let problem = &bound.places.problem;
        let mut terminal_of: Vec<Option<usize>> = vec![None; problem.vertices];
        for (index, terminal) in problem.terminals.iter().enumerate() {
            terminal_of[index_of(terminal.vertex)] = Some(index);
        }
        let mut sites = vec![Vec::new(); problem.terminals.len()];
        let mut arcs = Vec::new();
        for (index, arc) in problem.arcs.iter().enumerate() {
            let (from, head) = (alpha[index_of(arc.tail)], index_of(arc.head));
            match terminal_of[head] {
                None if alpha[head] - arc.tau > from => {
                    arcs.push((index, from, alpha[head] - arc.tau));
                }
                None => {}
                Some(terminal) => sites[terminal].push((index, from)),
            }
        }
        let sources = problem.sources.iter().map(|source| alpha[index_of(source.vertex)]).collect();
        Self { theta, arcs, sites, sources }
    }

    /// What the cut, moved to an earlier time `t`, lets arrive before it, in cut units; `None`: without a limit.
    fn value(&self, bound: &CertifiedBound, bursts: &FleetBursts, t: i64) -> Option<i128> {
        let by = self.theta - t;
        let problem = &bound.places.problem;
        let mut sum = 0i128;
        // What the fleet may use beyond a steady rate; a site's capacity holds all the same.
        let mut burst = 0i128;
        for (source, &alpha) in problem.sources.iter().zip(&self.sources) {
            sum += source.ready_before((alpha - by).max(0), t);
        }
        for &(arc, from, until) in &self.arcs {
            let row = &problem.arcs[arc];
            let (from, until) = ((from - by).max(0), until - by);
            let length = row.open.length_within(from, until);
            if length == 0 {
                continue;
            }
            let rate = row.rate?;
            sum += i128::from(rate) * i128::from(length);
            let element = bound.places.element[arc].map(|e| bound.network.elements[e].kind);
            if matches!(element, Some(ElementKind::Link(_))) {
                burst += bursts.beyond(rate, &row.open, from, until, bursts.vehicle);
            }
        }
        for (terminal, arcs) in problem.terminals.iter().zip(&self.sites) {
            let (mut admitted, mut beyond) = (Some(0i128), 0i128);
            for &(arc, from) in arcs {
                let row = &problem.arcs[arc];
                let from = (from - by).max(0);
                let length = row.open.length_within(from, t);
                let Some(rate) = row.rate else {
                    admitted = if length > 0 { None } else { admitted };
                    continue;
                };
                beyond += bursts.beyond(rate, &row.open, from, t, bursts.load);
                admitted = admitted.map(|sum| sum + i128::from(rate) * i128::from(length));
            }
            let holds = terminal.capacity.map(|people| i128::from(people) * CUT_UNITS_PER_PERSON);
            let (usual, more) = match (admitted, holds) {
                (Some(admitted), Some(holds)) if admitted < holds => (admitted, beyond.min(holds - admitted)),
                (Some(admitted), None) => (admitted, beyond),
                (_, Some(holds)) => (holds, 0),
                (None, None) => return None,
            };
            sum += usual;
            burst += more;
        }
        sum += burst.min(i128::from(bursts.all[0]) * CUT_UNITS_PER_PERSON);
        Some(sum)
    }
}

/// The last time before which the sites cannot have received all of `people`, by whatever means, ms; `None`: not by the horizon;
/// 0 if a site has no limit.
pub fn sites_bound(network: &Network, people: i64, bursts: &FleetBursts) -> Option<i64> {
    let need = i128::from(people) * CUT_UNITS_PER_PERSON;
    let received = |t: i64| {
        let (mut sum, mut burst) = (0i128, 0i128);
        for site in &network.sites {
            let admission = &network.elements[site.admission];
            let holds = site.capacity.map(|people| i128::from(people) * CUT_UNITS_PER_PERSON);
            let admitted = admission.rate.map(|rate| {
                let usual = i128::from(rate) * i128::from(admission.open.length_within(0, t));
                (usual, bursts.beyond(rate, &admission.open, 0, t, bursts.load))
            });
            let (usual, more) = match (admitted, holds) {
                (Some((usual, more)), Some(holds)) if usual < holds => (usual, more.min(holds - usual)),
                (Some(admitted), None) => admitted,
                (_, Some(holds)) => (holds, 0),
                (None, None) => return None,
            };
            sum += usual;
            burst += more;
        }
        Some(sum + burst.min(i128::from(bursts.all[1]) * CUT_UNITS_PER_PERSON))
    };
    let is_short = |t: i64| received(t).is_some_and(|most| most < need);
    if is_short(network.horizon) {
        return None;
    }
    let (mut low, mut high) = (0, network.horizon);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if is_short(middle) { low = middle } else { high = middle }
    }
    Some(low)
}

/// People of a zone who are to move, central.
fn moving(zone: &ZoneRow) -> i64 {
    zone.people - zone.stay_people.unwrap_or(0)
}

/// People of all means who are to move, central.
pub fn evacuees(population: &PopulationGroups) -> i64 {
    population.rows.iter().map(moving_of).sum()
}

fn moving_of(group: &GroupRow) -> i64 {
    group.people - group.stay_people.unwrap_or(0)
}

fn evacuees_of(population: &PopulationGroups, means: &[Means]) -> i64 {
    let groups = population.rows.iter().filter(|group| means.contains(&group.means));
    groups.map(moving_of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_are_counted_once() {
        let open = TimeSet::union(vec![(0, 100), (200, QUARTER + 1), (3 * QUARTER, 4 * QUARTER)]);
        assert_eq!(quarters(&open, 0, 10 * QUARTER), 3);
        assert_eq!(quarters(&open, 50, 60), 1);
        assert_eq!(quarters(&open, 100, 200), 0);
        assert_eq!(quarters(&open, QUARTER, QUARTER + 1), 1);
    }

    #[test]
    fn a_burst_is_the_share_of_the_quarters_it_touches() {
        let open = TimeSet::union(vec![(0, 100 * QUARTER)]);
        let bursts = FleetBursts { share: 0.5, vehicle: 5.0, load: 5.0, all: [1000, 1000] };
        // 100 people an hour; half of it is 12.5 a quarter; one minute over the border of two quarters.
        let beyond = bursts.beyond(100_000, &open, QUARTER - 30_000, QUARTER + 30_000, 5.0) as f64 / UNITS;
        assert!((beyond - 50.0 * (0.5 - 1.0 / 60.0)).abs() < 1e-6, "{beyond}");
        // A load of 20 is 7.5 more than the quarter's share.
        let more = bursts.beyond(100_000, &open, 0, QUARTER, 20.0) as f64 / UNITS;
        assert!((more - 7.5).abs() < 1e-6, "{more}");
    }
}
