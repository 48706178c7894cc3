//! Zones of a map: by degree of the nodes, or as a trip table has them.

use crate::apportion::apportion;
use crate::bisect::bisect;
use crate::sites::MapNodes;
use clearway_import::TripTable;
use clearway_model::number::float;
use clearway_model::time::ms_from_seconds;
use clearway_model::{ConnectorPlace, ConnectorRow, ZoneRow};
use std::collections::HashMap;

/// People per connector, least and most connectors of a zone, and the speed to them (20 km/h): those of `clearway new`.
const PEOPLE_PER_CONNECTOR: i64 = 625;
const LEAST: i64 = 3;
const MOST: i64 = 64;
const DRIVE_M_S: f64 = 20.0 / 3.6;

/// People in proportion to the degree of the candidates, which are grouped into `count` zones of about equal people.
pub(crate) fn by_degree(
    places: &MapNodes<'_>,
    candidates: &[usize],
    degree: &[f64],
    people: i64,
    count: usize,
) -> (Vec<ZoneRow>, Vec<ConnectorRow>) {
    let groups = bisect(places.metres, degree, candidates.to_vec(), count);
    let weights: Vec<f64> = groups.iter().map(|group| group.iter().map(|&at| degree[at]).sum()).collect();
    let (mut zones, mut connectors) = (Vec::new(), Vec::new());
    for (index, (group, people)) in groups.into_iter().zip(apportion(people, &weights)).enumerate() {
        let zone_id = format!("Z{}", index + 1);
        let label = mean(places.degrees, degree, &group);
        let wanted = people.div_euclid(PEOPLE_PER_CONNECTOR) + i64::from(people % PEOPLE_PER_CONNECTOR > 0);
        let wanted = usize::try_from(wanted.clamp(LEAST, MOST)).unwrap_or(1);
        for (number, part) in bisect(places.metres, degree, group, wanted).iter().enumerate() {
            // a well joined node stands for its part; of equals the first, so that the choice is the same on every run
            let best = part.iter().copied().max_by(|&a, &b| degree[a].total_cmp(&degree[b]).then(b.cmp(&a)));
            let Some(node) = best else { continue };
            let weight: f64 = part.iter().map(|&at| degree[at]).sum();
            let far: f64 =
                part.iter().map(|&at| degree[at] * distance(places.metres[at], places.metres[node])).sum();
            connectors.push(ConnectorRow {
                connector_id: format!("zone:{zone_id}:{}", number + 1),
                place: ConnectorPlace::Zone,
                place_id: zone_id.clone(),
                node_id: places.ids[node].clone(),
                time_ms: ms_from_seconds(far / weight.max(1.0) / DRIVE_M_S),
                ..ConnectorRow::default()
            });
        }
        zones.push(zone(zone_id, people, label));
    }
    (zones, connectors)
}

/// One zone per origin with trips, at the node of its number; people in proportion to the trips.
pub(crate) fn by_trips(
    places: &MapNodes<'_>,
    trips: &TripTable,
    people: i64,
) -> Result<(Vec<ZoneRow>, Vec<ConnectorRow>), String> {
    let index: HashMap<&str, usize> =
        places.ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let origins: Vec<(u64, f64)> =
        trips.from.iter().filter(|(_, trips)| **trips > 0.0).map(|(zone, trips)| (*zone, *trips)).collect();
    let weights: Vec<f64> = origins.iter().map(|(_, trips)| *trips).collect();
    let (mut zones, mut connectors) = (Vec::new(), Vec::new());
    for ((origin, _), people) in origins.iter().zip(apportion(people, &weights)) {
        let node = origin.to_string();
        let &at = index
            .get(node.as_str())
            .ok_or_else(|| format!("origin {origin} of the trip table is no node"))?;
        let zone_id = format!("Z{origin}");
        connectors.push(ConnectorRow {
            connector_id: format!("zone:{zone_id}:1"),
            place: ConnectorPlace::Zone,
            place_id: zone_id.clone(),
            node_id: node,
            ..ConnectorRow::default()
        });
        zones.push(zone(zone_id, people, places.degrees[at]));
    }
    Ok((zones, connectors))
}

fn zone(zone_id: String, people: i64, label: (f64, f64)) -> ZoneRow {
    let (x_coord, y_coord) = (Some(round6(label.0)), Some(round6(label.1)));
    ZoneRow {
        name: format!("Zone {}", &zone_id[1..]),
        zone_id,
        people,
        x_coord,
        y_coord,
        ..ZoneRow::default()
    }
}

fn round6(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

fn mean(points: &[(f64, f64)], weights: &[f64], members: &[usize]) -> (f64, f64) {
    let total: f64 = members.iter().map(|&at| weights[at]).sum();
    members.iter().fold((0.0, 0.0), |sum, &at| {
        let share = if total > 0.0 { weights[at] / total } else { 1.0 / float(members.len()) };
        (sum.0 + points[at].0 * share, sum.1 + points[at].1 * share)
    })
}
