//! `clearway audit`

use super::{file_name, input};
use crate::args::AuditArgs;
use crate::beside::Beside;
use crate::failure::Failure;
use crate::output::Output;
use crate::session::{keeping, usage};
use clearway::{
    AuditRequest, AuditSubject, Audited, InputFile, Partial, audit, audit_inputs, blueprint_form, rules_table,
};
use clearway_artifacts::FolderKind;
use clearway_formats::is_spreadsheet;
use std::path::{Path, PathBuf};
use std::time::Instant;

pub fn run(args: &AuditArgs) -> Result<(), Failure> {
    let started = Instant::now();
    if args.form {
        tell!("{}", blueprint_form());
        return Ok(());
    }
    if args.rules {
        tell!("{}", String::from_utf8_lossy(&rules_table()));
        return Ok(());
    }
    let given = args.blueprint.as_deref().map(without_plan_json);
    let (Some(given), Some(out)) = (given, &args.out) else {
        return Err(Failure::Argument("give a blueprint and a folder to write (--out)".to_owned()));
    };
    let beside = if given.is_dir() { Beside::default() } else { Beside::file(given) };
    let mut request = request(given, args)?;
    let read = inputs(given, &beside, &request, args)?;
    let read: Vec<&Path> = read.iter().map(PathBuf::as_path).collect();
    let output = Output::new(out, FolderKind::Audit, args.replace, &read)?;
    request.supplies = args.supplies.as_deref().map(input).transpose()?;
    request.aid = args.aid.as_deref().map(input).transpose()?;
    match audit(&keeping(), &beside, &request) {
        Ok(audited) => {
            let text = written(&audited, started, &output)?;
            if !audited.holds() {
                return Err(Failure::DoesNotHold(text));
            }
            say!("{text}");
            Ok(())
        }
        Err(clearway::Error::Cancelled(Some(partial))) => {
            let Partial::Audit(audited) = *partial else { return Err(Failure::NothingYet) };
            say!("{}", written(&audited, started, &output)?);
            Err(Failure::SoFar(out.clone()))
        }
        Err(error) => Err(error.into()),
    }
}

/// The plan folder, where its `plan.json` is given.
fn without_plan_json(given: &Path) -> &Path {
    match given.parent().filter(|_| given.ends_with("plan.json")) {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => given,
    }
}

/// Writes the folder; what to print.
fn written(audited: &Audited, started: Instant, output: &Output) -> Result<String, Failure> {
    output.write(&audited.artifacts(usage(started))?)?;
    Ok(format!("{}written to {1}; look at {1}/index.html", audited.in_words(), output.dir.display()))
}

/// What the options ask for, tables beside a plan folder apart.
fn request(given: &Path, args: &AuditArgs) -> Result<AuditRequest, Failure> {
    let mut request = AuditRequest::default();
    request.subject = subject(given, args)?;
    request.profiles.clone_from(&args.profile);
    request.deadline_days = args.deadline;
    request.redacted = (args.redacted || args.exact).then_some(args.redacted);
    Ok(request)
}

/// A plan folder, a table of movements or a blueprint.
fn subject(given: &Path, args: &AuditArgs) -> Result<AuditSubject, Failure> {
    if given.is_dir() {
        return Ok(AuditSubject::Plan(given.display().to_string()));
    }
    let file = file_name(given);
    let context = match (is_table(&file), args.context) {
        (false, _) => None,
        (true, Some(context)) => Some(context.into()),
        (true, None) => {
            let text = format!(
                "'{file}' is a table of movements and does not say what kind of situation it is for: give --context \
                 disaster, armed-conflict, exercise or other"
            );
            return Err(Failure::Argument(text));
        }
    };
    let file = InputFile { name: file, content: input(given)?.content };
    Ok(match context {
        Some(context) => AuditSubject::Movements { table: file, context },
        None => AuditSubject::Blueprint(file),
    })
}

/// Whether a file is a table of movements by itself.
fn is_table(file: &str) -> bool {
    is_spreadsheet(file)
        || file.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("csv"))
}

/// Everything that is read.
fn inputs(
    given: &Path,
    beside: &Beside,
    request: &AuditRequest,
    args: &AuditArgs,
) -> Result<Vec<PathBuf>, Failure> {
    let mut all: Vec<PathBuf> = audit_inputs(beside, request)?.iter().map(|name| beside.path(name)).collect();
    all.push(given.to_owned());
    all.extend(args.supplies.iter().chain(&args.aid).cloned());
    Ok(all)
}
