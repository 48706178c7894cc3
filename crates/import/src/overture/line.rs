//! Lines: out of WKB, measured, and cut at places along them.

use crate::geometry::distance_m;

pub(super) type Place = (f64, f64);

/// The numbers of WKB, one after the other.
struct WkbNumbers<'b> {
    bytes: &'b [u8],
    at: usize,
    little: bool,
}

impl WkbNumbers<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(N)?)?.try_into().ok()?;
        self.at += N;
        Some(taken)
    }

    fn whole(&mut self) -> Option<u32> {
        let four = self.take::<4>()?;
        Some(if self.little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    }

    fn number(&mut self) -> Option<f64> {
        let eight = self.take::<8>()?;
        Some(if self.little { f64::from_le_bytes(eight) } else { f64::from_be_bytes(eight) })
    }

    /// The kind of the shape that begins here, and how many numbers a place has beside two.
    fn begin(&mut self) -> Option<(u32, usize)> {
        self.little = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            _ => return None,
        };
        let kind = self.whole()?;
        // heights and measures are marked by thousands (ISO) or by the highest bits (EWKB)
        let (iso, shape) = ((kind & 0x0fff_ffff) / 1000, (kind & 0x0fff_ffff) % 1000);
        if iso > 3 || kind & 0x2000_0000 != 0 {
            return None;
        }
        let has_z = kind & 0x8000_0000 != 0 || iso == 1 || iso == 3;
        let has_m = kind & 0x4000_0000 != 0 || iso == 2 || iso == 3;
        Some((shape, usize::from(has_z) + usize::from(has_m)))
    }

    fn places(&mut self, more: usize) -> Option<Vec<Place>> {
        let count = usize::try_from(self.whole()?).ok()?;
        let size = count.checked_mul((2 + more) * 8)?;
        if self.bytes.len() - self.at < size {
            return None;
        }
        let mut places = Vec::with_capacity(count);
        for _ in 0..count {
            let place = (self.number()?, self.number()?);
            self.at += more * 8;
            if !(place.0.abs() <= 180.0 && place.1.abs() <= 90.0) {
                return None;
            }
            places.push(place);
        }
        Some(places)
    }

    fn polygon(&mut self, more: usize) -> Option<Vec<Vec<[f64; 2]>>> {
        let rings = self.whole()?;
        let mut polygon = Vec::new();
        for _ in 0..rings {
            let ring = self.places(more)?;
            if ring.len() < 4 || ring.first() != ring.last() {
                return None;
            }
            polygon.push(ring.into_iter().map(<[f64; 2]>::from).collect());
        }
        (!polygon.is_empty()).then_some(polygon)
    }
}

/// A line of WKB (type 2, two dimensions or more), longitude first; `None` for anything else.
pub(super) fn of_wkb(bytes: &[u8]) -> Option<Vec<Place>> {
    let mut numbers = WkbNumbers { bytes, at: 0, little: true };
    let (shape, more) = numbers.begin()?;
    let line = if shape == 2 { numbers.places(more)? } else { return None };
    (line.len() >= 2).then_some(line)
}

/// A polygon or several of WKB (types 3 and 6), longitude first, each an outer ring and its holes; `None` for anything else.
pub(super) fn polygons_of_wkb(bytes: &[u8]) -> Option<Vec<Vec<Vec<[f64; 2]>>>> {
    let mut numbers = WkbNumbers { bytes, at: 0, little: true };
    match numbers.begin()? {
        (3, more) => Some(vec![numbers.polygon(more)?]),
        (6, _) => {
            let count = numbers.whole()?;
            let mut polygons = Vec::new();
            for _ in 0..count {
                let (shape, more) = numbers.begin()?;
                polygons.push(if shape == 3 { numbers.polygon(more)? } else { return None });
            }
            (!polygons.is_empty()).then_some(polygons)
        }
        _ => None,
    }
}

/// A place closer than this to a corner of its line is the corner, m: a share of a line is rounded.
const NEAR_M: f64 = 0.5;

/// A line with its corners measured.
pub(super) struct MeasuredLine {
    places: Vec<Place>,
    /// From the beginning, m.
    along_m: Vec<f64>,
}

impl MeasuredLine {
    pub fn new(places: Vec<Place>) -> Self {
        let mut along_m = vec![0.0];
        let mut sum = 0.0;
        for pair in places.windows(2) {
            sum += distance_m(pair[0], pair[1]);
            along_m.push(sum);
        }
        Self { places, along_m }
    }

    pub fn places(&self) -> &[Place] {
        &self.places
    }

    fn length_m(&self) -> f64 {
        self.along_m.last().copied().unwrap_or(0.0)
    }

    /// The corner at a share of the line's length, 0..1; a new one where there is none.
    pub fn corner_at(&mut self, share: f64) -> usize {
        let wanted_m = share.clamp(0.0, 1.0) * self.length_m();
        let nearest = (0..self.along_m.len())
            .min_by(|a, b| {
                (self.along_m[*a] - wanted_m).abs().total_cmp(&(self.along_m[*b] - wanted_m).abs())
            })
            .unwrap_or(0);
        if (self.along_m[nearest] - wanted_m).abs() <= NEAR_M {
            return nearest;
        }
        let behind = self.along_m.partition_point(|m| *m < wanted_m);
        let (from_m, to_m) = (self.along_m[behind - 1], self.along_m[behind]);
        let part = (wanted_m - from_m) / (to_m - from_m);
        let (a, b) = (self.places[behind - 1], self.places[behind]);
        self.places.insert(behind, (a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part));
        self.along_m.insert(behind, wanted_m);
        behind
    }

    /// The share of the line's length at a corner.
    pub fn share_at(&self, corner: usize) -> f64 {
        let length_m = self.length_m();
        if length_m > 0.0 { self.along_m[corner] / length_m } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wkb(kind: u32, numbers: &[f64], count: u32) -> Vec<u8> {
        let mut bytes = vec![1];
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        bytes
    }

    #[test]
    fn lines_are_read_with_heights_and_without() {
        let line = vec![(1.0, 2.0), (3.0, 4.0)];
        assert_eq!(of_wkb(&wkb(2, &[1.0, 2.0, 3.0, 4.0], 2)), Some(line.clone()));
        assert_eq!(of_wkb(&wkb(1002, &[1.0, 2.0, 9.0, 3.0, 4.0, 9.0], 2)), Some(line.clone()));
        assert_eq!(of_wkb(&wkb(0x8000_0002, &[1.0, 2.0, 9.0, 3.0, 4.0, 9.0], 2)), Some(line));
        assert_eq!(of_wkb(&wkb(3, &[1.0, 2.0, 3.0, 4.0], 2)), None, "a polygon");
        assert_eq!(of_wkb(&wkb(2, &[1.0, 2.0, 3.0], 2)), None, "cut off");
        assert_eq!(of_wkb(&wkb(2, &[], u32::MAX)), None);
        assert_eq!(of_wkb(&wkb(2, &[1.0, 2.0, 3.0, 400.0], 2)), None, "beyond the pole");
        assert_eq!(of_wkb(&[]), None);
    }

    #[test]
    fn a_share_is_a_corner_or_makes_one() {
        let mut line = MeasuredLine::new(vec![(0.0, 0.0), (0.0, 0.001), (0.0, 0.004)]);
        assert_eq!(line.corner_at(0.25), 1);
        assert_eq!((line.corner_at(0.0), line.corner_at(1.0)), (0, 2));
        let corner = line.corner_at(0.5);
        assert_eq!(corner, 2);
        assert!((line.places()[2].1 - 0.002).abs() < 1e-9 && line.places().len() == 4);
        assert!((line.share_at(2) - 0.5).abs() < 1e-9);
    }
}
