//! Supplies at places, and what is short when.

use crate::presence::{Kind, Presence};
use crate::rates::{Climate, Rates};
use clearway_model::{Fault, Faults};
use serde::Serialize;
use std::collections::BTreeMap;

/// One supply: so much of an item at a place during some hours.
#[derive(Debug, Clone, PartialEq)]
pub struct Supply {
    /// Zone or site.
    pub place_id: String,
    /// Item of the rates.
    pub item: String,
    /// Amount in the item's unit.
    pub amount: f64,
    /// First hour.
    pub from_h: f64,
    /// End, excluded.
    pub until_h: f64,
}

/// Reads `supplies.csv`: place_id, item, amount, from_h, until_h, source. Every fault is named.
pub fn read_supplies(
    file: &str,
    text: &str,
    places: &[(Kind, &str)],
    rates: &Rates,
    faults: &mut Faults,
) -> Vec<Supply> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect(),
        Err(error) => {
            faults.push(Fault::error(file, "line 1", "a row of column names").hint(error.to_string()));
            return Vec::new();
        }
    };
    for name in
        ["place_id", "item", "amount"].iter().filter(|name| !header.iter().any(|known| known == *name))
    {
        faults.push(Fault::error(file, "line 1", format!("a column '{name}'")));
    }
    if faults.has_errors() {
        return Vec::new();
    }
    let mut all = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.push(Fault::error(file, "", "rows of cells in UTF-8").hint(error.to_string()));
                continue;
            }
        };
        let line = format!("line {}", record.position().map_or(0, csv::Position::line));
        let cells: BTreeMap<&str, &str> = header.iter().map(String::as_str).zip(record.iter()).collect();
        let cell = |name: &str| cells.get(name).copied().unwrap_or("");
        let before = faults.0.len();
        let mut fault = |name: &str, expected: &str| {
            faults.push(Fault::error(file, line.clone(), expected).field(name, cell(name)));
        };
        let number = |name: &str, empty: f64| match cell(name) {
            "" => Some(empty),
            text => text.parse::<f64>().ok().filter(|x| x.is_finite() && *x >= 0.0),
        };
        let place = places.iter().any(|(kind, id)| *kind != Kind::Route && *id == cell("place_id"));
        if !place {
            fault("place_id", "the id of a zone or site");
        }
        if !rates.0.iter().any(|rate| rate.item == cell("item")) {
            let known: Vec<&str> = rates.0.iter().map(|rate| rate.item.as_str()).collect();
            fault("item", &format!("one of {}", known.join(", ")));
        }
        let amount = if cell("amount").is_empty() { None } else { number("amount", 0.0) };
        let (from, until) = (number("from_h", 0.0), number("until_h", f64::INFINITY));
        for (name, value) in [("amount", amount), ("from_h", from), ("until_h", until)] {
            if value.is_none() {
                fault(name, "a number from 0");
            }
        }
        if faults.0.len() == before
            && let (Some(amount), Some(from_h), Some(until_h)) = (amount, from, until)
        {
            let (place_id, item) = (cell("place_id").to_owned(), cell("item").to_owned());
            all.push(Supply { place_id, item, amount, from_h, until_h });
        }
    }
    all
}

/// What is short of one item at one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shortfall {
    /// Kind of place.
    pub kind: Kind,
    /// Zone or site.
    pub place_id: String,
    /// Item.
    pub item: String,
    /// Unit.
    pub unit: String,
    /// First hour in which less is there than is needed.
    pub first_h: usize,
    /// Hours in which that is so.
    pub hours: usize,
    /// The hour in which most is short.
    pub worst_h: usize,
    /// What is needed then.
    pub needed: f64,
    /// What is there then.
    pub there: f64,
    /// What is short then.
    pub short: f64,
    /// People there for whom that would have been enough by the standard.
    pub people: i64,
}

/// Every item at every place at which less is there than is needed in any hour. Without any supply of an item at a place
/// nothing is there.
pub fn shortfalls(
    presences: &[Presence],
    supplies: &[Supply],
    rates: &Rates,
    climate: Climate,
) -> Vec<Shortfall> {
    let mut all = Vec::new();
    for presence in presences.iter().filter(|p| p.kind != Kind::Route) {
        for rate in &rates.0 {
            let of: Vec<&Supply> =
                supplies.iter().filter(|s| s.place_id == presence.place_id && s.item == rate.item).collect();
            let mut worst: Option<Shortfall> = None;
            for (hour, people) in presence.people.iter().enumerate() {
                let Some(need) = rate.needed(*people, presence.phase(hour), climate) else { continue };
                let within = |s: &&&Supply| s.from_h <= hour as f64 && (hour as f64) < s.until_h;
                let there: f64 = of.iter().filter(within).map(|s| s.amount).sum();
                let short = need.amount - there;
                if short <= need.amount * 1e-9 {
                    continue;
                }
                let share = short / need.amount;
                let found = worst.get_or_insert_with(|| Shortfall {
                    kind: presence.kind,
                    place_id: presence.place_id.clone(),
                    item: rate.item.clone(),
                    unit: rate.unit.clone(),
                    first_h: hour,
                    hours: 0,
                    worst_h: hour,
                    needed: 0.0,
                    there: 0.0,
                    short: 0.0,
                    people: 0,
                });
                found.hours += 1;
                if short > found.short {
                    (found.worst_h, found.needed, found.there, found.short) =
                        (hour, need.amount, there, short);
                    found.people = (*people as f64 * share).ceil() as i64;
                }
            }
            all.extend(worst);
        }
    }
    all
}
