//! What all means together cannot beat, by hand: how people of a fleet count on the roads, and what sites let in.

use crate::made::{HOUR, add_zone, buses, group, one_road, population, random};
use clearway_bound::certify::{CertifiedBound, fineness};
use clearway_model::{Case, GroupRow, Means, PopulationGroups, Scenario, VehicleRow};
use clearway_multimodal::joint::{FleetBursts, evacuees, on_roads, roads_bound, sites_bound, weights};
use clearway_network::Network;
use std::ops::ControlFlow;

/// The bound over the roads of all who take room there, s.
fn over_roads(scenario: &Scenario, all: &PopulationGroups) -> Option<f64> {
    let joint = on_roads(scenario, all);
    let network = Network::new(&joint, Case::Central).unwrap();
    let proven = bound_of(network);
    roads_bound(&proven, &FleetBursts::of(&joint, all)).map(|ms| ms as f64 / 1000.0)
}

fn bound_of(network: Network) -> CertifiedBound {
    let fine = fineness(&network.flow_problem(None));
    CertifiedBound::new(network, None, fine, &|_| ControlFlow::Continue(()))
}

#[test]
fn somebody_in_a_bus_counts_as_much_as_the_bus_has_pcu_for_each_place() {
    let scenario = one_road(100, 20);
    let class = &scenario.settings.class[0];
    // cars: half a pcu a person; a bus of 2 pcu with 40 places: a twentieth, which is a tenth of that
    let bus = VehicleRow { wheelchair_places: Some(0), ..buses(1, 40, "A") };
    assert_eq!(weights(class, &population(Vec::new(), vec![bus.clone()])), [0.1, 0.0, 0.0]);
    // the least over the types, with all their places; never more than a person in a car
    let taxi = VehicleRow { seats: 1, wheelchair_places: Some(1), ..buses(1, 1, "A") };
    assert_eq!(weights(class, &population(Vec::new(), vec![bus, taxi])), [0.1, 1.0, 0.0]);
}

#[test]
fn all_who_take_room_on_the_roads_are_one_movement() {
    let scenario = one_road(1000, 20);
    let groups = vec![
        GroupRow { people_low: Some(500), people_high: Some(700), ..group("Z", Means::Vehicle, 600) },
        GroupRow { stay_people: Some(20), ..group("Z", Means::Seat, 179) },
        group("Z", Means::Walk, 221),
    ];
    let all = population(groups, vec![buses(1, 40, "A")]);
    let zone = &on_roads(&scenario, &all).zones[0];
    // a tenth of 159, rounded down; walkers have lanes of their own
    assert_eq!((zone.people, zone.people_low, zone.people_high), (615, Some(515), Some(715)));
    assert_eq!(evacuees(&all), 1000 - 20);
}

#[test]
fn who_is_not_ready_with_the_others_is_left_out() {
    let scenario = one_road(1000, 20);
    let late = GroupRow { mobilization_id: "late".into(), ..group("Z", Means::Seat, 200) };
    let all = population(vec![group("Z", Means::Vehicle, 800), late.clone()], vec![buses(1, 40, "A")]);
    assert_eq!(on_roads(&scenario, &all).zones[0].people, 800);
    // alone it sets the curve
    let alone = on_roads(&scenario, &population(vec![late], vec![buses(1, 40, "A")]));
    assert_eq!((alone.zones[0].people, alone.zones[0].mobilization_id.as_str()), (20, "late"));
}

#[test]
fn sites_let_in_no_more_than_their_admissions_and_hold_no_more_than_they_hold() {
    let mut scenario = one_road(1000, 20);
    let no_fleet = FleetBursts { share: 0.5, vehicle: 0.0, load: 0.0, all: [0, 0] };
    let bound = |scenario: &Scenario, people, bursts: &FleetBursts| {
        sites_bound(&Network::new(scenario, Case::Central).unwrap(), people, bursts)
    };
    // a site without a limit proves nothing
    assert_eq!(bound(&scenario, 1000, &no_fleet), Some(0));
    scenario.sites[0].admission_people_h = Some(500.0);
    // strictly before two hours there are less than 1,000 people in
    assert_eq!(bound(&scenario, 1000, &no_fleet), Some(2 * HOUR - 1));
    scenario.sites[0].open_from_ms = Some(HOUR);
    assert_eq!(bound(&scenario, 1000, &no_fleet), Some(3 * HOUR - 1));
    scenario.sites[0].capacity_people = Some(999);
    assert_eq!(bound(&scenario, 1000, &no_fleet), None);
    // half of what a quarter of an hour lets in may go to the fleet at its begin: by 2 h 48 min 900 people at the steady rate,
    // and 50 that half of the other 12 minutes of the quarter let in
    scenario.sites[0].capacity_people = None;
    let fleet = FleetBursts { all: [0, 1000], ..no_fleet };
    assert_eq!(bound(&scenario, 950, &no_fleet), Some(HOUR + HOUR * 19 / 10 - 1));
    assert_eq!(bound(&scenario, 950, &fleet), Some(3 * HOUR - HOUR / 5 - 1));
    // no more of it than there are people for the fleet
    let few = FleetBursts { all: [0, 10], ..no_fleet };
    assert_eq!(bound(&scenario, 950, &few), Some(HOUR + HOUR * 188 / 100 - 1));
}

#[test]
fn cars_and_buses_on_one_road_need_longer_together() {
    // 3,600 people/h by car; 7,200 people in cars take two hours and the way, 7,200 in buses a tenth of that on top
    let scenario = one_road(14_400, 20);
    let cars = group("Z", Means::Vehicle, 7200);
    let alone = over_roads(&scenario, &population(vec![cars.clone()], vec![buses(1, 40, "A")])).unwrap();
    assert!((alone - (7200.0 + 1200.0)).abs() < 1.0, "{alone}");
    let all = population(vec![cars, group("Z", Means::Seat, 7200)], vec![buses(100, 40, "A")]);
    let together = over_roads(&scenario, &all).unwrap();
    // 720 people more; less what the fleet may use beyond a steady rate in its last quarter, 450 people at the most
    assert!(together > 7200.0 + 1200.0 + 720.0 - 450.0 - 1.0, "{together}");
    assert!(together <= 7200.0 + 1200.0 + 720.0, "{together}");
}

#[test]
fn together_is_never_shorter_than_cars_alone() {
    let mut looked = 0;
    for seed in 0..60 {
        let Some((scenario, all)) = random(seed) else { continue };
        let mut cars = all.clone();
        cars.rows.retain(|group| group.means == Means::Vehicle);
        let joint = on_roads(&scenario, &all);
        for (one, whole) in on_roads(&scenario, &cars).zones.iter().zip(&joint.zones) {
            assert!(one.people <= whole.people, "seed {seed}");
        }
        // without a fleet nothing is beyond a steady rate, so that this is the bound of those with vehicles
        let network = Network::new(&joint, Case::Central).unwrap();
        let proven = bound_of(network);
        let bound = |all| roads_bound(&proven, &FleetBursts { all, ..FleetBursts::of(&joint, &cars) });
        let (steady, with_bursts) = (bound([0, 0]), bound([1000, 1000]));
        // what may be beyond it only weakens the proof
        assert!(with_bursts.unwrap_or(i64::MAX) <= steady.unwrap_or(i64::MAX), "seed {seed}");
        looked += i32::from(steady.is_some_and(|ms| ms > 0));
    }
    assert!(looked > 10, "{looked} cases with a bound");
}

#[test]
fn two_zones_that_share_a_road_are_counted_together() {
    let mut scenario = one_road(3600, 20);
    add_zone(&mut scenario, "Y", 3600);
    let groups = vec![group("Z", Means::Vehicle, 3600), group("Y", Means::Vehicle, 3600)];
    let bound = over_roads(&scenario, &population(groups, Vec::new())).unwrap();
    assert!((bound - 8400.0).abs() < 1.0, "{bound}");
}
