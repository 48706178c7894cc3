//! Tables of what is there and what can be brought: `supplies.csv`, `aid.csv`.

use serde::{Deserialize, Serialize};

/// How an amount in `supplies.csv` is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SupplyForm {
    /// So much a day, or so many for as long as they are there.
    #[default]
    Flow,
    /// So much in all, used up.
    Stock,
    /// Meals a day, three of which are the food of one person.
    Kitchen,
}

impl SupplyForm {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Stock => "stock",
            Self::Kitchen => "kitchen",
        }
    }
}

/// `supplies.csv`: so much of an item at one or more places.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SupplyRow {
    /// Zones or sites that share it, parted by `;`.
    pub place_id: String,
    /// How `amount` is meant.
    pub kind: SupplyForm,
    /// Item of the standards, such as `water`.
    pub item: String,
    /// How much, in the item's unit; of a stock without "a day"; of a kitchen in meals a day.
    pub amount: f64,
    /// First hour, from time 0; `None` = 0.
    pub from_h: Option<f64>,
    /// Hour from which it is gone; `None` = never.
    pub until_h: Option<f64>,
    /// Where the figure is from.
    pub source: String,
}

/// `aid.csv`: one item that trucks can bring from a warehouse or through a crossing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SupplyPointRow {
    /// Id of the warehouse or crossing; one row for each item.
    pub supply_point_id: String,
    /// Where it is on the road network.
    pub node_id: String,
    /// Item that is brought, `water` or `food`.
    pub item: String,
    /// What one truck carries: m3 of water, t of food.
    pub load: f64,
    /// What is there in all, m3 or t; `None` = no limit.
    pub stock: Option<f64>,
    /// Trucks or tankers of this row; `None` = no limit.
    pub trucks: Option<i64>,
    /// Trucks that may leave the supply point in a day, all its items together; `None` = no limit.
    pub trucks_per_day: Option<i64>,
    /// Hour of the day (counted from time 0) from which trucks may leave; `None` = 0.
    pub open_from_h: Option<f64>,
    /// Hour of the day until which trucks may leave; `None` = 24.
    pub open_until_h: Option<f64>,
    /// `sites` (the default), `zones`, `all`, or ids parted by `;`.
    pub serves: String,
    /// Where the figures are from.
    pub source: String,
}

/// One row of counts of people who had left, as somebody reported them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ObservedRow {
    /// Day, `YYYY-MM-DD`, in the scenario's time zone.
    pub date: String,
    /// People who had left by then, all together.
    pub left_people: i64,
    /// Low end of `left_people`; `None`: the figure itself.
    pub left_people_low: Option<i64>,
    /// High end of `left_people`; `None`: the figure itself.
    pub left_people_high: Option<i64>,
    /// Who reported the count.
    pub source: String,
    /// Where it can be read.
    pub url: String,
}
