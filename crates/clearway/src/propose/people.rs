//! `propose_people`: where people live, by the floor area of buildings.

use crate::error::Error;
use crate::given_maps::outlines;
use crate::input::InputFile;
use crate::session::Session;
use clearway_compose::{PeopleProposalInputs, ProposedPeople};
use clearway_import::{ImportWatch, import_buildings};
use clearway_model::{Faults, Store, counted, grouped, people};
use clearway_vector::MapRole;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What places of people are made from, beside the store with the buildings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ProposePeopleRequest {
    /// The file of buildings in the store: a map of OpenStreetMap, or a GeoParquet file of polygons such as Overture's buildings.
    pub map: Option<String>,
    /// Polygons of the area in which the people live, in any format of [`ComposeRequest::area`](crate::ComposeRequest::area).
    pub area: Option<InputFile>,
    /// How many people live there.
    pub people: i64,
}

/// Places of people.
#[derive(Debug)]
#[non_exhaustive]
pub struct PeopleProposals {
    /// The places, and what was left out.
    pub proposed: ProposedPeople,
}

/// Shares out people who were counted together over the buildings of an area, by footprint times floors, to the person. Buildings in which
/// nobody lives by their kind are left out. It is a stand-in for a census, and better than the length of streets where most buildings are mapped.
///
/// # Errors
/// [`Error::Request`] without an area; [`Error::Invalid`] with all faults of the area, for less than one person, and where there is no
/// building; [`Error::Import`] for a file that cannot be read; [`Error::Cancelled`].
pub fn propose_people(
    session: &Session,
    request: &ProposePeopleRequest,
    buildings: &dyn Store,
) -> Result<PeopleProposals, Error> {
    let Some(area) = &request.area else {
        return Err(Error::Request("expected an area, in which the people live".to_owned()));
    };
    let mut faults = Faults::default();
    let Some(area) = outlines(area, MapRole::Area, &mut faults) else {
        return Err(Error::Invalid { of: CANNOT.to_owned(), faults });
    };
    let progress = session.progress();
    let tell = |stage: &str, share: f64| progress.tell(stage, share);
    let watch = ImportWatch { progress: &tell, cancel: session.cancel() };
    let (found, left_out) = import_buildings(buildings, request.map.as_deref(), watch)?;
    let inputs = PeopleProposalInputs {
        buildings: found,
        left_out,
        area,
        people: request.people,
        cancel: session.cancel().clone(),
    };
    let proposed = clearway_compose::propose_people(inputs)
        .map_err(|error| Error::of_compose(CANNOT.to_owned(), error))?;
    Ok(PeopleProposals { proposed })
}

const CANNOT: &str = "people cannot be shared out over buildings";

impl PeopleProposals {
    /// The table, as `population` of a [`ComposeRequest`](crate::ComposeRequest) takes it.
    pub fn csv(&self) -> Vec<u8> {
        self.proposed.csv()
    }

    /// How many people over how many buildings, and what was left out, for a terminal.
    pub fn in_words(&self) -> String {
        let proposed = &self.proposed;
        let all: i64 = proposed.places.iter().map(|(_, _, people)| *people).sum();
        let floor_m2: f64 = proposed.places.iter().map(|(_, m2, _)| *m2).sum();
        #[allow(clippy::cast_possible_truncation)]
        let mut lines = vec![format!(
            "{} in {} with {} m2 of floor, {:.0} m2 each",
            people(all),
            counted(proposed.places.len() as i64, "building", "buildings"),
            grouped(floor_m2.round() as i64),
            floor_m2 / all.max(1) as f64
        )];
        lines.push(format!(
            "floors are stated of {} of them; the others have {}, the median of these",
            grouped(proposed.with_floors as i64),
            proposed.usual_floors
        ));
        if proposed.outside > 0 {
            lines.push(format!("{} lie outside the area", grouped(proposed.outside as i64)));
        }
        if !proposed.left_out.is_empty() {
            let listed = proposed.left_out.iter().map(|(kind, count)| format!("{kind} {count}"));
            lines.push(format!(
                "left out, since nobody lives there: {}",
                listed.collect::<Vec<_>>().join(", ")
            ));
        }
        lines.push(
            "shared out by floor area, which is no count: houses that the map does not have have nobody, and empty ones as many as others"
                .to_owned(),
        );
        lines.join("\n")
    }
}
