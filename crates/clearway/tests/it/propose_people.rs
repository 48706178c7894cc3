//! People shared out over buildings by floor area, by hand and as geopandas writes the same buildings.

use crate::readers::run;
use clearway::{
    ComposeRequest, Error, FolderStore, InputFile, MemoryStore, PeopleProposals, ProposePeopleRequest,
    Session, Store, compose, propose_people,
};

/// Where a building lies, and its tags.
type Building<'a> = (f64, f64, &'a [(&'a str, &'a str)]);

/// Buildings of 1 x 1 hundred-thousandths of a degree times `side`, at an east, with tags.
fn map() -> String {
    let mut nodes = String::new();
    let mut ways = String::new();
    let list: [Building<'_>; 6] = [
        // 4 units of one floor, 1 unit of eight, 4 units of which nobody says: the median of 1 and 8, the higher of the two
        (30.000, 2.0, &[("building", "house"), ("building:levels", "1")]),
        (30.002, 1.0, &[("building", "apartments"), ("building:levels", "8")]),
        (30.004, 2.0, &[("building", "yes")]),
        (30.006, 9.0, &[("building", "warehouse")]),
        (30.500, 2.0, &[("building", "house")]),
        (30.003, 3.0, &[("landuse", "residential")]),
    ];
    for (n, (east, side, tags)) in (1..).zip(list) {
        let tags: String =
            tags.iter().map(|(key, value)| format!("<tag k=\"{key}\" v=\"{value}\"/>")).collect();
        let mut refs = String::new();
        for (corner, (x, y)) in [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)].iter().enumerate() {
            let (lon, lat, id) = (east + x * side * 1e-4, 10.0 + y * side * 1e-4, n * 10 + corner);
            nodes.push_str(&format!("<node id=\"{id}\" lon=\"{lon:.7}\" lat=\"{lat:.7}\"/>"));
            refs.push_str(&format!("<nd ref=\"{id}\"/>"));
        }
        ways.push_str(&format!("<way id=\"{n}\">{refs}<nd ref=\"{}\"/>{tags}</way>", n * 10));
    }
    format!("<osm version=\"0.6\">{nodes}{ways}</osm>")
}

const AREA: &str = r#"{"type": "Polygon", "coordinates": [[[29.999, 9.999], [30.009, 9.999], [30.009, 10.002], [29.999, 10.002], [29.999, 9.999]]]}"#;

fn proposed(store: &dyn Store, map: &str, people: i64) -> Result<PeopleProposals, Error> {
    let mut request = ProposePeopleRequest::default();
    request.map = Some(map.to_owned());
    request.area = Some(InputFile::new("area.geojson", AREA));
    request.people = people;
    propose_people(&Session::new().with_threads(1), &request, store)
}

#[test]
fn people_are_shared_out_by_floor_area_to_the_person() {
    let store: MemoryStore = [("map.osm".to_owned(), map().into_bytes())].into_iter().collect();
    let made = proposed(&store, "map.osm", 441).unwrap();
    let people: Vec<i64> = made.proposed.places.iter().map(|(_, _, people)| *people).collect();
    // 4, 8 and 32 of 44 units
    assert_eq!(people, [40, 80, 321]);
    assert_eq!((made.proposed.with_floors, made.proposed.usual_floors, made.proposed.outside), (2, 8.0, 1));
    let words = made.in_words();
    assert!(words.contains("441 people in 3 buildings") && words.contains("warehouse 1"), "{words}");
    // the table is one that a scenario takes, with everybody
    let nodes = "node_id,x_coord,y_coord\nA,30.000,10.0\nB,30.005,10.0002\nC,30.040,10.0\n";
    let links = "link_id,name,from_node_id,to_node_id,directed,facility_type,length,lanes,free_speed\n\
                 1,Long Street,A,B,0,residential,547,1,30\n2,Way Out,B,C,1,primary,3830,1,60\n";
    let roads: MemoryStore = [("node.csv", nodes), ("link.csv", links)].into_iter().collect();
    let mut request = ComposeRequest::default();
    request.area = Some(InputFile::new("area.geojson", AREA));
    request.population = Some(InputFile::new("people.csv", made.csv()));
    request.zone_count = Some(1);
    let composed = compose(&Session::new().with_threads(1), &request, &roads).unwrap();
    assert_eq!(composed.scenario.zones.iter().map(|zone| zone.people).sum::<i64>(), 441);
}

#[test]
fn a_geoparquet_file_of_buildings_gives_the_same_people() {
    let dir = tempfile::tempdir().unwrap();
    run("make_buildings.py", &[&dir.path().display().to_string()]);
    let store = FolderStore::new(dir.path());
    let made = proposed(&store, "buildings.parquet", 441).unwrap();
    let people: Vec<i64> = made.proposed.places.iter().map(|(_, _, people)| *people).collect();
    assert_eq!(people, [40, 80, 321], "{}", made.in_words());
    for (name, words) in [
        ("bad-cut.parquet", "bad-cut.parquet is damaged"),
        ("bad-points.parquet", "row 1: its geometry is no polygon"),
        ("bad-columns.parquet", "no column 'geometry'"),
    ] {
        let error = proposed(&store, name, 441).unwrap_err().to_string();
        assert!(error.contains(words), "{name}: {error}");
    }
    let error = proposed(&store, "buildings.parquet", 0).unwrap_err().to_string();
    assert!(error.contains("people = '0'"), "{error}");
}

/// A bow tie of which the larger loop turns the other way would weigh as much as the rest of the Earth.
#[test]
fn a_building_whose_outline_crosses_itself_takes_nobody() {
    let corners = [(30.0, 9.9999), (30.0004, 10.0002), (30.0004, 9.9998), (30.0, 10.00005)];
    let nodes: String = corners
        .iter()
        .zip(1..)
        .map(|((lon, lat), id)| format!("<node id=\"{id}\" lon=\"{lon}\" lat=\"{lat}\"/>"))
        .collect();
    let crossing = "<way id=\"90\"><nd ref=\"1\"/><nd ref=\"2\"/><nd ref=\"3\"/><nd ref=\"4\"/><nd ref=\"1\"/><tag k=\"building\" v=\"house\"/></way>";
    let whole = map()
        .replacen("<node ", &format!("{nodes}<node "), 1)
        .replace("</osm>", &format!("{crossing}</osm>"));
    let of = |text: String| {
        let store: MemoryStore = [("map.osm".to_owned(), text.into_bytes())].into_iter().collect();
        proposed(&store, "map.osm", 1_000).unwrap().proposed
    };
    let (with, without) = (of(whole), of(map()));
    assert_eq!(with.places, without.places);
    assert!(with.warnings.to_string().contains("left out = '1'"), "{}", with.warnings);
}
