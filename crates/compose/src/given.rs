//! Reads and checks all that a request gives, so that all faults are shown together.

use crate::exit_list::{GivenExit, read_exits};
use crate::features::{
    Crossing, GivenFeature, WantedShapes, all_polygons, check_place, frame_of, is_json, read_features,
};
use crate::flood::check_flood;
use crate::hazards::hazard_id;
use crate::near_codes::counts_by_codes_of_zones;
use crate::plane::LonLatBox;
use crate::population::{self, MICRO, PeoplePoint, read_pcodes, read_points};
use crate::raster_people::read_people;
use crate::region::AreaRegion;
use crate::repeats::{check_one_count, check_repeats};
use crate::request::{ComposeInputs, NamedBytes};
use crate::sites::{SiteDraft, read_sites};
use crate::zone_table::read_zone_table;
use crate::zones::{ZoneDraft, check_zones_in_area, read_zones};
use clearway_model::{Fault, Faults, Mode, SourceRow};
use clearway_raster::is_tiff;
use clearway_text::{Moment, bundled_zone, near_code, spelled_out};
use geo::{CoordsIter, MultiPolygon, unary_union};
use std::collections::{BTreeMap, BTreeSet};

/// Where faults of the request itself are said to be.
const REQUEST: &str = "request";

/// A file's zones, and which of them have no count.
#[derive(Clone)]
pub(crate) struct GivenZones {
    pub(crate) zones: Vec<ZoneDraft>,
    pub(crate) uncounted: Vec<bool>,
    /// Ids of those whose count is from a table by p-code.
    pub(crate) by_pcode: Vec<String>,
}

/// What a request gives, read.
pub(crate) struct GivenInputs {
    pub(crate) area: AreaRegion,
    pub(crate) zones: Option<GivenZones>,
    pub(crate) sites: Option<(Vec<SiteDraft>, Vec<SourceRow>)>,
    pub(crate) exits: Option<Vec<GivenExit>>,
    pub(crate) points: Option<Vec<PeoplePoint>>,
    /// Choices made, in words.
    pub(crate) notes: Vec<String>,
    pub(crate) hazards: Option<Vec<GivenFeature>>,
}

/// Reads everything; `None` if there are errors, which are then among the faults.
pub(crate) fn read(
    request: &ComposeInputs,
    roads: Option<LonLatBox>,
    faults: &mut Faults,
) -> Option<GivenInputs> {
    check_figures(request, faults);
    let area_features = request
        .area
        .as_ref()
        .map(|input| read_features(input, WantedShapes::Polygons, Crossing::Warning, faults));
    let zone_features = request.zones.as_ref().map(|input| {
        if is_json(input) {
            read_features(input, WantedShapes::Polygons, Crossing::Warning, faults)
        } else {
            read_zone_table(input, faults)
        }
    });
    let sites = request.sites.as_ref().map(|input| read_sites(input, faults));
    let exits = request.exits.as_ref().map(|input| read_exits(input, faults));
    if let (Some(_), Some(input)) = (&sites, &request.exits) {
        faults.push(
            Fault::error(&input.name, "", "exits or sites, not both").hint(
                "people either leave the area or go to the sites; an exit can be a site without capacity",
            ),
        );
    }
    let raster = request.population.as_ref().filter(|input| is_tiff(&input.bytes));
    let table = request.population.as_ref().filter(|input| raster.is_none() && !is_json(input));
    if let Some(input) = request.population.as_ref().filter(|input| is_json(input)) {
        let stem = input.name.rsplit_once('.').map_or(input.name.as_str(), |(stem, _)| stem);
        let hint = format!(
            "convert points: ogr2ogr -f CSV -lco GEOMETRY=AS_XY {stem}.csv {}; polygons are given as --zones",
            input.name
        );
        faults.push(Fault::error(&input.name, "", "a CSV table").field("kind of file", "JSON").hint(hint));
    }
    let pcodes = table.and_then(|input| read_pcodes(input, faults));
    let points = match table {
        Some(input) if pcodes.is_none() => Some(read_points(input, faults)),
        _ => None,
    };
    let hazards = request
        .hazards
        .as_ref()
        .map(|input| read_features(input, WantedShapes::Polygons, Crossing::Error, faults));
    if let (Some(features), Some(input), None) = (&hazards, &request.hazards, &request.start) {
        let clock = |feature: &GivenFeature| {
            let found = feature.record.find(&["from", "until", "arrival"]);
            // a number is no time of a clock, and what it is instead is said elsewhere
            found.is_some_and(|(_, text)| text.parse::<f64>().is_err())
        };
        if let Some(feature) = features.iter().find(|feature| clock(feature)) {
            let (name, text) = feature.record.find(&["from", "until", "arrival"]).unwrap_or_default();
            faults.push(
                Fault::error(&input.name, &feature.record.place, "a start of the scenario where hazards have clock times")
                    .field(name, text)
                    .hint("give --start, or in the map application the start under When it begins, the moment of time 0: without it nobody knows how long after it the hazard comes"),
            );
        }
    }
    if let Some(flood) = &request.flood {
        check_flood(flood, faults);
        let ids = hazards.iter().flatten().enumerate().map(|(at, feature)| (feature, hazard_id(at, feature)));
        for (feature, id) in ids.filter(|(_, id)| *id == flood.hazard_id) {
            faults.push(
                feature
                    .record
                    .error("an id that the flood of the terrain does not have")
                    .field("hazard_id", id)
                    .hint("give this hazard another id"),
            );
        }
    }
    if let Some(roads) = roads {
        for (input, frame) in [
            (&request.area, area_features.as_deref().and_then(frame_of)),
            (&request.zones, zone_features.as_deref().and_then(frame_of)),
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
    let area = AreaRegion::new(shape);
    let mut notes = Vec::new();
    let zones = zone_features.map(|features| {
        let has_other_count = request.people.is_some() || request.population.is_some();
        let (mut zones, mut uncounted) = read_zones(&features, has_other_count, faults);
        let file = request.zones.as_ref().map_or("zones", |input| input.name.as_str());
        let by_pcode = match (&pcodes, &request.population) {
            (Some(counts), Some(input)) => {
                let counts = &counts_by_codes_of_zones(&zones, counts, &input.name, faults);
                check_one_count(&zones, file, |pcode| counts.contains_key(pcode), faults);
                notes.extend(people_of_no_zone(&zones, counts, &input.name));
                count_by_pcode(&mut zones, &mut uncounted, counts, &input.name, faults)
            }
            _ => Vec::new(),
        };
        let counted: Vec<bool> = uncounted.iter().map(|is| !is).collect();
        if by_pcode.is_empty() {
            check_repeats(&zones, &counted, file, faults);
        }
        check_all_people(&zones, file, faults);
        if let (Some(area), Some(input), true) = (&area, &request.zones, request.area.is_some()) {
            check_zones_in_area(&input.name, &zones, area, faults);
        }
        GivenZones { zones, uncounted, by_pcode }
    });
    let points = match (raster, &area) {
        (Some(input), Some(area)) => raster_points(input, area, request, zones.as_ref(), faults),
        _ => points,
    };
    if faults.has_errors() {
        return None;
    }
    Some(GivenInputs { area: area?, zones, sites, exits, points, notes, hazards })
}

/// Gives zones the count of their p-code; the ids of those that got one. The table was given for this, so it goes before a count that a
/// zone has of its own; where the two differ both are named.
fn count_by_pcode(
    zones: &mut [ZoneDraft],
    uncounted: &mut [bool],
    counts: &BTreeMap<String, i64>,
    file: &str,
    faults: &mut Faults,
) -> Vec<String> {
    /// Most zones listed with one kind of fault.
    const LISTED: usize = 20;
    let mut given = Vec::new();
    let mut missing = 0;
    for (zone, uncounted) in zones.iter_mut().zip(uncounted) {
        let place = format!("zone {}", zone.row.zone_id);
        match counts.get(&zone.row.pcode) {
            Some(people) => {
                let own = zone.row.people;
                if !*uncounted && own != *people {
                    let fault = Fault::warning(
                        file,
                        &place,
                        format!("the {own} people that the zone has of its own"),
                    );
                    faults.push(
                        fault.field("people", people).hint("the table counts, since it was given for that"),
                    );
                }
                if own != *people {
                    (zone.row.people_low, zone.row.people_high) = (None, None);
                }
                if let Some(stay) = zone.row.stay_people.filter(|stay| stay > people) {
                    let expected = format!("at least the {stay} people of the zone who stay");
                    faults.push(Fault::error(file, &place, expected).field("people", people));
                }
                zone.row.people = *people;
                *uncounted = false;
                given.push(zone.row.zone_id.clone());
            }
            None if *uncounted => {
                missing += 1;
                if missing > LISTED {
                    continue;
                }
                let fault =
                    Fault::error(file, place, "a row with the zone's p-code").field("pcode", &zone.row.pcode);
                let near = near_code(&zone.row.pcode, counts.keys().map(String::as_str));
                faults.push(fault.hint(near.map_or_else(
                    || "or a count in the file of zones".to_owned(),
                    |(near, why)| format!("is '{}' meant? {why}", spelled_out(near)),
                )));
            }
            None => {}
        }
    }
    if missing > LISTED {
        let found = format!("{} more zones like those listed", missing - LISTED);
        faults.push(Fault::error(file, "", "a row with the p-code of each zone").field("zones", found));
    }
    given
}

/// People of a table by p-code for whom there is no zone.
fn people_of_no_zone(zones: &[ZoneDraft], counts: &BTreeMap<String, i64>, file: &str) -> Option<String> {
    let known: BTreeSet<&str> = zones.iter().map(|zone| zone.row.pcode.as_str()).collect();
    let others = || counts.iter().filter(|(code, _)| !known.contains(code.as_str()));
    let people = others().fold(0i64, |sum, (_, people)| sum.saturating_add(*people));
    (others().next().is_some()).then(|| {
        format!("{} p-codes of {file} with {people} people have no zone and are left out", others().count())
    })
}

/// All zones together hold no more people than a scenario may.
fn check_all_people(zones: &[ZoneDraft], file: &str, faults: &mut Faults) {
    const MOST: i64 = 1_000_000_000;
    let all = zones.iter().fold(0i64, |sum, zone| sum.saturating_add(zone.row.people));
    if all > MOST {
        faults.push(
            Fault::error(file, "", format!("at most {MOST} people in all"))
                .field("people", all)
                .hint("are they counted twice?"),
        );
    }
}

/// The people of a raster as points: a cell that a border cuts has a point on either side, with people by area.
fn raster_points(
    input: &NamedBytes,
    area: &AreaRegion,
    request: &ComposeInputs,
    zones: Option<&GivenZones>,
    faults: &mut Faults,
) -> Option<Vec<PeoplePoint>> {
    let frame = LonLatBox::around(area.polygons.coords_iter().map(|c| [c.x, c.y]))?;
    let people = read_people(input, frame, &request.cancel, faults)?;
    let shapes: Vec<&MultiPolygon<f64>> = match zones {
        Some(given) => given.zones.iter().map(|zone| &zone.shape).collect(),
        None => vec![&area.polygons],
    };
    let shared = people.share(&shapes, &request.cancel)?;
    if shared.overlaps > 0 {
        let found = format!("{} cells with people lie in more than one zone", shared.overlaps);
        let fault = Fault::warning(people.name(), "", "zones that do not overlap");
        faults.push(fault.hint(format!("{found}; the first zone has them")));
    }
    if zones.is_some() {
        // the people of the area; where none was given, those of all cells around the zones
        let (all, place) = if request.area.is_some() {
            let in_area = people.share(&[&area.polygons], &request.cancel)?;
            (in_area.all - in_area.outside, "in the area")
        } else {
            (shared.all, "in the cells around the zones")
        };
        let inside = shared.all - shared.outside;
        let left = all.saturating_sub(inside) / MICRO;
        if left > 0 {
            let expected = format!("zones that hold all {} people {place}", all / MICRO);
            let fault = Fault::warning(people.name(), "", expected).field("people in no zone", left);
            faults.push(fault.hint("they are left out: nobody plans for them"));
        }
    }
    let points = shared.places.iter().flat_map(|places| places.at.iter().zip(&places.weight));
    Some(points.map(|(&at, &micro_people)| PeoplePoint { at, micro_people }).collect())
}

/// Polygons that overlap or touch as one.
fn together(polygons: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    if polygons.0.len() > 1 { unary_union(&polygons.0) } else { polygons.clone() }
}

fn check_figures(request: &ComposeInputs, faults: &mut Faults) {
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
    if let Some(within) = request.join_within_m {
        let expected = "a distance from 1 to 5000 m";
        expect((1.0..=5000.0).contains(&within), "join_within", within.to_string(), expected);
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
    if let Some(Err(hint)) = request.start.as_deref().map(Moment::read) {
        let start = request.start.clone().unwrap_or_default();
        let expected = "an RFC 3339 time with offset, such as 2024-05-06T09:00:00+03:00";
        expect(false, "start", start, &format!("{expected}: {hint}"));
    }
    if let Some(zone) = request.time_zone.as_ref().filter(|zone| bundled_zone(zone).is_none()) {
        expect(false, "time_zone", zone.clone(), "a time zone of the IANA list, such as Europe/Helsinki");
    }
    if request.people.is_none() && request.population.is_none() && request.zones.is_none() {
        expect(false, "people", String::new(), "a number of people, population points, or zones with counts");
    }
}
