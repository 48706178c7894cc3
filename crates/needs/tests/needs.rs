//! Needs by hand, at their edges, and against supplies.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use clearway_model::Faults;
use clearway_needs::{Climate, Kind, Phase, Presence, Rates, read_supplies, shortfalls};

fn amount(people: i64, phase: Phase, climate: Climate, item: &str) -> f64 {
    Rates::shipped().needed(people, phase, climate).iter().find(|need| need.item == item).unwrap().amount
}

#[test]
fn a_million_people_need_exactly_this() {
    let million = |phase, item| amount(1_000_000, phase, Climate::Warm, item);
    for (phase, item, expected) in [
        (Phase::Survival, "water", 3_000.0),
        (Phase::Acute, "water", 7_500.0),
        (Phase::Stabilised, "water", 15_000.0),
        (Phase::Acute, "taps", 4_000.0),
        (Phase::Acute, "toilets", 20_000.0),
        (Phase::Stabilised, "toilets", 50_000.0),
        (Phase::Acute, "food", 555.0),
        (Phase::Acute, "covered", 3_500_000.0),
        (Phase::Acute, "land", 30_000_000.0),
        (Phase::Stabilised, "land", 45_000_000.0),
        (Phase::Acute, "tents", 200_000.0),
        (Phase::Acute, "health_posts", 100.0),
        (Phase::Acute, "hospitals", 4.0),
        (Phase::Acute, "beds", 1_000.0),
        (Phase::Stabilised, "beds", 1_800.0),
    ] {
        assert_eq!(million(phase, item), expected, "{item}");
    }
    assert_eq!(amount(1_000_000, Phase::Acute, Climate::Cold, "covered"), 4_500_000.0);
}

#[test]
fn edges() {
    let acute = |people, item| amount(people, Phase::Acute, Climate::Warm, item);
    for (people, toilets, beds, posts) in [
        (0, 0.0, 0.0, 0.0),
        (1, 1.0, 1.0, 1.0),
        (50, 1.0, 1.0, 1.0),
        (51, 2.0, 1.0, 1.0),
        (10_000, 200.0, 10.0, 1.0),
        (10_001, 201.0, 11.0, 2.0),
    ] {
        assert_eq!(acute(people, "toilets"), toilets, "{people}");
        assert_eq!(acute(people, "beds"), beds, "{people}");
        assert_eq!(acute(people, "health_posts"), posts, "{people}");
    }
    // nothing has a negative need
    assert_eq!(acute(-5, "water"), 0.0);
    // no land is needed to survive a day
    assert!(
        Rates::shipped().needed(10, Phase::Survival, Climate::Warm).iter().all(|need| need.item != "land")
    );
}

#[test]
fn a_site_that_fills_runs_short_in_the_hour_it_must() {
    // 1,000 people more every hour; 10 m3 a day at 7.5 L are enough for 1,333
    let site = Presence { kind: Kind::Site, place_id: "S".into(), people: vec![0, 1_000, 2_000, 3_000] };
    let rates = Rates::shipped();
    let mut faults = Faults::default();
    let text = "place_id,item,amount,from_h,until_h\nS,water,10,0,\nS,water,12.5,3,\nS,toilets,100,,\n";
    let supplies = read_supplies("supplies.csv", text, &[(Kind::Site, "S")], &rates, &mut faults);
    assert!(faults.0.is_empty(), "{faults}");
    let all = shortfalls(&[site], &supplies, &rates, Climate::Warm);
    let water = all.iter().find(|s| s.item == "water").unwrap();
    // hour 2: 15 needed, 10 there; hour 3: 22.5 needed, 22.5 there
    assert_eq!((water.first_h, water.hours, water.worst_h), (2, 1, 2));
    assert_eq!((water.needed, water.there, water.short), (15.0, 10.0, 5.0));
    assert_eq!(water.people, 667);
    assert!(all.iter().all(|s| s.item != "toilets"));
    let food = all.iter().find(|s| s.item == "food").unwrap();
    assert_eq!((food.first_h, food.people), (1, 3_000));
}

#[test]
fn the_acute_phase_ends() {
    let mut people = vec![0; 10];
    people.extend(vec![100; 22 * 24]);
    let site = Presence { kind: Kind::Site, place_id: "S".into(), people };
    assert_eq!(site.phase(10 + 21 * 24 - 1), Phase::Acute);
    assert_eq!(site.phase(10 + 21 * 24), Phase::Stabilised);
}

#[test]
fn faults_of_supplies_are_all_named() {
    let mut faults = Faults::default();
    let text =
        "place_id,item,amount,from_h\nX,water,1,0\nS,wine,1,0\nS,water,much,0\nS,water,1,-1\nS,water,,0\n";
    let kept = read_supplies("supplies.csv", text, &[(Kind::Site, "S")], &Rates::shipped(), &mut faults);
    assert!(kept.is_empty());
    let all = faults.to_string();
    for part in ["place_id = 'X'", "item = 'wine'", "amount = 'much'", "from_h = '-1'", "line 6"] {
        assert!(all.contains(part), "{part} in\n{all}");
    }
}
