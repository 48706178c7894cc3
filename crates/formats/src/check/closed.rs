//! When links, zones and sites are closed, out of `windows.csv`, `closures.csv` and the opening times of sites.

use super::Check;
use super::open::{Rules, Times};
use super::times::Interval;
use clearway_model::{ClosureKind, ClosureRow, ClosureTarget, SiteRow, WindowRow, WindowTarget};
use std::collections::BTreeMap;

/// The four kinds of times that windows and closures give a thing.
#[derive(Default)]
struct Own {
    entry_windows: Option<Times>,
    presence_windows: Option<Times>,
    entry_closures: Option<Times>,
    presence_closures: Option<Times>,
}

impl Own {
    fn rules(&self) -> Rules<'_> {
        Rules {
            entry_windows: self.entry_windows.as_ref(),
            presence_windows: self.presence_windows.as_ref(),
            entry_closures: self.entry_closures.as_ref(),
            presence_closures: self.presence_closures.as_ref(),
        }
    }
}

/// When links, zones and sites are closed.
pub(super) struct Closed<'s> {
    horizon_ms: i64,
    all_links: Own,
    links: BTreeMap<&'s str, Own>,
    zones: BTreeMap<&'s str, Own>,
    sites: BTreeMap<&'s str, Own>,
    openings: BTreeMap<&'s str, (i64, i64)>,
}

/// Rows that speak of one kind of thing, by its id: windows of kind entry and presence, closures of kind entry and presence.
type Rows<'s> = BTreeMap<&'s str, [Vec<Interval>; 4]>;

impl<'s> Closed<'s> {
    /// Everything is always open.
    pub(super) fn never(horizon_ms: i64) -> Self {
        Self {
            horizon_ms,
            all_links: Own::default(),
            links: BTreeMap::new(),
            zones: BTreeMap::new(),
            sites: BTreeMap::new(),
            openings: BTreeMap::new(),
        }
    }

    pub(super) fn of(check: &Check<'s>, horizon_ms: i64) -> Self {
        let scenario = check.scenario;
        let (mut links, mut zones, mut sites) = (Rows::new(), Rows::new(), Rows::new());
        let mut all: [Vec<Interval>; 4] = Default::default();
        for (index, row) in scenario.windows.iter().enumerate() {
            if check.origin.is_damaged::<WindowRow>(index) {
                continue;
            }
            let rows = match row.target {
                WindowTarget::AllLinks => &mut all,
                WindowTarget::Link => links.entry(&row.target_id).or_default(),
                WindowTarget::Zone => zones.entry(&row.target_id).or_default(),
                WindowTarget::Site => sites.entry(&row.target_id).or_default(),
            };
            rows[usize::from(row.kind == ClosureKind::Presence)].push(row.into());
        }
        for (index, row) in scenario.closures.iter().enumerate() {
            let rows = match row.target {
                _ if check.origin.is_damaged::<ClosureRow>(index) => continue,
                ClosureTarget::Node => continue,
                ClosureTarget::Link => links.entry(&row.target_id).or_default(),
                ClosureTarget::Zone => zones.entry(&row.target_id).or_default(),
                ClosureTarget::Site => sites.entry(&row.target_id).or_default(),
            };
            rows[2 + usize::from(row.kind == ClosureKind::Presence)].push(row.into());
        }
        for rows in links.values_mut() {
            for (own, all) in rows.iter_mut().zip(&all) {
                own.extend(all);
            }
        }
        let own =
            |rows: Rows<'s>| rows.into_iter().map(|(id, rows)| (id, own_times(&rows, horizon_ms))).collect();
        // a zone or site has windows of either kind
        let joined = |mut rows: Rows<'s>| {
            for [entry, presence, ..] in rows.values_mut() {
                entry.append(presence);
            }
            rows
        };
        let opening = |row: &SiteRow| (row.open_from_ms.unwrap_or(0), row.open_until_ms.unwrap_or(i64::MAX));
        Self {
            horizon_ms,
            all_links: own_times(&all, horizon_ms),
            links: own(links),
            zones: own(joined(zones)),
            sites: own(joined(sites)),
            openings: scenario.sites.iter().map(|row| (row.site_id.as_str(), opening(row))).collect(),
        }
    }

    pub(super) fn link(&self, id: &str) -> Rules<'_> {
        self.links.get(id).unwrap_or(&self.all_links).rules()
    }

    /// The last moment at which a site admits.
    pub(super) fn last_admission(&self, site_id: &str) -> Option<i64> {
        let (from, until) = self.openings.get(site_id).copied().unwrap_or((0, i64::MAX));
        let last = until.min(self.horizon_ms) - 1;
        let Some(own) = self.sites.get(site_id) else {
            return (last >= from).then_some(last);
        };
        // a presence closure [f, u) closes the site for all of [0, u)
        let from = own.presence_closures.as_ref().and_then(Times::last).unwrap_or(0).max(from);
        let rules = Rules { presence_closures: None, ..own.rules() };
        rules.last_entry(last, 0).filter(|last| *last >= from)
    }

    /// The last moment not after `at` at which people may leave a zone.
    pub(super) fn last_departure(&self, zone_id: &str, at: i64) -> Option<i64> {
        let Some(own) = self.zones.get(zone_id) else {
            return (at >= 0).then_some(at);
        };
        // whoever is still there when the first presence closure begins is overtaken
        let end = own.presence_closures.as_ref().and_then(Times::first).unwrap_or(i64::MAX);
        let rules = Rules { presence_closures: None, ..own.rules() };
        rules.last_entry(at.min(end - 1), 0)
    }
}

fn own_times(rows: &[Vec<Interval>; 4], horizon_ms: i64) -> Own {
    let [entry_windows, presence_windows, entry_closures, presence_closures] =
        rows.each_ref().map(|rows| (!rows.is_empty()).then(|| Times::union(rows, horizon_ms)));
    Own { entry_windows, presence_windows, entry_closures, presence_closures }
}
