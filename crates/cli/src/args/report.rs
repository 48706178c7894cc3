//! Arguments of `report`.

use clap::{Args as Group, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Group)]
pub struct ReportArgs {
    /// Plan folder; it is verified first
    #[arg(required_unless_present_any = ["cells", "cell"], num_args = 1..)]
    pub plans: Vec<PathBuf>,
    /// Kind of report: plan is of one plan, for those who decide; sheets are handed out, one per zone, destination, critical road and
    /// vehicle, with an atlas of critical roads; med (fields of a mass evacuation plan) is of one plan; ab747 (routes, ways out,
    /// locations) of one plan per scenario, the first in full; ete (evacuation time estimates) of one plan per region and scenario, given
    /// by --cells or --cell
    #[arg(long, value_enum, value_name = "KIND", default_value = "plan")]
    pub kind: ReportKindName,
    /// Language of its words; all but English are translations that no person has reviewed yet, and say so
    #[arg(long, value_enum, value_name = "LANGUAGE", default_value = "en")]
    pub language: LanguageName,
    /// Folder to write: index.html, and the pages of sheets or the tables of the kind; or a file that ends in .pdf, for the page alone as
    /// PDF, in a build that makes any (feature pdf)
    #[arg(long, value_name = "DIR|FILE.pdf")]
    pub out: PathBuf,
    /// Paper of a PDF [default: a4]
    #[arg(long, value_enum, value_name = "PAPER")]
    pub paper: Option<PaperName>,
    /// Folder of a simulation of the plan, whose times then stand beside those of the plan
    #[arg(long, value_name = "SIMULATION")]
    pub simulation: Option<PathBuf>,
    /// What a plan is called, where several are given: once for each, in their order [default: the name of its scenario]
    #[arg(long = "name", value_name = "NAME")]
    pub names: Vec<String>,
    /// Table of cells for ete: columns region, scenario, plan and, if wanted, simulation, with folders as seen from the table; a row
    /// without a plan is a missing cell
    #[arg(long, value_name = "TABLE", conflicts_with_all = ["plans", "cell", "names", "simulation"])]
    pub cells: Option<PathBuf>,
    /// One cell for ete: region, scenario and plan folder; once for each
    #[arg(long, value_name = "REGION:SCENARIO=PLAN", value_parser = cell, conflicts_with_all = ["plans", "names", "simulation"])]
    pub cell: Vec<CellArg>,
    /// Folder of clearway interventions on the first scenario, for ab747
    #[arg(long, value_name = "INTERVENTIONS")]
    pub interventions: Option<PathBuf>,
    /// Date that stands on it [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<String>,
    /// Whom people can call, on sheets [default: a line to be filled in]
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub contact: String,
    /// Exact places, roads and times also in an armed conflict
    #[arg(long)]
    pub full: bool,
    /// Replace what is already there
    #[arg(long)]
    pub replace: bool,
}

/// A cell of the matrices of evacuation time estimates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellArg {
    pub region: String,
    pub scenario: String,
    pub plan: PathBuf,
}

/// `REGION:SCENARIO=PLAN`.
fn cell(text: &str) -> Result<CellArg, String> {
    let parts = text.split_once(':').and_then(|(region, rest)| {
        let (scenario, plan) = rest.split_once('=')?;
        Some((region.trim(), scenario.trim(), plan))
    });
    match parts {
        Some((region, scenario, plan)) if !region.is_empty() && !scenario.is_empty() && !plan.is_empty() => {
            Ok(CellArg { region: region.to_owned(), scenario: scenario.to_owned(), plan: plan.into() })
        }
        _ => Err("REGION:SCENARIO=PLAN, e.g. \"5 mile:Winter, rain=plans/r2-rain\"".to_owned()),
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ReportKindName {
    Plan,
    Sheets,
    Ab747,
    Ete,
    Med,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LanguageName {
    En,
    Ar,
    Es,
    Fr,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum PaperName {
    A4,
    Letter,
}

/// Two figures of a date within what there is.
fn within(text: &str, last: u32) -> bool {
    // a sign is no figure
    text.len() == 2
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.parse::<u32>().is_ok_and(|number| (1..=last).contains(&number))
}

fn date(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [year, month, day]
            if year.len() == 4
                && year.chars().all(|c| c.is_ascii_digit())
                && within(month, 12)
                && within(day, 31) =>
        {
            Ok(text.to_owned())
        }
        _ => Err("a date such as 2026-11-30".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{CellArg, cell, date};

    #[test]
    fn a_cell_has_region_scenario_and_plan() {
        let made = cell("5 mile: Winter, rain=plans/a=b");
        let expected =
            CellArg { region: "5 mile".into(), scenario: "Winter, rain".into(), plan: "plans/a=b".into() };
        assert_eq!(made, Ok(expected));
        for wrong in ["", "a=b", "a:b", ":b=c", "a:=c", "a:b="] {
            assert!(cell(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn dates_have_year_month_and_day() {
        assert_eq!(date("2026-11-30"), Ok("2026-11-30".to_owned()));
        for wrong in ["", "2026-13-01", "2026-1-1", "30.11.2026", "2026-11-+1", "20x6-11-01"] {
            assert!(date(wrong).is_err(), "{wrong}");
        }
    }
}
