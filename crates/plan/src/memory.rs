//! How much memory a plan takes, estimated from the size of the scenario.
//!
//! Fitted to measured peaks (`peak_rss_bytes`); `docs/guides/long-runs.md` has the table. It is meant to be too high rather
//! than too low.

use clearway_model::Scenario;

/// What the program takes with nothing to do, bytes.
const BASE: f64 = 18e6;
/// Per link and connector: the tables, the network in two cases, cuts, the files that are written.
const PER_LINK: f64 = 3_900.0;
/// Per group of people moved together in the replay, of which there are at most [`MOST_PLATOONS`].
const PER_PLATOON: f64 = 150.0;
const MOST_PLATOONS: f64 = 100_000.0;
/// The flow over time, per square root of the links: on larger networks its steps are fewer. This is what longer steps save.
const STEPS: f64 = 600_000.0;
/// Coarser than this is not tried: the bound on person-hours would say little.
const COARSEST: u32 = 8;

/// About how many bytes a plan takes at most, with steps so many times as long.
pub fn estimate(scenario: &Scenario, coarser: u32) -> u64 {
    let links = (scenario.links.len() + scenario.connectors.len()) as f64;
    let people: i64 = scenario.zones.iter().map(|zone| zone.people).sum();
    let platoons = (people as f64).clamp(0.0, MOST_PLATOONS);
    let steps = STEPS * links.sqrt() / f64::from(coarser.max(1));
    let bytes = BASE + PER_LINK * links + PER_PLATOON * platoons + steps;
    bytes as u64
}

/// The finest steps that fit, as a multiple of the usual ones.
///
/// # Errors
/// The least that would do, bytes, if none fit.
pub fn finest_that_fits(scenario: &Scenario, bytes: u64) -> Result<u32, u64> {
    let mut steps =
        std::iter::successors(Some(1), |step| Some(step * 2)).take_while(|step| *step <= COARSEST);
    steps.find(|step| estimate(scenario, *step) <= bytes).ok_or(estimate(scenario, COARSEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearway_instances::{CityRequest, city};

    #[test]
    fn steps_are_made_longer_before_a_plan_is_refused() {
        let scenario = city(&CityRequest { side: 30, ..CityRequest::default() });
        let usual = estimate(&scenario, 1);
        assert_eq!(finest_that_fits(&scenario, usual), Ok(1));
        assert_eq!(finest_that_fits(&scenario, usual - 1), Ok(2));
        let least = estimate(&scenario, COARSEST);
        assert!(least < usual);
        assert_eq!(finest_that_fits(&scenario, least), Ok(COARSEST));
        assert_eq!(finest_that_fits(&scenario, least - 1), Err(least));
    }
}
