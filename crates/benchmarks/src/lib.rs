//! The library of named instances: `bench/library.toml` says what each is, [`make`] makes its scenario.
//!
//! An instance begins as a public map with zones and sites put into it ([`map_city`]), or as a synthetic city
//! (`clearway-instances`). Variants are functions over a scenario: a [river](river), a [front](front), [capacities of
//! sites](capacity), a [curfew](curfew), a [mobilization curve](release). The same definition and map give the same scenario on
//! every machine; nothing here is tuned after a result was seen.

pub mod apportion;
mod bisect;
pub mod capacity;
pub mod curfew;
mod definition;
mod error;
pub mod front;
mod made;
mod make;
pub mod map_city;
mod plane;
mod reach;
pub mod release;
pub mod river;
mod sites;
mod zones;

pub use definition::{
    DailyCurfew, HazardFront, InstanceDefinition, InstanceLibrary, MapSide, PeopleOrigins, SizeClass,
};
pub use error::LibraryError;
pub use made::InstanceSize;
pub use make::{find_map, make};
