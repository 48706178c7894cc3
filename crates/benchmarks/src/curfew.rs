//! Hours in which roads may be entered.

use clearway_model::time::ms_from_hours;
use clearway_model::{ClosureKind, Scenario, WindowRow, WindowTarget};

/// All links may be entered for the first `open_h` hours of every day, counted from time 0, until the horizon.
pub fn add_curfew(scenario: &mut Scenario, open_h: f64) {
    scenario.windows.push(WindowRow {
        window_id: "day".into(),
        target: WindowTarget::AllLinks,
        target_id: "*".into(),
        from_ms: 0,
        until_ms: Some(ms_from_hours(open_h)),
        repeat_every_ms: Some(24 * 3_600_000),
        repeat_until_ms: None,
        kind: ClosureKind::Entry,
        cause: "curfew".into(),
    });
}
