//! Packets on their way: where they stop next, and when they leave.

use crate::schedule::Schedule;
use clearway_model::number::{self, float, truncated};
use clearway_network::ElementIndex;
use std::num::NonZeroU32;

clearway_model::index_types! {
    /// Number of a packet of one loading.
    PacketIndex
    /// Number of a stop of one loading; those of a path stand one after the other.
    StopIndex
}

/// A packet or none, in four bytes: there are tens of thousands of buckets, and a loading is fast while they fit into a cache.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PacketLink(Option<NonZeroU32>);

impl PacketLink {
    #[inline]
    pub fn to(packet: PacketIndex) -> Self {
        Self(NonZeroU32::MIN.checked_add(number::compact(packet.row())))
    }

    #[inline]
    pub fn packet(self) -> Option<PacketIndex> {
        self.0.map(|next| PacketIndex::from(number::index(next.get()) - 1))
    }
}

/// An element at which packets of a path may have to wait.
#[derive(Debug, Clone, Copy)]
pub(super) struct PathStop {
    pub element: ElementIndex,
    /// Travel from entering this element to the next stop or to arrival, ms.
    pub after: i64,
}

/// A packet on its way.
#[derive(Debug, Clone, Copy)]
pub(super) struct MovingPacket {
    /// Its next stop, and the one behind its last.
    pub stop: StopIndex,
    pub end: StopIndex,
    /// The load that it belongs to; compact, as a replay has many packets.
    pub load: u32,
    pub people: f32,
    /// When it is at its next stop, or arrives, ms.
    pub time: i64,
    /// When its last person has left, ms.
    pub gone: i64,
    /// How long it has waited so far, ms.
    pub waited: i64,
    /// The packet that comes after it in the same bucket.
    pub next: PacketLink,
}

/// When given shares of a schedule have left; asked in ascending order.
pub(super) struct ScheduleClock<'a> {
    schedule: &'a Schedule,
    sent: f64,
    at: usize,
}

impl<'a> ScheduleClock<'a> {
    pub fn new(schedule: &'a Schedule) -> Self {
        Self { schedule, sent: 0.0, at: 0 }
    }

    #[inline]
    pub fn time(&mut self, share: f64) -> i64 {
        while self.at + 1 < self.schedule.len() && self.sent + self.schedule[self.at].share < share - 1e-12 {
            self.sent += self.schedule[self.at].share;
            self.at += 1;
        }
        let departure = self.schedule[self.at];
        let part = ((share - self.sent) / departure.share).clamp(0.0, 1.0);
        departure.from + truncated(float(departure.until - departure.from) * part)
    }
}
