//! What was assumed that could change the answer most: the rows of `assumptions.csv`, and what the tables show by themselves.

use crate::check::zones_without_way;
use clearway_model::{AssumptionRow, Scenario};

/// The list of a scenario: people without a way and places that are too few, as the tables are now, then the rows of
/// `assumptions.csv`. Rows of the file of these two kinds are left out: they could be of other tables.
pub fn assumptions(scenario: &Scenario) -> Vec<AssumptionRow> {
    let mut list = Vec::new();
    let cut_off = zones_without_way(scenario);
    let evacuees = |index: &usize| {
        let zone = &scenario.zones[*index];
        (zone.people - zone.stay_people.unwrap_or(0)).max(0)
    };
    let people: i64 = cut_off.iter().map(evacuees).sum();
    let zones = cut_off.iter().filter(|index| evacuees(index) > 0).count();
    if people > 0 {
        let zones = if zones == 1 { "1 zone".to_owned() } else { format!("{zones} zones") };
        let text = format!("in {zones} without a way to any site along the roads as they are: not evacuated");
        list.push(row("no_road", text, people));
    }
    if let Some((places, evacuees)) = places(scenario).filter(|(places, evacuees)| places < evacuees) {
        let text = format!("for whom the {places} places of all sites together are too few");
        list.push(row("places", text, evacuees - places));
    }
    list.extend(
        scenario
            .assumptions
            .iter()
            .filter(|row| !["no_road", "places"].contains(&row.kind.as_str()))
            .cloned(),
    );
    list
}

fn row(kind: &str, text: String, people: i64) -> AssumptionRow {
    AssumptionRow { kind: kind.to_owned(), text, count: Some(people), unit: "people".to_owned() }
}

/// Places of all sites together and people who are to move; `None` where a site is without limit.
pub(crate) fn places(scenario: &Scenario) -> Option<(i64, i64)> {
    // one site without limit can receive all the others cannot
    let capacities: Option<Vec<i64>> = scenario.sites.iter().map(|site| site.capacity_people).collect();
    let places = capacities?.into_iter().fold(0i64, i64::saturating_add);
    let evacuees = scenario
        .zones
        .iter()
        .fold(0i64, |sum, zone| sum.saturating_add((zone.people - zone.stay_people.unwrap_or(0)).max(0)));
    Some((places, evacuees))
}
