//! Streets that plans use: inventory, and how they do in each scenario.

use super::{Ab747Writer, StreetEnd, StreetRow, StreetUse};
use crate::ReportError;
use crate::clock::TimeRounding;
use crate::reports::form::{FormSection, FormWriter};
use crate::reports::frame::Html;
use clearway_model::number::length;

/// Rows on the page; the table beside it has all.
const ROWS: usize = 60;

impl Ab747Writer<'_> {
    fn street(&self, row: &StreetRow) -> Result<Html, ReportError> {
        if !row.street.is_empty() {
            return Ok(Html::name(&row.street));
        }
        self.form.filled("routes.unnamed", &[("class", Html::name(row.facility_type.replace('_', " ")))])
    }

    fn end(&self, end: &StreetEnd) -> Result<Html, ReportError> {
        if !end.name.is_empty() {
            return Ok(Html::name(&end.name));
        }
        self.form.filled("routes.junction", &[("id", Html::name(&end.node_id))])
    }

    /// `3`, or `2 - 3` where the street is not the same all along.
    fn range(&self, ends: Option<(f64, f64)>) -> Html {
        let number = |value: f64| self.form.local.number(value, 1);
        match ends {
            Some((low, high)) if low == high => Html::text(number(low)),
            Some((low, high)) => Html::text(format!("{} - {}", number(low), number(high))),
            None => Html::default(),
        }
    }

    fn hazards(&self, used: &StreetUse) -> Result<Html, ReportError> {
        let mut named = Vec::new();
        for (hazard, from) in &used.hazards {
            let from = self.form.short(Some(*from), TimeRounding::Down)?;
            named.push(self.form.filled("routes.hazard", &[("hazard", Html::name(hazard)), ("from", from)])?);
        }
        let named: Vec<&str> = named.iter().map(Html::as_str).collect();
        Ok(if named.is_empty() { self.form.text("routes.no_hazard")? } else { Html::raw(named.join("; ")) })
    }

    fn route(&self, place: usize, row: &StreetRow, used: &StreetUse) -> Result<Vec<Html>, ReportError> {
        let form = &self.form;
        let hours = match used.first_s.zip(used.last_s) {
            Some((first, last)) => Html::text(form.local.interval(first, last)?),
            None => Html::default(),
        };
        let (from, to) = (self.end(&row.from)?, self.end(&row.to)?);
        let mut cells = vec![
            form.count(length(place + 1)),
            self.street(row)?,
            form.filled("routes.between", &[("from", from), ("to", to)])?,
            self.range(row.lanes),
            self.range(row.speed_kmh),
            form.number(row.capacity_h, 0),
            form.number(used.demand, 0),
            form.number(used.peak_h, 0),
            form.number(used.volume_capacity, 2),
            hours,
            self.hazards(used)?,
        ];
        for _ in 0..5 {
            cells.push(form.open_box()?);
        }
        Ok(cells)
    }

    /// The inventory of the first plan.
    pub(super) fn routes(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let columns = [
            ("number", true),
            ("street", false),
            ("stretch", false),
            ("lanes", true),
            ("speed", true),
            ("capacity", true),
            ("demand", true),
            ("peak", true),
            ("volume_capacity", true),
            ("hours", false),
            ("hazards", false),
            ("collisions", false),
            ("width", false),
            ("curvature", false),
            ("slope", false),
            ("pavement", false),
        ];
        let used = self.used_streets();
        let rows =
            used.iter().take(ROWS).enumerate().map(|(place, (row, used))| self.route(place, row, used));
        let mut table = form.table("routes", &columns, rows.collect::<Result<_, _>>()?)?;
        table.left_out = form.left_out(used.len(), ROWS, "routes.csv")?;
        let mut section = FormSection { is_wide: true, ..form.section("routes")? };
        section.notes.push(form.text("routes.open_note")?);
        section.tables.push((Html::default(), table));
        Ok(section)
    }

    /// The same streets in every scenario: how full they get, and from when on they are closed.
    pub(super) fn routes_by_scenario(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut section = form.section("by_scenario")?;
        if self.facts.plans.len() < 2 {
            section.notes = vec![form.text("by_scenario.one")?];
            return Ok(section);
        }
        let mut columns = vec![(form.text("routes.street")?, false), (form.text("routes.stretch")?, false)];
        columns.extend(self.facts.plans.iter().map(|plan| (Html::name(&plan.name), false)));
        let mut rows = Vec::new();
        for row in self.facts.streets.iter().take(ROWS) {
            let (from, to) = (self.end(&row.from)?, self.end(&row.to)?);
            let mut cells =
                vec![self.street(row)?, form.filled("routes.between", &[("from", from), ("to", to)])?];
            for (used, form) in row.uses.iter().zip(&self.forms) {
                cells.push(in_scenario(form, used.as_ref())?);
            }
            rows.push(cells);
        }
        let mut table = form.table("by_scenario", &[], rows)?;
        table.columns = columns;
        table.left_out = form.left_out(self.facts.streets.len(), ROWS, "routes.csv")?;
        section.tables.push((Html::default(), table));
        Ok(section)
    }
}

/// What a plan does on a street. `form`: with the clock of its scenario.
fn in_scenario(form: &FormWriter<'_>, used: Option<&StreetUse>) -> Result<Html, ReportError> {
    let Some(used) = used else { return form.text("by_scenario.not_there") };
    let volume = if used.people > 0 {
        form.filled("by_scenario.used", &[("ratio", form.number(used.volume_capacity, 2))])?
    } else {
        form.text("by_scenario.unused")?
    };
    let first = used.hazards.iter().map(|(_, from)| *from).fold(f64::INFINITY, f64::min);
    if !first.is_finite() {
        return Ok(volume);
    }
    let from = form.short(Some(first), TimeRounding::Down)?;
    form.filled("by_scenario.closed", &[("used", volume), ("from", from)])
}
