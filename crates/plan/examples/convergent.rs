//! Times the convergent search.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use clearway_loading::packet::PreparedRoads;
use clearway_loading::packet::{KeptDetail, LoadingMemory, PathLoad};
use clearway_loading::schedule::earliest_schedule;
use clearway_model::{Case, FolderStore};
use clearway_network::{Network, PerZone};
use clearway_plan::convergent::{ConvergentTask, search};
use std::time::Instant;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let scenario = if args[1] == "city" {
        clearway_instances::city(&clearway_instances::CityRequest::default())
    } else {
        clearway_formats::read_scenario(&FolderStore::new(&args[1])).unwrap().0
    };
    let rounds: usize = args[2].parse().unwrap();
    let network = Network::new(&scenario, Case::Central).unwrap();
    let roads = PreparedRoads::new(&network);
    let schedules: PerZone<_> =
        network.zones.iter().map(|z| earliest_schedule(&z.release, 900_000, network.horizon)).collect();
    let moved: PerZone<i64> = network.zones.iter().map(|z| z.evacuees).collect();
    let size = (network.evacuees() as f64 / 15_000.0).max(3.0);
    let started = Instant::now();
    let task = ConvergentTask { roads: &roads, moved: &moved, schedules: &schedules, ways: 3, size, rounds };
    let (pool, streams, cost) = search(&task, &|s| {
        if std::env::var("CW").is_ok() {
            println!("{s:.3} {:.1}", started.elapsed().as_secs_f64());
        }
    });
    let loads: Vec<_> = streams
        .iter()
        .map(|s| PathLoad { path: s.path, people: s.people as f64, schedule: &s.schedule })
        .collect();
    let o = LoadingMemory::default().run(&roads, &pool, &loads, size, KeptDetail::OutcomeAlone);
    println!(
        "cost {:.0} h; ph {:.0} last {:.0} s ninety {:.0} stranded {:.0}; {} ways; {:.1} s",
        cost / 3.6e6,
        o.arrival_sum / 3.6e6,
        o.last as f64 / 1e3,
        o.ninety.map_or(f64::NAN, |ms| ms as f64 / 1e3),
        o.stranded,
        streams.len(),
        started.elapsed().as_secs_f64()
    );
}
