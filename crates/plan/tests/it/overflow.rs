//! Overflow against a count that is too simple to be wrong: the people on a link worked out from all stays anew at every moment at
//! which anything begins or ends.

use crate::common;
use crate::common::Draw;
use crate::exact_replay::{Simple, simple_replay};
use clearway_loading::overflow::{NONE_OVER, overflow};
use clearway_loading::path::PathPool;
use clearway_model::Case;
use clearway_network::{ElementIndex, LinkRooms, Network};
use clearway_plan::orders::sent_orders;

/// People who come, or make room (less than 0), evenly from one time to another, µs.
type Change = (i64, i64, i64);

/// What comes onto a link and makes room there again.
fn changes(simple: &Simple, link: ElementIndex, wave_us: i64) -> Vec<Change> {
    let mut changes = Vec::new();
    for (at, stretch) in simple.stretches.iter().enumerate().filter(|(_, stretch)| stretch.element == link) {
        if stretch.is_overtaken {
            continue;
        }
        let whole = |time: i128| i64::try_from(time).unwrap();
        let people = whole(stretch.people);
        changes.push((whole(stretch.entered.0), whole(stretch.entered.1), people));
        let next = simple.stretches[at + 1..].iter().find(|next| next.packet == stretch.packet);
        if let Some(next) = next.filter(|next| !next.is_overtaken) {
            changes.push((whole(next.entered.0) + wave_us, whole(next.entered.1) + wave_us, -people));
        }
    }
    changes
}

/// People on the link at a time, just before or just after it.
fn people(changes: &[Change], time: i64, is_after: bool) -> f64 {
    let part = |&(from, until, people): &Change| {
        let has_begun = from < time || is_after && from == time;
        let is_over = until < time || until == time && (is_after || from < until);
        match (has_begun, is_over) {
            (_, true) => people as f64,
            (true, false) => people as f64 * (time - from) as f64 / (until - from) as f64,
            (false, false) => 0.0,
        }
    };
    changes.iter().map(part).sum()
}

/// Integral over the room, people x µs, and the most people.
fn over(changes: &[Change], fit: f64, horizon_us: i64) -> (f64, f64) {
    let ends = changes.iter().flat_map(|&(from, until, _)| [from, until]);
    let mut times: Vec<i64> = ends.filter(|time| *time < horizon_us).chain([0, horizon_us]).collect();
    times.sort_unstable();
    times.dedup();
    let (mut area, mut most) = (0.0f64, 0.0f64);
    for pair in times.windows(2) {
        let [first, last] = [people(changes, pair[0], true), people(changes, pair[1], false)];
        most = most.max(first).max(last);
        let [a, b] =
            [first - fit, last - fit].map(|over| if over > NONE_OVER { over } else { over.min(0.0) });
        let length = (pair[1] - pair[0]) as f64;
        area += match (a > 0.0, b > 0.0) {
            (true, true) => (a + b) / 2.0 * length,
            (true, false) => a * a / (a - b) / 2.0 * length,
            (false, true) => b * b / (b - a) / 2.0 * length,
            (false, false) => 0.0,
        };
    }
    (area, most)
}

#[test]
fn overflow_is_what_a_simple_count_gives_on_random_orders() {
    let (mut overflowing, mut spill_free) = (0, 0);
    for seed in 22_000..22_400 {
        let mut scenario = common::scenario(seed);
        let mut draw = Draw::new(seed);
        for link in &mut scenario.links {
            // room for its own flow alone where waves are short, so that there is something to count
            link.storage_pcu = Some(draw.between(1, 40) as f64);
            link.length_m = Some(draw.between(5, 300) as f64);
        }
        let network = Network::new(&scenario, Case::Central).unwrap();
        let rooms = LinkRooms::new(&scenario, &network);
        let mut pool = PathPool::default();
        let orders = common::random_orders(&network, &mut pool, 3, &mut draw);
        let size = draw.between(1, 20);
        let found = overflow(&network, &rooms, &sent_orders(&pool, &orders), size);
        let simple = simple_replay(&network, &pool, &orders, size);
        let mut left = found.links.iter();
        for (element, room) in rooms.of.iter_enumerated() {
            let Some(room) = room else { continue };
            let changes = changes(&simple, element, room.wave_us);
            let more = (size as f64 - rooms.people_per_vehicle).max(0.0);
            let fit = f64::from(room.vehicles) * rooms.people_per_vehicle + more;
            let (area, most) = over(&changes, fit, network.horizon * 1000);
            if most <= fit + NONE_OVER {
                continue;
            }
            let link = left.next().unwrap_or_else(|| panic!("seed {seed}: {element:?} overflows"));
            assert_eq!((link.element, link.room_vehicles), (element, room.vehicles), "seed {seed}");
            let vehicle_min = area / rooms.people_per_vehicle / 6e7;
            assert!(
                (link.vehicle_min - vehicle_min).abs() < 1e-5 + 1e-9 * vehicle_min,
                "seed {seed}: {link:?}, {vehicle_min}"
            );
            assert!(
                (link.peak_vehicles - most / rooms.people_per_vehicle).abs() < 1e-6,
                "seed {seed}: {link:?}"
            );
            assert!(link.from_ms < link.until_ms || link.vehicle_min == 0.0, "seed {seed}: {link:?}");
        }
        assert_eq!(left.next(), None, "seed {seed}");
        overflowing += found.links.len();
        spill_free += usize::from(found.is_spill_free());
    }
    eprintln!("{overflowing} links overflow; {spill_free} of 400 cases are spill-free");
    assert!(overflowing > 100 && spill_free > 20);
}
