//! The exact replay of `docs/reference/semantics.md`: packets, each a stretch of time with a first and a last person, in whole
//! microseconds, first in first out.

use clearway_flow::TimeSet;
use clearway_model::number::{self, float};
use clearway_model::time::MICROS_PER_MS;
use clearway_network::{ElementIndex, Network, PerElement};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// An order as the loading sees it; orders are numbered by their place in the list.
#[derive(Debug, Clone, Copy)]
pub struct SentOrder<'a> {
    /// Elements from the zone's connector to the admission.
    pub elements: &'a [ElementIndex],
    /// How many people leave in all.
    pub people: i64,
    /// Departure window begin, ms.
    pub from: i64,
    /// Departure window end (excluded), ms.
    pub until: i64,
}

/// What becomes of one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacketFate {
    /// The order that it belongs to, by its place in the list.
    pub order: usize,
    /// How many people the packet is.
    pub people: i64,
    /// When its last person leaves, µs.
    pub departure: i64,
    /// When it is admitted, µs; `None`: stranded or overtaken on the way.
    pub arrival: Option<i64>,
    /// How long its last person waits after departure, before all elements together, µs.
    pub waited: i64,
}

/// The longest wait of any packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongestWait {
    /// How long that packet waited there, µs.
    pub wait: i64,
    /// The element before which it is.
    pub element: ElementIndex,
}

/// What the exact loading gives.
#[derive(Debug, Clone, Default)]
pub struct ExactLoading {
    /// By order and number.
    pub packets: Vec<PacketFate>,
    /// Sum of people x waiting, in people x µs.
    pub waiting: i128,
    /// The part of it in which the element that is waited for is closed, in people x µs.
    pub waiting_closed: i128,
    /// The longest wait, of several as long the one that was over first; `None` if nobody waits.
    pub longest: Option<LongestWait>,
    /// Per order, how much later (ms) it could have been given with the margin kept; `None` where no hazard bounds it.
    pub slack: Vec<Option<f64>>,
}

impl ExactLoading {
    /// People who do not arrive, per order.
    pub fn stranded(&self, orders: usize) -> Vec<i64> {
        let mut stranded = vec![0; orders];
        for packet in self.packets.iter().filter(|p| p.arrival.is_none()) {
            stranded[packet.order] += packet.people;
        }
        stranded
    }
}

/// A packet comes to an element. Kept small: there are as many at a time as packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct PacketEvent {
    /// When its last person is there, µs.
    time: i64,
    /// Number of the packet.
    packet: u32,
    /// Place of the element in the order's elements.
    position: u32,
}

/// Events by time: one heap per bucket of time, only the current one is kept in order.
struct EventCalendar {
    /// Length of a bucket, µs.
    width: i64,
    buckets: Vec<Vec<PacketEvent>>,
    now: usize,
    heap: BinaryHeap<Reverse<PacketEvent>>,
}

impl EventCalendar {
    fn new(end: i64) -> Self {
        const COUNT: u32 = 1 << 17;
        let width = (end / i64::from(COUNT) + 1).max(MICROS_PER_MS);
        let buckets = vec![Vec::new(); number::index(COUNT) + 1];
        Self { width, buckets, now: 0, heap: BinaryHeap::new() }
    }

    fn push(&mut self, event: PacketEvent) {
        // No event is before time 0.
        let bucket = usize::try_from(event.time / self.width).unwrap_or(0).min(self.buckets.len() - 1);
        if bucket <= self.now {
            self.heap.push(Reverse(event));
        } else {
            self.buckets[bucket].push(event);
        }
    }

    fn pop(&mut self) -> Option<PacketEvent> {
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

/// Microseconds in an hour.
const MICROS_PER_HOUR: i128 = 3_600_000_000;
/// Longer than a scenario may last, by so much that sums with it do not overflow, µs: 73,000 years.
const TOO_LONG: i64 = (1 << 61) - 1;

/// When the first and the last person of a packet enter that are there at `free` (or for whom the element is free then) and at
/// `last`, and need `s` µs to enter, all in one open interval (semantics, Loading, 3).
fn entry(open: &TimeSet, free: i64, last: i64, s: i64) -> Option<(i64, i64)> {
    let intervals = open.intervals();
    let at = intervals.partition_point(|i| i.1 * MICROS_PER_MS < last);
    intervals[at..].iter().find_map(|&(from, until)| {
        let begin = free.max(from * MICROS_PER_MS);
        let t = last.max(begin.saturating_add(s));
        let until = until * MICROS_PER_MS;
        (t < until || (s > 0 && t == until)).then_some((begin, t))
    })
}

/// For how long an element is open from one time to another, µs.
fn open_between(open: &TimeSet, from_us: i64, until_us: i64) -> i64 {
    let intervals = open.intervals();
    let at = intervals.partition_point(|i| i.1 * MICROS_PER_MS <= from_us);
    let within = intervals[at..]
        .iter()
        .map(|&(from, until)| (until * MICROS_PER_MS).min(until_us) - (from * MICROS_PER_MS).max(from_us));
    within.take_while(|&length| length > 0).sum()
}

/// Carries out the orders exactly. `stretch` = 1 + safety margin: an order's slack is the least, over its packets and
/// the hazards that begin at c on what they pass, of c - stretch x (time when the packet is past it).
pub fn load_exactly(
    network: &Network,
    orders: &[SentOrder<'_>],
    packet_people: i64,
    stretch: f64,
) -> ExactLoading {
    watched_replay(network, orders, packet_people, stretch, |_| {})
}

/// A packet has entered an element and passes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ElementPassing {
    /// The packet, by its place in [`ExactLoading::packets`].
    pub packet: usize,
    /// The order that it belongs to, by its place in the list.
    pub order: usize,
    /// Place in the order's elements.
    pub position: usize,
    /// The element.
    pub element: ElementIndex,
    /// How many people the packet is.
    pub people: i64,
    /// When its first person is there, before the element, µs.
    pub came: i64,
    /// When its last person is there, µs.
    pub came_last: i64,
    /// When its first person enters, µs.
    pub begin: i64,
    /// When its last person enters, µs; between the two they enter evenly.
    pub entered: i64,
    /// When its last person is at its end, µs.
    pub left: i64,
}

/// [`load_exactly`], which tells of every packet at every element it enters, by the time of entering.
pub fn watched_replay(
    network: &Network,
    orders: &[SentOrder<'_>],
    packet_people: i64,
    stretch: f64,
    mut watch: impl FnMut(ElementPassing),
) -> ExactLoading {
    let packet_people = packet_people.max(1);
    let mut replay = ExactLoading { slack: vec![None; orders.len()], ..ExactLoading::default() };
    let end = network.horizon * MICROS_PER_MS;
    let mut calendar = EventCalendar::new(end);
    // When the first person of each packet is where its event is, µs.
    let mut first = Vec::new();
    for (index, order) in orders.iter().enumerate() {
        let mut sent = 0;
        let mut leaves = order.from * MICROS_PER_MS;
        while sent < order.people {
            let people = packet_people.min(order.people - sent);
            sent += people;
            let span = i128::from((order.until - order.from) * MICROS_PER_MS) * i128::from(sent);
            let after = (span + i128::from(order.people) - 1) / i128::from(order.people);
            // Within the window, since no more are sent than there are.
            let departure = order.from * MICROS_PER_MS + number::narrow(after);
            let packet = number::compact(replay.packets.len());
            first.push(leaves);
            leaves = departure;
            replay.packets.push(PacketFate { order: index, people, departure, arrival: None, waited: 0 });
            calendar.push(PacketEvent { time: departure, packet, position: 0 });
        }
    }
    let always: PerElement<bool> =
        network.elements.iter().map(|e| e.open.intervals() == [(0, network.horizon)]).collect();
    let mut last: PerElement<i64> = vec![0; network.elements.len()].into();
    while let Some(event) = calendar.pop() {
        let (number, position) = (number::index(event.packet), number::index(event.position));
        let packet = replay.packets[number];
        let order = &orders[packet.order];
        let index = order.elements[position];
        let element = &network.elements[index];
        let s = element.rate.map_or(0, |rate| {
            let rate = i128::from(rate.max(1));
            number::narrow((i128::from(packet.people) * MICROS_PER_HOUR * 1000 + rate - 1) / rate)
                .min(TOO_LONG)
        });
        let came = first[number];
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
            if !always[index] {
                let closed = wait - open_between(&element.open, event.time, t);
                replay.waiting_closed += i128::from(closed) * i128::from(packet.people);
            }
            replay.packets[number].waited += wait;
            if replay.longest.is_none_or(|longest| wait > longest.wait) {
                replay.longest = Some(LongestWait { wait, element: index });
            }
        }
        if let Some(node) = element.ends.node_before() {
            let closed = network.node_closed[node].intervals();
            if closed.iter().any(|&(f, u)| f * MICROS_PER_MS < t && came < u.saturating_mul(MICROS_PER_MS)) {
                continue;
            }
        }
        let left = t + element.tau * MICROS_PER_MS;
        first[number] = begin + element.tau * MICROS_PER_MS;
        watch(ElementPassing {
            packet: number,
            order: packet.order,
            position,
            element: index,
            people: packet.people,
            came,
            came_last: event.time,
            begin,
            entered: t,
            left,
        });
        let mut bound = |begin: i64, past: i64| {
            if begin.saturating_mul(MICROS_PER_MS) >= past {
                let slack = float(begin) - stretch * float(past) / 1000.0;
                let least = &mut replay.slack[packet.order];
                *least = Some(least.map_or(slack, |least| least.min(slack)));
            }
        };
        for &begin in network.hazards.get(&index).into_iter().flatten() {
            bound(begin, left);
        }
        if position == 0
            && let Some(begin) = element.ends.zone().and_then(|zone| network.zones[zone].overtaken_from)
        {
            bound(begin, t);
        }
        if position + 1 == order.elements.len() {
            if t < end {
                replay.packets[number].arrival = Some(t);
            }
        } else {
            calendar.push(PacketEvent { time: left, packet: event.packet, position: event.position + 1 });
        }
    }
    replay
}
