//! Convoys of aid: which trucks bring what from which supply point to which place on which day, on the scenario's roads within their
//! hours, and what they take of the roads.
//!
//! A truck is loaded, goes by the way with earliest arrival, is unloaded and comes back. Trucks of a day leave spread over the
//! hours from which they can go without waiting and be back within the day. They bring what would be short from their arrival
//! until that of the next day. Where trucks do not suffice, each goes to the place with the least of what it needs.

use crate::balance::{AppliedStandard, Delivery, SupplyBalance};
use crate::occupancy::OccupancyKind;
use crate::supply_points::SupplyPoint;
use crate::truck_way::ArrivalTree;
use clearway_model::Cancel;
use clearway_model::number::{float, length, truncated};
use clearway_model::time::{MS_PER_DAY as DAY, MS_PER_HOUR as HOUR};
use clearway_network::{ElementEnds, ElementIndex, ElementKind, Network, NodeIndex};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::rc::Rc;

/// What a truck is taken to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TruckSpec {
    /// What one truck takes of the road, passenger-car units.
    pub pcu: f64,
    /// Time to load it at the supply point, ms.
    pub load_ms: i64,
    /// Time to unload it at the place, ms.
    pub unload_ms: i64,
    /// Fuel, litres per 100 km.
    pub litres_100_km: f64,
}

/// Trucks of one supply point to one place on one day.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Convoy {
    /// Day of the departures, counted from 0 at time 0.
    pub day: usize,
    /// Id of the warehouse or crossing that they come from.
    pub supply_point_id: String,
    /// Whether the place is a zone or a site.
    pub kind: OccupancyKind,
    /// Id of the zone or site.
    pub place_id: String,
    /// Item of the standards (`data/rates.csv`), `water` or `food`.
    pub item: String,
    /// How many loads, each of one truck.
    pub loads: i64,
    /// What they bring, m3 or t.
    pub amount: f64,
    /// First departure from the supply point, ms from time 0.
    pub first_depart_ms: i64,
    /// Last departure from the supply point, ms from time 0.
    pub last_depart_ms: i64,
    /// From the supply point to the place, without loading and unloading, ms.
    pub out_ms: i64,
    /// Trips that one truck makes in the day; 0: one trip takes longer than a day.
    pub trips: i64,
    /// Days of a truck that all loads together take: what one truck does in several places counts once.
    pub truck_days: f64,
    /// Fuel for all trips, litres; 20 % on top is not in it (rule TRA-R5).
    pub fuel_l: f64,
    /// Ids of the links from the supply point to the place, in order.
    pub links_out: Vec<String>,
    /// Ids of the links back for the first truck; others may come back by another way.
    pub links_back: Vec<String>,
}

/// What was not brought although needed, and why.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Unmet")]
pub struct UnmetNeed {
    /// Day of the departures, counted from 0 at time 0.
    pub day: usize,
    /// Whether the place is a zone or a site.
    pub kind: OccupancyKind,
    /// Id of the zone or site.
    pub place_id: String,
    /// Item of the standards (`data/rates.csv`), `water` or `food`.
    pub item: String,
    /// What is not brought, m3 of water or t of food.
    pub amount: f64,
    /// What was missing, of the supply point that was tried last.
    pub why: UnmetReason,
}

/// What was missing for something that was needed.
// In the order of the words in files, by which reasons for the same amount are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub enum UnmetReason {
    /// Hours in which both the way there and the way back are open.
    #[serde(rename = "no time in which the way there and back is open")]
    NoTime,
    /// A way from the place back to the supply point.
    #[serde(rename = "no way back on this map")]
    NoWayBack,
    /// A way from the supply point to the place.
    #[serde(rename = "no way there")]
    NoWay,
    /// Anything left at the supply point.
    #[serde(rename = "stock")]
    Stock,
    /// Trucks that are not on the way yet.
    #[serde(rename = "trucks")]
    Trucks,
    /// Trucks that may leave the supply point in a day.
    #[serde(rename = "trucks a day")]
    TrucksPerDay,
}

impl UnmetReason {
    /// How files say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoTime => "no time in which the way there and back is open",
            Self::NoWayBack => "no way back on this map",
            Self::NoWay => "no way there",
            Self::Stock => "stock",
            Self::Trucks => "trucks",
            Self::TrucksPerDay => "trucks a day",
        }
    }
}

impl fmt::Display for UnmetReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// All convoys of a plan, what they bring and what they take of the roads.
#[derive(Debug, Clone, Default)]
pub struct AidPlan {
    /// By day, item, supply point and place.
    pub convoys: Vec<Convoy>,
    /// When and where what they bring can be used.
    pub deliveries: Vec<Delivery>,
    /// What they do not bring.
    pub unmet: Vec<UnmetNeed>,
    /// By link (index of its row): the most they take of it in any hour, pcu/h.
    pub taken: BTreeMap<usize, f64>,
}

/// One departure from which a truck can go.
#[derive(Clone)]
struct TruckDeparture {
    /// When it leaves the supply point, loaded, ms from time 0.
    depart: i64,
    /// When what it brings is unloaded.
    usable: i64,
    /// When it leaves the place.
    leave: i64,
    /// By which elements it comes back.
    way_back: Rc<Vec<ElementIndex>>,
    /// When it is back at the supply point.
    back: i64,
}

/// A way there and back on one day.
#[derive(Clone)]
struct TruckTrip {
    out: Vec<ElementIndex>,
    slots: Vec<TruckDeparture>,
    /// How often one truck can go on that day; 0: one trip takes longer.
    trips: i64,
}

impl TruckTrip {
    /// Days of a truck that one load takes.
    fn truck_days(&self, load_ms: i64) -> f64 {
        if self.trips > 0 { 1.0 / float(self.trips) } else { (float(self.lap(load_ms)) / float(DAY)).ceil() }
    }

    /// From loading to being back, ms.
    fn lap(&self, load_ms: i64) -> i64 {
        self.slots.first().map_or(DAY, |slot| slot.back - slot.depart) + load_ms
    }
}

/// Loads that go from one supply point to one place on one day.
#[derive(Clone, Copy)]
struct SentLoads {
    /// Counted from 0 at time 0.
    day: usize,
    /// Index of the supply point.
    supply_point: usize,
    /// Index of the place (of the presences).
    place: usize,
    /// How many, one truck each.
    loads: i64,
    /// What all of them bring, m3 of water or t of food.
    amount: f64,
}

/// So little of an amount is what rounding leaves.
const NOTHING: f64 = 1e-9;

/// A node at which trucks leave the roads for a place.
#[derive(Clone, Copy)]
struct AccessNode {
    node: NodeIndex,
    /// From there to the place, ms.
    time: i64,
    /// The connector that must be open when they come; `None`: always.
    open_with: Option<ElementIndex>,
}

/// What a place lacks of an item on a day.
struct LackingAmount {
    /// Index of the place (of the presences).
    place: usize,
    /// In all, m3 or t.
    amount: f64,
    /// Brought so far, m3 or t.
    brought: f64,
    /// Why no more can be brought; `None`: more may come.
    reason: Option<UnmetReason>,
}

/// What the convoys of all days are planned with.
struct ConvoyPlanner<'a> {
    network: &'a Network,
    balance: SupplyBalance<'a>,
    supply_points: &'a [SupplyPoint],
    trucks: TruckSpec,
    cancel: &'a Cancel,
    /// Per place (of the presences), where trucks leave the roads for it; none for all routes.
    access: Vec<Vec<AccessNode>>,
    backs: HashMap<(NodeIndex, NodeIndex), Rc<Vec<ElementIndex>>>,
}

/// Plans the convoys of all days. `links` gives id and length (m) of a link's row. `None`: it was asked to end.
pub fn convoys<'a>(
    network: &Network,
    balance: &SupplyBalance<'_>,
    supply_points: &[SupplyPoint],
    trucks: TruckSpec,
    links: &dyn Fn(usize) -> (&'a str, f64),
    cancel: &Cancel,
    progress: &dyn Fn(f64),
) -> Option<AidPlan> {
    let balance = SupplyBalance { deliveries: &[], ..*balance };
    let mut planner = ConvoyPlanner {
        network,
        balance,
        supply_points,
        trucks,
        cancel,
        access: Vec::new(),
        backs: HashMap::new(),
    };
    planner.access = planner.access_nodes();
    planner.run(links, progress)
}

impl ConvoyPlanner<'_> {
    /// Trucks use the connectors of zones and sites both ways: there with what they bring, and back.
    fn access_nodes(&self) -> Vec<Vec<AccessNode>> {
        let zones = self.network.zones.len();
        let mut access = vec![Vec::new(); self.balance.presences.len()];
        for (index, element) in self.network.elements.iter_enumerated() {
            // presences: zones, all routes, sites
            let (place, node, open_with) = match element.ends {
                ElementEnds::FromZone { zone, node } => (zone.row(), node, Some(index)),
                ElementEnds::ToSite { node, site } => (zones + 1 + site.row(), node, None),
                ElementEnds::BetweenNodes { .. } | ElementEnds::IntoSite { .. } => continue,
            };
            if let Some(nodes) = access.get_mut(place) {
                nodes.push(AccessNode { node, time: element.tau, open_with });
            }
        }
        access
    }

    /// The trip of a supply point to a place on a day, or what is missing for one; `None` if it is to end.
    fn trip(
        &mut self,
        supply_point: &SupplyPoint,
        place: usize,
        day: usize,
        trees: &mut HashMap<(NodeIndex, i64), ArrivalTree>,
    ) -> Option<Result<TruckTrip, UnmetReason>> {
        let open = |h: f64| length(day) * DAY + truncated(h * float(HOUR));
        let (from, until) = (open(supply_point.open.0), open(supply_point.open.1));
        let start = from + self.trucks.load_ms.min((until - from).max(1) - 1);
        let network = self.network;
        let tree = trees
            .entry((supply_point.node, start))
            .or_insert_with(|| ArrivalTree::grow(network, supply_point.node, start, None));
        let nearest = self.access[place]
            .iter()
            .filter_map(|access| Some((tree.end(access.node, start)? + access.time, *access)))
            .min_by_key(|(end, _)| *end);
        let Some((_, AccessNode { node, time: access, open_with })) = nearest else {
            return Some(Err(UnmetReason::NoWay));
        };
        let Some(out) = tree.way(node) else { return Some(Err(UnmetReason::NoWay)) };
        let is_open =
            |t: i64| open_with.is_none_or(|element| self.network.elements[element].open.contains(t));
        // From leaving the roads until being back on them.
        let stand = access + self.trucks.unload_ms + access;
        let mut back = self.backs.get(&(node, supply_point.node)).cloned();
        let mut slots = Vec::new();
        let mut late: Option<TruckDeparture> = None;
        let mut depart = start;
        while depart < until {
            // Each departure may look for a way back: on a large map that alone takes a while.
            if self.cancel.is_cancelled() {
                return None;
            }
            if let Some((_, end)) = self.network.times_along(&out, depart) {
                let leave = end + stand;
                let is_slow = |way: &Rc<Vec<ElementIndex>>| {
                    self.network
                        .times_along(way, leave)
                        .is_none_or(|(_, home)| home - leave > self.network.free_time(way))
                };
                if back.as_ref().is_none_or(is_slow) {
                    let again = ArrivalTree::grow(self.network, node, leave, Some(supply_point.node))
                        .way(supply_point.node);
                    back = again.map(Rc::new).or(back);
                }
                if let Some(way) = &back
                    && let Some((_, home)) = self.network.times_along(way, leave)
                    && is_open(end + access)
                    && home <= self.network.horizon
                {
                    let usable = end + access + self.trucks.unload_ms;
                    let slot = TruckDeparture { depart, usable, leave, way_back: Rc::clone(way), back: home };
                    let is_straight = end - depart == self.network.free_time(&out)
                        && home - leave == self.network.free_time(way)
                        && home <= (length(day) + 1) * DAY;
                    if is_straight {
                        slots.push(slot);
                    } else if late.as_ref().is_none_or(|late| home < late.back) {
                        late = Some(slot);
                    }
                }
            }
            depart += HOUR;
        }
        let Some(back) = back else { return Some(Err(UnmetReason::NoWayBack)) };
        self.backs.insert((node, supply_point.node), back);
        // One truck leaves as often as it is back and loaded again before a departure.
        let (mut trips, mut free_from) = (0, i64::MIN);
        for slot in &slots {
            if slot.depart >= free_from {
                trips += 1;
                free_from = slot.back + self.trucks.load_ms;
            }
        }
        if slots.is_empty() {
            let Some(late) = late else { return Some(Err(UnmetReason::NoTime)) };
            slots.push(late);
        }
        Some(Ok(TruckTrip { out, slots, trips }))
    }

    fn run<'b>(
        &mut self,
        links: &dyn Fn(usize) -> (&'b str, f64),
        progress: &dyn Fn(f64),
    ) -> Option<AidPlan> {
        let mut aid = AidPlan::default();
        let presences = self.balance.presences;
        let hours = presences.first().map_or(0, |p| p.people.len());
        let days = hours.div_ceil(24);
        let (supply_points, load_ms) = (self.supply_points, self.trucks.load_ms);
        let mut stock: Vec<f64> = supply_points.iter().map(|supply_point| supply_point.stock).collect();
        // of what would be short without convoys, the part of each hour that is already brought is taken off
        let mut items: Vec<usize> = supply_points.iter().map(|supply_point| supply_point.item).collect();
        items.sort_unstable();
        items.dedup();
        let mut short: BTreeMap<usize, Vec<Vec<f64>>> =
            items.iter().map(|item| (*item, self.balance.short(*item, AppliedStandard::OfPhase))).collect();
        let mut taken: HashMap<(ElementIndex, i64), f64> = HashMap::new();
        for day in 0..days {
            if self.cancel.is_cancelled() {
                return None;
            }
            progress(float(day) / float(days));
            let mut per_day: HashMap<usize, i64> = supply_points
                .iter()
                .filter_map(|supply_point| Some((supply_point.number, supply_point.per_day?)))
                .collect();
            // truck-days left of each row
            let mut fleet: Vec<f64> =
                supply_points.iter().map(|g| g.trucks.map_or(f64::INFINITY, float)).collect();
            let mut trees = HashMap::new();
            for item in &items {
                let mut trips: BTreeMap<(usize, usize), Result<TruckTrip, UnmetReason>> = BTreeMap::new();
                let short = short.entry(*item).or_default();
                let mut lacks: Vec<LackingAmount> = Vec::new();
                for (place, lacking) in short.iter().enumerate() {
                    // nothing short for the rest of the day and the next one: no trip has to be looked for
                    let soon = day * 24..(day * 24 + 72).min(hours);
                    if lacking[soon].iter().all(|x| *x <= 0.0) {
                        continue;
                    }
                    let mut first = None;
                    let mut reason = None;
                    for (index, supply_point) in supply_points.iter().enumerate() {
                        if supply_point.item == *item && supply_point.serves.contains(&place) {
                            let trip = self.trip(supply_point, place, day, &mut trees)?;
                            if self.cancel.is_cancelled() {
                                return None;
                            }
                            let usable = trip
                                .as_ref()
                                .ok()
                                .and_then(|trip| trip.slots.first())
                                .map(|slot| slot.usable);
                            reason = trip.as_ref().err().copied().or(reason);
                            first = [first, usable].into_iter().flatten().min();
                            trips.insert((index, place), trip);
                        }
                    }
                    let served = supply_points.iter().any(|supply_point| {
                        supply_point.item == *item && supply_point.serves.contains(&place)
                    });
                    let hour = |ms: i64| usize::try_from((ms + HOUR - 1) / HOUR).unwrap_or(hours).min(hours);
                    let span = match first {
                        Some(ms) => hour(ms)..hour(ms + DAY),
                        None if served => day * 24..(day * 24 + 24).min(hours),
                        None => continue,
                    };
                    let amount = lacking[span].iter().sum::<f64>() / 24.0;
                    if amount > NOTHING {
                        // One way is enough, whatever keeps other supply points from bringing anything.
                        let reason = if first.is_some() { None } else { reason };
                        lacks.push(LackingAmount { place, amount, brought: 0.0, reason });
                    }
                }
                let mut loads: BTreeMap<(usize, usize), (i64, f64)> = BTreeMap::new();
                loop {
                    if self.cancel.is_cancelled() {
                        return None;
                    }
                    let is_open =
                        |lack: &LackingAmount| lack.reason.is_none() && lack.brought < lack.amount - NOTHING;
                    let open = lacks.iter().enumerate().filter(|(_, lack)| is_open(lack));
                    let share = |lack: &LackingAmount| lack.brought / lack.amount;
                    // The place with the smallest part of what it lacks is next, so that trucks that do not suffice are shared.
                    let Some((at, _)) = open.min_by(|a, b| share(a.1).total_cmp(&share(b.1))) else { break };
                    let place = lacks[at].place;
                    let mut reason = UnmetReason::NoWay;
                    let mut best: Option<(i64, usize)> = None;
                    for (index, supply_point) in supply_points.iter().enumerate() {
                        let Some(Ok(trip)) = trips.get(&(index, place)) else { continue };
                        let (lap, need) = (trip.lap(load_ms), trip.truck_days(load_ms));
                        reason = if stock[index] <= NOTHING {
                            UnmetReason::Stock
                        } else if per_day.get(&supply_point.number).is_some_and(|left| *left <= 0) {
                            UnmetReason::TrucksPerDay
                        } else if fleet[index] + NOTHING < need {
                            UnmetReason::Trucks
                        } else {
                            if best.is_none_or(|best| lap < best.0) {
                                best = Some((lap, index));
                            }
                            continue;
                        };
                    }
                    let Some((_, index)) = best else {
                        lacks[at].reason = Some(reason);
                        continue;
                    };
                    let supply_point = &supply_points[index];
                    let Some(Ok(trip)) = trips.get(&(index, place)) else { break };
                    let amount = supply_point.load.min(stock[index]);
                    stock[index] -= amount;
                    if let Some(left) = per_day.get_mut(&supply_point.number) {
                        *left -= 1;
                    }
                    fleet[index] -= trip.truck_days(load_ms);
                    lacks[at].brought += amount;
                    let entry = loads.entry((index, place)).or_default();
                    entry.0 += 1;
                    entry.1 += amount;
                }
                for lack in &lacks {
                    let Some(why) = lack.reason else { continue };
                    let (kind, place_id) =
                        (presences[lack.place].kind, presences[lack.place].place_id.clone());
                    let item = self.balance.rates.0[*item].item.clone();
                    let amount = lack.amount - lack.brought;
                    aid.unmet.push(UnmetNeed { day, kind, place_id, item, amount, why });
                }
                for ((index, place), (count, amount)) in loads {
                    if self.cancel.is_cancelled() {
                        return None;
                    }
                    let Some(Ok(trip)) = trips.get(&(index, place)) else { continue };
                    let sent = SentLoads { day, supply_point: index, place, loads: count, amount };
                    self.send(&mut aid, &mut taken, &mut short[place], sent, trip, links);
                }
            }
        }
        for ((element, _), pcu) in taken {
            if let ElementKind::Link(link) = self.network.elements[element].kind {
                let most = aid.taken.entry(link).or_default();
                *most = most.max(pcu);
            }
        }
        progress(1.0);
        Some(aid)
    }

    /// Sends the loads of one supply point to one place on one day.
    fn send<'b>(
        &self,
        aid: &mut AidPlan,
        taken: &mut HashMap<(ElementIndex, i64), f64>,
        short: &mut [f64],
        SentLoads { day, supply_point, place, loads, amount }: SentLoads,
        trip: &TruckTrip,
        links: &dyn Fn(usize) -> (&'b str, f64),
    ) {
        let supply_point = &self.supply_points[supply_point];
        let presence = &self.balance.presences[place];
        // Spread evenly over the departures of the day: what they take of the roads in one hour is the least so.
        let mut by_slot = vec![0i64; trip.slots.len()];
        for load in 0..loads {
            by_slot[index_of(load * length(trip.slots.len()) / loads)] += 1;
        }
        let each = amount / float(loads);
        for (slot, count) in trip.slots.iter().zip(&by_slot).filter(|(_, count)| **count > 0) {
            let hour = index_of((slot.usable + HOUR - 1) / HOUR);
            aid.deliveries.push(Delivery {
                place,
                item: supply_point.item,
                hour,
                amount: each * float(*count),
            });
            for (way, start) in [(&trip.out, slot.depart), (&*slot.way_back, slot.leave)] {
                for (element, t) in
                    way.iter().zip(self.network.times_along(way, start).map_or(Vec::new(), |t| t.0))
                {
                    *taken.entry((*element, t / HOUR)).or_default() += self.trucks.pcu * float(*count);
                }
            }
            // what is brought is used from its hour on
            let mut left = each * float(*count) * 24.0;
            for hour in short.iter_mut().skip(hour) {
                let used = hour.min(left);
                *hour -= used;
                left -= used;
            }
        }
        let ids = |way: &[ElementIndex]| -> (Vec<String>, f64) {
            let rows = way.iter().filter_map(|element| match self.network.elements[*element].kind {
                ElementKind::Link(link) => Some(links(link)),
                _ => None,
            });
            rows.fold((Vec::new(), 0.0), |(mut ids, metres), (id, m)| {
                ids.push(id.to_owned());
                (ids, metres + m)
            })
        };
        let used = || trip.slots.iter().zip(&by_slot).filter(|(_, n)| **n > 0);
        let (links_out, out_m) = ids(&trip.out);
        let links_back = used().next().map_or(Vec::new(), |(slot, _)| ids(&slot.way_back).0);
        let metres: f64 = used().map(|(slot, n)| (out_m + ids(&slot.way_back).1) * float(*n)).sum();
        aid.convoys.push(Convoy {
            day,
            supply_point_id: supply_point.supply_point_id.clone(),
            kind: presence.kind,
            place_id: presence.place_id.clone(),
            item: self.balance.rates.0[supply_point.item].item.clone(),
            loads,
            amount,
            first_depart_ms: used().map(|(slot, _)| slot.depart).min().unwrap_or(0),
            last_depart_ms: used().map(|(slot, _)| slot.depart).max().unwrap_or(0),
            out_ms: self.network.free_time(&trip.out),
            trips: trip.trips,
            truck_days: float(loads) * trip.truck_days(self.trucks.load_ms),
            fuel_l: metres / 100_000.0 * self.trucks.litres_100_km,
            links_out,
            links_back,
        });
    }
}

/// A whole number from 0 on as an index.
fn index_of(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}
