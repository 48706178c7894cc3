//! `interventions`: what might be changed, and what each change gains by the bound, computed anew and proved.

mod fleet;
mod on_foot;
mod words;

use crate::artifacts::{Files, folder};
use crate::error::{Error, Partial};
use crate::event::Event;
use crate::load::LoadedScenario;
use crate::plan::Usage;
use crate::proof::{StoredProof, prove};
use crate::session::Session;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_model::time::ms_from_seconds;
use clearway_model::{Bottleneck, Bounds, Context, Means, Scenario};
use clearway_multimodal::parts::{CommittedByOthers, part};
use clearway_plan::PlanAnswer;
use clearway_report::MapShapes;
use clearway_whatif::bridge::{NewRoad, bridges};
use clearway_whatif::interventions::{Intervention, candidates, with, words as words_of};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is asked of interventions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct InterventionsRequest {
    /// How many changes of roads, sites and windows to try.
    pub most: usize,
    /// How many places for a new road or bridge of at most 1 km to try.
    pub bridges: usize,
    /// New roads or bridges to try besides, each between two different junctions (ids of `node.csv`).
    pub bridge: Vec<[String; 2]>,
}

impl Default for InterventionsRequest {
    fn default() -> Self {
        Self { most: 10, bridges: 2, bridge: Vec::new() }
    }
}

/// One intervention and what it gains against the bound without it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct InterventionGain {
    /// What is changed, in words.
    pub intervention: String,
    /// By how much earlier 90 % of the evacuees can have arrived, s; `None` where one of both is after the horizon.
    pub t90_s: Option<f64>,
    /// By how much earlier all can have arrived, s; likewise.
    pub clearance_s: Option<f64>,
    /// How many person-hours fewer no plan can beat.
    pub person_hours: f64,
    /// People more by the time before which 90 % cannot have arrived without it; `None` where they never have.
    pub people: Option<i64>,
    /// People more by the end of the planning horizon.
    pub arrived: i64,
    /// Folder of the proof; empty where the figure is of a formula.
    pub folder: String,
}

impl InterventionGain {
    /// Whether it gains anything that a sentence would show.
    pub fn helps(&self) -> bool {
        let sooner = |s: Option<f64>| s.is_some_and(|s| s >= 1.0);
        self.person_hours >= 0.5
            || self.arrived > 0
            || self.people.is_some_and(|people| people > 0)
            || sooner(self.t90_s)
            || sooner(self.clearance_s)
    }

    /// What an answer gains against one without the intervention.
    fn between(base: &PlanAnswer, answer: &PlanAnswer, intervention: String, folder: String) -> Self {
        let (a, b) = (&base.summary, &answer.summary);
        let less = |before: Option<f64>, after: Option<f64>| Some(before? - after?);
        let people_at = |answer: &PlanAnswer, ms: i64| -> i64 {
            answer.bound.people_at(std::iter::once(ms)).into_iter().sum()
        };
        let more_at = |ms: i64| people_at(answer, ms) - people_at(base, ms);
        Self {
            intervention,
            t90_s: less(a.t90_s.bound, b.t90_s.bound),
            clearance_s: less(a.clearance_s.bound, b.clearance_s.bound),
            person_hours: less(a.person_hours.bound, b.person_hours.bound).unwrap_or(0.0),
            people: a.t90_s.bound.map(|s| more_at(ms_from_seconds(s))),
            arrived: more_at(base.bound.network.horizon),
            folder,
        }
    }
}

/// Interventions by what they gain, each with its proof.
#[derive(Debug)]
#[non_exhaustive]
pub struct Interventions {
    /// The bound as it is; of a scenario with population groups that of those with vehicles of their own.
    pub base: Bounds,
    /// What sets it, largest first.
    pub bottlenecks: Vec<Bottleneck>,
    /// What was tried: what helps first, then by person-hours.
    pub gains: Vec<InterventionGain>,
    context: Context,
    has_groups: bool,
    shapes: MapShapes,
    proofs: Vec<StoredProof>,
}

impl Interventions {
    /// All files: the table, and a folder of its own for each proof.
    ///
    /// # Errors
    /// If a page or table cannot be made.
    pub fn artifacts(&self, usage: Usage) -> Result<Artifacts, Error> {
        let mut files = Files::new();
        for proof in &self.proofs {
            files.extend(proof.files(&self.shapes, usage)?);
        }
        files.push(("interventions.csv".to_owned(), words::table(self)));
        Ok(folder(FolderKind::Interventions, Disclosure::Full, files))
    }

    /// What came out, for a terminal.
    pub fn in_words(&self) -> String {
        words::in_words(self, "")
    }

    /// As [`Self::in_words`], where the files are in a folder.
    pub fn in_words_of(&self, folder: &str) -> String {
        words::in_words(self, folder)
    }
}

/// The folder of the bound as it is.
const AS_IT_IS: &str = "bounds/as-it-is";

/// What is being tried, and what was proved so far.
struct InterventionTrial<'a> {
    session: &'a Session,
    request: &'a InterventionsRequest,
    proofs: Vec<StoredProof>,
    gains: Vec<InterventionGain>,
    begun: usize,
}

/// Tries interventions on what sets the bound of a scenario, and proves what each gains.
///
/// Of a scenario with population groups roads and sites are measured for those with vehicles of their own.
///
/// # Errors
/// [`Error::Request`] for a bridge that cannot be; [`Error::Cancelled`] if the session's wish to end was heard, with what was proved by
/// then, which is nothing before the bound as it is was.
///
/// ```
/// use clearway::{FolderStore, InterventionsRequest, Session, interventions, load};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let loaded = load(&FolderStore::new(example))?;
/// let tried = interventions(&Session::new(), &loaded, &InterventionsRequest::default())?;
/// // With one more lane on the only road all can arrive earlier.
/// assert!(tried.gains[0].clearance_s > Some(0.0));
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn interventions(
    session: &Session,
    loaded: &LoadedScenario,
    request: &InterventionsRequest,
) -> Result<Interventions, Error> {
    let whole = &*loaded.scenario;
    let given = given_bridges(whole, &request.bridge)?;
    let mut task = InterventionTrial { session, request, proofs: Vec::new(), gains: Vec::new(), begun: 0 };
    let scenario = match &loaded.scenario.groups {
        // Roads are measured for those with vehicles of their own, with nothing taken from them.
        Some(groups) => {
            task.gains = fleet::gains(whole, groups)?;
            part(whole, groups, Means::Vehicle, &CommittedByOthers::nothing(whole.sites.len()))
        }
        None => whole.clone(),
    };
    let base = task.proved("as it is", scenario.clone(), AS_IT_IS)?;
    let ended = match task.all(loaded, &scenario, &base, given) {
        Ok(()) => false,
        Err(Error::Cancelled(_)) => true,
        Err(error) => return Err(error),
    };
    let InterventionTrial { proofs, mut gains, .. } = task;
    let rank = |gain: &InterventionGain| (!gain.helps(), -gain.person_hours);
    gains.sort_by(|a, b| rank(a).0.cmp(&rank(b).0).then(rank(a).1.total_cmp(&rank(b).1)));
    let summary = &base.summary;
    let tried = Interventions {
        base: Bounds {
            clearance_s: summary.clearance_s.bound,
            t90_s: summary.t90_s.bound,
            person_hours: summary.person_hours.bound,
        },
        bottlenecks: base.bottlenecks,
        gains,
        context: scenario.settings.context,
        has_groups: loaded.scenario.groups.is_some(),
        shapes: loaded.shapes.clone(),
        proofs,
    };
    if ended { Err(Partial::Interventions(tried).into()) } else { Ok(tried) }
}

impl InterventionTrial<'_> {
    /// Everything that is measured against the bound as it is.
    fn all(
        &mut self,
        loaded: &LoadedScenario,
        scenario: &Scenario,
        base: &PlanAnswer,
        given: Vec<Intervention>,
    ) -> Result<(), Error> {
        if let Some(groups) = &loaded.scenario.groups {
            self.on_foot(&loaded.scenario, groups, base)?;
        }
        let mut interventions = candidates(scenario, &base.bottlenecks, self.request.most);
        let found = bridges(scenario, &base.bound, self.request.bridges);
        interventions.extend(found.into_iter().map(Intervention::Bridge));
        interventions.extend(given);
        for (index, intervention) in interventions.iter().enumerate() {
            let text = words_of(scenario, intervention);
            let folder = format!("bounds/intervention-{}", index + 1);
            let answer = self.proved(&text, with(scenario, intervention), &folder)?;
            self.gains.push(InterventionGain::between(base, &answer, text, folder));
        }
        Ok(())
    }

    /// Proves the bound of a scenario and keeps the proof for its folder.
    fn proved(&mut self, name: &str, scenario: Scenario, folder: &str) -> Result<PlanAnswer, Error> {
        if self.session.cancel().is_cancelled() {
            return Err(Error::Cancelled(None));
        }
        self.begun += 1;
        self.session.tell(Event::VariationBegun { name: name.to_owned(), number: self.begun, of: None });
        let part = prove(self.session, folder, scenario)?;
        self.proofs.push(StoredProof::from(&part));
        Ok(part.answer)
    }
}

/// Bridges asked for by the ids of two junctions; all faults at once.
fn given_bridges(scenario: &Scenario, given: &[[String; 2]]) -> Result<Vec<Intervention>, Error> {
    let row = |id: &str| scenario.nodes.iter().position(|node| node.node_id == id);
    let mut bad = Vec::new();
    let mut interventions = Vec::new();
    for [from, to] in given {
        match (row(from), row(to)) {
            (Some(a), Some(b)) if a != b => {
                interventions.push(Intervention::Bridge(NewRoad::between(scenario, a, b)));
            }
            _ => bad.push(format!("'{from}' to '{to}'")),
        }
    }
    if bad.is_empty() {
        return Ok(interventions);
    }
    Err(Error::Request(format!("bridge {}: expected two different ids of node.csv", bad.join(", "))))
}
