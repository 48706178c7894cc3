//! What has come of it when the time ends, or nobody moves any more.

use super::{Engine, Moving};
use crate::gridlock;
use crate::lanes::LaneQueue;
use crate::running::Running;
use crate::traffic::{Fate, Hold, Journey, Movement, StreetTraffic, Watch};
use clearway_model::number::{compact as number, index as at};

impl<W: Watch> Engine<'_, W> {
    /// What came of it.
    pub fn ended(mut self) -> Movement {
        let mut waits_for = Vec::new();
        for queue in 0..number(self.queues.len()) {
            let LaneQueue { street, head: Some(head), is_behind, .. } = self.queues[at(queue)] else {
                continue;
            };
            let wanted = self.moving[at(head)].wants;
            // who stands behind others of the lane waits for them
            waits_for.extend(street.filter(|_| !is_behind).map(|behind| (behind, wanted)));
            self.leave_standing(queue);
        }
        let is_full: Vec<bool> = self.running.iter().map(Running::is_full_for_ever).collect();
        let last_entry_us = |street: u32| self.running[at(street)].entry_free_us;
        let journey = |(moving, fate): (&Moving, &Option<Fate>)| Journey {
            fate: fate.unwrap_or(Fate::Underway(moving.entered.checked_sub(1))),
            waited_before_road_us: moving.waited_before_road_us,
            waited_on_road_us: moving.waited_on_road_us,
        };
        let traffic = |running: &Running| StreetTraffic {
            vehicles: u64::from(running.vehicles),
            people: running.people,
            waiting: running.waiting,
            ..StreetTraffic::default()
        };
        Movement {
            gridlock: gridlock::rings(&is_full, waits_for, last_entry_us),
            journeys: self.moving.iter().zip(&self.fates).map(journey).collect(),
            moves: self.moves,
            traffic: self.running.iter().map(traffic).collect(),
        }
    }

    /// Adds to the journeys of those in a queue what they have waited by the end, and whether a hazard has come meanwhile; they were held as
    /// those are who get on in the end.
    fn leave_standing(&mut self, queue: u32) {
        let end_us = self.demand.end_us;
        let LaneQueue { street: behind, head, is_behind, .. } = self.queues[at(queue)];
        let mut next = head;
        while let Some(vehicle) = next {
            let Moving { first_us, last_us, entered, wants, people, .. } = self.moving[at(vehicle)];
            let overtaken = self.overtaken_by(wants, behind, first_us, last_us, end_us);
            let until_us = overtaken.unwrap_or(end_us);
            let waited_us = (until_us - last_us).max(0);
            if let (Some(behind), 1..) = (behind, waited_us) {
                let is_first = next == head && !is_behind;
                let from_us = if is_first { last_us.max(self.lane_free_us[at(queue)]) } else { until_us };
                let first_us = (until_us - from_us).max(0);
                let full_us = self.running[at(wants)].full_until(from_us, until_us).min(first_us);
                self.watch.held(Hold { behind, street: wants, people, waited_us, first_us, full_us });
            }
            let moving = &mut self.moving[at(vehicle)];
            moving.wait(waited_us);
            if let Some(time) = overtaken {
                self.fates[at(vehicle)] = Some(Fate::Overtaken(time, entered));
            }
            next = moving.behind;
        }
    }
}
