//! The known name that a misspelt one probably means.

/// The name of `known` nearest to `name`: equal but for case, spaces and hyphens, or at most two letters off (one for
/// short names). Ties go to the first.
pub fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let plain = plain(name);
    // in a short name two other letters are another name
    let limit = if plain.chars().count() <= 4 { 1 } else { 2 };
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let distance = distance(&plain, &self::plain(candidate));
        if distance <= limit && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

/// Levenshtein distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_names_are_recognised_and_other_names_are_not() {
        let known = ["people", "stay_people", "zone_id"];
        assert_eq!(nearest("Zone ID", known), Some("zone_id"));
        assert_eq!(nearest("stay_peopel", known), Some("stay_people"));
        assert_eq!(nearest("population", known), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
