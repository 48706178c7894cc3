//! Names of zones that were cut here: what the part of town is called in which their people live.
//!
//! A name decides nothing. It lets somebody who knows the town find a zone without looking at a map.

use crate::exits::wind;
use crate::plane::{LonLat, MetrePlane};
use crate::region::AreaRegion;
use crate::roads::IndexedRoads;
use crate::sources::SourceRows;
use crate::streets::StreetPiece;
use crate::zones::{ZoneDraft, label_point};
use clearway_model::{NamedPlace, PlaceKind, SourceStatus};
use geo::{LineString, MultiPolygon, Polygon};
use std::collections::{BTreeMap, BTreeSet};

/// Of the distance from the middle of a place to the farthest of its zones: nearer than this is its centre.
const CENTRE_SHARE: f64 = 0.3;

/// How far from its point a place gives its name, m. Our choice, about what a place of the kind measures from its middle to its edge.
fn reach_m(kind: PlaceKind) -> f64 {
    match kind {
        PlaceKind::Neighbourhood | PlaceKind::Hamlet => 1_000.0,
        PlaceKind::Quarter => 1_500.0,
        PlaceKind::Suburb => 2_000.0,
        PlaceKind::Borough | PlaceKind::Village => 3_000.0,
        PlaceKind::Town => 5_000.0,
        PlaceKind::City => 10_000.0,
    }
}

/// Whether a place is so large that its name says little about a part of it.
fn is_whole_town(kind: PlaceKind) -> bool {
    matches!(kind, PlaceKind::Town | PlaceKind::City)
}

/// Gives every zone the name of the place it lies in or near, else of its longest street; a zone for which there is neither keeps its
/// number. Zones of one name are told apart by where they lie in it.
pub(crate) fn name_zones(
    zones: &mut [ZoneDraft],
    roads: &IndexedRoads,
    plane: MetrePlane,
    streets: &[StreetPiece],
    sources: &mut SourceRows,
) {
    let points: Vec<Option<LonLat>> = zones.iter().map(|zone| label_point(zone, plane)).collect();
    let places = NamingPlaces::new(&roads.network.places, plane);
    let mut names: Vec<Option<String>> =
        points.iter().map(|point| places.around((*point)?).map(str::to_owned)).collect();
    let of_places = names.iter().flatten().count();
    let unnamed: Vec<usize> = (0..zones.len()).filter(|&zone| names[zone].is_none()).collect();
    for (zone, street) in longest_streets(zones, &unnamed, roads, streets) {
        names[zone] = Some(format!("{street} area"));
    }
    let named = names.iter().flatten().count();
    for (name, members) in by_name(&names) {
        let at: Vec<LonLat> = members.iter().filter_map(|&zone| points[zone]).collect();
        for (zone, full) in members.iter().zip(told_apart(name, &at, plane)) {
            zones[*zone].row.name = full;
        }
    }
    if named == 0 {
        return;
    }
    let note = format!(
        "{of_places} zones are called by the named place of the map that they lie in or near, {} by their longest street; names decide nothing",
        named - of_places
    );
    sources.add("zones", "name", SourceStatus::Derived, "named places and streets of the road map", note);
}

/// The places of the map, those with an outline apart.
struct NamingPlaces<'a> {
    points: Vec<&'a NamedPlace>,
    /// Places with an outline, the smallest first, so that a quarter goes before the town around it.
    outlines: Vec<(&'a NamedPlace, AreaRegion)>,
    plane: MetrePlane,
}

impl<'a> NamingPlaces<'a> {
    fn new(places: &'a [NamedPlace], plane: MetrePlane) -> Self {
        let mut outlines: Vec<(f64, &NamedPlace, AreaRegion)> = places
            .iter()
            .filter(|place| !place.outline.is_empty())
            .filter_map(|place| {
                let ring = LineString::from(place.outline.clone());
                let region = AreaRegion::new(MultiPolygon(vec![Polygon::new(ring, vec![])]))?;
                Some((geo::Area::unsigned_area(&region.polygons), place, region))
            })
            .collect();
        // The order of the map decides between equals.
        outlines.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self {
            points: places.iter().collect(),
            outlines: outlines.into_iter().map(|(_, place, region)| (place, region)).collect(),
            plane,
        }
    }

    /// The name of the place that somebody at this point would say they live in: a part of a town before the whole town, an outline
    /// around the point before points nearby.
    fn around(&self, point: LonLat) -> Option<&'a str> {
        self.of_size(point, false).or_else(|| self.of_size(point, true)).map(|place| place.name.as_str())
    }

    fn of_size(&self, point: LonLat, whole_towns: bool) -> Option<&'a NamedPlace> {
        let is_wanted = |place: &NamedPlace| is_whole_town(place.kind) == whole_towns;
        let around = self.outlines.iter().find(|(place, region)| is_wanted(place) && region.covers(point));
        if let Some((place, _)) = around {
            return Some(place);
        }
        // Distance in terms of what the kind reaches, so that a neighbourhood's point does not take what is the suburb's beside it.
        let near = self.points.iter().filter(|place| is_wanted(place)).filter_map(|place| {
            let share = self.plane.distance(place.at, point) / reach_m(place.kind);
            (share <= 1.0).then_some((share, *place))
        });
        near.min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.name.cmp(&b.1.name))).map(|(_, place)| place)
    }
}

/// Of each of these zones the street with the greatest length in it; the first by name of several.
fn longest_streets(
    zones: &[ZoneDraft],
    wanted: &[usize],
    roads: &IndexedRoads,
    streets: &[StreetPiece],
) -> Vec<(usize, String)> {
    let mut lengths: Vec<BTreeMap<&str, u64>> = vec![BTreeMap::new(); wanted.len()];
    for piece in streets {
        let name = roads.network.links[piece.link].name.trim();
        let holds = |zone: &usize| zones[*zone].cell.is_some_and(|cell| cell.covers(piece.at));
        if let Some(at) = wanted.iter().position(holds)
            && !name.is_empty()
        {
            *lengths[at].entry(name).or_default() += piece.length_mm;
        }
    }
    let longest = |of: &BTreeMap<&str, u64>| {
        of.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0))).map(|(name, _)| (*name).to_owned())
    };
    wanted.iter().zip(&lengths).filter_map(|(zone, of)| Some((*zone, longest(of)?))).collect()
}

/// The zones of each name, in their order.
fn by_name(names: &[Option<String>]) -> BTreeMap<&str, Vec<usize>> {
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (zone, name) in names.iter().enumerate() {
        if let Some(name) = name {
            members.entry(name).or_default().push(zone);
        }
    }
    members
}

/// A name for each of the points, told apart by direction from the middle of all of them, and by number where that is not enough.
fn told_apart(name: &str, points: &[LonLat], plane: MetrePlane) -> Vec<String> {
    if points.len() < 2 {
        return points.iter().map(|_| name.to_owned()).collect();
    }
    let flat: Vec<[f64; 2]> = points.iter().map(|&point| plane.metres(point)).collect();
    #[allow(clippy::cast_precision_loss)]
    let middle = [0, 1].map(|axis: usize| flat.iter().map(|p| p[axis]).sum::<f64>() / flat.len() as f64);
    let away: Vec<[f64; 2]> = flat.iter().map(|p| [p[0] - middle[0], p[1] - middle[1]]).collect();
    let farthest = away.iter().map(|d| d[0].hypot(d[1])).fold(0.0, f64::max);
    let wheres: Vec<&str> = away
        .iter()
        .map(|d| {
            let is_centre = d[0].hypot(d[1]) <= CENTRE_SHARE * farthest;
            if is_centre { "centre" } else { wind(d[0].atan2(d[1]).to_degrees().rem_euclid(360.0)) }
        })
        .collect();
    let several: BTreeSet<&str> =
        wheres.iter().copied().filter(|at| wheres.iter().filter(|other| *other == at).count() > 1).collect();
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    wheres
        .iter()
        .map(|&at| {
            let number = counted.entry(at).or_default();
            *number += 1;
            if several.contains(at) { format!("{name} {at} {number}") } else { format!("{name} {at}") }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At the equator, where a thousandth of a degree is 111.2 m both ways.
    fn plane() -> MetrePlane {
        MetrePlane::new([0.0, 0.0])
    }

    fn place(name: &str, kind: PlaceKind, at: [f64; 2]) -> NamedPlace {
        NamedPlace { name: name.into(), kind, at, outline: Vec::new() }
    }

    fn around(places: &[NamedPlace], point: LonLat) -> Option<&str> {
        NamingPlaces::new(places, plane()).around(point)
    }

    #[test]
    fn a_suburb_names_what_is_within_two_kilometres_of_its_point() {
        let places = [place("Kallio", PlaceKind::Suburb, [0.0, 0.0])];
        assert_eq!(around(&places, [0.017, 0.0]), Some("Kallio"), "1,890 m");
        assert_eq!(around(&places, [0.019, 0.0]), None, "2,113 m");
    }

    #[test]
    fn a_part_of_a_town_goes_before_the_town_even_if_the_town_is_nearer() {
        let places =
            [place("Helsinki", PlaceKind::City, [0.0, 0.0]), place("Kallio", PlaceKind::Suburb, [0.01, 0.0])];
        assert_eq!(around(&places, [0.001, 0.0]), Some("Kallio"));
        assert_eq!(around(&places, [-0.01, 0.0]), Some("Helsinki"), "Kallio is 2,224 m away");
    }

    #[test]
    fn distance_counts_in_terms_of_what_a_kind_reaches() {
        // 667 m of 1,000 to the neighbourhood, 890 m of 2,000 to the suburb
        let places = [
            place("Torkkelinmäki", PlaceKind::Neighbourhood, [0.0, 0.0]),
            place("Kallio", PlaceKind::Suburb, [0.014, 0.0]),
        ];
        assert_eq!(around(&places, [0.006, 0.0]), Some("Kallio"));
        assert_eq!(around(&places, [0.003, 0.0]), Some("Torkkelinmäki"));
    }

    #[test]
    fn an_outline_around_a_zone_goes_before_a_point_beside_it_and_the_smaller_outline_first() {
        let square =
            |half: f64| vec![[-half, -half], [half, -half], [half, half], [-half, half], [-half, -half]];
        let mut places = vec![
            place("Large", PlaceKind::Suburb, [0.0, 0.0]),
            place("Small", PlaceKind::Quarter, [0.0, 0.0]),
            place("Point", PlaceKind::Suburb, [0.0015, 0.0]),
        ];
        places[0].outline = square(0.01);
        places[1].outline = square(0.002);
        assert_eq!(around(&places, [0.0015, 0.0]), Some("Small"));
        assert_eq!(around(&places, [0.005, 0.0]), Some("Large"));
        assert_eq!(around(&places, [0.0115, 0.0]), Some("Point"), "outside both, nearest of the points");
    }

    #[test]
    fn one_zone_of_a_place_has_its_name_as_it_is() {
        assert_eq!(told_apart("Kallio", &[[0.3, 0.2]], plane()), ["Kallio"]);
    }

    #[test]
    fn zones_of_one_place_are_told_apart_by_direction_and_where_that_is_not_enough_by_number() {
        let two = told_apart("Kallio", &[[0.0, 0.002], [0.0, 0.0]], plane());
        assert_eq!(two, ["Kallio north", "Kallio south"]);
        let five = told_apart(
            "Kallio",
            &[[0.004, 0.004], [0.0, 0.0], [-0.004, -0.0045], [0.005, 0.004], [-0.004, 0.0]],
            plane(),
        );
        assert_eq!(
            five,
            [
                "Kallio north-east 1",
                "Kallio centre",
                "Kallio south-west",
                "Kallio north-east 2",
                "Kallio west"
            ]
        );
    }

    #[test]
    fn zones_in_one_point_are_numbered() {
        assert_eq!(told_apart("Kallio", &[[0.1, 0.1]; 2], plane()), ["Kallio centre 1", "Kallio centre 2"]);
    }
}
