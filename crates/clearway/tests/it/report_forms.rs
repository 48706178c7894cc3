//! Reports on a form: figures by hand, figures of the page beside those of the plan folders, cells and columns left open.

use crate::{example, helsinki_plan};
use clearway::{
    Error, EstimateCell, InputFile, Language, MemoryStore, PlanRequest, ReportKind, ReportRequest, Session,
    Store, Usage, estimate_cells, load, plan, report,
};
use clearway_artifacts::Artifacts;
use serde_json::Value;
use std::collections::BTreeMap;

/// The plan folder of a scenario.
fn planned(scenario: &dyn Store) -> MemoryStore {
    let session = Session::new();
    let planned = plan(&session, &load(scenario).unwrap(), &PlanRequest::default()).unwrap();
    MemoryStore::from(planned.artifacts(Usage::default()).unwrap())
}

fn example_store(name: &str) -> MemoryStore {
    example(name).files.into_iter().collect()
}

/// The example of one road with some texts of its files replaced, and with further files.
fn one_road(changes: &[(&str, &str, &str)], more: &[(&str, &str)]) -> MemoryStore {
    let mut files: BTreeMap<String, Vec<u8>> = example("one-road").files.into_iter().collect();
    for (file, from, to) in changes {
        let text = String::from_utf8(files[*file].clone()).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        files.insert((*file).to_owned(), text.replace(from, to).into_bytes());
    }
    files.extend(more.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())));
    files.into_iter().collect()
}

fn summary(plan: &MemoryStore) -> Value {
    serde_json::from_slice(&plan.read("summary.json").unwrap().unwrap()).unwrap()
}

fn made(plans: &[&MemoryStore], request: &ReportRequest) -> Artifacts {
    let plans: Vec<&dyn Store> = plans.iter().map(|plan| *plan as &dyn Store).collect();
    report(&Session::new(), &plans, request).unwrap().artifacts()
}

fn page(artifacts: &Artifacts) -> String {
    let page = String::from_utf8(artifacts.get("index.html").unwrap().to_vec()).unwrap();
    // a page with an element that is not known on paper is found here, also by a build that makes no PDF
    clearway_pdf::page_content(&page, clearway::Paper::Letter).unwrap();
    page
}

/// Rows of a table by the names of its columns.
fn rows(artifacts: &Artifacts, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(artifacts.get(name).unwrap());
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

/// The value of a figure that a page marks, and how it shows it.
fn figure(page: &str, key: &str) -> (f64, String) {
    let marked = format!("data-figure=\"{key}\">");
    let at = page.find(&marked).unwrap_or_else(|| panic!("no figure {key}"));
    let value = page[..at].rsplit("value=\"").next().unwrap().trim_end_matches("\" ");
    let shown = page[at + marked.len()..].split("</data>").next().unwrap();
    (value.parse().unwrap(), shown.to_owned())
}

/// `h:mm` of seconds.
fn hours(seconds: f64, is_bound: bool) -> String {
    let minutes = if is_bound { (seconds + 0.001).floor() / 60.0 } else { (seconds / 60.0).ceil() } as i64;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

fn request(kind: ReportKind) -> ReportRequest {
    let mut request = ReportRequest::default();
    request.kind = kind;
    request.date = "2026-11-30".to_owned();
    request
}

/// A made-up plant with one road per region. The road is 10 km long; at 60 km/h that is 600 s, and in rain at 48 km/h 750 s. It takes
/// 1,200 cars an hour with 2.5 people, 3,000 people an hour; in rain 960 cars and 2,400 people.
fn plant(people: &str, rain: bool, mobilization: bool, stage: bool) -> MemoryStore {
    let people = format!("Village,{people},");
    let mut changes = vec![("zones.csv", "Village,12000,", people.as_str())];
    if rain {
        changes.push((
            "link.csv",
            "secondary,1,60,10,1200,10000,1200,,,0,600000",
            "secondary,1,48,10,960,10000,960,,,0,750000",
        ));
    }
    let mut more = Vec::new();
    if mobilization {
        changes.push(("zones.csv", "people,x_coord", "people,mobilization_id,x_coord"));
        changes.push(("zones.csv", ",10.0000,50.0020", ",slow,10.0000,50.0020"));
        more.push(("mobilization.csv", "mobilization_id,time_ms,share\nslow,0,0\nslow,7200000,1\n"));
    }
    if stage {
        more.push((
            "windows.csv",
            "window_id,target,target_id,from_ms,until_ms,kind\nW1,zone,Z1,3600000,,entry\n",
        ));
    }
    planned(&one_road(&changes, &more))
}

fn cell(region: &str, scenario: &str, plan: Option<usize>) -> EstimateCell {
    EstimateCell { region: region.to_owned(), scenario: scenario.to_owned(), plan, simulation: None }
}

#[test]
fn estimates_of_a_plant_with_one_road_per_region_are_the_closed_forms() {
    // near: 3,000 people who are ready at once: N/c + L/v. far: 1,000 people by a curve of 2 h, which the road never holds up: curve + L/v.
    let plans = [
        plant("3000", false, false, false),
        plant("3000", true, false, false),
        plant("1000", false, true, false),
        plant("3000", false, false, true),
    ];
    let mut request = request(ReportKind::Ete);
    request.cells = vec![
        cell("near", "fair", Some(0)),
        cell("near", "rain", Some(1)),
        cell("far", "fair", Some(2)),
        cell("far", "rain", None),
        cell("near, staged", "fair", Some(3)),
    ];
    let artifacts = made(&plans.each_ref(), &request);
    let table = rows(&artifacts, "estimates.csv");
    let closed_form = [
        ("near", "fair", 3600.0 * 0.9 + 600.0, 3600.0 + 600.0),
        ("near", "rain", 4500.0 * 0.9 + 750.0, 4500.0 + 750.0),
        ("far", "fair", 7200.0 * 0.9 + 600.0, 7200.0 + 600.0),
        ("near, staged", "fair", 3600.0 + 3600.0 * 0.9 + 600.0, 3600.0 + 3600.0 + 600.0),
    ];
    for (region, scenario, t90, t100) in closed_form {
        let row = table.iter().find(|row| row["region"] == region && row["scenario"] == scenario).unwrap();
        for (plan, bound, expected) in
            [("t90_s", "t90_bound_s", t90), ("clearance_s", "clearance_bound_s", t100)]
        {
            let number = |column: &str| row[column].parse::<f64>().unwrap();
            assert!(
                (number(bound) - expected).abs() < 1.0,
                "{region} {scenario}: {} is {expected}",
                number(bound)
            );
            // orders have windows of 15 min, and whole people in whole packets
            let later = number(plan) - number(bound);
            assert!((0.0..900.0).contains(&later), "{region} {scenario}: {plan} {later} s after its bound");
        }
    }
    let missing: Vec<_> = table.iter().filter(|row| row["is_missing"] == "1").collect();
    assert_eq!(missing.len(), 2, "far in rain, and the staged region in rain, which nobody named");
    assert_eq!(
        table.iter().map(|row| row["staged"].as_str()).collect::<Vec<_>>(),
        ["0", "0", "0", "", "1", ""]
    );
    let near = rows(&artifacts, "vehicles.csv");
    assert_eq!((near[0]["people"].as_str(), near[0]["mobilization_id"].as_str()), ("3000", ""));
    assert_eq!(near[2]["mobilization_id"], "slow");
    assert!(near[0]["vehicles"].parse::<i64>().unwrap() >= 1200);

    let page = page(&artifacts);
    for (number, plan) in plans.iter().enumerate() {
        let summary = summary(plan);
        for (key, is_bound) in [
            ("t90_s.plan", false),
            ("t90_s.bound", true),
            ("clearance_s.plan", false),
            ("clearance_s.bound", true),
        ] {
            let (value, shown) = figure(&page, &format!("plan-{}.{key}", number + 1));
            let (outer, inner) = key.split_once('.').unwrap();
            assert_eq!(summary[outer][inner].as_f64(), Some(value), "{key}");
            assert_eq!(shown, hours(value, is_bound), "{key} of plan {}", number + 1);
        }
    }
    assert_eq!(
        page.matches("<span class=\"open\">missing</span>").count(),
        12,
        "two cells in each of six matrices"
    );
    assert!(page.contains("Staged evacuation") && page.contains("from 1 Jun 09:00"));
    assert!(!page.contains("<script"));
}

#[test]
fn cells_of_a_table_are_checked_all_at_once() {
    let table = "region,scenario,plan,simulation\nnear,fair,a,\nnear,rain,,\nnear,fair,b,\n,rain,c,\n";
    let Err(Error::Invalid { faults, .. }) = estimate_cells(&InputFile::new("cells.csv", table)) else {
        panic!("two rows are wrong");
    };
    assert_eq!(faults.0.len(), 2, "{faults}");
    let rows =
        estimate_cells(&InputFile::new("cells.csv", "\u{feff}Scenario,Region,Plan\nfair,near,a\n")).unwrap();
    assert_eq!(
        (rows[0].region.as_str(), rows[0].scenario.as_str(), rows[0].plan.as_str()),
        ("near", "fair", "a")
    );
    assert!(estimate_cells(&InputFile::new("cells.csv", "region,plan\nnear,a\n")).is_err());
    let road = plant("100", false, false, false);
    let mut request = request(ReportKind::Ete);
    let refused =
        |request: &ReportRequest| report(&Session::new(), &[&road], request).unwrap_err().to_string();
    assert!(refused(&request).contains("region and scenario"));
    request.cells = vec![cell("a", "b", Some(0)), cell("a", "b", None)];
    assert!(refused(&request).contains("comes twice"));
    request.cells = vec![cell("a", "b", Some(1))];
    assert!(refused(&request).contains("not given"));
    request.cells = vec![cell("a", "b", None)];
    assert!(refused(&request).contains("belongs to one cell"));
}

#[test]
fn the_route_of_one_road_is_what_hand_and_paper_give() {
    let (dry, wet) = (plant("12000", false, false, false), plant("12000", true, false, false));
    let mut request = request(ReportKind::Ab747);
    request.names = vec!["dry".to_owned(), "wet".to_owned()];
    let own = summary(&dry);
    let bound = |key: &str| own[key]["bound"].as_f64().unwrap();
    let interventions = format!(
        "rank,intervention,t90_gain_s,clearance_gain_s,person_hours_gain,people_gain,arrived_gain,folder\n\
         0,as it is: figures of the bound,{:.3},{:.3},{:.3},,,\n1,one more lane on The road,6480,7200,12000.5,100,0,bounds/1\n",
        bound("t90_s"),
        bound("clearance_s"),
        bound("person_hours")
    );
    let mut of_another = request.clone();
    of_another.interventions = Some(InputFile::new(
        "interventions.csv",
        interventions.replace("\n0,as it is: figures of the bound,", "\n0,as it is: figures of the bound,1"),
    ));
    let refused = report(&Session::new(), &[&dry, &wet], &of_another).unwrap_err().to_string();
    assert!(refused.contains("interventions on another scenario"), "{refused}");
    request.interventions = Some(InputFile::new("interventions.csv", interventions));
    let artifacts = made(&[&dry, &wet], &request);
    let routes = rows(&artifacts, "routes.csv");
    assert_eq!(routes.len(), 2);
    let (first, second) = (&routes[0], &routes[1]);
    assert_eq!((first["street"].as_str(), first["links"].as_str()), ("The road", "1"));
    assert_eq!((first["from"].as_str(), first["to"].as_str()), ("Village end", "Town end"));
    assert_eq!((first["capacity_pcu_h"].as_str(), first["length_m"].as_str()), ("1200", "10000"));
    let number = |row: &BTreeMap<String, String>, column: &str| row[column].parse::<f64>().unwrap();
    // 12,000 people in cars of 2.5, a few more where an order's people do not fill the last car
    assert!((4800.0..4900.0).contains(&number(first, "demand_pcu")), "{}", first["demand_pcu"]);
    // full hours take what the road takes: v/c is 1, to the packet that ends in the hour after
    for row in [first, second] {
        assert!((number(row, "volume_capacity") - 1.0).abs() < 0.02, "{}", row["volume_capacity"]);
    }
    assert_eq!((second["scenario"].as_str(), first["collisions"].as_str()), ("wet", ""));
    let zones = rows(&artifacts, "zones.csv");
    assert_eq!((zones[0]["open_ways_min"].as_str(), zones[0]["open_shared_links"].as_str()), ("1", "1"));
    // nobody sooner than by 10 km at 60 km/h, as all are ready at once
    assert_eq!(number(&zones[0], "earliest_s"), 600.0);
    let page = page(&artifacts);
    assert!(page.contains("With all roads open: 1 of 1 zones have fewer than two ways out"));
    assert!(page.contains("12,000 people are there"));
    assert!(page.contains("link.csv") && page.contains("one more lane on The road") && page.contains("2:00"));
    for (number, plan) in [&dry, &wet].into_iter().enumerate() {
        let (value, shown) = figure(&page, &format!("plan-{}.clearance_s.plan", number + 1));
        assert_eq!(summary(plan)["clearance_s"]["plan"].as_f64(), Some(value));
        assert_eq!(shown, hours(value, false));
    }
    // five columns of one street, and what else only the county knows
    assert!(page.matches("class=\"open\"").count() >= 5 + 8, "{page}");
}

#[test]
fn figures_of_a_town_are_those_of_its_plan_folder() {
    let town = helsinki_plan();
    let artifacts = made(&[&town], &request(ReportKind::Ab747));
    let own: i64 = summary(&town)["people"]["arrived"].as_i64().unwrap();
    let sum = |name: &str, column: &str| -> i64 {
        rows(&artifacts, name).iter().map(|row| row[column].parse::<i64>().unwrap()).sum()
    };
    assert_eq!((sum("zones.csv", "arrived"), sum("locations.csv", "arrived")), (own, own));
    for row in rows(&artifacts, "zones.csv") {
        let seconds = |column: &str| row[column].parse::<f64>().ok();
        if let (Some(earliest), Some(last)) = (seconds("earliest_s"), seconds("last_arrival_s")) {
            assert!(earliest <= last + 0.001, "{}: {earliest} is after {last}", row["zone_id"]);
        }
        let least: usize = row["open_ways_min"].parse().unwrap_or(0);
        let later: usize = row["hazards_ways_min"].parse().unwrap_or(0);
        assert!(later <= least, "closing roads opens none: {row:?}");
    }
    // the ways of a zone share no link
    let mut seen: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for row in rows(&artifacts, "ways.csv") {
        let links = seen.entry((row["zone_id"].clone(), row["roads_closed_by_hazards"].clone())).or_default();
        for link in row["links"].split(';') {
            assert!(!links.iter().any(|other| other == link), "{link} is in two ways of {}", row["zone_id"]);
            links.push(link.to_owned());
        }
    }
    assert!(!seen.is_empty());
    // one street is one chain: each link begins where the one before it ends
    let ends: BTreeMap<String, (String, String)> =
        csv::Reader::from_reader(town.read("scenario/link.csv").unwrap().unwrap().as_slice())
            .deserialize::<BTreeMap<String, String>>()
            .map(Result::unwrap)
            .map(|row| (row["link_id"].clone(), (row["from_node_id"].clone(), row["to_node_id"].clone())))
            .collect();
    for row in rows(&artifacts, "routes.csv") {
        let links: Vec<&str> = row["links"].split(';').collect();
        assert!(links.windows(2).all(|pair| ends[pair[0]].1 == ends[pair[1]].0), "{row:?}");
        assert_eq!(
            (&ends[links[0]].0, &ends[links[links.len() - 1]].1),
            (&row["from_node_id"], &row["to_node_id"])
        );
    }
}

#[test]
fn fields_of_a_mass_evacuation_are_those_of_the_plan() {
    let town = helsinki_plan();
    let artifacts = made(&[&town], &request(ReportKind::Med));
    let (text, own) = (page(&artifacts), summary(&town));
    let (value, _) = figure(&text, "clearance_s.plan");
    assert_eq!(own["clearance_s"]["plan"].as_f64(), Some(value));
    assert_eq!(Some(figure(&text, "people.not_evacuated").0), own["people"]["not_evacuated"].as_f64());
    let arrived: i64 =
        rows(&artifacts, "sites.csv").iter().map(|row| row["arrived"].parse::<i64>().unwrap()).sum();
    assert_eq!(Some(arrived), own["people"]["arrived"].as_i64());
    let people: i64 =
        rows(&artifacts, "routes.csv").iter().map(|row| row["people"].parse::<i64>().unwrap()).sum();
    assert_eq!(Some(people), own["people"]["arrived"].as_i64(), "all in orders arrive");
    for row in rows(&artifacts, "sites.csv") {
        let number = |column: &str| row[column].parse::<i64>().unwrap_or(0);
        assert!(number("peak_arrivals_people_h") <= number("arrived"));
    }

    // several travel modes: everybody once
    let both = planned(&example_store("train"));
    let artifacts = made(&[&both], &request(ReportKind::Med));
    let whole: Value = serde_json::from_slice(&both.read("multimodal.json").unwrap().unwrap()).unwrap();
    let arrived: i64 =
        rows(&artifacts, "sites.csv").iter().map(|row| row["arrived"].parse::<i64>().unwrap()).sum();
    assert_eq!(Some(arrived), whole["people"]["arrived"].as_i64());
    let zones = rows(&artifacts, "zones.csv");
    let of = |means: &str| zones.iter().find(|row| row["means"] == means).unwrap()["people"].clone();
    assert_eq!((of("vehicle"), of("train")), ("1000".to_owned(), "400".to_owned()));
    assert_eq!(Some(figure(&page(&artifacts), "clearance_s.plan").0), whole["clearance_s"]["plan"].as_f64());
}

#[test]
fn every_kind_is_whole_in_every_language() {
    let road = plant("3000", false, false, true);
    for kind in [ReportKind::Ab747, ReportKind::Ete, ReportKind::Med] {
        let mut pages = Vec::new();
        for language in [Language::En, Language::Ar, Language::Es, Language::Fr] {
            let mut request = request(kind);
            request.language = language;
            if kind == ReportKind::Ete {
                request.cells = vec![cell("near", "fair", Some(0))];
            }
            let text = page(&made(&[&road], &request));
            // no place of a text is left unfilled, and no key stands for a text
            let body = text.split("<main>").nth(1).unwrap();
            assert!(!body.contains('{') && !body.contains('}'), "{kind:?} {language:?}: {body}");
            assert!(text.contains("role=\"note\">"));
            pages.push(text);
        }
        assert!(pages[1].contains("dir=\"rtl\""));
        assert!(pages.windows(2).all(|pair| pair[0] != pair[1]));
    }
}

#[test]
fn what_is_reserved_is_no_capacity() {
    // half of the road is reserved: its full hours are v/c 1 of the rest
    let road = ("link.csv", "1200,10000,1200,,,0,", "1200,10000,1200,,,600,");
    let half = planned(&one_road(&[("zones.csv", "Village,12000,", "Village,3000,"), road], &[]));
    let routes = rows(&made(&[&half], &request(ReportKind::Ab747)), "routes.csv");
    assert_eq!(routes[0]["capacity_pcu_h"], "1200");
    let ratio: f64 = routes[0]["volume_capacity"].parse().unwrap();
    assert!((ratio - 1.0).abs() < 0.02, "{ratio}");
}

#[test]
fn each_plan_has_its_own_clock_and_any_armed_conflict_is_said() {
    let stage = "window_id,target,target_id,from_ms,until_ms,kind\nW1,zone,Z1,3600000,,entry\n";
    let staged = |changes: &[(&str, &str, &str)]| planned(&one_road(changes, &[("windows.csv", stage)]));
    let day = staged(&[]);
    let night = staged(&[
        ("scenario.toml", "2026-06-01T08:00:00Z", "2026-06-01T20:00:00Z"),
        ("scenario.toml", "\"exercise\"", "\"armed_conflict\""),
    ]);
    let mut request = request(ReportKind::Ete);
    request.full = true;
    request.cells = vec![cell("near", "day", Some(0)), cell("near", "night", Some(1))];
    let page = page(&made(&[&day, &night], &request));
    assert!(page.contains("from 1 Jun 09:00") && page.contains("from 1 Jun 21:00"));
    assert!(page.contains("Feasible does not mean lawful, voluntary or advisable."));
    assert_eq!(page.matches("for a person to judge").count(), 2, "scenarios and regions");
}

#[test]
fn what_a_form_cannot_be_made_of_is_refused() {
    let road = plant("100", false, false, false);
    let mut request = request(ReportKind::Ab747);
    request.names = vec!["a".to_owned(), "b".to_owned()];
    let refused = |request: &ReportRequest, plans: &[&dyn Store]| {
        report(&Session::new(), plans, request).unwrap_err().to_string()
    };
    assert!(refused(&request, &[&road]).contains("2 names and 1 plans"));
    request.names.clear();
    request.interventions = Some(InputFile::new("interventions.csv", "a,b\n1,2\n"));
    assert!(refused(&request, &[&road]).contains("expected a column rank"));
    request.interventions = None;
    request.kind = ReportKind::Med;
    assert!(refused(&request, &[&road, &road]).contains("one plan folder"));
    let armed = planned(&one_road(&[("scenario.toml", "\"exercise\"", "\"armed_conflict\"")], &[]));
    for kind in [ReportKind::Ab747, ReportKind::Med] {
        request.kind = kind;
        assert!(refused(&request, &[&armed]).contains("--full"), "{kind:?}");
    }
    request.full = true;
    assert!(report(&Session::new(), &[&armed], &request).is_ok());
}
