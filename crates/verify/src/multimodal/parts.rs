//! The parts of those who move by themselves: is each made for the scenario that follows from the whole, and does it hold?

use super::folder;
use super::given::{RawGroup, RawMultimodal};
use super::modes::{self, ListedMode};
use super::trips::RecomputedFleet;
use crate::finding::CheckFindings;
use crate::number::{self, real};
use crate::raw::{RawConnector, RawPeriod, RawScenario, RawTarget};
use crate::table::RawTable;
use crate::unreadable::required;
use crate::{CheckedCounts, Unreadable};
use clearway_model::{Bottleneck, Figure, Means, Mode, Plan, Store, SubStore, WalkSettings};
use std::collections::HashMap;

/// What earlier parts and the fleet already use of roads, admission and places.
#[derive(Debug, Clone)]
pub(crate) struct CommittedCapacity {
    /// By link; those that nobody uses are not in it.
    link_pcu_h: HashMap<usize, f64>,
    /// Places used per site, people.
    pub site_people: Vec<i64>,
    /// Admission used per site, people per hour.
    site_people_h: Vec<f64>,
    /// Share of the rest of every admission rate that the part in hand may use, above 0 up to 1.
    pub admission_share: f64,
}

impl CommittedCapacity {
    /// What the fleet takes.
    pub fn by_fleet(raw: &RawScenario, done: &RecomputedFleet) -> Self {
        Self {
            link_pcu_h: done.link_pcu_h.iter().map(|(l, r)| (*l, *r)).collect(),
            site_people: done.site_people.clone(),
            site_people_h: (0..raw.sites.len())
                .map(|s| done.site_people_h.get(&s).copied().unwrap_or(0.0))
                .collect(),
            admission_share: 1.0,
        }
    }

    fn nothing(raw: &RawScenario) -> Self {
        let sites = raw.sites.len();
        Self {
            link_pcu_h: HashMap::new(),
            site_people: vec![0; sites],
            site_people_h: vec![0.0; sites],
            admission_share: 1.0,
        }
    }

    fn is_nothing(&self) -> bool {
        self.link_pcu_h.is_empty()
            && self.site_people.iter().all(|p| *p == 0)
            && self.site_people_h.iter().all(|p| *p == 0.0)
            && self.admission_share == 1.0
    }
}

/// A part as recomputed.
#[derive(Debug)]
pub(crate) struct CheckedPart {
    pub means: Means,
    /// People staying, of all groups of this travel mode.
    pub staying: i64,
    pub figures: crate::RecomputedFigures,
    /// The bound that no plan whatever can beat.
    pub bound: crate::RecomputedFigures,
    pub bottlenecks: Vec<Bottleneck>,
    /// When the last people are ready, s.
    pub ready_s: f64,
    pub has_windows: bool,
    pub site_people: Vec<i64>,
}

/// Checks a part and, where anything is taken from it, its bound without that.
#[allow(clippy::too_many_arguments)]
pub(crate) fn check(
    plan: &dyn Store,
    scenario: &dyn Store,
    raw: &RawScenario,
    given: &RawMultimodal,
    means: Means,
    taken: &CommittedCapacity,
    checked: &mut Vec<(String, CheckedCounts)>,
    findings: &mut CheckFindings,
) -> Result<CheckedPart, Unreadable> {
    let links = LinkColumns::read(scenario, raw)?;
    let word = means.word();
    let part = SubStore::new(plan, word);
    let own = RawScenario::read(&SubStore::new(&part, "scenario"))?;
    compare(&own, &ExpectedPart { raw, given, links: &links, means, taken, counted: None }, word, findings);
    let result = folder(plan, word, checked, findings)?;
    let mut bound = result.figures.clone();
    let mut bottlenecks = result.bottlenecks.clone();
    if !taken.is_nothing() {
        let name = format!("{word}-bound");
        let free = RawScenario::read(&SubStore::new(&SubStore::new(plan, &name), "scenario"))?;
        let nothing = CommittedCapacity::nothing(raw);
        let expected = ExpectedPart { raw, given, links: &links, means, taken: &nothing, counted: None };
        compare(&free, &expected, &name, findings);
        let result = folder(plan, &name, checked, findings)?;
        bound = result.figures.clone();
        bottlenecks = result.bottlenecks;
    }
    let last = |curve: usize| own.releases[curve].last().map_or(0, |row| row.0);
    let used = own.zones.iter().filter(|z| z.people.value > 0).filter_map(|z| z.release);
    let plan: Plan = crate::json::read("plan.json", &required(&part, "plan.json")?)?;
    let to: HashMap<&str, usize> = plan
        .routes
        .iter()
        .filter_map(|r| Some((r.route_id.as_str(), own.site_ids.find(&r.site_id)?)))
        .collect();
    let mut site_people = vec![0; raw.sites.len()];
    for order in &plan.orders {
        if let Some(&site) = to.get(order.route_id.as_str()) {
            site_people[site] += order.people;
        }
    }
    Ok(CheckedPart {
        means,
        staying: given.groups.iter().filter(|g| g.means == means).filter_map(|g| g.stay).sum(),
        figures: result.figures,
        bound,
        bottlenecks,
        ready_s: real(used.map(last).max().unwrap_or(0)) / 1000.0,
        has_windows: !own.windows.is_empty(),
        site_people,
    })
}

/// Columns of `link.csv` that the class of the scenario does not use, by link.
struct LinkColumns {
    /// Lengths, m; 0 where none is given.
    length: Vec<f64>,
    lanes: Vec<Option<f64>>,
    /// Capacity for those on foot, people per hour: figure, low end, high end; `None`: not for them.
    walk: Vec<Option<[Option<f64>; 3]>>,
    /// Time on foot, ms: usual, fastest.
    walk_time: Vec<[Option<i64>; 2]>,
}

impl LinkColumns {
    fn read(scenario: &dyn Store, raw: &RawScenario) -> Result<Self, Unreadable> {
        let table =
            RawTable::parse("link.csv", &required(scenario, "link.csv")?)?.with(&["link_id", "length_m"])?;
        let count = raw.links.len();
        let mut links = Self {
            length: vec![0.0; count],
            lanes: vec![None; count],
            walk: vec![None; count],
            walk_time: vec![[None; 2]; count],
        };
        for (at, row) in table.rows().enumerate() {
            links.length[at] = row.amount("length_m")?.unwrap_or(0.0);
            links.lanes[at] = row.amount("lanes")?;
            let walk = row.amount("walk_capacity_people_h")?;
            if walk.is_some() {
                let low = row.amount("walk_capacity_people_h_low")?;
                links.walk[at] = Some([walk, low, row.amount("walk_capacity_people_h_high")?]);
            }
            links.walk_time[at] = [row.whole("walk_time_ms")?, row.whole("walk_time_ms_low")?];
        }
        Ok(links)
    }
}

/// The scenario with the lanes taken away that are given to walkers: the roads as the fleet finds them.
pub(crate) fn driven(scenario: &dyn Store, given: &RawMultimodal) -> Result<RawScenario, Unreadable> {
    let mut raw = RawScenario::read(scenario)?;
    let links = LinkColumns::read(scenario, &raw)?;
    let shares: Vec<f64> = (0..raw.links.len()).map(|at| driven_share(given, &raw, &links, at)).collect();
    for (link, share) in raw.links.iter_mut().zip(shares) {
        let less =
            |c: Figure<f64>| Figure { value: c.value * share, low: c.low * share, high: c.high * share };
        link.capacity = link.capacity.map(less).filter(|c| c.value > 0.0);
    }
    Ok(raw)
}

/// The share of a link that is left for vehicles.
fn driven_share(given: &RawMultimodal, raw: &RawScenario, links: &LinkColumns, at: usize) -> f64 {
    let lanes = lanes_for_walkers(given, &raw.link_ids.list[at]);
    // a link of which the number of lanes is unknown counts as one
    let all = links.lanes[at].filter(|l| *l > 0.0).unwrap_or(1.0);
    let left = if lanes > 0.0 { ((all - lanes) / all).max(0.0) } else { 1.0 };
    (left - modes::given(&given.modes, raw, &given.roads, at)).max(0.0)
}

fn lanes_for_walkers(given: &RawMultimodal, id: &str) -> f64 {
    let walk = given.settings.walk.as_ref();
    walk.map_or(0.0, |w| w.lane.iter().rev().find(|c| c.link_id == id).map_or(w.lanes, |c| c.lanes))
}

/// People of a zone, the staying among them, and when they are ready.
pub(crate) type Counted = (Figure<i64>, Figure<i64>, Option<usize>);

/// Is the scenario in `own` the one of all who take room on the roads? `counted`: per zone who is counted there, and when
/// they are ready.
pub(crate) fn compare_on_roads(
    own: &RawScenario,
    (scenario, raw, given): (&dyn Store, &RawScenario, &RawMultimodal),
    counted: &[Counted],
    name: &str,
    findings: &mut CheckFindings,
) -> Result<(), Unreadable> {
    let links = LinkColumns::read(scenario, raw)?;
    let nothing = CommittedCapacity::nothing(raw);
    let means = Means::Vehicle;
    let expected = ExpectedPart { raw, given, links: &links, means, taken: &nothing, counted: Some(counted) };
    compare(own, &expected, name, findings);
    Ok(())
}

/// What a part's scenario must be.
struct ExpectedPart<'a> {
    raw: &'a RawScenario,
    given: &'a RawMultimodal,
    links: &'a LinkColumns,
    means: Means,
    taken: &'a CommittedCapacity,
    /// People, staying and release by zone if not those of the means; connectors then have no limit.
    counted: Option<&'a [Counted]>,
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 + 1e-9 * b.abs()
}

fn compare(own: &RawScenario, expected: &ExpectedPart<'_>, name: &str, findings: &mut CheckFindings) {
    let ExpectedPart { raw, given, taken, means, .. } = *expected;
    let walks = means == Means::Walk;
    let mut bad = |place: String, found: String, should: String, what: &str| {
        findings.add("part.scenario", format!("{name}: {place}"), found, should, what);
    };
    let (a, b) = (&own.settings, &raw.settings);
    let same = (a.horizon_ms, &a.start, a.context, a.margin_share)
        == (b.horizon_ms, &b.start, b.context, b.margin_share);
    let listed = given.listed(means);
    let class = match listed {
        Some(mode) => a.class == [mode.class.clone()],
        None if walks => a.class[0].mode == Mode::Walk,
        None => a.class == b.class,
    };
    if !same || !class {
        bad(
            "scenario.toml".into(),
            String::new(),
            String::new(),
            "must have the settings of the whole scenario",
        );
    }
    let ids = [
        (&own.nodes, &raw.nodes),
        (&own.link_ids, &raw.link_ids),
        (&own.zone_ids, &raw.zone_ids),
        (&own.site_ids, &raw.site_ids),
    ];
    let access = listed.map(|mode| mode.access.as_slice()).filter(|access| !access.is_empty());
    let connectors: Vec<(&str, &RawConnector)> = match access {
        Some(access) => access.iter().map(|(id, connector)| (id.as_str(), connector)).collect(),
        None => raw.connector_ids.list.iter().map(String::as_str).zip(&raw.connectors).collect(),
    };
    let same_connectors = own.connector_ids.list.iter().eq(connectors.iter().map(|c| c.0));
    if !same_connectors || ids.iter().any(|(a, b)| a.list != b.list) {
        bad(
            "ids".into(),
            String::new(),
            String::new(),
            "must be the nodes, links, zones, sites and connectors of the whole scenario",
        );
        return;
    }
    // people on foot turn where they like
    let unbound = walks || listed.is_some_and(|mode| !mode.turn_bans);
    if own.banned != if unbound { Default::default() } else { raw.banned.clone() } {
        bad(
            "movement.csv".into(),
            String::new(),
            String::new(),
            "must be the turn bans of the whole scenario; none on foot or for a mode that is not bound by them",
        );
    }
    if own.closures != raw.closures {
        bad(
            "closures.csv".into(),
            String::new(),
            String::new(),
            "must be the closures of the whole scenario",
        );
    }
    let mut windows = windows(raw, walks.then_some(given.settings.walk.as_ref()).flatten());
    windows.extend(listed.into_iter().flat_map(ListedMode::boarding_windows));
    if own.windows != windows {
        bad(
            "windows.csv".into(),
            String::new(),
            String::new(),
            "must be the windows of the whole scenario, the walking day and the times of boarding",
        );
    }
    for (zone, found) in own.zones.iter().enumerate() {
        let id = &raw.zone_ids.list[zone];
        let group = given.group(zone, means);
        let (people, stay, release) = match expected.counted {
            Some(counted) => counted[zone],
            None => {
                let (people, stay) = people_of(group);
                (people, stay, group.map_or(raw.zones[zone].release, |g| g.release))
            }
        };
        if found.people != people || found.stay != stay {
            let shown = format!("{:?} {:?}", found.people, found.stay);
            bad(id.clone(), shown, format!("{people:?} {stay:?}"), "must have the people of the group");
        }
        let curve = |raw: &RawScenario, at: Option<usize>| at.map(|at| raw.releases[at].clone());
        if curve(own, found.release) != curve(raw, release) {
            bad(id.clone(), String::new(), String::new(), "must have the mobilization curve of the group");
        }
    }
    for (site, found) in own.sites.iter().enumerate() {
        let whole = &raw.sites[site];
        let left = |c: i64| (c - taken.site_people[site]).max(0);
        let capacity =
            whole.capacity.map(|c| Figure { value: left(c.value), low: left(c.low), high: left(c.high) });
        let rate = |r: f64| ((r - taken.site_people_h[site]) * taken.admission_share).max(0.001);
        // where nothing was taken off, the rate must be the very number in the table
        let changed = taken.site_people_h[site] > 0.0 || taken.admission_share < 1.0;
        let admission = |r: f64| if changed { rate(r) } else { r };
        let same_admission = match (found.admission, whole.admission) {
            (None, None) => true,
            (Some(a), Some(b)) => {
                near(a.value, admission(b.value))
                    && near(a.low, admission(b.low))
                    && near(a.high, admission(b.high))
            }
            _ => false,
        };
        let times = (found.open_from, found.open_until) == (whole.open_from, whole.open_until);
        if found.capacity != capacity || !same_admission || !times {
            let id = &raw.site_ids.list[site];
            let (shown, should) = (format!("{:?}", found.capacity), format!("{capacity:?}"));
            bad(
                id.clone(),
                shown,
                should,
                "must have the places and the admission rate that others leave, and the opening times of the whole scenario",
            );
        }
    }
    for (found, (id, whole)) in own.connectors.iter().zip(connectors) {
        let same = (found.of_zone, found.place, found.node, found.time)
            == (whole.of_zone, whole.place, whole.node, whole.time);
        let without = walks || listed.is_some() || expected.counted.is_some();
        if !same || found.capacity != if without { None } else { whole.capacity } {
            bad(
                id.to_owned(),
                String::new(),
                String::new(),
                "must be the connector of the whole scenario or of the mode",
            );
        }
    }
    for at in 0..raw.links.len() {
        if !same_link(own, expected, at) {
            let found = format!(
                "{:?} less {}, {:?}",
                own.links[at].capacity, own.links[at].reserved, own.links[at].time
            );
            let id = raw.link_ids.list[at].clone();
            bad(
                id,
                found,
                String::new(),
                "must have the lanes and the time of this part, and the capacity that others leave",
            );
        }
    }
}

fn people_of(group: Option<&RawGroup>) -> (Figure<i64>, Figure<i64>) {
    group.map_or((Figure::new(0, None, None), Figure::new(0, None, None)), |g| {
        (Figure::new(g.people, g.low, g.high), Figure::new(g.stay.unwrap_or(0), None, None))
    })
}

/// The windows of the whole and, on foot, the day in which links are walked.
fn windows(raw: &RawScenario, walk: Option<&WalkSettings>) -> Vec<RawPeriod> {
    let mut windows = raw.windows.clone();
    if let Some((from, until)) = walk.and_then(|w| Some((w.day_from_ms?, w.day_until_ms?))) {
        // the walking day repeats until the horizon; the first may have begun before the start
        let day = 86_400_000;
        let count = (raw.settings.horizon_ms - from + day - 1).div_euclid(day).max(0);
        let times = (0..count).map(|i| (from + i * day, until + i * day)).collect();
        windows.push(RawPeriod { target: RawTarget::AllLinks, presence: true, times });
    }
    windows
}

fn same_link(own: &RawScenario, expected: &ExpectedPart<'_>, at: usize) -> bool {
    let ExpectedPart { raw, given, links, means, taken, .. } = *expected;
    let (found, whole) = (&own.links[at], &raw.links[at]);
    if (found.from, found.to) != (whole.from, whole.to) {
        return false;
    }
    let id = raw.link_ids.list[at].as_str();
    let walk = given.settings.walk.as_ref();
    let lanes = lanes_for_walkers(given, id);
    let same = |a: Option<Figure<f64>>, b: Option<[f64; 3]>| match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => near(a.value, b[0]) && near(a.low, b[1]) && near(a.high, b[2]),
        _ => false,
    };
    if means == Means::Walk {
        let Some(walk) = walk else { return false };
        let given_lanes =
            if whole.capacity.is_some() { lanes.min(links.lanes[at].unwrap_or(1.0)) } else { 0.0 };
        let more = given_lanes * walk.lane_people_h;
        let own_walk = links.walk[at];
        let capacity = match own_walk {
            None => (more > 0.0).then_some([more; 3]),
            Some([value, low, high]) => {
                let value = value.unwrap_or(0.0);
                Some([value + more, low.unwrap_or(value) + more, high.unwrap_or(value) + more])
            }
        };
        if !same(found.capacity, capacity) || found.length != whole.length {
            return false;
        }
        let slower = |ms: i64| number::whole((real(ms) / walk.speed_share).ceil());
        let at_speed = |speed: f64| number::whole((links.length[at] / speed * 1000.0).ceil()).max(1);
        let [time, low] = links.walk_time[at];
        let (time, low) = match time {
            Some(time) => (slower(time), slower(low.unwrap_or(time))),
            None => (slower(at_speed(1.0)), slower(at_speed(1.34))),
        };
        return capacity.is_none() || (found.time.value, found.time.low) == (time, low);
    }
    if let Some(mode) = given.listed(means) {
        let Some((capacity, times)) = mode.link(raw, &given.roads, at) else {
            return found.capacity.is_none();
        };
        return same(found.capacity, Some(capacity))
            && (found.lanes, found.storage, found.length) == (None, None, whole.length)
            && found.reserved == 0.0
            && [found.time.value, found.time.low] == times;
    }
    let share = driven_share(given, raw, links, at);
    let capacity = whole.capacity.map(|c| [c.value * share, c.low * share, c.high * share]);
    let capacity = capacity.filter(|c| c[0] > 0.0);
    let kept = taken.link_pcu_h.get(&at).copied().unwrap_or(0.0);
    let times = found.time == whole.time || whole.capacity.is_none();
    // without lanes for walkers and shares of other modes the number must be the very one in the table
    let lanes = if share < 1.0 && whole.capacity.is_some() {
        Some(whole.lanes.filter(|lanes| *lanes > 0.0).unwrap_or(1.0) * share)
    } else {
        whole.lanes
    };
    let same_lanes = match (found.lanes, lanes) {
        (Some(a), Some(b)) => near(a, b),
        (a, b) => a == b,
    };
    let storage = whole.storage.map(|c| [c.value, c.low, c.high]);
    let storage = if share < 1.0 && whole.capacity.is_some() {
        storage.map(|pcu| pcu.map(|pcu| pcu * share)).filter(|pcu| pcu[0] > 0.0)
    } else {
        storage
    };
    if found.length != whole.length || !same_lanes || !same(found.storage, storage) {
        return false;
    }
    same(found.capacity, capacity) && near(found.reserved, whole.reserved + kept) && times
}
