//! The digest that ties a plan to its scenario.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The raw files of a scenario folder in the order of the digest.
pub const RAW_FILES: [&str; 13] = [
    "scenario.toml",
    "node.csv",
    "link.csv",
    "movement.csv",
    "zones.csv",
    "zones.geojson",
    "mobilization.csv",
    "sites.csv",
    "sites.geojson",
    "connectors.csv",
    "closures.csv",
    "windows.csv",
    "junctions.csv",
];

/// The files of a scenario folder that say how people can move; in the order of their digest.
pub const MULTIMODAL_FILES: [&str; 7] = [
    "multimodal.toml",
    "groups.csv",
    "fleet.csv",
    "modes.csv",
    "link_use.csv",
    "access.csv",
    "timetable.csv",
];

/// `sha256:...` over the scenario's digest and those of [`MULTIMODAL_FILES`] that exist.
pub fn multimodal_digest<'a>(scenario: &str, files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let files: Vec<(&str, &[u8])> = files.into_iter().collect();
    let mut list = format!("scenario {scenario}\n");
    for name in MULTIMODAL_FILES {
        if let Some((_, bytes)) = files.iter().find(|(n, _)| *n == name) {
            let _ = writeln!(list, "{name} {}", hex(&Sha256::digest(bytes)));
        }
    }
    format!("sha256:{}", hex(&Sha256::digest(list.as_bytes())))
}

/// SHA-256 of a file, 64 hexadecimal digits.
pub fn file_digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// `sha256:...` over the raw files, given as (name, contents) for those that exist. Names that are not raw, and the two
/// GeoJSON files where their CSV exists, are left out; the order given does not matter.
pub fn scenario_digest<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let files: Vec<(&str, &[u8])> = files.into_iter().collect();
    let has = |name: &str| files.iter().any(|(n, _)| *n == name);
    let mut list = String::new();
    for name in RAW_FILES {
        if (name == "zones.geojson" && has("zones.csv")) || (name == "sites.geojson" && has("sites.csv")) {
            continue;
        }
        if let Some((_, bytes)) = files.iter().find(|(n, _)| *n == name) {
            let _ = writeln!(list, "{name} {}", hex(&Sha256::digest(bytes)));
        }
    }
    format!("sha256:{}", hex(&Sha256::digest(list.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_matter_and_shapes_are_left_out_beside_tables() {
        let a = scenario_digest([("zones.csv", b"z".as_slice()), ("scenario.toml", b"s".as_slice())]);
        let b = scenario_digest([
            ("scenario.toml", b"s".as_slice()),
            ("zones.geojson", b"shape".as_slice()),
            ("zones.csv", b"z".as_slice()),
            ("sources.csv", b"not raw".as_slice()),
        ]);
        assert_eq!(a, b);
        assert!(a.starts_with("sha256:") && a.len() == 7 + 64);
        assert_ne!(a, scenario_digest([("scenario.toml", b"s".as_slice())]));
    }
}
