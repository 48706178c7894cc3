//! Joins given sites to the road network.
//!
//! A site is joined to the road that is nearest to it, wherever that leads: if no way goes there from the area, nobody is
//! received, which is reported. A site on the far bank of a river is not entered from the near one.

use crate::bisect::bisect;
use crate::connectors::time_ms;
use crate::join::speed;
use crate::nearest::{LISTED_M, RoadIndex};
use crate::plane::{LonLat, LonLatBox, MetrePlane};
use crate::region::AreaRegion;
use crate::report::{ComposeReport, FarJoin};
use crate::request::ComposeInputs;
use crate::roads::IndexedRoads;
use crate::sites::SiteDraft;
use clearway_model::{Fault, Faults};

/// Most nodes in a site's polygon to which it is joined.
const IN_SITE: usize = 8;

/// Most nodes to which any other site is joined.
const PER_SITE: usize = 4;

/// A site this close to a junction is at the junction, m.
const AT_JUNCTION_M: f64 = 1.0;

/// Where a site meets the roads.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SiteRoads {
    /// Its nodes with their straight distances, m, nearest first.
    pub(crate) nodes: Vec<(usize, f64)>,
    /// Distance from the nearest road, m.
    pub(crate) road_m: f64,
}

/// The nodes by which a site is entered.
///
/// Of the nodes in its polygon up to eight, spread over it; those reached from the area first, as all of them are the site's own. Else
/// the junction at which its nearest road meets it, or the ends from which one can drive along that road to the site.
pub(crate) fn roads_of_site(
    roads: &IndexedRoads,
    site: &SiteDraft,
    index: &RoadIndex,
    reached: &[bool],
    plane: MetrePlane,
) -> Option<SiteRoads> {
    let region = site.shape.clone().and_then(AreaRegion::new);
    let distance = |n: usize| match &region {
        // Metres of the site's own plane; the two differ by less than what a choice of nodes needs.
        Some(region) => region.distance_m(roads.place(n)),
        None => plane.distance(roads.place(n), site.at),
    };
    let first_reached = |nodes: Vec<usize>| {
        let good: Vec<usize> = nodes.iter().copied().filter(|&n| reached[n]).collect();
        if good.is_empty() { nodes } else { good }
    };
    if let Some(region) = &region {
        let within: Vec<usize> = (0..roads.node_count())
            .filter(|&n| !roads.entering(n).is_empty() && region.covers(roads.place(n)))
            .collect();
        if !within.is_empty() {
            let nodes = spread(roads, &first_reached(within), IN_SITE, plane);
            return Some(SiteRoads { nodes: nodes.into_iter().map(|n| (n, 0.0)).collect(), road_m: 0.0 });
        }
    }
    let nearest = match &region {
        Some(region) => index.nearest_to_region(roads, region)?,
        None => index.nearest(site.at)?,
    };
    let mut nodes: Vec<usize> = nearest
        .links
        .iter()
        .flat_map(|&l| [roads.tail[l], roads.head[l]])
        .filter(|&n| distance(n) <= nearest.distance_m + AT_JUNCTION_M)
        .collect();
    if nodes.is_empty() {
        nodes = nearest.links.iter().map(|&l| roads.tail[l]).collect();
    }
    nodes.sort_unstable();
    nodes.dedup();
    if region.is_some() && nearest.distance_m == 0.0 {
        nodes = first_reached(nodes);
    }
    let mut nodes: Vec<(usize, f64)> = nodes.into_iter().map(|n| (n, distance(n))).collect();
    nodes.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    nodes.truncate(PER_SITE);
    Some(SiteRoads { nodes, road_m: nearest.distance_m })
}

/// Up to `most` of the nodes, one of each of as many compact groups.
fn spread(roads: &IndexedRoads, nodes: &[usize], most: usize, plane: MetrePlane) -> Vec<usize> {
    let at: Vec<LonLat> = nodes.iter().map(|&n| roads.place(n)).collect();
    let Some(frame) = LonLatBox::around(at.iter().copied()) else { return Vec::new() };
    let weights = vec![1; nodes.len()];
    let mut picked: Vec<usize> = bisect(&at, &weights, most, frame, plane)
        .iter()
        .filter_map(|group| group.members.iter().map(|&i| nodes[i]).min())
        .collect();
    picked.sort_unstable();
    picked
}

/// Ids and times, ms, of the nodes of given sites. `found` is what [`roads_of_site`] gives for each site.
///
/// # Errors
/// Sites that are farther from any road than `within_m`.
pub(crate) fn ends_of_given_sites(
    file: &str,
    roads: &IndexedRoads,
    sites: &[SiteDraft],
    found: &[Option<SiteRoads>],
    (request, within_m): (&ComposeInputs, f64),
    report: &mut ComposeReport,
) -> Result<Vec<Vec<(String, i64)>>, Faults> {
    let speed = speed(request.mode);
    let frame = roads.frame();
    let mut faults = Faults::default();
    let mut ends = Vec::with_capacity(sites.len());
    for (site, found) in sites.iter().zip(found) {
        let place = format!("site {}", site.row.site_id);
        let Some(found) = found.as_ref().filter(|found| found.road_m <= within_m) else {
            let distance = found.as_ref().map_or_else(String::new, |found| format!("{:.0}", found.road_m));
            let expected = format!("a road within {within_m} m of the site, in the map");
            let swapped = [site.at[1], site.at[0]];
            let hint = if frame.is_some_and(|frame| frame.covers(swapped) && !frame.covers(site.at)) {
                "latitude and longitude seem to be exchanged: GeoJSON and x, y give longitude first"
            } else {
                "give a map that reaches there with the roads that people would use, or leave the site out; nobody knows what lies \
                 between the site and a road farther away (--join-within allows more)"
            };
            faults.push(Fault::error(file, place, expected).field("distance_m", distance).hint(hint));
            ends.push(Vec::new());
            continue;
        };
        if found.road_m > LISTED_M {
            report.warnings.push(
                Fault::warning(file, &place, format!("a site within {LISTED_M} m of a road"))
                    .field("distance_m", format!("{:.0}", found.road_m))
                    .hint("joined to the nearest road over this distance"),
            );
            report.far_joins.push(FarJoin { place, people: None, distance_m: found.road_m });
        }
        let end = |&(node, distance): &(usize, f64)| {
            (roads.network.nodes[node].node_id.clone(), time_ms(distance, speed))
        };
        ends.push(found.nodes.iter().map(end).collect());
    }
    if faults.has_errors() { Err(faults) } else { Ok(ends) }
}
