//! More or less of what a scenario has: all three values of a figure, times a factor.

use clearway_model::number::{float, floor};
use clearway_model::{LinkRow, SiteRow};

/// Capacity for vehicles. The per-lane figure of GMNS is left out, since it no longer agrees.
pub(crate) fn vehicle_capacity(link: &mut LinkRow, factor: f64) {
    // A link of which all is reserved is closed, and stays so.
    let is_closed =
        link.reserved_pcu_h.zip(link.capacity_pcu_h).is_some_and(|(reserved, all)| reserved >= all);
    if is_closed {
        link.reserved_pcu_h = link.reserved_pcu_h.map(|reserved| reserved * factor.max(1.0));
    }
    let all = [&mut link.capacity_pcu_h, &mut link.capacity_pcu_h_low, &mut link.capacity_pcu_h_high];
    all.into_iter().flatten().for_each(|capacity| *capacity *= factor);
    if factor != 1.0 {
        link.capacity = None;
    }
}

/// Room for standing vehicles.
pub(crate) fn storage(link: &mut LinkRow, factor: f64) {
    let all = [&mut link.storage_pcu, &mut link.storage_pcu_low, &mut link.storage_pcu_high];
    all.into_iter().flatten().for_each(|room| *room *= factor);
}

/// Capacity for people on foot.
pub(crate) fn walk_capacity(link: &mut LinkRow, factor: f64) {
    let all = [
        &mut link.walk_capacity_people_h,
        &mut link.walk_capacity_people_h_low,
        &mut link.walk_capacity_people_h_high,
    ];
    all.into_iter().flatten().for_each(|capacity| *capacity *= factor);
}

/// Admission of a site.
pub(crate) fn admission(site: &mut SiteRow, factor: f64) {
    let all =
        [&mut site.admission_people_h, &mut site.admission_people_h_low, &mut site.admission_people_h_high];
    all.into_iter().flatten().for_each(|rate| *rate *= factor);
}

/// Places of a site, rounded down.
pub(crate) fn places(site: &mut SiteRow, factor: f64) {
    let all = [&mut site.capacity_people, &mut site.capacity_people_low, &mut site.capacity_people_high];
    all.into_iter().flatten().for_each(|n| *n = floor(float(*n) * factor));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_of_which_all_is_reserved_stays_closed() {
        for factor in [0.5, 1.0, 3.0] {
            let mut link =
                LinkRow { capacity_pcu_h: Some(900.0), reserved_pcu_h: Some(900.0), ..LinkRow::default() };
            vehicle_capacity(&mut link, factor);
            assert!(link.reserved_pcu_h >= link.capacity_pcu_h, "{factor}");
        }
        let mut open =
            LinkRow { capacity_pcu_h: Some(900.0), reserved_pcu_h: Some(45.0), ..LinkRow::default() };
        vehicle_capacity(&mut open, 2.0);
        assert_eq!((open.capacity_pcu_h, open.reserved_pcu_h), (Some(1800.0), Some(45.0)));
    }
}
