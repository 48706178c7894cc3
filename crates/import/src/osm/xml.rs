//! Reading `.osm` and `.osm.gz`.

use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::foreign::by_root;
use crate::map_file::MapFile;
use crate::osm::areas::{FoundAreas, WantedTags};
use crate::osm::data::{
    FirstPass, MOST_BOUNDS, MapBounds, MemberKind, OsmFormat, OsmNode, OsmRelation, OsmTags, RelationMember,
};
use crate::osm::places::PlaceTags;
use crate::osm::unpack::MeasuredReader;
use crate::watch::ImportWatch;
use crate::{ImportError, encoding};

/// More remarks than these are not kept.
const MOST_REMARKS: usize = 10;

/// One element with what stands inside it.
#[derive(Debug, Default)]
struct OpenElement {
    kind: OsmElementKind,
    id: i64,
    lon: f64,
    lat: f64,
    visible: bool,
    refs: Vec<i64>,
    members: Vec<RelationMember>,
    tags: Vec<(String, String)>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum OsmElementKind {
    #[default]
    Other,
    Node,
    Way,
    Relation,
}

impl OpenElement {
    /// Now that it ends: whether it is one to be looked at.
    fn is_complete(&self) -> bool {
        self.kind != OsmElementKind::Other && self.visible
    }

    fn tags(&self) -> OsmTags {
        OsmTags::from_pairs(self.pairs())
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tags.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }
}

/// What a file says of itself.
#[derive(Debug, Default)]
struct MapAbout {
    bounds: Vec<MapBounds>,
    remarks: Vec<String>,
}

/// Ways with `highway`, ferries, water, restrictions, bounds, places with names, remarks of the server.
pub(crate) fn first_pass(
    file: &MapFile<'_>,
    format: OsmFormat,
    keeps_waters: bool,
    watch: ImportWatch<'_>,
) -> Result<FirstPass, ImportError> {
    let mut found = FirstPass { keeps_waters, ..FirstPass::default() };
    let about = for_each_element(file, format, watch, |element| {
        let tags = element.tags();
        match (element.kind, PlaceTags::of(element.pairs())) {
            (OsmElementKind::Node, Some(place)) => {
                found.places.add_point(element.id, place, (element.lon, element.lat));
            }
            (OsmElementKind::Way, Some(place)) => {
                found.places.add_outline(element.id, place, element.refs.clone());
            }
            _ => {}
        }
        match element.kind {
            OsmElementKind::Way => found.add_way(element.id, tags, || std::mem::take(&mut element.refs)),
            OsmElementKind::Relation if OsmRelation::is_restriction(&tags) => {
                found.relations.push(OsmRelation {
                    id: element.id,
                    tags,
                    members: std::mem::take(&mut element.members),
                });
            }
            _ => {}
        }
    })?;
    found.bounds = about.bounds;
    found.server_remarks = about.remarks;
    Ok(found)
}

/// The nodes whose ids are in `needed` (ascending).
pub(crate) fn second_pass(
    file: &MapFile<'_>,
    format: OsmFormat,
    needed: &[i64],
    watch: ImportWatch<'_>,
) -> Result<Vec<OsmNode>, ImportError> {
    let mut found = Vec::new();
    for_each_element(file, format, watch, |element| {
        if element.kind == OsmElementKind::Node && needed.binary_search(&element.id).is_ok() {
            found.push(OsmNode::new(element.id, element.lon, element.lat, &element.tags()));
        }
    })?;
    Ok(found)
}

/// The points, ways and relations whose tags are wanted.
pub(crate) fn areas(
    file: &MapFile<'_>,
    format: OsmFormat,
    wanted: WantedTags<'_>,
    watch: ImportWatch<'_>,
) -> Result<FoundAreas, ImportError> {
    let mut found = FoundAreas::default();
    for_each_element(file, format, watch, |element| match element.kind {
        OsmElementKind::Node => {
            found.add_point(element.id, element.pairs(), (element.lon, element.lat), wanted);
        }
        OsmElementKind::Way => {
            found.add_way(element.id, element.pairs(), || element.refs.clone(), wanted);
        }
        OsmElementKind::Relation => {
            let ways = || {
                let ways = element.members.iter().filter(|member| member.kind == MemberKind::Way);
                ways.map(|way| (way.id, way.role == "inner")).collect()
            };
            found.add_relation(element.id, element.pairs(), ways, wanted);
        }
        OsmElementKind::Other => {}
    })?;
    Ok(found)
}

/// The nodes of the ways whose ids are in `needed` (ascending).
pub(crate) fn ways(
    file: &MapFile<'_>,
    format: OsmFormat,
    needed: &[i64],
    watch: ImportWatch<'_>,
) -> Result<Vec<(i64, Vec<i64>)>, ImportError> {
    let mut found = Vec::new();
    for_each_element(file, format, watch, |element| {
        if element.kind == OsmElementKind::Way && needed.binary_search(&element.id).is_ok() {
            found.push((element.id, std::mem::take(&mut element.refs)));
        }
    })?;
    Ok(found)
}

fn for_each_element(
    file: &MapFile<'_>,
    format: OsmFormat,
    watch: ImportWatch<'_>,
    mut visit: impl FnMut(&mut OpenElement),
) -> Result<MapAbout, ImportError> {
    let (path, opened) = (file.path(), file.open()?);
    let text = BufReader::with_capacity(1 << 16, opened.reader);
    let packed = format == OsmFormat::XmlGzip;
    let input: Box<dyn BufRead + '_> = if packed {
        Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(text)))
    } else {
        Box::new(text)
    };
    let mut reader = Reader::from_reader(MeasuredReader::new(input, opened.bytes, packed));
    let malformed = |position: u64, reason: String| ImportError::Malformed {
        path: path.to_path_buf(),
        reason: format!("{reason} (at byte {position} of the text)"),
    };
    let mut buffer = Vec::new();
    let mut about = MapAbout::default();
    let mut element = OpenElement::default();
    let mut stated_encoding: Option<String> = None;
    let (mut root_seen, mut root_closed, mut in_remark) = (false, false, false);
    // Elements that are open: 1 inside <osm>.
    let mut depth = 0u64;
    loop {
        watch.go_on()?;
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        if let Some(over) = reader.get_ref().over() {
            return Err(ImportError::TooLarge { path: path.to_path_buf(), reason: over.to_string() });
        }
        let position = reader.buffer_position();
        let fault = |reason: String| malformed(position, reason);
        let wrong = |wrong: ElementFault| match wrong {
            ElementFault::Said(reason) => malformed(position, reason),
            ElementFault::Encoding(bytes) => {
                encoding::fault_at(path, format!("byte {position}"), &bytes, stated_encoding.as_deref())
            }
        };
        match event.map_err(|e| fault(e.to_string()))? {
            Event::Start(start) => {
                if !root_seen {
                    if start.name().as_ref() != b"osm" {
                        return Err(foreign_root(path, start.name().as_ref())
                            .unwrap_or_else(|| fault("the root element is not <osm>".into())));
                    }
                    (root_seen, depth) = (true, 1);
                    reader.get_mut().begin_element();
                    continue;
                }
                if depth == 1 {
                    in_remark = start.name().as_ref() == b"remark";
                    open_element(&start, &mut element, &mut about.bounds).map_err(wrong)?;
                    reader.get_mut().begin_element();
                } else {
                    open_inner(&start, &mut element).map_err(wrong)?;
                }
                depth += 1;
            }
            Event::Empty(start) => {
                if !root_seen {
                    return Err(foreign_root(path, start.name().as_ref())
                        .unwrap_or_else(|| fault("the root element is not <osm> or is empty".into())));
                }
                if depth > 1 {
                    open_inner(&start, &mut element).map_err(wrong)?;
                    continue;
                }
                open_element(&start, &mut element, &mut about.bounds).map_err(wrong)?;
                reader.get_mut().begin_element();
                if element.is_complete() {
                    visit(&mut element);
                }
            }
            Event::End(end) => {
                in_remark = false;
                depth = depth.saturating_sub(1);
                if depth == 0 && end.name().as_ref() == b"osm" {
                    root_closed = true;
                } else if depth == 1 && element.is_complete() {
                    visit(&mut element);
                }
            }
            Event::Decl(declaration) => {
                stated_encoding = declaration
                    .encoding()
                    .and_then(Result::ok)
                    .map(|name| String::from_utf8_lossy(&name).into_owned())
                    .filter(|name| !name.eq_ignore_ascii_case("utf-8"));
            }
            Event::Text(text) if in_remark => {
                let text = String::from_utf8_lossy(&text).trim().to_string();
                if !text.is_empty() && about.remarks.len() < MOST_REMARKS {
                    about.remarks.push(text);
                }
            }
            Event::Text(text) if !root_seen && !text.iter().all(u8::is_ascii_whitespace) => {
                return Err(fault("it is not XML".into()));
            }
            Event::Eof => {
                if !root_closed {
                    let what = if root_seen { "the file breaks off before </osm>" } else { "it is not XML" };
                    return Err(fault(what.into()));
                }
                return Ok(about);
            }
            _ => {}
        }
    }
}

/// The fault of a file of another format, by its root element.
fn foreign_root(path: &Path, name: &[u8]) -> Option<ImportError> {
    by_root(&String::from_utf8_lossy(name)).map(|foreign| foreign.fault(path))
}

/// Something inside a node, way or relation. Servers also put boxes and centres there, which are not those of the file.
fn open_inner(start: &BytesStart<'_>, element: &mut OpenElement) -> Result<(), ElementFault> {
    match start.name().as_ref() {
        b"tag" => {
            let (key, value) = (text(start, "k")?, text(start, "v")?);
            element.tags.push((key.unwrap_or_default(), value.unwrap_or_default()));
        }
        b"nd" => element.refs.push(number(start, "ref")?),
        b"member" => {
            let kind = match text(start, "type")?.as_deref() {
                Some("node") => MemberKind::Node,
                Some("way") => MemberKind::Way,
                _ => MemberKind::Relation,
            };
            let role = text(start, "role")?.unwrap_or_default();
            element.members.push(RelationMember { kind, id: number(start, "ref")?, role });
        }
        _ => {}
    }
    Ok(())
}

/// An element that stands by itself.
fn open_element(
    start: &BytesStart<'_>,
    element: &mut OpenElement,
    bounds: &mut Vec<MapBounds>,
) -> Result<(), ElementFault> {
    let kind = match start.name().as_ref() {
        b"node" => OsmElementKind::Node,
        b"way" => OsmElementKind::Way,
        b"relation" => OsmElementKind::Relation,
        b"bounds" => {
            if bounds.len() <= MOST_BOUNDS {
                bounds.push(MapBounds {
                    west: number(start, "minlon")?,
                    south: number(start, "minlat")?,
                    east: number(start, "maxlon")?,
                    north: number(start, "maxlat")?,
                });
            }
            return Ok(());
        }
        _ => {
            element.kind = OsmElementKind::Other;
            return Ok(());
        }
    };
    let deleted = text(start, "action")?.as_deref() == Some("delete")
        || text(start, "visible")?.as_deref() == Some("false");
    *element = OpenElement { kind, id: number(start, "id")?, visible: !deleted, ..OpenElement::default() };
    if kind == OsmElementKind::Node && !deleted {
        element.lon = number(start, "lon")?;
        element.lat = number(start, "lat")?;
        let inside = element.lon.abs() <= 180.0 && element.lat.abs() <= 90.0;
        if !inside {
            return Err(format!("node {} lies at {}, {}", element.id, element.lon, element.lat).into());
        }
    }
    Ok(())
}

/// What is wrong with an element.
#[derive(Debug)]
enum ElementFault {
    /// What is wrong, in words with the element and the value.
    Said(String),
    /// Text that is not UTF-8.
    Encoding(Vec<u8>),
}

impl From<String> for ElementFault {
    fn from(said: String) -> Self {
        Self::Said(said)
    }
}

fn text(start: &BytesStart<'_>, key: &str) -> Result<Option<String>, ElementFault> {
    let name = || String::from_utf8_lossy(start.name().as_ref()).into_owned();
    let attribute = start.try_get_attribute(key).map_err(|e| format!("<{}>: {e}", name()))?;
    let Some(attribute) = attribute else { return Ok(None) };
    let raw = std::str::from_utf8(&attribute.value)
        .map_err(|_| ElementFault::Encoding(attribute.value.to_vec()))?;
    match quick_xml::escape::unescape(raw) {
        Ok(value) => Ok(Some(value.into_owned())),
        Err(e) => Err(format!("<{} {key}>: {e}", name()).into()),
    }
}

fn number<T: std::str::FromStr>(start: &BytesStart<'_>, key: &str) -> Result<T, ElementFault> {
    let name = || String::from_utf8_lossy(start.name().as_ref()).into_owned();
    let value = text(start, key)?.ok_or_else(|| format!("<{}> has no {key}", name()))?;
    value.trim().parse().map_err(|_| format!("<{} {key}='{value}'>: expected a number", name()).into())
}
