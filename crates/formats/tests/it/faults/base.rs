//! A scenario folder without faults that uses every file, and edits that put faults into it.

use clearway_formats::read_scenario;
use clearway_model::{Fault, FolderStore, Severity};
use std::collections::BTreeMap;

/// Files of a folder by name.
pub type Folder = BTreeMap<String, Vec<u8>>;

const SCENARIO: &str = r#"schema = "clearway-scenario/2"
name = "Four junctions"
context = "exercise"
start = "2026-06-01T08:00:00+03:00"
time_zone = "Europe/Helsinki"
horizon_ms = 86400000
margin_share = 0.25

[[class]]
id = "car"
mode = "vehicle"
people_per_vehicle = 2.5
people_per_vehicle_low = 2
people_per_vehicle_high = 3
pcu_per_vehicle = 1
"#;

const NODES: &str = "node_id,name,x_coord,y_coord
1,West,24.90,60.20
2,Middle,24.92,60.20
3,East,24.94,60.20
4,North,24.94,60.21
";

const LINKS: &str = "link_id,name,from_node_id,to_node_id,directed,lanes,free_speed,length,capacity,length_m,capacity_pcu_h,capacity_pcu_h_low,capacity_pcu_h_high,reserved_pcu_h,time_ms,time_ms_low,walk_capacity_people_h,walk_time_ms,geometry
A,High Street,1,2,true,1,60,1.2,1500,1200,1200,1000,1500,60,72000,60000,4000,900000,\"LINESTRING (24.90 60.20, 24.92 60.20)\"
B,High Street,2,1,true,1,60,1.2,1500,1200,1200,1000,1500,60,72000,60000,4000,900000,
C,High Street,2,3,true,1,60,1.2,1500,1200,1200,1000,1500,60,72000,60000,4000,900000,
D,High Street,3,2,true,1,60,1.2,1500,1200,1200,1000,1500,60,72000,60000,4000,900000,
E,North Road,3,4,true,1,60,1.2,1500,1200,1200,1000,1500,60,72000,60000,4000,900000,
";

const FILES: [(&str, &str); 12] = [
    ("movement.csv", "mvmt_id,node_id,ib_link_id,ob_link_id,prohibited\nM1,2,A,B,1\n"),
    (
        "zones.csv",
        "zone_id,name,people,people_low,people_high,stay_people,mobilization_id,x_coord,y_coord
Z1,West side,1000,900,1100,50,evening,24.90,60.201
Z2,Middle,500,,,,,24.92,60.201
",
    ),
    (
        "zones.geojson",
        r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"zone_id": "Z1", "people": 1000},
"geometry": {"type": "Polygon", "coordinates": [[[24.89, 60.2], [24.91, 60.2], [24.91, 60.21], [24.89, 60.2]]]}}]}"#,
    ),
    ("mobilization.csv", "mobilization_id,time_ms,share\nevening,0,0.5\nevening,3600000,1\n"),
    (
        "sites.csv",
        "site_id,name,capacity_people,admission_people_h,open_from_ms,open_until_ms,area_m2,x_coord,y_coord
S1,School,800,400,0,80000000,3000,24.94,60.211
S2,Exit,,,,,,24.94,60.199
",
    ),
    (
        "connectors.csv",
        "connector_id,place,place_id,node_id,time_ms,capacity_pcu_h\nC1,zone,Z1,1,0,\nC2,zone,Z2,2,60000,900\nC3,site,S1,4,0,\nC4,site,S2,3,0,\n",
    ),
    (
        "closures.csv",
        "closure_id,target,target_id,from_ms,until_ms,repeat_every_ms,repeat_until_ms,kind,cause
K1,link,B,0,3600000,7200000,43200000,entry,gate
K2,link,E,50000000,,,,presence,fire
K3,node,4,50000000,,,,presence,fire
",
    ),
    (
        "windows.csv",
        "window_id,target,target_id,from_ms,until_ms,repeat_every_ms,repeat_until_ms,kind,cause
W1,all_links,*,0,36000000,43200000,,presence,daylight
W2,zone,Z2,0,40000000,,,entry,
",
    ),
    (
        "hazards.geojson",
        r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"hazard_id": "fire", "from_ms": 50000000},
"geometry": {"type": "Polygon", "coordinates": [[[24.93, 60.205], [24.95, 60.205], [24.95, 60.22], [24.93, 60.205]]]}}]}"#,
    ),
    (
        "sites.geojson",
        r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"site_id": "S2"},
"geometry": {"type": "Point", "coordinates": [24.94, 60.199]}}]}"#,
    ),
    (
        "sources.csv",
        "table,id,field,status,source,url,as_of,note
zones,*,people,published,Statistics office,https://example.org/people,2025-12-31,
link,A,capacity_pcu_h,assumed,,,,
scenario,car,people_per_vehicle,assumed,,,2026,
",
    ),
    ("README.md", "Files of other people are left alone.\n"),
];

/// The folder without faults.
pub fn base() -> Folder {
    let first = [("scenario.toml", SCENARIO), ("node.csv", NODES), ("link.csv", LINKS)];
    first.into_iter().chain(FILES).map(|(name, text)| (name.to_string(), text.as_bytes().to_vec())).collect()
}

/// One change to a folder.
pub enum Edit {
    /// In this file the first such text becomes that.
    Text(&'static str, &'static str, &'static str),
    /// This file holds these bytes.
    Bytes(&'static str, &'static [u8]),
    /// This file is not there.
    Remove(&'static str),
}

impl Edit {
    /// Applies the change; the text to be changed must be there.
    pub fn apply(&self, folder: &mut Folder) {
        match self {
            Self::Text(file, from, to) => {
                let text = String::from_utf8(folder[*file].clone()).unwrap();
                assert!(text.contains(from), "{file} holds no {from:?}");
                folder.insert((*file).to_string(), text.replacen(from, to, 1).into_bytes());
            }
            Self::Bytes(file, bytes) => {
                folder.insert((*file).to_string(), bytes.to_vec());
            }
            Self::Remove(file) => {
                folder.remove(*file).unwrap();
            }
        }
    }
}

/// All faults of a folder, errors and warnings.
pub fn faults_of(folder: &Folder) -> Vec<Fault> {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in folder {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    match read_scenario(&FolderStore::new(dir.path())) {
        Ok((_, warnings)) => {
            assert!(!warnings.has_errors());
            warnings.0
        }
        Err(faults) => {
            assert!(faults.has_errors());
            faults.0
        }
    }
}

/// `E zones.csv, row 2 (Z1), people = '-5'`.
pub fn brief(fault: &Fault) -> String {
    let letter = if fault.severity == Severity::Error { 'E' } else { 'W' };
    let mut text = format!("{letter} {}", fault.file);
    if !fault.place.is_empty() {
        text.push_str(&format!(", {}", fault.place));
    }
    if !fault.field.is_empty() {
        text.push_str(&format!(", {} = '{}'", fault.field, fault.found));
    }
    text
}
