//! Tags that say something lane by lane: `turn:lanes=left|through|right`, `vehicle:lanes=yes|yes|no`, `bus:lanes=designated||`.

use crate::ImportOptions;
use crate::opening::RoadOpening;
use crate::osm::access::opening_of;
use crate::osm::conditional::values_for_cars;
use crate::osm::data::OsmTags;

/// Keys for cars, the most specific first.
const CAR_LANES: [&str; 4] = ["motorcar", "motor_vehicle", "vehicle", "access"];
/// Lanes set aside for others, where nothing is said of cars.
const OTHERS: [&str; 8] = ["bus", "psv", "taxi", "tram", "minibus", "bicycle", "foot", "emergency"];
/// Other keys of which the number of bars says how many lanes there are.
const COUNTING: [&str; 4] = ["turn", "change", "maxspeed", "hov"];

/// What the bars of one direction say, as numbers of lanes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct LaneBars {
    /// Lanes for cars: surely, and at most.
    pub cars: (f64, f64),
    /// Lanes that `lanes` should count, those for buses too: (least, most).
    pub counted: (f64, f64),
    /// Lanes that cars may not use and that `lanes` counts too (cycle lanes are not): at most, and surely.
    pub closed: (f64, f64),
}

/// How many lanes the bars of a key stand for.
pub(crate) fn bars_of(tags: &OsmTags, key: &str) -> Option<usize> {
    tags.get(key).filter(|value| !value.is_empty()).map(|value| value.split('|').count())
}

/// Reads the bars of a direction; `suffix` is `:forward`, `:backward` or empty. `None` without any.
pub(crate) fn bars(tags: &OsmTags, suffix: &str, options: &ImportOptions) -> Option<LaneBars> {
    let keys = CAR_LANES.iter().chain(&OTHERS).chain(&COUNTING);
    let counts: Vec<usize> =
        keys.filter_map(|name| bars_of(tags, &format!("{name}:lanes{suffix}"))).collect();
    let conditional: Vec<(&str, &str)> = CAR_LANES
        .iter()
        .chain(&OTHERS)
        .filter_map(|name| Some((*name, tags.get(&format!("{name}:lanes{suffix}:conditional"))?)))
        .flat_map(|(name, text)| values_for_cars(text).into_iter().map(move |value| (name, value)))
        .filter(|(_, value)| value.contains('|'))
        .collect();
    let all = counts.iter().copied().chain(conditional.iter().map(|(_, value)| value.split('|').count()));
    let (least, most) = (counts.iter().copied().min()?, all.max()?);
    // One way to read the map as it stands, and one more for each value that holds at times.
    let usual = lane_states(tags, suffix, most, None, options);
    let others = conditional.iter().map(|other| lane_states(tags, suffix, most, Some(*other), options));
    let mut sure = usual.clone();
    let mut possible = usual;
    for states in others {
        for (lane, state) in states.into_iter().enumerate() {
            sure[lane] = sure[lane].max(state);
            possible[lane] = possible[lane].min(state);
        }
    }
    let number =
        |states: &[LaneOwner], wanted: LaneOwner| states.iter().filter(|s| **s == wanted).count() as f64;
    // Keys with fewer bars: some of the lanes may not be there.
    let unsure = (most - least) as f64;
    let counted = |states: &[LaneOwner]| states.iter().filter(|s| **s != LaneOwner::Cycles).count() as f64;
    Some(LaneBars {
        counted: ((counted(&sure) - unsure).max(0.0), counted(&possible)),
        cars: ((number(&sure, LaneOwner::Cars) - unsure).max(0.0), number(&possible, LaneOwner::Cars)),
        closed: (number(&sure, LaneOwner::Others), number(&possible, LaneOwner::Others)),
    })
}

/// Whose a lane is. Ordered by how far cars are kept off it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum LaneOwner {
    Cars,
    Others,
    Cycles,
}

fn lane_states(
    tags: &OsmTags,
    suffix: &str,
    count: usize,
    instead: Option<(&str, &str)>,
    options: &ImportOptions,
) -> Vec<LaneOwner> {
    let value = |name: &str, lane: usize| -> Option<String> {
        let text = match instead {
            Some((other, text)) if other == name => Some(text),
            _ => tags.get(&format!("{name}:lanes{suffix}")),
        };
        let value = text?.split('|').nth(lane)?.trim().to_ascii_lowercase();
        (!value.is_empty()).then_some(value)
    };
    let is_set_aside = |name: &str, lane: usize| {
        value(name, lane).is_some_and(|v| matches!(v.as_str(), "designated" | "official" | "only"))
    };
    (0..count)
        .map(|lane| {
            let for_cars = CAR_LANES
                .iter()
                .find_map(|name| value(name, lane))
                .map(|value| opening_of(&value, options) != RoadOpening::Closed);
            if for_cars == Some(true) {
                LaneOwner::Cars
            } else if is_set_aside("bicycle", lane) {
                LaneOwner::Cycles
            } else if for_cars == Some(false) || OTHERS.iter().any(|name| is_set_aside(name, lane)) {
                LaneOwner::Others
            } else {
                LaneOwner::Cars
            }
        })
        .collect()
}
