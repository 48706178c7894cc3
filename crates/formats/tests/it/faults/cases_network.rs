//! Links: units, speeds, capacities, doubles; geometry.

use super::Case;
use super::base::Edit::{Bytes, Remove, Text};

pub const CASES: &[Case] = &[
    ("A capacity without travel time", &[Text("link.csv", "1500,60,72000,60000,4000,900000,\nC", "1500,60,,,4000,900000,\nC")], &["E link.csv, row 3 (B), time_ms = ''"]),
    ("A link open to nobody", &[Text("link.csv", "1500,1200,1200,1000,1500,60,72000,60000,4000,900000,\nC", ",1200,,,,,,,,,\nC")], &["W link.csv, row 3 (B), capacity_pcu_h = ''"]),
    ("No link is open to the class", &[Text("scenario.toml", "\"vehicle\"", "\"walk\""), Text("link.csv", "walk_capacity_people_h", "on_foot")], &["W link.csv, walk_capacity_people_h = 'empty in all rows'"]),
    (
        "A row for both directions",
        &[Text("link.csv", "D,High Street,3,2,true", "D,High Street,3,2,false")],
        &["E link.csv, row 5 (D), directed = 'false'"],
    ),
    (
        "GMNS length and length_m disagree",
        &[Text(
            "link.csv",
            "60,1.2,1500,1200,1200,1000,1500,60,72000,60000,4000,900000,\nD",
            "60,1200,1500,1200,1200,1000,1500,60,72000,60000,4000,900000,\nD",
        )],
        &["E link.csv, row 4 (C), length = '1200'"],
    ),
    (
        "GMNS speed and time_ms disagree",
        &[Text("link.csv", "C,High Street,2,3,true,1,60", "C,High Street,2,3,true,1,37.28")],
        &["E link.csv, row 4 (C), free_speed = '37.28'"],
    ),
    (
        "GMNS capacity and capacity_pcu_h disagree",
        &[Text("link.csv", "C,High Street,2,3,true,1,", "C,High Street,2,3,true,2,")],
        &["E link.csv, row 4 (C), capacity = '1500'"],
    ),
    (
        "A speed that no road or walker has",
        &[Text("link.csv", "72000,60000,4000,900000,\nD", "72000,60000,4000,900,\nD")],
        &["E link.csv, row 4 (C), walk_time_ms = '900'"],
    ),
    ("A time in seconds", &[Text("link.csv", "72000,60000,4000,900000,\nD", "72,60,4000,900000,\nD")], &["E link.csv, row 4 (C), time_ms = '72'", "E link.csv, row 4 (C), time_ms_low = '60'"]),
    (
        "A speed next to nothing",
        &[Text("link.csv", "72000,60000,4000,900000,\nD", "72000,60000,4000,90000000,\nD")],
        &["W link.csv, row 4 (C), time_ms = '90000000 (walk_time_ms)'"],
    ),
    (
        "A capacity next to nothing",
        &[Text("link.csv", "60000,4000,900000,\nD", "60000,4,900000,\nD")],
        &["W link.csv, row 4 (C), walk_capacity_people_h = '4'"],
    ),
    // 1,140 pcu/h for 72 s and 288 s of gaps travelling back: 114, and one
    (
        "Less room than the flow needs",
        &[
            Text("link.csv", "free_speed", "storage_pcu"),
            Text("link.csv", "A,High Street,1,2,true,1,60", "A,High Street,1,2,true,1,115"),
            Text("link.csv", "B,High Street,2,1,true,1,60", "B,High Street,2,1,true,1,114"),
            Text("link.csv", "C,High Street,2,3,true,1,60", "C,High Street,2,3,true,1,"),
            Text("link.csv", "D,High Street,3,2,true,1,60", "D,High Street,3,2,true,1,"),
            Text("link.csv", "E,North Road,3,4,true,1,60", "E,North Road,3,4,true,1,"),
        ],
        &["W link.csv, row 3 (B), storage_pcu = '114'"],
    ),
    (
        "More than a lane can take",
        &[Text(
            "link.csv",
            "D,High Street,3,2,true,1,60,1.2,1500,1200,1200,1000,1500",
            "D,High Street,3,2,true,1,60,1.2,,1200,24000,,",
        )],
        &["W link.csv, row 5 (D), capacity_pcu_h = '24000'"],
    ),
    (
        "Lanes are 0 and capacity is not",
        &[Text("link.csv", "D,High Street,3,2,true,1,60,1.2,1500", "D,High Street,3,2,true,0,60,1.2,")],
        &["W link.csv, row 5 (D), lanes = '0'"],
    ),
    (
        "Nothing is left beside the reserve",
        &[Text(
            "link.csv",
            "1200,1000,1500,60,72000,60000,4000,900000,\nE",
            "1200,1000,1500,1200,72000,60000,4000,900000,\nE",
        )],
        &["W link.csv, row 5 (D), reserved_pcu_h = '1200'"],
    ),
    (
        "A link from a node to itself",
        &[Text("link.csv", "D,High Street,3,2", "D,High Street,3,3")],
        &["W link.csv, row 5 (D), to_node_id = '3'"],
    ),
    (
        "An approach that does not end at its junction",
        &[Bytes("junctions.csv", b"node_id,link_id,control,source\n2,B,stop,test\n")],
        &["E junctions.csv, row 2 (2/B), link_id = 'B'"],
    ),
    (
        "A share of the time of no control",
        &[Bytes("junctions.csv", b"node_id,control,green_share,source\n2,none,0.5,test\n")],
        &["E junctions.csv, row 2 (2), lane_pcu_h = ''"],
    ),
    (
        "Two links that look like one",
        &[Text(
            "link.csv",
            "E,North",
            "C2,High Street,2,3,true,1,60,1.2,1500,1200,1200,1000,1500,60,72000,60000,4000,900000,\nE,North",
        )],
        &["W link.csv, row 6 (C2), link_id = 'C2'"],
    ),
    ("There are no roads", &[Bytes("link.csv", b"link_id,from_node_id,to_node_id,length_m\n"), Remove("movement.csv"), Bytes("closures.csv", b"closure_id,target,target_id,from_ms,until_ms,kind,cause\nK3,node,4,50000000,,presence,fire\n"), Text("sources.csv", "link,A,", "link,*,")], &["W link.csv, rows = '0'"]),
    ("A geometry that cannot be read", &[Text("link.csv", "LINESTRING (24.90 60.20,", "LINESTRING 24.90 60.20,")], &["W link.csv, row 2 (A), geometry = 'LINESTRING 24.90 60.20, 24.92 60.20)'"]),
    ("A geometry with longitude and latitude swapped", &[Text("link.csv", "(24.90 60.20, 24.92 60.20)", "(60.20 24.90, 60.20 24.92)")], &["W link.csv, row 2 (A), geometry = '60.2 24.9 to 60.2 24.92'"]),
    ("A geometry that does not join its nodes", &[Text("link.csv", "(24.90 60.20, 24.92 60.20)", "(24.90 60.20, 24.92 60.50)")], &["W link.csv, row 2 (A), geometry = '24.9 60.2 to 24.92 60.5'"]),
    (
        "A road shorter than the straight line",
        &[Text(
            "link.csv",
            "C,High Street,2,3,true,1,60,1.2,1500,1200,",
            "C,High Street,2,3,true,1,,,1500,700,",
        )],
        &["W link.csv, row 4 (C), length_m = '700'"],
    ),
    ("A length in kilometres", &[Text(
            "link.csv",
            "C,High Street,2,3,true,1,60,1.2,1500,1200,",
            "C,High Street,2,3,true,1,,,1500,1.2,",
        )], &["E link.csv, row 4 (C), length_m = '1.2'"]),
];
