//! What is written of a simulation: the files of its folder, and words for a terminal.

use super::Simulated;
use crate::artifacts::{Files, folder};
use crate::error::Error;
use crate::simulate_multimodal::{SimulatedPart, fleet_csv};
use crate::simulate_recording::SimulatedRecording;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_formats::csv_text;
use clearway_model::grouped;
use clearway_report::simulation::{
    SimulatedCurvePoint, ring_words, simulation_page, simulation_verdict, times,
};
use clearway_report::standing_sentences;

impl Simulated {
    /// The files of the folder.
    ///
    /// # Errors
    /// If a table cannot be made.
    pub fn artifacts(&self) -> Result<Artifacts, Error> {
        Ok(folder(FolderKind::Simulation, Disclosure::Full, self.files()?))
    }

    fn files(&self) -> Result<Files, Error> {
        let curve: Vec<SimulatedCurvePoint> = self
            .curve
            .iter()
            .map(|point| SimulatedCurvePoint {
                time_s: point.time_s,
                simulated: point.simulated_people,
                plan: point.plan_people,
                bound: point.bound_people,
                baseline: point.baseline_people,
            })
            .collect();
        let states = self.recording.as_ref().map(SimulatedRecording::drawn);
        let page = simulation_page(&self.report, &self.links, &curve, &self.scenario, states)?;
        let mut files = vec![
            ("index.html".to_owned(), page),
            ("simulation.json".to_owned(), serde_json::to_vec_pretty(&self.report)?),
            ("curve.csv".to_owned(), self.curve_csv()),
        ];
        if self.parts.is_empty() {
            files.push(("links.csv".to_owned(), self.links_csv()));
        }
        if let Some(recording) = &self.recording {
            files.extend(recording.files()?);
        }
        if !self.fleet.is_empty() {
            files.push(("fleet_trips.csv".to_owned(), fleet_csv(&self.fleet)));
        }
        for SimulatedPart { folder, simulated } in &self.parts {
            files.extend(
                simulated.files()?.into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)),
            );
        }
        if let Some(ensemble) = &self.ensemble {
            files.extend(ensemble.files("ensemble.html")?);
        }
        if let Some(losses) = &self.losses {
            files.push(("losses.csv".to_owned(), losses.csv()));
        }
        Ok(files)
    }

    fn links_csv(&self) -> Vec<u8> {
        let header = [
            "link_id",
            "name",
            "vehicles",
            "people",
            "room_vehicles",
            "waiting_person_hours",
            "people_left",
            "people_overtaken",
        ];
        let rows = self.links.iter().map(|row| {
            [
                row.link_id.clone(),
                row.name.clone(),
                row.vehicles.to_string(),
                row.people.to_string(),
                row.room_vehicles.map(|room| room.to_string()).unwrap_or_default(),
                row.waiting_person_hours.to_string(),
                row.people_left.to_string(),
                row.people_overtaken.to_string(),
            ]
        });
        csv_text(&header, rows)
    }

    fn curve_csv(&self) -> Vec<u8> {
        let header = ["time_s", "simulated_people", "plan_people", "bound_people", "baseline_people"];
        let rows = self.curve.iter().map(|point| {
            let people =
                [Some(point.simulated_people), point.plan_people, point.bound_people, point.baseline_people];
            let [simulated, plan, bound, baseline] =
                people.map(|people| people.map(|people| people.to_string()).unwrap_or_default());
            [point.time_s.to_string(), simulated, plan, bound, baseline]
        });
        csv_text(&header, rows)
    }

    /// What came of it, for a terminal.
    pub fn in_words(&self) -> String {
        let report = &self.report;
        let rows = times(report);
        let mut lines = vec![simulation_verdict(report), String::new()];
        let header = [String::new(), "90 % arrived".to_owned(), "all arrived".to_owned()];
        let width = |column: usize| {
            rows.iter().chain([&header]).map(|row| row[column].chars().count()).max().unwrap_or(0)
        };
        let widths = [width(0), width(1), width(2)];
        for row in [&header].into_iter().chain(&rows) {
            let [name, ninety, all] = row;
            lines.push(format!("{name:<0$}  {ninety:>1$}  {all:>2$}", widths[0], widths[1], widths[2]));
        }
        lines.push(String::new());
        lines.push(format!(
            "After departure people wait {:.1} min in the mean, 95 of 100 up to {:.1} min, the longest {:.1} min.",
            report.waiting.mean_min, report.waiting.p95_min, report.waiting.longest_min
        ));
        lines.extend(self.most_stand_at());
        lines.extend(report.gridlock.iter().map(|ring| format!("Gridlock {}.", ring_words(ring))));
        if let Some(losses) = &self.losses {
            lines.extend([String::new(), losses.in_words()]);
        }
        if let Some(ensemble) = &self.ensemble {
            lines.extend([String::new(), "Under chance:".to_owned(), ensemble.in_words()]);
            return lines.join("\n");
        }
        lines.extend(standing_sentences(report.context).into_iter().map(str::to_owned));
        lines.join("\n")
    }

    /// Where most of those are who do not arrive; `None`: all do.
    fn most_stand_at(&self) -> Option<String> {
        let places: Vec<String> = self
            .report
            .standing
            .iter()
            .take(3)
            .map(|place| {
                let name = if place.name.is_empty() { String::new() } else { format!(" ({})", place.name) };
                format!("{}{name}: {}", place.place_id, grouped(place.people + place.overtaken))
            })
            .collect();
        (!places.is_empty()).then(|| format!("Most of those who do not arrive are at {}.", places.join("; ")))
    }
}
