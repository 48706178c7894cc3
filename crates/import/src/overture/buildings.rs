//! Buildings of Overture Maps, or of any GeoParquet file of polygons: outlines, classes, floors.

use crate::ImportError;
use crate::map_file::MapFile;
use crate::overture::line::polygons_of_wkb;
use crate::overture::parquet_table::{columns, open, rows};
use crate::watch::ImportWatch;
use clearway_model::MapArea;
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads the buildings of a file. Columns beside `geometry` that are used where they are there: `class` or else `subtype`, `num_floors`.
pub(crate) fn overture_buildings(
    file: &MapFile<'_>,
    watch: ImportWatch<'_>,
) -> Result<Vec<MapArea>, ImportError> {
    // A file whose pages unpack can still hold values outside the format, at which the decoder panics.
    catch_unwind(AssertUnwindSafe(|| read(file, watch))).unwrap_or_else(|_| {
        let reason = "it holds values outside the format".into();
        Err(ImportError::Malformed { path: file.path().to_path_buf(), reason })
    })
}

fn read(file: &MapFile<'_>, watch: ImportWatch<'_>) -> Result<Vec<MapArea>, ImportError> {
    let malformed = |reason: String| ImportError::Malformed { path: file.path().to_path_buf(), reason };
    let reader = open(file.read()?).map_err(malformed)?;
    if !columns(&reader).iter().any(|column| column == "geometry") {
        return Err(malformed("it has no column 'geometry' with polygons in WKB".into()));
    }
    let mut buildings = Vec::new();
    let wanted = ["geometry", "class", "subtype", "num_floors", "connectors"];
    for (number, row) in (1..).zip(rows(&reader, &wanted).map_err(malformed)?) {
        watch.go_on()?;
        let row = row.map_err(malformed)?;
        let text = |name: &str| row.columns.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let Some(polygons) = polygons_of_wkb(&row.geometry) else {
            let reason = "its geometry is no polygon of longitudes and latitudes in WKB";
            return Err(malformed(format!("row {number}: {reason}")));
        };
        let floors = row.columns.get("num_floors").and_then(Value::as_f64).map(|floors| floors.to_string());
        let kind = text("class").or_else(|| text("subtype")).map(str::to_owned);
        let tags = [("building", kind), ("building:levels", floors)];
        let tags = tags.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect();
        let id = format!("row {number}");
        buildings.push(MapArea { id, tags, polygons, ..MapArea::default() });
    }
    Ok(buildings)
}
