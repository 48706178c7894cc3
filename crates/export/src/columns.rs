//! The columns of every exported table, with unit, tag of the Humanitarian Exchange Language (HXL 1.1) and meaning. The reference
//! (`docs/reference/export.md`) lists the same; a test compares them.

use crate::cells::{CellKind, ExportColumn};
use CellKind::{Moment, Real, Text, Whole};

const fn column(
    name: &'static str,
    kind: CellKind,
    unit: &'static str,
    hxl: &'static str,
    about: &'static str,
) -> ExportColumn {
    ExportColumn { name, kind, unit, hxl, about }
}

pub(crate) const SUMMARY: &[ExportColumn] = &[
    column("figure", Text, "", "#indicator+name", "name of the figure"),
    column("value", Real, "see unit", "#indicator+value+num", "the figure, where it is a number"),
    column("text", Text, "", "#indicator+value+text", "the figure, where it is a text"),
    column("unit", Text, "", "#indicator+unit", "its unit"),
    column("from", Text, "", "#meta+source", "where it stands in the plan folder, or how it was computed"),
];

pub(crate) const ZONES: &[ExportColumn] = &[
    column("zone_id", Text, "", "#loc+origin+code", "id of the zone"),
    column("name", Text, "", "#loc+origin+name", "its name"),
    column("pcode", Text, "", "#adm+code", "its p-code"),
    column("people", Whole, "people", "#population+total", "people there at the start"),
    column("staying", Whole, "people", "#population+staying", "of them declared staying"),
    column("in_orders", Whole, "people", "#population+ordered", "people in an order"),
    column("arrived", Whole, "people", "#affected+arrived", "people who arrive under the plan"),
    column(
        "overtaken",
        Whole,
        "people",
        "#affected+overtaken",
        "people still there when a hazard closes the zone",
    ),
    column(
        "not_evacuated",
        Whole,
        "people",
        "#affected+not_evacuated",
        "people who neither arrive nor are overtaken, those staying included",
    ),
    column("reasons", Text, "", "#description+reasons", "why people are in no order, as reason:people"),
    column("vehicles", Whole, "vehicles", "#capacity+vehicles", "vehicles of its orders; empty on foot"),
    column("sites", Text, "", "#loc+destination+name", "sites to which its orders lead"),
    column("first_departure_s", Real, "s", "", "begin of its first departure window, after the start"),
    column("last_departure_s", Real, "s", "", "departure of its last packet, after the start"),
    column("last_arrival_s", Real, "s", "", "arrival of its last packet, after the start"),
    column("first_departure", Moment, "", "#date+departure+first", "first_departure_s as a moment"),
    column("last_departure", Moment, "", "#date+departure+last", "last_departure_s as a moment"),
    column("last_arrival", Moment, "", "#date+arrival+last", "last_arrival_s as a moment"),
    column("waiting_person_h", Real, "person-hours", "", "waiting before its centroid connectors"),
];

pub(crate) const OUTLINES: &[ExportColumn] = &[
    column("id", Text, "", "", "id of the zone or site"),
    column("name", Text, "", "", "its name"),
    column("kind", Text, "", "", "zone or site"),
];

pub(crate) const SITES: &[ExportColumn] = &[
    column("site_id", Text, "", "#loc+destination+code", "id of the site"),
    column("name", Text, "", "#loc+destination+name", "its name"),
    column("pcode", Text, "", "#adm+code", "its p-code"),
    column(
        "capacity_people",
        Whole,
        "people",
        "#capacity+people",
        "how many it holds; empty: no limit is given",
    ),
    column(
        "admission_people_h",
        Real,
        "people/h",
        "#capacity+admission",
        "how many it admits; empty: no limit is given",
    ),
    column("open_from_s", Real, "s", "", "opens, after the start; empty: at the start"),
    column("open_until_s", Real, "s", "", "closes, after the start; empty: never"),
    column("arrived", Whole, "people", "#affected+arrived", "people who arrive there under the plan"),
    column(
        "vehicles",
        Whole,
        "vehicles",
        "#capacity+vehicles",
        "vehicles of the orders that lead there; empty on foot",
    ),
    column("first_arrival", Moment, "", "#date+arrival+first", "arrival of the first packet"),
    column("last_arrival", Moment, "", "#date+arrival+last", "arrival of the last packet"),
    column(
        "waiting_person_h",
        Real,
        "person-hours",
        "",
        "waiting before its admission and its centroid connectors",
    ),
];

pub(crate) const LINKS: &[ExportColumn] = &[
    column("link_id", Text, "", "#loc+road+code", "id of the link, one direction of a road"),
    column("name", Text, "", "#loc+road+name", "name of the road"),
    column("from_node_id", Text, "", "", "node where it begins"),
    column("to_node_id", Text, "", "", "node where it ends"),
    column("facility_type", Text, "", "#loc+road+type", "class of the road"),
    column("lanes", Real, "lanes", "", "lanes in this direction"),
    column("length_m", Real, "m", "", "length along the road"),
    column("capacity_pcu_h", Real, "pcu/h", "#capacity+road", "capacity of all its lanes, central value"),
    column("time_s", Real, "s", "", "free-flow travel time"),
    column("people", Whole, "people", "#affected+on_road", "people who use it under the plan"),
    column("vehicles", Whole, "vehicles", "", "vehicles of the orders that use it; empty on foot"),
    column("peak_people_h", Whole, "people/h", "", "most people who enter it in one hour after the start"),
    column("peak_hour", Whole, "h", "", "that hour after the start, the first being 0"),
    column("first_entry", Moment, "", "#date+start", "when the first enters"),
    column("last_entry", Moment, "", "#date+end", "when the last enters"),
    column("waiting_person_h", Real, "person-hours", "", "waiting before it"),
    column(
        "bottleneck_rank",
        Whole,
        "",
        "",
        "its rank among what sets the bound, 1 the largest; empty: it does not",
    ),
    column("room_vehicles", Whole, "vehicles", "", "vehicles that fit on it; given where more come"),
    column(
        "overflow_vehicle_min",
        Real,
        "vehicle-min",
        "",
        "vehicles beyond those that fit, over time; empty: none",
    ),
];

pub(crate) const LINK_HOURS: &[ExportColumn] = &[
    column("link_id", Text, "", "", "id of the link"),
    column("name", Text, "", "", "name of the road"),
    column("hour", Whole, "h", "", "hour after the start, the first being 0"),
    column("begins", Moment, "", "", "begin of the hour"),
    column("ends", Moment, "", "", "end of the hour"),
    column("people", Whole, "people", "", "people who enter the link in it"),
    column("vehicles", Real, "vehicles", "", "people divided by people per vehicle; empty on foot"),
    column(
        "used_share",
        Real,
        "",
        "",
        "vehicles in passenger-car units, divided by the capacity less what is reserved",
    ),
];

pub(crate) const ROUTES: &[ExportColumn] = &[
    column("route_id", Text, "", "", "id of the route"),
    column("zone_id", Text, "", "", "zone where it begins"),
    column("zone_name", Text, "", "", "name of the zone"),
    column("site_id", Text, "", "", "site where it ends"),
    column("site_name", Text, "", "", "name of the site"),
    column("people", Whole, "people", "", "people of its orders"),
    column("vehicles", Whole, "vehicles", "", "vehicles of its orders; empty on foot"),
    column("orders", Whole, "orders", "", "how many orders take it"),
    column("first_departure", Moment, "", "", "begin of the first departure window"),
    column("last_departure", Moment, "", "", "end of the last departure window"),
    column("length_m", Real, "m", "", "length of its links together"),
    column("time_s", Real, "s", "", "free-flow travel time of its links together"),
    column("via", Text, "", "", "its main roads in the order of travel"),
];

pub(crate) const HAZARDS: &[ExportColumn] = &[
    column("hazard_id", Text, "", "", "id of the hazard"),
    column("name", Text, "", "", "its name"),
    column("properties", Text, "", "", "all properties of the feature as JSON, as given in hazards.geojson"),
];

pub(crate) const ORDERS: &[ExportColumn] = &[
    column("order_id", Whole, "", "#activity+code", "number of the order"),
    column("zone_id", Text, "", "#loc+origin+code", "zone that people leave"),
    column("zone_name", Text, "", "#loc+origin+name", "name of the zone"),
    column("pcode", Text, "", "#adm+code", "p-code of the zone"),
    column("site_id", Text, "", "#loc+destination+code", "site where they arrive"),
    column("site_name", Text, "", "#loc+destination+name", "name of the site"),
    column("route_id", Text, "", "", "route that they take"),
    column("group", Text, "", "", "group of the zone's people"),
    column("class", Text, "", "", "class of road users"),
    column("people", Whole, "people", "#population+ordered", "people who leave"),
    column("vehicles", Whole, "vehicles", "#capacity+vehicles", "vehicles in which they are; empty on foot"),
    column("depart_from", Moment, "", "#date+start", "begin of the departure window"),
    column("depart_until", Moment, "", "#date+end", "end of the departure window"),
    column("depart_from_s", Real, "s", "", "depart_from, after the start"),
    column("depart_until_s", Real, "s", "", "depart_until, after the start"),
    column("last_arrival", Moment, "", "#date+arrival+last", "arrival of its last packet"),
    column("via", Text, "", "#loc+road+name", "main roads in the order of travel"),
];

pub(crate) const BOTTLENECKS: &[ExportColumn] = &[
    column("rank", Whole, "", "", "1 is the largest"),
    column("element", Text, "", "", "link, connector or site"),
    column("id", Text, "", "", "id in its table"),
    column("name", Text, "", "", "road or site"),
    column("from_s", Real, "s", "", "counts from then, after the start"),
    column("until_s", Real, "s", "", "counts until then, after the start"),
    column("capacity_people_h", Real, "people/h", "", "people who can pass; empty: no limit"),
    column("people", Real, "people", "", "people who can pass in that time at most"),
    column("extra_lane_people", Real, "people", "", "at most so many more could arrive with one more lane"),
];

pub(crate) const CURVE: &[ExportColumn] = &[
    column("time_s", Real, "s", "", "time after the start"),
    column("moment", Moment, "", "", "the same as a moment"),
    column("departed", Whole, "people", "", "people who departed before"),
    column("arrived", Whole, "people", "", "people who arrived before"),
    column("bound", Whole, "people", "", "people who can have arrived before under any plan"),
];

pub(crate) const SOURCES: &[ExportColumn] = &[
    column("table", Text, "", "", "table of the scenario"),
    column("id", Text, "", "", "row, or * for all"),
    column("field", Text, "", "", "column, or * for all"),
    column("status", Text, "", "", "published, derived, default or assumed"),
    column("source", Text, "", "#meta+source", "who states it"),
    column("url", Text, "", "#meta+url", "where it can be read"),
    column("as_of", Text, "", "#date+reported", "date of the figure"),
    column("note", Text, "", "#description", "how it was derived, what is uncertain"),
];

pub(crate) const ASSUMPTIONS: &[ExportColumn] = &[
    column("kind", Text, "", "", "what it is about"),
    column("count", Whole, "see unit", "", "how many of them there are"),
    column("unit", Text, "", "", "what is counted"),
    column("text", Text, "", "", "the sentence that follows"),
];

/// Every exported table with its columns, in the order of the reference.
pub fn all_columns() -> Vec<(&'static str, &'static [ExportColumn])> {
    vec![
        ("summary", SUMMARY),
        ("zones", ZONES),
        ("sites", SITES),
        ("outlines", OUTLINES),
        ("links", LINKS),
        ("link_flow_by_hour", LINK_HOURS),
        ("routes", ROUTES),
        ("hazards", HAZARDS),
        ("orders", ORDERS),
        ("bottlenecks", BOTTLENECKS),
        ("curve", CURVE),
        ("sources", SOURCES),
        ("assumptions", ASSUMPTIONS),
    ]
}
