//! From limit to plan: movement orders with few routes per zone, as near the limit as possible, with their proof.
//!
//! [`answer`] is the main path. In its order: the limit and its cuts ([`certify`]); the free-split flow taken apart
//! ([`seed`]); the ladder of ever fewer ways per zone (`ladder`), a hill climb on each rung ([`climb`]) with exact marginal costs
//! ([`marginal`]) under a fast replay ([`packet`]); whole people and orders, carried out exactly and repaired ([`orders`],
//! [`exact`]); departures spread so that people wait where they are ([`spread`]); figures ([`figures`]), latest times
//! ([`latest`]) and the reasons of those in no order ([`unmoved`]). How and why: `docs/concepts/orders.md`.
//!
//! Nothing depends on the number of threads or on time: searches have fixed numbers of rounds and seeds.

mod answer;
pub mod bridge;
mod bring;
pub mod certify;
pub mod climb;
pub mod convergent;
pub mod early;
pub mod exact;
pub mod figures;
mod finish;
pub mod fit;
mod ladder;
pub mod latest;
pub mod levers;
pub mod like;
pub mod marginal;
pub mod measures;
pub mod memory;
mod options;
pub mod orders;
pub mod packet;
mod scale;
pub mod schedule;
pub mod seed;
pub mod spread;
pub mod stress;
pub mod unmoved;
pub mod way;

pub use answer::{Answer, answer, answer_until};
pub use early::{Early, answer_limit, limit_alone};
pub use options::{PlanError, PlanOptions, Progress};
