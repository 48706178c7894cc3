//! What the scenario lacks: figures without a source, assumed ones, and what this report did not look at.

use super::Writer;
use crate::ReportError;
use crate::reports::frame::Html;
use crate::sources::figures_without;
use clearway_model::SourceStatus;
use clearway_model::number::length;

impl Writer<'_> {
    pub(super) fn missing(&self) -> Result<Vec<Html>, ReportError> {
        let scenario = self.facts.scenario;
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
        let assumptions = self.facts.summary.assumptions.len();
        if assumptions > 0 {
            let count = Html::text(self.local.count(length(assumptions)));
            let left_out = if self.facts.is_redacted { "_left_out" } else { "" };
            list.push(
                self.messages.html(&format!("plan.missing.assumptions{left_out}"), &[("count", count)])?,
            );
        }
        if self.facts.summary.people.staying == 0 {
            list.push(self.messages.html("plan.missing.stayers", &[])?);
        }
        list.push(self.messages.html("plan.missing.groups", &[])?);
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
