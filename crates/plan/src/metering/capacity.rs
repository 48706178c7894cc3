//! What is left of the capacity of each element over time.

use clearway_flow::TimeSet;
use clearway_model::number::{self, float};
use clearway_network::{ElementIndex, Network, PerElement};

/// Less than this is no capacity left, people per ms: a person in 30 years.
const NO_RATE: f64 = 1e-12;

/// An element of a path that may be used up, and when it is entered.
#[derive(Debug, Clone, Copy)]
pub struct TimedStop {
    /// The element.
    pub element: ElementIndex,
    /// Travel time from departure to entering it, ms.
    pub after: i64,
}

/// Capacity that no order has taken yet, by element and stretch of time.
pub struct CapacityLeft<'a> {
    network: &'a Network,
    /// Length of a stretch of time, ms.
    bin: i64,
    /// How many there are.
    bins: usize,
    /// Per element, people that each stretch still takes; empty until it is asked for.
    left: PerElement<Vec<f32>>,
    /// Per element, the share of its capacity that may be given away.
    shares: PerElement<f32>,
}

impl<'a> CapacityLeft<'a> {
    /// Nothing taken, in stretches of `bin` ms up to `until` ms, of such a share of each capacity.
    pub fn new(network: &'a Network, bin: i64, until: i64, shares: PerElement<f32>) -> Self {
        let bins = usize::try_from(until / bin).unwrap_or(0) + 1;
        let left = vec![Vec::new(); network.elements.len()].into();
        Self { network, bin, bins, left, shares }
    }

    /// When it ends, ms.
    pub fn until(&self) -> i64 {
        number::length(self.bins) * self.bin
    }

    /// Makes sure that the capacity of an element is worked out.
    pub fn prepare(&mut self, element: ElementIndex) {
        if !self.left[element].is_empty() {
            return;
        }
        let mut left = vec![0.0_f32; self.bins];
        fill_open(&mut left, &self.open(element), self.bin, self.each(element));
        self.left[element] = left;
    }

    /// People per ms that can leave from `from` to `until` (ms) at a constant rate by a path with these stops, so that nobody waits; and
    /// the place of the stop that allows no more.
    pub fn rate(&self, stops: &[TimedStop], (from, until): (i64, i64), first: usize) -> (f64, usize) {
        let mut least = (f64::INFINITY, 0);
        // what stood in the way last time most likely does again
        for at in std::iter::once(first).chain(0..stops.len()) {
            let Some(stop) = stops.get(at) else { continue };
            let rate = self.rate_at(stop.element, from + stop.after, until + stop.after);
            if rate < least.0 {
                least = (rate, at);
                if rate <= NO_RATE {
                    return (0.0, at);
                }
            }
        }
        least
    }

    fn rate_at(&self, element: ElementIndex, from: i64, until: i64) -> f64 {
        let left = &self.left[element];
        let (first, last) = (self.bin_of(from), self.bin_of(until - 1));
        if last >= left.len() {
            return 0.0;
        }
        if first == last {
            return f64::from(left[first]) / float(until - from);
        }
        let head = f64::from(left[first]) / float(number::length(first + 1) * self.bin - from);
        let tail = f64::from(left[last]) / float(until - number::length(last) * self.bin);
        let inner = left[first + 1..last].iter().copied().fold(f32::INFINITY, f32::min);
        head.min(tail).min(f64::from(inner) / float(self.bin))
    }

    /// Takes people per ms from `from` to `until` (ms), or gives them back where `rate` is below 0.
    pub fn take(&mut self, stops: &[TimedStop], (from, until): (i64, i64), rate: f64) {
        for stop in stops {
            let (from, until) = (from + stop.after, until + stop.after);
            let (first, last) = (self.bin_of(from), self.bin_of(until - 1));
            let bin = self.bin;
            let left = &mut self.left[stop.element];
            let last = last.min(left.len() - 1);
            for (at, left) in left[first..=last].iter_mut().enumerate() {
                let begin = number::length(first + at) * bin;
                let part = (begin + bin).min(until) - begin.max(from);
                *left -= (rate * float(part)) as f32;
            }
        }
    }

    /// People that an element takes in each of `count` stretches of `bin` ms, were nothing taken.
    pub fn whole(&self, element: ElementIndex, bin: i64, count: usize) -> Vec<f32> {
        let mut capacity = vec![0.0; count];
        let each = f64::from(self.each(element)) * float(bin) / float(self.bin);
        fill_open(&mut capacity, &self.open(element), bin, each as f32);
        capacity
    }

    /// The share of its capacity that may be given away of an element.
    pub fn share(&self, element: ElementIndex) -> f64 {
        f64::from(self.shares[element])
    }

    /// Sets the share of its capacity that may be given away of an element.
    pub fn set_share(&mut self, element: ElementIndex, share: f64) {
        let before = self.each(element);
        self.shares[element] = share as f32;
        let less = before - self.each(element);
        let open = self.open(element);
        let mut off = vec![0.0; self.left[element].len()];
        fill_open(&mut off, &open, self.bin, less);
        for (left, off) in self.left[element].iter_mut().zip(off) {
            *left -= off;
        }
    }

    /// When an element may be entered.
    fn open(&self, element: ElementIndex) -> TimeSet {
        let data = &self.network.elements[element];
        match data.ends.node_before() {
            Some(node) => data.open.subtract(&self.network.node_closed[node]),
            None => data.open.clone(),
        }
    }

    /// People that an element takes in a stretch.
    fn each(&self, element: ElementIndex) -> f32 {
        let rate = self.network.elements[element].rate;
        let each = rate.map_or(f64::INFINITY, |rate| float(rate) / 3.6e9 * float(self.bin));
        each as f32 * self.shares[element]
    }

    fn bin_of(&self, time: i64) -> usize {
        usize::try_from(time / self.bin).unwrap_or(0)
    }
}

/// So long before something closes nobody is sent there, ms: whoever comes a little late would wait until it opens again.
const BEFORE_CLOSING: i64 = 60_000;

/// When an element may be entered with some time to spare.
fn open_in_time(network: &Network, element: ElementIndex) -> TimeSet {
    let data = &network.elements[element];
    let open = match data.ends.node_before() {
        Some(node) => data.open.subtract(&network.node_closed[node]),
        None => data.open.clone(),
    };
    let early = |&(from, until): &(i64, i64)| {
        (from, if until < network.horizon { until - BEFORE_CLOSING } else { until })
    };
    TimeSet::union(open.intervals().iter().map(early).filter(|i| i.0 < i.1).collect())
}

/// When one may leave by a path with these stops and finds everything open, ms.
pub fn open_to_leave(network: &Network, stops: &[TimedStop]) -> TimeSet {
    let mut open = TimeSet::interval(0, network.horizon);
    for stop in stops {
        let data = &network.elements[stop.element];
        let guarded = data.ends.node_before().is_some_and(|node| !network.node_closed[node].is_empty());
        if !guarded && data.open.intervals() == [(0, network.horizon)] {
            continue;
        }
        let there = open_in_time(network, stop.element);
        let back = there.intervals().iter().map(|i| (i.0 - stop.after, i.1 - stop.after)).collect();
        open = open.intersect(&TimeSet::union(back));
    }
    open
}

/// The longest part of a time that is open, in whole units from its beginning, ms.
pub fn open_part(open: &TimeSet, span: (i64, i64), unit: i64) -> Option<(i64, i64)> {
    let up = |t: i64| span.0 + (t - span.0 + unit - 1) / unit * unit;
    let down = |t: i64| span.0 + (t - span.0) / unit * unit;
    let first = open.intervals().partition_point(|i| i.1 <= span.0);
    open.intervals()[first..]
        .iter()
        .take_while(|i| i.0 < span.1)
        .map(|&(from, until)| (up(from.max(span.0)), down(until.min(span.1))))
        .filter(|part| part.0 < part.1)
        .max_by_key(|part| (part.1 - part.0, -part.0))
}

/// Stretches of time that are open from beginning to end get `each`.
fn fill_open(left: &mut [f32], open: &TimeSet, bin: i64, each: f32) {
    for &(from, until) in open.intervals() {
        let first = usize::try_from((from + bin - 1) / bin).unwrap_or(0);
        let end = usize::try_from(until / bin).unwrap_or(0).min(left.len());
        if first < end {
            left[first..end].fill(each);
        }
    }
}
