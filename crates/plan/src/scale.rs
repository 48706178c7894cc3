//! More or less of what a scenario has: all three values of a figure, times a factor.

use clearway_model::{LinkRow, SiteRow};

/// Capacity for vehicles. The per-lane figure of GMNS is left out, since it no longer agrees.
pub(crate) fn vehicle_capacity(link: &mut LinkRow, factor: f64) {
    let all = [&mut link.capacity_pcu_h, &mut link.capacity_pcu_h_low, &mut link.capacity_pcu_h_high];
    all.into_iter().flatten().for_each(|capacity| *capacity *= factor);
    if factor != 1.0 {
        link.capacity = None;
    }
}

/// Capacity on foot.
pub(crate) fn walk_capacity(link: &mut LinkRow, factor: f64) {
    let all = [
        &mut link.walk_capacity_people_h,
        &mut link.walk_capacity_people_h_low,
        &mut link.walk_capacity_people_h_high,
    ];
    all.into_iter().flatten().for_each(|capacity| *capacity *= factor);
}

/// Intake of a site.
pub(crate) fn intake(site: &mut SiteRow, factor: f64) {
    let all = [&mut site.intake_people_h, &mut site.intake_people_h_low, &mut site.intake_people_h_high];
    all.into_iter().flatten().for_each(|rate| *rate *= factor);
}

/// Places of a site, rounded down.
pub(crate) fn places(site: &mut SiteRow, factor: f64) {
    let all = [&mut site.capacity_people, &mut site.capacity_people_low, &mut site.capacity_people_high];
    all.into_iter().flatten().for_each(|n| *n = (*n as f64 * factor).floor() as i64);
}
