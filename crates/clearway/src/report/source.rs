//! Plan folders as reports read them.

use crate::error::Error;
use crate::export::read_source;
use crate::session::Session;
use crate::verify::must_hold;
use clearway_export::{ExportSource, PlanFigures, PlanTables};
use clearway_model::{Store, file_digest, people};
use clearway_report::reports::{ReportedRoad, ReportedSite, ReportedZone};

/// A verified plan folder with its tables.
pub(super) struct ReportSource {
    pub source: ExportSource,
    /// The exact loading of its orders.
    pub figures: PlanFigures,
    pub tables: PlanTables,
    /// Digest of `plan.json`.
    pub plan_digest: String,
}

impl ReportSource {
    /// Reads a plan folder of one class of road users, verified.
    pub fn read(session: &Session, plan: &dyn Store) -> Result<Self, Error> {
        refuse_others(plan)?;
        verified(session, plan)?;
        Self::of_verified(plan)
    }

    /// Reads a plan folder that is known to hold, e.g. a part of a multimodal plan that does.
    pub fn of_verified(plan: &dyn Store) -> Result<Self, Error> {
        let source = read_source(plan)?;
        let figures = PlanFigures::new(&source.scenario, &source.plan)?;
        let tables = PlanTables::with(&source, &figures);
        let name = "plan.json";
        let bytes = plan.read(name).map_err(|source| Error::Read { path: name.into(), source })?;
        let plan_digest = format!("sha256:{}", file_digest(&bytes.unwrap_or_default()));
        Ok(Self { source, figures, tables, plan_digest })
    }

    /// What becomes of each zone.
    pub fn zones(&self) -> Vec<ReportedZone> {
        let table = &self.tables.zones;
        let zone = |row| ReportedZone {
            zone_id: table.text(row, "zone_id"),
            people: table.whole(row, "people"),
            staying: table.whole(row, "staying"),
            arrived: table.whole(row, "arrived"),
            overtaken: table.whole(row, "overtaken"),
            not_evacuated: table.whole(row, "not_evacuated"),
            sites: table.text(row, "sites"),
            first_departure_s: table.real(row, "first_departure_s"),
            last_departure_s: table.real(row, "last_departure_s"),
            last_arrival_s: table.real(row, "last_arrival_s"),
        };
        (0..table.rows.len()).map(zone).collect()
    }

    /// Who comes to each site.
    pub fn sites(&self) -> Vec<ReportedSite> {
        let table = &self.tables.sites;
        let site = |row| ReportedSite {
            site_id: table.text(row, "site_id"),
            arrived: table.whole(row, "arrived"),
            first_arrival_s: table.moment_s(row, "first_arrival"),
            last_arrival_s: table.moment_s(row, "last_arrival"),
            waiting_person_h: table.real(row, "waiting_person_h").unwrap_or(0.0),
        };
        (0..table.rows.len()).map(site).collect()
    }

    /// Links that somebody uses.
    pub fn roads(&self) -> Vec<ReportedRoad> {
        let table = &self.tables.links;
        let road = |row| ReportedRoad {
            link_id: table.text(row, "link_id"),
            name: table.text(row, "name"),
            people: table.whole(row, "people"),
            peak_people_h: table.whole(row, "peak_people_h"),
            first_s: table.moment_s(row, "first_entry"),
            last_s: table.moment_s(row, "last_entry"),
            waiting_person_h: table.real(row, "waiting_person_h").unwrap_or(0.0),
            rank: u64::try_from(table.whole(row, "bottleneck_rank")).ok().filter(|rank| *rank > 0),
        };
        (0..table.rows.len()).map(road).filter(|road| road.people > 0).collect()
    }

    /// What the plan is of, for a terminal.
    pub fn in_words(&self) -> String {
        let total = &self.source.summary.people;
        format!("{}, of whom {} arrive", people(total.total), clearway_model::grouped(total.arrived))
    }
}

/// Verifies a plan folder, or refuses it.
pub(super) fn verified(session: &Session, plan: &dyn Store) -> Result<(), Error> {
    session.progress().tell("verify", 0.0);
    must_hold(plan)?;
    if session.cancel().is_cancelled() {
        return Err(Error::Cancelled(None));
    }
    session.progress().tell("report", 0.0);
    Ok(())
}

/// A folder that a report cannot be made of.
fn refuse_others(plan: &dyn Store) -> Result<(), Error> {
    let is_there = |name: &str| plan.read(name).is_ok_and(|found| found.is_some());
    let label = plan.label();
    if is_there("multimodal.json") {
        return Err(Error::Request(format!(
            "{label} is a multimodal plan, of which there are reports of kind plan, sheets and med; its parts are plans of their own of which all \
             kinds can be made, e.g. {label}/vehicle"
        )));
    }
    if is_there("plan.json") {
        return Ok(());
    }
    Err(Error::Request(format!(
        "{label} is no plan folder: it has no plan.json; clearway plan SCENARIO --out PLAN writes one"
    )))
}
