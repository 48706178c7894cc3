//! Chance: one stream of random numbers for each kind of event and each thing that it happens to, in each member of an ensemble.
//!
//! A stream depends on the seed, the number of the member, the kind and the id alone. So a member can be drawn again without the others,
//! and what is changed for one road or one order leaves the luck of all others as it is: two plans that are compared meet the same luck.

use clearway_model::number::float;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// Which member of which ensemble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberSeed {
    /// Seed of the ensemble.
    pub seed: u64,
    /// Number of the member, from 0.
    pub member: u32,
}

/// Random numbers of one kind of event for one thing.
pub struct Stream(ChaCha8Rng);

impl MemberSeed {
    /// The stream of a kind of event and the id of what it happens to.
    pub fn stream(self, kind: &str, id: &str) -> Stream {
        let text = format!("clearway-member/1\n{}\n{}\n{kind}\n{id}", self.seed, self.member);
        Stream(ChaCha8Rng::from_seed(Sha256::digest(text.as_bytes()).into()))
    }
}

impl Stream {
    /// Uniform, 0 included, 1 excluded; 53 bits.
    pub fn uniform(&mut self) -> f64 {
        let bits = i64::try_from(self.0.next_u64() >> 11).unwrap_or(0);
        float(bits) / float(1i64 << 53)
    }

    /// Exponential with a mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.uniform()).ln()
    }

    /// Triangular: from `low` to `high`, most often near `value` (inverse of its distribution function).
    pub fn triangular(&mut self, low: f64, value: f64, high: f64) -> f64 {
        triangular_quantile(self.uniform(), low, value, high)
    }

    /// A number of events of which `mean` are expected: a Poisson process counted to its end.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let (mut count, mut passed) = (0, self.exponential(1.0));
        while passed < mean {
            count += 1;
            passed += self.exponential(1.0);
        }
        count
    }
}

/// The value that a share `u` of all draws from a triangular distribution stays below.
pub fn triangular_quantile(u: f64, low: f64, value: f64, high: f64) -> f64 {
    let span = high - low;
    if span <= 0.0 {
        return value;
    }
    let below = (value - low) / span;
    if u < below {
        low + (u * span * (value - low)).sqrt()
    } else {
        high - ((1.0 - u) * span * (high - value)).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBER: MemberSeed = MemberSeed { seed: 1, member: 7 };

    #[test]
    fn streams_are_their_own() {
        let first = |member: MemberSeed, kind, id| member.stream(kind, id).uniform();
        let one = first(MEMBER, "route", "4");
        assert_eq!(one, first(MEMBER, "route", "4"));
        let others = [
            first(MemberSeed { member: 8, ..MEMBER }, "route", "4"),
            first(MemberSeed { seed: 2, ..MEMBER }, "route", "4"),
            first(MEMBER, "late", "4"),
            first(MEMBER, "route", "5"),
        ];
        assert!(others.iter().all(|&other| other != one));
    }

    #[test]
    fn draws_have_their_means() {
        let mut stream = MEMBER.stream("test", "");
        let n = 20_000;
        let mut mean = |draw: &mut dyn FnMut(&mut Stream) -> f64| {
            (0..n).map(|_| draw(&mut stream)).sum::<f64>() / f64::from(n)
        };
        // five standard errors of each
        assert!((mean(&mut |s| s.uniform()) - 0.5).abs() < 0.0103);
        assert!((mean(&mut |s| s.exponential(3.0)) - 3.0).abs() < 0.107);
        assert!((mean(&mut |s| s.triangular(0.0, 1.0, 5.0)) - 2.0).abs() < 0.039);
        assert!((mean(&mut |s| f64::from(s.poisson(2.5))) - 2.5).abs() < 0.056);
    }

    #[test]
    fn quantiles_of_a_triangle() {
        // half of a triangle 0, 1, 2 lies below 1, an eighth below 0.5
        let quantile = |u| triangular_quantile(u, 0.0, 1.0, 2.0);
        assert_eq!([quantile(0.0), quantile(0.125), quantile(0.5)], [0.0, 0.5, 1.0]);
        assert_eq!(triangular_quantile(0.3, 4.0, 4.0, 4.0), 4.0);
        assert_eq!(triangular_quantile(1.0, 1.0, 2.0, 3.0), 3.0);
    }
}
