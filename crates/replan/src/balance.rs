//! Counts held against the plan: what was counted counts, all else is where the plan has it, and nobody is lost or counted twice.
//!
//! Of a zone whose people were counted, as many are on the way and arrived as it lacks, in the proportions of the plan. What roads and
//! sites then have too many or too few is taken up by what was not counted (people missing are still in their zones, people too many are
//! not on the way); only where everything was counted, or not enough is left to take it up, counts contradict each other.

use crate::counts::{Count, Observations};
use crate::plan_state::{MovingPacket, PlanState};
use crate::take_up::{Whereabouts, difference, place_unknown, take_up};
use crate::tally::{CountOrigin, Tally};
use crate::whole::share_out;
use clearway_model::number::float;
use clearway_model::{Scenario, grouped};
use clearway_network::{ElementIndex, ElementKind, Network};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One zone at the time of the new plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoneNow {
    /// People at the start of the plan, those who stay included.
    pub at_start: i64,
    /// People still there, those who stay included.
    pub waiting: Tally,
    /// Those of them who stay.
    pub staying: i64,
}

/// People on one element who go on by one path.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadPeople {
    /// What they are on.
    pub element: ElementIndex,
    /// What they pass after it; `None`: the plan has nobody there, so that it says no way for them.
    pub onward: Option<Vec<ElementIndex>>,
    /// When they come to its end, as the plan has it; empty: anywhere on it.
    pub packets: Vec<MovingPacket>,
    /// How many there are.
    pub people: Tally,
}

/// One site at the time of the new plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteNow {
    /// People admitted so far.
    pub arrived: Tally,
}

/// Counts that cannot all be right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Contradiction {
    /// File and row of the count; of several the one farthest from what the plan has.
    pub row: String,
    /// What was counted, people.
    pub found_people: i64,
    /// What the other figures leave for it, people.
    pub expected_people: i64,
    /// Uncertainty that this count alone would need, people in either direction.
    pub needed_uncertainty_people: i64,
    /// Uncertainty that was stated for all counts that have a part in it, people; `None`: for some nobody says.
    pub stated_uncertainty_people: Option<i64>,
    /// What contradicts what.
    pub text: String,
}

impl Contradiction {
    /// Whether all uncertainties are stated and do not suffice: then something is wrong, and not only unsure.
    pub fn is_certain(&self) -> bool {
        self.stated_uncertainty_people.is_some()
    }
}

/// Where everybody is at the time of the new plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Situation {
    /// The time, ms of the plan.
    pub at: i64,
    /// The zones, in the order of their table.
    pub zones: Vec<ZoneNow>,
    /// Who is on the way.
    pub road: Vec<RoadPeople>,
    /// The sites, in the order of their table.
    pub sites: Vec<SiteNow>,
    /// Counts that cannot all be right.
    pub contradictions: Vec<Contradiction>,
    /// People too few (negative) or too many in all, that nothing takes up.
    pub unaccounted: i64,
}

impl Situation {
    /// People still in zones, on the way and arrived.
    pub fn totals(&self) -> [i64; 3] {
        [
            self.zones.iter().map(|zone| zone.waiting.people).sum(),
            self.road.iter().map(|group| group.people.people).sum(),
            self.sites.iter().map(|site| site.arrived.people).sum(),
        ]
    }

    /// How many places were counted.
    pub fn counted_places(&self) -> usize {
        let zones = self.zones.iter().map(|zone| zone.waiting.origin);
        let road = self.road.iter().map(|group| group.people.origin);
        let sites = self.sites.iter().map(|site| site.arrived.origin);
        zones.chain(road).chain(sites).filter(|origin| *origin == CountOrigin::Counted).count()
    }
}

/// Holds what was counted against the plan. `now`: where the plan has everybody; `then`: where it had them when each count of some age was
/// made, by age in ms.
pub fn settle(
    scenario: &Scenario,
    network: &Network,
    now: &PlanState,
    then: &BTreeMap<i64, PlanState>,
    observed: &Observations,
) -> Situation {
    let mut settling = Settling { scenario, network, now, then, observed, contradictions: Vec::new() };
    let zones = settling.zones();
    let (mut road, mut sites, whereabouts) = settling.on_the_way_and_arrived(&zones);
    settling.count_roads(&mut road);
    settling.count_sites(&mut sites);
    let taken_off = whereabouts.taken_off(&road, &sites);
    let contradictions = std::mem::take(&mut settling.contradictions);
    let mut made = Situation { at: now.at, zones, road, sites, contradictions, unaccounted: 0 };
    // counts of roads and sites may have found them
    let lost = whereabouts.lost.iter().sum::<i64>().min((-difference(&made)).max(0));
    take_up(&mut made, &taken_off, lost);
    place_unknown(&mut made, scenario, observed, &whereabouts.lost, lost);
    settling.sums(&mut made, lost);
    made
}

struct Settling<'a> {
    scenario: &'a Scenario,
    network: &'a Network,
    now: &'a PlanState,
    then: &'a BTreeMap<i64, PlanState>,
    observed: &'a Observations,
    contradictions: Vec<Contradiction>,
}

impl Settling<'_> {
    /// Where the plan had everybody when a count was made.
    fn when(&self, count: &Count) -> &PlanState {
        self.then.get(&count.age_ms).unwrap_or(self.now)
    }

    fn zones(&mut self) -> Vec<ZoneNow> {
        let rows = self.network.zones.len();
        let left = self.now.left(rows);
        let left_then: BTreeMap<i64, Vec<i64>> =
            self.then.iter().map(|(&age, state)| (age, state.left(rows))).collect();
        let mut zones = Vec::with_capacity(rows);
        for (row, zone) in self.network.zones.iter().enumerate() {
            let at_start = self.observed.at_start.get(&row).map_or(zone.people, |count| count.people);
            let expected = zone.people - left[row];
            let by_plan = (at_start - left[row]).max(0);
            let waiting = match self.observed.waiting.get(&row) {
                Some(count) => {
                    let before = left_then.get(&count.age_ms).map_or(left[row], |left| left[row]);
                    Tally::counted(count, expected, before - left[row])
                }
                None => {
                    let table = &self.scenario.zones[row];
                    let mut tally = Tally::by_plan(by_plan, expected);
                    if !self.observed.at_start.contains_key(&row) {
                        let end = |end: Option<i64>| (end.unwrap_or(table.people) - left[row]).max(0);
                        (tally.low, tally.high) = (end(table.people_low), end(table.people_high));
                    }
                    tally
                }
            };
            if let Some(count) = self.observed.waiting.get(&row)
                && waiting.people > at_start
            {
                self.too_many_in_a_zone(row, count, waiting.people, at_start);
            }
            let staying = self.observed.staying.get(&row).map_or(zone.staying, |count| count.people);
            zones.push(ZoneNow { at_start, waiting, staying: staying.min(waiting.people) });
        }
        zones
    }

    fn too_many_in_a_zone(&mut self, row: usize, count: &Count, people: i64, at_start: i64) {
        let needed = people - at_start;
        let corrected = self.observed.at_start.get(&row).map(|count| count.uncertainty);
        // a zone's own figure may have a range as well
        let range = self.scenario.zones[row].people_high.unwrap_or(at_start) - at_start;
        let stated = match corrected {
            Some(of_start) => count.uncertainty.zip(of_start).map(|(a, b)| a + b),
            None => count.uncertainty.map(|own| own + range.max(0)),
        };
        if stated.is_some_and(|stated| stated >= needed) {
            return;
        }
        let zone = &self.scenario.zones[row].zone_id;
        self.contradictions.push(Contradiction {
            row: format!("{}, {}", count.file, count.row),
            found_people: people,
            expected_people: at_start,
            needed_uncertainty_people: needed,
            stated_uncertainty_people: stated,
            text: format!(
                "{} people are counted in zone {zone}, where {} were at the start; the count would have to be off by {} people",
                grouped(people),
                grouped(at_start),
                grouped(needed)
            ),
        });
    }

    /// As many as zones lack, where the plan has them.
    fn on_the_way_and_arrived(&self, zones: &[ZoneNow]) -> (Vec<RoadPeople>, Vec<SiteNow>, Whereabouts) {
        let groups = &self.now.on_the_way;
        let site_rows = self.network.sites.len();
        // per zone its places, groups first, with how many the plan has there
        let mut places: Vec<BTreeMap<usize, i64>> = vec![BTreeMap::new(); zones.len()];
        for (number, group) in groups.iter().enumerate() {
            for packet in &group.packets {
                *places[packet.zone].entry(number).or_insert(0) += packet.people;
            }
        }
        for (&(site, zone), people) in &self.now.arrived {
            *places[zone].entry(groups.len() + site).or_insert(0) += people;
        }
        let mut people = vec![0; groups.len() + site_rows];
        let mut lost = vec![0; zones.len()];
        for ((zone, places), lost) in zones.iter().zip(&mut places).zip(&mut lost) {
            let left = (zone.at_start - zone.waiting.people).max(0);
            if places.is_empty() {
                *lost = left;
            }
            if left != places.values().sum::<i64>() {
                let weights: Vec<f64> = places.values().copied().map(float).collect();
                for (there, n) in places.values_mut().zip(share_out(left, &weights)) {
                    *there = n;
                }
            }
            places.iter().for_each(|(&place, n)| people[place] += n);
        }
        let expected = |group: usize| groups[group].packets.iter().map(|packet| packet.people).sum();
        let road = groups
            .iter()
            .enumerate()
            .map(|(number, group)| RoadPeople {
                element: group.element,
                onward: Some(group.onward.clone()),
                packets: group.packets.clone(),
                people: Tally::by_plan(people[number], expected(number)),
            })
            .collect();
        let sites = (0..site_rows)
            .map(|site| SiteNow {
                arrived: Tally::by_plan(people[groups.len() + site], self.now.at_site(site)),
            })
            .collect();
        let whereabouts = Whereabouts { places, lost, groups: groups.len() };
        (road, sites, whereabouts)
    }

    fn count_roads(&self, road: &mut Vec<RoadPeople>) {
        let elements = self.network.elements.iter_enumerated();
        let element_of: BTreeMap<usize, ElementIndex> = elements
            .filter_map(|(at, element)| match element.kind {
                ElementKind::Link(row) => Some((row, at)),
                _ => None,
            })
            .collect();
        for (row, count) in &self.observed.on_road {
            let Some(&element) = element_of.get(row) else { continue };
            let expected = self.now.on(element);
            let counted = Tally::counted(count, expected, expected - self.when(count).on(element));
            let on: Vec<usize> = (0..road.len()).filter(|&group| road[group].element == element).collect();
            let mut weights: Vec<f64> = on.iter().map(|&group| float(road[group].people.people)).collect();
            if weights.iter().sum::<f64>() <= 0.0 {
                // other counts leave nobody there: as the plan has them
                weights = on.iter().map(|&group| float(road[group].people.expected)).collect();
            }
            if on.is_empty() {
                road.push(RoadPeople { element, onward: None, packets: Vec::new(), people: counted });
                continue;
            }
            let [people, low, high] =
                [counted.people, counted.low, counted.high].map(|people| share_out(people, &weights));
            for (at, &group) in on.iter().enumerate() {
                let expected = road[group].people.expected;
                road[group].people = Tally {
                    people: people[at],
                    low: low[at].min(people[at]),
                    high: high[at].max(people[at]),
                    expected,
                    ..counted
                };
            }
        }
    }

    fn count_sites(&self, sites: &mut [SiteNow]) {
        for (&row, count) in &self.observed.arrived {
            let expected = self.now.at_site(row);
            let forward = expected - self.when(count).at_site(row);
            sites[row].arrived = Tally::counted(count, expected, forward);
        }
    }

    /// Whether all there are come to all there were.
    fn sums(&self, made: &mut Situation, lost: i64) {
        made.unaccounted = difference(made);
        // of those whose place is unknown the row of their zone is named
        let difference = made.unaccounted + lost;
        if difference == 0 {
            return;
        }
        let observed = self.observed;
        let counts = [&observed.waiting, &observed.on_road, &observed.arrived, &observed.at_start];
        let all: Vec<&Count> = counts.into_iter().flat_map(BTreeMap::values).collect();
        let stated: Option<i64> = all.iter().map(|count| count.uncertainty).sum();
        let sum: i64 = all.iter().filter_map(|count| count.uncertainty).sum();
        if sum >= difference.abs() {
            return;
        }
        let Some((count, tally)) = self.farthest(made, difference) else { return };
        let total: i64 = made.zones.iter().map(|zone| zone.at_start).sum();
        let more = if difference > 0 { "more" } else { "fewer" };
        let needed = difference.abs() - sum;
        made.contradictions.push(Contradiction {
            row: format!("{}, {}", count.file, count.row),
            found_people: tally.people,
            expected_people: tally.expected,
            needed_uncertainty_people: difference.abs(),
            stated_uncertainty_people: stated,
            text: format!(
                "in zones, on the way and arrived there are {} people {more} than the {} of the plan; the uncertainties that are stated come to {} people, {} people short. This count is farthest from the plan, which has {} there",
                grouped(difference.abs()),
                grouped(total),
                grouped(sum),
                grouped(needed),
                grouped(tally.expected)
            ),
        });
    }

    /// The count that is farthest from the plan, in the direction of a difference.
    fn farthest(&self, made: &Situation, difference: i64) -> Option<(&Count, Tally)> {
        let observed = self.observed;
        let zones = observed.waiting.iter().map(|(&row, count)| (count, made.zones[row].waiting));
        let sites = observed.arrived.iter().map(|(&row, count)| (count, made.sites[row].arrived));
        let roads = observed.on_road.iter().map(|(&row, count)| {
            let is_it = |element: ElementIndex| {
                matches!(self.network.elements[element].kind, ElementKind::Link(link) if link == row)
            };
            let groups = made.road.iter().filter(|group| is_it(group.element));
            let mut tally = Tally::by_plan(0, 0);
            for group in groups {
                tally.people += group.people.people;
                tally.expected += group.people.expected;
            }
            (count, tally)
        });
        let starts = observed.at_start.iter().map(|(&row, count)| {
            (
                count,
                Tally::by_plan(
                    count.people,
                    self.network.zones[clearway_network::ZoneIndex::from(row)].people,
                ),
            )
        });
        // a figure of the start that is too low makes people too many
        let of_now = zones
            .chain(sites)
            .chain(roads)
            .map(|(count, tally)| ((tally.people - tally.expected) * difference.signum(), count, tally));
        let of_start = starts
            .map(|(count, tally)| ((tally.expected - tally.people) * difference.signum(), count, tally));
        of_now.chain(of_start).max_by_key(|(off, ..)| *off).map(|(_, count, tally)| (count, tally))
    }
}
