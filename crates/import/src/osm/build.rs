//! From OpenStreetMap elements to a road map.

use std::collections::BTreeSet;

use clearway_model::FerryLine;

use crate::connect::drop_unconnected;
use crate::emit::emit;
use crate::geometry::length_m;
use crate::map_file::MapFile;
use crate::osm::data::{MemberKind, OsmData, OsmFormat, OsmWay};
use crate::osm::edge::mark_dead_ends;
use crate::osm::pieces::{UsedWay, cut_ways};
use crate::osm::residents::open_outward;
use crate::osm::restriction::apply_restrictions;
use crate::osm::state::state_of_class;
use crate::osm::waters::raised_roads;
use crate::osm::way::{WayNotes, WayRemark, WayUse, way_use};
use crate::remark::{MapElement, RemarkKind, RoadRemark, RoadTreatment};
use crate::simplify::simplify;
use crate::sources::{default_sources, map_sources};
use crate::watch::ImportWatch;
use crate::{ImportError, ImportOptions, ImportReport, RoadMap};

/// What must be printed beside everything that is made from the map.
const ATTRIBUTION: &str =
    "\u{a9} OpenStreetMap contributors, Open Database License 1.0, https://www.openstreetmap.org/copyright";

/// Columns whose figures the map itself states, at least in part.
const MAP_FIELDS: [(&str, &str); 5] = [
    ("node", "x_coord"),
    ("node", "y_coord"),
    ("link", "name"),
    ("link", "length_m"),
    ("movement", "prohibited"),
];

/// Where a map comes from.
pub(crate) struct MapOrigin {
    /// What reports call the format.
    pub format: &'static str,
    /// What must be printed beside everything that is made from the map.
    pub attribution: &'static str,
    /// Who says what it says.
    pub publisher: &'static str,
    /// Where it is said under which terms.
    pub url: &'static str,
}

/// Reads an OpenStreetMap file.
pub(crate) fn import_osm(
    file: &MapFile<'_>,
    format: OsmFormat,
    options: &ImportOptions,
    watch: ImportWatch<'_>,
) -> Result<RoadMap, ImportError> {
    let data = OsmData::read(file, format, options.waters, watch)?;
    if let Some(remark) = data.server_remarks.iter().find(|remark| says_incomplete(remark)) {
        return Err(ImportError::Incomplete { path: file.path().to_path_buf(), remark: shortened(remark) });
    }
    let origin = MapOrigin {
        format: format.name(),
        attribution: ATTRIBUTION,
        publisher: "OpenStreetMap contributors",
        url: "https://www.openstreetmap.org/copyright",
    };
    import_data(file, data, &origin, options, watch)
}

/// Makes a road map of elements of OpenStreetMap, wherever they were read.
pub(crate) fn import_data(
    file: &MapFile<'_>,
    mut data: OsmData,
    origin: &MapOrigin,
    options: &ImportOptions,
    watch: ImportWatch<'_>,
) -> Result<RoadMap, ImportError> {
    watch.begin("cutting roads into pieces", 0.6)?;
    let mut notes = WayNotes::default();
    let mut used: Vec<UsedWay> = Vec::new();
    let mut remarks = Vec::new();
    let mut private: BTreeSet<i64> = BTreeSet::new();
    let for_residents = ImportOptions { private_roads: true, ..options.clone() };
    for (way, osm) in data.ways.iter().enumerate() {
        watch.go_on()?;
        let used_as = if options.residents {
            let used_as = way_use(&osm.tags, &for_residents, &mut notes);
            let public = way_use(&osm.tags, options, &mut WayNotes::default());
            let open =
                |of: &Option<WayUse>| of.as_ref().map(|of| (of.forward.is_some(), of.backward.is_some()));
            if open(&used_as) != open(&public) {
                private.insert(osm.id);
            }
            used_as
        } else {
            way_use(&osm.tags, options, &mut notes)
        };
        remarks.extend(notes.remarks.drain(..).map(|remark| of_way(&data, osm, remark)));
        used.extend(used_as.map(|used_as| UsedWay { way, used_as }));
    }
    let mut asked: Vec<i64> =
        options.keep_nodes.iter().filter_map(|id| id.trim_end_matches('b').parse().ok()).collect();
    asked.sort_unstable();
    let mut cut = cut_ways(&data, &used, &pinned_nodes(&data, &asked), options);
    remarks.extend(data.not_roads.iter().map(not_road));
    remarks.extend(cut.gates.iter().map(|gate| of_gate(&data, *gate)));
    let mut report = ImportReport {
        remarks,
        file: file.file_name(),
        format: origin.format.into(),
        roads_read: data.ways.len() as u64,
        roads_used: used.len() as u64 - cut.without_nodes,
        excluded: notes.excluded,
        limited_access: notes.limited_access,
        not_understood: notes.not_understood,
        signals: cut.signals,
        barriers_closing: cut.barriers_closing,
        barriers_open: cut.barriers_open,
        barriers_ignored: cut.barriers_ignored,
        ..ImportReport::default()
    };
    if options.residents {
        let opened = open_outward(&mut cut.graph, &data, &private, options);
        report.notes.push(format!(
            "open outward to those who live behind them and closed to all others: {} pieces of private road, {} private gates",
            opened.roads, opened.gates
        ));
    }
    if cut.without_nodes > 0 {
        report.excluded.insert("without two neighbouring nodes in the file".into(), cut.without_nodes);
    }
    let graph = &mut cut.graph;
    if graph.segments.is_empty() {
        let found = format!("{} ways with highway, none of them open to these road users", data.ways.len());
        return Err(ImportError::NoRoads { path: file.path().to_path_buf(), found });
    }
    for junction in &mut graph.junctions {
        junction.is_pinned = asked.binary_search(&junction.number).is_ok();
    }
    report.junctions = graph.junctions.len() as u64;
    report.segments = graph.segments.len() as u64;
    let edge = mark_dead_ends(graph, &data, options);
    report.notes.push(format!(
        "roads cut at the map's edge: {} where nodes are missing, {} dead ends near the bounds",
        edge.missing_nodes, edge.near_bounds
    ));
    if data.bounds.is_empty() {
        report.notes.push(
            "the file does not say what it covers: a dead end near its edge is not known to be cut there"
                .into(),
        );
    }
    report.notes.extend(data.server_remarks.iter().map(|r| format!("remark in the file: {}", shortened(r))));
    if data.bounds.len() > 1 {
        report.notes.push(format!(
            "the file states {} boxes that it covers; the map's edge is that of all of them together",
            data.bounds.len()
        ));
    }
    watch.begin("turn restrictions", 0.7)?;
    report.restrictions = apply_restrictions(graph, &data.relations);
    let ferries = ferries(&data);
    let places = std::mem::take(&mut data.places);
    let waters = std::mem::take(&mut data.waters);
    let raised = if options.waters { raised_roads(&data, &used) } else { Vec::new() };
    drop(data);
    watch.begin("parts that are not joined", 0.8)?;
    report.dropped = drop_unconnected(graph, options.unconnected);
    for segment in graph.segments.iter().filter(|s| s.is_drivable()) {
        let km = segment.length_m / 1000.0;
        report.drivable_km += km;
        report.lanes_assumed_km += if segment.lanes_assumed { km } else { 0.0 };
        report.speed_assumed_km += if segment.speed_assumed { km } else { 0.0 };
    }
    watch.begin("contracting chains", 0.85)?;
    simplify(graph);
    watch.begin("writing tables", 0.9)?;
    let mut map = RoadMap {
        attribution: origin.attribution.into(),
        ferries,
        places,
        waters,
        raised,
        ..RoadMap::default()
    };
    emit(graph, options, &mut map);
    for row in &mut map.junctions {
        row.source = format!("{}, {}", origin.publisher, report.file);
    }
    map.sources = map_sources(origin.publisher, origin.url, &MAP_FIELDS, &format!("from {}", report.file));
    map.sources.extend(default_sources());
    report.nodes = map.nodes.len() as u64;
    report.links = map.links.len() as u64;
    report.movements = map.movements.len() as u64;
    report.boundary_nodes = map.boundary_nodes.len() as u64;
    if !options.walk {
        report
            .notes
            .push("ways for walkers alone were not read; a plan on foot needs an import with them".into());
    }
    map.report = report;
    watch.begin("done", 1.0)?;
    Ok(map)
}

/// Whether a server's remark says that it ended before all was written. Overpass: "runtime error: Query timed out in ..."
fn says_incomplete(remark: &str) -> bool {
    let remark = remark.to_ascii_lowercase();
    ["error", "timed out", "timeout", "out of memory", "aborted", "incomplete"]
        .iter()
        .any(|word| remark.contains(word))
}

/// A server may write anything.
fn shortened(remark: &str) -> String {
    remark.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}

/// What is said of a way, with where it lies.
fn of_way(data: &OsmData, way: &OsmWay, remark: WayRemark) -> RoadRemark {
    let line: Vec<(f64, f64)> = way
        .nodes
        .iter()
        .filter_map(|id| data.nodes.binary_search_by_key(id, |n| n.id).ok())
        .map(|at| (data.nodes[at].lon, data.nodes[at].lat))
        .collect();
    RoadRemark {
        element: MapElement::Way(way.id),
        kind: remark.kind,
        treatment: remark.treatment,
        tag: remark.tag,
        name: way.tags.get("name").or_else(|| way.tags.get("ref")).unwrap_or("").into(),
        class: way.tags.get("highway").unwrap_or("").into(),
        place: line.first().copied(),
        length_m: length_m(&line),
    }
}

/// What is said of a way that is no road yet or any more.
fn not_road((id, key, class): &(i64, String, String)) -> RoadRemark {
    let state = key.split(':').next().unwrap_or(key);
    RoadRemark {
        element: MapElement::Way(*id),
        kind: state_of_class(state).unwrap_or(RemarkKind::Disused),
        treatment: RoadTreatment::LeftOut,
        tag: format!("{key}={class}"),
        name: String::new(),
        class: String::new(),
        place: None,
        length_m: 0.0,
    }
}

/// What is said of a barrier.
fn of_gate(data: &OsmData, (node, kind, treatment): (usize, RemarkKind, RoadTreatment)) -> RoadRemark {
    let node = &data.nodes[node];
    RoadRemark {
        element: MapElement::Node(node.id),
        kind,
        treatment,
        tag: node.gate.as_ref().map_or_else(String::new, |gate| gate.tag.clone()),
        name: String::new(),
        class: String::new(),
        place: Some((node.lon, node.lat)),
        length_m: 0.0,
    }
}

/// Ferries of the file, which carry no vehicle in the network.
fn ferries(data: &OsmData) -> Vec<FerryLine> {
    let ways =
        data.ways.iter().filter(|way| way.tags.is("route", "ferry") && way.tags.get("highway").is_none());
    ways.map(|way| {
        let name = way.tags.get("name").or_else(|| way.tags.get("ref"));
        let places = way.nodes.iter().filter_map(|id| {
            let at = data.nodes.binary_search_by_key(id, |node| node.id).ok()?;
            Some([data.nodes[at].lon, data.nodes[at].lat])
        });
        FerryLine {
            name: name.map_or_else(|| format!("way {}", way.id), str::to_owned),
            course: places.collect(),
        }
    })
    .collect()
}

/// Nodes at which ways are cut even if nothing else meets there: those asked for, and those at which a turn is restricted.
fn pinned_nodes(data: &OsmData, asked: &[i64]) -> Vec<i64> {
    let via = data
        .relations
        .iter()
        .flat_map(|relation| &relation.members)
        .filter(|member| member.kind == MemberKind::Node && member.role == "via")
        .map(|member| member.id);
    via.chain(asked.iter().copied()).collect::<BTreeSet<_>>().into_iter().collect()
}
