//! Files that are not what they seem: joined extracts, downloads that broke off, other formats, texts that unpack to too much.

use std::io::Write;

use crate::common::Osm;
use clearway_import::{ImportError, ImportOptions, RoadMap, import_roads};

fn read(name: &str, bytes: &[u8]) -> Result<RoadMap, ImportError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    import_roads(&path, &ImportOptions::default(), &|_, _| {})
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// A loop of streets and a tertiary road that ends at x = 100, in two boxes that meet there.
fn two_boxes(boxes: &[[i32; 4]]) -> Osm {
    let map = boxes.iter().fold(Osm::new(), |map, b| map.bounds(b[0], b[1], b[2], b[3]));
    map.nodes(&[(1, 20, 20), (2, 60, 20), (3, 60, 60), (4, 100, 60), (5, 198, 20)])
        .way(10, &[1, 2, 3, 1], "highway=tertiary")
        .way(11, &[3, 4], "highway=tertiary name=Ends")
        .way(12, &[2, 5], "highway=tertiary name=Leaves")
}

#[test]
fn the_side_between_two_joined_extracts_is_no_edge_of_the_map() {
    let west = [0, 0, 100, 100];
    let east = [100, 0, 200, 100];
    for boxes in [[west, east], [east, west], [[0, 0, 200, 100], [90, 50, 110, 70]]] {
        assert_eq!(two_boxes(&boxes).import().boundary_nodes, ["5"], "{boxes:?}");
    }
    assert_eq!(two_boxes(&[west]).import().boundary_nodes, ["4", "5"]);
}

#[test]
fn a_box_or_a_centre_inside_a_way_is_not_that_of_the_file() {
    let xml = two_boxes(&[[0, 0, 200, 100]]).xml().replace(
        "<way id=\"10\">",
        "<way id=\"10\"><bounds minlat=\"0.002\" minlon=\"0.002\" maxlat=\"0.006\" maxlon=\"0.0100\"/><center lat=\"0.004\" lon=\"0.004\"/>",
    );
    let map = read("map.osm", xml.as_bytes()).unwrap();
    assert_eq!(map.boundary_nodes, ["5"]);
    assert_eq!(map.links.iter().filter(|l| l.link_id.starts_with("w10-")).count(), 4);
}

#[test]
fn a_download_that_the_server_broke_off_is_refused() {
    let xml =
        |remark: &str| two_boxes(&[]).xml().replace("</osm>", &format!("<remark>{remark}</remark></osm>"));
    for remark in [
        " runtime error: Query timed out in \"query\" at line 3 after 26 seconds. ",
        "runtime error: Query ran out of memory in \"recurse\" at line 4. It would need at least 600 MB of RAM to continue.",
    ] {
        let fault = read("map.osm", xml(remark).as_bytes()).unwrap_err();
        assert!(matches!(fault, ImportError::Incomplete { .. }), "{fault}");
        assert!(fault.to_string().contains(remark.trim()), "{fault}");
    }
    let harmless = read("map.osm", xml("made for you").as_bytes()).unwrap();
    assert!(harmless.report.notes.iter().any(|n| n == "remark in the file: made for you"));
}

#[test]
fn formats_of_other_programs_are_named_with_what_converts_them() {
    let mut package = b"SQLite format 3\0".to_vec();
    package.resize(68, 0);
    package.extend(b"GPKG");
    for (name, bytes, what, how) in [
        (
            "a.graphml",
            &b"<?xml version='1.0'?>\n<graphml xmlns='http://graphml.graphdrawing.org/xmlns'/>"[..],
            "GraphML",
            "save_graph_xml",
        ),
        ("a.kml", b"<kml xmlns='http://www.opengis.net/kml/2.2'><Document/></kml>", "KML", "ogr2osm"),
        ("a.gpkg", &package, "GeoPackage", "ogr2osm"),
        ("a.shp", &[0, 0, 0x27, 0x0a, 0, 0, 0, 0], "shapefile", "ogr2osm"),
        ("a.osm.bz2", b"BZh91AY", "bzip2", "bunzip2"),
        ("a.osc", b"<osmChange version='0.6'></osmChange>", "changes", "osmium"),
        ("a.geojson", b"{\"type\":\"FeatureCollection\",\"features\":[]}", "GeoJSON", "ogr2osm"),
    ] {
        for (name, bytes) in [(name.to_string(), bytes.to_vec()), (format!("{name}.osm"), bytes.to_vec())] {
            let fault = read(&name, &bytes).unwrap_err();
            assert!(matches!(fault, ImportError::Foreign { .. }), "{name}: {fault}");
            let text = fault.to_string();
            assert!(text.contains(what) && text.contains(how) && !text.contains("damaged"), "{text}");
        }
    }
    let fault = read("a.graphml.gz", &packed(b"<graphml/>")).unwrap_err();
    assert!(matches!(fault, ImportError::Foreign { .. }), "{fault}");
}

#[test]
fn tables_in_another_encoding_are_named_with_what_converts_them() {
    let table = |city: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        let mut text = b"node_id,name,x_coord,y_coord\n1,".to_vec();
        text.extend(city);
        text.extend(b",0,0\n2,,0.01,0\n");
        std::fs::write(folder.path().join("node.csv"), text).unwrap();
        std::fs::write(folder.path().join("link.csv"), "link_id,from_node_id,to_node_id,length\na,1,2,1.2\n")
            .unwrap();
        import_roads(folder.path(), &ImportOptions::default(), &|_, _| {}).unwrap_err().to_string()
    };
    // Tokyo in Shift-JIS, EUC-JP, a town in Latin-1, and UTF-16.
    for (bytes, what) in [
        (&[0x93, 0x8c, 0x8b, 0x9e][..], "Shift-JIS"),
        (&[0xc5, 0xec, 0xb5, 0xfe], "EUC"),
        (b"M\xfcnchen", "Windows-1252"),
    ] {
        let text = table(bytes);
        assert!(text.contains("node.csv, line 2") && text.contains(what) && text.contains("iconv"), "{text}");
    }
}

#[test]
fn a_map_in_another_encoding_is_named() {
    let xml = |head: &str| {
        let mut text = format!("{head}<osm version=\"0.6\"><way id=\"1\"><tag k=\"name\" v=\"").into_bytes();
        text.extend([0x93, 0x8c, 0x8b, 0x9e]);
        text.extend(b"\"/></way></osm>");
        read("map.osm", &text).unwrap_err().to_string()
    };
    for head in ["<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>", ""] {
        let text = xml(head).to_ascii_lowercase().replace('_', "-");
        assert!(text.contains("shift-jis") && text.contains("iconv") && !text.contains("damaged"), "{text}");
    }
}

#[test]
fn a_text_that_unpacks_to_too_much_is_refused() {
    let mut blank = b"<osm version=\"0.6\">".to_vec();
    blank.resize(40 << 20, b' ');
    let mut long = b"<osm version=\"0.6\"><node id=\"1\" lat=\"0\" lon=\"0\"><tag k=\"name\" v=\"".to_vec();
    long.resize(40 << 20, b'x');
    for (name, bytes) in
        [("a.osm.gz", packed(&blank)), ("b.osm.gz", packed(&long)), ("c.osm", blank), ("d.osm", long)]
    {
        let fault = read(name, &bytes).unwrap_err();
        assert!(matches!(fault, ImportError::TooLarge { .. }), "{name}: {fault}");
        assert!(fault.to_string().contains("32 MiB"), "{fault}");
    }
}
