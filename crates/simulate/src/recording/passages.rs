//! Who passes which link in which hour, by path.

use super::Note;
use clearway_model::number::{compact, index as at};
use std::collections::BTreeMap;

/// An hour, µs.
const HOUR_US: i64 = 3_600_000_000;
/// Places that are counted together: those who pass one in an hour mostly pass the next as well.
const PAGE: u32 = 32;
/// No page.
const NONE: u32 = u32::MAX;

/// Vehicles and people who entered a link in an hour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HourOnLink {
    /// Vehicles.
    pub vehicles: u64,
    /// People in them.
    pub people: u64,
}

impl HourOnLink {
    fn add(&mut self, other: Self) {
        self.vehicles += other.vehicles;
        self.people += other.people;
    }
}

/// Counts as they are kept.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    vehicles: u32,
    people: u32,
}

/// Counts who passes.
pub(super) struct PassageRecorder {
    end_us: i64,
    pages: u32,
    /// Per hour, the number of each page, as far as anybody has passed there.
    hours: Vec<Vec<u32>>,
    counted: Vec<Counted>,
    first: Vec<u32>,
    streets: Vec<u32>,
}

impl PassageRecorder {
    pub fn new(paths: &[Vec<u32>], end_us: i64) -> Self {
        let mut first = Vec::with_capacity(paths.len());
        let mut streets = Vec::new();
        for path in paths {
            first.push(compact(streets.len()));
            streets.extend_from_slice(path);
        }
        let pages = compact(streets.len()).div_ceil(PAGE);
        Self { end_us, pages, hours: Vec::new(), counted: Vec::new(), first, streets }
    }

    pub fn entered(&mut self, note: &Note) {
        if note.time_us >= self.end_us {
            return;
        }
        let hour = usize::try_from(note.time_us.max(0) / HOUR_US).unwrap_or(0);
        while self.hours.len() <= hour {
            self.hours.push(vec![NONE; at(self.pages)]);
        }
        let page = &mut self.hours[hour][at(note.place / PAGE)];
        if *page == NONE {
            *page = compact(self.counted.len()) / PAGE;
            self.counted.extend([Counted::default(); PAGE as usize]);
        }
        let counted = &mut self.counted[at(*page * PAGE + note.place % PAGE)];
        counted.vehicles += 1;
        counted.people += note.people;
    }

    pub fn recorded(self) -> Passages {
        Passages { hours: self.hours, counted: self.counted, first: self.first, streets: self.streets }
    }
}

/// Who passed which street, by hour and path.
#[derive(Debug, Clone)]
pub struct Passages {
    hours: Vec<Vec<u32>>,
    counted: Vec<Counted>,
    first: Vec<u32>,
    streets: Vec<u32>,
}

impl Passages {
    /// All that was counted: hour, path, street, how many. By hour, then by path and place on it.
    pub fn each(&self) -> impl Iterator<Item = (usize, u32, u32, HourOnLink)> {
        self.hours.iter().enumerate().flat_map(move |(hour, pages)| {
            let used = (0u32..).zip(pages).filter(|&(_, &page)| page != NONE);
            used.flat_map(move |(number, &page)| {
                (0..PAGE).filter_map(move |offset| {
                    let Counted { vehicles, people } = self.counted[at(page * PAGE + offset)];
                    let place = number * PAGE + offset;
                    let path = self.first.partition_point(|&first| first <= place).checked_sub(1)?;
                    let on = HourOnLink { vehicles: u64::from(vehicles), people: u64::from(people) };
                    (vehicles > 0).then(|| (hour, compact(path), self.streets[at(place)], on))
                })
            })
        })
    }

    /// By street and hour.
    pub fn by_hour(&self) -> BTreeMap<(u32, usize), HourOnLink> {
        let mut sums: BTreeMap<(u32, usize), HourOnLink> = BTreeMap::new();
        for (hour, _, street, on) in self.each() {
            sums.entry((street, hour)).or_default().add(on);
        }
        sums
    }

    /// By street, hour and where the path begins, of the streets for which `is_asked` holds. `origin_of`: of each path, its origin.
    pub fn by_origin(
        &self,
        origin_of: &[u32],
        is_asked: impl Fn(u32) -> bool,
    ) -> BTreeMap<(u32, usize, u32), HourOnLink> {
        let mut sums: BTreeMap<(u32, usize, u32), HourOnLink> = BTreeMap::new();
        for (hour, path, street, on) in self.each() {
            if is_asked(street) {
                sums.entry((street, hour, origin_of[at(path)])).or_default().add(on);
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_counted_by_hour_and_origin() {
        let paths: Vec<Vec<u32>> = vec![vec![7, 1, 2], vec![8, 2], vec![9; 40]];
        let mut recorder = PassageRecorder::new(&paths, 3 * HOUR_US);
        let mut passes = |place, people, hour: i64| {
            recorder.entered(&Note { time_us: hour * HOUR_US, span_us: 0, street: 0, place, people });
        };
        passes(2, 3, 0);
        passes(2, 2, 0);
        passes(4, 5, 0);
        passes(4, 6, 2);
        passes(44, 7, 1);
        // the time is over
        passes(4, 5, 3);
        let recorded = recorder.recorded();
        let on = |vehicles, people| HourOnLink { vehicles, people };
        let by_hour: Vec<_> = recorded.by_hour().into_iter().collect();
        assert_eq!(by_hour, [((2, 0), on(3, 10)), ((2, 2), on(1, 6)), ((9, 1), on(1, 7))]);
        let by_origin: Vec<_> = recorded.by_origin(&[70, 80, 90], |street| street == 2).into_iter().collect();
        assert_eq!(by_origin, [((2, 0, 70), on(2, 5)), ((2, 0, 80), on(1, 5)), ((2, 2, 80), on(1, 6))]);
    }
}
