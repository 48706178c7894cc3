//! `movement.csv`: banned turns.

use std::collections::HashMap;

use clearway_model::MovementRow;

use crate::gmns::links::GmnsLinks;
use crate::map_file::MapFile;
use crate::table::CsvTable;
use crate::{ImportError, ImportReport};

/// Rows with `prohibited` = 1 or true. A row of a link in both directions means the one that fits the node.
pub(crate) fn read_movements(
    file: &MapFile<'_>,
    links: &GmnsLinks,
    report: &mut ImportReport,
) -> Result<Vec<MovementRow>, ImportError> {
    let table = CsvTable::read(file)?;
    let ends: HashMap<&str, (&str, &str)> = links
        .rows
        .iter()
        .map(|l| (l.link_id.as_str(), (l.from_node_id.as_str(), l.to_node_id.as_str())))
        .collect();
    let mut rows = Vec::new();
    for row in table.rows() {
        let is_ban = matches!(row.text("prohibited").to_ascii_lowercase().as_str(), "1" | "true");
        if !is_ban {
            continue;
        }
        report.restrictions.total += 1;
        let node = row.required("node_id")?;
        // Of a link in both directions the one that ends, or begins, at the node.
        let find = |id: &str, fits: &dyn Fn(&(&str, &str)) -> bool| {
            let both = [Some(id), links.reverse.get(id).map(String::as_str)];
            both.into_iter().flatten().find(|id| ends.get(id).is_some_and(fits)).map(str::to_string)
        };
        let inbound = find(row.text("ib_link_id"), &|(_, to)| *to == node);
        let outbound = find(row.text("ob_link_id"), &|(from, _)| *from == node);
        let (Some(ib_link_id), Some(ob_link_id)) = (inbound, outbound) else {
            let reason = "of which a link does not meet the node or is not there".to_string();
            *report.restrictions.not_honoured.entry(reason).or_insert(0) += 1;
            continue;
        };
        report.restrictions.honoured += 1;
        let mvmt_id = match row.text("mvmt_id") {
            "" => format!("{ib_link_id}:{ob_link_id}"),
            id => id.to_string(),
        };
        rows.push(MovementRow {
            mvmt_id,
            node_id: node.into(),
            ib_link_id,
            ob_link_id,
            prohibited: "1".into(),
        });
    }
    Ok(rows)
}
