//! What people need over time and place, where supplies fall short, and what can be brought.
//!
//! [`Rates`] are the standards as a table; [`replayed`] counts who is where hour by hour, from a plan's exact replay;
//! [`Balance`] puts needs against supplies and says what is short and from when on each site is below each standard; [`Stops`]
//! and [`rest_points`] are places to rest along the routes; [`convoys`] brings aid on the scenario's own roads within their hours
//! and says what it takes of them. [`Report`] is what comes out, [`tables`]
//! show it. Nothing here reads or writes files.

mod balance;
mod convoys;
mod needed;
mod occupancy;
mod rates;
mod replayed;
pub mod report;
mod rest;
mod standing;
mod supply;
mod supply_points;
pub mod tables;
mod truck_way;

pub use balance::{Balance, Below, Delivery, Shortfall};
pub use convoys::{Aid, Convoy, Trucks, Unmet, convoys};
pub use needed::{Needed, needed, site_name, with_unit};
pub use occupancy::{Kind, Occupancy, hourly, present};
pub use rates::{Climate, Need, Phase, Rate, Rates};
pub use replayed::{ReplayError, Replayed, Tightest, Way, replayed, tighter, ways};
pub use report::Report;
pub use rest::{Passed, RestPoint, Stops, rest_points};
pub use standing::{lines, table};
pub use supply::{MEALS_A_DAY, Supply, SupplyKind, read_supplies};
pub use supply_points::{SupplyPoint, read_supply_points};
pub use truck_way::truck_network;
