//! Active fires as satellites detect them (NASA FIRMS, VIIRS and MODIS) as hazards: where each overpass saw fire, from then on.
//!
//! A row is the centre of a pixel of `scan` by `track` km, somewhere in which something burns; which way the pixel lies is not in the table.
//! So its footprint is the circle around the pixel in any position, widened by a buffer if one is given. Attributes and their meaning:
//! NASA Earthdata, Active Fire Data Attributes for MODIS and VIIRS. What burned between overpasses, under clouds or smoke is not in it.

use crate::exit_list::is_used;
use crate::features::{Crossing, FeatureShape, WantedShapes, is_json, read_features};
use crate::plane::{LonLat, MetrePlane};
use crate::population::read_place;
use crate::record::{NamedTexts, read_table};
use crate::request::NamedBytes;
use crate::shapes::polygons as polygons_json;
use clearway_model::{Fault, Faults, counted};
use geo::{Coord, LineString, MultiPolygon, Polygon, unary_union};
use jiff::civil::{Date, Time};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Corners of the polygon that stands for a circle; its sides touch the circle, so that nothing of it is outside.
const CORNERS: u32 = 24;
/// A pixel is between these, km: 0.375 km straight below VIIRS, 4.8 km at the edge of a scan of MODIS.
const PIXEL_KM: [f64; 2] = [0.1, 10.0];

/// Hazards made of detections.
#[derive(Debug, Clone, PartialEq)]
pub struct FireAreas {
    /// Polygons with `hazard_id`, `name`, `from`, as hazards are given, one per overpass and confidence.
    pub geojson: Vec<u8>,
    /// How many detections became how many hazards, in words.
    pub note: String,
    /// What was left out.
    pub warnings: Faults,
}

/// Whether a file is a table or map of active fires, by its columns.
pub fn is_fire_table(bytes: &[u8]) -> bool {
    let head = bytes.get(..8192).unwrap_or(bytes).to_ascii_lowercase();
    let has = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    has(b"acq_date") && has(b"acq_time")
}

/// A detection.
struct FireDetection {
    at: LonLat,
    radius_m: f64,
    satellite: String,
    /// UTC.
    date: Date,
    time: Time,
    confidence: FireConfidence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum FireConfidence {
    Low,
    Nominal,
    High,
}

impl FireConfidence {
    fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Nominal => "nominal",
            Self::High => "high",
        }
    }

    /// A word or letter of VIIRS, or the per cent of MODIS in the classes of its user's guide (collection 6): below 30 low, from 80 high.
    fn read(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "l" | "low" => Self::Low,
            "n" | "nominal" => Self::Nominal,
            "h" | "high" => Self::High,
            number => match number.parse::<f64>().ok()? {
                percent if (0.0..30.0).contains(&percent) => Self::Low,
                percent if (30.0..80.0).contains(&percent) => Self::Nominal,
                percent if (80.0..=100.0).contains(&percent) => Self::High,
                _ => return None,
            },
        })
    }
}

/// Makes hazards of a table or map of detections. `buffer_m`: how far beyond each footprint is closed too.
///
/// # Errors
/// All faults of the rows.
pub fn fire_areas(input: &NamedBytes, buffer_m: f64) -> Result<FireAreas, Faults> {
    let mut faults = Faults::default();
    if !(0.0..=100_000.0).contains(&buffer_m) {
        let expected = "a buffer around fires of 0 to 100000 m";
        faults.push(Fault::error("request", "", expected).field("fire_buffer_m", buffer_m));
    }
    let rows = rows(input, &mut faults);
    let mut elsewhere = 0_i64;
    let mut overpasses: BTreeMap<_, Vec<FireDetection>> = BTreeMap::new();
    for (record, at) in &rows {
        // presumed vegetation fire and volcano; the other types are works that always burn, and platforms at sea
        if matches!(record.text(&["type"]), "2" | "3") {
            elsewhere += 1;
        } else if is_used(record, &mut faults)
            && let Some(found) = read_detection(record, *at, &mut faults)
        {
            let key = (found.date, found.time, found.satellite.clone(), found.confidence);
            overpasses.entry(key).or_default().push(found);
        }
    }
    let detections: usize = overpasses.values().map(Vec::len).sum();
    if detections == 0 && !faults.has_errors() {
        faults.push(
            Fault::error(&input.name, "", "at least one detection of a fire").field("rows", rows.len()),
        );
    }
    if faults.has_errors() {
        return Err(faults);
    }
    if elsewhere > 0 {
        let fault = Fault::warning(&input.name, "", "detections of fires (type 0 or 1)");
        faults
            .push(fault.field("type 2 or 3", elsewhere).hint("left out: works that always burn, or at sea"));
    }
    let features: Vec<Value> = overpasses.values().map(|seen| feature(seen, buffer_m)).collect();
    let note = format!(
        "{}: {} of active fires in {}, with a buffer of {buffer_m} m, closed from the overpass on for good",
        input.name,
        counted(i64::try_from(detections).unwrap_or(i64::MAX), "detection", "detections"),
        counted(i64::try_from(features.len()).unwrap_or(i64::MAX), "hazard", "hazards"),
    );
    let geojson = json!({"type": "FeatureCollection", "features": features}).to_string().into_bytes();
    Ok(FireAreas { geojson, note, warnings: faults })
}

/// The rows of a table, or the points of a map, with their places.
fn rows(input: &NamedBytes, faults: &mut Faults) -> Vec<(NamedTexts, LonLat)> {
    if !is_json(input) {
        let table = read_table(input, clearway_text::WantedFile::Shapes, faults);
        return table.into_iter().filter_map(|row| read_place(&row, faults).map(|at| (row, at))).collect();
    }
    let mut rows = Vec::new();
    for feature in read_features(input, WantedShapes::PointsOrPolygons, Crossing::Warning, faults) {
        match feature.shape {
            FeatureShape::Point(at) => rows.push((feature.record, at)),
            FeatureShape::Polygons(_) => {
                faults.push(
                    feature.record.error("a point, the centre of a pixel").field("geometry", "Polygon"),
                );
            }
        }
    }
    rows
}

fn read_detection(record: &NamedTexts, at: LonLat, faults: &mut Faults) -> Option<FireDetection> {
    let scan = pixel_km(record, "scan", faults);
    let track = pixel_km(record, "track", faults);
    let date_text = record.text(&["acq_date"]);
    let date = read_date(date_text);
    if date.is_none() {
        faults.push(record.error("a date such as 2026-06-01").field("acq_date", date_text));
    }
    let time_text = record.text(&["acq_time"]);
    let time = read_time(time_text);
    if time.is_none() {
        faults.push(record.error("hours and minutes, UTC, such as 0324").field("acq_time", time_text));
    }
    let stated = record.text(&["confidence"]);
    let confidence = FireConfidence::read(stated);
    if confidence.is_none() {
        faults.push(record.error("low, nominal or high, or 0 to 100 per cent").field("confidence", stated));
    }
    let satellite = record.text(&["satellite", "instrument"]);
    let satellite: String = satellite.chars().filter(char::is_ascii_alphanumeric).collect();
    Some(FireDetection {
        at,
        radius_m: 500.0 * scan?.hypot(track?),
        satellite,
        date: date?,
        time: time?,
        confidence: confidence?,
    })
}

fn pixel_km(record: &NamedTexts, name: &str, faults: &mut Faults) -> Option<f64> {
    let [least, most] = PIXEL_KM;
    let text = record.text(&[name]);
    let km = text.parse::<f64>().ok().filter(|km| (least..=most).contains(km));
    if km.is_none() {
        faults.push(record.error(&format!("the size of a pixel, {least} to {most} km")).field(name, text));
    }
    km
}

/// `2026-06-01`, with other marks or none between.
fn read_date(text: &str) -> Option<Date> {
    let text = text.get(..10).unwrap_or(text).replace('/', "-");
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    let is_date = digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit());
    let (year, rest) = is_date.then(|| digits.split_at(4))?;
    let (month, day) = rest.split_at(2);
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `0324`, `324` where a spreadsheet took the zero off, `03:24`.
fn read_time(text: &str) -> Option<Time> {
    let digits: String = text.chars().filter(|c| *c != ':').collect();
    let is_time = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let number: i8 = is_time.then(|| digits.get(..digits.len().saturating_sub(2)))??.parse().unwrap_or(0);
    let minutes = digits.get(digits.len().saturating_sub(2)..)?.parse().ok()?;
    Time::new(number, minutes, 0, 0).ok()
}

/// The hazard of all detections of one overpass and confidence.
fn feature(seen: &[FireDetection], buffer_m: f64) -> Value {
    let discs: Vec<Polygon<f64>> =
        seen.iter().map(|found| disc(found.at, found.radius_m + buffer_m)).collect();
    let shape = if discs.len() > 1 { unary_union(&discs) } else { MultiPolygon(discs) };
    let Some(first) = seen.first() else { return Value::Null };
    let (date, time) = (first.date, first.time);
    let clock = format!("{:02}{:02}", time.hour(), time.minute());
    let word = first.confidence.word();
    json!({
        "type": "Feature",
        "properties": {
            "hazard_id": format!("fire-{}-{clock}-{}-{word}", date.strftime("%Y%m%d"), first.satellite),
            "name": format!("Active fire, {} confidence, {}", word, counted(seen.len().try_into().unwrap_or(i64::MAX), "detection", "detections")),
            "from": format!("{date}T{:02}:{:02}:00Z", time.hour(), time.minute()),
            "detections": seen.len(),
            "confidence": word,
            "buffer_m": buffer_m,
            "source": format!("NASA FIRMS active fires: circle around each pixel of scan x track, and a buffer of {buffer_m} m"),
        },
        "geometry": polygons_json(&shape),
    })
}

/// A polygon around a circle.
fn disc(at: LonLat, radius_m: f64) -> Polygon<f64> {
    let plane = MetrePlane::new(at);
    let step = std::f64::consts::TAU / f64::from(CORNERS);
    let reach = radius_m / (step / 2.0).cos();
    let corner = |corner: u32| {
        let angle = step * f64::from(corner % CORNERS);
        let [x, y] = plane.place([reach * angle.cos(), reach * angle.sin()]);
        Coord { x, y }
    };
    Polygon::new(LineString((0..=CORNERS).map(corner).collect()), Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{GeodesicArea, Validation};
    use proptest::prelude::*;

    const VIIRS: &str = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,frp,daynight";

    fn made(rows: &str, buffer_m: f64) -> Result<(Vec<Value>, FireAreas), String> {
        let table = format!("{VIIRS}\n{rows}");
        let found = fire_areas(&NamedBytes::new("fires.csv", table), buffer_m).map_err(|f| f.to_string())?;
        let document: Value = serde_json::from_slice(&found.geojson).unwrap();
        Ok((document["features"].as_array().unwrap().clone(), found))
    }

    fn shape(feature: &Value) -> MultiPolygon<f64> {
        let text = feature["geometry"].to_string();
        let mut faults = Faults::default();
        let read = read_features(
            &NamedBytes::new("a.geojson", text),
            WantedShapes::Polygons,
            Crossing::Error,
            &mut faults,
        );
        assert!(!faults.has_errors(), "{faults}");
        crate::features::all_polygons(&read)
    }

    #[test]
    fn a_pixel_becomes_the_circle_around_it_from_its_overpass_on() {
        let (features, found) =
            made("10,30,330,0.3,0.4,2026-06-01,324,N20,VIIRS,n,2.0NRT,290,5,N\n", 1000.0).unwrap();
        let properties = &features[0]["properties"];
        assert_eq!(properties["hazard_id"], "fire-20260601-0324-N20-nominal");
        assert_eq!(properties["from"], "2026-06-01T03:24:00Z");
        // half the diagonal of 300 m x 400 m, and 1,000 m; a polygon of 24 sides around a circle of 1,250 m: 24 r2 tan(7.5 degrees)
        let m2 = shape(&features[0]).geodesic_area_unsigned();
        let expected = 24.0 * 1_250.0_f64.powi(2) * 7.5_f64.to_radians().tan();
        // sphere and ellipsoid differ by a third of a per cent here
        assert!((m2 / expected - 1.0).abs() < 0.006, "{m2} {expected}");
        assert!(found.note.contains("1 detection of active fires in 1 hazard"), "{}", found.note);
    }

    #[test]
    fn overpasses_and_confidences_are_hazards_of_their_own_and_no_detection_is_lost() {
        let rows = "10,30,330,0.4,0.4,2026-06-01,0324,N,VIIRS,n,2,290,5,N\n\
                    10.001,30.001,330,0.4,0.4,2026-06-01,03:24,N,VIIRS,nominal,2,290,5,N\n\
                    10,30,330,1.0,1.0,2026-06-01,0324,A,MODIS,29,6.1,290,5,N\n\
                    10,30,330,1.0,1.0,2026-06-01,0324,A,MODIS,80,6.1,290,5,N\n\
                    10,30,330,0.4,0.4,2026-06-01,1510,N,VIIRS,h,2,290,5,D\n";
        let (features, _) = made(rows, 0.0).unwrap();
        let found: Vec<_> = features
            .iter()
            .map(|feature| {
                let properties = &feature["properties"];
                (properties["hazard_id"].as_str().unwrap(), properties["detections"].as_u64().unwrap())
            })
            .collect();
        assert_eq!(
            found,
            [
                ("fire-20260601-0324-A-low", 1),
                ("fire-20260601-0324-A-high", 1),
                ("fire-20260601-0324-N-nominal", 2),
                ("fire-20260601-1510-N-high", 1),
            ]
        );
    }

    #[test]
    fn rows_that_cannot_be_read_are_named_all_at_once() {
        let rows = "10,30,330,0,0.4,2026-06-01,0324,N,VIIRS,n,2,290,5,N\n\
                    10,30,330,0.4,0.4,1.6.2026,2460,N,VIIRS,n,2,290,5,N\n\
                    10,300,330,0.4,0.4,2026-06-01,0324,N,VIIRS,surely,2,290,5,N\n\
                    10,30,330,0.4,0.4,2026-02-30,0324,N,VIIRS,101,2,290,5,N\n";
        let error = made(rows, -1.0).unwrap_err();
        for words in [
            "fires.csv, line 2, scan = '0': expected the size of a pixel",
            "line 3, acq_date = '1.6.2026'",
            "line 3, acq_time = '2460'",
            "line 4, lon, lat = '300, 10'",
            "line 5, acq_date = '2026-02-30'",
            "line 5, confidence = '101'",
            "fire_buffer_m = '-1'",
        ] {
            assert!(error.contains(words), "{words}: {error}");
        }
        assert!(made("", 0.0).unwrap_err().contains("at least one detection"));
    }

    proptest! {
        /// However detections lie, they make shapes that hazards may have, and none of them is outside.
        #[test]
        fn detections_anywhere_make_valid_hazards(places in prop::collection::vec((0u32..400, 0u32..400), 1..60)) {
            let rows: String = places
                .iter()
                .map(|(x, y)| {
                    let (lat, lon) = (10.0 + f64::from(*y) / 20_000.0, 30.0 + f64::from(*x) / 20_000.0);
                    format!("{lat:.5},{lon:.5},330,0.39,0.36,2026-06-01,0324,N,VIIRS,n,2,290,5,N\n")
                })
                .collect();
            let (features, _) = made(&rows, 50.0).unwrap();
            let all = shape(&features[0]);
            prop_assert!(all.is_valid());
            let region = crate::region::AreaRegion::new(all).unwrap();
            for (x, y) in places {
                prop_assert!(region.covers([30.0 + f64::from(x) / 20_000.0, 10.0 + f64::from(y) / 20_000.0]));
            }
        }
    }
}
