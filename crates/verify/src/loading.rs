//! The exact network loading (`docs/reference/semantics.md`, Loading): packets, each a stretch of time with a first and a last person, first in
//! first out at every element, in microseconds, with no randomness.
//!
//! An event is one number of 128 bits that compares like (time, order, packet, position on the route), so the queue of
//! events is a plain heap. Orders are numbered by their place in the plan, which is ascending in `order_id`.

use crate::elements::{CaseElement, CaseElements};
use crate::executable::OrderRoutes;
use crate::finding::CheckFindings;
use crate::number::{self, low_bits, narrow, position, real, short};
use crate::overflow::LinkCrowd;
use crate::raw::RawScenario;
use crate::room;
use clearway_model::Plan;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

const POSITION_BITS: u32 = 20;
const PACKET_BITS: u32 = 32;
const ORDER_BITS: u32 = 24;
/// A loading with more events than this is refused.
const MOST_EVENTS: i128 = 4_000_000_000;
/// And one with more packets than this.
const MOST_PACKETS: i128 = 200_000_000;
/// Stands for "never gets in": longer than any horizon in microseconds, and sums with such a time still cannot overflow.
const TOO_LONG: i64 = 4_000_000_000_000_000;

/// What became of the orders on the roads.
#[derive(Debug)]
pub(crate) struct LoadingResult {
    /// (arrival ms, people arrived up to and with it), ascending.
    pub arrived: Vec<(i64, i64)>,
    /// (departure microseconds, people departed up to and with it), ascending.
    pub departed: Vec<(i64, i64)>,
    /// Sum over packets of people x arrival ms.
    pub person_ms: i128,
    /// Sum over packets and elements of people x waiting microseconds.
    pub waited: i128,
    /// The part of it in which the element that is waited for is closed.
    pub waited_closed: i128,
    /// (Waiting of a packet on its whole way, microseconds, people up to and with it), ascending.
    pub waits: Vec<(i64, i64)>,
    /// Per element (links, connectors, sites in one row) the longest wait, microseconds.
    pub longest: Vec<i64>,
    /// Per link the people on it; `None` where any number fits.
    pub crowds: Vec<Option<LinkCrowd>>,
    /// People of each zone who arrived.
    pub zone_arrived: Vec<i64>,
    /// When the last of each zone who arrived did so, ms; `None`: none did.
    pub zone_last_arrival: Vec<Option<i64>>,
    pub packets: u64,
    pub events: u64,
}

impl LoadingResult {
    /// What so many people in a hundred do not exceed of waiting, microseconds; `None` if nobody is in an order.
    pub fn wait_of(&self, in_hundred: i64) -> Option<i64> {
        let people = self.waits.last()?.1;
        let goal = (people * in_hundred + 99) / 100;
        let at = self.waits.partition_point(|row| row.1 < goal);
        self.waits.get(at).map(|row| row.0)
    }

    /// People who arrived by the end.
    pub fn all_arrived(&self) -> i64 {
        self.arrived.last().map_or(0, |last| last.1)
    }

    /// People whose arrival is strictly before `ms`.
    pub fn arrived_before(&self, ms: i64) -> i64 {
        before(&self.arrived, ms)
    }

    /// People whose departure is strictly before `ms`.
    pub fn departed_before(&self, ms: i64) -> i64 {
        before(&self.departed, ms.saturating_mul(1000))
    }
}

fn before(sums: &[(i64, i64)], time: i64) -> i64 {
    sums.partition_point(|row| row.0 < time).checked_sub(1).map_or(0, |at| sums[at].1)
}

/// The queue before an element, and what it remembers of those who entered.
struct ElementQueue {
    /// Thousandths of a person per hour; `None`: unlimited.
    rate: Option<i64>,
    /// Travel time from entering it to leaving it, microseconds.
    tau: i64,
    /// Time a full packet needs to enter, microseconds.
    full: i64,
    /// When the last packet entered, microseconds.
    last: i64,
    /// Position of its open set.
    open: usize,
    /// First interval of the open set that may still be used; arrivals never go back.
    next: usize,
    /// Node where one waits for it, if a closure names that node.
    node: Option<usize>,
    admission: bool,
    /// Longest wait of anybody's so far, microseconds.
    longest: i64,
}

/// `ceil(people x 3.6e12 / rate)`, or 0 if the rate is unlimited.
fn time_to_enter(people: i64, rate: Option<i64>) -> i64 {
    match rate {
        None => 0,
        Some(rate) => {
            let amount = i128::from(people) * 3_600_000_000_000;
            // a connector's rate may round to 0: nobody ever gets through
            let rate = i128::from(rate);
            if rate == 0 {
                return TOO_LONG;
            }
            i64::try_from((amount + rate - 1) / rate).unwrap_or(TOO_LONG).min(TOO_LONG)
        }
    }
}

/// Position of an element in [`LoadingResult::longest`] as text.
pub(crate) fn element_name(raw: &RawScenario, at: usize) -> String {
    let (links, connectors) = (raw.links.len(), raw.connectors.len());
    if at < links {
        format!("link:{}", raw.link_ids.list[at])
    } else if at < links + connectors {
        format!("connector:{}", raw.connector_ids.list[at - links])
    } else {
        format!("site:{}", raw.site_ids.list[at - links - connectors])
    }
}

/// Carries out the orders. `None` (with a finding) if that would be absurdly long.
pub(crate) fn replay(
    raw: &RawScenario,
    elements: &CaseElements,
    plan: &Plan,
    ways: &OrderRoutes,
    findings: &mut CheckFindings,
) -> Option<LoadingResult> {
    let packet = plan.packet_people;
    let count = |people: i64| (people - 1) / packet + 1;
    let packets: i128 = plan.orders.iter().map(|order| i128::from(count(order.people))).sum();
    let events: i128 = plan
        .orders
        .iter()
        .zip(&ways.of_order)
        .map(|(order, &route)| {
            i128::from(count(order.people)) * (i128::from(number::count(ways.routes[route].links.len())) + 3)
        })
        .sum();
    let longest = ways.routes.iter().map(|way| way.links.len()).max().unwrap_or(0);
    if plan.orders.len() >= 1 << ORDER_BITS
        || longest + 3 >= 1 << POSITION_BITS
        || packets > MOST_PACKETS
        || events > MOST_EVENTS
        || plan.orders.iter().any(|order| count(order.people) >= 1 << PACKET_BITS)
    {
        findings.add("replay.size", "orders", events, MOST_EVENTS, "too many events for a network loading");
        return None;
    }

    let (links, connectors) = (raw.links.len(), raw.connectors.len());
    let mut queues = queues(raw, elements, packet);
    // open sets in microseconds
    let opens: Vec<Vec<(i64, i64)>> = elements
        .opens
        .iter()
        .map(|set| set.0.iter().map(|&(from, until)| (from * 1000, until * 1000)).collect())
        .collect();
    let mut paths: Vec<u32> = Vec::new();
    let mut path_from = Vec::with_capacity(ways.routes.len());
    for way in &ways.routes {
        path_from.push(paths.len());
        paths.push(short(links + way.from));
        paths.extend(way.links.iter().map(|&link| short(link)));
        paths.push(short(links + way.to));
        paths.push(short(links + connectors + way.site));
    }

    let horizon = raw.settings.horizon_ms * 1000;
    // beside the event when the packet's first person is there and how long it has waited, microseconds; they never decide the order
    let mut heap: BinaryHeap<Reverse<(u128, i64, i64)>> = BinaryHeap::with_capacity(plan.orders.len() * 2);
    let pack = |time: i64, order: usize, number: i64, position: usize| {
        // neither times nor numbers are negative
        (u128::from(time.unsigned_abs()) << (ORDER_BITS + PACKET_BITS + POSITION_BITS))
            | (u128::from(number::count(order)) << (PACKET_BITS + POSITION_BITS))
            | (u128::from(number.unsigned_abs()) << POSITION_BITS)
            | u128::from(number::count(position))
    };
    // when so many packets of an order have left
    let departure = |order: usize, packets: i64| {
        let order = &plan.orders[order];
        let sent = i128::from((packets * packet).min(order.people));
        let length = i128::from(order.depart_until_ms - order.depart_from_ms) * 1000;
        let people = i128::from(order.people);
        order.depart_from_ms * 1000 + narrow((length * sent + people - 1) / people)
    };
    for order in 0..plan.orders.len() {
        heap.push(Reverse((pack(departure(order, 1), order, 0, 0), departure(order, 0), 0)));
    }
    let expected = position(narrow(packets).unsigned_abs());
    let mut result = LoadingResult {
        arrived: Vec::with_capacity(expected),
        departed: Vec::with_capacity(expected),
        person_ms: 0,
        waited: 0,
        waited_closed: 0,
        waits: Vec::with_capacity(expected),
        longest: Vec::new(),
        crowds: room::rooms(raw, elements, plan.case, plan.packet_people)
            .into_iter()
            .map(|room| room.map(|room| LinkCrowd::new(room, horizon)))
            .collect(),
        zone_arrived: vec![0; raw.zones.len()],
        zone_last_arrival: vec![None; raw.zones.len()],
        packets: number::count(expected),
        events: 0,
    };
    let mut failed = vec![false; plan.orders.len()];
    while let Some(Reverse((event, first, waited))) = heap.pop() {
        result.events += 1;
        let step = position(low_bits(event & ((1 << POSITION_BITS) - 1)));
        let number = (low_bits(event >> POSITION_BITS) & ((1 << PACKET_BITS) - 1)).cast_signed();
        let order = position(low_bits(event >> (POSITION_BITS + PACKET_BITS)) & ((1 << ORDER_BITS) - 1));
        let time = low_bits(event >> (POSITION_BITS + PACKET_BITS + ORDER_BITS)).cast_signed();
        let row = &plan.orders[order];
        let people = packet.min(row.people - number * packet);
        if step == 0 {
            result.departed.push((time, people));
            // only one packet of an order waits for its departure at a time, so that the heap stays small
            if (number + 1) * packet < row.people {
                let leaves = pack(departure(order, number + 2), order, number + 1, 0);
                heap.push(Reverse((leaves, time, 0)));
            }
        }
        let here = path_from[ways.of_order[order]] + step;
        let at = position(paths[here].into());
        // the link that it comes from, and when it entered that one
        let behind = step.checked_sub(1).map(|_| position(paths[here - 1].into())).filter(|at| *at < links);
        let behind = behind.map(|link| (link, (first - queues[link].tau, time - queues[link].tau)));
        let goes_on = |result: &mut LoadingResult, when: Option<(i64, i64)>| {
            if let Some((link, entered)) = behind
                && let Some(crowd) = &mut result.crowds[link]
            {
                crowd.passes(people, entered, when);
            }
        };
        let queue = &mut queues[at];
        let wanted = if people == packet { queue.full } else { time_to_enter(people, queue.rate) };
        let Some((begin, entry)) = enter(queue, &opens[queue.open], first, time, wanted) else {
            // one finding per order: where one packet is stranded, those behind it mostly are too
            if !std::mem::replace(&mut failed[order], true) {
                let message = format!(
                    "packet {} waits from {} s and {} never opens for it again",
                    number + 1,
                    real(time) / 1e6,
                    element_name(raw, at)
                );
                findings.add("replay.stranded", format!("order {}", row.order_id), "", "", message);
            }
            goes_on(&mut result, None);
            result.waits.push((waited, people));
            continue;
        };
        queue.last = entry;
        queue.longest = queue.longest.max(entry - time);
        result.waited += i128::from(people) * i128::from(entry - time);
        let closed = closed_between(&opens[queue.open][queue.next..], time, entry);
        result.waited_closed += i128::from(people) * i128::from(closed);
        let waited = waited + (entry - time);
        let shut = queue.node.and_then(|node| elements.shut_nodes.get(&node).map(|shut| (node, shut)));
        if let Some((node, shut)) = shut {
            // microseconds: from the first person's coming to the last one's entering
            let meets = |&(from, until): &(i64, i64)| from * 1000 < entry && first < until * 1000;
            if shut.0.iter().any(meets) {
                if !std::mem::replace(&mut failed[order], true) {
                    let place = format!("order {}", row.order_id);
                    let message = format!(
                        "packet {} is at node {} when it is closed to presence",
                        number + 1,
                        raw.nodes.list[node]
                    );
                    findings.add("replay.overtaken", place, "", "", message);
                }
                goes_on(&mut result, None);
                result.waits.push((waited, people));
                continue;
            }
        }
        goes_on(&mut result, Some((begin, entry)));
        if !queue.admission {
            let next = pack(entry + queue.tau, order, number, step + 1);
            heap.push(Reverse((next, begin + queue.tau, waited)));
            continue;
        }
        result.waits.push((waited, people));
        if entry >= horizon {
            if !std::mem::replace(&mut failed[order], true) {
                let place = format!("order {}", row.order_id);
                let message = format!("packet {} arrives at the horizon or later", number + 1);
                findings.add("replay.horizon", place, "", "", message);
            }
            continue;
        }
        // rounded up: nobody counts as arrived in a millisecond in which the last person of the packet was not yet there
        let ms = (entry + 999) / 1000;
        let zone = ways.routes[ways.of_order[order]].zone;
        result.arrived.push((ms, people));
        result.person_ms += i128::from(people) * i128::from(ms);
        result.zone_arrived[zone] += people;
        result.zone_last_arrival[zone] = result.zone_last_arrival[zone].max(Some(ms));
    }
    result.longest = queues.iter().map(|queue| queue.longest).collect();
    result.crowds.iter_mut().flatten().for_each(LinkCrowd::close);
    for list in [&mut result.arrived, &mut result.departed, &mut result.waits] {
        list.sort_unstable();
        let mut sum = 0;
        for row in list {
            sum += row.1;
            row.1 = sum;
        }
    }
    Some(result)
}

/// For how long an element is closed from one time to another; `open`: its open intervals from the one on that ends at the first time
/// or later.
fn closed_between(open: &[(i64, i64)], from: i64, until: i64) -> i64 {
    if from == until {
        return 0;
    }
    let within = open.iter().take_while(|interval| interval.0 < until);
    let open: i64 = within.map(|interval| (interval.1.min(until) - interval.0.max(from)).max(0)).sum();
    until - from - open
}

/// When the first and the last person of a packet enter an element that they reached at `first` and `time`; entering takes
/// `wanted` at least, all of it in one open interval and after the packet before.
fn enter(
    queue: &mut ElementQueue,
    open: &[(i64, i64)],
    first: i64,
    time: i64,
    wanted: i64,
) -> Option<(i64, i64)> {
    let free = if queue.rate.is_some() { first.max(queue.last) } else { first };
    while open.get(queue.next).is_some_and(|interval| interval.1 < time) {
        queue.next += 1;
    }
    open[queue.next..].iter().find_map(|&(from, until)| {
        let begin = free.max(from);
        let entry = time.max(begin.saturating_add(wanted));
        let fits = if wanted == 0 { entry < until } else { entry <= until };
        fits.then_some((begin, entry))
    })
}

fn queues(raw: &RawScenario, elements: &CaseElements, packet: i64) -> Vec<ElementQueue> {
    let queue = |element: &CaseElement, node: Option<usize>, admission: bool| ElementQueue {
        rate: element.rate,
        tau: element.tau * 1000,
        full: time_to_enter(packet, element.rate),
        last: 0,
        open: element.open,
        next: 0,
        node: node.filter(|node| elements.shut_nodes.contains_key(node)),
        admission,
        longest: 0,
    };
    // never entered: routes with such links are findings, and then nothing is loaded
    let absent = CaseElement { rate: Some(0), tau: 0, open: 0 };
    let links = raw.links.iter().zip(&elements.links);
    let links = links.map(|(link, e)| queue(e.as_ref().unwrap_or(&absent), Some(link.from), false));
    let connectors = raw.connectors.iter().zip(&elements.connectors);
    let connectors = connectors.map(|(row, e)| queue(e, (!row.of_zone).then_some(row.node), false));
    let admissions = elements.admissions.iter().map(|e| queue(e, None, true));
    links.chain(connectors).chain(admissions).collect()
}
