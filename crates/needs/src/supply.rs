//! `supplies.csv`: what is at places.

use crate::occupancy::{Occupancy, OccupancyKind};
use crate::rates::Rates;
use clearway_formats::read_limited;
use clearway_model::{Fault, Faults, SupplyForm, SupplyRow};

/// How a supply is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SupplyKind {
    /// So much a day, or so many for as long as they are there.
    Flow,
    /// So much in all, used up.
    Stock,
}

/// One supply, shared by one or more places.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceSupply {
    /// Indices of the places (of the presences).
    pub places: Vec<usize>,
    /// Index of the item (of the rates).
    pub item: usize,
    /// How it is used.
    pub kind: SupplyKind,
    /// Amount in the item's unit; of a stock without "a day".
    pub amount: f64,
    /// Hour from time 0 from which it is there.
    pub from_h: f64,
    /// Hour from time 0 from which it is there no more.
    pub until_h: f64,
}

/// Meals that make up one person's day, by which a kitchen's meals count as food: 3 x 700 kcal = 2,100 kcal (rule FOO-01).
pub const MEALS_A_DAY: f64 = 3.0;

/// Reads `supplies.csv` (`docs/reference/needs.md`). Every fault is named; rows with faults are left out.
pub fn read_supplies(
    file: &str,
    bytes: &[u8],
    presences: &[Occupancy],
    rates: &Rates,
) -> (Vec<PlaceSupply>, Faults) {
    let (rows, mut faults) = read_limited::<SupplyRow>(file, bytes);
    let mut all = Vec::new();
    for (place, row) in rows {
        let before = faults.0.len();
        let mut fault = |name: &str, found: &str, expected: &str| {
            faults.push(Fault::error(file, place.clone(), expected).field(name, found));
        };
        let mut places = Vec::new();
        for id in row.place_id.split(';').map(str::trim) {
            match presences.iter().position(|p| p.kind != OccupancyKind::Route && p.place_id == id) {
                Some(at) if !places.contains(&at) => places.push(at),
                Some(_) => {}
                None => fault("place_id", id, "the id of a zone or site, several parted by ;"),
            }
        }
        let mut item = rates.0.iter().position(|rate| rate.item == row.item);
        if item.is_none() {
            let known: Vec<&str> = rates.0.iter().map(|rate| rate.item.as_str()).collect();
            fault("item", &row.item, &format!("one of {}", known.join(", ")));
        }
        let mut amount = row.amount;
        let kind = match row.kind {
            SupplyForm::Flow => SupplyKind::Flow,
            SupplyForm::Stock => SupplyKind::Stock,
            SupplyForm::Kitchen => {
                let food =
                    rates.0.iter().position(|rate| rate.item == "food").filter(|food| item == Some(*food));
                if let Some(day) = food.and_then(|food| rates.0[food].each_a_day()) {
                    amount = amount / MEALS_A_DAY * day;
                } else {
                    item = None;
                    fault("item", &row.item, "food, which is what a kitchen gives");
                }
                SupplyKind::Flow
            }
        };
        if kind == SupplyKind::Stock && item.is_some_and(|item| !rates.0[item].is_used_up()) {
            fault("kind", row.kind.word(), "flow: only water and food are used up");
        }
        let (from_h, until_h) = (row.from_h.unwrap_or(0.0), row.until_h.unwrap_or(f64::INFINITY));
        if until_h <= from_h {
            fault("until_h", &until_h.to_string(), "an hour after from_h");
        }
        if faults.0.len() == before
            && let Some(item) = item
        {
            all.push(PlaceSupply { places, item, kind, amount, from_h, until_h });
        }
    }
    (all, faults)
}
