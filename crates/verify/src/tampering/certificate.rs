//! Tampering with `certificate.json`.

use super::Tampering;
use super::folder::{Files, certificate};
use clearway_model::{Cut, Family, Plan};

const LIMIT: &[&str] = &["certificate.bound", "certificate.infinite"];
/// Other thresholds may prove the same number of people at that time, but then not the same over time or by the same roads.
const THRESHOLDS: &[&str] = &[
    "certificate.bound",
    "certificate.infinite",
    "summary",
    "curve.bound",
    "bottlenecks.row",
    "bottlenecks.rows",
];

pub(super) const ALL: &[Tampering] = &[
    Tampering {
        name: "bound-lowered",
        what: "a cut claims one person less than its thresholds prove",
        expected: LIMIT,
        edit: |files| {
            central(files, |family| {
                family.cuts.iter_mut().find(|cut| cut.bound_people > 0)?.bound_people -= 1;
                Some(())
            })
        },
    },
    Tampering {
        name: "thresholds-dropped",
        what: "all thresholds of a cut are 0, its bound stays",
        expected: THRESHOLDS,
        edit: |files| central(files, thresholds_dropped),
    },
    Tampering {
        name: "thresholds-raised",
        what: "all thresholds of a cut are at its time, its bound stays",
        expected: THRESHOLDS,
        edit: |files| central(files, thresholds_raised),
    },
    Tampering {
        name: "later-cut",
        what: "the cut that sets the clearance bound is stated for a later time with the same thresholds and bound",
        expected: &["certificate.bound", "certificate.infinite", "certificate.theta", "summary"],
        edit: |files| {
            bounding(files, |family, at| {
                family.cuts.get_mut(at)?.theta_ms += 60_000;
                Some(())
            })
        },
    },
    Tampering {
        name: "cut-removed",
        what: "the cut that sets the clearance bound is gone, the bound stays",
        expected: &["summary", "bottlenecks.rows", "bottlenecks.row"],
        edit: |files| {
            bounding(files, |family, at| {
                drop(family.cuts.remove(at));
                Some(())
            })
        },
    },
    Tampering {
        name: "cuts-out-of-order",
        what: "the cuts do not ascend in time",
        expected: &["certificate.theta"],
        edit: |files| central(files, |family| (family.cuts.len() > 1).then(|| family.cuts.reverse())),
    },
    Tampering {
        name: "cut-past-horizon",
        what: "a cut for a time after the horizon",
        expected: &["certificate.theta"],
        edit: |files| {
            central(files, |family| {
                let mut cut = family.cuts.last()?.clone();
                cut.theta_ms = 2_000_000_000_000;
                family.cuts.push(cut);
                Some(())
            })
        },
    },
    Tampering {
        name: "thresholds-missing",
        what: "the thresholds of a cut do not cover all places",
        expected: &["certificate.k"],
        edit: |files| central(files, |family| family.cuts.last_mut()?.k.pop().map(drop)),
    },
    Tampering {
        name: "base-missing",
        what: "one base time is missing",
        expected: &["certificate.base"],
        edit: |files| central(files, |family| family.base_ms.pop().map(drop)),
    },
    Tampering {
        name: "place-twice",
        what: "a place is listed twice",
        expected: &["certificate.place"],
        edit: |files| {
            central(files, |family| {
                let first = family.places.first()?.clone();
                let last = family.places.last_mut().filter(|last| **last != first)?;
                *last = first;
                Some(())
            })
        },
    },
    Tampering {
        name: "place-unknown",
        what: "a place that is not in the scenario",
        expected: &["certificate.place"],
        edit: |files| {
            central(files, |family| {
                family.places.last_mut()?.push_str(" that is nowhere");
                Some(())
            })
        },
    },
    Tampering {
        name: "family-removed",
        what: "the family at the optimistic end of the ranges is gone",
        expected: &["certificate.family"],
        edit: |files| remove(files, |family| family.family == "optimistic"),
    },
    Tampering {
        name: "central-family-removed",
        what: "the family from which the bounds come is gone",
        expected: &["certificate.family"],
        edit: |files| remove(files, |family| family.family == "central"),
    },
    Tampering {
        name: "route-bound-family-removed",
        what: "the family with the plan's route limit is gone",
        expected: &["certificate.family"],
        edit: route_bound_removed,
    },
    Tampering {
        name: "family-of-other-case",
        what: "the family `optimistic` is evaluated at the figures themselves",
        expected: &["certificate.family"],
        edit: |files| {
            certificate(files, |all| {
                let family = all.families.iter_mut().find(|family| family.family == "optimistic")?;
                family.case = clearway_model::Case::Central;
                Some(())
            })
        },
    },
    Tampering {
        name: "route-bound-in-central",
        what: "the family `central` assumes a route limit",
        expected: &["certificate.family"],
        edit: |files| {
            central(files, |family| {
                family.routes_per_zone = Some(1);
                Some(())
            })
        },
    },
    Tampering {
        name: "coarser-grid",
        what: "person-hours are summed on a grid twice as coarse, the bound stays",
        expected: &["summary"],
        edit: coarser_grid,
    },
    Tampering {
        name: "certificate-for-other-scenario",
        what: "the certificate names another digest",
        expected: &["digest.certificate"],
        edit: |files| {
            certificate(files, |all| {
                all.scenario.push('0');
                Some(())
            })
        },
    },
];

fn central(files: &mut Files, edit: impl FnOnce(&mut Family) -> Option<()>) -> Option<()> {
    certificate(files, |all| edit(all.families.iter_mut().find(|family| family.family == "central")?))
}

fn remove(files: &mut Files, which: impl Fn(&Family) -> bool) -> Option<()> {
    certificate(files, |all| {
        let at = all.families.iter().position(which)?;
        all.families.remove(at);
        Some(())
    })
}

/// The last cut that says anything.
fn telling(family: &mut Family) -> Option<&mut Cut> {
    family.cuts.iter_mut().rev().find(|cut| cut.bound_people > 0)
}

fn thresholds_dropped(family: &mut Family) -> Option<()> {
    let cut = telling(family)?;
    cut.k.iter_mut().for_each(|run| run.1 = -1_000_000_000_000);
    Some(())
}

fn thresholds_raised(family: &mut Family) -> Option<()> {
    let (unit, most) = (family.unit_ms, family.base_ms.iter().copied().max().unwrap_or(0));
    let cut = telling(family)?;
    // where every place listed is at the cut's time already, nothing would change
    let below = |value: i64| value.saturating_mul(unit).saturating_sub(most) < cut.theta_ms;
    cut.k.iter().any(|run| below(run.1)).then_some(())?;
    cut.k.iter_mut().for_each(|run| run.1 = 1_000_000_000_000);
    Some(())
}

fn coarser_grid(files: &mut Files) -> Option<()> {
    let summary: serde_json::Value = serde_json::from_slice(files.get("summary.json")?).ok()?;
    // a bound of 0 is 0 on every grid
    summary.get("person_hours")?.get("bound")?.as_f64().filter(|bound| *bound > 0.0)?;
    certificate(files, |all| {
        all.grid_ms *= 2;
        Some(())
    })
}

fn route_bound_removed(files: &mut Files) -> Option<()> {
    let plan: Plan = serde_json::from_slice(files.get("plan.json")?).ok()?;
    plan.routes_per_zone?;
    remove(files, |family| family.routes_per_zone == plan.routes_per_zone)
}

/// Changes the family `central`, given which of its cuts sets the clearance bound.
fn bounding(files: &mut Files, edit: impl FnOnce(&mut Family, usize) -> Option<()>) -> Option<()> {
    let summary: serde_json::Value = serde_json::from_slice(files.get("summary.json")?).ok()?;
    let bound = summary.get("clearance_s")?.get("bound")?.as_f64();
    central(files, |family| {
        let at = match bound {
            None => family.cuts.len().checked_sub(1)?,
            Some(bound) => {
                let is_it =
                    |cut: &Cut| cut.theta_ms > 0 && (cut.theta_ms as f64 - bound * 1000.0).abs() < 0.5;
                family.cuts.iter().position(is_it)?
            }
        };
        edit(family, at)
    })
}
