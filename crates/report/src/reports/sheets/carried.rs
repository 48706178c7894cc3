//! One sheet per zone for people whom vehicles of the fleet come for.

use super::zones::public_sheet;
use super::{Sheet, SheetContent, SheetPage, means_words};
use crate::ReportError;
use crate::clock::{ScenarioClock, TimeRounding};
use crate::lookup::RowLookup;
use crate::reports::frame::{Html, ReportFrame, ReportOrigin, render_report};
use crate::reports::local::LocalFormat;
use crate::reports::messages::{Language, Messages};
use crate::reports::plan::tables::ReportTable;
use clearway_model::time::seconds;
use clearway_model::{Means, Scenario, TripRow};

/// What the sheets of people who need the fleet are made of.
#[derive(Debug, Clone, Copy)]
pub struct CarriedSheetFacts<'a> {
    /// The scenario of the plan, with its groups.
    pub scenario: &'a Scenario,
    /// All trips of the fleet.
    pub trips: &'a [TripRow],
    /// Whom to call, as given; empty: a line to be filled in.
    pub contact: &'a str,
    /// Where the sheets come from.
    pub origin: ReportOrigin<'a>,
    /// Whether they show no destination and hour.
    pub is_redacted: bool,
}

/// What every sheet is written with.
struct CarriedWriter<'a> {
    facts: &'a CarriedSheetFacts<'a>,
    messages: &'a Messages,
    local: &'a LocalFormat<'a>,
    lookup: &'a RowLookup<'a>,
}

/// The page with a sheet for each zone in which people need a place in a vehicle of the fleet, in the order of the zones.
///
/// # Errors
/// If a built-in template or message is not what it should be.
pub fn carried_sheets(facts: &CarriedSheetFacts<'_>, language: Language) -> Result<SheetPage, ReportError> {
    let messages = Messages::new(language, &["plan", "sheets"])?;
    let clock = ScenarioClock::new(&facts.scenario.settings);
    let local = LocalFormat::new(&messages, &clock)?;
    let lookup = RowLookup::new(facts.scenario, None);
    let writer = CarriedWriter { facts, messages: &messages, local: &local, lookup: &lookup };
    let mut sheets = Vec::new();
    let mut all = facts.scenario.groups.iter().flat_map(|groups| &groups.rows);
    let is_needed = all.any(|row| row.means.is_carried() && row.people > 0);
    for zone in &facts.scenario.zones {
        let (people, leaving) = facts.people(&zone.zone_id);
        // redacted forms are for all zones, so that they do not say where people are who cannot move by themselves
        if people > 0 || (facts.is_redacted && is_needed) {
            sheets.push(writer.sheet(&zone.zone_id, leaving)?);
        }
    }
    let about = messages.text("sheets.zones.about")?;
    let frame = ReportFrame::new(&messages, &local, &facts.scenario.settings, &facts.origin, about)?;
    let count = sheets.len();
    let content = SheetContent { sheets, is_atlas: false, is_public: true };
    let bytes = render_report("sheets.html", &messages, &frame, &content)?;
    Ok(SheetPage { file: "zones.html", sheets: count, bytes })
}

impl CarriedSheetFacts<'_> {
    /// People of a zone who need the fleet, and those of them who are to leave.
    fn people(&self, zone: &str) -> (i64, i64) {
        let rows = self.scenario.groups.iter().flat_map(|groups| &groups.rows);
        let rows = rows.filter(|row| row.zone_id == zone && row.means.is_carried());
        rows.fold((0, 0), |(people, leaving), row| {
            let staying = row.stay_people.unwrap_or(0).min(row.people);
            (people + row.people, leaving + row.people - staying)
        })
    }
}

/// People on a trip.
fn on_board(trip: &TripRow) -> i64 {
    trip.seat_people + trip.wheelchair_people + trip.stretcher_people
}

impl CarriedWriter<'_> {
    fn text(&self, key: &str) -> Result<Html, ReportError> {
        self.messages.html(key, &[])
    }

    fn sheet(&self, zone: &str, leaving: i64) -> Result<Sheet, ReportError> {
        let mut sheet = public_sheet(self.lookup.zone_name(zone), self.facts.contact, self.messages)?;
        let means = means_words(self.facts.scenario, Means::Seat, self.messages)?;
        sheet.facts.push((self.text("sheets.means.title")?, Html::text(means)));
        sheet.notes.push(self.text("sheets.means.others")?);
        if self.facts.is_redacted {
            sheet.notes.push(self.text("sheets.zones.redacted")?);
            for (place, key) in ["sheets.where_to", "sheets.vehicles.boarding"].iter().enumerate() {
                sheet.blanks.insert(place, (self.text(key)?, Html::default()));
            }
        } else {
            self.fill(&mut sheet, zone, leaving)?;
        }
        for key in ["sheets.issued_by", "sheets.issued_on"] {
            sheet.blanks.push((self.text(key)?, Html::default()));
        }
        Ok(sheet)
    }

    fn fill(&self, sheet: &mut Sheet, zone: &str, leaving: i64) -> Result<(), ReportError> {
        let here = |trip: &&TripRow| trip.zone_id == zone && on_board(trip) > 0;
        let mut trips: Vec<&TripRow> = self.facts.trips.iter().filter(here).collect();
        trips.sort_by(|a, b| (a.load_ms, &a.vehicle_id).cmp(&(b.load_ms, &b.vehicle_id)));
        if !trips.is_empty() {
            let title = self.messages.text("sheets.carried.when")?.to_owned();
            sheet.tables.push((title, self.trips(&trips)?));
        }
        let without = leaving - trips.iter().map(|trip| on_board(trip)).sum::<i64>();
        if trips.is_empty() {
            sheet.notes.push(self.text("sheets.carried.none")?);
        } else if without > 0 {
            let people = Html::text(self.local.count(without));
            sheet.notes.push(self.messages.html("sheets.carried.without", &[("people", people)])?);
        }
        Ok(())
    }

    fn trips(&self, trips: &[&TripRow]) -> Result<ReportTable, ReportError> {
        let names = [
            ("sheets.vehicles.title", false),
            ("sheets.vehicles.boarding", true),
            ("sheets.vehicles.departs", true),
            ("sheets.people", true),
            ("sheets.where_to", false),
            ("sheets.vehicles.arrives", true),
        ];
        // rounded as on the sheet of the vehicle's driver
        let time = |ms: i64| self.local.short(seconds(ms), TimeRounding::Up).map(Html::text);
        let row = |trip: &&TripRow| {
            Ok(vec![
                Html::name(&trip.vehicle_id),
                time(trip.load_ms)?,
                time(trip.depart_ms)?,
                Html::text(self.local.count(on_board(trip))),
                Html::name(self.lookup.site_name(&trip.site_id)),
                time(trip.unload_ms)?,
            ])
        };
        let columns = names.iter().map(|(key, numeric)| Ok((self.text(key)?, *numeric)));
        Ok(ReportTable {
            columns: columns.collect::<Result<_, ReportError>>()?,
            rows: trips.iter().map(row).collect::<Result<_, ReportError>>()?,
            left_out: Html::default(),
        })
    }
}
