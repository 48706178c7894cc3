//! Vehicles on roads, from event to event.
//!
//! A vehicle that has come to the end of a road stands in the queue of its lanes until the next road takes it. A road takes a vehicle
//! when the one before it has entered (rate), when there is room ([`crate::storage`]), while it is open, and when the road behind
//! lets it out (no road lets out more than it lets in). Of the heads of several queues it takes the one with the smallest finish stamp
//! (self-clocked fair queueing: Golestani, INFOCOM 1994), each queue weighted by the saturation flow of its road: saturated
//! approaches share by capacity, one that sends little gets what it sends, and an idle one saves up no credit.
//!
//! A vehicle is a stretch of time, from its first person to its last, exactly as a packet in `clearway_loading::exact`: a road of
//! the same rate therefore passes a platoon on without a delay, and no vehicle can be ahead of the bound of its own capacities.

use crate::engine::Engine;
use crate::gridlock::Ring;
use crate::streets::Street;

/// A vehicle before it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vehicle {
    /// Its path, as a number in the list of paths.
    pub path: u32,
    /// People in it.
    pub people: u32,
    /// When its first person leaves, µs.
    pub first_us: i64,
    /// When its last person leaves, µs.
    pub last_us: i64,
}

/// What became of a vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Admitted at its destination then, µs.
    Arrived(i64),
    /// On, or at the end of, the street at this place of its path when the time ended; `None`: it never left.
    Underway(Option<u32>),
    /// Overtaken by a hazard then (µs), on the way to the street at this place of its path.
    Overtaken(i64, u32),
}

/// A vehicle's journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Journey {
    /// What became of it.
    pub fate: Fate,
    /// Waiting after departure before it got onto its first road: before and on the connector that leads there, µs.
    pub waited_before_road_us: i64,
    /// Waiting on roads, µs.
    pub waited_on_road_us: i64,
}

/// A vehicle that a street takes or lets out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage {
    /// The vehicle.
    pub vehicle: u32,
    /// The street.
    pub street: u32,
    /// Where the street stands among those of all paths, one path after the other.
    pub place: u32,
    /// People in the vehicle.
    pub people: u32,
    /// How long it takes to enter at the rate of the street that it enters, µs.
    pub span_us: i64,
}

/// A vehicle that did not get on at once at the end of a street.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// The street at whose end it stood.
    pub behind: u32,
    /// The street that it waited for.
    pub street: u32,
    /// People in the vehicle.
    pub people: u32,
    /// Waiting at the end of its street, as the first there or not, µs.
    pub waited_us: i64,
    /// The part of it in which it was the first, µs.
    pub first_us: i64,
    /// The part of that in which the street that it waited for was full, µs.
    pub full_us: i64,
}

/// Who wants to know what happens on the way.
pub trait Watch {
    /// A vehicle enters a street for which it has waited at the end of another, or still waits for it when the time ends.
    fn held(&mut self, hold: Hold) {
        let _ = hold;
    }

    /// A vehicle has entered a street, the last of its people at `time_us`.
    fn entered(&mut self, passage: Passage, time_us: i64) {
        let _ = (passage, time_us);
    }

    /// A vehicle has left a street after waiting at its end, the last of its people at `time_us`.
    fn left(&mut self, passage: Passage, time_us: i64, waited_us: i64) {
        let _ = (passage, time_us, waited_us);
    }

    /// Asked now and then, with the time that the simulation has come to: whether it is to go on.
    fn goes_on(&mut self, time_us: i64) -> bool {
        let _ = time_us;
        true
    }
}

/// Nobody watches.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Watch for Unwatched {}

/// What is to be simulated.
#[derive(Debug, Clone, Copy)]
pub struct Demand<'a> {
    /// The streets, in an order that depends on their ids alone: it settles ties.
    pub streets: &'a [Street],
    /// Paths, each a list of streets from a connector of a zone to an admission.
    pub paths: &'a [Vec<u32>],
    /// The vehicles; those that leave by the same connector at the same moment go in this order.
    pub vehicles: &'a [Vehicle],
    /// Nothing happens from then on, µs.
    pub end_us: i64,
    /// Whose turn it is where several want to enter a street.
    pub turns: Turns,
}

/// Whose turn it is where several want to enter a street.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Turns {
    /// Saturated approaches share by their capacities, and no street lets out more than it lets in: a road.
    #[default]
    Shared,
    /// Who came first, as in the loading of a plan, where queues stand on top of each other.
    FirstCome,
}

/// What happened on a street.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StreetTraffic {
    /// Vehicles that entered.
    pub vehicles: u64,
    /// People in them.
    pub people: i64,
    /// Waiting at its end, people x µs, of those who have left it.
    pub waiting: i128,
    /// People who stood on it, or were on their way on it, when the time ended.
    pub people_left: i64,
    /// People who were overtaken on it.
    pub people_overtaken: i64,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Movement {
    /// Per vehicle.
    pub journeys: Vec<Journey>,
    /// Per street, what happened on it; who is left on it or overtaken there is not counted here.
    pub traffic: Vec<StreetTraffic>,
    /// Vehicles that a street took, all streets together.
    pub moves: u64,
    /// Rings of full streets in which nobody can move any more.
    pub gridlock: Vec<Ring>,
}

/// Moves all vehicles until they are there, stand for ever, or the time ends. `None` if whoever watches does not want it to go on.
pub fn run(demand: Demand<'_>, watch: &mut impl Watch) -> Option<Movement> {
    let mut engine = Engine::new(demand, watch);
    engine.go().then(|| engine.ended())
}
