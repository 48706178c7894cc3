//! When links, zones and sites are closed, out of `windows.csv`, `closures.csv` and the opening times of sites.

use super::ScenarioCheck;
use super::open::{EntryRules, TimeIntervals};
use super::times::RowTimes;
use clearway_model::{ClosureKind, ClosureRow, ClosureTarget, SiteRow, WindowRow, WindowTarget};
use std::collections::BTreeMap;

/// The end of what never ends.
const FOREVER: i64 = i64::MAX;

/// The four kinds of times that windows and closures give a thing.
#[derive(Default)]
struct OwnTimes {
    entry_windows: Option<TimeIntervals>,
    presence_windows: Option<TimeIntervals>,
    entry_closures: Option<TimeIntervals>,
    presence_closures: Option<TimeIntervals>,
}

impl OwnTimes {
    fn rules(&self) -> EntryRules<'_> {
        EntryRules {
            entry_windows: self.entry_windows.as_ref(),
            presence_windows: self.presence_windows.as_ref(),
            entry_closures: self.entry_closures.as_ref(),
            presence_closures: self.presence_closures.as_ref(),
        }
    }
}

/// When links, zones and sites are closed.
pub(super) struct ClosedTimes<'s> {
    horizon_ms: i64,
    all_links: OwnTimes,
    links: BTreeMap<&'s str, OwnTimes>,
    zones: BTreeMap<&'s str, OwnTimes>,
    sites: BTreeMap<&'s str, OwnTimes>,
    openings: BTreeMap<&'s str, (i64, i64)>,
}

/// Rows that speak of one kind of thing, by its id: windows of kind entry and presence, closures of kind entry and presence.
type Rows<'s> = BTreeMap<&'s str, [Vec<RowTimes>; 4]>;

impl<'s> ClosedTimes<'s> {
    /// Everything is always open.
    pub(super) fn never(horizon_ms: i64) -> Self {
        Self {
            horizon_ms,
            all_links: OwnTimes::default(),
            links: BTreeMap::new(),
            zones: BTreeMap::new(),
            sites: BTreeMap::new(),
            openings: BTreeMap::new(),
        }
    }

    pub(super) fn of(check: &ScenarioCheck<'s>, horizon_ms: i64) -> Self {
        let scenario = check.scenario;
        let (mut links, mut zones, mut sites) = (Rows::new(), Rows::new(), Rows::new());
        let mut all: [Vec<RowTimes>; 4] = Default::default();
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
            // the order of the rows is that of `Rows`
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
        // a link that is named alone is under the rows for all links too
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
        let opening = |row: &SiteRow| (row.open_from_ms.unwrap_or(0), row.open_until_ms.unwrap_or(FOREVER));
        Self {
            horizon_ms,
            all_links: own_times(&all, horizon_ms),
            links: own(links),
            zones: own(joined(zones)),
            sites: own(joined(sites)),
            openings: scenario.sites.iter().map(|row| (row.site_id.as_str(), opening(row))).collect(),
        }
    }

    pub(super) fn link(&self, id: &str) -> EntryRules<'_> {
        self.links.get(id).unwrap_or(&self.all_links).rules()
    }

    /// The last moment at which a site admits.
    pub(super) fn last_admission(&self, site_id: &str) -> Option<i64> {
        let (from, until) = self.openings.get(site_id).copied().unwrap_or((0, FOREVER));
        let last = until.min(self.horizon_ms) - 1;
        let Some(own) = self.sites.get(site_id) else {
            return (last >= from).then_some(last);
        };
        // a presence closure [f, u) closes the site for all of [0, u)
        let from = own.presence_closures.as_ref().and_then(TimeIntervals::last).unwrap_or(0).max(from);
        let rules = EntryRules { presence_closures: None, ..own.rules() };
        rules.last_entry(last, 0).filter(|last| *last >= from)
    }

    /// The last moment not after `at` at which people may leave a zone.
    pub(super) fn last_departure(&self, zone_id: &str, at: i64) -> Option<i64> {
        let Some(own) = self.zones.get(zone_id) else {
            return (at >= 0).then_some(at);
        };
        // people still there when the first presence closure begins are overtaken
        let end = own.presence_closures.as_ref().and_then(TimeIntervals::first).unwrap_or(FOREVER);
        let rules = EntryRules { presence_closures: None, ..own.rules() };
        rules.last_entry(at.min(end - 1), 0)
    }
}

fn own_times(rows: &[Vec<RowTimes>; 4], horizon_ms: i64) -> OwnTimes {
    let [entry_windows, presence_windows, entry_closures, presence_closures] =
        rows.each_ref().map(|rows| (!rows.is_empty()).then(|| TimeIntervals::union(rows, horizon_ms)));
    OwnTimes { entry_windows, presence_windows, entry_closures, presence_closures }
}
