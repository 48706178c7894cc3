//! Reads who moves how: the settings in `multimodal.toml`, the population groups in `groups.csv`, the fleet in `fleet.csv`, and with
//! them the listed modes.

use super::modes::{self, LinkAttributes, ListedMode};
use crate::Unreadable;
use crate::raw::{RawScenario, ordered};
use crate::table::{MOST_WHOLE, RawTable};
use crate::unreadable::{optional, required};
use clearway_model::{MULTIMODAL_FILES, Means, Mode, MultimodalSettings, Store, multimodal_digest};
use std::collections::{BTreeMap, BTreeSet};

/// Least share of a speed and least rate of a lane that count as given: with less nobody would ever get through.
const LEAST: f64 = 1e-9;
/// Length of a day, ms: no walking day is longer.
const DAY: i64 = 86_400_000;

/// A population group: people of one zone with one travel mode or assistance level.
#[derive(Debug, Clone)]
pub(crate) struct RawGroup {
    pub zone: usize,
    pub means: Means,
    pub people: i64,
    pub low: Option<i64>,
    pub high: Option<i64>,
    pub stay: Option<i64>,
    /// Curve of (ms, share); `None`: ready at once.
    pub release: Option<usize>,
    pub together: bool,
}

/// A type of vehicle.
#[derive(Debug, Clone)]
pub(crate) struct RawVehicleType {
    pub id: String,
    pub count: i64,
    /// The most there may be.
    pub count_high: i64,
    /// Places for each assistance level, in the order of [`Means::FLEET`]: seats, wheelchairs, stretchers.
    pub places: [i64; 3],
    pub pcu: f64,
    pub speed: f64,
    pub load: i64,
    pub unload: i64,
    pub depot: usize,
    pub from: i64,
    pub until: Option<i64>,
    pub duty: Option<i64>,
    pub rest: Option<i64>,
    pub range: Option<f64>,
}

/// How people can move.
#[derive(Debug)]
pub(crate) struct RawMultimodal {
    pub settings: MultimodalSettings,
    pub groups: Vec<RawGroup>,
    pub fleet: Vec<RawVehicleType>,
    pub modes: Vec<ListedMode>,
    /// What links say of themselves.
    pub roads: LinkAttributes,
    pub digest: String,
}

impl RawMultimodal {
    /// Reads the files of a multimodal scenario; `raw` is the rest of it.
    pub fn read(scenario: &dyn Store, raw: &RawScenario) -> Result<Self, Unreadable> {
        let mut files: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
        for name in MULTIMODAL_FILES {
            if let Some(bytes) = optional(scenario, name)? {
                files.insert(name, bytes);
            }
        }
        let digest =
            multimodal_digest(&raw.digest, files.iter().map(|(name, bytes)| (*name, bytes.as_slice())));
        let file = "multimodal.toml";
        let settings = match files.get(file) {
            None => MultimodalSettings {
                schema: MultimodalSettings::SCHEMA.to_owned(),
                walk: None,
                fleet_share: 0.5,
            },
            Some(bytes) => crate::raw::read_toml::<MultimodalSettings>(file, bytes)?,
        };
        if settings.schema != MultimodalSettings::SCHEMA {
            return Err(Unreadable::value(file, "", "schema", settings.schema, MultimodalSettings::SCHEMA));
        }
        let table = |name: &str, columns: &[&str]| match files.get(name) {
            Some(bytes) => RawTable::parse(name, bytes)?.with(columns),
            None => Ok(RawTable::default()),
        };
        let links = required(scenario, "link.csv")?;
        let roads = LinkAttributes::read(&links)?;
        let modes = modes::read(&table, &roads, raw)?;
        let groups = groups(&table("groups.csv", &["zone_id", "means", "people"])?, raw, &modes)?;
        let columns =
            ["vehicle_type_id", "count", "seats", "pcu_per_vehicle", "load_ms", "unload_ms", "depot_node_id"];
        let fleet = kinds(&table("fleet.csv", &columns)?, raw)?;
        check_settings(&settings, raw)?;
        if raw.settings.class[0].mode != Mode::Vehicle {
            return Err(Unreadable::value(
                "scenario.toml",
                "",
                "class.mode",
                "walk",
                "vehicle where there are groups",
            ));
        }
        if settings.walk.is_none() && groups.iter().any(|g| g.means == Means::Walk && g.people > 0) {
            return Err(Unreadable::format(file, "[walk] is needed, as somebody walks"));
        }
        for (zone, given) in raw.zones.iter().enumerate() {
            let of_zone = || groups.iter().filter(|g| g.zone == zone);
            let low: i64 = of_zone().map(|g| g.low.unwrap_or(g.people)).sum();
            let high: i64 = of_zone().map(|g| g.high.unwrap_or(g.people)).sum();
            let stay: i64 = of_zone().map(|g| g.stay.unwrap_or(0)).sum();
            if low > given.people.low || high < given.people.high || stay != given.stay.value {
                let expected = "groups whose staying and ranges fit the zone's";
                return Err(Unreadable::value(
                    "groups.csv",
                    &raw.zone_ids.list[zone],
                    "people",
                    low,
                    expected,
                ));
            }
            let sum: i64 = groups.iter().filter(|g| g.zone == zone).map(|g| g.people).sum();
            if sum != given.people.value {
                let id = &raw.zone_ids.list[zone];
                return Err(Unreadable::value(
                    "groups.csv",
                    id,
                    "people",
                    sum,
                    "the zone's people in zones.csv",
                ));
            }
        }
        Ok(Self { settings, groups, fleet, modes, roads, digest })
    }

    /// All people of one means.
    pub fn people(&self, means: Means) -> i64 {
        self.groups.iter().filter(|g| g.means == means).map(|g| g.people).sum()
    }

    /// All means of the scenario, in the order of reports.
    pub fn all_means(&self) -> Vec<Means> {
        let listed = self.modes.iter().map(|mode| mode.means);
        [Means::Vehicle, Means::Walk].into_iter().chain(listed).chain(Means::FLEET).collect()
    }

    /// A mode that the scenario lists.
    pub fn listed(&self, means: Means) -> Option<&ListedMode> {
        self.modes.iter().find(|mode| mode.means == means)
    }

    /// The group of a zone.
    pub fn group(&self, zone: usize, means: Means) -> Option<&RawGroup> {
        self.groups.iter().find(|g| g.zone == zone && g.means == means)
    }
}

fn check_settings(settings: &MultimodalSettings, raw: &RawScenario) -> Result<(), Unreadable> {
    let bad =
        |field: &str, expected: &str| Err(Unreadable::value("multimodal.toml", "", field, "", expected));
    if !(0.0..=1.0).contains(&settings.fleet_share) {
        return bad("fleet_share", "a share from 0 to 1");
    }
    let Some(walk) = &settings.walk else { return Ok(()) };
    if !(LEAST..=1.0).contains(&walk.speed_share) {
        return bad("walk.speed_share", "a share above 0, up to 1");
    }
    if !(LEAST..=50_000.0).contains(&walk.lane_people_h) {
        return bad("walk.lane_people_h", "people per hour above 0");
    }
    match (walk.day_from_ms, walk.day_until_ms) {
        (None, None) => {}
        (Some(from), Some(until))
            if 0 <= from && from < until && until <= MOST_WHOLE && until - from <= DAY => {}
        _ => return bad("walk.day_from_ms", "both ends, at most a day between them"),
    }
    let mut ids = BTreeSet::new();
    let known =
        walk.lane.iter().all(|lane| raw.link_ids.find(&lane.link_id).is_some() && ids.insert(&lane.link_id));
    let lanes = walk.lane.iter().map(|lane| lane.lanes).chain([walk.lanes]);
    if !known || lanes.into_iter().any(|lanes| !(0.0..=20.0).contains(&lanes)) {
        return bad("walk.lanes", "0 to 20 lanes of links that exist, each once");
    }
    Ok(())
}

fn groups(table: &RawTable, raw: &RawScenario, modes: &[ListedMode]) -> Result<Vec<RawGroup>, Unreadable> {
    let mut groups: Vec<RawGroup> = Vec::new();
    // Curves that nobody names in zones.csv are read all the same: their ids are those of the curves in order.
    for row in table.rows() {
        let zone = raw.zone_ids.find(row.id("zone_id")?);
        let zone = zone.ok_or_else(|| row.bad("zone_id", "an id of zones.csv"))?;
        let mut known = Means::ALL.into_iter().chain(modes.iter().map(|mode| mode.means));
        let means = known.find(|m| m.word() == row.text("means"));
        let means = means.ok_or_else(|| {
            row.bad("means", "a travel mode or assistance level of docs/reference/multimodal.md")
        })?;
        if groups.iter().any(|g| g.zone == zone && g.means == means) {
            return Err(row.bad("means", "each means once per zone"));
        }
        let release = match row.text("mobilization_id") {
            "" => raw.zones[zone].release,
            id => {
                let curve = raw.mobilization_ids.find(id);
                Some(curve.ok_or_else(|| row.bad("mobilization_id", "an id of mobilization.csv"))?)
            }
        };
        let people = row.need_whole("people")?;
        if row.whole("stay_people")?.is_some_and(|stay| stay > people) {
            return Err(row.bad("stay_people", "at most people"));
        }
        if row.whole("priority")? == Some(0) {
            return Err(row.bad("priority", "1 or more"));
        }
        if row.amount("weight")?.is_some_and(|weight| !(0.001..=1000.0).contains(&weight)) {
            return Err(row.bad("weight", "0.001 to 1,000"));
        }
        let (low, high) = (row.whole("people_low")?, row.whole("people_high")?);
        groups.push(RawGroup {
            zone,
            means,
            people: ordered(&row, "people", people, low, high)?.value,
            low,
            high,
            stay: row.whole("stay_people")?,
            release,
            together: match row.text("together") {
                "1" => true,
                "0" | "" => false,
                _ => return Err(row.bad("together", "1, or an empty cell")),
            },
        });
    }
    Ok(groups)
}

fn kinds(table: &RawTable, raw: &RawScenario) -> Result<Vec<RawVehicleType>, Unreadable> {
    let mut kinds: Vec<RawVehicleType> = Vec::new();
    for row in table.rows() {
        let id = row.id("vehicle_type_id")?.to_owned();
        if kinds.iter().any(|k| k.id == id) {
            return Err(row.bad("vehicle_type_id", "an id that is not used twice"));
        }
        let speed = row.amount("speed_share")?.unwrap_or(1.0);
        if !(speed > 0.0 && speed <= 1.0) {
            return Err(row.bad("speed_share", "a share above 0 and at most 1"));
        }
        let pcu = row.amount("pcu_per_vehicle")?.filter(|pcu| *pcu > 0.0);
        let pcu = pcu.ok_or_else(|| row.bad("pcu_per_vehicle", "a number above 0"))?;
        let count = row.need_whole("count")?;
        let count = ordered(&row, "count", count, row.whole("count_low")?, row.whole("count_high")?)?;
        let depot = raw.nodes.find(row.text("depot_node_id"));
        kinds.push(RawVehicleType {
            id,
            count: count.value,
            count_high: count.high,
            places: [
                row.need_whole("seats")?,
                row.whole("wheelchair_places")?.unwrap_or(0),
                row.whole("stretcher_places")?.unwrap_or(0),
            ],
            pcu,
            speed,
            load: row.need_whole("load_ms")?,
            unload: row.need_whole("unload_ms")?,
            depot: depot.ok_or_else(|| row.bad("depot_node_id", "an id of node.csv"))?,
            from: row.whole("available_from_ms")?.unwrap_or(0),
            until: row.whole("available_until_ms")?,
            duty: row.whole("duty_max_ms")?,
            rest: row.whole("rest_ms")?,
            range: row.amount("range_m")?,
        });
    }
    Ok(kinds)
}
