//! What was counted, held against a plan that is being carried out: for a new plan, and as a table to look at before one is made.

use super::ReplanRequest;
use super::old_plan::OldPlan;
use crate::error::Error;
use crate::input::InputFile;
use crate::session::Session;
use clearway_model::{CountRow, Fault, Faults, Store};
use clearway_network::ElementKind;
use clearway_replan::{
    FilledRow, Observations, PlanState, Situation, filled, read_counts, settle, template, template_rows,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Counts beside what a plan expects at a time, with what is wrong with them.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CountsTable {
    /// The time, ms from the start of the plan.
    pub at_ms: i64,
    /// Every zone, site and road where the plan expects people, then what else was counted or reported.
    pub rows: Vec<CountsTableRow>,
    /// Errors and warnings, counts that contradict each other among them.
    pub faults: Vec<Fault>,
}

/// A row of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CountsTableRow {
    /// What was counted, and what the plan expects.
    pub row: CountRow,
    /// The file that says so; `None`: nobody has counted there.
    pub file: Option<String>,
    /// What faults call the row.
    pub place: Option<String>,
}

/// Holds counts against a plan, without making a new one: to be looked at and mended first. Of the request the time counts, and whether
/// contradictions are accepted.
///
/// # Errors
/// Of the plan and the time as [`super::replan`]; what is wrong with counts is in the answer.
pub fn replan_counts(
    session: &Session,
    plan: &dyn Store,
    counts: &[InputFile],
    request: &ReplanRequest,
) -> Result<CountsTable, Error> {
    let old = OldPlan::read(session, plan)?;
    old.refuse_time(request.at_ms)?;
    let given = GivenCounts::read(counts)?;
    let HeldCounts { now, faults, .. } = HeldCounts::of(session, &old, &given, request)?;
    let rows = filled(&old.scenario, expected(&old, &now), &given.files).into_iter();
    let rows = rows.map(|FilledRow { row, place }| {
        let (file, place) = place.unzip();
        CountsTableRow { row, file, place }
    });
    Ok(CountsTable { at_ms: request.at_ms, rows: rows.collect(), faults: faults.0 })
}

/// A table of counts to fill in: every zone, site and road where the plan expects people, with what it expects.
///
/// # Errors
/// As [`super::replan`].
pub fn replan_template(session: &Session, plan: &dyn Store, at_ms: i64) -> Result<Vec<u8>, Error> {
    let old = OldPlan::read(session, plan)?;
    old.refuse_time(at_ms)?;
    let states = old.states(&[at_ms]);
    let Some(now) = states.first() else { return Err(Error::Internal("no time to look at".to_owned())) };
    Ok(template(&expected(&old, now)))
}

/// What the plan expects, as rows to fill in.
fn expected(old: &OldPlan, now: &PlanState) -> Vec<CountRow> {
    let left = now.left(old.network.zones.len());
    let waiting: Vec<i64> =
        old.network.zones.iter().zip(&left).map(|(zone, left)| zone.people - left).collect();
    let arrived: Vec<i64> = (0..old.scenario.sites.len()).map(|site| now.at_site(site)).collect();
    let mut on_road: BTreeMap<usize, i64> = BTreeMap::new();
    for group in &now.on_the_way {
        if let ElementKind::Link(row) = old.network.elements[group.element].kind {
            *on_road.entry(row).or_insert(0) += group.packets.iter().map(|packet| packet.people).sum::<i64>();
        }
    }
    template_rows(&old.scenario, &waiting, &on_road, &arrived)
}

/// Tables that were given, as CSV.
pub(super) struct GivenCounts {
    files: Vec<(String, Vec<u8>)>,
}

impl GivenCounts {
    /// # Errors
    /// [`Error::Invalid`] of a workbook that cannot be read.
    pub fn read(counts: &[InputFile]) -> Result<Self, Error> {
        let mut files = Vec::new();
        for file in counts {
            files.push((file.file_name(), file.csv()?.into_owned()));
        }
        Ok(Self { files })
    }

    /// What messages call them.
    pub fn label(&self) -> String {
        let names: Vec<&str> = self.files.iter().map(|(name, _)| name.as_str()).collect();
        if names.is_empty() { "counts".to_owned() } else { names.join(", ") }
    }
}

/// Counts held against the plan.
pub(super) struct HeldCounts {
    /// What was counted and reported.
    pub observed: Observations,
    /// Where the plan has everybody.
    pub now: PlanState,
    /// Where everybody is taken to be; `None` where counts could not be read.
    pub situation: Option<Situation>,
    /// What is wrong with the counts.
    pub faults: Faults,
}

impl HeldCounts {
    pub fn of(
        session: &Session,
        old: &OldPlan,
        given: &GivenCounts,
        request: &ReplanRequest,
    ) -> Result<Self, Error> {
        let (observed, mut faults) = read_counts(&old.scenario, &given.files, request.at_ms);
        refuse_unusable(old, &observed, &mut faults);
        session.progress().tell("replay", 0.0);
        // counts that cannot be read are held against nothing
        let ages = if faults.has_errors() { Vec::new() } else { observed.ages() };
        let mut times = vec![request.at_ms];
        times.extend(ages.iter().map(|age| request.at_ms - age));
        let mut states = old.states(&times).into_iter();
        let Some(now) = states.next() else { return Err(Error::Internal("no time to look at".to_owned())) };
        let then: BTreeMap<i64, PlanState> = ages.into_iter().zip(states).collect();
        session.go_on()?;
        if faults.has_errors() {
            return Ok(Self { observed, now, situation: None, faults });
        }
        let situation = settle(&old.scenario, &old.network, &now, &then, &observed);
        contradictions(&situation, request, &mut faults);
        Ok(Self { observed, now, situation: Some(situation), faults })
    }
}

/// People who are counted on a link that nobody of the plan can use could go nowhere: they must not be lost in silence.
fn refuse_unusable(old: &OldPlan, observed: &Observations, faults: &mut Faults) {
    let usable: BTreeSet<usize> = old
        .network
        .elements
        .iter()
        .filter_map(|element| match element.kind {
            ElementKind::Link(row) => Some(row),
            _ => None,
        })
        .collect();
    for (row, count) in observed.on_road.iter().filter(|(row, _)| !usable.contains(row)) {
        let expected = "a link that the people of the plan can use: this one has no capacity for them";
        let fault =
            Fault::error(&count.file, &count.row, expected).field("id", &old.scenario.links[*row].link_id);
        faults.push(fault.hint("count them on the link next to it, or in their zone"));
    }
}

/// What contradicts itself: an error where all uncertainties are stated and do not suffice.
fn contradictions(situation: &Situation, request: &ReplanRequest, faults: &mut Faults) {
    for contradiction in &situation.contradictions {
        let (file, row) = contradiction.row.split_once(", ").unwrap_or((&contradiction.row, ""));
        let expected = format!("about {} people", contradiction.expected_people);
        let is_error = contradiction.is_certain() && !request.accept_contradictions;
        let fault =
            if is_error { Fault::error(file, row, expected) } else { Fault::warning(file, row, expected) };
        let more = if is_error { "; correct it, or have contradictions accepted" } else { "" };
        let hint = format!(
            "{}; alone it would need an uncertainty of {} people{more}",
            contradiction.text, contradiction.needed_uncertainty_people
        );
        faults.push(fault.field("people", contradiction.found_people).hint(hint));
    }
}
