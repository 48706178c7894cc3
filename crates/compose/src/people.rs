//! Puts people into zones.

use crate::apportion::apportion;
use crate::connectors::PeoplePlaces;
use crate::given::GivenZones;
use crate::population::{MICRO, PeoplePoint};
use crate::region::AreaRegion;
use crate::report::ComposeReport;
use crate::request::ComposeInputs;
use crate::sources::{COMMAND_LINE, SourceRows};
use crate::streets::StreetPiece;
use crate::zones::{ZoneDraft, assign, divide, share_people};
use clearway_model::{Fault, Faults, Figure, SourceStatus, ZoneRow};

/// People per zone that the default number of zones aims at, and the least and most zones it makes.
const PEOPLE_PER_ZONE: f64 = 1500.0;
const LEAST_ZONES: usize = 10;
const MOST_ZONES: usize = 400;

const BY_LENGTH: &str = "spread over the length of residential, living_street, unclassified and tertiary streets in the area, by the largest remainder";
const BY_POINTS: &str = "spread in proportion to the population points, by the largest remainder";

/// The places where people are: the points in the area, or else the pieces of street in it.
pub(crate) fn places(
    area: &AreaRegion,
    points: Option<&[PeoplePoint]>,
    streets: &[StreetPiece],
    report: &mut ComposeReport,
) -> PeoplePlaces {
    let mut places = PeoplePlaces::default();
    let Some(points) = points else {
        for piece in streets {
            places.push(piece.at, piece.length_mm);
        }
        return places;
    };
    let (mut outside, mut micro) = (0, 0);
    for point in points {
        if area.covers(point.at) {
            places.push(point.at, point.micro_people);
        } else {
            outside += 1;
            micro += point.micro_people;
        }
    }
    report.points_outside = Some((outside, in_people(micro)));
    places
}

#[allow(clippy::cast_precision_loss)]
fn in_people(micro: u64) -> f64 {
    micro as f64 / MICRO as f64
}

/// Micro-people as whole people, the nearest.
fn whole(micro: u64) -> i64 {
    i64::try_from((micro + MICRO / 2) / MICRO).unwrap_or(i64::MAX)
}

/// Makes zones in the area and puts the people into them. `junctions` is how many junctions the area has.
pub(crate) fn zones_of_area(
    area: &AreaRegion,
    places: &PeoplePlaces,
    request: &ComposeInputs,
    junctions: usize,
    sources: &mut SourceRows,
    report: &mut ComposeReport,
) -> Result<Vec<ZoneDraft>, Faults> {
    let total_weight: u64 = places.weight.iter().sum();
    if total_weight == 0 {
        return Err(Faults(vec![Fault::error(
            "area",
            "",
            "streets or population points with people in the area",
        )]));
    }
    let people = total_people(places, request, sources);
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let usual = ((people.value as f64 / PEOPLE_PER_ZONE).round() as usize).clamp(LEAST_ZONES, MOST_ZONES);
    let wanted = request.zone_count.unwrap_or(usual);
    // A zone needs junctions of its own; with fewer than two each, zones would only be joined to their neighbours'.
    let count = wanted.min((junctions / 2).max(1));
    let mut zones = divide(area, places, count);
    if zones.len() < wanted {
        report.notes.push(format!(
            "{} zones instead of {wanted}: there are {junctions} junctions and {} places of people in the area",
            zones.len(),
            places.at.len()
        ));
    }
    let note =
        "recursive bisection of the area into boxes of about equal numbers of people, clipped by the area";
    if request.zone_count.is_some() {
        sources.add("zones", "zone_id", SourceStatus::Derived, COMMAND_LINE, note);
    } else {
        sources.add(
            "zones",
            "zone_id",
            SourceStatus::Default,
            crate::sources::OUR_DEFAULT,
            format!("about one zone per 1,500 people, between 10 and 400; {note}"),
        );
    }
    let weights: Vec<u64> = zones.iter().map(|z| z.places.weight.iter().sum()).collect();
    let mut rows: Vec<&mut ZoneRow> = zones.iter_mut().map(|z| &mut z.row).collect();
    share_people(&mut rows, people, &weights);
    Ok(zones)
}

/// All people: as given, or as many as the points have.
fn total_people(places: &PeoplePlaces, request: &ComposeInputs, sources: &mut SourceRows) -> Figure<i64> {
    let from_points = whole(places.weight.iter().sum());
    let file = request.population.as_ref().map(|input| input.name.clone());
    match (request.people, file) {
        (Some(people), None) => {
            sources.add(
                "zones",
                "people",
                SourceStatus::Derived,
                COMMAND_LINE,
                format!("{} people {BY_LENGTH}", people.value),
            );
            people
        }
        (Some(people), Some(file)) => {
            let note = format!(
                "{} people {BY_POINTS} of {file}, which have {from_points} people in the area",
                people.value
            );
            sources.add("zones", "people", SourceStatus::Derived, COMMAND_LINE, note);
            people
        }
        (None, file) => {
            sources.add(
                "zones",
                "people",
                SourceStatus::Derived,
                file.unwrap_or_default(),
                "sum of the points in each zone",
            );
            Figure::new(from_points, None, None)
        }
    }
}

/// Fills in the places and the missing counts of given zones.
pub(crate) fn people_of_zones(
    given: GivenZones,
    places: &PeoplePlaces,
    request: &ComposeInputs,
    sources: &mut SourceRows,
    report: &mut ComposeReport,
) -> Result<Vec<ZoneDraft>, Faults> {
    let GivenZones { mut zones, uncounted, by_pcode } = given;
    let file = request.zones.as_ref().map_or("zones", |input| input.name.as_str());
    let regions: Vec<AreaRegion> = zones.iter().filter_map(|z| AreaRegion::new(z.shape.clone())).collect();
    let (zone_of, shared) = assign(&regions, &places.at);
    if shared > 0 {
        report.warnings.push(
            Fault::warning(file, "", "zones that do not overlap")
                .field("places in more than one zone", shared)
                .hint("each is counted in the first of its zones in the file"),
        );
    }
    let (mut outside, mut micro) = (0, 0);
    for (i, zone) in zone_of.iter().enumerate() {
        match zone {
            Some(zone) => zones[*zone].places.push(places.at[i], places.weight[i]),
            None => {
                outside += 1;
                micro += places.weight[i];
            }
        }
    }
    if let Some((points, people)) = &mut report.points_outside {
        *points += outside;
        *people += in_people(micro);
    }
    for zone in &by_pcode {
        let file = request.population.as_ref().map_or("", |input| input.name.as_str());
        sources.add_of("zones", zone, "people", SourceStatus::Published, file, "count of its p-code");
    }
    if uncounted.iter().filter(|missing| !**missing).count() > by_pcode.len() {
        sources.add("zones", "people", SourceStatus::Published, file, "counts as given in the file");
    }
    let counted = zones.iter().fold(0i64, |sum, z| sum.saturating_add(z.row.people));
    if by_pcode.is_empty() {
        compare_with_points(&zones, &uncounted, request, report);
    }
    if !uncounted.contains(&true) {
        if let Some(people) = request.people
            && people.value != counted
        {
            report.warnings.push(
                Fault::warning(file, "", format!("counts that sum to the {} people given", people.value))
                    .field("people", counted)
                    .hint("the zones' own counts are kept"),
            );
        }
        return Ok(zones);
    }
    fill(&mut zones, &uncounted, counted, request, sources)?;
    Ok(zones)
}

/// Says where the people in the zones by the population given are others than the zones' own counts, which are kept.
fn compare_with_points(
    zones: &[ZoneDraft],
    uncounted: &[bool],
    request: &ComposeInputs,
    report: &mut ComposeReport,
) {
    let Some(input) = &request.population else { return };
    let counted = || zones.iter().zip(uncounted).filter(|(_, is)| !**is).map(|(zone, _)| zone);
    let own = counted().fold(0i64, |sum, zone| sum.saturating_add(zone.row.people));
    let given = whole(counted().flat_map(|zone| &zone.places.weight).sum());
    if own > 0 && own.abs_diff(given) * 10 > own.max(given).unsigned_abs() {
        report.warnings.push(
            Fault::warning(&input.name, "", format!("the {own} people that the zones have of their own"))
                .field("people", given)
                .hint("the zones' own counts are kept: take them out of the file of zones if they are not to count"),
        );
    }
}

/// Counts for the zones that have none: the rest of the people given, or the population points.
fn fill(
    zones: &mut [ZoneDraft],
    uncounted: &[bool],
    counted: i64,
    request: &ComposeInputs,
    sources: &mut SourceRows,
) -> Result<(), Faults> {
    let file = request.zones.as_ref().map_or("zones", |input| input.name.as_str());
    let missing = || uncounted.iter().enumerate().filter(|&(_, &is)| is).map(|(at, _)| at);
    let weights: Vec<u64> = missing().map(|at| zones[at].places.weight.iter().sum()).collect();
    let total: u64 = weights.iter().sum();
    let fault = |expected: String, hint: &str| Faults(vec![Fault::error(file, "", expected).hint(hint)]);
    if let Some(people) = request.people {
        let rest = |all: i64| (all - counted).max(0);
        if people.value < counted {
            let expected =
                format!("counts that sum to at most the {} people given, found {counted}", people.value);
            return Err(fault(expected, "the rest is spread over the zones without a count"));
        }
        if total == 0 && people.value > counted {
            return Err(fault(
                "streets or population points in the zones without a count".into(),
                "give their people",
            ));
        }
        let rest = Figure { value: rest(people.value), low: rest(people.low), high: rest(people.high) };
        let how = if request.population.is_some() { BY_POINTS } else { BY_LENGTH };
        let note = format!("no count given: its part of {} people, {how}", rest.value);
        for zone in missing().map(|at| &zones[at].row.zone_id) {
            sources.add_of("zones", zone, "people", SourceStatus::Derived, COMMAND_LINE, &note);
        }
        let mut rows: Vec<&mut ZoneRow> =
            zones.iter_mut().zip(uncounted).filter(|(_, is)| **is).map(|(z, _)| &mut z.row).collect();
        share_people(&mut rows, rest, &weights);
        return Ok(());
    }
    let Some(input) = &request.population else {
        let mut faults = Faults::default();
        for at in missing() {
            let place = format!("zone {}", zones[at].row.zone_id);
            faults.push(
                Fault::error(file, place, "people")
                    .hint("give a count, a number of people for all, or population points"),
            );
        }
        return Err(faults);
    };
    for zone in missing().map(|at| &zones[at].row.zone_id) {
        let note = "no count given: sum of the points in the zone";
        sources.add_of("zones", zone, "people", SourceStatus::Derived, &input.name, note);
    }
    let counts = apportion(whole(total), &weights);
    for (at, people) in missing().zip(counts) {
        zones[at].row.people = people;
    }
    Ok(())
}
