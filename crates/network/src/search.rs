//! Earliest arrival and latest departure of somebody who travels alone, over elements with travel times and open sets.
//!
//! One routine for everything that looks for a way and meets no queue: runs of a fleet, trucks, latest departures, lower bounds. The searches
//! of the planner that weigh queues and the flow engine, which knows arrays only, have their own.
//!
//! Labels belong to *elements*, not to nodes, so that a prohibited turn costs nothing extra: somebody on an element knows by which
//! elements they may go on. All times are whole milliseconds since the start.
//!
//! # What holds
//!
//! A label is only ever improved, and each element is settled once, the best label first (Dijkstra, Numerische Mathematik 1, 1959). That is
//! exact where coming earlier never means getting away later (first in, first out: Kaufman and Smith, IVHS Journal 1, 1993). Open sets
//! alone have that property: who waits for an opening enters no later than who comes after them. Closures of a *node* to presence do not:
//! who waits there when one begins is overtaken, and who comes later is not. There a way that is found can be gone, and one that is not found
//! may still exist, for somebody who dawdles before.

mod arrivals;
mod departures;
mod entry;
mod frontier;

pub use arrivals::{ArrivalSearch, JourneyStart, SettleBy};
pub use departures::{InboundElements, TurnRule, free_times_to_sites, latest_entries};
pub use entry::{LatestEntry, latest_entry, next_entry};
