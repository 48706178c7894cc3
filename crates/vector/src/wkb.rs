//! Well-known binary (OGC 06-103r4), also with heights and measures, which are left out.

use crate::feature::{Position, VectorShape};
use clearway_model::number::index;

/// Nested shapes at most.
const DEEPEST: u8 = 4;

/// Reads bytes one after the other.
pub(crate) struct WkbReader<'a> {
    bytes: &'a [u8],
    little: bool,
    dimensions: usize,
}

impl<'a> WkbReader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, little: true, dimensions: 2 }
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.bytes.split_at_checked(N)?;
        self.bytes = rest;
        head.try_into().ok()
    }

    fn number(&mut self) -> Option<u32> {
        let bytes = self.take::<4>()?;
        Some(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn double(&mut self) -> Option<f64> {
        let bytes = self.take::<8>()?;
        Some(if self.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    fn position(&mut self) -> Option<Position> {
        let position = [self.double()?, self.double()?];
        for _ in 2..self.dimensions {
            self.double()?;
        }
        Some(position)
    }

    fn positions(&mut self) -> Option<Vec<Position>> {
        let count = index(self.number()?);
        // all are there before room is made for them
        if self.bytes.len() / (8 * self.dimensions) < count {
            return None;
        }
        (0..count).map(|_| self.position()).collect()
    }

    fn rings(&mut self) -> Option<Vec<Vec<Position>>> {
        let count = self.number()?;
        (0..count).map(|_| self.positions()).collect()
    }

    /// The kind of the next shape, without its dimensions.
    fn head(&mut self) -> Option<u32> {
        self.little = self.take::<1>()? == [1];
        let kind = self.number()?;
        // ISO: thousands; EWKB, which GeoPackage does not have but some write: bits
        let (has_z, has_m) = match (kind & 0xffff) / 1000 {
            1 => (true, false),
            2 => (false, true),
            3 => (true, true),
            _ => (kind & 0x8000_0000 != 0, kind & 0x4000_0000 != 0),
        };
        self.dimensions = 2 + usize::from(has_z) + usize::from(has_m);
        if kind & 0x2000_0000 != 0 {
            self.number()?;
        }
        Some((kind & 0xffff) % 1000)
    }

    /// A shape; `None` where the bytes are none. Of several points or lines the first.
    pub fn shape(&mut self, depth: u8) -> Option<VectorShape> {
        if depth > DEEPEST {
            return None;
        }
        match self.head()? {
            1 => {
                let point = self.position()?;
                // a point without place is written as no number
                Some(if point[0].is_nan() { VectorShape::Nothing } else { VectorShape::Point(point) })
            }
            2 => Some(VectorShape::Line(self.positions()?)),
            3 => {
                let rings = self.rings()?;
                Some(if rings.is_empty() { VectorShape::Nothing } else { VectorShape::Polygons(vec![rings]) })
            }
            4..=7 => {
                let count = self.number()?;
                let mut polygons = Vec::new();
                let mut other = VectorShape::Nothing;
                for _ in 0..count {
                    match self.shape(depth + 1)? {
                        VectorShape::Polygons(more) => polygons.extend(more),
                        shape if other == VectorShape::Nothing => other = shape,
                        _ => {}
                    }
                }
                Some(if polygons.is_empty() { other } else { VectorShape::Polygons(polygons) })
            }
            _ => None,
        }
    }
}
