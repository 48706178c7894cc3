//! Ids are unique, and what refers to one refers to a row that is there.

use super::ScenarioCheck;
use crate::nearest::nearest;
use crate::table::TableRow;
use clearway_model::{
    ClosureRow, ClosureTarget, ConnectorPlace, ConnectorRow, LinkRow, MobilizationRow, MovementRow, NodeRow,
    SiteRow, WindowRow, WindowTarget, ZoneRow,
};
use clearway_text::{near_code, skeleton, spelled_out};
use std::collections::{BTreeMap, BTreeSet};

/// How many references to nowhere get a suggestion: comparing names with all others takes time.
const SUGGESTIONS: usize = 20;

pub(super) fn check(check: &mut ScenarioCheck<'_>) {
    let scenario = check.scenario;
    unique(check, &scenario.nodes, "node_id");
    unique(check, &scenario.links, "link_id");
    unique(check, &scenario.movements, "mvmt_id");
    unique(check, &scenario.zones, "zone_id");
    unique(check, &scenario.sites, "site_id");
    unique(check, &scenario.connectors, "connector_id");
    unique(check, &scenario.closures, "closure_id");
    unique(check, &scenario.windows, "window_id");
    unique(check, &scenario.junctions, "node_id");
    // rows of one curve share its id, but two curves must not look like one
    look_alike(check, &scenario.releases, "mobilization_id");
    references(check);
}

fn unique<R: TableRow>(check: &mut ScenarioCheck<'_>, rows: &[R], field: &'static str) {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let id = row.label();
        if id.is_empty() {
            continue;
        }
        match first.get(&id) {
            Some(&before) => {
                let hint = format!("row {} has the same id", check.origin.row::<R>(before));
                check.error(index, row, (field, &id), "an id that no other row has", hint);
            }
            None => {
                first.insert(id, index);
            }
        }
    }
    look_alike(check, rows, field);
}

/// Ids that a person cannot tell apart: they differ in characters that are not seen, in their normal form, or in kinds of spaces. What
/// is counted under the one would be thought to be counted under the other.
fn look_alike<R: TableRow>(check: &mut ScenarioCheck<'_>, rows: &[R], field: &'static str) {
    let labels: Vec<String> = rows.iter().map(TableRow::label).collect();
    // most ids are what is seen of them; only the others can have a twin
    let odd: Vec<usize> =
        (0..rows.len()).filter(|at| matches!(skeleton(&labels[*at]), seen if seen != labels[*at])).collect();
    if odd.is_empty() {
        return;
    }
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for at in (0..rows.len()).filter(|at| odd.binary_search(at).is_err()) {
        first.entry(labels[at].clone()).or_insert(at);
    }
    for at in odd {
        let twin = *first.entry(skeleton(&labels[at]).into_owned()).or_insert(at);
        if labels[twin] != labels[at] {
            let hint = format!(
                "row {} has '{}', which looks the same",
                check.origin.row::<R>(twin),
                spelled_out(&labels[twin])
            );
            let found = spelled_out(&labels[at]);
            check.error(at, &rows[at], (field, found), "an id that can be told from all others", hint);
        }
    }
}

/// The ids of a table that others refer to.
struct KnownIds<'s> {
    file: String,
    ids: BTreeSet<&'s str>,
    /// If rows are missing a reference may be to one of them.
    is_whole: bool,
    suggestions: usize,
}

impl<'s> KnownIds<'s> {
    fn of<R: TableRow>(check: &ScenarioCheck<'_>, rows: &'s [R], id: fn(&R) -> &str) -> Self {
        Self {
            file: check.origin.file::<R>(),
            ids: rows.iter().map(id).collect(),
            is_whole: check.origin.is_whole::<R>(),
            suggestions: SUGGESTIONS,
        }
    }

    /// Reports a reference to nowhere.
    fn require<R: TableRow>(
        &mut self,
        check: &mut ScenarioCheck<'_>,
        index: usize,
        row: &R,
        field: &str,
        id: &str,
    ) {
        if id.is_empty() || self.ids.contains(id) || !self.is_whole {
            return;
        }
        let mut hint = String::new();
        if self.suggestions > 0 {
            self.suggestions -= 1;
            let known = || self.ids.iter().copied().filter(|id| !id.is_empty());
            if let Some((near, why)) = near_code(id, known()) {
                hint = format!("is '{}' meant? {why}", spelled_out(near));
            } else if let Some(near) = nearest(id, known()) {
                hint = format!("is '{near}' meant?");
            }
        }
        if self.ids.is_empty() {
            hint = format!("{} has no rows", self.file);
        }
        check.error(index, row, (field, id), format!("an id of {}", self.file), hint);
    }
}

fn references(check: &mut ScenarioCheck<'_>) {
    let scenario = check.scenario;
    let mut nodes = KnownIds::of::<NodeRow>(check, &scenario.nodes, |row| &row.node_id);
    let mut links = KnownIds::of::<LinkRow>(check, &scenario.links, |row| &row.link_id);
    let mut zones = KnownIds::of::<ZoneRow>(check, &scenario.zones, |row| &row.zone_id);
    let mut sites = KnownIds::of::<SiteRow>(check, &scenario.sites, |row| &row.site_id);
    let mut curves = KnownIds::of::<MobilizationRow>(check, &scenario.releases, |row| &row.mobilization_id);
    for (index, row) in scenario.links.iter().enumerate() {
        nodes.require(check, index, row, "from_node_id", &row.from_node_id);
        nodes.require(check, index, row, "to_node_id", &row.to_node_id);
    }
    for (index, row) in scenario.movements.iter().enumerate() {
        nodes.require(check, index, row, "node_id", &row.node_id);
        links.require(check, index, row, "ib_link_id", &row.ib_link_id);
        links.require(check, index, row, "ob_link_id", &row.ob_link_id);
    }
    movement_ends(check);
    for (index, row) in scenario.zones.iter().enumerate() {
        curves.require(check, index, row, "mobilization_id", &row.mobilization_id);
    }
    for (index, row) in scenario.connectors.iter().enumerate() {
        let place = if row.place == ConnectorPlace::Zone { &mut zones } else { &mut sites };
        // which table is meant is not known where `place` could not be read
        if !check.origin.is_damaged::<ConnectorRow>(index) {
            place.require(check, index, row, "place_id", &row.place_id);
        }
        nodes.require(check, index, row, "node_id", &row.node_id);
    }
    for (index, row) in scenario.closures.iter().enumerate() {
        if check.origin.is_damaged::<ClosureRow>(index) {
            continue;
        }
        let target = match row.target {
            ClosureTarget::Link => &mut links,
            ClosureTarget::Node => &mut nodes,
            ClosureTarget::Zone => &mut zones,
            ClosureTarget::Site => &mut sites,
        };
        target.require(check, index, row, "target_id", &row.target_id);
    }
    for (index, row) in scenario.junctions.iter().enumerate() {
        nodes.require(check, index, row, "node_id", &row.node_id);
        links.require(check, index, row, "link_id", &row.link_id);
    }
    for (index, row) in scenario.windows.iter().enumerate() {
        if check.origin.is_damaged::<WindowRow>(index) {
            continue;
        }
        let target = match row.target {
            WindowTarget::Link => &mut links,
            WindowTarget::Zone => &mut zones,
            WindowTarget::Site => &mut sites,
            WindowTarget::AllLinks => {
                if row.target_id != "*" && !row.target_id.is_empty() {
                    let hint = "for one link only write target 'link'";
                    check.error(
                        index,
                        row,
                        ("target_id", &row.target_id),
                        "'*' where target is all_links",
                        hint,
                    );
                }
                continue;
            }
        };
        target.require(check, index, row, "target_id", &row.target_id);
    }
}

/// The inbound link of a movement ends, and the outbound one begins, at its node.
fn movement_ends(check: &mut ScenarioCheck<'_>) {
    let scenario = check.scenario;
    let links: BTreeMap<&str, &LinkRow> =
        scenario.links.iter().map(|row| (row.link_id.as_str(), row)).collect();
    for (index, row) in scenario.movements.iter().enumerate() {
        if check.origin.is_damaged::<MovementRow>(index) || row.node_id.is_empty() {
            continue;
        }
        if let Some(link) = links.get(row.ib_link_id.as_str())
            && !link.to_node_id.is_empty()
            && link.to_node_id != row.node_id
        {
            let expected = format!("a link that ends at node {}", row.node_id);
            let hint = format!("link {} ends at node {}", link.link_id, link.to_node_id);
            check.error(index, row, ("ib_link_id", &row.ib_link_id), expected, hint);
        }
        if let Some(link) = links.get(row.ob_link_id.as_str())
            && !link.from_node_id.is_empty()
            && link.from_node_id != row.node_id
        {
            let expected = format!("a link that begins at node {}", row.node_id);
            let hint = format!("link {} begins at node {}", link.link_id, link.from_node_id);
            check.error(index, row, ("ob_link_id", &row.ob_link_id), expected, hint);
        }
    }
}
