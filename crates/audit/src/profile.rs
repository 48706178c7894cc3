//! Profiles: which rules are looked at for a kind of plan, as data (`data/profiles/`).

use crate::rule::{RuleSeverity, Rulebook};
use crate::words::PROTECTION;
use clearway_model::{Context, Fault, Faults, RoadLoss};
use serde::Deserialize;
use toml::{Table, Value};

/// The profiles that come with the program.
const SHIPPED: [(&str, &str); 4] = [
    ("ete", include_str!("../data/profiles/ete.toml")),
    ("camp", include_str!("../data/profiles/camp.toml")),
    ("wildfire", include_str!("../data/profiles/wildfire.toml")),
    ("conflict", include_str!("../data/profiles/conflict.toml")),
];

/// Which rules are looked at.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleProfile {
    /// Its name, for readers of the file.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// Ids of rules; `TIM-*` is all that begin so.
    pub keep: Vec<String>,
    /// Severities that differ here.
    #[serde(default)]
    pub severity: Vec<OtherSeverity>,
    /// Cases a plan is to be computed for.
    #[serde(default)]
    pub case: Vec<ProfileCase>,
}

/// A severity that differs from the rule's own.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherSeverity {
    /// Id of the rule.
    pub rule: String,
    /// minor, major or critical.
    pub is: String,
    /// Why it differs for this kind of plan; for readers of the profile.
    pub why: String,
}

/// A case to compute.
#[derive(Debug, Clone, PartialEq, Deserialize, serde::Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileCase {
    /// What case it is, in words, as the table of cases shows it.
    pub name: String,
    /// Factor by which all capacities change.
    #[serde(default = "one")]
    pub capacity: f64,
    /// Factor by which all speeds change.
    #[serde(default = "one")]
    pub speed: f64,
    /// Times the people of every zone.
    #[serde(default = "one")]
    pub people: f64,
    /// Times the hours of every mobilization curve.
    #[serde(default = "one")]
    pub release: f64,
    /// What is lost on the road that bounds most.
    #[serde(default)]
    pub lost: RoadLoss,
    /// Minutes by which every hazard comes earlier.
    #[serde(default)]
    pub hazard_earlier_min: f64,
    /// Cannot be computed from a map: it is asked for.
    #[serde(default)]
    pub asked: bool,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// Whether the source was read, not remembered.
    #[serde(default)]
    pub verified: bool,
}

impl ProfileCase {
    fn check(&self, file: &str, faults: &mut Faults) {
        let place = format!("case '{}'", self.name);
        for (key, value) in [("capacity", self.capacity), ("speed", self.speed), ("people", self.people)] {
            if !(value > 0.0 && value <= 100.0) {
                faults.push(Fault::error(file, &place, "a factor above 0, at most 100").field(key, value));
            }
        }
        for (key, value) in [("release", self.release), ("hazard_earlier_min", self.hazard_earlier_min)] {
            if !(value >= 0.0 && value.is_finite()) {
                faults.push(Fault::error(file, &place, "a number from 0").field(key, value));
            }
        }
    }
}

fn one() -> f64 {
    1.0
}

/// The bound in one case.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct CaseBound {
    /// What case it is, in words, with the road that is lost in it.
    pub name: String,
    /// 90 % of those who are to move cannot have arrived before, s; `None`: after the horizon, or asked for only.
    pub t90_s: Option<f64>,
    /// All cannot have arrived before, s.
    pub clearance_s: Option<f64>,
    /// Whether it was computed.
    pub computed: bool,
    /// Folder with the proof; empty where it is not written.
    pub folder: String,
    /// Where the case comes from.
    pub source: String,
    /// Whether that source was read.
    pub verified: bool,
}

/// What it would take of one thing by the time claimed, on the map given.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct MapLever {
    /// What, with its unit.
    pub what: String,
    /// How much there is.
    pub now: f64,
    /// The least with which the bound no longer excludes the time, all figures central; `None`: not even ten times as much, or all
    /// day.
    pub central: Option<f64>,
    /// The same with every figure at its optimistic end.
    pub best: Option<f64>,
    /// Folders with the proofs: of a little less, which is too late, and of the least.
    pub folders: [String; 2],
}

/// A profile by its name, or from the text of a file of one's own.
pub fn profile(name: &str, own: Option<&str>, file: &str, faults: &mut Faults) -> Option<RuleProfile> {
    let shipped = SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
    let Some(text) = own.or(shipped) else {
        let names: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
        let expected = format!("{}, or a file ending in .toml", names.join(", "));
        faults.push(Fault::error(file, "", expected).field("profile", name));
        return None;
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut losses = Faults::default();
    let read: Result<RuleProfile, toml::de::Error> = match without_unknown_losses(name, text, &mut losses) {
        Some(table) => table.try_into(),
        None => toml::from_str(text),
    };
    match read {
        Ok(profile) => {
            let before = faults.0.len();
            profile.case.iter().for_each(|case| case.check(name, faults));
            faults.0.append(&mut losses.0);
            (faults.0.len() == before).then_some(profile)
        }
        Err(error) => {
            faults.push(Fault::error(name, "", "a profile").hint(error.to_string().replace('\n', " ")));
            None
        }
    }
}

/// The profile without what no road can lose, each of which is a fault: as a word that is not known it would hide all others. `None`
/// where there is nothing of the kind.
fn without_unknown_losses(file: &str, text: &str, losses: &mut Faults) -> Option<Table> {
    let mut table = text.parse::<Table>().ok()?;
    for case in table.get_mut("case")?.as_array_mut()?.iter_mut().filter_map(Value::as_table_mut) {
        let place = format!("case '{}'", case.get("name").and_then(Value::as_str).unwrap_or(""));
        let Some(Value::String(lost)) = case.get_mut("lost") else { continue };
        if !["", "lane", "road"].contains(&lost.as_str()) {
            losses.push(Fault::error(file, place, "lane or road").field("lost", &*lost));
            lost.clear();
        }
    }
    (!losses.0.is_empty()).then_some(table)
}

/// Leaves only the rules of the profiles, with their severities. In an armed conflict the protection items of page one stay
/// whatever the profiles say.
pub fn apply(profiles: &[RuleProfile], context: Context, rules: &mut Rulebook, faults: &mut Faults) {
    if profiles.is_empty() {
        return;
    }
    let mut keep: Vec<String> = profiles.iter().flat_map(|profile| profile.keep.clone()).collect();
    if context == Context::ArmedConflict {
        keep.extend(PROTECTION.iter().map(|id| (*id).to_owned()));
    }
    for profile in profiles {
        for other in &profile.severity {
            let severity = match other.is.as_str() {
                "minor" => RuleSeverity::Minor,
                "major" => RuleSeverity::Major,
                "critical" | "blocker" => RuleSeverity::Critical,
                word => {
                    let fault = Fault::error(&profile.name, &other.rule, "minor, major or critical");
                    faults.push(fault.field("is", word));
                    continue;
                }
            };
            match rules.0.iter_mut().find(|rule| rule.id == other.rule) {
                Some(rule) => {
                    rule.severity = severity;
                    rule.severity_in_conflict = rule.severity_in_conflict.max(severity);
                }
                None => faults.push(crate::rule::unknown(&profile.name, String::new(), &other.rule)),
            }
        }
    }
    rules.keep(&keep);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::FigureTable;

    #[test]
    fn all_faults_of_a_case_are_listed() {
        let mut faults = Faults::default();
        let text = "name = \"own\"\nabout = \"x\"\nkeep = []\n[[case]]\nname = \"odd\"\nspeed = 0.0\nlost = \"bridge\"\n";
        assert_eq!(profile("own.toml", Some(text), "b.toml", &mut faults), None);
        let text = faults.to_string();
        assert!(text.contains("speed = '0'") && text.contains("lost = 'bridge'"), "{text}");
    }

    #[test]
    fn every_profile_names_rules_that_exist() {
        for (name, _) in SHIPPED {
            let mut faults = Faults::default();
            let figures = FigureTable::shipped(&mut faults);
            let all = Rulebook::shipped(&figures, &mut faults);
            let profile = profile(name, None, "b.toml", &mut faults).unwrap();
            for pattern in &profile.keep {
                let mut rules = all.clone();
                rules.keep(std::slice::from_ref(pattern));
                assert!(!rules.0.is_empty(), "{name}: {pattern}");
            }
            let mut rules = all.clone();
            apply(&[profile], Context::ArmedConflict, &mut rules, &mut faults);
            assert!(faults.0.is_empty(), "{faults}");
            assert!(PROTECTION.iter().all(|id| rules.get(id).is_some()), "{name}");
            assert_eq!(rules.0.len() == all.0.len(), name == "conflict");
        }
        let mut faults = Faults::default();
        assert!(profile("flood", None, "b.toml", &mut faults).is_none());
        assert!(faults.to_string().contains("wildfire"));
    }
}
