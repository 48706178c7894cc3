//! Where water comes from, and the map of it that goes with a scenario.

use super::MapRelief;
use crate::error::{ComposeError, go_on};
use crate::grid_course::cells_along;
use crate::plane::LonLat;
use crate::record::text_of;
use crate::region::AreaRegion;
use crate::request::NamedBytes;
use clearway_model::number::{count, float};
use clearway_model::{Cancel, Fault, Faults, RaisedRoad, WaterLine};
use clearway_raster::RasterGrid;
use clearway_text::{WantedFile, parse_json};
use geo::{Coord, LineString, MultiPolygon, Polygon};
use serde_json::{Value, json};
use std::ops::Range;

/// Shapes of water as somebody drew them.
#[derive(Debug, Default)]
pub(super) struct GivenWater {
    lines: Vec<WaterLine>,
    polygons: Vec<Polygon<f64>>,
}

impl GivenWater {
    /// Cells that lines pass, points are in, and whose middle a polygon covers.
    ///
    /// # Errors
    /// [`ComposeError::Cancelled`].
    pub(super) fn cells(
        &self,
        grid: &RasterGrid,
        cancel: &Cancel,
    ) -> Result<Vec<(usize, usize)>, ComposeError> {
        let mut cells = cells_of_lines(grid, &self.lines);
        for polygon in &self.polygons {
            let Some(region) = AreaRegion::new(MultiPolygon(vec![polygon.clone()])) else { continue };
            let outline: Vec<LonLat> = polygon.exterior().coords().map(|c| [c.x, c.y]).collect();
            cells.extend(cells_along(grid, &outline));
            let [columns, rows] = covered(grid, &outline);
            for row in rows {
                go_on(cancel)?;
                for column in columns.clone() {
                    let [[west, south], [east, north]] = grid.corners(column, row);
                    let middle = grid.crs.inverse([f64::midpoint(west, east), f64::midpoint(south, north)]);
                    if region.covers(middle) {
                        cells.push((column, row));
                    }
                }
            }
        }
        Ok(cells)
    }
}

/// Columns and rows of a raster in the box around an outline, which may reach beyond it.
fn covered(grid: &RasterGrid, outline: &[LonLat]) -> [Range<usize>; 2] {
    let cells: Vec<[f64; 2]> = outline
        .iter()
        .map(|&place| {
            let at = grid.crs.forward(place);
            [0, 1].map(|axis| (at[axis] - grid.origin[axis]) / grid.cell[axis])
        })
        .collect();
    [(0, grid.columns), (1, grid.rows)].map(|(axis, all)| {
        let ends = cells.iter().map(|cell| cell[axis]);
        let low = ends.clone().fold(f64::INFINITY, f64::min).floor().clamp(0.0, float(all));
        let high = ends.fold(f64::NEG_INFINITY, f64::max).ceil().clamp(0.0, float(all));
        count(low)..count(high)
    })
}

/// Cells that lines of water pass.
pub(super) fn cells_of_lines(grid: &RasterGrid, waters: &[WaterLine]) -> Vec<(usize, usize)> {
    waters.iter().flat_map(|water| cells_along(grid, &water.course)).collect()
}

/// Reads a map of water: geometries of any kind.
pub(super) fn read_water(input: &NamedBytes<'_>, faults: &mut Faults) -> GivenWater {
    let mut given = GivenWater::default();
    let Some(document) = document(input, faults) else { return given };
    for (number, geometry) in geometries(&document).into_iter().enumerate() {
        if add(&mut given, geometry).is_none() {
            let kind = geometry.get("type").and_then(Value::as_str).unwrap_or("nothing");
            faults.push(
                Fault::error(
                    &input.name,
                    format!("feature {}", number + 1),
                    "points, lines or polygons of longitude -180 to 180 and latitude -90 to 90",
                )
                .field("geometry", kind),
            );
        }
    }
    if given.lines.is_empty() && given.polygons.is_empty() && !faults.has_errors() {
        faults.push(Fault::error(&input.name, "", "at least one place where water comes from"));
    }
    given
}

/// The relief that `water.geojson` of a scenario holds.
pub(super) fn read_relief(input: &NamedBytes<'_>, faults: &mut Faults) -> MapRelief {
    let mut relief = MapRelief::default();
    let Some(document) = document(input, faults) else { return relief };
    let features = document.get("features").and_then(Value::as_array);
    for (number, feature) in features.into_iter().flatten().enumerate() {
        let property = |name: &str| feature.pointer(&format!("/properties/{name}")).and_then(Value::as_str);
        let course = feature.pointer("/geometry/coordinates").and_then(line);
        match (property("kind"), course) {
            (Some("water"), Some(course)) => {
                relief
                    .waters
                    .push(WaterLine { name: property("name").unwrap_or_default().to_owned(), course });
            }
            (Some(kind @ ("bridge" | "tunnel")), Some(course)) => {
                relief.raised.push(RaisedRoad { is_tunnel: kind == "tunnel", course });
            }
            (kind, _) => faults.push(
                Fault::error(
                    &input.name,
                    format!("feature {}", number + 1),
                    "a line whose kind is water, bridge or tunnel",
                )
                .field("kind", kind.unwrap_or_default()),
            ),
        }
    }
    relief
}

/// `water.geojson`: water, bridges and tunnels of the map that lie on the raster, in the six decimals of the courses of links.
pub(super) fn of_relief(relief: &MapRelief, grid: &RasterGrid) -> Vec<u8> {
    let is_on = |course: &[LonLat]| !cells_along(grid, course).is_empty();
    let six = |degrees: f64| format!("{degrees:.6}").parse::<f64>().unwrap_or(degrees);
    let feature = |kind: &str, name: &str, course: &[LonLat]| {
        let places: Vec<[f64; 2]> = course.iter().map(|place| place.map(six)).collect();
        let properties =
            if name.is_empty() { json!({"kind": kind}) } else { json!({"kind": kind, "name": name}) };
        json!({"type": "Feature", "properties": properties, "geometry": {"type": "LineString", "coordinates": places}})
    };
    let waters = relief.waters.iter().filter(|water| is_on(&water.course));
    let raised = relief.raised.iter().filter(|road| is_on(&road.course));
    let features: Vec<Value> = waters
        .map(|water| feature("water", &water.name, &water.course))
        .chain(raised.map(|road| feature(if road.is_tunnel { "tunnel" } else { "bridge" }, "", &road.course)))
        .collect();
    crate::shapes::collection(&features)
}

fn document(input: &NamedBytes<'_>, faults: &mut Faults) -> Option<Value> {
    let text = text_of(input, WantedFile::Shapes, faults)?;
    match parse_json(text) {
        Ok(document) => Some(document),
        Err(error) => {
            let place = format!("line {}", error.line());
            faults.push(Fault::error(&input.name, place, "GeoJSON").hint(error.to_string()));
            None
        }
    }
}

/// The geometries of a collection, a feature or a bare geometry.
fn geometries(document: &Value) -> Vec<&Value> {
    match document.get("type").and_then(Value::as_str) {
        Some("FeatureCollection") => document
            .get("features")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .flat_map(geometries)
            .collect(),
        Some("Feature") => vec![document.get("geometry").unwrap_or(&Value::Null)],
        Some("GeometryCollection") => document
            .get("geometries")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .flat_map(geometries)
            .collect(),
        _ => vec![document],
    }
}

/// Adds the places of a geometry; `None` where it is none.
fn add(given: &mut GivenWater, geometry: &Value) -> Option<()> {
    let coordinates = geometry.get("coordinates")?;
    let mut add_line = |course: Vec<LonLat>| given.lines.push(WaterLine { name: String::new(), course });
    match geometry.get("type")?.as_str()? {
        "Point" => {
            let at = position(coordinates)?;
            add_line(vec![at, at]);
        }
        "MultiPoint" => line(coordinates)?.into_iter().for_each(|at| add_line(vec![at, at])),
        "LineString" => add_line(line(coordinates)?),
        "MultiLineString" => {
            for course in coordinates.as_array()? {
                add_line(line(course)?);
            }
        }
        "Polygon" => given.polygons.push(polygon(coordinates)?),
        "MultiPolygon" => {
            for part in coordinates.as_array()? {
                given.polygons.push(polygon(part)?);
            }
        }
        _ => return None,
    }
    Some(())
}

fn polygon(value: &Value) -> Option<Polygon<f64>> {
    let rings: Option<Vec<LineString<f64>>> = value
        .as_array()?
        .iter()
        .map(|ring| {
            let places = line(ring).filter(|places| places.len() >= 4)?;
            Some(LineString(places.into_iter().map(|[x, y]| Coord { x, y }).collect()))
        })
        .collect();
    let mut rings = rings?.into_iter();
    Some(Polygon::new(rings.next()?, rings.collect()))
}

fn line(value: &Value) -> Option<Vec<LonLat>> {
    value.as_array()?.iter().map(position).collect()
}

fn position(value: &Value) -> Option<LonLat> {
    let numbers: Option<Vec<f64>> = value.as_array()?.iter().map(Value::as_f64).collect();
    match numbers?[..] {
        [lon, lat, ..] if lon.abs() <= 180.0 && lat.abs() <= 90.0 => Some([lon, lat]),
        _ => None,
    }
}
