//! `bench/library.toml`: what each instance is.

use crate::LibraryError;
use serde::Deserialize;

/// All instances of a definition file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceLibrary {
    /// In the order of the file.
    pub instance: Vec<InstanceDefinition>,
}

/// Size of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum SizeClass {
    Village,
    Town,
    City,
    Metropolis,
    /// Synthetic cities of growing size, for curves of time over size.
    Growth,
}

impl SizeClass {
    /// As in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Village => "village",
            Self::Town => "town",
            Self::City => "city",
            Self::Metropolis => "metropolis",
            Self::Growth => "growth",
        }
    }
}

/// Where the people of a map are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum PeopleOrigins {
    /// In proportion to the degree of the nodes, grouped into zones.
    #[default]
    Degree,
    /// As the trip table beside the map has it: one zone per origin, people in proportion to the trips from it.
    Trips,
}

/// A side of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum MapSide {
    West,
    East,
    South,
    North,
}

/// A hazard front that moves in from one side and stops.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HazardFront {
    /// The side from which it comes.
    pub side: MapSide,
    /// When it enters the map, h.
    pub from_h: f64,
    /// When it stops, h.
    pub until_h: f64,
    /// The share of the map's width that it covers then, 0..1.
    pub share: f64,
}

/// Hours in which roads may be entered, day after day.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DailyCurfew {
    /// Open hours a day, from time 0.
    pub open_h: f64,
}

/// What one instance is made of.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceDefinition {
    /// Its name, which no other has: letters, digits and `-`.
    pub name: String,
    /// Of which size it is, for tables of results.
    pub class: SizeClass,
    /// File name of a map; without one the city is synthetic.
    pub map: Option<String>,
    /// Where the people of a map are.
    #[serde(default)]
    pub origins: PeopleOrigins,
    /// Seed of the synthetic city.
    pub seed: Option<u64>,
    /// Nodes per side of the synthetic city.
    pub side: Option<u32>,
    /// People in all zones together.
    pub people: i64,
    /// Zones wanted. With a trip table: all its origins with trips, whatever this says. Synthetic cities: a square number.
    pub zones: u32,
    /// Directions in which a map gets a site. Synthetic cities have one where every second arterial ends.
    #[serde(default = "sixteen")]
    pub sites: u32,
    /// Until all are ready, h.
    pub release_h: f64,
    /// Nothing after this counts, h.
    pub horizon_h: i64,
    /// Holding capacity of all sites together against all people; none: no limit.
    pub capacity_ratio: Option<f64>,
    /// A hazard front that moves in; none: no hazard.
    pub front: Option<HazardFront>,
    /// Hours in which roads may be entered; none: at all times.
    pub curfew: Option<DailyCurfew>,
    /// A river across the middle with this many bridges, sites on its southern side only.
    pub bridges: Option<u32>,
}

fn sixteen() -> u32 {
    16
}

impl InstanceLibrary {
    /// Reads the text of `bench/library.toml`.
    ///
    /// # Errors
    /// [`LibraryError::Definition`] with all values out of their range.
    pub fn parse(text: &str) -> Result<Self, LibraryError> {
        let library: Self = toml::from_str(text).map_err(|e| LibraryError::Definition(e.to_string()))?;
        let mut faults = Vec::new();
        let mut names = std::collections::BTreeSet::new();
        for one in &library.instance {
            if !names.insert(one.name.as_str()) {
                faults.push(format!("two instances have the name '{}'", one.name));
            }
            faults.extend(one.faults().into_iter().map(|fault| format!("instance '{}': {fault}", one.name)));
        }
        if faults.is_empty() { Ok(library) } else { Err(LibraryError::Definition(faults.join("\n"))) }
    }

    /// The instance of a name.
    ///
    /// # Errors
    /// [`LibraryError::UnknownName`] if there is none.
    pub fn find(&self, name: &str) -> Result<&InstanceDefinition, LibraryError> {
        let found = self.instance.iter().find(|one| one.name == name);
        found.ok_or_else(|| LibraryError::UnknownName { name: name.to_owned() })
    }
}

impl InstanceDefinition {
    /// All that is out of range, so that a file is put right in one go.
    fn faults(&self) -> Vec<&'static str> {
        let root = self.zones.isqrt();
        let front = |holds: fn(&HazardFront) -> bool| self.front.as_ref().is_none_or(holds);
        [
            (
                !self.name.is_empty() && self.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
                "a name of letters, digits and -",
            ),
            (
                self.map.is_some() != (self.side.is_some() && self.seed.is_some()),
                "either a map, or side and seed",
            ),
            (self.side.is_none_or(|side| (4..=1000).contains(&side)), "side from 4 to 1000"),
            (
                self.map.is_some() || root * root == self.zones,
                "zones a square number where the city is made up",
            ),
            (self.people > 0, "people above 0"),
            (self.zones > 0 && self.sites > 0, "zones and sites above 0"),
            (self.release_h > 0.0 && self.release_h.is_finite(), "release_h above 0"),
            (self.horizon_h > 0 && self.horizon_h < 24 * 366, "horizon_h from 1 h to a year"),
            (self.capacity_ratio.is_none_or(|ratio| (1.0..100.0).contains(&ratio)), "capacity_ratio from 1"),
            (front(|f| 0.0 <= f.from_h && f.from_h < f.until_h), "front.from_h from 0, before until_h"),
            (front(|f| f.share > 0.0 && f.share < 1.0), "front.share between 0 and 1"),
            (self.curfew.is_none_or(|c| c.open_h > 0.0 && c.open_h < 24.0), "curfew.open_h between 0 and 24"),
            (self.bridges != Some(0), "bridges above 0"),
        ]
        .into_iter()
        .filter(|(holds, _)| !holds)
        .map(|(_, expected)| expected)
        .collect()
    }

    /// The variant in words.
    pub fn variant(&self) -> String {
        let mut words = Vec::new();
        words.extend(
            self.bridges.map(|n| if n == 1 { "one bridge".to_owned() } else { format!("{n} bridges") }),
        );
        words.extend(self.front.map(|_| "moving front".to_owned()));
        words.extend(self.curfew.map(|c| format!("curfew, {} h open a day", c.open_h)));
        words.extend(self.capacity_ratio.map(|ratio| format!("sites {ratio:.1} x people")));
        if words.is_empty() { "no closures".to_owned() } else { words.join(", ") }
    }
}
