//! The state of each link over time: flow, room taken, people who stand, one byte each per step.

use super::{Note, RecordingLimits};
use crate::streets::Street;
use clearway_model::number::{ceil, float, index as at, length};

/// The three figures that are recorded of a link in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateKind {
    /// People who enter in the step, over those who could.
    Flow,
    /// Vehicles on it at the end of the step, over those that fit.
    Room,
    /// People at the end of the step who have come to the end of the link and have not left it.
    Standing,
}

impl StateKind {
    /// All, in the order in which they are written.
    pub const ALL: [Self; 3] = [Self::Flow, Self::Room, Self::Standing];
}

/// The states of all links that somebody may use, in whole steps from the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkStates {
    /// Length of a step, µs.
    pub step_us: i64,
    /// Steps; the last vehicle is where it stays after them.
    pub steps: usize,
    /// The links, as streets, ascending.
    pub links: Vec<u32>,
    /// One byte per kind, step and link: all of a kind, in it all of a step.
    pub bytes: Vec<u8>,
}

impl LinkStates {
    /// The full share, of capacity or room.
    pub const FULL: u8 = 250;
    /// Any number of vehicles fit.
    pub const UNKNOWN_ROOM: u8 = 254;
    /// The link is closed during the whole step, and in the kinds other than flow nobody is on it.
    pub const CLOSED: u8 = 255;
    /// The byte grows by so much where the number of people standing, plus one, grows tenfold.
    pub const PER_TENFOLD: f64 = 50.0;

    /// The byte of a link (its place among `links`) in a step.
    pub fn byte(&self, kind: StateKind, step: usize, link: usize) -> Option<u8> {
        let kind = StateKind::ALL.iter().position(|&one| one == kind)?;
        let is_there = step < self.steps && link < self.links.len();
        let place = (kind * self.steps + step) * self.links.len() + link;
        self.bytes.get(place).copied().filter(|_| is_there)
    }

    /// So many people standing, as a byte: 50 log10(1 + people), rounded up, at most 250, which are 100,000 people and more.
    pub fn standing_byte(people: i64) -> u8 {
        share_byte((float(people.max(0)) + 1.0).log10() * Self::PER_TENFOLD / f64::from(Self::FULL))
    }
}

/// A share as a byte, rounded up, so that only nothing is 0.
fn share_byte(share: f64) -> u8 {
    // what floating point adds to a whole number is no more of it
    let byte = ceil(share * f64::from(LinkStates::FULL) - 1e-9).clamp(0, i64::from(LinkStates::FULL));
    u8::try_from(byte).unwrap_or(LinkStates::FULL)
}

/// What happens on a link in a step.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    /// How long vehicles enter at the rate of the link, µs.
    entering_us: u32,
    /// Vehicles that enter, less those that leave.
    vehicles: i32,
    /// People who come to its end, less those who leave.
    standing: i32,
}

impl Cell {
    fn add(&mut self, other: Self) {
        self.entering_us += other.entering_us;
        self.vehicles += other.vehicles;
        self.standing += other.standing;
    }
}

/// A step is no longer than this, so that its microseconds are a number of 32 bits.
const LONGEST_STEP_US: i64 = 3_600_000_000;
/// No step: long before all.
const NOT_YET: (i64, usize) = (i64::MIN / 2, 0);
/// No link.
const NONE: u32 = u32::MAX;

/// Records states.
pub(super) struct StateRecorder {
    step_us: i64,
    end_us: i64,
    most_rows: usize,
    links: Vec<u32>,
    /// Per street, its place among the links.
    column: Vec<u32>,
    /// Per link, its free-flow travel time, µs.
    travel_us: Vec<i64>,
    /// When the step begins in which the last note was, µs, and its row.
    now_us: i64,
    now: usize,
    /// Per step, a cell per link. What is close in time is close in memory.
    rows: Vec<Vec<Cell>>,
}

impl StateRecorder {
    pub fn new(streets: &[Street], links: Vec<u32>, end_us: i64, limits: RecordingLimits) -> Self {
        let mut column = vec![NONE; streets.len()];
        for (place, &street) in (0..).zip(&links) {
            column[at(street)] = place;
        }
        let most_rows = (limits.most_cells / links.len().max(1)).min(limits.most_steps).max(2);
        Self {
            step_us: (i64::from(limits.step_s.max(1)) * 1_000_000).min(LONGEST_STEP_US),
            end_us,
            most_rows,
            column,
            travel_us: links.iter().map(|&street| streets[at(street)].travel_us).collect(),
            links,
            now_us: NOT_YET.0,
            now: NOT_YET.1,
            rows: Vec::new(),
        }
    }

    pub fn entered(&mut self, note: &Note) {
        let (time_us, column) = (note.time_us, self.column[at(note.street)]);
        if column == NONE {
            return;
        }
        self.come_to(time_us);
        if let Some((step_begin_us, cell)) = self.cell(time_us, column) {
            cell.vehicles += 1;
            let begin_us = time_us - note.span_us;
            if begin_us >= step_begin_us {
                cell.entering_us += microseconds(note.span_us);
            } else {
                self.enters(column, begin_us.max(0), time_us);
            }
        }
        let there_us = time_us.saturating_add(self.travel_us[at(column)]);
        if let Some((_, cell)) = self.cell(there_us, column) {
            cell.standing += people(note);
        }
    }

    pub fn left(&mut self, note: &Note) {
        let (time_us, column) = (note.time_us, self.column[at(note.street)]);
        if column == NONE {
            return;
        }
        self.come_to(time_us);
        if let Some((_, cell)) = self.cell(time_us, column) {
            cell.vehicles -= 1;
            cell.standing -= people(note);
        }
    }

    /// Adds a stretch of entering that is in more than one step.
    fn enters(&mut self, column: u32, begin_us: i64, until_us: i64) {
        let mut from_us = begin_us;
        while from_us < until_us {
            let step_us = self.step_us;
            let Some((step_begin_us, cell)) = self.cell(from_us, column) else { return };
            let upto_us = (step_begin_us + step_us).min(until_us);
            cell.entering_us += microseconds(upto_us - from_us);
            from_us = upto_us;
        }
    }

    /// The cell of a link at a time, and when its step begins; `None`: nothing happens then any more.
    #[inline]
    fn cell(&mut self, time_us: i64, column: u32) -> Option<(i64, &mut Cell)> {
        if time_us >= self.end_us {
            return None;
        }
        // most that happens, happens in the same step as what came before it
        let (begin_us, row) = if (self.now_us..self.now_us + self.step_us).contains(&time_us) {
            (self.now_us, self.now)
        } else {
            self.step_at(time_us)
        };
        Some((begin_us, &mut self.rows[row][at(column)]))
    }

    /// Remembers the step of a time, in which more is expected to happen.
    #[inline]
    fn come_to(&mut self, time_us: i64) {
        if !(self.now_us..self.now_us + self.step_us).contains(&time_us) && time_us < self.end_us {
            (self.now_us, self.now) = self.step_at(time_us);
        }
    }

    /// When the step of a time begins, and its row, which is there then.
    fn step_at(&mut self, time_us: i64) -> (i64, usize) {
        let mut row = row_of(time_us, self.step_us);
        while row >= self.most_rows && self.step_us * 2 <= LONGEST_STEP_US {
            self.double();
            row = row_of(time_us, self.step_us);
        }
        while self.rows.len() <= row {
            self.rows.push(vec![Cell::default(); self.links.len()]);
        }
        (length(row) * self.step_us, row)
    }

    /// Makes one step of two. All that is in a cell is a sum, so that nothing is lost.
    fn double(&mut self) {
        self.step_us *= 2;
        (self.now_us, self.now) = NOT_YET;
        let rows = std::mem::take(&mut self.rows);
        let mut rows = rows.into_iter();
        while let Some(mut first) = rows.next() {
            if let Some(second) = rows.next() {
                for (cell, other) in first.iter_mut().zip(second) {
                    cell.add(other);
                }
            }
            self.rows.push(first);
        }
    }

    pub fn recorded(self, streets: &[Street]) -> LinkStates {
        let (steps, width) = (self.rows.len(), self.links.len());
        let mut bytes = vec![0; StateKind::ALL.len() * steps * width];
        let mut inside = vec![Cell::default(); width];
        let is_closed: Vec<Vec<bool>> = self
            .links
            .iter()
            .map(|&street| closed_steps(&streets[at(street)].open_us, self.step_us, steps))
            .collect();
        for (step, row) in self.rows.into_iter().enumerate() {
            for (link, cell) in row.into_iter().enumerate() {
                inside[link].vehicles += cell.vehicles;
                inside[link].standing += cell.standing;
                let now = inside[link];
                let fit = streets[at(self.links[link])].storage.map(|storage| storage.vehicles);
                let room = fit.map_or(LinkStates::UNKNOWN_ROOM, |fit| {
                    share_byte(f64::from(now.vehicles) / f64::from(fit.max(1)))
                });
                let states = if !is_closed[link][step] || cell.entering_us > 0 {
                    let flow = f64::from(cell.entering_us) / float(self.step_us);
                    [share_byte(flow), room, LinkStates::standing_byte(i64::from(now.standing))]
                } else if now.vehicles > 0 {
                    [LinkStates::CLOSED, room, LinkStates::standing_byte(i64::from(now.standing))]
                } else {
                    [LinkStates::CLOSED; 3]
                };
                for (kind, byte) in states.into_iter().enumerate() {
                    bytes[(kind * steps + step) * width + link] = byte;
                }
            }
        }
        LinkStates { step_us: self.step_us, steps, links: self.links, bytes }
    }
}

/// Whether a link that is open in these intervals is closed during the whole of each step.
fn closed_steps(open_us: &[(i64, i64)], step_us: i64, steps: usize) -> Vec<bool> {
    let mut is_closed = vec![true; steps];
    for &(from_us, until_us) in open_us {
        if from_us < until_us {
            let last = row_of(until_us - 1, step_us);
            for closed in is_closed.iter_mut().take(last.saturating_add(1)).skip(row_of(from_us, step_us)) {
                *closed = false;
            }
        }
    }
    is_closed
}

/// In which step a time is.
fn row_of(time_us: i64, step_us: i64) -> usize {
    usize::try_from(time_us.max(0) / step_us).unwrap_or(usize::MAX)
}

/// A time of at most a step.
fn microseconds(time_us: i64) -> u32 {
    u32::try_from(time_us).unwrap_or(u32::MAX)
}

fn people(note: &Note) -> i32 {
    i32::try_from(note.people).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Storage;

    const SECOND: i64 = 1_000_000;

    fn street(travel_s: i64, room: u32) -> Street {
        let storage = Some(Storage { vehicles: room, wave_us: 0 });
        Street { travel_us: travel_s * SECOND, storage, open_us: vec![(0, i64::MAX)], ..Street::default() }
    }

    fn note(street: u32, people: u32, span_s: i64, time_s: i64) -> Note {
        Note { time_us: time_s * SECOND, span_us: span_s * SECOND, street, place: 0, people }
    }

    fn limits(most_steps: usize) -> RecordingLimits {
        RecordingLimits { step_s: 60, most_steps, ..RecordingLimits::default() }
    }

    /// Two vehicles of 3 people each enter a link with room for 4 at 90 s, after 30 s each of entering, drive 60 s and leave at 200 and
    /// 260 s: in the second minute the link is entered for 30 s of 60, one of them in the first.
    fn two_vehicles(limits: RecordingLimits) -> LinkStates {
        let streets = [street(0, 1), street(60, 4)];
        let mut recorder = StateRecorder::new(&streets, vec![1], 3600 * SECOND, limits);
        recorder.entered(&note(0, 3, 0, 0));
        recorder.entered(&note(1, 3, 30, 60));
        recorder.entered(&note(1, 3, 30, 90));
        recorder.left(&note(1, 3, 0, 200));
        recorder.left(&note(1, 3, 0, 260));
        recorder.recorded(&streets)
    }

    #[test]
    fn a_link_by_hand() {
        let states = two_vehicles(limits(100));
        let of =
            |kind| -> Vec<u8> { (0..states.steps).filter_map(|step| states.byte(kind, step, 0)).collect() };
        assert_eq!((states.step_us, states.steps, states.bytes.len()), (60 * SECOND, 5, 15));
        assert_eq!(of(StateKind::Flow), [125, 125, 0, 0, 0]);
        assert_eq!(of(StateKind::Room), [0, 125, 125, 63, 0]);
        // both have come to its end by 150 s, and one still stands there at 240 s
        let (three, six) = (LinkStates::standing_byte(3), LinkStates::standing_byte(6));
        assert_eq!((three, six), (31, 43));
        assert_eq!(of(StateKind::Standing), [0, 0, six, three, 0]);
        assert_eq!(states.byte(StateKind::Room, 5, 0), None);
        assert_eq!(states.byte(StateKind::Room, 0, 1), None);
    }

    #[test]
    fn longer_steps_are_sums_of_shorter_ones() {
        let states = two_vehicles(limits(3));
        let of =
            |kind| -> Vec<u8> { (0..states.steps).filter_map(|step| states.byte(kind, step, 0)).collect() };
        assert_eq!((states.step_us, states.steps), (120 * SECOND, 3));
        assert_eq!(of(StateKind::Flow), [125, 0, 0]);
        assert_eq!(of(StateKind::Room), [125, 63, 0]);
        let few = RecordingLimits { most_cells: 2, ..limits(100) };
        assert_eq!(two_vehicles(few).step_us, 240 * SECOND);
    }

    #[test]
    fn a_closed_link_is_told_from_an_empty_one() {
        let mut model = street(60, 4);
        model.open_us = vec![(0, 90 * SECOND), (240 * SECOND, 300 * SECOND)];
        let streets = [model];
        let mut recorder = StateRecorder::new(&streets, vec![0], 3600 * SECOND, limits(100));
        recorder.entered(&note(0, 1, 6, 60));
        recorder.left(&note(0, 1, 0, 130));
        recorder.entered(&note(0, 1, 6, 270));
        let states = recorder.recorded(&streets);
        let of =
            |kind| -> Vec<u8> { (0..states.steps).filter_map(|step| states.byte(kind, step, 0)).collect() };
        // closed again from 300 s on, while somebody is still on it
        assert_eq!(of(StateKind::Flow), [25, 0, 255, 255, 25, 255]);
        assert_eq!(of(StateKind::Room), [0, 63, 255, 255, 63, 63]);
        assert_eq!(LinkStates::standing_byte(0), 0);
        assert_eq!(LinkStates::standing_byte(9), 50);
        assert_eq!(LinkStates::standing_byte(5_000_000), 250);
    }
}
