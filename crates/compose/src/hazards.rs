//! Polygons with times, resolved into closures of links, nodes, zones and sites.
//!
//! Works from the scenario's tables alone, so anyone with the folder gets the same rows. What a polygon closes:
//! a link if any point of its course is in the polygon or on its edge; a node if its point is; a site if its point is, or a node that
//! it is at (a connector of time 0, as where a road leaves the area); a zone if its label point is, or more
//! than half of its connectors' nodes are. (A `presence` closure of a zone means that whoever is still there is overtaken, so a
//! polygon that reaches a corner of a zone closes roads there and not the zone.)

use crate::features::{
    Crossing, FeatureShape, GivenFeature, WantedShapes, check_place, frame_of, read_features,
};
use crate::hazard_times::{HazardClock, HazardTime, read_time};
use crate::plane::{LonLat, LonLatBox};
use crate::record::NamedTexts;
use crate::region::AreaRegion;
use crate::request::NamedBytes;
use crate::roads::{course_of, place_of};
use clearway_model::{
    ClosureKind, ClosureRow, ClosureTarget, ConnectorPlace, Fault, Faults, Scenario, Severity,
};
use clearway_text::{Moment, bundled_zone};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Closures that hazards cause.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HazardClosures {
    /// Rows for `closures.csv`, by hazard in the order of the file, then links, nodes, zones and sites, each in the order of its table.
    /// Ids are `HAZARD:link:ID` and alike, `cause` is the hazard's id.
    pub closures: Vec<ClosureRow>,
    /// Ids of the hazards, of those that close nothing too: closures of an earlier run have them as their cause.
    pub hazard_ids: Vec<String>,
    /// What is worth a look: hazards that touch nothing, zones that are partly in a hazard.
    pub warnings: Faults,
}

/// A hazard as read.
struct TimedHazard {
    id: String,
    region: AreaRegion,
    from_ms: i64,
    until_ms: Option<i64>,
    kind: ClosureKind,
    place: String,
}

/// Turns hazards into closures.
///
/// # Errors
/// All faults of the file together: invalid polygons, missing or contradicting times, ends before begins, repeated ids, longitude and
/// latitude exchanged.
pub fn resolve_hazards(scenario: &Scenario, hazards: &NamedBytes) -> Result<HazardClosures, Faults> {
    let mut faults = Faults::default();
    let features = read_features(hazards, WantedShapes::Polygons, Crossing::Error, &mut faults);
    let start: Option<Timestamp> = match Moment::read(&scenario.settings.start) {
        Ok(start) => Some(start.at),
        Err(hint) => {
            faults.push(
                Fault::error("scenario.toml", "", "an RFC 3339 time with offset")
                    .field("start", &scenario.settings.start)
                    .hint(hint),
            );
            None
        }
    };
    let clock = HazardClock {
        start,
        zone: bundled_zone(&scenario.settings.time_zone),
        horizon_ms: scenario.settings.horizon_ms,
    };
    if let (Some(all), Some(roads)) =
        (frame_of(&features), LonLatBox::around(scenario.nodes.iter().map(place_of)))
        && !all.meets(&roads)
    {
        check_place(&hazards.name, Some(all), roads, &mut faults);
    }
    let read: Vec<TimedHazard> = features
        .iter()
        .enumerate()
        .filter_map(|(at, feature)| read_hazard(at, feature, &clock, &mut faults))
        .collect();
    let mut seen = BTreeSet::new();
    for hazard in &read {
        if !seen.insert(hazard.id.as_str()) {
            faults.push(
                Fault::error(&hazards.name, &hazard.place, "every hazard_id once")
                    .field("hazard_id", &hazard.id),
            );
        }
    }
    if faults.has_errors() {
        return Err(faults);
    }
    let tables = TableShapes::new(scenario);
    let mut resolved = HazardClosures {
        closures: Vec::new(),
        hazard_ids: read.iter().map(|hazard| hazard.id.clone()).collect(),
        warnings: faults,
    };
    for hazard in &read {
        tables.close(hazard, &hazards.name, &mut resolved);
    }
    Ok(resolved)
}

/// Id of a hazard: `hazard_id`, the feature's id, or `H1`.. by its place in the file.
pub(crate) fn hazard_id(at: usize, feature: &GivenFeature) -> String {
    let given = feature.record.text(&["hazard_id"]);
    match (given.is_empty(), feature.id.is_empty()) {
        (false, _) => given.to_owned(),
        (true, false) => feature.id.clone(),
        (true, true) => format!("H{}", at + 1),
    }
}

/// A hazard that does not say when it begins; where it has a number without a unit, that number.
fn missing_begin(record: &NamedTexts) -> Fault {
    let bare = record.find(&[
        "arrival",
        "arrival_time",
        "arrival_ti",
        "time",
        "value",
        "contour",
        "minutes",
        "hours",
    ]);
    let fault = record.error("from_ms, from or arrival_min: when the hazard begins");
    match bare {
        Some((name, text)) if text.parse::<f64>().is_ok() => fault.field(name, text).hint(
            "a time since the start has its unit in the column's name: arrival_s, arrival_min or arrival_h",
        ),
        _ => fault.hint("0 for the scenario's start"),
    }
}

fn read_hazard(
    at: usize,
    feature: &GivenFeature,
    clock: &HazardClock,
    faults: &mut Faults,
) -> Option<TimedHazard> {
    let record = &feature.record;
    let from = read_time(record, "from", clock, faults);
    let until = read_time(record, "until", clock, faults);
    let kind = match record.text(&["kind"]) {
        "" | "presence" => ClosureKind::Presence,
        "entry" => ClosureKind::Entry,
        other => {
            faults.push(record.error("presence or entry").field("kind", other));
            return None;
        }
    };
    let from_ms = match from {
        HazardTime::At(time) => time,
        HazardTime::Faulty => return None,
        HazardTime::Missing => {
            faults.push(missing_begin(record));
            return None;
        }
    };
    let until_ms = match until {
        HazardTime::At(time) => Some(time),
        HazardTime::Faulty => return None,
        HazardTime::Missing => None,
    };
    if until_ms.is_some_and(|until| until <= from_ms) {
        let found = until_ms.map_or_else(String::new, |u| u.to_string());
        faults.push(
            record
                .error("an end after the beginning")
                .field("until_ms", found)
                .hint(format!("it begins at {from_ms} ms")),
        );
        return None;
    }
    clock.check(record, from_ms, until_ms, faults);
    let FeatureShape::Polygons(polygons) = &feature.shape else { return None };
    Some(TimedHazard {
        id: hazard_id(at, feature),
        region: AreaRegion::new(polygons.clone())?,
        from_ms,
        until_ms,
        kind,
        place: record.place.clone(),
    })
}

/// The scenario's tables as shapes.
pub(crate) struct TableShapes<'a> {
    scenario: &'a Scenario,
    /// Course of each link, in the order of the table: a straight line where it has none.
    pub(crate) courses: Vec<Vec<LonLat>>,
    /// Per zone: its own point, and those of its connectors' nodes.
    pub(crate) zones: Vec<(Option<LonLat>, Vec<LonLat>)>,
    /// Per site: its own point, and those of the nodes that it is at. Without either, those of all its connectors' nodes.
    pub(crate) sites: Vec<Vec<LonLat>>,
}

impl<'a> TableShapes<'a> {
    pub(crate) fn new(scenario: &'a Scenario) -> Self {
        let nodes: HashMap<&str, LonLat> =
            scenario.nodes.iter().map(|n| (n.node_id.as_str(), place_of(n))).collect();
        let mut connected: BTreeMap<(bool, &str), Vec<(LonLat, i64)>> = BTreeMap::new();
        for row in &scenario.connectors {
            if let Some(&at) = nodes.get(row.node_id.as_str()) {
                let key = (row.place == ConnectorPlace::Zone, row.place_id.as_str());
                connected.entry(key).or_default().push((at, row.time_ms));
            }
        }
        let mut ends = |is_zone: bool, id: &'a str| connected.remove(&(is_zone, id)).unwrap_or_default();
        let zones = scenario
            .zones
            .iter()
            .map(|z| {
                let ends = ends(true, &z.zone_id).into_iter().map(|(at, _)| at).collect();
                (z.x_coord.zip(z.y_coord).map(<[f64; 2]>::from), ends)
            })
            .collect();
        let sites = scenario
            .sites
            .iter()
            .map(|s| {
                let ends = ends(false, &s.site_id);
                let own = s.x_coord.zip(s.y_coord).map(<[f64; 2]>::from);
                let at: Vec<LonLat> = own
                    .into_iter()
                    .chain(ends.iter().filter(|(_, time)| *time == 0).map(|&(at, _)| at))
                    .collect();
                if at.is_empty() { ends.into_iter().map(|(at, _)| at).collect() } else { at }
            })
            .collect();
        let courses = scenario
            .links
            .iter()
            .map(|l| match (nodes.get(l.from_node_id.as_str()), nodes.get(l.to_node_id.as_str())) {
                (Some(&a), Some(&b)) => course_of(l, a, b),
                _ => Vec::new(),
            })
            .collect();
        Self { scenario, courses, zones, sites }
    }

    fn close(&self, hazard: &TimedHazard, file: &str, resolved: &mut HazardClosures) {
        let id = &hazard.id;
        if hazard.until_ms.is_some_and(|until| until <= 0) {
            resolved.warnings.push(
                Fault::warning(file, &hazard.place, "an end after the start")
                    .field("hazard_id", id)
                    .hint("over before time 0: left out"),
            );
            return;
        }
        let before = resolved.closures.len();
        let mut rows: Vec<(ClosureTarget, &'static str, &str)> = Vec::new();
        for (link, course) in self.scenario.links.iter().zip(&self.courses) {
            if hazard.region.touches(course) {
                rows.push((ClosureTarget::Link, "link", &link.link_id));
            }
        }
        // A closure of a node can only be of kind presence: entering a node is entering a link's end.
        if hazard.kind == ClosureKind::Presence {
            for node in self.scenario.nodes.iter().filter(|n| hazard.region.covers(place_of(n))) {
                rows.push((ClosureTarget::Node, "node", &node.node_id));
            }
        }
        for (zone, (label, ends)) in self.scenario.zones.iter().zip(&self.zones) {
            let hit = ends.iter().filter(|&&p| hazard.region.covers(p)).count();
            if label.is_some_and(|p| hazard.region.covers(p)) || 2 * hit > ends.len() {
                rows.push((ClosureTarget::Zone, "zone", &zone.zone_id));
            } else if hit > 0 {
                resolved.warnings.push(
                    Fault::warning(file, &hazard.place, "zones wholly in or wholly out of the hazard")
                        .field("zone", &zone.zone_id)
                        .hint(format!(
                            "{hit} of its {} connectors are in it; roads there are closed, the zone is not",
                            ends.len()
                        )),
                );
            }
        }
        for (site, places) in self.scenario.sites.iter().zip(&self.sites) {
            let hit = places.iter().filter(|&&p| hazard.region.covers(p)).count();
            if hit > 0 {
                rows.push((ClosureTarget::Site, "site", &site.site_id));
            }
            if hit > 0 && hit < places.len() {
                resolved.warnings.push(
                    Fault::warning(file, &hazard.place, "sites wholly in or wholly out of the hazard")
                        .field("site", &site.site_id)
                        .hint("some of its places are in it, so all of it is closed; a scenario made anew with this hazard keeps them apart"),
                );
            }
        }
        resolved.closures.extend(rows.into_iter().map(|(target, word, target_id)| ClosureRow {
            closure_id: format!("{id}:{word}:{target_id}"),
            target,
            target_id: target_id.to_owned(),
            from_ms: hazard.from_ms.max(0),
            until_ms: hazard.until_ms,
            kind: hazard.kind,
            cause: id.clone(),
            ..ClosureRow::default()
        }));
        if resolved.closures.len() == before {
            resolved.warnings.push(Fault {
                severity: Severity::Warning,
                ..Fault::error(file, &hazard.place, "a hazard that touches a road, a zone or a site")
                    .field("hazard_id", id)
            });
        }
    }
}
