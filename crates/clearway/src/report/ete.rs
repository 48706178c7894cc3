//! Evacuation time estimates by region and scenario, with their tables.

use super::forms::GivenPlans;
use super::plan::simulated;
use super::source::ReportSource;
use super::{ReportAnswer, ReportRequest};
use crate::error::Error;
use crate::input::InputFile;
use crate::session::Session;
use clearway_artifacts::Disclosure;
use clearway_formats::csv_for_spreadsheets;
use clearway_model::number::length;
use clearway_model::{Fault, Faults, Scenario, Store, WindowRow, WindowTarget};
use clearway_report::reports::{EteFacts, EteGroup, EtePlan, EteStage, ReportOrigin, ete_report_page};
use clearway_report::standing_sentences;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A cell of the matrices of evacuation time estimates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EstimateCell {
    /// Row of the matrices.
    pub region: String,
    /// Column of the matrices.
    pub scenario: String,
    /// Which of the plans given, counted from 0; `None`: shown as missing.
    pub plan: Option<usize>,
    /// `simulation.json` of a simulation of that plan.
    pub simulation: Option<InputFile>,
}

/// A row of a table of cells: what a cell's plan and simulation are, as paths from where the table is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EstimateRow {
    /// Row of the matrices.
    pub region: String,
    /// Column of the matrices.
    pub scenario: String,
    /// Plan folder; empty: the cell is missing.
    pub plan: String,
    /// Folder of a simulation of it; may be empty.
    pub simulation: String,
}

/// Reads a table of cells: columns `region`, `scenario`, `plan` and, if there is one, `simulation`. A row without a plan says that the
/// matrices have such a cell and that it is missing.
///
/// # Errors
/// [`Error::Invalid`] with all faults.
pub fn estimate_cells(file: &InputFile) -> Result<Vec<EstimateRow>, Error> {
    let name = file.file_name();
    let bytes = file.csv()?;
    let mut faults = Vec::new();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_ref());
    let header = reader.headers().cloned().unwrap_or_default();
    let column = |wanted: &str| {
        header
            .iter()
            .position(|found| found.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(wanted))
    };
    let places = ["region", "scenario", "plan"].map(column);
    for (wanted, place) in ["region", "scenario", "plan"].iter().zip(places) {
        if place.is_none() {
            faults.push(Fault::error(&name, "header", format!("a column {wanted}")));
        }
    }
    let has_columns = faults.is_empty();
    let at = |line: usize| format!("line {}", line + 2);
    let simulation = column("simulation");
    let mut rows: Vec<EstimateRow> = Vec::new();
    for (line, record) in reader.records().enumerate() {
        let Ok(record) = record else {
            faults.push(Fault::error(&name, at(line), "cells parted by commas, in UTF-8"));
            continue;
        };
        let cell = |place: Option<usize>| {
            place.and_then(|place| record.get(place)).unwrap_or_default().trim().to_owned()
        };
        let [region, scenario, plan] = places.map(cell);
        let row = EstimateRow { region, scenario, plan, simulation: cell(simulation) };
        for (field, value) in [("region", &row.region), ("scenario", &row.scenario)] {
            if value.is_empty() && has_columns {
                faults.push(Fault::error(&name, at(line), "a name").field(field, value));
            }
        }
        if rows.iter().any(|other| other.region == row.region && other.scenario == row.scenario)
            && has_columns
        {
            let expected = format!("region '{}' with each scenario once", row.region);
            faults.push(Fault::error(&name, at(line), expected).field("scenario", &row.scenario));
        }
        rows.push(row);
    }
    if rows.is_empty() && faults.is_empty() {
        faults.push(Fault::error(&name, "", "one row at least"));
    }
    if faults.is_empty() {
        Ok(rows)
    } else {
        Err(Error::Invalid { of: file.name.clone(), faults: Faults(faults) })
    }
}

/// The places of names in the order in which they come first.
fn order<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in names {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    all
}

/// Cells that cannot be.
fn checked(cells: &[EstimateCell], plans: usize) -> Result<(), Error> {
    let refused = |why: &str| Err(Error::Request(format!("report of kind ete: {why}")));
    if cells.is_empty() {
        return refused(
            "each plan needs its region and scenario: --cell REGION:SCENARIO=PLAN, or --cells TABLE.csv",
        );
    }
    for (place, cell) in cells.iter().enumerate() {
        if cell.region.trim().is_empty() || cell.scenario.trim().is_empty() {
            return refused("a cell has no region or no scenario");
        }
        if cell.plan.is_some_and(|plan| plan >= plans) {
            return refused("a cell names a plan that is not given");
        }
        let same = |other: &EstimateCell| other.region == cell.region && other.scenario == cell.scenario;
        if cells[..place].iter().any(same) {
            return refused(&format!("{} / {} comes twice", cell.region, cell.scenario));
        }
    }
    if (0..plans).any(|plan| cells.iter().filter(|cell| cell.plan == Some(plan)).count() != 1) {
        return refused("each plan given belongs to one cell");
    }
    Ok(())
}

pub(super) fn ete_report(
    session: &Session,
    plans: &[&dyn Store],
    request: &ReportRequest,
) -> Result<ReportAnswer, Error> {
    checked(&request.cells, plans.len())?;
    let named = ReportRequest { names: names(&request.cells, plans.len()), ..request.clone() };
    let given = GivenPlans::read(session, plans, &named)?;
    let mut form_plans = given.form_plans(&ReportRequest { simulation: None, ..named })?;
    let mut cells_of: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for cell in &request.cells {
        let Some(plan) = cell.plan else { continue };
        cells_of.insert((&cell.region, &cell.scenario), plan);
        if let Some(file) = &cell.simulation {
            let times = simulated(file, &given.sources[plan].source.summary)?;
            form_plans[plan].simulated_s = Some([times.t90_s, times.t100_s]);
        }
    }
    let regions = order(request.cells.iter().map(|cell| &cell.region));
    let scenarios = order(request.cells.iter().map(|cell| &cell.scenario));
    let cells = regions
        .iter()
        .map(|region| {
            scenarios.iter().map(|one| cells_of.get(&(region.as_str(), one.as_str())).copied()).collect()
        })
        .collect();
    let estimates = form_plans
        .into_iter()
        .zip(&given.sources)
        .map(|(plan, read)| EtePlan {
            plan,
            groups: groups(read),
            stages: stages(&read.source.scenario),
            curves: curves(&read.source.scenario),
        })
        .collect();
    let digests = given.plan_digests();
    let scenario_digest = given.sources.first().map_or("", |read| read.source.plan.scenario.as_str());
    let origin = ReportOrigin { date: &request.date, plan_digest: &digests, scenario_digest };
    let facts = EteFacts { regions, scenarios, cells, plans: estimates, origin };
    let missing = facts.cells.iter().flatten().filter(|cell| cell.is_none()).count();
    let mut words = vec![format!(
        "Evacuation time estimates of {} by {}; cells without a plan: {missing}.",
        clearway_model::counted(length(facts.regions.len()), "region", "regions"),
        clearway_model::counted(length(facts.scenarios.len()), "scenario", "scenarios")
    )];
    words.extend(standing_sentences(given.context()).into_iter().map(str::to_owned));
    let files = vec![
        ("index.html".to_owned(), ete_report_page(&facts, request.language)?),
        ("estimates.csv".to_owned(), estimates_csv(&facts)),
        ("vehicles.csv".to_owned(), vehicles_csv(&facts)),
    ];
    Ok(ReportAnswer { disclosure: Disclosure::Full, files, words })
}

/// What each plan is called: its region and scenario.
fn names(cells: &[EstimateCell], plans: usize) -> Vec<String> {
    let of = |plan| cells.iter().find(|cell| cell.plan == Some(plan));
    (0..plans)
        .map(|plan| of(plan).map_or(String::new(), |cell| format!("{} / {}", cell.region, cell.scenario)))
        .collect()
}

/// People and vehicles by mobilization curve.
fn groups(read: &ReportSource) -> Vec<EteGroup> {
    let scenario = &read.source.scenario;
    let mut groups: BTreeMap<&str, EteGroup> = BTreeMap::new();
    let mut curve_of: BTreeMap<&str, &str> = BTreeMap::new();
    for (row, zone) in scenario.zones.iter().zip(read.zones()) {
        let curve = row.mobilization_id.as_str();
        curve_of.insert(&row.zone_id, curve);
        let group = groups.entry(curve).or_default();
        curve.clone_into(&mut group.mobilization_id);
        group.people += zone.people;
        group.staying += zone.staying;
    }
    for (order, vehicles) in read.source.plan.orders.iter().zip(&read.figures.order_vehicles) {
        if let Some(group) = curve_of.get(order.zone_id.as_str()).and_then(|curve| groups.get_mut(curve)) {
            group.vehicles += vehicles;
        }
    }
    groups.into_values().collect()
}

/// Times of a stage that are listed; more of a window that comes again and again are not.
const OCCURRENCES: usize = 12;

/// Zones that may leave in certain hours only.
fn stages(scenario: &Scenario) -> Vec<EteStage> {
    let horizon = scenario.settings.horizon_ms;
    let times = |row: &WindowRow| {
        let (from, until) = (row.from_ms, row.until_ms);
        let Some(every) = row.repeat_every_ms.filter(|every| *every > 0) else { return vec![(from, until)] };
        let stop = row.repeat_until_ms.unwrap_or(horizon).min(horizon);
        let by = (0..).map(|number| number * every).take_while(|by| from + by < stop).take(OCCURRENCES);
        by.map(|by| (from + by, until.map(|until| until + by))).collect()
    };
    let hours = |zone: &str| {
        let rows =
            scenario.windows.iter().filter(|row| row.target == WindowTarget::Zone && row.target_id == zone);
        rows.flat_map(times).collect::<Vec<_>>()
    };
    let zones = scenario.zones.iter().map(|zone| EteStage {
        zone_id: zone.zone_id.clone(),
        name: zone.name.clone(),
        hours: hours(&zone.zone_id),
    });
    zones.filter(|stage| !stage.hours.is_empty()).collect()
}

/// Mobilization curves that zones use, by id.
fn curves(scenario: &Scenario) -> Vec<(String, Vec<(i64, f64)>)> {
    let mut curves: BTreeMap<&str, Vec<(i64, f64)>> = BTreeMap::new();
    for zone in scenario.zones.iter().filter(|zone| zone.people > 0) {
        curves.entry(&zone.mobilization_id).or_default();
    }
    for (id, points) in &mut curves {
        let rows = scenario.releases.iter().filter(|row| row.mobilization_id == *id);
        points.extend(rows.map(|row| (row.time_ms, row.share)));
        if id.is_empty() {
            points.push((0, 1.0));
        }
    }
    curves.into_iter().map(|(id, points)| (id.to_owned(), points)).collect()
}

fn cell(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// One row per cell, missing ones too.
fn estimates_csv(facts: &EteFacts<'_>) -> Vec<u8> {
    let header = [
        "region",
        "scenario",
        "is_missing",
        "staged",
        "people",
        "evacuees",
        "arrived",
        "vehicles",
        "t90_s",
        "t90_bound_s",
        "clearance_s",
        "clearance_bound_s",
        "simulated_t90_s",
        "simulated_clearance_s",
        "plan_digest",
        "scenario_digest",
    ];
    let mut rows = Vec::new();
    for (region, plans) in facts.regions.iter().zip(&facts.cells) {
        for (scenario, number) in facts.scenarios.iter().zip(plans) {
            let mut row = vec![region.clone(), scenario.clone(), u8::from(number.is_none()).to_string()];
            match number.and_then(|number| facts.plans.get(number)) {
                Some(one) => row.extend(estimate(one)),
                None => row.resize(header.len(), String::new()),
            }
            rows.push(row);
        }
    }
    csv_for_spreadsheets(&header, rows)
}

fn estimate(one: &EtePlan<'_>) -> Vec<String> {
    let (plan, summary) = (&one.plan, one.plan.summary);
    let [simulated_t90, simulated_t100] = plan.simulated_s.unwrap_or_default();
    vec![
        u8::from(!one.stages.is_empty()).to_string(),
        summary.people.total.to_string(),
        plan.evacuees().to_string(),
        summary.people.arrived.to_string(),
        plan.vehicles.map(|vehicles| vehicles.to_string()).unwrap_or_default(),
        cell(summary.t90_s.plan),
        cell(summary.t90_s.bound),
        cell(summary.clearance_s.plan),
        cell(summary.clearance_s.bound),
        cell(simulated_t90),
        cell(simulated_t100),
        plan.plan_digest.to_owned(),
        summary.scenario.clone(),
    ]
}

/// One row per cell and population group.
fn vehicles_csv(facts: &EteFacts<'_>) -> Vec<u8> {
    let header = ["region", "scenario", "mobilization_id", "people", "staying", "vehicles"];
    let mut rows = Vec::new();
    for (region, scenario, number) in facts.filled() {
        let names = facts.regions.get(region).zip(facts.scenarios.get(scenario));
        let Some(((region, scenario), one)) = names.zip(facts.plans.get(number)) else { continue };
        for group in &one.groups {
            let vehicles = one.plan.vehicles.map(|_| group.vehicles.to_string()).unwrap_or_default();
            rows.push(vec![
                region.clone(),
                scenario.clone(),
                group.mobilization_id.clone(),
                group.people.to_string(),
                group.staying.to_string(),
                vehicles,
            ]);
        }
    }
    csv_for_spreadsheets(&header, rows)
}
