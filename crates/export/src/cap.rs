//! Drafts of alerts in the Common Alerting Protocol 1.2 (OASIS, 2010): one per zone and wave of departures, with status Draft (Exercise for
//! an exercise) and never Actual. Whether people are told to move, and how urgent it is, is for the authority that issues an alert:
//! urgency, severity and certainty are Unknown, there is no instruction, and each draft says so.

use crate::format::{ExportError, NamedBytes};
use crate::shape::ExportShape;
use crate::tables::PlanFacts;
use crate::xml::XmlText;
use clearway_model::{Context, MovementOrder, ZoneRow, grouped, people};
use clearway_report::standing_sentences;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What the issuing authority has to fill in.
const TO_COMPLETE: &str = "DRAFT, not issued by anybody. The issuing authority decides whether people are told to move, and fills in sender, \
                           event, urgency, severity, certainty and instruction.";

/// Orders of a zone whose windows follow each other without a gap.
struct DepartureWave<'a> {
    from_ms: i64,
    until_ms: i64,
    orders: Vec<&'a MovementOrder>,
}

/// A folder of drafts, with a list of them.
pub(crate) fn cap(facts: &PlanFacts<'_>) -> Result<Vec<NamedBytes>, ExportError> {
    if facts.clock.start_ms().is_none() {
        return Err(ExportError::DoesNotFit(
            "alerts need clock times, and the start of the scenario cannot be read".to_owned(),
        ));
    }
    let mut files = Vec::new();
    let mut list = Vec::new();
    for (number, zone) in (1..).zip(&facts.source.scenario.zones) {
        for (wave_number, wave) in (1..).zip(waves(facts, &zone.zone_id)) {
            let name = format!("zone-{number:04}-wave-{wave_number:02}.xml");
            list.push([
                name.clone(),
                zone.zone_id.clone(),
                zone.name.clone(),
                zone.pcode.clone(),
                wave_number.to_string(),
                facts.clock.rfc3339(wave.from_ms),
                facts.clock.rfc3339(wave.until_ms),
                wave.orders.iter().map(|order| order.people).sum::<i64>().to_string(),
            ]);
            files.push((name, draft(facts, zone, wave_number, &wave)));
        }
    }
    let header = ["file", "zone_id", "zone_name", "pcode", "wave", "departs_from", "departs_until", "people"];
    files.insert(0, ("drafts.csv".to_owned(), clearway_formats::csv_for_spreadsheets(&header, list)));
    Ok(files)
}

/// The waves of a zone, in the order of time.
fn waves<'a>(facts: &PlanFacts<'a>, zone_id: &str) -> Vec<DepartureWave<'a>> {
    let mut orders: Vec<&MovementOrder> =
        facts.orders_of(&facts.by_zone, zone_id).map(|(_, order)| order).collect();
    orders.sort_by_key(|order| (order.depart_from_ms, order.order_id));
    let mut waves: Vec<DepartureWave<'a>> = Vec::new();
    for order in orders {
        match waves.last_mut().filter(|wave| order.depart_from_ms <= wave.until_ms) {
            Some(wave) => {
                wave.until_ms = wave.until_ms.max(order.depart_until_ms);
                wave.orders.push(order);
            }
            None => waves.push(DepartureWave {
                from_ms: order.depart_from_ms,
                until_ms: order.depart_until_ms,
                orders: vec![order],
            }),
        }
    }
    waves
}

fn draft(facts: &PlanFacts<'_>, zone: &ZoneRow, number: u32, wave: &DepartureWave<'_>) -> Vec<u8> {
    let settings = &facts.source.scenario.settings;
    let status = if settings.context == Context::Exercise { "Exercise" } else { "Draft" };
    let mut xml = XmlText::new("");
    xml.open("alert", &[("xmlns", "urn:oasis:names:tc:emergency:cap:1.2")]);
    xml.element("identifier", &[], &identifier(facts, zone, number));
    xml.element("sender", &[], "draft-without-sender.invalid");
    xml.element("sent", &[], &moment(facts, 0));
    xml.element("status", &[], status);
    xml.element("msgType", &[], "Alert");
    xml.element("scope", &[], "Private");
    xml.element("addresses", &[], "issuing-authority");
    xml.element("note", &[], TO_COMPLETE);
    xml.open("info", &[]);
    xml.element("language", &[], "en");
    xml.element("category", &[], "Other");
    xml.element("event", &[], "Draft of a movement plan");
    for field in ["urgency", "severity", "certainty"] {
        xml.element(field, &[], "Unknown");
    }
    xml.element("effective", &[], &moment(facts, 0));
    xml.element("onset", &[], &moment(facts, wave.from_ms));
    xml.element("expires", &[], &moment(facts, wave.until_ms));
    let name = if zone.name.is_empty() { &zone.zone_id } else { &zone.name };
    xml.element("headline", &[], &format!("DRAFT: {name}, departures of wave {number}"));
    let mut text = described(facts, name, wave);
    for sentence in standing_sentences(settings.context) {
        let _ = write!(text, " {sentence}");
    }
    xml.element("description", &[], &text);
    for (key, value) in parameters(facts, zone, number, wave) {
        xml.open("parameter", &[]);
        xml.element("valueName", &[], key);
        xml.element("value", &[], &value);
        xml.close();
    }
    area(&mut xml, facts, zone, name);
    xml.finish()
}

/// Without spaces, commas and `<`, as the standard asks.
fn identifier(facts: &PlanFacts<'_>, zone: &ZoneRow, number: u32) -> String {
    let digest: String =
        facts.source.plan.scenario.chars().filter(char::is_ascii_alphanumeric).take(22).collect();
    let zone: String =
        zone.zone_id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("clearway-draft-{digest}-{zone}-{number}")
}

/// With an offset and without a part of a second, as the standard asks; a moment within a second belongs to it.
fn moment(facts: &PlanFacts<'_>, ms: i64) -> String {
    let start = facts.clock.start_ms().unwrap_or(0);
    let whole = (start + ms).div_euclid(1000) * 1000 - start;
    let text = facts.clock.rfc3339(whole);
    // `.000` where the start itself is within a second
    match text.split_once('.') {
        Some((seconds, rest)) => {
            format!("{seconds}{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        None => text,
    }
}

/// Who leaves when, by which ways, to where.
fn described(facts: &PlanFacts<'_>, name: &str, wave: &DepartureWave<'_>) -> String {
    let mut by_route: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
    for order in &wave.orders {
        let sum = by_route.entry(&order.route_id).or_insert((0, i64::MAX, i64::MIN));
        sum.0 += order.people;
        sum.1 = sum.1.min(order.depart_from_ms);
        sum.2 = sum.2.max(order.depart_until_ms);
    }
    let all: i64 = wave.orders.iter().map(|order| order.people).sum();
    let mut text = format!("By this plan {} of {name} leave in this wave.", people(all));
    for (route_id, (people, from, until)) in by_route {
        let site = facts.routes.get(route_id).map_or("", |route| facts.lookup.site_name(&route.site_id));
        let via = facts.via(route_id);
        let via = if via.is_empty() { String::new() } else { format!(" by {via}") };
        let (from, until) = (facts.clock.rfc3339(from), facts.clock.rfc3339(until));
        let _ = write!(text, " {} people from {from} to {until}{via} to {site}.", grouped(people));
    }
    text
}

fn parameters(
    facts: &PlanFacts<'_>,
    zone: &ZoneRow,
    number: u32,
    wave: &DepartureWave<'_>,
) -> Vec<(&'static str, String)> {
    let people: i64 = wave.orders.iter().map(|order| order.people).sum();
    let orders: Vec<String> = wave.orders.iter().map(|order| order.order_id.to_string()).collect();
    vec![
        ("clearway:zone_id", zone.zone_id.clone()),
        ("clearway:wave", number.to_string()),
        ("clearway:people", people.to_string()),
        ("clearway:orders", orders.join(" ")),
        ("clearway:scenario", facts.source.plan.scenario.clone()),
    ]
}

/// The zone: its outline, latitude first, or a circle of no extent where it has none.
fn area(xml: &mut XmlText, facts: &PlanFacts<'_>, zone: &ZoneRow, name: &str) {
    xml.open("area", &[]);
    xml.element("areaDesc", &[], name);
    let outline = facts.source.shapes.zones.get(&zone.zone_id).and_then(ExportShape::areas);
    match (outline, facts.lookup.zone_point(&zone.zone_id)) {
        (Some(ExportShape::Areas(areas)), _) => {
            for ring in areas.iter().filter_map(|rings| rings.first()) {
                let pairs: Vec<String> =
                    ring.iter().map(|[lon, lat]| format!("{},{}", degrees(*lat), degrees(*lon))).collect();
                xml.element("polygon", &[], &pairs.join(" "));
            }
        }
        (_, Some([lon, lat])) => xml.element("circle", &[], &format!("{},{} 0", degrees(lat), degrees(lon))),
        _ => {}
    }
    if !zone.pcode.is_empty() {
        xml.open("geocode", &[]);
        xml.element("valueName", &[], "P-code");
        xml.element("value", &[], &zone.pcode);
        xml.close();
    }
    xml.close();
}

fn degrees(value: f64) -> f64 {
    (value * 1e7).round() / 1e7
}
