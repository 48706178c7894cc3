//! Files that are no road map for us but known by name, and what makes one of them.

use std::path::Path;

use crate::ImportError;

/// A format that is known by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ForeignFormat {
    /// The format in a sentence, with its article: "a shapefile".
    what: &'static str,
    /// What makes a road map of it.
    hint: &'static str,
}

const OGR: &str = "ogr2osm makes OpenStreetMap XML of it (`ogr2osm -o map.osm FILE`; the class of each road must stand in a field named highway), or take the same area as .osm.pbf";
const AREA: &str = "take the same area as .osm.pbf or .osm";

impl ForeignFormat {
    const fn new(what: &'static str, hint: &'static str) -> Self {
        Self { what, hint }
    }

    /// The fault of a file of this format.
    pub fn fault(self, path: &Path) -> ImportError {
        ImportError::Foreign { path: path.to_path_buf(), what: self.what.into(), hint: self.hint.into() }
    }
}

/// By the name of the root element of an XML text, in any case and with any prefix.
pub(crate) fn by_root(name: &str) -> Option<ForeignFormat> {
    let name = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
    Some(match name.as_str() {
        "graphml" => ForeignFormat::new(
            "GraphML (as OSMnx and NetworkX save it)",
            "save the graph as OpenStreetMap XML (`osmnx.save_graph_xml(graph, \"map.osm\")`, before it is simplified), or take the same area as .osm.pbf",
        ),
        "kml" => ForeignFormat::new("KML", OGR),
        "gpx" => ForeignFormat::new("GPX, the track of a receiver", AREA),
        "featurecollection" | "wfs" => ForeignFormat::new("GML", OGR),
        "osmchange" => ForeignFormat::new(
            "a file of OpenStreetMap changes (.osc)",
            "apply it to a map first: `osmium apply-changes map.osm.pbf changes.osc -o new.osm.pbf`",
        ),
        "net" => ForeignFormat::new("a SUMO network", "take the .osm file from which netconvert made it"),
        "network" => ForeignFormat::new("a MATSim network", "take the .osm file from which it was made"),
        "opendrive" => ForeignFormat::new("OpenDRIVE", AREA),
        "svg" => ForeignFormat::new("an SVG picture", AREA),
        "html" => ForeignFormat::new(
            "a web page",
            "the download most likely failed: open it in a browser to read what the server says",
        ),
        _ => return None,
    })
}

/// By the first bytes of a file and by its name.
pub(crate) fn by_head(head: &[u8], name: &str) -> Option<ForeignFormat> {
    let holds = |text: &str| head.windows(text.len()).any(|w| w.eq_ignore_ascii_case(text.as_bytes()));
    if head.starts_with(b"SQLite format 3\0") {
        let is_package = head.get(68..71).is_some_and(|id| id == b"GPK" || id == b"GP1");
        return Some(if is_package || name.ends_with(".gpkg") {
            ForeignFormat::new("a GeoPackage", OGR)
        } else {
            ForeignFormat::new("an SQLite database (SpatiaLite or MBTiles?)", OGR)
        });
    }
    if head.starts_with(&[0, 0, 0x27, 0x0a]) {
        let shx = name.ends_with(".shx");
        return Some(if shx { SHAPEFILE_PART } else { ForeignFormat::new("a shapefile", OGR) });
    }
    if [".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx"].iter().any(|end| name.ends_with(end)) {
        return Some(SHAPEFILE_PART);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Some(if holds("[Content_Types].xml") || holds("xl/") || name.ends_with(".xlsx") {
            ForeignFormat::new(
                "an Excel workbook",
                "save its sheets as node.csv and link.csv in the encoding UTF-8 ('CSV UTF-8 (comma delimited)')",
            )
        } else if holds(".kml") || name.ends_with(".kmz") {
            ForeignFormat::new("a KMZ, that is a zipped KML", OGR)
        } else if [".shp", ".shx", ".dbf", ".prj", ".cpg"].iter().any(|end| holds(end)) {
            ForeignFormat::new("a zipped shapefile", OGR)
        } else {
            ForeignFormat::new("a zip archive", "unpack it (`unzip FILE`) and name the map in it")
        });
    }
    let magic: [(&[u8], ForeignFormat); 16] = [
        (
            b"\xff\xe0",
            ForeignFormat::new(
                "OpenStreetMap in the format o5m",
                "`osmconvert FILE -o=map.osm.pbf` makes .osm.pbf of it",
            ),
        ),
        (b"BZh", ForeignFormat::new("packed with bzip2", "unpack it first: `bunzip2 FILE`")),
        (b"\xfd7zXZ", ForeignFormat::new("packed with xz", "unpack it first: `xz -d FILE`")),
        (b"\x28\xb5\x2f\xfd", ForeignFormat::new("packed with zstd", "unpack it first: `zstd -d FILE`")),
        (b"7z\xbc\xaf", ForeignFormat::new("a 7-Zip archive", "unpack it first: `7z x FILE`")),
        (b"Rar!", ForeignFormat::new("a RAR archive", "unpack it first: `unrar x FILE`")),
        (b"fgb\x03", ForeignFormat::new("FlatGeobuf", OGR)),
        (b"PAR1", ForeignFormat::new("GeoParquet", OGR)),
        (b"ARROW1", ForeignFormat::new("an Arrow or Feather table", OGR)),
        (b"%PDF", ForeignFormat::new("a PDF", AREA)),
        (b"\x89PNG", ForeignFormat::new("a picture (PNG)", AREA)),
        (b"\xff\xd8\xff", ForeignFormat::new("a picture (JPEG)", AREA)),
        (b"II*\0", ForeignFormat::new("a TIFF, that is a raster", AREA)),
        (b"MM\0*", ForeignFormat::new("a TIFF, that is a raster", AREA)),
        (
            b"$VISION",
            ForeignFormat::new(
                "a VISUM network",
                "export it as GMNS tables or as a shapefile; ogr2osm makes OpenStreetMap XML of the latter",
            ),
        ),
        (b"AutoCAD", ForeignFormat::new("a CAD drawing", OGR)),
    ];
    if let Some((_, foreign)) = magic.iter().find(|(start, _)| head.starts_with(start)) {
        return Some(*foreign);
    }
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Some(ForeignFormat::new(
            "text in UTF-16",
            "save it as UTF-8: `iconv -f UTF-16 -t UTF-8 FILE > map.osm`",
        ));
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if text.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{') {
        return Some(
            if holds("\"FeatureCollection\"") || holds("\"Feature\"") || name.ends_with(".geojson") {
                ForeignFormat::new("GeoJSON", OGR)
            } else if holds("overpass") || holds("\"elements\"") || holds("\"osm3s\"") {
                ForeignFormat::new(
                    "OpenStreetMap data as JSON, as Overpass gives it",
                    "ask Overpass for XML: begin the query with [out:xml]",
                )
            } else {
                ForeignFormat::new("JSON", AREA)
            },
        );
    }
    holds("<!doctype html").then(|| by_root("html")).flatten()
}

const SHAPEFILE_PART: ForeignFormat = ForeignFormat::new(
    "a part of a shapefile",
    "name its .shp to `ogr2osm -o map.osm FILE.shp`, and then map.osm here",
);

#[cfg(test)]
mod tests {
    use super::*;

    fn named(head: &[u8], name: &str) -> Option<&'static str> {
        by_head(head, name).map(|foreign| foreign.what)
    }

    #[test]
    fn formats_of_other_programs_are_called_by_name() {
        let mut package = b"SQLite format 3\0".to_vec();
        package.resize(68, 0);
        package.extend(b"GPKG");
        assert_eq!(named(&package, "map.dat"), Some("a GeoPackage"));
        assert_eq!(named(b"SQLite format 3\0....", "roads.gpkg"), Some("a GeoPackage"));
        assert_eq!(named(&[0, 0, 0x27, 0x0a, 0, 0], "roads.shp"), Some("a shapefile"));
        assert_eq!(named(b"PK\x03\x04....roads.shp", "a.zip"), Some("a zipped shapefile"));
        assert_eq!(named(b"PK\x03\x04....doc.kml", "a.kmz"), Some("a KMZ, that is a zipped KML"));
        assert_eq!(named(b"{\"type\": \"FeatureCollection\"", "a.json"), Some("GeoJSON"));
        assert_eq!(named(b"\xff\xe0\x04o5m2", "a.o5m"), Some("OpenStreetMap in the format o5m"));
        assert_eq!(named(b"node_id,x_coord", "node.csv"), None);
        assert_eq!(named(b"<osm version=\"0.6\">", "a.osm"), None);
        for (root, what) in [
            ("kml", "KML"),
            ("graphml", "GraphML (as OSMnx and NetworkX save it)"),
            ("gml:FeatureCollection", "GML"),
        ] {
            assert_eq!(by_root(root).map(|foreign| foreign.what), Some(what));
        }
        assert_eq!(by_root("osm"), None);
    }
}
