//! Links, their use by hour, routes.

use super::{PlanFacts, millionths};
use crate::cells::{ExportCell, ExportTable};
use crate::columns;
use crate::figures::ElementUse;
use crate::shape::{ExportShape, ShapeKind, link_shape};
use clearway_model::number::{float, length};
use clearway_model::time::MS_PER_HOUR;
use clearway_model::{BottleneckKind, LinkRow, OverflowingLink, Route};
use clearway_report::route_line;
use std::collections::BTreeMap;

pub(super) fn links(facts: &PlanFacts<'_>) -> ExportTable {
    let source = facts.source;
    let ranks: BTreeMap<&str, u64> = source
        .bottlenecks
        .iter()
        .rev()
        .filter(|bottleneck| bottleneck.element == BottleneckKind::Link)
        .map(|bottleneck| (bottleneck.id.as_str(), bottleneck.rank))
        .collect();
    let overflowing: BTreeMap<&str, &OverflowingLink> =
        source.overflowing.iter().map(|link| (link.link_id.as_str(), link)).collect();
    let nobody = ElementUse::default();
    let rows = source.scenario.links.iter().zip(&facts.figures.links).map(|(link, used)| {
        let id = link.link_id.as_str();
        let rank = ranks.get(id).and_then(|&rank| i64::try_from(rank).ok());
        let cells =
            link_row(facts, link, used.as_ref().unwrap_or(&nobody), rank, overflowing.get(id).copied());
        (cells, link_shape(&facts.lookup, link))
    });
    let about = "a link: one direction of a piece of road";
    ExportTable::layer("links", about, columns::LINKS, ShapeKind::Line, rows.collect())
}

/// How long the class of a plan takes on a link, ms.
pub(crate) fn time_ms(facts: &PlanFacts<'_>, link: &LinkRow) -> Option<i64> {
    if facts.figures.is_by_vehicle { link.time_ms } else { link.walk_time_ms }
}

fn link_row(
    facts: &PlanFacts<'_>,
    link: &LinkRow,
    used: &ElementUse,
    rank: Option<i64>,
    overflow: Option<&OverflowingLink>,
) -> Vec<ExportCell> {
    // of several hours as busy the first
    let peak = used.by_hour.iter().max_by_key(|&(&hour, &people)| (people, -hour));
    let vehicles = facts.figures.is_by_vehicle.then_some(used.vehicles);
    vec![
        ExportCell::text(&link.link_id),
        ExportCell::text(&link.name),
        ExportCell::text(&link.from_node_id),
        ExportCell::text(&link.to_node_id),
        ExportCell::text(&link.facility_type),
        ExportCell::real(link.lanes),
        ExportCell::real(length_m(link)),
        ExportCell::real(link.capacity_pcu_h),
        ExportCell::seconds(time_ms(facts, link)),
        ExportCell::Whole(used.people),
        ExportCell::whole(vehicles),
        ExportCell::whole(peak.map(|(_, &people)| people)),
        ExportCell::whole(peak.map(|(&hour, _)| hour)),
        ExportCell::moment(used.first_ms),
        ExportCell::moment(used.last_ms),
        ExportCell::Real(millionths(used.waiting_person_h())),
        ExportCell::whole(rank),
        ExportCell::whole(overflow.map(|link| i64::from(link.room_vehicles))),
        ExportCell::real(overflow.map(|link| link.overflow_vehicle_min)),
    ]
}

/// The length of a link, m.
pub(crate) fn length_m(link: &LinkRow) -> Option<f64> {
    link.length_m.or(link.length.map(|km| km * 1000.0))
}

pub(super) fn link_hours(facts: &PlanFacts<'_>) -> ExportTable {
    let (is_by_vehicle, per_vehicle) = (facts.figures.is_by_vehicle, facts.figures.people_per_vehicle);
    let pcu = facts.source.scenario.settings.class.first().map_or(1.0, |class| class.pcu_per_vehicle);
    let mut rows = Vec::new();
    for (link, used) in facts.source.scenario.links.iter().zip(&facts.figures.links) {
        let Some(used) = used.as_ref().filter(|used| used.people > 0) else { continue };
        let shape = link_shape(&facts.lookup, link);
        for (&hour, &people) in &used.by_hour {
            let vehicles = is_by_vehicle.then(|| float(people) / per_vehicle);
            let open_h = link.capacity_pcu_h.map(|pcu_h| pcu_h - link.reserved_pcu_h.unwrap_or(0.0));
            let share = vehicles.zip(open_h).map(|(vehicles, pcu_h)| vehicles * pcu / pcu_h);
            let cells = vec![
                ExportCell::text(&link.link_id),
                ExportCell::text(&link.name),
                ExportCell::Whole(hour),
                ExportCell::Moment(hour * MS_PER_HOUR),
                ExportCell::Moment((hour + 1) * MS_PER_HOUR),
                ExportCell::Whole(people),
                ExportCell::real(vehicles.map(millionths)),
                ExportCell::real(share.map(millionths)),
            ];
            rows.push((cells, shape.clone()));
        }
    }
    let about = "a link in an hour in which somebody enters it";
    ExportTable::layer("link_flow_by_hour", about, columns::LINK_HOURS, ShapeKind::Line, rows)
}

pub(super) fn routes(facts: &PlanFacts<'_>) -> ExportTable {
    let row = |route: &Route| {
        let shape = ExportShape::line(route_line(route, &facts.lookup));
        (route_row(facts, route), shape)
    };
    let rows = facts.source.plan.routes.iter().map(row).collect();
    let about = "a route that orders take, from the zone to the site";
    ExportTable::layer("routes", about, columns::ROUTES, ShapeKind::Line, rows)
}

fn route_row(facts: &PlanFacts<'_>, route: &Route) -> Vec<ExportCell> {
    let orders = || facts.orders_of(&facts.by_route, &route.route_id);
    let links = || route.links.iter().filter_map(|id| facts.lookup.links.get(id.as_str()));
    let time_sum_ms: i64 = links().filter_map(|link| time_ms(facts, link)).sum();
    vec![
        ExportCell::text(&route.route_id),
        ExportCell::text(&route.zone_id),
        ExportCell::text(facts.lookup.zone_name(&route.zone_id)),
        ExportCell::text(&route.site_id),
        ExportCell::text(facts.lookup.site_name(&route.site_id)),
        ExportCell::Whole(orders().map(|(_, order)| order.people).sum()),
        facts.vehicles(orders().map(|(place, _)| place)),
        ExportCell::Whole(length(orders().count())),
        ExportCell::moment(orders().map(|(_, order)| order.depart_from_ms).min()),
        ExportCell::moment(orders().map(|(_, order)| order.depart_until_ms).max()),
        ExportCell::Real(millionths(links().filter_map(|link| length_m(link)).sum())),
        ExportCell::seconds(facts.figures.is_by_vehicle.then_some(time_sum_ms)),
        ExportCell::text(facts.via(&route.route_id)),
    ]
}
