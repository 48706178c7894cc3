//! The matrices: regions by scenarios, hours and minutes.

use super::{EtePlan, EteWriter};
use crate::ReportError;
use crate::clock::TimeRounding;
use crate::reports::form::{FormSection, FormTable};
use crate::reports::frame::Html;
use clearway_model::Summary;
use clearway_model::time::seconds;

/// Which figure a matrix shows.
#[derive(Debug, Clone, Copy)]
struct MatrixFigure {
    /// Key of its texts.
    name: &'static str,
    /// Key of `summary.json`.
    key: &'static str,
    of: fn(&Summary) -> Option<f64>,
    rounding: TimeRounding,
}

const PLAN_90: MatrixFigure =
    MatrixFigure { name: "plan90", key: "t90_s.plan", of: |s| s.t90_s.plan, rounding: TimeRounding::Up };
const PLAN_100: MatrixFigure = MatrixFigure {
    name: "plan100",
    key: "clearance_s.plan",
    of: |s| s.clearance_s.plan,
    rounding: TimeRounding::Up,
};
const BOUND_90: MatrixFigure =
    MatrixFigure { name: "bound90", key: "t90_s.bound", of: |s| s.t90_s.bound, rounding: TimeRounding::Down };
const BOUND_100: MatrixFigure = MatrixFigure {
    name: "bound100",
    key: "clearance_s.bound",
    of: |s| s.clearance_s.bound,
    rounding: TimeRounding::Down,
};

impl EteWriter<'_> {
    /// Columns of a matrix: the region, then the scenarios.
    fn columns(&self) -> Result<Vec<(Html, bool)>, ReportError> {
        let mut columns = vec![(self.form.text("matrix.region")?, false)];
        columns.extend(self.facts.scenarios.iter().map(|scenario| (Html::name(scenario), true)));
        Ok(columns)
    }

    /// A matrix of cells; those without a plan are marked as missing, those of `is_shown` not in it stay empty.
    fn matrix(
        &self,
        is_shown: impl Fn(&EtePlan<'_>) -> bool,
        cell: impl Fn(usize, &EtePlan<'_>) -> Result<Html, ReportError>,
    ) -> Result<FormTable, ReportError> {
        let mut rows = Vec::new();
        for (region, plans) in self.facts.regions.iter().zip(&self.facts.cells) {
            let mut row = vec![Html::name(region)];
            for number in plans {
                row.push(match number.and_then(|number| Some((number, self.facts.plans.get(number)?))) {
                    None => self.missing()?,
                    Some((_, plan)) if !is_shown(plan) => Html::text("-"),
                    Some((number, plan)) => cell(number, plan)?,
                });
            }
            rows.push(row);
        }
        Ok(FormTable { columns: self.columns()?, rows, left_out: Html::default() })
    }

    fn missing(&self) -> Result<Html, ReportError> {
        let text = self.form.text("matrix.missing")?;
        Ok(Html::raw(format!("<span class=\"open\">{}</span>", text.as_str())))
    }

    fn times(
        &self,
        figure: MatrixFigure,
        is_shown: impl Fn(&EtePlan<'_>) -> bool,
    ) -> Result<FormTable, ReportError> {
        self.matrix(is_shown, |number, plan| {
            let key = format!("plan-{}.{}", number + 1, figure.key);
            self.form.marked_hours(&key, (figure.of)(plan.plan.summary), figure.rounding)
        })
    }

    fn titled(&self, name: &str, table: FormTable) -> Result<(Html, FormTable), ReportError> {
        Ok((self.form.text(&format!("matrix.{name}"))?, table))
    }

    /// 90 and 100 % of the plans that are not staged.
    pub(super) fn estimates(&self) -> Result<FormSection, ReportError> {
        let mut section = self.form.section("estimates")?;
        let missing = self.facts.cells.iter().flatten().filter(|cell| cell.is_none()).count();
        if missing > 0 {
            let count = self.form.count(clearway_model::number::length(missing));
            section.notes.push(self.form.filled("estimates.missing", &[("cells", count)])?);
        }
        for figure in [PLAN_90, PLAN_100] {
            let table = self.times(figure, |plan| plan.stages.is_empty())?;
            section.tables.push(self.titled(figure.name, table)?);
        }
        Ok(section)
    }

    /// The same of staged plans, with their stages; nothing where none is staged.
    pub(super) fn staged(&self) -> Result<Option<FormSection>, ReportError> {
        let form = &self.form;
        if self.facts.plans.iter().all(|plan| plan.stages.is_empty()) {
            return Ok(None);
        }
        let mut section = form.section("staged")?;
        for figure in [PLAN_90, PLAN_100] {
            let table = self.times(figure, |plan| !plan.stages.is_empty())?;
            section.tables.push(self.titled(figure.name, table)?);
        }
        let mut rows = Vec::new();
        for (region, scenario, number) in self.facts.filled() {
            let Some((plan, own)) = self.facts.plans.get(number).zip(self.forms.get(number)) else {
                continue;
            };
            for stage in &plan.stages {
                let mut hours = Vec::new();
                for &(from, until) in &stage.hours {
                    hours.push(match until {
                        Some(until) => own.local.interval(seconds(from), seconds(until))?,
                        None => {
                            let from = own.short(Some(seconds(from)), TimeRounding::Down)?;
                            form.filled("staged.from", &[("from", from)])?.into_string()
                        }
                    });
                }
                let name = if stage.name.is_empty() { &stage.zone_id } else { &stage.name };
                rows.push(vec![
                    Html::name(self.facts.regions.get(region).map_or("", String::as_str)),
                    Html::name(self.facts.scenarios.get(scenario).map_or("", String::as_str)),
                    Html::name(name),
                    Html::raw(hours.join("; ")),
                ]);
            }
        }
        let columns = [("region", false), ("scenario", false), ("zone", false), ("hours", false)];
        section.tables.push((form.text("staged.stages")?, form.table("staged", &columns, rows)?));
        Ok(Some(section))
    }

    /// What no plan beats, and what a simulation says, in the same layout.
    pub(super) fn behind(&self) -> Result<FormSection, ReportError> {
        let mut section = self.form.section("behind")?;
        for figure in [BOUND_90, BOUND_100] {
            section.tables.push(self.titled(figure.name, self.times(figure, |_| true)?)?);
        }
        if self.facts.plans.iter().all(|plan| plan.plan.simulated_s.is_none()) {
            section.notes.push(self.form.text("behind.not_simulated")?);
            return Ok(section);
        }
        for (at, name) in [(0, "simulated90"), (1, "simulated100")] {
            let table = self.matrix(
                |_| true,
                |_, plan| match plan.plan.simulated_s {
                    Some(times) => self.form.hours(times[at], TimeRounding::Up),
                    None => self.form.text(".not_simulated"),
                },
            )?;
            section.tables.push(self.titled(name, table)?);
        }
        Ok(section)
    }
}
