//! `observed`: reported departures beside those of a plan.

use crate::artifacts::folder;
use crate::error::Error;
use crate::input::InputFile;
use crate::session::Session;
use crate::verify::must_hold;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_formats::read_limited;
use clearway_model::{Context, Faults, ObservedRow, Store};
use clearway_needs::report::totals;
use clearway_needs::{OccupancyKind, RestSpacing, occupancy};
use clearway_report::observed::{NO_EVIDENCE, observed_page};
use clearway_report::standing_sentences;

/// Reported departures drawn beside those of a plan.
#[derive(Debug)]
#[non_exhaustive]
pub struct ObservedAnswer {
    /// What was found in the counts that is no error.
    pub warnings: Faults,
    context: Context,
    page: String,
}

/// Draws reported departures (`counts`: a table of `docs/reference/observed.md`) beside those of a plan, which is verified first. It is no
/// evidence for or against the plan.
///
/// # Errors
/// [`Error::DoesNotHold`] if the figures of the plan do not follow from its scenario; [`Error::Invalid`] with all faults of the counts;
/// [`Error::Cancelled`] without an answer.
pub fn observed(session: &Session, plan: &dyn Store, counts: &InputFile) -> Result<ObservedAnswer, Error> {
    let progress = session.progress();
    let tell = |stage: &str, share: f64| progress.tell(stage, share);
    let go_on = || if session.cancel().is_cancelled() { Err(Error::Cancelled(None)) } else { Ok(()) };
    tell("verify", 0.0);
    must_hold(plan)?;
    go_on()?;
    let known = occupancy(plan, RestSpacing { km: None, minutes: 10.0 }, &tell)?;
    go_on()?;
    let file = counts.file_name();
    let (rows, mut faults) = read_limited::<ObservedRow>(&file, &counts.csv()?);
    let settings = &known.scenario.settings;
    let reported = clearway_report::observed::observed(&file, rows, settings, &mut faults);
    if faults.has_errors() {
        return Err(Error::Invalid { of: counts.name.clone(), faults });
    }
    let [origin, _, _] = totals(&known.presences);
    let all: i64 =
        known.presences.iter().filter(|p| p.kind == OccupancyKind::Origin).map(|p| p.people[0]).sum();
    let left: Vec<i64> = origin.iter().map(|people| all - people).collect();
    let page = observed_page(settings, &left, &reported);
    Ok(ObservedAnswer { warnings: faults, context: settings.context, page })
}

impl ObservedAnswer {
    /// The files of the folder.
    pub fn artifacts(&self) -> Artifacts {
        let page = ("index.html".to_owned(), self.page.clone().into_bytes());
        folder(FolderKind::Observed, Disclosure::Full, vec![page])
    }

    /// What has to be said with them, for a terminal.
    pub fn in_words(&self) -> String {
        let mut text = NO_EVIDENCE.to_owned();
        for sentence in standing_sentences(self.context) {
            text.push_str(&format!("\n{sentence}"));
        }
        text
    }
}
