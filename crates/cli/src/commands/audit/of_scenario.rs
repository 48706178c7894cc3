//! The bound of a scenario's roads and hours: as it is, in harder cases, and what it would take by the time claimed.

use crate::args::ProgressName;
use crate::commands::plan::shapes;
use crate::failure::Failure;
use crate::interrupt;
use crate::progress::Progress;
use crate::proved::{Files, proved};
use crate::session::{usage, usual};
use clearway::{Session, answer_files, prove_as_it_is};
use clearway_audit::Blueprint;
use clearway_audit::movements::Computed;
use clearway_audit::profile::{Case as ProfileCase, CaseBound, MapLever, Profile};
use clearway_audit::range::Range;
use clearway_formats::{read_scenario, scenario_files, short};
use clearway_model::{Case, FolderStore, Scenario};
use clearway_plan::Answer;
use clearway_whatif::levers::{Lever, bounds_s, least_steps};
use clearway_whatif::stress::{Stress, stressed};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// A scenario with its bound.
pub struct OfScenario {
    scenario: Arc<Scenario>,
    answer: Answer,
    dir: std::path::PathBuf,
    session: Session,
}

impl OfScenario {
    /// The bound of a changed scenario, with its proof in a folder.
    fn proved(&self, scenario: Scenario, folder: &str, files: &mut Files) -> Result<Answer, Failure> {
        proved(&self.session, scenario, &shapes(&self.dir), folder, files)
    }
}

/// The bound of a scenario's roads and hours, with its proof in `bound/`.
pub fn of_scenario(
    dir: &Path,
    blueprint: &Blueprint,
    computed: &mut Computed,
    files: &mut Files,
) -> Result<OfScenario, Failure> {
    let faults = |faults| Failure::Faults { what: dir.display().to_string(), faults };
    if dir.join("groups.csv").is_file() {
        let dir = dir.display();
        return Err(Failure::Argument(format!(
            "in '{dir}' people move by several means (groups.csv), and a bound for one class of road users would be wrong for all: \
             plan it, and name the plan folder (plan), or the scenario of one of its parts (PLAN/vehicle/scenario)"
        )));
    }
    let (scenario, _) = read_scenario(&FolderStore::new(dir)).map_err(faults)?;
    let scenario = Arc::new(scenario);
    let (session, started) = (usual(), Instant::now());
    let answer = prove_as_it_is(&session, &scenario)?;
    let summary = &answer.summary;
    let days = |s: f64| s / 86_400.0;
    let horizon = scenario.settings.horizon_ms as f64 / 86_400_000.0;
    // a bound after the end of the horizon: by how much is not known, so that nothing may be concluded from the high end
    let low = summary.optimistic.clearance_s.map_or(horizon, days);
    let central = summary.clearance_s.bound.map_or(horizon, days);
    let is_central_known = summary.clearance_s.bound.is_some();
    let hindering = if is_central_known {
        bounds_s(&scenario, Case::Pessimistic, session.cancel()).map_err(clearway::Error::from)?
    } else {
        [None; 2]
    };
    let high = hindering[1].map_or(f64::INFINITY, days);
    let asked: Vec<f64> =
        blueprint.claims.iter().filter(|c| c.figure == "days").map(|c| c.range.central).collect();
    let mut times: Vec<i64> = [1.0, 5.0].iter().chain(&asked).map(|d| (d * 86_400_000.0) as i64).collect();
    times.sort_unstable();
    times.dedup();
    let evacuees = (summary.people.total - summary.people.staying).max(1) as f64;
    let by: Vec<String> = times
        .iter()
        .zip(answer.bound.people_at(times.iter().copied()))
        .map(|(ms, people)| {
            let share = people as f64 / evacuees * 100.0;
            format!(
                "at most {} % by day {}",
                short((share * 10.0).ceil() / 10.0),
                short(*ms as f64 / 86_400_000.0)
            )
        })
        .collect();
    let ends =
        if high.is_finite() { "" } else { "; at the hindering end it is after the scenario's horizon" };
    let how = format!(
        "bound of the roads and hours in '{}', proof in bound/: {}; low and high end: every figure of the scenario at its optimistic and its hindering end (the latter without proof){ends}",
        scenario.settings.name,
        by.join(", ")
    );
    computed.push(("bound_days", Range { low: low.min(central), central, high: high.max(central) }, how));
    if let (Some(low), Some(central)) = (summary.optimistic.t90_s, summary.t90_s.bound) {
        let (low, central) = (low / 3600.0, central / 3600.0);
        let high = hindering[0].map_or(f64::INFINITY, |s| s / 3600.0);
        let range = Range { low: low.min(central), central, high: high.max(central) };
        let how = format!("bound of the roads and hours in '{}', proof in bound/", scenario.settings.name);
        computed.push(("bound_t90_h", range, how));
    }
    of_settings(&scenario, computed);
    for (name, bytes) in answer_files(&scenario, &shapes(dir), &answer, usage(started))? {
        files.push((format!("bound/{name}"), bytes));
    }
    for (name, bytes) in scenario_files(&FolderStore::new(dir)).map_err(faults)? {
        files.push((format!("bound/scenario/{name}"), bytes));
    }
    Ok(OfScenario { scenario, answer, dir: dir.to_owned(), session })
}

/// Figures that the tables of a scenario state: people in a vehicle, hours of movement.
pub fn of_settings(scenario: &Scenario, computed: &mut Computed) {
    let class = scenario.settings.class.iter().find_map(|class| Some((class, class.people_per_vehicle?)));
    if let Some((class, central)) = class {
        let low = class.people_per_vehicle_low.unwrap_or(central);
        let high = class.people_per_vehicle_high.unwrap_or(central);
        computed.push((
            "people_a_vehicle",
            Range { low, central, high },
            "scenario.toml: people_per_vehicle".to_owned(),
        ));
    }
    let hours = Lever::Hours.amount(scenario, 0).0;
    let hours = if Lever::Hours.most(scenario) > 0 { hours } else { 24.0 };
    if (0.0..=24.0).contains(&hours) {
        computed.push((
            "hours_a_day",
            Range::exact(hours),
            "windows.csv: hours in which all links are open".to_owned(),
        ));
    }
}

/// The bound in every case of the profiles, each with its proof in `cases/`.
pub fn cases(of: &OfScenario, profiles: &[Profile], files: &mut Files) -> Result<Vec<CaseBound>, Failure> {
    let road = of
        .answer
        .bottlenecks
        .iter()
        .find(|b| b.element == "link")
        .and_then(|b| of.scenario.links.iter().position(|link| link.link_id == b.id));
    let mut all = Vec::new();
    for (number, case) in profiles.iter().flat_map(|profile| &profile.case).enumerate() {
        let lost = road.map(|row| &of.scenario.links[row]).filter(|_| !case.lost.is_empty());
        if case.asked || (lost.is_none() && !case.lost.is_empty()) {
            let mut proven = answered(case, None, String::new());
            if !case.asked {
                proven.name = format!("{} (no road sets the bound)", proven.name);
            }
            all.push(proven);
            continue;
        }
        eprintln!("{}", case.name);
        let stress = Stress {
            capacity: case.capacity,
            speed: case.speed,
            people: case.people,
            release: case.release,
            lane_lost: case.lost == "lane",
            road_lost: case.lost == "road",
            hazard_earlier_ms: (case.hazard_earlier_min * 60_000.0) as i64,
        };
        let folder = format!("cases/{}", number + 1);
        let answer = of.proved(stressed(&of.scenario, &stress, road), &folder, files)?;
        let mut proven = answered(case, Some(&answer), folder);
        if let Some(link) = lost {
            let name = if link.name.is_empty() { String::new() } else { format!("{}, ", link.name) };
            proven.name = format!("{} ({name}link {})", proven.name, link.link_id);
        }
        all.push(proven);
    }
    Ok(all)
}

/// Without a map the cases of the profiles are only asked for.
pub fn asked_cases(profiles: &[Profile]) -> Vec<CaseBound> {
    profiles
        .iter()
        .flat_map(|profile| &profile.case)
        .map(|case| answered(case, None, String::new()))
        .collect()
}

fn answered(case: &ProfileCase, answer: Option<&Answer>, folder: String) -> CaseBound {
    CaseBound {
        name: case.name.clone(),
        t90_s: answer.and_then(|answer| answer.summary.t90_s.bound),
        clearance_s: answer.and_then(|answer| answer.summary.clearance_s.bound),
        computed: answer.is_some(),
        folder,
        source: case.source.clone(),
        verified: case.verified,
    }
}

/// What it would take of each thing by itself so that the bound no longer excludes the deadline; each with two proofs.
pub fn by_deadline(of: &OfScenario, days: f64, files: &mut Files) -> Result<Vec<MapLever>, Failure> {
    let progress = Progress::new(ProgressName::Auto);
    let deadline_s = days * 86_400.0;
    let mut all = Vec::new();
    for (done, lever) in Lever::ALL.into_iter().enumerate() {
        if lever.most(&of.scenario) == 0 {
            continue;
        }
        let look = || progress.tell("deadline", done as f64 / Lever::ALL.len() as f64);
        look();
        let least = |case| {
            let cancel = of.session.cancel();
            least_steps(&of.scenario, lever, case, deadline_s, cancel).map_err(clearway::Error::from)
        };
        let (central, best) = (least(Case::Central)?, least(Case::Optimistic)?);
        if interrupt::asked() {
            return Err(Failure::NothingYet);
        }
        let mut folders = [String::new(), String::new()];
        if let Some(steps) = central.filter(|steps| *steps > 0) {
            for (at, (name, steps)) in [("too-little", steps - 1), ("enough", steps)].into_iter().enumerate()
            {
                let folder = format!("deadline/{}-{name}", lever.word());
                of.proved(lever.with(&of.scenario, steps), &folder, files)?;
                folders[at] = folder;
            }
        }
        let amount = |steps: u32| lever.amount(&of.scenario, steps).0;
        all.push(MapLever {
            what: lever.amount(&of.scenario, 0).1.to_owned(),
            now: amount(0),
            central: central.map(amount),
            best: best.map(amount),
            folders,
        });
    }
    progress.clear();
    Ok(all)
}
