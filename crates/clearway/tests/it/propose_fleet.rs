//! Vehicles of a timetable: a feed by hand, and feeds that pandas makes and partridge counts.

use crate::readers::run;
use clearway::{
    Artifacts, ComposeRequest, Disclosure, Error, FleetProposals, FolderKind, GroupsRequest, InputFile,
    MemoryStore, ProposeFleetRequest, Session, ShareRange, compose, groups, propose_fleet,
};
use clearway_model::SourceStatus;

/// A street through an area, and a road that leaves it; A and B are its junctions.
fn scenario() -> MemoryStore {
    let nodes = "node_id,x_coord,y_coord\nA,30.000,10.0\nB,30.005,10.0\nC,30.030,10.0\n";
    let links = "link_id,name,from_node_id,to_node_id,directed,facility_type,length,lanes,free_speed\n\
                 1,Long Street,A,B,0,residential,547,1,30\n2,Way Out,B,C,0,primary,2737,1,60\n";
    let roads: MemoryStore = [("node.csv", nodes), ("link.csv", links)].into_iter().collect();
    let area = r#"{"type": "Polygon", "coordinates": [[[29.999, 9.999], [30.007, 9.999], [30.007, 10.001], [29.999, 10.001], [29.999, 9.999]]]}"#;
    let mut request = ComposeRequest::default();
    request.area = Some(InputFile::new("area.geojson", area));
    request.people = Some(500);
    request.zone_count = Some(1);
    MemoryStore::from(compose(&Session::new().with_threads(1), &request, &roads).unwrap().artifacts())
}

/// Tables of a feed, each with its text.
const FEED: [(&str, &str); 8] = [
    ("agency.txt", "agency_id,agency_name,agency_url,agency_timezone\n1,Town Buses,http://x,UTC\n"),
    ("routes.txt", "\u{feff}route_id,route_type\nB,3\nT,0\n"),
    (
        "stops.txt",
        "stop_id,stop_name,stop_lat,stop_lon,parent_station\nS1a,Bay 1,10.0001,30.0,S1\nS1,West Station,10.0,30.0,\n\
         S2,\"Market, east\",10.0,30.005,\nS3,Far Away,10.0,31.0,\n",
    ),
    (
        "calendar.txt",
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n\
         WK,1,1,1,1,1,0,0,20260601,20260630\n",
    ),
    ("calendar_dates.txt", "service_id,date,exception_type\nEX,20260602,1\nWK,20260603,2\n"),
    (
        "trips.txt",
        "route_id,service_id,trip_id,block_id\nB,WK,b1a,b1\nB,WK,b1b,b1\nB,WK,t3,\nB,WK,t4,\nT,WK,t5,\nB,WK,f1,\nB,WK,n1,b2\nB,EX,x1,\n",
    ),
    (
        "stop_times.txt",
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n\
         b1a,08:30:00,08:30:00,S2,2\nb1a,08:00:00,08:00:00,S1a,1\nb1b,08:45:00,08:45:00,S2,1\nb1b,09:15:00,09:15:00,S1,2\n\
         t3,08:20:00,08:20:00,S2,1\nt3,,,S1,2\nt3,08:40:00,08:40:00,S1,3\n\
         t4,08:35:00,08:35:00,S3,1\nt4,08:50:00,08:50:00,S2,2\nt5,8:00:00,8:00:00,S1,1\nt5,10:00:00,10:00:00,S2,9\n\
         f1,00:00:00,00:00:00,S1,1\nf1,00:20:00,00:20:00,S2,2\nn1,23:30:00,23:30:00,S1,1\nn1,25:10:00,25:10:00,S2,2\n\
         x1,08:00:00,08:00:00,S1,1\nx1,09:00:00,09:00:00,S2,2\n",
    ),
    ("frequencies.txt", "trip_id,start_time,end_time,headway_secs\nf1,08:10:00,08:40:00,600\n"),
];

/// The feed with one table changed.
fn feed(change: impl Fn(&str, &str) -> Option<String>) -> InputFile {
    let tables =
        FEED.iter().filter_map(|(name, text)| Some(((*name).to_owned(), change(name, text)?.into_bytes())));
    let files = Artifacts::new(FolderKind::Export, Disclosure::Full, tables.collect::<Vec<_>>());
    InputFile::new("feed.zip", files.zip().unwrap())
}

fn whole() -> InputFile {
    feed(|_, text| Some(text.to_owned()))
}

fn proposed(feed: InputFile, date: Option<&str>) -> Result<FleetProposals, Error> {
    let mut request = ProposeFleetRequest::default();
    request.feed = Some(feed);
    request.date = date.map(str::to_owned);
    propose_fleet(&Session::new().with_threads(1), &request, &scenario())
}

#[test]
fn vehicles_in_use_at_the_same_time_are_those_of_the_timetable_by_hand() {
    let made = proposed(whole(), Some("2026-06-01")).unwrap();
    let kinds: Vec<_> = made
        .day
        .kinds
        .iter()
        .map(|used| {
            (
                used.kind.word(),
                used.trips,
                used.trips_in_blocks,
                used.trips_by_frequency,
                used.blocks,
                used.peak,
                used.peak_s,
            )
        })
        .collect();
    // at 08:35 block b1 (which waits till 08:45), t3, t4 and the departures of 08:20 and 08:30; that of 08:40 is none
    assert_eq!(kinds, [("bus", 8, 3, 3, 2, 5, 8 * 3600 + 35 * 60), ("tram", 1, 0, 0, 0, 1, 8 * 3600)]);
    assert_eq!(made.day.peak, 6);
    let rows: Vec<_> = made
        .rows
        .iter()
        .map(|row| {
            (
                row.vehicle_type_id.as_str(),
                row.name.as_str(),
                row.count,
                row.count_high,
                row.depot_node_id.as_str(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [("bus-1", "bus from West Station", 3, 3, "A"), ("bus-2", "bus from Market, east", 1, 1, "B")]
    );
    assert_eq!(made.elsewhere, 1, "t4 begins 110 km away");
    let words = made.in_words();
    for part in [
        "Town Buses on 2026-06-01",
        "4 vehicles of buses and coaches are in 2 rows",
        "1 begin farther",
        "have no block",
        "not known",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
}

#[test]
fn exceptions_and_the_night_before_count() {
    // x1 runs on the 2nd alone, which has most trips
    let made = proposed(whole(), None).unwrap();
    assert_eq!((made.day.date.as_str(), made.day.kinds[0].peak), ("2026-06-02", 6));
    // on the 3rd nothing runs but what began on the 2nd and is on the road until 01:10
    let error = proposed(whole(), Some("2026-06-03")).unwrap_err().to_string();
    assert!(
        error.contains("a day on which something runs, in the calendar from 2026-06-01 to 2026-06-30"),
        "{error}"
    );
    // a bus that sets out at 00:30 meets the one of the night before, and not on the first day
    let early = feed(|name, text| {
        Some(match name {
            "trips.txt" => "route_id,service_id,trip_id,block_id\nB,WK,n1,b2\nB,WK,t3,\n".to_owned(),
            "frequencies.txt" => return None,
            "stop_times.txt" => "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n\
                                 n1,23:30:00,23:30:00,S1,1\nn1,25:10:00,25:10:00,S2,2\n\
                                 t3,00:30:00,00:30:00,S2,1\nt3,00:40:00,00:40:00,S1,2\n"
                .to_owned(),
            _ => text.to_owned(),
        })
    });
    for (date, peak) in [("2026-06-01", 1), ("2026-06-02", 2), ("2026-06-05", 2), ("2026-06-08", 1)] {
        assert_eq!(proposed(early.clone(), Some(date)).unwrap().day.peak, peak, "{date}");
    }
}

#[test]
fn a_proposed_fleet_is_one_that_groups_take_with_its_sources() {
    let made = proposed(whole(), Some("2026-06-01")).unwrap();
    let mut request = GroupsRequest::default();
    request.seat = ShareRange::exactly(0.1);
    request.fleet = Some(InputFile::new("fleet.csv", made.csv().unwrap()));
    let grouped = groups(&Session::new(), &request, &scenario()).unwrap();
    assert!(grouped.warnings.is_empty(), "{:?}", grouped.warnings);
    let fleet = &grouped.groups.as_ref().unwrap().fleet;
    let counts: Vec<_> =
        fleet.iter().map(|row| (row.count, row.count_low, row.count_high, row.seats)).collect();
    assert_eq!(counts, [(3, Some(0), Some(3), 30), (1, Some(0), Some(1), 30)]);
    let (read, warnings) = clearway_formats::read_scenario(&MemoryStore::from(grouped.artifacts())).unwrap();
    let sources: Vec<_> = read.sources.iter().filter(|row| row.table == "fleet").collect();
    assert_eq!(sources.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["bus-1", "bus-2"]);
    assert_eq!(sources[0].status, SourceStatus::Assumed);
    assert!(sources[0].note.contains("in use at 08:35 on 2026-06-01 by feed.zip"), "{}", sources[0].note);
    assert!(!warnings.to_string().contains("fleet"), "{warnings}");
}

#[test]
fn feeds_that_cannot_be_read_are_said_with_table_row_and_value() {
    let changed = |table: &'static str, from: &'static str, to: &'static str| {
        feed(move |name, text| Some(if name == table { text.replacen(from, to, 1) } else { text.to_owned() }))
    };
    for (feed, words) in [
        (
            changed("stop_times.txt", "08:35:00", "8.35"),
            "feed.zip, stop_times.txt, line 9, arrival_time = '8.35'",
        ),
        (
            changed("trips.txt", "B,WK,t4", "Z,WK,t4"),
            "trips.txt, line 5, route_id = 'Z': expected a route of routes.txt",
        ),
        (changed("routes.txt", "route_type", "type"), "routes.txt, column = 'route_type'"),
        (
            changed("stops.txt", "10.0,31.0", "10.0,north"),
            "stops.txt, line 5, stop_lat, stop_lon = '10.0, north'",
        ),
        (changed("calendar.txt", "20260630", "30.6.2026"), "calendar.txt, line 2, end_date = '30.6.2026'"),
        (changed("frequencies.txt", "600", "0"), "frequencies.txt, line 2, headway_secs = '0'"),
        (
            feed(|name, text| (name != "trips.txt").then(|| text.to_owned())),
            "expected a table trips.txt in the feed",
        ),
        (InputFile::new("feed.zip", "route_id\n"), "expected a GTFS feed: a ZIP archive"),
        (InputFile::new("feed.zip", whole().bytes()[..900].to_vec()), "expected a GTFS feed"),
    ] {
        let error = proposed(feed, None).unwrap_err().to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
    let error = proposed(whole(), Some("1.6.2026")).unwrap_err().to_string();
    assert!(error.contains("date = '1.6.2026'"), "{error}");
}

#[test]
fn a_damaged_feed_never_ends_the_program() {
    let whole = whole().bytes().to_vec();
    for step in 0..120_usize {
        let mut bytes = whole.clone();
        let at = step * whole.len() / 120;
        bytes[at] = bytes[at].wrapping_add(u8::try_from(step).unwrap() + 1);
        if step % 4 == 0 {
            bytes.truncate(whole.len() - at / 2);
        }
        let _ = proposed(InputFile::new("feed.zip", bytes), None);
    }
}

#[test]
fn vehicles_are_as_many_as_pandas_counts_minute_by_minute_with_the_days_of_partridge() {
    let dir = tempfile::tempdir().unwrap();
    let said = run("make_gtfs.py", &[&dir.path().display().to_string()]);
    let counts: serde_json::Value = serde_json::from_str(&said).unwrap();
    let counts = counts.as_array().unwrap();
    assert!(counts.len() > 10);
    for count in counts {
        let bytes = std::fs::read(dir.path().join(count["feed"].as_str().unwrap())).unwrap();
        let made = proposed(InputFile::new("feed.zip", bytes), count["date"].as_str());
        let made = made.unwrap_or_else(|error| panic!("{count}: {error}"));
        let found: Vec<_> = made
            .day
            .kinds
            .iter()
            .map(|used| serde_json::json!([used.kind.word(), used.peak, used.trips]))
            .collect();
        assert_eq!(serde_json::Value::from(found), count["kinds"], "{count}");
        assert_eq!(made.day.peak, count["peak"].as_i64().unwrap(), "{count}");
        for used in &made.day.kinds {
            assert_eq!(used.begins.iter().map(|start| start.vehicles).sum::<i64>(), used.peak, "{count}");
        }
    }
}
