//! `clearway audit`

mod files;
mod of_plan;

use crate::args::{AuditArgs, ProgressName};
use crate::failure::{Failure, faults_text};
use crate::interrupt;
use crate::output::Output;
use crate::progress::Progress;
use crate::session::{usage, usual};
use clearway::{AuditMapRequest, MapFacts, Partial, asked_case, audit_map, load};
use clearway_artifacts::{Disclosure, FolderKind};
use clearway_audit::blueprint::Claim;
use clearway_audit::figure::Figures;
use clearway_audit::movements::{Computed, movements};
use clearway_audit::profile::{Profile, apply, profile};
use clearway_audit::range::Range;
use clearway_audit::rule::Rulebook;
use clearway_audit::verdict::Standing;
use clearway_audit::{Blueprint, Facts, audit, form, in_words, rules_list};
use clearway_formats::{is_spreadsheet, read_scenario};
use clearway_model::{Context, Fault, Faults, FolderStore};
use clearway_needs::report::SMALL;
use clearway_report::audit_page;
use files::{findings_csv, places_csv};
use of_plan::{Beside, Places, of_plan};
use std::path::{Path, PathBuf};
use std::time::Instant;

type Files = Vec<(String, Vec<u8>)>;

pub fn run(args: &AuditArgs) -> Result<(), Failure> {
    let started = Instant::now();
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
    let folder =
        args.blueprint.as_ref().filter(|path| path.ends_with("plan.json")).and_then(|path| path.parent());
    let given = folder.map(Path::to_owned).or_else(|| args.blueprint.clone());
    let (Some(given), Some(out)) = (&given, &args.out) else {
        return Err(Failure::Argument("give a blueprint and a folder to write (--out)".to_owned()));
    };
    let (file, base) = place_of(given);
    let mut blueprint = if given.is_dir() {
        plan_only(given)?
    } else if is_table(&file) {
        table_only(&file, args)?
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
    let read = inputs(given, &base, &blueprint, args);
    let read: Vec<&Path> = read.iter().map(PathBuf::as_path).collect();
    let output = Output::new(out, FolderKind::Audit, args.replace, &read)?;
    // exact places of people and sites are not for a folder that may be passed on
    let is_redacted = args.redacted || (blueprint.context == Context::ArmedConflict && !args.exact);
    let mut files = Files::new();
    let mut computed = Computed::new();
    if !blueprint.movements.is_empty() {
        let path = base.join(&blueprint.movements);
        let text = String::from_utf8(super::read_table(&path)?)
            .map_err(|_| Failure::Argument(format!("'{}' is not UTF-8 text", path.display())))?;
        computed.extend(movements(&blueprint.movements, &text, &mut faults));
        if faults.has_errors() {
            return Err(Failure::Faults { what, faults });
        }
    }
    let mut facts = Facts::default();
    let mut places = Places::default();
    if !blueprint.plan.is_empty() {
        let named = |given: &Option<PathBuf>, name: &str| {
            given.clone().or_else(|| (!name.is_empty()).then(|| base.join(name)))
        };
        let beside = Beside {
            supplies: named(&args.supplies, &blueprint.supplies),
            aid: named(&args.aid, &blueprint.aid),
            is_redacted,
            is_cold: blueprint.claims.iter().any(|c| c.figure == "cold" && c.range.low > 0.0),
        };
        let progress = Progress::new(ProgressName::Auto);
        places = of_plan(&base.join(&blueprint.plan), &beside, &mut computed, &progress)?;
        progress.clear();
    }
    let mut ended = false;
    let has_cases = profiles.iter().flat_map(|profile| &profile.case).any(|case| !case.asked);
    let is_map_wanted = args.deadline.is_some() || has_cases;
    if let Some(map) = map_of(&blueprint, &base, is_map_wanted) {
        let (of, is_ended) = of_map(&map, &blueprint, &profiles, args.deadline)?;
        ended = is_ended;
        files.extend(of.files(usage(started))?);
        computed.extend(of.computed);
        facts.cases = of.cases;
        facts.map_levers = of.levers;
    } else {
        if is_map_wanted && !blueprint.plan.is_empty() {
            eprintln!(
                "cases and deadline are not computed for a multimodal plan: give its vehicle or walk part"
            );
        }
        facts.cases = profiles.iter().flat_map(|profile| &profile.case).map(asked_case).collect();
    }
    if is_redacted {
        facts.left_out = left_out(&blueprint, &files, &mut facts, places.left_out_hours);
    }
    let places = places.series;
    let report = audit(&blueprint, &figures, &rules, Facts { computed: &computed, places: &places, ..facts });
    files.push(("audit.json".to_owned(), serde_json::to_vec_pretty(&report)?));
    files.push(("findings.csv".to_owned(), findings_csv(&report)));
    if !places.is_empty() {
        files.push(("places.csv".to_owned(), places_csv(&report)));
    }
    files.push(("index.html".to_owned(), audit_page(&report)?));
    output.write(&files, if is_redacted { Disclosure::Redacted } else { Disclosure::Full })?;
    let kept_back: String = report.left_out.iter().map(|line| format!("{line}\n")).collect();
    let text =
        format!("{}{kept_back}written to {1}; look at {1}/index.html", in_words(&report), out.display());
    if ended {
        say!("{text}");
        return Err(Failure::SoFar(out.clone()));
    }
    if matches!(report.standing, Standing::DoesNotHold | Standing::NotDemonstrated) {
        return Err(Failure::DoesNotHold(text));
    }
    say!("{text}");
    Ok(())
}

/// What the map says, and whether that was ended early.
fn of_map(
    dir: &Path,
    blueprint: &Blueprint,
    profiles: &[Profile],
    deadline: Option<f64>,
) -> Result<(MapFacts, bool), Failure> {
    let loaded = load(&FolderStore::new(dir))?;
    // From here on there is something to keep.
    let _kept = interrupt::heeded();
    let mut request = AuditMapRequest::default();
    let claims = blueprint.claims.iter().filter(|claim| claim.figure == "days");
    request.claimed_days = claims.map(|claim| claim.range.central).collect();
    request.cases = profiles.iter().flat_map(|profile| profile.case.clone()).collect();
    request.deadline_days = deadline;
    match audit_map(&usual(), &loaded, &request) {
        Ok(facts) => Ok((facts, false)),
        Err(clearway::Error::Cancelled(Some(partial))) => match *partial {
            Partial::Map(facts) => Ok((facts, true)),
            _ => Err(Failure::NothingYet),
        },
        Err(error) => Err(error.into()),
    }
}

/// The folder of the map: the one named, or where it is needed that of the plan.
fn map_of(blueprint: &Blueprint, base: &Path, is_needed: bool) -> Option<PathBuf> {
    if !blueprint.scenario.is_empty() {
        return Some(base.join(&blueprint.scenario));
    }
    let of_plan = base.join(&blueprint.plan).join("scenario");
    (!blueprint.plan.is_empty() && is_needed && !of_plan.join("groups.csv").is_file()).then_some(of_plan)
}

/// The blueprint's name for faults, and the folder its paths start from.
fn place_of(given: &Path) -> (String, PathBuf) {
    let file = super::file_name(given);
    let base =
        if given.is_dir() { PathBuf::new() } else { given.parent().map(Path::to_owned).unwrap_or_default() };
    (file, base)
}

/// Everything that is read.
fn inputs(given: &Path, base: &Path, blueprint: &Blueprint, args: &AuditArgs) -> Vec<PathBuf> {
    let own = blueprint.profile.iter().filter(|name| name.ends_with(".toml"));
    let named =
        [&blueprint.movements, &blueprint.plan, &blueprint.scenario, &blueprint.supplies, &blueprint.aid];
    let named = named.into_iter().chain(&blueprint.figures).chain(&blueprint.rules).chain(own);
    let mut all: Vec<PathBuf> = named.filter(|name| !name.is_empty()).map(|name| base.join(name)).collect();
    all.push(given.to_owned());
    all.extend(args.supplies.iter().chain(&args.aid).cloned());
    all
}

/// Takes out what points to what is not written; says what is left out or rounded.
fn left_out(blueprint: &Blueprint, files: &Files, facts: &mut Facts<'_>, hours: u64) -> Vec<String> {
    let mut left_out = Vec::new();
    if !files.is_empty() {
        facts.map_levers.iter_mut().for_each(|lever| lever.folders = Default::default());
        facts.cases.iter_mut().for_each(|case| case.folder.clear());
        left_out.push("The folders of the bounds hold exact places and are left out; --full writes them, with their proofs.".to_owned());
    }
    if !blueprint.plan.is_empty() {
        left_out.push("Numbers of people taken from the plan are rounded up to tens.".to_owned());
    }
    if hours > 0 {
        left_out.push(format!("Hours of places with fewer than {SMALL} people are not judged: {hours}."));
    }
    left_out
}

/// Whether a file is a table of movements by itself.
fn is_table(file: &str) -> bool {
    is_spreadsheet(file)
        || file.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("csv"))
}

/// A table of movements stands for a blueprint that says nothing else.
fn table_only(file: &str, args: &AuditArgs) -> Result<Blueprint, Failure> {
    let Some(context) = args.context else {
        let text = format!(
            "'{file}' is a table of movements and does not say what kind of situation it is for: give --context \
             disaster, armed-conflict, exercise or other"
        );
        return Err(Failure::Argument(text));
    };
    let mut blueprint = Blueprint::empty(file, context.into());
    blueprint.movements = file.to_owned();
    Ok(blueprint)
}

/// A plan folder stands for a blueprint that says nothing else.
fn plan_only(dir: &Path) -> Result<Blueprint, Failure> {
    let (scenario, _) = read_scenario(&FolderStore::new(dir.join("scenario")))
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
