//! The exact replay (`docs/reference/semantics.md`, Loading): packets, each a stretch of time with a first and a last person, first in
//! first out at every element, in microseconds, with no randomness.
//!
//! An event is one number of 128 bits that compares like (time, order, packet, position on the route), so the queue of
//! events is a plain heap. Orders are numbered by their place in the plan, which is ascending in `order_id`.

use crate::elements::{Element, Elements};
use crate::executable::Ways;
use crate::finding::Findings;
use crate::raw::Raw;
use clearway_model::Plan;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

const POSITION_BITS: u32 = 20;
const PACKET_BITS: u32 = 32;
const ORDER_BITS: u32 = 24;
/// A replay of more events than this is refused.
const MOST_EVENTS: i128 = 4_000_000_000;
/// And of more packets than this.
const MOST_PACKETS: i128 = 200_000_000;
/// Longer than any horizon in microseconds.
const TOO_LONG: i64 = 4_000_000_000_000_000;

/// What a replay gave.
#[derive(Debug)]
pub(crate) struct Replayed {
    /// (arrival ms, people arrived up to and with it), ascending.
    pub arrived: Vec<(i64, i64)>,
    /// (departure microseconds, people departed up to and with it), ascending.
    pub departed: Vec<(i64, i64)>,
    /// Sum over packets of people x arrival ms.
    pub person_ms: i128,
    /// Sum over packets and elements of people x waiting microseconds.
    pub waited: i128,
    /// Per element (links, connectors, sites in one row) the longest wait, microseconds.
    pub longest: Vec<i64>,
    /// Per zone.
    pub zone_arrived: Vec<i64>,
    /// Per zone, ms.
    pub zone_last_arrival: Vec<Option<i64>>,
    pub packets: u64,
    pub events: u64,
}

impl Replayed {
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

/// What an element remembers.
struct Door {
    rate: Option<i64>,
    /// Travel time, microseconds.
    tau: i64,
    /// Time a full packet needs to enter, microseconds.
    full: i64,
    /// When the last packet entered, microseconds.
    last: i64,
    open: usize,
    /// First interval of the open set that may still be used; arrivals never go back.
    next: usize,
    /// Node where one waits for it, if a closure names that node.
    node: Option<usize>,
    admission: bool,
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

/// Position of an element in [`Replayed::longest`] as text.
pub(crate) fn element_name(raw: &Raw, at: usize) -> String {
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
    raw: &Raw,
    elements: &Elements,
    plan: &Plan,
    ways: &Ways,
    findings: &mut Findings,
) -> Option<Replayed> {
    let packet = plan.packet_people;
    let count = |people: i64| (people - 1) / packet + 1;
    let packets: i128 = plan.orders.iter().map(|order| i128::from(count(order.people))).sum();
    let events: i128 = plan
        .orders
        .iter()
        .zip(&ways.of_order)
        .map(|(order, &route)| i128::from(count(order.people)) * (ways.routes[route].links.len() as i128 + 3))
        .sum();
    let longest = ways.routes.iter().map(|way| way.links.len()).max().unwrap_or(0);
    if plan.orders.len() >= 1 << ORDER_BITS
        || longest + 3 >= 1 << POSITION_BITS
        || packets > MOST_PACKETS
        || events > MOST_EVENTS
        || plan.orders.iter().any(|order| count(order.people) >= 1 << PACKET_BITS)
    {
        findings.add("replay.size", "orders", events, MOST_EVENTS, "too many events for a replay");
        return None;
    }

    let (links, connectors) = (raw.links.len(), raw.connectors.len());
    let mut cut_arcs = cut_arcs(raw, elements, packet);
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
        paths.push((links + way.from) as u32);
        paths.extend(way.links.iter().map(|&link| link as u32));
        paths.push((links + way.to) as u32);
        paths.push((links + connectors + way.site) as u32);
    }

    let horizon = raw.settings.horizon_ms * 1000;
    // beside the event when the packet's first person is there, microseconds; it never decides the order
    let mut heap: BinaryHeap<Reverse<(u128, i64)>> = BinaryHeap::with_capacity(plan.orders.len() * 2);
    let pack = |time: i64, order: usize, number: i64, position: usize| {
        ((time as u128) << (ORDER_BITS + PACKET_BITS + POSITION_BITS))
            | ((order as u128) << (PACKET_BITS + POSITION_BITS))
            | ((number as u128) << POSITION_BITS)
            | position as u128
    };
    // when so many packets of an order have left
    let departure = |order: usize, packets: i64| {
        let order = &plan.orders[order];
        let sent = i128::from((packets * packet).min(order.people));
        let length = i128::from(order.depart_until_ms - order.depart_from_ms) * 1000;
        let people = i128::from(order.people);
        order.depart_from_ms * 1000 + ((length * sent + people - 1) / people) as i64
    };
    for order in 0..plan.orders.len() {
        heap.push(Reverse((pack(departure(order, 1), order, 0, 0), departure(order, 0))));
    }
    let mut result = Replayed {
        arrived: Vec::with_capacity(packets as usize),
        departed: Vec::with_capacity(packets as usize),
        person_ms: 0,
        waited: 0,
        longest: Vec::new(),
        zone_arrived: vec![0; raw.zones.len()],
        zone_last_arrival: vec![None; raw.zones.len()],
        packets: packets as u64,
        events: 0,
    };
    let mut failed = vec![false; plan.orders.len()];
    while let Some(Reverse((event, first))) = heap.pop() {
        result.events += 1;
        let position = (event & ((1 << POSITION_BITS) - 1)) as usize;
        let number = ((event >> POSITION_BITS) & ((1 << PACKET_BITS) - 1)) as i64;
        let order = ((event >> (POSITION_BITS + PACKET_BITS)) & ((1 << ORDER_BITS) - 1)) as usize;
        let time = (event >> (POSITION_BITS + PACKET_BITS + ORDER_BITS)) as i64;
        let row = &plan.orders[order];
        let people = packet.min(row.people - number * packet);
        if position == 0 {
            result.departed.push((time, people));
            if (number + 1) * packet < row.people {
                let leaves = pack(departure(order, number + 2), order, number + 1, 0);
                heap.push(Reverse((leaves, time)));
            }
        }
        let at = paths[path_from[ways.of_order[order]] + position] as usize;
        let cut_arc = &mut cut_arcs[at];
        let wanted = if people == packet { cut_arc.full } else { time_to_enter(people, cut_arc.rate) };
        let Some((begin, entry)) = enter(cut_arc, &opens[cut_arc.open], first, time, wanted) else {
            if !std::mem::replace(&mut failed[order], true) {
                let message = format!(
                    "packet {} waits from {} s and {} never opens for it again",
                    number + 1,
                    time as f64 / 1e6,
                    element_name(raw, at)
                );
                findings.add("replay.stranded", format!("order {}", row.order_id), "", "", message);
            }
            continue;
        };
        cut_arc.last = entry;
        cut_arc.longest = cut_arc.longest.max(entry - time);
        result.waited += i128::from(people) * i128::from(entry - time);
        let shut = cut_arc.node.and_then(|node| elements.shut_nodes.get(&node).map(|shut| (node, shut)));
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
                continue;
            }
        }
        if !cut_arc.admission {
            heap.push(Reverse((pack(entry + cut_arc.tau, order, number, position + 1), begin + cut_arc.tau)));
            continue;
        }
        if entry >= horizon {
            if !std::mem::replace(&mut failed[order], true) {
                let place = format!("order {}", row.order_id);
                let message = format!("packet {} arrives at the horizon or later", number + 1);
                findings.add("replay.horizon", place, "", "", message);
            }
            continue;
        }
        let ms = (entry + 999) / 1000;
        let zone = ways.routes[ways.of_order[order]].zone;
        result.arrived.push((ms, people));
        result.person_ms += i128::from(people) * i128::from(ms);
        result.zone_arrived[zone] += people;
        result.zone_last_arrival[zone] = result.zone_last_arrival[zone].max(Some(ms));
    }
    result.longest = cut_arcs.iter().map(|cut_arc| cut_arc.longest).collect();
    for list in [&mut result.arrived, &mut result.departed] {
        list.sort_unstable();
        let mut sum = 0;
        for row in list {
            sum += row.1;
            row.1 = sum;
        }
    }
    Some(result)
}

/// When the first and the last person of a packet enter an element that they reached at `first` and `time`; entering takes
/// `wanted` at least, all of it in one open interval and after the packet before.
fn enter(cut_arc: &mut Door, open: &[(i64, i64)], first: i64, time: i64, wanted: i64) -> Option<(i64, i64)> {
    let free = if cut_arc.rate.is_some() { first.max(cut_arc.last) } else { first };
    while open.get(cut_arc.next).is_some_and(|interval| interval.1 < time) {
        cut_arc.next += 1;
    }
    open[cut_arc.next..].iter().find_map(|&(from, until)| {
        let begin = free.max(from);
        let entry = time.max(begin.saturating_add(wanted));
        let fits = if wanted == 0 { entry < until } else { entry <= until };
        fits.then_some((begin, entry))
    })
}

fn cut_arcs(raw: &Raw, elements: &Elements, packet: i64) -> Vec<Door> {
    let cut_arc = |element: &Element, node: Option<usize>, admission: bool| Door {
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
    let absent = Element { rate: Some(0), tau: 0, open: 0 };
    let links = raw.links.iter().zip(&elements.links);
    let links = links.map(|(link, e)| cut_arc(e.as_ref().unwrap_or(&absent), Some(link.from), false));
    let connectors = raw.connectors.iter().zip(&elements.connectors);
    let connectors = connectors.map(|(row, e)| cut_arc(e, (!row.of_zone).then_some(row.node), false));
    let admissions = elements.admissions.iter().map(|e| cut_arc(e, None, true));
    links.chain(connectors).chain(admissions).collect()
}
