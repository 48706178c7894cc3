//! Reports of a made-up place: all that can be said of one, and how large a page becomes.

use crate::made_up::{MadeUp, island};
use clearway_instances::CityRequest;
use clearway_report::reports::{
    Language, PlanReportFacts, ReportOrigin, ReportedRoad, ReportedSite, ReportedZone, plan_report_page,
};

fn page(of: &MadeUp, roads: Vec<ReportedRoad>, language: Language) -> String {
    let zones = of.scenario.zones.iter().map(|zone| ReportedZone {
        zone_id: zone.zone_id.clone(),
        people: zone.people,
        ..ReportedZone::default()
    });
    let site = |id: &String| ReportedSite { site_id: id.clone(), ..ReportedSite::default() };
    let facts = PlanReportFacts {
        scenario: &of.scenario,
        shapes: &of.shapes,
        plan: &of.plan,
        summary: &of.summary,
        curve: &of.curve,
        bottlenecks: &of.bottlenecks,
        zones: zones.collect(),
        sites: of.scenario.sites.iter().map(|row| site(&row.site_id)).collect(),
        roads,
        simulation: None,
        origin: ReportOrigin { date: "2026-11-30", plan_digest: "sha256:1", scenario_digest: "sha256:2" },
        is_redacted: false,
    };
    String::from_utf8(plan_report_page(&facts, language).unwrap()).unwrap()
}

/// Every link as a road that somebody uses.
fn all_roads(of: &MadeUp) -> Vec<ReportedRoad> {
    let road = |(place, link): (usize, &clearway_model::LinkRow)| ReportedRoad {
        link_id: link.link_id.clone(),
        name: link.name.clone(),
        people: clearway_model::number::length(place + 1),
        ..ReportedRoad::default()
    };
    of.scenario.links.iter().enumerate().map(road).collect()
}

#[test]
fn names_are_escaped_and_who_is_left_is_said_in_every_language() {
    let island = island();
    for language in Language::ALL {
        let page = page(&island, all_roads(&island), language);
        assert!(page.contains("Kallö &lt;island&gt;") && !page.contains("<island>"), "{language:?}");
        let left = island.summary.people.not_evacuated;
        assert!(page.contains(&format!("<data value=\"{left}\" data-figure=\"people.not_evacuated\">")));
        // a text without its figure would stand there with its place
        let text = page.split("</style>").nth(1).unwrap();
        assert!(!text.contains(['{', '}']), "{language:?}");
    }
}

#[test]
fn the_page_of_a_city_of_more_than_a_million_stays_below_ten_megabytes() {
    let mut large = island();
    let request = CityRequest { side: 130, zones_side: 22, people: 1_200_000, ..CityRequest::default() };
    large.scenario = clearway_instances::city(&request);
    large.shapes = clearway_report::MapShapes::default();
    large.plan.orders.clear();
    large.plan.routes.clear();
    large.plan.not_moved.clear();
    large.bottlenecks.clear();
    assert!(large.scenario.links.len() > 50_000, "{}", large.scenario.links.len());
    let page = page(&large, all_roads(&large), Language::Ar);
    assert!(page.len() < 10_000_000, "{} bytes", page.len());
}
