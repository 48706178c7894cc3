//! A street while traffic runs: when it can take the next vehicle.

use crate::storage::Storage;
use crate::streets::Street;
use std::collections::VecDeque;

/// A street while traffic runs, with what of its model is looked at for each vehicle.
#[derive(Debug, Clone)]
pub struct Running {
    /// When the last vehicle has entered, µs.
    pub entry_free_us: i64,
    /// The next look at it that is planned, µs.
    pub look_us: Option<i64>,
    /// Stamp of the last vehicle that entered.
    pub stamp: u128,
    /// The open interval that is now or comes next: when it begins and ends, µs.
    opens_us: i64,
    pub closes_us: i64,
    /// Its number.
    interval: u32,
    /// Vehicles whose space is not free yet: on the street, or gone with the gap still travelling.
    occupied: u32,
    storage: Option<Storage>,
    /// When there was room again after it had been full, µs.
    room_since_us: i64,
    /// When the spaces of vehicles that are gone become free, ascending, µs.
    freed_us: VecDeque<i64>,
    /// Free-flow travel time, µs.
    pub travel_us: i64,
    rate: Option<u64>,
    /// For how many people the time to enter was last computed, and that time, µs.
    service: (u32, i64),
    /// Whether the node where it begins is ever closed to presence.
    pub is_node_closable: bool,
    /// Whether a hazard ever overtakes who is on it.
    pub is_hazardous: bool,
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

impl Running {
    /// An empty street.
    pub fn new(model: &Street) -> Self {
        let mut running = Self {
            entry_free_us: 0,
            look_us: None,
            stamp: 0,
            opens_us: 0,
            closes_us: 0,
            interval: 0,
            occupied: 0,
            storage: model.storage,
            room_since_us: 0,
            freed_us: VecDeque::new(),
            travel_us: model.travel_us,
            rate: model.rate,
            service: (0, 0),
            is_node_closable: !model.node_closed_us.is_empty(),
            is_hazardous: !model.hazards_us.is_empty(),
        };
        running.take_interval(model);
        running
    }

    /// Takes over when the interval of its number begins and ends; a street that never opens again opens at the end of time.
    fn take_interval(&mut self, model: &Street) {
        let interval = usize::try_from(self.interval).ok().and_then(|at| model.open_us.get(at)).copied();
        (self.opens_us, self.closes_us) = interval.unwrap_or((i64::MAX, i64::MAX));
    }

    /// Whether it can take a vehicle.
    pub fn entry(&mut self, model: &Street, now: i64) -> Entry {
        if self.entry_free_us > now {
            return Entry::From(self.entry_free_us);
        }
        while self.closes_us <= now {
            self.interval += 1;
            self.take_interval(model);
        }
        if self.opens_us > now {
            return if self.opens_us == i64::MAX { Entry::Never } else { Entry::From(self.opens_us) };
        }
        let Some(storage) = self.storage else { return Entry::Possible };
        while let Some(&freed) = self.freed_us.front().filter(|&&freed| freed <= now) {
            self.freed_us.pop_front();
            if self.occupied >= storage.vehicles {
                self.room_since_us = freed;
            }
            self.occupied -= 1;
        }
        if self.occupied < storage.vehicles {
            return Entry::Possible;
        }
        self.freed_us.front().map_or(Entry::Never, |&freed| Entry::From(freed))
    }

    /// When the first person enters of a vehicle that has come at `came`, µs.
    pub fn begin_us(&self, came: i64) -> i64 {
        let mut begin = came.max(self.opens_us);
        if self.rate.is_some() {
            begin = begin.max(self.entry_free_us);
        }
        if self.storage.is_some() {
            begin = begin.max(self.room_since_us);
        }
        begin
    }

    /// As [`Street::service_us`]. Most vehicles of a town hold the same number of people, and a division takes long.
    pub fn service_us(&mut self, people: u32) -> i64 {
        if self.service.0 != people {
            self.service = (people, Street::time_to_enter_us(self.rate, people));
        }
        self.service.1
    }

    /// It closes before the vehicle whose turn it is gets in: when it opens again, µs; `None`: never.
    pub fn closes_before(&mut self, model: &Street) -> Option<i64> {
        self.interval += 1;
        self.take_interval(model);
        (self.opens_us < i64::MAX).then_some(self.opens_us)
    }

    /// A vehicle has entered at `time_us`, with its stamp.
    pub fn entered(&mut self, time_us: i64, stamp: u128) {
        self.entry_free_us = time_us;
        self.stamp = stamp;
        self.occupied += 1;
    }

    /// A vehicle has left at `time_us`: when its space is free, µs; `None`: room does not count.
    pub fn left(&mut self, time_us: i64) -> Option<i64> {
        let freed = time_us + self.storage?.wave_us;
        self.freed_us.push_back(freed);
        Some(freed)
    }

    /// Whether it is full and no gap is on its way.
    pub fn is_full_for_ever(&self) -> bool {
        self.storage.is_some_and(|storage| self.occupied >= storage.vehicles) && self.freed_us.is_empty()
    }
}
