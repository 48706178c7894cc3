//! Independent checker of a plan folder: does what the files claim follow from the scenario's raw tables?
//!
//! [`verify`] reads a plan folder and its scenario itself, carries out the orders by the exact network loading, evaluates every
//! cut of the certificate in whole numbers, and compares every claimed figure with what it got. It was written from
//! `docs/reference/{scenario,semantics,plan}.md` alone and shares no code with the planner beyond the data model.
//! `docs/reference/check.py` does the same a second time. What is checked, and what is not, stands in
//! `docs/guides/verify.md`.
//!
//! The modules follow the reference: [`raw`] reads tables, [`elements`] gives rates, times and open sets for a case,
//! [`executable`] checks orders, [`loading`] carries them out, [`cut`], [`bounds`] and [`unsplittable`] evaluate the bound, and
//! [`summary`] and [`tables`] compare the figures.

mod bounds;
mod certificate;
mod columns;
mod csv_text;
mod cut;
mod elements;
mod executable;
mod figures;
mod finding;
mod folder;
mod json;
mod limits;
mod loading;
mod multimodal;
mod number;
mod older;
mod overflow;
mod raw;
mod roads;
mod room;
mod space;
mod spans;
mod summary;
mod table;
mod tables;
#[cfg(feature = "tampering")]
pub mod tampering;
mod unreadable;
mod unsplittable;

pub use figures::{CheckedCounts, FamilyFigures, RecomputedFigures};
pub use finding::{CheckFinding, MOST_PER_CODE};
pub use multimodal::{MultimodalVerification, is_multimodal, verify_multimodal};
pub use unreadable::Unreadable;

use clearway_model::{Bottleneck, Case, CurvePoint, OverflowingLink, Store, SubStore, ZoneOutcome};

/// What no check looks at, in words: `docs/guides/verify.md`, What is not checked.
pub const NOT_CHECKED: &str = "assumptions, unrestricted_routes (but that it is not ahead of the bounds), spill_choice, on_road, prices, step_s, threads, wall_s, peak_rss_bytes in summary.json; \
    latest times in zones.csv, extra_lane_people in bottlenecks.csv, which of the reasons closed, no_place, horizon is right; maps and pages";

/// What came out of a check.
#[derive(Debug, Clone)]
pub struct PlanVerification {
    /// Whether everything that is checked follows from the scenario.
    pub holds: bool,
    /// Why not; empty if it holds. At most [`MOST_PER_CODE`] per code.
    pub findings: Vec<CheckFinding>,
    /// How many further findings were left out because there were more than that of their code.
    pub left_out: u64,
    /// The figures as recomputed.
    pub figures: RecomputedFigures,
    /// The curve as recomputed at the times of `curve.csv`; empty if the orders could not be loaded.
    pub curve: Vec<CurvePoint>,
    /// What becomes of each zone as recomputed, in the order of the scenario; the latest times are left empty.
    pub zones: Vec<ZoneOutcome>,
    /// The terms of the cut that sets the clearance bound, largest first; `extra_lane_people` is left empty.
    pub bottlenecks: Vec<Bottleneck>,
    /// Links that hold more vehicles than fit there, those with most first; empty if the orders could not be loaded.
    pub overflowing: Vec<OverflowingLink>,
    /// How much was looked at.
    pub checked: CheckedCounts,
}

/// Checks the plan folder in `plan` against the scenario in `scenario`, or against the copy in the folder `scenario` of `plan` if that
/// is `None`.
///
/// # Errors
///
/// [`Unreadable`] if a file is missing or is not what the reference describes, so that nothing can be said.
pub fn verify(plan: &dyn Store, scenario: Option<&dyn Store>) -> Result<PlanVerification, Unreadable> {
    older::refuse(plan)?;
    let folder = folder::ClaimedFolder::read(plan)?;
    let raw = raw::RawScenario::read(scenario.unwrap_or(&SubStore::new(plan, "scenario")))?;
    let plan = &folder.plan;
    let elements = elements::CaseElements::of(&raw, plan.case)?;
    let mut findings = finding::CheckFindings::default();
    if plan.case != Case::Central {
        let message =
            "the bounds beside a plan are those of the case central: another case would be held against them";
        findings.add("plan.case", "case", format!("{:?}", plan.case).to_lowercase(), "central", message);
    }

    for (code, claimed) in
        [("digest.plan", &plan.scenario), ("digest.certificate", &folder.certificate.scenario)]
    {
        if *claimed != raw.digest {
            findings.add(code, "scenario", claimed, &raw.digest, "made for another scenario than this one");
        }
    }

    let ways = executable::check(&raw, &elements, plan, &mut findings);
    // what is too much is refused before it is begun
    if let Some(ways) = &ways {
        limits::replay(&raw, &elements, plan, ways)?;
    }
    let replayed = ways.as_ref().and_then(|ways| loading::replay(&raw, &elements, plan, ways, &mut findings));
    let families = certificate::check(&raw, plan, &folder.certificate, &mut findings)?;
    limits::terms(&raw, &families, folder.certificate.grid_ms, folder.curve.len())?;
    if let Some(replayed) = &replayed {
        bounds::check_not_beaten(&raw, plan, replayed, &families, &mut findings);
    }
    let mut figures = figures::RecomputedFigures::of(
        &raw,
        &elements,
        plan,
        replayed.as_ref(),
        &families,
        folder.certificate.grid_ms,
    );
    let overflowing = match &replayed {
        Some(replayed) => space::overflowing_links(&raw, plan.case, replayed),
        None => Vec::new(),
    };
    if let Some(replayed) = &replayed {
        figures.spill_free = Some(overflowing.is_empty());
        figures.overflow = Some(space::totals(&overflowing));
        figures.waiting = Some(space::waiting(replayed));
    }
    // the bounds are those of the case central: another case's plan may be ahead of them and right
    if plan.case == Case::Central {
        let routes = executable::most_routes(&raw, plan);
        figures::check_not_ahead(&figures, routes, &mut findings);
    }
    summary::check(&raw, &folder, &figures, replayed.as_ref(), &mut findings);
    summary::check_interrupted(plan, &folder.summary, &mut findings);
    let curve = tables::check_curve(&raw, &folder.curve, replayed.as_ref(), &families, &mut findings);
    tables::check_orders(&raw, plan, &folder.orders, &mut findings);
    let zones = tables::check_zones(&raw, &elements, plan, replayed.as_ref(), &folder.zones, &mut findings);
    let bottlenecks = tables::check_bottlenecks(&raw, plan, &families, &folder.bottlenecks, &mut findings);

    if let (Some(table), Some(_)) = (&folder.overflow, &replayed) {
        space::check_table(table, &overflowing, &mut findings);
    }

    let checked = CheckedCounts {
        people: figures.people.total,
        orders: number::count(plan.orders.len()),
        routes: number::count(plan.routes.len()),
        packets: replayed.as_ref().map_or(0, |r| r.packets),
        events: replayed.as_ref().map_or(0, |r| r.events),
        cuts: families.iter().map(|f| number::count(f.cuts.len())).sum(),
        curve_rows: number::count(folder.curve.len()),
    };
    let (findings, left_out) = findings.into_parts();
    Ok(PlanVerification {
        holds: findings.is_empty(),
        findings,
        left_out,
        figures,
        curve,
        zones,
        bottlenecks,
        overflowing,
        checked,
    })
}
