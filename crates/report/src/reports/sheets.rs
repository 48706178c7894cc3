//! Sheets to hand out: one page for each zone, destination, critical road and vehicle, and an atlas of critical roads.
//!
//! They are drafts: each has lines in which whoever issues it enters who that is. In a redacted folder there are sheets for zones alone,
//! which name the zone, but no destination, way or hour: those are filled in by hand.

mod atlas;
mod carried;
mod districts;
mod roads;
mod sites;
mod vehicles;
mod zones;

use super::drawing::MapLines;
use super::frame::{Html, ReportFrame, ReportOrigin, render_report};
use super::furniture::{MapFigure, MapMark, map_figure};
use super::local::LocalFormat;
use super::messages::{Language, Messages};
use super::plan::tables::ReportTable;
use super::rows::{ReportedRoad, ReportedSite};
use crate::clock::ScenarioClock;
use crate::lookup::RowLookup;
use crate::{MapShapes, ReportError};
pub use carried::{CarriedSheetFacts, carried_sheets};
use clearway_model::number::float;
use clearway_model::time::seconds;
use clearway_model::{Means, Plan, Route, Scenario};
use serde::Serialize;
use std::collections::BTreeMap;
pub use vehicles::{VehicleSheetFacts, vehicle_sheets};

/// Path data of roads on all maps of a page together, bytes.
const ROAD_BYTES: usize = 5_000_000;

/// All that the sheets of a plan are made of.
#[derive(Debug, Clone)]
pub struct SheetFacts<'a> {
    /// The scenario of the plan.
    pub scenario: &'a Scenario,
    /// Shapes for maps.
    pub shapes: &'a MapShapes,
    /// The orders, their routes, and the people in none.
    pub plan: &'a Plan,
    /// Per site, in the order of its table.
    pub sites: Vec<ReportedSite>,
    /// Links that somebody uses.
    pub roads: Vec<ReportedRoad>,
    /// Per order of the plan, when all of it have arrived, s; `None`: not all of it do.
    pub order_arrivals_s: Vec<Option<f64>>,
    /// Per site, in the order of its table, people admitted by hour since the start.
    pub site_hours: Vec<BTreeMap<i64, i64>>,
    /// By link, people who enter it by hour since the start.
    pub road_hours: BTreeMap<String, BTreeMap<i64, i64>>,
    /// How the people of the plan leave, where others leave by other means; `None`: everybody is in this plan.
    pub means: Option<Means>,
    /// Whom to call, as given; empty: a line to be filled in.
    pub contact: &'a str,
    /// Where the sheets come from.
    pub origin: ReportOrigin<'a>,
    /// Whether they show no destination, way and hour.
    pub is_redacted: bool,
}

/// A page of sheets.
#[derive(Debug, Clone)]
pub struct SheetPage {
    /// Name of the file.
    pub file: &'static str,
    /// How many sheets it has.
    pub sheets: usize,
    /// The page.
    pub bytes: Vec<u8>,
}

/// One sheet of paper.
#[derive(Default, Serialize)]
struct Sheet {
    title: Html,
    name: Html,
    facts: Vec<(Html, Html)>,
    notes: Vec<Html>,
    /// Title as text, and rows.
    tables: Vec<(String, ReportTable)>,
    map: Option<MapFigure>,
    lists: Vec<(Html, Vec<Html>)>,
    /// What is filled in by hand, or given.
    blanks: Vec<(Html, Html)>,
    qr: Html,
}

/// What the template `sheets.html` uses, beside frame and texts.
#[derive(Serialize)]
struct SheetContent {
    sheets: Vec<Sheet>,
    is_atlas: bool,
    is_public: bool,
}

/// A route with what its orders add up to.
struct SheetRoute<'a> {
    route: &'a Route,
    people: i64,
    /// Begin of the first and end of the last departure window, s.
    window_s: (f64, f64),
    /// When all have arrived, s; `None`: not all do.
    all_there_s: Option<f64>,
}

/// What every kind of sheet is written with.
struct SheetWriter<'a> {
    facts: &'a SheetFacts<'a>,
    messages: &'a Messages,
    local: &'a LocalFormat<'a>,
    lines: &'a MapLines<'a>,
    routes: Vec<SheetRoute<'a>>,
    /// The means in words, where others leave by other means.
    means: Option<String>,
}

/// The pages of a plan of one class of road users: zones and, unless it is redacted, destinations, critical roads and the atlas.
///
/// # Errors
/// If a built-in template or message is not what it should be.
pub fn sheet_pages(facts: &SheetFacts<'_>, language: Language) -> Result<Vec<SheetPage>, ReportError> {
    let messages = Messages::new(language, &["plan", "sheets"])?;
    let clock = ScenarioClock::new(&facts.scenario.settings);
    let local = LocalFormat::new(&messages, &clock)?;
    let lookup = RowLookup::new(facts.scenario, Some(facts.shapes));
    let lines = MapLines::new(facts.scenario, &lookup);
    let means = facts.means.map(|means| means_words(facts.scenario, means, &messages)).transpose()?;
    let routes = routes(facts);
    let writer = SheetWriter { facts, messages: &messages, local: &local, lines: &lines, routes, means };
    let mut pages = vec![writer.page("zones.html", "sheets.zones.about", writer.zone_sheets()?)?];
    if !facts.is_redacted {
        pages.push(writer.page("sites.html", "sheets.sites.about", writer.site_sheets()?)?);
        pages.push(writer.page("junctions.html", "sheets.roads.about", writer.road_sheets()?)?);
        pages.push(writer.page("atlas.html", "sheets.atlas.about", writer.atlas()?)?);
    }
    Ok(pages)
}

/// What the template `sheets_index.html` uses, beside frame and texts.
#[derive(Serialize)]
struct SheetIndex {
    files: ReportTable,
    is_redacted: bool,
}

/// The page that leads to all pages of sheets, each with the path of its file.
///
/// # Errors
/// If a built-in template or message is not what it should be.
pub fn sheet_index(
    scenario: &Scenario,
    origin: &ReportOrigin<'_>,
    pages: &[(String, SheetPage)],
    is_redacted: bool,
    language: Language,
) -> Result<Vec<u8>, ReportError> {
    let messages = Messages::new(language, &["sheets"])?;
    let clock = ScenarioClock::new(&scenario.settings);
    let local = LocalFormat::new(&messages, &clock)?;
    let row = |(path, page): &(String, SheetPage)| {
        let about = messages.text(&format!("sheets.{}.about", page.section()))?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let about = if folder.is_empty() { about.to_owned() } else { format!("{about} ({folder})") };
        let link = format!("<a href=\"{}\">{}</a>", crate::map::escape(path), crate::map::escape(&about));
        let paper = if page.file == "atlas.html" { "sheets.index.a3" } else { "sheets.index.a4" };
        let count = Html::text(local.count(clearway_model::number::length(page.sheets)));
        Ok(vec![Html::raw(link), count, messages.html(paper, &[])?])
    };
    let names = [("sheets.index.files", false), ("sheets.index.count", true), ("sheets.index.paper", false)];
    let column = |(key, numeric): &(&str, bool)| Ok((messages.html(key, &[])?, *numeric));
    let files = ReportTable {
        columns: names.iter().map(column).collect::<Result<_, ReportError>>()?,
        rows: pages.iter().map(row).collect::<Result<_, ReportError>>()?,
        left_out: Html::default(),
    };
    let about = messages.text("sheets.index.about")?;
    let frame = ReportFrame::new(&messages, &local, &scenario.settings, origin, about)?;
    render_report("sheets_index.html", &messages, &frame, &SheetIndex { files, is_redacted })
}

impl SheetPage {
    /// The section of messages that says what it is.
    fn section(&self) -> &'static str {
        match self.file {
            "zones.html" => "zones",
            "sites.html" => "sites",
            "vehicles.html" => "vehicles",
            "atlas.html" => "atlas",
            _ => "roads",
        }
    }
}

/// How people leave, in words.
fn means_words(scenario: &Scenario, means: Means, messages: &Messages) -> Result<String, ReportError> {
    let Means::Listed(id) = means else {
        let key = if means.is_carried() { "carried" } else { means.word() };
        return messages.plain(&format!("sheets.means.{key}"), &[]);
    };
    let modes = scenario.groups.iter().flat_map(|groups| &groups.modes.rows);
    let named = modes.filter(|row| row.mode_id == id.as_str()).map(|row| row.name.trim());
    let name = named.into_iter().find(|name| !name.is_empty()).unwrap_or(id.as_str());
    messages.plain("sheets.means.listed", &[("means", name)])
}

/// The later of two times at which all have arrived; `None`: of one of them not all arrive.
fn all_there(first: Option<f64>, second: Option<f64>) -> Option<f64> {
    first.zip(second).map(|(first, second)| first.max(second))
}

/// The routes that people take, in the order of the plan.
fn routes<'a>(facts: &SheetFacts<'a>) -> Vec<SheetRoute<'a>> {
    let mut by_route: BTreeMap<&str, SheetRoute<'a>> = BTreeMap::new();
    let routes: BTreeMap<&str, &Route> =
        facts.plan.routes.iter().map(|route| (route.route_id.as_str(), route)).collect();
    for (order, arrival) in facts.plan.orders.iter().zip(&facts.order_arrivals_s) {
        let Some(route) = routes.get(order.route_id.as_str()) else { continue };
        let window_s = (seconds(order.depart_from_ms), seconds(order.depart_until_ms));
        let sum = by_route.entry(&order.route_id).or_insert(SheetRoute {
            route,
            people: 0,
            window_s,
            all_there_s: *arrival,
        });
        sum.people += order.people;
        sum.window_s = (sum.window_s.0.min(window_s.0), sum.window_s.1.max(window_s.1));
        sum.all_there_s = all_there(sum.all_there_s, *arrival);
    }
    facts.plan.routes.iter().filter_map(|route| by_route.remove(route.route_id.as_str())).collect()
}

impl<'a> SheetWriter<'a> {
    fn page(
        &self,
        file: &'static str,
        about: &str,
        mut sheets: Vec<Sheet>,
    ) -> Result<SheetPage, ReportError> {
        let settings = &self.facts.scenario.settings;
        let about = self.messages.text(about)?;
        let frame = ReportFrame::new(self.messages, self.local, settings, &self.facts.origin, about)?;
        if let Some(means) = &self.means {
            for sheet in &mut sheets {
                sheet.facts.insert(0, (self.text("sheets.means.title")?, Html::text(means)));
            }
        }
        let count = sheets.len();
        let (is_atlas, is_public) = (file == "atlas.html", file == "zones.html");
        let content = SheetContent { sheets, is_atlas, is_public };
        let bytes = render_report("sheets.html", self.messages, &frame, &content)?;
        Ok(SheetPage { file, sheets: count, bytes })
    }

    fn text(&self, key: &str) -> Result<Html, ReportError> {
        self.messages.html(key, &[])
    }

    fn plain(&self, key: &str) -> Result<String, ReportError> {
        self.messages.text(key).map(str::to_owned)
    }

    fn columns(&self, names: &[(&str, bool)]) -> Result<Vec<(Html, bool)>, ReportError> {
        names.iter().map(|(key, numeric)| Ok((self.text(key)?, *numeric))).collect()
    }

    fn count(&self, value: i64) -> Html {
        Html::text(self.local.count(value))
    }

    /// The main roads of a route.
    fn via(&self, route: &Route) -> Result<Html, ReportError> {
        let names = crate::route_via(route, self.lines.lookup);
        if names.is_empty() {
            return self.text("sheets.no_names");
        }
        let names: Vec<String> = names.iter().map(|name| Html::name(name).into_string()).collect();
        Ok(Html::raw(names.join(", ")))
    }

    /// People by hour, with the hours as clock times.
    fn hours(&self, hours: &BTreeMap<i64, i64>) -> Result<ReportTable, ReportError> {
        let row = |(hour, people): (&i64, &i64)| {
            let from = float(*hour) * 3600.0;
            Ok(vec![Html::text(self.local.interval(from, from + 3600.0)?), self.count(*people)])
        };
        Ok(ReportTable {
            columns: self.columns(&[("sheets.hour", false), ("sheets.people", true)])?,
            rows: hours
                .iter()
                .filter(|(_, people)| **people > 0)
                .map(row)
                .collect::<Result<_, ReportError>>()?,
            left_out: Html::default(),
        })
    }

    /// Lines to be filled in by those who issue a sheet.
    fn blanks(&self, keys: &[&str]) -> Result<Vec<(Html, Html)>, ReportError> {
        keys.iter().map(|key| Ok((self.text(key)?, Html::default()))).collect()
    }

    fn figure(
        &self,
        title: Html,
        marks: &[MapMark],
        picture: super::drawing::MapPicture,
    ) -> Result<Option<MapFigure>, ReportError> {
        let (settings, date) = (&self.facts.scenario.settings, self.facts.origin.date);
        map_figure(self.messages, self.local, settings, date, title, marks, picture).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::message_texts;
    use clearway_model::{Case, FolderStore};

    #[test]
    fn all_are_there_only_when_all_of_each_arrive() {
        assert_eq!(all_there(Some(1.0), Some(2.0)), Some(2.0));
        assert_eq!(all_there(Some(1.0), None), None);
        assert_eq!(all_there(None, Some(2.0)), None);
    }

    #[test]
    fn a_zone_without_orders_has_a_sheet_that_says_so_in_every_language() {
        let example = FolderStore::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road"));
        let (scenario, _) = clearway_formats::read_scenario(&example).unwrap();
        let plan = Plan {
            schema: String::new(),
            scenario: String::new(),
            tool: String::new(),
            case: Case::Central,
            routes_per_zone: None,
            convergent: false,
            window_ms: 900_000,
            packet_people: 1,
            routes: Vec::new(),
            orders: Vec::new(),
            not_moved: Vec::new(),
        };
        let facts = SheetFacts {
            scenario: &scenario,
            shapes: &MapShapes::default(),
            plan: &plan,
            sites: Vec::new(),
            roads: Vec::new(),
            order_arrivals_s: Vec::new(),
            site_hours: Vec::new(),
            road_hours: BTreeMap::new(),
            means: None,
            contact: "",
            origin: ReportOrigin { date: "", plan_digest: "", scenario_digest: "" },
            is_redacted: false,
        };
        for language in Language::ALL {
            let pages = sheet_pages(&facts, language).unwrap();
            let files: Vec<&str> = pages.iter().map(|page| page.file).collect();
            assert_eq!(files, ["zones.html", "sites.html", "junctions.html", "atlas.html"]);
            let zones = String::from_utf8_lossy(&pages[0].bytes).into_owned();
            let said = message_texts(language).unwrap()["sheets.zones.no_departure"].clone();
            assert!(zones.contains(&crate::map::escape(&said)), "{language:?}");
            assert!(zones.contains("class=\"qr\"") && zones.contains("class=\"map\""), "{language:?}");
            let paths: Vec<(String, SheetPage)> =
                pages.into_iter().map(|page| (page.file.to_owned(), page)).collect();
            let index = sheet_index(&scenario, &facts.origin, &paths, false, language).unwrap();
            assert!(String::from_utf8_lossy(&index).contains("href=\"atlas.html\""));
        }
    }
}
