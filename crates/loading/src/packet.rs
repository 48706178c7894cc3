//! The fast replay: packets of a few dozen vehicles through point queues, only where queues can form.
//!
//! An element that is fed by no more than it can take never queues, so packets skip it. Events are taken bucket by bucket
//! in the order in which they come; within a bucket (seconds) first come, first served. Figures of a plan never come from
//! here but from [`crate::exact`].

mod moving;
mod roads;
mod waits;

use crate::path::{PairIndex, PathIndex, PathPool};
use crate::schedule::Schedule;
use clearway_model::number::{self, float, truncated};
use clearway_network::{ElementIndex, PerElement};
use moving::{MovingPacket, PacketIndex, PacketLink, PathStop, ScheduleClock, StopIndex};
pub use roads::PreparedRoads;
use typed_index_collections::TiVec;
use waits::NotedWait;
pub use waits::{BusyPeriods, QueuePasses};

/// People on a path with their departures.
#[derive(Debug, Clone, Copy)]
pub struct PathLoad<'a> {
    /// The path that they take.
    pub path: PathIndex,
    /// How many people they are; parts of a person count.
    pub people: f64,
    /// When which share of them leaves.
    pub schedule: &'a Schedule,
}

/// What a fast replay gives.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PacketOutcome {
    /// Sum over arrived people of the arrival time, people x ms.
    pub arrival_sum: f64,
    /// People who arrive by the end of the planning horizon.
    pub arrived: f64,
    /// People who never arrive.
    pub stranded: f64,
    /// When the last of those who arrive do, ms; 0 if nobody does.
    pub last: i64,
    /// When 90 % of all loaded people have arrived, ms; `None`: never.
    pub ninety: Option<i64>,
    /// Sum of people x waiting, people x ms.
    pub waiting: f64,
    /// Stops of packets: what a replay costs.
    pub steps: u64,
}

/// One packet's journey, for spreading departures.
#[derive(Debug, Clone, Copy)]
pub struct PacketJourney {
    /// The load that it belongs to, by its place in the list.
    pub load: usize,
    /// How many people the packet is.
    pub people: f64,
    /// When its last person has left, ms.
    pub gone: i64,
    /// Waiting on the way, ms.
    pub waiting: i64,
    /// When it arrives, ms; `None` if it is stranded.
    pub arrival: Option<i64>,
}

/// Memory that loadings use again and again; one per thread.
#[derive(Debug, Default)]
pub struct LoadingMemory {
    /// How fast each element can be fed at the most, people per ms; means nothing without the stamp of this loading.
    fed: PerElement<f64>,
    pair_seen: TiVec<PairIndex, u32>,
    fed_stamp: PerElement<u32>,
    /// Number of the loading, so that nothing has to be cleared.
    stamp: u32,
    stops: TiVec<StopIndex, PathStop>,
    packets: TiVec<PacketIndex, MovingPacket>,
    /// Per bucket, the first and the last packet that is in it.
    heads: Vec<PacketLink>,
    tails: Vec<PacketLink>,
    /// When the last packet of each element was through, ms.
    last: PerElement<f64>,
    /// When the queue before each element began, ms.
    begin: PerElement<i64>,
    arrivals: Vec<(i64, f32)>,
    /// Busy periods per element, filled if asked for; only those of `busy_of` are not empty.
    pub busy: PerElement<BusyPeriods>,
    busy_of: Vec<ElementIndex>,
    /// Passes, filled with the busy periods.
    pub passes: QueuePasses,
    waits: Vec<NotedWait>,
    stranded: TiVec<PacketIndex, bool>,
    /// Last arrival per load, ms, `None` where somebody of it never arrives; filled with the busy periods.
    pub load_last: Vec<Option<i64>>,
    /// Journeys of all packets, filled if asked for.
    pub journeys: Vec<PacketJourney>,
}

/// What a loading keeps beside its outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KeptDetail {
    /// Nothing but the outcome.
    #[default]
    OutcomeAlone,
    /// Busy periods and passes per element, and the last arrival of each load.
    BusyPeriods,
    /// The journey of every packet.
    Journeys,
}

impl LoadingMemory {
    fn reset(&mut self, elements: usize, pairs: usize) {
        self.stamp += 1;
        self.fed.resize(elements, 0.0);
        self.fed_stamp.resize(elements, 0);
        self.pair_seen.resize(pairs, 0);
        self.last.clear();
        self.last.resize(elements, 0.0);
        self.begin.resize(elements, 0);
        self.busy.resize_with(elements, BusyPeriods::default);
        for element in self.busy_of.drain(..) {
            let busy = &mut self.busy[element];
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
        roads: &PreparedRoads<'_>,
        pool: &PathPool,
        loads: &[PathLoad<'_>],
        size: f64,
        keep: KeptDetail,
    ) -> PacketOutcome {
        self.reset(roads.network.elements.len(), pool.pairs());
        self.load_last.clear();
        self.load_last.resize(loads.len(), Some(0));
        self.feed(roads, pool, loads);
        self.make_packets(roads, pool, loads, size);
        self.stranded.clear();
        self.stranded.resize(self.packets.len(), true);
        let mut outcome = PacketOutcome::default();
        let buckets = bucket_of(roads.network.horizon, roads.bucket) + 1;
        self.heads.clear();
        self.heads.resize(buckets, PacketLink::default());
        self.tails.resize(buckets, PacketLink::default());
        for packet in self.packets.keys() {
            self.queue(packet, roads.bucket, 0);
        }
        for bucket in 0..buckets {
            if roads.cancel.is_cancelled() {
                break;
            }
            // A packet may come back into this same bucket, at its end.
            while let Some(packet) = self.heads[bucket].packet() {
                self.heads[bucket] = self.packets[packet].next;
                self.step(roads, packet, bucket, keep, &mut outcome);
            }
        }
        if keep == KeptDetail::BusyPeriods {
            self.passes.take(roads.network.elements.len(), &self.waits, &mut self.stranded);
        }
        self.arrivals.sort_unstable_by_key(|a| a.0);
        let goal = (outcome.arrived + outcome.stranded) * 0.9;
        let mut sum = 0.0;
        for &(time, people) in &self.arrivals {
            sum += f64::from(people);
            if sum >= goal - 1e-6 {
                outcome.ninety = Some(time);
                break;
            }
        }
        outcome.last = self.arrivals.last().map_or(0, |a| a.0);
        outcome
    }

    /// How fast each element can be fed: its distinct feeders' rates, without end from a zone's unlimited connector.
    fn feed(&mut self, roads: &PreparedRoads<'_>, pool: &PathPool, loads: &[PathLoad<'_>]) {
        for load in loads.iter().filter(|l| l.people > 0.0) {
            let path = pool.get(load.path);
            for (position, &element) in path.elements.iter().enumerate() {
                if self.fed_stamp[element] != self.stamp {
                    self.fed_stamp[element] = self.stamp;
                    self.fed[element] = 0.0;
                }
                if position == 0 {
                    self.fed[element] = f64::INFINITY;
                    continue;
                }
                let pair = path.pairs[position - 1];
                if self.pair_seen[pair] != self.stamp {
                    self.pair_seen[pair] = self.stamp;
                    self.fed[element] += roads.rate(path.elements[position - 1]);
                }
            }
        }
    }

    /// The stops of a path, appended; returns the first, the end, and the travel time to the first stop (or to arrival), ms.
    fn compile(
        &mut self,
        roads: &PreparedRoads<'_>,
        elements: &[ElementIndex],
    ) -> (StopIndex, StopIndex, i64) {
        let first = StopIndex::from(self.stops.len());
        let (mut lead, mut travel) = (0, 0);
        for &element in elements {
            let rate = roads.rate(element);
            if self.fed[element] > rate * (1.0 + 1e-9) || !roads.always[element] || roads.guarded[element] {
                match self.stops[first..].last_mut() {
                    Some(stop) => stop.after = travel,
                    None => lead = travel,
                }
                travel = 0;
                self.stops.push(PathStop { element, after: 0 });
            }
            travel += roads.network.elements[element].tau;
        }
        match self.stops[first..].last_mut() {
            Some(stop) => stop.after = travel,
            None => lead = travel,
        }
        (first, StopIndex::from(self.stops.len()), lead)
    }

    fn make_packets(
        &mut self,
        roads: &PreparedRoads<'_>,
        pool: &PathPool,
        loads: &[PathLoad<'_>],
        size: f64,
    ) {
        for (index, load) in loads.iter().enumerate() {
            if load.people <= 0.0 || load.schedule.is_empty() {
                continue;
            }
            let (stop, end, lead) = self.compile(roads, &pool.get(load.path).elements);
            let count = number::count((load.people / size).round().max(1.0));
            let count_exact = float(count);
            // Many packets: half the memory, and sums are taken in f64.
            let people = (load.people / count_exact) as f32;
            let total: f64 = load.schedule.iter().map(|d| d.share).sum();
            let mut clock = ScheduleClock::new(load.schedule);
            for number in 0..count {
                let leave = clock.time(total * (float(number) + 0.5) / count_exact);
                // The same clock serves both, as shares only grow.
                let gone = clock.time(total * (float(number) + 1.0) / count_exact);
                self.packets.push(MovingPacket {
                    stop,
                    end,
                    load: number::compact(index),
                    people,
                    time: leave + lead,
                    gone,
                    waited: 0,
                    next: PacketLink::default(),
                });
            }
        }
    }

    /// Puts a packet at the end of the bucket of its time, or of `at_least` if that is later.
    fn queue(&mut self, packet: PacketIndex, width: i64, at_least: usize) {
        let time = self.packets[packet].time;
        let bucket = bucket_of(time, width).max(at_least).min(self.heads.len() - 1);
        let link = PacketLink::to(packet);
        self.packets[packet].next = PacketLink::default();
        if self.heads[bucket].packet().is_none() {
            self.heads[bucket] = link;
        } else if let Some(tail) = self.tails[bucket].packet() {
            self.packets[tail].next = link;
        }
        self.tails[bucket] = link;
    }

    /// Takes one packet past its next stop.
    fn step(
        &mut self,
        roads: &PreparedRoads<'_>,
        index: PacketIndex,
        bucket: usize,
        keep: KeptDetail,
        outcome: &mut PacketOutcome,
    ) {
        let mut packet = self.packets[index];
        if packet.stop == packet.end {
            let in_time = packet.time < roads.network.horizon;
            self.finish(index, &packet, in_time.then_some(packet.time), keep, outcome);
            return;
        }
        outcome.steps += 1;
        let stop = self.stops[packet.stop];
        let e = stop.element;
        let arrive = packet.time;
        // A packet's time is that of its middle: half of it enters before, half after.
        let half_exact = roads.per_person[e] * f64::from(packet.people) / 2.0;
        let half = truncated(half_exact);
        // In whole ms a queue of thousands would be some seconds too short.
        let free_exact = self.last[e] + half_exact;
        let free = truncated(free_exact);
        let t0 = arrive.max(free);
        // Before a closing for good all of it must be through: who is not evacuated then has no later chance.
        let in_time = |t: &i64| roads.shuts[e].is_none_or(|shut| t + half <= shut);
        let t = roads.enter(stop.element, t0, half).filter(in_time);
        let overtaken = t.and_then(|t| roads.overtaken_until(stop.element, arrive, t));
        let t = t.filter(|_| overtaken.is_none());
        if keep == KeptDetail::BusyPeriods {
            // Whoever joins a queue in which people are overtaken is overtaken, or lets others be; after the closing it is another queue.
            self.record(e, arrive, free, overtaken.or(t));
            if let Some(leave) = t.filter(|&t| t > arrive) {
                let service = 2 * half;
                self.waits.push(NotedWait { element: stop.element, packet: index, arrive, leave, service });
            }
        }
        let Some(t) = t else {
            self.finish(index, &packet, None, keep, outcome);
            return;
        };
        self.last[e] = half_exact + if t == free { free_exact } else { float(t) };
        packet.waited += t - arrive;
        outcome.waiting += float(t - arrive) * f64::from(packet.people);
        packet.time = t + stop.after;
        packet.stop = StopIndex::from(packet.stop.row() + 1);
        self.packets[index] = packet;
        if packet.stop == packet.end && packet.time < roads.network.horizon {
            self.finish(index, &packet, Some(packet.time), keep, outcome);
        } else {
            self.queue(index, roads.bucket, bucket);
        }
    }

    /// Notes that somebody came to an element that was free then, and entered it at `t`; `None`: never.
    fn record(&mut self, e: ElementIndex, arrive: i64, free: i64, t: Option<i64>) {
        let busy = &mut self.busy[e];
        if busy.periods.is_empty() && busy.shut.is_none() {
            self.busy_of.push(e);
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

    /// A packet arrives, or is stranded (`None`).
    fn finish(
        &mut self,
        index: PacketIndex,
        packet: &MovingPacket,
        arrival: Option<i64>,
        keep: KeptDetail,
        outcome: &mut PacketOutcome,
    ) {
        let (people, load) = (f64::from(packet.people), number::index(packet.load));
        if keep == KeptDetail::BusyPeriods {
            self.stranded[index] = arrival.is_none();
            let last = &mut self.load_last[load];
            *last = last.zip(arrival).map(|(last, arrival)| last.max(arrival));
        }
        match arrival {
            Some(t) => {
                outcome.arrived += people;
                outcome.arrival_sum += people * float(t);
                self.arrivals.push((t, packet.people));
            }
            None => outcome.stranded += people,
        }
        if keep == KeptDetail::Journeys {
            let (gone, waiting) = (packet.gone, packet.waited);
            self.journeys.push(PacketJourney { load, people, gone, waiting, arrival });
        }
    }
}

/// The bucket of a time, in buckets of a width, both ms; what is before time 0 is in the first.
fn bucket_of(time: i64, width: i64) -> usize {
    usize::try_from(time / width).unwrap_or(0)
}
