//! Reports and sheets: every figure of a page is that of `summary.json`, and what is redacted shows no place.

use crate::{example, helsinki_plan};
use clearway::{
    Disclosure, Error, GroupsRequest, Language, MAKES_PDF, MemoryStore, Paper, PlanRequest, ReportKind,
    ReportRequest, Session, ShareRange, SimulateRequest, Store, Usage, groups, load, plan, report, simulate,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// The plan folder of a scenario.
pub(crate) fn planned(scenario: &dyn Store) -> MemoryStore {
    let planned = plan(&Session::new(), &load(scenario).unwrap(), &PlanRequest::default()).unwrap();
    MemoryStore::from(planned.artifacts(Usage::default()).unwrap())
}

fn files(name: &str) -> BTreeMap<String, Vec<u8>> {
    example(name).files.into_iter().collect()
}

pub(crate) fn store(files: BTreeMap<String, Vec<u8>>) -> MemoryStore {
    files.into_iter().collect()
}

/// The one road, where more people are than can go, some stay, and the situation is of a kind.
pub(crate) fn one_road(context: &str) -> MemoryStore {
    let mut files = files("one-road");
    let settings = String::from_utf8(files.remove("scenario.toml").unwrap()).unwrap();
    let begin = settings.find("context = ").unwrap();
    let end = begin + settings[begin..].find('\n').unwrap();
    let settings = format!("{}context = \"{context}\"{}", &settings[..begin], &settings[end..]);
    files.insert("scenario.toml".to_owned(), settings.into_bytes());
    store(files)
}

pub(crate) fn request(kind: ReportKind, language: Language) -> ReportRequest {
    let mut request = ReportRequest::default();
    request.kind = kind;
    request.language = language;
    request.date = "2026-11-30".to_owned();
    request
}

/// The pages of a report by name.
pub(crate) fn pages(plan: &MemoryStore, request: &ReportRequest) -> BTreeMap<String, String> {
    let artifacts = report(&Session::new(), &[plan], request).unwrap().artifacts();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    artifacts.files().iter().map(|file| (file.name.clone(), text(&file.bytes))).collect()
}

pub(crate) fn json(plan: &MemoryStore, name: &str) -> Value {
    serde_json::from_slice(&plan.read(name).unwrap().unwrap()).unwrap()
}

/// Figures of a page: key, value, and what a reader sees.
pub(crate) fn figures(page: &str) -> Vec<(String, String, String)> {
    page.split("<data value=\"")
        .skip(1)
        .map(|rest| {
            let (value, rest) = rest.split_once("\" data-figure=\"").unwrap();
            let (key, rest) = rest.split_once("\">").unwrap();
            (key.to_owned(), value.to_owned(), rest.split("</data>").next().unwrap().to_owned())
        })
        .collect()
}

/// A figure of the summary by its key.
fn in_summary(summary: &Value, key: &str) -> Option<f64> {
    let at = key.split('.').try_fold(summary, |at, name| at.get(name))?;
    at.as_f64()
}

/// `2 h 47 min 10 s`, as anywhere in a text, in seconds.
fn seconds(shown: &str) -> f64 {
    let shown = shown.split(" (").next().unwrap().replace('\u{200e}', "");
    // of a moment the time after the start stands in brackets
    let parts: Vec<&str> = shown.split('\u{a0}').collect();
    let units = BTreeMap::from([("h", 3600.0), ("min", 60.0), ("s", 1.0)]);
    parts.chunks(2).map(|pair| pair[0].parse::<f64>().unwrap() * units[pair[1]]).sum()
}

pub(crate) fn digits(shown: &str) -> String {
    shown.chars().filter(char::is_ascii_digit).collect()
}

/// Holds a figure, as its value and as it is shown, against the summary.
fn hold(summary: &Value, curve_end: i64, (key, value, shown): &(String, String, String)) {
    let people = |name: &str| summary["people"][name].as_i64().unwrap();
    let expected = match key.as_str() {
        "people.total - people.staying" => Some((people("total") - people("staying")) as f64),
        "curve.last.bound" => Some(curve_end as f64),
        key => in_summary(summary, key),
    };
    assert_eq!(value.parse::<f64>().ok(), expected, "{key} is shown as {shown}");
    let Some(expected) = expected else { return };
    if key.starts_with("people")
        || ["zones", "sites", "routes", "orders", "network.links"].contains(&key.as_str())
    {
        assert_eq!(digits(shown), format!("{expected}"), "{key}");
    }
    let is_time = key.starts_with("t90_s") || key.starts_with("clearance_s");
    if is_time && shown.contains(" (") && !shown.contains("2024") && !shown.contains("2026") {
        // what the plan needs is rounded up, what no plan can beat down
        let difference =
            if key.ends_with("plan") { seconds(shown) - expected } else { expected - seconds(shown) };
        assert!((-0.0011..60.0).contains(&difference), "{key}: {shown} for {expected}");
    }
}

#[test]
fn every_figure_of_the_page_is_that_of_the_summary_in_every_language() {
    for plan in [planned(&one_road("exercise")), helsinki_plan()] {
        let summary = json(&plan, "summary.json");
        let curve = String::from_utf8(plan.read("curve.csv").unwrap().unwrap().to_vec()).unwrap();
        let mut reader = csv::Reader::from_reader(curve.as_bytes());
        let last: BTreeMap<String, String> = reader.deserialize().last().unwrap().unwrap();
        let curve_end = last["bound_people"].parse::<i64>().unwrap();
        for language in Language::ALL {
            let page = &pages(&plan, &request(ReportKind::Plan, language))["index.html"];
            let found = figures(page);
            for key in
                ["t90_s.plan", "t90_s.bound", "clearance_s.plan", "people.arrived", "people.total", "gap.t90"]
            {
                assert!(
                    found.iter().any(|(other, _, _)| other == key),
                    "{language:?}: {key} is not on the page"
                );
            }
            found.iter().for_each(|figure| hold(&summary, curve_end, figure));
            let direction = if language == Language::Ar { "rtl" } else { "ltr" };
            assert!(page.contains(&format!("<html lang=\"{}\" dir=\"{direction}\">", language.code())));
            let is_marked = page.contains("<p class=\"translation\" role=\"note\">");
            assert_eq!(is_marked, language != Language::En, "{language:?}");
        }
    }
}

#[test]
fn all_that_a_page_says_is_typeset_or_there_is_no_pdf() {
    let plan = planned(&one_road("exercise"));
    for language in Language::ALL {
        let request = request(ReportKind::Plan, language);
        let page = &pages(&plan, &request)["index.html"];
        let content = clearway_pdf::page_content(page, Paper::A4).unwrap().to_string();
        for (key, _, shown) in figures(page) {
            let shown = shown.replace("&#39;", "'");
            assert!(content.contains(&format!("[\"{shown}\"]")), "{language:?}: {key}: {shown}");
        }
    }
    let made = report(&Session::new(), &[&plan], &request(ReportKind::Plan, Language::En)).unwrap();
    assert_eq!(made.pdf(Paper::A4).is_ok(), MAKES_PDF);
    let request = request(ReportKind::Sheets, Language::En);
    let sheets = report(&Session::new(), &[&plan], &request).unwrap();
    for refused in [request.check_pdf().unwrap_err(), sheets.pdf(Paper::A4).unwrap_err()] {
        assert!(refused.to_string().starts_with("sheets are several pages"), "{refused}");
    }
}

#[test]
fn the_page_loads_nothing_and_is_the_same_each_time() {
    let plan = helsinki_plan();
    for kind in [ReportKind::Plan, ReportKind::Sheets] {
        let request = request(kind, Language::En);
        let made = pages(&plan, &request);
        assert_eq!(made, pages(&plan, &request));
        for (name, page) in &made {
            assert!(page.contains("default-src 'none'"), "{name}");
            for loading in ["<link", "<img", "<iframe", "@import", "src=", "<script", "javascript:"] {
                assert!(!page.contains(loading), "{name}: {loading}");
            }
            assert!(page.len() < 10_000_000, "{name} has {} bytes", page.len());
        }
    }
}

#[test]
fn sheets_are_one_per_zone_destination_and_critical_road_and_count_everybody() {
    let plan = helsinki_plan();
    let mut request = request(ReportKind::Sheets, Language::En);
    request.contact = "Civil defence <112>".to_owned();
    let made = pages(&plan, &request);
    let names: Vec<&str> = made.keys().map(String::as_str).collect();
    assert_eq!(names, ["atlas.html", "index.html", "junctions.html", "sites.html", "zones.html"]);
    let summary = json(&plan, "summary.json");
    let sheets = |name: &str| made[name].matches("<section class=\"sheet\">").count() as u64;
    assert_eq!(sheets("zones.html"), summary["zones"].as_u64().unwrap());
    assert_eq!(sheets("sites.html"), summary["sites"].as_u64().unwrap());
    assert_eq!(sheets("junctions.html"), 20);
    assert!(made["zones.html"].contains("Civil defence &lt;112&gt;"));
    assert_eq!(made["zones.html"].matches("class=\"qr\"").count() as u64, sheets("zones.html"));
    // people who arrive by hour, over all destinations
    let mut people = 0;
    for table in made["sites.html"].split("<h3>People arriving by hour</h3>").skip(1) {
        let body = table.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
        for row in body.split("<tr>").skip(1) {
            people += digits(row.split("<td class=\"n\">").nth(1).unwrap().split('<').next().unwrap())
                .parse::<i64>()
                .unwrap();
        }
    }
    assert_eq!(Some(people), summary["people"]["arrived"].as_i64());
}

#[test]
fn in_an_armed_conflict_no_place_is_shown_unless_it_is_asked_for() {
    let mut scenario = one_road("armed_conflict");
    let mut sources = scenario.read("sources.csv").unwrap().unwrap().to_vec();
    sources.extend_from_slice(b"zones,*,mobilization_id,assumed,mayor of Hidden Valley,,,\n");
    scenario.insert("sources.csv", sources);
    let plan = planned(&scenario);
    let loaded = load(&scenario).unwrap().scenario;
    let places: Vec<String> = loaded
        .zones
        .iter()
        .map(|zone| zone.name.clone())
        .chain(loaded.sites.iter().map(|site| site.name.clone()))
        .chain(loaded.links.iter().map(|link| link.name.clone()))
        .filter(|name| !name.is_empty() && !loaded.settings.name.contains(name))
        .collect();
    let mut request = request(ReportKind::Plan, Language::En);
    let redacted = &pages(&plan, &request)["index.html"];
    assert!(redacted.contains("This report is redacted") && !redacted.contains("class=\"map\""));
    assert!(!redacted.contains("mayor of Hidden Valley") && !redacted.contains("zones: "), "a source");
    assert!(!redacted.contains("&lt; 10"), "what the totals give away is not masked");
    for place in &places {
        assert!(!redacted.contains(&format!("<bdi>{place}</bdi>")), "{place}");
    }
    request.full = true;
    let full = &pages(&plan, &request)["index.html"];
    assert!(full.contains("mayor of Hidden Valley") && full.contains("zones: "));
    assert!(places.iter().any(|place| full.contains(&format!("<bdi>{place}</bdi>"))), "{places:?}");
    request.kind = ReportKind::Sheets;
    request.full = false;
    let answer = report(&Session::new(), &[&plan], &request).unwrap().artifacts();
    assert_eq!(answer.disclosure(), Disclosure::Redacted);
    let names: Vec<&str> = answer.files().iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["index.html", "zones.html"]);
    let zones = String::from_utf8_lossy(answer.get("zones.html").unwrap());
    for site in &loaded.sites {
        assert!(site.name.is_empty() || !zones.contains(&format!("<bdi>{}</bdi>", site.name)));
    }
    assert!(!zones.contains("class=\"qr\"") && !zones.contains("class=\"map\""));
}

#[test]
fn a_simulation_of_the_plan_is_shown_and_one_of_another_refused() {
    let (road, town) = (planned(&one_road("exercise")), helsinki_plan());
    let simulated = simulate(&Session::new(), &road, &SimulateRequest::default()).unwrap();
    let artifacts = simulated.artifacts().unwrap();
    let file =
        clearway::InputFile::new("simulation.json", artifacts.get("simulation.json").unwrap().to_vec());
    let mut request = request(ReportKind::Plan, Language::En);
    request.simulation = Some(file);
    let page = &pages(&road, &request)["index.html"];
    let key = "simulation.t90_s";
    let t90 = figures(page).into_iter().find(|(other, _, _)| other == key).unwrap().1;
    assert_eq!(t90.parse::<f64>().ok(), simulated.report.t90_s);
    let refused = report(&Session::new(), &[&town], &request).unwrap_err();
    assert!(matches!(&refused, Error::Request(why) if why.contains("another plan")), "{refused}");
}

#[test]
fn a_plan_that_does_not_hold_and_a_number_of_plans_that_does_not_fit_are_refused() {
    let plan = planned(&one_road("exercise"));
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for name in plan.names().unwrap() {
        files.insert(name.clone(), plan.read(&name).unwrap().unwrap().to_vec());
    }
    let summary = String::from_utf8(files["summary.json"].clone()).unwrap();
    let arrived = json(&plan, "summary.json")["people"]["arrived"].as_i64().unwrap();
    let wrong =
        summary.replacen(&format!("\"arrived\": {arrived}"), &format!("\"arrived\": {}", arrived + 1), 1);
    assert_ne!(wrong, summary);
    files.insert("summary.json".to_owned(), wrong.into_bytes());
    for kind in [ReportKind::Plan, ReportKind::Sheets] {
        let request = request(kind, Language::En);
        let wrong = store(files.clone());
        let refused = report(&Session::new(), &[&wrong], &request).unwrap_err();
        assert!(matches!(refused, Error::DoesNotHold(_)), "{refused}");
        for plans in [Vec::new(), vec![&plan as &dyn Store, &plan as &dyn Store]] {
            let refused = report(&Session::new(), &plans, &request).unwrap_err();
            assert!(matches!(refused, Error::Request(_)), "{refused}");
        }
    }
}

/// The folder of a plan for several means, with a fleet of buses.
pub(crate) fn with_fleet(context: &str) -> MemoryStore {
    let mut request = GroupsRequest::default();
    request.seat = ShareRange::exactly(0.02);
    request.fleet = Some(clearway::InputFile::new(
        "fleet.csv",
        "vehicle_type_id,count,seats,wheelchair_places,stretcher_places,pcu_per_vehicle,load_ms,unload_ms,depot_node_id\n\
         bus,4,50,2,2,2,600000,300000,1\n",
    ));
    let grouped = groups(&Session::new(), &request, &one_road(context)).unwrap();
    planned(&MemoryStore::from(grouped.artifacts()))
}

#[test]
fn a_fleet_has_a_sheet_for_each_vehicle_with_all_its_trips() {
    let plan = with_fleet("exercise");
    let made =
        report(&Session::new(), &[&plan], &request(ReportKind::Sheets, Language::En)).unwrap().artifacts();
    let page = String::from_utf8_lossy(made.get("vehicles.html").unwrap()).into_owned();
    let trips = String::from_utf8(plan.read("fleet/trips.csv").unwrap().unwrap().to_vec()).unwrap();
    let mut reader = csv::Reader::from_reader(trips.as_bytes());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().collect::<Result<_, _>>().unwrap();
    let vehicles: std::collections::BTreeSet<&String> = rows.iter().map(|row| &row["vehicle_id"]).collect();
    assert_eq!(page.matches("<section class=\"sheet\">").count(), vehicles.len());
    let body: Vec<&str> =
        page.split("<tbody>").skip(1).map(|body| body.split("</tbody>").next().unwrap()).collect();
    assert_eq!(body.iter().map(|body| body.matches("<tr>").count()).sum::<usize>(), rows.len());
    assert!(made.get("vehicle/zones.html").is_some());
    // people who need a seat are told which vehicle comes for them
    let zones = String::from_utf8_lossy(made.get("fleet/zones.html").unwrap()).into_owned();
    assert!(zones.contains("in vehicles that come for them"));
    for row in &rows {
        assert!(zones.contains(&format!("<bdi>{}</bdi>", row["vehicle_id"])), "{row:?}");
    }
    let row = |body: &str| body.matches("<tr>").count();
    let body = zones.split("<tbody>").skip(1).map(|body| row(body.split("</tbody>").next().unwrap()));
    assert_eq!(body.sum::<usize>(), rows.len());
    let refused = report(&Session::new(), &[&plan], &request(ReportKind::Ab747, Language::En)).unwrap_err();
    assert!(matches!(&refused, Error::Request(why) if why.contains("/vehicle")), "{refused}");
}

/// Bicycles and cars, with another zone where all go by bicycle.
pub(crate) fn with_bicycles() -> MemoryStore {
    let mut files = files("bicycles");
    let mut add = |name: &str, row: &str| {
        let table = files.get_mut(name).unwrap();
        table.extend_from_slice(row.as_bytes());
    };
    add("zones.csv", "B,Bicycle Street,300\n");
    add("groups.csv", "B,bicycle,300\n");
    add("connectors.csv", "C3,zone,B,1,0\n");
    planned(&store(files))
}

#[test]
fn sheets_of_a_means_are_for_the_zones_whose_people_leave_by_it_and_say_so() {
    let plan = with_bicycles();
    let made = pages(&plan, &request(ReportKind::Sheets, Language::En));
    let zones = |folder: &str| made[&format!("{folder}/zones.html")].clone();
    let (cars, bicycles) = (zones("vehicle"), zones("bicycle"));
    let sheets = |page: &str| page.matches("<section class=\"sheet\">").count();
    assert_eq!((sheets(&cars), sheets(&bicycles)), (1, 2));
    assert!(!cars.contains("Bicycle Street") && bicycles.contains("Bicycle Street"));
    assert!(cars.contains("in vehicles of their own") && bicycles.contains("by bicycle"));
    for (name, page) in &made {
        assert!(!page.contains("nobody leaves this zone"), "{name}");
    }
    assert!(made["bicycle/sites.html"].contains("by bicycle"));
    assert!(!made.contains_key("fleet/zones.html"), "nobody needs a vehicle of the fleet");
}

#[test]
fn redacted_forms_of_a_fleet_name_zones_but_no_destination_hour_or_vehicle() {
    let made = pages(&with_fleet("armed_conflict"), &request(ReportKind::Sheets, Language::En));
    let names: Vec<&str> = made.keys().map(String::as_str).collect();
    assert_eq!(names, ["fleet/zones.html", "index.html", "vehicle/zones.html"]);
    let page = &made["fleet/zones.html"];
    assert!(page.contains("<bdi>Village</bdi>") && page.contains("in vehicles that come for them"));
    assert!(!page.contains("<tbody>") && !page.contains("<bdi>Town</bdi>") && !page.contains("bus-1"));
}
