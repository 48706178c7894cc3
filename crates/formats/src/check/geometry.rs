//! The `geometry` column of links: a WKT line string from the link's first node to its last.

use super::ScenarioCheck;
use super::coordinates::{Point, distance_m, node_points, on_earth};
use crate::cell::read_number;
use clearway_model::LinkRow;

/// A line may end this far from its node, m, as schematic networks do.
const NEAR_M: f64 = 2_000.0;

pub(super) fn check(check: &mut ScenarioCheck<'_>) {
    let nodes = node_points(check);
    let links = &check.scenario.links;
    let (mut unreadable, mut swapped, mut apart) = (Vec::new(), Vec::new(), Vec::new());
    for (index, row) in check.sound(links) {
        if row.geometry.is_empty() {
            continue;
        }
        let Some((first, last)) = line_ends(&row.geometry) else {
            let begin: String = row.geometry.chars().take(40).collect();
            unreadable.push((index, begin, "LINESTRING (x y, x y, ...) with two points or more".to_string()));
            continue;
        };
        let ends = nodes.get(row.from_node_id.as_str()).zip(nodes.get(row.to_node_id.as_str()));
        let Some((from, to)) = ends else {
            continue;
        };
        let is_near = |line: Point, node: &Point| distance_m(line, *node) <= NEAR_M;
        let is_swapped_near =
            |line: Point, node: &Point| on_earth(line[1], line[0]).is_some_and(|p| is_near(p, node));
        let found = format!("{} {} to {} {}", first[0], first[1], last[0], last[1]);
        let on_map = on_earth(first[0], first[1]).is_some() && on_earth(last[0], last[1]).is_some();
        if on_map && is_near(first, from) && is_near(last, to) {
            continue;
        }
        let expected = format!("a line from {} {} to {} {}", from[0], from[1], to[0], to[1]);
        if is_swapped_near(first, from) && is_swapped_near(last, to) {
            swapped.push((index, found, expected));
        } else {
            apart.push((index, found, expected));
        }
    }
    check.warnings::<LinkRow>(links, "geometry", &unreadable, "the line is for maps only and is not shown");
    check.warnings::<LinkRow>(
        links,
        "geometry",
        &swapped,
        "longitude and latitude are swapped: WKT has x (longitude) first",
    );
    check.warnings::<LinkRow>(links, "geometry", &apart, "the line does not join the nodes of the link");
}

/// First and last point of a WKT line string.
fn line_ends(text: &str) -> Option<(Point, Point)> {
    let text = text.trim();
    let word = "LINESTRING";
    let (head, rest) = (text.get(..word.len())?, text.get(word.len()..)?.trim_start());
    if !head.eq_ignore_ascii_case(word) {
        return None;
    }
    // a third coordinate is height, which no map shows
    let rest = rest.strip_prefix(['Z', 'z']).map_or(rest, str::trim_start);
    let inside = rest.strip_prefix('(')?.strip_suffix(')')?;
    let points: Option<Vec<Point>> = inside.split(',').map(point).collect();
    let points = points?;
    match points.as_slice() {
        [first, .., last] => Some((*first, *last)),
        _ => None,
    }
}

fn point(text: &str) -> Option<Point> {
    let mut numbers = text.split_whitespace().map(read_number);
    Some([numbers.next()??, numbers.next()??])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_to_their_ends() {
        let ends = Some(([1.0, 2.0], [5.0, 6.5]));
        assert_eq!(line_ends("LINESTRING (1 2, 3 4, 5 6.5)"), ends);
        assert_eq!(line_ends(" linestring Z(1 2 9,5 6.5 9) "), ends);
        for text in [
            "",
            "POINT (1 2)",
            "LINESTRING (1 2)",
            "LINESTRING (1 2, x 4)",
            "LINESTRING (1 2, 3 4",
            "LINESTRINGé",
            "LINESTRING EMPTY",
        ] {
            assert_eq!(line_ends(text), None, "{text}");
        }
    }
}
