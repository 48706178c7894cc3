//! Axes: round steps for counts and for hours.

use clearway_model::number::float;

/// A straight mapping of a domain onto pixels.
#[derive(Debug, Clone, Copy)]
pub struct AxisScale {
    domain: (f64, f64),
    range: (f64, f64),
}

impl AxisScale {
    /// Maps `domain.0` to `range.0` and `domain.1` to `range.1`; an empty domain is widened by 1.
    pub fn new(domain: (f64, f64), range: (f64, f64)) -> Self {
        let domain = if domain.1 > domain.0 { domain } else { (domain.0, domain.0 + 1.0) };
        Self { domain, range }
    }

    /// Pixel of a value.
    pub fn px(&self, value: f64) -> f64 {
        let share = (value - self.domain.0) / (self.domain.1 - self.domain.0);
        self.range.0 + share * (self.range.1 - self.range.0)
    }
}

/// The round step (1, 2 or 5 times a power of ten, at least 1) that cuts `0..=most` into about `count` pieces.
pub fn count_step(most: i64, count: i64) -> i64 {
    let least = (most / count.max(1)).max(1);
    let mut power = 1_i64;
    loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if step >= least {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// The smallest usual step of time, minutes, that cuts `seconds` into at most `count` pieces.
pub fn minute_step(seconds: f64, count: f64) -> i64 {
    const STEPS: [i64; 18] =
        [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 4320, 7200, 10_080, 20_160];
    let minutes = seconds / 60.0;
    STEPS.into_iter().find(|step| minutes / float(*step) <= count).unwrap_or(43_200)
}

/// Length of a scale bar, m: the longest of 1, 2 or 5 times a power of ten not above `most`.
pub fn bar_metres(most: f64) -> f64 {
    // 0 to 7 on Earth, so that the cast is exact
    let power = 10_f64.powi(most.max(1.0).log10().floor() as i32);
    [5.0, 2.0, 1.0].into_iter().map(|f| f * power).find(|m| *m <= most).unwrap_or(power)
}

/// `500 m`, `2 km`.
pub fn metres(value: f64) -> String {
    if value >= 1000.0 { format!("{:.0} km", value / 1000.0) } else { format!("{value:.0} m") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!(count_step(900_000, 5), 200_000);
        assert_eq!(count_step(3, 5), 1);
        assert_eq!(count_step(0, 5), 1);
        assert_eq!(count_step(i64::MAX, 5), 2_000_000_000_000_000_000);
        assert_eq!(minute_step(7200.0, 8.0), 15);
        assert_eq!(minute_step(259_200.0, 8.0), 720);
        assert_eq!(bar_metres(730.0), 500.0);
        assert_eq!(metres(2000.0), "2 km");
    }

    #[test]
    fn a_scale_maps_ends_to_ends() {
        let scale = AxisScale::new((0.0, 10.0), (100.0, 0.0));
        assert_eq!((scale.px(0.0), scale.px(10.0), scale.px(5.0)), (100.0, 0.0, 50.0));
        assert!(AxisScale::new((3.0, 3.0), (0.0, 1.0)).px(3.0).is_finite());
    }
}
