//! Speeds that no road and no walker has: most often a length or a time in another unit.

use super::ScenarioCheck;
use clearway_model::LinkRow;
use clearway_model::number::float;

/// One way of moving and the speeds that are not absurd, km/h.
struct SpeedLimits {
    /// Column of the time from which the speed follows.
    field: &'static str,
    fastest: f64,
    slowest: f64,
}

const DRIVE: SpeedLimits = SpeedLimits { field: "time_ms", fastest: 250.0, slowest: 1.0 };
const DRIVE_LOW: SpeedLimits = SpeedLimits { field: "time_ms_low", ..DRIVE };
const WALK: SpeedLimits = SpeedLimits { field: "walk_time_ms", fastest: 15.0, slowest: 0.3 };
const WALK_LOW: SpeedLimits = SpeedLimits { field: "walk_time_ms_low", ..WALK };

pub(super) fn check(check: &mut ScenarioCheck<'_>) {
    let links = &check.scenario.links;
    let mut slow: Vec<(usize, String, String)> = Vec::new();
    for (index, row) in check.sound(links) {
        if check.is_reported::<LinkRow>(index, "length_m") {
            continue;
        }
        let Some(length_m) = row.length_m.filter(|length| *length > 0.0) else {
            continue;
        };
        let times = [
            (DRIVE, row.time_ms),
            (DRIVE_LOW, row.time_ms_low),
            (WALK, row.walk_time_ms),
            (WALK_LOW, row.walk_time_ms_low),
        ];
        for (speeds, time) in times {
            let Some(time) = time.filter(|time| *time > 0) else {
                continue;
            };
            // length and time are rounded when written, to 1 cm and 1 ms at best
            let km_h = (length_m - 0.01) / (float(time) + 1.0) * 3600.0;
            if km_h > speeds.fastest {
                too_fast(check, index, row, &speeds, time, length_m);
            } else if length_m / (float(time) - 1.0).max(1.0) * 3600.0 < speeds.slowest && time > 60_000 {
                let expected = format!("a speed of {} km/h or more over {length_m} m", speeds.slowest);
                slow.push((index, format!("{} ({})", time, speeds.field), expected));
            }
        }
    }
    check.warnings(links, "time_ms", &slow, "is length_m in metres and the time in milliseconds?");
}

fn too_fast(
    check: &mut ScenarioCheck<'_>,
    index: usize,
    row: &LinkRow,
    speeds: &SpeedLimits,
    time: i64,
    length_m: f64,
) {
    let km_h = length_m / float(time) * 3600.0;
    let expected =
        format!("a speed of at most {} km/h over {length_m} m; here it is {km_h:.0} km/h", speeds.fastest);
    let in_seconds = km_h / 1000.0;
    let hint = if in_seconds >= speeds.slowest && in_seconds <= speeds.fastest {
        "this looks like seconds; times are in milliseconds"
    } else {
        "is length_m in metres and the time in milliseconds?"
    };
    check.error(index, row, (speeds.field, time), expected, hint);
}
