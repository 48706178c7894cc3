//! Small random scenarios with closures, windows, full sites, banned turns: whatever the program makes of them, both
//! checkers find that it follows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod common;

use clearway_instances::{Calm, small};
use common::{clearway_in, write};
use serde_json::Value;

#[test]
fn plans_of_random_scenarios_hold() {
    let (mut planned, mut refused, mut all_arrive) = (0, 0, 0);
    for seed in 0..40 {
        let dir = tempfile::tempdir().unwrap();
        let scenario = small(500_000 + seed, if seed % 4 == 0 { Calm::Open } else { Calm::Closing });
        write(&dir.path().join("scenario"), &scenario);
        let routes = ["1", "2", "3", "unlimited"][seed as usize % 4];
        let window = ["1min", "15min", "1h"][seed as usize % 3];
        let mut arguments = vec![
            "plan",
            "scenario",
            "--out",
            "plan",
            "--routes-per-zone",
            routes,
            "--window",
            window,
            "--threads",
            "1",
        ];
        if seed % 5 == 0 {
            arguments.push("--convergent");
        }
        let ran = clearway_in(dir.path(), &arguments);
        if ran.code == 2 {
            // A random road may be too slow or too short to be believed; then the faults are listed and nothing is written.
            assert!(ran.err.contains("  error: "), "seed {seed}: {}", ran.err);
            assert!(!dir.path().join("plan").exists());
            refused += 1;
            eprintln!("seed {seed} is refused:\n{}", ran.err);
            continue;
        }
        assert_eq!(ran.code, 0, "seed {seed}: {}", ran.err);
        let verified = clearway_in(dir.path(), &["verify", "plan"]);
        assert_eq!(verified.code, 0, "seed {seed}, {routes} routes, windows of {window}: {}", verified.err);
        let code = common::python(&dir.path().join("plan"));
        assert_eq!(code, 0, "seed {seed}: check.py");
        let summary: Value =
            serde_json::from_slice(&std::fs::read(dir.path().join("plan/summary.json")).unwrap()).unwrap();
        planned += 1;
        all_arrive += u32::from(!summary["clearance_s"]["plan"].is_null());
    }
    eprintln!("{planned} planned, in {all_arrive} of them all movers arrive; {refused} refused");
    assert!(planned >= 30 && all_arrive >= 5 && all_arrive < planned);
}
