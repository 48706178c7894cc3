//! Studies: figures that can be worked out by hand, parts that make a whole, everything that is wrong at once.

use crate::{example, readers};
use clearway::{
    ChangedThing, Error, InputSpread, ScenarioChange, Session, Study, StudyAnswer, StudyDesign, StudyInput,
    StudyOption, StudyRequest, StudyRunner, VariedFigure, merge_study, read_study, study,
};
use std::collections::BTreeMap;

/// All on the one road: 12,000 people, 3,000 people/h for each lane, and 600 s of the way.
fn closed_form(people: f64, lanes: f64) -> f64 {
    (12_000.0 * people).round() / (3_000.0 * lanes) * 3600.0 + 600.0
}

fn people(spread: InputSpread) -> StudyInput {
    StudyInput::new("people", VariedFigure::People, &["*"], spread)
}

fn lanes(spread: InputSpread) -> StudyInput {
    StudyInput::new("lanes", VariedFigure::Lanes, &["1"], spread)
}

fn road_with(lanes: f64) -> Vec<ScenarioChange> {
    let road = serde_json::json!({"change": "road", "link_id": "1", "lanes": lanes});
    let what: ChangedThing = serde_json::from_value(road).unwrap();
    vec![ScenarioChange::new(what)]
}

fn run(request: &StudyRequest) -> Study {
    study(&Session::new().with_threads(2), &example("one-road"), request).unwrap()
}

fn request(design: StudyDesign, inputs: Vec<StudyInput>) -> StudyRequest {
    let mut request = StudyRequest::default();
    (request.design, request.inputs) = (design, inputs);
    request
}

/// Rows of `runs.csv`, by column.
fn rows(study: &Study) -> Vec<BTreeMap<String, String>> {
    let artifacts = study.artifacts().unwrap();
    let mut reader = csv::Reader::from_reader(artifacts.get("runs.csv").unwrap());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

#[test]
fn people_and_lanes_of_one_road_by_hand() {
    let list = |values: &[f64]| InputSpread::List(values.to_vec());
    let request =
        request(StudyDesign::Factorial, vec![people(list(&[0.5, 1.0, 1.5])), lanes(list(&[1.0, 2.0]))]);
    let found = run(&request);
    let rows = rows(&found);
    assert_eq!((rows.len(), found.report.runs), (6, 6));
    for row in &rows {
        let expected = closed_form(number(row, "input.people"), number(row, "input.lanes"));
        assert!((number(row, "clearance_bound_s") - expected).abs() < 0.002, "{row:?}, expected {expected}");
    }
    // 14,400 s times 0.25, 0.5, 0.5, 0.75, 1 and 1.5, and the way
    let quantiles = found.report.quantiles.iter().find(|row| row.figure == "clearance_bound_s").unwrap();
    for (value, share) in
        [(quantiles.p25, 0.5), (quantiles.p50, 0.5), (quantiles.p75, 1.0), (quantiles.p95, 1.5)]
    {
        assert!((value.unwrap() - 14_400.0 * share - 600.0).abs() < 0.002, "{quantiles:?}");
    }
    // Variance of p / l: 1/6; of its means by people 0.09375, by lanes 0.0625
    let index = |input: &str| {
        let mut indices = found.report.indices.iter();
        indices.find(|row| row.input == input && row.figure == "clearance_bound_s").unwrap()
    };
    for (input, first, total) in [("people", 0.5625, 0.625), ("lanes", 0.375, 0.4375)] {
        let found = index(input);
        assert!((found.first - first).abs() < 1e-5 && (found.total - total).abs() < 1e-5, "{found:?}");
        assert_eq!(found.first_low, None, "exact");
    }
    assert!(found.in_words().contains("people (62.5 %)"), "{}", found.in_words());
}

#[test]
fn orders_and_the_road_have_the_closed_form_as_well() {
    let mut request = request(StudyDesign::Factorial, vec![people(InputSpread::List(vec![0.5, 1.0]))]);
    request.answer = StudyAnswer::Simulation;
    for row in rows(&run(&request)) {
        let expected = closed_form(number(&row, "input.people"), 1.0);
        assert!((number(&row, "clearance_s") - expected).abs() < 0.002, "{row:?}");
        assert!(number(&row, "t90_bound_s") <= number(&row, "t90_s"));
        assert!(number(&row, "simulated_clearance_s") >= number(&row, "clearance_bound_s"));
        let none = ["not_arrived", "overtaken", "simulated_not_arrived", "simulated_overtaken"];
        assert!(none.iter().all(|column| number(&row, column) == 0.0), "{row:?}");
    }
}

#[test]
fn effects_are_what_can_be_worked_out() {
    let found = run(&request(StudyDesign::Morris, vec![people(InputSpread::Range([0.8, 1.2]))]));
    let effect = found.report.effects.iter().find(|row| row.figure == "clearance_bound_s").unwrap();
    // 0.4 x 12,000 people at 3,000 people/h
    assert!((effect.mean.unwrap() - 5760.0).abs() < 2.0 && effect.deviation.unwrap() < 2.0, "{effect:?}");
    assert_eq!(effect.steps, 10);
}

#[test]
fn options_are_on_the_front_or_dominated() {
    let mut request = request(StudyDesign::Sample, vec![people(InputSpread::Range([0.8, 1.2]))]);
    request.samples = 4;
    request.options = vec![
        StudyOption::new("a lane more", 2.0, road_with(2.0)),
        StudyOption::new("a sign", 1.0, road_with(1.0)),
    ];
    let found = run(&request);
    let front: Vec<(String, f64, bool)> =
        found.report.front.iter().map(|row| (row.options.join("+"), row.cost, row.on_front)).collect();
    let expected = [
        ("", 0.0, true),
        ("a lane more", 2.0, true),
        ("a sign", 1.0, false),
        ("a lane more+a sign", 3.0, false),
    ];
    assert_eq!(front, expected.map(|(name, cost, on)| (name.to_owned(), cost, on)));
    let clearance = |at: usize| found.report.front[at].figures[1].unwrap();
    assert!(
        (clearance(0) - closed_form(1.0, 1.0)).abs() < 0.002
            && (clearance(1) - closed_form(1.0, 2.0)).abs() < 0.002
    );
    // over draws: of ten values evenly spread the ninth
    request.front_samples = 10;
    let drawn = run(&request);
    let of_set: Vec<f64> = rows(&drawn)
        .iter()
        .filter(|row| row["options"] == "a lane more")
        .map(|row| number(row, "clearance_bound_s"))
        .collect();
    let mut sorted = of_set;
    sorted.sort_by(f64::total_cmp);
    assert_eq!(sorted.len(), 10);
    assert_eq!(drawn.report.front[1].figures[1], Some(sorted[8]));
}

#[test]
fn parts_make_the_whole_in_any_order_with_any_threads() {
    let mut request = request(
        StudyDesign::Sobol,
        vec![people(InputSpread::Range([0.8, 1.2])), lanes(InputSpread::List(vec![1.0, 2.0]))],
    );
    request.samples = 8;
    request.options = vec![StudyOption::new("a lane more", 2.0, road_with(2.0))];
    let loaded = example("one-road");
    let whole = run(&request);
    let runner = StudyRunner::new(&Session::new(), &loaded, &request).unwrap();
    assert_eq!(runner.runs(), 8 * 4 + 2);
    let part = |threads: usize, range: std::ops::Range<u32>| {
        let mut made = Vec::new();
        runner
            .run_each(&Session::new().with_threads(threads), &[range], |part| {
                assert!(runner.is_of(&part));
                made.push(("part".to_owned(), part.to_parquet()?));
                Ok(())
            })
            .unwrap();
        made.remove(0)
    };
    let merged = merge_study(&[part(1, 20..34), part(3, 0..9), part(2, 5..20)]).unwrap();
    assert_eq!(merged.report, whole.report);
    assert_eq!(merged.artifacts().unwrap(), whole.artifacts().unwrap());
    let gap = merge_study(&[part(1, 3..9)]).unwrap();
    assert_eq!(gap.report.missing, ["0..3", "9..34"]);
    request.seed = 2;
    let other = study(&Session::new(), &loaded, &request).unwrap().to_parquet().unwrap();
    let Err(Error::Request(words)) =
        merge_study(&[part(1, 0..1), ("b".to_owned(), other), ("c".to_owned(), b"no".to_vec())])
    else {
        panic!()
    };
    assert!(
        words.contains("b is of another study than part") && words.contains("c: not a Parquet file"),
        "{words}"
    );
}

#[test]
fn a_run_that_cannot_be_made_is_named_and_the_rest_goes_on() {
    // a road that opens after the horizon is none that a plan can use: no failure, but never; a window that ends before it begins is one
    let mut loaded = example("rafah-2024");
    loaded.label = "rafah".to_owned();
    let window = loaded.scenario.windows[0].window_id.clone();
    let mut ends = StudyInput::new(
        "window",
        VariedFigure::WindowClosesH,
        &[&window],
        InputSpread::List(vec![0.0, 12.0]),
    );
    ends.central = Some(12.0);
    let found = study(&Session::new().with_threads(2), &loaded, &request(StudyDesign::Factorial, vec![ends]))
        .unwrap();
    let failed: Vec<u32> = found.report.failed.iter().map(|failed| failed.run).collect();
    assert_eq!(failed, [0], "{:?}", found.report.failed);
    assert!(found.report.failed[0].why.contains("windows.csv"), "{:?}", found.report.failed);
    assert_eq!(found.report.quantiles[0].runs, 1);
    assert!(found.in_words().contains("Run 0 could not be made"));
}

/// A file that is wrong, and what has to be said of it.
fn faults(text: &str) -> String {
    let wrong = read_study("study.toml", text, &|name| Err(Error::Request(format!("no {name}"))));
    wrong.expect_err("it is wrong").to_string()
}

#[test]
fn everything_that_is_wrong_with_a_file_is_said_at_once() {
    let said = faults(
        r#"
        scenario = "one-road"
        sample = 3
        answer = "both"
        samples = 0
        [[input]]
        name = "people"
        vary = "persons"
        of = "*"
        range = [2, 1]
        [[input]]
        vary = "lanes"
        range = [1, 2]
        list = [1]
        [[option]]
        name = "people"
        cost = -1
        changes = [{ change = "wider", link_id = "1" }]
        "#,
    );
    for named in [
        "study.toml, sample = '3': expected one of the keys scenario, answer",
        "answer = 'both': expected one of bound, plan, simulation",
        "samples = '0': expected a whole number from 1 to 1000000",
        "input 1 (people), vary = 'persons': expected one of people, fleet",
        "input 1 (people), range = '[2, 1]': expected two numbers from 0, the first smaller",
        "input 2, name = '': expected a name",
        "input 2, of = '': expected an id",
        "input 2, spread = 'range and list': expected one of range",
        "option 1 (people), cost = '-1': expected a number from 0",
        "option 1 (people), changes = ",
        "wider",
    ] {
        assert!(said.contains(named), "{named}\n{said}");
    }
    let said = faults("scenario = 3\nsamples = [\n");
    assert!(said.contains("study.toml, line ") && said.contains("expected TOML"), "{said}");
    let said = faults(
        r#"
        scenario = "one-road"
        samples = 1000000
        [[input]]
        name = "a"
        vary = "people"
        of = ["Z1"]
        chance = 0.5
        [[input]]
        name = "bridge"
        vary = "changes"
        chance = 1.5
        changes = []
        [[input]]
        name = "bridge"
        vary = "capacity"
        of = "1"
        list = [1, 1]
        central = "most"
        "#,
    );
    for named in [
        "input 1 (a), chance = '0.5': expected range or list",
        "input 2 (bridge), chance = '1.5': expected a probability from 0 to 1",
        "input 2 (bridge), changes = '[]': expected one or more changes",
        "input 3 (bridge), list = '[1, 1]': expected two or more different numbers",
        "input 3 (bridge), central = 'most': expected a number",
    ] {
        assert!(said.contains(named), "{named}\n{said}");
    }
}

#[test]
fn everything_that_does_not_fit_the_scenario_is_said_at_once() {
    let range = || InputSpread::Range([0.5, 2.0]);
    let mut wrong = request(
        StudyDesign::Sobol,
        vec![
            StudyInput::new("a", VariedFigure::People, &["Z9"], range()),
            StudyInput::new("b", VariedFigure::Admission, &["S1"], range()),
            StudyInput::new("c", VariedFigure::Lanes, &["1"], InputSpread::Range([0.0, 2.0])),
            StudyInput::new("c", VariedFigure::LinkClosesH, &["1"], range()),
            StudyInput::new("d", VariedFigure::LinkClosesH, &["1"], range()),
        ],
    );
    let closed = serde_json::json!({"change": "close_link", "link_id": "77"});
    let closed = ScenarioChange::new(serde_json::from_value(closed).unwrap());
    wrong.options = vec![StudyOption::new("e", 1.0, vec![closed])];
    let said = StudyRunner::new(&Session::new(), &example("one-road"), &wrong).unwrap_err().to_string();
    for named in [
        "input 1 (a), of = 'Z9': expected an id of zones.csv",
        "input 2 (b), of = 'S1': expected an id of sites.csv with a admission_people_h",
        "input 3 (c), spread = '0': expected values above 0",
        "input 4, name = 'c': expected a name of its own; input 3 has it",
        "input 5 (d), of = '1': expected a figure that input 4 does not vary, too",
        "option 1 (e), change 1, link_id = '77': expected an id of link.csv",
    ] {
        assert!(said.contains(named), "{named}\n{said}");
    }
    let inputs = (0..30).map(|at| StudyInput::new(&at.to_string(), VariedFigure::People, &["Z1"], range()));
    let mut many = request(StudyDesign::Sobol, inputs.collect());
    many.samples = 1_000_000;
    let said = StudyRunner::new(&Session::new(), &example("one-road"), &many).unwrap_err().to_string();
    assert!(said.contains("runs = '32000000': expected at most 10000000 runs"), "{said}");
}

/// SALib computes the same indices and effects from the same runs.
#[test]
fn salib_finds_the_same_indices_and_effects() {
    let dir = tempfile::tempdir().unwrap();
    let inputs = || vec![people(InputSpread::Range([0.8, 1.2])), lanes(InputSpread::Range([0.5, 2.0]))];
    for design in [StudyDesign::Sobol, StudyDesign::Morris] {
        let mut request = request(design, inputs());
        request.samples = 32;
        let found = run(&request);
        let folder = dir.path().join(format!("{design:?}"));
        std::fs::create_dir(&folder).unwrap();
        for name in ["study.json", "runs.csv", "runs.parquet"] {
            std::fs::write(folder.join(name), found.artifacts().unwrap().get(name).unwrap()).unwrap();
        }
        let said = readers::run("salib_study.py", &[&folder.display().to_string()]);
        assert!(said.contains("the same"), "{said}");
    }
}
