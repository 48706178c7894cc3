//! Which values and options each run of a study has, by its number: first the runs of the design, then those of the sets of options, each
//! with the same draws of the inputs.

use super::request::StudyRequest;
use clearway_study::design::{self, RunValues};

/// All runs of a study.
#[derive(Debug)]
pub(super) struct StudyCourse {
    /// Runs of the design.
    pub points: Vec<RunValues>,
    /// Values of the inputs that each set of options is tried with.
    pub draws: Vec<RunValues>,
    /// Sets of options, by their places.
    pub sets: Vec<Vec<usize>>,
}

/// One run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RunInputs<'a> {
    /// Values of the inputs.
    pub values: &'a [f64],
    /// Options that are carried out; `None`: a run of the design.
    pub set: Option<&'a [usize]>,
}

impl StudyCourse {
    pub fn new(request: &StudyRequest) -> Self {
        let inputs = request.design_inputs();
        let points = if inputs.is_empty() {
            Vec::new()
        } else {
            design::points(request.design, &inputs, request.size(), request.seed)
        };
        let sets = request.option_sets();
        let draws = match request.front_samples {
            0 => vec![request.inputs.iter().map(super::request::StudyInput::central).collect()],
            rows => {
                let columns = design::hypercube(&inputs, rows, request.seed, "front");
                let rows = columns.first().map_or(0, Vec::len);
                (0..rows).map(|row| design::row_of(&inputs, &columns, row)).collect()
            }
        };
        Self { points, draws, sets }
    }

    /// How many runs there are.
    pub fn runs(&self) -> u32 {
        u32::try_from(self.points.len() + self.sets.len() * self.draws.len()).unwrap_or(u32::MAX)
    }

    /// Numbers of the runs of a set of options.
    pub fn runs_of_set(&self, set: usize) -> std::ops::Range<usize> {
        let first = self.points.len() + set * self.draws.len();
        first..first + self.draws.len()
    }

    /// The run of a number below [`Self::runs`].
    pub fn at(&self, run: u32) -> RunInputs<'_> {
        let run = usize::try_from(run).unwrap_or(usize::MAX);
        if let Some(values) = self.points.get(run) {
            return RunInputs { values, set: None };
        }
        let beyond = run - self.points.len();
        let draws = self.draws.len().max(1);
        RunInputs {
            values: self.draws.get(beyond % draws).map_or(&[], Vec::as_slice),
            set: Some(self.sets.get(beyond / draws).map_or(&[], Vec::as_slice)),
        }
    }
}

impl StudyRequest {
    /// Names of the options of a set.
    pub(super) fn names_of(&self, set: &[usize]) -> Vec<String> {
        set.iter().filter_map(|&at| Some(self.options.get(at)?.name.clone())).collect()
    }

    /// What the options of a set cost together, to twelve digits: sums that are equal on paper are equal.
    pub(super) fn cost_of(&self, set: &[usize]) -> f64 {
        let sum: f64 = set.iter().filter_map(|&at| Some(self.options.get(at)?.cost)).sum();
        format!("{sum:.11e}").parse().unwrap_or(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::super::request::{StudyInput, StudyOption, VariedFigure};
    use super::*;
    use clearway_study::spread::InputSpread;

    #[test]
    fn runs_of_the_design_come_first_then_sets_with_the_same_draws() {
        let mut request = StudyRequest { samples: 4, front_samples: 3, ..StudyRequest::default() };
        request.inputs.push(StudyInput::new(
            "x",
            VariedFigure::People,
            &["*"],
            InputSpread::Range([0.0, 1.0]),
        ));
        request.options =
            vec![StudyOption::new("a", 2.0, Vec::new()), StudyOption::new("b", 3.0, Vec::new())];
        let course = StudyCourse::new(&request);
        assert_eq!(course.runs(), 4 * 3 + 4 * 3);
        assert_eq!(course.at(11).set, None);
        let run = course.at(23);
        assert_eq!((run.set, run.values), (Some(&[0, 1][..]), course.draws[2].as_slice()));
        assert_eq!(course.at(12).set, Some(&[][..]));
        assert_eq!(course.runs_of_set(3), 21..24);
        assert_eq!((request.cost_of(&[0, 1]), request.names_of(&[1])), (5.0, vec!["b".to_owned()]));
        // in binary 0.1 and 0.2 are a little more than 0.3
        (request.options[0].cost, request.options[1].cost) = (0.1, 0.2);
        assert!(request.cost_of(&[0, 1]) == 0.3);
        request.front_samples = 0;
        let central = StudyCourse::new(&request);
        assert_eq!((central.runs(), central.at(12).values), (16, &[0.5][..]));
    }
}
