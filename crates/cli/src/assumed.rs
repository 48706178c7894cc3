//! What was assumed that could change the answer most, as a list for people.

use clearway_formats::assumptions;
use clearway_model::Scenario;
use clearway_report::assumption_words;

/// The list of a scenario; a line says so where nothing is known.
pub fn text(scenario: &Scenario) -> String {
    let rows = assumptions(scenario);
    let mut text = String::from("what could change the answer most:");
    for row in &rows {
        text.push_str(&format!("\n  {}", assumption_words(row)));
    }
    if rows.is_empty() {
        text.push_str(" nothing is listed");
    }
    text
}
