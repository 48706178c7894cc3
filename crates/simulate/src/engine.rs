//! The events of [`crate::traffic`]: heads that come to the end of their street, and streets that can take somebody again.

mod ended;
mod fetch;

use crate::agenda::{Agenda, Event};
use crate::lanes::{Itineraries, Lane, LaneQueue, lane_queues};
use crate::running::{Entry, NEVER_US, Running};
use crate::streets::Street;
use crate::traffic::{Demand, Fate, Hold, Passage, Turns, Vehicle, Watch};
use crate::turns::{Heads, Turn};
use clearway_model::number::{compact as number, index as at};

/// A vehicle while traffic runs, in one line of a processor's cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Moving {
    /// When its first person comes to the end of the street that it is on, µs.
    first_us: i64,
    /// When its last person does, µs.
    last_us: i64,
    /// Waiting so far, as in [`crate::traffic::Journey`].
    waited_before_road_us: i64,
    waited_on_road_us: i64,
    people: u32,
    /// Where the steps of its path begin.
    start: u32,
    /// Streets of its path that it has entered.
    entered: u32,
    /// The street that it wants to enter next, or that it is on if that is the last.
    wants: u32,
    /// The one behind it in its queue.
    behind: Option<u32>,
    /// How many came to stand in its lane before it.
    number: u32,
}

impl Moving {
    /// Adds waiting at the end of the street that it is on. The first of a path is the connector of a zone, no road.
    fn wait(&mut self, waited_us: i64) {
        if self.entered <= 1 {
            self.waited_before_road_us += waited_us;
        } else {
            self.waited_on_road_us += waited_us;
        }
    }
}

/// Everything while traffic runs.
pub struct Engine<'a, W> {
    demand: Demand<'a>,
    itineraries: Itineraries,
    queues: Vec<LaneQueue>,
    lanes: Vec<Lane>,
    running: Vec<Running>,
    /// Per street, the heads that want in.
    waiting: Vec<Heads>,
    /// Per street, when it can let out the next vehicle, µs.
    let_out_us: Vec<i64>,
    /// Per queue, when the last that stood in it has left its street, µs.
    lane_free_us: Vec<i64>,
    moving: Vec<Moving>,
    /// What became of those who are there or overtaken.
    fates: Vec<Option<Fate>>,
    agenda: Agenda,
    moves: u64,
    /// Whether any junction lets through less than its roads.
    has_junctions: bool,
    watch: &'a mut W,
}

/// Whoever watches is asked after so many events whether to go on: a few thousandths of a second.
const EVENTS_BETWEEN_QUESTIONS: u64 = 1 << 14;

impl<'a, W: Watch> Engine<'a, W> {
    /// Everybody before their departure.
    pub fn new(demand: Demand<'a>, watch: &'a mut W) -> Self {
        let (queues, lanes, itineraries) = lane_queues(&demand);
        let moving = |vehicle: &Vehicle| Moving {
            first_us: vehicle.first_us,
            last_us: vehicle.last_us,
            waited_before_road_us: 0,
            waited_on_road_us: 0,
            people: vehicle.people,
            start: itineraries.start(vehicle.path),
            entered: 0,
            wants: itineraries.street(vehicle.path, 0).unwrap_or(0),
            behind: None,
            number: 0,
        };
        let mut engine = Self {
            moving: demand.vehicles.iter().map(moving).collect(),
            fates: vec![None; demand.vehicles.len()],
            lane_free_us: vec![0; queues.len()],
            itineraries,
            queues,
            lanes,
            running: demand.streets.iter().map(Running::new).collect(),
            waiting: vec![Heads::default(); demand.streets.len()],
            let_out_us: vec![0; demand.streets.len()],
            agenda: Agenda::new(demand.end_us),
            moves: 0,
            has_junctions: demand.streets.iter().any(|street| street.junction_rate.is_some()),
            demand,
            watch,
        };
        engine.line_up();
        engine
    }

    /// A queue before each street with which a path begins, by departure.
    fn line_up(&mut self) {
        let mut origins: Vec<Vec<u32>> = vec![Vec::new(); self.demand.streets.len()];
        for (vehicle, model) in (0..).zip(self.demand.vehicles) {
            if let Some(street) = self.itineraries.street(model.path, 0) {
                origins[at(street)].push(vehicle);
            }
        }
        for vehicles in origins.iter_mut().filter(|vehicles| !vehicles.is_empty()) {
            vehicles.sort_by_key(|&vehicle| self.demand.vehicles[at(vehicle)].last_us);
            let queue = number(self.queues.len());
            self.queues.push(LaneQueue { lane: number(self.lanes.len()), ..LaneQueue::default() });
            self.lanes.push(Lane::new(0, (queue, queue + 1)));
            self.lane_free_us.push(0);
            for &vehicle in vehicles.iter() {
                self.stand_behind(queue, vehicle);
            }
        }
    }

    /// Whether it came to its end.
    pub fn go(&mut self) -> bool {
        let mut events: u64 = 0;
        while let Some(Event { time_us, subject }) = self.agenda.pop() {
            if self.agenda.has_unseen() {
                self.fetch_ahead();
            }
            events += 1;
            if events.is_multiple_of(EVENTS_BETWEEN_QUESTIONS) && !self.watch.goes_on(time_us) {
                return false;
            }
            let index = number(usize::try_from(subject >> 1).unwrap_or(usize::MAX));
            if subject & 1 == 0 {
                if let Some(street) = self.queue_up(index) {
                    self.serve(street, time_us);
                }
            } else if self.running[at(index)].look_us <= time_us {
                self.running[at(index)].look_us = NEVER_US;
                self.serve(index, time_us);
            }
        }
        true
    }

    /// The head of a queue now waits to enter a street, which this tells. Its stamp is given here and stays: given anew at each turn,
    /// it would let a wide road pass for ever.
    fn queue_up(&mut self, queue: u32) -> Option<u32> {
        let lane = &mut self.queues[at(queue)];
        let head = &self.moving[at(lane.head?)];
        let street = head.wants;
        lane.stamp = match self.demand.turns {
            Turns::Shared => {
                // who stood behind the last one that went there has waited since, also while its own street let that one out
                let stood = lane.has_waited && head.last_us <= lane.left_us;
                let since = if stood { lane.stamp } else { lane.stamp.max(self.running[at(street)].stamp) };
                since + u128::from(lane.turn) * u128::from(head.people)
            }
            Turns::FirstCome => u128::try_from(head.last_us).unwrap_or(0),
        };
        self.waiting[at(street)].push(lane.stamp, queue);
        Some(street)
    }

    /// Plans a look at a street, unless an earlier one is planned.
    fn look_again(&mut self, street: u32, time_us: i64) {
        let planned = &mut self.running[at(street)].look_us;
        if time_us < *planned {
            *planned = time_us;
            self.agenda.push(Event { time_us, subject: u64::from(street) << 1 | 1 });
        }
    }

    /// Lets in who can enter a street now.
    fn serve(&mut self, street: u32, now: i64) {
        while !self.waiting[at(street)].is_empty() {
            let model = &self.demand.streets[at(street)];
            match self.running[at(street)].entry(model, now) {
                Entry::Possible => {}
                Entry::From(time_us) => return self.look_again(street, time_us),
                // with no gap on its way, a vehicle that leaves plans the next look; who wants into a street that never opens again
                // stays where it is
                Entry::Never => return,
            }
            let (let_out_us, turns) = (&self.let_out_us, self.demand.turns);
            let free_us = |lane: &LaneQueue| free_behind(let_out_us, turns, lane.street);
            match self.waiting[at(street)].next(now, &self.queues, free_us) {
                Turn::Now(queue) if self.enter(street, queue, now) => {}
                Turn::Now(_) | Turn::Nobody => return,
                Turn::From(time_us) => return self.look_again(street, time_us),
            }
        }
    }

    /// Lets the head of a waiting queue enter; `false` if it does not get in before the street closes.
    fn enter(&mut self, street: u32, queue: u32, now: i64) -> bool {
        let LaneQueue { street: behind, head: Some(vehicle), stamp, .. } = self.queues[at(queue)] else {
            return false;
        };
        let moving = self.moving[at(vehicle)];
        let (came, last) = (moving.first_us, moving.last_us);
        let running = &mut self.running[at(street)];
        let begin = running.begin_us(came);
        let span = running.service_us(moving.people);
        let (travel_us, is_closable) = (running.travel_us, running.is_node_closable);
        let mut entered = last.max(begin.saturating_add(span));
        // When the street behind has let it out at its own rate: others may leave that street from then on, even while this one still
        // enters a narrower street. A few who turn into a lane would otherwise hold up all who go straight on.
        let (mut out, mut free) = (now, now);
        if let (Turns::Shared, Some(behind)) = (self.demand.turns, behind) {
            let junction = self.junction_us(behind, moving.people);
            let behind_running = &mut self.running[at(behind)];
            behind_running.advance(&self.demand.streets[at(behind)], now);
            let let_out = behind_running.service_us(moving.people);
            let ready = came.max(self.let_out_us[at(behind)]).saturating_add(let_out);
            entered = entered.max(ready);
            out = ready.max(entered - (span - let_out).max(0)).max(now);
            // What a head loses by waiting for its turn, up to one vehicle, the street makes good: a stream loses nothing where it
            // merges into a gap, and neither may vehicles that stand for it.
            free = ready.max(out - let_out.min(span));
            // A junction keeps the next one of this approach waiting, and nobody else meanwhile.
            free += (junction - let_out).max(0);
        }
        let running = &mut self.running[at(street)];
        if !(entered < running.closes_us || span > 0 && entered == running.closes_us) {
            if let Some(opens_us) = running.closes_before(&self.demand.streets[at(street)]) {
                self.look_again(street, opens_us);
            }
            return false;
        }
        self.waiting[at(street)].take();
        let is_endangered = is_closable || behind.is_some_and(|behind| self.running[at(behind)].is_hazardous);
        let overtaken =
            if is_endangered { self.overtaken_by(street, behind, came, last, entered) } else { None };
        // who is overtaken waits no longer
        let waited = (overtaken.unwrap_or(entered) - last).max(0);
        if let (Some(behind), 1..) = (behind, waited) {
            let first = last.max(self.lane_free_us[at(queue)]);
            let first_us = (last + waited - first).max(0);
            let full_us = self.running[at(street)].full_since(first).min(first_us);
            let people = moving.people;
            self.watch.held(Hold { behind, street, people, waited_us: waited, first_us, full_us });
        }
        self.queues[at(queue)].left_us = now;
        self.queues[at(queue)].has_waited = true;
        let place = moving.start + moving.entered;
        let passage = Passage { vehicle, street, place, people: moving.people, span_us: span };
        self.leave(queue, passage, &moving, (out, entered));
        if let Some(behind) = behind {
            self.let_out_us[at(behind)] = free;
        }
        let now_moving = &mut self.moving[at(vehicle)];
        now_moving.wait(waited);
        if let Some(time) = overtaken {
            self.fates[at(vehicle)] = Some(Fate::Overtaken(time, moving.entered));
            return true;
        }
        now_moving.entered += 1;
        now_moving.first_us = begin + travel_us;
        now_moving.last_us = entered + travel_us;
        self.running[at(street)].entered(moving.people, entered, stamp);
        self.moves += 1;
        self.watch.entered(passage, entered);
        match self.itineraries.step(place).queue {
            Some(queue) => {
                now_moving.wants = self.itineraries.step(place + 1).street;
                self.stand_behind(queue, vehicle);
            }
            None => self.arrive(street, vehicle, entered),
        }
        true
    }

    /// Time that the junction at the end of a street takes to let out so many people, µs.
    fn junction_us(&self, street: u32, people: u32) -> i64 {
        if !self.has_junctions {
            return 0;
        }
        Street::time_to_enter_us(self.demand.streets[at(street)].junction_rate, people)
    }

    /// A vehicle will stand in a queue, behind those that are in it.
    fn stand_behind(&mut self, queue: u32, vehicle: u32) {
        let entry = &mut self.queues[at(queue)];
        self.moving[at(vehicle)].number = self.lanes[at(entry.lane)].come();
        match entry.tail.replace(vehicle) {
            Some(tail) => self.moving[at(tail)].behind = Some(vehicle),
            None => {
                entry.head = Some(vehicle);
                // behind a vehicle that is still leaving its lane nobody else can be the first
                self.look_at_head(queue, vehicle, self.lane_free_us[at(queue)]);
            }
        }
    }

    /// The head of a queue, which is there from a time on at the earliest, comes to the end of its street, or stands too far behind others.
    fn look_at_head(&mut self, queue: u32, head: u32, from_us: i64) {
        let Moving { last_us, number, .. } = self.moving[at(head)];
        let entry = &mut self.queues[at(queue)];
        let reaches_us = self.lanes[at(entry.lane)].reaches_us(number);
        entry.is_behind = reaches_us.is_none();
        if let Some(reaches_us) = reaches_us {
            self.agenda.push(head_is_there(last_us.max(from_us).max(reaches_us), queue));
        }
    }

    /// The first of a lane has left: who stood too far behind it may now go on.
    fn move_up(&mut self, lane: u32, out_us: i64) {
        for queue in self.lanes[at(lane)].queues() {
            let entry = &mut self.queues[at(queue)];
            let (true, Some(head)) = (entry.is_behind, entry.head) else { continue };
            // the time behind others is no waiting for its turn
            entry.has_waited = false;
            if self.demand.turns == Turns::Shared {
                self.lane_free_us[at(queue)] = out_us.max(self.lane_free_us[at(queue)]);
            }
            self.look_at_head(queue, head, out_us);
        }
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

    /// Takes the head out of its queue: it has left the street behind at `out_us`, and the last of it is on the next at `entered_us`.
    /// `onto`: that it enters the next.
    fn leave(&mut self, queue: u32, onto: Passage, moving: &Moving, (out_us, entered_us): (i64, i64)) {
        let lane = &mut self.queues[at(queue)];
        lane.head = moving.behind;
        if lane.head.is_none() {
            lane.tail = None;
        }
        let (street, of_lane) = (lane.street, lane.lane);
        self.moving[at(onto.vehicle)].behind = None;
        if let Some(street) = street {
            self.set_free(street, out_us);
            let waited_us = entered_us - moving.last_us;
            self.running[at(street)].waiting += i128::from(moving.people) * i128::from(waited_us);
            // one that stands in a lane of a street has come by it: it is the one before on its path
            self.watch.left(Passage { street, place: onto.place - 1, ..onto }, out_us, waited_us);
        }
        if self.demand.turns == Turns::Shared {
            self.lane_free_us[at(queue)] = out_us;
        }
        let is_first_gone = self.lanes[at(of_lane)].leave(moving.number, out_us);
        if let Some(next) = moving.behind {
            self.look_at_head(queue, next, out_us);
        }
        if is_first_gone {
            self.move_up(of_lane, out_us);
        }
    }

    /// A vehicle has left a street: its space is free once the gap has travelled back.
    fn set_free(&mut self, street: u32, time_us: i64) {
        if let Some(freed_us) = self.running[at(street)].left(time_us)
            && !self.waiting[at(street)].is_empty()
        {
            self.look_again(street, freed_us);
        }
    }

    fn arrive(&mut self, street: u32, vehicle: u32, entered: i64) {
        self.set_free(street, entered);
        if entered < self.demand.end_us {
            self.fates[at(vehicle)] = Some(Fate::Arrived(entered));
        }
    }
}

/// When the street behind can let out the next vehicle, µs; 0 where that does not count.
fn free_behind(let_out_us: &[i64], turns: Turns, behind: Option<u32>) -> i64 {
    match (turns, behind) {
        (Turns::Shared, Some(behind)) => let_out_us[at(behind)],
        _ => 0,
    }
}

/// The head of a queue has come to the end of its street.
fn head_is_there(time_us: i64, queue: u32) -> Event {
    Event { time_us, subject: u64::from(queue) << 1 }
}
