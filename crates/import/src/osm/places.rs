//! Places with a name: suburbs, quarters, villages. They name zones and decide nothing.

use clearway_model::{NamedPlace, PlaceKind, is_turning};

use crate::osm::data::OsmNode;

/// Names of more letters than these are descriptions.
const LONGEST_NAME: usize = 60;

/// What the tags of an element say of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlaceTags {
    pub kind: PlaceKind,
    pub name: String,
}

impl PlaceTags {
    /// `None` for anything that is no place of the kinds that name where people live, or has no name.
    pub fn of<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> Option<Self> {
        let (mut kind, mut name) = (None, None);
        for (key, value) in tags {
            match key {
                "place" => kind = PlaceKind::of_tag(value.trim()),
                "name" => name = one_line(value),
                _ => {}
            }
        }
        Some(Self { kind: kind?, name: name? })
    }
}

/// A name as it may stand in a table; `None` where it is none.
fn one_line(text: &str) -> Option<String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_name = !name.is_empty()
        && name.chars().count() <= LONGEST_NAME
        && !name.contains(|c: char| c.is_control() || is_turning(c));
    is_name.then_some(name)
}

/// A place that the map draws as a point.
#[derive(Debug)]
struct PlacePoint {
    id: i64,
    place: PlaceTags,
    at: (f64, f64),
}

/// A place that the map draws as a closed line.
#[derive(Debug)]
pub(crate) struct PlaceOutline {
    id: i64,
    place: PlaceTags,
    pub nodes: Vec<i64>,
}

/// Places as the first pass over a file finds them: of an outline the nodes are still to be read.
#[derive(Debug, Default)]
pub(crate) struct FoundPlaces {
    points: Vec<PlacePoint>,
    pub outlines: Vec<PlaceOutline>,
}

impl FoundPlaces {
    pub fn add_point(&mut self, id: i64, place: PlaceTags, at: (f64, f64)) {
        if at.0.abs() <= 180.0 && at.1.abs() <= 90.0 {
            self.points.push(PlacePoint { id, place, at });
        }
    }

    /// An open line is no outline and is left out.
    pub fn add_outline(&mut self, id: i64, place: PlaceTags, nodes: Vec<i64>) {
        if nodes.len() >= 4 && nodes.first() == nodes.last() {
            self.outlines.push(PlaceOutline { id, place, nodes });
        }
    }

    pub fn append(&mut self, mut more: Self) {
        self.points.append(&mut more.points);
        self.outlines.append(&mut more.outlines);
    }

    /// Memory it takes, about.
    pub fn bytes(&self) -> u64 {
        let nodes: usize = self.outlines.iter().map(|outline| outline.nodes.len()).sum();
        (self.points.len() * 150 + self.outlines.len() * 150 + nodes * 8) as u64
    }

    /// By id, each once: of an element that stands twice in a file the first counts.
    pub fn put_in_order(&mut self) {
        self.points.sort_by_key(|point| point.id);
        self.points.dedup_by_key(|point| point.id);
        self.outlines.sort_by_key(|outline| outline.id);
        self.outlines.dedup_by_key(|outline| outline.id);
    }
}

/// The places, now that the nodes (ascending by id) are read. An outline of which a node is missing is cut at the map's edge and left
/// out.
pub(crate) fn outlined(found: FoundPlaces, nodes: &[OsmNode]) -> Vec<NamedPlace> {
    let place_of = |id: &i64| {
        let at = nodes.binary_search_by_key(id, |node| node.id).ok()?;
        Some([nodes[at].lon, nodes[at].lat])
    };
    let points = found.points.into_iter().map(|point| NamedPlace {
        name: point.place.name,
        kind: point.place.kind,
        at: [point.at.0, point.at.1],
        outline: Vec::new(),
    });
    let outlines = found.outlines.into_iter().filter_map(|outline| {
        let corners: Vec<[f64; 2]> = outline.nodes.iter().map(place_of).collect::<Option<_>>()?;
        let at = mean(&corners[1..]);
        Some(NamedPlace { name: outline.place.name, kind: outline.place.kind, at, outline: corners })
    });
    points.chain(outlines).collect()
}

#[allow(clippy::cast_precision_loss)]
fn mean(corners: &[[f64; 2]]) -> [f64; 2] {
    [0, 1].map(|axis: usize| corners.iter().map(|p| p[axis]).sum::<f64>() / corners.len().max(1) as f64)
}
