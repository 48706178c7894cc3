//! Overflow: how many vehicles are on a link in the exact loading beyond those that fit there (`docs/reference/semantics.md`,
//! Overflow). Where no link overflows, orders are *spill-free*: space changes nothing of their figures.
//!
//! People are on a link from when they enter it until the space that they leave is of use at its beginning: the time in which a gap
//! travels back after they have gone on into the next element. A packet enters evenly between its first person and its last, and goes
//! on evenly between the first and the last who enter what comes next. So the people on a link are a function of time that is made of
//! straight pieces and of jumps, of which the integral is taken piece by piece.
//!
//! Most links of a plan cannot overflow, however the packets come: people enter at no more than the link's rate, and none of them is
//! on it for longer than the longest stay in the whole loading. A first replay finds these stays; only for the links that they do not
//! settle stretches are kept, in further replays, so many links at a time as fit into memory.

mod sweep;

use crate::exact::{ElementPassing, SentOrder, watched_replay};
use clearway_model::number::float;
use clearway_model::time::MICROS_PER_MS;
use clearway_network::{ElementIndex, LinkRoom, LinkRooms, Network, PerElement};
use sweep::{Crowd, Stay, overfull};

/// Stays kept at a time: some 170 MB.
const STAYS_AT_A_TIME: usize = 1 << 22;
/// Thousandths of a person per hour in a person per µs.
const RATE_PER_US: f64 = 3.6e12;
/// More people than fit by so many are none: what sums of fractions are off by.
pub const NONE_OVER: f64 = 1e-6;

/// A link that holds more vehicles than fit there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkOverflow {
    /// The link.
    pub element: ElementIndex,
    /// Vehicles that fit there.
    pub room_vehicles: u32,
    /// Integral over time of the vehicles beyond those that fit, vehicle-minutes.
    pub vehicle_min: f64,
    /// Most vehicles on it at any one time within the horizon.
    pub peak_vehicles: f64,
    /// When it first holds more than fit, ms.
    pub from_ms: f64,
    /// When it holds more than fit for the last time, ms; at most the horizon.
    pub until_ms: f64,
}

/// What the orders of a plan leave no room for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overflow {
    /// Links that overflow, by element.
    pub links: Vec<LinkOverflow>,
}

impl Overflow {
    /// Whether no link ever holds more vehicles than fit.
    pub fn is_spill_free(&self) -> bool {
        self.links.is_empty()
    }

    /// Overflow of all links together, vehicle-minutes.
    pub fn vehicle_min(&self) -> f64 {
        // from 0 and not from -0, which an empty sum is
        self.links.iter().fold(0.0, |sum, link| sum + link.vehicle_min)
    }
}

/// Which links hold more vehicles than fit when `orders` are carried out exactly, in packets of `packet_people`. Those who never go on
/// into the next element (nobody, in a plan that holds) are on their link until the horizon ends.
pub fn overflow(
    network: &Network,
    rooms: &LinkRooms,
    orders: &[SentOrder<'_>],
    packet_people: i64,
) -> Overflow {
    let mut links = Vec::new();
    let mut group = Vec::new();
    let mut stays = 0;
    for (link, packets) in undecided(network, rooms, orders, packet_people) {
        if stays + packets > STAYS_AT_A_TIME && !group.is_empty() {
            links.extend(overflow_of(network, rooms, orders, packet_people, &group));
            group.clear();
            stays = 0;
        }
        group.push(link);
        stays += packets;
    }
    if !group.is_empty() {
        links.extend(overflow_of(network, rooms, orders, packet_people, &group));
    }
    Overflow { links }
}

/// People that fit on a link, where they come in packets. Room for its own flow has one vehicle more than a fluid would need, as vehicles
/// come one by one; where packets are larger than vehicles it is a packet.
fn people_that_fit(rooms: &LinkRooms, room: LinkRoom, packet_people: i64) -> f64 {
    let vehicle = rooms.people_per_vehicle;
    f64::from(room.vehicles) * vehicle + (float(packet_people) - vehicle).max(0.0)
}

/// What is known of a link after one replay.
#[derive(Debug, Clone, Copy, Default)]
struct LinkUse {
    packets: usize,
    people: i64,
    /// Longest stay of a person, from entering it to entering the next element, µs; `None`: somebody never goes on.
    longest: Option<i64>,
}

/// Links that may overflow, with how many packets pass each.
fn undecided(
    network: &Network,
    rooms: &LinkRooms,
    orders: &[SentOrder<'_>],
    packet_people: i64,
) -> Vec<(ElementIndex, usize)> {
    let mut uses: PerElement<LinkUse> =
        network.elements.iter().map(|_| LinkUse { longest: Some(0), ..LinkUse::default() }).collect();
    let left_behind = replay_stays(network, orders, packet_people, |stay, element| {
        let seen = &mut uses[element];
        seen.packets += 1;
        seen.people += i64::from(stay.people);
        // of the people in between nobody stays longer than the first or the last, as both go on evenly
        let longest = (stay.leaves - stay.enters).max(stay.left - stay.entered);
        seen.longest = seen.longest.map(|before| before.max(longest));
    });
    for (stay, element) in left_behind {
        let seen = &mut uses[element];
        seen.packets += 1;
        seen.people += i64::from(stay.people);
        seen.longest = None;
    }
    let is_undecided = |&(element, seen): &(ElementIndex, &LinkUse)| {
        let Some(room) = rooms.of[element] else { return false };
        let fit = people_that_fit(rooms, room, packet_people);
        let most = match (network.elements[element].rate, seen.longest) {
            (Some(rate), Some(longest)) => float(rate) / RATE_PER_US * float(longest + room.wave_us),
            _ => f64::INFINITY,
        };
        most.min(float(seen.people)) > fit
    };
    uses.iter_enumerated().filter(is_undecided).map(|(element, seen)| (element, seen.packets)).collect()
}

/// Those of some links that overflow, by element.
fn overflow_of(
    network: &Network,
    rooms: &LinkRooms,
    orders: &[SentOrder<'_>],
    packet_people: i64,
    links: &[ElementIndex],
) -> Vec<LinkOverflow> {
    let mut place: PerElement<Option<usize>> = vec![None; network.elements.len()].into();
    let mut stays: Vec<Vec<Stay>> = vec![Vec::new(); links.len()];
    for (at, &link) in links.iter().enumerate() {
        place[link] = Some(at);
    }
    let left_behind = replay_stays(network, orders, packet_people, |stay, element| {
        if let Some(at) = place[element] {
            stays[at].push(stay);
        }
    });
    for (stay, element) in left_behind {
        if let Some(at) = place[element] {
            stays[at].push(stay);
        }
    }
    let horizon_us = network.horizon * MICROS_PER_MS;
    let mut found = Vec::new();
    for (&element, stays) in links.iter().zip(stays) {
        let Some(room) = rooms.of[element] else { continue };
        let fit = people_that_fit(rooms, room, packet_people);
        let crowd = Crowd::new(stays, room.wave_us, horizon_us);
        found.extend(overfull(crowd, fit, horizon_us).map(|over| LinkOverflow {
            element,
            room_vehicles: room.vehicles,
            vehicle_min: over.person_us / rooms.people_per_vehicle / 6e7,
            peak_vehicles: over.most_people / rooms.people_per_vehicle,
            from_ms: over.from_us / 1000.0,
            until_ms: over.until_us / 1000.0,
        }));
    }
    found
}

/// Tells of the stay of every packet on every element but the last, when it goes on. Returns the stays of those who never do, with
/// their elements; they end when the horizon has ended.
fn replay_stays(
    network: &Network,
    orders: &[SentOrder<'_>],
    packet_people: i64,
    mut see: impl FnMut(Stay, ElementIndex),
) -> Vec<(Stay, ElementIndex)> {
    /// Where a packet is.
    #[derive(Debug, Clone, Copy)]
    struct Inside {
        element: ElementIndex,
        people: u32,
        enters: i64,
        entered: i64,
    }
    let mut inside: Vec<Option<Inside>> = Vec::new();
    let stay = |now: Inside, leaves, left| {
        (Stay { people: now.people, enters: now.enters, entered: now.entered, leaves, left }, now.element)
    };
    let loading = watched_replay(network, orders, packet_people, 1.0, |passing: ElementPassing| {
        if inside.len() <= passing.packet {
            inside.resize(passing.packet + 1, None);
        }
        let now = Inside {
            element: passing.element,
            // a packet of more than 4 billion people is none of this planet
            people: u32::try_from(passing.people).unwrap_or(u32::MAX),
            enters: passing.begin,
            entered: passing.entered,
        };
        if let Some(before) = inside[passing.packet].replace(now) {
            let (stay, element) = stay(before, passing.begin, passing.entered);
            see(stay, element);
        }
    });
    let never = network.horizon * MICROS_PER_MS;
    let still = inside.into_iter().zip(&loading.packets).filter(|(_, packet)| packet.arrival.is_none());
    still.filter_map(|(now, _)| now.map(|now| stay(now, never, never))).collect()
}
