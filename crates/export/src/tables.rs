//! A plan's figures as tables.

mod facts;
mod places;
mod roads;

use crate::cells::{ExportCell, ExportTable};
use crate::columns;
use crate::figures::PlanFigures;
use crate::format::ExportError;
use crate::source::ExportSource;
use clearway_model::{MovementOrder, Route};
use clearway_report::{RowLookup, ScenarioClock, route_via};
pub(crate) use roads::{length_m, time_ms};
use std::collections::BTreeMap;

/// All tables of a plan. Map layers have shapes in WGS 84 degrees.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanTables {
    /// The figures of the whole plan.
    pub summary: ExportTable,
    /// One row per zone; areas where every zone has one, else points.
    pub zones: ExportTable,
    /// One row per site; points.
    pub sites: ExportTable,
    /// Outlines of those zones and sites that have one and are points in their own layers.
    pub outlines: ExportTable,
    /// One row per link; lines.
    pub links: ExportTable,
    /// One row per link and hour in which somebody enters it; lines.
    pub link_hours: ExportTable,
    /// One row per route; lines.
    pub routes: ExportTable,
    /// One row per hazard; areas.
    pub hazards: ExportTable,
    /// One row per order.
    pub orders: ExportTable,
    /// What sets the bound.
    pub bottlenecks: ExportTable,
    /// People over time.
    pub curve: ExportTable,
    /// Where figures come from.
    pub sources: ExportTable,
    /// What was assumed.
    pub assumptions: ExportTable,
}

impl PlanTables {
    /// The tables of a plan.
    ///
    /// # Errors
    /// If the orders cannot be loaded on the scenario.
    pub fn new(source: &ExportSource) -> Result<Self, ExportError> {
        let figures = PlanFigures::new(&source.scenario, &source.plan)?;
        Ok(Self::with(source, &figures))
    }

    /// The tables of a plan whose orders are loaded already.
    pub fn with(source: &ExportSource, figures: &PlanFigures) -> Self {
        let facts = PlanFacts::new(source, figures);
        Self {
            summary: facts::summary(&facts),
            zones: places::zones(&facts),
            sites: places::sites(&facts),
            outlines: places::outlines(&facts),
            links: roads::links(&facts),
            link_hours: roads::link_hours(&facts),
            routes: roads::routes(&facts),
            hazards: places::hazards(&facts),
            orders: orders(&facts),
            bottlenecks: facts::bottlenecks(&facts),
            curve: facts::curve(&facts),
            sources: facts::sources(&facts),
            assumptions: facts::assumptions(&facts),
        }
    }

    /// All of them, map layers first, in the order in which a map draws them: what comes first lies below.
    pub fn all(&self) -> [&ExportTable; 13] {
        [
            &self.hazards,
            &self.outlines,
            &self.zones,
            &self.links,
            &self.link_hours,
            &self.routes,
            &self.sites,
            &self.summary,
            &self.orders,
            &self.bottlenecks,
            &self.curve,
            &self.sources,
            &self.assumptions,
        ]
    }

    /// The same tables, in the same order, to keep.
    pub fn into_all(self) -> [ExportTable; 13] {
        [
            self.hazards,
            self.outlines,
            self.zones,
            self.links,
            self.link_hours,
            self.routes,
            self.sites,
            self.summary,
            self.orders,
            self.bottlenecks,
            self.curve,
            self.sources,
            self.assumptions,
        ]
    }
}

/// What tables are made of.
pub(crate) struct PlanFacts<'a> {
    pub source: &'a ExportSource,
    pub figures: &'a PlanFigures,
    pub lookup: RowLookup<'a>,
    pub clock: ScenarioClock,
    /// Routes by id.
    pub routes: BTreeMap<&'a str, &'a Route>,
    /// Orders by route, as their places in the plan.
    pub by_route: BTreeMap<&'a str, Vec<usize>>,
    /// Orders by zone.
    pub by_zone: BTreeMap<&'a str, Vec<usize>>,
    /// Orders by site.
    pub by_site: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> PlanFacts<'a> {
    pub fn new(source: &'a ExportSource, figures: &'a PlanFigures) -> Self {
        let plan = &source.plan;
        let routes: BTreeMap<&str, &Route> =
            plan.routes.iter().map(|route| (route.route_id.as_str(), route)).collect();
        let (mut by_route, mut by_zone, mut by_site) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (place, order) in plan.orders.iter().enumerate() {
            by_route.entry(order.route_id.as_str()).or_insert_with(Vec::new).push(place);
            by_zone.entry(order.zone_id.as_str()).or_insert_with(Vec::new).push(place);
            if let Some(route) = routes.get(order.route_id.as_str()) {
                by_site.entry(route.site_id.as_str()).or_insert_with(Vec::new).push(place);
            }
        }
        Self {
            source,
            figures,
            lookup: RowLookup::new(&source.scenario, Some(&source.map)),
            clock: ScenarioClock::new(&source.scenario.settings),
            routes,
            by_route,
            by_zone,
            by_site,
        }
    }

    /// Orders of some places in the plan.
    pub fn orders_of<'b>(
        &'b self,
        map: &'b BTreeMap<&'a str, Vec<usize>>,
        id: &str,
    ) -> impl Iterator<Item = (usize, &'a MovementOrder)> + 'b {
        map.get(id).into_iter().flatten().map(|&place| (place, &self.source.plan.orders[place]))
    }

    /// Vehicles of some orders; nothing on foot.
    pub fn vehicles(&self, orders: impl Iterator<Item = usize>) -> ExportCell {
        let count = || orders.map(|order| self.figures.order_vehicles[order]).sum();
        if self.figures.is_by_vehicle { ExportCell::Whole(count()) } else { ExportCell::Empty }
    }

    /// The site of an order.
    pub fn site_of(&self, order: &MovementOrder) -> &'a str {
        self.routes.get(order.route_id.as_str()).map_or("", |route| route.site_id.as_str())
    }

    /// The main roads of a route.
    pub fn via(&self, route_id: &str) -> String {
        self.routes.get(route_id).map(|route| route_via(route, &self.lookup).join("; ")).unwrap_or_default()
    }
}

/// Metres and person-hours to the millionth, so that sums of many rows stay what they are.
pub(crate) fn millionths(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn orders(facts: &PlanFacts<'_>) -> ExportTable {
    let via: BTreeMap<&str, String> = facts.routes.keys().map(|&id| (id, facts.via(id))).collect();
    let row = |(place, order): (usize, &MovementOrder)| {
        let site = facts.site_of(order);
        let zone = facts.lookup.zones.get(order.zone_id.as_str());
        vec![
            ExportCell::Whole(order.order_id),
            ExportCell::text(&order.zone_id),
            ExportCell::text(zone.map_or("", |zone| zone.name.as_str())),
            ExportCell::text(zone.map_or("", |zone| zone.pcode.as_str())),
            ExportCell::text(site),
            ExportCell::text(facts.lookup.sites.get(site).map_or("", |site| site.name.as_str())),
            ExportCell::text(&order.route_id),
            ExportCell::text(&order.group),
            ExportCell::text(&order.class),
            ExportCell::Whole(order.people),
            facts.vehicles(std::iter::once(place)),
            ExportCell::Moment(order.depart_from_ms),
            ExportCell::Moment(order.depart_until_ms),
            ExportCell::seconds(Some(order.depart_from_ms)),
            ExportCell::seconds(Some(order.depart_until_ms)),
            ExportCell::moment(facts.figures.orders[place].last_ms),
            ExportCell::text(via.get(order.route_id.as_str()).cloned().unwrap_or_default()),
        ]
    };
    let rows = facts.source.plan.orders.iter().enumerate().map(row).collect();
    ExportTable::plain(
        "orders",
        "an order: these people leave by this route in this window",
        columns::ORDERS,
        rows,
    )
}
