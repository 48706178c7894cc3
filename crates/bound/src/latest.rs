//! Latest times that still beat the hazard with a margin (`docs/concepts/latest.md`).

use clearway_flow::TimeSet;
use clearway_model::number::{ceil, float};
use clearway_model::{ClosureKind, Scenario};
use clearway_network::search::{TurnRule, latest_entries, latest_entry};
use clearway_network::{ElementIndex, Network, NetworkError, PerElement, PerZone};

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
struct LatestDeparture {
    /// When they leave the zone at the latest.
    leave: Option<i64>,
    /// Whether a hazard is why it is no later.
    by_hazard: bool,
    /// The same if the zone's own connectors were always open: the way beyond them alone.
    beyond: Option<i64>,
}

/// When each element may be entered so that even a traversal that takes `stretch` times as long is over before a hazard.
fn open_sets(network: &Network, stretch: f64) -> PerElement<TimeSet> {
    network
        .elements
        .iter_enumerated()
        .map(|(index, element)| {
            let mut open = element.open.clone();
            if let Some(begins) = network.hazards.get(&index) {
                let long = stretched(element.tau, stretch);
                let holes = begins.iter().map(|&begin| (begin - long, begin)).collect();
                open = open.subtract(&TimeSet::union(holes));
            }
            match element.ends.node_before() {
                None => open,
                Some(node) => open.subtract(&network.node_closed[node]),
            }
        })
        .collect()
}

/// A travel time that takes `stretch` times as long, ms, rounded up: nobody is promised a moment that there is not.
fn stretched(tau: i64, stretch: f64) -> i64 {
    ceil(float(tau) * stretch)
}

/// When a lone traveller can leave each zone at the latest and still arrive when every travel takes `stretch` times as
/// long.
fn latest_departures(network: &Network, stretch: f64) -> PerZone<LatestDeparture> {
    latest(network, stretch, &open_sets(network, stretch), network.horizon, &|_, _| false)
}

/// Later than anything a scenario may hold, ms.
const ENDLESS: i64 = (1 << 60) - 1;

/// The same as if time did not end at the horizon: what is open then stays open. So it shows what hazards alone close. `calm` is the
/// network without them.
fn latest_without_end(network: &Network, calm: &Network) -> PerZone<LatestDeparture> {
    let endless = |network: &Network| -> PerElement<TimeSet> {
        let on = |(from, until)| (from, if until == network.horizon { ENDLESS } else { until });
        let sets = open_sets(network, 1.0);
        sets.iter().map(|set| TimeSet::union(set.intervals().iter().copied().map(on).collect())).collect()
    };
    let (open, calmly) = (endless(network), endless(calm));
    let ends_calmly =
        |element: ElementIndex, until: i64| calmly[element].intervals().iter().any(|i| i.1 == until);
    latest(network, 1.0, &open, ENDLESS, &|element, until| !ends_calmly(element, until))
}

/// When a lone traveller can leave each zone at the latest and arrive before `end`. `is_hazard` says whether it is a hazard that
/// ends the time in which an element is open.
fn latest(
    network: &Network,
    stretch: f64,
    open: &PerElement<TimeSet>,
    end: i64,
    is_hazard: &dyn Fn(ElementIndex, i64) -> bool,
) -> PerZone<LatestDeparture> {
    // A label is the latest entry, and whether no hazard is why it is no later: of two ways as late as each other the calm one counts.
    let back = |element: ElementIndex, (out, calm): (i64, bool)| -> Option<(i64, bool)> {
        let long = stretched(network.elements[element].tau, stretch);
        let entry = latest_entry(&open[element], out - long)?;
        let calm = entry.closing.map_or(calm, |until| !is_hazard(element, until));
        Some((entry.time, calm))
    };
    let admissions = network.sites.iter().map(|site| site.admission);
    let ends: Vec<(ElementIndex, (i64, bool))> =
        admissions.filter_map(|admission| Some((admission, back(admission, (end - 1, true))?))).collect();
    let label = latest_entries(network, &ends, TurnRule::AsGiven, |element, label| {
        back(element, label).filter(|entered| entered.0 >= 0)
    });
    network
        .zones
        .iter()
        .map(|zone| {
            let beyond = |connector: ElementIndex| {
                let data = &network.elements[connector];
                let out = network.out_of(data.ends.node_after()?).iter();
                let out = out.filter_map(|&next| label[next]).max()?.0;
                Some(out - stretched(data.tau, stretch))
            };
            let leave = zone.connectors.iter().filter_map(|&c| label[c]).max();
            LatestDeparture {
                leave: leave.map(|t| t.0),
                by_hazard: leave.is_none_or(|t| !t.1),
                beyond: zone.connectors.iter().filter_map(|&c| beyond(c)).max().filter(|t| *t >= 0),
            }
        })
        .collect()
}

/// When a lone traveller can leave each zone at the latest and still arrive, ms; 0 where never.
pub fn last_departures(network: &Network) -> PerZone<i64> {
    latest_departures(network, 1.0).into_iter().map(|latest| latest.leave.unwrap_or(0)).collect()
}

/// Time to bring all evacuees of each zone onto its first links, ms: the longer of mobilization and outflow.
fn outflow_times(network: &Network) -> PerZone<f64> {
    network
        .zones
        .iter_enumerated()
        .map(|(zone, data)| {
            let ready = float(data.release.end());
            match network.whole_outflow(zone) {
                Some(rate) if rate > 0 => ready.max(float(data.evacuees) * 3.6e9 / float(rate)),
                _ => ready,
            }
        })
        .collect()
}

/// Latest times of the bound for every zone.
///
/// # Errors
/// If the scenario is no network.
pub fn latest_bounds(scenario: &Scenario, network: &Network) -> Result<PerZone<LatestTimes>, NetworkError> {
    let presence = |kind: ClosureKind| kind == ClosureKind::Presence;
    if !scenario.closures.iter().any(|c| presence(c.kind)) {
        return Ok(vec![LatestTimes::default(); network.zones.len()].into());
    }
    let mut calm = scenario.clone();
    calm.closures.retain(|c| !presence(c.kind));
    let calm = Network::new(&calm, network.case)?;
    let without = latest_departures(&calm, 1.0);
    let plain = latest_departures(network, 1.0);
    let endless = latest_without_end(network, &calm);
    let stretch = 1.0 + scenario.settings.margin_share;
    let slowed = latest_departures(network, stretch);
    let outflow = outflow_times(network);
    Ok(network
        .zones
        .keys()
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
            let shut = closes.then(|| endless[z].leave.map_or(0, |t| t + 1));
            let hazard = overtaken.into_iter().chain(shut).min();
            let cap = |t: i64| float(overtaken.map_or(t, |c| t.min(c)));
            let departure = slowed[z].leave.map(cap);
            // All must be ready before the zone closes, and out on the first links in time for the way beyond; people
            // may wait at the node for the links, so the zone's closure does not bound the outflow.
            let ready = float(network.zones[z].release.end());
            let order = slowed[z].beyond.map(|t| {
                let outflow = float(t) - stretch * outflow[z];
                overtaken.map_or(outflow, |c| outflow.min(float(c) - stretch * ready))
            });
            let order = order.filter(|t| departure.is_some() && *t >= 0.0);
            LatestTimes { hazard: hazard.map(float), departure, order }
        })
        .collect())
}
