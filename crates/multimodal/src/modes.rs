//! The scenario of a mode that `modes.csv` lists, as one of vehicles of a class of their own: the links it uses with its own
//! capacity and time, and where there is a timetable, windows in which people board (`docs/reference/multimodal.md`, Modes).

use clearway_formats::{boarding_ms, share_of, time_at, uses_of};
use clearway_model::{
    ClassOfUsers, ClosureKind, ConnectorRow, LinkRow, LinkUseRow, Mode, ModeRow, Modes, Scenario, WindowRow,
    WindowTarget, YesNo,
};
use std::collections::HashMap;

/// Makes of a scenario, whose people and sites are those of the part already, one in which everybody moves by this mode.
pub(crate) fn move_by(part: &mut Scenario, modes: &Modes, mode: &ModeRow) {
    part.settings.class = vec![ClassOfUsers {
        id: mode.mode_id.clone(),
        mode: Mode::Vehicle,
        people_per_vehicle: Some(mode.occupancy()),
        people_per_vehicle_low: mode.people_per_vehicle_low,
        people_per_vehicle_high: mode.people_per_vehicle_high,
        pcu_per_vehicle: mode.pcu(),
    }];
    let uses = uses_of(modes, &mode.mode_id);
    let boarding = boarding(modes, mode, &uses);
    for link in &mut part.links {
        let own = uses.get(link.link_id.as_str()).copied();
        let board = boarding.get(link.link_id.as_str()).copied().unwrap_or(0);
        use_link(link, mode, own, board);
    }
    if mode.turn_bans == Some(YesNo::No) {
        part.movements.clear();
    }
    let own: Vec<ConnectorRow> = modes
        .access
        .iter()
        .filter(|row| row.mode_id == mode.mode_id)
        .map(|row| ConnectorRow {
            connector_id: row.connector_id.clone(),
            place: row.place,
            place_id: row.place_id.clone(),
            node_id: row.node_id.clone(),
            time_ms: row.time_ms,
            ..ConnectorRow::default()
        })
        .collect();
    if own.is_empty() {
        // A connector's capacity is one for vehicles.
        for connector in &mut part.connectors {
            connector.capacity_pcu_h = None;
            connector.capacity_pcu_h_low = None;
            connector.capacity_pcu_h_high = None;
        }
    } else {
        part.connectors = own;
        part.sources.retain(|row| row.table != "connectors");
    }
    part.windows.extend(boarding_windows(modes, mode, &uses));
}

/// Longest boarding of each link that has runs, ms.
fn boarding<'m>(
    modes: &'m Modes,
    mode: &ModeRow,
    uses: &HashMap<&str, &LinkUseRow>,
) -> HashMap<&'m str, i64> {
    let mut longest: HashMap<&str, i64> = HashMap::new();
    for run in modes.runs.iter().filter(|run| run.mode_id == mode.mode_id) {
        let board = uses.get(run.link_id.as_str()).and_then(|own| boarding_ms(run, own)).unwrap_or(0);
        let most = longest.entry(run.link_id.as_str()).or_default();
        *most = board.max(*most);
    }
    longest
}

/// A link as the mode finds it: what it has of its own and its share of what vehicles have.
fn use_link(link: &mut LinkRow, mode: &ModeRow, own: Option<&LinkUseRow>, board: i64) {
    let share = share_of(mode, link, own);
    let own_pcu = |value: Option<f64>| value.unwrap_or(0.0) * mode.pcu();
    let value = own.and_then(|row| row.capacity_vehicles_h);
    let low = own.and_then(|row| row.capacity_vehicles_h_low).or(value);
    let high = own.and_then(|row| row.capacity_vehicles_h_high).or(value);
    let road = link.capacity_pcu_h;
    let of_road = |end: Option<f64>| end.or(road).unwrap_or(0.0) * share;
    let has_range = [low, high] != [value; 2]
        || (share > 0.0 && (link.capacity_pcu_h_low.is_some() || link.capacity_pcu_h_high.is_some()));
    let sum = own_pcu(value) + of_road(road);
    let ends =
        [own_pcu(low) + of_road(link.capacity_pcu_h_low), own_pcu(high) + of_road(link.capacity_pcu_h_high)];
    // What the columns say of vehicles says nothing of the mode.
    (link.lanes, link.free_speed, link.capacity, link.reserved_pcu_h) = (None, None, None, None);
    (link.capacity_pcu_h, link.capacity_pcu_h_low, link.capacity_pcu_h_high) = (None, None, None);
    (link.storage_pcu, link.storage_pcu_low, link.storage_pcu_high) = (None, None, None);
    (link.time_ms, link.time_ms_low) = (None, None);
    if sum <= 0.0 {
        return;
    }
    link.capacity_pcu_h = Some(sum);
    if has_range {
        (link.capacity_pcu_h_low, link.capacity_pcu_h_high) = (Some(ends[0]), Some(ends[1]));
    }
    let (time, low) = times(link, mode, own);
    // Everybody is on the way for as long as the first one who boards.
    link.time_ms = Some(time + board);
    link.time_ms_low = low.map(|low| low + board);
}

/// Travel time and, where there is one, the fastest, ms.
fn times(link: &LinkRow, mode: &ModeRow, own: Option<&LinkUseRow>) -> (i64, Option<i64>) {
    if let Some((time, own)) = own.and_then(|own| Some((own.time_ms?, own))) {
        return (time, own.time_ms_low);
    }
    let length = link.length_m.unwrap_or(0.0);
    let at = |speed: f64| time_at(length, speed);
    (mode.speed_km_h.map_or(1, at), mode.speed_km_h_high.map(at))
}

/// The times in which people board: as long before each run leaves as its places take.
fn boarding_windows(modes: &Modes, mode: &ModeRow, uses: &HashMap<&str, &LinkUseRow>) -> Vec<WindowRow> {
    let runs = modes.runs.iter().filter(|run| run.mode_id == mode.mode_id);
    runs.filter_map(|run| {
        let board = boarding_ms(run, uses.get(run.link_id.as_str())?)?;
        Some(WindowRow {
            window_id: run.run_id.clone(),
            target: WindowTarget::Link,
            target_id: run.link_id.clone(),
            from_ms: run.depart_ms - board,
            until_ms: Some(run.depart_ms),
            repeat_every_ms: run.repeat_every_ms,
            repeat_until_ms: run.repeat_until_ms.map(|until| until - board),
            kind: ClosureKind::Entry,
            cause: "boarding".to_owned(),
        })
    })
    .collect()
}
