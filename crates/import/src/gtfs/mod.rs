//! A timetable in the form of GTFS as what it says of vehicles: how many are in use at the same time, of which kind, and where they begin.
//!
//! A feed lists trips. Trips of one block are driven by one vehicle, which is then in use from the first departure of the block to its last
//! arrival; a trip without a block is a vehicle from its departure to its arrival, so that layovers are not counted and one vehicle may be
//! counted as several over the day, never at one moment. A day begins at midnight and has the trips of the day before that run past it. How
//! many vehicles there are, how many people they hold and where they stand at night a feed does not say. (GTFS Schedule Reference.)

mod calendar;
mod feed;
mod table;
mod vehicles;

pub use feed::read_transit_feed;

/// Kinds of vehicles, by the `route_type` of GTFS and its extended values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TransitKind {
    /// A bus of a town or region.
    Bus,
    /// A long-distance bus.
    Coach,
    /// A bus under wires.
    Trolleybus,
    /// Tram or light rail.
    Tram,
    /// Metro.
    Metro,
    /// Train.
    Rail,
    /// Ship.
    Ferry,
    /// Cable cars, funiculars, aircraft, taxis, anything else.
    Other,
}

impl TransitKind {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bus => "bus",
            Self::Coach => "coach",
            Self::Trolleybus => "trolleybus",
            Self::Tram => "tram",
            Self::Metro => "metro",
            Self::Rail => "rail",
            Self::Ferry => "ferry",
            Self::Other => "other",
        }
    }

    /// Whether such a vehicle can be sent along any road.
    pub fn is_free_on_roads(self) -> bool {
        matches!(self, Self::Bus | Self::Coach)
    }

    fn of_route_type(number: u32) -> Self {
        match number {
            0 | 5 | 900..=906 => Self::Tram,
            1 | 12 | 400..=404 => Self::Metro,
            2 | 100..=117 | 405 => Self::Rail,
            3 | 700..=717 => Self::Bus,
            200..=209 => Self::Coach,
            4 | 1000 | 1200 => Self::Ferry,
            11 | 800 => Self::Trolleybus,
            _ => Self::Other,
        }
    }
}

/// What a feed says of one day.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TransitDay {
    /// The day, `2026-06-01`.
    pub date: String,
    /// Whether somebody named it; else it is the first of those with most trips.
    pub is_given: bool,
    /// Agencies of the feed.
    pub agencies: Vec<String>,
    /// First and last day of its calendar.
    pub calendar: (String, String),
    /// By kind, those of which a vehicle is in use that day.
    pub kinds: Vec<TransitUse>,
    /// The most vehicles of all kinds together that are in use at the same time.
    pub peak: i64,
    /// Trips that were left out since no time of a stop is known.
    pub trips_without_times: u64,
    /// Blocks whose trips overlap, whose trips are counted one by one.
    pub overlapping_blocks: u64,
}

/// Vehicles of one kind in use on a day.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TransitUse {
    /// What they are.
    pub kind: TransitKind,
    /// Trips of the day, those of `frequencies.txt` one by one.
    pub trips: u64,
    /// Of them those that belong to a block.
    pub trips_in_blocks: u64,
    /// Of them those that `frequencies.txt` makes.
    pub trips_by_frequency: u64,
    /// Blocks of the day.
    pub blocks: u64,
    /// The most vehicles in use at the same time.
    pub peak: i64,
    /// When that is first so, seconds after midnight.
    pub peak_s: i64,
    /// Where the vehicles in use then began their block or trip; they add up to `peak`.
    pub begins: Vec<TransitStart>,
}

/// Where vehicles begin.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TransitStart {
    /// The stop, or the station that it belongs to.
    pub stop_id: String,
    /// Its name.
    pub name: String,
    /// Longitude and latitude, degrees WGS 84.
    pub at: [f64; 2],
    /// Vehicles of the peak that began there.
    pub vehicles: i64,
    /// Blocks of the whole day that begin there, at least `vehicles`.
    pub over_the_day: i64,
}
