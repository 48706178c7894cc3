//! A population raster through `new`: the zones' people are the raster's, to the person.
#![allow(clippy::unwrap_used)]

mod common;

use clearway_compose::{Input, compose};
use common::{MIDDLE, grid, request, square};
use proptest::prelude::*;
use std::io::Cursor;
use tiff::encoder::{Compression, TiffEncoder, colortype::Gray32Float};
use tiff::tags::Tag;

/// A GeoTIFF of counts; cells of `size` degrees, north-west corner at `corner`.
fn raster(columns: u32, rows: u32, size: f64, corner: [f64; 2], values: &[f32]) -> Input {
    let mut bytes = Cursor::new(Vec::new());
    let mut file = TiffEncoder::new(&mut bytes).unwrap().with_compression(Compression::Lzw);
    let mut image = file.new_image::<Gray32Float>(columns, rows).unwrap();
    let tags = image.encoder();
    tags.write_tag(Tag::ModelPixelScaleTag, &[size, size, 0.0][..]).unwrap();
    tags.write_tag(Tag::ModelTiepointTag, &[0.0, 0.0, 0.0, corner[0], corner[1], 0.0][..]).unwrap();
    let keys: [u16; 16] = [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326];
    tags.write_tag(Tag::GeoKeyDirectoryTag, &keys[..]).unwrap();
    tags.write_tag(Tag::GdalNodata, "-99999").unwrap();
    image.write_data(values).unwrap();
    Input::new("people.tif", bytes.into_inner())
}

fn people(raster: Input) -> i64 {
    let mut request = request(1, square("area.geojson", 5));
    request.people = None;
    request.population = Some(raster);
    let made = compose(grid(8), &request).unwrap();
    made.scenario.zones.iter().map(|z| z.people).sum()
}

#[test]
fn the_border_of_the_area_cuts_cells_by_area() {
    // 2.5 people in each cell of a thousandth of a degree, far beyond the area of 0.0396 x 0.0198 degrees.
    let values = vec![2.5f32; 60 * 40];
    let sum = people(raster(60, 40, 0.001, [MIDDLE[0] - 0.0303, MIDDLE[1] + 0.0207], &values));
    assert_eq!(sum, (0.0396f64 * 0.0198 / 1e-6 * 2.5).round() as i64);
}

#[test]
fn negative_counts_are_a_fault() {
    let mut request = request(1, square("area.geojson", 5));
    request.people = None;
    request.population = Some(raster(4, 4, 0.01, [MIDDLE[0] - 0.02, MIDDLE[1] + 0.02], &[-1.0; 16]));
    let faults = compose(grid(8), &request).unwrap_err().to_string();
    assert!(faults.contains("0 or more people") && faults.contains("15 more cells"), "{faults}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A raster wholly in the area: everybody is in some zone.
    #[test]
    fn nobody_is_lost(values in prop::collection::vec(prop_oneof![0.0f32..90.0, Just(-99_999.0)], 12 * 6)) {
        let sum: f64 = values.iter().filter(|v| **v >= 0.0).map(|v| (f64::from(*v) * 1e6).round() / 1e6).sum();
        prop_assume!(sum > 1.0);
        let found = people(raster(12, 6, 0.003, [MIDDLE[0] - 0.018, MIDDLE[1] + 0.009], &values));
        prop_assert_eq!(found, sum.round() as i64);
    }
}
