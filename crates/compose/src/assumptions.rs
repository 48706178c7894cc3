//! What was assumed that could change the answer most: the rows of `assumptions.csv`.
//!
//! Only what the tables do not show by themselves. People without a way and places for them are counted from the tables
//! whenever they are read.

use crate::exits::ExitKind;
use crate::report::ComposeReport;
use clearway_model::AssumptionRow;
use std::collections::BTreeMap;

/// What the list is made from.
pub(crate) struct AssumptionBasis<'a> {
    pub(crate) report: &'a ComposeReport,
    /// The exits in use, by what makes them exits: those that only the map shows are an assumption.
    pub(crate) exits: &'a BTreeMap<ExitKind, usize>,
    /// Hazards that close nothing.
    pub(crate) idle_hazards: usize,
    /// Ferries near the area.
    pub(crate) ferries: &'a [String],
    /// Roads left out by access.
    pub(crate) left_out: &'a BTreeMap<String, u64>,
}

/// Most names in one row.
const NAMED: usize = 8;

/// The rows, in a fixed order.
pub(crate) fn assumptions(made: &AssumptionBasis<'_>) -> Vec<AssumptionRow> {
    let mut rows = Vec::new();
    let mut add = |kind: &str, count: usize, unit: &str, text: String| {
        if count > 0 {
            rows.push(AssumptionRow {
                kind: kind.to_owned(),
                text,
                count: i64::try_from(count).ok(),
                unit: unit.to_owned(),
            });
        }
    };
    for (&kind, &count) in made.exits {
        let text = match kind {
            ExitKind::Leaves => {
                "where a road leaves the area and goes on: everybody who gets there has arrived"
            }
            ExitKind::MapEdge => "where the map cuts a road: the road is taken to go on, without limit",
            ExitKind::Confirmed => "given as exits: everybody who gets there has arrived",
            ExitKind::Proposed => continue,
        };
        add("exits", count, "exits", text.to_owned());
    }
    let report = made.report;
    add(
        "exits_proposed",
        report.proposed_exits.len(),
        "places",
        "like ways out, not used until somebody confirms them: exits.csv, --exits".to_owned(),
    );
    let farthest = |of_sites: bool| {
        let joins = report.far_joins.iter().filter(move |far| far.people.is_none() == of_sites);
        joins.map(|far| far.distance_m).fold(0.0, f64::max)
    };
    let people: i64 = report.far_joins.iter().filter_map(|far| far.people).sum();
    add(
        "joined_far",
        usize::try_from(people).unwrap_or(0),
        "people",
        format!(
            "more than 200 m from their road, up to {:.0} m: nothing impassable is assumed to lie between",
            farthest(false)
        ),
    );
    add(
        "joined_far",
        report.far_joins.iter().filter(|far| far.people.is_none()).count(),
        "sites",
        format!(
            "more than 200 m from their road, up to {:.0} m: nothing impassable is assumed to lie between",
            farthest(true)
        ),
    );
    let left_out: u64 = made.left_out.values().sum();
    let tags: Vec<String> = made.left_out.iter().map(|(tag, count)| format!("{count} {tag}")).collect();
    add(
        "access",
        usize::try_from(left_out).unwrap_or(usize::MAX),
        "roads",
        format!(
            "of the whole map left out, closed to the public ({}); --private-roads residents opens private ones for who lives there",
            some(&tags)
        ),
    );
    add(
        "ferries",
        made.ferries.len(),
        "ferries",
        format!("at the area, not used: nobody is carried by {}", some(made.ferries)),
    );
    add(
        "over_water",
        report.links_over_water,
        "links",
        "on bridges or in tunnels of the flood: open while their ends are; how high a deck is, and whether a tunnel fills, is not known"
            .to_owned(),
    );
    add(
        "hazards_idle",
        made.idle_hazards,
        "hazards",
        "without effect: no road, zone or site is closed".to_owned(),
    );
    let remnants = report.remnant_street_m.round();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    add(
        "remnants",
        remnants as usize,
        "m of street",
        "in separate pieces of less than 100 m: who lives there is joined to the nearest other road"
            .to_owned(),
    );
    rows
}

fn some(names: &[String]) -> String {
    let mut text = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    if names.len() > NAMED {
        text.push_str(&format!(" and {} more", names.len() - NAMED));
    }
    text
}
