//! Coordinates, connections, shapes, sources.

use super::Case;
use super::base::Edit::{Bytes, Text};

pub const CASES: &[Case] = &[
    (
        "A coordinate off the globe",
        &[Text("node.csv", "24.92,60.20", "385000,6675000")],
        &["E node.csv, row 3 (2), x_coord = '385000'", "E node.csv, row 3 (2), y_coord = '6675000'"],
    ),
    (
        "Longitude and latitude swapped in a row",
        &[Text("node.csv", "2,Middle,24.92,60.20", "2,Middle,60.20,24.92")],
        &["E node.csv, row 3 (2), x_coord, y_coord = '60.2, 24.92'"],
    ),
    (
        "Longitude and latitude swapped throughout",
        &[Bytes(
            "node.csv",
            b"node_id,x_coord,y_coord\n1,60.20,24.90\n2,60.20,24.92\n3,60.20,24.94\n4,60.21,24.94\n",
        )],
        &["E node.csv, x_coord, y_coord = '60.200, 24.940'"],
    ),
    (
        "A point far from all others",
        &[Text("sites.csv", "24.94,60.199", "0,0")],
        &["W sites.csv, row 3 (S2), x_coord, y_coord = '0, 0'"],
    ),
    (
        "One coordinate without the other",
        &[Text("sites.csv", "24.94,60.199", "24.94,")],
        &["W sites.csv, row 3 (S2), y_coord = ''"],
    ),
    (
        "A zone with no road",
        &[Text("connectors.csv", "C2,zone,Z2,2,60000,900\n", "")],
        &["W zones.csv, row 3 (Z2), zone_id = 'Z2'"],
    ),
    (
        "A zone that no road connects",
        &[
            Text("connectors.csv", "C2,zone,Z2,2", "C2,zone,Z2,4"),
            Text("connectors.csv", "C3,site,S1,4", "C3,site,S1,3"),
        ],
        &["W zones.csv, row 3 (Z2), zone_id = 'Z2'"],
    ),
    (
        "A zone that only prohibited turns connect",
        &[Text("movement.csv", "M1,2,A,B,1", "M1,2,A,C,1"), Text("connectors.csv", "zone,Z2,2", "zone,Z2,3")],
        &["W zones.csv, row 2 (Z1), zone_id = 'Z1'"],
    ),
    (
        "A zone that no open road connects",
        &[Text("closures.csv", "K1,link,B,0,3600000,7200000,43200000,entry", "K1,link,C,0,,,,entry")],
        &["W zones.csv, row 2 (Z1), zone_id = 'Z1'", "W zones.csv, row 3 (Z2), zone_id = 'Z2'"],
    ),
    (
        "A site with no road",
        &[Text("connectors.csv", "C3,site,S1,4,0,\n", "")],
        &["W sites.csv, row 2 (S1), site_id = 'S1'"],
    ),
    (
        "A site that no road connects",
        &[Text("link.csv", "E,North Road,3,4", "E,North Road,4,3")],
        &["W sites.csv, row 2 (S1), site_id = 'S1'"],
    ),
    (
        "A shape of nothing",
        &[Text("sites.geojson", "\"S2\"", "\"S9\"")],
        &["W sites.geojson, site_id = 'S9'"],
    ),
    (
        "People in no zone",
        &[Text("zones.geojson", "\"Z1\"", "\"Z9\"")],
        &["W zones.geojson, feature 1 (Z9), people = '1000'"],
    ),
    (
        "People of a shape that are not those of the table",
        &[Text("zones.geojson", "1000", "10000")],
        &["W zones.geojson, feature 1 (Z1), people = '10000'"],
    ),
    (
        "A shape file that cannot be read",
        &[Text("sites.geojson", "}]}", "}]")],
        &["W sites.geojson, line 2, column 63, text = 'EOF while parsing an object at line 2 column 63'"],
    ),
    (
        "A feature without id, or an id twice",
        &[Text("sites.geojson", "\"S2\"", "\"\"")],
        &["W sites.geojson, feature 1, site_id = ''"],
    ),
    (
        "A hazard without polygon",
        &[Text("hazards.geojson", "Polygon", "MultiLineString")],
        &["W hazards.geojson, feature 1 (fire), geometry = 'MultiLineString'"],
    ),
    (
        "A hazard that begins at no time",
        &[Text("hazards.geojson", ", \"from_ms\": 50000000", "")],
        &["W hazards.geojson, feature 1 (fire), from_ms = ''"],
    ),
    (
        "A hazard's time is no time",
        &[Text("hazards.geojson", "\"from_ms\": 50000000", "\"from\": \"tonight\"")],
        &["W hazards.geojson, feature 1 (fire), from = 'tonight'"],
    ),
    (
        "A hazard ends before it begins",
        &[Text("hazards.geojson", "50000000", "50000000, \"until_ms\": 40000000")],
        &["W hazards.geojson, feature 1 (fire), until = '40000000'"],
    ),
    (
        "A hazard that closes nothing",
        &[Text("hazards.geojson", "\"fire\"", "\"flood\"")],
        &["W hazards.geojson, feature 1 (flood), hazard_id = 'flood'"],
    ),
    (
        "A hazard of another kind",
        &[Text("hazards.geojson", "\"from_ms\"", "\"kind\": \"smoke\", \"from_ms\"")],
        &["W hazards.geojson, feature 1 (fire), kind = 'smoke'"],
    ),
    (
        "A source of no figure",
        &[Text("sources.csv", "link,A,capacity_pcu_h", "link,A9,capacity_pcu")],
        &[
            "W sources.csv, row 3 (link/A9/capacity_pcu), field = 'capacity_pcu'",
            "W sources.csv, row 3 (link/A9/capacity_pcu), id = 'A9'",
        ],
    ),
    (
        "Published by nobody",
        &[Text("sources.csv", "published,Statistics office,https://example.org/people", "published,,")],
        &["W sources.csv, row 2 (zones/*/people), source = ''"],
    ),
    (
        "An address that is none",
        &[Text("sources.csv", "https://example.org/people", "page 7")],
        &["W sources.csv, row 2 (zones/*/people), url = 'page 7'"],
    ),
    (
        "A date that is none",
        &[Text("sources.csv", "2025-12-31", "31.12.2025")],
        &["W sources.csv, row 2 (zones/*/people), as_of = '31.12.2025'"],
    ),
    // each of the two links is open at some time, but the second only before the first
    (
        "A zone that no open road connects",
        &[Text(
            "windows.csv",
            "W2,",
            "W3,link,A,30000000,35000000,,,entry,\nW4,link,C,0,1000000,,,entry,\nW2,",
        )],
        &["W zones.csv, row 2 (Z1), zone_id = 'Z1'"],
    ),
    // the other way round people wait at the junction and get through
    (
        "A zone that no open road connects",
        &[Text(
            "windows.csv",
            "W2,",
            "W3,link,A,0,1000000,,,entry,\nW4,link,C,30000000,35000000,,,entry,\nW2,",
        )],
        &[],
    ),
];
