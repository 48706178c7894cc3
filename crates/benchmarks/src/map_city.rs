//! A scenario from a public map: zones put into it, sites at its outermost nodes.

use crate::definition::{InstanceDefinition, PeopleOrigins};
use crate::plane::LocalPlane;
use crate::reach::NodeReach;
use crate::sites::{MapNodes, outermost, site_rows};
use crate::zones::{by_degree, by_trips};
use crate::{LibraryError, make::settings};
use clearway_import::{ImportOptions, UnconnectedParts, import_roads, read_tntp_trips};
use clearway_model::number::index as index_of;
use clearway_model::{Scenario, SourceRow, SourceStatus};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Class of the links that stand for the streets of a zone in a TNTP network.
const CONNECTOR: &str = "connector";

/// Reads the map and puts zones and sites into it.
///
/// # Errors
/// [`LibraryError`] if the map or its trip table cannot be read or has too few nodes.
pub fn map_city(definition: &InstanceDefinition, path: &Path) -> Result<Scenario, LibraryError> {
    let impossible = |reason: String| LibraryError::Impossible { name: definition.name.clone(), reason };
    let options = ImportOptions { unconnected: UnconnectedParts::Drop, ..ImportOptions::default() };
    let map = import_roads(path, &options, &|_, _| {})?;
    let ids: Vec<String> = map.nodes.iter().map(|node| node.node_id.clone()).collect();
    let degrees: Vec<(f64, f64)> = map.nodes.iter().map(|node| (node.x_coord, node.y_coord)).collect();
    let plane = LocalPlane::around(&degrees);
    let metres: Vec<(f64, f64)> = degrees.iter().map(|&at| plane.metres(at)).collect();
    let index: HashMap<&str, usize> = ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    // a zone or site outside the part where everything reaches everything would say more of the map than of a plan
    let core = NodeReach::new(&map.links, &index).core();
    let (mut degree, mut inflow) = (vec![0.0; ids.len()], vec![0.0; ids.len()]);
    // links that stand for the streets of a zone would make its node look like a junction
    for link in map.links.iter().filter(|link| link.facility_type != CONNECTOR) {
        let (from, to) = (index.get(link.from_node_id.as_str()), index.get(link.to_node_id.as_str()));
        if let (Some(&from), Some(&to), Some(capacity)) = (from, to, link.capacity_pcu_h) {
            degree[from] += 1.0;
            degree[to] += 1.0;
            inflow[to] += capacity;
        }
    }
    let places = MapNodes { ids: &ids, degrees: &degrees, metres: &metres };
    let candidates: Vec<usize> = (0..ids.len()).filter(|&at| core[at] && inflow[at] > 0.0).collect();
    if candidates.len() < 8 {
        return Err(impossible(format!("only {} nodes can reach each other", candidates.len())));
    }
    let site_nodes = outermost(&places, &candidates, &inflow, definition.sites);
    let homes: Vec<usize> = candidates.iter().copied().filter(|at| !site_nodes.contains(at)).collect();
    let (zones, mut connectors) = match definition.origins {
        PeopleOrigins::Degree => {
            by_degree(&places, &homes, &degree, definition.people, index_of(definition.zones))
        }
        PeopleOrigins::Trips => by_trips(&places, &read_tntp_trips(&trips_beside(path))?, definition.people)
            .map_err(impossible)?,
    };
    let (sites, site_connectors) = site_rows(&places, &site_nodes);
    connectors.extend(site_connectors);
    let mut sources = map.sources;
    sources.extend(own_sources(definition));
    Ok(Scenario {
        settings: settings(definition, map.attribution),
        nodes: map.nodes,
        links: map.links,
        movements: map.movements,
        zones,
        releases: Vec::new(),
        sites,
        connectors,
        closures: Vec::new(),
        windows: Vec::new(),
        junctions: Vec::new(),
        sources,
        assumptions: Vec::new(),
        groups: None,
        digest: String::new(),
    })
}

/// The trip table beside a network: `X_trips.tntp` for `X_net.tntp`.
fn trips_beside(net: &Path) -> PathBuf {
    let name = net.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    net.with_file_name(name.replace("_net.tntp", "_trips.tntp"))
}

fn own_sources(definition: &InstanceDefinition) -> Vec<SourceRow> {
    let people = match definition.origins {
        PeopleOrigins::Degree => "total chosen for the instance; shared out by the degree of the nodes",
        PeopleOrigins::Trips => {
            "total chosen for the instance; shared out by the trips from each origin of the trip table"
        }
    };
    let row = |table: &str, field: &str, note: &str| SourceRow {
        table: table.into(),
        id: "*".into(),
        field: field.into(),
        status: SourceStatus::Assumed,
        source: "library of instances, bench/library.toml".into(),
        note: note.into(),
        ..SourceRow::default()
    };
    vec![
        row("zones", "people", people),
        row("sites", "site_id", "outermost node of each direction that the largest capacity leads to"),
        row("mobilization", "share", "Rayleigh curve stretched to the release of the instance"),
    ]
}
