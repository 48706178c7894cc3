//! Arguments of `report`.

use clap::{Args as Group, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Group)]
pub struct ReportArgs {
    /// Plan folder; it is verified first
    #[arg(required = true, num_args = 1..)]
    pub plans: Vec<PathBuf>,
    /// Kind of report: plan is of one plan, for those who decide; sheets are handed out, one per zone, destination, critical road and
    /// vehicle, with an atlas of critical roads
    #[arg(long, value_enum, value_name = "KIND", default_value = "plan")]
    pub kind: ReportKindName,
    /// Language of its words; all but English are translations that no person has reviewed yet, and say so
    #[arg(long, value_enum, value_name = "LANGUAGE", default_value = "en")]
    pub language: LanguageName,
    /// Folder to write: index.html, and the pages of sheets
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Folder of a simulation of the plan, whose times then stand beside those of the plan
    #[arg(long, value_name = "SIMULATION")]
    pub simulation: Option<PathBuf>,
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

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ReportKindName {
    Plan,
    Sheets,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LanguageName {
    En,
    Ar,
    Es,
    Fr,
}

/// Two figures of a date within what there is.
fn within(text: &str, last: u32) -> bool {
    text.len() == 2 && text.parse::<u32>().is_ok_and(|number| (1..=last).contains(&number))
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
    use super::date;

    #[test]
    fn dates_have_year_month_and_day() {
        assert_eq!(date("2026-11-30"), Ok("2026-11-30".to_owned()));
        for wrong in ["", "2026-13-01", "2026-1-1", "30.11.2026", "2026-11-+1", "20x6-11-01"] {
            assert!(date(wrong).is_err(), "{wrong}");
        }
    }
}
