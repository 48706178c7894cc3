//! `needs`: what people need, place by place and hour by hour, what is short, and what trucks can bring.

mod price;
mod report;

use crate::artifacts::{Files, folder};
use crate::error::Error;
use crate::input::{GivenFile, InputFile};
use crate::load::shapes;
use crate::multimodal::PlanPart;
use crate::plan::Usage;
use crate::session::Session;
use crate::verify::must_hold;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_model::{Context, Faults, Store, SubStore};
use clearway_needs::report::{NeedsReport, SMALL};
use clearway_needs::tables::{convoys_csv, needs_csv, rest_csv, shortfalls_csv, standards_csv};
use clearway_needs::{
    Climate, Convoy, Occupancy, Rates, RestSpacing, SupplyRules, given, occupancy, redact, three_digits,
    trucks,
};
use clearway_report::{MapShapes, needs_page, standing_sentences};
use price::price;
use report::report;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is asked of the needs of the people of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct NeedsRequest {
    /// `supplies.csv`: what is there.
    pub supplies: Option<InputFile>,
    /// `aid.csv`: what trucks can bring.
    pub aid: Option<InputFile>,
    /// Standards for cold places, or not.
    pub climate: Climate,
    /// Passenger-car units of a truck.
    pub truck_pcu: f64,
    /// Hours to load a truck.
    pub load_h: f64,
    /// Hours to unload a truck.
    pub unload_h: f64,
    /// Longest way without a rest and water point, km; `None`: 5 on foot, 20 in vehicles.
    pub rest_km: Option<f64>,
    /// Minutes people stay at one.
    pub rest_minutes: f64,
    /// Leave out groups of fewer than 10 people and exact places; `None`: in an armed conflict.
    pub redacted: Option<bool>,
}

impl Default for NeedsRequest {
    fn default() -> Self {
        Self {
            supplies: None,
            aid: None,
            climate: Climate::Warm,
            truck_pcu: 2.0,
            load_h: 1.0,
            unload_h: 1.5,
            rest_km: None,
            rest_minutes: 10.0,
            redacted: None,
        }
    }
}

/// What people need, and what is short.
#[derive(Debug)]
#[non_exhaustive]
pub struct NeedsAnswer {
    /// All figures, as `needs.json` has them.
    pub report: NeedsReport,
    /// What was found in the tables that is no error, with how messages name the table.
    pub warnings: Vec<(String, Faults)>,
    context: Context,
    occupancy: Vec<Occupancy>,
    rates: Rates,
    /// Where aid was given.
    convoys: Option<Vec<Convoy>>,
    /// The bounds with and without room for the convoys.
    proofs: Vec<PlanPart>,
    shapes: MapShapes,
}

/// What a number of people need, in words.
pub fn needs_of(people: i64, climate: Climate) -> String {
    clearway_needs::table(&Rates::shipped(), people, climate)
}

/// What the people of a plan need by place and hour, from the replay of its orders. The plan is verified first.
///
/// # Errors
/// [`Error::DoesNotHold`] if its figures do not follow from its scenario; [`Error::Invalid`] with all faults of a table;
/// [`Error::Cancelled`], always without an answer.
///
/// ```
/// use clearway::{FolderStore, MemoryStore, NeedsRequest, PlanRequest, Session, Usage, load, needs, plan};
///
/// # let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road");
/// let session = Session::new().with_threads(1);
/// let loaded = load(&FolderStore::new(example))?;
/// let planned = plan(&session, &loaded, &PlanRequest::default())?;
/// let files = MemoryStore::from(planned.artifacts(Usage::default())?);
/// let answer = needs(&session, &files, &NeedsRequest::default())?;
/// // Everybody is counted once: in the zone, on the way or at the site.
/// assert_eq!(answer.report.totals.iter().map(|hours| hours[0]).sum::<i64>(), 12_000);
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn needs(session: &Session, plan: &dyn Store, request: &NeedsRequest) -> Result<NeedsAnswer, Error> {
    check(request)?;
    let progress = session.progress();
    let tell = |stage: &str, share: f64| progress.tell(stage, share);
    let go_on = || if session.cancel().is_cancelled() { Err(Error::Cancelled(None)) } else { Ok(()) };
    tell("verify", 0.0);
    must_hold(plan)?;
    go_on()?;
    let rest = RestSpacing { km: request.rest_km, minutes: request.rest_minutes };
    let mut known = occupancy(plan, rest, &tell)?;
    go_on()?;
    let context = known.scenario.settings.context;
    let redacted = request.redacted.unwrap_or(context == Context::ArmedConflict);
    // Before anything is made of it, so that nothing is made of what is left out.
    let left_out_hours = if redacted { redact(&mut known) } else { 0 };
    let (rates, climate) = (Rates::shipped(), request.climate);
    let trucks = trucks(request.truck_pcu, request.load_h, request.unload_h);
    let rules = SupplyRules { rates: &rates, climate, trucks };
    let given = {
        let files = [GivenFile::of(request.supplies.as_ref())?, GivenFile::of(request.aid.as_ref())?];
        given(
            &known,
            files.each_ref().map(|file| file.as_ref().map(GivenFile::table)),
            rules,
            session.cancel(),
            &tell,
        )?
    };
    tell("figures", 0.0);
    let mut report = report(&known, &given, &rates, climate);
    report.with_supplies = request.supplies.is_some() || request.aid.is_some();
    (report.redacted, report.left_out_hours) = (redacted, left_out_hours);
    let (mut proofs, mut shown) = (Vec::new(), MapShapes::default());
    if let (Some(folder), false) = (known.roads, given.aid.convoys.is_empty()) {
        let roads = SubStore::new(plan, folder);
        let mut price = price(session, &roads, &known.scenario, &given.aid, &mut proofs)?;
        if redacted {
            price.person_hours = price.person_hours.map(|hours| hours.map(three_digits));
        }
        report.price = Some(price);
        shown = shapes(&roads);
    }
    go_on()?;
    tell("figures", 0.9);
    Ok(NeedsAnswer {
        report,
        warnings: given.warnings,
        context,
        occupancy: known.presences,
        rates,
        convoys: request.aid.is_some().then_some(given.aid.convoys),
        proofs,
        shapes: shown,
    })
}

/// Refuses what makes no sense.
fn check(request: &NeedsRequest) -> Result<(), Error> {
    let positive = [
        ("truck_pcu", Some(request.truck_pcu)),
        ("load_h", Some(request.load_h)),
        ("unload_h", Some(request.unload_h)),
        ("rest_km", request.rest_km),
        ("rest_minutes", Some(request.rest_minutes)),
    ];
    let is_wrong = |value: f64| !value.is_finite() || value <= 0.0;
    match positive.into_iter().find(|(_, value)| value.is_some_and(is_wrong)) {
        Some((name, _)) => Err(Error::Request(format!("{name}: expected a number above 0"))),
        None => Ok(()),
    }
}

impl NeedsAnswer {
    /// How much its files show.
    fn disclosure(&self) -> Disclosure {
        if self.report.redacted { Disclosure::Redacted } else { Disclosure::Full }
    }

    /// The files of the folder; where it is redacted, without those that hold exact places.
    ///
    /// # Errors
    /// If the page cannot be made.
    pub fn artifacts(&self, usage: Usage) -> Result<Artifacts, Error> {
        let mut files = Files::new();
        for proof in &self.proofs {
            files.extend(proof.files(&self.shapes, usage)?);
        }
        files.push(("rest_points.csv".to_owned(), rest_csv(&self.report.rest_points)));
        if let Some(convoys) = &self.convoys {
            files.push(("convoys.csv".to_owned(), convoys_csv(convoys)));
        }
        let always = standing_sentences(self.context);
        let html = needs_page(&self.report, &self.occupancy, &self.rates, &always)?;
        files.extend([
            ("index.html".to_owned(), html),
            ("needs.json".to_owned(), serde_json::to_vec_pretty(&self.report)?),
            ("needs.csv".to_owned(), needs_csv(&self.occupancy, &self.rates, self.report.climate)),
            ("shortfalls.csv".to_owned(), shortfalls_csv(&self.report.shortfalls)),
            ("standards.csv".to_owned(), standards_csv(&self.report.below)),
        ]);
        Ok(folder(FolderKind::Needs, self.disclosure(), files))
    }

    /// What came out, for a terminal.
    pub fn in_words(&self) -> String {
        let mut text = clearway_needs::report::words(&self.report).trim_end().to_owned();
        if self.report.redacted {
            text.push_str(&format!(
                "\nRedacted: numbers of people are rounded up to tens; {} hours of places with fewer than {SMALL} people, places of rest points and paths of convoys are left out; --full writes them",
                self.report.left_out_hours
            ));
        }
        for sentence in standing_sentences(self.context) {
            text.push_str(&format!("\n{sentence}"));
        }
        text
    }
}
