//! What convoys cost: the bound with and without room for them.

use crate::error::Error;
use crate::multimodal::PlanPart;
use crate::proof::prove;
use crate::session::Session;
use clearway_formats::read_scenario;
use clearway_model::{Scenario, Store, Summary};
use clearway_needs::AidPlan;
use clearway_needs::report::ConvoyPrice;
use std::collections::BTreeMap;

/// Proves both bounds, each to be written into a folder of its own. `roads` is the scenario by whose roads people go in vehicles, `whole`
/// that of everybody, whose links the convoys take.
///
/// # Errors
/// As proving a bound; [`Error::Cancelled`] without an answer.
pub(super) fn price(
    session: &Session,
    roads: &dyn Store,
    whole: &Scenario,
    aid: &AidPlan,
    proofs: &mut Vec<PlanPart>,
) -> Result<ConvoyPrice, Error> {
    let (scenario, _) =
        read_scenario(roads).map_err(|faults| Error::Invalid { of: roads.label(), faults })?;
    let mut with = scenario.clone();
    let (mut links, mut most_pcu_h, mut overfull) = (0, 0.0f64, 0);
    let taken: BTreeMap<&str, f64> =
        aid.taken.iter().map(|(row, pcu)| (whole.links[*row].link_id.as_str(), *pcu)).collect();
    for link in &mut with.links {
        let Some(pcu) =
            taken.get(link.link_id.as_str()).filter(|pcu| **pcu > link.reserved_pcu_h.unwrap_or(0.0))
        else {
            continue;
        };
        links += 1;
        most_pcu_h = most_pcu_h.max(*pcu);
        overfull += usize::from(link.capacity_pcu_h.is_some_and(|capacity| *pcu > capacity));
        link.reserved_pcu_h = Some(*pcu);
    }
    let mut solve = |scenario: Scenario, name: &str| -> Result<Summary, Error> {
        let part = prove(session, &format!("price/{name}"), scenario)?;
        let summary = part.answer.summary.clone();
        proofs.push(part);
        Ok(summary)
    };
    let without = solve(scenario, "without-convoys")?;
    let with = if links == 0 { without.clone() } else { solve(with, "with-convoys")? };
    Ok(ConvoyPrice {
        links,
        most_pcu_h,
        overfull,
        t90_s: [without.t90_s.bound, with.t90_s.bound],
        clearance_s: [without.clearance_s.bound, with.clearance_s.bound],
        person_hours: [without.person_hours.bound, with.person_hours.bound],
    })
}
