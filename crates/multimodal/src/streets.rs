//! The roads as a vehicle of the fleet finds them: fastest runs, and how long a run takes when it begins at a given time.
//!
//! The fleet does not queue: its use of each link is kept free for it (see [`crate::kept`]), so that a run takes the free-flow
//! time and the waits before closed links.

use clearway_model::{Case, Scenario};
use clearway_network::search::{ArrivalSearch, Departure, SettleBy, next_entry};
use clearway_network::{Network, NetworkError};

/// A run of a vehicle: elements in order and when each is entered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    /// Elements, from a zone's connector or the first link on.
    pub elements: Vec<u32>,
    /// When each is entered, ms.
    pub entered: Vec<i64>,
    /// When the run ends, ms.
    pub end: i64,
}

/// The network at the speed of one type of vehicle.
#[derive(Debug)]
pub struct Streets {
    /// The network in one case.
    pub network: Network,
}

/// Where an empty run begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stand {
    /// At a node.
    Node(u32),
    /// At a site, before its connectors.
    Site(u32),
}

/// Nodes or elements with times, ms.
type Timed = Vec<(u32, i64)>;

impl Streets {
    /// The network for vehicles that go at `speed_share` of the speed of cars.
    ///
    /// # Errors
    /// If the scenario is no network.
    pub fn new(scenario: &Scenario, speed_share: f64, case: Case) -> Result<Self, NetworkError> {
        let mut slower = scenario.clone();
        for link in &mut slower.links {
            let by = |ms: i64| (ms as f64 / speed_share).ceil() as i64;
            link.time_ms = link.time_ms.map(by);
            link.time_ms_low = link.time_ms_low.map(by);
        }
        Ok(Self { network: Network::new(&slower, case)? })
    }

    /// Fastest entries into all elements from some beginnings; `open`: at the times at which they are open, else as if always.
    fn search(&self, starts: &[(u32, i64)], open: bool) -> ArrivalSearch {
        let mut search = ArrivalSearch::default();
        let departure = Departure { starts, settle_by: SettleBy::Entry, target: None };
        search.run(&self.network, departure, |element, t| {
            if open { self.network.entry_after(element, t) } else { Some(t) }
        });
        search
    }

    fn loaded_starts(&self, zone: u32, t: i64) -> Vec<(u32, i64)> {
        self.network.zones[zone as usize].connectors.iter().map(|&c| (c, t)).collect()
    }

    /// Per site the fastest loaded run from a zone, elements and free-flow time; `None` where there is no way.
    pub fn loaded(&self, zone: u32) -> Vec<Option<(Vec<u32>, i64)>> {
        self.loaded_in(&self.search(&self.loaded_starts(zone, 0), false))
    }

    fn loaded_in(&self, search: &ArrivalSearch) -> Vec<Option<(Vec<u32>, i64)>> {
        let mut best: Vec<Option<(i64, u32)>> = vec![None; self.network.sites.len()];
        for element in 0..self.network.elements.len() as u32 {
            let Some(t) = search.entered(element).filter(|_| self.network.is_to_site(element)) else {
                continue;
            };
            let end = t + self.network.elements[element as usize].tau;
            let best = &mut best[self.network.place[element as usize] as usize];
            if best.is_none_or(|b| (end, element) < b) {
                *best = Some((end, element));
            }
        }
        best.into_iter().map(|b| b.map(|(end, element)| (search.way_to(element), end))).collect()
    }

    /// Beginnings of an empty run: links, and when the first can be entered.
    fn empty_starts(&self, stand: Stand, t: i64) -> (Timed, Timed) {
        let network = &self.network;
        let nodes: Timed = match stand {
            Stand::Node(node) => vec![(node, t)],
            Stand::Site(site) => (0..network.elements.len() as u32)
                .filter(|&e| network.is_to_site(e) && network.place[e as usize] == site)
                .map(|e| (network.from_node[e as usize], t + network.elements[e as usize].tau))
                .collect(),
        };
        let starts = nodes
            .iter()
            .flat_map(|&(node, t)| network.out_of(node).iter().map(move |&e| (e, t)))
            .filter(|s| network.is_link(s.0))
            .collect();
        (nodes, starts)
    }

    /// Per zone the fastest empty run from a stand to it, links and free-flow time, connectors included.
    pub fn empty(&self, stand: Stand) -> Vec<Option<(Vec<u32>, i64)>> {
        let (nodes, starts) = self.empty_starts(stand, 0);
        self.empty_in(&nodes, &self.search(&starts, false))
    }

    fn empty_in(&self, nodes: &[(u32, i64)], search: &ArrivalSearch) -> Vec<Option<(Vec<u32>, i64)>> {
        let network = &self.network;
        // When each node is reached and by which link; none where the run begins there.
        let mut reached: Vec<Option<(i64, Option<u32>)>> = vec![None; network.nodes];
        for &(node, t) in nodes {
            let here = &mut reached[node as usize];
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
                    let (t, link) = reached[network.to_node[c as usize] as usize]?;
                    Some((t + network.elements[c as usize].tau, link))
                });
                // Of runs that end at once one over a link goes before one without, as a link has a number.
                let (end, link) = ends.min_by_key(|&(end, link)| (end, link.is_none(), link))?;
                Some((link.map_or_else(Vec::new, |link| search.way_to(link)), end))
            })
            .collect()
    }

    /// A loaded run from a zone to a site that begins at `t`: by the way given if nothing is closed on it, else by the one
    /// that gets there first.
    pub fn run_loaded(&self, zone: u32, site: u32, way: &[u32], t: i64) -> Option<Run> {
        let usual = self.run(way, t);
        if usual.as_ref().is_some_and(|run| run.end - t == self.free_time(way)) {
            return usual;
        }
        let search = self.search(&self.loaded_starts(zone, t), true);
        let (way, _) = self.loaded_in(&search).into_iter().nth(site as usize)??;
        let other = self.run(&way, t);
        [usual, other].into_iter().flatten().min_by_key(|run| run.end)
    }

    /// An empty run from a stand to a zone that begins at `t`, likewise.
    pub fn run_empty(&self, stand: Stand, zone: u32, way: &(Vec<u32>, i64), t: i64) -> Option<Run> {
        let links: i64 = self.free_time(&way.0);
        let usual = self.run_between(stand, zone, &way.0, t);
        if usual.as_ref().is_some_and(|run| run.end - t == way.1) || links == 0 {
            return usual;
        }
        let (nodes, starts) = self.empty_starts(stand, t);
        let search = self.search(&starts, true);
        let (links, _) = self.empty_in(&nodes, &search).into_iter().nth(zone as usize)??;
        let other = self.run_between(stand, zone, &links, t);
        [usual, other].into_iter().flatten().min_by_key(|run| run.end)
    }

    /// The run over links between the connectors of a stand and of a zone.
    fn run_between(&self, stand: Stand, zone: u32, links: &[u32], t: i64) -> Option<Run> {
        let network = &self.network;
        let tau = |element: u32| network.elements[element as usize].tau;
        let begins = |node: u32| match stand {
            Stand::Node(at) => (at == node).then_some(0),
            Stand::Site(site) => (0..network.elements.len() as u32)
                .filter(|&e| network.is_to_site(e) && network.place[e as usize] == site)
                .filter(|&e| network.from_node[e as usize] == node)
                .map(tau)
                .min(),
        };
        let ends = |node: u32| {
            let connectors = network.zones[zone as usize].connectors.iter();
            connectors.filter(|&&c| network.to_node[c as usize] == node).map(|&c| tau(c)).min()
        };
        match (links.first(), links.last()) {
            (Some(&first), Some(&last)) => {
                let before = begins(network.from_node[first as usize])?;
                let mut run = self.run(links, t + before)?;
                run.end += ends(network.to_node[last as usize])?;
                Some(run)
            }
            _ => {
                // From where it stands straight into the zone.
                let connectors = network.zones[zone as usize].connectors.iter();
                let least =
                    connectors.filter_map(|&c| Some(begins(network.to_node[c as usize])? + tau(c))).min()?;
                Some(Run { end: t + least, ..Run::default() })
            }
        }
    }

    /// The elements one after the other from `t` on.
    fn run(&self, elements: &[u32], t: i64) -> Option<Run> {
        let (entered, end) = self.network.times_along(elements, t)?;
        Some(Run { elements: elements.to_vec(), entered, end })
    }

    /// Travel time without any wait, ms.
    pub fn free_time(&self, elements: &[u32]) -> i64 {
        self.network.free_time(elements)
    }

    /// When people who are at a site at `t` are received: when it is open; `None`: never.
    pub fn received(&self, site: u32, t: i64) -> Option<i64> {
        let admission = self.network.sites[site as usize].admission;
        next_entry(&self.network.elements[admission as usize].open, t)
    }
}
