//! Places that might receive people, by their tags: shelters, assembly points, schools, halls, places of worship.
//!
//! The tags are those of the wiki of OpenStreetMap (`amenity`, `social_facility`, `emergency`, `leisure`, `evacuation_center`). They say what a
//! place is called, and not that anybody is received or safe there.

use crate::ImportError;
use crate::map_file::MapFile;
use crate::osm::areas::read_areas;
use crate::osm::data::OsmFormat;
use crate::watch::ImportWatch;
use clearway_model::{MapArea, ReceivingKind, ReceivingPlace};
use std::collections::BTreeMap;

/// Values of `shelter_type` under which nobody spends a night: stops, picnic tables, shade, animals.
const NO_SHELTER: [&str; 8] = [
    "public_transport",
    "picnic_shelter",
    "sun_shelter",
    "field_shelter",
    "gazebo",
    "pavilion",
    "changing_rooms",
    "smoking_shelter",
];
/// Keys that say that a place is no longer what its other tags say.
const OUT_OF_USE: [&str; 5] = ["disused", "abandoned", "ruins", "demolished", "razed"];

/// Places of a map that might receive people; beside them how many were left out, by the tag that says why.
pub(crate) fn receiving_places(
    file: &MapFile<'_>,
    format: OsmFormat,
    watch: ImportWatch<'_>,
) -> Result<(Vec<ReceivingPlace>, BTreeMap<String, u64>), ImportError> {
    let areas = read_areas(file, format, &|tags| kind_of(tags).is_some(), watch)?;
    let mut left_out: BTreeMap<String, u64> = BTreeMap::new();
    let mut places = Vec::new();
    for area in areas {
        if let Some(why) = out_of_use(&area) {
            *left_out.entry(why).or_default() += 1;
            continue;
        }
        let pairs: Vec<(&str, &str)> = area.tags.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let Some((kind, tag)) = kind_of(&pairs) else { continue };
        let is_building = area.tag("building").is_some_and(|value| value != "no");
        let is_covered =
            is_building || kind == ReceivingKind::Shelter || area.tag("leisure") == Some("sports_hall");
        places.push(ReceivingPlace { area, kind, tag, is_covered });
    }
    Ok((places, left_out))
}

/// What a place might be, and the tag that says so; the first kind that fits.
fn kind_of(tags: &[(&str, &str)]) -> Option<(ReceivingKind, String)> {
    let get = |key: &str| tags.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
    let said = |kind, key: &str, value: &str| Some((kind, format!("{key}={value}")));
    let emergency = get("emergency").unwrap_or_default();
    if emergency.contains("shelter") || emergency.starts_with("evacuation_cent") {
        return said(ReceivingKind::EmergencyShelter, "emergency", emergency);
    }
    if let Some("yes") = get("evacuation_center") {
        return said(ReceivingKind::EmergencyShelter, "evacuation_center", "yes");
    }
    let amenity = get("amenity").unwrap_or_default();
    if amenity.starts_with("evacuation_cent") {
        return said(ReceivingKind::EmergencyShelter, "amenity", amenity);
    }
    if emergency == "assembly_point" {
        return said(ReceivingKind::AssemblyPoint, "emergency", emergency);
    }
    if let Some("shelter") = get("social_facility") {
        return said(ReceivingKind::SocialShelter, "social_facility", "shelter");
    }
    let kind = match amenity {
        "social_facility" => Some(ReceivingKind::SocialFacility),
        "shelter" => Some(ReceivingKind::Shelter),
        "school" | "college" | "university" => Some(ReceivingKind::School),
        "community_centre" => Some(ReceivingKind::CommunityCentre),
        "place_of_worship" => Some(ReceivingKind::PlaceOfWorship),
        _ => None,
    };
    if let Some(kind) = kind {
        return said(kind, "amenity", amenity);
    }
    match get("leisure") {
        Some(hall @ ("sports_hall" | "sports_centre")) => said(ReceivingKind::SportsHall, "leisure", hall),
        _ => None,
    }
}

/// The tag by which nobody can be received there.
fn out_of_use(area: &MapArea) -> Option<String> {
    let stated = OUT_OF_USE.iter().find_map(|key| {
        let value = area.tag(key)?;
        (value != "no").then(|| format!("{key}={value}"))
    });
    let stop = || {
        let kind = area.tag("shelter_type")?;
        let is_shelter = area.tag("amenity") == Some("shelter") && area.tag("emergency").is_none();
        (is_shelter && NO_SHELTER.contains(&kind)).then(|| format!("shelter_type={kind}"))
    };
    stated.or_else(stop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_that_says_most_counts() {
        for (tags, expected) in [
            (&[("amenity", "school"), ("emergency", "assembly_point")][..], "emergency=assembly_point"),
            (&[("amenity", "school"), ("evacuation_center", "yes")][..], "evacuation_center=yes"),
            (&[("emergency", "emergency_shelter")][..], "emergency=emergency_shelter"),
            (&[("emergency", "evacuation_centre")][..], "emergency=evacuation_centre"),
            (
                &[("amenity", "social_facility"), ("social_facility", "shelter")][..],
                "social_facility=shelter",
            ),
            (&[("leisure", "sports_centre")][..], "leisure=sports_centre"),
        ] {
            assert_eq!(kind_of(tags).unwrap().1, expected);
        }
        for tags in [&[("amenity", "parking")][..], &[("emergency", "fire_hydrant")][..], &[][..]] {
            assert_eq!(kind_of(tags), None);
        }
    }
}
