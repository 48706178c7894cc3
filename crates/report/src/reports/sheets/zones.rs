//! One sheet per zone, for the people who live there.

use super::{ROAD_BYTES, Sheet, SheetRoute, SheetWriter};
use crate::ReportError;
use crate::clock::TimeRounding;
use crate::reports::drawing::{MapContent, MapFormat, box_around};
use crate::reports::frame::Html;
use crate::reports::furniture::{MapFigure, MapMark};
use crate::reports::messages::Messages;
use crate::reports::plan::tables::ReportTable;
use crate::reports::qr::qr_svg;
use clearway_model::ZoneRow;
use std::collections::BTreeSet;

/// Size of the map, px.
const MAP_PX: [f64; 2] = [660.0, 420.0];
/// Bytes of text in a code: more makes modules that a telephone cannot tell apart on paper.
const QR_BYTES: usize = 500;
/// What people take with them, by key.
const BRING: [&str; 7] = ["water", "medicine", "documents", "phone", "clothes", "aids", "neighbours"];

/// A sheet for the people of a zone: what they bring and whom they call.
pub(super) fn public_sheet(zone: &str, contact: &str, messages: &Messages) -> Result<Sheet, ReportError> {
    let bring = BRING.iter().map(|key| messages.html(&format!("sheets.bring.{key}"), &[]));
    let call = match contact.trim() {
        "" => Html::default(),
        contact => Html::name(contact),
    };
    Ok(Sheet {
        title: messages.html("sheets.zones.title", &[])?,
        name: Html::name(zone),
        lists: vec![(messages.html("sheets.bring.title", &[])?, bring.collect::<Result<_, _>>()?)],
        blanks: vec![(messages.html("sheets.call", &[])?, call)],
        ..Sheet::default()
    })
}

/// Of a zone some of whose people have an order, those evacuating who have none, and all who evacuate; `None`: all have, or nobody has, which
/// is said otherwise.
fn people_without_order(zone: &ZoneRow, routes: &[&SheetRoute<'_>]) -> Option<(i64, i64)> {
    let all = zone.people - zone.stay_people.unwrap_or(0);
    let ordered: i64 = routes.iter().map(|route| route.people).sum();
    (ordered > 0 && ordered < all).then_some((all - ordered, all))
}

impl SheetWriter<'_> {
    pub(super) fn zone_sheets(&self) -> Result<Vec<Sheet>, ReportError> {
        let zones = &self.facts.scenario.zones;
        // of a part of a plan, zones where nobody is of its means have their sheets elsewhere; redacted forms do not say where who is
        let is_all = self.means.is_none() || self.facts.is_redacted;
        let is_of_part = |zone: &ZoneRow| is_all || zone.people > 0;
        let zones = zones.iter().enumerate().filter(|(_, zone)| is_of_part(zone));
        zones.map(|(place, zone)| self.zone_sheet(place, zone)).collect()
    }

    fn zone_sheet(&self, place: usize, zone: &ZoneRow) -> Result<Sheet, ReportError> {
        let name = self.lines.lookup.zone_name(&zone.zone_id);
        let mut sheet = public_sheet(name, self.facts.contact, self.messages)?;
        if self.means.is_some() {
            sheet.notes.push(self.text("sheets.means.others")?);
        }
        if self.facts.is_redacted {
            sheet.notes.push(self.text("sheets.zones.redacted")?);
            let mut blanks = self.blanks(&["sheets.where_to", "sheets.leave", "sheets.way"])?;
            blanks.append(&mut sheet.blanks);
            sheet.blanks = blanks;
        } else {
            self.fill_zone(&mut sheet, place, zone)?;
        }
        sheet.blanks.extend(self.blanks(&["sheets.issued_by", "sheets.issued_on"])?);
        Ok(sheet)
    }

    fn fill_zone(&self, sheet: &mut Sheet, place: usize, zone: &ZoneRow) -> Result<(), ReportError> {
        let routes: Vec<&SheetRoute<'_>> =
            self.routes.iter().filter(|route| route.route.zone_id == zone.zone_id).collect();
        if routes.is_empty() {
            let of_part = if self.means.is_some() { "_by_this_means" } else { "" };
            sheet.notes.push(self.text(&format!("sheets.zones.no_departure{of_part}"))?);
        } else {
            let title = self.plain("sheets.zones.when")?;
            sheet.tables.push((title, self.departures(&routes)?));
            if routes.len() > 1 {
                sheet.notes.push(self.text("sheets.zones.several")?);
            }
            sheet.notes.push(self.text("sheets.zones.people")?);
        }
        if let Some((left, all)) = people_without_order(zone, &routes) {
            let values = [("count", self.count(left)), ("people", self.count(all))];
            sheet.notes.push(self.messages.html("sheets.zones.without_order", &values)?);
        }
        sheet.map = self.zone_map(place, zone, &routes)?;
        let text = self.zone_text(zone, &routes)?;
        let label = self.messages.text("sheets.qr")?;
        sheet.qr = Html::raw(qr_svg(&text, label).unwrap_or_default());
        Ok(())
    }

    fn departures(&self, routes: &[&SheetRoute<'_>]) -> Result<ReportTable, ReportError> {
        let names = [
            ("sheets.leave", false),
            ("sheets.where_to", false),
            ("sheets.way", false),
            ("sheets.people", true),
            ("sheets.arrived_by", false),
        ];
        let row = |route: &&SheetRoute<'_>| {
            let arrival = match route.all_there_s {
                Some(last) => Html::text(self.local.short(last, TimeRounding::Up)?),
                None => Html::default(),
            };
            Ok(vec![
                Html::text(self.local.interval(route.window_s.0, route.window_s.1)?),
                Html::name(self.lines.lookup.site_name(&route.route.site_id)),
                self.via(route.route)?,
                self.count(route.people),
                arrival,
            ])
        };
        Ok(ReportTable {
            columns: self.columns(&names)?,
            rows: routes.iter().map(row).collect::<Result<_, ReportError>>()?,
            left_out: Html::default(),
        })
    }

    fn zone_map(
        &self,
        place: usize,
        zone: &ZoneRow,
        routes: &[&SheetRoute<'_>],
    ) -> Result<Option<MapFigure>, ReportError> {
        let lookup = self.lines.lookup;
        let ways: Vec<_> = routes.iter().map(|route| crate::route_line(route.route, lookup)).collect();
        let own = lookup.zone_shapes.iter().filter(|shape| shape.id == zone.zone_id);
        let own = own.flat_map(|shape| shape.rings.iter().flatten().copied());
        let points = ways.iter().flatten().copied().chain(own).chain(lookup.zone_point(&zone.zone_id));
        let Some(bounds) = box_around(points, 0.002) else { return Ok(None) };
        // several ways may lead to one destination
        let sites: BTreeSet<&str> = routes.iter().map(|route| route.route.site_id.as_str()).collect();
        let content = MapContent {
            routes: ways,
            zones: vec![zone.zone_id.as_str()],
            own_zone: Some(zone.zone_id.as_str()),
            sites: sites.into_iter().collect(),
            ..MapContent::default()
        };
        let sheets = self.facts.scenario.zones.len().max(1);
        let road_bytes = (ROAD_BYTES / sheets).clamp(4_000, 60_000);
        let format = MapFormat { most_px: MAP_PX, road_bytes, number: place };
        let picture = self.lines.draw(bounds, &content, format, self.messages.text("sheets.zones.map")?);
        let marks = [MapMark::OwnZone, MapMark::Way, MapMark::Site];
        self.figure(self.text("sheets.zones.map")?, &marks, picture)
    }

    /// The text of the code: what the sheet says, without a map. What is too long for a code that a telephone reads ends with `...`.
    fn zone_text(&self, zone: &ZoneRow, routes: &[&SheetRoute<'_>]) -> Result<String, ReportError> {
        let lookup = self.lines.lookup;
        let mut text = lookup.zone_name(&zone.zone_id).to_owned();
        if let Some(means) = &self.means {
            text.push_str(&format!(" ({means})"));
        }
        for route in routes {
            let leave = self.local.interval(route.window_s.0, route.window_s.1)?;
            let via = crate::route_via(route.route, lookup).join(", ");
            let site = lookup.site_name(&route.route.site_id);
            let line = format!("\n{leave}: {site}{}{via}", if via.is_empty() { "" } else { "; " });
            if text.len() + line.len() > QR_BYTES {
                text.push_str("\n...");
                break;
            }
            text.push_str(&line);
        }
        if let Some((left, all)) = people_without_order(zone, routes) {
            let words = self.plain("sheets.zones.without_order")?;
            let words = words.replace("{count}", &self.local.count(left));
            text.push_str(&format!("\n{}", words.replace("{people}", &self.local.count(all))));
        }
        if !self.facts.contact.trim().is_empty() && text.len() + self.facts.contact.len() < QR_BYTES {
            text.push('\n');
            text.push_str(self.facts.contact.trim());
        }
        text.push('\n');
        text.push_str(self.messages.text("sheets.draft_short")?);
        Ok(text)
    }
}
