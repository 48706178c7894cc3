//! Which names fit on a map at which zoom, so that none lies over another.

use crate::path::{Cell, GRID};
use clearway_model::number::floor;

/// Zoom levels, px per pixel of the whole sheet, at which names are tried. Below 1 for narrow screens.
pub const LEVELS: [f64; 9] = [0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 9.0];

/// Height of a line of text, px.
const LINE_PX: f64 = 15.0;

/// Something to be named, in order of importance.
pub struct NameCandidate {
    /// Where, on the sheet.
    pub at: Cell,
    /// The name as it is shown.
    pub text: String,
    /// Radius of the mark it belongs to, px.
    pub mark_px: f64,
}

/// Where a name goes: offset from its place, px, SVG text anchor, and the zoom from which it is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlacedName {
    /// How far to the right of the place, px; negative: to the left.
    pub dx: f64,
    /// How far below the place, px; negative: above.
    pub dy: f64,
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
    /// The least of [`LEVELS`] at which it fits.
    pub zoom: f64,
}

/// A box in px at some zoom: left, top, right, bottom.
type Box4 = [f64; 4];

fn meets(a: &Box4, b: &Box4) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// Width of a text, px, with 6.9 px per character of 12 px bold type; wide scripts count double.
fn width(text: &str) -> f64 {
    text.chars().map(|c| if u32::from(c) >= 0x1100 { 12.5 } else { 6.9 }).sum()
}

/// Places names greedily, important ones first. `marks` (place, radius px) are kept free. Each name gets the least zoom at which it
/// fits; `None` if it fits at none. `size` is that of the sheet.
pub fn place(
    candidates: &[NameCandidate],
    marks: &[(Cell, f64)],
    size: (i32, i32),
) -> Vec<Option<PlacedName>> {
    let mut placed: Vec<Option<PlacedName>> = vec![None; candidates.len()];
    for zoom in LEVELS {
        let px = |cell: Cell| (f64::from(cell.0) / GRID * zoom, f64::from(cell.1) / GRID * zoom);
        let edge = px(size);
        let mut taken = TakenBoxes::default();
        for (cell, radius) in marks {
            let (x, y) = px(*cell);
            taken.add([x - radius, y - radius, x + radius, y + radius]);
        }
        let text_box = |c: &NameCandidate, p: &PlacedName| {
            let (x, y) = px(c.at);
            let w = width(&c.text);
            let left = x + p.dx
                - match p.anchor {
                    "end" => w,
                    "middle" => w / 2.0,
                    _ => 0.0,
                };
            [left, y + p.dy - LINE_PX + 4.0, left + w, y + p.dy + 4.0]
        };
        // names placed at an earlier zoom keep their side on every closer look, so that none jumps
        for (candidate, slot) in candidates.iter().zip(&placed) {
            if let Some(p) = slot {
                taken.add(text_box(candidate, p));
            }
        }
        for (candidate, slot) in candidates.iter().zip(placed.iter_mut()).filter(|(_, slot)| slot.is_none()) {
            let r = candidate.mark_px;
            // right of the mark, left, above, below
            let tries = [
                (r + 3.0, 4.0, "start"),
                (-r - 3.0, 4.0, "end"),
                (0.0, -r - 4.0, "middle"),
                (0.0, r + LINE_PX - 2.0, "middle"),
            ];
            *slot = tries.into_iter().map(|(dx, dy, anchor)| PlacedName { dx, dy, anchor, zoom }).find(|p| {
                let b = text_box(candidate, p);
                let inside = b[0] >= 0.0 && b[1] >= 0.0 && b[2] <= edge.0 && b[3] <= edge.1;
                inside && !taken.any(&b)
            });
            if let Some(p) = slot {
                taken.add(text_box(candidate, p));
            }
        }
    }
    placed
}

/// Boxes by cells of a coarse grid, so that thousands of names stay fast.
#[derive(Default)]
struct TakenBoxes {
    cells: std::collections::BTreeMap<(i64, i64), Vec<Box4>>,
}

impl TakenBoxes {
    fn cells(b: &Box4) -> impl Iterator<Item = (i64, i64)> {
        const SIDE: f64 = 128.0;
        let range = |from: f64, to: f64| floor(from / SIDE)..=floor(to / SIDE);
        let rows = range(b[1], b[3]);
        range(b[0], b[2]).flat_map(move |x| rows.clone().map(move |y| (x, y)))
    }

    fn add(&mut self, b: Box4) {
        for cell in Self::cells(&b) {
            self.cells.entry(cell).or_default().push(b);
        }
    }

    fn any(&self, b: &Box4) -> bool {
        Self::cells(b)
            .any(|cell| self.cells.get(&cell).is_some_and(|list| list.iter().any(|other| meets(b, other))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: i32, y: i32, text: &str) -> NameCandidate {
        NameCandidate { at: (x * 8, y * 8), text: text.to_owned(), mark_px: 4.0 }
    }

    #[test]
    fn crowded_names_wait_for_a_closer_look() {
        let names: Vec<NameCandidate> = (0..12).map(|i| at(400 + i * 3, 300, "A rather long name")).collect();
        let placed = place(&names, &[], (8000, 6000));
        assert_eq!(placed[0].map(|p| p.zoom), Some(0.35));
        assert!(placed.iter().flatten().any(|p| p.zoom > 1.0) || placed.iter().any(Option::is_none));
    }

    #[test]
    fn a_name_keeps_off_marks_and_edges() {
        let placed = place(&[at(990, 300, "Name at the edge")], &[((990 * 8, 300 * 8), 4.0)], (8000, 6000));
        assert!(placed[0].is_some_and(|p| p.anchor != "start"), "{placed:?}");
    }
}
