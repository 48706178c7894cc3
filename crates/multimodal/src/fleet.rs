//! The fleet and those it is for, as arrays, with the fastest runs between all places that matter.

use crate::streets::{Stand, Streets};
use clearway_flow::ReleaseCurve;
use clearway_model::{Case, Figure, Means, PopulationGroups, Scenario, VehicleRow, YesNo};
use clearway_network::{ElementIndex, ElementKind, NetworkError, NodeIndex, SiteIndex, ZoneIndex};
use std::collections::{BTreeMap, HashMap};

/// Elements of a run and its free-flow time, ms.
pub type Way = (Vec<ElementIndex>, i64);

/// People of a zone who need one kind of place.
#[derive(Debug, Clone)]
pub struct Carried {
    /// All of them.
    pub people: i64,
    /// Declared staying.
    pub staying: i64,
    /// The others.
    pub evacuees: i64,
    /// Smaller goes first.
    pub priority: i64,
    /// What an hour of theirs counts among those with the same priority.
    pub weight: f64,
    /// Not divided over sites.
    pub together: bool,
    /// When the evacuees are ready.
    pub release: ReleaseCurve,
}

impl Carried {
    /// How many of them are ready at `t`, ms.
    pub fn ready_by(&self, t: i64) -> i64 {
        (self.evacuees as f64 * self.release.share(t) + 1e-6).floor() as i64
    }

    /// When so many of them are ready, ms; `i64::MAX` / 4: never.
    pub fn ready(&self, count: i64) -> i64 {
        let enough = |t: i64| self.ready_by(t) >= count;
        let (mut low, mut high) = (0, self.release.end());
        if enough(0) {
            return 0;
        }
        if !enough(high) {
            return i64::MAX / 4;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if enough(middle) { high = middle } else { low = middle }
        }
        high
    }
}

/// The fleet on the roads.
#[derive(Debug)]
pub struct Fleet<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Types of vehicles.
    pub rows: &'a [VehicleRow],
    /// The roads at each speed that any type has.
    pub streets: Vec<Streets>,
    /// Which of them each type uses.
    pub streets_of: Vec<usize>,
    /// Node of each type's depot.
    pub depots: Vec<NodeIndex>,
    /// Per zone, by [`Means::FLEET`].
    pub groups: Vec<[Option<Carried>; 3]>,
    /// Which value of each range.
    pub case: Case,
    /// Nothing after this counts, ms.
    pub horizon: i64,
    /// Per speed, loaded runs from a zone to each site.
    loaded: Vec<BTreeMap<ZoneIndex, Vec<Option<Way>>>>,
    /// Per speed, empty runs from a stand to each zone.
    empty: Vec<BTreeMap<Stand, Vec<Option<Way>>>>,
}

impl<'a> Fleet<'a> {
    /// Looks up all runs on the roads as vehicles find them ([`crate::parts::driven`]).
    ///
    /// # Errors
    /// If the scenario is no network.
    pub fn new(
        scenario: &'a Scenario,
        population: &'a PopulationGroups,
        case: Case,
    ) -> Result<Self, NetworkError> {
        let mut streets: Vec<Streets> = Vec::new();
        let mut speeds: Vec<f64> = Vec::new();
        let mut streets_of = Vec::new();
        for row in &population.fleet {
            let share = row.speed_share.unwrap_or(1.0);
            let known = speeds.iter().position(|s| s.to_bits() == share.to_bits());
            streets_of.push(known.unwrap_or(speeds.len()));
            if known.is_none() {
                speeds.push(share);
                streets.push(Streets::new(scenario, share, case)?);
            }
        }
        if streets.is_empty() {
            streets.push(Streets::new(scenario, 1.0, case)?);
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
            let depots = depots.iter().zip(&streets_of).filter(|d| *d.1 == at).map(|d| Stand::Node(*d.0));
            let sites = roads.network.sites.keys().map(Stand::Site);
            let stands: Vec<Stand> = depots.chain(sites).collect();
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
    pub fn ways(&self, kind: usize, zone: ZoneIndex) -> Option<&Vec<Option<Way>>> {
        self.loaded[self.streets_of[kind]].get(&zone)
    }

    /// The empty run of a type of vehicle from a stand to a zone.
    pub fn empty_way(&self, kind: usize, stand: Stand, zone: ZoneIndex) -> Option<&Way> {
        self.empty[self.streets_of[kind]].get(&stand)?.get(zone.row())?.as_ref()
    }

    /// Fastest loaded run from a zone to any site, ms.
    pub fn out(&self, kind: usize, zone: ZoneIndex) -> Option<i64> {
        self.ways(kind, zone)?.iter().flatten().map(|w| w.1).min()
    }

    /// Fastest empty run from any site to a zone, ms.
    pub fn back(&self, kind: usize, zone: ZoneIndex) -> Option<i64> {
        let sites = (0..self.scenario.sites.len()).map(|site| Stand::Site(SiteIndex::from(site)));
        sites.filter_map(|site| Some(self.empty_way(kind, site, zone)?.1)).min()
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
        Some(self.empty_way(kind, Stand::Node(self.depots[kind]), zone)?.1)
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
    streets: &Streets,
    case: Case,
) -> Vec<[Option<Carried>; 3]> {
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
        groups[zone][slot] = Some(Carried {
            people,
            staying,
            evacuees: people - staying,
            priority: row.priority.unwrap_or(i64::MAX),
            weight: row.weight.unwrap_or(1.0),
            together: row.together == Some(YesNo::Yes),
            release,
        });
    }
    groups
}
