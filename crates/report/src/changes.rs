//! A new plan of what is left: options side by side, who is told something else, and which roads that changes.

use crate::ReportError;
use crate::geometry::{DegreeBox, Line};
use crate::html::{PageFrame, render};
use crate::map::escape;
use crate::number::{decimals, grouped};
use crate::path::{MapSheet, push_line};
use crate::standing_sentences;
use clearway_model::Settings;
use clearway_model::number::float;
use serde::Serialize;
use std::fmt::Write;

/// A road on the map of changes.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangedRoad {
    /// Name and id, in words.
    pub name: String,
    /// Where it is, degrees.
    pub line: Line,
    /// People who take it by the new plan less those by the orders that were given.
    pub change: i64,
    /// It was reported as closed.
    pub is_closed: bool,
}

/// What the page shows. Texts are words that are ready to be read.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangesPage<'a> {
    /// Settings of the scenario of the rest.
    pub settings: &'a Settings,
    /// The answer, a sentence each.
    pub sentences: Vec<String>,
    /// Options with their figures: name, 90 % after, all after, person-hours, told something else, and whether it is the one taken.
    pub options: Vec<([String; 5], bool)>,
    /// Places that were counted: what, name, people, by the plan, how it is known.
    pub places: Vec<[String; 5]>,
    /// How many more places there are than shown.
    pub more_places: usize,
    /// What contradicts what.
    pub contradictions: Vec<String>,
    /// Who is told something else: zone, people, what is another, old, new.
    pub instructions: Vec<[String; 5]>,
    /// How many more rows there are than shown.
    pub more_instructions: usize,
    /// The roads.
    pub roads: Vec<ChangedRoad>,
}

/// What the template `changes.html` uses, beside the frame.
#[derive(Serialize)]
struct ChangesContent<'a> {
    sentences: &'a [String],
    options: &'a [([String; 5], bool)],
    places: &'a [[String; 5]],
    more_places: usize,
    contradictions: &'a [String],
    instructions: &'a [[String; 5]],
    more_instructions: usize,
    map: Option<String>,
}

/// The page, one offline file.
///
/// # Errors
/// [`ReportError`] if the template does not fit.
pub fn changes_page(page: &ChangesPage<'_>) -> Result<Vec<u8>, ReportError> {
    let standing = standing_sentences(page.settings.context);
    let frame = PageFrame {
        attribution: &page.settings.attribution,
        ..PageFrame::new(&page.settings.name, "What changes", &standing)
    };
    let content = ChangesContent {
        sentences: &page.sentences,
        options: &page.options,
        places: &page.places,
        more_places: page.more_places,
        contradictions: &page.contradictions,
        instructions: &page.instructions,
        more_instructions: page.more_instructions,
        map: map(&page.roads),
    };
    Ok(render("changes.html", &frame, &content)?.into_bytes())
}

/// The roads, those that more or fewer people take and those that are closed over the others; `None` where nothing changes.
fn map(roads: &[ChangedRoad]) -> Option<String> {
    if roads.iter().all(|road| road.change == 0 && !road.is_closed) {
        return None;
    }
    let sheet = MapSheet::fit(DegreeBox::around(roads.iter().flat_map(|road| road.line.iter().copied()))?);
    let mut svg = format!(
        "<svg class=\"difference\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Roads that more or fewer people take, and roads that are closed\">",
        sheet.size.0, sheet.size.1
    );
    let mut all = String::new();
    roads.iter().for_each(|road| push_line(&mut all, &sheet.line(&road.line, 1.0)));
    let _ = write!(svg, "<path class=\"same\" d=\"{all}\"/>");
    let most = float(roads.iter().map(|road| road.change.abs()).max().unwrap_or(1).max(1));
    let mut drawn: Vec<&ChangedRoad> =
        roads.iter().filter(|road| road.line.len() > 1 && (road.change != 0 || road.is_closed)).collect();
    // the largest over the others, and what is closed over all
    drawn.sort_by_key(|road| (road.is_closed, road.change.abs()));
    for road in drawn {
        let mut data = String::new();
        push_line(&mut data, &sheet.line(&road.line, 1.0));
        let (class, words) = match (road.is_closed, road.change > 0) {
            (true, _) => ("closed", "closed".to_owned()),
            (false, true) => ("more", format!("{} more", grouped(road.change))),
            (false, false) => ("fewer", format!("{} fewer", grouped(-road.change))),
        };
        let dashes = if road.is_closed { " style=\"stroke:var(--hazard);stroke-dasharray:6 5\"" } else { "" };
        let width = decimals(2.0 + 6.0 * (float(road.change.abs()) / most).sqrt(), 1);
        let _ = write!(
            svg,
            "<path class=\"{class}\"{dashes} stroke-width=\"{width}\" d=\"{data}\"><title>{}: {words}</title></path>",
            escape(&road.name)
        );
    }
    svg.push_str("</svg>");
    Some(svg)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearway_model::{ClassOfUsers, Context, Mode};

    fn settings() -> Settings {
        Settings {
            schema: Settings::SCHEMA.to_owned(),
            name: "A <town>".to_owned(),
            description: String::new(),
            context: Context::Exercise,
            start: "2026-06-01T08:00:00Z".to_owned(),
            time_zone: "UTC".to_owned(),
            horizon_ms: 3_600_000,
            margin_share: 0.25,
            attribution: vec!["Synthetic places".to_owned()],
            class: vec![ClassOfUsers {
                id: "car".to_owned(),
                mode: Mode::Vehicle,
                people_per_vehicle: Some(2.0),
                people_per_vehicle_low: None,
                people_per_vehicle_high: None,
                pcu_per_vehicle: 1.0,
            }],
        }
    }

    #[test]
    fn the_page_says_who_is_told_what_and_draws_the_roads_that_change() {
        let settings = settings();
        let road = |change, is_closed| ChangedRoad {
            name: "Bridge & quay".to_owned(),
            line: vec![[10.0, 50.0], [10.01, 50.0]],
            change,
            is_closed,
        };
        let mut page = ChangesPage {
            settings: &settings,
            sentences: vec!["60 people are told something else.".to_owned()],
            options: vec![(["orders kept", "1 h", "2 h", "100", "60"].map(str::to_owned), true)],
            places: vec![["in zone", "Z1", "60", "50", "counted"].map(str::to_owned)],
            more_places: 0,
            contradictions: vec!["one <count> too many".to_owned()],
            instructions: vec![["Z1", "60", "route", "by the bridge", "round"].map(str::to_owned)],
            more_instructions: 7,
            roads: vec![road(0, true), road(60, false), road(-60, false)],
        };
        let html = String::from_utf8(changes_page(&page).unwrap()).unwrap();
        for part in [
            "60 people are told something else.",
            "one &lt;count&gt; too many",
            "by the bridge",
            "class=\"closed\" style",
            "60 more",
            "60 fewer",
            "Bridge &amp; quay",
            "7 more",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!html.contains("<script"));
        page.roads = vec![road(0, false)];
        let html = String::from_utf8(changes_page(&page).unwrap()).unwrap();
        assert!(!html.contains("<svg class=\"difference\""), "nothing changes on the roads");
    }
}
