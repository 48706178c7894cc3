//! What a number of people needs: a table for people, with what it takes to bring it.

use crate::rates::{Climate, Phase, Rates};
use clearway_formats::short;
use clearway_model::number::float;

const PEOPLE: &str = include_str!("../data/people.csv");

/// What a tanker carries, m3.
pub const TANKER_M3: f64 = 10.0;
/// How many trips a tanker makes a day where no road is given.
pub const TANKER_TRIPS: f64 = 3.0;
/// What trucks carry, t: heavy and medium.
pub const TRUCK_T: [f64; 2] = [20.0, 10.0];
/// Women's and men's part of toilets (rule SAN-03).
const WOMEN_TOILETS: f64 = 3.0 / 4.0;

/// One line: name and unit, figures by phase, source.
pub type Line = (String, [Option<f64>; 3], String);

/// Every item, then what follows from it and from the number of people.
pub fn lines(rates: &Rates, people: i64, climate: Climate) -> Vec<Line> {
    let by_phase = |of: &dyn Fn(Phase) -> Option<f64>| Phase::ALL.map(of);
    let need = |item: &str, phase: Phase| {
        rates.0.iter().find(|rate| rate.item == item).and_then(|rate| rate.amount(people, phase, climate))
    };
    let mut all: Vec<Line> = rates
        .0
        .iter()
        .map(|rate| {
            let figures = by_phase(&|phase| rate.amount(people, phase, climate));
            (named(&rate.name, &rate.unit), figures, sourced(&rate.source, &rate.rules, rate.verified))
        })
        .collect();
    let loads = |phase| need("water", phase).map(|m3| (m3 / TANKER_M3).ceil());
    all.push(("tanker loads of 10 m3, loads/day".into(), by_phase(&loads), "arithmetic".into()));
    all.push((
        "tankers at 3 trips a day".into(),
        by_phase(&|phase| loads(phase).map(|n| (n / TANKER_TRIPS).ceil())),
        "arithmetic; with a map, needs PLAN --aid counts the trips".into(),
    ));
    for load in TRUCK_T {
        let trucks = |phase| need("food", phase).map(|t| (t / load).ceil());
        let name = format!("food trucks of {load} t, trucks/day");
        all.push((name, by_phase(&trucks), "arithmetic, without packaging (5 to 10 % more)".into()));
    }
    let women = |phase| need("toilets", phase).map(|n| (n * WOMEN_TOILETS).ceil());
    all.push((
        "of the toilets, for women".into(),
        by_phase(&women),
        "3 : 1, Sphere Handbook 2018, WASH 3.2 (SAN-03)".into(),
    ));
    let mut reader = csv::Reader::from_reader(PEOPLE.as_bytes());
    for row in reader.records().filter_map(Result::ok) {
        let cell = |i: usize| row.get(i).unwrap_or("");
        let each: f64 = cell(2).parse().unwrap_or(0.0);
        let count = Some((float(people) * each).round());
        all.push((named(cell(0), cell(1)), [count; 3], sourced(cell(4), cell(3), cell(5) == "true")));
    }
    all
}

fn named(name: &str, unit: &str) -> String {
    if name == unit { name.to_owned() } else { format!("{name}, {unit}") }
}

fn sourced(source: &str, rules: &str, verified: bool) -> String {
    let parts = [rules, if verified { "" } else { "not verified" }];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { source.to_owned() } else { format!("{source} ({})", parts.join(", ")) }
}

/// The same as text.
pub fn table(rates: &Rates, people: i64, climate: Climate) -> String {
    let lines = lines(rates, people, climate);
    let width = lines.iter().map(|line| line.0.len()).max().unwrap_or(0) + 2;
    let verb = if people == 1 { "needs" } else { "need" };
    let mut text = format!("{} {verb}\n{:<width$}", clearway_model::people(people), "");
    for phase in Phase::ALL {
        text.push_str(&format!("{:>14}", phase.word()));
    }
    text.push('\n');
    for (name, figures, source) in lines {
        text.push_str(&format!("{name:<width$}"));
        for figure in figures {
            text.push_str(&format!("{:>14}", figure.map_or_else(|| "-".to_owned(), short)));
        }
        text.push_str(&format!("  {source}\n"));
    }
    text.push_str("Losses in distribution (10 to 35 % of water) come on top.");
    text
}
