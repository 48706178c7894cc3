//! The map of the first scenario: routes by v/c, hazards, locations, and zones with fewer than two ways out.

use super::{Ab747Writer, StreetRow, StreetUse, WaysShown};
use crate::ReportError;
use crate::reports::drawing::{MapContent, MapFormat, MapLines};
use crate::reports::form::FormSection;
use crate::reports::furniture::{MapMark, map_figure};
use clearway_model::number::length;
use std::collections::{BTreeMap, BTreeSet};

/// Size of the map, px, and path data of its roads, bytes.
const MAP: MapFormat = MapFormat { most_px: [960.0, 820.0], road_bytes: 1_200_000, number: 0 };
/// Streets with a number on the map.
const NUMBERED: usize = 20;
/// Where grades of v/c begin, above the lowest.
const GRADES: [f64; 2] = [0.5, 0.9];

/// The grade of a street by v/c.
fn grade(used: &StreetUse) -> usize {
    GRADES.iter().filter(|begin| used.volume_capacity >= **begin).count()
}

/// The link in the middle of a street, where its number stands.
fn middle_of(row: &StreetRow) -> &str {
    row.links.get(row.links.len() / 2).map_or("", String::as_str)
}

/// Whether a zone has fewer than two ways out that share no road.
fn is_single(ways: &WaysShown) -> bool {
    !ways.needs_no_road && ways.roads.0 < 2
}

impl Ab747Writer<'_> {
    /// Streets that the first plan uses, in the order of the inventory.
    pub(super) fn used_streets(&self) -> Vec<(&StreetRow, &StreetUse)> {
        let used = self.facts.streets.iter().filter_map(|row| Some((row, row.uses.first()?.as_ref()?)));
        used.filter(|(_, used)| used.people > 0).collect()
    }

    pub(super) fn map(&self) -> Result<FormSection, ReportError> {
        let form = &self.form;
        let streets = self.used_streets();
        let numbered = streets.len().min(NUMBERED);
        let mut section = FormSection { title: form.text("map.title")?, ..FormSection::default() };
        let scenario = self.first.scenario;
        let lines = MapLines::new(scenario, &self.lookup);
        let Some(bounds) = lines.extent(scenario) else {
            section.notes.push(form.text("map.none")?);
            return Ok(section);
        };
        let marked_zones: BTreeMap<&str, &'static str> = self
            .facts
            .access
            .iter()
            .filter(|zone| is_single(&zone.open) || is_single(&zone.closed))
            .map(|zone| {
                let class = if is_single(&zone.open) { "single" } else { "single later" };
                (zone.zone_id.as_str(), class)
            })
            .collect();
        let graded: Vec<(usize, &str)> = streets
            .iter()
            .flat_map(|(row, used)| row.links.iter().map(|link| (grade(used), link.as_str())))
            .collect();
        let mut marks: Vec<MapMark> = graded
            .iter()
            .map(|(grade, _)| *grade)
            .collect::<BTreeSet<usize>>()
            .into_iter()
            .map(MapMark::Share)
            .collect();
        marks.extend([MapMark::Zone, MapMark::Site]);
        let has = |class: &str| marked_zones.values().any(|of| *of == class);
        marks.extend(has("single").then_some(MapMark::SingleWay));
        marks.extend(has("single later").then_some(MapMark::SingleWayInHazard));
        let content = MapContent {
            graded,
            graded_numbers: streets
                .iter()
                .take(NUMBERED)
                .enumerate()
                .map(|(place, (row, _))| {
                    (u64::try_from(length(place + 1)).unwrap_or_default(), middle_of(row))
                })
                .collect(),
            marked_zones,
            zones: scenario.zones.iter().map(|zone| zone.zone_id.as_str()).collect(),
            sites: scenario.sites.iter().map(|site| site.site_id.as_str()).collect(),
            ..MapContent::default()
        };
        section.notes.push(form.filled("map.note", &[("numbered", form.count(length(numbered)))])?);
        let label = form.plain("map.about")?;
        let picture = lines.draw(bounds, &content, MAP, &label);
        let (settings, date) = (&scenario.settings, self.facts.origin.date);
        let title = form.text("map.about")?;
        section.map_figure =
            Some(map_figure(form.messages, form.local, settings, date, title, &marks, picture)?);
        Ok(section)
    }
}
