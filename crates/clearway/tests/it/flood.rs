//! A river town: heights, a level, counts of people and a map of OpenStreetMap in, closures out, each moment by hand.
//!
//! ```text
//! column   0    1    2    3    4    5    6    7    8    9   10   11   12 ... 19
//! ground  6.5  6.0  5.5  5.0  4.5  4.0  3.5  3.0  2.5  2.0  1.0  4.0  2.0 ... 2.0   m
//!          A                        B                   C  river dike D   E      F
//! ```
//! The road from A to F goes over river and dike on a bridge from C to D.

use clearway::{
    ComposeRequest, Composed, Error, FloodRequest, InputFile, MemoryStore, ResolveRequest, Session,
    WaterLevel, compose, resolve,
};
use clearway_model::{ClosureRow, ClosureTarget};
use std::io::Cursor;
use tiff::encoder::TiffEncoder;
use tiff::encoder::colortype::Gray32Float;
use tiff::tags::Tag;

const H: i64 = 3_600_000;
const COLUMNS: usize = 20;
const ROWS: usize = 10;

/// Cells of a thousandth of a degree, the north-west corner at 10, 50.01.
fn raster(keys: &[u16], value: impl Fn(usize, usize) -> f32) -> Vec<u8> {
    let values: Vec<f32> = (0..COLUMNS * ROWS).map(|at| value(at % COLUMNS, at / COLUMNS)).collect();
    let mut bytes = Cursor::new(Vec::new());
    let mut file = TiffEncoder::new(&mut bytes).unwrap();
    let mut image = file.new_image::<Gray32Float>(COLUMNS as u32, ROWS as u32).unwrap();
    let tags = image.encoder();
    tags.write_tag(Tag::ModelPixelScaleTag, &[0.001, 0.001, 0.0][..]).unwrap();
    tags.write_tag(Tag::ModelTiepointTag, &[0.0, 0.0, 0.0, 10.0, 50.01, 0.0][..]).unwrap();
    tags.write_tag(Tag::GeoKeyDirectoryTag, keys).unwrap();
    image.write_data(&values).unwrap();
    bytes.into_inner()
}

const DEGREES: [u16; 16] = [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326];
const DEGREES_AND_FEET: [u16; 16] = [1, 1, 0, 3, 1024, 0, 1, 2, 2048, 0, 1, 4326, 4099, 0, 1, 9003];

fn ground(column: usize, _: usize) -> f32 {
    match column {
        0..=9 => 6.5 - 0.5 * column as f32,
        10 => 1.0,
        11 => 4.0,
        _ => 2.0,
    }
}

fn terrain() -> InputFile {
    InputFile::new("terrain.tif", raster(&DEGREES, ground))
}

/// The town as OpenStreetMap has it. Side streets keep B and E junctions; C and D are points of the road between them. A pond behind the dike
/// is no river.
fn roads(with_ramp: bool) -> MemoryStore {
    let mut nodes = vec![
        (1, 10.0005, 50.0055),
        (2, 10.0055, 50.0055),
        (3, 10.0095, 50.0055),
        (4, 10.0125, 50.0055),
        (5, 10.0155, 50.0055),
        (6, 10.0195, 50.0055),
        (7, 10.0055, 50.0085),
        (8, 10.0155, 50.0085),
        (20, 10.0105, 50.0099),
        (21, 10.0105, 50.0001),
        (30, 10.0175, 50.0015),
        (31, 10.0185, 50.0015),
    ];
    nodes.extend(with_ramp.then_some([(40, 10.0105, 50.0055), (41, 10.0105, 50.0075)]).into_iter().flatten());
    let nodes: String = nodes
        .iter()
        .map(|(id, lon, lat)| format!("<node id=\"{id}\" lon=\"{lon}\" lat=\"{lat}\"/>\n"))
        .collect();
    let mut ways = vec![
        (1, "1,2,3", "highway=secondary;name=Main Street;lanes=2"),
        (2, "3,4", "highway=secondary;name=Main Street;lanes=2;bridge=yes;layer=1"),
        (3, "4,5,6", "highway=secondary;name=Main Street;lanes=2"),
        (4, "2,7", "highway=residential;name=West Side"),
        (5, "5,8", "highway=residential;name=East Side"),
        (9, "20,21", "waterway=river;name=Long River"),
        (10, "30,31", "natural=water;water=pond"),
    ];
    if with_ramp {
        ways[1].1 = "3,40,4";
        ways.push((11, "40,41", "highway=secondary_link;bridge=yes"));
    }
    let ways: String = ways
        .iter()
        .map(|(id, refs, tags)| {
            let refs: String = refs.split(',').map(|id| format!("<nd ref=\"{id}\"/>")).collect();
            let tags = tags.split(';').map(|tag| tag.split_once('=').unwrap());
            let tags: String = tags.map(|(k, v)| format!("<tag k=\"{k}\" v=\"{v}\"/>")).collect();
            format!("<way id=\"{id}\">{refs}{tags}</way>\n")
        })
        .collect();
    let map = format!("<osm version=\"0.6\">\n{nodes}{ways}</osm>\n");
    [("town.osm", map.as_str())].into_iter().collect()
}

/// 1 m at the start, 3 m after two hours, 4.5 m after four, 1 m after six.
fn levels() -> Vec<WaterLevel> {
    [(0, 1.0), (2 * H, 3.0), (4 * H, 4.5), (6 * H, 1.0)]
        .map(|(at_ms, level_m)| WaterLevel { at_ms, level_m })
        .to_vec()
}

fn town(flood: FloodRequest) -> Result<Composed, Error> {
    town_on(&roads(false), flood, None)
}

fn town_on(roads: &MemoryStore, flood: FloodRequest, hazards: Option<&str>) -> Result<Composed, Error> {
    let area = |name: &str, west: f64, east: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{"zone_id":"{name}"}},"geometry":{{"type":"Polygon","coordinates":[[[{west},50.001],[{east},50.001],[{east},50.009],[{west},50.009],[{west},50.001]]]}}}}"#
        )
    };
    let zones = format!(
        r#"{{"type":"FeatureCollection","features":[{},{}]}}"#,
        area("west", 10.002, 10.009),
        area("east", 10.013, 10.018)
    );
    let mut request = ComposeRequest::default();
    request.map = Some("town.osm".to_owned());
    request.zones = Some(InputFile::new("zones.geojson", zones));
    request.population = Some(InputFile::new(
        "people.tif",
        raster(&DEGREES, |column, row| match (column, row) {
            (5, 1..=4) => 75.0,
            (15, 1..=4) => 25.0,
            _ => 0.0,
        }),
    ));
    request.sites = Some(InputFile::new("sites.csv", "site_id,x,y,capacity\nhill,10.0005,50.0055,1000\n"));
    request.flood = Some(flood);
    request.hazards = hazards.map(|text| InputFile::new("hazards.geojson", text));
    compose(&Session::new().with_threads(1), &request, roads)
}

/// From when to when something is closed.
fn closed(rows: &[ClosureRow], target: ClosureTarget, id: &str) -> Vec<(i64, Option<i64>)> {
    let rows = rows.iter().filter(|row| row.target == target && row.target_id == id);
    rows.map(|row| (row.from_ms, row.until_ms)).collect()
}

#[test]
fn a_river_town_floods_to_the_second() {
    let composed = town(FloodRequest::new(terrain(), levels())).unwrap();
    let scenario = &composed.scenario;
    let people: Vec<(&str, i64)> = scenario.zones.iter().map(|z| (z.zone_id.as_str(), z.people)).collect();
    assert_eq!(people, [("west", 300), ("east", 100)]);
    let rows = &scenario.closures;
    assert!(rows.iter().all(|row| row.cause == "flood"));
    let link = |from: &str, to: &str| {
        let found = scenario.links.iter().find(|l| l.from_node_id == from && l.to_node_id == to);
        closed(rows, ClosureTarget::Link, &found.unwrap_or_else(|| panic!("{from} to {to}")).link_id)
    };
    // ground of 4.0 m is under 0.3 m at 4.3 m: of the rise from 3.0 to 4.5 m within two hours 1.3 / 1.5, of the fall to 1.0 m 0.2 / 3.5
    let b = (
        2 * H + (1.3 / 1.5 * 2.0 * H as f64) as i64,
        Some(4 * H + (0.2 / 3.5 * 2.0 * H as f64).ceil() as i64),
    );
    assert_eq!(b, (13_440_000, Some(14_811_429)));
    assert_eq!(closed(rows, ClosureTarget::Node, "2"), [b]);
    assert_eq!(link("1", "2"), [b]);
    // beyond the dike from when it is overtopped, 1.0 of the 1.5 m, and for good: what is behind it does not flow back
    let e = (2 * H + 4_800_000, None);
    assert_eq!(closed(rows, ClosureTarget::Node, "5"), [e]);
    assert_eq!(closed(rows, ClosureTarget::Zone, "east"), [e]);
    assert_eq!(link("5", "6"), [e]);
    // the road over the bridge: not from when the river below is 0.3 m higher (18 min), but from when the ground at C is, 1.3 of the first 2 m;
    // it would be open again when C is, were it not closed beyond the dike
    assert_eq!(link("2", "5"), [(4_680_000, None)]);
    assert_eq!(link("5", "2"), [(4_680_000, None)]);
    // the hill of 6.5 m stays dry
    assert_eq!(closed(rows, ClosureTarget::Site, "hill"), []);
    let over: Vec<_> = scenario.assumptions.iter().filter(|row| row.kind == "over_water").collect();
    assert_eq!(over.len(), 1);
    assert_eq!(over[0].count, Some(2), "both directions of the bridge");
}

#[test]
fn later_levels_are_resolved_with_the_water_and_the_bridges_of_the_map() {
    let composed = town(FloodRequest::new(terrain(), levels())).unwrap();
    let store = MemoryStore::from(composed.artifacts());
    let resolved = |levels: Vec<WaterLevel>| {
        let mut request = ResolveRequest::default();
        request.flood = Some(FloodRequest::new(terrain(), levels));
        resolve(&Session::new().with_threads(1), &request, &store).unwrap()
    };
    let again = resolved(levels());
    assert_eq!(again.scenario.closures, composed.scenario.closures);
    assert_eq!((again.made, again.replaced), (composed.scenario.closures.len(), again.made));
    // a lower flood does not come over the dike
    let lower = resolved(vec![WaterLevel { at_ms: H, level_m: 3.9 }]);
    assert_eq!(closed(&lower.scenario.closures, ClosureTarget::Node, "5"), []);
    let west: Vec<_> =
        lower.scenario.closures.iter().filter(|row| row.target == ClosureTarget::Link).collect();
    assert!(west.iter().all(|row| (row.from_ms, row.until_ms) == (H, None)), "{west:?}");
    // and one that reaches nobody takes all closures away
    let none = resolved(vec![WaterLevel { at_ms: H, level_m: 1.1 }]);
    assert_eq!((none.made, none.replaced), (0, composed.scenario.closures.len()));
    assert!(none.scenario.closures.is_empty());
    // water may come from elsewhere: a breach behind the dike, given as a point in KML
    let mut request = ResolveRequest::default();
    let mut flood = FloodRequest::new(terrain(), vec![WaterLevel { at_ms: H, level_m: 3.9 }]);
    let kml = "<?xml version=\"1.0\"?><kml xmlns=\"http://www.opengis.net/kml/2.2\"><Placemark><name>breach</name>\
               <Point><coordinates>10.0135,50.0025</coordinates></Point></Placemark></kml>";
    flood.water = Some(InputFile::new("breach.kml", kml));
    request.flood = Some(flood);
    let breach = resolve(&Session::new().with_threads(1), &request, &store).unwrap();
    assert_eq!(closed(&breach.scenario.closures, ClosureTarget::Node, "5"), [(H, None)]);
    assert_eq!(closed(&breach.scenario.closures, ClosureTarget::Node, "2"), []);
}

#[test]
fn a_sea_reaches_beyond_the_raster_and_a_junction_stands_on_a_bridge() {
    let mut flood = FloodRequest::new(terrain(), vec![WaterLevel { at_ms: H, level_m: 3.9 }]);
    let sea = r#"{"type":"Polygon","coordinates":[[[9,49],[11,49],[11,51],[9,51],[9,49]]]}"#;
    flood.water = Some(InputFile::new("sea.geojson", sea));
    let composed = town(flood).unwrap();
    assert_eq!(closed(&composed.scenario.closures, ClosureTarget::Node, "5"), [(H, None)]);
    // the ground at both ends of the bridge is 2.0 m: at that level only the river is higher, below
    let flood = FloodRequest::new(terrain(), vec![WaterLevel { at_ms: 0, level_m: 2.0 }]);
    let composed = town_on(&roads(true), flood, None).unwrap();
    assert!(composed.scenario.nodes.iter().any(|node| node.node_id == "40"));
    assert_eq!(closed(&composed.scenario.closures, ClosureTarget::Node, "40"), []);
    assert!(
        composed.scenario.closures.iter().all(|row| row.target == ClosureTarget::Node),
        "the end of the ramp"
    );
}

#[test]
fn what_is_wrong_with_a_flood_is_said() {
    let fault = |flood: FloodRequest| match town(flood) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("taken"),
    };
    let feet = InputFile::new("terrain.tif", raster(&DEGREES_AND_FEET, ground));
    assert!(fault(FloodRequest::new(feet, levels())).contains("heights in metres"));
    let low = vec![WaterLevel { at_ms: 0, level_m: 0.5 }];
    let said = fault(FloodRequest::new(terrain(), low));
    assert!(said.contains("no higher than the highest level, 0.5 m") && said.contains("datum"), "{said}");
    let said = fault(FloodRequest::new(terrain(), Vec::new()));
    assert!(said.contains("at least one level"), "{said}");
    let mut elsewhere = FloodRequest::new(terrain(), levels());
    elsewhere.water = Some(InputFile::new("water.geojson", r#"{"type":"Point","coordinates":[11.0,50.0]}"#));
    let said = fault(elsewhere);
    assert!(said.contains("water.geojson") && said.contains("--water"), "{said}");
    let broken = InputFile::new("terrain.tif", &b"II*\0broken"[..]);
    assert!(fault(FloodRequest::new(broken, levels())).contains("GeoTIFF"));
    let polygon = r#"{"type":"Feature","properties":{"hazard_id":"flood","from_ms":0},"geometry":{"type":"Polygon","coordinates":[[[10.0,50.0],[10.01,50.0],[10.01,50.01],[10.0,50.0]]]}}"#;
    let said = town_on(&roads(false), FloodRequest::new(terrain(), levels()), Some(polygon))
        .unwrap_err()
        .to_string();
    assert!(said.contains("an id that the flood of the terrain does not have"), "{said}");
    // all at once, with what else is wrong
    let mut bad = FloodRequest::new(terrain(), vec![WaterLevel { at_ms: 5, level_m: f64::NAN }]);
    bad.water = Some(InputFile::new("water.geojson", "no json"));
    let said = fault(bad);
    assert!(said.contains("a height of") && said.contains("GeoJSON"), "{said}");
}
