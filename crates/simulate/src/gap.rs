//! The gap between what no plan can beat and what happens on the road, split: what each step from one to the other costs.

use clearway_model::number::{float, round};
use clearway_model::{CurvePoint, PlacedTimes, Summary};
use schemars::JsonSchema;
use serde::Serialize;

/// The gap, part by part: the first is the bound, each further one a step towards the road.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct GapSplit {
    /// The moment at which `arrived_people` are counted, s: the last one of the plan's curve that is not after the time before which no
    /// plan has all there (or, where none ever has, 90 %).
    pub at_s: f64,
    /// From the bound to the road.
    pub parts: Vec<GapPart>,
}

/// The figures after one step, and what the step adds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct GapPart {
    /// `bound`; `unrestricted_routes`: the best flow over any number of routes, carried out in vehicles; `few_routes`: the routes of the plan,
    /// queues without space; `metered`: departures so that the way is free, in the windows that cost least; `plan`: the plan, with its departure windows; `space`: simulated
    /// with queues that take space, or `vehicles`: simulated without; `junctions`: simulated with what junctions let through, too; more may follow.
    pub key: String,
    /// When 90 % of the evacuees have arrived, s; `None`: never, or not known.
    pub t90_s: Option<f64>,
    /// When all have arrived, s; likewise.
    pub t100_s: Option<f64>,
    /// Time of people not yet arrived until the planning horizon, person-hours; `None`: not known.
    pub person_hours: Option<f64>,
    /// People who have arrived before `at_s`; of the bound, who can have; `None`: not known.
    pub arrived_people: Option<i64>,
    /// Later than the part before, s; `None`: one of the two is not known. Below 0: sooner.
    pub adds_t90_s: Option<f64>,
    /// Likewise for all.
    pub adds_t100_s: Option<f64>,
    /// More person-hours than the part before.
    pub adds_person_hours: Option<f64>,
}

/// The figures of a part.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PartFigures {
    /// When 90 % have arrived, s.
    pub t90_s: Option<f64>,
    /// When all have arrived, s.
    pub t100_s: Option<f64>,
    /// Person-hours.
    pub person_hours: Option<f64>,
    /// People who have arrived before the moment of [`GapSplit::at_s`].
    pub arrived_people: Option<i64>,
}

impl GapSplit {
    /// From the bound to the plan, by its `summary.json` and `curve.csv`.
    pub fn to_the_plan(summary: &Summary, curve: &[CurvePoint]) -> Self {
        let until_s = summary.clearance_s.bound.or(summary.t90_s.bound).unwrap_or(f64::INFINITY);
        let moment = curve.iter().rev().find(|point| point.time_s <= until_s);
        let mut split = Self { at_s: moment.map_or(0.0, |point| point.time_s), parts: Vec::new() };
        split.add(
            "bound",
            PartFigures {
                t90_s: summary.t90_s.bound,
                t100_s: summary.clearance_s.bound,
                person_hours: summary.person_hours.bound,
                arrived_people: moment.map(|point| point.bound_people),
            },
        );
        if let Some(free) = &summary.unrestricted_routes {
            split.add(
                "unrestricted_routes",
                PartFigures {
                    t90_s: free.t90_s,
                    t100_s: free.clearance_s,
                    person_hours: free.person_hours,
                    arrived_people: None,
                },
            );
        }
        let of = |times: &PlacedTimes| PartFigures {
            t90_s: times.t90_s,
            t100_s: times.clearance_s,
            person_hours: Some(times.person_hours),
            arrived_people: None,
        };
        if let Some(prices) = &summary.prices {
            split.add("few_routes", of(&prices.ignoring_space));
            if let Some(least) = prices.least() {
                split.add("metered", of(&least.times));
            }
        }
        split.add(
            "plan",
            PartFigures {
                t90_s: summary.t90_s.plan,
                t100_s: summary.clearance_s.plan,
                person_hours: summary.person_hours.plan,
                arrived_people: moment.map(|point| point.arrived_people),
            },
        );
        split
    }

    /// Adds a step: its figures, all told.
    pub fn add(&mut self, key: &str, figures: PartFigures) {
        let before = self.parts.last();
        let more = |now: Option<f64>, then: fn(&GapPart) -> Option<f64>| {
            let added = now? - then(before?)?;
            // a thousandth is as exact as any of them is
            Some(float(round(added * 1000.0)) / 1000.0)
        };
        let part = GapPart {
            key: key.to_owned(),
            t90_s: figures.t90_s,
            t100_s: figures.t100_s,
            person_hours: figures.person_hours,
            arrived_people: figures.arrived_people,
            adds_t90_s: more(figures.t90_s, |part| part.t90_s),
            adds_t100_s: more(figures.t100_s, |part| part.t100_s),
            adds_person_hours: more(figures.person_hours, |part| part.person_hours),
        };
        self.parts.push(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_adds_what_it_is_more_than_the_one_before() {
        let mut split = GapSplit { at_s: 0.0, parts: Vec::new() };
        let of = |t90_s, t100_s| PartFigures { t90_s, t100_s, ..PartFigures::default() };
        split.add("bound", of(Some(100.0), Some(200.0)));
        split.add("plan", of(Some(90.5), Some(260.0)));
        split.add("space", of(Some(120.0), None));
        let added: Vec<_> = split.parts.iter().map(|part| (part.adds_t90_s, part.adds_t100_s)).collect();
        assert_eq!(added, [(None, None), (Some(-9.5), Some(60.0)), (Some(29.5), None)]);
    }
}
