//! The library's own types in the description of the interface: their JSON Schemas, put in by name.

use clearway::{
    AuditRequest, BoundRequest, CountsTableRow, InputFile, InterventionsRequest, NeedsRequest, OptionName,
    PlanRequest, ReplanReport, ReplanRequest, ScenarioChange, SimulateRequest,
};
use clearway_model::{Bounds, Fault};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};

fn named(name: &str) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(name))
}

fn list_of(name: &str) -> RefOr<Schema> {
    RefOr::T(Schema::Array(ArrayBuilder::new().items(Ref::from_schema_name(name)).build()))
}

/// The library's request of `bound`.
pub fn bound_request() -> RefOr<Schema> {
    named("BoundRequest")
}

/// The library's request of `plan`.
pub fn plan_request() -> RefOr<Schema> {
    named("PlanRequest")
}

/// The library's request of `simulate`.
pub fn simulate_request() -> RefOr<Schema> {
    named("SimulateRequest")
}

/// The library's request of `needs`.
pub fn needs_request() -> RefOr<Schema> {
    named("NeedsRequest")
}

/// The library's request of `audit`.
pub fn audit_request() -> RefOr<Schema> {
    named("AuditRequest")
}

/// The library's request of `interventions`.
pub fn interventions_request() -> RefOr<Schema> {
    named("InterventionsRequest")
}

/// The library's request of `replan`.
pub fn replan_request() -> RefOr<Schema> {
    named("ReplanRequest")
}

/// Files that are given with a request.
pub fn input_files() -> RefOr<Schema> {
    list_of("InputFile")
}

/// Counts beside what a plan expects.
pub fn counts_rows() -> RefOr<Schema> {
    list_of("CountsTableRow")
}

/// `replan.json`.
pub fn replan_report() -> RefOr<Schema> {
    named("ReplanReport")
}

/// What an option does with the orders that were given.
pub fn option_name() -> RefOr<Schema> {
    named("OptionName")
}

/// Changes of a scenario.
pub fn scenario_changes() -> RefOr<Schema> {
    list_of("ScenarioChange")
}

/// Faults in what was given.
pub fn faults() -> RefOr<Schema> {
    list_of("Fault")
}

/// Bounds, or `null`.
pub fn bounds() -> RefOr<Schema> {
    let nothing = ObjectBuilder::new().schema_type(Type::Null).build();
    RefOr::T(Schema::OneOf(OneOfBuilder::new().item(Ref::from_schema_name("Bounds")).item(nothing).build()))
}

/// A number, `"never"` or `null`; see [`crate::types::Reached`].
pub fn reached() -> RefOr<Schema> {
    let never = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["never"]));
    let schema = OneOfBuilder::new()
        .item(ObjectBuilder::new().schema_type(Type::Number).build())
        .item(never.build())
        .item(ObjectBuilder::new().schema_type(Type::Null).build());
    RefOr::T(Schema::OneOf(schema.build()))
}

/// A list of [`reached`].
pub fn reached_list() -> RefOr<Schema> {
    RefOr::T(Schema::Array(ArrayBuilder::new().items(reached()).build()))
}

/// The schemas of all library types that the interface names, and of what they are made of.
pub fn schemas() -> Map<String, Value> {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = SchemaGenerator::new(settings);
    generator.subschema_for::<BoundRequest>();
    generator.subschema_for::<PlanRequest>();
    generator.subschema_for::<SimulateRequest>();
    generator.subschema_for::<NeedsRequest>();
    generator.subschema_for::<AuditRequest>();
    generator.subschema_for::<InterventionsRequest>();
    generator.subschema_for::<ReplanRequest>();
    generator.subschema_for::<InputFile>();
    generator.subschema_for::<CountsTableRow>();
    generator.subschema_for::<ReplanReport>();
    generator.subschema_for::<OptionName>();
    generator.subschema_for::<ScenarioChange>();
    generator.subschema_for::<Fault>();
    generator.subschema_for::<Bounds>();
    generator.take_definitions(true)
}
