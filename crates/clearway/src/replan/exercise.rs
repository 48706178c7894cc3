//! `exercise`: counts that nobody made, to practise re-planning with.

use crate::ensemble::EnsembleRequest;
use crate::error::Error;
use crate::session::Session;
use crate::simulate::{PlanFolder, read_single_folder};
use clearway_model::{Scenario, Store, people};
use clearway_network::Network;
use clearway_replan::{made_up_rows, template};
use clearway_simulate::member::{MemberFigures, MemberMaker, MemberSettings};
use clearway_simulate::simulation::Simulation;
use clearway_simulate::snapshot::{PeopleAt, people_at};
use clearway_simulate::streets::QueueModel;
use clearway_simulate::traffic::Watch;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What is asked of made-up counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ExerciseRequest {
    /// When people are counted, ms from the start of the plan.
    pub at_ms: i64,
    /// Number of the simulated member that is taken to be true; `None`: all do as ordered.
    pub member: Option<u32>,
    /// Seed and behaviour of the member. Its figures are the central ones unless this says otherwise.
    pub chance: EnsembleRequest,
}

impl Default for ExerciseRequest {
    fn default() -> Self {
        // people of a zone whose number is drawn as well would not add up with the plan's
        let chance = EnsembleRequest { figures: MemberFigures::Central, ..EnsembleRequest::default() };
        Self { at_ms: 0, member: Some(0), chance }
    }
}

/// Counts that nobody made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exercise {
    /// The table, as [`crate::replan()`] takes it.
    pub counts_csv: Vec<u8>,
    /// People in their zones.
    pub waiting: i64,
    /// People on roads.
    pub on_road: i64,
    /// People at sites.
    pub arrived: i64,
    /// People between the roads and a site, in no row of the table.
    pub uncounted: i64,
    /// What every row says of where it comes from.
    pub source: String,
}

/// Makes up what would be counted at a time of a plan if what is simulated came true: people by zone, by road and by site. Every row says that
/// nobody counted.
///
/// # Errors
/// As [`crate::ensemble()`]; [`Error::Request`] for a time outside the plan's horizon.
///
/// ```
/// use clearway::{ExerciseRequest, FolderStore, MemoryStore, PlanRequest, Session, Usage, exercise, load, plan};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let session = Session::new().with_threads(1);
/// let planned = plan(&session, &load(&FolderStore::new(example))?, &PlanRequest::default())?;
/// let folder = MemoryStore::from(planned.artifacts(Usage::default())?);
/// let mut request = ExerciseRequest::default();
/// request.at_ms = 7_200_000;
/// let made_up = exercise(&session, &folder, &request)?;
/// assert_eq!(made_up.waiting + made_up.on_road + made_up.arrived + made_up.uncounted, 12_000);
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn exercise(session: &Session, plan: &dyn Store, request: &ExerciseRequest) -> Result<Exercise, Error> {
    let folder = read_single_folder(plan)?;
    let PlanFolder { scenario, plan: orders, .. } = &folder;
    let horizon_ms = scenario.settings.horizon_ms;
    if !(0..=horizon_ms).contains(&request.at_ms) {
        return Err(Error::Request(format!(
            "the time is {} ms after the start, expected one from 0 to the end of the planning horizon, {horizon_ms} ms",
            request.at_ms
        )));
    }
    let EnsembleRequest { simulation, seed, figures, ref behaviour } = request.chance;
    let queues = simulation.checked()?;
    let settings = MemberSettings { behaviour: behaviour.clone(), queues, figures, seed };
    let progress = session.progress();
    let mut goes_on = |share: f64| {
        progress.tell("simulation", share);
        !session.cancel().is_cancelled()
    };
    let maker = MemberMaker::new(Cow::Borrowed(scenario), Cow::Borrowed(orders), settings, &mut goes_on)?;
    let what = match request.member {
        Some(number) => format!("member {number}, seed {seed}"),
        None => "all do as ordered".to_owned(),
    };
    let source = format!("made up for an exercise: simulated, {what}; nobody counted");
    let of = |simulation: &Simulation, scenario: &Scenario, network: &Network| {
        let found = moment(session, (simulation, scenario, network), queues, request.at_ms)?;
        Ok(Exercise::new(scenario, &found, source.clone()))
    };
    match request.member {
        Some(number) => {
            let member = maker.member(number, None, &mut goes_on)?;
            of(&member.simulation, &member.scenario, &member.network)
        }
        None => of(maker.as_ordered(), scenario, &Network::new(scenario, orders.case)?),
    }
}

/// Whether to go on is the session's to say.
struct Asked<'a>(&'a Session);

impl Watch for Asked<'_> {
    fn goes_on(&mut self, _time_us: i64) -> bool {
        !self.0.cancel().is_cancelled()
    }
}

/// Where everybody is at a time.
fn moment(
    session: &Session,
    (simulation, scenario, network): (&Simulation, &Scenario, &Network),
    queues: QueueModel,
    at_ms: i64,
) -> Result<PeopleAt, Error> {
    let moments = people_at(simulation, (scenario, network), queues, &[at_ms * 1000], &mut Asked(session));
    moments.and_then(|mut moments| moments.pop()).ok_or(Error::Cancelled(None))
}

impl Exercise {
    fn new(scenario: &Scenario, at: &PeopleAt, source: String) -> Self {
        Self {
            counts_csv: template(&made_up_rows(scenario, &at.waiting, &at.on_road, &at.arrived, &source)),
            waiting: at.waiting.iter().sum(),
            on_road: at.on_road.values().sum(),
            arrived: at.arrived.iter().sum(),
            uncounted: at.uncounted,
            source,
        }
    }

    /// What it is, for a terminal.
    pub fn in_words(&self) -> String {
        format!(
            "Made up for an exercise, nobody counted: {} in zones, {} on roads, {} at sites, {} between roads and sites in no row.",
            people(self.waiting),
            people(self.on_road),
            people(self.arrived),
            people(self.uncounted)
        )
    }
}
