//! People in no order, with the reason.

use clearway_loading::marginal::{MarginalCost, PathSearch};
use clearway_loading::packet::{BusyPeriods, PreparedRoads};
use clearway_loading::path::PathIndex;
use clearway_model::number;
use clearway_model::{NotMoved, Outcome, Reason, Scenario};
use clearway_network::search::free_times_to_sites;
use clearway_network::{Network, NetworkError, PerElement, PerNode, PerSite, PerZone, SiteIndex, ZoneIndex};
use std::collections::BTreeMap;

/// The routes of a plan.
#[derive(Debug)]
pub struct TakenRoutes {
    /// Most routes per zone; `None`: no limit.
    pub most: Option<u32>,
    /// Per zone, the paths that its people take and the sites where they end.
    pub taken: PerZone<BTreeMap<PathIndex, SiteIndex>>,
}

impl TakenRoutes {
    /// Whether a zone can send so many people more to a site with so much room.
    fn lead(&self, zone: ZoneIndex, site: SiteIndex, room: SiteRoom, people: i64) -> bool {
        let taken = &self.taken[zone];
        let Some(most) = self.most else { return true };
        if taken.is_empty() {
            return room.is_none_or(|room| room.saturating_mul(i64::from(most)) >= people);
        }
        taken.len() < number::index(most) || taken.values().any(|&end| end == site)
    }
}

/// People who are in no order: people declared as staying, then those for whom there is no way, place or time.
///
/// # Errors
/// If the scenario is no network.
pub fn not_moved(
    scenario: &Scenario,
    roads: &PreparedRoads<'_>,
    arrived: &PerZone<i64>,
    site_people: &PerSite<i64>,
    routes: &TakenRoutes,
) -> Result<Vec<NotMoved>, NetworkError> {
    let network = roads.network;
    let mut list = Vec::new();
    let mut reasons: Option<StayReasons> = None;
    for (index, zone) in network.zones.iter_enumerated() {
        let zone_id = scenario.zones[index.row()].zone_id.clone();
        if zone.staying > 0 {
            list.push(NotMoved {
                zone_id: zone_id.clone(),
                people: zone.staying,
                outcome: Outcome::NotEvacuated,
                reason: Reason::Stays,
            });
        }
        let people = zone.evacuees - arrived[index];
        if people <= 0 {
            continue;
        }
        if zone.overtaken_from.is_some() {
            list.push(NotMoved { zone_id, people, outcome: Outcome::Overtaken, reason: Reason::Hazard });
            continue;
        }
        if reasons.is_none() {
            reasons = Some(StayReasons::new(scenario, network, site_people)?);
        }
        let found = reasons.as_mut().map_or_else(Vec::new, |r| r.of(roads, index, people, routes));
        list.extend(found.into_iter().filter(|(people, _)| *people > 0).map(|(people, reason)| NotMoved {
            zone_id: zone_id.clone(),
            people,
            outcome: Outcome::NotEvacuated,
            reason,
        }));
    }
    Ok(list)
}

/// Longer than any way takes, ms: 317 years.
const ENDLESS: i64 = 10_000_000_000_000;

/// People that a site still has places for; `None`: any number.
type SiteRoom = Option<i64>;

/// What is needed to say why people are in no order.
struct StayReasons {
    /// Per zone: a way exists with everything open.
    reach: PerZone<bool>,
    /// Per zone: with everything open a way is short enough for the time there is.
    in_time: PerZone<bool>,
    /// Per zone: a way exists with hazards left out.
    calm: PerZone<bool>,
    /// Per node, the shortest travel time to a site, ms.
    to_sites: PerNode<Option<i64>>,
    /// Per site, people that it still has places for.
    room: PerSite<SiteRoom>,
    /// Places that zones looked at before could have had.
    promised: i64,
    search: PathSearch,
}

impl StayReasons {
    fn new(scenario: &Scenario, network: &Network, site_people: &PerSite<i64>) -> Result<Self, NetworkError> {
        let mut bare = scenario.clone();
        bare.closures.clear();
        bare.windows.clear();
        for site in &mut bare.sites {
            site.open_from_ms = None;
            site.open_until_ms = None;
        }
        let in_time = reached_zones(&Network::new(&bare, network.case)?);
        // A way that takes longer than there is time is a way all the same.
        bare.settings.horizon_ms = bare.settings.horizon_ms.max(ENDLESS);
        let bare = Network::new(&bare, network.case)?;
        let mut calm = scenario.clone();
        calm.closures.retain(|c| c.kind != clearway_model::ClosureKind::Presence);
        let calm = Network::new(&calm, network.case)?;
        let reach = reached_zones(&bare);
        let calm = reached_zones(&calm);
        let room = network
            .sites
            .iter()
            .zip(site_people)
            .map(|(site, &people)| site.capacity.map(|capacity| (capacity - people).max(0)))
            .collect();
        Ok(Self {
            calm,
            reach,
            in_time,
            to_sites: free_times_to_sites(network),
            room,
            promised: 0,
            search: PathSearch::default(),
        })
    }

    /// How many of a zone's people are not evacuated for which reason. Of people for whom there is a way no more than there are places
    /// left can be kept by anything but the want of a place; the places go to the zones in their order.
    fn of(
        &mut self,
        roads: &PreparedRoads<'_>,
        zone: ZoneIndex,
        people: i64,
        routes: &TakenRoutes,
    ) -> Vec<(i64, Reason)> {
        let network = roads.network;
        if !self.reach[zone] {
            return vec![(people, Reason::NoRoad)];
        }
        if !self.in_time[zone] {
            return vec![(people, Reason::Horizon)];
        }
        let none = PerSite::from(vec![false; network.sites.len()]);
        // A zone whose way is open at all is looked at from the moment its first people are ready.
        let departure = network.zones[zone].release.points().first().map_or(0, |p| p.0);
        let busy = PerElement::from(vec![BusyPeriods::default(); network.elements.len()]);
        let mut goes = |full: &PerSite<bool>| {
            let cost = MarginalCost { roads, busy: &busy, passes: None, full };
            self.search.best(&cost, &self.to_sites, zone, departure).is_some()
        };
        if !goes(&none) {
            return vec![(people, if self.calm[zone] { Reason::Hazard } else { Reason::Closed })];
        }
        let limited: PerSite<bool> = self.room.iter().map(Option::is_some).collect();
        let is_unlimited = goes(&limited);
        let places = if is_unlimited {
            people
        } else {
            let left: i64 = self.room.iter().flatten().sum();
            left.saturating_sub(self.promised).clamp(0, people)
        };
        // A site is full for a zone, too, where none of its routes ends and it may have no more. This says nothing where there is
        // room everywhere.
        let lead = |(site, &room): (SiteIndex, &SiteRoom)| {
            room.is_none_or(|room| room > 0) && routes.lead(zone, site, room, people)
        };
        let full: PerSite<bool> = self.room.iter_enumerated().map(|site| !lead(site)).collect();
        if self.room.contains(&Some(0)) && !goes(&full) {
            return vec![(people, Reason::NoPlace)];
        }
        if !is_unlimited {
            self.promised = self.promised.saturating_add(places);
        }
        let hazard =
            !network.hazards.is_empty() || network.node_closed.iter().any(|closed| !closed.is_empty());
        let reason = if hazard { Reason::Hazard } else { Reason::Horizon };
        vec![(places, reason), (people - places, Reason::NoPlace)]
    }
}

/// Per zone, whether a lone traveller who leaves at time 0 gets to a site by the horizon.
fn reached_zones(network: &Network) -> PerZone<bool> {
    let roads = PreparedRoads::new(network);
    let busy = PerElement::from(vec![BusyPeriods::default(); network.elements.len()]);
    let full = PerSite::from(vec![false; network.sites.len()]);
    let cost = MarginalCost { roads: &roads, busy: &busy, passes: None, full: &full };
    let to_sites = free_times_to_sites(network);
    let mut search = PathSearch::default();
    network.zones.keys().map(|zone| search.best(&cost, &to_sites, zone, 0).is_some()).collect()
}
