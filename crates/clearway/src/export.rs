//! `export`: a plan as files for other programs.

use crate::error::Error;
use crate::load::shapes;
use crate::session::Session;
use crate::verify::must_hold;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_export::{ExportError, ExportFormat, ExportOptions, ExportSource, export_files};
use clearway_formats::{part_folders, read_plan, read_scenario, read_shapes, read_summary, read_table};
use clearway_model::{
    Bottleneck, Context, CurvePoint, Fault, Faults, OverflowingLink, Store, SubStore, counted, people,
};
use clearway_report::standing_sentences;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is asked of an export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ExportRequest {
    /// The format.
    pub format: ExportFormat,
    /// Whether exact places, roads and times may be written also in an armed conflict; elsewhere they are.
    #[serde(default)]
    pub full: bool,
    /// Whether the orders are simulated and what happens to each vehicle is written beside them, where the format has a place for it
    /// (MATSim).
    #[serde(default)]
    pub with_events: bool,
}

impl ExportRequest {
    /// A request with what is usual.
    pub fn new(format: ExportFormat) -> Self {
        Self { format, full: false, with_events: false }
    }

    /// Whether several files come of it, which go into a folder: those of some formats, and the parts of a multimodal plan.
    pub fn makes_folder(&self, plan: &dyn Store) -> bool {
        self.format.ending().is_none() || is_multimodal(plan)
    }
}

/// A plan in a format of other programs.
#[derive(Debug)]
#[non_exhaustive]
pub struct Exported {
    /// The format.
    pub format: ExportFormat,
    /// What was exported: one plan, or the parts of a multimodal one.
    pub parts: Vec<ExportedPart>,
    files: Vec<(String, Vec<u8>)>,
    context: Context,
}

/// A plan of one class of road users that was exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ExportedPart {
    /// Its name in a multimodal plan; empty where it is the whole.
    pub name: String,
    /// People of its zones.
    pub people: i64,
    /// People who arrive under it.
    pub arrived: i64,
    /// Orders.
    pub orders: usize,
}

/// Exports a plan folder, which is verified first: a wrong figure is not passed on. Of a multimodal plan each part.
///
/// # Errors
/// [`Error::DoesNotHold`] if the figures of the plan do not follow from its scenario; [`Error::Request`] for a plan that the format cannot
/// hold, for a folder that is no plan, and in an armed conflict without [`ExportRequest::full`]; [`Error::Invalid`] with all faults of a
/// file; [`Error::Cancelled`] without an answer.
///
/// ```
/// use clearway::{ExportFormat, ExportRequest, FolderStore, MemoryStore, PlanRequest, Session, Usage, export, load, plan};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let session = Session::new().with_threads(1);
/// let planned = plan(&session, &load(&FolderStore::new(example))?, &PlanRequest::default())?;
/// let folder = MemoryStore::from(planned.artifacts(Usage::default())?);
/// let exported = export(&session, &folder, &ExportRequest::new(ExportFormat::Gpkg))?;
/// assert!(exported.artifacts().get("plan.gpkg").is_some_and(|bytes| bytes.starts_with(b"SQLite format 3")));
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn export(session: &Session, plan: &dyn Store, request: &ExportRequest) -> Result<Exported, Error> {
    let progress = session.progress();
    let go_on = || if session.cancel().is_cancelled() { Err(Error::Cancelled(None)) } else { Ok(()) };
    refuse_others(plan)?;
    let invalid = |faults: Faults| Error::Invalid { of: plan.label(), faults };
    let (scenario, _) = read_scenario(&SubStore::new(plan, "scenario")).map_err(invalid)?;
    let context = scenario.settings.context;
    if context == Context::ArmedConflict && !request.full {
        return Err(Error::Request(format!(
            "{} is of an armed conflict, and an export holds exact places, roads and times, whatever becomes of it afterwards: \
             --full (\"full\": true) writes it all the same",
            plan.label()
        )));
    }
    progress.tell("verify", 0.0);
    must_hold(plan)?;
    go_on()?;
    let options = ExportOptions { with_events: request.with_events };
    let mut exported = Exported { format: request.format, parts: Vec::new(), files: Vec::new(), context };
    if !is_multimodal(plan) {
        progress.tell("export", 0.0);
        exported.add("", plan, options)?;
        return Ok(exported);
    }
    let names = part_folders(plan);
    for (done, name) in names.iter().enumerate() {
        progress
            .tell("export", clearway_model::number::float(done) / clearway_model::number::float(names.len()));
        go_on()?;
        exported.add(name, &SubStore::new(plan, name), options)?;
    }
    if let Ok(Some(trips)) = plan.read("fleet/trips.csv") {
        exported.files.push(("fleet/trips.csv".to_owned(), trips));
    }
    Ok(exported)
}

pub(crate) fn is_multimodal(plan: &dyn Store) -> bool {
    plan.read("multimodal.json").is_ok_and(|found| found.is_some())
}

/// A folder that is no plan.
pub(crate) fn refuse_others(plan: &dyn Store) -> Result<(), Error> {
    let is_there = |name: &str| plan.read(name).is_ok_and(|found| found.is_some());
    let label = plan.label();
    if is_there("plan.json") || is_multimodal(plan) {
        return Ok(());
    }
    if is_there("scenario.toml") {
        return Err(Error::Request(format!(
            "{label} is a scenario folder; export takes a plan folder, as clearway plan {label} --out PLAN writes it"
        )));
    }
    Err(Error::Request(format!("{label} is no plan folder: it has no plan.json")))
}

/// Reads a plan folder of one class of road users.
pub(crate) fn read_source(plan: &dyn Store) -> Result<ExportSource, Error> {
    let invalid = |faults: Faults| Error::Invalid { of: plan.label(), faults };
    let orders = read_plan(plan).map_err(invalid)?;
    let summary = read_summary(plan).map_err(invalid)?;
    let store = SubStore::new(plan, "scenario");
    let (scenario, _) = read_scenario(&store).map_err(invalid)?;
    let table = |name: &str| {
        let bytes = plan.read(name).map_err(|source| Error::Read { path: name.into(), source })?;
        Ok::<_, Error>(bytes)
    };
    let missing = |name: &str| {
        invalid(Faults(vec![Fault::error(name, "", "a plan folder as clearway plan writes it")]))
    };
    let curve = table("curve.csv")?.ok_or_else(|| missing("curve.csv"))?;
    let (curve, faults) = read_table::<CurvePoint>("curve.csv", &curve);
    if faults.has_errors() {
        return Err(invalid(faults));
    }
    let bottlenecks = table("bottlenecks.csv")?.ok_or_else(|| missing("bottlenecks.csv"))?;
    let (bottlenecks, faults) = read_table::<Bottleneck>("bottlenecks.csv", &bottlenecks);
    if faults.has_errors() {
        return Err(invalid(faults));
    }
    // folders of earlier versions have none
    let overflow = table("overflow.csv")?.unwrap_or_default();
    let overflowing = overflow_rows(&overflow).ok_or_else(|| missing("overflow.csv"))?;
    Ok(ExportSource {
        shapes: read_shapes(&store),
        map: shapes(&store),
        scenario,
        plan: orders,
        summary,
        curve,
        bottlenecks,
        overflowing,
    })
}

/// The rows of `overflow.csv`; `None` where it is not such a table.
fn overflow_rows(bytes: &[u8]) -> Option<Vec<OverflowingLink>> {
    csv::Reader::from_reader(bytes).deserialize().collect::<Result<_, _>>().ok()
}

impl From<ExportError> for Error {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Internal(text) => Self::Internal(text),
            other => Self::Request(other.to_string()),
        }
    }
}

impl Exported {
    /// Adds a plan; `name`: of a part of a multimodal one, else empty.
    fn add(&mut self, name: &str, plan: &dyn Store, options: ExportOptions) -> Result<(), Error> {
        let source = read_source(plan)?;
        let files = export_files(&source, self.format, options)?;
        let named = |file: String| match (name, self.format.ending()) {
            ("", _) => file,
            (part, Some(ending)) => format!("{part}.{ending}"),
            (part, None) => format!("{part}/{file}"),
        };
        self.files.extend(files.into_iter().map(|(file, bytes)| (named(file), bytes)));
        self.parts.push(ExportedPart {
            name: name.to_owned(),
            people: source.summary.people.total,
            arrived: source.summary.people.arrived,
            orders: source.plan.orders.len(),
        });
        Ok(())
    }

    /// The files: one called `plan` with the ending of its format, or those of a folder.
    pub fn artifacts(&self) -> Artifacts {
        Artifacts::new(FolderKind::Export, Disclosure::Full, self.files.clone())
    }

    /// What was exported, for a terminal.
    pub fn in_words(&self) -> String {
        let mut lines: Vec<String> = self
            .parts
            .iter()
            .map(|part| {
                let name = if part.name.is_empty() { String::new() } else { format!("{}: ", part.name) };
                let orders = clearway_model::number::length(part.orders);
                format!(
                    "{name}{}, of whom {} by {}",
                    people(part.people),
                    counted(part.arrived, "arrives", "arrive"),
                    counted(orders, "order", "orders")
                )
            })
            .collect();
        lines.push("It holds exact places, roads and times.".to_owned());
        lines.extend(standing_sentences(self.context).into_iter().map(str::to_owned));
        lines.join("\n")
    }
}
