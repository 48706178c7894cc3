//! Road maps written by hand, and where the shared data lies.

use std::fmt::Write;
use std::path::PathBuf;

use clearway_import::{ImportError, ImportOptions, RoadMap, import_roads};
use clearway_model::LinkRow;

/// One ten-thousandth of a degree at the equator, about 11.1 m.
pub const STEP: f64 = 0.0001;

/// A map near the equator, in steps of [`STEP`].
#[derive(Default, Clone)]
pub struct Osm {
    text: String,
}

impl Osm {
    pub fn new() -> Self {
        Self::default()
    }

    /// What the map says it covers.
    pub fn bounds(mut self, west: i32, south: i32, east: i32, north: i32) -> Self {
        let [w, s, e, n] = [west, south, east, north].map(|v| f64::from(v) * STEP);
        writeln!(self.text, r#"<bounds minlon="{w:.7}" minlat="{s:.7}" maxlon="{e:.7}" maxlat="{n:.7}"/>"#)
            .unwrap();
        self
    }

    /// A node; tags as `key=value key=value`.
    pub fn node(mut self, id: i64, x: i32, y: i32, tags: &str) -> Self {
        let (lon, lat) = (f64::from(x) * STEP, f64::from(y) * STEP);
        writeln!(self.text, r#"<node id="{id}" lat="{lat:.7}" lon="{lon:.7}">{}</node>"#, tag_text(tags))
            .unwrap();
        self
    }

    /// Nodes without tags: (id, x, y).
    pub fn nodes(self, nodes: &[(i64, i32, i32)]) -> Self {
        nodes.iter().fold(self, |map, (id, x, y)| map.node(*id, *x, *y, ""))
    }

    pub fn way(mut self, id: i64, nodes: &[i64], tags: &str) -> Self {
        let refs: String = nodes.iter().map(|n| format!(r#"<nd ref="{n}"/>"#)).collect();
        writeln!(self.text, r#"<way id="{id}">{refs}{}</way>"#, tag_text(tags)).unwrap();
        self
    }

    /// A restriction; members as `from:way:1 via:node:2 to:way:3`.
    pub fn turn(mut self, id: i64, members: &str, tags: &str) -> Self {
        let members: String = members
            .split_whitespace()
            .map(|member| {
                let parts: Vec<&str> = member.split(':').collect();
                format!(r#"<member type="{}" ref="{}" role="{}"/>"#, parts[1], parts[2], parts[0])
            })
            .collect();
        let tags = tag_text(&format!("type=restriction {tags}"));
        writeln!(self.text, r#"<relation id="{id}">{members}{tags}</relation>"#).unwrap();
        self
    }

    pub fn xml(&self) -> String {
        format!("<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\">\n{}</osm>\n", self.text)
    }

    pub fn try_import(&self, options: &ImportOptions) -> Result<RoadMap, ImportError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.osm");
        std::fs::write(&path, self.xml()).unwrap();
        import_roads(&path, options, &|_, _| {})
    }

    pub fn import_with(&self, options: &ImportOptions) -> RoadMap {
        self.try_import(options).unwrap()
    }

    pub fn import(&self) -> RoadMap {
        self.import_with(&ImportOptions::default())
    }
}

fn tag_text(tags: &str) -> String {
    tags.split_whitespace()
        .map(|tag| {
            let (key, value) = tag.split_once('=').unwrap();
            format!(r#"<tag k="{key}" v="{value}"/>"#)
        })
        .collect()
}

/// `from>to` of every link, in the order of the table.
pub fn links(map: &RoadMap) -> Vec<String> {
    map.links.iter().map(|l| format!("{}>{}", l.from_node_id, l.to_node_id)).collect()
}

/// The only link between two nodes.
pub fn link<'a>(map: &'a RoadMap, from: &str, to: &str) -> &'a LinkRow {
    let mut found = map.links.iter().filter(|l| l.from_node_id == from && l.to_node_id == to);
    let link = found.next().unwrap_or_else(|| panic!("no link {from}>{to} in {:?}", links(map)));
    assert!(found.next().is_none());
    link
}

pub fn node_ids(map: &RoadMap) -> Vec<&str> {
    map.nodes.iter().map(|n| n.node_id.as_str()).collect()
}

/// Banned turns as `from>at>to`.
pub fn bans(map: &RoadMap) -> Vec<String> {
    map.movements
        .iter()
        .map(|m| {
            let of = |id: &str| map.links.iter().find(|l| l.link_id == id).unwrap();
            let (a, b) = (of(&m.ib_link_id), of(&m.ob_link_id));
            assert_eq!(a.to_node_id, m.node_id);
            assert_eq!(b.from_node_id, m.node_id);
            assert_eq!(m.prohibited, "1");
            format!("{}>{}>{}", a.from_node_id, m.node_id, b.to_node_id)
        })
        .collect()
}

/// A file of the data beside the project; `None` (said on stderr) if it is not there.
pub fn shared(path: &str) -> Option<PathBuf> {
    let full = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(path);
    if full.exists() {
        return Some(full);
    }
    eprintln!("SKIPPED: {path} is not there; this test needs the data beside the project");
    None
}
