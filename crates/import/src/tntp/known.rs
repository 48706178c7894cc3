//! Networks of *Transportation Networks for Research* whose files do not state all units.

use super::units::{TntpLength, TntpTime};

/// What is taken for a network whose file does not say it, each with the ground on which.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownNetwork {
    pub length: (TntpLength, &'static str),
    pub time: (TntpTime, &'static str),
    /// Hours in which the stated capacity passes.
    pub capacity_h: (f64, &'static str),
}

/// All that are known, by name.
const KNOWN: [(&str, KnownNetwork); 1] = [(
    "SiouxFalls",
    KnownNetwork {
        length: (
            TntpLength::Drawn,
            "the network is known by its name; its lengths are the same numbers as its times and fit the map in no unit",
        ),
        time: (TntpTime::Minute, "the network is known by its name; so in its GMNS edition"),
        capacity_h: (
            10.0,
            "the network is known by its name; capacities of a day (LeBlanc, Morlok and Pierskalla 1975, from memory, not \
             verified), a day taken as ten times the peak hour (assumed)",
        ),
    },
)];

/// Names of the networks in the collection whose terms ask for its name beside results.
const COLLECTION: [&str; 4] = ["SiouxFalls", "Anaheim", "ChicagoSketch", "Sydney"];

/// A network by its name, capital letters aside.
pub(crate) fn known(network: &str) -> Option<KnownNetwork> {
    KNOWN.iter().find(|(name, _)| name.eq_ignore_ascii_case(network)).map(|(_, known)| *known)
}

/// What must be printed beside maps; empty for a network that is not known by name.
pub(crate) fn attribution(network: &str) -> &'static str {
    if COLLECTION.iter().any(|name| name.eq_ignore_ascii_case(network)) {
        "Network: Transportation Networks for Research Core Team, https://github.com/bstabler/TransportationNetworks \
         (for academic research only)"
    } else {
        ""
    }
}
