//! The sentences that stand on every output.

use clearway_model::Context;

/// What every output says about itself, one sentence each.
pub fn standing_sentences(context: Context) -> Vec<&'static str> {
    let mut sentences = vec![
        "This is a computation on the inputs given. It does not say that people should move, and it calls no place safe.",
    ];
    if context == Context::ArmedConflict {
        sentences.push("Feasible does not mean lawful, voluntary or advisable.");
    }
    sentences
}

/// What stands beside every map.
pub(crate) const MAP_DISCLAIMER: &str =
    "The boundaries and names shown do not imply endorsement or acceptance.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflict_adds_its_sentence() {
        assert_eq!(standing_sentences(Context::Disaster).len(), 1);
        assert!(standing_sentences(Context::ArmedConflict)[1].contains("lawful"));
    }
}
