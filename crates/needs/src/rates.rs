//! Standards as rates (`data/rates.csv`), and what a number of people needs.

use clearway_model::number::float;
use serde::{Deserialize, Serialize};

const RATES: &str = include_str!("../data/rates.csv");

/// How long people have been at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Waiting at the origin, and on the way: what it takes to survive.
    Survival,
    /// At a receiving place at first.
    Acute,
    /// At a receiving place after three weeks.
    Stabilised,
}

impl Phase {
    /// All phases, in the order in which people pass them.
    pub const ALL: [Self; 3] = [Self::Survival, Self::Acute, Self::Stabilised];

    /// How files name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Survival => "survival",
            Self::Acute => "acute",
            Self::Stabilised => "stabilised",
        }
    }
}

/// How cold it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Climate {
    /// Temperate or hot: the usual standards count.
    Warm,
    /// Cold, or kitchen and bath inside.
    Cold,
}

/// A decimal number, exactly: `digits / 10^places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Decimal {
    digits: i128,
    places: u32,
}

impl Decimal {
    fn read(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{part}").parse().ok()?;
        Some(Self { digits, places: u32::try_from(part.len()).ok()? })
    }
}

/// One standard: how much of an item people need in each phase.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    /// Item, as files name it.
    pub item: String,
    /// Item, as people are told of it.
    pub name: String,
    /// Unit of what is needed; of what is used up, a day.
    pub unit: String,
    /// Rules it comes from.
    pub rules: String,
    /// Publication that the figure is taken from.
    pub source: String,
    /// Whether the source was read, not remembered.
    pub verified: bool,
    /// One for so many people, else so much for each.
    one_for: bool,
    /// Counted in whole things.
    is_whole: bool,
    by_phase: [Option<Decimal>; 3],
    cold: Option<Decimal>,
}

/// What is needed of one item.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Need")]
pub struct ItemNeed {
    /// Item of the standards.
    pub item: String,
    /// How much, in its unit. Things that are counted are whole, rounded up.
    pub amount: f64,
    /// Unit of the amount.
    pub unit: String,
}

/// All standards that needs are counted by; items are indices of this list.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates(pub Vec<Rate>);

impl Rates {
    /// The standards that come with the program.
    pub fn shipped() -> Self {
        let mut reader = csv::Reader::from_reader(RATES.as_bytes());
        let rows = reader.records().filter_map(Result::ok).map(|row| {
            let cell = |i: usize| row.get(i).unwrap_or("").to_owned();
            let number = |i: usize| row.get(i).and_then(Decimal::read);
            Rate {
                item: cell(0),
                name: cell(1),
                unit: cell(2),
                one_for: cell(3) == "one_for",
                is_whole: ["beds", "people", "blankets"].contains(&cell(2).as_str()),
                by_phase: [number(4), number(5), number(6)],
                cold: number(7),
                rules: cell(8),
                source: cell(9),
                verified: cell(10) == "true",
            }
        });
        Self(rows.collect())
    }

    /// What `people` need in a phase and climate; items without a standard there are left out.
    pub fn needed(&self, people: i64, phase: Phase, climate: Climate) -> Vec<ItemNeed> {
        self.0.iter().filter_map(|rate| rate.needed(people, phase, climate)).collect()
    }
}

impl Rate {
    /// What `people` need of it, in its unit; `None` without a standard for the phase. Things that are counted are whole,
    /// rounded up.
    pub fn amount(&self, people: i64, phase: Phase, climate: Climate) -> Option<f64> {
        let mut rate = self.by_phase[phase as usize]?;
        if climate == Climate::Cold {
            rate = self.cold.unwrap_or(rate);
        }
        // In whole numbers, so that 100 people at one for 20 need 5 and not 6 by a rounding error.
        let people = i128::from(people.max(0));
        let scale = 10i128.pow(rate.places);
        let up = |part: i128, whole: i128| part.div_euclid(whole) + i128::from(part.rem_euclid(whole) > 0);
        Some(if self.one_for {
            float(up(people * scale, rate.digits))
        } else if self.is_whole {
            float(up(people * rate.digits, scale))
        } else {
            float(people * rate.digits) / float(scale)
        })
    }

    /// What `people` need of it; `None` without a standard for the phase.
    pub fn needed(&self, people: i64, phase: Phase, climate: Climate) -> Option<ItemNeed> {
        self.amount(people, phase, climate).map(|amount| self.need(amount))
    }

    /// Whether there is a standard for the phase.
    pub fn has(&self, phase: Phase) -> bool {
        self.by_phase[phase as usize].is_some()
    }

    /// Whether it is used up: so much a day.
    pub fn is_used_up(&self) -> bool {
        self.unit.ends_with("/day")
    }

    /// What one person needs in the acute phase, in its unit.
    pub(crate) fn each_a_day(&self) -> Option<f64> {
        let rate = self.by_phase[Phase::Acute as usize].filter(|_| !self.one_for)?;
        Some(float(rate.digits) / float(10i128.pow(rate.places)))
    }

    fn need(&self, amount: f64) -> ItemNeed {
        ItemNeed { item: self.item.clone(), amount, unit: self.unit.clone() }
    }
}
