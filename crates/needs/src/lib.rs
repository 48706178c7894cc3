//! What people need over time and place, and where supplies fall short.
//!
//! [`Rates`] are the standards as a table, [`Rates::needed`] what a number of people needs in a phase, exactly; [`Presence`]
//! is how many people are at a place hour by hour; [`shortfalls`] puts needs against [`Supply`]. Nothing here reads files.

mod presence;
mod rates;
mod supply;

pub use presence::{Kind, Presence, hourly, present};
pub use rates::{Climate, Need, Phase, Rate, Rates};
pub use supply::{Shortfall, Supply, read_supplies, shortfalls};
