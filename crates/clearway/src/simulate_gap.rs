//! The gap from the bound to the road, with what was simulated.

use crate::simulate::arrived_before;
use clearway_model::{Mode, Scenario};
use clearway_simulate::gap::{GapSplit, PartFigures};
use clearway_simulate::report::ArrivalTimes;
use clearway_simulate::simulation::Simulation;
use clearway_simulate::streets::QueueModel;

/// A scenario in which no junction holds anybody up; `None` where none does anyway.
pub(crate) fn without_junctions(scenario: &Scenario, queues: QueueModel) -> Option<Scenario> {
    let drives = scenario.settings.class.first().is_some_and(|class| class.mode == Mode::Vehicle);
    let counts = matches!(queues, QueueModel::Spatial(_)) && drives && !scenario.junctions.is_empty();
    counts.then(|| Scenario { junctions: Vec::new(), ..scenario.clone() })
}

/// The gap as far as the plan, and what is simulated: without junctions, where that is something else, and all told.
pub(crate) fn split(
    mut gap: GapSplit,
    [without, simulation]: [Option<&Simulation>; 2],
    queues: QueueModel,
    horizon_ms: i64,
) -> GapSplit {
    let with_space = match queues {
        QueueModel::Spatial(_) => "space",
        QueueModel::Vertical => "vehicles",
    };
    let last = if without.is_some() { "junctions" } else { with_space };
    for (key, simulation) in [(with_space, without), (last, simulation)] {
        let Some(simulation) = simulation else { continue };
        let ArrivalTimes { t90_s, t100_s } = ArrivalTimes::new(simulation);
        let figures = PartFigures {
            t90_s,
            t100_s,
            person_hours: Some(simulation.outcome.person_hours(simulation.evacuees, horizon_ms * 1000)),
            arrived_people: Some(arrived_before(&simulation.outcome, gap.at_s)),
        };
        gap.add(key, figures);
    }
    gap
}
