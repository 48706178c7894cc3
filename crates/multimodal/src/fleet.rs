//! The fleet and those it is for, as arrays, with the fastest runs between all places that matter.

use crate::streets::{FleetStreets, FreeRun, VehicleStand};
use clearway_flow::ReleaseCurve;
use clearway_model::number::{float, floor};
use clearway_model::{Case, Figure, Means, PopulationGroups, Scenario, VehicleRow, YesNo};
use clearway_network::{ElementIndex, ElementKind, NetworkError, NodeIndex, SiteIndex, ZoneIndex};
use std::collections::{BTreeMap, HashMap};

/// Priority of groups that state none: after all that do.
pub(crate) const LAST_PRIORITY: i64 = i64::MAX;

/// People of a zone who need one kind of place.
#[derive(Debug, Clone)]
pub struct CarriedGroup {
    /// How many there are, those who stay included.
    pub people: i64,
    /// How many of them have declared that they stay.
    pub staying: i64,
    /// How many are to be taken to a site.
    pub evacuees: i64,
    /// Groups with a smaller number go first.
    pub priority: i64,
    /// What an hour of theirs counts among those with the same priority.
    pub weight: f64,
    /// Not divided over sites.
    pub together: bool,
    /// When the evacuees are ready.
    pub release: ReleaseCurve,
}

impl CarriedGroup {
    /// How many of them are ready at `t`, ms.
    pub fn ready_by(&self, t: i64) -> i64 {
        floor(float(self.evacuees) * self.release.share(t) + 1e-6)
    }

    /// When so many of them are ready, ms; `None`: never.
    pub fn ready(&self, count: i64) -> Option<i64> {
        let enough = |t: i64| self.ready_by(t) >= count;
        let (mut low, mut high) = (0, self.release.end());
        if enough(0) {
            return Some(0);
        }
        if !enough(high) {
            return None;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if enough(middle) { high = middle } else { low = middle }
        }
        Some(high)
    }
}

/// The fleet on the roads.
#[derive(Debug)]
pub struct VehicleFleet<'a> {
    /// The scenario as vehicles find its roads.
    pub scenario: &'a Scenario,
    /// Types of vehicles: the rows of `fleet.csv`, which `kind` counts.
    pub rows: &'a [VehicleRow],
    /// The roads at each speed that any type has.
    pub streets: Vec<FleetStreets>,
    /// Which of them each type uses.
    pub streets_of: Vec<usize>,
    /// Node of each type's depot.
    pub depots: Vec<NodeIndex>,
    /// Per zone, by [`Means::FLEET`].
    pub groups: Vec<[Option<CarriedGroup>; 3]>,
    /// Which value of each range.
    pub case: Case,
    /// Nothing after this counts, ms.
    pub horizon: i64,
    /// Per speed, loaded runs from a zone to each site.
    loaded: Vec<BTreeMap<ZoneIndex, Vec<Option<FreeRun>>>>,
    /// Per speed, empty runs from a stand to each zone.
    empty: Vec<BTreeMap<VehicleStand, Vec<Option<FreeRun>>>>,
}

impl<'a> VehicleFleet<'a> {
    /// Looks up all runs on the roads as vehicles find them ([`crate::parts::driven`]).
    ///
    /// # Errors
    /// If the scenario is no network.
    pub fn new(
        scenario: &'a Scenario,
        population: &'a PopulationGroups,
        case: Case,
    ) -> Result<Self, NetworkError> {
        let mut streets: Vec<FleetStreets> = Vec::new();
        let mut speeds: Vec<f64> = Vec::new();
        let mut streets_of = Vec::new();
        for row in &population.fleet {
            let share = row.speed_share.unwrap_or(1.0);
            // A network for each speed and not for each type: a fleet has many types and few speeds.
            let known = speeds.iter().position(|s| s.to_bits() == share.to_bits());
            streets_of.push(known.unwrap_or(speeds.len()));
            if known.is_none() {
                speeds.push(share);
                streets.push(FleetStreets::new(scenario, share, case)?);
            }
        }
        if streets.is_empty() {
            streets.push(FleetStreets::new(scenario, 1.0, case)?);
        }
        let node_of: HashMap<&str, NodeIndex> =
            scenario.nodes.iter().enumerate().map(|(i, n)| (n.node_id.as_str(), i.into())).collect();
        let depots: Vec<NodeIndex> = population
            .fleet
            .iter()
            .map(|row| node_of.get(row.depot_node_id.as_str()).copied().unwrap_or(0.into()))
            .collect();
        let groups = groups(scenario, population, &streets[0], case);
        let carried = groups.iter().enumerate().filter(|(_, groups)| groups.iter().any(Option::is_some));
        let zones: Vec<ZoneIndex> = carried.map(|(zone, _)| zone.into()).collect();
        let mut loaded = Vec::new();
        let mut empty = Vec::new();
        for (at, roads) in streets.iter().enumerate() {
            loaded.push(zones.iter().map(|&zone| (zone, roads.loaded(zone))).collect());
            let depots =
                depots.iter().zip(&streets_of).filter(|d| *d.1 == at).map(|d| VehicleStand::Node(*d.0));
            let sites = roads.network.sites.keys().map(VehicleStand::Site);
            let stands: Vec<VehicleStand> = depots.chain(sites).collect();
            empty.push(stands.into_iter().map(|stand| (stand, roads.empty(stand))).collect());
        }
        let horizon = scenario.settings.horizon_ms;
        Ok(Self {
            scenario,
            rows: &population.fleet,
            streets,
            streets_of,
            depots,
            groups,
            case,
            horizon,
            loaded,
            empty,
        })
    }

    /// Loaded runs of a type of vehicle from a zone to each site.
    pub fn ways(&self, kind: usize, zone: ZoneIndex) -> Option<&Vec<Option<FreeRun>>> {
        self.loaded[self.streets_of[kind]].get(&zone)
    }

    /// The empty run of a type of vehicle from a stand to a zone.
    pub fn empty_way(&self, kind: usize, stand: VehicleStand, zone: ZoneIndex) -> Option<&FreeRun> {
        self.empty[self.streets_of[kind]].get(&stand)?.get(zone.row())?.as_ref()
    }

    /// Fastest loaded run from a zone to any site, ms.
    pub fn out(&self, kind: usize, zone: ZoneIndex) -> Option<i64> {
        self.ways(kind, zone)?.iter().flatten().map(|run| run.time).min()
    }

    /// Fastest empty run from any site to a zone, ms.
    pub fn back(&self, kind: usize, zone: ZoneIndex) -> Option<i64> {
        let sites = (0..self.scenario.sites.len()).map(|site| VehicleStand::Site(SiteIndex::from(site)));
        sites.filter_map(|site| Some(self.empty_way(kind, site, zone)?.time)).min()
    }

    /// Shortest round of a type of vehicle to a zone: empty there, load, loaded to a site, unload, ms.
    pub fn cycle(&self, kind: usize, zone: ZoneIndex) -> Option<i64> {
        let row = &self.rows[kind];
        // Where no road leads back from a site only the first round is possible.
        let back = self.back(kind, zone).or_else(|| self.first(kind, zone))?;
        Some(back + row.load_ms + self.out(kind, zone)? + row.unload_ms)
    }

    /// Empty run from the depot to a zone, ms.
    pub fn first(&self, kind: usize, zone: ZoneIndex) -> Option<i64> {
        Some(self.empty_way(kind, VehicleStand::Node(self.depots[kind]), zone)?.time)
    }

    /// Metres of the links among elements.
    pub fn metres(&self, elements: &[ElementIndex]) -> f64 {
        let network = &self.streets[0].network;
        elements
            .iter()
            .filter_map(|&e| match network.elements[e].kind {
                ElementKind::Link(row) => self.scenario.links[row].length_m,
                _ => None,
            })
            .sum()
    }
}

fn groups(
    scenario: &Scenario,
    population: &PopulationGroups,
    streets: &FleetStreets,
    case: Case,
) -> Vec<[Option<CarriedGroup>; 3]> {
    let mut curves: BTreeMap<&str, Vec<(i64, f64)>> = BTreeMap::new();
    for row in &scenario.releases {
        curves.entry(&row.mobilization_id).or_default().push((row.time_ms, row.share));
    }
    let zone_of: HashMap<&str, usize> =
        scenario.zones.iter().enumerate().map(|(i, z)| (z.zone_id.as_str(), i)).collect();
    let mut groups = vec![[None, None, None]; scenario.zones.len()];
    for row in population.rows.iter().filter(|row| row.means.is_carried() && row.people > 0) {
        let (Some(&zone), Some(slot)) =
            (zone_of.get(row.zone_id.as_str()), Means::FLEET.iter().position(|m| *m == row.means))
        else {
            continue;
        };
        let people = Figure::new(row.people, row.people_low, row.people_high).less_is_better(case);
        let staying = row.stay_people.unwrap_or(0).min(people);
        let release = match curves.get(row.mobilization_id.as_str()) {
            Some(points) => ReleaseCurve::new(points.clone()),
            None => streets.network.zones[ZoneIndex::from(zone)].release.clone(),
        };
        groups[zone][slot] = Some(CarriedGroup {
            people,
            staying,
            evacuees: people - staying,
            priority: row.priority.unwrap_or(LAST_PRIORITY),
            weight: row.weight.unwrap_or(1.0),
            together: row.together == Some(YesNo::Yes),
            release,
        });
    }
    groups
}
