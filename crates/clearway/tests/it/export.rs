//! Exports, read back by programs that are not ours: the same people, vehicles and links as in the plan.

use crate::readers::found;
use crate::report::one_road;
use crate::{example, generated_city};
use clearway::{
    Artifacts, ExportFormat, ExportRequest, Exported, LoadedScenario, MemoryStore, PlanRequest, Planned,
    Session, Usage, export, load, plan,
};
use clearway_export::ExportFormat as Format;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::OnceLock;

/// A plan folder in memory, with the plan itself.
struct Case {
    planned: Planned,
    folder: MemoryStore,
}

impl Case {
    fn of(loaded: &LoadedScenario, routes_per_zone: u32) -> Self {
        let mut request = PlanRequest::default();
        request.routes_per_zone = Some(routes_per_zone);
        let planned = plan(&Session::new(), loaded, &request).unwrap();
        let folder = MemoryStore::from(planned.artifacts(Usage::default()).unwrap());
        Self { planned, folder }
    }

    fn summary(&self) -> &clearway_model::Summary {
        &self.planned.answer().unwrap().summary
    }

    fn people_in_orders(&self) -> f64 {
        self.planned.answer().unwrap().plan.orders.iter().map(|order| order.people as f64).sum()
    }

    fn exported(&self, format: ExportFormat) -> Exported {
        let mut request = ExportRequest::new(format);
        request.with_events = true;
        export(&Session::new(), &self.folder, &request).unwrap()
    }
}

/// The demo town.
fn helsinki() -> &'static Case {
    static CASE: OnceLock<Case> = OnceLock::new();
    CASE.get_or_init(|| Case::of(&example("helsinki"), 1))
}

/// A generated city in which some people are not evacuated, without outlines of zones.
fn city() -> &'static Case {
    static CASE: OnceLock<Case> = OnceLock::new();
    CASE.get_or_init(|| Case::of(&generated_city(8, 6000), 3))
}

/// Written to a disk, for a reader: the one file, or the folder.
fn written(dir: &tempfile::TempDir, format: ExportFormat, artifacts: &Artifacts) -> PathBuf {
    let folder = dir.path().join(format.word());
    for file in artifacts.files() {
        let path = folder.join(&file.name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.bytes).unwrap();
    }
    match format.ending() {
        Some(ending) => folder.join(format!("plan.{ending}")),
        None => folder,
    }
}

fn read(case: &Case, format: ExportFormat) -> Value {
    let dir = tempfile::tempdir().unwrap();
    let path = written(&dir, format, &case.exported(format).artifacts());
    found(format.word(), &path)
}

fn number(found: &Value, path: &[&str]) -> f64 {
    let value = path.iter().fold(found, |value, key| &value[*key]);
    value.as_f64().unwrap_or_else(|| panic!("{path:?} is {value} in {found}"))
}

fn is_near(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-3
}

#[test]
fn geopandas_reads_the_geopackage_with_the_same_totals() {
    for case in [helsinki(), city()] {
        let (found, summary) = (read(case, Format::Gpkg), case.summary());
        let sum = |table: &str, column: &str| number(&found, &[table, "sums", column]);
        assert_eq!(sum("zones", "people"), summary.people.total as f64);
        assert_eq!(sum("zones", "arrived"), summary.people.arrived as f64);
        assert_eq!(sum("zones", "not_evacuated"), summary.people.not_evacuated as f64);
        assert_eq!(sum("zones", "overtaken"), summary.people.overtaken as f64);
        assert_eq!(sum("sites", "arrived"), summary.people.arrived as f64);
        assert_eq!(sum("orders", "people"), case.people_in_orders());
        assert_eq!(sum("routes", "people"), case.people_in_orders());
        assert_eq!(number(&found, &["links", "rows"]), summary.network.links as f64);
        assert_eq!(number(&found, &["orders", "rows"]), summary.orders as f64);
        assert_eq!(sum("links", "people"), sum("link_flow_by_hour", "people"));
        assert_eq!(sum("zones", "vehicles"), sum("orders", "vehicles"));
        // everybody waits somewhere
        let waiting: f64 =
            ["zones", "links", "sites"].map(|table| sum(table, "waiting_person_h")).iter().sum();
        assert!(is_near(waiting, summary.queue.person_hours), "{waiting} and {}", summary.queue.person_hours);
        for layer in ["zones", "links", "routes", "sites", "link_flow_by_hour"] {
            let rows = number(&found, &[layer, "rows"]);
            assert_eq!(number(&found, &[layer, "by_index"]), rows, "{layer} through its index");
        }
    }
    assert_eq!(read(helsinki(), Format::Gpkg)["zones"]["geometry"], "MultiPolygon");
    assert_eq!(read(city(), Format::Gpkg)["zones"]["geometry"], "Point");
}

#[test]
fn openpyxl_reads_the_workbook_with_the_same_totals_and_tags() {
    let (found, summary) = (read(helsinki(), Format::Xlsx), helsinki().summary());
    let sum = |table: &str, column: &str| number(&found, &[table, "sums", column]);
    assert_eq!(sum("zones", "people"), summary.people.total as f64);
    assert_eq!(sum("zones", "arrived"), summary.people.arrived as f64);
    assert_eq!(sum("orders", "people"), helsinki().people_in_orders());
    assert_eq!(number(&found, &["links", "rows"]), summary.network.links as f64);
    let tags = found["zones"]["tags"].as_array().unwrap();
    let columns = found["zones"]["columns"].as_array().unwrap();
    let at = columns.iter().position(|column| column == "pcode").unwrap();
    assert_eq!(tags[at], "#adm+code");
    assert!(
        found.as_object().unwrap().values().all(|sheet| sheet["formulas"] == 0),
        "a text is never a formula"
    );
}

#[test]
fn kml_follows_its_schema_and_every_order_has_its_time() {
    for case in [helsinki(), city()] {
        let (found, summary) = (read(case, Format::Kml), case.summary());
        let orders = &found["Orders, while people leave"];
        assert_eq!(number(orders, &["sums", "people"]), case.people_in_orders());
        assert_eq!(number(orders, &["spans"]), summary.orders as f64);
        assert_eq!(number(&found, &["Zones", "sums", "people"]), summary.people.total as f64);
        let hours = &found["Roads in use, by hour"];
        assert_eq!(hours["rows"], hours["spans"]);
    }
}

#[test]
fn gmns_tables_fit_together_and_hold_the_same_people() {
    for case in [helsinki(), city()] {
        let (found, summary) = (read(case, Format::Gmns), case.summary());
        assert_eq!(number(&found, &["links"]), summary.network.links as f64);
        assert_eq!(number(&found, &["zone_people"]), summary.people.total as f64);
        for key in ["people", "agent_people", "route_people"] {
            assert_eq!(number(&found, &[key]), case.people_in_orders(), "{key}");
        }
        assert_eq!(found["vehicles"].as_f64(), found["agents"].as_f64());
    }
}

#[test]
fn sumo_runs_the_plan_and_everybody_is_there_when_the_plan_says() {
    let (found, summary) = (read(helsinki(), Format::Sumo), helsinki().summary());
    assert_eq!(number(&found, &["people"]), summary.people.arrived as f64);
    assert_eq!(number(&found, &["arrived"]), summary.people.arrived as f64);
    // up to 3 s longer by the edges that stand for no road, and what SUMO's whole seconds and waiting on the road add
    for (key, planned) in [("t90_s", summary.t90_s.plan), ("last_s", summary.clearance_s.plan)] {
        let ratio = number(&found, &[key]) / planned.unwrap();
        assert!((0.99..1.02).contains(&ratio), "{key}: {ratio} times the plan's");
    }
}

#[test]
fn matsim_files_have_their_structure_and_events_end_as_our_simulation_does() {
    let (found, summary) = (read(helsinki(), Format::Matsim), helsinki().summary());
    assert_eq!(number(&found, &["people"]), summary.people.arrived as f64);
    let mut request = clearway::SimulateRequest::default();
    request.with_baseline = false;
    let simulated = clearway::simulate(&Session::new(), &helsinki().folder, &request).unwrap();
    assert_eq!(number(&found, &["arrived"]), simulated.report.arrived as f64);
    assert!(is_near(number(&found, &["last_s"]), simulated.report.t100_s.unwrap()));
}

#[test]
fn geoparquet_has_the_same_totals_and_says_what_columns_mean() {
    for case in [helsinki(), city()] {
        let (found, summary) = (read(case, Format::Geoparquet), case.summary());
        let sum = |table: &str, column: &str| number(&found, &[table, "sums", column]);
        assert_eq!(sum("zones", "people"), summary.people.total as f64);
        assert_eq!(sum("orders", "people"), case.people_in_orders());
        assert_eq!(number(&found, &["links", "rows"]), summary.network.links as f64);
        assert_eq!(sum("links", "people"), sum("link_flow_by_hour", "people"));
        // the shape is a column, too, and has no unit
        let columns = found["links"]["columns"].as_array().unwrap().len();
        assert_eq!(number(&found, &["links", "described"]), columns as f64 - 1.0);
    }
}

#[test]
fn drafts_of_alerts_follow_the_standard_are_never_actual_and_name_everybody_once() {
    for (case, polygons) in [(helsinki(), true), (city(), false)] {
        let found = read(case, Format::Cap);
        assert_eq!(number(&found, &["people"]), case.people_in_orders());
        assert_eq!(number(&found, &["listed_people"]), case.people_in_orders());
        assert_eq!(found["drafts"], found["listed"]);
        assert_eq!(found["statuses"].as_array().unwrap().len(), 1);
        assert!(["Draft", "Exercise"].contains(&found["statuses"][0].as_str().unwrap()), "{found}");
        assert_eq!(number(&found, &["polygons"]) > 0.0, polygons);
    }
    // latitude first: Helsinki is at 60 degrees north, 25 degrees east
    let found = read(helsinki(), Format::Cap);
    assert!(found["first"].as_str().unwrap().starts_with("60."), "{found}");
}

#[test]
fn the_same_plan_gives_the_same_bytes_in_every_format() {
    for format in ExportFormat::ALL {
        let (one, two) = (city().exported(format).artifacts(), city().exported(format).artifacts());
        assert_eq!(one, two, "{}", format.word());
        assert!(!one.files().is_empty());
    }
}

#[test]
fn parts_of_a_multimodal_plan_are_exported_one_by_one_and_people_on_foot_are_not_driven() {
    let loaded = example("bicycles");
    let planned = plan(&Session::new(), &loaded, &PlanRequest::default()).unwrap();
    let folder = MemoryStore::from(planned.artifacts(Usage::default()).unwrap());
    let request = ExportRequest::new(Format::Gpkg);
    assert!(request.makes_folder(&folder));
    let exported = export(&Session::new(), &folder, &request).unwrap();
    let names: Vec<&str> = exported.parts.iter().map(|part| part.name.as_str()).collect();
    assert!(names.len() > 1, "{names:?}");
    for name in &names {
        assert!(exported.artifacts().get(&format!("{name}.gpkg")).is_some(), "{name}");
    }
    let people: i64 = exported.parts.iter().map(|part| part.people).sum();
    assert_eq!(people, loaded.scenario.zones.iter().map(|zone| zone.people).sum::<i64>());
    if names.contains(&"walk") {
        let refused = export(&Session::new(), &folder, &ExportRequest::new(Format::Sumo)).unwrap_err();
        assert!(refused.to_string().contains("on foot"), "{refused}");
    }
}

#[test]
fn an_armed_conflict_is_exported_only_in_full_and_a_plan_that_does_not_hold_not_at_all() {
    let case = Case::of(&load(&one_road("armed_conflict")).unwrap(), 3);
    let refused = export(&Session::new(), &case.folder, &ExportRequest::new(Format::Xlsx)).unwrap_err();
    assert!(refused.to_string().contains("--full"), "{refused}");
    let mut request = ExportRequest::new(Format::Xlsx);
    request.full = true;
    let exported = export(&Session::new(), &case.folder, &request).unwrap();
    assert!(exported.in_words().contains("Feasible does not mean lawful"), "{}", exported.in_words());
    let sensitive =
        exported.artifacts().files().iter().all(|file| file.sensitivity == clearway::Sensitivity::Exact);
    assert!(sensitive, "an export is never taken for something that may be passed on");

    let text = String::from_utf8(helsinki().folder_file("summary.json")).unwrap();
    let mut folder = helsinki().folder.clone();
    let people = format!("\"arrived\": {}", helsinki().summary().people.arrived);
    assert!(text.contains(&people));
    folder.insert("summary.json", text.replace(&people, "\"arrived\": 1"));
    let refused = export(&Session::new(), &folder, &ExportRequest::new(Format::Kml)).unwrap_err();
    assert!(matches!(refused, clearway::Error::DoesNotHold(_)), "{refused}");
}

impl Case {
    fn folder_file(&self, name: &str) -> Vec<u8> {
        clearway::Store::read(&self.folder, name).unwrap().unwrap()
    }
}

#[test]
fn a_folder_that_is_no_plan_is_refused_with_what_to_do() {
    let scenario: MemoryStore = [("scenario.toml", "")].into_iter().collect();
    let refused = export(&Session::new(), &scenario, &ExportRequest::new(Format::Gpkg)).unwrap_err();
    assert!(refused.to_string().contains("clearway plan"), "{refused}");
    let nothing: MemoryStore = [("x", "")].into_iter().collect();
    assert!(export(&Session::new(), &nothing, &ExportRequest::new(Format::Gpkg)).is_err());
}

#[test]
fn the_reference_lists_every_column() {
    let reference = include_str!("../../../../docs/reference/export.md");
    for (table, columns) in clearway_export::all_columns() {
        assert!(
            reference.contains(&format!("### `{table}`")),
            "docs/reference/export.md has no section on {table}"
        );
        for column in columns {
            let unit = if column.unit.is_empty() { "" } else { column.unit };
            let row = format!("| `{}` | {unit} | {} | {} |", column.name, column.hxl, column.about);
            assert!(reference.contains(&row), "docs/reference/export.md, {table}: no row\n{row}");
        }
    }
}
