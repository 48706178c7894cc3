//! Reads and checks all that a request gives, so that all faults are shown together.

use crate::features::{
    Crossing, Feature, Wanted, all_polygons, check_place, frame_of, is_json, read_features,
};
use crate::plane::Frame;
use crate::population::{self, Point, read_pcodes, read_points};
use crate::raster_people::read_people;
use crate::region::Region;
use crate::request::{Input, Request};
use crate::sites::{Site, read_sites};
use crate::zone_table::read_zone_table;
use crate::zones::{Zone, check_zones_in_area, read_zones};
use clearway_model::{Fault, Faults, Mode, SourceRow};
use clearway_raster::is_tiff;
use geo::{CoordsIter, MultiPolygon, unary_union};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Where faults of the request itself are said to be.
const REQUEST: &str = "request";

/// A file's zones, and which of them have no count.
#[derive(Clone)]
pub(crate) struct GivenZones {
    pub(crate) zones: Vec<Zone>,
    pub(crate) uncounted: Vec<bool>,
    /// Ids of those whose count is from a table by p-code.
    pub(crate) by_pcode: Vec<String>,
}

/// What a request gives, read.
pub(crate) struct Given {
    pub(crate) area: Region,
    pub(crate) zones: Option<GivenZones>,
    pub(crate) sites: Option<(Vec<Site>, Vec<SourceRow>)>,
    pub(crate) points: Option<Vec<Point>>,
    pub(crate) hazards: Option<Vec<Feature>>,
}

/// Reads everything; `None` if there are errors, which are then among the faults.
pub(crate) fn read(request: &Request, roads: Option<Frame>, faults: &mut Faults) -> Option<Given> {
    check_figures(request, faults);
    let area_features =
        request.area.as_ref().map(|input| read_features(input, Wanted::Polygons, Crossing::Warning, faults));
    let zone_features = request.zones.as_ref().map(|input| {
        if is_json(input) {
            read_features(input, Wanted::Polygons, Crossing::Warning, faults)
        } else {
            read_zone_table(input, faults)
        }
    });
    let sites = request.sites.as_ref().map(|input| read_sites(input, faults));
    let raster = request.population.as_ref().filter(|input| is_tiff(&input.bytes));
    let pcodes =
        request.population.as_ref().filter(|_| raster.is_none()).and_then(|input| read_pcodes(input, faults));
    let points = match &request.population {
        Some(input) if raster.is_none() && pcodes.is_none() => Some(read_points(input, faults)),
        _ => None,
    };
    let hazards =
        request.hazards.as_ref().map(|input| read_features(input, Wanted::Polygons, Crossing::Error, faults));
    if let Some(roads) = roads {
        let site_frame = sites.as_ref().and_then(|(s, _)| Frame::around(s.iter().map(|s| s.at)));
        for (input, frame) in [
            (&request.area, area_features.as_deref().and_then(frame_of)),
            (&request.zones, zone_features.as_deref().and_then(frame_of)),
            (&request.sites, site_frame),
            (&request.population, points.as_deref().and_then(population::frame_of)),
        ] {
            if let (Some(input), Some(frame)) = (input, frame) {
                check_place(&input.name, Some(frame), roads, faults);
            }
        }
    }
    if let (Some(_), None, Some(input)) = (&pcodes, &zone_features, &request.population) {
        faults.push(
            Fault::error(&input.name, "", "zones with p-codes beside a table by p-code")
                .hint("give their polygons as --zones"),
        );
    }
    let shape = match (&area_features, &zone_features) {
        (Some(features), _) | (None, Some(features)) => together(&all_polygons(features)),
        (None, None) => {
            faults.push(
                Fault::error(REQUEST, "", "an area, or zones")
                    .hint("draw the area that people leave as a GeoJSON polygon"),
            );
            return None;
        }
    };
    let area = Region::new(shape);
    let zones = zone_features.map(|features| {
        let (mut zones, mut uncounted) = read_zones(&features, faults);
        let by_pcode = match (&pcodes, &request.population) {
            (Some(counts), Some(input)) => {
                count_by_pcode(&mut zones, &mut uncounted, counts, &input.name, faults)
            }
            _ => Vec::new(),
        };
        if let (Some(area), Some(input), true) = (&area, &request.zones, request.area.is_some()) {
            check_zones_in_area(&input.name, &zones, area, faults);
        }
        GivenZones { zones, uncounted, by_pcode }
    });
    let points = match (raster, &area) {
        (Some(input), Some(area)) => raster_points(input, area, zones.as_ref(), faults),
        _ => points,
    };
    if faults.has_errors() {
        return None;
    }
    Some(Given { area: area?, zones, sites, points, hazards })
}

/// Gives zones without a count that of their p-code; the ids of those that got one.
fn count_by_pcode(
    zones: &mut [Zone],
    uncounted: &mut [bool],
    counts: &BTreeMap<String, i64>,
    file: &str,
    faults: &mut Faults,
) -> Vec<String> {
    let mut given = Vec::new();
    for (zone, uncounted) in zones.iter_mut().zip(uncounted).filter(|(_, uncounted)| **uncounted) {
        match counts.get(&zone.row.pcode) {
            Some(people) => {
                zone.row.people = *people;
                *uncounted = false;
                given.push(zone.row.zone_id.clone());
            }
            None => {
                let place = format!("zone {}", zone.row.zone_id);
                let fault =
                    Fault::error(file, place, "a row with the zone's p-code").field("pcode", &zone.row.pcode);
                faults.push(fault.hint("or a count in the file of zones"));
            }
        }
    }
    given
}

/// The people of a raster as points: a cell that a border cuts has a point on either side, with people by area.
fn raster_points(
    input: &Input,
    area: &Region,
    zones: Option<&GivenZones>,
    faults: &mut Faults,
) -> Option<Vec<Point>> {
    let frame = Frame::around(area.polygons.coords_iter().map(|c| [c.x, c.y]))?;
    let people = read_people(input, frame, faults)?;
    let shapes: Vec<&MultiPolygon<f64>> = match zones {
        Some(given) => given.zones.iter().map(|zone| &zone.shape).collect(),
        None => vec![&area.polygons],
    };
    let shared = people.share(&shapes);
    if shared.overlaps > 0 {
        let found = format!("{} cells with people lie in more than one zone", shared.overlaps);
        let fault = Fault::warning(people.name(), "", "zones that do not overlap");
        faults.push(fault.hint(format!("{found}; the first zone has them")));
    }
    let points = shared.places.iter().flat_map(|places| places.at.iter().zip(&places.weight));
    Some(points.map(|(&at, &micro_people)| Point { at, micro_people }).collect())
}

/// Polygons that overlap or touch as one.
fn together(polygons: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    if polygons.0.len() > 1 { unary_union(&polygons.0) } else { polygons.clone() }
}

fn check_figures(request: &Request, faults: &mut Faults) {
    let mut expect = |holds: bool, field: &str, found: String, expected: &str| {
        if !holds {
            faults.push(Fault::error(REQUEST, "", expected).field(field, found));
        }
    };
    if let Some(p) = request.people {
        expect(p.value > 0, "people", p.value.to_string(), "a number of people above 0");
        expect(
            p.high.max(p.value) <= 100_000_000,
            "people",
            p.value.to_string(),
            "at most 100,000,000 people",
        );
        let ordered = 0 <= p.low && p.low <= p.value && p.value <= p.high;
        expect(
            ordered,
            "people",
            format!("{} ({} to {})", p.value, p.low, p.high),
            "0 <= low <= people <= high",
        );
    }
    if let (Mode::Vehicle, Some(o)) = (request.mode, request.people_per_vehicle) {
        let ordered = 0.0 < o.low && o.low <= o.value && o.value <= o.high && o.high.is_finite();
        expect(
            ordered,
            "people_per_vehicle",
            format!("{} ({} to {})", o.value, o.low, o.high),
            "0 < low <= occupancy <= high",
        );
    }
    for (field, count) in
        [("zone_count", request.zone_count), ("connectors_per_zone", request.connectors_per_zone)]
    {
        expect(count != Some(0), field, "0".into(), "at least 1");
    }
    if let Some(horizon) = request.horizon_ms {
        expect(horizon > 0, "horizon_ms", horizon.to_string(), "a time above 0");
    }
    if let Some(margin) = request.margin_share {
        expect(
            margin >= 0.0 && margin.is_finite(),
            "margin_share",
            margin.to_string(),
            "a share of 0 or more",
        );
    }
    if let Some(start) = &request.start {
        let is_time = start.parse::<Timestamp>().is_ok();
        expect(
            is_time,
            "start",
            start.clone(),
            "an RFC 3339 time with offset, such as 2024-05-06T09:00:00+03:00",
        );
    }
    if request.people.is_none() && request.population.is_none() && request.zones.is_none() {
        expect(false, "people", String::new(), "a number of people, population points, or zones with counts");
    }
}
