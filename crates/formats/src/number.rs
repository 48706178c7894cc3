//! Numbers as the report writes them.

use clearway_model::number::count;

/// Whole numbers with commas between thousands; fractions with four figures that count.
pub fn short(value: f64) -> String {
    if !value.is_finite() {
        return if value > 0.0 { "without limit".to_owned() } else { "none".to_owned() };
    }
    if value.abs() >= 1000.0 || value == value.round() {
        return grouped(value);
    }
    // at most eight decimals: beyond that there is only noise of floating point
    let digits = count(3.0 - value.abs().log10().floor()).min(8);
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 && digits != "0" { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn numbers_read_well() {
        let shown: Vec<String> = [1_400_000.0, 0.342_857, 30.0, 12.345_6, -2500.0, 0.0].map(short).into();
        assert_eq!(shown, ["1,400,000", "0.3429", "30", "12.35", "-2,500", "0"]);
        assert_eq!(short(f64::INFINITY), "without limit");
    }
}
