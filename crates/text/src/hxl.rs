//! HXL tag rows: a second row of a table that holds hashtags such as `#geo+lat` (hxlstandard.org).

/// Whether a row holds nothing but HXL tags and empty cells, and at least one tag. A row whose first cell only begins with `#`, such
/// as `#1,Hall,900`, is a row like any other.
pub fn is_hxl_row<'c>(cells: impl IntoIterator<Item = &'c str>) -> bool {
    let mut tags = 0;
    for cell in cells.into_iter().map(str::trim).filter(|cell| !cell.is_empty()) {
        if !is_tag(cell) {
            return false;
        }
        tags += 1;
    }
    tags > 0
}

/// `#`, a letter and letters, digits or `_`; then attributes of the same form after `+`.
fn is_tag(cell: &str) -> bool {
    let Some(rest) = cell.strip_prefix('#') else { return false };
    rest.split('+').map(str::trim).all(|name| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::is_hxl_row;

    #[test]
    fn tags_are_told_from_figures() {
        assert!(is_hxl_row(["#adm1+name", "", "#population +total+f", " #geo+lon "]));
        for row in [
            &["#1", "Hall", "24.9", "60.2", "900"][..],
            &["#1", "#2", "#3"],
            &["#adm1", "#population", "900"],
            &["", ""],
            &["#"],
            &["#a b"],
        ] {
            assert!(!is_hxl_row(row.iter().copied()), "{row:?}");
        }
    }
}
