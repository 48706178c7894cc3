//! What one more person costs all others: the marginal arrival on a path, and the path on which it is earliest.
//!
//! Behind a queue one more person delays everyone until the queue is gone, so the whole system pays as if that person
//! left the element when its busy period ends. First in, first out makes this a time-dependent shortest path.

use crate::packet::{BusyPeriods, PreparedRoads, QueuePasses};
use clearway_network::{
    ElementEnds, ElementIndex, Network, NodeIndex, PerElement, PerNode, PerSite, ZoneIndex,
};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use typed_index_collections::TiVec;

/// Busy periods of a loading, as a cost.
#[derive(Debug, Clone, Copy)]
pub struct MarginalCost<'a> {
    /// The network as the loading has it.
    pub roads: &'a PreparedRoads<'a>,
    /// Per element, when there is a queue before it.
    pub busy: &'a PerElement<BusyPeriods>,
    /// Who waited where, if what follows a queue is to be looked at when one gets there and not when the queue ends.
    pub passes: Option<&'a QueuePasses>,
    /// Per site, whether it takes nobody more.
    pub full: &'a PerSite<bool>,
}

impl MarginalCost<'_> {
    /// Goes into an element; `None` if that is not possible any more.
    fn enter(&self, element: ElementIndex, on: AddedPerson) -> Option<AddedPerson> {
        let busy = &self.busy[element];
        let is_shut = |t: i64| busy.shut.is_some_and(|shut| t >= shut);
        if is_shut(on.last) {
            return None;
        }
        let last = self.roads.next_open(element, busy.busy_until(on.last).unwrap_or(on.last))?;
        if self.roads.overtaken_until(element, on.last, last).is_some() {
            return None;
        }
        let Some(passes) = self.passes else { return Some(AddedPerson { time: last, others: 0, last }) };
        let (entered, others) = match busy.busy_until(on.time) {
            None => (on.time, 0),
            Some(end) => {
                let (entered, lost) = passes.enter(element, on.time, end);
                (entered, lost + self.roads.next_open(element, end)? - end)
            }
        };
        let time = self.roads.next_open(element, entered)?;
        let overtaken = self.roads.overtaken_until(element, on.time, time).is_some();
        (!overtaken).then_some(AddedPerson { time, others: on.others + others, last })
    }

    fn run(&self, element: ElementIndex, on: AddedPerson) -> Option<AddedPerson> {
        let tau = self.roads.network.elements[element].tau;
        self.enter(element, on).map(|on| AddedPerson { time: on.time + tau, last: on.last + tau, ..on })
    }

    /// The element of a path at which one more person who leaves at `departure` costs most; `None` if there is no wait.
    pub fn narrowest(&self, elements: &[ElementIndex], departure: i64) -> Option<ElementIndex> {
        let mut on = AddedPerson::at(departure);
        let mut most = (0, None);
        for &element in elements {
            let next = self.enter(element, on)?;
            let cost = next.sum() - on.sum();
            if cost > most.0 {
                most = (cost, Some(element));
            }
            on = self.run(element, on)?;
        }
        most.1
    }

    /// The marginal arrival on a path when leaving at `departure`, ms; `None` if there is none.
    pub fn arrival(&self, elements: &[ElementIndex], departure: i64) -> Option<i64> {
        let network = self.roads.network;
        let mut on = AddedPerson::at(departure);
        for &element in elements {
            on = self.run(element, on)?;
        }
        let is_full =
            elements.last().and_then(|&last| network.site_of(last)).is_some_and(|site| self.full[site]);
        (!is_full && on.time < network.horizon).then(|| on.sum())
    }
}

/// One more person on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct AddedPerson {
    /// When that person is where this is said, ms.
    time: i64,
    /// What others lose, ms.
    others: i64,
    /// When the last of those whom it pushed back is there, if all of them went its way: the end of one queue after the other, ms.
    last: i64,
}

impl AddedPerson {
    fn at(time: i64) -> Self {
        Self { time, others: 0, last: time }
    }

    /// What it costs in the sum of all arrivals.
    fn sum(self) -> i64 {
        self.time + self.others
    }
}

clearway_model::index_types! {
    /// Number of a place that a path search labels: junctions first, then sites.
    LabelIndex
}

/// Places where paths meet: a node, or for a link with prohibited turns at its end the end of that link alone.
#[derive(Debug)]
pub struct PathJunctions {
    /// Per element, the junction at its end, for connectors of sites and admissions the site.
    end_of: PerElement<LabelIndex>,
    /// Per junction, its node.
    node_of: TiVec<LabelIndex, NodeIndex>,
    /// Per junction, the link whose end it is; `None` for those of a whole node.
    link_of: TiVec<LabelIndex, Option<ElementIndex>>,
}

impl PathJunctions {
    /// Those of a network.
    pub fn new(network: &Network) -> Self {
        let mut node_of: TiVec<LabelIndex, NodeIndex> = network.node_closed.keys().collect();
        let mut link_of: TiVec<LabelIndex, Option<ElementIndex>> = vec![None; network.nodes()].into();
        let with_turns = network.links_with_prohibited_turns();
        let sites_from = network.nodes() + with_turns.len();
        let end = |ends: ElementEnds| match ends {
            // Junctions of whole nodes have the numbers of the nodes.
            ElementEnds::FromZone { node, .. } | ElementEnds::BetweenNodes { to: node, .. } => node.row(),
            ElementEnds::ToSite { site, .. } | ElementEnds::IntoSite { site } => sites_from + site.row(),
        };
        let mut end_of: PerElement<LabelIndex> =
            network.elements.iter().map(|element| LabelIndex::from(end(element.ends))).collect();
        for (link, node) in with_turns {
            end_of[link] = node_of.push_and_get_key(node);
            link_of.push(Some(link));
        }
        Self { end_of, node_of, link_of }
    }
}

/// How a place is reached at the earliest marginal time.
#[derive(Debug, Clone, Copy)]
struct PathLabel {
    /// That time, with what others lose, ms.
    sum: i64,
    /// The element that leads there.
    element: ElementIndex,
    /// The junction at which that begins; `None` for connectors of zones.
    from: Option<LabelIndex>,
}

/// Memory of the search for paths.
#[derive(Debug, Default)]
pub struct PathSearch {
    labels: TiVec<LabelIndex, Option<PathLabel>>,
    touched: Vec<LabelIndex>,
    /// Least in all, so far, time, place.
    heap: BinaryHeap<Reverse<(i64, AddedPerson, LabelIndex)>>,
}

impl PathSearch {
    /// The path with the earliest marginal arrival when leaving a zone at `departure`, as elements, with that arrival. `to_sites`: free-flow
    /// times ([`free_times_to_sites`](clearway_network::search::free_times_to_sites)), a lower bound for A*.
    pub fn best(
        &mut self,
        cost: &MarginalCost<'_>,
        to_sites: &PerNode<Option<i64>>,
        zone: ZoneIndex,
        departure: i64,
    ) -> Option<(Vec<ElementIndex>, i64)> {
        let network = cost.roads.network;
        let junctions = &cost.roads.junctions;
        self.labels.resize(junctions.node_of.len() + network.sites.len(), None);
        for place in self.touched.drain(..) {
            self.labels[place] = None;
        }
        self.heap.clear();
        for &connector in &network.zones[zone].connectors {
            self.reach(cost, to_sites, connector, AddedPerson::at(departure), None);
        }
        while let Some(Reverse((_, on, place))) = self.heap.pop() {
            let sum = on.sum();
            if self.labels[place].is_some_and(|label| sum > label.sum) {
                continue;
            }
            let Some(&node) = junctions.node_of.get(place) else {
                return Some((self.elements(network, place), sum));
            };
            let link = junctions.link_of[place];
            for &next in network.out_of(node) {
                if link.is_none_or(|link| !network.banned.contains(&(link, next))) {
                    self.reach(cost, to_sites, next, on, Some(place));
                }
            }
        }
        None
    }

    /// The elements of the path to a site.
    fn elements(&self, network: &Network, site: LabelIndex) -> Vec<ElementIndex> {
        let labels = std::iter::successors(self.labels[site], |label| self.labels[label.from?]);
        let mut elements: Vec<ElementIndex> = labels.map(|label| label.element).collect();
        elements.reverse();
        let end = elements.last().and_then(|&connector| network.site_of(connector));
        elements.extend(end.map(|site| network.sites[site].admission));
        elements
    }

    /// Goes over an element from a junction; from a connector of a site on through its admission.
    fn reach(
        &mut self,
        cost: &MarginalCost<'_>,
        to_sites: &PerNode<Option<i64>>,
        element: ElementIndex,
        on: AddedPerson,
        from: Option<LabelIndex>,
    ) {
        let (network, junctions) = (cost.roads.network, &cost.roads.junctions);
        let data = &network.elements[element];
        let place = junctions.end_of[element];
        let rest = match junctions.node_of.get(place) {
            Some(&node) => to_sites[node],
            None => Some(0),
        };
        let Some(rest) = rest else { return };
        let reached = self.labels[place].map(|label| label.sum);
        // Nothing is earlier than entering at once.
        if reached.is_some_and(|reached| on.sum() + data.tau >= reached) {
            return;
        }
        let Some(mut on) = cost.run(element, on) else { return };
        if let ElementEnds::ToSite { site, .. } = data.ends {
            let admitted = cost.enter(network.sites[site].admission, on).filter(|_| !cost.full[site]);
            let Some(admitted) = admitted else { return };
            on = admitted;
        }
        if reached.is_some_and(|reached| on.sum() >= reached) || on.time >= network.horizon {
            return;
        }
        if reached.is_none() {
            self.touched.push(place);
        }
        self.labels[place] = Some(PathLabel { sum: on.sum(), element, from });
        self.heap.push(Reverse((on.sum() + rest, on, place)));
    }
}
