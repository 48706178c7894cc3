//! Scenarios of earlier versions, read as this version would have written them.
//!
//! From `clearway-scenario/1` to `/2` names changed and nothing else: two files, a few columns, and the names of both in `sources.csv`.
//! All other bytes stay, so that an upgraded folder says what the old one said.

mod rename;

use clearway_model::{Fault, Faults, Settings, Store, StoredFile};
use std::collections::BTreeMap;
use std::io;

/// The schema that is upgraded.
const EARLIER: &str = "clearway-scenario/1";
/// Those of `everyone.toml` and of the file that took its place.
const EARLIER_SETTINGS: &str = "clearway-everyone/1";
const SETTINGS: &str = clearway_model::MultimodalSettings::SCHEMA;

/// Files, as they were called and as they are.
const FILES: [(&str, &str); 2] = [("release.csv", "mobilization.csv"), ("everyone.toml", "multimodal.toml")];
/// Columns, as they were called and as they are.
pub(crate) const COLUMNS: [(&str, &str); 5] = [
    ("release_id", "mobilization_id"),
    ("intake_people_h", "admission_people_h"),
    ("intake_people_h_low", "admission_people_h_low"),
    ("intake_people_h_high", "admission_people_h_high"),
    ("gate_id", "supply_point_id"),
];
/// Tables, as `sources.csv` names them.
const TABLES: [(&str, &str); 2] = [("release", "mobilization"), ("everyone", "multimodal")];
/// Files in which a column or a key was renamed.
const WITH_COLUMNS: [&str; 7] = [
    "zones.csv",
    "sites.csv",
    "mobilization.csv",
    "groups.csv",
    "sources.csv",
    "zones.geojson",
    "sites.geojson",
];

/// A file of a `clearway-scenario/1` folder as it is called and as it reads in this version.
pub fn upgraded_file(name: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    let now = now(&FILES, name).unwrap_or(name);
    let bytes = match now {
        "scenario.toml" => rename::schema(bytes, EARLIER, Settings::SCHEMA),
        "multimodal.toml" => rename::schema(bytes, EARLIER_SETTINGS, SETTINGS),
        "sources.csv" => Some(rename::cells(bytes, |column, cell| match column {
            "table" => self::now(&TABLES, cell),
            "field" => self::now(&COLUMNS, cell),
            _ => None,
        })),
        "zones.geojson" | "sites.geojson" => Some(rename::keys(bytes, |key| self::now(&COLUMNS, key))),
        _ if WITH_COLUMNS.contains(&now) => Some(rename::header(bytes, |column| self::now(&COLUMNS, column))),
        _ => None,
    }
    .unwrap_or_else(|| bytes.to_vec());
    (now.to_owned(), bytes)
}

fn now(names: &[(&'static str, &'static str)], formerly: &str) -> Option<&'static str> {
    names.iter().find(|pair| pair.0 == formerly).map(|pair| pair.1)
}

/// A scenario as this version reads it: that of another store, with what an earlier version called otherwise under its name of today.
pub struct CurrentScenario<'s> {
    store: &'s dyn Store,
    /// Files of an earlier version, upgraded; `None`: the scenario is of this version.
    upgraded: Option<BTreeMap<String, Vec<u8>>>,
}

impl<'s> CurrentScenario<'s> {
    /// Looks at `scenario.toml` and, where it is of an earlier version, upgrades the other files in memory.
    ///
    /// # Errors
    /// If a file is there and cannot be read.
    pub fn of(store: &'s dyn Store) -> io::Result<Self> {
        // what cannot be read is reported by whoever reads the scenario
        let settings = store.read("scenario.toml").ok().flatten().unwrap_or_default();
        if rename::schema(&settings, EARLIER, Settings::SCHEMA).is_none() {
            return Ok(Self { store, upgraded: None });
        }
        let mut upgraded = BTreeMap::new();
        for name in WITH_COLUMNS.into_iter().chain(["scenario.toml"]).chain(FILES.map(|pair| pair.0)) {
            if FILES.iter().any(|pair| pair.1 == name) {
                // a name of today in a folder of then: `clashes` reports it
                continue;
            }
            if let Some(bytes) = store.read(name)? {
                let (name, bytes) = upgraded_file(name, &bytes);
                upgraded.insert(name, bytes);
            }
        }
        Ok(Self { store, upgraded: Some(upgraded) })
    }

    /// Whether the scenario is of an earlier version.
    pub fn is_upgraded(&self) -> bool {
        self.upgraded.is_some()
    }

    /// The files that are not as they were: name and bytes of today.
    pub fn changed(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.upgraded.iter().flatten().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    /// Names that no file has any more.
    pub fn gone(&self) -> Vec<&'static str> {
        let is_gone = |old: &&str| self.is_upgraded() && matches!(self.store.read(old), Ok(Some(_)));
        FILES.iter().map(|pair| pair.0).filter(is_gone).collect()
    }

    /// Names of files as they are called today.
    fn renamed(&self, mut names: Vec<String>) -> Vec<String> {
        if let Some(upgraded) = &self.upgraded {
            names.retain(|name| !FILES.iter().any(|pair| pair.0 == name || pair.1 == name));
            names.extend(upgraded.keys().cloned());
            names.sort();
            names.dedup();
        }
        names
    }

    /// What to say where rows of this version are to be written into the folder of an earlier one, which would make it neither: that it
    /// has to be upgraded first. `None`: it is of this version.
    pub fn must_be_upgraded(&self) -> Option<Fault> {
        self.is_upgraded().then(|| {
            let hint = format!(
                "the folder is of an earlier version, and rows of this one do not fit into it: `clearway upgrade {}` writes it anew, then run this again",
                self.store.label()
            );
            let fault = Fault::error("scenario.toml", "", format!("'{}'", Settings::SCHEMA));
            fault.field("schema", EARLIER).hint(hint)
        })
    }

    /// What to say of a scenario of an earlier version: that it is one, and files that have a name of today already.
    pub(crate) fn remarks(&self) -> Faults {
        let mut faults = Faults::default();
        if !self.is_upgraded() {
            return faults;
        }
        let hint = format!(
            "a scenario of an earlier version: it is read as this version would have written it; `clearway upgrade {}` writes it anew",
            self.store.label()
        );
        let fault = Fault::warning("scenario.toml", "", format!("'{}'", Settings::SCHEMA));
        faults.push(fault.field("schema", EARLIER).hint(hint));
        for (old, new) in FILES {
            if matches!(self.store.read(new), Ok(Some(_))) {
                let expected = format!("'{old}' in a scenario of {EARLIER}");
                let hint = format!(
                    "which of the two versions is meant cannot be known: take '{new}' away, or call it '{old}'"
                );
                faults.push(Fault::error(new, "", expected).hint(hint));
            }
        }
        faults
    }

    /// Faults in the words of the files that somebody has in front of them.
    pub(crate) fn named(&self, mut faults: Faults) -> Faults {
        if self.is_upgraded() {
            for fault in &mut faults.0 {
                for text in [&mut fault.file, &mut fault.field, &mut fault.expected, &mut fault.hint] {
                    for (old, new) in FILES.into_iter().chain(COLUMNS) {
                        *text = text.replace(new, old);
                    }
                }
                for (old, new) in TABLES.into_iter().chain(COLUMNS) {
                    if fault.file == "sources.csv" && fault.found == new {
                        old.clone_into(&mut fault.found);
                    }
                }
            }
        }
        faults
    }

    /// The same, after what there is to say of a scenario of an earlier version.
    pub(crate) fn in_their_words(&self, faults: Faults) -> Faults {
        let mut remarks = self.remarks();
        remarks.0.extend(self.named(faults).0);
        remarks
    }
}

impl Store for CurrentScenario<'_> {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let Some(upgraded) = &self.upgraded else { return self.store.read(name) };
        if let Some(bytes) = upgraded.get(name) {
            return Ok(Some(bytes.clone()));
        }
        if FILES.iter().any(|pair| pair.0 == name || pair.1 == name) {
            return Ok(None);
        }
        self.store.read(name)
    }

    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.renamed(self.store.names()?))
    }

    fn names_at(&self, folder: &str) -> io::Result<Vec<String>> {
        let names = self.store.names_at(folder)?;
        Ok(if folder.is_empty() { self.renamed(names) } else { names })
    }

    fn open(&self, name: &str) -> io::Result<Option<StoredFile<'_>>> {
        if self.upgraded.is_none() {
            return self.store.open(name);
        }
        Ok(self.read(name)?.map(StoredFile::from))
    }

    fn label(&self) -> String {
        self.store.label()
    }
}

/// What a column was called, for somebody whose table still calls it so.
pub(crate) fn former_name(column: &str) -> Option<&'static str> {
    COLUMNS.iter().find(|pair| pair.1 == column).map(|pair| pair.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearway_model::MemoryStore;

    fn text(name: &str, bytes: &str) -> (String, String) {
        let (name, bytes) = upgraded_file(name, bytes.as_bytes());
        (name, String::from_utf8(bytes).unwrap())
    }

    fn pair(name: &str, bytes: &str) -> (String, String) {
        (name.to_owned(), bytes.to_owned())
    }

    #[test]
    fn files_columns_and_schemas_have_their_new_names_and_no_other_byte_changes() {
        let old =
            "\u{feff}# ours\r\nschema  = 'clearway-scenario/1' # first\r\nname = \"clearway-scenario/1\"\r\n";
        let new =
            "\u{feff}# ours\r\nschema  = 'clearway-scenario/2' # first\r\nname = \"clearway-scenario/1\"\r\n";
        assert_eq!(text("scenario.toml", old), pair("scenario.toml", new));
        let new = pair("multimodal.toml", "schema = \"clearway-multimodal/2\"\n");
        assert_eq!(text("everyone.toml", "schema = \"clearway-everyone/1\"\n"), new);
        let old = "release_id,time_ms,share\r\nrelease_id,0,1\r\n";
        let new = "mobilization_id,time_ms,share\r\nrelease_id,0,1\r\n";
        assert_eq!(text("release.csv", old), pair("mobilization.csv", new));
        let old =
            "\u{feff}site_id,\"intake_people_h\",my intake_people_h,intake_people_h_low\nS1,\"a,\nb\",c,\n";
        let new = "\u{feff}site_id,\"admission_people_h\",my intake_people_h,admission_people_h_low\nS1,\"a,\nb\",c,\n";
        assert_eq!(text("sites.csv", old), pair("sites.csv", new));
        let old = "table,id,field,note\nzones,*,release_id,release_id\nrelease,R1,share,release\n";
        let new = "table,id,field,note\nzones,*,mobilization_id,release_id\nmobilization,R1,share,release\n";
        assert_eq!(text("sources.csv", old), pair("sources.csv", new));
        let old = r#"{"type": "FeatureCollection", "features": [{"properties": {"release_id" : "release_id", "n": "\"release_id\": 1"}}]}"#;
        let new = r#"{"type": "FeatureCollection", "features": [{"properties": {"mobilization_id" : "release_id", "n": "\"release_id\": 1"}}]}"#;
        assert_eq!(text("zones.geojson", old), pair("zones.geojson", new));
        assert_eq!(text("link.csv", "release_id\n"), pair("link.csv", "release_id\n"));
    }

    #[test]
    fn damaged_tables_are_upgraded_as_far_as_they_can_be_read() {
        assert_eq!(text("zones.csv", "\n\nrelease_id\n").1, "\n\nmobilization_id\n");
        assert_eq!(text("zones.csv", "release_id,\"never closed\nx").1, "mobilization_id,\"never closed\nx");
        assert_eq!(text("zones.csv", "").1, "");
        assert_eq!(text("sources.csv", "table,field\nrelease").1, "table,field\nmobilization");
    }

    #[test]
    fn a_scenario_of_this_version_is_passed_on_as_it_is() {
        let store: MemoryStore =
            [("scenario.toml", "schema = \"clearway-scenario/2\"\n"), ("release.csv", "x")]
                .into_iter()
                .collect();
        let current = CurrentScenario::of(&store).unwrap();
        assert!(!current.is_upgraded() && current.changed().next().is_none() && current.gone().is_empty());
        assert_eq!(current.read("release.csv").unwrap(), Some(b"x".to_vec()));
        assert_eq!(current.names().unwrap(), ["release.csv", "scenario.toml"]);
    }

    #[test]
    fn a_scenario_of_an_earlier_version_has_the_names_of_today() {
        let store: MemoryStore = [
            ("scenario.toml", "schema = \"clearway-scenario/1\"\n"),
            ("release.csv", "release_id\n"),
            ("mobilization.csv", "no file of then"),
            ("notes.txt", "mine"),
        ]
        .into_iter()
        .collect();
        let current = CurrentScenario::of(&store).unwrap();
        assert_eq!(current.names().unwrap(), ["mobilization.csv", "notes.txt", "scenario.toml"]);
        assert_eq!(current.read("mobilization.csv").unwrap(), Some(b"mobilization_id\n".to_vec()));
        assert_eq!(current.read("release.csv").unwrap(), None);
        assert_eq!(current.gone(), ["release.csv"]);
        let remarks = current.remarks();
        assert!(remarks.has_errors() && remarks.0.len() == 2, "{remarks:?}");
        assert_eq!(remarks.0[1].file, "mobilization.csv");
    }
}
