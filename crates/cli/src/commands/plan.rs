//! `clearway plan`

use super::{given, multimodal};
use crate::args::{How, Plan};
use crate::failure::{Failure, faults_text};
use crate::output::Output;
use crate::planning::Wanted;
use crate::usage::peak_rss_bytes;
use crate::{interrupt, memory, planning};
use clearway_artifacts::{Disclosure, FolderKind};
use clearway_formats::{
    assumptions, certificate_json, plan_json, read_groups, read_plan, read_scenario, scenario_files,
    summary_json,
};
use clearway_model::Scenario;
use clearway_plan::like::kept_people;
use clearway_plan::{Answer, PlanOptions};
use clearway_report::{PlanReport, Shapes, answer_in_words, files, terminal_curve, terminal_table};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

pub fn run(args: &Plan) -> Result<(), Failure> {
    let inputs = given([Some(args.dir.as_path()), args.how.like.as_deref()]);
    let output = Output::new(&args.out, FolderKind::Plan, args.replace, &inputs)?;
    let wanted = if args.bound_only { Wanted::Bound } else { Wanted::Orders };
    let words = make(&args.dir, &output, &args.how, wanted)?;
    say!("{words}");
    say!("written to {0}; look at {0}/index.html, check with: clearway verify {0}", args.out.display());
    Ok(())
}

/// Plans a scenario folder into a plan folder; returns what to print.
pub fn make(dir: &Path, out: &Output, how: &How, wanted: Wanted) -> Result<String, Failure> {
    let started = Instant::now();
    let what = dir.display().to_string();
    memory::refuse_before_reading(dir, how.memory)?;
    let (scenario, warnings) =
        read_scenario(dir).map_err(|faults| Failure::Faults { what: what.clone(), faults })?;
    if !warnings.0.is_empty() {
        eprint!("{}", faults_text(&what, &warnings));
    }
    if let Some((groups, warnings)) =
        read_groups(dir, &scenario).map_err(|faults| Failure::Faults { what: what.clone(), faults })?
    {
        if !warnings.0.is_empty() {
            eprint!("{}", faults_text(&what, &warnings));
        }
        // Each part has an earlier plan of its own.
        let (like, how) = (how.like.as_deref(), &How { like: None, ..how.clone() });
        let task = multimodal::Task { dir, out, how, like, wanted, scenario, groups, started };
        return multimodal::make(&task);
    }
    let options = options(&scenario, how)?;
    let scenario = Arc::new(scenario);
    let _kept = interrupt::heeded();
    let result = planned(&scenario, &options, how, wanted, started)?;
    let mut words = write(dir, out, &scenario, &result)?;
    words.extend(kept_words(&options, &result).map(|kept| format!("\n{kept}")));
    if result.summary.interrupted && (wanted == Wanted::Orders || interrupt::asked()) {
        say!("{words}");
        return Err(Failure::EndedEarly(out.dir.clone()));
    }
    Ok(words)
}

/// How to plan a scenario, in the memory there is.
pub fn options(scenario: &Scenario, how: &How) -> Result<PlanOptions, Failure> {
    let threads = how.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()));
    let options = PlanOptions {
        routes_per_zone: how.most_routes(),
        window_ms: how.window,
        convergent: how.convergent,
        threads,
        coarser: 1,
        effort: how.effort,
        packet_people: how.packet,
        like: how.like.as_deref().map(earlier).transpose()?,
    };
    Ok(PlanOptions { coarser: memory::coarser(scenario, &options, how.memory)?, ..options })
}

/// The orders of an earlier plan folder.
fn earlier(dir: &Path) -> Result<Arc<clearway_model::Plan>, Failure> {
    let plan = read_plan(&dir.join("plan.json"));
    let what = dir.display().to_string();
    plan.map(Arc::new).map_err(|faults| Failure::Faults { what, faults })
}

/// How many keep the route that they have in the earlier plan, if one was given.
pub fn kept_words(options: &PlanOptions, result: &Answer) -> Option<String> {
    let earlier = options.like.as_ref()?;
    let ordered: i64 = result.plan.orders.iter().map(|order| order.people).sum();
    let kept = kept_people(earlier, &result.plan);
    let verb = if kept == 1 { "keeps" } else { "keep" };
    Some(format!(
        "{} of {} in orders {verb} the route that they have in the earlier plan.",
        clearway_model::grouped(kept),
        clearway_model::people(ordered)
    ))
}

/// The answer, with what the run took.
pub fn planned(
    scenario: &Arc<Scenario>,
    options: &PlanOptions,
    how: &How,
    wanted: Wanted,
    started: Instant,
) -> Result<Answer, Failure> {
    let mut result = planning::plan(scenario, options, how.progress, wanted)?;
    result.summary.assumptions = assumptions(scenario);
    result.summary.threads = options.threads as u64;
    result.summary.wall_s = started.elapsed().as_secs_f64();
    result.summary.peak_rss_bytes = peak_rss_bytes();
    Ok(result)
}

/// The answer's files, without the scenario's.
pub fn answer_files(
    scenario: &Scenario,
    shapes: &Shapes,
    result: &Answer,
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut written: Vec<(String, Vec<u8>)> = vec![
        ("plan.json".to_owned(), plan_json(&result.plan)?),
        ("certificate.json".to_owned(), certificate_json(&result.certificate)?),
        ("summary.json".to_owned(), summary_json(&result.summary)?),
    ];
    written.extend(files(&report(scenario, shapes, result))?);
    Ok(written)
}

fn report<'a>(scenario: &'a Scenario, shapes: &'a Shapes, result: &'a Answer) -> PlanReport<'a> {
    PlanReport {
        scenario,
        shapes: Some(shapes),
        plan: &result.plan,
        summary: &result.summary,
        curve: &result.curve,
        zones: &result.zones,
        bottlenecks: &result.bottlenecks,
    }
}

fn write(dir: &Path, out: &Output, scenario: &Scenario, result: &Answer) -> Result<String, Failure> {
    let shapes = shapes(dir);
    let mut written = answer_files(scenario, &shapes, result)?;
    let copied =
        scenario_files(dir).map_err(|faults| Failure::Faults { what: dir.display().to_string(), faults })?;
    written.extend(copied.into_iter().map(|(name, bytes)| (format!("scenario/{name}"), bytes)));
    for name in ["zones.geojson", "sites.geojson"] {
        let inside = format!("scenario/{name}");
        if !written.iter().any(|(known, _)| *known == inside)
            && let Ok(bytes) = std::fs::read(dir.join(name))
        {
            written.push((inside, bytes));
        }
    }
    out.write(&written, Disclosure::Full)?;
    let mut text = terminal_table(&result.summary, &scenario.settings);
    text.push('\n');
    text.push_str(&terminal_curve(&result.curve, 80, 18));
    text.push('\n');
    for sentence in answer_in_words(&report(scenario, &shapes, result)) {
        text.push_str(&format!("{sentence}\n"));
    }
    Ok(text)
}

/// Shapes for the map; a file that cannot be read gives none (`clearway check` says why).
pub fn shapes(dir: &Path) -> Shapes {
    let read = |name: &str| {
        let bytes = std::fs::read(dir.join(name)).ok()?;
        serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)).ok()
    };
    Shapes { zones: read("zones.geojson"), sites: read("sites.geojson"), hazards: read("hazards.geojson") }
}
