//! Where people live, by the floor area of buildings: a table of points whose people add up to the number that was given.
//!
//! It is a way to share out people who were counted together, not a count: who lives behind which door no map says.

use crate::apportion::apportion;
use crate::error::{ComposeError, go_on};
use crate::features::{Crossing, WantedShapes, all_polygons, read_features};
use crate::proposed_sites::{footprint_m2, multi_polygon};
use crate::region::AreaRegion;
use crate::request::NamedBytes;
use crate::zones::point_in;
use clearway_model::{Cancel, Fault, Faults, MapArea};
use std::collections::BTreeMap;

/// What the places of people are made from.
#[derive(Debug)]
pub struct PeopleProposalInputs<'b> {
    /// Buildings in which people may live; of their tags `building:levels` counts.
    pub buildings: Vec<MapArea>,
    /// How many were left out, by the word that says why.
    pub left_out: BTreeMap<String, u64>,
    /// GeoJSON polygons: the area in which the people live.
    pub area: NamedBytes<'b>,
    /// How many live there, at least 1.
    pub people: i64,
    /// The wish that the work ends.
    pub cancel: Cancel,
}

/// People by building.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProposedPeople {
    /// Longitude and latitude of a point in the building, its floor area in m2, and its people.
    pub places: Vec<([f64; 2], f64, i64)>,
    /// Buildings of the area of which the floors are stated.
    pub with_floors: usize,
    /// Floors of those of which they are not: the median of the others.
    pub usual_floors: f64,
    /// Buildings outside the area.
    pub outside: usize,
    /// Buildings that were left out, by the word that says why.
    pub left_out: BTreeMap<String, u64>,
    /// What is worth a look in the file of the area.
    pub warnings: Faults,
}

/// Shares out people over the buildings whose point lies in the area, by footprint times floors, to the person.
///
/// # Errors
/// [`ComposeError::Invalid`] with all faults of the area, for less than one person, or where there is no building;
/// [`ComposeError::Cancelled`].
pub fn propose_people(inputs: PeopleProposalInputs<'_>) -> Result<ProposedPeople, ComposeError> {
    let mut faults = Faults::default();
    let shapes = read_features(&inputs.area, WantedShapes::Polygons, Crossing::Warning, &mut faults);
    if !(1..=100_000_000).contains(&inputs.people) {
        let expected = "a number of people from 1 to 100,000,000";
        faults.push(Fault::error("request", "", expected).field("people", inputs.people));
    }
    let area = AreaRegion::new(all_polygons(&shapes));
    let Some(area) = area.filter(|_| !faults.has_errors()) else { return Err(faults.into()) };
    let mut found: Vec<([f64; 2], f64, Option<f64>)> = Vec::new();
    let (mut outside, mut crossing) = (0, 0);
    for building in &inputs.buildings {
        go_on(&inputs.cancel)?;
        let shape = multi_polygon(&building.polygons);
        match (point_in(&shape).filter(|at| area.covers(*at)), footprint_m2(&shape)) {
            (None, _) => outside += 1,
            (Some(_), None) => crossing += 1,
            (Some(at), Some(m2)) => found.push((at, m2, floors_of(building))),
        }
    }
    if found.is_empty() {
        let expected = "an area with buildings in which people may live";
        faults.push(Fault::error(&inputs.area.name, "", expected).field("buildings elsewhere", outside));
        return Err(faults.into());
    }
    if crossing > 0 {
        let expected = "buildings whose outline does not cross itself";
        faults.push(Fault::warning("buildings", "", expected).field("left out", crossing));
    }
    found.sort_by(|a, b| a.0[0].total_cmp(&b.0[0]).then(a.0[1].total_cmp(&b.0[1])).then(a.1.total_cmp(&b.1)));
    let mut floors: Vec<f64> = found.iter().filter_map(|(_, _, floors)| *floors).collect();
    floors.sort_by(f64::total_cmp);
    let usual_floors = floors.get(floors.len() / 2).copied().unwrap_or(1.0);
    let areas: Vec<f64> = found.iter().map(|(_, m2, floors)| m2 * floors.unwrap_or(usual_floors)).collect();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let weights: Vec<u64> = areas.iter().map(|m2| (m2 * 100.0).round() as u64).collect();
    let people = apportion(inputs.people, &weights);
    let places =
        found.iter().zip(&areas).zip(people).map(|(((at, ..), m2), people)| (*at, *m2, people)).collect();
    Ok(ProposedPeople {
        places,
        with_floors: floors.len(),
        usual_floors,
        outside,
        left_out: inputs.left_out,
        warnings: faults,
    })
}

/// The floors that a map states; more than the highest house has are a slip.
fn floors_of(building: &MapArea) -> Option<f64> {
    let floors = building.tag("building:levels")?.parse::<f64>().ok()?;
    (1.0..=200.0).contains(&floors).then_some(floors)
}

impl ProposedPeople {
    /// A table of the places with people, as populations are given.
    pub fn csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing into memory does not fail.
        let _ = writer.write_record(["lon", "lat", "people", "floor_m2"]);
        for ([lon, lat], m2, people) in self.places.iter().filter(|(_, _, people)| *people > 0) {
            let cells = [format!("{lon:.7}"), format!("{lat:.7}"), people.to_string(), format!("{m2:.0}")];
            let _ = writer.write_record(cells);
        }
        writer.into_inner().unwrap_or_default()
    }
}
