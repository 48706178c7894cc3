//! The plan that is being carried out, as it was read: its scenario, its orders by element, and where it has everybody.

use super::report::{OptionName, ReplanReport};
use crate::error::Error;
use crate::load::shapes;
use crate::session::Session;
use clearway_formats::{read_certificate, read_plan, read_scenario_with_groups, read_summary};
use clearway_model::{Certificate, Plan, Scenario, Store, SubStore};
use clearway_needs::ways;
use clearway_network::Network;
use clearway_replan::{CarriedOrder, PlanState, states};
use clearway_report::MapShapes;
use std::collections::BTreeMap;

/// A plan of one class of road users.
pub(super) struct OldPlan {
    pub label: String,
    pub plan: Plan,
    pub scenario: Scenario,
    pub shapes: MapShapes,
    /// Files of shapes as they are.
    pub geojson: Vec<(String, Vec<u8>)>,
    pub network: Network,
    /// Its proof, with which that of the rest begins; `None` where it cannot be read, which costs time alone.
    pub certificate: Option<Certificate>,
    /// How far a search has got above the person-hours of the bound on this map, a share; `None`: nobody knows.
    pub search_excess: Option<f64>,
    /// Its orders in their order.
    pub carried: Vec<CarriedOrder>,
}

impl OldPlan {
    /// Reads a plan folder.
    pub fn read(session: &Session, folder: &dyn Store) -> Result<Self, Error> {
        session.go_on()?;
        let label = folder.label();
        let is_there = |name: &str| folder.read(name).is_ok_and(|found| found.is_some());
        if is_there("multimodal.json") {
            return Err(Error::Request(format!(
                "{label} is a plan of several travel modes; replan takes plans of one class of road users, as the parts of such a plan are (e.g. {label}/vehicle)"
            )));
        }
        let invalid = |faults| Error::Invalid { of: label.clone(), faults };
        let plan = read_plan(folder).map_err(invalid)?;
        if plan.orders.is_empty() {
            return Err(Error::Request(format!(
                "{label} has no orders, only a bound: nothing is carried out"
            )));
        }
        let inside = SubStore::new(folder, "scenario");
        let (scenario, _) = read_scenario_with_groups(&inside).map_err(invalid)?;
        if plan.scenario != scenario.digest {
            return Err(Error::DoesNotHold(format!(
                "{label}: the orders are for another scenario than the one in its folder; clearway verify {label} says more"
            )));
        }
        let network = Network::new(&scenario, plan.case)?;
        let zones: BTreeMap<&str, usize> =
            scenario.zones.iter().enumerate().map(|(row, zone)| (zone.zone_id.as_str(), row)).collect();
        let mut carried = Vec::with_capacity(plan.orders.len());
        for (order, path) in plan.orders.iter().zip(ways(&scenario, &plan, &network)?) {
            let Some(&zone) = zones.get(order.zone_id.as_str()) else {
                return Err(Error::DoesNotHold(format!(
                    "{label}: order {} is of zone {}, which the scenario does not have",
                    order.order_id, order.zone_id
                )));
            };
            carried.push(CarriedOrder {
                zone,
                elements: path.elements,
                people: order.people,
                from: order.depart_from_ms,
                until: order.depart_until_ms,
            });
        }
        let geojson = ["zones.geojson", "sites.geojson", "hazards.geojson"]
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), inside.read(name).ok().flatten()?)))
            .collect();
        let shapes = shapes(&inside);
        let certificate = read_certificate(folder).ok();
        let search_excess = search_excess(folder);
        Ok(Self { label, plan, scenario, shapes, geojson, network, certificate, search_excess, carried })
    }

    /// Where it has everybody at some times, ms.
    pub fn states(&self, times: &[i64]) -> Vec<PlanState> {
        states(&self.network, &self.carried, self.plan.packet_people, times)
    }

    /// A time must be after the plan began and before its horizon, in whole seconds.
    pub fn refuse_time(&self, at_ms: i64) -> Result<(), Error> {
        let horizon = self.scenario.settings.horizon_ms;
        if at_ms % 1000 != 0 {
            return Err(Error::Request(format!("the new plan begins at {at_ms} ms: give a whole second")));
        }
        if at_ms < 0 || at_ms >= horizon {
            return Err(Error::Request(format!(
                "the new plan begins {} min after the start; the planning horizon of {} is {} min",
                at_ms / 60_000,
                self.label,
                horizon / 60_000
            )));
        }
        Ok(())
    }
}

/// How far the last search was above the person-hours of its bound, as a share of them: the plan's own, or, where the plan keeps orders
/// that were given before it, what it says of the search that they come from. So many plans that each keep orders lower no standard.
fn search_excess(folder: &dyn Store) -> Option<f64> {
    let replanned: Option<ReplanReport> =
        folder.read("replan.json").ok().flatten().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if let Some(before) = replanned.filter(|report| report.chosen == OptionName::Keep) {
        return before.search_excess_share;
    }
    let hours = read_summary(folder).ok()?.person_hours;
    let (plan, bound) = (hours.plan?, hours.bound.filter(|bound| *bound > 0.0)?);
    Some((plan / bound - 1.0).max(0.0))
}
