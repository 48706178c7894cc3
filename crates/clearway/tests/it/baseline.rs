//! Everybody by the shortest way at once, worked out by hand.

use crate::{example, generated_city};
use clearway::{
    Error, LoadedScenario, MemoryStore, PlanRequest, Queues, Session, SimulateRequest, Usage, load, plan,
    simulate, simulate_baseline,
};

/// Two zones at a junction, and two towns: the near one, 10 min away, takes 5,000 people, the far one, 15 min away, any number. Both roads
/// let through 1,200 cars an hour with 2.5 people each, which are 1.2 s a person.
fn two_towns(connectors: &str, mobilization: &str) -> LoadedScenario {
    let zone_curve = if mobilization.is_empty() { "" } else { "slow" };
    let zones = format!(
        "zone_id,name,people,mobilization_id,x_coord,y_coord\nZ2,Second,3000,{zone_curve},10.0,50.001\nZ1,First,4000,{zone_curve},10.0,50.002\n"
    );
    let mut files = vec![
        ("scenario.toml", "schema = \"clearway-scenario/2\"\nname = \"Two towns\"\ndescription = \"Made up.\"\ncontext = \"exercise\"\nstart = \"2026-06-01T08:00:00Z\"\ntime_zone = \"UTC\"\nhorizon_ms = 43200000\nattribution = [\"Synthetic places\"]\n\n[[class]]\nid = \"car\"\nmode = \"vehicle\"\npeople_per_vehicle = 2.5\n".to_owned()),
        ("node.csv", "node_id,name,x_coord,y_coord\n1,Junction,10.0,50.0\n2,Near,10.1,50.0\n3,Far,9.8,50.0\n".to_owned()),
        ("link.csv", "link_id,name,from_node_id,to_node_id,directed,facility_type,lanes,length_m,capacity_pcu_h,reserved_pcu_h,time_ms\nA,Near road,1,2,true,secondary,1,10000,1200,0,600000\nB,Far road,1,3,true,secondary,1,15000,1200,0,900000\n".to_owned()),
        ("connectors.csv", format!("connector_id,place,place_id,node_id,time_ms\n{connectors}CN,site,SN,2,0\nCF,site,SF,3,0\n")),
        ("sites.csv", "site_id,name,capacity_people,x_coord,y_coord\nSF,Far,,9.8,50.001\nSN,Near,5000,10.1,50.001\n".to_owned()),
        ("zones.csv", zones),
    ];
    if !mobilization.is_empty() {
        files.push(("mobilization.csv", mobilization.to_owned()));
    }
    load(&files.into_iter().collect::<MemoryStore>()).unwrap()
}

const ONE_EACH: &str = "C1,zone,Z1,1,0\nC2,zone,Z2,1,0\n";

/// Z1 comes first: its 4,000 and 1,000 of Z2 fill the near town, 2,000 go to the far one. On the near road the last of 5,000 enters after
/// 6,000 s, on the far one the last of 2,000 after 2,400 s. 6,300 have arrived when 4,300 are in the near town.
#[test]
fn who_finds_the_nearest_full_goes_to_the_next() {
    let loaded = two_towns(ONE_EACH, "");
    for queues in [Queues::Spatial, Queues::Vertical] {
        let mut request = SimulateRequest::default();
        request.queues = queues;
        let answer = simulate_baseline(&Session::new(), &loaded, &request).unwrap();
        let report = &answer.report;
        assert_eq!((report.t90_s, report.t100_s), (Some(5760.0), Some(6600.0)));
        assert_eq!((report.arrived, report.not_arrived, report.vehicles), (7000, 0, 2800));
        assert!(report.plan.is_none() && report.bound.is_none() && report.baseline.is_none());
        let people: Vec<(&str, i64)> =
            answer.links.iter().map(|row| (row.link_id.as_str(), row.people)).collect();
        assert_eq!(people, [("A", 5000), ("B", 2000)]);
        // 3,600 s and 2,100 s in the mean, and those in a vehicle of two or three arrive with its last: 1.2 x (2 x 1/2 + 3 x 2/2) / 5 s
        let mean_s = (5.0 * 3600.6 + 2.0 * 2100.6) / 7.0 + 0.96 - 0.6;
        assert!((report.mean_s.unwrap() - mean_s).abs() < 0.7, "{:?} {mean_s}", report.mean_s);
        assert!(answer.curve.iter().all(|point| point.plan_people.is_none()));
    }
}

/// A zone of two connectors sends half of its people by each: 2,000 of Z1 from 5 min farther away. The near town fills with the same
/// people, those of the second connector later.
#[test]
fn people_of_a_zone_are_shared_out_over_its_connectors() {
    let loaded = two_towns("C1,zone,Z1,1,0\nC1b,zone,Z1,1,300000\nC2,zone,Z2,1,0\n", "");
    let answer = simulate_baseline(&Session::new(), &loaded, &SimulateRequest::default()).unwrap();
    // 3,000 people are at the near road at once and keep it busy for an hour, the others long since wait behind them
    assert_eq!(answer.report.t100_s, Some(6600.0));
    let people: Vec<i64> = answer.links.iter().map(|row| row.people).collect();
    assert_eq!(people, [5000, 2000]);
}

/// All are ready at a constant rate over ten hours: nobody waits, and the last vehicle is full, and leaves, when the last is ready.
#[test]
fn everybody_leaves_when_they_are_ready() {
    let loaded = two_towns(ONE_EACH, "mobilization_id,time_ms,share\nslow,0,0\nslow,36000000,1\n");
    let answer = simulate_baseline(&Session::new(), &loaded, &SimulateRequest::default()).unwrap();
    assert_eq!(answer.report.t100_s, Some(36_000.0 + 900.0));
    assert!(answer.report.waiting.longest_min < 0.2, "{:?}", answer.report.waiting);
}

/// Beside a plan of one road the baseline is the plan.
#[test]
fn beside_a_plan_it_says_what_the_plan_gains() {
    let session = Session::new().with_threads(1);
    let planned = plan(&session, &example("one-road"), &PlanRequest::default()).unwrap();
    let folder = MemoryStore::from(planned.artifacts(Usage::default()).unwrap());
    let mut request = SimulateRequest::default();
    let answer = simulate(&session, &folder, &request).unwrap();
    let baseline = answer.report.baseline.unwrap();
    // 12,000 people at 1.2 s each, then ten minutes
    assert_eq!((baseline.t90_s, baseline.t100_s, baseline.arrived), (Some(13_560.0), Some(15_000.0), 12_000));
    assert_eq!(answer.curve.last().unwrap().baseline_people, Some(12_000));
    let page = answer.artifacts().unwrap();
    let page = String::from_utf8(page.get("index.html").unwrap().to_vec()).unwrap();
    assert!(page.contains("everybody by the shortest way at once") && page.contains("class=\"baseline\""));
    request.with_baseline = false;
    let without = simulate(&session, &folder, &request).unwrap();
    assert!(without.report.baseline.is_none());
    assert_eq!(without.report.t100_s, answer.report.t100_s);
}

#[test]
fn a_scenario_with_groups_has_no_baseline() {
    let answer = simulate_baseline(&Session::new(), &example("bicycles"), &SimulateRequest::default());
    assert!(matches!(answer, Err(Error::Request(message)) if message.contains("population groups")));
}

/// No simulation, of a plan or without one, has more people there than the bound at any moment: two programs that check each other.
#[test]
fn nobody_is_there_before_the_bound() {
    let session = Session::new().with_threads(2);
    for (side, people) in [(6, 4_000), (9, 15_000), (10, 2_000)] {
        let planned = plan(&session, &generated_city(side, people), &PlanRequest::default()).unwrap();
        let folder = MemoryStore::from(planned.artifacts(Usage::default()).unwrap());
        for queues in [Queues::Spatial, Queues::Vertical] {
            let mut request = SimulateRequest::default();
            request.queues = queues;
            let answer = simulate(&session, &folder, &request).unwrap();
            for point in &answer.curve {
                let bound = point.bound_people.unwrap();
                assert!(point.simulated_people <= bound, "{point:?}");
                assert!(point.baseline_people.unwrap() <= bound, "{point:?}");
            }
            assert!(answer.report.bound.unwrap().t90_s <= answer.report.t90_s, "{:?}", answer.report);
        }
    }
}
