//! Reads the families of `certificate.json` and checks every cut against the formula.

use crate::Unreadable;
use crate::cut::{CutIntervals, CutNetwork, UNITS_PER_PERSON};
use crate::elements::CaseElements;
use crate::finding::CheckFindings;
use crate::number::narrow;
use crate::raw::RawScenario;
use crate::unreadable::required;
use crate::unsplittable::{self, UnsplittableProof};
use clearway_model::{Case, Certificate, Family, Plan, Store};
use std::collections::BTreeSet;

/// A cut with its value as recomputed, in units of [`UNITS_PER_PERSON`].
#[derive(Debug)]
pub(crate) struct CheckedCut {
    pub crossing: CutIntervals,
    /// Threshold per place, ms.
    pub alpha: Vec<i64>,
    pub value: i128,
}

/// A family whose cuts could be evaluated.
#[derive(Debug)]
pub(crate) struct CheckedFamily {
    pub family: String,
    pub case: Case,
    pub routes_per_zone: Option<u32>,
    pub network: CutNetwork,
    /// In ascending order of the time for which they are made.
    pub cuts: Vec<CheckedCut>,
    /// Why unsplittable zones do not fit by a time.
    pub whole: Option<UnsplittableProof>,
}

/// Rounds a value in units up to whole people.
pub(crate) fn whole_people(value: i128) -> i128 {
    (value + UNITS_PER_PERSON - 1).div_euclid(UNITS_PER_PERSON)
}

/// Evaluates all families. Those that cannot be read as thresholds are left out, with a finding.
pub(crate) fn check(
    raw: &RawScenario,
    plan: &Plan,
    certificate: &Certificate,
    findings: &mut CheckFindings,
) -> Result<Vec<CheckedFamily>, Unreadable> {
    crate::limits::certificate(raw, certificate)?;
    let mut names = BTreeSet::new();
    let mut all = Vec::with_capacity(certificate.families.len());
    for family in &certificate.families {
        if !names.insert(family.family.as_str()) {
            findings.add("certificate.family", &family.family, "", "", "a family of this name stands twice");
            continue;
        }
        check_name(family, findings);
        let elements = CaseElements::of(raw, family.case)?;
        let network = CutNetwork::new(raw, elements, family.routes_per_zone);
        let Some(places) = resolve(&network, family, findings) else { continue };
        let cuts = evaluate(raw, &network, family, &places, findings);
        all.push(CheckedFamily {
            family: family.family.clone(),
            case: family.case,
            routes_per_zone: family.routes_per_zone,
            network,
            cuts,
            whole: unsplittable::check(raw, family, findings),
        });
    }
    let limited = plan.routes_per_zone.map(|routes| format!("routes-{routes}"));
    for name in ["central", "optimistic"].into_iter().chain(limited.as_deref()) {
        if !names.contains(name) {
            findings.add("certificate.family", name, "", "", "this family must be there");
        }
    }
    if certificate.grid_ms < 1 {
        findings.add("certificate.grid", "grid_ms", certificate.grid_ms, "", "must be at least 1");
    }
    Ok(all)
}

/// The central family of a plan folder that has been checked already.
///
/// # Errors
/// [`Unreadable`] if there is none.
pub(crate) fn central(plan: &dyn Store, raw: &RawScenario) -> Result<CheckedFamily, Unreadable> {
    let file = "certificate.json";
    let certificate: Certificate = crate::json::read(file, &required(plan, file)?)?;
    let family = certificate.families.iter().find(|family| family.family == "central");
    let family = family.ok_or_else(|| Unreadable::value(file, "", "families", "", "the family central"))?;
    let network = CutNetwork::new(raw, CaseElements::of(raw, family.case)?, family.routes_per_zone);
    // What does not hold was found when the folder was checked.
    let mut found = CheckFindings::default();
    let places = resolve(&network, family, &mut found);
    let places = places.ok_or_else(|| Unreadable::value(file, "", "places", "", "places of the scenario"))?;
    let cuts = evaluate(raw, &network, family, &places, &mut found);
    Ok(CheckedFamily {
        family: family.family.clone(),
        case: family.case,
        routes_per_zone: None,
        network,
        cuts,
        whole: None,
    })
}

/// The names that the reference gives a meaning must have it.
fn check_name(family: &Family, findings: &mut CheckFindings) {
    let named = match family.family.as_str() {
        "central" => Some((Case::Central, None)),
        "optimistic" => Some((Case::Optimistic, None)),
        name => name.strip_prefix("routes-").map(|routes| (Case::Central, routes.parse::<u32>().ok())),
    };
    if named.is_some_and(|expected| expected != (family.case, family.routes_per_zone)) {
        let message = "case and routes_per_zone are not those of the name";
        findings.add("certificate.family", &family.family, "", "", message);
    }
}

/// Positions of the listed places; `None` if the list cannot be used.
fn resolve(network: &CutNetwork, family: &Family, findings: &mut CheckFindings) -> Option<Vec<usize>> {
    let before = findings.total();
    let mut listed = vec![false; network.places()];
    let mut places = Vec::with_capacity(family.places.len());
    for name in &family.places {
        let place = format!("{}, {name}", family.family);
        match network.place(name) {
            None => findings.add("certificate.place", place, "", "", "no such place in this family"),
            Some(at) if std::mem::replace(&mut listed[at], true) => {
                findings.add("certificate.place", place, "", "", "this place is listed twice");
            }
            Some(at) => places.push(at),
        }
    }
    if family.base_ms.len() != family.places.len() {
        let (found, expected) = (family.base_ms.len(), family.places.len());
        findings.add("certificate.base", &family.family, found, expected, "one base_ms per place");
    }
    (findings.total() == before).then_some(places)
}

/// The cuts of a family with the values that they have by the formula. One that says less than it claims is a finding, and its own
/// value is used; one that cannot be evaluated is left out.
fn evaluate(
    raw: &RawScenario,
    network: &CutNetwork,
    family: &Family,
    places: &[usize],
    findings: &mut CheckFindings,
) -> Vec<CheckedCut> {
    let mut cuts: Vec<CheckedCut> = Vec::with_capacity(family.cuts.len());
    for cut in &family.cuts {
        let theta = cut.theta_ms;
        let place = format!("{} at {theta} ms", family.family);
        if !(0..=raw.settings.horizon_ms).contains(&theta) {
            findings.add("certificate.theta", &place, "", "", "not a time within the horizon");
            continue;
        }
        if cuts.last().is_some_and(|last| last.crossing.theta >= theta) {
            findings.add("certificate.theta", &place, "", "", "cuts must ascend in theta");
            continue;
        }
        let Some(values) = decode(&cut.k, places.len()) else {
            findings.add("certificate.k", &place, "", "", "must cover every place once");
            continue;
        };
        let mut alpha = vec![0i64; network.places()];
        for ((&at, value), &base) in places.iter().zip(values).zip(&family.base_ms) {
            // beyond 64 bits only in a file that somebody wrote to do harm
            let wanted = i128::from(value) * i128::from(family.unit_ms) - i128::from(base);
            alpha[at] = narrow(wanted.clamp(0, i128::from(theta)));
        }
        let crossing = network.crossing(&alpha, theta);
        let Some(value) = network.value(raw, &crossing, 0) else {
            findings.add(
                "certificate.infinite",
                &place,
                cut.bound_people,
                "",
                "these thresholds prove nothing",
            );
            continue;
        };
        if i128::from(cut.bound_people) != whole_people(value) {
            let message = "bound_people is not what the formula gives";
            findings.add("certificate.bound", &place, cut.bound_people, whole_people(value), message);
        }
        cuts.push(CheckedCut { crossing, alpha, value });
    }
    cuts
}

/// Undoes the run-length code; `None` unless it covers exactly `places` places.
fn decode(k: &[(u64, i64)], places: usize) -> Option<Vec<i64>> {
    let mut values = Vec::with_capacity(places);
    for &(count, value) in k {
        let count = usize::try_from(count).ok().filter(|count| *count <= places - values.len())?;
        values.extend(std::iter::repeat_n(value, count));
    }
    (values.len() == places).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_lengths_cover_every_place_once() {
        assert_eq!(decode(&[(2, 7), (0, 1), (1, -3)], 3), Some(vec![7, 7, -3]));
        assert_eq!(decode(&[(2, 7)], 3), None);
        assert_eq!(decode(&[(4, 7)], 3), None);
        assert_eq!(decode(&[(u64::MAX, 7)], 3), None);
        assert_eq!(decode(&[], 0), Some(vec![]));
    }

    #[test]
    fn people_are_rounded_up() {
        assert_eq!(whole_people(0), 0);
        assert_eq!(whole_people(1), 1);
        assert_eq!(whole_people(UNITS_PER_PERSON), 1);
    }
}
