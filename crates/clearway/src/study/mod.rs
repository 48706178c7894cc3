//! `study`: one scenario with many figures: how sure an answer is, which input matters most, and which interventions are worth their cost.

mod answer;
mod checks;
mod course;
mod figures;
mod file;
mod part;
mod request;
mod runner;
mod values;
mod vary;

pub use file::{StudyFile, read_study, read_study_json};
pub use part::StudyPart;
pub use request::{StudyAnswer, StudyInput, StudyOption, StudyRequest, VariedFigure};
pub use runner::StudyRunner;

use crate::artifacts::folder;
use crate::error::Error;
use crate::load::LoadedScenario;
use crate::session::Session;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_report::study::{study_page, study_words};
use clearway_study::report::StudyReport;

/// A study, or as much of it as there is.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Study {
    /// What came of it.
    pub report: StudyReport,
    part: StudyPart,
}

/// Makes all runs of a study of a scenario. The same scenario, request and version give the same study, byte for byte.
///
/// # Errors
/// [`Error::Invalid`] with everything that is wrong with it; [`Error::Cancelled`] without an answer. Runs that cannot be made are no error:
/// the report names them.
///
/// ```
/// use clearway::{FolderStore, InputSpread, Session, StudyDesign, StudyInput, StudyRequest, VariedFigure, load, study};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let loaded = load(&FolderStore::new(example))?;
/// let mut request = StudyRequest::default();
/// request.design = StudyDesign::Factorial;
/// request.inputs = vec![
///     StudyInput::new("people", VariedFigure::People, &["*"], InputSpread::List(vec![0.5, 1.0])),
///     StudyInput::new("lanes", VariedFigure::Lanes, &["1"], InputSpread::List(vec![1.0, 2.0])),
/// ];
/// let study = study(&Session::new(), &loaded, &request)?;
/// // 12,000 people and 3,000 people/h per lane, and the 10 min of the way: 130, 70, 250 and 130 min.
/// let median = &study.report.quantiles.iter().find(|row| row.figure == "clearance_bound_s").unwrap();
/// assert_eq!(median.p50, Some(7_799.999));
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn study(session: &Session, loaded: &LoadedScenario, request: &StudyRequest) -> Result<Study, Error> {
    let runner = StudyRunner::new(session, loaded, request)?;
    let mut whole = None;
    runner.run_each(session, std::slice::from_ref(&(0..runner.runs())), |part| {
        whole = Some(part);
        Ok(())
    })?;
    whole.map(Study::from).ok_or(Error::Cancelled(None))
}

/// Puts parts together that were run apart, on any machines and in any order. Runs that are in several parts count once.
///
/// # Errors
/// [`Error::Request`] naming each part that cannot be read or is of another study.
pub fn merge_study(parts: &[(String, Vec<u8>)]) -> Result<Study, Error> {
    let (mut read, mut wrong) = (Vec::new(), Vec::new());
    for (name, bytes) in parts {
        match StudyPart::read(bytes) {
            Ok(part) => read.push((name, part)),
            Err(problem) => wrong.push(format!("{name}: {problem}")),
        }
    }
    let mut whole: Option<(&str, StudyPart)> = None;
    for (name, part) in read {
        match &mut whole {
            None => whole = Some((name, part)),
            Some((first, whole)) if whole.head != part.head => wrong.push(format!(
                "{name} is of another study than {first}: scenario, study or the version of the program differ"
            )),
            Some((_, whole)) => whole.rows.extend(part.rows),
        }
    }
    let whole = match whole {
        Some((_, whole)) if wrong.is_empty() => whole,
        Some(_) => return Err(Error::Request(wrong.join("; "))),
        None => {
            wrong.push("no part of a study was given".to_owned());
            return Err(Error::Request(wrong.join("; ")));
        }
    };
    let StudyPart { head, mut rows, course } = whole;
    rows.sort_by_key(|row| row.run);
    rows.dedup_by_key(|row| row.run);
    Ok(Study::from(StudyPart { head, rows, course }))
}

impl StudyPart {
    /// The part as a Parquet file for [`merge_study`]. Equal parts are equal bytes.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn to_parquet(&self) -> Result<Vec<u8>, Error> {
        self.parquet().map_err(|problem| Error::Internal(problem.to_string()))
    }

    /// Reads a part.
    ///
    /// # Errors
    /// [`Error::Request`] if it is none.
    pub fn from_parquet(bytes: &[u8]) -> Result<Self, Error> {
        Self::read(bytes).map_err(|problem| Error::Request(problem.to_string()))
    }
}

impl From<StudyPart> for Study {
    fn from(part: StudyPart) -> Self {
        Self { report: answer::report_of(&part), part }
    }
}

impl Study {
    /// The runs as a Parquet file, which is also a part for [`merge_study`].
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn to_parquet(&self) -> Result<Vec<u8>, Error> {
        self.part.to_parquet()
    }

    /// The files of the folder: `index.html`, `study.json`, `runs.csv`, `runs.parquet`.
    ///
    /// # Errors
    /// If a file cannot be made.
    pub fn artifacts(&self) -> Result<Artifacts, Error> {
        let values = self.main_figure();
        let files = vec![
            ("index.html".to_owned(), study_page(&self.report, &values)?),
            ("study.json".to_owned(), serde_json::to_vec_pretty(&self.report)?),
            ("runs.csv".to_owned(), part::runs_csv(&self.part)),
            ("runs.parquet".to_owned(), self.to_parquet()?),
        ];
        Ok(folder(FolderKind::Study, Disclosure::Full, files))
    }

    /// What came of it, for a terminal.
    pub fn in_words(&self) -> String {
        study_words(&self.report)
    }

    /// The figure that the page draws, over all runs with their weights in the design.
    fn main_figure(&self) -> Vec<(Option<f64>, f64)> {
        let request = &self.part.head.request;
        let weights =
            clearway_study::design::weights(request.design, &request.design_inputs(), request.size());
        let Some(main) = clearway_report::study::main_figure(&self.report) else { return Vec::new() };
        let Some(at) = self.report.figures.iter().position(|figure| figure.figure == main) else {
            return Vec::new();
        };
        let is_drawn = !request.inputs.is_empty();
        let rows = self.part.rows.iter().filter(|_| is_drawn);
        rows.filter_map(|row| {
            let weight = *weights.get(usize::try_from(row.run).ok()?)?;
            Some((*row.figures.as_ref().ok()?.get(at)?, weight)).filter(|(_, weight)| *weight > 0.0)
        })
        .collect()
    }
}
