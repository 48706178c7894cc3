//! Interventions as sentences and as a table.

use super::{AS_IT_IS, InterventionGain, Interventions};
use clearway_formats::csv_for_spreadsheets;
use clearway_model::Bottleneck;
use clearway_report::standing_sentences;

/// What came out, a sentence a line.
pub(super) fn in_words(tried: &Interventions, folder: &str) -> String {
    let Interventions { base, gains, .. } = tried;
    let mut lines = vec![format!(
        "bound as it is: 90 % ETE {}, 100 % ETE {}",
        not_before(base.t90_s),
        not_before(base.clearance_s)
    )];
    let helping = gains.iter().filter(|gain| gain.helps()).count();
    let ranked = gains.iter().take(helping).enumerate();
    lines.extend(ranked.map(|(index, gain)| format!("{:>2}. {}", index + 1, gain_words(gain))));
    if helping == 0 {
        lines.push(format!(
            "None of the interventions tried raises the bound. {}",
            what_binds(&tried.bottlenecks)
        ));
    }
    lines.extend(gains.iter().skip(helping).map(|gain| format!(" -  {}: no gain", gain.intervention)));
    lines.push(format!(
        "Gains are those of the bound, not of a plan. Each bound is proved in its folder; check one with: clearway verify {}",
        if folder.is_empty() { AS_IT_IS.to_owned() } else { format!("{folder}/{AS_IT_IS}") }
    ));
    if tried.has_groups {
        lines.push(
            "Roads and sites: for those with vehicles of their own. More vehicles: for those whom the fleet carries, by the formula of the fleet's bound. Paths on foot: for those who walk, and what it costs those with vehicles."
                .to_owned(),
        );
    }
    lines.extend(standing_sentences(tried.context).into_iter().map(|sentence| sentence.to_string()));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// An intervention with what it gains.
fn gain_words(gain: &InterventionGain) -> String {
    let mut parts = vec![
        format!("90 % ETE {}", earlier(gain.t90_s)),
        format!("100 % ETE {}", earlier(gain.clearance_s)),
        format!("{:.0} person-hours less", gain.person_hours),
    ];
    parts.extend(
        gain.people.map(|n| format!("{} more by the time of 90 % as it is", clearway_model::people(n))),
    );
    if gain.arrived != 0 {
        parts.push(format!(
            "{} more by the end of the planning horizon",
            clearway_model::people(gain.arrived)
        ));
    }
    let folder = if gain.folder.is_empty() { String::new() } else { format!("; {}", gain.folder) };
    format!("{}: {}{folder}", gain.intervention, parts.join(", "))
}

/// What sets the bound as it is.
fn what_binds(bottlenecks: &[Bottleneck]) -> String {
    if bottlenecks.is_empty() {
        return "No road and no destination sets the bound: the mobilization curve and travel times do."
            .to_owned();
    }
    let name = |b: &Bottleneck| {
        let name = if b.name.is_empty() { String::new() } else { format!(" ({})", b.name) };
        format!("{} {}{name}", b.element, b.id)
    };
    let first: Vec<String> = bottlenecks.iter().take(3).map(name).collect();
    format!("What sets the bound: {}.", first.join(", "))
}

/// What a bound says of a share of the people: not before a time, or not within the planning horizon.
fn not_before(s: Option<f64>) -> String {
    // a bound is rounded down; what is off in the last place of a sum is no hundredth of an hour
    let down = |s: f64| ((s * 1000.0).round() / 36_000.0).floor() / 100.0;
    s.map_or_else(|| "not within the horizon".to_owned(), |s| format!("not before {:.2} h", down(s)))
}

fn earlier(s: Option<f64>) -> String {
    match s {
        None => "not comparable".to_owned(),
        Some(s) if s.abs() < 1.0 => "as before".to_owned(),
        Some(s) if s < 0.0 => format!("{:.2} h later", -s / 3600.0),
        Some(s) if s < 360.0 => format!("{s:.0} s earlier"),
        Some(s) => format!("{:.2} h earlier", s / 3600.0),
    }
}

/// `interventions.csv`: gains of the bound, s and person-hours.
pub(super) fn table(tried: &Interventions) -> Vec<u8> {
    let cell = |s: Option<f64>| s.map_or_else(String::new, |s| format!("{s:.3}"));
    let header = [
        "rank",
        "intervention",
        "t90_gain_s",
        "clearance_gain_s",
        "person_hours_gain",
        "people_gain",
        "arrived_gain",
        "folder",
    ];
    let base = &tried.base;
    let mut rows = vec![vec![
        "0".to_owned(),
        "as it is: figures of the bound".to_owned(),
        cell(base.t90_s),
        cell(base.clearance_s),
        cell(base.person_hours),
        String::new(),
        String::new(),
        AS_IT_IS.to_owned(),
    ]];
    for (index, gain) in tried.gains.iter().enumerate() {
        rows.push(vec![
            // What gains nothing has no rank.
            if gain.helps() { (index + 1).to_string() } else { String::new() },
            gain.intervention.clone(),
            cell(gain.t90_s),
            cell(gain.clearance_s),
            format!("{:.3}", gain.person_hours),
            gain.people.map_or_else(String::new, |people| people.to_string()),
            gain.arrived.to_string(),
            gain.folder.clone(),
        ]);
    }
    csv_for_spreadsheets(&header, rows)
}

#[cfg(test)]
mod tests {
    use super::not_before;

    #[test]
    fn a_bound_beyond_the_end_is_not_before_nothing() {
        assert_eq!(not_before(Some(7200.0)), "not before 2.00 h");
        // 2.1872 and 3.0790 h, whatever comes after
        assert_eq!(not_before(Some(7873.92)), "not before 2.18 h");
        assert_eq!(not_before(Some(11_084.4)), "not before 3.07 h");
        assert_eq!(not_before(None), "not within the horizon");
    }
}
