//! Sites of a map: its outermost nodes.

use clearway_model::number::{compact, count as whole, float};
use clearway_model::{ConnectorPlace, ConnectorRow, SiteRow};

/// How far out a node must be, against the farthest of its direction.
const OUTER_SHARE: f64 = 0.85;

/// What is known of the nodes of a map, by number.
pub(crate) struct MapNodes<'a> {
    pub ids: &'a [String],
    /// Longitude and latitude of each, degrees.
    pub degrees: &'a [(f64, f64)],
    /// Metres in a plane.
    pub metres: &'a [(f64, f64)],
}

/// The circle around the mean of the candidates is cut into equal sectors, the first beginning in the east, and each sector
/// that has nodes gives one site: of the nodes at least 85 % as far out as its farthest, the one that the largest capacity of
/// links leads to; then the farthest; then the earliest. Returns the numbers of the nodes.
pub(crate) fn outermost(
    places: &MapNodes<'_>,
    candidates: &[usize],
    inflow: &[f64],
    sectors: u32,
) -> Vec<usize> {
    let count = float(candidates.len().max(1));
    let middle = candidates.iter().fold((0.0, 0.0), |sum, &at| {
        (sum.0 + places.metres[at].0 / count, sum.1 + places.metres[at].1 / count)
    });
    let polar = |at: usize| {
        let (x, y) = (places.metres[at].0 - middle.0, places.metres[at].1 - middle.1);
        let turn = (y.atan2(x) / std::f64::consts::TAU).rem_euclid(1.0);
        (compact(whole(turn * f64::from(sectors))).min(sectors - 1), x.hypot(y))
    };
    let mut picked = Vec::new();
    for sector in 0..sectors {
        let inside: Vec<(usize, f64)> = candidates
            .iter()
            .map(|&at| (at, polar(at)))
            .filter(|(_, (of, _))| *of == sector)
            .map(|(at, (_, distance))| (at, distance))
            .collect();
        let farthest = inside.iter().map(|(_, distance)| *distance).fold(0.0, f64::max);
        let best = inside
            .iter()
            .filter(|(_, distance)| *distance >= OUTER_SHARE * farthest)
            .max_by(|a, b| inflow[a.0].total_cmp(&inflow[b.0]).then(a.1.total_cmp(&b.1)).then(b.0.cmp(&a.0)));
        // a sector without nodes, over water say, has no site
        picked.extend(best.map(|(at, _)| *at));
    }
    picked
}

/// Rows for sites that are nodes: joined to them in no time and without a limit.
pub(crate) fn site_rows(places: &MapNodes<'_>, nodes: &[usize]) -> (Vec<SiteRow>, Vec<ConnectorRow>) {
    let rows = nodes.iter().enumerate().map(|(index, &at)| {
        let site_id = format!("S{}", index + 1);
        let site = SiteRow {
            site_id: site_id.clone(),
            name: format!("Way out at {}", places.ids[at]),
            x_coord: Some(places.degrees[at].0),
            y_coord: Some(places.degrees[at].1),
            ..SiteRow::default()
        };
        let connector = ConnectorRow {
            connector_id: format!("site:{site_id}:1"),
            place: ConnectorPlace::Site,
            place_id: site_id,
            node_id: places.ids[at].clone(),
            ..ConnectorRow::default()
        };
        (site, connector)
    });
    rows.unzip()
}
