//! `clearway plan`

use super::{ensemble, given};
use crate::args::{OrderArgs, OrderQueues, PlanArgs, RunArgs};
use crate::failure::{Failure, faults_text};
use crate::output::Output;
use crate::session::{session, usage};
use crate::{interrupt, memory};
use clearway::{FolderStore, LoadedScenario, PlanRequest, RobustRequest, load, plan, plan_robust};
use clearway_artifacts::FolderKind;
use clearway_formats::{part_folders, read_plan};
use std::path::Path;
use std::time::Instant;

pub fn run(args: &PlanArgs) -> Result<(), Failure> {
    let inputs = given([Some(args.dir.as_path()), args.orders.like.as_deref()]);
    let output = Output::new(&args.out, FolderKind::Plan, args.replace, &inputs)?;
    let words = match args.robust {
        Some(members) => make_robust(args, members, &output)?,
        None => make(&args.dir, &output, &args.orders, &args.run, args.bound_only)?,
    };
    say!("{words}");
    say!("written to {0}; look at {0}/index.html, check with: clearway verify {0}", args.out.display());
    Ok(())
}

/// Plans a scenario folder so that the orders do well under chance; returns what to print.
fn make_robust(args: &PlanArgs, members: u32, out: &Output) -> Result<String, Failure> {
    let started = Instant::now();
    memory::refuse_before_reading(&args.dir, args.run.memory)?;
    let loaded = loaded(&args.dir)?;
    let mut robust = RobustRequest::default();
    robust.plan = request(&loaded, &args.orders, false)?;
    robust.ensemble = ensemble::chance(&args.chance)?;
    robust.members = members;
    let planned = plan_robust(&session(&args.run), &loaded, &robust)?;
    out.write(&planned.artifacts(usage(started))?)?;
    Ok(planned.in_words())
}

/// Plans a scenario folder into a plan folder; returns what to print.
pub fn make(
    dir: &Path,
    out: &Output,
    orders: &OrderArgs,
    run: &RunArgs,
    bound_only: bool,
) -> Result<String, Failure> {
    let started = Instant::now();
    memory::refuse_before_reading(dir, run.memory)?;
    let session = session(run);
    let loaded = loaded(dir)?;
    let request = request(&loaded, orders, bound_only)?;
    let _kept = interrupt::heeded();
    let planned = match plan(&session, &loaded, &request) {
        Ok(planned) => planned,
        Err(clearway::Error::Cancelled(Some(partial))) => {
            out.write(&partial.artifacts(usage(started))?)?;
            say!("{}", partial.in_words());
            return Err(Failure::EndedEarly(out.dir.clone()));
        }
        Err(error) => return Err(error.into()),
    };
    out.write(&planned.artifacts(usage(started))?)?;
    let mut words = planned.in_words();
    words.extend(planned.kept_words(&request).map(|kept| format!("\n{kept}")));
    Ok(words)
}

/// A scenario folder; says what was found that is no error.
pub fn loaded(dir: &Path) -> Result<LoadedScenario, Failure> {
    let loaded = load(&FolderStore::new(dir))?;
    if !loaded.warnings.0.is_empty() {
        eprint!("{}", faults_text(&loaded.label, &loaded.warnings));
    }
    Ok(loaded)
}

/// What the options ask for.
fn request(loaded: &LoadedScenario, orders: &OrderArgs, bound_only: bool) -> Result<PlanRequest, Failure> {
    let mut request = PlanRequest::default();
    request.routes_per_zone = orders.most_routes();
    request.window_ms = orders.window;
    request.ignore_space = orders.queues == OrderQueues::IgnoreSpace;
    request.capacity_share = orders.capacity_share;
    request.convergent = orders.convergent;
    request.effort = orders.effort;
    request.packet_people = orders.packet;
    request.prices = orders.prices;
    request.bound_only = bound_only;
    let Some(dir) = orders.like.as_deref() else { return Ok(request) };
    if loaded.scenario.groups.is_none() {
        request.like = Some(earlier(dir)?);
        return Ok(request);
    }
    // Each part has an earlier plan of its own.
    for part in part_folders(&FolderStore::new(dir)) {
        let folder = dir.join(&part);
        if folder.join("plan.json").exists() {
            request.like_parts.push((part, earlier(&folder)?));
        }
    }
    Ok(request)
}

/// The orders of an earlier plan folder.
fn earlier(dir: &Path) -> Result<clearway_model::Plan, Failure> {
    let what = dir.display().to_string();
    read_plan(&FolderStore::new(dir)).map_err(|faults| Failure::Faults { what, faults })
}
