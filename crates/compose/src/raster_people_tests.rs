use super::*;
use clearway_raster::CoordinateSystem;
use geo::{LineString, Polygon, Rect};
use proptest::prelude::*;

fn raster(columns: usize, rows: usize, values: &[f64]) -> PeopleRaster {
    let grid = RasterGrid {
        crs: CoordinateSystem::Geographic,
        origin: [10.0, 50.0],
        cell: [0.1, -0.1],
        columns,
        rows,
        values: values.to_vec(),
        unit: String::new(),
        is_partial: false,
    };
    let micro = values.iter().map(|v| if v.is_nan() { 0 } else { (v * 1e6).round() as u64 }).collect();
    PeopleRaster { name: "p.tif".into(), grid, micro }
}

fn rect(west: f64, south: f64, east: f64, north: f64) -> Polygon<f64> {
    Rect::new((west, south), (east, north)).to_polygon()
}

fn weights(shared: &SharedPeople) -> Vec<u64> {
    shared.places.iter().map(|p| p.weight.iter().sum()).collect()
}

#[test]
fn a_cell_is_divided_by_area() {
    let people = raster(2, 1, &[100.0, 10.0]);
    let west = MultiPolygon(vec![rect(9.0, 49.0, 10.025, 51.0)]);
    let east = MultiPolygon(vec![rect(10.025, 49.0, 10.15, 51.0)]);
    let shared = people.share(&[&west, &east], &Cancel::default()).unwrap();
    assert_eq!(weights(&shared), [25_000_000, 80_000_000]);
    assert_eq!((shared.all, shared.outside, shared.overlaps), (110_000_000, 5_000_000, 0));
}

#[test]
fn holes_have_nobody_and_overlaps_count_once() {
    let people = raster(1, 1, &[100.0]);
    let hole: LineString<f64> = rect(10.02, 49.92, 10.07, 49.97).exterior().clone();
    let ring = MultiPolygon(vec![Polygon::new(rect(10.0, 49.9, 10.1, 50.0).exterior().clone(), vec![hole])]);
    let shared = people.share(&[&ring], &Cancel::default()).unwrap();
    assert_eq!((weights(&shared), shared.outside), (vec![75_000_000], 25_000_000));
    let whole = MultiPolygon(vec![rect(10.0, 49.9, 10.1, 50.0)]);
    let shared = people.share(&[&whole, &ring], &Cancel::default()).unwrap();
    assert_eq!((weights(&shared), shared.overlaps), (vec![100_000_000, 0], 1));
}

#[test]
fn zones_that_overlap_within_a_cell_do_not_count_it_twice() {
    let people = raster(1, 1, &[100.0]);
    // Both zones have the same 40 % of the cell; one of them 20 % more.
    let first = MultiPolygon(vec![rect(10.0, 49.9, 10.04, 50.0)]);
    let second = MultiPolygon(vec![rect(10.0, 49.9, 10.06, 50.0)]);
    let shared = people.share(&[&first, &second], &Cancel::default()).unwrap();
    assert_eq!((weights(&shared), shared.outside), (vec![40_000_000, 20_000_000], 40_000_000));
    assert_eq!(shared.overlaps, 1);
}

/// Zones of a random tiling, a hole, no data: what is not in a zone is outside, and the whole is the raster's sum.
fn cuts() -> impl Strategy<Value = (Vec<f64>, Vec<f64>, [f64; 4])> {
    let value = prop_oneof![3 => 0.0..500.0_f64, 1 => Just(f64::NAN), 1 => Just(0.0)];
    (
        prop::collection::vec(value, 30),
        prop::collection::vec(9.9..10.7_f64, 1..6),
        [0.05..0.4_f64, 0.05..0.3_f64, 0.02..0.2_f64, 0.02..0.15_f64],
    )
}

proptest! {
    #[test]
    fn nobody_is_lost_or_made((values, mut borders, [x, y, w, h]) in cuts()) {
        let people = raster(6, 5, &values);
        borders.sort_by(f64::total_cmp);
        borders.insert(0, 9.8);
        borders.push(10.8);
        let hole = geo::MultiPolygon(vec![rect(10.0 + x, 49.5 + y, 10.0 + x + w, 49.5 + y + h)]);
        let zones: Vec<MultiPolygon<f64>> = borders
            .windows(2)
            .map(|b| geo::BooleanOps::difference(&rect(b[0], 49.0, b[1], 51.0), &hole))
            .collect();
        let refs: Vec<&MultiPolygon<f64>> = zones.iter().chain([&hole]).collect();
        let shared = people.share(&refs, &Cancel::default()).unwrap();
        // Zones and what fills the hole tile the raster: everybody is somewhere, to the millionth.
        let all: u64 = weights(&shared).iter().sum();
        prop_assert_eq!(all, shared.all);
        prop_assert_eq!(shared.outside, 0);
        // Without the hole, those in it are outside.
        let without: Vec<&MultiPolygon<f64>> = zones.iter().collect();
        let shared = people.share(&without, &Cancel::default()).unwrap();
        let inside: u64 = weights(&shared).iter().sum();
        prop_assert_eq!(inside + shared.outside, shared.all);
        // To whole people: the zones sum to the nearest whole.
        let whole = ((inside + 500_000) / 1_000_000) as i64;
        prop_assert_eq!(apportion(whole, &weights(&shared)).iter().sum::<i64>(), whole);
    }
}
