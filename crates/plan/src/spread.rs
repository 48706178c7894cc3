//! Spreading departures: people wait where they are instead of on the road, as long as nobody arrives later for it.

use crate::orders::PathStream;
use clearway_loading::packet::{KeptDetail, LoadingMemory, PacketOutcome, PathLoad, PreparedRoads};
use clearway_loading::path::PathPool;
use clearway_loading::schedule::{DepartureWindow, Schedule, window_end};
use clearway_model::number::{float, truncated};
use clearway_network::PerZone;
use rayon::prelude::*;

/// How much the cost may rise for a spread.
const TOLERANCE: f64 = 2e-3;
/// The same for the last arrival.
const LAST_TOLERANCE: f64 = 1e-3;
/// Shares of each packet's wait that are tried, all in one round.
const SHARES: [f64; 6] = [0.95, 0.8, 0.6, 0.4, 0.2, 0.05];

/// Later departures under trial.
struct DepartureShift {
    schedules: Vec<Schedule>,
    outcome: PacketOutcome,
}

/// How departures are spread.
pub struct SpreadTask<'a> {
    /// The network as the search has it.
    pub roads: &'a PreparedRoads<'a>,
    /// The paths of the streams.
    pub pool: &'a PathPool,
    /// People per packet of the fast loading.
    pub size: f64,
    /// Length of a departure window, ms.
    pub window: i64,
    /// Per zone, when one can leave it at the latest, ms.
    pub ends: &'a PerZone<i64>,
    /// What a loading costs: it may rise by little.
    pub cost: &'a (dyn Fn(&PacketOutcome) -> f64 + Sync),
    /// How often departures are shifted at the most.
    pub rounds: usize,
}

/// Shifts departures later by a share of the waiting they meet, over some rounds.
pub fn spread(task: &SpreadTask<'_>, streams: &mut [PathStream]) {
    let SpreadTask { roads, pool, size, window, ends, cost, rounds } = *task;
    let mut scratch: Vec<LoadingMemory> = (0..=SHARES.len()).map(|_| LoadingMemory::default()).collect();
    let mut base: Option<PacketOutcome> = None;
    for _ in 0..rounds {
        if roads.cancel.is_cancelled() {
            return;
        }
        let (first, others) = scratch.split_at_mut(1);
        let keep = KeptDetail::Journeys;
        let outcome = first[0].run(roads, pool, &loads(streams, None), size, keep);
        // Loss is counted from the first replay: rounds must not add up.
        let base = *base.get_or_insert(outcome);
        let journeys = &first[0].journeys;
        let now = &*streams;
        let shifts: Vec<DepartureShift> = SHARES
            .par_iter()
            .zip(others.par_iter_mut())
            .map(|(&share, scratch)| {
                let mut delayed: Vec<Vec<(i64, f64)>> = vec![Vec::new(); now.len()];
                for journey in journeys {
                    let by = journey.arrival.map_or(0, |_| truncated(float(journey.waiting) * share));
                    delayed[journey.load].push((journey.gone + by, journey.people));
                }
                let schedules: Vec<Schedule> = delayed
                    .into_iter()
                    .zip(now)
                    .map(|(times, stream)| {
                        if times.is_empty() {
                            stream.schedule.clone()
                        } else {
                            binned(times, window, ends[stream.zone])
                        }
                    })
                    .collect();
                let outcome =
                    scratch.run(roads, pool, &loads(now, Some(&schedules)), size, KeptDetail::OutcomeAlone);
                DepartureShift { schedules, outcome }
            })
            .collect();
        let good = shifts.into_iter().find(|shift| {
            cost(&shift.outcome) <= cost(&base) * (1.0 + TOLERANCE)
                && shift.outcome.stranded <= base.stranded + 1e-6
                && float(shift.outcome.last) <= float(base.last) * (1.0 + LAST_TOLERANCE)
                && shift.outcome.waiting < outcome.waiting * 0.97
        });
        let Some(good) = good else { break };
        for (stream, schedule) in streams.iter_mut().zip(good.schedules) {
            stream.schedule = schedule;
        }
    }
}

fn loads<'s>(streams: &'s [PathStream], schedules: Option<&'s [Schedule]>) -> Vec<PathLoad<'s>> {
    streams
        .iter()
        .enumerate()
        .map(|(index, s)| PathLoad {
            path: s.path,
            people: float(s.people),
            schedule: schedules.map_or(&s.schedule, |all| &all[index]),
        })
        .collect()
}

/// Departure times in windows; a packet's time is that of its last person, so it belongs to the window that ends there.
/// Nobody leaves after `end`, ms.
fn binned(mut times: Vec<(i64, f64)>, window: i64, end: i64) -> Schedule {
    times.sort_by_key(|t| t.0);
    let total: f64 = times.iter().map(|t| t.1).sum();
    let mut schedule: Schedule = Vec::new();
    for (time, people) in times {
        let from = (time - 1).max(0) / window * window;
        match schedule.last_mut() {
            Some(last) if last.from == from => last.share += people / total,
            _ => {
                let until = window_end(from, window, end);
                schedule.push(DepartureWindow { from, until, share: people / total });
            }
        }
    }
    schedule
}

/// Joins neighbouring windows of nearly equal rates into longer ones. Before `ready` (ms), when not everyone is ready to
/// leave, nothing is joined, so that nobody leaves early.
pub fn join_windows(schedule: &[DepartureWindow], ready: i64) -> Schedule {
    let mut joined: Schedule = Vec::new();
    for &next in schedule {
        let rate = next.share / float(next.until - next.from);
        match joined.last_mut() {
            Some(last) if last.until == next.from && last.from >= ready => {
                let before = last.share / float(last.until - last.from);
                if rate <= before * 1.25 && rate >= before * 0.8 {
                    last.until = next.until;
                    last.share += next.share;
                } else {
                    joined.push(next);
                }
            }
            _ => joined.push(next),
        }
    }
    joined
}
