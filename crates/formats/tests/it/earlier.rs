//! Scenarios of earlier versions are read as what they say, and said to be of an earlier version.

use clearway_formats::{
    CurrentScenario, multimodal_files, read_scenario, read_scenario_with_groups, scenario_files,
    scenario_text,
};
use clearway_model::{MemoryStore, PopulationGroups, Store};
use std::io;

/// One road with a curve, groups and a fleet: how a file was called and read in `clearway-scenario/1`, and how it is now.
const FILES: [[(&str, &str); 2]; 8] = [
    [("scenario.toml", SETTINGS_1), ("scenario.toml", SETTINGS_2)],
    [("node.csv", NODES), ("node.csv", NODES)],
    [("link.csv", LINKS), ("link.csv", LINKS)],
    [
        ("zones.csv", "zone_id,name,people,release_id\nZ1,Village,1200,R1\n"),
        ("zones.csv", "zone_id,name,people,mobilization_id\nZ1,Village,1200,R1\n"),
    ],
    [
        ("release.csv", "release_id,time_ms,share\nR1,0,0.5\nR1,3600000,1\n"),
        ("mobilization.csv", "mobilization_id,time_ms,share\nR1,0,0.5\nR1,3600000,1\n"),
    ],
    [
        ("sites.csv", "site_id,name,intake_people_h,intake_people_h_low\nS1,Town,2000,1500\n"),
        ("sites.csv", "site_id,name,admission_people_h,admission_people_h_low\nS1,Town,2000,1500\n"),
    ],
    [("connectors.csv", CONNECTORS), ("connectors.csv", CONNECTORS)],
    [
        (
            "sources.csv",
            "table,id,field,status,source\nsites,S1,intake_people_h,assumed,a guess\nrelease,R1,share,assumed,a guess\n",
        ),
        (
            "sources.csv",
            "table,id,field,status,source\nsites,S1,admission_people_h,assumed,a guess\nmobilization,R1,share,assumed,a guess\n",
        ),
    ],
];
const GROUPS: [[(&str, &str); 2]; 3] = [
    [
        ("groups.csv", "zone_id,means,people,release_id\nZ1,vehicle,1000,\nZ1,walk,100,R1\nZ1,seat,100,R1\n"),
        (
            "groups.csv",
            "zone_id,means,people,mobilization_id\nZ1,vehicle,1000,\nZ1,walk,100,R1\nZ1,seat,100,R1\n",
        ),
    ],
    [
        (
            "everyone.toml",
            "schema = \"clearway-everyone/1\"\nfleet_share = 0.25\n\n[walk]\nspeed_share = 0.9\n",
        ),
        (
            "multimodal.toml",
            "schema = \"clearway-multimodal/2\"\nfleet_share = 0.25\n\n[walk]\nspeed_share = 0.9\n",
        ),
    ],
    [("fleet.csv", FLEET), ("fleet.csv", FLEET)],
];
const SETTINGS_1: &str = "schema = \"clearway-scenario/1\" # ours\nname = \"One road\"\ncontext = \"exercise\"\nstart = \"2026-06-01T08:00:00Z\"\n\
time_zone = \"UTC\"\nhorizon_ms = 43200000\n\n[[class]]\nid = \"car\"\nmode = \"vehicle\"\npeople_per_vehicle = 2.5\n";
const SETTINGS_2: &str = "schema = \"clearway-scenario/2\" # ours\nname = \"One road\"\ncontext = \"exercise\"\nstart = \"2026-06-01T08:00:00Z\"\n\
time_zone = \"UTC\"\nhorizon_ms = 43200000\n\n[[class]]\nid = \"car\"\nmode = \"vehicle\"\npeople_per_vehicle = 2.5\n";
const NODES: &str = "node_id,x_coord,y_coord\n1,10.0000,50.0000\n2,10.1398,50.0000\n";
const LINKS: &str = "link_id,from_node_id,to_node_id,directed,lanes,length_m,capacity_pcu_h,time_ms,walk_capacity_people_h,walk_time_ms\n\
1,1,2,true,1,10000,1200,600000,1000,7200000\n2,2,1,true,1,10000,1200,600000,,\n";
const CONNECTORS: &str = "connector_id,place,place_id,node_id,time_ms\nC1,zone,Z1,1,0\nC2,site,S1,2,0\n";
const FLEET: &str = "vehicle_type_id,count,seats,pcu_per_vehicle,load_ms,unload_ms,depot_node_id\nbus,2,50,2,300000,300000,1\n";

fn store(version: usize) -> MemoryStore {
    FILES.iter().chain(&GROUPS).map(|file| file[version - 1]).collect()
}

#[test]
fn a_scenario_of_version_1_is_the_one_of_version_2_to_the_last_byte() {
    let (then, now) = (store(1), store(2));
    let (read_then, said) = read_scenario(&then).unwrap();
    let (read_now, none) = read_scenario(&now).unwrap();
    // the digest is part of it: every figure and every checker rests on the same bytes
    assert_eq!(read_then, read_now);
    assert_eq!(scenario_files(&then).unwrap(), scenario_files(&now).unwrap());
    assert_eq!(multimodal_files(&then).unwrap(), multimodal_files(&now).unwrap());
    let whole = |store: &MemoryStore| read_scenario_with_groups(store).unwrap().0;
    assert_eq!(whole(&then), whole(&now));
    let groups = whole(&now).groups.unwrap();
    assert_eq!(groups.settings.fleet_share, 0.25);
    // written anew, it is the same scenario: groups and fleet are part of it
    let written: MemoryStore = scenario_text(&whole(&now)).unwrap().into_iter().collect();
    let again = whole(&written).groups.unwrap();
    assert_eq!(PopulationGroups { digest: groups.digest.clone(), ..again }, groups);
    // one warning more, which says so and what to do
    assert_eq!(said.0.len(), none.0.len() + 1);
    assert_eq!((said.0[0].file.as_str(), said.0[0].found.as_str()), ("scenario.toml", "clearway-scenario/1"));
    assert!(said.0[0].hint.contains("`clearway upgrade memory`"), "{}", said.0[0].hint);
    assert_eq!(said.0[1..], none.0);
}

#[test]
fn faults_name_files_and_columns_as_they_stand_in_the_folder() {
    let mut then = store(1);
    then.insert("zones.csv", "zone_id,name,people,release_id\nZ1,Village,1200,R9\n");
    then.insert("sites.csv", "site_id,name,intake_people_h\nS1,Town,-1\n");
    then.insert("release.csv", "release_id,time_ms,share\nR1,0,2\n");
    let said = read_scenario(&then).unwrap_err();
    let text = said.to_string();
    assert!(
        said.0.iter().any(|f| (f.file.as_str(), f.field.as_str()) == ("sites.csv", "intake_people_h")),
        "{text}"
    );
    assert!(said.0.iter().any(|f| f.file == "release.csv"), "{text}");
    assert!(
        said.0.iter().any(|f| (f.file.as_str(), f.field.as_str()) == ("zones.csv", "release_id")),
        "{text}"
    );
    assert!(!text.contains("mobilization") && !text.contains("admission"), "{text}");
}

#[test]
fn a_file_that_was_renamed_by_hand_in_a_folder_of_version_1_is_a_fault() {
    let mut then = store(1);
    then.insert("mobilization.csv", "mobilization_id,time_ms,share\nR1,0,1\n");
    let said = read_scenario(&then).unwrap_err();
    let about: Vec<&str> =
        said.0.iter().filter(|f| f.file == "mobilization.csv").map(|f| f.hint.as_str()).collect();
    assert_eq!(about.len(), 1, "{said}");
    assert!(about[0].contains("take 'mobilization.csv' away, or call it 'release.csv'"), "{about:?}");
    // what is of this version has no such past
    let mut now = store(2);
    now.insert("release.csv", "mine");
    assert_eq!(CurrentScenario::of(&now).unwrap().read("release.csv").unwrap(), Some(b"mine".to_vec()));
}

/// A scenario inside a large folder, whose files below would take long to list.
struct InLargeFolder(MemoryStore);

impl Store for InLargeFolder {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        self.0.read(name)
    }

    fn names(&self) -> io::Result<Vec<String>> {
        Err(io::Error::other("all files below were listed"))
    }

    fn names_at(&self, folder: &str) -> io::Result<Vec<String>> {
        assert_eq!(folder, "", "only the top is looked at");
        self.0.names_at(folder)
    }

    fn label(&self) -> String {
        self.0.label()
    }
}

#[test]
fn a_scenario_is_read_without_a_look_at_the_folders_below_it() {
    for version in [1, 2] {
        let store = InLargeFolder(store(version));
        let (scenario, _) = read_scenario_with_groups(&store).unwrap();
        assert!(scenario.groups.is_some());
        scenario_files(&store).unwrap();
        multimodal_files(&store).unwrap();
    }
}
