//! What the fleet takes of each link and of each site's admission, counted in quarters of an hour.
//!
//! In each quarter of an hour the fleet may take a share of what a link lets through (less what is reserved for responders
//! and aid) and of what a site takes in. A vehicle that is larger than this takes the quarters after its own too, so that the
//! share holds over any length of time and a joint bound can count on it. Four times the busiest quarter is kept free of all
//! others, the whole time, so that the fleet never queues with them.

use clearway_model::number::float;
use clearway_model::{Case, Figure, LinkRow, MultimodalSettings, Scenario};
use clearway_network::{ElementIndex, ElementKind, Network, PerElement, PerSite};
use std::collections::{BTreeMap, HashMap};

const QUARTER: i64 = MultimodalSettings::QUARTER_MS;

/// Room for more than is there by this much is rounding.
const SLACK: f64 = 1e-9;

/// Use of links and admissions by quarters of an hour.
#[derive(Debug)]
pub struct ReservedCapacity {
    /// Per element, what may be used in a quarter: pcu for a link, people for an admission; infinite if unlimited.
    room: PerElement<f64>,
    /// The room by the share that the scenario states, which may be larger: what is kept is counted with it.
    stated: PerElement<f64>,
    /// Room taken in each quarter.
    used: BTreeMap<(ElementIndex, i64), f64>,
    /// What enters in each quarter.
    entered: BTreeMap<(ElementIndex, i64), f64>,
}

/// Per element, what a share of it is in a quarter of an hour: pcu, or people for admissions; infinite if unlimited.
fn rooms(scenario: &Scenario, network: &Network, share: f64) -> PerElement<f64> {
    let room = |kind: ElementKind| match kind {
        ElementKind::Link(row) => free_pcu_h(&scenario.links[row]) * share / 4.0,
        ElementKind::Admission(row) => {
            scenario.sites[row].admission_people_h.map_or(f64::INFINITY, |people_h| people_h * share / 4.0)
        }
        ElementKind::Connector(_) => f64::INFINITY,
    };
    network.elements.iter().map(|element| room(element.kind)).collect()
}

/// An amount by quarters: as much as there is room for in each, from the first on.
fn parts(first: i64, amount: f64, room: f64) -> impl Iterator<Item = (i64, f64)> {
    let mut left = amount;
    (first..).map_while(move |quarter| {
        let some = left.min(room);
        left -= some;
        (some > SLACK).then_some((quarter, some))
    })
}

/// Capacity of a link less what is reserved, central, pcu/h.
pub fn free_pcu_h(link: &LinkRow) -> f64 {
    let capacity = link.capacity_pcu_h.map_or(0.0, |value| {
        Figure::new(value, link.capacity_pcu_h_low, link.capacity_pcu_h_high).more_is_better(Case::Central)
    });
    (capacity - link.reserved_pcu_h.unwrap_or(0.0)).max(0.0)
}

impl ReservedCapacity {
    /// Nothing used yet; `share` of what there is may be, at most the share `stated` in the scenario.
    pub fn new(scenario: &Scenario, network: &Network, share: f64, stated: f64) -> Self {
        let of = |share: f64| rooms(scenario, network, share);
        let (room, stated) = (of(share), of(stated));
        Self { room, stated, used: BTreeMap::new(), entered: BTreeMap::new() }
    }

    /// Whether so much more fits in at this time: into its quarter, or, where one vehicle is more than the room of a quarter, into
    /// an empty one and the quarters after it.
    pub fn fits(&self, element: ElementIndex, t: i64, amount: f64) -> bool {
        let room = self.room[element];
        let used = |quarter: i64| self.used.get(&(element, quarter)).copied().unwrap_or(0.0);
        if amount <= room + SLACK {
            return used(t / QUARTER) + amount <= room + SLACK;
        }
        let mut parts = parts(t / QUARTER, amount, room);
        room > 0.0
            && used(t / QUARTER) == 0.0
            && parts.all(|(quarter, some)| used(quarter) + some <= room + SLACK)
    }

    /// Counts a use: a vehicle (pcu) that enters a link, or people (their number) who are received at a site, at `t`, ms. What is
    /// more than the room of its quarter takes that of the quarters after it.
    pub fn take(&mut self, element: ElementIndex, t: i64, amount: f64) {
        let room = self.room[element];
        if room.is_infinite() {
            return;
        }
        *self.entered.entry((element, t / QUARTER)).or_default() += amount;
        for (quarter, some) in parts(t / QUARTER, amount, room) {
            *self.used.entry((element, quarter)).or_default() += some;
        }
    }

    /// Four times the busiest quarter of each element: pcu/h or people/h. What one vehicle has above the share counts in the
    /// quarters after its own.
    fn rates(&self) -> HashMap<ElementIndex, f64> {
        let mut rates: HashMap<ElementIndex, f64> = HashMap::new();
        let (mut at, mut left) = (None, 0.0f64);
        for (&(element, quarter), &entered) in &self.entered {
            let room = self.stated[element];
            let since = at.filter(|&(last, _)| last == element).map(|(_, last): (_, i64)| quarter - last);
            left = entered + since.map_or(0.0, |since| (left - room * float(since)).max(0.0));
            at = Some((element, quarter));
            let rate = rates.entry(element).or_default();
            *rate = rate.max(left.min(room) * 4.0);
        }
        rates
    }

    /// Per link id, kept for the fleet, pcu/h.
    pub fn links(&self, scenario: &Scenario, network: &Network) -> HashMap<String, f64> {
        let rates = self.rates().into_iter();
        rates
            .filter_map(|(element, rate)| match network.elements[element].kind {
                ElementKind::Link(row) => Some((scenario.links[row].link_id.clone(), rate)),
                _ => None,
            })
            .collect()
    }

    /// Per site, kept of its admission, people/h.
    pub fn admissions(&self, network: &Network) -> PerSite<f64> {
        let rates = self.rates();
        network.sites.iter().map(|site| rates.get(&site.admission).copied().unwrap_or(0.0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only() -> ElementIndex {
        ElementIndex::from(0)
    }

    fn with_room(room: f64) -> ReservedCapacity {
        let room = PerElement::from(vec![room]);
        ReservedCapacity { room: room.clone(), stated: room, used: BTreeMap::new(), entered: BTreeMap::new() }
    }

    #[test]
    fn small_vehicles_share_a_quarter() {
        let mut kept = with_room(5.0);
        kept.take(only(), 0, 2.0);
        kept.take(only(), 10, 2.0);
        assert!(!kept.fits(only(), 20, 2.0));
        assert!(kept.fits(only(), 20, 1.0) && kept.fits(only(), QUARTER, 2.0));
    }

    #[test]
    fn a_large_one_takes_the_quarters_after_its_own() {
        let mut kept = with_room(20.0);
        assert!(kept.fits(only(), 0, 50.0));
        kept.take(only(), 0, 50.0);
        // 20, 20 and 10 of 50.
        assert!(!kept.fits(only(), QUARTER, 1.0));
        assert!(kept.fits(only(), 2 * QUARTER, 10.0) && !kept.fits(only(), 2 * QUARTER, 11.0));
        assert!(!kept.fits(only(), 2 * QUARTER, 50.0) && kept.fits(only(), 3 * QUARTER, 50.0));
        // Four times the busiest quarter is the share, not the vehicle.
        assert_eq!(kept.rates().get(&only()), Some(&80.0));
    }

    #[test]
    fn a_large_one_waits_for_room_after_it_too() {
        let mut kept = with_room(20.0);
        kept.take(only(), QUARTER, 15.0);
        assert!(!kept.fits(only(), 0, 30.0) && kept.fits(only(), 0, 25.0));
    }
}
