//! Whole people shared out in proportion, with an exact sum.

/// Shares `total` out in proportion to the weights by the method of the largest remainder: everyone gets the whole part
/// of their share, those with the largest remainders one more, ties to the earlier. All in whole numbers, so the sum is
/// exactly `total` and the result is the same everywhere. Equal weights where all are 0; nothing where there are none.
///
/// `apportion(10, &[1, 1, 1])` is `[4, 3, 3]`.
pub fn apportion(total: i64, weights: &[u64]) -> Vec<i64> {
    let total = u128::from(total.max(0).unsigned_abs());
    let sum: u128 = weights.iter().map(|&w| u128::from(w)).sum();
    let count = weights.len() as u128;
    let (scaled, sum): (Vec<u128>, u128) = if sum == 0 {
        (vec![1; weights.len()], count)
    } else {
        (weights.iter().map(|&w| u128::from(w)).collect(), sum)
    };
    if count == 0 {
        return Vec::new();
    }
    let mut shares: Vec<u128> = scaled.iter().map(|w| total * w / sum).collect();
    let missing = total - shares.iter().sum::<u128>();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(total * scaled[i] % sum), i));
    for &i in order.iter().take(usize::try_from(missing).unwrap_or(usize::MAX)) {
        shares[i] += 1;
    }
    shares.into_iter().map(|s| i64::try_from(s).unwrap_or(i64::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        assert_eq!(apportion(10, &[1, 1, 1]), [4, 3, 3]);
        assert_eq!(apportion(7, &[0, 0]), [4, 3]);
        assert_eq!(apportion(5, &[0, 3, 1]), [0, 4, 1]);
        assert!(apportion(5, &[]).is_empty());
    }

    proptest! {
        #[test]
        fn sums_exactly_and_within_one(total in 0i64..10_000_000, weights in prop::collection::vec(0u64..1_000_000_000, 1..300)) {
            let shares = apportion(total, &weights);
            prop_assert_eq!(shares.iter().sum::<i64>(), total);
            let sum: u64 = weights.iter().sum();
            if sum > 0 {
                for (share, weight) in shares.iter().zip(&weights) {
                    let quota = total as f64 * *weight as f64 / sum as f64;
                    prop_assert!((*share as f64 - quota).abs() < 1.0 + 1e-6);
                }
            }
        }
    }
}
