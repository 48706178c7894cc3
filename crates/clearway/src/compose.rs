//! `compose`: a road map, an area and a number of people become a scenario.

use crate::artifacts::{Files, folder};
use crate::error::Error;
use crate::flood::FloodRequest;
use crate::given_maps::{ReadableRequest, with_readable_files};
use crate::import::{PrivateRoadUse, options, read_map};
use crate::input::InputFile;
use crate::map_junctions::add_junctions;
use crate::session::Session;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_compose::{
    ComposeInputs, ComposeReport, ComposedTables, MapRelief, MobilizationSpeed, NamedBytes, RoadNetwork,
    check_request,
};
use clearway_formats::{check_scenario, scenario_folder};
use clearway_import::{ImportOptions, ImportReport, RoadMap, TntpOptions};
use clearway_model::{Context, Fault, Faults, Figure, Mode, Scenario, Store};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a scenario is made from, beside the store with its road map. What is not given gets a default, which `sources.csv` names with its
/// source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ComposeRequest {
    /// The map's file in the store: `.osm.pbf`, `.osm`, `.osm.gz`, `X_net.tntp` or a table of GMNS, with the files that belong to it in the
    /// same folder; `None`: GMNS tables at the top of the store.
    pub map: Option<String>,
    /// Who may use private roads and gates.
    pub private_roads: PrivateRoadUse,
    /// Take what the map says of stops, give-ways and roundabouts into `junctions.csv`, which the simulation reads and no plan; maps of
    /// OpenStreetMap alone say it.
    pub junctions: bool,
    /// Units of a TNTP map that its file does not state.
    pub tntp: TntpOptions,
    /// One line that names the scenario.
    pub name: String,
    /// What kind of situation it is.
    pub context: Context,
    /// Polygons of the area that people leave: GeoJSON, a zipped shapefile, a GeoPackage, KML, KMZ or a CAP alert, as all maps here; `None`: those of the zones together.
    pub area: Option<InputFile>,
    /// How many people are there; `None`: as the population or the zones say.
    pub people: Option<i64>,
    /// Low end of their range.
    pub people_low: Option<i64>,
    /// High end of their range.
    pub people_high: Option<i64>,
    /// Where people are: a table of points (`lon`, `lat`, `people`) or by p-code, as CSV or a workbook, or a GeoTIFF of counts per cell.
    pub population: Option<InputFile>,
    /// Polygons with names, p-codes and counts, or a table with a column of shapes in WKT; `None`: the area is divided.
    pub zones: Option<InputFile>,
    /// How many zones to make; unused where zones are given.
    pub zone_count: Option<usize>,
    /// A map or a table of places that receive people; `None`: where roads leave the area.
    pub sites: Option<InputFile>,
    /// The exits to use: `exits.csv` of an earlier run, edited, or a list of one's own. Not with `sites`.
    pub exits: Option<InputFile>,
    /// Farthest that zones and sites are joined to a road, m; `None`: 500.
    pub join_within_m: Option<f64>,
    /// Polygons of hazards with times: a map, alerts in CAP or of the National Weather Service, or detections of active fires (NASA FIRMS),
    /// as a table or a map of points.
    pub hazards: Option<InputFile>,
    /// How far around the footprint of a detected fire is closed too, m; `None`: 0. Unused for other hazards.
    pub fire_buffer_m: Option<f64>,
    /// A flood from the height of the ground and levels of the water.
    pub flood: Option<FloodRequest>,
    /// By vehicle or on foot.
    pub mode: Mode,
    /// People per vehicle; unused on foot.
    pub people_per_vehicle: Option<f64>,
    /// How quickly people become ready to leave; `None`: [`MobilizationSpeed::Fast`].
    pub mobilization: Option<MobilizationSpeed>,
    /// RFC 3339 time with offset: the moment of time 0.
    pub start: Option<String>,
    /// IANA time zone, for display.
    pub time_zone: Option<String>,
    /// Planning horizon, ms: arrivals after it do not count.
    pub horizon_ms: Option<i64>,
}

impl Default for ComposeRequest {
    fn default() -> Self {
        Self {
            map: None,
            private_roads: PrivateRoadUse::Nobody,
            junctions: false,
            tntp: TntpOptions::default(),
            name: "scenario".to_owned(),
            context: Context::Disaster,
            area: None,
            people: None,
            people_low: None,
            people_high: None,
            population: None,
            zones: None,
            zone_count: None,
            sites: None,
            exits: None,
            join_within_m: None,
            hazards: None,
            fire_buffer_m: None,
            flood: None,
            mode: Mode::Vehicle,
            people_per_vehicle: None,
            mobilization: None,
            start: None,
            time_zone: None,
            horizon_ms: None,
        }
    }
}

/// A scenario that was made.
#[derive(Debug)]
#[non_exhaustive]
pub struct Composed {
    /// Settings and tables, with the digest of its folder.
    pub scenario: Scenario,
    /// What was read from the map, assumed and left out.
    pub import: ImportReport,
    /// What was made of it; its warnings are of what was given. Those of the tables come with [`check`](crate::check()) of the files.
    pub report: ComposeReport,
    files: Files,
}

/// Makes a scenario: zones, sites, centroid connectors, a mobilization curve and a record of sources. `roads` holds the road map, which is
/// read piece by piece where it is one of OpenStreetMap ([`Store::open`]). The same input gives the same bytes.
///
/// # Errors
/// [`Error::Invalid`] with all faults of request, files and map together; [`Error::Import`] where nothing but the map is at fault;
/// [`Error::Cancelled`], always without an answer.
///
/// ```
/// use clearway::{ComposeRequest, InputFile, MemoryStore, PlanRequest, Session, compose, load, plan};
///
/// // A street of 556 m, and a road that leaves the area at its end.
/// let roads: MemoryStore = [
///     ("node.csv", "node_id,x_coord,y_coord\nA,0.000,0.0\nB,0.005,0.0\nC,0.030,0.0\n"),
///     (
///         "link.csv",
///         "link_id,name,from_node_id,to_node_id,directed,facility_type,length,lanes,free_speed\n\
///          1,Long Street,A,B,0,residential,556,1,30\n2,Way Out,B,C,1,primary,2783,1,60\n",
///     ),
/// ]
/// .into_iter()
/// .collect();
/// let area = r#"{"type": "Polygon", "coordinates": [[[-0.001, -0.001], [0.007, -0.001], [0.007, 0.001], [-0.001, 0.001], [-0.001, -0.001]]]}"#;
/// let mut request = ComposeRequest::default();
/// request.area = Some(InputFile::new("area.geojson", area));
/// request.people = Some(500);
/// request.zone_count = Some(1);
/// let session = Session::new().with_threads(1);
/// let composed = compose(&session, &request, &roads)?;
/// assert_eq!(composed.scenario.zones.iter().map(|zone| zone.people).sum::<i64>(), 500);
/// // What the folder will hold is a scenario that can be planned as it is.
/// let planned = plan(&session, &load(&MemoryStore::from(composed.artifacts()))?, &PlanRequest::default())?;
/// assert_eq!(planned.answer().map(|answer| answer.summary.people.arrived), Some(500));
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn compose(session: &Session, request: &ComposeRequest, roads: &dyn Store) -> Result<Composed, Error> {
    let readable = with_readable_files(request);
    if readable.faults.has_errors() || own_faults(request).has_errors() {
        return Err(cannot(check_compose(session, request, roads)?));
    }
    let request = &*readable.request;
    let inputs = inputs(request, session);
    let mut map = match read_map(session, roads, request.map.as_deref(), &import_options(request)) {
        Ok(map) => map,
        Err(Error::Import(error)) => {
            let others = check_request(&inputs);
            session.go_on()?;
            return Err(if others.0.is_empty() {
                error.into()
            } else {
                let mut faults = Faults(vec![map_fault(request, roads, &error)]);
                faults.0.extend(others.0);
                cannot(faults)
            });
        }
        Err(other) => return Err(other),
    };
    let import = map.report.clone();
    let approaches = if request.junctions { std::mem::take(&mut map.junctions) } else { Vec::new() };
    session.progress().tell("zones, sites", 0.5);
    let ComposedTables {
        mut scenario,
        zones_geojson,
        sites_geojson,
        hazards_geojson,
        water_geojson,
        exits_csv,
        mut report,
    } = clearway_compose::compose(network(map), &inputs)
        .map_err(|error| Error::of_compose(CANNOT.to_owned(), error))?;
    report.warnings.0.splice(0..0, readable.faults.0);
    report.notes.extend(readable.notes);
    if request.junctions {
        report.notes.push(add_junctions(&mut scenario, approaches));
    }
    // What the check refuses is no answer.
    let refused = check_scenario(&scenario);
    if refused.has_errors() {
        return Err(cannot(refused));
    }
    session.go_on()?;
    let mut extra = vec![
        ("zones.geojson", zones_geojson),
        ("sites.geojson", sites_geojson),
        ("import.txt", format!("{import:#}").into_bytes()),
    ];
    extra.extend(hazards_geojson.map(|bytes| ("hazards.geojson", bytes)));
    extra.extend(water_geojson.map(|bytes| ("water.geojson", bytes)));
    extra.extend(exits_csv.map(|bytes| ("exits.csv", bytes)));
    let (files, digest) = scenario_folder(&scenario, &extra)?;
    let files = files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
    scenario.digest = digest;
    Ok(Composed { scenario, import, report, files })
}

/// What is wrong with a request, its files and its map, as far as that shows before a scenario is made of them. The faults have warnings
/// among them; where nothing is wrong there may be none.
///
/// # Errors
/// [`Error::Cancelled`].
pub fn check_compose(
    session: &Session,
    request: &ComposeRequest,
    roads: &dyn Store,
) -> Result<Faults, Error> {
    let ReadableRequest { request: readable, faults: unreadable, .. } = with_readable_files(request);
    let mut faults = own_faults(request);
    match read_map(session, roads, request.map.as_deref(), &import_options(request)) {
        Err(Error::Import(error)) => faults.push(map_fault(request, roads, &error)),
        Err(other) => return Err(other),
        Ok(_) => {}
    }
    // what is left out because it cannot be read is not missing
    let others = check_request(&inputs(&readable, session)).0;
    let is_about_request = |fault: &Fault| fault.file == "request" && unreadable.has_errors();
    faults.0.extend(others.into_iter().filter(|fault| !is_about_request(fault)));
    faults.0.extend(unreadable.0);
    session.go_on()?;
    Ok(faults)
}

/// What messages say has the faults.
const CANNOT: &str = "the scenario cannot be made";

fn cannot(faults: Faults) -> Error {
    Error::Invalid { of: CANNOT.to_owned(), faults }
}

/// Faults between the fields of a request.
fn own_faults(request: &ComposeRequest) -> Faults {
    let mut faults = Faults::default();
    for (field, end) in [("people_low", request.people_low), ("people_high", request.people_high)] {
        if let (Some(end), None) = (end, request.people) {
            faults.push(Fault::error("request", "", "people, whose range it is").field(field, end));
        }
    }
    faults
}

/// A map that cannot be read, as one fault beside others.
fn map_fault(request: &ComposeRequest, roads: &dyn Store, error: &clearway_import::ImportError) -> Fault {
    let path = Path::new(&roads.label()).join(request.map.as_deref().unwrap_or_default());
    let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Fault::error(file, "", "a road map that can be read").hint(error.to_string())
}

fn import_options(request: &ComposeRequest) -> ImportOptions {
    ImportOptions {
        walk: request.mode == Mode::Walk,
        waters: request.flood.is_some(),
        ..options(request.private_roads, request.tntp)
    }
}

/// A request as the crate that does the work takes it; files are borrowed.
fn inputs<'r>(request: &'r ComposeRequest, session: &Session) -> ComposeInputs<'r> {
    let given = |file: &'r Option<InputFile>| {
        file.as_ref().map(|file| NamedBytes::borrowed(file.file_name(), file.bytes()))
    };
    ComposeInputs {
        area: given(&request.area),
        people: request.people.map(|n| Figure::new(n, request.people_low, request.people_high)),
        population: given(&request.population),
        zones: given(&request.zones),
        sites: given(&request.sites),
        exits: given(&request.exits),
        join_within_m: request.join_within_m,
        hazards: given(&request.hazards),
        flood: request.flood.as_ref().map(FloodRequest::inputs),
        zone_count: request.zone_count,
        mode: request.mode,
        people_per_vehicle: request.people_per_vehicle.map(|x| Figure::new(x, None, None)),
        release: request.mobilization,
        context: request.context,
        start: request.start.clone(),
        time_zone: request.time_zone.clone(),
        horizon_ms: request.horizon_ms,
        cancel: session.cancel().clone(),
        ..ComposeInputs::new(request.name.clone())
    }
}

/// A road map as the network of a scenario that is to be made.
fn network(map: RoadMap) -> RoadNetwork {
    let excluded = map.report.excluded.into_iter();
    RoadNetwork {
        nodes: map.nodes,
        links: map.links,
        movements: map.movements,
        boundary_nodes: map.boundary_nodes,
        attribution: map.attribution,
        sources: map.sources,
        ferries: map.ferries,
        places: map.places,
        relief: MapRelief { waters: map.waters, raised: map.raised },
        left_out: excluded.filter(|(reason, _)| reason.starts_with("access=")).collect(),
    }
}

impl Composed {
    /// The files of the folder: tables, shapes, `import.txt`, and `exits.csv` where people leave by exits.
    pub fn artifacts(&self) -> Artifacts {
        folder(FolderKind::Scenario, Disclosure::Full, self.files.clone())
    }

    /// What was read and made, for a terminal.
    pub fn in_words(&self) -> String {
        format!("{}{}", self.import, self.report).trim_end().to_owned()
    }
}
