//! What people need at the fullest hour of each place, as a table: an item a row, a place a column.

use crate::occupancy::{Occupancy, OccupancyKind};
use crate::rates::{Climate, Phase, Rate, Rates};
use crate::report::{NeedPeak, NeedsReport, hour_words};
use clearway_formats::short;
use clearway_model::people;
use serde::Serialize;

/// Sites shown side by side; the rest is in `needs.csv`.
const COLUMNS: usize = 8;

/// What people need at the fullest hour of each place, ready to be shown.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct NeededTable {
    /// Of each column the place, its people and hour, and the phase whose standard counts.
    pub columns: Vec<[String; 3]>,
    /// One per item for which any column has a standard.
    pub rows: Vec<NeededRow>,
    /// How many sites are not shown.
    pub more: usize,
}

/// What is needed of one item in every column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NeededRow {
    /// Name of the item, with its unit where the name does not say it.
    pub item: String,
    /// By column; `-` where there is no standard for the phase.
    pub amounts: Vec<String>,
    /// Ids of the rules that the standard is taken from.
    pub rules: String,
    /// Where the standard comes from.
    pub source: String,
    /// Whether that was read.
    pub verified: bool,
}

/// All zones together, those on the way, and the sites with most people, each in its fullest hour.
pub fn needed(report: &NeedsReport, presences: &[Occupancy], rates: &Rates) -> NeededTable {
    let of = |kind: OccupancyKind| report.peaks.iter().filter(move |peak| peak.kind == kind);
    let mut sites: Vec<&NeedPeak> = of(OccupancyKind::Site).collect();
    sites.sort_by_key(|peak| -peak.people);
    let more = sites.len().saturating_sub(COLUMNS);
    sites.truncate(COLUMNS);
    let zones = fullest_hour_of_zones(presences);
    let mut columns = Vec::new();
    if let Some((hour, count)) = zones {
        columns.push(head("all zones".to_owned(), count, hour, Phase::Survival));
    }
    columns
        .extend(of(OccupancyKind::Route).map(|p| head("on the way".to_owned(), p.people, p.hour, p.phase)));
    columns.extend(sites.iter().map(|p| head(site_name(report, &p.place_id), p.people, p.hour, p.phase)));
    let rows = rates.0.iter().map(|rate| {
        let mut amounts = Vec::new();
        if let Some((hour, _)) = zones {
            amounts.push(in_zones(rate, presences, hour, report.climate));
        }
        let at =
            |peak: &NeedPeak| peak.needs.iter().find(|need| need.item == rate.item).map(|need| need.amount);
        amounts.extend(of(OccupancyKind::Route).map(at));
        amounts.extend(sites.iter().map(|peak| at(peak)));
        NeededRow {
            item: with_unit(&rate.name, &rate.unit),
            amounts: amounts.into_iter().map(|x| x.map_or_else(|| "-".to_owned(), short)).collect(),
            rules: rate.rules.clone(),
            source: rate.source.clone(),
            verified: rate.verified,
        }
    });
    let rows = rows.filter(|row| row.amounts.iter().any(|amount| amount != "-")).collect();
    NeededTable { columns, rows, more }
}

/// A name with its unit; what is counted by its own name has none.
pub fn with_unit(name: &str, unit: &str) -> String {
    if name.contains(unit) || unit == "people" { name.to_owned() } else { format!("{name}, {unit}") }
}

fn head(place: String, count: i64, hour: usize, phase: Phase) -> [String; 3] {
    [place, format!("{}, {}", people(count), hour_words(hour)), phase.word().to_owned()]
}

/// A site by its name and id.
pub fn site_name(report: &NeedsReport, id: &str) -> String {
    let named = report.sites.iter().find(|site| site.site_id == id && !site.name.is_empty());
    named.map_or_else(|| id.to_owned(), |site| format!("{} ({id})", site.name))
}

/// The first hour in which most people are in all zones together, and how many.
fn fullest_hour_of_zones(presences: &[Occupancy]) -> Option<(usize, i64)> {
    let zones = || presences.iter().filter(|p| p.kind == OccupancyKind::Origin);
    let hours = zones().map(|p| p.people.len()).max()?;
    let all = |hour: usize| -> i64 { zones().filter_map(|p| p.people.get(hour)).sum() };
    let hour = (0..hours).fold(0, |best, hour| if all(hour) > all(best) { hour } else { best });
    (all(hour) > 0).then(|| (hour, all(hour)))
}

/// What all zones need in an hour: each zone by itself, so that things that are counted are whole in each.
fn in_zones(rate: &Rate, presences: &[Occupancy], hour: usize, climate: Climate) -> Option<f64> {
    presences
        .iter()
        .filter(|p| p.kind == OccupancyKind::Origin)
        .filter_map(|p| Some((*p.people.get(hour)?, p.phase(hour))))
        .map(|(count, phase)| rate.amount(count, phase, climate))
        .sum()
}
