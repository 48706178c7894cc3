//! `clearway needs`

use super::refuse_existing;
use crate::args::{ClimateName, Needs};
use crate::failure::{Failure, faults_text};
use clearway_audit::short;
use clearway_io::{Overwrite, csv_text, read_plan, read_scenario, write_folder};
use clearway_model::{Context, Faults, MovementOrder, Plan, Scenario};
use clearway_needs::{
    Climate, Kind, Phase, Presence, Rates, Shortfall, Supply, hourly, present, read_supplies, shortfalls,
};
use clearway_network::{ElementKind, Network};
use clearway_plan::exact::{Sending, exact_replay};
use clearway_report::standing_sentences;
use clearway_verify::is_everyone;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// `needs.json`.
#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    name: &'a str,
    climate: Climate,
    /// Hours and places left out because fewer than [`SMALL`] people are there.
    left_out_hours: u64,
    peaks: Vec<Peak<'a>>,
    shortfalls: &'a [Shortfall],
    unverified_items: Vec<&'a str>,
}

/// The hour with most people at a place, and what they need then.
#[derive(Serialize)]
struct Peak<'a> {
    kind: Kind,
    place_id: &'a str,
    hour: usize,
    people: i64,
    phase: Phase,
    needs: Vec<clearway_needs::Need>,
}

pub fn run(args: &Needs) -> Result<(), Failure> {
    let climate = match args.climate {
        ClimateName::Warm => Climate::Warm,
        ClimateName::Cold => Climate::Cold,
    };
    let rates = Rates::shipped();
    if let Some(people) = args.people {
        say!("{}", table(&rates, people, climate));
        return Ok(());
    }
    let (Some(dir), Some(out)) = (&args.plan, &args.out) else {
        return Err(Failure::Argument(
            "give a plan folder and a folder to write (--out), or --people".to_owned(),
        ));
    };
    refuse_existing(out, args.replace)?;
    if is_everyone(dir) {
        let text = "needs of a plan for everybody are not summed yet; give one of its parts (vehicle, walk)";
        return Err(Failure::Argument(text.to_owned()));
    }
    let faults = |path: &Path| {
        let what = path.display().to_string();
        move |faults| Failure::Faults { what, faults }
    };
    let folder = dir.join("scenario");
    let (scenario, _) = read_scenario(&folder).map_err(faults(&folder))?;
    let path = dir.join("plan.json");
    let plan = read_plan(&path).map_err(faults(&path))?;
    let mut presences = presences(&scenario, &plan)?;
    let supplies = match &args.supplies {
        Some(path) => supplies(path, &presences, &rates)?,
        None => Vec::new(),
    };
    let share_safe = args.share_safe || scenario.settings.context == Context::ArmedConflict;
    let left_out = if share_safe { coarsen(&mut presences) } else { 0 };
    let short_of = shortfalls(&presences, &supplies, &rates, climate);
    let report = Report {
        schema: "clearway-needs/1",
        name: &scenario.settings.name,
        climate,
        left_out_hours: left_out,
        peaks: presences.iter().filter_map(|presence| peak(presence, &rates, climate)).collect(),
        shortfalls: &short_of,
        unverified_items: rates
            .0
            .iter()
            .filter(|rate| !rate.verified)
            .map(|rate| rate.item.as_str())
            .collect(),
    };
    let files: [(&str, Vec<u8>); 3] = [
        ("needs.json", serde_json::to_vec_pretty(&report)?),
        ("needs.csv", needs_csv(&presences, &rates, climate)),
        ("shortfalls.csv", shortfalls_csv(&short_of)),
    ];
    let overwrite = if args.replace { Overwrite::Replace } else { Overwrite::Refuse };
    write_folder(out, &files, overwrite)?;
    say!("{}", words(&report, args.supplies.is_some()));
    if left_out > 0 {
        say!(
            "{left_out} hours of places with fewer than {SMALL} people are left out, so that the files can be shared"
        );
    }
    for sentence in standing_sentences(scenario.settings.context) {
        say!("{sentence}");
    }
    say!("written to {0}: needs.csv hour by hour, shortfalls.csv, needs.json", out.display());
    Ok(())
}

/// Groups smaller than this are not shown where data may be shared.
const SMALL: i64 = 10;

/// Takes out hours in which fewer than [`SMALL`] people are at a place; returns how many.
fn coarsen(presences: &mut [Presence]) -> u64 {
    let mut left_out = 0;
    for people in presences.iter_mut().flat_map(|presence| &mut presence.people) {
        if (1..SMALL).contains(people) {
            *people = 0;
            left_out += 1;
        }
    }
    left_out
}

/// A table for a number of people.
fn table(rates: &Rates, people: i64, climate: Climate) -> String {
    let mut text = format!(
        "{} people need\n{:<26}{:>14}{:>14}{:>14}\n",
        short(people as f64),
        "",
        "survival",
        "acute",
        "stabilised"
    );
    for rate in &rates.0 {
        text.push_str(&format!("{:<26}", format!("{}, {}", rate.name, rate.unit)));
        for phase in Phase::ALL {
            let need =
                rate.needed(people, phase, climate).map_or_else(|| "-".to_owned(), |need| short(need.amount));
            text.push_str(&format!("{need:>14}"));
        }
        let unverified = if rate.verified { "" } else { ", not verified" };
        text.push_str(&format!("  {} ({}{unverified})\n", rate.source, rate.rules));
    }
    text.push_str("Losses in distribution (10 to 35 % of water) come on top.");
    text
}

fn supplies(path: &Path, presences: &[Presence], rates: &Rates) -> Result<Vec<Supply>, Failure> {
    let text = String::from_utf8(super::read(path)?)
        .map_err(|_| Failure::Argument(format!("'{}' is not UTF-8 text", path.display())))?;
    let places: Vec<(Kind, &str)> = presences.iter().map(|p| (p.kind, p.place_id.as_str())).collect();
    let mut faults = Faults::default();
    let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let supplies = read_supplies(&file, &text, &places, rates, &mut faults);
    if faults.has_errors() {
        return Err(Failure::Faults { what: path.display().to_string(), faults });
    }
    if !faults.0.is_empty() {
        eprint!("{}", faults_text(&path.display().to_string(), &faults));
    }
    Ok(supplies)
}

/// Who is where in each hour, from the exact replay of the orders.
fn presences(scenario: &Scenario, plan: &Plan) -> Result<Vec<Presence>, Failure> {
    let network = Network::new(scenario, plan.case).map_err(clearway_plan::PlanError::from)?;
    let ways = ways(scenario, plan, &network)?;
    let sendings: Vec<Sending<'_>> = plan
        .orders
        .iter()
        .zip(&ways)
        .map(|(order, (elements, _))| Sending {
            elements,
            people: order.people,
            from: order.depart_from_ms,
            until: order.depart_until_ms,
        })
        .collect();
    let replay = exact_replay(&network, &sendings, plan.platoon_people, 1.0 + scenario.settings.margin_share);
    let hours = hourly(scenario.settings.horizon_ms);
    let zone_of: BTreeMap<&str, usize> =
        scenario.zones.iter().enumerate().map(|(i, zone)| (zone.zone_id.as_str(), i)).collect();
    let mut zones: Vec<Vec<(i64, i64)>> = vec![Vec::new(); scenario.zones.len()];
    let mut sites: Vec<Vec<(i64, i64)>> = vec![Vec::new(); scenario.sites.len()];
    let mut route = Vec::new();
    for platoon in &replay.platoons {
        let order: &MovementOrder = &plan.orders[platoon.order as usize];
        // a platoon's last person leaves then: until then they are all counted at the origin
        let left = platoon.departure / 1000;
        if let Some(zone) = zone_of.get(order.zone_id.as_str()) {
            zones[*zone].push((left, -platoon.people));
        }
        route.push((left, platoon.people));
        if let Some(arrival) = platoon.arrival {
            let ms = (arrival + 999) / 1000;
            route.push((ms, -platoon.people));
            sites[ways[platoon.order as usize].1 as usize].push((ms, platoon.people));
        }
    }
    let mut all = Vec::new();
    let origin = scenario.zones.iter().zip(&network.zones).zip(&mut zones);
    all.extend(origin.map(|((row, zone), changes)| Presence {
        kind: Kind::Origin,
        place_id: row.zone_id.clone(),
        people: present(zone.people, changes, hours),
    }));
    all.push(Presence { kind: Kind::Route, place_id: String::new(), people: present(0, &mut route, hours) });
    all.extend(scenario.sites.iter().zip(&mut sites).map(|(row, changes)| Presence {
        kind: Kind::Site,
        place_id: row.site_id.clone(),
        people: present(0, changes, hours),
    }));
    Ok(all)
}

/// Elements and site of each order's route.
fn ways(scenario: &Scenario, plan: &Plan, network: &Network) -> Result<Vec<(Vec<u32>, u32)>, Failure> {
    let (mut links, mut connectors) = (BTreeMap::new(), BTreeMap::new());
    for (at, element) in network.elements.iter().enumerate() {
        match element.kind {
            ElementKind::Link(i) => links.insert(scenario.links[i as usize].link_id.as_str(), at as u32),
            ElementKind::Connector(i) => {
                connectors.insert(scenario.connectors[i as usize].connector_id.as_str(), at as u32)
            }
            ElementKind::Intake(_) => None,
        };
    }
    let unknown = |id: &str| {
        let text = format!(
            "plan.json names '{id}', which its scenario does not have or does not open to this class; clearway verify says more"
        );
        Failure::Argument(text)
    };
    let mut routes: BTreeMap<&str, (Vec<u32>, u32)> = BTreeMap::new();
    for route in &plan.routes {
        let of = |map: &BTreeMap<&str, u32>, id: &str| map.get(id).copied().ok_or_else(|| unknown(id));
        let mut elements = vec![of(&connectors, &route.from_connector)?];
        for link in &route.links {
            elements.push(of(&links, link)?);
        }
        elements.push(of(&connectors, &route.to_connector)?);
        let site = scenario.sites.iter().position(|site| site.site_id == route.site_id);
        let site = site.ok_or_else(|| unknown(&route.site_id))?;
        elements.push(network.sites[site].intake);
        routes.insert(&route.route_id, (elements, site as u32));
    }
    plan.orders
        .iter()
        .map(|order| routes.get(order.route_id.as_str()).cloned().ok_or_else(|| unknown(&order.route_id)))
        .collect()
}

fn peak<'a>(presence: &'a Presence, rates: &Rates, climate: Climate) -> Option<Peak<'a>> {
    let most = presence.people.iter().copied().max().filter(|most| *most > 0)?;
    // the last hour with as many people: by then the standards for later may count
    let hour = presence.people.iter().rposition(|people| *people == most)?;
    let phase = presence.phase(hour);
    let needs = rates.needed(most, phase, climate);
    Some(Peak { kind: presence.kind, place_id: &presence.place_id, hour, people: most, phase, needs })
}

fn words(report: &Report<'_>, with_supplies: bool) -> String {
    let mut text = String::new();
    for peak in report.peaks.iter().filter(|peak| peak.kind != Kind::Origin) {
        let place = if peak.place_id.is_empty() {
            "on the way".to_owned()
        } else {
            format!("site {}", peak.place_id)
        };
        let needs: Vec<String> =
            peak.needs.iter().take(4).map(|n| format!("{} {} {}", n.item, short(n.amount), n.unit)).collect();
        text.push_str(&format!(
            "{place}: {} people at most; {}\n",
            short(peak.people as f64),
            needs.join(", ")
        ));
    }
    if with_supplies {
        text.push_str(&format!("{} items are short somewhere for some hours:\n", report.shortfalls.len()));
        let mut worst: Vec<&Shortfall> = report.shortfalls.iter().collect();
        worst.sort_by_key(|s| -s.people);
        for s in worst.iter().take(10) {
            text.push_str(&format!(
                "  {} {}: {} short of {} from hour {}, {} people at hour {}\n",
                s.kind.word(),
                s.place_id,
                s.item,
                short(s.needed),
                s.first_h,
                short(s.people as f64),
                s.worst_h
            ));
        }
    } else {
        text.push_str("No supplies were given (--supplies), so that everything needed counts as short.\n");
    }
    text
}

/// `needs.csv`: one row per place and hour in which anybody is there.
fn needs_csv(presences: &[Presence], rates: &Rates, climate: Climate) -> Vec<u8> {
    let mut header = vec!["kind", "place_id", "hour", "people", "phase"];
    let names: Vec<String> = rates.0.iter().map(|rate| format!("{} [{}]", rate.item, rate.unit)).collect();
    header.extend(names.iter().map(String::as_str));
    let mut rows = Vec::new();
    for presence in presences {
        for (hour, people) in presence.people.iter().enumerate().filter(|(_, people)| **people > 0) {
            let phase = presence.phase(hour);
            let mut row = vec![
                presence.kind.word().to_owned(),
                presence.place_id.clone(),
                hour.to_string(),
                people.to_string(),
                phase.word().to_owned(),
            ];
            row.extend(rates.0.iter().map(|rate| {
                rate.needed(*people, phase, climate).map_or_else(String::new, |need| need.amount.to_string())
            }));
            rows.push(row);
        }
    }
    csv_text(&header, rows)
}

fn shortfalls_csv(all: &[Shortfall]) -> Vec<u8> {
    let header = [
        "kind",
        "place_id",
        "item",
        "unit",
        "first_hour",
        "hours",
        "worst_hour",
        "needed",
        "there",
        "short",
        "people",
    ];
    let rows = all.iter().map(|s| {
        vec![
            s.kind.word().to_owned(),
            s.place_id.clone(),
            s.item.clone(),
            s.unit.clone(),
            s.first_h.to_string(),
            s.hours.to_string(),
            s.worst_h.to_string(),
            s.needed.to_string(),
            s.there.to_string(),
            s.short.to_string(),
            s.people.to_string(),
        ]
    });
    csv_text(&header, rows.collect::<Vec<_>>())
}
