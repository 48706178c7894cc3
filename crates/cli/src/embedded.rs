//! Examples that travel inside the binary, so that the demo needs no files.

/// An example: its files by name.
pub struct Example {
    /// Name of its folder under `examples/`.
    pub name: &'static str,
    /// Files.
    pub files: &'static [(&'static str, &'static [u8])],
}

macro_rules! example {
    ($name:literal, $($file:literal),+ $(,)?) => {
        Example {
            name: $name,
            files: &[$(($file, include_bytes!(concat!("../../../examples/", $name, "/", $file)))),+],
        }
    };
}

/// All of them, the one of the demo first.
pub const EXAMPLES: &[Example] = &[
    example!(
        "rafah-2024",
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
        "scenario.toml",
        "node.csv",
        "link.csv",
        "zones.csv",
        "sites.csv",
        "connectors.csv",
        "sources.csv",
    ),
];
