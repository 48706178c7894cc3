//! What comes out, as `needs.json` and in words.

use crate::balance::{AppliedStandard, Shortfall, StandardGap, SupplyBalance};
use crate::convoys::{AidPlan, UnmetNeed, UnmetReason};
use crate::occupancy::{Occupancy, OccupancyKind};
use crate::rates::{Climate, ItemNeed, Phase, Rates};
use crate::rest::RestPoint;
use clearway_formats::short;
use clearway_model::number::{ceil, float, length};
use clearway_model::{SiteRow, counted, hours, people};
use serde::Serialize;
use std::collections::BTreeMap;

/// What `needs.json` says: what people need by place and hour, and what is short.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Report")]
pub struct NeedsReport {
    /// Name and version of the format: `clearway-needs/1`.
    pub schema: &'static str,
    /// Name and version of the program that wrote it.
    pub tool: &'static str,
    /// Name of the scenario.
    pub name: String,
    /// How cold it is taken to be.
    pub climate: Climate,
    /// Whether supplies were given.
    pub with_supplies: bool,
    /// Items of which no supply says anything; they count as not there.
    pub not_given: Vec<String>,
    /// Items of which no supply names a zone, though one names a site: what people have at home is not known.
    pub not_given_in_zones: Vec<String>,
    /// Items of which no supply names a site, though one names a zone.
    pub not_given_at_sites: Vec<String>,
    /// Whether exact places and small groups were taken out.
    pub redacted: bool,
    /// Hours and places left out because fewer than [`SMALL`] people are there.
    pub left_out_hours: u64,
    /// People in all zones, on the way, at all sites, at the end of each hour.
    pub totals: [Vec<i64>; 3],
    /// The hour with most people at each place, and what they need then.
    pub peaks: Vec<NeedPeak>,
    /// How full each site becomes.
    pub sites: Vec<SiteFill>,
    /// Every item at every zone and site where less is there than is needed in any hour.
    pub shortfalls: Vec<Shortfall>,
    /// From when on each site is below each standard.
    pub below: Vec<StandardGap>,
    /// Rest and water points along the routes.
    pub rest_points: Vec<RestPoint>,
    /// The longest way without one, m.
    pub longest_way_m: f64,
    /// Convoys by day and item.
    pub convoys: Vec<ConvoyDay>,
    /// What convoys do not bring.
    pub unmet: Vec<UnmetNeed>,
    /// What convoys cost in evacuation time; `None` without convoys.
    pub price: Option<ConvoyPrice>,
    /// Items whose standard was not checked at its source.
    pub unverified_items: Vec<String>,
    /// Share of need that is met, for the page.
    #[serde(skip)]
    pub strips: Vec<NeedStrip>,
}

/// Groups smaller than this are not shown where data may be shared.
pub const SMALL: i64 = 10;

/// The hour with most people at a place, and what they need then.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Peak")]
pub struct NeedPeak {
    /// What people do there: wait in a zone, are on the way, or are at a site.
    pub kind: OccupancyKind,
    /// Zone or site; empty for all routes.
    pub place_id: String,
    /// The last hour with so many people, from 0 at time 0.
    pub hour: usize,
    /// The most people at once in that hour.
    pub people: i64,
    /// The phase they are in, whose standards count.
    pub phase: Phase,
    /// What they need in that phase, by item.
    pub needs: Vec<ItemNeed>,
}

/// How full a site becomes.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct SiteFill {
    /// Id of the site.
    pub site_id: String,
    /// Name of the site; empty without one.
    pub name: String,
    /// Places; `None`: not limited.
    pub capacity_people: Option<i64>,
    /// The most people at once.
    pub most_people: i64,
    /// First hour in which all places are taken.
    pub full_from_h: Option<usize>,
    /// Area for each person then, m2; `None`: no area given or nobody there.
    pub m2_a_person: Option<f64>,
}

/// Convoys of one item on one day.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ConvoyDay {
    /// Day of the departures, counted from 0 at time 0.
    pub day: usize,
    /// Item of the standards, `water` or `food`.
    pub item: String,
    /// Truck loads of all convoys.
    pub loads: i64,
    /// What they bring, m3 or t.
    pub amount: f64,
    /// Trucks needed at the least: days of a truck, rounded up for each supply point.
    pub trucks: i64,
    /// Fuel for all trips, litres.
    pub fuel_l: f64,
    /// What is not brought, m3 or t.
    pub unmet: f64,
}

/// The bound without and with what convoys take of the roads.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Price")]
pub struct ConvoyPrice {
    /// Links on which convoys take more than was reserved.
    pub links: usize,
    /// The most they take of one link, pcu/h.
    pub most_pcu_h: f64,
    /// Links on which they take more than the whole link has.
    pub overfull: usize,
    /// Proven minimum time for 90 % of people, s, without and with convoys.
    pub t90_s: [Option<f64>; 2],
    /// Proven minimum time for all people, s, without and with convoys.
    pub clearance_s: [Option<f64>; 2],
    /// Person-hours, without and with.
    pub person_hours: [Option<f64>; 2],
}

/// How much of its need a site has of an item, hour by hour, 0..1; `None`: nobody there.
#[derive(Debug, Clone, PartialEq)]
pub struct NeedStrip {
    /// Index of the site (of the presences).
    pub site: usize,
    /// Item of the standards.
    pub item: String,
    /// Share of the need that is met, by hour, 0..1; `None`: nobody is there.
    pub met: Vec<Option<f64>>,
}

/// Items drawn on the page.
const DRAWN: [&str; 6] = ["water", "food", "toilets", "covered", "land", "beds"];
/// Sites drawn on the page.
const SITES: usize = 10;

/// The hour with most people at a place; the last one of them, since by then the standards for later may count.
fn peak(presence: &Occupancy, rates: &Rates, climate: Climate) -> Option<NeedPeak> {
    let people = presence.people.iter().copied().max().filter(|most| *most > 0)?;
    let hour = presence.people.iter().rposition(|n| *n == people)?;
    let phase = presence.phase(hour);
    let needs = rates.needed(people, phase, climate);
    Some(NeedPeak { kind: presence.kind, place_id: presence.place_id.clone(), hour, people, phase, needs })
}

/// Peaks of all places.
pub fn peaks(presences: &[Occupancy], rates: &Rates, climate: Climate) -> Vec<NeedPeak> {
    presences.iter().filter_map(|presence| peak(presence, rates, climate)).collect()
}

/// People in all zones, on the way, at all sites, at the end of each hour: zones only lose people and sites only gain, so that
/// the most in an hour are those at its begin and end; all others are on the way.
pub fn totals(presences: &[Occupancy]) -> [Vec<i64>; 3] {
    let hours = presences.first().map_or(0, |p| p.people.len());
    let sum = |kind: OccupancyKind, hour: usize| -> i64 {
        presences.iter().filter(|p| p.kind == kind).filter_map(|p| p.people.get(hour)).sum()
    };
    let all = sum(OccupancyKind::Origin, 0);
    let origin: Vec<i64> =
        (0..hours).map(|hour| sum(OccupancyKind::Origin, (hour + 1).min(hours - 1))).collect();
    let site: Vec<i64> = (0..hours).map(|hour| sum(OccupancyKind::Site, hour)).collect();
    let route = origin.iter().zip(&site).map(|(origin, site)| (all - origin - site).max(0)).collect();
    [origin, route, site]
}

/// How full the sites become.
pub fn fills(sites: &[SiteRow], presences: &[Occupancy]) -> Vec<SiteFill> {
    let at_sites = presences.iter().filter(|p| p.kind == OccupancyKind::Site);
    sites
        .iter()
        .zip(at_sites)
        .map(|(row, presence)| {
            let most_people = presence.people.iter().copied().max().unwrap_or(0);
            let full = |capacity: i64| presence.people.iter().position(|n| *n >= capacity && *n > 0);
            SiteFill {
                site_id: row.site_id.clone(),
                name: row.name.clone(),
                capacity_people: row.capacity_people,
                most_people,
                full_from_h: row.capacity_people.and_then(full),
                m2_a_person: row.area_m2.filter(|_| most_people > 0).map(|m2| m2 / float(most_people)),
            }
        })
        .collect()
}

/// Convoys by day and item.
pub fn convoy_days(aid: &AidPlan) -> Vec<ConvoyDay> {
    let mut days: BTreeMap<(usize, String), ConvoyDay> = BTreeMap::new();
    let empty = |day: usize, item: &str| ConvoyDay {
        day,
        item: item.to_owned(),
        loads: 0,
        amount: 0.0,
        trucks: 0,
        fuel_l: 0.0,
        unmet: 0.0,
    };
    let mut of_gate: BTreeMap<(usize, &str, &str), f64> = BTreeMap::new();
    for c in &aid.convoys {
        let day = days.entry((c.day, c.item.clone())).or_insert_with(|| empty(c.day, &c.item));
        day.loads += c.loads;
        (day.amount, day.fuel_l) = (day.amount + c.amount, day.fuel_l + c.fuel_l);
        *of_gate.entry((c.day, &c.item, &c.supply_point_id)).or_default() += c.truck_days;
    }
    for ((day, item, _), truck_days) in of_gate {
        if let Some(day) = days.get_mut(&(day, item.to_owned())) {
            // Trucks of one supply point do not drive for another: each rounds up by itself.
            day.trucks += ceil(truck_days - 1e-9);
        }
    }
    for u in &aid.unmet {
        days.entry((u.day, u.item.clone())).or_insert_with(|| empty(u.day, &u.item)).unmet += u.amount;
    }
    days.into_values().collect()
}

/// How much of its need each of the largest sites has, of the items of which anything is said.
pub fn strips(balance: &SupplyBalance<'_>, is_given: &dyn Fn(usize) -> bool) -> Vec<NeedStrip> {
    let most = |site: usize| balance.presences[site].people.iter().copied().max().unwrap_or(0);
    let mut sites: Vec<usize> = (0..balance.presences.len())
        .filter(|i| balance.presences[*i].kind == OccupancyKind::Site && most(*i) > 0)
        .collect();
    sites.sort_by_key(|site| (-most(*site), *site));
    sites.truncate(SITES);
    let mut all = Vec::new();
    for name in DRAWN {
        let item = balance.rates.0.iter().position(|rate| rate.item == name);
        let Some(item) = item.filter(|item| is_given(*item)) else { continue };
        let lacking = balance.short(item, AppliedStandard::OfPhase);
        for site in &sites {
            let presence = &balance.presences[*site];
            let met = presence.people.iter().enumerate().map(|(hour, people)| {
                let needed = balance.rates.0[item].amount(*people, presence.phase(hour), balance.climate)?;
                (needed > 0.0).then(|| 1.0 - lacking[*site][hour] / needed)
            });
            all.push(NeedStrip { site: *site, item: name.to_owned(), met: met.collect() });
        }
    }
    all.sort_by_key(|strip| sites.iter().position(|site| *site == strip.site));
    all
}

/// An hour from time 0 in words.
pub fn hour_words(hour: usize) -> String {
    if hour < 48 { format!("hour {hour}") } else { format!("day {}, hour {}", hour / 24 + 1, hour % 24) }
}

/// What a bound excludes; without a time, everything within the horizon.
fn before_words(s: Option<f64>) -> String {
    s.map_or_else(|| "within the planning horizon".to_owned(), |s| format!("before {:.1} h", s / 3600.0))
}

fn need_words(need: &ItemNeed) -> String {
    // things that are counted have their name as unit
    let unit =
        if need.item.replace('_', " ") == need.unit { String::new() } else { format!(" {}", need.unit) };
    format!("{} {}{unit}", need.item, short(need.amount))
}

/// What convoys cost, in words.
pub fn price_words(price: &ConvoyPrice) -> String {
    if price.links == 0 {
        return "Convoys take no more of any road than is reserved for aid: the bound does not change."
            .to_owned();
    }
    let mut text = format!(
        "With room for the convoys ({}, at most {} pcu/h on one): no plan can have 90 % there {} ({} without them), or all {} ({} without)",
        counted(length(price.links), "link", "links"),
        short(price.most_pcu_h),
        before_words(price.t90_s[1]),
        before_words(price.t90_s[0]),
        before_words(price.clearance_s[1]),
        before_words(price.clearance_s[0]),
    );
    if let [Some(without), Some(with)] = price.person_hours {
        text.push_str(&format!("; {} person-hours more", short((with - without).max(0.0).round())));
    }
    if price.overfull > 0 {
        let links = counted(length(price.overfull), "link", "links");
        text.push_str(&format!("; on {links} they take more than the link has"));
    }
    text.push('.');
    text
}

/// The report in words for the terminal.
pub fn words(report: &NeedsReport) -> String {
    let mut text = String::new();
    for peak in report.peaks.iter().filter(|peak| peak.kind != OccupancyKind::Origin).take(12) {
        let place = if peak.place_id.is_empty() {
            "on the way".to_owned()
        } else {
            format!("destination {}", peak.place_id)
        };
        let needs: Vec<String> = peak.needs.iter().take(4).map(need_words).collect();
        text.push_str(&format!("{place}: {} at most; {}\n", people(peak.people), needs.join(", ")));
    }
    if report.with_supplies {
        text.push_str(&format!("{}\n", headline(report)));
        for line in item_lines(report) {
            text.push_str(&format!("  {line}\n"));
        }
        for line in not_given_words(report) {
            text.push_str(&format!("  {line}\n"));
        }
    } else {
        text.push_str("No supplies were given (--supplies): everything needed counts as short.\n");
    }
    if !report.rest_points.is_empty() {
        let most = report.rest_points.iter().map(|p| p.peak_people).max().unwrap_or(0);
        text.push_str(&format!(
            "{} along the routes, the busiest passed by {} in an hour; the longest stretch without one is {} km\n",
            counted(length(report.rest_points.len()), "rest and water point", "rest and water points"),
            people(most),
            short((report.longest_way_m / 100.0).round() / 10.0)
        ));
    }
    for day in report.convoys.iter().take(6) {
        let unmet =
            if day.unmet > 0.0 { format!(", {} not brought", short(day.unmet)) } else { String::new() };
        text.push_str(&format!(
            "convoys, day {}: {} of {} ({}), {}{unmet}\n",
            day.day + 1,
            counted(day.loads, "load", "loads"),
            day.item,
            short(day.amount),
            counted(day.trucks, "truck", "trucks")
        ));
    }
    for (why, amount) in unmet_reasons(report) {
        text.push_str(&format!(
            "  not brought because of {why}: {} m3 or t in all\n",
            short((amount * 10.0).round() / 10.0)
        ));
    }
    if report.convoys.len() > 6 {
        text.push_str("  further days are in needs.json\n");
    }
    if let Some(price) = &report.price {
        text.push_str(&format!("{}\n", price_words(price)));
    }
    text
}

/// Shortfalls of what was given, those that concern most people first.
pub fn given_shortfalls(report: &NeedsReport) -> Vec<&Shortfall> {
    let elsewhere = |kind: OccupancyKind| match kind {
        OccupancyKind::Origin => &report.not_given_in_zones,
        _ => &report.not_given_at_sites,
    };
    let is_given =
        |s: &&Shortfall| !report.not_given.contains(&s.item) && !elsewhere(s.kind).contains(&s.item);
    let mut all: Vec<&Shortfall> = report.shortfalls.iter().filter(is_given).collect();
    all.sort_by_key(|s| -s.people);
    all
}

/// One line for each item that is short anywhere.
fn item_lines(report: &NeedsReport) -> Vec<String> {
    let mut by_item: BTreeMap<&str, (usize, &Shortfall)> = BTreeMap::new();
    for s in given_shortfalls(report) {
        by_item.entry(&s.item).or_insert((0, s)).0 += 1;
    }
    let line = |(count, worst): &(usize, &Shortfall)| match count {
        1 => shortfall_words(worst),
        _ => format!("{} at {count} places; {}", worst.item, shortfall_words(worst)),
    };
    by_item.values().map(line).collect()
}

/// What no supply says anything of.
pub fn not_given_words(report: &NeedsReport) -> Vec<String> {
    let mut all = Vec::new();
    if !report.not_given.is_empty() {
        let items = report.not_given.join(", ");
        all.push(format!("No supply of {items} is given: none of it counts as there."));
    }
    for (items, place) in [(&report.not_given_in_zones, "zone"), (&report.not_given_at_sites, "site")] {
        if !items.is_empty() {
            let items = items.join(", ");
            all.push(format!(
                "No supply of {items} names a {place}: what is there is not known, and it is not called short there."
            ));
        }
    }
    all
}

/// What was missing for how much that is not brought, the most first.
pub fn unmet_reasons(report: &NeedsReport) -> Vec<(UnmetReason, f64)> {
    let mut all: BTreeMap<UnmetReason, f64> = BTreeMap::new();
    for unmet in &report.unmet {
        *all.entry(unmet.why).or_default() += unmet.amount;
    }
    let mut all: Vec<(UnmetReason, f64)> = all.into_iter().collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    all
}

/// One shortfall in words.
pub fn shortfall_words(s: &Shortfall) -> String {
    format!(
        "{} {}: {} short from {} for {}; most in {}: {} of {} {} there, {}",
        place_word(s.kind),
        s.place_id,
        s.item,
        hour_words(s.first_h),
        hours(length(s.hours)),
        hour_words(s.worst_h),
        short(s.there),
        short(s.needed),
        s.unit,
        people(s.people)
    )
}

/// The word for a kind of place with an id.
pub fn place_word(kind: OccupancyKind) -> &'static str {
    if kind == OccupancyKind::Origin { "zone" } else { kind.word() }
}

/// The result in one sentence.
pub fn headline(report: &NeedsReport) -> String {
    if !report.with_supplies {
        return "No supplies were given: what is needed is shown, nothing counts as there.".to_owned();
    }
    let given = given_shortfalls(report);
    if given.is_empty() {
        return "None of the items given is short at any place in any hour.".to_owned();
    }
    let mut places: Vec<(OccupancyKind, &str)> =
        given.iter().map(|s| (s.kind, s.place_id.as_str())).collect();
    places.sort_unstable();
    places.dedup();
    let sites = places.iter().filter(|p| p.0 == OccupancyKind::Site).count();
    let zones = places.iter().filter(|p| p.0 == OccupancyKind::Origin).count();
    let first = given.iter().map(|s| s.first_h).min().unwrap_or(0);
    let mut places = Vec::new();
    if sites > 0 {
        places.push(format!("at {sites} of {}", counted(length(report.sites.len()), "site", "sites")));
    }
    if zones > 0 {
        places.push(format!("in {}", counted(length(zones), "zone", "zones")));
    }
    format!("Items given are short in some hours {}, first in {}.", places.join(" and "), hour_words(first))
}
