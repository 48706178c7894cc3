//! The files of a plan folder.

use crate::Unreadable;
use crate::json;
use crate::number;
use crate::space;
use crate::table::RawTable;
use crate::unreadable::{optional, required};
use clearway_model::{Certificate, Plan, Store, Summary};
use serde_json::Value;

/// Everything of a plan folder that is checked, apart from the scenario.
#[derive(Debug)]
pub(crate) struct ClaimedFolder {
    pub plan: Plan,
    pub certificate: Certificate,
    pub summary: Value,
    pub orders: RawTable,
    pub curve: RawTable,
    pub zones: RawTable,
    pub bottlenecks: RawTable,
    /// `None`: the folder is of an earlier version, which said nothing of room and waiting.
    pub overflow: Option<RawTable>,
}

impl ClaimedFolder {
    /// Reads a plan folder.
    pub fn read(store: &dyn Store) -> Result<Self, Unreadable> {
        let bytes = |name: &str| required(store, name);
        let table = |name: &str, columns: &[&str]| RawTable::parse(name, &bytes(name)?)?.with(columns);
        let plan: Plan = json::read("plan.json", &bytes("plan.json")?)?;
        let certificate: Certificate = json::read("certificate.json", &bytes("certificate.json")?)?;
        // as a value and not as a summary: a key that is missing is a finding, not the end of the check
        let summary: Value = json::read("summary.json", &bytes("summary.json")?)?;
        if !summary.is_object() {
            return Err(Unreadable::format("summary.json", "no object"));
        }
        let schema = summary.get("schema").and_then(Value::as_str).unwrap_or("");
        for (file, found, expected) in [
            ("plan.json", plan.schema.as_str(), Plan::SCHEMA),
            ("certificate.json", certificate.schema.as_str(), Certificate::SCHEMA),
            ("summary.json", schema, Summary::SCHEMA),
        ] {
            if found != expected {
                return Err(Unreadable::value(file, "", "schema", found, expected));
            }
        }
        let columns = [
            "link_id",
            "name",
            "room_vehicles",
            "peak_vehicles",
            "overflow_vehicle_min",
            "from_s",
            "until_s",
        ];
        let overflow = match optional(store, "overflow.csv")? {
            None if !space::is_claimed(&summary) => None,
            None => Some(table("overflow.csv", &columns)?),
            Some(bytes) => Some(RawTable::parse("overflow.csv", &bytes)?.with(&columns)?),
        };
        Ok(Self {
            plan,
            certificate,
            summary,
            overflow,
            orders: table(
                "orders.csv",
                &[
                    "order_id",
                    "zone_id",
                    "zone_name",
                    "site_id",
                    "site_name",
                    "route_id",
                    "group",
                    "class",
                    "people",
                    "depart_from_ms",
                    "depart_until_ms",
                ],
            )?,
            curve: table("curve.csv", &["time_s", "arrived_people", "bound_people", "departed_people"])?,
            zones: table(
                "zones.csv",
                &[
                    "zone_id",
                    "name",
                    "people",
                    "arrived",
                    "overtaken",
                    "not_evacuated",
                    "first_departure_s",
                    "last_departure_s",
                    "last_arrival_s",
                ],
            )?,
            bottlenecks: table(
                "bottlenecks.csv",
                &["rank", "element", "id", "from_s", "until_s", "capacity_people_h", "people"],
            )?,
        })
    }
}

/// Seconds with at most three decimals as ms; `None` for anything else, negative times included.
pub(crate) fn seconds_to_ms(cell: &str) -> Option<i64> {
    let plain = !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    let ms = cell.parse::<f64>().ok().filter(|s| plain && *s >= 0.0 && *s <= 1e12)? * 1000.0;
    let whole = (ms + 0.5).floor();
    ((ms - whole).abs() <= 0.01).then_some(number::whole(whole))
}
