//! What is asked of a plan.

use clearway_model::Plan;
use std::sync::Arc;

/// Whether queues take space on the road.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QueueSpace {
    /// Orders are made so that queues fit on their roads.
    #[default]
    TakeSpace,
    /// Queues are taken to stand on top of each other: sooner on paper, and later on the road.
    IgnoreSpace,
}

/// What is asked of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanOptions {
    /// Most routes per zone; `None`: no limit.
    pub routes_per_zone: Option<u32>,
    /// Length of a departure window, ms.
    pub window_ms: i64,
    /// Whether queues take space on the road.
    pub queues: QueueSpace,
    /// Share of each road's capacity that metered orders use, 0.1 to 1; `None`: all of it but for a little where roads merge.
    pub capacity_share: Option<f64>,
    /// At a node everyone leaves the same way.
    pub convergent: bool,
    /// Threads; the results do not depend on it.
    pub threads: usize,
    /// Steps and distances of the cuts are this many times as long: less memory, a bound that still holds. At least 1.
    pub coarser: u32,
    /// The search for orders has this many times its rounds: better orders, about as many times the time. 1 to 100.
    pub effort: u32,
    /// People moved together in the replay; `None`: those of one vehicle, and more where there are very many. At least 1.
    pub packet_people: Option<i64>,
    /// Whether it is computed what round windows cost, and that queues fit on their roads.
    pub prices: bool,
    /// An earlier plan to stay close to: its routes are the beginning, and only what brings a clear gain changes them. Not with
    /// `convergent`.
    pub like: Option<Arc<Plan>>,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            routes_per_zone: Some(3),
            window_ms: 900_000,
            queues: QueueSpace::TakeSpace,
            capacity_share: None,
            convergent: false,
            threads: 2,
            coarser: 1,
            effort: 1,
            packet_people: None,
            prices: false,
            like: None,
        }
    }
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The tables do not fit together.
    #[error(transparent)]
    Network(#[from] clearway_network::NetworkError),
    /// An option that makes no sense.
    #[error("{option} is {value}, expected {expected}")]
    Option {
        /// What the option is called in messages.
        option: &'static str,
        /// The value that it was given.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
    /// It was ended early.
    #[error("ended before there was a plan")]
    Ended,
    /// Threads could not be started.
    #[error("cannot start {0} threads")]
    Threads(usize),
}

/// Called with what is being done and the share of it that is done, 0..1.
pub type Progress<'a> = &'a (dyn Fn(&str, f64) + Sync);
