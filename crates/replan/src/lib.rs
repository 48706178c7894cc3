//! What is left of a plan that is being carried out.
//!
//! * [`states`] says where everybody is at a time by the plan's exact loading.
//! * [`read_counts`] reads what was counted and reported instead; [`template`] gives a table to fill in, [`filled`] one with what was.
//! * [`settle`] holds one against the other: what was counted counts, the rest is by the plan, and contradictions are named.
//! * [`rest_scenario`] makes of it a scenario of its own, which begins at that time; [`kept_orders`] the orders that stay.
//! * [`changed_instructions`] says who is told something else in a new plan.
//!
//! Nothing here plans, proves, reads a file or prints.

mod balance;
mod counts;
mod instructions;
mod kept;
mod plan_state;
mod reported;
mod rest;
mod rest_sources;
mod road_zones;
mod take_up;
mod tally;
mod template;
mod time_shift;
mod whole;

pub use balance::{Contradiction, RoadPeople, SiteNow, Situation, ZoneNow, settle};
pub use counts::{Count, Observations, read_counts};
pub use instructions::{
    ChangedOrder, InstructionChange, InstructionChanges, Instructions, changed_instructions,
};
pub use kept::{KeptOrders, kept_orders};
pub use plan_state::{CarriedOrder, MovingPacket, OnTheWay, OrderRest, PlanState, states};
pub use reported::{ReportedChange, apply_reported};
pub use rest::{RestError, RestScenario, RestTask, rest_scenario};
pub use road_zones::{OnwardNames, ReadyPiece, RoadZone};
pub use tally::{CountOrigin, Tally};
pub use template::{FilledRow, filled, made_up_rows, template, template_rows};
pub use time_shift::{shifted_closures, shifted_start, shifted_windows};
