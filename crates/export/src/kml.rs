//! KML 2.2 (OGC 07-147r2): zones, sites, hazards, routes with the time of their orders, and the links in use hour by hour.

use crate::cells::{ExportCell, ExportTable};
use crate::format::{ExportError, utc};
use crate::shape::ExportShape;
use crate::tables::{PlanFacts, PlanTables};
use crate::xml::XmlText;
use clearway_model::{MovementOrder, grouped};
use clearway_report::{route_line, standing_sentences};
use std::fmt::Write;

/// Colours are alpha, blue, green, red.
const STYLES: [(&str, &str, &str); 8] = [
    ("zone", "ff794e1f", "1.5"),
    ("site", "ff546e00", "2"),
    ("hazard", "ff2000b0", "2"),
    ("order", "ff9e6127", "3"),
    ("link0", "ffd9ba8f", "2"),
    ("link1", "ff9e6127", "4"),
    ("link2", "ff2000b0", "6"),
    ("outline", "ff808080", "1"),
];

/// One document with a folder per kind of thing.
pub(crate) fn kml(facts: &PlanFacts<'_>, tables: &PlanTables) -> Result<Vec<u8>, ExportError> {
    let settings = &facts.source.scenario.settings;
    let mut xml = XmlText::new("");
    xml.open("kml", &[("xmlns", "http://www.opengis.net/kml/2.2")]);
    xml.open("Document", &[]);
    xml.element("name", &[], &settings.name);
    let mut notes: Vec<String> =
        standing_sentences(settings.context).iter().map(|&text| text.to_owned()).collect();
    notes.extend(settings.attribution.iter().cloned());
    xml.element("description", &[], &notes.join(" "));
    for (id, colour, width) in STYLES {
        style(&mut xml, id, colour, width);
    }
    layer(&mut xml, &tables.hazards, "Hazards, as given", "hazard");
    layer(&mut xml, &tables.outlines, "Outlines", "outline");
    layer(&mut xml, &tables.zones, "Zones", "zone");
    layer(&mut xml, &tables.sites, "Sites", "site");
    orders(&mut xml, facts);
    link_hours(&mut xml, facts, &tables.link_hours);
    Ok(xml.finish())
}

fn style(xml: &mut XmlText, id: &str, colour: &str, width: &str) {
    xml.open("Style", &[("id", id)]);
    xml.open("LineStyle", &[]);
    xml.element("color", &[], colour);
    xml.element("width", &[], width);
    xml.close();
    xml.open("PolyStyle", &[]);
    // the same colour, a quarter of it
    xml.element("color", &[], &format!("40{}", &colour[2..]));
    xml.close();
    xml.close();
}

/// A folder with a placemark per row that has a shape.
fn layer(xml: &mut XmlText, table: &ExportTable, title: &str, style: &str) {
    if table.rows.is_empty() {
        return;
    }
    xml.open("Folder", &[]);
    xml.element("name", &[], title);
    for (row, shape) in table.rows.iter().zip(&table.shapes) {
        let Some(shape) = shape else { continue };
        let text = |column: &str| match table.column(column).and_then(|at| row.get(at)) {
            Some(ExportCell::Text(text)) => text.clone(),
            _ => String::new(),
        };
        let id = row.first().map_or(String::new(), plain);
        let name = Some(text("name")).filter(|name| !name.is_empty()).unwrap_or(id);
        xml.open("Placemark", &[]);
        xml.element("name", &[], &name);
        xml.element("styleUrl", &[], &format!("#{style}"));
        data(xml, table, row);
        geometry(xml, shape);
        xml.close();
    }
    xml.close();
}

/// All cells of a row with their units.
fn data(xml: &mut XmlText, table: &ExportTable, row: &[ExportCell]) {
    xml.open("ExtendedData", &[]);
    for (column, cell) in table.columns.iter().zip(row) {
        // moments stand there as seconds already, and as the time of a placemark
        if matches!(cell, ExportCell::Empty | ExportCell::Moment(_)) {
            continue;
        }
        xml.open("Data", &[("name", column.name)]);
        if !column.unit.is_empty() {
            xml.element("displayName", &[], &format!("{} [{}]", column.name, column.unit));
        }
        xml.element("value", &[], &plain(cell));
        xml.close();
    }
    xml.close();
}

fn plain(cell: &ExportCell) -> String {
    match cell {
        ExportCell::Empty => String::new(),
        ExportCell::Text(text) => text.clone(),
        ExportCell::Whole(whole) | ExportCell::Moment(whole) => whole.to_string(),
        ExportCell::Real(real) => real.to_string(),
    }
}

/// The orders of each route, each with its departure window; a route is drawn once for all orders that leave one after the other.
fn orders(xml: &mut XmlText, facts: &PlanFacts<'_>) {
    xml.open("Folder", &[]);
    xml.element("name", &[], "Orders, while people leave");
    for (place, order) in facts.source.plan.orders.iter().enumerate() {
        let Some(route) = facts.routes.get(order.route_id.as_str()) else { continue };
        xml.open("Placemark", &[("id", &format!("order-{}", order.order_id))]);
        let (zone, site) = (facts.lookup.zone_name(&order.zone_id), facts.lookup.site_name(&route.site_id));
        xml.element("name", &[], &format!("{zone} to {site}: {} people", grouped(order.people)));
        span(xml, facts, order.depart_from_ms, order.depart_until_ms);
        xml.element("styleUrl", &[], "#order");
        order_data(xml, facts, place, order);
        if let Some(shape) = ExportShape::line(route_line(route, &facts.lookup)) {
            geometry(xml, &shape);
        }
        xml.close();
    }
    xml.close();
}

fn order_data(xml: &mut XmlText, facts: &PlanFacts<'_>, place: usize, order: &MovementOrder) {
    xml.open("ExtendedData", &[]);
    let mut pairs = vec![
        ("order_id", order.order_id.to_string()),
        ("zone_id", order.zone_id.clone()),
        ("route_id", order.route_id.clone()),
        ("people", order.people.to_string()),
        ("depart_from", facts.clock.rfc3339(order.depart_from_ms)),
        ("depart_until", facts.clock.rfc3339(order.depart_until_ms)),
        ("via", facts.via(&order.route_id)),
    ];
    if facts.figures.is_by_vehicle {
        pairs.push(("vehicles", facts.figures.order_vehicles[place].to_string()));
    }
    for (name, value) in pairs {
        xml.open("Data", &[("name", name)]);
        xml.element("value", &[], &value);
        xml.close();
    }
    xml.close();
}

/// Links by hour, in three colours by how much of the capacity is used.
fn link_hours(xml: &mut XmlText, facts: &PlanFacts<'_>, table: &ExportTable) {
    xml.open("Folder", &[]);
    xml.element("name", &[], "Roads in use, by hour");
    for (at, (row, shape)) in table.rows.iter().zip(&table.shapes).enumerate() {
        let (Some(shape), Some(ExportCell::Moment(begins)), Some(ExportCell::Moment(ends))) =
            (shape, table.cell(at, "begins"), table.cell(at, "ends"))
        else {
            continue;
        };
        let share = match table.cell(at, "used_share") {
            Some(ExportCell::Real(share)) => *share,
            _ => 0.0,
        };
        let cell = |column| table.cell(at, column).map_or(String::new(), plain);
        xml.open("Placemark", &[]);
        let name = cell("name");
        xml.element("name", &[], if name.is_empty() { "road" } else { &name });
        span(xml, facts, *begins, *ends);
        let step = if share >= 0.9 { 2 } else { u8::from(share >= 0.5) };
        xml.element("styleUrl", &[], &format!("#link{step}"));
        data(xml, table, row);
        geometry(xml, shape);
        xml.close();
    }
    xml.close();
}

/// Nothing without a clock.
fn span(xml: &mut XmlText, facts: &PlanFacts<'_>, from_ms: i64, until_ms: i64) {
    if let (Some(from), Some(until)) = (utc(&facts.clock, from_ms), utc(&facts.clock, until_ms)) {
        xml.open("TimeSpan", &[]);
        xml.element("begin", &[], &from);
        xml.element("end", &[], &until);
        xml.close();
    }
}

fn geometry(xml: &mut XmlText, shape: &ExportShape) {
    match shape {
        ExportShape::Point(point) => {
            xml.open("Point", &[]);
            xml.element("coordinates", &[], &coordinates(&[*point]));
            xml.close();
        }
        ExportShape::Line(line) => {
            xml.open("LineString", &[]);
            xml.element("tessellate", &[], "1");
            xml.element("coordinates", &[], &coordinates(line));
            xml.close();
        }
        ExportShape::Areas(areas) => {
            xml.open("MultiGeometry", &[]);
            for rings in areas {
                xml.open("Polygon", &[]);
                for (number, ring) in rings.iter().enumerate() {
                    xml.open(if number == 0 { "outerBoundaryIs" } else { "innerBoundaryIs" }, &[]);
                    xml.open("LinearRing", &[]);
                    xml.element("coordinates", &[], &coordinates(ring));
                    xml.close();
                    xml.close();
                }
                xml.close();
            }
            xml.close();
        }
    }
}

/// To seven decimals, a centimetre.
fn coordinates(line: &[[f64; 2]]) -> String {
    let mut text = String::new();
    for [x, y] in line {
        let _ = write!(text, "{}{},{}", if text.is_empty() { "" } else { " " }, degrees(*x), degrees(*y));
    }
    text
}

fn degrees(value: f64) -> f64 {
    (value * 1e7).round() / 1e7
}
