//! The people on one link as a function of time, and its integral above a room.

use super::NONE_OVER;
use clearway_model::number::float;

/// A packet on a link: who enters it between `enters` and `entered` and goes on between `leaves` and `left`, each evenly, µs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stay {
    pub people: u32,
    pub enters: i64,
    pub entered: i64,
    pub leaves: i64,
    pub left: i64,
}

/// People who come (more than 0) or make room (less than 0) evenly over a stretch of time, all at once where its ends are one, µs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Change {
    from: i64,
    until: i64,
    people: i64,
}

impl Change {
    /// How much of it has happened strictly within it, at a time, people.
    fn until(&self, time_us: i64) -> f64 {
        float(self.people) * float(time_us - self.from) / float(self.until - self.from)
    }
}

/// The people on a link, as all changes in the order in which they begin.
pub(super) struct Crowd {
    changes: Vec<Change>,
}

impl Crowd {
    /// Of stays on a link on which a freed space is of use after `wave_us`, up to a horizon.
    pub fn new(stays: Vec<Stay>, wave_us: i64, horizon_us: i64) -> Self {
        let mut changes = Vec::with_capacity(2 * stays.len());
        for stay in stays {
            let people = i64::from(stay.people);
            changes.push(Change { from: stay.enters, until: stay.entered, people });
            changes.push(Change { from: stay.leaves + wave_us, until: stay.left + wave_us, people: -people });
        }
        changes.retain(|change| change.from <= horizon_us);
        changes.sort_unstable();
        Self { changes }
    }
}

/// What is over a room.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Overfull {
    /// Integral of the people over the room, people x µs.
    pub person_us: f64,
    /// Most people at any one time.
    pub most_people: f64,
    /// When there are first more than fit, µs.
    pub from_us: f64,
    /// When there are more than fit for the last time, µs.
    pub until_us: f64,
}

/// The sweep over one link.
struct Sweep {
    fit: f64,
    over: Overfull,
    is_over: bool,
}

impl Sweep {
    /// The people go evenly from `before` to `after` between two moments, µs.
    fn piece(&mut self, (from_us, before): (i64, f64), (until_us, after): (i64, f64)) {
        self.over.most_people = self.over.most_people.max(before).max(after);
        // what is over the room at the two ends, above what counts as none
        let (first, last) = (before - self.fit - NONE_OVER, after - self.fit - NONE_OVER);
        if first <= 0.0 && last <= 0.0 {
            return;
        }
        let (from, until) = (float(from_us), float(until_us));
        let crossing = || from + (until - from) * (first / (first - last));
        let begin = if first > 0.0 { from } else { crossing() };
        let end = if last > 0.0 { until } else { crossing() };
        let (at_begin, at_end) = (first.max(0.0) + NONE_OVER, last.max(0.0) + NONE_OVER);
        self.over.person_us += (at_begin + at_end) / 2.0 * (end - begin);
        if !self.is_over {
            self.over.from_us = begin;
        }
        self.is_over = true;
        self.over.until_us = end;
    }
}

/// What is over room for `fit` people within the horizon; `None` where nothing is.
pub(super) fn overfull(crowd: Crowd, fit: f64, horizon_us: i64) -> Option<Overfull> {
    let over = Overfull { person_us: 0.0, most_people: 0.0, from_us: 0.0, until_us: 0.0 };
    let mut sweep = Sweep { fit, over, is_over: false };
    let mut changes = crowd.changes.into_iter().peekable();
    // changes that have begun and are not over, in the order in which they began; there are as many at a time as elements meet
    // at the ends of the link, so that the sum is formed anew for each piece and no error adds up
    let mut under_way: Vec<Change> = Vec::new();
    let mut whole: i64 = 0;
    let amount = |whole: i64, under_way: &[Change], time_us: i64| {
        float(whole) + under_way.iter().map(|change| change.until(time_us)).sum::<f64>()
    };
    let mut now = 0;
    loop {
        while let Some(change) = changes.next_if(|change| change.from <= now) {
            under_way.push(change);
        }
        under_way.retain(|change| {
            let is_over = change.until <= now;
            whole += if is_over { change.people } else { 0 };
            !is_over
        });
        if now >= horizon_us {
            break;
        }
        let ends = under_way.iter().map(|change| change.until);
        let next = ends.chain(changes.peek().map(|change| change.from)).min().unwrap_or(horizon_us);
        let next = next.min(horizon_us);
        sweep.piece((now, amount(whole, &under_way, now)), (next, amount(whole, &under_way, next)));
        now = next;
    }
    // those who come at once in the last moment
    let last = amount(whole, &under_way, now);
    sweep.piece((now, last), (now, last));
    sweep.is_over.then_some(sweep.over)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stay(people: u32, enters: i64, entered: i64, leaves: i64, left: i64) -> Stay {
        Stay { people, enters, entered, leaves, left }
    }

    /// 10 people enter evenly from 0 to 10 and go on from 20 to 30; a gap takes 5. So there are t until 10, 10 until 25, 35 - t after.
    /// Over 4 for 31 - 4 = 27, with the two slopes of 6 each: 6 x 15 + 2 x 18 = 126.
    #[test]
    fn the_integral_of_a_trapezium() {
        let crowd = Crowd::new(vec![stay(10, 0, 10, 20, 30)], 5, 100);
        let over = overfull(crowd, 4.0, 100).unwrap();
        assert!((over.person_us - 126.0).abs() < 1e-4, "{over:?}");
        assert_eq!(over.most_people, 10.0);
        assert!((over.from_us - 4.0).abs() < 1e-5 && (over.until_us - 31.0).abs() < 1e-5, "{over:?}");
    }

    /// 7 people are there at once at 3 and go on at once at 8.
    #[test]
    fn a_crowd_at_once_is_a_rectangle() {
        let over = overfull(Crowd::new(vec![stay(7, 3, 3, 8, 8)], 0, 100), 5.0, 100).unwrap();
        assert_eq!(over.person_us, 10.0);
        assert_eq!((over.from_us, over.until_us), (3.0, 8.0));
    }

    /// One packet takes the place of another at the very same rate: never more than 10.
    #[test]
    fn who_takes_the_place_of_another_is_not_over() {
        let stays = vec![stay(10, 0, 10, 10, 20), stay(10, 10, 20, 20, 30)];
        assert_eq!(overfull(Crowd::new(stays, 0, 100), 10.0, 100), None);
    }

    /// Those who stay when the horizon has ended count until then.
    #[test]
    fn the_horizon_ends_it() {
        let crowd = Crowd::new(vec![stay(3, 90, 90, 120, 130)], 10, 100);
        let over = overfull(crowd, 1.0, 100).unwrap();
        assert_eq!((over.person_us, over.until_us), (20.0, 100.0));
    }
}
