//! Early warning: with which counts at which hour no plan of what is left keeps a deadline any more. Each is proved for the scenario of what
//! would be left then.

use super::old_plan::OldPlan;
use crate::error::Error;
use crate::session::Session;
use clearway_bound::is_excluded;
use clearway_formats::csv_text;
use clearway_model::number::float;
use clearway_model::time::MS_PER_HOUR;
use clearway_model::{Store, grouped, number};
use clearway_network::Network;
use clearway_replan::{Count, Observations, PlanState, RestTask, rest_scenario, settle};
use clearway_report::{ScenarioClock, TimeRounding, after_start};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Halvings of the share of people who are late.
const HALVINGS: u32 = 7;
/// Hours that are looked at, at the most.
const MOST_HOURS: i64 = 96;

/// What is asked of an early warning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct EarlyWarningRequest {
    /// By when everybody is to have arrived, ms from the start of the plan.
    pub deadline_ms: i64,
    /// How far apart the times are that are looked at, ms.
    pub every_ms: i64,
}

impl Default for EarlyWarningRequest {
    fn default() -> Self {
        Self { deadline_ms: 0, every_ms: MS_PER_HOUR }
    }
}

/// With which counts a deadline is lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct EarlyWarning {
    /// The deadline, ms from the start of the plan.
    pub deadline_ms: i64,
    /// Time after time, the start of the plan first.
    pub times: Vec<WarningTime>,
    /// From this time on no plan keeps the deadline if nobody has left by then, ms; `None`: that is proved for no time that was looked at.
    pub lost_from_if_nobody_left_ms: Option<i64>,
}

/// One time at which counts may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WarningTime {
    /// The time, ms from the start of the plan.
    pub at_ms: i64,
    /// People who by the plan are still in their zones, those who stay included.
    pub waiting_by_plan: i64,
    /// People who by the plan have left.
    pub left_by_plan: i64,
    /// Whether no plan keeps the deadline even if all goes as the plan says.
    pub is_lost_by_plan: bool,
    /// If so many are still in their zones, those who stay included (the lateness in proportion to who should have left), no plan keeps the deadline; `None`: not even
    /// if nobody has left is that proved.
    pub lost_with_waiting: Option<i64>,
}

/// Computes an early warning for a plan: at each time the fewest people still in their zones for whom it is proved that no plan of what is left
/// keeps the deadline.
///
/// # Errors
/// As [`replan`](crate::replan()); [`Error::Request`] if the deadline is not within the planning horizon.
pub fn early_warning(
    session: &Session,
    plan: &dyn Store,
    request: &EarlyWarningRequest,
) -> Result<EarlyWarning, Error> {
    let old = OldPlan::read(session, plan)?;
    let (deadline, horizon) = (request.deadline_ms, old.scenario.settings.horizon_ms);
    if deadline <= 0 || deadline > horizon {
        return Err(Error::Request(format!(
            "the deadline is {} min after the start; it must be within the planning horizon of {} min",
            deadline / 60_000,
            horizon / 60_000
        )));
    }
    let every = (request.every_ms / 1000 * 1000).max(60_000);
    let count = (deadline / every + 1).min(MOST_HOURS);
    let times: Vec<i64> = (0..count).map(|hour| hour * every).filter(|at| *at < deadline).collect();
    let progress = session.progress();
    let states = old.states(&times);
    let mut rows = Vec::new();
    for (number, state) in states.iter().enumerate() {
        progress.tell("bound", float(number) / float(states.len()));
        session.go_on()?;
        let asking = LateAsking { old: &old, state, deadline, session };
        rows.push(asking.row()?);
    }
    let lost = rows.iter().find(|row| row.lost_with_waiting.is_some()).map(|row| row.at_ms);
    Ok(EarlyWarning { deadline_ms: deadline, times: rows, lost_from_if_nobody_left_ms: lost })
}

/// One time, with more and fewer people late.
struct LateAsking<'a> {
    old: &'a OldPlan,
    state: &'a PlanState,
    deadline: i64,
    session: &'a Session,
}

impl LateAsking<'_> {
    fn row(&self) -> Result<WarningTime, Error> {
        let zones = &self.old.network.zones;
        let left: i64 = self.state.left(zones.len()).iter().sum();
        // as counts have it: those who stay are among them
        let people: i64 = zones.iter().map(|zone| zone.people).sum();
        let is_lost_by_plan = self.is_lost(0, 1)?;
        let mut row = WarningTime {
            at_ms: self.state.at,
            waiting_by_plan: people - left,
            left_by_plan: left,
            is_lost_by_plan,
            lost_with_waiting: is_lost_by_plan.then_some(people - left),
        };
        let parts = 1i64 << HALVINGS;
        if is_lost_by_plan || !self.is_lost(parts, parts)? {
            return Ok(row);
        }
        // the fewest who are proved to be too many
        let (mut good, mut bad) = (0, parts);
        while bad - good > 1 {
            let middle = good + (bad - good) / 2;
            if self.is_lost(middle, parts)? {
                bad = middle;
            } else {
                good = middle;
            }
        }
        let late: i64 = self.late(bad, parts).iter().sum();
        row.lost_with_waiting = Some(people - left + late);
        Ok(row)
    }

    /// Per zone, people late if a part of those who should have left are.
    fn late(&self, part: i64, parts: i64) -> Vec<i64> {
        let share = |left: i64| number::narrow(i128::from(left) * i128::from(part) / i128::from(parts));
        self.state.left(self.old.network.zones.len()).into_iter().map(share).collect()
    }

    /// Whether it is proved that no plan keeps the deadline if so many are late.
    fn is_lost(&self, part: i64, parts: i64) -> Result<bool, Error> {
        self.session.go_on()?;
        let OldPlan { scenario, network, .. } = self.old;
        let mut observed = Observations::default();
        let left = self.state.left(network.zones.len());
        for ((row, late), left) in self.late(part, parts).into_iter().enumerate().zip(left) {
            if late > 0 {
                let people = network.zones[clearway_network::ZoneIndex::from(row)].people - left + late;
                let count = Count {
                    people,
                    uncertainty: None,
                    age_ms: 0,
                    file: String::new(),
                    row: String::new(),
                    source: String::new(),
                };
                observed.waiting.insert(row, count);
            }
        }
        let situation = settle(scenario, network, self.state, &BTreeMap::new(), &observed);
        let task = RestTask { scenario, network, situation: &situation, observed: &observed };
        let rest = rest_scenario(task).map_err(|error| Error::Internal(error.to_string()))?;
        let rest = Network::new(&rest.scenario, network.case)?;
        // all are there by the deadline if they are strictly before the next millisecond
        Ok(is_excluded(&rest, self.deadline - self.state.at + 1))
    }
}

impl EarlyWarning {
    /// The table: one row per time.
    pub fn csv(&self) -> Vec<u8> {
        let header = ["at_min", "waiting_by_plan", "left_by_plan", "lost_by_plan", "lost_with_waiting"];
        let row = |row: &WarningTime| {
            vec![
                (row.at_ms / 60_000).to_string(),
                row.waiting_by_plan.to_string(),
                row.left_by_plan.to_string(),
                if row.is_lost_by_plan { "1" } else { "0" }.to_owned(),
                row.lost_with_waiting.map_or_else(String::new, |people| people.to_string()),
            ]
        };
        csv_text(&header, self.times.iter().map(row))
    }

    /// What it says, for a terminal; `plan`: the plan folder, for clock times.
    pub fn in_words(&self, plan: &dyn Store) -> String {
        let settings = plan.read("scenario/scenario.toml").ok().flatten();
        let settings: Option<clearway_model::Settings> =
            settings.and_then(|bytes| toml::from_str(std::str::from_utf8(&bytes).ok()?).ok());
        let when = |ms: i64| {
            let s = clearway_model::time::seconds(ms);
            let after = after_start(s, TimeRounding::Down);
            match &settings {
                Some(settings) => {
                    format!("{} ({after})", ScenarioClock::new(settings).short(s, TimeRounding::Down))
                }
                None => after,
            }
        };
        let mut text = format!("Deadline: {}.\n\n", when(self.deadline_ms));
        text.push_str(&format!(
            "  {:<28} {:>18} {:>28}\n",
            "counts at", "in zones by plan", "no plan keeps it any more if"
        ));
        for row in &self.times {
            let lost = match row.lost_with_waiting {
                None => "-".to_owned(),
                Some(_) if row.is_lost_by_plan => "in any case".to_owned(),
                Some(people) => format!("{} or more are there", grouped(people)),
            };
            text.push_str(&format!(
                "  {:<28} {:>18} {:>28}\n",
                when(row.at_ms),
                grouped(row.waiting_by_plan),
                lost
            ));
        }
        text.push_str(&match self.lost_from_if_nobody_left_ms {
            Some(ms) => format!("\nIf nobody has left by {}, it is proved that no plan keeps the deadline.\n", when(ms)),
            None => "\nFor none of these times it is proved that the deadline is lost, not even if nobody has left.\n".to_owned(),
        });
        text.push_str(
            "Lateness is spread over zones as departures are by the plan. A dash is no promise: that nothing is proved does not say that a plan can do it.\n",
        );
        text
    }
}
