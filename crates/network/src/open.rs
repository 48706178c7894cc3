//! Open sets: when each element may be entered, out of windows and closures (`docs/reference/semantics.md`, Elements).

use clearway_flow::TimeSet;
use clearway_model::{ClosureKind, ClosureTarget, Scenario, WindowTarget};
use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};

/// From, until (ms), and what it closes or allows.
type Occurrence = (i64, i64, ClosureKind);

/// Later than anything that a scenario may hold, by so much that sums with it do not overflow, ms.
const END_OF_TIME: i64 = (1 << 61) - 1;

/// All occurrences of windows and closures, by what they name.
pub(crate) struct ClosureCalendar<'a> {
    horizon: i64,
    /// [0, horizon).
    always: TimeSet,
    closures: HashMap<(Discriminant<ClosureTarget>, &'a str), Vec<Occurrence>>,
    windows: HashMap<(Discriminant<WindowTarget>, &'a str), Vec<Occurrence>>,
    all_links: Vec<Occurrence>,
}

/// Occurrences of a possibly repeating interval that begin before the horizon; an open end is the end of time.
fn occurrences(
    from: i64,
    until: Option<i64>,
    every: Option<i64>,
    repeat_until: Option<i64>,
    horizon: i64,
) -> impl Iterator<Item = (i64, i64)> {
    let stop = repeat_until.unwrap_or(horizon).min(horizon);
    let every = every.filter(|every| *every > 0);
    // Also one that is not repeated counts only if it begins before the horizon.
    let once = i64::from(from < horizon);
    let count = every.map_or(once, |every| ((stop - from + every - 1) / every).max(0));
    (0..count).map(move |i| {
        let by = i * every.unwrap_or(0);
        (from + by, until.map_or(END_OF_TIME, |until| until + by))
    })
}

impl<'a> ClosureCalendar<'a> {
    pub fn new(scenario: &'a Scenario) -> Self {
        let horizon = scenario.settings.horizon_ms;
        let mut calendar = Self {
            horizon,
            always: TimeSet::interval(0, horizon),
            closures: HashMap::new(),
            windows: HashMap::new(),
            all_links: Vec::new(),
        };
        for row in &scenario.closures {
            let list =
                calendar.closures.entry((discriminant(&row.target), row.target_id.as_str())).or_default();
            let times =
                occurrences(row.from_ms, row.until_ms, row.repeat_every_ms, row.repeat_until_ms, horizon);
            list.extend(times.map(|(from, until)| (from, until, row.kind)));
        }
        for row in &scenario.windows {
            let list = match row.target {
                WindowTarget::AllLinks => &mut calendar.all_links,
                target => {
                    calendar.windows.entry((discriminant(&target), row.target_id.as_str())).or_default()
                }
            };
            let times =
                occurrences(row.from_ms, row.until_ms, row.repeat_every_ms, row.repeat_until_ms, horizon);
            // No time at all, so that a window none of whose times counts still names its target.
            list.push((0, 0, row.kind));
            list.extend(times.map(|(from, until)| (from, until, row.kind)));
        }
        calendar
    }

    /// All times; clones of one set, as most elements are always open.
    pub fn everything(&self) -> TimeSet {
        self.always.clone()
    }

    fn closures<'s>(&'s self, target: ClosureTarget, id: &'s str) -> &'s [Occurrence] {
        self.closures.get(&(discriminant(&target), id)).map_or(&[], Vec::as_slice)
    }

    fn windows<'s>(&'s self, target: WindowTarget, id: &'s str) -> &'s [Occurrence] {
        self.windows.get(&(discriminant(&target), id)).map_or(&[], Vec::as_slice)
    }

    pub fn link(&self, id: &str, tau: i64) -> TimeSet {
        let closures = self.closures(ClosureTarget::Link, id);
        let windows = self.windows(WindowTarget::Link, id);
        let mut open = self.everything();
        if closures.is_empty() && windows.is_empty() && self.all_links.is_empty() {
            return open;
        }
        for kind in [ClosureKind::Entry, ClosureKind::Presence] {
            let named = windows.iter().chain(&self.all_links).filter(|w| w.2 == kind);
            let named: Vec<(i64, i64)> = named.map(|w| (w.0, w.1)).collect();
            if !named.is_empty() {
                let union = TimeSet::union(named);
                let union = if kind == ClosureKind::Presence { union.shorten(tau) } else { union };
                open = open.intersect(&union);
            }
        }
        let holes = closures.iter().map(|&(from, until, kind)| match kind {
            ClosureKind::Entry => (from, until),
            ClosureKind::Presence => (from - tau, until),
        });
        open.subtract(&TimeSet::union(holes.collect()))
    }

    pub fn zone(&self, id: &str) -> TimeSet {
        let mut open = self.everything();
        let windows = self.windows(WindowTarget::Zone, id);
        if !windows.is_empty() {
            open = open.intersect(&TimeSet::union(windows.iter().map(|w| (w.0, w.1)).collect()));
        }
        let holes = self.closures(ClosureTarget::Zone, id).iter().map(|&(from, until, kind)| match kind {
            ClosureKind::Entry => (from, until),
            ClosureKind::Presence => (from, END_OF_TIME),
        });
        open.subtract(&TimeSet::union(holes.collect()))
    }

    /// When a `presence` closure of the zone first begins, ms.
    pub fn overtaken_from(&self, zone: &str) -> Option<i64> {
        let presence =
            self.closures(ClosureTarget::Zone, zone).iter().filter(|c| c.2 == ClosureKind::Presence);
        presence.map(|c| c.0).min().filter(|from| *from < self.horizon)
    }

    pub fn admission(&self, id: &str, open_from: Option<i64>, open_until: Option<i64>) -> TimeSet {
        let mut open = TimeSet::interval(
            open_from.unwrap_or(0).max(0),
            open_until.unwrap_or(self.horizon).min(self.horizon),
        );
        let windows = self.windows(WindowTarget::Site, id);
        if !windows.is_empty() {
            open = open.intersect(&TimeSet::union(windows.iter().map(|w| (w.0, w.1)).collect()));
        }
        let holes = self.closures(ClosureTarget::Site, id).iter().map(|&(from, until, kind)| match kind {
            ClosureKind::Entry => (from, until),
            ClosureKind::Presence => (0, until),
        });
        open.subtract(&TimeSet::union(holes.collect()))
    }

    /// When nobody may be at a node.
    pub fn node(&self, id: &str) -> TimeSet {
        TimeSet::union(self.closures(ClosureTarget::Node, id).iter().map(|c| (c.0, c.1)).collect())
    }

    /// Begins of `presence` closures of a link, ms, ascending.
    pub fn hazards_of_link(&self, id: &str) -> Vec<i64> {
        begins(self.closures(ClosureTarget::Link, id))
    }

    /// Begins of `presence` closures of a site, ms, ascending.
    pub fn hazards_of_site(&self, id: &str) -> Vec<i64> {
        begins(self.closures(ClosureTarget::Site, id))
    }
}

fn begins(closures: &[(i64, i64, ClosureKind)]) -> Vec<i64> {
    let mut begins: Vec<i64> =
        closures.iter().filter(|c| c.2 == ClosureKind::Presence).map(|c| c.0).collect();
    begins.sort_unstable();
    begins
}
