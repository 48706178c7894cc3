//! Places that might receive people out of a map of OpenStreetMap, with areas by hand: a square of a thousandth of a degree at the equator
//! is 111.3195 m x 110.5743 m = 12,309.1 m2 (WGS 84).

use clearway::{
    ComposeRequest, Error, InputFile, MemoryStore, ProposeSitesRequest, Session, SiteProposals, compose,
    propose_sites,
};
use clearway_model::{ReceivingKind, SourceStatus};

/// Corners of a square, from west and south, thousandths of a degree; nodes are numbered from `first`.
fn square(first: i64, west: f64, south: f64, side: f64) -> String {
    [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)]
        .iter()
        .zip(first..)
        .map(|((east, north), id)| {
            let (lon, lat) = ((west + east) / 1000.0, (south + north) / 1000.0);
            format!("<node id=\"{id}\" lon=\"{lon:.7}\" lat=\"{lat:.7}\"/>\n")
        })
        .collect()
}

fn way(id: i64, nodes: &[i64], tags: &[(&str, &str)]) -> String {
    let nodes: String = nodes.iter().map(|node| format!("<nd ref=\"{node}\"/>")).collect();
    format!("<way id=\"{id}\">{nodes}{}</way>\n", tags_of(tags))
}

fn closed(id: i64, first: i64, tags: &[(&str, &str)]) -> String {
    way(id, &[first, first + 1, first + 2, first + 3, first], tags)
}

fn node(id: i64, lon: f64, lat: f64, tags: &[(&str, &str)]) -> String {
    format!("<node id=\"{id}\" lon=\"{lon}\" lat=\"{lat}\">{}</node>\n", tags_of(tags))
}

fn tags_of(tags: &[(&str, &str)]) -> String {
    tags.iter().map(|(key, value)| format!("<tag k=\"{key}\" v=\"{value}\"/>")).collect()
}

fn map() -> String {
    let hall = "<relation id=\"1\"><member type=\"way\" ref=\"31\" role=\"outer\"/><member type=\"way\" ref=\"33\" role=\"inner\"/>\
                <member type=\"way\" ref=\"32\" role=\"outer\"/><member type=\"node\" ref=\"300\" role=\"entrance\"/>";
    let elements = [
        // a street, so that a scenario can be made of the same map
        node(1, 0.0, -0.001, &[]),
        node(2, 0.0095, -0.001, &[]),
        node(3, 0.04, -0.001, &[]),
        // a school: its ground of 3 x 3 with a building of 1 x 1 in it
        square(100, 20.0, 0.0, 3.0),
        square(110, 21.0, 1.0, 1.0),
        // a hall of 3 x 3 around a court of 1 x 1, of two ways
        square(300, 30.0, 0.0, 3.0),
        square(310, 31.0, 1.0, 1.0),
        // an evacuation centre that touches the hazard
        square(400, 50.0, 0.0, 1.0),
        node(
            500,
            0.005,
            0.0,
            &[("emergency", "assembly_point"), ("name", "Platz <1>".replace('<', "&lt;").as_str())],
        ),
        node(501, 0.006, 0.0, &[("amenity", "shelter"), ("shelter_type", "public_transport")]),
        node(502, 0.006, 0.0, &[("amenity", "school"), ("disused", "yes")]),
        node(503, 1.0, 0.0, &[("amenity", "place_of_worship")]),
        node(
            504,
            0.006,
            0.001,
            &[("amenity", "social_facility"), ("social_facility", "nursing_home"), ("capacity", "40")],
        ),
        way(9, &[1, 2], &[("highway", "residential"), ("name", "Long Street")]),
        way(10, &[2, 3], &[("highway", "primary"), ("name", "Way Out")]),
        closed(20, 100, &[("amenity", "school"), ("name", "East School")]),
        closed(21, 110, &[("amenity", "school"), ("building", "school"), ("building:levels", "2")]),
        way(31, &[300, 301, 302], &[]),
        way(32, &[300, 303, 302], &[]),
        closed(33, 310, &[]),
        closed(40, 400, &[("emergency", "evacuation_center"), ("building", "yes"), ("access", "private")]),
        // cut at the map's edge: one of its nodes is not in the file
        way(41, &[400, 401, 999, 400], &[("amenity", "community_centre")]),
    ];
    format!(
        "<osm version=\"0.6\">{}{hall}{}</relation></osm>",
        elements.concat(),
        tags_of(&[
            ("type", "multipolygon"),
            ("leisure", "sports_hall"),
            ("name", "Hall"),
            ("wheelchair", "yes")
        ])
    )
}

const AREA: &str = r#"{"type": "Polygon", "coordinates": [[[-0.001, -0.002], [0.01, -0.002], [0.01, 0.002], [-0.001, 0.002], [-0.001, -0.002]]]}"#;
/// Begins where the evacuation centre ends.
const HAZARD: &str = r#"{"type": "Feature", "properties": {"hazard_id": "flood", "from_ms": 0}, "geometry": {"type": "Polygon", "coordinates": [[[0.051, -0.001], [0.06, -0.001], [0.06, 0.002], [0.051, 0.002], [0.051, -0.001]]]}}"#;

fn proposals(change: impl FnOnce(&mut ProposeSitesRequest)) -> Result<SiteProposals, Error> {
    proposals_of(map(), change)
}

fn proposals_of(map: String, change: impl FnOnce(&mut ProposeSitesRequest)) -> Result<SiteProposals, Error> {
    let store: MemoryStore = [("map.osm".to_owned(), map.into_bytes())].into_iter().collect();
    let mut request = ProposeSitesRequest::default();
    request.map = Some("map.osm".to_owned());
    request.area = Some(InputFile::new("area.geojson", AREA));
    request.hazards = Some(InputFile::new("hazard.geojson", HAZARD));
    change(&mut request);
    propose_sites(&Session::new().with_threads(1), &request, &store)
}

#[test]
fn places_have_the_areas_capacities_and_distances_that_follow_by_hand() {
    let made = proposals(|_| ()).unwrap();
    let places: Vec<_> =
        made.proposed.sites.iter().map(|site| (site.site_id.as_str(), site.kind, site.area_m2)).collect();
    let cell = 12_309.07;
    use ReceivingKind::*;
    assert_eq!(
        places,
        [
            ("w40", EmergencyShelter, Some(12_309.0)),
            ("n500", AssemblyPoint, None),
            ("n504", SocialFacility, None),
            ("w20", School, Some((9.0_f64 * cell).round())),
            ("w21", School, Some(12_309.0)),
            ("w41", CommunityCentre, None),
            // nine cells less the one of the court
            ("r1", SportsHall, Some((8.0_f64 * cell).round())),
        ]
    );
    let of = |id: &str| made.proposed.sites.iter().find(|site| site.site_id == id).unwrap();
    // 12,309 m2 under a roof: / 5.5, / 3.5, / 1.858
    assert_eq!(of("w40").capacity, Some([Some(2_238), Some(3_516), Some(6_624)]));
    // 110,782 m2 of ground: / 45, / 30
    assert_eq!(of("w20").capacity, Some([None, Some(2_461), Some(3_692)]));
    assert_eq!(of("n500").capacity, None);
    assert_eq!(of("w21").lies_in.as_deref(), Some("w20"));
    assert_eq!(of("w40").hazard, Some(("flood".to_owned(), 0.0)), "it touches the hazard");
    // the hall ends at 0.033, the hazard begins at 0.051: 0.018 degrees of 111,195 m
    let (_, far) = of("r1").hazard.clone().unwrap();
    assert!((far - 2_001.5).abs() < 0.5, "{far}");
    assert_eq!(of("n500").area_distance_m, 0.0);
    // its middle at 0.0215, the area to 0.01: 0.0115 degrees
    assert!((of("w20").area_distance_m - 1_278.7).abs() < 1.0, "{}", of("w20").area_distance_m);
    let remarks = of("w40").remarks.join("; ");
    assert!(remarks.contains("access=private") && remarks.contains("footprint of one floor"), "{remarks}");
    assert!(of("w41").remarks[0].contains("does not hold its whole outline"));
    assert_eq!((of("n504").map_capacity.as_str(), of("r1").wheelchair.as_str()), ("40", "yes"));
    assert_eq!(made.proposed.too_far, 1, "the church 110 km away");
    let left_out: Vec<_> = made.proposed.left_out.iter().map(|(tag, n)| (tag.as_str(), *n)).collect();
    assert_eq!(left_out, [("disused=yes", 1), ("shelter_type=public_transport", 1)]);
    let words = made.in_words();
    // the school counts with its ground alone: 12,309 + 110,782 + 98,473
    assert!(words.contains("221,564") && words.contains("none is called safe"), "{words}");
}

/// What a scenario with these sites says of its sites.
fn composed(sites: &str) -> Result<clearway::Composed, Error> {
    let store: MemoryStore = [("map.osm".to_owned(), map().into_bytes())].into_iter().collect();
    let mut request = ComposeRequest::default();
    request.map = Some("map.osm".to_owned());
    request.area = Some(InputFile::new("area.geojson", AREA));
    request.people = Some(500);
    request.zone_count = Some(1);
    request.join_within_m = Some(2_000.0);
    request.sites = Some(InputFile::new("proposed.csv", sites));
    compose(&Session::new().with_threads(1), &request, &store)
}

#[test]
fn none_is_used_before_somebody_accepts_it_and_then_its_source_stands_in_the_scenario() {
    let table = String::from_utf8(proposals(|_| ()).unwrap().csv()).unwrap();
    let error = composed(&table).unwrap_err().to_string();
    assert!(error.contains("rows that are not used = '7'"), "{error}");
    assert!(error.contains("write yes in the column use"), "{error}");
    let accepted = table.replace("no,r1,", "yes,r1,");
    let made = composed(&accepted).unwrap();
    let sites: Vec<_> = made
        .scenario
        .sites
        .iter()
        .map(|site| {
            let ends = [site.capacity_people_low, site.capacity_people, site.capacity_people_high];
            (site.site_id.as_str(), site.name.as_str(), ends, site.area_m2)
        })
        .collect();
    // 98,473 m2: / 5.5, / 3.5, / 1.858
    assert_eq!(sites, [("r1", "Hall", [Some(17_904), Some(28_135), Some(52_999)], Some(98_473.0))]);
    let source = made
        .scenario
        .sources
        .iter()
        .find(|row| row.table == "sites" && row.field == "capacity_people")
        .unwrap();
    assert_eq!((source.id.as_str(), source.status), ("r1", SourceStatus::Derived));
    assert!(source.source.contains("Sphere Handbook 2018"), "{}", source.source);
    assert!(source.note.starts_with("accepted in proposed.csv; footprint of one floor"), "{}", source.note);
    let odd = table.replace("no,r1,", "perhaps,r1,");
    assert!(composed(&odd).unwrap_err().to_string().contains("use = 'perhaps': expected yes or no"));
}

#[test]
fn what_cannot_be_used_is_said() {
    let error = proposals(|request| request.within_m = 0.0);
    // the assembly point and the home lie in the area
    assert_eq!(error.unwrap().proposed.sites.len(), 2);
    for (file, words) in [
        ("<kml/>", "area.kml"),
        (
            r#"{"type": "Polygon", "coordinates": [[[50, 50], [51, 50], [51, 51], [50, 50]]]}"#,
            "places farther away",
        ),
        ("a,b\n1,2\n", "GeoJSON"),
    ] {
        let error = proposals(|request| request.area = Some(InputFile::new("area.kml", file))).unwrap_err();
        assert!(error.to_string().contains(words), "{file}: {error}");
    }
    let table: MemoryStore = [("node.csv", "node_id,x_coord,y_coord\n")].into_iter().collect();
    let mut request = ProposeSitesRequest::default();
    request.area = Some(InputFile::new("area.geojson", AREA));
    request.map = Some("node.csv".to_owned());
    let error = propose_sites(&Session::new(), &request, &table).unwrap_err().to_string();
    assert!(error.contains("only a map of OpenStreetMap"), "{error}");
    request.area = None;
    assert!(matches!(propose_sites(&Session::new(), &request, &table), Err(Error::Request(_))));
}

#[test]
fn a_hazard_inside_a_ground_is_in_it_and_what_a_map_of_hazards_leaves_out_is_said() {
    // 0.0001 degrees in the north-east of the school's ground, far from its outline and its middle
    let inside = r#"{"type": "Polygon", "coordinates": [[[0.0224, 0.0024], [0.0225, 0.0024], [0.0225, 0.0025], [0.0224, 0.0025], [0.0224, 0.0024]]]}"#;
    let alert = |id: &str, geometry: &str| {
        format!(
            r#"{{"type": "Feature", "geometry": {geometry}, "properties": {{"id": "{id}", "areaDesc": "County {id}", "event": "Flood Warning", "status": "Actual", "messageType": "Alert", "sent": "2026-06-01T02:00:00+00:00", "ends": "2026-06-02T02:00:00+00:00"}}}}"#
        )
    };
    let text = format!(
        r#"{{"type": "FeatureCollection", "features": [{}, {}]}}"#,
        alert("a", inside),
        alert("b", "null")
    );
    let made = proposals(|request| request.hazards = Some(InputFile::new("alerts.geojson", text))).unwrap();
    let school = made.proposed.sites.iter().find(|site| site.site_id == "w20").unwrap();
    assert_eq!(school.hazard, Some(("a".to_owned(), 0.0)));
    let warnings = made.proposed.warnings.to_string();
    assert!(warnings.contains("alerts without one = '1'") && warnings.contains("County b"), "{warnings}");
}

#[test]
fn an_outline_that_crosses_itself_has_no_area() {
    let corners = [(0.0, -0.0005), (0.003, 0.001), (0.003, -0.001), (0.0, 0.0005)];
    let nodes: String = corners.iter().zip(1..).map(|((lon, lat), id)| node(id, *lon, *lat, &[])).collect();
    let map =
        format!("<osm version=\"0.6\">{nodes}{}</osm>", way(9, &[1, 2, 3, 4, 1], &[("amenity", "school")]));
    let made = proposals_of(map, |request| request.hazards = None).unwrap();
    let school = &made.proposed.sites[0];
    assert_eq!((school.area_m2, school.capacity), (None, None));
    assert!(school.remarks.join("; ").contains("crosses itself"), "{:?}", school.remarks);
}
