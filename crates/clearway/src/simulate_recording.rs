//! What is recorded of a simulation beside its outcome, as files: the state of links over time, who passes them, who arrives when.

use crate::artifacts::Files;
use crate::error::Error;
use clearway_formats::csv_text;
use clearway_model::Scenario;
use clearway_model::number::float;
use clearway_network::Network;
use clearway_report::simulation::RecordedStates;
use clearway_simulate::recording_tables::{
    ArrivalRow, Arrivals, LinkHourRow, LinkHours, LinkStatesIndex, arrivals, link_hours,
};
use clearway_simulate::report::RecordingFigures;
use clearway_simulate::simulation::Simulation;

/// What is recorded of a simulation beside its outcome.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SimulatedRecording {
    /// How to read the states: `link_states.json`.
    pub index: LinkStatesIndex,
    /// The state of each link in each step: `link_states.bin`.
    pub states: Vec<u8>,
    /// Who passes which link, hour by hour.
    pub hours: LinkHours,
    /// When people arrive, by zone and by site.
    pub arrivals: Arrivals,
    /// (When, s; people in all who have arrived by then), ascending.
    pub arrived: Vec<(f64, i64)>,
}

impl SimulatedRecording {
    /// Takes the states out of a simulation and makes the tables; `None` if nothing was recorded.
    pub(crate) fn taken(
        simulation: &mut Simulation,
        scenario: &Scenario,
        network: &Network,
        digest: &str,
    ) -> Option<Self> {
        let recording = simulation.recording.take()?;
        Some(Self {
            index: LinkStatesIndex::new(simulation, &recording.states, scenario, network, digest),
            hours: link_hours(simulation, &recording.passages, scenario, network),
            arrivals: arrivals(simulation, scenario, network),
            arrived: simulation
                .outcome
                .arrived
                .iter()
                .map(|&(time_us, people)| (float(time_us) / 1e6, people))
                .collect(),
            states: recording.states.bytes,
        })
    }

    /// What the page draws of it.
    pub(crate) fn drawn(&self) -> RecordedStates<'_> {
        RecordedStates {
            links: &self.index.links,
            step_s: self.index.step_s,
            steps: usize::try_from(self.index.steps).unwrap_or(0),
            bytes: &self.states,
            arrived: &self.arrived,
        }
    }

    /// How much there is of it.
    pub(crate) fn figures(&self) -> RecordingFigures {
        RecordingFigures {
            step_s: self.index.step_s,
            steps: self.index.steps,
            links: u64::try_from(self.index.links.len()).unwrap_or(u64::MAX),
            links_passed: self.hours.links,
            links_by_zone: self.hours.zone_links,
        }
    }

    /// Its files.
    pub(crate) fn files(&self) -> Result<Files, Error> {
        Ok(vec![
            ("link_states.json".to_owned(), serde_json::to_vec(&self.index)?),
            (LinkStatesIndex::FILE.to_owned(), self.states.clone()),
            ("link_hours.csv".to_owned(), hours_csv(&self.hours.all, false)),
            ("link_zone_hours.csv".to_owned(), hours_csv(&self.hours.by_zone, true)),
            ("zone_arrivals.csv".to_owned(), arrivals_csv("zone_id", &self.arrivals.zones)),
            ("site_arrivals.csv".to_owned(), arrivals_csv("site_id", &self.arrivals.sites)),
        ])
    }
}

fn hours_csv(rows: &[LinkHourRow], with_zone: bool) -> Vec<u8> {
    let mut header = vec!["link_id", "from_s", "vehicles", "people"];
    if with_zone {
        header.insert(2, "zone_id");
    }
    let cells = rows.iter().map(|row| {
        let mut cells = vec![row.link_id.clone(), row.from_s.to_string()];
        if with_zone {
            cells.push(row.zone_id.clone());
        }
        cells.extend([row.vehicles.to_string(), row.people.to_string()]);
        cells
    });
    csv_text(&header, cells)
}

fn arrivals_csv(id: &str, rows: &[ArrivalRow]) -> Vec<u8> {
    let header = [id, "name", "people", "arrived", "first_s", "t50_s", "t90_s", "last_s"];
    let cells = rows.iter().map(|row| {
        let times = [row.first_s, row.t50_s, row.t90_s, row.last_s];
        let [first, half, ninety, last] =
            times.map(|time| time.map(|time| time.to_string()).unwrap_or_default());
        [
            row.id.clone(),
            row.name.clone(),
            row.people.to_string(),
            row.arrived.to_string(),
            first,
            half,
            ninety,
            last,
        ]
    });
    csv_text(&header, cells)
}
