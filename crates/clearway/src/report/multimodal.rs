//! The report of one plan in which people leave by several means.

use super::parts::PlanWithParts;
use super::plan::{REDACTED, plan_facts, simulated_times};
use super::{ReportAnswer, ReportRequest};
use crate::error::Error;
use crate::session::Session;
use clearway_artifacts::Disclosure;
use clearway_model::{Store, grouped, people};
use clearway_report::reports::{MultimodalPart, MultimodalReportFacts, ReportOrigin, multimodal_report_page};
use clearway_report::standing_sentences;

pub(super) fn multimodal_report(
    session: &Session,
    plan: &dyn Store,
    request: &ReportRequest,
) -> Result<ReportAnswer, Error> {
    let read = PlanWithParts::read(session, plan)?;
    let Some(summary) = &read.multimodal else {
        return Err(Error::Internal("a multimodal plan without its figures".to_owned()));
    };
    let disclosure = request.disclosure(read.scenario.settings.context);
    let is_redacted = disclosure == Disclosure::Redacted;
    // when 90 % of all means together have arrived is in no file of the plan
    let own = (None, summary.clearance_s.plan);
    let simulation = match &request.simulation {
        Some(file) => Some(simulated_times(file, &summary.scenario, own, "multimodal.json")?),
        None => None,
    };
    let parts = read.parts.iter().filter_map(|(means, part)| {
        Some(MultimodalPart { means: (*means)?, facts: plan_facts(part, &request.date, is_redacted) })
    });
    let facts = MultimodalReportFacts {
        scenario: &read.scenario,
        shapes: read.parts.first().map(|(_, part)| &part.source.map),
        summary,
        parts: parts.collect(),
        zones: read.zones(),
        sites: read.sites(),
        simulation,
        origin: ReportOrigin {
            date: &request.date,
            plan_digest: &read.digest,
            scenario_digest: &summary.scenario,
        },
        is_redacted,
    };
    let page = multimodal_report_page(&facts, request.language)?;
    let mut words = vec![format!(
        "Report of a multimodal plan: {}, of whom {} arrive.",
        people(summary.people.total),
        grouped(summary.people.arrived)
    )];
    words.push(super::disclosure_words(disclosure, REDACTED));
    words.extend(standing_sentences(read.scenario.settings.context).into_iter().map(str::to_owned));
    Ok(ReportAnswer { disclosure, files: vec![("index.html".to_owned(), page)], words })
}
