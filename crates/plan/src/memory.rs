//! How much memory a plan takes, estimated from the size of the scenario.
//!
//! Fitted to measured peaks (`peak_rss_bytes`); `docs/guides/long-runs.md` has the table. It is meant to be too high rather
//! than too low.

use clearway_model::Scenario;

/// What the program takes with nothing to do, bytes.
const BASE: f64 = 20e6;
/// Per link: the tables, the network in two cases, the ways searched, the files that are written.
const PER_LINK: f64 = 4_000.0;
/// Per link, of that which halves where steps are twice as long: cuts and the flow over time.
const PER_LINK_STEPS: f64 = 3_000.0;
/// Per zone: its ways and their loads.
const PER_ZONE: f64 = 50_000.0;
/// Per group of people moved together in the replay.
const PER_PLATOON: f64 = 200.0;
/// Coarser than this is not tried: the bound on person-hours would say little.
const COARSEST: u32 = 8;

/// About how many bytes a plan takes at most, with steps so many times as long.
pub fn estimate(scenario: &Scenario, coarser: u32) -> u64 {
    let links = (scenario.links.len() + scenario.connectors.len()) as f64;
    let people: i64 = scenario.zones.iter().map(|zone| zone.people).sum();
    let platoons = (people as f64).clamp(0.0, 100_000.0);
    let bytes = BASE
        + links * (PER_LINK + PER_LINK_STEPS / f64::from(coarser.max(1)))
        + scenario.zones.len() as f64 * PER_ZONE
        + platoons * PER_PLATOON;
    bytes as u64
}

/// The finest steps that fit, as a multiple of the usual ones.
///
/// # Errors
/// The least that would do, bytes, if none fit.
pub fn finest_that_fits(scenario: &Scenario, bytes: u64) -> Result<u32, u64> {
    let steps = std::iter::successors(Some(1), |step| Some(step * 2)).take_while(|step| *step <= COARSEST);
    steps.into_iter().find(|step| estimate(scenario, *step) <= bytes).ok_or(estimate(scenario, COARSEST))
}
