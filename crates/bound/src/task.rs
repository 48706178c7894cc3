//! A family whose bound is about to be computed: what does not depend on how finely, so that it can be worked out while that is found.

use crate::certify::{BoundFineness, CertifiedBound, Tick, as_written};
use clearway_flow::{BoundCurve, BoundOptions, BoundSearch, ReducedProblem, latest_unsplittable};
use clearway_network::{FlowPlaces, Network};
use std::sync::Arc;

/// A family of plans whose bound is to be computed.
#[derive(Debug)]
pub struct BoundTask {
    network: Arc<Network>,
    routes_per_zone: Option<u32>,
    places: Arc<FlowPlaces>,
    reduced: ReducedProblem,
}

impl BoundTask {
    /// Makes the flow problem of a network; `routes_per_zone` as in [`CertifiedBound`].
    pub fn new(network: impl Into<Arc<Network>>, routes_per_zone: Option<u32>) -> Self {
        let network = network.into();
        let places = network.flow_problem(routes_per_zone);
        let reduced = ReducedProblem::new(&places.problem, &places.free);
        Self { network, routes_per_zone, places: Arc::new(places), reduced }
    }

    /// The search for its cuts.
    pub fn search(&self) -> BoundSearch<'_> {
        BoundSearch::new(&self.places.problem, &self.reduced)
    }

    /// How finely to compute, from a coarse look at how long the movement takes.
    pub fn fineness(&self, search: &BoundSearch<'_>) -> BoundFineness {
        BoundFineness::of(&self.places.problem, search.duration())
    }

    /// What a search is to be told.
    pub fn options(&self, fineness: BoundFineness) -> BoundOptions {
        let BoundFineness { every, long, .. } = fineness;
        BoundOptions { every, long: Some(long), free: self.places.free.clone() }
    }

    /// Computes the bound.
    pub fn bound(self, fineness: BoundFineness, tick: Tick<'_>) -> CertifiedBound {
        let curve = self.search().curve(&self.options(fineness), None, tick);
        self.certified(curve, tick)
    }

    /// The bound of the cuts that the search has found; with one route per zone, why unsplittable zones do not fit as well.
    pub fn certified(&self, mut curve: BoundCurve, tick: Tick<'_>) -> CertifiedBound {
        let (network, places) = (Arc::clone(&self.network), Arc::clone(&self.places));
        let routes_per_zone = self.routes_per_zone;
        as_written(&places, &mut curve);
        let whole = match (routes_per_zone, curve.t100) {
            (Some(1), Some(t100)) if !curve.interrupted => {
                latest_unsplittable(&network.flow_problem(None).problem, t100, tick)
            }
            _ => None,
        };
        CertifiedBound { case: network.case, routes_per_zone, network, places, curve, whole }
    }
}
