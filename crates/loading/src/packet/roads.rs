//! The network as a loading with packets needs it.

use crate::marginal::PathJunctions;
use clearway_flow::TimeSet;
use clearway_model::Cancel;
use clearway_model::number::{float, truncated};
use clearway_network::search::next_entry;
use clearway_network::{ElementIndex, Network, NodeIndex, PerElement};

/// The network as the fast replay needs it.
#[derive(Debug)]
pub struct PreparedRoads<'a> {
    /// The network that was prepared.
    pub network: &'a Network,
    /// ms that one person needs to enter; 0 if unlimited.
    pub(super) per_person: PerElement<f64>,
    /// Whether it may be entered up to the horizon without a break.
    pub(super) always: PerElement<bool>,
    /// Whether the node before it is ever closed to presence.
    pub(super) guarded: PerElement<bool>,
    /// When an element closes for good, ms; `None` where it is open to the end.
    pub(super) shuts: PerElement<Option<i64>>,
    /// Length of the stretches of time in which packets are taken as they come, ms.
    pub(super) bucket: i64,
    /// What is lost at a closing, ms: half a packet more or less gets in before it, of packets on average half a one less.
    lost: PerElement<i64>,
    /// Places where paths meet, for the search along marginal costs.
    pub junctions: PathJunctions,
    /// Once it is asked for, runs break off: what they give then is of no use.
    pub cancel: Cancel,
}

impl<'a> PreparedRoads<'a> {
    /// Prepares a network: what the search asks of each element again and again.
    pub fn new(network: &'a Network) -> Self {
        let elements = &network.elements;
        let per_person = elements.iter().map(|e| e.rate.map_or(0.0, |r| 3.6e9 / float(r.max(1)))).collect();
        let always = elements.iter().map(|e| e.open.intervals() == [(0, network.horizon)]).collect();
        let is_guarded = |node: NodeIndex| !network.node_closed[node].is_empty();
        let guarded = elements.iter().map(|e| e.ends.node_before().is_some_and(is_guarded)).collect();
        let shut = |open: &TimeSet| open.intervals().last().map_or(0, |i| i.1);
        let shuts = elements.iter().map(|e| Some(shut(&e.open)).filter(|t| *t < network.horizon)).collect();
        let lost = vec![0; elements.len()].into();
        let bucket = (network.horizon / 100_000).max(2000);
        let (junctions, cancel) = (PathJunctions::new(network), Cancel::default());
        Self { network, per_person, always, guarded, shuts, bucket, lost, junctions, cancel }
    }

    /// With a wish to look at.
    pub fn with_cancel(self, cancel: Cancel) -> Self {
        Self { cancel, ..self }
    }

    /// People per ms; infinite if unlimited.
    #[inline]
    pub(super) fn rate(&self, element: ElementIndex) -> f64 {
        let per_person = self.per_person[element];
        if per_person > 0.0 { 1.0 / per_person } else { f64::INFINITY }
    }

    /// Whether a hazard takes the element's node while somebody waits there from `arrive` to `t`, and until when nobody can be
    /// there then, ms.
    #[inline]
    pub fn overtaken_until(&self, element: ElementIndex, arrive: i64, t: i64) -> Option<i64> {
        if !self.guarded[element] {
            return None;
        }
        // Who enters in the moment in which the closure begins is just gone.
        self.network.closure_in_wait(element, arrive, t - 1).map(|closure| closure.1)
    }

    /// The same roads for people who move in packets: one that is not through when its road closes waits for the next opening.
    pub fn with_packets(self, people: i64) -> Self {
        let lost = self.per_person.iter().map(|each| truncated(each * float(people) / 2.0)).collect();
        Self { lost, ..self }
    }

    /// When the middle of a packet enters an element at or after `t`; `half` is the time that half of it takes. `None`: never again.
    #[inline]
    pub(super) fn enter(&self, element: ElementIndex, t: i64, half: i64) -> Option<i64> {
        if self.always[element] {
            return (t < self.network.horizon).then_some(t);
        }
        let open = &self.network.elements[element].open;
        // Whoever waits for the opening enters after it, all of them.
        open.ending_after(t + self.lost[element]).map(|(from, _)| if from > t { from + half } else { t })
    }

    /// When an element may be entered at or after `t`; `None`: never again.
    pub fn next_open(&self, element: ElementIndex, t: i64) -> Option<i64> {
        if self.always[element] {
            return (t < self.network.horizon).then_some(t);
        }
        next_entry(&self.network.elements[element].open, t)
    }
}
