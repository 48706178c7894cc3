//! The level of the water over time.

use super::WetSpan;
use clearway_model::{Fault, Faults};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Lowest and highest ground of the Earth, m, with room: beyond lies a slip of the pen or another unit.
const HEIGHTS_M: [f64; 2] = [-500.0, 9_000.0];

/// No flood is looked at over more than ten years, ms.
const LONGEST_MS: i64 = 3_660 * 86_400_000;

/// A level of the water and when it is reached.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaterLevel {
    /// ms after the scenario's start.
    pub at_ms: i64,
    /// Height of the surface, m, above the datum of the terrain.
    pub level_m: f64,
}

/// Levels over time: nothing before the first, straight from one to the next, the last for good.
pub(crate) struct Hydrograph(Vec<WaterLevel>);

impl Hydrograph {
    /// `None` where there are faults.
    pub(crate) fn new(levels: &[WaterLevel], faults: &mut Faults) -> Option<Self> {
        let before = faults.0.len();
        if levels.is_empty() {
            faults.push(Fault::error("request", "", "at least one level of the water").field("levels", ""));
        }
        for level in levels.iter().filter(|level| !(HEIGHTS_M[0]..=HEIGHTS_M[1]).contains(&level.level_m)) {
            let expected = format!("a height of {} to {} m", HEIGHTS_M[0], HEIGHTS_M[1]);
            faults.push(Fault::error("request", "", expected).field("level", level.level_m));
        }
        for level in levels.iter().filter(|level| !(-LONGEST_MS..=LONGEST_MS).contains(&level.at_ms)) {
            let fault = Fault::error("request", "", "a time within ten years of the start, ms");
            faults.push(fault.field("level", level.at_ms));
        }
        for pair in levels.windows(2).filter(|pair| pair[0].at_ms >= pair[1].at_ms) {
            let found = format!("{} ms after {} ms", pair[1].at_ms, pair[0].at_ms);
            faults.push(
                Fault::error("request", "", "levels in the order of their times").field("level", found),
            );
        }
        (faults.0.len() == before).then(|| Self(levels.to_vec()))
    }

    /// The highest level, m.
    pub(crate) fn highest(&self) -> f64 {
        self.0.iter().map(|level| level.level_m).fold(f64::NEG_INFINITY, f64::max)
    }

    /// When the level is first at a height, ms after the start; what was before counts as the start.
    pub(crate) fn first_at(&self, height: f64) -> Option<i64> {
        self.spans(height).first().map(|span| span.0.max(0))
    }

    /// When the level is at a height or above it, from the scenario's start on.
    pub(crate) fn at_least(&self, height: f64) -> Vec<WetSpan> {
        let mut spans = self.spans(height);
        spans.retain(|span| span.1.is_none_or(|until| until > 0.max(span.0)));
        spans.into_iter().map(|(from, until)| (from.max(0), until)).collect()
    }

    /// The same, before the start too.
    fn spans(&self, height: f64) -> Vec<WetSpan> {
        let mut spans: Vec<WetSpan> = Vec::new();
        let first = self.0.first().filter(|first| first.level_m >= height);
        spans.extend(first.map(|first| (first.at_ms, None)));
        for pair in self.0.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            // as a share of the way from one level to the other; to the microsecond, so that what is a whole ms by hand is one
            let share = (height - a.level_m) / (b.level_m - a.level_m);
            let crossing = (share * (b.at_ms - a.at_ms) as f64 * 1e3).round() / 1e3;
            match (a.level_m >= height, b.level_m >= height) {
                (false, true) => spans.push((a.at_ms + crossing.floor() as i64, None)),
                (true, false) => {
                    if let Some(last) = spans.last_mut() {
                        last.1 = Some(a.at_ms + crossing.ceil() as i64);
                    }
                }
                _ => {}
            }
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hydrograph(levels: &[(i64, f64)]) -> Hydrograph {
        let levels: Vec<_> = levels.iter().map(|&(at_ms, level_m)| WaterLevel { at_ms, level_m }).collect();
        Hydrograph::new(&levels, &mut Faults::default()).unwrap()
    }

    #[test]
    fn rises_and_falls_on_straight_lines() {
        let water = hydrograph(&[(1_000, 10.0), (3_000, 12.0), (5_000, 11.0), (7_000, 13.0)]);
        assert_eq!(water.at_least(10.0), [(1_000, None)]);
        assert_eq!(water.at_least(11.5), [(2_500, Some(4_000)), (5_500, None)]);
        assert_eq!(water.at_least(13.0), [(7_000, None)]);
        assert_eq!(water.at_least(13.1), []);
        assert_eq!(water.highest(), 13.0);
        // what was before the start counts from the start on
        let before = hydrograph(&[(-2_000, 12.0), (-1_000, 10.0), (1_000, 12.0)]);
        assert_eq!(before.at_least(11.0), [(0, None)]);
        assert_eq!(before.at_least(10.0), [(0, None)]);
        // a dike that was overtopped before the start, by water that has fallen since
        let over = hydrograph(&[(-5_000, 13.0), (-1_000, 10.0)]);
        assert_eq!((over.at_least(12.0), over.first_at(12.0)), (Vec::new(), Some(0)));
    }

    #[test]
    fn faults_are_said_together() {
        let mut faults = Faults::default();
        let levels = [(5, 10.0), (5, f64::NAN), (4, 90_000.0)];
        let levels = levels.map(|(at_ms, level_m)| WaterLevel { at_ms, level_m });
        assert!(Hydrograph::new(&levels, &mut faults).is_none());
        assert_eq!(faults.0.len(), 4, "{faults}");
        assert!(Hydrograph::new(&[], &mut faults).is_none());
    }
}
