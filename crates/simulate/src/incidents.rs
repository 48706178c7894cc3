//! Crashes and breakdowns: where, when, and what is left of the road meanwhile.

use crate::behaviour::DrawnBehaviour;
use crate::chance::MemberSeed;
use crate::slowing::Slowing;
use crate::streets::Streets;
use crate::traffic::{Passage, Watch};
use clearway_model::number::{count, float, index, round};
use clearway_model::{ClassOfUsers, Mode, Scenario};
use clearway_network::{ElementKind, Network, link_length_m};

/// Share of the capacity of all lanes that is left with a crash on the shoulder, a vehicle that stands there, one lane blocked; by the
/// number of lanes in the direction, two to eight (Highway Capacity Manual 2010, exhibit 10-17, as in FHWA-HOP-13-042, table 40).
const LEFT: [[f64; 3]; 7] = [
    [0.81, 0.95, 0.35],
    [0.83, 0.99, 0.49],
    [0.85, 0.99, 0.58],
    [0.87, 0.99, 0.65],
    [0.89, 0.99, 0.71],
    [0.91, 0.99, 0.75],
    [0.93, 0.99, 0.78],
];

/// What is left of a road: with a crash on the shoulder, a vehicle that stands there, a lane blocked.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Left {
    crash: f64,
    breakdown: f64,
    blocked: f64,
}

/// By lanes; of a road with one lane less is left than the manual's tables have, which begin at two.
fn left(lanes: f64, behaviour: &DrawnBehaviour) -> Left {
    let row = LEFT[count(lanes.round()).clamp(2, 8) - 2];
    let blocked = if lanes < 1.5 { behaviour.single_lane_left } else { row[2] };
    Left { crash: row[0], breakdown: row[1], blocked }
}

/// How much traffic each street has as ordered, from which follows how often something happens there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StreetUse {
    /// Vehicles that entered.
    pub vehicles: u64,
    /// When the first did, µs.
    pub from_us: i64,
    /// When the last did, µs.
    pub until_us: i64,
}

/// Counts the use of streets while somebody else watches.
pub(crate) struct UseCount<'a, W> {
    /// Per street.
    pub streets: Vec<StreetUse>,
    /// The other.
    pub watch: &'a mut W,
}

impl<W: Watch> Watch for UseCount<'_, W> {
    fn entered(&mut self, passage: Passage, time_us: i64) {
        let of = &mut self.streets[index(passage.street)];
        if of.vehicles == 0 {
            of.from_us = time_us;
        }
        of.vehicles += 1;
        of.until_us = of.until_us.max(time_us);
        self.watch.entered(passage, time_us);
    }

    fn left(&mut self, passage: Passage, time_us: i64, waited_us: i64) {
        self.watch.left(passage, time_us, waited_us);
    }

    fn goes_on(&mut self, time_us: i64) -> bool {
        self.watch.goes_on(time_us)
    }
}

/// Draws what happens to each road and makes it let through less meanwhile. Gives how many incidents there are.
pub(crate) fn draw_incidents(
    streets: &mut Streets,
    uses: &[StreetUse],
    scenario: &Scenario,
    network: &Network,
    behaviour: &DrawnBehaviour,
    member: MemberSeed,
) -> u32 {
    let is_by_vehicle = |class: &ClassOfUsers| class.mode == Mode::Vehicle;
    if !scenario.settings.class.first().is_some_and(is_by_vehicle) {
        return 0;
    }
    let mut incidents = 0;
    for ((street, &element), of) in streets.streets.iter_mut().zip(&streets.elements).zip(uses) {
        let ElementKind::Link(row) = network.elements[element].kind else { continue };
        let link = &scenario.links[row];
        let million_km =
            link_length_m(link).unwrap_or(0.0) / 1e9 * float(i64::try_from(of.vehicles).unwrap_or(0));
        if million_km <= 0.0 {
            continue;
        }
        let left = left(link.lanes.unwrap_or(1.0), behaviour);
        let kinds = [
            ("crash", behaviour.crashes_per_million_vehicle_km, behaviour.crash_blocks_share, left.crash),
            (
                "breakdown",
                behaviour.breakdowns_per_million_vehicle_km,
                behaviour.breakdown_blocks_share,
                left.breakdown,
            ),
        ];
        for (kind, rate, blocks_share, on_shoulder) in kinds {
            let mut chance = member.stream(kind, &link.link_id);
            for _ in 0..chance.poisson(rate * million_km) {
                let from_us = of.from_us + round(chance.uniform() * float(of.until_us - of.from_us));
                let blocks = chance.uniform() < blocks_share;
                let lasts_us = round(chance.exponential(behaviour.incident_mean_min) * 60e6);
                let left = if blocks { left.blocked } else { on_shoulder };
                street.slow(Slowing { from_us, until_us: from_us + lasts_us, left });
                incidents += 1;
            }
        }
    }
    incidents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_follows_the_lanes() {
        let behaviour = DrawnBehaviour { single_lane_left: 0.25, ..DrawnBehaviour::AS_ORDERED };
        assert_eq!(left(1.0, &behaviour), Left { crash: 0.81, breakdown: 0.95, blocked: 0.25 });
        assert_eq!(left(3.0, &behaviour), Left { crash: 0.83, breakdown: 0.99, blocked: 0.49 });
        assert_eq!(left(12.0, &behaviour).blocked, 0.78);
    }
}
