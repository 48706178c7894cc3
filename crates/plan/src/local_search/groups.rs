//! Groups: the people of a zone, by when they leave.

use clearway_loading::schedule::{Schedule, slices};
use clearway_model::number::{float, truncated};
use clearway_network::{ElementIndex, Network, PerNode, PerZone, ZoneIndex};

/// People of a zone who leave within some consecutive windows.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneGroup {
    /// The zone that they leave.
    pub zone: ZoneIndex,
    /// When they leave; shares sum to 1.
    pub schedule: Schedule,
    /// Their share of the zone's people.
    pub share: f64,
}

/// Cumulative shares of a zone's people at which groups end: those who leave first are few and matter most, as they decide when
/// the ways out begin to be used in full.
fn slice_shares(zones: usize) -> &'static [f64] {
    if zones <= 300 { &[0.08, 0.25, 0.55, 1.0] } else { &[0.03, 0.15, 1.0] }
}

/// With more zones than this only those nearest to sites are divided: the others' people come too late to be the first.
const MOST_DIVIDED: usize = 700;

/// How long the people of each zone need to the nearest site if nobody is in the way, ms; `None`: they get to none.
pub fn nearness(network: &Network, to_sites: &PerNode<Option<i64>>) -> PerZone<Option<i64>> {
    let way_out = |&connector: &ElementIndex| {
        let data = &network.elements[connector];
        Some(to_sites[data.ends.node_after()?]? + data.tau)
    };
    network.zones.iter().map(|zone| zone.connectors.iter().filter_map(way_out).min()).collect()
}

/// The groups of all zones, in the order of the zones. `near`: [`nearness`].
pub fn groups_of(schedules: &PerZone<Schedule>, near: &PerZone<Option<i64>>) -> Vec<ZoneGroup> {
    let mut order: Vec<ZoneIndex> = schedules.keys().collect();
    order.sort_by_key(|&zone| (near[zone].is_none(), near[zone], zone));
    let mut shares: PerZone<&[f64]> = vec![&[1.0][..]; schedules.len()].into();
    for &zone in order.iter().take(MOST_DIVIDED) {
        shares[zone] = slice_shares(schedules.len());
    }
    let mut groups = Vec::new();
    for (zone, schedule) in schedules.iter_enumerated() {
        for (schedule, share) in slices(schedule, shares[zone]) {
            groups.push(ZoneGroup { zone, schedule, share });
        }
    }
    groups
}

/// When the given share of a schedule has left, ms.
pub fn quantile_time(schedule: &Schedule, quantile: f64) -> i64 {
    let total: f64 = schedule.iter().map(|d| d.share).sum();
    let mut sent = 0.0;
    for departure in schedule {
        if sent + departure.share >= quantile * total {
            let part = (quantile * total - sent) / departure.share;
            return departure.from + truncated(float(departure.until - departure.from) * part);
        }
        sent += departure.share;
    }
    schedule.last().map_or(0, |d| d.until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearway_flow::ReleaseCurve;
    use clearway_loading::schedule::earliest_schedule;

    #[test]
    fn the_nearest_of_many_zones_are_divided() {
        let release = ReleaseCurve::new(vec![(0, 0.0), (3_600_000, 1.0)]);
        let schedule = earliest_schedule(&release, 60_000, 7_200_000);
        let of_zones = |zones: usize| {
            // The last zones are the nearest.
            let near: PerZone<Option<i64>> = (0..zones).rev().map(|ms| i64::try_from(ms).ok()).collect();
            let groups = groups_of(&vec![schedule.clone(); zones].into(), &near);
            let counts: Vec<usize> =
                (0..zones).map(|zone| groups.iter().filter(|g| g.zone.row() == zone).count()).collect();
            for zone in [0, zones - 1] {
                let own: f64 = groups.iter().filter(|g| g.zone.row() == zone).map(|g| g.share).sum();
                assert!((own - 1.0).abs() < 1e-9, "{own}");
            }
            counts
        };
        assert_eq!(of_zones(2), [4, 4]);
        let many = of_zones(1000);
        assert!(many[..300].iter().all(|&count| count == 1) && many[300..].iter().all(|&count| count == 3));
    }
}
