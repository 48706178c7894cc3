//! What orders do to the roads and to those who wait: vehicles beyond those that fit, and waiting of one person, as they stand in the
//! plan folder.

use crate::options::QueueSpace;
use crate::orders::{PathOrder, sent_orders};
use clearway_loading::exact::ExactLoading;
use clearway_loading::overflow::{Overflow, overflow};
use clearway_loading::path::PathPool;
use clearway_model::number::{float, length};
use clearway_model::{JourneyWaiting, OverflowTotals, OverflowingLink, Scenario, SpillChoice, SpillReason};
use clearway_network::{ElementKind, LinkRooms, Network};

/// µs in a minute.
const MICROS_PER_MIN: f64 = 6e7;

/// Waiting of one person; nothing if nobody is in an order.
pub fn waiting(loading: &ExactLoading) -> JourneyWaiting {
    let mut waits: Vec<(i64, i64)> = loading.packets.iter().map(|p| (p.waited, p.people)).collect();
    waits.sort_unstable();
    let people: i64 = waits.iter().map(|&(_, people)| people).sum();
    let Some(&(longest, _)) = waits.last().filter(|_| people > 0) else { return JourneyWaiting::default() };
    let goal = (people * 95 + 99) / 100;
    let mut sum = 0;
    let p95 = waits.iter().find_map(|&(wait, people)| {
        sum += people;
        (sum >= goal).then_some(wait)
    });
    JourneyWaiting {
        mean_min: float(loading.waiting) / float(people) / MICROS_PER_MIN,
        p95_min: float(p95.unwrap_or(longest)) / MICROS_PER_MIN,
        longest_min: float(longest) / MICROS_PER_MIN,
        closed_person_hours: float(loading.waiting_closed) / 3.6e9,
    }
}

/// Which links hold more vehicles than fit there when the orders are carried out exactly.
pub fn overflow_of_orders(
    scenario: &Scenario,
    network: &Network,
    pool: &PathPool,
    orders: &[PathOrder],
    packet_people: i64,
) -> Overflow {
    overflow(network, &LinkRooms::new(scenario, network), &sent_orders(pool, orders), packet_people)
}

/// All links together.
pub fn totals(overflow: &Overflow) -> OverflowTotals {
    OverflowTotals { vehicle_min: overflow.vehicle_min(), links: length(overflow.links.len()).unsigned_abs() }
}

/// Why orders are spill-free or not, where there is anything to say; `space`: queues were to fit on their roads, `arrived` by these orders,
/// `choice` why others were not taken and how many arrive by those, on paper.
pub(crate) fn spill_choice(
    queues: QueueSpace,
    space: bool,
    overflow: &Overflow,
    arrived: i64,
    choice: Option<(SpillReason, i64)>,
) -> Option<SpillChoice> {
    let spills = !overflow.is_spill_free();
    let (reason, people) = match choice {
        Some((reason @ SpillReason::OnPaperOnly, others)) if others > arrived => (reason, others - arrived),
        Some((reason @ SpillReason::MoreArrive, others)) if spills && arrived > others => {
            (reason, arrived - others)
        }
        _ if !spills => return None,
        _ if queues == QueueSpace::IgnoreSpace => (SpillReason::SpaceIgnored, 0),
        _ if !space => (SpillReason::Timetable, 0),
        _ => (SpillReason::NoneFound, 0),
    };
    Some(SpillChoice { reason, people })
}

/// `overflow.csv`: the links that overflow, those with most first.
pub fn overflowing_links(
    scenario: &Scenario,
    network: &Network,
    overflow: &Overflow,
) -> Vec<OverflowingLink> {
    let mut rows: Vec<OverflowingLink> = overflow
        .links
        .iter()
        .filter_map(|over| {
            let ElementKind::Link(row) = network.elements[over.element].kind else { return None };
            let link = &scenario.links[row];
            Some(OverflowingLink {
                link_id: link.link_id.clone(),
                name: link.name.clone(),
                room_vehicles: over.room_vehicles,
                peak_vehicles: over.peak_vehicles,
                overflow_vehicle_min: over.vehicle_min,
                from_s: over.from_ms / 1000.0,
                until_s: over.until_ms / 1000.0,
            })
        })
        .collect();
    rows.sort_by(|a, b| {
        b.overflow_vehicle_min.total_cmp(&a.overflow_vehicle_min).then_with(|| a.link_id.cmp(&b.link_id))
    });
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearway_loading::exact::PacketFate;

    /// 90 people wait 1 min, five 2 min and five 10 min: 1.5 min in the mean, and 95 of 100 at most 2 min.
    #[test]
    fn waiting_of_one_person() {
        let packet = |people, minutes: i64| PacketFate {
            order: 0,
            people,
            departure: 0,
            arrival: Some(1),
            waited: minutes * 60_000_000,
        };
        let loading = ExactLoading {
            packets: vec![packet(5, 10), packet(90, 1), packet(5, 2)],
            waiting: (50 + 90 + 10) * 60_000_000,
            waiting_closed: 30 * 60_000_000,
            ..ExactLoading::default()
        };
        let expected =
            JourneyWaiting { mean_min: 1.5, p95_min: 2.0, longest_min: 10.0, closed_person_hours: 0.5 };
        assert_eq!(waiting(&loading), expected);
        assert_eq!(waiting(&ExactLoading::default()), JourneyWaiting::default());
    }
}
