//! Segments as ways, with the nodes that they share and the turns that are forbidden.

use crate::ImportError;
use crate::map_file::MapFile;
use crate::osm::{MemberKind, OsmData, OsmNode, OsmRelation, OsmTags, OsmWay, RelationMember};
use crate::overture::line::{MeasuredLine, Place, of_wkb};
use crate::overture::parquet_table::{ParquetRow, columns, open, rows};
use crate::overture::rules::{RULES, Unused, cuts, tags};
use crate::watch::ImportWatch;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Columns of a segment.
const COLUMNS: [&str; 9] = [
    "id",
    "geometry",
    "subtype",
    "class",
    "subclass",
    "names",
    "connectors",
    "prohibited_transitions",
    "type",
];

/// Segments, read.
pub(super) struct ReadSegments {
    pub data: OsmData,
    pub notes: Vec<String>,
}

/// A road segment.
struct RoadSegmentRow {
    id: String,
    line: Vec<Place>,
    /// Connectors and where they are, shares of the length.
    connectors: Vec<(String, f64)>,
    columns: Map<String, Value>,
}

/// Reads the road segments of a file.
pub(super) fn read(file: &MapFile<'_>, watch: ImportWatch<'_>) -> Result<ReadSegments, ImportError> {
    // A file whose pages unpack can still hold values outside the format, at which the decoder panics.
    let read = catch_unwind(AssertUnwindSafe(|| read_rows(file, watch)));
    let (mut segments, not_roads) = read.unwrap_or_else(|_| {
        let reason = "it holds values outside the format".into();
        Err(ImportError::Malformed { path: file.path().to_path_buf(), reason })
    })?;
    segments.sort_by(|a, b| a.id.cmp(&b.id));
    segments.dedup_by(|a, b| a.id == b.id);
    Ok(Ways::default().made(segments, not_roads))
}

/// The segments of roads, and how many others there are.
fn read_rows(file: &MapFile<'_>, watch: ImportWatch<'_>) -> Result<(Vec<RoadSegmentRow>, u64), ImportError> {
    let malformed = |reason: String| ImportError::Malformed { path: file.path().to_path_buf(), reason };
    let reader = open(file.read()?).map_err(malformed)?;
    let there = columns(&reader);
    let missing: Vec<&str> = ["id", "geometry", "class", "connectors"]
        .into_iter()
        .filter(|name| !there.iter().any(|column| column == name))
        .collect();
    if !missing.is_empty() {
        return Err(ImportError::Foreign {
            path: file.path().to_path_buf(),
            what: format!("a Parquet file without the columns {} of Overture's segments", missing.join(", ")),
            hint: "get the segments of the area: `overturemaps download --bbox=W,S,E,N -f geoparquet --type=segment -o roads.parquet`"
                .into(),
        });
    }
    let wanted: Vec<&str> = COLUMNS.into_iter().chain(RULES).collect();
    let mut segments: Vec<RoadSegmentRow> = Vec::new();
    let mut not_roads: u64 = 0;
    for (number, row) in (1..).zip(rows(&reader, &wanted).map_err(malformed)?) {
        watch.go_on()?;
        let row = row.map_err(malformed)?;
        let text = |name: &str| row.columns.get(name).and_then(Value::as_str).unwrap_or_default();
        if !matches!(text("subtype"), "road" | "") {
            not_roads += 1;
            continue;
        }
        let id = text("id").to_owned();
        let Some(line) = of_wkb(&row.geometry) else {
            return Err(malformed(format!(
                "row {number}, segment '{id}': its geometry is no line of longitudes and latitudes in WKB"
            )));
        };
        let connectors = connectors(&row);
        if connectors.len() < 2 {
            return Err(malformed(format!(
                "row {number}, segment '{id}': {} connectors, expected two or more, each with connector_id and at",
                connectors.len()
            )));
        }
        segments.push(RoadSegmentRow { id, line, connectors, columns: row.columns });
    }
    Ok((segments, not_roads))
}

fn connectors(row: &ParquetRow) -> Vec<(String, f64)> {
    let list = row.columns.get("connectors").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|one| Some((one.get("connector_id")?.as_str()?.to_owned(), one.get("at")?.as_f64()?)))
        .collect()
}

/// Ways and nodes as they are made. Numbers of nodes are those of the connectors in the order of their ids, then of all other corners.
#[derive(Default)]
struct Ways {
    data: OsmData,
    connectors: HashMap<String, i64>,
    places: BTreeMap<i64, Place>,
    next_node: i64,
    /// Ways of each segment, with their nodes.
    of_segment: HashMap<String, Vec<usize>>,
    unused: Unused,
}

impl Ways {
    fn made(mut self, segments: Vec<RoadSegmentRow>, not_roads: u64) -> ReadSegments {
        let ids: BTreeSet<&str> = segments
            .iter()
            .flat_map(|segment| segment.connectors.iter().map(|(id, _)| id.as_str()))
            .collect();
        self.connectors = ids.into_iter().map(str::to_owned).zip(1..).collect();
        self.next_node = i64::try_from(self.connectors.len()).unwrap_or(i64::MAX - 1) + 1;
        let count = segments.len();
        for segment in &segments {
            self.add(segment);
        }
        for segment in &segments {
            self.forbid(segment);
        }
        self.data.nodes = self
            .places
            .iter()
            .map(|(id, (lon, lat))| OsmNode::new(*id, *lon, *lat, &OsmTags::default()))
            .collect();
        let mut notes = vec![format!(
            "{count} segments of roads became {} ways at {} connectors; {not_roads} of rails and water were left out",
            self.data.ways.len(),
            self.connectors.len()
        )];
        notes.extend(self.unused.iter().map(|(what, count)| format!("not heeded: {count} {what}")));
        notes.push("Overture has no lanes and no signals: lanes are those of the class".to_owned());
        ReadSegments { data: self.data, notes }
    }

    /// Makes ways of a segment: one for each part on which its rules are the same.
    fn add(&mut self, segment: &RoadSegmentRow) {
        let mut line = MeasuredLine::new(segment.line.clone());
        // corners are counted anew whenever one is put between others, so shares come first and numbers at the end
        let shares: Vec<f64> =
            segment.connectors.iter().map(|(_, at)| *at).chain(cuts(&segment.columns)).collect();
        for share in &shares {
            line.corner_at(*share);
        }
        let mut nodes: Vec<Option<i64>> = vec![None; line.places().len()];
        for (id, at) in &segment.connectors {
            nodes[line.corner_at(*at)] = self.connectors.get(id).copied();
        }
        let ends = [0, line.places().len() - 1];
        // also cut at connectors, so that a forbidden turn knows from which side it is meant
        let borders: BTreeSet<usize> =
            shares.iter().map(|share| line.corner_at(*share)).chain(ends).collect();
        let numbers: Vec<i64> =
            nodes.into_iter().map(|node| node.unwrap_or_else(|| self.new_node())).collect();
        for (number, place) in numbers.iter().zip(line.places()) {
            // where segments meet the first one says where
            self.places.entry(*number).or_insert(*place);
        }
        let borders: Vec<usize> = borders.into_iter().collect();
        for part in borders.windows(2) {
            let middle = (line.share_at(part[0]) + line.share_at(part[1])) / 2.0;
            let Some(tags) = tags(&segment.columns, middle, &mut self.unused) else { continue };
            let pairs = tags.iter().map(|(key, value)| (key.as_str(), value.as_str()));
            let id = i64::try_from(self.data.ways.len()).unwrap_or(i64::MAX - 1) + 1;
            self.of_segment.entry(segment.id.clone()).or_default().push(self.data.ways.len());
            self.data.ways.push(OsmWay {
                id,
                nodes: numbers[part[0]..=part[1]].to_vec(),
                tags: OsmTags::from_pairs(pairs),
            });
        }
    }

    fn new_node(&mut self) -> i64 {
        self.next_node += 1;
        self.next_node - 1
    }

    /// The turns that a segment forbids, those over one connector; longer ones are counted.
    fn forbid(&mut self, segment: &RoadSegmentRow) {
        let list = segment.columns.get("prohibited_transitions").and_then(Value::as_array);
        for ban in list.into_iter().flatten() {
            let sequence = ban.get("sequence").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
            let turn = match sequence {
                [one] => text(one, "connector_id").zip(text(one, "segment_id")),
                _ => None,
            };
            let is_for_cars = ban.get("when").is_none_or(|when| {
                let modes = when.get("mode").and_then(Value::as_array);
                let names = |mode: &Value| matches!(mode.as_str(), Some("vehicle" | "motor_vehicle" | "car"));
                modes.is_none_or(|modes| modes.is_empty() || modes.iter().any(names))
            });
            let heading = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
            let when = ban.get("when").filter(|when| !when.is_null());
            let is_at_times = heading(when.and_then(|when| when.get("during"))).is_some();
            let headings =
                [heading(when.and_then(|when| when.get("heading"))), heading(ban.get("final_heading"))];
            let turns = turn
                .filter(|_| is_for_cars && !is_at_times)
                .map_or_else(Vec::new, |(connector, to)| self.turns(&segment.id, &connector, &to, &headings));
            if turns.is_empty() {
                let what = "forbidden turns over several segments, at times or for others than cars";
                *self.unused.entry(what.to_owned()).or_default() += 1;
            }
            for members in turns {
                let id = i64::try_from(self.data.relations.len()).unwrap_or(i64::MAX - 1) + 1;
                let tags = OsmTags::from_pairs([("type", "restriction"), ("restriction", "no_turn")]);
                self.data.relations.push(OsmRelation { id, tags, members });
            }
        }
    }

    /// The ways before and behind a connector, of each turn that is meant: along a segment in its heading, or in both where none is named.
    fn turns(
        &self,
        from: &str,
        connector: &str,
        to: &str,
        headings: &[Option<String>; 2],
    ) -> Vec<Vec<RelationMember>> {
        let Some(via) = self.connectors.get(connector).copied() else { return Vec::new() };
        let ways = |segment: &str, is_forward: bool, is_before: bool| -> Vec<i64> {
            let ways = self.of_segment.get(segment).into_iter().flatten().map(|way| &self.data.ways[*way]);
            // whoever goes forward comes to the last node of a way and leaves from the first
            let meets = |way: &&OsmWay| {
                let end = if is_forward == is_before { way.nodes.last() } else { way.nodes.first() };
                end == Some(&via)
            };
            ways.filter(meets).map(|way| way.id).collect()
        };
        let along = |segment: &str, heading: &Option<String>, is_before: bool| -> Vec<i64> {
            match heading.as_deref() {
                Some("forward") => ways(segment, true, is_before),
                Some("backward") => ways(segment, false, is_before),
                _ => [ways(segment, true, is_before), ways(segment, false, is_before)].concat(),
            }
        };
        let member = |kind, id, role: &str| RelationMember { kind, id, role: role.to_owned() };
        let behind = along(to, &headings[1], false);
        along(from, &headings[0], true)
            .into_iter()
            .flat_map(|before| behind.iter().map(move |behind| (before, *behind)))
            .map(|(before, behind)| {
                vec![
                    member(MemberKind::Way, before, "from"),
                    member(MemberKind::Node, via, "via"),
                    member(MemberKind::Way, behind, "to"),
                ]
            })
            .collect()
    }
}
