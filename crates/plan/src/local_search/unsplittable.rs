//! Unsplittable zones: the climb where each zone has one way. All its people change ways at once, which shifts queues by more than
//! marginal costs tell; so zones are moved by few, also against each other, over all ways that the ladder has found.

use super::{
    BestMix, LocalSearch, Mix, NO_ARRIVAL, RankedPaths, SearchEffort, TRIES, ZoneGroup, groups_of,
    quantile_time, uniform,
};
use clearway_loading::marginal::{MarginalCost, PathSearch};
use clearway_loading::packet::KeptDetail;
use clearway_loading::path::PathIndex;
use clearway_loading::schedule::Schedule;
use clearway_model::number::{self, float};
use clearway_network::{ElementIndex, PerSite, PerZone, SiteIndex, ZoneIndex};
use rayon::prelude::*;

/// How much worse than now a way may be, on the margin, for a zone that arrives last or makes room for another, ms.
const SLACK: f64 = 600_000.0;
/// Marginal costs are taken when these shares of a zone's people have left.
const QUANTILES: [f64; 3] = [0.17, 0.5, 0.83];
/// Zones for which a new way is sought at a time.
const SEARCHED: usize = 90;

/// Zones that change to other paths, together. With one group for each zone a zone has the number of its group.
type Moves = Vec<(usize, PathIndex)>;

/// What a round knows: room per site, and per zone its paths by marginal arrival, worked out when asked for.
struct RoundKnowledge {
    room: PerSite<f64>,
    paths: Vec<Option<RankedPaths>>,
}

impl LocalSearch<'_> {
    /// Climbs with one way for each zone. `schedules`: when each zone's people leave. `tick` is called after each round.
    pub fn search_unsplittable(
        &mut self,
        schedules: &PerZone<Schedule>,
        effort: SearchEffort,
        tick: &(dyn Fn() + Sync),
    ) {
        self.join_groups(schedules);
        self.settle();
        let zones: Vec<usize> = (0..self.mix.len()).filter(|&z| !self.mix[z].is_empty()).collect();
        if zones.is_empty() {
            return;
        }
        let mut known = RoundKnowledge { room: self.room_left(&self.mix), paths: vec![None; self.mix.len()] };
        let mut record = BestMix { cost: self.cost(&self.outcome), mix: self.mix.clone(), hump: effort.hump };
        let mut cursor = 0;
        let mut share = effort.share;
        for round in 0..effort.rounds {
            if self.roads.cancel.is_cancelled() {
                break;
            }
            if round % effort.search_every == 0 {
                self.ends = !self.ends;
                known.paths.fill(None);
                let count = zones.len().min(SEARCHED);
                let chosen: Vec<usize> = (0..count).map(|i| zones[(cursor + i) % zones.len()]).collect();
                cursor = (cursor + count) % zones.len();
                self.search_whole(&chosen, &known.room);
            }
            let tail: Vec<usize> = self.tail(false).into_iter().map(|t| t.0).collect();
            let several = number::count(float(zones.len()) * share).max(1);
            let moves: Vec<Moves> =
                (0..TRIES).map(|index| self.propose(index, &zones, &tail, several, &mut known)).collect();
            let tried = self.tried(&moves);
            if let Some(&(cost, index)) = tried.first().filter(|b| record.allows(b.0)) {
                let now = self.cost(&self.outcome);
                let better = cost < now;
                let most = record.enough(now);
                let good = tried.iter().filter(|t| t.0 < most).count().max(1);
                let mixes: Vec<Mix> = tried[..good].iter().map(|t| self.moved(&moves[t.1])).collect();
                let cost = self.take_together(mixes.into_iter(), cost);
                known.room = self.room_left(&self.mix);
                known.paths.fill(None);
                share = if better && index == 2 { (share * 1.4).min(0.3) } else { share };
                record.look(cost, &self.mix);
            } else {
                share = if share * float(zones.len()) > 1.0 { share * 0.8 } else { effort.share };
            }
            tick();
        }
        self.back_to(record);
    }

    /// One group for each zone instead of several.
    fn join_groups(&mut self, schedules: &PerZone<Schedule>) {
        if self.groups.len() == schedules.len() {
            return;
        }
        let joined = schedules.keys().map(|zone| {
            let people: f64 = self.groups_in[zone].iter().flat_map(|&g| &self.mix[g]).map(|w| w.1).sum();
            let way = self.groups_in[zone].iter().find_map(|&g| self.mix[g].first());
            way.map(|&(way, _)| (way, people)).into_iter().collect()
        });
        self.mix = joined.collect();
        let one = |(zone, schedule): (ZoneIndex, &Schedule)| ZoneGroup {
            zone,
            schedule: schedule.clone(),
            share: 1.0,
        };
        self.groups = schedules.iter_enumerated().map(one).collect();
        self.groups_in = (0..schedules.len()).map(|zone| vec![zone]).collect();
        self.replay();
    }

    /// Several groups for each zone again.
    pub fn split_groups(&mut self, schedules: &PerZone<Schedule>) {
        let groups = groups_of(schedules, &self.near);
        if groups.len() == self.groups.len() {
            return;
        }
        let mix: Mix = groups
            .iter()
            .map(|group| {
                let ways = self.groups_in[group.zone].iter().flat_map(|&g| &self.mix[g]);
                ways.map(|&(way, people)| (way, people * group.share)).collect()
            })
            .collect();
        self.mix = mix;
        self.groups_in.iter_mut().for_each(Vec::clear);
        for (index, group) in groups.iter().enumerate() {
            self.groups_in[group.zone].push(index);
        }
        self.groups = groups;
        self.replay();
    }

    fn people_of(&self, zone: usize) -> f64 {
        self.mix[zone].first().map_or(0.0, |w| w.1)
    }

    fn site_of(&self, zone: usize) -> Option<SiteIndex> {
        self.mix[zone].first().map(|w| self.pool.get(w.0).site)
    }

    fn take(&mut self, zone: usize, path: PathIndex) {
        if let Some(taken) = self.mix[zone].first_mut() {
            taken.0 = path;
        }
    }

    /// New ways for some zones, to sites that have room for all of a zone.
    fn search_whole(&mut self, zones: &[usize], room: &PerSite<f64>) {
        let quantile = 0.1 + 0.8 * uniform(&mut self.rng);
        let parts = zones.len().div_ceil(8).max(1);
        self.searches.resize_with(parts, PathSearch::default);
        let mut searches = std::mem::take(&mut self.searches);
        let found: Vec<(usize, Vec<ElementIndex>)> = zones
            .par_chunks(8)
            .zip(searches.par_iter_mut())
            .flat_map_iter(|(zones, search)| {
                let found: Vec<_> = zones
                    .iter()
                    .filter_map(|&zone| {
                        let full = self.full_for(zone, room);
                        let cost = MarginalCost {
                            roads: self.roads,
                            busy: &self.incumbent.busy,
                            passes: self.passes(),
                            full: &full,
                        };
                        let departure = quantile_time(&self.groups[zone].schedule, quantile);
                        let origin = ZoneIndex::from(zone);
                        let (elements, _) = search.best(&cost, &self.to_sites, origin, departure)?;
                        Some((zone, elements))
                    })
                    .collect();
                found
            })
            .collect();
        self.searches = searches;
        for (zone, elements) in found {
            self.pool.insert(self.roads.network, ZoneIndex::from(zone), &elements);
        }
    }

    /// Sites without room for all of a zone.
    fn full_for(&self, zone: usize, room: &PerSite<f64>) -> PerSite<bool> {
        let (people, own) = (self.people_of(zone), self.site_of(zone));
        room.iter_enumerated().map(|(site, &room)| own != Some(site) && room + 0.5 < people).collect()
    }

    /// The ways known from a zone by marginal arrival, earliest first; room at sites is not looked at.
    fn ranked(&self, zone: usize) -> RankedPaths {
        let full = PerSite::from(vec![false; self.room.len()]);
        let cost = MarginalCost {
            roads: self.roads,
            busy: &self.incumbent.busy,
            passes: self.passes(),
            full: &full,
        };
        let schedule = &self.groups[zone].schedule;
        let departures = QUANTILES.map(|quantile| quantile_time(schedule, quantile));
        let mut paths: RankedPaths = self
            .pool
            .from_zone(ZoneIndex::from(zone))
            .par_iter()
            .map(|&path| {
                let elements = &self.pool.get(path).elements;
                let arrivals =
                    departures.iter().map(|&departure| cost.arrival(elements, departure).map(float));
                let sum: Option<f64> = arrivals.sum();
                (sum.map_or(NO_ARRIVAL, |sum| sum / float(departures.len())), path)
            })
            .collect();
        paths.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        paths
    }

    /// Ways by which a zone would arrive less than `slack` later than now, on the margin.
    fn others(&self, zone: usize, slack: f64, known: &mut RoundKnowledge) -> Vec<PathIndex> {
        let Some(&(own, _)) = self.mix[zone].first() else { return Vec::new() };
        let ways = known.paths[zone].get_or_insert_with(|| self.ranked(zone));
        let now = ways.iter().find(|w| w.1 == own).map_or(NO_ARRIVAL, |w| w.0);
        let most = (now + slack).min(NO_ARRIVAL);
        ways.iter().filter(|w| w.1 != own && w.0 < most).map(|w| w.1).collect()
    }

    /// Changes to try: single zones, a zone and another that makes room for it, several zones; from try 3 on with those who arrive last.
    fn propose(
        &mut self,
        index: usize,
        zones: &[usize],
        tail: &[usize],
        several: usize,
        known: &mut RoundKnowledge,
    ) -> Moves {
        let mut room = known.room.clone();
        let mut moves = Moves::new();
        let late = index >= TRIES / 2 && !tail.is_empty();
        let (from, slack) = if late { (tail, SLACK) } else { (zones, -1000.0) };
        let count = if index % 3 == 2 { 1 + self.draw(several) } else { 1 };
        for _ in 0..count {
            let zone = from[self.draw(from.len())];
            if moves.iter().any(|m| m.0 == zone) {
                continue;
            }
            if index % 3 == 1 {
                moves = self.exchange(zone, &room, known, zones).unwrap_or_default();
                continue;
            }
            let full = self.full_for(zone, &room);
            let others: Vec<PathIndex> = self
                .others(zone, slack, known)
                .into_iter()
                .filter(|&way| !full[self.pool.get(way).site])
                .take(if late { 6 } else { 4 })
                .collect();
            if let Some(&way) = others.get(self.draw(others.len())) {
                self.make_room(&mut room, zone, way);
                moves.push((zone, way));
            }
        }
        moves
    }

    /// A zone takes another way, and one of those who stand in its way there, or who take its place at a full site, goes elsewhere.
    fn exchange(
        &mut self,
        zone: usize,
        room: &PerSite<f64>,
        known: &mut RoundKnowledge,
        zones: &[usize],
    ) -> Option<Moves> {
        let mut others = self.others(zone, SLACK, known);
        others.truncate(6);
        let way = *others.get(self.draw(others.len()))?;
        let site = self.pool.get(way).site;
        let full = self.full_for(zone, room)[site];
        let full_sites = PerSite::from(vec![false; self.room.len()]);
        let cost = MarginalCost {
            roads: self.roads,
            busy: &self.incumbent.busy,
            passes: self.passes(),
            full: &full_sites,
        };
        let departure = quantile_time(&self.groups[zone].schedule, 0.5);
        let narrow = cost.narrowest(&self.pool.get(way).elements, departure);
        let elements = |zone: usize| self.mix[zone].first().map(|w| &self.pool.get(w.0).elements);
        let meets = |other: usize| match narrow {
            _ if full => self.site_of(other) == Some(site),
            Some(narrow) => elements(other).is_some_and(|e| e.contains(&narrow)),
            None => false,
        };
        let met: Vec<usize> = zones.iter().copied().filter(|&other| other != zone && meets(other)).collect();
        let other = *met.get(self.draw(met.len()))?;
        let mut room = room.clone();
        self.make_room(&mut room, zone, way);
        let no_room = self.full_for(other, &room);
        let mut away: Vec<PathIndex> = self
            .others(other, SLACK, known)
            .into_iter()
            .filter(|&way| {
                let way = self.pool.get(way);
                let stays =
                    if full { way.site == site } else { narrow.is_some_and(|n| way.elements.contains(&n)) };
                !stays && !no_room[way.site]
            })
            .collect();
        away.truncate(4);
        let instead = *away.get(self.draw(away.len()))?;
        self.make_room(&mut room, other, instead);
        (!full || room[site] > -0.5).then(|| vec![(zone, way), (other, instead)])
    }

    /// Room per site after a zone has changed to a way.
    fn make_room(&self, room: &mut PerSite<f64>, zone: usize, path: PathIndex) {
        let people = self.people_of(zone);
        if let Some(site) = self.site_of(zone) {
            room[site] += people;
        }
        room[self.pool.get(path).site] -= people;
    }

    /// The mix after some changes.
    fn moved(&self, moves: &Moves) -> Mix {
        let mut mix = self.mix.clone();
        for &(zone, way) in moves {
            if let Some(taken) = mix[zone].first_mut() {
                taken.0 = way;
            }
        }
        mix
    }

    /// What each of the changes costs and which it is, the cheapest first.
    fn tried(&mut self, moves: &[Moves]) -> Vec<(f64, usize)> {
        let mixes: Vec<Mix> = moves.iter().map(|moves| self.moved(moves)).collect();
        let (roads, pool, groups, size) = (self.roads, &self.pool, &self.groups, self.size);
        let outcomes: Vec<_> = moves
            .par_iter()
            .zip(&mixes)
            .zip(self.scratch.par_iter_mut())
            .map(|((moves, mix), scratch)| {
                let run =
                    || scratch.run(roads, pool, &Self::loads(groups, mix), size, KeptDetail::OutcomeAlone);
                (!moves.is_empty()).then(run)
            })
            .collect();
        let costs = outcomes.iter().enumerate().filter_map(|(i, o)| Some((self.cost(o.as_ref()?), i)));
        let mut costs: Vec<(f64, usize)> = costs.collect();
        costs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        costs
    }

    /// Takes zones from sites that got more than they hold to sites with room, those first whom it costs least for each person
    /// above it; where no zone fits, a larger one changes places with a smaller one.
    fn settle(&mut self) {
        let zones: Vec<usize> = (0..self.mix.len()).filter(|&z| !self.mix[z].is_empty()).collect();
        let mut ranked: Vec<RankedPaths> =
            (0..self.mix.len()).into_par_iter().map(|z| self.ranked(z)).collect();
        let mut changed = false;
        for _ in 0..2 * zones.len() {
            let room = self.room_left(&self.mix);
            let Some(site) = room.position(|&room| room < -0.5) else { break };
            let there: Vec<usize> =
                zones.iter().copied().filter(|&z| self.site_of(z) == Some(site)).collect();
            let mut moves = self.away(&there, &ranked, &room, -room[site]);
            if moves.is_none() {
                self.search_whole(&there, &room);
                there.iter().for_each(|&zone| ranked[zone] = self.ranked(zone));
                moves = self.away(&there, &ranked, &room, -room[site]);
            }
            let moves = moves
                .or_else(|| self.change_places(&there, &zones, &ranked, &room))
                .or_else(|| self.fewer_above(&there, &zones, &ranked, &room));
            let Some(moves) = moves else { break };
            for (zone, way) in moves {
                self.take(zone, way);
            }
            changed = true;
        }
        if changed {
            self.replay();
        }
    }

    /// What it costs a zone, on the margin, to take its best way among those that `fits`, and that way.
    fn change(
        &self,
        zone: usize,
        ranked: &[RankedPaths],
        fits: impl Fn(SiteIndex) -> bool,
    ) -> Option<(f64, PathIndex)> {
        let own = self.mix[zone].first()?.0;
        let now = ranked[zone].iter().find(|w| w.1 == own)?.0;
        let fits = |path: PathIndex| fits(self.pool.get(path).site);
        let &(cost, way) = ranked[zone].iter().find(|w| w.0 < NO_ARRIVAL && fits(w.1))?;
        Some((cost - now, way))
    }

    /// The zone and way that costs least for each person of those above what a site holds.
    fn away(&self, there: &[usize], ranked: &[RankedPaths], room: &PerSite<f64>, over: f64) -> Option<Moves> {
        let cheapest = there.iter().filter_map(|&zone| {
            let (full, people, own) = (self.full_for(zone, room), self.people_of(zone), self.site_of(zone));
            let (cost, way) = self.change(zone, ranked, |site| own != Some(site) && !full[site])?;
            Some((cost.max(1.0) * people / people.min(over), zone, way))
        });
        let best = cheapest.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))?;
        Some(vec![(best.1, best.2)])
    }

    /// Where no site has room for what another got too many: a zone of that site goes to another one, or changes places with a
    /// zone there, so that as few people as possible are above what the two hold.
    fn fewer_above(
        &self,
        there: &[usize],
        zones: &[usize],
        ranked: &[RankedPaths],
        room: &PerSite<f64>,
    ) -> Option<Moves> {
        let above = |room: f64| (-room).max(0.0);
        let goes = |zone: usize, site: SiteIndex| self.change(zone, ranked, |to| to == site);
        let best = there.iter().filter_map(|&zone| {
            let (people, from) = (self.people_of(zone), self.site_of(zone)?);
            let gain = |at: SiteIndex, less: f64| {
                let after = above(room[from] + people - less) + above(room[at] - people + less);
                above(room[from]) + above(room[at]) - after
            };
            let others = zones.iter().filter_map(|&other| Some((self.site_of(other)?, Some(other))));
            let alone = room.keys().map(|site| (site, None));
            let mut options: Vec<(f64, SiteIndex, Option<usize>)> = others
                .chain(alone)
                .filter(|&(at, _)| at != from)
                .map(|(at, other)| (gain(at, other.map_or(0.0, |other| self.people_of(other))), at, other))
                .filter(|option| option.0 > 0.5)
                .collect();
            options.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
            options.into_iter().find_map(|(gain, at, other)| {
                let mut moves = vec![(zone, goes(zone, at)?.1)];
                if let Some(other) = other {
                    moves.push((other, goes(other, from)?.1));
                }
                Some((gain, moves))
            })
        });
        best.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|best| best.1)
    }

    /// A zone of a site that got too many and a smaller one elsewhere change sites: what costs least for each person.
    fn change_places(
        &self,
        there: &[usize],
        zones: &[usize],
        ranked: &[RankedPaths],
        room: &PerSite<f64>,
    ) -> Option<Moves> {
        let pairs = there.iter().flat_map(|&zone| zones.iter().map(move |&other| (zone, other)));
        let cheapest = pairs.filter_map(|(zone, other)| {
            let (people, from) = (self.people_of(zone), self.site_of(zone)?);
            let (less, at) = (self.people_of(other), self.site_of(other)?);
            if at == from || less + 0.5 >= people || room[at] + less + 0.5 < people {
                return None;
            }
            let (out, way) = self.change(zone, ranked, |site| site == at)?;
            let (back, instead) = self.change(other, ranked, |site| site == from)?;
            Some(((out * people + back * less) / (people - less), (zone, way), (other, instead)))
        });
        let best = cheapest.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)))?;
        Some(vec![best.1, best.2])
    }
}
