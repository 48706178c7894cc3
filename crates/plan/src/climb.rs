//! The climb: random zones shift people from their worst to their best marginal way; what lowers the replayed cost stays.

use crate::marginal::{Marginal, NEVER, WaySearch};
use crate::packet::{Keep, Load, QuickOutcome, Roads, Scratch};
use crate::schedule::Schedule;
use crate::way::WayPool;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;

/// Changes tried side by side in each round; their number does not depend on the threads, so neither do results.
const TRIES: usize = 6;
/// From this try on, only ways with the last arrivals are touched.
const TAIL_FROM: usize = 4;

/// Who takes which way: per zone, ways and people.
pub type Mix = Vec<Vec<(u32, f64)>>;

/// What a climb aims at and how hard.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Rounds of tries.
    pub rounds: usize,
    /// Rounds between two searches for new ways.
    pub search_every: usize,
    /// Most ways per zone.
    pub ways: usize,
}

/// A climb's state.
pub struct Climb<'a> {
    /// The network.
    pub roads: &'a Roads<'a>,
    /// Ways found so far.
    pub pool: WayPool,
    /// Per zone, when people leave.
    pub schedules: Vec<Schedule>,
    /// The best mix so far.
    pub mix: Mix,
    /// Its replay.
    pub outcome: QuickOutcome,
    to_sites: Vec<i64>,
    room: Vec<f64>,
    size: f64,
    people: f64,
    rng: ChaCha8Rng,
    scratch: Vec<Scratch>,
    incumbent: Scratch,
    searches: Vec<WaySearch>,
}

/// A change under trial.
struct Try {
    mix: Mix,
    outcome: QuickOutcome,
    moved: bool,
}

fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    // 53 random bits, as the standard conversion to [0, 1).
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

impl<'a> Climb<'a> {
    /// Weight of the last arrival against the mean arrival.
    pub const LAST_WEIGHT: f64 = 0.2;

    /// Begins with a mix; `size` is people per packet.
    pub fn new(
        roads: &'a Roads<'a>,
        pool: WayPool,
        schedules: Vec<Schedule>,
        mix: Mix,
        to_sites: Vec<i64>,
        size: f64,
    ) -> Self {
        let people = mix.iter().flatten().map(|w| w.1).sum();
        let mut climb = Self {
            room: roads
                .network
                .sites
                .iter()
                .map(|s| s.capacity.map_or(f64::INFINITY, |c| c as f64))
                .collect(),
            roads,
            pool,
            schedules,
            mix,
            outcome: QuickOutcome::default(),
            to_sites,
            size,
            people,
            rng: ChaCha8Rng::seed_from_u64(0x636c_6561_7277_6179),
            scratch: (0..TRIES).map(|_| Scratch::default()).collect(),
            incumbent: Scratch::default(),
            searches: Vec::new(),
        };
        climb.replay();
        climb
    }

    /// The figure that a climb lowers: people x ms.
    pub fn cost(&self, outcome: &QuickOutcome) -> f64 {
        outcome.arrival_sum
            + outcome.stranded * 2.0 * self.roads.network.horizon as f64
            + Self::LAST_WEIGHT * self.people * outcome.last as f64
    }

    fn loads<'s>(schedules: &'s [Schedule], mix: &Mix) -> Vec<Load<'s>> {
        mix.iter()
            .zip(schedules)
            .flat_map(|(ways, schedule)| {
                ways.iter().map(move |&(way, people)| Load { way, people, schedule })
            })
            .collect()
    }

    /// Replays the incumbent and keeps its busy periods.
    pub fn replay(&mut self) {
        let loads = Self::loads(&self.schedules, &self.mix);
        let keep = Keep { busy: true, journeys: false };
        self.outcome = self.incumbent.run(self.roads, &self.pool, &loads, self.size, keep);
    }

    /// Room left per site under a mix, people.
    fn room_left(&self, mix: &Mix) -> Vec<f64> {
        let mut room = self.room.clone();
        for &(way, people) in mix.iter().flatten() {
            room[self.pool.get(way).site as usize] -= people;
        }
        room
    }

    fn full(&self, mix: &Mix) -> Vec<bool> {
        self.room_left(mix).iter().map(|&room| room < 0.5).collect()
    }

    /// Mean marginal arrival over three departures of the zone; `NEVER` if any is.
    fn marginal(&self, full: &[bool], zone: usize, way: u32) -> f64 {
        let cost = Marginal { roads: self.roads, busy: &self.incumbent.busy, full };
        let elements = &self.pool.get(way).elements;
        let mut sum = 0.0;
        for quantile in [0.17, 0.5, 0.83] {
            let arrival = cost.arrival(elements, quantile_time(&self.schedules[zone], quantile));
            if arrival >= NEVER {
                return NEVER as f64;
            }
            sum += arrival as f64 / 3.0;
        }
        sum
    }

    /// The best way for each of the zones given, new ones included.
    fn search(&mut self, zones: &[usize], full: &[bool]) -> Vec<(usize, u32)> {
        let quantile = 0.1 + 0.8 * uniform(&mut self.rng);
        let parts = zones.len().div_ceil(8).max(1);
        self.searches.resize_with(parts, WaySearch::default);
        let cost = Marginal { roads: self.roads, busy: &self.incumbent.busy, full };
        let (to_sites, schedules) = (&self.to_sites, &self.schedules);
        let found: Vec<(usize, Vec<u32>)> = zones
            .par_chunks(8)
            .zip(self.searches.par_iter_mut())
            .flat_map_iter(|(zones, search)| {
                let found: Vec<_> = zones
                    .iter()
                    .filter_map(|&zone| {
                        let departure = quantile_time(&schedules[zone], quantile);
                        let (elements, _) = search.best(&cost, to_sites, zone as u32, departure)?;
                        Some((zone, elements))
                    })
                    .collect();
                found
            })
            .collect();
        found
            .into_iter()
            .map(|(zone, elements)| (zone, self.pool.insert(self.roads.network, zone as u32, &elements)))
            .collect()
    }

    /// Climbs. `tick` is called after each round.
    pub fn climb(&mut self, effort: Effort, tick: &(dyn Fn() + Sync)) {
        let zones: Vec<usize> = (0..self.mix.len()).filter(|&z| !self.mix[z].is_empty()).collect();
        if zones.is_empty() {
            return;
        }
        let mut candidates: Vec<Option<u32>> = vec![None; self.mix.len()];
        let mut marginals: Vec<Vec<(f64, u32)>> = Vec::new();
        let mut step: f64 = 0.5;
        let mut share: f64 = 0.3;
        let mut cursor = 0;
        for round in 0..effort.rounds {
            let full = self.full(&self.mix);
            if round % effort.search_every == 0 {
                // A third of the zones at a time, all of them in the first round.
                let count = if round == 0 { zones.len() } else { zones.len().div_ceil(3) };
                let chosen: Vec<usize> = (0..count).map(|i| zones[(cursor + i) % zones.len()]).collect();
                cursor = (cursor + count) % zones.len();
                for (zone, way) in self.search(&chosen, &full) {
                    candidates[zone] = Some(way);
                }
                marginals.clear();
            }
            if marginals.is_empty() {
                let this = &*self;
                marginals = (0..this.mix.len())
                    .into_par_iter()
                    .map(|zone| {
                        let mut list: Vec<(f64, u32)> = this.mix[zone]
                            .iter()
                            .map(|w| w.0)
                            .chain(candidates[zone].filter(|c| !this.mix[zone].iter().any(|w| w.0 == *c)))
                            .map(|way| (this.marginal(&full, zone, way), way))
                            .collect();
                        list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                        list
                    })
                    .collect();
            }
            let tail = self.tail();
            let tries = self.tries(&zones, &marginals, &tail, effort.ways, step, share);
            let best = tries
                .into_iter()
                .enumerate()
                .filter(|(_, t)| t.moved)
                .map(|(index, t)| (self.cost(&t.outcome), index, t))
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            match best {
                Some((cost, index, best)) if cost < self.cost(&self.outcome) - 1e-3 => {
                    self.mix = best.mix;
                    self.replay();
                    marginals.clear();
                    if index % 2 == 0 && index < TAIL_FROM {
                        step = (step * 1.4).min(1.0);
                    }
                    if index < 2 {
                        share = (share * 1.3).min(1.0);
                    }
                }
                _ => {
                    step *= 0.8;
                    share *= 0.8;
                    if step < 0.03 || share * (zones.len() as f64) < 0.7 {
                        step = 0.6;
                        share = 0.15;
                    }
                }
            }
            tick();
        }
    }

    /// Zones and ways with the last arrivals of the incumbent, latest first.
    fn tail(&self) -> Vec<(usize, u32)> {
        let loads =
            self.mix.iter().enumerate().flat_map(|(zone, ways)| ways.iter().map(move |w| (zone, w.0)));
        let mut list: Vec<(i64, usize, u32)> =
            loads.zip(&self.incumbent.load_last).map(|((zone, way), &last)| (last, zone, way)).collect();
        list.sort_unstable_by(|a, b| b.cmp(a));
        list.truncate(12);
        list.into_iter().map(|(_, zone, way)| (zone, way)).collect()
    }

    /// Tries in parallel: tries 0 and 1 with more zones, 0 and 2 with longer steps, the last ones on the tail.
    fn tries(
        &mut self,
        zones: &[usize],
        marginals: &[Vec<(f64, u32)>],
        tail: &[(usize, u32)],
        ways: usize,
        step: f64,
        share: f64,
    ) -> Vec<Try> {
        let mut mixes = Vec::with_capacity(TRIES);
        for index in 0..TRIES {
            let share = if index < 2 { share } else { share * 0.3 };
            let step = if index % 2 == 0 { step } else { step * 0.4 };
            let chosen: Vec<(usize, Option<u32>)> = if index < TAIL_FROM {
                let count = ((zones.len() as f64 * share).round() as usize).clamp(1, zones.len());
                (0..count).map(|_| (zones[self.draw(zones.len())], None)).collect()
            } else {
                // The very last ways, one after the other or several at once.
                let count = 1 + self.draw(if index == TAIL_FROM { 2 } else { tail.len().max(1) });
                tail.iter().take(count).map(|&(zone, way)| (zone, Some(way))).collect()
            };
            let step = if index < TAIL_FROM { step } else { 0.05 + 0.4 * uniform(&mut self.rng) };
            mixes.push(self.changed(&chosen, marginals, ways, step));
        }
        let (roads, pool, schedules, size) = (self.roads, &self.pool, &self.schedules, self.size);
        mixes
            .into_par_iter()
            .zip(self.scratch.par_iter_mut())
            .map(|((mix, moved), scratch)| {
                let outcome = if moved {
                    let loads = Self::loads(schedules, &mix);
                    scratch.run(roads, pool, &loads, size, Keep::default())
                } else {
                    QuickOutcome::default()
                };
                Try { mix, outcome, moved }
            })
            .collect()
    }

    fn draw(&mut self, below: usize) -> usize {
        (uniform(&mut self.rng) * below as f64) as usize
    }

    /// The mix with people of the chosen zones moved from their worst way, or from the way named, to a better one.
    fn changed(
        &mut self,
        chosen: &[(usize, Option<u32>)],
        marginals: &[Vec<(f64, u32)>],
        ways: usize,
        step: f64,
    ) -> (Mix, bool) {
        let mut mix = self.mix.clone();
        let mut room = self.room_left(&mix);
        let mut moved = false;
        for &(zone, from) in chosen {
            let list = &marginals[zone];
            let used = |way: u32| mix[zone].iter().find(|w| w.0 == way).map_or(0.0, |w| w.1);
            let worst = match from {
                Some(way) => list.iter().find(|w| w.1 == way && used(way) > 0.0),
                None => list.iter().rev().find(|w| used(w.1) > 0.0),
            };
            let Some(&(worst_cost, worst)) = worst else { continue };
            // Those who come last may go by any other way of theirs, even if on average it is a little worse.
            let slack = if from.is_some() { 600_000.0 } else { -1000.0 };
            let others: Vec<(f64, u32)> = list
                .iter()
                .copied()
                .filter(|&(cost, way)| way != worst && cost < (worst_cost + slack).min(NEVER as f64))
                .collect();
            let pick = if from.is_some() { self.draw(others.len().min(2)) } else { 0 };
            let Some(&(_, best)) = others.get(pick) else { continue };
            let available = used(worst);
            let replaces = used(best) == 0.0 && mix[zone].len() >= ways;
            let total: f64 = mix[zone].iter().map(|w| w.1).sum();
            let draw = 0.3 + 0.7 * uniform(&mut self.rng);
            let mut amount = if replaces { available } else { (total * step * draw).min(available) };
            if available - amount < 0.01 * total {
                amount = available;
            }
            let (from, to) = (self.pool.get(worst).site as usize, self.pool.get(best).site as usize);
            if from != to && amount > room[to] {
                if replaces {
                    continue;
                }
                amount = room[to].max(0.0);
            }
            if amount <= 0.0 {
                continue;
            }
            room[to] -= amount;
            room[from] += amount;
            shift(&mut mix[zone], worst, best, amount);
            moved = true;
        }
        (mix, moved)
    }

    /// Leaves at most `ways` ways per zone: the least used go, their people to the best of those that stay.
    pub fn prune(&mut self, ways: usize) {
        let full = vec![false; self.room.len()];
        let mut mix = std::mem::take(&mut self.mix);
        let mut room = self.room_left(&mix);
        for (zone, list) in mix.iter_mut().enumerate() {
            while list.len() > ways {
                list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                let Some((gone, people)) = list.pop() else { break };
                room[self.pool.get(gone).site as usize] += people;
                let best = (0..list.len())
                    .map(|i| {
                        let site = self.pool.get(list[i].0).site as usize;
                        let overfull = room[site] + 0.5 < people;
                        (overfull, self.marginal(&full, zone, list[i].0), i)
                    })
                    .min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
                if let Some((_, _, to)) = best {
                    list[to].1 += people;
                    room[self.pool.get(list[to].0).site as usize] -= people;
                }
            }
        }
        self.mix = mix;
        self.replay();
    }
}

/// Moves people between two ways of a zone.
fn shift(ways: &mut Vec<(u32, f64)>, from: u32, to: u32, people: f64) {
    if let Some(way) = ways.iter_mut().find(|w| w.0 == from) {
        way.1 -= people;
    }
    match ways.iter_mut().find(|w| w.0 == to) {
        Some(way) => way.1 += people,
        None => ways.push((to, people)),
    }
    ways.retain(|w| w.1 > 1e-6);
}

/// When the given share of a schedule has left, ms.
pub fn quantile_time(schedule: &Schedule, quantile: f64) -> i64 {
    let total: f64 = schedule.iter().map(|d| d.share).sum();
    let mut sent = 0.0;
    for departure in schedule {
        if sent + departure.share >= quantile * total {
            let part = (quantile * total - sent) / departure.share;
            return departure.from + ((departure.until - departure.from) as f64 * part) as i64;
        }
        sent += departure.share;
    }
    schedule.last().map_or(0, |d| d.until)
}
