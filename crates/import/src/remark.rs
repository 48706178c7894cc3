//! Roads and gates that are closed, open to some only, open at times or hard to read, each by its id in the map.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// What a remark is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum MapElement {
    /// A way of OpenStreetMap, by its number.
    Way(i64),
    /// A node of OpenStreetMap, by its number: a gate or another barrier.
    Node(i64),
    /// A row of a link table, by its id.
    Link(String),
}

impl fmt::Display for MapElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Way(id) => write!(f, "way {id}"),
            Self::Node(id) => write!(f, "node {id}"),
            Self::Link(id) => write!(f, "link {id}"),
        }
    }
}

/// Why a road or gate is remarked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RemarkKind {
    /// Access `private`, `permit`, `residents` or `employees`: open to those who live or work there.
    Private,
    /// Closed to the public by its access tag in any other way.
    NoAccess,
    /// Open to those only who have business there (`destination`, `delivery`, `customers`), or to some by one of several values.
    LimitedAccess,
    /// Open or closed at certain times or on conditions.
    ConditionalAccess,
    /// There in a part of the year only.
    Seasonal,
    /// On ice or snow.
    Ice,
    /// Under water at high tide.
    Tidal,
    /// Under water at times.
    FloodProne,
    /// Too bad for a car.
    Impassable,
    /// Out of use, abandoned or taken away.
    Disused,
    /// Not built yet, or being built.
    Unbuilt,
    /// The direction changes or cannot be read.
    Direction,
    /// The number of lanes is open or cannot be read.
    Lanes,
    /// The speed is open or cannot be read.
    Speed,
    /// A barrier that no car passes.
    Barrier,
    /// A closing barrier on a junction, where it is not clear which road it closes, or at the end of a road.
    BarrierOnJunction,
    /// A figure of a table that no road has.
    Figure,
}

impl RemarkKind {
    /// In words, after a count.
    pub fn words(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::NoAccess => "closed by access",
            Self::LimitedAccess => "open to some only",
            Self::ConditionalAccess => "open or closed on conditions",
            Self::Seasonal => "seasonal",
            Self::Ice => "on ice or snow",
            Self::Tidal => "tidal",
            Self::FloodProne => "prone to flooding",
            Self::Impassable => "impassable for cars",
            Self::Disused => "disused or abandoned",
            Self::Unbuilt => "under construction or proposed",
            Self::Direction => "direction changes or is not clear",
            Self::Lanes => "number of lanes is not clear",
            Self::Speed => "speed is not clear",
            Self::Barrier => "closed by a barrier",
            Self::BarrierOnJunction => "closing barrier on a junction or at an end",
            Self::Figure => "figure that no road has",
        }
    }
}

/// What was made of a road or gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoadTreatment {
    /// Not in the tables; a barrier breaks the road.
    LeftOut,
    /// In the tables, open in the optimistic (`optimistic`) case only: as much is reserved as there is.
    OptimisticOnly,
    /// One direction is open, the other in the optimistic case only.
    OneDirectionOptimistic,
    /// Used in all cases.
    Used,
}

impl RoadTreatment {
    /// In words, before a count.
    pub fn words(self) -> &'static str {
        match self {
            Self::LeftOut => "left out",
            Self::OptimisticOnly => "closed except in the optimistic case",
            Self::OneDirectionOptimistic => "one direction closed except in the optimistic case",
            Self::Used => "used",
        }
    }
}

/// One road or gate of the map: what the map says of it, and what was made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadRemark {
    /// The way or node of the map that it is about.
    pub element: MapElement,
    /// Why it is remarked on.
    pub kind: RemarkKind,
    /// What was made of it.
    pub treatment: RoadTreatment,
    /// What the map says: `access=private`, `barrier=gate locked=yes`.
    pub tag: String,
    /// Name or number of the road; empty where it has none.
    pub name: String,
    /// Value of `highway`; empty for nodes.
    pub class: String,
    /// Its first node that is in the file: (longitude, latitude), degrees.
    pub place: Option<(f64, f64)>,
    /// Length of the line drawn, m; 0 for nodes.
    pub length_m: f64,
}

impl fmt::Display for RoadRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.element)?;
        if !self.name.is_empty() {
            write!(f, " {}", self.name)?;
        }
        write!(f, " ({})", self.tag)
    }
}

/// One line for each treatment and kind, with the first `most` of its roads by id.
pub(crate) fn listed(remarks: &[RoadRemark], most: usize) -> String {
    let mut groups: BTreeMap<(RoadTreatment, RemarkKind), Vec<&RoadRemark>> = BTreeMap::new();
    for remark in remarks {
        groups.entry((remark.treatment, remark.kind)).or_default().push(remark);
    }
    let mut text = String::new();
    for ((treatment, kind), members) in groups {
        let ids: Vec<String> = members.iter().take(most).map(ToString::to_string).collect();
        let rest = members.len().saturating_sub(most);
        let more = if rest > 0 { format!(", and {rest} more (import.txt lists all)") } else { String::new() };
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "  {}, {}: {}: {}{more}",
            treatment.words(),
            kind.words(),
            members.len(),
            ids.join(", ")
        );
    }
    text
}
