//! Bounds for all means together (`docs/reference/multimodal.md`, Joint bounds). A claim holds if some cut of the certificate in
//! `roads-bound/`, or what sites take in, proves it.

use super::folder;
use super::given::{RawGroup, RawMultimodal};
use super::parts::{Counted, compare_on_roads};
use crate::certificate::{CheckedCut, CheckedFamily};
use crate::cut::{HoldingRole, TermSubject, UNITS_PER_PERSON};
use crate::elements::{CaseElement, CaseElements};
use crate::finding::CheckFindings;
use crate::number::{self, real};
use crate::raw::RawScenario;
use crate::{CheckedCounts, Unreadable};
use clearway_model::{
    Case, Figure, JointBound, Means, MultimodalSettings, MultimodalSummary, SharedResource, Store, SubStore,
};

const QUARTER: i64 = MultimodalSettings::QUARTER_MS;

/// A multimodal plan folder and its scenario.
pub(crate) struct JointCheck<'a> {
    pub plan: &'a dyn Store,
    pub scenario: &'a dyn Store,
    pub raw: &'a RawScenario,
    pub given: &'a RawMultimodal,
}

const MISSING: &str = "a joint bound that could be stated is missing";

impl JointCheck<'_> {
    /// Checks each joint bound that is claimed, and that none is missing; those claimed.
    pub fn check(
        &self,
        claimed: &MultimodalSummary,
        checked: &mut Vec<(String, CheckedCounts)>,
        findings: &mut CheckFindings,
    ) -> Result<Vec<JointBound>, Unreadable> {
        let carried: i64 = Means::FLEET.iter().map(|m| self.given.people(*m)).sum();
        let drives = self.given.people(Means::Vehicle) > 0;
        let of = |of: SharedResource| claimed.joint.iter().find(|bound| bound.of == of);
        if claimed.joint.len()
            != [SharedResource::Roads, SharedResource::Sites].iter().filter(|s| of(**s).is_some()).count()
        {
            findings.add("everyone.joint", "joint", claimed.joint.len(), "", "each joint bound stands once");
        }
        match (of(SharedResource::Roads), drives && carried > 0) {
            (bound, true) => self.roads(bound, checked, findings)?,
            (None, false) => {}
            (Some(_), false) => {
                let message =
                    "the roads have a joint bound only where own vehicles and a fleet both move people";
                findings.add("everyone.joint", "roads", "one", "none", message);
            }
        }
        self.sites(of(SharedResource::Sites), findings)?;
        Ok(claimed.joint.clone())
    }

    /// Without `bound`: that there is nothing to claim.
    fn roads(
        &self,
        bound: Option<&JointBound>,
        checked: &mut Vec<(String, CheckedCounts)>,
        findings: &mut CheckFindings,
    ) -> Result<(), Unreadable> {
        let Self { plan, scenario, raw, given } = *self;
        let name = "roads-bound";
        let part = SubStore::new(plan, name);
        let own = RawScenario::read(&SubStore::new(&part, "scenario"))?;
        let counted = self.counted(&own);
        compare_on_roads(&own, (scenario, raw, given), &counted, name, findings)?;
        folder(plan, name, checked, findings)?;
        let proofs = crate::certificate::central(&part, &own)?;
        let evacuees = proofs.network.elements.all_evacuees;
        if let Some(bound) = bound.filter(|bound| bound.people != evacuees) {
            findings.add(
                "everyone.joint",
                "roads.people",
                bound.people,
                evacuees,
                "not the number of people whom this bound counts",
            );
        }
        let most = raw.settings.horizon_ms;
        let t =
            bound.map_or(1, |bound| bound.clearance_s.map_or(most, |s| number::whole((s * 1000.0).round())));
        let need = i128::from(evacuees) * UNITS_PER_PERSON;
        let fleet = evacuees - self.evacuees(&[Means::Vehicle]);
        let largest = given.fleet.iter().map(|k| k.pcu / own_pcu(raw)).fold(0.0, f64::max);
        let proves = |cut: &&CheckedCut| {
            cut.crossing.theta >= t
                && self.value(&own, &proofs, cut, t, (largest, fleet)).is_some_and(|value| value < need)
        };
        let place = "roads.clearance_s";
        match (bound, proofs.cuts.iter().any(|cut| proves(&cut))) {
            (Some(_), false) if t > 0 => {
                findings.add("everyone.joint", place, t, "", "no cut of roads-bound/ proves this");
            }
            (None, true) => findings.add("everyone.joint", "roads", "none", "one", MISSING),
            _ => {}
        }
        Ok(())
    }

    /// Per zone those with vehicles of their own and, by the room they take, those whom the fleet carries; of these as many as `own`
    /// has, if that is the number rounded down.
    fn counted(&self, own: &RawScenario) -> Vec<Counted> {
        let weights = Means::FLEET.map(|means| self.weight(means));
        (0..self.raw.zones.len())
            .map(|zone| {
                let group = |means: Means| self.given.group(zone, means).filter(|g| g.people > 0);
                let driver = group(Means::Vehicle);
                let carried: Vec<(&RawGroup, f64)> = Means::FLEET
                    .iter()
                    .zip(weights)
                    .filter_map(|(means, weight)| Some((group(*means)?, weight)))
                    .collect();
                let release = match driver.or_else(|| carried.first().map(|c| c.0)) {
                    Some(group) => group.release,
                    None => self.raw.zones[zone].release,
                };
                let of = |people: &dyn Fn(&RawGroup) -> i64, found: i64| {
                    let mut sum = driver.map_or(0, people);
                    // A product that is a whole number but for its last digit may be rounded either way.
                    let mut least = sum;
                    for (group, weight) in carried.iter().filter(|c| c.0.release == release) {
                        let some = real((people(group) - group.stay.unwrap_or(0)).max(0)) * weight;
                        sum += number::whole((some + 1e-6).floor());
                        least += number::whole((some - 1e-6).floor().max(0.0));
                    }
                    if (least..=sum).contains(&found) { found } else { sum }
                };
                let found = own.zones.get(zone).map(|z| z.people);
                let shown = |value: &dyn Fn(Figure<i64>) -> i64| found.map_or(0, value);
                let people = Figure {
                    value: of(&|g| g.people, shown(&|f| f.value)),
                    low: of(&|g| g.low.unwrap_or(g.people), shown(&|f| f.low)),
                    high: of(&|g| g.high.unwrap_or(g.people), shown(&|f| f.high)),
                };
                let stay = driver.and_then(|group| group.stay).unwrap_or(0);
                (people, Figure::new(stay, None, None), release)
            })
            .collect()
    }

    /// The room that somebody takes who needs this kind of place, as a share of somebody's in a vehicle of their own.
    fn weight(&self, means: Means) -> f64 {
        let slot = Means::FLEET.iter().position(|m| *m == means).unwrap_or(0);
        let able = self.given.fleet.iter().filter(|kind| kind.places[slot] > 0);
        let least = able.map(|kind| kind.pcu / real(kind.places.iter().sum::<i64>())).min_by(f64::total_cmp);
        least.map_or(0.0, |pcu| (pcu / own_pcu(self.raw)).min(1.0))
    }

    /// What a cut, moved to an earlier time `t`, lets pass together with what the fleet may use beyond its share at any moment.
    /// This is at most all whom the fleet carries, as nobody is counted twice in a cut.
    fn value(
        &self,
        own: &RawScenario,
        proofs: &CheckedFamily,
        cut: &CheckedCut,
        t: i64,
        (largest, fleet): (f64, i64),
    ) -> Option<i128> {
        let mut burst = 0;
        let by = cut.crossing.theta - t;
        let network = &proofs.network;
        let sum = network.value(own, &cut.crossing, by)?;
        for &(at, from, until) in &cut.crossing.arcs {
            let arc = network.arc(at);
            if matches!(arc.subject, TermSubject::Link(_)) {
                let (from, until) = ((from - by).max(0), until - by);
                burst += self.beyond(&network.elements, &arc.element, (from, until), largest);
            }
        }
        for (site, &from) in cut.crossing.sites.iter().enumerate() {
            let from = (from - by).max(0);
            let (usual, holding) = network.site(site, from, t)?;
            if holding == HoldingRole::DoesNotBind {
                let admission = &network.elements.admissions[site];
                let more = self.beyond(&network.elements, admission, (from, t), self.largest_load());
                let holds = network.elements.capacity[site].map(|c| i128::from(c) * UNITS_PER_PERSON);
                burst += holds.map_or(more, |holds| more.min(holds - usual));
            }
        }
        Some(sum + burst.min(i128::from(fleet) * UNITS_PER_PERSON))
    }

    /// People of some means who are to move, central.
    fn evacuees(&self, means: &[Means]) -> i64 {
        self.of(&|group| means.contains(&group.means))
    }

    fn of(&self, counts: &dyn Fn(&RawGroup) -> bool) -> i64 {
        let groups = self.given.groups.iter().filter(|group| counts(group));
        groups.map(|group| group.people - group.stay.unwrap_or(0)).sum()
    }

    fn largest_load(&self) -> f64 {
        real(self.given.fleet.iter().map(|k| k.places.iter().sum::<i64>()).max().unwrap_or(0))
    }

    /// What can pass in an interval beyond rate x open time: the fleet's share of all of the quarters it touches, and what one
    /// vehicle has above the share of a quarter.
    fn beyond(
        &self,
        elements: &CaseElements,
        element: &CaseElement,
        (from, until): (i64, i64),
        largest: f64,
    ) -> i128 {
        let Some(rate) = element.rate else { return 0 };
        let (mut length, mut quarters, mut counted) = (0, 0, -1);
        for &(begin, end) in &elements.opens[element.open].0 {
            let (begin, end) = (begin.max(from), end.min(until));
            if begin >= end {
                continue;
            }
            length += end - begin;
            let last = (end - 1).div_euclid(QUARTER);
            quarters += last - counted.max(begin.div_euclid(QUARTER) - 1);
            counted = last;
        }
        if length == 0 {
            return 0;
        }
        let share = real(rate) * self.given.settings.fleet_share;
        let one = (largest * number::real_sum(UNITS_PER_PERSON) - share * real(QUARTER)).max(0.0);
        number::whole_sum((share * real(quarters * QUARTER - length) + one).ceil())
    }

    /// Without `bound`: that there is nothing to claim.
    fn sites(&self, bound: Option<&JointBound>, findings: &mut CheckFindings) -> Result<(), Unreadable> {
        let several = self.given.all_means().into_iter().filter(|m| self.given.people(*m) > 0).count() > 1;
        if bound.is_none() && !several {
            return Ok(());
        }
        let elements = CaseElements::of(self.raw, Case::Central)?;
        let evacuees = self.of(&|_| true);
        if let Some(bound) = bound.filter(|bound| bound.people != evacuees) {
            findings.add(
                "everyone.joint",
                "sites.people",
                bound.people,
                evacuees,
                "not the number of people whom this bound counts",
            );
        }
        let most = self.raw.settings.horizon_ms;
        let t =
            bound.map_or(1, |bound| bound.clearance_s.map_or(most, |s| number::whole((s * 1000.0).round())));
        let most = (0..self.raw.sites.len()).try_fold((0i128, 0i128), |(sum, burst), site| {
            let admission = &elements.admissions[site];
            let holds = elements.capacity[site].map(|people| i128::from(people) * UNITS_PER_PERSON);
            let Some(rate) = admission.rate else { return Some((sum + holds?, burst)) };
            let usual = i128::from(rate) * i128::from(elements.opens[admission.open].length(0, t));
            let more = self.beyond(&elements, admission, (0, t), self.largest_load());
            let (usual, more) = match holds {
                Some(holds) => (usual.min(holds), more.min((holds - usual).max(0))),
                None => (usual, more),
            };
            Some((sum + usual, burst + more))
        });
        let fleet = i128::from(self.evacuees(&Means::FLEET)) * UNITS_PER_PERSON;
        let most = most.map(|(sum, burst)| sum + burst.min(fleet));
        let can = most.is_none_or(|most| most >= i128::from(evacuees) * UNITS_PER_PERSON);
        if bound.is_none() && !can {
            findings.add("everyone.joint", "sites", "none", "one", MISSING);
        }
        if bound.is_some() && can {
            let most = most.map_or_else(String::new, |most| (most / UNITS_PER_PERSON).to_string());
            findings.add(
                "everyone.joint",
                "sites.clearance_s",
                t,
                most,
                "the sites can receive everybody before this time",
            );
        }
        Ok(())
    }
}

/// pcu per person in a vehicle of their own.
fn own_pcu(raw: &RawScenario) -> f64 {
    let class = &raw.settings.class[0];
    class.pcu_per_vehicle / class.people_per_vehicle.unwrap_or(1.0)
}
