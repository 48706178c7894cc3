//! The climb: random groups shift people from their worst to their best marginal way; what lowers the replayed cost stays.
//!
//! A group is the people of a zone who leave within some consecutive windows. Groups of a zone share its ways, a limited number,
//! but may divide over them differently: those who leave first find roads empty that are full for those who come later.

mod groups;
mod record;
mod unsplittable;

pub use groups::{ZoneGroup, groups_of, nearness, quantile_time};
use record::BestMix;
pub use record::{ACCEPTANCE_THRESHOLD, MixState};

use clearway_loading::marginal::{MarginalCost, PathSearch};
use clearway_loading::packet::{
    BusyPeriods, KeptDetail, LoadingMemory, PacketOutcome, PathLoad, PreparedRoads, QueuePasses,
};
use clearway_loading::path::{PathIndex, PathPool};
use clearway_model::number::{self, float};
use clearway_network::{ElementIndex, PerElement, PerNode, PerSite, PerZone, ZoneIndex};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;
use std::cmp::Reverse;

/// Changes tried side by side in each round; their number does not depend on the threads, so neither do results.
const TRIES: usize = 6;
/// Up to so many ways per zone, and for so many groups at a time, a zone with room for more looks at all ways known from it.
const FEW: usize = 10;
const CLOSELY: usize = 150;
/// From this try on, only ways with the last arrivals are touched.
const TAIL_FROM: usize = 4;
/// These are so large a part of all, and at least so many.
const TAIL_PART: usize = 50;
const TAIL_LEAST: usize = 12;
/// Where few people at a time are moved, only ways with people who arrive in this part of the whole time, and of a group down to
/// this share.
const VERY_LAST: i64 = 1000;
const FEWEST: f64 = 0.001;

/// Where the people of a group who take a path would arrive, ms, when nobody does: later than any other path, so that differences tell
/// how much is gained.
pub(crate) const NO_ARRIVAL: f64 = 2_305_843_009_213_693_952.0;

/// Who takes which path: per group, paths and people.
pub type Mix = Vec<Vec<(PathIndex, f64)>>;

/// Paths of a group or zone by marginal arrival, ms, earliest first.
type RankedPaths = Vec<(f64, PathIndex)>;

/// How hard a local search tries, and at what.
#[derive(Debug, Clone, Copy)]
pub struct SearchEffort {
    /// How many rounds of tries there are.
    pub rounds: usize,
    /// Rounds between two searches for new ways.
    pub search_every: usize,
    /// Most ways per zone.
    pub ways: usize,
    /// Share of the groups that are moved at once at first.
    pub share: f64,
    /// How much worse than the best so far a mix may be that is gone on with, as a share; below 0 how much better it must be.
    pub hump: f64,
    /// Only ways with the last arrivals are touched, and few people at a time.
    pub fine: bool,
}

/// The search, with the best mix that it has found.
pub struct LocalSearch<'a> {
    /// The network as the fast loading has it.
    pub roads: &'a PreparedRoads<'a>,
    /// Ways found so far.
    pub pool: PathPool,
    /// Who leaves together; the groups of a zone stand one after the other.
    pub groups: Vec<ZoneGroup>,
    /// Per zone, its groups.
    groups_in: PerZone<Vec<usize>>,
    /// The best mix so far.
    pub mix: Mix,
    /// What its fast loading gives.
    pub outcome: PacketOutcome,
    /// Per node, the shortest travel time to a site, ms.
    to_sites: PerNode<Option<i64>>,
    /// Per zone, how near it is to sites.
    near: PerZone<Option<i64>>,
    /// Per site, people that it holds.
    room: PerSite<f64>,
    /// People per packet of the fast loading.
    size: f64,
    /// People of all groups.
    people: f64,
    rng: ChaCha8Rng,
    scratch: Vec<LoadingMemory>,
    incumbent: LoadingMemory,
    searches: Vec<PathSearch>,
    /// Whether marginal costs look at the end of queues, which brings the last arrivals forward, or at the way as it is, which
    /// brings forward all.
    ends: bool,
}

/// The people of a group on one path, and when the last of them arrive.
#[derive(Debug, Clone, Copy)]
struct LastArrival {
    /// ms; `None`: some of them never do.
    last: Option<i64>,
    group: usize,
    path: PathIndex,
}

/// A change under trial.
struct MixTry {
    mix: Mix,
    outcome: PacketOutcome,
    moved: bool,
}

fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    // 53 random bits, as the standard conversion to [0, 1).
    float(rng.next_u64() >> 11) / float(1u64 << 53)
}

impl<'a> LocalSearch<'a> {
    /// Weight of the last arrival against the mean arrival.
    pub const LAST_WEIGHT: f64 = 0.2;

    /// Begins with a mix; `size` is people per packet.
    pub fn new(
        roads: &'a PreparedRoads<'a>,
        pool: PathPool,
        groups: Vec<ZoneGroup>,
        mix: Mix,
        to_sites: PerNode<Option<i64>>,
        size: f64,
    ) -> Self {
        let people = mix.iter().flatten().map(|w| w.1).sum();
        let mut groups_in: PerZone<Vec<usize>> = vec![Vec::new(); roads.network.zones.len()].into();
        for (index, group) in groups.iter().enumerate() {
            groups_in[group.zone].push(index);
        }
        let mut climb = Self {
            room: roads.network.sites.iter().map(|s| s.capacity.map_or(f64::INFINITY, float)).collect(),
            near: nearness(roads.network, &to_sites),
            roads,
            pool,
            groups,
            groups_in,
            mix,
            outcome: PacketOutcome::default(),
            to_sites,
            size,
            people,
            rng: ChaCha8Rng::seed_from_u64(0x636c_6561_7277_6179),
            scratch: (0..TRIES).map(|_| LoadingMemory::default()).collect(),
            incumbent: LoadingMemory::default(),
            searches: Vec::new(),
            ends: true,
        };
        climb.replay();
        climb
    }

    /// The figure that a climb lowers: people x ms.
    pub fn cost(&self, outcome: &PacketOutcome) -> f64 {
        outcome.arrival_sum
            + outcome.stranded * 2.0 * float(self.roads.network.horizon)
            + Self::LAST_WEIGHT * self.people * float(outcome.last)
    }

    fn loads<'s>(groups: &'s [ZoneGroup], mix: &Mix) -> Vec<PathLoad<'s>> {
        mix.iter()
            .zip(groups)
            .flat_map(|(ways, group)| {
                ways.iter().map(move |&(path, people)| PathLoad { path, people, schedule: &group.schedule })
            })
            .collect()
    }

    /// Replays the incumbent and keeps its busy periods.
    pub fn replay(&mut self) {
        let loads = Self::loads(&self.groups, &self.mix);
        let keep = KeptDetail::BusyPeriods;
        self.outcome = self.incumbent.run(self.roads, &self.pool, &loads, self.size, keep);
    }

    /// Busy periods of the incumbent, per element.
    pub fn busy(&self) -> &PerElement<BusyPeriods> {
        &self.incumbent.busy
    }

    /// Goes on with packets of another size, people.
    pub fn with_size(&mut self, size: f64) {
        self.size = size;
        self.replay();
    }

    fn passes(&self) -> Option<&QueuePasses> {
        (!self.ends).then_some(&self.incumbent.passes)
    }

    /// Room left per site under a mix, people.
    fn room_left(&self, mix: &Mix) -> PerSite<f64> {
        let mut room = self.room.clone();
        for &(path, people) in mix.iter().flatten() {
            room[self.pool.get(path).site] -= people;
        }
        room
    }

    /// Per site, whether it takes nobody more under a mix.
    fn full(&self, mix: &Mix) -> PerSite<bool> {
        self.room_left(mix).iter().map(|&room| room < 0.5).collect()
    }

    /// Mean marginal arrival over some departures of the group, ms; [`NO_ARRIVAL`] if there is none for any of them.
    fn marginal(&self, full: &PerSite<bool>, group: usize, path: PathIndex) -> f64 {
        let cost =
            MarginalCost { roads: self.roads, busy: &self.incumbent.busy, passes: self.passes(), full };
        let elements = &self.pool.get(path).elements;
        let alone = self.groups_in[self.groups[group].zone].len() == 1;
        let quantiles: &[f64] = if alone { &[0.17, 0.5, 0.83] } else { &[0.25, 0.75] };
        let mut sum = 0.0;
        for &quantile in quantiles {
            let departure = quantile_time(&self.groups[group].schedule, quantile);
            let Some(arrival) = cost.arrival(elements, departure) else { return NO_ARRIVAL };
            sum += float(arrival) / float(quantiles.len());
        }
        sum
    }

    /// The best path for each of the groups given, new ones included.
    fn search(&mut self, groups: &[usize], full: &PerSite<bool>) -> Vec<(usize, PathIndex)> {
        let quantile = 0.1 + 0.8 * uniform(&mut self.rng);
        let parts = groups.len().div_ceil(8).max(1);
        self.searches.resize_with(parts, PathSearch::default);
        let passes = (!self.ends).then_some(&self.incumbent.passes);
        let cost = MarginalCost { roads: self.roads, busy: &self.incumbent.busy, passes, full };
        let (to_sites, all) = (&self.to_sites, &self.groups);
        let found: Vec<(usize, Vec<ElementIndex>)> = groups
            .par_chunks(8)
            .zip(self.searches.par_iter_mut())
            .flat_map_iter(|(groups, search)| {
                let found: Vec<_> = groups
                    .iter()
                    .filter_map(|&group| {
                        let departure = quantile_time(&all[group].schedule, quantile);
                        let (elements, _) = search.best(&cost, to_sites, all[group].zone, departure)?;
                        Some((group, elements))
                    })
                    .collect();
                found
            })
            .collect();
        found
            .into_iter()
            .map(|(group, elements)| {
                (group, self.pool.insert(self.roads.network, self.groups[group].zone, &elements))
            })
            .collect()
    }

    /// The paths that any group of a zone uses, ascending.
    fn paths_of(&self, mix: &Mix, zone: ZoneIndex) -> Vec<PathIndex> {
        let mut paths: Vec<PathIndex> =
            self.groups_in[zone].iter().flat_map(|&g| mix[g].iter().map(|w| w.0)).collect();
        paths.sort_unstable();
        paths.dedup();
        paths
    }

    /// Climbs. `tick` is called after each round.
    pub fn climb(&mut self, effort: SearchEffort, tick: &(dyn Fn() + Sync)) {
        let groups: Vec<usize> = (0..self.mix.len()).filter(|&g| !self.mix[g].is_empty()).collect();
        if groups.is_empty() {
            return;
        }
        let mut candidates: Vec<Option<PathIndex>> = vec![None; self.mix.len()];
        let mut marginals: Vec<Option<RankedPaths>> = vec![None; self.mix.len()];
        let mut record = BestMix { cost: self.cost(&self.outcome), mix: self.mix.clone(), hump: effort.hump };
        let mut step: f64 = 0.5;
        let mut share = effort.share;
        let mut cursor = 0;
        for round in 0..effort.rounds {
            if self.roads.cancel.is_cancelled() {
                break;
            }
            let full = self.full(&self.mix);
            if round % effort.search_every == 0 {
                // What brings the last arrivals forward, where only they are looked at.
                self.ends = effort.fine || !self.ends;
                // Some at a time, more of them in the first round.
                let count = if round == 0 { groups.len().min(240) } else { groups.len().div_ceil(6).min(90) };
                let chosen: Vec<usize> = (0..count).map(|i| groups[(cursor + i) % groups.len()]).collect();
                cursor = (cursor + count) % groups.len();
                for (group, path) in self.search(&chosen, &full) {
                    candidates[group] = Some(path);
                }
                marginals.fill(None);
            }
            let tail = self.tail(effort.fine);
            let chosen = self.chosen(&groups, &tail, share, effort.fine);
            self.fill_marginals(&mut marginals, &chosen, &candidates, &full, effort.ways);
            let tries = self.tries(&chosen, &marginals, effort, step);
            let mut tried: Vec<(f64, usize, Mix)> = tries
                .into_iter()
                .enumerate()
                .filter(|(_, t)| t.moved)
                .map(|(index, t)| (self.cost(&t.outcome), index, t.mix))
                .collect();
            tried.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            match tried.first() {
                Some(&(cost, index, _)) if record.allows(cost) => {
                    let most = record.enough(self.cost(&self.outcome));
                    let better = tried.iter().filter(|t| t.0 < most).count().max(1);
                    let cost = self.take_together(tried.into_iter().take(better).map(|t| t.2), cost);
                    record.look(cost, &self.mix);
                    marginals.fill(None);
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
                    if step < 0.03 || share * float(groups.len()) < 0.7 {
                        step = 0.6;
                        share = 0.15;
                    }
                }
            }
            tick();
        }
        self.back_to(record);
    }

    /// For the groups chosen that have none yet: marginal arrivals on the zone's ways and on the candidate of the group,
    /// earliest first.
    fn fill_marginals(
        &self,
        marginals: &mut [Option<RankedPaths>],
        chosen: &[Vec<(usize, Option<PathIndex>)>],
        candidates: &[Option<PathIndex>],
        full: &PerSite<bool>,
        most: usize,
    ) {
        let mut missing: Vec<usize> =
            chosen.iter().flatten().map(|c| c.0).filter(|&group| marginals[group].is_none()).collect();
        missing.sort_unstable();
        missing.dedup();
        let look_at_all = most <= FEW && missing.len() <= CLOSELY;
        let lists: Vec<RankedPaths> = missing
            .par_iter()
            .map(|&group| {
                let zone = self.groups[group].zone;
                let mut paths = self.paths_of(&self.mix, zone);
                if paths.len() < most && look_at_all {
                    paths = self.pool.from_zone(zone).to_vec();
                }
                let candidate = candidates[group].filter(|path| !paths.contains(path));
                let mut list: RankedPaths = paths
                    .into_iter()
                    .chain(candidate)
                    .map(|path| (self.marginal(full, group, path), path))
                    .collect();
                list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                list
            })
            .collect();
        for (group, list) in missing.into_iter().zip(lists) {
            marginals[group] = Some(list);
        }
    }

    /// Groups and paths with the last arrivals of the incumbent, latest first, before them those of whom some never arrive; `fine`: with
    /// the very last only.
    fn tail(&self, fine: bool) -> Vec<(usize, PathIndex)> {
        let loads =
            self.mix.iter().enumerate().flat_map(|(group, paths)| paths.iter().map(move |w| (group, w.0)));
        let mut list: Vec<LastArrival> = loads
            .zip(&self.incumbent.load_last)
            .map(|((group, path), &last)| LastArrival { last, group, path })
            .collect();
        list.sort_unstable_by_key(|l| (Reverse(l.last.is_none()), Reverse((l.last, l.group, l.path))));
        list.truncate((list.len() / TAIL_PART).max(TAIL_LEAST));
        if let Some(&LastArrival { last, .. }) = list.first().filter(|_| fine) {
            // Where somebody never arrives, only those count.
            list.retain(|l| last.map_or(l.last.is_none(), |last| l.last >= Some(last - last / VERY_LAST)));
        }
        list.into_iter().map(|l| (l.group, l.path)).collect()
    }

    /// Which groups each try moves, and off which way: tries 0 and 1 more groups, the last ones the tail; `fine`: all of them the tail.
    fn chosen(
        &mut self,
        groups: &[usize],
        tail: &[(usize, PathIndex)],
        share: f64,
        fine: bool,
    ) -> Vec<Vec<(usize, Option<PathIndex>)>> {
        (0..TRIES)
            .map(|index| {
                if fine {
                    let count =
                        if index % 2 == 0 { 1 + self.draw(3) } else { 1 + self.draw(tail.len().max(1)) };
                    tail.iter().take(count).map(|&(group, path)| (group, Some(path))).collect()
                } else if index < TAIL_FROM {
                    let share = if index < 2 { share } else { share * 0.3 };
                    let count = number::count((float(groups.len()) * share).round()).clamp(1, groups.len());
                    (0..count).map(|_| (groups[self.draw(groups.len())], None)).collect()
                } else {
                    // The very last ways, one after the other or several at once.
                    let count = 1 + self.draw(if index == TAIL_FROM { 2 } else { tail.len().max(1) });
                    tail.iter().take(count).map(|&(group, path)| (group, Some(path))).collect()
                }
            })
            .collect()
    }

    /// Tries in parallel: tries 0 and 2 with longer steps.
    fn tries(
        &mut self,
        chosen: &[Vec<(usize, Option<PathIndex>)>],
        marginals: &[Option<RankedPaths>],
        effort: SearchEffort,
        step: f64,
    ) -> Vec<MixTry> {
        let mut mixes = Vec::with_capacity(TRIES);
        for (index, chosen) in chosen.iter().enumerate() {
            let step = if index % 2 == 0 { step } else { step * 0.4 };
            let step = match index {
                _ if effort.fine => FEWEST.powf(uniform(&mut self.rng)),
                ..TAIL_FROM => step,
                _ => 0.05 + 0.4 * uniform(&mut self.rng),
            };
            mixes.push(self.changed(chosen, marginals, effort, step));
        }
        let (roads, pool, all, size) = (self.roads, &self.pool, &self.groups, self.size);
        mixes
            .into_par_iter()
            .zip(self.scratch.par_iter_mut())
            .map(|((mix, moved), scratch)| {
                let outcome = if moved {
                    let loads = Self::loads(all, &mix);
                    scratch.run(roads, pool, &loads, size, KeptDetail::OutcomeAlone)
                } else {
                    PacketOutcome::default()
                };
                MixTry { mix, outcome, moved }
            })
            .collect()
    }

    /// A draw of one of `0..below`, each as likely as any other.
    fn draw(&mut self, below: usize) -> usize {
        number::count(uniform(&mut self.rng) * float(below))
    }

    /// The mix with people of the chosen groups moved from their worst way, or from the way named, to a better one.
    fn changed(
        &mut self,
        chosen: &[(usize, Option<PathIndex>)],
        marginals: &[Option<RankedPaths>],
        effort: SearchEffort,
        step: f64,
    ) -> (Mix, bool) {
        let mut mix = self.mix.clone();
        let mut room = self.room_left(&mix);
        let mut moved = false;
        for &(group, from) in chosen {
            let Some(list) = &marginals[group] else { continue };
            let used = |path: PathIndex| mix[group].iter().find(|w| w.0 == path).map_or(0.0, |w| w.1);
            let worst = match from {
                Some(path) => list.iter().find(|w| w.1 == path && used(path) > 0.0),
                None => list.iter().rev().find(|w| used(w.1) > 0.0),
            };
            let Some(&(worst_cost, worst)) = worst else { continue };
            // Those who come last may go by any other way of theirs, even if on average it is a little worse.
            let slack = if from.is_some() { 600_000.0 } else { -1000.0 };
            let others: RankedPaths = list
                .iter()
                .copied()
                .filter(|&(cost, path)| path != worst && cost < (worst_cost + slack).min(NO_ARRIVAL))
                .collect();
            let pick = if from.is_some() { self.draw(others.len().min(2)) } else { 0 };
            let Some(&(_, best)) = others.get(pick) else { continue };
            let zone = self.groups[group].zone;
            let known = self.paths_of(&mix, zone);
            let draw = 0.3 + 0.7 * uniform(&mut self.rng);
            // A way that the zone does not have takes the place of another where there is no room for more.
            if known.len() >= effort.ways && !known.contains(&best) {
                moved |= self.replaced(&mut mix, &mut room, zone, worst, best);
                continue;
            }
            let available = used(worst);
            let total: f64 = mix[group].iter().map(|w| w.1).sum();
            let mut amount = (total * step * draw).min(available);
            if available - amount < 0.01 * total && !effort.fine {
                amount = available;
            }
            let (from, to) = (self.pool.get(worst).site, self.pool.get(best).site);
            if from != to && amount > room[to] {
                amount = room[to].max(0.0);
            }
            if amount <= 0.0 {
                continue;
            }
            room[to] -= amount;
            room[from] += amount;
            shift(&mut mix[group], worst, best, amount);
            moved = true;
        }
        (mix, moved)
    }

    /// One way of a zone becomes another, for all its groups, if there is room at the site.
    fn replaced(
        &self,
        mix: &mut Mix,
        room: &mut PerSite<f64>,
        zone: ZoneIndex,
        old: PathIndex,
        new: PathIndex,
    ) -> bool {
        let on = |list: &[(PathIndex, f64)]| list.iter().find(|w| w.0 == old).map_or(0.0, |w| w.1);
        let people: f64 = self.groups_in[zone].iter().map(|&g| on(&mix[g])).sum();
        let (from, to) = (self.pool.get(old).site, self.pool.get(new).site);
        if people <= 0.0 || from != to && people > room[to] {
            return false;
        }
        room[to] -= people;
        room[from] += people;
        for &group in &self.groups_in[zone] {
            let amount = on(&mix[group]);
            if amount > 0.0 {
                shift(&mut mix[group], old, new, amount);
            }
        }
        true
    }

    /// Leaves at most `ways` ways per zone: the least used go, their people to the best of those that stay.
    pub fn prune(&mut self, ways: usize) {
        let full = PerSite::from(vec![false; self.room.len()]);
        let mut mix = std::mem::take(&mut self.mix);
        let mut room = self.room_left(&mix);
        for zone in self.groups_in.keys() {
            let mut totals: Vec<(PathIndex, f64)> = Vec::new();
            for &(path, people) in self.groups_in[zone].iter().flat_map(|&g| &mix[g]) {
                match totals.iter_mut().find(|t| t.0 == path) {
                    Some(total) => total.1 += people,
                    None => totals.push((path, people)),
                }
            }
            totals.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let gone: Vec<PathIndex> = totals.iter().skip(ways).map(|t| t.0).collect();
            totals.truncate(ways);
            for &group in self.groups_in[zone].iter().filter(|_| !gone.is_empty()) {
                for &path in &gone {
                    let Some(at) = mix[group].iter().position(|w| w.0 == path) else { continue };
                    let (_, people) = mix[group].swap_remove(at);
                    room[self.pool.get(path).site] += people;
                    let best = totals
                        .iter()
                        .map(|&(path, _)| {
                            let overfull = room[self.pool.get(path).site] + 0.5 < people;
                            (overfull, self.marginal(&full, group, path), path)
                        })
                        .min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
                    if let Some((_, _, to)) = best {
                        add(&mut mix[group], to, people);
                        room[self.pool.get(to).site] -= people;
                    }
                }
            }
        }
        self.mix = mix;
        self.replay();
    }
}

/// Moves people between two paths of a group.
fn shift(paths: &mut Vec<(PathIndex, f64)>, from: PathIndex, to: PathIndex, people: f64) {
    if let Some(path) = paths.iter_mut().find(|w| w.0 == from) {
        path.1 -= people;
    }
    add(paths, to, people);
    paths.retain(|w| w.1 > 1e-6);
}

/// Adds people to a path of a group.
fn add(paths: &mut Vec<(PathIndex, f64)>, to: PathIndex, people: f64) {
    match paths.iter_mut().find(|w| w.0 == to) {
        Some(path) => path.1 += people,
        None => paths.push((to, people)),
    }
}
