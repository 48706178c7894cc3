//! What a computation tells while it runs.

use clearway_model::{Bounds, Faults};
use schemars::JsonSchema;
use serde::Serialize;

/// Hears what a computation tells. It is called from its threads: it should come back at once.
pub trait Observer: Send + Sync {
    /// Something happened. Any thread of the computation may call it.
    fn observe(&self, event: &Event);
}

/// An observer that hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct SilentObserver;

impl Observer for SilentObserver {
    fn observe(&self, _: &Event) {}
}

impl<F: Fn(&Event) + Send + Sync> Observer for F {
    fn observe(&self, event: &Event) {
        self(event);
    }
}

/// Something that happened while a verb worked.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A stage has got further.
    Progress {
        /// What is being done.
        stage: Stage,
        /// Share of the stage that is done, 0 to 1.
        share: f64,
        /// Share of the whole that is done, 0 to 1; it never falls.
        done: f64,
        /// Seconds since the verb began.
        elapsed_s: f64,
        /// Seconds that it may still take, as far as can be said.
        left_s: Option<f64>,
    },
    /// One of several computations begins.
    VariationBegun {
        /// What it is, in words, e.g. the name of an intervention or of a part of a multimodal plan.
        name: String,
        /// Which one, from 1.
        number: usize,
        /// Of how many; `None` where that is not known.
        of: Option<usize>,
    },
    /// What was found in the input that is no error.
    Warnings {
        /// What has them, e.g. the path of a folder.
        of: String,
        /// The warnings, in the order of the files.
        faults: Faults,
    },
    /// The plan is made with longer steps, so that it fits into the memory. Bounds hold all the same; they may be lower.
    Coarsened {
        /// Memory that the usual steps take, bytes.
        usual_bytes: u64,
        /// Memory that may be used, bytes.
        allowed_bytes: u64,
        /// How many times as long the steps are.
        times: u32,
    },
    /// A bound is proved, and holds whatever comes after; later ones are no lower.
    BoundSoFar {
        /// Before when nobody can be through.
        bounds: Bounds,
    },
    /// Anything else, as a sentence.
    Note {
        /// The sentence to say.
        text: String,
    },
}

/// A stage of a computation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stage {
    /// The bound is computed.
    Bound,
    /// Orders near the bound are searched.
    Orders,
    /// Departures are spread and orders carried out exactly.
    Departures,
    /// Figures are summed up.
    Figures,
    /// A step of preparing data, in words.
    Preparing(String),
}

impl From<&str> for Stage {
    fn from(word: &str) -> Self {
        match word {
            "bound" => Self::Bound,
            "orders" => Self::Orders,
            "departures" => Self::Departures,
            "figures" => Self::Figures,
            other => Self::Preparing(other.to_owned()),
        }
    }
}

impl Stage {
    /// The stage in a word or some words.
    pub fn word(&self) -> &str {
        match self {
            Self::Bound => "bound",
            Self::Orders => "orders",
            Self::Departures => "departures",
            Self::Figures => "figures",
            Self::Preparing(words) => words,
        }
    }
}

/// The stages of a plan in their order, with about the share of the whole time that each takes. With a million people two thirds of it are
/// departures, in a town hardly any: the shares are between, so that time left is named too long rather than too short.
const STAGES: [(Stage, f64); 4] =
    [(Stage::Bound, 0.06), (Stage::Orders, 0.54), (Stage::Departures, 0.38), (Stage::Figures, 0.02)];
/// Before so much is done nothing is said of the time left.
const TOO_EARLY: f64 = 0.03;
/// A changed view of the time left is taken over in about this time, s.
const CALM_S: f64 = 8.0;

/// How far a plan is, over all its stages, and how long it may still take.
#[derive(Debug, Default)]
pub(crate) struct ProgressCourse {
    done: f64,
    left: Option<f64>,
    at: f64,
}

/// The share of the whole that is done.
fn overall(stage: &Stage, share: f64) -> Option<f64> {
    let mut before = 0.0;
    for (known, weight) in STAGES {
        if known == *stage {
            return Some(before + weight * share.clamp(0.0, 1.0));
        }
        before += weight;
    }
    None
}

impl ProgressCourse {
    /// Takes note of the share of a stage that is done after so many seconds; gives the share of the whole, which never falls.
    /// A stage of another verb than `plan` stands for itself.
    pub fn tell(&mut self, stage: &Stage, share: f64, now: f64) -> f64 {
        let Some(overall) = overall(stage, share) else { return share.clamp(0.0, 1.0) };
        self.done = self.done.max(overall).min(1.0);
        if self.done >= TOO_EARLY {
            let seen = now * (1.0 - self.done) / self.done;
            let passed = (now - self.at).max(0.0);
            self.left = Some(match self.left {
                None => seen,
                Some(left) => {
                    let expected = (left - passed).max(0.0);
                    expected + (seen - expected) * (1.0 - (-passed / CALM_S).exp())
                }
            });
        }
        self.at = now;
        self.done
    }

    /// Seconds left, as far as can be said.
    pub fn left_s(&self) -> Option<f64> {
        self.left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_the_whole() {
        assert!((STAGES.iter().map(|stage| stage.1).sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(overall(&Stage::from("elsewhere"), 0.5), None);
    }

    #[test]
    fn the_share_rises_from_0_to_1_through_all_stages() {
        let mut course = ProgressCourse::default();
        let mut before = 0.0;
        for (index, (stage, _)) in STAGES.into_iter().enumerate() {
            for step in 0..=10 {
                let now = (index * 11 + step) as f64;
                let done = course.tell(&stage, f64::from(step as u32) / 10.0, now);
                assert!(done >= before && done <= 1.0, "{stage:?} {step}: {done} after {before}");
                before = done;
            }
        }
        assert!(before > 1.0 - 1e-12, "{before}");
        assert!(course.tell(&Stage::Bound, 0.0, 50.0) >= before, "it never falls");
    }

    #[test]
    fn the_time_left_does_not_jump() {
        let mut course = ProgressCourse::default();
        for second in 1..=20 {
            course.tell(&Stage::Bound, f64::from(second) / 20.0, f64::from(second));
        }
        let before = course.left.unwrap();
        // The orders are suddenly ten times as fast.
        course.tell(&Stage::Orders, 0.5, 21.0);
        let after = course.left.unwrap();
        assert!(after < before && after > 0.6 * before, "{before} {after}");
        assert_eq!(ProgressCourse::default().left_s(), None);
    }
}
