//! `groups`: the people of a scenario divided by how they can move, with facilities and a fleet.

mod facilities;

use crate::artifacts::{Files, folder};
use crate::error::Error;
use crate::input::InputFile;
use crate::session::Session;
use crate::upgrade::current;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_formats::{read_groups, read_scenario, scenario_text, to_csv};
use clearway_model::{
    Faults, Means, MemoryStore, PopulationGroups, Scenario, SourceRow, SourceStatus, Store, WalkSettings,
    people,
};
use clearway_multimodal::make::{ModeShare, hazard_first, sources};
use facilities::add;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Shapes that go with the scenario.
const SHAPES: [&str; 3] = ["zones.geojson", "sites.geojson", "hazards.geojson"];

/// A share of people with its range, each from 0 to 1 and in order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareRange {
    /// Low end.
    pub low: f64,
    /// The share.
    pub share: f64,
    /// High end.
    pub high: f64,
}

impl ShareRange {
    /// A share that is known.
    pub fn exactly(share: f64) -> Self {
        Self { low: share, share, high: share }
    }

    fn is_in_order(self) -> bool {
        0.0 <= self.low && self.low <= self.share && self.share <= self.high && self.high <= 1.0
    }
}

/// Who is taken first by a fleet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FleetPriority {
    /// Those who need most help.
    #[default]
    Assistance,
    /// Zones that a hazard reaches first, and in them those who need most help.
    Hazard,
}

/// What is asked of groups. Those who are in no share have vehicles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct GroupsRequest {
    /// How messages name the scenario that is made, e.g. the path of the folder that it will be.
    pub label: String,
    /// Share of people who leave on foot.
    pub walk: ShareRange,
    /// Share of people who need a seat in a vehicle of the fleet.
    pub seat: ShareRange,
    /// Share of people who need a wheelchair place.
    pub wheelchair: ShareRange,
    /// Share of people who need a stretcher.
    pub stretcher: ShareRange,
    /// Who states the shares, for `sources.csv`.
    pub source: Option<String>,
    /// Who goes first.
    pub first: FleetPriority,
    /// A table of facilities with people who need the fleet, beside the people of the zones.
    pub facilities: Option<InputFile>,
    /// `fleet.csv`.
    pub fleet: Option<InputFile>,
    /// `multimodal.toml`; `None`: where somebody walks the defaults, written out so that they are seen.
    pub settings: Option<InputFile>,
}

impl Default for GroupsRequest {
    fn default() -> Self {
        Self {
            label: "the scenario with groups".to_owned(),
            walk: ShareRange::default(),
            seat: ShareRange::default(),
            wheelchair: ShareRange::default(),
            stretcher: ShareRange::default(),
            source: None,
            first: FleetPriority::Assistance,
            facilities: None,
            fleet: None,
            settings: None,
        }
    }
}

/// A scenario with population groups.
#[derive(Debug)]
#[non_exhaustive]
pub struct GroupedScenario {
    /// Groups, fleet and settings as they are read again; `None` where everybody moves as the scenario's class.
    pub groups: Option<PopulationGroups>,
    /// What was found that is no error, with how messages name the file or the scenario.
    pub warnings: Vec<(String, Faults)>,
    files: Files,
}

/// Divides the people of a scenario by how they can move. What is made is read as [`load`](crate::load()) will, and refused if it has faults.
///
/// # Errors
/// [`Error::Request`] for shares out of order or above 1 together; [`Error::Invalid`] with all faults of the scenario, of a file or of what
/// was made; [`Error::Cancelled`] without an answer.
pub fn groups(
    session: &Session,
    request: &GroupsRequest,
    store: &dyn Store,
) -> Result<GroupedScenario, Error> {
    let shares = shares(request)?;
    let label = store.label();
    let (mut scenario, _) =
        read_scenario(store).map_err(|faults| Error::Invalid { of: label.clone(), faults })?;
    session.go_on()?;
    let mut rows = clearway_multimodal::make::groups(&scenario, &shares);
    let mut warnings = Vec::new();
    if let Some(file) = &request.facilities {
        let found = add(file, &label, &mut scenario, &mut rows)?;
        if !found.0.is_empty() {
            warnings.push((file.file_name(), found));
        }
    }
    if request.first == FleetPriority::Hazard {
        hazard_first(&scenario, &mut rows)?;
    }
    let file = request.facilities.as_ref().map(InputFile::file_name);
    scenario.sources.extend(sources(&shares, request.source.as_deref(), file.as_deref()));
    if let Some(fleet) = &request.fleet {
        scenario.sources.extend(fleet_sources(fleet));
    }
    session.go_on()?;
    let mut files = files(&scenario)?;
    files.push(("groups.csv".to_owned(), to_csv(&rows)));
    if let Some(fleet) = &request.fleet {
        files.push(("fleet.csv".to_owned(), fleet.bytes().to_vec()));
    }
    match &request.settings {
        Some(settings) => files.push(("multimodal.toml".to_owned(), settings.bytes().to_vec())),
        None if request.walk.high > 0.0 => {
            files.push(("multimodal.toml".to_owned(), default_settings().into_bytes()));
        }
        None => {}
    }
    let current = current(store)?;
    for name in SHAPES {
        // Facilities have no shapes, so that those of the zones would not be whole.
        let is_whole = request.facilities.is_none() || name != "zones.geojson";
        if let (true, Ok(Some(bytes))) = (is_whole, current.read(name)) {
            files.push((name.to_owned(), bytes));
        }
    }
    let trial: MemoryStore = files.iter().cloned().collect();
    let invalid = |faults| Error::Invalid { of: request.label.clone(), faults };
    let (read, _) = read_scenario(&trial).map_err(invalid)?;
    let groups = read_groups(&trial, &read).map_err(invalid)?.map(|(groups, found)| {
        if !found.0.is_empty() {
            warnings.push((request.label.clone(), found));
        }
        groups
    });
    Ok(GroupedScenario { groups, warnings, files })
}

/// Where the figures of a proposed fleet are from, which stands in a column of its table.
fn fleet_sources(fleet: &InputFile) -> Vec<SourceRow> {
    let mut reader = csv::Reader::from_reader(fleet.bytes());
    let Ok(header) = reader.headers().cloned() else { return Vec::new() };
    let column = |name: &str| header.iter().position(|found| found.trim() == name);
    let (Some(id), Some(figures)) = (column("vehicle_type_id"), column("figures_from")) else {
        return Vec::new();
    };
    let row = |record: csv::StringRecord| {
        let cell =
            |at: usize| record.get(at).map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned);
        Some(SourceRow {
            table: "fleet".to_owned(),
            id: cell(id)?,
            field: "*".to_owned(),
            status: SourceStatus::Assumed,
            source: fleet.file_name(),
            note: cell(figures)?,
            ..SourceRow::default()
        })
    };
    // what is wrong with the table is said where it is read
    reader.records().filter_map(Result::ok).filter_map(row).collect()
}

/// The shares of a request.
fn shares(request: &GroupsRequest) -> Result<[ModeShare; 4], Error> {
    let given = [
        (Means::Walk, request.walk),
        (Means::Seat, request.seat),
        (Means::Wheelchair, request.wheelchair),
        (Means::Stretcher, request.stretcher),
    ];
    if let Some((means, _)) = given.iter().find(|(_, range)| !range.is_in_order()) {
        let expected = "expected shares between 0 and 1, the ends around the share";
        return Err(Error::Request(format!("{}: {expected}", means.word())));
    }
    if given.iter().map(|(_, range)| range.share).sum::<f64>() > 1.0 {
        return Err(Error::Request("expected shares that together are at most 1".to_owned()));
    }
    Ok(given.map(|(means, ShareRange { low, share, high })| ModeShare { means, value: share, low, high }))
}

fn files(scenario: &Scenario) -> Result<Files, Error> {
    Ok(scenario_text(scenario)?.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect())
}

/// `multimodal.toml` with the defaults written out.
fn default_settings() -> String {
    let walk = WalkSettings::default();
    format!(
        "schema = \"clearway-multimodal/2\"\nfleet_share = 0.5\n\n[walk]\nspeed_share = {:?}\nlanes = {:?}\nlane_people_h = {:?}\n",
        walk.speed_share, walk.lanes, walk.lane_people_h
    )
}

impl GroupedScenario {
    /// The files of the folder.
    pub fn artifacts(&self) -> Artifacts {
        folder(FolderKind::Scenario, Disclosure::Full, self.files.clone())
    }

    /// How many people move how, and how large the fleet is, for a terminal; empty where there are no groups.
    pub fn in_words(&self) -> String {
        let Some(made) = &self.groups else { return String::new() };
        let mut lines = Vec::new();
        for means in Means::ALL {
            let count: i64 = made.rows.iter().filter(|row| row.means == means).map(|row| row.people).sum();
            if count > 0 {
                lines.push(format!("{:<12}{}", means.word(), people(count)));
            }
        }
        let vehicles: i64 = made.fleet.iter().map(|row| row.count).sum();
        lines.push(format!("{vehicles} vehicles in {} types", made.fleet.len()));
        lines.join("\n")
    }
}
