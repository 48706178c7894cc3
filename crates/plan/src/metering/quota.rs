//! How many people take each path where sites fill up: whole people that fit, before anybody is placed in a window.
//!
//! Placed in the order in which they arrive, the first of a zone may take the last places that others need who can go nowhere else. So the
//! linear program's shares become whole people per path first, and who is too many changes places ([`crate::fit`]).

use super::Metering;
use crate::fit::fit_people;
use crate::orders::whole_shares;
use clearway_model::number::float;
use clearway_network::{PerSite, SiteIndex};

/// A site of which the linear program fills this share is one that fills up: what is rounded may be more than it holds.
const NEARLY_FULL: f64 = 0.95;

impl Metering<'_> {
    /// Per path, how many people take it so that everybody has a place who can have one; `None` where no site fills up.
    pub(super) fn quotas(&self) -> Option<Vec<i64>> {
        let wanted: Vec<f64> = self
            .wanted
            .chunks_exact(self.windows)
            .map(|windows| windows.iter().map(|people| f64::from(*people)).sum())
            .collect();
        let mut at_site: PerSite<f64> = vec![0.0; self.network.sites.len()].into();
        for (path, people) in self.paths.iter().zip(&wanted) {
            at_site[path.site] += people;
        }
        let fills_up = |site: SiteIndex, people: f64| {
            self.network.sites[site].capacity.is_some_and(|capacity| people >= NEARLY_FULL * float(capacity))
        };
        if !at_site.iter_enumerated().any(|(site, &people)| fills_up(site, people)) {
            return None;
        }
        let mut quotas = vec![0; self.paths.len()];
        for (zone, paths) in self.of_zone.iter_enumerated() {
            for (&path, people) in paths.iter().zip(shared_out(self.people[zone], paths, &wanted)) {
                quotas[path] = people;
            }
        }
        let site_of: Vec<SiteIndex> = self.paths.iter().map(|path| path.site).collect();
        // who goes by one path of a zone may go by any other of it
        let group: Vec<usize> = self.paths.iter().map(|path| self.of_zone[path.zone][0]).collect();
        fit_people(self.network, &mut quotas, &site_of, &group);
        Some(quotas)
    }
}

/// People of a zone, whole, on its paths as wanted; alike where nothing is wanted.
fn shared_out(people: i64, paths: &[usize], wanted: &[f64]) -> Vec<i64> {
    let weights: Vec<f64> = paths.iter().map(|&path| wanted[path].max(0.0)).collect();
    if weights.iter().sum::<f64>() > 0.0 {
        whole_shares(&weights, people)
    } else {
        whole_shares(&vec![1.0; paths.len()], people)
    }
}
