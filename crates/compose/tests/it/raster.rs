//! A population raster through `new`: the zones' people are the raster's, to the person.

use crate::common;
use crate::common::{MIDDLE, grid, request, square};
use clearway_compose::{NamedBytes, RasterMeaning, compose, resolve_raster};
use proptest::prelude::*;
use std::io::Cursor;
use tiff::encoder::{Compression, TiffEncoder, colortype::Gray32Float};
use tiff::tags::Tag;

/// A GeoTIFF of counts; cells of `size` degrees, north-west corner at `corner`.
fn raster(columns: u32, rows: u32, size: f64, corner: [f64; 2], values: &[f32]) -> NamedBytes<'static> {
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
    NamedBytes::new("people.tif", bytes.into_inner())
}

fn people(raster: NamedBytes) -> i64 {
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

/// A fire that comes from the west, ten minutes a column: whatever lies in a column closes then and nothing before.
#[test]
fn arrival_times_and_depths_become_closures() {
    let scenario = compose(grid(8), &request(1000, square("area.geojson", 5))).unwrap().scenario;
    let corner = [MIDDLE[0] - 0.0503, MIDDLE[1] + 0.0502];
    // 10 columns of a hundredth of a degree; the last two are never reached
    let minutes: Vec<f32> =
        (0..100).map(|i| if i % 10 < 8 { (i % 10) as f32 * 10.0 } else { -99_999.0 }).collect();
    let raster = raster(10, 10, 0.01, corner, &minutes);
    let meaning = RasterMeaning::Arrival { unit_ms: 60_000.0, lasts_ms: Some(3_600_000) };
    let closures = resolve_raster(&scenario, &raster, "fire", meaning).unwrap().closures;
    let column = |lon: f64| ((lon - corner[0]) / 0.01).floor();
    let node = |id: &str| scenario.nodes.iter().find(|n| n.node_id == id).unwrap();
    let (mut links, mut nodes) = (0, 0);
    for row in &closures {
        assert_eq!((row.cause.as_str(), row.until_ms), ("fire", Some(row.from_ms + 3_600_000)));
        match row.target {
            clearway_model::ClosureTarget::Node => {
                nodes += 1;
                assert_eq!(row.from_ms as f64, column(node(&row.target_id).x_coord) * 600_000.0);
            }
            clearway_model::ClosureTarget::Link => {
                links += 1;
                let link = scenario.links.iter().find(|l| l.link_id == row.target_id).unwrap();
                let west = node(&link.from_node_id).x_coord.min(node(&link.to_node_id).x_coord);
                assert_eq!(row.from_ms as f64, column(west) * 600_000.0, "{}", row.closure_id);
            }
            _ => {}
        }
    }
    let east = corner[0] + 0.08;
    let reached = scenario.nodes.iter().filter(|n| n.x_coord < east).count();
    assert!(nodes == reached && links > nodes, "{nodes} {reached} {links}");
    // the same cells as depths: 0.3 m and more close
    let meaning = RasterMeaning::Depth { from_ms: 5_000, until_ms: None };
    let metres: Vec<f32> = (0..100).map(|i| if i % 10 == 4 { 0.3 } else { 0.29 }).collect();
    let deep = self::raster(10, 10, 0.01, corner, &metres);
    let closures = resolve_raster(&scenario, &deep, "flood", meaning).unwrap().closures;
    let closed = closures.iter().filter(|c| c.target == clearway_model::ClosureTarget::Node).count();
    assert_eq!(closed, scenario.nodes.iter().filter(|n| column(n.x_coord) == 4.0).count());
    assert!(closed > 0 && closures.iter().all(|c| c.from_ms == 5_000 && c.until_ms.is_none()));
    // what cannot be is a fault
    let odd = self::raster(10, 10, 0.01, corner, &[-3.0; 100]);
    let faults = resolve_raster(&scenario, &odd, "flood", meaning).unwrap_err().to_string();
    assert!(faults.contains("depths in metres from 0"), "{faults}");
}

/// A raster of counts or depths in hundredths, as GDAL scales them.
fn scaled(
    columns: u32,
    rows: u32,
    size: f64,
    corner: [f64; 2],
    unit: &str,
    values: &[f32],
) -> NamedBytes<'static> {
    let mut bytes = Cursor::new(Vec::new());
    let mut file = TiffEncoder::new(&mut bytes).unwrap();
    let mut image = file.new_image::<Gray32Float>(columns, rows).unwrap();
    let tags = image.encoder();
    tags.write_tag(Tag::ModelPixelScaleTag, &[size, size, 0.0][..]).unwrap();
    tags.write_tag(Tag::ModelTiepointTag, &[0.0, 0.0, 0.0, corner[0], corner[1], 0.0][..]).unwrap();
    let keys: [u16; 16] = [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326];
    tags.write_tag(Tag::GeoKeyDirectoryTag, &keys[..]).unwrap();
    let item = |name: &str, text: &str| {
        format!("<Item name=\"{name}\" sample=\"0\" role=\"{}\">{text}</Item>", name.to_lowercase())
    };
    let xml = format!("<GDALMetadata>{}{}</GDALMetadata>", item("SCALE", "0.01"), item("UNITTYPE", unit));
    tags.write_tag(Tag::Unknown(42_112), &*xml).unwrap();
    image.write_data(values).unwrap();
    NamedBytes::new("scaled.tif", bytes.into_inner())
}

#[test]
fn the_scale_of_the_file_is_applied_to_people_and_depths() {
    let corner = [MIDDLE[0] - 0.018, MIDDLE[1] + 0.009];
    // 72 cells of 1,000 hundredths
    assert_eq!(people(scaled(12, 6, 0.003, corner, "", &[1000.0; 72])), 720);
    let scenario = compose(grid(8), &request(1000, square("area.geojson", 5))).unwrap().scenario;
    let meaning = RasterMeaning::Depth { from_ms: 0, until_ms: None };
    let corner = [MIDDLE[0] - 0.0503, MIDDLE[1] + 0.0502];
    // ten times a hundredth of a metre can be waded
    let resolved =
        resolve_raster(&scenario, &scaled(10, 10, 0.01, corner, "m", &[10.0; 100]), "flood", meaning)
            .unwrap();
    assert!(resolved.closures.is_empty());
    let faults =
        resolve_raster(&scenario, &scaled(10, 10, 0.01, corner, "ft", &[10.0; 100]), "flood", meaning)
            .unwrap_err();
    assert!(faults.to_string().contains("unit = 'ft': expected depths in metres"), "{faults}");
    let mut request = request(1, square("area.geojson", 5));
    request.people = None;
    request.population =
        Some(scaled(4, 4, 0.01, [MIDDLE[0] - 0.02, MIDDLE[1] + 0.02], "people per km2", &[10.0; 16]));
    let faults = compose(grid(8), &request).unwrap_err().to_string();
    assert!(faults.contains("expected people per cell"), "{faults}");
}

#[test]
fn heights_are_no_depths() {
    let scenario = compose(grid(8), &request(1000, square("area.geojson", 5))).unwrap().scenario;
    let meaning = RasterMeaning::Depth { from_ms: 0, until_ms: None };
    let corner = [MIDDLE[0] - 0.0503, MIDDLE[1] + 0.0502];
    // a town 20 to 29 m above the sea
    let heights: Vec<f32> = (0..100).map(|i| 20.0 + (i / 10) as f32).collect();
    let faults =
        resolve_raster(&scenario, &raster(10, 10, 0.01, corner, &heights), "flood", meaning).unwrap_err();
    assert!(
        faults.to_string().lines().count() == 1 && faults.to_string().contains("is this a terrain model?"),
        "{faults}"
    );
    // one 3 m above it: all is closed, which is said with figures
    let resolved =
        resolve_raster(&scenario, &raster(10, 10, 0.01, corner, &[3.0; 100]), "flood", meaning).unwrap();
    let count = scenario.nodes.len();
    let said = resolved.warnings.to_string();
    assert!(said.contains(&format!("{count} of {count} junctions, half of them under 3.0 m")), "{said}");
    // a mountain, or a number for no data
    let faults = resolve_raster(&scenario, &raster(10, 10, 0.01, corner, &[9999.0; 100]), "flood", meaning)
        .unwrap_err();
    assert!(faults.to_string().contains("depths of at most 500 m"), "{faults}");
    let arrival = RasterMeaning::Arrival { unit_ms: 60_000.0, lasts_ms: None };
    let faults = resolve_raster(&scenario, &raster(10, 10, 0.01, corner, &[3.4e38; 100]), "fire", arrival)
        .unwrap_err();
    assert!(faults.to_string().contains("arrivals within ten years"), "{faults}");
    // minutes taken for hours: a week later everybody is gone
    let late = RasterMeaning::Arrival { unit_ms: 3_600_000.0, lasts_ms: None };
    let resolved =
        resolve_raster(&scenario, &raster(10, 10, 0.01, corner, &[90.0; 100]), "fire", late).unwrap();
    assert!(resolved.warnings.to_string().contains("is the unit right?"));
}

#[test]
fn people_of_a_raster_in_no_zone_are_named() {
    let mut request = request(1, square("area.geojson", 5));
    (request.area, request.people) = (None, None);
    // the western half of the town, of whose box the raster has 36 of 72 cells and 10 people in each
    let zone = serde_json::json!({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "West"}, "geometry": common::rectangle(-5.0, -5.0, 0.0, 5.0)},
        {"type": "Feature", "properties": {"name": "Corner"}, "geometry": common::rectangle(0.0, 0.0, 5.0, 5.0)}]});
    request.zones = Some(NamedBytes::new("zones.geojson", zone.to_string()));
    let corner = [MIDDLE[0] - 0.018, MIDDLE[1] + 0.009];
    request.population = Some(raster(12, 6, 0.003, corner, &[10.0; 72]));
    let made = compose(grid(8), &request).unwrap();
    assert_eq!(made.report.people, 540);
    let said = made.report.warnings.to_string();
    assert!(said.contains("people in no zone = '180': expected zones that hold all 720 people"), "{said}");
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
