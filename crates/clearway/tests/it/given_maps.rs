//! Maps, tables and rasters of other programs (made by geopandas, openpyxl and rasterio) read as GeoJSON, CSV and degrees would be.

use crate::readers::run;
use clearway::{
    Artifacts, ComposeRequest, Composed, Disclosure, Error, FolderKind, InputFile, MemoryStore, Session,
    compose,
};
use std::path::Path;
use std::sync::OnceLock;

/// A folder with all files of `make.py`.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let made = FOLDER.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        run("make.py", &[&dir.path().display().to_string()]);
        dir
    });
    made.path()
}

fn input(name: &str) -> InputFile {
    InputFile::new(name, std::fs::read(folder().join(name)).unwrap())
}

/// A street through the zones, and a road that leaves them.
fn roads() -> MemoryStore {
    let nodes = "node_id,x_coord,y_coord\nA,30.000,10.0\nB,30.005,10.0\nC,30.030,10.0\n";
    let links = "link_id,name,from_node_id,to_node_id,directed,facility_type,length,lanes,free_speed\n\
                 1,Long Street,A,B,0,residential,556,1,30\n2,Way Out,B,C,1,primary,2783,1,60\n";
    [("node.csv", nodes), ("link.csv", links)].into_iter().collect()
}

const AREA: &str = r#"{"type": "Polygon", "coordinates": [[[29.999, 9.999], [30.007, 9.999], [30.007, 10.001], [29.999, 10.001], [29.999, 9.999]]]}"#;

fn of(fill: impl FnOnce(&mut ComposeRequest)) -> Result<Composed, Error> {
    let mut request = ComposeRequest::default();
    fill(&mut request);
    compose(&Session::new().with_threads(1), &request, &roads())
}

fn with_zones(name: &str) -> Result<Composed, Error> {
    of(|request| request.zones = Some(input(name)))
}

/// Name, p-code and people of each zone.
fn zones(composed: &Composed) -> Vec<(String, String, i64)> {
    let zones = composed.scenario.zones.iter();
    zones.map(|zone| (zone.name.clone(), zone.pcode.clone(), zone.people)).collect()
}

#[test]
fn zones_are_the_same_out_of_every_kind_of_map_to_the_person_and_the_letter() {
    let plain = with_zones("zones.geojson").unwrap();
    let expected =
        [("Süd".to_owned(), "007".to_owned(), 300), ("Öst & Co".to_owned(), "CH02".to_owned(), 200)];
    assert_eq!(zones(&plain), expected);
    for name in [
        "zones.gpkg",
        "zones-utm.gpkg",
        "zones-mollweide.gpkg",
        "zones-shapefile.zip",
        "zones-shapefile-utm.zip",
        "zones-shapefile-latin.zip",
        "zones.kml",
        "zones.kmz",
        "zones.xlsx",
    ] {
        let composed = with_zones(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(zones(&composed), expected, "{name}");
        let (there, here) = (corners(&plain), corners(&composed));
        assert_eq!(here.iter().map(Vec::len).collect::<Vec<_>>(), [10, 5], "{name}: a hole stays a hole");
        for (there, here) in there.iter().flatten().zip(here.iter().flatten()) {
            let off = (there[0] - here[0]).abs().max((there[1] - here[1]).abs());
            assert!(off < 1e-6, "{name}: {here:?} is {off} degrees off");
        }
    }
}

/// Per zone, all corners of its outline and its holes, in order of their degrees.
fn corners(composed: &Composed) -> Vec<Vec<[f64; 2]>> {
    let shapes: serde_json::Value =
        serde_json::from_slice(composed.artifacts().get("zones.geojson").unwrap()).unwrap();
    let features = shapes["features"].as_array().unwrap();
    features
        .iter()
        .map(|feature| {
            let geometry = &feature["geometry"];
            let polygon = if geometry["type"] == "MultiPolygon" {
                &geometry["coordinates"][0]
            } else {
                &geometry["coordinates"]
            };
            let rings: Vec<Vec<[f64; 2]>> = serde_json::from_value(polygon.clone()).unwrap();
            let mut corners = rings.concat();
            let key = |corner: &[f64; 2]| corner.map(|degrees| (degrees * 1e5).round() as i64);
            corners.sort_by_key(key);
            corners
        })
        .collect()
}

#[test]
fn an_area_and_sites_come_out_of_any_kind_of_map_or_sheet() {
    for name in ["zones.gpkg", "zones-shapefile.zip", "zones.kml"] {
        let composed = of(|request| {
            request.area = Some(input(name));
            request.people = Some(500);
            request.zone_count = Some(1);
        });
        let composed = composed.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(composed.scenario.zones.iter().map(|zone| zone.people).sum::<i64>(), 500, "{name}");
    }
    for name in ["sites.gpkg", "sites-shapefile.zip", "sites.xlsx"] {
        let composed = of(|request| {
            request.zones = Some(input("zones.kml"));
            request.sites = Some(input(name));
        });
        let composed = composed.unwrap_or_else(|error| panic!("{name}: {error}"));
        let sites: Vec<_> =
            composed.scenario.sites.iter().map(|site| (site.name.as_str(), site.capacity_people)).collect();
        assert_eq!(sites, [("Halle", Some(900))], "{name}");
    }
}

#[test]
fn people_are_conserved_out_of_rasters_in_metres_and_out_of_a_workbook() {
    for name in ["people-mollweide.tif", "people-utm.tif", "people.xlsx"] {
        let composed = of(|request| {
            request.zones = Some(uncounted());
            request.population = Some(input(name));
        });
        let composed = composed.unwrap_or_else(|error| panic!("{name}: {error}"));
        let people: Vec<i64> = composed.scenario.zones.iter().map(|zone| zone.people).collect();
        assert_eq!(people, [300, 200], "{name}");
    }
}

/// The zones without counts.
fn uncounted() -> InputFile {
    let text = String::from_utf8(std::fs::read(folder().join("zones.geojson")).unwrap()).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    for feature in value["features"].as_array_mut().unwrap() {
        feature["properties"].as_object_mut().unwrap().remove("people");
    }
    InputFile::new("zones.geojson", value.to_string())
}

#[test]
fn an_alert_is_a_hazard_with_its_times_latitude_first() {
    let composed = of(|request| {
        request.area = Some(InputFile::new("area.geojson", AREA));
        request.people = Some(500);
        request.zone_count = Some(1);
        request.start = Some("2026-05-12T08:00:00+00:00".to_owned());
        request.time_zone = Some("UTC".to_owned());
        request.hazards = Some(input("alert.xml"));
    })
    .unwrap();
    let closures: Vec<_> = composed
        .scenario
        .closures
        .iter()
        .filter(|row| row.target == clearway_model::ClosureTarget::Link)
        .map(|row| (row.cause.as_str(), row.from_ms, row.until_ms))
        .collect();
    // the street in both directions, and not the way out
    assert_eq!(closures, [("A1-1-1", 7_200_000, Some(43_200_000)); 2]);
}

#[test]
fn what_cannot_be_read_is_refused_in_words_with_what_to_do() {
    for (name, words) in [
        ("bad-cut.zip", "as their header says"),
        ("bad-no-prj.zip", "ogr2ogr -f GeoJSON -s_srs EPSG:4326"),
        ("bad-two.zip", "one shapefile in the archive"),
        ("bad-rows.zip", "the file is cut off or damaged"),
        ("bad-lambert.zip", "/vsizip/bad-lambert.zip"),
        ("bad-cut.gpkg", "a GeoPackage"),
        ("bad-layers.gpkg", "north, south"),
        ("bad-lambert.gpkg", "EPSG:3035"),
        ("bad-cut.kml", "is the file cut off"),
        ("bad-coordinates.kml", "placemark 1"),
        ("bad-link.kml", "links to files elsewhere"),
        ("bad-empty.xlsx", "bad-empty.xlsx"),
        ("bad-cut.xlsx", "bad-cut.xlsx"),
        ("bad-nothing.xlsx", "the file is empty"),
        ("bad-code.xml", "geocode"),
        ("bad-polygon.xml", "info 1, area 1"),
        ("bad-cut.xml", "cut off"),
    ] {
        let error = match with_zones(name) {
            Ok(_) => panic!("{name} was read"),
            Err(error) => error.to_string(),
        };
        assert!(error.contains(words), "{name}: {error}");
        assert!(error.contains(name), "{name} is not named: {error}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_said_together_with_the_other_faults() {
    let error = of(|request| {
        request.area = Some(input("bad-cut.kml"));
        request.zones = Some(input("bad-two.zip"));
        request.people_low = Some(3);
    });
    let error = error.unwrap_err().to_string();
    for words in ["bad-cut.kml", "bad-two.zip", "people_low"] {
        assert!(error.contains(words), "{words}: {error}");
    }
    assert!(!error.contains("an area, or zones"), "what cannot be read is not missing: {error}");
}

/// A shapefile as one archive; `change` may change the bytes of a member, whose check sum is right all the same.
fn shapefile(change: impl Fn(&str, &mut Vec<u8>)) -> InputFile {
    let members = ["layer.shp", "layer.shx", "layer.dbf", "layer.prj"].map(|name| {
        let mut bytes = std::fs::read(folder().join("zones-shapefile-parts").join(name)).unwrap();
        change(name, &mut bytes);
        (name.to_owned(), bytes)
    });
    let files = Artifacts::new(FolderKind::Export, Disclosure::Full, members.to_vec());
    InputFile::new("layer.zip", files.zip().unwrap())
}

#[test]
fn letters_that_are_no_utf_8_ask_how_they_are_written() {
    let whole = of(|request| request.zones = Some(shapefile(|_, _| ()))).unwrap();
    assert_eq!(zones(&whole).len(), 2);
    let latin = shapefile(|name, bytes| {
        if name == "layer.dbf" {
            // the two bytes of u with dots become one, and the column keeps its width
            let at = bytes.windows(2).position(|two| two == "ü".as_bytes()).unwrap();
            bytes.splice(at..at + 2, [0xfc, b' ']);
        }
    });
    let Err(Error::Invalid { faults, .. }) = of(|request| request.zones = Some(latin)) else { panic!() };
    assert!(faults.to_string().contains(".cpg"), "{faults}");
}

#[test]
fn a_damaged_shapefile_never_ends_the_program() {
    for member in ["layer.shp", "layer.dbf"] {
        for step in 0..80_usize {
            let damaged = shapefile(|name, bytes| {
                if name == member {
                    let at = step * bytes.len() / 80;
                    bytes[at] = bytes[at].wrapping_add(u8::try_from(step).unwrap() + 1);
                    if step % 4 == 0 {
                        bytes.truncate(bytes.len() - at / 2);
                    }
                }
            });
            let _ = of(|request| request.zones = Some(damaged));
        }
    }
}

#[test]
fn damaged_maps_never_end_the_program() {
    let session = Session::new().with_threads(1);
    for name in
        ["zones.gpkg", "zones-shapefile-parts/layer.shp", "zones.kmz", "zones-shapefile.zip", "alert.xml"]
    {
        let whole = std::fs::read(folder().join(name)).unwrap();
        // a byte here and there is another, and the file ends somewhere
        for step in 0..60_usize {
            let mut bytes = whole.clone();
            let at = step * whole.len() / 60;
            bytes[at] = bytes[at].wrapping_add(u8::try_from(step).unwrap() + 1);
            let inside = at / 2;
            bytes[inside] ^= 0xff;
            if step % 3 == 0 {
                bytes.truncate(whole.len() - at / 2);
            }
            let mut request = ComposeRequest::default();
            request.zones = Some(InputFile::new(name, bytes));
            let _ = compose(&session, &request, &roads());
        }
    }
}
