//! Hazards as their makers give them: alerts of the National Weather Service, active fires of FIRMS, areas by the time of arrival.

use crate::readers::run;
use clearway::{ComposeRequest, Composed, Error, InputFile, MemoryStore, Session, compose};
use clearway_model::ClosureTarget;

/// A street in three pieces of 556 m from west to east, and a road that leaves the area.
fn roads() -> MemoryStore {
    let nodes = "node_id,x_coord,y_coord\nA,30.000,10.0\nB,30.005,10.0\nC,30.010,10.0\nD,30.015,10.0\nE,30.040,10.0\n";
    let links = "link_id,name,from_node_id,to_node_id,directed,facility_type,length,lanes,free_speed\n\
                 1,Long Street,A,B,1,residential,547,1,30\n2,Long Street,B,C,1,residential,547,1,30\n\
                 3,Long Street,C,D,1,residential,547,1,30\n4,Way Out,D,E,1,primary,2737,1,60\n";
    [("node.csv", nodes), ("link.csv", links)].into_iter().collect()
}

const AREA: &str = r#"{"type": "Polygon", "coordinates": [[[29.999, 9.999], [30.016, 9.999], [30.016, 10.001], [29.999, 10.001], [29.999, 9.999]]]}"#;

fn with(hazards: InputFile, change: impl FnOnce(&mut ComposeRequest)) -> Result<Composed, Error> {
    let mut request = ComposeRequest::default();
    request.area = Some(InputFile::new("area.geojson", AREA));
    request.people = Some(500);
    request.zone_count = Some(1);
    request.start = Some("2026-06-01T03:00:00+00:00".to_owned());
    request.time_zone = Some("UTC".to_owned());
    request.hazards = Some(hazards);
    change(&mut request);
    compose(&Session::new().with_threads(1), &request, &roads())
}

/// Of closures of links: cause, link, minutes after the start of begin and end.
fn closed(composed: &Composed) -> Vec<(String, String, i64, Option<i64>)> {
    let rows = composed.scenario.closures.iter().filter(|row| row.target == ClosureTarget::Link);
    rows.map(|row| {
        (row.cause.clone(), row.target_id.clone(), row.from_ms / 60_000, row.until_ms.map(|ms| ms / 60_000))
    })
    .collect()
}

fn said(result: Result<Composed, Error>) -> String {
    match result {
        Ok(composed) => panic!("was read: {:?}", composed.report.warnings),
        Err(error) => error.to_string(),
    }
}

fn fires(name: &str, rows: &str) -> InputFile {
    let header = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,frp,daynight";
    InputFile::new(name, format!("{header}\n{rows}"))
}

#[test]
fn active_fires_close_what_their_pixels_touch_from_their_overpass_on() {
    // 400 m x 300 m around B: half a diagonal of 250 m reaches pieces 1 and 2; at 06:30 one that lies 600 m north of D reaches nothing
    let rows = "10.0,30.005,330,0.4,0.3,2026-06-01,324,N20,VIIRS,n,2.0NRT,290,5,N\n\
                10.0054,30.015,330,0.4,0.3,2026-06-01,0630,N20,VIIRS,l,2.0NRT,290,5,D\n";
    let composed = with(fires("fires.csv", rows), |_| ()).unwrap();
    let cause = "fire-20260601-0324-N20-nominal".to_owned();
    let expected = [(cause.clone(), "1".to_owned(), 24, None), (cause.clone(), "2".to_owned(), 24, None)];
    assert_eq!(closed(&composed), expected);
    let words = composed.in_words();
    assert!(words.contains("2 detections of active fires in 2 hazards, with a buffer of 0 m"), "{words}");
    // with a buffer of 400 m it does: 250 + 400 > 600
    let composed = with(fires("fires.csv", rows), |request| request.fire_buffer_m = Some(400.0)).unwrap();
    let later = "fire-20260601-0630-N20-low".to_owned();
    let found = closed(&composed);
    for link in ["3", "4"] {
        assert!(found.contains(&(later.clone(), link.to_owned(), 210, None)), "{found:?}");
    }
    let source = composed.scenario.sources.iter().find(|row| row.table == "closures").unwrap();
    assert!(
        source.note.contains("NASA FIRMS") && source.note.contains("a buffer of 400 m"),
        "{}",
        source.note
    );
    let shapes = String::from_utf8(composed.artifacts().get("hazards.geojson").unwrap().to_vec()).unwrap();
    assert!(shapes.contains("\"buffer_m\":400") || shapes.contains("\"buffer_m\": 400"), "{shapes}");
}

#[test]
fn fires_that_cannot_be_read_are_said_with_row_and_value() {
    for (rows, words) in [
        (
            "10,30,330,0.4,0.3,yesterday,324,N20,VIIRS,n,2,290,5,N\n",
            "fires.csv, line 2, acq_date = 'yesterday'",
        ),
        ("10,30,330,,0.3,2026-06-01,324,N20,VIIRS,n,2,290,5,N\n", "line 2, scan = ''"),
        ("", "at least one detection of a fire"),
    ] {
        let error = said(with(fires("fires.csv", rows), |_| ()));
        assert!(error.contains(words), "{error}");
    }
    let rows = "10.0,30.005,330,0.4,0.3,2026-06-01,324,N20,VIIRS,n,2.0NRT,290,5,N\n";
    let error = said(with(fires("fires.csv", rows), |request| request.start = None));
    assert!(error.contains("give --start"), "{error}");
}

/// An alert; `geometry` is its text.
fn alert(properties: &str, geometry: &str) -> String {
    format!(
        r#"{{"id": "https://x/1", "type": "Feature", "geometry": {geometry}, "properties": {{"@type": "wx:Alert",
        "id": "urn:1", "areaDesc": "Long County", "sent": "2026-06-01T02:00:00+00:00", "effective": "2026-06-01T02:00:00+00:00",
        "status": "Actual", "messageType": "Alert", "severity": "Severe", "event": "Flash Flood Warning", "senderName": "NWS X", {properties}}}}}"#
    )
}

fn alerts(list: &[String]) -> InputFile {
    let text =
        format!(r#"{{"@context": [], "type": "FeatureCollection", "features": [{}]}}"#, list.join(","));
    InputFile::new("alerts.geojson", text)
}

const POLYGON: &str = r#"{"type": "Polygon", "coordinates": [[[29.9995, 9.9995], [30.004, 9.9995], [30.004, 10.0005], [29.9995, 10.0005], [29.9995, 9.9995]]]}"#;

#[test]
fn alerts_of_the_weather_service_close_from_their_onset_until_the_event_ends() {
    let times = r#""onset": "2026-06-01T04:00:00+00:00", "expires": "2026-06-01T05:00:00+00:00", "ends": "2026-06-01T09:00:00+00:00""#;
    let cancelled = alert(times, POLYGON).replace("\"Alert\"", "\"Cancel\"");
    let by_code = alert(times, "null").replace("Long County", "Coast");
    let composed = with(alerts(&[alert(times, POLYGON), by_code, cancelled]), |_| ()).unwrap();
    assert_eq!(closed(&composed), [("urn:1".to_owned(), "1".to_owned(), 60, Some(360))]);
    let warnings = composed.report.warnings.to_string();
    assert!(warnings.contains("alerts without one = '1'") && warnings.contains("Coast"), "{warnings}");
    assert!(warnings.contains("cancelled or replaced = '1'"), "{warnings}");
    // without an onset when it takes effect: an hour before the start, so from the start on; an event of which no end is said lasts, as
    // 'expires' is when the message ends
    let times = r#""onset": null, "expires": "2026-06-01T05:00:00+00:00", "ends": null"#;
    let composed = with(alerts(&[alert(times, POLYGON)]), |_| ()).unwrap();
    assert_eq!(closed(&composed), [("urn:1".to_owned(), "1".to_owned(), 0, None)]);
    let warnings = composed.report.warnings.to_string();
    assert!(warnings.contains("alerts without an end = '1'"), "{warnings}");
    // an end that stands among the parameters is one
    let times =
        r#""onset": null, "ends": null, "parameters": {"eventEndingTime": ["2026-06-01T09:00:00+00:00"]}"#;
    let composed = with(alerts(&[alert(times, POLYGON)]), |_| ()).unwrap();
    assert_eq!(closed(&composed), [("urn:1".to_owned(), "1".to_owned(), 0, Some(360))]);
}

#[test]
fn an_alert_that_another_takes_back_is_not_in_force_and_times_that_were_added_count() {
    let times = r#""ends": "2026-06-01T09:00:00+00:00""#;
    let update = alert(
        r#""onset": "2026-06-01T04:00:00+00:00", "ends": "2026-06-01T05:00:00+00:00", "references": [{"@id": "https://x/1", "identifier": "urn:1"}]"#,
        POLYGON,
    );
    let update = update
        .replace("\"Alert\"", "\"Update\"")
        .replace("urn:1\", \"areaDesc", "urn:2\", \"areaDesc")
        .replacen("https://x/1", "https://x/2", 1);
    let composed = with(alerts(&[alert(times, POLYGON), update]), |_| ()).unwrap();
    assert_eq!(closed(&composed), [("urn:2".to_owned(), "1".to_owned(), 60, Some(120))]);
    let warnings = composed.report.warnings.to_string();
    assert!(warnings.contains("cancelled or replaced = '1'"), "{warnings}");
    let own = alert(&format!(r#"{times}, "from_min": 30, "until_min": 45"#), POLYGON);
    let composed = with(alerts(&[own]), |_| ()).unwrap();
    assert_eq!(closed(&composed), [("urn:1".to_owned(), "1".to_owned(), 30, Some(45))]);
}

#[test]
fn alerts_that_cannot_be_read_are_said() {
    let times = r#""onset": "2026-06-01T04:00:00+00:00""#;
    let whole = String::from_utf8(alerts(&[alert(times, POLYGON)]).bytes().to_vec()).unwrap();
    for (text, words) in [
        (whole[..whole.len() - 30].to_owned(), "alerts.geojson, line"),
        (alert(times, "null"), "an alert in force with a polygon"),
        (alert(times, r#"{"type": "Point", "coordinates": [30, 10]}"#), "geometry = 'Point'"),
        (alert(times, POLYGON).replace("04:00:00+00:00", "4 o'clock"), "from = '2026-06-01T4 o'clock'"),
        (format!(r#"{{"@graph": [{}]}}"#, alert(times, POLYGON)), "application/geo+json"),
        ("<feed xmlns=\"http://www.w3.org/2005/Atom\"/>".to_owned(), "a list of alerts"),
    ] {
        let error = said(with(InputFile::new("alerts.geojson", text), |_| ()));
        assert!(error.contains(words) && error.contains("alerts.geojson"), "{words}: {error}");
    }
}

/// Areas that are reached 30 and 90 minutes after the start, the later around the earlier.
fn isochrones(name: &str, times: [&str; 2]) -> InputFile {
    let square = |east: f64| {
        format!(
            r#"{{"type": "Polygon", "coordinates": [[[29.9995, 9.9995], [{east}, 9.9995], [{east}, 10.0005], [29.9995, 10.0005], [29.9995, 9.9995]]]}}"#
        )
    };
    let feature = |id: &str, time: &str, east: f64| {
        format!(
            r#"{{"type": "Feature", "properties": {{"hazard_id": "{id}", {time}}}, "geometry": {}}}"#,
            square(east)
        )
    };
    let features = [feature("inner", times[0], 30.004), feature("outer", times[1], 30.009)];
    InputFile::new(name, format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, features.join(",")))
}

#[test]
fn areas_by_the_time_of_arrival_close_each_road_from_when_it_is_reached() {
    let expected = [
        ("inner".to_owned(), "1".to_owned(), 30, None),
        ("outer".to_owned(), "1".to_owned(), 90, None),
        ("outer".to_owned(), "2".to_owned(), 90, None),
    ];
    for times in [
        [r#""arrival_min": 30"#, r#""arrival_min": 90"#],
        [r#""arrival_h": 0.5"#, r#""ARRIVAL_H": "1.5""#],
        [r#""arrival_s": 1800"#, r#""arrival": "2026-06-01T04:30:00+00:00""#],
    ] {
        assert_eq!(closed(&with(isochrones("i.geojson", times), |_| ()).unwrap()), expected, "{times:?}");
    }
    let times = [r#""arrival_min": 30, "until_h": 2"#, r#""arrival_min": 90"#];
    let found = closed(&with(isochrones("i.geojson", times), |_| ()).unwrap());
    assert_eq!(found[0].3, Some(120));
}

#[test]
fn arrivals_without_a_unit_or_that_contradict_each_other_are_faults() {
    for (time, words) in [
        (r#""value": 1800"#, "i.geojson, feature 1, value = '1800'"),
        (r#""arrival": 30"#, "arrival_s, arrival_min or arrival_h"),
        (r#""arrival_min": "soon""#, "expected minutes since the start"),
        (r#""arrival_min": 30, "from_ms": 7"#, "arrival_min and from_ms to be the same time"),
        (r#""arrival_min": 30, "until_min": 20"#, "an end after the beginning"),
    ] {
        let error = said(with(isochrones("i.geojson", [time, r#""arrival_min": 90"#]), |_| ()));
        assert!(error.contains(words), "{words}: {error}");
    }
}

#[test]
fn shapefiles_of_fires_and_arrivals_made_by_geopandas_close_the_same_roads() {
    let dir = tempfile::tempdir().unwrap();
    run("make_hazards.py", &[&dir.path().display().to_string()]);
    let input = |name: &str| InputFile::new(name, std::fs::read(dir.path().join(name)).unwrap());
    let arrivals: Vec<_> =
        closed(&with(input("arrival.zip"), |_| ()).unwrap()).into_iter().map(|row| (row.1, row.2)).collect();
    assert_eq!(arrivals, [("1".to_owned(), 30), ("1".to_owned(), 90), ("2".to_owned(), 90)]);
    for name in ["fires.zip", "fires.geojson", "fires.csv"] {
        let found = closed(&with(input(name), |_| ()).unwrap());
        let links: Vec<_> = found.iter().map(|row| (row.1.as_str(), row.2)).collect();
        assert_eq!(links, [("1", 24), ("2", 24)], "{name}");
    }
}
