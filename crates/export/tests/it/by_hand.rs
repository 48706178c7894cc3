//! One road: 300 people in vehicles of 3, one order over an hour, a road of 10 min.

use calamine::{Data, Reader, Xlsx};
use clearway_export::{ExportFormat, ExportOptions, ExportSource, PlanTables, export_files};
use clearway_formats::{ScenarioShapes, read_scenario};
use clearway_model::{Case, FolderStore, MovementOrder, People, Plan, Route, Summary};
use rusqlite::Connection;
use std::io::Cursor;

const NAME: &str = "=1+1 <Dörf> & \"Co\"";

fn source() -> ExportSource {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
    let (mut scenario, _) = read_scenario(&FolderStore::new(folder)).unwrap();
    scenario.zones[0].people = 300;
    scenario.zones[0].name = NAME.to_owned();
    scenario.zones[0].pcode = "CH0101".to_owned();
    scenario.settings.class[0].people_per_vehicle = Some(3.0);
    let (zone, site) = (scenario.zones[0].zone_id.clone(), scenario.sites[0].site_id.clone());
    let links = vec![scenario.links[0].link_id.clone()];
    let connector = |place: &str| {
        scenario.connectors.iter().find(|row| row.place_id == place).unwrap().connector_id.clone()
    };
    let route = Route {
        route_id: "R1".to_owned(),
        zone_id: zone.clone(),
        site_id: site.clone(),
        from_connector: connector(&zone),
        links,
        to_connector: connector(&site),
    };
    let order = MovementOrder {
        order_id: 1,
        zone_id: zone,
        group: "all".to_owned(),
        class: "car".to_owned(),
        people: 300,
        depart_from_ms: 0,
        depart_until_ms: 3_600_000,
        route_id: "R1".to_owned(),
    };
    let plan = Plan {
        schema: Plan::SCHEMA.to_owned(),
        scenario: "sha256:0".to_owned(),
        tool: "test".to_owned(),
        case: Case::Central,
        routes_per_zone: Some(1),
        convergent: false,
        window_ms: 3_600_000,
        packet_people: 3,
        routes: vec![route],
        orders: vec![order],
        not_moved: Vec::new(),
    };
    let none = serde_json::json!({"plan": null, "bound": null});
    let bounds = serde_json::json!({"clearance_s": null, "t90_s": null, "person_hours": null});
    let summary = serde_json::json!({
        "schema": Summary::SCHEMA, "scenario": "sha256:0", "name": "x", "context": "exercise",
        "people": People { total: 300, arrived: 300, ..People::default() },
        "clearance_s": none, "t90_s": none, "person_hours": none,
        "gap": {"clearance": null, "t90": null, "person_hours": null}, "optimistic": bounds, "route_limited_bound": null,
        "unrestricted_routes": null, "queue": {"person_hours": 0.0, "longest_link": "", "longest_s": 0.0},
        "network": {"links": 1, "nodes": 2}, "zones": 1, "sites": 1, "routes": 1, "orders": 1, "step_s": 1.0, "threads": 1,
        "wall_s": 0.0, "peak_rss_bytes": 0
    });
    ExportSource {
        scenario,
        plan,
        summary: serde_json::from_value(summary).unwrap(),
        curve: Vec::new(),
        bottlenecks: Vec::new(),
        overflowing: Vec::new(),
        shapes: ScenarioShapes::default(),
        map: clearway_report::MapShapes::default(),
    }
}

fn one(format: ExportFormat) -> Vec<u8> {
    export_files(&source(), format, ExportOptions::default()).unwrap().remove(0).1
}

#[test]
fn figures_are_those_worked_out_by_hand() {
    let tables = PlanTables::new(&source()).unwrap();
    let sums = ["people", "arrived", "vehicles"].map(|column| tables.zones.sum(column));
    assert_eq!(sums, [300, 300, 100]);
    // the last leaves after 3,600 s and is 600 s on the road, behind connectors that take no time
    let last = tables.zones.cell(0, "last_arrival_s").unwrap();
    assert_eq!(format!("{last:?}"), "Real(4200.0)");
    assert_eq!((tables.links.sum("people"), tables.links.sum("peak_people_h")), (300, 300));
    assert_eq!((tables.link_hours.rows.len(), tables.link_hours.sum("people")), (1, 300));
    // 100 vehicles of one passenger-car unit where 1,200 can pass
    assert_eq!(format!("{:?}", tables.link_hours.cell(0, "used_share").unwrap()), "Real(0.083333)");
}

#[test]
fn sqlite_finds_a_geopackage_that_holds_together() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("plan.gpkg");
    std::fs::write(&path, one(ExportFormat::Gpkg)).unwrap();
    let db = Connection::open(&path).unwrap();
    let text = |sql: &str| db.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(text("PRAGMA integrity_check"), "ok");
    assert_eq!(db.prepare("PRAGMA foreign_key_check").unwrap().query_map([], |_| Ok(())).unwrap().count(), 0);
    assert_eq!(count("PRAGMA application_id"), 0x4750_4B47);
    assert_eq!(count("PRAGMA user_version"), 10300);
    // every table that is listed is there, every layer has its column, index and style, every column is described
    let listed = count("SELECT count(*) FROM gpkg_contents");
    let there =
        "SELECT count(*) FROM gpkg_contents JOIN sqlite_master ON name = table_name AND type = 'table'";
    assert_eq!(count(there), listed);
    let layers = count("SELECT count(*) FROM gpkg_contents WHERE data_type = 'features'");
    assert_eq!(layers, 5);
    assert_eq!(count("SELECT count(*) FROM gpkg_geometry_columns"), layers);
    let indexes = "SELECT count(*) FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'";
    assert_eq!(count(indexes), layers);
    let styles = "SELECT count(*) FROM layer_styles WHERE useAsDefault AND styleQML LIKE '%RuleRenderer%'";
    assert_eq!(count(styles), layers);
    assert_eq!(count("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"), 6 * layers);
    let described = "SELECT count(*) FROM gpkg_data_columns WHERE table_name = 'links' AND description <> ''";
    assert_eq!(count(described), count("SELECT count(*) - 2 FROM pragma_table_info('links')"));
    assert_eq!(count("SELECT people FROM zones"), 300);
    assert_eq!(text("SELECT name FROM zones"), NAME);
    // the box of the link, in the index as in the list
    let real = |sql: &str| db.query_row(sql, [], |row| row.get::<_, f64>(0)).unwrap();
    let east = real("SELECT max_x FROM gpkg_contents WHERE table_name = 'links'");
    let indexed = real("SELECT maxx FROM rtree_links_geom");
    assert!((east - 10.1398).abs() < 1e-9 && (indexed - east).abs() < 1e-5, "{east} {indexed}");
}

#[test]
fn a_spreadsheet_gets_a_name_like_a_formula_as_text() {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(one(ExportFormat::Xlsx))).unwrap();
    let sheet = book.worksheet_range("zones").unwrap();
    let cell = |row: u32, column: &str| {
        let named = |at: &u32| sheet.get_value((0, *at)) == Some(&Data::String(column.to_owned()));
        sheet.get_value((row, (0..100).find(named).unwrap())).unwrap().clone()
    };
    assert_eq!(cell(2, "name"), Data::String(NAME.to_owned()));
    assert_eq!(cell(1, "pcode"), Data::String("#adm+code".to_owned()));
    assert_eq!(cell(2, "pcode"), Data::String("CH0101".to_owned()));
    assert_eq!(cell(2, "people"), Data::Float(300.0));
    assert!(book.worksheet_formula("zones").unwrap().is_empty());
    let sheets = book.sheet_names();
    for name in ["summary", "zones", "orders", "links", "sites", "sources", "columns"] {
        assert!(sheets.contains(&name.to_owned()), "{name} is not among {sheets:?}");
    }
}

#[test]
fn a_plan_that_names_a_road_that_is_not_there_is_refused() {
    let mut source = source();
    source.plan.routes[0].links = vec!["nowhere".to_owned()];
    for format in ExportFormat::ALL {
        let refused = export_files(&source, format, ExportOptions::default()).unwrap_err().to_string();
        assert!(refused.contains("'nowhere'"), "{refused}");
    }
}

#[test]
fn people_on_foot_are_exported_as_people() {
    let mut source = source();
    source.scenario.settings.class[0].mode = clearway_model::Mode::Walk;
    source.scenario.settings.class[0].people_per_vehicle = None;
    for link in &mut source.scenario.links {
        (link.walk_capacity_people_h, link.walk_time_ms) = (Some(3000.0), Some(600_000));
    }
    let tables = PlanTables::new(&source).unwrap();
    assert_eq!((tables.zones.sum("arrived"), tables.zones.sum("vehicles")), (300, 0));
    for format in [ExportFormat::Sumo, ExportFormat::Matsim] {
        let refused = export_files(&source, format, ExportOptions::default()).unwrap_err().to_string();
        assert!(refused.contains("on foot"), "{refused}");
    }
    let files = export_files(&source, ExportFormat::Gmns, ExportOptions::default()).unwrap();
    let agents = &files.iter().find(|file| file.0 == "agent.csv").unwrap().1;
    assert_eq!(agents.iter().filter(|&&byte| byte == b'\n').count(), 301);
}
