//! `clearway interventions`

use super::given;
use super::plan::shapes;
use crate::args::Interventions;
use crate::failure::{Failure, faults_text};
use crate::output::Output;
use crate::proved::{Files, proved};
use crate::session::session;
use crate::{interrupt, memory};
use clearway::Session;
use clearway_artifacts::{Disclosure, FolderKind};
use clearway_formats::{Groups, csv_for_spreadsheets, read_groups, read_scenario};
use clearway_model::{Case, FolderStore, LaneChoice, Means, Scenario};
use clearway_multimodal::bound::FleetBound;
use clearway_multimodal::fleet::Fleet;
use clearway_multimodal::parts::{Committed, driven, part, people_of};
use clearway_plan::Answer;
use clearway_report::standing_sentences;
use clearway_whatif::bridge::{Bridge, bridges};
use clearway_whatif::interventions::{Intervention, candidates, with, words};

/// One intervention and what it gains against the bound without it.
struct Gain {
    words: String,
    t90_s: Option<f64>,
    clearance_s: Option<f64>,
    person_hours: f64,
    /// People more by the time before which 90 % cannot have arrived without it; `None` where they never have.
    people: Option<i64>,
    /// People more by the end of the planning horizon.
    arrived: i64,
    folder: String,
}

impl Gain {
    /// Whether it gains anything that a sentence would show.
    fn helps(&self) -> bool {
        let sooner = |s: Option<f64>| s.is_some_and(|s| s >= 1.0);
        self.person_hours >= 0.5
            || self.arrived > 0
            || self.people.is_some_and(|people| people > 0)
            || sooner(self.t90_s)
            || sooner(self.clearance_s)
    }
}

pub fn run(args: &Interventions) -> Result<(), Failure> {
    let inputs = given([Some(args.dir.as_path()), args.how.like.as_deref()]);
    let output = Output::new(&args.out, FolderKind::Interventions, args.replace, &inputs)?;
    let what = args.dir.display().to_string();
    memory::refuse_before_reading(&args.dir, args.how.memory)?;
    let (scenario, warnings) = read_scenario(&FolderStore::new(&args.dir))
        .map_err(|faults| Failure::Faults { what: what.clone(), faults })?;
    if !warnings.0.is_empty() {
        eprint!("{}", faults_text(&what, &warnings));
    }
    let groups = read_groups(&FolderStore::new(&args.dir), &scenario)
        .map_err(|faults| Failure::Faults { what: what.clone(), faults })?;
    let given = given_bridges(&scenario, &args.bridge)?;
    let shapes = shapes(&args.dir);
    let mut files = Files::new();
    let whole = scenario.clone();
    let (scenario, mut gains) = match &groups {
        // roads are measured for those with vehicles of their own, with nothing taken from them
        Some((groups, _)) => {
            let gains = fleet_gains(&scenario, groups)?;
            (part(&scenario, groups, Means::Vehicle, &Committed::nothing(scenario.sites.len())), gains)
        }
        None => (scenario, Vec::new()),
    };
    eprintln!("as it is");
    let session = session(&args.how);
    let base = proved(&session, scenario.clone(), &shapes, "bounds/as-it-is", &mut files)?;
    // from here on there is something to keep
    let _kept = interrupt::heeded();
    let mut ended = false;
    if let Some((groups, _)) = &groups {
        ended = is_ended(walking_gains(&session, &whole, groups, &base, args, &mut files, &mut gains))?;
    }
    let mut interventions = candidates(&scenario, &base.bottlenecks, args.most);
    interventions.extend(bridges(&scenario, &base.bound, args.bridges).into_iter().map(Intervention::Bridge));
    interventions.extend(given);
    for (index, intervention) in interventions.iter().enumerate() {
        if ended || interrupt::asked() {
            ended = true;
            break;
        }
        let text = words(&scenario, intervention);
        eprintln!("{text}");
        let folder = format!("bounds/intervention-{}", index + 1);
        match proved(&session, with(&scenario, intervention), &shapes, &folder, &mut files) {
            Ok(answer) => gains.push(gain(&base, &answer, text, folder)),
            Err(Failure::NothingYet) => ended = true,
            Err(failure) => return Err(failure),
        }
    }
    let order = |a: &Gain, b: &Gain| {
        let rank = |gain: &Gain| (!gain.helps(), -gain.person_hours);
        rank(a).0.cmp(&rank(b).0).then(rank(a).1.total_cmp(&rank(b).1))
    };
    gains.sort_by(order);
    let table = table(&base, &gains);
    files.push(("interventions.csv".to_owned(), table));
    output.write(&files, Disclosure::Full)?;
    say!(
        "bound as it is: 90 % ETE {}, 100 % ETE {}",
        not_before(base.summary.t90_s.bound),
        not_before(base.summary.clearance_s.bound)
    );
    let helping = gains.iter().filter(|gain| gain.helps()).count();
    for (index, gain) in gains.iter().take(helping).enumerate() {
        say!("{:>2}. {}", index + 1, gain_words(gain));
    }
    if helping == 0 {
        say!("None of the interventions tried raises the bound. {}", what_binds(&base));
    }
    for gain in gains.iter().skip(helping) {
        say!(" -  {}: no gain", gain.words);
    }
    say!(
        "Gains are those of the bound, not of a plan. Each bound is proved in its folder; check one with: clearway verify {}/bounds/as-it-is",
        args.out.display()
    );
    if groups.is_some() {
        say!(
            "Roads and sites: for those with vehicles of their own. More vehicles: for those whom the fleet carries, by the formula of the fleet's bound. Paths on foot: for those who walk, and what it costs those with vehicles."
        );
    }
    for sentence in standing_sentences(scenario.settings.context) {
        say!("{sentence}");
    }
    if ended { Err(Failure::SoFar(args.out.clone())) } else { Ok(()) }
}

/// Whether the program was asked to end while something was proved; what was proved before that is kept.
fn is_ended(proved: Result<(), Failure>) -> Result<bool, Failure> {
    match proved {
        Ok(()) => Ok(false),
        Err(Failure::NothingYet) => Ok(true),
        Err(failure) => Err(failure),
    }
}

/// An intervention with what it gains.
fn gain_words(gain: &Gain) -> String {
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
    format!("{}: {}{folder}", gain.words, parts.join(", "))
}

/// What sets the bound as it is.
fn what_binds(base: &Answer) -> String {
    if base.bottlenecks.is_empty() {
        return "No road and no destination sets the bound: the mobilization curve and travel times do."
            .to_owned();
    }
    let name = |b: &clearway_model::Bottleneck| {
        let name = if b.name.is_empty() { String::new() } else { format!(" ({})", b.name) };
        format!("{} {}{name}", b.element, b.id)
    };
    let first: Vec<String> = base.bottlenecks.iter().take(3).map(name).collect();
    format!("What sets the bound: {}.", first.join(", "))
}

/// Bridges asked for by the ids of two junctions; all faults at once.
fn given_bridges(scenario: &Scenario, given: &[String]) -> Result<Vec<Intervention>, Failure> {
    let row = |id: &str| scenario.nodes.iter().position(|node| node.node_id == id);
    let mut bad = Vec::new();
    let mut interventions = Vec::new();
    for text in given {
        // Ids may hold colons themselves: whichever colon parts two ids counts.
        let ends = text.match_indices(':').find_map(|(at, _)| {
            let (from, to) = (row(&text[..at])?, row(&text[at + 1..])?);
            (from != to).then_some((from, to))
        });
        match ends {
            Some((from, to)) => interventions.push(Intervention::Bridge(Bridge::between(scenario, from, to))),
            None => bad.push(text.as_str()),
        }
    }
    if bad.is_empty() {
        return Ok(interventions);
    }
    Err(Failure::Argument(format!(
        "--bridge {}: expected two different ids of node.csv with a colon between them",
        bad.join(", ")
    )))
}

/// One vehicle in ten more of each type, at least one: what the bound of those whom it can carry gains.
fn fleet_gains(scenario: &Scenario, groups: &Groups) -> Result<Vec<Gain>, Failure> {
    let driven = driven(scenario, groups);
    let fleet = Fleet::new(&driven, groups, Case::Central).map_err(clearway_plan::PlanError::from)?;
    let mut gains = Vec::new();
    for (index, row) in groups.fleet.iter().enumerate() {
        let mut more = groups.clone();
        more.fleet[index].count += (row.count / 10).max(1);
        let larger = Fleet::new(&driven, &more, Case::Central).map_err(clearway_plan::PlanError::from)?;
        for means in Means::FLEET.into_iter().filter(|means| row.places(*means) > 0) {
            let bounds = [&fleet, &larger].map(|fleet| FleetBound::new(fleet, means));
            let [before, after] = &bounds;
            let evacuees = before.evacuees();
            if evacuees == 0 {
                continue;
            }
            let ninety = (evacuees * 9 + 9) / 10;
            let less = |count: i64| Some(before.earliest_s(count)? - after.earliest_s(count)?);
            let t90 = before.earliest_s(ninety).map(|s| (s * 1000.0) as i64);
            let word = if row.name.is_empty() { &row.vehicle_type_id } else { &row.name };
            gains.push(Gain {
                words: format!(
                    "{} instead of {} of '{word}', for those who need a place: {}",
                    more.fleet[index].count,
                    row.count,
                    means.word()
                ),
                t90_s: less(ninety),
                clearance_s: less(evacuees),
                // the same grid for both, so that the difference is that of the bounds
                person_hours: before.person_hours(GRID) - after.person_hours(GRID),
                people: t90.map(|ms| after.people(ms) - before.people(ms)),
                arrived: after.people(fleet.horizon) - before.people(fleet.horizon),
                folder: String::new(),
            });
        }
    }
    Ok(gains)
}

/// One more lane for walkers where they are held up most, one more hour of the day's walk: what the bound of those on foot gains, and what that
/// of those with vehicles (`driving` as it is) loses.
fn walking_gains(
    session: &Session,
    scenario: &Scenario,
    groups: &Groups,
    driving: &Answer,
    args: &Interventions,
    files: &mut Files,
    gains: &mut Vec<Gain>,
) -> Result<(), Failure> {
    let Some(walk) = groups.settings.walk.as_ref().filter(|_| people_of(groups, Means::Walk) > 0) else {
        return Ok(());
    };
    let (shapes, nothing) = (shapes(&args.dir), Committed::nothing(scenario.sites.len()));
    let mut solve = |groups: &Groups, means: Means, folder: &str| {
        eprintln!("{folder}");
        proved(session, part(scenario, groups, means, &nothing), &shapes, folder, files)
    };
    let base = solve(groups, Means::Walk, "bounds/on-foot-as-it-is")?;
    let drives = people_of(groups, Means::Vehicle) > 0;
    let mut changes: Vec<(String, Groups, bool)> = Vec::new();
    if let Some(until) = walk.day_until_ms {
        let mut changed = groups.clone();
        if let Some(walk) = &mut changed.settings.walk {
            walk.day_until_ms = Some(until + 3_600_000);
        }
        changes.push(("one more hour of the day's walk".to_owned(), changed, false));
    }
    for bottleneck in base.bottlenecks.iter().filter(|b| b.element == "link").take(args.most.div_ceil(3)) {
        let Some(link) = scenario.links.iter().find(|l| l.link_id == bottleneck.id) else { continue };
        let own = walk.lane.iter().find(|choice| choice.link_id == link.link_id);
        let lanes = own.map_or(walk.lanes, |choice| choice.lanes);
        let more = (lanes + 1.0).min(link.lanes.unwrap_or(1.0));
        if link.capacity_pcu_h.is_none() || more <= lanes {
            continue;
        }
        let mut changed = groups.clone();
        if let Some(walk) = &mut changed.settings.walk {
            walk.lane.retain(|choice| choice.link_id != link.link_id);
            walk.lane.push(LaneChoice { link_id: link.link_id.clone(), lanes: more });
        }
        let name = if link.name.is_empty() { "link".to_owned() } else { format!("{}, link", link.name) };
        let words = format!("{more} instead of {lanes} lanes for those on foot on {name} {}", link.link_id);
        changes.push((words, changed, true));
    }
    for (index, (words, changed, takes_lanes)) in changes.into_iter().enumerate() {
        let folder = format!("bounds/on-foot-{}", index + 1);
        let answer = solve(&changed, Means::Walk, &folder)?;
        let mut one = gain(&base, &answer, format!("{words}, for those who walk"), folder.clone());
        if drives && takes_lanes {
            let after = solve(&changed, Means::Vehicle, &format!("{folder}-vehicles"))?;
            let lost = gain(driving, &after, String::new(), String::new());
            one.words += &format!(
                " (those with vehicles: all {}, {:.0} person-hours more)",
                lost.clearance_s
                    .map_or_else(|| "no longer".to_owned(), |s| format!("{:.2} h later", -s / 3600.0)),
                -lost.person_hours
            );
        }
        gains.push(one);
    }
    Ok(())
}

/// Grid on which person-hours of the fleet's bound are summed, ms.
const GRID: i64 = 60_000;

/// What a bound says of a share of the people: not before a time, or not within the planning horizon.
fn not_before(s: Option<f64>) -> String {
    s.map_or_else(|| "not within the horizon".to_owned(), |s| format!("not before {:.2} h", s / 3600.0))
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

fn gain(base: &Answer, answer: &Answer, words: String, folder: String) -> Gain {
    let (a, b) = (&base.summary, &answer.summary);
    let less = |before: Option<f64>, after: Option<f64>| Some(before? - after?);
    let people_at =
        |answer: &Answer, ms: i64| -> i64 { answer.bound.people_at(std::iter::once(ms)).into_iter().sum() };
    let more_at = |ms: i64| people_at(answer, ms) - people_at(base, ms);
    Gain {
        words,
        t90_s: less(a.t90_s.bound, b.t90_s.bound),
        clearance_s: less(a.clearance_s.bound, b.clearance_s.bound),
        person_hours: less(a.person_hours.bound, b.person_hours.bound).unwrap_or(0.0),
        people: a.t90_s.bound.map(|s| more_at((s * 1000.0).round() as i64)),
        arrived: more_at(base.bound.network.horizon),
        folder,
    }
}

/// `interventions.csv`: gains of the bound, s and person-hours.
fn table(base: &Answer, gains: &[Gain]) -> Vec<u8> {
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
    let s = &base.summary;
    let mut rows = vec![vec![
        "0".to_owned(),
        "as it is: figures of the bound".to_owned(),
        cell(s.t90_s.bound),
        cell(s.clearance_s.bound),
        cell(s.person_hours.bound),
        String::new(),
        String::new(),
        "bounds/as-it-is".to_owned(),
    ]];
    for (index, gain) in gains.iter().enumerate() {
        rows.push(vec![
            // What gains nothing has no rank.
            if gain.helps() { (index + 1).to_string() } else { String::new() },
            gain.words.clone(),
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
        assert_eq!(not_before(None), "not by the end");
    }
}
