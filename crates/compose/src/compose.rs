//! The way from a request to a scenario, step by step.

use crate::area_check::check_area;
use crate::arrivals::ArrivalSites;
use crate::assumptions::{AssumptionBasis, assumptions};
use crate::connectors::{PeoplePlaces, street_length_at_nodes};
use crate::density::check_density;
use crate::error::{ComposeError, go_on};
use crate::exit_list::{confirmed, exits_csv};
use crate::exit_sites::{ExitHazards, ExitSite, MOST_SITES, exit_sites};
use crate::exits::{ExitKind, FoundExits, MARGIN_M, distances, find_exits};
use crate::features::{FeatureShape, GivenFeature};
use crate::flood::{FloodField, FloodInputs, flood_closures};
use crate::given::{GivenInputs, read};
use crate::hazards::{hazard_id, resolve_hazards};
use crate::join::RoadEnds;
use crate::mobilize::mobilization_curve;
use crate::names::name_zones;
use crate::nearest::{RoadIndex, WITHIN_M, local_roads, remnants};
use crate::people::{people_of_zones, places, zones_of_area};
use crate::region::AreaRegion;
use crate::report::{ComposeReport, ComposedTables};
use crate::request::{ComposeInputs, MobilizationSpeed, RoadNetwork};
use crate::roads::IndexedRoads;
use crate::settings::settings_of;
use crate::shapes;
use crate::site_roads::{SiteRoads, ends_of_given_sites, roads_of_site};
use crate::sites::SiteDraft;
use crate::sources::{OUR_DEFAULT, SourceRows, of_request};
use crate::streets::{StreetPiece, is_residential, is_street, one_per_street, pieces};
use crate::zones::ZoneDraft;
use clearway_model::{ConnectorRow, Fault, Faults, FerryLine, Scenario, SourceRow, SourceStatus};
use clearway_text::span_text;
use std::collections::{BTreeMap, BTreeSet};

/// Makes a scenario of a road network and a request.
///
/// The same input gives the same scenario, byte for byte. The people of all zones sum exactly to those asked for.
///
/// # Errors
/// All faults of what was given, together: files that cannot be read, figures out of their limits, places where there are no
/// roads, an area that no road leaves. [`ComposeError::Cancelled`] soon after `request.cancel` is.
pub fn compose(network: RoadNetwork, request: &ComposeInputs) -> Result<ComposedTables, ComposeError> {
    let cancel = &request.cancel;
    let mut faults = Faults::default();
    let roads = match IndexedRoads::new(network, request.mode) {
        Ok(roads) => Some(roads),
        Err(found) => {
            faults.0.extend(found.0);
            None
        }
    };
    let given = read(request, roads.as_ref().and_then(IndexedRoads::frame), &mut faults);
    go_on(cancel)?;
    let (Some(roads), Some(given)) = (roads, given) else { return Err(faults.into()) };
    let area_file = request.area.as_ref().or(request.zones.as_ref()).map_or("area", |input| &input.name);
    let area_km2 = check_area(area_file, &given.area, roads.frame(), &mut faults);
    let mut report = ComposeReport { warnings: faults, area_km2, ..ComposeReport::default() };
    report.notes.extend(given.notes.iter().cloned());
    let mut sources = SourceRows::default();
    of_request(request, &mut sources);
    let ferries = ferries_near(&roads, &given);
    let flood = match &request.flood {
        Some(inputs) => Some(FloodField::new(inputs, &roads.network.relief, cancel)?),
        None => None,
    };
    let water_geojson = flood.as_ref().map(|flood| flood.map_of(&roads.network.relief));

    let received = receive(roads, &given, flood.as_ref(), request, &mut sources, &mut report);
    let (roads, mut arrivals, exits_csv) = received.map_err(|found| with_warnings(&report, found))?;
    go_on(cancel)?;
    let streets =
        AreaStreets::find(&roads, &given.area, &mut report).map_err(|found| with_warnings(&report, found))?;
    let zones =
        make_zones(&given, &roads, (&streets, &arrivals.goals(&roads)), request, &mut sources, &mut report)
            .map_err(|found| with_warnings(&report, found))?;
    go_on(cancel)?;
    let (mut zones, connectors) =
        join(&roads, &given.area, &mut arrivals, &streets, zones, request, &mut report);

    go_on(cancel)?;
    let mode = request.release.unwrap_or_default();
    if mode != MobilizationSpeed::Instant {
        for zone in &mut zones {
            mode.id().clone_into(&mut zone.row.mobilization_id);
        }
    }
    report.people = zones.iter().map(|z| z.row.people).sum();
    report.zones = zones.len();
    report.sites = arrivals.sites.len();
    report.links = roads.network.links.len();
    warn_of_nobody(request, &mut report);
    let file = request.zones.as_ref().map_or("zones", |input| input.name.as_str());
    check_density(&zones, file, &mut report.warnings);
    let left_out = roads.network.left_out.clone();
    let scenario = Scenario {
        settings: settings_of(request, &roads.network.attribution),
        zones: zones.iter().map(|z| z.row.clone()).collect(),
        releases: mobilization_curve(mode),
        sites: arrivals.sites.iter().map(|s| s.row.clone()).collect(),
        connectors,
        closures: Vec::new(),
        windows: Vec::new(),
        junctions: Vec::new(),
        sources: roads.network.sources.iter().cloned().chain(sources.0).collect(),
        assumptions: Vec::new(),
        nodes: roads.network.nodes,
        links: roads.network.links,
        movements: roads.network.movements,
        groups: None,
        digest: String::new(),
    };
    let mut composed = ComposedTables {
        zones_geojson: shapes::of_zones(&zones),
        sites_geojson: shapes::of_sites(&arrivals.sites),
        hazards_geojson: given.hazards.as_deref().map(shapes::of_hazards),
        water_geojson,
        exits_csv,
        scenario,
        report,
    };
    close(&mut composed, request, &given)?;
    if let (Some(field), Some(inputs)) = (&flood, &request.flood) {
        close_flooded(&mut composed, field, inputs);
    }
    composed.scenario.assumptions = assumptions(&AssumptionBasis {
        report: &composed.report,
        exits: &arrivals.kinds(),
        idle_hazards: idle_hazards(&composed, &given),
        ferries: &ferries,
        left_out: &left_out,
    });
    Ok(composed)
}

/// Faults, after what is worth a look.
fn with_warnings(report: &ComposeReport, found: Faults) -> Faults {
    let mut all = report.warnings.clone();
    all.0.extend(found.0);
    all
}

/// Hazards as given that close nothing.
fn idle_hazards(composed: &ComposedTables, given: &GivenInputs) -> usize {
    let causes: BTreeSet<&str> = composed.scenario.closures.iter().map(|row| row.cause.as_str()).collect();
    let hazards = given.hazards.iter().flatten().enumerate();
    hazards.filter(|(at, feature)| !causes.contains(hazard_id(*at, feature).as_str())).count()
}

/// Names of the ferries that touch the area, or the surroundings of a given site, by which people could leave and do not.
fn ferries_near(roads: &IndexedRoads, given: &GivenInputs) -> Vec<String> {
    let places = given.sites.iter().flat_map(|(sites, _)| sites.iter().map(|site| site.at));
    let places: Vec<_> = places.collect();
    let plane = given.area.plane();
    let is_near = |ferry: &FerryLine| {
        ferry.course.iter().any(|&at| {
            given.area.distance_m(at) <= MARGIN_M || places.iter().any(|&p| plane.distance(p, at) <= MARGIN_M)
        })
    };
    let near: BTreeSet<String> =
        roads.network.ferries.iter().filter(|ferry| is_near(ferry)).map(|ferry| ferry.name.clone()).collect();
    near.into_iter().collect()
}

type ReceivedRoads = (IndexedRoads, ArrivalSites, Option<Vec<u8>>);

/// Where people arrive, with the roads that are kept and the list of exits.
fn receive(
    roads: IndexedRoads,
    given: &GivenInputs,
    flood: Option<&FloodField>,
    request: &ComposeInputs,
    sources: &mut SourceRows,
    report: &mut ComposeReport,
) -> Result<ReceivedRoads, Faults> {
    let mut faults = Faults::default();
    let has_roads = (0..roads.tail.len()).any(|l| {
        roads.is_usable(l)
            && [roads.tail[l], roads.head[l]].into_iter().any(|n| given.area.covers(roads.place(n)))
    });
    if !has_roads {
        faults.push(Fault::error("area", "", "an area with roads").hint(
            "no junction or end of a road lies in it: check that the area is drawn around roads of the map",
        ));
    }
    let received = match &given.sites {
        Some((sites, rows)) => receive_at_sites(roads, &given.area, sites, rows, request, sources, report)
            .map(|(r, a)| (r, a, None)),
        None => receive_at_exits(roads, given, flood, request, sources, report),
    };
    match received {
        Ok(received) if !faults.has_errors() => Ok(received),
        Ok(_) => Err(faults),
        Err(found) => {
            // Without roads there are no exits either, which need not be said as well.
            if given.sites.is_some() || !faults.has_errors() {
                faults.0.extend(found.0);
            }
            Err(faults)
        }
    }
}

/// Faults and warnings of a request as far as they show without roads.
pub fn check_request(request: &ComposeInputs) -> Faults {
    let mut faults = Faults::default();
    let _ = read(request, None, &mut faults);
    faults
}

fn error(file: &str, expected: &str, hint: &str) -> Faults {
    Faults(vec![Fault::error(file, "", expected).hint(hint)])
}

/// Most proposals that a fault lists.
const LISTED: usize = 40;

/// Sites where roads leave the area. Roads are kept in the area and within 500 m of it: beyond, people have arrived.
fn receive_at_exits(
    roads: IndexedRoads,
    given: &GivenInputs,
    flood: Option<&FloodField>,
    request: &ComposeInputs,
    sources: &mut SourceRows,
    report: &mut ComposeReport,
) -> Result<ReceivedRoads, Faults> {
    let area = &given.area;
    let distance = distances(&roads, area);
    let FoundExits { mut exits, mut proposals, unreached, goes_on } = find_exits(&roads, area, &distance);
    if let Some(list) = &given.exits {
        exits = confirmed(&roads, area, list)?;
        proposals.retain(|proposal| !exits.iter().any(|exit| exit.node == proposal.exit.node));
    }
    if !unreached.is_empty() {
        report.notes.push(format!(
            "roads that leave the area and that no road in it leads to, not counted as exits: {}",
            unreached.join(", ")
        ));
    }
    let list = exits_csv(&roads, &exits, &proposals);
    report.proposed_exits = proposals.iter().map(|proposal| proposal.in_words(&roads)).collect();
    if exits.is_empty() {
        let mut hint =
            "give sites, or check that the area is drawn around roads of the map and smaller than the map"
                .to_owned();
        if !proposals.is_empty() {
            let text = String::from_utf8_lossy(&list);
            let mut lines = text.lines();
            let header = lines.next().unwrap_or_default();
            let rows: Vec<String> = lines.take(LISTED).map(|row| format!("'{row}'")).collect();
            // a message is one line: each row of the table stands in quotes
            hint = format!(
                "{} places could be ways out and nothing says that they are; make a table of those that are, with yes for no, and give it \
                 with --exits; its first line is '{header}', and the rows begin {}",
                proposals.len(),
                rows.join(", ")
            );
        }
        return Err(error("area", "an area that a road leaves, or exits that somebody has confirmed", &hint));
    }
    let regions = given.hazards.iter().flatten().filter_map(region_of).collect();
    let made = exit_sites(&roads, area, &exits, &ExitHazards { regions, flood });
    if made.len() < exits.len() {
        report.notes.push(format!(
            "{} places where a road leaves the area make {} sites: those of one road, or, above {MOST_SITES} sites, those near each other",
            exits.len(),
            made.len()
        ));
    }
    let id = |node: usize| roads.network.nodes[node].node_id.clone();
    let (sites, ends) = made
        .into_iter()
        .map(|ExitSite { site, nodes }| (site, nodes.into_iter().map(|n| (id(n), 0)).collect()))
        .unzip();
    let kinds: BTreeMap<String, ExitKind> = exits.iter().map(|exit| (id(exit.node), exit.kind)).collect();
    let beyond = (0..roads.node_count()).filter(|&node| goes_on[node]).map(id).collect();
    let arrivals = ArrivalSites { sites, ends, exits: Some(kinds), beyond };
    match &request.exits {
        Some(input) => {
            sources.add("sites", "site_id", SourceStatus::Published, &input.name, "exits as given in the file");
        }
        None => sources.add(
            "sites",
            "site_id",
            SourceStatus::Default,
            OUR_DEFAULT,
            "the first node outside the area on every road that goes on from there, and every node in the area at which the map cuts a road; \
             exits.csv lists them and what else could be a way out",
        ),
    }
    sources.add(
        "sites",
        "capacity_people",
        SourceStatus::Assumed,
        OUR_DEFAULT,
        "no limit: people have arrived where they leave the area; what lies beyond is not looked at",
    );
    // A road that leaves the area is kept however far its first node outside is, and so is a way to an exit that somebody has named.
    let mut goals = vec![false; roads.node_count()];
    exits.iter().filter(|exit| exit.kind == ExitKind::Confirmed).for_each(|exit| goals[exit.node] = true);
    let (leads_on, from_area) = ways_between(&roads, &distance, &goals);
    let all = roads.network.links.len();
    let kept: Vec<bool> = (0..all)
        .map(|l| {
            let (tail, head) = (roads.tail[l], roads.head[l]);
            let (near, far) = (distance[tail].min(distance[head]), distance[tail].max(distance[head]));
            far <= MARGIN_M || near == 0.0 || (from_area[tail] && leads_on[head])
        })
        .collect();
    let roads = roads.keep(|l| kept[l])?;
    report.links_left_out = all - roads.network.links.len();
    Ok((roads, arrivals, Some(list)))
}

/// Which nodes lead to a goal, and which can be reached from the area.
fn ways_between(roads: &IndexedRoads, distance: &[f64], goals: &[bool]) -> (Vec<bool>, Vec<bool>) {
    let inside: Vec<bool> = distance.iter().map(|&metres| metres == 0.0).collect();
    (roads.can_reach(goals), roads.reachable_from(&inside))
}

fn region_of(feature: &GivenFeature) -> Option<AreaRegion> {
    match &feature.shape {
        FeatureShape::Polygons(polygons) => AreaRegion::new(polygons.clone()),
        FeatureShape::Point(_) => None,
    }
}

/// Sites as given. Roads are kept in the area, within 500 m of it, and wherever a way from the area to a site may pass.
fn receive_at_sites(
    roads: IndexedRoads,
    area: &AreaRegion,
    sites: &[SiteDraft],
    rows: &[SourceRow],
    request: &ComposeInputs,
    sources: &mut SourceRows,
    report: &mut ComposeReport,
) -> Result<(IndexedRoads, ArrivalSites), Faults> {
    let file = request.sites.as_ref().map_or("sites", |input| input.name.as_str());
    let distance = distances(&roads, area);
    let inside = |n: usize| distance[n] == 0.0;
    let count = roads.node_count();
    let main = roads.main_part();
    let in_main: Vec<bool> = (0..count).map(|n| inside(n) && main[n]).collect();
    // Roads of the area that hang together come first; an area that has only others starts from those.
    let starts = if in_main.contains(&true) { in_main } else { (0..count).map(inside).collect() };
    let reached = roads.reachable_from(&starts);
    let local = local_roads(&roads, &remnants(&roads, &roads.parts(|_| true)));
    let index = RoadIndex::new(&roads, area.plane(), |l| local[l]);
    let found: Vec<Option<SiteRoads>> =
        sites.iter().map(|site| roads_of_site(&roads, site, &index, &reached, area.plane())).collect();
    let within_m = request.join_within_m.unwrap_or(WITHIN_M);
    let ends = ends_of_given_sites(file, &roads, sites, &found, (request, within_m), report)?;
    let mut goals = vec![false; count];
    for &(node, _) in found.iter().flatten().flat_map(|site| &site.nodes) {
        goals[node] = true;
    }
    let (leads_on, from_area) = ways_between(&roads, &distance, &goals);
    let all = roads.network.links.len();
    let kept: Vec<bool> = (0..all)
        .map(|l| {
            let (tail, head) = (roads.tail[l], roads.head[l]);
            // The roads at a site stay also where no way leads there, so that it can be seen why.
            distance[tail].max(distance[head]) <= MARGIN_M
                || (from_area[tail] && leads_on[head])
                || goals[tail]
                || goals[head]
        })
        .collect();
    let roads = roads.keep(|l| kept[l])?;
    report.links_left_out = all - roads.network.links.len();
    sources.add("sites", "site_id", SourceStatus::Published, file, "places as given in the file");
    sources.0.extend(rows.iter().cloned());
    Ok((roads, ArrivalSites { sites: sites.to_vec(), ends, exits: None, beyond: BTreeSet::new() }))
}

/// The streets of the area.
struct AreaStreets {
    pieces: Vec<StreetPiece>,
    /// Length at each node, mm.
    at_nodes: Vec<u64>,
}

impl AreaStreets {
    /// Residential streets, or where there are none in the area all roads that people may live along.
    fn find(roads: &IndexedRoads, area: &AreaRegion, report: &mut ComposeReport) -> Result<Self, Faults> {
        let mut links = one_per_street(roads, |l| is_residential(roads, l));
        let mut found = pieces(roads, &links);
        found.retain(|piece| area.covers(piece.at));
        if found.is_empty() {
            links = one_per_street(roads, |l| is_street(roads, l));
            found = pieces(roads, &links);
            found.retain(|piece| area.covers(piece.at));
            if found.is_empty() {
                return Err(error(
                    "area",
                    "an area with roads",
                    "check that the area is drawn around roads of the map",
                ));
            }
            report.notes.push("the area has no residential streets: all its roads but motorways and trunk roads stand for them".into());
        }
        let at_nodes = street_length_at_nodes(roads, &links);
        Ok(Self { pieces: found, at_nodes })
    }
}

fn make_zones(
    given: &GivenInputs,
    roads: &IndexedRoads,
    (streets, goals): (&AreaStreets, &[bool]),
    request: &ComposeInputs,
    sources: &mut SourceRows,
    report: &mut ComposeReport,
) -> Result<Vec<ZoneDraft>, Faults> {
    let here: PeoplePlaces = places(&given.area, given.points.as_deref(), &streets.pieces, report);
    match &given.zones {
        Some(zones) => people_of_zones(zones.clone(), &here, request, sources, report),
        None => {
            let leads_on = roads.can_reach(goals);
            let junctions = (0..roads.node_count())
                .filter(|&n| leads_on[n] && !roads.leaving(n).is_empty() && given.area.covers(roads.place(n)))
                .count();
            let mut zones = zones_of_area(&given.area, &here, request, junctions, sources, report)?;
            name_zones(&mut zones, roads, given.area.plane(), &streets.pieces, sources);
            Ok(zones)
        }
    }
}

/// The zones, more than before where the people of one go by roads that are not joined, and all connectors, those of zones first.
fn join(
    roads: &IndexedRoads,
    area: &AreaRegion,
    arrivals: &mut ArrivalSites,
    streets: &AreaStreets,
    zones: Vec<ZoneDraft>,
    request: &ComposeInputs,
    report: &mut ComposeReport,
) -> (Vec<ZoneDraft>, Vec<ConnectorRow>) {
    let goals = arrivals.goals(roads);
    // Who can leave is asked of the central case. In the optimistic case a road that is open to doubt carries those who live along it.
    let leads_on = roads.lead_on(&goals, &roads.leading_links(&goals, |l| roads.is_open(l)));
    let leading_links = roads.leading_links(&arrivals.goals_and_beyond(roads), |l| roads.is_open(l));
    let parts = roads.parts(|l| roads.is_open(l));
    let is_remnant = remnants(roads, &roads.parts(|_| true));
    let local = local_roads(roads, &is_remnant);
    let index = RoadIndex::new(roads, area.plane(), |l| local[l]);
    for piece in &streets.pieces {
        #[allow(clippy::cast_precision_loss)]
        let length_m = piece.length_mm as f64 / 1000.0;
        report.street_m += length_m;
        if is_remnant[piece.link] {
            report.remnant_street_m += length_m;
        }
    }
    let inside: Vec<bool> = (0..roads.node_count()).map(|n| area.covers(roads.place(n))).collect();
    let ends = RoadEnds {
        roads,
        plane: area.plane(),
        inside: &inside,
        goals: &goals,
        leads_on: &leads_on,
        leading_links: &leading_links,
        parts: &parts,
        street_mm: &streets.at_nodes,
        index: &index,
        within_m: request.join_within_m.unwrap_or(WITHIN_M),
    };
    let (zones, mut connectors) = ends.join_zones(zones, request, report);
    arrivals.leave_out_unreached(roads, &connectors, report);
    connectors.extend(arrivals.connectors());
    (zones, connectors)
}

fn warn_of_nobody(request: &ComposeInputs, report: &mut ComposeReport) {
    if report.people == 0 {
        let file = request
            .zones
            .as_ref()
            .or(request.population.as_ref())
            .map_or("request", |input| input.name.as_str());
        report.warnings.push(Fault::warning(file, "", "people").field("people", 0));
    }
}

/// Adds the closures that hazards cause, with the sources that their polygons name.
fn close(composed: &mut ComposedTables, request: &ComposeInputs, given: &GivenInputs) -> Result<(), Faults> {
    let Some(hazards) = &request.hazards else { return Ok(()) };
    let resolved = resolve_hazards(&composed.scenario, hazards).map_err(|found| {
        let mut all = composed.report.warnings.clone();
        all.0.extend(found.0);
        all
    })?;
    composed.report.closures = resolved.closures.len();
    composed.report.warnings.0.extend(resolved.warnings.0);
    composed.scenario.closures = resolved.closures;
    let mut sources = SourceRows::default();
    let stated: BTreeSet<String> = given
        .hazards
        .iter()
        .flatten()
        .map(|feature| feature.record.text(&["source"]).to_owned())
        .filter(|source| !source.is_empty())
        .take(20)
        .collect();
    sources.add(
        "closures",
        "*",
        SourceStatus::Derived,
        &hazards.name,
        ["links that touch a hazard's polygon, nodes, zones and sites in it".to_owned()]
            .into_iter()
            .chain(stated)
            .collect::<Vec<_>>()
            .join("; "),
    );
    composed.scenario.sources.extend(sources.0);
    Ok(())
}

/// Adds the closures of a flood.
fn close_flooded(composed: &mut ComposedTables, field: &FloodField, inputs: &FloodInputs<'_>) {
    let found = flood_closures(&composed.scenario, field, inputs);
    composed.report.closures += found.closed.closures.len();
    composed.report.links_over_water = found.over_water;
    composed.report.warnings.0.extend(found.closed.warnings.0);
    composed.scenario.closures.extend(found.closed.closures);
    let mut sources = SourceRows::default();
    let levels: Vec<String> = inputs
        .levels
        .iter()
        .map(|level| format!("{} m at {}", level.level_m, span_text(level.at_ms)))
        .collect();
    sources.add(
        "closures",
        "*",
        SourceStatus::Derived,
        &inputs.terrain.name,
        format!(
            "{}: under 0.3 m of water and more at a horizontal level of {}, where water can come to from {}; no slope of the surface and no time of travel",
            inputs.hazard_id,
            levels.join(", "),
            inputs.water.as_ref().map_or("the rivers, canals and coasts of the map", |water| &water.name)
        ),
    );
    composed.scenario.sources.extend(sources.0);
}
