//! From bound to plan: movement orders with few routes per zone, as near the bound as possible, with their proof.
//!
//! [`answer`] is the main path. In its order: the bound and its cuts (`clearway_bound`); the unrestricted-route flow taken apart
//! ([`seed`]); stages with ever fewer routes per zone (`stages`), a local search in each ([`local_search`]) with exact marginal costs
//! under the fast loading of `clearway_loading`; whole people and orders, carried out exactly and repaired ([`orders`]); departures
//! spread so that people wait where they are ([`spread`]); figures ([`figures`], of
//! space and waiting [`road_space`]) and the reasons of those in no order
//! ([`unmoved`]). How and why: `docs/concepts/orders.md`.
//!
//! Nothing depends on the number of threads or on time: searches have fixed numbers of rounds and seeds.

mod answer;
mod assemble;
mod bring;
pub mod convergent;
pub mod early;
pub mod figures;
mod finish;
pub mod fit;
mod keep;
pub mod like;
pub mod local_search;
pub mod memory;
pub mod metering;
mod on_road;
mod options;
pub mod orders;
mod prices;
mod road_search;
pub mod road_space;
pub mod seed;
pub mod spread;
mod stages;
pub mod unmoved;

pub use answer::{PlanAnswer, answer, answer_until};
pub use early::{EarlyEnd, answer_bound, bound_alone};
pub use keep::{EarlierProof, answer_keeping};
pub use options::{PlanError, PlanOptions, Progress, QueueSpace};
