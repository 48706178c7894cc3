//! Vehicles on roads, from event to event.
//!
//! A vehicle that has come to the end of a road stands in the queue of its lanes until the next road takes it. A road takes a vehicle
//! when the one before it has entered (rate), when there is room ([`crate::storage`]), while it is open, and when the road behind
//! lets it out (no road lets out more than it lets in). Of the heads of several queues it takes the one with the smallest finish stamp
//! (self-clocked fair queueing: Golestani, INFOCOM 1994), each queue weighted by the saturation flow of its road: saturated
//! approaches share by capacity, one that sends little gets what it sends, and an idle one saves up no credit.
//!
//! A vehicle is a stretch of time, from its first person to its last, exactly as a packet in `clearway_loading::exact`: a road of
//! the same rate therefore passes a platoon on without a delay, and no vehicle can be ahead of the bound of its own capacities.

use crate::agenda::{Agenda, Event};
use crate::gridlock::{self, Ring};
use crate::lanes::{LaneQueue, lane_queues};
use crate::streets::Street;
use clearway_model::number::{compact as number, index as at};
use std::collections::VecDeque;

/// A vehicle before it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vehicle {
    /// Its path, as a number in the list of paths.
    pub path: u32,
    /// People in it.
    pub people: u32,
    /// When its first person leaves, µs.
    pub first_us: i64,
    /// When its last person leaves, µs.
    pub last_us: i64,
}

/// What became of a vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Admitted at its destination then, µs.
    Arrived(i64),
    /// On, or at the end of, the street at this place of its path when the time ended; `None`: it never left.
    Underway(Option<u32>),
    /// Overtaken by a hazard then (µs), on the way to the street at this place of its path.
    Overtaken(i64, u32),
}

/// A vehicle's journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Journey {
    /// What became of it.
    pub fate: Fate,
    /// Waiting after departure before it got onto its first road: before and on the connector that leads there, µs.
    pub waited_before_road_us: i64,
    /// Waiting on roads, µs.
    pub waited_on_road_us: i64,
}

/// Who wants to know what happens on the way.
pub trait Watch {
    /// A vehicle has entered a street, the last of its people at `time_us`.
    fn entered(&mut self, vehicle: u32, street: u32, time_us: i64) {
        let _ = (vehicle, street, time_us);
    }

    /// A vehicle has left a street after waiting at its end, the last of its people at `time_us`.
    fn left(&mut self, vehicle: u32, street: u32, time_us: i64, waited_us: i64) {
        let _ = (vehicle, street, time_us, waited_us);
    }

    /// Asked now and then, with the time that the simulation has come to: whether it is to go on.
    fn goes_on(&mut self, time_us: i64) -> bool {
        let _ = time_us;
        true
    }
}

/// Nobody watches.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Watch for Unwatched {}

/// What is to be simulated.
#[derive(Debug, Clone, Copy)]
pub struct Demand<'a> {
    /// The streets, in an order that depends on their ids alone: it settles ties.
    pub streets: &'a [Street],
    /// Paths, each a list of streets from a connector of a zone to an admission.
    pub paths: &'a [Vec<u32>],
    /// The vehicles; those that leave by the same connector at the same moment go in this order.
    pub vehicles: &'a [Vehicle],
    /// Nothing happens from then on, µs.
    pub end_us: i64,
    /// Whose turn it is where several want to enter a street.
    pub turns: Turns,
}

/// Whose turn it is where several want to enter a street.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Turns {
    /// Saturated approaches share by their capacities, and no street lets out more than it lets in: a road.
    #[default]
    Shared,
    /// Who came first, as in the loading of a plan, where queues stand on top of each other.
    FirstCome,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Movement {
    /// Per vehicle.
    pub journeys: Vec<Journey>,
    /// Vehicles that a street took, all streets together.
    pub moves: u64,
    /// Rings of full streets in which nobody can move any more.
    pub gridlock: Vec<Ring>,
}

/// A street while traffic runs.
#[derive(Debug, Clone, Default)]
struct Running {
    /// When the last vehicle has entered, µs.
    entry_free_us: i64,
    /// When it can let out the next vehicle, µs.
    exit_free_us: i64,
    /// Vehicles whose space is not free yet: on the street, or gone with the gap still travelling.
    occupied: u32,
    /// When the spaces of vehicles that are gone become free, ascending, µs.
    freed_us: VecDeque<i64>,
    /// When there was room again after it had been full, µs.
    room_since_us: i64,
    /// Queues whose head is here and wants in.
    waiting: Vec<u32>,
    /// Stamp of the last vehicle that entered.
    stamp: u128,
    /// The next look at it that is planned, µs.
    look_us: Option<i64>,
    /// The open interval that is now or comes next.
    interval: usize,
}

/// A vehicle while traffic runs.
#[derive(Debug, Clone, Copy)]
struct Moving {
    first_us: i64,
    last_us: i64,
    /// Place in its path of the street that it is on; `None`: not on one yet.
    place: Option<u32>,
    journey: Journey,
}

impl Moving {
    /// Adds waiting at the end of the street that it is on. The first of a path is the connector of a zone, no road.
    fn wait(&mut self, waited_us: i64) {
        match self.place {
            None | Some(0) => self.journey.waited_before_road_us += waited_us,
            Some(_) => self.journey.waited_on_road_us += waited_us,
        }
    }
}

/// Everything while traffic runs.
struct Traffic<'a, W> {
    demand: Demand<'a>,
    /// Per path and place, the queue in which a vehicle stands at the end of that street.
    queue_at: Vec<Vec<u32>>,
    queues: Vec<LaneQueue>,
    running: Vec<Running>,
    moving: Vec<Moving>,
    agenda: Agenda,
    moves: u64,
    watch: W,
}

/// Moves all vehicles until they are there, stand for ever, or the time ends. `None` if whoever watches does not want it to go on.
pub fn run(demand: Demand<'_>, watch: &mut impl Watch) -> Option<Movement> {
    let mut traffic = Traffic::new(demand, watch);
    traffic.go().then(|| traffic.ended())
}

/// Whoever watches is asked after so many events whether to go on: a few thousandths of a second.
const EVENTS_BETWEEN_QUESTIONS: u64 = 1 << 14;

impl<W: Watch> Watch for &mut W {
    fn entered(&mut self, vehicle: u32, street: u32, time_us: i64) {
        W::entered(self, vehicle, street, time_us);
    }

    fn left(&mut self, vehicle: u32, street: u32, time_us: i64, waited_us: i64) {
        W::left(self, vehicle, street, time_us, waited_us);
    }

    fn goes_on(&mut self, time_us: i64) -> bool {
        W::goes_on(self, time_us)
    }
}

impl<'a, W: Watch> Traffic<'a, W> {
    fn new(demand: Demand<'a>, watch: W) -> Self {
        let (mut queues, queue_at) = lane_queues(&demand);
        let mut agenda = Agenda::new(demand.end_us);
        let mut origins: Vec<Vec<u32>> = vec![Vec::new(); demand.streets.len()];
        for (vehicle, model) in (0..).zip(demand.vehicles) {
            if let Some(&street) = demand.paths[at(model.path)].first() {
                origins[at(street)].push(vehicle);
            }
        }
        for vehicles in origins.iter_mut().filter(|vehicles| !vehicles.is_empty()) {
            vehicles.sort_by_key(|&vehicle| demand.vehicles[at(vehicle)].last_us);
            let queue = number(queues.len());
            agenda.push(head_is_there(demand.vehicles[at(vehicles[0])].last_us, queue));
            queues.push(LaneQueue { vehicles: std::mem::take(vehicles).into(), ..LaneQueue::default() });
        }
        let moving = demand
            .vehicles
            .iter()
            .map(|vehicle| Moving {
                first_us: vehicle.first_us,
                last_us: vehicle.last_us,
                place: None,
                journey: Journey {
                    fate: Fate::Underway(None),
                    waited_before_road_us: 0,
                    waited_on_road_us: 0,
                },
            })
            .collect();
        let running = vec![Running::default(); demand.streets.len()];
        Self { demand, queue_at, queues, running, moving, agenda, moves: 0, watch }
    }

    /// Whether it came to its end.
    fn go(&mut self) -> bool {
        let mut events: u64 = 0;
        while let Some(Event { time_us, subject }) = self.agenda.pop() {
            if time_us >= self.demand.end_us {
                break;
            }
            events += 1;
            if events.is_multiple_of(EVENTS_BETWEEN_QUESTIONS) && !self.watch.goes_on(time_us) {
                return false;
            }
            let index = number(usize::try_from(subject >> 1).unwrap_or(usize::MAX));
            if subject & 1 == 0 {
                if let Some(street) = self.head_wants(index) {
                    self.queue_up(index, street);
                    self.serve(street, time_us);
                }
            } else if self.running[at(index)].look_us == Some(time_us) {
                self.running[at(index)].look_us = None;
                self.serve(index, time_us);
            }
        }
        true
    }

    /// The head of a queue now waits to enter a street. Its stamp is given here and stays: given anew at each turn, it would let a
    /// wide road pass for ever.
    fn queue_up(&mut self, queue: u32, street: u32) {
        let lane = &mut self.queues[at(queue)];
        let running = &mut self.running[at(street)];
        running.waiting.push(queue);
        let Some(&head) = lane.vehicles.front() else { return };
        let came = self.moving[at(head)].last_us;
        lane.stamp = match self.demand.turns {
            Turns::Shared => {
                let people = u128::from(self.demand.vehicles[at(head)].people);
                // who stood behind the last one that went there has waited since, also while its own street let that one out
                let stood = lane.left.is_some_and(|(time_us, to)| to == street && came <= time_us);
                let since = if stood { lane.stamp } else { lane.stamp.max(running.stamp) };
                since + lane.turn * people
            }
            Turns::FirstCome => u128::try_from(came).unwrap_or(0),
        };
    }

    /// The street that the head of a queue wants to enter.
    fn head_wants(&self, queue: u32) -> Option<u32> {
        let &head = self.queues[at(queue)].vehicles.front()?;
        let place = self.moving[at(head)].place.map_or(0, |place| place + 1);
        self.demand.paths[at(self.demand.vehicles[at(head)].path)].get(at(place)).copied()
    }

    /// Plans a look at a street, unless an earlier one is planned.
    fn look_again(&mut self, street: u32, time_us: i64) {
        let planned = &mut self.running[at(street)].look_us;
        if planned.is_none_or(|look_us| time_us < look_us) {
            *planned = Some(time_us);
            self.agenda.push(Event { time_us, subject: u64::from(street) << 1 | 1 });
        }
    }

    /// Lets in who can enter a street now.
    fn serve(&mut self, street: u32, now: i64) {
        loop {
            let model = &self.demand.streets[at(street)];
            let running = &mut self.running[at(street)];
            if running.waiting.is_empty() {
                return;
            }
            if running.entry_free_us > now {
                let free = running.entry_free_us;
                return self.look_again(street, free);
            }
            let intervals = &model.open_us;
            while intervals.get(running.interval).is_some_and(|interval| interval.1 <= now) {
                running.interval += 1;
            }
            // a street that never opens again keeps all who want in
            let Some(&(opens, closes)) = intervals.get(running.interval) else { return };
            if opens > now {
                return self.look_again(street, opens);
            }
            if let Some(storage) = model.storage {
                while running.freed_us.front().is_some_and(|&freed| freed <= now) {
                    let freed = running.freed_us.pop_front().unwrap_or(now);
                    if running.occupied >= storage.vehicles {
                        running.room_since_us = freed;
                    }
                    running.occupied -= 1;
                }
                if running.occupied >= storage.vehicles {
                    // with no gap on its way, a vehicle that leaves plans the next look
                    if let Some(&freed) = running.freed_us.front() {
                        self.look_again(street, freed);
                    }
                    return;
                }
            }
            let Some((index, stamp)) = self.next_in_turn(street, now) else { return };
            if !self.enter(street, index, stamp, now, (opens, closes)) {
                return;
            }
        }
    }

    /// Of the heads that want in, the one with the smallest stamp, as a place in the list of those who wait. Heads whose own street
    /// is still letting somebody out come later.
    fn next_in_turn(&mut self, street: u32, now: i64) -> Option<(usize, u128)> {
        let running = &self.running[at(street)];
        let mut best: Option<(u128, u32, usize)> = None;
        let mut soonest: Option<i64> = None;
        for (index, &queue) in running.waiting.iter().enumerate() {
            let lane = &self.queues[at(queue)];
            let out = self.free_behind(lane.street);
            if out > now {
                soonest = Some(soonest.map_or(out, |soonest| soonest.min(out)));
                continue;
            }
            let stamp = lane.stamp;
            if best.is_none_or(|(least, other, _)| (stamp, queue) < (least, other)) {
                best = Some((stamp, queue, index));
            }
        }
        match (best, soonest) {
            (Some((stamp, _, index)), _) => Some((index, stamp)),
            (None, Some(soonest)) => {
                self.look_again(street, soonest);
                None
            }
            (None, None) => None,
        }
    }

    /// When the street behind has let out its last vehicle, µs; 0 where that does not count.
    fn free_behind(&self, behind: Option<u32>) -> i64 {
        match (self.demand.turns, behind) {
            (Turns::Shared, Some(behind)) => self.running[at(behind)].exit_free_us,
            _ => 0,
        }
    }

    /// Lets the head of a waiting queue enter; `false` if it does not get in before the street closes.
    fn enter(
        &mut self,
        street: u32,
        index: usize,
        stamp: u128,
        now: i64,
        (opens, closes): (i64, i64),
    ) -> bool {
        let queue = self.running[at(street)].waiting[index];
        let Some(&vehicle) = self.queues[at(queue)].vehicles.front() else { return false };
        let behind = self.queues[at(queue)].street;
        let model = &self.demand.streets[at(street)];
        let people = self.demand.vehicles[at(vehicle)].people;
        let (came, last) = (self.moving[at(vehicle)].first_us, self.moving[at(vehicle)].last_us);
        let running = &self.running[at(street)];
        let mut begin = came.max(opens);
        if model.rate.is_some() {
            begin = begin.max(running.entry_free_us);
        }
        if model.storage.is_some() {
            begin = begin.max(running.room_since_us);
        }
        let span = model.service_us(people);
        let mut entered = last.max(begin.saturating_add(span));
        // When the street behind has let it out at its own rate: others may leave that street from then on, even while this one still
        // enters a narrower street. A few who turn into a lane would otherwise hold up all who go straight on.
        let mut out = now;
        let mut free = now;
        if let (Turns::Shared, Some(behind)) = (self.demand.turns, behind) {
            let let_out = self.demand.streets[at(behind)].service_us(people);
            let ready = came.max(self.free_behind(Some(behind))).saturating_add(let_out);
            entered = entered.max(ready);
            out = ready.max(entered - (span - let_out).max(0)).max(now);
            // What a head loses by waiting for its turn, up to one vehicle, the street makes good: a stream loses nothing where it
            // merges into a gap, and neither may vehicles that stand for it.
            free = ready.max(out - let_out.min(span));
        }
        if !(entered < closes || span > 0 && entered == closes) {
            self.running[at(street)].interval += 1;
            if let Some(&(next, _)) = model.open_us.get(self.running[at(street)].interval) {
                self.look_again(street, next);
            }
            return false;
        }
        self.running[at(street)].waiting.swap_remove(index);
        let overtaken = self.overtaken_by(street, behind, came, last, entered);
        // who is overtaken waits no longer
        let waited = (overtaken.unwrap_or(entered) - last).max(0);
        self.queues[at(queue)].left = Some((now, street));
        self.leave(queue, vehicle, (out, entered));
        if let Some(behind) = behind {
            self.running[at(behind)].exit_free_us = free;
        }
        let place = self.moving[at(vehicle)].place.map_or(0, |place| place + 1);
        let moving = &mut self.moving[at(vehicle)];
        moving.wait(waited);
        if let Some(time) = overtaken {
            moving.journey.fate = Fate::Overtaken(time, place);
            return true;
        }
        let running = &mut self.running[at(street)];
        running.entry_free_us = entered;
        running.stamp = stamp;
        running.occupied += 1;
        self.moves += 1;
        moving.place = Some(place);
        moving.first_us = begin + model.travel_us;
        moving.last_us = entered + model.travel_us;
        moving.journey.fate = Fate::Underway(Some(place));
        self.watch.entered(vehicle, street, entered);
        let path = self.demand.vehicles[at(vehicle)].path;
        match self.queue_at[at(path)].get(at(place)) {
            Some(&queue) => {
                let there = self.moving[at(vehicle)].last_us;
                let lane = &mut self.queues[at(queue)];
                lane.vehicles.push_back(vehicle);
                if lane.vehicles.len() == 1 {
                    self.agenda.push(head_is_there(there, queue));
                }
            }
            None => self.arrive(street, vehicle, entered),
        }
        true
    }

    /// When a vehicle is overtaken that waits until `entered` to enter a street: its node, or the street on which it stands, is
    /// closed to presence meanwhile.
    fn overtaken_by(
        &self,
        street: u32,
        behind: Option<u32>,
        came: i64,
        last: i64,
        entered: i64,
    ) -> Option<i64> {
        let at_node = self.demand.streets[at(street)]
            .node_closed_us
            .iter()
            .find(|&&(from, until)| from < entered && came < until)
            .map(|&(from, _)| from.max(came));
        let on_street = behind.and_then(|behind| {
            let hazards = &self.demand.streets[at(behind)].hazards_us;
            hazards.iter().find(|&&begin| last <= begin && begin < entered).copied()
        });
        at_node.into_iter().chain(on_street).min()
    }

    /// Takes a vehicle out of its queue: it has left the street behind at `out_us`, and the last of it is on the next at `entered_us`.
    fn leave(&mut self, queue: u32, vehicle: u32, (out_us, entered_us): (i64, i64)) {
        let lane = &mut self.queues[at(queue)];
        lane.vehicles.pop_front();
        let next = lane.vehicles.front().copied();
        if let Some(street) = lane.street {
            self.set_free(street, out_us);
            self.watch.left(vehicle, street, out_us, entered_us - self.moving[at(vehicle)].last_us);
        }
        if let Some(next) = next {
            // behind a vehicle that is still leaving its lane nobody else can be the first
            let there = self.moving[at(next)].last_us.max(out_us);
            self.agenda.push(head_is_there(there, queue));
        }
    }

    /// A vehicle has left a street: its space is free once the gap has travelled back.
    fn set_free(&mut self, street: u32, time_us: i64) {
        let Some(storage) = self.demand.streets[at(street)].storage else { return };
        let freed = time_us + storage.wave_us;
        let running = &mut self.running[at(street)];
        running.freed_us.push_back(freed);
        if !running.waiting.is_empty() {
            self.look_again(street, freed);
        }
    }

    fn arrive(&mut self, street: u32, vehicle: u32, entered: i64) {
        self.set_free(street, entered);
        if entered < self.demand.end_us {
            self.moving[at(vehicle)].journey.fate = Fate::Arrived(entered);
        }
    }

    fn ended(mut self) -> Movement {
        let mut waits_for = Vec::new();
        for queue in 0..number(self.queues.len()) {
            let Some(wanted) = self.head_wants(queue) else { continue };
            waits_for.extend(self.queues[at(queue)].street.map(|behind| (behind, wanted)));
            self.leave_standing(queue);
        }
        let is_full: Vec<bool> =
            (0..).zip(&self.running).map(|(street, now)| self.is_full(street, now)).collect();
        let last_entry_us = |street: u32| self.running[at(street)].entry_free_us;
        Movement {
            gridlock: gridlock::rings(&is_full, waits_for, last_entry_us),
            journeys: self.moving.iter().map(|moving| moving.journey).collect(),
            moves: self.moves,
        }
    }

    /// Whether a street is full and no gap is on its way.
    fn is_full(&self, street: u32, now: &Running) -> bool {
        let on_it = usize::try_from(now.occupied).unwrap_or(usize::MAX);
        let storage = self.demand.streets[at(street)].storage;
        storage.is_some_and(|storage| on_it >= at(storage.vehicles)) && now.freed_us.is_empty()
    }

    /// Adds to the journeys of those in a queue what they have waited by the end, and whether a hazard has come meanwhile.
    fn leave_standing(&mut self, queue: u32) {
        let end_us = self.demand.end_us;
        let behind = self.queues[at(queue)].street;
        for index in 0..self.queues[at(queue)].vehicles.len() {
            let vehicle = self.queues[at(queue)].vehicles[index];
            let Moving { first_us, last_us, place, .. } = self.moving[at(vehicle)];
            let place = place.map_or(0, |place| place + 1);
            let path = &self.demand.paths[at(self.demand.vehicles[at(vehicle)].path)];
            let next = path.get(at(place)).copied();
            let overtaken = next.and_then(|next| self.overtaken_by(next, behind, first_us, last_us, end_us));
            let moving = &mut self.moving[at(vehicle)];
            moving.wait((overtaken.unwrap_or(end_us) - last_us).max(0));
            if let Some(time) = overtaken {
                moving.journey.fate = Fate::Overtaken(time, place);
            }
        }
    }
}

/// The head of a queue has come to the end of its street.
fn head_is_there(time_us: i64, queue: u32) -> Event {
    Event { time_us, subject: u64::from(queue) << 1 }
}
