//! How much memory a plan takes, estimated from the size of the scenario.
//!
//! Fitted to measured peaks of the whole run, writing included; `docs/guides/long-runs.md` has the table. It is meant to be
//! too high rather than too low.

use crate::options::PlanOptions;
use clearway_model::number::{float, truncated};
use clearway_model::{ClosureRow, Scenario, WindowRow};

/// What the program takes with nothing to do, bytes.
const BASE: f64 = 18e6;
/// Per link and connector: the tables, the network in two cases, cuts, the files that are written.
const PER_LINK: f64 = 2_600.0;
/// Per zone: its routes, the searches for them.
const PER_ZONE: f64 = 10_000.0;
/// Per group of people moved together in the replay, of which there are at most [`MOST_PACKETS`] unless another size is asked for, and
/// in the six fast replays in which the last arrivals are moved.
const PER_PACKET: f64 = 1_100.0;
/// [`PACKETS`](crate::answer::PACKETS) as floating point; a test compares them.
const MOST_PACKETS: f64 = 100_000.0;
/// Per order, of which there is at most one for each zone, route and window in which people become ready.
const PER_ORDER: f64 = 450.0;
/// Routes per zone where their number is not limited.
const UNLIMITED: f64 = 20.0;
/// Per row of `closures.csv`.
const PER_CLOSURE: f64 = 1_500.0;
/// Per interval in which something is closed or open, for each element that it concerns.
const PER_INTERVAL: f64 = 200.0;
/// The flow over time, per square root of the links: on larger networks its steps are fewer. This is what longer steps save.
const STEPS: f64 = 450_000.0;
/// The same where longer steps do not help: the cuts as they are written, of which there are fewer on larger networks.
const WRITTEN: f64 = 350_000.0;
/// Coarser than this is not tried: the bound on person-hours would say little.
const COARSEST: u32 = 8;

/// About how many bytes a plan takes at most, with steps so many times as long.
pub fn estimate(scenario: &Scenario, options: &PlanOptions, coarser: u32) -> u64 {
    let links = float(scenario.links.len() + scenario.connectors.len());
    let people: i64 = scenario.zones.iter().map(|zone| zone.people).sum();
    let packets = match options.packet_people {
        Some(size) => float(people) / float(size.max(1)),
        None => float(people).clamp(0.0, MOST_PACKETS),
    };
    let bytes = of_network(links, float(scenario.zones.len()), coarser)
        + PER_PACKET * packets
        + PER_ORDER * orders(scenario, options).min(float(people))
        + PER_CLOSURE * float(scenario.closures.len())
        + PER_INTERVAL * intervals(scenario);
    whole_bytes(bytes)
}

/// Whole bytes of an estimate, rounded down.
fn whole_bytes(bytes: f64) -> u64 {
    truncated(bytes).unsigned_abs()
}

/// What the network alone takes: `links` with connectors.
fn of_network(links: f64, zones: f64, coarser: u32) -> f64 {
    let steps = (STEPS / f64::from(coarser.max(1)) + WRITTEN) * links.sqrt();
    BASE + PER_LINK * links + PER_ZONE * zones + steps
}

/// What no plan of a network of this size can do without, bytes, with the usual steps and with the longest: known from the number of
/// rows of its tables, before they are read.
pub fn at_least(links_and_connectors: u64, zones: u64) -> [u64; 2] {
    [1, COARSEST].map(|steps| whole_bytes(of_network(float(links_and_connectors), float(zones), steps)))
}

/// At most so many orders, apart from those that are spread over later windows.
fn orders(scenario: &Scenario, options: &PlanOptions) -> f64 {
    let routes = options.routes_per_zone.map_or(UNLIMITED, |routes| f64::from(routes).min(UNLIMITED));
    let ready = scenario.releases.iter().map(|row| row.time_ms).max().unwrap_or(0);
    let windows = 1 + ready / options.window_ms.max(1);
    float(scenario.zones.len()) * routes * float(windows)
}

/// Intervals of all closures and windows, a window for all links counted for each of them.
fn intervals(scenario: &Scenario) -> f64 {
    let horizon = scenario.settings.horizon_ms;
    let times = |from: i64, every: Option<i64>, until: Option<i64>| {
        let span = until.unwrap_or(horizon).min(horizon) - from;
        float(every.filter(|every| *every > 0).map_or(1, |every| (span / every + 1).max(0)))
    };
    let closed = |row: &ClosureRow| times(row.from_ms, row.repeat_every_ms, row.repeat_until_ms);
    let open = |row: &WindowRow| {
        let targets = if row.target_id == "*" { scenario.links.len() } else { 1 };
        float(targets) * times(row.from_ms, row.repeat_every_ms, row.repeat_until_ms)
    };
    scenario.closures.iter().map(closed).sum::<f64>() + scenario.windows.iter().map(open).sum::<f64>()
}

/// The finest steps that fit, as a multiple of the usual ones.
///
/// # Errors
/// The least that would do, bytes, if none fit.
pub fn finest_that_fits(scenario: &Scenario, options: &PlanOptions, bytes: u64) -> Result<u32, u64> {
    let mut steps =
        std::iter::successors(Some(1), |step| Some(step * 2)).take_while(|step| *step <= COARSEST);
    let fits = |step: &u32| estimate(scenario, options, *step) <= bytes;
    steps.find(fits).ok_or(estimate(scenario, options, COARSEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearway_instances::{CityRequest, city};
    use clearway_model::MobilizationRow;

    #[test]
    fn steps_are_made_longer_before_a_plan_is_refused() {
        let scenario = city(&CityRequest { side: 30, ..CityRequest::default() });
        let options = PlanOptions::default();
        let usual = estimate(&scenario, &options, 1);
        assert_eq!(finest_that_fits(&scenario, &options, usual), Ok(1));
        assert_eq!(finest_that_fits(&scenario, &options, usual - 1), Ok(2));
        let least = estimate(&scenario, &options, COARSEST);
        assert!(least < usual);
        assert_eq!(finest_that_fits(&scenario, &options, least), Ok(COARSEST));
        assert_eq!(finest_that_fits(&scenario, &options, least - 1), Err(least));
        let rows = u64::try_from(scenario.links.len() + scenario.connectors.len()).unwrap();
        let [known, coarsest] = at_least(rows, u64::try_from(scenario.zones.len()).unwrap());
        assert!(known < usual && coarsest < least && coarsest < known);
    }

    #[test]
    fn as_many_packets_are_counted_as_a_replay_has_at_the_most() {
        assert_eq!(MOST_PACKETS, float(crate::answer::PACKETS));
    }

    #[test]
    fn orders_and_windows_count() {
        let mut scenario = city(&CityRequest { side: 10, zones_side: 2, ..CityRequest::default() });
        let day = 86_400_000;
        scenario.settings.horizon_ms = 10 * day;
        scenario.closures.clear();
        // All ready after an hour: seven windows of ten minutes.
        scenario.releases =
            vec![MobilizationRow { mobilization_id: "r".into(), time_ms: 3_600_000, share: 1.0 }];
        let few = PlanOptions { routes_per_zone: Some(2), window_ms: 600_000, ..PlanOptions::default() };
        assert_eq!(orders(&scenario, &few), float(scenario.zones.len()) * 2.0 * 7.0);
        assert_eq!(intervals(&scenario), 0.0);
        // Open 11 h of each day, for all links.
        scenario.windows = vec![WindowRow {
            target_id: "*".into(),
            until_ms: Some(11 * 3_600_000),
            repeat_every_ms: Some(day),
            repeat_until_ms: Some(10 * day - 1),
            ..WindowRow::default()
        }];
        assert_eq!(intervals(&scenario), 10.0 * float(scenario.links.len()));
    }
}
