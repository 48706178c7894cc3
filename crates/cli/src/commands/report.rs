//! `clearway report`

use crate::args::{LanguageName, PaperName, ReportArgs, ReportKindName};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::{Output, OutputFile};
use crate::session::usual;
use clearway::{
    EstimateCell, FolderStore, Language, Paper, ReportAnswer, ReportKind, ReportRequest, Store,
    estimate_cells, report,
};
use clearway_artifacts::FolderKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Plan folders, with their cells where the kind has any.
struct GivenCells {
    plans: Vec<PathBuf>,
    cells: Vec<EstimateCell>,
    /// Folders of simulations of single cells.
    simulations: Vec<PathBuf>,
}

impl GivenCells {
    fn new(args: &ReportArgs) -> Result<Self, Failure> {
        let mut given = Self { plans: args.plans.clone(), cells: Vec::new(), simulations: Vec::new() };
        for cell in &args.cell {
            let plan = cell.plan.to_string_lossy().into_owned();
            given.add(Path::new(""), &cell.region, &cell.scenario, [&plan, ""])?;
        }
        if let Some(table) = &args.cells {
            let beside = table.parent().unwrap_or(Path::new(""));
            for row in estimate_cells(&super::input(table)?)? {
                given.add(beside, &row.region, &row.scenario, [&row.plan, &row.simulation])?;
            }
        }
        Ok(given)
    }

    /// Adds a cell with the folders of its plan and of a simulation of it, as seen from `beside`; either may be empty.
    fn add(
        &mut self,
        beside: &Path,
        region: &str,
        scenario: &str,
        [plan, simulation]: [&str; 2],
    ) -> Result<(), Failure> {
        let mut cell = EstimateCell::default();
        region.clone_into(&mut cell.region);
        scenario.clone_into(&mut cell.scenario);
        if !plan.is_empty() {
            cell.plan = Some(self.plans.len());
            self.plans.push(beside.join(plan));
        }
        if !simulation.is_empty() {
            let folder = beside.join(simulation);
            cell.simulation = Some(super::input(&folder.join("simulation.json"))?);
            self.simulations.push(folder);
        }
        self.cells.push(cell);
        Ok(())
    }
}

/// Where a report goes, looked at before the work begins.
enum Target {
    Folder(Output),
    Pdf(OutputFile, Paper),
}

impl Target {
    fn new(args: &ReportArgs, request: &ReportRequest, inputs: &[&Path]) -> Result<Self, Failure> {
        let is_pdf = args.out.extension().is_some_and(|end| end.eq_ignore_ascii_case("pdf"));
        if is_pdf {
            request.check_pdf()?;
            return Ok(Self::Pdf(OutputFile::new(&args.out, args.replace, inputs)?, paper(args.paper)));
        }
        if args.paper.is_some() {
            return Err(Failure::Argument(
                "--paper goes with --out and a file that ends in .pdf; a page in a folder fits A4 and Letter"
                    .to_owned(),
            ));
        }
        Ok(Self::Folder(Output::new(&args.out, FolderKind::Report, args.replace, inputs)?))
    }

    fn write(&self, answer: &ReportAnswer) -> Result<(), Failure> {
        match self {
            Self::Folder(output) => output.write(&answer.artifacts()),
            Self::Pdf(file, paper) => file.write(&answer.pdf(*paper)?),
        }
    }

    /// Where a reader begins.
    fn in_words(&self, out: &Path) -> String {
        match self {
            Self::Folder(_) => format!("written to {0}; look at {0}/index.html", out.display()),
            Self::Pdf(..) => format!("written to {}", out.display()),
        }
    }
}

fn paper(name: Option<PaperName>) -> Paper {
    match name {
        None | Some(PaperName::A4) => Paper::A4,
        Some(PaperName::Letter) => Paper::Letter,
    }
}

pub fn run(args: &ReportArgs) -> Result<(), Failure> {
    let given = GivenCells::new(args)?;
    let mut inputs: Vec<&Path> = given.plans.iter().chain(&given.simulations).map(PathBuf::as_path).collect();
    inputs.extend(args.simulation.as_deref());
    inputs.extend(args.interventions.as_deref());
    let folders: Vec<FolderStore> = given.plans.iter().map(FolderStore::new).collect();
    let plans: Vec<&dyn Store> = folders.iter().map(|folder| folder as &dyn Store).collect();
    let mut request = ReportRequest::default();
    request.kind = kind(args.kind);
    request.language = language(args.language);
    request.date = args.date.clone().unwrap_or_else(today);
    request.contact.clone_from(&args.contact);
    request.full = args.full;
    let target = Target::new(args, &request, &inputs)?;
    let simulation = args.simulation.as_ref().map(|folder| super::input(&folder.join("simulation.json")));
    request.simulation = simulation.transpose()?;
    request.names.clone_from(&args.names);
    request.cells = given.cells;
    let interventions =
        args.interventions.as_ref().map(|folder| super::input(&folder.join("interventions.csv")));
    request.interventions = interventions.transpose()?;
    let _kept = interrupt::heeded();
    let answer = report(&usual(), &plans, &request)?;
    target.write(&answer)?;
    say!("{}", answer.in_words());
    say!("{}", target.in_words(&args.out));
    Ok(())
}

fn kind(name: ReportKindName) -> ReportKind {
    match name {
        ReportKindName::Plan => ReportKind::Plan,
        ReportKindName::Sheets => ReportKind::Sheets,
        ReportKindName::Ab747 => ReportKind::Ab747,
        ReportKindName::Ete => ReportKind::Ete,
        ReportKindName::Med => ReportKind::Med,
    }
}

fn language(name: LanguageName) -> Language {
    match name {
        LanguageName::En => Language::En,
        LanguageName::Ar => Language::Ar,
        LanguageName::Es => Language::Es,
        LanguageName::Fr => Language::Fr,
    }
}

/// Today in UTC, `2026-11-30`.
fn today() -> String {
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    now.chars().take(10).collect()
}
