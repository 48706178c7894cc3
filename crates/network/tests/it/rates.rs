//! Rates, times and people in each case, by hand and in order: what helps people arrive is never worse in the optimistic case.

use crate::made::{cars, element, link, one_road};
use clearway_instances::{Calm, small};
use clearway_model::{Case, ClassOfUsers, LinkRow, Mode, Scenario};
use clearway_network::{ElementKind, Network, link_rate};
use std::collections::BTreeMap;

const CASES: [Case; 3] = [Case::Pessimistic, Case::Central, Case::Optimistic];

/// Low, central, optimistic, thousandths of a person per hour.
fn rates(link: &LinkRow, class: &ClassOfUsers) -> [u64; 3] {
    CASES.map(|case| link_rate(link, class, case))
}

fn on_foot() -> ClassOfUsers {
    ClassOfUsers { mode: Mode::Walk, people_per_vehicle: None, ..cars() }
}

#[test]
fn a_range_without_ends_is_the_figure_itself() {
    assert_eq!(rates(&link("road", "A", "B", 1200.0, 7), &cars()), [1_200_000; 3]);
}

#[test]
fn capacity_and_occupancy_are_low_and_high_together() {
    let road = LinkRow {
        capacity_pcu_h_low: Some(800.0),
        capacity_pcu_h_high: Some(1500.0),
        ..link("road", "A", "B", 1000.0, 7)
    };
    let class = ClassOfUsers {
        people_per_vehicle: Some(2.0),
        people_per_vehicle_low: Some(1.5),
        people_per_vehicle_high: Some(4.0),
        pcu_per_vehicle: 2.0,
        ..cars()
    };
    // 800 x 1.5 / 2, 1,000 x 2 / 2, 1,500 x 4 / 2
    assert_eq!(rates(&road, &class), [600_000, 1_000_000, 3_000_000]);
}

#[test]
fn what_is_reserved_is_free_for_all_in_the_optimistic_case_alone() {
    let reserved = |pcu_h| LinkRow { reserved_pcu_h: Some(pcu_h), ..link("road", "A", "B", 1000.0, 7) };
    assert_eq!(rates(&reserved(300.0), &cars()), [700_000, 700_000, 1_000_000]);
    // more reserved than there is leaves nothing
    assert_eq!(rates(&reserved(1200.0), &cars()), [0, 0, 1_000_000]);
}

#[test]
fn rates_are_rounded_to_thousandths_half_up() {
    let rate = |pcu_h| link_rate(&link("road", "A", "B", pcu_h, 7), &cars(), Case::Central);
    assert_eq!([rate(0.0004), rate(0.0005), rate(1.0004), rate(1.0015)], [0, 1, 1000, 1002]);
}

#[test]
fn walkers_have_a_rate_and_a_time_of_their_own() {
    let road = LinkRow {
        walk_capacity_people_h: Some(900.0),
        walk_capacity_people_h_low: Some(600.0),
        walk_time_ms: Some(70),
        walk_time_ms_low: Some(50),
        reserved_pcu_h: Some(500.0),
        ..link("road", "A", "B", 1000.0, 7)
    };
    assert_eq!(rates(&road, &on_foot()), [600_000, 900_000, 900_000]);
    let mut scenario = one_road();
    scenario.settings.class = vec![on_foot()];
    scenario.links = vec![road];
    let tau = |case| element(&Network::new(&scenario, case).unwrap(), ElementKind::Link(0)).tau;
    assert_eq!(CASES.map(tau), [70, 70, 50]);
}

#[test]
fn a_link_is_no_element_for_those_who_cannot_use_it() {
    let usable = |change: fn(&mut LinkRow), class: ClassOfUsers, case| {
        let mut scenario = one_road();
        scenario.settings.class = vec![class];
        change(&mut scenario.links[0]);
        let network = Network::new(&scenario, case).unwrap();
        network.elements.iter().any(|element| element.kind == ElementKind::Link(0))
    };
    assert!(usable(|_| {}, cars(), Case::Central));
    assert!(!usable(|_| {}, on_foot(), Case::Central));
    assert!(!usable(|road| road.capacity_pcu_h = None, cars(), Case::Central));
    assert!(!usable(|road| road.time_ms = None, cars(), Case::Central));
    assert!(!usable(|road| road.capacity_pcu_h = Some(0.0), cars(), Case::Central));
    // all of it reserved: there in the optimistic case alone
    assert!(!usable(|road| road.reserved_pcu_h = Some(100.0), cars(), Case::Central));
    assert!(usable(|road| road.reserved_pcu_h = Some(100.0), cars(), Case::Optimistic));
}

#[test]
fn connectors_count_vehicles_as_links_do_and_walkers_as_people() {
    let mut scenario = one_road();
    scenario.connectors[0].capacity_pcu_h = Some(50.0);
    scenario.connectors[0].capacity_pcu_h_high = Some(80.0);
    scenario.settings.class = vec![ClassOfUsers { people_per_vehicle: Some(3.0), ..cars() }];
    let rate = |scenario: &Scenario, at, case| {
        element(&Network::new(scenario, case).unwrap(), ElementKind::Connector(at)).rate
    };
    assert_eq!(CASES.map(|case| rate(&scenario, 0, case)), [Some(150_000), Some(150_000), Some(240_000)]);
    assert_eq!(CASES.map(|case| rate(&scenario, 1, case)), [None; 3]);
    scenario.settings.class = vec![on_foot()];
    assert_eq!(CASES.map(|case| rate(&scenario, 0, case)), [Some(50_000), Some(50_000), Some(80_000)]);
}

#[test]
fn sites_take_in_and_hold_more_in_the_optimistic_case() {
    let mut scenario = one_road();
    let site = &mut scenario.sites[0];
    (site.admission_people_h, site.admission_people_h_low, site.admission_people_h_high) =
        (Some(60.0), Some(40.0), Some(90.5));
    (site.capacity_people, site.capacity_people_low, site.capacity_people_high) =
        (Some(1000), Some(700), Some(1500));
    let networks = CASES.map(|case| Network::new(&scenario, case).unwrap());
    let admission = networks.each_ref().map(|n| element(n, ElementKind::Admission(0)).rate);
    assert_eq!(admission, [Some(40_000), Some(60_000), Some(90_500)]);
    assert_eq!(networks.each_ref().map(|n| n.sites.raw[0].capacity), [Some(700), Some(1000), Some(1500)]);
}

#[test]
fn fewest_are_to_move_in_the_optimistic_case() {
    let mut scenario = one_road();
    let zone = &mut scenario.zones[0];
    (zone.people, zone.people_low, zone.people_high) = (100, Some(80), Some(150));
    (zone.stay_people, zone.stay_people_low, zone.stay_people_high) = (Some(20), Some(10), Some(90));
    let of = |case| {
        let network = Network::new(&scenario, case).unwrap();
        let zone = &network.zones.raw[0];
        assert_eq!(network.evacuees(), zone.evacuees);
        (zone.people, zone.staying, zone.evacuees)
    };
    // 90 may stay, but there are only 80
    assert_eq!(CASES.map(of), [(150, 10, 140), (100, 20, 80), (80, 80, 0)]);
}

/// Rate and time by row, `None` for no limit.
fn by_row(network: &Network) -> BTreeMap<ElementKind, (Option<u64>, i64)> {
    network.elements.iter().map(|element| (element.kind, (element.rate, element.tau))).collect()
}

/// No limit is more than any.
fn unlimited(rate: Option<u64>) -> u64 {
    rate.unwrap_or(u64::MAX)
}

#[test]
fn in_random_scenarios_each_case_is_no_worse_than_the_one_before() {
    let mut better = 0;
    for seed in 0..300 {
        let scenario = small(seed, Calm::Closing);
        let networks = CASES.map(|case| Network::new(&scenario, case).unwrap());
        for pair in networks.windows(2) {
            let (worse, rows) = (by_row(&pair[0]), by_row(&pair[1]));
            for (kind, (rate, tau)) in worse {
                // what can be used in a case can be used in a better one
                let (more, less) = rows[&kind];
                assert!(unlimited(more) >= unlimited(rate), "{seed}: {kind:?}");
                assert!(less <= tau, "{seed}: {kind:?}");
                better += i32::from(unlimited(more) > unlimited(rate)) + i32::from(less < tau);
            }
            assert!(pair[1].evacuees() <= pair[0].evacuees(), "{seed}");
            for (worse, site) in pair[0].sites.iter().zip(&pair[1].sites) {
                assert!(site.capacity >= worse.capacity, "{seed}");
            }
        }
    }
    assert!(better > 1000, "{better} figures that a case changes");
}
