//! What is asked of a study.

use crate::change::ScenarioChange;
use clearway_study::design::{DesignInput, DesignSize, StudyDesign};
use clearway_study::spread::InputSpread;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is asked of a study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct StudyRequest {
    /// What is computed of each run.
    pub answer: StudyAnswer,
    /// How the values of the inputs are chosen.
    pub design: StudyDesign,
    /// Rows of a sample or a Sobol design, the latter with `inputs + 2` runs each.
    pub samples: u32,
    /// Trajectories of a Morris design, with `inputs + 1` runs each.
    pub trajectories: u32,
    /// Values of a range in a factorial design, 2 or more.
    pub levels: u32,
    /// Seed of all chance.
    pub seed: u64,
    /// Most routes per zone; `None`: as many as it takes.
    pub routes_per_zone: Option<u32>,
    /// What is not known well.
    pub inputs: Vec<StudyInput>,
    /// What might be done.
    pub options: Vec<StudyOption>,
    /// Most options in one set.
    pub most_together: u32,
    /// With how many draws of the inputs each set of options is tried; 0: with the central value of each input.
    pub front_samples: u32,
    /// Unit of all costs.
    pub cost_unit: String,
}

impl Default for StudyRequest {
    fn default() -> Self {
        Self {
            answer: StudyAnswer::Bound,
            design: StudyDesign::Sobol,
            samples: 64,
            trajectories: 10,
            levels: 3,
            seed: 1,
            routes_per_zone: Some(3),
            inputs: Vec::new(),
            options: Vec::new(),
            most_together: u32::try_from(Self::MOST_OPTIONS).unwrap_or(u32::MAX),
            front_samples: 0,
            cost_unit: String::new(),
        }
    }
}

impl StudyRequest {
    /// So many options may be tried in all sets; with more than that fewer together.
    pub(super) const MOST_OPTIONS: usize = 8;
    /// More runs than this are refused.
    pub(super) const MOST_RUNS: u64 = 10_000_000;

    /// The inputs as a design sees them.
    pub(super) fn design_inputs(&self) -> Vec<DesignInput<'_>> {
        self.inputs.iter().map(|input| DesignInput { name: &input.name, spread: &input.spread }).collect()
    }

    pub(super) fn size(&self) -> DesignSize {
        DesignSize { samples: self.samples, trajectories: self.trajectories, levels: self.levels }
    }

    /// Sets of options (their places), the empty one first, then by how many there are; none without options.
    pub(super) fn option_sets(&self) -> Vec<Vec<usize>> {
        let count = self.options.len();
        if count == 0 {
            return Vec::new();
        }
        let most = usize::try_from(self.most_together).unwrap_or(usize::MAX).min(count);
        let mut sets = vec![Vec::new()];
        let mut before: Vec<Vec<usize>> = sets.clone();
        for _ in 0..most {
            let next = |set: &Vec<usize>| {
                let from = set.last().map_or(0, |last| last + 1);
                let set = set.clone();
                (from..count).map(move |more| set.iter().copied().chain([more]).collect::<Vec<usize>>())
            };
            before = before.iter().flat_map(next).collect();
            sets.extend(before.iter().cloned());
        }
        sets
    }

    /// How many sets of options there are, without making them; `None`: more than can be counted.
    pub(super) fn set_count(&self) -> Option<u64> {
        let count = u64::try_from(self.options.len()).ok()?;
        if count == 0 {
            return Some(0);
        }
        let (mut sets, mut of_size) = (1_u64, 1_u64);
        for size in 1..=u64::from(self.most_together).min(count) {
            of_size = of_size.checked_mul(count - size + 1)? / size;
            sets = sets.checked_add(of_size)?;
        }
        Some(sets)
    }
}

/// What is computed of each run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StudyAnswer {
    /// What no plan can beat: the fastest.
    Bound,
    /// Orders and the bound.
    Plan,
    /// Orders, the bound, and what becomes of the orders on roads on which queues take space.
    Simulation,
}

impl StudyAnswer {
    /// All, by the names that files have.
    pub(super) const NAMES: [(&'static str, Self); 3] =
        [("bound", Self::Bound), ("plan", Self::Plan), ("simulation", Self::Simulation)];

    /// Its name.
    pub(super) fn word(self) -> &'static str {
        Self::NAMES.iter().find(|(_, answer)| *answer == self).map_or("", |(name, _)| name)
    }
}

/// A figure that is not known well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StudyInput {
    /// What tables call it.
    pub name: String,
    /// Which figure of the scenario.
    pub vary: VariedFigure,
    /// Of which zones, links, sites, windows or types of vehicles, by id; `*` for all. Empty for `changes`.
    #[serde(default)]
    pub of: Vec<String>,
    /// Whether its values take the place of the scenario's. If not, they are factors. Hours always take the place.
    #[serde(default)]
    pub absolute: bool,
    /// Which values it may have.
    pub spread: InputSpread,
    /// The value where it is not varied; `None`: the middle of its spread.
    #[serde(default)]
    pub central: Option<f64>,
    /// Of `changes`: what changes when it happens.
    #[serde(default)]
    pub changes: Vec<ScenarioChange>,
    /// Where the spread is from; empty: it is assumed.
    #[serde(default)]
    pub source: String,
}

impl StudyInput {
    /// An input with a name, a figure, ids and a spread.
    pub fn new(name: &str, vary: VariedFigure, of: &[&str], spread: InputSpread) -> Self {
        Self {
            name: name.to_owned(),
            vary,
            of: of.iter().map(|id| (*id).to_owned()).collect(),
            absolute: false,
            spread,
            central: None,
            changes: Vec::new(),
            source: String::new(),
        }
    }

    /// The value where it is not varied.
    pub(super) fn central(&self) -> f64 {
        self.central.unwrap_or_else(|| self.spread.middle())
    }

    /// The unit of its values.
    pub(super) fn unit(&self) -> &'static str {
        match (self.vary, self.absolute) {
            (VariedFigure::Changes, _) => "1 where it happens",
            (vary, _) if vary.is_hour() => "h after the start",
            (_, false) => "times",
            (vary, true) => vary.unit(),
        }
    }
}

/// A figure of the scenario that an input varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum VariedFigure {
    /// People of zones.
    People,
    /// Vehicles of types of the fleet.
    Fleet,
    /// Lanes of links; capacity and room change in proportion.
    Lanes,
    /// Free speed of links.
    Speed,
    /// Capacity of links.
    Capacity,
    /// Admission rate of sites.
    Admission,
    /// Holding capacity of sites.
    Places,
    /// When links close for good.
    LinkClosesH,
    /// Until when links are closed.
    LinkOpensH,
    /// When sites close for good.
    SiteClosesH,
    /// Until when sites are closed.
    SiteOpensH,
    /// When windows begin (their first time, where they repeat).
    WindowOpensH,
    /// When windows end (their first time, where they repeat).
    WindowClosesH,
    /// Anything that happens or not, as `clearway.change` knows it: a bridge lost, a site more.
    Changes,
}

impl VariedFigure {
    /// All, by the names that files have.
    pub(super) const NAMES: [(&'static str, Self); 14] = [
        ("people", Self::People),
        ("fleet", Self::Fleet),
        ("lanes", Self::Lanes),
        ("speed", Self::Speed),
        ("capacity", Self::Capacity),
        ("admission", Self::Admission),
        ("places", Self::Places),
        ("link_closes_h", Self::LinkClosesH),
        ("link_opens_h", Self::LinkOpensH),
        ("site_closes_h", Self::SiteClosesH),
        ("site_opens_h", Self::SiteOpensH),
        ("window_opens_h", Self::WindowOpensH),
        ("window_closes_h", Self::WindowClosesH),
        ("changes", Self::Changes),
    ];

    /// Its name.
    pub(super) fn word(self) -> &'static str {
        Self::NAMES.iter().find(|(_, figure)| *figure == self).map_or("", |(name, _)| name)
    }

    /// Whether its values are hours after the start.
    pub(super) fn is_hour(self) -> bool {
        self.word().ends_with("_h")
    }

    /// The table whose ids it names.
    pub(super) fn table(self) -> &'static str {
        match self {
            Self::People => "zones.csv",
            Self::Fleet => "fleet.csv",
            Self::Lanes | Self::Speed | Self::Capacity | Self::LinkClosesH | Self::LinkOpensH => "link.csv",
            Self::Admission | Self::Places | Self::SiteClosesH | Self::SiteOpensH => "sites.csv",
            Self::WindowOpensH | Self::WindowClosesH => "windows.csv",
            Self::Changes => "",
        }
    }

    /// The column that it changes; empty for times of links and sites, which are closures.
    pub(super) fn column(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Fleet => "count",
            Self::Lanes => "lanes",
            Self::Speed => "free_speed",
            Self::Capacity => "capacity_pcu_h",
            Self::Admission => "admission_people_h",
            Self::Places => "capacity_people",
            Self::WindowOpensH => "from_ms",
            Self::WindowClosesH => "until_ms",
            Self::LinkClosesH | Self::LinkOpensH | Self::SiteClosesH | Self::SiteOpensH | Self::Changes => "",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::People | Self::Places => "people",
            Self::Fleet => "vehicles",
            Self::Lanes => "lanes",
            Self::Speed => "km/h",
            Self::Capacity => "pcu/h",
            Self::Admission => "people/h",
            _ => "h after the start",
        }
    }
}

/// What might be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StudyOption {
    /// What tables call it.
    pub name: String,
    /// What it costs, in the unit of the study.
    pub cost: f64,
    /// Where the cost is from; empty: it is assumed.
    #[serde(default)]
    pub source: String,
    /// What it changes, after all inputs.
    pub changes: Vec<ScenarioChange>,
}

impl StudyOption {
    /// An option with a name, a cost and changes.
    pub fn new(name: &str, cost: f64, changes: Vec<ScenarioChange>) -> Self {
        Self { name: name.to_owned(), cost, source: String::new(), changes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_options_are_counted_as_they_are_made() {
        let mut request = StudyRequest::default();
        assert_eq!((request.option_sets().len(), request.set_count()), (0, Some(0)));
        for count in 1..7 {
            request.options.push(StudyOption::new(&count.to_string(), 1.0, Vec::new()));
            for most in 0..9 {
                request.most_together = most;
                let sets = request.option_sets();
                assert_eq!(Some(sets.len() as u64), request.set_count(), "{count} {most}");
                assert!(
                    sets[0].is_empty()
                        && sets.iter().all(|set| set.is_sorted() && set.len() <= most as usize)
                );
                assert_eq!(sets.iter().collect::<std::collections::BTreeSet<_>>().len(), sets.len());
            }
        }
        assert_eq!(request.set_count(), Some(64));
    }

    #[test]
    fn files_and_json_have_the_same_names() {
        for (name, figure) in VariedFigure::NAMES {
            assert_eq!(serde_json::to_value(figure).unwrap(), name);
        }
        for (name, answer) in StudyAnswer::NAMES {
            assert_eq!(serde_json::to_value(answer).unwrap(), name);
        }
    }
}
