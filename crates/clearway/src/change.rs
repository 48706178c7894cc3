//! `change`: a scenario with something changed, e.g. a bridge closed, a lane more, one more site.

use crate::artifacts::{Files, folder};
use crate::connect::{ConnectRequest, connect};
use crate::error::Error;
use crate::load::{LoadedScenario, load};
use crate::session::Session;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_formats::{check_scenario, scenario_folder};
use clearway_model::{
    ClosureKind, ClosureRow, ClosureTarget, Fault, Faults, LinkRow, MemoryStore, OverlaidStore, Scenario,
    SiteRow, SourceRow, SourceStatus,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// One change of a scenario. Times are ms since the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ScenarioChange {
    /// What is changed.
    pub what: ChangedThing,
    /// Where the new values are from; empty: they are assumed.
    #[serde(default)]
    pub source: String,
    /// Who says so, and when, or what is uncertain; may be empty.
    #[serde(default)]
    pub note: String,
}

/// What is changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum ChangedThing {
    /// A road is closed.
    CloseLink {
        /// Its id.
        link_id: String,
        /// Whether the road in the opposite direction between the same nodes is closed as well.
        #[serde(default)]
        both_directions: bool,
        /// From this time, ms.
        #[serde(default)]
        from_ms: i64,
        /// Until this time, ms; `None`: not reopened.
        #[serde(default)]
        until_ms: Option<i64>,
    },
    /// A road has no closures any more.
    ReopenLink {
        /// Its id.
        link_id: String,
        /// Whether the road in the opposite direction between the same nodes has none either.
        #[serde(default)]
        both_directions: bool,
    },
    /// Figures of a road; what is `None` stays. With other lanes its capacity and room change in proportion, with another speed its
    /// time, unless they are given as well.
    Road {
        /// Its id.
        link_id: String,
        /// Lanes in this direction, more than 0.
        #[serde(default)]
        lanes: Option<f64>,
        /// Free speed, km/h.
        #[serde(default)]
        free_speed_km_h: Option<f64>,
        /// Capacity of all lanes, pcu/h; it takes the place of the whole range.
        #[serde(default)]
        capacity_pcu_h: Option<f64>,
    },
    /// The lanes of the opposite direction are used as well.
    Contraflow {
        /// Id of the road that gets them.
        link_id: String,
    },
    /// A site is closed.
    CloseSite {
        /// Its id.
        site_id: String,
        /// From this time, ms.
        #[serde(default)]
        from_ms: i64,
        /// Until this time, ms; `None`: not reopened.
        #[serde(default)]
        until_ms: Option<i64>,
    },
    /// A site more; it is joined to the roads as `connect` does.
    OpenSite {
        /// Its id, which no site has.
        site_id: String,
        /// Its name.
        #[serde(default)]
        name: String,
        /// Longitude, degrees WGS 84.
        lon: f64,
        /// Latitude, degrees WGS 84.
        lat: f64,
        /// Holding capacity, people; `None`: without limit.
        #[serde(default)]
        capacity_people: Option<i64>,
        /// Admission rate, people/h; `None`: without limit.
        #[serde(default)]
        admission_people_h: Option<f64>,
    },
    /// Figures of a site; what is `None` stays.
    Site {
        /// Its id.
        site_id: String,
        /// Holding capacity, people; it takes the place of the whole range.
        #[serde(default)]
        capacity_people: Option<i64>,
        /// Admission rate, people/h; it takes the place of the whole range.
        #[serde(default)]
        admission_people_h: Option<f64>,
    },
    /// People of a zone; they take the place of the whole range.
    Zone {
        /// Its id.
        zone_id: String,
        /// People there at time 0.
        people: i64,
        /// Low end of their range.
        #[serde(default)]
        people_low: Option<i64>,
        /// High end of their range.
        #[serde(default)]
        people_high: Option<i64>,
    },
    /// Vehicles of the fleet, where there are population groups; they take the place of the whole range.
    Fleet {
        /// Id of the vehicle type.
        vehicle_type_id: String,
        /// How many there are.
        count: i64,
    },
}

impl ScenarioChange {
    /// A change whose source is not said.
    pub fn new(what: ChangedThing) -> Self {
        Self { what, source: String::new(), note: String::new() }
    }
}

/// A scenario that was changed.
#[derive(Debug)]
#[non_exhaustive]
pub struct ChangedScenario {
    /// The scenario, checked.
    pub loaded: LoadedScenario,
    /// What was changed, a sentence each.
    pub sentences: Vec<String>,
    files: Files,
}

impl ChangedScenario {
    /// The files of its folder.
    pub fn artifacts(&self) -> Artifacts {
        folder(FolderKind::Scenario, Disclosure::Full, self.files.clone())
    }
}

/// Changes a scenario. Every new value has a row in `sources.csv`.
///
/// # Errors
/// [`Error::Invalid`] with all faults: ids that are not there, values outside their range, and what the check refuses of the result;
/// [`Error::Cancelled`] without an answer.
///
/// ```
/// use clearway::{BoundRequest, ChangedThing, FolderStore, ScenarioChange, Session, bound, change, load};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let loaded = load(&FolderStore::new(example))?;
/// let link_id = loaded.scenario.links[0].link_id.clone();
/// let lanes = Some(2.0 * loaded.scenario.links[0].lanes.unwrap_or(1.0));
/// let wider = ChangedThing::Road { link_id, lanes, free_speed_km_h: None, capacity_pcu_h: None };
/// let changed = change(&Session::new(), &loaded, &[ScenarioChange::new(wider)])?;
/// // 12,000 people and 6,000 people/h in place of 3,000: 2 h and the 10 min of the way.
/// let bound = bound(&Session::new(), &changed.loaded, &BoundRequest::default())?;
/// assert_eq!(bound.bounds().clearance_s, Some(7_799.999));
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn change(
    session: &Session,
    loaded: &LoadedScenario,
    changes: &[ScenarioChange],
) -> Result<ChangedScenario, Error> {
    session.go_on()?;
    let mut making = ChangedTables::of(&loaded.scenario);
    for (number, change) in changes.iter().enumerate() {
        making.apply(number, change);
    }
    let ChangedTables { scenario, faults, sentences, new_sites, .. } = making;
    let invalid = |faults| Error::Invalid { of: "the scenario cannot be changed so".to_owned(), faults };
    if faults.has_errors() {
        return Err(invalid(faults));
    }
    let extra: Vec<(&str, Vec<u8>)> = loaded
        .files
        .iter()
        .filter(|(name, _)| name.ends_with(".geojson"))
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    let (files, _) = scenario_folder(&scenario, &extra)?;
    let mut files: Files = files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
    if new_sites {
        let store: MemoryStore = files.iter().cloned().collect();
        let joined = connect(session, &ConnectRequest::default(), &store)?;
        for (name, bytes) in joined.files() {
            files.retain(|(known, _)| *known != name);
            files.push((name, bytes));
        }
    } else {
        let refused = check_scenario(&scenario);
        if refused.has_errors() {
            return Err(invalid(refused));
        }
    }
    session.go_on()?;
    let store: MemoryStore = files.iter().cloned().collect();
    let nothing = MemoryStore::default();
    let mut loaded_again = load(&OverlaidStore::new(&store, &nothing))?;
    loaded_again.label.clone_from(&loaded.label);
    Ok(ChangedScenario { loaded: loaded_again, sentences, files })
}

/// Tables that are being changed.
struct ChangedTables {
    scenario: Scenario,
    links: HashMap<String, usize>,
    faults: Faults,
    sentences: Vec<String>,
    new_sites: bool,
}

impl ChangedTables {
    fn of(scenario: &Scenario) -> Self {
        let mut scenario = scenario.clone();
        scenario.digest = String::new();
        let links =
            scenario.links.iter().enumerate().map(|(row, link)| (link.link_id.clone(), row)).collect();
        Self { scenario, links, faults: Faults::default(), sentences: Vec::new(), new_sites: false }
    }

    fn apply(&mut self, number: usize, change: &ScenarioChange) {
        let mut of = OneChange { tables: self, number, change };
        match &change.what {
            ChangedThing::CloseLink { link_id, both_directions, from_ms, until_ms } => {
                of.close_link(link_id, *both_directions, *from_ms, *until_ms);
            }
            ChangedThing::ReopenLink { link_id, both_directions } => of.reopen(link_id, *both_directions),
            ChangedThing::Road { link_id, lanes, free_speed_km_h, capacity_pcu_h } => {
                of.road(link_id, *lanes, *free_speed_km_h, *capacity_pcu_h);
            }
            ChangedThing::Contraflow { link_id } => of.contraflow(link_id),
            ChangedThing::CloseSite { site_id, from_ms, until_ms } => {
                of.close_site(site_id, *from_ms, *until_ms);
            }
            ChangedThing::OpenSite { .. } => of.open_site(),
            ChangedThing::Site { site_id, capacity_people, admission_people_h } => {
                of.site(site_id, *capacity_people, *admission_people_h);
            }
            ChangedThing::Zone { zone_id, people, people_low, people_high } => {
                of.zone(zone_id, *people, *people_low, *people_high);
            }
            ChangedThing::Fleet { vehicle_type_id, count } => of.fleet(vehicle_type_id, *count),
        }
    }
}

/// One change that is being made.
struct OneChange<'a> {
    tables: &'a mut ChangedTables,
    number: usize,
    change: &'a ScenarioChange,
}

impl OneChange<'_> {
    fn wrong(&mut self, field: &str, found: impl std::fmt::Display, expected: &str) {
        let place = format!("change {}", self.number + 1);
        self.tables.faults.push(Fault::error("request", place, expected).field(field, found));
    }

    /// A row of `sources.csv` in place of those for the same figure.
    fn cite(&mut self, table: &str, id: &str, field: &str) {
        let ScenarioChange { source, note, .. } = self.change;
        let sources = &mut self.tables.scenario.sources;
        sources.retain(|row| !(row.table == table && row.id == id && row.field == field));
        sources.push(SourceRow {
            table: table.to_owned(),
            id: id.to_owned(),
            field: field.to_owned(),
            status: if source.is_empty() { SourceStatus::Assumed } else { SourceStatus::Derived },
            source: if source.is_empty() { "changed by hand".to_owned() } else { source.clone() },
            url: String::new(),
            as_of: String::new(),
            note: note.clone(),
        });
    }

    fn say(&mut self, sentence: String) {
        self.tables.sentences.push(sentence);
    }

    fn link(&mut self, link_id: &str) -> Option<usize> {
        let row = self.tables.links.get(link_id).copied();
        if row.is_none() {
            self.wrong("link_id", link_id, "an id of link.csv");
        }
        row
    }

    /// A road and, where wanted, those in the opposite direction.
    fn links(&mut self, link_id: &str, both_directions: bool) -> Vec<usize> {
        let Some(row) = self.link(link_id) else { return Vec::new() };
        let links = &self.tables.scenario.links;
        let link = &links[row];
        let is_back = |other: &LinkRow| {
            other.from_node_id == link.to_node_id
                && other.to_node_id == link.from_node_id
                && other.name == link.name
        };
        let mut rows = vec![row];
        if both_directions {
            rows.extend(links.iter().enumerate().filter(|(_, other)| is_back(other)).map(|(back, _)| back));
        }
        rows
    }

    fn road_name(&self, row: usize) -> String {
        let link = &self.tables.scenario.links[row];
        if link.name.is_empty() {
            format!("link {}", link.link_id)
        } else {
            format!("{} (link {})", link.name, link.link_id)
        }
    }

    fn close(&mut self, target: ClosureTarget, id: &str, from_ms: i64, until_ms: Option<i64>) {
        let closures = &mut self.tables.scenario.closures;
        let mut at = closures.len() + 1;
        let is_taken = |at: usize, closures: &[ClosureRow]| {
            closures.iter().any(|row| row.closure_id == format!("changed-{at}"))
        };
        while is_taken(at, closures) {
            at += 1;
        }
        let closure_id = format!("changed-{at}");
        let cause = if self.change.source.is_empty() { "closed by hand" } else { &self.change.source };
        closures.push(ClosureRow {
            closure_id: closure_id.clone(),
            target,
            target_id: id.to_owned(),
            from_ms,
            until_ms,
            kind: ClosureKind::Entry,
            cause: cause.to_owned(),
            ..ClosureRow::default()
        });
        self.cite("closures", &closure_id, "*");
    }

    fn close_link(&mut self, link_id: &str, both_directions: bool, from_ms: i64, until_ms: Option<i64>) {
        if !self.is_span(from_ms, until_ms) {
            return;
        }
        for row in self.links(link_id, both_directions) {
            let id = self.tables.scenario.links[row].link_id.clone();
            self.close(ClosureTarget::Link, &id, from_ms, until_ms);
            self.say(format!("{} is closed{}", self.road_name(row), span(from_ms, until_ms)));
        }
    }

    fn is_span(&mut self, from_ms: i64, until_ms: Option<i64>) -> bool {
        let is_good = from_ms >= 0 && until_ms.is_none_or(|until| until > from_ms);
        if !is_good {
            self.wrong("from_ms", from_ms, "a time from 0 that is before until_ms");
        }
        is_good
    }

    fn reopen(&mut self, link_id: &str, both_directions: bool) {
        for row in self.links(link_id, both_directions) {
            let id = self.tables.scenario.links[row].link_id.clone();
            let closures = &mut self.tables.scenario.closures;
            let before = closures.len();
            closures.retain(|closure| !(closure.target == ClosureTarget::Link && closure.target_id == id));
            let opened = before - closures.len();
            self.say(format!("{} is open again ({opened} closures taken out)", self.road_name(row)));
        }
    }

    fn road(&mut self, link_id: &str, lanes: Option<f64>, speed: Option<f64>, capacity: Option<f64>) {
        let Some(row) = self.link(link_id) else { return };
        let name = self.road_name(row);
        for (field, value, most) in [
            ("lanes", lanes, 20.0),
            ("free_speed_km_h", speed, 200.0),
            ("capacity_pcu_h", capacity, 50_000.0),
        ] {
            if value.is_some_and(|value| !(value > 0.0 && value <= most)) {
                self.wrong(field, value.unwrap_or_default(), &format!("a number above 0, at most {most}"));
                return;
            }
        }
        let link = &mut self.tables.scenario.links[row];
        if let Some(lanes) = lanes {
            let factor = lanes / link.lanes.filter(|lanes| *lanes > 0.0).unwrap_or(1.0);
            link.lanes = Some(lanes);
            scale_road(link, factor);
            self.cite("link", link_id, "lanes");
            self.cite("link", link_id, "capacity_pcu_h");
            self.say(format!("{name} has {lanes} lanes, and capacity and room in proportion"));
        }
        let link = &mut self.tables.scenario.links[row];
        if let Some(speed) = speed {
            let length_m = link.length_m.or(link.length.map(|km| km * 1000.0));
            match length_m {
                Some(length_m) => {
                    let time_ms = clearway_model::number::ceil(length_m / (speed / 3.6) * 1000.0).max(1);
                    (link.free_speed, link.time_ms, link.time_ms_low) = (Some(speed), Some(time_ms), None);
                    self.cite("link", link_id, "free_speed");
                    self.cite("link", link_id, "time_ms");
                    self.say(format!("the free speed of {name} is {speed} km/h"));
                }
                None => self.wrong("free_speed_km_h", speed, "a road whose length is known"),
            }
        }
        let link = &mut self.tables.scenario.links[row];
        if let Some(capacity) = capacity {
            (link.capacity_pcu_h, link.capacity_pcu_h_low, link.capacity_pcu_h_high) =
                (Some(capacity), None, None);
            link.capacity = None;
            self.cite("link", link_id, "capacity_pcu_h");
            self.say(format!("the capacity of {name} is {capacity} pcu/h"));
        }
    }

    fn contraflow(&mut self, link_id: &str) {
        let rows = self.links(link_id, true);
        let [row, back] = rows.as_slice() else {
            // that there is no such link was said already
            if !rows.is_empty() {
                self.wrong("link_id", link_id, "a road with exactly one in the opposite direction");
            }
            return;
        };
        let intervention = clearway_whatif::interventions::Intervention::Contraflow(*row, *back);
        let links = &self.tables.scenario.links;
        if links[*row].capacity_pcu_h.is_none() || links[*back].capacity_pcu_h.is_none() {
            self.wrong("link_id", link_id, "a road that is open to vehicles in both directions");
            return;
        }
        let name = self.road_name(*row);
        let back_id = links[*back].link_id.clone();
        self.tables.scenario = clearway_whatif::interventions::with(&self.tables.scenario, &intervention);
        for id in [link_id, back_id.as_str()] {
            self.cite("link", id, "lanes");
            self.cite("link", id, "capacity_pcu_h");
        }
        self.say(format!("{name} has the lanes of the opposite direction as well (contraflow)"));
    }

    fn site_row(&mut self, site_id: &str) -> Option<usize> {
        let row = self.tables.scenario.sites.iter().position(|site| site.site_id == site_id);
        if row.is_none() {
            self.wrong("site_id", site_id, "an id of sites.csv");
        }
        row
    }

    fn site_name(&self, row: usize) -> String {
        let site = &self.tables.scenario.sites[row];
        if site.name.is_empty() { site.site_id.clone() } else { format!("{} ({})", site.name, site.site_id) }
    }

    fn close_site(&mut self, site_id: &str, from_ms: i64, until_ms: Option<i64>) {
        let Some(row) = self.site_row(site_id) else { return };
        if self.is_span(from_ms, until_ms) {
            self.close(ClosureTarget::Site, site_id, from_ms, until_ms);
            self.say(format!("{} receives nobody{}", self.site_name(row), span(from_ms, until_ms)));
        }
    }

    fn open_site(&mut self) {
        let ChangedThing::OpenSite { site_id, name, lon, lat, capacity_people, admission_people_h } =
            &self.change.what
        else {
            return;
        };
        let is_known = self.tables.scenario.sites.iter().any(|site| site.site_id == *site_id);
        if site_id.is_empty() || is_known {
            self.wrong("site_id", site_id, "an id that no site has");
            return;
        }
        if !(-180.0..=180.0).contains(lon) || !(-90.0..=90.0).contains(lat) {
            self.wrong("lon", format!("{lon}, {lat}"), "longitude and latitude, degrees");
            return;
        }
        self.tables.scenario.sites.push(SiteRow {
            site_id: site_id.clone(),
            name: name.clone(),
            capacity_people: *capacity_people,
            admission_people_h: *admission_people_h,
            x_coord: Some(*lon),
            y_coord: Some(*lat),
            ..SiteRow::default()
        });
        self.tables.new_sites = true;
        self.cite("sites", site_id, "*");
        let row = self.tables.scenario.sites.len() - 1;
        self.say(format!("{} receives people as well", self.site_name(row)));
    }

    fn site(&mut self, site_id: &str, capacity: Option<i64>, admission: Option<f64>) {
        let Some(row) = self.site_row(site_id) else { return };
        let name = self.site_name(row);
        if let Some(capacity) = capacity {
            if capacity < 0 {
                self.wrong("capacity_people", capacity, "a whole number from 0");
                return;
            }
            let site = &mut self.tables.scenario.sites[row];
            site.capacity_people = Some(capacity);
            (site.capacity_people_low, site.capacity_people_high) = (None, None);
            self.cite("sites", site_id, "capacity_people");
            self.say(format!("{name} has places for {capacity} people"));
        }
        if let Some(admission) = admission {
            if !(admission.is_finite() && admission >= 0.0) {
                self.wrong("admission_people_h", admission, "a number from 0");
                return;
            }
            let site = &mut self.tables.scenario.sites[row];
            site.admission_people_h = Some(admission);
            (site.admission_people_h_low, site.admission_people_h_high) = (None, None);
            self.cite("sites", site_id, "admission_people_h");
            self.say(format!("{name} admits {admission} people/h"));
        }
    }

    fn zone(&mut self, zone_id: &str, people: i64, low: Option<i64>, high: Option<i64>) {
        let Some(zone) = self.tables.scenario.zones.iter_mut().find(|zone| zone.zone_id == zone_id) else {
            self.wrong("zone_id", zone_id, "an id of zones.csv");
            return;
        };
        (zone.people, zone.people_low, zone.people_high) = (people, low, high);
        let name = if zone.name.is_empty() { zone_id.to_owned() } else { zone.name.clone() };
        self.cite("zones", zone_id, "people");
        self.say(format!("{people} people are in {name}"));
    }

    fn fleet(&mut self, vehicle_type_id: &str, count: i64) {
        let fleet = self.tables.scenario.groups.as_mut().map(|groups| &mut groups.fleet);
        let found = fleet.into_iter().flatten().find(|row| row.vehicle_type_id == vehicle_type_id);
        match found {
            Some(row) if count >= 0 => {
                (row.count, row.count_low, row.count_high) = (count, None, None);
                self.cite("fleet", vehicle_type_id, "count");
                self.say(format!("{count} vehicles of the type {vehicle_type_id}"));
            }
            Some(_) => self.wrong("count", count, "a whole number from 0"),
            None => self.wrong("vehicle_type_id", vehicle_type_id, "an id of fleet.csv"),
        }
    }
}

/// Capacity and room of a road times a factor, all three values of each.
fn scale_road(link: &mut LinkRow, factor: f64) {
    let all = [
        &mut link.capacity_pcu_h,
        &mut link.capacity_pcu_h_low,
        &mut link.capacity_pcu_h_high,
        &mut link.storage_pcu,
        &mut link.storage_pcu_low,
        &mut link.storage_pcu_high,
    ];
    all.into_iter().flatten().for_each(|value| *value *= factor);
    link.capacity = None;
}

/// From when until when, in words.
fn span(from_ms: i64, until_ms: Option<i64>) -> String {
    let minutes = |ms: i64| format!("{} min", ms / 60_000);
    match (from_ms, until_ms) {
        (0, None) => String::new(),
        (from, None) => format!(" from {} on", minutes(from)),
        (from, Some(until)) => format!(" from {} to {}", minutes(from), minutes(until)),
    }
}
