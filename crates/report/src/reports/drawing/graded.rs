//! Roads by grade with numbers, and zones with marks of their own.

use super::{MapContent, MapLines, at_cell, inside, line_on_sheet};
use crate::map::layers::badge_place;
use crate::path::{Cell, MapSheet, push_line};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Half the width of a zone's mark, px.
pub(super) const ZONE_MARK_PX: f64 = 9.0;

impl MapLines<'_> {
    /// The lowest grade first, so that a higher one lies on top.
    pub(super) fn graded(&self, svg: &mut String, sheet: &MapSheet, content: &MapContent<'_>) {
        let mut grades: BTreeMap<usize, String> = BTreeMap::new();
        for (grade, id) in &content.graded {
            if let Some(cells) = line_on_sheet(&self.line(id), sheet) {
                push_line(grades.entry(*grade).or_default(), &cells);
            }
        }
        for (grade, data) in grades.iter().filter(|(_, data)| !data.is_empty()) {
            let _ = write!(svg, "<path class=\"graded g{grade}\" d=\"{data}\"/>");
        }
    }

    /// Numbers where there is room for them.
    pub(super) fn graded_badges(
        &self,
        sheet: &MapSheet,
        content: &MapContent<'_>,
        badges: &mut Vec<(u64, Cell)>,
    ) {
        for (number, id) in &content.graded_numbers {
            let Some(cells) = line_on_sheet(&self.line(id), sheet) else { continue };
            if let Some(at) = badge_place(&cells, badges) {
                badges.push((*number, at));
            }
        }
    }

    pub(super) fn zone_marks(&self, svg: &mut String, sheet: &MapSheet, content: &MapContent<'_>) {
        let px = ZONE_MARK_PX;
        for (id, class) in &content.marked_zones {
            let Some(at) = self.lookup.zone_point(id).and_then(|point| inside(point, sheet)) else {
                continue;
            };
            let _ = write!(
                svg,
                "<g class=\"{class}\" {}><path d=\"M0 -{px}L{px} 0L0 {px}L-{px} 0Z\"/></g>",
                at_cell(at)
            );
        }
    }
}
