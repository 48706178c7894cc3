//! Scenarios of the values of inputs, looked at in their tables.

use super::*;
use clearway_model::FolderStore;
use clearway_study::spread::InputSpread;

fn example(name: &str) -> LoadedScenario {
    let folder = format!("{}/../../examples/{name}", env!("CARGO_MANIFEST_DIR"));
    crate::load::load(&FolderStore::new(folder)).unwrap()
}

/// Inputs of any spread: the values are given.
fn varied(example_name: &str, inputs: &[(VariedFigure, &str, bool)], values: &[f64]) -> LoadedScenario {
    let loaded = example(example_name);
    let mut request = StudyRequest::default();
    for (at, (vary, id, absolute)) in inputs.iter().enumerate() {
        let mut input = StudyInput::new(&at.to_string(), *vary, &[id], InputSpread::Range([0.0, 9.0]));
        input.absolute = *absolute;
        request.inputs.push(input);
    }
    let ids = VariedIds::new(&loaded.scenario, &request);
    ids.scenario(&Session::new(), &loaded, &request, values, &[]).unwrap()
}

#[test]
fn people_are_whole_and_factors_multiply() {
    let inputs = [(VariedFigure::People, "*", false), (VariedFigure::People, "Z1", false)];
    let found = varied("one-road", &inputs, &[0.5, 1.00004]);
    assert_eq!(found.scenario.zones[0].people, 6000);
    let found = varied("one-road", &inputs, &[0.5, 1.0001]);
    assert_eq!(found.scenario.zones[0].people, 6001);
    assert_eq!(
        varied("one-road", &[(VariedFigure::People, "Z1", true)], &[77.0]).scenario.zones[0].people,
        77
    );
    let source = found.scenario.sources.iter().find(|row| row.table == "zones" && row.id == "Z1").unwrap();
    assert_eq!(source.source, SOURCE);
}

#[test]
fn lanes_take_the_capacity_with_them_and_a_factor_of_it_comes_on_top() {
    let lanes = (VariedFigure::Lanes, "1", false);
    let link = |inputs: &[(VariedFigure, &str, bool)], values: &[f64]| {
        let link = varied("one-road", inputs, values).scenario.links[0].clone();
        (link.lanes, link.capacity_pcu_h)
    };
    assert_eq!(link(&[lanes], &[2.0]), (Some(2.0), Some(2400.0)));
    let both = [lanes, (VariedFigure::Capacity, "*", false)];
    assert_eq!(link(&both, &[2.0, 0.5]), (Some(2.0), Some(1200.0)));
    assert_eq!(link(&[(VariedFigure::Capacity, "1", true)], &[900.0]), (Some(1.0), Some(900.0)));
    // a capacity that is set takes the place of that of the scenario, whatever the lanes
    assert_eq!(link(&[lanes, (VariedFigure::Capacity, "1", true)], &[2.0, 900.0]), (Some(2.0), Some(900.0)));
}

#[test]
fn all_are_those_that_have_such_a_figure() {
    let mut scenario = Scenario::clone(&example("one-road").scenario);
    scenario.sites[0].capacity_people = None;
    let mut input = StudyInput::new("places", VariedFigure::Places, &["*"], InputSpread::Range([0.0, 9.0]));
    input.absolute = true;
    assert!(ids_of(&scenario, &input).is_empty());
    scenario.sites[0].capacity_people = Some(5);
    assert_eq!(ids_of(&scenario, &input), ["S1"]);
}

#[test]
fn speed_and_closures_and_sites() {
    let found = varied("one-road", &[(VariedFigure::Speed, "1", false)], &[0.5]);
    // 10 km at 30 km/h
    assert_eq!(found.scenario.links[0].time_ms, Some(1_200_000));
    let inputs = [(VariedFigure::LinkClosesH, "1", false), (VariedFigure::SiteOpensH, "S1", false)];
    let found = varied("one-road", &inputs, &[2.0, 0.5]);
    let closures: Vec<_> = found
        .scenario
        .closures
        .iter()
        .map(|row| (row.target_id.as_str(), row.from_ms, row.until_ms))
        .collect();
    assert_eq!(closures, [("1", 7_200_000, None), ("S1", 0, Some(1_800_000))]);
    assert!(
        varied("one-road", &[(VariedFigure::LinkOpensH, "1", false)], &[0.0]).scenario.closures.is_empty()
    );
    let found = varied(
        "one-road",
        &[(VariedFigure::Places, "S1", true), (VariedFigure::Admission, "S1", true)],
        &[500.4, 90.0],
    );
    assert_eq!(
        (found.scenario.sites[0].capacity_people, found.scenario.sites[0].admission_people_h),
        (Some(500), Some(90.0))
    );
}

#[test]
fn windows_move_and_say_where_that_is_from() {
    let id = example("rafah-2024").scenario.windows[0].window_id.clone();
    let found = varied(
        "rafah-2024",
        &[(VariedFigure::WindowOpensH, &id, false), (VariedFigure::WindowClosesH, &id, false)],
        &[1.0, 5.5],
    );
    let window = &found.scenario.windows[0];
    assert_eq!((window.from_ms, window.until_ms), (3_600_000, Some(19_800_000)));
    let cited = found.scenario.sources.iter().filter(|row| row.table == "windows" && row.source == SOURCE);
    assert_eq!(cited.count(), 2);
}

#[test]
fn the_values_of_the_scenario_change_nothing_but_sources_and_ranges() {
    let before = example("helsinki");
    let inputs = [(VariedFigure::People, "*", false), (VariedFigure::Capacity, "*", false)];
    let found = varied("helsinki", &inputs, &[1.0, 1.0]);
    assert_eq!(found.scenario.nodes, before.scenario.nodes);
    assert_eq!(found.scenario.zones.len(), before.scenario.zones.len());
    for (now, before) in found.scenario.links.iter().zip(&before.scenario.links) {
        assert_eq!(
            (now.capacity_pcu_h, now.lanes, now.time_ms),
            (before.capacity_pcu_h, before.lanes, before.time_ms)
        );
    }
}

#[test]
fn groups_and_those_who_stay_go_with_the_people_of_their_zone() {
    // the check of the changed scenario refuses groups that do not sum to their zone
    let found = varied("train", &[(VariedFigure::People, "*", false)], &[0.37]);
    let groups = &found.scenario.groups.as_ref().unwrap().rows;
    for zone in &found.scenario.zones {
        let sum: i64 = groups.iter().filter(|row| row.zone_id == zone.zone_id).map(|row| row.people).sum();
        assert_eq!(sum, zone.people, "{}", zone.zone_id);
    }
    let mut scenario = Scenario::clone(&example("one-road").scenario);
    scenario.zones[0].stay_people = Some(1001);
    people_in_proportion(&mut scenario, "Z1", 6000);
    assert_eq!(scenario.zones[0].stay_people, Some(500));
}
