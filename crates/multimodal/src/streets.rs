//! The roads as a vehicle of the fleet finds them: fastest runs, and how long a run takes when it begins at a given time.
//!
//! The fleet does not queue: its use of each link is kept free for it (see [`crate::reserved`]), so that a run takes the free-flow
//! time and the waits before closed links.

use clearway_model::number::{ceil, float};
use clearway_model::{Case, Scenario};
use clearway_network::search::{ArrivalSearch, JourneyStart, SettleBy, next_entry};
use clearway_network::{
    ElementEnds, ElementIndex, Network, NetworkError, NodeIndex, PerNode, PerSite, SiteIndex, ZoneIndex,
};

/// A run of a vehicle: elements in order and when each is entered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VehicleRun {
    /// Elements, from a zone's connector or the first link on.
    pub elements: Vec<ElementIndex>,
    /// When each is entered, ms.
    pub entered: Vec<i64>,
    /// When the run ends, ms.
    pub end: i64,
}

/// The fastest way from one place to another without any wait.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FreeRun {
    /// Elements in order: of an empty run the links, of a loaded one the connectors too.
    pub elements: Vec<ElementIndex>,
    /// Free-flow time, connectors included, ms.
    pub time: i64,
}

/// The network at the speed of one type of vehicle.
#[derive(Debug)]
pub struct FleetStreets {
    /// The network in one case.
    pub network: Network,
}

/// Where an empty run begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VehicleStand {
    /// At this node: its depot.
    Node(NodeIndex),
    /// At a site, before its connectors.
    Site(SiteIndex),
}

/// Nodes with times, ms.
type TimedNodes = Vec<(NodeIndex, i64)>;
/// Elements with times, ms.
type TimedElements = Vec<(ElementIndex, i64)>;

impl FleetStreets {
    /// The network for vehicles that go at `speed_share` of the speed of cars.
    ///
    /// # Errors
    /// If the scenario is no network.
    pub fn new(scenario: &Scenario, speed_share: f64, case: Case) -> Result<Self, NetworkError> {
        let mut slower = scenario.clone();
        for link in &mut slower.links {
            let by = |ms: i64| ceil(float(ms) / speed_share);
            link.time_ms = link.time_ms.map(by);
            link.time_ms_low = link.time_ms_low.map(by);
        }
        Ok(Self { network: Network::new(&slower, case)? })
    }

    /// Fastest entries into all elements from some beginnings; `open`: at the times at which they are open, else as if always.
    fn search(&self, starts: &[(ElementIndex, i64)], open: bool) -> ArrivalSearch {
        let mut search = ArrivalSearch::default();
        let departure = JourneyStart { starts, settle_by: SettleBy::Entry, target: None };
        search.run(&self.network, departure, |element, t| {
            if open { self.network.entry_after(element, t) } else { Some(t) }
        });
        search
    }

    fn loaded_starts(&self, zone: ZoneIndex, t: i64) -> TimedElements {
        self.network.zones[zone].connectors.iter().map(|&c| (c, t)).collect()
    }

    /// Per site the fastest loaded run from a zone, elements and free-flow time; `None` where there is no way.
    pub fn loaded(&self, zone: ZoneIndex) -> Vec<Option<FreeRun>> {
        self.loaded_in(&self.search(&self.loaded_starts(zone, 0), false))
    }

    fn loaded_in(&self, search: &ArrivalSearch) -> Vec<Option<FreeRun>> {
        let mut best: PerSite<Option<(i64, ElementIndex)>> = vec![None; self.network.sites.len()].into();
        for (element, data) in self.network.elements.iter_enumerated() {
            let (Some(t), ElementEnds::ToSite { site, .. }) = (search.entered(element), data.ends) else {
                continue;
            };
            let end = t + data.tau;
            let best = &mut best[site];
            if best.is_none_or(|b| (end, element) < b) {
                *best = Some((end, element));
            }
        }
        let run = |(time, element)| FreeRun { elements: search.way_to(element), time };
        best.into_iter().map(|best| best.map(run)).collect()
    }

    /// Beginnings of an empty run: links, and when the first can be entered.
    fn empty_starts(&self, stand: VehicleStand, t: i64) -> (TimedNodes, TimedElements) {
        let network = &self.network;
        let nodes: TimedNodes = match stand {
            VehicleStand::Node(node) => vec![(node, t)],
            VehicleStand::Site(site) => self.connectors_of(site).map(|(node, tau)| (node, t + tau)).collect(),
        };
        let starts = nodes
            .iter()
            .flat_map(|&(node, t)| network.out_of(node).iter().map(move |&e| (e, t)))
            .filter(|s| network.is_link(s.0))
            .collect();
        (nodes, starts)
    }

    /// The connectors of a site: the node of each and its travel time, ms.
    fn connectors_of(&self, site: SiteIndex) -> impl Iterator<Item = (NodeIndex, i64)> + '_ {
        self.network.elements.iter().filter_map(move |element| match element.ends {
            ElementEnds::ToSite { node, site: of } if of == site => Some((node, element.tau)),
            _ => None,
        })
    }

    /// Per zone the fastest empty run from a stand to it, links and free-flow time, connectors included.
    pub fn empty(&self, stand: VehicleStand) -> Vec<Option<FreeRun>> {
        let (nodes, starts) = self.empty_starts(stand, 0);
        self.empty_in(&nodes, &self.search(&starts, false))
    }

    fn empty_in(&self, nodes: &[(NodeIndex, i64)], search: &ArrivalSearch) -> Vec<Option<FreeRun>> {
        let network = &self.network;
        // When each node is reached and by which link; none where the run begins there.
        let mut reached: PerNode<Option<(i64, Option<ElementIndex>)>> = vec![None; network.nodes()].into();
        for &(node, t) in nodes {
            let here = &mut reached[node];
            *here = Some((here.map_or(t, |known| known.0.min(t)), None));
        }
        for (here, arrival) in reached.iter_mut().zip(search.node_arrivals(network)) {
            // Standing there already is better than any way round.
            if let Some((t, link)) = arrival.filter(|arrival| here.is_none_or(|here| arrival.0 < here.0)) {
                *here = Some((t, Some(link)));
            }
        }
        network
            .zones
            .iter()
            .map(|zone| {
                let ends = zone.connectors.iter().filter_map(|&c| {
                    let data = &network.elements[c];
                    let (t, link) = reached[data.ends.node_after()?]?;
                    Some((t + data.tau, link))
                });
                // Of runs that end at once one over a link goes before one without, as a link has a number.
                let (end, link) = ends.min_by_key(|&(end, link)| (end, link.is_none(), link))?;
                let elements = link.map_or_else(Vec::new, |link| search.way_to(link));
                Some(FreeRun { elements, time: end })
            })
            .collect()
    }

    /// A loaded run from a zone to a site that begins at `t`: by the way given if nothing is closed on it, else by the one
    /// that gets there first.
    pub fn run_loaded(
        &self,
        zone: ZoneIndex,
        site: SiteIndex,
        way: &[ElementIndex],
        t: i64,
    ) -> Option<VehicleRun> {
        let usual = self.run(way, t);
        if usual.as_ref().is_some_and(|run| run.end - t == self.free_time(way)) {
            return usual;
        }
        let search = self.search(&self.loaded_starts(zone, t), true);
        let way = self.loaded_in(&search).into_iter().nth(site.row())??;
        let other = self.run(&way.elements, t);
        [usual, other].into_iter().flatten().min_by_key(|run| run.end)
    }

    /// An empty run from a stand to a zone that begins at `t`, likewise.
    pub fn run_empty(
        &self,
        stand: VehicleStand,
        zone: ZoneIndex,
        way: &FreeRun,
        t: i64,
    ) -> Option<VehicleRun> {
        let links: i64 = self.free_time(&way.elements);
        let usual = self.run_between(stand, zone, &way.elements, t);
        if usual.as_ref().is_some_and(|run| run.end - t == way.time) || links == 0 {
            return usual;
        }
        let (nodes, starts) = self.empty_starts(stand, t);
        let search = self.search(&starts, true);
        let way = self.empty_in(&nodes, &search).into_iter().nth(zone.row())??;
        let other = self.run_between(stand, zone, &way.elements, t);
        [usual, other].into_iter().flatten().min_by_key(|run| run.end)
    }

    /// The run over links between the connectors of a stand and of a zone.
    fn run_between(
        &self,
        stand: VehicleStand,
        zone: ZoneIndex,
        links: &[ElementIndex],
        t: i64,
    ) -> Option<VehicleRun> {
        let network = &self.network;
        let begins = |node: NodeIndex| match stand {
            VehicleStand::Node(at) => (at == node).then_some(0),
            VehicleStand::Site(site) => self.connectors_of(site).filter(|c| c.0 == node).map(|c| c.1).min(),
        };
        // Nodes at which the zone is entered, with the travel time from there, ms.
        let into_zone = || {
            let connectors = network.zones[zone].connectors.iter();
            connectors.filter_map(|&c| Some((network.node_after(c)?, network.elements[c].tau)))
        };
        match (links.first(), links.last()) {
            (Some(&first), Some(&last)) => {
                let before = begins(network.node_before(first)?)?;
                let mut run = self.run(links, t + before)?;
                let end = network.node_after(last)?;
                run.end += into_zone().filter(|c| c.0 == end).map(|c| c.1).min()?;
                Some(run)
            }
            _ => {
                // From where it stands straight into the zone.
                let least = into_zone().filter_map(|(node, tau)| Some(begins(node)? + tau)).min()?;
                Some(VehicleRun { end: t + least, ..VehicleRun::default() })
            }
        }
    }

    /// The elements one after the other from `t` on.
    fn run(&self, elements: &[ElementIndex], t: i64) -> Option<VehicleRun> {
        let (entered, end) = self.network.times_along(elements, t)?;
        Some(VehicleRun { elements: elements.to_vec(), entered, end })
    }

    /// Travel time without any wait, ms.
    pub fn free_time(&self, elements: &[ElementIndex]) -> i64 {
        self.network.free_time(elements)
    }

    /// When people who are at a site at `t` are received: when it is open; `None`: never.
    pub fn received(&self, site: SiteIndex, t: i64) -> Option<i64> {
        let admission = self.network.sites[site].admission;
        next_entry(&self.network.elements[admission].open, t)
    }
}
