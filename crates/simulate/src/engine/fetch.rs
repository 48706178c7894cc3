//! Memory ahead of time.

use super::Engine;
use crate::agenda::COMING;
use crate::traffic::Watch;
use clearway_model::number::{compact as number, index as at};

impl<W: Watch> Engine<'_, W> {
    /// Has the processor fetch what the next events will need. Each needs a few places of memory, one after the other, that lie anywhere;
    /// asked for one event at a time that is most of the run. Here the first place is read for several events, then the second, so
    /// that they come together. Nothing follows from what is read.
    pub(super) fn fetch_ahead(&mut self) {
        let mut heads = [None; COMING];
        let mut streets = [None; COMING];
        let mut behind = [None; COMING];
        for (at_place, subject) in self.agenda.coming().enumerate() {
            let index = number(usize::try_from(subject >> 1).unwrap_or(usize::MAX));
            if subject & 1 == 0 {
                let lane = &self.queues[at(index)];
                (heads[at_place], behind[at_place]) = (lane.head, lane.street);
            } else {
                streets[at_place] = Some(index);
            }
        }
        let mut touched = 0;
        let mut others = [None; COMING];
        let mut queues = [None; 2 * COMING];
        for (at_place, &head) in heads.iter().enumerate() {
            let Some(head) = head else { continue };
            let head = &self.moving[at(head)];
            streets[at_place] = Some(head.wants);
            others[at_place] = head.behind;
            queues[at_place] = self.itineraries.step(head.start + head.entered).queue;
        }
        for (at_place, (&street, &behind)) in streets.iter().zip(&behind).enumerate() {
            if let Some(street) = street {
                touched ^= self.running[at(street)].touch();
                queues[COMING + at_place] = self.waiting[at(street)].likely();
            }
            if let Some(behind) = behind {
                touched ^= self.running[at(behind)].touch();
            }
        }
        for (at_place, &queue) in queues.iter().enumerate() {
            let Some(queue) = queue else { continue };
            let lane = &self.queues[at(queue)];
            let vehicle = if at_place < COMING { lane.tail } else { lane.head };
            touched ^= vehicle.map_or(0, |vehicle| self.moving[at(vehicle)].last_us);
        }
        for &vehicle in others.iter().flatten() {
            touched ^= self.moving[at(vehicle)].last_us;
        }
        std::hint::black_box(touched);
    }
}
