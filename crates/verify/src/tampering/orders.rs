//! Tampering with the orders of `plan.json`.

use super::Tampering;
use super::folder::{Files, Sheet, plan};
use clearway_model::{MovementOrder, NotMoved, Outcome, Plan, Reason};
use std::collections::{BTreeMap, BTreeSet};

const BALANCE: &[&str] = &["people.balance"];
/// What shows when orders are carried out otherwise than claimed.
const FIGURES: &[&str] = &[
    "summary",
    "release",
    "replay.stranded",
    "replay.overtaken",
    "replay.horizon",
    "curve.arrived",
    "curve.departed",
    "zones.row",
];

pub(super) const ALL: &[Tampering] = &[
    Tampering {
        name: "lost-person",
        what: "one person less in an order",
        expected: BALANCE,
        edit: lost_person,
    },
    Tampering { name: "lost-order", what: "the last order is gone", expected: BALANCE, edit: lost_order },
    Tampering {
        name: "duplicated-people",
        what: "the last order stands a second time under a new number",
        expected: BALANCE,
        edit: duplicated,
    },
    Tampering {
        name: "forgotten-entry",
        what: "people not moved are no longer listed",
        expected: BALANCE,
        edit: |files| plan(files, |plan| plan.not_moved.pop().map(drop)),
    },
    Tampering {
        name: "fewer-staying",
        what: "one declared stayer is called not evacuated for want of time",
        expected: &["people.stays"],
        edit: fewer_staying,
    },
    Tampering {
        name: "overtaken-without-hazard",
        what: "one person of an order is called overtaken where no hazard closes the zone",
        expected: &["not_moved.outcome"],
        edit: |files| leave_one(files, Outcome::Overtaken, Reason::Hazard),
    },
    Tampering {
        name: "no-road-claimed",
        what: "one person of an order is not evacuated for want of a road that is there",
        expected: &["not_moved.reason"],
        edit: |files| leave_one(files, Outcome::NotEvacuated, Reason::NoRoad),
    },
    Tampering {
        name: "all-in-one-moment",
        what: "everyone departs within a millisecond, the figures stay",
        expected: FIGURES,
        edit: all_at_once,
    },
    Tampering {
        name: "later-departure",
        what: "an order departs a second later, the figures stay",
        expected: FIGURES,
        edit: later,
    },
    Tampering {
        name: "other-packets",
        what: "packets of twice the size, the figures stay",
        expected: FIGURES,
        edit: other_packets,
    },
    Tampering {
        name: "empty-packets",
        what: "packets of nobody",
        expected: &["plan.packet"],
        edit: |files| {
            plan(files, |plan| {
                plan.packet_people = 0;
                Some(())
            })
        },
    },
    Tampering {
        name: "window-past-horizon",
        what: "a departure window ends after the horizon",
        expected: &["order.window"],
        edit: |files| with_order(files, |order| order.depart_until_ms = 2_000_000_000_000),
    },
    Tampering {
        name: "window-without-length",
        what: "a departure window ends when it begins",
        expected: &["order.window"],
        edit: |files| with_order(files, |order| order.depart_until_ms = order.depart_from_ms),
    },
    Tampering {
        name: "window-before-start",
        what: "a departure window begins before time 0",
        expected: &["order.window"],
        edit: |files| with_order(files, |order| order.depart_from_ms = -1),
    },
    Tampering {
        name: "order-of-nobody",
        what: "an order without people beside the others",
        expected: &["order.people"],
        edit: order_of_nobody,
    },
    Tampering {
        name: "order-number-twice",
        what: "an order is cut in two under one number",
        expected: &["order.id"],
        edit: number_twice,
    },
    Tampering {
        name: "other-class",
        what: "an order for a class that the scenario does not have",
        expected: &["order.class"],
        edit: |files| with_order(files, |order| order.class.push_str(" and others")),
    },
    Tampering {
        name: "route-of-another-zone",
        what: "an order takes the route of another zone",
        expected: &["order.zone"],
        edit: other_zone,
    },
    Tampering {
        name: "route-missing",
        what: "a route that an order takes is gone",
        expected: &["order.route"],
        edit: route_missing,
    },
    Tampering {
        name: "route-twice",
        what: "two routes under one id",
        expected: &["route.duplicate"],
        edit: |files| {
            plan(files, |plan| {
                plan.routes.push(plan.routes.first()?.clone());
                Some(())
            })
        },
    },
    Tampering {
        name: "route-with-gap",
        what: "a link of a route is left out",
        expected: &["route.gap"],
        edit: gap,
    },
    Tampering {
        name: "route-by-unknown-link",
        what: "a route passes a link that is not in the scenario",
        expected: &["route.link"],
        edit: |files| {
            plan(files, |plan| {
                plan.routes.first_mut()?.links.push("no such link".to_owned());
                Some(())
            })
        },
    },
    Tampering {
        name: "route-to-no-site",
        what: "a route ends by the connector of its own zone",
        expected: &["route.connector"],
        edit: |files| {
            plan(files, |plan| {
                let route = plan.routes.first_mut()?;
                route.to_connector.clone_from(&route.from_connector);
                Some(())
            })
        },
    },
    Tampering {
        name: "too-many-routes",
        what: "a zone uses one route more than the plan allows",
        expected: &["plan.routes_per_zone"],
        edit: too_many_routes,
    },
    Tampering {
        name: "convergent-claimed",
        what: "a plan whose routes part at a node is called convergent",
        expected: &["plan.convergent"],
        edit: convergent,
    },
];

fn with_order(files: &mut Files, edit: impl FnOnce(&mut MovementOrder)) -> Option<()> {
    plan(files, |plan| plan.orders.last_mut().map(edit))
}

/// The first order of at least two people.
fn order_of_two(plan: &mut Plan) -> Option<&mut MovementOrder> {
    plan.orders.iter_mut().find(|order| order.people >= 2)
}

fn renumber(plan: &mut Plan) {
    for (number, order) in (1i64..).zip(&mut plan.orders) {
        order.order_id = number;
    }
}

fn lost_person(files: &mut Files) -> Option<()> {
    plan(files, |plan| order_of_two(plan).map(|order| order.people -= 1))
}

fn lost_order(files: &mut Files) -> Option<()> {
    plan(files, |plan| plan.orders.pop().map(drop))
}

fn duplicated(files: &mut Files) -> Option<()> {
    plan(files, |plan| {
        let mut again = plan.orders.last()?.clone();
        again.order_id += 1;
        plan.orders.push(again);
        Some(())
    })
}

fn fewer_staying(files: &mut Files) -> Option<()> {
    plan(files, |plan| {
        let stays =
            plan.not_moved.iter_mut().find(|entry| entry.reason == Reason::Stays && entry.people > 0)?;
        stays.people -= 1;
        let zone_id = stays.zone_id.clone();
        let (outcome, reason) = (Outcome::NotEvacuated, Reason::Horizon);
        plan.not_moved.push(NotMoved { zone_id, people: 1, outcome, reason });
        Some(())
    })
}

fn leave_one(files: &mut Files, outcome: Outcome, reason: Reason) -> Option<()> {
    let closures = String::from_utf8(files.get("scenario/closures.csv").cloned().unwrap_or_default()).ok()?;
    if closures.contains("zone") {
        return None; // overtaken may be right
    }
    plan(files, |plan| {
        let order = order_of_two(plan)?;
        order.people -= 1;
        let zone_id = order.zone_id.clone();
        plan.not_moved.push(NotMoved { zone_id, people: 1, outcome, reason });
        Some(())
    })
}

fn all_at_once(files: &mut Files) -> Option<()> {
    plan(files, |plan| {
        plan.orders.first()?;
        for order in &mut plan.orders {
            order.depart_until_ms = order.depart_from_ms + 1;
        }
        Some(())
    })
}

fn later(files: &mut Files) -> Option<()> {
    with_order(files, |order| {
        order.depart_from_ms += 1000;
        order.depart_until_ms += 1000;
    })
}

fn other_packets(files: &mut Files) -> Option<()> {
    plan(files, |plan| {
        let size = plan.packet_people;
        plan.orders.iter().find(|order| order.people > size)?;
        plan.packet_people = size * 2;
        Some(())
    })
}

fn order_of_nobody(files: &mut Files) -> Option<()> {
    plan(files, |plan| {
        let mut order = plan.orders.last()?.clone();
        order.order_id += 1;
        order.people = 0;
        plan.orders.push(order);
        Some(())
    })
}

fn number_twice(files: &mut Files) -> Option<()> {
    plan(files, |plan| {
        let at = plan.orders.iter().position(|order| order.people >= 2)?;
        let mut half = plan.orders[at].clone();
        half.people = 1;
        plan.orders[at].people -= 1;
        plan.orders.insert(at, half);
        Some(())
    })
}

fn other_zone(files: &mut Files) -> Option<()> {
    plan(files, |plan| {
        let order = plan.orders.first_mut()?;
        let other = plan.routes.iter().find(|route| route.zone_id != order.zone_id)?;
        order.route_id.clone_from(&other.route_id);
        Some(())
    })
}

fn route_missing(files: &mut Files) -> Option<()> {
    plan(files, |plan| {
        let used = plan.orders.first()?.route_id.clone();
        plan.routes.retain(|route| route.route_id != used);
        Some(())
    })
}

fn gap(files: &mut Files) -> Option<()> {
    let links = Sheet::read(files.get("scenario/link.csv")?)?;
    // a link that ends where it begins could be left out
    let ways: BTreeSet<&str> = links
        .rows
        .iter()
        .filter(|row| links.cell(row, "from_node_id") != links.cell(row, "to_node_id"))
        .map(|row| links.cell(row, "link_id"))
        .collect();
    plan(files, |plan| {
        plan.routes.iter_mut().find_map(|route| {
            let at = route.links.iter().position(|link| ways.contains(link.as_str()))?;
            drop(route.links.remove(at));
            Some(())
        })
    })
}

fn too_many_routes(files: &mut Files) -> Option<()> {
    plan(files, |plan| {
        let most = i64::from(plan.routes_per_zone?);
        let at = plan.orders.iter().position(|order| order.people > most)?;
        let order = plan.orders[at].clone();
        let route = plan.routes.iter().find(|route| route.route_id == order.route_id)?.clone();
        for number in 0..most {
            let mut copy = route.clone();
            copy.route_id = format!("{} copy {number}", route.route_id);
            let mut part = order.clone();
            part.people = 1;
            part.route_id.clone_from(&copy.route_id);
            plan.routes.push(copy);
            plan.orders.push(part);
        }
        plan.orders[at].people -= most;
        renumber(plan);
        Some(())
    })
}

fn convergent(files: &mut Files) -> Option<()> {
    let links = Sheet::read(files.get("scenario/link.csv")?)?;
    let tails: BTreeMap<&str, &str> =
        links.rows.iter().map(|row| (links.cell(row, "link_id"), links.cell(row, "from_node_id"))).collect();
    plan(files, |plan| {
        let mut ways: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for link in plan.routes.iter().flat_map(|route| &route.links) {
            ways.entry(tails.get(link.as_str())?).or_default().insert(link);
        }
        ways.values().find(|ways| ways.len() > 1)?;
        plan.convergent = true;
        Some(())
    })
}
