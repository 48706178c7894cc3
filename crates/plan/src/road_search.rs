//! Search under the simulation: where on the road the last are later than the replay promises, fewer arrive, or people wait for long,
//! departures are metered again with less capacity where they would wait, and only there.
//!
//! The replay lets a queue stand on top of others. On the road a vehicle that waits a second for its turn at a merge keeps its space for
//! that second. A short road has room for just what flows through it, so that it carries less while the first on it wait for a moment:
//! used to the full, it never catches up, and the queue grows back over the roads before. Some hundredths less of the flow dissolve it. How
//! many, the simulation says: [`clearway_simulate::trial`] traces all waiting to the roads that it is for.

use crate::finish::{FinishedPlan, PlanFinishing};
use crate::fit::fit_sites;
use crate::local_search::LocalSearch;
use crate::metering::Metering;
use crate::options::Progress;
use crate::orders::{PathOrder, PathStream};
use crate::stages::REFINED;
use clearway_loading::path::PathPool;
use clearway_model::number::{float, length};
use clearway_model::{OnRoad, OnRoadFigures};
use clearway_network::{ElementIndex, LinkRooms, Network};
use clearway_simulate::trial::TrialOutcome;
use std::collections::BTreeSet;

/// How often departures are metered again and simulated, at the most: a round without a gain is the last. Fewer where there are so many
/// vehicles on so many roads that a round takes long, by how often vehicles enter an element in all rounds.
const ROUNDS: u64 = 5;
const MOVES: u64 = 100_000_000;
/// By no more than this share later than the replay promises are the last there on the road, and no longer than so many minutes do people
/// wait in the mean: then it is left as it is, since less waiting would be paid for with later arrivals.
const NEAR_REPLAY: f64 = 0.001;
const SHORT_WAITING_MIN: f64 = 2.0;
/// How much a plan may cost more that spares people longer waiting, as a share.
const SHORT_WAITING_WORTH: f64 = 0.01;
/// How much less of a capacity is used, in times of what would keep the queue from forming in a steady flow; and in the rounds after one
/// that leaves more than this share of the waiting.
const SPARED: f64 = 2.0;
const SPARED_MORE: f64 = 4.0;
const MOST_LEFT: f64 = 0.5;
/// A round that brought nothing may have spared too much: the next one spares so much less, once.
const LESS: f64 = 0.4;
/// A share of a capacity that is not worth sparing, and the most that is spared at a time.
const LEAST_SPARED: f64 = 0.001;
const MOST_SPARED: f64 = 0.05;
/// Where the last are later than promised by more than this share and people wait for longer than so many minutes in the mean, jams reach so
/// far that they form elsewhere once one road is spared: then so many times that share of every capacity is spared, up to so much at a time.
const LATE: f64 = 0.05;
const LONG_WAITING_MIN: f64 = 10.0;
const SPARED_LATE: f64 = 0.85;
const MOST_SPARED_EVERYWHERE: f64 = 0.07;

/// A plan, and what the road makes of it.
struct TriedPlan {
    plan: FinishedPlan,
    trial: TrialOutcome,
    /// As the cost of a plan, with arrivals on the road and all waiting there once more, people x s.
    cost: f64,
}

impl TriedPlan {
    fn missing(&self) -> i64 {
        self.trial.not_arrived.iter().sum()
    }

    fn waiting_min(&self) -> f64 {
        self.trial.outcome.waiting.mean_min
    }

    /// Whether the road makes more of it than of another: as many arrive, nobody in an order is left on the road who was not, and all
    /// together are there sooner. That people no longer wait for long may cost a little. What is spill-free stays so.
    fn is_better(&self, other: &Self) -> bool {
        let arrived = |tried: &Self| tried.trial.outcome.people_arrived;
        let waits = |tried: &Self| tried.waiting_min() > SHORT_WAITING_MIN;
        let cheaper = match (waits(self), waits(other)) {
            (false, true) => self.cost <= other.cost * (1.0 + SHORT_WAITING_WORTH),
            (true, false) => self.cost * (1.0 + SHORT_WAITING_WORTH) < other.cost,
            _ => self.cost < other.cost,
        };
        arrived(self) >= arrived(other)
            && self.missing() <= other.missing()
            && cheaper
            && (self.plan.overflow.is_spill_free() || !other.plan.overflow.is_spill_free())
    }
}

/// How many rounds there are for plans with as many vehicles on as many roads as this one.
fn most_rounds(tried: &TriedPlan) -> u64 {
    (MOVES / tried.trial.moves.max(1)).clamp(1, ROUNDS)
}

impl PlanFinishing<'_> {
    /// The plan of some streams with departures for which the road keeps more of what the replay promises, as far as they are found.
    pub(crate) fn better_on_road(
        &self,
        pool: &mut PathPool,
        mut streams: Vec<PathStream>,
        plan: FinishedPlan,
        progress: Progress<'_>,
    ) -> FinishedPlan {
        let (Some(rooms), Some(trial)) = (self.rooms, self.carried_out(pool, &plan.orders)) else {
            return plan;
        };
        let shared = plan.shared.clone();
        let mut best = self.tried(plan, trial);
        let figures = self.road_figures(&best.trial);
        let mut on_road =
            OnRoad { after: figures, spared_share: 0.0, spared_links: 0, rounds: 0, before: None };
        if Self::is_worth_a_search(&best) {
            fit_sites(self.roads.network, pool, &mut streams);
            let most = most_rounds(&best);
            let tell = |rounds: u64| {
                progress("departures", REFINED + (1.0 - REFINED) * float(rounds) / float(most + 1));
            };
            let mut search = RoadSearch { rooms, most, rounds: 0, tell: &tell };
            let spared_everywhere = search.spare_everywhere(self, pool, &streams, &mut best);
            let (spared_share, metering) = match spared_everywhere {
                Some((share, metering)) => (share, Some(metering)),
                None => (0.0, shared.map(|shared| self.metering_again(pool, &streams, &shared))),
            };
            let sparing = Self { capacity_share: self.capacity_share * (1.0 - spared_share), ..*self };
            let mut metering = metering.unwrap_or_else(|| sparing.metering(pool, &streams));
            let spared_links = search.spare_links(&sparing, &mut metering, pool, &mut best);
            on_road.rounds = search.rounds;
            on_road.spared_share = spared_share;
            if spared_links > 0 || spared_share > 0.0 {
                on_road.after = self.road_figures(&best.trial);
                on_road.spared_links = spared_links;
                on_road.before = Some(figures);
            }
        }
        best.plan.on_road = Some(on_road);
        best.plan
    }

    /// By what share of the time that the replay promises the last are later there on the road.
    fn lateness(tried: &TriedPlan) -> f64 {
        let last_us = tried.trial.outcome.arrived.last().map_or(0.0, |last| float(last.0));
        (last_us / float(tried.plan.last_us.max(1)) - 1.0).max(0.0)
    }

    fn tried(&self, plan: FinishedPlan, trial: TrialOutcome) -> TriedPlan {
        let network = self.roads.network;
        let (evacuees, outcome) = (network.evacuees(), &trial.outcome);
        let hours = outcome.person_hours(evacuees, network.horizon * 1000);
        let last_s = outcome.arrived.last().map_or(0.0, |last| float(last.0) / 1e6);
        let waiting_s = outcome.waiting.mean_min * 60.0 * float(plan.arrived);
        let cost = hours * 3600.0 + LocalSearch::LAST_WEIGHT * float(evacuees) * last_s + waiting_s;
        TriedPlan { plan, trial, cost }
    }

    /// Whether on the road the last are there so much later than the replay promises, somebody is left who is not by the replay, or people
    /// wait for long.
    fn is_worth_a_search(tried: &TriedPlan) -> bool {
        let outcome = &tried.trial.outcome;
        Self::lateness(tried) > NEAR_REPLAY
            || outcome.people_arrived < tried.plan.arrived
            || outcome.waiting.mean_min > SHORT_WAITING_MIN
    }

    fn road_figures(&self, trial: &TrialOutcome) -> OnRoadFigures {
        let (evacuees, outcome) = (self.roads.network.evacuees(), &trial.outcome);
        OnRoadFigures {
            t90_s: outcome.time_of_s((evacuees * 9 + 9) / 10),
            t100_s: outcome.time_of_s(evacuees),
            waiting_min: outcome.waiting.mean_min,
        }
    }
}

/// Metering again and again.
struct RoadSearch<'a> {
    rooms: &'a LinkRooms,
    /// How many rounds there are at the most, and have been.
    most: u64,
    rounds: u64,
    /// Told of each round.
    tell: &'a dyn Fn(u64),
}

impl RoadSearch<'_> {
    fn begin_round(&mut self) {
        self.rounds += 1;
        (self.tell)(self.rounds);
    }

    /// Puts plans in the place of `best` that use less of every capacity, as long as the last are late and that helps. The share that is
    /// spared in the best, and its departures; `None` where it is still the first.
    fn spare_everywhere<'b>(
        &mut self,
        finishing: &PlanFinishing<'b>,
        pool: &mut PathPool,
        streams: &[PathStream],
        best: &mut TriedPlan,
    ) -> Option<(f64, Metering<'b>)> {
        let mut spared: Option<(f64, Metering<'b>)> = None;
        let reaches_far = |tried: &TriedPlan| {
            PlanFinishing::lateness(tried) > LATE && tried.trial.outcome.waiting.mean_min > LONG_WAITING_MIN
        };
        while self.rounds < self.most && reaches_far(best) {
            let more = (SPARED_LATE * PlanFinishing::lateness(best)).min(MOST_SPARED_EVERYWHERE);
            let before = spared.as_ref().map_or(0.0, |spared| spared.0);
            let share = 1.0 - (1.0 - before) * (1.0 - more);
            self.begin_round();
            let sparing =
                PlanFinishing { capacity_share: finishing.capacity_share * (1.0 - share), ..*finishing };
            let metering = sparing.metering(pool, streams);
            let Some(tried) = self.tried(&sparing, metering.orders(), pool, best) else { break };
            if !tried.is_better(best) {
                break;
            }
            *best = tried;
            spared = Some((share, metering));
        }
        spared
    }

    /// Puts better plans in the place of `best` that use less of the capacities for which people wait. How many links are spared in the
    /// best; 0: it is still the first.
    fn spare_links(
        &mut self,
        finishing: &PlanFinishing<'_>,
        metering: &mut Metering<'_>,
        pool: &mut PathPool,
        best: &mut TriedPlan,
    ) -> u64 {
        let mut spared: BTreeSet<ElementIndex> = BTreeSet::new();
        let (mut times, mut is_less) = (SPARED, false);
        while self.rounds < self.most && PlanFinishing::is_worth_a_search(best) {
            let bottlenecks = to_spare(finishing.roads.network, &best.trial, times);
            if bottlenecks.is_empty() {
                break;
            }
            self.begin_round();
            let before: Vec<(ElementIndex, f64)> =
                bottlenecks.iter().map(|&(element, _)| (element, metering.share(element))).collect();
            for &(element, share) in &bottlenecks {
                metering.narrow(&[element], share);
            }
            metering.place_all();
            let Some(tried) = self.tried(finishing, metering.orders(), pool, best) else {
                break;
            };
            if tried.is_better(best) {
                if tried.waiting_min() > MOST_LEFT * best.waiting_min() {
                    times = SPARED_MORE;
                }
                *best = tried;
                spared.extend(before.into_iter().map(|(element, _)| element));
                is_less = false;
            } else if is_less {
                break;
            } else {
                for (element, share) in before {
                    metering.set_share(element, share);
                }
                (times, is_less) = (times * LESS, true);
            }
        }
        length(spared.len()).unsigned_abs()
    }

    /// Orders as a plan, carried out exactly and on the road; `None` if the computation is to end.
    fn tried(
        &self,
        finishing: &PlanFinishing<'_>,
        orders: Vec<PathOrder>,
        pool: &mut PathPool,
        best: &TriedPlan,
    ) -> Option<TriedPlan> {
        let shared: &PathPool = pool;
        let (plan, trial) = rayon::join(
            || finishing.judged(self.rooms, shared, orders.clone()),
            || finishing.carried_out(shared, &orders),
        );
        let mut plan = if plan.arrived < best.plan.arrived {
            finishing.with_others(self.rooms, pool, plan)
        } else {
            plan
        };
        plan.choice = best.plan.choice;
        let trial = if plan.orders == orders { trial } else { finishing.carried_out(pool, &plan.orders) };
        trial.map(|trial| finishing.tried(plan, trial))
    }
}

/// The elements for which people wait, each with the share of its capacity that is to be spared: where waiting of W person-hours goes
/// with a queue of W / T in the mean over T hours, a share x of the capacity q would have kept it from forming if x q T / 2 = W / T.
fn to_spare(network: &Network, trial: &TrialOutcome, times: f64) -> Vec<(ElementIndex, f64)> {
    let (elements, horizon) = (&network.elements, network.horizon);
    let hours = trial.outcome.arrived.last().map_or(0.0, |last| float(last.0) / 3.6e9);
    let share = |person_hours: f64, rate: u64| {
        times * 2.0 * person_hours / (float(rate) / 1000.0 * hours * hours).max(f64::MIN_POSITIVE)
    };
    let of = trial.bottlenecks.iter().filter_map(|bottleneck| {
        let element = &elements[bottleneck.element];
        // who waits for a road to open waits for no lack of capacity
        let rate = element.rate.filter(|_| element.open.length_within(0, horizon) == horizon)?;
        let share = share(bottleneck.person_hours, rate);
        (share > LEAST_SPARED).then_some((bottleneck.element, share.min(MOST_SPARED)))
    });
    of.collect()
}
