//! An atlas of critical roads on A3: the whole place, then district by district or, where none are known, square by square.

use super::districts::districts;
use super::roads::ROADS;
use super::{Sheet, SheetWriter};
use crate::ReportError;
use crate::geometry::{DegreeBox, is_within};
use crate::reports::drawing::{MapContent, MapFormat, MapLines};
use crate::reports::frame::Html;
use crate::reports::furniture::{MapFigure, MapMark};
use crate::reports::plan::tables::{ReportTable, critical_roads};
use crate::reports::rows::ReportedRoad;
use clearway_model::number::{float, length};
use std::collections::BTreeSet;

/// Size of a map, px, and path data of its roads, bytes.
const MAP_PX: [f64; 2] = [1000.0, 820.0];
const MAP_BYTES: usize = 500_000;
/// About so many zones come onto a square.
const ZONES: i64 = 12;
/// Squares along a side at most.
const MOST_SQUARES: i64 = 5;
/// A square reaches so much of its side into its neighbours.
const OVERLAP: f64 = 0.05;

/// Critical roads of the whole that are looked for in districts; the sheet of one shows at most as many as that of the whole.
const DISTRICT_ROADS: usize = 100;

/// A part of the atlas: its name, where it is, and its critical roads with their numbers.
struct AtlasPart<'a> {
    name: AtlasName,
    bounds: DegreeBox,
    roads: Vec<(usize, &'a ReportedRoad)>,
    /// Zones of a district; none of another part.
    zones: BTreeSet<String>,
}

/// What a part of the atlas is called.
enum AtlasName {
    Whole,
    Square(String),
    District(String),
}

impl SheetWriter<'_> {
    pub(super) fn atlas(&self) -> Result<Vec<Sheet>, ReportError> {
        let scenario = self.facts.scenario;
        let Some(extent) = self.lines.extent(scenario) else { return Ok(Vec::new()) };
        let roads: Vec<(usize, &ReportedRoad)> =
            critical_roads(&self.facts.roads).into_iter().take(ROADS).enumerate().collect();
        let name = AtlasName::Whole;
        let whole = AtlasPart { name, bounds: extent, roads: roads.clone(), zones: BTreeSet::new() };
        let mut parts = vec![whole];
        let districts = self.districts();
        if districts.is_empty() {
            parts.extend(self.squares(extent, &roads).into_iter().filter(|square| !square.roads.is_empty()));
        } else {
            parts.extend(districts);
        }
        parts.iter().enumerate().map(|(place, part)| self.atlas_sheet(place, part)).collect()
    }

    /// Districts by their codes, also those without a critical road; none where the scenario has none.
    fn districts(&self) -> Vec<AtlasPart<'_>> {
        let lookup = self.lines.lookup;
        let roads: Vec<(usize, &ReportedRoad)> =
            critical_roads(&self.facts.roads).into_iter().take(DISTRICT_ROADS).enumerate().collect();
        let part = |district: super::districts::District| {
            let bounds = district.extent(lookup)?;
            let is_here =
                |road: &ReportedRoad| district.has(&self.lines.line(&road.link_id), &bounds, lookup);
            Some(AtlasPart {
                bounds,
                roads: roads.iter().copied().filter(|(_, road)| is_here(road)).take(ROADS).collect(),
                name: AtlasName::District(district.name),
                zones: district.zones,
            })
        };
        districts(&self.facts.scenario.zones, &lookup.zone_shapes).into_iter().filter_map(part).collect()
    }

    /// Squares from north-west, in lines A, B, ...; none where the whole is one.
    fn squares<'b>(&self, extent: DegreeBox, roads: &[(usize, &'b ReportedRoad)]) -> Vec<AtlasPart<'b>> {
        let wanted = float(length(self.facts.scenario.zones.len())) / float(ZONES);
        let side = (1..MOST_SQUARES).find(|side| float(side * side) >= wanted).unwrap_or(MOST_SQUARES);
        if side == 1 {
            return Vec::new();
        }
        let step = [0, 1].map(|axis| (extent.max[axis] - extent.min[axis]) / float(side));
        let mut squares = Vec::new();
        for row in 0..side {
            for column in 0..side {
                let west = extent.min[0] + float(column) * step[0];
                let north = extent.max[1] - float(row) * step[1];
                let bounds = DegreeBox {
                    min: [west - step[0] * OVERLAP, north - step[1] * (1.0 + OVERLAP)],
                    max: [west + step[0] * (1.0 + OVERLAP), north + step[1] * OVERLAP],
                };
                let is_here = |road: &ReportedRoad| {
                    self.lines.line(&road.link_id).iter().any(|point| is_within(*point, &bounds))
                };
                let letter = char::from_u32(u32::from('A') + u32::try_from(row).unwrap_or(0)).unwrap_or('?');
                squares.push(AtlasPart {
                    name: AtlasName::Square(format!("{letter}{}", column + 1)),
                    bounds,
                    roads: roads.iter().copied().filter(|(_, road)| is_here(road)).collect(),
                    zones: BTreeSet::new(),
                });
            }
        }
        squares
    }

    fn atlas_sheet(&self, place: usize, part: &AtlasPart<'_>) -> Result<Sheet, ReportError> {
        let name = match &part.name {
            AtlasName::Whole => self.text("sheets.atlas.whole")?,
            AtlasName::Square(name) => {
                self.messages.html("sheets.atlas.square", &[("square", Html::code(name))])?
            }
            AtlasName::District(name) => {
                self.messages.html("sheets.atlas.district", &[("district", Html::name(name))])?
            }
        };
        let mut notes = Vec::new();
        if part.roads.is_empty() && !part.zones.is_empty() {
            let looked_at = self.facts.roads.len().min(DISTRICT_ROADS);
            let count = self.count(length(looked_at));
            notes.push(self.messages.html("sheets.atlas.no_road", &[("count", count)])?);
        }
        Ok(Sheet {
            title: self.text("sheets.atlas.title")?,
            name,
            notes,
            tables: vec![(self.plain("plan.roads.title")?, self.atlas_table(part)?)],
            map: self.atlas_map(place, part)?,
            ..Sheet::default()
        })
    }

    fn atlas_table(&self, part: &AtlasPart<'_>) -> Result<ReportTable, ReportError> {
        let names = [
            ("plan.roads.number", true),
            ("plan.roads.road", false),
            ("plan.roads.people", true),
            ("plan.roads.peak", true),
            ("plan.roads.hours", false),
        ];
        let row = |(place, road): &(usize, &ReportedRoad)| {
            let name = match road.name.trim() {
                "" => self.text("plan.place.unnamed")?,
                name => Html::name(name),
            };
            let hours = match road.first_s.zip(road.last_s) {
                Some((first, last)) => Html::text(self.local.interval(first, last)?),
                None => Html::default(),
            };
            let number = self.count(length(place + 1));
            Ok(vec![number, name, self.count(road.people), self.count(road.peak_people_h), hours])
        };
        Ok(ReportTable {
            columns: self.columns(&names)?,
            rows: part.roads.iter().map(row).collect::<Result<_, ReportError>>()?,
            left_out: Html::default(),
        })
    }

    fn atlas_map(&self, place: usize, part: &AtlasPart<'_>) -> Result<Option<MapFigure>, ReportError> {
        let scenario = self.facts.scenario;
        let numbered = part.roads.iter().map(|(place, road)| {
            (u64::try_from(length(place + 1)).unwrap_or_default(), road.link_id.as_str())
        });
        let content = MapContent {
            used: self.facts.roads.iter().map(|road| (road.link_id.as_str(), road.people)).collect(),
            numbered: numbered.collect(),
            zones: scenario.zones.iter().map(|zone| zone.zone_id.as_str()).collect(),
            sites: scenario.sites.iter().map(|site| site.site_id.as_str()).collect(),
            own_areas: part.zones.iter().map(String::as_str).collect(),
            ..MapContent::default()
        };
        let format = MapFormat { most_px: MAP_PX, road_bytes: MAP_BYTES, number: place };
        let title = self.messages.text("plan.map.title")?;
        let picture = self.lines.draw(part.bounds, &content, format, title);
        let mut marks = vec![MapMark::Critical, MapMark::Used, MapMark::Zone, MapMark::Site];
        let has_area = lines_have_area(self.lines, part);
        marks.extend(has_area.then_some(MapMark::District));
        self.figure(self.text("plan.map.title")?, &marks, picture)
    }
}

/// Whether the areas of a part are on its map.
fn lines_have_area(lines: &MapLines<'_>, part: &AtlasPart<'_>) -> bool {
    lines.lookup.zone_shapes.iter().any(|shape| part.zones.contains(&shape.id))
}
