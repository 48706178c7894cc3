//! The raw tables of a scenario (`docs/reference/scenario.md`), with ids turned into positions.
//!
//! A scenario that breaks its own rules (an id twice, a link to nowhere, a share that falls) is unreadable: nothing can
//! be said about a plan for it.

use crate::Unreadable;
use crate::limits;
use crate::table::{MOST_WHOLE, RawRow, RawTable, text};
use crate::unreadable::{optional, required};
use clearway_model::{Case, Figure, Mode, RAW_FILES, Settings, Store, scenario_digest};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Ids of one table and their positions.
#[derive(Debug, Default)]
pub(crate) struct IdPositions {
    pub list: Vec<String>,
    positions: HashMap<String, usize>,
}

impl IdPositions {
    fn add(&mut self, row: &RawRow<'_>, column: &str) -> Result<(), Unreadable> {
        let id = row.id(column)?;
        if self.positions.insert(id.to_owned(), self.list.len()).is_some() {
            return Err(row.bad(column, "an id that is not used twice"));
        }
        self.list.push(id.to_owned());
        Ok(())
    }

    /// Position of an id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.positions.get(id).copied()
    }

    fn refer(&self, row: &RawRow<'_>, column: &str, table: &str) -> Result<usize, Unreadable> {
        self.find(row.text(column)).ok_or_else(|| row.bad(column, table))
    }
}

/// A directed road piece. Capacity and time are those of the class's mode.
#[derive(Debug)]
pub(crate) struct RawLink {
    pub from: usize,
    pub to: usize,
    /// pcu/h, or people/h for walkers; `None`: not for this class.
    pub capacity: Option<Figure<f64>>,
    /// Room that responders, aid or the fleet have for themselves, pcu/h; taken off except in the optimistic case.
    pub reserved: f64,
    /// Free-flow travel time, ms.
    pub time: Figure<i64>,
    /// Length, m: as stated, or from free speed and driving time; `None` where nothing says how long it is.
    pub length: Option<f64>,
    pub lanes: Option<f64>,
    /// Room for standing vehicles where it is given, pcu.
    pub storage: Option<Figure<f64>>,
}

/// A row of `zones.csv`: people who are together at the beginning.
#[derive(Debug)]
pub(crate) struct RawZone {
    pub name: String,
    pub people: Figure<i64>,
    pub stay: Figure<i64>,
    /// Its mobilization curve: position in [`RawScenario::releases`]; `None`: all are ready at once.
    pub release: Option<usize>,
}

/// A row of `sites.csv`: where people are received.
#[derive(Debug)]
pub(crate) struct RawSite {
    pub name: String,
    pub capacity: Option<Figure<i64>>,
    pub admission: Option<Figure<f64>>,
    pub open_from: i64,
    pub open_until: Option<i64>,
}

/// Joins a zone or site to a node.
#[derive(Debug)]
pub(crate) struct RawConnector {
    /// A zone's connector, else a site's.
    pub of_zone: bool,
    pub place: usize,
    pub node: usize,
    pub time: i64,
    pub capacity: Option<Figure<f64>>,
}

/// What a closure or window is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RawTarget {
    Link(usize),
    AllLinks,
    Node(usize),
    Zone(usize),
    Site(usize),
}

/// A row of `closures.csv` or `windows.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawPeriod {
    pub target: RawTarget,
    pub presence: bool,
    /// All occurrences that begin before the horizon, not clipped. May be empty: a window names its target all the same.
    pub times: Vec<(i64, i64)>,
}

/// The settings and all tables of a scenario folder, as they stand there.
#[derive(Debug)]
pub(crate) struct RawScenario {
    pub settings: Settings,
    /// Digest of its files, for which a plan and a certificate say that they are made.
    pub digest: String,
    pub nodes: IdPositions,
    pub link_ids: IdPositions,
    pub links: Vec<RawLink>,
    pub link_names: Vec<String>,
    /// Prohibited pairs of links.
    pub banned: HashSet<(usize, usize)>,
    pub zone_ids: IdPositions,
    pub zones: Vec<RawZone>,
    pub mobilization_ids: IdPositions,
    /// Curves of (ms, share).
    pub releases: Vec<Vec<(i64, f64)>>,
    pub site_ids: IdPositions,
    pub sites: Vec<RawSite>,
    pub connector_ids: IdPositions,
    pub connectors: Vec<RawConnector>,
    pub closures: Vec<RawPeriod>,
    pub windows: Vec<RawPeriod>,
}

impl RawScenario {
    /// Reads a scenario folder.
    ///
    /// # Errors
    /// [`Unreadable`] with the first thing that is not as the reference describes it.
    pub fn read(store: &dyn Store) -> Result<Self, Unreadable> {
        let mut files = BTreeMap::from([("scenario.toml", required(store, "scenario.toml")?)]);
        for name in RAW_FILES {
            if let Some(bytes) = optional(store, name)? {
                files.insert(name, bytes);
            }
        }
        let digest = scenario_digest(files.iter().map(|(name, bytes)| (*name, bytes.as_slice())));
        let settings = read_settings(files.get("scenario.toml").map_or(&[][..], Vec::as_slice))?;
        let need = |name: &str, columns: &[&str]| match files.get(name) {
            Some(bytes) => RawTable::parse(name, bytes)?.with(columns),
            None => Err(Unreadable::format(name, "missing")),
        };
        let either = |csv: &str, geojson: &str, columns: &[&str]| match (files.get(csv), files.get(geojson)) {
            (None, Some(bytes)) => RawTable::parse_features(geojson, csv, bytes)?.with(columns),
            _ => need(csv, columns),
        };
        let maybe = |name: &str, columns: &[&str]| match files.get(name) {
            Some(bytes) => RawTable::parse(name, bytes)?.with(columns),
            None => Ok(RawTable::default()),
        };

        let mut raw = Self {
            settings,
            digest,
            nodes: IdPositions::default(),
            link_ids: IdPositions::default(),
            links: Vec::new(),
            link_names: Vec::new(),
            banned: HashSet::new(),
            zone_ids: IdPositions::default(),
            zones: Vec::new(),
            mobilization_ids: IdPositions::default(),
            releases: Vec::new(),
            site_ids: IdPositions::default(),
            sites: Vec::new(),
            connector_ids: IdPositions::default(),
            connectors: Vec::new(),
            closures: Vec::new(),
            windows: Vec::new(),
        };
        for row in need("node.csv", &["node_id"])?.rows() {
            raw.nodes.add(&row, "node_id")?;
        }
        raw.read_links(&need("link.csv", &["link_id", "from_node_id", "to_node_id"])?)?;
        raw.read_movements(&maybe("movement.csv", &["mvmt_id", "node_id", "ib_link_id", "ob_link_id"])?)?;
        let curves =
            raw.read_releases(&maybe("mobilization.csv", &["mobilization_id", "time_ms", "share"])?)?;
        raw.read_zones(&either("zones.csv", "zones.geojson", &["zone_id", "people"])?, &curves)?;
        raw.mobilization_ids = curves;
        raw.read_sites(&either("sites.csv", "sites.geojson", &["site_id"])?)?;
        raw.read_connectors(&need(
            "connectors.csv",
            &["connector_id", "place", "place_id", "node_id", "time_ms"],
        )?)?;
        let columns = ["target", "target_id", "from_ms", "kind"];
        let mut left = limits::OCCURRENCES;
        raw.closures = raw.read_periods(&maybe("closures.csv", &columns)?, "closure_id", &mut left)?;
        raw.windows = raw.read_periods(&maybe("windows.csv", &columns)?, "window_id", &mut left)?;
        limits::occurrences(&raw)?;
        limits::turns(&raw)?;
        Ok(raw)
    }

    fn read_links(&mut self, table: &RawTable) -> Result<(), Unreadable> {
        let walk = self.settings.class[0].mode == Mode::Walk;
        let (capacity, time) =
            if walk { ("walk_capacity_people_h", "walk_time_ms") } else { ("capacity_pcu_h", "time_ms") };
        for row in table.rows() {
            self.link_ids.add(&row, "link_id")?;
            if !["", "1", "true"].contains(&row.text("directed").to_ascii_lowercase().as_str()) {
                return Err(row.bad("directed", "true"));
            }
            let capacity = figure(&row, capacity)?;
            let mut value = row.whole(time)?;
            if capacity.is_none() {
                value = value.or(Some(1)); // not for this class: the time is never used
            }
            let low = row.whole(&format!("{time}_low"))?;
            let Some(value) = value.filter(|value| *value > 0 && low != Some(0)) else {
                return Err(row.bad(time, "a whole number above 0"));
            };
            self.links.push(RawLink {
                from: self.nodes.refer(&row, "from_node_id", "an id of node.csv")?,
                to: self.nodes.refer(&row, "to_node_id", "an id of node.csv")?,
                capacity,
                reserved: row.amount("reserved_pcu_h")?.unwrap_or(0.0),
                time: ordered(&row, time, value, low, None)?,
                length: length_m(&row)?,
                lanes: row.amount("lanes")?,
                storage: figure(&row, "storage_pcu")?,
            });
            self.link_names.push(row.text("name").to_owned());
        }
        Ok(())
    }

    fn read_movements(&mut self, table: &RawTable) -> Result<(), Unreadable> {
        let mut ids = IdPositions::default();
        let table = if table.len() == 0 { table } else { table.needs(&["prohibited"])? };
        for row in table.rows() {
            ids.add(&row, "mvmt_id")?;
            let is_banned = row.flag("prohibited")?;
            let first = self.link_ids.refer(&row, "ib_link_id", "an id of link.csv")?;
            let second = self.link_ids.refer(&row, "ob_link_id", "an id of link.csv")?;
            let node = self.nodes.refer(&row, "node_id", "an id of node.csv")?;
            if self.links[first].to != node || self.links[second].from != node {
                return Err(row.bad("node_id", "the node where the first link ends and the second begins"));
            }
            if is_banned {
                self.banned.insert((first, second));
            }
        }
        Ok(())
    }

    fn read_releases(&mut self, table: &RawTable) -> Result<IdPositions, Unreadable> {
        let mut ids = IdPositions::default();
        for row in table.rows() {
            let at = match ids.find(row.id("mobilization_id")?) {
                Some(at) => at,
                None => {
                    ids.add(&row, "mobilization_id")?;
                    self.releases.push(Vec::new());
                    ids.list.len() - 1
                }
            };
            let time = row.need_whole("time_ms")?;
            let share = row.amount("share")?.filter(|share| *share <= 1.0);
            let Some(share) = share else { return Err(row.bad("share", "a number from 0 to 1")) };
            if self.releases[at].last().is_some_and(|last| last.0 > time || last.1 > share) {
                return Err(row.bad("share", "times and shares that never fall"));
            }
            self.releases[at].push((time, share));
        }
        for (at, curve) in self.releases.iter().enumerate() {
            if curve.last().is_none_or(|last| last.1 != 1.0) {
                return Err(Unreadable::value(
                    "mobilization.csv",
                    &ids.list[at],
                    "share",
                    "",
                    "1 in the last row",
                ));
            }
        }
        Ok(ids)
    }

    fn read_zones(&mut self, table: &RawTable, curves: &IdPositions) -> Result<(), Unreadable> {
        for row in table.rows() {
            self.zone_ids.add(&row, "zone_id")?;
            let people = row.need_whole("people")?;
            let (stay_low, stay_high) = (row.whole("stay_people_low")?, row.whole("stay_people_high")?);
            let release = match row.text("mobilization_id") {
                "" => None,
                _ => Some(curves.refer(&row, "mobilization_id", "an id of mobilization.csv")?),
            };
            self.zones.push(RawZone {
                name: row.text("name").to_owned(),
                people: ordered(&row, "people", people, row.whole("people_low")?, row.whole("people_high")?)?,
                stay: match row.whole("stay_people")? {
                    Some(stay) => ordered(&row, "stay_people", stay, stay_low, stay_high)?,
                    None => Figure::new(0, stay_low, stay_high),
                },
                release,
            });
        }
        for case in [Case::Central, Case::Optimistic, Case::Pessimistic] {
            let total: i128 =
                self.zones.iter().map(|zone| i128::from(zone.people.less_is_better(case))).sum();
            if total > i128::from(MOST_WHOLE) {
                return Err(Unreadable::value(&table.file, "all rows", "people", total, "a credible number"));
            }
        }
        Ok(())
    }

    fn read_sites(&mut self, table: &RawTable) -> Result<(), Unreadable> {
        for row in table.rows() {
            self.site_ids.add(&row, "site_id")?;
            let (low, high) = (row.whole("capacity_people_low")?, row.whole("capacity_people_high")?);
            self.sites.push(RawSite {
                name: row.text("name").to_owned(),
                capacity: row
                    .whole("capacity_people")?
                    .map(|value| ordered(&row, "capacity_people", value, low, high))
                    .transpose()?,
                admission: figure(&row, "admission_people_h")?,
                open_from: row.whole("open_from_ms")?.unwrap_or(0),
                open_until: row.whole("open_until_ms")?,
            });
        }
        Ok(())
    }

    fn read_connectors(&mut self, table: &RawTable) -> Result<(), Unreadable> {
        for row in table.rows() {
            self.connector_ids.add(&row, "connector_id")?;
            let of_zone = match row.text("place") {
                "zone" => true,
                "site" => false,
                _ => return Err(row.bad("place", "zone or site")),
            };
            let places = if of_zone { &self.zone_ids } else { &self.site_ids };
            self.connectors.push(RawConnector {
                of_zone,
                place: places.refer(&row, "place_id", "an id of that table")?,
                node: self.nodes.refer(&row, "node_id", "an id of node.csv")?,
                time: row.need_whole("time_ms")?,
                capacity: figure(&row, "capacity_pcu_h")?,
            });
        }
        Ok(())
    }

    fn read_periods(&self, table: &RawTable, id: &str, left: &mut i64) -> Result<Vec<RawPeriod>, Unreadable> {
        let windows = id == "window_id";
        let mut ids = IdPositions::default();
        let mut periods = Vec::with_capacity(table.len());
        for row in table.rows() {
            ids.add(&row, id)?;
            let of = |ids: &IdPositions| ids.refer(&row, "target_id", "an id of that table");
            let target = match row.text("target") {
                "link" => RawTarget::Link(of(&self.link_ids)?),
                "all_links" if windows && row.text("target_id") == "*" => RawTarget::AllLinks,
                "node" if !windows => RawTarget::Node(of(&self.nodes)?),
                "zone" => RawTarget::Zone(of(&self.zone_ids)?),
                "site" => RawTarget::Site(of(&self.site_ids)?),
                _ => return Err(row.bad("target", "a kind of thing that can be named here")),
            };
            let presence = match row.text("kind") {
                "presence" => true,
                "entry" if !matches!(target, RawTarget::Node(_)) => false,
                _ => return Err(row.bad("kind", "entry or presence; presence for a node")),
            };
            let times = occurrences(&row, self.settings.horizon_ms, left)?;
            periods.push(RawPeriod { target, presence, times });
        }
        Ok(periods)
    }
}

/// The length of a link, m: `length_m`, else `length` in km, else what is driven in `time_ms` at `free_speed`.
fn length_m(row: &RawRow<'_>) -> Result<Option<f64>, Unreadable> {
    if let Some(length_m) = row.amount("length_m")? {
        return Ok(Some(length_m));
    }
    if let Some(km) = row.amount("length")? {
        return Ok(Some(km * 1000.0));
    }
    let Some(speed_km_h) = row.amount("free_speed")? else { return Ok(None) };
    Ok(row.amount("time_ms")?.map(|time_ms| speed_km_h / 3.6 * time_ms / 1000.0))
}

/// A figure that is not negative, with its range; `None` where the figure itself is empty.
fn figure(row: &RawRow<'_>, column: &str) -> Result<Option<Figure<f64>>, Unreadable> {
    let (low, high) = (row.amount(&format!("{column}_low"))?, row.amount(&format!("{column}_high"))?);
    row.amount(column)?.map(|value| ordered(row, column, value, low, high)).transpose()
}

/// A figure with its range, whose ends must lie round it: a range the wrong way round would make an end that is called optimistic
/// hinder.
pub(crate) fn ordered<T: Copy + PartialOrd>(
    row: &RawRow<'_>,
    column: &str,
    value: T,
    low: Option<T>,
    high: Option<T>,
) -> Result<Figure<T>, Unreadable> {
    if low.is_some_and(|low| low > value) {
        return Err(row.bad(&format!("{column}_low"), "no more than the figure itself"));
    }
    if high.is_some_and(|high| high < value) {
        return Err(row.bad(&format!("{column}_high"), "no less than the figure itself"));
    }
    Ok(Figure::new(value, low, high))
}

/// The row's interval and its repetitions: each starts before `repeat_until_ms`, and before the horizon. `left`: how many all rows
/// may still have.
fn occurrences(row: &RawRow<'_>, horizon: i64, left: &mut i64) -> Result<Vec<(i64, i64)>, Unreadable> {
    let from = row.need_whole("from_ms")?;
    let until = row.whole("until_ms")?.unwrap_or(crate::spans::FOREVER);
    if until < from {
        return Err(row.bad("until_ms", "a time that is not before from_ms"));
    }
    let bound = row.whole("repeat_until_ms")?.unwrap_or(horizon).min(horizon);
    let (every, count) = match row.whole("repeat_every_ms")? {
        None => (0, i64::from(from < horizon)),
        Some(0) => return Err(row.bad("repeat_every_ms", "a whole number above 0")),
        Some(every) => (every, if bound > from { (bound - from - 1) / every + 1 } else { 0 }),
    };
    *left -= count;
    if count > limits::OCCURRENCES_OF_ROW || *left < 0 {
        return Err(row.bad("repeat_every_ms", "fewer repetitions, of this row or of all"));
    }
    Ok((0..count).map(|k| (from + k * every, until + k * every)).collect())
}

/// Reads TOML 1.0: what only later versions allow is read by some programs and not by others.
pub(crate) fn read_toml<T: for<'de> serde::Deserialize<'de>>(
    file: &str,
    bytes: &[u8],
) -> Result<T, Unreadable> {
    let text = text(file, bytes)?;
    if let Some(line) = clearway_model::newer_toml(text) {
        return Err(Unreadable::format(file, format_args!("line {line}: no TOML 1.0")));
    }
    toml::from_str(text).map_err(|e| Unreadable::format(file, e))
}

/// No margin is larger.
const MOST_MARGIN: f64 = 1e9;

fn read_settings(bytes: &[u8]) -> Result<Settings, Unreadable> {
    let file = "scenario.toml";
    let settings: Settings = read_toml(file, bytes)?;
    let bad = |field: &str, found: &dyn ToString, expected: &str| {
        Err(Unreadable::value(file, "", field, found.to_string(), expected))
    };
    if settings.schema != Settings::SCHEMA {
        return bad("schema", &settings.schema, Settings::SCHEMA);
    }
    if !(1..=MOST_WHOLE).contains(&settings.horizon_ms) {
        return bad("horizon_ms", &settings.horizon_ms, "a whole number above 0");
    }
    let [class] = settings.class.as_slice() else {
        return bad("class", &settings.class.len(), "exactly one class");
    };
    if !(0.0..=MOST_MARGIN).contains(&settings.margin_share) {
        return bad("margin_share", &settings.margin_share, "a number that is not negative");
    }
    let given = [class.people_per_vehicle, class.people_per_vehicle_low, class.people_per_vehicle_high];
    let numbers = given.into_iter().flatten().chain([class.pcu_per_vehicle]);
    if class.mode == Mode::Vehicle && class.people_per_vehicle.is_none() {
        return bad("class.people_per_vehicle", &"", "a number above 0");
    }
    let value = class.people_per_vehicle.unwrap_or(1.0);
    if class.people_per_vehicle_low.is_some_and(|low| low > value)
        || class.people_per_vehicle_high.is_some_and(|high| high < value)
    {
        return bad("class.people_per_vehicle", &value, "a figure between its low and its high end");
    }
    for number in numbers {
        if !(number > 0.0 && number <= 1e9) {
            return bad("class", &number, "people and pcu per vehicle above 0");
        }
    }
    Ok(settings)
}
