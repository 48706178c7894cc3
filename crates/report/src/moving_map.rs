//! The simulation as a small moving picture: what each link is like from moment to moment. Complete without a script, as stills at a
//! few moments; the script shows all moments one after the other instead.

use crate::clock::{ScenarioClock, TimeRounding};
use crate::geometry::DegreeBox;
use crate::lookup::RowLookup;
use crate::number::grouped;
use crate::path::{MapSheet, push_line};
use clearway_model::number::{float, length};
use clearway_simulate::recording::LinkStates;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Moments in the picture at most.
const MOMENTS: usize = 72;
/// Links in it at most; of more, those on which most happens.
const LINKS: usize = 2_500;
/// Of the people who arrive at all, the shares at which a still is drawn, %.
const STILLS: [i64; 3] = [10, 50, 90];

/// What is shown of a link at a moment, by its place in this list plus one; 0 is nothing. Each is drawn over those before it.
pub const LINK_LOOKS: [(&str, &str); 5] = [
    ("f1", "in use"),
    ("f2", "at 90 % of its capacity or more"),
    ("f3", "half full of vehicles or more"),
    ("f4", "full to the brim: blocks the roads behind"),
    ("f5", "closed"),
];

/// What the template shows.
#[derive(Debug, Serialize)]
pub(crate) struct MovingMap {
    /// Width and height of the drawing, cells of the sheet.
    width: i32,
    height: i32,
    /// Path data of all links.
    roads: String,
    /// Squares of sites.
    sites: Vec<SiteMark>,
    /// Class and words of each look.
    looks: Vec<[&'static str; 2]>,
    stills: Vec<Still>,
    /// Moments in the moving picture.
    last: usize,
    /// What the script needs, as JSON that can stand in a page.
    data: String,
    /// A sentence on what was left out; empty: nothing.
    left_out: String,
}

#[derive(Debug, Serialize)]
struct SiteMark {
    x: i32,
    y: i32,
    name: String,
}

#[derive(Debug, Serialize)]
struct Still {
    label: String,
    /// Class and path data of each look that some link has.
    paths: Vec<(&'static str, String)>,
}

/// What the script needs.
#[derive(Serialize)]
struct FilmData {
    /// Per moment, its time and who has arrived.
    labels: Vec<String>,
    /// Per link, its path data.
    lines: Vec<String>,
    /// Per moment, a digit per link.
    looks: Vec<String>,
}

/// The states that were recorded, and who has arrived by when.
#[derive(Debug, Clone, Copy)]
pub struct RecordedStates<'a> {
    /// Ids of the links.
    pub links: &'a [String],
    /// Length of a step, s.
    pub step_s: f64,
    /// Steps.
    pub steps: usize,
    /// `link_states.bin`.
    pub bytes: &'a [u8],
    /// (When, s; people who have arrived by then), ascending.
    pub arrived: &'a [(f64, i64)],
}

impl RecordedStates<'_> {
    fn byte(&self, kind: usize, step: usize, link: usize) -> u8 {
        let place = (kind * self.steps + step) * self.links.len() + link;
        self.bytes.get(place).copied().unwrap_or(0)
    }

    /// The look of a link in a step, see [`LINK_LOOKS`].
    fn look(&self, step: usize, link: usize) -> u8 {
        let (flow, room) = (self.byte(0, step, link), self.byte(1, step, link));
        let is_known = room <= LinkStates::FULL;
        match (flow, room) {
            // nine tenths and half of 250, rounded up as bytes are
            (_, 248..) if is_known => 4,
            (_, 125..) if is_known => 3,
            (LinkStates::CLOSED, _) => 5,
            (225.., _) => 2,
            (0, 0 | LinkStates::UNKNOWN_ROOM) => 0,
            _ => 1,
        }
    }

    fn arrived_by(&self, time_s: f64) -> i64 {
        let at = self.arrived.partition_point(|&(when, _)| when <= time_s);
        at.checked_sub(1).map_or(0, |last| self.arrived[last].1)
    }

    /// At the end of which steps the picture is drawn.
    fn moments(&self) -> Vec<usize> {
        let steps = self.steps;
        let each = steps.div_ceil(MOMENTS).max(1);
        let mut moments: Vec<usize> = (0..steps / each).map(|moment| (moment + 1) * each - 1).collect();
        if !steps.is_multiple_of(each) {
            moments.push(steps - 1);
        }
        moments
    }
}

/// Draws the picture; `None` where nothing moved or nothing has a position.
pub(crate) fn moving_map(
    lookup: &RowLookup<'_>,
    states: RecordedStates<'_>,
    clock: &ScenarioClock,
) -> Option<MovingMap> {
    let moments = states.moments();
    let lines: BTreeMap<usize, _> = (0..states.links.len())
        .filter_map(|link| {
            let row = lookup.links.get(states.links[link].as_str())?;
            Some((link, lookup.link_line(row)?))
        })
        .collect();
    let sites = lookup.sites.keys().filter_map(|id| Some((*id, lookup.site_point(id)?)));
    let points = lines.values().flatten().copied().chain(sites.clone().map(|site| site.1));
    let sheet = MapSheet::fit(DegreeBox::around(points)?);
    if moments.is_empty() {
        return None;
    }
    // the more on them in all moments, the more there is to see
    let weight = |link: usize| -> u32 {
        moments.iter().map(|&step| u32::from(states.look(step, link)).min(4).pow(2)).sum()
    };
    let mut shown: Vec<(u32, usize)> = lines.keys().map(|&link| (weight(link), link)).collect();
    shown.sort_by_key(|&(weight, link)| (std::cmp::Reverse(weight), link));
    shown.truncate(LINKS);
    let mut shown: Vec<usize> = shown.into_iter().map(|one| one.1).collect();
    shown.sort_unstable();
    let data: Vec<String> = shown
        .iter()
        .map(|link| {
            let mut data = String::new();
            push_line(&mut data, &sheet.line(&lines[link], if shown.len() > 1_000 { 4.0 } else { 2.0 }));
            data
        })
        .collect();
    let picture = Picture { states, clock, shown: &shown, data: &data };
    let film = FilmData {
        labels: moments.iter().map(|&step| picture.label(step)).collect(),
        looks: moments.iter().map(|&step| picture.digits(step)).collect(),
        lines: data.clone(),
    };
    Some(MovingMap {
        width: sheet.size.0,
        height: sheet.size.1,
        roads: data.concat(),
        sites: sites
            .map(|(id, point)| {
                let (x, y) = sheet.cell(point);
                SiteMark { x, y, name: lookup.site_name(id).to_owned() }
            })
            .collect(),
        looks: LINK_LOOKS.map(|(class, words)| [class, words]).to_vec(),
        stills: picture.stills(&moments),
        last: moments.len() - 1,
        // nothing in it ends a script element
        data: serde_json::to_string(&film).ok()?.replace('<', "\\u003c"),
        left_out: left_out(shown.len(), lines.len()),
    })
}

fn left_out(shown: usize, all: usize) -> String {
    if shown == all {
        return String::new();
    }
    format!(
        "To keep this page small, {} of {} links that somebody may use are drawn, those on which most happens.",
        grouped(length(shown)),
        grouped(length(all))
    )
}

/// What is drawn at any moment.
struct Picture<'a> {
    states: RecordedStates<'a>,
    clock: &'a ScenarioClock,
    shown: &'a [usize],
    data: &'a [String],
}

impl Picture<'_> {
    fn time_s(&self, step: usize) -> f64 {
        float(step + 1) * self.states.step_s
    }

    fn label(&self, step: usize) -> String {
        let time_s = self.time_s(step);
        let arrived = grouped(self.states.arrived_by(time_s));
        format!("{}: {arrived} people have arrived", self.clock.short(time_s, TimeRounding::Down))
    }

    /// A digit per link.
    fn digits(&self, step: usize) -> String {
        self.shown.iter().map(|&link| char::from(b'0' + self.states.look(step, link))).collect()
    }

    /// Pictures at the moments nearest after certain shares of people have arrived; where nobody arrives, at the last moment.
    fn stills(&self, moments: &[usize]) -> Vec<Still> {
        let all = self.states.arrived.last().map_or(0, |last| last.1);
        let mut steps: Vec<usize> = STILLS
            .iter()
            .filter_map(|share| {
                let wanted = (all * share + 99) / 100;
                let after = |step: &&usize| self.states.arrived_by(self.time_s(**step)) >= wanted;
                moments.iter().find(after).or(moments.last()).copied()
            })
            .collect();
        steps.dedup();
        steps.into_iter().map(|step| self.still(step)).collect()
    }

    fn still(&self, step: usize) -> Still {
        let mut by_look: [String; LINK_LOOKS.len()] = Default::default();
        for (&link, data) in self.shown.iter().zip(self.data) {
            if let Some(path) = usize::from(self.states.look(step, link))
                .checked_sub(1)
                .and_then(|look| by_look.get_mut(look))
            {
                let _ = write!(path, "{data}");
            }
        }
        let classes = LINK_LOOKS.iter().map(|look| look.0);
        let paths = classes.zip(by_look).filter(|(_, path)| !path.is_empty()).collect();
        Still { label: self.label(step), paths }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states<'a>(links: &'a [String], steps: usize, bytes: &'a [u8]) -> RecordedStates<'a> {
        RecordedStates { links, step_s: 60.0, steps, bytes, arrived: &[(61.0, 3), (120.0, 5)] }
    }

    #[test]
    fn a_link_is_shown_by_the_worst_that_is_true_of_it() {
        let links = ["1".to_owned()];
        // flow, then room, then standing
        let flow = [0, 1, 224, 225, 0, 255, 255, 0, 9];
        let room = [0, 0, 60, 60, 125, 255, 248, 254, 254];
        let bytes: Vec<u8> = flow.into_iter().chain(room).chain([0; 9]).collect();
        let states = states(&links, 9, &bytes);
        let looks: Vec<u8> = (0..9).map(|step| states.look(step, 0)).collect();
        assert_eq!(looks, [0, 1, 1, 2, 3, 5, 4, 0, 1]);
    }

    #[test]
    fn moments_are_ends_of_steps_and_the_last_step_is_one() {
        let links = ["1".to_owned()];
        assert_eq!(states(&links, 3, &[]).moments(), [0, 1, 2]);
        let many = states(&links, 147, &[]).moments();
        assert!(many.len() <= MOMENTS, "{}", many.len());
        assert_eq!((many[0], many.last()), (2, Some(&146)));
        assert_eq!(states(&links, 0, &[]).moments(), [0; 0]);
        let counted = states(&links, 3, &[]);
        assert_eq!([60.0, 61.0, 200.0].map(|time| counted.arrived_by(time)), [0, 3, 5]);
    }
}
