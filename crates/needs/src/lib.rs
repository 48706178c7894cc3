//! What people need over time and place, where supplies fall short, and what can be brought.
//!
//! [`Rates`] are the standards as a table; [`replayed`] counts who is where hour by hour, from a plan's exact replay,
//! [`occupancy`] of a whole plan folder; [`given`] reads what is there and plans what is brought; [`SupplyBalance`] puts needs against
//! supplies and says what is short and from when on each site is below each standard; [`RouteStops`] and [`rest_points`] are places to rest along the routes; [`convoys`] brings aid on the scenario's own roads within their hours
//! and says what it takes of them. [`NeedsReport`] is what comes out, [`tables`] show it. Files are read from a
//! [`Store`](clearway_model::Store); nothing is written.

mod balance;
mod convoys;
mod error;
mod needed;
mod occupancy;
mod plan_occupancy;
mod rates;
mod redaction;
mod replayed;
pub mod report;
mod rest;
mod standing;
mod supplies;
mod supply;
mod supply_points;
pub mod tables;
mod truck_way;

pub use balance::{Delivery, Shortfall, StandardGap, SupplyBalance};
pub use convoys::{AidPlan, Convoy, TruckSpec, UnmetNeed, UnmetReason, convoys};
pub use error::NeedsError;
pub use needed::{NeededTable, needed, site_name, with_unit};
pub use occupancy::{Occupancy, OccupancyKind, hourly, present};
pub use plan_occupancy::{PlanOccupancy, RestSpacing, busiest_hour, occupancy};
pub use rates::{Climate, ItemNeed, Phase, Rate, Rates};
pub use redaction::{redact, three_digits, up_to_tens};
pub use replayed::{LoadedOccupancy, OrderPath, ReplayError, TightestReserve, replayed, tighter, ways};
pub use report::NeedsReport;
pub use rest::{RestPoint, RouteStops, StopUse, rest_points};
pub use standing::{lines, table};
pub use supplies::{GivenSupplies, GivenTable, SupplyRules, given, trucks};
pub use supply::{MEALS_A_DAY, PlaceSupply, SupplyKind, read_supplies};
pub use supply_points::{SupplyPoint, read_supply_points};
pub use truck_way::truck_network;
