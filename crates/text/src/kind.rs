//! Which kind of file somebody gave where another was wanted, and the one command that turns it into that.

use clearway_model::Fault;

/// What a reader wants of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedFile {
    /// A table as CSV. Its first line names the columns.
    Table,
    /// GeoJSON with polygons or points.
    Shapes,
    /// Other text, such as settings.
    Text,
}

impl WantedFile {
    /// What a file of this name should be.
    #[must_use]
    pub fn of(file: &str) -> Self {
        let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Self::Table,
            "geojson" => Self::Shapes,
            _ => Self::Text,
        }
    }
}

/// A kind of file that is neither a CSV table nor GeoJSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileKind {
    /// What to call it: `a GeoPackage`.
    pub name: &'static str,
    tool: FileConverter,
}

/// What converts a kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileConverter {
    /// GDAL's ogr2ogr reads it; the prefix goes before its name.
    Ogr(&'static str),
    /// A spreadsheet program can save it as CSV.
    Office,
    /// GDAL's gdal_translate makes a GeoTIFF of it; of a raster where shapes are wanted gdal_polygonize.
    Raster,
    /// A document that may hold a map: ogr2ogr reads one with layers.
    Document,
    /// GDAL reads it where it was built with a library for it; else a tool of the maker's.
    Drawing,
    /// A program of its own, with the ending of what it makes.
    Command(&'static str),
    /// No program makes of it what is wanted.
    None,
}

const fn kind(name: &'static str, tool: FileConverter) -> FileKind {
    FileKind { name, tool }
}

/// The kind of a file by its first bytes (of a zip archive, by the names in it). `None` where it may be a table or JSON.
#[must_use]
pub fn kind_of(bytes: &[u8]) -> Option<FileKind> {
    const MARKS: [(&[u8], FileKind); 34] = [
        (b"\0\0\x27\x0a", kind("a shapefile", FileConverter::Ogr(""))),
        (b"\xd0\xcf\x11\xe0", kind("an old Excel workbook (xls)", FileConverter::Office)),
        (b"fgb\x03", kind("a FlatGeobuf file", FileConverter::Ogr(""))),
        (b"II*\0", kind("a raster (TIFF)", FileConverter::None)),
        (b"MM\0*", kind("a raster (TIFF)", FileConverter::None)),
        (b"II+\0", kind("a raster (BigTIFF)", FileConverter::None)),
        (b"MM\0+", kind("a raster (BigTIFF)", FileConverter::None)),
        (b"\x89HDF", kind("a raster (HDF5 or NetCDF)", FileConverter::Raster)),
        (b"\x0e\x03\x13\x01", kind("a raster (HDF4)", FileConverter::Raster)),
        (b"CDF\x01", kind("a raster (NetCDF)", FileConverter::Raster)),
        (b"CDF\x02", kind("a raster (NetCDF)", FileConverter::Raster)),
        (b"CDF\x05", kind("a raster (NetCDF)", FileConverter::Raster)),
        (b"GRIB", kind("a raster (GRIB)", FileConverter::Raster)),
        (b"\0\0\0\x0cjP", kind("a raster (JPEG 2000)", FileConverter::Raster)),
        (b"EHFA_HEADER_TAG", kind("a raster (Erdas Imagine)", FileConverter::Raster)),
        (b"ncols", kind("a raster (ASCII grid)", FileConverter::Raster)),
        (b"NCOLS", kind("a raster (ASCII grid)", FileConverter::Raster)),
        (b"\x89PNG", kind("a picture (PNG)", FileConverter::None)),
        (b"\xff\xd8\xff", kind("a picture (JPEG)", FileConverter::None)),
        (b"%PDF", kind("a PDF document", FileConverter::Document)),
        (b"AC10", kind("a drawing (DWG)", FileConverter::Drawing)),
        (b"!table", kind("a MapInfo table (TAB)", FileConverter::Ogr(""))),
        (b"!Table", kind("a MapInfo table (TAB)", FileConverter::Ogr(""))),
        (
            b"\0\x01\0\0Standard",
            kind(
                "an Access database (MDB, ACCDB)",
                FileConverter::Command("mdb-export {file} TABLE > {stem}.csv"),
            ),
        ),
        (b"$FL2", kind("an SPSS file (sav)", FileConverter::Command("pspp-convert {file} {stem}.csv"))),
        (b"ARROW1", kind("an Arrow or Feather table", FileConverter::Ogr(""))),
        (b"\x1f\x8b", kind("a gzip archive", FileConverter::Command("gunzip -k {file}"))),
        (b"BZh", kind("a bzip2 archive", FileConverter::Command("bunzip2 -k {file}"))),
        (b"\xfd7zXZ", kind("an xz archive", FileConverter::Command("xz -dk {file}"))),
        (b"\x28\xb5\x2f\xfd", kind("a zstd archive", FileConverter::Command("zstd -d {file}"))),
        (b"7z\xbc\xaf", kind("a 7-Zip archive", FileConverter::Command("7z x {file}"))),
        (b"Rar!", kind("a RAR archive", FileConverter::Command("unrar x {file}"))),
        (b"\x93NUMPY", kind("a NumPy array", FileConverter::None)),
        (b"{\\rtf", kind("an RTF document", FileConverter::None)),
    ];
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(kind_of_zip(bytes));
    }
    if bytes.starts_with(b"SQLite format 3\0") {
        let is_package = bytes.get(68..70) == Some(b"GP") || has(bytes, b"gpkg_contents");
        let name = if is_package { "a GeoPackage" } else { "an SQLite database" };
        return Some(kind(name, FileConverter::Ogr("")));
    }
    if bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1") && bytes.len() > 4 {
        return Some(kind("a Parquet file", FileConverter::Ogr("")));
    }
    if bytes.get(..64).is_some_and(|head| has(head, b"OSMHeader")) {
        return Some(kind("an OpenStreetMap extract (pbf)", OSM));
    }
    if let Some((_, kind)) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Some(*kind);
    }
    kind_of_markup(bytes)
}

const OSM: FileConverter = FileConverter::Command("osmium export {file} -o {stem}.geojson");

fn kind_of_zip(bytes: &[u8]) -> FileKind {
    let names: [(&[u8], FileKind); 7] = [
        (b"xl/workbook", kind("an Excel workbook (xlsx)", FileConverter::Office)),
        (b"opendocument.spreadsheet", kind("an OpenDocument spreadsheet (ods)", FileConverter::Office)),
        (b"doc.kml", kind("a KMZ file", FileConverter::Ogr(""))),
        (b".shp", kind("a zipped shapefile", FileConverter::Ogr("/vsizip/"))),
        (b".gdbtable", kind("a zipped file geodatabase", FileConverter::Ogr("/vsizip/"))),
        (b".gpkg", kind("a zipped GeoPackage", FileConverter::Ogr("/vsizip/"))),
        (b"word/document", kind("a Word document (docx)", FileConverter::None)),
    ];
    let found = names.iter().find(|(name, _)| has(bytes, name));
    // streams may hide the names of a workbook's parts, never that of its list of kinds
    let workbook = (&b"[Content_Types].xml"[..], kind("an Excel workbook (xlsx)", FileConverter::Office));
    found
        .or_else(|| has(bytes, workbook.0).then_some(&workbook))
        .map_or(kind("a zip archive", FileConverter::Command("unzip {file}")), |(_, kind)| *kind)
}

fn kind_of_markup(bytes: &[u8]) -> Option<FileKind> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let begin = bytes.iter().position(|b| !b.is_ascii_whitespace())?;
    let head = bytes.get(begin..)?.get(..4096).unwrap_or(bytes.get(begin..)?).to_ascii_lowercase();
    if head.first() != Some(&b'<') {
        return None;
    }
    const ROOTS: [(&[u8], FileKind); 9] = [
        (b"<kml", kind("a KML file", FileConverter::Ogr(""))),
        (b"<graphml", kind("a GraphML file", FileConverter::None)),
        (b"<gpx", kind("a GPX file", FileConverter::Ogr(""))),
        (b"<osm", kind("an OpenStreetMap file (XML)", OSM)),
        (b"opengis.net/gml", kind("a GML file", FileConverter::Ogr(""))),
        (b"<!doctype html", kind("a web page (HTML)", FileConverter::None)),
        (b"<html", kind("a web page (HTML)", FileConverter::None)),
        (b"<svg", kind("a drawing (SVG)", FileConverter::None)),
        (b"<", kind("an XML file", FileConverter::None)),
    ];
    ROOTS.iter().find(|(root, _)| has(&head, root)).map(|(_, kind)| *kind)
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

impl FileKind {
    /// The one command that makes what is wanted of a file; empty where there is none.
    #[must_use]
    pub fn command(&self, file: &str, wanted: WantedFile) -> String {
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let quoted = |name: String| {
            if name.contains([' ', '(', ')', '&', '\'']) { format!("\"{name}\"") } else { name }
        };
        let source = quoted(file.to_owned());
        match self.tool {
            FileConverter::Ogr(prefix) => {
                let source = quoted(format!("{prefix}{file}"));
                match wanted {
                    WantedFile::Shapes => {
                        format!(
                            "ogr2ogr -f GeoJSON -t_srs EPSG:4326 {} {source}",
                            quoted(format!("{stem}.geojson"))
                        )
                    }
                    WantedFile::Table | WantedFile::Text => format!(
                        "ogr2ogr -f CSV -t_srs EPSG:4326 -lco GEOMETRY=AS_XY {} {source}",
                        quoted(format!("{stem}.csv"))
                    ),
                }
            }
            FileConverter::Office => format!("libreoffice --headless --convert-to csv {source}"),
            FileConverter::Raster => match wanted {
                WantedFile::Shapes => {
                    format!("gdal_polygonize.py {source} {}", quoted(format!("{stem}.geojson")))
                }
                WantedFile::Table | WantedFile::Text => {
                    format!("gdal_translate {source} {}", quoted(format!("{stem}.tif")))
                }
            },
            FileConverter::Document => match wanted {
                WantedFile::Shapes => format!(
                    "ogr2ogr -f GeoJSON -t_srs EPSG:4326 {} {source}",
                    quoted(format!("{stem}.geojson"))
                ),
                WantedFile::Table | WantedFile::Text => {
                    format!("pdftotext -layout {source} {}", quoted(format!("{stem}.txt")))
                }
            },
            FileConverter::Drawing => {
                format!(
                    "dwg2dxf {source}, then ogr2ogr -f GeoJSON {} {}",
                    quoted(format!("{stem}.geojson")),
                    quoted(format!("{stem}.dxf"))
                )
            }
            FileConverter::Command(text) => text.replace("{file}", &source).replace("{stem}", stem),
            FileConverter::None => String::new(),
        }
    }
}

/// The fault of a file that is of a known kind, but neither a table nor GeoJSON.
#[must_use]
pub fn wrong_kind(file: &str, bytes: &[u8], wanted: WantedFile) -> Option<Box<Fault>> {
    let kind = kind_of(bytes)?;
    let expected = match wanted {
        WantedFile::Table => "a CSV table",
        WantedFile::Shapes => "GeoJSON",
        WantedFile::Text => "text in UTF-8",
    };
    let command = kind.command(file, wanted);
    let hint = match kind.tool {
        FileConverter::None => format!("this is {}", kind.name),
        FileConverter::Document => {
            format!(
                "try: {command}; where that finds nothing ask for the data behind it, or draw or type it anew"
            )
        }
        _ => format!("convert it: {command}"),
    };
    Some(Box::new(Fault::error(file, "", expected).field("kind of file", kind.name).hint(hint)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(bytes: &[u8]) -> Option<&'static str> {
        kind_of(bytes).map(|kind| kind.name)
    }

    #[test]
    fn kinds_are_told_by_their_bytes() {
        let mut package = b"SQLite format 3\0".to_vec();
        package.resize(68, 0);
        package.extend(b"GPKG");
        for (bytes, expected) in [
            (&package[..], "a GeoPackage"),
            (b"SQLite format 3\0.......", "an SQLite database"),
            (b"\0\0\x27\x0a\0\0\0\0", "a shapefile"),
            (b"PK\x03\x04....zones.shp....zones.dbf", "a zipped shapefile"),
            (b"PK\x03\x04....xl/workbook.xml", "an Excel workbook (xlsx)"),
            (b"PK\x03\x04....[Content_Types].xml", "an Excel workbook (xlsx)"),
            (b"PK\x03\x04....doc.kml", "a KMZ file"),
            (b"PK\x03\x04....", "a zip archive"),
            (b"\xef\xbb\xbf<?xml version='1.0'?>\n<kml xmlns='...'>", "a KML file"),
            (b"<?xml version='1.0'?><graphml>", "a GraphML file"),
            (b"\n<!DOCTYPE html><html>", "a web page (HTML)"),
            (b"<osm version='0.6'>", "an OpenStreetMap file (XML)"),
            (b"II*\0....", "a raster (TIFF)"),
        ] {
            assert_eq!(name(bytes), Some(expected));
        }
        for text in [&b"zone_id,people\n"[..], b"{\"type\": \"Feature\"}", b"[1]", b"", b"  "] {
            assert_eq!(name(text), None);
        }
    }

    #[test]
    fn one_command_makes_what_is_wanted() {
        let fault = wrong_kind("my zones.gpkg", b"SQLite format 3\0", WantedFile::Shapes).unwrap();
        assert_eq!(
            fault.hint,
            "convert it: ogr2ogr -f GeoJSON -t_srs EPSG:4326 \"my zones.geojson\" \"my zones.gpkg\""
        );
        let fault = wrong_kind("people.shp", b"\0\0\x27\x0a", WantedFile::Table).unwrap();
        assert!(fault.hint.contains("-lco GEOMETRY=AS_XY people.csv people.shp"), "{}", fault.hint);
        let fault = wrong_kind("people.xlsx", b"PK\x03\x04 xl/workbook.xml", WantedFile::Table).unwrap();
        assert_eq!(fault.hint, "convert it: libreoffice --headless --convert-to csv people.xlsx");
        for (file, bytes, wanted, hint) in [
            ("a.pdf", &b"%PDF-1.7"[..], WantedFile::Table, "try: pdftotext -layout a.pdf a.txt"),
            ("a.pdf", b"%PDF-1.7", WantedFile::Shapes, "ogr2ogr -f GeoJSON -t_srs EPSG:4326 a.geojson a.pdf"),
            (
                "a.dwg",
                b"AC1032",
                WantedFile::Shapes,
                "dwg2dxf a.dwg, then ogr2ogr -f GeoJSON a.geojson a.dxf",
            ),
            ("a.nc", b"CDF\x02", WantedFile::Table, "gdal_translate a.nc a.tif"),
            ("a.hdf", b"\x0e\x03\x13\x01", WantedFile::Shapes, "gdal_polygonize.py a.hdf a.geojson"),
            ("a.mdb", b"\0\x01\0\0Standard Jet DB", WantedFile::Table, "mdb-export a.mdb TABLE > a.csv"),
            (
                "a.xls",
                b"\xd0\xcf\x11\xe0",
                WantedFile::Table,
                "libreoffice --headless --convert-to csv a.xls",
            ),
            ("a.7z", b"7z\xbc\xaf\x27\x1c", WantedFile::Shapes, "7z x a.7z"),
        ] {
            let found = wrong_kind(file, bytes, wanted).unwrap().hint;
            assert!(found.contains(hint), "{file}: {found}");
        }
    }
}
