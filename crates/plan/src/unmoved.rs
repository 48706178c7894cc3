//! People in no order, with the reason.

use clearway_loading::marginal::{Marginal, WaySearch, to_sites};
use clearway_loading::packet::{Busy, Roads};
use clearway_model::{NotMoved, Outcome, Reason, Scenario};
use clearway_network::{Network, NetworkError};
use std::collections::BTreeMap;

/// The routes of a plan.
#[derive(Debug)]
pub struct Routes {
    /// Most routes per zone; `None`: no limit.
    pub most: Option<u32>,
    /// Per zone, the ways that its people take and the sites where they end.
    pub taken: Vec<BTreeMap<u32, u32>>,
}

impl Routes {
    /// Whether a zone can send so many people more to a site with so much room.
    fn lead(&self, zone: u32, site: u32, room: i64, people: i64) -> bool {
        let taken = &self.taken[zone as usize];
        let Some(most) = self.most else { return true };
        if taken.is_empty() {
            return room.saturating_mul(i64::from(most)) >= people;
        }
        taken.len() < most as usize || taken.values().any(|&end| end == site)
    }
}

/// People who are in no order: people declared as staying, then those for whom there is no way, place or time.
///
/// # Errors
/// If the scenario is no network.
pub fn not_moved(
    scenario: &Scenario,
    roads: &Roads<'_>,
    arrived: &[i64],
    site_people: &[i64],
    routes: &Routes,
) -> Result<Vec<NotMoved>, NetworkError> {
    let network = roads.network;
    let mut list = Vec::new();
    let mut reasons: Option<Reasons> = None;
    for (index, zone) in network.zones.iter().enumerate() {
        let zone_id = scenario.zones[index].zone_id.clone();
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
            reasons = Some(Reasons::new(scenario, network, site_people)?);
        }
        let found = reasons.as_mut().map_or_else(Vec::new, |r| r.of(roads, index as u32, people, routes));
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

/// What is needed to say why.
struct Reasons {
    /// Per zone: a way exists with everything open.
    reach: Vec<bool>,
    /// Per zone: with everything open a way is short enough for the time there is.
    in_time: Vec<bool>,
    /// Per zone: a way exists with hazards left out.
    calm: Vec<bool>,
    to_sites: Vec<i64>,
    /// Per site, people that it still has places for.
    room: Vec<i64>,
    /// Places that zones looked at before could have had.
    promised: i64,
    search: WaySearch,
}

impl Reasons {
    fn new(scenario: &Scenario, network: &Network, site_people: &[i64]) -> Result<Self, NetworkError> {
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
            .map(|(site, &people)| site.capacity.map_or(i64::MAX, |capacity| (capacity - people).max(0)))
            .collect();
        Ok(Self {
            calm,
            reach,
            in_time,
            to_sites: to_sites(network),
            room,
            promised: 0,
            search: WaySearch::default(),
        })
    }

    /// How many of a zone's people are not evacuated for which reason. Of people for whom there is a way no more than there are places
    /// left can be kept by anything but the want of a place; the places go to the zones in their order.
    fn of(&mut self, roads: &Roads<'_>, zone: u32, people: i64, routes: &Routes) -> Vec<(i64, Reason)> {
        let network = roads.network;
        if !self.reach[zone as usize] {
            return vec![(people, Reason::NoRoad)];
        }
        if !self.in_time[zone as usize] {
            return vec![(people, Reason::Horizon)];
        }
        let none = vec![false; network.sites.len()];
        // A zone whose way is open at all is looked at from the moment its first people are ready.
        let departure = network.zones[zone as usize].release.points().first().map_or(0, |p| p.0);
        let busy = vec![Busy::default(); network.elements.len()];
        let mut goes = |full: &[bool]| {
            let cost = Marginal { roads, busy: &busy, passes: None, full };
            self.search.best(&cost, &self.to_sites, zone, departure).is_some()
        };
        if !goes(&none) {
            return vec![(people, if self.calm[zone as usize] { Reason::Hazard } else { Reason::Closed })];
        }
        let limited: Vec<bool> = self.room.iter().map(|&room| room < i64::MAX).collect();
        let is_unlimited = goes(&limited);
        let places = if is_unlimited {
            people
        } else {
            let left: i64 = self.room.iter().filter(|&&room| room < i64::MAX).sum();
            left.saturating_sub(self.promised).clamp(0, people)
        };
        // A site is full for a zone, too, where none of its routes ends and it may have no more. This says nothing where there is
        // room everywhere.
        let lead = |(site, &room): (u32, &i64)| room > 0 && routes.lead(zone, site, room, people);
        let full: Vec<bool> = (0u32..).zip(&self.room).map(|site| !lead(site)).collect();
        if self.room.contains(&0) && !goes(&full) {
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
fn reached_zones(network: &Network) -> Vec<bool> {
    let roads = Roads::new(network);
    let busy = vec![Busy::default(); network.elements.len()];
    let full = vec![false; network.sites.len()];
    let cost = Marginal { roads: &roads, busy: &busy, passes: None, full: &full };
    let to_sites = to_sites(network);
    let mut search = WaySearch::default();
    (0..network.zones.len() as u32).map(|zone| search.best(&cost, &to_sites, zone, 0).is_some()).collect()
}
