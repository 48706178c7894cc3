//! The figures of a scenario, drawn within their ranges.

use crate::behaviour::DrawnBehaviour;
use crate::chance::{MemberSeed, triangular_quantile};
use clearway_model::number::{float, round};
use clearway_model::{JunctionRow, Mode, Scenario};
use clearway_network::link_length_m;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where in its range each kind of figure lies in a member: the share of all draws that are smaller. All figures of a kind have the same
/// place, since what is wrong about one is mostly wrong about the others; that gives the widest spread.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct FigurePlaces {
    /// People of zones.
    pub people: f64,
    /// People who are declared as staying.
    pub stay_people: f64,
    /// People in a vehicle.
    pub occupancy: f64,
    /// Capacity of links and connectors, by vehicle and on foot.
    pub capacity: f64,
    /// Room of links, where it is given.
    pub storage: f64,
    /// Free-flow times.
    pub time: f64,
    /// Admission rates of sites.
    pub admission: f64,
    /// Holding capacity of sites.
    pub site_capacity: f64,
    /// What junctions let through, where the scenario has any.
    pub junction: f64,
}

impl FigurePlaces {
    /// Names of the figures, in the order of [`FigurePlaces::values`].
    pub const NAMES: &'static [&'static str] = &[
        "people",
        "stay_people",
        "occupancy",
        "capacity",
        "storage",
        "time",
        "admission",
        "site_capacity",
        "junction",
    ];

    /// All places.
    pub fn values(&self) -> [f64; 9] {
        [
            self.people,
            self.stay_people,
            self.occupancy,
            self.capacity,
            self.storage,
            self.time,
            self.admission,
            self.site_capacity,
            self.junction,
        ]
    }

    /// Drawn for a member, each from a stream of its own.
    pub fn drawn(member: MemberSeed) -> Self {
        let draw = |kind: &str| member.stream("figure", kind).uniform();
        Self {
            people: draw("people"),
            stay_people: draw("stay_people"),
            occupancy: draw("occupancy"),
            capacity: draw("capacity"),
            storage: draw("storage"),
            time: draw("time"),
            admission: draw("admission"),
            site_capacity: draw("site_capacity"),
            junction: draw("junction"),
        }
    }
}

/// A figure at a place of its range.
fn at(place: f64, value: f64, low: Option<f64>, high: Option<f64>) -> f64 {
    triangular_quantile(place, low.unwrap_or(value).min(value), value, high.unwrap_or(value).max(value))
}

/// The same of whole people.
fn people_at(place: f64, value: i64, low: Option<i64>, high: Option<i64>) -> i64 {
    round(at(place, float(value), low.map(float), high.map(float)))
}

/// The scenario with the figures of a member in the place of its central ones; `None`: all stay as they are.
pub(super) fn scenario_at(scenario: &Scenario, places: Option<FigurePlaces>) -> Scenario {
    let mut drawn = scenario.clone();
    let Some(places) = places else { return drawn };
    for zone in &mut drawn.zones {
        zone.people = people_at(places.people, zone.people, zone.people_low, zone.people_high);
        zone.stay_people = zone.stay_people.map(|stay| {
            people_at(places.stay_people, stay, zone.stay_people_low, zone.stay_people_high).min(zone.people)
        });
    }
    for class in &mut drawn.settings.class {
        let (low, high) = (class.people_per_vehicle_low, class.people_per_vehicle_high);
        class.people_per_vehicle =
            class.people_per_vehicle.map(|value| at(places.occupancy, value, low, high));
    }
    for link in &mut drawn.links {
        let (low, high) = (link.capacity_pcu_h_low, link.capacity_pcu_h_high);
        link.capacity_pcu_h = link.capacity_pcu_h.map(|value| at(places.capacity, value, low, high));
        let (low, high) = (link.walk_capacity_people_h_low, link.walk_capacity_people_h_high);
        link.walk_capacity_people_h =
            link.walk_capacity_people_h.map(|value| at(places.capacity, value, low, high));
        let (low, high) = (link.storage_pcu_low, link.storage_pcu_high);
        link.storage_pcu = link.storage_pcu.map(|value| at(places.storage, value, low, high));
        link.time_ms = link.time_ms.map(|value| people_at(places.time, value, link.time_ms_low, None));
        link.walk_time_ms =
            link.walk_time_ms.map(|value| people_at(places.time, value, link.walk_time_ms_low, None));
    }
    for connector in &mut drawn.connectors {
        let (low, high) = (connector.capacity_pcu_h_low, connector.capacity_pcu_h_high);
        connector.capacity_pcu_h =
            connector.capacity_pcu_h.map(|value| at(places.capacity, value, low, high));
    }
    for site in &mut drawn.sites {
        let (low, high) = (site.admission_people_h_low, site.admission_people_h_high);
        site.admission_people_h = site.admission_people_h.map(|value| at(places.admission, value, low, high));
        let (low, high) = (site.capacity_people_low, site.capacity_people_high);
        site.capacity_people =
            site.capacity_people.map(|value| people_at(places.site_capacity, value, low, high));
    }
    junctions_at(&mut drawn.junctions, places.junction);
    drawn
}

/// What junctions let through at a place of its range, defaults included.
fn junctions_at(rows: &mut [JunctionRow], place: f64) {
    for row in rows {
        let Some(figures) = row.figures() else { continue };
        let [lane, share] = figures.map(|of| Some(at(place, of.value, Some(of.low), Some(of.high))));
        (row.lane_pcu_h, row.green_share) = (lane, share);
        // what is drawn has no range any more
        (row.lane_pcu_h_low, row.lane_pcu_h_high) = (None, None);
        (row.green_share_low, row.green_share_high) = (None, None);
    }
}

/// Slower than this nobody drives for that reason alone, km/h.
const SLOWEST_KM_H: f64 = 5.0;

/// Makes all roads slower, as far as vehicles are concerned.
pub(super) fn slow_down(scenario: &mut Scenario, behaviour: &DrawnBehaviour) {
    let is_by_vehicle = scenario.settings.class.first().is_some_and(|class| class.mode == Mode::Vehicle);
    if !is_by_vehicle || behaviour.slower_km_h <= 0.0 {
        return;
    }
    for link in &mut scenario.links {
        let (Some(length_m), Some(time_ms)) = (link_length_m(link), link.time_ms) else { continue };
        let km_h = length_m / float(time_ms.max(1)) * 3600.0;
        let slower = (km_h - behaviour.slower_km_h).max(SLOWEST_KM_H.min(km_h));
        if slower > 0.0 {
            link.time_ms = Some(round(float(time_ms) * km_h / slower).max(time_ms));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearway_model::{Case, JunctionControl};

    #[test]
    fn junctions_let_through_what_the_member_draws_defaults_included() {
        let row = |control, lane_pcu_h| JunctionRow { control, lane_pcu_h, ..JunctionRow::default() };
        let rows = [
            row(JunctionControl::Stop, None),
            row(JunctionControl::Stop, Some(500.0)),
            row(JunctionControl::Signals, None),
            row(JunctionControl::None, None),
        ];
        let drawn = |place| {
            let mut rows = rows.clone();
            junctions_at(&mut rows, place);
            rows.map(|row| row.approach_pcu_h(1.0, Case::Central))
        };
        // the ends of the defaults: 240 to 970 for a stop, 1,900 x 0.3 to 0.7 for signals; a figure without a range stays
        assert_eq!(drawn(0.0), [Some(240.0), Some(500.0), Some(1900.0 * 0.3), None]);
        assert_eq!(drawn(1.0), [Some(970.0), Some(500.0), Some(1900.0 * 0.7), None]);
    }

    #[test]
    fn figures_move_within_their_ranges_and_those_without_stay() {
        let people = |place| people_at(place, 100, Some(80), Some(160));
        // a quarter of all draws of this triangle lie below 100: (100 - 80) / (160 - 80)
        assert_eq!([people(0.0), people(0.25), people(1.0)], [80, 100, 160]);
        assert_eq!(at(0.9, 900.0, None, None), 900.0);
        assert_eq!(at(1.0, 900.0, Some(600.0), None), 900.0);
    }
}
