//! How many vehicles fit on a link, and how fast a gap travels back through those that stand (`docs/reference/semantics.md`, Room).

use crate::element::per_pcu;
use crate::index::PerElement;
use crate::{ElementKind, Network, NetworkElement};
use clearway_model::number::float;
use clearway_model::{Case, ClassOfUsers, Figure, LinkRow, Mode, Scenario};

/// Room that a standing passenger car takes in its lane, m: its length and the gap before it. 7.5 m is the default of SUMO (5 m and
/// 2.5 m) and of MATSim.
pub const SPACING_M: f64 = 7.5;
/// Speed at which a freed space travels back through standing vehicles, km/h. Counts on motorways give 15 to 20 (e.g. Kerner, The
/// Physics of Traffic, 2004, about 15).
pub const WAVE_KM_H: f64 = 15.0;

/// Vehicles of a lane before which others may pass at the end of a road, to go on another way: the room of a short turn pocket, or of the
/// flare of a lane (Highway Capacity Manual 2000, chapter 17, counts it in vehicles). An assumption of ours; 0 is strictly first in, first
/// out.
pub const POCKET_VEHICLES: u32 = 2;

/// What the room of roads is computed with, and how it is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoomFigures {
    /// Room of a standing passenger car in its lane, m; of no effect on a link whose room is given.
    pub spacing_m: f64,
    /// Speed at which a gap travels back, km/h.
    pub wave_km_h: f64,
    /// Vehicles before which others of the same lane may pass at its end, to go on another way.
    pub pocket_vehicles: u32,
}

impl Default for RoomFigures {
    fn default() -> Self {
        Self { spacing_m: SPACING_M, wave_km_h: WAVE_KM_H, pocket_vehicles: POCKET_VEHICLES }
    }
}

/// Room and backward wave of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkRoom {
    /// How many vehicles it holds.
    pub vehicles: u32,
    /// How long a freed space takes to be of use at its beginning, µs.
    pub wave_us: i64,
}

/// The room of all links of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkRooms {
    /// Per element; `None`: any number of vehicles, as on connectors and admissions.
    pub of: PerElement<Option<LinkRoom>>,
    /// People in a vehicle; on foot a vehicle of one is a person.
    pub people_per_vehicle: f64,
}

impl LinkRooms {
    /// The rooms of a network's links, with the people per vehicle of its class in its case (one on foot) and the default
    /// [`RoomFigures`]. `network` is of `scenario`.
    pub fn new(scenario: &Scenario, network: &Network) -> Self {
        let class = scenario.settings.class.first();
        let people_per_vehicle = class.map_or(1.0, |class| people_per_vehicle(class, network.case));
        let room =
            |element| link_room(scenario, network.case, element, people_per_vehicle, RoomFigures::default());
        Self { of: network.elements.iter().map(room).collect(), people_per_vehicle }
    }
}

/// People per vehicle of a class in a case; on foot 1.
pub fn people_per_vehicle(class: &ClassOfUsers, case: Case) -> f64 {
    match class.mode {
        Mode::Vehicle => per_pcu(class, case).0,
        Mode::Walk => 1.0,
    }
}

/// Room of an element of the network of `scenario` in a case, for vehicles of so many people; on foot, groups of so many people who
/// walk as one. `None`: any number, as on connectors, admissions, and links without length, speed and `storage_pcu`.
pub fn link_room(
    scenario: &Scenario,
    case: Case,
    element: &NetworkElement,
    people_per_vehicle: f64,
    figures: RoomFigures,
) -> Option<LinkRoom> {
    let ElementKind::Link(row) = element.kind else { return None };
    let (link, class) = (&scenario.links[row], scenario.settings.class.first()?);
    let vehicles_h = float(element.rate?) / 1000.0 / people_per_vehicle;
    let needs = FlowNeeds { vehicles_h, travel_s: float(element.tau) / 1000.0 };
    let length_m = link_length_m(link);
    match class.mode {
        Mode::Vehicle => {
            let lanes = link.lanes.unwrap_or(1.0).max(0.5);
            let by_length = |length_m: f64| length_m * lanes / (figures.spacing_m * class.pcu_per_vehicle);
            let given = link.storage_pcu.map(|pcu| {
                let pcu = Figure::new(pcu, link.storage_pcu_low, link.storage_pcu_high);
                pcu.more_is_better(case) / class.pcu_per_vehicle
            });
            let fit = given.or_else(|| length_m.map(by_length))?;
            Some(needs.room(fit, length_m.unwrap_or(0.0), figures.wave_km_h))
        }
        Mode::Walk => {
            let length_m = length_m?;
            let width_m = link.walk_capacity_people_h? / 3600.0 / walkers::MOST_PER_M_S;
            let fit = length_m * width_m / (1.0 / walkers::DENSEST_PER_M2 * people_per_vehicle);
            Some(needs.room(fit, length_m, walkers::wave_km_h()))
        }
    }
}

/// The length of a link, m: as it stands there, or from its free speed and travel time; `None`: not known.
pub fn link_length_m(link: &LinkRow) -> Option<f64> {
    let from_speed = || Some(link.free_speed? / 3.6 * float(link.time_ms?) / 1000.0);
    let stated = link.length_m.or(link.length.map(|km| km * 1000.0));
    stated.or_else(from_speed).filter(|length| length.is_finite())
}

/// What a link has to carry.
#[derive(Debug, Clone, Copy)]
struct FlowNeeds {
    /// Vehicles that can enter, 1/h.
    vehicles_h: f64,
    /// Free-flow travel time, s.
    travel_s: f64,
}

impl FlowNeeds {
    /// Room for `fit` vehicles, and never for fewer than the link's own flow needs, q x (tau + L / w) + 1. A link with less room could
    /// not carry the capacity that it is given, however smoothly its vehicles follow each other.
    fn room(self, fit: f64, length_m: f64, wave_km_h: f64) -> LinkRoom {
        let wave_s = length_m.max(0.0) * 3.6 / wave_km_h;
        let needed = self.vehicles_h / 3600.0 * (self.travel_s + wave_s) + 1.0;
        // a part of a vehicle more than what is needed is one vehicle more; beyond 4 billion there is no such road
        let vehicles = fit.floor().max(needed.ceil()).clamp(1.0, f64::from(u32::MAX));
        LinkRoom { vehicles: vehicles as u32, wave_us: (wave_s * 1e6).round() as i64 }
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
