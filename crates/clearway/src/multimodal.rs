//! A multimodal plan: one plan for those with vehicles, one for those on foot, a dispatch schedule of the fleet for the others, and
//! the figures of all.

use crate::artifacts::Files;
use crate::error::{Error, Partial};
use crate::event::Event;
use crate::load::LoadedScenario;
use crate::plan::{PlanRequest, Planned, PlannedKind, SolvedAnswer, Usage, WantedAnswer, options, solve};
use crate::session::Session;
use clearway_formats::{scenario_text, to_csv};
use clearway_model::number::float;
use clearway_model::time::seconds;
use clearway_model::{
    Bounds, Case, Context, JointBound, JourneyWaiting, Means, MeansFigures, MultimodalSummary,
    OverflowTotals, PopulationGroups, Scenario, SharedResource, TripRow, scenario_digest,
};
use clearway_multimodal::blocks::{VehicleBlocks, lean_blocks, unranked_blocks};
use clearway_multimodal::figures::{
    PartFigures, fleet_figures, fleet_overtaken, fleet_totals, part_figures, whole,
};
use clearway_multimodal::fleet::VehicleFleet;
use clearway_multimodal::joint::{FleetBursts, evacuees, on_roads, roads_bound, sites_bound};
use clearway_multimodal::parts::{CommittedByOthers, driven, part, people_of};
use clearway_plan::PlanAnswer;
use clearway_plan::like::kept_people;
use clearway_report::{multimodal_page, multimodal_words, timetable_page};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A plan of population groups by travel mode.
#[derive(Debug)]
#[non_exhaustive]
pub struct MultimodalPlan {
    /// The figures of all.
    pub summary: MultimodalSummary,
    /// Plans and proofs of one class each, by the name of their folder.
    pub parts: Vec<PlanPart>,
    /// Trips of the fleet; empty where it carries nobody.
    pub trips: Vec<TripRow>,
    /// The trips as they would be without priorities, where there are any.
    pub unranked_trips: Option<Vec<TripRow>>,
    /// Whether there are bounds alone, without orders.
    pub bound_only: bool,
}

/// One part of a multimodal plan: a plan of one class of its own, or the proof of a bound.
#[derive(Debug)]
#[non_exhaustive]
pub struct PlanPart {
    /// Its folder inside the plan folder.
    pub folder: String,
    /// Its scenario, without groups.
    pub scenario: Arc<Scenario>,
    /// The files of its scenario.
    pub scenario_files: Files,
    /// Orders, proof and figures.
    pub answer: PlanAnswer,
}

/// Vehicles beyond the room of links, of all parts together.
fn overflow_of(parts: &[PlanPart]) -> OverflowTotals {
    let totals = parts.iter().filter_map(|part| part.answer.summary.overflow);
    totals.fold(OverflowTotals::default(), |sum, part| OverflowTotals {
        vehicle_min: sum.vehicle_min + part.vehicle_min,
        links: sum.links + part.links,
    })
}

/// Waiting in all parts: means by people, the largest of the others, and the sum of what passes before what is closed.
fn waiting_of(parts: &[PlanPart]) -> JourneyWaiting {
    let mut all = JourneyWaiting::default();
    let (mut minutes, mut people) = (0.0, 0);
    for summary in parts.iter().map(|part| &part.answer.summary) {
        let Some(waiting) = summary.waiting else { continue };
        minutes += waiting.mean_min * float(summary.people.arrived);
        people += summary.people.arrived;
        all.p95_min = all.p95_min.max(waiting.p95_min);
        all.longest_min = all.longest_min.max(waiting.longest_min);
        all.closed_person_hours += waiting.closed_person_hours;
    }
    all.mean_min = if people > 0 { minutes / float(people) } else { 0.0 };
    all
}

/// The folder of the bound of all who use roads.
const ROADS_BOUND: &str = "roads-bound";

/// What is being planned.
struct MultimodalTask<'a> {
    session: &'a Session,
    loaded: &'a LoadedScenario,
    groups: &'a PopulationGroups,
    request: &'a PlanRequest,
    wanted: WantedAnswer,
}

/// One travel mode as planned.
struct ModeResult {
    overtaken: i64,
    arrivals: BTreeMap<usize, i64>,
    own_bound_s: Option<f64>,
    bounds: Bounds,
    figures: MeansFigures,
}

/// Plans all parts.
///
/// # Errors
/// As [`crate::plan()`]. Cancelled, the error carries the parts that there are by then, each a plan folder of its own.
pub(crate) fn plan(
    session: &Session,
    loaded: &LoadedScenario,
    request: &PlanRequest,
) -> Result<Planned, Error> {
    let Some(groups) = &loaded.scenario.groups else {
        return Err(Error::Request("the scenario has no population groups".to_owned()));
    };
    let wanted = if request.bound_only { WantedAnswer::Bound } else { WantedAnswer::Orders };
    let task = MultimodalTask { session, loaded, groups, request, wanted };
    let mut parts = Vec::new();
    match task.all(&mut parts) {
        Ok(plan) => Ok(Planned {
            loaded: loaded.clone(),
            kind: PlannedKind::Multimodal(Box::new(plan)),
            robust: None,
        }),
        Err(Error::Cancelled(_)) if !parts.is_empty() => {
            let kind = PlannedKind::Parts(parts);
            Err(Partial::Plan(Box::new(Planned { loaded: loaded.clone(), kind, robust: None })).into())
        }
        Err(error) => Err(error),
    }
}

impl MultimodalTask<'_> {
    fn all(&self, parts: &mut Vec<PlanPart>) -> Result<MultimodalPlan, Error> {
        let Self { loaded: LoadedScenario { scenario, .. }, groups, .. } = self;
        let driven = driven(scenario, groups);
        let fleet = VehicleFleet::new(&driven, groups, Case::Central)?;
        let carried = Means::FLEET.iter().any(|means| people_of(groups, *means) > 0);
        let share = groups.settings.fleet_share;
        let (blocks, unranked) = match self.wanted {
            WantedAnswer::Orders => (lean_blocks(&fleet, share), unranked_blocks(&fleet, share)),
            WantedAnswer::Bound => (VehicleBlocks::none(&fleet), None),
        };
        // Those on foot go first, then the listed modes in their order, those with vehicles last.
        let mut moving: Vec<Means> = Means::all_with(&groups.modes);
        moving.retain(|means| !means.is_carried() && *means != Means::Vehicle);
        moving.push(Means::Vehicle);
        let all: i64 = moving.iter().map(|means| people_of(groups, *means)).sum();
        let share = |people: i64| float(people) / float(all.max(1));
        let mut taken = CommittedByOthers {
            link_pcu_h: blocks.kept.links(&driven, &fleet.streets[0].network),
            site_people: blocks.site_people.clone(),
            site_people_h: blocks.kept.admissions(&fleet.streets[0].network).into(),
            admission_share: 1.0,
        };
        let mut means = Vec::new();
        let mut overtaken = fleet_overtaken(&fleet, &blocks);
        let mut others = None;
        for by in moving {
            let people = people_of(groups, by);
            if people == 0 {
                continue;
            }
            taken.admission_share = share(people);
            let mode = self.mode(by, &taken, parts)?;
            overtaken += mode.overtaken;
            if by == Means::Vehicle {
                others = Some((mode.own_bound_s, mode.bounds.clearance_s));
                means.insert(0, mode.figures);
                continue;
            }
            for (site, people) in mode.arrivals {
                taken.site_people[site] += people;
            }
            means.push(mode.figures);
        }
        if carried {
            let optimistic = VehicleFleet::new(&driven, groups, Case::Optimistic)?;
            means.extend(fleet_figures(&fleet, &optimistic, &blocks));
        }
        let totals = carried.then(|| fleet_totals(&fleet, &blocks, unranked.as_ref(), others));
        let joint = self.joint_bounds(&fleet, &means, parts)?;
        let mut summary = whole(scenario, groups, means, overtaken, totals, joint);
        // Folders with a bound alone have no orders, and nothing overflows there.
        summary.spill_free = Some(parts.iter().all(|part| part.answer.overflowing.is_empty()));
        summary.overflow = Some(overflow_of(parts));
        summary.waiting = Some(waiting_of(parts));
        Ok(MultimodalPlan {
            summary,
            parts: std::mem::take(parts),
            trips: if carried { blocks.trips } else { Vec::new() },
            unranked_trips: unranked.filter(|_| carried).map(|blocks| blocks.trips),
            bound_only: self.wanted == WantedAnswer::Bound,
        })
    }

    /// Bounds for all modes together: on roads where both vehicles of their own and a fleet move, at sites where there are several
    /// modes and every site has a limit.
    fn joint_bounds(
        &self,
        fleet: &VehicleFleet<'_>,
        means: &[MeansFigures],
        parts: &mut Vec<PlanPart>,
    ) -> Result<Vec<JointBound>, Error> {
        let roads = on_roads(&self.loaded.scenario, self.groups);
        let bursts = FleetBursts::of(&roads, self.groups);
        let in_seconds = |ms: Option<i64>| ms.map(seconds);
        let mut bounds = Vec::new();
        let drives = means.iter().any(|m| m.means == Means::Vehicle);
        if drives && means.iter().any(|m| m.means.is_carried()) {
            self.begin("roads for all");
            let answer = self.part(ROADS_BOUND, roads, None, WantedAnswer::Bound, parts)?;
            match roads_bound(&answer.bound, &bursts) {
                // It proves nothing.
                Some(0) => {}
                bound => bounds.push(JointBound {
                    of: SharedResource::Roads,
                    people: answer.bound.network.evacuees(),
                    clearance_s: in_seconds(bound),
                }),
            }
        }
        let people = evacuees(self.groups);
        match sites_bound(&fleet.streets[0].network, people, &bursts) {
            Some(0) => {}
            bound if means.len() > 1 => {
                bounds.push(JointBound { of: SharedResource::Sites, people, clearance_s: in_seconds(bound) });
            }
            _ => {}
        }
        Ok(bounds)
    }

    fn begin(&self, name: &str) {
        self.session.tell(Event::VariationBegun { name: name.to_owned(), number: 1, of: None });
    }

    /// Solves one part and adds it to the others, also if the session is cancelled meanwhile.
    fn part<'p>(
        &self,
        folder: &str,
        scenario: Scenario,
        like: Option<Arc<clearway_model::Plan>>,
        wanted: WantedAnswer,
        parts: &'p mut Vec<PlanPart>,
    ) -> Result<&'p PlanAnswer, Error> {
        let (scenario, scenario_files) = with_digest(scenario)?;
        let mut options = options(self.session, &scenario, self.request, like.clone())?;
        if folder == ROADS_BOUND {
            // Of the roads for all there is no class with few routes.
            options.routes_per_zone = None;
        }
        let SolvedAnswer { answer, cancelled } = solve(self.session, &scenario, &options, wanted)?;
        if let Some(like) = &like {
            self.session.tell(Event::Note { text: kept_words(like, &answer) });
        }
        parts.push(PlanPart {
            folder: folder.to_owned(),
            scenario: Arc::new(scenario),
            scenario_files,
            answer,
        });
        match parts.last() {
            Some(part) if !cancelled => Ok(&part.answer),
            _ => Err(Error::Cancelled(None)),
        }
    }

    /// Plans those who move by one mode, with what others take from them taken away; where that is anything, the bound without it
    /// is computed too: no plan whatever can beat that one.
    fn mode(
        &self,
        means: Means,
        taken: &CommittedByOthers,
        parts: &mut Vec<PlanPart>,
    ) -> Result<ModeResult, Error> {
        let word = means.word();
        let listed = self.groups.modes.find(word);
        let with = listed.map_or("with vehicles", |mode| mode.name.as_str());
        self.begin(if means == Means::Walk { "on foot" } else { with });
        let scenario = &*self.loaded.scenario;
        let like = self.request.like_parts.iter().find(|(name, _)| name == word);
        let like = like.map(|(_, plan)| Arc::new(plan.clone()));
        let own = part(scenario, self.groups, means, taken);
        let ready_s = last_ready(&own);
        let has_windows = !own.windows.is_empty();
        let answer = self.part(word, own, like, self.wanted, parts)?;
        let summary = answer.summary.clone();
        let arrivals = arrivals(scenario, answer);
        let mut bottlenecks = answer.bottlenecks.clone();
        let mut bounds = bounds_of(&summary);
        let mut optimistic = summary.optimistic;
        if !taken.is_nothing() {
            let free = part(scenario, self.groups, means, &CommittedByOthers::nothing(scenario.sites.len()));
            let free = self.part(&format!("{word}-bound"), free, None, WantedAnswer::Bound, parts)?;
            bounds = bounds_of(&free.summary);
            optimistic = free.summary.optimistic;
            bottlenecks.clone_from(&free.bottlenecks);
        }
        let figures = part_figures(&PartFigures {
            means,
            mode: listed,
            summary: &summary,
            bottlenecks: &bottlenecks,
            bounds,
            optimistic,
            ready_s,
            has_windows,
        });
        let (overtaken, own_bound_s) = (summary.people.overtaken, summary.clearance_s.bound);
        Ok(ModeResult { overtaken, arrivals, own_bound_s, bounds, figures })
    }
}

fn bounds_of(summary: &clearway_model::Summary) -> Bounds {
    Bounds {
        clearance_s: summary.clearance_s.bound,
        t90_s: summary.t90_s.bound,
        person_hours: summary.person_hours.bound,
    }
}

/// How many keep the route that they have in an earlier plan.
pub(crate) fn kept_words(earlier: &clearway_model::Plan, answer: &PlanAnswer) -> String {
    let ordered: i64 = answer.plan.orders.iter().map(|order| order.people).sum();
    let kept = kept_people(earlier, &answer.plan);
    let verb = if kept == 1 { "keeps" } else { "keep" };
    format!(
        "{} of {} in orders {verb} the route that they have in the earlier plan.",
        clearway_model::grouped(kept),
        clearway_model::people(ordered)
    )
}

/// A scenario that never was a folder, with the files it would have and their digest.
pub(crate) fn with_digest(mut scenario: Scenario) -> Result<(Scenario, Files), Error> {
    let files = scenario_text(&scenario)?;
    scenario.digest = scenario_digest(files.iter().map(|(name, bytes)| (*name, bytes.as_slice())));
    Ok((scenario, files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()))
}

/// When the last people are ready, s.
fn last_ready(scenario: &Scenario) -> f64 {
    let used = |id: &str| scenario.zones.iter().any(|z| z.people > 0 && z.mobilization_id == id);
    let ends = scenario.releases.iter().filter(|r| used(&r.mobilization_id)).map(|r| r.time_ms);
    seconds(ends.max().unwrap_or(0))
}

/// People per site (its row) who arrive under a plan.
fn arrivals(scenario: &Scenario, answer: &PlanAnswer) -> BTreeMap<usize, i64> {
    let site_of: BTreeMap<&str, usize> =
        scenario.sites.iter().enumerate().map(|(i, s)| (s.site_id.as_str(), i)).collect();
    let to: BTreeMap<&str, usize> = answer
        .plan
        .routes
        .iter()
        .filter_map(|r| Some((r.route_id.as_str(), *site_of.get(r.site_id.as_str())?)))
        .collect();
    let mut people = BTreeMap::new();
    for order in &answer.plan.orders {
        if let Some(&site) = to.get(order.route_id.as_str()) {
            *people.entry(site).or_default() += order.people;
        }
    }
    people
}

/// The files of parts.
pub(crate) fn part_files(loaded: &LoadedScenario, parts: &[PlanPart], usage: Usage) -> Result<Files, Error> {
    let mut files = Files::new();
    for part in parts {
        files.extend(part.files(&loaded.shapes, usage)?);
    }
    Ok(files)
}

/// The files of a multimodal plan, without the scenario's.
pub(crate) fn files(loaded: &LoadedScenario, plan: &MultimodalPlan, usage: Usage) -> Result<Files, Error> {
    let mut files = part_files(loaded, &plan.parts, usage)?;
    let settings = &loaded.scenario.settings;
    if plan.summary.fleet.is_some() {
        // Dispatch data, in a folder of its own: who hands out the other files can leave it away.
        let confidential = settings.context == Context::ArmedConflict;
        let page = timetable_page(&plan.trips, &loaded.scenario, confidential);
        files.push(("fleet/trips.csv".to_owned(), to_csv(&plan.trips)));
        files.push(("fleet/timetable.html".to_owned(), page.into_bytes()));
        if let Some(trips) = &plan.unranked_trips {
            files.push(("fleet/without-priorities.csv".to_owned(), to_csv(trips)));
        }
    }
    let mut summary = plan.summary.clone();
    summary.wall_s = usage.wall_s;
    summary.peak_rss_bytes = usage.peak_rss_bytes;
    files.push(("multimodal.json".to_owned(), serde_json::to_vec_pretty(&summary)?));
    files.push(("index.html".to_owned(), multimodal_page(&summary, settings).into_bytes()));
    Ok(files)
}

/// What came out, for a terminal.
pub(crate) fn in_words(scenario: &Scenario, plan: &MultimodalPlan) -> String {
    let words = multimodal_words(&plan.summary, &scenario.settings);
    if plan.bound_only { format!("Proven bounds, without orders.\n\n{words}") } else { words }
}
