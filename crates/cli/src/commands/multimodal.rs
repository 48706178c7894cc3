//! `clearway plan` where people move by several means: one plan for those with vehicles, one for those on foot, a timetable of
//! the fleet for the others, and the figures of all.

use super::plan::{answer_files, kept_words, options, planned, shapes};
use crate::args::How;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
use crate::planning::Wanted;
use crate::proved::{Files, proved};
use crate::usage::peak_rss_bytes;
use clearway_artifacts::Disclosure;
use clearway_formats::{Groups, multimodal_files, scenario_files, scenario_text, to_csv};
use clearway_model::{
    Bounds, Case, Context, JointBound, Means, MeansFigures, Scenario, Shared, TripRow, scenario_digest,
};
use clearway_multimodal::blocks::{VehicleBlocks, lean_blocks, unranked_blocks};
use clearway_multimodal::figures::{
    PartFigures, fleet_figures, fleet_overtaken, fleet_totals, part_figures, whole,
};
use clearway_multimodal::fleet::Fleet;
use clearway_multimodal::joint::{Bursts, evacuees, on_roads, roads_bound, sites_bound};
use clearway_multimodal::parts::{Committed, driven, part, people_of};
use clearway_plan::Answer;
use clearway_report::{Shapes, multimodal_page, multimodal_words, timetable_page};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// What is to be planned, and where to.
pub struct Task<'a> {
    pub dir: &'a Path,
    pub out: &'a Output,
    pub how: &'a How,
    /// An earlier multimodal plan to stay close to.
    pub like: Option<&'a Path>,
    /// Orders and a timetable, or the bounds alone.
    pub wanted: Wanted,
    pub scenario: Scenario,
    pub groups: Groups,
    pub started: Instant,
}

/// One part as planned.
struct Part {
    answer: Answer,
    bounds: Bounds,
    figures: MeansFigures,
}

/// Plans all parts and writes the folder; returns what to print.
pub fn make(task: &Task<'_>) -> Result<String, Failure> {
    let Task { dir, scenario, groups, .. } = task;
    let shapes = shapes(dir);
    let mut files = Files::new();
    let driven = driven(scenario, groups);
    let of_case = |case| {
        Fleet::new(&driven, groups, case).map_err(|e| Failure::from(clearway_plan::PlanError::from(e)))
    };
    let fleet = of_case(Case::Central)?;
    let carried = Means::FLEET.iter().any(|means| people_of(groups, *means) > 0);
    let share = groups.settings.fleet_share;
    let (blocks, unranked) = match task.wanted {
        Wanted::Orders => (lean_blocks(&fleet, share), unranked_blocks(&fleet, share)),
        Wanted::Bound => (VehicleBlocks::none(&fleet), None),
    };
    let by_foot = people_of(groups, Means::Walk);
    let by_vehicle = people_of(groups, Means::Vehicle);
    let share = |people: i64| people as f64 / (by_foot + by_vehicle).max(1) as f64;
    let mut taken = Committed {
        link_pcu_h: blocks.kept.links(&driven, &fleet.streets[0].network),
        site_people: blocks.site_people.clone(),
        site_people_h: blocks.kept.admissions(&fleet.streets[0].network),
        admission_share: share(by_foot),
    };
    let mut means = Vec::new();
    let mut overtaken = fleet_overtaken(&fleet, &blocks);
    let mut others = None;
    if by_foot > 0 {
        let part = one_part(task, &shapes, Means::Walk, &taken, &mut files)?;
        overtaken += part.answer.summary.people.overtaken;
        for (site, people) in arrivals(scenario, &part.answer) {
            taken.site_people[site] += people;
        }
        means.push(part.figures);
    }
    if by_vehicle > 0 {
        taken.admission_share = share(by_vehicle);
        let part = one_part(task, &shapes, Means::Vehicle, &taken, &mut files)?;
        overtaken += part.answer.summary.people.overtaken;
        others = Some((part.answer.summary.clearance_s.bound, part.bounds.clearance_s));
        means.insert(0, part.figures);
    }
    if carried {
        means.extend(fleet_figures(&fleet, &of_case(Case::Optimistic)?, &blocks));
    }
    let totals = carried.then(|| fleet_totals(&fleet, &blocks, unranked.as_ref(), others));
    let joint = joint_bounds(task, &shapes, &fleet, &means, &mut files)?;
    let mut summary = whole(scenario, groups, means, overtaken, totals, joint);
    summary.wall_s = task.started.elapsed().as_secs_f64();
    summary.peak_rss_bytes = peak_rss_bytes();
    if carried {
        files.extend(fleet_files(task, &blocks));
        if let Some(unranked) = &unranked {
            files.push(("fleet/without-priorities.csv".to_owned(), to_csv(&unranked.trips)));
        }
    }
    files.push(("multimodal.json".to_owned(), serde_json::to_vec_pretty(&summary)?));
    files.push(("index.html".to_owned(), multimodal_page(&summary, &scenario.settings).into_bytes()));
    for (name, bytes) in own_files(dir)? {
        files.push((format!("scenario/{name}"), bytes));
    }
    task.out.write(&files, Disclosure::Full)?;
    let words = multimodal_words(&summary, &scenario.settings);
    Ok(match task.wanted {
        Wanted::Orders => words,
        Wanted::Bound => format!("The bounds alone, without orders: below, nobody is sent.\n\n{words}"),
    })
}

/// Bounds for all means together: on roads where both vehicles of their own and a fleet move, at sites where there are several
/// means and every site has a limit.
fn joint_bounds(
    task: &Task<'_>,
    shapes: &Shapes,
    fleet: &Fleet<'_>,
    means: &[MeansFigures],
    files: &mut Files,
) -> Result<Vec<JointBound>, Failure> {
    let Task { scenario, groups, .. } = task;
    let roads = on_roads(scenario, groups);
    let bursts = Bursts::of(&roads, groups);
    let seconds = |ms: Option<i64>| ms.map(|ms| ms as f64 / 1000.0);
    let mut proven_bounds = Vec::new();
    let drives = means.iter().any(|m| m.means == Means::Vehicle);
    if drives && means.iter().any(|m| m.means.is_carried()) {
        eprintln!("roads for all");
        let answer = proved(roads, shapes, task.how, "roads-bound", files)?;
        match roads_bound(&answer.bound, &bursts) {
            // It proves nothing.
            Some(0) => {}
            bound => proven_bounds.push(JointBound {
                of: Shared::Roads,
                people: answer.bound.network.evacuees(),
                clearance_s: seconds(bound),
            }),
        }
    }
    let network = &fleet.streets[0].network;
    let people = evacuees(groups);
    match sites_bound(network, people, &bursts) {
        Some(0) => {}
        bound if means.len() > 1 => {
            proven_bounds.push(JointBound { of: Shared::Sites, people, clearance_s: seconds(bound) });
        }
        _ => {}
    }
    Ok(proven_bounds)
}

/// The scenario's own files as they are.
fn own_files(dir: &Path) -> Result<Files, Failure> {
    let faults = |faults| Failure::Faults { what: dir.display().to_string(), faults };
    let mut files: Files = Vec::new();
    for (name, bytes) in scenario_files(dir).map_err(faults)? {
        files.push((name.to_owned(), bytes));
    }
    for (name, bytes) in multimodal_files(dir).map_err(faults)? {
        files.push((name.to_owned(), bytes));
    }
    for name in ["zones.geojson", "sites.geojson"] {
        if !files.iter().any(|(known, _)| known == name)
            && let Ok(bytes) = std::fs::read(dir.join(name))
        {
            files.push((name.to_owned(), bytes));
        }
    }
    Ok(files)
}

/// Plans those who move by one means, with what others take from them taken away; where that is anything, the bound without it
/// is computed too: no plan whatever can beat that one.
fn one_part(
    task: &Task<'_>,
    shapes: &Shapes,
    means: Means,
    taken: &Committed,
    files: &mut Files,
) -> Result<Part, Failure> {
    let word = means.word();
    eprintln!("{}", if means == Means::Walk { "on foot" } else { "with vehicles" });
    let scenario = &task.scenario;
    let (own, own_files) = with_digest(part(scenario, &task.groups, means, taken))?;
    let like = task.like.map(|dir| dir.join(word)).filter(|dir| dir.join("plan.json").exists());
    let how = options(&own, &How { like, ..task.how.clone() })?;
    let own = Arc::new(own);
    let answer = planned(&own, &how, task.how, task.wanted, task.started)?;
    if answer.summary.interrupted && (task.wanted == Wanted::Orders || interrupt::asked()) {
        return Err(Failure::NothingYet);
    }
    if let Some(kept) = kept_words(&how, &answer) {
        eprintln!("{kept}");
    }
    put(files, word, answer_files(&own, shapes, &answer)?, own_files);
    let summary = &answer.summary;
    let mut bounds = Bounds {
        clearance_s: summary.clearance_s.bound,
        t90_s: summary.t90_s.bound,
        person_hours: summary.person_hours.bound,
    };
    let mut optimistic = summary.optimistic;
    let mut bottlenecks = answer.bottlenecks.clone();
    if !taken.is_nothing() {
        let free = part(scenario, &task.groups, means, &Committed::nothing(scenario.sites.len()));
        let (free, free_files) = with_digest(free)?;
        let free = Arc::new(free);
        let proven = planned(&free, &how, task.how, Wanted::Bound, task.started)?;
        put(files, &format!("{word}-bound"), answer_files(&free, shapes, &proven)?, free_files);
        bounds = Bounds {
            clearance_s: proven.summary.clearance_s.bound,
            t90_s: proven.summary.t90_s.bound,
            person_hours: proven.summary.person_hours.bound,
        };
        optimistic = proven.summary.optimistic;
        bottlenecks.clone_from(&proven.bottlenecks);
    }
    let figures = part_figures(&PartFigures {
        means,
        summary: &answer.summary,
        bottlenecks: &bottlenecks,
        bounds,
        optimistic,
        ready_s: last_ready(&own),
        has_windows: !own.windows.is_empty(),
    });
    Ok(Part { answer, bounds, figures })
}

fn put(files: &mut Files, folder: &str, answer: Files, scenario: Files) {
    files.extend(answer.into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)));
    files.extend(scenario.into_iter().map(|(name, bytes)| (format!("{folder}/scenario/{name}"), bytes)));
}

/// A scenario that never was a folder, with the files it would have and their digest.
fn with_digest(mut scenario: Scenario) -> Result<(Scenario, Files), Failure> {
    let files = scenario_text(&scenario)?;
    scenario.digest = scenario_digest(files.iter().map(|(name, bytes)| (*name, bytes.as_slice())));
    Ok((scenario, files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()))
}

/// When the last people are ready, s.
fn last_ready(scenario: &Scenario) -> f64 {
    let used = |id: &str| scenario.zones.iter().any(|z| z.people > 0 && z.mobilization_id == id);
    let ends = scenario.releases.iter().filter(|r| used(&r.mobilization_id)).map(|r| r.time_ms);
    ends.max().unwrap_or(0) as f64 / 1000.0
}

/// People per site (its row) who arrive under a plan.
fn arrivals(scenario: &Scenario, answer: &Answer) -> BTreeMap<usize, i64> {
    let site_of: BTreeMap<&str, usize> =
        scenario.sites.iter().enumerate().map(|(i, s)| (s.site_id.as_str(), i)).collect();
    let to: BTreeMap<&str, usize> = answer
        .plan
        .routes
        .iter()
        .filter_map(|r| Some((r.route_id.as_str(), *site_of.get(r.site_id.as_str())?)))
        .collect();
    let mut people = BTreeMap::new();
    for order in &answer.plan.orders {
        if let Some(&site) = to.get(order.route_id.as_str()) {
            *people.entry(site).or_default() += order.people;
        }
    }
    people
}

/// Dispatch data, in a folder of its own: who hands out the other files can leave it away.
fn fleet_files(task: &Task<'_>, blocks: &VehicleBlocks) -> Files {
    let trips: &[TripRow] = &blocks.trips;
    let settings = &task.scenario.settings;
    let confidential = settings.context == Context::ArmedConflict;
    let page = timetable_page(trips, &task.scenario, confidential);
    vec![
        ("fleet/trips.csv".to_owned(), to_csv(trips)),
        ("fleet/timetable.html".to_owned(), page.into_bytes()),
    ]
}
