//! The columns that the reference gives a meaning, per table. Others may stand there, twice as well: nobody reads them.

const PERIOD: &str = "target target_id from_ms until_ms repeat_every_ms repeat_until_ms kind cause";

/// Whether the reference gives the column of this table a meaning.
pub(crate) fn is_known(file: &str, column: &str) -> bool {
    known(file).iter().any(|list| list.split_ascii_whitespace().any(|name| name == column))
}

fn known(file: &str) -> &'static [&'static str] {
    match file {
        "node.csv" => &["node_id name x_coord y_coord"],
        "link.csv" => &[
            "link_id name from_node_id to_node_id directed facility_type lanes free_speed length capacity length_m",
            "capacity_pcu_h capacity_pcu_h_low capacity_pcu_h_high reserved_pcu_h time_ms time_ms_low",
            "storage_pcu storage_pcu_low storage_pcu_high",
            "walk_capacity_people_h walk_capacity_people_h_low walk_capacity_people_h_high walk_time_ms walk_time_ms_low geometry",
        ],
        "movement.csv" => &["mvmt_id node_id ib_link_id ob_link_id prohibited"],
        // the table of a scenario and that of a plan
        "zones.csv" => &[
            "zone_id name pcode people people_low people_high stay_people stay_people_low stay_people_high mobilization_id",
            "x_coord y_coord arrived overtaken not_evacuated reasons first_departure_s last_departure_s last_arrival_s hazard_s",
            "latest_departure_bound_s latest_departure_plan_s latest_order_bound_s latest_order_plan_s",
        ],
        "mobilization.csv" => &["mobilization_id time_ms share"],
        "sites.csv" => &[
            "site_id name pcode capacity_people capacity_people_low capacity_people_high admission_people_h",
            "admission_people_h_low admission_people_h_high open_from_ms open_until_ms area_m2 x_coord y_coord",
        ],
        "connectors.csv" => &[
            "connector_id place place_id node_id time_ms capacity_pcu_h capacity_pcu_h_low capacity_pcu_h_high",
        ],
        "closures.csv" => &["closure_id", PERIOD],
        "windows.csv" => &["window_id", PERIOD],
        "groups.csv" => &[
            "zone_id means people people_low people_high stay_people mobilization_id priority weight together",
        ],
        "fleet.csv" => &[
            "vehicle_type_id name count count_low count_high seats wheelchair_places stretcher_places pcu_per_vehicle",
            "speed_share load_ms unload_ms depot_node_id available_from_ms available_until_ms duty_max_ms rest_ms range_m",
        ],
        "modes.csv" => &[
            "mode_id name kind people_per_vehicle people_per_vehicle_low people_per_vehicle_high pcu_per_vehicle",
            "speed_km_h speed_km_h_high road_share facility_types turn_bans",
        ],
        "link_use.csv" => &[
            "link_id mode_id capacity_vehicles_h capacity_vehicles_h_low capacity_vehicles_h_high road_share time_ms time_ms_low",
        ],
        "access.csv" => &["connector_id mode_id place place_id node_id time_ms"],
        "timetable.csv" => &["run_id mode_id link_id depart_ms places repeat_every_ms repeat_until_ms"],
        "orders.csv" => &[
            "order_id zone_id zone_name site_id site_name route_id group class people depart_from_ms depart_until_ms",
            "depart_from depart_until via",
        ],
        "curve.csv" => &["time_s arrived_people bound_people departed_people"],
        "bottlenecks.csv" => {
            &["rank element id name from_s until_s capacity_people_h people extra_lane_people"]
        }
        "overflow.csv" => &["link_id name room_vehicles peak_vehicles overflow_vehicle_min from_s until_s"],
        "trips.csv" | "without-priorities.csv" => &[
            "trip_id vehicle_id vehicle_type_id zone_id site_id seat_people wheelchair_people stretcher_people from_ms",
            "load_ms depart_ms unload_ms end_ms empty_links zone_connector links site_connector zone_name site_name",
        ],
        _ => &[],
    }
}
