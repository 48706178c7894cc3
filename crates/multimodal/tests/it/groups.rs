//! Groups by shares: nobody is lost or made up in the dividing, and facilities are zones of their own.

use crate::made::{add_zone, one_road};
use clearway_model::{
    ClosureKind, ClosureRow, ClosureTarget, FacilityRow, GroupRow, Means, Scenario, SourceStatus, YesNo,
    ZoneRow,
};
use clearway_multimodal::make::{ModeShare, add_facilities, groups, hazard_first, sources};
use proptest::option::of;
use proptest::prelude::*;

fn share(means: Means, value: f64) -> ModeShare {
    ModeShare { means, value, low: value, high: value }
}

fn zones(people: &[i64]) -> Scenario {
    let mut scenario = one_road(people[0], 20);
    for (index, people) in people.iter().enumerate().skip(1) {
        add_zone(&mut scenario, &format!("Z{index}"), *people);
    }
    scenario
}

/// People of one means, zone by zone.
fn people(rows: &[GroupRow], scenario: &Scenario, means: Means) -> Vec<i64> {
    let of = |zone: &ZoneRow| {
        rows.iter().find(|row| row.zone_id == zone.zone_id && row.means == means).map_or(0, |row| row.people)
    };
    scenario.zones.iter().map(of).collect()
}

#[test]
fn small_zones_do_not_lose_their_few_to_rounding() {
    // 1 % of ten zones with 30 people: three people in all, and not none ten times
    let scenario = zones(&[30; 10]);
    let rows = groups(&scenario, &[share(Means::Wheelchair, 0.01)]);
    let few = people(&rows, &scenario, Means::Wheelchair);
    assert_eq!(few.iter().sum::<i64>(), 3);
    assert!(few.iter().all(|people| *people <= 1), "{few:?}");
    assert_eq!(people(&rows, &scenario, Means::Vehicle).iter().sum::<i64>(), 297);
}

#[test]
fn who_needs_most_help_goes_first() {
    let all = [
        share(Means::Seat, 0.2),
        share(Means::Wheelchair, 0.1),
        share(Means::Stretcher, 0.1),
        share(Means::Walk, 0.1),
    ];
    let rows = groups(&zones(&[100]), &all);
    let first: Vec<(Means, i64, Option<i64>)> =
        rows.iter().map(|row| (row.means, row.people, row.priority)).collect();
    assert_eq!(
        first,
        [
            (Means::Vehicle, 50, None),
            (Means::Walk, 10, None),
            (Means::Seat, 20, Some(3)),
            (Means::Wheelchair, 10, Some(2)),
            (Means::Stretcher, 10, Some(1))
        ]
    );
}

#[test]
fn those_whom_a_hazard_reaches_first_go_before_all_others() {
    let mut scenario = zones(&[100, 100]);
    scenario.closures.push(ClosureRow {
        target: ClosureTarget::Zone,
        target_id: "Z1".into(),
        from_ms: 3_600_000,
        kind: ClosureKind::Presence,
        ..ClosureRow::default()
    });
    let mut rows = groups(&scenario, &[share(Means::Seat, 0.2), share(Means::Stretcher, 0.1)]);
    hazard_first(&scenario, &mut rows).unwrap();
    let of =
        |zone: &str, means| rows.iter().find(|r| r.zone_id == zone && r.means == means).unwrap().priority;
    let order = [("Z1", Means::Stretcher), ("Z1", Means::Seat), ("Z", Means::Stretcher), ("Z", Means::Seat)];
    assert_eq!(order.map(|(zone, means)| of(zone, means)), [Some(1), Some(2), Some(3), Some(4)]);
    assert_eq!(of("Z1", Means::Vehicle), None);
}

#[test]
fn a_facility_is_a_zone_with_a_door_and_people_who_stay_together() {
    let mut scenario = zones(&[100]);
    let mut rows = Vec::new();
    let facility = FacilityRow {
        facility_id: "H".into(),
        name: "Hospital".into(),
        x_coord: 1.0,
        y_coord: 2.0,
        seat_people: Some(30),
        wheelchair_people: Some(0),
        stretcher_people: Some(12),
        weight: Some(2.0),
        ..FacilityRow::default()
    };
    let alone = FacilityRow {
        facility_id: "F".into(),
        priority: Some(7),
        seat_people: Some(1),
        ..FacilityRow::default()
    };
    add_facilities(&mut scenario, &mut rows, &[facility, alone], &|facility| {
        (facility.facility_id == "H").then(|| ("B".to_owned(), 101.0))
    });
    let zone = &scenario.zones[1];
    assert_eq!((zone.zone_id.as_str(), zone.people, zone.x_coord), ("H", 42, Some(1.0)));
    // 101 m at 5 m/s; the other one has no cut_arc
    assert_eq!(scenario.connectors.len(), 3);
    let cut_arc = &scenario.connectors[2];
    assert_eq!(
        (cut_arc.connector_id.as_str(), cut_arc.node_id.as_str(), cut_arc.time_ms),
        ("H-road", "B", 20_200)
    );
    let found: Vec<_> =
        rows.iter().map(|r| (r.zone_id.as_str(), r.means, r.people, r.priority, r.weight)).collect();
    assert_eq!(
        found,
        [
            ("H", Means::Seat, 30, Some(3), Some(2.0)),
            ("H", Means::Stretcher, 12, Some(1), Some(2.0)),
            ("F", Means::Seat, 1, Some(7), None)
        ]
    );
    assert!(rows.iter().all(|row| row.together == Some(YesNo::Yes)));
}

#[test]
fn shares_stand_among_the_sources_as_assumed() {
    let ranged = ModeShare { low: 0.1, high: 0.3, ..share(Means::Seat, 0.2) };
    let rows = sources(&[ranged, share(Means::Walk, 0.05)], Some("the city"), Some("homes.csv"));
    assert!(rows.iter().all(|row| row.status == SourceStatus::Assumed && row.table == "groups"));
    assert_eq!(
        rows[0].note,
        "shares of the people of every zone: seat 0.2 (0.1 to 0.3), walk 0.05; the rest has vehicles"
    );
    assert_eq!((rows[0].source.as_str(), rows[1].source.as_str()), ("the city", "homes.csv"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn groups_add_up_to_their_zones(
        sizes in proptest::collection::vec((0i64..2000, of(0i64..300), of(0i64..300), 0i64..100), 1..12),
        values in proptest::collection::vec(0.0f64..0.24, 4),
        spread in proptest::option::of(0.0f64..0.9),
    ) {
        let mut scenario = zones(&sizes.iter().map(|size| size.0).collect::<Vec<_>>());
        for (zone, (people, less, more, stay)) in scenario.zones.iter_mut().zip(&sizes) {
            zone.people_low = less.map(|less| (people - less).max(0));
            zone.people_high = more.map(|more| people + more);
            zone.stay_people = (*stay > 0).then_some((*stay).min(*people));
        }
        let means = [Means::Walk, Means::Seat, Means::Wheelchair, Means::Stretcher];
        let shares: Vec<ModeShare> = means.into_iter().zip(&values).map(|(means, &value)| {
            let by = spread.unwrap_or(0.0);
            ModeShare { means, value, low: value * (1.0 - by), high: value * (1.0 + by) }
        }).collect();
        let rows = groups(&scenario, &shares);
        for zone in &scenario.zones {
            let own: Vec<&GroupRow> = rows.iter().filter(|row| row.zone_id == zone.zone_id).collect();
            prop_assert_eq!(own.iter().map(|row| row.people).sum::<i64>(), zone.people);
            let stay: i64 = own.iter().map(|row| row.stay_people.unwrap_or(0)).sum();
            prop_assert_eq!(stay, zone.stay_people.unwrap_or(0));
            for row in &own {
                prop_assert!(row.stay_people.unwrap_or(0) <= row.people, "{:?}", row);
                prop_assert!(row.people_low.is_none_or(|low| (0..=row.people).contains(&low)), "{:?}", row);
                prop_assert!(row.people_high.is_none_or(|high| high >= row.people), "{:?}", row);
            }
            // what the reference asks of the ends of the ranges
            let low: i64 = own.iter().map(|row| row.people_low.unwrap_or(row.people)).sum();
            let high: i64 = own.iter().map(|row| row.people_high.unwrap_or(row.people)).sum();
            prop_assert!(low <= zone.people_low.unwrap_or(zone.people), "{} {:?}", low, zone);
            prop_assert!(high >= zone.people_high.unwrap_or(zone.people), "{} {:?}", high, zone);
        }
        let all: i64 = scenario.zones.iter().map(|zone| zone.people).sum();
        for (means, value) in means.into_iter().zip(&values) {
            let sum: i64 = people(&rows, &scenario, means).iter().sum();
            prop_assert!((sum as f64 - all as f64 * value).abs() < 1.0 + 1e-6, "{means:?}: {sum} of {all}");
        }
    }
}
