//! `audit`: somebody else's plan against arithmetic, standards and protection conditions.

mod answer;
mod checked;
mod evidence;
mod map;
mod named;
mod request;

pub use answer::Audited;
pub use map::{AuditMapRequest, MapFacts, audit_map};
pub use request::{AuditRequest, AuditSubject};

use crate::error::{Error, Partial};
use crate::event::Event;
use crate::input::InputFile;
use crate::load::load;
use crate::session::Session;
use answer::{PlacesTable, left_out};
use checked::{CheckedBlueprint, checked, is_own, named};
use clearway_artifacts::Disclosure;
use clearway_audit::blueprint::{Blueprint, FigureClaim};
use clearway_audit::figure::FigureTable;
use clearway_audit::movements::{Computed, movements};
use clearway_audit::range::FigureRange;
use clearway_audit::rule::Rulebook;
use clearway_audit::{PlanFacts, form, rules_list};
use clearway_model::{Context, Faults, Store};
use clearway_needs::Climate;
use evidence::{BesidePlan, PlanEvidence, plan_evidence};
use map::{asked_case, stated_figures};
use named::{NamedFiles, NamedFolder};

/// Audits somebody's plan, of whatever completeness: what holds, what is missing, what is impossible. `files`: what the request and
/// the blueprint name (tables of rules, a scenario, a plan folder), none of which is written.
///
/// A plan folder is verified first; on a scenario the bound is proved, in the cases of the profiles too, and what it would take by the
/// deadline.
///
/// # Errors
/// [`Error::Invalid`] with all faults of what was given; [`Error::Request`] if the request makes no sense; [`Error::Unreadable`] if
/// the plan folder is none; [`Error::Cancelled`] if the session's wish to end was heard: with [`Partial::Audit`] once the bound was
/// proved, else without an answer.
///
/// ```
/// use clearway::{AuditRequest, AuditSubject, InputFile, MemoryStore, Session, audit};
///
/// let blueprint = r#"
///     schema = "clearway-blueprint/1"
///     name = "Tents for all"
///     context = "exercise"
///     [[claim]]
///     figure = "people"
///     value = 1400000
///     [[claim]]
///     figure = "tents"
///     value = 40000
///     [[claim]]
///     figure = "people_a_tent"
///     value = 12
///     [[claim]]
///     figure = "people_there_before"
///     value = 0
/// "#;
/// let mut request = AuditRequest::default();
/// request.subject = AuditSubject::Blueprint(InputFile::new("blueprint.toml", blueprint));
/// let audited = audit(&Session::new(), &MemoryStore::default(), &request)?;
/// // 40,000 tents for 12 people each are 480,000 places for 1,400,000 people, with nobody there before.
/// let places = audited.report.findings.iter().find(|finding| finding.id == "SHE-06").unwrap();
/// assert_eq!(places.value.unwrap().central, 480_000.0 / 1_400_000.0);
/// assert!(!audited.holds());
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn audit(session: &Session, files: &dyn Store, request: &AuditRequest) -> Result<Audited, Error> {
    request.check()?;
    if session.cancel().is_cancelled() {
        return Err(Error::Cancelled(None));
    }
    let named = named(files, request);
    let mut given = checked(&named, request)?;
    if !given.warnings.0.is_empty() {
        session.tell(Event::Warnings { of: given.label.clone(), faults: given.warnings.clone() });
    }
    if let Some(days) = request.deadline_days {
        asked_by(&mut given.blueprint, days);
    }
    // exact places of people and sites are not for a folder that may be passed on
    let is_redacted = request.redacted.unwrap_or(given.blueprint.context == Context::ArmedConflict);
    let disclosure = if is_redacted { Disclosure::Redacted } else { Disclosure::Full };
    let mut computed = movement_figures(&named, request, &mut given)?;
    let evidence = match &given.plan {
        Some(plan) => plan_evidence(session, plan, &beside_plan(&named, request, &given, disclosure)?)?,
        None => PlanEvidence::default(),
    };
    computed.extend(evidence.computed);
    let proved = prove_map(session, &named, request, &given)?;
    let is_cancelled = matches!(proved, ProvedMap::SoFar(_));
    let mut facts = PlanFacts::default();
    let mut proofs = proved.facts();
    match &mut proofs {
        Some(map) => {
            // what is said of days is said of all; a time for all by the hour is held against the bound where it is claimed
            let hours_claimed = given.blueprint.claims.iter().any(|claim| claim.figure == "t100_h");
            map.computed.retain(|(figure, ..)| hours_claimed || *figure != "bound_t100_h");
            computed.append(&mut map.computed);
            facts.cases = std::mem::take(&mut map.cases);
            facts.map_levers = std::mem::take(&mut map.levers);
        }
        None => facts.cases = given.cases().map(asked_case).collect(),
    }
    if is_redacted {
        facts.left_out = left_out(&given, proofs.as_ref(), evidence.left_out_hours, &mut facts);
    }
    let facts = PlanFacts { computed: &computed, places: &evidence.places, ..facts };
    let report = clearway_audit::audit(&given.blueprint, &given.figures, &given.rules, facts);
    let places = if evidence.places.is_empty() { PlacesTable::NotGiven } else { PlacesTable::Given };
    let audited = Audited { report, disclosure, places, proofs };
    if is_cancelled { Err(Partial::Audit(Box::new(audited)).into()) } else { Ok(audited) }
}

/// The names of all files and folders that an audit reads in `files`, after what the request is about was read and checked.
///
/// # Errors
/// [`Error::Invalid`] with all faults of what was given.
pub fn audit_inputs(files: &dyn Store, request: &AuditRequest) -> Result<Vec<String>, Error> {
    let named = named(files, request);
    let CheckedBlueprint { blueprint, .. } = checked(&named, request)?;
    let own = blueprint.profile.iter().filter(|name| is_own(name));
    let one =
        [&blueprint.movements, &blueprint.plan, &blueprint.scenario, &blueprint.supplies, &blueprint.aid];
    let all = one.into_iter().chain(&blueprint.figures).chain(&blueprint.rules).chain(own);
    let mut keys: Vec<String> = all.filter(|name| !name.is_empty()).map(|name| named.key(name)).collect();
    match &request.subject {
        AuditSubject::Blueprint(given) | AuditSubject::Movements { table: given, .. } => {
            keys.push(given.name.clone());
        }
        AuditSubject::Plan(folder) => keys.push(named.key(folder)),
    }
    Ok(keys)
}

/// An empty blueprint that asks for every figure and every piece of evidence, each with its question.
pub fn blueprint_form() -> String {
    let (figures, rules) = shipped();
    form(&figures, &rules)
}

/// All rules that come with the program, as CSV.
pub fn rules_table() -> Vec<u8> {
    let (_, rules) = shipped();
    rules_list(&rules)
}

fn shipped() -> (FigureTable, Rulebook) {
    // a test of the tables themselves finds their faults
    let mut faults = Faults::default();
    let figures = FigureTable::shipped(&mut faults);
    let rules = Rulebook::shipped(&figures, &mut faults);
    (figures, rules)
}

/// Figures of the table of movements, where there is one.
///
/// # Errors
/// [`Error::Invalid`] with all faults of the table.
fn movement_figures(
    named: &NamedFiles<'_>,
    request: &AuditRequest,
    given: &mut CheckedBlueprint<'_>,
) -> Result<Computed, Error> {
    let name = &given.blueprint.movements;
    let (file, table) = match &request.subject {
        AuditSubject::Movements { table, .. } => {
            let label = named.label_in_store(&table.name);
            (table.file_name(), InputFile { name: label, content: table.content.clone() })
        }
        _ if name.is_empty() => return Ok(Computed::new()),
        _ => (name.clone(), named.input(name)?),
    };
    let text = String::from_utf8(table.csv()?.into_owned())
        .map_err(|_| Error::Request(format!("'{}' is not UTF-8 text", table.name)))?;
    let computed = movements(&file, &text, &mut given.warnings);
    if given.warnings.has_errors() {
        return Err(Error::Invalid { of: given.label.clone(), faults: std::mem::take(&mut given.warnings) });
    }
    Ok(computed)
}

/// What is given beside the plan folder: with the request, else as the blueprint names it.
fn beside_plan(
    named: &NamedFiles<'_>,
    request: &AuditRequest,
    given: &CheckedBlueprint<'_>,
    disclosure: Disclosure,
) -> Result<BesidePlan, Error> {
    let table = |table: &Option<InputFile>, name: &str| match table {
        Some(table) => Ok(Some(table.clone())),
        None if name.is_empty() => Ok(None),
        None => named.input(name).map(Some),
    };
    let Blueprint { supplies, aid, claims, .. } = &given.blueprint;
    let is_cold = claims.iter().any(|claim| claim.figure == "cold" && claim.range.low > 0.0);
    Ok(BesidePlan {
        supplies: table(&request.supplies, supplies)?,
        aid: table(&request.aid, aid)?,
        climate: if is_cold { Climate::Cold } else { Climate::Warm },
        disclosure,
    })
}

/// What was proved on a map.
enum ProvedMap {
    /// Nothing: there is no map, or nothing asks for one.
    Nothing,
    /// All that was asked for.
    Whole(MapFacts),
    /// What there was when the session was cancelled.
    SoFar(MapFacts),
}

impl ProvedMap {
    fn facts(self) -> Option<MapFacts> {
        match self {
            Self::Nothing => None,
            Self::Whole(facts) | Self::SoFar(facts) => Some(facts),
        }
    }
}

/// Proves what the map says, where there is one.
fn prove_map(
    session: &Session,
    named: &NamedFiles<'_>,
    request: &AuditRequest,
    given: &CheckedBlueprint<'_>,
) -> Result<ProvedMap, Error> {
    let is_needed = request.deadline_days.is_some() || given.cases().any(|case| !case.asked);
    let Some(map) = map_of(named, given, is_needed) else {
        if is_needed && given.plan.is_some() {
            let text =
                "cases and deadline are not computed for a multimodal plan: give its vehicle or walk part";
            session.tell(Event::Note { text: text.to_owned() });
        }
        return Ok(ProvedMap::Nothing);
    };
    let loaded = load(&map)?;
    let claims = given.blueprint.claims.iter().filter(|claim| claim.figure == "days");
    let request = AuditMapRequest {
        claimed_days: claims.map(|claim| claim.range.central).collect(),
        cases: given.cases().cloned().collect(),
        deadline_days: request.deadline_days,
    };
    match audit_map(session, &loaded, &request) {
        Ok(facts) => Ok(ProvedMap::Whole(facts)),
        Err(Error::Cancelled(Some(partial))) => match *partial {
            Partial::Map(facts) => Ok(ProvedMap::SoFar(facts)),
            _ => Err(Error::Cancelled(None)),
        },
        Err(error) => Err(error),
    }
}

/// The folder of the map: the one named, or where it is needed that of a plan for one class of road users.
fn map_of<'a>(
    named: &NamedFiles<'a>,
    given: &CheckedBlueprint<'a>,
    is_needed: bool,
) -> Option<NamedFolder<'a>> {
    if !given.blueprint.scenario.is_empty() {
        return Some(named.folder(&given.blueprint.scenario));
    }
    let scenario = given.plan.as_ref().filter(|_| is_needed)?.inner("scenario");
    let has_groups = scenario.read("groups.csv").is_ok_and(|groups| groups.is_some());
    (!has_groups).then_some(scenario)
}

/// Puts the time asked for in place of the one claimed; what was claimed stays in sight.
fn asked_by(blueprint: &mut Blueprint, days: f64) {
    for claim in blueprint.claims.iter_mut().filter(|claim| claim.figure == "days") {
        claim.superseded = true;
    }
    blueprint.claims.push(FigureClaim {
        figure: "days".to_owned(),
        range: FigureRange::exact(days),
        who: "asked with --deadline".to_owned(),
        when: String::new(),
        url: String::new(),
        status: "assumed".to_owned(),
        note: String::new(),
        superseded: false,
    });
}
