//! The coordinate system and the meaning of a cell's corner, out of the GeoKey directory (tag 34735).

use crate::crs::CoordinateSystem;
use clearway_model::{Fault, Faults};

const MODEL_TYPE: u16 = 1024;
const RASTER_TYPE: u16 = 1025;
const GEOGRAPHIC: u16 = 2048;
const PROJECTED: u16 = 3072;
const VERTICAL: u16 = 4096;
const VERTICAL_UNITS: u16 = 4099;
/// Stands for what has no code.
const USER_DEFINED: u16 = 32767;

/// What faults call the tag.
const TAG: &str = "GeoKeyDirectory (34735)";

/// What the keys say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct GeoKeys {
    pub(crate) crs: CoordinateSystem,
    /// Whether tie points name the middle of a cell instead of its corner.
    pub(crate) is_point: bool,
    /// Unit of heights, `m` or `ft`; empty where the keys do not say it.
    pub(crate) vertical_unit: &'static str,
}

/// Reads the directory: a header of four numbers, then four for each key. `described`: the texts beside it (tag 34737), in which GDAL
/// puts a system that has no number of EPSG, such as Mollweide's.
pub(crate) fn read_keys(
    name: &str,
    words: Option<&[u16]>,
    described: &str,
    faults: &mut Faults,
) -> Option<GeoKeys> {
    let fault = |found: String, expected: &str| {
        Fault::error(name, "", expected)
            .field(TAG, found)
            .hint("gdalwarp -t_srs EPSG:4326 brings it to degrees (for counts of people with -r sum)")
    };
    let Some(words) = words else {
        faults.push(fault(String::new(), "a GeoTIFF that states its coordinate system"));
        return None;
    };
    let count = words.get(3).copied().unwrap_or(0);
    let Some(entries) = words.get(4..4 + 4 * usize::from(count)).filter(|_| words.first() == Some(&1)) else {
        faults.push(fault(
            format!("{} numbers", words.len()),
            "a header of version 1 and four numbers for each key",
        ));
        return None;
    };
    // Only keys that hold their value in place (location 0) are looked for; the others hold names and parameters.
    let key = |id: u16| entries.chunks_exact(4).find(|e| e[0] == id && e[1] == 0).map(|e| e[3]);
    let is_point = key(RASTER_TYPE) == Some(2);
    // EPSG: 9002 and 9003 are the foot and the survey foot of the United States, 6360 and 8228 heights of NAVD88 in them
    let vertical_unit = match (key(VERTICAL_UNITS), key(VERTICAL)) {
        (Some(9001), _) => "m",
        (Some(9002 | 9003), _) | (None, Some(6360 | 8228)) => "ft",
        _ => "",
    };
    if let Some(crs) = in_words(described).filter(|_| key(PROJECTED).is_none_or(|code| code == USER_DEFINED))
    {
        return Some(GeoKeys { crs, is_point, vertical_unit });
    }
    let (id, code) = match key(MODEL_TYPE) {
        Some(1) => (PROJECTED, key(PROJECTED)),
        Some(2) => (GEOGRAPHIC, key(GEOGRAPHIC)),
        other => {
            let found = other.map_or_else(String::new, |m| format!("model type {m}"));
            faults.push(fault(found, "model type 1 (projected) or 2 (geographic)"));
            return None;
        }
    };
    let Some(crs) = code.and_then(CoordinateSystem::from_epsg) else {
        let found = code.map_or_else(|| format!("no key {id}"), |code| format!("EPSG:{code}"));
        faults.push(fault(
            found,
            "WGS 84, ETRS89 or NAD83 as degrees or UTM, EPSG:3857, or Mollweide (ESRI:54009)",
        ));
        return None;
    };
    Some(GeoKeys { crs, is_point, vertical_unit })
}

/// A projected system that the texts describe.
fn in_words(described: &str) -> Option<CoordinateSystem> {
    let projected = described.find("PROJCS[").map(|at| &described[at..])?;
    let text = projected.split('|').next().unwrap_or(projected);
    CoordinateSystem::from_wkt(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_are_known_and_not() {
        let mut faults = Faults::default();
        let geographic = [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 2, 2048, 0, 1, 4326];
        let keys = read_keys("a.tif", Some(&geographic), "", &mut faults).unwrap();
        assert_eq!(keys, GeoKeys { crs: CoordinateSystem::Geographic, is_point: true, vertical_unit: "" });
        assert!(faults.0.is_empty());
        let lambert = [1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 3035];
        assert!(read_keys("a.tif", Some(&lambert), "", &mut faults).is_none());
        assert!(faults.0[0].to_string().contains("'EPSG:3035'"), "{}", faults.0[0]);
        for broken in [&[][..], &[1, 1, 0, 9, 1024], &[1, 1, 0, 0], &[7, 1, 0, 0]] {
            assert!(read_keys("a.tif", Some(broken), "", &mut faults).is_none());
        }
        assert_eq!(faults.0.len(), 5);
        // a terrain model in feet
        let feet = [1, 1, 0, 3, 1024, 0, 1, 1, 3072, 0, 1, 32633, 4099, 0, 1, 9003];
        assert_eq!(read_keys("a.tif", Some(&feet), "", &mut faults).unwrap().vertical_unit, "ft");
        // as GDAL writes ESRI:54009
        let own = [1, 1, 0, 2, 1024, 0, 1, 32767, 1025, 0, 1, 1];
        let words = r#"World_Mollweide|ESRI PE String = PROJCS["World_Mollweide",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Mollweide"],PARAMETER["False_Easting",0.0],UNIT["Meter",1.0]]|"#;
        let keys = read_keys("a.tif", Some(&own), words, &mut faults).unwrap();
        assert_eq!(keys, GeoKeys { crs: CoordinateSystem::Mollweide, is_point: false, vertical_unit: "" });
    }
}
