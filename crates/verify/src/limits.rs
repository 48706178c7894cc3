//! How much a checker does at the most (`docs/reference/semantics.md`, How much a checker takes on): files of strangers are checked,
//! and a small one must not take all memory or time. A folder beyond a bound is one of which nothing can be said.

use crate::Unreadable;
use crate::elements::CaseElements;
use crate::executable::OrderRoutes;
use crate::number::count;
use crate::raw::{RawScenario, RawTarget};
use clearway_model::{Certificate, Family, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// Occurrences of one row of `closures.csv` or `windows.csv` that begin before the horizon.
pub(crate) const OCCURRENCES_OF_ROW: i64 = 100_000;
/// The same of all rows of both tables.
pub(crate) const OCCURRENCES: i64 = 1_000_000;
/// The same, a row for all links counted once for each link.
const LOOKED_AT: u64 = 10_000_000;
/// Where banned turns end: over all nodes, the links that end there and are the first of one, times all that leaves the node.
const TURNS: u64 = 20_000_000;
/// Families of a certificate.
const FAMILIES: usize = 16;
/// Over all families, cuts times places.
const THRESHOLDS: u64 = 200_000_000;
/// Cut arcs of a proof that unsplittable zones do not fit.
const CUT_ARCS: usize = 10_000;
/// Multiples of `grid_ms` within the horizon.
const GRID: i64 = 1_000_000;
/// Terms of the formula evaluated: over all families, times of the grid and of the curve times what counts in the longest cut.
const TERMS: u128 = 10_000_000_000;
/// Packets of a network loading.
const PACKETS: i128 = 20_000_000;
/// What the packets of a network loading pass, each link, connector and admission with its open and closed intervals.
const PASSED: i128 = 10_000_000_000;

fn too_much(file: &str, what: &str, found: impl ToString, most: impl ToString) -> Unreadable {
    Unreadable::format(
        file,
        format!("{} {what}; at most {} are checked", found.to_string(), most.to_string()),
    )
}

/// What has to be looked at for the open sets: a row for all links counts once for each of them.
pub(crate) fn occurrences(raw: &RawScenario) -> Result<(), Unreadable> {
    let rows = raw.windows.iter().chain(&raw.closures);
    let found: u64 = rows
        .map(|row| {
            let targets = if row.target == RawTarget::AllLinks { count(raw.links.len()) } else { 1 };
            count(row.times.len()) * targets
        })
        .sum();
    if found > LOOKED_AT {
        return Err(too_much("windows.csv and closures.csv", "occurrences over all links", found, LOOKED_AT));
    }
    Ok(())
}

/// Nodes with banned turns: each pair of a link that ends there and one that leaves it is looked at.
pub(crate) fn turns(raw: &RawScenario) -> Result<(), Unreadable> {
    let inbound: BTreeSet<usize> = raw.banned.iter().map(|turn| turn.0).collect();
    let mut ending: BTreeMap<usize, u64> = BTreeMap::new();
    for link in inbound {
        *ending.entry(raw.links[link].to).or_default() += 1;
    }
    let leaving = raw.links.iter().map(|link| link.from);
    let leaving = leaving.chain(raw.connectors.iter().filter(|row| !row.of_zone).map(|row| row.node));
    let found: u64 = leaving.filter_map(|node| ending.get(&node)).sum();
    if found > TURNS {
        return Err(too_much("movement.csv", "turns at nodes with banned ones", found, TURNS));
    }
    Ok(())
}

/// A certificate before its cuts are evaluated.
pub(crate) fn certificate(raw: &RawScenario, certificate: &Certificate) -> Result<(), Unreadable> {
    let file = "certificate.json";
    if certificate.families.len() > FAMILIES {
        return Err(too_much(file, "families", certificate.families.len(), FAMILIES));
    }
    // every link may have a place for its turns, and every zone one for its gate
    let places = raw.nodes.list.len() + raw.links.len() + 2 * raw.zones.len() + raw.sites.len();
    let cuts: usize = certificate.families.iter().map(|family| family.cuts.len()).sum();
    let found = count(cuts) * count(places);
    if found > THRESHOLDS {
        return Err(too_much(file, "thresholds (cuts x places)", found, THRESHOLDS));
    }
    let cut_arcs =
        |family: &Family| family.unsplittable_zones.as_ref().map_or(0, |proof| proof.cut_arcs.len());
    let found = certificate.families.iter().map(cut_arcs).max().unwrap_or(0);
    if found > CUT_ARCS {
        return Err(too_much(file, "cut arcs", found, CUT_ARCS));
    }
    let steps = raw.settings.horizon_ms / certificate.grid_ms.max(1);
    if steps > GRID {
        return Err(too_much(file, "times of the grid within the horizon", steps, GRID));
    }
    Ok(())
}

/// What will be evaluated at the times of the grid and of the curve.
pub(crate) fn terms(
    raw: &RawScenario,
    families: &[crate::certificate::CheckedFamily],
    grid_ms: i64,
    curve_rows: usize,
) -> Result<(), Unreadable> {
    let ends = u128::from(count(raw.zones.len() + raw.sites.len()));
    let steps = u128::from((raw.settings.horizon_ms / grid_ms.max(1)).unsigned_abs()) + 1;
    let mut found = 0u128;
    for family in families {
        let elements = &family.network.elements;
        let of = |open: usize| 1 + u128::from(count(elements.opens[open].0.len()));
        let sites: u128 = elements.admissions.iter().map(|admission| of(admission.open)).sum();
        let counted = |cut: &crate::certificate::CheckedCut| -> u128 {
            cut.crossing.arcs.iter().map(|arc| of(family.network.arc(arc.0).element.open)).sum()
        };
        let longest = family.cuts.iter().map(counted).max().unwrap_or(0);
        // each cut is evaluated for its own time as well, and a time between two cuts takes both
        let times = steps + u128::from(count(family.cuts.len() + curve_rows));
        found += times * (ends + sites + 2 * longest);
    }
    if found > TERMS {
        return Err(too_much("certificate.json", "terms to be evaluated", found, TERMS));
    }
    Ok(())
}

/// The packets of a network loading, before it begins.
pub(crate) fn replay(
    raw: &RawScenario,
    elements: &CaseElements,
    plan: &Plan,
    ways: &OrderRoutes,
) -> Result<(), Unreadable> {
    let open = |open: usize| 1 + i128::from(count(elements.opens[open].0.len()));
    let shut = |node: usize| elements.shut_nodes.get(&node).map_or(0, |set| i128::from(count(set.0.len())));
    let passed: Vec<i128> = ways
        .routes
        .iter()
        .map(|way| {
            let links = way.links.iter().map(|&link| {
                elements.links[link].map_or(0, |element| open(element.open)) + shut(raw.links[link].from)
            });
            let ends =
                [elements.connectors[way.from], elements.connectors[way.to], elements.admissions[way.site]];
            let ends: i128 = ends.iter().map(|element| open(element.open)).sum();
            links.sum::<i128>() + ends + shut(raw.connectors[way.to].node)
        })
        .collect();
    let packets = |people: i64| i128::from((people - 1) / plan.packet_people + 1);
    let found: i128 = plan.orders.iter().map(|order| packets(order.people)).sum();
    if found > PACKETS {
        return Err(too_much("plan.json", "packets", found, PACKETS));
    }
    let orders = plan.orders.iter().zip(&ways.of_order);
    let found: i128 = orders.map(|(order, &route)| packets(order.people) * passed[route]).sum();
    if found > PASSED {
        return Err(too_much("plan.json", "intervals passed by the packets", found, PASSED));
    }
    Ok(())
}
