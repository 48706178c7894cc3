//! The answer for a terminal: a short table and the curve, plain text without colour codes.

use crate::clock::{ScenarioClock, TimeRounding, after_start};
use crate::early::{ENDED_EARLY, better_flow, class_says_more, was_begun};
use crate::number::{gap_percent, grouped, number, number_down, number_up};
use crate::scale::minute_step;
use crate::space_words;
use crate::standing::standing_sentences;
use clearway_model::number::{count, float};
use clearway_model::{CurvePoint, Settings, Summary};
use std::fmt::Write;

/// What a terminal chart is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartGlyphs {
    /// Braille patterns, 2 x 4 dots a character.
    Braille,
    /// `#` for arrived, `.` for the bound.
    Ascii,
}

/// The figures as an aligned table, with units, clock times in the scenario's zone and the standing sentences.
pub fn terminal_table(summary: &Summary, settings: &Settings) -> String {
    let clock = ScenarioClock::new(settings);
    let p = &summary.people;
    let mut out = String::new();
    let _ = writeln!(out, "{}", one_line(&summary.name));
    if let Some(start) = clock.start_in_full() {
        let _ = writeln!(out, "start {start} ({})", clock.zone_label());
    }
    let _ = writeln!(
        out,
        "people: {} in all = {} arrived + {} overtaken by the hazard + {} not evacuated (of these {} staying)",
        grouped(p.total),
        grouped(p.arrived),
        grouped(p.overtaken),
        grouped(p.not_evacuated),
        grouped(p.staying)
    );
    if summary.interrupted {
        let _ = writeln!(out, "{ENDED_EARLY}");
    }
    let time = |s: Option<f64>, rounding| match s {
        Some(s) => format!("{} ({})", clock.short(s, rounding), after_start(s, rounding)),
        None => "not within the horizon".to_owned(),
    };
    let hours = |h: Option<f64>, rounding| match (h, rounding) {
        (Some(h), TimeRounding::Up) => number_up(h),
        (Some(h), TimeRounding::Down) => number_down(h),
        (None, _) => "-".to_owned(),
    };
    let mut rows = vec![["clearance time", "90 % (ETE)", "100 % (ETE)", "person-hours"].map(str::to_owned)];
    let mut row = |name: String, t90, all, ph, rounding| {
        rows.push([name, time(t90, rounding), time(all, rounding), hours(ph, rounding)]);
    };
    if !summary.interrupted {
        let (t90, all) = (summary.t90_s.plan, summary.clearance_s.plan);
        row("this plan".into(), t90, all, summary.person_hours.plan, TimeRounding::Up);
    }
    row(
        "bound: no plan is faster".into(),
        summary.t90_s.bound,
        summary.clearance_s.bound,
        summary.person_hours.bound,
        TimeRounding::Down,
    );
    if let Some(c) = summary.route_limited_bound.filter(|c| class_says_more(summary, c.person_hours)) {
        let name = format!(
            "bound, {} per zone",
            crate::number::counted(c.routes_per_zone.into(), "route", "routes")
        );
        row(name, c.t90_s, c.clearance_s, c.person_hours, TimeRounding::Down);
    }
    if let Some(f) = better_flow(summary) {
        let name = format!(
            "unrestricted-route optimum, {}",
            crate::number::counted(crate::number::whole(f.routes), "route", "routes")
        );
        row(name, f.t90_s, f.clearance_s, f.person_hours, TimeRounding::Up);
    }
    if summary.optimistic.person_hours.is_some() && was_begun(summary, summary.optimistic.person_hours) {
        let f = summary.optimistic;
        row("bound, optimistic values".into(), f.t90_s, f.clearance_s, f.person_hours, TimeRounding::Down);
    }
    let gap = |g: Option<f64>| g.map_or_else(|| "-".to_owned(), gap_percent);
    if !summary.interrupted {
        let name = "gap, plan over bound".to_owned();
        let gaps = [name, gap(summary.gap.t90), gap(summary.gap.clearance), gap(summary.gap.person_hours)];
        rows.insert(3, gaps);
    }
    out.push_str(&aligned(&rows));
    let _ = writeln!(
        out,
        "times in {}, plan rounded up, bounds down; waiting {} person-hours, longest at one place {}",
        clock.zone_label(),
        number(summary.queue.person_hours),
        after_start(summary.queue.longest_s, TimeRounding::Up)
    );
    if let Some(line) = space_words::one_line(summary) {
        let _ = writeln!(out, "{line}");
    }
    for sentence in standing_sentences(summary.context) {
        let _ = writeln!(out, "{sentence}");
    }
    out
}

/// Names come from files: control characters must not reach a terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn aligned(rows: &[[String; 4]]) -> String {
    let width = |column: usize| rows.iter().map(|r| r[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..4).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (i, cell) in row.iter().enumerate() {
            let w = widths[i];
            let _ = if i == 0 { write!(line, "  {cell:<w$}") } else { write!(line, "  {cell:>w$}") };
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// Arrived and bound over time in braille, `width` x `height` characters with the axes; at least 30 x 6.
pub fn terminal_curve(curve: &[CurvePoint], width: usize, height: usize) -> String {
    terminal_curve_with(curve, width, height, ChartGlyphs::Braille)
}

/// [`terminal_curve`] with a choice of glyphs. Arrived is filled from below, the bound is a line above it; time is in hours (or
/// hours:minutes) after the start.
pub fn terminal_curve_with(curve: &[CurvePoint], width: usize, height: usize, glyphs: ChartGlyphs) -> String {
    let most = curve.iter().map(|p| p.bound_people.max(p.arrived_people)).max().unwrap_or(0);
    if most <= 0 {
        return "no one arrives within the planning horizon\n".to_owned();
    }
    let top = grouped(most);
    let margin = top.chars().count().max(6);
    let columns = width.max(30) - margin - 2;
    let rows = height.max(6) - 3;
    let until = crate::chart::shown_until_s(curve).max(1.0);
    let (dots_x, dots_y) = match glyphs {
        ChartGlyphs::Braille => (2, 4),
        ChartGlyphs::Ascii => (1, 1),
    };
    let (wide, high) = (columns * dots_x, rows * dots_y);
    // Height in dots of a count, 0 only for nobody.
    let level = |people: i64| count((float(people.max(0)) / float(most) * float(high)).ceil());
    let samples: Vec<(usize, usize)> = (0..wide)
        .map(|i| at(curve, until * (float(i) + 0.5) / float(wide)))
        .map(|(arrived, proven)| (level(arrived), level(proven)))
        .collect();
    let filled = |x: usize, y: usize| y < samples[x].0;
    let on_bound = |x: usize, y: usize| {
        let (before, now) = (if x > 0 { samples[x - 1].1 } else { 0 }, samples[x].1);
        // A rise is drawn through, so that the line does not break.
        now > 0 && y < now && y + 1 >= now.min(before + 1)
    };
    let mut out = String::new();
    let (mark, line) = if glyphs == ChartGlyphs::Braille { ('⣿', '⠉') } else { ('#', '.') };
    let full = format!("{mark} arrived under this plan   {line} bound: no plan can have more");
    let legend =
        if full.chars().count() <= columns { full } else { format!("{mark} arrived   {line} bound") };
    let _ = writeln!(out, "{:>margin$}  {legend}", "people");
    for row in (0..rows).rev() {
        let label = if row + 1 == rows {
            top.clone()
        } else if row == 0 {
            "0".to_owned()
        } else {
            String::new()
        };
        let mut line = String::new();
        for column in 0..columns {
            line.push(match glyphs {
                ChartGlyphs::Ascii if filled(column, row) => '#',
                ChartGlyphs::Ascii if on_bound(column, row) => '.',
                ChartGlyphs::Ascii => ' ',
                ChartGlyphs::Braille => braille(|dx, dy| {
                    let (x, y) = (column * 2 + dx, row * 4 + dy);
                    filled(x, y) || on_bound(x, y)
                }),
            });
        }
        let axis = if glyphs == ChartGlyphs::Braille { '│' } else { '|' };
        let _ = writeln!(out, "{label:>margin$} {axis}{}", line.trim_end_matches(['\u{2800}', ' ']));
    }
    out.push_str(&time_axis(until, margin, columns, glyphs));
    out
}

/// One braille cell; `dot(x, y)` with y upwards.
fn braille(dot: impl Fn(usize, usize) -> bool) -> char {
    // Bits of the dots of each column from the lowest up (Unicode 2800 block).
    const BITS: [[u32; 4]; 2] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]];
    let mut code = 0x2800;
    for (x, column) in BITS.iter().enumerate() {
        for (y, bit) in column.iter().enumerate() {
            if dot(x, y) {
                code |= bit;
            }
        }
    }
    char::from_u32(code).unwrap_or(' ')
}

/// Counts at a time: the last row not after it.
fn at(curve: &[CurvePoint], time_s: f64) -> (i64, i64) {
    let after = curve.partition_point(|p| p.time_s <= time_s);
    after.checked_sub(1).and_then(|i| curve.get(i)).map_or((0, 0), |p| (p.arrived_people, p.bound_people))
}

fn time_axis(until: f64, margin: usize, columns: usize, glyphs: ChartGlyphs) -> String {
    let (corner, dash) = if glyphs == ChartGlyphs::Braille { ('└', '─') } else { ('+', '-') };
    let mut out = format!("{:>margin$} {corner}{}\n", "", dash.to_string().repeat(columns));
    let step = minute_step(until, float((columns / 9).max(1)));
    let mut line = String::new();
    let mut minute = 0;
    while float(minute) * 60.0 <= until {
        let text = if step % 60 == 0 {
            format!("{} h", minute / 60)
        } else {
            format!("{}:{:02}", minute / 60, minute % 60)
        };
        // The last label may end at the edge instead of beginning at its place.
        let place = count(float(minute) * 60.0 / until * float(columns));
        let column = place.min(columns.saturating_sub(text.len()));
        if line.is_empty() || column > line.len() {
            line.push_str(&" ".repeat(column - line.len()));
            line.push_str(&text);
        }
        minute += step;
    }
    let _ = writeln!(out, "{:>margin$}  {line}", "");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> Vec<CurvePoint> {
        (0..=60)
            .map(|m| CurvePoint {
                time_s: m as f64 * 60.0,
                arrived_people: (m * 100 - 500).max(0),
                bound_people: m * 100,
                departed_people: 0,
            })
            .collect()
    }

    #[test]
    fn an_ascii_curve_has_its_axes_and_fits() {
        let text = terminal_curve_with(&ramp(), 60, 12, ChartGlyphs::Ascii);
        assert!(text.is_ascii());
        assert!(text.lines().all(|l| l.chars().count() <= 60), "{text}");
        assert!(
            text.contains("6,000 |") && text.contains('#') && text.contains('.') && text.contains("0:30"),
            "{text}"
        );
        assert_eq!(text.lines().count(), 12);
    }

    #[test]
    fn braille_dots_are_in_the_right_corners() {
        assert_eq!(braille(|x, y| x == 0 && y == 3), '⠁');
        assert_eq!(braille(|x, y| x == 1 && y == 0), '⢀');
        assert_eq!(braille(|_, _| true), '⣿');
    }

    #[test]
    fn nobody_and_nothing() {
        assert!(terminal_curve(&[], 80, 20).contains("no one"));
        assert!(!terminal_curve(&ramp(), 0, 0).is_empty());
    }
}
