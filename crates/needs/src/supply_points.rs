//! `aid.csv`: what trucks can bring, and from where.

use crate::occupancy::{Occupancy, OccupancyKind};
use crate::rates::Rates;
use clearway_formats::read_limited;
use clearway_model::{Fault, Faults, Scenario, SupplyPointRow};
use clearway_network::NodeIndex;

/// One item of a warehouse or crossing.
#[derive(Debug, Clone, PartialEq)]
pub struct SupplyPoint {
    /// Id of the warehouse or crossing.
    pub supply_point_id: String,
    /// Its number among all warehouses and crossings.
    pub number: usize,
    /// Index of the node at which it is.
    pub node: NodeIndex,
    /// Index of the item (of the rates).
    pub item: usize,
    /// What one truck carries.
    pub load: f64,
    /// What is there in all.
    pub stock: f64,
    /// Trucks; `None`: no limit.
    pub trucks: Option<i64>,
    /// Trucks a day over all items of the supply point; `None`: no limit.
    pub per_day: Option<i64>,
    /// Hours of the day in which trucks may leave.
    pub open: (f64, f64),
    /// Indices of the places (of the presences) it serves.
    pub serves: Vec<usize>,
}

/// Reads `aid.csv` (`docs/reference/needs.md`). Every fault is named; rows with faults are left out.
pub fn read_supply_points(
    file: &str,
    bytes: &[u8],
    scenario: &Scenario,
    presences: &[Occupancy],
    rates: &Rates,
) -> (Vec<SupplyPoint>, Faults) {
    let (rows, mut faults) = read_limited::<SupplyPointRow>(file, bytes);
    let mut all: Vec<SupplyPoint> = Vec::new();
    for (place, row) in rows {
        let before = faults.0.len();
        let mut fault = |name: &str, found: &str, expected: &str| {
            faults.push(Fault::error(file, place.clone(), expected).field(name, found));
        };
        let node = scenario.nodes.iter().position(|node| node.node_id == row.node_id);
        if node.is_none() {
            fault("node_id", &row.node_id, "the id of a node in node.csv");
        }
        let item = rates.0.iter().position(|rate| rate.item == row.item && rate.is_used_up());
        if item.is_none() {
            fault("item", &row.item, "water or food, which trucks bring day by day");
        }
        let of = |kinds: &[OccupancyKind]| -> Vec<usize> {
            (0..presences.len()).filter(|i| kinds.contains(&presences[*i].kind)).collect()
        };
        let serves = match row.serves.trim() {
            "" | "sites" => of(&[OccupancyKind::Site]),
            "zones" => of(&[OccupancyKind::Origin]),
            "all" => of(&[OccupancyKind::Origin, OccupancyKind::Site]),
            ids => {
                let mut places = Vec::new();
                for id in ids.split(';').map(str::trim) {
                    match presences.iter().position(|p| p.kind != OccupancyKind::Route && p.place_id == id) {
                        Some(at) if !places.contains(&at) => places.push(at),
                        Some(_) => {}
                        None => fault("serves", id, "sites, zones, all, or ids of those parted by ;"),
                    }
                }
                places
            }
        };
        let open = (row.open_from_h.unwrap_or(0.0), row.open_until_h.unwrap_or(24.0));
        if open.1 <= open.0 {
            fault("open_until_h", &open.1.to_string(), "an hour of the day after open_from_h");
        }
        let same = all.iter().find(|supply_point| supply_point.supply_point_id == row.supply_point_id);
        if let Some(same) = same {
            if same.per_day != row.trucks_per_day {
                let found = row.trucks_per_day.map_or_else(String::new, |n| n.to_string());
                fault(
                    "trucks_per_day",
                    &found,
                    "the same in every row of a supply point: it counts all its items",
                );
            }
            if node.is_some_and(|node| node != same.node.row()) {
                fault("node_id", &row.node_id, "the same in every row of a supply point");
            }
            if all.iter().any(|supply_point| {
                supply_point.supply_point_id == row.supply_point_id && Some(supply_point.item) == item
            }) {
                fault("item", &row.item, "one row for each item of a supply point");
            }
        }
        let number =
            same.map_or_else(|| all.iter().map(|g| g.number + 1).max().unwrap_or(0), |same| same.number);
        if faults.0.len() == before
            && let (Some(node), Some(item)) = (node, item)
        {
            all.push(SupplyPoint {
                supply_point_id: row.supply_point_id,
                number,
                node: node.into(),
                item,
                load: row.load,
                stock: row.stock.unwrap_or(f64::INFINITY),
                trucks: row.trucks,
                per_day: row.trucks_per_day,
                open,
                serves,
            });
        }
    }
    (all, faults)
}
