//! One scenario for each of those who move by themselves: the same roads with the lanes, the time and the places that are theirs
//! (`docs/reference/multimodal.md`, Parts).

use crate::modes::move_by;
use clearway_formats::road_shares;
use clearway_model::number::{ceil, float};
use clearway_model::time::MS_PER_DAY;
use clearway_model::{
    ClassOfUsers, ClosureKind, GroupRow, LinkRow, Means, Mode, PopulationGroups, Scenario, SiteRow,
    WalkSettings, WindowRow, WindowTarget, ZoneRow,
};
use std::collections::HashMap;

/// Walking speed where a link does not state its time, m/s (rule PED-08, upper end for mixed groups).
pub const WALK_SPEED_M_S: f64 = 1.0;
/// The fastest, m/s (rule PED-01).
pub const WALK_SPEED_FAST_M_S: f64 = 1.34;

/// What others take of the roads and sites.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CommittedByOthers {
    /// Per link id, kept for the fleet, pcu/h.
    pub link_pcu_h: HashMap<String, f64>,
    /// Per site, people received from others.
    pub site_people: Vec<i64>,
    /// Per site, kept of the admission for the fleet, people/h.
    pub site_people_h: Vec<f64>,
    /// Share of the admission that is left, 0..1: walkers and vehicles divide it by their numbers.
    pub admission_share: f64,
}

impl CommittedByOthers {
    /// What it is before anything is taken, for so many sites.
    pub fn nothing(sites: usize) -> Self {
        Self {
            link_pcu_h: HashMap::new(),
            site_people: vec![0; sites],
            site_people_h: vec![0.0; sites],
            admission_share: 1.0,
        }
    }

    /// Whether anything is taken.
    pub fn is_nothing(&self) -> bool {
        *self == Self::nothing(self.site_people.len())
    }
}

/// People by zone of one means.
pub fn rows_of(population: &PopulationGroups, means: Means) -> HashMap<&str, &GroupRow> {
    population.rows.iter().filter(|g| g.means == means).map(|g| (g.zone_id.as_str(), g)).collect()
}

/// All people of one means.
pub fn people_of(population: &PopulationGroups, means: Means) -> i64 {
    population.rows.iter().filter(|g| g.means == means).map(|g| g.people).sum()
}

/// Lanes of a link that are given to walkers.
fn walk_lanes(walk: Option<&WalkSettings>, choices: &HashMap<&str, f64>, link: &LinkRow) -> f64 {
    walk.map_or(0.0, |walk| choices.get(link.link_id.as_str()).copied().unwrap_or(walk.lanes))
}

/// The scenario with the lanes taken away that are given to walkers, and the shares of other modes: the roads as all vehicles find
/// them.
pub fn driven(scenario: &Scenario, population: &PopulationGroups) -> Scenario {
    let walk = population.settings.walk.as_ref();
    let choices = choices(walk);
    let shares = road_shares(&population.modes, &scenario.links);
    let mut driven = Scenario { groups: None, ..scenario.clone() };
    for (link, share) in driven.links.iter_mut().zip(shares) {
        let lanes = walk_lanes(walk, &choices, link);
        drive_on(link, lanes, share, 0.0);
    }
    driven
}

/// Lanes given to walkers where they are chosen by link.
fn choices(walk: Option<&WalkSettings>) -> HashMap<&str, f64> {
    walk.into_iter().flat_map(|w| &w.lane).map(|c| (c.link_id.as_str(), c.lanes)).collect()
}

/// The scenario of the people of one means who move by themselves or by a timetable: any but those of the fleet.
pub fn part(
    scenario: &Scenario,
    population: &PopulationGroups,
    means: Means,
    taken: &CommittedByOthers,
) -> Scenario {
    let mut part = Scenario { groups: None, ..scenario.clone() };
    part.digest = String::new();
    part.settings.name = format!("{} - {}", scenario.settings.name, means.word());
    let groups = rows_of(population, means);
    for zone in &mut part.zones {
        take_people(zone, groups.get(zone.zone_id.as_str()).copied());
    }
    for (index, site) in part.sites.iter_mut().enumerate() {
        take_places(site, index, taken);
    }
    if let Means::Listed(id) = means {
        if let Some(mode) = population.modes.find(id.as_str()) {
            move_by(&mut part, &population.modes, mode);
        }
        return part;
    }
    let walks = means == Means::Walk;
    let walk = population.settings.walk.as_ref();
    let choices = choices(walk);
    let shares = road_shares(&population.modes, &scenario.links);
    for (link, share) in part.links.iter_mut().zip(shares) {
        let lanes = walk_lanes(walk, &choices, link);
        if walks {
            walk_on(link, lanes, walk);
        } else {
            let kept = taken.link_pcu_h.get(&link.link_id).copied().unwrap_or(0.0);
            drive_on(link, lanes, share, kept);
        }
    }
    if walks {
        part.settings.class = vec![ClassOfUsers {
            id: "walk".to_owned(),
            mode: Mode::Walk,
            people_per_vehicle: None,
            people_per_vehicle_low: None,
            people_per_vehicle_high: None,
            pcu_per_vehicle: 1.0,
        }];
        // Turn bans bind vehicles; a connector's capacity is one for vehicles.
        part.movements.clear();
        for connector in &mut part.connectors {
            connector.capacity_pcu_h = None;
            connector.capacity_pcu_h_low = None;
            connector.capacity_pcu_h_high = None;
        }
        if let Some((from, until)) = walk.and_then(|w| Some((w.day_from_ms?, w.day_until_ms?))) {
            part.windows.push(WindowRow {
                window_id: "walking-day".to_owned(),
                target: WindowTarget::AllLinks,
                target_id: "*".to_owned(),
                from_ms: from,
                until_ms: Some(until),
                repeat_every_ms: Some(MS_PER_DAY),
                repeat_until_ms: None,
                kind: ClosureKind::Presence,
                cause: "the day's walk; nights are spent at junctions".to_owned(),
            });
        }
    }
    part
}

fn take_people(zone: &mut ZoneRow, group: Option<&GroupRow>) {
    let Some(group) = group else {
        (zone.people, zone.people_low, zone.people_high) = (0, None, None);
        (zone.stay_people, zone.stay_people_low, zone.stay_people_high) = (None, None, None);
        return;
    };
    (zone.people, zone.people_low, zone.people_high) = (group.people, group.people_low, group.people_high);
    (zone.stay_people, zone.stay_people_low, zone.stay_people_high) = (group.stay_people, None, None);
    if !group.mobilization_id.is_empty() {
        zone.mobilization_id.clone_from(&group.mobilization_id);
    }
}

fn take_places(site: &mut SiteRow, index: usize, taken: &CommittedByOthers) {
    let people = taken.site_people.get(index).copied().unwrap_or(0);
    let left = |capacity: Option<i64>| capacity.map(|capacity| (capacity - people).max(0));
    site.capacity_people = left(site.capacity_people);
    site.capacity_people_low = left(site.capacity_people_low);
    site.capacity_people_high = left(site.capacity_people_high);
    let kept = taken.site_people_h.get(index).copied().unwrap_or(0.0);
    // A rate of 0 is none at all: a thousandth of a person an hour stands for it.
    let left = |rate: Option<f64>| rate.map(|rate| ((rate - kept) * taken.admission_share).max(0.001));
    if kept > 0.0 || taken.admission_share < 1.0 {
        site.admission_people_h = left(site.admission_people_h);
        site.admission_people_h_low = left(site.admission_people_h_low);
        site.admission_people_h_high = left(site.admission_people_h_high);
    }
}

/// A link as walkers find it: what it has for them, and the lanes given to them.
fn walk_on(link: &mut LinkRow, lanes: f64, walk: Option<&WalkSettings>) {
    let Some(walk) = walk else { return };
    // Nobody walks on a lane that is not there.
    let lanes = if link.capacity_pcu_h.is_some() { lanes.min(link.lanes.unwrap_or(1.0)) } else { 0.0 };
    let more = lanes * walk.lane_people_h;
    if more > 0.0 {
        let add = |own: Option<f64>| Some(own.unwrap_or(0.0) + more);
        let own = link.walk_capacity_people_h;
        link.walk_capacity_people_h_low = link.walk_capacity_people_h_low.and_then(|low| add(Some(low)));
        link.walk_capacity_people_h_high = link.walk_capacity_people_h_high.and_then(|high| add(Some(high)));
        link.walk_capacity_people_h = add(own);
    }
    if link.walk_capacity_people_h.is_none() {
        return;
    }
    let length = link.length_m.unwrap_or(0.0);
    let at = |speed: f64| ceil(length / speed * 1000.0).max(1);
    let slower = |ms: i64| ceil(float(ms) / walk.speed_share);
    let (time, low) = match link.walk_time_ms {
        Some(time) => (time, link.walk_time_ms_low),
        None => (at(WALK_SPEED_M_S), Some(at(WALK_SPEED_FAST_M_S))),
    };
    link.walk_time_ms = Some(slower(time));
    link.walk_time_ms_low = low.map(slower);
}

/// A link as vehicles find it: less the lanes given to walkers, the share given to other modes and what is kept for the fleet.
fn drive_on(link: &mut LinkRow, lanes: f64, given: f64, kept_pcu_h: f64) {
    if (lanes > 0.0 || given > 0.0) && link.capacity_pcu_h.is_some() {
        let all = link.lanes.filter(|lanes| *lanes > 0.0).unwrap_or(1.0);
        let mut share = ((all - lanes) / all).max(0.0);
        let mut left = (all - lanes).max(0.0);
        if given > 0.0 {
            share = (share - given).max(0.0);
            left = all * share;
        }
        let less = |capacity: Option<f64>| capacity.map(|c| c * share).filter(|c| *c > 0.0);
        link.capacity_pcu_h = less(link.capacity_pcu_h);
        link.capacity_pcu_h_low = less(link.capacity_pcu_h_low);
        link.capacity_pcu_h_high = less(link.capacity_pcu_h_high);
        link.capacity = None;
        link.lanes = Some(left);
        let room = |pcu: Option<f64>| pcu.map(|pcu| pcu * share).filter(|pcu| *pcu > 0.0);
        link.storage_pcu = room(link.storage_pcu);
        link.storage_pcu_low = room(link.storage_pcu_low);
        link.storage_pcu_high = room(link.storage_pcu_high);
    }
    if kept_pcu_h > 0.0 {
        link.reserved_pcu_h = Some(link.reserved_pcu_h.unwrap_or(0.0) + kept_pcu_h);
    }
}
