//! Joins zones to the road network: their rows of `connectors.csv`.
//!
//! Everybody leaves by the road that is nearest to where they are. Where that road leads to no site, or no road is near, its
//! people become a zone of their own, which is reported and not evacuated: they are not moved to another road across whatever lies
//! between. So a zone on two shores becomes two. A zone is never joined to a node of a site: its people would arrive without
//! passing any road.

use crate::connectors::{DRIVE_M_S, PeoplePlaces, WALK_M_S, connectors_of, pick, time_ms};
use crate::homes::{JoinedHomes, RoadGoal, homes_of, split};
use crate::nearest::{LISTED_M, RoadIndex};
use crate::plane::{LonLat, MetrePlane};
use crate::region::AreaRegion;
use crate::report::{ComposeReport, FarJoin, NoRoad};
use crate::request::ComposeInputs;
use crate::roads::IndexedRoads;
use crate::zones::{ZoneDraft, label_point};
use clearway_model::{ConnectorPlace, ConnectorRow, Mode};
use std::collections::BTreeSet;

/// Mean speed between a cut_arc and the road, m/s.
pub(crate) fn speed(mode: Mode) -> f64 {
    match mode {
        Mode::Vehicle => DRIVE_M_S,
        Mode::Walk => WALK_M_S,
    }
}

/// A connector; its id is `zone:ID:NUMBER` or `site:ID:NUMBER`.
pub(crate) fn connector(
    place: ConnectorPlace,
    id: &str,
    number: usize,
    node: &str,
    time_ms: i64,
) -> ConnectorRow {
    let word = match place {
        ConnectorPlace::Zone => "zone",
        ConnectorPlace::Site => "site",
    };
    ConnectorRow {
        connector_id: format!("{word}:{id}:{number}"),
        place,
        place_id: id.to_owned(),
        node_id: node.to_owned(),
        time_ms,
        ..ConnectorRow::default()
    }
}

/// What a zone may be joined to.
pub(crate) struct RoadEnds<'a> {
    pub(crate) roads: &'a IndexedRoads,
    pub(crate) plane: MetrePlane,
    /// Nodes in the area.
    pub(crate) inside: &'a [bool],
    /// Whether a node is one at which people arrive, by its index.
    pub(crate) goals: &'a [bool],
    /// Nodes from which a site can be reached.
    pub(crate) leads_on: &'a [bool],
    /// Links that lead to a site.
    pub(crate) leading_links: &'a [bool],
    /// Separate part of the network that each node belongs to.
    pub(crate) parts: &'a [usize],
    /// Length of street at each node, mm.
    pub(crate) street_mm: &'a [u64],
    /// Roads that people can live along.
    pub(crate) index: &'a RoadIndex,
    /// Farthest that people are joined to a road, m.
    pub(crate) within_m: f64,
}

impl RoadEnds<'_> {
    fn may_start(&self, node: usize) -> bool {
        !self.goals[node] && !self.roads.leaving(node).is_empty()
    }

    /// Nodes in the zone where people can enter the roads.
    fn within(&self, zone: &ZoneDraft) -> Vec<usize> {
        let nodes = (0..self.roads.node_count()).filter(|&n| self.may_start(n));
        match zone.cell {
            Some(cell) => nodes.filter(|&n| self.inside[n] && cell.covers(self.roads.place(n))).collect(),
            None => match AreaRegion::new(zone.shape.clone()) {
                Some(region) => nodes.filter(|&n| region.covers(self.roads.place(n))).collect(),
                None => Vec::new(),
            },
        }
    }

    /// For each of a zone's nodes the mean straight distance, m, of those of its people for whom it is the nearest; where it is so for
    /// nobody, that of the nearest of them.
    fn own_distances_m(&self, zone: &ZoneDraft, label: LonLat, picked: &[usize]) -> Vec<f64> {
        let distance = |p: LonLat, n: usize| self.plane.distance(p, self.roads.place(n));
        let mut own: Vec<PeoplePlaces> = picked.iter().map(|_| PeoplePlaces::default()).collect();
        for (&at, &weight) in zone.places.at.iter().zip(&zone.places.weight) {
            let nearest = (0..picked.len())
                .min_by(|&a, &b| distance(at, picked[a]).total_cmp(&distance(at, picked[b])));
            if let Some(nearest) = nearest {
                own[nearest].push(at, weight);
            }
        }
        let least = |n: usize| zone.places.at.iter().map(|&p| distance(p, n)).min_by(f64::total_cmp);
        own.iter()
            .zip(picked)
            .map(|(own, &n)| {
                own.mean(|p| distance(p, n)).or_else(|| least(n)).unwrap_or_else(|| distance(label, n))
            })
            .collect()
    }

    /// The nodes by which the people of a part of a zone leave.
    fn nodes_of(&self, here: &[usize], homes: &JoinedHomes, most: usize) -> Vec<usize> {
        let candidates: Vec<usize> = match homes.whither {
            RoadGoal::TooFar => return Vec::new(),
            RoadGoal::Leads(part) => {
                let fits = |n: usize| self.leads_on[n] && self.parts[n] == part;
                let within: Vec<usize> = here.iter().copied().filter(|&n| fits(n)).collect();
                if within.is_empty() {
                    let ends = self.ends_of(&homes.links, |l| self.leading_links[l]);
                    ends.into_iter().filter(|&n| fits(n) && self.may_start(n)).collect()
                } else {
                    within
                }
            }
            RoadGoal::Nowhere => {
                let ends = self.ends_of(&homes.links, |_| true);
                ends.into_iter().filter(|&n| !self.leads_on[n] && self.may_start(n)).collect()
            }
        };
        pick(self.roads, &candidates, self.street_mm, most, self.plane)
    }

    fn ends_of(&self, links: &BTreeSet<usize>, wanted: impl Fn(usize) -> bool) -> BTreeSet<usize> {
        let links = links.iter().copied().filter(|&l| wanted(l));
        links.flat_map(|l| [self.roads.tail[l], self.roads.head[l]]).collect()
    }

    /// Joins every zone. Returns the zones, more than were given where the people of one go by roads that are not joined.
    pub(crate) fn join_zones(
        &self,
        zones: Vec<ZoneDraft>,
        request: &ComposeInputs,
        report: &mut ComposeReport,
    ) -> (Vec<ZoneDraft>, Vec<ConnectorRow>) {
        let speed = speed(request.mode);
        let mut taken: BTreeSet<String> = zones.iter().map(|z| z.row.zone_id.clone()).collect();
        let (mut joined, mut rows) = (Vec::with_capacity(zones.len()), Vec::new());
        for zone in zones {
            let Some(label) = label_point(&zone, self.plane) else { continue };
            let here = self.within(&zone);
            let homes = homes_of(self, &zone, label);
            for (mut zone, homes) in split(zone, homes, &mut taken) {
                let label = label_point(&zone, self.plane).unwrap_or(label);
                zone.row.x_coord = Some(label[0]);
                zone.row.y_coord = Some(label[1]);
                let most = connectors_of(
                    zone.row.people_high.unwrap_or(zone.row.people),
                    request.connectors_per_zone,
                );
                let picked = self.nodes_of(&here, &homes, most);
                self.report(&zone, &homes, &picked, report);
                let distances = self.own_distances_m(&zone, label, &picked);
                for (number, (&node, distance)) in picked.iter().zip(distances).enumerate() {
                    let time = time_ms(distance, speed);
                    let node_id = &self.roads.network.nodes[node].node_id;
                    rows.push(connector(ConnectorPlace::Zone, &zone.row.zone_id, number + 1, node_id, time));
                }
                joined.push(zone);
            }
        }
        (joined, rows)
    }

    fn report(&self, zone: &ZoneDraft, homes: &JoinedHomes, picked: &[usize], report: &mut ComposeReport) {
        let (zone_id, people) = (zone.row.zone_id.clone(), zone.row.people);
        let leads = matches!(homes.whither, RoadGoal::Leads(_)) && !picked.is_empty();
        if !leads {
            let nearest_m = (homes.whither == RoadGoal::TooFar).then_some(homes.nearest_m);
            report.no_road.push(NoRoad { zone_id, people, nearest_m });
        } else if homes.farthest_m > LISTED_M {
            #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
            let people = (homes.far_share() * people as f64).ceil() as i64;
            report.far_joins.push(FarJoin {
                place: format!("zone {zone_id}"),
                people: Some(people),
                distance_m: homes.farthest_m,
            });
        }
    }
}
