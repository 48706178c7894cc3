//! Ways of moving beyond a vehicle of one's own and one's feet, as data: on which links, how many an hour, in which time, by
//! which timetable; one struct per file of `docs/reference/multimodal.md`, Modes. Times are ms since the start.

use crate::{ConnectorPlace, YesNo};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Id of a mode in `modes.csv`: 1 to 24 lower-case letters, digits and `_`, a letter first. It is also the name of the mode's
/// folder in a plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModeId {
    // Kept in place, so that whatever names a mode stays a plain value that is copied.
    bytes: [u8; Self::LONGEST],
    length: u8,
}

impl ModeId {
    /// Most characters that an id may have.
    pub const LONGEST: usize = 24;
    /// Names of other folders of a plan and of other ways of moving.
    pub const RESERVED: [&'static str; 11] = [
        "vehicle",
        "walk",
        "seat",
        "wheelchair",
        "stretcher",
        "fleet",
        "roads",
        "scenario",
        "limits",
        "bounds",
        "cases",
    ];

    /// The id, if the text is one and not reserved.
    pub fn new(text: &str) -> Option<Self> {
        let is_letter = |byte: u8| byte.is_ascii_lowercase();
        let is_id = text.len() <= Self::LONGEST
            && text.bytes().next().is_some_and(is_letter)
            && text.bytes().all(|byte| is_letter(byte) || byte.is_ascii_digit() || byte == b'_');
        if !is_id || Self::RESERVED.contains(&text) {
            return None;
        }
        let mut bytes = [0; Self::LONGEST];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Some(Self { bytes, length: u8::try_from(text.len()).ok()? })
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl fmt::Debug for ModeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

/// Whether people of a mode set out when they like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ModeKind {
    /// They move by themselves.
    #[default]
    SelfMoving,
    /// They are carried by runs of `timetable.csv`.
    Timetable,
}

/// `modes.csv`: one way of moving.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ModeRow {
    /// Id, the word for `means` in `groups.csv`.
    pub mode_id: String,
    /// In words, as in "people by ...".
    pub name: String,
    /// Whether its people set out when they like.
    pub kind: ModeKind,
    /// Mean occupancy, people per vehicle; `None` = 1.
    pub people_per_vehicle: Option<f64>,
    /// Low end of `people_per_vehicle`; `None`: the figure itself.
    pub people_per_vehicle_low: Option<f64>,
    /// High end of `people_per_vehicle`; `None`: the figure itself.
    pub people_per_vehicle_high: Option<f64>,
    /// Passenger-car units of one vehicle; `None` = 1.
    pub pcu_per_vehicle: Option<f64>,
    /// Speed where a link's use states no time, km/h.
    pub speed_km_h: Option<f64>,
    /// Fastest speed, km/h; `None`: `speed_km_h`.
    pub speed_km_h_high: Option<f64>,
    /// Share of the vehicle capacity of links that is given to it, 0..1; `None` = 0. `link_use.csv` may say otherwise.
    pub road_share: Option<f64>,
    /// Values of `facility_type` of the links on which `road_share` is given, `;` between them; empty: all links of vehicles.
    pub facility_types: String,
    /// Whether turn bans bind it; `None` = yes.
    pub turn_bans: Option<YesNo>,
}

impl ModeRow {
    /// People in one vehicle.
    pub fn occupancy(&self) -> f64 {
        self.people_per_vehicle.unwrap_or(1.0)
    }

    /// Passenger-car units of one vehicle.
    pub fn pcu(&self) -> f64 {
        self.pcu_per_vehicle.unwrap_or(1.0)
    }

    /// Whether the share of the road is given to it on links of this type, where nothing else is said.
    pub fn is_on(&self, facility_type: &str) -> bool {
        self.facility_types.is_empty() || self.facility_types.split(';').any(|t| t.trim() == facility_type)
    }
}

/// `link_use.csv`: one link as one mode finds it, beside what vehicles and walkers find there.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct LinkUseRow {
    /// Link that the mode uses.
    pub link_id: String,
    /// Mode that uses it.
    pub mode_id: String,
    /// Capacity of its own, vehicles of the mode per hour (on a timetable: people per hour who board); `None` = 0.
    pub capacity_vehicles_h: Option<f64>,
    /// Low end of `capacity_vehicles_h`; `None`: the figure itself.
    pub capacity_vehicles_h_low: Option<f64>,
    /// High end of `capacity_vehicles_h`; `None`: the figure itself.
    pub capacity_vehicles_h_high: Option<f64>,
    /// Share of the link's vehicle capacity given to the mode, 0..1; `None`: as in `modes.csv`.
    pub road_share: Option<f64>,
    /// Travel time, ms; `None`: by the mode's speed.
    pub time_ms: Option<i64>,
    /// Fastest travel time, ms; `None`: `time_ms`, or by the mode's fastest speed.
    pub time_ms_low: Option<i64>,
}

/// `access.csv`: joins a zone or site to a node for one mode, in the place of `connectors.csv`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AccessRow {
    /// Id, unique in the table.
    pub connector_id: String,
    /// Mode for which it joins them.
    pub mode_id: String,
    /// Whether it joins a zone or a site.
    pub place: ConnectorPlace,
    /// Id of the zone or site.
    pub place_id: String,
    /// Id of the node.
    pub node_id: String,
    /// Time on the way, ms.
    pub time_ms: i64,
}

/// `timetable.csv`: a run of a mode over a link, once or again and again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct RunRow {
    /// Id, unique in the table.
    pub run_id: String,
    /// Mode, of the kind `timetable`.
    pub mode_id: String,
    /// Link from whose beginning to whose end it goes.
    pub link_id: String,
    /// Leaves the beginning of the link, ms since the start.
    pub depart_ms: i64,
    /// People who find a place.
    pub places: i64,
    /// Again every so often, ms.
    pub repeat_every_ms: Option<i64>,
    /// Leaves for the last time before this, ms; `None` = the horizon.
    pub repeat_until_ms: Option<i64>,
}

/// The modes of a scenario with all that says where and when they move.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Modes {
    /// The modes themselves, `modes.csv`.
    pub rows: Vec<ModeRow>,
    /// Links as single modes find them, `link_use.csv`.
    pub link_uses: Vec<LinkUseRow>,
    /// Connectors of single modes, `access.csv`.
    pub access: Vec<AccessRow>,
    /// Runs of modes with a timetable, `timetable.csv`.
    pub runs: Vec<RunRow>,
}

impl Modes {
    /// The mode of an id.
    pub fn find(&self, id: &str) -> Option<&ModeRow> {
        self.rows.iter().find(|row| row.mode_id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_short_word_that_no_other_folder_has() {
        assert_eq!(
            ModeId::new("cargo_bike2").map(|id| id.as_str().to_owned()),
            Some("cargo_bike2".to_owned())
        );
        for text in
            ["", "Cycle", "2nd", "a-limit", "fleet", "walk", "roads", "a b", "a_mode_whose_name_is_too_long"]
        {
            assert_eq!(ModeId::new(text), None, "{text}");
        }
    }

    #[test]
    fn a_share_of_the_road_is_given_on_the_types_that_are_named() {
        let mode = ModeRow { facility_types: "primary; residential".into(), ..ModeRow::default() };
        assert!(mode.is_on("residential") && !mode.is_on("motorway"));
        assert!(ModeRow::default().is_on("motorway"));
    }
}
