//! Needs by hand, at their edges, and against supplies.

use clearway_needs::{
    Climate, Delivery, Occupancy, OccupancyKind, Phase, PlaceSupply, Rates, SupplyBalance, lines,
    read_supplies,
};

fn supplies(text: &str, places: &[Occupancy]) -> Vec<PlaceSupply> {
    let (all, faults) = read_supplies("supplies.csv", text.as_bytes(), places, &Rates::shipped());
    assert!(faults.0.is_empty(), "{faults}");
    all
}

fn site(id: &str, people: Vec<i64>) -> Occupancy {
    Occupancy { kind: OccupancyKind::Site, place_id: id.into(), people }
}

fn balance<'a>(
    presences: &'a [Occupancy],
    supplies: &'a [PlaceSupply],
    rates: &'a Rates,
) -> SupplyBalance<'a> {
    SupplyBalance { presences, supplies, deliveries: &[], rates, climate: Climate::Warm }
}

fn amount(people: i64, phase: Phase, climate: Climate, item: &str) -> f64 {
    Rates::shipped().needed(people, phase, climate).iter().find(|need| need.item == item).unwrap().amount
}

#[test]
fn a_million_people_need_exactly_this() {
    let million = |phase, item| amount(1_000_000, phase, Climate::Warm, item);
    for (phase, item, expected) in [
        (Phase::Survival, "water", 3_000.0),
        (Phase::Acute, "water", 7_500.0),
        (Phase::Stabilised, "water", 20_000.0),
        (Phase::Acute, "taps", 4_000.0),
        (Phase::Stabilised, "taps", 10_000.0),
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
    let places = [site("S", vec![0, 1_000, 2_000, 3_000])];
    let rates = Rates::shipped();
    let text = "place_id,item,amount,from_h,until_h\nS,water,10,0,\nS,water,12.5,3,\nS,toilets,100,,\n";
    let supplies = supplies(text, &places);
    let all = balance(&places, &supplies, &rates).shortfalls();
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
    let site = site("S", people);
    assert_eq!(site.phase(10 + 21 * 24 - 1), Phase::Acute);
    assert_eq!(site.phase(10 + 21 * 24), Phase::Stabilised);
}

#[test]
fn a_stock_runs_out_in_the_hour_it_must() {
    // 800 people at 7.5 L are 6 m3 a day, 0.25 m3 an hour: 2 m3 last 8 hours from the first one
    let places = [site("S", [vec![0; 2], vec![800; 22]].concat())];
    let rates = Rates::shipped();
    let stock = supplies("place_id,kind,item,amount\nS,stock,water,2\n", &places);
    let all = balance(&places, &stock, &rates).shortfalls();
    let water = all.iter().find(|s| s.item == "water").unwrap();
    assert_eq!((water.first_h, water.hours), (10, 14));
    // what is brought in hour 12 lasts another 4 hours
    let deliveries = [Delivery { place: 0, item: 0, hour: 12, amount: 1.0 }];
    let all = SupplyBalance { deliveries: &deliveries, ..balance(&places, &stock, &rates) }.shortfalls();
    let water = all.iter().find(|s| s.item == "water").unwrap();
    assert_eq!((water.first_h, water.hours), (10, 10));
}

#[test]
fn what_is_shared_is_given_by_need() {
    let places = [site("A", vec![1_000]), site("B", vec![3_000])];
    let rates = Rates::shipped();
    // 7.5 and 22.5 m3 a day are needed; A has 1.5 of its own; 18 of 28.5 are shared out
    let given = supplies("place_id,item,amount\nA;B,water,18\nA,water,1.5\n", &places);
    let all = balance(&places, &given, &rates).shortfalls();
    let short = |id: &str| all.iter().find(|s| s.item == "water" && s.place_id == id).unwrap().short;
    assert!((short("A") - 6.0 * 10.5 / 28.5).abs() < 1e-9 && (short("B") - 22.5 * 10.5 / 28.5).abs() < 1e-9);
    assert!((short("A") + short("B") - 10.5).abs() < 1e-9, "nothing is lost or made");
}

#[test]
fn meals_of_a_kitchen_count_three_to_a_day() {
    let places = [site("S", vec![1_000])];
    let rates = Rates::shipped();
    for (meals, is_short) in [(3_000, false), (2_999, true)] {
        let kitchen = supplies(&format!("place_id,kind,item,amount\nS,kitchen,food,{meals}\n"), &places);
        let all = balance(&places, &kitchen, &rates).shortfalls();
        assert_eq!(all.iter().any(|s| s.item == "food"), is_short, "{meals}");
    }
}

#[test]
fn every_standard_has_the_hour_from_which_it_is_not_met() {
    let places = [site("S", vec![300, 1_000, 1_001, 2_001])];
    let rates = Rates::shipped();
    let water = supplies("place_id,item,amount\nS,water,7.5\nS,toilets,40\n", &places);
    let all = balance(&places, &water, &rates).below();
    let first = |item: &str, standard: Phase| {
        all.iter().find(|b| b.item == item && b.standard == standard).unwrap().first_h
    };
    // 3, 7.5 and 20 L a person
    assert_eq!(first("water", Phase::Survival), None);
    assert_eq!(first("water", Phase::Acute), Some(2));
    assert_eq!(first("water", Phase::Stabilised), Some(1));
    // 40 toilets: 2,000 at 1 : 50, 800 at 1 : 20
    assert_eq!(first("toilets", Phase::Acute), Some(3));
    assert_eq!(first("toilets", Phase::Stabilised), Some(1));
}

#[test]
fn what_it_takes_to_bring_it_for_a_million() {
    let all = lines(&Rates::shipped(), 1_000_000, Climate::Warm);
    let figures =
        |name: &str| all.iter().find(|line| line.0.starts_with(name)).unwrap().1.map(|x| x.unwrap_or(-1.0));
    assert_eq!(figures("tanker loads"), [300.0, 750.0, 2_000.0]);
    assert_eq!(figures("tankers at 3"), [100.0, 250.0, 667.0]);
    assert_eq!(figures("food trucks of 20 t"), [28.0; 3]);
    assert_eq!(figures("food trucks of 10 t"), [56.0; 3]);
    assert_eq!(figures("of the toilets, for women")[2], 37_500.0);
    assert_eq!(figures("people with a disability"), [160_000.0; 3]);
    assert_eq!(figures("pregnant women"), [40_000.0; 3]);
    assert_eq!(figures("births a day"), [82.0; 3]);
}

#[test]
fn faults_of_supplies_are_all_named() {
    let text = "place_id,kind,item,amount,from_h,until_h\nX,,water,1,0,\nS,,wine,1,0,\nS,,water,much,0,\nS,,water,1,-1,\n\
                S,,water,,0,\nS,stock,beds,3,,\nS,pile,water,3,,\nS,kitchen,water,3,,\nS,,water,1,5,4\n";
    let places = [site("S", vec![1])];
    let (_, faults) = read_supplies("supplies.csv", text.as_bytes(), &places, &Rates::shipped());
    let all = faults.to_string();
    for part in [
        "place_id = 'X'",
        "item = 'wine'",
        "amount = 'much'",
        "from_h = '-1'",
        "row 6",
        "kind = 'stock'",
        "kind = 'pile'",
        "food, which is what a kitchen gives",
        "until_h = '4'",
    ] {
        assert!(all.contains(part), "{part} in\n{all}");
    }
}

/// Nothing is made: over all hours no more is used than there is, and nobody gets more than the need.
#[test]
fn what_is_used_was_there() {
    let rates = Rates::shipped();
    let mut state = 7u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for _ in 0..200 {
        let places: Vec<Occupancy> = ["A", "B", "C"]
            .iter()
            .map(|id| site(id, (0..30).map(|_| next(5_000) as i64).collect()))
            .collect();
        let mut text = "place_id,kind,item,amount,from_h,until_h\n".to_owned();
        let (mut flows, mut stocks) = (0.0, 0.0);
        for place in ["A", "B;C", "A;B;C", "C"] {
            let (flow, stock) = (next(40), next(20));
            text.push_str(&format!(
                "{place},flow,water,{flow},,\n{place},stock,water,{stock},{},\n",
                next(20)
            ));
            (flows, stocks) = (flows + flow as f64, stocks + stock as f64);
        }
        let given = supplies(&text, &places);
        let balance = balance(&places, &given, &rates);
        let there = balance.there(0);
        let all = balance.shortfalls();
        let mut used = 0.0;
        for (place, presence) in places.iter().enumerate() {
            let of = all.iter().find(|s| s.place_id == presence.place_id && s.item == "water");
            for (hour, people) in presence.people.iter().enumerate() {
                let needed = rates.0[0].amount(*people, Phase::Acute, Climate::Warm).unwrap();
                used += needed.min(there[place][hour]) / 24.0;
                assert!(of.is_none_or(|s| s.hours <= 30 && s.short <= s.needed + 1e-9));
            }
        }
        assert!(used <= flows * 30.0 / 24.0 + stocks + 1e-6, "{used} of {flows} a day and {stocks}");
    }
}
