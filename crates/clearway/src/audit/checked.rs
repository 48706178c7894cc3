//! What is audited, as it was read and checked: a blueprint with the figures and rules that it is put to.

use super::named::{NamedFiles, NamedFolder};
use super::request::{AuditRequest, AuditSubject};
use crate::error::Error;
use crate::input::FileContent;
use clearway_audit::Blueprint;
use clearway_audit::figure::FigureTable;
use clearway_audit::profile::{ProfileCase, RuleProfile, apply, profile};
use clearway_audit::rule::Rulebook;
use clearway_formats::read_scenario;
use clearway_model::{Fault, Faults, Store};

/// What is audited, with the rules that are put to it.
pub(super) struct CheckedBlueprint<'a> {
    /// How messages call it.
    pub label: String,
    /// Claims and evidence, with the names of the files beside it.
    pub blueprint: Blueprint,
    /// Figures, those of its own tables among them.
    pub figures: FigureTable,
    /// Rules of its profiles, those of its own tables among them.
    pub rules: Rulebook,
    /// Profiles, with the cases that they ask for.
    pub profiles: Vec<RuleProfile>,
    /// The plan folder, where there is one.
    pub plan: Option<NamedFolder<'a>>,
    /// What was found that is no error.
    pub warnings: Faults,
}

impl CheckedBlueprint<'_> {
    /// The cases that its profiles ask for.
    pub fn cases(&self) -> impl Iterator<Item = &ProfileCase> {
        self.profiles.iter().flat_map(|profile| &profile.case)
    }
}

/// Where what a request is about finds its files.
pub(super) fn named<'a>(files: &'a dyn Store, request: &'a AuditRequest) -> NamedFiles<'a> {
    match &request.subject {
        AuditSubject::Blueprint(given) | AuditSubject::Movements { table: given, .. } => {
            NamedFiles::beside(files, &given.name)
        }
        AuditSubject::Plan(_) => NamedFiles::of(files),
    }
}

/// Reads what is audited and all tables that it names.
///
/// # Errors
/// [`Error::Invalid`] with all faults.
pub(super) fn checked<'a>(
    named: &NamedFiles<'a>,
    request: &AuditRequest,
) -> Result<CheckedBlueprint<'a>, Error> {
    let mut faults = Faults::default();
    let mut figures = FigureTable::shipped(&mut faults);
    let mut rules = Rulebook::shipped(&figures, &mut faults);
    let ReadSubject { label, file, mut blueprint, plan } = subject(named, request, &mut faults)?;
    blueprint.profile.extend(request.profiles.iter().cloned());
    for name in &blueprint.figures {
        figures.add(name, &table(named, name, &file, &mut faults), &mut faults);
    }
    for name in &blueprint.rules {
        rules.add(name, &table(named, name, &file, &mut faults), &figures, &mut faults);
    }
    blueprint.check(&file, &figures, &rules, &mut faults);
    if faults.has_errors() {
        return Err(Error::Invalid { of: label, faults });
    }
    let read = |name: &String| {
        let own = is_own(name).then(|| named.text(name).ok()).flatten();
        profile(name, own.as_deref(), &file, &mut faults)
    };
    let profiles: Vec<RuleProfile> = blueprint.profile.iter().filter_map(read).collect();
    apply(&profiles, blueprint.context, &mut rules, &mut faults);
    if faults.has_errors() {
        return Err(Error::Invalid { of: label, faults });
    }
    Ok(CheckedBlueprint { label, blueprint, figures, rules, profiles, plan, warnings: faults })
}

/// Whether a profile is a file of somebody's own.
pub(super) fn is_own(profile: &str) -> bool {
    profile.ends_with(".toml")
}

/// What a request is about.
struct ReadSubject<'a> {
    label: String,
    /// How faults call it.
    file: String,
    blueprint: Blueprint,
    plan: Option<NamedFolder<'a>>,
}

fn subject<'a>(
    named: &NamedFiles<'a>,
    request: &AuditRequest,
    faults: &mut Faults,
) -> Result<ReadSubject<'a>, Error> {
    match &request.subject {
        AuditSubject::Blueprint(given) => {
            let (label, file) = (named.label_in_store(&given.name), given.file_name());
            let FileContent::Text(text) = &given.content else {
                return Err(Error::Request(format!("'{label}' is not UTF-8 text")));
            };
            let Some(blueprint) = Blueprint::read(&file, text, faults) else {
                return Err(Error::Invalid { of: label, faults: std::mem::take(faults) });
            };
            let plan = (!blueprint.plan.is_empty()).then(|| named.folder(&blueprint.plan));
            Ok(ReadSubject { label, file, blueprint, plan })
        }
        // A table of movements, and a plan folder, stand for a blueprint that says nothing else.
        AuditSubject::Movements { table, context } => {
            let file = table.file_name();
            let blueprint = Blueprint::empty(&file, *context);
            Ok(ReadSubject { label: named.label_in_store(&table.name), file, blueprint, plan: None })
        }
        AuditSubject::Plan(folder) => {
            let plan = named.folder(folder);
            let scenario = plan.inner("scenario");
            let (scenario, _) =
                read_scenario(&scenario).map_err(|faults| Error::Invalid { of: scenario.label(), faults })?;
            let mut blueprint = Blueprint::empty(&scenario.settings.name, scenario.settings.context);
            blueprint.description.clone_from(&scenario.settings.description);
            Ok(ReadSubject { label: plan.label(), file: plan.name(), blueprint, plan: Some(plan) })
        }
    }
}

/// A table named in the blueprint; what cannot be read is a fault of the blueprint.
fn table(named: &NamedFiles<'_>, name: &str, file: &str, faults: &mut Faults) -> String {
    named.text(name).unwrap_or_else(|error| {
        faults.push(
            Fault::error(file, "", "a table that can be read").field("rules", name).hint(error.to_string()),
        );
        "id,name,rule,severity,axis,source\n".to_owned()
    })
}
