//! The pictures of a study: when it is done over all draws, how much inputs matter, cost against time of options. One hue each; what is
//! drawn stands in a table, too.

use crate::ensemble::drawing::{BASE, HEIGHT, LEFT, RIGHT, TOP, WIDTH, axes};
use crate::map::escape;
use crate::number::{decimals, number};
use crate::scale::{AxisScale, minute_step};
use clearway_model::number::float;
use clearway_study::report::{FrontRow, StudyReport};
use std::fmt::Write;

/// Height of the bars of one input.
const BAR: f64 = 38.0;
/// Room for the names of inputs.
const NAMES: f64 = 240.0;
/// Letters of a name in a picture; tables have all.
const LETTERS: usize = 34;

fn svg(height: f64, name: &str) -> String {
    format!(
        "<svg class=\"drawn\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"{name}-title {name}-words\">"
    )
}

fn short(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= LETTERS {
        return escape(name);
    }
    escape(&format!("{}…", letters[..LETTERS - 1].iter().collect::<String>()))
}

/// A staircase over time: the share of the draws in which it has come. Values with weights; `None`: never.
pub(super) fn spread(drawn: &[(Option<f64>, f64)]) -> String {
    let all: f64 = drawn.iter().map(|(_, weight)| weight).sum();
    let mut times: Vec<(f64, f64)> =
        drawn.iter().filter_map(|(value, weight)| Some(((*value)?, *weight))).collect();
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let until = times.last().map_or(60.0, |(last, _)| last.max(60.0)) * 1.06;
    let x = AxisScale::new((0.0, until), (LEFT, WIDTH - RIGHT));
    let y = AxisScale::new((0.0, 1.0), (BASE, TOP));
    let mut svg = svg(HEIGHT, "spread");
    axes(&mut svg, &x, &y, until);
    let mut path = format!("M{:.1} {:.1}", x.px(0.0), y.px(0.0));
    let mut reached = 0.0;
    for (time, weight) in times {
        reached += weight;
        let _ = write!(path, "H{:.1}V{:.1}", x.px(time), y.px(reached / all));
    }
    let _ = write!(path, "H{:.1}", x.px(until));
    let _ =
        write!(svg, "<path style=\"fill:none;stroke:var(--arrived);stroke-width:2.5\" d=\"{path}\"/></svg>");
    svg
}

/// A bar: what is drawn dark, what light, and from where to where the line goes.
struct Bar<'a> {
    input: &'a str,
    dark: f64,
    light: f64,
    line: Option<[f64; 2]>,
}

/// How much each input matters for a figure, most first.
pub(super) fn mattering(report: &StudyReport, figure: &str) -> String {
    let unit = report.figure(figure).map_or("", |row| row.unit.as_str());
    let hours = if unit == "s" { 3600.0 } else { 1.0 };
    let indices = report.indices.iter().filter(|row| row.figure == figure).map(|row| Bar {
        input: &row.input,
        dark: row.first.clamp(0.0, 1.0),
        light: row.total.clamp(0.0, 1.0),
        line: row
            .total_low
            .zip(row.total_high)
            .map(|(low, high)| [low.clamp(0.0, 1.0), high.clamp(0.0, 1.0)]),
    });
    let effects = report.effects.iter().filter(|row| row.figure == figure).filter_map(|row| {
        let [mean, deviation] = [row.mean_absolute?, row.deviation.unwrap_or(0.0)].map(|value| value / hours);
        Some(Bar {
            input: &row.input,
            dark: mean,
            light: mean,
            line: Some([(mean - deviation).max(0.0), mean + deviation]),
        })
    });
    let mut bars: Vec<Bar<'_>> = indices.chain(effects).collect();
    bars.sort_by(|a, b| b.light.total_cmp(&a.light));
    let is_share = report.effects.is_empty();
    let most = if is_share {
        1.0
    } else {
        bars.iter().map(|bar| bar.line.map_or(bar.light, |line| line[1])).fold(0.0, f64::max)
    };
    let height = 20.0 + BAR * float(bars.len()) + 48.0;
    let x = AxisScale::new((0.0, most), (NAMES, WIDTH - RIGHT - 70.0));
    let mut svg = svg(height, "matter");
    let base = height - 44.0;
    for quarter in 0..=4 {
        let value = most * f64::from(quarter) / 4.0;
        let px = x.px(value);
        let text = if is_share { format!("{} %", quarter * 25) } else { decimals(value, 2) };
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{px:.1}\" x2=\"{px:.1}\" y1=\"14\" y2=\"{base:.1}\"/><text x=\"{px:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{text}</text>",
            base + 18.0
        );
    }
    for (at, bar) in bars.iter().enumerate() {
        put_bar(&mut svg, &x, 20.0 + BAR * float(at), bar, is_share);
    }
    let axis = match (is_share, unit) {
        (true, _) => "share of the variance",
        (false, "s") => "h",
        (false, unit) => unit,
    };
    let _ = write!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text></svg>",
        WIDTH - RIGHT - 70.0,
        height - 6.0,
        escape(axis)
    );
    svg
}

fn put_bar(svg: &mut String, x: &AxisScale, top: f64, bar: &Bar<'_>, is_share: bool) {
    let middle = top + BAR * 0.4;
    let value = if is_share { format!("{:.0} %", bar.light * 100.0) } else { decimals(bar.light, 2) };
    let beside = x.px(bar.line.map_or(bar.light, |line| line[1].max(bar.light))) + 8.0;
    let _ = write!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\
         <rect style=\"fill:var(--arrived);fill-opacity:0.35\" x=\"{NAMES}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>\
         <rect style=\"fill:var(--arrived)\" x=\"{NAMES}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>\
         <text x=\"{beside:.1}\" y=\"{:.1}\">{value}</text>",
        NAMES - 10.0,
        middle + 5.0,
        short(bar.input),
        x.px(bar.light) - NAMES,
        BAR * 0.8,
        top + BAR * 0.16,
        x.px(bar.dark) - NAMES,
        BAR * 0.48,
        middle + 5.0
    );
    if let Some(line) = bar.line {
        let [low, high] = line.map(|value| x.px(value));
        let _ = write!(
            svg,
            "<path style=\"fill:none;stroke:var(--ink);stroke-width:1.5\" d=\"M{low:.1} {middle:.1}H{high:.1}M{low:.1} {:.1}v10M{high:.1} {:.1}v10\"/>",
            middle - 5.0,
            middle - 5.0
        );
    }
}

/// Sets of options by cost and time; filled where they are not dominated. Empty without options, or where no set ever is done.
pub(super) fn front(report: &StudyReport) -> String {
    let Some(name) = report.front_by.first() else { return String::new() };
    let Some(at) = report.figures.iter().position(|figure| figure.figure == *name) else {
        return String::new();
    };
    let points: Vec<(&FrontRow, f64)> = report
        .front
        .iter()
        .filter(|row| row.failed == 0)
        .filter_map(|row| Some((row, row.figures.get(at).copied().flatten()?)))
        .collect();
    if points.is_empty() {
        return String::new();
    }
    let most_cost = points.iter().map(|(row, _)| row.cost).fold(0.0, f64::max).max(1e-9);
    let ends = points
        .iter()
        .fold((f64::INFINITY, 0.0_f64), |ends, (_, time)| (ends.0.min(*time), ends.1.max(*time)));
    let room = ((ends.1 - ends.0) * 0.15).max(60.0);
    let (from, until) = ((ends.0 - room).max(0.0), ends.1 + room);
    let x = AxisScale::new((0.0, most_cost * 1.08), (LEFT + 20.0, WIDTH - RIGHT - 120.0));
    let y = AxisScale::new((from, until), (BASE, 24.0));
    let mut svg = svg(HEIGHT, "front");
    front_axes(&mut svg, report, (&x, most_cost), (&y, from, until));
    // dominated ones below, so that a filled point is never covered
    for (row, time) in
        points.iter().filter(|(row, _)| !row.on_front).chain(points.iter().filter(|(row, _)| row.on_front))
    {
        let fill = if row.on_front { "var(--arrived)" } else { "var(--paper)" };
        let name = if row.options.is_empty() { "nothing done".to_owned() } else { row.options.join(" + ") };
        let _ = write!(
            svg,
            "<circle style=\"fill:{fill};stroke:var(--arrived);stroke-width:2\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"6\"><title>{}</title></circle>",
            x.px(row.cost),
            y.px(*time),
            escape(&name)
        );
        if row.on_front {
            let px = x.px(row.cost);
            let (anchor, beside) = if px > WIDTH * 0.7 { ("end", px + 6.0) } else { ("start", px + 10.0) };
            let _ = write!(
                svg,
                "<text style=\"paint-order:stroke;stroke:var(--paper);stroke-width:4px\" x=\"{beside:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
                y.px(*time) - 11.0,
                short(&name)
            );
        }
    }
    svg += "</svg>";
    svg
}

fn front_axes(
    svg: &mut String,
    report: &StudyReport,
    (x, most_cost): (&AxisScale, f64),
    (y, from, until): (&AxisScale, f64, f64),
) {
    let step = minute_step(until - from, 6.0);
    let mut minute = clearway_model::number::ceil(from / 60.0 / float(step)) * step;
    while float(minute) * 60.0 <= until {
        let py = y.px(float(minute) * 60.0);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{py:.1}\" y2=\"{py:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}:{:02}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            py + 4.5,
            minute / 60,
            minute % 60
        );
        minute += step;
    }
    for quarter in 0..=4 {
        let cost = most_cost * f64::from(quarter) / 4.0;
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            x.px(cost),
            BASE + 20.0,
            number(cost)
        );
    }
    let unit = if report.cost_unit.is_empty() { String::new() } else { format!(", {}", report.cost_unit) };
    let _ = write!(
        svg,
        "<text x=\"{LEFT}\" y=\"14\">hours after the start</text><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">cost{}</text>",
        WIDTH - RIGHT,
        HEIGHT - 10.0,
        escape(&unit)
    );
}
