//! Who leaves, in how many vehicles, when they are ready, and what sets the bounds.

use super::{EteGroup, EteWriter};
use crate::ReportError;
use crate::clock::TimeRounding;
use crate::lookup::RowLookup;
use crate::reports::form::FormSection;
use crate::reports::frame::Html;
use crate::scale::{AxisScale, minute_step};
use clearway_model::number::float;
use clearway_model::time::seconds;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 40.0;
/// Colours of lines; beyond these they come again, dashed.
const COLOURS: usize = 6;
/// Curves that are named in the drawing.
const LEGEND: usize = 8;
/// Times in the table of trip generation.
const TIMES: usize = 24;
/// What sets a bound, per cell.
const BINDING: usize = 3;

/// A mobilization curve with the name that it has in this report.
type NamedCurve = (String, Vec<(i64, f64)>);

/// Points of a drawing.
fn line(curve: &[(i64, f64)], last_s: f64, x: &AxisScale, y: &AxisScale) -> String {
    let mut points = vec![(0.0, curve.first().filter(|point| point.0 <= 0).map_or(0.0, |point| point.1))];
    points.extend(curve.iter().map(|&(time, share)| (seconds(time), share)));
    points.push((last_s, 1.0));
    let mut path = String::new();
    let mut before = 0.0;
    for (time, share) in points {
        let command = if path.is_empty() { 'M' } else { 'L' };
        // a curve of one point is a step
        if curve.len() == 1 && share > before {
            let _ = write!(path, "{command}{:.1},{:.1}", x.px(time), y.px(before));
            let _ = write!(path, "L{:.1},{:.1}", x.px(time), y.px(share));
        } else {
            let _ = write!(path, "{command}{:.1},{:.1}", x.px(time), y.px(share));
        }
        before = share;
    }
    path
}

/// Share of a group that is ready at a time.
fn share_at(curve: &[(i64, f64)], time: i64) -> f64 {
    let next = curve.partition_point(|point| point.0 <= time);
    let Some(&(t0, s0)) = next.checked_sub(1).and_then(|at| curve.get(at)) else { return 0.0 };
    match curve.get(next) {
        Some(&(t1, s1)) if t1 > t0 => s0 + (s1 - s0) * float(time - t0) / float(t1 - t0),
        _ => s0,
    }
}

impl EteWriter<'_> {
    fn group(&self, id: &str) -> Result<Html, ReportError> {
        if id.is_empty() { self.form.text("demand.at_once") } else { Ok(Html::name(id)) }
    }

    /// People and vehicles by population group, for every cell.
    pub(super) fn demand(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut rows = Vec::new();
        for (region, scenario, number) in self.facts.filled() {
            let Some(plan) = self.facts.plans.get(number) else { continue };
            for group in &plan.groups {
                let EteGroup { mobilization_id, people, staying, vehicles } = group;
                rows.push(vec![
                    Html::name(self.facts.regions.get(region).map_or("", String::as_str)),
                    Html::name(self.facts.scenarios.get(scenario).map_or("", String::as_str)),
                    self.group(mobilization_id)?,
                    form.count(*people),
                    form.count(*staying),
                    if plan.plan.vehicles.is_some() { form.count(*vehicles) } else { Html::text("-") },
                ]);
            }
        }
        let columns = [
            ("region", false),
            ("scenario", false),
            ("group", false),
            ("people", true),
            ("staying", true),
            ("vehicles", true),
        ];
        let mut section = form.section("demand")?;
        section.tables.push((Html::default(), form.table("demand", &columns, rows)?));
        let mut open = Vec::new();
        for name in ["transients", "employees", "facilities", "transit", "shadow"] {
            open.push(vec![form.text(&format!("demand.{name}"))?, form.open()?]);
        }
        let columns = [("population", false), ("answer", false)];
        section.tables.push((form.text("demand.open_title")?, form.table("demand", &columns, open)?));
        Ok(section)
    }

    /// The curves of all plans, each once; two of one name that differ are told apart by a number.
    fn curves(&self) -> Result<Vec<NamedCurve>, ReportError> {
        let mut known: Vec<NamedCurve> = Vec::new();
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        let mut seen: Vec<(&str, &[(i64, f64)])> = Vec::new();
        for (id, points) in self.facts.plans.iter().flat_map(|plan| &plan.curves) {
            if seen.iter().any(|(other, same)| other == id && same == points) {
                continue;
            }
            seen.push((id, points));
            let name = if id.is_empty() { self.form.plain("demand.at_once")? } else { id.clone() };
            let number = times.entry(name.clone()).or_default();
            *number += 1;
            let name = if *number > 1 { format!("{name} ({number})") } else { name };
            known.push((name, points.clone()));
        }
        Ok(known)
    }

    /// When people are ready, as a drawing and as a table.
    pub(super) fn trip_generation(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let curves = self.curves()?;
        let mut section = form.section("trips")?;
        section.drawing = self.drawing(&curves)?;
        let times: BTreeSet<i64> =
            curves.iter().flat_map(|(_, points)| points).map(|point| point.0).collect();
        let all = times.len();
        let every = all.div_ceil(TIMES).max(1);
        let mut rows = Vec::new();
        for (place, &time) in times.iter().enumerate() {
            if place % every != 0 && place + 1 != all {
                continue;
            }
            let mut row = vec![Html::text(form.local.after(seconds(time), TimeRounding::Up))];
            row.extend(
                curves.iter().map(|(_, points)| Html::text(form.local.percent(share_at(points, time)))),
            );
            rows.push(row);
        }
        let mut table = form.table("trips", &[("time", true)], rows)?;
        table.columns.extend(curves.iter().map(|(name, _)| (Html::name(name), true)));
        table.left_out = form.left_out(all, table.rows.len(), "scenario/mobilization.csv")?;
        section.tables.push((Html::default(), table));
        Ok(section)
    }

    fn drawing(&self, curves: &[NamedCurve]) -> Result<String, ReportError> {
        let last = curves.iter().flat_map(|(_, points)| points).map(|point| seconds(point.0));
        let last = last.fold(3600.0, f64::max) * 1.05;
        let x = AxisScale::new((0.0, last), (LEFT, WIDTH - RIGHT));
        let y = AxisScale::new((0.0, 1.0), (HEIGHT - BOTTOM, TOP));
        let title = self.form.text("trips.title")?;
        let mut svg = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
            title.as_str().replace('"', "&quot;")
        );
        for quarter in 0..=4i64 {
            let share = float(quarter) / 4.0;
            let py = y.px(share);
            let _ = write!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{py:.1}\" y2=\"{py:.1}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{} %</text>",
                WIDTH - RIGHT,
                LEFT - 8.0,
                py + 4.5,
                quarter * 25
            );
        }
        let step = minute_step(last, 8.0).max(1);
        let mut minute = 0;
        while float(minute) * 60.0 <= last {
            let _ = write!(
                svg,
                "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}:{:02}</text>",
                x.px(float(minute) * 60.0),
                HEIGHT - BOTTOM + 20.0,
                minute / 60,
                minute % 60
            );
            minute += step;
        }
        for (number, (name, points)) in curves.iter().enumerate() {
            let dashes = if number >= COLOURS { " stroke-dasharray=\"7 4\"" } else { "" };
            let _ = write!(
                svg,
                "<path class=\"c{}\"{dashes} d=\"{}\"><title>{}</title></path>",
                number % COLOURS,
                line(points, last, &x, &y),
                crate::map::escape(name)
            );
            // where curves that rise from the left leave room
            let py =
                HEIGHT - BOTTOM - 14.0 - 18.0 * float(curves.len().min(LEGEND) - 1 - number.min(LEGEND - 1));
            if number < LEGEND {
                let _ = write!(
                    svg,
                    "<path class=\"c{}\"{dashes} d=\"M{},{py:.1}h30\"/><text x=\"{}\" y=\"{:.1}\">{}</text>",
                    number % COLOURS,
                    WIDTH - RIGHT - 250.0,
                    WIDTH - RIGHT - 212.0,
                    py + 4.5,
                    crate::map::escape(name)
                );
            }
        }
        svg.push_str("</svg>");
        Ok(svg)
    }

    /// The largest of what sets the bound of every cell.
    pub(super) fn binding(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let mut rows = Vec::new();
        for (region, scenario, number) in self.facts.filled() {
            let Some((plan, own)) = self.facts.plans.get(number).zip(self.forms.get(number)) else {
                continue;
            };
            let lookup = RowLookup::new(plan.plan.scenario, None);
            for one in plan.plan.bottlenecks.iter().take(BINDING) {
                let rate = one.capacity_people_h;
                rows.push(vec![
                    Html::name(self.facts.regions.get(region).map_or("", String::as_str)),
                    Html::name(self.facts.scenarios.get(scenario).map_or("", String::as_str)),
                    form.binding_place(one, &lookup)?,
                    form.at_most(rate),
                    Html::text(own.local.interval(one.from_s, one.until_s)?),
                ]);
            }
        }
        let columns =
            [("region", false), ("scenario", false), ("place", false), ("rate", true), ("hours", false)];
        let mut section = form.section("binding")?;
        section.tables.push((Html::default(), form.table("binding", &columns, rows)?));
        Ok(section)
    }
}

#[cfg(test)]
mod tests {
    use super::share_at;

    #[test]
    fn shares_between_the_points_lie_on_the_line() {
        let curve = [(0, 0.0), (3_600_000, 0.5), (7_200_000, 1.0)];
        assert_eq!(
            [0, 1_800_000, 3_600_000, 9_000_000].map(|time| share_at(&curve, time)),
            [0.0, 0.25, 0.5, 1.0]
        );
        assert_eq!(share_at(&[(0, 1.0)], 0), 1.0);
        assert_eq!(share_at(&[(60_000, 1.0)], 59_999), 0.0);
    }
}
