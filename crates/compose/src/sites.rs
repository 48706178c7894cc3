//! Where people are received, as given: GeoJSON or CSV, with a capacity or an area from which it follows.

use crate::exit_list::is_used;
use crate::features::{Crossing, FeatureShape, GivenFeature, WantedShapes, is_json, read_features};
use crate::plane::LonLat;
use crate::population::read_place;
use crate::record::{NamedTexts, read_table};
use crate::request::NamedBytes;
use crate::zones::{name_of, pcode_of, point_in};
use clearway_model::{Fault, Faults, SiteRow, SourceRow, SourceStatus};
use geo::{GeodesicArea, MultiPolygon};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// A rule that gives places for people from an area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SpaceStandard {
    pub(crate) id: &'static str,
    pub(crate) m2_per_person: f64,
    pub(crate) source: &'static str,
}

const STANDARDS: [SpaceStandard; 3] = [
    SpaceStandard {
        id: "SHE-01",
        m2_per_person: 3.5,
        source: "Sphere Handbook 2018, Shelter and settlement standard 3: covered living space of at least 3.5 m2 per person",
    },
    SpaceStandard {
        id: "SIT-01",
        m2_per_person: 45.0,
        source: "Sphere Handbook 2018, Shelter and settlement standard 2: usable site area of at least 45 m2 per person, household plots included",
    },
    SpaceStandard {
        id: "SIT-02",
        m2_per_person: 30.0,
        source: "Sphere Handbook 2018, Shelter and settlement standard 2: usable site area of at least 30 m2 per person where communal services are outside the site",
    },
];

/// A site on its way into the tables.
#[derive(Debug, Clone)]
pub(crate) struct SiteDraft {
    pub(crate) row: SiteRow,
    pub(crate) at: LonLat,
    pub(crate) shape: Option<MultiPolygon<f64>>,
    pub(crate) geometry: Option<Value>,
    pub(crate) properties: Map<String, Value>,
}

/// Reads sites and where their capacities come from. A row or feature whose `use` says no is none: it is a proposal that nobody accepted.
pub(crate) fn read_sites(input: &NamedBytes, faults: &mut Faults) -> (Vec<SiteDraft>, Vec<SourceRow>) {
    let mut sites = Vec::new();
    let mut sources = Vec::new();
    let mut unused = 0;
    if is_json(input) {
        for feature in read_features(input, WantedShapes::PointsOrPolygons, Crossing::Warning, faults) {
            if is_used(&feature.record, faults) {
                site_of_feature(feature, &mut sites, &mut sources, faults);
            } else {
                unused += 1;
            }
        }
    } else {
        for record in read_table(input, clearway_text::WantedFile::Shapes, faults) {
            if !is_used(&record, faults) {
                unused += 1;
                continue;
            }
            let Some(at) = read_place(&record, faults) else { continue };
            let mut row = row_of(&record, &mut sources, None, faults);
            record.text(&["name", "site_name"]).clone_into(&mut row.name);
            record.text(&["pcode", "p_code"]).clone_into(&mut row.pcode);
            sites.push(SiteDraft { row, at, shape: None, geometry: None, properties: Map::new() });
        }
    }
    if sites.is_empty() && !faults.has_errors() {
        let fault = Fault::error(&input.name, "", "at least one site");
        faults.push(match unused {
            0 => fault,
            _ => fault
                .field("rows that are not used", unused)
                .hint("write yes in the column use of those to accept"),
        });
    }
    name_and_number(input, &mut sites, &mut sources, faults);
    (sites, sources)
}

fn site_of_feature(
    feature: GivenFeature,
    sites: &mut Vec<SiteDraft>,
    sources: &mut Vec<SourceRow>,
    faults: &mut Faults,
) {
    let (at, shape) = match &feature.shape {
        FeatureShape::Point(p) => (Some(*p), None),
        FeatureShape::Polygons(polygons) => (point_in(polygons), Some(polygons.clone())),
    };
    let Some(at) = at else {
        faults.push(feature.record.error("a polygon with a point inside"));
        return;
    };
    let area = shape.as_ref().map(|s| s.geodesic_area_unsigned().round());
    let mut row = row_of(&feature.record, sources, area, faults);
    name_of(&feature).clone_into(&mut row.name);
    pcode_of(&feature).clone_into(&mut row.pcode);
    sites.push(SiteDraft {
        row,
        at,
        shape,
        geometry: Some(feature.geometry),
        properties: feature.properties,
    });
}

/// Figures of a site. Sources are marked with the place of the record until ids are known.
fn row_of(
    record: &NamedTexts,
    sources: &mut Vec<SourceRow>,
    shape_m2: Option<f64>,
    faults: &mut Faults,
) -> SiteRow {
    let given_m2 = record.amount(&["area_m2", "area"], faults);
    let mut row = SiteRow {
        site_id: record.text(&["site_id", "id"]).to_owned(),
        capacity_people: record.count(&["capacity_people", "capacity", "places", "#capacity"], faults),
        capacity_people_low: record.count(&["capacity_people_low"], faults),
        capacity_people_high: record.count(&["capacity_people_high"], faults),
        admission_people_h: positive(record, "admission_people_h", faults),
        admission_people_h_low: positive(record, "admission_people_h_low", faults),
        admission_people_h_high: positive(record, "admission_people_h_high", faults),
        open_from_ms: record.count(&["open_from_ms"], faults),
        open_until_ms: record.count(&["open_until_ms"], faults),
        area_m2: given_m2.or(shape_m2),
        ..SiteRow::default()
    };
    check_range(
        record,
        "capacity_people",
        row.capacity_people_low,
        row.capacity_people,
        row.capacity_people_high,
        faults,
    );
    check_range(
        record,
        "admission_people_h",
        row.admission_people_h_low,
        row.admission_people_h,
        row.admission_people_h_high,
        faults,
    );
    if let Some(until) = row.open_until_ms
        && until <= row.open_from_ms.unwrap_or(0)
    {
        faults.push(record.error("a time after open_from_ms").field("open_until_ms", until));
    }
    let wanted = record.text(&["standard"]);
    let named = STANDARDS.iter().find(|s| s.id.eq_ignore_ascii_case(wanted));
    if !wanted.is_empty() && named.is_none() {
        faults.push(record.error("SHE-01, SIT-01 or SIT-02").field("standard", wanted));
    }
    let mut source = |status, source: String, note: String| {
        sources.push(SourceRow {
            table: "sites".into(),
            id: record.place.clone(),
            field: "capacity_people".into(),
            status,
            source,
            note,
            ..SourceRow::default()
        });
    };
    if row.capacity_people.is_some() {
        match record.text(&["capacity_source"]) {
            "" => source(SourceStatus::Published, record.file.clone(), "as given in the file".into()),
            stated => {
                let said = record.text(&["capacity_note", "remark"]);
                let mut note = format!("accepted in {}", record.file);
                if !said.is_empty() {
                    note.push_str("; ");
                    note.push_str(said);
                }
                source(SourceStatus::Derived, stated.to_owned(), note);
            }
        }
        return row;
    }
    let Some(area) = row.area_m2 else {
        source(
            SourceStatus::Assumed,
            "no capacity and no area given".into(),
            "counted as a site without limit".into(),
        );
        faults.push(
            Fault::warning(&record.file, &record.place, "a capacity or an area")
                .hint("counted as a site without limit"),
        );
        return row;
    };
    let standard = named.unwrap_or(&STANDARDS[1]);
    let places = |m2: f64| {
        #[allow(clippy::cast_possible_truncation)]
        let whole = (area / m2).floor() as i64;
        whole
    };
    row.capacity_people = Some(places(standard.m2_per_person));
    let from = if given_m2.is_some() { "the area given" } else { "the whole surface of the polygon" };
    let mut note = format!(
        "{area} m2 / {} m2 per person, rounded down, from {from}; the standard counts usable surface only, is no physical limit, and was read as quoted by a third party",
        standard.m2_per_person
    );
    if named.is_none() {
        // Nobody said which standard holds: the range reaches to the least space that a standard gives open land.
        row.capacity_people_high = Some(places(STANDARDS[2].m2_per_person));
        note.push_str("; no standard was named: SIT-01 for open land, high end by the 30 m2 of SIT-02");
    }
    let status = if named.is_some() { SourceStatus::Derived } else { SourceStatus::Default };
    source(status, format!("{}: {}", standard.id, standard.source), note);
    row
}

fn positive(record: &NamedTexts, name: &str, faults: &mut Faults) -> Option<f64> {
    let value = record.amount(&[name], faults)?;
    if value == 0.0 {
        faults.push(
            record
                .error("a number above 0")
                .field(name, value)
                .hint("leave it empty for no limit; capacity 0 closes a site"),
        );
        return None;
    }
    Some(value)
}

fn check_range<T: PartialOrd + std::fmt::Display + Copy>(
    record: &NamedTexts,
    field: &str,
    low: Option<T>,
    value: Option<T>,
    high: Option<T>,
    faults: &mut Faults,
) {
    let Some(value) = value else {
        if low.is_some() || high.is_some() {
            faults.push(record.error(&format!("{field} beside its low or high end")));
        }
        return;
    };
    if low.is_some_and(|l| l > value) || high.is_some_and(|h| h < value) {
        faults.push(record.error("low <= value <= high").field(field, value));
    }
}

/// Gives ids and names to those that have none and finds repeated ids.
fn name_and_number(
    input: &NamedBytes,
    sites: &mut [SiteDraft],
    sources: &mut [SourceRow],
    faults: &mut Faults,
) {
    let width = sites.len().to_string().len();
    let mut seen = BTreeSet::new();
    for (at, (site, source)) in sites.iter_mut().zip(sources.iter_mut()).enumerate() {
        if site.row.site_id.is_empty() {
            site.row.site_id = format!("S{:0width$}", at + 1);
        }
        if site.row.name.is_empty() {
            site.row.name = format!("Site {}", site.row.site_id);
        }
        if !seen.insert(site.row.site_id.clone()) {
            faults.push(
                Fault::error(&input.name, &source.id, "every site_id once")
                    .field("site_id", &site.row.site_id),
            );
        }
        source.id.clone_from(&site.row.site_id);
        site.row.x_coord = Some(site.at[0]);
        site.row.y_coord = Some(site.at[1]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<SiteDraft>, Vec<SourceRow>, Vec<String>) {
        let mut faults = Faults::default();
        let (sites, sources) = read_sites(&NamedBytes::new("s", text), &mut faults);
        (sites, sources, faults.0.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn capacities_given_and_derived() {
        let (sites, sources, faults) = read(
            "name,x,y,capacity,area_m2,standard\nHall,1,2,,3500,SHE-01\nField,1,2,,9000,\nPark,1,2,,9000,sit-02\nArena,1,2,500,9000,\n",
        );
        assert!(faults.is_empty(), "{faults:?}");
        let capacities: Vec<_> =
            sites.iter().map(|s| (s.row.capacity_people, s.row.capacity_people_high)).collect();
        assert_eq!(
            capacities,
            [(Some(1000), None), (Some(200), Some(300)), (Some(300), None), (Some(500), None)]
        );
        assert_eq!(sites[0].row.site_id, "S1");
        assert_eq!(
            sources.iter().map(|s| s.status).collect::<Vec<_>>(),
            [SourceStatus::Derived, SourceStatus::Default, SourceStatus::Derived, SourceStatus::Published]
        );
        assert!(sources[0].source.starts_with("SHE-01: Sphere Handbook 2018"));
    }

    #[test]
    fn a_polygon_has_its_surface_as_area() {
        // One hundredth of a degree square at the equator: 1,113.2 m x 1,105.7 m.
        let (sites, _, _) =
            read(r#"{"type":"Polygon","coordinates":[[[0,0],[0.01,0],[0.01,0.01],[0,0.01],[0,0]]]}"#);
        let area = sites[0].row.area_m2.unwrap();
        assert!((area - 1_230_900.0).abs() < 300.0, "{area}");
        assert_eq!(sites[0].row.capacity_people, Some((area / 45.0).floor() as i64));
    }

    #[test]
    fn faults_are_collected() {
        let (_, _, faults) = read("site_id,x,y,capacity,standard\nA,1,2,-5,\nA,1,2,,XX\nB,1,200,5,\n");
        for expected in
            ["not negative", "SHE-01, SIT-01 or SIT-02", "latitude -90 to 90", "every site_id once"]
        {
            assert!(faults.iter().any(|f| f.contains(expected)), "{expected}: {faults:?}");
        }
    }
}
