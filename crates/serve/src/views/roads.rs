//! The roads of a version, ready to be drawn.

use super::ScenarioFolder;
use super::places::{bounds_of, line, on_earth, projected};
use super::tables::{document, rows};
use super::tile::{MAX_ZOOM, MIN_ZOOM, classes_by_zoom};
use crate::error::ServeError;
use crate::types::{FoundPlace, MapInfo};
use clearway::Store;
use clearway_model::number::{compact, round};
use clearway_model::{LinkRow, NodeRow, SiteRow, ZoneRow};
use std::collections::HashMap;
use std::sync::Arc;

/// Road classes, widest first; others come after them by name.
const CLASSES: [&str; 14] = [
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
];

/// A link to be drawn.
pub(super) struct ViewLink {
    pub id: String,
    pub name: String,
    /// Its place in [`RoadView::classes`].
    pub class: usize,
    pub lanes: Option<f64>,
    pub capacity_pcu_h: Option<f64>,
    pub speed_km_h: Option<f64>,
    /// Its course, in the square of the map projection.
    pub course: Vec<[f64; 2]>,
    /// Least and greatest x and y of its course.
    pub around: [f64; 4],
    /// Longitude and latitude of its middle.
    pub middle: [f64; 2],
}

/// A zone or site that can be found.
struct NamedPoint {
    kind: &'static str,
    id: String,
    row: usize,
    name: String,
    at: Option<[f64; 2]>,
}

/// The roads of a version.
pub struct RoadView {
    pub(super) links: Vec<ViewLink>,
    pub(super) nodes: Vec<(String, [f64; 2])>,
    pub(super) classes: Vec<String>,
    last_classes: Vec<usize>,
    rows: HashMap<String, usize>,
    points: Vec<NamedPoint>,
    zones: usize,
    sites: usize,
    bounds: [f64; 4],
    attribution: Vec<String>,
}

impl RoadView {
    /// The roads of a scenario or a road map.
    pub(super) fn of(folder: &ScenarioFolder) -> Result<Self, ServeError> {
        folder.with(|store| {
            let nodes: Vec<NodeRow> = rows(store)?;
            let bounds = bounds_of(&nodes);
            let bounds =
                bounds.ok_or_else(|| ServeError::NotThere(format!("road of version {}", folder.version)))?;
            let zones: Vec<ZoneRow> = rows(store)?;
            let sites: Vec<SiteRow> = rows(store)?;
            let at = |x: Option<f64>, y: Option<f64>| x.zip(y).map(|(x, y)| [x, y]);
            let mut points: Vec<NamedPoint> = Vec::new();
            for (row, zone) in zones.iter().enumerate() {
                let (id, name) = (zone.zone_id.clone(), zone.name.clone());
                points.push(NamedPoint { kind: "zone", id, row, name, at: at(zone.x_coord, zone.y_coord) });
            }
            for (row, site) in sites.iter().enumerate() {
                let (id, name) = (site.site_id.clone(), site.name.clone());
                points.push(NamedPoint { kind: "site", id, row, name, at: at(site.x_coord, site.y_coord) });
            }
            let (links, classes) = view_links(&rows(store)?, &nodes);
            Ok(Self {
                rows: links.iter().enumerate().map(|(row, link)| (link.id.clone(), row)).collect(),
                nodes: nodes
                    .into_iter()
                    .map(|node| (node.node_id, projected(node.x_coord, node.y_coord)))
                    .collect(),
                last_classes: classes_by_zoom(&links, classes.len()),
                links,
                classes,
                points,
                zones: zones.len(),
                sites: sites.len(),
                bounds,
                attribution: attribution(store)?,
            })
        })
    }

    /// The last class that is drawn at a zoom.
    pub(super) fn last_class(&self, z: u8) -> usize {
        let at = usize::from(z.saturating_sub(MIN_ZOOM));
        self.last_classes.get(at).copied().unwrap_or(self.classes.len())
    }

    /// What is said of the map.
    pub fn info(&self) -> MapInfo {
        MapInfo {
            bounds: self.bounds,
            links: self.links.len(),
            nodes: self.nodes.len(),
            zones: self.zones,
            sites: self.sites,
            min_zoom: MIN_ZOOM,
            max_zoom: MAX_ZOOM,
            classes: self.classes.clone(),
            attribution: self.attribution.clone(),
        }
    }

    /// The courses of all links: their number, the points of each, then longitude and latitude of all points, in 10^-7 degrees.
    pub fn lines(&self) -> Arc<[u8]> {
        let whole = |count: usize| compact(count).to_le_bytes();
        let mut bytes = Vec::new();
        bytes.extend(whole(self.links.len()));
        for link in &self.links {
            bytes.extend(whole(link.course.len()));
        }
        for place in self.links.iter().flat_map(|link| &link.course) {
            for degrees in on_earth(*place) {
                bytes.extend(i32::try_from(round(degrees * 1e7)).unwrap_or(0).to_le_bytes());
            }
        }
        bytes.into()
    }

    /// How many links there are.
    pub fn len(&self) -> usize {
        self.links.len()
    }

    /// The row of a link.
    pub fn row_of(&self, link_id: &str) -> Option<usize> {
        self.rows.get(link_id).copied()
    }

    /// Where a link is, longitude and latitude.
    pub fn middle_of(&self, row: usize) -> Option<[f64; 2]> {
        self.links.get(row).map(|link| link.middle)
    }

    /// Roads, zones and sites by a part of their name or by their id; of a road of many pieces one.
    pub fn find(&self, text: &str) -> Vec<FoundPlace> {
        const MOST: usize = 50;
        let wanted = text.trim().to_lowercase();
        if wanted.is_empty() {
            return Vec::new();
        }
        let fits =
            |id: &str, name: &str| id.to_lowercase() == wanted || name.to_lowercase().contains(&wanted);
        let shown = |id: &str, name: &str| if name.is_empty() { id.to_owned() } else { name.to_owned() };
        let mut found: Vec<FoundPlace> = self
            .points
            .iter()
            .filter(|point| fits(&point.id, &point.name))
            .map(|point| FoundPlace {
                kind: point.kind.to_owned(),
                id: point.id.clone(),
                row: point.row,
                name: shown(&point.id, &point.name),
                at: point.at,
            })
            .take(MOST)
            .collect();
        let mut seen = std::collections::HashSet::new();
        for (row, link) in self.links.iter().enumerate() {
            if found.len() >= MOST {
                break;
            }
            let mut is_new = || link.name.is_empty() || seen.insert(link.name.as_str());
            if fits(&link.id, &link.name) && is_new() {
                found.push(FoundPlace {
                    kind: "road".to_owned(),
                    id: link.id.clone(),
                    row,
                    name: shown(&link.id, &link.name),
                    at: Some(link.middle),
                });
            }
        }
        found
    }
}

/// Links with their courses, and the classes there are.
fn view_links(rows: &[LinkRow], nodes: &[NodeRow]) -> (Vec<ViewLink>, Vec<String>) {
    let place: HashMap<&str, [f64; 2]> =
        nodes.iter().map(|node| (node.node_id.as_str(), [node.x_coord, node.y_coord])).collect();
    let rank = |class: &str| CLASSES.iter().position(|known| *known == class).unwrap_or(CLASSES.len());
    let mut classes: Vec<String> = rows.iter().map(|link| link.facility_type.clone()).collect();
    classes.sort_by(|a, b| rank(a).cmp(&rank(b)).then(a.cmp(b)));
    classes.dedup();
    let number: HashMap<String, usize> =
        classes.iter().enumerate().map(|(at, class)| (class.clone(), at)).collect();
    let links = rows.iter().map(|row| {
        let ends = || {
            let end = |id: &str| place.get(id).copied().unwrap_or([0.0, 0.0]);
            vec![end(&row.from_node_id), end(&row.to_node_id)]
        };
        let course = line(&row.geometry).unwrap_or_else(ends);
        let middle = course[course.len() / 2];
        let middle = if course.len() == 2 {
            [(course[0][0] + course[1][0]) / 2.0, (course[0][1] + course[1][1]) / 2.0]
        } else {
            middle
        };
        let course: Vec<[f64; 2]> = course.into_iter().map(|[lon, lat]| projected(lon, lat)).collect();
        let mut around = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        for [x, y] in &course {
            around = [around[0].min(*x), around[1].min(*y), around[2].max(*x), around[3].max(*y)];
        }
        ViewLink {
            id: row.link_id.clone(),
            name: row.name.clone(),
            class: number.get(&row.facility_type).copied().unwrap_or(0),
            lanes: row.lanes,
            capacity_pcu_h: row.capacity_pcu_h,
            speed_km_h: row.free_speed,
            course,
            around,
            middle,
        }
    });
    (links.collect(), classes)
}

/// What must be printed beside the map.
fn attribution(store: &dyn Store) -> Result<Vec<String>, ServeError> {
    if let Some(bytes) = store.read("attribution.txt")? {
        return Ok(String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect());
    }
    let settings = store.read("scenario.toml")?.unwrap_or_default();
    let text = String::from_utf8_lossy(&settings);
    let attribution = toml::from_str::<toml::Table>(&text).ok().and_then(|table| {
        let list = table.get("attribution")?.as_array()?.clone();
        Some(list.iter().filter_map(|line| line.as_str().map(str::to_owned)).collect())
    });
    Ok(attribution.unwrap_or_default())
}

/// Shapes of a file, or nothing.
pub(super) fn shapes_of(store: &dyn Store, name: &str) -> serde_json::Value {
    document(store, name).unwrap_or_default()
}
