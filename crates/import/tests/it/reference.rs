//! The printed reference says what the program does.

use clearway_import::capacity::{FIGURES, FigureCheck, LaneCapacity, RoadClass, lane_capacity};
use clearway_import::osm::{MaxSpeed, parse_maxspeed};

const CAPACITIES: &str = include_str!("../../../../docs/reference/capacities.md");
const IMPORT: &str = include_str!("../../../../docs/reference/import.md");

/// Cells of the table rows whose first cell is a single word in backticks.
fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .filter(|line| line.starts_with("| "))
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect())
        .collect()
}

#[test]
fn class_defaults_are_printed() {
    for class in RoadClass::ALL {
        let d = class.defaults();
        let cell = |value: f64| if value == 0.0 { String::new() } else { value.to_string() };
        let lanes = if d.lanes == 0.0 { String::new() } else { format!("{} ({})", d.lanes, d.lanes_most) };
        let expected = vec![
            format!("`{}`", class.as_str()),
            lanes,
            cell(d.speed_km_h),
            cell(d.lane_width_m),
            cell(d.path_width_m),
        ];
        assert!(rows(CAPACITIES).contains(&expected), "{expected:?}");
    }
}

#[test]
fn lane_capacities_are_printed() {
    let optimistic = |class, speed_km_h, lanes| {
        lane_capacity(LaneCapacity { class, speed_km_h, lanes, signal: false, green_share: 0.5 }).optimistic
    };
    for (row, class, speed, lanes) in [
        ("`motorway`", RoadClass::Motorway, 110.0, 2.0),
        (
            "`motorway_link`, `trunk_link`; `trunk` with 2 or more lanes in the direction",
            RoadClass::Trunk,
            90.0,
            2.0,
        ),
        (
            "`primary` to `unclassified` and their ramps with 2 or more lanes in the direction",
            RoadClass::Tertiary,
            50.0,
            2.0,
        ),
        ("others up to 20 mph (32.2 km/h)", RoadClass::Residential, 32.0, 1.0),
        ("others up to 25 mph (40.2 km/h)", RoadClass::Residential, 40.0, 1.0),
        ("others up to 30 mph (48.3 km/h)", RoadClass::Residential, 48.0, 1.0),
        ("others up to 35 mph (56.3 km/h)", RoadClass::Residential, 56.0, 1.0),
        ("others above", RoadClass::Primary, 60.0, 1.0),
    ] {
        let printed = rows(CAPACITIES).into_iter().find(|cells| cells[0] == row && cells.len() == 4).unwrap();
        assert_eq!(printed[1], optimistic(class, speed, lanes).to_string(), "{row}");
    }
}

#[test]
fn every_sourced_figure_has_its_rule_printed() {
    for figure in FIGURES {
        let sourced = figure.verified != FigureCheck::Assumed;
        assert_eq!(sourced, !figure.source.is_empty(), "{}", figure.statement);
        if sourced {
            assert!(CAPACITIES.contains(figure.rule), "{}", figure.rule);
            assert!(
                CAPACITIES.contains(figure.field) || figure.field.starts_with("capacity"),
                "{}",
                figure.field
            );
        }
    }
}

#[test]
fn limits_by_country_are_printed() {
    let countries: Vec<_> = rows(IMPORT).into_iter().filter(|cells| cells.len() == 5).collect();
    let mut compared = 0;
    for cells in &countries {
        let country = if cells[0] == "any other" { "XX" } else { cells[0].trim_matches('`') };
        if country.len() != 2 {
            continue;
        }
        for (kind, printed) in ["urban", "rural", "trunk", "motorway"].iter().zip(&cells[1..]) {
            assert_eq!(
                parse_maxspeed(&format!("{country}:{kind}")),
                parse_maxspeed(printed),
                "{country}:{kind}"
            );
            assert!(matches!(parse_maxspeed(printed), MaxSpeed::KmH(_)));
            compared += 1;
        }
    }
    assert_eq!(compared, 29 * 4);
}
