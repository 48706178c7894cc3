//! Maps of areas, zones, sites and hazards: KML, shapefiles in an archive, GeoPackage, alerts; tables of fires.
#![no_main]

use clearway_compose::NamedBytes;
use clearway_compose::{fire_areas, is_fire_table};
use clearway_model::Faults;
use clearway_vector::{MapRole, geojson_with_warnings};
use libfuzzer_sys::fuzz_target;

const ROLES: [MapRole; 6] =
    [MapRole::Area, MapRole::Zones, MapRole::Sites, MapRole::Exits, MapRole::Hazards, MapRole::Water];

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let role = ROLES[usize::from(first) % ROLES.len()];
    let _ = geojson_with_warnings("map", bytes, role, &mut Faults::default());
    if is_fire_table(bytes) {
        let _ = fire_areas(&NamedBytes { name: "fires.csv".to_owned(), bytes: bytes.into() }, 100.0);
    }
});
