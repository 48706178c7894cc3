//! What a junction lets through: `junctions.csv`. The simulation alone reads it; no figure of a plan rests on it.

use crate::{Case, Figure};
use serde::{Deserialize, Serialize};

/// How a junction is controlled, seen from one approach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum JunctionControl {
    /// Nothing holds this approach up: it has priority, or there is no control.
    #[default]
    None,
    /// Traffic signals: a saturation flow for a share of the time.
    Signals,
    /// Everybody stops, one approach after the other.
    AllWayStop,
    /// This approach stops, others have priority.
    Stop,
    /// This approach gives way.
    GiveWay,
    /// A roundabout, entered from this approach.
    Roundabout,
}

/// `junctions.csv`: what a junction lets through from one approach, or from each of them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct JunctionRow {
    /// The junction.
    pub node_id: String,
    /// The approach, a link that ends at the junction; empty: each link that ends there and has no row of its own.
    pub link_id: String,
    /// How it is controlled.
    pub control: JunctionControl,
    /// What a lane lets through while it may go, pcu/h; of signals the saturation flow. Empty: the default of the control.
    pub lane_pcu_h: Option<f64>,
    /// Low end of its range.
    pub lane_pcu_h_low: Option<f64>,
    /// High end of its range.
    pub lane_pcu_h_high: Option<f64>,
    /// Share of the time in which the approach may go, of signals g/C. Empty: the default of the control.
    pub green_share: Option<f64>,
    /// Low end of its range.
    pub green_share_low: Option<f64>,
    /// High end of its range.
    pub green_share_high: Option<f64>,
    /// Where the row is from.
    pub source: String,
}

/// The default of a control: what a lane lets through, pcu/h, and the share of time in which it may go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ControlDefault {
    /// What a lane lets through while it may go, pcu/h.
    pub lane_pcu_h: Figure<f64>,
    /// Share of the time in which it may go.
    pub green_share: Figure<f64>,
    /// Where both are from.
    pub source: &'static str,
}

impl JunctionControl {
    /// All, in the order of the reference.
    pub const ALL: [Self; 6] =
        [Self::None, Self::Signals, Self::AllWayStop, Self::Stop, Self::GiveWay, Self::Roundabout];

    /// The word in the table.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Signals => "signals",
            Self::AllWayStop => "all_way_stop",
            Self::Stop => "stop",
            Self::GiveWay => "give_way",
            Self::Roundabout => "roundabout",
        }
    }

    /// What holds where a row states no figure; `None`: nothing holds the approach up. The table of the reference
    /// (`docs/reference/scenario.md`) says how each is reached.
    pub fn default_figures(self) -> Option<ControlDefault> {
        let figure = |value, low, high| Figure { value, low, high };
        let always = figure(1.0, 1.0, 1.0);
        let (lane_pcu_h, green_share, source) = match self {
            Self::None => return None,
            Self::Signals => (
                figure(1900.0, 1900.0, 1900.0),
                figure(0.5, 0.3, 0.7),
                "capacity = saturation flow x g/C (Highway Capacity Manual); 1,900 pcu/h a lane: FHWA, HPMS Field Manual, Appendix N, as quoted (TRA-05); g/C and its range: assumption",
            ),
            Self::AllWayStop => (
                figure(350.0, 100.0, 350.0),
                always,
                "400 to 1,400 vehicles/h through a whole junction of four single-lane approaches (Al-Kaisy and Doruk, TRR 2677(8), 2023), a quarter of it each; that few people cross on foot: assumption",
            ),
            Self::Stop => (
                figure(480.0, 240.0, 970.0),
                always,
                "970: follow-up time of 3.7 s without anybody to wait for (worked example of the Highway Capacity Manual, hcmguide.com, exhibit 3-30); half and a quarter where others pass: assumption",
            ),
            Self::GiveWay => (
                figure(700.0, 350.0, 1060.0),
                always,
                "1,060: follow-up time of 3.4 s without anybody to wait for (worked example of the Highway Capacity Manual, hcmguide.com, exhibit 3-30, right turn); the rest: assumption",
            ),
            Self::Roundabout => (
                figure(685.0, 416.0, 1130.0),
                always,
                "1,130 x exp(-0.001 x circulating pcu/h), Highway Capacity Manual 2010, equation 21-1, as quoted; 500, 1,000 and none that circulate: assumption",
            ),
        };
        Some(ControlDefault { lane_pcu_h, green_share, source })
    }
}

impl JunctionRow {
    /// What a lane lets through while it may go, pcu/h, and the share of the time in which it may: the row's own figures, else the
    /// defaults of its control; `None`: nothing holds the approach up.
    pub fn figures(&self) -> Option<[Figure<f64>; 2]> {
        let default = self.control.default_figures();
        let own = |value: Option<f64>, low, high| value.map(|value| Figure::new(value, low, high));
        let lane = own(self.lane_pcu_h, self.lane_pcu_h_low, self.lane_pcu_h_high);
        let lane = lane.or(default.map(|default| default.lane_pcu_h))?;
        let share = own(self.green_share, self.green_share_low, self.green_share_high);
        let always = Figure::new(1.0, None, None);
        Some([lane, share.unwrap_or(default.map_or(always, |default| default.green_share))])
    }

    /// What the junction lets through from an approach with so many lanes in a case, pcu/h; `None`: nothing holds it up.
    pub fn approach_pcu_h(&self, lanes: f64, case: Case) -> Option<f64> {
        let [lane, share] = self.figures()?;
        Some(lane.more_is_better(case) * share.more_is_better(case) * lanes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_approach_has_the_saturation_flow_of_its_lanes_for_the_share_of_green() {
        let row = JunctionRow {
            control: JunctionControl::Signals,
            lane_pcu_h: Some(1800.0),
            green_share: Some(0.5),
            green_share_low: Some(0.25),
            ..JunctionRow::default()
        };
        let of = |case| row.approach_pcu_h(2.0, case);
        assert_eq!(of(Case::Central), Some(1800.0));
        assert_eq!(of(Case::Pessimistic), Some(900.0));
        assert_eq!(of(Case::Optimistic), Some(1800.0));
    }

    #[test]
    fn defaults_are_in_order_and_none_holds_nobody_up() {
        for control in JunctionControl::ALL {
            let row = JunctionRow { control, ..JunctionRow::default() };
            let of = |case| row.approach_pcu_h(1.0, case);
            if control == JunctionControl::None {
                assert_eq!(of(Case::Central), None);
                continue;
            }
            assert!(of(Case::Pessimistic) <= of(Case::Central), "{control:?}");
            assert!(of(Case::Central) <= of(Case::Optimistic), "{control:?}");
        }
    }
}
