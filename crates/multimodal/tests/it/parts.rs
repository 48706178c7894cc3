//! The scenario of each part: whose people, lanes, times and places it has, and that nothing is given twice.

use crate::made::{HOUR, MINUTE, buses, group, one_road, population, random};
use clearway_model::{
    GroupRow, LaneChoice, LinkRow, Means, Mode, MovementRow, PopulationGroups, Scenario, WalkSettings,
    WindowTarget,
};
use clearway_multimodal::parts::{CommittedByOthers, driven, part, people_of};
use std::collections::HashMap;

fn with_walk(groups: Vec<GroupRow>, walk: WalkSettings) -> PopulationGroups {
    let mut all = population(groups, vec![buses(1, 40, "A")]);
    all.settings.walk = Some(walk);
    all
}

fn nothing(scenario: &Scenario) -> CommittedByOthers {
    CommittedByOthers::nothing(scenario.sites.len())
}

#[test]
fn each_part_has_the_people_of_its_group_with_their_range_and_their_curve() {
    let mut scenario = one_road(500, 20);
    scenario.zones[0].stay_people = Some(60);
    scenario.zones[0].stay_people_high = Some(90);
    let walkers = GroupRow {
        people_low: Some(80),
        people_high: Some(150),
        stay_people: Some(10),
        mobilization_id: "late".into(),
        ..group("Z", Means::Walk, 100)
    };
    let all = with_walk(vec![group("Z", Means::Vehicle, 400), walkers], WalkSettings::default());
    let zone = |means| part(&scenario, &all, means, &nothing(&scenario)).zones.remove(0);
    let walk = zone(Means::Walk);
    assert_eq!((walk.people, walk.people_low, walk.people_high), (100, Some(80), Some(150)));
    assert_eq!(
        (walk.stay_people, walk.stay_people_high, walk.mobilization_id.as_str()),
        (Some(10), None, "late")
    );
    let vehicle = zone(Means::Vehicle);
    assert_eq!((vehicle.people, vehicle.stay_people, vehicle.mobilization_id.as_str()), (400, None, ""));
    let nobody = part(&scenario, &population(Vec::new(), Vec::new()), Means::Vehicle, &nothing(&scenario));
    assert_eq!((nobody.zones[0].people, nobody.zones[0].stay_people), (0, None));
    assert_eq!(nobody.settings.name, "one road - vehicle");
}

#[test]
fn lanes_given_to_walkers_are_taken_from_vehicles() {
    let mut scenario = one_road(500, 20);
    scenario.links[0].capacity_pcu_h_low = Some(1500.0);
    scenario.links[0].walk_capacity_people_h = Some(600.0);
    let walk = WalkSettings {
        lanes: 0.5,
        lane: vec![LaneChoice { link_id: "back".into(), lanes: 2.0 }],
        lane_people_h: 3000.0,
        ..WalkSettings::default()
    };
    let all = with_walk(vec![group("Z", Means::Walk, 500)], walk);
    let roads = driven(&scenario, &all);
    assert_eq!(part(&scenario, &all, Means::Vehicle, &nothing(&scenario)).links, roads.links);
    // 1.5 of two lanes
    assert_eq!(
        (roads.links[0].capacity_pcu_h, roads.links[0].capacity_pcu_h_low),
        (Some(1350.0), Some(1125.0))
    );
    assert_eq!(roads.links[0].lanes, Some(1.5));
    // all of it given away: no road for vehicles
    assert_eq!((roads.links[1].capacity_pcu_h, roads.links[1].lanes), (None, Some(0.0)));
    let on_foot = part(&scenario, &all, Means::Walk, &nothing(&scenario));
    let people_h: Vec<_> = on_foot.links.iter().map(|link| link.walk_capacity_people_h).collect();
    assert_eq!(people_h, [Some(600.0 + 1500.0), Some(6000.0)]);
}

#[test]
fn a_road_that_no_vehicle_may_use_has_no_lane_to_give() {
    let mut scenario = one_road(500, 20);
    scenario.links[0] =
        LinkRow { capacity_pcu_h: None, walk_capacity_people_h: Some(600.0), ..scenario.links[0].clone() };
    let walk = WalkSettings { lanes: 1.0, ..WalkSettings::default() };
    let on_foot = part(&scenario, &with_walk(Vec::new(), walk), Means::Walk, &nothing(&scenario));
    assert_eq!(on_foot.links[0].walk_capacity_people_h, Some(600.0));
}

#[test]
fn walking_takes_the_time_of_the_link_or_of_its_length_and_longer_for_slower_groups() {
    let mut scenario = one_road(500, 20);
    scenario.links[0].walk_capacity_people_h = Some(600.0);
    scenario.links[0].walk_time_ms = Some(50 * MINUTE);
    scenario.links[1].walk_capacity_people_h = Some(600.0);
    let times = |speed_share| {
        let all = with_walk(Vec::new(), WalkSettings { speed_share, ..WalkSettings::default() });
        let links = part(&scenario, &all, Means::Walk, &nothing(&scenario)).links;
        links.iter().map(|link| (link.walk_time_ms.unwrap(), link.walk_time_ms_low)).collect::<Vec<_>>()
    };
    // 3 km at 1 m/s, and at 1.34 m/s at the fastest
    assert_eq!(times(1.0), [(3_000_000, None), (3_000_000, Some(2_238_806))]);
    assert_eq!(times(0.8), [(3_750_000, None), (3_750_000, Some(2_798_508))]);
}

#[test]
fn walkers_obey_no_turn_bans_and_walk_by_day() {
    let mut scenario = one_road(500, 20);
    scenario.movements.push(MovementRow { prohibited: "1".into(), ..MovementRow::default() });
    scenario.connectors[0].capacity_pcu_h = Some(10.0);
    let walk =
        WalkSettings { day_from_ms: Some(2 * HOUR), day_until_ms: Some(9 * HOUR), ..WalkSettings::default() };
    let all = with_walk(vec![group("Z", Means::Walk, 500)], walk);
    let on_foot = part(&scenario, &all, Means::Walk, &nothing(&scenario));
    assert_eq!(on_foot.settings.class[0].mode, Mode::Walk);
    assert!(on_foot.movements.is_empty() && on_foot.connectors[0].capacity_pcu_h.is_none());
    let window = &on_foot.windows[0];
    assert_eq!(
        (window.target, window.from_ms, window.until_ms),
        (WindowTarget::AllLinks, 2 * HOUR, Some(9 * HOUR))
    );
    assert_eq!(window.repeat_every_ms, Some(24 * HOUR));
    let drivers = part(&scenario, &all, Means::Vehicle, &nothing(&scenario));
    assert_eq!((drivers.movements.len(), drivers.windows.len()), (1, 0));
    assert_eq!(drivers.connectors[0].capacity_pcu_h, Some(10.0));
}

#[test]
fn what_others_take_of_roads_and_sites_is_gone() {
    let mut scenario = one_road(500, 20);
    scenario.links[0].reserved_pcu_h = Some(100.0);
    let site = &mut scenario.sites[0];
    (site.capacity_people, site.capacity_people_low, site.admission_people_h) =
        (Some(300), Some(50), Some(500.0));
    let all = with_walk(vec![group("Z", Means::Vehicle, 500)], WalkSettings::default());
    let taken = CommittedByOthers {
        link_pcu_h: HashMap::from([("there".to_owned(), 80.0)]),
        site_people: vec![70],
        site_people_h: vec![100.0],
        admission_share: 0.75,
    };
    assert!(!taken.is_nothing() && nothing(&scenario).is_nothing());
    let left = part(&scenario, &all, Means::Vehicle, &taken);
    assert_eq!(left.links.iter().map(|l| l.reserved_pcu_h).collect::<Vec<_>>(), [Some(180.0), None]);
    let site = &left.sites[0];
    assert_eq!((site.capacity_people, site.capacity_people_low), (Some(230), Some(0)));
    assert_eq!(site.admission_people_h, Some(300.0));
    // a rate of nothing is a thousandth of a person an hour
    let all_taken = CommittedByOthers { site_people_h: vec![500.0], ..taken };
    assert_eq!(part(&scenario, &all, Means::Vehicle, &all_taken).sites[0].admission_people_h, Some(0.001));
}

#[test]
fn in_random_cases_nobody_and_no_lane_is_in_two_parts() {
    let mut looked = 0;
    for seed in 0..200 {
        let Some((mut scenario, mut all)) = random(seed) else { continue };
        for (index, link) in scenario.links.iter_mut().enumerate() {
            link.lanes = [None, Some(1.0), Some(3.0)][index % 3];
        }
        let walk = WalkSettings { lanes: 0.25 * (seed % 5) as f64, ..WalkSettings::default() };
        all.settings.walk = Some(walk.clone());
        let own = |means| part(&scenario, &all, means, &nothing(&scenario));
        let (walks, drives) = (own(Means::Walk), own(Means::Vehicle));
        for (index, zone) in scenario.zones.iter().enumerate() {
            let of_fleet: i64 = all
                .rows
                .iter()
                .filter(|group| group.zone_id == zone.zone_id && group.means.is_carried())
                .map(|group| group.people)
                .sum();
            let sum = walks.zones[index].people + drives.zones[index].people + of_fleet;
            assert_eq!(sum, zone.people, "seed {seed}: {}", zone.zone_id);
        }
        let people: i64 = Means::ALL.iter().map(|means| people_of(&all, *means)).sum();
        assert_eq!(people, scenario.zones.iter().map(|zone| zone.people).sum::<i64>(), "seed {seed}");
        for (index, link) in scenario.links.iter().enumerate() {
            let lanes = link.lanes.unwrap_or(1.0);
            let to_cars =
                drives.links[index].capacity_pcu_h.unwrap_or(0.0) / link.capacity_pcu_h.unwrap() * lanes;
            let on_foot = walks.links[index].walk_capacity_people_h.unwrap_or(0.0);
            let to_walkers = (on_foot - link.walk_capacity_people_h.unwrap_or(0.0)) / walk.lane_people_h;
            assert!(
                (to_cars + to_walkers - lanes).abs() < 1e-9,
                "seed {seed}: {to_cars} + {to_walkers} of {lanes}"
            );
            looked += 1;
        }
    }
    assert!(looked > 1000, "{looked} links");
}
