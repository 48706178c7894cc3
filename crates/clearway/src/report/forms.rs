//! What reports on several plans share: the plans, their names, how their scenarios differ.

use super::ReportRequest;
use super::plan::simulated;
use super::source::ReportSource;
use crate::error::Error;
use crate::session::Session;
use clearway_artifacts::Disclosure;
use clearway_model::{Context, Store};
use clearway_report::reports::FormPlan;
use std::collections::BTreeSet;

/// More digests than this are in the table of plans alone.
const DIGESTS: usize = 3;

/// Verified plans of a report, with their names.
pub(super) struct GivenPlans {
    pub sources: Vec<ReportSource>,
    pub names: Vec<String>,
}

impl GivenPlans {
    /// Reads plan folders. Without names they are called as their scenarios are, and with a number where these are the same.
    pub fn read(session: &Session, plans: &[&dyn Store], request: &ReportRequest) -> Result<Self, Error> {
        if plans.is_empty() {
            return Err(Error::Request("a report is of one plan folder at least".to_owned()));
        }
        if !request.names.is_empty() && request.names.len() != plans.len() {
            return Err(Error::Request(format!(
                "as many names as plans are expected: {} names and {} plans are given",
                request.names.len(),
                plans.len()
            )));
        }
        let mut sources = Vec::new();
        for plan in plans {
            let read = ReportSource::read(session, *plan)?;
            let context = read.source.scenario.settings.context;
            if request.disclosure(context) == Disclosure::Redacted {
                return Err(Error::Request(format!(
                    "{} is of an armed conflict, and this kind of report is made of exact places, roads and times: --full (\"full\": true) \
                     writes it all the same, --kind plan has a redacted form",
                    plan.label()
                )));
            }
            sources.push(read);
        }
        let mut names: Vec<String> = if request.names.is_empty() {
            sources.iter().map(|read| read.source.scenario.settings.name.trim().to_owned()).collect()
        } else {
            request.names.iter().map(|name| name.trim().to_owned()).collect()
        };
        let told_apart: BTreeSet<&String> = names.iter().collect();
        if told_apart.len() < names.len() || names.iter().any(String::is_empty) {
            for (number, name) in names.iter_mut().enumerate() {
                *name = format!("{}. {name}", number + 1).trim_end_matches(". ").to_owned();
            }
        }
        Ok(Self { sources, names })
    }

    /// The context that decides which sentences a page carries: an armed conflict, if any plan is of one.
    pub fn context(&self) -> Context {
        let of = |read: &ReportSource| read.source.scenario.settings.context;
        match self.sources.iter().map(of).find(|context| *context == Context::ArmedConflict) {
            Some(conflict) => conflict,
            None => self.sources.first().map_or(Context::Other, of),
        }
    }

    /// Digests of the plans, for the foot of the page.
    pub fn plan_digests(&self) -> String {
        let digests: Vec<&str> =
            self.sources.iter().take(DIGESTS).map(|read| read.plan_digest.as_str()).collect();
        let more = if self.sources.len() > DIGESTS { ", .." } else { "" };
        format!("{}{more}", digests.join(", "))
    }

    /// The plans as reports show them; the simulation of the request is of the first.
    pub fn form_plans(&self, request: &ReportRequest) -> Result<Vec<FormPlan<'_>>, Error> {
        let mut plans = Vec::new();
        for (place, (read, name)) in self.sources.iter().zip(&self.names).enumerate() {
            let simulation = request.simulation.as_ref().filter(|_| place == 0);
            let times = simulation.map(|file| simulated(file, &read.source.summary)).transpose()?;
            plans.push(FormPlan {
                name: name.clone(),
                scenario: &read.source.scenario,
                summary: &read.source.summary,
                curve: &read.source.curve,
                bottlenecks: &read.source.bottlenecks,
                plan_digest: &read.plan_digest,
                zones: read.zones(),
                sites: read.sites(),
                vehicles: read.figures.is_by_vehicle.then(|| read.figures.vehicles()),
                simulated_s: times.map(|times| [times.t90_s, times.t100_s]),
                differs_in: self
                    .sources
                    .first()
                    .map(|first| crate::compare::differences(&first.source.scenario, &read.source.scenario))
                    .unwrap_or_default(),
            });
        }
        Ok(plans)
    }
}
