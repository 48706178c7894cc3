//! Examples that travel inside the binary, so that the demo needs no files.

/// An example: its files by name.
pub struct Example {
    /// Name of its folder under `examples/`.
    pub name: &'static str,
    /// Most routes per zone where nobody says how many; `None`: as `plan` has it.
    pub routes_per_zone: Option<u32>,
    /// Files.
    pub files: &'static [(&'static str, &'static [u8])],
}

macro_rules! example {
    ($name:literal, $routes:expr, $($file:literal),+ $(,)?) => {
        Example {
            name: $name,
            routes_per_zone: $routes,
            files: &[$(($file, include_bytes!(concat!("../../../examples/", $name, "/", $file)))),+],
        }
    };
}

/// All of them, the one of the demo first.
pub const EXAMPLES: &[Example] = &[
    // One road for each quarter can be called out in the streets, and shows what so few cost.
    example!(
        "helsinki",
        Some(1),
        "scenario.toml",
        "node.csv",
        "link.csv",
        "movement.csv",
        "zones.csv",
        "mobilization.csv",
        "sites.csv",
        "connectors.csv",
        "closures.csv",
        "sources.csv",
        "assumptions.csv",
        "zones.geojson",
        "sites.geojson",
        "hazards.geojson",
    ),
    example!(
        "rafah-2024",
        None,
        "scenario.toml",
        "node.csv",
        "link.csv",
        "zones.csv",
        "mobilization.csv",
        "sites.csv",
        "connectors.csv",
        "windows.csv",
        "sources.csv",
    ),
    example!(
        "one-road",
        None,
        "scenario.toml",
        "node.csv",
        "link.csv",
        "zones.csv",
        "sites.csv",
        "connectors.csv",
        "sources.csv",
    ),
];
