//! Plans beside each other.

use super::ScenarioFolder;
use super::begins::begins_ms;
use super::overview::{DocumentFigures, summary_of};
use super::tables::rows;
use crate::app::ServeApp;
use crate::error::ServeError;
use crate::types::{
    ComparedMeasure, ComparedPlan, ComparedRoad, ComparedZone, Comparison, Reached, VersionInfo, VersionKind,
};
use clearway::PlanReplay;
use clearway_model::{ClosureRow, LinkRow, SiteRow, ZoneRow, counted};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Roads that are listed at most.
const MOST_ROADS: usize = 500;
/// Differences that are listed of one kind at most.
const MOST_DIFFERENCES: usize = 20;

/// One plan with what is compared of it.
struct Compared {
    version: VersionInfo,
    file: &'static str,
    summary: Value,
    simulation: Option<(i64, Value)>,
    replay: Option<Arc<PlanReplay>>,
    /// Whether it says what people do, and not only what no plan can beat.
    has_orders: bool,
    tables: ScenarioTables,
}

/// The tables of a scenario in which plans may differ.
struct ScenarioTables {
    links: Vec<LinkRow>,
    zones: Vec<ZoneRow>,
    sites: Vec<SiteRow>,
    closures: Vec<ClosureRow>,
}

/// Plans beside each other; differences are to the first.
pub(crate) fn compare(app: &ServeApp, versions: &[i64]) -> Result<Comparison, ServeError> {
    let plans: Vec<Compared> = versions.iter().map(|id| one(app, *id)).collect::<Result<_, _>>()?;
    if plans.iter().any(|plan| plan.version.project != plans[0].version.project) {
        return Err(ServeError::Request("plans of one project are compared".to_owned()));
    }
    one_begin(app, &plans)?;
    Ok(Comparison {
        plans: plans
            .iter()
            .map(|plan| ComparedPlan {
                version: plan.version.id,
                name: plan.version.name.clone(),
                baseline: plan.version.baseline,
            })
            .collect(),
        measures: measures(&plans),
        zones: zones(&plans),
        roads: roads(&plans),
        differences: differences(&plans),
    })
}

/// Refuses plans that begin at different times: their times count from different moments, and one of them is about those alone who were
/// left by then.
fn one_begin(app: &ServeApp, plans: &[Compared]) -> Result<(), ServeError> {
    let Some((first, others)) = plans.split_first() else { return Ok(()) };
    let begin = begins_ms(app, &first.version)?;
    for other in others {
        if begins_ms(app, &other.version)? != begin {
            return Err(ServeError::Request(format!(
                "'{}' and '{}' begin at different times, one in the middle of a plan: what was changed there is shown with the new plan itself",
                first.version.name, other.version.name
            )));
        }
    }
    Ok(())
}

fn one(app: &ServeApp, id: i64) -> Result<Compared, ServeError> {
    let version = app.store.version(id)?;
    let is_plan = version.kind == VersionKind::Plan;
    if !is_plan && version.kind != VersionKind::Scenario {
        return Err(ServeError::Request(format!(
            "plans and scenarios are compared, and version {id} is a {}",
            version.kind.word()
        )));
    }
    let store = app.store.version_store(id)?;
    let (file, summary) = summary_of(&store)?;
    let simulation = match app.store.newest_child(id, VersionKind::Simulation)? {
        Some(simulation) => {
            let store = app.store.version_store(simulation.id)?;
            Some((simulation.id, super::tables::document(&store, "simulation.json")?))
        }
        None => None,
    };
    let replay = match is_plan.then(|| app.views.replay(app, id)) {
        Some(Ok(replay)) => Some(replay),
        // a scenario, or a bound alone
        None | Some(Err(ServeError::Request(_))) => None,
        Some(Err(error)) => return Err(error),
    };
    let tables = ScenarioFolder::of(app, id)?.with(|store| {
        Ok::<_, ServeError>(ScenarioTables {
            links: rows(store)?,
            zones: rows(store)?,
            sites: rows(store)?,
            closures: rows(store)?,
        })
    })?;
    let has_orders = replay.is_some() || summary.pointer("/clearance_s/plan").is_some_and(Value::is_number);
    Ok(Compared { version, file, summary, simulation, replay, has_orders, tables })
}

fn measures(plans: &[Compared]) -> Vec<ComparedMeasure> {
    let of_plan = [
        ("clearance_s.bound", "no plan has brought all before", "s"),
        ("clearance_s.plan", "all have arrived by the plan", "s"),
        ("t90_s.bound", "no plan has brought 90 % before", "s"),
        ("t90_s.plan", "90 % have arrived by the plan", "s"),
        ("person_hours.bound", "time of people not yet arrived, at the least", "person-hours"),
        ("person_hours.plan", "time of people not yet arrived, by the plan", "person-hours"),
        ("people.total", "people", "people"),
        ("people.arrived", "people who arrive", "people"),
        ("people.not_evacuated", "people not evacuated", "people"),
        ("people.overtaken", "people overtaken by a hazard", "people"),
        ("waiting.mean_min", "mean waiting on the way", "min"),
        ("waiting.longest_min", "longest waiting on the way", "min"),
        ("overflow.links", "roads that hold more than fit", "roads"),
        ("routes", "routes", "routes"),
        ("orders", "orders", "orders"),
    ];
    let of_simulation = [
        ("t90_s", "90 % have arrived in the simulation", "s"),
        ("t100_s", "all have arrived in the simulation", "s"),
        ("arrived", "people who arrive in the simulation", "people"),
        ("waiting.mean_min", "mean waiting in the simulation", "min"),
    ];
    let mut measures = Vec::new();
    for (key, label, unit) in of_plan {
        let found = plans.iter().map(|plan| {
            let figures =
                DocumentFigures { version: plan.version.id, file: plan.file, document: &plan.summary };
            // of a bound alone nothing says what a plan would do
            let is_said = plan.has_orders || !key.ends_with(".plan");
            is_said.then(|| figures.figure(key, unit))
        });
        measures.push(measure(key, label, unit, found.collect()));
    }
    for (key, label, unit) in of_simulation {
        let found = plans.iter().map(|plan| {
            let (version, document) = plan.simulation.as_ref()?;
            Some(DocumentFigures { version: *version, file: "simulation.json", document }.figure(key, unit))
        });
        measures.push(measure(&format!("simulation.{key}"), label, unit, found.collect()));
    }
    measures.retain(|measure| measure.values.iter().any(|value| *value != Reached::NotKnown));
    measures
}

fn measure(
    key: &str,
    label: &str,
    unit: &str,
    found: Vec<Option<crate::types::SourcedFigure>>,
) -> ComparedMeasure {
    ComparedMeasure {
        measure: key.to_owned(),
        label: label.to_owned(),
        unit: unit.to_owned(),
        values: found
            .iter()
            .map(|figure| figure.as_ref().map_or(Reached::NotKnown, |figure| figure.value))
            .collect(),
        sources: found.into_iter().map(|figure| Some(figure?.source)).collect(),
    }
}

fn zones(plans: &[Compared]) -> Vec<ComparedZone> {
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for zone in plans.iter().flat_map(|plan| &plan.tables.zones) {
        names.entry(&zone.zone_id).or_insert(&zone.name);
    }
    let by_id: Vec<HashMap<&str, clearway::ZoneReplay>> = plans
        .iter()
        .map(|plan| {
            // figures of some people are none of the whole zone
            let replay = plan.replay.iter().filter(|replay| replay.part.is_none());
            replay
                .flat_map(|replay| replay.scenario.zones.iter().zip(&replay.zones))
                .map(|(zone, replay)| (zone.zone_id.as_str(), *replay))
                .collect()
        })
        .collect();
    let mut zones: Vec<ComparedZone> = names
        .into_iter()
        .map(|(id, name)| ComparedZone {
            id: id.to_owned(),
            name: name.to_owned(),
            t90_s: by_id
                .iter()
                .map(|zones| match zones.get(id).filter(|zone| zone.evacuees > 0) {
                    Some(zone) => Reached::or_never(zone.t90_s),
                    None => Reached::NotKnown,
                })
                .collect(),
            arrived: by_id.iter().map(|zones| Some(zones.get(id)?.arrived)).collect(),
        })
        .collect();
    let differs = |zone: &ComparedZone| {
        let first = zone.t90_s.first().copied().unwrap_or(Reached::NotKnown);
        let by = |other: &Reached| match (first, other) {
            (Reached::At(first), Reached::At(other)) => (first - other).abs(),
            (Reached::At(_), Reached::Never) | (Reached::Never, Reached::At(_)) => f64::INFINITY,
            _ => 0.0,
        };
        zone.t90_s.iter().map(by).fold(0.0, f64::max)
    };
    zones.sort_by(|a, b| differs(b).total_cmp(&differs(a)).then(a.id.cmp(&b.id)));
    zones
}

fn roads(plans: &[Compared]) -> Vec<ComparedRoad> {
    let people: Vec<HashMap<&str, i64>> = plans
        .iter()
        .map(|plan| {
            let replay = plan.replay.iter();
            replay
                .flat_map(|replay| {
                    replay.links.iter().filter_map(|(row, link)| {
                        Some((replay.scenario.links.get(*row)?.link_id.as_str(), link.people()))
                    })
                })
                .collect()
        })
        .collect();
    let ids: BTreeSet<&str> = people.iter().flat_map(|people| people.keys().copied()).collect();
    // where a plan says who passes, nobody passes the roads that it does not name
    let of = |id: &str| -> Vec<Option<i64>> {
        let counted = plans.iter().zip(&people);
        counted
            .map(|(plan, people)| plan.replay.as_ref().map(|_| people.get(id).copied().unwrap_or(0)))
            .collect()
    };
    let mut differing: Vec<(i64, &str)> = ids
        .into_iter()
        .map(|id| {
            let counts = of(id);
            let by = |count: &Option<i64>| Some((count.as_ref()? - counts[0]?).abs());
            (counts.iter().filter_map(by).max().unwrap_or(0), id)
        })
        .filter(|(by, _)| *by > 0)
        .collect();
    differing.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    differing.truncate(MOST_ROADS);
    let rows: Vec<HashMap<&str, usize>> = plans
        .iter()
        .map(|plan| {
            plan.tables.links.iter().enumerate().map(|(row, link)| (link.link_id.as_str(), row)).collect()
        })
        .collect();
    differing
        .into_iter()
        .map(|(_, id)| {
            let rows: Vec<Option<usize>> = rows.iter().map(|rows| rows.get(id).copied()).collect();
            let name = plans.iter().zip(&rows).find_map(|(plan, row)| Some(&plan.tables.links[(*row)?].name));
            ComparedRoad { id: id.to_owned(), name: name.cloned().unwrap_or_default(), rows, people: of(id) }
        })
        .collect()
}

/// What is different in the scenarios of the others and the first.
fn differences(plans: &[Compared]) -> Vec<String> {
    let Some((first, others)) = plans.split_first() else { return Vec::new() };
    let mut sentences = Vec::new();
    for other in others {
        let name = &other.version.name;
        let mut said = link_differences(&first.tables, &other.tables);
        said.extend(closure_differences(&first.tables, &other.tables));
        said.extend(site_differences(&first.tables, &other.tables));
        let people = |tables: &ScenarioTables| tables.zones.iter().map(|zone| zone.people).sum::<i64>();
        let (before, after) = (people(&first.tables), people(&other.tables));
        if before != after {
            said.push(format!(
                "{} in place of {}",
                clearway_model::people(after),
                clearway_model::people(before)
            ));
        }
        if said.is_empty() {
            said.push("roads, closures, sites and people are the same".to_owned());
        }
        sentences.extend(said.into_iter().map(|sentence| format!("{name}: {sentence}")));
    }
    sentences
}

/// The first of a list, and how many more there are.
fn shortened(mut list: Vec<String>, noun: &str) -> Vec<String> {
    let more = list.len().saturating_sub(MOST_DIFFERENCES);
    if more > 0 {
        list.truncate(MOST_DIFFERENCES);
        let more = i64::try_from(more).unwrap_or(i64::MAX);
        list.push(format!("and {} more", counted(more, noun, &format!("{noun}s"))));
    }
    list
}

fn road_name(link: &LinkRow) -> String {
    if link.name.is_empty() {
        format!("link {}", link.link_id)
    } else {
        format!("{} (link {})", link.name, link.link_id)
    }
}

fn link_differences(first: &ScenarioTables, other: &ScenarioTables) -> Vec<String> {
    let known: HashMap<&str, &LinkRow> =
        first.links.iter().map(|link| (link.link_id.as_str(), link)).collect();
    let mut list = Vec::new();
    for link in &other.links {
        let Some(before) = known.get(link.link_id.as_str()) else {
            list.push(format!("{} is there as well", road_name(link)));
            continue;
        };
        let shown = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), |value| format!("{value}"));
        for (what, a, b) in [
            ("lanes", before.lanes, link.lanes),
            ("pcu/h", before.capacity_pcu_h, link.capacity_pcu_h),
            ("km/h", before.free_speed, link.free_speed),
        ] {
            if a != b {
                list.push(format!("{}: {} {what} in place of {}", road_name(link), shown(b), shown(a)));
            }
        }
    }
    let now: BTreeSet<&str> = other.links.iter().map(|link| link.link_id.as_str()).collect();
    let gone = first.links.iter().filter(|link| !now.contains(link.link_id.as_str()));
    list.extend(gone.map(|link| format!("{} is not there", road_name(link))));
    shortened(list, "road")
}

fn closure_differences(first: &ScenarioTables, other: &ScenarioTables) -> Vec<String> {
    let key = |closure: &ClosureRow| {
        (closure.target_id.clone(), closure.from_ms, closure.until_ms, closure.repeat_every_ms)
    };
    let links: HashMap<&str, &LinkRow> =
        other.links.iter().map(|link| (link.link_id.as_str(), link)).collect();
    let name = |closure: &ClosureRow| {
        links
            .get(closure.target_id.as_str())
            .map_or_else(|| closure.target_id.clone(), |link| road_name(link))
    };
    let before: BTreeSet<_> = first.closures.iter().map(key).collect();
    let after: BTreeSet<_> = other.closures.iter().map(key).collect();
    let closed = other.closures.iter().filter(|closure| !before.contains(&key(closure)));
    let opened = first.closures.iter().filter(|closure| !after.contains(&key(closure)));
    let mut list: Vec<String> = closed.map(|closure| format!("{} is closed", name(closure))).collect();
    list.extend(opened.map(|closure| format!("a closure of {} is taken out", name(closure))));
    shortened(list, "closure")
}

fn site_differences(first: &ScenarioTables, other: &ScenarioTables) -> Vec<String> {
    let known: HashMap<&str, &SiteRow> =
        first.sites.iter().map(|site| (site.site_id.as_str(), site)).collect();
    let named = |site: &SiteRow| {
        if site.name.is_empty() { site.site_id.clone() } else { site.name.clone() }
    };
    let mut list = Vec::new();
    for site in &other.sites {
        match known.get(site.site_id.as_str()) {
            None => list.push(format!("{} receives people as well", named(site))),
            Some(before) => {
                let is_same = before.capacity_people == site.capacity_people
                    && before.admission_people_h == site.admission_people_h;
                if !is_same {
                    list.push(format!("{} has other places or another admission rate", named(site)));
                }
            }
        }
    }
    shortened(list, "site")
}
