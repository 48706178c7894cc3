//! A street while traffic runs: when it can take the next vehicle, and what happened on it.

use crate::streets::Street;
use clearway_model::number::index;
use std::collections::VecDeque;
use std::num::NonZeroU64;

/// Of a time: not at all. No planning horizon reaches so far.
pub const NEVER_US: i64 = i64::MAX;

/// A street while traffic runs, with what of its model is looked at for each vehicle. A large town has more of them than a processor's
/// cache holds, and waiting for memory is most of the work: so what is needed together stands together, one line of the cache each
/// for looking at a street, for entering it and for leaving it.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub struct Running {
    /// When the last vehicle has entered, µs.
    pub entry_free_us: i64,
    /// The next look at it that is planned, µs, or [`NEVER_US`].
    pub look_us: i64,
    /// When the open interval begins that is now or comes next, µs; [`NEVER_US`]: it never opens again.
    opens_us: i64,
    /// When that interval ends, µs.
    pub closes_us: i64,
    /// When there was room again after it had been full, µs.
    room_since_us: i64,
    /// When the first space becomes free again, µs, or [`NEVER_US`].
    next_freed_us: i64,
    /// Vehicles whose space is not free yet: on the street, or gone with the gap still travelling.
    occupied: u32,
    /// How many vehicles it holds; where room does not count, more than there are.
    room: u32,
    /// Number of the open interval.
    interval: u32,
    has_room: bool,
    /// Whether the node where it begins is ever closed to presence.
    pub is_node_closable: bool,
    /// Whether a hazard ever overtakes who is on it.
    pub is_hazardous: bool,

    /// Stamp of the last vehicle that entered.
    pub stamp: u128,
    /// Thousandths of a person per hour; `None`: any number.
    rate: Option<NonZeroU64>,
    /// Free-flow travel time, µs.
    pub travel_us: i64,
    /// The time to enter that was last computed, µs, and for how many people.
    service_us: i64,
    service_people: u32,
    /// Vehicles that entered.
    pub vehicles: u32,
    /// People who entered.
    pub people: i64,
    /// How long a gap travels back, µs.
    wave_us: i64,

    /// Waiting at its end, people x µs, of those who have left it.
    pub waiting: i128,
    /// When the spaces of vehicles that are gone become free, ascending, µs.
    freed_us: VecDeque<i64>,
}

/// Whether a street can take a vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Now.
    Possible,
    /// From this time on, µs, unless something else keeps it.
    From(i64),
    /// Not unless somebody leaves it first; or never again.
    Never,
}

/// What lets through nobody is as slow as what lets through a thousandth of a person per hour.
fn at_least_one(rate: u64) -> NonZeroU64 {
    NonZeroU64::new(rate).unwrap_or(NonZeroU64::MIN)
}

impl Running {
    /// An empty street.
    pub fn new(model: &Street) -> Self {
        let mut running = Self {
            entry_free_us: 0,
            look_us: NEVER_US,
            opens_us: 0,
            closes_us: 0,
            room_since_us: 0,
            next_freed_us: NEVER_US,
            occupied: 0,
            room: model.storage.map_or(u32::MAX, |storage| storage.vehicles),
            interval: 0,
            has_room: model.storage.is_some(),
            is_node_closable: !model.node_closed_us.is_empty(),
            is_hazardous: !model.hazards_us.is_empty(),
            stamp: 0,
            rate: model.rate.map(at_least_one),
            travel_us: model.travel_us,
            service_us: 0,
            service_people: 0,
            vehicles: 0,
            wave_us: model.storage.map_or(0, |storage| storage.wave_us),
            people: 0,
            waiting: 0,
            freed_us: VecDeque::new(),
        };
        running.take_interval(model);
        running
    }

    /// Takes over when the interval of its number begins and ends.
    fn take_interval(&mut self, model: &Street) {
        let number = index(self.interval);
        let interval = model.open_us.get(number).copied();
        (self.opens_us, self.closes_us) = interval.unwrap_or((NEVER_US, NEVER_US));
        if let Some(&rate) = model.rates.get(number) {
            self.rate = rate.map(at_least_one);
            self.service_people = 0;
            self.service_us = 0;
        }
    }

    /// Goes on to the open interval that is now or comes next.
    pub fn advance(&mut self, model: &Street, now: i64) {
        while self.closes_us <= now {
            self.interval += 1;
            self.take_interval(model);
        }
    }

    /// Whether it can take a vehicle.
    pub fn entry(&mut self, model: &Street, now: i64) -> Entry {
        // where nothing limits how many enter, nobody waits for the one before
        if self.rate.is_some() && self.entry_free_us > now {
            return Entry::From(self.entry_free_us);
        }
        self.advance(model, now);
        if self.opens_us > now {
            return if self.opens_us == NEVER_US { Entry::Never } else { Entry::From(self.opens_us) };
        }
        while self.next_freed_us <= now {
            if self.occupied >= self.room {
                self.room_since_us = self.next_freed_us;
            }
            self.occupied -= 1;
            self.freed_us.pop_front();
            self.next_freed_us = self.freed_us.front().copied().unwrap_or(NEVER_US);
        }
        match (self.occupied < self.room, self.next_freed_us) {
            (true, _) => Entry::Possible,
            (false, NEVER_US) => Entry::Never,
            (false, freed) => Entry::From(freed),
        }
    }

    /// When the first person enters of a vehicle that has come at `came`, µs.
    pub fn begin_us(&self, came: i64) -> i64 {
        let mut begin = came.max(self.opens_us);
        if self.rate.is_some() {
            begin = begin.max(self.entry_free_us);
        }
        if self.has_room {
            begin = begin.max(self.room_since_us);
        }
        begin
    }

    /// How long it was full after a time, as far as it is known: until there was room again, µs.
    pub fn full_since(&self, time_us: i64) -> i64 {
        if self.has_room { (self.room_since_us - time_us).max(0) } else { 0 }
    }

    /// The same of who has waited until a time and was not let in, µs.
    pub fn full_until(&self, time_us: i64, until_us: i64) -> i64 {
        if self.occupied >= self.room {
            return (self.next_freed_us.min(until_us) - time_us).max(0);
        }
        self.full_since(time_us)
    }

    /// As [`Street::service_us`]. Most vehicles of a town hold the same number of people, and a division takes long.
    pub fn service_us(&mut self, people: u32) -> i64 {
        if self.service_people != people {
            self.service_people = people;
            self.service_us = Street::time_to_enter_us(self.rate.map(NonZeroU64::get), people);
        }
        self.service_us
    }

    /// It closes before the vehicle whose turn it is gets in: when it opens again, µs; `None`: never.
    pub fn closes_before(&mut self, model: &Street) -> Option<i64> {
        self.interval += 1;
        self.take_interval(model);
        (self.opens_us < NEVER_US).then_some(self.opens_us)
    }

    /// A vehicle with so many people has entered at `time_us`, with its stamp.
    pub fn entered(&mut self, people: u32, time_us: i64, stamp: u128) {
        self.entry_free_us = time_us;
        self.stamp = stamp;
        self.occupied += 1;
        self.vehicles += 1;
        self.people += i64::from(people);
    }

    /// A vehicle has left at `time_us`: when its space is free, µs; `None`: room does not count.
    pub fn left(&mut self, time_us: i64) -> Option<i64> {
        if !self.has_room {
            return None;
        }
        let freed = time_us + self.wave_us;
        self.freed_us.push_back(freed);
        self.next_freed_us = self.next_freed_us.min(freed);
        Some(freed)
    }

    /// Touches what is looked at when it is this street's turn, see [`crate::engine`].
    pub fn touch(&self) -> i64 {
        self.entry_free_us ^ self.travel_us ^ self.freed_us.front().copied().unwrap_or(0)
    }

    /// Whether it is full and no gap is on its way.
    pub fn is_full_for_ever(&self) -> bool {
        self.occupied >= self.room && self.freed_us.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_is_three_lines_of_a_cache() {
        assert_eq!(size_of::<Running>(), 192);
        assert_eq!(std::mem::offset_of!(Running, stamp), 64);
        assert_eq!(std::mem::offset_of!(Running, waiting), 128);
    }
}
