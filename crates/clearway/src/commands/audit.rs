//! `clearway audit`

use super::plan::{answer_files, options, planned, shapes};
use super::refuse_existing;
use crate::args::{Audit, How, ProgressName, Routes};
use crate::failure::{Failure, faults_text};
use crate::interrupt;
use crate::planning::Wanted;
use clearway_audit::blueprint::Claim;
use clearway_audit::figure::Figures;
use clearway_audit::judge::Outcome;
use clearway_audit::movements::{Computed, movements};
use clearway_audit::profile::{Profile, apply, profile};
use clearway_audit::range::Range;
use clearway_audit::rule::{Rulebook, Severity};
use clearway_audit::verdict::Standing;
use clearway_audit::{Blueprint, Report, audit, form, in_words, page, rules_list, short};
use clearway_io::{
    Overwrite, csv_text, read_plan, read_scenario, read_summary, scenario_files, write_folder,
};
use clearway_model::{Case, Context, Fault, Faults, Plan, Scenario};
use clearway_network::Network;
use clearway_plan::certify::{Limit, fineness};
use clearway_verify::{is_everyone, verify};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

type Files = Vec<(String, Vec<u8>)>;

pub fn run(args: &Audit) -> Result<(), Failure> {
    let mut faults = Faults::default();
    let mut figures = Figures::shipped(&mut faults);
    let mut rules = Rulebook::shipped(&figures, &mut faults);
    if args.form {
        tell!("{}", form(&figures, &rules));
        return Ok(());
    }
    if args.rules {
        tell!("{}", String::from_utf8_lossy(&rules_list(&rules)));
        return Ok(());
    }
    let (Some(given), Some(out)) = (&args.blueprint, &args.out) else {
        return Err(Failure::Argument("give a blueprint and a folder to write (--out)".to_owned()));
    };
    refuse_existing(out, args.replace)?;
    let (file, base) = place_of(given);
    let mut blueprint = if given.is_dir() {
        plan_only(given)?
    } else {
        let text = String::from_utf8(super::read(given)?)
            .map_err(|_| Failure::Argument(format!("'{}' is not UTF-8 text", given.display())))?;
        match Blueprint::read(&file, &text, &mut faults) {
            Some(blueprint) => blueprint,
            None => return Err(Failure::Faults { what: given.display().to_string(), faults }),
        }
    };
    blueprint.profile.extend(args.profile.iter().cloned());
    for name in &blueprint.figures {
        figures.add(name, &table(&base, name, &file, &mut faults), &mut faults);
    }
    for name in &blueprint.rules {
        rules.add(name, &table(&base, name, &file, &mut faults), &figures, &mut faults);
    }
    blueprint.check(&file, &figures, &rules, &mut faults);
    let what = given.display().to_string();
    if faults.has_errors() {
        return Err(Failure::Faults { what, faults });
    }
    if !faults.0.is_empty() {
        eprint!("{}", faults_text(&what, &faults));
    }
    let profiles: Vec<Profile> = blueprint
        .profile
        .iter()
        .filter_map(|name| {
            let own =
                name.ends_with(".toml").then(|| std::fs::read_to_string(base.join(name)).ok()).flatten();
            profile(name, own.as_deref(), &file, &mut faults)
        })
        .collect();
    apply(&profiles, blueprint.context, &mut rules, &mut faults);
    if faults.has_errors() {
        return Err(Failure::Faults { what, faults });
    }
    if let Some(days) = args.deadline {
        asked_by(&mut blueprint, days);
    }
    let mut files = Files::new();
    let mut computed = Computed::new();
    if !blueprint.movements.is_empty() {
        let path = base.join(&blueprint.movements);
        let text = String::from_utf8(super::read(&path)?)
            .map_err(|_| Failure::Argument(format!("'{}' is not UTF-8 text", path.display())))?;
        computed.extend(movements(&blueprint.movements, &text, &mut faults));
        if faults.has_errors() {
            return Err(Failure::Faults { what, faults });
        }
    }
    if !blueprint.plan.is_empty() {
        of_plan(&base.join(&blueprint.plan), &mut computed)?;
    }
    if !blueprint.scenario.is_empty() {
        of_scenario(&base.join(&blueprint.scenario), &blueprint, &mut computed, &mut files)?;
    }
    // exact places of people and sites are not for a folder that may be passed on
    let is_kept_back = blueprint.context == Context::ArmedConflict && !args.exact && !files.is_empty();
    if is_kept_back {
        files.clear();
    }
    let report = audit(&blueprint, &figures, &rules, &computed);
    files.push(("audit.json".to_owned(), serde_json::to_vec_pretty(&report)?));
    files.push(("findings.csv".to_owned(), findings_csv(&report)));
    let html = page(&report).map_err(|error| Failure::Argument(format!("cannot make the page: {error}")))?;
    files.push(("index.html".to_owned(), html));
    let listed: Vec<(&str, Vec<u8>)> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    let overwrite = if args.replace { Overwrite::Replace } else { Overwrite::Refuse };
    write_folder(out, &listed, overwrite)?;
    let kept_back = if is_kept_back {
        "The limit's own folder holds exact places and is left out; --exact writes it, with its proof.\n"
    } else {
        ""
    };
    let text =
        format!("{}{kept_back}written to {1}; look at {1}/index.html", in_words(&report), out.display());
    if matches!(report.standing, Standing::DoesNotHold | Standing::NotDemonstrated) {
        return Err(Failure::DoesNotHold(text));
    }
    say!("{text}");
    Ok(())
}

/// The blueprint's name for faults, and the folder its paths start from.
fn place_of(given: &Path) -> (String, PathBuf) {
    let file = given.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let base =
        if given.is_dir() { PathBuf::new() } else { given.parent().map(Path::to_owned).unwrap_or_default() };
    (file, base)
}

/// A plan folder stands for a blueprint that says nothing else.
fn plan_only(dir: &Path) -> Result<Blueprint, Failure> {
    let (scenario, _) = read_scenario(&dir.join("scenario"))
        .map_err(|faults| Failure::Faults { what: dir.join("scenario").display().to_string(), faults })?;
    let mut blueprint = Blueprint::empty(&scenario.settings.name, scenario.settings.context);
    blueprint.description.clone_from(&scenario.settings.description);
    blueprint.plan = dir.display().to_string();
    Ok(blueprint)
}

/// A table named in the blueprint; what cannot be read is a fault of the blueprint.
fn table(base: &Path, name: &str, file: &str, faults: &mut Faults) -> String {
    std::fs::read_to_string(base.join(name)).unwrap_or_else(|error| {
        faults.push(
            Fault::error(file, "", "a table that can be read").field("rules", name).hint(error.to_string()),
        );
        "id,name,rule,severity,axis,source\n".to_owned()
    })
}

/// Puts the time asked for in place of the one claimed; what was claimed stays in sight.
fn asked_by(blueprint: &mut Blueprint, days: f64) {
    for claim in blueprint.claims.iter_mut().filter(|claim| claim.figure == "days") {
        claim.superseded = true;
    }
    blueprint.claims.push(Claim {
        figure: "days".to_owned(),
        range: Range::exact(days),
        who: "asked with --deadline".to_owned(),
        when: String::new(),
        url: String::new(),
        status: "assumed".to_owned(),
        note: String::new(),
        superseded: false,
    });
}

/// Figures of a plan folder: only what its own checker recomputes is taken from it.
fn of_plan(dir: &Path, computed: &mut Computed) -> Result<(), Failure> {
    if is_everyone(dir) {
        let text =
            "a plan for everybody is not audited as a whole yet; give one of its parts (vehicle, walk)";
        return Err(Failure::Argument(text.to_owned()));
    }
    let result = verify(dir, None)?;
    let what = |name: &str| dir.join(name).display().to_string();
    let faults = |name: &str| {
        let what = what(name);
        move |faults| Failure::Faults { what, faults }
    };
    let summary = read_summary(&dir.join("summary.json")).map_err(faults("summary.json"))?;
    let plan = read_plan(&dir.join("plan.json")).map_err(faults("plan.json"))?;
    let (scenario, _) = read_scenario(&dir.join("scenario")).map_err(faults("scenario"))?;
    let mut add = |id, value: f64, how: &str| computed.push((id, Range::exact(value), how.to_owned()));
    let people = &summary.people;
    let movers = people.total - people.stayers;
    add("people", movers as f64, "zones.csv: people less those who stay");
    add("people_stay", people.stayers as f64, "zones.csv");
    let open = result.findings.len() as u64 + result.left_out;
    add("verify_findings", open as f64, "clearway verify");
    add("left_behind", (people.left_behind - people.stayers).max(0) as f64, "summary.json, replayed");
    add("caught", people.caught as f64, "summary.json, replayed");
    if let Some(s) = summary.t90_s.plan {
        add("t90_h", s / 3600.0, "summary.json, replayed");
    }
    if let Some(s) = summary.clearance_s.plan {
        add("t100_h", s / 3600.0, "summary.json, replayed");
        add("days", s / 86_400.0, "summary.json, replayed");
    }
    if let Some(s) = summary.clearance_s.bound {
        add("limit_days", s / 86_400.0, "summary.json, limit with certificate");
    }
    if let Some(share) = share_at_start(&plan) {
        add("share_at_start", share, "plan.json: people who leave within the first minute");
    }
    if let Some(places) = places(&scenario) {
        computed.push(("site_places", places, "sites.csv: capacity_people".to_owned()));
    }
    Ok(())
}

/// Share of the people in orders who leave within a minute of the first departure.
fn share_at_start(plan: &Plan) -> Option<f64> {
    let first = plan.orders.iter().map(|order| order.depart_from_ms).min()?;
    let all: i64 = plan.orders.iter().map(|order| order.people).sum();
    let leave = |order: &clearway_model::MovementOrder| {
        let length = (order.depart_until_ms - order.depart_from_ms).max(1) as f64;
        let inside = (first + 60_000 - order.depart_from_ms).max(0) as f64;
        order.people as f64 * (inside / length).min(1.0)
    };
    (all > 0).then(|| plan.orders.iter().map(leave).sum::<f64>() / all as f64)
}

/// Places of all sites together; `None` if one has no limit.
fn places(scenario: &Scenario) -> Option<Range> {
    let mut sum = Range::exact(0.0);
    for site in &scenario.sites {
        let central = site.capacity_people? as f64;
        sum.central += central;
        sum.low += site.capacity_people_low.map_or(central, |n| n as f64);
        sum.high += site.capacity_people_high.map_or(central, |n| n as f64);
    }
    (!scenario.sites.is_empty()).then_some(sum)
}

/// The limit of a scenario's roads and hours, with its proof in `limit/`.
fn of_scenario(
    dir: &Path,
    blueprint: &Blueprint,
    computed: &mut Computed,
    files: &mut Files,
) -> Result<(), Failure> {
    let started = Instant::now();
    let faults = |faults| Failure::Faults { what: dir.display().to_string(), faults };
    let (scenario, _) = read_scenario(dir).map_err(faults)?;
    let how = How {
        routes_per_zone: Routes(None),
        window: 900_000,
        convergent: false,
        threads: None,
        memory: None,
        progress: ProgressName::Auto,
    };
    let scenario = Arc::new(scenario);
    let options = options(&scenario, &how)?;
    let answer = planned(&scenario, &options, &how, Wanted::Limit, started)?;
    if interrupt::asked() {
        return Err(Failure::NothingYet);
    }
    let summary = &answer.summary;
    let days = |s: f64| s / 86_400.0;
    let horizon = scenario.settings.horizon_ms as f64 / 86_400_000.0;
    // a limit after the end of the horizon: by how much is not known, so that nothing may be concluded from the high end
    let low = summary.favourable.clearance_s.map_or(horizon, days);
    let central = summary.clearance_s.bound.map_or(horizon, days);
    let is_central_known = summary.clearance_s.bound.is_some();
    let hindering = if is_central_known { hindering_end(&scenario)?.map(days) } else { None };
    let high = hindering.unwrap_or(f64::INFINITY);
    let asked: Vec<f64> =
        blueprint.claims.iter().filter(|c| c.figure == "days").map(|c| c.range.central).collect();
    let mut times: Vec<i64> = [1.0, 5.0].iter().chain(&asked).map(|d| (d * 86_400_000.0) as i64).collect();
    times.sort_unstable();
    times.dedup();
    let movers = (summary.people.total - summary.people.stayers).max(1) as f64;
    let by: Vec<String> = times
        .iter()
        .zip(answer.limit.people_at(times.iter().copied()))
        .map(|(ms, people)| {
            let share = people as f64 / movers * 100.0;
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
        "limit of the roads and hours in '{}', proof in limit/: {}; low and high end: every figure of the scenario at its favourable and its hindering end (the latter without proof){ends}",
        scenario.settings.name,
        by.join(", ")
    );
    computed.push(("limit_days", Range { low: low.min(central), central, high: high.max(central) }, how));
    for (name, bytes) in answer_files(&scenario, &shapes(dir), &answer)? {
        files.push((format!("limit/{name}"), bytes));
    }
    for (name, bytes) in scenario_files(dir).map_err(faults)? {
        files.push((format!("limit/scenario/{name}"), bytes));
    }
    Ok(())
}

/// The limit with every figure at its hindering end, s; `None` if it is after the horizon.
fn hindering_end(scenario: &Scenario) -> Result<Option<f64>, Failure> {
    let network = Network::new(scenario, Case::Low).map_err(clearway_plan::PlanError::from)?;
    let movers = network.movers();
    let every = fineness(&network.flow_problem(None)).every;
    Ok(Limit::new(network, None, every, &|_| ControlFlow::Continue(())).earliest_s(movers))
}

/// `findings.csv`: all findings, for a spreadsheet.
fn findings_csv(report: &Report) -> Vec<u8> {
    let header = [
        "id",
        "outcome",
        "severity",
        "axis",
        "rule",
        "low",
        "central",
        "high",
        "side",
        "threshold",
        "unit",
        "gap",
        "affected_people",
        "working",
        "missing",
        "evidence",
        "clears",
        "source",
        "verified",
    ];
    let number = |x: Option<f64>| x.map_or_else(String::new, |x| format!("{x}"));
    let rows = report.findings.iter().filter(|f| f.outcome != Outcome::NotApplicable).map(|f| {
        vec![
            f.id.clone(),
            f.outcome.words().to_owned(),
            f.severity.map_or("", Severity::word).to_owned(),
            f.axis.word().to_owned(),
            f.rule.clone(),
            number(f.value.map(|v| v.low)),
            number(f.value.map(|v| v.central)),
            number(f.value.map(|v| v.high)),
            f.side.to_owned(),
            number(f.threshold),
            f.unit.clone(),
            number(f.gap),
            number(f.affected_people.map(|r| r.central.round())),
            f.working.clone(),
            f.missing.join("; "),
            f.evidence.clone(),
            f.clears.clone(),
            f.source.clone(),
            f.verified.to_string(),
        ]
    });
    csv_text(&header, rows.collect::<Vec<_>>())
}
