//! Sections that forms share: assumptions with their sources, and the plans that a report is made from.

use super::form::{FormSection, FormWriter};
use super::form_plan::FormPlan;
use super::frame::Html;
use crate::ReportError;
use crate::lookup::RowLookup;
use clearway_model::{Bottleneck, BottleneckKind, ConnectorPlace, Scenario, Summary};

/// Rows of sources on the page.
const SOURCES: usize = 60;

impl FormWriter<'_> {
    /// What sets a bound, by the name that people know it by and by its id.
    pub fn binding_place(&self, one: &Bottleneck, lookup: &RowLookup<'_>) -> Result<Html, ReportError> {
        let own = one.name.trim();
        let id = Html::name(&one.id);
        match one.element {
            BottleneckKind::Link => {
                let road = match own {
                    "" => self.messages.html("plan.place.unnamed", &[])?,
                    name => Html::name(name),
                };
                self.messages.html("plan.place.road", &[("road", road), ("id", id)])
            }
            BottleneckKind::Site => {
                let site = if own.is_empty() { lookup.site_name(&one.id) } else { own };
                self.messages.html("plan.place.site", &[("site", Html::name(site))])
            }
            BottleneckKind::Connector => match lookup.connectors.get(one.id.as_str()) {
                Some(row) if row.place == ConnectorPlace::Site => {
                    let site = Html::name(lookup.site_name(&row.place_id));
                    self.messages.html("plan.place.way_into", &[("site", site), ("id", id)])
                }
                Some(row) => {
                    let zone = Html::name(lookup.zone_name(&row.place_id));
                    self.messages.html("plan.place.way_out", &[("zone", zone), ("id", id)])
                }
                None => Ok(id),
            },
        }
    }

    /// What was assumed, and where figures come from, with the dates of the data.
    pub fn assumptions(&self, scenario: &Scenario, summary: &Summary) -> Result<FormSection, ReportError> {
        let mut section = FormSection {
            title: self.text(".assumptions.title")?,
            notes: vec![self.text(".assumptions.note")?],
            list: summary.assumptions.iter().map(|row| Html::name(crate::assumption_words(row))).collect(),
            ..FormSection::default()
        };
        let table = crate::sources::table(scenario);
        let mut rows = Vec::new();
        for line in table.rows.iter().take(SOURCES) {
            let as_of = if line.as_of.is_empty() { self.open()? } else { Html::name(&line.as_of) };
            rows.push(vec![
                Html::name(&line.figure),
                self.text(&format!(".assumptions.{}", line.status))?,
                Html::name(&line.source),
                as_of,
            ]);
        }
        if rows.is_empty() {
            section.notes.push(self.text(".assumptions.none")?);
            return Ok(section);
        }
        let columns = [
            (".assumptions.figure", false),
            (".assumptions.status", false),
            (".assumptions.source", false),
            (".assumptions.as_of", false),
        ];
        let mut sources = self.table("", &columns, rows)?;
        sources.left_out = self.left_out(table.rows.len(), SOURCES, "scenario/sources.csv")?;
        section.tables.push((Html::default(), sources));
        Ok(section)
    }

    /// Which plans and scenarios the figures are of, by digest.
    pub fn plans(&self, plans: &[FormPlan<'_>]) -> Result<FormSection, ReportError> {
        let row = |plan: &FormPlan<'_>| {
            vec![Html::name(&plan.name), Html::code(plan.plan_digest), Html::code(&plan.summary.scenario)]
        };
        let columns = [(".plan", false), (".plan_digest", false), (".scenario_digest", false)];
        let table = self.table("", &columns, plans.iter().map(row).collect())?;
        Ok(FormSection {
            title: self.text(".plans.title")?,
            notes: vec![self.filled(".plans.note", &[("command", Html::code("clearway verify PLAN"))])?],
            tables: vec![(Html::default(), table)],
            ..FormSection::default()
        })
    }
}
