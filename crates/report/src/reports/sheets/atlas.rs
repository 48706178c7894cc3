//! An atlas of critical roads on A3: the whole place, then square by square.

use super::roads::ROADS;
use super::{Sheet, SheetWriter};
use crate::ReportError;
use crate::geometry::{DegreeBox, Point};
use crate::reports::drawing::{MapContent, MapFormat};
use crate::reports::frame::Html;
use crate::reports::furniture::{MapFigure, MapMark};
use crate::reports::plan::tables::{ReportTable, critical_roads};
use crate::reports::rows::ReportedRoad;
use clearway_model::number::{float, length};

/// Size of a map, px, and path data of its roads, bytes.
const MAP_PX: [f64; 2] = [1000.0, 820.0];
const MAP_BYTES: usize = 500_000;
/// About so many zones come onto a square.
const ZONES: i64 = 12;
/// Squares along a side at most.
const MOST_SQUARES: i64 = 5;
/// A square reaches so much of its side into its neighbours.
const OVERLAP: f64 = 0.05;

/// A square of the atlas: its name, where it is, and its critical roads with their numbers.
struct AtlasSquare<'a> {
    name: String,
    bounds: DegreeBox,
    roads: Vec<(usize, &'a ReportedRoad)>,
}

impl SheetWriter<'_> {
    pub(super) fn atlas(&self) -> Result<Vec<Sheet>, ReportError> {
        let scenario = self.facts.scenario;
        let Some(extent) = self.lines.extent(scenario) else { return Ok(Vec::new()) };
        let roads: Vec<(usize, &ReportedRoad)> =
            critical_roads(&self.facts.roads).into_iter().take(ROADS).enumerate().collect();
        let whole = AtlasSquare { name: String::new(), bounds: extent, roads: roads.clone() };
        let mut squares = vec![whole];
        squares.extend(self.squares(extent, &roads).into_iter().filter(|square| !square.roads.is_empty()));
        squares.iter().enumerate().map(|(place, square)| self.atlas_sheet(place, square)).collect()
    }

    /// Squares from north-west, in lines A, B, ...; none where the whole is one.
    fn squares<'b>(&self, extent: DegreeBox, roads: &[(usize, &'b ReportedRoad)]) -> Vec<AtlasSquare<'b>> {
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
                    self.lines.line(&road.link_id).iter().any(|point| is_inside(*point, &bounds))
                };
                let letter = char::from_u32(u32::from('A') + u32::try_from(row).unwrap_or(0)).unwrap_or('?');
                squares.push(AtlasSquare {
                    name: format!("{letter}{}", column + 1),
                    bounds,
                    roads: roads.iter().copied().filter(|(_, road)| is_here(road)).collect(),
                });
            }
        }
        squares
    }

    fn atlas_sheet(&self, place: usize, square: &AtlasSquare<'_>) -> Result<Sheet, ReportError> {
        let name = match square.name.as_str() {
            "" => self.text("sheets.atlas.whole")?,
            name => self.messages.html("sheets.atlas.square", &[("square", Html::code(name))])?,
        };
        Ok(Sheet {
            title: self.text("sheets.atlas.title")?,
            name,
            tables: vec![(self.plain("plan.roads.title")?, self.atlas_table(square)?)],
            map: self.atlas_map(place, square)?,
            ..Sheet::default()
        })
    }

    fn atlas_table(&self, square: &AtlasSquare<'_>) -> Result<ReportTable, ReportError> {
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
            rows: square.roads.iter().map(row).collect::<Result<_, ReportError>>()?,
            left_out: Html::default(),
        })
    }

    fn atlas_map(&self, place: usize, square: &AtlasSquare<'_>) -> Result<Option<MapFigure>, ReportError> {
        let scenario = self.facts.scenario;
        let numbered = square.roads.iter().map(|(place, road)| {
            (u64::try_from(length(place + 1)).unwrap_or_default(), road.link_id.as_str())
        });
        let content = MapContent {
            used: self.facts.roads.iter().map(|road| (road.link_id.as_str(), road.people)).collect(),
            numbered: numbered.collect(),
            zones: scenario.zones.iter().map(|zone| zone.zone_id.as_str()).collect(),
            sites: scenario.sites.iter().map(|site| site.site_id.as_str()).collect(),
            ..MapContent::default()
        };
        let format = MapFormat { most_px: MAP_PX, road_bytes: MAP_BYTES, number: place };
        let title = self.messages.text("plan.map.title")?;
        let picture = self.lines.draw(square.bounds, &content, format, title);
        let marks = [MapMark::Critical, MapMark::Used, MapMark::Zone, MapMark::Site];
        self.figure(self.text("plan.map.title")?, &marks, picture)
    }
}

fn is_inside(point: Point, bounds: &DegreeBox) -> bool {
    (0..2).all(|axis| (bounds.min[axis]..=bounds.max[axis]).contains(&point[axis]))
}
