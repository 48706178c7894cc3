//! Ways of trucks on the scenario's roads: earliest arrival with closures, windows and turn bans.

use clearway_model::{Case, ClassOfUsers, Mode, Scenario};
use clearway_network::search::{ArrivalSearch, JourneyStart, SettleBy};
use clearway_network::{ElementIndex, Network, NetworkError, NodeIndex, PerNode};

/// The scenario as trucks see it: all roads for vehicles, rates in thousandths of a passenger-car unit per hour.
///
/// # Errors
/// Tables that name what does not exist.
pub fn truck_network(scenario: &Scenario) -> Result<Network, NetworkError> {
    let class = ClassOfUsers {
        id: "truck".to_owned(),
        mode: Mode::Vehicle,
        people_per_vehicle: Some(1.0),
        people_per_vehicle_low: None,
        people_per_vehicle_high: None,
        pcu_per_vehicle: 1.0,
    };
    let mut scenario = scenario.clone();
    scenario.settings.class = vec![class];
    Network::new(&scenario, Case::Central)
}

/// Ways with earliest arrival from a node to all nodes.
pub(crate) struct ArrivalTree {
    from: NodeIndex,
    search: ArrivalSearch,
    /// Per node, when it is reached and by which element.
    reached: PerNode<Option<(i64, ElementIndex)>>,
}

impl ArrivalTree {
    /// From a node at a time; if a target is given, to that one alone.
    pub fn grow(network: &Network, from: NodeIndex, start: i64, target: Option<NodeIndex>) -> Self {
        let starts: Vec<(ElementIndex, i64)> =
            network.out_of(from).iter().map(|&element| (element, start)).collect();
        let mut search = ArrivalSearch::default();
        let departure = JourneyStart { starts: &starts, settle_by: SettleBy::Exit, target };
        search.run(network, departure, |element, now| {
            network.entry_after(element, now).filter(|_| !network.is_to_site(element))
        });
        let reached = search.node_arrivals(network);
        Self { from, search, reached }
    }

    /// The way to a node; empty from the node itself, `None` if there is none.
    pub fn way(&self, node: NodeIndex) -> Option<Vec<ElementIndex>> {
        if node == self.from {
            return Some(Vec::new());
        }
        self.reached[node].map(|(_, element)| self.search.way_to(element))
    }

    /// When a node is reached.
    pub fn end(&self, node: NodeIndex, start: i64) -> Option<i64> {
        if node == self.from {
            return Some(start);
        }
        self.reached[node].map(|(end, _)| end)
    }
}
