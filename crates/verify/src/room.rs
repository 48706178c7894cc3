//! How many vehicles fit on a link, and how fast a gap travels back (`docs/reference/semantics.md`, Room).

use crate::elements::CaseElements;
use crate::number::{real, whole};
use crate::raw::RawScenario;
use clearway_model::{Case, Figure, Mode};

/// Room that a standing passenger car takes in its lane, m.
const SPACING_M: f64 = 7.5;
/// Speed at which a gap travels back through standing vehicles, km/h.
const WAVE_KM_H: f64 = 15.0;
/// On foot: most people that pass a metre of width, 1/(m s); people on a square metre when nobody moves any more; speed of those whom
/// nobody hinders, m/s.
const WALK_FLOW: f64 = 1.225;
const WALK_DENSITY: f64 = 5.4;
const WALK_SPEED: f64 = 1.34;

/// What fits on a link.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LinkRoom {
    /// Vehicles; on foot people.
    pub vehicles: i64,
    /// The people in them.
    pub people: f64,
    /// How long a gap takes from the end of the link to its beginning, microseconds.
    pub wave_us: i64,
}

/// People in a vehicle in a case; on foot 1.
pub(crate) fn people_per_vehicle(raw: &RawScenario, case: Case) -> f64 {
    let class = &raw.settings.class[0];
    let given = class.people_per_vehicle.unwrap_or(1.0);
    match class.mode {
        Mode::Walk => 1.0,
        Mode::Vehicle => Figure::new(given, class.people_per_vehicle_low, class.people_per_vehicle_high)
            .more_is_better(case),
    }
}

/// Per link its room; `None`: any number fits, or it is not part of the network. People fit in one packet where a vehicle fits, if that
/// is more.
pub(crate) fn rooms(
    raw: &RawScenario,
    elements: &CaseElements,
    case: Case,
    packet_people: i64,
) -> Vec<Option<LinkRoom>> {
    let class = &raw.settings.class[0];
    let per_vehicle = people_per_vehicle(raw, case);
    let links = raw.links.iter().zip(&elements.links);
    let room = links.map(|(link, element)| {
        let element = element.as_ref()?;
        let (fit, wave_km_h) = match class.mode {
            Mode::Vehicle => {
                let lanes = link.lanes.unwrap_or(1.0).max(0.5);
                let fit = match link.storage {
                    Some(pcu) => pcu.more_is_better(case) / class.pcu_per_vehicle,
                    None => link.length? * lanes / (SPACING_M * class.pcu_per_vehicle),
                };
                (fit, WAVE_KM_H)
            }
            Mode::Walk => {
                let width_m = link.capacity?.value / 3600.0 / WALK_FLOW;
                let wave_km_h = 3.6 * WALK_FLOW / (WALK_DENSITY - WALK_FLOW / WALK_SPEED);
                (link.length? * width_m / (1.0 / WALK_DENSITY), wave_km_h)
            }
        };
        let wave_s = link.length.unwrap_or(0.0) * 3.6 / wave_km_h;
        let vehicles_h = real(element.rate?) / 1000.0 / per_vehicle;
        let needed = vehicles_h / 3600.0 * (real(element.tau) / 1000.0 + wave_s) + 1.0;
        let vehicles = fit.floor().max(needed.ceil()).clamp(1.0, f64::from(u32::MAX));
        let wave_us = whole((wave_s * 1e6).round());
        let people = vehicles * per_vehicle + (real(packet_people) - per_vehicle).max(0.0);
        Some(LinkRoom { vehicles: whole(vehicles), people, wave_us })
    });
    room.collect()
}
