//! Whether it is proved that not everybody can be there by a time: one cut and not a whole curve.

use clearway_flow::{CUT_UNITS_PER_PERSON, CutEffort, CutSearch, ReducedProblem, cut_value};
use clearway_network::Network;

/// Parts of the time to which thresholds are found.
const FINENESS: i64 = 4096;

/// Whether a cut proves that fewer than all evacuees can have been admitted strictly before `theta`, ms. `false` proves nothing.
pub fn is_excluded(network: &Network, theta: i64) -> bool {
    let theta = theta.min(network.horizon);
    let people = network.evacuees();
    if people == 0 {
        return false;
    }
    if theta <= 0 {
        return true;
    }
    let places = network.flow_problem(None);
    let reduced = ReducedProblem::new(&places.problem, &places.free);
    let search = CutSearch::new(&reduced.problem, &reduced.free);
    let cut = search.at(theta, &[], CutEffort::Far((theta / FINENESS).max(1)));
    let alpha = reduced.expand(&cut.alpha, theta);
    let all = i128::from(people) * CUT_UNITS_PER_PERSON;
    cut_value(&places.problem, &alpha, theta).is_some_and(|value| value < all)
}
