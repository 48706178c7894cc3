//! What people and roads do that no plan orders: leave late, take their own way, break down. Each figure has a range and a source.
//!
//! [`Behaviour`] is the profile, [`Behaviour::drawn`] draws one value of each figure for a member of an ensemble. What each does is told in
//! `docs/reference/ensemble.md`.

use crate::chance::MemberSeed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A figure of behaviour: drawn from a triangular distribution from `low` to `high` with its peak at `value`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BehaviourFigure {
    /// The most likely value.
    pub value: f64,
    /// The smallest value.
    pub low: f64,
    /// The largest value.
    pub high: f64,
    /// Where it is from.
    pub source: Cow<'static, str>,
}

/// Declares the profile and its drawn values from one table, so that no figure can be in one and missing in the other.
macro_rules! behaviour {
    ($($name:ident: $value:literal, $low:literal, $high:literal, within $least:literal, $most:literal, $unit:literal, $what:literal, $source:literal;)*) => {
        /// A profile of behaviour, `behaviour.toml`. A figure that is left out has its default.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        #[non_exhaustive]
        pub struct Behaviour {
            $(#[doc = $what] pub $name: BehaviourFigure,)*
        }

        impl Default for Behaviour {
            fn default() -> Self {
                Self {
                    $($name: BehaviourFigure { value: $value, low: $low, high: $high, source: Cow::Borrowed($source) },)*
                }
            }
        }

        /// The values of one member of an ensemble.
        #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[non_exhaustive]
        pub struct DrawnBehaviour {
            $(#[doc = $what] pub $name: f64,)*
        }

        impl DrawnBehaviour {
            /// Names of the figures, in the order of [`DrawnBehaviour::values`].
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),*];

            /// Everybody does as ordered and nothing happens.
            pub const AS_ORDERED: Self = Self {
                $($name: as_ordered(stringify!($name).as_bytes()),)*
            };

            /// All values.
            pub fn values(&self) -> Vec<f64> {
                vec![$(self.$name),*]
            }
        }

        impl Behaviour {
            /// All figures: name, figure, least and greatest that make sense, unit, what it is.
            pub fn figures(&self) -> Vec<(&'static str, &BehaviourFigure, [f64; 2], &'static str, &'static str)> {
                vec![$((stringify!($name), &self.$name, [$least, $most], $unit, $what)),*]
            }

            /// A value of each figure for a member, each from a stream of its own.
            pub fn drawn(&self, member: MemberSeed) -> DrawnBehaviour {
                let draw = |name: &str, figure: &BehaviourFigure| {
                    member.stream("behaviour", name).triangular(figure.low, figure.value, figure.high)
                };
                DrawnBehaviour { $($name: draw(stringify!($name), &self.$name),)* }
            }
        }
    };
}

/// What a figure is where everybody does as ordered: nothing happens, and all leave at the speed that they have.
const fn as_ordered(name: &[u8]) -> f64 {
    // the two that are factors and not shares or rates of something unwanted
    if let [b'l', b'e', b'a', b'v', b'i', ..] | [b'm', b'o', b'b', ..] = name { 1.0 } else { 0.0 }
}

behaviour! {
    leaving_share: 1.0, 1.0, 1.0, within 0.0, 1.0, "share of people in orders",
        "Share of those in orders who leave at all.",
        "assumption, on the hard side: who stays makes roads emptier. Observed: about 0.46 in ordered zones of the Kincade fire 2019 (Zhao et al. 2022); over 0.8 of those who heard a mandatory order in hurricanes (lecture notes, LSU)";
    mobilization_factor: 1.0, 1.0, 1.5, within 1.0, 10.0, "times the mobilization curve",
        "How much longer people need to get ready than their mobilization curve says.",
        "assumption. What decides observed drills is mostly the times before departure (Gwynne et al. 2019, Roxborough Park)";
    late_share: 0.2, 0.05, 0.4, within 0.0, 1.0, "share of vehicles",
        "Share of vehicles that leave later than ordered.",
        "assumption";
    late_mean_min: 15.0, 5.0, 30.0, within 0.0, 600.0, "min",
        "Mean delay of those who leave late; exponential.",
        "assumption";
    early_share: 0.1, 0.0, 0.3, within 0.0, 1.0, "share of vehicles",
        "Share of vehicles that leave as soon as they are ready, before their turn.",
        "assumption";
    own_route_share: 0.1, 0.0, 0.3, within 0.0, 1.0, "share of vehicles",
        "Share of vehicles that go to their site by the fastest way on empty roads and not by the route ordered.",
        "assumption";
    own_site_share: 0.05, 0.0, 0.2, within 0.0, 1.0, "share of vehicles",
        "Share of vehicles that go to the nearest site and not to the one ordered.",
        "assumption";
    detour_share: 0.3, 0.0, 0.6, within 0.0, 1.0, "share of vehicles",
        "Share of vehicles that take another way where they would stand too long.",
        "assumption";
    detour_after_min: 15.0, 5.0, 30.0, within 0.0, 1440.0, "min",
        "How long standing at the end of one road is too long for those who take another way.",
        "assumption";
    turn_back_share: 0.02, 0.0, 0.1, within 0.0, 1.0, "share of vehicles",
        "Share of vehicles that turn back where they would stand far too long.",
        "assumption";
    turn_back_after_min: 120.0, 60.0, 240.0, within 0.0, 1440.0, "min",
        "How long standing at the end of one road is far too long for those who turn back.",
        "assumption";
    shadow_share: 0.2, 0.0, 0.4, within 0.0, 5.0, "people for each person in orders",
        "People who leave without being asked, from anywhere on the roads of the scenario, for each person in orders.",
        "0.2 of those outside the ordered region in nuclear studies (NUREG/CR-7002, from memory, not checked); over half of all who left in the Kincade fire 2019 (Zhao et al. 2022); the range is an assumption";
    background_share: 0.1, 0.0, 0.3, within 0.0, 0.95, "share of the capacity of each road",
        "Share of each road's capacity that other traffic takes at first.",
        "assumption";
    background_until_h: 2.0, 1.0, 4.0, within 0.0, 1000.0, "h",
        "When other traffic is gone.",
        "assumption";
    slower_km_h: 3.5, 0.0, 7.0, within 0.0, 40.0, "km/h",
        "How much slower people drive than on a usual day at the same density.",
        "about 3.5 km/h (Rohaert et al. 2023, Kincade fire); the range is an assumption";
    crashes_per_million_vehicle_km: 1.3, 0.6, 2.6, within 0.0, 1000.0, "per million vehicle-km",
        "Crashes that are reported to the police.",
        "6.76 million in 2019 in the United States (NHTSA, DOT HS 813 060) over 5.2 billion vehicle-km a thousand (from its fatality rate): 1.3; half and double as range";
    crash_blocks_share: 0.25, 0.1, 0.5, within 0.0, 1.0, "share of crashes",
        "Share of crashes that block a lane; the others block a shoulder.",
        "assumption, near the shares of the Highway Capacity Manual's reliability method (from memory, not checked)";
    breakdowns_per_million_vehicle_km: 5.0, 2.0, 12.0, within 0.0, 1000.0, "per million vehicle-km",
        "Vehicles that break down.",
        "assumption: about four for each crash, as incidents to crashes in the Highway Capacity Manual's reliability method (from memory, not checked)";
    breakdown_blocks_share: 0.05, 0.0, 0.2, within 0.0, 1.0, "share of breakdowns",
        "Share of breakdowns that block a lane; the others stand on a shoulder.",
        "assumption";
    incident_mean_min: 35.0, 15.0, 60.0, within 1.0, 1440.0, "min",
        "How long a crash or breakdown is in the way, in the mean; exponential.",
        "assumption, near the default of the Highway Capacity Manual's reliability method (from memory, not checked)";
    single_lane_left: 0.25, 0.0, 0.5, within 0.0, 1.0, "share of the capacity",
        "What is left of a road of one lane when it is blocked.",
        "assumption: passed by turns with those who come towards them";
}

impl Behaviour {
    /// Everything that is wrong with it, one sentence each; empty: nothing.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (name, figure, [least, most], unit, _) in self.figures() {
            let &BehaviourFigure { value, low, high, ref source } = figure;
            for (column, number) in [("value", value), ("low", low), ("high", high)] {
                if !(least..=most).contains(&number) {
                    faults.push(format!(
                        "{name}.{column} is {number}, expected a number from {least} to {most} ({unit})"
                    ));
                }
            }
            if !(low <= value && value <= high) {
                faults.push(format!(
                    "{name}: low {low}, value {value}, high {high}; expected low <= value <= high"
                ));
            }
            if source.trim().is_empty() {
                faults.push(format!(
                    "{name}.source is empty, expected where the figure is from, or \"assumption\""
                ));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_in_order_and_draws_stay_within() {
        let behaviour = Behaviour::default();
        assert_eq!(behaviour.faults(), Vec::<String>::new());
        for member in 0..50 {
            let drawn = behaviour.drawn(MemberSeed { seed: 3, member });
            for (value, (name, figure, ..)) in drawn.values().into_iter().zip(behaviour.figures()) {
                assert!(figure.low <= value && value <= figure.high, "{name} {value}");
            }
        }
    }

    #[test]
    fn all_faults_come_at_once() {
        let mut behaviour = Behaviour::default();
        behaviour.late_share.high = 1.5;
        behaviour.early_share.value = 0.9;
        behaviour.slower_km_h.source = " ".into();
        let faults = behaviour.faults();
        assert_eq!(faults.len(), 3, "{faults:?}");
    }

    #[test]
    fn as_ordered_all_leave_and_nothing_happens() {
        let ordered = DrawnBehaviour::AS_ORDERED;
        assert_eq!((ordered.leaving_share, ordered.mobilization_factor), (1.0, 1.0));
        assert_eq!(ordered.values().iter().sum::<f64>(), 2.0);
    }
}
