//! Places of a map that might receive people, as a table of proposals: none counts before somebody accepts it.
//!
//! The table has the form that sites are given in, with a column `use` that says `no` throughout. A capacity is an area divided by an area per
//! person; what it leaves out (further floors, rooms that cannot be used, whether the place stands and is open) stands beside it.

use crate::error::{ComposeError, go_on};
use crate::features::{Crossing, FeatureShape, GivenFeature, WantedShapes, all_polygons, read_features};
use crate::hazards::hazard_id;
use crate::plane::{LonLat, LonLatBox};
use crate::region::AreaRegion;
use crate::request::NamedBytes;
use crate::zones::point_in;
use clearway_model::{Cancel, Fault, Faults, ReceivingKind, ReceivingPlace};
use geo::orient::{Direction, Orient};
use geo::{Coord, GeodesicArea, Intersects, LineString, MultiPolygon, Polygon, Validation};
use std::collections::BTreeMap;

/// Square metres per person: of the range's low end, of the value, of its high end. Without a low end the range begins with the value.
#[derive(Debug, Clone, Copy)]
struct PersonSpace {
    low: Option<f64>,
    usual: f64,
    high: f64,
    source: &'static str,
}

/// Under a roof. 20 square feet are 1.858 m2.
const COVERED: PersonSpace = PersonSpace {
    low: Some(5.5),
    usual: 3.5,
    high: 1.858,
    source: "footprint / m2 per person: 3.5 covered living space (Sphere Handbook 2018, Shelter and settlement standard 3), low 5.5 (the same, cold climate, cooking and washing inside), high 1.858 (20 sq ft for a stay of a few days, ARC 4496 as quoted in FEMA 453, 1.7.1.2)",
};

/// In the open, on the ground around buildings.
const OPEN: PersonSpace = PersonSpace {
    low: None,
    usual: 45.0,
    high: 30.0,
    source: "ground / m2 per person: 45 usable area of a site, household plots included (Sphere Handbook 2018, Shelter and settlement standard 2), high 30 (the same, communal services outside it)",
};

/// What proposals are made from.
#[derive(Debug)]
pub struct SiteProposalInputs<'b> {
    /// Places of the map.
    pub places: Vec<ReceivingPlace>,
    /// How many were left out, by the tag that says why.
    pub left_out: BTreeMap<String, u64>,
    /// GeoJSON polygons: the area that people leave.
    pub area: NamedBytes<'b>,
    /// GeoJSON polygons of hazards, whatever their times.
    pub hazards: Option<NamedBytes<'b>>,
    /// Farthest from the area, m.
    pub within_m: f64,
    /// The wish that the work ends.
    pub cancel: Cancel,
}

/// A place that might receive people.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProposedSite {
    /// `n`, `w` or `r` and the number of its element in the map.
    pub site_id: String,
    /// Its name in the map, may be empty.
    pub name: String,
    /// What kind of place it is.
    pub kind: ReceivingKind,
    /// The tag that says so.
    pub tag: String,
    /// Longitude and latitude of a point in it, degrees WGS 84.
    pub at: [f64; 2],
    /// Surface of its outline without its holes, m2, on the ellipsoid of WGS 84; `None` where the map has no whole outline.
    pub area_m2: Option<f64>,
    /// Whether the outline is that of a building or a roof.
    pub is_covered: bool,
    /// Proposed capacity, people: low end, value, high end; `None` without an area.
    pub capacity: Option<[Option<i64>; 3]>,
    /// Distance of its point from the area, m; 0 in it.
    pub area_distance_m: f64,
    /// The nearest hazard and the distance from it, m, of the outline's nearest corner or of the point; 0 where one touches the other.
    pub hazard: Option<(String, f64)>,
    /// What the map says of wheelchairs.
    pub wheelchair: String,
    /// What the map says of its capacity, in words of the map: pupils, beds or people.
    pub map_capacity: String,
    /// What is worth a look.
    pub remarks: Vec<String>,
    /// The larger proposal in which it lies: the two are one place.
    pub lies_in: Option<String>,
}

/// Proposals, and what was left out.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProposedSites {
    /// By kind, then by distance from the area.
    pub sites: Vec<ProposedSite>,
    /// Places that are farther from the area than asked for.
    pub too_far: usize,
    /// Places that were left out, by the tag that says why.
    pub left_out: BTreeMap<String, u64>,
    /// How far from the area was looked, m.
    pub within_m: f64,
    /// What is worth a look in the files.
    pub warnings: Faults,
}

/// Makes proposals of places.
///
/// # Errors
/// [`ComposeError::Invalid`] with all faults of area and hazards, or where there is no place at all; [`ComposeError::Cancelled`].
pub fn propose_sites(inputs: SiteProposalInputs<'_>) -> Result<ProposedSites, ComposeError> {
    let mut faults = Faults::default();
    let shapes = read_features(&inputs.area, WantedShapes::Polygons, Crossing::Warning, &mut faults);
    let area = AreaRegion::new(all_polygons(&shapes));
    let hazards = inputs
        .hazards
        .as_ref()
        .map(|input| read_features(input, WantedShapes::Polygons, Crossing::Error, &mut faults));
    let hazards: Vec<KnownHazard> =
        hazards.iter().flatten().enumerate().filter_map(|(at, feature)| hazard(at, feature)).collect();
    let Some(area) = area.filter(|_| !faults.has_errors()) else { return Err(faults.into()) };
    let mut sites = Vec::new();
    let mut too_far = 0;
    for place in inputs.places {
        go_on(&inputs.cancel)?;
        let (site, shape) = proposal(place, &area, &hazards);
        if site.area_distance_m > inputs.within_m {
            too_far += 1;
        } else {
            sites.push((site, shape));
        }
    }
    if sites.is_empty() {
        let expected = format!(
            "a map with shelters, schools, halls or the like within {} m of the area",
            inputs.within_m
        );
        faults.push(Fault::error(&inputs.area.name, "", expected).field("places farther away", too_far));
        return Err(faults.into());
    }
    sites.sort_by(|(a, _), (b, _)| {
        let key = a.kind.cmp(&b.kind).then(a.area_distance_m.total_cmp(&b.area_distance_m));
        key.then_with(|| a.site_id.cmp(&b.site_id))
    });
    mark_doubles(&mut sites);
    Ok(ProposedSites {
        sites: sites.into_iter().map(|(site, _)| site).collect(),
        too_far,
        left_out: inputs.left_out,
        within_m: inputs.within_m,
        warnings: faults,
    })
}

/// A hazard from which distances are measured.
struct KnownHazard {
    id: String,
    region: AreaRegion,
    /// A corner of each of its polygons: one that lies in a place's ground touches nothing of its outline.
    corners: Vec<Coord<f64>>,
}

fn hazard(at: usize, feature: &GivenFeature) -> Option<KnownHazard> {
    let FeatureShape::Polygons(polygons) = &feature.shape else { return None };
    let corners = polygons.iter().filter_map(|polygon| polygon.exterior().0.first().copied()).collect();
    Some(KnownHazard { id: hazard_id(at, feature), region: AreaRegion::new(polygons.clone())?, corners })
}

/// A place with its shape, where it has one.
fn proposal(
    place: ReceivingPlace,
    area: &AreaRegion,
    hazards: &[KnownHazard],
) -> (ProposedSite, MultiPolygon<f64>) {
    let shape = multi_polygon(&place.area.polygons);
    let at = point_in(&shape).unwrap_or(place.area.at);
    let footprint = footprint_m2(&shape);
    let is_simple = footprint.is_some();
    let area_m2 = footprint.filter(|_| !shape.0.is_empty()).map(f64::round);
    let space = if place.is_covered { COVERED } else { OPEN };
    let capacity = area_m2.map(|m2| {
        #[allow(clippy::cast_possible_truncation)]
        let people = |per_person: f64| (m2 / per_person).floor() as i64;
        [space.low.map(people), Some(people(space.usual)), Some(people(space.high))]
    });
    let tag = |key: &str| place.area.tag(key).unwrap_or_default().to_owned();
    let nearest = hazards
        .iter()
        .map(|hazard| (hazard.id.clone(), distance_m(hazard, at, (&place.area.polygons, &shape))))
        .min_by(|(_, a), (_, b)| a.total_cmp(b));
    let site = ProposedSite {
        remarks: remarks(&place, is_simple),
        name: tag("name"),
        kind: place.kind,
        tag: place.tag.clone(),
        at,
        area_m2,
        is_covered: place.is_covered,
        capacity,
        area_distance_m: area.distance_m(at),
        hazard: nearest,
        wheelchair: tag("wheelchair"),
        map_capacity: [tag("capacity:persons"), tag("capacity")]
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default(),
        lies_in: None,
        site_id: place.area.id,
    };
    (site, shape)
}

/// Polygons of a map as shapes, turned one way.
pub(crate) fn multi_polygon(polygons: &[Vec<Vec<LonLat>>]) -> MultiPolygon<f64> {
    let line = |ring: &Vec<LonLat>| LineString(ring.iter().map(|p| Coord { x: p[0], y: p[1] }).collect());
    let polygon = |rings: &Vec<Vec<LonLat>>| {
        let (outer, holes) = rings.split_first()?;
        // a map turns rings either way, and the area of one that turns the other way would be the rest of the Earth
        Some(Polygon::new(line(outer), holes.iter().map(line).collect()).orient(Direction::Default))
    };
    MultiPolygon(polygons.iter().filter_map(polygon).collect())
}

/// The area of a shape, m2; `None` where an outline crosses itself.
pub(crate) fn footprint_m2(shape: &MultiPolygon<f64>) -> Option<f64> {
    // the unsigned area of a ring that is taken to turn the other way is the rest of the Earth
    let area = |polygon: &Polygon<f64>| polygon.geodesic_area_signed().abs();
    shape.0.iter().all(Validation::is_valid).then(|| shape.0.iter().map(area).sum())
}

/// From a hazard to the nearest corner of a place's outline, or to its point; 0 where one touches the other or lies in it.
fn distance_m(
    hazard: &KnownHazard,
    at: LonLat,
    (polygons, shape): (&[Vec<Vec<LonLat>>], &MultiPolygon<f64>),
) -> f64 {
    let outer = || polygons.iter().filter_map(|rings| rings.first());
    let region = &hazard.region;
    if outer().any(|ring| region.touches(ring))
        || hazard.corners.iter().any(|corner| shape.intersects(corner))
    {
        return 0.0;
    }
    outer()
        .flatten()
        .chain(std::iter::once(&at))
        .map(|corner| region.distance_m(*corner))
        .fold(f64::INFINITY, f64::min)
}

/// What the map says of a place that is worth a look.
fn remarks(place: &ReceivingPlace, is_simple: bool) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Some(access) =
        place.area.tag("access").filter(|value| !["yes", "public", "permissive"].contains(value))
    {
        remarks.push(format!("access={access}"));
    }
    if place.kind == ReceivingKind::SocialFacility {
        let kind = place.area.tag("social_facility").unwrap_or("of no kind that the map names");
        remarks.push(format!("social facility {kind}: those who live there may have to leave themselves"));
    }
    if place.area.is_cut {
        remarks.push("the map does not hold its whole outline: no area".to_owned());
    } else if place.area.polygons.is_empty() {
        remarks.push("a point in the map: no area".to_owned());
    } else if !is_simple {
        remarks.push("its outline in the map crosses itself: no area".to_owned());
    } else if place.is_covered {
        let floors = place.area.tag("building:levels").map_or_else(String::new, |n| format!(" of {n}"));
        remarks.push(format!("footprint of one floor{floors}; usable surface not known"));
    } else {
        remarks.push("whole ground, buildings included; usable surface not known".to_owned());
    }
    remarks
}

/// Names the larger proposal in which another lies: a school that is drawn as a building and as its ground is one school.
fn mark_doubles(sites: &mut [(ProposedSite, MultiPolygon<f64>)]) {
    let regions: Vec<Option<(AreaRegion, f64)>> = sites
        .iter()
        .map(|(site, shape)| Some((AreaRegion::new(shape.clone())?, site.area_m2.unwrap_or(0.0))))
        .collect();
    let boxes: Vec<Option<LonLatBox>> =
        regions.iter().map(|region| region.as_ref().map(|(region, _)| region.frame)).collect();
    let around: Vec<Option<usize>> = (0..sites.len())
        .map(|own| {
            let (at, m2) = (sites[own].0.at, sites[own].0.area_m2.unwrap_or(0.0));
            let larger = |other: &usize| {
                let is_near = boxes[*other].is_some_and(|frame| frame.covers(at));
                // of two of one size the first is the larger
                let is_larger = |other_m2: f64| other_m2 > m2 || (other_m2 == m2 && *other < own);
                *other != own
                    && is_near
                    && regions[*other]
                        .as_ref()
                        .is_some_and(|(region, other_m2)| is_larger(*other_m2) && region.covers(at))
            };
            (0..sites.len()).filter(larger).max_by(|a, b| {
                let m2 = |at: &usize| regions[*at].as_ref().map_or(0.0, |(_, m2)| *m2);
                m2(a).total_cmp(&m2(b)).then(b.cmp(a))
            })
        })
        .collect();
    for (own, other) in around.into_iter().enumerate() {
        let Some(other) = other else { continue };
        let id = sites[other].0.site_id.clone();
        sites[own].0.remarks.push(format!("lies in {id}: accept one of the two"));
        sites[own].0.lies_in = Some(id);
    }
}

/// Columns of the table, in their order.
const COLUMNS: [&str; 22] = [
    "use",
    "site_id",
    "name",
    "kind",
    "lat",
    "lon",
    "area_m2",
    "covered",
    "m2_per_person",
    "capacity_people_low",
    "capacity_people",
    "capacity_people_high",
    "tag",
    "in_area",
    "area_distance_m",
    "in_hazard",
    "hazard",
    "hazard_distance_m",
    "wheelchair",
    "map_capacity",
    "remark",
    "capacity_source",
];

impl ProposedSites {
    /// The table, as sites are given: `use` says `no` throughout, and a row counts once somebody has written `yes`.
    pub fn csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing into memory does not fail.
        let _ = writer.write_record(COLUMNS);
        for site in &self.sites {
            let _ = writer.write_record(cells(site));
        }
        writer.into_inner().unwrap_or_default()
    }
}

fn cells(site: &ProposedSite) -> Vec<String> {
    let whole = |people: Option<i64>| people.map_or_else(String::new, |people| people.to_string());
    let said = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let space = if site.is_covered { COVERED } else { OPEN };
    let per_person = [space.low, Some(space.usual), Some(space.high)];
    let per_person: Vec<String> = per_person.into_iter().flatten().map(|m2| m2.to_string()).collect();
    let with_area = |text: String| if site.area_m2.is_some() { text } else { String::new() };
    let [low, usual, high] = site.capacity.unwrap_or_default();
    let (hazard, distance) = site.hazard.clone().unzip();
    vec![
        "no".to_owned(),
        site.site_id.clone(),
        site.name.clone(),
        site.kind.word().to_owned(),
        format!("{:.7}", site.at[1]),
        format!("{:.7}", site.at[0]),
        site.area_m2.map_or_else(String::new, |m2| format!("{m2:.0}")),
        with_area(said(site.is_covered)),
        with_area(per_person.join(" to ")),
        whole(low),
        whole(usual),
        whole(high),
        site.tag.clone(),
        said(site.area_distance_m == 0.0),
        format!("{:.0}", site.area_distance_m),
        distance.map_or_else(String::new, |m| said(m == 0.0)),
        hazard.unwrap_or_default(),
        distance.map_or_else(String::new, |m| format!("{m:.0}")),
        site.wheelchair.clone(),
        site.map_capacity.clone(),
        site.remarks.join("; "),
        with_area(space.source.to_owned()),
    ]
}
