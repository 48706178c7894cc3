//! What becomes of a plan when one road or one site is lost, and those who wanted to go there find their own way (N-1).

use super::MemberMaker;
use crate::simulation::{Progress, Roads, Simulation, SimulationError};
use crate::streets::Streets;
use crate::traffic::{Passage, Vehicle, Watch};
use crate::trips::Trips;
use crate::ways::{Rest, rests_without, way};
use clearway_model::number::{compact, index, length};
use clearway_network::{ElementIndex, ElementKind, Network, PerElement, SiteIndex};
use std::collections::{BTreeMap, BTreeSet};

/// A road or site that is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LostPlace {
    /// Its street: a link, or the admission of a site.
    pub street: u32,
    /// People who would pass it as ordered.
    pub people: i64,
}

/// Hears when vehicles enter some streets, and passes all on.
struct Passes<'a, W> {
    /// By street, (vehicle, when its last person enters, µs).
    of: BTreeMap<u32, BTreeMap<u32, i64>>,
    watch: &'a mut W,
}

impl<W: Watch> Watch for Passes<'_, W> {
    fn entered(&mut self, passage: Passage, time_us: i64) {
        if let Some(vehicles) = self.of.get_mut(&passage.street) {
            vehicles.insert(passage.vehicle, time_us);
        }
        self.watch.entered(passage, time_us);
    }

    fn left(&mut self, passage: Passage, time_us: i64, waited_us: i64) {
        self.watch.left(passage, time_us, waited_us);
    }

    fn goes_on(&mut self, time_us: i64) -> bool {
        self.watch.goes_on(time_us)
    }
}

impl MemberMaker<'_> {
    /// The links that most people pass as ordered, of links that the same routes pass one, and all sites that somebody goes to; most people
    /// first. At most `links` links.
    pub fn most_used(&self, links: usize) -> Vec<LostPlace> {
        let simulation = self.as_ordered();
        let network = &self.ways.network;
        let mut routes: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (path, streets) in (0u32..).zip(&simulation.trips.paths) {
            for &street in streets {
                routes.entry(street).or_default().push(path);
            }
        }
        let mut places: Vec<LostPlace> = (0..)
            .zip(&simulation.traffic)
            .filter(|(_, traffic)| traffic.people > 0)
            .map(|(street, traffic)| LostPlace { street, people: traffic.people })
            .collect();
        places.sort_by_key(|place| (-place.people, place.street));
        let (mut seen, mut left) = (BTreeSet::new(), links);
        places.retain(|place| {
            match network.elements[simulation.streets.elements[index(place.street)]].kind {
                ElementKind::Link(_) if left > 0 && seen.insert(routes.get(&place.street).cloned()) => {
                    left -= 1;
                    true
                }
                ElementKind::Admission(_) => network.sites.len() > 1,
                ElementKind::Link(_) | ElementKind::Connector(_) => false,
            }
        });
        places
    }

    /// Simulates the plan without each of some places in turn, which are lost from `from_us` on. Who would have been there before passes. Who
    /// leaves later goes by the fastest way on empty roads that avoids it, to the same site where that can be, else to the nearest; who is
    /// on the way turns off where the lost road begins, in the same manner. Who has no way stands there.
    ///
    /// # Errors
    /// As [`crate::simulation::simulated`].
    pub fn without_each(
        &self,
        places: &[LostPlace],
        from_us: i64,
        goes_on: &mut dyn FnMut(f64) -> bool,
    ) -> Result<Vec<Simulation>, SimulationError> {
        let all = clearway_model::number::float(length(places.len()) + 1);
        let passes = if from_us > 0 {
            self.passes(places, &mut |share| goes_on(share / all))?
        } else {
            BTreeMap::new()
        };
        let nobody = BTreeMap::new();
        let mut simulations = Vec::new();
        for (done, place) in places.iter().enumerate() {
            let mut roads = self.roads()?;
            let passed = passes.get(&place.street).unwrap_or(&nobody);
            let trips = self.around(place.street, from_us, passed);
            close(&mut roads.streets, place.street, from_us);
            let done = clearway_model::number::float(done + 1);
            simulations.push(roads.simulated(trips, None, &mut |share| goes_on((done + share) / all))?);
        }
        Ok(simulations)
    }

    /// When which vehicles pass some places as ordered.
    fn passes(
        &self,
        places: &[LostPlace],
        goes_on: &mut dyn FnMut(f64) -> bool,
    ) -> Result<BTreeMap<u32, BTreeMap<u32, i64>>, SimulationError> {
        let roads = self.roads()?;
        let mut progress = Progress { end_us: roads.end_us(), recorder: None, goes_on };
        let of = places.iter().map(|place| (place.street, BTreeMap::new())).collect();
        let mut watch = Passes { of, watch: &mut progress };
        roads.watched(self.as_ordered().trips.clone(), &mut watch)?;
        Ok(watch.of)
    }

    fn roads(&self) -> Result<Roads, SimulationError> {
        Roads::new(&self.scenario, self.plan.case, self.queues)
    }

    /// The trips, with other paths for those who would be at the lost street from that time on.
    fn around(&self, lost: u32, from_us: i64, passed: &BTreeMap<u32, i64>) -> Trips {
        let (network, streets) = (&self.ways.network, &self.ways.streets);
        let mut trips = self.as_ordered().trips.clone();
        let mut detours = Detours::new(network, streets, lost);
        let mut own: BTreeMap<(u32, bool), Option<u32>> = BTreeMap::new();
        let mut vehicles: Vec<Vehicle> = std::mem::take(&mut trips.vehicles);
        for (number, vehicle) in (0u32..).zip(&mut vehicles) {
            let path = &trips.paths[index(vehicle.path)];
            let Some(at) = path.iter().position(|&street| street == lost) else { continue };
            if passed.get(&number).is_some_and(|&time_us| time_us < from_us) {
                continue;
            }
            // a connector leads to its site alone: before a site that is lost people turn off on the street before that
            let is_site = matches!(network.elements[detours.lost].kind, ElementKind::Admission(_));
            let turn_off = if is_site { at.saturating_sub(1) } else { at };
            let from_home = vehicle.last_us >= from_us || turn_off == 0;
            let key = (vehicle.path, from_home);
            let other = match own.get(&key) {
                Some(&known) => known,
                None => {
                    let found =
                        detours.around(&path[..if from_home { 1 } else { turn_off }], path.last().copied());
                    let found = found.map(|found| {
                        trips.paths.push(found);
                        compact(trips.paths.len() - 1)
                    });
                    own.insert(key, found);
                    found
                }
            };
            vehicle.path = other.unwrap_or(vehicle.path);
        }
        Trips::of_evacuees(trips.paths, vehicles)
    }
}

/// Ways around a street that is lost, or jammed.
pub(super) struct Detours<'a> {
    network: &'a Network,
    streets: &'a Streets,
    lost: ElementIndex,
    to_site: BTreeMap<SiteIndex, PerElement<Option<Rest>>>,
    to_nearest: PerElement<Option<Rest>>,
}

impl<'a> Detours<'a> {
    pub fn new(network: &'a Network, streets: &'a Streets, lost: u32) -> Self {
        let lost = streets.elements[index(lost)];
        let to_nearest = rests_without(network, network.sites.keys(), Some(lost));
        Self { network, streets, lost, to_site: BTreeMap::new(), to_nearest }
    }

    /// A path that begins as `begin` and goes on to the site into which `admission` leads, else to the nearest.
    pub fn around(&mut self, begin: &[u32], admission: Option<u32>) -> Option<Vec<u32>> {
        let (&last, before) = begin.split_last()?;
        let from = self.streets.elements[index(last)];
        let site = self.network.site_of(self.streets.elements[index(admission?)])?;
        let (network, lost) = (self.network, self.lost);
        let rest = self
            .to_site
            .entry(site)
            .or_insert_with(|| rests_without(network, std::iter::once(site), Some(lost)));
        let onward = way(network, self.streets, rest, from)
            .or_else(|| way(network, self.streets, &self.to_nearest, from))?;
        Some(before.iter().copied().chain(onward).collect())
    }
}

/// Nobody enters a street any more from that time on.
fn close(streets: &mut Streets, street: u32, from_us: i64) {
    let model = &mut streets.streets[index(street)];
    model.open_us.retain(|&(from, _)| from < from_us);
    if let Some(last) = model.open_us.last_mut() {
        last.1 = last.1.min(from_us);
    }
    model.rates.truncate(model.open_us.len());
}
