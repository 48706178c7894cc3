//! Named places of a map: what people call the part of town they live in.

/// A place of the map that has a name.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedPlace {
    /// What it is called on the spot, in one line.
    pub name: String,
    /// How large a place it is.
    pub kind: PlaceKind,
    /// Longitude and latitude of its point, degrees WGS 84; of an outline the mean of its corners.
    pub at: [f64; 2],
    /// Its outline, the last corner the same as the first; empty where the map has a point alone.
    pub outline: Vec<[f64; 2]>,
}

/// A ferry of the map, which carries nobody in a scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FerryLine {
    /// Its name or number, else the id of its way.
    pub name: String,
    /// Longitude and latitude of the places that it passes, degrees WGS 84.
    pub course: Vec<[f64; 2]>,
}

/// Water of a map from which a flood comes: a river, a canal, a coast.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WaterLine {
    /// Its name; empty where it has none.
    pub name: String,
    /// Longitude and latitude of the places that it passes, degrees WGS 84.
    pub course: Vec<[f64; 2]>,
}

/// A stretch of road that does not lie on the ground.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RaisedRoad {
    /// Under the ground and not above it.
    pub is_tunnel: bool,
    /// Longitude and latitude of its points from one end to the other, degrees WGS 84. Those that a link passes stand in its course.
    pub course: Vec<[f64; 2]>,
}

/// Kinds of places by which people name where they live, as OpenStreetMap distinguishes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceKind {
    /// Some blocks of a town.
    Neighbourhood,
    /// A few houses with a name.
    Hamlet,
    /// A part of a suburb.
    Quarter,
    /// A part of a town with a name that everybody there knows.
    Suburb,
    /// A part of a large city with an administration.
    Borough,
    /// A village of its own.
    Village,
    /// A town, smaller than a city.
    Town,
    /// A city as a whole.
    City,
}

impl PlaceKind {
    /// The kind that a value of OpenStreetMap's key `place` stands for; `None` for squares, islands, countries and the like.
    pub fn of_tag(value: &str) -> Option<Self> {
        Some(match value {
            "neighbourhood" => Self::Neighbourhood,
            "hamlet" => Self::Hamlet,
            "quarter" => Self::Quarter,
            "suburb" => Self::Suburb,
            "borough" => Self::Borough,
            "village" => Self::Village,
            "town" => Self::Town,
            "city" => Self::City,
            _ => return None,
        })
    }
}
