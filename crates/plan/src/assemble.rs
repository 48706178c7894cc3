//! The answer out of its parts: plan, proof and figures as the files have them.

use crate::answer::{PlanAnswer, grid};
use crate::figures::{self, PlanFigures};
use crate::finish::FinishedPlan;
use crate::options::{PlanError, PlanOptions};
use crate::road_space::{self, overflow_of_orders};
use crate::unmoved::{TakenRoutes, not_moved};
use clearway_bound::certify::{CertifiedBound, certificate};
use clearway_bound::latest::latest_bounds;
use clearway_loading::packet::PreparedRoads;
use clearway_loading::path::PathPool;
use clearway_model::time::seconds;
use clearway_model::{PlanPrices, Scenario, Summary, UnrestrictedRoutes};
use clearway_network::PerZone;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an answer is put together of.
pub(crate) struct AnswerParts<'a> {
    pub scenario: &'a Scenario,
    pub options: &'a PlanOptions,
    pub roads: &'a PreparedRoads<'a>,
    pub pool: &'a PathPool,
    /// The orders and their loading.
    pub found: FinishedPlan,
    /// Whether the overflow of the orders was counted while they were made.
    pub counts_overflow: bool,
    /// People moved together in the exact loading.
    pub packet_people: i64,
    /// Step of the flow that the search begins with, ms.
    pub step: i64,
    pub central: Arc<CertifiedBound>,
    pub optimistic: Arc<CertifiedBound>,
    /// With few routes per zone, where that was proved by itself.
    pub class: Option<Arc<CertifiedBound>>,
    pub unrestricted_routes: Option<UnrestrictedRoutes>,
    pub prices: Option<PlanPrices>,
}

/// Puts an answer together.
///
/// # Errors
/// [`PlanError`] if the scenario is no network.
pub(crate) fn assemble(parts: AnswerParts<'_>) -> Result<PlanAnswer, PlanError> {
    let AnswerParts { scenario, options, roads, pool, found, packet_people, central, optimistic, .. } = parts;
    let network = roads.network;
    let FinishedPlan { orders, replay, arrived, overflow, choice, on_road, .. } = found;
    // Where so many routes hold nobody back, what is proved of all plans is proved of the class.
    let class = parts.class.or_else(|| Some(Arc::new(central.with_routes(options.routes_per_zone?))));
    let numbers = PlanFigures::new(network, pool, &orders, &replay);
    let mut taken: PerZone<BTreeMap<_, _>> = vec![BTreeMap::new(); network.zones.len()].into();
    for order in &orders {
        taken[order.zone].insert(order.path, pool.get(order.path).site);
    }
    let routes = TakenRoutes { most: options.routes_per_zone, taken };
    let unmoved = not_moved(scenario, roads, &numbers.zone_arrived, &numbers.site_people, &routes)?;
    let latest = latest_bounds(scenario, network)?;
    let plan = figures::plan(scenario, network, pool, &orders, unmoved, options, packet_people);
    let grid = grid(&central);
    let mut bounds = vec![&*central, &*optimistic];
    bounds.extend(class.as_deref());
    let (certificate, mut summary) = rayon::join(
        || certificate(scenario, &bounds, grid),
        || figures::summary(scenario, &central, &optimistic, class.as_deref(), &numbers, &plan, grid),
    );
    // Carried out in packets, the flow can be ahead of the bound by one of them: then it is no figure that a plan could have.
    summary.unrestricted_routes = parts.unrestricted_routes.filter(|free| !is_ahead(free, &summary));
    summary.prices = parts.prices;
    summary.step_s = seconds(parts.step);
    let overflow = if parts.counts_overflow {
        overflow
    } else {
        overflow_of_orders(scenario, network, pool, &orders, packet_people)
    };
    summary.spill_free = Some(overflow.is_spill_free());
    summary.overflow = Some(road_space::totals(&overflow));
    summary.spill_choice =
        road_space::spill_choice(options.queues, parts.counts_overflow, &overflow, arrived, choice);
    summary.on_road = on_road;
    Ok(PlanAnswer {
        curve: figures::curve(&central, &numbers),
        zones: figures::zones(scenario, network, &plan, &numbers, &latest),
        bottlenecks: figures::bottlenecks(scenario, &central, &plan),
        overflowing: road_space::overflowing_links(scenario, network, &overflow),
        plan,
        certificate,
        summary,
        bound: central,
    })
}

/// Whether the unrestricted split is ahead of what no plan can beat.
fn is_ahead(free: &UnrestrictedRoutes, summary: &Summary) -> bool {
    let ahead = |free: Option<f64>, bound: Option<f64>| match (free, bound) {
        (Some(free), Some(bound)) => free < bound,
        (Some(_), None) => true,
        (None, _) => false,
    };
    ahead(free.clearance_s, summary.clearance_s.bound)
        || ahead(free.t90_s, summary.t90_s.bound)
        || ahead(free.person_hours, summary.person_hours.bound)
}
