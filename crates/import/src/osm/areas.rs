//! Elements of a map with their outlines: what schools, shelters and buildings are read as.
//!
//! A closed way is a polygon. A relation of type `multipolygon` is put together of its ways: outer rings, and the holes in them, so that its
//! area is that of the outer rings less that of the holes. What is cut at the map's edge has no polygon and says so.

use crate::ImportError;
use crate::map_file::MapFile;
use crate::osm::data::{OsmFormat, OsmNode, ascending};
use crate::osm::rings::{joined, with_holes};
use crate::osm::{pbf, xml};
use crate::watch::ImportWatch;
use clearway_model::MapArea;
use std::collections::HashMap;

/// Whether an element with these tags is wanted.
pub(crate) type WantedTags<'w> = &'w (dyn Fn(&[(&str, &str)]) -> bool + Sync);
/// Keys and values.
pub(crate) type TagPairs = Vec<(String, String)>;

/// Number and tags of a relation, with the ways of it, and whether a way is of a hole.
type RelationParts = (i64, TagPairs, Vec<(i64, bool)>);

/// Elements as the first pass over a file finds them.
#[derive(Debug, Default)]
pub(crate) struct FoundAreas {
    points: Vec<(i64, TagPairs, (f64, f64))>,
    outlines: Vec<(i64, TagPairs, Vec<i64>)>,
    relations: Vec<RelationParts>,
}

impl FoundAreas {
    pub fn add_point<'a>(
        &mut self,
        id: i64,
        tags: impl Iterator<Item = (&'a str, &'a str)>,
        at: (f64, f64),
        wanted: WantedTags<'_>,
    ) {
        // outside the map of the Earth, as elsewhere
        if at.0.abs() > 180.0 || at.1.abs() > 90.0 {
            return;
        }
        self.points.extend(kept(tags, wanted).map(|tags| (id, tags, at)));
    }

    pub fn add_way<'a>(
        &mut self,
        id: i64,
        tags: impl Iterator<Item = (&'a str, &'a str)>,
        nodes: impl FnOnce() -> Vec<i64>,
        wanted: WantedTags<'_>,
    ) {
        if let Some(tags) = kept(tags, wanted) {
            self.outlines.push((id, tags, nodes()));
        }
    }

    /// `members`: the ways of the relation, and whether each is of a hole.
    pub fn add_relation<'a>(
        &mut self,
        id: i64,
        tags: impl Iterator<Item = (&'a str, &'a str)>,
        members: impl FnOnce() -> Vec<(i64, bool)>,
        wanted: WantedTags<'_>,
    ) {
        let area = |tags: &TagPairs| {
            tags.iter().any(|(key, value)| key == "type" && (value == "multipolygon" || value == "boundary"))
        };
        if let Some(tags) = kept(tags, wanted).filter(area) {
            self.relations.push((id, tags, members()));
        }
    }

    pub fn append(&mut self, mut more: Self) {
        self.points.append(&mut more.points);
        self.outlines.append(&mut more.outlines);
        self.relations.append(&mut more.relations);
    }

    /// Memory it takes, about.
    pub fn bytes(&self) -> u64 {
        let nodes: usize = self.outlines.iter().map(|(_, _, nodes)| nodes.len()).sum();
        let members: usize = self.relations.iter().map(|(_, _, members)| members.len()).sum();
        let elements = self.points.len() + self.outlines.len() + self.relations.len();
        (elements * 400 + nodes * 8 + members * 16) as u64
    }

    /// By number, each once: of an element that stands twice in a file the first counts.
    fn put_in_order(&mut self) {
        self.points.sort_by_key(|(id, ..)| *id);
        self.points.dedup_by_key(|(id, ..)| *id);
        self.outlines.sort_by_key(|(id, ..)| *id);
        self.outlines.dedup_by_key(|(id, ..)| *id);
        self.relations.sort_by_key(|(id, ..)| *id);
        self.relations.dedup_by_key(|(id, ..)| *id);
    }
}

/// The tags of an element that is wanted.
fn kept<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>, wanted: WantedTags<'_>) -> Option<TagPairs> {
    let tags: Vec<(&str, &str)> = tags.map(|(key, value)| (key, value.trim())).collect();
    let owned = |tags: Vec<(&str, &str)>| {
        tags.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    };
    (!tags.is_empty() && wanted(&tags)).then(|| owned(tags))
}

/// All elements of a file whose tags are wanted: points, then ways, then relations, each ascending by number.
pub(crate) fn read_areas(
    file: &MapFile<'_>,
    format: OsmFormat,
    wanted: WantedTags<'_>,
    watch: ImportWatch<'_>,
) -> Result<Vec<MapArea>, ImportError> {
    watch.begin("reading places", 0.0)?;
    let mut found = match format {
        OsmFormat::Pbf => pbf::areas(file, wanted, watch)?,
        OsmFormat::Xml | OsmFormat::XmlGzip => xml::areas(file, format, wanted, watch)?,
    };
    found.put_in_order();
    let members =
        ascending(found.relations.iter().flat_map(|(_, _, members)| members.iter().map(|(way, _)| *way)));
    watch.begin("reading outlines", 0.3)?;
    let ways: HashMap<i64, Vec<i64>> = match format {
        _ if members.is_empty() => HashMap::new(),
        OsmFormat::Pbf => pbf::ways(file, &members, watch)?.into_iter().collect(),
        OsmFormat::Xml | OsmFormat::XmlGzip => {
            xml::ways(file, format, &members, watch)?.into_iter().collect()
        }
    };
    let of_outlines = found.outlines.iter().flat_map(|(_, _, nodes)| nodes.iter().copied());
    let needed = ascending(of_outlines.chain(ways.values().flatten().copied()));
    watch.begin("reading corners", 0.6)?;
    let mut nodes = match format {
        _ if needed.is_empty() => Vec::new(),
        OsmFormat::Pbf => pbf::second_pass(file, &needed, watch)?,
        OsmFormat::Xml | OsmFormat::XmlGzip => xml::second_pass(file, format, &needed, watch)?,
    };
    nodes.sort_by_key(|node| node.id);
    nodes.dedup_by_key(|node| node.id);
    watch.begin("putting outlines together", 0.9)?;
    let mut areas: Vec<MapArea> = found
        .points
        .into_iter()
        .map(|(id, tags, at)| MapArea { id: format!("n{id}"), tags, at: at.into(), ..MapArea::default() })
        .collect();
    for (id, tags, way) in found.outlines {
        let rings = joined(vec![way.clone()]).map(|outer| (outer, Vec::new()));
        areas.extend(outlined(format!("w{id}"), tags, rings, &way, &nodes));
    }
    for (id, tags, members) in found.relations {
        let corners: Vec<i64> =
            members.iter().filter_map(|(way, _)| ways.get(way)).flatten().copied().collect();
        let lines = |is_hole: bool| -> Option<Vec<Vec<i64>>> {
            members
                .iter()
                .filter(|(_, hole)| *hole == is_hole)
                .map(|(way, _)| ways.get(way).cloned())
                .collect()
        };
        let rings = lines(false)
            .and_then(joined)
            .filter(|outer| !outer.is_empty())
            .and_then(|outer| Some((outer, lines(true).and_then(joined)?)));
        areas.extend(outlined(format!("r{id}"), tags, rings, &corners, &nodes));
    }
    Ok(areas)
}

/// Outer rings and holes, as numbers of nodes.
type RingNodes = (Vec<Vec<i64>>, Vec<Vec<i64>>);

/// An area with its outline; `None` where the file holds none of its corners.
fn outlined(
    id: String,
    tags: TagPairs,
    rings: Option<RingNodes>,
    corners: &[i64],
    nodes: &[OsmNode],
) -> Option<MapArea> {
    let place = |id: &i64| {
        let at = nodes.binary_search_by_key(id, |node| node.id).ok()?;
        Some([nodes[at].lon, nodes[at].lat])
    };
    let known: Vec<[f64; 2]> = ascending(corners.iter().copied()).iter().filter_map(place).collect();
    let first = *known.first()?;
    #[allow(clippy::cast_precision_loss)]
    let at = [0, 1].map(|axis: usize| {
        first[axis] + known.iter().map(|corner| corner[axis] - first[axis]).sum::<f64>() / known.len() as f64
    });
    let drawn = |rings: Vec<Vec<i64>>| -> Option<Vec<Vec<[f64; 2]>>> {
        rings.iter().map(|ring| ring.iter().map(place).collect()).collect()
    };
    let polygons = rings.and_then(|(outer, holes)| with_holes(drawn(outer)?, drawn(holes)?));
    Some(MapArea { id, tags, at, is_cut: polygons.is_none(), polygons: polygons.unwrap_or_default() })
}
