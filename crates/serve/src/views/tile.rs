//! One tile of the roads.

use super::mvt::{EXTENT, TagValue, TileLayer};
use super::roads::{RoadView, ViewLink};
use clearway_model::number::{floor, round};
use std::collections::HashMap;

/// Least zoom at which there are tiles.
pub(super) const MIN_ZOOM: u8 = 5;
/// Greatest zoom at which there are tiles.
pub(super) const MAX_ZOOM: u8 = 16;
/// From this zoom on nodes are drawn.
const NODE_ZOOM: u8 = 14;
/// From this zoom on links have all their properties.
const NAMED_ZOOM: u8 = 12;
/// Links in one tile at most, where a smaller class can wait for the next zoom.
const MOST_LINKS: usize = 12_000;
/// How far lines go on beyond the edge of a tile.
const BEYOND: f64 = 64.0;

/// The tile at a zoom, column and row; empty where there is nothing.
pub(super) fn tile(view: &RoadView, (z, x, y): (u8, u32, u32)) -> Vec<u8> {
    if z < MIN_ZOOM {
        return Vec::new();
    }
    let scale = f64::from(1_u32 << z);
    let frame = TileFrame { west: f64::from(x) / scale, north: f64::from(y) / scale, scale };
    let inside: Vec<usize> =
        (0..view.links.len()).filter(|row| frame.meets(view.links[*row].around)).collect();
    let last_class = view.last_class(z);
    let mut links = TileLayer::new("links");
    for row in inside {
        let link = &view.links[row];
        if link.class > last_class {
            continue;
        }
        let pieces = frame.pieces(&link.course, z);
        let class = &view.classes[link.class];
        links.line(row as u64, &tags(link, class, z), &pieces);
    }
    let mut bytes = links.finish();
    if z >= NODE_ZOOM {
        let mut nodes = TileLayer::new("nodes");
        for (row, (id, place)) in view.nodes.iter().enumerate() {
            let [px, py] = frame.place(*place);
            let edge = f64::from(EXTENT);
            if (0.0..=edge).contains(&px) && (0.0..=edge).contains(&py) {
                nodes.point(row as u64, &[("node_id", TagValue::Text(id))], whole([px, py]));
            }
        }
        bytes.extend(nodes.finish());
    }
    bytes
}

/// The last class that is drawn at each zoom, from [`MIN_ZOOM`] on: a class comes with the zoom from which on no tile has too many links
/// with it, so that a road does not end at the edge of a tile. From the last of them on all classes are drawn.
pub(super) fn classes_by_zoom(links: &[ViewLink], classes: usize) -> Vec<usize> {
    let mut last = Vec::new();
    for z in MIN_ZOOM..=MAX_ZOOM {
        let scale = f64::from(1_u32 << z);
        let mut tiles: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
        for link in links {
            let [west, north, east, south] = link.around.map(|at| floor(at * scale));
            for column in west..=east {
                for row in north..=south {
                    tiles.entry((column, row)).or_insert_with(|| vec![0; classes])[link.class] += 1;
                }
            }
        }
        let fits =
            |class: usize| tiles.values().all(|counts| counts[..=class].iter().sum::<usize>() <= MOST_LINKS);
        // the widest roads are always there
        let shown = (1..classes).rev().find(|class| fits(*class)).unwrap_or(0);
        last.push(shown);
        if shown + 1 >= classes {
            break;
        }
    }
    last
}

fn tags<'l>(link: &'l ViewLink, class: &'l str, z: u8) -> Vec<(&'static str, TagValue<'l>)> {
    let mut tags = vec![("class", TagValue::Text(class))];
    if z >= NAMED_ZOOM {
        tags.push(("link_id", TagValue::Text(&link.id)));
        if !link.name.is_empty() {
            tags.push(("name", TagValue::Text(&link.name)));
        }
        let numbers =
            [("lanes", link.lanes), ("capacity_pcu_h", link.capacity_pcu_h), ("speed_km_h", link.speed_km_h)];
        tags.extend(numbers.into_iter().filter_map(|(key, value)| Some((key, TagValue::Number(value?)))));
    }
    tags
}

fn whole([x, y]: [f64; 2]) -> [i32; 2] {
    let whole = |value: f64| i32::try_from(round(value)).unwrap_or(0);
    [whole(x), whole(y)]
}

/// Where a tile lies in the square of the map projection.
#[derive(Clone, Copy)]
struct TileFrame {
    west: f64,
    north: f64,
    scale: f64,
}

impl TileFrame {
    fn place(self, [x, y]: [f64; 2]) -> [f64; 2] {
        let to = self.scale * f64::from(EXTENT);
        [(x - self.west) * to, (y - self.north) * to]
    }

    fn meets(self, around: [f64; 4]) -> bool {
        let [west, north] = self.place([around[0], around[1]]);
        let [east, south] = self.place([around[2], around[3]]);
        let edge = f64::from(EXTENT) + BEYOND;
        // what is smaller than a fifth of a pixel is not seen
        let is_seen = (east - west).max(south - north) >= 1.5;
        is_seen && east >= -BEYOND && south >= -BEYOND && west <= edge && north <= edge
    }

    /// The parts of a course within the tile, in its coordinates.
    fn pieces(self, course: &[[f64; 2]], z: u8) -> Vec<Vec<[i32; 2]>> {
        let near = if z >= MAX_ZOOM { 0.0 } else { 6.0 };
        let mut kept: Vec<[f64; 2]> = Vec::with_capacity(course.len());
        for (at, place) in course.iter().enumerate() {
            let place = self.place(*place);
            let is_end = at == 0 || at + 1 == course.len();
            let is_far = kept.last().is_none_or(|last| (place[0] - last[0]).hypot(place[1] - last[1]) > near);
            if is_end || is_far {
                kept.push(place);
            }
        }
        let mut pieces: Vec<Vec<[i32; 2]>> = Vec::new();
        let mut piece: Vec<[i32; 2]> = Vec::new();
        for pair in kept.windows(2) {
            let Some((from, until)) = clipped(pair[0], pair[1]) else {
                pieces.push(std::mem::take(&mut piece));
                continue;
            };
            let (from, until) = (whole(from), whole(until));
            if piece.last() != Some(&from) {
                pieces.push(std::mem::take(&mut piece));
                piece.push(from);
            }
            if until != from {
                piece.push(until);
            }
        }
        pieces.push(piece);
        pieces.retain(|piece| piece.len() > 1);
        pieces
    }
}

/// The part of a straight line within the tile and a little beyond (Liang and Barsky); `None`: it is outside.
fn clipped(from: [f64; 2], until: [f64; 2]) -> Option<([f64; 2], [f64; 2])> {
    let (low, high) = (-BEYOND, f64::from(EXTENT) + BEYOND);
    let along = [until[0] - from[0], until[1] - from[1]];
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    for axis in 0..2 {
        for (by, room) in [(-along[axis], from[axis] - low), (along[axis], high - from[axis])] {
            if by == 0.0 {
                if room < 0.0 {
                    return None;
                }
            } else if by < 0.0 {
                first = first.max(room / by);
            } else {
                last = last.min(room / by);
            }
        }
    }
    let at = |share: f64| [from[0] + share * along[0], from[1] + share * along[1]];
    (first <= last).then(|| (at(first), at(last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_outside_is_cut_off() {
        assert_eq!(clipped([0.0, 0.0], [100.0, 100.0]), Some(([0.0, 0.0], [100.0, 100.0])));
        assert_eq!(clipped([-164.0, 10.0], [36.0, 10.0]), Some(([-64.0, 10.0], [36.0, 10.0])));
        assert_eq!(clipped([-200.0, -200.0], [-100.0, 5000.0]), None);
        assert_eq!(clipped([-100.0, 0.0], [-100.0, 10.0]), None);
    }

    #[test]
    fn a_class_comes_at_one_zoom_everywhere() {
        // very many small roads in one corner, few in another
        let link = |x: f64, class: usize| ViewLink {
            id: String::new(),
            name: String::new(),
            class,
            lanes: None,
            capacity_pcu_h: None,
            speed_km_h: None,
            course: Vec::new(),
            around: [x, 0.5, x, 0.5],
            middle: [0.0; 2],
        };
        let crowd = |at: f64| (0..10_000).map(move |number| link(at + f64::from(number) * 1e-9, 1));
        let mut links: Vec<ViewLink> = crowd(0.100_01).chain(crowd(0.102)).collect();
        links.extend([link(0.9, 0), link(0.9, 1)]);
        let by_zoom = classes_by_zoom(&links, 2);
        // at zoom 6 one tile holds both crowds, at zoom 7 none does
        assert_eq!(by_zoom, vec![0, 0, 1]);
        assert_eq!(classes_by_zoom(&links[20_000..], 2), vec![1]);
        assert_eq!(classes_by_zoom(&[], 0), vec![0]);
    }

    #[test]
    fn a_course_that_leaves_and_comes_back_is_two_pieces() {
        let frame = TileFrame { west: 0.0, north: 0.0, scale: 1.0 };
        let unit = 1.0 / f64::from(EXTENT);
        let course = [[10.0, 10.0], [10.0, 9000.0], [500.0, 9000.0], [500.0, 10.0]]
            .map(|[x, y]: [f64; 2]| [x * unit, y * unit]);
        let pieces = frame.pieces(&course, 10);
        assert_eq!(pieces, vec![vec![[10, 10], [10, 4160]], vec![[500, 4160], [500, 10]]]);
    }
}
