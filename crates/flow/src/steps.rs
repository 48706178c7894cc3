//! Which step of thresholds is tried next in a descent.

/// The steps of a descent, from coarse ones to fine ones, each later and earlier until neither helps.
#[derive(Debug, Clone)]
pub(crate) struct DescentSteps {
    /// Length of a step, ms.
    step: i64,
    /// The last one, ms.
    finest: i64,
    /// Steps of this length that were tried.
    turn: u32,
    /// How many of the last ones did not help.
    failed: u32,
    /// The value when steps of this length began, and when the last pair of them did; `None`: infinite.
    begun: Option<i128>,
    before: Option<i128>,
    value: Option<i128>,
    is_over: bool,
}

/// Steps of one length at the most.
const MOST_TURNS: u32 = 12;

impl DescentSteps {
    /// Steps of `from` ms down to `to` ms, each a third of the one before, a ninth where that one did nothing; `value` is the value
    /// that they begin with.
    pub fn new(value: Option<i128>, from: i64, to: i64) -> Self {
        let finest = to.max(1);
        Self {
            step: from.max(finest),
            finest,
            turn: 0,
            failed: 0,
            begun: value,
            before: value,
            value,
            is_over: false,
        }
    }

    /// The value by now; `None`: infinite.
    pub fn value(&self) -> Option<i128> {
        self.value
    }

    /// By how much thresholds are to be tried later, ms; `None`: it is over.
    pub fn next(&self) -> Option<i64> {
        let by = if self.turn.is_multiple_of(2) { self.step } else { -self.step };
        (!self.is_over).then_some(by)
    }

    /// The next `most` steps as long as none of them helps, ms.
    pub fn if_none_helps(&self, most: usize) -> Vec<i64> {
        let mut ahead = self.clone();
        let next = std::iter::from_fn(|| {
            let by = ahead.next()?;
            ahead.done(None);
            Some(by)
        });
        next.take(most).collect()
    }

    /// The next step was tried; `better` is the value that it led to, if that is a lower one.
    pub fn done(&mut self, better: Option<i128>) {
        self.failed = if better.is_some() { 0 } else { self.failed + 1 };
        self.value = better.or(self.value);
        // Neither later nor earlier helps.
        let mut is_done = self.failed == 2;
        // A coarse descent is over when it gains next to nothing: a person in a million.
        if !is_done && self.turn % 2 == 1 {
            let gained = self.before.zip(self.value).map(|(before, now)| before - now);
            is_done =
                self.finest > 1 && gained.is_some_and(|gained| gained <= self.value.unwrap_or(0) / 1_000_000);
            self.before = self.value;
        }
        self.turn += 1;
        if is_done || self.turn == MOST_TURNS {
            self.shorten();
        }
    }

    fn shorten(&mut self) {
        self.is_over = self.step <= self.finest;
        // Where a step does nothing, one a little shorter rarely does.
        let part = if self.value == self.begun { 9 } else { 3 };
        self.step = (self.step / part).max(self.finest);
        (self.turn, self.failed) = (0, 0);
        (self.begun, self.before) = (self.value, self.value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_do_nothing_come_in_pairs_and_shrink_to_the_finest() {
        let steps = DescentSteps::new(Some(100), 90, 2);
        assert_eq!(steps.if_none_helps(20), [90, -90, 10, -10, 2, -2]);
        assert_eq!(DescentSteps::new(None, 0, 0).if_none_helps(9), [1, -1]);
    }

    #[test]
    fn a_step_that_helps_is_tried_again_and_the_next_is_a_third() {
        let mut steps = DescentSteps::new(Some(1000), 9, 1);
        let mut tried = Vec::new();
        // The first two help, then none does.
        for better in [Some(900), Some(800)].into_iter().chain(std::iter::repeat(None)) {
            let Some(by) = steps.next() else { break };
            tried.push(by);
            steps.done(better);
        }
        assert_eq!(tried, [9, -9, 9, -9, 3, -3, 1, -1]);
        assert_eq!(steps.value(), Some(800));
    }

    #[test]
    fn a_coarse_descent_ends_where_it_gains_next_to_nothing_and_none_takes_more_than_twelve_steps() {
        let mut coarse = DescentSteps::new(Some(10_000_000), 5, 5);
        coarse.done(Some(9_999_999));
        coarse.done(None);
        assert_eq!(coarse.next(), None);
        let mut fine = DescentSteps::new(Some(10_000_000), 1, 1);
        for turn in 1..=12 {
            assert!(fine.next().is_some(), "{turn}");
            fine.done(Some(10_000_000 - turn));
        }
        assert_eq!(fine.next(), None);
    }
}
