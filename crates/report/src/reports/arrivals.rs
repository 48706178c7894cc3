//! People arrived over time beside the bound, as a chart for paper. What its lines mean stands beside it.

use super::local::LocalFormat;
use crate::ReportError;
use crate::chart::shown_until_s;
use crate::map::escape;
use crate::scale::{AxisScale, count_step, minute_step};
use clearway_model::CurvePoint;
use clearway_model::number::float;
use std::fmt::Write;

/// People of one curve at a moment.
type PeopleAt = fn(&CurvePoint) -> i64;

const WIDTH: f64 = 700.0;
const HEIGHT: f64 = 290.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 54.0;

/// The chart; `label` says what it is, for those who cannot see it.
pub(crate) fn arrivals_chart(
    curve: &[CurvePoint],
    evacuees: i64,
    local: &LocalFormat<'_>,
    label: &str,
) -> Result<String, ReportError> {
    let until = shown_until_s(curve).max(60.0);
    let counts = curve.iter().map(|point| point.arrived_people.max(point.bound_people));
    let most = counts.chain([evacuees, 1]).max().unwrap_or(1);
    let x = AxisScale::new((0.0, until), (LEFT, WIDTH - RIGHT));
    let y = AxisScale::new((0.0, float(most) * 1.06), (HEIGHT - BOTTOM, TOP));
    let mut svg = format!(
        "<svg class=\"arrivals\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        escape(label)
    );
    let step = count_step(most, 5);
    let mut value = 0_i64;
    while value <= most {
        let py = y.px(float(value));
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{py:.1}\" y2=\"{py:.1}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            py + 4.0,
            escape(&local.count(value))
        );
        let Some(next) = value.checked_add(step) else { break };
        value = next;
    }
    time_axis(&mut svg, &x, until, local)?;
    let all = y.px(float(evacuees));
    let _ = write!(
        svg,
        "<line class=\"evacuees\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{all:.1}\" y2=\"{all:.1}\"/>",
        WIDTH - RIGHT
    );
    let lines: [(&str, PeopleAt); 3] = [
        ("departed", |point| point.departed_people),
        ("bound", |point| point.bound_people),
        ("arrived", |point| point.arrived_people),
    ];
    for (class, value) in lines {
        let _ = write!(svg, "<path class=\"{class}\" d=\"{}\"/>", path(curve, value, until, &x, &y));
    }
    svg.push_str("</svg>");
    Ok(svg)
}

fn time_axis(
    svg: &mut String,
    x: &AxisScale,
    until: f64,
    local: &LocalFormat<'_>,
) -> Result<(), ReportError> {
    let step = minute_step(until, 9.0);
    let base = HEIGHT - BOTTOM;
    let (mut minute, mut last_day) = (0, None);
    while float(minute) * 60.0 <= until + 1e-6 {
        let seconds = float(minute) * 60.0;
        let px = x.px(seconds);
        let hours = format!("{}:{:02}", minute / 60, minute % 60);
        let _ = write!(
            svg,
            "<line class=\"tick\" x1=\"{px:.1}\" x2=\"{px:.1}\" y1=\"{base}\" y2=\"{}\"/><text x=\"{px:.1}\" y=\"{}\" text-anchor=\"middle\">{hours}</text>",
            base + 4.0,
            base + 17.0
        );
        if let Some((time, day)) = local.axis(seconds)? {
            let _ = write!(
                svg,
                "<text class=\"clock\" x=\"{px:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                base + 32.0,
                escape(&time)
            );
            if last_day.as_ref() != Some(&day) {
                let _ = write!(
                    svg,
                    "<text class=\"clock\" x=\"{px:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                    base + 46.0,
                    escape(&day)
                );
                last_day = Some(day);
            }
        }
        minute += step;
    }
    Ok(())
}

/// Path data to a tenth of a pixel, positions on a straight line left out.
fn path(
    curve: &[CurvePoint],
    value: fn(&CurvePoint) -> i64,
    until: f64,
    x: &AxisScale,
    y: &AxisScale,
) -> String {
    let tenths = |px: f64| crate::path::whole_cells((px * 10.0).round());
    let cells: Vec<(i32, i32)> = curve
        .iter()
        .filter(|point| point.time_s <= until + 1e-6)
        .map(|point| (tenths(x.px(point.time_s)), tenths(y.px(float(value(point))))))
        .collect();
    let mut data = String::new();
    for (at, (px, py)) in crate::path::thin(&cells, 2.0).into_iter().enumerate() {
        let tenth = |value: i32| crate::number::decimals(f64::from(value) / 10.0, 1);
        let _ = write!(data, "{}{} {}", if at == 0 { "M" } else { "L" }, tenth(px), tenth(py));
    }
    data
}
