//! More people than a place holds: thousands taken for ones, or an area drawn too small.

use crate::zones::ZoneDraft;
use clearway_model::{Fault, Faults};
use geo::GeodesicArea;

/// The densest cities have up to about 50,000 people on a square kilometre (Manila, Dhaka, Malé); single quarters have more.
const MOST_PER_KM2: f64 = 60_000.0;
/// In places smaller than this the densest quarters count.
const QUARTER_KM2: f64 = 1.0;
const MOST_PER_KM2_OF_QUARTER: f64 = 200_000.0;
/// Zones that are named one by one; more of them are only counted.
const LISTED: usize = 10;

/// Warns of zones, and of all together, with more people than such a place holds.
pub(crate) fn check_density(zones: &[ZoneDraft], file: &str, warnings: &mut Faults) {
    let sizes: Vec<f64> = zones.iter().map(|zone| zone.shape.geodesic_area_unsigned() / 1e6).collect();
    let all = zones.iter().fold(0i64, |sum, zone| sum.saturating_add(zone.row.people));
    let whole = dense(all, sizes.iter().sum());
    if let Some(words) = &whole {
        warnings.push(fault(file, "all zones", all, words));
    }
    let each =
        || zones.iter().zip(&sizes).filter_map(|(zone, km2)| Some((zone, dense(zone.row.people, *km2)?)));
    let count = each().count();
    // zones made of a place that is too dense are all so
    if count > 0 && (whole.is_none() || count < zones.len()) {
        for (zone, words) in each().take(LISTED) {
            warnings.push(fault(file, &format!("zone {}", zone.row.zone_id), zone.row.people, &words));
        }
        if count > LISTED {
            let rest = format!("{} more zones like those listed", count - LISTED);
            warnings
                .push(Fault::warning(file, "", "fewer people on a square kilometre").field("zones", rest));
        }
    }
}

fn fault(file: &str, place: &str, people: i64, words: &str) -> Fault {
    Fault::warning(file, place, words)
        .field("people", people)
        .hint("people, not thousands; is the area right?")
}

/// What was expected of a place with too many people.
fn dense(people: i64, km2: f64) -> Option<String> {
    let most = if km2 < QUARTER_KM2 { MOST_PER_KM2_OF_QUARTER } else { MOST_PER_KM2 };
    #[allow(clippy::cast_precision_loss)]
    let density = people as f64 / km2;
    // a handful of people in a house is no crowd
    (people > 1000 && density > most).then(|| {
        format!("at most {most} people on a square kilometre, as in the densest cities; this is {density:.0} on {km2:.2} km2")
    })
}

#[cfg(test)]
mod tests {
    use super::dense;

    #[test]
    fn crowds_that_no_city_has_are_told_from_those_that_some_have() {
        let words = dense(99_000_000, 14.0).unwrap();
        assert!(words.contains("7071429 on 14.00 km2"), "{words}");
        assert_eq!(dense(1_400_000, 64.0), None, "Rafah in 2024");
        assert_eq!(dense(40_000, 0.5), None);
        assert!(dense(400_000, 0.5).is_some());
        assert_eq!(dense(900, 0.001), None);
        assert_eq!(dense(0, 0.0), None);
    }
}
