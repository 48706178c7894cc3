//! Districts of an atlas: zones that belong together by what their map or their p-codes say.

use crate::geometry::{DegreeBox, MapShape, Point, is_within};
use crate::lookup::RowLookup;
use clearway_model::ZoneRow;
use std::collections::{BTreeMap, BTreeSet};

/// More districts than this are no atlas that anybody turns over: it goes by squares.
const MOST_DISTRICTS: usize = 60;
/// Characters that a level adds to the p-code of the level above, the usual number first.
const LEVEL_CHARACTERS: [usize; 2] = [2, 3];
/// Deepest level of administrative areas.
const DEEPEST: u32 = 5;

/// Zones that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct District {
    /// Its name, else its code.
    pub name: String,
    /// Ids of its zones.
    pub zones: BTreeSet<String>,
}

/// The districts of a scenario, by their codes; none where nothing says which zone is in which, or all are in one.
///
/// A zone's district is, in this order: the property `district` of its outline; the area of the level above its own p-code, as the
/// outline has it in the manner of OCHA (`ADM2_PCODE`, `ADM2_EN`); its p-code without the characters of its own level.
pub(super) fn districts(zones: &[ZoneRow], outlines: &[MapShape]) -> Vec<District> {
    let shapes: BTreeMap<&str, &MapShape> = outlines.iter().map(|shape| (shape.id.as_str(), shape)).collect();
    let of_shapes = |read: fn(&MapShape, &str) -> Option<(String, String)>| -> Option<Vec<(String, String)>> {
        let of = |zone: &ZoneRow| read(shapes.get(zone.zone_id.as_str())?, zone.pcode.trim());
        zones.iter().map(of).collect()
    };
    let by_name = |shape: &MapShape, _: &str| property(shape, "district").map(|name| (name.clone(), name));
    let by_codes = || {
        let codes: Vec<&str> = zones.iter().map(|zone| zone.pcode.trim()).collect();
        let cut = LEVEL_CHARACTERS.map(|characters| level_above(&codes, characters));
        // a district for each zone is none
        cut.into_iter().flatten().find(|of_zones| is_atlas(of_zones, zones.len()))
    };
    let found = of_shapes(by_name).or_else(|| of_shapes(area_above)).or_else(by_codes);
    let Some(found) = found.filter(|of_zones| is_atlas(of_zones, zones.len())) else { return Vec::new() };
    let mut districts: BTreeMap<String, District> = BTreeMap::new();
    for (zone, (code, name)) in zones.iter().zip(found) {
        let made = || District { name, zones: BTreeSet::new() };
        districts.entry(code).or_insert_with(made).zones.insert(zone.zone_id.clone());
    }
    districts.into_values().collect()
}

/// Whether codes make at least two districts and fewer than so many.
fn is_atlas(of_zones: &[(String, String)], fewer_than: usize) -> bool {
    let codes: BTreeSet<&str> = of_zones.iter().map(|(code, _)| code.as_str()).collect();
    codes.len() > 1 && codes.len() < fewer_than.min(MOST_DISTRICTS + 1)
}

/// A property of an outline, whatever its capitals; none where it is empty.
fn property(shape: &MapShape, name: &str) -> Option<String> {
    let found = shape.properties.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| crate::geometry::text(value).trim().to_owned()).filter(|text| !text.is_empty())
}

/// Code and name of the area of the level above that of a p-code.
fn area_above(shape: &MapShape, pcode: &str) -> Option<(String, String)> {
    let code_of = |level: u32| property(shape, &format!("adm{level}_pcode"));
    let own = (1..=DEEPEST).rev().find(|level| code_of(*level).is_some_and(|code| code == pcode))?;
    let above = own.checked_sub(1).filter(|level| *level > 0)?;
    let code = code_of(above)?;
    let named = ["en", "name", "fr", "es", "ar"]
        .iter()
        .find_map(|language| property(shape, &format!("adm{above}_{language}")));
    let name = named.unwrap_or_else(|| code.clone());
    Some((code, name))
}

/// Every p-code without its last characters; `None` where one has no more than these.
fn level_above(codes: &[&str], characters: usize) -> Option<Vec<(String, String)>> {
    let cut = |code: &&str| {
        let kept = code.chars().count().checked_sub(characters).filter(|kept| *kept > 0)?;
        let above: String = code.chars().take(kept).collect();
        Some((above.clone(), above))
    };
    codes.iter().map(cut).collect()
}

impl District {
    /// Where its zones are, with a margin; `None`: none has a position.
    pub fn extent(&self, lookup: &RowLookup<'_>) -> Option<DegreeBox> {
        let shapes = lookup.zone_shapes.iter().filter(|shape| self.zones.contains(&shape.id));
        let rings = shapes.flat_map(|shape| shape.rings.iter().flatten().copied());
        let points = self.zones.iter().filter_map(|zone| lookup.zone_point(zone));
        let mut bounds = DegreeBox::around(rings.chain(points))?;
        for axis in 0..2 {
            let around = ((bounds.max[axis] - bounds.min[axis]) * 0.05).max(0.002);
            bounds.min[axis] -= around;
            bounds.max[axis] += around;
        }
        Some(bounds)
    }

    /// Whether a road comes into it: into the outline of one of its zones or, where no outline is there, near the point of one of its
    /// zones first.
    pub fn has(&self, line: &[Point], bounds: &DegreeBox, lookup: &RowLookup<'_>) -> bool {
        let mut near = line.iter().filter(|point| is_within(**point, bounds)).peekable();
        if near.peek().is_none() {
            return false;
        }
        near.any(|point| match zone_around(*point, lookup) {
            Some(zone) => self.zones.contains(zone),
            None => nearest_zone(*point, lookup).is_some_and(|zone| self.zones.contains(zone)),
        })
    }
}

/// The zone in whose outline a point is.
fn zone_around<'b>(point: Point, lookup: &'b RowLookup<'_>) -> Option<&'b str> {
    let shapes = lookup.zone_shapes.iter().filter(|shape| lookup.zones.contains_key(shape.id.as_str()));
    let mut around = shapes.filter(|shape| shape.has(point));
    around.next().map(|shape| shape.id.as_str())
}

/// The zone whose point is nearest.
fn nearest_zone<'b>(point: Point, lookup: &'b RowLookup<'_>) -> Option<&'b str> {
    // a degree of longitude is shorter than one of latitude
    let narrow = point[1].to_radians().cos();
    let distance = |zone: Point| ((zone[0] - point[0]) * narrow).hypot(zone[1] - point[1]);
    let zones = lookup.zones.keys().filter_map(|id| Some((*id, distance(lookup.zone_point(id)?))));
    zones.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What districts zones with these p-codes are in; properties of their outlines, where they have any.
    fn found(codes: &[&str], properties: Option<&[serde_json::Value]>) -> Vec<(String, usize)> {
        let id = |place: usize| format!("Z{place}");
        let zone = |(place, code): (usize, &&str)| ZoneRow {
            zone_id: id(place),
            pcode: (*code).to_owned(),
            ..ZoneRow::default()
        };
        let zones: Vec<ZoneRow> = codes.iter().enumerate().map(zone).collect();
        let outline = |(place, of): (usize, &serde_json::Value)| MapShape {
            id: id(place),
            name: String::new(),
            rings: Vec::new(),
            properties: of.as_object().cloned().unwrap(),
        };
        let outlines: Vec<MapShape> =
            properties.unwrap_or_default().iter().enumerate().map(outline).collect();
        districts(&zones, &outlines).into_iter().map(|one| (one.name, one.zones.len())).collect()
    }

    #[test]
    fn a_p_code_without_its_own_level_is_that_of_the_district() {
        let two = [("PS01".to_owned(), 2), ("PS02".to_owned(), 1)];
        assert_eq!(found(&["PS0101", "PS0102", "PS0201"], None), two);
        // three digits for a level, where two leave each zone its own
        assert_eq!(found(&["PS01110", "PS01220", "PS02310"], None), two);
    }

    #[test]
    fn one_district_one_per_zone_and_a_zone_without_a_code_are_none() {
        for codes in
            [["PS0101", "PS0102", "PS0103"], ["PS010101", "PS020101", "PS030101"], ["PS0101", "PS0201", ""]]
        {
            assert_eq!(found(&codes, None), [], "{codes:?}");
        }
    }

    #[test]
    fn outlines_say_it_before_codes_do() {
        let codes = ["UA010203", "UA010204", "UA010301"];
        let area = |adm2: &str, name: &str, adm3: &str| serde_json::json!({"ADM1_PCODE": "UA01", "ADM2_PCODE": adm2, "ADM2_EN": name, "adm3_pcode": adm3});
        let mut outlines = [
            area("UA0102", "Yalta", codes[0]),
            area("UA0102", "Yalta", codes[1]),
            area("UA0103", "", codes[2]),
        ];
        let by_level = [("Yalta".to_owned(), 2), ("UA0103".to_owned(), 1)];
        assert_eq!(found(&codes, Some(&outlines)), by_level);
        for (outline, name) in outlines.iter_mut().zip(["South", "North", "North"]) {
            outline["district"] = name.into();
        }
        assert_eq!(found(&codes, Some(&outlines)), [("North".to_owned(), 2), ("South".to_owned(), 1)]);
        // of one zone nothing is said: it goes by codes
        outlines[1] = serde_json::json!({});
        assert_eq!(found(&codes, Some(&outlines)), [("UA0102".to_owned(), 2), ("UA0103".to_owned(), 1)]);
    }
}
