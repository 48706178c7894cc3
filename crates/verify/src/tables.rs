//! Compares `curve.csv`, `orders.csv`, `zones.csv` and `bottlenecks.csv` with what was recomputed.

use crate::certificate::CheckedFamily;
use crate::cut::{HoldingRole, TermSubject, UNITS_PER_PERSON};
use crate::elements::CaseElements;
use crate::figures::seconds;
use crate::finding::CheckFindings;
use crate::folder::seconds_to_ms;
use crate::loading::LoadingResult;
use crate::number;
use crate::raw::RawScenario;
use crate::summary::close;
use crate::table::{RawRow, RawTable};
use clearway_model::{
    Bottleneck, BottleneckKind, CurvePoint, Outcome, Plan, Reason, ZoneOutcome, is_formula, spreadsheet_cell,
};
use std::collections::{BTreeMap, BTreeSet};

/// A finding unless the cell is this whole number.
pub(crate) fn whole(
    row: &RawRow<'_>,
    code: &'static str,
    column: &str,
    expected: i64,
    findings: &mut CheckFindings,
) {
    let found = row.text(column);
    if found.parse::<i64>() != Ok(expected) {
        findings.add(code, format!("{}, {column}", row.place), found, expected, "not what was recomputed");
    }
}

/// A finding unless the cell is this text.
pub(crate) fn words(
    row: &RawRow<'_>,
    code: &'static str,
    column: &str,
    expected: &str,
    findings: &mut CheckFindings,
) {
    let found = row.text(column);
    if found != expected {
        findings.add(
            code,
            format!("{}, {column}", row.place),
            found,
            expected,
            "not what plan.json or the scenario says",
        );
    }
}

/// A finding unless the cell is this time, or empty if there is none.
fn time(
    row: &RawRow<'_>,
    code: &'static str,
    column: &str,
    expected: Option<i64>,
    findings: &mut CheckFindings,
) {
    let found = row.text(column);
    let agrees = if found.is_empty() {
        expected.is_none()
    } else {
        seconds_to_ms(found) == expected && expected.is_some()
    };
    if !agrees {
        let expected = expected.map(|ms| seconds(ms).to_string()).unwrap_or_default();
        findings.add(code, format!("{}, {column}", row.place), found, expected, "not what was recomputed");
    }
}

/// A finding unless the cell is this number to three decimals, or empty if there is none.
pub(crate) fn number(
    row: &RawRow<'_>,
    code: &'static str,
    column: &str,
    expected: Option<f64>,
    findings: &mut CheckFindings,
) {
    let agrees = match (row.number(column), expected) {
        (Ok(Some(found)), Some(expected)) => close(found, expected),
        (Ok(None), None) => true,
        _ => false,
    };
    if !agrees {
        let expected = expected.map(|value| value.to_string()).unwrap_or_default();
        let place = format!("{}, {column}", row.place);
        findings.add(code, place, row.text(column), expected, "not what was recomputed");
    }
}

/// `curve.csv`; returns the curve at its times.
pub(crate) fn check_curve(
    raw: &RawScenario,
    table: &RawTable,
    replayed: Option<&LoadingResult>,
    families: &[CheckedFamily],
    findings: &mut CheckFindings,
) -> Vec<CurvePoint> {
    let central = families.iter().find(|family| family.family == "central");
    let mut curve = Vec::with_capacity(table.len());
    let mut last: Option<i64> = None;
    for row in table.rows() {
        let Some(ms) = seconds_to_ms(row.text("time_s")) else {
            let place = format!("{}, time_s", row.place);
            findings.add("curve.time", place, row.text("time_s"), "", "seconds with at most three decimals");
            continue;
        };
        if last.is_some_and(|last| last >= ms) {
            findings.add("curve.time", row.place, seconds(ms), "", "times must ascend");
        }
        last = Some(ms);
        let bound = central.map(|family| family.bound_people(raw, ms));
        if let Some(bound) = bound {
            whole(&row, "curve.bound", "bound_people", bound, findings);
        }
        let Some(replayed) = replayed else { continue };
        let (arrived, departed) = (replayed.arrived_before(ms), replayed.departed_before(ms));
        whole(&row, "curve.arrived", "arrived_people", arrived, findings);
        if bound.is_some_and(|bound| arrived > bound) {
            let message = "more people arrived than any plan can bring";
            findings.add("bound.beaten", row.place, arrived, bound.unwrap_or(0), message);
        }
        whole(&row, "curve.departed", "departed_people", departed, findings);
        curve.push(CurvePoint {
            time_s: seconds(ms),
            arrived_people: arrived,
            bound_people: bound.unwrap_or(0),
            departed_people: departed,
        });
    }
    curve
}

/// `orders.csv`: the orders of `plan.json`, in its order.
pub(crate) fn check_orders(raw: &RawScenario, plan: &Plan, table: &RawTable, findings: &mut CheckFindings) {
    const CODE: &str = "orders.row";
    if table.len() != plan.orders.len() {
        findings.add("orders.rows", "orders.csv", table.len(), plan.orders.len(), "one row per order");
    }
    let sites: BTreeMap<&str, &str> =
        plan.routes.iter().map(|route| (route.route_id.as_str(), route.site_id.as_str())).collect();
    let start = instant(&raw.settings.start);
    let mut roads: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for route in plan.routes.iter().filter(|_| table.has("via")) {
        let links = route.links.iter().filter_map(|id| raw.link_ids.find(id));
        let names = links.flat_map(|link| raw.link_names[link].split("; ").map(str::trim));
        roads.insert(&route.route_id, names.collect());
    }
    for (row, order) in table.rows().zip(&plan.orders) {
        for (column, ms) in [("depart_from", order.depart_from_ms), ("depart_until", order.depart_until_ms)] {
            let found = row.text(column);
            if let Some(start) = start.filter(|_| !found.is_empty())
                && instant(found) != Some(start + i128::from(ms))
            {
                let place = format!("{}, {column}", row.place);
                findings.add(CODE, place, found, ms, "not the clock time of this moment");
            }
        }
        // the cell may have a ' before it, which is part of no name
        let via = row.text("via");
        let bare = via.strip_prefix('\'').filter(|bare| is_formula(bare)).unwrap_or(via);
        let names = via.split("; ").zip(bare.split("; ")).map(|(name, bare)| (name.trim(), bare.trim()));
        for (name, bare) in names.filter(|(name, _)| !name.is_empty()) {
            let is_road = |roads: &BTreeSet<&str>| roads.contains(name) || roads.contains(bare);
            if !roads.get(order.route_id.as_str()).is_some_and(is_road) {
                findings.add(CODE, format!("{}, via", row.place), name, "", "no road of this route");
            }
        }
        let site = sites.get(order.route_id.as_str()).copied().unwrap_or("");
        let zone_name = raw.zone_ids.find(&order.zone_id).map_or("", |at| raw.zones[at].name.as_str());
        let site_name = raw.site_ids.find(site).map_or("", |at| raw.sites[at].name.as_str());
        whole(&row, CODE, "order_id", order.order_id, findings);
        words(&row, CODE, "zone_id", &order.zone_id, findings);
        words(&row, CODE, "zone_name", &spreadsheet_cell(zone_name), findings);
        words(&row, CODE, "site_id", site, findings);
        words(&row, CODE, "site_name", &spreadsheet_cell(site_name), findings);
        words(&row, CODE, "route_id", &order.route_id, findings);
        words(&row, CODE, "group", &order.group, findings);
        words(&row, CODE, "class", &order.class, findings);
        whole(&row, CODE, "people", order.people, findings);
        whole(&row, CODE, "depart_from_ms", order.depart_from_ms, findings);
        whole(&row, CODE, "depart_until_ms", order.depart_until_ms, findings);
    }
}

/// `stays:10` for every reason that somebody has, in the words of plan.json.
fn reasons(zone: &ZoneOutcome) -> Vec<String> {
    let mut sums: BTreeMap<Reason, i64> = BTreeMap::new();
    for &(_, reason, people) in &zone.not_moved {
        let sum = sums.entry(reason).or_default();
        *sum = sum.saturating_add(people);
    }
    let word = |reason| serde_json::to_value(reason).ok().and_then(|word| word.as_str().map(str::to_owned));
    let some = sums.into_iter().filter(|(_, people)| *people > 0);
    some.map(|(reason, people)| format!("{}:{people}", word(reason).unwrap_or_default())).collect()
}

/// ms since 1970 of a time as RFC 3339 has it; what stands in brackets after it is not read. `None` for anything else.
///
/// Days of a civil date after Hinnant, "chrono-Compatible Low-Level Date Algorithms".
fn instant(text: &str) -> Option<i128> {
    let text = text.split('[').next()?.trim();
    let number = |from: usize, until: usize| -> Option<i128> {
        let digits = text.get(from..until)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let mark = |at: usize, marks: &str| text.get(at..=at).filter(|found| marks.contains(*found)).map(|_| ());
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    for (at, marks) in [(4, "-"), (7, "-"), (10, "Tt "), (13, ":"), (16, ":")] {
        mark(at, marks)?;
    }
    let mut rest = text.get(19..)?;
    let mut ms = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
        let thousandths: String = fraction[..digits].chars().chain("000".chars()).take(3).collect();
        ms = thousandths.parse().ok()?;
        rest = &fraction[digits..];
    }
    let offset = match rest.as_bytes() {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2]
            if [h1, h2, m1, m2].iter().all(|b| b.is_ascii_digit()) =>
        {
            let two = |a: &u8, b: &u8| i128::from(a - b'0') * 10 + i128::from(b - b'0');
            (two(h1, h2) * 60 + two(m1, m2)) * if *sign == b'-' { -1 } else { 1 }
        }
        _ => return None,
    };
    let years = if month <= 2 { year - 1 } else { year };
    let era = years.div_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let year_of_era = years.rem_euclid(400);
    let days =
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    Some((((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 + ms)
}

/// `zones.csv`: one row per zone. Returns what becomes of each zone, in the order of the scenario.
pub(crate) fn check_zones(
    raw: &RawScenario,
    elements: &CaseElements,
    plan: &Plan,
    replayed: Option<&LoadingResult>,
    table: &RawTable,
    findings: &mut CheckFindings,
) -> Vec<ZoneOutcome> {
    const CODE: &str = "zones.row";
    let outcomes = outcomes(raw, elements, plan, replayed);
    let mut seen = vec![false; raw.zones.len()];
    let ms = |time: Option<f64>| time.map(|s| number::whole((s * 1000.0).round()));
    for row in table.rows() {
        let Some(at) = raw.zone_ids.find(row.text("zone_id")) else {
            findings.add("zones.rows", row.place, row.text("zone_id"), "", "no such zone");
            continue;
        };
        if std::mem::replace(&mut seen[at], true) {
            findings.add("zones.rows", row.place, row.text("zone_id"), "", "this zone stands twice");
        }
        let zone = &outcomes[at];
        words(&row, CODE, "name", &spreadsheet_cell(&zone.name), findings);
        whole(&row, CODE, "people", zone.people, findings);
        whole(&row, CODE, "overtaken", zone.overtaken, findings);
        whole(&row, CODE, "not_evacuated", zone.not_evacuated, findings);
        time(&row, CODE, "first_departure_s", ms(zone.first_departure_s), findings);
        time(&row, CODE, "last_departure_s", ms(zone.last_departure_s), findings);
        if table.has("reasons") {
            let mut expected = reasons(zone);
            let mut found: Vec<&str> =
                row.text("reasons").split("; ").filter(|part| !part.is_empty()).collect();
            expected.sort_unstable();
            found.sort_unstable();
            if found != expected {
                let place = format!("{}, reasons", row.place);
                findings.add(
                    CODE,
                    place,
                    row.text("reasons"),
                    expected.join("; "),
                    "not what plan.json says",
                );
            }
        }
        if elements.zone_hazard[at].is_some() && row.text("hazard_s") == "none" {
            let place = format!("{}, hazard_s", row.place);
            findings.add(CODE, place, "none", "", "a hazard closes this zone");
        }
        if replayed.is_some() {
            whole(&row, CODE, "arrived", zone.arrived, findings);
            time(&row, CODE, "last_arrival_s", ms(zone.last_arrival_s), findings);
        }
    }
    for at in seen.iter().enumerate().filter(|(_, seen)| !**seen).map(|(at, _)| at) {
        findings.add("zones.rows", &raw.zone_ids.list[at], "", "", "this zone has no row");
    }
    outcomes
}

fn outcomes(
    raw: &RawScenario,
    elements: &CaseElements,
    plan: &Plan,
    replayed: Option<&LoadingResult>,
) -> Vec<ZoneOutcome> {
    let mut zones: Vec<ZoneOutcome> = raw
        .zones
        .iter()
        .enumerate()
        .map(|(at, zone)| ZoneOutcome {
            zone_id: raw.zone_ids.list[at].clone(),
            name: zone.name.clone(),
            people: elements.people[at],
            arrived: replayed.map_or(0, |replay| replay.zone_arrived[at]),
            last_arrival_s: replayed.and_then(|replay| replay.zone_last_arrival[at]).map(seconds),
            ..ZoneOutcome::default()
        })
        .collect();
    for entry in &plan.not_moved {
        let Some(at) = raw.zone_ids.find(&entry.zone_id) else { continue };
        let zone = &mut zones[at];
        let sum =
            if entry.outcome == Outcome::Overtaken { &mut zone.overtaken } else { &mut zone.not_evacuated };
        *sum = sum.saturating_add(entry.people);
        zone.not_moved.push((entry.outcome, entry.reason, entry.people));
    }
    for order in &plan.orders {
        let Some(at) = raw.zone_ids.find(&order.zone_id) else { continue };
        let zone = &mut zones[at];
        let (from, until) = (seconds(order.depart_from_ms), seconds(order.depart_until_ms));
        zone.first_departure_s = Some(zone.first_departure_s.map_or(from, |first| first.min(from)));
        // the last packet leaves when the window ends
        zone.last_departure_s = Some(zone.last_departure_s.map_or(until, |last| last.max(until)));
    }
    zones
}

/// A positive term of a cut.
struct BottleneckTerm {
    row: Bottleneck,
    from: i64,
    until: i64,
    units: i128,
}

/// `bottlenecks.csv`: the positive terms of the cut that sets the clearance bound, largest first. Returns them.
pub(crate) fn check_bottlenecks(
    raw: &RawScenario,
    plan: &Plan,
    families: &[CheckedFamily],
    table: &RawTable,
    findings: &mut CheckFindings,
) -> Vec<Bottleneck> {
    const CODE: &str = "bottlenecks.row";
    let Some(central) = families.iter().find(|family| family.family == "central") else { return Vec::new() };
    // without a road nobody sets a bound for the others
    let cut_off = plan.not_moved.iter().filter(|entry| entry.reason == Reason::NoRoad);
    let cut_off = cut_off.fold(0i64, |sum, entry| sum.saturating_add(entry.people));
    let terms = terms(raw, central, central.network.elements.all_evacuees.saturating_sub(cut_off));
    if table.len() != terms.len() {
        findings.add(
            "bottlenecks.rows",
            "bottlenecks.csv",
            table.len(),
            terms.len(),
            "one row per positive term",
        );
    }
    let mut by_name: BTreeMap<(&str, &str), &BottleneckTerm> =
        terms.iter().map(|term| ((term.row.element.word(), term.row.id.as_str()), term)).collect();
    let mut last: Option<i128> = None;
    for (at, row) in table.rows().enumerate() {
        whole(&row, CODE, "rank", number::signed(at) + 1, findings);
        let Some(term) = by_name.remove(&(row.text("element"), row.text("id"))) else {
            let found = format!("{}:{}", row.text("element"), row.text("id"));
            findings.add("bottlenecks.rows", row.place, found, "", "no positive term, or listed twice");
            continue;
        };
        if last.is_some_and(|last| last < term.units) {
            findings.add("bottlenecks.rows", row.place, "", "", "the largest must come first");
        }
        last = Some(term.units);
        time(&row, CODE, "from_s", Some(term.from), findings);
        time(&row, CODE, "until_s", Some(term.until), findings);
        let rate = Some(term.row.capacity_people_h).filter(|rate| rate.is_finite());
        number(&row, CODE, "capacity_people_h", rate, findings);
        number(&row, CODE, "people", Some(term.row.people), findings);
    }
    terms.into_iter().map(|term| term.row).collect()
}

fn terms(raw: &RawScenario, central: &CheckedFamily, people: i64) -> Vec<BottleneckTerm> {
    let network = &central.network;
    let Some(cut) = central.earliest(raw, people).1 else { return Vec::new() };
    let crossing = &cut.crossing;
    let mut terms = Vec::new();
    let mut add = |element: BottleneckKind,
                   id: &str,
                   name: &str,
                   from: i64,
                   until: i64,
                   rate: Option<i64>,
                   units: i128| {
        if units > 0 {
            let row = Bottleneck {
                rank: 0,
                element,
                id: id.to_owned(),
                name: name.to_owned(),
                from_s: seconds(from),
                until_s: seconds(until),
                capacity_people_h: rate.map_or(f64::INFINITY, |rate| number::real(rate) / 1000.0),
                people: number::real_sum(units) / number::real_sum(UNITS_PER_PERSON),
                extra_lane_people: None,
            };
            terms.push(BottleneckTerm { row, from, until, units });
        }
    };
    for &(at, from, until) in &crossing.arcs {
        let arc = network.arc(at);
        let units = network.amount(&arc.element, from, until).unwrap_or(0);
        match arc.subject {
            TermSubject::Link(link) => {
                let (id, name) = (&raw.link_ids.list[link], &raw.link_names[link]);
                add(BottleneckKind::Link, id, name, from, until, arc.element.rate, units);
            }
            TermSubject::Connector(connector) => {
                add(
                    BottleneckKind::Connector,
                    &raw.connector_ids.list[connector],
                    "",
                    from,
                    until,
                    arc.element.rate,
                    units,
                );
            }
            TermSubject::Gate => {}
        }
    }
    for (site, &from) in crossing.sites.iter().enumerate() {
        let (units, _): (i128, HoldingRole) =
            network.site(site, from, crossing.theta).unwrap_or((0, HoldingRole::DoesNotBind));
        let rate = network.elements.admissions[site].rate;
        add(
            BottleneckKind::Site,
            &raw.site_ids.list[site],
            &raw.sites[site].name,
            from,
            crossing.theta,
            rate,
            units,
        );
    }
    // ties by element and id, so that the list is the same on every run
    terms.sort_by(|a, b| {
        let key = |t: &BottleneckTerm| (t.row.element, t.row.id.clone());
        b.units.cmp(&a.units).then_with(|| key(a).cmp(&key(b)))
    });
    for (rank, term) in terms.iter_mut().enumerate() {
        term.row.rank = number::count(rank) + 1;
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn clock_times_are_moments() {
        assert_eq!(instant("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(instant("2026-06-01T08:00:00+03:00"), instant("2026-06-01T05:00:00.000Z"));
        assert_eq!(
            instant("2024-03-01T00:00:00Z"),
            instant("2024-02-29T00:00:00Z").map(|ms| ms + 86_400_000)
        );
        assert_eq!(instant("2026-01-01T00:00:00.5-00:30[Europe/Helsinki]"), Some(1_767_227_400_500));
        for text in [
            "",
            "2026-06-01",
            "2026-06-01T08:00:00",
            "2026-06-01T08:00Z",
            "2026/06/01T08:00:00Z",
            "é026-06-01T08:00:00Z",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
