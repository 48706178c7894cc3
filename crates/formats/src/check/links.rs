//! `link.csv` row by row: figures that a class of road users needs, GMNS columns that say something else, loops and doubles.

use super::ScenarioCheck;
use clearway_model::number::float;
use clearway_model::{LinkRow, Mode};
use std::collections::BTreeMap;

/// More per lane and hour is absurd, pcu: the best lanes ever counted stay below.
const MOST_PCU_PER_LANE: f64 = 3000.0;
/// More without a number of lanes is worth a look, pcu/h: four good lanes.
const MUCH_WITHOUT_LANES: f64 = 10_000.0;
/// Less is worth a look, pcu/h or people/h: one in three minutes.
const LITTLE: f64 = 20.0;
/// GMNS columns may differ from ours by this share.
const TOLERANCE: f64 = 0.01;

pub(super) fn check(check: &mut ScenarioCheck<'_>) {
    let scenario = check.scenario;
    if scenario.links.is_empty() && check.origin.is_whole::<LinkRow>() {
        check.table_warning::<LinkRow>(
            ("rows", 0),
            "a road",
            "without roads nobody gets further than a connector",
        );
    }
    let mut closed = Vec::new();
    for (index, row) in check.sound(&scenario.links) {
        directed(check, index, row);
        times_where_needed(check, index, row);
        gmns(check, index, row);
        capacity(check, index, row);
        room(check, index, row);
        closed.extend(nothing_left(row).map(|(reserved, expected)| (index, reserved, expected)));
        if !row.from_node_id.is_empty() && row.from_node_id == row.to_node_id {
            let hint = "a link from a node to itself leads nowhere; no route uses it";
            check.warning(
                index,
                row,
                ("to_node_id", &row.to_node_id),
                "another node than from_node_id",
                hint,
            );
        }
    }
    let hint = "nothing is left to plan with: the link is closed in every case but the optimistic one, in which nothing is reserved";
    check.warnings(&scenario.links, "reserved_pcu_h", &closed, hint);
    usable(check);
    doubles(check);
}

/// A link of which all is reserved: what is reserved, and what was expected.
fn nothing_left(row: &LinkRow) -> Option<(String, String)> {
    let (capacity, reserved) = (row.capacity_pcu_h?, row.reserved_pcu_h?);
    (reserved >= capacity).then(|| (reserved.to_string(), format!("less than capacity_pcu_h ({capacity})")))
}

fn directed(check: &mut ScenarioCheck<'_>, index: usize, row: &LinkRow) {
    if !matches!(row.directed.as_str(), "" | "1" | "true") {
        let hint = "a row is one direction; write a two-way road as two rows with their own ids";
        check.error(index, row, ("directed", &row.directed), "'true', '1' or an empty cell", hint);
    }
}

fn times_where_needed(check: &mut ScenarioCheck<'_>, index: usize, row: &LinkRow) {
    let groups = [
        ("capacity_pcu_h", row.capacity_pcu_h, "time_ms", row.time_ms),
        ("walk_capacity_people_h", row.walk_capacity_people_h, "walk_time_ms", row.walk_time_ms),
    ];
    for (capacity, given, field, time) in groups {
        if given.is_some() && time.is_none() {
            let expected = format!("a whole number, more than 0, where {capacity} is given");
            check.error(index, row, (field, ""), expected, "free-flow travel time in milliseconds");
        }
    }
    if row.capacity_pcu_h.is_none() && row.walk_capacity_people_h.is_none() {
        let hint = "without capacity_pcu_h or walk_capacity_people_h a link is open to nobody";
        check.warning(index, row, ("capacity_pcu_h", ""), "a capacity for vehicles or walkers", hint);
    }
}

/// Whether the second figure is more than 1 % off the first.
fn disagrees(ours: f64, theirs: f64, rounding: f64) -> bool {
    (ours - theirs).abs() > TOLERANCE * ours.abs() + rounding
}

fn gmns(check: &mut ScenarioCheck<'_>, index: usize, row: &LinkRow) {
    if let (Some(length_m), Some(length)) = (row.length_m.filter(|length| *length > 0.0), row.length) {
        // the smallest number above 1 % that binary fractions make of exactly 1 % is no fault
        if disagrees(length_m, length * 1000.0, 1e-9 * length_m.abs()) {
            let expected = format!("length_m / 1000 = {} km", length_m / 1000.0);
            check.error(index, row, ("length", length), expected, length_hint(length, length_m));
        }
    }
    let high = row.capacity_pcu_h_high.or(row.capacity_pcu_h);
    if let (Some(high), Some(capacity), Some(lanes)) = (high, row.capacity, row.lanes)
        && disagrees(high, capacity * lanes, 1e-9 * high.abs())
    {
        let ours = if row.capacity_pcu_h_high.is_some() { "capacity_pcu_h_high" } else { "capacity_pcu_h" };
        let expected = format!("capacity x lanes = {ours} ({high}); here it is {}", capacity * lanes);
        let hint = "GMNS capacity is pcu/h per lane, ours is the whole link";
        check.error(index, row, ("capacity", capacity), expected, hint);
    }
    if let (Some(length_m), Some(speed), Some(time)) = (row.length_m, row.free_speed, row.time_ms) {
        let expected_ms = length_m / speed * 3600.0;
        // both are rounded when written: the time to 1 ms, the speed most often to 0.01 km/h
        let rounding = 1.0 + expected_ms * 0.005 / speed;
        let is_known =
            check.is_reported::<LinkRow>(index, "time_ms") || check.is_reported::<LinkRow>(index, "length_m");
        if !is_known
            && length_m > 0.0
            && speed > 0.0
            && time > 0
            && disagrees(float(time), expected_ms, rounding)
        {
            let km_h = length_m / float(time) * 3600.0;
            let expected = format!("length_m / time_ms = {km_h:.2} km/h");
            check.error(index, row, ("free_speed", speed), expected, speed_hint(speed, km_h));
        }
    }
}

fn is_about(ratio: f64, unit: f64) -> bool {
    (ratio / unit - 1.0).abs() < 0.02
}

fn length_hint(length: f64, length_m: f64) -> &'static str {
    let ratio = length / length_m;
    if is_about(ratio, 1.0) {
        "GMNS length is in km, this looks like metres"
    } else if is_about(ratio, 1.0 / 1609.344) {
        "GMNS length is in km, this looks like miles"
    } else if is_about(ratio, 1.0 / 0.3048) {
        "GMNS length is in km, this looks like feet"
    } else {
        "GMNS length is in km; planning uses length_m"
    }
}

fn speed_hint(speed: f64, km_h: f64) -> &'static str {
    let ratio = speed / km_h;
    if is_about(ratio, 1.0 / 1.609_344) {
        "GMNS speed is in km/h, this looks like miles per hour"
    } else if is_about(ratio, 1.0 / 3.6) {
        "GMNS speed is in km/h, this looks like metres per second"
    } else if is_about(ratio, 1e-3) {
        "is time_ms in seconds?"
    } else {
        "GMNS speed is in km/h; planning uses time_ms"
    }
}

fn capacity(check: &mut ScenarioCheck<'_>, index: usize, row: &LinkRow) {
    for (field, value) in
        [("capacity_pcu_h", row.capacity_pcu_h), ("walk_capacity_people_h", row.walk_capacity_people_h)]
    {
        if let Some(value) = value.filter(|value| *value > 0.0 && *value < LITTLE) {
            let hint = "is it per minute or per second?";
            check.warning(index, row, (field, value), format!("{LITTLE} an hour or more"), hint);
        }
    }
    let Some(capacity) = row.capacity_pcu_h else {
        return;
    };
    match row.lanes.filter(|lanes| *lanes > 0.0) {
        Some(lanes) if capacity / lanes > MOST_PCU_PER_LANE => {
            let expected = format!("at most {MOST_PCU_PER_LANE} pcu/h for each of {lanes} lanes");
            check.warning(index, row, ("capacity_pcu_h", capacity), expected, "is it a figure per day?");
        }
        None if capacity > MUCH_WITHOUT_LANES => {
            let expected = format!("at most {MUCH_WITHOUT_LANES} where lanes is not given");
            check.warning(index, row, ("capacity_pcu_h", capacity), expected, "is it a figure per day?");
        }
        _ => {}
    }
    if row.lanes == Some(0.0) {
        let hint = "a road with capacity has lanes in its direction; leave lanes empty if unknown";
        check.warning(index, row, ("lanes", 0), "more than 0 where capacity_pcu_h is given", hint);
    }
}

/// Speed at which a freed space travels back through standing vehicles, m/s: 15 km/h (`docs/reference/semantics.md`, Room).
const WAVE_M_S: f64 = 15.0 / 3.6;

/// Where the room of a link is given, it holds what the link's own flow needs: otherwise planning takes the latter.
fn room(check: &mut ScenarioCheck<'_>, index: usize, row: &LinkRow) {
    let (Some(storage), Some(capacity), Some(time)) = (row.storage_pcu, row.capacity_pcu_h, row.time_ms)
    else {
        return;
    };
    let flow_pcu_s = (capacity - row.reserved_pcu_h.unwrap_or(0.0)).max(0.0) / 3600.0;
    let length_m = row.length_m.or(row.length.map(|km| km * 1000.0)).unwrap_or(0.0).max(0.0);
    let one = check.class().map_or(1.0, |class| class.pcu_per_vehicle);
    let needed = flow_pcu_s * (float(time) / 1000.0 + length_m / WAVE_M_S) + one;
    if storage < needed {
        let hint = "with less room the link cannot carry its capacity, however smoothly vehicles follow each other; planning uses the room that its flow needs";
        let expected = format!(
            "at least {:.1}, what a flow of capacity_pcu_h needs on it",
            (needed * 10.0).ceil() / 10.0
        );
        check.warning(index, row, ("storage_pcu", storage), expected, hint);
    }
}

/// Some link is open to the class of road users.
fn usable(check: &mut ScenarioCheck<'_>) {
    let Some(class) = check.class() else {
        return;
    };
    let links = &check.scenario.links;
    let is_usable = |row: &LinkRow| match class.mode {
        Mode::Vehicle => row.capacity_pcu_h.is_some(),
        Mode::Walk => row.walk_capacity_people_h.is_some(),
    };
    if links.is_empty() || links.iter().any(is_usable) {
        return;
    }
    let (field, mode) = match class.mode {
        Mode::Vehicle => ("capacity_pcu_h", "vehicle"),
        Mode::Walk => ("walk_capacity_people_h", "walk"),
    };
    let expected = format!("a figure in some row, as the class '{}' has mode '{mode}'", class.id);
    check.table_warning::<LinkRow>((field, "empty in all rows"), expected, "no link is open to this class");
}

/// Two rows with the same ends, length, times and capacity: one road counted twice lets twice as many through.
fn doubles(check: &mut ScenarioCheck<'_>) {
    let links = &check.scenario.links;
    let mut first: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    let mut found = Vec::new();
    for (index, row) in check.sound(links) {
        if row.from_node_id.is_empty() || row.to_node_id.is_empty() {
            continue;
        }
        let before = first.entry((&row.from_node_id, &row.to_node_id)).or_default();
        if let Some(same) =
            before.iter().filter_map(|at| links.get(*at)).find(|other| is_same_road(row, other))
        {
            let expected = format!("another road than link {}", same.link_id);
            found.push((index, row.link_id.clone(), expected));
        }
        before.push(index);
    }
    let hint = "same ends, length, times and capacity: if it is one road, delete one of the rows, or twice as many get through";
    check.warnings(links, "link_id", &found, hint);
}

fn is_same_road(a: &LinkRow, b: &LinkRow) -> bool {
    a.name == b.name
        && a.length_m == b.length_m
        && a.time_ms == b.time_ms
        && a.walk_time_ms == b.walk_time_ms
        && a.capacity_pcu_h == b.capacity_pcu_h
        && a.walk_capacity_people_h == b.walk_capacity_people_h
        && a.geometry == b.geometry
}
