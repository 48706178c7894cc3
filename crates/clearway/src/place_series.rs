//! People and supplies by place over time, as the audit's rules see them.

use clearway_audit::places::PlaceSeries;
use clearway_model::number::float;
use clearway_needs::{
    Climate, GivenSupplies, Occupancy, OccupancyKind, PlanOccupancy, Rates, SupplyBalance, busiest_hour,
};

/// Items of the standards and the audit's figures for them: at sites, at zones, and units in one of the figure's.
const FIGURES: [(&str, &str, &str, f64); 13] = [
    ("water", "water_m3_day", "water_origin_m3_day", 1.0),
    ("taps", "taps", "", 1.0),
    ("toilets", "toilets", "toilets_origin", 1.0),
    ("food", "food_t_day", "", 1.0),
    ("covered", "covered_m2", "", 1.0),
    ("land", "site_area_km2", "", 1e6),
    ("tents", "tents", "", 1.0),
    ("health_posts", "health_posts", "", 1.0),
    ("hospitals", "hospitals", "", 1.0),
    ("beds", "beds", "", 1.0),
    ("doctors", "doctors", "", 1.0),
    ("nurses", "nurses", "", 1.0),
    ("health_workers", "health_workers", "", 1.0),
];

/// Every zone and site over time. What no supply says anything of is left out, so that it stays asked for.
pub(crate) fn place_series(
    known: &PlanOccupancy,
    given: &GivenSupplies,
    rates: &Rates,
    climate: Climate,
) -> Vec<PlaceSeries> {
    let balance = SupplyBalance {
        presences: &known.presences,
        supplies: &given.supplies,
        deliveries: &given.aid.deliveries,
        rates,
        climate,
    };
    let mut all: Vec<PlaceSeries> = known.presences.iter().map(|p| place(known, p)).collect();
    for (name, at_site, at_zone, unit) in FIGURES {
        let is_named = |item: usize, kind: OccupancyKind| given.names(item, kind, &known.presences);
        let Some(item) = rates.0.iter().position(|rate| rate.item == name) else { continue };
        let kinds: Vec<OccupancyKind> = [OccupancyKind::Origin, OccupancyKind::Site]
            .into_iter()
            .filter(|kind| is_named(item, *kind))
            .collect();
        if kinds.is_empty() {
            continue;
        }
        let is_used_up = rates.0[item].is_used_up();
        for ((series, presence), there) in all.iter_mut().zip(&known.presences).zip(balance.there(item)) {
            if !kinds.contains(&presence.kind) {
                continue;
            }
            let there = if is_used_up { by_day(&there, &presence.people) } else { there };
            let figure = if presence.kind == OccupancyKind::Site { at_site } else { at_zone };
            if !figure.is_empty() {
                series.items.push((figure, there.iter().map(|x| x / unit).collect()));
                series.constants.retain(|(id, _)| *id != figure);
            }
        }
    }
    all.retain(|series| !series.kind.is_empty());
    all
}

/// What is used day by day counts as what there is over the whole day: each hour's is that of its day, by people.
fn by_day(there: &[f64], people: &[i64]) -> Vec<f64> {
    let mut all = Vec::with_capacity(there.len());
    for (there, people) in there.chunks(24).zip(people.chunks(24)) {
        let is_anyone = |(there, n): (&f64, &i64)| if *n > 0 { *there } else { 0.0 };
        let sum: f64 = there.iter().zip(people).map(is_anyone).sum();
        let person_hours: i64 = people.iter().sum();
        let each = if person_hours > 0 { sum / float(person_hours) } else { 0.0 };
        all.extend(people.iter().map(|n| each * float(*n)));
    }
    all
}

fn place(known: &PlanOccupancy, presence: &Occupancy) -> PlaceSeries {
    let (kind, people_figure) = match presence.kind {
        OccupancyKind::Origin => ("zone", "people"),
        OccupancyKind::Site => ("site", "people_at_destination"),
        OccupancyKind::Route => ("", "people"),
    };
    let first = presence.people.iter().position(|n| *n > 0).unwrap_or(0);
    // what supplies.csv gives is what reaches people
    let mut constants = vec![("water_loss_share", 0.0)];
    let mut items = Vec::new();
    if presence.kind == OccupancyKind::Site {
        constants.extend([("people_there_before", 0.0), ("people_a_tent", 5.0)]);
        items.push(("people", presence.people.iter().map(|n| float(*n)).collect::<Vec<f64>>()));
        if let Some(row) = known.scenario.sites.iter().find(|row| row.site_id == presence.place_id) {
            let given = [
                ("site_places", row.capacity_people.map(float)),
                ("site_area_km2", row.area_m2.map(|m2| m2 / 1e6)),
                ("admission_people_h", row.admission_people_h),
                (
                    "peak_arrivals_h",
                    row.admission_people_h.map(|admission| {
                        busiest_hour(&presence.people, Some(admission), known.packet_people)
                    }),
                ),
            ];
            constants.extend(given.into_iter().filter_map(|(id, value)| Some((id, value?))));
        }
    }
    PlaceSeries {
        kind,
        place_id: presence.place_id.clone(),
        people_figure,
        people: presence.people.clone(),
        later_from: first + 21 * 24,
        items,
        constants,
    }
}
