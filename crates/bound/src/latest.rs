//! Latest times that still beat the hazard with a margin (`docs/concepts/latest.md`).

use clearway_flow::TimeSet;
use clearway_model::{ClosureKind, Scenario};
use clearway_network::search::{Turns, latest_entries, latest_entry};
use clearway_network::{Network, NetworkError};

/// What hazards leave one zone, ms since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LatestTimes {
    /// When a hazard first closes the zone or the last way out of it; `None`: no hazard bounds it.
    pub hazard: Option<f64>,
    /// Latest departure with the margin; `None` if already too late.
    pub departure: Option<f64>,
    /// Latest order time with the margin; `None` if already too late.
    pub order: Option<f64>,
}

/// Latest times of a lone traveller from one zone, ms; `None`: never.
#[derive(Debug, Clone, Copy)]
struct Latest {
    /// Leaving the zone.
    leave: Option<i64>,
    /// Whether a hazard is why it is no later.
    by_hazard: bool,
    /// The same if the zone's own connectors were always open: the way beyond them alone.
    beyond: Option<i64>,
}

/// When each element may be entered so that even a traversal that takes `stretch` times as long is over before a hazard.
fn open_sets(network: &Network, stretch: f64) -> Vec<TimeSet> {
    network
        .elements
        .iter()
        .enumerate()
        .map(|(index, element)| {
            let index = index as u32;
            let mut open = element.open.clone();
            if let Some(begins) = network.hazards.get(&index) {
                let long = (element.tau as f64 * stretch).ceil() as i64;
                let holes = begins.iter().map(|&begin| (begin - long, begin)).collect();
                open = open.subtract(&TimeSet::union(holes));
            }
            match network.from_node[index as usize] {
                u32::MAX => open,
                node => open.subtract(&network.node_closed[node as usize]),
            }
        })
        .collect()
}

/// When a lone traveller can leave each zone at the latest and still arrive when every travel takes `stretch` times as
/// long.
fn latest_departures(network: &Network, stretch: f64) -> Vec<Latest> {
    latest(network, stretch, &open_sets(network, stretch), network.horizon, &|_, _| false)
}

/// Later than anything a scenario may hold, ms.
const ENDLESS: i64 = i64::MAX / 8;

/// The same as if time did not end at the horizon: what is open then stays open. So it shows what hazards alone close. `calm` is the
/// network without them.
fn latest_without_end(network: &Network, calm: &Network) -> Vec<Latest> {
    let endless = |network: &Network| -> Vec<TimeSet> {
        let on = |(from, until)| (from, if until == network.horizon { ENDLESS } else { until });
        let sets = open_sets(network, 1.0);
        sets.iter().map(|set| TimeSet::union(set.intervals().iter().copied().map(on).collect())).collect()
    };
    let (open, calmly) = (endless(network), endless(calm));
    let ends_calmly =
        |element: u32, until: i64| calmly[element as usize].intervals().iter().any(|i| i.1 == until);
    latest(network, 1.0, &open, ENDLESS, &|element, until| !ends_calmly(element, until))
}

/// When a lone traveller can leave each zone at the latest and arrive before `end`. `is_hazard` says whether it is a hazard that
/// ends the time in which an element is open.
fn latest(
    network: &Network,
    stretch: f64,
    open: &[TimeSet],
    end: i64,
    is_hazard: &dyn Fn(u32, i64) -> bool,
) -> Vec<Latest> {
    // A label is the latest entry, and whether no hazard is why it is no later: of two ways as late as each other the calm one counts.
    let back = |element: u32, (out, calm): (i64, bool)| -> Option<(i64, bool)> {
        let long = (network.elements[element as usize].tau as f64 * stretch).ceil() as i64;
        let entry = latest_entry(&open[element as usize], out - long)?;
        let calm = entry.closing.map_or(calm, |until| !is_hazard(element, until));
        Some((entry.time, calm))
    };
    let admissions = network.sites.iter().map(|site| site.admission);
    let ends: Vec<(u32, (i64, bool))> =
        admissions.filter_map(|admission| Some((admission, back(admission, (end - 1, true))?))).collect();
    let label = latest_entries(network, &ends, Turns::AsGiven, |element, label| {
        back(element, label).filter(|entered| entered.0 >= 0)
    });
    network
        .zones
        .iter()
        .map(|zone| {
            let beyond = |connector: u32| {
                let out = network.out_of(network.to_node[connector as usize]).iter();
                let out = out.filter_map(|&next| label[next as usize]).max()?.0;
                let long = (network.elements[connector as usize].tau as f64 * stretch).ceil() as i64;
                Some(out - long)
            };
            let leave = zone.connectors.iter().filter_map(|&c| label[c as usize]).max();
            Latest {
                leave: leave.map(|t| t.0),
                by_hazard: leave.is_none_or(|t| !t.1),
                beyond: zone.connectors.iter().filter_map(|&c| beyond(c)).max().filter(|t| *t >= 0),
            }
        })
        .collect()
}

/// When a lone traveller can leave each zone at the latest and still arrive, ms; 0 where never.
pub fn last_departures(network: &Network) -> Vec<i64> {
    latest_departures(network, 1.0).into_iter().map(|latest| latest.leave.unwrap_or(0)).collect()
}

/// Time to bring all evacuees of each zone onto its first links, ms: the longer of mobilization and outflow.
fn outflow_times(network: &Network) -> Vec<f64> {
    (0..network.zones.len())
        .map(|zone| {
            let data = &network.zones[zone];
            let ready = data.release.end() as f64;
            match network.whole_outflow(zone as u32) {
                Some(rate) if rate > 0 => ready.max(data.evacuees as f64 * 3.6e9 / rate as f64),
                _ => ready,
            }
        })
        .collect()
}

/// Latest times of the bound for every zone.
///
/// # Errors
/// If the scenario is no network.
pub fn latest_bounds(scenario: &Scenario, network: &Network) -> Result<Vec<LatestTimes>, NetworkError> {
    let presence = |kind: ClosureKind| kind == ClosureKind::Presence;
    if !scenario.closures.iter().any(|c| presence(c.kind)) {
        return Ok(vec![LatestTimes::default(); network.zones.len()]);
    }
    let mut calm = scenario.clone();
    calm.closures.retain(|c| !presence(c.kind));
    let calm = Network::new(&calm, network.case)?;
    let without = latest_departures(&calm, 1.0);
    let plain = latest_departures(network, 1.0);
    let endless = latest_without_end(network, &calm);
    let stretch = 1.0 + scenario.settings.margin_share;
    let stretched = latest_departures(network, stretch);
    let outflow = outflow_times(network);
    Ok((0..network.zones.len())
        .map(|z| {
            let overtaken = network.zones[z].overtaken_from;
            // The horizon ends the time looked at and closes nothing, nor does a curfew or a gate: only a hazard counts that is why
            // nobody can leave later, and that matters before the horizon.
            let closes = endless[z].by_hazard && plain[z].leave < without[z].leave;
            let limited = overtaken.is_some() || closes;
            if !limited {
                return LatestTimes::default();
            }
            // The first moment at which nobody can leave any more.
            let shut = if closes { endless[z].leave.map_or(0, |t| t + 1) } else { i64::MAX };
            let hazard = overtaken.map_or(shut, |overtaken| overtaken.min(shut));
            let cap = |t: i64| overtaken.map_or(t, |c| t.min(c)) as f64;
            let departure = stretched[z].leave.map(cap);
            // All must be ready before the zone closes, and out on the first links in time for the way beyond; people
            // may wait at the node for the links, so the zone's closure does not bound the outflow.
            let ready = network.zones[z].release.end() as f64;
            let order = stretched[z].beyond.map(|t| {
                let outflow = t as f64 - stretch * outflow[z];
                overtaken.map_or(outflow, |c| outflow.min(c as f64 - stretch * ready))
            });
            let order = order.filter(|t| departure.is_some() && *t >= 0.0);
            LatestTimes { hazard: Some(hazard as f64), departure, order }
        })
        .collect())
}
