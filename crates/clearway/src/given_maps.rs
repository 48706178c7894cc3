//! Files of other programs that are given with a request, as what its readers take: maps as GeoJSON, sheets as CSV.

use crate::compose::ComposeRequest;
use crate::input::InputFile;
use clearway_compose::{NamedBytes, fire_areas, is_fire_table};
use clearway_formats::{is_spreadsheet, spreadsheet_csv};
use clearway_model::{Fault, Faults};
use clearway_vector::{MapRole, geojson_of, geojson_with_warnings};
use std::borrow::Cow;

/// The files of a request that may be of other programs, with what maps are read for; `None` for a table.
type FileOfRequest = fn(&mut ComposeRequest) -> &mut Option<InputFile>;
const FILES: [(FileOfRequest, Option<MapRole>); 6] = [
    (|request| &mut request.area, Some(MapRole::Area)),
    (|request| &mut request.zones, Some(MapRole::Zones)),
    (|request| &mut request.sites, Some(MapRole::Sites)),
    (|request| &mut request.exits, Some(MapRole::Exits)),
    (|request| &mut request.hazards, Some(MapRole::Hazards)),
    (|request| &mut request.population, None),
];

/// A request as its readers take it.
pub(crate) struct ReadableRequest<'r> {
    pub request: Cow<'r, ComposeRequest>,
    /// Files that cannot be read, and what of others is left out.
    pub faults: Faults,
    /// What was made of files, in words.
    pub notes: Vec<String>,
}

/// A request whose files are GeoJSON, CSV and rasters: a shapefile in a ZIP archive, a GeoPackage, KML, KMZ, alerts and active fires become
/// GeoJSON, a workbook the table of its first sheet that holds anything. The names of files stay, and messages name them. What cannot be
/// read is among the faults and left out. A request without such files is not copied: a raster may be of a country.
pub(crate) fn with_readable_files(request: &ComposeRequest) -> ReadableRequest<'_> {
    let given = [
        &request.area,
        &request.zones,
        &request.sites,
        &request.exits,
        &request.hazards,
        &request.population,
    ];
    let mut faults = Faults::default();
    let mut readable = Cow::Borrowed(request);
    for (file, (place, role)) in given.into_iter().zip(FILES) {
        let Some(file) = file else { continue };
        match readable_bytes(file, role, &mut faults) {
            Ok(None) => {}
            Ok(Some(bytes)) => *place(readable.to_mut()) = Some(InputFile::new(file.name.clone(), bytes)),
            Err(fault) => {
                faults.push(*fault);
                *place(readable.to_mut()) = None;
            }
        }
    }
    if let Some(water) = request.flood.as_ref().and_then(|flood| flood.water.as_ref()) {
        let bytes =
            readable_bytes(water, Some(MapRole::Water), &mut Faults::default()).unwrap_or_else(|fault| {
                faults.push(*fault);
                None
            });
        if let (Some(bytes), Some(flood)) = (bytes, &mut readable.to_mut().flood) {
            flood.water = Some(InputFile::new(water.name.clone(), bytes));
        }
    }
    let notes = with_fires(&mut readable, &mut faults);
    ReadableRequest { request: readable, faults, notes: notes.into_iter().collect() }
}

/// Hazards that are detections of active fires become the areas around them; what was made of them, in words.
fn with_fires(readable: &mut Cow<'_, ComposeRequest>, faults: &mut Faults) -> Option<String> {
    let file = readable.hazards.as_ref().filter(|file| is_fire_table(file.bytes()))?;
    let areas = areas_of_fires(file, readable.fire_buffer_m, faults);
    let (hazards, note) = areas.unzip();
    readable.to_mut().hazards = hazards;
    note
}

/// The areas around detections of active fires as a map, with what was made of them in words; `None` with faults where they cannot be read.
fn areas_of_fires(
    file: &InputFile,
    buffer_m: Option<f64>,
    faults: &mut Faults,
) -> Option<(InputFile, String)> {
    let input = NamedBytes::borrowed(file.file_name(), file.bytes());
    match fire_areas(&input, buffer_m.unwrap_or(0.0)) {
        Ok(areas) => {
            faults.0.extend(areas.warnings.0);
            Some((InputFile::new(file.name.clone(), areas.geojson), areas.note))
        }
        Err(found) => {
            faults.0.extend(found.0);
            None
        }
    }
}

/// Outlines of hazards as GeoJSON, of whatever they are given as; `None` with faults where they cannot be read.
pub(crate) fn hazard_outlines(
    file: &InputFile,
    fire_buffer_m: Option<f64>,
    faults: &mut Faults,
) -> Option<NamedBytes<'static>> {
    if is_fire_table(file.bytes()) {
        let (areas, _) = areas_of_fires(file, fire_buffer_m, faults)?;
        return Some(NamedBytes::new(areas.file_name(), areas.bytes().to_vec()));
    }
    outlines(file, MapRole::Hazards, faults)
}

/// A map as GeoJSON; a fault where it cannot be read, and a warning of what it leaves out.
pub(crate) fn outlines(file: &InputFile, role: MapRole, faults: &mut Faults) -> Option<NamedBytes<'static>> {
    match geojson_with_warnings(&file.file_name(), file.bytes(), role, faults) {
        Ok(bytes) => Some(NamedBytes::new(file.file_name(), bytes.unwrap_or_else(|| file.bytes().to_vec()))),
        Err(fault) => {
            faults.push(*fault);
            None
        }
    }
}

/// A map as its readers take it, GeoJSON; `None` where it is that already.
pub(crate) fn readable_map(file: &InputFile, role: MapRole) -> Result<Option<Vec<u8>>, Box<Fault>> {
    geojson_of(&file.file_name(), file.bytes(), role)
}

/// A file as its readers take it; `None` where it is that already. What is left out is among the warnings.
fn readable_bytes(
    file: &InputFile,
    role: Option<MapRole>,
    warnings: &mut Faults,
) -> Result<Option<Vec<u8>>, Box<Fault>> {
    let name = file.file_name();
    if let Some(role) = role
        && let Some(bytes) = geojson_with_warnings(&name, file.bytes(), role, warnings)?
    {
        return Ok(Some(bytes));
    }
    if is_spreadsheet(&name) && file.bytes().starts_with(b"PK\x03\x04") {
        return spreadsheet_csv(&name, file.bytes()).map(Some);
    }
    Ok(None)
}
