//! How much of a box a ring covers, exactly.
//!
//! Sutherland and Hodgman (1974) cut a ring at one side of a box after the other. Where the ring enters the box more than once, the result
//! has sides that run to and fro along the box, which enclose nothing: areas are right also of rings with bays.

/// A ring as points; the last is joined to the first.
pub(crate) type Ring = Vec<[f64; 2]>;

/// The part of a ring with coordinate `axis` at least (`sign` 1) or at most (`sign` -1) `limit`.
fn cut(ring: &[[f64; 2]], axis: usize, sign: f64, limit: f64) -> Ring {
    let is_in = |p: &[f64; 2]| (p[axis] - limit) * sign >= 0.0;
    let mut kept = Ring::with_capacity(ring.len() + 4);
    let Some(mut before) = ring.last() else { return kept };
    for p in ring {
        if is_in(p) != is_in(before) {
            let along = (limit - before[axis]) / (p[axis] - before[axis]);
            let mut crossing = [0.0; 2];
            crossing[axis] = limit;
            crossing[1 - axis] = before[1 - axis] + along * (p[1 - axis] - before[1 - axis]);
            kept.push(crossing);
        }
        if is_in(p) {
            kept.push(*p);
        }
        before = p;
    }
    kept
}

/// The part of a ring between two values of one coordinate.
pub(crate) fn between(ring: &[[f64; 2]], axis: usize, low: f64, high: f64) -> Ring {
    cut(&cut(ring, axis, 1.0, low), axis, -1.0, high)
}

/// Area of a ring, in squares of its unit, never negative, and its centroid where it has an area.
pub(crate) fn area(ring: &[[f64; 2]]) -> (f64, Option<[f64; 2]>) {
    let Some(first) = ring.first() else { return (0.0, None) };
    // About the first point, so that places far from the origin keep their digits.
    let mut twice = 0.0;
    let mut moment = [0.0; 2];
    for pair in ring.windows(2) {
        let [a, b] = [pair[0], pair[1]].map(|p| [p[0] - first[0], p[1] - first[1]]);
        let cross = a[0] * b[1] - b[0] * a[1];
        twice += cross;
        for i in 0..2 {
            moment[i] += cross * (a[i] + b[i]);
        }
    }
    let centre = (twice != 0.0).then(|| [0, 1].map(|i: usize| first[i] + moment[i] / (3.0 * twice)));
    (twice.abs() / 2.0, centre)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bay_is_not_counted() {
        // A U whose bay is open to the north, cut above its floor: two arms of 1 x 2.
        let u =
            [[0.0, 0.0], [3.0, 0.0], [3.0, 3.0], [2.0, 3.0], [2.0, 1.0], [1.0, 1.0], [1.0, 3.0], [0.0, 3.0]];
        let arms = between(&u, 1, 1.0, 3.0);
        assert!((area(&arms).0 - 4.0).abs() < 1e-12);
        assert!((area(&u).0 - 7.0).abs() < 1e-12);
        assert_eq!(area(&between(&u, 0, 5.0, 6.0)).0, 0.0);
        assert_eq!(area(&u[..4]).1, area(&[u[1], u[2], u[3], u[0]]).1.map(|c| [c[0], c[1]]));
    }
}
