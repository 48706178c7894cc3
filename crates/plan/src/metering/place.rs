//! Placing people in windows: as wanted, as early as may be, and the last windows cut short.

use super::{Departure, Leaving, Metering};
use clearway_model::number::{float, floor};
use clearway_network::ZoneIndex;

/// More people than there are: what a site without a capacity holds.
const ANY_NUMBER: i64 = 1 << 61;
/// How many of the last windows are cut short.
const CUTS: usize = 2_000;

impl Metering<'_> {
    /// Takes everybody off.
    pub(super) fn clear(&mut self) {
        for (on, leaving) in std::mem::take(&mut self.placed) {
            let stops = &self.paths[on.path].stops;
            let rate = float(leaving.people) / float(leaving.span.1 - leaving.span.0);
            self.capacity.take(stops, leaving.span, -rate);
        }
        self.sent = self.task.ready.iter().map(|ready| vec![0.0; ready.len()]).collect();
        self.room = self.network.sites.iter().map(|site| site.capacity.unwrap_or(ANY_NUMBER)).collect();
    }

    /// The middle of the arrivals of a departure, ms; `None` where nobody can leave then.
    fn arrival(&self, on: Departure) -> Option<i64> {
        let path = &self.paths[on.path];
        let (from, until) = (*path.open.get(on.window)?)?;
        Some((from + until) / 2 + path.travel)
    }

    /// How many people of a zone may leave more in a part of a window: not before they are ready.
    fn ready(&self, zone: ZoneIndex, window: usize, span: (i64, i64)) -> i64 {
        let (ready, sent) = (&self.task.ready[zone], &self.sent[zone]);
        let first = window.min(ready.len().saturating_sub(1));
        let mut before: f64 = sent[..first].iter().sum();
        let mut least = f64::INFINITY;
        for (&ready, &sent) in ready[first..].iter().zip(&sent[first..]) {
            before += sent;
            least = least.min(float(ready) - before);
        }
        floor(least.max(0.0) / self.haste(zone, window, span) + 1e-6)
    }

    /// How many people in the whole window one counts for who leaves in a part of it: as the part ends sooner, fewer are ready.
    fn haste(&self, zone: ZoneIndex, window: usize, span: (i64, i64)) -> f64 {
        let length = self.task.window;
        let begin = i64::try_from(window).unwrap_or(0) * length;
        if self.network.zones[zone].release.end() <= span.0 || span.1 >= begin + length {
            return 1.0;
        }
        float(length) / float(span.1 - begin)
    }

    /// Places up to `people` in a window of a path; how many there is room for.
    fn place(&mut self, on: Departure, people: i64) -> i64 {
        let path = &self.paths[on.path];
        let (zone, site) = (path.zone, path.site);
        let Some(span) = path.open[on.window] else { return 0 };
        let most = people.min(self.room[site]);
        // what is cut short is as it should be
        if most <= 0 || self.placed.get(&on).is_some_and(|leaving| leaving.span != span) {
            return 0;
        }
        let (rate, tight) = self.capacity.rate(&path.stops, span, path.tight.get());
        path.tight.set(tight);
        let room = (rate * float(span.1 - span.0)).min(float(most));
        if room < 1.0 {
            return 0;
        }
        // a thousandth of a person is what sums of fractions are off by
        let people = floor(room + 1e-3).min(self.ready(zone, on.window, span));
        if people > 0 {
            self.change(on, people, span);
        }
        people
    }

    /// Adds people to a departure, or takes them off.
    fn change(&mut self, on: Departure, people: i64, span: (i64, i64)) {
        let path = &self.paths[on.path];
        self.capacity.take(&path.stops, span, float(people) / float(span.1 - span.0));
        let hasty = float(people) * self.haste(path.zone, on.window, span);
        let sent = &mut self.sent[path.zone];
        let last = sent.len().saturating_sub(1);
        if let Some(now) = sent.get_mut(on.window.min(last)) {
            *now += hasty;
        }
        // by the end of the next window they are what they are
        if let Some(then) = sent.get_mut((on.window + 1).min(last)) {
            *then -= hasty - float(people);
        }
        self.room[path.site] -= people;
        let leaving = self.placed.entry(on).or_insert(Leaving { people: 0, span });
        leaving.people += people;
        if leaving.people == 0 {
            self.placed.remove(&on);
        }
    }

    /// Places people window by window, in the order in which they arrive, as the linear program shares them out; who finds no room in a
    /// window tries the next ones of the path, and then wherever in the zone there is room. Where sites fill up nobody takes a place there
    /// that somebody else needs.
    pub(super) fn place_as_wanted(&mut self) {
        let mut list: Vec<(i64, Departure, i64)> = Vec::new();
        let mut left = self.people.clone();
        let limits = self.quotas();
        let mut quotas = limits.clone().unwrap_or_else(|| vec![ANY_NUMBER; self.paths.len()]);
        for (path, wanted) in self.wanted.chunks_exact(self.windows).enumerate() {
            let (mut sum, mut given) = (0.0, 0);
            for (window, &people) in wanted.iter().enumerate() {
                sum += f64::from(people);
                let upto = floor(sum + 0.5);
                let on = Departure { path, window };
                if let Some(arrival) = self.arrival(on).filter(|_| upto > given) {
                    list.push((arrival, on, upto - given));
                    given = upto;
                }
            }
        }
        list.sort_unstable();
        let mut waiting = vec![0; self.paths.len()];
        for (_, on, wanted) in list {
            let zone = self.paths[on.path].zone;
            waiting[on.path] += wanted;
            let placed = self.place(on, waiting[on.path].min(left[zone]).min(quotas[on.path]));
            waiting[on.path] -= placed;
            left[zone] -= placed;
            quotas[on.path] -= placed;
        }
        if limits.is_some() {
            for path in (0..self.paths.len()).filter(|&path| quotas[path] > 0) {
                let found = self.place_early_by(&[path], quotas[path], i64::MAX);
                left[self.paths[path].zone] -= found.iter().map(|found| found.1).sum::<i64>();
            }
        }
        let zones: Vec<ZoneIndex> = left.keys().filter(|&zone| left[zone] > 0).collect();
        for zone in zones {
            self.place_early(zone, left[zone], i64::MAX);
        }
    }

    /// Places people of a zone where they arrive earliest, in departures whose arrivals are before `limit`, ms. Which ones, and how many.
    fn place_early(&mut self, zone: ZoneIndex, people: i64, limit: i64) -> Vec<(Departure, i64)> {
        let paths = self.of_zone[zone].clone();
        self.place_early_by(&paths, people, limit)
    }

    /// The same by some paths of a zone.
    fn place_early_by(&mut self, paths: &[usize], people: i64, limit: i64) -> Vec<(Departure, i64)> {
        let mut rest = people;
        let mut found = Vec::new();
        let mut next: Vec<Departure> = paths.iter().map(|&path| Departure { path, window: 0 }).collect();
        while rest > 0 {
            // a window in which nobody can leave is passed over at once
            let at = (0..next.len()).min_by_key(|&at| (self.arrival(next[at]), at));
            let Some(at) = at else { break };
            let on = next[at];
            if on.window >= self.windows {
                next.swap_remove(at);
                continue;
            }
            next[at].window += 1;
            match self.arrival(on) {
                None => continue,
                Some(arrival) if arrival >= limit => {
                    next.swap_remove(at);
                    continue;
                }
                Some(_) => {}
            }
            let placed = self.place(on, rest);
            if placed > 0 {
                rest -= placed;
                found.push((on, placed));
            }
        }
        found
    }

    /// Takes every departure off once, the earliest arrivals first, and places its people again where they arrive earliest. Whether
    /// anybody arrives earlier for it.
    pub(super) fn sweep(&mut self) -> bool {
        let mut list: Vec<(Option<i64>, Departure)> =
            self.placed.keys().map(|&on| (self.arrival(on), on)).collect();
        list.sort_unstable();
        let mut gain = 0;
        for (arrival, on) in list {
            let (Some(&Leaving { people, span }), Some(arrival)) = (self.placed.get(&on), arrival) else {
                continue;
            };
            let zone = self.paths[on.path].zone;
            self.change(on, -people, span);
            let found = self.place_early(zone, people, arrival);
            let rest = people - found.iter().map(|f| f.1).sum::<i64>();
            let back = self.place(on, rest);
            if back < rest {
                for &(on, people) in &found {
                    let Some(span) = self.paths[on.path].open[on.window] else { continue };
                    self.change(on, -people, span);
                }
                self.change(on, people - back, span);
                continue;
            }
            let earlier = |&(on, people): &(Departure, i64)| {
                self.arrival(on).map_or(0, |then| (arrival - then) * people)
            };
            gain += found.iter().map(earlier).sum::<i64>();
        }
        gain > 0
    }

    /// Cuts the last windows short, the latest arrivals first, as long as the last of all arrives earlier for it: a window is there for
    /// the calendar, and nobody is to arrive later for it. Where a window cannot be cut its people go earlier, if there is room.
    pub(super) fn cut_last(&mut self) {
        let unit = self.unit;
        let mut ends: std::collections::BTreeSet<(i64, Departure)> = self
            .placed
            .iter()
            .map(|(&on, leaving)| (leaving.span.1 + self.paths[on.path].travel, on))
            .collect();
        for _ in 0..CUTS {
            let Some((_, on)) = ends.pop_last() else { return };
            let Some(&Leaving { people, span }) = self.placed.get(&on) else { continue };
            let zone = self.paths[on.path].zone;
            // before all are ready a shorter window would send people before they are
            if self.network.zones[zone].release.end() > span.0 {
                return;
            }
            self.change(on, -people, span);
            let path = &self.paths[on.path];
            let fits = |until: i64| {
                let (rate, _) = self.capacity.rate(&path.stops, (span.0, until), path.tight.get());
                rate * float(until - span.0) >= float(people)
            };
            let shorter =
                (1..).map(|by| span.0 + by * unit).take_while(|&until| until < span.1).find(|u| fits(*u));
            if let Some(until) = shorter {
                self.change(on, people, (span.0, until));
                continue;
            }
            let travel = path.travel;
            let found = self.place_early(zone, people, span.0 + travel);
            let moved: i64 = found.iter().map(|f| f.1).sum();
            if moved < people {
                for (on, people) in found {
                    let Some(span) = self.paths[on.path].open[on.window] else { continue };
                    self.change(on, -people, span);
                }
                self.change(on, people, span);
                return;
            }
            for (on, _) in found {
                if let Some(leaving) = self.placed.get(&on) {
                    ends.insert((leaving.span.1 + self.paths[on.path].travel, on));
                }
            }
        }
    }

    /// People who found no place.
    pub fn unplaced(&self) -> i64 {
        let placed: i64 = self.placed.values().map(|leaving| leaving.people).sum();
        self.people.iter().sum::<i64>() - placed
    }
}
