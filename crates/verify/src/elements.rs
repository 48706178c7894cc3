//! What a route passes, in one case: rate, travel time and open set of every link, connector and admission
//! (`docs/reference/semantics.md`, Cases and Elements).

use crate::Unreadable;
use crate::number::{real, whole};
use crate::raw::{RawPeriod, RawScenario, RawTarget};
use crate::spans::{FOREVER, TimeSpans};
use clearway_model::{Case, Figure, Mode};
use std::collections::BTreeMap;

/// Position of the set that is open all the time in [`CaseElements::opens`].
pub(crate) const ALWAYS_OPEN: usize = 0;

/// A link, connector or admission as it is in one case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CaseElement {
    /// Thousandths of a person per hour; `None` = unlimited.
    pub rate: Option<i64>,
    /// Travel time from entering it to leaving it, ms; 0 for an admission.
    pub tau: i64,
    /// When it may be entered: position in [`CaseElements::opens`].
    pub open: usize,
}

/// All elements in one case.
#[derive(Debug)]
pub(crate) struct CaseElements {
    /// Per link of `link.csv`; `None`: not part of the network, as it has no capacity for the class, or one that rounds to 0.
    pub links: Vec<Option<CaseElement>>,
    /// Per connector of `connectors.csv`. One whose rate rounds to 0 stays: nobody gets through it.
    pub connectors: Vec<CaseElement>,
    /// Per site: being received there, at its admission rate and within its opening times.
    pub admissions: Vec<CaseElement>,
    /// Holding capacity per site, people; `None`: unlimited.
    pub capacity: Vec<Option<i64>>,
    /// Per zone all its people, those who stay among them: the low end of the range in the optimistic case.
    pub people: Vec<i64>,
    /// People staying per zone, at most its people.
    pub stay: Vec<i64>,
    /// People evacuating per zone: `people` less `stay`.
    pub evacuees: Vec<i64>,
    /// Sum of `evacuees` over all zones.
    pub all_evacuees: i64,
    /// Open sets, ms; that at [`ALWAYS_OPEN`] is [0, horizon).
    pub opens: Vec<TimeSpans>,
    /// Per node that a presence closure names: when nobody may be there, ms.
    pub shut_nodes: BTreeMap<usize, TimeSpans>,
    /// Per zone: begin of the first presence closure, if before the horizon.
    pub zone_hazard: Vec<Option<i64>>,
}

/// `floor(x + 0.5)` in thousandths of a person per hour.
fn rounded(rate: f64, what: &str) -> Result<i64, Unreadable> {
    let value = (rate + 0.5).floor();
    if value.is_finite() && value <= 1e15 {
        Ok(whole(value))
    } else {
        Err(Unreadable::value(
            "link.csv, connectors.csv or sites.csv",
            what,
            "rate",
            value,
            "a credible rate",
        ))
    }
}

impl CaseElements {
    /// The elements of a scenario in a case.
    ///
    /// # Errors
    /// [`Unreadable`] where a rate is no credible number.
    pub fn of(raw: &RawScenario, case: Case) -> Result<Self, Unreadable> {
        let times: Vec<Figure<i64>> = raw.links.iter().map(|link| link.time).collect();
        Self::of_times(raw, case, &times)
    }

    /// The elements where links take other times than their own.
    pub fn of_times(raw: &RawScenario, case: Case, times: &[Figure<i64>]) -> Result<Self, Unreadable> {
        let horizon = raw.settings.horizon_ms;
        let class = &raw.settings.class[0];
        let occupancy = Figure::new(
            class.people_per_vehicle.unwrap_or(1.0),
            class.people_per_vehicle_low,
            class.people_per_vehicle_high,
        )
        .more_is_better(case);
        let people_rate = |capacity: f64, what: &str| match class.mode {
            Mode::Vehicle => rounded(capacity * occupancy / class.pcu_per_vehicle * 1000.0, what),
            Mode::Walk => rounded(capacity * 1000.0, what),
        };
        let mut opens = OpenSets::new(raw, horizon);

        let mut links = Vec::with_capacity(raw.links.len());
        for (at, link) in raw.links.iter().enumerate() {
            let Some(capacity) = link.capacity.map(|figure| figure.more_is_better(case)) else {
                links.push(None);
                continue;
            };
            let free = match (class.mode, case) {
                (Mode::Walk, _) | (_, Case::Optimistic) => capacity,
                _ => (capacity - link.reserved).max(0.0),
            };
            let tau = if case == Case::Optimistic { times[at].low } else { times[at].value };
            links.push(match people_rate(free, &raw.link_ids.list[at])? {
                0 => None,
                rate => {
                    let open = opens.link(at, tau);
                    Some(CaseElement { rate: Some(rate), tau, open: opens.ahead(open, link.to, tau) })
                }
            });
        }
        let mut connectors = Vec::with_capacity(raw.connectors.len());
        for (at, connector) in raw.connectors.iter().enumerate() {
            let rate = match connector.capacity {
                None => None,
                Some(figure) => Some(people_rate(figure.more_is_better(case), &raw.connector_ids.list[at])?),
            };
            let open = if connector.of_zone {
                let open = opens.zone(connector.place);
                opens.ahead(open, connector.node, connector.time)
            } else {
                ALWAYS_OPEN
            };
            connectors.push(CaseElement { rate, tau: connector.time, open });
        }
        let mut admissions = Vec::with_capacity(raw.sites.len());
        let mut capacity = Vec::with_capacity(raw.sites.len());
        for (at, site) in raw.sites.iter().enumerate() {
            let rate = match site.admission {
                None => None,
                Some(figure) => Some(rounded(figure.more_is_better(case) * 1000.0, &raw.site_ids.list[at])?),
            };
            admissions.push(CaseElement {
                rate,
                tau: 0,
                open: opens.site(at, site.open_from, site.open_until),
            });
            capacity.push(site.capacity.map(|figure| figure.more_is_better(case)));
        }
        let people: Vec<i64> = raw.zones.iter().map(|zone| zone.people.less_is_better(case)).collect();
        // those who stay leave the roads to the others, so the optimistic case takes the high end
        let stay: Vec<i64> =
            raw.zones.iter().zip(&people).map(|(z, p)| z.stay.more_is_better(case).min(*p)).collect();
        let evacuees: Vec<i64> = people.iter().zip(&stay).map(|(people, stay)| people - stay).collect();
        let shut_nodes = raw
            .closures
            .iter()
            .filter_map(|c| if let RawTarget::Node(at) = c.target { Some((at, &c.times)) } else { None })
            .fold(BTreeMap::<usize, Vec<_>>::new(), |mut map, (at, times)| {
                map.entry(at).or_default().extend_from_slice(times);
                map
            })
            .into_iter()
            .map(|(at, times)| (at, TimeSpans::union(times)))
            .collect();
        let zone_hazard =
            (0..raw.zones.len()).map(|at| opens.zone_hazard(at).filter(|t| *t < horizon)).collect();
        let elements = Self {
            links,
            connectors,
            admissions,
            capacity,
            all_evacuees: evacuees.iter().sum(),
            people,
            stay,
            evacuees,
            opens: opens.sets,
            shut_nodes,
            zone_hazard,
        };
        Ok(elements)
    }

    /// Thousandths of a person of a zone that are ready strictly before `alpha` (ms), rounded up, with what may be sent ahead.
    pub fn ready_before(&self, raw: &RawScenario, zone: usize, alpha: i64) -> i64 {
        if alpha <= 0 {
            return 0;
        }
        match raw.zones[zone].release {
            None => self.evacuees[zone] * 1000,
            Some(curve) => {
                let share = share_before(&raw.releases[curve], alpha);
                if share <= 0.0 {
                    return 0;
                }
                let ready = whole((real(self.evacuees[zone]) * share * 1000.0).ceil());
                ready.saturating_add(TOLERATED).min(self.evacuees[zone] * 1000)
            }
        }
    }
}

/// Thousandths of a person that the bound counts as ready beyond the mobilization curve: the one that [`crate::executable`] tolerates,
/// and more than its sums can be rounded by.
const TOLERATED: i64 = 3;

/// The share of a mobilization curve that is ready strictly before `time`: its limit from the left, so that a jump at `time` does not
/// count yet.
pub(crate) fn share_before(curve: &[(i64, f64)], time: i64) -> f64 {
    let next = curve.partition_point(|row| row.0 < time);
    match (next.checked_sub(1).map(|at| curve[at]), curve.get(next)) {
        (None, _) => 0.0,
        (Some(last), None) => last.1,
        (Some(_), Some(row)) if row.0 == time => row.1,
        (Some((t0, s0)), Some(&(t1, s1))) => s0 + (s1 - s0) * real(time - t0) / real(t1 - t0),
    }
}

/// Makes open sets; rows are looked up per target.
struct OpenSets<'a> {
    horizon: i64,
    sets: Vec<TimeSpans>,
    /// Rows by kind of target ([`LINK`], [`NODE`], [`ZONE`], [`SITE`]) and position.
    closures: BTreeMap<(u8, usize), Vec<&'a RawPeriod>>,
    windows: BTreeMap<(u8, usize), Vec<&'a RawPeriod>>,
    all_links: Vec<&'a RawPeriod>,
    /// The set of a link that no row names, if it does not depend on its travel time.
    plain_link: Option<usize>,
    /// Sets of zones that were made already: a zone has several connectors.
    zones: BTreeMap<usize, usize>,
}

const LINK: u8 = 0;
const NODE: u8 = 1;
const ZONE: u8 = 2;
const SITE: u8 = 3;

fn by_target(rows: &[RawPeriod]) -> BTreeMap<(u8, usize), Vec<&RawPeriod>> {
    let mut map: BTreeMap<_, Vec<&RawPeriod>> = BTreeMap::new();
    for row in rows {
        let key = match row.target {
            RawTarget::Link(at) => (LINK, at),
            RawTarget::Node(at) => (NODE, at),
            RawTarget::Zone(at) => (ZONE, at),
            RawTarget::Site(at) => (SITE, at),
            RawTarget::AllLinks => continue,
        };
        map.entry(key).or_default().push(row);
    }
    map
}

/// The union of the rows' times, `None` if there are no rows.
fn union_of<'a>(rows: impl Iterator<Item = &'a RawPeriod>) -> Option<TimeSpans> {
    let mut any = false;
    let mut times = Vec::new();
    for row in rows {
        any = true;
        times.extend_from_slice(&row.times);
    }
    any.then(|| TimeSpans::union(times))
}

impl<'a> OpenSets<'a> {
    fn new(raw: &'a RawScenario, horizon: i64) -> Self {
        let all_links: Vec<_> = raw.windows.iter().filter(|w| w.target == RawTarget::AllLinks).collect();
        Self {
            horizon,
            sets: vec![TimeSpans::one(0, horizon)],
            closures: by_target(&raw.closures),
            windows: by_target(&raw.windows),
            plain_link: all_links.is_empty().then_some(ALWAYS_OPEN),
            all_links,
            zones: BTreeMap::new(),
        }
    }

    /// Position of a set, cut to the times before the horizon. Most elements are always open, and all of those share one set.
    fn keep(&mut self, set: TimeSpans) -> usize {
        let set = set.and(&TimeSpans::one(0, self.horizon));
        if set == self.sets[ALWAYS_OPEN] {
            return ALWAYS_OPEN;
        }
        self.sets.push(set);
        self.sets.len() - 1
    }

    fn link(&mut self, at: usize, tau: i64) -> usize {
        let none = Vec::new();
        let own = self.windows.get(&(LINK, at)).unwrap_or(&none);
        let closures = self.closures.get(&(LINK, at)).unwrap_or(&none);
        let plain = own.is_empty() && closures.is_empty();
        if let (true, Some(set)) = (plain, self.plain_link) {
            return set;
        }
        let windows = || own.iter().chain(&self.all_links).copied();
        // windows for entry and for presence are two conditions; the rows of each are alternatives
        let mut set = TimeSpans::one(-FOREVER, FOREVER);
        if let Some(open) = union_of(windows().filter(|row| !row.presence)) {
            set = set.and(&open);
        }
        let presence = union_of(windows().filter(|row| row.presence));
        if let Some(open) = &presence {
            set = set.and(&open.shorten(tau));
        }
        let shut = closures.iter().flat_map(|row| {
            // who is on the link when it closes to presence is overtaken, so it closes to entry a travel time ahead
            let lead = if row.presence { tau } else { 0 };
            row.times.iter().filter(|(f, u)| f < u).map(move |(from, until)| (from - lead, *until))
        });
        set = set.less(&TimeSpans::union(shut.collect()));
        let set = self.keep(set);
        if plain && presence.is_none() {
            self.plain_link = Some(set);
        }
        set
    }

    /// The set of an element that takes `tau` to a node, less the times at which one would get there while it is closed.
    fn ahead(&mut self, set: usize, node: usize, tau: i64) -> usize {
        let Some(shut) = union_of(self.closures.get(&(NODE, node)).into_iter().flatten().copied()) else {
            return set;
        };
        let ahead = shut.0.iter().map(|&(from, until)| (from - tau, until - tau)).collect();
        let set = self.sets[set].less(&TimeSpans::union(ahead));
        self.keep(set)
    }

    /// When the first hazard that closes a zone to presence begins, ms.
    fn zone_hazard(&self, at: usize) -> Option<i64> {
        let rows = self.closures.get(&(ZONE, at))?.iter().filter(|row| row.presence);
        rows.flat_map(|row| &row.times).filter(|(from, until)| from < until).map(|times| times.0).min()
    }

    fn zone(&mut self, at: usize) -> usize {
        if let Some(&set) = self.zones.get(&at) {
            return set;
        }
        let windows = self.windows.get(&(ZONE, at)).into_iter().flatten().copied();
        let mut set = union_of(windows).unwrap_or_else(|| TimeSpans::one(-FOREVER, FOREVER));
        let entry = self.closures.get(&(ZONE, at)).into_iter().flatten().filter(|row| !row.presence);
        if let Some(shut) = union_of(entry.copied()) {
            set = set.less(&shut);
        }
        // people still in the zone then are overtaken, so nobody leaves it later, not even after the closure has ended
        if let Some(from) = self.zone_hazard(at) {
            set = set.less(&TimeSpans::one(from, FOREVER));
        }
        let set = self.keep(set);
        self.zones.insert(at, set);
        set
    }

    fn site(&mut self, at: usize, from: i64, until: Option<i64>) -> usize {
        let mut set = TimeSpans::one(from, until.unwrap_or(FOREVER));
        let windows = self.windows.get(&(SITE, at)).into_iter().flatten().copied();
        if let Some(open) = union_of(windows) {
            set = set.and(&open);
        }
        let shut = self.closures.get(&(SITE, at)).into_iter().flatten().flat_map(|row| {
            // nobody counts as arrived at a place that a hazard reaches later
            let presence = row.presence;
            let times = row.times.iter().filter(|(from, until)| from < until);
            times.map(move |(from, until)| (if presence { -FOREVER } else { *from }, *until))
        });
        let shut = TimeSpans::union(shut.collect());
        self.keep(set.less(&shut))
    }
}
