//! An ensemble: many members, and what they have in common.

pub mod report;
mod spread;

pub use spread::{Convergence, EnsembleSpread, QuantileRow, spread};

use crate::behaviour::DrawnBehaviour;
use crate::member::{FigurePlaces, Member, MemberMaker, person_hours};
use crate::simulation::SimulationError;
use clearway_model::number::{length, round};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The figures of one member.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct MemberRow {
    /// Its number, from 0.
    pub member: u32,
    /// People who evacuate in it, less those who stay.
    pub evacuees: i64,
    /// People in orders who do not leave.
    pub stayed: i64,
    /// People who leave without being asked.
    pub unasked: i64,
    /// People in orders who take another way where they would stand too long.
    pub detoured: i64,
    /// People in orders who turn back where they would stand far too long; also among those who do not arrive.
    pub turned_back: i64,
    /// People who arrive.
    pub arrived: i64,
    /// People who left, or wanted to, and do not arrive within the planning horizon.
    pub not_arrived: i64,
    /// Of these, people whom a hazard overtakes.
    pub overtaken: i64,
    /// People who arrive at sites beyond their capacity.
    pub beyond_capacity: i64,
    /// When 90 % of its evacuees have arrived, s; `None`: never.
    pub t90_s: Option<f64>,
    /// When all have, s; `None`: never.
    pub t100_s: Option<f64>,
    /// Mean arrival of those who arrive, s.
    pub mean_s: Option<f64>,
    /// Mean waiting after departure, min.
    pub waiting_mean_min: f64,
    /// 95 of 100 people wait no longer, min.
    pub waiting_p95_min: f64,
    /// The longest anybody waits, min.
    pub waiting_longest_min: f64,
    /// Person-hours from the start to arrival, those who do not arrive to the end of the horizon.
    pub person_hours: f64,
    /// Crashes and breakdowns.
    pub incidents: u32,
    /// Rings of full roads in which nobody can move any more.
    pub gridlocks: u32,
    /// What was drawn of behaviour.
    pub behaviour: DrawnBehaviour,
    /// Where in their ranges the figures of its scenario lie; `None`: the central ones.
    pub places: Option<FigurePlaces>,
}

impl MemberRow {
    /// The figures of a member.
    pub fn new(member: &Member) -> Self {
        let (simulation, outcome) = (&member.simulation, &member.simulation.outcome);
        let all = simulation.evacuees;
        let time_of = |people: i64| outcome.time_of_s(people).filter(|_| all > 0);
        let hundredth = |value: f64| clearway_model::number::float(round(value * 100.0)) / 100.0;
        Self {
            member: member.number,
            evacuees: all,
            stayed: member.stayed,
            unasked: member.unasked,
            detoured: member.detoured,
            turned_back: member.turned_back,
            arrived: outcome.people_arrived,
            not_arrived: outcome.people_overtaken + outcome.people_underway + member.turned_back,
            overtaken: outcome.people_overtaken,
            beyond_capacity: member.beyond_capacity,
            t90_s: time_of((all * 9 + 9) / 10),
            t100_s: time_of(all),
            mean_s: outcome.mean_s(),
            waiting_mean_min: hundredth(outcome.waiting.mean_min),
            waiting_p95_min: hundredth(outcome.waiting.p95_min),
            waiting_longest_min: hundredth(outcome.waiting.longest_min),
            person_hours: person_hours(simulation, &member.network),
            incidents: member.incidents,
            gridlocks: u32::try_from(length(simulation.gridlock.len())).unwrap_or(u32::MAX),
            behaviour: member.behaviour,
            places: member.places,
        }
    }
}

/// A member that could not be simulated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailedMember {
    /// Its number.
    pub member: u32,
    /// Why.
    pub why: String,
}

/// Members that were run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EnsembleRows {
    /// Those that were simulated, by number.
    pub members: Vec<MemberRow>,
    /// Those that could not be.
    pub failed: Vec<FailedMember>,
}

/// Who hears how far an ensemble is.
pub trait EnsembleWatch: Sync {
    /// Whether to go on.
    fn goes_on(&self) -> bool;
    /// A member is there.
    fn finished(&self);
}

/// Simulates members on the threads of the current pool. The rows are the same for any number of threads.
///
/// # Errors
/// [`SimulationError::Cancelled`] if it was asked to end.
pub fn run_members(
    maker: &MemberMaker<'_>,
    numbers: Range<u32>,
    watch: &dyn EnsembleWatch,
) -> Result<EnsembleRows, SimulationError> {
    let results: Vec<(u32, Result<MemberRow, SimulationError>)> = numbers
        .into_par_iter()
        .map(|number| {
            let row = maker.member(number, None, &mut |_| watch.goes_on()).map(|one| MemberRow::new(&one));
            watch.finished();
            (number, row)
        })
        .collect();
    let mut rows = EnsembleRows::default();
    for (member, result) in results {
        match result {
            Ok(row) => rows.members.push(row),
            Err(SimulationError::Cancelled) => return Err(SimulationError::Cancelled),
            Err(other) => rows.failed.push(FailedMember { member, why: other.to_string() }),
        }
    }
    Ok(rows)
}
