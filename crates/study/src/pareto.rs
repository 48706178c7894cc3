//! Which of several answers are not dominated: none of the others is at least as good in everything and better in something.

/// Whether each of several answers is on the Pareto front. Criteria of each, less is better; `f64::INFINITY`: never. Equal answers do not
/// dominate each other.
pub fn front(answers: &[Vec<f64>]) -> Vec<bool> {
    answers.iter().map(|one| !answers.iter().any(|other| dominates(other, one))).collect()
}

/// Whether one is at least as good in everything and better in something.
pub fn dominates(one: &[f64], other: &[f64]) -> bool {
    one.iter().zip(other).all(|(a, b)| a <= b) && one.iter().zip(other).any(|(a, b)| a < b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{below, stream};

    #[test]
    fn a_front_by_hand() {
        let answers =
            [vec![0.0, 9.0], vec![1.0, 5.0], vec![1.0, 5.0], vec![2.0, 5.0], vec![3.0, f64::INFINITY]];
        assert_eq!(front(&answers), [true, true, true, false, false]);
    }

    /// Another way: sorted by the first criterion, then the others. Whoever dominates somebody comes first there, and somebody on the front
    /// dominates whoever is not on it, so that each needs to be compared with the front so far alone.
    fn front_by_sweep(answers: &[Vec<f64>]) -> Vec<bool> {
        let mut order: Vec<usize> = (0..answers.len()).collect();
        order.sort_by(|&a, &b| answers[a].partial_cmp(&answers[b]).unwrap());
        let mut on = vec![false; answers.len()];
        let mut front: Vec<usize> = Vec::new();
        for at in order {
            on[at] = front.iter().all(|&other| {
                answers[other] == answers[at]
                    || (0..answers[at].len()).any(|c| answers[other][c] > answers[at][c])
            });
            if on[at] {
                front.push(at);
            }
        }
        on
    }

    #[test]
    fn two_ways_give_the_same_front() {
        let mut stream = stream(1, "test", "pareto");
        for _ in 0..300 {
            let answers: Vec<Vec<f64>> = (0..below(30, &mut stream) + 1)
                .map(|_| (0..3).map(|_| f64::from(u8::try_from(below(6, &mut stream)).unwrap())).collect())
                .collect();
            let found = front(&answers);
            assert_eq!(found, front_by_sweep(&answers), "{answers:?}");
            assert!(found.contains(&true));
        }
    }
}
