//! Multimodal plans on small cases against exact answers: fleets by trying every timetable, mixed means by an integer program.

use clearway_artifacts::Overwrite;
use clearway_formats::write_scenario;
use clearway_model::{
    ClassOfUsers, ConnectorPlace, ConnectorRow, Context, LinkRow, Means, Mode, MultimodalSummary, NodeRow,
    Scenario, Settings, SiteRow, ZoneRow,
};
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use std::path::Path;
use std::process::Command;

/// All times are multiples of this, minutes.
const STEP: i64 = 5;

struct Seed(u64);

impl Seed {
    fn next(&mut self, below: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % below) as i64
    }
}

/// Nodes joined pairwise by roads of so many minutes each way.
fn scenario(minutes: &[Vec<i64>], zones: &[(usize, i64)], sites: &[usize], capacity: f64) -> Scenario {
    let mut links = Vec::new();
    for (from, row) in minutes.iter().enumerate() {
        for (to, minutes) in row.iter().enumerate().filter(|(to, _)| *to != from) {
            links.push(LinkRow {
                link_id: format!("{from}-{to}"),
                from_node_id: format!("n{from}"),
                to_node_id: format!("n{to}"),
                directed: "true".into(),
                lanes: Some(1.0),
                length_m: Some(1000.0 * *minutes as f64),
                capacity_pcu_h: Some(capacity),
                time_ms: Some(minutes * 60_000),
                walk_capacity_people_h: Some(capacity),
                walk_time_ms: Some(minutes * 4 * 60_000),
                ..LinkRow::default()
            });
        }
    }
    let connector = |id: String, place, of: String, node: usize| ConnectorRow {
        connector_id: id,
        place,
        place_id: of,
        node_id: format!("n{node}"),
        ..ConnectorRow::default()
    };
    let mut connectors: Vec<ConnectorRow> = Vec::new();
    for (i, (node, _)) in zones.iter().enumerate() {
        connectors.push(connector(format!("z{i}"), ConnectorPlace::Zone, format!("Z{i}"), *node));
    }
    for (i, node) in sites.iter().enumerate() {
        connectors.push(connector(format!("s{i}"), ConnectorPlace::Site, format!("S{i}"), *node));
    }
    Scenario {
        settings: Settings {
            schema: Settings::SCHEMA.into(),
            name: "small".into(),
            description: String::new(),
            context: Context::Exercise,
            start: "2026-01-01T08:00:00+00:00".into(),
            time_zone: "UTC".into(),
            horizon_ms: 2 * 86_400_000,
            margin_share: 0.25,
            attribution: Vec::new(),
            class: vec![ClassOfUsers {
                id: "car".into(),
                mode: Mode::Vehicle,
                people_per_vehicle: Some(2.0),
                people_per_vehicle_low: None,
                people_per_vehicle_high: None,
                pcu_per_vehicle: 1.0,
            }],
        },
        nodes: (0..minutes.len())
            .map(|i| NodeRow {
                node_id: format!("n{i}"),
                x_coord: i as f64 * 0.01,
                y_coord: (i % 2) as f64 * 0.01,
                ..NodeRow::default()
            })
            .collect(),
        links,
        movements: Vec::new(),
        zones: zones
            .iter()
            .enumerate()
            .map(|(i, (_, people))| ZoneRow {
                zone_id: format!("Z{i}"),
                people: *people,
                ..ZoneRow::default()
            })
            .collect(),
        releases: Vec::new(),
        sites: (0..sites.len()).map(|i| SiteRow { site_id: format!("S{i}"), ..SiteRow::default() }).collect(),
        connectors,
        closures: Vec::new(),
        windows: Vec::new(),
        junctions: Vec::new(),
        sources: Vec::new(),
        assumptions: Vec::new(),
        groups: None,
        digest: String::new(),
    }
}

/// Plans and verifies; the figures.
fn planned(dir: &Path, scenario: &Scenario, groups: &str, fleet: &str, settings: &str) -> MultimodalSummary {
    let folder = dir.join("scenario");
    let header =
        "zone_id,means,people,people_low,people_high,stay_people,mobilization_id,priority,together\n";
    let types = "vehicle_type_id,name,count,seats,wheelchair_places,stretcher_places,pcu_per_vehicle,load_ms,unload_ms,depot_node_id\n";
    let extra = [
        ("groups.csv", format!("{header}{groups}").into_bytes()),
        ("fleet.csv", format!("{types}{fleet}").into_bytes()),
        ("multimodal.toml", format!("schema = \"clearway-multimodal/2\"\n{settings}").into_bytes()),
    ];
    write_scenario(&folder, scenario, &extra, Overwrite::Refuse).unwrap();
    let (folder, out) = (folder.to_str().unwrap().to_owned(), dir.join("plan"));
    for args in [
        vec!["plan", &folder, "--out", out.to_str().unwrap(), "--window", "1min"],
        vec!["verify", out.to_str().unwrap()],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_clearway")).args(&args).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{text}");
    }
    serde_json::from_slice(&std::fs::read(out.join("multimodal.json")).unwrap()).unwrap()
}

/// Shortest times between all nodes, minutes.
fn shortest(minutes: &[Vec<i64>]) -> Vec<Vec<i64>> {
    let mut all = minutes.to_vec();
    let count = all.len();
    for via in 0..count {
        for from in 0..count {
            for to in 0..count {
                let sum = all[from][via] + all[via][to];
                all[from][to] = all[from][to].min(sum);
            }
        }
    }
    all
}

/// Trips with the time for loading and unloading, tried in every order by every bus: the earliest end of the last one.
struct Timetables<'a> {
    times: &'a [Vec<i64>],
    zones: &'a [usize],
    sites: &'a [usize],
    load: i64,
    unload: i64,
    best: i64,
}

impl Timetables<'_> {
    /// `loads` left per zone, buses as (free from, node), the latest end so far.
    fn search(&mut self, loads: &mut [i64], buses: &mut [(i64, usize)], last: i64) {
        if last >= self.best {
            return;
        }
        if loads.iter().all(|n| *n == 0) {
            self.best = last;
            return;
        }
        for zone in 0..loads.len() {
            if loads[zone] == 0 {
                continue;
            }
            for bus in 0..buses.len() {
                // buses that stand alike are alike
                if buses[..bus].contains(&buses[bus]) {
                    continue;
                }
                for site in self.sites {
                    let before = buses[bus];
                    let node = self.zones[zone];
                    let end = before.0
                        + self.times[before.1][node]
                        + self.load
                        + self.times[node][*site]
                        + self.unload;
                    buses[bus] = (end, *site);
                    loads[zone] -= 1;
                    self.search(loads, buses, last.max(end));
                    loads[zone] += 1;
                    buses[bus] = before;
                }
            }
        }
    }
}

fn random_roads(seed: &mut Seed, nodes: usize) -> Vec<Vec<i64>> {
    let mut minutes = vec![vec![0; nodes]; nodes];
    let pairs: Vec<(usize, usize)> = (0..nodes).flat_map(|a| (a + 1..nodes).map(move |b| (a, b))).collect();
    for (from, to) in pairs {
        let time = STEP * (1 + seed.next(5));
        (minutes[from][to], minutes[to][from]) = (time, time);
    }
    minutes
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

#[test]
fn no_timetable_is_better_than_the_best_of_all() {
    let (mut plans, mut bounds) = (Vec::new(), Vec::new());
    for number in 0..40 {
        let mut seed = Seed(number);
        let sites = vec![2; 1].into_iter().chain((0..seed.next(2)).map(|_| 3)).collect::<Vec<usize>>();
        let minutes = random_roads(&mut seed, 5);
        let zones = [0, 1];
        let (load, unload) = (STEP * (1 + seed.next(3)), STEP * (1 + seed.next(2)));
        let buses = 1 + seed.next(3);
        let mut loads = [1 + seed.next(3), 1 + seed.next(3)];
        let seats = 20;
        let people: Vec<(usize, i64)> =
            zones.iter().zip(&loads).map(|(z, n)| (*z, n * seats - seed.next(5))).collect();
        let times = shortest(&minutes);
        let mut search =
            Timetables { times: &times, zones: &zones, sites: &sites, load, unload, best: i64::MAX };
        let mut stand = vec![(0, 4); buses as usize];
        search.search(&mut loads, &mut stand, 0);
        let optimum = (search.best * 60) as f64;
        let scenario = scenario(&minutes, &people, &sites, 2000.0);
        let groups: String =
            people.iter().enumerate().map(|(i, (_, n))| format!("Z{i},seat,{n},,,,,,\n")).collect();
        let fleet = format!("bus,,{buses},{seats},,,2,{},{},n4\n", load * 60_000, unload * 60_000);
        let dir = tempfile::tempdir().unwrap();
        let summary = planned(dir.path(), &scenario, &groups, &fleet, "");
        let seat = summary.means.iter().find(|m| m.means == Means::Seat).unwrap();
        let (plan, bound) = (seat.clearance_s.plan.unwrap(), seat.clearance_s.bound.unwrap());
        assert!(bound <= optimum + 1e-6 && optimum <= plan + 1e-6, "case {number}: {bound} {optimum} {plan}");
        plans.push(plan / optimum - 1.0);
        bounds.push(optimum / bound - 1.0);
    }
    let (plan, bound) = (median(plans.clone()), median(bounds.clone()));
    let mean = |all: &[f64]| all.iter().sum::<f64>() / all.len() as f64;
    println!(
        "last arrival of a fleet: plan / optimum - 1 median {:.2} %, mean {:.2} %; optimum / bound - 1 median {:.2} %, mean {:.2} %",
        plan * 100.0,
        mean(&plans) * 100.0,
        bound * 100.0,
        mean(&bounds) * 100.0
    );
    assert!(plan <= 0.03, "{plan}");
}

/// The least person-hours of cars, walkers and one line of buses that share a road, by an integer program over steps.
///
/// Cars and walkers leave at a constant rate over a step; a bus takes its pcu of the step in which it sets out. In truth those of a
/// step that is not full leave at its begin: see [`Mixed::slack_person_steps`].
struct Mixed {
    cars: i64,
    walkers: i64,
    riders: i64,
    buses: i64,
    seats: i64,
    /// Steps: the way, loading, unloading.
    way: usize,
    load: usize,
    unload: usize,
    /// pcu that may enter in a step.
    capacity: f64,
}

const PCU_A_BUS: f64 = 2.0;
const PEOPLE_A_CAR: f64 = 2.0;

impl Mixed {
    /// By how much the program's optimum can be above the true one: x people who fill a part of a step wait x (1 - x / full) / 2
    /// less than the program says, at most an eighth of a full step, once for cars and once for walkers.
    fn slack_person_steps(&self) -> f64 {
        (self.capacity * PEOPLE_A_CAR + self.capacity) / 8.0
    }

    fn optimum_person_steps(&self, steps: usize) -> f64 {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let mean_arrival = |t: usize, way: usize| t as f64 + 0.5 + way as f64;
        let cars: Vec<Variable> =
            (0..steps).map(|t| problem.add_var(mean_arrival(t, self.way), (0.0, f64::INFINITY))).collect();
        let walkers: Vec<Variable> = (0..steps)
            .map(|t| problem.add_var(mean_arrival(t, 4 * self.way), (0.0, self.capacity)))
            .collect();
        let trips: Vec<Variable> = (0..steps)
            .map(|_| problem.add_integer_var(0.0, (0, i32::try_from(self.buses).unwrap())))
            .collect();
        let riders: Vec<Variable> = (0..steps)
            .map(|t| problem.add_var((t + self.way + self.unload) as f64, (0.0, f64::INFINITY)))
            .collect();
        let all = |of: &[Variable]| of.iter().map(|v| (*v, 1.0)).collect::<Vec<_>>();
        problem.add_constraint(all(&cars), ComparisonOp::Eq, self.cars as f64);
        problem.add_constraint(all(&walkers), ComparisonOp::Eq, self.walkers as f64);
        problem.add_constraint(all(&riders), ComparisonOp::Eq, self.riders as f64);
        let cycle = 2 * self.way + self.load + self.unload;
        for t in 0..steps {
            problem.add_constraint(
                [(cars[t], 1.0 / PEOPLE_A_CAR), (trips[t], PCU_A_BUS)],
                ComparisonOp::Le,
                self.capacity,
            );
            problem.add_constraint(
                [(riders[t], 1.0), (trips[t], -(self.seats as f64))],
                ComparisonOp::Le,
                0.0,
            );
            if t < self.load {
                problem.add_constraint([(trips[t], 1.0)], ComparisonOp::Eq, 0.0);
            }
            // a bus that has set out loaded is back, and loaded again, after a cycle
            let busy: Vec<(Variable, f64)> =
                trips[(t + 1).saturating_sub(cycle)..=t].iter().map(|v| (*v, 1.0)).collect();
            problem.add_constraint(busy, ComparisonOp::Le, self.buses as f64);
        }
        problem.solve().unwrap().into_solution().unwrap().objective()
    }
}

#[test]
fn means_that_share_a_road_are_near_an_exact_integer_program() {
    let (mut plans, mut bounds) = (Vec::new(), Vec::new());
    for number in 0..24 {
        let mut seed = Seed(1000 + number);
        let capacity = 600.0 + 100.0 * seed.next(7) as f64;
        let steps_an_hour = (60 / STEP) as f64;
        let mixed = Mixed {
            cars: 400 + 50 * seed.next(20),
            walkers: 50 + 10 * seed.next(30),
            riders: 60 + 10 * seed.next(15),
            buses: 1 + seed.next(3),
            seats: 30 + 10 * seed.next(3),
            way: 1 + seed.next(4) as usize,
            load: 1 + seed.next(3) as usize,
            unload: 1 + seed.next(2) as usize,
            capacity: capacity / steps_an_hour,
        };
        let rounds = (mixed.riders as f64 / (mixed.seats * mixed.buses) as f64).ceil() as usize;
        let cycle = 2 * mixed.way + mixed.load + mixed.unload;
        let by_road = (mixed.cars as f64 / PEOPLE_A_CAR / (mixed.capacity - 4.0)).ceil() as usize;
        let by_foot = (mixed.walkers as f64 / mixed.capacity).ceil() as usize;
        let steps = (rounds * cycle).max(by_road).max(by_foot) + 2;
        let optimum = mixed.optimum_person_steps(steps) / steps_an_hour;
        let minutes = vec![vec![0, mixed.way as i64 * STEP], vec![mixed.way as i64 * STEP, 0]];
        let people = mixed.cars + mixed.walkers + mixed.riders;
        let scenario = scenario(&minutes, &[(0, people)], &[1], capacity);
        let groups = format!(
            "Z0,vehicle,{},,,,,,\nZ0,walk,{},,,,,,\nZ0,seat,{},,,,,,\n",
            mixed.cars, mixed.walkers, mixed.riders
        );
        let ms = |steps: usize| steps as i64 * STEP * 60_000;
        let fleet = format!(
            "bus,,{},{},,,{PCU_A_BUS},{},{},n0\n",
            mixed.buses,
            mixed.seats,
            ms(mixed.load),
            ms(mixed.unload)
        );
        let dir = tempfile::tempdir().unwrap();
        let summary = planned(dir.path(), &scenario, &groups, &fleet, "[walk]\n");
        let (plan, bound) = (summary.person_hours.plan.unwrap(), summary.person_hours.bound.unwrap());
        let least = optimum - mixed.slack_person_steps() / steps_an_hour;
        assert!(
            bound <= optimum * (1.0 + 1e-9) && least <= plan * (1.0 + 1e-9),
            "case {number}: {bound} {optimum} {plan}"
        );
        plans.push(plan / least - 1.0);
        bounds.push(optimum / bound - 1.0);
    }
    let (plan, bound) = (median(plans.clone()), median(bounds.clone()));
    let mean = |all: &[f64]| all.iter().sum::<f64>() / all.len() as f64;
    println!(
        "person-hours of all means: plan / optimum - 1 median {:.2} %, mean {:.2} %; optimum / bound - 1 median {:.2} %, mean {:.2} %",
        plan * 100.0,
        mean(&plans) * 100.0,
        bound * 100.0,
        mean(&bounds) * 100.0
    );
    assert!(plan <= 0.03, "{plan}");
}
