//! Where the people of a zone live along: which part of the network, and whether it leads to a site.

use crate::apportion::apportion;
use crate::connectors::PeoplePlaces;
use crate::join::RoadEnds;
use crate::nearest::{LISTED_M, NearestRoad};
use crate::plane::LonLat;
use crate::region::AreaRegion;
use crate::zones::ZoneDraft;
use clearway_model::ZoneRow;
use std::collections::{BTreeMap, BTreeSet};

/// Where the road that is nearest to people leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RoadGoal {
    /// To a site, in the part of the network of this number.
    Leads(usize),
    /// To no site: its people have no way, and become a zone of their own.
    Nowhere,
    /// There is no road near enough.
    TooFar,
}

/// People of one zone whose roads are joined.
#[derive(Debug, Clone)]
pub(crate) struct JoinedHomes {
    pub(crate) whither: RoadGoal,
    pub(crate) places: PeoplePlaces,
    /// Their weight; 1 for a zone that has no place of people.
    pub(crate) weight: u64,
    /// The roads nearest to them.
    pub(crate) links: BTreeSet<usize>,
    /// Greatest and least distance of a place from its road, m.
    pub(crate) farthest_m: f64,
    pub(crate) nearest_m: f64,
    /// Weight of those farther than [`LISTED_M`].
    far_weight: u64,
}

impl JoinedHomes {
    /// Share of the people who are farther than [`LISTED_M`] from their road.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn far_share(&self) -> f64 {
        self.far_weight as f64 / self.weight.max(1) as f64
    }
}

/// Sorts the people of a zone by their roads; those who can leave come first, the most first. A zone without any place of people has
/// them at its label.
pub(crate) fn homes_of(ends: &RoadEnds<'_>, zone: &ZoneDraft, label: LonLat) -> Vec<JoinedHomes> {
    let mut groups: BTreeMap<RoadGoal, JoinedHomes> = BTreeMap::new();
    let has_places = zone.places.weight.iter().any(|&weight| weight > 0);
    let at_label = [(label, 1)];
    let places: Vec<(LonLat, u64)> = if has_places {
        zone.places.at.iter().copied().zip(zone.places.weight.iter().copied()).collect()
    } else {
        at_label.to_vec()
    };
    // Nobody knows where in the zone they are, but a road in it is nearer than any other.
    let in_zone = || {
        let region = AreaRegion::new(zone.shape.clone())?;
        let touching = ends.index.touching(ends.roads, &region);
        let nearest = ends.index.nearest_of(ends.roads, &touching, label)?;
        Some(NearestRoad { distance_m: 0.0, ..nearest })
    };
    for (at, weight) in places {
        let known = if has_places { None } else { in_zone() };
        let nearest = known.or_else(|| ends.index.nearest(at));
        let distance_m = nearest.as_ref().map_or(f64::INFINITY, |nearest| nearest.distance_m);
        let links = nearest.filter(|n| n.distance_m <= ends.within_m).map_or_else(Vec::new, |n| n.links);
        let leading = links.iter().find(|&&link| ends.leading_links[link]);
        let whither = match (leading, links.is_empty()) {
            (Some(&link), _) => RoadGoal::Leads(ends.parts[ends.roads.tail[link]]),
            (None, false) => RoadGoal::Nowhere,
            (None, true) => RoadGoal::TooFar,
        };
        let homes = groups.entry(whither).or_insert_with(|| JoinedHomes {
            whither,
            places: PeoplePlaces::default(),
            weight: 0,
            links: BTreeSet::new(),
            farthest_m: 0.0,
            nearest_m: f64::INFINITY,
            far_weight: 0,
        });
        if has_places {
            homes.places.push(at, weight);
        }
        homes.weight += weight;
        homes.links.extend(links);
        homes.farthest_m = homes.farthest_m.max(distance_m);
        homes.nearest_m = homes.nearest_m.min(distance_m);
        homes.far_weight += if distance_m > LISTED_M { weight } else { 0 };
    }
    let mut all: Vec<JoinedHomes> = groups.into_values().collect();
    let rank = |homes: &JoinedHomes| match homes.whither {
        RoadGoal::Leads(_) => 0,
        RoadGoal::Nowhere | RoadGoal::TooFar => 1,
    };
    all.sort_by(|a, b| rank(a).cmp(&rank(b)).then(b.weight.cmp(&a.weight)).then(a.whither.cmp(&b.whither)));
    all
}

/// One zone for each part of its people, with its share of them by the largest remainder. The first keeps id and name. Parts that come
/// out without anybody are left out.
pub(crate) fn split(
    zone: ZoneDraft,
    mut homes: Vec<JoinedHomes>,
    taken: &mut BTreeSet<String>,
) -> Vec<(ZoneDraft, JoinedHomes)> {
    if homes.len() <= 1 {
        return homes.pop().map(|only| (zone, only)).into_iter().collect();
    }
    let weights: Vec<u64> = homes.iter().map(|homes| homes.weight).collect();
    let rows = shares(&zone.row, &weights);
    let mut made: Vec<(ZoneDraft, JoinedHomes)> = Vec::new();
    let mut leading = 0;
    for (at, (homes, mut row)) in homes.into_iter().zip(rows).enumerate() {
        leading += usize::from(matches!(homes.whither, RoadGoal::Leads(_)));
        if at > 0 {
            if row.people.max(row.people_high.unwrap_or(0)) <= 0 {
                continue;
            }
            let (ending, words) = match homes.whither {
                RoadGoal::Leads(_) => (leading.to_string(), format!("part {leading}")),
                RoadGoal::Nowhere => ("cut".to_owned(), "no way to a site".to_owned()),
                RoadGoal::TooFar => ("far".to_owned(), "no road".to_owned()),
            };
            row.zone_id = free_id(&format!("{}-{ending}", zone.row.zone_id), taken);
            row.name = format!("{}, {words}", zone.row.name);
        }
        made.push((ZoneDraft { row, places: homes.places.clone(), ..zone.clone() }, homes));
    }
    made
}

fn free_id(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let mut id = wanted.to_owned();
    let mut number = 1;
    while !taken.insert(id.clone()) {
        number += 1;
        id = format!("{wanted}-{number}");
    }
    id
}

/// The rows of the parts of a zone. In every part `low <= people <= high` and at most all its people stay.
fn shares(row: &ZoneRow, weights: &[u64]) -> Vec<ZoneRow> {
    let as_weights = |counts: &[i64]| counts.iter().map(|n| n.unsigned_abs()).collect::<Vec<u64>>();
    let people = apportion(row.people, weights);
    let by_people = if row.people > 0 { as_weights(&people) } else { weights.to_vec() };
    let lower = |all: i64, part: &[i64], low: Option<i64>| -> Option<Vec<i64>> {
        let by = as_weights(part);
        low.map(|low| apportion(all - low, &by).iter().zip(part).map(|(less, n)| n - less).collect())
    };
    let higher = |all: i64, part: &[i64], high: Option<i64>| -> Option<Vec<i64>> {
        high.map(|high| {
            apportion(high - all, &by_people).iter().zip(part).map(|(more, n)| n + more).collect()
        })
    };
    let stay = row.stay_people.map(|stay| apportion(stay, &by_people));
    let (low, high) =
        (lower(row.people, &people, row.people_low), higher(row.people, &people, row.people_high));
    let stay_low = stay.as_ref().and_then(|part| lower(row.stay_people?, part, row.stay_people_low));
    let stay_high = stay.as_ref().and_then(|part| higher(row.stay_people?, part, row.stay_people_high));
    (0..weights.len())
        .map(|i| {
            let of = |list: &Option<Vec<i64>>| list.as_ref().map(|list| list[i]);
            let most = of(&high).unwrap_or(people[i]);
            ZoneRow {
                people: people[i],
                people_low: of(&low),
                people_high: of(&high),
                stay_people: of(&stay).map(|n| n.min(people[i])),
                stay_people_low: of(&stay_low),
                stay_people_high: of(&stay_high).map(|n| n.min(most)),
                ..row.clone()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_zone_have_its_people() {
        let row = ZoneRow {
            people: 1_001,
            people_low: Some(900),
            people_high: Some(1_200),
            stay_people: Some(77),
            ..ZoneRow::default()
        };
        let parts = shares(&row, &[5, 3, 3]);
        let sum = |of: fn(&ZoneRow) -> Option<i64>| parts.iter().filter_map(of).sum::<i64>();
        assert_eq!(sum(|r| Some(r.people)), 1_001);
        assert_eq!((sum(|r| r.people_low), sum(|r| r.people_high), sum(|r| r.stay_people)), (900, 1_200, 77));
        for part in &parts {
            assert!(part.people_low.unwrap() <= part.people && part.people <= part.people_high.unwrap());
            assert!(part.stay_people.unwrap() <= part.people);
        }
    }
}
