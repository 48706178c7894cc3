//! Scenarios made, joined, closed, divided and upgraded through the library: from memory, beside each other, and ended.

use clearway::{
    Artifacts, Cancel, ComposeRequest, ConnectRequest, Error, Event, FolderStore, GroupsRequest,
    HazardRaster, ImportRequest, InputFile, MemoryStore, ResolveRequest, Session, ShareRange, Stage, Store,
    TimeUnit, check, check_compose, compose, connect, groups, import, load, resolve, upgrade,
};
use std::sync::Arc;

/// A street with a road that leaves the area at its end, as OpenStreetMap has it.
const MAP: &str = r#"<?xml version="1.0"?><osm version="0.6"><bounds minlon="0" minlat="-0.1" maxlon="0.04" maxlat="0.1"/>
<node id="1" lon="0.001" lat="0"/><node id="2" lon="0.005" lat="0"/><node id="3" lon="0.03" lat="0"/><node id="4" lon="0.035" lat="0"/>
<way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="Long Street"/></way>
<way id="8"><nd ref="2"/><nd ref="3"/><nd ref="4"/><tag k="highway" v="primary"/></way></osm>"#;

fn square(west: f64, east: f64) -> String {
    format!(
        r#"{{"type":"Polygon","coordinates":[[[{west},-0.001],[{east},-0.001],[{east},0.001],[{west},0.001],[{west},-0.001]]]}}"#
    )
}

fn maps() -> MemoryStore {
    let mut maps = MemoryStore::new("upload");
    maps.insert("map.osm", MAP);
    maps
}

fn request() -> ComposeRequest {
    let mut request = ComposeRequest::default();
    request.map = Some("map.osm".to_owned());
    request.area = Some(InputFile::new("given/area.geojson", square(0.0, 0.007)));
    request.people = Some(700);
    request
}

fn composed() -> MemoryStore {
    folder("town", &compose(&Session::new(), &request(), &maps()).unwrap().artifacts())
}

fn folder(label: &str, artifacts: &Artifacts) -> MemoryStore {
    let mut store = MemoryStore::new(label);
    for file in artifacts.files() {
        store.insert(&file.name, file.bytes.as_slice());
    }
    store
}

/// A scenario of an earlier version.
fn earlier() -> MemoryStore {
    let example = FolderStore::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road"));
    let mut store = MemoryStore::new("road");
    for name in example.names_at("").unwrap() {
        store.insert(&name, example.read(&name).unwrap().unwrap());
    }
    let settings = String::from_utf8(store.read("scenario.toml").unwrap().unwrap()).unwrap();
    store.insert("scenario.toml", settings.replace("clearway-scenario/2", "clearway-scenario/1"));
    store
}

/// A session that is cancelled when a step begins.
fn cancelled_at(step: &'static str) -> Session {
    let cancel = Cancel::default();
    let wish = cancel.clone();
    let hear = move |event: &Event| {
        assert!(!wish.is_cancelled(), "{event:?} after the end");
        if matches!(event, Event::Progress { stage: Stage::Preparing(words), .. } if words == step) {
            wish.cancel();
        }
    };
    Session::new().with_cancel(cancel).with_observer(Arc::new(hear))
}

#[test]
fn a_scenario_is_made_from_memory_and_what_is_made_can_be_loaded() {
    let composed = compose(&Session::new(), &request(), &maps()).unwrap();
    let loaded = load(&folder("town", &composed.artifacts())).unwrap();
    assert_eq!(loaded.scenario.digest, composed.scenario.digest);
    assert_eq!(loaded.scenario.zones.iter().map(|zone| zone.people).sum::<i64>(), 700);
    assert!(
        composed.in_words().starts_with("map.osm (osm-xml): 2 of 2 roads used"),
        "{}",
        composed.in_words()
    );
    let artifacts = composed.artifacts();
    for name in ["scenario.toml", "sources.csv", "zones.geojson", "exits.csv", "import.txt"] {
        assert!(artifacts.get(name).is_some(), "{name}");
    }
    let sources = folder("town", &composed.artifacts()).read("sources.csv").unwrap().unwrap();
    assert!(!String::from_utf8(sources).unwrap().contains("given/"), "a file is named without its folder");
}

#[test]
fn what_the_map_says_of_junctions_is_taken_where_it_is_asked_for() {
    let mut maps = MemoryStore::new("upload");
    let stop = r#"<node id="5" lon="0.0048" lat="0"><tag k="highway" v="stop"/></node><way id="7">"#;
    let signed = MAP
        .replace(r#"<way id="7">"#, stop)
        .replace(r#"<nd ref="1"/><nd ref="2"/>"#, r#"<nd ref="1"/><nd ref="5"/><nd ref="2"/>"#);
    maps.insert("map.osm", signed);
    let mut asked = request();
    assert!(compose(&Session::new(), &asked, &maps).unwrap().scenario.junctions.is_empty());
    asked.junctions = true;
    let composed = compose(&Session::new(), &asked, &maps).unwrap();
    let [row] = composed.scenario.junctions.as_slice() else { panic!("{:?}", composed.scenario.junctions) };
    assert_eq!((row.node_id.as_str(), row.link_id.as_str(), row.control.word()), ("2", "w7-1", "stop"));
    assert!(composed.in_words().contains("approaches: 1 stop"), "{}", composed.in_words());
    let made = folder("town", &composed.artifacts());
    let loaded = load(&made).unwrap();
    assert_eq!(loaded.scenario.junctions, composed.scenario.junctions);
    let sources = String::from_utf8(made.read("sources.csv").unwrap().unwrap()).unwrap();
    assert!(
        sources.contains("junctions,*,control,published,\"OpenStreetMap contributors, map.osm\""),
        "{sources}"
    );
    assert!(sources.contains("junctions,*,lane_pcu_h,default,"), "{sources}");
    // no other kind of map says anything of them
    let mut tables = MemoryStore::new("tables");
    let imported = folder("roads", &import(&Session::new(), &import_of_map(), &maps).unwrap().artifacts());
    for name in ["node.csv", "link.csv"] {
        tables.insert(name, imported.read(name).unwrap().unwrap());
    }
    asked.map = None;
    let silent = compose(&Session::new(), &asked, &tables).unwrap();
    assert!(silent.scenario.junctions.is_empty());
    assert!(silent.in_words().contains("the map says nothing of stops"), "{}", silent.in_words());
}

fn import_of_map() -> ImportRequest {
    let mut request = ImportRequest::default();
    request.map = Some("map.osm".to_owned());
    request
}

#[test]
fn made_twice_at_once_it_has_the_same_bytes_as_one_after_the_other() {
    let made = || compose(&Session::new(), &request(), &maps()).unwrap().artifacts();
    let after = made();
    let (one, other) = std::thread::scope(|scope| {
        let (one, other) = (scope.spawn(made), scope.spawn(made));
        (one.join().unwrap(), other.join().unwrap())
    });
    assert!(one == after && other == after);
}

#[test]
fn a_map_in_a_folder_of_the_disk_gives_the_same_bytes_as_in_memory() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("map.osm");
    std::fs::write(&path, MAP).unwrap();
    let (store, name) = FolderStore::beside(&path);
    assert_eq!(name.as_deref(), Some("map.osm"));
    let mut request = ImportRequest::default();
    request.map = name;
    let on_disk = import(&Session::new(), &request, &store).unwrap();
    let in_memory = import(&Session::new(), &request, &maps()).unwrap();
    assert_eq!(on_disk.artifacts(), in_memory.artifacts());
    assert!(on_disk.in_words().contains("network: "), "{}", on_disk.in_words());
}

#[test]
fn all_faults_of_request_files_and_map_come_together() {
    let mut wrong = request();
    wrong.map = Some("nowhere.osm".to_owned());
    wrong.zone_count = Some(0);
    wrong.time_zone = Some("Mars/Base".to_owned());
    wrong.area = Some(InputFile::new("area.geojson", "no polygon"));
    let Err(Error::Invalid { of, faults }) = compose(&Session::new(), &wrong, &maps()) else { panic!() };
    assert_eq!(of, "the scenario cannot be made");
    let text = faults.to_string();
    for part in ["nowhere.osm: expected a road map", "zone_count", "Mars/Base", "area.geojson"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(check_compose(&Session::new(), &wrong, &maps()).unwrap(), faults);
    wrong.people = None;
    wrong.people_low = Some(5);
    let Err(Error::Invalid { faults, .. }) = compose(&Session::new(), &wrong, &maps()) else { panic!() };
    assert!(faults.to_string().contains("people_low = '5': expected people, whose range it is"), "{faults}");
}

#[test]
fn a_map_that_is_missing_or_no_map_is_named_as_its_store_names_it() {
    let mut wrong = request();
    wrong.map = Some("nowhere.osm".to_owned());
    let error = compose(&Session::new(), &wrong, &maps()).unwrap_err();
    assert!(matches!(error, Error::Import(_)) && error.to_string().contains("upload/nowhere.osm"), "{error}");
    let mut request = ImportRequest::default();
    let error = import(&Session::new(), &request, &maps()).unwrap_err().to_string();
    assert!(
        error.starts_with("upload is not a road map: found a folder without node.csv and link.csv"),
        "{error}"
    );
    request.map = Some("town_link.csv".to_owned());
    let mut tables = MemoryStore::new("upload");
    tables.insert("town_link.csv", "link_id,from_node_id,to_node_id\n");
    let error = import(&Session::new(), &request, &tables).unwrap_err().to_string();
    assert_eq!(error, "upload/town_link.csv has no matching town_node.csv beside it");
}

#[test]
fn it_ends_where_it_is_cancelled() {
    for step in ["reading roads", "reading junctions", "contracting chains", "zones, sites"] {
        let ended = compose(&cancelled_at(step), &request(), &maps());
        assert!(matches!(ended, Err(Error::Cancelled(None))), "{step}: {ended:?}");
    }
    let session = Session::new();
    session.cancel().cancel();
    let town = composed();
    assert!(matches!(import(&session, &ImportRequest::default(), &maps()), Err(Error::Cancelled(None))));
    assert!(matches!(check_compose(&session, &request(), &maps()), Err(Error::Cancelled(None))));
    assert!(matches!(connect(&session, &ConnectRequest::default(), &town), Err(Error::Cancelled(None))));
    assert!(matches!(resolve(&session, &ResolveRequest::default(), &town), Err(Error::Cancelled(None))));
    assert!(matches!(groups(&session, &GroupsRequest::default(), &town), Err(Error::Cancelled(None))));
}

/// A large map that is ended while it is read: a minute of reading is over within a second.
#[test]
fn a_large_map_that_is_being_read_ends_within_a_second() {
    let mut text = String::from("<osm version=\"0.6\">\n");
    for id in 1..400_000 {
        text.push_str(&format!("<node id=\"{id}\" lon=\"0.1\" lat=\"0.1\"/>\n"));
    }
    text.push_str("</osm>\n");
    let mut store = MemoryStore::new("upload");
    store.insert("map.osm", text);
    let session = Session::new();
    let wish = session.cancel().clone();
    let mut request = ImportRequest::default();
    request.map = Some("map.osm".to_owned());
    let (ended, took) = std::thread::scope(|scope| {
        let reading = scope.spawn(|| import(&session, &request, &store));
        std::thread::sleep(std::time::Duration::from_millis(50));
        let asked = std::time::Instant::now();
        wish.cancel();
        (reading.join().unwrap(), asked.elapsed())
    });
    assert!(matches!(ended, Err(Error::Cancelled(None))), "{ended:?}");
    assert!(took.as_secs_f64() < 1.0, "{took:?}");
}

#[test]
fn a_checked_scenario_says_how_large_it_is() {
    let words = check(&composed()).unwrap().in_words();
    assert!(words.starts_with("town: 0 errors and ") && words.contains("700 people"), "{words}");
    assert!(words.contains("what could change the answer most:"), "{words}");
}

#[test]
fn a_new_site_is_joined_and_one_that_is_gone_left_out() {
    let mut town = composed();
    let text = String::from_utf8(town.read("sites.csv").unwrap().unwrap()).unwrap();
    let site = text.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    town.insert("sites.csv", "site_id,name,x_coord,y_coord\nNEW,Hall,0.0301,0.0001\n");
    let connected = connect(&Session::new(), &ConnectRequest::default(), &town).unwrap();
    assert_eq!(
        (connected.made.as_slice(), connected.left_out.as_slice()),
        (["site NEW".to_owned()].as_slice(), [site].as_slice())
    );
    for (name, bytes) in connected.files() {
        town.insert(name, bytes);
    }
    assert_eq!(check(&town).unwrap().scenario, connected.scenario);
    let mut unknown = ConnectRequest::default();
    unknown.sites = vec!["A".to_owned(), "B".to_owned()];
    let error = connect(&Session::new(), &unknown, &town).unwrap_err().to_string();
    assert!(error.contains("2 errors") && error.contains("--site = 'A'"), "{error}");
}

#[test]
fn hazards_close_roads_and_a_second_run_replaces_the_first() {
    let mut town = composed();
    let missing = resolve(&Session::new(), &ResolveRequest::default(), &town).unwrap_err().to_string();
    assert!(missing.starts_with("cannot read 'town/hazards.geojson'"), "{missing}");
    let hazard = format!(
        r#"{{"type":"Feature","properties":{{"hazard_id":"F","from_ms":3600000}},"geometry":{}}}"#,
        square(0.01, 0.02)
    );
    town.insert("hazards.geojson", format!(r#"{{"type":"FeatureCollection","features":[{hazard}]}}"#));
    let resolved = resolve(&Session::new(), &ResolveRequest::default(), &town).unwrap();
    assert!(resolved.made > 0 && resolved.replaced == 0, "{}", resolved.in_words());
    for (name, bytes) in resolved.files() {
        town.insert(name, bytes);
    }
    let again = resolve(&Session::new(), &ResolveRequest::default(), &town).unwrap();
    assert_eq!((again.made, again.replaced), (resolved.made, resolved.made));
    assert_eq!(again.files(), resolved.files());
    let mut raster = ResolveRequest::default();
    let file = InputFile::new("depth.tif", "no raster");
    raster.raster = Some(HazardRaster::Depth { file: file.clone(), from_ms: 5, until_ms: Some(5) });
    assert!(matches!(resolve(&Session::new(), &raster, &town), Err(Error::Request(_))));
    raster.raster = Some(HazardRaster::Arrival { file, unit: TimeUnit::Minute, lasts_ms: None });
    let error = resolve(&Session::new(), &raster, &town).unwrap_err().to_string();
    assert!(error.contains("depth.tif: expected a readable GeoTIFF"), "{error}");
}

#[test]
fn rows_of_this_version_are_not_put_into_a_folder_of_an_earlier_one() {
    let road = earlier();
    let errors = [
        connect(&Session::new(), &ConnectRequest::default(), &road).unwrap_err().to_string(),
        resolve(&Session::new(), &ResolveRequest::default(), &road).unwrap_err().to_string(),
    ];
    for error in errors {
        assert!(error.contains("schema = 'clearway-scenario/1'"), "{error}");
        assert!(error.contains("`clearway upgrade road` writes it anew"), "{error}");
    }
    let upgraded = upgrade(&road).unwrap();
    assert!(upgraded.is_upgraded() && upgraded.in_words().contains("written anew as clearway-scenario/2"));
    assert_eq!(upgraded.others().unwrap(), ["README.md"]);
    let new = folder("road", &upgraded.artifacts().unwrap());
    assert!(!upgrade(&new).unwrap().is_upgraded());
    connect(&Session::new(), &ConnectRequest::default(), &new).unwrap();
}

#[test]
fn people_are_divided_and_shares_out_of_order_are_refused() {
    let mut request = GroupsRequest::default();
    request.seat = ShareRange::exactly(0.1);
    request.fleet = Some(InputFile::new(
        "fleet.csv",
        "vehicle_type_id,name,count,seats,pcu_per_vehicle,load_ms,unload_ms,depot_node_id\nbus,Bus,4,50,2,600000,600000,2\n",
    ));
    let town = composed();
    let grouped = groups(&Session::new(), &request, &town).unwrap();
    assert!(grouped.in_words().contains("seat        70 people"), "{}", grouped.in_words());
    let loaded = load(&folder("grouped", &grouped.artifacts())).unwrap();
    assert_eq!(loaded.scenario.groups, grouped.groups);
    request.fleet = Some(InputFile::new("fleet.csv", "vehicle_type_id,count\nbus,-4\n"));
    let Err(Error::Invalid { of, faults }) = groups(&Session::new(), &request, &town) else { panic!() };
    assert!(of == "the scenario with groups" && faults.0.len() > 1, "{faults}");
    request.walk = ShareRange::exactly(0.95);
    assert!(matches!(groups(&Session::new(), &request, &town), Err(Error::Request(_))));
    request.walk = ShareRange { low: 0.2, share: 0.1, high: 0.3 };
    assert!(matches!(groups(&Session::new(), &request, &town), Err(Error::Request(_))));
}

#[test]
fn requests_are_plain_data_with_defaults_and_no_unknown_keys() {
    let text = r#"{"map": "map.osm", "people": 700, "private_roads": "residents", "mobilization": "slow",
        "area": {"name": "area.geojson", "content": "{}"}, "tntp": {"length": "mile"}}"#;
    let request: ComposeRequest = serde_json::from_str(text).unwrap();
    assert_eq!((request.people, request.name.as_str()), (Some(700), "scenario"));
    let back: ComposeRequest = serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap();
    assert_eq!(request, back);
    let raster = r#"{"raster": {"depth": {"file": {"name": "d.tif", "content": [1]}, "from_ms": 0, "until_ms": null}}}"#;
    let resolve: ResolveRequest = serde_json::from_str(raster).unwrap();
    assert_eq!(resolve.hazard_id, "raster");
    assert!(serde_json::from_str::<ComposeRequest>(r#"{"peeple": 1}"#).is_err());
    assert!(
        serde_json::from_str::<GroupsRequest>(r#"{"walk": {"low": 0, "share": 0.1, "hgh": 1}}"#).is_err()
    );
    assert!(serde_json::from_str::<ConnectRequest>(r#"{"site": []}"#).is_err());
    assert!(serde_json::from_str::<ImportRequest>(r#"{"tntp": {"lenght": "mile"}}"#).is_err());
}
