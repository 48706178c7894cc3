//! A plan as reports on several plans show it: one row of figures each.

use super::rows::{ReportedSite, ReportedZone};
use clearway_model::{Bottleneck, Context, CurvePoint, Scenario, Settings, Summary};

/// One of the plans of a report.
#[derive(Debug, Clone)]
pub struct FormPlan<'a> {
    /// What it is called.
    pub name: String,
    /// Its scenario.
    pub scenario: &'a Scenario,
    /// Its figures beside the bounds.
    pub summary: &'a Summary,
    /// Arrived and bound over time.
    pub curve: &'a [CurvePoint],
    /// What sets its bound, largest first.
    pub bottlenecks: &'a [Bottleneck],
    /// Digest of its `plan.json`.
    pub plan_digest: &'a str,
    /// Per zone, in the order of its table.
    pub zones: Vec<ReportedZone>,
    /// Per site, in the order of its table.
    pub sites: Vec<ReportedSite>,
    /// Vehicles that leave; `None` on foot.
    pub vehicles: Option<i64>,
    /// Simulated where queues take space: 90 % and all arrived, s; `None`: no simulation was given.
    pub simulated_s: Option<[Option<f64>; 2]>,
    /// Tables of its scenario that differ from those of the first plan.
    pub differs_in: Vec<String>,
}

impl FormPlan<'_> {
    /// People who are to leave.
    pub fn evacuees(&self) -> i64 {
        self.summary.people.total - self.summary.people.staying
    }
}

/// What the frame of a page on several plans says: name and start of the first; an armed conflict if any plan is of one; whom the data of
/// any of them are owed to, each once.
pub(super) fn frame_settings(first: &FormPlan<'_>, plans: &[FormPlan<'_>]) -> Settings {
    let mut settings = first.scenario.settings.clone();
    for plan in plans {
        let own = &plan.scenario.settings;
        if own.context == Context::ArmedConflict {
            settings.context = Context::ArmedConflict;
        }
        for line in &own.attribution {
            if !settings.attribution.contains(line) {
                settings.attribution.push(line.clone());
            }
        }
    }
    settings
}
