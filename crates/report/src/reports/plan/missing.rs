//! What the scenario lacks: figures without a source, assumed ones, and what this report did not look at.

use super::Writer;
use crate::ReportError;
use crate::reports::frame::Html;
use crate::reports::local::LocalFormat;
use crate::reports::messages::Messages;
use crate::sources::figures_without;
use clearway_model::number::length;
use clearway_model::{Scenario, SourceStatus};

/// What is looked at to say what is missing.
pub(in crate::reports) struct MissingFacts<'a> {
    pub messages: &'a Messages,
    pub local: &'a LocalFormat<'a>,
    pub scenario: &'a Scenario,
    /// Assumptions that could change the answer.
    pub assumptions: usize,
    /// People entered as staying.
    pub staying: i64,
    /// Whether people are told apart by how they can leave.
    pub has_groups: bool,
    pub is_redacted: bool,
}

impl Writer<'_> {
    pub(super) fn missing(&self) -> Result<Vec<Html>, ReportError> {
        let facts = MissingFacts {
            messages: self.messages,
            local: self.local,
            scenario: self.facts.scenario,
            assumptions: self.facts.summary.assumptions.len(),
            staying: self.facts.summary.people.staying,
            has_groups: false,
            is_redacted: self.facts.is_redacted,
        };
        facts.lines()
    }
}

impl MissingFacts<'_> {
    /// One line each.
    pub fn lines(&self) -> Result<Vec<Html>, ReportError> {
        let scenario = self.scenario;
        let mut list = Vec::new();
        let without = figures_without(scenario);
        if !without.is_empty() {
            let names: Vec<String> = without
                .iter()
                .map(|(table, field, missing, all)| {
                    let count =
                        format!("{}/{}", self.local.count(length(*missing)), self.local.count(length(*all)));
                    format!("{} ({count})", Html::code(&format!("{table}.{field}")).as_str())
                })
                .collect();
            let names = Html::raw(names.join(", "));
            list.push(self.messages.html("plan.missing.sources", &[("figures", names)])?);
        }
        for (status, key) in
            [(SourceStatus::Assumed, "plan.missing.assumed"), (SourceStatus::Default, "plan.missing.default")]
        {
            let rows = scenario.sources.iter().filter(|row| row.status == status).count();
            if rows > 0 {
                let rows = Html::text(self.local.count(length(rows)));
                list.push(self.messages.html(key, &[("rows", rows)])?);
            }
        }
        if self.assumptions > 0 {
            let count = Html::text(self.local.count(length(self.assumptions)));
            let left_out = if self.is_redacted { "_left_out" } else { "" };
            list.push(
                self.messages.html(&format!("plan.missing.assumptions{left_out}"), &[("count", count)])?,
            );
        }
        if self.staying == 0 {
            list.push(self.messages.html("plan.missing.stayers", &[])?);
        }
        if !self.has_groups {
            list.push(self.messages.html("plan.missing.groups", &[])?);
        }
        list.push(self.messages.html("plan.missing.supplies", &[("command", Html::code("clearway needs"))])?);
        let is_unlimited = |site: &clearway_model::SiteRow| site.capacity_people.is_none();
        let unlimited = scenario.sites.iter().filter(|site| is_unlimited(site)).count();
        if unlimited > 0 {
            let values = [
                ("sites", Html::text(self.local.count(length(unlimited)))),
                ("all", Html::text(self.local.count(length(scenario.sites.len())))),
            ];
            list.push(self.messages.html("plan.missing.capacity", &values)?);
        }
        Ok(list)
    }
}
