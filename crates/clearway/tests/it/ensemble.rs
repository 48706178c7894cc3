//! Ensembles: members that are their own, parts that make a whole, and nobody before the bound.

use crate::helsinki_plan;
use clearway::{
    Behaviour, Ensemble, EnsembleRequest, EnsembleRunner, Error, FolderStore, LossesRequest, MemberFigures,
    MemoryStore, PlanRequest, RobustReport, RobustRequest, RobustTrial, Session, Store, Usage,
    behaviour_profile, ensemble, load, losses, merge_ensemble, plan, plan_robust, read_behaviour, verify,
};

/// A plan of an example of ours, in memory.
fn planned(example: &str) -> MemoryStore {
    if example == "helsinki" {
        return helsinki_plan();
    }
    let folder = format!("{}/../../examples/{example}", env!("CARGO_MANIFEST_DIR"));
    let planned =
        plan(&session(2), &load(&FolderStore::new(folder)).unwrap(), &PlanRequest::default()).unwrap();
    MemoryStore::from(planned.artifacts(Usage::default()).unwrap())
}

fn session(threads: usize) -> Session {
    Session::new().with_threads(threads)
}

/// Everybody does as ordered, nothing happens, and no figure moves.
fn as_ordered() -> EnsembleRequest {
    let mut behaviour = Behaviour::default();
    let text = toml_of(|name| match name {
        "leaving_share" | "mobilization_factor" | "incident_mean_min" => 1.0,
        _ => 0.0,
    });
    behaviour.clone_from(&read_behaviour("calm", &text).unwrap());
    let mut request = EnsembleRequest::default();
    request.behaviour = behaviour;
    request.figures = MemberFigures::Central;
    request
}

/// A profile in which every figure is certain.
fn toml_of(value: impl Fn(&str) -> f64) -> String {
    let mut text = String::new();
    for (name, ..) in Behaviour::default().figures() {
        let value = value(name);
        text +=
            &format!("[{name}]\nvalue = {value:?}\nlow = {value:?}\nhigh = {value:?}\nsource = \"test\"\n");
    }
    text
}

#[test]
fn without_chance_a_member_is_the_plan_as_ordered() {
    for example in ["one-road", "helsinki"] {
        let run = ensemble(&session(2), &planned(example), &as_ordered(), 0..2).unwrap();
        let ordered = run.report.head.as_ordered;
        for row in &run.rows.members {
            assert_eq!(
                (row.t90_s, row.t100_s, row.mean_s, row.arrived),
                (ordered.t90_s, ordered.t100_s, ordered.mean_s, ordered.arrived),
                "{example}"
            );
            assert_eq!((row.stayed, row.unasked, row.incidents), (0, 0, 0));
        }
    }
}

#[test]
fn parts_make_the_whole_in_any_order_with_any_threads() {
    let plan = helsinki_plan();
    let request = EnsembleRequest::default();
    let whole = ensemble(&session(2), &plan, &request, 0..7).unwrap();
    let part = |threads, members| {
        let part = ensemble(&session(threads), &plan, &request, members).unwrap();
        ("part".to_owned(), part.to_parquet().unwrap())
    };
    let merged = merge_ensemble(&[part(1, 4..7), part(2, 0..3), part(1, 2..5)]).unwrap();
    assert_eq!(merged.report, whole.report);
    assert_eq!(merged.rows, whole.rows);
    assert_eq!(merged.to_parquet().unwrap(), whole.to_parquet().unwrap());
    assert!(whole.rows.members.iter().any(|row| row.unasked > 0 && row.not_arrived > 0));

    let gap = merge_ensemble(&[part(1, 1..3), part(1, 5..6)]).unwrap();
    assert_eq!(gap.report.missing, ["0..1", "3..5"]);
}

#[test]
fn a_member_can_be_made_again_alone() {
    let plan = helsinki_plan();
    let mut request = EnsembleRequest::default();
    request.seed = 5;
    let row = ensemble(&session(1), &plan, &request, 3..4).unwrap().rows.members[0];
    let alone = EnsembleRunner::new(&plan, &request).unwrap().member(&session(1), 3).unwrap();
    assert_eq!((alone.report.arrived, alone.report.mean_s), (row.arrived, row.mean_s));
    assert_eq!(alone.report.not_arrived, row.not_arrived);
    request.seed = 6;
    let other = ensemble(&session(1), &plan, &request, 3..4).unwrap().rows.members[0];
    assert_ne!(row.behaviour, other.behaviour);
}

#[test]
fn parts_of_different_ensembles_do_not_mix() {
    let plan = planned("one-road");
    let mut request = EnsembleRequest::default();
    let first = ensemble(&session(1), &plan, &request, 0..1).unwrap().to_parquet().unwrap();
    request.seed = 9;
    let second = ensemble(&session(1), &plan, &request, 1..2).unwrap().to_parquet().unwrap();
    let named = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    let parts = [named("a", &first), named("b", &second), named("c", b"PAR1 no"), named("d", &first[..90])];
    let Err(Error::Request(words)) = merge_ensemble(&parts) else { panic!() };
    for part in ["b is of another ensemble than a", "c: ", "d: "] {
        assert!(words.contains(part), "{words}");
    }
    assert!(matches!(merge_ensemble(&[]), Err(Error::Request(_))));
}

/// People who obey less, roads that break: by the figures of the plan nobody is ever ahead of what is proved.
#[test]
fn no_member_is_ahead_of_the_bound_of_its_figures() {
    for example in ["one-road", "helsinki"] {
        let plan = planned(example);
        for seed in 0..3 {
            let mut request = EnsembleRequest::default();
            (request.seed, request.figures) = (seed, MemberFigures::Central);
            let run: Ensemble = ensemble(&session(2), &plan, &request, 0..6).unwrap();
            let bound = run.report.head.bound;
            for row in &run.rows.members {
                for (time, bound) in [(row.t90_s, bound.t90_s), (row.t100_s, bound.t100_s)] {
                    if let (Some(time), Some(bound)) = (time, bound) {
                        assert!(time >= bound - 0.001, "{example} {} {time} {bound}", row.member);
                    }
                }
            }
        }
    }
}

#[test]
fn the_printed_profile_is_the_default_and_faults_come_all_at_once() {
    assert_eq!(read_behaviour("p", &behaviour_profile()).unwrap(), Behaviour::default());
    let text = "[late_share]\nvalue = 2.0\nlow = 0.0\nhigh = 3.0\nsource = \"x\"\n[early_share]\nvalue = 0.1\nlow = 0.2\nhigh = 0.3\nsource = \"\"\n";
    let Err(Error::Request(words)) = read_behaviour("p.toml", text) else { panic!() };
    assert_eq!(words.lines().count(), 4, "{words}");
    assert!(words.lines().all(|line| line.starts_with("p.toml: ")), "{words}");
    assert!(read_behaviour("p.toml", "[lateshare]\n").is_err());
}

#[test]
fn robust_orders_are_those_that_do_best_under_the_same_luck() {
    let loaded = crate::example("helsinki");
    let mut request = RobustRequest::default();
    request.members = 6;
    request.shares = vec![0.8];
    let planned = plan_robust(&session(2), &loaded, &request).unwrap();
    let folder = MemoryStore::from(planned.artifacts(Usage::default()).unwrap());
    let bytes = folder.read("robust.json").unwrap().unwrap();
    let report: RobustReport = serde_json::from_slice(&bytes).unwrap();
    let [usual, less] = report.trials[..] else { panic!() };
    let key = |of: &RobustTrial| (of.t90_p90_s.unwrap_or(f64::INFINITY), of.not_arrived_p90);
    let best = if key(&less) < key(&usual) { 1 } else { 0 };
    assert_eq!(report.chosen, best);
    // what is taken is what was tried, and holds
    let run = ensemble(&session(1), &folder, &EnsembleRequest::default(), 0..6).unwrap();
    let taken = report.trials[report.chosen];
    assert_eq!(run.report.quantiles_of("not_arrived").unwrap().p90, Some(taken.not_arrived_p90));
    assert!(verify(&folder, None).unwrap().holds);
    assert!(less.plan_t90_s > usual.plan_t90_s, "{less:?} {usual:?}");
}

/// 600 people of one zone, and two sites at the end of one road: whichever is lost, also after people have left, the other takes everybody.
#[test]
fn who_is_on_the_way_to_a_site_that_is_lost_turns_off_before_it() {
    let files = [
        (
            "scenario.toml",
            "schema = \"clearway-scenario/2\"\nname = \"Two sites\"\ndescription = \"Made up.\"\ncontext = \"exercise\"\nstart = \"2026-06-01T08:00:00Z\"\ntime_zone = \"UTC\"\nhorizon_ms = 43200000\nattribution = [\"Synthetic places\"]\n\n[[class]]\nid = \"car\"\nmode = \"vehicle\"\npeople_per_vehicle = 2.0\n",
        ),
        ("node.csv", "node_id,name,x_coord,y_coord\n1,Here,10.0,50.0\n2,There,10.1,50.0\n"),
        (
            "link.csv",
            "link_id,name,from_node_id,to_node_id,directed,facility_type,lanes,length_m,capacity_pcu_h,reserved_pcu_h,time_ms\nA,Road,1,2,true,secondary,1,10000,1200,0,600000\n",
        ),
        (
            "connectors.csv",
            "connector_id,place,place_id,node_id,time_ms\nCZ,zone,Z,1,0\nCN,site,SN,2,0\nCF,site,SF,2,0\n",
        ),
        (
            "sites.csv",
            "site_id,name,capacity_people,x_coord,y_coord\nSF,Far,300,10.1,50.001\nSN,Near,300,10.1,50.002\n",
        ),
        ("zones.csv", "zone_id,name,people,x_coord,y_coord\nZ,Zone,600,10.0,50.001\n"),
    ];
    let loaded = load(&files.into_iter().collect::<MemoryStore>()).unwrap();
    let planned = plan(&session(1), &loaded, &PlanRequest::default()).unwrap();
    let folder = MemoryStore::from(planned.artifacts(Usage::default()).unwrap());
    for from_ms in [0, 700_000] {
        let mut request = LossesRequest::default();
        (request.links, request.from_ms) = (0, from_ms);
        let lost = losses(&session(1), &folder, &request).unwrap();
        let rows: Vec<(&str, i64)> = lost.rows.iter().map(|row| (row.kind, row.not_arrived)).collect();
        assert_eq!(rows, [("none", 0), ("site", 0), ("site", 0)], "from {from_ms} ms");
    }
}
