//! Groups: people by how they can move. Those with vehicles and those on foot are planned like any other movement, each on the
//! lanes, the time and the places that are theirs ([`parts`]); those who need a seat, a wheelchair place or a stretcher go with a
//! fleet in rounds ([`blocks`]), on a share of the roads that is kept for it ([`reserved`]). For the fleet there is a bound of its
//! own ([`bound`]), and where groups compete one for all of them ([`joint`]). How and why: `docs/concepts/multimodal.md`.

pub mod blocks;
pub mod bound;
pub mod figures;
pub mod fleet;
pub mod joint;
pub mod make;
mod modes;
pub mod parts;
pub mod reserved;
pub mod streets;
