//! `replay`: the orders of a plan carried out by the rules of the semantics, road by road and zone by zone over time. The figures of a
//! plan are of this loading; here is what of it no table holds.

use crate::error::Error;
use crate::session::Session;
use clearway_formats::{read_plan, read_scenario};
use clearway_loading::exact::{ElementPassing, PacketFate, SentOrder, load_exactly, watched_replay};
use clearway_model::number::float;
use clearway_model::time::{MICROS_PER_MS, MS_PER_HOUR, seconds};
use clearway_model::{Scenario, Store, SubStore};
use clearway_needs::ways;
use clearway_network::{ElementIndex, ElementKind, LinkRooms, Network, NetworkElement};
use std::collections::BTreeMap;

/// The orders of a plan, carried out.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PlanReplay {
    /// The scenario of the plan; of a multimodal one that of those with vehicles of their own.
    pub scenario: Scenario,
    /// The part of a multimodal plan whose orders these are; `None`: of a plan of one class of road users, everybody's.
    pub part: Option<String>,
    /// Length of a step, ms; a step begins at a multiple of it.
    pub step_ms: i64,
    /// How many steps there are, until the last has arrived.
    pub steps: usize,
    /// What becomes of each zone, in the order of `zones.csv`.
    pub zones: Vec<ZoneReplay>,
    /// Who comes to each site, in the order of `sites.csv`.
    pub sites: Vec<SiteReplay>,
    /// Who is on each link that somebody uses, by its row in `link.csv`.
    pub links: BTreeMap<usize, LinkReplay>,
    /// Whether each link that is closed during a whole step is so in each, by its row in `link.csv`.
    pub closed: BTreeMap<usize, Vec<bool>>,
    /// People in their zones at the end of each step.
    pub at_home: Vec<i64>,
    /// People on the way at the end of each step.
    pub on_the_way: Vec<i64>,
    /// People arrived by the end of each step.
    pub arrived: Vec<i64>,
    /// People of all zones, also those who stay.
    people: i64,
    /// (When, ms; people who have departed until then), ascending.
    departures: Vec<(i64, i64)>,
}

impl PlanReplay {
    /// People in their zones before a moment, ms, as in the curve of the plan: who departs at that moment is still there.
    pub fn at_home_before(&self, time_ms: i64) -> i64 {
        self.people - before(&self.departures, time_ms)
    }

    /// People arrived before a moment, ms, as in the curve of the plan: at all sites together.
    pub fn arrived_before(&self, time_ms: i64) -> i64 {
        self.sites.iter().map(|site| site.arrived_before(time_ms)).sum()
    }
}

/// What becomes of one zone.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ZoneReplay {
    /// People who are to leave.
    pub evacuees: i64,
    /// People who arrive.
    pub arrived: i64,
    /// When nine of ten of the evacuees have arrived, s; `None`: never.
    pub t90_s: Option<f64>,
    /// When all of the evacuees have arrived, s; `None`: never.
    pub t100_s: Option<f64>,
}

/// Who comes to one site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SiteReplay {
    /// People who arrive.
    pub arrived: i64,
    /// When the first arrive, s.
    pub first_s: Option<f64>,
    /// When the last arrive, s.
    pub last_s: Option<f64>,
    /// People there at the end of each step.
    pub by_step: Vec<i64>,
    /// (When, ms; people who have arrived until then), ascending.
    arrivals: Vec<(i64, i64)>,
}

impl SiteReplay {
    /// People who are there before a moment, ms, as in the curve of the plan: who arrives at that moment is not.
    pub fn arrived_before(&self, time_ms: i64) -> i64 {
        before(&self.arrivals, time_ms)
    }
}

/// Who is on one link.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LinkReplay {
    /// Rate at which people can enter, people/h; `None`: without limit.
    pub rate_people_h: Option<f64>,
    /// People that fit on it; `None`: any number.
    pub room_people: Option<f64>,
    /// People who enter it in each step. A packet enters evenly between its first person and its last.
    pub entered: Vec<f64>,
    /// People on it at the end of each step: from entering it until they enter what comes next.
    pub on_it: Vec<f64>,
    /// People at the end of each step who have come to its end and wait for what comes next.
    pub standing: Vec<f64>,
    /// People who enter it in each hour; those of a packet count in the hour in which its last person enters.
    pub by_hour: Vec<i64>,
    /// What it lets in within each hour while it is open, people; `None`: without limit.
    pub most_by_hour: Vec<Option<i64>>,
    /// People who enter it, by row of their zone.
    pub by_zone: BTreeMap<usize, i64>,
}

impl LinkReplay {
    /// People who enter it.
    pub fn people(&self) -> i64 {
        self.by_zone.values().sum()
    }
}

/// Most steps that a replay is divided into.
const MOST_STEPS: i64 = 180;
/// Lengths of steps, ms: those that divide an hour or a day.
const STEPS_MS: [i64; 12] = [
    60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 21_600_000,
    43_200_000, 86_400_000,
];

/// Carries out the orders of a plan folder. Of a multimodal plan those of the people with vehicles of their own.
///
/// # Errors
/// [`Error::Invalid`] with all faults of a file; [`Error::Replay`] if a route is none of its scenario; [`Error::Request`] if there are no
/// orders; [`Error::Cancelled`] without an answer.
///
/// ```
/// use clearway::{FolderStore, MemoryStore, PlanRequest, Session, Usage, load, plan, replay};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let session = Session::new().with_threads(1);
/// let planned = plan(&session, &load(&FolderStore::new(example))?, &PlanRequest::default())?;
/// let folder = MemoryStore::from(planned.artifacts(Usage::default())?);
/// let replayed = replay(&session, &folder)?;
/// // 12,000 people, a road for 3,000 people/h that takes 10 min: the last arrive after 4 h 10 min.
/// assert_eq!(replayed.zones[0].t100_s, Some(15_000.0));
/// assert_eq!(replayed.arrived.last(), Some(&12_000));
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn replay(session: &Session, plan: &dyn Store) -> Result<PlanReplay, Error> {
    session.go_on()?;
    let is_multimodal = plan.read("multimodal.json").is_ok_and(|found| found.is_some());
    let part = SubStore::new(plan, "vehicle");
    let folder: &dyn Store = if is_multimodal { &part } else { plan };
    let invalid = |faults| Error::Invalid { of: plan.label(), faults };
    if is_multimodal && part.read("plan.json").is_ok_and(|found| found.is_none()) {
        return Err(Error::Request(format!(
            "{} has nobody in a vehicle of their own: there is nothing to replay",
            plan.label()
        )));
    }
    let orders = read_plan(folder).map_err(invalid)?;
    if orders.orders.is_empty() {
        return Err(Error::Request(format!(
            "{} has no orders, only a bound: there is nothing to replay",
            plan.label()
        )));
    }
    let (scenario, _) = read_scenario(&SubStore::new(folder, "scenario")).map_err(invalid)?;
    let network = Network::new(&scenario, orders.case)?;
    let paths = ways(&scenario, &orders, &network)?;
    let sent: Vec<SentOrder<'_>> = orders
        .orders
        .iter()
        .zip(&paths)
        .map(|(order, path)| SentOrder {
            elements: &path.elements,
            people: order.people,
            from: order.depart_from_ms,
            until: order.depart_until_ms,
        })
        .collect();
    let zone_rows: BTreeMap<&str, usize> =
        scenario.zones.iter().enumerate().map(|(row, zone)| (zone.zone_id.as_str(), row)).collect();
    let zone_of: Vec<usize> = orders
        .orders
        .iter()
        .map(|order| zone_rows.get(order.zone_id.as_str()).copied().unwrap_or(usize::MAX))
        .collect();
    let site_of: Vec<usize> = paths.iter().map(|path| path.site).collect();

    let progress = session.progress();
    progress.tell("replay", 0.0);
    // twice: first how long it takes, then what happens in each step of that time, of which not all fits into memory one by one
    let loading = load_exactly(&network, &sent, orders.packet_people, 1.0);
    session.go_on()?;
    progress.tell("replay", 0.4);
    let last_us = loading.packets.iter().filter_map(|packet| packet.arrival).max().unwrap_or(0);
    let (step_ms, steps) = steps_until((last_us + MICROS_PER_MS - 1) / MICROS_PER_MS);
    let course = StepCourse { step_us: step_ms * MICROS_PER_MS, steps };
    let mut counting = LinkCounting::new(&network, &zone_of, course, loading.packets.len());
    watched_replay(&network, &sent, orders.packet_people, 1.0, |passing| counting.see(passing));
    session.go_on()?;
    progress.tell("replay", 0.9);
    let links = counting.finish(&scenario);
    let mut made = PlanReplay {
        part: is_multimodal.then(|| "vehicle".to_owned()),
        step_ms,
        steps,
        zones: zones(&network, &loading.packets, &zone_of),
        sites: sites(scenario.sites.len(), &loading.packets, &site_of, course),
        links,
        closed: closed(&network, course),
        at_home: Vec::new(),
        on_the_way: Vec::new(),
        arrived: Vec::new(),
        people: network.zones.iter().map(|zone| zone.people).sum(),
        departures: running(
            loading.packets.iter().map(|packet| (packet.departure / MICROS_PER_MS, packet.people)).collect(),
        ),
        scenario,
    };
    let ends = course.ends_ms();
    made.arrived = ends.iter().map(|end| made.arrived_before(*end)).collect();
    made.at_home = ends.iter().map(|end| made.at_home_before(*end)).collect();
    made.on_the_way =
        made.at_home.iter().zip(&made.arrived).map(|(home, there)| made.people - home - there).collect();
    Ok(made)
}

/// The length of a step, ms, and how many there are until a time, ms.
fn steps_until(last_ms: i64) -> (i64, usize) {
    let fits = |step: &&i64| last_ms / **step < MOST_STEPS;
    let step = STEPS_MS.iter().find(fits).copied().unwrap_or(STEPS_MS[STEPS_MS.len() - 1]);
    (step, usize::try_from(last_ms / step + 1).unwrap_or(1))
}

/// Of (when, people) in any order, (when, people until then), ascending.
fn running(mut list: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    list.sort_unstable();
    let mut sums: Vec<(i64, i64)> = Vec::new();
    let mut sum = 0;
    for (time, people) in list {
        sum += people;
        match sums.last_mut() {
            Some(last) if last.0 == time => last.1 = sum,
            _ => sums.push((time, sum)),
        }
    }
    sums
}

/// People before a moment, of sums as `running` makes them.
fn before(sums: &[(i64, i64)], time: i64) -> i64 {
    let known = sums.partition_point(|(at, _)| *at < time);
    known.checked_sub(1).map_or(0, |last| sums[last].1)
}

/// Time in steps.
#[derive(Debug, Clone, Copy)]
struct StepCourse {
    step_us: i64,
    steps: usize,
}

impl StepCourse {
    /// The step in which a moment is.
    fn step_of(self, time_us: i64) -> usize {
        usize::try_from(time_us / self.step_us).unwrap_or(0).min(self.steps - 1)
    }

    /// When each step ends, ms.
    fn ends_ms(self) -> Vec<i64> {
        (1..=self.steps).map(|end| index_us(end, self.step_us) / MICROS_PER_MS).collect()
    }

    /// Adds people who come evenly from one moment to another. What comes after the last step is left out.
    fn spread(self, sums: &mut [f64], from_us: i64, until_us: i64, people: f64) {
        let end = length_us(self);
        if until_us <= from_us {
            if until_us < end {
                sums[self.step_of(until_us)] += people;
            }
            return;
        }
        let (first, last) = (self.step_of(from_us), self.step_of(until_us));
        if from_us >= end {
            return;
        }
        for (step, sum) in sums.iter_mut().enumerate().take(last + 1).skip(first) {
            let begin = index_us(step, self.step_us);
            let part = until_us.min(begin + self.step_us) - from_us.max(begin);
            *sum += people * float(part.max(0)) / float(until_us - from_us);
        }
    }
}

fn length_us(course: StepCourse) -> i64 {
    index_us(course.steps, course.step_us)
}

fn index_us(step: usize, step_us: i64) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX).saturating_mul(step_us)
}

fn zones(network: &Network, packets: &[PacketFate], zone_of: &[usize]) -> Vec<ZoneReplay> {
    let mut arrivals: Vec<Vec<(i64, i64)>> = vec![Vec::new(); network.zones.len()];
    for packet in packets {
        if let (Some(arrival), Some(list)) = (packet.arrival, arrivals.get_mut(zone_of[packet.order])) {
            list.push((arrival, packet.people));
        }
    }
    network
        .zones
        .iter()
        .zip(&mut arrivals)
        .map(|(zone, arrivals)| {
            arrivals.sort_unstable();
            // as of all people: the packet with which at least so many have arrived, rounded up to ms
            let time_of = |people: i64| {
                let mut sum = 0;
                let reached = arrivals.iter().find(|(_, count)| {
                    sum += count;
                    sum >= people
                });
                reached
                    .filter(|_| people > 0)
                    .map(|(us, _)| seconds((us + MICROS_PER_MS - 1) / MICROS_PER_MS))
            };
            ZoneReplay {
                evacuees: zone.evacuees,
                arrived: arrivals.iter().map(|(_, people)| people).sum(),
                t90_s: time_of((zone.evacuees * 9 + 9) / 10),
                t100_s: time_of(zone.evacuees),
            }
        })
        .collect()
}

fn sites(count: usize, packets: &[PacketFate], site_of: &[usize], course: StepCourse) -> Vec<SiteReplay> {
    let mut arrivals: Vec<Vec<(i64, i64)>> = vec![Vec::new(); count];
    for packet in packets {
        let (Some(arrival), Some(list)) = (packet.arrival, arrivals.get_mut(site_of[packet.order])) else {
            continue;
        };
        // up to whole ms, as in the figures of the plan
        list.push(((arrival + MICROS_PER_MS - 1) / MICROS_PER_MS, packet.people));
    }
    arrivals
        .into_iter()
        .map(|list| {
            let arrivals = running(list);
            SiteReplay {
                arrived: arrivals.last().map_or(0, |last| last.1),
                first_s: arrivals.first().map(|first| seconds(first.0)),
                last_s: arrivals.last().map(|last| seconds(last.0)),
                by_step: course.ends_ms().into_iter().map(|end| before(&arrivals, end)).collect(),
                arrivals,
            }
        })
        .collect()
}

/// Sums per step of one link.
struct LinkSums {
    entered: Vec<f64>,
    reached: Vec<f64>,
    left: Vec<f64>,
    by_hour: Vec<i64>,
    by_zone: BTreeMap<usize, i64>,
}

/// Counts who is on each link while orders are carried out.
struct LinkCounting<'n> {
    network: &'n Network,
    zone_of: &'n [usize],
    course: StepCourse,
    hours: usize,
    sums: BTreeMap<usize, LinkSums>,
    /// The link on which each packet is; `usize::MAX`: on none.
    on: Vec<usize>,
}

const HOUR_US: i64 = MS_PER_HOUR * MICROS_PER_MS;

impl<'n> LinkCounting<'n> {
    fn new(network: &'n Network, zone_of: &'n [usize], course: StepCourse, packets: usize) -> Self {
        let hours = usize::try_from(length_us(course) / HOUR_US + 1).unwrap_or(1);
        Self { network, zone_of, course, hours, sums: BTreeMap::new(), on: vec![usize::MAX; packets] }
    }

    fn see(&mut self, passing: ElementPassing) {
        let course = self.course;
        let people = float(passing.people);
        let Some(on) = self.on.get_mut(passing.packet) else { return };
        if let Some(sums) = self.sums.get_mut(on) {
            course.spread(&mut sums.reached, passing.came, passing.came_last, people);
            course.spread(&mut sums.left, passing.begin, passing.entered, people);
        }
        *on = usize::MAX;
        let ElementKind::Link(link) = self.network.elements[passing.element].kind else { return };
        *on = link;
        let sums = self.sums.entry(link).or_insert_with(|| LinkSums {
            entered: vec![0.0; course.steps],
            reached: vec![0.0; course.steps],
            left: vec![0.0; course.steps],
            by_hour: vec![0; self.hours],
            by_zone: BTreeMap::new(),
        });
        course.spread(&mut sums.entered, passing.begin, passing.entered, people);
        let hour = usize::try_from(passing.entered / HOUR_US).unwrap_or(0).min(self.hours - 1);
        sums.by_hour[hour] += passing.people;
        *sums.by_zone.entry(self.zone_of[passing.order]).or_insert(0) += passing.people;
    }

    fn finish(self, scenario: &Scenario) -> BTreeMap<usize, LinkReplay> {
        let rooms = LinkRooms::new(scenario, self.network);
        let elements = self.network.elements.iter_enumerated();
        let element_of: BTreeMap<usize, ElementIndex> = elements
            .filter_map(|(at, element)| match element.kind {
                ElementKind::Link(link) => Some((link, at)),
                _ => None,
            })
            .collect();
        let hours = self.hours;
        let links = self.sums.into_iter().filter_map(|(link, sums)| {
            let at = *element_of.get(&link)?;
            let element = &self.network.elements[at];
            let [entered, reached, left] =
                [&sums.entered, &sums.reached, &sums.left].map(|steps| level(steps));
            let replay = LinkReplay {
                rate_people_h: element.rate.map(|rate| float(rate) / 1000.0),
                room_people: rooms.of[at].map(|room| f64::from(room.vehicles) * rooms.people_per_vehicle),
                on_it: minus(&entered, &left),
                standing: minus(&reached, &left),
                entered: sums.entered,
                most_by_hour: (0..hours).map(|hour| most_in_hour(element, hour)).collect(),
                by_hour: sums.by_hour,
                by_zone: sums.by_zone,
            };
            Some((link, replay))
        });
        links.collect()
    }
}

/// Links that are closed during whole steps, by row.
fn closed(network: &Network, course: StepCourse) -> BTreeMap<usize, Vec<bool>> {
    let mut closed = BTreeMap::new();
    let end_ms = length_us(course) / MICROS_PER_MS;
    for element in &network.elements {
        let ElementKind::Link(link) = element.kind else { continue };
        let open = element.open.intervals();
        if open.iter().any(|&(from, until)| from <= 0 && until >= end_ms.min(network.horizon)) {
            continue;
        }
        let step_ms = course.step_us / MICROS_PER_MS;
        let is_closed = |step: usize| {
            let from = index_us(step, step_ms);
            !open.iter().any(|&(begin, end)| begin < from + step_ms && end > from)
        };
        let steps: Vec<bool> = (0..course.steps).map(is_closed).collect();
        if steps.contains(&true) {
            closed.insert(link, steps);
        }
    }
    closed
}

/// One level less another.
fn minus(more: &[f64], less: &[f64]) -> Vec<f64> {
    // what sums of fractions are off by is nobody
    more.iter().zip(less).map(|(more, less)| (more - less).max(0.0)).collect()
}

/// What an element lets in within an hour while it is open, people; `None`: without limit.
fn most_in_hour(element: &NetworkElement, hour: usize) -> Option<i64> {
    let rate = element.rate?;
    let from = i64::try_from(hour).ok()?.checked_mul(MS_PER_HOUR)?;
    let intervals = element.open.intervals().iter();
    let open: i64 = intervals
        .map(|&(begin, end)| end.min(from + MS_PER_HOUR) - begin.max(from))
        .filter(|open| *open > 0)
        .sum();
    // thousandths of a person per hour, times ms
    i64::try_from(u128::from(rate) * u128::from(open.unsigned_abs()) / 3_600_000_000).ok()
}

/// Sums of all up to each.
fn level(steps: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    steps
        .iter()
        .map(|step| {
            sum += step;
            sum
        })
        .collect()
}
