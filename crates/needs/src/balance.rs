//! Needs against supplies hour by hour.
//!
//! In each hour a place first uses what is its own, then its part of what it shares, then stocks. What is shared is given in
//! proportion to what is still short, so that no order of places matters; what is brought stays at its place until used.

use crate::occupancy::{Occupancy, OccupancyKind};
use crate::rates::{Climate, Phase, Rate, Rates};
use crate::supply::{PlaceSupply, SupplyKind};
use clearway_model::number::{ceil, float};
use serde::Serialize;
use std::collections::BTreeMap;

/// Something brought to a place, to be used from an hour on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delivery {
    /// Index of the place (of the presences).
    pub place: usize,
    /// Index of the item (of the rates).
    pub item: usize,
    /// First hour in which it can be used.
    pub hour: usize,
    /// How much of it, m3 of water or t of food.
    pub amount: f64,
}

/// What is short of one item at one place.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Shortfall {
    /// Whether the place is a zone or a site.
    pub kind: OccupancyKind,
    /// Id of the zone or site.
    pub place_id: String,
    /// Item of the standards.
    pub item: String,
    /// Unit of the amounts; of what is used up, a day.
    pub unit: String,
    /// First hour in which less is there than is needed.
    pub first_h: usize,
    /// Hours in which that is so.
    pub hours: usize,
    /// The hour in which most is short.
    pub worst_h: usize,
    /// What is needed then.
    pub needed: f64,
    /// What is there then for this place.
    pub there: f64,
    /// What is short then.
    pub short: f64,
    /// People there for whom that would have been enough by the standard.
    pub people: i64,
}

/// From which hour a site is below a standard.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Below")]
pub struct StandardGap {
    /// Id of the site.
    pub place_id: String,
    /// Item of the standards.
    pub item: String,
    /// Phase whose standard is asked for, whatever phase people are in.
    pub standard: Phase,
    /// Rules it comes from.
    pub rules: String,
    /// First hour in which less is there than it asks for; `None`: never.
    pub first_h: Option<usize>,
    /// Hours in which that is so.
    pub hours: usize,
    /// The most people at once for whom that would have been enough.
    pub people: i64,
}

/// Shortages of every place and hour for one item, in the item's unit; 0 where nothing is short.
pub(crate) type Short = Vec<Vec<f64>>;

/// Which standard counts in an hour.
#[derive(Clone, Copy)]
pub(crate) enum AppliedStandard {
    /// That of the phase people are in.
    OfPhase,
    /// One and the same.
    Fixed(Phase),
}

/// Everything that balances are made of.
#[derive(Clone, Copy)]
pub struct SupplyBalance<'a> {
    /// People by place and hour: zones, all routes, sites.
    pub presences: &'a [Occupancy],
    /// What is at places without anybody bringing it.
    pub supplies: &'a [PlaceSupply],
    /// What convoys bring, and from when on it can be used.
    pub deliveries: &'a [Delivery],
    /// The standards that needs are counted by.
    pub rates: &'a Rates,
    /// How cold it is.
    pub climate: Climate,
}

impl SupplyBalance<'_> {
    fn needs(&self, rate: &Rate, standard: AppliedStandard) -> Short {
        let of = |presence: &Occupancy| {
            let phase = |hour| match standard {
                AppliedStandard::OfPhase => presence.phase(hour),
                AppliedStandard::Fixed(phase) => phase,
            };
            let people = presence.people.iter().enumerate();
            people.map(|(hour, n)| rate.amount(*n, phase(hour), self.climate).unwrap_or(0.0)).collect()
        };
        self.presences.iter().map(of).collect()
    }

    /// What is short of an item.
    pub(crate) fn short(&self, item: usize, standard: AppliedStandard) -> Short {
        let rate = &self.rates.0[item];
        let mut left = self.needs(rate, standard);
        let of: Vec<&PlaceSupply> = self.supplies.iter().filter(|supply| supply.item == item).collect();
        let mut brought: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
        for delivery in self.deliveries.iter().filter(|delivery| delivery.item == item) {
            brought.entry(delivery.hour).or_default().push((delivery.place, delivery.amount));
        }
        if of.is_empty() && brought.is_empty() {
            return left;
        }
        // what is used up is used hour by hour: a day's need in 24 parts
        let parts = if rate.is_used_up() { 24.0 } else { 1.0 };
        let mut stocks: Vec<f64> =
            of.iter().map(|s| if s.kind == SupplyKind::Stock { s.amount * parts } else { 0.0 }).collect();
        let mut stores = vec![0.0; left.len()];
        let hours = left.first().map_or(0, Vec::len);
        let mut meet = |hour: usize| {
            for (place, amount) in brought.get(&hour).into_iter().flatten() {
                stores[*place] += amount * parts;
            }
            let is_there = |s: &PlaceSupply| s.from_h <= float(hour) && float(hour) < s.until_h;
            let mut give = |places: &[usize], amount: f64| -> f64 {
                let wanted: f64 = places.iter().map(|p| left[*p][hour]).sum();
                let given = amount.min(wanted);
                if let ([place], true) = (places, given > 0.0) {
                    left[*place][hour] -= given;
                } else if given > 0.0 {
                    let share = 1.0 - given / wanted;
                    for place in places {
                        left[*place][hour] *= share;
                    }
                }
                given
            };
            let flows = || of.iter().filter(|s| s.kind == SupplyKind::Flow && is_there(s));
            for own in flows().filter(|s| s.places.len() == 1) {
                give(&own.places, own.amount);
            }
            for shared in flows().filter(|s| s.places.len() > 1) {
                give(&shared.places, shared.amount);
            }
            for (place, store) in stores.iter_mut().enumerate() {
                *store -= give(&[place], *store);
            }
            for (supply, stock) in of.iter().zip(&mut stocks) {
                if supply.kind == SupplyKind::Stock && is_there(supply) {
                    *stock -= give(&supply.places, *stock);
                }
            }
        };
        (0..hours).for_each(&mut meet);
        // what is left of a division is no shortage
        let needs = self.needs(rate, standard);
        for (left, need) in left.iter_mut().flatten().zip(needs.iter().flatten()) {
            if *left <= need * 1e-9 {
                *left = 0.0;
            }
        }
        left
    }

    /// What is there of an item at each place and hour: its own and its part, by people, of what flows to several; and what it takes
    /// from stocks for its need in its phase.
    pub fn there(&self, item: usize) -> Vec<Vec<f64>> {
        let rate = &self.rates.0[item];
        let short = self.short(item, AppliedStandard::OfPhase);
        let needs = self.needs(rate, AppliedStandard::OfPhase);
        let mut flows: Short = needs.iter().map(|of| vec![0.0; of.len()]).collect();
        for supply in self.supplies.iter().filter(|s| s.item == item && s.kind == SupplyKind::Flow) {
            let hours = flows.first().map_or(0, Vec::len);
            for hour in (0..hours).filter(|h| supply.from_h <= float(*h) && float(*h) < supply.until_h) {
                let people = |place: usize| float(self.presences[place].people[hour]);
                let all: f64 = supply.places.iter().map(|place| people(*place)).sum();
                for place in &supply.places {
                    let part =
                        if all > 0.0 { people(*place) / all } else { 1.0 / float(supply.places.len()) };
                    flows[*place][hour] += supply.amount * part;
                }
            }
        }
        let both = needs.iter().zip(&short).zip(&mut flows);
        for ((need, short), there) in both {
            for ((need, short), there) in need.iter().zip(short).zip(there) {
                *there = there.max(need - short);
            }
        }
        flows
    }

    /// Every item at every zone and site of which less is there than is needed in any hour. Where nothing is said of an item at
    /// a place, nothing is there.
    pub fn shortfalls(&self) -> Vec<Shortfall> {
        let mut all = Vec::new();
        for (item, rate) in self.rates.0.iter().enumerate() {
            let short = self.short(item, AppliedStandard::OfPhase);
            for (presence, short) in
                self.presences.iter().zip(&short).filter(|p| p.0.kind != OccupancyKind::Route)
            {
                all.extend(self.shortfall(rate, presence, short));
            }
        }
        let places: BTreeMap<(OccupancyKind, &str), usize> =
            self.presences.iter().enumerate().map(|(i, p)| ((p.kind, p.place_id.as_str()), i)).collect();
        all.sort_by_key(|s: &Shortfall| places.get(&(s.kind, s.place_id.as_str())).copied());
        all
    }

    fn shortfall(&self, rate: &Rate, presence: &Occupancy, short: &[f64]) -> Option<Shortfall> {
        let first_h = short.iter().position(|x| *x > 0.0)?;
        let hours = short.iter().filter(|x| **x > 0.0).count();
        let worst_h = (0..short.len()).fold(first_h, |best, h| if short[h] > short[best] { h } else { best });
        let people = presence.people[worst_h];
        let needed = rate.amount(people, presence.phase(worst_h), self.climate)?;
        Some(Shortfall {
            kind: presence.kind,
            place_id: presence.place_id.clone(),
            item: rate.item.clone(),
            unit: rate.unit.clone(),
            first_h,
            hours,
            worst_h,
            needed,
            there: needed - short[worst_h],
            short: short[worst_h],
            people: concerned(people, short[worst_h], needed),
        })
    }

    /// For every site, item and standard, from when on it is not met. Each standard is asked for by itself, as if everybody at
    /// every place got that much at all times.
    pub fn below(&self) -> Vec<StandardGap> {
        let mut all = Vec::new();
        for (item, rate) in self.rates.0.iter().enumerate() {
            for standard in Phase::ALL.into_iter().filter(|phase| rate.has(*phase)) {
                let short = self.short(item, AppliedStandard::Fixed(standard));
                for (presence, short) in
                    self.presences.iter().zip(&short).filter(|p| p.0.kind == OccupancyKind::Site)
                {
                    let at = |hour: usize| {
                        let needed =
                            rate.amount(presence.people[hour], standard, self.climate).unwrap_or(0.0);
                        concerned(presence.people[hour], short[hour], needed)
                    };
                    let below = (0..short.len()).filter(|h| short[*h] > 0.0);
                    all.push(StandardGap {
                        place_id: presence.place_id.clone(),
                        item: rate.item.clone(),
                        standard,
                        rules: rate.rules.clone(),
                        first_h: below.clone().next(),
                        hours: below.clone().count(),
                        people: below.map(at).max().unwrap_or(0),
                    });
                }
            }
        }
        all
    }
}

/// People for whom what is short would have been enough, rounded up.
fn concerned(people: i64, short: f64, needed: f64) -> i64 {
    if needed > 0.0 { ceil((float(people) * short / needed) - 1e-6) } else { 0 }
}
