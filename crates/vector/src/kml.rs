//! KML 2.2 (OGC 07-147r2): placemarks with a point, line or polygons.

use crate::feature::{Position, VectorFeature, VectorShape, put};
use crate::xml::{XmlElement, tree};
use clearway_model::Fault;
use serde_json::Map;

/// The placemarks that have a shape.
pub(crate) fn features(file: &str, bytes: &[u8]) -> Result<Vec<VectorFeature>, Box<Fault>> {
    let root = tree(file, bytes)?;
    let mut marks = Vec::new();
    root.below("Placemark", &mut marks);
    if marks.is_empty() {
        let mut links = Vec::new();
        root.below("NetworkLink", &mut links);
        let fault = Fault::error(file, "", "a KML file with placemarks");
        return Err(Box::new(if links.is_empty() {
            fault
        } else {
            fault
                .field("kind of file", "links to files elsewhere")
                .hint("save the places themselves from Google Earth as KML")
        }));
    }
    let features: Result<Vec<_>, _> =
        marks.iter().enumerate().map(|(at, mark)| feature(file, at + 1, mark)).collect();
    Ok(features?.into_iter().filter(|feature| feature.shape != VectorShape::Nothing).collect())
}

fn feature(file: &str, number: usize, mark: &XmlElement) -> Result<VectorFeature, Box<Fault>> {
    let mut properties = Map::new();
    put(&mut properties, "name", mark.text_of("name"));
    if let Some(span) = mark.child("TimeSpan") {
        put(&mut properties, "from", span.text_of("begin"));
        put(&mut properties, "until", span.text_of("end"));
    }
    let (mut data, mut simple) = (Vec::new(), Vec::new());
    mark.below("Data", &mut data);
    mark.below("SimpleData", &mut simple);
    for pair in data {
        put(&mut properties, pair.attribute("name"), pair.text_of("value"));
    }
    for pair in simple {
        put(&mut properties, pair.attribute("name"), &pair.text);
    }
    let shape = shape(mark).map_err(|found| {
        let place = format!("placemark {number}");
        Box::new(Fault::error(file, place, "coordinates as lon,lat lon,lat").field("coordinates", found))
    })?;
    Ok(VectorFeature { properties, shape })
}

fn shape(mark: &XmlElement) -> Result<VectorShape, String> {
    let (mut polygons, mut all) = (Vec::new(), Vec::new());
    mark.below("Polygon", &mut polygons);
    for polygon in polygons {
        let mut rings = Vec::new();
        for side in ["outerBoundaryIs", "innerBoundaryIs"] {
            for boundary in polygon.all(side) {
                for ring in boundary.all("LinearRing") {
                    rings.push(closed(coordinates(ring)?));
                }
            }
        }
        if !rings.is_empty() {
            all.push(rings);
        }
    }
    if !all.is_empty() {
        return Ok(VectorShape::Polygons(all));
    }
    for (name, is_point) in [("Point", true), ("LineString", false)] {
        let mut found = Vec::new();
        mark.below(name, &mut found);
        if let Some(first) = found.first() {
            let line = coordinates(first)?;
            return match (is_point, line.first()) {
                (true, Some(&point)) => Ok(VectorShape::Point(point)),
                (false, Some(_)) => Ok(VectorShape::Line(line)),
                (_, None) => Err(String::new()),
            };
        }
    }
    Ok(VectorShape::Nothing)
}

fn closed(mut ring: Vec<Position>) -> Vec<Position> {
    if ring.first() != ring.last() {
        ring.extend(ring.first().copied());
    }
    ring
}

/// Longitude, latitude and maybe height, joined by commas and divided by spaces.
fn coordinates(shape: &XmlElement) -> Result<Vec<Position>, String> {
    let text = shape.text_of("coordinates");
    text.split_whitespace()
        .map(|tuple| {
            let numbers: Option<Vec<f64>> = tuple.split(',').map(|number| number.parse().ok()).collect();
            match numbers.as_deref() {
                Some([lon, lat] | [lon, lat, _]) => Ok([*lon, *lat]),
                _ => Err(tuple.chars().take(40).collect()),
            }
        })
        .collect()
}
