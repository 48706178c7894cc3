//! How quickly people become ready to leave, where nobody says.

use crate::request::MobilizationSpeed;
use clearway_model::MobilizationRow;

/// Step between the rows, ms: 15 min.
const STEP_MS: i64 = 15 * 60 * 1000;

/// Share that is ready at the curve's nominal duration, before the rest is added to its last quarter of an hour.
const READY_SHARE: f64 = 0.99;

impl MobilizationSpeed {
    /// Time by which everyone is ready, ms.
    pub fn duration_ms(self) -> i64 {
        match self {
            Self::Fast => 3 * 3_600_000,
            Self::Medium => 6 * 3_600_000,
            Self::Slow => 9 * 3_600_000,
            Self::Instant => 0,
        }
    }

    /// Id in `mobilization.csv`; empty for everyone at time 0.
    pub fn id(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Medium => "medium",
            Self::Slow => "slow",
            Self::Instant => "",
        }
    }
}

/// Rows of a mobilization curve: the Rayleigh curve F(t) = 1 - exp(-t^2 / 2 sigma^2) (Tweedie et al. 1986, who give 2 sigma^2 =
/// 1800 min^2), stretched so that F is 0.99 at 3, 6 or 9 h, sampled every 15 min and rounded to four decimals; the last row is
/// 1. No rows for [`MobilizationSpeed::Instant`].
///
/// For `Fast`: half are ready after about 1 h 10 min, 90 % after about 2 h 7 min.
pub fn mobilization_curve(release: MobilizationSpeed) -> Vec<MobilizationRow> {
    let duration = release.duration_ms();
    let row = |time_ms: i64, share: f64| MobilizationRow {
        mobilization_id: release.id().to_owned(),
        time_ms,
        share,
    };
    (0..=duration / STEP_MS)
        .filter(|_| duration > 0)
        .map(|step| {
            let time = step * STEP_MS;
            if time == duration {
                return row(time, 1.0);
            }
            // exp(-t^2 / 2 sigma^2) = (1 - READY_SHARE)^((t / duration)^2)
            #[allow(clippy::cast_precision_loss)]
            let part = time as f64 / duration as f64;
            let share = 1.0 - (1.0 - READY_SHARE).powf(part * part);
            row(time, (share * 1e4).round() / 1e4)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_curve() {
        let rows = mobilization_curve(MobilizationSpeed::Fast);
        assert_eq!(rows.len(), 13);
        assert_eq!((rows[0].time_ms, rows[0].share), (0, 0.0));
        assert_eq!((rows[12].time_ms, rows[12].share), (10_800_000, 1.0));
        assert!(rows.windows(2).all(|w| w[0].share < w[1].share));
        // 1 - 0.01^(1/4) at half time, by hand.
        assert_eq!(rows[6].share, 0.6838);
        assert!(mobilization_curve(MobilizationSpeed::Instant).is_empty());
        assert_eq!(mobilization_curve(MobilizationSpeed::Slow).len(), 37);
    }
}
