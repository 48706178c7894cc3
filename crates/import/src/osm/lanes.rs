//! Lanes in each direction.

use crate::ImportOptions;
use crate::capacity::ClassDefaults;
use crate::osm::conditional::values_for_cars;
use crate::osm::data::OsmTags;
use crate::osm::lane_bars::{LaneBars, bars, bars_of};
use crate::osm::lane_count::{LaneReading, parse_count};
use crate::osm::oneway::LaneSharing;

/// Two cars cannot pass each other on less, m. Assumed; the narrowest two-way carriageway of the German directives for town
/// streets (RASt 06) is 4.1 m wide.
const NARROW_M: f64 = 4.0;

/// Lanes of one direction for cars: what a careful reader takes, and the ends of what the tags leave open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CarLanes {
    /// At least so many.
    pub least: f64,
    /// The figure used for the central value, never more than there may be; may be n + 0.5, and 0 where cars have none for sure.
    pub usual: f64,
    /// At most so many.
    pub most: f64,
    /// The map says so; otherwise a default of the class.
    pub stated: bool,
}

impl CarLanes {
    /// At least one lane remains.
    fn at_least_one(least: f64, usual: f64, most: f64) -> Self {
        Self { least: least.max(1.0), usual: usual.max(1.0), most: most.max(1.0), stated: true }
    }

    /// Either, it cannot be told which.
    fn or(self, other: Self) -> Self {
        Self {
            least: self.least.min(other.least),
            usual: self.usual.min(other.usual),
            most: self.most.max(other.most),
            stated: self.stated && other.stated,
        }
    }

    /// Half a lane: one lane for both directions in turn. A direction may have it all.
    fn shared(self) -> Self {
        Self { least: 0.5, usual: 0.5, ..self }
    }

    /// Never more in the central case than at most, never fewer than at least.
    fn in_order(self) -> Self {
        let usual = self.usual.min(self.most);
        Self { least: self.least.min(usual), usual, ..self }
    }
}

/// A count with its conditional values; `None` where there is none, or none above 0.
fn count(tags: &OsmTags, key: &str) -> Option<LaneReading> {
    let conditional = tags.get(&format!("{key}:conditional")).map(values_for_cars).unwrap_or_default();
    let base = tags.get(key).and_then(parse_count).filter(|count| count.most >= 1.0);
    conditional
        .into_iter()
        .filter_map(parse_count)
        .fold(base, |all, one| Some(all.map_or(one, |all| all.or(one))))
}

/// Tags of lanes that leave the number open or cannot be read.
pub(crate) fn unclear_counts(tags: &OsmTags) -> Option<String> {
    ["lanes", "lanes:forward", "lanes:backward", "lanes:both_ways"].iter().find_map(|key| {
        let conditional = format!("{key}:conditional");
        if let Some(value) = tags.get(&conditional) {
            return Some(format!("{conditional}={value}"));
        }
        let value = tags.get(key)?;
        let is_plain = parse_count(value).is_some_and(|count| count.is_plain);
        (!is_plain).then(|| format!("{key}={value}"))
    })
}

/// Lanes for buses of a direction, counted by `lanes`: (at least, at most).
fn bus_lanes(tags: &OsmTags, suffix: &str) -> (f64, f64) {
    let tagged = ["lanes:psv", "lanes:bus"].iter().find_map(|key| count(tags, &format!("{key}{suffix}")));
    tagged.map_or((0.0, 0.0), |count| (count.least, count.most))
}

/// Lanes for buses by the older scheme, which does not say whether `lanes` counts them.
fn busways(tags: &OsmTags) -> f64 {
    let is_lane = |key: &str| matches!(tags.get(key), Some("lane" | "opposite_lane"));
    match () {
        () if is_lane("busway") || is_lane("busway:both") => 1.0,
        () => f64::from(u8::from(is_lane("busway:left") || is_lane("busway:right"))),
    }
}

/// Lanes of one direction out of their number, what is said lane by lane, and lanes for buses.
fn direction(
    stated: Option<LaneReading>,
    bars: Option<LaneBars>,
    buses: (f64, f64),
    default: CarLanes,
) -> CarLanes {
    let from_count = |count: LaneReading, closed: (f64, f64)| {
        CarLanes::at_least_one(count.least - closed.0, count.least - closed.0, count.most - closed.1)
    };
    match (stated, bars) {
        (None, None) => default,
        (Some(count), None) => from_count(count, (buses.1, buses.0)),
        (None, Some(bars)) => {
            // Bars may stand for lanes that `lanes` would not count.
            let usual = (bars.cars.0 - (buses.1 - bars.closed.0).max(0.0)).max(0.0);
            CarLanes { least: usual.min(default.least), usual, most: bars.cars.1, stated: true }
        }
        (Some(count), Some(bars)) => {
            if bars.cars.1 == 0.0 {
                return CarLanes { least: 0.0, usual: 0.0, most: 0.0, stated: true };
            }
            let closed = (bars.closed.0.max(buses.1), bars.closed.1.max(buses.0));
            let by_count = from_count(count, closed);
            let by_bars =
                CarLanes { least: bars.cars.0, usual: bars.cars.0, most: bars.cars.1, stated: true };
            by_count.or(by_bars)
        }
    }
}

/// Lanes forward and backward. What they are of a direction that is closed is not used.
///
/// Lanes that cars may not use are taken off. On a two-way road without lanes by direction the lanes are shared equally; an odd one counts
/// half for each direction in the usual figure, not at all in the least, fully in the most, since the map does not say whose it is. One lane on a
/// two-way road is half a lane for either direction, and a whole one at most.
pub(crate) fn lanes(
    tags: &OsmTags,
    sharing: LaneSharing,
    is_backward: bool,
    class: &ClassDefaults,
    options: &ImportOptions,
) -> (CarLanes, CarLanes) {
    let one = |is_backward: bool| one_way(tags, is_backward, class, options);
    let two = two_way(tags, class, options);
    let (forward, backward) = match sharing {
        LaneSharing::BothDirections => two,
        LaneSharing::InTurn => {
            let in_turn = |lanes: CarLanes, whole: CarLanes| {
                let half = CarLanes { most: lanes.most.max(whole.most), ..lanes };
                if lanes.stated { half } else { half.shared() }
            };
            (in_turn(two.0, one(false)), in_turn(two.1, one(true)))
        }
        // The other direction is open in the optimistic case at most, with what it has on a two-way road.
        LaneSharing::OneDirection if is_backward => (two.0, one(true)),
        LaneSharing::OneDirection => (one(false), two.1),
        LaneSharing::Unclear => (two.0.or(one(false)), two.1.or(one(true))),
    };
    (forward.in_order(), backward.in_order())
}

fn usual_of(class: &ClassDefaults) -> CarLanes {
    CarLanes { least: class.lanes, usual: class.lanes, most: class.lanes_most, stated: false }
}

fn one_way(tags: &OsmTags, is_backward: bool, class: &ClassDefaults, options: &ImportOptions) -> CarLanes {
    let (suffix, other) = if is_backward { (":backward", ":forward") } else { (":forward", ":backward") };
    let own = count(tags, &format!("lanes{suffix}"));
    // A contraflow bus or cycle lane may be counted in `lanes` of a one-way road.
    let contraflow = count(tags, &format!("lanes{other}")).unwrap_or(LaneReading::exactly(0.0));
    let rest = |total: LaneReading| LaneReading {
        least: (total.least - contraflow.most).max(1.0),
        most: (total.most - contraflow.least).max(1.0),
        is_plain: false,
    };
    let stated = own.or(count(tags, "lanes").map(rest));
    let bars = bars(tags, suffix, options).or_else(|| bars(tags, "", options));
    let (plain, directed) = (bus_lanes(tags, ""), bus_lanes(tags, suffix));
    let buses = (plain.0.max(directed.0), plain.1.max(directed.1).max(busways(tags)));
    direction(stated, bars, buses, usual_of(class))
}

fn two_way(tags: &OsmTags, class: &ClassDefaults, options: &ImportOptions) -> (CarLanes, CarLanes) {
    let default = usual_of(class);
    let total = count(tags, "lanes");
    let (middle, middle_most) = middle(tags);
    let by_bars = (bars(tags, ":forward", options), bars(tags, ":backward", options));
    let counted = |bars: Option<LaneBars>| {
        bars.map(|bars| LaneReading { least: bars.counted.0, most: bars.counted.1, is_plain: false })
    };
    let busway = busways(tags);
    let buses = [":forward", ":backward"].map(|suffix| {
        let (least, most) = bus_lanes(tags, suffix);
        (least, most.max(busway))
    });
    let forward = count(tags, "lanes:forward");
    let backward = count(tags, "lanes:backward");
    // What one direction leaves of all lanes.
    let rest = |own: Option<LaneReading>| {
        let (total, own) = (total?, own?);
        Some(LaneReading {
            least: total.least - middle - own.most,
            most: total.most - own.least,
            is_plain: false,
        })
    };
    let known = (forward.or(counted(by_bars.0)), backward.or(counted(by_bars.1)));
    let one =
        |own: Option<LaneReading>, other: Option<LaneReading>, bars: Option<LaneBars>, buses: (f64, f64)| {
            let open = |lanes: CarLanes| CarLanes { most: lanes.most + middle_most, ..lanes };
            if own.is_some() || bars.is_some() {
                return open(direction(own, bars, buses, default));
            }
            match rest(other) {
                // The other direction has all lanes there are: what is left is a share of one of them.
                Some(rest) if rest.least < 1.0 => {
                    CarLanes { most: default.most.max(rest.most), stated: true, ..default }.shared()
                }
                Some(rest) => open(direction(Some(rest), bars, buses, default)),
                None => direction(None, bars, buses, default),
            }
        };
    if known.0.is_none() && known.1.is_none() {
        let each = match total {
            Some(total) => halves(tags, total, (middle, middle_most), buses, options),
            None if is_single_track(tags) => default.shared(),
            None => default,
        };
        // Bars of the whole road do not say whose lanes they are.
        let plain = bars(tags, "", options).map_or(0.0, |bars| bars.cars.1);
        let each = CarLanes { most: each.most.max(plain), ..each };
        return (each, each);
    }
    let mut both = (one(forward, known.1, by_bars.0, buses[0]), one(backward, known.0, by_bars.1, buses[1]));
    // More lanes by direction than there are: some serve both.
    if let Some(total) = total {
        let share = (total.least - middle).max(1.0) / (both.0.usual + both.1.usual);
        if share < 1.0 {
            for lanes in [&mut both.0, &mut both.1] {
                lanes.usual *= share;
                lanes.least = lanes.least.min(lanes.usual);
            }
        }
    }
    both
}

/// Half of all lanes for each direction.
fn halves(
    tags: &OsmTags,
    total: LaneReading,
    (middle, middle_most): (f64, f64),
    buses: [(f64, f64); 2],
    options: &ImportOptions,
) -> CarLanes {
    let undirected = bus_lanes(tags, "");
    let taken = |plain: f64, directed: f64| if plain > 0.0 { plain } else { directed };
    let closed = bars(tags, "", options).map_or((0.0, 0.0), |bars| bars.closed);
    let most_taken = taken(undirected.1, buses[0].1 + buses[1].1).max(closed.0);
    let least_taken = taken(undirected.0, buses[0].0 + buses[1].0).max(closed.1);
    let usual = ((total.least - middle - most_taken).max(1.0)) / 2.0;
    let most = ((total.most - middle - least_taken).max(1.0) / 2.0).ceil() + middle_most;
    CarLanes { least: if usual < 1.0 { usual } else { usual.floor() }, usual, most, stated: true }
}

/// Lanes in the middle that both directions use: how many, and how many of them a direction may have for itself. Lanes for turning are
/// no way through.
fn middle(tags: &OsmTags) -> (f64, f64) {
    let turning = bars_of(tags, "turn:lanes:both_ways").unwrap_or(0) as f64;
    let centre = ["centre_turn_lane", "center_turn_lane"].iter().any(|key| tags.is(key, "yes"));
    let turning = turning.max(f64::from(u8::from(centre)));
    let tagged = ["lanes:both_ways", "lanes:reversible"]
        .iter()
        .find_map(|key| count(tags, key))
        .map_or(0.0, |n| n.most);
    (turning.max(tagged), (tagged - turning).max(0.0))
}

/// One lane for both directions, by other tags than `lanes`.
fn is_single_track(tags: &OsmTags) -> bool {
    let width = tags.get("width").and_then(crate::osm::way::parse_width);
    tags.is("passing_places", "yes") || width.is_some_and(|width| width <= NARROW_M)
}
