//! `counts.csv`: what is counted and reported while a plan is being carried out.

use serde::{Deserialize, Serialize};

/// What a row of `counts.csv` is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReportedThing {
    /// People still in a zone, those who stay included.
    #[default]
    Waiting,
    /// People on a link.
    OnRoad,
    /// People admitted at a site so far.
    Arrived,
    /// A figure of the scenario that was wrong: people in a zone at the start of the plan, those who stay included.
    AtStart,
    /// Those in a zone who stay.
    Staying,
    /// The state or the capacity of a link.
    Road,
    /// The state, capacity or admission rate of a site.
    Site,
}

/// What has become of a road or a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ReportedState {
    /// Nothing is said; in files an empty text.
    #[default]
    #[serde(rename = "")]
    Unsaid,
    /// Nobody can enter the link any more.
    #[serde(rename = "lost")]
    Lost,
    /// The site receives nobody.
    #[serde(rename = "closed")]
    Closed,
    /// The site has no place left.
    #[serde(rename = "full")]
    Full,
    /// It is open, whatever closed it.
    #[serde(rename = "open")]
    Open,
}

/// A row of `counts.csv`: one thing that was counted or reported.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CountRow {
    /// What it is about.
    pub what: ReportedThing,
    /// Id of the zone, link or site; for zones and sites their p-code does as well.
    pub id: String,
    /// Name, for whoever fills the table in; it is not read.
    pub name: String,
    /// What the plan expects there at the time, people; for whoever fills the table in; it is not read.
    pub expected_people: Option<i64>,
    /// How many people were counted; `None`: not counted.
    pub people: Option<i64>,
    /// How far the count may be off in either direction, people; `None`: nobody says.
    pub uncertainty_people: Option<i64>,
    /// How long before the time of the new plan it was counted, min; `None` = 0.
    pub age_min: Option<f64>,
    /// What has become of the road or site.
    pub state: ReportedState,
    /// For how long it is lost or closed, min from the time of the new plan, at least 1 ms; `None`: nobody knows of an end.
    pub for_min: Option<f64>,
    /// Capacity of a link, all lanes, pcu/h (on foot people/h); it takes the place of the whole range.
    pub capacity_pcu_h: Option<f64>,
    /// Holding capacity of a site, people, those who are there included; it takes the place of the whole range.
    pub capacity_people: Option<i64>,
    /// Admission rate of a site, people/h; it takes the place of the whole range.
    pub admission_people_h: Option<f64>,
    /// Who counted or says so.
    pub source: String,
    /// How it was counted, or what is uncertain.
    pub note: String,
}
