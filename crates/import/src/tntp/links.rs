//! Rows of a network file as links.

use std::collections::{BTreeMap, BTreeSet};

use clearway_model::{LinkRow, NodeRow};

use super::nodes::Places;
use super::text::{NetRow, TntpText};
use super::units::TntpUnits;
use crate::capacity::{RoadClass, SATURATION_PCU_H, SUSTAINED_PCU_H, observed_factor};
use crate::emit::{rounded_length_m, set_drive};
use crate::geometry::distance_m;
use crate::gmns::MOST_ROAD_PCU_H;
use crate::opening::RoadOpening;
use crate::travel::{ABOVE_LIMIT_KM_H, DriveFigures, LaneCount};
use crate::{ImportError, ImportReport};

/// Above this a length and a time do not go together, km/h.
const MOST_KM_H: f64 = 200.0;
/// More lanes are no road but the streets of a place, or a way of writing "without limit".
const MOST_LANES: f64 = 20.0;
/// Length of a link that takes no time, m: the least a table can say.
const NO_LENGTH_M: f64 = 0.01;

/// Class of links that stand for the streets of a zone.
const CONNECTOR: &str = "connector";

/// Nodes and links of a network file.
#[derive(Debug, Default)]
pub(crate) struct TntpRows {
    pub nodes: Vec<NodeRow>,
    pub links: Vec<LinkRow>,
}

/// Reads all rows. A centroid, a node numbered below `<FIRST THRU NODE>`, may not be passed: links that lead to it end
/// at a node of their own, `N-in`.
pub(crate) fn read_links(
    text: &TntpText,
    places: &Places,
    units: &TntpUnits,
    report: &mut ImportReport,
) -> Result<TntpRows, ImportError> {
    let first_through = text.number("FIRST THRU NODE").unwrap_or(1.0) as u64;
    let mut faults = Vec::new();
    let mut rows = Vec::new();
    let mut ids: BTreeMap<(u64, u64), u32> = BTreeMap::new();
    let (mut zero_times, mut too_fast, mut fits) = (0u64, 0u64, Vec::new());
    for row in text.net_rows() {
        report.roads_read += 1;
        match TntpLink::read(&row, places, units) {
            Ok(read) if read.from == read.to => {
                *report.excluded.entry("links from a node to itself".into()).or_insert(0) += 1;
            }
            Ok(read) if read.capacity_pcu_h <= 0.0 => {
                *report.excluded.entry("links without capacity".into()).or_insert(0) += 1;
            }
            Ok(read) => {
                zero_times += u64::from(read.time_ms.is_none());
                too_fast += u64::from(read.is_too_fast);
                if read.drawn_m > 0.0 && read.time_ms.is_some() {
                    fits.push(read.length_m / read.drawn_m);
                }
                let count = ids.entry((read.from, read.to)).or_insert(0);
                *count += 1;
                rows.push((read, *count));
            }
            Err(found) => faults.extend(found),
        }
    }
    if let Some(stated) = text.number("NUMBER OF LINKS").filter(|stated| *stated != report.roads_read as f64)
    {
        let found = format!("{} rows", report.roads_read);
        faults.push(text.fault(1, "NUMBER OF LINKS", &found, format!("{stated}, as the file says")));
    }
    if !faults.is_empty() {
        return Err(ImportError::several(faults));
    }
    let places = &beside_their_streets(&rows, places);
    let entered: BTreeSet<u64> = rows.iter().map(|(r, _)| r.to).filter(|n| *n < first_through).collect();
    let mut made = TntpRows { nodes: nodes(places, &entered), links: Vec::new() };
    for (row, count) in &rows {
        let is_connector = row.from < first_through || row.to < first_through || row.time_ms.is_none();
        made.links.push(row.link(*count, is_connector, entered.contains(&row.to)));
        report.roads_used += 1;
        report.segments += 1;
        report.drivable_km += if is_connector { 0.0 } else { row.length_m / 1000.0 };
        report.lanes_assumed_km +=
            if row.lanes.is_none() && !is_connector { row.length_m / 1000.0 } else { 0.0 };
    }
    tell(report, first_through, [zero_times, too_fast], entered.len(), &mut fits);
    Ok(made)
}

/// A node from and to which nothing takes time is put where one of its links leads: a centroid drawn apart from its
/// street would need a way of some length that takes no time, which no table can say.
fn beside_their_streets(rows: &[(TntpLink, u32)], places: &Places) -> Places {
    let mut timed: BTreeSet<u64> = BTreeSet::new();
    for (row, _) in rows.iter().filter(|(row, _)| row.time_ms.is_some()) {
        timed.extend([row.from, row.to]);
    }
    let mut moved = places.clone();
    for (row, _) in rows {
        for (node, other) in [(row.to, row.from), (row.from, row.to)] {
            if let (false, true, Some(at)) =
                (timed.contains(&node), timed.contains(&other), places.get(&other))
            {
                moved.insert(node, *at);
            }
        }
    }
    moved
}

fn tell(
    report: &mut ImportReport,
    first_through: u64,
    [zero_times, too_fast]: [u64; 2],
    centroids: usize,
    fits: &mut [f64],
) {
    fits.sort_by(f64::total_cmp);
    if let Some(middle) = fits.get(fits.len() / 2) {
        report
            .notes
            .push(format!("the middle link is {middle:.2} times as long as the straight line on the map"));
    }
    if zero_times > 0 {
        report.notes.push(format!(
            "{zero_times} links take no time and stand for the streets of a zone: 1 ms and 1 cm; a node \
             that has no other links is put where one of them leads"
        ));
    }
    if too_fast > 0 {
        report.notes.push(format!(
            "{too_fast} links would be driven faster than 200 km/h: the time is kept, the length is that of 200 km/h"
        ));
    }
    if centroids > 0 {
        report.notes.push(format!(
            "{centroids} centroids (numbered below {first_through}) may not be passed: links that lead to one end at a \
             node of its own, N-in"
        ));
    }
    report
        .notes
        .push("road classes are not stated: unclassified, and connector for the streets of a zone".into());
}

fn nodes(places: &Places, entered: &BTreeSet<u64>) -> Vec<NodeRow> {
    let node = |id: String, at: &(f64, f64)| NodeRow {
        node_id: id,
        name: String::new(),
        x_coord: at.0,
        y_coord: at.1,
    };
    let mut nodes = Vec::with_capacity(places.len() + entered.len());
    for (number, at) in places {
        nodes.push(node(number.to_string(), at));
        if entered.contains(number) {
            nodes.push(node(format!("{number}-in"), at));
        }
    }
    nodes
}

/// One row in our units.
#[derive(Debug)]
struct TntpLink {
    from: u64,
    to: u64,
    capacity_pcu_h: f64,
    length_m: f64,
    drawn_m: f64,
    /// `None`: the file says 0.
    time_ms: Option<i64>,
    lanes: Option<f64>,
    /// Length and time did not go together.
    is_too_fast: bool,
}

impl TntpLink {
    /// All faults of the row.
    fn read(row: &NetRow<'_>, places: &Places, units: &TntpUnits) -> Result<Self, Vec<ImportError>> {
        let mut faults = Vec::new();
        let mut node = |column: &str| {
            let read = row.node(column).and_then(|node| match places.get(&node) {
                Some(at) => Ok((node, *at)),
                None => Err(row.fault(column, "a node of the node table")),
            });
            read.map_err(|fault| faults.push(fault)).ok()
        };
        let (from, to) = (node("init_node"), node("term_node"));
        let mut number = |column: &str| row.number(column, 0.0).map_err(|fault| faults.push(fault)).ok();
        let (capacity, length, time) = (number("capacity"), number("length"), number("free_flow_time"));
        let lanes = if row.has("lanes") { number("lanes") } else { None };
        let (Some(from), Some(to), Some(capacity), Some(length), Some(time), true) =
            (from, to, capacity, length, time, faults.is_empty())
        else {
            return Err(faults);
        };
        let drawn_m = distance_m(from.1, to.1);
        let stated_m = units.length.metres().map(|metres| length * metres).filter(|length_m| *length_m > 0.0);
        let time_ms = (time > 0.0).then(|| ((time * units.time.ms()).round() as i64).max(1));
        let length_m = stated_m.unwrap_or(drawn_m);
        // The collection's own rule: times are what counts, lengths and speeds are often of unclear meaning.
        let longest_m = time_ms.map_or(NO_LENGTH_M, |ms| ms as f64 * MOST_KM_H / 3600.0);
        Ok(Self {
            from: from.0,
            to: to.0,
            capacity_pcu_h: capacity / units.capacity_h,
            length_m: rounded_length_m(length_m.min(longest_m)),
            drawn_m,
            time_ms,
            lanes: lanes.filter(|lanes| *lanes > 0.0),
            is_too_fast: time_ms.is_some() && length_m > longest_m,
        })
    }

    fn link(&self, count: u32, is_connector: bool, ends_inside: bool) -> LinkRow {
        let again = if count > 1 { format!(":{count}") } else { String::new() };
        let inside = if ends_inside { "-in" } else { "" };
        let mut link = LinkRow {
            link_id: format!("{}-{}{again}", self.from, self.to),
            from_node_id: self.from.to_string(),
            to_node_id: format!("{}{inside}", self.to),
            directed: "true".into(),
            facility_type: if is_connector { CONNECTOR } else { RoadClass::Unclassified.as_str() }.into(),
            ..LinkRow::default()
        };
        let time_ms = self.time_ms.unwrap_or(1);
        // No scenario may state more; such a figure stands for no limit.
        let high_pcu_h = self.capacity_pcu_h.min(MOST_ROAD_PCU_H);
        let central_pcu_h = (high_pcu_h * observed_factor(RoadClass::Unclassified))
            .round()
            .clamp(1.0_f64.min(high_pcu_h), high_pcu_h);
        // A lane passes what a lane passes with the green held, as long as nobody says how many there are.
        let lanes = self.lanes.unwrap_or((high_pcu_h / SATURATION_PCU_H).ceil()).max(1.0);
        let low_pcu_h =
            if is_connector { central_pcu_h } else { (SUSTAINED_PCU_H * lanes).min(central_pcu_h) };
        let speed_km_h = self.length_m / time_ms as f64 * 3600.0;
        let fastest_ms = self.length_m / (speed_km_h + ABOVE_LIMIT_KM_H) * 3600.0;
        let time_low_ms = if is_connector { time_ms } else { (fastest_ms.round() as i64).clamp(1, time_ms) };
        let lanes = LaneCount { least: lanes, usual: lanes, most: lanes };
        let opening = RoadOpening::Open;
        let drive =
            DriveFigures { lanes, opening, low_pcu_h, central_pcu_h, high_pcu_h, time_ms, time_low_ms };
        set_drive(&mut link, drive, self.length_m);
        link.length = Some((self.length_m * 1000.0).round() / 1e6);
        link.length_m = Some(self.length_m);
        if is_connector || lanes.usual > MOST_LANES {
            (link.lanes, link.capacity) = (None, None);
        }
        if self.time_ms.is_none() {
            link.free_speed = None;
        }
        link
    }
}
