//! The way from a request to a scenario, step by step.

use crate::arrivals::Arrivals;
use crate::connectors::{Places, street_length_at_nodes};
use crate::density::check_density;
use crate::exit_sites::{ExitSite, MOST_SITES, exit_sites};
use crate::exits::{Exits, MARGIN_M, distances, find_exits};
use crate::features::{Feature, Shape};
use crate::given::{Given, read};
use crate::hazards::resolve_hazards;
use crate::join::{Ends, ends_of_given_sites, nodes_of_site};
use crate::mobilise::mobilisation_curve;
use crate::people::{people_of_zones, places, zones_of_area};
use crate::region::Region;
use crate::report::{ComposeReport, Composed};
use crate::request::{Release, Request, RoadNetwork};
use crate::roads::Roads;
use crate::settings::settings_of;
use crate::shapes;
use crate::sites::Site;
use crate::sources::{OUR_DEFAULT, Sources, of_request};
use crate::streets::{Piece, is_residential, is_street, one_per_street, pieces};
use crate::zones::Zone;
use clearway_model::{ConnectorRow, Fault, Faults, Scenario, SourceRow, SourceStatus};

/// Makes a scenario of a road network and a request.
///
/// The same input gives the same scenario, byte for byte. The people of all zones sum exactly to those asked for.
///
/// # Errors
/// All faults of what was given, together: files that cannot be read, figures out of their limits, places where there are no
/// roads, an area that no road leaves.
pub fn compose(network: RoadNetwork, request: &Request) -> Result<Composed, Faults> {
    let mut faults = Faults::default();
    let roads = match Roads::new(network, request.mode) {
        Ok(roads) => Some(roads),
        Err(found) => {
            faults.0.extend(found.0);
            None
        }
    };
    let given = read(request, roads.as_ref().and_then(Roads::frame), &mut faults);
    let (Some(roads), Some(given)) = (roads, given) else { return Err(faults) };
    let mut report = ComposeReport { warnings: faults, ..ComposeReport::default() };
    report.notes.extend(given.notes.iter().cloned());
    let mut sources = Sources::default();
    of_request(request, &mut sources);

    let (roads, mut arrivals) = match &given.sites {
        Some((sites, rows)) => {
            receive_at_sites(roads, &given.area, sites, rows, request, &mut sources, &mut report)?
        }
        None => receive_at_exits(roads, &given, &mut sources, &mut report)?,
    };
    let streets = Streets::find(&roads, &given.area, &mut report)?;
    let mut zones = make_zones(&given, &roads, &streets, request, &mut sources, &mut report)?;
    let connectors = join(&roads, &given.area, &mut arrivals, &streets, &mut zones, request, &mut report)?;

    let mode = request.release.unwrap_or_default();
    if mode != Release::Instant {
        for zone in &mut zones {
            mode.id().clone_into(&mut zone.row.release_id);
        }
    }
    report.people = zones.iter().map(|z| z.row.people).sum();
    report.zones = zones.len();
    report.sites = arrivals.sites.len();
    report.links = roads.network.links.len();
    warn_of_nobody(request, &mut report);
    let file = request.zones.as_ref().map_or("zones", |input| input.name.as_str());
    check_density(&zones, file, &mut report.warnings);
    let scenario = Scenario {
        settings: settings_of(request, &roads.network.attribution),
        zones: zones.iter().map(|z| z.row.clone()).collect(),
        releases: mobilisation_curve(mode),
        sites: arrivals.sites.iter().map(|s| s.row.clone()).collect(),
        connectors,
        closures: Vec::new(),
        windows: Vec::new(),
        sources: roads.network.sources.iter().cloned().chain(sources.0).collect(),
        nodes: roads.network.nodes,
        links: roads.network.links,
        movements: roads.network.movements,
        digest: String::new(),
    };
    let mut composed = Composed {
        zones_geojson: shapes::of_zones(&zones),
        sites_geojson: shapes::of_sites(&arrivals.sites),
        hazards_geojson: given.hazards.as_deref().map(shapes::of_hazards),
        scenario,
        report,
    };
    close(&mut composed, request)?;
    Ok(composed)
}

fn error(file: &str, expected: &str, hint: &str) -> Faults {
    Faults(vec![Fault::error(file, "", expected).hint(hint)])
}

/// Sites where roads leave the area. Roads are kept in the area and within 500 m of it: beyond, people have arrived.
fn receive_at_exits(
    roads: Roads,
    given: &Given,
    sources: &mut Sources,
    report: &mut ComposeReport,
) -> Result<(Roads, Arrivals), Faults> {
    let area = &given.area;
    let distance = distances(&roads, area);
    let Exits { exits, dead_ends, unreached, map_ends_near } = find_exits(&roads, area, &distance);
    report.dead_ends = dead_ends;
    if !unreached.is_empty() {
        report.notes.push(format!(
            "roads that leave the area and that no road in it leads to, not counted as exits: {}",
            unreached.join(", ")
        ));
    }
    if exits.is_empty() {
        return Err(error(
            "area",
            "an area that a road leaves",
            "give sites, or check that the area is drawn around roads of the map and smaller than the map",
        ));
    }
    if map_ends_near {
        report.notes.push(
            "no road goes on for 500 m beyond the area within the map: every road that leaves the area counts as going on".into(),
        );
    }
    let hazards: Vec<Region> = given.hazards.iter().flatten().filter_map(region_of).collect();
    let made = exit_sites(&roads, area, &exits, &hazards);
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
    let arrivals = Arrivals { sites, ends, are_exits: true };
    sources.add(
        "sites",
        "site_id",
        SourceStatus::Default,
        OUR_DEFAULT,
        "the first node outside the area on every road that goes on from there, and every node in the area at which the map cuts a road",
    );
    sources.add(
        "sites",
        "capacity_people",
        SourceStatus::Assumed,
        OUR_DEFAULT,
        "no limit: people have arrived where they leave the area; what lies beyond is not looked at",
    );
    let all = roads.network.links.len();
    // A road that leaves the area is kept however far its first node outside is.
    let kept: Vec<bool> = (0..all)
        .map(|l| {
            let (tail, head) = (distance[roads.tail[l]], distance[roads.head[l]]);
            tail.max(head) <= MARGIN_M || tail.min(head) == 0.0
        })
        .collect();
    let roads = roads.keep(|l| kept[l])?;
    report.links_left_out = all - roads.network.links.len();
    Ok((roads, arrivals))
}

fn region_of(feature: &Feature) -> Option<Region> {
    match &feature.shape {
        Shape::Polygons(polygons) => Region::new(polygons.clone()),
        Shape::Point(_) => None,
    }
}

/// Sites as given. Roads are kept in the area, within 500 m of it, and wherever a way from the area to a site may pass.
fn receive_at_sites(
    roads: Roads,
    area: &Region,
    sites: &[Site],
    rows: &[SourceRow],
    request: &Request,
    sources: &mut Sources,
    report: &mut ComposeReport,
) -> Result<(Roads, Arrivals), Faults> {
    let file = request.sites.as_ref().map_or("sites", |input| input.name.as_str());
    let distance = distances(&roads, area);
    let inside = |n: usize| distance[n] == 0.0;
    let count = roads.node_count();
    let main = roads.main_part();
    let in_main: Vec<bool> = (0..count).map(|n| inside(n) && main[n]).collect();
    // Roads of the area that hang together come first; an area that has only others starts from those.
    let starts = if in_main.contains(&true) { in_main } else { (0..count).map(inside).collect() };
    let reached = roads.reachable_from(&starts);
    let candidates: Vec<usize> =
        (0..count).filter(|&n| reached[n] && !roads.entering(n).is_empty()).collect();
    if candidates.is_empty() {
        return Err(error(
            "area",
            "an area with roads",
            "check that the area is drawn around roads of the map",
        ));
    }
    let nodes: Vec<Vec<(usize, f64)>> =
        sites.iter().map(|site| nodes_of_site(&roads, site, &candidates, area.plane())).collect();
    let ends = ends_of_given_sites(file, &roads, sites, &nodes, request, report)?;
    let mut goals = vec![false; count];
    for &(node, _) in nodes.iter().flatten() {
        goals[node] = true;
    }
    let leads_on = roads.can_reach(&goals);
    let from_area = roads.reachable_from(&(0..count).map(inside).collect::<Vec<_>>());
    let all = roads.network.links.len();
    let kept: Vec<bool> = (0..all)
        .map(|l| {
            let (tail, head) = (roads.tail[l], roads.head[l]);
            distance[tail].max(distance[head]) <= MARGIN_M || (from_area[tail] && leads_on[head])
        })
        .collect();
    let roads = roads.keep(|l| kept[l])?;
    report.links_left_out = all - roads.network.links.len();
    sources.add("sites", "site_id", SourceStatus::Published, file, "places as given in the file");
    sources.0.extend(rows.iter().cloned());
    Ok((roads, Arrivals { sites: sites.to_vec(), ends, are_exits: false }))
}

/// The streets of the area.
struct Streets {
    pieces: Vec<Piece>,
    /// Length at each node, mm.
    at_nodes: Vec<u64>,
}

impl Streets {
    /// Residential streets, or where there are none in the area all roads that people may live along.
    fn find(roads: &Roads, area: &Region, report: &mut ComposeReport) -> Result<Self, Faults> {
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
    given: &Given,
    roads: &Roads,
    streets: &Streets,
    request: &Request,
    sources: &mut Sources,
    report: &mut ComposeReport,
) -> Result<Vec<Zone>, Faults> {
    let here: Places = places(&given.area, given.points.as_deref(), &streets.pieces, report);
    match &given.zones {
        Some(zones) => people_of_zones(zones.clone(), &here, request, sources, report),
        None => {
            let junctions = (0..roads.node_count())
                .filter(|&n| !roads.leaving(n).is_empty() && given.area.covers(roads.place(n)))
                .count();
            zones_of_area(&given.area, &here, request, junctions, sources, report)
        }
    }
}

/// All connectors, those of zones first.
fn join(
    roads: &Roads,
    area: &Region,
    arrivals: &mut Arrivals,
    streets: &Streets,
    zones: &mut [Zone],
    request: &Request,
    report: &mut ComposeReport,
) -> Result<Vec<ConnectorRow>, Faults> {
    let goals = arrivals.goals(roads);
    let leads_on = roads.can_reach(&goals);
    for piece in &streets.pieces {
        #[allow(clippy::cast_precision_loss)]
        let length_m = piece.length_mm as f64 / 1000.0;
        report.street_m += length_m;
        if !leads_on[roads.tail[piece.link]] && !leads_on[roads.head[piece.link]] {
            report.cut_off_street_m += length_m;
        }
    }
    let inside: Vec<bool> = (0..roads.node_count()).map(|n| area.covers(roads.place(n))).collect();
    let ends = Ends {
        roads,
        plane: area.plane(),
        inside: &inside,
        goals: &goals,
        leads_on: &leads_on,
        street_mm: &streets.at_nodes,
    };
    let mut connectors = ends.join_zones(zones, request, report);
    let joined: std::collections::BTreeSet<&str> =
        connectors.iter().map(|row| row.place_id.as_str()).collect();
    let mut faults = Faults::default();
    for zone in zones.iter().filter(|z| !joined.contains(z.row.zone_id.as_str())) {
        faults.push(
            Fault::error("zones", format!("zone {}", zone.row.zone_id), "a road that leads to a site")
                .hint("there is none anywhere in the map: give another map, or other sites"),
        );
    }
    if faults.has_errors() {
        return Err(faults);
    }
    arrivals.leave_out_unreached(roads, &connectors, report);
    connectors.extend(arrivals.connectors());
    Ok(connectors)
}

fn warn_of_nobody(request: &Request, report: &mut ComposeReport) {
    if report.people == 0 {
        let file = request
            .zones
            .as_ref()
            .or(request.population.as_ref())
            .map_or("request", |input| input.name.as_str());
        report.warnings.push(Fault::warning(file, "", "people").field("people", 0));
    }
}

/// Adds the closures that hazards cause.
fn close(composed: &mut Composed, request: &Request) -> Result<(), Faults> {
    let Some(hazards) = &request.hazards else { return Ok(()) };
    let resolved = resolve_hazards(&composed.scenario, hazards).map_err(|found| {
        let mut all = composed.report.warnings.clone();
        all.0.extend(found.0);
        all
    })?;
    composed.report.closures = resolved.closures.len();
    composed.report.warnings.0.extend(resolved.warnings.0);
    composed.scenario.closures = resolved.closures;
    let mut sources = Sources::default();
    sources.add(
        "closures",
        "*",
        SourceStatus::Derived,
        &hazards.name,
        "links that touch a hazard's polygon, nodes, zones and sites in it",
    );
    composed.scenario.sources.extend(sources.0);
    Ok(())
}
