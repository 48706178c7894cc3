//! All figures of the answer, the price of convoys apart.

use clearway_model::TOOL;
use clearway_needs::report::{self, NeedsReport};
use clearway_needs::{Climate, GivenSupplies, OccupancyKind, PlanOccupancy, Rates, SupplyBalance};

/// The figures. What depends on the request alone is left as it is without one.
pub(super) fn report(
    known: &PlanOccupancy,
    given: &GivenSupplies,
    rates: &Rates,
    climate: Climate,
) -> NeedsReport {
    let named = |item: usize, kind: OccupancyKind| given.names(item, kind, &known.presences);
    // by whether a row names a zone, and whether one names a site
    let not_given = |zone: bool, site: bool| -> Vec<String> {
        let is = |item: &usize| {
            named(*item, OccupancyKind::Origin) == zone && named(*item, OccupancyKind::Site) == site
        };
        (0..rates.0.len()).filter(is).map(|item| rates.0[item].item.clone()).collect()
    };
    let balance = SupplyBalance {
        presences: &known.presences,
        supplies: &given.supplies,
        deliveries: &given.aid.deliveries,
        rates,
        climate,
    };
    NeedsReport {
        schema: "clearway-needs/1",
        tool: TOOL,
        name: known.scenario.settings.name.clone(),
        climate,
        with_supplies: false,
        not_given: not_given(false, false),
        not_given_in_zones: not_given(false, true),
        not_given_at_sites: not_given(true, false),
        redacted: false,
        left_out_hours: 0,
        totals: report::totals(&known.presences),
        peaks: report::peaks(&known.presences, rates, climate),
        sites: report::fills(&known.scenario.sites, &known.presences),
        shortfalls: balance.shortfalls(),
        below: balance.below(),
        rest_points: known.rest.clone(),
        longest_way_m: known.longest_way_m,
        convoys: report::convoy_days(&given.aid),
        unmet: given.aid.unmet.clone(),
        price: None,
        unverified_items: rates
            .0
            .iter()
            .filter(|rate| !rate.verified)
            .map(|rate| rate.item.clone())
            .collect(),
        strips: report::strips(&balance, &|item| given.names(item, OccupancyKind::Site, &known.presences)),
    }
}
