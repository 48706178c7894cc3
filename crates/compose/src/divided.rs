//! Tables in which one place stands in several rows: by sex or age with a total, repeated, or as several places in one point.
//!
//! People must be counted once. Rows of the total count where there are any; what adds up to everybody is never guessed.

use crate::record::NamedTexts;
use clearway_model::{Fault, Faults};
use std::collections::{BTreeMap, BTreeSet};

/// Words by which tables say that a row or column is of all people, whatever their age and sex.
const TOTAL: [&str; 17] = [
    "t",
    "_t",
    "t_tl",
    "tl",
    "tot",
    "total",
    "totals",
    "all",
    "both",
    "both sexes",
    "all ages",
    "everyone",
    "everybody",
    "f+m",
    "m+f",
    "mf",
    "fm",
];
/// Words for a sex.
const SEX: [&str; 14] = [
    "f", "m", "female", "male", "females", "males", "women", "men", "woman", "man", "girls", "boys", "f_tl",
    "m_tl",
];
/// Parts of the names of columns that divide people.
const NAMES: [&str; 5] = ["sex", "gender", "age", "agegroup", "ages"];

/// Most places listed with one kind of fault.
const LISTED: usize = 10;

/// The rows that count: where columns divide people by sex or age, those of the total. `place` names what a row speaks of.
pub(crate) fn totals_only(
    rows: Vec<NamedTexts>,
    place: impl Fn(&NamedTexts) -> String,
    file: &str,
    faults: &mut Faults,
) -> Vec<NamedTexts> {
    let columns = dividing_columns(&rows);
    if columns.is_empty() {
        return rows;
    }
    let is_total = |row: &NamedTexts| columns.iter().all(|name| is_total_word(row.text(&[name])));
    let (totals, parts): (Vec<NamedTexts>, Vec<NamedTexts>) = rows.into_iter().partition(|row| is_total(row));
    let names = columns.join(", ");
    if totals.is_empty() {
        let mut seen = BTreeSet::new();
        if parts.iter().all(|row| seen.insert(place(row))) {
            // nothing is divided: the column only says who lives there
            return parts;
        }
        faults.push(
            Fault::error(file, "", "a row with all people for each place")
                .field("columns", &names)
                .hint("places stand in several rows, by sex or age, and none is marked as the total (T, total, all)"),
        );
        return parts;
    }
    let whole: BTreeSet<String> = totals.iter().map(&place).collect();
    let missing: Vec<&NamedTexts> = parts.iter().filter(|row| !whole.contains(&place(row))).collect();
    for row in missing.iter().take(LISTED) {
        faults.push(
            row.error("a row of the total for the same place")
                .field(&names, place(row))
                .hint(format!("only rows of the total count; {} rows have none", missing.len())),
        );
    }
    totals
}

/// Columns that divide people: by their name, or because they hold nothing but words for the sexes and for everybody.
fn dividing_columns(rows: &[NamedTexts]) -> Vec<String> {
    let Some(first) = rows.first() else { return Vec::new() };
    let names: BTreeSet<&str> =
        first.fields().map(|(name, _)| name).filter(|name| !name.is_empty()).collect();
    let divides = |name: &str| {
        let words: BTreeSet<String> =
            rows.iter().map(|row| row.text(&[name]).to_lowercase()).filter(|w| !w.is_empty()).collect();
        let is_word = |word: &String| SEX.contains(&word.as_str()) || is_total_word(word);
        let by_words =
            words.len() > 1 && words.iter().all(is_word) && words.iter().any(|w| SEX.contains(&w.as_str()));
        // columns such as "age 0-4" hold counts
        let is_figures = words.iter().all(|word| word.parse::<f64>().is_ok());
        let by_name =
            !is_figures && name.split(|c: char| !c.is_alphanumeric()).any(|part| NAMES.contains(&part));
        !words.is_empty() && (by_words || by_name)
    };
    names.into_iter().filter(|name| divides(name)).map(str::to_owned).collect()
}

fn is_total_word(word: &str) -> bool {
    word.is_empty() || TOTAL.contains(&word.to_lowercase().trim())
}

/// Rows in one point. Equal rows are a fault, and rows of which one is the sum of the others; others are several places, which is said.
/// `people` are whole millionths.
pub(crate) fn check_points(rows: &[(&NamedTexts, [f64; 2], u64)], file: &str, faults: &mut Faults) {
    let mut at: BTreeMap<[u64; 2], Vec<usize>> = BTreeMap::new();
    for (index, (_, place, _)) in rows.iter().enumerate() {
        at.entry(place.map(f64::to_bits)).or_default().push(index);
    }
    let groups: Vec<&Vec<usize>> = at.values().filter(|group| group.len() > 1).collect();
    let mut repeated: Vec<usize> = Vec::new();
    for group in &groups {
        let mut seen: BTreeSet<Vec<(&str, &str)>> = BTreeSet::new();
        repeated
            .extend(group.iter().copied().filter(|index| !seen.insert(rows[*index].0.fields().collect())));
    }
    repeated.sort_unstable();
    for index in repeated.iter().take(LISTED) {
        let row = rows[*index].0;
        faults.push(row.error("every row once").hint(format!(
            "{} rows of the file stand there before, word for word: delete them, or give every place an id",
            repeated.len()
        )));
    }
    let sums: Vec<usize> = groups.iter().filter_map(|group| sum_of_others(group, rows)).collect();
    let larger = groups.iter().filter(|group| group.len() > 2).count();
    if repeated.is_empty() && larger > 0 && sums.len() == larger {
        for index in sums.iter().take(LISTED) {
            faults.push(
                rows[*index]
                    .0
                    .error("people who are not counted in other rows too")
                    .hint("it is the sum of the other rows in this point: keep the total alone"),
            );
        }
    } else if repeated.is_empty() && !groups.is_empty() {
        let rows: usize = groups.iter().map(|group| group.len()).sum();
        faults.push(
            Fault::warning(file, "", "one row for each place")
                .field("rows that share a place", rows)
                .hint(format!("their people are added up in {} places", groups.len())),
        );
    }
}

/// The row of a group of at least three whose people are the sum of all others'.
fn sum_of_others(group: &[usize], rows: &[(&NamedTexts, [f64; 2], u64)]) -> Option<usize> {
    let all: u128 = group.iter().map(|index| u128::from(rows[*index].2)).sum();
    let most = *group.iter().max_by_key(|index| rows[**index].2)?;
    let people = u128::from(rows[most].2);
    (group.len() > 2 && people > 0 && all == 2 * people).then_some(most)
}
