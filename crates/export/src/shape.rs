//! Points, lines and areas in WGS 84 degrees, longitude first.

use clearway_report::RowLookup;
use geojson::{Geometry, GeometryValue, Position};

/// What kind of shape the rows of a layer have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShapeKind {
    /// A place.
    Point,
    /// A line.
    Line,
    /// One or more areas.
    Areas,
}

/// A shape.
#[derive(Debug, Clone, PartialEq)]
pub enum ExportShape {
    /// A place: longitude and latitude, degrees.
    Point([f64; 2]),
    /// A line of two or more positions.
    Line(Vec<[f64; 2]>),
    /// Areas, each an outer ring and its holes; rings are closed.
    Areas(Vec<Vec<Vec<[f64; 2]>>>),
}

impl ExportShape {
    /// A line, where it has two positions. A line without extent stays a line of two equal positions.
    pub fn line(mut positions: Vec<[f64; 2]>) -> Option<Self> {
        positions.dedup();
        match positions.as_slice() {
            [] => None,
            [one] => Some(Self::Line(vec![*one, *one])),
            _ => Some(Self::Line(positions)),
        }
    }

    /// The areas of a geometry; `None` where it has none.
    pub fn areas(geometry: &Geometry) -> Option<Self> {
        let mut areas = Vec::new();
        collect(geometry, &mut areas);
        (!areas.is_empty()).then_some(Self::Areas(areas))
    }

    /// All positions.
    pub fn positions(&self) -> Vec<[f64; 2]> {
        match self {
            Self::Point(point) => vec![*point],
            Self::Line(line) => line.clone(),
            Self::Areas(areas) => areas.iter().flatten().flatten().copied().collect(),
        }
    }

    /// Western, southern, eastern and northern edge.
    pub fn bounds(&self) -> [f64; 4] {
        let empty = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        self.positions()
            .iter()
            .fold(empty, |b, p| [b[0].min(p[0]), b[1].min(p[1]), b[2].max(p[0]), b[3].max(p[1])])
    }
}

fn collect(geometry: &Geometry, areas: &mut Vec<Vec<Vec<[f64; 2]>>>) {
    let mut polygon = |rings: &[Vec<Position>]| {
        let rings: Vec<Vec<[f64; 2]>> = rings.iter().filter_map(|ring| closed(ring)).collect();
        if !rings.is_empty() {
            areas.push(rings);
        }
    };
    match &geometry.value {
        GeometryValue::Polygon { coordinates } => polygon(coordinates),
        GeometryValue::MultiPolygon { coordinates } => coordinates.iter().for_each(|rings| polygon(rings)),
        GeometryValue::GeometryCollection { geometries } => {
            geometries.iter().for_each(|inner| collect(inner, areas));
        }
        _ => {}
    }
}

/// A ring whose last position is its first; `None` where it has fewer than three.
fn closed(ring: &[Position]) -> Option<Vec<[f64; 2]>> {
    let pair = |position: &Position| match position.as_slice() {
        [x, y, ..] => Some([*x, *y]),
        _ => None,
    };
    let mut ring: Vec<[f64; 2]> = ring.iter().filter_map(pair).collect();
    if ring.first() != ring.last() {
        ring.extend(ring.first().copied());
    }
    (ring.len() >= 4).then_some(ring)
}

/// The line of a link, where the places of its ends are known.
pub fn link_shape(lookup: &RowLookup<'_>, link: &clearway_model::LinkRow) -> Option<ExportShape> {
    lookup.link_line(link).and_then(ExportShape::line)
}
