//! Where a new road or bridge would raise the bound most: between junctions near each other that the bound's cut keeps far apart in time.
//!
//! A link from u to v that is added to a scenario adds rate x max(0, alpha_v - alpha_u - tau) to a cut with thresholds alpha (the
//! formula of the bound), so that the largest alpha_v - alpha_u - tau says where the cut is weakest. What it is worth is computed anew.

use clearway_bound::certify::CertifiedBound;
use clearway_model::number::{ceil, floor};
use clearway_model::{LinkRow, Scenario};
use clearway_network::ThresholdPlace;
use std::collections::{BTreeMap, HashMap};

/// Junctions farther apart than this are not joined, m.
pub const REACH_M: f64 = 1000.0;
/// Capacity in each direction, pcu/h: one slow lane.
pub const CAPACITY_PCU_H: f64 = 900.0;
/// Speed on it, m/s (30 km/h).
const SPEED_M_S: f64 = 30.0 / 3.6;
/// Metres of one degree of latitude.
const DEGREE_M: f64 = 111_195.0;

/// A new road between two junctions (rows of `node.csv`), people being let out from the first to the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NewRoad {
    /// Where people come from.
    pub from: usize,
    /// Where they get to.
    pub to: usize,
    /// Length of the straight line between them, m.
    pub metres: f64,
}

impl NewRoad {
    /// A road or bridge straight from one junction to another.
    pub fn between(scenario: &Scenario, from: usize, to: usize) -> Self {
        Self { from, to, metres: metres(scenario, from, to) }
    }

    /// Time to go over it, ms.
    fn time_ms(&self) -> i64 {
        (ceil(self.metres / SPEED_M_S * 1000.0)).max(1)
    }

    /// Adds it to a scenario, one lane each way.
    pub fn build(&self, scenario: &mut Scenario) {
        let ends = [(self.from, self.to), (self.to, self.from)];
        for (number, (from, to)) in ends.into_iter().enumerate() {
            let mut id = format!("new-{}", number + 1);
            while scenario.links.iter().any(|link| link.link_id == id) {
                id.push('x');
            }
            scenario.links.push(LinkRow {
                link_id: id,
                from_node_id: scenario.nodes[from].node_id.clone(),
                to_node_id: scenario.nodes[to].node_id.clone(),
                directed: "true".to_owned(),
                lanes: Some(1.0),
                length_m: Some(self.metres),
                capacity_pcu_h: Some(CAPACITY_PCU_H),
                time_ms: Some(self.time_ms()),
                ..LinkRow::default()
            });
        }
    }
}

fn metres(scenario: &Scenario, a: usize, b: usize) -> f64 {
    let (a, b) = (&scenario.nodes[a], &scenario.nodes[b]);
    let scale = ((a.y_coord + b.y_coord) / 2.0).to_radians().cos();
    (((a.x_coord - b.x_coord) * scale).powi(2) + (a.y_coord - b.y_coord).powi(2)).sqrt() * DEGREE_M
}

/// The places where a new road of at most [`REACH_M`] would add most to the cut that keeps the last people from arriving, the best
/// first, none near another.
pub fn bridges(scenario: &Scenario, bound: &CertifiedBound, most: usize) -> Vec<NewRoad> {
    let Some(cut) = bound.last_below(bound.network.evacuees().min(bound.curve.ever.max(1))) else {
        return Vec::new();
    };
    let mut alpha: Vec<Option<i64>> = vec![None; scenario.nodes.len()];
    for (place, &threshold) in bound.places.place.iter().zip(&cut.alpha) {
        if let Some(ThresholdPlace::Node(node)) = place {
            alpha[node.row()] = Some(threshold);
        }
    }
    let (from_zones, to_sites) = reachable(scenario);
    let cell = |node: usize| {
        let row = &scenario.nodes[node];
        let scale = row.y_coord.to_radians().cos();
        let at = |degrees: f64| floor(degrees * DEGREE_M / REACH_M);
        (at(row.x_coord * scale), at(row.y_coord))
    };
    let mut cells: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for node in (0..scenario.nodes.len()).filter(|n| to_sites[*n] && alpha[*n].is_some()) {
        cells.entry(cell(node)).or_default().push(node);
    }
    let mut found: Vec<(i64, NewRoad)> = Vec::new();
    for from in (0..scenario.nodes.len()).filter(|n| from_zones[*n]) {
        let Some(begin) = alpha[from] else { continue };
        let (x, y) = cell(from);
        let around = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy)));
        let near = around.filter_map(|at| cells.get(&at)).flatten();
        let best = near
            .filter(|&&to| to != from)
            .filter_map(|&to| {
                let end = alpha[to].filter(|end| *end > begin)?;
                let bridge = NewRoad::between(scenario, from, to);
                (bridge.metres <= REACH_M).then(|| (end - begin - bridge.time_ms(), bridge))
            })
            .max_by(|a, b| a.0.cmp(&b.0).then(b.1.metres.total_cmp(&a.1.metres)));
        found.extend(best.filter(|best| best.0 > 0));
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.metres.total_cmp(&b.1.metres)).then(a.1.from.cmp(&b.1.from)));
    let mut chosen: Vec<NewRoad> = Vec::new();
    for (_, bridge) in found {
        if chosen.len() == most {
            break;
        }
        let apart = |other: &NewRoad| metres(scenario, other.from, bridge.from) > REACH_M;
        if chosen.iter().all(apart) {
            chosen.push(bridge);
        }
    }
    chosen
}

/// Per node: whether vehicles can get there from a zone with people, and from there to a site.
fn reachable(scenario: &Scenario) -> (Vec<bool>, Vec<bool>) {
    use clearway_model::ConnectorPlace::{Site, Zone};
    let node_of: HashMap<&str, usize> =
        scenario.nodes.iter().enumerate().map(|(i, n)| (n.node_id.as_str(), i)).collect();
    let people: HashMap<&str, i64> = scenario.zones.iter().map(|z| (z.zone_id.as_str(), z.people)).collect();
    let mut after = vec![Vec::new(); scenario.nodes.len()];
    let mut before = vec![Vec::new(); scenario.nodes.len()];
    for link in scenario.links.iter().filter(|link| link.capacity_pcu_h.is_some()) {
        let ends = (node_of.get(link.from_node_id.as_str()), node_of.get(link.to_node_id.as_str()));
        if let (Some(&from), Some(&to)) = ends {
            after[from].push(to);
            before[to].push(from);
        }
    }
    let has_people = |place: &str| people.get(place).is_some_and(|people| *people > 0);
    let begins = |of| {
        let rows = scenario.connectors.iter().filter(move |c| c.place == of);
        let rows = rows.filter(move |c| of == Site || has_people(&c.place_id));
        rows.filter_map(|c| node_of.get(c.node_id.as_str()).copied()).collect::<Vec<usize>>()
    };
    let spread = |mut stack: Vec<usize>, next: &[Vec<usize>]| {
        let mut seen = vec![false; next.len()];
        while let Some(node) = stack.pop() {
            if !std::mem::replace(&mut seen[node], true) {
                stack.extend(&next[node]);
            }
        }
        seen
    };
    (spread(begins(Zone), &after), spread(begins(Site), &before))
}
