//! One sheet per vehicle of a fleet, for its driver.

use super::{Sheet, SheetContent, SheetPage};
use crate::ReportError;
use crate::clock::{ScenarioClock, TimeRounding};
use crate::lookup::RowLookup;
use crate::reports::frame::{Html, ReportFrame, ReportOrigin, render_report};
use crate::reports::local::LocalFormat;
use crate::reports::messages::{Language, Messages};
use crate::reports::plan::tables::ReportTable;
use clearway_model::number::length;
use clearway_model::time::seconds;
use clearway_model::{Scenario, TripRow};
use std::collections::BTreeMap;

/// What the sheets of a fleet are made of.
#[derive(Debug, Clone, Copy)]
pub struct VehicleSheetFacts<'a> {
    /// The scenario of the plan.
    pub scenario: &'a Scenario,
    /// All trips of the fleet.
    pub trips: &'a [TripRow],
    /// Where the sheets come from.
    pub origin: ReportOrigin<'a>,
}

/// The page with a sheet for each vehicle.
///
/// # Errors
/// If a built-in template or message is not what it should be.
pub fn vehicle_sheets(facts: &VehicleSheetFacts<'_>, language: Language) -> Result<SheetPage, ReportError> {
    let messages = Messages::new(language, &["plan", "sheets"])?;
    let clock = ScenarioClock::new(&facts.scenario.settings);
    let local = LocalFormat::new(&messages, &clock)?;
    let lookup = RowLookup::new(facts.scenario, None);
    let mut vehicles: BTreeMap<&str, Vec<&TripRow>> = BTreeMap::new();
    for trip in facts.trips {
        vehicles.entry(&trip.vehicle_id).or_default().push(trip);
    }
    let mut sheets = Vec::new();
    for (id, mut trips) in vehicles {
        trips.sort_by_key(|trip| trip.from_ms);
        let blank = |key: &str| Ok::<_, ReportError>((messages.html(key, &[])?, Html::default()));
        let kind = trips.first().map_or("", |trip| trip.vehicle_type_id.as_str());
        sheets.push(Sheet {
            title: messages.html("sheets.vehicles.title", &[])?,
            name: Html::name(id),
            facts: vec![(messages.html("sheets.vehicles.kind", &[])?, Html::name(kind))],
            tables: vec![(
                messages.text("sheets.vehicles.trips")?.to_owned(),
                trip_table(&trips, &messages, &local, &lookup)?,
            )],
            blanks: vec![
                blank("sheets.vehicles.driver")?,
                blank("sheets.phone")?,
                blank("sheets.call")?,
                blank("sheets.issued_by")?,
            ],
            ..Sheet::default()
        });
    }
    let about = messages.text("sheets.vehicles.about")?;
    let frame = ReportFrame::new(&messages, &local, &facts.scenario.settings, &facts.origin, about)?;
    let count = sheets.len();
    let content = SheetContent { sheets, is_atlas: false, is_public: false };
    let bytes = render_report("sheets.html", &messages, &frame, &content)?;
    Ok(SheetPage { file: "vehicles.html", sheets: count, bytes })
}

fn trip_table(
    trips: &[&TripRow],
    messages: &Messages,
    local: &LocalFormat<'_>,
    lookup: &RowLookup<'_>,
) -> Result<ReportTable, ReportError> {
    let names = [
        ("plan.roads.number", true),
        ("sheets.vehicles.sets_out", true),
        ("plan.zones.zone", false),
        ("sheets.vehicles.boarding", true),
        ("sheets.vehicles.departs", true),
        ("sheets.people", true),
        ("sheets.where_to", false),
        ("sheets.vehicles.arrives", true),
        ("sheets.vehicles.free", true),
    ];
    let columns = names
        .iter()
        .map(|(key, numeric)| Ok((messages.html(key, &[])?, *numeric)))
        .collect::<Result<_, ReportError>>()?;
    let time = |ms: i64| local.short(seconds(ms), TimeRounding::Up).map(Html::text);
    let row = |(place, trip): (usize, &&TripRow)| {
        let people = trip.seat_people + trip.wheelchair_people + trip.stretcher_people;
        Ok(vec![
            Html::text(local.count(length(place + 1))),
            time(trip.from_ms)?,
            Html::name(lookup.zone_name(&trip.zone_id)),
            time(trip.load_ms)?,
            time(trip.depart_ms)?,
            Html::text(local.count(people)),
            Html::name(lookup.site_name(&trip.site_id)),
            time(trip.unload_ms)?,
            time(trip.end_ms)?,
        ])
    };
    let rows = trips.iter().enumerate().map(row).collect::<Result<_, ReportError>>()?;
    Ok(ReportTable { columns, rows, left_out: Html::default() })
}
