//! What no timetable of the fleet can beat: how many people of one kind can be received by a time.
//!
//! Each round takes a vehicle at least the fastest empty run to its zone, loading, the fastest loaded run from it and unloading,
//! wherever it came from; the first round begins at the depot. A vehicle that is not there yet, rests or stands before closed
//! roads does nothing. Two things follow (`docs/concepts/multimodal.md`): the rounds' times, weighed by the places they fill, do not exceed
//! the time of all vehicles; and no vehicle does more rounds than its time divided by the shortest.

use crate::fleet::{CarriedGroup, VehicleFleet};
use clearway_flow::TimeSet;
use clearway_model::number::{float, truncated};
use clearway_model::time::seconds;
use clearway_model::{BindingConstraint, ClosureKind, Figure, Means, WindowTarget};
use clearway_network::ZoneIndex;

/// One zone as one type of vehicle sees it.
#[derive(Debug, Clone, Copy)]
struct ZoneWork {
    people: i64,
    /// Shortest trip to the zone and on to a site, from the site before it, ms.
    cycle: i64,
}

/// One type of vehicle.
#[derive(Debug)]
struct VehicleKind {
    count: i64,
    places: i64,
    from: i64,
    /// Until when vehicles can be used, ms; `None`: to the end.
    until: Option<i64>,
    duty: Option<(i64, Option<i64>)>,
    /// Shortest first round from leaving the depot, ms.
    first: i64,
    /// What the first round may save against the shortest round to its zone, ms.
    saved: i64,
    /// A vehicle can still end this much of its round while roads are closed, ms.
    standing: i64,
    shortest: i64,
    /// By ascending length of the shortest trip.
    jobs: Vec<ZoneWork>,
}

impl VehicleKind {
    /// A time, ms, or the end of their use if that is earlier.
    fn at_most_until(&self, time: i64) -> i64 {
        self.until.map_or(time, |until| until.min(time))
    }
}

/// The bound for people of one kind.
#[derive(Debug)]
pub struct CarriedBound<'a> {
    kinds: Vec<VehicleKind>,
    /// Those who can be reached, with the time from ready to received at the least.
    groups: Vec<(&'a CarriedGroup, i64)>,
    evacuees: i64,
    horizon: i64,
    /// When any link may be entered; `None`: always.
    open: Option<TimeSet>,
}

impl<'a> CarriedBound<'a> {
    /// The bound for one of [`Means::FLEET`] in the case of `fleet`.
    pub fn new(fleet: &'a VehicleFleet<'_>, means: Means) -> Self {
        let slot = Means::FLEET.iter().position(|m| *m == means).unwrap_or(0);
        let zones: Vec<(ZoneIndex, &CarriedGroup)> = fleet
            .groups
            .iter()
            .enumerate()
            .filter_map(|(zone, groups)| Some((ZoneIndex::from(zone), groups[slot].as_ref()?)))
            .collect();
        let kinds: Vec<VehicleKind> = (0..fleet.rows.len())
            .filter(|&kind| fleet.rows[kind].places(means) > 0)
            .filter_map(|kind| kind_of(fleet, kind, means, &zones))
            .collect();
        let able: Vec<usize> = (0..fleet.rows.len()).filter(|&k| fleet.rows[k].places(means) > 0).collect();
        let groups = zones
            .iter()
            .filter_map(|&(zone, group)| {
                let least = able.iter().filter_map(|&kind| {
                    let row = &fleet.rows[kind];
                    fleet.cycle(kind, zone)?;
                    Some(row.load_ms + fleet.out(kind, zone)? + row.unload_ms)
                });
                Some((group, least.min()?))
            })
            .collect();
        let evacuees = zones.iter().map(|z| z.1.evacuees).sum();
        Self { kinds, groups, evacuees, horizon: fleet.horizon, open: open_times(fleet) }
    }

    /// Most people received strictly before `theta` (ms).
    pub fn people(&self, theta: i64) -> i64 {
        let theta = theta.min(self.horizon);
        let carried: i64 = self.kinds.iter().map(|kind| self.carried(kind, theta)).sum();
        // Received strictly before theta: ready at theta - least - 1 at the latest.
        let ready: i64 = self
            .groups
            .iter()
            .filter(|(_, least)| *least < theta)
            .map(|(group, least)| {
                let share = group.release.share(theta - least - 1);
                truncated((float(group.evacuees) * share + 1e-6).ceil().min(float(group.evacuees)))
            })
            .sum();
        carried.min(ready).min(self.evacuees)
    }

    /// No timetable has `count` people received before this, s; `None`: not by the horizon.
    pub fn earliest_s(&self, count: i64) -> Option<f64> {
        if count <= 0 {
            return Some(0.0);
        }
        if self.people(self.horizon) < count {
            return None;
        }
        // The number of people never falls with time: the first time with so many is found by halves.
        let (mut low, mut high) = (0, self.horizon);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.people(middle) >= count { high = middle } else { low = middle }
        }
        Some(seconds(low))
    }

    /// Least time of people not yet received, person-hours, on a grid of `grid` ms.
    pub fn person_hours(&self, grid: i64) -> f64 {
        let mut sum = 0.0;
        let mut before = 0;
        while before < self.horizon {
            let t = (before + grid).min(self.horizon);
            let missing = self.evacuees - self.people(t);
            if missing == 0 && self.people(before) == self.evacuees {
                break;
            }
            sum += float(missing) * float(t - before);
            before = t;
        }
        sum / 3.6e6
    }

    /// What sets the bound for all: the last people being ready, windows or vehicles.
    pub fn binds(&self) -> BindingConstraint {
        let Some(bound) = self.earliest_s(self.evacuees) else { return BindingConstraint::Vehicles };
        let theta = truncated(bound * 1000.0);
        let always = |kind: &VehicleKind| {
            let time = (kind.at_most_until(theta) - kind.from).max(0) + kind.saved;
            time / kind.shortest.max(1) * kind.places * kind.count
        };
        let vehicles: i64 = self.kinds.iter().map(|kind| self.carried(kind, theta)).sum();
        if vehicles >= self.evacuees {
            return BindingConstraint::Mobilization;
        }
        // With roads open at all times the vehicles would do much more by then.
        let unhindered: i64 = self.kinds.iter().map(always).sum();
        if self.open.is_some() && float(unhindered) > 1.1 * float(vehicles) {
            BindingConstraint::Windows
        } else {
            BindingConstraint::Vehicles
        }
    }

    /// All who are to move.
    pub fn evacuees(&self) -> i64 {
        self.evacuees
    }

    fn carried(&self, kind: &VehicleKind, theta: i64) -> i64 {
        // Received strictly before theta, so that a round may end at theta - 1.
        let end = kind.at_most_until(theta - 1);
        let time = self.at_work(kind, kind.from, end);
        if time < kind.first {
            return 0;
        }
        let budget = time + kind.saved;
        // Rounds that take no time are without number, and take nothing of the time there is.
        let by_rounds = (kind.shortest > 0)
            .then(|| i128::from(budget / kind.shortest) * i128::from(kind.places) * i128::from(kind.count));
        // Weighed by places: the nearest people first.
        // Time of all places of all vehicles. A person takes a place for a whole trip at the least.
        let mut left = i128::from(budget) * i128::from(kind.count) * i128::from(kind.places);
        let mut by_time: i128 = 0;
        for job in &kind.jobs {
            let cycle = i128::from(job.cycle.max(0));
            let wanted = i128::from(job.people);
            let people = if cycle == 0 { wanted } else { wanted.min(left / cycle) };
            by_time += people;
            left -= people * cycle;
            if people < wanted {
                break;
            }
        }
        // No more than the people of all zones, who are an i64.
        by_rounds.map_or(by_time, |rounds| rounds.min(by_time)) as i64
    }

    /// Time in which a vehicle can do something for its rounds, ms: at work by its driver's hours, and not before closed roads
    /// for longer than what it can do standing.
    fn at_work(&self, kind: &VehicleKind, from: i64, until: i64) -> i64 {
        let span = (until - from).max(0);
        let by_duty = match kind.duty {
            None => span,
            Some((most, None)) => span.min(most),
            Some((most, Some(rest))) => {
                let turn = most + rest;
                span / turn.max(1) * most + (span % turn.max(1)).min(most)
            }
        };
        let Some(open) = &self.open else { return by_duty };
        let mut by_roads = 0;
        let mut at = from;
        for &(begin, end) in open.intervals() {
            if at >= until {
                break;
            }
            let shut = begin.min(until) - at;
            by_roads += shut.max(0).min(kind.standing);
            by_roads += (end.min(until) - begin.max(at)).max(0);
            at = at.max(end.min(until));
        }
        by_roads += (until - at).max(0).min(kind.standing);
        by_duty.min(by_roads)
    }
}

fn kind_of(
    fleet: &VehicleFleet<'_>,
    kind: usize,
    means: Means,
    zones: &[(ZoneIndex, &CarriedGroup)],
) -> Option<VehicleKind> {
    let row = &fleet.rows[kind];
    let mut jobs: Vec<ZoneWork> = zones
        .iter()
        .filter_map(|&(zone, group)| {
            Some(ZoneWork { people: group.evacuees, cycle: fleet.cycle(kind, zone)? })
        })
        .collect();
    jobs.sort_by_key(|job| job.cycle);
    let first = zones.iter().filter_map(|&(zone, _)| {
        Some(fleet.first(kind, zone)? + row.load_ms + fleet.out(kind, zone)? + row.unload_ms)
    });
    let saved = zones.iter().filter_map(|&(zone, _)| {
        fleet.out(kind, zone)?;
        let first = fleet.first(kind, zone)?;
        Some(fleet.back(kind, zone).unwrap_or(first) - first)
    });
    let network = &fleet.streets[fleet.streets_of[kind]].network;
    let longest = network.elements.iter().map(|e| e.tau).max().unwrap_or(0);
    Some(VehicleKind {
        count: Figure::new(row.count, row.count_low, row.count_high).more_is_better(fleet.case),
        places: row.places(means),
        from: row.available_from_ms.unwrap_or(0),
        until: row.available_until_ms,
        duty: row.duty_max_ms.map(|most| (most, row.rest_ms)),
        first: first.min()?,
        saved: saved.max().unwrap_or(0),
        // The link it is on, connectors there and back at a site and at a zone, unloading and loading.
        standing: longest.saturating_mul(5) + row.load_ms + row.unload_ms,
        shortest: jobs.first()?.cycle,
        jobs,
    })
}

/// When any link may be entered: within the windows that name all links, if no link has windows of its own and nobody gets to
/// a site without a link.
fn open_times(fleet: &VehicleFleet<'_>) -> Option<TimeSet> {
    let windows = &fleet.scenario.windows;
    let network = &fleet.streets[0].network;
    let carried =
        network.zones.iter().zip(&fleet.groups).filter(|(_, groups)| groups.iter().any(Option::is_some));
    let nodes = carried.flat_map(|(zone, _)| &zone.connectors).filter_map(|c| network.node_after(*c));
    let without_link = nodes.flat_map(|node| network.out_of(node)).any(|e| network.is_to_site(*e));
    if without_link {
        return None;
    }
    if windows.iter().any(|w| w.target == WindowTarget::Link && w.kind == ClosureKind::Entry) {
        return None;
    }
    let mut times = Vec::new();
    for row in windows.iter().filter(|w| w.target == WindowTarget::AllLinks && w.kind == ClosureKind::Entry) {
        let until = row.until_ms.unwrap_or(fleet.horizon);
        let last = row.repeat_until_ms.unwrap_or(fleet.horizon).min(fleet.horizon);
        let mut shift = 0;
        loop {
            times.push((row.from_ms + shift, until + shift));
            let Some(every) = row.repeat_every_ms.filter(|every| *every > 0) else { break };
            shift += every;
            if row.from_ms + shift >= last {
                break;
            }
        }
    }
    (!times.is_empty()).then(|| TimeSet::union(times))
}
