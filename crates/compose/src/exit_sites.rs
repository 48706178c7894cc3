//! Roads that leave the area as sites without limit, near ones together.
//!
//! As such sites have no limit, putting exits together changes names and not flows: every exit keeps a connector of its
//! own, and what can leave by it is what its road carries.

use crate::bisect::bisect;
use crate::exits::{AreaExit, bearing, wind};
use crate::flood::{FloodField, WetSpan};
use crate::plane::{LonLat, LonLatBox};
use crate::region::AreaRegion;
use crate::roads::IndexedRoads;
use crate::sites::SiteDraft;
use clearway_model::SiteRow;
use serde_json::{Map, json};
use std::collections::BTreeMap;

/// Exits of one road name within this distance are one site: carriageways, ramps, two nodes of a crossing. m.
const ONE_ROAD_M: f64 = 200.0;

/// Most sites made of exits; more are put together by nearness. A list of sites is read by people.
pub(crate) const MOST_SITES: usize = 60;

/// A site made of exits.
pub(crate) struct ExitSite {
    pub(crate) site: SiteDraft,
    /// Nodes of its exits.
    pub(crate) nodes: Vec<usize>,
}

/// What may close an exit.
pub(crate) struct ExitHazards<'a> {
    pub(crate) regions: Vec<AreaRegion>,
    pub(crate) flood: Option<&'a FloodField>,
}

impl ExitHazards<'_> {
    /// Which regions cover a place, and when it is under water.
    fn at(&self, place: LonLat) -> (Vec<bool>, Vec<WetSpan>) {
        let regions = self.regions.iter().map(|region| region.covers(place)).collect();
        (regions, self.flood.map_or_else(Vec::new, |flood| flood.at(place)))
    }
}

/// Makes sites of exits, clockwise from north, without ids as yet. Exits that are not in the same hazards never become one site: a hazard closes a
/// site whole.
pub(crate) fn exit_sites(
    roads: &IndexedRoads,
    area: &AreaRegion,
    exits: &[AreaExit],
    hazards: &ExitHazards<'_>,
) -> Vec<ExitSite> {
    let mut by_hazard: BTreeMap<(Vec<bool>, Vec<WetSpan>), Vec<usize>> = BTreeMap::new();
    for (at, exit) in exits.iter().enumerate() {
        let place = roads.place(exit.node);
        by_hazard.entry(hazards.at(place)).or_default().push(at);
    }
    let mut groups: Vec<Vec<usize>> =
        by_hazard.values().flat_map(|members| one_per_road(roads, area, exits, members)).collect();
    if groups.len() > MOST_SITES {
        groups = by_hazard
            .values()
            .flat_map(|members| {
                // Every set of hazards gets its share of the sites, and at least one.
                let most = (MOST_SITES * members.len() / exits.len()).max(1);
                by_nearness(roads, area, exits, one_per_road(roads, area, exits, members), most)
            })
            .collect();
    }
    let place = |group: &Vec<usize>| label_place(roads, area, exits, group);
    let centre = area.frame.centre();
    let mut around: Vec<(f64, Vec<usize>, LonLat)> = groups
        .into_iter()
        .map(|group| {
            let at = place(&group);
            (bearing(area.plane(), centre, at), group, at)
        })
        .collect();
    around.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    name(exits, around)
}

/// Exits of one name near each other, as groups in the order of their first exits.
fn one_per_road(
    roads: &IndexedRoads,
    area: &AreaRegion,
    exits: &[AreaExit],
    members: &[usize],
) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let near = |a: usize, b: usize| {
        let (a, b) = (&exits[a], &exits[b]);
        a.is_named
            && b.is_named
            && a.road == b.road
            && area.plane().distance(roads.place(a.node), roads.place(b.node)) <= ONE_ROAD_M
    };
    for &member in members {
        let (mut own, rest): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.iter().any(|&other| near(member, other)));
        groups = rest;
        let mut joined = vec![member];
        own.drain(..).for_each(|group| joined.extend(group));
        joined.sort_unstable();
        groups.push(joined);
    }
    groups.sort();
    groups
}

/// Puts groups together until there are at most `most`.
fn by_nearness(
    roads: &IndexedRoads,
    area: &AreaRegion,
    exits: &[AreaExit],
    groups: Vec<Vec<usize>>,
    most: usize,
) -> Vec<Vec<usize>> {
    let at: Vec<LonLat> = groups.iter().map(|group| label_place(roads, area, exits, group)).collect();
    let weights: Vec<u64> = groups.iter().map(|group| group.len() as u64).collect();
    let Some(frame) = LonLatBox::around(at.iter().copied()) else { return groups };
    bisect(&at, &weights, most, frame, area.plane())
        .into_iter()
        .map(|cell| {
            let mut joined: Vec<usize> = cell.members.iter().flat_map(|&g| groups[g].clone()).collect();
            joined.sort_unstable();
            joined
        })
        .collect()
}

/// The exit of most capacity, the first among equals: its place stands for the group.
fn largest<'a>(exits: &'a [AreaExit], group: &[usize]) -> Option<&'a AreaExit> {
    let mut best: Option<&AreaExit> = None;
    for &at in group {
        if best.is_none_or(|b| (exits[at].is_named, exits[at].capacity) > (b.is_named, b.capacity)) {
            best = Some(&exits[at]);
        }
    }
    best
}

fn label_place(roads: &IndexedRoads, area: &AreaRegion, exits: &[AreaExit], group: &[usize]) -> LonLat {
    largest(exits, group).map_or(area.frame.centre(), |exit| roads.place(exit.node))
}

/// Names each group of exits by its largest road and where it lies.
fn name(exits: &[AreaExit], around: Vec<(f64, Vec<usize>, LonLat)>) -> Vec<ExitSite> {
    around
        .into_iter()
        .map(|(bearing, group, at)| {
            let road = largest(exits, &group).map_or_else(String::new, |exit| exit.road.clone());
            let mut roads: Vec<&str> = group.iter().map(|&e| exits[e].road.as_str()).collect();
            roads.sort_unstable();
            roads.dedup();
            let others = match roads.len() {
                0 | 1 => String::new(),
                2 => " and 1 other road".to_owned(),
                n => format!(" and {} other roads", n - 1),
            };
            let mut properties = Map::new();
            properties.insert("roads".to_owned(), json!(roads.join("; ")));
            let row = SiteRow {
                name: format!("{road}{others}, {}", wind(bearing)),
                x_coord: Some(at[0]),
                y_coord: Some(at[1]),
                ..SiteRow::default()
            };
            let nodes = group.iter().map(|&e| exits[e].node).collect();
            ExitSite { site: SiteDraft { row, at, shape: None, geometry: None, properties }, nodes }
        })
        .collect()
}

/// Gives the sites their ids, `E1`.. with leading zeros, and numbers names that come twice.
pub(crate) fn number(sites: &mut [SiteDraft]) {
    let width = sites.len().to_string().len();
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    for (number, site) in sites.iter_mut().enumerate() {
        site.row.site_id = format!("E{:0width$}", number + 1);
        let times = used.entry(site.row.name.clone()).or_insert(0);
        *times += 1;
        if *times > 1 {
            site.row.name = format!("{} {times}", site.row.name);
        }
    }
}
