//! GMNS tables written by hand.

use super::*;
use clearway_model::LinkRow;
use std::path::{Path, PathBuf};

/// A folder with these tables.
fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let path = folder.path().to_path_buf();
    (folder, path)
}

fn import(files: &[(&str, &str)]) -> Result<RoadMap, ImportError> {
    let (_folder, path) = folder(files);
    crate::import_roads(&path, &ImportOptions::default(), &|_, _| {})
}

/// 1 and 2 are 1113.2 m apart.
const NODES: &str = "node_id,x_coord,y_coord\n1,0,0\n2,0.01,0\n3,0.02,0\n";

#[test]
fn with_and_without_byte_order_mark() {
    let links = "link_id,from_node_id,to_node_id,facility_type,length,lanes,capacity,free_speed\na,1,2,primary,1.2,2,1800,60\n";
    let plain = import(&[("node.csv", NODES), ("link.csv", links)]).unwrap();
    let marked =
        import(&[("node.csv", &format!("\u{feff}{NODES}")), ("link.csv", &format!("\u{feff}{links}"))])
            .unwrap();
    assert_eq!(plain.nodes, marked.nodes);
    assert_eq!(plain.links, marked.links);
    let link = &plain.links[0];
    assert_eq!((link.link_id.as_str(), link.length_m), ("a", Some(1200.0)));
    assert_eq!((link.time_ms, link.time_ms_low), (Some(72_000), Some(63_529)));
    // GMNS capacity is per lane; the central value is 15 % less on a primary road, 600 per lane last for hours.
    assert_eq!(link.capacity_pcu_h_high, Some(3600.0));
    assert_eq!(link.capacity_pcu_h, Some(3060.0));
    assert_eq!(link.capacity_pcu_h_low, Some(1200.0));
    assert_eq!((link.capacity, link.lanes, link.reserved_pcu_h), (Some(1800.0), Some(2.0), Some(153.0)));
    assert!(plain.report.notes.iter().any(|n| n.contains("lengths are taken as km")));
}

#[test]
fn units_come_from_config_or_from_what_fits() {
    let links =
        |length: f64| format!("link_id,from_node_id,to_node_id,length,free_speed\na,1,2,{length},60\n");
    let length = |length: f64, config: Option<&str>| -> (f64, i64) {
        let text = links(length);
        let mut files = vec![("node.csv", NODES), ("link.csv", text.as_str())];
        files.extend(config.map(|text| ("config.csv", text)));
        let map = import(&files).unwrap();
        (map.links[0].length_m.unwrap(), map.links[0].time_ms.unwrap())
    };
    assert_eq!(length(1.2, None), (1200.0, 72_000));
    assert_eq!(length(1200.0, None), (1200.0, 72_000));
    let (metres, ms) = length(0.75, None);
    assert!((metres - 1207.008).abs() < 1e-9);
    assert_eq!(ms, 45_000);
    let (metres, _) = length(4000.0, None);
    assert!((metres - 1219.2).abs() < 1e-9);
    let slow = links(1.2).replace(",60\n", ",15\n");
    let files =
        [("node.csv", NODES), ("link.csv", slow.as_str()), ("config.csv", "long_length,speed\nkm,m/s\n")];
    assert_eq!(import(&files).unwrap().links[0].time_ms, Some(80_000));
    let (metres, _) = length(1.2, Some("long_length,speed\nmiles,mph\n"));
    assert!((metres - 1931.2128).abs() < 1e-9);
    let odd = links(200.0);
    let fault = import(&[("node.csv", NODES), ("link.csv", &odd)]).unwrap_err().to_string();
    assert!(fault.contains("fit the coordinates in none of"), "{fault}");
}

#[test]
fn directions() {
    let ends = |columns: &str, values: &str| -> Vec<String> {
        let links = format!("link_id,from_node_id,to_node_id,length,{columns}\na,1,2,1.2,{values}\n");
        let map = import(&[("node.csv", NODES), ("link.csv", &links)]).unwrap();
        map.links.iter().map(|l| format!("{}:{}>{}", l.link_id, l.from_node_id, l.to_node_id)).collect()
    };
    assert_eq!(ends("directed", "true"), ["a:1>2"]);
    assert_eq!(ends("directed", "1"), ["a:1>2"]);
    assert_eq!(ends("directed", "false"), ["a:1>2", "ar:2>1"]);
    assert_eq!(ends("dir_flag", "1"), ["a:1>2"]);
    assert_eq!(ends("dir_flag", "0"), ["a:1>2", "ar:2>1"]);
    assert_eq!(ends("dir_flag", "-1"), ["a:2>1"]);
    assert_eq!(ends("directed,dir_flag", "true,0"), ["a:1>2"]);
    assert_eq!(ends("name", "x"), ["a:1>2"]);
}

#[test]
fn who_may_use_a_link() {
    let open = |class: &str, lanes: &str, uses: &str| -> (bool, bool) {
        let links = format!(
            "link_id,from_node_id,to_node_id,length,facility_type,lanes,allowed_uses\na,1,2,1.2,{class},{lanes},\"{uses}\"\nz,2,3,1.2,primary,1,\n"
        );
        let map = import(&[("node.csv", NODES), ("link.csv", &links)]).unwrap();
        let link = map.links.iter().find(|l| l.link_id == "a");
        link.map_or((false, false), |l| (l.capacity_pcu_h.is_some(), l.walk_capacity_people_h.is_some()))
    };
    assert_eq!(open("residential", "1", ""), (true, true));
    assert_eq!(open("residential", "1", "auto"), (true, false));
    assert_eq!(open("residential", "1", "WALK,bike"), (false, true));
    assert_eq!(open("residential", "1", "all"), (true, true));
    assert_eq!(open("residential", "1", "bike"), (false, false));
    assert_eq!(open("motorway", "2", ""), (true, false));
    assert_eq!(open("footway", "", ""), (false, true));
    assert_eq!(open("footway", "0", ""), (false, true));
}

#[test]
fn turn_bans_find_the_direction_that_fits() {
    let links = "link_id,from_node_id,to_node_id,length,directed\na,2,1,1.2,false\nb,2,3,1.2,true\n";
    let movements =
        "mvmt_id,node_id,ib_link_id,ob_link_id,prohibited\nm,2,a,b,1\n,2,a,a,true\nn,2,a,b,0\no,1,b,a,1\n";
    let map = import(&[("node.csv", NODES), ("link.csv", links), ("movement.csv", movements)]).unwrap();
    let rows: Vec<[&str; 3]> = map
        .movements
        .iter()
        .map(|m| [m.mvmt_id.as_str(), m.ib_link_id.as_str(), m.ob_link_id.as_str()])
        .collect();
    assert_eq!(rows, [["m", "ar", "b"], ["ar:a", "ar", "a"]]);
    assert_eq!((map.report.restrictions.total, map.report.restrictions.honoured), (3, 2));
}

#[test]
fn our_own_columns_are_taken_over_as_they_are() {
    let links = "link_id,from_node_id,to_node_id,length_m,capacity_pcu_h,capacity_pcu_h_low,storage_pcu,storage_pcu_high,time_ms\n#x,,,,,,,,\na,1,2,1500,1234.5,1000,150,200,90000\nb,2,3,1500,,,,,90000\n";
    let map = import(&[("node.csv", NODES), ("link.csv", links)]).unwrap();
    assert_eq!(map.links.len(), 1);
    let expected = LinkRow {
        link_id: "a".into(),
        from_node_id: "1".into(),
        to_node_id: "2".into(),
        directed: "true".into(),
        length: Some(1.5),
        length_m: Some(1500.0),
        capacity_pcu_h: Some(1234.5),
        capacity_pcu_h_low: Some(1000.0),
        storage_pcu: Some(150.0),
        storage_pcu_high: Some(200.0),
        time_ms: Some(90_000),
        ..LinkRow::default()
    };
    assert_eq!(map.links[0], expected);
    assert_eq!(map.report.excluded["links closed to vehicles and walkers"], 1);
}

#[test]
fn faults_name_file_line_and_column() {
    let fault = |nodes: &str, links: &str| {
        import(&[("node.csv", nodes), ("link.csv", links)]).unwrap_err().to_string()
    };
    let head = "link_id,from_node_id,to_node_id,length,lanes";
    for (nodes, links, expected) in [
        ("node_id,x_coord\n1,0\n", format!("{head}\n"), "no column 'y_coord'"),
        ("node_id,x_coord,y_coord\n1,0,0\n1,0,0\n", format!("{head}\n"), "node.csv, line 3: node_id = '1'"),
        (
            "node_id,x_coord,y_coord\n1,500000,0\n",
            format!("{head}\n"),
            "x_coord = '500000', expected degrees",
        ),
        (NODES, format!("{head}\na,1,9,1.2,1\n"), "link.csv, line 2: to_node_id = '9', expected a node"),
        (NODES, format!("{head}\na,1,2,1.2,1\na,2,3,1.2,1\n"), "line 3: link_id = 'a'"),
        (NODES, format!("{head}\na,1,2,1.2,-1\n"), "line 2: lanes = '-1'"),
        (NODES, format!("{head}\na,1,2,long,1\n"), "line 2: length = 'long'"),
        (NODES, format!("{head}\n"), "no road that can be used"),
    ] {
        let found = fault(nodes, &links);
        assert!(found.contains(expected), "{found}");
    }
}

#[test]
fn pairs_with_a_common_beginning_are_found() {
    let links = "link_id,from_node_id,to_node_id,length\na,1,2,1.2\n";
    let (_folder, path) = folder(&[("town_node.csv", NODES), ("town_link.csv", links)]);
    let read = |path: &Path| crate::import_roads(path, &ImportOptions::default(), &|_, _| {});
    assert_eq!(read(&path).unwrap().links.len(), 1);
    assert_eq!(read(&path.join("town_link.csv")).unwrap().links.len(), 1);
    std::fs::remove_file(path.join("town_node.csv")).unwrap();
    let fault = read(&path.join("town_link.csv")).unwrap_err();
    assert!(matches!(fault, ImportError::MissingPartner { .. }), "{fault}");
    assert!(matches!(read(&path).unwrap_err(), ImportError::UnknownFormat { .. }));
}

/// One link of these columns: low, central, high capacity, and the link.
fn one_link(columns: &str, values: &str) -> (RoadMap, LinkRow) {
    let links = format!("link_id,from_node_id,to_node_id,length,{columns}\na,1,2,1.2,{values}\n");
    let map = import(&[("node.csv", NODES), ("link.csv", &links)]).unwrap();
    let link = map.links[0].clone();
    (map, link)
}

#[test]
fn classes_as_osm2gmns_calls_them() {
    for (columns, values, class, high) in [
        ("lanes,link_type_name,link_type", "2,motorway,1", "motorway", 4800.0),
        ("lanes,link_type_name,is_link", "1,motorway,1", "motorway_link", 2200.0),
        ("lanes,link_type", "2,trunk", "trunk", 4400.0),
        ("lanes,facility_type,link_type_name", "2,Freeway,motorway", "Freeway", 4800.0),
        ("lanes,facility_type,link_type_name", "2,other,motorway", "other", 4800.0),
        ("lanes,facility_type", "2,Motorway", "Motorway", 4800.0),
    ] {
        let (_, link) = one_link(columns, values);
        assert_eq!((link.facility_type.as_str(), link.capacity_pcu_h_high), (class, Some(high)), "{values}");
    }
}

#[test]
fn figures_that_no_road_has_are_not_kept() {
    // Above 3000 per lane: the whole link at the least, so many a lane at the most.
    let (map, link) = one_link("facility_type,lanes,capacity", "primary,2,3800");
    assert_eq!(
        (link.capacity_pcu_h_high, link.capacity_pcu_h, link.capacity),
        (Some(7600.0), Some(3230.0), None)
    );
    assert_eq!(map.report.remarks[0].to_string(), "link a (capacity=3800)");
    // No limit, or a figure of a day: central as the class has it.
    let (_, link) = one_link("facility_type,lanes,capacity", "connector,1,99999");
    assert_eq!(
        (link.capacity_pcu_h_high, link.capacity_pcu_h, link.lanes),
        (Some(60_000.0), Some(1339.0), Some(1.0))
    );
    let (map, link) = one_link("facility_type,lanes", "motorway,40");
    assert_eq!((link.capacity_pcu_h_high, link.lanes), (Some(48_000.0), Some(2.0)));
    assert_eq!(map.report.remarks.len(), 1);
    let (_, link) = one_link("facility_type,free_speed", "motorway,999");
    assert_eq!(link.free_speed, Some(110.0));
    // Lanes that are not stated may be one more.
    let (_, link) = one_link("facility_type,capacity", "motorway,2000");
    assert_eq!((link.capacity_pcu_h_high, link.capacity_pcu_h), (Some(6000.0), Some(3600.0)));
}
