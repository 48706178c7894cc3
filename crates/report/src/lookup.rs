//! Rows of the scenario by id, and where things are on the map.

use crate::MapShapes;
use crate::geometry::{self, Line, MapShape, Point, is_valid};
use clearway_model::{ConnectorPlace, ConnectorRow, LinkRow, NodeRow, Scenario, SiteRow, ZoneRow};
use std::collections::BTreeMap;

/// Ids to rows and places. Positions that are not numbers on Earth count as not given.
pub struct RowLookup<'a> {
    /// Rows of `node.csv` by `node_id`.
    pub nodes: BTreeMap<&'a str, &'a NodeRow>,
    /// Rows of `link.csv` by `link_id`.
    pub links: BTreeMap<&'a str, &'a LinkRow>,
    /// Rows of `zones.csv` by `zone_id`.
    pub zones: BTreeMap<&'a str, &'a ZoneRow>,
    /// Rows of `sites.csv` by `site_id`.
    pub sites: BTreeMap<&'a str, &'a SiteRow>,
    /// Rows of `connectors.csv` by `connector_id`.
    pub connectors: BTreeMap<&'a str, &'a ConnectorRow>,
    /// Outlines of zones, in the order of the file; empty without one.
    pub zone_shapes: Vec<MapShape>,
    /// Outlines of sites, in the order of the file; empty without one.
    pub site_shapes: Vec<MapShape>,
    /// Areas of hazards, in the order of the file; empty without one.
    pub hazards: Vec<MapShape>,
    zone_points: BTreeMap<&'a str, Point>,
    site_points: BTreeMap<&'a str, Point>,
}

impl<'a> RowLookup<'a> {
    /// Indexes a scenario and its shapes.
    pub fn new(scenario: &'a Scenario, given: Option<&MapShapes>) -> Self {
        let read = |value: Option<&serde_json::Value>, id| {
            value.map(|v| geometry::shapes(v, id)).unwrap_or_default()
        };
        let mut lookup = Self {
            nodes: scenario.nodes.iter().map(|row| (row.node_id.as_str(), row)).collect(),
            links: scenario.links.iter().map(|row| (row.link_id.as_str(), row)).collect(),
            zones: scenario.zones.iter().map(|row| (row.zone_id.as_str(), row)).collect(),
            sites: scenario.sites.iter().map(|row| (row.site_id.as_str(), row)).collect(),
            connectors: scenario.connectors.iter().map(|row| (row.connector_id.as_str(), row)).collect(),
            zone_shapes: read(given.and_then(|s| s.zones.as_ref()), "zone_id"),
            site_shapes: read(given.and_then(|s| s.sites.as_ref()), "site_id"),
            hazards: read(given.and_then(|s| s.hazards.as_ref()), "hazard_id"),
            zone_points: BTreeMap::new(),
            site_points: BTreeMap::new(),
        };
        for zone in &scenario.zones {
            // a label point that somebody set says best where the name goes
            let own = point(zone.x_coord, zone.y_coord);
            let shape = || lookup.zone_shapes.iter().find(|s| s.id == zone.zone_id);
            let place = own
                .or_else(|| geometry::middle(shape()?.rings.iter().flatten().copied()))
                .or_else(|| lookup.connector_middle(scenario, ConnectorPlace::Zone, &zone.zone_id));
            if let Some(place) = place {
                lookup.zone_points.insert(&zone.zone_id, place);
            }
        }
        for site in &scenario.sites {
            let own = point(site.x_coord, site.y_coord);
            let shape = || lookup.site_shapes.iter().find(|s| s.id == site.site_id);
            let place = own
                .or_else(|| geometry::middle(shape()?.rings.iter().flatten().copied()))
                .or_else(|| lookup.connector_middle(scenario, ConnectorPlace::Site, &site.site_id));
            if let Some(place) = place {
                lookup.site_points.insert(&site.site_id, place);
            }
        }
        lookup
    }

    fn connector_middle(&self, scenario: &Scenario, place: ConnectorPlace, id: &str) -> Option<Point> {
        let ends = scenario.connectors.iter().filter(|c| c.place == place && c.place_id == id);
        geometry::middle(ends.filter_map(|c| self.node_point(&c.node_id)))
    }

    /// Where a node is.
    pub fn node_point(&self, id: &str) -> Option<Point> {
        let node = self.nodes.get(id)?;
        Some([node.x_coord, node.y_coord]).filter(|p| is_valid(*p))
    }

    /// Where a zone is: its label point, else the middle of its shape, else that of the nodes it is joined to.
    pub fn zone_point(&self, id: &str) -> Option<Point> {
        self.zone_points.get(id).copied()
    }

    /// Where a site is, found as for zones.
    pub fn site_point(&self, id: &str) -> Option<Point> {
        self.site_points.get(id).copied()
    }

    /// A link's line: its geometry, else straight between its nodes.
    pub fn link_line(&self, link: &LinkRow) -> Option<Line> {
        geometry::parse_linestring(&link.geometry)
            .or_else(|| Some(vec![self.node_point(&link.from_node_id)?, self.node_point(&link.to_node_id)?]))
    }

    /// A connector's two ends in the direction of travel.
    pub fn connector_line(&self, id: &str) -> Option<Line> {
        let connector = self.connectors.get(id)?;
        let node = self.node_point(&connector.node_id)?;
        Some(match connector.place {
            ConnectorPlace::Zone => vec![self.zone_point(&connector.place_id)?, node],
            ConnectorPlace::Site => vec![node, self.site_point(&connector.place_id)?],
        })
    }

    /// A zone's name, its id where it has none.
    pub fn zone_name<'b>(&'b self, id: &'b str) -> &'b str {
        named(self.zones.get(id).map(|z| z.name.as_str()), id)
    }

    /// A site's name, its id where it has none.
    pub fn site_name<'b>(&'b self, id: &'b str) -> &'b str {
        named(self.sites.get(id).map(|s| s.name.as_str()), id)
    }

    /// A node's name, empty where it has none.
    pub fn node_name(&self, id: &str) -> &str {
        self.nodes.get(id).map_or("", |node| node.name.trim())
    }
}

fn named<'b>(name: Option<&'b str>, id: &'b str) -> &'b str {
    name.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(id)
}

fn point(x: Option<f64>, y: Option<f64>) -> Option<Point> {
    Some([x?, y?]).filter(|p| is_valid(*p))
}
