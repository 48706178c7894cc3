//! Capacity of one lane by class and speed, in three values.

use super::RoadClass;

/// Base saturation flow of one lane at a signal, pcu/h (rule TRA-05).
pub const SATURATION_PCU_H: f64 = 1900.0;
/// Assumed share of green (g/C) at a signal, central value.
pub const GREEN_SHARE: f64 = 0.5;
/// Flow that was observed to last through hours of evacuation, pcu/h and lane (rule TRA-07).
pub const SUSTAINED_PCU_H: f64 = 600.0;
/// Share of the central capacity that is kept free for responders and aid. Assumed.
pub const RESERVED_SHARE: f64 = 0.05;

/// Observed largest evacuation flow against the normal peak, outside towns (rule TRA-06).
const NON_URBAN_FACTOR: f64 = 0.90;
/// The same in towns (rule TRA-06).
const URBAN_FACTOR: f64 = 0.85;
/// km/h of one mph.
const MPH: f64 = 1.609_344;

/// What decides the capacity of a lane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LaneCapacity {
    /// Class of the road, from which the capacity of an undisturbed lane follows.
    pub class: RoadClass,
    /// Free-flow speed, km/h: slower roads of a class pass fewer vehicles.
    pub speed_km_h: f64,
    /// Lanes in the direction, at most.
    pub lanes: f64,
    /// The link passes or ends at a traffic signal.
    pub signal: bool,
    /// Share of green there, 0..1.
    pub green_share: f64,
}

/// One figure in three values, pcu/h per lane, low <= central <= optimistic.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LaneRange {
    /// What a lane passes when the queue lasts for hours, the low end.
    pub low: f64,
    /// As observed at best in evacuations.
    pub central: f64,
    /// The capacity of the class without any reduction, the high end.
    pub optimistic: f64,
}

/// Capacity of one lane, pcu/h, whole numbers.
///
/// *optimistic*: motorway 2400 (TRA-01, upper end). Motorway ramp, trunk ramp, trunk with two or more lanes in the
/// direction 2200 (TRA-02, upper end). Primary to unclassified with two or more lanes 1900 (TRA-05: more does not enter a
/// junction from one lane; the green is held). All others by speed: 900 up to 20 mph, 1125 up to 25, 1350 up to 30, 1575
/// up to 35 (TRA-04), else 1700 (TRA-03).
///
/// *central*: the optimistic value, at a signal not more than 1900 x g/C (TRA-05), reduced by 10 % on motorways and trunk
/// roads and their ramps, by 15 % elsewhere (TRA-06), rounded to whole pcu/h.
///
/// *low*: 600 (TRA-07), never above central.
///
/// ```
/// use clearway_import::capacity::{LaneCapacity, RoadClass, lane_capacity};
/// let street = LaneCapacity { class: RoadClass::Residential, speed_km_h: 30.0, lanes: 1.0, signal: false, green_share: 0.5 };
/// let range = lane_capacity(street);
/// assert_eq!((range.low, range.central, range.optimistic), (600.0, 765.0, 900.0));
/// ```
pub fn lane_capacity(lane: LaneCapacity) -> LaneRange {
    let optimistic = optimistic(lane);
    let unsignalled =
        if lane.signal { optimistic.min(SATURATION_PCU_H * lane.green_share) } else { optimistic };
    let central = (unsignalled * observed_factor(lane.class)).round().max(1.0);
    LaneRange { low: SUSTAINED_PCU_H.min(central), central, optimistic }
}

/// Largest flow observed in evacuations against the capacity of the class (rule TRA-06).
pub fn observed_factor(class: RoadClass) -> f64 {
    if class <= RoadClass::TrunkLink { NON_URBAN_FACTOR } else { URBAN_FACTOR }
}

fn optimistic(lane: LaneCapacity) -> f64 {
    let several = lane.lanes >= 2.0;
    match lane.class {
        RoadClass::Motorway => 2400.0,
        RoadClass::MotorwayLink | RoadClass::TrunkLink => 2200.0,
        RoadClass::Trunk if several => 2200.0,
        RoadClass::Primary
        | RoadClass::PrimaryLink
        | RoadClass::Secondary
        | RoadClass::SecondaryLink
        | RoadClass::Tertiary
        | RoadClass::TertiaryLink
        | RoadClass::Unclassified
            if several =>
        {
            SATURATION_PCU_H
        }
        _ => street(lane.speed_km_h),
    }
}

/// Two-lane roads by speed. A limit written in km/h may be a rounded mph figure, hence the 1 % slack.
fn street(speed_km_h: f64) -> f64 {
    for (mph, pcu_h) in [(20.0, 900.0), (25.0, 1125.0), (30.0, 1350.0), (35.0, 1575.0)] {
        if speed_km_h <= mph * MPH * 1.01 {
            return pcu_h;
        }
    }
    1700.0
}

/// Kept free for responders and aid: 5 % of the central capacity, rounded to whole pcu/h. Assumed.
pub fn reserved_pcu_h(central_pcu_h: f64) -> f64 {
    (central_pcu_h * RESERVED_SHARE).round()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(class: RoadClass, speed_km_h: f64, lanes: f64, signal: bool) -> (f64, f64, f64) {
        let range =
            lane_capacity(LaneCapacity { class, speed_km_h, lanes, signal, green_share: GREEN_SHARE });
        (range.low, range.central, range.optimistic)
    }

    #[test]
    fn classes_have_the_documented_figures() {
        assert_eq!(of(RoadClass::Motorway, 110.0, 2.0, false), (600.0, 2160.0, 2400.0));
        assert_eq!(of(RoadClass::Trunk, 90.0, 2.0, false), (600.0, 1980.0, 2200.0));
        assert_eq!(of(RoadClass::Trunk, 90.0, 1.0, false), (600.0, 1530.0, 1700.0));
        assert_eq!(of(RoadClass::Primary, 60.0, 2.0, false), (600.0, 1615.0, 1900.0));
        assert_eq!(of(RoadClass::Primary, 60.0, 2.0, true), (600.0, 808.0, 1900.0));
        assert_eq!(of(RoadClass::Secondary, 50.0, 1.0, false), (600.0, 1339.0, 1575.0));
        assert_eq!(of(RoadClass::Residential, 40.0, 1.0, false), (600.0, 956.0, 1125.0));
        assert_eq!(of(RoadClass::Residential, 48.3, 1.0, true), (600.0, 808.0, 1350.0));
        assert_eq!(of(RoadClass::Service, 20.0, 1.0, false), (600.0, 765.0, 900.0));
        assert_eq!(of(RoadClass::Residential, 80.0, 2.0, false), (600.0, 1445.0, 1700.0));
    }

    #[test]
    fn low_never_exceeds_central_and_central_never_optimistic() {
        for class in RoadClass::ALL.into_iter().filter(|c| c.is_road()) {
            for speed_km_h in [5.0, 20.0, 30.0, 50.0, 60.0, 130.0] {
                for lanes in [1.0, 1.5, 2.0, 4.0] {
                    for green_share in [0.1, 0.5, 1.0] {
                        let lane = LaneCapacity { class, speed_km_h, lanes, signal: true, green_share };
                        let range = lane_capacity(lane);
                        assert!(0.0 < range.low && range.low <= range.central);
                        assert!(range.central <= range.optimistic);
                    }
                }
            }
        }
    }
}
