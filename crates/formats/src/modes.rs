//! Ways of moving that a scenario lists: `modes.csv`, `link_use.csv`, `access.csv` and `timetable.csv`.

use crate::findings::RowFaults;
use crate::mode_figures::{boarding_ms, departures, road_shares};
use crate::nearest::nearest;
use crate::table::{TableRow, limits, read_csv_table};
use clearway_model::{
    AccessRow, ConnectorPlace, Fault, GroupRow, LinkRow, LinkUseRow, Means, ModeId, ModeKind, ModeRow, Modes,
    RunRow, Scenario, WalkSettings, WindowTarget,
};
use std::collections::{BTreeMap, BTreeSet};

/// From when until when people board a run, ms, and its row.
type Boardings = Vec<(i64, i64, usize)>;

/// Most departures of one row, and of all; as many as the windows of a scenario may have.
const DEPARTURES_OF_ROW: i64 = 100_000;
const DEPARTURES: i64 = 1_000_000;
/// Most that a link of a part has, pcu/h.
const ROAD: f64 = 60_000.0;

/// A table and the numbers of its rows in the file.
struct NumberedTable<R> {
    rows: Vec<R>,
    numbers: Vec<u64>,
}

/// Reads and checks the tables that exist; `bytes` gives the contents of a file.
pub(crate) fn read_modes<'b>(
    scenario: &Scenario,
    walk: Option<&WalkSettings>,
    bytes: &dyn Fn(&str) -> Option<&'b [u8]>,
    findings: &mut RowFaults,
) -> Modes {
    let modes = table::<ModeRow>(bytes, findings);
    let link_uses = table::<LinkUseRow>(bytes, findings);
    let access = table::<AccessRow>(bytes, findings);
    let runs = table::<RunRow>(bytes, findings);
    let is_read = [ModeRow::FILE, LinkUseRow::FILE, AccessRow::FILE, RunRow::FILE]
        .iter()
        .all(|file| !findings.has_errors_in(file));
    if is_read {
        let mut check = ModeCheck { scenario, modes: &modes.rows, findings };
        check.modes(&modes);
        check.link_uses(&link_uses);
        check.access(&access);
        check.runs(&runs, &link_uses.rows);
        check.shares(&link_uses.rows, walk);
    }
    Modes { rows: modes.rows, link_uses: link_uses.rows, access: access.rows, runs: runs.rows }
}

/// Groups that move by a mode which is listed nowhere, or which has no link.
pub(crate) fn check_listed(modes: &Modes, groups: &[GroupRow], rows: &[u64], findings: &mut RowFaults) {
    let known = || Means::ALL.iter().map(Means::word).chain(modes.rows.iter().map(|m| m.mode_id.as_str()));
    for (row, &number) in groups.iter().zip(rows) {
        let Means::Listed(id) = row.means else { continue };
        if modes.find(id.as_str()).is_none() {
            let place = format!("row {number} ({})", row.label());
            let expected = "'vehicle', 'walk', 'seat', 'wheelchair', 'stretcher' or a mode_id of modes.csv";
            let hint = nearest(id.as_str(), known())
                .map_or_else(String::new, |word| format!("did you mean '{word}'?"));
            let fault = Fault::error(GroupRow::FILE, place, expected).field("means", id.as_str());
            findings.push(number, fault.hint(hint));
        }
    }
}

fn table<'b, R: TableRow>(
    bytes: &dyn Fn(&str) -> Option<&'b [u8]>,
    findings: &mut RowFaults,
) -> NumberedTable<R> {
    let Some(bytes) = bytes(R::FILE) else { return NumberedTable { rows: Vec::new(), numbers: Vec::new() } };
    let read = read_csv_table::<R>(R::FILE, bytes, findings);
    limits(R::FILE, &read.rows, &read.origin.rows, findings);
    NumberedTable { rows: read.rows, numbers: read.origin.rows }
}

struct ModeCheck<'a> {
    scenario: &'a Scenario,
    modes: &'a [ModeRow],
    findings: &'a mut RowFaults,
}

impl ModeCheck<'_> {
    fn bad<R: TableRow>(
        &mut self,
        (row, number): (&R, u64),
        (field, found): (&str, &dyn std::fmt::Display),
        expected: impl Into<String>,
        hint: &str,
    ) {
        let place = format!("row {number} ({})", row.label());
        let fault = Fault::error(R::FILE, place, expected.into()).field(field, found);
        self.findings.push(number, fault.hint(hint));
    }

    fn mode(&self, id: &str) -> Option<&ModeRow> {
        self.modes.iter().find(|mode| mode.mode_id == id)
    }

    fn modes(&mut self, table: &NumberedTable<ModeRow>) {
        let mut seen = BTreeSet::new();
        for (row, &number) in table.rows.iter().zip(&table.numbers) {
            let at = (row, number);
            if ModeId::new(&row.mode_id).is_none() {
                let expected = format!(
                    "1 to {} lower-case letters, digits and _, a letter first, and none of {}",
                    ModeId::LONGEST,
                    ModeId::RESERVED.join(", ")
                );
                let hint = "the id is the name of a folder of the plan";
                self.bad(at, ("mode_id", &row.mode_id), expected, hint);
            }
            if !seen.insert(row.mode_id.as_str()) {
                self.bad(at, ("mode_id", &row.mode_id), "an id that is not used twice", "");
            }
            let occupancy = row.occupancy();
            if row.people_per_vehicle_low.is_some_and(|low| low > occupancy)
                || row.people_per_vehicle_high.is_some_and(|high| high < occupancy)
            {
                let expected = "a figure between people_per_vehicle_low and people_per_vehicle_high";
                self.bad(at, ("people_per_vehicle", &occupancy), expected, "");
            }
            if let Some(high) = row.speed_km_h_high.filter(|high| row.speed_km_h.is_none_or(|s| *high < s)) {
                self.bad(at, ("speed_km_h_high", &high), "at least speed_km_h, which must be given too", "");
            }
            if row.kind == ModeKind::Timetable {
                let counted = [
                    ("people_per_vehicle", row.people_per_vehicle),
                    ("people_per_vehicle_low", row.people_per_vehicle_low),
                    ("people_per_vehicle_high", row.people_per_vehicle_high),
                    ("pcu_per_vehicle", row.pcu_per_vehicle),
                    ("road_share", row.road_share.filter(|share| *share > 0.0)),
                ];
                for (field, value) in counted {
                    if let Some(value) = value {
                        let hint = "places of a run are people, and its link is its own";
                        self.bad(at, (field, &value), "an empty cell for a mode on a timetable", hint);
                    }
                }
            }
        }
    }

    /// That the mode is one of modes.csv.
    fn known<R: TableRow>(&mut self, at: (&R, u64), id: &str) {
        if self.mode(id).is_none() {
            let hint = nearest(id, self.modes.iter().map(|mode| mode.mode_id.as_str()))
                .map_or_else(String::new, |word| format!("did you mean '{word}'?"));
            self.bad(at, ("mode_id", &id), "a mode_id of modes.csv", &hint);
        }
    }

    fn link_uses(&mut self, table: &NumberedTable<LinkUseRow>) {
        let links: BTreeMap<&str, &LinkRow> =
            self.scenario.links.iter().map(|link| (link.link_id.as_str(), link)).collect();
        let mut seen = BTreeSet::new();
        for (row, &number) in table.rows.iter().zip(&table.numbers) {
            let at = (row, number);
            self.known(at, &row.mode_id);
            let Some(link) = links.get(row.link_id.as_str()) else {
                self.bad(at, ("link_id", &row.link_id), "an id of link.csv", "");
                continue;
            };
            if !seen.insert((row.link_id.as_str(), row.mode_id.as_str())) {
                self.bad(at, ("link_id", &row.link_id), "each link once for a mode", "");
            }
            let own = row.capacity_vehicles_h;
            let value = own.unwrap_or(0.0);
            let has_ends = row.capacity_vehicles_h_low.is_some() || row.capacity_vehicles_h_high.is_some();
            if (own.is_none() && has_ends)
                || row.capacity_vehicles_h_low.is_some_and(|low| low > value)
                || row.capacity_vehicles_h_high.is_some_and(|high| high < value)
            {
                let expected = "a figure between its low and its high end";
                self.bad(at, ("capacity_vehicles_h", &value), expected, "");
            }
            let Some(mode) = self.mode(&row.mode_id).cloned() else { continue };
            let share = row.road_share.unwrap_or(0.0);
            if mode.kind == ModeKind::Timetable && share > 0.0 {
                let hint = "a run has its link for itself";
                self.bad(at, ("road_share", &share), "an empty cell for a mode on a timetable", hint);
            }
            let most = row.capacity_vehicles_h_high.unwrap_or(value) * mode.pcu();
            if most > ROAD {
                let expected = format!("at most {ROAD} pcu/h");
                self.bad(
                    at,
                    ("capacity_vehicles_h", &value),
                    expected,
                    "vehicles per hour times pcu_per_vehicle",
                );
            }
            if row.time_ms.is_none() && (value > 0.0 || share > 0.0) {
                self.by_speed(at, &mode, link);
            }
            if row.time_ms_low.is_some_and(|low| row.time_ms.is_none_or(|time| low > time)) {
                let expected = "at most time_ms, which must be given too";
                self.bad(at, ("time_ms_low", &row.time_ms_low.unwrap_or(0)), expected, "");
            }
        }
        // Links on which a share is given by the mode alone.
        let modes = self.modes;
        for mode in modes.iter().filter(|mode| mode.road_share.is_some_and(|share| share > 0.0)) {
            if mode.speed_km_h.is_none() {
                let fault =
                    Fault::error(ModeRow::FILE, mode.mode_id.clone(), "a speed where road_share is given");
                let hint = "links of link.csv state the time of vehicles, not of this mode";
                self.findings.push(0, fault.field("speed_km_h", "").hint(hint));
            }
        }
    }

    /// That the time of a link follows from its length.
    fn by_speed(&mut self, at: (&LinkUseRow, u64), mode: &ModeRow, link: &LinkRow) {
        if mode.speed_km_h.is_none() {
            let hint = "or give the mode a speed_km_h in modes.csv";
            self.bad(at, ("time_ms", &""), "a travel time in milliseconds", hint);
        } else if link.length_m.is_none() {
            let hint = "without length_m in link.csv no time follows from the mode's speed";
            self.bad(at, ("time_ms", &""), "a travel time in milliseconds", hint);
        }
    }

    fn access(&mut self, table: &NumberedTable<AccessRow>) {
        let scenario = self.scenario;
        let zones: BTreeSet<&str> = scenario.zones.iter().map(|z| z.zone_id.as_str()).collect();
        let sites: BTreeSet<&str> = scenario.sites.iter().map(|s| s.site_id.as_str()).collect();
        let nodes: BTreeSet<&str> = scenario.nodes.iter().map(|n| n.node_id.as_str()).collect();
        let mut seen = BTreeSet::new();
        for (row, &number) in table.rows.iter().zip(&table.numbers) {
            let at = (row, number);
            self.known(at, &row.mode_id);
            if !seen.insert((row.mode_id.as_str(), row.connector_id.as_str())) {
                self.bad(
                    at,
                    ("connector_id", &row.connector_id),
                    "an id that is not used twice for a mode",
                    "",
                );
            }
            let (places, expected) = match row.place {
                ConnectorPlace::Zone => (&zones, "an id of zones.csv"),
                ConnectorPlace::Site => (&sites, "an id of sites.csv"),
            };
            if !places.contains(row.place_id.as_str()) {
                self.bad(at, ("place_id", &row.place_id), expected, "");
            }
            if !nodes.contains(row.node_id.as_str()) {
                self.bad(at, ("node_id", &row.node_id), "an id of node.csv", "");
            }
        }
    }

    fn runs(&mut self, table: &NumberedTable<RunRow>, uses: &[LinkUseRow]) {
        let horizon = self.scenario.settings.horizon_ms;
        let used: BTreeMap<(&str, &str), &LinkUseRow> =
            uses.iter().map(|u| ((u.link_id.as_str(), u.mode_id.as_str()), u)).collect();
        let mut names: BTreeSet<&str> =
            self.scenario.windows.iter().map(|window| window.window_id.as_str()).collect();
        let own_windows: BTreeSet<&str> = self
            .scenario
            .windows
            .iter()
            .filter(|window| window.target == WindowTarget::Link)
            .map(|window| window.target_id.as_str())
            .collect();
        let mut boarding: BTreeMap<(&str, &str), Boardings> = BTreeMap::new();
        let mut left = DEPARTURES;
        for (index, (row, &number)) in table.rows.iter().zip(&table.numbers).enumerate() {
            let at = (row, number);
            self.known(at, &row.mode_id);
            if !names.insert(&row.run_id) {
                let hint = "runs and windows of windows.csv share their ids";
                self.bad(at, ("run_id", &row.run_id), "an id that is not used twice", hint);
            }
            if self.mode(&row.mode_id).is_some_and(|mode| mode.kind != ModeKind::Timetable) {
                self.bad(at, ("mode_id", &row.mode_id), "a mode of the kind timetable", "");
            }
            if own_windows.contains(row.link_id.as_str()) {
                let hint = "people board in the times before a run leaves, and in no others";
                self.bad(at, ("link_id", &row.link_id), "a link that windows.csv does not name", hint);
            }
            let key = (row.link_id.as_str(), row.mode_id.as_str());
            let Some(board) = used.get(&key).and_then(|own| boarding_ms(row, own)) else {
                let expected = "a link with capacity_vehicles_h for this mode in link_use.csv";
                self.bad(at, ("link_id", &row.link_id), expected, "how many people an hour can board");
                continue;
            };
            if board > row.depart_ms {
                let expected = format!("at least {board}, as boarding takes so long and begins after time 0");
                self.bad(at, ("depart_ms", &row.depart_ms), expected, "");
                continue;
            }
            if let Some(until) = row.repeat_until_ms.filter(|until| *until <= row.depart_ms) {
                self.bad(at, ("repeat_until_ms", &until), "a time after depart_ms", "");
                continue;
            }
            let count = departures(row, horizon);
            left -= count;
            if count > DEPARTURES_OF_ROW || left < 0 {
                let every = row.repeat_every_ms.unwrap_or(0);
                self.bad(at, ("repeat_every_ms", &every), "fewer repetitions, of this row or of all", "");
                break;
            }
            let times = boarding.entry(key).or_default();
            let every = row.repeat_every_ms.unwrap_or(0);
            times.extend(
                (0..count).map(|k| (row.depart_ms - board + k * every, row.depart_ms + k * every, index)),
            );
        }
        for times in boarding.values_mut() {
            times.sort_unstable();
            if let Some(pair) = times.windows(2).find(|pair| pair[1].0 < pair[0].1) {
                let index = pair[1].2;
                let (row, number) = (&table.rows[index], table.numbers[index]);
                let expected = format!(
                    "boarding that begins when the run before has left; it begins at {} ms, and the run before leaves at {} ms",
                    pair[1].0, pair[0].1
                );
                let hint = "fewer places, a later departure or a larger capacity_vehicles_h in link_use.csv";
                self.bad((row, number), ("depart_ms", &row.depart_ms), expected, hint);
            }
        }
    }

    /// No link is given away more than once, to walkers and modes together.
    fn shares(&mut self, uses: &[LinkUseRow], walk: Option<&WalkSettings>) {
        let modes = Modes { rows: self.modes.to_vec(), link_uses: uses.to_vec(), ..Modes::default() };
        let shares = road_shares(&modes, &self.scenario.links);
        for (link, share) in self.scenario.links.iter().zip(shares).filter(|(_, share)| *share > 0.0) {
            let chosen = walk.and_then(|w| w.lane.iter().rev().find(|lane| lane.link_id == link.link_id));
            let lanes = chosen.map(|lane| lane.lanes).or(walk.map(|walk| walk.lanes)).unwrap_or(0.0);
            let walkers = (lanes / link.lanes.filter(|lanes| *lanes > 0.0).unwrap_or(1.0)).min(1.0);
            let share = share + walkers;
            if share > 1.0 + 1e-9 {
                let expected = "shares of a link that add up to at most 1, those of all modes and the lanes of walkers together";
                let fault = Fault::error(LinkUseRow::FILE, link.link_id.clone(), expected);
                self.findings.push(0, fault.field("road_share", share));
            }
        }
    }
}
