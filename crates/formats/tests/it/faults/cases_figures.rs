//! Ids, limits, ranges, times.

use super::Case;
use super::base::Edit::{Bytes, Remove, Text};

pub const CASES: &[Case] = &[
    ("An id is missing", &[Text("zones.csv", "Z2,Middle,500", ",Middle,500")], &["E zones.csv, row 3, zone_id = ''", "E connectors.csv, row 3 (C2), place_id = 'Z2'", "E windows.csv, row 3 (W2), target_id = 'Z2'"]),
    (
        "An id is there twice",
        &[Text("link.csv", "D,High", "C,High")],
        &["E link.csv, row 5 (C), link_id = 'C'"],
    ),
    (
        "An id with characters that nobody sees",
        &[Text("windows.csv", "W2,zone,Z2", "W2,zone,Z2\u{200b}")],
        &["E windows.csv, row 3 (W2), target_id = 'Z2<U+200B>'"],
    ),
    (
        "An id with characters that nobody sees",
        &[Text("zones.csv", "\nZ2,Middle,500,,,,,24.92,60.201\n", "\nZ2,Middle,500,,,,,24.92,60.201\nZ2\u{200b},Middle,500,,,,,24.92,60.201\n")],
        &["E zones.csv, row 4 (Z2\u{200b}), zone_id = 'Z2<U+200B>'"],
    ),
    (
        "Two ids that look the same",
        &[
            Text("zones.csv", "\nZ2,Middle,500,,,,,24.92,60.201\n", "\nZ2,Middle,500,,,,,24.92,60.201\nCaf\u{e9},A,5,,,,,24.92,60.201\nCafe\u{301},B,5,,,,,24.92,60.201\n"),
            Text("connectors.csv", "C2,zone,Z2", "C5,zone,Caf\u{e9},2,60000,900\nC6,zone,Cafe\u{301},2,60000,900\nC2,zone,Z2"),
        ],
        &["E zones.csv, row 5 (Cafe\u{301}), zone_id = 'Cafe<U+0301>'"],
    ),
    (
        "A reference to nowhere",
        &[Text("connectors.csv", "C1,zone,Z1,1,", "C1,zone,Z1,1.0,")],
        &["E connectors.csv, row 2 (C1), node_id = '1.0'"],
    ),
    ("An id has spaces at its ends", &[Text("node.csv", "\n4,North", "\n4 ,North")], &["E node.csv, row 5 (4 ), node_id = '\"4 \"'", "E link.csv, row 6 (E), to_node_id = '4'", "E connectors.csv, row 4 (C3), node_id = '4'", "E closures.csv, row 4 (K3), target_id = '4'"]),
    (
        "A reference to nowhere",
        &[Text("link.csv", "D,High Street,3,2", "D,High Street,3,22")],
        &["E link.csv, row 5 (D), to_node_id = '22'"],
    ),
    ("A connector to nowhere", &[Text("connectors.csv", "zone,Z2,2", "zone,Z9,2")], &["W zones.csv, row 3 (Z2), zone_id = 'Z2'", "E connectors.csv, row 3 (C2), place_id = 'Z9'"]),
    (
        "A closure or window of nothing",
        &[Text("closures.csv", "K1,link,B", "K1,link,X")],
        &["E closures.csv, row 2 (K1), target_id = 'X'"],
    ),
    (
        "An id where all links are meant",
        &[Text("windows.csv", "all_links,*", "all_links,A")],
        &["E windows.csv, row 2 (W1), target_id = 'A'"],
    ),
    (
        "A turn between links that do not meet",
        &[Text("movement.csv", "M1,2,A,B", "M1,2,A,E")],
        &["E movement.csv, row 2 (M1), ob_link_id = 'E'"],
    ),
    (
        "A turn ban that is not written 1",
        &[Text("movement.csv", "B,1", "B,yes")],
        &["E movement.csv, row 2 (M1), prohibited = 'yes'"],
    ),
    ("A figure is negative, zero or absurd", &[Text("link.csv", "1500,1200,1200", "1500,-1200,1200")], &["E link.csv, row 2 (A), length_m = '-1200'"]),
    (
        "A range does not hold its figure",
        &[Text("zones.csv", "1000,900,1100", "1000,1050,1100")],
        &["E zones.csv, row 2 (Z1), people_low = '1050'"],
    ),
    ("A range without its figure", &[Text("sites.csv", "capacity_people,", "capacity_people_high,")], &["E sites.csv, row 2 (S1), capacity_people_high = '800'"]),
    (
        "More stay than there are",
        &[Text("zones.csv", "1100,50", "1100,1050")],
        &["E zones.csv, row 2 (Z1), stay_people = '1050'"],
    ),
    (
        "Days of a spreadsheet for milliseconds",
        &[Text("closures.csv", "K1,link,B,0,3600000,7200000,43200000", "K1,link,B,46109,46110,,")],
        &["E closures.csv, row 2 (K1), from_ms = '46109 to 46110'"],
    ),
    (
        "Times that are next to nothing",
        &[Text("closures.csv", "K1,link,B,0,3600000,7200000,43200000", "K1,link,B,21600,64800,,")],
        &["W closures.csv, row 2 (K1), from_ms = '21600 to 64800'"],
    ),
    (
        "Times that are next to nothing",
        &[Bytes("windows.csv", b"window_id,target,target_id,from_ms,until_ms,kind\nW1,all_links,*,0,604800,entry\n")],
        &["W windows.csv, from_ms = 'at most 604800'"],
    ),
    (
        "Times that are next to nothing",
        &[Text("connectors.csv", "C2,zone,Z2,2,60000", "C2,zone,Z2,2,60")],
        &["W connectors.csv, time_ms = 'at most 60'"],
    ),
    (
        "Everybody is ready within minutes",
        &[Text("mobilization.csv", "evening,3600000,1", "evening,10800,1")],
        &["W mobilization.csv, row 3 (evening), time_ms = '10800'"],
    ),
    (
        "Daily times across a change of the clocks",
        &[
            Text("scenario.toml", "2026-06-01T08:00:00+03:00", "2026-10-23T00:00:00+03:00"),
            Text("scenario.toml", "horizon_ms = 86400000", "horizon_ms = 345600000"),
            Text("windows.csv", "W1,all_links,*,0,36000000,43200000,", "W1,all_links,*,21600000,64800000,86400000,"),
        ],
        &["W windows.csv, row 2 (W1), repeat_every_ms = '86400000'"],
    ),
    ("A mobilization curve falls", &[Text("mobilization.csv", "evening,3600000,1\n", "evening,60,0.2\nevening,50,1\n")], &["E mobilization.csv, row 3 (evening), share = '0.2'", "W mobilization.csv, row 3 (evening), time_ms = '60'", "E mobilization.csv, row 4 (evening), time_ms = '50'"]),
    (
        "A mobilization curve does not end at 1",
        &[Text("mobilization.csv", "3600000,1", "3600000,0.9")],
        &["E mobilization.csv, row 3 (evening), share = '0.9'"],
    ),
    (
        "A mobilization curve nobody uses",
        &[Text("mobilization.csv", "evening,0,0.5", "night,0,1\nevening,0,0.5")],
        &["W mobilization.csv, row 2 (night), mobilization_id = 'night'"],
    ),
    (
        "People ready after the horizon",
        &[Text("mobilization.csv", "3600000,1", "90000000,1")],
        &["W mobilization.csv, row 3 (evening), time_ms = '90000000'"],
    ),
    (
        "It ends before it begins",
        &[Text("closures.csv", "B,0,3600000", "B,4000000,3600000")],
        &["E closures.csv, row 2 (K1), until_ms = '3600000'"],
    ),
    (
        "A repetition ends before it begins",
        &[Text("closures.csv", "B,0,3600000,7200000,43200000", "B,5,3600000,7200000,4")],
        &["E closures.csv, row 2 (K1), repeat_until_ms = '4'", "W closures.csv, row 2 (K1), from_ms = '5 to 3600000'"],
    ),
    (
        "A repetition of what never ends",
        &[Text("closures.csv", "E,50000000,,,", "E,50000000,,86400000,")],
        &["E closures.csv, row 3 (K2), repeat_every_ms = '86400000'"],
    ),
    (
        "A repetition that overlaps itself",
        &[Text("closures.csv", "B,0,3600000,7200000", "B,0,3600000,1800000")],
        &["W closures.csv, row 2 (K1), repeat_every_ms = '1800000'"],
    ),
    (
        "An end of repetition without repetition",
        &[Text("closures.csv", "B,0,3600000,7200000", "B,0,3600000,")],
        &["W closures.csv, row 2 (K1), repeat_until_ms = '43200000'"],
    ),
    (
        "Too many repetitions",
        &[Text("windows.csv", "0,36000000,43200000,,presence", "0,1,2,,entry")],
        &["E windows.csv, row 2 (W1), repeat_every_ms = '2'", "W windows.csv, row 2 (W1), from_ms = '0 to 1'"],
    ),
    (
        "A time after the horizon",
        &[Text("closures.csv", "B,0,3600000,7200000,43200000", "B,178029000000,,,")],
        &["W closures.csv, row 2 (K1), from_ms = '178029000000'"],
    ),
    (
        "A closure of a node to entry",
        &[Text("closures.csv", "node,4,50000000,,,,presence", "node,4,50000000,,,,entry")],
        &["E closures.csv, row 4 (K3), kind = 'entry'"],
    ),
    ("A site closes before it opens", &[Text("sites.csv", "400,0,80000000", "400,80000000,80000000")], &["E sites.csv, row 2 (S1), open_until_ms = '80000000'"]),
    ("A site opens after the horizon", &[Text("sites.csv", "400,0,80000000", "400,90000000,")], &["W sites.csv, row 2 (S1), open_from_ms = '90000000'"]),
    ("No zone, no site or nobody", &[Text("zones.csv", "1000,900,1100,50", "0,,,"), Text("zones.csv", "Z2,Middle,500", "Z2,Middle,0"), Text("zones.geojson", "1000", "0")], &["W zones.csv, people = '0'"]),
    ("All zones together hold too many", &[Bytes("zones.csv", b"zone_id,people\nT0,100000000\nT1,100000000\nT2,100000000\nT3,100000000\nT4,100000000\nT5,100000000\nT6,100000000\nT7,100000000\nT8,100000000\nT9,100000000\nT10,100000000\n"), Bytes("connectors.csv", b"connector_id,place,place_id,node_id,time_ms\nT0,zone,T0,2,0\nT1,zone,T1,2,0\nT2,zone,T2,2,0\nT3,zone,T3,2,0\nT4,zone,T4,2,0\nT5,zone,T5,2,0\nT6,zone,T6,2,0\nT7,zone,T7,2,0\nT8,zone,T8,2,0\nT9,zone,T9,2,0\nT10,zone,T10,2,0\nC3,site,S1,4,0\nC4,site,S2,3,0\n"), Remove("zones.geojson"), Remove("mobilization.csv"), Text("windows.csv", "Z2", "T2")], &["E zones.csv"]),
    (
        "A site receives nobody",
        &[Text("sites.csv", "School,800", "School,0")],
        &["W sites.csv, row 2 (S1), capacity_people = '0'"],
    ),
    (
        "Too few places for all",
        &[Text("sites.csv", "S2,Exit,,", "S2,Exit,9,")],
        &["W sites.csv, capacity_people = '809'"],
    ),
    (
        "More people than the area holds",
        &[Text("sites.csv", "80000000,3000", "80000000,3")],
        &["W sites.csv, row 2 (S1), capacity_people = '800'"],
    ),
];
