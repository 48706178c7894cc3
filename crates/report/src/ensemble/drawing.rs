//! The picture of an ensemble: which share of the members has 90 % of its evacuees there by a time.

use crate::scale::{AxisScale, minute_step};
use clearway_model::number::float;
use clearway_simulate::ensemble::MemberRow;
use clearway_simulate::ensemble::report::EnsembleReport;
use std::fmt::Write;

pub(crate) const WIDTH: f64 = 1040.0;
pub(crate) const HEIGHT: f64 = 360.0;
pub(crate) const LEFT: f64 = 64.0;
pub(crate) const RIGHT: f64 = 24.0;
pub(crate) const TOP: f64 = 72.0;
pub(crate) const BASE: f64 = HEIGHT - 56.0;

/// A staircase over time, with the times of bound, plan and orders as upright lines.
pub(super) fn share_over_time(report: &EnsembleReport, rows: &[MemberRow]) -> String {
    let mut times: Vec<f64> = rows.iter().filter_map(|row| row.t90_s).collect();
    times.sort_by(f64::total_cmp);
    let head = &report.head;
    let lines = [
        ("bound", "no plan before", head.bound.t90_s),
        ("departed", "plan", head.plan.t90_s),
        ("baseline", "as ordered", head.as_ordered.t90_s),
    ];
    let last = times.iter().copied().chain(lines.iter().filter_map(|line| line.2)).fold(60.0, f64::max);
    let x = AxisScale::new((0.0, last * 1.06), (LEFT, WIDTH - RIGHT));
    let y = AxisScale::new((0.0, 1.0), (BASE, TOP));
    let mut svg = format!(
        "<svg class=\"drawn\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"chart-title chart-words\">"
    );
    axes(&mut svg, &x, &y, last * 1.06);
    // a name above each line, each on a height of its own, since they may be near each other; names over all lines
    let mut names = String::new();
    for (row, (class, name, at)) in lines.into_iter().enumerate() {
        let Some(at) = at else { continue };
        let (px, label) = (x.px(at), TOP - 46.0 + 18.0 * float(row));
        let (anchor, beside) = if px > WIDTH * 0.8 { ("end", px - 6.0) } else { ("start", px + 6.0) };
        let _ = write!(
            svg,
            "<line style=\"stroke:var(--{class});stroke-width:2\" x1=\"{px:.1}\" x2=\"{px:.1}\" y1=\"{:.1}\" y2=\"{BASE}\"/>",
            label - 10.0
        );
        let _ = write!(
            names,
            "<text style=\"fill:var(--{class});paint-order:stroke;stroke:var(--paper);stroke-width:5px\" x=\"{beside:.1}\" y=\"{label:.1}\" text-anchor=\"{anchor}\">{name}</text>"
        );
    }
    svg += &names;
    let mut path = format!("M{:.1} {:.1}", x.px(0.0), y.px(0.0));
    for (count, &time) in times.iter().enumerate() {
        let share = float(count + 1) / float(rows.len().max(1));
        let _ = write!(path, "H{:.1}V{:.1}", x.px(time), y.px(share));
    }
    let _ = write!(path, "H{:.1}", x.px(last * 1.06));
    let _ =
        write!(svg, "<path style=\"fill:none;stroke:var(--arrived);stroke-width:2.5\" d=\"{path}\"/></svg>");
    svg
}

/// Shares upwards and hours to the right.
pub(crate) fn axes(svg: &mut String, x: &AxisScale, y: &AxisScale, until_s: f64) {
    for percent in [0, 25, 50, 75, 100] {
        let py = y.px(f64::from(percent) / 100.0);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{py:.1}\" y2=\"{py:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{percent} %</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            py + 4.5
        );
    }
    let step = minute_step(until_s, 10.0);
    let mut minute = 0;
    while float(minute) * 60.0 <= until_s {
        let px = x.px(float(minute) * 60.0);
        let _ = write!(
            svg,
            "<text x=\"{px:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}:{:02}</text>",
            BASE + 20.0,
            minute / 60,
            minute % 60
        );
        minute += step;
    }
    let _ = write!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">hours after the start</text>",
        WIDTH - RIGHT,
        HEIGHT - 10.0
    );
}
