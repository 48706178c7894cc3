//! Open sets against the rules read as they stand, one moment after the other: no intervals, no unions, no subtraction.

use crate::made::{HORIZON, central, element, is_open, one_road};
use clearway_model::{ClosureKind, ClosureRow, ClosureTarget, Scenario, WindowRow, WindowTarget};
use clearway_network::ElementKind;
use proptest::option::of;
use proptest::prelude::*;

/// A row's times, apart from what it is of.
type Times = (i64, Option<i64>, Option<i64>, Option<i64>, bool);

fn times() -> impl Strategy<Value = Times> {
    let lasting = prop_oneof![1i64..40, 1i64..400];
    let from = prop_oneof![9 => 0i64..HORIZON, 1 => HORIZON..HORIZON + 20];
    (from, of(lasting), of(20i64..300), of(1i64..2 * HORIZON), any::<bool>()).prop_map(
        |(from, lasting, every, stop, presence)| (from, lasting.map(|l| from + l), every, stop, presence),
    )
}

fn kind(presence: bool) -> ClosureKind {
    if presence { ClosureKind::Presence } else { ClosureKind::Entry }
}

fn closures() -> impl Strategy<Value = Vec<ClosureRow>> {
    let target = prop_oneof![
        Just((ClosureTarget::Link, "road")),
        Just((ClosureTarget::Node, "A")),
        Just((ClosureTarget::Node, "B")),
        Just((ClosureTarget::Zone, "Z")),
        Just((ClosureTarget::Site, "S")),
    ];
    let row = (target, times()).prop_map(|((target, id), (from, until, every, stop, presence))| ClosureRow {
        target,
        target_id: id.into(),
        from_ms: from,
        until_ms: until,
        repeat_every_ms: every,
        repeat_until_ms: stop,
        kind: kind(presence),
        ..ClosureRow::default()
    });
    proptest::collection::vec(row, 0..6)
}

fn windows() -> impl Strategy<Value = Vec<WindowRow>> {
    let target = prop_oneof![
        Just((WindowTarget::Link, "road")),
        Just((WindowTarget::AllLinks, "*")),
        Just((WindowTarget::Zone, "Z")),
        Just((WindowTarget::Site, "S")),
    ];
    let row = (target, times()).prop_map(|((target, id), (from, until, every, stop, presence))| WindowRow {
        target,
        target_id: id.into(),
        from_ms: from,
        until_ms: until,
        repeat_every_ms: every,
        repeat_until_ms: stop,
        kind: kind(presence),
        ..WindowRow::default()
    });
    proptest::collection::vec(row, 0..4)
}

/// One row of either table, as far as its times go.
struct Row {
    from: i64,
    until: Option<i64>,
    every: Option<i64>,
    stop: Option<i64>,
    presence: bool,
}

impl Row {
    /// Begin and end of each time that counts; an open end is long after everything.
    fn each(&self) -> Vec<(i64, i64)> {
        let far = 100 * HORIZON;
        let mut all = Vec::new();
        let mut shift = 0;
        loop {
            let from = self.from + shift;
            let stop = if self.every.is_some() { self.stop.unwrap_or(HORIZON) } else { i64::MAX };
            if from >= HORIZON || from >= stop {
                return all;
            }
            all.push((from, self.until.map_or(far, |until| until + shift)));
            match self.every {
                Some(every) => shift += every,
                None => return all,
            }
        }
    }

    fn covers(&self, t: i64) -> bool {
        self.each().iter().any(|&(from, until)| from <= t && t < until)
    }
}

struct Day {
    closures: Vec<(ClosureTarget, String, Row)>,
    windows: Vec<(WindowTarget, Row)>,
}

impl Day {
    fn of(scenario: &Scenario) -> Self {
        let closures = scenario.closures.iter().map(|c| {
            let presence = c.kind == ClosureKind::Presence;
            let (every, stop) = (c.repeat_every_ms, c.repeat_until_ms);
            let row = Row { from: c.from_ms, until: c.until_ms, every, stop, presence };
            (c.target, c.target_id.clone(), row)
        });
        let windows = scenario.windows.iter().map(|w| {
            let presence = w.kind == ClosureKind::Presence;
            let (every, stop) = (w.repeat_every_ms, w.repeat_until_ms);
            (w.target, Row { from: w.from_ms, until: w.until_ms, every, stop, presence })
        });
        Self { closures: closures.collect(), windows: windows.collect() }
    }

    fn closures(&self, target: ClosureTarget, id: &str) -> impl Iterator<Item = &Row> {
        self.closures.iter().filter(move |c| c.0 == target && c.1 == id).map(|c| &c.2)
    }

    fn windows(&self, targets: &[WindowTarget], presence: Option<bool>) -> Vec<&Row> {
        let of =
            |w: &&(WindowTarget, Row)| targets.contains(&w.0) && presence.is_none_or(|p| p == w.1.presence);
        self.windows.iter().filter(of).map(|w| &w.1).collect()
    }

    /// Whether a node may be reached at `t`.
    fn may_reach(&self, node: &str, t: i64) -> bool {
        !self.closures(ClosureTarget::Node, node).any(|row| row.covers(t))
    }

    /// Whether somebody may enter the road at `t` who is on it for `tau`.
    fn road(&self, t: i64, tau: i64) -> bool {
        let named = [WindowTarget::Link, WindowTarget::AllLinks];
        let entry = self.windows(&named, Some(false));
        let presence = self.windows(&named, Some(true));
        // whoever is on the road is seen in it at every moment, from entering to leaving it
        let all_along = |rows: &[&Row]| (t..=t + tau).all(|at| rows.iter().any(|row| row.covers(at)));
        (entry.is_empty() || entry.iter().any(|row| row.covers(t)))
            && (presence.is_empty() || all_along(&presence))
            && !self
                .closures(ClosureTarget::Link, "road")
                .any(|row| if row.presence { (t..=t + tau).any(|at| row.covers(at)) } else { row.covers(t) })
            && self.may_reach("B", t + tau)
    }

    fn out_of_zone(&self, t: i64, tau: i64) -> bool {
        let windows = self.windows(&[WindowTarget::Zone], None);
        (windows.is_empty() || windows.iter().any(|row| row.covers(t)))
            && !self.closures(ClosureTarget::Zone, "Z").any(|row| {
                if row.presence { row.each().iter().any(|when| when.0 <= t) } else { row.covers(t) }
            })
            && self.may_reach("A", t + tau)
    }

    fn admission(&self, t: i64, open: (i64, i64)) -> bool {
        let windows = self.windows(&[WindowTarget::Site], None);
        (open.0 <= t && t < open.1)
            && (windows.is_empty() || windows.iter().any(|row| row.covers(t)))
            && !self.closures(ClosureTarget::Site, "S").any(|row| {
                if row.presence { row.each().iter().any(|when| t < when.1) } else { row.covers(t) }
            })
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn each_moment_is_open_exactly_where_the_rules_say_so(
        closures in closures(),
        windows in windows(),
        (tau, approach) in (0i64..60, 0i64..30),
        opens in (0i64..200, of(150i64..2 * HORIZON)),
    ) {
        let mut scenario = Scenario { closures, windows, ..one_road() };
        scenario.links[0].time_ms = Some(tau);
        scenario.connectors[0].time_ms = approach;
        scenario.sites[0].open_from_ms = Some(opens.0);
        scenario.sites[0].open_until_ms = opens.1;
        let (network, day) = (central(&scenario), Day::of(&scenario));
        let times = (opens.0, opens.1.unwrap_or(HORIZON));
        let of = |kind| &element(&network, kind).open;
        for t in 0..HORIZON {
            prop_assert_eq!(is_open(of(ElementKind::Link(0)), t), day.road(t, tau), "the road at {}", t);
            let zone = is_open(of(ElementKind::Connector(0)), t);
            prop_assert_eq!(zone, day.out_of_zone(t, approach), "the zone at {}", t);
            prop_assert_eq!(is_open(of(ElementKind::Admission(0)), t), day.admission(t, times), "the site at {}", t);
            let closed = is_open(&network.node_closed.raw[1], t);
            prop_assert_eq!(closed, !day.may_reach("B", t), "the node at {}", t);
        }
        for element in &network.elements {
            let intervals = element.open.intervals();
            prop_assert!(intervals.iter().all(|i| 0 <= i.0 && i.0 < i.1 && i.1 <= HORIZON), "{:?}", intervals);
            prop_assert!(intervals.windows(2).all(|pair| pair[0].1 < pair[1].0), "{:?}", intervals);
        }
    }
}
