//! The exact replay of `docs/reference/semantics.md`: packets, each a stretch of time with a first and a last person, in whole
//! microseconds, first in first out.

use clearway_flow::TimeSet;
use clearway_network::Network;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// An order as the replay sees it; orders are numbered by their place in the list.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    /// Elements from the zone's connector to the admission.
    pub elements: &'a [u32],
    /// How many people.
    pub people: i64,
    /// Departure window begin, ms.
    pub from: i64,
    /// Departure window end (excluded), ms.
    pub until: i64,
}

/// One packet's fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet {
    /// Which order.
    pub order: u32,
    /// How many people.
    pub people: i64,
    /// When its last person leaves, µs.
    pub departure: i64,
    /// When it is admitted, µs; `None`: stranded or overtaken on the way.
    pub arrival: Option<i64>,
}

/// What the replay gives.
#[derive(Debug, Clone, Default)]
pub struct Loading {
    /// By order and number.
    pub packets: Vec<Packet>,
    /// Sum of people x waiting, in people x µs.
    pub waiting: i128,
    /// The longest wait of any packet (µs) and the element.
    pub longest: (i64, u32),
    /// Per order, how much later (ms) it could have been given with the margin kept; `None` where no hazard bounds it.
    pub slack: Vec<Option<f64>>,
}

impl Loading {
    /// People who do not arrive, per order.
    pub fn stranded(&self, orders: usize) -> Vec<i64> {
        let mut stranded = vec![0; orders];
        for packet in self.packets.iter().filter(|p| p.arrival.is_none()) {
            stranded[packet.order as usize] += packet.people;
        }
        stranded
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    time: i64,
    packet: u32,
    position: u32,
}

/// Events by time: one heap per bucket of time, only the current one is kept in order.
struct Calendar {
    width: i64,
    buckets: Vec<Vec<Event>>,
    now: usize,
    heap: BinaryHeap<Reverse<Event>>,
}

impl Calendar {
    fn new(end: i64) -> Self {
        let count = 1 << 17;
        let width = (end / count + 1).max(1000);
        Self { width, buckets: vec![Vec::new(); count as usize + 1], now: 0, heap: BinaryHeap::new() }
    }

    fn push(&mut self, event: Event) {
        let bucket = ((event.time / self.width) as usize).min(self.buckets.len() - 1);
        if bucket <= self.now {
            self.heap.push(Reverse(event));
        } else {
            self.buckets[bucket].push(event);
        }
    }

    fn pop(&mut self) -> Option<Event> {
        loop {
            if let Some(Reverse(event)) = self.heap.pop() {
                return Some(event);
            }
            self.now += 1;
            let bucket = self.buckets.get_mut(self.now)?;
            self.heap.extend(std::mem::take(bucket).into_iter().map(Reverse));
        }
    }
}

/// When the first and the last person of a packet enter that are there at `free` (or for whom the element is free then) and at
/// `last`, and need `s` µs to enter, all in one open interval (semantics, Loading, 3).
fn entry(open: &TimeSet, free: i64, last: i64, s: i64) -> Option<(i64, i64)> {
    let intervals = open.intervals();
    let at = intervals.partition_point(|i| i.1 * 1000 < last);
    intervals[at..].iter().find_map(|&(from, until)| {
        let begin = free.max(from * 1000);
        let t = last.max(begin.saturating_add(s));
        let until = until * 1000;
        (t < until || (s > 0 && t == until)).then_some((begin, t))
    })
}

/// Carries out the orders exactly. `stretch` = 1 + safety margin: an order's slack is the least, over its packets and
/// the hazards that begin at c on what they pass, of c - stretch x (time when the packet is past it).
pub fn load_exactly(network: &Network, orders: &[Sending<'_>], packet_people: i64, stretch: f64) -> Loading {
    watched_replay(network, orders, packet_people, stretch, |_| {})
}

/// A packet has passed an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passing {
    /// Which order.
    pub order: u32,
    /// Place in the order's elements.
    pub position: u32,
    /// How many people.
    pub people: i64,
    /// When they are at its end, µs.
    pub left: i64,
}

/// [`exact_replay`], which tells of every packet at every element it enters, by the time of entering.
pub fn watched_replay(
    network: &Network,
    orders: &[Sending<'_>],
    packet_people: i64,
    stretch: f64,
    mut watch: impl FnMut(Passing),
) -> Loading {
    let packet_people = packet_people.max(1);
    let mut replay = Loading { slack: vec![None; orders.len()], ..Loading::default() };
    let end = network.horizon * 1000;
    let mut calendar = Calendar::new(end);
    // When the first person of each packet is where its event is, µs.
    let mut first = Vec::new();
    for (index, order) in orders.iter().enumerate() {
        let mut sent = 0;
        let mut leaves = order.from * 1000;
        while sent < order.people {
            let people = packet_people.min(order.people - sent);
            sent += people;
            let span = i128::from((order.until - order.from) * 1000) * i128::from(sent);
            let after = (span + i128::from(order.people) - 1) / i128::from(order.people);
            let departure = order.from * 1000 + after as i64;
            let packet = replay.packets.len() as u32;
            first.push(leaves);
            leaves = departure;
            replay.packets.push(Packet { order: index as u32, people, departure, arrival: None });
            calendar.push(Event { time: departure, packet, position: 0 });
        }
    }
    let always: Vec<bool> =
        network.elements.iter().map(|e| e.open.intervals() == [(0, network.horizon)]).collect();
    let mut last = vec![0i64; network.elements.len()];
    while let Some(event) = calendar.pop() {
        let packet = replay.packets[event.packet as usize];
        let order = &orders[packet.order as usize];
        let index = order.elements[event.position as usize] as usize;
        let element = &network.elements[index];
        let s = element.rate.map_or(0, |rate| {
            let rate = i128::from(rate.max(1));
            ((i128::from(packet.people) * 3_600_000_000_000 + rate - 1) / rate).min(i128::from(i64::MAX / 4))
                as i64
        });
        let came = first[event.packet as usize];
        let free = if element.rate.is_some() { came.max(last[index]) } else { came };
        let t0 = event.time.max(free.saturating_add(s));
        let open_end = t0 < end || (s > 0 && t0 == end);
        let entered = if always[index] && open_end {
            Some((free, t0))
        } else {
            entry(&element.open, free, event.time, s)
        };
        let Some((begin, t)) = entered else { continue };
        last[index] = t;
        let wait = t - event.time;
        if wait > 0 {
            replay.waiting += i128::from(wait) * i128::from(packet.people);
            if wait > replay.longest.0 {
                replay.longest = (wait, index as u32);
            }
        }
        let node = network.from_node[index];
        if node != u32::MAX {
            let closed = network.node_closed[node as usize].intervals();
            if closed.iter().any(|&(f, u)| f * 1000 < t && came < u.saturating_mul(1000)) {
                continue;
            }
        }
        let left = t + element.tau * 1000;
        first[event.packet as usize] = begin + element.tau * 1000;
        watch(Passing { order: packet.order, position: event.position, people: packet.people, left });
        let mut bound = |begin: i64, past: i64| {
            if begin.saturating_mul(1000) >= past {
                let slack = begin as f64 - stretch * past as f64 / 1000.0;
                let least = &mut replay.slack[packet.order as usize];
                *least = Some(least.map_or(slack, |least| least.min(slack)));
            }
        };
        for &begin in network.hazards.get(&(index as u32)).into_iter().flatten() {
            bound(begin, left);
        }
        if event.position == 0
            && let Some(begin) = network.zones[network.place[index] as usize].overtaken_from
        {
            bound(begin, t);
        }
        if event.position as usize + 1 == order.elements.len() {
            if t < end {
                replay.packets[event.packet as usize].arrival = Some(t);
            }
        } else {
            calendar.push(Event { time: left, packet: event.packet, position: event.position + 1 });
        }
    }
    replay
}
