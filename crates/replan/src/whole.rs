//! Sharing out whole people.

use clearway_model::number::{float, floor};

/// Shares out `people` in proportion to weights, by largest remainders; of equal remainders the first. All 0 where no weight is above 0.
pub(crate) fn share_out(people: i64, weights: &[f64]) -> Vec<i64> {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 || people <= 0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<f64> = weights.iter().map(|weight| weight / total * float(people)).collect();
    let mut whole: Vec<i64> = exact.iter().map(|&share| floor(share)).collect();
    let mut order: Vec<usize> = (0..weights.len()).filter(|&at| weights[at] > 0.0).collect();
    order.sort_by(|&a, &b| {
        let remainder = |at: usize| exact[at] - exact[at].floor();
        remainder(b).total_cmp(&remainder(a)).then(a.cmp(&b))
    });
    let mut rest = people - whole.iter().sum::<i64>();
    for at in order.into_iter().cycle() {
        if rest <= 0 {
            break;
        }
        whole[at] += 1;
        rest -= 1;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::share_out;

    #[test]
    fn everybody_is_shared_out_and_nobody_goes_where_nothing_weighs() {
        assert_eq!(share_out(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
        assert_eq!(share_out(7, &[0.0, 2.0, 5.0]), [0, 2, 5]);
        assert_eq!(share_out(5, &[0.0, 0.0]), [0, 0]);
        assert_eq!(share_out(0, &[1.0]), [0]);
    }
}
