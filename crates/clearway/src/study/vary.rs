//! From the values of inputs to a scenario that has them: factors of figures, figures, closures, what happens or not, then what is done.
//!
//! People and vehicles become the nearest whole number. A figure that is varied has one value in each run, which takes the place of its
//! range in the scenario.

use super::request::{StudyInput, StudyRequest, VariedFigure};
use crate::change::{ChangedThing, ScenarioChange, change};
use crate::error::Error;
use crate::load::LoadedScenario;
use crate::session::Session;
use clearway_compose::apportion;
use clearway_model::number::{float, narrow, round};
use clearway_model::{GroupRow, LinkRow, Scenario, SiteRow, SourceRow, SourceStatus, WindowRow};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// What rows of `sources.csv` say of a figure that a study has set.
const SOURCE: &str = "value of a run of a study";
const MS_PER_HOUR: f64 = 3_600_000.0;

/// All ids of the table of a figure with its value there, in the order of the table; `None`: it has no value of its own.
pub(super) fn table_of(scenario: &Scenario, vary: VariedFigure) -> Vec<(&str, Option<f64>)> {
    let positive = |value: Option<f64>| value.filter(|value| *value > 0.0);
    let of_link = |value: fn(&LinkRow) -> Option<f64>| {
        scenario.links.iter().map(|row| (row.link_id.as_str(), positive(value(row)))).collect()
    };
    let of_site = |value: fn(&SiteRow) -> Option<f64>| {
        scenario.sites.iter().map(|row| (row.site_id.as_str(), value(row))).collect()
    };
    let of_window = |value: fn(&WindowRow) -> Option<f64>| {
        scenario.windows.iter().map(|row| (row.window_id.as_str(), value(row))).collect()
    };
    match vary {
        VariedFigure::People => {
            scenario.zones.iter().map(|row| (row.zone_id.as_str(), Some(float(row.people)))).collect()
        }
        VariedFigure::Fleet => {
            let fleet = scenario.groups.iter().flat_map(|groups| &groups.fleet);
            fleet.map(|row| (row.vehicle_type_id.as_str(), Some(float(row.count)))).collect()
        }
        VariedFigure::Lanes => of_link(|row| row.lanes),
        VariedFigure::Speed => of_link(|row| row.free_speed),
        VariedFigure::Capacity => of_link(|row| row.capacity_pcu_h),
        VariedFigure::LinkClosesH | VariedFigure::LinkOpensH => of_link(|_| None),
        VariedFigure::Admission => of_site(|row| row.admission_people_h),
        VariedFigure::Places => of_site(|row| row.capacity_people.map(float)),
        VariedFigure::SiteClosesH | VariedFigure::SiteOpensH => of_site(|_| None),
        VariedFigure::WindowOpensH => of_window(|row| Some(float(row.from_ms))),
        VariedFigure::WindowClosesH => of_window(|row| row.until_ms.map(float)),
        VariedFigure::Changes => Vec::new(),
    }
}

/// Whether an input multiplies what the scenario has, so that it needs a value there.
pub(super) fn multiplies(input: &StudyInput) -> bool {
    !input.absolute && !input.vary.is_hour() && input.vary != VariedFigure::Changes
}

/// The ids that an input names; with `*` all that have what it varies.
pub(super) fn ids_of(scenario: &Scenario, input: &StudyInput) -> Vec<String> {
    if !input.of.iter().any(|id| id == "*") {
        return input.of.clone();
    }
    let table = table_of(scenario, input.vary);
    // what has no such value (a ferry without lanes, a site without a limit) stays as it is
    let has_value = |value: &Option<f64>| value.is_some() || input.vary.is_hour();
    table.into_iter().filter(|(_, value)| has_value(value)).map(|(id, _)| id.to_owned()).collect()
}

/// Figures of a scenario by table and id, looked up once for all runs.
pub(super) struct VariedIds {
    /// Per input the ids that it varies, with the value of the scenario.
    ids: Vec<Vec<(String, Option<f64>)>>,
    /// Lanes of links by the scenario, for those whose lanes change.
    lanes: HashMap<String, f64>,
    /// Links whose capacity is set, so that lanes do not change it.
    set_capacity: HashSet<String>,
}

impl VariedIds {
    pub fn new(scenario: &Scenario, request: &StudyRequest) -> Self {
        let of_input = |input: &StudyInput| {
            let known: HashMap<&str, Option<f64>> = table_of(scenario, input.vary).into_iter().collect();
            let with_value = |id: String| {
                let value = known.get(id.as_str()).copied().flatten();
                (id, value)
            };
            ids_of(scenario, input).into_iter().map(with_value).collect()
        };
        let ids = request.inputs.iter().map(of_input).collect();
        let lanes = scenario
            .links
            .iter()
            .filter_map(|link| Some((link.link_id.clone(), link.lanes.filter(|lanes| *lanes > 0.0)?)))
            .collect();
        let sets = |input: &&StudyInput| input.vary == VariedFigure::Capacity && input.absolute;
        let set_capacity =
            request.inputs.iter().filter(sets).flat_map(|input| ids_of(scenario, input)).collect();
        Self { ids, lanes, set_capacity }
    }

    /// The value of every figure that inputs vary.
    fn figures(&self, request: &StudyRequest, values: &[f64]) -> BTreeMap<(VariedFigure, &str), f64> {
        let mut figures: BTreeMap<(VariedFigure, &str), f64> = BTreeMap::new();
        for ((input, ids), &value) in request.inputs.iter().zip(&self.ids).zip(values) {
            let is_set = input.absolute || input.vary.is_hour();
            for (id, own) in ids {
                let key = (input.vary, id.as_str());
                let before = figures.get(&key).copied().or(*own);
                let figure = if is_set { Some(value) } else { before.map(|before| before * value) };
                figures.extend(figure.map(|figure| (key, figure)));
            }
        }
        figures
    }

    /// A scenario in which inputs have values and options are carried out.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all faults, where such a scenario cannot be.
    pub fn scenario(
        &self,
        session: &Session,
        loaded: &LoadedScenario,
        request: &StudyRequest,
        values: &[f64],
        options: &[usize],
    ) -> Result<LoadedScenario, Error> {
        let figures = self.figures(request, values);
        let mut changes = self.changes(&figures);
        let is_on = |value: &f64| *value > 0.5;
        let happening = request.inputs.iter().zip(values).filter(|(_, value)| is_on(value));
        changes.extend(happening.flat_map(|(input, _)| input.changes.iter().cloned()));
        let done = options.iter().filter_map(|&option| request.options.get(option));
        changes.extend(done.flat_map(|option| option.changes.iter().cloned()));
        let prepared = prepared(loaded, &figures);
        Ok(change(session, prepared.as_ref().unwrap_or(loaded), &changes)?.loaded)
    }

    fn changes(&self, figures: &BTreeMap<(VariedFigure, &str), f64>) -> Vec<ScenarioChange> {
        let things = figures.iter().filter_map(|(&(vary, id), &value)| self.thing(figures, vary, id, value));
        things.map(|what| ScenarioChange { source: SOURCE.to_owned(), ..ScenarioChange::new(what) }).collect()
    }

    fn thing(
        &self,
        figures: &BTreeMap<(VariedFigure, &str), f64>,
        vary: VariedFigure,
        id: &str,
        value: f64,
    ) -> Option<ChangedThing> {
        let own_id = || id.to_owned();
        let road = |lanes, free_speed_km_h, capacity_pcu_h| ChangedThing::Road {
            link_id: own_id(),
            lanes,
            free_speed_km_h,
            capacity_pcu_h,
        };
        let site = |capacity_people, admission_people_h| ChangedThing::Site {
            site_id: own_id(),
            capacity_people,
            admission_people_h,
        };
        let ms = round(value * MS_PER_HOUR);
        let close_link = |from_ms, until_ms| ChangedThing::CloseLink {
            link_id: own_id(),
            both_directions: false,
            from_ms,
            until_ms,
        };
        let close_site = |from_ms, until_ms| ChangedThing::CloseSite { site_id: own_id(), from_ms, until_ms };
        Some(match vary {
            VariedFigure::People => ChangedThing::Zone {
                zone_id: own_id(),
                people: round(value),
                people_low: None,
                people_high: None,
            },
            VariedFigure::Fleet => ChangedThing::Fleet { vehicle_type_id: own_id(), count: round(value) },
            VariedFigure::Lanes => road(Some(value), None, None),
            VariedFigure::Speed => road(None, Some(value), None),
            VariedFigure::Capacity => road(None, None, Some(value * self.lanes_factor(figures, id))),
            VariedFigure::Admission => site(None, Some(value)),
            VariedFigure::Places => site(Some(round(value)), None),
            VariedFigure::LinkClosesH => close_link(ms, None),
            // what opens at the start was never closed
            VariedFigure::LinkOpensH if ms > 0 => close_link(0, Some(ms)),
            VariedFigure::SiteClosesH => close_site(ms, None),
            VariedFigure::SiteOpensH if ms > 0 => close_site(0, Some(ms)),
            VariedFigure::LinkOpensH
            | VariedFigure::SiteOpensH
            | VariedFigure::WindowOpensH
            | VariedFigure::WindowClosesH
            | VariedFigure::Changes => return None,
        })
    }

    /// How many times its lanes a road has: its capacity is in proportion, and a factor of the capacity comes on top.
    fn lanes_factor(&self, figures: &BTreeMap<(VariedFigure, &str), f64>, id: &str) -> f64 {
        if self.set_capacity.contains(id) {
            return 1.0;
        }
        let now = figures.get(&(VariedFigure::Lanes, id)).copied();
        now.zip(self.lanes.get(id)).map_or(1.0, |(now, before)| now / before)
    }
}

/// The scenario with what no change can do: windows moved, and of zones with other people those who stay and the groups in proportion.
/// `None`: there is nothing of it.
fn prepared(
    loaded: &LoadedScenario,
    figures: &BTreeMap<(VariedFigure, &str), f64>,
) -> Option<LoadedScenario> {
    let is_meant = |vary: VariedFigure| {
        [VariedFigure::People, VariedFigure::WindowOpensH, VariedFigure::WindowClosesH].contains(&vary)
    };
    if !figures.keys().any(|(vary, _)| is_meant(*vary)) {
        return None;
    }
    let mut scenario = Scenario::clone(&loaded.scenario);
    for (&(vary, id), &value) in figures.iter().filter(|((vary, _), _)| is_meant(*vary)) {
        match vary {
            VariedFigure::People => people_in_proportion(&mut scenario, id, round(value)),
            _ => move_window(&mut scenario, vary, id, round(value * MS_PER_HOUR)),
        }
    }
    Some(LoadedScenario { scenario: Arc::new(scenario), ..loaded.clone() })
}

/// Those who stay and the groups of a zone that is going to have other people.
fn people_in_proportion(scenario: &mut Scenario, zone_id: &str, people: i64) {
    let Some(zone) = scenario.zones.iter_mut().find(|zone| zone.zone_id == zone_id) else { return };
    // of a part of the people as many stay, rounded down, so that they are never more than there are
    let share = |part: Option<i64>, now: i64, before: i64| {
        part.map(|part| narrow(i128::from(part) * i128::from(now) / i128::from(before.max(1))))
    };
    zone.stay_people = share(zone.stay_people, people, zone.people);
    (zone.stay_people_low, zone.stay_people_high) = (None, None);
    let groups = scenario.groups.iter_mut().flat_map(|groups| &mut groups.rows);
    let mut rows: Vec<&mut GroupRow> = groups.filter(|row| row.zone_id == zone_id).collect();
    let weights: Vec<u64> = rows.iter().map(|row| row.people.max(0).unsigned_abs()).collect();
    for (row, now) in rows.iter_mut().zip(apportion(people, &weights)) {
        row.stay_people = share(row.stay_people, now, row.people);
        (row.people, row.people_low, row.people_high) = (now, None, None);
    }
    if rows.iter().any(|row| row.stay_people.is_some()) {
        zone.stay_people = Some(rows.iter().filter_map(|row| row.stay_people).sum());
    }
}

/// Begin or end of a window.
fn move_window(scenario: &mut Scenario, vary: VariedFigure, id: &str, ms: i64) {
    for row in scenario.windows.iter_mut().filter(|row| row.window_id == id) {
        match vary {
            VariedFigure::WindowOpensH => row.from_ms = ms,
            _ => row.until_ms = Some(ms),
        }
    }
    let is_same = |row: &SourceRow| row.table == "windows" && row.id == id && row.field == vary.column();
    scenario.sources.retain(|row| !is_same(row));
    scenario.sources.push(SourceRow {
        table: "windows".to_owned(),
        id: id.to_owned(),
        field: vary.column().to_owned(),
        status: SourceStatus::Derived,
        source: SOURCE.to_owned(),
        url: String::new(),
        as_of: String::new(),
        note: String::new(),
    });
}

#[cfg(test)]
#[path = "vary_tests.rs"]
mod tests;
