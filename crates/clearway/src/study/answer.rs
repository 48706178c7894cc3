//! What follows from the runs of a study.

use super::course::StudyCourse;
use super::figures::front_by;
use super::part::{StudyHead, StudyPart, StudyRun};
use super::request::StudyRequest;
use clearway_model::number::length;
use clearway_simulate::quantile::weighted_quantile;
use clearway_study::design::{self, StudyDesign};
use clearway_study::pareto;
use clearway_study::quantiles::quantiles;
use clearway_study::report::{FailedRun, FrontRow, InputDescription, OptionDescription, StudyReport};
use clearway_study::{morris, sobol};

const SAMPLE: &str =
    "Samples: Latin hypercube, M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239-245.";
const SOBOL: &str = "Indices: A. Saltelli et al., Computer Physics Communications 181 (2010) 259-270, first order by their table 2 (b), total by \
     (f), M. J. W. Jansen, Computer Physics Communications 117 (1999) 35-43; intervals by a bootstrap over rows, 1,000 draws.";
const GRID: &str = "Indices: variances of means over the grid, exactly, each value with its probability (I. M. Sobol, Mathematics and Computers in \
     Simulation 55 (2001) 271-280).";
const MORRIS: &str = "Effects: M. D. Morris, Technometrics 33 (1991) 161-174, 4 levels; mean of absolute effects by F. Campolongo, J. Cariboni, \
     A. Saltelli, Environmental Modelling & Software 22 (2007) 1509-1518.";
const QUANTILES: &str =
    "Quantiles: the least value of a run that so many of 100 draws do not exceed; no interpolation.";

/// Puts the answer together. Missing runs have no figures.
pub(super) fn report_of(part: &StudyPart) -> StudyReport {
    let StudyPart { head, rows, .. } = part;
    let request = &head.request;
    let course = StudyCourse::new(request);
    let figures = by_figure(head, rows, course.runs());
    let mut report = StudyReport {
        schema: StudyReport::SCHEMA.to_owned(),
        tool: head.tool.clone(),
        scenario: head.scenario.clone(),
        name: head.name.clone(),
        context: head.context,
        attribution: head.attribution.clone(),
        answer: request.answer.word().to_owned(),
        routes_per_zone: request.routes_per_zone,
        design: request.design,
        seed: request.seed,
        runs: course.runs(),
        failed: rows
            .iter()
            .filter_map(|row| Some(FailedRun { run: row.run, why: row.figures.as_ref().err()?.clone() }))
            .collect(),
        missing: missing(rows, course.runs()),
        inputs: inputs(request),
        figures: head.figures.clone(),
        quantiles: Vec::new(),
        indices: Vec::new(),
        effects: Vec::new(),
        options: request
            .options
            .iter()
            .map(|option| OptionDescription {
                option: option.name.clone(),
                cost: option.cost,
                source: option.source.clone(),
            })
            .collect(),
        cost_unit: request.cost_unit.clone(),
        front: Vec::new(),
        front_by: if request.options.is_empty() { Vec::new() } else { front_by(&head.figures) },
        front_samples: request.front_samples,
        methods: methods(request),
    };
    of_design(&mut report, request, &course, &figures);
    report.front = front(&report, request, &course, &figures);
    report
}

/// Figures by their order and run: outer `None`: the run failed or is missing; inner: never.
type Figures = Vec<Vec<Option<Option<f64>>>>;

fn by_figure(head: &StudyHead, rows: &[StudyRun], runs: u32) -> Figures {
    let mut all: Figures = vec![vec![None; usize::try_from(runs).unwrap_or(0)]; head.figures.len()];
    for row in rows {
        let (Ok(figures), Ok(run)) = (&row.figures, usize::try_from(row.run)) else { continue };
        for (column, figure) in all.iter_mut().zip(figures) {
            if let Some(cell) = column.get_mut(run) {
                *cell = Some(*figure);
            }
        }
    }
    all
}

fn inputs(request: &StudyRequest) -> Vec<InputDescription> {
    request
        .inputs
        .iter()
        .map(|input| InputDescription {
            input: input.name.clone(),
            vary: input.vary.word().to_owned(),
            of: input.of.clone(),
            unit: input.unit().to_owned(),
            spread: input.spread.clone(),
            central: input.central(),
            source: input.source.clone(),
        })
        .collect()
}

fn methods(request: &StudyRequest) -> Vec<String> {
    let of_design: &[&str] = match request.design {
        _ if request.inputs.is_empty() => &[],
        StudyDesign::Factorial => &[QUANTILES, GRID],
        StudyDesign::Sample => &[SAMPLE, QUANTILES],
        StudyDesign::Sobol => &[SAMPLE, QUANTILES, SOBOL],
        _ => &[MORRIS],
    };
    of_design.iter().map(|method| (*method).to_owned()).collect()
}

fn missing(rows: &[StudyRun], runs: u32) -> Vec<String> {
    let (mut next, mut gaps) = (0, Vec::new());
    for run in rows.iter().map(|row| row.run).chain([runs]) {
        if run > next {
            gaps.push(format!("{next}..{run}"));
        }
        next = run + 1;
    }
    gaps
}

fn of_design(report: &mut StudyReport, request: &StudyRequest, course: &StudyCourse, figures: &Figures) {
    if request.inputs.is_empty() {
        return;
    }
    let design_inputs = request.design_inputs();
    let weights = design::weights(request.design, &design_inputs, request.size());
    for (described, column) in report.figures.iter().zip(figures) {
        let name = described.figure.as_str();
        let column = &column[..course.points.len()];
        let known: Vec<Option<f64>> = column.iter().map(|cell| cell.flatten()).collect();
        let drawn: Vec<(Option<f64>, f64)> =
            column.iter().zip(&weights).filter_map(|(cell, weight)| Some(((*cell)?, *weight))).collect();
        report.quantiles.extend(quantiles(name, &described.unit, &drawn));
        match request.design {
            StudyDesign::Sobol => {
                report.indices.extend(sobol::indices(&design_inputs, name, &known, request.seed));
            }
            StudyDesign::Factorial => {
                let found = sobol::indices_of_grid(&design_inputs, name, &course.points, &weights, &known);
                report.indices.extend(found);
            }
            StudyDesign::Morris => {
                report.effects.extend(morris::effects(&design_inputs, name, &course.points, &known));
            }
            _ => {}
        }
    }
}

fn front(
    report: &StudyReport,
    request: &StudyRequest,
    course: &StudyCourse,
    figures: &Figures,
) -> Vec<FrontRow> {
    let mut rows: Vec<FrontRow> = Vec::new();
    for (at, set) in course.sets.iter().enumerate() {
        let runs = course.runs_of_set(at);
        let columns: Vec<Vec<Option<f64>>> = report
            .figures
            .iter()
            .zip(figures)
            .map(|(_, column)| column[runs.clone()].iter().filter_map(|cell| *cell).collect())
            .collect();
        let made = columns.first().map_or(0, Vec::len);
        let together = |unit: &str, column: &[Option<f64>]| match column {
            [] => None,
            [one] => *one,
            several if unit == "s" => latest_of(several),
            several => mean_of(several),
        };
        rows.push(FrontRow {
            options: request.names_of(set),
            cost: request.cost_of(set),
            figures: report
                .figures
                .iter()
                .zip(&columns)
                .map(|(described, column)| together(&described.unit, column))
                .collect(),
            runs: u32::try_from(made).unwrap_or(u32::MAX),
            failed: u32::try_from(runs.len() - made).unwrap_or(u32::MAX),
            on_front: false,
        });
    }
    let judged: Vec<usize> = (0..rows.len()).filter(|&at| rows[at].failed == 0).collect();
    let criteria = |row: &FrontRow| {
        let of = |name: &String| {
            let at = report.figures.iter().position(|figure| figure.figure == *name);
            at.and_then(|at| row.figures[at]).unwrap_or(f64::INFINITY)
        };
        std::iter::once(row.cost).chain(report.front_by.iter().map(of)).collect::<Vec<f64>>()
    };
    let on = pareto::front(&judged.iter().map(|&at| criteria(&rows[at])).collect::<Vec<_>>());
    for (at, on) in judged.into_iter().zip(on) {
        rows[at].on_front = on;
    }
    rows
}

/// What 90 of 100 draws do not exceed.
fn latest_of(values: &[Option<f64>]) -> Option<f64> {
    let mut sorted: Vec<(f64, f64)> =
        values.iter().map(|value| (value.unwrap_or(f64::INFINITY), 1.0)).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    weighted_quantile(&sorted, 0.9)
}

fn mean_of(values: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = values.iter().copied().collect::<Option<_>>()?;
    Some(known.iter().sum::<f64>() / clearway_model::number::float(length(known.len())))
}
