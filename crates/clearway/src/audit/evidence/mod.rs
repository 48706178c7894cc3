//! Figures of a plan folder: only what its own checker recomputes, and what its loading shows.

mod loading;
mod summary;

use crate::error::Error;
use crate::event::Event;
use crate::input::{GivenFile, InputFile};
use crate::place_series::place_series;
use crate::session::{Session, VerbProgress};
use crate::verify::verify;
use clearway_artifacts::Disclosure;
use clearway_audit::movements::Computed;
use clearway_audit::places::PlaceSeries;
use clearway_audit::range::FigureRange;
use clearway_model::Store;
use clearway_model::number::float;
use clearway_needs::{
    Climate, GivenSupplies, NeedsError, PlanOccupancy, Rates, RestSpacing, SupplyRules, given, occupancy,
    redact, trucks, up_to_tens,
};
use clearway_verify::is_multimodal;
use loading::{of_loading, share_at_start, site_places};

/// What is given beside a plan folder.
pub(super) struct BesidePlan {
    /// What is there by place (`supplies.csv`).
    pub supplies: Option<InputFile>,
    /// What trucks can bring (`aid.csv`).
    pub aid: Option<InputFile>,
    /// Standards for cold places, or not.
    pub climate: Climate,
    /// Whether small groups and exact numbers are taken out.
    pub disclosure: Disclosure,
}

/// What a plan folder shows.
#[derive(Default)]
pub(super) struct PlanEvidence {
    /// Figures, each with how it was computed.
    pub computed: Computed,
    /// Every place over time, where supplies are given.
    pub places: Vec<PlaceSeries>,
    /// Hours of places that are left out because too few people are there.
    pub left_out_hours: u64,
}

/// Reads a plan folder.
///
/// # Errors
/// [`Error::Unreadable`] and [`Error::Invalid`] as its files are; [`Error::Cancelled`] without an answer.
pub(super) fn plan_evidence(
    session: &Session,
    plan: &dyn Store,
    beside: &BesidePlan,
) -> Result<PlanEvidence, Error> {
    let progress = session.progress();
    let go_on = || if session.cancel().is_cancelled() { Err(Error::Cancelled(None)) } else { Ok(()) };
    let mut evidence = PlanEvidence::default();
    progress.tell("verify", 0.0);
    let verification = verify(plan, None)?;
    let open = verification.findings.len() as u64 + verification.left_out;
    go_on()?;
    evidence.add("verify_findings", FigureRange::exact(float(open)), "clearway verify");
    evidence.of_summary(plan, beside.disclosure)?;
    let rest = RestSpacing { km: None, minutes: 10.0 };
    let mut known = match occupancy(plan, rest, &|stage, share| progress.tell(stage, share)) {
        Ok(known) => known,
        // its routes are not those of its scenario: the checker has found that already
        Err(NeedsError::Replay(error)) if open > 0 => {
            session.tell(Event::Note { text: format!("{error}; places are not judged") });
            return Ok(evidence);
        }
        Err(error) => return Err(error.into()),
    };
    go_on()?;
    let left_out_hours = if beside.disclosure == Disclosure::Redacted { redact(&mut known) } else { 0 };
    if let Some(places) = site_places(&known.scenario) {
        evidence.add("site_places", places, "sites.csv: capacity_people");
    }
    of_loading(&known, &mut evidence);
    super::stated_figures(&known.scenario, &mut evidence.computed);
    if beside.supplies.is_some() || beside.aid.is_some() {
        evidence.of_supplies(session, &progress, &known, beside)?;
        evidence.left_out_hours = left_out_hours;
    }
    go_on()?;
    Ok(evidence)
}

impl PlanEvidence {
    /// Takes down a figure.
    fn add(&mut self, figure: &'static str, range: FigureRange, how: &str) {
        self.computed.push((figure, range, how.to_owned()));
    }

    /// What the summary says of people and times.
    fn of_summary(&mut self, plan: &dyn Store, disclosure: Disclosure) -> Result<(), Error> {
        let people = if is_multimodal(plan) {
            summary::of_groups(plan, disclosure, self)?
        } else {
            summary::of_one_class(plan, self)?
        };
        let is_redacted = disclosure == Disclosure::Redacted;
        // rounded up, so that neither a group follows from two figures nor a failing condition goes unseen
        let shown = |people: i64| FigureRange::count(if is_redacted { up_to_tens(people) } else { people });
        self.add("people", shown(people.total - people.staying), "zones.csv: people less those who stay");
        // where nobody is entered as staying, how many stay is not stated: none is no count
        if people.staying > 0 {
            self.add("people_stay", shown(people.staying), "zones.csv: stay_people");
        }
        let not_evacuated = (people.not_evacuated - people.staying).max(0);
        self.add("not_evacuated", shown(not_evacuated), "summary.json, replayed");
        self.add("overtaken", shown(people.overtaken), "summary.json, replayed");
        if let Some(share) = share_at_start(plan)? {
            let share = if is_redacted { (share * 100.0).ceil() / 100.0 } else { share };
            let how = "plan.json: people who leave within the first minute";
            self.add("share_at_start", FigureRange::exact(share), how);
        }
        Ok(())
    }

    /// Every place over time, and what trucks can bring.
    fn of_supplies(
        &mut self,
        session: &Session,
        progress: &VerbProgress<'_>,
        known: &PlanOccupancy,
        beside: &BesidePlan,
    ) -> Result<(), Error> {
        let (rates, climate) = (Rates::shipped(), beside.climate);
        let rules = SupplyRules { rates: &rates, climate, trucks: trucks(2.0, 1.0, 1.5) };
        let files = [GivenFile::of(beside.supplies.as_ref())?, GivenFile::of(beside.aid.as_ref())?];
        let tables = files.each_ref().map(|file| file.as_ref().map(GivenFile::table));
        let tell = |stage: &str, share: f64| progress.tell(stage, share);
        let given = given(known, tables, rules, session.cancel(), &tell)?;
        for (table, warnings) in &given.warnings {
            session.tell(Event::Warnings { of: table.clone(), faults: warnings.clone() });
        }
        if !given.supply_points.is_empty() {
            self.of_convoys(&given);
        }
        progress.tell("places", 0.0);
        self.places = place_series(known, &given, &rates, climate);
        if beside.disclosure == Disclosure::Redacted {
            self.places.retain(|place| place.people.iter().any(|n| *n > 0));
        }
        Ok(())
    }

    fn of_convoys(&mut self, given: &GivenSupplies) {
        let convoys = &given.aid.convoys;
        let loads =
            |day: usize| convoys.iter().filter(|convoy| convoy.day == day).map(|convoy| convoy.loads).sum();
        let days = convoys.iter().map(|convoy| convoy.day).max().unwrap_or(0);
        let most: i64 = (0..=days).map(loads).max().unwrap_or(0);
        let supply_points = given.supply_points.iter().map(|point| point.number + 1).max().unwrap_or(0);
        let how = "aid.csv: warehouses and crossings";
        self.add("crossings", FigureRange::exact(float(supply_points)), how);
        let how = "convoys that can go by the roads and hours of the map, on the day with most";
        self.add("trucks_day", FigureRange::count(most), how);
    }
}
