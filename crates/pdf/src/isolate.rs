//! Names in a text of the other direction. A browser keeps apart what stands in `bdi`; in plain text marks do (Unicode Standard Annex 9).

/// First-strong isolate.
const NAME: char = '\u{2068}';
/// Left-to-right isolate.
const CODE: char = '\u{2066}';
/// Pop directional isolate.
const END: char = '\u{2069}';

/// Letters that are written from right to left: Hebrew to Arabic Extended-A, and the forms for presentation.
pub(crate) fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

/// The marks around a name; `None` where the text around it does not change its order, so that most names carry none.
pub(crate) fn around_name(text: &str, is_rtl_page: bool) -> Option<[String; 2]> {
    around(NAME, text, is_rtl_page)
}

/// The marks around a command or the name of a file, which are always read from left to right.
pub(crate) fn around_code(text: &str, is_rtl_page: bool) -> Option<[String; 2]> {
    around(CODE, text, is_rtl_page)
}

fn around(begin: char, text: &str, is_rtl_page: bool) -> Option<[String; 2]> {
    let is_at_home = if is_rtl_page {
        text.chars().all(|c| is_right_to_left(c) || c == ' ')
    } else {
        !text.chars().any(is_right_to_left)
    };
    (!is_at_home).then(|| [begin.to_string(), END.to_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_where_directions_meet() {
        assert_eq!(around_name("Kallio", false), None);
        assert_eq!(around_name("حي الزيتون", true), None);
        for (text, is_rtl) in [("Kallio", true), ("12", true), ("حي 7", true), ("حي", false)] {
            assert_eq!(around_name(text, is_rtl), Some(["\u{2068}".to_owned(), "\u{2069}".to_owned()]));
        }
    }
}
