//! A plan that was made of what was left of another, beside that one.

use super::overview::{DocumentFigures, summary_of};
use super::tables::{AnswerTable, document, rows};
use crate::app::ServeApp;
use crate::error::ServeError;
use crate::types::{
    OldAndNew, OptionGain, Reached, ReplannedInfo, RoadChange, SourcedFigure, VersionInfo, VersionKind,
};
use clearway::{ReplanReport, Store, SubStore};
use clearway_model::LinkRow;
use clearway_model::time::seconds;
use std::collections::HashMap;

/// A plan with its documents.
struct PlanDocuments {
    version: i64,
    file: &'static str,
    summary: serde_json::Value,
    simulation: Option<(i64, serde_json::Value)>,
}

impl PlanDocuments {
    fn of(app: &ServeApp, version: i64) -> Result<Self, ServeError> {
        let (file, summary) = summary_of(&app.store.version_store(version)?)?;
        let simulation = match app.store.newest_child(version, VersionKind::Simulation)? {
            Some(found) => {
                Some((found.id, document(&app.store.version_store(found.id)?, "simulation.json")?))
            }
            None => None,
        };
        Ok(Self { version, file, summary, simulation })
    }

    /// When all have arrived by `bound`, `plan` or `simulated`.
    fn clearance(&self, figure: &str) -> Option<SourcedFigure> {
        if figure == "simulated" {
            let (version, document) = self.simulation.as_ref()?;
            let figures = DocumentFigures { version: *version, file: "simulation.json", document };
            return Some(figures.figure("t100_s", "s"));
        }
        let figures = DocumentFigures { version: self.version, file: self.file, document: &self.summary };
        Some(figures.figure(&format!("clearance_s.{figure}"), "s"))
    }
}

/// What a plan changes of the one that was being carried out.
///
/// # Errors
/// [`ServeError::NotThere`] if it was made of none.
pub(crate) fn replanned(app: &ServeApp, version: i64) -> Result<ReplannedInfo, ServeError> {
    let plan = app.store.version(version)?;
    let store = app.store.version_store(version)?;
    let Some(bytes) = store.read("replan.json")? else {
        return Err(ServeError::NotThere(format!(
            "replan.json of version {version}: it goes on from no other plan"
        )));
    };
    let report: ReplanReport = serde_json::from_slice(&bytes)?;
    let at_s = seconds(report.at_ms);
    let old = old_plan(app, &plan)?;
    let new = PlanDocuments::of(app, version)?;
    let before = old.map(|old| PlanDocuments::of(app, old)).transpose()?;
    let clearance = ["bound", "plan", "simulated"].map(|figure| OldAndNew {
        figure: figure.to_owned(),
        old: before.as_ref().and_then(|before| before.clearance(figure)),
        new: new.clearance(figure).map(|found| since_old_start(found, at_s)),
    });
    Ok(ReplannedInfo {
        version,
        old,
        at_s,
        clearance: clearance.into(),
        options: gains(&report, at_s),
        roads: roads(&store)?,
        report,
    })
}

/// The plan that it goes on from.
fn old_plan(app: &ServeApp, plan: &VersionInfo) -> Result<Option<i64>, ServeError> {
    let parent = plan.parent.map(|parent| app.store.version(parent)).transpose()?;
    Ok(parent.filter(|parent| parent.kind == VersionKind::Plan).map(|parent| parent.id))
}

/// A time of the new plan as one of the old one, with both keys that it is from.
fn since_old_start(mut figure: SourcedFigure, at_s: f64) -> SourcedFigure {
    figure.value = later(figure.value, at_s);
    figure.source.field = format!("{} + at_ms of replan.json", figure.source.field);
    figure
}

fn later(time: Reached, by: f64) -> Reached {
    match time {
        Reached::At(time) => Reached::At(time + by),
        other => other,
    }
}

fn gains(report: &ReplanReport, at_s: f64) -> Vec<OptionGain> {
    let keep = report.options.first();
    let option = |option: &clearway::ReplanOption| OptionGain {
        option: option.option,
        t90_s: later(Reached::or_never(option.t90_s), at_s),
        clearance_s: later(Reached::or_never(option.clearance_s), at_s),
        arrived: option.arrived,
        changed_people: option.changed_people,
        more_people: keep.map_or(0, |keep| option.arrived - keep.arrived),
        saved_person_hours: keep.map_or(0.0, |keep| keep.person_hours - option.person_hours),
    };
    report.options.iter().map(option).collect()
}

fn roads(store: &dyn Store) -> Result<Vec<RoadChange>, ServeError> {
    let links: Vec<LinkRow> = rows(&SubStore::new(store, "scenario"))?;
    let row_of: HashMap<&str, usize> =
        links.iter().enumerate().map(|(row, link)| (link.link_id.as_str(), row)).collect();
    let table = AnswerTable::read(store, "changed_roads.csv")?;
    let road = |row: usize| {
        let id = table.text(row, "link_id");
        Some(RoadChange {
            id: id.to_owned(),
            row: row_of.get(id).copied(),
            name: table.text(row, "name").to_owned(),
            given_people: table.whole(row, "given_people")?,
            new_people: table.whole(row, "new_people")?,
        })
    };
    Ok((0..table.len()).filter_map(road).collect())
}
