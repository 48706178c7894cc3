//! Alerts in the Common Alerting Protocol 1.2 (OASIS, 2010), as hazards: every area of every alert with its times. Positions there are
//! latitude first.

use crate::feature::{Position, VectorFeature, VectorShape, put};
use crate::nws::not_meant;
use crate::xml::{XmlElement, tree};
use clearway_model::{Fault, Faults};
use serde_json::Map;

/// Corners of the polygon that stands for a circle.
const CORNERS: u32 = 64;
/// A degree of latitude, km, on a sphere of 6,371 km.
const DEGREE_KM: f64 = 111.194_9;

/// The areas of an alert; those without a polygon or circle are among the warnings.
pub(crate) fn features(
    file: &str,
    bytes: &[u8],
    warnings: &mut Faults,
) -> Result<Vec<VectorFeature>, Box<Fault>> {
    let alert = tree(file, bytes)?;
    if alert.text_of("msgType").eq_ignore_ascii_case("cancel") {
        let fault = Fault::error(file, "", "an alert in force").field("msgType", alert.text_of("msgType"));
        return Err(Box::new(fault.hint("it takes back the alert that its references name")));
    }
    let mut features = Vec::new();
    let mut without: Vec<&str> = Vec::new();
    let (mut by_message, mut endless) = (0, 0);
    for (number, info) in (1..).zip(alert.all("info")) {
        for (area_number, area) in (1..).zip(info.all("area")) {
            let place = format!("info {number}, area {area_number}");
            let polygons = polygons(area).map_err(|found| {
                let fault =
                    Fault::error(file, &place, "a polygon as lat,lon lat,lon and a circle as lat,lon km");
                Box::new(fault.field("polygon", found))
            })?;
            if polygons.is_empty() {
                without.push(area.text_of("areaDesc"));
                continue;
            }
            let mut properties = Map::new();
            let id = format!("{}-{number}-{area_number}", alert.text_of("identifier"));
            put(&mut properties, "hazard_id", &id);
            let name = [info.text_of("event"), area.text_of("areaDesc")].join(": ");
            put(&mut properties, "name", name.trim_matches([':', ' ']));
            let begin =
                ["onset", "effective"].iter().map(|field| info.text_of(field)).find(|text| !text.is_empty());
            let begin = begin.unwrap_or_else(|| alert.text_of("sent"));
            put(&mut properties, "from", begin);
            match end(info, begin) {
                Some((until, is_of_event)) => {
                    put(&mut properties, "until", until);
                    by_message += usize::from(!is_of_event);
                }
                None => endless += 1,
            }
            for field in ["urgency", "severity", "certainty"] {
                put(&mut properties, field, info.text_of(field));
            }
            put(&mut properties, "status", alert.text_of("status"));
            put(&mut properties, "sender", alert.text_of("sender"));
            features.push(VectorFeature { properties, shape: VectorShape::Polygons(polygons) });
        }
    }
    if features.is_empty() {
        let fault = Fault::error(file, "", "an alert with a polygon or circle");
        return Err(Box::new(
            fault.hint("it names places by code (geocode) alone: draw the area, or get its polygon"),
        ));
    }
    if let Some(first) = without.first() {
        let fault = Fault::warning(file, "", "areas with a polygon or circle")
            .field("areas without one", without.len());
        warnings.push(fault.hint(format!(
            "left out, such as '{first}': it names places by code (geocode) alone; draw the area, or get its polygon"
        )));
    }
    for (areas, hint) in [
        (by_message, "taken to end with the message ('expires'); if the event goes on, give until"),
        (endless, "taken to last"),
    ] {
        if areas > 0 {
            let fault = Fault::warning(file, "", "areas of which it is said when the event ends");
            warnings.push(fault.field("areas without that", areas).hint(hint));
        }
    }
    not_meant(file, "", alert.text_of("status"), warnings);
    Ok(features)
}

/// When the event of an alert ends, and whether that is said of the event and not of the message alone; `None`: nothing after its beginning
/// is. `eventEndingTime` is a parameter of the National Weather Service.
fn end<'a>(info: &'a XmlElement, begin: &str) -> Option<(&'a str, bool)> {
    let ending = info.all("parameter").find(|one| one.text_of("valueName") == "eventEndingTime");
    if let Some(time) = ending.map(|one| one.text_of("value")).filter(|time| !time.is_empty()) {
        return Some((time, true));
    }
    let expires = info.text_of("expires");
    let moment = |text: &str| clearway_text::Moment::read(text).ok().map(|moment| moment.at);
    // what cannot be read is a fault where times are read
    let is_before = moment(expires).zip(moment(begin)).is_some_and(|(end, begin)| end <= begin);
    (!expires.is_empty() && !is_before).then_some((expires, false))
}

fn polygons(area: &XmlElement) -> Result<Vec<Vec<Vec<Position>>>, String> {
    let mut polygons = Vec::new();
    for polygon in area.all("polygon") {
        let text = polygon.text.trim();
        let ring: Option<Vec<Position>> = text.split_whitespace().map(position).collect();
        match ring {
            Some(mut ring) if ring.len() >= 3 => {
                if ring.first() != ring.last() {
                    ring.extend(ring.first().copied());
                }
                polygons.push(vec![ring]);
            }
            _ => return Err(text.chars().take(60).collect()),
        }
    }
    for circle in area.all("circle") {
        let text = circle.text.trim();
        let parts: Vec<&str> = text.split_whitespace().collect();
        let (Some(&[centre, radius]), Some(middle)) =
            (parts.first_chunk::<2>(), parts.first().and_then(|part| position(part)))
        else {
            return Err(text.to_owned());
        };
        let Ok(km) = radius.parse::<f64>() else { return Err(text.to_owned()) };
        let _ = centre;
        // a circle without extent is a place, which closes nothing
        if km > 0.0 && km.is_finite() {
            polygons.push(vec![round(middle, km)]);
        }
    }
    Ok(polygons)
}

/// `lat,lon` as longitude and latitude.
fn position(text: &str) -> Option<Position> {
    let (lat, lon) = text.split_once(',')?;
    Some([lon.parse().ok()?, lat.parse().ok()?])
}

/// A polygon around a circle: its sides touch it, so that nothing of the circle is outside.
fn round([lon, lat]: Position, km: f64) -> Vec<Position> {
    let step = std::f64::consts::TAU / f64::from(CORNERS);
    let degrees = km / (step / 2.0).cos() / DEGREE_KM;
    let stretch = lat.to_radians().cos().max(1e-6);
    (0..=CORNERS)
        .map(|corner| {
            let angle = step * f64::from(corner % CORNERS);
            [lon + degrees * angle.cos() / stretch, lat + degrees * angle.sin()]
        })
        .collect()
}
