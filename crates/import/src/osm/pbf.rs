//! Reading `.osm.pbf`. Blocks are decoded in parallel; what is found is joined in the order of the file.

use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use osmpbf::{
    Blob, BlobDecode, BlobReader, DenseTagIter, Element, HeaderBlock, PrimitiveBlock, RelMemberType, TagIter,
};
use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::ImportError;
use crate::map_file::MapFile;
use crate::osm::areas::{FoundAreas, WantedTags};
use crate::osm::data::{FirstPass, MapBounds, MemberKind, OsmNode, OsmRelation, OsmTags, RelationMember};
use crate::osm::places::PlaceTags;
use crate::osm::unpack::most_total;
use crate::watch::ImportWatch;

/// Ways with `highway`, ferries, water, restrictions, bounds, places with names.
pub(crate) fn first_pass(
    file: &MapFile<'_>,
    keeps_waters: bool,
    watch: ImportWatch<'_>,
) -> Result<FirstPass, ImportError> {
    let bounds = Mutex::new(Vec::new());
    let mut result = for_each_block(
        file,
        watch,
        |header| {
            if let (Some(b), Ok(mut bounds)) = (header.bbox(), bounds.lock()) {
                bounds.push(MapBounds { west: b.left, south: b.bottom, east: b.right, north: b.top });
            }
        },
        |block| {
            let mut found = FirstPass { keeps_waters, ..FirstPass::default() };
            block.for_each_element(|element| match element {
                Element::Way(way) if way.info().visible() => {
                    found.add_way(way.id(), OsmTags::from_pairs(way.tags()), || way.refs().collect());
                    if let Some(place) = PlaceTags::of(way.tags()) {
                        found.places.add_outline(way.id(), place, way.refs().collect());
                    }
                }
                Element::Relation(relation) if relation.info().visible() => {
                    let tags = OsmTags::from_pairs(relation.tags());
                    if OsmRelation::is_restriction(&tags) {
                        let members = relation
                            .members()
                            .map(|member| RelationMember {
                                kind: match member.member_type {
                                    RelMemberType::Node => MemberKind::Node,
                                    RelMemberType::Way => MemberKind::Way,
                                    RelMemberType::Relation => MemberKind::Relation,
                                },
                                id: member.member_id,
                                role: member.role().unwrap_or("").to_string(),
                            })
                            .collect();
                        found.relations.push(OsmRelation { id: relation.id(), tags, members });
                    }
                }
                element => {
                    if let Some(FoundNode { id, at, tags }) = FoundNode::of(element)
                        && let Some(place) = PlaceTags::of(tags)
                    {
                        found.places.add_point(id, place, at);
                    }
                }
            });
            found
        },
        FirstPass::bytes,
        |mut all, mut more| {
            all.ways.append(&mut more.ways);
            all.relations.append(&mut more.relations);
            all.not_roads.append(&mut more.not_roads);
            all.places.append(more.places);
            all.waters.append(&mut more.waters);
            all
        },
    )?;
    result.bounds = bounds.into_inner().unwrap_or_default();
    Ok(result)
}

/// The nodes whose ids are in `needed` (ascending).
pub(crate) fn second_pass(
    file: &MapFile<'_>,
    needed: &[i64],
    watch: ImportWatch<'_>,
) -> Result<Vec<OsmNode>, ImportError> {
    for_each_block(
        file,
        watch,
        |_| {},
        |block| {
            let mut found = Vec::new();
            block.for_each_element(|element| {
                if let Some(FoundNode { id, at: (lon, lat), tags }) = FoundNode::of(element)
                    && needed.binary_search(&id).is_ok()
                {
                    found.push(OsmNode::new(id, lon, lat, &OsmTags::from_pairs(tags)));
                }
            });
            found.retain(|node| node.lon.abs() <= 180.0 && node.lat.abs() <= 90.0);
            found
        },
        |found: &Vec<OsmNode>| std::mem::size_of_val(found.as_slice()) as u64,
        |mut all, mut more: Vec<OsmNode>| {
            all.append(&mut more);
            all
        },
    )
}

/// The points, ways and relations whose tags are wanted.
pub(crate) fn areas(
    file: &MapFile<'_>,
    wanted: WantedTags<'_>,
    watch: ImportWatch<'_>,
) -> Result<FoundAreas, ImportError> {
    for_each_block(
        file,
        watch,
        |_| {},
        |block| {
            let mut found = FoundAreas::default();
            block.for_each_element(|element| match element {
                Element::Way(way) if way.info().visible() => {
                    found.add_way(way.id(), way.tags(), || way.refs().collect(), wanted);
                }
                Element::Relation(relation) if relation.info().visible() => {
                    let ways = || {
                        let members = relation.members();
                        let ways = members.filter(|member| member.member_type == RelMemberType::Way);
                        ways.map(|way| (way.member_id, way.role().is_ok_and(|role| role == "inner")))
                            .collect()
                    };
                    found.add_relation(relation.id(), relation.tags(), ways, wanted);
                }
                element => {
                    if let Some(FoundNode { id, at, tags }) = FoundNode::of(element) {
                        found.add_point(id, tags, at, wanted);
                    }
                }
            });
            found
        },
        FoundAreas::bytes,
        |mut all, more| {
            all.append(more);
            all
        },
    )
}

/// The nodes of the ways whose ids are in `needed` (ascending).
pub(crate) fn ways(
    file: &MapFile<'_>,
    needed: &[i64],
    watch: ImportWatch<'_>,
) -> Result<Vec<(i64, Vec<i64>)>, ImportError> {
    for_each_block(
        file,
        watch,
        |_| {},
        |block| {
            let mut found = Vec::new();
            block.for_each_element(|element| match element {
                Element::Way(way) if needed.binary_search(&way.id()).is_ok() && way.info().visible() => {
                    found.push((way.id(), way.refs().collect()));
                }
                _ => {}
            });
            found
        },
        |found: &Vec<(i64, Vec<i64>)>| found.iter().map(|(_, nodes)| 60 + nodes.len() as u64 * 8).sum(),
        |mut all, mut more: Vec<(i64, Vec<i64>)>| {
            all.append(&mut more);
            all
        },
    )
}

/// A node in either of the two forms that it has in a file.
struct FoundNode<'b> {
    id: i64,
    /// Longitude and latitude, degrees: the nearest doubles of the decimal figures, as XML gives them.
    at: (f64, f64),
    tags: NodeTags<'b>,
}

impl<'b> FoundNode<'b> {
    /// `None` for what is no node, or was deleted.
    fn of(element: Element<'b>) -> Option<Self> {
        let degrees = |lon: i32, lat: i32| (f64::from(lon) / 1e7, f64::from(lat) / 1e7);
        match element {
            Element::DenseNode(node) => node.info().is_none_or(|info| info.visible()).then(|| Self {
                id: node.id(),
                at: degrees(node.decimicro_lon(), node.decimicro_lat()),
                tags: NodeTags::Dense(node.tags()),
            }),
            Element::Node(node) => node.info().visible().then(|| Self {
                id: node.id(),
                at: degrees(node.decimicro_lon(), node.decimicro_lat()),
                tags: NodeTags::Single(node.tags()),
            }),
            _ => None,
        }
    }
}

enum NodeTags<'b> {
    Dense(DenseTagIter<'b>),
    Single(TagIter<'b>),
}

impl<'b> Iterator for NodeTags<'b> {
    type Item = (&'b str, &'b str);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Dense(tags) => tags.next(),
            Self::Single(tags) => tags.next(),
        }
    }
}

fn for_each_block<T: Default + Send>(
    file: &MapFile<'_>,
    watch: ImportWatch<'_>,
    on_header: impl Fn(&HeaderBlock) + Sync,
    on_block: impl Fn(&PrimitiveBlock) -> T + Sync,
    bytes_of: impl Fn(&T) -> u64 + Sync,
    join: impl Fn(T, T) -> T,
) -> Result<T, ImportError> {
    let (path, cancel, opened) = (file.path(), watch.cancel, file.open()?);
    let malformed = |reason: String| ImportError::Malformed { path: path.to_path_buf(), reason };
    let (kept, most) = (AtomicU64::new(0), most_total(opened.bytes));
    let too_large = || ImportError::TooLarge {
        path: path.to_path_buf(),
        reason: format!("its roads take more than {} MiB unpacked", most >> 20),
    };
    let reader = BlobReader::new(BufReader::new(opened.reader));
    let decode = |blob: Blob| -> Result<T, ImportError> {
        if cancel.is_cancelled() {
            return Err(ImportError::Cancelled);
        }
        // A block that passed its checksum can still hold values outside the format, at which the decoder panics.
        catch_unwind(AssertUnwindSafe(|| match blob.decode() {
            Ok(BlobDecode::OsmHeader(header)) => {
                if header.required_features().iter().any(|f| f == "HistoricalInformation") {
                    return Err(malformed("it holds the history of a map, expected one state".into()));
                }
                on_header(&header);
                Ok(T::default())
            }
            Ok(BlobDecode::OsmData(_)) if kept.load(Ordering::Relaxed) > most => Err(too_large()),
            Ok(BlobDecode::OsmData(block)) => {
                let found = on_block(&block);
                kept.fetch_add(bytes_of(&found), Ordering::Relaxed);
                Ok(found)
            }
            Ok(BlobDecode::Unknown(_)) => Ok(T::default()),
            Err(e) => Err(malformed(e.to_string())),
        }))
        .unwrap_or_else(|_| Err(malformed("a block holds values outside the format".into())))
    };
    // Blocks are joined in the order of the file, whichever was ready first.
    let mut blocks: Vec<(usize, Result<T, ImportError>)> = reader
        .take_while(|_| !cancel.is_cancelled())
        .enumerate()
        .par_bridge()
        .map(|(index, blob)| (index, blob.map_err(|e| malformed(e.to_string())).and_then(decode)))
        .collect();
    watch.go_on()?;
    // Which block went beyond the limit depends on the threads; that one did does not.
    if kept.load(Ordering::Relaxed) > most {
        return Err(too_large());
    }
    blocks.sort_by_key(|(index, _)| *index);
    blocks.into_iter().try_fold(T::default(), |all, (_, block)| Ok(join(all, block?)))
}
