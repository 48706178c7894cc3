//! The evacuation part of a Californian safety element, with its tables.

use super::access::access;
use super::forms::GivenPlans;
use super::streets::streets;
use super::{ReportAnswer, ReportRequest};
use crate::error::Error;
use crate::input::InputFile;
use crate::session::Session;
use clearway_artifacts::Disclosure;
use clearway_formats::csv_for_spreadsheets;
use clearway_model::{Store, Summary};
use clearway_report::reports::{
    Ab747Facts, InterventionRow, ReportOrigin, StreetRow, StreetUse, WaysShown, ZoneAccess, ab747_report_page,
};
use clearway_report::standing_sentences;

pub(super) fn ab747_report(
    session: &Session,
    plans: &[&dyn Store],
    request: &ReportRequest,
) -> Result<ReportAnswer, Error> {
    let given = GivenPlans::read(session, plans, request)?;
    let form_plans = given.form_plans(request)?;
    let Some(first) = given.sources.first() else {
        return Err(Error::Internal("a report without a plan".to_owned()));
    };
    let interventions = match &request.interventions {
        Some(file) => intervention_rows(file, &first.source.summary)?,
        None => Vec::new(),
    };
    let digests = given.plan_digests();
    let facts = Ab747Facts {
        plans: form_plans,
        shapes: &first.source.map,
        streets: streets(&given.sources),
        access: access(&first.source.scenario, &first.figures.network),
        interventions,
        origin: ReportOrigin {
            date: &request.date,
            plan_digest: &digests,
            scenario_digest: &first.source.plan.scenario,
        },
    };
    let single = facts.access.iter().filter(|zone| !zone.open.needs_no_road && zone.open.roads.0 < 2).count();
    let mut words = vec![
        format!(
            "Report of evacuation routes and locations by {}: {}.",
            clearway_model::counted(
                clearway_model::number::length(given.names.len()),
                "scenario",
                "scenarios"
            ),
            first.in_words()
        ),
        format!("{single} of {} zones have fewer than two ways out that share no road.", facts.access.len()),
    ];
    words.push("It holds exact places, roads and times.".to_owned());
    words.extend(standing_sentences(given.context()).into_iter().map(str::to_owned));
    let files = vec![
        ("index.html".to_owned(), ab747_report_page(&facts, request.language)?),
        ("routes.csv".to_owned(), routes_csv(&facts, &given.names)),
        ("scenarios.csv".to_owned(), scenarios_csv(&facts)),
        ("zones.csv".to_owned(), zones_csv(&facts)),
        ("ways.csv".to_owned(), ways_csv(&facts.access)),
        ("locations.csv".to_owned(), locations_csv(&facts)),
    ];
    Ok(ReportAnswer { disclosure: Disclosure::Full, files, words })
}

/// Figures of a table have three decimals; what differs by less is the same, s and person-hours.
const ROUNDED: f64 = 0.002;

/// That row 0, the bound as it is, has the figures of the plan's own bound: the interventions are of its scenario.
fn of_same_bound(file: &InputFile, base: Option<[Option<f64>; 3]>, own: &Summary) -> Result<(), Error> {
    let own = [own.t90_s.bound, own.clearance_s.bound, own.person_hours.bound];
    let is_same = |(a, b): (Option<f64>, Option<f64>)| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < ROUNDED,
        (a, b) => a.is_none() && b.is_none(),
    };
    let found = match base {
        Some(base) if base.into_iter().zip(own).all(is_same) => return Ok(()),
        Some(base) => bound_words(base),
        None => "no row of rank 0".to_owned(),
    };
    Err(Error::Request(format!(
        "{}: interventions on another scenario than that of the first plan: expected row 0 with the bounds of its summary.json ({}), found {found}",
        file.name,
        bound_words(own)
    )))
}

fn bound_words([t90, clearance, person_hours]: [Option<f64>; 3]) -> String {
    let word = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), |value| format!("{value:.3}"));
    format!("t90_s {}, clearance_s {}, person_hours {}", word(t90), word(clearance), word(person_hours))
}

/// The rows of `interventions.csv` that change something. `own`: of the plan whose scenario they are on.
fn intervention_rows(file: &InputFile, own: &Summary) -> Result<Vec<InterventionRow>, Error> {
    let refused = |why: String| {
        Error::Request(format!(
            "{}: no interventions.csv as clearway interventions writes it: {why}",
            file.name
        ))
    };
    let mut reader = csv::Reader::from_reader(file.bytes());
    let header = reader.headers().map_err(|error| refused(error.to_string()))?.clone();
    let column = |name: &str| {
        let place = header.iter().position(|column| column.trim_start_matches('\u{feff}') == name);
        place.ok_or_else(|| refused(format!("expected a column {name}")))
    };
    let names =
        ["rank", "intervention", "t90_gain_s", "clearance_gain_s", "person_hours_gain", "arrived_gain"];
    let places = names.map(column);
    let [rank, what, t90, clearance, hours, arrived] = places;
    let (rank, what, t90, clearance, hours, arrived) = (rank?, what?, t90?, clearance?, hours?, arrived?);
    let (mut rows, mut base) = (Vec::new(), None);
    for record in reader.records() {
        let record = record.map_err(|error| refused(error.to_string()))?;
        let cell = |place: usize| record.get(place).unwrap_or_default().trim();
        let number = |place: usize| match cell(place) {
            "" => Ok(None),
            text => match text.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(Some(value)),
                _ => Err(refused(format!("expected a number, found '{text}'"))),
            },
        };
        // row 0 has the figures as they are
        if cell(rank) == "0" {
            base = Some([number(t90)?, number(clearance)?, number(hours)?]);
            continue;
        }
        rows.push(InterventionRow {
            intervention: cell(what).to_owned(),
            gain_s: [number(t90)?, number(clearance)?],
            person_hours: number(hours)?,
            arrived: number(arrived)?.map(clearway_model::number::round),
        });
    }
    of_same_bound(file, base, own)?;
    Ok(rows)
}

fn cell(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// To the thousandth, as sums and quotients of floating point would show noise.
fn thousandths(value: f64) -> String {
    ((value * 1000.0).round() / 1000.0).to_string()
}

/// One row per street and scenario.
fn routes_csv(facts: &Ab747Facts<'_>, names: &[String]) -> Vec<u8> {
    let header = [
        "street",
        "class",
        "from",
        "to",
        "from_node_id",
        "to_node_id",
        "links",
        "length_m",
        "lanes_min",
        "lanes_max",
        "speed_kmh_min",
        "speed_kmh_max",
        "capacity_pcu_h",
        "scenario",
        "people",
        "demand_pcu",
        "peak_pcu_h",
        "volume_capacity",
        "first_entry_s",
        "last_entry_s",
        "hazards",
        "hazards_from_s",
        "collisions",
        "width_m",
        "curvature",
        "slope_percent",
        "pavement",
    ];
    let mut rows = Vec::new();
    for street in &facts.streets {
        for (name, used) in names.iter().zip(&street.uses) {
            if let Some(used) = used {
                rows.push(route_row(street, name, used));
            }
        }
    }
    csv_for_spreadsheets(&header, rows)
}

fn route_row(street: &StreetRow, scenario: &str, used: &StreetUse) -> Vec<String> {
    let (lanes, speed) = (street.lanes.unzip(), street.speed_kmh.unzip());
    let hazards: Vec<&str> = used.hazards.iter().map(|(name, _)| name.as_str()).collect();
    let from = used.hazards.iter().map(|(_, from)| *from).reduce(f64::min);
    let mut row = vec![
        street.street.clone(),
        street.facility_type.clone(),
        street.from.name.clone(),
        street.to.name.clone(),
        street.from.node_id.clone(),
        street.to.node_id.clone(),
        street.links.join(";"),
        thousandths(street.length_m),
        cell(lanes.0),
        cell(lanes.1),
        cell(speed.0),
        cell(speed.1),
        thousandths(street.capacity_h),
        scenario.to_owned(),
        used.people.to_string(),
        thousandths(used.demand),
        thousandths(used.peak_h),
        thousandths(used.volume_capacity),
        cell(used.first_s),
        cell(used.last_s),
        hazards.join("; "),
        cell(from),
    ];
    // for the county
    row.extend(std::iter::repeat_n(String::new(), 5));
    row
}

fn scenarios_csv(facts: &Ab747Facts<'_>) -> Vec<u8> {
    let header = [
        "scenario",
        "people",
        "evacuees",
        "arrived",
        "overtaken",
        "not_evacuated",
        "t90_s",
        "t90_bound_s",
        "clearance_s",
        "clearance_bound_s",
        "simulated_t90_s",
        "simulated_clearance_s",
        "differs_in",
        "plan_digest",
        "scenario_digest",
    ];
    let rows = facts.plans.iter().map(|plan| {
        let (summary, people) = (plan.summary, &plan.summary.people);
        let [simulated_t90, simulated_t100] = plan.simulated_s.unwrap_or_default();
        vec![
            plan.name.clone(),
            people.total.to_string(),
            plan.evacuees().to_string(),
            people.arrived.to_string(),
            people.overtaken.to_string(),
            people.not_evacuated.to_string(),
            cell(summary.t90_s.plan),
            cell(summary.t90_s.bound),
            cell(summary.clearance_s.plan),
            cell(summary.clearance_s.bound),
            cell(simulated_t90),
            cell(simulated_t100),
            plan.differs_in.join("; "),
            plan.plan_digest.to_owned(),
            summary.scenario.clone(),
        ]
    });
    csv_for_spreadsheets(&header, rows)
}

/// Counts and what all ways share, for both states of the roads.
fn ways_cells(ways: &WaysShown) -> Vec<String> {
    let count = |number: usize| if ways.needs_no_road { String::new() } else { number.to_string() };
    let only = |of: (usize, usize), ids: &[String]| {
        if of == (1, 1) { ids.join(";") } else { String::new() }
    };
    vec![
        count(ways.roads.0),
        count(ways.roads.1),
        count(ways.junctions.0),
        count(ways.junctions.1),
        only(ways.roads, &ways.shared_roads.names),
        only(ways.roads, &ways.shared_roads.ids),
        only(ways.junctions, &ways.shared_junctions.ids),
        ways.closed.ids.join(";"),
    ]
}

fn zones_csv(facts: &Ab747Facts<'_>) -> Vec<u8> {
    let parts = [
        "ways_min",
        "ways_max",
        "junction_ways_min",
        "junction_ways_max",
        "shared_roads",
        "shared_links",
        "shared_nodes",
        "closed_links",
    ];
    let mut header: Vec<String> =
        ["zone_id", "people", "arrived", "overtaken", "last_arrival_s", "earliest_s", "needs_no_road"]
            .map(str::to_owned)
            .to_vec();
    header.extend(parts.map(|part| format!("open_{part}")));
    header.extend(parts.map(|part| format!("hazards_{part}")));
    header.extend(["fewer_than_two_from_s", "none_from_s", "housing_units"].map(str::to_owned));
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let outcomes = facts.plans.first().map(|plan| plan.zones.as_slice()).unwrap_or_default();
    let rows = facts.access.iter().zip(outcomes).map(|(zone, outcome)| {
        let mut row = vec![
            zone.zone_id.clone(),
            zone.people.to_string(),
            outcome.arrived.to_string(),
            outcome.overtaken.to_string(),
            cell(outcome.last_arrival_s),
            cell(zone.earliest_s),
            u8::from(zone.open.needs_no_road).to_string(),
        ];
        row.extend(ways_cells(&zone.open));
        row.extend(ways_cells(&zone.closed));
        row.extend([cell(zone.single_from_s), cell(zone.none_from_s), String::new()]);
        row
    });
    csv_for_spreadsheets(&header, rows)
}

/// The ways themselves, as proof of the counts.
fn ways_csv(access: &[ZoneAccess]) -> Vec<u8> {
    let header = ["zone_id", "roads_closed_by_hazards", "way", "site_id", "roads", "links"];
    let mut rows = Vec::new();
    for zone in access {
        for (state, ways) in [("0", &zone.open), ("1", &zone.closed)] {
            for (number, way) in ways.ways.iter().enumerate() {
                rows.push(vec![
                    zone.zone_id.clone(),
                    state.to_owned(),
                    (number + 1).to_string(),
                    way.site.clone(),
                    way.roads.clone(),
                    way.links.join(";"),
                ]);
            }
        }
    }
    csv_for_spreadsheets(&header, rows)
}

fn locations_csv(facts: &Ab747Facts<'_>) -> Vec<u8> {
    let header = [
        "site_id",
        "name",
        "capacity_people",
        "admission_people_h",
        "arrived",
        "first_arrival_s",
        "last_arrival_s",
        "services",
    ];
    let Some(first) = facts.plans.first() else { return Vec::new() };
    let rows = first.sites.iter().zip(&first.scenario.sites).map(|(site, row)| {
        vec![
            site.site_id.clone(),
            row.name.clone(),
            row.capacity_people.map(|people| people.to_string()).unwrap_or_default(),
            cell(row.admission_people_h),
            site.arrived.to_string(),
            cell(site.first_arrival_s),
            cell(site.last_arrival_s),
            String::new(),
        ]
    });
    csv_for_spreadsheets(&header, rows.collect::<Vec<_>>())
}
