//! Lists the faults of scenario folders: `cargo run -p clearway-formats --example faults -- DIR...`.
#![allow(clippy::print_stdout)]

use clearway_formats::read_scenario;
use clearway_model::FolderStore;
use std::time::Instant;

fn main() {
    for dir in std::env::args().skip(1) {
        let begin = Instant::now();
        match read_scenario(&FolderStore::new(&dir)) {
            Ok((scenario, warnings)) => {
                let (links, zones) = (scenario.links.len(), scenario.zones.len());
                println!(
                    "{dir}: {links} links, {zones} zones, {} warnings, {}",
                    warnings.0.len(),
                    scenario.digest
                );
                print!("{warnings}");
            }
            Err(faults) => print!("{dir}: {} faults\n{faults}", faults.0.len()),
        }
        println!("({:.3} s)", begin.elapsed().as_secs_f64());
    }
}
