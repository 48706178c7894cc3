//! The exact replay against a second one that is too simple to be wrong: no heap, no calendar, every rule of
//! `docs/reference/semantics.md` (Loading) spelled out.

use crate::common;
use crate::common::Draw;
use clearway_loading::exact::{PacketFate, SentOrder, load_exactly};
use clearway_loading::path::PathPool;
use clearway_network::{ElementIndex, Network, PerElement};
use clearway_plan::orders::PathOrder;

/// What the simple replay gives.
#[derive(Default)]
pub(crate) struct Simple {
    packets: Vec<PacketFate>,
    waiting: i128,
    longest: i64,
    /// Who entered which element when.
    pub stretches: Vec<Stretch>,
}

/// A packet at an element, µs.
pub(crate) struct Stretch {
    pub packet: usize,
    pub element: ElementIndex,
    pub people: i128,
    /// When its first and its last person came, and entered.
    came: (i128, i128),
    pub entered: (i128, i128),
    /// A hazard reached it while it waited for the element.
    pub is_overtaken: bool,
}

/// An event: time, order, packet number within it, position on the route; then the packet's place in the list and when its
/// first person is there.
type Event = ((i128, usize, usize, usize), usize, i128);

fn ceil_div(a: i128, b: i128) -> i128 {
    (a + b - 1).div_euclid(b)
}

pub(crate) fn simple_replay(
    network: &Network,
    pool: &PathPool,
    orders: &[PathOrder],
    packet_people: i64,
) -> Simple {
    let mut result = Simple::default();
    let mut events: Vec<Event> = Vec::new();
    for (index, order) in orders.iter().enumerate() {
        let (mut sent, mut number) = (0, 0);
        let mut before = i128::from(order.from) * 1000;
        while sent < order.people {
            let people = packet_people.min(order.people - sent);
            sent += people;
            let (a, b) = (i128::from(order.from) * 1000, i128::from(order.until) * 1000);
            let departure = a + ceil_div((b - a) * i128::from(sent), i128::from(order.people));
            events.push(((departure, index, number, 0), result.packets.len(), before));
            before = departure;
            let departure = departure as i64;
            result.packets.push(PacketFate { order: index, people, departure, arrival: None, waited: 0 });
            number += 1;
        }
    }
    let horizon = i128::from(network.horizon) * 1000;
    let mut entered_last: PerElement<i128> = vec![0; network.elements.len()].into();
    while let Some(at) = (0..events.len()).min_by_key(|&at| events[at].0) {
        let ((arr, index, number, position), packet, first) = events.swap_remove(at);
        let ways = &pool.get(orders[index].path).elements;
        let element = &network.elements[ways[position]];
        let people = i128::from(result.packets[packet].people);
        let s = element.rate.map_or(0, |rate| ceil_div(people * 3_600_000_000_000, i128::from(rate)));
        let after = if element.rate.is_some() { entered_last[ways[position]] } else { 0 };
        let entered = element
            .open
            .intervals()
            .iter()
            .filter_map(|&(o, e)| {
                let (o, e) = (i128::from(o) * 1000, i128::from(e) * 1000);
                let b = first.max(after).max(o);
                let t = arr.max(b + s);
                (t < e || (s > 0 && t == e)).then_some((t, b))
            })
            .min();
        let Some((t, b)) = entered else { continue };
        let (came, entered) = ((first, arr), (b, t));
        let is_overtaken = network.node_before(ways[position]).is_some_and(|node| {
            let closed = network.node_closed[node].intervals();
            closed.iter().any(|&(f, u)| i128::from(f) * 1000 < t && first < i128::from(u) * 1000)
        });
        let element_of = ways[position];
        result.stretches.push(Stretch { packet, element: element_of, people, came, entered, is_overtaken });
        entered_last[ways[position]] = t;
        result.waiting += (t - arr) * people;
        result.packets[packet].waited += (t - arr) as i64;
        result.longest = result.longest.max((t - arr) as i64);
        if is_overtaken {
            continue;
        }
        if position + 1 == ways.len() {
            if t < horizon {
                result.packets[packet].arrival = Some(t as i64);
            }
        } else {
            let tau = i128::from(element.tau) * 1000;
            events.push(((t + tau, index, number, position + 1), packet, b + tau));
        }
    }
    result
}

/// What the proof of the bound asks of a replay: it is a fluid (`docs/concepts/bound.md`, Packets).
fn assert_is_fluid(network: &Network, stretches: &[Stretch], what: &str) {
    let mut ended: PerElement<i128> = vec![0; network.elements.len()].into();
    for stretch in stretches {
        let (b, t) = stretch.entered;
        assert!(b >= stretch.came.0 && t >= stretch.came.1 && b <= t, "{what}: entered before being there");
        let element = &network.elements[stretch.element];
        let is_open = |&(o, e): &(i64, i64)| i128::from(o) * 1000 <= b && t <= i128::from(e) * 1000;
        assert!(element.open.intervals().iter().any(is_open), "{what}: entered while closed");
        if let Some(rate) = element.rate {
            // thousandths of a person an hour x µs
            let room = i128::from(rate) * (t - b);
            assert!(stretch.people * 3_600_000_000_000 <= room, "{what}: more than the rate lets in");
            assert!(b >= ended[stretch.element], "{what}: two at once");
            ended[stretch.element] = t;
        }
    }
}

#[test]
fn an_idle_road_lets_a_packet_in_over_the_time_that_its_rate_takes() {
    // All 12,000 in one packet, 3,000 an hour, 600 s long: 4 h and 600 s, as by the fluid.
    let (network, way) = common::one_road(3000.0, 600_000, 12_000);
    for packet in [1, 7, 400, 5000, 12_000] {
        let elements = &way;
        let order = SentOrder { elements, people: 12_000, from: 0, until: 4 * 3_600_000 };
        let replay = load_exactly(&network, &[order], packet, 1.25);
        let last = replay.packets.iter().map(|p| p.arrival.unwrap()).max().unwrap();
        assert!((15_000_000_000..15_000_020_000).contains(&last), "{packet}: {last}");
        // And if all leave at once.
        let order = SentOrder { elements, people: 12_000, from: 0, until: 1 };
        let replay = load_exactly(&network, &[order], packet, 1.25);
        let last = replay.packets.iter().map(|p| p.arrival.unwrap()).max().unwrap();
        assert!((15_000_000_000..15_000_020_000).contains(&last), "{packet}: {last}");
    }
}

#[test]
fn both_replays_give_the_same_on_random_orders() {
    let (mut packets, mut arrived, mut waited) = (0, 0, 0);
    for seed in 20_000..21_500 {
        let scenario = common::scenario(seed);
        let network = common::network(&scenario);
        let mut draw = Draw::new(seed);
        let mut pool = PathPool::default();
        let mut orders = common::random_orders(&network, &mut pool, 3, &mut draw);
        for order in &mut orders {
            // Orders that break every other rule can still be carried out: all at one moment, or before being ready.
            if draw.one_in(3) {
                order.until = order.from + draw.between(1, 20_000);
            }
        }
        let size = draw.between(3, 40);
        let sendings: Vec<SentOrder<'_>> = orders
            .iter()
            .map(|o| SentOrder {
                elements: &pool.get(o.path).elements,
                people: o.people,
                from: o.from,
                until: o.until,
            })
            .collect();
        let fast = load_exactly(&network, &sendings, size, 1.25);
        let simple = simple_replay(&network, &pool, &orders, size);
        assert_eq!(fast.packets, simple.packets, "seed {seed}");
        assert_eq!(fast.waiting, simple.waiting, "seed {seed}");
        assert_eq!(fast.longest.map_or(0, |longest| longest.wait), simple.longest, "seed {seed}");
        assert_is_fluid(&network, &simple.stretches, &format!("seed {seed}"));
        packets += fast.packets.len();
        arrived += fast.packets.iter().filter(|p| p.arrival.is_some()).count();
        waited += u32::from(fast.waiting > 0);
    }
    eprintln!("{packets} packets, {arrived} of them arrived; queues in {waited} of 1500 cases");
    assert!(arrived * 2 > packets && arrived < packets && waited > 500);
}
