//! Where things are.

use crate::store::NewFile;
use clearway::{MemoryStore, Store};
use clearway_formats::read_table;
use clearway_model::NodeRow;

/// West, south, east and north of nodes, degrees; `None` without nodes.
pub(crate) fn bounds_of(nodes: &[NodeRow]) -> Option<[f64; 4]> {
    let mut nodes = nodes.iter().filter(|node| node.x_coord.is_finite() && node.y_coord.is_finite());
    let first = nodes.next()?;
    let mut bounds = [first.x_coord, first.y_coord, first.x_coord, first.y_coord];
    for node in nodes {
        bounds = [
            bounds[0].min(node.x_coord),
            bounds[1].min(node.y_coord),
            bounds[2].max(node.x_coord),
            bounds[3].max(node.y_coord),
        ];
    }
    Some(bounds)
}

/// The same of the files of a version, where it has nodes.
pub(crate) fn bounds_of_files(files: &[NewFile]) -> Option<[f64; 4]> {
    let store: MemoryStore = files
        .iter()
        .filter(|file| file.name == "node.csv" || file.name == "scenario/node.csv")
        .map(|file| (file.name.clone(), file.bytes.clone()))
        .collect();
    let bytes =
        ["node.csv", "scenario/node.csv"].into_iter().find_map(|name| store.read(name).ok().flatten())?;
    let (nodes, _) = read_table::<NodeRow>("node.csv", &bytes);
    bounds_of(&nodes)
}

/// A place in the square of the map projection (Web Mercator), 0 to 1 from west and from north.
pub(super) fn projected(lon: f64, lat: f64) -> [f64; 2] {
    let sine = lat.clamp(-85.051_128, 85.051_128).to_radians().sin();
    let y = 0.5 - ((1.0 + sine) / (1.0 - sine)).ln() / (4.0 * std::f64::consts::PI);
    [lon / 360.0 + 0.5, y]
}

/// Longitude and latitude of a place in the square of the map projection, degrees.
pub(super) fn on_earth([x, y]: [f64; 2]) -> [f64; 2] {
    let lat = (std::f64::consts::PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees();
    [(x - 0.5) * 360.0, lat]
}

/// Positions of a WKT `LINESTRING`; `None` where it is none.
pub(super) fn line(wkt: &str) -> Option<Vec<[f64; 2]>> {
    let inside = wkt.trim().strip_prefix("LINESTRING")?.trim().strip_prefix('(')?.strip_suffix(')')?;
    let mut positions = Vec::new();
    for pair in inside.split(',') {
        let mut numbers = pair.split_whitespace().map(str::parse::<f64>);
        let (lon, lat) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        if !lon.is_finite() || !lat.is_finite() {
            return None;
        }
        positions.push([lon, lat]);
    }
    (positions.len() > 1).then_some(positions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_square_has_greenwich_and_the_equator_in_its_middle() {
        assert_eq!(projected(0.0, 0.0), [0.5, 0.5]);
        let [x, y] = projected(-180.0, 85.051_128_779_806_6);
        assert!(x == 0.0 && y.abs() < 1e-6, "{x} {y}");
        // Helsinki lies in tile 10/582/296 of the usual scheme
        let [x, y] = projected(24.94, 60.17);
        assert_eq!(((x * 1024.0).floor(), (y * 1024.0).floor()), (582.0, 296.0));
        let [lon, lat] = on_earth([x, y]);
        assert!((lon - 24.94).abs() < 1e-9 && (lat - 60.17).abs() < 1e-9, "{lon} {lat}");
    }

    #[test]
    fn lines_are_read_and_others_are_none() {
        assert_eq!(line("LINESTRING (24.9 60.1, 25 60.2)"), Some(vec![[24.9, 60.1], [25.0, 60.2]]));
        for other in
            ["", "POINT (1 2)", "LINESTRING (1 2)", "LINESTRING (a b, 1 2)", "LINESTRING (1 NaN, 2 2)"]
        {
            assert_eq!(line(other), None, "{other}");
        }
    }
}
