//! A second run in the same folder, with less to write than the first, leaves nothing of the first behind: the folder is the one that
//! the second run alone would have made.

use crate::common::{clearway_in, copy, example};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Everything in a folder by its name within it, folders too, so that an empty one is seen.
fn names(dir: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            found.insert(path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned());
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    found
}

/// A folder with one road, the same with groups and a fleet, and tables for the other commands.
fn inputs() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    copy(&example("one-road"), &dir.path().join("road"));
    let gate = "supply_point_id,node_id,item,load,trucks_per_day,open_from_h,open_until_h,serves,source";
    put("aid.csv", &format!("{gate}\nG,1,water,10,5,0,10,all,made up\n"));
    put(
        "fleet.csv",
        "vehicle_type_id,count,seats,wheelchair_places,stretcher_places,pcu_per_vehicle,load_ms,unload_ms,depot_node_id\n\
         bus,40,50,2,2,2,600000,300000,1\n",
    );
    let groups = "--walk 0.1 --seat 0.05 --wheelchair 0.01 --stretcher 0.001 --fleet fleet.csv";
    run(dir.path(), &format!("groups road {groups} --out mixed"));
    dir
}

/// Runs a command, which may find that something is wrong with what it looks at.
#[track_caller]
fn run(dir: &Path, words: &str) {
    let words: Vec<&str> = words.split(' ').collect();
    let ran = clearway_in(dir, &words);
    assert!(ran.code == 0 || (words[0] == "audit" && ran.code == 1), "{words:?}:\n{}{}", ran.out, ran.err);
}

/// Runs `more`, then `less` in its place, and `less` in a folder of its own.
#[track_caller]
fn leaves_nothing(dir: &Path, more: &str, less: &str) {
    run(dir, &format!("{more} --out same"));
    let (first, same, fresh) = (names(&dir.join("same")), dir.join("same"), dir.join("fresh"));
    let replace = if less.starts_with("schema") { "" } else { " --replace" };
    run(dir, &format!("{less} --out same{replace}"));
    run(dir, &format!("{less} --out fresh"));
    assert_eq!(names(&same), names(&fresh), "after {more}, {less}");
    assert!(first.iter().any(|name| !names(&fresh).contains(name)), "{more} has nothing that {less} has not");
    // nothing beside it either, of what was moved to take its place
    let beside = names(dir).into_iter().filter(|name| name.starts_with('.')).collect::<Vec<_>>();
    assert_eq!(beside, Vec::<String>::new(), "after {more}, {less}");
    fs::remove_dir_all(same).unwrap();
    fs::remove_dir_all(fresh).unwrap();
}

#[test]
fn a_plan_for_one_class_after_one_for_all_and_the_other_way_round() {
    let dir = inputs();
    leaves_nothing(dir.path(), "plan mixed", "plan road");
    leaves_nothing(dir.path(), "plan road", "plan mixed");
    leaves_nothing(dir.path(), "plan mixed", "plan mixed --bound-only");
}

#[test]
fn fewer_groups_after_more() {
    let dir = inputs();
    let more = "groups road --walk 0.1 --seat 0.05 --wheelchair 0.01 --stretcher 0.001 --fleet fleet.csv";
    leaves_nothing(dir.path(), more, "groups road --walk 0.1");
}

#[test]
fn a_redacted_folder_after_a_full_one() {
    let dir = inputs();
    run(dir.path(), "plan road --out plan");
    leaves_nothing(dir.path(), "needs plan --exact", "needs plan --redacted");
    let audit = "audit plan --profile ete";
    leaves_nothing(dir.path(), &format!("{audit} --deadline 3h --exact"), &format!("{audit} --redacted"));
    leaves_nothing(dir.path(), &format!("{audit} --deadline 3h --exact"), &format!("{audit} --exact"));
}

#[test]
fn needs_without_aid_after_some_with_it() {
    let dir = inputs();
    run(dir.path(), "plan road --out plan");
    leaves_nothing(dir.path(), "needs plan --aid aid.csv", "needs plan");
}

#[test]
fn fewer_interventions_after_more() {
    let dir = inputs();
    leaves_nothing(
        dir.path(),
        "interventions road --most 1 --bridges 0",
        "interventions road --most 0 --bridges 0",
    );
}

#[test]
fn a_demo_after_a_demo() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), "demo one-road --out same");
    let first = names(&dir.path().join("same"));
    run(dir.path(), "demo one-road --out same");
    assert_eq!(names(&dir.path().join("same")), first);
}

/// A map of one street.
fn street(way: &str) -> String {
    format!(
        "<osm version=\"0.6\"><node id=\"1\" lat=\"0\" lon=\"0\"/><node id=\"2\" lat=\"0\" lon=\"0.01\"/>\
         <way id=\"{way}\"><nd ref=\"1\"/><nd ref=\"2\"/><tag k=\"highway\" v=\"secondary\"/></way></osm>"
    )
}

#[test]
fn tables_of_a_road_map_and_schemas_are_the_same_after_a_second_run() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("map.osm"), street("7")).unwrap();
    for words in ["import map.osm", "schema"] {
        run(dir.path(), &format!("{words} --out same"));
        let first = names(&dir.path().join("same"));
        let again =
            if words == "schema" { "schema --out same" } else { "import map.osm --out same --replace" };
        run(dir.path(), again);
        assert_eq!(names(&dir.path().join("same")), first, "{words}");
        fs::remove_dir_all(dir.path().join("same")).unwrap();
    }
}
