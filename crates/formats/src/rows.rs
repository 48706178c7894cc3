//! The columns of every table and their limits. Where the reference gives no upper limit, the one here marks what is absurd
//! and most often another unit.

use crate::cell::CellValue;
use crate::column::TableColumn;
use crate::csv_text::csv_text;
use crate::schema_tables::ZONE_OUTCOME;
use crate::table::{RowCells, TableRow};
use clearway_model::{
    AccessRow, AssumptionRow, Bottleneck, ClosureRow, ConnectorRow, CountRow, CurvePoint, FacilityRow,
    GroupRow, JunctionRow, LinkRow, LinkUseRow, MobilizationRow, ModeRow, MovementRow, NodeRow, ObservedRow,
    Outcome, Reason, RunRow, SiteRow, SourceRow, SupplyPointRow, SupplyRow, TripRow, VehicleRow, WindowRow,
    ZoneOutcome, ZoneRow,
};

/// Latest time that is not absurd, ms: 31 years, which the checkers take on as well.
const TIME: f64 = 1e12;
/// Latest hour that is not absurd.
const HOURS: f64 = 1e6;
/// Latest minute that is not absurd: two years.
const MINUTES: f64 = 1e6;
/// No road has more, pcu/h: 20 lanes at 3,000, the most that the GMNS columns allow.
const ROAD: f64 = 60_000.0;
/// No lane has more, pcu/h.
const LANE: f64 = 3000.0;
/// No road holds more, pcu: the longest one, 20 lanes wide, at 5 m each.
const STORAGE: f64 = 4_000_000.0;
/// No way on foot has more, people/h: 100 m of width at 5,000.
const WALK: f64 = 500_000.0;
/// No connector has more, pcu/h or people/h.
const CONNECTOR: f64 = 1_000_000.0;
/// No zone or site has more people.
const PEOPLE: f64 = 100_000_000.0;
/// No road piece is longer, m.
const LENGTH: f64 = 1_000_000.0;

macro_rules! table {
    ($row:ident, $file:literal, $label:expr, {
        $( $field:ident : $new:ident () $( . $rule:ident ( $limit:expr ) )* , )+
    }) => {
        impl TableRow for $row {
            const FILE: &'static str = $file;
            const COLUMNS: &'static [TableColumn] = &[
                $( TableColumn::$new(stringify!($field)) $( .$rule($limit) )* , )+
            ];

            fn label(&self) -> String {
                let label: fn(&$row) -> String = $label;
                label(self)
            }

            fn read(cells: &mut RowCells<'_>) -> Self {
                // the fields of a struct expression are evaluated in the order written
                Self { $( $field: cells.take(), )+ }
            }

            fn visit(&self, see: &mut dyn FnMut(&'static TableColumn, &dyn CellValue)) {
                let mut columns = Self::COLUMNS.iter();
                $( if let Some(column) = columns.next() { see(column, &self.$field); } )+
            }
        }
    };
}

table!(NodeRow, "node.csv", |row| row.node_id.clone(), {
    node_id: id(),
    name: optional(),
    x_coord: required().at_least(-180.0).at_most(180.0),
    y_coord: required().at_least(-90.0).at_most(90.0),
});

table!(LinkRow, "link.csv", |row| row.link_id.clone(), {
    link_id: id(),
    name: optional(),
    from_node_id: id(),
    to_node_id: id(),
    directed: optional(),
    facility_type: optional(),
    lanes: optional().at_least(0.0).at_most(20.0),
    free_speed: optional().above(0.0).at_most(200.0),
    length: optional().above(0.0),
    capacity: optional().above(0.0).at_most(3000.0),
    length_m: required().above(0.0).at_most(LENGTH),
    capacity_pcu_h: optional().above(0.0).at_most(ROAD),
    capacity_pcu_h_low: optional().above(0.0).at_most(ROAD),
    capacity_pcu_h_high: optional().above(0.0).at_most(ROAD),
    reserved_pcu_h: optional().at_least(0.0).at_most(ROAD),
    storage_pcu: optional().above(0.0).at_most(STORAGE),
    storage_pcu_low: optional().above(0.0).at_most(STORAGE),
    storage_pcu_high: optional().above(0.0).at_most(STORAGE),
    time_ms: optional().above(0.0).at_most(TIME),
    time_ms_low: optional().above(0.0).at_most(TIME),
    walk_capacity_people_h: optional().above(0.0).at_most(WALK),
    walk_capacity_people_h_low: optional().above(0.0).at_most(WALK),
    walk_capacity_people_h_high: optional().above(0.0).at_most(WALK),
    walk_time_ms: optional().above(0.0).at_most(TIME),
    walk_time_ms_low: optional().above(0.0).at_most(TIME),
    geometry: optional(),
});

table!(MovementRow, "movement.csv", |row| row.mvmt_id.clone(), {
    mvmt_id: id(),
    node_id: id(),
    ib_link_id: id(),
    ob_link_id: id(),
    prohibited: optional(),
});

table!(ZoneRow, "zones.csv", |row| row.zone_id.clone(), {
    zone_id: id(),
    name: optional(),
    pcode: optional(),
    people: required().at_least(0.0).at_most(PEOPLE),
    people_low: optional().at_least(0.0).at_most(PEOPLE),
    people_high: optional().at_least(0.0).at_most(PEOPLE),
    stay_people: optional().at_least(0.0).at_most(PEOPLE),
    stay_people_low: optional().at_least(0.0).at_most(PEOPLE),
    stay_people_high: optional().at_least(0.0).at_most(PEOPLE),
    mobilization_id: optional_id(),
    x_coord: optional().at_least(-180.0).at_most(180.0),
    y_coord: optional().at_least(-90.0).at_most(90.0),
});

table!(MobilizationRow, "mobilization.csv", |row| row.mobilization_id.clone(), {
    mobilization_id: id(),
    time_ms: required().at_least(0.0).at_most(TIME),
    share: required().at_least(0.0).at_most(1.0),
});

table!(SiteRow, "sites.csv", |row| row.site_id.clone(), {
    site_id: id(),
    name: optional(),
    pcode: optional(),
    capacity_people: optional().at_least(0.0).at_most(PEOPLE),
    capacity_people_low: optional().at_least(0.0).at_most(PEOPLE),
    capacity_people_high: optional().at_least(0.0).at_most(PEOPLE),
    admission_people_h: optional().above(0.0).at_most(PEOPLE),
    admission_people_h_low: optional().above(0.0).at_most(PEOPLE),
    admission_people_h_high: optional().above(0.0).at_most(PEOPLE),
    open_from_ms: optional().at_least(0.0).at_most(TIME),
    open_until_ms: optional().above(0.0).at_most(TIME),
    area_m2: optional().above(0.0).at_most(1e12),
    x_coord: optional().at_least(-180.0).at_most(180.0),
    y_coord: optional().at_least(-90.0).at_most(90.0),
});

table!(ConnectorRow, "connectors.csv", |row| row.connector_id.clone(), {
    connector_id: id(),
    place: required(),
    place_id: id(),
    node_id: id(),
    time_ms: required().at_least(0.0).at_most(TIME),
    capacity_pcu_h: optional().above(0.0).at_most(CONNECTOR),
    capacity_pcu_h_low: optional().above(0.0).at_most(CONNECTOR),
    capacity_pcu_h_high: optional().above(0.0).at_most(CONNECTOR),
});

table!(ClosureRow, "closures.csv", |row| row.closure_id.clone(), {
    closure_id: id(),
    target: required(),
    target_id: id(),
    from_ms: required().at_least(0.0).at_most(TIME),
    until_ms: optional().at_least(0.0).at_most(TIME),
    repeat_every_ms: optional().above(0.0).at_most(TIME),
    repeat_until_ms: optional().above(0.0).at_most(TIME),
    kind: required(),
    cause: optional(),
});

table!(WindowRow, "windows.csv", |row| row.window_id.clone(), {
    window_id: id(),
    target: required(),
    target_id: id(),
    from_ms: required().at_least(0.0).at_most(TIME),
    until_ms: optional().at_least(0.0).at_most(TIME),
    repeat_every_ms: optional().above(0.0).at_most(TIME),
    repeat_until_ms: optional().above(0.0).at_most(TIME),
    kind: required(),
    cause: optional(),
});

table!(JunctionRow, "junctions.csv", |row| junction_label(row), {
    node_id: id(),
    link_id: optional(),
    control: required(),
    lane_pcu_h: optional().above(0.0).at_most(LANE),
    lane_pcu_h_low: optional().above(0.0).at_most(LANE),
    lane_pcu_h_high: optional().above(0.0).at_most(LANE),
    green_share: optional().above(0.0).at_most(1.0),
    green_share_low: optional().above(0.0).at_most(1.0),
    green_share_high: optional().above(0.0).at_most(1.0),
    source: required(),
});

/// A junction, or one approach of it.
fn junction_label(row: &JunctionRow) -> String {
    if row.link_id.is_empty() { row.node_id.clone() } else { format!("{}/{}", row.node_id, row.link_id) }
}

table!(SourceRow, "sources.csv", |row| format!("{}/{}/{}", row.table, row.id, row.field), {
    table: id(),
    id: id(),
    field: id(),
    status: required(),
    source: optional(),
    url: optional(),
    as_of: optional(),
    note: optional(),
});

table!(AssumptionRow, "assumptions.csv", |row| row.kind.clone(), {
    kind: id(),
    text: optional(),
    count: optional().at_least(0.0),
    unit: optional(),
});

table!(GroupRow, "groups.csv", |row| format!("{}/{}", row.zone_id, row.means.word()), {
    zone_id: id(),
    means: required(),
    people: required().at_least(0.0).at_most(PEOPLE),
    people_low: optional().at_least(0.0).at_most(PEOPLE),
    people_high: optional().at_least(0.0).at_most(PEOPLE),
    stay_people: optional().at_least(0.0).at_most(PEOPLE),
    mobilization_id: optional_id(),
    priority: optional().at_least(1.0).at_most(1000.0),
    weight: optional().at_least(0.001).at_most(1000.0),
    together: optional(),
});

table!(FacilityRow, "facilities.csv", |row| row.facility_id.clone(), {
    facility_id: id(),
    name: optional(),
    x_coord: required().at_least(-180.0).at_most(180.0),
    y_coord: required().at_least(-90.0).at_most(90.0),
    seat_people: optional().at_least(0.0).at_most(PEOPLE),
    wheelchair_people: optional().at_least(0.0).at_most(PEOPLE),
    stretcher_people: optional().at_least(0.0).at_most(PEOPLE),
    mobilization_id: optional_id(),
    priority: optional().at_least(1.0).at_most(1000.0),
    weight: optional().at_least(0.001).at_most(1000.0),
});

table!(SupplyRow, "supplies.csv", |row| row.place_id.clone(), {
    place_id: id(),
    kind: optional_id(),
    item: id(),
    amount: required().at_least(0.0).at_most(1e12),
    from_h: optional().at_least(0.0).at_most(HOURS),
    until_h: optional().above(0.0).at_most(HOURS),
    source: optional(),
});

table!(SupplyPointRow, "aid.csv", |row| row.supply_point_id.clone(), {
    supply_point_id: id(),
    node_id: id(),
    item: id(),
    load: required().above(0.0).at_most(1000.0),
    stock: optional().at_least(0.0).at_most(1e12),
    trucks: optional().at_least(0.0).at_most(100_000.0),
    trucks_per_day: optional().at_least(0.0).at_most(100_000.0),
    open_from_h: optional().at_least(0.0).at_most(24.0),
    open_until_h: optional().above(0.0).at_most(24.0),
    serves: optional(),
    source: optional(),
});

table!(ObservedRow, "departures.csv", |row| row.date.clone(), {
    date: id(),
    left_people: required().at_least(0.0).at_most(PEOPLE),
    left_people_low: optional().at_least(0.0).at_most(PEOPLE),
    left_people_high: optional().at_least(0.0).at_most(PEOPLE),
    source: optional(),
    url: optional(),
});

table!(CountRow, "counts.csv", |row| row.id.clone(), {
    what: required(),
    id: id(),
    name: optional(),
    expected_people: optional().at_least(0.0).at_most(PEOPLE),
    people: optional().at_least(0.0).at_most(PEOPLE),
    uncertainty_people: optional().at_least(0.0).at_most(PEOPLE),
    age_min: optional().at_least(0.0).at_most(MINUTES),
    state: optional(),
    for_min: optional().above(0.0).at_most(MINUTES),
    capacity_pcu_h: optional().above(0.0).at_most(ROAD),
    capacity_people: optional().at_least(0.0).at_most(PEOPLE),
    admission_people_h: optional().above(0.0).at_most(PEOPLE),
    source: optional(),
    note: optional(),
});

table!(VehicleRow, "fleet.csv", |row| row.vehicle_type_id.clone(), {
    vehicle_type_id: id(),
    name: optional(),
    count: required().at_least(0.0).at_most(100_000.0),
    count_low: optional().at_least(0.0).at_most(100_000.0),
    count_high: optional().at_least(0.0).at_most(100_000.0),
    seats: required().at_least(0.0).at_most(2000.0),
    wheelchair_places: optional().at_least(0.0).at_most(2000.0),
    stretcher_places: optional().at_least(0.0).at_most(2000.0),
    pcu_per_vehicle: required().above(0.0).at_most(20.0),
    speed_share: optional().above(0.0).at_most(1.0),
    load_ms: required().at_least(0.0).at_most(TIME),
    unload_ms: required().at_least(0.0).at_most(TIME),
    depot_node_id: id(),
    available_from_ms: optional().at_least(0.0).at_most(TIME),
    available_until_ms: optional().above(0.0).at_most(TIME),
    duty_max_ms: optional().above(0.0).at_most(TIME),
    rest_ms: optional().at_least(0.0).at_most(TIME),
    range_m: optional().above(0.0).at_most(1e9),
});

table!(ModeRow, "modes.csv", |row| row.mode_id.clone(), {
    mode_id: id(),
    name: required(),
    kind: required(),
    people_per_vehicle: optional().above(0.0).at_most(1000.0),
    people_per_vehicle_low: optional().above(0.0).at_most(1000.0),
    people_per_vehicle_high: optional().above(0.0).at_most(1000.0),
    pcu_per_vehicle: optional().above(0.0).at_most(20.0),
    speed_km_h: optional().above(0.0).at_most(250.0),
    speed_km_h_high: optional().above(0.0).at_most(250.0),
    road_share: optional().at_least(0.0).at_most(1.0),
    facility_types: optional(),
    turn_bans: optional(),
});

table!(LinkUseRow, "link_use.csv", |row| format!("{}/{}", row.link_id, row.mode_id), {
    link_id: id(),
    mode_id: id(),
    capacity_vehicles_h: optional().at_least(0.0).at_most(ROAD),
    capacity_vehicles_h_low: optional().at_least(0.0).at_most(ROAD),
    capacity_vehicles_h_high: optional().at_least(0.0).at_most(ROAD),
    road_share: optional().at_least(0.0).at_most(1.0),
    time_ms: optional().above(0.0).at_most(TIME),
    time_ms_low: optional().above(0.0).at_most(TIME),
});

table!(AccessRow, "access.csv", |row| row.connector_id.clone(), {
    connector_id: id(),
    mode_id: id(),
    place: required(),
    place_id: id(),
    node_id: id(),
    time_ms: required().at_least(0.0).at_most(TIME),
});

table!(RunRow, "timetable.csv", |row| row.run_id.clone(), {
    run_id: id(),
    mode_id: id(),
    link_id: id(),
    depart_ms: required().at_least(0.0).at_most(TIME),
    places: required().at_least(1.0).at_most(100_000.0),
    repeat_every_ms: optional().above(0.0).at_most(TIME),
    repeat_until_ms: optional().above(0.0).at_most(TIME),
});

table!(TripRow, "trips.csv", |row| row.trip_id.clone(), {
    trip_id: id(),
    vehicle_id: id(),
    vehicle_type_id: id(),
    zone_id: id(),
    site_id: id(),
    seat_people: required().at_least(0.0).at_most(2000.0),
    wheelchair_people: required().at_least(0.0).at_most(2000.0),
    stretcher_people: required().at_least(0.0).at_most(2000.0),
    from_ms: required().at_least(0.0).at_most(TIME),
    load_ms: required().at_least(0.0).at_most(TIME),
    depart_ms: required().at_least(0.0).at_most(TIME),
    unload_ms: required().at_least(0.0).at_most(TIME),
    end_ms: required().at_least(0.0).at_most(TIME),
    zone_connector: id(),
    site_connector: id(),
    empty_links: optional(),
    links: optional(),
});

table!(CurvePoint, "curve.csv", |row| row.time_s.to_string(), {
    time_s: required().at_least(0.0),
    arrived_people: required().at_least(0.0),
    bound_people: required().at_least(0.0),
    departed_people: required().at_least(0.0),
});

table!(Bottleneck, "bottlenecks.csv", |row| row.rank.to_string(), {
    rank: required().at_least(1.0),
    element: required(),
    id: id(),
    name: optional(),
    from_s: required().at_least(0.0),
    until_s: required().at_least(0.0),
    capacity_people_h: required().above(0.0),
    people: required().above(0.0),
    extra_lane_people: optional(),
});

/// `zones.csv` of a plan folder. `reasons` lists everyone not moved, `outcome:reason people` joined by `; `. Where no hazard
/// limits a zone `hazard_s` is `none` and the times after it are empty.
pub fn zone_outcomes_csv(rows: &[ZoneOutcome]) -> Vec<u8> {
    let header = ZONE_OUTCOME.map(|(name, _, _)| name);
    csv_text(&header, rows.iter().map(zone_outcome_cells))
}

fn zone_outcome_cells(row: &ZoneOutcome) -> Vec<String> {
    let reasons: Vec<String> = row
        .not_moved
        .iter()
        .map(|(outcome, reason, people)| {
            format!("{}:{} {people}", outcome_word(*outcome), reason_word(*reason))
        })
        .collect();
    let latest = |time: Option<f64>| if row.hazard_s.is_some() { time.write() } else { String::new() };
    vec![
        row.zone_id.clone(),
        row.name.clone(),
        row.people.write(),
        row.arrived.write(),
        row.overtaken.write(),
        row.not_evacuated.write(),
        reasons.join("; "),
        row.first_departure_s.write(),
        row.last_departure_s.write(),
        row.last_arrival_s.write(),
        row.hazard_s.map_or_else(|| "none".to_string(), |time| time.write()),
        latest(row.latest_departure_bound_s),
        latest(row.latest_departure_plan_s),
        latest(row.latest_order_bound_s),
        latest(row.latest_order_plan_s),
    ]
}

/// The words of `plan.json`.
fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Overtaken => "overtaken",
        Outcome::NotEvacuated => "not_evacuated",
    }
}

fn reason_word(reason: Reason) -> &'static str {
    match reason {
        Reason::Stays => "stays",
        Reason::NoRoad => "no_road",
        Reason::Closed => "closed",
        Reason::NoPlace => "no_place",
        Reason::Hazard => "hazard",
        Reason::Horizon => "horizon",
        Reason::Interrupted => "interrupted",
    }
}
