//! Ways of moving that a scenario lists: `modes.csv`, `link_use.csv`, `access.csv`, `timetable.csv`, and what the scenario of such a
//! part must be (`docs/reference/multimodal.md`, Modes).

use crate::Unreadable;
use crate::number;
use crate::raw::{RawConnector, RawPeriod, RawScenario, RawTarget, ordered};
use crate::table::{MOST_WHOLE, RawRow, RawTable};
use clearway_model::{ClassOfUsers, Figure, Means, Mode, ModeId};
use std::collections::{BTreeMap, BTreeSet};

/// Most pcu/h of a link of its own, and most of a mode's other figures.
const MOST_PCU_H: f64 = 60_000.0;
/// Most departures of one row, and of all.
const DEPARTURES: (i64, i64) = (100_000, 1_000_000);

/// What one mode has of one link.
#[derive(Debug, Clone, Copy)]
struct ModeLinkUse {
    /// Vehicles per hour: figure, low, high.
    own: Option<Figure<f64>>,
    share: Option<f64>,
    time: Option<(i64, Option<i64>)>,
}

/// A run: the link, when people can board it for the first time, when it leaves, and when it boards in all.
#[derive(Debug)]
struct TimetableRun {
    link: usize,
    board: i64,
    times: Vec<(i64, i64)>,
}

/// A mode of the scenario.
#[derive(Debug)]
pub(crate) struct ListedMode {
    pub means: Means,
    pub name: String,
    /// Whether it goes by a timetable.
    pub by_timetable: bool,
    pub class: ClassOfUsers,
    /// km/h, and the fastest.
    speed: Option<(f64, Option<f64>)>,
    share: f64,
    /// Kinds of links on which the share is given; `None`: all.
    types: Option<Vec<String>>,
    pub turn_bans: bool,
    uses: BTreeMap<usize, ModeLinkUse>,
    /// Connectors of its own with their ids; empty: those of the scenario.
    pub access: Vec<(String, RawConnector)>,
    runs: Vec<TimetableRun>,
}

/// What links say of themselves that no class of a scenario uses.
#[derive(Debug)]
pub(crate) struct LinkAttributes {
    pub length: Vec<Option<f64>>,
    pub types: Vec<String>,
}

impl LinkAttributes {
    /// From `link.csv` of the whole.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        let table = RawTable::parse("link.csv", bytes)?.with(&["link_id"])?;
        let mut roads = Self { length: Vec::new(), types: Vec::new() };
        for row in table.rows() {
            roads.length.push(row.amount("length_m")?);
            roads.types.push(row.text("facility_type").to_owned());
        }
        Ok(roads)
    }
}

/// A file as a table with these columns, an empty one where there is none.
pub(crate) type TableOf<'a> = dyn Fn(&str, &[&str]) -> Result<RawTable, Unreadable> + 'a;

/// Reads the modes; `table` gives a file with these columns, an empty one where there is none.
pub(crate) fn read(
    table: &TableOf<'_>,
    roads: &LinkAttributes,
    raw: &RawScenario,
) -> Result<Vec<ListedMode>, Unreadable> {
    let mut modes: Vec<ListedMode> = Vec::new();
    for row in table("modes.csv", &["mode_id", "name", "kind"])?.rows() {
        let mode = mode(&row)?;
        if modes.iter().any(|known| known.means == mode.means) {
            return Err(row.bad("mode_id", "an id that is not used twice"));
        }
        modes.push(mode);
    }
    for row in table("link_use.csv", &["link_id", "mode_id"])?.rows() {
        let mode = find(&mut modes, &row)?;
        let link = raw.link_ids.find(row.id("link_id")?);
        let link = link.ok_or_else(|| row.bad("link_id", "an id of link.csv"))?;
        let use_ = link_use(&row, mode, roads.length[link].is_some())?;
        if mode.uses.insert(link, use_).is_some() {
            return Err(row.bad("link_id", "each link once for a mode"));
        }
    }
    for row in
        table("access.csv", &["connector_id", "mode_id", "place", "place_id", "node_id", "time_ms"])?.rows()
    {
        let mode = find(&mut modes, &row)?;
        let id = row.id("connector_id")?.to_owned();
        if mode.access.iter().any(|known| known.0 == id) {
            return Err(row.bad("connector_id", "an id that is not used twice for a mode"));
        }
        let of_zone = match row.text("place") {
            "zone" => true,
            "site" => false,
            _ => return Err(row.bad("place", "zone or site")),
        };
        let places = if of_zone { &raw.zone_ids } else { &raw.site_ids };
        let place = places.find(row.text("place_id"));
        let node = raw.nodes.find(row.text("node_id"));
        let connector = RawConnector {
            of_zone,
            place: place.ok_or_else(|| row.bad("place_id", "an id of that table"))?,
            node: node.ok_or_else(|| row.bad("node_id", "an id of node.csv"))?,
            time: row.need_whole("time_ms")?,
            capacity: None,
        };
        mode.access.push((id, connector));
    }
    read_runs(
        &table("timetable.csv", &["run_id", "mode_id", "link_id", "depart_ms", "places"])?,
        &mut modes,
        raw,
    )?;
    for link in 0..raw.links.len() {
        if given(&modes, raw, roads, link) > 1.0 + 1e-9 {
            let id = &raw.link_ids.list[link];
            return Err(Unreadable::value(
                "link_use.csv",
                id,
                "road_share",
                "",
                "shares of at most 1 in all",
            ));
        }
    }
    Ok(modes)
}

fn find<'m>(modes: &'m mut [ListedMode], row: &RawRow<'_>) -> Result<&'m mut ListedMode, Unreadable> {
    let id = row.text("mode_id");
    modes
        .iter_mut()
        .find(|m| m.means.word() == id)
        .ok_or_else(|| row.bad("mode_id", "a mode_id of modes.csv"))
}

fn mode(row: &RawRow<'_>) -> Result<ListedMode, Unreadable> {
    let id =
        ModeId::new(row.id("mode_id")?).ok_or_else(|| row.bad("mode_id", "an id that a mode may have"))?;
    let by_timetable = match row.text("kind") {
        "self_moving" => false,
        "timetable" => true,
        _ => return Err(row.bad("kind", "self_moving or timetable")),
    };
    let above = |column: &str, most: f64| match row.amount(column)? {
        Some(value) if !(value > 0.0 && value <= most) => Err(row.bad(column, "a credible number above 0")),
        value => Ok(value),
    };
    let ends = ["people_per_vehicle_low", "people_per_vehicle_high"];
    let (low, high) = (above(ends[0], 1000.0)?, above(ends[1], 1000.0)?);
    let people = above("people_per_vehicle", 1000.0)?;
    let pcu = above("pcu_per_vehicle", 20.0)?;
    let occupancy = ordered(row, "people_per_vehicle", people.unwrap_or(1.0), low, high)?;
    let share = row.amount("road_share")?;
    if share.is_some_and(|share| share > 1.0) {
        return Err(row.bad("road_share", "a share from 0 to 1"));
    }
    if by_timetable && (people.or(low).or(high).or(pcu).is_some() || share.unwrap_or(0.0) > 0.0) {
        return Err(row.bad("kind", "neither people nor pcu per vehicle nor road_share on a timetable"));
    }
    let speed = above("speed_km_h", 250.0)?;
    let fastest = above("speed_km_h_high", 250.0)?;
    if fastest.is_some_and(|high| speed.is_none_or(|speed| high < speed))
        || (share.unwrap_or(0.0) > 0.0 && speed.is_none())
    {
        return Err(row.bad("speed_km_h", "a speed, no more than the fastest, where there are shares"));
    }
    let types = row.text("facility_types");
    Ok(ListedMode {
        means: Means::Listed(id),
        name: row.id("name")?.to_owned(),
        by_timetable,
        class: ClassOfUsers {
            id: id.as_str().to_owned(),
            mode: Mode::Vehicle,
            people_per_vehicle: Some(occupancy.value),
            people_per_vehicle_low: low,
            people_per_vehicle_high: high,
            pcu_per_vehicle: pcu.unwrap_or(1.0),
        },
        speed: speed.map(|speed| (speed, fastest)),
        share: share.unwrap_or(0.0),
        types: (!types.is_empty()).then(|| types.split(';').map(|t| t.trim().to_owned()).collect()),
        turn_bans: match row.text("turn_bans") {
            "" | "1" => true,
            "0" => false,
            _ => return Err(row.bad("turn_bans", "0, 1 or an empty cell")),
        },
        uses: BTreeMap::new(),
        access: Vec::new(),
        runs: Vec::new(),
    })
}

fn link_use(row: &RawRow<'_>, mode: &ListedMode, has_length: bool) -> Result<ModeLinkUse, Unreadable> {
    let own = row.amount("capacity_vehicles_h")?;
    let (low, high) = (row.amount("capacity_vehicles_h_low")?, row.amount("capacity_vehicles_h_high")?);
    if own.is_none() && (low.is_some() || high.is_some()) {
        return Err(row.bad("capacity_vehicles_h", "a figure where its ends are given"));
    }
    let own = own.map(|own| ordered(row, "capacity_vehicles_h", own, low, high)).transpose()?;
    if own.is_some_and(|own| own.high * mode.class.pcu_per_vehicle > MOST_PCU_H) {
        return Err(row.bad("capacity_vehicles_h", "at most 60,000 pcu/h"));
    }
    let share = row.amount("road_share")?;
    if share.is_some_and(|share| share > 1.0 || (share > 0.0 && mode.by_timetable)) {
        return Err(row.bad("road_share", "a share from 0 to 1; none on a timetable"));
    }
    let (time, fastest) = (row.whole("time_ms")?, row.whole("time_ms_low")?);
    if time == Some(0) || fastest.is_some_and(|low| low == 0 || time.is_none_or(|time| low > time)) {
        return Err(row.bad("time_ms", "a time above 0, no less than the fastest"));
    }
    let is_used = own.is_some_and(|own| own.value > 0.0) || share.is_some_and(|share| share > 0.0);
    if is_used && time.is_none() && (mode.speed.is_none() || !has_length) {
        return Err(row.bad("time_ms", "a time where none follows from speed and length"));
    }
    Ok(ModeLinkUse { own, share, time: time.map(|time| (time, fastest)) })
}

fn read_runs(table: &RawTable, modes: &mut [ListedMode], raw: &RawScenario) -> Result<(), Unreadable> {
    let mut ids = BTreeSet::new();
    let mut left = DEPARTURES.1;
    for row in table.rows() {
        let mode = find(modes, &row)?;
        if !ids.insert(row.id("run_id")?.to_owned()) {
            return Err(row.bad("run_id", "an id that is not used twice"));
        }
        let link = raw.link_ids.find(row.id("link_id")?);
        let link = link.ok_or_else(|| row.bad("link_id", "an id of link.csv"))?;
        if !mode.by_timetable || raw.windows.iter().any(|w| w.target == RawTarget::Link(link)) {
            return Err(row.bad("link_id", "a link without windows of its own, for a mode on a timetable"));
        }
        let rate = mode.uses.get(&link).and_then(|u| u.own).map_or(0.0, |own| own.value);
        let places = row.need_whole("places")?;
        if !(1..=100_000).contains(&places) || rate <= 0.0 {
            return Err(row.bad("places", "1 to 100,000 places on a link with a capacity for the mode"));
        }
        let board = number::whole((number::real(places) * 3_600_000.0 / rate).ceil());
        let depart = row.need_whole("depart_ms")?;
        let (every, stop) = (row.whole("repeat_every_ms")?, row.whole("repeat_until_ms")?);
        if board > depart || every == Some(0) || stop.is_some_and(|stop| stop <= depart) {
            return Err(row.bad("depart_ms", "a departure after boarding, repeated until a later time"));
        }
        // Boarding begins before the end of the repetitions less the boarding, and before the horizon.
        let (first, horizon) = (depart - board, raw.settings.horizon_ms);
        let end = stop.map_or(horizon, |stop| stop - board).min(horizon);
        let count = match every {
            None => i64::from(first < horizon),
            Some(every) => {
                if end > first {
                    (end - first - 1) / every + 1
                } else {
                    0
                }
            }
        };
        left -= count;
        if count > DEPARTURES.0 || left < 0 {
            return Err(row.bad("repeat_every_ms", "fewer repetitions, of this row or of all"));
        }
        let every = every.unwrap_or(0);
        let times = (0..count).map(|k| (first + k * every, depart + k * every)).collect();
        mode.runs.push(TimetableRun { link, board, times });
    }
    for mode in modes {
        let mut boarding: BTreeMap<usize, Vec<(i64, i64)>> = BTreeMap::new();
        for run in &mode.runs {
            boarding.entry(run.link).or_default().extend(&run.times);
        }
        for (link, times) in &mut boarding {
            times.sort_unstable();
            if times.windows(2).any(|pair| pair[1].0 < pair[0].1) {
                let id = &raw.link_ids.list[*link];
                let expected = "boarding that begins when the run before has left";
                return Err(Unreadable::value("timetable.csv", id, "depart_ms", "", expected));
            }
        }
    }
    Ok(())
}

/// Share of a link's vehicle capacity that is given to modes.
pub(crate) fn given(modes: &[ListedMode], raw: &RawScenario, roads: &LinkAttributes, link: usize) -> f64 {
    modes.iter().map(|mode| mode.share_of(raw, roads, link)).sum()
}

impl ListedMode {
    fn share_of(&self, raw: &RawScenario, roads: &LinkAttributes, link: usize) -> f64 {
        if raw.links[link].capacity.is_none() {
            return 0.0;
        }
        if let Some(share) = self.uses.get(&link).and_then(|own| own.share) {
            return share;
        }
        let is_on = self.types.as_ref().is_none_or(|types| types.contains(&roads.types[link]));
        if is_on { self.share } else { 0.0 }
    }

    /// Capacity in pcu/h (figure, low, high) and times (usual, fastest) of a link; `None`: not for this mode.
    pub fn link(
        &self,
        raw: &RawScenario,
        roads: &LinkAttributes,
        link: usize,
    ) -> Option<([f64; 3], [i64; 2])> {
        let share = self.share_of(raw, roads, link);
        let own = self.uses.get(&link);
        let pcu = self.class.pcu_per_vehicle;
        let has = own.and_then(|own| own.own).unwrap_or(Figure::new(0.0, None, None));
        let road = raw.links[link].capacity.unwrap_or(Figure::new(0.0, None, None));
        let capacity = [
            has.value * pcu + road.value * share,
            has.low * pcu + road.low * share,
            has.high * pcu + road.high * share,
        ];
        if capacity[0] <= 0.0 {
            return None;
        }
        let (time, low) = match own.and_then(|own| own.time) {
            Some((time, low)) => (time, low.unwrap_or(time)),
            None => {
                // without a speed the link has a time of its own, or nothing uses it
                let (usual, fastest) = self.speed.unwrap_or((f64::INFINITY, None));
                let at = |speed: f64| {
                    let ms = (roads.length[link].unwrap_or(0.0) * 3600.0 / speed).ceil();
                    number::whole(ms).clamp(1, MOST_WHOLE)
                };
                (at(usual), at(fastest.unwrap_or(usual)))
            }
        };
        let board = self.runs.iter().filter(|run| run.link == link).map(|run| run.board).max().unwrap_or(0);
        Some((capacity, [time + board, low + board]))
    }

    /// The times in which people board.
    pub fn boarding_windows(&self) -> impl Iterator<Item = RawPeriod> + '_ {
        self.runs.iter().map(|run| RawPeriod {
            target: RawTarget::Link(run.link),
            presence: false,
            times: run.times.clone(),
        })
    }
}
