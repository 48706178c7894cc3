//! Proves that unsplittable zones do not fit into given rooms: weights that add up to more than the rooms can hold, whatever is put in each.
//!
//! For weights w, the most that fits into a room of size c is K(c) = max of the sum of w over sets of zones that have no more
//! than c people together. If the sum of all w exceeds the sum of K over the rooms, the zones do not fit. This is the dual of the
//! linear program over patterns (Gilmore and Gomory 1961); its best weights are sought by subgradients (Held and Karp 1971). People
//! are counted in units, rounded down for zones and rooms alike, which only lets more sets fit.

use crate::number::{float, index_of, length, single, whole};

/// Steps of a table that is worked out once for each of the first weights, and for each weight of the search.
const FINE: i64 = 20_000_000;
const COARSE: i64 = 3_000_000;
/// Weights looked at in a search.
const ROUNDS: usize = 80;
/// The largest weight, as a whole number.
const LARGEST: f64 = 10_000.0;

/// Weights that prove that zones do not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackingProof {
    /// Weight of each zone, at most [`LARGEST`], in the order of the zones.
    pub weights: Vec<u64>,
    /// People in a unit.
    pub unit: i64,
}

impl PackingProof {
    /// Whether the weights prove that zones with so many people do not fit into rooms for so many.
    pub fn proves(&self, people: &[i64], rooms: &[i64]) -> bool {
        let most = rooms.iter().map(|room| room / self.unit).max().unwrap_or(0);
        let all: u64 = self.weights.iter().sum();
        let mut best = vec![0u64; index_of(most) + 1];
        for (&people, &weight) in people.iter().zip(&self.weights) {
            let size = people / self.unit;
            if size > most || weight == 0 {
                continue;
            }
            let size = index_of(size);
            // From the largest on down, so that no zone is put into a room twice.
            for at in (size..best.len()).rev() {
                best[at] = best[at].max(best[at - size] + weight);
            }
        }
        rooms.iter().map(|room| best[index_of(room / self.unit)]).sum::<u64>() < all
    }

    /// Looks for such weights.
    pub fn search(people: &[i64], rooms: &[i64]) -> Option<Self> {
        let largest = rooms.iter().copied().max().unwrap_or(0);
        let unit_for = |steps: i64| (length(people.len()) * largest / steps).max(1);
        // Counting zones, counting people, and both.
        let mean = float(people.iter().sum::<i64>()) / float(people.len());
        let begins = [0.0, 1.0, 0.5]
            .map(|share| people.iter().map(|&p| 1.0 - share + share * float(p) / mean).collect::<Vec<f64>>());
        let fine = unit_for(FINE);
        for weights in &begins {
            let packing = Self { weights: whole_numbers(weights), unit: fine };
            if packing.proves(people, rooms) {
                return Some(packing);
            }
        }
        // Units that are a multiple of the fine ones, so that what is proved in them is proved by them.
        let unit = (unit_for(COARSE) + fine - 1) / fine * fine;
        let mut table = PackingTable::new(people, rooms, unit);
        let [_, mut weights, _] = begins;
        for round in 0..ROUNDS {
            let (margin, taken) = table.taken(&weights);
            if margin > 0.0 {
                let packing = Self { weights: whole_numbers(&weights), unit };
                if packing.proves(people, rooms) {
                    return Some(packing);
                }
            }
            // The slope of what the weights prove: how much a zone counts more than the rooms take of it.
            // Zones that are put into fewer rooms than one weigh more from now on, those in more than one less.
            let slope: Vec<f64> = taken.iter().map(|&times| 1.0 - f64::from(times)).collect();
            let norm: f64 = slope.iter().map(|s| s * s).sum();
            if norm == 0.0 {
                return None;
            }
            let all: f64 = weights.iter().sum();
            // Polyak's step, as far as the margin is from 0 over the square of the slope, and shorter with every round.
            let stride = (margin.abs() + 0.002 * all) / norm * (1.0 - float(round) / float(ROUNDS)) * 0.5;
            for (weight, slope) in weights.iter_mut().zip(slope) {
                *weight = (*weight + stride * slope).max(0.0);
            }
        }
        None
    }
}

/// The weights as whole numbers, the largest being [`LARGEST`].
fn whole_numbers(weights: &[f64]) -> Vec<u64> {
    let largest = weights.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    weights.iter().map(|weight| whole((weight / largest * LARGEST).round())).collect()
}

/// What fits best into each room, and which zones that is.
struct PackingTable {
    sizes: Vec<usize>,
    rooms: Vec<usize>,
    best: Vec<f32>,
    next: Vec<f32>,
    /// Per zone and room size, whether the zone is taken.
    takes: Vec<bool>,
}

impl PackingTable {
    fn new(people: &[i64], rooms: &[i64], unit: i64) -> Self {
        let rooms: Vec<usize> = rooms.iter().map(|room| index_of(room / unit)).collect();
        let width = rooms.iter().max().map_or(1, |most| most + 1);
        Self {
            sizes: people.iter().map(|people| index_of(people / unit)).collect(),
            rooms,
            best: vec![0.0; width],
            next: vec![0.0; width],
            takes: vec![false; width * people.len()],
        }
    }

    /// By how much the weights exceed what fits, and into how many rooms each zone is put.
    fn taken(&mut self, weights: &[f64]) -> (f64, Vec<u32>) {
        let width = self.best.len();
        self.best.fill(0.0);
        self.takes.fill(false);
        for (zone, (&size, &weight)) in self.sizes.iter().zip(weights).enumerate() {
            if size >= width {
                continue;
            }
            let weight = single(weight);
            let takes = &mut self.takes[zone * width + size..(zone + 1) * width];
            self.next[..size].copy_from_slice(&self.best[..size]);
            let without = &self.best[size..];
            let with = &self.best[..width - size];
            for (((next, takes), &without), &with) in
                self.next[size..].iter_mut().zip(takes).zip(without).zip(with)
            {
                let with = with + weight;
                *takes = with > without;
                *next = if *takes { with } else { without };
            }
            std::mem::swap(&mut self.best, &mut self.next);
        }
        // Back through the table, the last zone first: what was taken for a room of this size says what room was left before it.
        let mut taken = vec![0u32; weights.len()];
        let mut held = 0.0;
        for &room in &self.rooms {
            held += f64::from(self.best[room]);
            let mut left = room;
            for zone in (0..weights.len()).rev() {
                if self.takes[zone * width + left] {
                    taken[zone] += 1;
                    left -= self.sizes[zone];
                }
            }
        }
        (weights.iter().sum::<f64>() - held, taken)
    }
}
