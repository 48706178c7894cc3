//! Points and lines in WGS 84 degrees, read from WKT and GeoJSON. For maps only; no figure depends on them.

use serde_json::Value;

/// Longitude and latitude, degrees.
pub type Point = [f64; 2];

/// A ring or line.
pub type Line = Vec<Point>;

/// One feature of a GeoJSON collection.
#[derive(Debug, Clone, PartialEq)]
pub struct MapShape {
    /// Id from the property asked for, or the feature's own id; may be empty.
    pub id: String,
    /// Property `name`; may be empty.
    pub name: String,
    /// Outer and inner rings of all polygons.
    pub rings: Vec<Line>,
    /// All properties of the feature, as given.
    pub properties: serde_json::Map<String, Value>,
}

/// Whether a position is a place on Earth.
pub fn is_valid(point: Point) -> bool {
    point[0].is_finite() && point[1].is_finite() && point[0].abs() <= 360.0 && point[1].abs() <= 90.0
}

/// Positions of a WKT `LINESTRING`, further dimensions dropped; `None` if it is not one or has fewer than two positions.
pub fn parse_linestring(wkt: &str) -> Option<Line> {
    let wkt = wkt.trim();
    if !wkt.get(..10)?.eq_ignore_ascii_case("LINESTRING") {
        return None;
    }
    let (_, body) = wkt.split_once('(')?;
    let (body, _) = body.split_once(')')?;
    let mut line = Line::new();
    for position in body.split(',') {
        let mut numbers = position.split_whitespace();
        let point = [numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?];
        if !is_valid(point) {
            return None;
        }
        line.push(point);
    }
    (line.len() >= 2).then_some(line)
}

/// The polygons of a `FeatureCollection` (or a single feature); other geometry gives a shape without rings.
pub fn shapes(collection: &Value, id_property: &str) -> Vec<MapShape> {
    let one = std::slice::from_ref(collection);
    let features = collection.get("features").and_then(Value::as_array).map_or(one, Vec::as_slice);
    features
        .iter()
        .map(|feature| {
            let properties =
                feature.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
            let id = properties.get(id_property).or_else(|| feature.get("id")).map(text).unwrap_or_default();
            let name = properties.get("name").map(text).unwrap_or_default();
            let rings = feature.get("geometry").map(rings).unwrap_or_default();
            MapShape { id, name, rings, properties }
        })
        .collect()
}

impl MapShape {
    /// Whether a point is in it: crossed an odd number of times on the way out, so that holes are outside.
    pub fn has(&self, [x, y]: Point) -> bool {
        let crosses = |pair: &[Point]| {
            let ([x1, y1], [x2, y2]) = (pair[0], pair[1]);
            (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
        };
        let crossings = self.rings.iter().map(|ring| ring.windows(2).filter(|pair| crosses(pair)).count());
        crossings.sum::<usize>() % 2 == 1
    }
}

/// Whether a point is in a box, its edges included.
pub fn is_within(point: Point, bounds: &DegreeBox) -> bool {
    (0..2).all(|axis| (bounds.min[axis]..=bounds.max[axis]).contains(&point[axis]))
}

/// A JSON scalar as text; nothing for null and structures.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
        _ => String::new(),
    }
}

fn rings(geometry: &Value) -> Vec<Line> {
    let coordinates = geometry.get("coordinates").and_then(Value::as_array);
    match (geometry.get("type").and_then(Value::as_str), coordinates) {
        (Some("Polygon"), Some(rings)) => rings.iter().filter_map(ring).collect(),
        (Some("MultiPolygon"), Some(polygons)) => {
            polygons.iter().filter_map(Value::as_array).flatten().filter_map(ring).collect()
        }
        (Some("GeometryCollection"), _) => {
            let parts = geometry.get("geometries").and_then(Value::as_array);
            parts.into_iter().flatten().flat_map(rings).collect()
        }
        _ => Vec::new(),
    }
}

fn ring(value: &Value) -> Option<Line> {
    let line: Option<Line> = value
        .as_array()?
        .iter()
        .map(|position| {
            let point = [position.get(0)?.as_f64()?, position.get(1)?.as_f64()?];
            is_valid(point).then_some(point)
        })
        .collect();
    line.filter(|line| line.len() >= 3)
}

/// Middle of the box around some points.
pub fn middle(points: impl IntoIterator<Item = Point>) -> Option<Point> {
    let bounds = DegreeBox::around(points)?;
    Some([(bounds.min[0] + bounds.max[0]) / 2.0, (bounds.min[1] + bounds.max[1]) / 2.0])
}

/// A box in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DegreeBox {
    /// Longitude of the western and latitude of the southern edge.
    pub min: Point,
    /// Longitude of the eastern and latitude of the northern edge.
    pub max: Point,
}

impl DegreeBox {
    /// The smallest box around the points; `None` without points.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        let mut bounds: Option<Self> = None;
        for point in points {
            let b = bounds.get_or_insert(Self { min: point, max: point });
            for (axis, value) in point.into_iter().enumerate() {
                b.min[axis] = b.min[axis].min(value);
                b.max[axis] = b.max[axis].max(value);
            }
        }
        bounds
    }
}

/// The compass word for going from one point to another, `None` if they are the same place.
pub fn heading(from: Point, to: Point) -> Option<&'static str> {
    let east = (to[0] - from[0]) * ((from[1] + to[1]) / 2.0).to_radians().cos();
    let north = to[1] - from[1];
    if east.abs() < 1e-9 && north.abs() < 1e-9 {
        return None;
    }
    // tan(22.5 degrees): within it of an axis counts as that axis.
    const TAN: f64 = 0.414_213_562;
    Some(match (east, north) {
        (e, n) if e.abs() <= n.abs() * TAN => {
            if n > 0.0 {
                "north"
            } else {
                "south"
            }
        }
        (e, n) if n.abs() <= e.abs() * TAN => {
            if e > 0.0 {
                "east"
            } else {
                "west"
            }
        }
        (e, n) if n > 0.0 => {
            if e > 0.0 {
                "north-east"
            } else {
                "north-west"
            }
        }
        (e, _) => {
            if e > 0.0 {
                "south-east"
            } else {
                "south-west"
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn linestrings() {
        assert_eq!(parse_linestring("LINESTRING (1 2, 3 4)"), Some(vec![[1.0, 2.0], [3.0, 4.0]]));
        assert_eq!(parse_linestring("LineString Z(1 2 9,3 4 9)"), Some(vec![[1.0, 2.0], [3.0, 4.0]]));
        for bad in [
            "",
            "POINT (1 2)",
            "LINESTRING (1 2)",
            "LINESTRING (1 x, 2 3)",
            "LINESTRING (1 2, NaN 3)",
            "LINESTRING",
        ] {
            assert_eq!(parse_linestring(bad), None, "{bad}");
        }
    }

    #[test]
    fn polygons_and_ids_that_are_numbers() {
        let square = json!([[0, 0], [1, 0], [1, 1], [0, 0]]);
        let found = shapes(
            &json!({"type": "FeatureCollection", "features": [
                {"type": "Feature", "properties": {"zone_id": 7, "name": "Sjö"}, "geometry": {"type": "MultiPolygon", "coordinates": [[square]]}},
                {"type": "Feature", "properties": null, "geometry": null}]}),
            "zone_id",
        );
        assert_eq!((found[0].id.as_str(), found[0].name.as_str(), found[0].rings.len()), ("7", "Sjö", 1));
        assert!(found[1].rings.is_empty());
    }

    #[test]
    fn headings() {
        assert_eq!(heading([0.0, 0.0], [0.0, 1.0]), Some("north"));
        assert_eq!(heading([0.0, 0.0], [-1.0, -1.0]), Some("south-west"));
        assert_eq!(heading([0.0, 0.0], [0.0, 0.0]), None);
    }
}
