//! JSON Schemas of every file, from the model's types and the limits of the columns.

use crate::column::TableColumn;
use crate::schema_tables::{HAZARDS, PLAN_TABLES, feature_collection, table};
use crate::table::TableRow;
use clearway_model::number::truncated;
use clearway_model::{
    AccessRow, AssumptionRow, Certificate, ClosureRow, ConnectorRow, CountRow, CurvePoint, FacilityRow,
    GroupRow, JunctionRow, LinkRow, LinkUseRow, MobilizationRow, ModeRow, MovementRow, MultimodalSettings,
    MultimodalSummary, NodeRow, ObservedRow, Plan, RunRow, Settings, SiteRow, SourceRow, Summary,
    SupplyPointRow, SupplyRow, TripRow, VehicleRow, WindowRow, ZoneRow,
};
use schemars::{JsonSchema, schema_for};
use serde_json::{Map, Value, json};

/// Name (`link.schema.json`) and text of every schema, the scenario folder's first. For a CSV file the schema is that of one row, as
/// an object whose keys are the columns; empty cells are left out or null.
pub fn schemas() -> Vec<(&'static str, String)> {
    let mut schemas = vec![
        ("scenario.schema.json", text(schema::<Settings>("scenario.toml"))),
        ("node.schema.json", row::<NodeRow>()),
        ("link.schema.json", row::<LinkRow>()),
        ("movement.schema.json", row::<MovementRow>()),
        ("zones.schema.json", row::<ZoneRow>()),
        ("mobilization.schema.json", row::<MobilizationRow>()),
        ("sites.schema.json", row::<SiteRow>()),
        ("connectors.schema.json", row::<ConnectorRow>()),
        ("closures.schema.json", row::<ClosureRow>()),
        ("windows.schema.json", row::<WindowRow>()),
        ("junctions.schema.json", row::<JunctionRow>()),
        ("sources.schema.json", row::<SourceRow>()),
        ("assumptions.schema.json", row::<AssumptionRow>()),
        ("hazards.schema.json", text(feature_collection(&HAZARDS))),
        ("plan.schema.json", text(schema::<Plan>("plan.json"))),
        ("certificate.schema.json", text(schema::<Certificate>("certificate.json"))),
        ("summary.schema.json", text(schema::<Summary>("summary.json"))),
        ("curve.schema.json", row::<CurvePoint>()),
        ("manifest.schema.json", text(schema::<clearway_artifacts::Manifest>("manifest.json"))),
        ("multimodal-settings.schema.json", text(schema::<MultimodalSettings>("multimodal.toml"))),
        ("multimodal.schema.json", text(schema::<MultimodalSummary>("multimodal.json"))),
        ("groups.schema.json", row::<GroupRow>()),
        ("facilities.schema.json", row::<FacilityRow>()),
        ("fleet.schema.json", row::<VehicleRow>()),
        ("modes.schema.json", row::<ModeRow>()),
        ("link_use.schema.json", row::<LinkUseRow>()),
        ("access.schema.json", row::<AccessRow>()),
        ("timetable.schema.json", row::<RunRow>()),
        ("trips.schema.json", row::<TripRow>()),
        ("supplies.schema.json", row::<SupplyRow>()),
        ("aid.schema.json", row::<SupplyPointRow>()),
        ("departures.schema.json", row::<ObservedRow>()),
        ("counts.schema.json", row::<CountRow>()),
    ];
    schemas.extend(PLAN_TABLES.iter().map(|spec| (spec.schema, text(table(spec)))));
    schemas
}

/// The schema of a file that another crate writes, as text.
pub fn schema_text<T: JsonSchema>(title: &str) -> String {
    text(schema::<T>(title))
}

fn schema<T: JsonSchema>(title: &str) -> Value {
    let mut value = schema_for!(T).to_value();
    value["title"] = json!(title);
    value
}

/// Keys in alphabetical order, whatever the JSON library is built with.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<(String, Value)> = object.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().map(|(key, value)| (key, sorted(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

fn text(value: Value) -> String {
    // an alternate form of a value always has text: `Value` holds nothing that JSON cannot
    format!("{:#}\n", sorted(value)).replace("`None`", "null")
}

fn row<T: JsonSchema + TableRow>() -> String {
    let mut value = schema::<T>(&format!("one row of {}", T::FILE));
    for column in T::COLUMNS {
        let property = &mut value["properties"][column.name];
        // empty text and 0 stand for cells that are not given: no default of a file
        if let Some(property) = property.as_object_mut() {
            property.remove("default");
        }
        limit(property, column);
    }
    let required: Vec<&str> =
        T::COLUMNS.iter().filter(|column| column.required).map(|column| column.name).collect();
    value["required"] = json!(required);
    text(value)
}

fn limit(property: &mut Value, column: &TableColumn) {
    if column.is_id && column.required {
        property["minLength"] = json!(1);
    }
    let limits =
        [("exclusiveMinimum", column.above), ("minimum", column.at_least), ("maximum", column.at_most)];
    for (key, number) in limits {
        if let Some(number) = number {
            property[key] = if number.fract() == 0.0 { json!(truncated(number)) } else { json!(number) };
        }
    }
}
