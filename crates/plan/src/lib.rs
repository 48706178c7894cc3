//! From limit to plan: movement orders near the limit.
pub mod climb;
pub mod exact;
pub mod marginal;
pub mod packet;
pub mod schedule;
pub mod seed;
pub mod way;
