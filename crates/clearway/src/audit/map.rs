//! What a map says of somebody's plan: the bound of its roads and hours as it is, in harder cases, and what it would take by a time.

use crate::artifacts::{Files, folder};
use crate::error::{Error, Partial};
use crate::event::Event;
use crate::load::LoadedScenario;
use crate::multimodal::PlanPart;
use crate::plan::Usage;
use crate::proof::{StoredProof, prove, prove_as_it_is};
use crate::session::Session;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_audit::movements::Computed;
use clearway_audit::profile::{CaseBound, MapLever, ProfileCase};
use clearway_audit::range::FigureRange;
use clearway_formats::short;
use clearway_model::number::{float, truncated};
use clearway_model::{BottleneckKind, Case, RoadLoss, Scenario};
use clearway_plan::PlanAnswer;
use clearway_report::MapShapes;
use clearway_whatif::levers::{RequiredChange, bounds_s, least_steps};
use clearway_whatif::stress::{HarderCase, stressed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is asked of a map.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct AuditMapRequest {
    /// Lengths that are claimed, days: how many people can have arrived by then at the most.
    pub claimed_days: Vec<f64>,
    /// Cases to prove the bound in; those that are only asked for stay so.
    pub cases: Vec<ProfileCase>,
    /// What would it take by this time, days.
    pub deadline_days: Option<f64>,
}

/// What a map says, each bound with its proof.
#[derive(Debug)]
#[non_exhaustive]
pub struct MapFacts {
    /// Figures, each with how it was computed.
    pub computed: Computed,
    /// The bound in each case.
    pub cases: Vec<CaseBound>,
    /// What it would take of each thing by itself so that the bound no longer excludes the deadline.
    pub levers: Vec<MapLever>,
    shapes: MapShapes,
    proofs: Vec<StoredProof>,
}

impl MapFacts {
    /// The folders of the proofs, full.
    ///
    /// # Errors
    /// If a page or table cannot be made.
    pub fn artifacts(&self, usage: Usage) -> Result<Artifacts, Error> {
        Ok(folder(FolderKind::Audit, Disclosure::Full, self.files(usage)?))
    }

    /// The same files as part of the folder of an audit, whose pages are linked when it is whole.
    ///
    /// # Errors
    /// If a page or table cannot be made.
    pub(super) fn files(&self, usage: Usage) -> Result<Files, Error> {
        let mut files = Files::new();
        for proof in &self.proofs {
            files.extend(proof.files(&self.shapes, usage)?);
        }
        Ok(files)
    }

    /// The cases that were computed and those that were not, a line each.
    pub fn in_words(&self) -> String {
        let hours =
            |s: Option<f64>| s.map_or("after the horizon".to_owned(), |s| format!("{:.2} h", s / 3600.0));
        let line = |case: &CaseBound| match case.computed {
            true => format!("{}: not before {}\n", case.name, hours(case.clearance_s)),
            false => format!("{}: not computed\n", case.name),
        };
        self.cases.iter().map(line).collect()
    }
}

/// What is being proved.
struct MapProofs<'a> {
    session: &'a Session,
    scenario: &'a Scenario,
    facts: MapFacts,
}

/// Proves what a map says of somebody's plan.
///
/// # Errors
/// [`Error::Request`] if people move by several means there; [`Error::Cancelled`] if the session's wish to end was heard, with the bound
/// and the cases proved by then, which is nothing before the bound was.
///
/// ```
/// use clearway::{AuditMapRequest, FolderStore, Session, audit_map, load};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let loaded = load(&FolderStore::new(example))?;
/// let facts = audit_map(&Session::new(), &loaded, &AuditMapRequest::default())?;
/// assert!(facts.computed.iter().any(|(figure, _, _)| *figure == "bound_days"));
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn audit_map(
    session: &Session,
    loaded: &LoadedScenario,
    request: &AuditMapRequest,
) -> Result<MapFacts, Error> {
    if loaded.scenario.groups.is_some() {
        return Err(Error::Request(format!(
            "in '{}' people move by several means (groups.csv), and a bound for one class of road users would be wrong for all: \
             plan it, and name the plan folder (plan), or the scenario of one of its parts (PLAN/vehicle/scenario)",
            loaded.label
        )));
    }
    let facts = MapFacts {
        computed: Computed::new(),
        cases: Vec::new(),
        levers: Vec::new(),
        shapes: loaded.shapes.clone(),
        proofs: Vec::new(),
    };
    let mut task = MapProofs { session, scenario: &loaded.scenario, facts };
    let answer = task.as_it_is(loaded, request)?;
    let ended = match task.beyond(&answer, request) {
        Ok(()) => false,
        Err(Error::Cancelled(_)) => {
            let left = request.cases.iter().skip(task.facts.cases.len()).map(|case| CaseBound {
                name: format!("{} (ended before it was computed)", case.name),
                ..asked_case(case)
            });
            task.facts.cases.extend(left.collect::<Vec<_>>());
            true
        }
        Err(error) => return Err(error),
    };
    if ended { Err(Partial::Map(task.facts).into()) } else { Ok(task.facts) }
}

impl MapProofs<'_> {
    /// The bound as it is, with its figures.
    fn as_it_is(&mut self, loaded: &LoadedScenario, request: &AuditMapRequest) -> Result<PlanAnswer, Error> {
        let answer = prove_as_it_is(self.session, self.scenario)?;
        let hindering = if answer.summary.clearance_s.bound.is_some() {
            bounds_s(self.scenario, Case::Pessimistic, self.session.cancel())?
        } else {
            [None; 2]
        };
        figures(self.scenario, &answer, hindering, &request.claimed_days, &mut self.facts.computed);
        // A shape beside its table is for the map alone and belongs to no proof.
        let is_table = |name: &str| loaded.files.iter().any(|(known, _)| known == name);
        let is_beside =
            |name: &str| name.strip_suffix(".geojson").is_some_and(|stem| is_table(&format!("{stem}.csv")));
        let part = PlanPart {
            folder: "bound".to_owned(),
            scenario: loaded.scenario.clone(),
            scenario_files: loaded.files.iter().filter(|(name, _)| !is_beside(name)).cloned().collect(),
            answer,
        };
        self.facts.proofs.push(StoredProof::from(&part));
        Ok(part.answer)
    }

    /// Cases, and what it would take by the deadline.
    fn beyond(&mut self, answer: &PlanAnswer, request: &AuditMapRequest) -> Result<(), Error> {
        for (number, case) in request.cases.iter().enumerate() {
            let proven = self.case(answer, (number + 1, request.cases.len()), case)?;
            self.facts.cases.push(proven);
        }
        match request.deadline_days {
            Some(days) => self.by_deadline(days),
            None => Ok(()),
        }
    }

    /// The bound in a case, with its proof in `cases/`.
    fn case(
        &mut self,
        answer: &PlanAnswer,
        (number, of): (usize, usize),
        case: &ProfileCase,
    ) -> Result<CaseBound, Error> {
        let road = answer
            .bottlenecks
            .iter()
            .find(|b| b.element == BottleneckKind::Link)
            .and_then(|b| self.scenario.links.iter().position(|link| link.link_id == b.id));
        let lost = road.map(|row| &self.scenario.links[row]).filter(|_| case.lost != RoadLoss::Nothing);
        if case.asked || (lost.is_none() && case.lost != RoadLoss::Nothing) {
            let mut asked = asked_case(case);
            if !case.asked {
                asked.name = format!("{} (no road sets the bound)", asked.name);
            }
            return Ok(asked);
        }
        let stress = HarderCase {
            capacity: case.capacity,
            speed: case.speed,
            people: case.people,
            release: case.release,
            lost: case.lost,
            hazard_earlier_ms: truncated(case.hazard_earlier_min * 60_000.0),
        };
        if self.session.cancel().is_cancelled() {
            return Err(Error::Cancelled(None));
        }
        let folder = format!("cases/{number}");
        let begun = Event::VariationBegun { name: case.name.clone(), number, of: Some(of) };
        self.session.tell(begun);
        let answer = self.proved(stressed(self.scenario, &stress, road), &folder)?;
        let mut name = case.name.clone();
        if let Some(link) = lost {
            let road = if link.name.is_empty() { String::new() } else { format!("{}, ", link.name) };
            name = format!("{name} ({road}link {})", link.link_id);
        }
        Ok(CaseBound {
            name,
            t90_s: answer.summary.t90_s.bound,
            clearance_s: answer.summary.clearance_s.bound,
            computed: true,
            folder,
            ..asked_case(case)
        })
    }

    /// What it would take of each thing by itself so that the bound no longer excludes the deadline; each with two proofs.
    fn by_deadline(&mut self, days: f64) -> Result<(), Error> {
        let (scenario, session) = (self.scenario, self.session);
        let (deadline_s, progress) = (days * 86_400.0, session.progress());
        for (done, lever) in RequiredChange::ALL.into_iter().enumerate() {
            if lever.most(scenario) == 0 {
                continue;
            }
            progress.tell("deadline", float(done) / float(RequiredChange::ALL.len()));
            let least = |case| least_steps(scenario, lever, case, deadline_s, session.cancel());
            let (central, best) = (least(Case::Central)?, least(Case::Optimistic)?);
            let mut folders = [String::new(), String::new()];
            if let Some(steps) = central.filter(|steps| *steps > 0) {
                for (at, (name, steps)) in
                    [("too-little", steps - 1), ("enough", steps)].into_iter().enumerate()
                {
                    let folder = format!("deadline/{}-{name}", lever.word());
                    self.proved(lever.with(scenario, steps), &folder)?;
                    folders[at] = folder;
                }
            }
            let amount = |steps: u32| lever.amount(scenario, steps).0;
            self.facts.levers.push(MapLever {
                what: lever.amount(scenario, 0).1.to_owned(),
                now: amount(0),
                central: central.map(amount),
                best: best.map(amount),
                folders,
            });
        }
        Ok(())
    }

    /// Proves the bound of a changed scenario and keeps the proof for its folder.
    fn proved(&mut self, scenario: Scenario, folder: &str) -> Result<PlanAnswer, Error> {
        let part = prove(self.session, folder, scenario)?;
        self.facts.proofs.push(StoredProof::from(&part));
        Ok(part.answer)
    }
}

/// A case as it is asked for where there is no map.
pub(super) fn asked_case(case: &ProfileCase) -> CaseBound {
    CaseBound {
        name: case.name.clone(),
        t90_s: None,
        clearance_s: None,
        computed: false,
        folder: String::new(),
        source: case.source.clone(),
        verified: case.verified,
    }
}

/// The figures of a bound. `hindering`: before when 90 % and all cannot have arrived with every figure at its hindering end, s.
fn figures(
    scenario: &Scenario,
    answer: &PlanAnswer,
    hindering: [Option<f64>; 2],
    claimed_days: &[f64],
    computed: &mut Computed,
) {
    let summary = &answer.summary;
    let days = |s: f64| s / 86_400.0;
    let horizon = float(scenario.settings.horizon_ms) / 86_400_000.0;
    // A bound after the end of the horizon: by how much is not known, so that nothing may be concluded from the high end.
    let low = summary.optimistic.clearance_s.map_or(horizon, days);
    let central = summary.clearance_s.bound.map_or(horizon, days);
    let high = hindering[1].map_or(f64::INFINITY, days);
    let mut times: Vec<i64> =
        [1.0, 5.0].iter().chain(claimed_days).map(|d| truncated(d * 86_400_000.0)).collect();
    times.sort_unstable();
    times.dedup();
    let evacuees = float((summary.people.total - summary.people.staying).max(1));
    let by: Vec<String> = times
        .iter()
        .zip(answer.bound.people_at(times.iter().copied()))
        .map(|(ms, people)| {
            let share = float(people) / evacuees * 100.0;
            format!(
                "at most {} % by day {}",
                short((share * 10.0).ceil() / 10.0),
                short(float(*ms) / 86_400_000.0)
            )
        })
        .collect();
    let ends =
        if high.is_finite() { "" } else { "; at the hindering end it is after the scenario's horizon" };
    let how = format!(
        "bound of the roads and hours in '{}', proof in bound/: {}; low and high end: every figure of the scenario at its optimistic and its hindering end (the latter without proof){ends}",
        scenario.settings.name,
        by.join(", ")
    );
    let days = FigureRange { low: low.min(central), central, high: high.max(central) };
    let [low, central, high] = [days.low, days.central, days.high].map(|days| days * 24.0);
    computed.push(("bound_t100_h", FigureRange { low, central, high }, how.clone()));
    computed.push(("bound_days", days, how));
    if let (Some(low), Some(central)) = (summary.optimistic.t90_s, summary.t90_s.bound) {
        let (low, central) = (low / 3600.0, central / 3600.0);
        let high = hindering[0].map_or(f64::INFINITY, |s| s / 3600.0);
        let range = FigureRange { low: low.min(central), central, high: high.max(central) };
        let how = format!("bound of the roads and hours in '{}', proof in bound/", scenario.settings.name);
        computed.push(("bound_t90_h", range, how));
    }
    stated_figures(scenario, computed);
}

/// Figures that the tables of a scenario state: people in a vehicle, hours of movement.
pub(super) fn stated_figures(scenario: &Scenario, computed: &mut Computed) {
    let class = scenario.settings.class.iter().find_map(|class| Some((class, class.people_per_vehicle?)));
    if let Some((class, central)) = class {
        let low = class.people_per_vehicle_low.unwrap_or(central);
        let high = class.people_per_vehicle_high.unwrap_or(central);
        computed.push((
            "people_a_vehicle",
            FigureRange { low, central, high },
            "scenario.toml: people_per_vehicle".to_owned(),
        ));
    }
    let hours = RequiredChange::Hours.amount(scenario, 0).0;
    let hours = if RequiredChange::Hours.most(scenario) > 0 { hours } else { 24.0 };
    if (0.0..=24.0).contains(&hours) {
        computed.push((
            "hours_a_day",
            FigureRange::exact(hours),
            "windows.csv: hours in which all links are open".to_owned(),
        ));
    }
}
