//! Places of the nodes, as the file has them.

use std::collections::BTreeMap;

use super::text::TntpText;
use crate::ImportError;
use crate::map_file::MapFile;

/// Number of a node to its two coordinates, in whatever unit the file has.
pub(crate) type Places = BTreeMap<u64, (f64, f64)>;

/// Reads `X_node.tntp`, or GeoJSON points with a property `id`.
pub(crate) fn read_nodes(file: &MapFile<'_>) -> Result<Places, ImportError> {
    if file.path().extension().is_some_and(|end| end.eq_ignore_ascii_case("geojson")) {
        return from_geojson(file);
    }
    let text = TntpText::read(file)?;
    let (mut places, mut faults) = (Places::new(), Vec::new());
    for (index, (line, row)) in text.lines().enumerate() {
        let cells: Vec<&str> = row.split([';', ' ', '\t', ',']).filter(|cell| !cell.is_empty()).collect();
        // The header is the first row, `Node X Y` in any letters.
        if index == 0 && cells.first().is_some_and(|cell| cell.parse::<f64>().is_err()) {
            continue;
        }
        match read_place(&text, line, &cells) {
            Ok((node, place)) => {
                if places.insert(node, place).is_some() {
                    faults.push(text.fault(line, "node", cells[0], "a number that no row before has"));
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(places) } else { Err(ImportError::several(faults)) }
}

fn read_place(text: &TntpText, line: u64, cells: &[&str]) -> Result<(u64, (f64, f64)), ImportError> {
    let cell = |at: usize| cells.get(at).copied().unwrap_or("");
    let node = cell(0).parse::<u64>().ok().filter(|node| *node > 0);
    let node = node.ok_or_else(|| text.fault(line, "node", cell(0), "the number of a node, from 1"))?;
    let number = |at: usize, field: &str| match cell(at).parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(text.fault(line, field, cell(at), "a coordinate")),
    };
    Ok((node, (number(1, "x")?, number(2, "y")?)))
}

fn from_geojson(file: &MapFile<'_>) -> Result<Places, ImportError> {
    let (path, bytes) = (file.path(), file.read()?);
    let malformed = |reason: String| ImportError::Malformed { path: path.into(), reason };
    let json: serde_json::Value = serde_json::from_slice(&bytes).map_err(|e| malformed(e.to_string()))?;
    let features = json["features"].as_array().ok_or_else(|| malformed("no list of features".into()))?;
    let (mut places, mut faults) = (Places::new(), Vec::new());
    for (index, feature) in features.iter().enumerate() {
        let at = &feature["geometry"]["coordinates"];
        match (feature["properties"]["id"].as_u64(), at[0].as_f64(), at[1].as_f64()) {
            (Some(node), Some(x), Some(y)) if places.insert(node, (x, y)).is_none() => {}
            _ => faults.push(malformed(format!(
                "feature {}: expected a point with two coordinates and a property id that no feature before has",
                index + 1
            ))),
        }
    }
    if faults.is_empty() { Ok(places) } else { Err(ImportError::several(faults)) }
}
