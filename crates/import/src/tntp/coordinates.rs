//! Coordinates of the file as degrees.

use super::files::TntpFiles;
use super::nodes::Places;
use super::units::{TntpCoordinates, TntpLength};
use crate::{ImportError, ImportReport};

/// Metres of a degree at longitude 0, latitude 0: along the equator and along the meridian (WGS 84).
const DEGREE_M: (f64, f64) = (111_319.49, 110_574.28);

/// Networks whose coordinates are a plane, with its unit.
const PLANES: [(&str, TntpLength, &str); 1] = [(
    "ChicagoSketch",
    TntpLength::Foot,
    "known by its name: so the middle link is as long as the file says (5,459 feet on the map to a mile)",
)];

/// Degrees as they are; a plane is put around longitude 0, latitude 0, since nobody says where it lies.
pub(crate) fn to_degrees(
    places: Places,
    files: &TntpFiles<'_>,
    wanted: Option<TntpCoordinates>,
    report: &mut ImportReport,
) -> Result<Places, ImportError> {
    let known = PLANES.iter().find(|(name, ..)| name.eq_ignore_ascii_case(&files.network));
    let fit_degrees = places.values().all(|(x, y)| x.abs() <= 180.0 && y.abs() <= 90.0);
    let metres = match (wanted, known) {
        (Some(TntpCoordinates::Plane(unit)), _) => unit.metres(),
        (None, Some((_, unit, why))) if !fit_degrees => {
            report.notes.push(format!("coordinates taken as a plane in feet: {why}"));
            unit.metres()
        }
        _ if fit_degrees => return Ok(places),
        _ => None,
    };
    let Some(metres) = metres else {
        return Err(ImportError::UnstatedUnit {
            path: files.node.path().into(),
            quantity: "coordinates that are no degrees",
            option: "--tntp-coordinate-unit",
            expected: "km, m, miles or feet",
        });
    };
    report
        .notes
        .push("the network is put around longitude 0, latitude 0: its projection is not known".into());
    let middle = |of: &dyn Fn(&(f64, f64)) -> f64| {
        let values = || places.values().map(of);
        f64::midpoint(values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
    };
    let (x0, y0) = (middle(&|p| p.0), middle(&|p| p.1));
    // Seven decimals, a centimetre, so that the tables have no digits without meaning.
    let degrees = |value: f64, per: f64| (value * metres / per * 1e7).round() / 1e7;
    Ok(places
        .into_iter()
        .map(|(node, (x, y))| (node, (degrees(x - x0, DEGREE_M.0), degrees(y - y0, DEGREE_M.1))))
        .collect())
}
