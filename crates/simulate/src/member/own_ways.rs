//! Ways that people take who do not heed their orders, or have none.

use crate::chance::Stream;
use crate::streets::Streets;
use crate::trips::StreetIds;
use crate::ways::{Rest, is_usable, rests, rests_to, way};
use clearway_model::number::{compact, count, float, index};
use clearway_model::{Plan, Scenario};
use clearway_network::{ElementIndex, ElementKind, Network, PerElement, SiteIndex, link_length_m};
use std::collections::BTreeMap;

/// At most so many places on the roads from which people leave without being asked, in one member.
const MOST_PLACES: usize = 2000;

/// Ways on empty roads, which are the same for all members of an ensemble.
#[derive(Debug, Clone)]
pub(super) struct OwnWays {
    /// Per route of the plan, the fastest way from where it begins to its site; `None`: there is none.
    pub to_site: Vec<Option<Vec<u32>>>,
    /// Per route of the plan, the way from where it begins to the nearest site; `None`: there is none.
    pub to_nearest: Vec<Option<Vec<u32>>>,
    /// Per element, what is left to the nearest site.
    nearest: PerElement<Option<Rest>>,
    /// Links that lead to a site, in the order of streets, each with the length of all up to it, m.
    places: Vec<(ElementIndex, f64)>,
    /// The network with the figures of the plan, on which people know the ways.
    pub network: Network,
    /// Its streets.
    pub streets: Streets,
}

impl OwnWays {
    /// The ways for the routes of a plan.
    pub fn new(scenario: &Scenario, plan: &Plan, network: &Network, streets: &Streets) -> Self {
        let ids = StreetIds::new(scenario, network, streets);
        let sites: BTreeMap<&str, SiteIndex> = network
            .sites
            .keys()
            .map(|site| (scenario.sites[usize::from(site)].site_id.as_str(), site))
            .collect();
        let nearest = rests_to(network, network.sites.keys());
        let begin = |number: usize| {
            let street = ids.connector(&plan.routes[number].from_connector)?;
            Some(streets.elements[index(street)])
        };
        let to_nearest =
            (0..plan.routes.len()).map(|number| way(network, streets, &nearest, begin(number)?)).collect();
        let mut by_site: BTreeMap<SiteIndex, Vec<usize>> = BTreeMap::new();
        for (number, route) in plan.routes.iter().enumerate() {
            if let Some(&site) = sites.get(route.site_id.as_str()) {
                by_site.entry(site).or_default().push(number);
            }
        }
        let mut to_site = vec![None; plan.routes.len()];
        for (site, numbers) in by_site {
            let rest = rests(network, site);
            for number in numbers {
                to_site[number] = begin(number).and_then(|from| way(network, streets, &rest, from));
            }
        }
        let places = places(scenario, network, streets, &nearest);
        let (network, streets) = (network.clone(), streets.clone());
        Self { to_site, to_nearest, nearest, places, network, streets }
    }

    /// Places on the roads by chance, longer roads more often, each with its way to the nearest site.
    pub fn begins_anywhere(&self, stream: &mut Stream, vehicles: usize) -> Vec<Vec<u32>> {
        let (network, streets) = (&self.network, &self.streets);
        let Some(&(_, all_m)) = self.places.last() else { return Vec::new() };
        let mut elements: Vec<ElementIndex> = (0..vehicles.min(MOST_PLACES))
            .filter_map(|_| {
                let at_m = stream.uniform() * all_m;
                let place = self.places.partition_point(|place| place.1 <= at_m);
                Some(self.places.get(place)?.0)
            })
            .collect();
        elements.sort_by_key(|&element| streets.of_element[element]);
        elements.dedup();
        elements.into_iter().filter_map(|element| way(network, streets, &self.nearest, element)).collect()
    }
}

fn places(
    scenario: &Scenario,
    network: &Network,
    streets: &Streets,
    nearest: &PerElement<Option<Rest>>,
) -> Vec<(ElementIndex, f64)> {
    let mut sum_m = 0.0;
    streets
        .elements
        .iter()
        .filter(|&&element| nearest[element].is_some() && is_usable(network, element))
        .filter_map(|&element| match network.elements[element].kind {
            ElementKind::Link(row) => {
                sum_m += link_length_m(&scenario.links[row]).unwrap_or(0.0);
                Some((element, sum_m))
            }
            _ => None,
        })
        .collect()
}

/// Which of `all` by a uniform number.
pub(super) fn one_of(uniform: f64, all: usize) -> u32 {
    compact(count(uniform * float(all)).min(all.saturating_sub(1)))
}
