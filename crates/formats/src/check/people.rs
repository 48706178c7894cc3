//! Zones, sites and mobilization curves: people who are counted, ready and received.

use super::ScenarioCheck;
use crate::assumptions::places;
use clearway_model::number::float;
use clearway_model::{MobilizationRow, SiteRow, ZoneRow};
use std::collections::{BTreeMap, BTreeSet};

/// All zones together never hold more people.
const MOST_PEOPLE: i64 = 1_000_000_000;
/// More people on a square metre is absurd.
const MOST_PEOPLE_PER_M2: f64 = 10.0;

pub(super) fn check(check: &mut ScenarioCheck<'_>) {
    zones(check);
    sites(check);
    releases(check);
}

fn zones(check: &mut ScenarioCheck<'_>) {
    let zones = &check.scenario.zones;
    let is_whole = check.origin.is_whole::<ZoneRow>();
    if zones.is_empty() {
        if is_whole {
            check
                .table_error::<ZoneRow>("at least one zone", "people who are in no zone are not planned for");
        }
        return;
    }
    for (index, row) in check.sound(zones) {
        if let Some(stay) = row.stay_people.filter(|stay| *stay > row.people) {
            let expected = format!("at most people ({})", row.people);
            check.error(
                index,
                row,
                ("stay_people", stay),
                expected,
                "people declared as staying are included in people",
            );
        }
        let (stay, people) = (row.stay_people_high, row.people_high.unwrap_or(row.people));
        if let Some(stay) = stay.filter(|stay| *stay > people) {
            let expected = format!("at most the high end of people ({people})");
            check.error(
                index,
                row,
                ("stay_people_high", stay),
                expected,
                "people declared as staying are included in people",
            );
        }
    }
    let groups =
        zones.iter().fold(0i64, |sum, row| sum.saturating_add(row.people_high.unwrap_or(row.people)));
    if groups > MOST_PEOPLE {
        let hint = format!("all zones together have {groups}; are they counted twice?");
        check.table_error::<ZoneRow>(format!("at most {MOST_PEOPLE} people in all"), hint);
    } else if groups == 0 && is_whole && check.sound(zones).len() == zones.len() {
        check.table_warning::<ZoneRow>(("people", 0), "people in some zone", "there is nobody to plan for");
    }
}

fn sites(check: &mut ScenarioCheck<'_>) {
    let sites = &check.scenario.sites;
    if sites.is_empty() {
        if check.origin.is_whole::<SiteRow>() {
            check.table_error::<SiteRow>("at least one site", "an exit without limit is a site too");
        }
        return;
    }
    let all_read = check.sound(sites).len() == sites.len()
        && check.sound(&check.scenario.zones).len() == check.scenario.zones.len()
        && check.origin.is_whole::<SiteRow>();
    if let Some((places, evacuees)) = places(check.scenario).filter(|_| all_read)
        && places < evacuees
    {
        let hint = format!(
            "{} of {evacuees} people find no place in any plan; an empty cell means no limit",
            evacuees - places
        );
        check.table_warning::<SiteRow>(("capacity_people", places), "places for all who are to move", hint);
    }
    for (index, row) in check.sound(sites) {
        if let (Some(capacity), Some(area)) = (row.capacity_people, row.area_m2.filter(|area| *area > 0.0))
            && float(capacity) > area * MOST_PEOPLE_PER_M2
        {
            let expected =
                format!("at most {MOST_PEOPLE_PER_M2} people per square metre of area_m2 ({area})");
            check.warning(
                index,
                row,
                ("capacity_people", capacity),
                expected,
                "is the area in another unit?",
            );
        }
        if row.capacity_people_high.or(row.capacity_people) == Some(0) {
            let hint = "leave the cell empty where there is no limit; 0 means that nobody is received";
            check.warning(index, row, ("capacity_people", 0), "more than 0, or an empty cell", hint);
        }
    }
}

fn releases(check: &mut ScenarioCheck<'_>) {
    let rows = &check.scenario.releases;
    let mut curves: BTreeMap<&str, Vec<(usize, &MobilizationRow)>> = BTreeMap::new();
    let mut damaged: BTreeSet<&str> = BTreeSet::new();
    for (index, row) in rows.iter().enumerate() {
        if check.origin.is_damaged::<MobilizationRow>(index) {
            damaged.insert(&row.mobilization_id);
        }
        curves.entry(&row.mobilization_id).or_default().push((index, row));
    }
    let zones_are_whole = check.origin.is_whole::<ZoneRow>();
    let used: BTreeSet<&str> = check.scenario.zones.iter().map(|row| row.mobilization_id.as_str()).collect();
    for (id, points) in &curves {
        if id.is_empty() || damaged.contains(id) {
            continue;
        }
        curve(check, points);
        if let Some((index, row)) = points.first().filter(|_| zones_are_whole && !used.contains(id)) {
            check.warning(
                *index,
                *row,
                ("mobilization_id", id),
                "a curve that a zone names",
                "no zone uses this curve",
            );
        }
    }
}

fn curve(check: &mut ScenarioCheck<'_>, points: &[(usize, &MobilizationRow)]) {
    for ((_, before), (index, row)) in points.iter().zip(points.iter().skip(1)) {
        if row.time_ms < before.time_ms {
            let expected = format!("at least the time of the row before ({})", before.time_ms);
            check.error(
                *index,
                *row,
                ("time_ms", row.time_ms),
                expected,
                "the rows of a curve stand in the order of time",
            );
        }
        if row.share < before.share {
            let expected = format!("at least the share of the row before ({})", before.share);
            let hint = "the share is cumulative: all who are ready so far";
            check.error(*index, *row, ("share", row.share), expected, hint);
        }
    }
    let Some((index, last)) = points.last() else {
        return;
    };
    // shares out of their limits have been reported
    if (0.0..1.0).contains(&last.share) {
        let hint =
            "everyone but the people declared as staying is ready in the end; say who stays in stay_people";
        check.error(*index, *last, ("share", last.share), "1 in the last row of a curve", hint);
    }
    if check.horizon_ms().is_some_and(|horizon| last.time_ms > horizon) {
        let hint = "some people are not ready within the horizon";
        let expected = "a time within the horizon in the last row of a curve";
        check.warning(*index, *last, ("time_ms", last.time_ms), expected, hint);
    }
}
