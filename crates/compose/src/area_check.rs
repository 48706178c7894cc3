//! Is the area one that somebody meant? A stray vertex or a map that ends inside it changes who is counted and where they can go.

use crate::plane::LonLatBox;
use crate::region::AreaRegion;
use clearway_model::{Fault, Faults};
use geo::{BooleanOps, CoordsIter, GeodesicArea, MultiPolygon, Rect};

/// Larger areas are asked about, km2: half of Iceland, twice what the largest evacuation of a region has covered. Our choice.
const LARGE_KM2: f64 = 50_000.0;

/// A vertex at 0, 0 is a slip where all others are farther than this, degrees.
const FAR_DEGREES: f64 = 1.0;

/// From this share of the area beyond the map on it is worth a look, and how far beyond its outermost nodes a map still counts, degrees.
const BEYOND_SHARE: f64 = 0.1;
const ROUND_DEGREES: f64 = 0.005;

/// Square kilometres in words: whole ones, or two digits where there are few.
pub(crate) fn in_km2(km2: f64) -> String {
    if km2 >= 10.0 { format!("{km2:.0}") } else { format!("{km2:.2}") }
}

/// Warns of an area that can hardly be meant; returns its surface, km2.
pub(crate) fn check_area(
    file: &str,
    area: &AreaRegion,
    roads: Option<LonLatBox>,
    faults: &mut Faults,
) -> f64 {
    let km2 = area.polygons.geodesic_area_unsigned() / 1e6;
    let at_origin = |p: [f64; 2]| p == [0.0, 0.0];
    let corners = || area.polygons.coords_iter().map(|c| [c.x, c.y]);
    let far = |p: [f64; 2]| p[0].abs().max(p[1].abs()) > FAR_DEGREES;
    if corners().any(at_origin) && corners().any(far) && corners().all(|p| at_origin(p) || far(p)) {
        faults.push(
            Fault::warning(file, "", "an area without a vertex at longitude 0, latitude 0")
                .field("area", format!("{} km2", in_km2(km2)))
                .hint("0, 0 lies in the sea off Africa and most often stands for a place that is not known"),
        );
    }
    if km2 > LARGE_KM2 {
        faults.push(
            Fault::warning(file, "", format!("an area of at most {LARGE_KM2} km2"))
                .field("area", format!("{} km2", in_km2(km2)))
                .hint("is this the area that people leave, and are its corners right?"),
        );
    }
    if let Some(share) = roads.map(|roads| share_beyond(area, roads)).filter(|share| *share >= BEYOND_SHARE) {
        faults.push(
            Fault::warning(file, "", "an area within the map")
                .field("beyond the roads", format!("{:.0} % of {} km2", share * 100.0, in_km2(km2)))
                .hint("streets and ways out that the map does not have are not counted: give a larger map, or draw the area smaller"),
        );
    }
    km2
}

/// Share of the area's surface outside the box around all roads.
fn share_beyond(area: &AreaRegion, roads: LonLatBox) -> f64 {
    let [west, south] = roads.min;
    let [east, north] = roads.max;
    let map = Rect::new(
        (west - ROUND_DEGREES, south - ROUND_DEGREES),
        (east + ROUND_DEGREES, north + ROUND_DEGREES),
    );
    let all = geo::Area::unsigned_area(&area.polygons);
    let inside: MultiPolygon<f64> = area.polygons.intersection(&map.to_polygon());
    if all > 0.0 { 1.0 - geo::Area::unsigned_area(&inside) / all } else { 0.0 }
}
