//! `clearway needs`

use super::given as paths_given;
use super::plan::shapes;
use crate::args::{ClimateName, Needs, ProgressName};
use crate::failure::{Failure, faults_text};
use crate::occupancy::{Rest, occupancy, verified};
use crate::output::Output;
use crate::placed::{given, trucks};
use crate::progress::Progress;
use crate::proved::{Files, proved};
use crate::redaction::{redact, three_digits};
use crate::session::usual;
use clearway_artifacts::{Disclosure, FolderKind};
use clearway_formats::read_scenario;
use clearway_model::{Context, Faults, FolderStore, Scenario, Summary, TOOL};
use clearway_needs::report::{self, Price, Report, SMALL};
use clearway_needs::tables::{convoys_csv, needs_csv, rest_csv, shortfalls_csv, standards_csv};
use clearway_needs::{Aid, Balance, Climate, Kind, Rates, table};
use clearway_report::{needs_page, standing_sentences};
use std::path::Path;

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
    let inputs = paths_given([Some(dir), args.supplies.as_deref(), args.aid.as_deref()]);
    let output = Output::new(out, FolderKind::Needs, args.replace, &inputs)?;
    let progress = Progress::new(ProgressName::Auto);
    verified(dir, &progress)?;
    let mut known = occupancy(dir, Rest { km: args.rest_km, minutes: args.rest_minutes }, &progress)?;
    let context = known.scenario.settings.context;
    let redacted = args.redacted || (context == Context::ArmedConflict && !args.exact);
    // before anything is made of it, so that nothing is made of what is left out
    let left_out = if redacted { redact(&mut known) } else { 0 };
    let tables = (args.supplies.as_deref(), args.aid.as_deref());
    let trucks = trucks(args.truck_pcu, args.load_h, args.unload_h);
    let given = given(&known, tables, (&rates, climate), trucks, &progress)?;
    let aid = &given.aid;
    let named = |item: usize, kind: Kind| given.names(item, kind, &known.presences);
    // by whether a row names a zone, and whether one names a site
    let not_given = |zone: bool, site: bool| -> Vec<String> {
        let is = |item: &usize| named(*item, Kind::Origin) == zone && named(*item, Kind::Site) == site;
        (0..rates.0.len()).filter(is).map(|item| rates.0[item].item.clone()).collect()
    };
    let not_given = [not_given(false, false), not_given(false, true), not_given(true, false)];
    progress.tell("figures", 0.0);
    let balance = Balance {
        presences: &known.presences,
        supplies: &given.supplies,
        deliveries: &aid.deliveries,
        rates: &rates,
        climate,
    };
    let mut files = Files::new();
    let [nowhere, not_in_zones, not_at_sites] = not_given;
    let mut report = Report {
        schema: "clearway-needs/1",
        tool: TOOL,
        name: known.scenario.settings.name.clone(),
        climate,
        with_supplies: args.supplies.is_some() || args.aid.is_some(),
        not_given: nowhere,
        not_given_in_zones: not_in_zones,
        not_given_at_sites: not_at_sites,
        redacted,
        left_out_hours: left_out,
        totals: report::totals(&known.presences),
        peaks: report::peaks(&known.presences, &rates, climate),
        sites: report::fills(&known.scenario.sites, &known.presences),
        shortfalls: balance.shortfalls(),
        below: balance.below(),
        rest_points: known.rest.clone(),
        longest_way_m: known.longest_way_m,
        convoys: report::convoy_days(aid),
        unmet: aid.unmet.clone(),
        price: None,
        unverified_items: rates
            .0
            .iter()
            .filter(|rate| !rate.verified)
            .map(|rate| rate.item.clone())
            .collect(),
        strips: report::strips(&balance, &|item| given.names(item, Kind::Site, &known.presences)),
    };
    if let (Some(folder), false) = (&known.roads, aid.convoys.is_empty()) {
        let mut price = price(folder, &known.scenario, aid, &mut files)?;
        if redacted {
            price.person_hours = price.person_hours.map(|hours| hours.map(three_digits));
        }
        report.price = Some(price);
    }
    progress.tell("figures", 0.9);
    files.push(("rest_points.csv".to_owned(), rest_csv(&report.rest_points)));
    if args.aid.is_some() {
        files.push(("convoys.csv".to_owned(), convoys_csv(&aid.convoys)));
    }
    let always = standing_sentences(context);
    let html = needs_page(&report, &known.presences, &rates, &always)?;
    files.extend([
        ("index.html".to_owned(), html),
        ("needs.json".to_owned(), serde_json::to_vec_pretty(&report)?),
        ("needs.csv".to_owned(), needs_csv(&known.presences, &rates, climate)),
        ("shortfalls.csv".to_owned(), shortfalls_csv(&report.shortfalls)),
        ("standards.csv".to_owned(), standards_csv(&report.below)),
    ]);
    output.write(&files, if redacted { Disclosure::Redacted } else { Disclosure::Full })?;
    progress.clear();
    say!("{}", report::words(&report).trim_end());
    if redacted {
        say!(
            "Redacted: numbers of people are rounded up to tens; {left_out} hours of places with fewer than {SMALL} people, places of rest points and paths of convoys are left out; --full writes them"
        );
    }
    for sentence in always {
        say!("{sentence}");
    }
    say!("written to {0}; look at {0}/index.html", out.display());
    Ok(())
}

/// All faults of a table end the command, warnings are shown.
pub fn heed(path: &Path, faults: Faults) -> Result<(), Failure> {
    let what = path.display().to_string();
    if faults.has_errors() {
        return Err(Failure::Faults { what, faults });
    }
    if !faults.0.is_empty() {
        eprint!("{}", faults_text(&what, &faults));
    }
    Ok(())
}

/// What convoys cost: the bound with and without room for them, each with its proof in a folder of its own.
fn price(folder: &Path, whole: &Scenario, aid: &Aid, files: &mut Files) -> Result<Price, Failure> {
    let (scenario, _) = read_scenario(&FolderStore::new(folder))
        .map_err(|faults| Failure::Faults { what: folder.display().to_string(), faults })?;
    let mut with = scenario.clone();
    let (mut links, mut most_pcu_h, mut overfull) = (0, 0.0f64, 0);
    let taken: std::collections::BTreeMap<&str, f64> =
        aid.taken.iter().map(|(row, pcu)| (whole.links[*row].link_id.as_str(), *pcu)).collect();
    for link in &mut with.links {
        let Some(pcu) =
            taken.get(link.link_id.as_str()).filter(|pcu| **pcu > link.reserved_pcu_h.unwrap_or(0.0))
        else {
            continue;
        };
        links += 1;
        most_pcu_h = most_pcu_h.max(*pcu);
        overfull += usize::from(link.capacity_pcu_h.is_some_and(|capacity| *pcu > capacity));
        link.reserved_pcu_h = Some(*pcu);
    }
    let (shapes, session) = (shapes(folder), usual());
    let mut solve = |scenario: Scenario, name: &str| -> Result<Summary, Failure> {
        Ok(proved(&session, scenario, &shapes, &format!("price/{name}"), files)?.summary)
    };
    let without = solve(scenario, "without-convoys")?;
    let with = if links == 0 { without.clone() } else { solve(with, "with-convoys")? };
    Ok(Price {
        links,
        most_pcu_h,
        overfull,
        t90_s: [without.t90_s.bound, with.t90_s.bound],
        clearance_s: [without.clearance_s.bound, with.clearance_s.bound],
        person_hours: [without.person_hours.bound, with.person_hours.bound],
    })
}
