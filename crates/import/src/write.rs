//! Writing a road map as GMNS tables.

use std::collections::HashSet;
use std::path::Path;

use clearway_model::{LinkRow, SourceStatus};

use crate::{ImportError, RoadMap};

/// Value of `node_type` where a road is cut at the map's edge.
pub(crate) const EDGE_NODE: &str = "map_edge";

/// Columns of `link.csv`, in the order in which they are written.
const LINK_COLUMNS: [&str; 27] = [
    "link_id",
    "name",
    "from_node_id",
    "to_node_id",
    "directed",
    "facility_type",
    "lanes",
    "free_speed",
    "length",
    "capacity",
    "length_m",
    "capacity_pcu_h",
    "capacity_pcu_h_low",
    "capacity_pcu_h_high",
    "reserved_pcu_h",
    "storage_pcu",
    "storage_pcu_low",
    "storage_pcu_high",
    "time_ms",
    "time_ms_low",
    "walk_capacity_people_h",
    "walk_capacity_people_h_low",
    "walk_capacity_people_h_high",
    "walk_time_ms",
    "walk_time_ms_low",
    "allowed_uses",
    "geometry",
];

/// Writes `node.csv`, `link.csv`, `movement.csv`, `sources.csv`, `attribution.txt` and `import.txt` (the report) into a
/// folder, which is made if it is not there. Files of these names are replaced.
///
/// # Errors
/// [`ImportError::Write`]
pub fn write_gmns(folder: &Path, map: &RoadMap) -> Result<(), ImportError> {
    std::fs::create_dir_all(folder).map_err(|source| ImportError::Write { path: folder.into(), source })?;
    for (name, bytes) in gmns_files(map) {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|source| ImportError::Write { path, source })?;
    }
    Ok(())
}

/// The files of [`write_gmns`] by name.
pub fn gmns_files(map: &RoadMap) -> Vec<(String, Vec<u8>)> {
    let edge: HashSet<&str> = map.boundary_nodes.iter().map(String::as_str).collect();
    let mut nodes = CsvLines::new(&["node_id", "name", "x_coord", "y_coord", "node_type"]);
    for node in &map.nodes {
        let kind = if edge.contains(node.node_id.as_str()) { EDGE_NODE } else { "" };
        let (x, y) = (node.x_coord.to_string(), node.y_coord.to_string());
        nodes.row([node.node_id.as_str(), &node.name, &x, &y, kind]);
    }
    let mut links = CsvLines::new(&LINK_COLUMNS);
    for link in &map.links {
        links.row(link_cells(link).iter().map(String::as_str));
    }
    let mut movements = CsvLines::new(&["mvmt_id", "node_id", "ib_link_id", "ob_link_id", "prohibited"]);
    for row in &map.movements {
        let cells = [&row.mvmt_id, &row.node_id, &row.ib_link_id, &row.ob_link_id, &row.prohibited];
        movements.row(cells.into_iter().map(String::as_str));
    }
    let mut sources = CsvLines::new(&["table", "id", "field", "status", "source", "url", "as_of", "note"]);
    for row in &map.sources {
        let status = status_word(row.status);
        sources.row([
            row.table.as_str(),
            &row.id,
            &row.field,
            status,
            &row.source,
            &row.url,
            &row.as_of,
            &row.note,
        ]);
    }
    let mut files = vec![
        ("node.csv".to_string(), nodes.0),
        ("link.csv".to_string(), links.0),
        ("movement.csv".to_string(), movements.0),
        ("sources.csv".to_string(), sources.0),
        ("import.txt".to_string(), format!("{:#}", map.report)),
    ];
    let line = if map.attribution.is_empty() { String::new() } else { format!("{}\n", map.attribution) };
    files.push(("attribution.txt".to_string(), line));
    files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
}

fn link_cells(link: &LinkRow) -> [String; 27] {
    let number = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
    let whole = |value: Option<i64>| value.map_or_else(String::new, |v| v.to_string());
    let uses = match (link.capacity_pcu_h.is_some(), link.walk_capacity_people_h.is_some()) {
        (true, true) => "auto,walk",
        (true, false) => "auto",
        (false, true) => "walk",
        (false, false) => "",
    };
    [
        link.link_id.clone(),
        link.name.clone(),
        link.from_node_id.clone(),
        link.to_node_id.clone(),
        link.directed.clone(),
        link.facility_type.clone(),
        number(link.lanes),
        number(link.free_speed),
        number(link.length),
        number(link.capacity),
        number(link.length_m),
        number(link.capacity_pcu_h),
        number(link.capacity_pcu_h_low),
        number(link.capacity_pcu_h_high),
        number(link.reserved_pcu_h),
        number(link.storage_pcu),
        number(link.storage_pcu_low),
        number(link.storage_pcu_high),
        whole(link.time_ms),
        whole(link.time_ms_low),
        number(link.walk_capacity_people_h),
        number(link.walk_capacity_people_h_low),
        number(link.walk_capacity_people_h_high),
        whole(link.walk_time_ms),
        whole(link.walk_time_ms_low),
        uses.to_string(),
        link.geometry.clone(),
    ]
}

pub(crate) fn status_word(status: SourceStatus) -> &'static str {
    match status {
        SourceStatus::Published => "published",
        SourceStatus::Derived => "derived",
        SourceStatus::Default => "default",
        SourceStatus::Assumed => "assumed",
    }
}

/// CSV text: commas, LF, quotes where needed. A row that begins with `#` is quoted, so that it is not taken for an HXL row.
struct CsvLines(String);

impl CsvLines {
    fn new(header: &[&str]) -> Self {
        let mut text = Self(String::new());
        text.row(header.iter().copied());
        text
    }

    fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            let quoted = cell.contains(['"', ',', '\n', '\r'])
                || (at == 0 && cell.starts_with('#'))
                || cell.starts_with(' ')
                || cell.ends_with(' ');
            if quoted {
                self.0.push('"');
                self.0.push_str(&cell.replace('"', "\"\""));
                self.0.push('"');
            } else {
                self.0.push_str(cell);
            }
        }
        self.0.push('\n');
    }
}
