//! How many vehicles fit on a road, and how fast a gap travels back through those that stand: the same room by which a plan's
//! overflow is counted, from `clearway_network`.

pub use clearway_network::{LinkRoom as Storage, RoomFigures, SPACING_M, WAVE_KM_H};
