//! Unsplittable zones (`docs/reference/semantics.md`, Unsplittable zones): with one route per zone all people of a zone pass the same
//! cut arc, and the cut arcs may not have room for the zones by a time, though they would have for their people.

use crate::certificate::CheckedFamily;
use crate::cut::{CutNetwork, TermSubject, UNITS_PER_PERSON};
use crate::elements::{CaseElement, CaseElements};
use crate::finding::CheckFindings;
use crate::number::{narrow, position, signed};
use crate::raw::RawScenario;
use crate::spans::FOREVER;
use clearway_model::{Family, UnsplittableZones};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// A proof that needs a larger table than this is refused.
const MOST_STEPS: i64 = 50_000_000;
/// The largest weight that a zone may have in a proof; sums of such weights cannot overflow.
const MOST_WEIGHT: u64 = 1_000_000;

/// Room for more people than there can be.
const UNLIMITED: i64 = i64::MAX;

/// A proof as read, with the rooms of its cut arcs.
#[derive(Debug)]
pub(crate) struct UnsplittableProof {
    /// Not everybody has arrived strictly before this time, ms.
    pub theta: i64,
    /// Per zone with a weight: its evacuees and the weight.
    zones: Vec<(i64, u64)>,
    /// How many people can pass each cut arc in time.
    rooms: Vec<i64>,
    /// People per step of the table: sizes and rooms are rounded down to whole steps, zones and rooms alike, so that zones only fit
    /// better.
    unit: i64,
}

/// A number of steps of the table as a position in it; never negative, and no larger than [`MOST_STEPS`].
fn size(steps: i64) -> usize {
    position(steps.unsigned_abs())
}

impl UnsplittableProof {
    /// Whether the weights exceed all that the rooms can hold.
    fn proves(&self) -> bool {
        let rooms = self.rooms.iter().map(|room| room / self.unit);
        let everybody: i64 = self.zones.iter().map(|zone| zone.0 / self.unit).sum();
        // a room for everybody holds them all
        let rooms: Vec<usize> = rooms.map(|room| size(room.min(everybody))).collect();
        let mut most = vec![0u64; rooms.iter().max().map_or(1, |room| room + 1)];
        for &(people, weight) in &self.zones {
            let size = size(people / self.unit);
            for held in (size..most.len()).rev() {
                most[held] = most[held].max(most[held - size].saturating_add(weight));
            }
        }
        let held = rooms.iter().fold(0u64, |sum, &room| sum.saturating_add(most[room]));
        held < self.zones.iter().fold(0u64, |sum, zone| sum.saturating_add(zone.1))
    }
}

impl CheckedFamily {
    /// No plan has brought everybody before this, s; `None` where none does within the horizon.
    pub fn clearance_s(&self, raw: &RawScenario) -> Option<f64> {
        let by_cuts = self.earliest(raw, self.network.elements.all_evacuees).0?;
        let by_whole = self.whole.as_ref().map_or(0, |whole| whole.theta);
        (by_whole < raw.settings.horizon_ms).then(|| crate::figures::seconds(by_cuts.max(by_whole)))
    }
}

/// Reads the proof of a family and checks it; `None` if there is none that holds.
pub(crate) fn check(
    raw: &RawScenario,
    family: &Family,
    findings: &mut CheckFindings,
) -> Option<UnsplittableProof> {
    let claimed = family.unsplittable_zones.as_ref()?;
    let place = format!("{} at {} ms", family.family, claimed.theta_ms);
    match read(raw, family, claimed) {
        Ok(whole) => Some(whole),
        Err(why) => {
            findings.add("certificate.unsplittable_zones", place, "", "", why);
            None
        }
    }
}

fn read(
    raw: &RawScenario,
    family: &Family,
    claimed: &UnsplittableZones,
) -> Result<UnsplittableProof, &'static str> {
    if family.routes_per_zone != Some(1) {
        return Err("only for plans with one route per zone");
    }
    let theta = claimed.theta_ms;
    if !(1..=raw.settings.horizon_ms).contains(&theta) || claimed.unit_people < 1 {
        return Err("a time within the horizon and a unit of at least one person");
    }
    let elements =
        CaseElements::of(raw, family.case).map_err(|_| "the elements of this case cannot be read")?;
    let mut weights: BTreeMap<usize, u64> = BTreeMap::new();
    for (zone, weight) in &claimed.weights {
        let zone = raw.zone_ids.find(zone).ok_or("zones of the scenario, each once")?;
        if !(1..=MOST_WEIGHT).contains(weight)
            || weights.insert(zone, *weight).is_some()
            || elements.evacuees[zone] < 1
        {
            return Err("zones with people, each once, with weights of 1 to 1,000,000");
        }
    }
    let network = CutNetwork::new(raw, elements, None);
    let ways = PassableArcs::of(&network, raw);
    let mut cut_arcs = BTreeSet::new();
    for name in &claimed.cut_arcs {
        if !cut_arcs
            .insert(ways.find(raw, name).ok_or("a cut arc is no link, connector or site of the network")?)
        {
            return Err("a cut arc stands twice");
        }
    }
    let starts: Vec<(usize, i64)> = weights
        .keys()
        .map(|&zone| (network.zones[zone], nobody_ready_before(raw, &network.elements, zone)))
        .collect();
    let (earliest, latest) = (ways.earliest(&starts), ways.latest(theta));
    let room = |way: usize| ways.room(way, &earliest, &latest, theta);
    if ways.is_connected(&starts, |way| room(way).is_some() && !cut_arcs.contains(&way)) {
        return Err("without the cut arcs there is still a way from one of the zones to a site");
    }
    let rooms: Vec<i64> = cut_arcs.iter().map(|&cut_arc| room(cut_arc).unwrap_or(0)).collect();
    let zones: Vec<(i64, u64)> =
        weights.iter().map(|(&zone, &weight)| (network.elements.evacuees[zone], weight)).collect();
    let people: i64 = zones.iter().map(|zone| zone.0).sum();
    // the table is as wide as the largest room, and no wider than everybody
    let width = people.min(rooms.iter().copied().max().unwrap_or(0));
    if width / claimed.unit_people > MOST_STEPS / signed(zones.len().max(1)) {
        return Err("too many people in units of this size to be checked: a larger unit");
    }
    let whole = UnsplittableProof { theta, zones, rooms, unit: claimed.unit_people };
    if whole.proves() { Ok(whole) } else { Err("the zones fit through the cut arcs") }
}

/// The latest time strictly before which nobody of a zone is ready, ms. The number who are ready never falls, so it can be searched by
/// halving.
fn nobody_ready_before(raw: &RawScenario, elements: &CaseElements, zone: usize) -> i64 {
    let (mut none, mut some) = (0, raw.settings.horizon_ms + 1);
    while some - none > 1 {
        let middle = none + (some - none) / 2;
        let is_none = elements.ready_before(raw, zone, middle) == 0;
        *(if is_none { &mut none } else { &mut some }) = middle;
    }
    none
}

/// All that can be passed: arcs between places, and the admissions, which lead from a site to where people have arrived.
struct PassableArcs<'a> {
    network: &'a CutNetwork,
    arrived: usize,
    /// Per way: the places from which it can be entered, the one it leads to, and what it is.
    list: Vec<(Vec<usize>, usize, CaseElement)>,
    out: Vec<Vec<usize>>,
}

impl<'a> PassableArcs<'a> {
    fn of(network: &'a CutNetwork, raw: &RawScenario) -> Self {
        let arrived = network.places();
        let arcs = network.arcs.iter().map(|arc| (arc.tails.clone(), arc.head, arc.element));
        let admissions =
            (0..raw.sites.len()).map(|s| (vec![network.sites[s]], arrived, network.elements.admissions[s]));
        let list: Vec<(Vec<usize>, usize, CaseElement)> = arcs.chain(admissions).collect();
        let mut out = vec![Vec::new(); arrived + 1];
        for (way, (tails, _, element)) in list.iter().enumerate() {
            let is_never = element.rate == Some(0) || network.elements.opens[element.open].0.is_empty();
            for &tail in tails.iter().filter(|_| !is_never) {
                out[tail].push(way);
            }
        }
        Self { network, arrived, list, out }
    }

    fn find(&self, raw: &RawScenario, name: &str) -> Option<usize> {
        let (kind, id) = name.split_once(':')?;
        let subject = match kind {
            "link" => TermSubject::Link(raw.link_ids.find(id)?),
            "connector" => TermSubject::Connector(raw.connector_ids.find(id)?),
            "site" => return Some(self.network.arcs.len() + raw.site_ids.find(id)?),
            _ => return None,
        };
        self.network.arcs.iter().position(|arc| arc.subject == subject)
    }

    /// Per place, the earliest time anybody can be there; [`FOREVER`] if nobody can.
    fn earliest(&self, starts: &[(usize, i64)]) -> Vec<i64> {
        let mut at = vec![FOREVER; self.out.len()];
        let mut heap = BinaryHeap::new();
        for &(place, time) in starts {
            at[place] = time;
            heap.push((Reverse(time), place));
        }
        while let Some((Reverse(time), place)) = heap.pop() {
            if time > at[place] {
                continue;
            }
            for &way in &self.out[place] {
                let (_, head, element) = &self.list[way];
                let spans = &self.network.elements.opens[element.open].0;
                // in the moment in which it closes it is not too late: the last person of a packet may enter then
                let Some(span) = spans.iter().find(|span| time <= span.1) else { continue };
                let reached = time.max(span.0) + element.tau;
                if reached < at[*head] {
                    at[*head] = reached;
                    heap.push((Reverse(reached), *head));
                }
            }
        }
        at
    }

    /// Per place, the end of the times from which one can still be received strictly before `theta`; 0 if there are none.
    fn latest(&self, theta: i64) -> Vec<i64> {
        let mut into = vec![Vec::new(); self.out.len()];
        for (place, out) in self.out.iter().enumerate() {
            for &way in out {
                into[self.list[way].1].push((place, way));
            }
        }
        let mut at = vec![0; self.out.len()];
        at[self.arrived] = theta;
        let mut heap = BinaryHeap::from([(theta, self.arrived)]);
        while let Some((time, place)) = heap.pop() {
            if time < at[place] {
                continue;
            }
            for &(tail, way) in &into[place] {
                let element = &self.list[way].2;
                let spans = &self.network.elements.opens[element.open].0;
                let until = time - element.tau;
                let Some(span) = spans.iter().rev().find(|span| span.0 < until) else { continue };
                let end = span.1.min(until);
                if end > at[tail] {
                    at[tail] = end;
                    heap.push((end, tail));
                }
            }
        }
        at
    }

    /// How many people can pass in time; `None`: nobody; [`UNLIMITED`] where nothing bounds it.
    fn room(&self, way: usize, earliest: &[i64], latest: &[i64], theta: i64) -> Option<i64> {
        let (tails, head, element) = &self.list[way];
        let from = tails.iter().map(|&tail| earliest[tail]).min()?;
        let until = if *head == self.arrived { theta } else { latest[*head] - element.tau };
        let open = &self.network.elements.opens[element.open];
        let is_open = open.0.iter().any(|span| span.0 <= until && from <= span.1);
        if element.rate == Some(0) || from > until || !is_open {
            return None;
        }
        let length = open.length(from, until);
        let admitted = element.rate.map(|rate| i128::from(rate) * i128::from(length) / UNITS_PER_PERSON);
        let site = way.checked_sub(self.network.arcs.len());
        let holds = site.and_then(|site| self.network.elements.capacity[site]);
        Some([admitted.map(narrow), holds].into_iter().flatten().min().unwrap_or(UNLIMITED))
    }

    /// Whether some start leads to a site by ways that may be used.
    fn is_connected(&self, starts: &[(usize, i64)], may: impl Fn(usize) -> bool) -> bool {
        let mut seen = vec![false; self.out.len()];
        let mut open: Vec<usize> = starts.iter().map(|start| start.0).collect();
        while let Some(place) = open.pop() {
            if std::mem::replace(&mut seen[place], true) {
                continue;
            }
            open.extend(self.out[place].iter().filter(|way| may(**way)).map(|&way| self.list[way].1));
        }
        seen[self.arrived]
    }
}
