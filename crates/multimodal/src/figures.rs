//! Figures of all groups and of the whole, out of the parts' figures and the timetable.

use crate::blocks::VehicleBlocks;
use crate::bound::CarriedBound;
use crate::fleet::{CarriedGroup, VehicleFleet};
use clearway_model::number::{float, length, truncated};
use clearway_model::time::seconds;
use clearway_model::{
    BindingConstraint, Bottleneck, BottleneckKind, Bounds, FleetFigures, JointBound, Means, MeansFigures,
    ModeKind, ModeRow, MultimodalSummary, People, PlanAndBound, PopulationGroups, Scenario, Summary, TripRow,
    Unranked, WholeBounds,
};

/// What one part of those who move by themselves came to.
#[derive(Debug, Clone, Copy)]
pub struct PartFigures<'a> {
    /// By what they move.
    pub means: Means,
    /// The mode, of those that the scenario lists.
    pub mode: Option<&'a ModeRow>,
    /// Figures of its plan.
    pub summary: &'a Summary,
    /// What sets its bound.
    pub bottlenecks: &'a [Bottleneck],
    /// Its bound where nothing is taken from it by others: this is what no plan whatever can beat.
    pub bounds: Bounds,
    /// The same at the optimistic end of all ranges.
    pub optimistic: Bounds,
    /// When all of its people are ready, s.
    pub ready_s: f64,
    /// Whether movement is allowed in windows only.
    pub has_windows: bool,
}

/// Figures of one part.
pub fn part_figures(part: &PartFigures<'_>) -> MeansFigures {
    let PartFigures { means, summary, bounds, .. } = *part;
    MeansFigures {
        means,
        name: part.mode.map(|mode| mode.name.clone()),
        people: summary.people.total,
        staying: summary.people.staying,
        arrived: summary.people.arrived,
        t90_s: PlanAndBound { plan: summary.t90_s.plan, bound: bounds.t90_s },
        clearance_s: PlanAndBound { plan: summary.clearance_s.plan, bound: bounds.clearance_s },
        person_hours: PlanAndBound { plan: summary.person_hours.plan, bound: bounds.person_hours },
        optimistic: part.optimistic,
        binds: binds(part),
    }
}

/// What sets the bound: the last people being ready, the places of sites, a timetable, or roads, in windows where there are some; where not all
/// can arrive by the horizon, the bound at the horizon.
fn binds(part: &PartFigures<'_>) -> BindingConstraint {
    if part.bounds.clearance_s.is_some_and(|bound| bound <= part.ready_s * 1.02) {
        return BindingConstraint::Mobilization;
    }
    let at_sites = |b: &&Bottleneck| b.element == BottleneckKind::Site;
    let all: f64 = part.bottlenecks.iter().map(|b| b.people).sum();
    let sites: f64 = part.bottlenecks.iter().filter(at_sites).map(|b| b.people).sum();
    let has_timetable = part.mode.is_some_and(|mode| mode.kind == ModeKind::Timetable);
    match (sites > all / 2.0, part.has_windows) {
        (true, _) => BindingConstraint::Places,
        (false, _) if has_timetable => BindingConstraint::Timetable,
        (false, true) => BindingConstraint::WindowsAndRoads,
        (false, false) => BindingConstraint::Roads,
    }
}

/// Step of the grid on which the fleet's bound is summed, ms: about a thousandth of the time it takes, in whole seconds.
fn grid(proven: &CarriedBound<'_>, horizon: i64) -> i64 {
    let long = proven.earliest_s(proven.evacuees()).map_or(horizon, |s| truncated(s * 1000.0));
    (long / 1_000_000).clamp(1, 600) * 1000
}

fn people_in(trip: &TripRow, slot: usize) -> i64 {
    [trip.seat_people, trip.wheelchair_people, trip.stretcher_people][slot]
}

/// What a fleet's bound proves for one kind of people.
fn fleet_bounds(fleet: &VehicleFleet<'_>, means: Means) -> Bounds {
    let proven = CarriedBound::new(fleet, means);
    let evacuees = proven.evacuees();
    Bounds {
        clearance_s: proven.earliest_s(evacuees),
        t90_s: proven.earliest_s((evacuees * 9 + 9) / 10),
        person_hours: Some(proven.person_hours(grid(&proven, fleet.horizon))),
    }
}

/// Figures of those whom the fleet carries, kind by kind; `optimistic` is the same fleet at the optimistic end of all ranges.
pub fn fleet_figures(
    fleet: &VehicleFleet<'_>,
    optimistic: &VehicleFleet<'_>,
    blocks: &VehicleBlocks,
) -> Vec<MeansFigures> {
    let mut figures = Vec::new();
    for (slot, &means) in Means::FLEET.iter().enumerate() {
        let groups: Vec<&CarriedGroup> = fleet.groups.iter().filter_map(|g| g[slot].as_ref()).collect();
        let people: i64 = groups.iter().map(|g| g.people).sum();
        if people == 0 {
            continue;
        }
        let evacuees: i64 = groups.iter().map(|g| g.evacuees).sum();
        let plan = carried(fleet, blocks, means, evacuees);
        let bounds = fleet_bounds(fleet, means);
        figures.push(MeansFigures {
            means,
            name: None,
            people,
            staying: people - evacuees,
            arrived: plan.arrived,
            t90_s: PlanAndBound { plan: plan.t90_s, bound: bounds.t90_s },
            clearance_s: PlanAndBound { plan: plan.clearance_s, bound: bounds.clearance_s },
            person_hours: PlanAndBound { plan: Some(plan.person_hours), bound: bounds.person_hours },
            optimistic: fleet_bounds(optimistic, means),
            binds: CarriedBound::new(fleet, means).binds(),
        });
    }
    figures
}

/// What people of one kind come to under a timetable.
fn carried(fleet: &VehicleFleet<'_>, blocks: &VehicleBlocks, means: Means, evacuees: i64) -> Unranked {
    let slot = Means::FLEET.iter().position(|m| *m == means).unwrap_or(0);
    let mut received: Vec<(i64, i64)> =
        blocks.trips.iter().map(|t| (t.end_ms, people_in(t, slot))).filter(|t| t.1 > 0).collect();
    received.sort_unstable();
    let arrived: i64 = received.iter().map(|r| r.1).sum();
    let hours: f64 = received.iter().map(|r| float(r.0) * float(r.1)).sum::<f64>()
        + float(evacuees - arrived) * float(fleet.horizon);
    Unranked {
        means,
        arrived,
        t90_s: when(&received, (evacuees * 9 + 9) / 10),
        clearance_s: when(&received, evacuees),
        person_hours: hours / 3.6e6,
    }
}

/// What each kind of people would come to under a timetable in which nobody goes first.
fn unranked_figures(fleet: &VehicleFleet<'_>, blocks: &VehicleBlocks) -> Vec<Unranked> {
    let evacuees =
        |slot: usize| fleet.groups.iter().filter_map(|g| g[slot].as_ref()).map(|g| g.evacuees).sum();
    let all = Means::FLEET.into_iter().enumerate().map(|(slot, means)| (means, evacuees(slot)));
    all.filter(|(_, evacuees)| *evacuees > 0)
        .map(|(means, evacuees)| carried(fleet, blocks, means, evacuees))
        .collect()
}

/// When so many have been received, s; `received` ascending.
fn when(received: &[(i64, i64)], count: i64) -> Option<f64> {
    if count == 0 {
        return Some(0.0);
    }
    let mut sum = 0;
    received.iter().find_map(|&(t, people)| {
        sum += people;
        (sum >= count).then_some(seconds(t))
    })
}

/// People for the fleet who are still in their zone when a hazard closes it.
pub fn fleet_overtaken(fleet: &VehicleFleet<'_>, blocks: &VehicleBlocks) -> i64 {
    let zones = fleet.groups.iter().zip(&fleet.streets[0].network.zones);
    let closed = zones.enumerate().filter(|(_, (_, zone))| zone.overtaken_from.is_some());
    closed
        .map(|(index, (groups, _))| {
            let evacuees: i64 = groups.iter().flatten().map(|group| group.evacuees).sum();
            let id = &fleet.scenario.zones[index].zone_id;
            let trips = blocks.trips.iter().filter(|trip| trip.zone_id == *id);
            evacuees - trips.map(|trip| (0..3).map(|slot| people_in(trip, slot)).sum::<i64>()).sum::<i64>()
        })
        .sum()
}

/// The summary of all groups together, out of the figures of each.
///
/// `spill_free`, `overflow` and `waiting` are left to whoever has the parts.
pub fn whole(
    scenario: &Scenario,
    population: &PopulationGroups,
    means: Vec<MeansFigures>,
    overtaken: i64,
    fleet: Option<FleetFigures>,
    joint: Vec<JointBound>,
) -> MultimodalSummary {
    let latest = |of: &dyn Fn(&MeansFigures) -> Option<f64>| {
        means.iter().map(of).try_fold(0.0f64, |latest, s| Some(latest.max(s?)))
    };
    let sum = |of: &dyn Fn(&MeansFigures) -> Option<f64>| {
        means.iter().map(of).try_fold(0.0, |sum, hours| Some(sum + hours?))
    };
    let total: i64 = means.iter().map(|m| m.people).sum();
    let arrived: i64 = means.iter().map(|m| m.arrived).sum();
    MultimodalSummary {
        schema: MultimodalSummary::SCHEMA.to_owned(),
        scenario: population.digest.clone(),
        name: scenario.settings.name.clone(),
        context: scenario.settings.context,
        people: People {
            total,
            arrived,
            overtaken,
            not_evacuated: total - arrived - overtaken,
            staying: means.iter().map(|m| m.staying).sum(),
        },
        clearance_s: PlanAndBound {
            plan: latest(&|m| m.clearance_s.plan),
            bound: joint
                .iter()
                .map(|proven| proven.clearance_s)
                .fold(latest(&|m| m.clearance_s.bound), |latest, s| Some(latest?.max(s?))),
        },
        person_hours: PlanAndBound {
            plan: sum(&|m| m.person_hours.plan),
            bound: sum(&|m| m.person_hours.bound),
        },
        optimistic: WholeBounds {
            clearance_s: latest(&|m| m.optimistic.clearance_s),
            person_hours: sum(&|m| m.optimistic.person_hours),
        },
        means,
        joint,
        fleet,
        spill_free: None,
        overflow: None,
        waiting: None,
        wall_s: 0.0,
        peak_rss_bytes: 0,
    }
}

/// What the fleet does; `unranked` is the timetable in which nobody goes first; `others` are the bounds of those with vehicles of their own with and without what is kept for it.
pub fn fleet_totals(
    fleet: &VehicleFleet<'_>,
    blocks: &VehicleBlocks,
    unranked: Option<&VehicleBlocks>,
    others: Option<(Option<f64>, Option<f64>)>,
) -> FleetFigures {
    let mut used: Vec<&str> = blocks.trips.iter().map(|t| t.vehicle_id.as_str()).collect();
    used.sort_unstable();
    used.dedup();
    FleetFigures {
        vehicles: fleet.rows.iter().map(|row| row.count).sum(),
        used: length(used.len()),
        trips: blocks.trips.len() as u64,
        km: blocks.metres / 1000.0,
        without_priorities: unranked.map_or_else(Vec::new, |blocks| unranked_figures(fleet, blocks)),
        delay_of_others_s: others.and_then(|(kept, free)| Some((kept? - free?).max(0.0))),
    }
}
