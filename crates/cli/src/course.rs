//! How far a plan is, over all its stages, and how long it may still take.

/// Stages in their order, with about the share of the whole time that each takes.
const STAGES: [(&str, f64); 4] = [("bound", 0.50), ("orders", 0.47), ("departures", 0.02), ("figures", 0.01)];
/// Before so much is done nothing is said of the time left.
const TOO_EARLY: f64 = 0.03;
/// A changed view of the time left is taken over in about this time, s.
const CALM_S: f64 = 8.0;

/// The course of a plan.
#[derive(Debug, Default)]
pub struct Course {
    done: f64,
    left: Option<f64>,
    at: f64,
}

/// The share of the whole that is done.
fn overall(stage: &str, share: f64) -> Option<f64> {
    let mut before = 0.0;
    for (name, weight) in STAGES {
        if name == stage {
            return Some(before + weight * share.clamp(0.0, 1.0));
        }
        before += weight;
    }
    None
}

impl Course {
    /// Takes note of the share of a stage that is done after so many seconds; gives the share of the whole, which never falls.
    /// A stage of another command than `plan` stands for itself.
    pub fn tell(&mut self, stage: &str, share: f64, now: f64) -> f64 {
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

    /// The time left in words; empty while nothing can be said.
    pub fn left(&self) -> String {
        match self.left {
            None => String::new(),
            Some(left) if left < 10.0 => "a few seconds left".to_owned(),
            Some(left) if left < 90.0 => format!("about {} s left", (left / 10.0).round() as u64 * 10),
            Some(left) if left < 5400.0 => format!("about {} min left", (left / 60.0).round() as u64),
            Some(left) => format!("about {} h left", (left / 3600.0).round() as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_the_whole() {
        assert!((STAGES.iter().map(|stage| stage.1).sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(overall("elsewhere", 0.5), None);
    }

    #[test]
    fn the_share_rises_from_0_to_1_through_all_stages() {
        let mut course = Course::default();
        let mut before = 0.0;
        for (index, (stage, _)) in STAGES.into_iter().enumerate() {
            for step in 0..=10 {
                let now = (index * 11 + step) as f64;
                let done = course.tell(stage, f64::from(step as u32) / 10.0, now);
                assert!(done >= before && done <= 1.0, "{stage} {step}: {done} after {before}");
                before = done;
            }
        }
        assert!(before > 1.0 - 1e-12, "{before}");
        assert!(course.tell("bound", 0.0, 50.0) >= before, "it never falls");
    }

    #[test]
    fn the_time_left_does_not_jump() {
        let mut course = Course::default();
        for second in 1..=20 {
            course.tell("bound", f64::from(second) / 20.0, f64::from(second));
        }
        let before = course.left.unwrap();
        // The orders are suddenly ten times as fast.
        course.tell("orders", 0.5, 21.0);
        let after = course.left.unwrap();
        assert!(after < before && after > 0.6 * before, "{before} {after}");
        assert_eq!(Course::default().left(), "");
    }
}
