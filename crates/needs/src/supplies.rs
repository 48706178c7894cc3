//! What is given beside a plan: supplies at places, and what trucks bring.

use crate::balance::SupplyBalance;
use crate::convoys::{AidPlan, TruckSpec, convoys};
use crate::error::NeedsError;
use crate::occupancy::{Occupancy, OccupancyKind};
use crate::plan_occupancy::PlanOccupancy;
use crate::rates::{Climate, Rates};
use crate::supply::{PlaceSupply, read_supplies};
use crate::supply_points::{SupplyPoint, read_supply_points};
use crate::truck_way::truck_network;
use clearway_model::number::truncated;
use clearway_model::{Cancel, Faults};

/// Litres of fuel for 100 km of a truck: the middle of 25 to 40.
const LITRES_100_KM: f64 = 32.5;

/// What is there and what is brought.
#[derive(Debug, Clone, Default)]
pub struct GivenSupplies {
    /// What is at zones and sites (`supplies.csv`).
    pub supplies: Vec<PlaceSupply>,
    /// Warehouses and crossings, an entry per item of each (`aid.csv`).
    pub supply_points: Vec<SupplyPoint>,
    /// What trucks bring from them.
    pub aid: AidPlan,
    /// What was found in the tables that is no error, with how messages name the table.
    pub warnings: Vec<(String, Faults)>,
}

impl GivenSupplies {
    /// Faults of a table that are errors end it, others are remembered.
    fn heed(&mut self, table: GivenTable<'_>, faults: Faults) -> Result<(), NeedsError> {
        let of = table.label.to_owned();
        if faults.has_errors() {
            return Err(NeedsError::Invalid { of, faults });
        }
        if !faults.0.is_empty() {
            self.warnings.push((of, faults));
        }
        Ok(())
    }

    /// Whether anything is said of an item at any place of a kind. Where no row names such a place, nothing is known of it there:
    /// people in their own homes have toilets though no table says so.
    pub fn names(&self, item: usize, kind: OccupancyKind, presences: &[Occupancy]) -> bool {
        let has = |places: &[usize]| places.iter().any(|place| presences[*place].kind == kind);
        self.supplies.iter().any(|supply| supply.item == item && has(&supply.places))
            || self
                .supply_points
                .iter()
                .any(|supply_point| supply_point.item == item && has(&supply_point.serves))
    }
}

/// Trucks as they are taken where nobody says otherwise.
pub fn trucks(pcu: f64, load_h: f64, unload_h: f64) -> TruckSpec {
    let ms = |hours: f64| truncated(hours * 3_600_000.0);
    TruckSpec { pcu, load_ms: ms(load_h), unload_ms: ms(unload_h), litres_100_km: LITRES_100_KM }
}

/// A table that was given.
#[derive(Debug, Clone, Copy)]
pub struct GivenTable<'a> {
    /// How messages name it, e.g. its path.
    pub label: &'a str,
    /// What faults call it, e.g. the last part of its path.
    pub file: &'a str,
    /// Its contents as CSV.
    pub csv: &'a [u8],
}

/// How supplies are judged, and what brings them.
#[derive(Debug, Clone, Copy)]
pub struct SupplyRules<'a> {
    /// The standards that needs are counted by.
    pub rates: &'a Rates,
    /// How cold it is.
    pub climate: Climate,
    /// What a truck is taken to be.
    pub trucks: TruckSpec,
}

/// Reads supplies and supply points, and plans the convoys.
///
/// # Errors
/// Faults of a table, or [`NeedsError::Cancelled`].
pub fn given(
    known: &PlanOccupancy,
    [supplies, aid]: [Option<GivenTable<'_>>; 2],
    SupplyRules { rates, climate, trucks }: SupplyRules<'_>,
    cancel: &Cancel,
    progress: &dyn Fn(&str, f64),
) -> Result<GivenSupplies, NeedsError> {
    let mut given = GivenSupplies::default();
    if let Some(table) = supplies {
        let (rows, found) = read_supplies(table.file, table.csv, &known.presences, rates);
        given.heed(table, found)?;
        given.supplies = rows;
    }
    let Some(table) = aid else { return Ok(given) };
    let scenario = &known.scenario;
    let (supply_points, found) = read_supply_points(table.file, table.csv, scenario, &known.presences, rates);
    given.heed(table, found)?;
    let network = truck_network(scenario)?;
    let balance = SupplyBalance {
        presences: &known.presences,
        supplies: &given.supplies,
        deliveries: &[],
        rates,
        climate,
    };
    let links = |row: usize| {
        let link = &scenario.links[row];
        (link.link_id.as_str(), link.length_m.unwrap_or(0.0))
    };
    let progress = |share| progress("convoys", share);
    given.aid = convoys(&network, &balance, &supply_points, trucks, &links, cancel, &progress)
        .ok_or(NeedsError::Cancelled)?;
    given.supply_points = supply_points;
    Ok(given)
}
