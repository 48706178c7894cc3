//! A feature: attributes and a shape, and features as GeoJSON.

use clearway_raster::CoordinateSystem;
use serde_json::{Map, Value, json};

/// Longitude and latitude, degrees; before they are brought there, x and y of a file's own system.
pub(crate) type Position = [f64; 2];

/// A shape.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum VectorShape {
    /// Nothing.
    Nothing,
    Point(Position),
    Line(Vec<Position>),
    /// Polygons, each an outer ring and its holes.
    Polygons(Vec<Vec<Vec<Position>>>),
}

/// A feature.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VectorFeature {
    pub properties: Map<String, Value>,
    pub shape: VectorShape,
}

impl VectorFeature {
    /// All positions.
    pub fn positions(&self) -> Vec<Position> {
        match &self.shape {
            VectorShape::Nothing => Vec::new(),
            VectorShape::Point(point) => vec![*point],
            VectorShape::Line(line) => line.clone(),
            VectorShape::Polygons(polygons) => polygons.iter().flatten().flatten().copied().collect(),
        }
    }

    /// The same with every position brought to degrees.
    pub fn in_degrees(mut self, crs: CoordinateSystem) -> Self {
        if crs == CoordinateSystem::Geographic {
            return self;
        }
        let bring = |position: &mut Position| *position = crs.inverse(*position);
        match &mut self.shape {
            VectorShape::Nothing => {}
            VectorShape::Point(point) => bring(point),
            VectorShape::Line(line) => line.iter_mut().for_each(bring),
            VectorShape::Polygons(polygons) => polygons.iter_mut().flatten().flatten().for_each(bring),
        }
        self
    }

    fn json(&self) -> Value {
        let geometry = match &self.shape {
            VectorShape::Nothing => Value::Null,
            VectorShape::Point(point) => json!({"type": "Point", "coordinates": point}),
            VectorShape::Line(line) => json!({"type": "LineString", "coordinates": line}),
            VectorShape::Polygons(polygons) => match turned(polygons).as_slice() {
                [one] => json!({"type": "Polygon", "coordinates": one}),
                many => json!({"type": "MultiPolygon", "coordinates": many}),
            },
        };
        json!({"type": "Feature", "properties": self.properties, "geometry": geometry})
    }
}

/// Polygons with rings as RFC 7946 has them: the outer one against the clock, holes with it. What is made of an area does then not depend
/// on the program that wrote it.
fn turned(polygons: &[Vec<Vec<Position>>]) -> Vec<Vec<Vec<Position>>> {
    let turn = |(at, ring): (usize, &Vec<Position>)| {
        let mut ring = ring.clone();
        if (twice_area(&ring) > 0.0) != (at == 0) {
            ring.reverse();
        }
        ring
    };
    polygons.iter().map(|rings| rings.iter().enumerate().map(turn).collect()).collect()
}

/// Features as the text of a collection.
pub(crate) fn collection(features: &[VectorFeature]) -> Vec<u8> {
    let features: Vec<Value> = features.iter().map(VectorFeature::json).collect();
    json!({"type": "FeatureCollection", "features": features}).to_string().into_bytes()
}

/// A text of an attribute; nothing where it is empty.
pub(crate) fn put(properties: &mut Map<String, Value>, name: &str, text: &str) {
    let text = text.trim();
    if !text.is_empty() && !name.is_empty() {
        properties.insert(name.to_owned(), Value::String(text.to_owned()));
    }
}

/// Rings with their holes: a ring is a hole of the smallest ring around it that is an outer one. A ring turned as `outer_is_clockwise`
/// says is an outer one.
pub(crate) fn polygons(rings: Vec<Vec<Position>>, outer_is_clockwise: bool) -> Vec<Vec<Vec<Position>>> {
    let (outer, holes): (Vec<_>, Vec<_>) =
        rings.into_iter().partition(|ring| (twice_area(ring) < 0.0) == outer_is_clockwise);
    if outer.is_empty() {
        // drawn the other way round throughout: each is an area of its own
        return holes.into_iter().map(|ring| vec![ring]).collect();
    }
    let mut polygons: Vec<Vec<Vec<Position>>> = outer.into_iter().map(|ring| vec![ring]).collect();
    for hole in holes {
        let Some(&corner) = hole.first() else { continue };
        let around = polygons
            .iter()
            .enumerate()
            .filter(|(_, polygon)| polygon.first().is_some_and(|ring| is_inside(corner, ring)))
            .min_by(|(_, a), (_, b)| {
                let size =
                    |polygon: &Vec<Vec<Position>>| polygon.first().map_or(0.0, |ring| twice_area(ring).abs());
                size(a).total_cmp(&size(b))
            })
            .map(|(at, _)| at);
        match around {
            Some(at) => polygons[at].push(hole),
            None => polygons.push(vec![hole]),
        }
    }
    polygons
}

/// Twice the area of a ring, positive where it turns against the clock.
pub(crate) fn twice_area(ring: &[Position]) -> f64 {
    let Some(&[x0, y0]) = ring.first() else { return 0.0 };
    ring.windows(2)
        .map(|pair| (pair[0][0] - x0) * (pair[1][1] - y0) - (pair[1][0] - x0) * (pair[0][1] - y0))
        .sum()
}

fn is_inside([x, y]: Position, ring: &[Position]) -> bool {
    let crosses = |pair: &&[Position]| {
        let ([ax, ay], [bx, by]) = (pair[0], pair[1]);
        (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
    };
    ring.windows(2).filter(crosses).count() % 2 == 1
}

/// The one command that brings a file to GeoJSON in degrees.
pub(crate) fn convert(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let source =
        if file.to_ascii_lowercase().ends_with(".zip") { format!("/vsizip/{file}") } else { file.to_owned() };
    format!("ogr2ogr -f GeoJSON -t_srs EPSG:4326 \"{stem}.geojson\" \"{source}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(from: f64, to: f64, clockwise: bool) -> Vec<Position> {
        let mut ring = vec![[from, from], [to, from], [to, to], [from, to], [from, from]];
        if clockwise {
            ring.reverse();
        }
        ring
    }

    #[test]
    fn a_hole_goes_to_the_smallest_ring_around_it() {
        let rings = vec![
            square(0.0, 9.0, true),
            square(1.0, 8.0, false),
            square(2.0, 7.0, true),
            square(3.0, 4.0, false),
        ];
        let found = polygons(rings, true);
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
        assert_eq!(found[0][1][0], [1.0, 8.0].map(|_| found[0][1][0][0]));
        // the island within the lake has the pond
        assert!(twice_area(&found[1][1]) > 0.0 && is_inside([3.5, 3.5], &found[1][1]));
        let turned = polygons(vec![square(0.0, 1.0, false), square(5.0, 6.0, false)], true);
        assert_eq!(turned.len(), 2);
    }
}
