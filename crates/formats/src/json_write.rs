//! Writing the answer's JSON files: always the same bytes for the same values, one route, order or cut per line so that two
//! plans can be compared line by line.

use clearway_model::{Certificate, Family, Plan, Summary};
use serde::Serialize;
use serde_json::Error;

/// `plan.json`: one route, order or entry of people not moved per line.
///
/// # Errors
/// Where a value cannot be put into JSON.
pub fn plan_json(plan: &Plan) -> Result<Vec<u8>, Error> {
    let mut out = JsonLines::begin(0);
    out.value("schema", &plan.schema)?;
    out.value("scenario", &plan.scenario)?;
    out.value("tool", &plan.tool)?;
    out.value("case", &plan.case)?;
    out.value("routes_per_zone", &plan.routes_per_zone)?;
    out.value("convergent", &plan.convergent)?;
    out.value("window_ms", &plan.window_ms)?;
    out.value("packet_people", &plan.packet_people)?;
    out.lines("routes", &plan.routes)?;
    out.lines("orders", &plan.orders)?;
    out.lines("not_moved", &plan.not_moved)?;
    Ok(out.end_file())
}

/// `certificate.json`: one cut per line.
///
/// # Errors
/// Where a value cannot be put into JSON.
pub fn certificate_json(certificate: &Certificate) -> Result<Vec<u8>, Error> {
    let mut out = JsonLines::begin(0);
    out.value("schema", &certificate.schema)?;
    out.value("scenario", &certificate.scenario)?;
    out.value("grid_ms", &certificate.grid_ms)?;
    let families: Result<Vec<String>, Error> = certificate.families.iter().map(family_json).collect();
    out.key("families");
    out.text.push('[');
    out.text.push_str(&families?.join(", "));
    out.text.push(']');
    Ok(out.end_file())
}

fn family_json(family: &Family) -> Result<String, Error> {
    let mut out = JsonLines::begin(1);
    out.value("family", &family.family)?;
    out.value("case", &family.case)?;
    out.value("routes_per_zone", &family.routes_per_zone)?;
    out.value("places", &family.places)?;
    out.value("unit_ms", &family.unit_ms)?;
    out.value("base_ms", &family.base_ms)?;
    out.lines("cuts", &family.cuts)?;
    if let Some(whole) = &family.unsplittable_zones {
        out.value("unsplittable_zones", whole)?;
    }
    Ok(out.end())
}

/// `summary.json`, indented.
///
/// # Errors
/// Where a value cannot be put into JSON.
pub fn summary_json(summary: &Summary) -> Result<Vec<u8>, Error> {
    let mut bytes = serde_json::to_vec_pretty(summary)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A JSON object written key by key, a line each.
struct JsonLines {
    text: String,
    indent: String,
    is_empty: bool,
}

impl JsonLines {
    fn begin(depth: usize) -> Self {
        Self { text: "{".into(), indent: " ".repeat(depth + 1), is_empty: true }
    }

    fn key(&mut self, key: &str) {
        if !self.is_empty {
            self.text.push(',');
        }
        self.is_empty = false;
        self.text.push('\n');
        self.text.push_str(&self.indent);
        self.text.push_str(&format!("\"{key}\": "));
    }

    fn value<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), Error> {
        self.key(key);
        self.text.push_str(&serde_json::to_string(value)?);
        Ok(())
    }

    fn lines<T: Serialize>(&mut self, key: &str, items: &[T]) -> Result<(), Error> {
        self.key(key);
        self.text.push('[');
        for (index, item) in items.iter().enumerate() {
            self.text.push_str(if index == 0 { "\n" } else { ",\n" });
            self.text.push_str(&self.indent);
            self.text.push(' ');
            self.text.push_str(&serde_json::to_string(item)?);
        }
        self.text.push(']');
        Ok(())
    }

    fn end(mut self) -> String {
        self.text.push('}');
        self.text
    }

    fn end_file(self) -> Vec<u8> {
        let mut text = self.end();
        text.push('\n');
        text.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{read_certificate, read_plan};
    use clearway_model::FolderStore;
    use clearway_model::{Case, Cut, MovementOrder, NotMoved, Outcome, Reason, Route, UnsplittableZones};

    #[test]
    fn what_is_written_is_read_back_and_is_one_line_each() {
        let order = |id| MovementOrder {
            order_id: id,
            zone_id: "Zö \"1\"".into(),
            group: "all".into(),
            class: "car".into(),
            people: 7,
            depart_from_ms: 0,
            depart_until_ms: 900_000,
            route_id: "R1".into(),
        };
        let plan = Plan {
            schema: Plan::SCHEMA.into(),
            scenario: "sha256:0".into(),
            tool: "clearway".into(),
            case: Case::Central,
            routes_per_zone: Some(3),
            convergent: true,
            window_ms: 900_000,
            packet_people: 5,
            routes: vec![Route {
                route_id: "R1".into(),
                zone_id: "Zö \"1\"".into(),
                site_id: "S".into(),
                from_connector: "C1".into(),
                links: vec!["1".into()],
                to_connector: "C2".into(),
            }],
            orders: vec![order(1), order(2)],
            not_moved: vec![NotMoved {
                zone_id: "Z".into(),
                people: 1,
                outcome: Outcome::NotEvacuated,
                reason: Reason::NoRoad,
            }],
        };
        let dir = tempfile::tempdir().unwrap();
        let bytes = plan_json(&plan).unwrap();
        std::fs::write(dir.path().join("plan.json"), &bytes).unwrap();
        assert_eq!(read_plan(&FolderStore::new(dir.path())).unwrap(), plan);
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.lines().filter(|line| line.contains("order_id")).count(), 2);

        let cut = |theta_ms| Cut { theta_ms, k: vec![(3, 12), (2, -1)], bound_people: 10 };
        let family = |name: &str, cuts| Family {
            family: name.into(),
            case: Case::Optimistic,
            routes_per_zone: None,
            places: vec!["node:1".into(), "zone:Z".into()],
            unit_ms: 1000,
            base_ms: vec![0, 1200],
            cuts,
            unsplittable_zones: (name == "routes-1").then(|| UnsplittableZones {
                theta_ms: 7,
                cut_arcs: vec!["link:1".into(), "site:\"S\"".into()],
                weights: vec![("Z".into(), 9)],
                unit_people: 2,
            }),
        };
        let certificate = Certificate {
            schema: Certificate::SCHEMA.into(),
            scenario: "sha256:0".into(),
            grid_ms: 60_000,
            families: vec![
                family("central", vec![cut(1), cut(2)]),
                family("optimistic", vec![]),
                family("routes-1", vec![]),
            ],
        };
        std::fs::write(dir.path().join("certificate.json"), certificate_json(&certificate).unwrap()).unwrap();
        assert_eq!(read_certificate(&FolderStore::new(dir.path())).unwrap(), certificate);
    }
}
