//! Where people are: zones made from the area, or zones as given.

use crate::apportion::apportion;
use crate::bisect::bisect;
use crate::connectors::PeoplePlaces;
use crate::features::{FeatureShape, GivenFeature};
use crate::plane::{LonLat, LonLatBox, MetrePlane};
use crate::population::{ONLY_PEOPLE, PEOPLE};
use crate::region::AreaRegion;
use clearway_model::{Fault, Faults, Figure, ZoneRow};
use clearway_text::{skeleton, spelled_out};
use geo::{BooleanOps, Centroid, Contains, InteriorPoint, MultiPolygon, Rect};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// A zone on its way into the tables.
#[derive(Debug, Clone)]
pub(crate) struct ZoneDraft {
    pub(crate) row: ZoneRow,
    pub(crate) shape: MultiPolygon<f64>,
    /// The geometry as given; `None` where the zone was made here.
    pub(crate) geometry: Option<Value>,
    /// The properties as given.
    pub(crate) properties: Map<String, Value>,
    /// Where its people are.
    pub(crate) places: PeoplePlaces,
    /// Box of a zone made here.
    pub(crate) cell: Option<LonLatBox>,
}

/// Divides the area into zones of about equal weight: see [`bisect`]. Ids are `Z1`.. with leading zeros.
pub(crate) fn divide(area: &AreaRegion, places: &PeoplePlaces, count: usize) -> Vec<ZoneDraft> {
    let cells = bisect(&places.at, &places.weight, count, area.frame, area.plane());
    let width = cells.len().to_string().len();
    cells
        .into_iter()
        .enumerate()
        .map(|(at, cell)| {
            let mut here = PeoplePlaces::default();
            for &i in &cell.members {
                here.push(places.at[i], places.weight[i]);
            }
            let [west, south] = cell.frame.min;
            let [east, north] = cell.frame.max;
            let clip = Rect::new((west, south), (east, north)).to_polygon();
            ZoneDraft {
                row: ZoneRow {
                    zone_id: format!("Z{:0width$}", at + 1),
                    name: format!("Zone {}", at + 1),
                    ..ZoneRow::default()
                },
                shape: area.polygons.intersection(&clip),
                geometry: None,
                properties: Map::new(),
                places: here,
                cell: Some(cell.frame),
            }
        })
        .collect()
}

/// A count that was given, with its range.
type GivenCount = (Option<i64>, Option<i64>, Option<i64>);

fn read_counts(
    feature: &GivenFeature,
    names: &[&str],
    low: &[&str],
    high: &[&str],
    faults: &mut Faults,
) -> GivenCount {
    let record = &feature.record;
    let given = (record.count(names, faults), record.count(low, faults), record.count(high, faults));
    match given {
        (None, Some(_), _) | (None, _, Some(_)) => {
            let name = names.first().unwrap_or(&"people");
            faults.push(record.error(&format!("{name} beside its low or high end")));
        }
        (Some(value), low, high) if low.is_some_and(|l| l > value) || high.is_some_and(|h| h < value) => {
            let name = names.first().unwrap_or(&"people");
            faults.push(record.error("low <= value <= high").field(*name, value));
        }
        _ => {}
    }
    given
}

/// Says where a property that may count other things than people is taken, or is left out.
fn warn_of_other_counts(
    features: &[GivenFeature],
    taken: Option<&str>,
    has_other_count: bool,
    faults: &mut Faults,
) {
    let Some(first) = features.first() else { return };
    for name in PEOPLE
        .iter()
        .skip(ONLY_PEOPLE)
        .filter(|name| features.iter().any(|f| f.record.find(&[name]).is_some()))
    {
        let fault = Fault::warning(&first.record.file, "", "a property people").field("property", name);
        if taken == Some(name) {
            faults.push(fault.hint(
                "taken for people, since no other property counts them; it often counts parts of a shape",
            ));
        } else if has_other_count && taken.is_none() {
            faults.push(fault.hint("not taken for people: their number was given otherwise"));
        }
    }
}

/// Zones as given: polygons, names, p-codes and counts kept. The second list says which have no count. `has_other_count`: people were given
/// otherwise too, so that only properties count that can mean nothing else.
pub(crate) fn read_zones(
    features: &[GivenFeature],
    has_other_count: bool,
    faults: &mut Faults,
) -> (Vec<ZoneDraft>, Vec<bool>) {
    let names: &[&str] = if has_other_count { &PEOPLE[..ONLY_PEOPLE] } else { &PEOPLE };
    // all zones count by the same property
    let counts = names.iter().filter(|name| features.iter().any(|f| f.record.find(&[name]).is_some()));
    let counts: Vec<&str> = counts.copied().take(1).collect();
    warn_of_other_counts(features, counts.first().copied(), has_other_count, faults);
    let mut ids: Vec<String> = features.iter().map(|f| f.record.text(&["zone_id"]).to_owned()).collect();
    let pcodes: Vec<String> = features.iter().map(|f| pcode_of(f).to_owned()).collect();
    if ids.iter().all(String::is_empty) {
        let distinct: BTreeSet<&String> = pcodes.iter().filter(|p| !p.is_empty()).collect();
        let width = features.len().to_string().len();
        ids = if distinct.len() == features.len() {
            pcodes.clone()
        } else {
            (1..=features.len()).map(|n| format!("Z{n:0width$}")).collect()
        };
    }
    let mut seen = BTreeSet::new();
    let (mut zones, mut uncounted) = (Vec::new(), Vec::new());
    for ((feature, zone_id), pcode) in features.iter().zip(ids).zip(pcodes) {
        let FeatureShape::Polygons(shape) = &feature.shape else { continue };
        if zone_id.is_empty() {
            faults.push(feature.record.error("a zone_id for every zone, or for none"));
        } else if !seen.insert(skeleton(&zone_id).into_owned()) {
            let found = spelled_out(&zone_id);
            faults.push(feature.record.error("every zone_id once, also to the eye").field("zone_id", found));
        }
        let (people, people_low, people_high) =
            read_counts(feature, &counts, &["people_low"], &["people_high"], faults);
        let (stay_people, stay_people_low, stay_people_high) = read_counts(
            feature,
            &["stay_people", "staying"],
            &["stay_people_low"],
            &["stay_people_high"],
            faults,
        );
        if let (Some(people), Some(stay)) = (people, stay_people)
            && stay > people
        {
            faults.push(feature.record.error("at most the zone's people").field("stay_people", stay));
        }
        let name = name_of(feature);
        uncounted.push(people.is_none());
        zones.push(ZoneDraft {
            row: ZoneRow {
                name: if name.is_empty() { format!("Zone {zone_id}") } else { name.to_owned() },
                zone_id,
                pcode,
                people: people.unwrap_or(0),
                people_low,
                people_high,
                stay_people,
                stay_people_low,
                stay_people_high,
                ..ZoneRow::default()
            },
            shape: shape.clone(),
            geometry: Some(feature.geometry.clone()),
            properties: feature.properties.clone(),
            places: PeoplePlaces::default(),
            cell: None,
        });
    }
    (zones, uncounted)
}

/// P-code under any of its usual names.
pub(crate) fn pcode_of(feature: &GivenFeature) -> &str {
    let plain = feature.record.text(&["pcode", "p_code", "p-code"]);
    if plain.is_empty() { feature.record.admin(&["pcode"]) } else { plain }
}

/// Name under any of its usual names.
pub(crate) fn name_of(feature: &GivenFeature) -> &str {
    let plain = feature.record.text(&["name", "zone_name", "shapename", "name_en", "name:en"]);
    if plain.is_empty() { feature.record.admin_name() } else { plain }
}

/// Sorts places into the first zone, in the order of the file, that covers them. Returns for each place the zone, if any, and how
/// many places lie in more than one.
pub(crate) fn assign(regions: &[AreaRegion], places: &[LonLat]) -> (Vec<Option<usize>>, usize) {
    let mut shared = 0;
    let zone_of = places
        .iter()
        .map(|&p| {
            let mut holders = (0..regions.len()).filter(|&z| regions[z].covers(p));
            let first = holders.next();
            // A place exactly on a common border is in both, which is no overlap; it is rare enough to be counted all the same.
            shared += usize::from(first.is_some() && holders.next().is_some());
            first
        })
        .collect();
    (zone_of, shared)
}

/// Shares people out over zones by weight; the ends of the range are shared out so that low <= people <= high in every zone.
pub(crate) fn share_people(rows: &mut [&mut ZoneRow], total: Figure<i64>, weights: &[u64]) {
    let people = apportion(total.value, weights);
    let as_weights: Vec<u64> = people.iter().map(|p| p.unsigned_abs()).collect();
    let fewer = apportion(total.value - total.low, &as_weights);
    let more = apportion(total.high - total.value, &as_weights);
    for (i, row) in rows.iter_mut().enumerate() {
        row.people = people[i];
        row.people_low = (total.low < total.value).then(|| people[i] - fewer[i]);
        row.people_high = (total.high > total.value).then(|| people[i] + more[i]);
    }
}

/// A point in the zone for its label: the place of people nearest to their mean, or without people a point well inside.
pub(crate) fn label_point(zone: &ZoneDraft, plane: MetrePlane) -> Option<LonLat> {
    let mean = zone.places.mean(|p| p[0]).zip(zone.places.mean(|p| p[1]));
    if let Some((x, y)) = mean {
        return zone
            .places
            .at
            .iter()
            .copied()
            .min_by(|a, b| plane.distance(*a, [x, y]).total_cmp(&plane.distance(*b, [x, y])));
    }
    point_in(&zone.shape)
}

/// The centroid if it is inside the polygons, else a point that is.
pub(crate) fn point_in(shape: &MultiPolygon<f64>) -> Option<LonLat> {
    let centre = shape.centroid().filter(|c| shape.contains(c));
    centre.or_else(|| shape.interior_point()).map(|p| [p.x(), p.y()])
}

/// A fault for each zone of which nothing lies in the area.
pub(crate) fn check_zones_in_area(file: &str, zones: &[ZoneDraft], area: &AreaRegion, faults: &mut Faults) {
    for zone in zones {
        let all: f64 = geo::Area::unsigned_area(&zone.shape);
        let inside = geo::Area::unsigned_area(&area.polygons.intersection(&zone.shape));
        let place = format!("zone {}", zone.row.zone_id);
        if inside <= 0.0 {
            faults.push(
                Fault::error(file, place, "a zone that lies in the area")
                    .hint("leave the area out to use all zones, or draw it around them"),
            );
        } else if inside < 0.98 * all {
            let share = format!("{:.0} % of its surface", 100.0 * inside / all);
            faults.push(
                Fault::warning(file, place, "a zone wholly in the area")
                    .field("inside", share)
                    .hint("its count is kept whole: all its people leave"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranges_stay_in_order(low in 0i64..5000, more in 0i64..5000, most in 0i64..5000, weights in prop::collection::vec(0u64..100, 1..40)) {
            let total = Figure { value: low + more, low, high: low + more + most };
            let mut rows = vec![ZoneRow::default(); weights.len()];
            share_people(&mut rows.iter_mut().collect::<Vec<_>>(), total, &weights);
            let sum = |f: fn(&ZoneRow) -> i64| rows.iter().map(f).sum::<i64>();
            prop_assert_eq!(sum(|r| r.people), total.value);
            prop_assert_eq!(sum(|r| r.people_low.unwrap_or(r.people)), total.low);
            prop_assert_eq!(sum(|r| r.people_high.unwrap_or(r.people)), total.high);
            for row in &rows {
                let low = row.people_low.unwrap_or(row.people);
                prop_assert!(0 <= low && low <= row.people && row.people <= row.people_high.unwrap_or(row.people));
            }
        }
    }
}
