//! Joins zones and sites to the road network: the rows of `connectors.csv`.
//!
//! A zone is never joined to a node of a site: its people would arrive without passing any road.

use crate::bisect::bisect;
use crate::connectors::{DRIVE_M_S, Places, WALK_M_S, connectors_of, pick, time_ms};
use crate::plane::{Frame, LonLat, Plane};
use crate::region::Region;
use crate::report::{ComposeReport, JoinedZone};
use crate::request::Request;
use crate::roads::Roads;
use crate::sites::Site;
use crate::zones::{Zone, label_point};
use clearway_model::{ConnectorPlace, ConnectorRow, Fault, Faults, Mode};

/// Most nodes in a site's polygon to which it is joined.
const IN_SITE: usize = 8;

/// Most nodes to which a site outside the roads is joined, and how much farther than the nearest they may be, m.
const PER_SITE: usize = 4;
const FARTHER_M: f64 = 200.0;

/// A site farther than this from any road that leads to it is worth a look, m.
const FAR_M: f64 = 500.0;

/// A site farther than this from any road that leads to it is off the map or has no road, m.
const OFF_M: f64 = 5000.0;

/// From this share of a zone's people cut off on the zone is worth a look.
const CUT_OFF_SHARE: f64 = 0.05;

fn speed(mode: Mode) -> f64 {
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
pub(crate) struct Ends<'a> {
    pub(crate) roads: &'a Roads,
    pub(crate) plane: Plane,
    /// Nodes in the area.
    pub(crate) inside: &'a [bool],
    /// Nodes of sites.
    pub(crate) goals: &'a [bool],
    /// Nodes from which a site can be reached.
    pub(crate) leads_on: &'a [bool],
    /// Length of street at each node, mm.
    pub(crate) street_mm: &'a [u64],
}

impl Ends<'_> {
    fn may_start(&self, node: usize) -> bool {
        !self.goals[node] && !self.roads.leaving(node).is_empty()
    }

    /// Nodes in the zone where people can enter the roads.
    fn within(&self, zone: &Zone) -> Vec<usize> {
        let nodes = (0..self.roads.node_count()).filter(|&n| self.may_start(n));
        match zone.cell {
            Some(cell) => nodes.filter(|&n| self.inside[n] && cell.covers(self.roads.place(n))).collect(),
            None => match Region::new(zone.shape.clone()) {
                Some(region) => nodes.filter(|&n| region.covers(self.roads.place(n))).collect(),
                None => Vec::new(),
            },
        }
    }

    /// The nearest node from which a site can be reached.
    fn nearest(&self, at: LonLat) -> Option<usize> {
        let distance = |n: usize| self.plane.distance(self.roads.place(n), at);
        (0..self.roads.node_count())
            .filter(|&n| self.may_start(n) && self.leads_on[n])
            .min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
    }

    /// For each of a zone's nodes the mean straight distance, m, of those of its people for whom it is the nearest; where it is so for
    /// nobody, that of the nearest of them.
    fn own_distances_m(&self, zone: &Zone, label: LonLat, picked: &[usize]) -> Vec<f64> {
        let distance = |p: LonLat, n: usize| self.plane.distance(p, self.roads.place(n));
        let mut own: Vec<Places> = picked.iter().map(|_| Places::default()).collect();
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

    /// Counts the people of a zone whose nearest street node leads to no site, while others of the zone do: such people are joined to those
    /// others, across whatever lies between.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    fn report_cut_off(&self, zone: &Zone, here: &[usize], others_lead_on: bool, report: &mut ComposeReport) {
        let streets: Vec<usize> = here.iter().copied().filter(|&n| self.street_mm[n] > 0).collect();
        if !others_lead_on || streets.iter().all(|&n| self.leads_on[n]) {
            return;
        }
        let is_cut_off = |p: LonLat| {
            let distance = |n: usize| self.plane.distance(p, self.roads.place(n));
            let nearest = streets.iter().min_by(|&&a, &&b| distance(a).total_cmp(&distance(b)));
            nearest.is_some_and(|&n| !self.leads_on[n])
        };
        let share = zone.places.mean(|p| f64::from(u8::from(is_cut_off(p)))).unwrap_or(0.0);
        let people = (share * zone.row.people as f64).round() as i64;
        report.cut_off_people += people;
        if share >= CUT_OFF_SHARE {
            report.warnings.push(
                Fault::warning("zones", format!("zone {}", zone.row.zone_id), "streets that lead to a site")
                    .field("people cut off", people)
                    .hint("about so many live nearest to streets that lead to no site; they are joined to others of the zone"),
            );
        }
    }

    /// Joins every zone. Zones with nodes of which none leads to a site are joined all the same and reported: their people cannot leave
    /// by road. Zones without any node are joined to the nearest one that leads on, and reported.
    pub(crate) fn join_zones(
        &self,
        zones: &mut [Zone],
        request: &Request,
        report: &mut ComposeReport,
    ) -> Vec<ConnectorRow> {
        let speed = speed(request.mode);
        let mut rows = Vec::new();
        for zone in zones {
            let Some(label) = label_point(zone, self.plane) else { continue };
            zone.row.x_coord = Some(label[0]);
            zone.row.y_coord = Some(label[1]);
            let here = self.within(zone);
            let leading: Vec<usize> = here.iter().copied().filter(|&n| self.leads_on[n]).collect();
            let most =
                connectors_of(zone.row.people_high.unwrap_or(zone.row.people), request.connectors_per_zone);
            let picked = match (leading.is_empty(), here.is_empty()) {
                (false, _) => pick(self.roads, &leading, self.street_mm, most, self.plane),
                (true, false) => pick(self.roads, &here, self.street_mm, most, self.plane),
                (true, true) => {
                    let Some(node) = self.nearest(label) else { continue };
                    report.joined_zones.push(JoinedZone {
                        zone_id: zone.row.zone_id.clone(),
                        node_id: self.roads.network.nodes[node].node_id.clone(),
                        distance_m: self.own_distances_m(zone, label, &[node]).iter().sum(),
                    });
                    vec![node]
                }
            };
            if !picked.iter().any(|&n| self.leads_on[n]) {
                report.unreachable_zones.push(zone.row.zone_id.clone());
            }
            self.report_cut_off(zone, &here, !leading.is_empty(), report);
            let distances = self.own_distances_m(zone, label, &picked);
            for (number, (&node, distance)) in picked.iter().zip(distances).enumerate() {
                let time = time_ms(distance, speed);
                let node_id = &self.roads.network.nodes[node].node_id;
                rows.push(connector(ConnectorPlace::Zone, &zone.row.zone_id, number + 1, node_id, time));
            }
        }
        rows
    }
}

/// The nodes of a given site with their distances from it, m. Of `candidates` that lie in its polygon up to eight, spread over it; else the
/// nearest and those not more than 200 m farther, at most four, nearest first.
pub(crate) fn nodes_of_site(
    roads: &Roads,
    site: &Site,
    candidates: &[usize],
    plane: Plane,
) -> Vec<(usize, f64)> {
    let region = site.shape.clone().and_then(Region::new);
    let distance = |n: usize| match &region {
        // Metres of the site's own plane; the two differ by less than what a choice of nodes needs.
        Some(region) => region.distance_m(roads.place(n)),
        None => plane.distance(roads.place(n), site.at),
    };
    let mut near: Vec<(usize, f64)> = candidates.iter().map(|&n| (n, distance(n))).collect();
    near.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let nearest = near.first().map_or(0.0, |n| n.1);
    if region.is_some() && nearest == 0.0 {
        let within: Vec<usize> = near.iter().take_while(|n| n.1 == 0.0).map(|n| n.0).collect();
        return spread(roads, &within, IN_SITE, plane).into_iter().map(|n| (n, 0.0)).collect();
    }
    near.retain(|n| n.1 <= nearest + FARTHER_M);
    near.truncate(PER_SITE);
    near
}

/// Up to `most` of the nodes, one of each of as many compact groups.
fn spread(roads: &Roads, nodes: &[usize], most: usize, plane: Plane) -> Vec<usize> {
    let at: Vec<LonLat> = nodes.iter().map(|&n| roads.place(n)).collect();
    let Some(frame) = Frame::around(at.iter().copied()) else { return Vec::new() };
    let weights = vec![1; nodes.len()];
    let mut picked: Vec<usize> = bisect(&at, &weights, most, frame, plane)
        .iter()
        .filter_map(|group| group.members.iter().map(|&i| nodes[i]).min())
        .collect();
    picked.sort_unstable();
    picked
}

/// Ids and times, ms, of the nodes of given sites. `nodes` are those of [`nodes_of_site`] for each site.
///
/// # Errors
/// Sites that are off the map.
pub(crate) fn ends_of_given_sites(
    file: &str,
    roads: &Roads,
    sites: &[Site],
    nodes: &[Vec<(usize, f64)>],
    request: &Request,
    report: &mut ComposeReport,
) -> Result<Vec<Vec<(String, i64)>>, Faults> {
    let speed = speed(request.mode);
    let mut faults = Faults::default();
    for (site, nodes) in sites.iter().zip(nodes) {
        let place = format!("site {}", site.row.site_id);
        let distance = nodes.first().map_or(0.0, |&(_, distance)| distance);
        let found = format!("{distance:.0}");
        if distance > OFF_M {
            faults.push(
                Fault::error(file, place, "a road that leads to the site, in the map")
                    .field("distance_m", found)
                    .hint("give a map that reaches there, or leave the site out"),
            );
        } else if distance > FAR_M {
            report.warnings.push(
                Fault::warning(file, place, "a site at a road that leads to it")
                    .field("distance_m", found)
                    .hint("joined to the nearest road over this distance"),
            );
        }
    }
    if faults.has_errors() {
        return Err(faults);
    }
    let end = |&(node, distance): &(usize, f64)| {
        (roads.network.nodes[node].node_id.clone(), time_ms(distance, speed))
    };
    Ok(nodes.iter().map(|nodes| nodes.iter().map(end).collect()).collect())
}
