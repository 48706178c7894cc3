//! Facilities, whose people are beside those of the zones: read, checked and joined to the roads.

use crate::error::Error;
use crate::input::InputFile;
use clearway_compose::ScenarioRoads;
use clearway_formats::read_limited;
use clearway_model::{FacilityRow, Fault, Faults, GroupRow, Scenario};
use clearway_multimodal::make::add_facilities;

/// Adds facilities to a scenario and its groups, each at its nearest road; gives what is worth a look. `label`: how messages name the scenario.
///
/// # Errors
/// [`Error::Invalid`] with all faults of the table, or all places too far from any road.
pub(super) fn add(
    file: &InputFile,
    label: &str,
    scenario: &mut Scenario,
    groups: &mut Vec<GroupRow>,
) -> Result<Faults, Error> {
    let name = file.file_name();
    let facilities = read(file, &name, scenario)?;
    let roads =
        ScenarioRoads::new(scenario).map_err(|faults| Error::Invalid { of: label.to_owned(), faults })?;
    let found = far_from_roads(&name, &roads, &facilities);
    if found.has_errors() {
        return Err(Error::Invalid { of: name, faults: found });
    }
    let nearest = |facility: &FacilityRow| {
        roads.of_facility([facility.x_coord, facility.y_coord]).map(|(node, metres, _)| (node, metres))
    };
    add_facilities(scenario, groups, &facilities, &nearest);
    Ok(found)
}

/// Facilities that are far from any road.
fn far_from_roads(file: &str, roads: &ScenarioRoads, facilities: &[FacilityRow]) -> Faults {
    let mut faults = Faults::default();
    for (index, facility) in facilities.iter().enumerate() {
        let place = format!("row {} ({})", index + 2, facility.facility_id);
        let nearest = roads.of_facility([facility.x_coord, facility.y_coord]);
        let road_m = nearest.map_or(f64::INFINITY, |(_, _, road_m)| road_m);
        faults.0.extend(ScenarioRoads::judge(file, &place, road_m));
    }
    faults
}

/// The rows of the table; all faults at once.
fn read(file: &InputFile, name: &str, scenario: &Scenario) -> Result<Vec<FacilityRow>, Error> {
    let (rows, mut faults) = read_limited::<FacilityRow>(name, file.bytes());
    let (places, rows): (Vec<String>, Vec<FacilityRow>) = rows.into_iter().unzip();
    for (index, (place, row)) in places.iter().zip(&rows).enumerate() {
        let is_taken = scenario.zones.iter().any(|zone| zone.zone_id == row.facility_id)
            || rows[..index].iter().any(|before| before.facility_id == row.facility_id);
        if is_taken {
            let fault = Fault::error(name, place, "an id that no zone and no other facility has");
            faults.push(fault.field("facility_id", &row.facility_id));
        }
        let is_known =
            |id: &str| id.is_empty() || scenario.releases.iter().any(|curve| curve.mobilization_id == id);
        if !is_known(&row.mobilization_id) {
            let fault = Fault::error(name, place, "an id of mobilization.csv, or an empty cell");
            faults.push(fault.field("mobilization_id", &row.mobilization_id));
        }
    }
    if faults.has_errors() { Err(Error::Invalid { of: name.to_owned(), faults }) } else { Ok(rows) }
}
