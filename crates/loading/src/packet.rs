//! The fast replay: packets of a few dozen vehicles through point queues, only where queues can form.
//!
//! An element that is fed by no more than it can take never queues, so packets skip it. Events are taken bucket by bucket
//! in the order in which they come; within a bucket (seconds) first come, first served. Figures of a plan never come from
//! here but from [`crate::exact`].

use crate::marginal::Junctions;
use crate::path::PathPool;
use crate::schedule::Schedule;
use clearway_flow::TimeSet;
use clearway_model::Cancel;
use clearway_network::Network;
use clearway_network::search::next_entry;

const NONE: u32 = u32::MAX;

/// People on a way with their departures.
#[derive(Debug, Clone, Copy)]
pub struct Load<'a> {
    /// Number of the way.
    pub way: u32,
    /// How many people.
    pub people: f64,
    /// When they leave.
    pub schedule: &'a Schedule,
}

/// What a fast replay gives.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PacketOutcome {
    /// Sum over arrived people of the arrival time, people x ms.
    pub arrival_sum: f64,
    /// People arrived.
    pub arrived: f64,
    /// People who never arrive.
    pub stranded: f64,
    /// Last arrival, ms.
    pub last: i64,
    /// When 90 % of all loaded people have arrived, ms.
    pub ninety: i64,
    /// Sum of people x waiting, people x ms.
    pub waiting: f64,
    /// Stops of packets: what a replay costs.
    pub steps: u64,
}

/// Busy periods of one element, and from when on it takes nobody any more.
#[derive(Debug, Clone, Default)]
pub struct Busy {
    /// Begin and end, ascending, disjoint.
    pub periods: Vec<(i64, i64)>,
    /// Whoever comes from here on is stranded.
    pub shut: Option<i64>,
}

impl Busy {
    /// When the busy period ends in which somebody comes at `t`, ms; `None`: nobody is there then.
    #[inline]
    pub fn busy_until(&self, t: i64) -> Option<i64> {
        let begun = self.periods.partition_point(|period| period.0 <= t);
        self.periods[..begun].last().map(|period| period.1).filter(|&end| end > t)
    }
}

/// Who waited before an element, in the order of service, and what a longer queue would cost those behind.
#[derive(Debug, Clone, Default)]
pub struct Passes {
    /// Per element the first of its passes, and the number of all at the end.
    first: Vec<u32>,
    passes: Vec<Pass>,
}

/// A packet that waited.
#[derive(Debug, Clone, Copy)]
struct Pass {
    arrive: i64,
    leave: i64,
    /// Sum over the passes of the element so far: time of service of those who wait nowhere later, ms. A delay of others costs
    /// nothing, as they only wait less where they wait next.
    lost: i64,
}

impl Passes {
    /// When somebody who comes to an element at `t`, in a busy period that ends at `end`, would enter it, and how much longer in
    /// all those behind would take, ms.
    pub fn enter(&self, element: u32, t: i64, end: i64) -> (i64, i64) {
        let range = self.first[element as usize] as usize..self.first[element as usize + 1] as usize;
        let passes = &self.passes[range];
        let until =
            |time: i64| passes.partition_point(|p| p.arrive <= time).checked_sub(1).map(|i| &passes[i]);
        let before = until(t);
        let lost = |pass: Option<&Pass>| pass.map_or(0, |p| p.lost);
        (before.map_or(t, |p| p.leave.max(t)), lost(until(end)) - lost(before))
    }
}

/// A waiting as it is noted during a replay.
#[derive(Debug, Clone, Copy)]
struct Wait {
    element: u32,
    packet: u32,
    arrive: i64,
    leave: i64,
    service: i64,
}

/// One packet's journey, for spreading departures.
#[derive(Debug, Clone, Copy)]
pub struct Journey {
    /// Which load.
    pub load: u32,
    /// People.
    pub people: f64,
    /// When its last person has left, ms.
    pub gone: i64,
    /// Waiting on the way, ms.
    pub waiting: i64,
    /// Arrival, ms; `i64::MAX` if stranded.
    pub arrival: i64,
}

/// The network as the fast replay needs it.
#[derive(Debug)]
pub struct Roads<'a> {
    /// The network.
    pub network: &'a Network,
    /// ms that one person needs to enter; 0 if unlimited.
    per_person: Vec<f64>,
    always: Vec<bool>,
    guarded: Vec<bool>,
    /// When an element closes for good, ms; `i64::MAX` where it is open to the end.
    shuts: Vec<i64>,
    bucket: i64,
    /// What is lost at a closing, ms: half a packet more or less gets in before it, of packets on average half a one less.
    lost: Vec<i64>,
    /// Where ways meet.
    pub junctions: Junctions,
    /// Once it is asked for, runs break off: what they give then is of no use.
    pub cancel: Cancel,
}

impl<'a> Roads<'a> {
    /// Prepares a network.
    pub fn new(network: &'a Network) -> Self {
        let per_person =
            network.elements.iter().map(|e| e.rate.map_or(0.0, |r| 3.6e9 / r.max(1) as f64)).collect();
        let always = network.elements.iter().map(|e| e.open.intervals() == [(0, network.horizon)]).collect();
        let guarded = network
            .from_node
            .iter()
            .map(|&n| n != u32::MAX && !network.node_closed[n as usize].is_empty())
            .collect();
        let shut = |open: &TimeSet| open.intervals().last().map_or(0, |i| i.1);
        let shuts = network
            .elements
            .iter()
            .map(|e| shut(&e.open))
            .map(|t| if t < network.horizon { t } else { i64::MAX })
            .collect();
        let lost = vec![0; network.elements.len()];
        let bucket = (network.horizon / 100_000).max(2000);
        let (junctions, cancel) = (Junctions::new(network), Cancel::default());
        Self { network, per_person, always, guarded, shuts, bucket, lost, junctions, cancel }
    }

    /// With a wish to look at.
    pub fn with_cancel(self, cancel: Cancel) -> Self {
        Self { cancel, ..self }
    }

    /// People per ms; infinite if unlimited.
    fn rate(&self, element: u32) -> f64 {
        let per_person = self.per_person[element as usize];
        if per_person > 0.0 { 1.0 / per_person } else { f64::INFINITY }
    }

    /// Whether a hazard takes the element's node while somebody waits there from `arrive` to `t`, and until when nobody can be
    /// there then, ms.
    pub fn overtaken_until(&self, element: u32, arrive: i64, t: i64) -> Option<i64> {
        if !self.guarded[element as usize] {
            return None;
        }
        // Who enters in the moment in which the closure begins is just gone.
        self.network.closure_in_wait(element, arrive, t - 1).map(|closure| closure.1)
    }

    /// The same roads for people who move in packets: one that is not through when its road closes waits for the next opening.
    pub fn with_packets(self, people: i64) -> Self {
        let lost = self.per_person.iter().map(|each| (each * people as f64 / 2.0) as i64).collect();
        Self { lost, ..self }
    }

    /// When the middle of a packet enters an element at or after `t`; `half` is the time that half of it takes. `None`: never again.
    fn enter(&self, element: u32, t: i64, half: i64) -> Option<i64> {
        if self.always[element as usize] {
            return (t < self.network.horizon).then_some(t);
        }
        let open = &self.network.elements[element as usize].open;
        // Whoever waits for the opening enters after it, all of them.
        open.ending_after(t + self.lost[element as usize])
            .map(|(from, _)| if from > t { from + half } else { t })
    }

    /// When an element may be entered at or after `t`; `None`: never again.
    pub fn next_open(&self, element: u32, t: i64) -> Option<i64> {
        if self.always[element as usize] {
            return (t < self.network.horizon).then_some(t);
        }
        next_entry(&self.network.elements[element as usize].open, t)
    }
}

#[derive(Debug, Clone, Copy)]
struct Stop {
    element: u32,
    /// Travel from entering this element to the next stop or to arrival, ms.
    after: i64,
}

#[derive(Debug, Clone, Copy)]
struct Packet {
    stop: u32,
    end: u32,
    load: u32,
    people: f32,
    time: i64,
    gone: i64,
    waited: i64,
    next: u32,
}

/// Memory that replays use again and again; one per thread.
#[derive(Debug, Default)]
pub struct Scratch {
    fed: Vec<f64>,
    pair_seen: Vec<u32>,
    fed_stamp: Vec<u32>,
    stamp: u32,
    stops: Vec<Stop>,
    packets: Vec<Packet>,
    heads: Vec<u32>,
    tails: Vec<u32>,
    /// When the last packet of each element was through, ms.
    last: Vec<f64>,
    begin: Vec<i64>,
    arrivals: Vec<(i64, f32)>,
    /// Busy periods per element, filled if asked for; only those of `busy_of` are not empty.
    pub busy: Vec<Busy>,
    busy_of: Vec<u32>,
    /// Passes, filled with the busy periods.
    pub passes: Passes,
    waits: Vec<Wait>,
    stranded: Vec<bool>,
    /// Last arrival per load, ms; filled with the busy periods.
    pub load_last: Vec<i64>,
    /// Journeys, filled if asked for.
    pub journeys: Vec<Journey>,
}

/// What to keep beside the outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keep {
    /// Busy periods.
    pub busy: bool,
    /// Journeys.
    pub journeys: bool,
}

impl Scratch {
    fn reset(&mut self, elements: usize, pairs: usize) {
        self.stamp += 1;
        self.fed.resize(elements, 0.0);
        self.fed_stamp.resize(elements, 0);
        self.pair_seen.resize(pairs, 0);
        self.last.clear();
        self.last.resize(elements, 0.0);
        self.begin.resize(elements, 0);
        self.busy.resize_with(elements, Busy::default);
        for element in self.busy_of.drain(..) {
            let busy = &mut self.busy[element as usize];
            busy.periods.clear();
            busy.shut = None;
        }
        self.stops.clear();
        self.packets.clear();
        self.journeys.clear();
        self.arrivals.clear();
        self.waits.clear();
    }

    /// Runs loads of packets of about `size` people.
    pub fn run(
        &mut self,
        roads: &Roads<'_>,
        pool: &PathPool,
        loads: &[Load<'_>],
        size: f64,
        keep: Keep,
    ) -> PacketOutcome {
        self.reset(roads.network.elements.len(), pool.pairs());
        self.load_last.clear();
        self.load_last.resize(loads.len(), 0);
        self.feed(roads, pool, loads);
        self.make_packets(roads, pool, loads, size);
        self.stranded.clear();
        self.stranded.resize(self.packets.len(), true);
        let mut outcome = PacketOutcome::default();
        let buckets = (roads.network.horizon / roads.bucket) as usize + 1;
        self.heads.clear();
        self.heads.resize(buckets, NONE);
        self.tails.resize(buckets, NONE);
        for packet in 0..self.packets.len() as u32 {
            self.queue(packet, roads.bucket, 0);
        }
        for bucket in 0..buckets {
            if roads.cancel.is_cancelled() {
                break;
            }
            // A packet may come back into this same bucket, at its end.
            while self.heads[bucket] != NONE {
                let packet = self.heads[bucket];
                self.heads[bucket] = self.packets[packet as usize].next;
                self.step(roads, packet, bucket, keep, &mut outcome);
            }
        }
        if keep.busy {
            self.sum_up_waits(roads.network.elements.len());
        }
        self.arrivals.sort_unstable_by_key(|a| a.0);
        let goal = (outcome.arrived + outcome.stranded) * 0.9;
        let mut sum = 0.0;
        outcome.ninety = i64::MAX;
        for &(time, people) in &self.arrivals {
            sum += f64::from(people);
            if sum >= goal - 1e-6 {
                outcome.ninety = time;
                break;
            }
        }
        outcome.last = self.arrivals.last().map_or(0, |a| a.0);
        outcome
    }

    /// How fast each element can be fed: its distinct feeders' rates, without end from a zone's unlimited connector.
    fn feed(&mut self, roads: &Roads<'_>, pool: &PathPool, loads: &[Load<'_>]) {
        for load in loads.iter().filter(|l| l.people > 0.0) {
            let way = pool.get(load.way);
            for (position, &element) in way.elements.iter().enumerate() {
                let e = element as usize;
                if self.fed_stamp[e] != self.stamp {
                    self.fed_stamp[e] = self.stamp;
                    self.fed[e] = 0.0;
                }
                if position == 0 {
                    self.fed[e] = f64::INFINITY;
                    continue;
                }
                let pair = way.pairs[position - 1] as usize;
                if self.pair_seen[pair] != self.stamp {
                    self.pair_seen[pair] = self.stamp;
                    self.fed[e] += roads.rate(way.elements[position - 1]);
                }
            }
        }
    }

    /// The stops of a way, appended; returns the first, the end, and the travel time to the first stop (or to arrival).
    fn compile(&mut self, roads: &Roads<'_>, elements: &[u32]) -> (u32, u32, i64) {
        let first = self.stops.len();
        let (mut lead, mut travel) = (0, 0);
        for &element in elements {
            let e = element as usize;
            let rate = roads.rate(element);
            if self.fed[e] > rate * (1.0 + 1e-9) || !roads.always[e] || roads.guarded[e] {
                match self.stops[first..].last_mut() {
                    Some(stop) => stop.after = travel,
                    None => lead = travel,
                }
                travel = 0;
                self.stops.push(Stop { element, after: 0 });
            }
            travel += roads.network.elements[e].tau;
        }
        match self.stops[first..].last_mut() {
            Some(stop) => stop.after = travel,
            None => lead = travel,
        }
        (first as u32, self.stops.len() as u32, lead)
    }

    fn make_packets(&mut self, roads: &Roads<'_>, pool: &PathPool, loads: &[Load<'_>], size: f64) {
        for (index, load) in loads.iter().enumerate() {
            if load.people <= 0.0 || load.schedule.is_empty() {
                continue;
            }
            let (stop, end, lead) = self.compile(roads, &pool.get(load.way).elements);
            let count = (load.people / size).round().max(1.0) as usize;
            let people = (load.people / count as f64) as f32;
            let total: f64 = load.schedule.iter().map(|d| d.share).sum();
            let mut clock = ScheduleClock::new(load.schedule);
            for number in 0..count {
                let leave = clock.time(total * (number as f64 + 0.5) / count as f64);
                // The same clock serves both, as shares only grow.
                let gone = clock.time(total * (number as f64 + 1.0) / count as f64);
                self.packets.push(Packet {
                    stop,
                    end,
                    load: index as u32,
                    people,
                    time: leave + lead,
                    gone,
                    waited: 0,
                    next: NONE,
                });
            }
        }
    }

    fn queue(&mut self, packet: u32, width: i64, at_least: usize) {
        let time = self.packets[packet as usize].time;
        let bucket = ((time / width) as usize).max(at_least).min(self.heads.len() - 1);
        self.packets[packet as usize].next = NONE;
        if self.heads[bucket] == NONE {
            self.heads[bucket] = packet;
        } else {
            let tail = self.tails[bucket];
            self.packets[tail as usize].next = packet;
        }
        self.tails[bucket] = packet;
    }

    /// Takes one packet past its next stop.
    fn step(
        &mut self,
        roads: &Roads<'_>,
        index: u32,
        bucket: usize,
        keep: Keep,
        outcome: &mut PacketOutcome,
    ) {
        let mut packet = self.packets[index as usize];
        if packet.stop == packet.end {
            let in_time = packet.time < roads.network.horizon;
            self.finish(index, &packet, in_time.then_some(packet.time), keep, outcome);
            return;
        }
        outcome.steps += 1;
        let stop = self.stops[packet.stop as usize];
        let e = stop.element as usize;
        let arrive = packet.time;
        // A packet's time is that of its middle: half of it enters before, half after.
        let half_exact = roads.per_person[e] * f64::from(packet.people) / 2.0;
        let half = half_exact as i64;
        // In whole ms a queue of thousands would be some seconds too short.
        let free_exact = self.last[e] + half_exact;
        let free = free_exact as i64;
        let t0 = arrive.max(free);
        // Before a closing for good all of it must be through: who is not evacuated then has no later chance.
        let t = roads.enter(stop.element, t0, half).filter(|&t| t + half <= roads.shuts[e]);
        let overtaken = t.and_then(|t| roads.overtaken_until(stop.element, arrive, t));
        let t = t.filter(|_| overtaken.is_none());
        if keep.busy {
            // Whoever joins a queue in which people are overtaken is overtaken, or lets others be; after the closing it is another queue.
            self.record(e, arrive, free, overtaken.or(t));
            if let Some(leave) = t.filter(|&t| t > arrive) {
                let service = 2 * half;
                self.waits.push(Wait { element: stop.element, packet: index, arrive, leave, service });
            }
        }
        let Some(t) = t else {
            self.finish(index, &packet, None, keep, outcome);
            return;
        };
        self.last[e] = half_exact + if t == free { free_exact } else { t as f64 };
        packet.waited += t - arrive;
        outcome.waiting += (t - arrive) as f64 * f64::from(packet.people);
        packet.time = t + stop.after;
        packet.stop += 1;
        self.packets[index as usize] = packet;
        if packet.stop == packet.end && packet.time < roads.network.horizon {
            self.finish(index, &packet, Some(packet.time), keep, outcome);
        } else {
            self.queue(index, roads.bucket, bucket);
        }
    }

    fn record(&mut self, e: usize, arrive: i64, free: i64, t: Option<i64>) {
        let busy = &mut self.busy[e];
        if busy.periods.is_empty() && busy.shut.is_none() {
            self.busy_of.push(e as u32);
        }
        if arrive >= free || busy.periods.is_empty() {
            self.begin[e] = arrive;
        }
        let begin = self.begin[e].min(arrive);
        match t {
            None => busy.shut = Some(busy.shut.map_or(begin, |shut| shut.min(begin))),
            Some(t) => match busy.periods.last_mut() {
                Some(last) if last.1 >= begin => last.1 = last.1.max(t),
                _ => busy.periods.push((begin, t)),
            },
        }
    }

    /// Sorts the waits by element and sums up what delays there would cost.
    fn sum_up_waits(&mut self, elements: usize) {
        // Backwards, so that a packet's last wait comes first: `done` from there on, or where it never arrives.
        let done = &mut self.stranded;
        let mut counts = vec![0u32; elements + 1];
        let mut costs = vec![false; self.waits.len()];
        for (wait, costs) in self.waits.iter().zip(&mut costs).rev() {
            counts[wait.element as usize + 1] += 1;
            *costs = !done[wait.packet as usize];
            // What a packet waits for its own kind only, in a flow that fits, is no queue.
            done[wait.packet as usize] |= wait.leave - wait.arrive > wait.service;
        }
        for element in 0..elements {
            counts[element + 1] += counts[element];
        }
        self.passes.first.clone_from(&counts);
        self.passes.passes.clear();
        self.passes.passes.resize(self.waits.len(), Pass { arrive: 0, leave: 0, lost: 0 });
        for (wait, costs) in self.waits.iter().zip(costs) {
            let at = counts[wait.element as usize] as usize;
            counts[wait.element as usize] += 1;
            let before =
                (at > self.passes.first[wait.element as usize] as usize).then(|| self.passes.passes[at - 1]);
            let since = before.map_or(wait.arrive, |p| p.leave.max(wait.arrive)).min(wait.leave);
            let lost = before.map_or(0, |p| p.lost) + if costs { wait.leave - since } else { 0 };
            self.passes.passes[at] = Pass { arrive: wait.arrive, leave: wait.leave, lost };
        }
    }

    fn finish(
        &mut self,
        index: u32,
        packet: &Packet,
        arrival: Option<i64>,
        keep: Keep,
        outcome: &mut PacketOutcome,
    ) {
        if keep.busy {
            self.stranded[index as usize] = arrival.is_none();
        }
        let people = f64::from(packet.people);
        match arrival {
            Some(t) => {
                outcome.arrived += people;
                outcome.arrival_sum += people * t as f64;
                self.arrivals.push((t, packet.people));
                if keep.busy {
                    let last = &mut self.load_last[packet.load as usize];
                    *last = (*last).max(t);
                }
            }
            None => {
                outcome.stranded += people;
                if keep.busy {
                    self.load_last[packet.load as usize] = i64::MAX;
                }
            }
        }
        if keep.journeys {
            self.journeys.push(Journey {
                load: packet.load,
                people,
                gone: packet.gone,
                waiting: packet.waited,
                arrival: arrival.unwrap_or(i64::MAX),
            });
        }
    }
}

/// When given shares of a schedule have left; asked in ascending order.
struct ScheduleClock<'a> {
    schedule: &'a Schedule,
    sent: f64,
    at: usize,
}

impl<'a> ScheduleClock<'a> {
    fn new(schedule: &'a Schedule) -> Self {
        Self { schedule, sent: 0.0, at: 0 }
    }

    fn time(&mut self, share: f64) -> i64 {
        while self.at + 1 < self.schedule.len() && self.sent + self.schedule[self.at].share < share - 1e-12 {
            self.sent += self.schedule[self.at].share;
            self.at += 1;
        }
        let departure = self.schedule[self.at];
        let part = ((share - self.sent) / departure.share).clamp(0.0, 1.0);
        departure.from + ((departure.until - departure.from) as f64 * part) as i64
    }
}
