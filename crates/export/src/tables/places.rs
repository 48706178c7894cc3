//! Zones, sites, hazards.

use super::{PlanFacts, millionths};
use crate::cells::{ExportCell, ExportTable};
use crate::columns;
use crate::shape::{ExportShape, ShapeKind};
use clearway_model::{ConnectorPlace, Outcome, Reason, SiteRow, ZoneRow};
use std::collections::{BTreeMap, BTreeSet};

/// Whether every zone has an outline.
fn all_have_areas(facts: &PlanFacts<'_>) -> bool {
    let zones = &facts.source.scenario.zones;
    !zones.is_empty() && zones.iter().all(|zone| zone_area(facts, &zone.zone_id).is_some())
}

fn zone_area(facts: &PlanFacts<'_>, id: &str) -> Option<ExportShape> {
    facts.source.shapes.zones.get(id).and_then(ExportShape::areas)
}

pub(super) fn zones(facts: &PlanFacts<'_>) -> ExportTable {
    let with_areas = all_have_areas(facts);
    let shape = |id: &str| {
        if with_areas { zone_area(facts, id) } else { facts.lookup.zone_point(id).map(ExportShape::Point) }
    };
    let kind = if with_areas { ShapeKind::Areas } else { ShapeKind::Point };
    let rows = facts
        .source
        .scenario
        .zones
        .iter()
        .map(|zone| (zone_row(facts, zone), shape(&zone.zone_id)))
        .collect();
    ExportTable::layer("zones", "a zone: where people are at the start", columns::ZONES, kind, rows)
}

fn zone_row(facts: &PlanFacts<'_>, zone: &ZoneRow) -> Vec<ExportCell> {
    let id = zone.zone_id.as_str();
    let plan = &facts.source.plan;
    let places: Vec<usize> = facts.by_zone.get(id).cloned().unwrap_or_default();
    let in_orders: i64 = places.iter().map(|&order| plan.orders[order].people).sum();
    let arrivals = facts.figures.arrivals(places.iter().copied());
    let left = || plan.not_moved.iter().filter(|left| left.zone_id == id);
    let of = |outcome| left().filter(|left| left.outcome == outcome).map(|left| left.people).sum::<i64>();
    let staying = left().filter(|left| left.reason == Reason::Stays).map(|left| left.people).sum::<i64>();
    let first = places.iter().map(|&order| plan.orders[order].depart_from_ms).min();
    let sites: BTreeSet<&str> = places.iter().map(|&order| facts.site_of(&plan.orders[order])).collect();
    let sites: Vec<&str> = sites.into_iter().map(|site| facts.lookup.site_name(site)).collect();
    let waiting = facts
        .figures
        .connectors_of(&facts.source.scenario, |row| row.place == ConnectorPlace::Zone && row.place_id == id);
    vec![
        ExportCell::text(id),
        ExportCell::text(&zone.name),
        ExportCell::text(&zone.pcode),
        ExportCell::Whole(zone.people),
        ExportCell::Whole(staying),
        ExportCell::Whole(in_orders),
        ExportCell::Whole(arrivals.people),
        ExportCell::Whole(of(Outcome::Overtaken)),
        ExportCell::Whole(of(Outcome::NotEvacuated)),
        ExportCell::text(reasons(left().map(|left| (left.reason, left.people)))),
        facts.vehicles(places.iter().copied()),
        ExportCell::text(sites.join("; ")),
        ExportCell::seconds(first),
        ExportCell::seconds(arrivals.last_departure_ms),
        ExportCell::seconds(arrivals.last_ms),
        ExportCell::moment(first),
        ExportCell::moment(arrivals.last_departure_ms),
        ExportCell::moment(arrivals.last_ms),
        ExportCell::Real(millionths(waiting.waiting_person_h())),
    ]
}

/// `no_place:120; stays:30`, in the order of the plan.
fn reasons(left: impl Iterator<Item = (Reason, i64)>) -> String {
    let word = |reason: Reason| serde_json::to_value(reason).ok().and_then(|v| v.as_str().map(str::to_owned));
    let mut sums: BTreeMap<Reason, i64> = BTreeMap::new();
    left.for_each(|(reason, people)| *sums.entry(reason).or_default() += people);
    let words = sums.into_iter().map(|(reason, n)| format!("{}:{n}", word(reason).unwrap_or_default()));
    words.collect::<Vec<_>>().join("; ")
}

pub(super) fn sites(facts: &PlanFacts<'_>) -> ExportTable {
    let point = |id: &str| facts.lookup.site_point(id).map(ExportShape::Point);
    let rows = facts.source.scenario.sites.iter().enumerate();
    let rows = rows.map(|(row, site)| (site_row(facts, row, site), point(&site.site_id))).collect();
    let about = "a site: where people are received";
    ExportTable::layer("sites", about, columns::SITES, ShapeKind::Point, rows)
}

fn site_row(facts: &PlanFacts<'_>, row: usize, site: &SiteRow) -> Vec<ExportCell> {
    let id = site.site_id.as_str();
    let places: Vec<usize> = facts.by_site.get(id).cloned().unwrap_or_default();
    let arrivals = facts.figures.arrivals(places.iter().copied());
    let connectors = facts
        .figures
        .connectors_of(&facts.source.scenario, |row| row.place == ConnectorPlace::Site && row.place_id == id);
    let waiting = connectors.waiting_person_h() + facts.figures.admissions[row].waiting_person_h();
    vec![
        ExportCell::text(id),
        ExportCell::text(&site.name),
        ExportCell::text(&site.pcode),
        ExportCell::whole(site.capacity_people),
        ExportCell::real(site.admission_people_h),
        ExportCell::seconds(site.open_from_ms),
        ExportCell::seconds(site.open_until_ms),
        ExportCell::Whole(arrivals.people),
        facts.vehicles(places.iter().copied()),
        ExportCell::moment(arrivals.first_ms),
        ExportCell::moment(arrivals.last_ms),
        ExportCell::Real(millionths(waiting)),
    ]
}

/// Outlines that the layers of zones and sites do not show.
pub(super) fn outlines(facts: &PlanFacts<'_>) -> ExportTable {
    let row = |id: &str, name: &str, kind: &str| {
        vec![ExportCell::text(id), ExportCell::text(name), ExportCell::text(kind)]
    };
    let mut rows = Vec::new();
    if !all_have_areas(facts) {
        for zone in &facts.source.scenario.zones {
            if let Some(area) = zone_area(facts, &zone.zone_id) {
                rows.push((row(&zone.zone_id, &zone.name, "zone"), Some(area)));
            }
        }
    }
    for site in &facts.source.scenario.sites {
        if let Some(area) = facts.source.shapes.sites.get(&site.site_id).and_then(ExportShape::areas) {
            rows.push((row(&site.site_id, &site.name, "site"), Some(area)));
        }
    }
    let about = "the outline of a site, or of a zone that is a point in its own layer";
    ExportTable::layer("outlines", about, columns::OUTLINES, ShapeKind::Areas, rows)
}

pub(super) fn hazards(facts: &PlanFacts<'_>) -> ExportTable {
    let rows = facts.source.shapes.hazards.iter().map(|hazard| {
        let properties = serde_json::to_string(&hazard.properties).unwrap_or_default();
        let cells = vec![
            ExportCell::text(&hazard.hazard_id),
            ExportCell::text(&hazard.name),
            ExportCell::text(properties),
        ];
        (cells, hazard.geometry.as_ref().and_then(ExportShape::areas))
    });
    let about = "a hazard as hazards.geojson has it";
    ExportTable::layer("hazards", about, columns::HAZARDS, ShapeKind::Areas, rows.collect())
}
