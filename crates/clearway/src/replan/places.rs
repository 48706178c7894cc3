//! Where people are, as rows of the report.

use super::old_plan::OldPlan;
use super::report::{PeopleNow, PlaceKindNow, PlaceNow};
use clearway_network::ElementKind;
use clearway_replan::{CountOrigin, Situation, Tally};
use std::collections::BTreeMap;

/// People by where they are.
pub(super) fn people(situation: &Situation) -> PeopleNow {
    let [waiting, on_the_way, arrived] = situation.totals();
    PeopleNow {
        at_start: situation.zones.iter().map(|zone| zone.at_start).sum(),
        waiting,
        on_the_way,
        arrived,
        unaccounted: situation.unaccounted,
    }
}

/// Places that were counted, or where there are others than the plan has.
pub(super) fn places(old: &OldPlan, situation: &Situation) -> Vec<PlaceNow> {
    let mut places = Vec::new();
    let mut add = |what, id: &str, name: &str, tally: Tally| {
        if tally.origin == CountOrigin::ByPlan && tally.people == tally.expected {
            return;
        }
        places.push(PlaceNow {
            what,
            id: id.to_owned(),
            name: name.to_owned(),
            people: tally.people,
            people_low: tally.low,
            people_high: tally.high,
            expected_people: tally.expected,
            brought_forward_people: tally.forward,
            origin: tally.origin,
        });
    };
    for (zone, now) in old.scenario.zones.iter().zip(&situation.zones) {
        add(PlaceKindNow::Waiting, &zone.zone_id, &zone.name, now.waiting);
    }
    // several groups on one road are one place
    let mut roads: BTreeMap<_, Tally> = BTreeMap::new();
    for group in &situation.road {
        let tally = group.people;
        roads
            .entry(group.element)
            .and_modify(|sum| {
                sum.people += tally.people;
                sum.low += tally.low;
                sum.high += tally.high;
                sum.expected += tally.expected;
            })
            .or_insert(tally);
    }
    for (element, tally) in roads {
        match old.network.elements[element].kind {
            ElementKind::Link(row) => {
                let link = &old.scenario.links[row];
                add(PlaceKindNow::OnRoad, &link.link_id, &link.name, tally);
            }
            ElementKind::Connector(row) => {
                add(PlaceKindNow::OnRoad, &old.scenario.connectors[row].connector_id, "", tally);
            }
            ElementKind::Admission(_) => {}
        }
    }
    for (site, now) in old.scenario.sites.iter().zip(&situation.sites) {
        add(PlaceKindNow::Arrived, &site.site_id, &site.name, now.arrived);
    }
    places
}
