//! Everyone: people by how they can move. Those with vehicles and those on foot are planned like any other movement, each on the
//! lanes, the time and the places that are theirs ([`parts`]); those who need a seat, a wheelchair place or a stretcher go with a
//! fleet in rounds ([`duties`]), on a share of the roads that is kept for it ([`kept`]). For the fleet there is a limit of its
//! own ([`limit`]), and where groups compete one for all of them ([`joint`]). How and why: `docs/concepts/everyone.md`.

pub mod duties;
pub mod figures;
pub mod fleet;
pub mod joint;
pub mod kept;
pub mod limit;
pub mod make;
pub mod parts;
pub mod streets;
