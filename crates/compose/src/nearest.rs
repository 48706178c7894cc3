//! The nearest usable road to a place, found before anybody asks where that road leads.
//!
//! A place is joined to the road that is nearest to it and to no other: if that road leads nowhere, so do the people who live
//! along it. Looking for the nearest road *that leads on* would carry them over whatever lies between, a river as easily as a
//! yard.

use crate::plane::{LonLat, MetrePlane};
use crate::region::AreaRegion;
use crate::region::distance_2;
use crate::roads::IndexedRoads;
use geo::CoordsIter;
use rstar::{AABB, PointDistance, RTree, RTreeObject};

/// Farthest that people, facilities and sites are joined to a road, m, unless the request says otherwise. Farther, and nobody knows
/// what lies between. A policy of ours, of the order of a walk of 5 to 10 minutes: the Rural Access Index of the World Bank (Roberts,
/// Shyam and Rastogi 2006) counts people within 2 km of an all-season road as having access on foot, which is too far to
/// say that nothing impassable lies between.
pub(crate) const WITHIN_M: f64 = 500.0;

/// Whatever is joined over more than this is listed, m.
pub(crate) const LISTED_M: f64 = 200.0;

/// A separate piece of road with less length than this is a remnant of mapping and stands for no road, m.
pub(crate) const REMNANT_M: f64 = 100.0;

/// Roads as near as the nearest, m: the two directions of a road, the roads that meet at a junction.
const AS_NEAR_M: f64 = 0.01;

/// A straight stretch of a link's course, metres in the plane.
#[derive(Debug, Clone, Copy)]
struct CourseStretch {
    from: [f64; 2],
    to: [f64; 2],
    link: usize,
}

impl RTreeObject for CourseStretch {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.from, self.to)
    }
}

impl PointDistance for CourseStretch {
    fn distance_2(&self, p: &[f64; 2]) -> f64 {
        distance_2(p, self.from, self.to)
    }
}

/// The road that is nearest to a place: whoever lives there goes out to it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NearestRoad {
    /// How far it is, m.
    pub(crate) distance_m: f64,
    /// Its links, ascending: the directions that may be driven, and where it is a junction all that meet there.
    pub(crate) links: Vec<usize>,
}

/// Roads by where they are.
pub(crate) struct RoadIndex {
    tree: RTree<CourseStretch>,
    plane: MetrePlane,
}

impl RoadIndex {
    /// Indexes the usable links for which `wanted` is true.
    pub(crate) fn new(roads: &IndexedRoads, plane: MetrePlane, wanted: impl Fn(usize) -> bool) -> Self {
        let mut stretches = Vec::new();
        for link in (0..roads.tail.len()).filter(|&l| roads.is_usable(l) && wanted(l)) {
            let course = roads.course(link);
            stretches.extend(course.windows(2).map(|pair| CourseStretch {
                from: plane.metres(pair[0]),
                to: plane.metres(pair[1]),
                link,
            }));
        }
        Self { tree: RTree::bulk_load(stretches), plane }
    }

    /// The roads nearest to a place; `None` where there are no roads at all.
    pub(crate) fn nearest(&self, at: LonLat) -> Option<NearestRoad> {
        let p = self.plane.metres(at);
        let mut found = self.tree.nearest_neighbor_iter_with_distance_2(&p);
        let (first, distance_2) = found.next()?;
        let distance_m = distance_2.sqrt();
        let mut links = vec![first.link];
        links.extend(
            found.take_while(|(_, d)| d.sqrt() <= distance_m + AS_NEAR_M).map(|(stretch, _)| stretch.link),
        );
        links.sort_unstable();
        links.dedup();
        Some(NearestRoad { distance_m, links })
    }

    /// Roads that touch a region, ascending.
    pub(crate) fn touching(&self, roads: &IndexedRoads, region: &AreaRegion) -> Vec<usize> {
        let (low, high) = (self.plane.metres(region.frame.min), self.plane.metres(region.frame.max));
        let near = self.tree.locate_in_envelope_intersecting(&AABB::from_corners(low, high));
        let mut links: Vec<usize> = near.map(|stretch| stretch.link).collect();
        links.sort_unstable();
        links.dedup();
        links.retain(|&link| region.touches(&roads.course(link)));
        links
    }

    /// Of some links those nearest to a place, with their distance.
    pub(crate) fn nearest_of(
        &self,
        roads: &IndexedRoads,
        links: &[usize],
        at: LonLat,
    ) -> Option<NearestRoad> {
        let p = self.plane.metres(at);
        let distance = |link: usize| {
            let course = roads.course(link);
            let stretches = course.windows(2).map(|pair| CourseStretch {
                from: self.plane.metres(pair[0]),
                to: self.plane.metres(pair[1]),
                link,
            });
            stretches.map(|stretch| stretch.distance_2(&p)).fold(f64::INFINITY, f64::min).sqrt()
        };
        let all: Vec<(f64, usize)> = links.iter().map(|&link| (distance(link), link)).collect();
        let distance_m = all.iter().map(|found| found.0).min_by(f64::total_cmp)?;
        let links =
            all.iter().filter(|found| found.0 <= distance_m + AS_NEAR_M).map(|found| found.1).collect();
        Some(NearestRoad { distance_m, links })
    }

    /// The roads nearest to a region, seen from the corners of its edge and from points along it; 0 m where a road touches it.
    pub(crate) fn nearest_to_region(&self, roads: &IndexedRoads, region: &AreaRegion) -> Option<NearestRoad> {
        let touching = self.touching(roads, region);
        if !touching.is_empty() {
            return Some(NearestRoad { distance_m: 0.0, links: touching });
        }
        let corners: Vec<LonLat> = region.polygons.coords_iter().map(|c| [c.x, c.y]).collect();
        let between = corners.windows(2).flat_map(|pair| {
            (1..8).map(|k| {
                let s = f64::from(k) / 8.0;
                [pair[0][0] + s * (pair[1][0] - pair[0][0]), pair[0][1] + s * (pair[1][1] - pair[0][1])]
            })
        });
        corners
            .iter()
            .copied()
            .chain(between)
            .filter_map(|p| self.nearest(p))
            .min_by(|a, b| a.distance_m.total_cmp(&b.distance_m))
    }
}

/// Links that stand for a road people can live along or be received at: usable, no motorway, and no remnant.
pub(crate) fn local_roads(roads: &IndexedRoads, is_remnant: &[bool]) -> Vec<bool> {
    let is_motorway = |l: usize| {
        let class = roads.network.links[l].facility_type.to_lowercase();
        matches!(class.as_str(), "motorway" | "motorway_link" | "freeway" | "ramp")
    };
    let all = |with_motorways: bool| -> Vec<bool> {
        (0..roads.tail.len())
            .map(|l| roads.is_usable(l) && !is_remnant[l] && (with_motorways || !is_motorway(l)))
            .collect()
    };
    let wanted = all(false);
    if wanted.contains(&true) { wanted } else { all(true) }
}

/// Links of separate parts of the network with less than [`REMNANT_M`] of road: such a part is a car park or a slip of the map and no
/// place to live.
pub(crate) fn remnants(roads: &IndexedRoads, parts: &[usize]) -> Vec<bool> {
    let count = parts.iter().max().map_or(0, |most| most + 1);
    let mut length = vec![0.0; count];
    let mut seen = std::collections::BTreeSet::new();
    for l in (0..roads.tail.len()).filter(|&l| roads.is_usable(l)) {
        let (a, b) = (roads.tail[l], roads.head[l]);
        // Both directions of a road are one road; roads side by side between the same junctions are short all the same.
        if seen.insert((a.min(b), a.max(b))) {
            length[parts[a]] += roads.network.links[l].length_m.unwrap_or(0.0);
        }
    }
    let main = roads.main_part();
    let mut is_main = vec![false; count];
    for node in (0..parts.len()).filter(|&n| main[n]) {
        is_main[parts[node]] = true;
    }
    (0..roads.tail.len())
        .map(|l| {
            let part = parts[roads.tail[l]];
            roads.is_usable(l) && length[part] < REMNANT_M && !is_main[part]
        })
        .collect()
}
