//! Where everybody is at a time, by the exact loading of the plan.
//!
//! A packet that has begun to enter an element has entered it. That is the reading that keeps what is left a relaxation of the plan: the
//! part of the packet that is still outside needs none of the element's rate any more, so that no plan of the rest is held back by
//! what the plan itself had under way.

use clearway_loading::exact::{SentOrder, watched_replay};
use clearway_model::time::MICROS_PER_MS;
use clearway_network::{ElementIndex, Network};
use std::collections::BTreeMap;

/// An order as it is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedOrder {
    /// Row of its zone in `zones.csv`.
    pub zone: usize,
    /// Elements from the zone's connector to the admission.
    pub elements: Vec<ElementIndex>,
    /// How many people leave in all.
    pub people: i64,
    /// Departure window begin, ms.
    pub from: i64,
    /// Departure window end (excluded), ms.
    pub until: i64,
}

/// What is left of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OrderRest {
    /// People of it who have not begun to leave.
    pub people: i64,
    /// When the first of these leave, ms of the plan.
    pub from: i64,
}

/// People of a packet who are on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovingPacket {
    /// Row of the zone that they left.
    pub zone: usize,
    /// How many they are.
    pub people: i64,
    /// When the first of them are at the end of what they are on, µs of the plan.
    pub first: i64,
    /// When the last of them are, µs of the plan.
    pub last: i64,
}

/// People on one element who go on by one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnTheWay {
    /// What they are on: a connector or a link.
    pub element: ElementIndex,
    /// What they pass after it, the admission last.
    pub onward: Vec<ElementIndex>,
    /// Who they are, in the order of the plan.
    pub packets: Vec<MovingPacket>,
}

/// Where everybody is at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanState {
    /// The time, ms of the plan.
    pub at: i64,
    /// What is left of each order.
    pub orders: Vec<OrderRest>,
    /// Who is on the way.
    pub on_the_way: Vec<OnTheWay>,
    /// People admitted, by row of the site and of the zone that they left.
    pub arrived: BTreeMap<(usize, usize), i64>,
}

impl PlanState {
    /// People of each zone who have begun to leave; `zones`: how many zones there are.
    pub fn left(&self, zones: usize) -> Vec<i64> {
        let mut left = vec![0; zones];
        for packet in self.on_the_way.iter().flat_map(|group| &group.packets) {
            left[packet.zone] += packet.people;
        }
        for (&(_, zone), people) in &self.arrived {
            left[zone] += people;
        }
        left
    }

    /// People on an element.
    pub fn on(&self, element: ElementIndex) -> i64 {
        let groups = self.on_the_way.iter().filter(|group| group.element == element);
        groups.flat_map(|group| &group.packets).map(|packet| packet.people).sum()
    }

    /// People admitted at a site, by its row.
    pub fn at_site(&self, site: usize) -> i64 {
        self.arrived.iter().filter(|((of, _), _)| *of == site).map(|(_, people)| people).sum()
    }
}

/// How far a packet has come.
#[derive(Debug, Clone, Copy)]
struct LastEntered {
    position: usize,
    /// When its first and last person are at the end of it, µs.
    first: i64,
    last: i64,
}

/// Where everybody is at each of some times (ms), by the exact loading of all orders.
pub fn states(
    network: &Network,
    orders: &[CarriedOrder],
    packet_people: i64,
    times: &[i64],
) -> Vec<PlanState> {
    let sent: Vec<SentOrder<'_>> = orders
        .iter()
        .map(|order| SentOrder {
            elements: &order.elements,
            people: order.people,
            from: order.from,
            until: order.until,
        })
        .collect();
    let mut seen: Vec<Vec<Option<LastEntered>>> = vec![Vec::new(); times.len()];
    let loading = watched_replay(network, &sent, packet_people, 1.0, |passing| {
        for (&time, list) in times.iter().zip(&mut seen) {
            if passing.begin >= time * MICROS_PER_MS {
                continue;
            }
            if list.len() <= passing.packet {
                list.resize(passing.packet + 1, None);
            }
            let tau = passing.left - passing.entered;
            list[passing.packet] = Some(LastEntered {
                position: passing.position,
                first: passing.begin + tau,
                last: passing.left,
            });
        }
    });
    let state = |(&at, list): (&i64, &Vec<Option<LastEntered>>)| {
        let mut made = PlanState {
            at,
            orders: orders.iter().map(|order| OrderRest { people: 0, from: order.from }).collect(),
            on_the_way: Vec::new(),
            arrived: BTreeMap::new(),
        };
        let mut groups: BTreeMap<(ElementIndex, &[ElementIndex]), usize> = BTreeMap::new();
        for (number, packet) in loading.packets.iter().enumerate() {
            let order = &orders[packet.order];
            let Some(entered) = list.get(number).copied().flatten() else {
                made.orders[packet.order].people += packet.people;
                continue;
            };
            // packets of an order leave one after the other: the next one's first person leaves with this one's last
            made.orders[packet.order].from = packet.departure / MICROS_PER_MS;
            let element = order.elements[entered.position];
            let onward = &order.elements[entered.position + 1..];
            if onward.is_empty() {
                if let Some(site) = network.site_of(element) {
                    *made.arrived.entry((site.row(), order.zone)).or_insert(0) += packet.people;
                }
                continue;
            }
            let group = *groups.entry((element, onward)).or_insert_with(|| {
                made.on_the_way.push(OnTheWay { element, onward: onward.to_vec(), packets: Vec::new() });
                made.on_the_way.len() - 1
            });
            made.on_the_way[group].packets.push(MovingPacket {
                zone: order.zone,
                people: packet.people,
                first: entered.first,
                last: entered.last,
            });
        }
        made
    };
    times.iter().zip(&seen).map(state).collect()
}
