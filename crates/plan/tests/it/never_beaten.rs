//! No plan beats the bound: thousands of plans for small random scenarios, some of them as near the bound as the
//! optimal flow brings them, some at random, are carried out exactly and counted against the certificate's formula.

use crate::common;
use crate::common::Draw;
use clearway_bound::certify::{CertifiedBound, fineness};
use clearway_flow::{CUT_UNITS_PER_PERSON, ThresholdCut, cut_value, shift_thresholds};
use clearway_loading::path::PathPool;
use clearway_model::Cancel;
use clearway_network::Network;
use clearway_plan::orders::{PathOrder, repair};
use clearway_plan::seed::free_flow;
use clearway_plan::{PlanOptions, answer};
use std::ops::ControlFlow;

const UNIT: i128 = CUT_UNITS_PER_PERSON;

/// What a replay brought: (arrival ms, people) in the order of time.
struct Arrivals(Vec<(i64, i64)>);

impl Arrivals {
    fn before(&self, t: i64) -> i64 {
        self.0.iter().take_while(|a| a.0 < t).map(|a| a.1).sum()
    }

    fn all(&self) -> i64 {
        self.0.iter().map(|a| a.1).sum()
    }

    fn last(&self) -> i64 {
        self.0.last().map_or(0, |a| a.0)
    }

    fn person_hours(&self, evacuees: i64, horizon: i64) -> f64 {
        let sum: i64 = self.0.iter().map(|a| a.0 * a.1).sum();
        (sum + (evacuees - self.all()) * horizon) as f64 / 3.6e6
    }

    /// The arrival of the `goal`-th person.
    fn time_of(&self, goal: i64) -> Option<i64> {
        let mut sum = 0;
        self.0.iter().find_map(|a| {
            sum += a.1;
            (sum >= goal).then_some(a.0)
        })
    }
}

/// How near plans came to the bound.
#[derive(Default)]
struct Tally {
    plans: u32,
    moments: u64,
    /// Plans that bring everyone within 5 % of the clearance bound.
    near: u32,
    /// Plans held against a proof that unsplittable zones do not fit, and those within 5 % of its time.
    whole: u32,
    near_whole: u32,
}

/// Thresholds at `t` between those of the cut before and of this one, and the time of the cut before.
fn between(proven: &CertifiedBound, cut: &ThresholdCut, t: i64) -> (i64, Vec<i64>) {
    let problem = &proven.places.problem;
    let before = proven.curve.cuts.iter().rev().find(|before| before.theta < cut.theta);
    let (since, low) = before.map_or((0, vec![0; problem.vertices]), |b| (b.theta, b.alpha.clone()));
    let mut alpha: Vec<i64> = low
        .iter()
        .zip(&cut.alpha)
        .map(|(&a, &b)| {
            a + (i128::from(b - a) * i128::from(t - since)).div_euclid(i128::from((cut.theta - since).max(1)))
                as i64
        })
        .collect();
    // A choice of tails is as early as the earliest of them.
    for &free in &proven.places.free {
        let tails = problem.arcs.iter().filter(|arc| arc.head == free).map(|arc| alpha[arc.tail as usize]);
        if let Some(least) = tails.min() {
            alpha[free as usize] = least;
        }
    }
    (since, alpha)
}

/// Counts arrivals against one family at many times, and the figures made of it.
fn assert_not_beaten(proven: &CertifiedBound, arrivals: &Arrivals, what: &str, tally: &mut Tally) {
    let network = &proven.network;
    let (evacuees, horizon) = (network.evacuees(), network.horizon);
    let problem = &proven.places.problem;
    let mut check = |t: i64, units: i128, kind: &str| {
        let arrived = i128::from(arrivals.before(t)) * UNIT;
        tally.moments += 1;
        assert!(
            arrived <= units,
            "{what}, {} at {t} ms ({kind}): {} arrived, the bound is {}",
            proven.name(),
            arrivals.before(t),
            units as f64 / UNIT as f64,
        );
    };
    for cut in &proven.curve.cuts {
        assert_eq!(cut_value(problem, &cut.alpha, cut.theta), Some(cut.value), "{what}: value of a cut");
        check(cut.theta, cut.value, "its own cut");
    }
    let step = (arrivals.0.len() / 20).max(1);
    let mut times: Vec<i64> = arrivals.0.iter().step_by(step).map(|a| a.0 + 1).collect();
    times.extend((1..=12).map(|k| horizon * k / 12));
    times.push(arrivals.last() + 1);
    times.retain(|t| *t <= horizon);
    times.sort_unstable();
    times.dedup();
    let curve = proven.at(times.iter().copied());
    for (&t, stated) in times.iter().zip(curve) {
        let all = i128::from(evacuees) * UNIT;
        let Some(cut) = proven.curve.cuts.iter().find(|cut| cut.theta >= t) else {
            assert_eq!(stated, all, "{what}: after the last cut");
            continue;
        };
        let alpha = shift_thresholds(&cut.alpha, cut.theta - t);
        let shifted = cut_value(problem, &alpha, t);
        let (since, between) = between(proven, cut, t);
        let between_value = cut_value(problem, &between, t).filter(|_| since < cut.theta);
        let least = [cut.value, shifted.unwrap_or(all), between_value.unwrap_or(all)];
        assert_eq!(stated, least.into_iter().fold(all, i128::min), "{what}: L({t})");
        if let Some(value) = between_value {
            check(t, value, "between two cuts");
        }
        if let Some(shifted) = shifted {
            check(t, shifted, "the next cut, shifted");
        }
        check(t, cut.value.max(0), "the next cut");
    }
    for goal in [evacuees, (evacuees * 9 + 9) / 10] {
        let plan = arrivals.time_of(goal);
        let bound = proven.earliest_s(goal).map(|s| (s * 1000.0).round() as i64);
        match (plan, bound) {
            (Some(plan), Some(bound)) => {
                assert!(plan >= bound, "{what}: {plan} < {bound} ms");
                tally.near += u32::from(goal == evacuees && plan as f64 <= bound as f64 * 1.05);
            }
            (Some(plan), None) => {
                assert!(evacuees == 0, "{what}: {goal} people by {plan} ms, which is said to be impossible");
            }
            (None, _) => {}
        }
    }
    if let Some(whole) = &proven.whole {
        let problem = network.flow_problem(None).problem;
        assert!(whole.proves(&problem, 0), "{what}: {whole:?}");
        let is_beaten = arrivals.before(whole.theta) == evacuees;
        assert!(!is_beaten, "{what}: everybody by {} ms, against {whole:?}", arrivals.last());
        tally.whole += 1;
        tally.near_whole += u32::from(
            arrivals.time_of(evacuees).is_some_and(|time| time as f64 <= whole.theta as f64 * 1.05),
        );
    }
    let hours = arrivals.person_hours(evacuees, horizon);
    let bound = proven.person_hours(60_000);
    assert!(hours >= bound - 1e-6, "{what}: {hours} person-hours, the bound is {bound}");
}

/// Carries orders out exactly; who does not arrive is taken out of the orders.
fn carry_out(
    network: &Network,
    pool: &PathPool,
    mut orders: Vec<PathOrder>,
    packet: i64,
    what: &str,
) -> Arrivals {
    common::assert_released(network, &orders, what);
    let replay = repair(network, pool, &mut orders, packet, 1.25, &Cancel::default());
    let mut arrivals: Vec<(i64, i64)> =
        replay.packets.iter().filter_map(|p| Some(((p.arrival? + 999) / 1000, p.people))).collect();
    arrivals.sort_unstable();
    Arrivals(arrivals)
}

fn try_scenarios(seeds: std::ops::Range<u64>) {
    let mut tally = Tally::default();
    for seed in seeds.clone() {
        let mut draw = Draw::new(seed ^ 0x5eed);
        let scenario = common::scenario(seed);
        let network = common::network(&scenario);
        let places = network.flow_problem(None);
        let fineness = fineness(&places);
        let step = fineness.step;
        let routes = 1 + draw.below(3) as u32;
        let central = CertifiedBound::new(network.clone(), None, fineness, &|_| ControlFlow::Continue(()));
        let class =
            CertifiedBound::new(network.clone(), Some(routes), fineness, &|_| ControlFlow::Continue(()));
        let free = free_flow(&network, &places, step, &Cancel::default());
        let packet = [1, 2, 5, 12, 400][draw.below(5)];
        let window = [1000, 60_000, 900_000][draw.below(3)];
        let mut try_plan = |pool: &PathPool, orders: Vec<PathOrder>, limited: bool, kind: &str| {
            let what = format!("seed {seed}, {kind}, packets of {packet}, {routes} routes");
            let arrivals = carry_out(&network, pool, orders, packet, &what);
            tally.plans += 1;
            assert_not_beaten(&central, &arrivals, &what, &mut tally);
            if limited {
                assert_not_beaten(&class, &arrivals, &what, &mut tally);
            }
        };
        let all = common::orders_of_flow(&network, &free, usize::MAX, window);
        try_plan(&free.pool, all, false, "unrestricted-route optimum");
        let few = common::orders_of_flow(&network, &free, routes as usize, window);
        try_plan(&free.pool, few, true, "heaviest ways");
        let mut pool = PathPool::default();
        let random = common::random_orders(&network, &mut pool, routes as usize, &mut draw);
        try_plan(&pool, random, true, "random orders");
    }
    let Tally { plans, moments, near, whole, near_whole } = tally;
    eprintln!(
        "{plans} plans for seeds {seeds:?} at {moments} moments: none ahead of the bound, {near} times everyone within 5 % of the clearance bound; {whole} against unsplittable zones, {near_whole} near"
    );
    // Plans that come nowhere near the bound would prove nothing.
    assert!(near as usize * 20 >= plans as usize, "{near} of {plans}");
}

#[test]
fn no_plan_beats_the_bound_first_part() {
    try_scenarios(0..1600);
}

#[test]
fn no_plan_beats_the_bound_second_part() {
    try_scenarios(1600..3200);
}

/// The planner's own plans, with their own certificate.
#[test]
fn the_planner_beats_no_bound_of_its_own() {
    let mut tally = Tally::default();
    for seed in 10_000..10_060 {
        let scenario = common::scenario(seed);
        let routes = 1 + (seed % 3) as u32;
        let options = PlanOptions { routes_per_zone: Some(routes), threads: 1, ..PlanOptions::default() };
        let made = answer(&scenario, &options, &|_, _| {}).unwrap();
        let network = common::network(&scenario);
        let fineness = fineness(&network.flow_problem(None));
        let mut pool = PathPool::default();
        let orders = common::orders_of_plan(&scenario, &network, &made.plan, &mut pool);
        let what = format!("seed {seed}, {routes} routes");
        let arrivals = carry_out(&network, &pool, orders, made.plan.packet_people, &what);
        assert_eq!(arrivals.all(), made.summary.people.arrived, "{what}");
        assert_eq!(
            arrivals.time_of(network.evacuees()).map(|ms| ms as f64 / 1000.0),
            made.summary.clearance_s.plan.filter(|_| network.evacuees() > 0),
            "{what}"
        );
        for routes in [None, Some(routes)] {
            let proven =
                CertifiedBound::new(network.clone(), routes, fineness, &|_| ControlFlow::Continue(()));
            assert_not_beaten(&proven, &arrivals, &what, &mut tally);
        }
        tally.plans += 1;
    }
    eprintln!("{} plans of the planner, {} near the bound", tally.plans, tally.near);
}
