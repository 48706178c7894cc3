//! A few people in each of several windows, one after the other, leave as one over all of them: many orders of a vehicle or two would all
//! send it at the same moment, when their windows end. Only where the way is free for them at the same rate all the time.

use super::{Departure, Leaving, Metering};
use clearway_model::number::{float, length};

/// Departures of fewer packets are joined, over so many windows at the most, with so many windows from one to the next.
const FEW_PACKETS: i64 = 16;
const LONGEST: i64 = 8;
const LONGEST_GAP: usize = 3;
/// What sums of fractions are off by, people.
const ROUNDING: f64 = 1e-3;

impl Metering<'_> {
    /// Joins departures of the same path, the first with the next ones.
    pub(super) fn join(&mut self) {
        let few = FEW_PACKETS * self.task.packet_people;
        let departures: Vec<Departure> = self.placed.keys().copied().collect();
        // the departure that others are joined to, and the last of these
        let mut open: Option<(Departure, Departure)> = None;
        for on in departures {
            let joined = open.filter(|&(first, before)| {
                let people = |on| self.placed.get(&on).map_or(0, |leaving| leaving.people);
                people(first) < few && people(on) < few && self.are_near(first, before, on)
            });
            open = match joined {
                Some((first, _)) if self.is_joined(first, on) => Some((first, on)),
                _ => Some((on, on)),
            };
        }
    }

    /// Whether a departure may go on others, the first and the last of which are named: by the same path soon after them, all of them ready,
    /// and open all the time between.
    fn are_near(&self, first: Departure, before: Departure, on: Departure) -> bool {
        let path = &self.paths[on.path];
        let Some(&Leaving { span: (from, _), .. }) = self.placed.get(&first) else { return false };
        let window = self.task.window;
        let whole = |number: usize| {
            let begin = length(number) * window;
            let span = (begin, begin + window);
            // what was cut short stays so
            let cut = self.placed.get(&Departure { window: number, ..on }).is_some_and(|l| l.span.1 < span.1);
            path.open[number] == Some(span) && !cut
        };
        before.path == on.path
            && on.window - before.window <= LONGEST_GAP
            && (before.window..=on.window).all(whole)
            && (length(on.window) + 1) * window - from <= LONGEST * window
            && self.network.zones[path.zone].release.end() <= from
    }

    /// Joins a departure to another, if there is room for both together at one rate; whether it is.
    fn is_joined(&mut self, first: Departure, on: Departure) -> bool {
        let (Some(&head), Some(&next)) = (self.placed.get(&first), self.placed.get(&on)) else {
            return false;
        };
        let both = Leaving { people: head.people + next.people, span: (head.span.0, next.span.1) };
        self.use_capacity(first, head, -1.0);
        self.use_capacity(on, next, -1.0);
        let path = &self.paths[on.path];
        let (rate, tight) = self.capacity.rate(&path.stops, both.span, path.tight.get());
        path.tight.set(tight);
        let fits = rate * float(both.span.1 - both.span.0) + ROUNDING >= float(both.people);
        if fits {
            self.use_capacity(first, both, 1.0);
            self.placed.insert(first, both);
            self.placed.remove(&on);
        } else {
            self.use_capacity(first, head, 1.0);
            self.use_capacity(on, next, 1.0);
        }
        fits
    }

    /// Takes the capacity that a departure uses, or gives it back where `times` is -1.
    fn use_capacity(&mut self, on: Departure, leaving: Leaving, times: f64) {
        let rate = times * float(leaving.people) / float(leaving.span.1 - leaving.span.0);
        self.capacity.take(&self.paths[on.path].stops, leaving.span, rate);
    }
}
