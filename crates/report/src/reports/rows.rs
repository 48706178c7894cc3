//! Rows of the tables of a report, as the export of a plan has them.

/// What becomes of a zone under the plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReportedZone {
    /// Its id.
    pub zone_id: String,
    /// People there at the start.
    pub people: i64,
    /// Of them, people entered as staying.
    pub staying: i64,
    /// People who arrive.
    pub arrived: i64,
    /// People overtaken by a hazard.
    pub overtaken: i64,
    /// People who neither arrive nor are overtaken.
    pub not_evacuated: i64,
    /// Names of the destinations.
    pub sites: String,
    /// Begin of the first departure window, s; `None`: no order.
    pub first_departure_s: Option<f64>,
    /// When the last depart, s.
    pub last_departure_s: Option<f64>,
    /// When the last arrive, s.
    pub last_arrival_s: Option<f64>,
}

/// Who comes to a site under the plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReportedSite {
    /// Its id.
    pub site_id: String,
    /// People who arrive.
    pub arrived: i64,
    /// When the first arrive, s; `None`: nobody does.
    pub first_arrival_s: Option<f64>,
    /// When the last arrive, s.
    pub last_arrival_s: Option<f64>,
    /// Waiting before its admission and its centroid connectors, person-hours.
    pub waiting_person_h: f64,
}

/// A link that somebody uses.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReportedRoad {
    /// Its id.
    pub link_id: String,
    /// Name of the road, may be empty.
    pub name: String,
    /// People who use it.
    pub people: i64,
    /// Most people who enter it in one hour.
    pub peak_people_h: i64,
    /// When the first enters, s.
    pub first_s: Option<f64>,
    /// When the last enters, s.
    pub last_s: Option<f64>,
    /// Waiting before it, person-hours.
    pub waiting_person_h: f64,
    /// Its rank among what sets the bound, 1 the largest; `None`: it does not.
    pub rank: Option<u64>,
}
