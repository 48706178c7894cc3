//! Files, encodings, cells, settings.

use super::Case;
use super::base::Edit::{Bytes, Remove, Text};

pub const CASES: &[Case] = &[
    ("A file is missing", &[Remove("connectors.csv")], &["E connectors.csv"]),
    ("A file has another name", &[Remove("node.csv"), Bytes("nodes.csv", b"node_id\n")], &["E node.csv"]),
    (
        "An optional file has nearly its name",
        &[Bytes("hazard.geojson", b"{}"), Remove("hazards.geojson")],
        &["W hazard.geojson"],
    ),
    ("A file is empty", &[Bytes("connectors.csv", b"")], &["E connectors.csv, row 1"]),
    (
        "Not UTF-8",
        &[Bytes("mobilization.csv", b"mobilization_id,time_ms,share\nevening,0,1\nsp\xe4t,0,1\n")],
        &["E mobilization.csv, line 3, encoding = 'byte 0xE4 after \"sp\"'"],
    ),
    (
        "UTF-16",
        &[Bytes("mobilization.csv", b"\xff\xfer\0e\0l\0")],
        &["E mobilization.csv, line 1, encoding = 'UTF-16'"],
    ),
    (
        "A spreadsheet workbook under another name",
        &[Bytes("zones.csv", b"PK\x03\x04 workbook")],
        &["E zones.csv, kind of file = 'a zip archive'"],
    ),
    (
        "Another kind of file",
        &[Bytes("zones.csv", b"SQLite format 3\0")],
        &["E zones.csv, kind of file = 'an SQLite database'"],
    ),
    (
        "A key twice in an object",
        &[Text("zones.geojson", "\"people\": 1000", "\"people\": 1000, \"people\": 1"), Remove("zones.csv")],
        &[
            "E zones.geojson, line 1, column 119, text = 'the key 'people' stands twice in one object: which of the two counts cannot be known at line 1 column 119'",
        ],
    ),
    (
        "A key twice in an object",
        // shapes only: the figures are those of the table
        &[Text("sites.geojson", "\"S2\"}", "\"S2\", \"site_id\": \"S1\"}")],
        &[
            "W sites.geojson, line 1, column 104, text = 'the key 'site_id' stands twice in one object: which of the two counts cannot be known at line 1 column 104'",
        ],
    ),
    (
        "Letters of another encoding",
        &[Text("zones.csv", "West side", "Vl\u{c3}\u{a4}ster")],
        &["W zones.csv, row 2 (Z1), name = 'Vl\u{c3}\u{a4}ster'"],
    ),
    (
        "Control characters in text",
        &[Text("zones.csv", "West side", "West\u{fffd}side")],
        &["W zones.csv, row 2 (Z1), name = '\"West\u{fffd}side\"'"],
    ),
    (
        "An id that a spreadsheet takes for a formula",
        &[Text("connectors.csv", "C1,zone", "=C1,zone")],
        &["E connectors.csv, row 2 (=C1), connector_id = '\"=C1\"'"],
    ),
    (
        "Semicolons between cells",
        &[Bytes("mobilization.csv", b"mobilization_id;time_ms;share\nevening;0;1\n")],
        &[
            "E mobilization.csv, row 1, column = 'mobilization_id'",
            "E mobilization.csv, row 1, column = 'time_ms'",
            "E mobilization.csv, row 1, column = 'share'",
        ],
    ),
    (
        "A quote is never closed",
        &[Text("sites.csv", "S2,Exit", "S2,\"Exit")],
        &["E sites.csv, row 3, text = '\"Exit,,,,,,24.94,60.199\n'"],
    ),
    (
        "Text after a closing quote",
        &[Text("sites.csv", "S2,Exit", "S2,\"Ex\"it")],
        &["E sites.csv, row 3, text = 'it'"],
    ),
    (
        "A row has too many or too few cells",
        &[Text("zones.csv", "Z2,Middle,500", "Z2,Middle,5,00")],
        &["E zones.csv, row 3 (Z2), cells = '10'"],
    ),
    (
        "Rows of empty cells",
        &[Text("mobilization.csv", "evening,0", ",,\nevening,0")],
        &["E mobilization.csv, row 2, empty rows = '1 between row 2 and row 2'"],
    ),
    (
        "A column is missing",
        &[Text("link.csv", "length_m", "length_km")],
        &["E link.csv, row 1, column = 'length_m'"],
    ),
    (
        "A column stands twice",
        &[Text("zones.csv", "people_low", "people")],
        &["E zones.csv, row 1, column = 'people'"],
    ),
    (
        "A column has nearly its name",
        &[Text("zones.csv", "stay_people", "stay_peoples")],
        &["W zones.csv, row 1, column = 'stay_peoples'"],
    ),
    (
        "A tag row holds other things than tags",
        &[Text("zones.csv", "\nZ1,", "\n#adm3,")],
        &["E zones.csv, row 2, name = 'West side'"],
    ),
    (
        "A tag row holds other things than tags",
        &[Text("movement.csv", "M1,2,A,B,1", "#1,#2,#3,#4,#5")],
        &["E movement.csv, row 2, mvmt_id = '#1'"],
    ),
    (
        "A cell is not a number",
        &[Text("zones.csv", "Z2,Middle,500", "Z2,Middle,many")],
        &["E zones.csv, row 3 (Z2), people = 'many'"],
    ),
    (
        "Thousands separators or decimal commas",
        &[Text("zones.csv", "Z2,Middle,500", "Z2,Middle,\"1,500\"")],
        &["E zones.csv, row 3 (Z2), people = '1,500'"],
    ),
    (
        "Thousands separators or decimal commas",
        &[Text("zones.csv", "Z2,Middle,500", "Z2,Middle,1.500")],
        &["E zones.csv, row 3 (Z2), people = '1.500'"],
    ),
    (
        "A fraction where a whole number is due",
        &[Text("zones.csv", "Z2,Middle,500", "Z2,Middle,500.5")],
        &["E zones.csv, row 3 (Z2), people = '500.5'"],
    ),
    (
        "A unit in a cell",
        &[Text("connectors.csv", "Z2,2,60000", "Z2,2,60000 ms")],
        &["E connectors.csv, row 3 (C2), time_ms = '60000 ms'"],
    ),
    (
        "A word that is not one of the choices",
        &[Text("closures.csv", "K1,link", "K1,road")],
        &["E closures.csv, row 2 (K1), target = 'road'"],
    ),
    (
        "A cell that must be given is empty",
        &[Text("node.csv", "2,Middle,24.92", "2,Middle,")],
        &["E node.csv, row 3 (2), x_coord = ''"],
    ),
    (
        "Settings are not TOML",
        &[Text("scenario.toml", "\"Four junctions\"", "Four junctions")],
        &["E scenario.toml, line 2, text = 'name = Four junctions'"],
    ),
    (
        "A setting is missing",
        &[Text("scenario.toml", "time_zone = \"Europe/Helsinki\"\n", "")],
        &["E scenario.toml, time_zone = ''"],
    ),
    (
        "A setting nobody knows",
        &[Text("scenario.toml", "margin_share", "margin")],
        &["E scenario.toml, line 7, key = 'margin'"],
    ),
    (
        "A setting of another kind",
        &[Text("scenario.toml", "86400000", "\"24 h\"")],
        &["E scenario.toml, line 6, horizon_ms = '\"24 h\"'"],
    ),
    (
        "Another version of the format",
        &[Text("scenario.toml", "scenario/2", "scenario/9")],
        &["E scenario.toml, line 1, schema = 'clearway-scenario/9'"],
    ),
    (
        "The name is empty or has several lines",
        &[Text("scenario.toml", "Four junctions", "")],
        &["E scenario.toml, line 2, name = ''"],
    ),
    (
        "The start is not a time with offset",
        &[Text("scenario.toml", "08:00:00+03:00", "08:00:00")],
        &["E scenario.toml, line 4, start = '2026-06-01T08:00:00'"],
    ),
    (
        "The time zone is not on the IANA list",
        &[Text("scenario.toml", "Europe/Helsinki", "EEST")],
        &["E scenario.toml, line 5, time_zone = 'EEST'"],
    ),
    (
        "The start is not a time with offset",
        &[Text("scenario.toml", "08:00:00+03:00", "08:00:00+25:00")],
        &["E scenario.toml, line 4, start = '2026-06-01T08:00:00+25:00'"],
    ),
    (
        "The start is not a time with offset",
        &[Text("scenario.toml", "08:00:00+03:00", "08:00:00+02:00[Europe/Helsinki]")],
        &["E scenario.toml, line 4, start = '2026-06-01T08:00:00+02:00[Europe/Helsinki]'"],
    ),
    (
        "The start has another offset than the time zone",
        &[Text("scenario.toml", "+03:00", "+02:00")],
        &["W scenario.toml, line 4, start = '2026-06-01T08:00:00+02:00'"],
    ),
    (
        "The horizon is not a time of a movement",
        // three days in seconds; the closures lie beyond its end, which is said as well
        &[
            Text("scenario.toml", "86400000", "259200"),
            Remove("closures.csv"),
            Remove("windows.csv"),
            Remove("mobilization.csv"),
            Remove("hazards.geojson"),
            Text("zones.csv", ",evening,", ",,"),
        ],
        &["W scenario.toml, line 6, horizon_ms = '259200'"],
    ),
    (
        "The horizon is not a time of a movement",
        &[Text("scenario.toml", "86400000", "0")],
        &["E scenario.toml, line 6, horizon_ms = '0'"],
    ),
    (
        "The margin is negative or in per cent",
        &[Text("scenario.toml", "0.25", "25")],
        &["W scenario.toml, line 7, margin_share = '25'"],
    ),
    (
        "Not exactly one class",
        &[Text("scenario.toml", "[[class]]", "[[class]]\nid = \"bus\"\nmode = \"walk\"\n[[class]]")],
        &["E scenario.toml, line 9, class = '2'"],
    ),
    (
        "The occupancy is missing or out of its limits",
        &[Text("scenario.toml", "people_per_vehicle = 2.5", "people_per_vehicle = 0")],
        &["E scenario.toml, line 12, class.people_per_vehicle = '0'"],
    ),
    (
        "The passenger-car units are out of their limits",
        &[Text("scenario.toml", "pcu_per_vehicle = 1", "pcu_per_vehicle = 0")],
        &["E scenario.toml, line 15, class.pcu_per_vehicle = '0'"],
    ),
];
