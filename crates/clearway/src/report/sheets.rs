//! Sheets of a plan: pages to hand out.

use super::source::{ReportSource, verified};
use super::{ReportAnswer, ReportRequest};
use crate::error::Error;
use crate::session::Session;
use clearway_artifacts::Disclosure;
use clearway_formats::{part_folders, read_scenario_with_groups, read_table};
use clearway_model::{Faults, Means, Scenario, Store, SubStore, TripRow, counted, file_digest};
use clearway_report::reports::{
    CarriedSheetFacts, ReportOrigin, SheetFacts, SheetPage, VehicleSheetFacts, carried_sheets, sheet_index,
    sheet_pages, vehicle_sheets,
};
use clearway_report::standing_sentences;

pub(super) fn sheets(
    session: &Session,
    plans: &[&dyn Store],
    request: &ReportRequest,
) -> Result<ReportAnswer, Error> {
    let [plan] = plans else {
        return Err(Error::Request(format!("sheets are of one plan folder, and {} are given", plans.len())));
    };
    let plan = *plan;
    if request.simulation.is_some() {
        return Err(Error::Request(
            "sheets show the plan as ordered; a simulation goes with a report of kind plan".to_owned(),
        ));
    }
    let is_multimodal = plan.read("multimodal.json").is_ok_and(|found| found.is_some());
    let made = if is_multimodal {
        verified(session, plan)?;
        multimodal(plan, request)?
    } else {
        let read = ReportSource::read(session, plan)?;
        let disclosure = request.disclosure(read.source.scenario.settings.context);
        let pages = part(&read, request, disclosure, None)?;
        let scenario_digest = read.source.plan.scenario.clone();
        MadeSheets { scenario: read.source.scenario, plan_digest: read.plan_digest, scenario_digest, pages }
    };
    answer(made, request)
}

/// Pages with their paths, and what they are of.
struct MadeSheets {
    scenario: Scenario,
    plan_digest: String,
    scenario_digest: String,
    pages: Vec<(String, SheetPage)>,
}

fn answer(made: MadeSheets, request: &ReportRequest) -> Result<ReportAnswer, Error> {
    let context = made.scenario.settings.context;
    let disclosure = request.disclosure(context);
    let origin = ReportOrigin {
        date: &request.date,
        plan_digest: &made.plan_digest,
        scenario_digest: &made.scenario_digest,
    };
    let is_redacted = disclosure == Disclosure::Redacted;
    let index = sheet_index(&made.scenario, &origin, &made.pages, is_redacted, request.language)?;
    let mut words: Vec<String> = made
        .pages
        .iter()
        .map(|(path, page)| {
            format!("{path}: {}", counted(clearway_model::number::length(page.sheets), "sheet", "sheets"))
        })
        .collect();
    words.push("Drafts: none counts before the authority named on it has issued it.".to_owned());
    words.push(super::disclosure_words(
        disclosure,
        "each sheet names its zone, but no destination, way or hour, and has no map",
    ));
    words.extend(standing_sentences(context).into_iter().map(str::to_owned));
    let mut files = vec![("index.html".to_owned(), index)];
    files.extend(made.pages.into_iter().map(|(path, page)| (path, page.bytes)));
    Ok(ReportAnswer { disclosure, files, words })
}

/// The sheets of a plan of one class of road users; `folder`: of a part of a multimodal plan, named after its means.
fn part(
    read: &ReportSource,
    request: &ReportRequest,
    disclosure: Disclosure,
    folder: Option<&str>,
) -> Result<Vec<(String, SheetPage)>, Error> {
    let (source, figures) = (&read.source, &read.figures);
    let hours_of =
        |row: usize| Some((source.scenario.links[row].link_id.clone(), figures.links[row].as_ref()?));
    let facts = SheetFacts {
        scenario: &source.scenario,
        shapes: &source.map,
        plan: &source.plan,
        sites: read.sites(),
        roads: read.roads(),
        order_arrivals_s: all_there(read),
        site_hours: figures.admissions.iter().map(|used| used.by_hour.clone()).collect(),
        road_hours: (0..figures.links.len())
            .filter_map(hours_of)
            .filter(|(_, used)| used.people > 0)
            .map(|(id, used)| (id, used.by_hour.clone()))
            .collect(),
        means: folder.and_then(Means::of_word),
        contact: &request.contact,
        origin: ReportOrigin {
            date: &request.date,
            plan_digest: &read.plan_digest,
            scenario_digest: &source.plan.scenario,
        },
        is_redacted: disclosure == Disclosure::Redacted,
    };
    let pages = sheet_pages(&facts, request.language)?;
    let path = |file: &str| folder.map_or_else(|| file.to_owned(), |folder| format!("{folder}/{file}"));
    Ok(pages.into_iter().map(|page| (path(page.file), page)).collect())
}

/// Per order, when all of it have arrived, s; `None` where some of it do not.
fn all_there(read: &ReportSource) -> Vec<Option<f64>> {
    let orders = read.source.plan.orders.iter().zip(&read.figures.orders);
    orders
        .map(|(order, arrivals)| arrivals.last_ms.filter(|_| arrivals.people >= order.people))
        .map(|last| last.map(clearway_model::time::seconds))
        .collect()
}

/// The sheets of the parts of a multimodal plan, and of its fleet.
fn multimodal(plan: &dyn Store, request: &ReportRequest) -> Result<MadeSheets, Error> {
    let invalid = |faults| Error::Invalid { of: plan.label(), faults };
    let (scenario, _) = read_scenario_with_groups(&SubStore::new(plan, "scenario")).map_err(invalid)?;
    let disclosure = request.disclosure(scenario.settings.context);
    let table = |name: &str| plan.read(name).map_err(|source| Error::Read { path: name.into(), source });
    let figures = table("multimodal.json")?.unwrap_or_default();
    let summary: clearway_model::MultimodalSummary = serde_json::from_slice(&figures)
        .map_err(|error| Error::Request(format!("{}: multimodal.json: {error}", plan.label())))?;
    let mut pages = Vec::new();
    for name in part_folders(plan) {
        let read = ReportSource::of_verified(&SubStore::new(plan, &name))?;
        pages.extend(part(&read, request, disclosure, Some(&name))?);
    }
    let plan_digest = format!("sha256:{}", file_digest(&figures));
    let (trips, faults) = match table("fleet/trips.csv")? {
        Some(bytes) => read_table::<TripRow>("fleet/trips.csv", &bytes),
        None => (Vec::new(), Faults::default()),
    };
    if faults.has_errors() {
        return Err(invalid(faults));
    }
    let origin =
        ReportOrigin { date: &request.date, plan_digest: &plan_digest, scenario_digest: &summary.scenario };
    let is_redacted = disclosure == Disclosure::Redacted;
    let carried = CarriedSheetFacts {
        scenario: &scenario,
        trips: &trips,
        contact: &request.contact,
        origin,
        is_redacted,
    };
    let carried = carried_sheets(&carried, request.language)?;
    if carried.sheets > 0 {
        pages.push((format!("fleet/{}", carried.file), carried));
    }
    if !is_redacted {
        let facts = VehicleSheetFacts { scenario: &scenario, trips: &trips, origin };
        let page = vehicle_sheets(&facts, request.language)?;
        if page.sheets > 0 {
            pages.push((page.file.to_owned(), page));
        }
    }
    Ok(MadeSheets { scenario, plan_digest, scenario_digest: summary.scenario, pages })
}
