//! Proposals out of public data, as tables for people to accept row by row: places that might receive people, vehicles that might carry
//! them. Nothing of them is used unasked.

mod fleet;
mod people;
mod sites;

pub use fleet::{FleetProposals, ProposeFleetRequest, ProposedVehicles, propose_fleet};
pub use people::{PeopleProposals, ProposePeopleRequest, propose_people};
pub use sites::{ProposeSitesRequest, SiteProposals, propose_sites};
