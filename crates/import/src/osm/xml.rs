//! Reading `.osm` and `.osm.gz`.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::ImportError;
use crate::osm::data::{
    Bounds, FirstPass, Member, MemberKind, OsmFormat, OsmNode, OsmRelation, OsmWay, Tags,
};

/// One element with what stands inside it.
#[derive(Debug, Default)]
struct Open {
    kind: Kind,
    id: i64,
    lon: f64,
    lat: f64,
    visible: bool,
    refs: Vec<i64>,
    members: Vec<Member>,
    tags: Vec<(String, String)>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Other,
    Node,
    Way,
    Relation,
}

impl Open {
    fn tags(&self) -> Tags {
        Tags::from_pairs(self.tags.iter().map(|(k, v)| (k.as_str(), v.as_str())))
    }
}

/// Ways with `highway`, ferries, restrictions, bounds.
pub(crate) fn first_pass(path: &Path, format: OsmFormat) -> Result<FirstPass, ImportError> {
    let mut found = FirstPass::default();
    let bounds = for_each_element(path, format, |element| {
        let tags = element.tags();
        match element.kind {
            Kind::Way if tags.is_way() => {
                found.ways.push(OsmWay { id: element.id, nodes: std::mem::take(&mut element.refs), tags });
            }
            Kind::Relation if OsmRelation::is_restriction(&tags) => {
                found.relations.push(OsmRelation {
                    id: element.id,
                    tags,
                    members: std::mem::take(&mut element.members),
                });
            }
            _ => {}
        }
    })?;
    found.bounds = bounds;
    Ok(found)
}

/// The nodes whose ids are in `needed` (ascending).
pub(crate) fn second_pass(
    path: &Path,
    format: OsmFormat,
    needed: &[i64],
) -> Result<Vec<OsmNode>, ImportError> {
    let mut found = Vec::new();
    for_each_element(path, format, |element| {
        if element.kind == Kind::Node && needed.binary_search(&element.id).is_ok() {
            found.push(OsmNode::new(element.id, element.lon, element.lat, &element.tags()));
        }
    })?;
    Ok(found)
}

fn for_each_element(
    path: &Path,
    format: OsmFormat,
    mut visit: impl FnMut(&mut Open),
) -> Result<Option<Bounds>, ImportError> {
    let file = File::open(path).map_err(|source| ImportError::Read { path: path.to_path_buf(), source })?;
    let file = BufReader::with_capacity(1 << 16, file);
    let input: Box<dyn BufRead> = match format {
        OsmFormat::XmlGzip => Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file))),
        _ => Box::new(file),
    };
    let mut reader = Reader::from_reader(input);
    let malformed = |position: u64, reason: String| ImportError::Malformed {
        path: path.to_path_buf(),
        reason: format!("{reason} (at byte {position} of the text)"),
    };
    let mut buffer = Vec::new();
    let mut bounds = None;
    let mut element = Open::default();
    let (mut root_seen, mut root_closed) = (false, false);
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        let position = reader.buffer_position();
        let fault = |reason: String| malformed(position, reason);
        match event.map_err(|e| fault(e.to_string()))? {
            Event::Start(start) => {
                if root_seen {
                    open_element(&start, &mut element, &mut bounds).map_err(fault)?;
                } else if start.name().as_ref() == b"osm" {
                    root_seen = true;
                } else {
                    return Err(fault("the root element is not <osm>".into()));
                }
            }
            Event::Empty(start) => {
                if !root_seen {
                    return Err(fault("the root element is not <osm> or is empty".into()));
                }
                open_element(&start, &mut element, &mut bounds).map_err(fault)?;
                if close_element(start.name().as_ref(), &mut element) {
                    visit(&mut element);
                }
            }
            Event::End(end) => {
                if end.name().as_ref() == b"osm" {
                    root_closed = true;
                } else if close_element(end.name().as_ref(), &mut element) {
                    visit(&mut element);
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
                return Ok(bounds);
            }
            _ => {}
        }
    }
}

/// Whether the element that ends here is one to be looked at.
fn close_element(name: &[u8], element: &mut Open) -> bool {
    let ends = match element.kind {
        Kind::Node => name == b"node",
        Kind::Way => name == b"way",
        Kind::Relation => name == b"relation",
        Kind::Other => false,
    };
    ends && element.visible
}

fn open_element(
    start: &BytesStart<'_>,
    element: &mut Open,
    bounds: &mut Option<Bounds>,
) -> Result<(), String> {
    let kind = match start.name().as_ref() {
        b"node" => Kind::Node,
        b"way" => Kind::Way,
        b"relation" => Kind::Relation,
        b"tag" => {
            let (key, value) = (text(start, "k")?, text(start, "v")?);
            element.tags.push((key.unwrap_or_default(), value.unwrap_or_default()));
            return Ok(());
        }
        b"nd" => {
            element.refs.push(number(start, "ref")?);
            return Ok(());
        }
        b"member" => {
            let kind = match text(start, "type")?.as_deref() {
                Some("node") => MemberKind::Node,
                Some("way") => MemberKind::Way,
                _ => MemberKind::Relation,
            };
            let role = text(start, "role")?.unwrap_or_default();
            element.members.push(Member { kind, id: number(start, "ref")?, role });
            return Ok(());
        }
        b"bounds" => {
            *bounds = Some(Bounds {
                west: number(start, "minlon")?,
                south: number(start, "minlat")?,
                east: number(start, "maxlon")?,
                north: number(start, "maxlat")?,
            });
            return Ok(());
        }
        _ => {
            element.kind = Kind::Other;
            return Ok(());
        }
    };
    let deleted = text(start, "action")?.as_deref() == Some("delete")
        || text(start, "visible")?.as_deref() == Some("false");
    *element = Open { kind, id: number(start, "id")?, visible: !deleted, ..Open::default() };
    if kind == Kind::Node && !deleted {
        element.lon = number(start, "lon")?;
        element.lat = number(start, "lat")?;
        let inside = element.lon.abs() <= 180.0 && element.lat.abs() <= 90.0;
        if !inside {
            return Err(format!("node {} lies at {}, {}", element.id, element.lon, element.lat));
        }
    }
    Ok(())
}

fn text(start: &BytesStart<'_>, key: &str) -> Result<Option<String>, String> {
    let name = || String::from_utf8_lossy(start.name().as_ref()).into_owned();
    let attribute = start.try_get_attribute(key).map_err(|e| format!("<{}>: {e}", name()))?;
    let Some(attribute) = attribute else { return Ok(None) };
    let raw = std::str::from_utf8(&attribute.value).map_err(|_| format!("<{} {key}>: not UTF-8", name()))?;
    match quick_xml::escape::unescape(raw) {
        Ok(value) => Ok(Some(value.into_owned())),
        Err(e) => Err(format!("<{} {key}>: {e}", name())),
    }
}

fn number<T: std::str::FromStr>(start: &BytesStart<'_>, key: &str) -> Result<T, String> {
    let name = || String::from_utf8_lossy(start.name().as_ref()).into_owned();
    let value = text(start, key)?.ok_or_else(|| format!("<{}> has no {key}", name()))?;
    value.trim().parse().map_err(|_| format!("<{} {key}='{value}'>: expected a number", name()))
}
