//! The chart of people arrived against the bound, as SVG that is complete without a script.
//!
//! Drawn twice, wide for paper and screens and narrow for telephones; the page shows the one that fits. Colours come from the page's
//! style sheet (classes), so that light, dark and print need no second drawing.

use crate::clock::ScenarioClock;
use crate::number::grouped;
use crate::scale::{AxisScale, count_step, minute_step};
use clearway_model::CurvePoint;
use clearway_model::number::float;
use std::fmt::Write;

/// For which width the chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartFormat {
    /// 1040 x 430 px, for screens and paper.
    Wide,
    /// 400 x 400 px, for telephones.
    Narrow,
}

/// Size and margins of a drawing, px.
struct ChartFrame {
    /// Class in the style sheet.
    name: &'static str,
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// About this many pixels for one label of the time axis.
    label_px: f64,
}

impl ChartFrame {
    fn of(format: ChartFormat) -> Self {
        match format {
            ChartFormat::Wide => Self {
                name: "wide",
                width: 1040.0,
                height: 430.0,
                left: 92.0,
                right: 24.0,
                top: 30.0,
                bottom: 72.0,
                label_px: 84.0,
            },
            ChartFormat::Narrow => Self {
                name: "narrow",
                width: 400.0,
                height: 400.0,
                left: 76.0,
                right: 14.0,
                top: 34.0,
                bottom: 76.0,
                label_px: 62.0,
            },
        }
    }
}

/// The part of the curve worth showing: to a little after the last change, to the last point if something is still open.
pub fn shown_until_s(curve: &[CurvePoint]) -> f64 {
    let Some(last) = curve.last() else { return 0.0 };
    let same =
        |p: &CurvePoint| p.arrived_people == last.arrived_people && p.bound_people == last.bound_people;
    let settled = curve.iter().find(|p| same(p)).map_or(last.time_s, |p| p.time_s);
    let changes = curve.iter().rev().find(|p| !same(p)).is_some();
    if changes { (settled * 1.08).min(last.time_s) } else { last.time_s }
}

/// What the curves are called where they run: in a wide drawing and in a narrow one.
#[derive(Debug, Clone, Copy)]
pub struct CurveNames {
    /// What no plan can exceed; `None` where there is no plan, and with it no curve but that of those who have arrived.
    pub bound: Option<[&'static str; 2]>,
    /// Who has arrived.
    pub arrived: [&'static str; 2],
}

/// Names of the curves of a plan.
pub const PLAN_CURVES: CurveNames = CurveNames {
    bound: Some(["bound: no plan can have more", "bound"]),
    arrived: ["arrived under this plan", "arrived"],
};

/// One chart. `evacuees` is everyone who is to move: the line the curves cannot pass.
pub fn draw(
    curve: &[CurvePoint],
    names: &CurveNames,
    evacuees: i64,
    clock: &ScenarioClock,
    format: ChartFormat,
) -> String {
    draw_beside(curve, &[], names, evacuees, clock, format)
}

/// The same with one more curve, (s, people), of what happens without a plan.
pub fn draw_beside(
    curve: &[CurvePoint],
    baseline: &[(f64, i64)],
    names: &CurveNames,
    evacuees: i64,
    clock: &ScenarioClock,
    format: ChartFormat,
) -> String {
    let f = ChartFrame::of(format);
    // an axis without length has no scale
    let until = shown_until_s(curve).max(60.0);
    let most =
        curve.iter().map(|p| p.arrived_people.max(p.bound_people)).chain([evacuees, 1]).max().unwrap_or(1);
    let x = AxisScale::new((0.0, until), (f.left, f.width - f.right));
    let y = AxisScale::new((0.0, float(most) * 1.08), (f.height - f.bottom, f.top));
    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg class=\"chart {}\" viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"curve-title curve-words\" data-x0=\"{}\" data-x1=\"{}\" data-y0=\"{}\" data-y1=\"{}\" data-until=\"{}\" data-most=\"{}\">",
        f.name,
        f.width,
        f.height,
        f.left,
        f.width - f.right,
        f.height - f.bottom,
        f.top,
        until,
        float(most) * 1.08
    );
    people_axis(&mut svg, &f, &y, most);
    time_axis(&mut svg, &f, &x, until, clock);
    let evacuees_y = y.px(float(evacuees));
    let _ = write!(
        svg,
        "<line class=\"evacuees\" x1=\"{}\" x2=\"{}\" y1=\"{evacuees_y:.1}\" y2=\"{evacuees_y:.1}\"/>",
        f.left,
        f.width - f.right
    );
    if !baseline.is_empty() {
        let data = path(baseline.iter().copied(), until, &x, &y);
        let _ = write!(svg, "<path class=\"baseline\" d=\"{data}\"/>");
    }
    for (class, value) in SERIES {
        if names.bound.is_some() || class == "arrived" {
            let data = path(curve.iter().map(|p| (p.time_s, value(p))), until, &x, &y);
            let _ = write!(svg, "<path class=\"{class}\" d=\"{data}\"/>");
        }
    }
    let index = usize::from(format == ChartFormat::Narrow);
    let curve_names = (names.bound.map(|bound| bound[index]), names.arrived[index]);
    direct_labels(&mut svg, curve, &f, &x, &y, evacuees, curve_names);
    let _ = write!(
        svg,
        "<g class=\"cursor\" visibility=\"hidden\"><line y1=\"{}\" y2=\"{}\"/><circle class=\"bound-dot\" r=\"4.5\"/><circle class=\"arrived-dot\" r=\"4.5\"/></g></svg>",
        f.top,
        f.height - f.bottom
    );
    svg
}

type Value = fn(&CurvePoint) -> i64;
const SERIES: [(&str, Value); 3] = [
    ("departed", |p: &CurvePoint| p.departed_people),
    ("bound", |p: &CurvePoint| p.bound_people),
    ("arrived", |p: &CurvePoint| p.arrived_people),
];

fn people_axis(svg: &mut String, f: &ChartFrame, y: &AxisScale, most: i64) {
    let step = count_step(most, 5);
    let mut value = 0;
    while value <= most {
        let py = y.px(float(value));
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{py:.1}\" y2=\"{py:.1}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            f.left,
            f.width - f.right,
            f.left - 8.0,
            py + 4.5,
            grouped(value)
        );
        // beyond the range of whole numbers there is no further line
        let Some(next) = value.checked_add(step) else { break };
        value = next;
    }
    let _ = write!(svg, "<text class=\"axis\" x=\"8\" y=\"16\">people</text>");
}

fn time_axis(svg: &mut String, f: &ChartFrame, x: &AxisScale, until: f64, clock: &ScenarioClock) {
    let step = minute_step(until, ((f.width - f.left - f.right) / f.label_px).max(2.0));
    let base = f.height - f.bottom;
    let mut minute = 0;
    let mut day = None;
    while float(minute) * 60.0 <= until + 1e-6 {
        let px = x.px(float(minute) * 60.0);
        let hours = if step % 60 == 0 {
            (minute / 60).to_string()
        } else {
            format!("{}:{:02}", minute / 60, minute % 60)
        };
        let _ = write!(
            svg,
            "<line class=\"tick\" x1=\"{px:.1}\" x2=\"{px:.1}\" y1=\"{base}\" y2=\"{}\"/><text x=\"{px:.1}\" y=\"{}\" text-anchor=\"middle\">{hours}</text>",
            base + 5.0,
            base + 20.0
        );
        if let Some(time) = clock.time_of_day(minute * 60_000) {
            let _ = write!(
                svg,
                "<text class=\"clock\" x=\"{px:.1}\" y=\"{}\" text-anchor=\"middle\">{time}</text>",
                base + 37.0
            );
        }
        let date = clock.date(minute * 60_000);
        if date != day {
            if let Some(date) = &date {
                let _ = write!(
                    svg,
                    "<text class=\"clock\" x=\"{px:.1}\" y=\"{}\" text-anchor=\"middle\">{date}</text>",
                    base + 52.0
                );
            }
            day = date;
        }
        minute += step;
    }
    let unit = if step % 60 == 0 {
        "hours after the start; below: clock time"
    } else {
        "hours:minutes after the start; below: clock time"
    };
    let _ = write!(
        svg,
        "<text class=\"axis\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{unit}</text>",
        f.width - f.right,
        f.height - 5.0
    );
}

/// Path data to a tenth of a pixel, positions on a straight line left out.
fn path(curve: impl Iterator<Item = (f64, i64)>, until: f64, x: &AxisScale, y: &AxisScale) -> String {
    let tenths = |px: f64| crate::path::whole_cells((px * 10.0).round());
    let cells: Vec<(i32, i32)> = std::iter::once((0.0, 0))
        .chain(curve)
        .filter(|(t, _)| *t <= until + 1e-6)
        .map(|(t, n)| (tenths(x.px(t)), tenths(y.px(float(n)))))
        .collect();
    let mut data = String::new();
    for (i, (px, py)) in crate::path::thin(&cells, 3.0).into_iter().enumerate() {
        let tenth = |v: i32| crate::number::decimals(f64::from(v) / 10.0, 1);
        let _ = write!(data, "{}{} {}", if i == 0 { "M" } else { "L" }, tenth(px), tenth(py));
    }
    data
}

/// When a series first reaches a count, s.
fn reaches(curve: &[CurvePoint], value: Value, count: f64) -> Option<f64> {
    curve.iter().find(|p| float(value(p)) >= count && value(p) > 0).map(|p| p.time_s)
}

/// Names the curves where they run: the bound left of its rise, the plan right of its own, so that neither covers a line.
fn direct_labels(
    svg: &mut String,
    curve: &[CurvePoint],
    f: &ChartFrame,
    x: &AxisScale,
    y: &AxisScale,
    evacuees: i64,
    (bound_name, arrived_name): (Option<&str>, &str),
) {
    let Some(last) = curve.last() else { return };
    let evacuees_name = "people evacuating";
    // Roughly 7.2 px per character at 13 px bold.
    let length = |name: &str| float(name.chars().count()) * 7.2 + 10.0;
    let mut label = |class: &str, px: f64, py: f64, anchor: &str, name: &str| {
        let _ = write!(
            svg,
            "<text class=\"direct {class}-name\" x=\"{px:.1}\" y=\"{py:.1}\" text-anchor=\"{anchor}\">{name}</text>"
        );
    };
    if let Some(bound_name) = bound_name {
        let bound_at = float(last.bound_people) * 0.62;
        let bound_x = reaches(curve, SERIES[1].1, bound_at).map(|t| x.px(t));
        match bound_x {
            Some(px) if px - length(bound_name) > f.left => {
                label("bound", px - 10.0, y.px(bound_at) - 6.0, "end", bound_name)
            }
            // No room on the left: on the plateau.
            _ => label("bound", f.left + 12.0, y.px(float(last.bound_people)) - 7.0, "start", bound_name),
        }
    }
    let arrived_at = float(last.arrived_people) * 0.36;
    let arrived_x = reaches(curve, SERIES[2].1, arrived_at).map_or(f.left, |t| x.px(t));
    if arrived_x + length(arrived_name) < f.width - f.right {
        label("arrived", arrived_x + 14.0, y.px(arrived_at) + 14.0, "start", arrived_name);
    } else {
        label("arrived", f.width - f.right - 4.0, y.px(0.0) - 8.0, "end", arrived_name);
    }
    label("evacuees", f.width - f.right, y.px(float(evacuees)) - 7.0, "end", evacuees_name);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(time_s: f64, arrived: i64, bound: i64) -> CurvePoint {
        CurvePoint { time_s, arrived_people: arrived, bound_people: bound, departed_people: bound }
    }

    #[test]
    fn the_flat_end_is_not_shown() {
        let curve = [point(0.0, 0, 0), point(100.0, 10, 10), point(200.0, 10, 10), point(1000.0, 10, 10)];
        assert_eq!(shown_until_s(&curve), 108.0);
        let open = [point(0.0, 0, 0), point(100.0, 5, 5), point(1000.0, 9, 9)];
        assert_eq!(shown_until_s(&open), 1000.0);
        assert_eq!(shown_until_s(&[point(0.0, 0, 0), point(50.0, 0, 0)]), 50.0);
        assert_eq!(shown_until_s(&[]), 0.0);
    }
}
