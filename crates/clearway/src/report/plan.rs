//! The report of one plan.

use super::source::ReportSource;
use super::{ReportAnswer, ReportRequest};
use crate::error::Error;
use crate::input::InputFile;
use crate::session::Session;
use clearway_artifacts::Disclosure;
use clearway_model::{Store, Summary};
use clearway_report::reports::{PlanReportFacts, ReportOrigin, SimulatedTimes, plan_report_page};
use clearway_report::standing_sentences;

/// What a report of kind plan leaves out when it is redacted, and what it does not.
pub(super) const REDACTED: &str = "no zone, destination or road, no hour of one of them, no source and no map, but exact totals of the whole plan, also of few people";

pub(super) fn plan_report(
    session: &Session,
    plans: &[&dyn Store],
    request: &ReportRequest,
) -> Result<ReportAnswer, Error> {
    let [plan] = plans else {
        return Err(Error::Request(format!(
            "a report of kind plan is of one plan folder, and {} are given; clearway compare puts several side by side",
            plans.len()
        )));
    };
    if plan.read("multimodal.json").is_ok_and(|found| found.is_some()) {
        return super::multimodal::multimodal_report(session, *plan, request);
    }
    let read = ReportSource::read(session, *plan)?;
    let source = &read.source;
    let disclosure = request.disclosure(source.scenario.settings.context);
    let simulation = match &request.simulation {
        Some(file) => Some(simulated(file, &source.summary)?),
        None => None,
    };
    let facts = PlanReportFacts {
        simulation,
        ..plan_facts(&read, &request.date, disclosure == Disclosure::Redacted)
    };
    let page = plan_report_page(&facts, request.language)?;
    let mut words = vec![format!("Report of a plan: {}.", read.in_words())];
    words.push(super::disclosure_words(disclosure, REDACTED));
    words.extend(standing_sentences(source.scenario.settings.context).into_iter().map(str::to_owned));
    Ok(ReportAnswer { disclosure, files: vec![("index.html".to_owned(), page)], words })
}

/// What a report says of a plan, without a simulation.
pub(super) fn plan_facts<'a>(
    read: &'a ReportSource,
    date: &'a str,
    is_redacted: bool,
) -> PlanReportFacts<'a> {
    let source = &read.source;
    PlanReportFacts {
        scenario: &source.scenario,
        shapes: &source.map,
        plan: &source.plan,
        summary: &source.summary,
        curve: &source.curve,
        bottlenecks: &source.bottlenecks,
        zones: read.zones(),
        sites: read.sites(),
        roads: read.roads(),
        simulation: None,
        origin: ReportOrigin { date, plan_digest: &read.plan_digest, scenario_digest: &source.plan.scenario },
        is_redacted,
    }
}

/// What `simulation.json` says, if it is of the plan.
pub(super) fn simulated(file: &InputFile, summary: &Summary) -> Result<SimulatedTimes, Error> {
    simulated_times(file, &summary.scenario, (summary.t90_s.plan, summary.clearance_s.plan), "summary.json")
}

/// The same of a plan with these times (90 %, all), which stand in the file `of`.
pub(super) fn simulated_times(
    file: &InputFile,
    scenario: &str,
    own: (Option<f64>, Option<f64>),
    of: &str,
) -> Result<SimulatedTimes, Error> {
    let refused = |why: String| Error::Request(format!("{}: {why}", file.name));
    let times: SimulatedTimes = serde_json::from_slice(file.bytes())
        .map_err(|error| refused(format!("no simulation.json as clearway simulate writes it: {error}")))?;
    if times.orders != "plan" {
        return Err(refused("it simulates no plan but people who take the shortest way at once".to_owned()));
    }
    let claimed = times.plan.map(|plan| (plan.t90_s, plan.t100_s));
    if times.scenario != scenario || claimed != Some(own) {
        return Err(refused(format!(
            "a simulation of another plan: scenario or times of the plan differ from those of {of}"
        )));
    }
    Ok(times)
}
