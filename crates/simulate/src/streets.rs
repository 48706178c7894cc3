//! Roads as the simulation sees them, made of a scenario's network.

use crate::junctions::set_junction_rates;
pub use crate::lanes::MOST_IN_POCKET;
pub use crate::storage::RoomFigures;
use crate::storage::Storage;
use crate::traffic::Turns;
use clearway_model::number::{compact, round};
use clearway_model::{ClassOfUsers, LinkRow, Mode, Scenario};
use clearway_network::{ElementIndex, ElementKind, Network, PerElement, link_room};

/// A road, a connector or the admission of a site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Street {
    /// Free-flow travel time, µs.
    pub travel_us: i64,
    /// Thousandths of a person per hour that can enter and that can leave; `None`: any number.
    pub rate: Option<u64>,
    /// Thousandths of a person per hour that the junction at its end lets through from it; `None`: as many as the road does.
    pub junction_rate: Option<u64>,
    /// Its room; `None`: any number of vehicles.
    pub storage: Option<Storage>,
    /// How many queues can stand side by side at its end, each for other ways to go on.
    pub lane_groups: u32,
    /// How many vehicles of a queue at its end may stand before one that passes them for another way.
    pub pocket: u32,
    /// When it may be entered, µs; ascending.
    pub open_us: Vec<(i64, i64)>,
    /// The rate in each of these intervals, as `rate`; empty: it is `rate` in all of them.
    pub rates: Vec<Option<u64>>,
    /// When nobody may be at the node where it begins, µs.
    pub node_closed_us: Vec<(i64, i64)>,
    /// When hazards begin that overtake whoever is still on it, µs.
    pub hazards_us: Vec<i64>,
}

/// Longer than any planning horizon, and so far from the largest number that a time may be added to it, µs: some 73,000 years.
const NEVER_US: i64 = i64::MAX / 4;

impl Street {
    /// Time that people take to enter, rounded up, µs; 0 where nothing limits them. The same as in the exact loading.
    pub fn service_us(&self, people: u32) -> i64 {
        Self::time_to_enter_us(self.rate, people)
    }

    /// The same of a rate.
    pub(crate) fn time_to_enter_us(rate: Option<u64>, people: u32) -> i64 {
        let Some(rate) = rate else { return 0 };
        // 3.6e12: µs of an hour, in thousandths of a person; what does not fit into 64 bits are millions of people in one vehicle
        let span = u64::from(people).saturating_mul(3_600_000_000_000).div_ceil(rate.max(1));
        i64::try_from(span).map_or(NEVER_US, |span| span.min(NEVER_US))
    }
}

/// Whether queues take space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum QueueModel {
    /// They take space; a full road blocks those behind it.
    Spatial(RoomFigures),
    /// They stand on top of each other at the end of a road, and only those who want the same next road wait for each other: the
    /// loading of a plan. Goes with [`crate::traffic::Turns::FirstCome`].
    Vertical,
}

impl QueueModel {
    /// Whose turn it is where several want to enter a road.
    pub(crate) fn turns(self) -> Turns {
        match self {
            Self::Spatial(_) => Turns::Shared,
            Self::Vertical => Turns::FirstCome,
        }
    }
}

/// All streets of a scenario.
#[derive(Debug, Clone)]
pub struct Streets {
    /// In the order of their kind and id, so that ties are settled alike however the tables are sorted.
    pub streets: Vec<Street>,
    /// The element of the network that each is.
    pub elements: Vec<ElementIndex>,
    /// The street that each element is.
    pub of_element: PerElement<u32>,
    /// Links of which neither the length nor a speed is known: they have any room.
    pub without_length: Vec<u32>,
}

impl Streets {
    /// The streets of a network. `people_per_vehicle`: of the vehicles that will be on them.
    pub fn new(scenario: &Scenario, network: &Network, people_per_vehicle: f64, queues: QueueModel) -> Self {
        let mut elements: Vec<ElementIndex> = network.elements.keys().collect();
        let key = |&element: &ElementIndex| match network.elements[element].kind {
            ElementKind::Connector(row) => (0, scenario.connectors[row].connector_id.as_str()),
            ElementKind::Link(row) => (1, scenario.links[row].link_id.as_str()),
            ElementKind::Admission(row) => (2, scenario.sites[row].site_id.as_str()),
        };
        elements.sort_by(|a, b| key(a).cmp(&key(b)));
        let mut of_element: PerElement<u32> = vec![0; elements.len()].into();
        for (street, &element) in (0..).zip(&elements) {
            of_element[element] = street;
        }
        let mut streets = Self { streets: Vec::new(), elements, of_element, without_length: Vec::new() };
        let class = scenario.settings.class.first();
        for (street, &element) in (0..).zip(&streets.elements) {
            let mut model = plain(network, element);
            if let (QueueModel::Spatial(figures), Some(class), ElementKind::Link(row)) =
                (queues, class, network.elements[element].kind)
            {
                let of = &network.elements[element];
                model.storage = link_room(scenario, network.case, of, people_per_vehicle, figures);
                model.lane_groups = lane_groups(&scenario.links[row], class);
                model.pocket = figures.pocket_vehicles;
                if model.storage.is_none() {
                    streets.without_length.push(street);
                }
            }
            streets.streets.push(model);
        }
        if let (QueueModel::Spatial(_), false) = (queues, scenario.junctions.is_empty()) {
            set_junction_rates(&mut streets, scenario, network);
        }
        streets
    }
}

/// An element without a limit of room.
fn plain(network: &Network, element: ElementIndex) -> Street {
    let micros = |&(from, until): &(i64, i64)| (from.saturating_mul(1000), until.saturating_mul(1000));
    let model = &network.elements[element];
    let closed = network.node_before(element).map(|node| network.node_closed[node].intervals());
    Street {
        travel_us: model.tau * 1000,
        rate: model.rate,
        junction_rate: None,
        storage: None,
        lane_groups: u32::MAX,
        pocket: 0,
        open_us: model.open.intervals().iter().map(micros).collect(),
        node_closed_us: closed.unwrap_or_default().iter().map(micros).collect(),
        hazards_us: network.hazards.get(&element).into_iter().flatten().map(|begin| begin * 1000).collect(),
        rates: Vec::new(),
    }
}

/// Queues side by side: one per lane; people on foot pass each other.
fn lane_groups(link: &LinkRow, class: &ClassOfUsers) -> u32 {
    match class.mode {
        Mode::Walk => u32::MAX,
        Mode::Vehicle => compact(usize::try_from(round(link.lanes.unwrap_or(1.0))).unwrap_or(1).max(1)),
    }
}
