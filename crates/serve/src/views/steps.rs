//! What each link is like over time, a byte per link and step.

use super::overview::plan_of;
use crate::app::ServeApp;
use crate::error::ServeError;
use crate::types::{PeopleAtStep, StepMeasure, StepMeasureName, StepsInfo};
use clearway::{LinkReplay, PlanReplay};
use clearway_model::number::{float, truncated};
use clearway_model::time::seconds;
use std::sync::Arc;

/// Bytes of the links that somebody uses, for one measure.
struct MeasuredLinks {
    /// Row of the link and a byte per step, by row.
    links: Vec<(usize, Vec<u8>)>,
}

/// What there is for every link over time.
pub struct StepView {
    /// What a byte says, and how many there are.
    pub info: StepsInfo,
    measures: [MeasuredLinks; 3],
}

impl StepView {
    /// Of the replay of a plan, or of the plan that was simulated.
    pub(super) fn of(app: &ServeApp, version: i64) -> Result<Self, ServeError> {
        let plan = plan_of(app, version)?;
        let replay = app.views.replay(app, plan.id)?;
        let roads = app.views.roads(app, plan.id)?;
        let rows: Vec<Option<usize>> =
            replay.scenario.links.iter().map(|link| roads.row_of(&link.link_id)).collect();
        let most_waiting = replay
            .links
            .values()
            .flat_map(|link| &link.waiting)
            .fold(0.0, |most: f64, people| most.max(*people));
        let max = [1.0, 1.0, round_up(most_waiting)];
        let step_h = seconds(replay.step_ms) / 3600.0;
        let measured = |max: f64, value: &dyn Fn(&LinkReplay, usize) -> f64| {
            let mut links: Vec<(usize, Vec<u8>)> = replay
                .links
                .iter()
                .filter_map(|(row, link)| {
                    let row = rows.get(*row).copied().flatten()?;
                    Some((row, (0..replay.steps).map(|step| byte(value(link, step), max)).collect()))
                })
                .collect();
            links.sort_unstable_by_key(|(row, _)| *row);
            MeasuredLinks { links }
        };
        let over = |amount: f64, most: Option<f64>| {
            most.filter(|most| *most > 0.0).map_or(0.0, |most| amount / most)
        };
        let measures = [
            measured(max[0], &|link, step| {
                over(link.entered[step], link.rate_people_h.map(|rate| rate * step_h))
            }),
            measured(max[1], &|link, step| over(link.on_it[step], link.room_people)),
            measured(max[2], &|link, step| link.waiting[step]),
        ];
        Ok(Self { info: info(&replay, roads.len(), max), measures })
    }

    /// One step of a measure: a byte per link.
    ///
    /// # Errors
    /// [`ServeError::NotThere`] if there is no such step.
    pub fn bytes(&self, measure: StepMeasureName, step: usize) -> Result<Arc<[u8]>, ServeError> {
        if step >= self.info.count {
            return Err(ServeError::NotThere(format!("step {step}; there are {}", self.info.count)));
        }
        let mut bytes = vec![0; self.info.links];
        let measured = match measure {
            StepMeasureName::Flow => &self.measures[0],
            StepMeasureName::Room => &self.measures[1],
            StepMeasureName::Waiting => &self.measures[2],
        };
        for (row, steps) in &measured.links {
            bytes[*row] = steps[step];
        }
        Ok(bytes.into())
    }
}

fn info(replay: &PlanReplay, links: usize, max: [f64; 3]) -> StepsInfo {
    let measure = |name: &str, label: &str, unit: &str, max: f64| StepMeasure {
        name: name.to_owned(),
        label: label.to_owned(),
        unit: unit.to_owned(),
        max,
    };
    StepsInfo {
        step_s: seconds(replay.step_ms),
        count: replay.steps,
        links,
        measures: vec![
            measure("flow", "people who enter, over what the road lets in", "share of capacity", max[0]),
            measure("room", "people on the road, over those who fit", "share of room", max[1]),
            measure("waiting", "people who wait before the road", "people", max[2]),
        ],
        simulated: false,
        people: (0..replay.steps)
            .map(|step| PeopleAtStep {
                at_home: replay.at_home[step],
                on_the_way: replay.on_the_way[step],
                arrived: replay.arrived[step],
            })
            .collect(),
    }
}

/// What a byte says: 0 is none, 1 to 254 go evenly from more than none to `max`, 255 is more.
fn byte(value: f64, max: f64) -> u8 {
    // what sums of fractions are off by is nothing
    if value <= 1e-9 || max <= 0.0 {
        return 0;
    }
    let share = value / max;
    if share > 1.0 + 1e-9 {
        return u8::MAX;
    }
    u8::try_from(truncated((share.min(1.0) * 253.0).round()) + 1).unwrap_or(u8::MAX)
}

/// The next round number: 1, 2 or 5 times a power of ten.
fn round_up(value: f64) -> f64 {
    let mut round = 1.0;
    loop {
        for step in [1.0, 2.0, 5.0] {
            if round * step >= value {
                return round * step;
            }
        }
        round *= 10.0;
        // more people than there are
        if round > float(1_i64 << 50) {
            return value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_says_none_some_all_and_more() {
        assert_eq!([byte(0.0, 1.0), byte(1e-12, 1.0), byte(0.0001, 1.0)], [0, 0, 1]);
        assert_eq!(
            [byte(0.5, 1.0), byte(1.0, 1.0), byte(1.000_000_000_1, 1.0), byte(1.1, 1.0)],
            [128, 254, 254, 255]
        );
        assert_eq!(byte(3.0, 0.0), 0);
    }

    #[test]
    fn the_end_of_a_scale_is_a_round_number() {
        assert_eq!(
            [0.0, 1.0, 1.5, 3.0, 6.0, 49.0, 51.0, 1001.0].map(round_up),
            [1.0, 1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 2000.0]
        );
    }
}
