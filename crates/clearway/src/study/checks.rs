//! What is wrong with a study: by itself, and with the scenario that it varies.

use super::request::{StudyInput, StudyRequest, VariedFigure};
use super::vary::{ids_of, multiplies, table_of};
use crate::change::change;
use crate::error::Error;
use crate::load::LoadedScenario;
use crate::session::Session;
use clearway_model::{Fault, Faults, Scenario};
use clearway_study::design;
use clearway_study::spread::InputSpread;
use std::collections::{BTreeMap, HashMap};

/// What faults call the study where it is no file.
const STUDY: &str = "study";

/// The place of an input in words.
fn input_place(at: usize, input: &StudyInput) -> String {
    format!("input {} ({})", at + 1, input.name)
}

/// What of a study is wrong whatever the scenario.
pub(super) fn faults_together(request: &StudyRequest) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut wrong = |place: &str, key: &str, found: String, expected: &str| {
        faults.push(Fault::error(STUDY, place, expected).field(key, found));
    };
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    let inputs =
        request.inputs.iter().enumerate().map(|(at, input)| (&input.name, format!("input {}", at + 1)));
    let options =
        request.options.iter().enumerate().map(|(at, option)| (&option.name, format!("option {}", at + 1)));
    for (name, place) in inputs.chain(options) {
        if let Some(first) = seen.get(name.as_str()) {
            wrong(&place, "name", name.clone(), &format!("a name of its own; {first} has it"));
        } else {
            seen.insert(name, place);
        }
    }
    for (at, input) in request.inputs.iter().enumerate() {
        let place = input_place(at, input);
        if !is_spread(&input.spread)
            || (input.vary == VariedFigure::Changes) != matches!(input.spread, InputSpread::Chance(_))
        {
            wrong(
                &place,
                "spread",
                format!("{:?}", input.spread),
                "a range from low to high, a list of different values, or for changes a chance",
            );
        }
        if input.vary != VariedFigure::Changes && input.of.is_empty() {
            wrong(&place, "of", String::new(), "one id or more");
        }
        if !input.spread.has(input.central()) {
            wrong(&place, "central", input.central().to_string(), "a value that the input may have");
        }
    }
    if request.inputs.is_empty() && request.options.is_empty() {
        wrong("", "input", String::new(), "one [[input]] or [[option]], or more");
    }
    if request.inputs.is_empty() && request.front_samples > 0 {
        wrong("", "front_samples", request.front_samples.to_string(), "0 where there are no inputs to draw");
    }
    if request.options.len() > StudyRequest::MOST_OPTIONS && request.most_together > 3 {
        let many = format!("at most 3 where there are more than {} options", StudyRequest::MOST_OPTIONS);
        wrong("", "most_together", request.most_together.to_string(), &many);
    }
    if all_runs(request).is_none_or(|runs| runs > StudyRequest::MOST_RUNS) {
        let runs = all_runs(request).map_or_else(|| "too many to count".to_owned(), |runs| runs.to_string());
        wrong("", "runs", runs, &format!("at most {} runs in all", StudyRequest::MOST_RUNS));
    }
    faults
}

fn is_spread(spread: &InputSpread) -> bool {
    let [low, high] = spread.ends();
    low.is_finite()
        && high.is_finite()
        && low >= 0.0
        && match spread {
            InputSpread::Range(_) => low < high,
            InputSpread::List(values) => values.len() > 1 && low < high,
            InputSpread::Chance(chance) => (0.0..=1.0).contains(chance),
        }
}

/// How many runs a study has; `None`: more than can be counted.
fn all_runs(request: &StudyRequest) -> Option<u64> {
    let inputs = request.design_inputs();
    let of_design =
        if inputs.is_empty() { 0 } else { design::runs(request.design, &inputs, request.size())? };
    let of_sets = request.set_count()?.checked_mul(u64::from(request.front_samples.max(1)))?;
    of_design.checked_add(of_sets)
}

/// Everything that is wrong with a study of a scenario.
///
/// # Errors
/// [`Error::Cancelled`] without an answer.
pub(super) fn faults_of(
    session: &Session,
    loaded: &LoadedScenario,
    request: &StudyRequest,
) -> Result<Faults, Error> {
    let mut faults = Faults(faults_together(request));
    let scenario = &*loaded.scenario;
    for (at, input) in request.inputs.iter().enumerate() {
        of_input(scenario, &input_place(at, input), input, &mut faults);
    }
    varied_twice(scenario, request, &mut faults);
    let changes =
        request.inputs.iter().enumerate().map(|(at, input)| (input_place(at, input), &input.changes));
    let options = request.options.iter().enumerate();
    let options =
        options.map(|(at, option)| (format!("option {} ({})", at + 1, option.name), &option.changes));
    for (place, changes) in changes.chain(options).filter(|(_, changes)| !changes.is_empty()) {
        match change(session, loaded, changes) {
            Ok(_) => {}
            Err(Error::Invalid { faults: found, .. }) => {
                for fault in found.0 {
                    let inside = if fault.place.is_empty() {
                        place.clone()
                    } else {
                        format!("{place}, {}", fault.place)
                    };
                    faults.push(Fault { place: inside, ..fault });
                }
            }
            Err(Error::Cancelled(partial)) => return Err(Error::Cancelled(partial)),
            Err(other) => {
                faults.push(Fault::error(STUDY, place, "changes that can be made").hint(other.to_string()))
            }
        }
    }
    Ok(faults)
}

fn of_input(scenario: &Scenario, place: &str, input: &StudyInput, faults: &mut Faults) {
    let vary = input.vary;
    if vary == VariedFigure::Changes {
        if input.changes.is_empty() {
            faults.push(Fault::error(STUDY, place, "one change or more").field("changes", ""));
        }
        return;
    }
    let ids = ids_of(scenario, input);
    if ids.is_empty() && !input.of.is_empty() {
        let expected = format!("rows of {} that have a {}", vary.table(), vary.column());
        faults.push(Fault::error(STUDY, place, expected).field("of", "*"));
    }
    let known: HashMap<&str, Option<f64>> = table_of(scenario, vary).into_iter().collect();
    for id in ids {
        let expected = match known.get(id.as_str()) {
            None => format!("an id of {}", vary.table()),
            Some(None) if vary == VariedFigure::Lanes => {
                "an id of link.csv that has lanes: capacity is in proportion to them".to_owned()
            }
            Some(None) if multiplies(input) => format!(
                "an id of {} with a {} that can be multiplied, or absolute = true",
                vary.table(),
                vary.column()
            ),
            Some(_) => continue,
        };
        faults.push(Fault::error(STUDY, place, expected).field("of", &id));
    }
    if [VariedFigure::Lanes, VariedFigure::Speed, VariedFigure::Capacity].contains(&vary)
        && input.spread.ends()[0] <= 0.0
    {
        let expected = "values above 0; a road that may be closed is an input of its own, vary = \"changes\"";
        faults.push(Fault::error(STUDY, place, expected).field("spread", input.spread.ends()[0]));
    }
}

/// Factors multiply; a value that is set can be set by one input alone, and not be multiplied by another.
fn varied_twice(scenario: &Scenario, request: &StudyRequest, faults: &mut Faults) {
    let mut first: BTreeMap<(VariedFigure, String), (usize, bool)> = BTreeMap::new();
    for (at, input) in request.inputs.iter().enumerate() {
        if input.vary == VariedFigure::Changes {
            continue;
        }
        let is_set = input.absolute || input.vary.is_hour();
        for id in ids_of(scenario, input) {
            match first.get(&(input.vary, id.clone())) {
                Some(&(other, other_set)) if is_set || other_set => {
                    let expected = format!("a figure that input {} does not vary, too", other + 1);
                    faults.push(Fault::error(STUDY, input_place(at, input), expected).field("of", &id));
                }
                Some(_) => {}
                None => drop(first.insert((input.vary, id), (at, is_set))),
            }
        }
    }
}
