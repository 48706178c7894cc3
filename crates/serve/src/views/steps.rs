//! What each link is like over time, a byte per link and step.

use super::RoadView;
use super::overview::{people_of, plan_of};
use super::tables::{AnswerTable, document};
use crate::app::ServeApp;
use crate::error::ServeError;
use crate::types::{
    PeopleAtStep, SiteSteps, StepMeasure, StepMeasureName, StepScale, StepsInfo, VersionInfo, VersionKind,
};
use clearway::{PlanReplay, Store};
use clearway_model::number::{ceil, float, round};
use clearway_model::time::seconds;
use serde_json::Value;
use std::sync::Arc;

/// A full share, as `link_states.bin` has it.
const FULL: f64 = 250.0;
/// It is not known how many fit.
const UNKNOWN_ROOM: u8 = 254;
/// Closed during the whole step.
const CLOSED: u8 = 255;
/// The byte grows by so much where a number, plus one, grows tenfold.
const PER_TENFOLD: f64 = 50.0;

/// A byte per step for each of the three measures.
type LinkBytes = [Vec<u8>; 3];

/// What there is for every link over time.
pub struct StepView {
    /// What a byte says, and how many there are.
    pub info: StepsInfo,
    /// By row, of links of which there is something to say.
    links: Vec<(usize, LinkBytes)>,
}

impl StepView {
    /// Of a simulation its states; of a plan its replay.
    pub(super) fn of(app: &ServeApp, version: i64) -> Result<Self, ServeError> {
        let asked = app.store.version(version)?;
        let roads = app.views.roads(app, version)?;
        if asked.kind == VersionKind::Simulation {
            return Self::of_simulation(app, &asked, &roads);
        }
        let plan = plan_of(app, version)?;
        let replay = app.views.replay(app, plan.id)?;
        Ok(Self::of_replay(&replay, &roads))
    }

    fn of_replay(replay: &PlanReplay, roads: &RoadView) -> Self {
        let step_h = seconds(replay.step_ms) / 3600.0;
        let mut links: Vec<(usize, LinkBytes)> = Vec::new();
        for (row, link) in &replay.scenario.links.iter().enumerate().collect::<Vec<_>>() {
            let (used, closed) = (replay.links.get(row), replay.closed.get(row));
            if used.is_none() && closed.is_none() {
                continue;
            }
            let Some(at) = roads.row_of(&link.link_id) else { continue };
            let mut bytes: LinkBytes = [0, 1, 2].map(|_| vec![0; replay.steps]);
            for step in 0..replay.steps {
                if let Some(used) = used {
                    let lets_in = used.rate_people_h.map(|rate| rate * step_h);
                    let flow =
                        lets_in.filter(|most| *most > 0.0).map_or(0.0, |most| used.entered[step] / most);
                    bytes[0][step] = share(flow);
                    bytes[1][step] = match used.room_people {
                        Some(room) if room > 0.0 => share(used.on_it[step] / room),
                        _ if used.on_it[step] > NOBODY => UNKNOWN_ROOM,
                        _ => 0,
                    };
                    bytes[2][step] = number(used.standing[step]);
                }
                if closed.is_some_and(|closed| closed[step]) {
                    for (measure, bytes) in bytes.iter_mut().enumerate() {
                        if measure == 0 || bytes[step] == 0 {
                            bytes[step] = CLOSED;
                        }
                    }
                }
            }
            links.push((at, bytes));
        }
        let course = PeopleCourse::of(replay, seconds(replay.step_ms), replay.steps);
        Self { info: info(seconds(replay.step_ms), roads.len(), None, course), links }
    }

    fn of_simulation(app: &ServeApp, simulation: &VersionInfo, roads: &RoadView) -> Result<Self, ServeError> {
        let store = app.store.version_store(simulation.id)?;
        let index = document(&store, "link_states.json")?;
        let states = store.read("link_states.bin")?.unwrap_or_default();
        let none =
            || ServeError::Request(format!("version {} has no states of links over time", simulation.id));
        let step_s = index.get("step_s").and_then(Value::as_f64).ok_or_else(none)?;
        let steps = index.get("steps").and_then(Value::as_u64).and_then(|steps| usize::try_from(steps).ok());
        let steps = steps.filter(|steps| *steps > 0).ok_or_else(none)?;
        let ids = index.get("links").and_then(Value::as_array).ok_or_else(none)?;
        if states.len() != 3 * steps * ids.len() {
            return Err(none());
        }
        let mut links = Vec::new();
        for (at, id) in ids.iter().enumerate() {
            let Some(row) = id.as_str().and_then(|id| roads.row_of(id)) else { continue };
            let of = |kind: usize| -> Vec<u8> {
                (0..steps).map(|step| states[(kind * steps + step) * ids.len() + at]).collect()
            };
            links.push((row, [of(0), of(1), of(2)]));
        }
        let curve = AnswerTable::read(&store, "curve.csv")?;
        let moments: Vec<(f64, i64)> = (0..curve.len())
            .filter_map(|row| Some((curve.number(row, "time_s")?, curve.whole(row, "simulated_people")?)))
            .collect();
        // the plan at the moments of the simulation: those of its own replay are others
        let replay = app.views.replay(app, plan_of(app, simulation.id)?.id)?;
        let course = PeopleCourse::of(&replay, step_s, steps);
        Ok(Self { info: info(step_s, roads.len(), Some(&moments), course), links })
    }

    /// One step of a measure: a byte per link.
    ///
    /// # Errors
    /// [`ServeError::NotThere`] if there is no such step.
    pub fn bytes(&self, measure: StepMeasureName, step: usize) -> Result<Arc<[u8]>, ServeError> {
        if step >= self.info.count {
            return Err(ServeError::NotThere(format!("step {step}; there are {}", self.info.count)));
        }
        let measure = match measure {
            StepMeasureName::Flow => 0,
            StepMeasureName::Room => 1,
            StepMeasureName::Standing => 2,
        };
        let mut bytes = vec![0; self.info.links];
        for (row, steps) in &self.links {
            bytes[*row] = steps[measure][step];
        }
        Ok(bytes.into())
    }
}

/// Where people are at the end of each step, by the plan.
struct PeopleCourse {
    people: Vec<PeopleAtStep>,
    sites: Vec<SiteSteps>,
    people_of: &'static str,
}

impl PeopleCourse {
    fn of(replay: &PlanReplay, step_s: f64, steps: usize) -> Self {
        let ends: Vec<i64> = (1..=steps).map(|step| round(step_s * float(step) * 1000.0)).collect();
        let everybody = replay.at_home_before(0);
        let people = ends.iter().map(|end| {
            let (at_home, arrived) = (replay.at_home_before(*end), replay.arrived_before(*end));
            PeopleAtStep {
                at_home,
                on_the_way: everybody - at_home - arrived,
                arrived,
                simulated_least: None,
                simulated_most: None,
            }
        });
        // who comes to a site by other modes is not in a replay of one of them
        let whole = replay.part.is_none().then_some(&replay.sites).into_iter().flatten();
        let sites = replay.scenario.sites.iter().zip(whole).map(|(site, there)| SiteSteps {
            id: site.site_id.clone(),
            people: ends.iter().map(|end| there.arrived_before(*end)).collect(),
        });
        Self { people: people.collect(), sites: sites.collect(), people_of: people_of(replay) }
    }
}

/// How many have arrived at a moment, at least and at most, by a curve of (s, people arrived before), which has some moments only.
fn arrived_between(curve: &[(f64, i64)], time_s: f64) -> (i64, i64) {
    let known = curve.partition_point(|(at, _)| *at <= time_s);
    let Some(last) = known.checked_sub(1).map(|last| curve[last]) else {
        return (0, curve.first().map_or(0, |next| next.1));
    };
    let is_exact = time_s - last.0 < 0.001;
    // after its last row nobody comes any more
    (last.1, if is_exact { last.1 } else { curve.get(known).map_or(last.1, |next| next.1) })
}

/// `simulated`: the curve of a simulation.
fn info(step_s: f64, links: usize, simulated: Option<&[(f64, i64)]>, course: PeopleCourse) -> StepsInfo {
    let PeopleCourse { mut people, sites, people_of } = course;
    for (step, people) in people.iter_mut().enumerate() {
        if let Some(curve) = simulated {
            let (least, most) = arrived_between(curve, step_s * float(step + 1));
            (people.simulated_least, people.simulated_most) = (Some(least), Some(most));
        }
    }
    let measure = |name: StepMeasureName, label: &str, unit: &str, scale: StepScale| StepMeasure {
        name,
        label: label.to_owned(),
        unit: unit.to_owned(),
        scale,
    };
    StepsInfo {
        step_s,
        count: people.len(),
        links,
        measures: vec![
            measure(
                StepMeasureName::Flow,
                "people who enter, over those who can",
                "share of capacity",
                StepScale::Share,
            ),
            measure(
                StepMeasureName::Room,
                "vehicles on the road, over those that fit",
                "share of room",
                StepScale::Share,
            ),
            measure(StepMeasureName::Standing, "people who wait at its end", "people", StepScale::Logarithm),
        ],
        simulated: simulated.is_some(),
        people_of: people_of.to_owned(),
        people,
        sites,
    }
}

/// Fewer people than this are nobody: what sums of fractions are off by.
const NOBODY: f64 = 1e-6;

/// A share as a byte, rounded up, so that only nothing is 0.
fn share(share: f64) -> u8 {
    if share <= NOBODY {
        return 0;
    }
    // what floating point adds to a whole number is no more of it
    u8::try_from(ceil(share * FULL - 1e-6).clamp(1, 250)).unwrap_or(250)
}

/// A number of people as a byte: 50 log10(1 + people), rounded up.
fn number(people: f64) -> u8 {
    if people <= NOBODY { 0 } else { share((people + 1.0).log10() * PER_TENFOLD / FULL) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_two_rows_of_a_curve_arrivals_are_a_range() {
        let curve = [(0.0, 0), (1800.0, 40), (3600.0, 90)];
        let at = |time_s| arrived_between(&curve, time_s);
        assert_eq!(
            [at(60.0), at(1800.0), at(1860.0), at(3600.0), at(7200.0)],
            [(0, 40), (40, 40), (40, 90), (90, 90), (90, 90)]
        );
        assert_eq!(arrived_between(&[], 60.0), (0, 0));
    }

    #[test]
    fn bytes_are_rounded_up_and_only_nothing_is_0() {
        assert_eq!([share(0.0), share(1e-9), share(0.0001), share(0.5), share(1.0)], [0, 0, 1, 125, 250]);
        assert_eq!([share(1.000_000_000_1), share(3.0)], [250, 250]);
        assert_eq!(
            [number(0.0), number(9.0), number(99.0), number(99_999.0), number(1e7)],
            [0, 50, 100, 250, 250]
        );
    }
}
