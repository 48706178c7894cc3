//! `plan_robust`: orders that do well when not all goes as ordered.

use crate::ensemble::{EnsembleRequest, ensemble};
use crate::error::Error;
use crate::event::Event;
use crate::load::LoadedScenario;
use crate::plan::{PlanRequest, Planned, Usage, plan};
use crate::session::Session;
use clearway_model::{MemoryStore, grouped};
use clearway_report::simulation::after_start_words;
use clearway_simulate::ensemble::QuantileRow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is asked of a plan that is to do well under chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RobustRequest {
    /// The plan. What is tried begins with its own `capacity_share`.
    pub plan: PlanRequest,
    /// What members are drawn from: the same luck for all plans that are tried.
    pub ensemble: EnsembleRequest,
    /// How many members each plan is tried with, at least 1.
    pub members: u32,
    /// Shares of each road's capacity that are tried beside that of the plan, 0.1 to 1.
    pub shares: Vec<f64>,
}

impl Default for RobustRequest {
    fn default() -> Self {
        Self {
            plan: PlanRequest::default(),
            ensemble: EnsembleRequest::default(),
            members: 20,
            shares: vec![0.95, 0.9, 0.8, 0.7],
        }
    }
}

/// One plan that was tried.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RobustTrial {
    /// Share of each road's capacity that its orders use; `None`: the default, all of it but for a little where roads merge.
    pub capacity_share: Option<f64>,
    /// When 90 % have arrived by the plan, s; `None`: never.
    pub plan_t90_s: Option<f64>,
    /// The same simulated as ordered, s.
    pub as_ordered_t90_s: Option<f64>,
    /// The same in half of the members, s.
    pub t90_p50_s: Option<f64>,
    /// The same in nine of ten members, s.
    pub t90_p90_s: Option<f64>,
    /// Mean over the members in which 90 % arrive, s.
    pub t90_mean_s: Option<f64>,
    /// Members in which 90 % never arrive.
    pub t90_never: u32,
    /// People who do not arrive, mean of all members.
    pub not_arrived_mean: f64,
    /// Nine of ten members have no more people who do not arrive.
    pub not_arrived_p90: f64,
    /// Person-hours, mean of all members.
    pub person_hours_mean: f64,
}

/// `robust.json`: the plans that were tried under the same chance, and which was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RobustReport {
    /// Always `clearway-robust/1`.
    pub schema: String,
    /// Members that each was tried with.
    pub members: u32,
    /// Seed of all chance.
    pub seed: u64,
    /// All plans, the one as requested first.
    pub trials: Vec<RobustTrial>,
    /// Which was taken, from 0: the one whose 90th percentile of the 90 % time is the earliest; if they are equal or never, the one whose 90th
    /// percentile of people who do not arrive is the least, then that of the fewest person-hours in the mean.
    pub chosen: usize,
}

/// Makes plans that use less and less of each road's capacity, simulates each with the same members, and takes the one that does best in
/// nine of ten of them.
///
/// # Errors
/// As [`plan()`] and [`crate::ensemble()`]; [`Error::Request`] for a multimodal plan, or nothing to try.
pub fn plan_robust(
    session: &Session,
    loaded: &LoadedScenario,
    request: &RobustRequest,
) -> Result<Planned, Error> {
    if request.members == 0 {
        return Err(Error::Request("members is 0, expected at least 1".to_owned()));
    }
    if loaded.scenario.groups.is_some() || request.plan.bound_only || request.plan.ignore_space {
        return Err(Error::Request(
            "robust orders are made for one class of road users, with orders and queues that take space"
                .to_owned(),
        ));
    }
    if let Some(share) = request.shares.iter().find(|share| !(0.1..=1.0).contains(*share)) {
        return Err(Error::Request(format!("shares has {share}, expected numbers from 0.1 to 1")));
    }
    let mut shares = vec![request.plan.capacity_share];
    shares.extend(request.shares.iter().copied().map(Some));
    let (mut best, mut trials, mut chosen) = (None, Vec::new(), 0);
    for (at, capacity_share) in shares.into_iter().enumerate() {
        let planned = plan(session, loaded, &PlanRequest { capacity_share, ..request.plan.clone() })?;
        let store = MemoryStore::from(planned.artifacts(Usage::default())?);
        let trial = tried(session, &store, request, capacity_share)?;
        session.tell(Event::Note { text: trial.in_words() });
        if at == 0 || trial.is_better(&trials[chosen]) {
            (best, chosen) = (Some(planned), at);
        }
        trials.push(trial);
    }
    let mut planned = best.ok_or(Error::Cancelled(None))?;
    planned.robust = Some(RobustReport {
        schema: RobustReport::SCHEMA.to_owned(),
        members: request.members,
        seed: request.ensemble.seed,
        trials,
        chosen,
    });
    Ok(planned)
}

fn tried(
    session: &Session,
    store: &MemoryStore,
    request: &RobustRequest,
    capacity_share: Option<f64>,
) -> Result<RobustTrial, Error> {
    let ensemble = ensemble(session, store, &request.ensemble, 0..request.members)?;
    let report = &ensemble.report;
    let of =
        |figure: &str, share: fn(&QuantileRow) -> Option<f64>| report.quantiles_of(figure).and_then(share);
    Ok(RobustTrial {
        capacity_share,
        plan_t90_s: report.head.plan.t90_s,
        as_ordered_t90_s: report.head.as_ordered.t90_s,
        t90_p50_s: of("t90_s", |row| row.p50),
        t90_p90_s: of("t90_s", |row| row.p90),
        t90_mean_s: of("t90_s", |row| row.mean),
        t90_never: report.quantiles_of("t90_s").map_or(0, |row| row.never),
        not_arrived_mean: of("not_arrived", |row| row.mean).unwrap_or(0.0),
        not_arrived_p90: of("not_arrived", |row| row.p90).unwrap_or(0.0),
        person_hours_mean: of("person_hours", |row| row.mean).unwrap_or(0.0),
    })
}

impl RobustTrial {
    /// Whether it does better than another, see [`RobustReport::chosen`].
    fn is_better(&self, other: &Self) -> bool {
        let key =
            |of: &Self| [of.t90_p90_s.unwrap_or(f64::INFINITY), of.not_arrived_p90, of.person_hours_mean];
        key(self).partial_cmp(&key(other)).is_some_and(std::cmp::Ordering::is_lt)
    }

    fn in_words(&self) -> String {
        let share = self.capacity_share.map_or_else(
            || "all of each road's capacity".to_owned(),
            |share| format!("{:.0} % of each road's capacity", share * 100.0),
        );
        format!(
            "{share}: 90 % by the plan {}, in nine of ten members {}; {} people do not arrive in the mean",
            after_words(self.plan_t90_s),
            after_words(self.t90_p90_s),
            grouped(clearway_model::number::round(self.not_arrived_mean))
        )
    }
}

/// `after 2 h`, `never`.
fn after_words(time_s: Option<f64>) -> String {
    if time_s.is_some() { format!("after {}", after_start_words(time_s)) } else { "never".to_owned() }
}

impl RobustReport {
    /// The value of `schema` that this version writes.
    pub const SCHEMA: &'static str = "clearway-robust/1";

    /// What was tried and taken, for a terminal.
    pub fn in_words(&self) -> String {
        let mut lines = vec![format!(
            "Orders that use less of each road's capacity, each simulated with the same {} members under chance (seed {}):",
            self.members, self.seed
        )];
        for (at, trial) in self.trials.iter().enumerate() {
            let mark = if at == self.chosen { "taken: " } else { "" };
            lines.push(format!("- {mark}{}.", trial.in_words()));
        }
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_late_members_decide_then_people_then_person_hours() {
        let trial = |t90_p90_s, not_arrived_p90, person_hours_mean| RobustTrial {
            capacity_share: None,
            plan_t90_s: None,
            as_ordered_t90_s: None,
            t90_p50_s: None,
            t90_p90_s,
            t90_mean_s: None,
            t90_never: 0,
            not_arrived_mean: 0.0,
            not_arrived_p90,
            person_hours_mean,
        };
        assert!(trial(Some(5.0), 9.0, 9.0).is_better(&trial(None, 1.0, 1.0)));
        assert!(trial(None, 1.0, 9.0).is_better(&trial(None, 2.0, 1.0)));
        assert!(trial(Some(5.0), 2.0, 1.0).is_better(&trial(Some(5.0), 2.0, 3.0)));
        assert!(!trial(Some(5.0), 2.0, 3.0).is_better(&trial(Some(5.0), 2.0, 3.0)));
    }
}
