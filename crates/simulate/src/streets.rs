//! Roads as the simulation sees them, made of a scenario's network.

use crate::storage::{RoadRoom, SPACING_M, Storage, WAVE_KM_H};
use clearway_model::number::{compact, float, round};
use clearway_model::{ClassOfUsers, Figure, LinkRow, Mode, Scenario};
use clearway_network::{ElementIndex, ElementKind, Network, PerElement};

/// A road, a connector or the admission of a site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Street {
    /// Free-flow travel time, µs.
    pub travel_us: i64,
    /// Thousandths of a person per hour that can enter and that can leave; `None`: any number.
    pub rate: Option<u64>,
    /// Its room; `None`: any number of vehicles.
    pub storage: Option<Storage>,
    /// How many queues can stand side by side at its end, each for other ways to go on.
    pub lane_groups: u32,
    /// When it may be entered, µs; ascending.
    pub open_us: Vec<(i64, i64)>,
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
        let Some(rate) = self.rate else { return 0 };
        // 3.6e12: µs of an hour, in thousandths of a person; what does not fit into 64 bits are millions of people in one vehicle
        let span = u64::from(people).saturating_mul(3_600_000_000_000).div_ceil(rate.max(1));
        i64::try_from(span).map_or(NEVER_US, |span| span.min(NEVER_US))
    }
}

/// What room is computed with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoomFigures {
    /// Room of a standing passenger car in its lane, m.
    pub spacing_m: f64,
    /// Speed at which a gap travels back, km/h.
    pub wave_km_h: f64,
}

impl Default for RoomFigures {
    fn default() -> Self {
        Self { spacing_m: SPACING_M, wave_km_h: WAVE_KM_H }
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
                let link = &scenario.links[row];
                model.storage = storage(link, class, &model, people_per_vehicle, figures);
                model.lane_groups = lane_groups(link, class);
                if model.storage.is_none() {
                    streets.without_length.push(street);
                }
            }
            streets.streets.push(model);
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
        storage: None,
        lane_groups: u32::MAX,
        open_us: model.open.intervals().iter().map(micros).collect(),
        node_closed_us: closed.unwrap_or_default().iter().map(micros).collect(),
        hazards_us: network.hazards.get(&element).into_iter().flatten().map(|begin| begin * 1000).collect(),
    }
}

/// Queues side by side: one per lane; people on foot pass each other.
fn lane_groups(link: &LinkRow, class: &ClassOfUsers) -> u32 {
    match class.mode {
        Mode::Walk => u32::MAX,
        Mode::Vehicle => compact(usize::try_from(round(link.lanes.unwrap_or(1.0))).unwrap_or(1).max(1)),
    }
}

/// The length of a link, m: as it stands there, or from its free speed and travel time.
fn length_m(link: &LinkRow) -> Option<f64> {
    let from_speed = || Some(link.free_speed? / 3.6 * float(link.time_ms?) / 1000.0);
    link.length_m
        .or(link.length.map(|km| km * 1000.0))
        .or_else(from_speed)
        .filter(|length| length.is_finite())
}

fn storage(
    link: &LinkRow,
    class: &ClassOfUsers,
    street: &Street,
    people_per_vehicle: f64,
    figures: RoomFigures,
) -> Option<Storage> {
    let length_m = length_m(link)?;
    let vehicles_h = float(street.rate?) / 1000.0 / people_per_vehicle;
    let travel_s = float(street.travel_us) / 1e6;
    match class.mode {
        Mode::Vehicle => {
            let room = RoadRoom {
                length_m,
                lanes: link.lanes.unwrap_or(1.0).max(0.5),
                pcu_per_vehicle: class.pcu_per_vehicle,
                vehicles_h,
                travel_s,
            };
            Some(room.storage(figures.spacing_m, figures.wave_km_h))
        }
        Mode::Walk => {
            let people_h = link.walk_capacity_people_h?;
            let width_m = Figure::new(people_h, None, None).value / 3600.0 / walkers::MOST_PER_M_S;
            let room = RoadRoom {
                length_m,
                lanes: width_m,
                pcu_per_vehicle: people_per_vehicle,
                vehicles_h,
                travel_s,
            };
            Some(room.storage(1.0 / walkers::DENSEST_PER_M2, walkers::wave_km_h()))
        }
    }
}

/// People on foot by density: Weidmann, Transporttechnik der Fussgänger (IVT ETH Zürich, 2nd edition 1993), as a triangle.
mod walkers {
    /// Most people that pass a metre of width, 1/(m s).
    pub const MOST_PER_M_S: f64 = 1.225;
    /// At this density nobody moves any more, people/m2.
    pub const DENSEST_PER_M2: f64 = 5.4;
    /// Speed of those whom nobody hinders, m/s.
    const FREE_M_S: f64 = 1.34;

    /// Speed at which a gap travels back: the slope from the densest flow to standstill, 0.98 km/h.
    pub fn wave_km_h() -> f64 {
        3.6 * MOST_PER_M_S / (DENSEST_PER_M2 - MOST_PER_M_S / FREE_M_S)
    }
}
