//! `link.csv`: directed links with capacity and time.

use std::collections::{BTreeMap, HashMap, HashSet};

use clearway_model::LinkRow;

use crate::capacity::{RoadClass, SUSTAINED_PCU_H, observed_factor};
use crate::emit::{MOST_LANE_PCU_H, rounded_length_m, set_drive, set_walk};
use crate::geometry::{distance_m, from_wkt, length_m, to_wkt};
use crate::gmns::files::GmnsFiles;
use crate::opening::RoadOpening;
use crate::remark::{MapElement, RemarkKind, RoadRemark, RoadTreatment};
use crate::table::{CsvTable, MapRow};
use crate::travel::{DriveBasis, DriveFigures, LaneCount, WalkFigures, fastest_km_h};
use crate::units::{TableUnits, fitting_unit, speed_with, stated_units};
use crate::{ImportError, ImportOptions, ImportReport};

/// More lanes in one direction than any road has. Scenarios may not state more.
const MOST_LANES: f64 = 20.0;
/// Faster than any road allows, km/h. Scenarios may not state more.
const MOST_SPEED_KM_H: f64 = 200.0;
/// More than any road passes, pcu/h. Scenarios may not state more.
pub(crate) const MOST_ROAD_PCU_H: f64 = MOST_LANES * MOST_LANE_PCU_H;

/// The links of a GMNS network, in the order of the table.
#[derive(Debug, Default)]
pub(crate) struct GmnsLinks {
    pub rows: Vec<LinkRow>,
    /// Id of the opposite direction that was made of a link in both directions.
    pub reverse: HashMap<String, String>,
    /// The table has our own columns.
    pub ours: bool,
}

/// Where the nodes are.
type Places<'a> = HashMap<&'a str, (f64, f64)>;

/// Things that are counted row by row and said once.
type Remarks = BTreeMap<&'static str, u64>;

/// Reads all rows of `link.csv`, with capacity and time derived where they are not stated.
pub(crate) fn read_links(
    files: &GmnsFiles<'_>,
    places: &Places<'_>,
    options: &ImportOptions,
    report: &mut ImportReport,
) -> Result<GmnsLinks, ImportError> {
    let table = CsvTable::read(&files.link)?;
    table.require(&["link_id", "from_node_id", "to_node_id"])?;
    let ours = table.has("capacity_pcu_h") || table.has("walk_capacity_people_h");
    let mut ids = HashSet::new();
    for row in table.rows() {
        if !ids.insert(row.required("link_id")?) {
            return Err(row.fault("link_id", "an id that no row before has"));
        }
        for column in ["from_node_id", "to_node_id"] {
            if !places.contains_key(row.required(column)?) {
                return Err(row.fault(column, "a node of the node table"));
            }
        }
    }
    let units = units(&table, files, places, report)?;
    let mut links = GmnsLinks { ours, ..GmnsLinks::default() };
    let mut remarks = Remarks::new();
    for row in table.rows() {
        report.roads_read += 1;
        if row.text("from_node_id") == row.text("to_node_id") {
            *report.excluded.entry("links from a node to itself".into()).or_insert(0) += 1;
            continue;
        }
        let (forward, backward) = open_directions(row)?;
        let link = GmnsLink::read(row, places, units, &mut remarks)?;
        if !ours {
            report.remarks.extend(odd_figure(row, &link)?);
        }
        let made = if ours {
            link.ours(row)?
        } else {
            link.derived(row, options, backward && forward, &mut remarks)?
        };
        let Some(mut made) = made else {
            *report.excluded.entry("links closed to vehicles and walkers".into()).or_insert(0) += 1;
            continue;
        };
        report.roads_used += 1;
        report.segments += 1;
        if made.capacity_pcu_h.is_some() {
            report.drivable_km += link.length_m / 1000.0;
            report.lanes_assumed_km +=
                if row.text("lanes").is_empty() { link.length_m / 1000.0 } else { 0.0 };
            let timed = !row.text("free_speed").is_empty() || !row.text("time_ms").is_empty();
            report.speed_assumed_km += if timed { 0.0 } else { link.length_m / 1000.0 };
        }
        if !forward {
            reverse(&mut made);
            links.rows.push(made);
        } else if backward {
            let mut back = made.clone();
            reverse(&mut back);
            while ids.contains(back.link_id.as_str()) || back.link_id == made.link_id {
                back.link_id.push('r');
            }
            links.reverse.insert(made.link_id.clone(), back.link_id.clone());
            links.rows.push(made);
            links.rows.push(back);
        } else {
            links.rows.push(made);
        }
    }
    report.notes.extend(remarks.iter().map(|(what, count)| format!("{what}: {count} links")));
    Ok(links)
}

fn reverse(link: &mut LinkRow) {
    std::mem::swap(&mut link.from_node_id, &mut link.to_node_id);
    if let Some(mut line) = from_wkt(&link.geometry) {
        line.reverse();
        link.geometry = to_wkt(&line);
    }
}

/// `directed` decides; without it `dir_flag` (1, -1, 0 = both).
fn open_directions(row: MapRow<'_>) -> Result<(bool, bool), ImportError> {
    match row.text("directed").to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" => return Ok((true, false)),
        "0" | "false" | "no" => return Ok((true, true)),
        "" => {}
        _ => return Err(row.fault("directed", "true or false")),
    }
    match row.text("dir_flag") {
        "" | "1" => Ok((true, false)),
        "0" => Ok((true, true)),
        "-1" => Ok((false, true)),
        _ => Err(row.fault("dir_flag", "1, -1 or 0")),
    }
}

fn units(
    table: &CsvTable,
    files: &GmnsFiles<'_>,
    places: &Places<'_>,
    report: &mut ImportReport,
) -> Result<TableUnits, ImportError> {
    let stated = stated_units(&files.config)?;
    let mut units = TableUnits::default();
    if let Some(length) = stated.length {
        units.length = length;
        report.notes.push("the unit of length is as config.csv says".into());
    } else if !table.has("length_m") && table.has("length") {
        let mut pairs = Vec::new();
        for row in table.rows() {
            let stated = row.number("length", 0.0)?.unwrap_or(0.0);
            let drawn = drawn_m(row, places).unwrap_or(0.0);
            if stated > 0.0 && drawn > 0.0 {
                pairs.push((stated, drawn));
            }
        }
        if pairs.is_empty() {
            return Ok(units);
        }
        let Some((length, why)) = fitting_unit(&pairs) else {
            return Err(ImportError::Malformed {
                path: files.link.path().into(),
                reason: "the lengths fit the coordinates in none of km, m, miles and feet (config.csv can say the unit)".into(),
            });
        };
        units.length = length;
        report.notes.push(why);
    }
    let (speed, words) = speed_with(units.length);
    units.speed_km_h = stated.speed_km_h.unwrap_or(speed);
    if stated.speed_km_h.is_none() && table.has("free_speed") && !table.has("time_ms") {
        report.notes.push(format!("speeds are taken as {words}, as goes with the unit of length"));
    }
    Ok(units)
}

/// Length of the drawn course, or of the straight line between the nodes, m.
fn drawn_m(row: MapRow<'_>, places: &Places<'_>) -> Option<f64> {
    if let Some(line) = from_wkt(row.text("geometry")) {
        return Some(length_m(&line));
    }
    Some(distance_m(*places.get(row.text("from_node_id"))?, *places.get(row.text("to_node_id"))?))
}

/// What one row says in our units.
struct GmnsLink {
    base: LinkRow,
    class: RoadClass,
    length_m: f64,
    speed_km_h: Option<f64>,
    /// The speed stated is none that a road has, and is left out.
    odd_speed: bool,
    lanes: Option<f64>,
}

impl GmnsLink {
    fn read(
        row: MapRow<'_>,
        places: &Places<'_>,
        units: TableUnits,
        remarks: &mut Remarks,
    ) -> Result<Self, ImportError> {
        let (text, class) = class_of(row);
        let class = class.unwrap_or_else(|| {
            *remarks.entry("road class not known, taken as unclassified").or_insert(0) += 1;
            RoadClass::Unclassified
        });
        let stated = match row.positive("length_m")? {
            Some(length_m) => Some(length_m),
            None => {
                row.number("length", 0.0)?.map(|length| length * units.length.metres()).filter(|l| *l > 0.0)
            }
        };
        let length_m = match stated {
            Some(length_m) => length_m,
            None => {
                *remarks.entry("length not given, taken from the line drawn on the map").or_insert(0) += 1;
                rounded_length_m(drawn_m(row, places).unwrap_or(0.0).max(1.0))
            }
        };
        let geometry = row.text("geometry");
        if !geometry.is_empty() && from_wkt(geometry).is_none() {
            *remarks.entry("geometry is not a LINESTRING, a straight line is drawn").or_insert(0) += 1;
        }
        let base = LinkRow {
            link_id: row.text("link_id").into(),
            name: row.text("name").into(),
            from_node_id: row.text("from_node_id").into(),
            to_node_id: row.text("to_node_id").into(),
            directed: "true".into(),
            facility_type: text.into(),
            // Six decimals (mm), so that no digit of the division is left over.
            length: Some((length_m * 1000.0).round() / 1e6),
            length_m: Some(length_m),
            storage_pcu: row.positive("storage_pcu")?,
            storage_pcu_low: row.positive("storage_pcu_low")?,
            storage_pcu_high: row.positive("storage_pcu_high")?,
            geometry: if from_wkt(geometry).is_some() { geometry.into() } else { String::new() },
            ..LinkRow::default()
        };
        let speed_km_h = row.number("free_speed", 0.0)?.filter(|s| *s > 0.0).map(|s| s * units.speed_km_h);
        let odd_speed = speed_km_h.is_some_and(|speed| speed > MOST_SPEED_KM_H);
        let speed_km_h = speed_km_h.filter(|_| !odd_speed);
        Ok(Self { base, class, length_m, speed_km_h, odd_speed, lanes: row.number("lanes", 0.0)? })
    }

    /// Our own columns, as they are. `None` if the link is open to nobody.
    fn ours(&self, row: MapRow<'_>) -> Result<Option<LinkRow>, ImportError> {
        let mut link = LinkRow {
            lanes: self.lanes,
            free_speed: self.speed_km_h,
            capacity: row.positive("capacity")?,
            capacity_pcu_h: row.positive("capacity_pcu_h")?,
            capacity_pcu_h_low: row.positive("capacity_pcu_h_low")?,
            capacity_pcu_h_high: row.positive("capacity_pcu_h_high")?,
            reserved_pcu_h: row.number("reserved_pcu_h", 0.0)?,
            time_ms: row.whole("time_ms")?,
            time_ms_low: row.whole("time_ms_low")?,
            walk_capacity_people_h: row.positive("walk_capacity_people_h")?,
            walk_capacity_people_h_low: row.positive("walk_capacity_people_h_low")?,
            walk_capacity_people_h_high: row.positive("walk_capacity_people_h_high")?,
            walk_time_ms: row.whole("walk_time_ms")?,
            walk_time_ms_low: row.whole("walk_time_ms_low")?,
            ..self.base.clone()
        };
        if link.capacity_pcu_h.is_none() && link.walk_capacity_people_h.is_none() {
            return Ok(None);
        }
        if link.capacity_pcu_h.is_some() && link.time_ms.is_none() {
            let speed = self.speed_km_h.unwrap_or(self.class.defaults().speed_km_h);
            if speed <= 0.0 {
                return Err(row.fault("time_ms", "a travel time where there is a capacity for vehicles"));
            }
            link.time_ms = Some((self.length_m / speed * 3600.0).round().max(1.0) as i64);
        }
        if link.walk_capacity_people_h.is_some() && link.walk_time_ms.is_none() {
            link.walk_time_ms = Some(WalkFigures::new(1.0, self.length_m).time_ms);
        }
        Ok(Some(link))
    }

    /// Figures from GMNS columns and the class. `None` if the link is open to nobody.
    fn derived(
        &self,
        row: MapRow<'_>,
        options: &ImportOptions,
        both_ways: bool,
        remarks: &mut Remarks,
    ) -> Result<Option<LinkRow>, ImportError> {
        let (by_vehicle, on_foot) = allowed(row.text("allowed_uses"), self.class);
        let defaults = self.class.defaults();
        let mut link = self.base.clone();
        // GMNS: no lanes, no way for vehicles.
        let stated = self.lanes.filter(|lanes| *lanes > 0.0);
        if by_vehicle && self.lanes != Some(0.0) && (self.class.is_road() || stated.is_some()) {
            let usual = LaneCount {
                least: defaults.lanes.max(1.0),
                usual: defaults.lanes.max(1.0),
                most: defaults.lanes_most.max(1.0),
            };
            let lanes = match stated {
                Some(lanes) if lanes > MOST_LANES => LaneCount { most: MOST_LANES, ..usual },
                Some(lanes) => LaneCount { least: lanes, usual: lanes, most: lanes },
                None => usual,
            };
            let speed_km_h = self.speed_km_h.unwrap_or(defaults.speed_km_h.max(5.0));
            let by_class = DriveFigures::new(DriveBasis {
                class: self.class,
                lanes,
                opening: RoadOpening::Open,
                speed_km_h,
                most_km_h: speed_km_h,
                fastest_km_h: fastest_km_h(speed_km_h, self.speed_km_h.is_some()),
                length_m: self.length_m,
                signal: false,
                green_share: options.green_share,
            });
            let capacity = row.positive("capacity")?;
            if capacity.is_none() {
                *remarks.entry("capacity not given, taken from the road class").or_insert(0) += 1;
            }
            let drive = capacity.map_or(by_class, |per_lane| of_capacity(by_class, per_lane, self.class));
            set_drive(&mut link, drive, self.length_m);
        }
        if on_foot {
            let directions = if both_ways { 2.0 } else { 1.0 };
            let lanes = stated.filter(|lanes| *lanes <= MOST_LANES).unwrap_or(defaults.lanes);
            let width_m = if self.class.is_road() {
                lanes * defaults.lane_width_m * directions
            } else {
                defaults.path_width_m
            };
            if width_m > 0.0 {
                set_walk(&mut link, WalkFigures::new(width_m, self.length_m));
            }
        }
        let is_open = link.capacity_pcu_h.is_some() || link.walk_capacity_people_h.is_some();
        Ok(is_open.then_some(link))
    }
}

/// The figures of a link whose capacity per lane is stated: the optimistic value. The central and low values are made from it.
///
/// Above 3000 no lane has it: it is a figure of the whole link, of a day, or stands for no limit. Then the optimistic value is the most that it may
/// mean, and the central one the least: the figure as that of the whole link, or the capacity of the class.
fn of_capacity(by_class: DriveFigures, per_lane: f64, class: RoadClass) -> DriveFigures {
    let lanes = by_class.lanes;
    let high_pcu_h = (per_lane * lanes.most).min(MOST_ROAD_PCU_H);
    if per_lane > MOST_LANE_PCU_H {
        let whole_link = (per_lane * observed_factor(class)).round();
        let central_pcu_h = by_class.central_pcu_h.min(whole_link);
        let low_pcu_h = by_class.low_pcu_h.min(central_pcu_h);
        return DriveFigures {
            low_pcu_h,
            central_pcu_h,
            high_pcu_h: high_pcu_h.max(central_pcu_h),
            ..by_class
        };
    }
    let of = |lanes: f64| (per_lane * lanes * observed_factor(class)).round().max(1.0).min(per_lane * lanes);
    let central_pcu_h = of(lanes.usual);
    let low_pcu_h = (SUSTAINED_PCU_H * lanes.least).min(of(lanes.least)).min(central_pcu_h);
    DriveFigures { low_pcu_h, central_pcu_h, high_pcu_h, ..by_class }
}

/// A figure of a link that no road has.
fn odd_figure(row: MapRow<'_>, link: &GmnsLink) -> Result<Option<RoadRemark>, ImportError> {
    let above = |column: &'static str, most: f64| -> Result<Option<&'static str>, ImportError> {
        Ok(row.number(column, 0.0)?.filter(|value| *value > most).map(|_| column))
    };
    let by_speed = link.odd_speed.then_some("free_speed");
    let odd = above("capacity", MOST_LANE_PCU_H)?.or(above("lanes", MOST_LANES)?).or(by_speed);
    Ok(odd.map(|column| RoadRemark {
        element: MapElement::Link(row.text("link_id").into()),
        kind: RemarkKind::Figure,
        treatment: RoadTreatment::Used,
        tag: format!("{column}={}", row.text(column)),
        name: row.text("name").into(),
        class: link.class.as_str().into(),
        place: None,
        length_m: link.length_m,
    }))
}

/// Columns that hold the class of a road, in this order: that of GMNS, those of osm2gmns, and those of maps that became tables.
const CLASS_COLUMNS: [&str; 5] = ["facility_type", "link_type_name", "link_type", "highway", "fclass"];

/// The class of a road and the text that goes into `facility_type`. osm2gmns calls a ramp by the class of its road, and marks it in `is_link`.
fn class_of<'a>(row: MapRow<'a>) -> (&'a str, Option<RoadClass>) {
    let mut known = None;
    for column in CLASS_COLUMNS {
        let text = row.text(column);
        known = known.or(RoadClass::from_facility_type(text).map(|class| (text, class)));
    }
    let Some((text, class)) = known else { return (row.text("facility_type"), None) };
    let is_ramp = matches!(row.text("is_link"), "1" | "true" | "True");
    let ramp = RoadClass::from_highway(&format!("{}_link", class.as_str())).filter(|_| is_ramp);
    let given = row.text("facility_type");
    let text = match ramp {
        _ if !given.is_empty() => given,
        Some(ramp) => ramp.as_str(),
        None => text,
    };
    (text, Some(ramp.unwrap_or(class)))
}

/// Who may use a link: vehicles, walkers. Without `allowed_uses`, as the class has it.
fn allowed(uses: &str, class: RoadClass) -> (bool, bool) {
    let uses = uses.to_ascii_lowercase();
    let mut words = uses.split([',', ';', '+', ' ']).map(str::trim).filter(|w| !w.is_empty()).peekable();
    if words.peek().is_none() {
        return (class.is_road(), !class.is_motorway());
    }
    words.fold((false, false), |(vehicle, foot), word| match word {
        "all" | "any" => (true, true),
        "auto" | "car" | "drive" | "motor" | "motor_vehicle" | "sov" | "hov" | "hov2" | "hov3" => {
            (true, foot)
        }
        "walk" | "ped" | "foot" | "pedestrian" => (vehicle, true),
        _ => (vehicle, foot),
    })
}
