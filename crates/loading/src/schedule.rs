//! Departures: who may leave when, at constant rates over windows of a round length.

use clearway_flow::ReleaseCurve;
use clearway_model::number::{float, floor};

/// A share of some people leaving at a constant rate over a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DepartureWindow {
    /// When the first of them leave, ms.
    pub from: i64,
    /// When the last of them have left (excluded), ms.
    pub until: i64,
    /// Share of the people.
    pub share: f64,
}

/// Departures in ascending order whose shares sum to 1.
pub type Schedule = Vec<DepartureWindow>;

/// Whole people leaving at a constant rate over a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeopleWindow {
    /// When the first of them leave, ms.
    pub from: i64,
    /// When the last of them have left (excluded), ms.
    pub until: i64,
    /// How many they are.
    pub people: i64,
}

/// End of a departure window that begins at `from`, where nobody who leaves after `end` can arrive: a window that is cut
/// short ends half way to it, so that there is time for queues.
pub fn window_end(from: i64, window: i64, end: i64) -> i64 {
    if from + window <= end { from + window } else { (from + (end - from) / 2).max(from + 1) }
}

/// The earliest departures that windows of `window` ms allow: in each window the largest constant rate at which nobody
/// leaves before being ready. Windows begin at multiples of `window`; nobody leaves after `end`, ms, the horizon or
/// when the last way out closes.
pub fn earliest_schedule(release: &ReleaseCurve, window: i64, end: i64) -> Schedule {
    let mut schedule = Schedule::new();
    let mut sent = 0.0;
    let mut from = 0;
    while sent < 1.0 - 1e-12 && from < end {
        let until = window_end(from, window, end);
        // The line from (from, sent) must stay below the curve: its slope is the least over the curve's corners.
        let mut slope = (release.share_before(until) - sent) / float(until - from);
        for &(time, share) in release.points().iter().filter(|p| p.0 > from && p.0 <= until) {
            let corner = release.share_before(time).min(share);
            slope = slope.min((corner - sent) / float(time - from));
        }
        let share = (slope * float(until - from)).max(0.0).min(1.0 - sent);
        if share > 1e-12 {
            schedule.push(DepartureWindow { from, until, share });
            sent += share;
        }
        from += window;
    }
    if let Some(last) = schedule.last_mut() {
        last.share += (1.0 - sent).clamp(0.0, 1e-9);
    }
    schedule
}

/// A schedule cut into consecutive windows with about the cumulative shares given, each with shares that sum to 1 and with its
/// share of the whole. Windows stay whole, so that there may be fewer slices than asked for.
pub fn slices(schedule: &[DepartureWindow], shares: &[f64]) -> Vec<(Schedule, f64)> {
    let total: f64 = schedule.iter().map(|d| d.share).sum();
    let mut sliced: Vec<(Schedule, f64)> = Vec::new();
    let mut sent = 0.0;
    let mut slice: Schedule = Vec::new();
    let mut next = 0;
    for (index, &departure) in schedule.iter().enumerate() {
        slice.push(departure);
        sent += departure.share / total;
        // To the nearest window: the slice ends here if the next window would take it farther past its share.
        let ahead = schedule.get(index + 1).map_or(0.0, |d| d.share / total / 2.0);
        if index + 1 == schedule.len() || next + 1 < shares.len() && sent + ahead >= shares[next] {
            let part: f64 = slice.iter().map(|d| d.share).sum();
            for departure in &mut slice {
                departure.share /= part;
            }
            sliced.push((std::mem::take(&mut slice), part / total));
            while next + 1 < shares.len() && sent + ahead >= shares[next] {
                next += 1;
            }
        }
    }
    sliced
}

/// Splits whole people over a schedule: cumulative shares rounded down, so that nobody is sent early.
pub fn whole_people(schedule: &[DepartureWindow], people: i64) -> Vec<PeopleWindow> {
    let mut sent = 0;
    let mut share = 0.0;
    let total: f64 = schedule.iter().map(|d| d.share).sum();
    let mut whole = Vec::new();
    for (index, departure) in schedule.iter().enumerate() {
        share += departure.share;
        let upto =
            if index + 1 == schedule.len() { people } else { floor((share / total * float(people)) + 1e-9) };
        if upto > sent {
            whole.push(PeopleWindow { from: departure.from, until: departure.until, people: upto - sent });
            sent = upto;
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_ready_at_once_leaves_in_the_first_window() {
        let schedule = earliest_schedule(&ReleaseCurve::at_once(), 900_000, 3_600_000);
        assert_eq!(schedule, vec![DepartureWindow { from: 0, until: 900_000, share: 1.0 }]);
    }

    #[test]
    fn slices_keep_windows_whole_and_all_people() {
        let one = |k: i64, share| DepartureWindow { from: k * 10, until: k * 10 + 10, share };
        let schedule: Schedule = (0..10).map(|k| one(k, 0.08)).collect();
        let cut = slices(&schedule, &[0.1, 0.5, 1.0]);
        assert_eq!(cut.iter().map(|s| s.0.len()).collect::<Vec<_>>(), [1, 4, 5]);
        assert!((cut.iter().map(|s| s.1).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(cut.iter().all(|s| (s.0.iter().map(|d| d.share).sum::<f64>() - 1.0).abs() < 1e-12));
        assert_eq!(slices(&[one(0, 1.0)], &[0.1, 0.5, 1.0]).len(), 1);
    }

    #[test]
    fn nobody_leaves_before_being_ready() {
        let curve = ReleaseCurve::new(vec![(0, 0.0), (1_000_000, 0.1), (3_000_000, 0.9), (3_000_000, 1.0)]);
        let schedule = earliest_schedule(&curve, 900_000, 10_000_000);
        let mut sent = 0.0;
        for departure in &schedule {
            for step in 1..=90 {
                let t = departure.from + (departure.until - departure.from) * step / 90;
                let at = sent + departure.share * float(step) / 90.0;
                assert!(at <= curve.share_before(t).max(curve.share(t - 1)) + 1e-9, "{t} {at}");
            }
            sent += departure.share;
        }
        assert!((sent - 1.0).abs() < 1e-9);
        let whole = whole_people(&schedule, 1001);
        assert_eq!(whole.iter().map(|w| w.people).sum::<i64>(), 1001);
    }
}
