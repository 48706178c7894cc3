//! A plan for another scenario than the one at hand. But for the first, the digests are made to fit again.

use super::Tampering;
use super::folder::{Files, Sheet, sheet, sign_again};
use clearway_model::{Certificate, Plan, Route, Settings};
use std::collections::BTreeMap;

const CLOSED: &[&str] = &["replay.stranded"];

pub(super) const ALL: &[Tampering] = &[
    Tampering {
        name: "other-scenario",
        what: "a line of the scenario's settings is changed",
        expected: &["digest.plan"],
        edit: |files| {
            files.get_mut("scenario/scenario.toml")?.extend_from_slice(b"\n# changed\n");
            Some(())
        },
    },
    Tampering {
        name: "overfull-road",
        what: "the tightest road has half the capacity that the plan counts on",
        expected: &["summary", "certificate.bound", "replay.stranded", "replay.horizon"],
        edit: half_capacity,
    },
    Tampering {
        name: "slower-road",
        what: "a road takes longer than the plan counts on",
        expected: &["summary", "certificate.bound", "replay.stranded", "replay.horizon", "zones.row"],
        edit: slower,
    },
    Tampering {
        name: "overfull-site",
        what: "a site holds one person less than the plan sends there",
        expected: &["site.capacity"],
        edit: overfull_site,
    },
    Tampering {
        name: "slow-admission",
        what: "a site admits so slowly that not everyone gets in",
        expected: &["replay.horizon", "replay.stranded"],
        edit: |files| with_site(files, |_| ("admission_people_h", "0.001".to_owned())),
    },
    Tampering {
        name: "closed-road",
        what: "a road on a route is closed all the time",
        expected: CLOSED,
        edit: |files| close(files, "link", "entry", |route| route.links.first().map(String::as_str)),
    },
    Tampering {
        name: "closed-zone",
        what: "nobody may leave a zone from which the plan sends people",
        expected: CLOSED,
        edit: |files| close(files, "zone", "entry", |route| Some(&route.zone_id)),
    },
    Tampering {
        name: "site-in-hazard",
        what: "a hazard reaches a site to which the plan sends people",
        expected: CLOSED,
        edit: |files| close(files, "site", "presence", |route| Some(&route.site_id)),
    },
    Tampering {
        name: "gate-of-a-closing-zone",
        what: "a zone that counts as limited to a few first links closes at the last moment, which ends that bound",
        expected: &["certificate.place"],
        edit: closing_zone,
    },
    Tampering {
        name: "prohibited-turn",
        what: "a route makes a prohibited turn",
        expected: &["route.turn"],
        edit: prohibited_turn,
    },
    Tampering {
        name: "depart-before-ready",
        what: "people depart before they are ready",
        expected: &["release"],
        edit: before_ready,
    },
    Tampering {
        name: "more-people-in-zone",
        what: "a zone has one person more than the plan knows of",
        expected: &["people.balance"],
        edit: more_people,
    },
];

/// The first route that an order takes, and the plan.
fn used_route(files: &Files, keep: impl Fn(&Route) -> bool) -> Option<(Plan, Route)> {
    let plan: Plan = serde_json::from_slice(files.get("plan.json")?).ok()?;
    let used = |route: &&Route| plan.orders.iter().any(|order| order.route_id == route.route_id);
    let route = plan.routes.iter().filter(|route| keep(route)).find(used)?.clone();
    Some((plan, route))
}

/// Changes the row with this id.
fn row_of(sheet: &Sheet, column: &str, id: &str) -> Option<usize> {
    sheet.rows.iter().position(|row| sheet.cell(row, column) == id)
}

/// Sets a figure and empties its range.
fn set_figure(sheet: &mut Sheet, row: usize, column: &str, value: &str) -> Option<()> {
    sheet.set(row, column, value)?;
    for end in ["_low", "_high"] {
        let column = format!("{column}{end}");
        if !sheet.cell(&sheet.rows[row], &column).is_empty() {
            sheet.set(row, &column, "")?;
        }
    }
    Some(())
}

fn half_capacity(files: &mut Files) -> Option<()> {
    let bottlenecks = Sheet::read(files.get("bottlenecks.csv")?)?;
    let row = bottlenecks.rows.iter().find(|row| bottlenecks.cell(row, "element") == "link")?;
    let id = bottlenecks.cell(row, "id").to_owned();
    sheet(files, "scenario/link.csv", |links| {
        let row = row_of(links, "link_id", &id)?;
        // pcu and what is reserved of it are halved alike
        for column in ["capacity_pcu_h", "reserved_pcu_h", "walk_capacity_people_h"] {
            if let Ok(value) = links.cell(&links.rows[row], column).parse::<f64>() {
                set_figure(links, row, column, &(value / 2.0).to_string())?;
            }
        }
        Some(())
    })?;
    sign_again(files)
}

fn slower(files: &mut Files) -> Option<()> {
    let (_, route) = used_route(files, |route| !route.links.is_empty())?;
    sheet(files, "scenario/link.csv", |links| {
        let row = row_of(links, "link_id", route.links.first()?)?;
        for column in ["time_ms", "walk_time_ms"] {
            if let Ok(value) = links.cell(&links.rows[row], column).parse::<i64>() {
                set_figure(links, row, column, &(value + 1_000_000).to_string())?;
            }
        }
        Some(())
    })?;
    sign_again(files)
}

fn with_site(files: &mut Files, figure: impl Fn(i64) -> (&'static str, String)) -> Option<()> {
    let (plan, route) = used_route(files, |_| true)?;
    let sites: BTreeMap<&str, &str> =
        plan.routes.iter().map(|route| (route.route_id.as_str(), route.site_id.as_str())).collect();
    let there = plan
        .orders
        .iter()
        .filter(|order| sites.get(order.route_id.as_str()) == Some(&route.site_id.as_str()));
    let (column, value) = figure(there.map(|order| order.people).sum());
    sheet(files, "scenario/sites.csv", |sites| {
        let row = row_of(sites, "site_id", &route.site_id)?;
        set_figure(sites, row, column, &value)
    })?;
    sign_again(files)
}

fn overfull_site(files: &mut Files) -> Option<()> {
    with_site(files, |people| ("capacity_people", (people - 1).to_string()))
}

fn close(files: &mut Files, target: &str, kind: &str, id: impl Fn(&Route) -> Option<&str>) -> Option<()> {
    let (_, route) = used_route(files, |route| id(route).is_some())?;
    push_closure(files, target, id(&route)?, "0", kind)
}

/// Closes a zone that has a gate for the last millisecond.
fn closing_zone(files: &mut Files) -> Option<()> {
    let certificate: Certificate = serde_json::from_slice(files.get("certificate.json")?).ok()?;
    let zone = certificate.families.iter().flat_map(|family| &family.places);
    let zone = zone.filter_map(|place| place.strip_prefix("gate:")).next()?.to_owned();
    let text = std::str::from_utf8(files.get("scenario/scenario.toml")?).ok()?;
    let horizon = toml::from_str::<Settings>(text).ok()?.horizon_ms;
    push_closure(files, "zone", &zone, &(horizon - 1).to_string(), "entry")
}

/// A closure that never ends.
fn push_closure(files: &mut Files, target: &str, id: &str, from: &str, kind: &str) -> Option<()> {
    let columns = ["closure_id", "target", "target_id", "from_ms", "until_ms", "kind"];
    let name = "scenario/closures.csv";
    let mut closures = match files.get(name) {
        Some(bytes) => Sheet::read(bytes)?,
        None => Sheet::new(&columns),
    };
    let cells = ["tampered", target, id, from, "", kind];
    let cells: Vec<(&str, &str)> = columns.into_iter().zip(cells).collect();
    closures.push(&cells);
    files.insert(name.to_owned(), closures.write()?);
    sign_again(files)
}

fn prohibited_turn(files: &mut Files) -> Option<()> {
    let (_, route) = used_route(files, |route| route.links.len() > 1)?;
    let [first, second] = route.links.get(..2)? else { return None };
    let links = Sheet::read(files.get("scenario/link.csv")?)?;
    let node = links.cell(&links.rows[row_of(&links, "link_id", first)?], "to_node_id").to_owned();
    let name = "scenario/movement.csv";
    let columns = ["mvmt_id", "node_id", "ib_link_id", "ob_link_id", "prohibited"];
    let mut movements = match files.get(name) {
        Some(bytes) => Sheet::read(bytes)?,
        None => Sheet::new(&columns),
    };
    let cells = ["tampered", &node, first, second, "1"];
    let cells: Vec<(&str, &str)> = columns.into_iter().zip(cells).collect();
    movements.push(&cells);
    files.insert(name.to_owned(), movements.write()?);
    sign_again(files)
}

fn before_ready(files: &mut Files) -> Option<()> {
    let (plan, route) = used_route(files, |_| true)?;
    let last = plan
        .orders
        .iter()
        .filter(|order| order.zone_id == route.zone_id)
        .map(|order| order.depart_until_ms)
        .max()?;
    let name = "scenario/mobilization.csv";
    let mut releases = match files.get(name) {
        Some(bytes) => Sheet::read(bytes)?,
        None => Sheet::new(&["mobilization_id", "time_ms", "share"]),
    };
    // ready all at once, a moment after the last window
    let time = (last + 1).to_string();
    releases.push(&[("mobilization_id", "tampered"), ("time_ms", &time), ("share", "1")]);
    files.insert(name.to_owned(), releases.write()?);
    sheet(files, "scenario/zones.csv", |zones| {
        let row = row_of(zones, "zone_id", &route.zone_id)?;
        zones.set(row, "mobilization_id", "tampered")
    })?;
    sign_again(files)
}

fn more_people(files: &mut Files) -> Option<()> {
    sheet(files, "scenario/zones.csv", |zones| zones.add("people", 1, |people| people > 0))?;
    sign_again(files)
}
