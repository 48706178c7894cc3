//! Dividing people into groups by shares, and facilities as zones of their own.

use clearway_model::number::{ceil, float, round};
use clearway_model::{
    Case, ConnectorPlace, ConnectorRow, FacilityRow, GroupRow, Means, Scenario, SourceRow, SourceStatus,
    YesNo, ZoneRow,
};
use clearway_network::{Network, NetworkError};
use std::collections::{BTreeMap, BTreeSet};

/// Speed on the way from a facility's door to the road, m/s.
const APPROACH_M_S: f64 = 5.0;

/// A share of the people of every zone who leave by one means, 0..1; the rest has vehicles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModeShare {
    /// By what means they leave.
    pub means: Means,
    /// The share that is planned for, 0..1.
    pub value: f64,
    /// Low end of its range, 0..1; the share itself where it has none.
    pub low: f64,
    /// High end of its range, 0..1; the share itself where it has none.
    pub high: f64,
}

impl ModeShare {
    fn in_words(&self) -> String {
        let Self { means, value, low, high } = *self;
        if low < high {
            format!("{} {value} ({low} to {high})", means.word())
        } else {
            format!("{} {value}", means.word())
        }
    }
}

/// Divides the people of every zone; totals of each means are off by less than one person from their share of everybody.
pub fn groups(scenario: &Scenario, shares: &[ModeShare]) -> Vec<GroupRow> {
    let of = |share: &dyn Fn(&ModeShare) -> f64, people: &dyn Fn(&ZoneRow) -> i64| {
        let shares: Vec<(Means, f64)> = shares.iter().map(|s| (s.means, share(s))).collect();
        divide(scenario, &shares, people)
    };
    let value = of(&|s| s.value, &|z| z.people);
    let mut low = of(&|s| s.low, &|z| z.people_low.unwrap_or(z.people));
    let mut high = of(&|s| s.high, &|z| z.people_high.unwrap_or(z.people));
    let ranged = shares.iter().any(|s| s.low < s.high);
    if ranged {
        for (index, zone) in scenario.zones.iter().enumerate() {
            let (low, high) = (&mut low[index], &mut high[index]);
            // Fewest with vehicles if most of the others are as many as they can be, and the other way round.
            let least = zone.people_low.unwrap_or(zone.people) - high[1..].iter().sum::<i64>();
            let most = zone.people_high.unwrap_or(zone.people) - low[1..].iter().sum::<i64>();
            (low[0], high[0]) = (least.max(0), most);
        }
    }
    // Each end is rounded from zone to zone by itself, so that it may be on the wrong side of the figure by a person.
    for ((low, high), value) in low.iter_mut().zip(&mut high).zip(&value) {
        for at in 0..5 {
            low[at] = low[at].min(value[at]);
            high[at] = high[at].max(value[at]);
        }
    }
    let mut groups = Vec::new();
    for (index, zone) in scenario.zones.iter().enumerate() {
        let has_range = ranged || zone.people_low.is_some() || zone.people_high.is_some();
        let stay = staying(zone, &value[index]);
        for (at, means) in Means::ALL.into_iter().enumerate() {
            let people = value[index][at];
            let (low, high) = (low[index][at], high[index][at]);
            if people == 0 && low == 0 && high == 0 {
                continue;
            }
            groups.push(GroupRow {
                zone_id: zone.zone_id.clone(),
                means,
                people,
                people_low: has_range.then_some(low),
                people_high: has_range.then_some(high),
                stay_people: zone.stay_people.map(|_| stay[at]),
                priority: priority(means),
                ..GroupRow::default()
            });
        }
    }
    groups
}

/// Those who need most help go first (rulebook: medical and assisted first); a row of `groups.csv` may say otherwise.
fn priority(means: Means) -> Option<i64> {
    match means {
        Means::Stretcher => Some(1),
        Means::Wheelchair => Some(2),
        Means::Seat => Some(3),
        Means::Vehicle | Means::Walk | Means::Listed(_) => None,
    }
}

/// Groups of zones that a hazard closes earlier go before those of others, and within a zone as before: priorities are renumbered.
///
/// # Errors
/// If the scenario is no network.
pub fn hazard_first(scenario: &Scenario, groups: &mut [GroupRow]) -> Result<(), NetworkError> {
    let network = Network::new(scenario, Case::Central)?;
    let closed: BTreeMap<&str, i64> = scenario
        .zones
        .iter()
        .zip(&network.zones)
        .filter_map(|(row, zone)| Some((row.zone_id.as_str(), zone.overtaken_from?)))
        .collect();
    let key = |group: &GroupRow| {
        let reached = closed.get(group.zone_id.as_str()).copied();
        // Zones that no hazard closes come after all others.
        group.priority.map(|priority| (reached.is_none(), reached, priority))
    };
    let keys: BTreeSet<(bool, Option<i64>, i64)> = groups.iter().filter_map(key).collect();
    let number: BTreeMap<(bool, Option<i64>, i64), i64> = keys.into_iter().zip(1..).collect();
    for group in groups.iter_mut() {
        group.priority = key(group).and_then(|key| number.get(&key).copied());
    }
    Ok(())
}

/// People of each zone by [`Means::ALL`]: cumulative shares over the zones, rounded, so that nothing is lost in small zones.
fn divide(scenario: &Scenario, shares: &[(Means, f64)], people: &dyn Fn(&ZoneRow) -> i64) -> Vec<[i64; 5]> {
    let mut sum = 0;
    let mut given = [0i64; 5];
    scenario
        .zones
        .iter()
        .map(|zone| {
            let all = people(zone);
            sum += all;
            let mut parts = [0; 5];
            let mut left = all;
            for (at, means) in Means::ALL.into_iter().enumerate().filter(|m| m.1 != Means::Vehicle) {
                let share: f64 = shares.iter().filter(|s| s.0 == means).map(|s| s.1).sum();
                let due = round(float(sum) * share) - given[at];
                parts[at] = due.clamp(0, left);
                given[at] += parts[at];
                left -= parts[at];
            }
            parts[0] = left;
            parts
        })
        .collect()
}

/// Declared staying by [`Means::ALL`], in proportion, the rest to the largest groups.
fn staying(zone: &ZoneRow, parts: &[i64; 5]) -> [i64; 5] {
    let stay = zone.stay_people.unwrap_or(0);
    let mut staying = parts.map(|people| (stay * people).checked_div(zone.people).unwrap_or(0));
    let mut left = stay - staying.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..5).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(parts[at]));
    for at in order {
        let more = left.min(parts[at] - staying[at]).max(0);
        staying[at] += more;
        left -= more;
    }
    staying
}

/// Adds facilities as zones of their own, each joined to the node that `access_node` names, with its distance in m; without one where that
/// names none.
pub fn add_facilities(
    scenario: &mut Scenario,
    groups: &mut Vec<GroupRow>,
    facilities: &[FacilityRow],
    access_node: &dyn Fn(&FacilityRow) -> Option<(String, f64)>,
) {
    let mut connectors = Vec::new();
    for facility in facilities {
        let people = [facility.seat_people, facility.wheelchair_people, facility.stretcher_people];
        let all: i64 = people.into_iter().flatten().sum();
        if let Some((node_id, metres)) = access_node(facility) {
            connectors.push(ConnectorRow {
                connector_id: format!("{}-road", facility.facility_id),
                place: ConnectorPlace::Zone,
                place_id: facility.facility_id.clone(),
                node_id,
                time_ms: ceil(metres / APPROACH_M_S * 1000.0),
                ..ConnectorRow::default()
            });
        }
        scenario.zones.push(ZoneRow {
            zone_id: facility.facility_id.clone(),
            name: facility.name.clone(),
            people: all,
            mobilization_id: facility.mobilization_id.clone(),
            x_coord: Some(facility.x_coord),
            y_coord: Some(facility.y_coord),
            ..ZoneRow::default()
        });
        for (means, people) in Means::FLEET.into_iter().zip(people) {
            if let Some(people) = people.filter(|people| *people > 0) {
                groups.push(GroupRow {
                    zone_id: facility.facility_id.clone(),
                    means,
                    people,
                    priority: facility.priority.or_else(|| priority(means)),
                    weight: facility.weight,
                    together: Some(YesNo::Yes),
                    ..GroupRow::default()
                });
            }
        }
    }
    scenario.connectors.extend(connectors);
}

/// Where the groups come from, for `sources.csv`.
pub fn sources(shares: &[ModeShare], who: Option<&str>, facilities: Option<&str>) -> Vec<SourceRow> {
    let listed: Vec<String> = shares.iter().map(|share| share.in_words()).collect();
    let row = |table: &str, source: &str, note: String| SourceRow {
        table: table.to_owned(),
        id: "*".to_owned(),
        field: "people".to_owned(),
        status: SourceStatus::Assumed,
        source: source.to_owned(),
        note,
        ..SourceRow::default()
    };
    let note = format!("shares of the people of every zone: {}; the rest has vehicles", listed.join(", "));
    let mut rows = vec![row("groups", who.unwrap_or("given on the command line, no source named"), note)];
    if let Some(file) = facilities {
        rows.push(row("groups", file, "people of facilities, beside those of the zones".to_owned()));
    }
    rows
}
