//! The page of what changes: `changes.html`.

use super::report::{PlaceKindNow, ReplanReport};
use super::words::{change_word, in_sentences, option_cells};
use crate::error::Error;
use clearway_model::{ClosureTarget, LinkRow, Plan, Scenario, grouped};
use clearway_replan::{CountOrigin, Instructions};
use clearway_report::{ChangedRoad, ChangesPage, RowLookup, ScenarioClock, changes_page, parse_linestring};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of a table on the page; the files have all.
const ROWS: usize = 60;

/// The page. `kept`: the orders that were given, as the rest has them.
pub(super) fn page(
    report: &ReplanReport,
    scenario: &Scenario,
    kept: &Plan,
    plan: &Plan,
) -> Result<Vec<u8>, Error> {
    let clock = ScenarioClock::new(&scenario.settings);
    let lookup = RowLookup::new(scenario, None);
    let told = |told: &Option<Instructions>| match told {
        None => "no order".to_owned(),
        Some(told) => {
            let site = lookup.site_name(&told.site_id);
            let via = if told.via.is_empty() { String::new() } else { format!(" via {}", told.via) };
            let seconds = clearway_model::time::seconds;
            let when = clock.interval(seconds(told.depart_from_ms), seconds(told.depart_until_ms));
            format!("{when} to {site}{via}")
        }
    };
    let named = |id: &str, name: &str| {
        if name.is_empty() { id.to_owned() } else { format!("{name} ({id})") }
    };
    let instructions: Vec<[String; 5]> = report
        .instructions
        .iter()
        .take(ROWS)
        .map(|row| {
            [
                named(&row.zone_id, &row.zone_name),
                grouped(row.people),
                change_word(row.change).to_owned(),
                told(&row.old),
                told(&row.new),
            ]
        })
        .collect();
    let places: Vec<[String; 5]> = report
        .places
        .iter()
        .take(ROWS)
        .map(|place| {
            let what = match place.what {
                PlaceKindNow::Waiting => "in their zone",
                PlaceKindNow::OnRoad => "on the way",
                PlaceKindNow::Arrived => "arrived",
            };
            let known = match (place.origin, place.brought_forward_people) {
                (CountOrigin::ByPlan, _) => "by the plan, not observed".to_owned(),
                (CountOrigin::Counted, 0) => "counted".to_owned(),
                (CountOrigin::Counted, by) => format!("counted, brought forward by {by}"),
            };
            [
                what.to_owned(),
                named(&place.id, &place.name),
                grouped(place.people),
                grouped(place.expected_people),
                known,
            ]
        })
        .collect();
    let page = ChangesPage {
        settings: &scenario.settings,
        sentences: in_sentences(report, scenario),
        options: option_cells(report),
        more_places: report.places.len() - places.len(),
        places,
        contradictions: report
            .contradictions
            .iter()
            .map(|one| format!("{}: {}.", one.row, one.text))
            .collect(),
        more_instructions: report.instructions.len() - instructions.len(),
        instructions,
        roads: roads(scenario, kept, plan),
    };
    Ok(changes_page(&page)?)
}

/// People per link by a plan.
fn on_links(plan: &Plan) -> BTreeMap<&str, i64> {
    let mut people: BTreeMap<&str, i64> = BTreeMap::new();
    for order in &plan.orders {
        *people.entry(order.route_id.as_str()).or_default() += order.people;
    }
    let mut links: BTreeMap<&str, i64> = BTreeMap::new();
    for route in &plan.routes {
        let on_route = people.get(route.route_id.as_str()).copied().unwrap_or(0);
        route.links.iter().for_each(|link| *links.entry(link.as_str()).or_default() += on_route);
    }
    links
}

/// A road that more or fewer people take than by the orders that were given.
pub(super) struct RoadChange<'a> {
    pub link: &'a LinkRow,
    /// People by the orders that were given, from the start of the new plan on.
    pub given: i64,
    /// People by the new plan.
    pub planned: i64,
}

/// These roads, the one whose number differs most first.
pub(super) fn changed_roads<'a>(scenario: &'a Scenario, given: &Plan, plan: &Plan) -> Vec<RoadChange<'a>> {
    let (before, after) = (on_links(given), on_links(plan));
    let people = |of: &BTreeMap<&str, i64>, id: &str| of.get(id).copied().unwrap_or(0);
    let mut roads: Vec<RoadChange<'a>> = scenario
        .links
        .iter()
        .map(|link| {
            let id = link.link_id.as_str();
            RoadChange { link, given: people(&before, id), planned: people(&after, id) }
        })
        .filter(|road| road.given != road.planned)
        .collect();
    roads.sort_by_key(|road| -(road.planned - road.given).abs());
    roads
}

/// The roads of the map, with how many more or fewer people take them. Nobody can enter a closed one at the beginning.
fn roads(scenario: &Scenario, kept: &Plan, plan: &Plan) -> Vec<ChangedRoad> {
    let (before, after) = (on_links(kept), on_links(plan));
    let closed: BTreeSet<&str> = scenario
        .closures
        .iter()
        .filter(|row| row.target == ClosureTarget::Link && row.from_ms == 0)
        .map(|row| row.target_id.as_str())
        .collect();
    let nodes: BTreeMap<&str, [f64; 2]> =
        scenario.nodes.iter().map(|node| (node.node_id.as_str(), [node.x_coord, node.y_coord])).collect();
    scenario
        .links
        .iter()
        .map(|link| {
            let id = link.link_id.as_str();
            let ends = [&link.from_node_id, &link.to_node_id];
            let straight = || ends.iter().filter_map(|node| nodes.get(node.as_str()).copied()).collect();
            let people = |of: &BTreeMap<&str, i64>| of.get(id).copied().unwrap_or(0);
            ChangedRoad {
                name: if link.name.is_empty() {
                    format!("link {id}")
                } else {
                    format!("{} ({id})", link.name)
                },
                line: parse_linestring(&link.geometry).unwrap_or_else(straight),
                change: people(&after) - people(&before),
                is_closed: closed.contains(id),
            }
        })
        .collect()
}
