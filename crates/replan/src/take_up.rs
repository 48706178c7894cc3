//! What counts have too many or too few is taken up by what was not counted.

use crate::balance::{Contradiction, RoadPeople, SiteNow, Situation};
use crate::counts::Observations;
use crate::tally::Tally;
use crate::whole::share_out;
use clearway_model::number::float;
use clearway_model::{Scenario, grouped};
use std::collections::BTreeMap;

/// People too many (or, negative, too few) for those there were.
pub(crate) fn difference(made: &Situation) -> i64 {
    let start: i64 = made.zones.iter().map(|zone| zone.at_start).sum();
    made.totals().iter().sum::<i64>() - start
}

/// What was not counted takes up a difference. `taken_off`: people of each zone whom counts leave no room for on roads and at sites where the
/// plan has them. `lost`: people who have left zones of which the plan has nobody anywhere else; nobody is put anywhere for them.
pub(crate) fn take_up(made: &mut Situation, taken_off: &[i64], lost: i64) {
    let found = difference(made);
    let too_many = if found < 0 { (found + lost).min(0) } else { found };
    if too_many > 0 {
        let road = made.road.iter_mut().map(|group| &mut group.people);
        let rest = remove(too_many, road.filter(|tally| tally.is_by_plan()).collect());
        let sites = made.sites.iter_mut().map(|site| &mut site.arrived);
        let rest = remove(rest, sites.filter(|tally| tally.is_by_plan()).collect());
        let zones = made.zones.iter_mut().map(|zone| &mut zone.waiting);
        remove(rest, zones.filter(|tally| tally.is_by_plan()).collect());
        for zone in &mut made.zones {
            zone.staying = zone.staying.min(zone.waiting.people);
        }
    } else if too_many < 0 {
        // who is missing has not left: nobody is taken to be farther than the counts say
        let zones: Vec<usize> = (0..made.zones.len())
            .filter(|&row| made.zones[row].waiting.is_by_plan() && taken_off[row] > 0)
            .collect();
        let room =
            |row: usize| (made.zones[row].at_start - made.zones[row].waiting.people).clamp(0, taken_off[row]);
        let most: Vec<i64> = zones.iter().map(|&row| room(row)).collect();
        let back = (-too_many).min(most.iter().sum());
        let weights: Vec<f64> = most.iter().copied().map(float).collect();
        for (&row, people) in zones.iter().zip(share_out(back, &weights)) {
            made.zones[row].waiting.add(people);
        }
        let groups: Vec<usize> = (0..made.road.len())
            .filter(|&group| made.road[group].people.is_by_plan() && made.road[group].people.people > 0)
            .collect();
        let weights: Vec<f64> = groups.iter().map(|&group| float(made.road[group].people.people)).collect();
        for (&group, people) in groups.iter().zip(share_out(-too_many - back, &weights)) {
            made.road[group].people.add(people);
        }
    }
}

/// People of each zone on roads and at sites before counts were held against them.
pub(crate) struct Whereabouts {
    /// Per zone its places, groups on the way first and then sites, with how many of its people are there.
    pub(crate) places: Vec<BTreeMap<usize, i64>>,
    /// Per zone, people who have left it and of whom the plan has nobody anywhere.
    pub(crate) lost: Vec<i64>,
    /// How many groups are on the way.
    pub(crate) groups: usize,
}

impl Whereabouts {
    /// People of each zone whom counts of roads and sites leave no room for.
    pub(crate) fn taken_off(&self, road: &[RoadPeople], sites: &[SiteNow]) -> Vec<i64> {
        let mut taken = vec![0; self.places.len()];
        let tallies = road.iter().take(self.groups).map(|group| group.people);
        for (place, tally) in tallies.chain(sites.iter().map(|site| site.arrived)).enumerate() {
            let there = |zone: &BTreeMap<usize, i64>| zone.get(&place).copied().unwrap_or(0);
            let all: i64 = self.places.iter().map(there).sum();
            let weights: Vec<f64> = self.places.iter().map(|zone| float(there(zone))).collect();
            for (taken, less) in taken.iter_mut().zip(share_out(all - tally.people, &weights)) {
                *taken += less;
            }
        }
        taken
    }
}

/// Names the counts of zones that people have left of whom the plan has nobody on the way or arrived. `lost`: them by zone; `all`: how many of
/// them no count of a road or site has found.
pub(crate) fn place_unknown(
    made: &mut Situation,
    scenario: &Scenario,
    observed: &Observations,
    lost: &[i64],
    all: i64,
) {
    let weights: Vec<f64> = lost.iter().copied().map(float).collect();
    for (row, people) in share_out(all, &weights).into_iter().enumerate() {
        let Some(count) = observed.waiting.get(&row) else { continue };
        if people == 0 || count.uncertainty.is_some_and(|stated| stated >= people) {
            continue;
        }
        let found = made.zones[row].waiting.people;
        made.contradictions.push(Contradiction {
            row: format!("{}, {}", count.file, count.row),
            found_people: found,
            expected_people: found + people,
            needed_uncertainty_people: people,
            stated_uncertainty_people: count.uncertainty,
            text: format!(
                "{} people have left zone {} of whom the plan has nobody on the way or arrived; where they are is not known",
                grouped(people),
                scenario.zones[row].zone_id
            ),
        });
    }
}

/// Takes people out of some places in proportion; how many could not be taken.
fn remove(people: i64, places: Vec<&mut Tally>) -> i64 {
    let all: i64 = places.iter().map(|tally| tally.people).sum();
    let taken = people.min(all);
    let weights: Vec<f64> = places.iter().map(|tally| float(tally.people)).collect();
    for (tally, less) in places.into_iter().zip(share_out(taken, &weights)) {
        tally.add(-less);
    }
    people - taken
}
