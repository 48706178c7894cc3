//! From a road network, an area and a number of people to a complete scenario.
//!
//! [`compose`] makes zones, sites, connectors and a mobilization curve out of whatever is given and names every default
//! with its source. [`resolve_hazards`] turns polygons with times into closures, [`resolve_flood`] heights of the ground and levels of water. After this no geometry is needed: planning and
//! verification read only the tables.
//!
//! How each part is made is described in `docs/reference/new.md`.

mod apportion;
mod area_check;
mod arrivals;
mod assumptions;
mod bisect;
mod clip;
mod compose;
mod connectors;
mod density;
mod divided;
mod error;
mod exit_list;
mod exit_sites;
mod exits;
mod features;
mod fires;
mod flood;
mod given;
mod grid_course;
mod hazard_raster;
mod hazard_times;
mod hazards;
mod homes;
mod join;
mod mobilize;
mod names;
mod near_codes;
mod nearest;
mod open_ends;
mod people;
mod plane;
mod population;
mod proposed_people;
mod proposed_sites;
mod raster_people;
mod reconnect;
mod record;
mod region;
mod repeats;
mod report;
mod request;
mod roads;
mod settings;
mod shapes;
mod site_roads;
mod sites;
mod sources;
mod streets;
mod zone_table;
mod zones;

pub use apportion::apportion;
pub use compose::{check_request, compose};
pub use error::ComposeError;
pub use fires::{FireAreas, fire_areas, is_fire_table};
pub use flood::{FloodInputs, MapRelief, WaterLevel, resolve_flood, resolve_flood_in};
pub use hazard_raster::{RasterMeaning, WADING_M, resolve_raster, resolve_raster_until};
pub use hazards::{HazardClosures, resolve_hazards};
pub use mobilize::mobilization_curve;
pub use proposed_people::{PeopleProposalInputs, ProposedPeople, propose_people};
pub use proposed_sites::{ProposedSite, ProposedSites, SiteProposalInputs, propose_sites};
pub use reconnect::{JoinedPlaces, ScenarioRoads, reconnect};
pub use report::{ComposeReport, ComposedTables, FarJoin, NoRoad};
pub use request::{ComposeInputs, MobilizationSpeed, NamedBytes, RoadNetwork};
