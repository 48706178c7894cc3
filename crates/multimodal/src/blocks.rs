//! Vehicle blocks: which vehicle takes whom when, trip by trip.
//!
//! A list schedule: whichever vehicle is free first takes the next round. Groups with a smaller priority number go first, and
//! work counts as many times as the weight of its group; a vehicle waits in the zone for those who go first and for nobody else;
//! among equals a vehicle stays with its zone while somebody waits there, else it goes where most work waits for each vehicle that is at
//! it already. Each zone's people go to the nearest site with room for them, one from which there is a way back
//! before all others.

use crate::fleet::{LAST_PRIORITY, VehicleFleet};
use crate::reserved::ReservedCapacity;
use crate::streets::{VehicleRun, VehicleStand};
use clearway_model::number::float;
use clearway_model::{Means, TripRow};
use clearway_network::{ElementIndex, ElementKind, SiteIndex, ZoneIndex};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// A vehicle that finds no room on its way tries again this much later, ms: room is counted by quarters of an hour, which a minute cuts
/// finely enough.
const RETRY: i64 = 60_000;
/// So often, before it leaves the zone to others.
const RETRIES: usize = 2_000;

/// All trips, and what the fleet keeps of the roads.
#[derive(Debug)]
pub struct VehicleBlocks {
    /// In the order in which the vehicles set out.
    pub trips: Vec<TripRow>,
    /// Metres of all trips, empty and loaded.
    pub metres: f64,
    /// Use of links and admissions.
    pub kept: ReservedCapacity,
    /// Per site, people received.
    pub site_people: Vec<i64>,
}

/// A zone's people who need the fleet, as they wait.
#[derive(Debug, Clone, Default)]
struct WaitingZone {
    /// Not taken yet, by [`Means::FLEET`].
    left: [i64; 3],
    /// How many have been given to a vehicle so far, by [`Means::FLEET`].
    taken: [i64; 3],
    /// Where each goes first; further sites follow by distance.
    site: [Option<SiteIndex>; 3],
    vehicles: usize,
}

#[derive(Debug, Clone, Copy)]
struct FleetVehicle {
    /// Row of its type in `fleet.csv`.
    kind: usize,
    /// From 1 on among those of its type.
    number: i64,
    stand: VehicleStand,
    /// From when on it can do something, ms.
    free: i64,
    /// Since when its driver is at work, ms; `None`: rested.
    duty_from: Option<i64>,
    /// Driven so far: its range is one for all its trips.
    metres: f64,
    /// The zone it works for, counted among the vehicles of that zone.
    zone: Option<ZoneIndex>,
}

/// A trip that can be done; times in ms from time 0.
struct VehicleTrip {
    zone: ZoneIndex,
    site: SiteIndex,
    /// Who comes along, by [`Means::FLEET`].
    people: [i64; 3],
    /// When the vehicle sets out from where it stands.
    from: i64,
    empty: VehicleRun,
    /// When people begin to get in.
    load: i64,
    /// When it leaves the zone.
    depart: i64,
    loaded: VehicleRun,
    /// When people are received at the site and the vehicle is free.
    end: i64,
    metres: f64,
}

/// Who is to come along on a trip.
struct TripLoad {
    /// Where all of them go.
    site: SiteIndex,
    /// How many come along, by [`Means::FLEET`].
    people: [i64; 3],
    /// Which kind of them the vehicle waits for.
    first: usize,
}

/// Shares of what the fleet may take of the roads that are tried, the smallest first.
const SHARES: [f64; 4] = [0.0625, 0.125, 0.25, 0.5];
/// How much longer those whom the fleet carries may wait for the sake of all others.
const LONGER: f64 = 1.02;

/// The blocks with the smallest share of the roads, at most `share`, at which nobody the fleet carries is not evacuated for it and
/// they wait hardly longer: what the fleet takes is lost to all others.
pub fn lean_blocks(fleet: &VehicleFleet<'_>, share: f64) -> VehicleBlocks {
    lean(fleet, share, GroupOrder::ByPriority)
}

/// The same if nobody goes first or counts more; `None` where all have the same priority and weight anyhow.
pub fn unranked_blocks(fleet: &VehicleFleet<'_>, share: f64) -> Option<VehicleBlocks> {
    let groups = fleet.groups.iter().flatten().flatten().filter(|group| group.evacuees > 0);
    let priorities: BTreeSet<(i64, u64)> = groups.map(|g| (g.priority, g.weight.to_bits())).collect();
    (priorities.len() > 1).then(|| lean(fleet, share, GroupOrder::None))
}

/// Whether groups with a smaller priority number go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum GroupOrder {
    ByPriority,
    None,
}

fn lean(fleet: &VehicleFleet<'_>, share: f64, rank: GroupOrder) -> VehicleBlocks {
    let blocks = |part: f64| blocks(fleet, part, share, rank);
    // With all that it may take the fleet carries the most people: less is good enough that carries as many, hardly later.
    let widest = blocks(share);
    let measure = |blocks: &VehicleBlocks| {
        let people = |t: &TripRow| t.seat_people + t.wheelchair_people + t.stretcher_people;
        let carried: i64 = blocks.trips.iter().map(people).sum();
        let hours: f64 = blocks.trips.iter().map(|t| float(people(t)) * float(t.end_ms)).sum();
        let last = blocks.trips.iter().map(|t| t.end_ms).max().unwrap_or(0);
        (carried, hours, float(last))
    };
    let (carried, hours, last) = measure(&widest);
    SHARES
        .into_iter()
        .map(|part| blocks(share * part))
        .find(|lean| {
            let (c, h, l) = measure(lean);
            c >= carried && h <= hours * LONGER && l <= last * LONGER
        })
        .unwrap_or(widest)
}

/// The blocks of a fleet that takes at most `share` of links and admissions in any quarter of an hour, where it might take `stated`.
fn blocks(fleet: &VehicleFleet<'_>, share: f64, stated: f64, rank: GroupOrder) -> VehicleBlocks {
    let mut schedule = DispatchSchedule::new(fleet, share, stated, rank);
    // By the time at which a vehicle is free, then by its number: the same order on every machine.
    let mut heap = BinaryHeap::new();
    for (index, vehicle) in schedule.vehicles.iter().enumerate() {
        heap.push(Reverse((vehicle.free, index)));
    }
    while let Some(Reverse((_, index))) = heap.pop() {
        if let Some(free) = schedule.next_round(index) {
            heap.push(Reverse((free, index)));
        }
    }
    schedule.blocks
}

impl VehicleBlocks {
    /// No trip at all.
    pub fn none(fleet: &VehicleFleet<'_>) -> Self {
        let network = &fleet.streets[0].network;
        let kept = ReservedCapacity::new(fleet.scenario, network, 0.0, 0.0);
        Self { trips: Vec::new(), metres: 0.0, kept, site_people: vec![0; network.sites.len()] }
    }
}

struct DispatchSchedule<'f> {
    fleet: &'f VehicleFleet<'f>,
    rank: GroupOrder,
    waiting: Vec<WaitingZone>,
    vehicles: Vec<FleetVehicle>,
    /// Room per site, people; `None`: no limit.
    room: Vec<Option<i64>>,
    /// Zones that a type of vehicle cannot serve any more.
    given_up: Vec<Vec<bool>>,
    /// Zones that are too far for what is left of a vehicle's time, range or driver's hours.
    too_far: Vec<BTreeSet<ZoneIndex>>,
    blocks: VehicleBlocks,
}

impl<'f> DispatchSchedule<'f> {
    fn new(fleet: &'f VehicleFleet<'f>, share: f64, stated: f64, rank: GroupOrder) -> Self {
        let network = &fleet.streets[0].network;
        let sites = network.sites.len();
        let mut schedule = Self {
            fleet,
            rank,
            waiting: vec![WaitingZone::default(); network.zones.len()],
            vehicles: Vec::new(),
            room: network.sites.iter().map(|site| site.capacity).collect(),
            given_up: vec![vec![false; network.zones.len()]; fleet.rows.len()],
            too_far: Vec::new(),
            blocks: VehicleBlocks {
                trips: Vec::new(),
                metres: 0.0,
                kept: ReservedCapacity::new(fleet.scenario, network, share, stated),
                site_people: vec![0; sites],
            },
        };
        for (zone, groups) in fleet.groups.iter().enumerate() {
            for (slot, group) in groups.iter().enumerate() {
                schedule.waiting[zone].left[slot] = group.as_ref().map_or(0, |group| group.evacuees);
            }
        }
        for (kind, row) in fleet.rows.iter().enumerate() {
            let free = row.available_from_ms.unwrap_or(0);
            let stand = VehicleStand::Node(fleet.depots[kind]);
            schedule.vehicles.extend((1..=row.count).map(|number| FleetVehicle {
                kind,
                number,
                stand,
                free,
                duty_from: None,
                metres: 0.0,
                zone: None,
            }));
        }
        schedule.too_far = vec![BTreeSet::new(); schedule.vehicles.len()];
        schedule
    }

    /// Gives a vehicle its next round; when it is free again, `None` if it has no more.
    fn next_round(&mut self, index: usize) -> Option<i64> {
        // Each turn that finds no trip strikes a zone out for the vehicle or for its type, so that the turns come to an end.
        loop {
            let vehicle = self.vehicles[index];
            let Some(zone) = self.choose(&vehicle, &self.too_far[index]) else {
                self.leave_zone(index);
                return None;
            };
            self.assign(index, zone);
            match self.round(&vehicle, zone) {
                TripAttempt::Done(round) => {
                    self.carry_out(index, &round);
                    return Some(round.end);
                }
                TripAttempt::Rest(until) => {
                    self.vehicles[index].duty_from = None;
                    self.vehicles[index].free = until;
                    return Some(until);
                }
                TripAttempt::TooFar => drop(self.too_far[index].insert(zone)),
                TripAttempt::Never => self.given_up[vehicle.kind][zone.row()] = true,
            }
        }
    }

    fn leave_zone(&mut self, index: usize) {
        if let Some(zone) = self.vehicles[index].zone.take() {
            self.waiting[zone.row()].vehicles -= 1;
        }
    }

    fn assign(&mut self, index: usize, zone: ZoneIndex) {
        if self.vehicles[index].zone != Some(zone) {
            self.leave_zone(index);
            self.vehicles[index].zone = Some(zone);
            self.waiting[zone.row()].vehicles += 1;
        }
    }

    fn priority(&self, zone: ZoneIndex, slot: usize) -> i64 {
        match (self.rank, &self.fleet.groups[zone.row()][slot]) {
            (GroupOrder::ByPriority, Some(group)) => group.priority,
            _ => LAST_PRIORITY,
        }
    }

    fn weight(&self, zone: ZoneIndex, slot: usize) -> f64 {
        match (self.rank, &self.fleet.groups[zone.row()][slot]) {
            (GroupOrder::ByPriority, Some(group)) => group.weight,
            _ => 1.0,
        }
    }

    /// Work that waits in a zone for vehicles like this one, ms times weight, and the first priority among it.
    fn work(&self, kind: usize, zone: ZoneIndex) -> Option<(i64, f64)> {
        if self.given_up[kind][zone.row()] {
            return None;
        }
        let row = &self.fleet.rows[kind];
        let cycle = self.fleet.cycle(kind, zone)?;
        let mut first: Option<(i64, f64)> = None;
        for (slot, &means) in Means::FLEET.iter().enumerate() {
            let (left, places) = (self.waiting[zone.row()].left[slot], row.places(means));
            if left > 0 && places > 0 {
                let priority = self.priority(zone, slot);
                let rounds = (float(left) / float(places)).ceil();
                let work = rounds * float(cycle) * self.weight(zone, slot);
                first = Some(first.map_or((priority, work), |f| (f.0.min(priority), f.1.max(work))));
            }
        }
        first
    }

    fn choose(&self, vehicle: &FleetVehicle, too_far: &BTreeSet<ZoneIndex>) -> Option<ZoneIndex> {
        let zones = (0..self.waiting.len()).map(ZoneIndex::from).filter(|zone| !too_far.contains(zone));
        let works: Vec<(ZoneIndex, i64, f64)> =
            zones.filter_map(|z| self.work(vehicle.kind, z).map(|(p, work)| (z, p, work))).collect();
        let first = works.iter().map(|w| w.1).min()?;
        let mut best: Option<(f64, ZoneIndex)> = None;
        for &(zone, _, work) in works.iter().filter(|w| w.1 == first) {
            if vehicle.zone == Some(zone) {
                return Some(zone);
            }
            let score = work / float(self.waiting[zone.row()].vehicles + 1);
            if best.is_none_or(|b| score > b.0) {
                best = Some((score, zone));
            }
        }
        best.map(|b| b.1)
    }

    /// The site for a load: that of the zone's people, else the nearest with room; how many of the load it has room for.
    fn site_for(&mut self, kind: usize, zone: ZoneIndex, slot: usize, load: i64) -> Option<(SiteIndex, i64)> {
        if let Some(site) = self.waiting[zone.row()].site[slot] {
            let some = self.room_for(site, load);
            if some > 0 {
                return Some((site, some));
            }
        }
        let together = self.fleet.groups[zone.row()][slot].as_ref().is_some_and(|g| g.together);
        let all = self.waiting[zone.row()].left[slot];
        if together && self.waiting[zone.row()].taken[slot] > 0 {
            return None;
        }
        let ways = self.fleet.ways(kind, zone)?;
        // Where no road leads back from, a vehicle goes once and is lost for all who still wait.
        let is_dead_end =
            |site: SiteIndex| self.fleet.empty_way(kind, VehicleStand::Site(site), zone).is_none();
        let mut near: Vec<(bool, i64, SiteIndex)> = ways
            .iter()
            .enumerate()
            .map(|(site, way)| (SiteIndex::from(site), way))
            .filter_map(|(site, way)| Some((is_dead_end(site), way.as_ref()?.time, site)))
            .collect();
        near.sort_unstable();
        // One site for all of them if there is one, else the nearest with any room.
        let site = near
            .iter()
            .find(|n| self.room_for(n.2, all) == all)
            .or_else(|| near.iter().find(|n| !together && self.room_for(n.2, 1) > 0))?
            .2;
        self.waiting[zone.row()].site[slot] = Some(site);
        Some((site, self.room_for(site, load)))
    }

    /// For how many of so many people a site still has room.
    fn room_for(&self, site: SiteIndex, people: i64) -> i64 {
        self.room[site.row()].map_or(people, |room| people.min(room))
    }

    /// Who comes along: people of all kinds that the vehicle has places for and that go to the same site; and of which kind
    /// those are whom it waits for.
    fn load(&mut self, kind: usize, zone: ZoneIndex) -> Option<TripLoad> {
        let row = &self.fleet.rows[kind];
        let mut people = [0; 3];
        let mut site = None;
        let mut first = None;
        let mut order: Vec<usize> = (0..3).collect();
        let wanted = |slot: usize| row.places(Means::FLEET[slot]).min(self.waiting[zone.row()].left[slot]);
        // Among equals those of whom most come along; of as many those who can go in the fewest vehicles.
        order.sort_by(|&a, &b| {
            let (first, second) = (self.priority(zone, a), self.priority(zone, b));
            let weight = self.weight(zone, b).total_cmp(&self.weight(zone, a));
            first.cmp(&second).then(weight).then(wanted(b).cmp(&wanted(a))).then(b.cmp(&a))
        });
        for slot in order {
            let places = row.places(Means::FLEET[slot]).min(self.waiting[zone.row()].left[slot]);
            if places == 0 {
                continue;
            }
            let Some((to, some)) = self.site_for(kind, zone, slot, places) else { continue };
            if site.is_none_or(|site| site == to) {
                let taken: i64 = people.iter().sum();
                // Others who come along take room at the site too.
                people[slot] = self.room[to.row()].map_or(some, |room| some.min(room - taken));
                site = Some(to);
                first = first.or(Some(slot).filter(|slot| people[*slot] > 0));
            }
        }
        Some(TripLoad { site: site?, people, first: first? })
    }

    fn round(&mut self, vehicle: &FleetVehicle, zone: ZoneIndex) -> TripAttempt {
        let Some(load) = self.load(vehicle.kind, zone) else { return TripAttempt::Never };
        let mut from = vehicle.free;
        for _ in 0..RETRIES {
            // From where another vehicle stands there may still be time.
            let Some(round) = self.round_at(vehicle, zone, &load, from) else {
                return TripAttempt::TooFar;
            };
            if self.has_room(vehicle.kind, &round) {
                return self.allowed(vehicle, round);
            }
            from += RETRY;
        }
        TripAttempt::Never
    }

    /// The round that begins at `from`: straight to the zone, loaded as soon as those of the kind `first` are ready who come along, with
    /// as many of the others as are ready by then.
    fn round_at(
        &self,
        vehicle: &FleetVehicle,
        zone: ZoneIndex,
        load: &TripLoad,
        from: i64,
    ) -> Option<VehicleTrip> {
        let &TripLoad { site, mut people, first } = load;
        let fleet = self.fleet;
        let row = &fleet.rows[vehicle.kind];
        let streets = &fleet.streets[fleet.streets_of[vehicle.kind]];
        let way = fleet.empty_way(vehicle.kind, vehicle.stand, zone)?;
        let way_out = fleet.ways(vehicle.kind, zone)?.get(site.row())?.as_ref()?;
        let mut empty = streets.run_empty(vehicle.stand, zone, way, from)?;
        let taken = &self.waiting[zone.row()].taken;
        let groups = &fleet.groups[zone.row()];
        let ready = groups[first].as_ref()?.ready(taken[first] + people[first])?;
        // No need to set out before the people are ready.
        let mut from = from;
        if empty.end < ready && row.duty_max_ms.is_some() {
            from += ready - empty.end;
            empty = streets.run_empty(vehicle.stand, zone, way, from)?;
        }
        let load = empty.end.max(ready);
        // Others fill the places that are left, but nobody waits for them.
        for (slot, some) in people.iter_mut().enumerate().filter(|(slot, some)| *slot != first && **some > 0)
        {
            *some = (groups[slot].as_ref()?.ready_by(load) - taken[slot]).clamp(0, *some);
        }
        let loaded = streets.run_loaded(zone, site, &way_out.elements, load + row.load_ms)?;
        // Waiting for the first road to open is done in the zone.
        let depart = loaded.entered.first().copied().unwrap_or(load + row.load_ms);
        let end = streets.received(site, loaded.end + row.unload_ms)?;
        let metres = fleet.metres(&empty.elements) + fleet.metres(&loaded.elements);
        (end < fleet.horizon).then_some(VehicleTrip {
            zone,
            site,
            people,
            from,
            empty,
            load,
            depart,
            loaded,
            end,
            metres,
        })
    }

    /// Whether there is room for the round on all its links and at the site.
    fn has_room(&self, kind: usize, round: &VehicleTrip) -> bool {
        let pcu = self.fleet.rows[kind].pcu_per_vehicle;
        let kept = &self.blocks.kept;
        let runs = round.empty.elements.iter().zip(&round.empty.entered);
        let runs = runs.chain(round.loaded.elements.iter().zip(&round.loaded.entered));
        let streets = &self.fleet.streets[0];
        // The fleet's use of connectors is not counted: they have no share.
        let roads = runs.filter(|(e, _)| streets.network.is_link(**e)).all(|(&e, &t)| kept.fits(e, t, pcu));
        let admission = streets.network.sites[round.site].admission;
        let everybody = float(round.people.iter().sum::<i64>());
        roads && kept.fits(admission, round.end, everybody)
    }

    /// Whether the vehicle and its driver may do the round.
    fn allowed(&self, vehicle: &FleetVehicle, round: VehicleTrip) -> TripAttempt {
        let row = &self.fleet.rows[vehicle.kind];
        if row.available_until_ms.is_some_and(|until| round.end > until) {
            return TripAttempt::TooFar;
        }
        if row.range_m.is_some_and(|range| vehicle.metres + round.metres > range) {
            return TripAttempt::TooFar;
        }
        if let Some(most) = row.duty_max_ms {
            let since = vehicle.duty_from.unwrap_or(round.from);
            if round.end - since > most {
                // A round that is too long for a fresh driver is too long for any.
                return match (vehicle.duty_from, row.rest_ms) {
                    (Some(_), Some(rest)) => TripAttempt::Rest(vehicle.free + rest),
                    (Some(_), None) => TripAttempt::TooFar,
                    (None, _) => TripAttempt::Never,
                };
            }
        }
        TripAttempt::Done(Box::new(round))
    }

    fn carry_out(&mut self, index: usize, round: &VehicleTrip) {
        let vehicle = &mut self.vehicles[index];
        let row = &self.fleet.rows[vehicle.kind];
        vehicle.stand = VehicleStand::Site(round.site);
        vehicle.free = round.end;
        vehicle.duty_from = Some(vehicle.duty_from.unwrap_or(round.from));
        vehicle.metres += round.metres;
        let waiting = &mut self.waiting[round.zone.row()];
        for (slot, people) in round.people.into_iter().enumerate() {
            waiting.left[slot] -= people;
            waiting.taken[slot] += people;
        }
        let everybody: i64 = round.people.iter().sum();
        if let Some(room) = &mut self.room[round.site.row()] {
            *room -= everybody;
        }
        self.blocks.site_people[round.site.row()] += everybody;
        self.blocks.metres += round.metres;
        let network = &self.fleet.streets[0].network;
        for run in [&round.empty, &round.loaded] {
            for (&element, &t) in run.elements.iter().zip(&run.entered) {
                if network.is_link(element) {
                    self.blocks.kept.take(element, t, row.pcu_per_vehicle);
                }
            }
        }
        let admission = network.sites[round.site].admission;
        self.blocks.kept.take(admission, round.end, float(everybody));
        let vehicle = self.vehicles[index];
        let trip = self.trip(&vehicle, round);
        self.blocks.trips.push(trip);
    }

    fn trip(&self, vehicle: &FleetVehicle, round: &VehicleTrip) -> TripRow {
        let scenario = self.fleet.scenario;
        let network = &self.fleet.streets[0].network;
        let row = &self.fleet.rows[vehicle.kind];
        let name = |element: ElementIndex| match network.elements[element].kind {
            ElementKind::Connector(at) => scenario.connectors[at].connector_id.clone(),
            ElementKind::Link(at) => scenario.links[at].link_id.clone(),
            ElementKind::Admission(at) => scenario.sites[at].site_id.clone(),
        };
        let links = |elements: &[ElementIndex]| {
            let names: Vec<String> =
                elements.iter().filter(|e| network.is_link(**e)).map(|e| name(*e)).collect();
            names.join(";")
        };
        let ends = (round.loaded.elements.first(), round.loaded.elements.last());
        TripRow {
            trip_id: format!("T{}", self.blocks.trips.len() + 1),
            vehicle_id: format!("{}-{}", row.vehicle_type_id, vehicle.number),
            vehicle_type_id: row.vehicle_type_id.clone(),
            zone_id: scenario.zones[round.zone.row()].zone_id.clone(),
            site_id: scenario.sites[round.site.row()].site_id.clone(),
            seat_people: round.people[0],
            wheelchair_people: round.people[1],
            stretcher_people: round.people[2],
            from_ms: round.from,
            load_ms: round.load,
            depart_ms: round.depart,
            unload_ms: round.loaded.end,
            end_ms: round.end,
            zone_connector: ends.0.map_or_else(String::new, |e| name(*e)),
            site_connector: ends.1.map_or_else(String::new, |e| name(*e)),
            empty_links: links(&round.empty.elements),
            links: links(&round.loaded.elements),
        }
    }
}

/// What came of looking for a round.
enum TripAttempt {
    Done(Box<VehicleTrip>),
    /// The driver rests until then, ms.
    Rest(i64),
    /// Not for this vehicle, which has too little time, range or hours left.
    TooFar,
    /// Nobody of that zone can be taken by such a vehicle.
    Never,
}
