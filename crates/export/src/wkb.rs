//! Shapes as well-known binary (OGC 06-103r4, 8.2), little-endian, and as geometry of a GeoPackage (OGC 12-128r18, 2.1.3).

use crate::shape::ExportShape;
use clearway_model::number::compact;

/// A shape as well-known binary.
pub fn wkb(shape: &ExportShape) -> Vec<u8> {
    let mut bytes = Vec::new();
    match shape {
        ExportShape::Point(point) => {
            header(&mut bytes, 1);
            position(&mut bytes, point);
        }
        ExportShape::Line(line) => {
            header(&mut bytes, 2);
            positions(&mut bytes, line);
        }
        ExportShape::Areas(areas) => {
            header(&mut bytes, 6);
            count(&mut bytes, areas.len());
            for rings in areas {
                header(&mut bytes, 3);
                count(&mut bytes, rings.len());
                rings.iter().for_each(|ring| positions(&mut bytes, ring));
            }
        }
    }
    bytes
}

/// A shape as a GeoPackage holds it: its header with the box around it, then well-known binary.
pub fn geopackage_blob(shape: &ExportShape, srs_id: i32) -> Vec<u8> {
    let is_point = matches!(shape, ExportShape::Point(_));
    // version 0; little-endian; a box of four numbers for all but points
    let mut bytes = vec![b'G', b'P', 0, if is_point { 0b01 } else { 0b11 }];
    bytes.extend(srs_id.to_le_bytes());
    if !is_point {
        let [west, south, east, north] = shape.bounds();
        for edge in [west, east, south, north] {
            bytes.extend(edge.to_le_bytes());
        }
    }
    bytes.extend(wkb(shape));
    bytes
}

fn header(bytes: &mut Vec<u8>, kind: u32) {
    bytes.push(1);
    bytes.extend(kind.to_le_bytes());
}

fn count(bytes: &mut Vec<u8>, count: usize) {
    bytes.extend(compact(count).to_le_bytes());
}

fn position(bytes: &mut Vec<u8>, point: &[f64; 2]) {
    bytes.extend(point[0].to_le_bytes());
    bytes.extend(point[1].to_le_bytes());
}

fn positions(bytes: &mut Vec<u8>, line: &[[f64; 2]]) {
    count(bytes, line.len());
    line.iter().for_each(|point| position(bytes, point));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_what_the_standard_prints() {
        // OGC 06-103r4, 8.2.8 in little-endian: byte order, type 1, x, y
        let bytes = wkb(&ExportShape::Point([1.0, 2.0]));
        assert_eq!(bytes.len(), 21);
        assert_eq!(bytes[..5], [1, 1, 0, 0, 0]);
        assert_eq!(bytes[5..13], 1.0f64.to_le_bytes());
    }

    #[test]
    fn a_blob_of_a_geopackage_has_its_box_as_west_east_south_north() {
        let blob = geopackage_blob(&ExportShape::Line(vec![[1.0, 5.0], [3.0, 4.0]]), 4326);
        assert_eq!(&blob[..4], b"GP\0\x03");
        assert_eq!(blob[4..8], 4326i32.to_le_bytes());
        let edges: Vec<f64> =
            blob[8..40].chunks(8).map(|edge| f64::from_le_bytes(edge.try_into().unwrap())).collect();
        assert_eq!(edges, [1.0, 3.0, 4.0, 5.0]);
    }
}
