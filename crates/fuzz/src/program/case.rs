//! What the campaigns run: each command with small files made here, by hand.

use std::io;
use std::path::Path;

/// A command with the files it reads.
#[derive(Debug, Clone)]
pub struct Case {
    /// For messages.
    pub name: &'static str,
    /// Arguments; paths are relative to the folder of the run.
    pub arguments: &'static [&'static str],
    /// The files that may be damaged.
    pub reads: &'static [&'static str],
    /// The folder it writes; none for commands that write nothing.
    pub writes: Option<&'static str>,
}

/// A grid of streets of 100 m by 100 m around 10.00 E, 50.00 N as OpenStreetMap XML, one main road through it.
pub fn osm() -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\"?>\n<osm version=\"0.6\">\n<bounds minlat=\"49.990\" minlon=\"9.990\" maxlat=\"50.010\" maxlon=\"10.010\"/>\n",
    );
    const SIDE: i32 = 9;
    let id = |x: i32, y: i32| 1 + x + y * SIDE;
    for y in 0..SIDE {
        for x in 0..SIDE {
            let (lon, lat) = (9.99 + f64::from(x) * 0.0025, 49.99 + f64::from(y) * 0.0025);
            text += &format!("<node id=\"{}\" lat=\"{lat:.4}\" lon=\"{lon:.4}\"/>\n", id(x, y));
        }
    }
    for line in 0..SIDE {
        for (way, across) in [(100 + line, true), (200 + line, false)] {
            let class = if line == SIDE / 2 { "primary" } else { "residential" };
            text += &format!("<way id=\"{way}\">");
            for at in 0..SIDE {
                let node = if across { id(at, line) } else { id(line, at) };
                text += &format!("<nd ref=\"{node}\"/>");
            }
            text += &format!(
                "<tag k=\"highway\" v=\"{class}\"/><tag k=\"lanes\" v=\"2\"/><tag k=\"maxspeed\" v=\"50\"/><tag k=\"name\" v=\"Way {way}\"/></way>\n"
            );
        }
    }
    text += "<relation id=\"1\"><member type=\"way\" ref=\"104\" role=\"from\"/><member type=\"node\" ref=\"41\" role=\"via\"/><member type=\"way\" ref=\"204\" role=\"to\"/><tag k=\"type\" v=\"restriction\"/><tag k=\"restriction\" v=\"no_left_turn\"/></relation>\n</osm>\n";
    text
}

const AREA: &str = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "Middle"},
"geometry": {"type": "Polygon", "coordinates": [[[9.995, 49.995], [10.005, 49.995], [10.005, 50.005], [9.995, 50.005], [9.995, 49.995]]]}}]}
"#;

const HAZARDS: &str = r#"{"type": "FeatureCollection", "features": [{"type": "Feature",
"properties": {"hazard_id": "flood", "from_ms": 7200000, "until_ms": 14400000, "kind": "presence"},
"geometry": {"type": "Polygon", "coordinates": [[[9.9955, 49.9955], [9.9985, 49.9955], [9.9985, 49.9985], [9.9955, 49.9985], [9.9955, 49.9955]]]}}]}
"#;

const FLEET: &str = "vehicle_type_id,name,count,seats,wheelchair_places,stretcher_places,pcu_per_vehicle,speed_share,load_ms,unload_ms,depot_node_id,duty_max_ms,rest_ms
bus,Bus,3,40,2,,2,0.8,900000,600000,41,39600000,46800000
";

const BLUEPRINT: &str = r#"schema = "clearway-blueprint/1"
name = "A claim"
context = "exercise"
date = "2026-06-01"

[[claim]]
figure = "people"
value = 4000
low = 3500
high = 4500
who = "a newspaper"
when = "2026-06-01"

[[claim]]
figure = "days"
value = 2
who = "a newspaper"
when = "2026-06-01"
url = "https://example.org/"
"#;

const GMNS_NODES: &str = "node_id,x_coord,y_coord\n1,10.00,50.00\n2,10.01,50.00\n3,10.01,50.01\n";

const GMNS_LINKS: &str = "link_id,from_node_id,to_node_id,directed,length,lanes,free_speed,capacity,facility_type\na,1,2,true,0.7,1,50,800,residential\nb,2,3,true,1.1,2,50,1600,primary\nc,2,1,true,0.7,1,50,800,residential\n";

const TNTP: &str = "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 3\n<END OF METADATA>\n\n~\tinit\tterm\tcapacity\tlength\tfftime\tb\tpower\tspeed\ttoll\ttype\t;\n\t1\t2\t2000\t1.0\t1.2\t0.15\t4\t50\t0\t1\t;\n\t2\t3\t1500\t2.0\t2.4\t0.15\t4\t50\t0\t1\t;\n\t3\t1\t1500\t2.0\t2.4\t0.15\t4\t50\t0\t1\t;\n";

const TNTP_NODES: &str = "Node\tX\tY\t;\n1\t10.00\t50.00\t;\n2\t10.01\t50.00\t;\n3\t10.01\t50.01\t;\n";

const SUPPLIES: &str = "place_id,kind,item,amount,from_h,until_h,source\nZ1,flow,beds,200,,,by hand\n";

const COUNTS: &str = "date,left_people,left_people_low,left_people_high,source,url\n2026-06-01,1000,,,by hand,\n2026-06-02,1500,1200,1800,by hand,https://example.org/\n";

/// Writes the files that the cases begin with, those that no command makes.
///
/// # Errors
/// What the system says.
pub fn write_inputs(folder: &Path) -> io::Result<()> {
    let files: [(&str, &str); 11] = [
        ("map.osm", &osm()),
        ("area.geojson", AREA),
        ("hazards.geojson", HAZARDS),
        ("fleet.csv", FLEET),
        ("blueprint.toml", BLUEPRINT),
        ("gmns/node.csv", GMNS_NODES),
        ("gmns/link.csv", GMNS_LINKS),
        ("small_net.tntp", TNTP),
        ("small_node.tntp", TNTP_NODES),
        ("supplies.csv", SUPPLIES),
        ("counts.csv", COUNTS),
    ];
    std::fs::create_dir_all(folder.join("gmns"))?;
    files.iter().try_for_each(|(name, text)| std::fs::write(folder.join(name), text))
}

/// How the folders are made that later commands read, in this order.
pub const MAKE: &[&[&str]] = &[
    &[
        "new",
        "town",
        "--roads",
        "map.osm",
        "--area",
        "area.geojson",
        "--people",
        "4000",
        "--zone-count",
        "4",
        "--hazards",
        "hazards.geojson",
        "--horizon",
        "12h",
    ],
    &["plan", "town", "--out", "town-plan", "--window", "5min"],
    &["groups", "town", "--out", "mixed", "--walk", "0.2", "--seat", "0.1", "--fleet", "fleet.csv"],
    &["plan", "mixed", "--out", "mixed-plan", "--window", "5min"],
];

const SCENARIO: &[&str] = &[
    "town/scenario.toml",
    "town/node.csv",
    "town/link.csv",
    "town/zones.csv",
    "town/sites.csv",
    "town/connectors.csv",
    "town/closures.csv",
    "town/mobilization.csv",
    "town/sources.csv",
    "town/movement.csv",
    "town/hazards.geojson",
    "town/zones.geojson",
];

/// Every command that reads strangers' files.
pub const CASES: &[Case] = &[
    Case { name: "check", arguments: &["check", "town"], reads: SCENARIO, writes: None },
    Case {
        name: "plan",
        arguments: &["plan", "town", "--out", "out", "--replace", "--window", "15min"],
        reads: SCENARIO,
        writes: Some("out"),
    },
    Case {
        name: "verify",
        arguments: &["verify", "town-plan"],
        reads: &[
            "town-plan/plan.json",
            "town-plan/certificate.json",
            "town-plan/summary.json",
            "town-plan/orders.csv",
            "town-plan/zones.csv",
            "town-plan/curve.csv",
            "town-plan/bottlenecks.csv",
            "town-plan/overflow.csv",
            "town-plan/scenario/link.csv",
            "town-plan/scenario/scenario.toml",
            "town-plan/scenario/closures.csv",
        ],
        writes: None,
    },
    Case {
        name: "verify-mixed",
        arguments: &["verify", "mixed-plan"],
        reads: &[
            "mixed-plan/multimodal.json",
            "mixed-plan/scenario/groups.csv",
            "mixed-plan/scenario/multimodal.toml",
        ],
        writes: None,
    },
    Case {
        name: "new",
        arguments: &[
            "new",
            "out",
            "--replace",
            "--roads",
            "map.osm",
            "--area",
            "area.geojson",
            "--people",
            "4000",
            "--hazards",
            "hazards.geojson",
        ],
        reads: &["map.osm", "area.geojson", "hazards.geojson"],
        writes: Some("out"),
    },
    Case {
        name: "import-osm",
        arguments: &["import", "map.osm", "--out", "out", "--replace"],
        reads: &["map.osm"],
        writes: Some("out"),
    },
    Case {
        name: "import-gmns",
        arguments: &["import", "gmns", "--out", "out", "--replace"],
        reads: &["gmns/node.csv", "gmns/link.csv"],
        writes: Some("out"),
    },
    Case {
        name: "import-tntp",
        arguments: &[
            "import",
            "small_net.tntp",
            "--out",
            "out",
            "--replace",
            "--tntp-length-unit",
            "km",
            "--tntp-time-unit",
            "min",
        ],
        reads: &["small_net.tntp", "small_node.tntp"],
        writes: Some("out"),
    },
    Case {
        name: "groups",
        arguments: &[
            "groups",
            "town",
            "--out",
            "out",
            "--replace",
            "--walk",
            "0.1..0.2..0.3",
            "--seat",
            "0.1",
            "--fleet",
            "fleet.csv",
        ],
        reads: &["fleet.csv", "town/zones.csv", "town/scenario.toml"],
        writes: Some("out"),
    },
    Case {
        name: "needs",
        arguments: &["needs", "town-plan", "--out", "out", "--replace", "--supplies", "supplies.csv"],
        reads: &["supplies.csv", "town-plan/plan.json", "town-plan/scenario/zones.csv"],
        writes: Some("out"),
    },
    Case {
        name: "audit",
        arguments: &["audit", "blueprint.toml", "--out", "out", "--replace"],
        reads: &["blueprint.toml"],
        writes: Some("out"),
    },
    Case {
        name: "observed",
        arguments: &["observed", "town-plan", "counts.csv", "--out", "out", "--replace"],
        reads: &["counts.csv", "town-plan/curve.csv"],
        writes: Some("out"),
    },
    Case { name: "schema", arguments: &["schema", "--out", "out"], reads: &[], writes: Some("out") },
];
