//! The search for orders on a scenario folder, stage by stage: `climb DIR window=120 ways=5 rounds=30 last=200`.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use clearway_bound::certify::{CertifiedBound, fineness};
use clearway_loading::packet::{PacketOutcome, PreparedRoads};
use clearway_loading::schedule::earliest_schedule;
use clearway_model::{Cancel, Case, FolderStore};
use clearway_network::search::free_times_to_sites;
use clearway_network::{Network, PerZone};
use clearway_plan::local_search::{ACCEPTANCE_THRESHOLD, LocalSearch, SearchEffort, groups_of, nearness};
use clearway_plan::seed::{free_flow, heaviest};
use std::ops::ControlFlow;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let get = |name: &str| args.iter().find_map(|a| a.strip_prefix(&format!("{name}=")).map(str::to_owned));
    let number = |name: &str, default: f64| get(name).map_or(default, |s| s.parse().unwrap());
    let (scenario, _) = clearway_formats::read_scenario(&FolderStore::new(&args[0])).unwrap();
    let network = Network::new(&scenario, Case::Central).unwrap();
    let flow = network.flow_problem(None);
    let started = Instant::now();
    let fineness = fineness(&flow);
    let step = fineness.step;
    println!("every {}, step {step}, {:.1} s", fineness.every, started.elapsed().as_secs_f64());
    let started = Instant::now();
    let (t100, hours) = match get("hours") {
        Some(hours) => (number("t100", 0.0), hours.parse().unwrap()),
        None => {
            let bound = CertifiedBound::new(network.clone(), None, fineness, &|_| ControlFlow::Continue(()));
            let bounds = bound.bounds(10_000);
            (bounds.clearance_s.unwrap_or(network.horizon as f64 / 1000.0), bounds.person_hours.unwrap())
        }
    };
    println!("t100={t100} hours={hours} {:.1} s", started.elapsed().as_secs_f64());
    let started = Instant::now();
    let free = free_flow(
        &network,
        &flow,
        (number("step", step as f64 / 1000.0) * 1000.0) as i64,
        &Cancel::default(),
    );
    println!("free flow {:.1} s, {} paths", started.elapsed().as_secs_f64(), free.paths.len());
    let roads = PreparedRoads::new(&network);
    let size = network.evacuees() as f64 / number("packets", 15_000.0);
    let started = Instant::now();
    let say = |name: &str, o: &PacketOutcome| {
        println!(
            "{name}: person-hours {:.2} %, clearance {:.2} %, stranded {:.0}, {:.1} s",
            ((o.arrival_sum + o.stranded * network.horizon as f64) / 3.6e6 / hours - 1.0) * 100.0,
            (o.last as f64 / 1000.0 / t100 - 1.0) * 100.0,
            o.stranded,
            started.elapsed().as_secs_f64()
        );
    };
    let window = (number("window", 900.0) * 1000.0) as i64;
    let schedules: PerZone<_> =
        network.zones.iter().map(|z| earliest_schedule(&z.release, window, network.horizon)).collect();
    let groups = groups_of(&schedules, &nearness(&network, &free_times_to_sites(&network)));
    let mix = heaviest(&free, 20, &groups, &free.moved);
    let mut climb =
        LocalSearch::new(&roads, free.pool.clone(), groups, mix, free_times_to_sites(&network), size);
    say("seed", &climb.outcome);
    let begin = Instant::now();
    for _ in 0..10 {
        climb.replay();
    }
    println!(
        "replay {:.1} ms, {} steps, {} loads",
        begin.elapsed().as_secs_f64() * 100.0,
        climb.outcome.steps,
        climb.mix.iter().map(|m| m.len()).sum::<usize>()
    );
    let last = number("ways", 5.0) as usize;
    for ways in get("ladder")
        .unwrap_or("20,10,7,5,4,3,2,1".into())
        .split(',')
        .map(|w| w.parse::<usize>().unwrap())
        .filter(|w| *w >= last)
    {
        climb.prune(ways);
        say(&format!("{ways} pruned"), &climb.outcome);
        let effort = SearchEffort {
            rounds: number("rounds", 30.0) as usize,
            search_every: 8,
            ways,
            share: 0.3,
            hump: ACCEPTANCE_THRESHOLD,
            fine: false,
        };
        if ways > 1 {
            climb.climb(effort, &|| {});
        }
        say(&format!("{ways}"), &climb.outcome);
    }
    for _ in 0..number("parts", 4.0) as usize {
        let rounds = (number("last", 200.0) / number("parts", 4.0)) as usize;
        let effort = SearchEffort {
            rounds,
            search_every: 8,
            ways: last,
            share: 0.05,
            hump: ACCEPTANCE_THRESHOLD,
            fine: false,
        };
        if last > 1 {
            climb.climb(effort, &|| {});
        } else {
            climb.search_unsplittable(&schedules, effort, &|| {});
        }
        say("climbed on", &climb.outcome);
    }
    let up = number("up", 0.0) as usize;
    if up > 0 {
        if get("split").is_some() {
            climb.split_groups(&schedules);
            say("split", &climb.outcome);
        }
        for _ in 0..number("upparts", 1.0) as usize {
            let rounds = (number("uprounds", 200.0) / number("upparts", 1.0)) as usize;
            climb.climb(
                SearchEffort {
                    rounds,
                    search_every: 8,
                    ways: up,
                    share: 0.05,
                    hump: ACCEPTANCE_THRESHOLD,
                    fine: false,
                },
                &|| {},
            );
            say("up", &climb.outcome);
        }
    }
}
