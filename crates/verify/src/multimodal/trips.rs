//! `fleet/trips.csv`: every trip of every vehicle, on its roads, in time, with people who are ready, within places, hours and
//! range.

use super::given::{RawGroup, RawMultimodal, RawVehicleType};
use super::streets::{FleetRoads, VehicleRoads};
use crate::Unreadable;
use crate::elements::CaseElements;
use crate::finding::CheckFindings;
use crate::number::{self, real};
use crate::raw::RawScenario;
use crate::table::{RawRow, RawTable};
use crate::unreadable::required;
use clearway_model::{Case, Means, MultimodalSettings, Store, SubStore};
use std::collections::{BTreeMap, BTreeSet};

const QUARTER: i64 = MultimodalSettings::QUARTER_MS;

/// One trip as claimed, ids turned into positions.
#[derive(Debug, Clone)]
struct ClaimedTrip {
    id: String,
    /// Type of vehicle, and the number among those of the type, from 1.
    vehicle: (usize, i64),
    zone: usize,
    site: usize,
    /// People by assistance level, in the order of [`Means::FLEET`].
    people: [i64; 3],
    /// When it begins, from where the vehicle stands, ms.
    from: i64,
    /// When loading begins, ms.
    load: i64,
    /// When it leaves the zone, ms.
    depart: i64,
    /// When it is at the site and unloading begins, ms.
    unload: i64,
    /// When the people are received, ms.
    end: i64,
    zone_connector: usize,
    site_connector: usize,
    /// Links to the zone, in the order in which they are driven.
    empty: Vec<usize>,
    /// Links from the zone to the site.
    loaded: Vec<usize>,
}

/// What the fleet does, as recomputed.
#[derive(Debug, Default)]
pub(crate) struct RecomputedFleet {
    /// Trips in the dispatch schedule.
    pub trips: u64,
    /// Vehicles that make a trip.
    pub used: i64,
    /// Length of all links driven, empty runs among them, km.
    pub km: f64,
    /// Per link: four times the busiest quarter of an hour, pcu/h.
    pub link_pcu_h: BTreeMap<usize, f64>,
    /// Per site: the same for people received, people/h.
    pub site_people_h: BTreeMap<usize, f64>,
    /// Per site, people received.
    pub site_people: Vec<i64>,
    /// People still in their zone when a hazard closes it.
    pub overtaken: i64,
    /// By [`Means::FLEET`]: when how many are received, ms, ascending.
    pub received: [Vec<(i64, i64)>; 3],
}

/// Checks the dispatch schedule `file` in the folder `fleet` of the plan folder `plan`.
pub(crate) fn check(
    plan: &dyn Store,
    file: &str,
    raw: &RawScenario,
    given: &RawMultimodal,
    fleet: &FleetRoads,
    findings: &mut CheckFindings,
) -> Result<RecomputedFleet, Unreadable> {
    let mut done = RecomputedFleet { site_people: vec![0; raw.sites.len()], ..RecomputedFleet::default() };
    let carried: i64 = Means::FLEET.iter().map(|m| given.people(*m)).sum();
    if carried == 0 {
        return Ok(done);
    }
    let lengths = lengths(raw, plan)?;
    let trips = read(&SubStore::new(plan, "fleet"), file, raw, given)?;
    let mut ids = BTreeSet::new();
    let mut by_vehicle: BTreeMap<(usize, i64), Vec<&ClaimedTrip>> = BTreeMap::new();
    let mut use_of_link: BTreeMap<(usize, i64), Vec<f64>> = BTreeMap::new();
    let mut use_of_site: BTreeMap<(usize, i64), Vec<f64>> = BTreeMap::new();
    for trip in &trips {
        if !ids.insert(trip.id.as_str()) {
            findings.add("trip.id", &trip.id, "", "", "trip id used twice");
        }
        let kind = &given.fleet[trip.vehicle.0];
        if !(1..=kind.count).contains(&trip.vehicle.1) {
            findings.add(
                "trip.vehicle",
                &trip.id,
                trip.vehicle.1,
                kind.count,
                "this type has no vehicle of this number",
            );
        }
        for slot in 0..3 {
            let (people, places) = (trip.people[slot], kind.places[slot]);
            if people < 0 || people > places {
                let what = format!(
                    "people in {} places: none or more, up to the places there are",
                    Means::FLEET[slot].word()
                );
                findings.add("trip.places", &trip.id, people, places, what);
            }
            if people > 0 {
                done.received[slot].push((trip.end, people));
            }
        }
        let everybody: i64 = trip.people.iter().sum();
        if everybody <= 0 {
            findings.add("trip.people", &trip.id, everybody, "", "a trip must carry somebody");
        }
        done.site_people[trip.site] += everybody;
        use_of_site.entry((trip.site, trip.end / QUARTER)).or_default().push(real(everybody));
        by_vehicle.entry(trip.vehicle).or_default().push(trip);
        done.km += trip.empty.iter().chain(&trip.loaded).map(|l| lengths[*l]).sum::<f64>() / 1000.0;
    }
    for ((kind, number), trips) in &mut by_vehicle {
        trips.sort_by_key(|t| t.from);
        let (row, streets) = (&given.fleet[*kind], &fleet.streets[*kind]);
        let begins = vehicle(raw, row, &format!("{}-{number}", row.id), trips, &lengths, findings);
        for (trip, begin) in trips.iter().zip(begins) {
            for (link, t) in runs(raw, row, streets, trip, begin, findings) {
                use_of_link.entry((link, t / QUARTER)).or_default().push(row.pcu);
            }
        }
    }
    for trip in &trips {
        for (slot, means) in Means::FLEET.into_iter().enumerate() {
            if trip.people[slot] > 0 && given.group(trip.zone, means).is_none() {
                let what = format!("the zone has no group with the assistance level {}", means.word());
                findings.add("trip.people", &trip.id, trip.people[slot], 0, what);
            }
        }
    }
    let closed = CaseElements::of(raw, Case::Central)?.zone_hazard;
    for (zone, means) in given.groups.iter().filter(|g| g.means.is_carried()).map(|g| (g.zone, g.means)) {
        if let Some(group) = given.group(zone, means) {
            let left = people(raw, group, &trips, findings);
            if closed[zone].is_some() {
                done.overtaken += left;
            }
        }
    }
    use_of_roads(raw, given, &use_of_link, &use_of_site, &mut done, findings);
    for (site, people) in done.site_people.iter().enumerate() {
        if let Some(capacity) = raw.sites[site].capacity.map(|c| c.more_is_better(Case::Central))
            && *people > capacity
        {
            findings.add("trip.site", &raw.site_ids.list[site], people, capacity, "more than the site holds");
        }
    }
    for received in &mut done.received {
        received.sort_unstable();
    }
    done.trips = number::count(trips.len());
    done.used = number::signed(by_vehicle.len());
    Ok(done)
}

/// Lengths of links, m.
fn lengths(raw: &RawScenario, plan: &dyn Store) -> Result<Vec<f64>, Unreadable> {
    let bytes = required(plan, "scenario/link.csv")?;
    let table = RawTable::parse("link.csv", &bytes)?.with(&["link_id", "length_m"])?;
    let mut lengths = vec![0.0; raw.links.len()];
    for row in table.rows() {
        if let Some(at) = raw.link_ids.find(row.text("link_id")) {
            lengths[at] = row.amount("length_m")?.unwrap_or(0.0);
        }
    }
    Ok(lengths)
}

fn read(
    fleet: &dyn Store,
    file: &str,
    raw: &RawScenario,
    given: &RawMultimodal,
) -> Result<Vec<ClaimedTrip>, Unreadable> {
    let bytes = required(fleet, file)?;
    let columns = [
        "trip_id",
        "vehicle_id",
        "vehicle_type_id",
        "zone_id",
        "site_id",
        "seat_people",
        "wheelchair_people",
        "stretcher_people",
        "from_ms",
        "load_ms",
        "depart_ms",
        "unload_ms",
        "end_ms",
        "zone_connector",
        "site_connector",
    ];
    let table = RawTable::parse(file, &bytes)?.with(&columns)?;
    table.rows().map(|row| trip(&row, raw, given)).collect()
}

fn trip(row: &RawRow<'_>, raw: &RawScenario, given: &RawMultimodal) -> Result<ClaimedTrip, Unreadable> {
    let known = |column: &str, at: Option<usize>| at.ok_or_else(|| row.bad(column, "an id of the scenario"));
    let kind = given.fleet.iter().position(|k| k.id == row.text("vehicle_type_id"));
    let kind = known("vehicle_type_id", kind)?;
    let number = row
        .text("vehicle_id")
        .strip_prefix(&given.fleet[kind].id)
        .and_then(|rest| rest.strip_prefix('-'))
        // one vehicle has one name: `bus-01` and `bus-+1` would be other names of `bus-1`
        .filter(|number| {
            number.bytes().all(|b| b.is_ascii_digit()) && !number.starts_with('0') && number.len() <= 12
        })
        .and_then(|number| number.parse().ok());
    let links = |column: &str| -> Result<Vec<usize>, Unreadable> {
        let text = row.text(column);
        let ids = text.split(';').filter(|_| !text.is_empty());
        ids.map(|id| known(column, raw.link_ids.find(id))).collect()
    };
    let zone = known("zone_id", raw.zone_ids.find(row.text("zone_id")))?;
    let site = known("site_id", raw.site_ids.find(row.text("site_id")))?;
    let connector = |column: &str, of_zone: bool, place: usize| {
        let at = raw.connector_ids.find(row.text(column));
        let at = at.filter(|c| raw.connectors[*c].of_zone == of_zone && raw.connectors[*c].place == place);
        at.ok_or_else(|| row.bad(column, "a connector of that place"))
    };
    Ok(ClaimedTrip {
        id: row.id("trip_id")?.to_owned(),
        vehicle: (kind, number.ok_or_else(|| row.bad("vehicle_id", "the type's id, - and a number"))?),
        zone,
        site,
        people: [
            row.need_whole("seat_people")?,
            row.need_whole("wheelchair_people")?,
            row.need_whole("stretcher_people")?,
        ],
        from: row.need_whole("from_ms")?,
        load: row.need_whole("load_ms")?,
        depart: row.need_whole("depart_ms")?,
        unload: row.need_whole("unload_ms")?,
        end: row.need_whole("end_ms")?,
        zone_connector: connector("zone_connector", true, zone)?,
        site_connector: connector("site_connector", false, site)?,
        empty: links("empty_links")?,
        loaded: links("links")?,
    })
}

/// The two runs of a trip: on roads that join, in the time claimed; the empty one is on the road from `begin_ms` on. When each
/// link is entered.
fn runs(
    raw: &RawScenario,
    kind: &RawVehicleType,
    streets: &VehicleRoads,
    trip: &ClaimedTrip,
    begin_ms: i64,
    findings: &mut CheckFindings,
) -> Vec<(usize, i64)> {
    let joined = |links: &[usize]| {
        links.windows(2).all(|pair| {
            raw.links[pair[0]].to == raw.links[pair[1]].from && !raw.banned.contains(&(pair[0], pair[1]))
        })
    };
    let (begin, end) = (raw.connectors[trip.zone_connector].node, raw.connectors[trip.site_connector].node);
    let first = trip.loaded.first().map_or(end, |l| raw.links[*l].from);
    let last = trip.loaded.last().map_or(begin, |l| raw.links[*l].to);
    if !joined(&trip.empty) || !joined(&trip.loaded) || first != begin || last != end {
        findings.add(
            "trip.route",
            &trip.id,
            "",
            "",
            "its links must join end to end, to the zone and from there to the site",
        );
        return Vec::new();
    }
    let mut entered = Vec::new();
    // Waiting before the first link, at its beginning, and at every later one is allowed.
    let arrive = |links: &[usize], from: i64, after: i64| {
        let (entries, end) = streets.over(raw, links, from)?;
        Some((entries, end + after))
    };
    // Without links the way to the zone is in `begin_ms` ([`vehicle`]), as it depends on where the vehicle stands.
    let zone_tau = match trip.empty.last() {
        None => Some(0),
        Some(last) => {
            let at = raw.links[*last].to;
            let ends = raw.connectors.iter().filter(|c| c.of_zone && c.place == trip.zone && c.node == at);
            ends.map(|c| c.time).min()
        }
    };
    match (zone_tau, arrive(&trip.empty, begin_ms, zone_tau.unwrap_or(0))) {
        (Some(_), Some((entries, there))) => {
            if there > trip.load {
                findings.add("trip.empty", &trip.id, trip.load, there, "cannot be at the zone so early");
            }
            entered.extend(trip.empty.iter().copied().zip(entries));
        }
        _ => findings.add("trip.empty", &trip.id, "", "", "does not reach the zone"),
    }
    if trip.depart < trip.load + kind.load {
        findings.add(
            "trip.load",
            &trip.id,
            trip.depart,
            trip.load + kind.load,
            "leaves before loading is over",
        );
    }
    let out = streets.leave_zone(trip.zone_connector, trip.depart).filter(|t| *t == trip.depart);
    let tau = raw.connectors[trip.zone_connector].time;
    let run = out.and_then(|t| streets.over(raw, &trip.loaded, t + tau));
    let there = run.as_ref().and_then(|(_, end)| {
        let entered = streets.leave_node(raw, trip.site_connector, *end)?;
        Some(entered + raw.connectors[trip.site_connector].time)
    });
    match (run, there) {
        (Some((entries, _)), Some(there)) if there <= trip.unload => {
            entered.extend(trip.loaded.iter().copied().zip(entries));
        }
        (_, there) => {
            let there = there.map_or_else(String::new, |t| t.to_string());
            findings.add("trip.run", &trip.id, trip.unload, there, "cannot be at the site so early");
        }
    }
    let horizon = raw.settings.horizon_ms;
    if trip.end < trip.unload + kind.unload || trip.end >= horizon || !streets.is_open(trip.site, trip.end) {
        let least = trip.unload + kind.unload;
        findings.add(
            "trip.end",
            &trip.id,
            trip.end,
            least,
            "people are received after unloading, while the site is open and before the horizon",
        );
    }
    entered
}

/// One vehicle's block: its trips one after the other, each where the last one ended, within its driver's hours and its range. When it is
/// on the road for each, ms.
fn vehicle(
    raw: &RawScenario,
    kind: &RawVehicleType,
    name: &str,
    trips: &[&ClaimedTrip],
    lengths: &[f64],
    findings: &mut CheckFindings,
) -> Vec<i64> {
    let mut begins = Vec::new();
    let mut free = kind.from;
    let mut nodes: Vec<(usize, i64)> = vec![(kind.depot, 0)];
    let mut duty: Option<i64> = None;
    let mut metres = 0.0;
    for trip in trips {
        if trip.from < free {
            findings.add("vehicle.twice", &trip.id, trip.from, free, format!("{name} is not free before"));
        }
        // From the place where it stands: time on the connector back to the road counts.
        let ends: Vec<(usize, i64)> = match trip.empty.first() {
            Some(first) => vec![(raw.links[*first].from, 0)],
            // Straight from one connector to the other, at the same node.
            None => {
                let of_zone = raw.connectors.iter().filter(|c| c.of_zone && c.place == trip.zone);
                of_zone.map(|c| (c.node, c.time)).collect()
            }
        };
        let mut begin: i64 = trip.from;
        let pairs = nodes.iter().flat_map(|from| ends.iter().map(move |to| (from, to)));
        match pairs.filter(|(from, to)| from.0 == to.0).map(|(from, to)| from.1 + to.1).min() {
            None => findings.add(
                "vehicle.place",
                &trip.id,
                "",
                "",
                format!("{name} is not where the trip begins"),
            ),
            Some(tau) => begin += tau,
        }
        begins.push(begin);
        match (duty, kind.rest) {
            (Some(_), Some(rest)) if trip.from - free >= rest => duty = None,
            _ => {}
        }
        let since = duty.unwrap_or(trip.from);
        duty = Some(since);
        if let Some(most) = kind.duty.filter(|most| trip.end - since > *most) {
            let message = format!("{name}: longer at work than its driver may");
            findings.add("vehicle.hours", &trip.id, trip.end - since, most, message);
        }
        if let Some(until) = kind.until.filter(|until| trip.end > *until) {
            findings.add("vehicle.available", &trip.id, trip.end, until, format!("{name} is not available"));
        }
        metres += trip.empty.iter().chain(&trip.loaded).map(|l| lengths[*l]).sum::<f64>();
        if let Some(range) = kind.range.filter(|range| metres > range + 1e-6) {
            findings.add(
                "vehicle.range",
                &trip.id,
                metres,
                range,
                format!("{name} goes farther than it can"),
            );
        }
        free = trip.end;
        let site = raw.connectors.iter().filter(|c| !c.of_zone && c.place == trip.site);
        nodes = site.map(|c| (c.node, c.time)).collect();
    }
    begins
}

/// People of one group: ready when loading begins, not more than there are, one site if they stay together. Returns how many of them
/// no trip takes.
fn people(raw: &RawScenario, group: &RawGroup, trips: &[ClaimedTrip], findings: &mut CheckFindings) -> i64 {
    let slot = Means::FLEET.iter().position(|m| *m == group.means).unwrap_or(0);
    let name = format!("{} {}", raw.zone_ids.list[group.zone], group.means.word());
    let mut loads: Vec<(i64, i64, usize)> = trips
        .iter()
        .filter(|t| t.zone == group.zone && t.people[slot] > 0)
        .map(|t| (t.load, t.people[slot], t.site))
        .collect();
    loads.sort_unstable();
    let evacuees = group.people - group.stay.unwrap_or(0);
    let mut sent = 0;
    for &(t, people, _) in &loads {
        sent += people;
        let share = group.release.map_or(1.0, |curve| share_at(&raw.releases[curve], t));
        let ready = number::whole((real(evacuees) * share + 0.001).floor());
        if sent > ready {
            findings.add("trip.ready", &name, sent, ready, format!("fewer people are ready at {t} ms"));
        }
    }
    if sent > evacuees {
        findings.add("trip.people", &name, sent, evacuees, "more people than there are");
    }
    let sites: BTreeSet<usize> = loads.iter().map(|l| l.2).collect();
    if group.together && sites.len() > 1 {
        findings.add(
            "trip.together",
            &name,
            sites.len(),
            1,
            "a group that stays together is taken to several sites",
        );
    }
    (evacuees - sent).max(0)
}

/// Share ready at `t`, a jump at `t` included.
fn share_at(curve: &[(i64, f64)], t: i64) -> f64 {
    let next = curve.partition_point(|row| row.0 <= t);
    match (next.checked_sub(1).map(|at| curve[at]), curve.get(next)) {
        (None, _) => 0.0,
        (Some(last), None) => last.1,
        (Some((t0, s0)), Some(&(t1, s1))) => s0 + (s1 - s0) * real(t - t0) / real(t1 - t0),
    }
}

/// In no quarter of an hour more than the fleet's share; what one vehicle has above it counts in the quarters after its own.
fn use_of_roads(
    raw: &RawScenario,
    given: &RawMultimodal,
    links: &BTreeMap<(usize, i64), Vec<f64>>,
    sites: &BTreeMap<(usize, i64), Vec<f64>>,
    done: &mut RecomputedFleet,
    findings: &mut CheckFindings,
) {
    let share = given.settings.fleet_share;
    let room_of = |link: usize| {
        let capacity = raw.links[link].capacity.map_or(0.0, |c| c.more_is_better(Case::Central));
        Some((capacity - raw.links[link].reserved).max(0.0) * share / 4.0)
    };
    let what = "more pcu in a quarter of an hour than the fleet's share of the link";
    done.link_pcu_h = busiest(links, room_of, |link, quarter, pcu, room| {
        let place = format!("{} at {} ms", raw.link_ids.list[link], quarter * QUARTER);
        findings.add("fleet.road", place, pcu, room, what);
    });
    let room_of = |site: usize| raw.sites[site].admission.map(|admission| admission.value * share / 4.0);
    let what = "more people in a quarter of an hour than the fleet's share of the admission rate";
    done.site_people_h = busiest(sites, room_of, |site, quarter, people, room| {
        let place = format!("{} at {} ms", raw.site_ids.list[site], quarter * QUARTER);
        findings.add("fleet.admission", place, people, room, what);
    });
}

/// Four times the busiest quarter of each link or site with a bound; `over` is told where there is more than room in one.
fn busiest(
    uses: &BTreeMap<(usize, i64), Vec<f64>>,
    room_of: impl Fn(usize) -> Option<f64>,
    mut over: impl FnMut(usize, i64, f64, f64),
) -> BTreeMap<usize, f64> {
    let mut rates: BTreeMap<usize, f64> = BTreeMap::new();
    // The place and quarter before, and what it left for the quarters after it to let through.
    let mut last: Option<(usize, i64, f64)> = None;
    for (&(place, quarter), amounts) in uses {
        let Some(room) = room_of(place) else { continue };
        let carried = match last {
            Some((same, before, left)) if same == place => (left - room * real(quarter - before)).max(0.0),
            _ => 0.0,
        };
        let sum = carried + amounts.iter().sum::<f64>();
        let alone = amounts.len() == 1 && carried <= 1e-6;
        if sum > room + 1e-6 && !alone {
            over(place, quarter, sum, room);
        }
        let rate = rates.entry(place).or_default();
        *rate = rate.max(sum.min(room) * 4.0);
        last = Some((place, quarter, sum));
    }
    rates
}
