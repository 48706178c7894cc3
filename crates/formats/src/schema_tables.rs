//! Schemas of files that no single type of the model mirrors: tables of the plan folder, hazards.

use serde_json::{Map, Value, json};

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SchemaCell {
    /// Text that is never empty.
    Id,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Text, may be empty.
    Text,
    /// A whole number that is always given.
    Whole,
    /// A number that is always given.
    Number,
    /// A number, or an empty cell.
    NumberOrEmpty,
    /// Number, or the word `none`.
    NumberOrNone,
}

impl SchemaCell {
    fn schema(self) -> Value {
        match self {
            Self::Id => json!({"type": "string", "minLength": 1}),
            Self::OneOf(words) => json!({"type": "string", "enum": words}),
            Self::Text => json!({"type": "string"}),
            Self::Whole => json!({"type": "integer"}),
            Self::Number => json!({"type": "number"}),
            Self::NumberOrEmpty => json!({"type": ["number", "null"]}),
            Self::NumberOrNone => json!({"oneOf": [{"type": "number"}, {"const": "none"}]}),
        }
    }
}

/// A column: name, what it holds, what it means.
type Spec = (&'static str, SchemaCell, &'static str);

/// A file and its columns.
pub(crate) struct TableSpec {
    pub schema: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    pub columns: &'static [Spec],
}

/// Tables of the plan folder.
pub(crate) const PLAN_TABLES: [TableSpec; 4] = [
    TableSpec {
        schema: "orders.schema.json",
        title: "one row of orders.csv",
        about: "`orders.csv` of a plan: one order, with names and clock times. A line of a plan, not an instruction by an authority.",
        columns: &[
            ("order_id", SchemaCell::Whole, "Number of the order."),
            ("zone_id", SchemaCell::Id, "From which zone."),
            ("zone_name", SchemaCell::Text, "Its name."),
            ("site_id", SchemaCell::Id, "To which site."),
            ("site_name", SchemaCell::Text, "Its name."),
            ("route_id", SchemaCell::Id, "By which route."),
            ("group", SchemaCell::Text, "Which group of the zone's people."),
            ("class", SchemaCell::Text, "Class of road users."),
            ("people", SchemaCell::Whole, "How many people."),
            ("depart_from_ms", SchemaCell::Whole, "Begin of the departure window, ms since the start."),
            (
                "depart_until_ms",
                SchemaCell::Whole,
                "End of the departure window (excluded), ms since the start.",
            ),
            ("depart_from", SchemaCell::Text, "The same as clock time in the scenario's time zone."),
            ("depart_until", SchemaCell::Text, "The same as clock time in the scenario's time zone."),
            ("via", SchemaCell::Text, "Names of the main roads."),
        ],
    },
    TableSpec {
        schema: "plan-zones.schema.json",
        title: "one row of zones.csv in a plan folder",
        about: "`zones.csv` of a plan: what becomes of one zone. Times in s since the start.",
        columns: &ZONE_OUTCOME,
    },
    TableSpec {
        schema: "overflow.schema.json",
        title: "one row of overflow.csv",
        about: "`overflow.csv`: a link that holds more vehicles than fit there. Times in s since the start.",
        columns: &[
            ("link_id", SchemaCell::Id, "The link."),
            ("name", SchemaCell::Text, "Road name."),
            ("room_vehicles", SchemaCell::Whole, "Vehicles that fit there; people on foot."),
            ("peak_vehicles", SchemaCell::Number, "Most vehicles on it at any one time."),
            (
                "overflow_vehicle_min",
                SchemaCell::Number,
                "Integral over time of the vehicles beyond those that fit, vehicle-minutes.",
            ),
            ("from_s", SchemaCell::Number, "When it first holds more than fit, s since the start."),
            (
                "until_s",
                SchemaCell::Number,
                "When it holds more than fit for the last time, s since the start.",
            ),
        ],
    },
    TableSpec {
        schema: "bottlenecks.schema.json",
        title: "one row of bottlenecks.csv",
        about: "`bottlenecks.csv`: an element with a positive term in the cut.",
        columns: &[
            ("rank", SchemaCell::Whole, "1 = the largest term."),
            ("element", SchemaCell::OneOf(&["link", "connector", "site"]), "What kind of element."),
            ("id", SchemaCell::Id, "Id in its table."),
            ("name", SchemaCell::Text, "Road or site name."),
            ("from_s", SchemaCell::Number, "From this time, s since the start."),
            ("until_s", SchemaCell::Number, "Until this time, s since the start."),
            ("capacity_people_h", SchemaCell::Number, "Rate, people/h."),
            ("people", SchemaCell::Number, "People that can pass in that time at most."),
            (
                "extra_lane_people",
                SchemaCell::NumberOrEmpty,
                "At most this many more people could arrive with one more lane; empty for sites and connectors.",
            ),
        ],
    },
];

/// Columns of `zones.csv` in a plan folder.
pub(crate) const ZONE_OUTCOME: [Spec; 15] = [
    ("zone_id", SchemaCell::Id, "Id."),
    ("name", SchemaCell::Text, "Name."),
    ("people", SchemaCell::Whole, "People there at time 0."),
    ("arrived", SchemaCell::Whole, "Arrived under the plan."),
    ("overtaken", SchemaCell::Whole, "Overtaken by a hazard in the zone."),
    ("not_evacuated", SchemaCell::Whole, "Not evacuated, staying included."),
    ("reasons", SchemaCell::Text, "Groups not moved: `outcome:reason people`, joined by `; `."),
    (
        "first_departure_s",
        SchemaCell::NumberOrEmpty,
        "Begin of the first departure window; empty if nobody leaves.",
    ),
    ("last_departure_s", SchemaCell::NumberOrEmpty, "Departure of the last packet."),
    ("last_arrival_s", SchemaCell::NumberOrEmpty, "Arrival of the last packet."),
    (
        "hazard_s",
        SchemaCell::NumberOrNone,
        "When a hazard first closes the zone, or the last way out of it; `none` if no hazard limits it.",
    ),
    (
        "latest_departure_bound_s",
        SchemaCell::NumberOrEmpty,
        "Latest departure that leaves the margin, no plan can be later; empty: too late, or no hazard.",
    ),
    ("latest_departure_plan_s", SchemaCell::NumberOrEmpty, "The same under the plan."),
    (
        "latest_order_bound_s",
        SchemaCell::NumberOrEmpty,
        "Latest order time by which the whole zone gets through with the margin, no plan can be later.",
    ),
    ("latest_order_plan_s", SchemaCell::NumberOrEmpty, "The same under the plan."),
];

/// Properties of a hazard.
pub(crate) const HAZARDS: TableSpec = TableSpec {
    schema: "hazards.schema.json",
    title: "hazards.geojson",
    about: "`hazards.geojson`: polygons with times. One of `from_ms` and `from` is required; without `until_ms` or `until` a hazard does not end.",
    columns: &[
        ("hazard_id", SchemaCell::Id, "Id."),
        ("name", SchemaCell::Text, "Name."),
        ("from_ms", SchemaCell::NumberOrEmpty, "Begin, whole ms since the start."),
        ("from", SchemaCell::Text, "Begin as an RFC 3339 time, instead of `from_ms`."),
        ("until_ms", SchemaCell::NumberOrEmpty, "End, whole ms since the start."),
        ("until", SchemaCell::Text, "End as an RFC 3339 time, instead of `until_ms`."),
        ("level", SchemaCell::Text, "Level, in words."),
        ("kind", SchemaCell::Text, "`presence` (the default) or `entry`."),
    ],
};

/// Schema of one row.
pub(crate) fn table(spec: &TableSpec) -> Value {
    let required: Vec<&str> = spec
        .columns
        .iter()
        .filter(|(_, kind, _)| {
            matches!(kind, SchemaCell::Id | SchemaCell::OneOf(_) | SchemaCell::Whole | SchemaCell::Number)
        })
        .map(|(name, _, _)| *name)
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": spec.title,
        "description": spec.about,
        "type": "object",
        "properties": properties(spec),
        "required": required,
    })
}

fn properties(spec: &TableSpec) -> Value {
    let property = |(name, kind, about): &Spec| {
        let mut schema = kind.schema();
        schema["description"] = json!(about);
        ((*name).to_string(), schema)
    };
    Value::Object(spec.columns.iter().map(property).collect::<Map<_, _>>())
}

/// Schema of a GeoJSON feature collection of polygons with these properties.
pub(crate) fn feature_collection(spec: &TableSpec) -> Value {
    let feature = json!({
        "type": "object",
        "properties": {
            "type": {"const": "Feature"},
            "properties": {
                "type": "object",
                "properties": properties(spec),
                "required": ["hazard_id"],
                "anyOf": [{"required": ["from_ms"]}, {"required": ["from"]}],
            },
            "geometry": {
                "type": "object",
                "properties": {"type": {"enum": ["Polygon", "MultiPolygon"]}, "coordinates": {"type": "array"}},
                "required": ["type", "coordinates"],
            },
        },
        "required": ["type", "properties", "geometry"],
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": spec.title,
        "description": spec.about,
        "type": "object",
        "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": feature}},
        "required": ["type", "features"],
    })
}
