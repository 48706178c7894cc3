//! More routes per zone, or more rounds, bring no fewer people: a superset of choices begins with the best plan of its subsets.

use crate::common;
use clearway_plan::{PlanOptions, answer};

#[test]
fn more_routes_and_more_rounds_bring_no_fewer_people() {
    let mut left = 0;
    for seed in (1..24).filter(|seed| seed % 4 != 0) {
        let scenario = common::scenario(seed);
        let arrived = |routes_per_zone, effort| {
            let options = PlanOptions { routes_per_zone, effort, ..PlanOptions::default() };
            answer(&scenario, &options, &|_, _| {}).unwrap().summary.people.arrived
        };
        let plans =
            [(Some(1), 1), (Some(3), 1), (Some(3), 2), (Some(5), 1), (None, 1)].map(|(q, e)| arrived(q, e));
        let [one, three, longer, five, any] = plans;
        assert!(one <= three && three <= longer && three <= five && five <= any, "seed {seed}: {plans:?}");
        left += usize::from(one < any);
    }
    eprintln!("more routes brought more people in {left} cases");
}
