//! `scenario.toml` of a request.

use crate::request::ComposeInputs;
use clearway_model::{ClassOfUsers, Figure, Mode, Settings};
use jiff::fmt::temporal::Pieces;

/// Moment of time 0 where none is given.
const START: &str = "2026-01-01T00:00:00Z";
/// Planning horizon where none is given: 72 h, in ms.
const HORIZON_MS: i64 = 72 * 3_600_000;
/// Safety margin on the time that is needed, as a share of it: rule TIM-02 of the rulebook.
const MARGIN_SHARE: f64 = 0.25;
/// Mean occupancy of a car, with its range.
const PEOPLE_PER_VEHICLE: Figure<f64> = Figure { value: 2.5, low: 2.0, high: 3.0 };

/// The settings, with defaults for what is not given.
pub(crate) fn settings_of(request: &ComposeInputs, attribution: &str) -> Settings {
    let start = request.start.clone().unwrap_or_else(|| START.to_owned());
    let class = match request.mode {
        Mode::Vehicle => {
            let figure = request.people_per_vehicle.unwrap_or(PEOPLE_PER_VEHICLE);
            ClassOfUsers {
                id: "car".to_owned(),
                mode: Mode::Vehicle,
                people_per_vehicle: Some(figure.value),
                people_per_vehicle_low: (figure.low < figure.value).then_some(figure.low),
                people_per_vehicle_high: (figure.high > figure.value).then_some(figure.high),
                pcu_per_vehicle: 1.0,
            }
        }
        Mode::Walk => ClassOfUsers {
            id: "walk".to_owned(),
            mode: Mode::Walk,
            people_per_vehicle: None,
            people_per_vehicle_low: None,
            people_per_vehicle_high: None,
            pcu_per_vehicle: 1.0,
        },
    };
    Settings {
        schema: Settings::SCHEMA.to_owned(),
        name: request.name.clone(),
        description: request.description.clone(),
        context: request.context,
        time_zone: request.time_zone.clone().unwrap_or_else(|| zone_of(&start)),
        start,
        horizon_ms: request.horizon_ms.unwrap_or(HORIZON_MS),
        margin_share: request.margin_share.unwrap_or(MARGIN_SHARE),
        attribution: [attribution].iter().filter(|a| !a.is_empty()).map(|&a| a.to_owned()).collect(),
        class: vec![class],
    }
}

/// The zone of the IANA list that has a time's own offset all year, so that clock times read as the start is written; `UTC` for
/// offsets that are no whole hours.
fn zone_of(start: &str) -> String {
    let offset = Pieces::parse(start).ok().and_then(|pieces| pieces.to_numeric_offset());
    match offset.map(jiff::tz::Offset::seconds) {
        // The names count westward: UTC+3 is Etc/GMT-3.
        Some(s) if s != 0 && s % 3600 == 0 && (-12..=14).contains(&(s / 3600)) => {
            format!("Etc/GMT{:+}", -s / 3600)
        }
        _ => "UTC".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_of_offsets() {
        for (start, zone) in [
            ("2024-05-06T09:00:00+03:00", "Etc/GMT-3"),
            ("2024-05-06T09:00:00-05:00", "Etc/GMT+5"),
            ("2024-05-06T09:00:00Z", "UTC"),
            ("2024-05-06T09:00:00+05:30", "UTC"),
            ("nonsense", "UTC"),
        ] {
            assert_eq!(zone_of(start), zone, "{start}");
        }
    }

    #[test]
    fn ranges_only_where_there_are_any() {
        let mut request = ComposeInputs::new("x");
        request.people_per_vehicle = Some(Figure::new(4.0, None, Some(5.0)));
        let class = &settings_of(&request, "").class[0];
        assert_eq!((class.people_per_vehicle_low, class.people_per_vehicle_high), (None, Some(5.0)));
    }
}
