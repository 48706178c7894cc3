//! The answer of a plan, out of the documents that the command line writes, and of the replay for what is in none of them.

use super::begins::begins_ms;
use super::tables::{AnswerTable, document, rows};
use super::zones_and_sites::{site_figures, zone_figures};
use super::{RoadView, ScenarioFolder};
use crate::app::ServeApp;
use crate::error::ServeError;
use crate::types::{
    BottleneckFigures, FigureRow, FigureSource, PlanOverview, Reached, SourcedFigure, VersionInfo,
    VersionKind,
};
use clearway::{PlanReplay, Store};
use clearway_model::number::ceil;
use clearway_model::time::seconds;
use clearway_model::{Context, SiteRow, SourceRow, SourceStatus, grouped};
use clearway_report::{TimeRounding, after_start, standing_sentences};
use serde_json::Value;
use std::collections::HashMap;

/// The plan that a version is, or was computed of.
pub(super) fn plan_of(app: &ServeApp, version: i64) -> Result<VersionInfo, ServeError> {
    let mut found = app.store.version(version)?;
    while found.kind != VersionKind::Plan {
        let parent = found.parent;
        let parent = parent.ok_or_else(|| ServeError::Request(format!("version {version} is of no plan")))?;
        found = app.store.version(parent)?;
    }
    Ok(found)
}

/// A number in a document, with where it is.
pub(super) struct DocumentFigures<'d> {
    pub version: i64,
    pub file: &'d str,
    pub document: &'d Value,
}

impl DocumentFigures<'_> {
    /// The figure at a key, e.g. `clearance_s.plan`. A time that is null there is not reached within the horizon (`docs/reference/plan.md`);
    /// what is not there is not known.
    pub fn figure(&self, key: &str, unit: &str) -> SourcedFigure {
        let pointer = format!("/{}", key.replace('.', "/"));
        let value = match self.document.pointer(&pointer) {
            Some(Value::Null) if unit == "s" => Reached::Never,
            found => Reached::or_not_known(found.and_then(Value::as_f64)),
        };
        SourcedFigure {
            value,
            unit: unit.to_owned(),
            source: FigureSource { version: self.version, file: self.file.to_owned(), field: key.to_owned() },
        }
    }
}

/// The document with the figures of a plan: of one class of road users or of population groups.
pub(super) fn summary_of(store: &dyn Store) -> Result<(&'static str, Value), ServeError> {
    let multimodal = document(store, "multimodal.json")?;
    if multimodal.is_null() {
        return Ok(("summary.json", document(store, "summary.json")?));
    }
    Ok(("multimodal.json", multimodal))
}

/// The answer of a plan.
pub(crate) fn overview(app: &ServeApp, version: i64) -> Result<PlanOverview, ServeError> {
    let plan = plan_of(app, version)?;
    let store = app.store.version_store(plan.id)?;
    let (file, summary) = summary_of(&store)?;
    let simulation = app.store.newest_child(plan.id, VersionKind::Simulation)?;
    let simulated = match &simulation {
        Some(simulation) => document(&app.store.version_store(simulation.id)?, "simulation.json")?,
        None => Value::Null,
    };
    let replay = match app.views.replay(app, plan.id) {
        Ok(replay) => Some(replay),
        // a bound alone
        Err(ServeError::Request(_)) => None,
        Err(error) => return Err(error),
    };
    // where nobody has a vehicle of their own there is no replay, but there may be orders
    let has_orders = replay.is_some() || summary.pointer("/clearance_s/plan").is_some_and(Value::is_number);
    // figures of some people are none of the whole zone
    let whole = replay.as_ref().filter(|replay| replay.part.is_none());
    let roads = app.views.roads(app, plan.id)?;
    let folder = ScenarioFolder::of(app, plan.id)?;
    let of_plan = DocumentFigures { version: plan.id, file, document: &summary };
    let of_simulation = simulation.as_ref().map(|simulation| DocumentFigures {
        version: simulation.id,
        file: "simulation.json",
        document: &simulated,
    });
    let settings = folder.with(settings)?;
    let arrivals = match &simulation {
        Some(simulation) => AnswerTable::read(&app.store.version_store(simulation.id)?, "zone_arrivals.csv")?,
        None => AnswerTable::default(),
    };
    // the table of a bound alone says that nobody arrives, since nobody has orders
    let of_zones = if has_orders { AnswerTable::read(&store, "zones.csv")? } else { AnswerTable::default() };
    let context = summary.get("context").cloned().and_then(|context| serde_json::from_value(context).ok());
    Ok(PlanOverview {
        version: plan.id,
        has_orders,
        simulation: simulation.as_ref().map(|simulation| simulation.id),
        begins_s: seconds(begins_ms(app, &plan)?),
        sentences: sentences(&plan, &summary, has_orders),
        rows: figure_rows(&of_plan, of_simulation.as_ref(), has_orders),
        bottlenecks: bottlenecks(&store, &roads, &settings.places)?,
        zones: zone_figures(&of_zones, &folder, whole, &arrivals)?,
        sites: site_figures(&folder, whole)?,
        replay_of: replay.as_ref().map(|replay| people_of(replay)).unwrap_or_default().to_owned(),
        start_assumed: folder.with(rows::<SourceRow>)?.iter().any(is_assumed_start),
        start: settings.start,
        time_zone: settings.time_zone,
        assumptions: assumptions(&summary),
        standing: standing_sentences(context.unwrap_or(Context::Other))
            .into_iter()
            .map(str::to_owned)
            .collect(),
    })
}

/// Whether a source says that nobody gave the start.
fn is_assumed_start(row: &SourceRow) -> bool {
    row.table == "scenario" && row.field == "start" && row.status == SourceStatus::Default
}

/// Whose orders a replay carries out, in words.
pub(super) fn people_of(replay: &PlanReplay) -> &'static str {
    if replay.part.is_some() { "people with vehicles of their own" } else { "everybody" }
}

/// What was said when it was made; of a plan that was brought, what its summary says.
fn sentences(plan: &VersionInfo, summary: &Value, has_orders: bool) -> Vec<String> {
    let said: Vec<String> = plan.words.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if !said.is_empty() {
        return said;
    }
    // rounded as everywhere: what is proved down, what a plan needs up
    let time = |key: &str, rounding: TimeRounding| {
        summary.pointer(key).and_then(Value::as_f64).map(|seconds| after_start(seconds, rounding))
    };
    let mut sentences = Vec::new();
    match time("/clearance_s/plan", TimeRounding::Up) {
        _ if !has_orders => {}
        Some(time) => sentences.push(format!("By the plan all have arrived after {time}.")),
        None => sentences.push("By the plan not all arrive within the planning horizon.".to_owned()),
    }
    sentences.push(match time("/clearance_s/bound", TimeRounding::Down) {
        Some(time) => format!("On these inputs no plan has brought everybody before {time}."),
        None => "On these inputs no plan brings everybody within the planning horizon.".to_owned(),
    });
    sentences
}

fn figure_rows(
    plan: &DocumentFigures<'_>,
    simulation: Option<&DocumentFigures<'_>>,
    has_orders: bool,
) -> Vec<FigureRow> {
    let row = |measure: &str, label: &str, keys: [Option<&str>; 4], unit: &str| {
        let [bound, of_plan, simulated, without] = keys;
        FigureRow {
            measure: measure.to_owned(),
            label: label.to_owned(),
            bound: bound.map(|key| plan.figure(key, unit)),
            plan: of_plan.filter(|_| has_orders).map(|key| plan.figure(key, unit)),
            simulated: simulated.and_then(|key| Some(simulation?.figure(key, unit))),
            without_plan: without
                .and_then(|key| Some(simulation?.figure(key, unit)))
                .filter(|_| simulation.is_some_and(|simulation| simulation.document["baseline"].is_object())),
        }
    };
    let s = "s";
    vec![
        row(
            "t90_s",
            "90 % have arrived",
            [Some("t90_s.bound"), Some("t90_s.plan"), Some("t90_s"), Some("baseline.t90_s")],
            s,
        ),
        row(
            "clearance_s",
            "all have arrived",
            [Some("clearance_s.bound"), Some("clearance_s.plan"), Some("t100_s"), Some("baseline.t100_s")],
            s,
        ),
        row(
            "person_hours",
            "time of people not yet arrived",
            [Some("person_hours.bound"), Some("person_hours.plan"), None, None],
            "person-hours",
        ),
        row(
            "arrived",
            "people who arrive",
            [None, Some("people.arrived"), Some("arrived"), Some("baseline.arrived")],
            "people",
        ),
        row(
            "not_evacuated",
            "people not evacuated",
            [None, Some("people.not_evacuated"), None, None],
            "people",
        ),
        row(
            "overtaken",
            "people overtaken by a hazard",
            [None, Some("people.overtaken"), Some("overtaken_in_all"), None],
            "people",
        ),
    ]
}

/// Settings and places of a scenario.
struct SceneSettings {
    start: String,
    time_zone: String,
    places: HashMap<(&'static str, String), [f64; 2]>,
}

fn settings(store: &dyn Store) -> Result<SceneSettings, ServeError> {
    let text = store.read("scenario.toml")?.unwrap_or_default();
    let table: toml::Table = toml::from_str(&String::from_utf8_lossy(&text)).unwrap_or_default();
    let word = |key: &str| table.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
    let mut places = HashMap::new();
    let sites: Vec<SiteRow> = rows(store)?;
    for site in sites {
        if let Some(at) = site.x_coord.zip(site.y_coord) {
            places.insert(("site", site.site_id), [at.0, at.1]);
        }
    }
    let connectors: Vec<clearway_model::ConnectorRow> = rows(store)?;
    let nodes: Vec<clearway_model::NodeRow> = rows(store)?;
    let node: HashMap<&str, [f64; 2]> =
        nodes.iter().map(|node| (node.node_id.as_str(), [node.x_coord, node.y_coord])).collect();
    for connector in connectors {
        if let Some(at) = node.get(connector.node_id.as_str()) {
            places.insert(("connector", connector.connector_id), *at);
        }
    }
    Ok(SceneSettings { start: word("start"), time_zone: word("time_zone"), places })
}

fn bottlenecks(
    store: &dyn Store,
    roads: &RoadView,
    places: &HashMap<(&'static str, String), [f64; 2]>,
) -> Result<Vec<BottleneckFigures>, ServeError> {
    let table = AnswerTable::read(store, "bottlenecks.csv")?;
    let mut bottlenecks = Vec::new();
    for row in 0..table.len() {
        let element = table.text(row, "element").to_owned();
        let id = table.text(row, "id").to_owned();
        let link = if element == "link" { roads.row_of(&id) } else { None };
        let at = match element.as_str() {
            "link" => link.and_then(|link| roads.middle_of(link)),
            "site" => places.get(&("site", id.clone())).copied(),
            _ => places.get(&("connector", id.clone())).copied(),
        };
        let mut made = BottleneckFigures {
            rank: table.whole(row, "rank").and_then(|rank| u64::try_from(rank).ok()).unwrap_or(0),
            // what a spreadsheet would take for a formula has a mark before it there, and none here
            name: table.text(row, "name").trim_start_matches('\'').to_owned(),
            from_s: table.number(row, "from_s").unwrap_or(0.0),
            until_s: table.number(row, "until_s").unwrap_or(0.0),
            capacity_people_h: table.number(row, "capacity_people_h"),
            people: table.number(row, "people").unwrap_or(0.0),
            extra_lane_people: table.number(row, "extra_lane_people"),
            row: link,
            sentence: String::new(),
            element,
            id,
            at,
        };
        made.sentence = bottleneck_sentence(&made);
        bottlenecks.push(made);
    }
    Ok(bottlenecks)
}

fn bottleneck_sentence(of: &BottleneckFigures) -> String {
    let name = if of.name.is_empty() { format!("{} {}", of.element, of.id) } else { of.name.clone() };
    let span = format!(
        "from {} to {}",
        after_start(of.from_s, TimeRounding::Down),
        after_start(of.until_s, TimeRounding::Up)
    );
    let mut sentence = match of.capacity_people_h {
        Some(rate) => format!(
            "{name} lets {} people an hour through at most, {} {span}",
            grouped(ceil(rate)),
            clearway_model::people(ceil(of.people))
        ),
        None => format!("{name}: {} at most {span}", clearway_model::people(ceil(of.people))),
    };
    if let Some(more) = of.extra_lane_people {
        sentence.push_str(&format!(
            "; with one more lane at most {} more could arrive by then",
            grouped(ceil(more))
        ));
    }
    sentence.push('.');
    sentence
}

fn assumptions(summary: &Value) -> Vec<String> {
    let rows = summary.get("assumptions").and_then(Value::as_array).into_iter().flatten();
    let sentence = |row: &Value| {
        let text = row.get("text").and_then(Value::as_str).unwrap_or_default();
        let unit = row.get("unit").and_then(Value::as_str).unwrap_or_default();
        match row.get("count").and_then(Value::as_i64) {
            Some(count) => format!("{} {unit} {text}", grouped(count)),
            None => text.to_owned(),
        }
    };
    rows.map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn never_unknown_and_nothing_are_three_things() {
        let document =
            json!({ "clearance_s": { "plan": null, "bound": 0.0 }, "overflow": { "links": null } });
        let figures = DocumentFigures { version: 1, file: "summary.json", document: &document };
        let said = |key: &str, unit: &str| serde_json::to_value(figures.figure(key, unit).value).unwrap();
        assert_eq!(said("clearance_s.plan", "s"), json!("never"));
        assert_eq!(said("clearance_s.bound", "s"), json!(0.0));
        assert_eq!(said("t90_s.plan", "s"), json!(null));
        assert_eq!(said("overflow.links", "roads"), json!(null));
    }
}
