//! What it would take by a time: the least of one thing, all others as they are, with which the bound no longer excludes it.

use crate::WhatIfError;
use crate::scale;
use crate::stress::{HarderCase, stressed};
use clearway_bound::certify::{CertifiedBound, fineness};
use clearway_model::number::float;
use clearway_model::time::MS_PER_HOUR;
use clearway_model::{Cancel, Case, Scenario, WindowRow, WindowTarget};
use clearway_network::Network;
use std::ops::ControlFlow;

/// One thing that can be more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequiredChange {
    /// Capacity of every road, in tenths of what it is.
    Roads,
    /// Hours a day in which roads may be used, in half hours.
    Hours,
    /// Admission of every site, in tenths.
    Admission,
    /// Places of every site, in tenths.
    Places,
}

const HALF_HOUR: i64 = MS_PER_HOUR / 2;
/// Ten times as much of anything is as far as is looked.
const TENTHS: u32 = 90;

impl RequiredChange {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Roads, Self::Hours, Self::Admission, Self::Places];

    /// Short name, for folders.
    pub fn word(self) -> &'static str {
        match self {
            Self::Roads => "roads",
            Self::Hours => "hours",
            Self::Admission => "admission",
            Self::Places => "places",
        }
    }

    /// The most steps that make sense; 0 where the scenario has nothing of it.
    pub fn most(self, scenario: &Scenario) -> u32 {
        let has = |is: bool| if is { TENTHS } else { 0 };
        match self {
            Self::Roads => has(!scenario.links.is_empty()),
            Self::Admission => has(scenario.sites.iter().any(|site| site.admission_people_h.is_some())),
            Self::Places => has(scenario.sites.iter().any(|site| site.capacity_people.is_some())),
            Self::Hours => {
                let closed =
                    |w: &WindowRow| Some(w.repeat_every_ms? - (w.until_ms? - w.from_ms)).filter(|ms| *ms > 0);
                let daily = scenario.windows.iter().filter(|w| w.target == WindowTarget::AllLinks);
                let steps = daily.filter_map(closed).max().map_or(0, |ms| (ms + HALF_HOUR - 1) / HALF_HOUR);
                // A window that is repeated once in centuries is no daily one: as far as is looked will do.
                u32::try_from(steps).unwrap_or(TENTHS)
            }
        }
    }

    /// The scenario with so many steps more; its digest is empty.
    pub fn with(self, scenario: &Scenario, steps: u32) -> Scenario {
        let factor = 1.0 + f64::from(steps) / 10.0;
        let more =
            HarderCase { capacity: if self == Self::Roads { factor } else { 1.0 }, ..HarderCase::default() };
        let mut changed = stressed(scenario, &more, None);
        match self {
            Self::Roads => {}
            Self::Hours => {
                for window in changed.windows.iter_mut().filter(|w| w.target == WindowTarget::AllLinks) {
                    if let (Some(until), Some(every)) = (window.until_ms, window.repeat_every_ms) {
                        let longer = until + i64::from(steps) * HALF_HOUR;
                        window.until_ms = Some(longer.min(window.from_ms + every).max(until));
                    }
                }
            }
            Self::Admission => changed.sites.iter_mut().for_each(|site| scale::admission(site, factor)),
            Self::Places => changed.sites.iter_mut().for_each(|site| scale::places(site, factor)),
        }
        changed
    }

    /// How much of it there is with so many steps more, and its unit.
    pub fn amount(self, scenario: &Scenario, steps: u32) -> (f64, &'static str) {
        let factor = 1.0 + f64::from(steps) / 10.0;
        match self {
            Self::Roads => (factor, "times the capacity of every road"),
            Self::Admission => (factor, "times the admission rate of every destination"),
            Self::Places => (factor, "times the places of every destination"),
            Self::Hours => {
                let changed = self.with(scenario, steps);
                let windows = changed.windows.iter().filter(|w| w.target == WindowTarget::AllLinks);
                let share = |w: &WindowRow| Some(float(w.until_ms? - w.from_ms) / float(w.repeat_every_ms?));
                (windows.filter_map(share).sum::<f64>() * 24.0, "hours a day in which roads may be used")
            }
        }
    }
}

/// Before when 90 % and all who are to move cannot have arrived, s, without a proof; `None`: after the horizon.
///
/// # Errors
/// A scenario that is no network, or the wish to end.
pub fn bounds_s(scenario: &Scenario, case: Case, cancel: &Cancel) -> Result<[Option<f64>; 2], WhatIfError> {
    let network = Network::new(scenario, case)?;
    let evacuees = network.evacuees();
    let fineness = fineness(&network.flow_problem(None));
    let bound = CertifiedBound::new(network, None, fineness, &|_| {
        if cancel.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if cancel.is_cancelled() {
        return Err(WhatIfError::Cancelled);
    }
    Ok([(evacuees * 9 + 9) / 10, evacuees].map(|people| bound.earliest_s(people)))
}

/// The least number of steps with which the bound is no later than the deadline (s); `None`: not even with the most.
///
/// # Errors
/// A scenario that is no network, or the wish to end.
pub fn least_steps(
    scenario: &Scenario,
    lever: RequiredChange,
    case: Case,
    deadline_s: f64,
    cancel: &Cancel,
) -> Result<Option<u32>, WhatIfError> {
    let suffices = |steps: u32| -> Result<bool, WhatIfError> {
        Ok(bounds_s(&lever.with(scenario, steps), case, cancel)?[1].is_some_and(|s| s <= deadline_s))
    };
    let (mut too_little, mut enough) = (0, lever.most(scenario));
    if enough == 0 {
        return Ok(None);
    }
    if suffices(0)? {
        return Ok(Some(0));
    }
    if !suffices(enough)? {
        return Ok(None);
    }
    while enough - too_little > 1 {
        let middle = too_little + (enough - too_little) / 2;
        if suffices(middle)? { enough = middle } else { too_little = middle }
    }
    Ok(Some(enough))
}
