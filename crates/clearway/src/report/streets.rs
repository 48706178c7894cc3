//! Streets that plans use: links of one name that follow each other in one direction, with what each plan does on them.

use super::source::ReportSource;
use clearway_export::ElementUse;
use clearway_model::number::float;
use clearway_model::time::seconds;
use clearway_model::{ClosureKind, ClosureTarget, LinkRow, Mode, Scenario};
use clearway_network::link_length_m;
use clearway_report::reports::{StreetEnd, StreetRow, StreetUse};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Names of other roads that are named at the end of a street.
const CROSSINGS: usize = 2;

/// The streets of the first plan's roads that any plan uses, those with most people under the first first.
pub(super) fn streets(plans: &[ReportSource]) -> Vec<StreetRow> {
    let Some(first) = plans.first() else { return Vec::new() };
    let scenario = &first.source.scenario;
    let rows: Vec<HashMap<&str, usize>> = plans.iter().map(|plan| link_rows(&plan.source.scenario)).collect();
    let is_used = |link: &LinkRow| {
        plans.iter().zip(&rows).any(|(plan, rows)| {
            let row = rows.get(link.link_id.as_str());
            row.and_then(|&row| plan.figures.links[row].as_ref()).is_some_and(|used| used.people > 0)
        })
    };
    let used: Vec<usize> = (0..scenario.links.len()).filter(|&row| is_used(&scenario.links[row])).collect();
    // of the first plan in which the link is used
    let people = |link: &LinkRow| {
        let mut uses = plans.iter().zip(&rows).filter_map(|(plan, rows)| {
            let row = rows.get(link.link_id.as_str()).copied()?;
            plan.figures.links[row].as_ref().map(|used| used.people).filter(|people| *people > 0)
        });
        uses.next().unwrap_or(0)
    };
    let weights: BTreeMap<usize, i64> = used.iter().map(|&row| (row, people(&scenario.links[row]))).collect();
    let names = RoadNames::new(scenario);
    let hazards: Vec<Hazards<'_>> = plans.iter().map(|plan| Hazards::new(&plan.source.scenario)).collect();
    let mut streets: Vec<StreetRow> = chains(scenario, &used, &weights)
        .iter()
        .map(|chain| {
            let mut street = street(scenario, chain, &names);
            let uses = plans.iter().zip(&rows).zip(&hazards);
            street.uses =
                uses.map(|((plan, rows), hazards)| street_use(plan, rows, hazards, &street.links)).collect();
            street
        })
        .collect();
    let people = |street: &StreetRow| street.uses.iter().flatten().map(|used| used.people).max().unwrap_or(0);
    streets.sort_by(|a, b| people(b).cmp(&people(a)).then_with(|| a.links.cmp(&b.links)));
    streets
}

fn link_rows(scenario: &Scenario) -> HashMap<&str, usize> {
    scenario.links.iter().enumerate().map(|(row, link)| (link.link_id.as_str(), row)).collect()
}

/// What makes links one street: their name; those without one their class.
fn street_of(link: &LinkRow) -> (&str, &str) {
    match link.name.trim() {
        "" => ("", link.facility_type.trim()),
        name => (name, ""),
    }
}

/// Links of one street that follow each other; where it forks or two come together, the one with most people.
fn chains(scenario: &Scenario, used: &[usize], people: &BTreeMap<usize, i64>) -> Vec<Vec<usize>> {
    let mut leaving: BTreeMap<(&str, (&str, &str)), Vec<usize>> = BTreeMap::new();
    let mut coming: BTreeMap<(&str, (&str, &str)), Vec<usize>> = BTreeMap::new();
    for &row in used {
        let link = &scenario.links[row];
        leaving.entry((&link.from_node_id, street_of(link))).or_default().push(row);
        coming.entry((&link.to_node_id, street_of(link))).or_default().push(row);
    }
    let is_back = |a: usize, b: usize| {
        let (a, b) = (&scenario.links[a], &scenario.links[b]);
        a.from_node_id == b.to_node_id && a.to_node_id == b.from_node_id
    };
    let best = |found: Option<&Vec<usize>>, beside: usize| {
        let others = found.into_iter().flatten().copied().filter(|&other| !is_back(other, beside));
        // the first row of those with as many people
        others.max_by_key(|row| (people.get(row).copied(), std::cmp::Reverse(*row)))
    };
    let next = |row: usize| {
        let link = &scenario.links[row];
        let one = best(leaving.get(&(link.to_node_id.as_str(), street_of(link))), row)?;
        let back = best(coming.get(&(link.to_node_id.as_str(), street_of(link))), one)?;
        (back == row).then_some(one)
    };
    let follows: BTreeMap<usize, usize> = used.iter().filter_map(|&row| Some((row, next(row)?))).collect();
    let led_to: BTreeSet<usize> = follows.values().copied().collect();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut chains = Vec::new();
    // first from their beginnings, then rings
    for &begin in used.iter().filter(|row| !led_to.contains(row)).chain(used) {
        let mut chain = Vec::new();
        let mut at = Some(begin);
        while let Some(row) = at.filter(|&row| taken.insert(row)) {
            chain.push(row);
            at = follows.get(&row).copied();
        }
        if !chain.is_empty() {
            chains.push(chain);
        }
    }
    chains
}

/// Names of the roads at each junction.
struct RoadNames<'a> {
    at: HashMap<&'a str, BTreeSet<&'a str>>,
    nodes: HashMap<&'a str, &'a str>,
}

impl<'a> RoadNames<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        let mut at: HashMap<&str, BTreeSet<&str>> = HashMap::new();
        for link in scenario.links.iter().filter(|link| !link.name.trim().is_empty()) {
            for node in [&link.from_node_id, &link.to_node_id] {
                at.entry(node.as_str()).or_default().insert(link.name.trim());
            }
        }
        let nodes = scenario.nodes.iter().map(|node| (node.node_id.as_str(), node.name.trim())).collect();
        Self { at, nodes }
    }

    /// Where a street ends: the name of the junction, else the roads that it meets there.
    fn end(&self, node: &str, street: &str) -> StreetEnd {
        let own = self.nodes.get(node).copied().unwrap_or_default();
        let others = self.at.get(node).into_iter().flatten().copied().filter(|name| *name != street);
        let others: Vec<&str> = others.take(CROSSINGS).collect();
        let name = if own.is_empty() { others.join(" / ") } else { own.to_owned() };
        StreetEnd { node_id: node.to_owned(), name }
    }
}

/// The least and the largest of some values.
fn ends(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |ends, value| {
        let (low, high) = ends.unwrap_or((value, value));
        Some((f64::min(low, value), f64::max(high, value)))
    })
}

fn street(scenario: &Scenario, chain: &[usize], names: &RoadNames<'_>) -> StreetRow {
    let links: Vec<&LinkRow> = chain.iter().map(|&row| &scenario.links[row]).collect();
    let (name, _) = links.first().map_or(("", ""), |link| street_of(link));
    let capacities = links.iter().map(|link| capacity_h(scenario, link));
    StreetRow {
        street: name.to_owned(),
        facility_type: links.first().map(|link| link.facility_type.trim().to_owned()).unwrap_or_default(),
        from: names.end(links.first().map_or("", |link| &link.from_node_id), name),
        to: names.end(links.last().map_or("", |link| &link.to_node_id), name),
        links: links.iter().map(|link| link.link_id.clone()).collect(),
        length_m: links.iter().filter_map(|link| link_length_m(link)).sum(),
        lanes: ends(links.iter().filter_map(|link| link.lanes)),
        speed_kmh: ends(links.iter().filter_map(|link| link.free_speed)),
        capacity_h: ends(capacities).map_or(0.0, |ends| ends.0),
        uses: Vec::new(),
    }
}

fn is_on_foot(scenario: &Scenario) -> bool {
    scenario.settings.class.first().is_some_and(|class| class.mode == Mode::Walk)
}

/// Capacity of a link as its table has it: passenger-car units per hour; on foot people per hour.
fn capacity_h(scenario: &Scenario, link: &LinkRow) -> f64 {
    let given = if is_on_foot(scenario) { link.walk_capacity_people_h } else { link.capacity_pcu_h };
    given.unwrap_or(0.0)
}

/// What of it is left to those who leave: without what is reserved for others. On foot nothing is.
fn open_capacity_h(scenario: &Scenario, link: &LinkRow) -> f64 {
    let reserved = if is_on_foot(scenario) { 0.0 } else { link.reserved_pcu_h.unwrap_or(0.0) };
    capacity_h(scenario, link) - reserved
}

/// When hazards close links and junctions of a scenario.
struct Hazards<'a> {
    links: HashMap<&'a str, Vec<(&'a str, i64)>>,
    nodes: HashMap<&'a str, Vec<(&'a str, i64)>>,
}

impl<'a> Hazards<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        let mut hazards = Self { links: HashMap::new(), nodes: HashMap::new() };
        let horizon = scenario.settings.horizon_ms;
        let rows =
            scenario.closures.iter().filter(|row| row.kind == ClosureKind::Presence && row.from_ms < horizon);
        for row in rows {
            let of = match row.target {
                ClosureTarget::Link => &mut hazards.links,
                ClosureTarget::Node => &mut hazards.nodes,
                ClosureTarget::Zone | ClosureTarget::Site => continue,
            };
            of.entry(row.target_id.as_str()).or_default().push((row.cause.trim(), row.from_ms));
        }
        hazards
    }

    /// Those of some links, each cause once with its first time, s.
    fn of(&self, links: &[&LinkRow]) -> Vec<(String, f64)> {
        let mut first: BTreeMap<&str, i64> = BTreeMap::new();
        for link in links {
            let at_nodes = [&link.from_node_id, &link.to_node_id].map(|node| self.nodes.get(node.as_str()));
            let on_link = self.links.get(link.link_id.as_str());
            for &(cause, from) in at_nodes.into_iter().chain([on_link]).flatten().flatten() {
                let known = first.entry(cause).or_insert(from);
                *known = from.min(*known);
            }
        }
        first.into_iter().map(|(cause, from)| (cause.to_owned(), seconds(from))).collect()
    }
}

/// What a plan does on a street; `None`: its scenario lacks one of the links.
fn street_use(
    plan: &ReportSource,
    rows: &HashMap<&str, usize>,
    hazards: &Hazards<'_>,
    links: &[String],
) -> Option<StreetUse> {
    let scenario = &plan.source.scenario;
    let rows: Vec<usize> = links.iter().map(|id| rows.get(id.as_str()).copied()).collect::<Option<_>>()?;
    let all: Vec<&LinkRow> = rows.iter().map(|&row| &scenario.links[row]).collect();
    let mut street = StreetUse { hazards: hazards.of(&all), ..StreetUse::default() };
    let class = scenario.settings.class.first();
    let pcu = class.filter(|_| !is_on_foot(scenario)).map_or(1.0, |class| class.pcu_per_vehicle);
    let per_person = pcu / plan.figures.people_per_vehicle;
    let uses =
        rows.iter().zip(&all).filter_map(|(&row, link)| Some((link, plan.figures.links[row].as_ref()?)));
    for (link, used) in uses.filter(|(_, used)| used.people > 0) {
        add(&mut street, used, open_capacity_h(scenario, link), pcu, per_person);
    }
    Some(street)
}

/// Adds a link to what is done on a street. `capacity_h`: without what is reserved; `pcu`: of a vehicle; `per_person`: passenger-car units of one person.
fn add(street: &mut StreetUse, used: &ElementUse, capacity_h: f64, pcu: f64, per_person: f64) {
    street.people = street.people.max(used.people);
    street.demand = street.demand.max(float(used.vehicles) * pcu);
    let peak = float(used.by_hour.values().copied().max().unwrap_or(0)) * per_person;
    street.peak_h = street.peak_h.max(peak);
    if capacity_h > 0.0 {
        street.volume_capacity = street.volume_capacity.max(peak / capacity_h);
    }
    street.first_s = [street.first_s, used.first_ms.map(seconds)].into_iter().flatten().reduce(f64::min);
    street.last_s = [street.last_s, used.last_ms.map(seconds)].into_iter().flatten().reduce(f64::max);
}
