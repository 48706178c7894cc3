//! Values that hold at times or on conditions: `no @ (Mo-Fr 07:00-09:00); destination @ (weight>7.5)`.

/// The values of a conditional tag that ordinary cars may meet. What holds only for heavy, long or high vehicles, or for vehicles that
/// are named, is left out.
pub(crate) fn values_for_cars(text: &str) -> Vec<&str> {
    pieces(text)
        .into_iter()
        .filter_map(|piece| {
            let (value, condition) = piece.split_once('@').unwrap_or((piece, ""));
            concerns_cars(condition).then_some(value.trim())
        })
        .filter(|value| !value.is_empty())
        .collect()
}

/// Parts between semicolons, those inside brackets aside (`no @ (Sa 08:00-12:00; Su)`).
fn pieces(text: &str) -> Vec<&str> {
    let (mut found, mut begin, mut depth) = (Vec::new(), 0, 0i32);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ';' if depth <= 0 => {
                found.push(text[begin..at].trim());
                begin = at + 1;
            }
            _ => {}
        }
    }
    found.push(text[begin..].trim());
    found
}

fn concerns_cars(condition: &str) -> bool {
    let condition = condition.to_ascii_lowercase();
    let names_others =
        ["hgv", "goods", "trailer", "caravan", "bus", "coach", "motorcycle", "moped", "bicycle", "tractor"]
            .iter()
            .any(|other| condition.contains(other));
    // Only what is larger than a car is above such a figure.
    let above = condition.contains('>')
        && ["weight", "axle", "mass", "length", "height", "width"]
            .iter()
            .any(|figure| condition.contains(figure));
    !names_others && !above
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_for_other_vehicles_are_left_out() {
        assert_eq!(values_for_cars("no @ (May-Oct)"), ["no"]);
        assert_eq!(values_for_cars("100 @ (20:00-06:00); 60 @ wet"), ["100", "60"]);
        assert_eq!(values_for_cars("no @ (Sa 08:00-12:00; Su); yes @ (Mo)"), ["no", "yes"]);
        assert_eq!(values_for_cars("no @ (weight>7.5)"), [""; 0]);
        assert_eq!(values_for_cars("80 @ (hgv); no @ (weight > 3.5 AND Mo-Fr)"), [""; 0]);
        assert_eq!(values_for_cars("yes @ (weight<3.5)"), ["yes"]);
        assert_eq!(values_for_cars("no"), ["no"]);
        assert_eq!(values_for_cars(";; @ (x"), [""; 0]);
    }
}
