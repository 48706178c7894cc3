//! The formula of the bound (`docs/reference/semantics.md`, The bound), in whole numbers: people are counted in units of
//! (a thousandth of a person per hour) x ms, of which [`UNITS_PER_PERSON`] are one person.

use crate::elements::{ALWAYS_OPEN, CaseElement, CaseElements};
use crate::number::{narrow, position};
use crate::raw::RawScenario;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

/// Units of a cut's value in one person.
pub(crate) const UNITS_PER_PERSON: i128 = 3_600_000_000;
/// The time from a place that leads to no site.
const UNREACHED: i64 = i64::MAX;
/// A rate that is more than any other.
const UNLIMITED: i64 = i64::MAX;
/// Units in a thousandth of a person.
const UNITS_PER_THOUSANDTH: i128 = 3_600_000;

/// What a term of the sum is about; positions in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TermSubject {
    Link(usize),
    Connector(usize),
    Gate,
}

/// Something with a rate that leads from one place to another.
#[derive(Debug)]
pub(crate) struct PlaceArc {
    pub subject: TermSubject,
    /// Positions of places; the smallest threshold among them counts. Several where turns are prohibited: from each of them it can be
    /// entered.
    pub tails: Vec<usize>,
    pub head: usize,
    pub element: CaseElement,
}

/// Everything the formula sums over, in one case and with or without a route limit.
#[derive(Debug)]
pub(crate) struct CutNetwork {
    pub elements: CaseElements,
    places: HashMap<String, usize>,
    pub arcs: Vec<PlaceArc>,
    /// Place of each zone, of each site.
    pub zones: Vec<usize>,
    pub sites: Vec<usize>,
    /// Per zone, how many of its people can arrive at the most: a rate, and from when on; with a route limit only.
    most: Vec<Option<(i64, i64)>>,
}

/// The counted intervals of a cut: all that is needed to evaluate it, shifted or not.
#[derive(Debug)]
pub(crate) struct CutIntervals {
    pub theta: i64,
    /// (arc, from, until) with from < until.
    pub arcs: Vec<(usize, i64, i64)>,
    /// Per zone, its threshold; those at 0 are left out.
    pub zones: Vec<(usize, i64)>,
    /// Per site, its threshold.
    pub sites: Vec<i64>,
}

impl CutIntervals {
    /// The cut for time 0 with all thresholds 0: nothing crosses it.
    pub fn none() -> Self {
        Self { theta: 0, arcs: Vec::new(), zones: Vec::new(), sites: Vec::new() }
    }
}

impl CutNetwork {
    /// Lays out places and arcs.
    pub fn new(raw: &RawScenario, elements: CaseElements, routes_per_zone: Option<u32>) -> Self {
        let mut places = HashMap::new();
        let mut place = |name: String| {
            let next = places.len();
            *places.entry(name).or_insert(next)
        };
        let nodes: Vec<usize> = raw.nodes.list.iter().map(|id| place(format!("node:{id}"))).collect();
        let zones: Vec<usize> = raw.zone_ids.list.iter().map(|id| place(format!("zone:{id}"))).collect();
        let sites: Vec<usize> = raw.site_ids.list.iter().map(|id| place(format!("site:{id}"))).collect();
        // a turn of which one link is not part of the network does not exist in it
        let inbound: BTreeSet<usize> = raw
            .banned
            .iter()
            .filter(|(first, second)| elements.links[*first].is_some() && elements.links[*second].is_some())
            .map(|turn| turn.0)
            .collect();
        let turn: BTreeMap<usize, usize> =
            inbound.iter().map(|&link| (link, place(format!("turn:{}", raw.link_ids.list[link])))).collect();
        let mut turns_at: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (&link, &at) in &turn {
            turns_at.entry(raw.links[link].to).or_default().push((link, at));
        }
        let tails = |node: usize, next: Option<usize>| {
            let turns = turns_at.get(&node).into_iter().flatten();
            let allowed = turns.filter(|(link, _)| !next.is_some_and(|k| raw.banned.contains(&(*link, k))));
            std::iter::once(nodes[node]).chain(allowed.map(|(_, at)| *at)).collect()
        };

        let mut arcs = Vec::new();
        for (at, link) in raw.links.iter().enumerate() {
            if let Some(element) = elements.links[at] {
                let head = turn.get(&at).copied().unwrap_or(nodes[link.to]);
                arcs.push(PlaceArc {
                    subject: TermSubject::Link(at),
                    tails: tails(link.from, Some(at)),
                    head,
                    element,
                });
            }
        }
        let mut outlet = zones.clone();
        if let Some(routes) = routes_per_zone {
            for (zone, rate) in gate_rates(raw, &elements, routes).into_iter().enumerate() {
                if let Some(rate) = rate {
                    let head = place(format!("gate:{}", raw.zone_ids.list[zone]));
                    let element = CaseElement { rate: Some(rate), tau: 0, open: ALWAYS_OPEN };
                    arcs.push(PlaceArc {
                        subject: TermSubject::Gate,
                        tails: vec![zones[zone]],
                        head,
                        element,
                    });
                    outlet[zone] = head;
                }
            }
        }
        for (at, row) in raw.connectors.iter().enumerate() {
            let (tails, head) = if row.of_zone {
                (vec![outlet[row.place]], nodes[row.node])
            } else {
                (tails(row.node, None), sites[row.place])
            };
            arcs.push(PlaceArc {
                subject: TermSubject::Connector(at),
                tails,
                head,
                element: elements.connectors[at],
            });
        }
        let mut network = Self { elements, places, arcs, zones, sites, most: Vec::new() };
        network.most = match routes_per_zone {
            None => vec![None; network.zones.len()],
            Some(routes) => network.most_of_routes(routes),
        };
        network
    }

    /// Per zone, the largest rate that every element of some path to a site admits, times the routes, and the least travel time to a
    /// site. `None` where no path leads to one, or where some path has no limit.
    fn most_of_routes(&self, routes: u32) -> Vec<Option<(i64, i64)>> {
        let is_used = |e: &CaseElement| e.rate != Some(0) && !self.elements.opens[e.open].0.is_empty();
        let mut into: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.places.len()];
        for (at, arc) in self.arcs.iter().enumerate().filter(|(_, arc)| is_used(&arc.element)) {
            for &tail in &arc.tails {
                into[arc.head].push((tail, at));
            }
        }
        let begins =
            self.sites.iter().zip(&self.elements.admissions).filter(|(_, admission)| is_used(admission));
        let begins: Vec<(usize, i64)> =
            begins.map(|(&site, admission)| (site, admission.rate.unwrap_or(UNLIMITED))).collect();
        let (mut after, mut width) = (vec![UNREACHED; into.len()], vec![0; into.len()]);
        let mut heap = BinaryHeap::new();
        for &(site, _) in &begins {
            after[site] = 0;
            heap.push((Reverse(0), site));
        }
        while let Some((Reverse(time), place)) = heap.pop() {
            if time > after[place] {
                continue;
            }
            for &(tail, arc) in &into[place] {
                let next = time + self.arcs[arc].element.tau;
                if next < after[tail] {
                    after[tail] = next;
                    heap.push((Reverse(next), tail));
                }
            }
        }
        let mut heap = BinaryHeap::new();
        for &(site, rate) in &begins {
            width[site] = rate;
            heap.push((rate, site));
        }
        while let Some((rate, place)) = heap.pop() {
            if rate < width[place] {
                continue;
            }
            for &(tail, arc) in &into[place] {
                let next = rate.min(self.arcs[arc].element.rate.unwrap_or(UNLIMITED));
                if next > width[tail] {
                    width[tail] = next;
                    heap.push((next, tail));
                }
            }
        }
        let bound = |zone: usize| {
            // `width` is 0 where there is no path
            let is_limited = after[zone] < UNREACHED && (1..UNLIMITED).contains(&width[zone]);
            is_limited.then(|| (width[zone].saturating_mul(i64::from(routes)), after[zone]))
        };
        self.zones.iter().map(|&zone| bound(zone)).collect()
    }

    /// People of a zone ready strictly before `alpha`, and no more than can arrive before `time`.
    fn given_up(&self, raw: &RawScenario, zone: usize, alpha: i64, time: i64) -> i128 {
        let ready = i128::from(self.elements.ready_before(raw, zone, alpha)) * UNITS_PER_THOUSANDTH;
        match self.most[zone] {
            Some((rate, after)) => {
                let most = i128::from(rate) * i128::from((time - after).max(0));
                ready.min(most)
            }
            None => ready,
        }
    }

    /// How many places there are.
    pub fn places(&self) -> usize {
        self.places.len()
    }

    /// Position of a place by its name in the certificate.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// An arc by its number in a crossing.
    pub fn arc(&self, at: usize) -> &PlaceArc {
        &self.arcs[at]
    }

    /// The counted intervals for thresholds `alpha` (per place, between 0 and theta).
    pub fn crossing(&self, alpha: &[i64], theta: i64) -> CutIntervals {
        let mut arcs = Vec::new();
        for (at, arc) in self.arcs.iter().enumerate() {
            let from = arc.tails.iter().map(|&place| alpha[place]).min().unwrap_or(0);
            let until = alpha[arc.head] - arc.element.tau;
            if from < until {
                arcs.push((at, from, until));
            }
        }
        let zones = self.zones.iter().enumerate().map(|(zone, &place)| (zone, alpha[place]));
        CutIntervals {
            theta,
            arcs,
            zones: zones.filter(|zone| zone.1 > 0).collect(),
            sites: self.sites.iter().map(|&place| alpha[place]).collect(),
        }
    }

    /// The sum with all thresholds, and theta, moved earlier by `shift`; `None` if it is infinite.
    ///
    /// An interval that is empty stays empty when it is shifted, so the crossing holds all that can count.
    pub fn value(&self, raw: &RawScenario, cut: &CutIntervals, shift: i64) -> Option<i128> {
        let mut sum = 0i128;
        for &(zone, alpha) in &cut.zones {
            sum += self.given_up(raw, zone, (alpha - shift).max(0), cut.theta - shift);
        }
        for &(arc, from, until) in &cut.arcs {
            sum += self.amount(&self.arcs[arc].element, (from - shift).max(0), until - shift)?;
        }
        for (site, &alpha) in cut.sites.iter().enumerate() {
            sum += self.site(site, (alpha - shift).max(0), cut.theta - shift)?.0;
        }
        Some(sum)
    }

    /// The sum at `time` with thresholds between those of two cuts with ascending times; `None` if it is infinite.
    ///
    /// An arc whose counted interval is empty in both cuts has an empty one in between.
    pub fn value_between(
        &self,
        raw: &RawScenario,
        low: (&CutIntervals, &[i64]),
        high: (&CutIntervals, &[i64]),
        time: i64,
    ) -> Option<i128> {
        let since = i128::from(time - low.0.theta);
        let span = i128::from(high.0.theta - low.0.theta);
        let alpha = |place: usize| {
            let (first, second) = (low.1[place], high.1[place]);
            first + narrow((i128::from(second - first) * since).div_euclid(span))
        };
        let mut sum = 0i128;
        for (zone, &place) in self.zones.iter().enumerate() {
            sum += self.given_up(raw, zone, alpha(place), time);
        }
        // both lists ascend
        let mut second = high.0.arcs.iter().map(|arc| arc.0).peekable();
        let mut first = low.0.arcs.iter().map(|arc| arc.0).peekable();
        loop {
            let next = match (first.peek(), second.peek()) {
                (Some(&a), Some(&b)) => a.min(b),
                (Some(&a), None) | (None, Some(&a)) => a,
                (None, None) => break,
            };
            first.next_if_eq(&next);
            second.next_if_eq(&next);
            let arc = &self.arcs[next];
            let from = arc.tails.iter().map(|&place| alpha(place)).min().unwrap_or(0);
            sum += self.amount(&arc.element, from, alpha(arc.head) - arc.element.tau)?;
        }
        for (site, &place) in self.sites.iter().enumerate() {
            sum += self.site(site, alpha(place), time)?.0;
        }
        Some(sum)
    }

    /// rate x open time; `None` if that is infinite.
    pub fn amount(&self, element: &CaseElement, from: i64, until: i64) -> Option<i128> {
        let length = i128::from(self.elements.opens[element.open].length(from, until));
        match element.rate {
            Some(rate) => Some(i128::from(rate) * length),
            None if length == 0 => Some(0),
            None => None,
        }
    }

    /// The smaller of what a site holds and what it admits, and whether what it holds is the smaller.
    pub fn site(&self, site: usize, from: i64, until: i64) -> Option<(i128, HoldingRole)> {
        let admitted = self.amount(&self.elements.admissions[site], from, until);
        let holds = self.elements.capacity[site].map(|people| i128::from(people) * UNITS_PER_PERSON);
        match (holds, admitted) {
            (Some(holds), Some(admitted)) if admitted < holds => Some((admitted, HoldingRole::DoesNotBind)),
            (Some(holds), _) => Some((holds, HoldingRole::Binds)),
            (None, Some(admitted)) => Some((admitted, HoldingRole::DoesNotBind)),
            (None, None) => None,
        }
    }
}

/// Whether a site's holding capacity is what bounds it in a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HoldingRole {
    Binds,
    DoesNotBind,
}

/// Per zone, what can leave by `routes` different first links; `None`: no limit.
///
/// A zone whose connectors are limited or not always open has none: its people may leave early and wait at the node, after
/// which more of them can go at once.
fn gate_rates(raw: &RawScenario, elements: &CaseElements, routes: u32) -> Vec<Option<i64>> {
    let mut to_site = vec![false; raw.nodes.list.len()];
    for row in raw.connectors.iter().filter(|row| !row.of_zone) {
        to_site[row.node] = true;
    }
    let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); raw.nodes.list.len()];
    for (at, link) in raw.links.iter().enumerate().filter(|(at, _)| elements.links[*at].is_some()) {
        leaving[link.from].push(at);
    }
    let mut first: Vec<Option<BTreeSet<usize>>> = vec![Some(BTreeSet::new()); raw.zones.len()];
    for (at, row) in raw.connectors.iter().enumerate().filter(|(_, row)| row.of_zone) {
        let connector = &elements.connectors[at];
        if to_site[row.node] || connector.rate.is_some() || connector.open != ALWAYS_OPEN {
            first[row.place] = None;
        } else if let Some(first) = &mut first[row.place] {
            first.extend(&leaving[row.node]);
        }
    }
    let routes = position(routes.into());
    let rate = |link: usize| elements.links[link].and_then(|element| element.rate).unwrap_or(0);
    first
        .into_iter()
        .map(|first| {
            let mut rates: Vec<i64> = first?.into_iter().map(rate).collect();
            rates.sort_unstable_by(|a, b| b.cmp(a));
            // with fewer first links than routes the limit says nothing
            (rates.len() >= routes).then(|| rates.iter().take(routes).sum())
        })
        .collect()
}
