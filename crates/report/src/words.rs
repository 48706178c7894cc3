//! The answer in plain sentences, for someone who has never seen a flow model.
//!
//! Every sentence carries its unit and says how it can be checked where the check differs from sentence to sentence. "No plan" is
//! said of the proved bound only, "impossible" only of the bound at the optimistic end of all ranges.

use crate::PlanReport;
use crate::bottleneck_words::{bound_words, cut_time_s, label, of_those_with_a_road};
use crate::clock::{ScenarioClock, TimeRounding, after_start};
use crate::early::{ended_early, was_begun};
use crate::lookup::RowLookup;
use crate::number::{counted, grouped, listed, people, percent, share, whole};
use crate::space_words::room_and_waiting;
use crate::standing::standing_sentences;
use clearway_model::number::{float, length};
use clearway_model::time::seconds;
use clearway_model::{Bottleneck, Case, Mode, Outcome, PlanAndBound, Reason, ZoneOutcome};
use std::collections::BTreeMap;

/// How many bottlenecks and zones are named in words; the tables have all.
const NAMED: usize = 5;
/// Over the sentences that stand on every output.
pub(crate) const STANDING_HEADING: &str = "What this is";

/// Sentences under one heading.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AnswerParagraph {
    /// What the sentences answer.
    pub heading: &'static str,
    /// The sentences, each complete in itself; never empty.
    pub sentences: Vec<String>,
}

/// The answer as plain sentences in the order a reader needs them. Clock times are in the scenario's time zone, each with the time after
/// the start.
pub fn answer_in_words(report: &PlanReport<'_>) -> Vec<String> {
    let lookup = RowLookup::new(report.scenario, report.shapes);
    let clock = ScenarioClock::new(&report.scenario.settings);
    paragraphs(report, &lookup, &clock).into_iter().flat_map(|p| p.sentences).collect()
}

/// The same, by heading; headings without sentences are left out.
pub(crate) fn paragraphs(
    report: &PlanReport<'_>,
    lookup: &RowLookup<'_>,
    clock: &ScenarioClock,
) -> Vec<AnswerParagraph> {
    let mut all = vec![
        AnswerParagraph { heading: "Ended before it was finished", sentences: ended_early(report) },
        AnswerParagraph { heading: "How many people", sentences: how_many(report, clock) },
        AnswerParagraph { heading: "Clearance time", sentences: by_when(report, clock) },
        AnswerParagraph {
            heading: "Proven bound: what no plan can beat",
            sentences: proven(report, clock).into_iter().chain(more_freedom(report)).collect(),
        },
        AnswerParagraph {
            heading: "Room on the roads, and waiting",
            sentences: room_and_waiting(report, lookup, clock),
        },
        AnswerParagraph { heading: "Who does not arrive, and why", sentences: not_arrived(report, clock) },
        AnswerParagraph { heading: "What sets the bound", sentences: what_sets_it(report, lookup, clock) },
        AnswerParagraph { heading: "Latest order times", sentences: latest_orders(report, lookup, clock) },
        AnswerParagraph { heading: "How to check", sentences: vec![check_sentence()] },
    ];
    let standing = standing_sentences(report.scenario.settings.context);
    all.push(AnswerParagraph {
        heading: STANDING_HEADING,
        sentences: standing.into_iter().map(str::to_owned).collect(),
    });
    all.retain(|paragraph| !paragraph.sentences.is_empty());
    all
}

/// People evacuating: all but the people declared as staying (sheltering in place or refusing).
pub(crate) fn evacuees(report: &PlanReport<'_>) -> i64 {
    report.summary.people.total - report.summary.people.staying
}

fn horizon_s(report: &PlanReport<'_>) -> f64 {
    seconds(report.scenario.settings.horizon_ms)
}

/// Of all who evacuate this share is next to nobody.
const FEW: f64 = 0.01;
/// So much less in person-hours, as a share, is worth more orders.
const WORTH_MORE: f64 = 0.03;

/// Where more routes or zones would help: what the best flow, split freely, needs less than this plan.
fn more_freedom(report: &PlanReport<'_>) -> Option<String> {
    let (summary, most) = (report.summary, report.plan.routes_per_zone?);
    let (plan, free) = (summary.person_hours.plan?, summary.unrestricted_routes?);
    // who does not arrive counts until the end: of two that bring different people neither is a measure of the other
    free.clearance_s.filter(|_| summary.people.arrived == evacuees(report))?;
    let less = 1.0 - free.person_hours? / plan;
    (!summary.interrupted && less >= WORTH_MORE).then(|| {
        format!(
            "With routes unrestricted (over {}) instead of at most {most} per zone, the same people would need {} fewer person-hours: more routes per zone (`--routes-per-zone`), smaller departure windows (`--window`) or more zones (`new --zone-count`) can gain up to about that much, with more orders to give.",
            counted(whole(free.routes), "route", "routes"),
            percent(less),
        )
    })
}

fn check_sentence() -> String {
    "Every figure of the plan comes from replaying its orders exactly, every bound from certificate.json; \
     `clearway verify` recomputes both from the scenario's tables, with none of the planner's code."
        .to_owned()
}

fn how_many(report: &PlanReport<'_>, clock: &ScenarioClock) -> Vec<String> {
    let p = &report.summary.people;
    let mode = match report.scenario.settings.class.first().map(|class| class.mode) {
        Some(Mode::Walk) => " on foot",
        Some(Mode::Vehicle) => " by vehicle",
        None => "",
    };
    let case = match report.plan.case {
        Case::Central => "",
        Case::Optimistic => " (every figure at its optimistic end)",
        Case::Pessimistic => " (every figure at its pessimistic end)",
    };
    let zones = counted(whole(report.summary.zones), "zone", "zones");
    let sites = counted(whole(report.summary.sites), "destination", "destinations");
    let verb = if p.total == 1 { "is" } else { "are" };
    let first = if report.summary.interrupted {
        format!(
            "{} {verb} in {zones}{case}; {sites} can receive people. No orders have been made.",
            people(p.total)
        )
    } else {
        format!(
            "{} {verb} in {zones}{case}. Under this plan {} of them ({}) arrive{mode} at {sites} by {}, the end of the planning horizon.",
            people(p.total),
            grouped(p.arrived),
            share(p.arrived, p.total),
            clock.moment(horizon_s(report), TimeRounding::Down),
        )
    };
    let mut sentences = vec![first];
    sentences.push(if p.staying > 0 {
        format!(
            "{} are entered as staying (sheltering in place or refusing). They count as not evacuated, no order moves them, and the times below are those of the other {}.",
            people(p.staying),
            grouped(evacuees(report)),
        )
    } else {
        "No people are entered as staying (sheltering in place or refusing); these figures do not provide for people who stay.".to_owned()
    });
    sentences
}

fn by_when(report: &PlanReport<'_>, clock: &ScenarioClock) -> Vec<String> {
    let to_move = evacuees(report);
    if report.summary.interrupted {
        return Vec::new();
    }
    if to_move == 0 {
        return vec!["There are no people evacuating, so there is no clearance time.".to_owned()];
    }
    let end = clock.moment(horizon_s(report), TimeRounding::Down);
    let summary = report.summary;
    let mut sentences = Vec::new();
    match (summary.t90_s.plan, summary.clearance_s.plan) {
        (Some(t90), Some(all)) => sentences.push(format!(
            "Under this plan 90 % of the {} evacuating could have arrived by {}, all of them by {}.",
            people(to_move),
            clock.moment(t90, TimeRounding::Up),
            clock.moment(all, TimeRounding::Up),
        )),
        (Some(t90), None) => sentences.push(format!(
            "Under this plan 90 % of the {} evacuating could have arrived by {}; not all of them arrive by {end}.",
            people(to_move),
            clock.moment(t90, TimeRounding::Up),
        )),
        _ => sentences.push(format!(
            "Under this plan fewer than 90 % of the {} evacuating arrive by {end}.",
            people(to_move)
        )),
    }
    if let Some(rest) = summary.with_access {
        let none = people(to_move - rest.people);
        let verb = if to_move - rest.people == 1 { "has" } else { "have" };
        sentences.push(match rest.clearance_s.plan {
            Some(last) => format!(
                "{none} {verb} no road to any destination, even with everything open. The other {} could have arrived by {}.",
                grouped(rest.people),
                clock.moment(last, TimeRounding::Up),
            ),
            None => format!(
                "{none} {verb} no road to any destination, even with everything open. Of the other {} not all arrive by {end} either.",
                grouped(rest.people),
            ),
        });
    }
    if summary.queue.longest_s > 0.0 {
        sentences.push(format!(
            "People wait {} person-hours on roads and at destinations under this plan; the longest wait at one place is {}.",
            crate::number::number(summary.queue.person_hours),
            after_start(summary.queue.longest_s, TimeRounding::Up),
        ));
    }
    sentences
}

fn proven(report: &PlanReport<'_>, clock: &ScenarioClock) -> Vec<String> {
    if evacuees(report) == 0 {
        return Vec::new();
    }
    let summary = report.summary;
    let mut sentences = vec![match (summary.t90_s.bound, summary.clearance_s.bound) {
        (Some(t90), Some(all)) => format!(
            "Proven minimum clearance time on these inputs: no plan can have 90 % there before {}, or all before {}.",
            clock.moment(t90, TimeRounding::Down),
            clock.moment(all, TimeRounding::Down),
        ),
        (Some(t90), None) => format!(
            "On these inputs no plan can have 90 % there before {}, and no plan gets all of them there within the planning horizon.",
            clock.moment(t90, TimeRounding::Down),
        ),
        (None, _) => {
            "On these inputs no plan gets even 90 % of them there within the planning horizon.".to_owned()
        }
    }];
    if let Some(rest) = summary.with_access {
        sentences.push(match rest.clearance_s.bound {
            Some(bound) => format!(
                "No plan can have the {} who have a road there before {}.",
                people(rest.people),
                clock.moment(bound, TimeRounding::Down),
            ),
            None => format!(
                "No plan gets the {} who have a road there within the planning horizon.",
                people(rest.people)
            ),
        });
    }
    let gaps: Vec<String> = [
        gap_words(summary.t90_s, summary.gap.t90, "for 90 %"),
        gap_words(summary.clearance_s, summary.gap.clearance, "for all"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !gaps.is_empty() {
        sentences.push(format!("Compared with the bound, this plan takes {}.", listed(&gaps)));
    }
    if let (Some(last), None, false) = (report.curve.last(), summary.clearance_s.bound, summary.interrupted) {
        sentences.push(format!(
            "Proven most people arrived by {1}: {0} under any plan; {2} arrive under this plan.",
            people(last.bound_people),
            clock.moment(last.time_s, TimeRounding::Down),
            grouped(last.arrived_people),
        ));
    }
    sentences.extend(optimistic(report, clock));
    sentences
}

/// `3.0 % longer for 90 % (12 min)`.
fn gap_words(figure: PlanAndBound, gap: Option<f64>, of: &str) -> Option<String> {
    let (plan, bound, gap) = (figure.plan?, figure.bound?, gap?);
    let difference = after_start((plan - bound).abs(), TimeRounding::Up);
    Some(if (plan - bound).abs() < 0.0005 {
        format!("no longer {of}")
    } else if gap > 0.0 {
        let ratio = if gap < 0.0005 { "less than 0.1 %".to_owned() } else { percent(gap) };
        format!("{ratio} longer {of} ({difference})")
    } else {
        // No plan is ahead of a bound; what rounding leaves below it is no time saved.
        format!("no longer {of}")
    })
}

/// "Impossible" is said of everybody arriving only: with fewer people in some zones than in others, 90 % of them may be
/// other people, and the optimistic end need not have the earliest time for 90 %.
fn optimistic(report: &PlanReport<'_>, clock: &ScenarioClock) -> Option<String> {
    let f = report.summary.optimistic;
    // Person-hours always have a bound; without it the optimistic case was not computed.
    f.person_hours?;
    if !was_begun(report.summary, f.person_hours) {
        return None;
    }
    let end = clock.moment(horizon_s(report), TimeRounding::Down);
    let down = |seconds| clock.moment(seconds, TimeRounding::Down);
    Some(match (f.t90_s, f.clearance_s) {
        (Some(t90), Some(all)) => format!(
            "Even with every figure at its optimistic end, 90 % are not there before {}, and not all before {}: for all, anything faster is impossible on these inputs.",
            down(t90),
            down(all),
        ),
        (Some(t90), None) => format!(
            "Even with every figure at its optimistic end, 90 % are not there before {}; for all to arrive by {end} is impossible on these inputs.",
            down(t90),
        ),
        (None, _) => format!(
            "Even with every figure at its optimistic end, fewer than 90 % are there by {end}; for all to arrive by then is impossible on these inputs.",
        ),
    })
}

/// Why people are in no order, in plain words.
pub(crate) fn reason_words(reason: Reason) -> &'static str {
    match reason {
        Reason::Stays => "entered as staying",
        Reason::NoRoad => "no road leads from their zone to any destination, even with everything open",
        Reason::Closed => "no way out while anything is open",
        Reason::NoPlace => "the destinations are full, or those at the end of their routes",
        Reason::Hazard => "a hazard reaches their zone or way out first",
        Reason::Horizon => "they would arrive after the end of the planning horizon",
        Reason::Interrupted => "the computation was ended before there were orders",
    }
}

/// People not moved, summed by outcome and reason, largest first.
pub(crate) fn not_moved_sums(zones: &[ZoneOutcome]) -> Vec<(Outcome, Reason, i64)> {
    let mut sums: BTreeMap<(Outcome, Reason), i64> = BTreeMap::new();
    for (outcome, reason, people) in zones.iter().flat_map(|zone| &zone.not_moved) {
        *sums.entry((*outcome, *reason)).or_default() += people;
    }
    let mut list: Vec<_> = sums.into_iter().filter(|(_, n)| *n > 0).map(|((o, r), n)| (o, r, n)).collect();
    list.sort_by_key(|(_, _, people)| std::cmp::Reverse(*people));
    list
}

fn not_arrived(report: &PlanReport<'_>, clock: &ScenarioClock) -> Vec<String> {
    let p = &report.summary.people;
    let count = p.overtaken + p.not_evacuated;
    if count == 0 {
        return vec!["All people arrive under this plan.".to_owned()];
    }
    let reasons: Vec<String> = not_moved_sums(report.zones)
        .into_iter()
        .map(|(outcome, reason, n)| {
            let overtaken = if outcome == Outcome::Overtaken {
                ", still in their zone when it closes (overtaken by the hazard)"
            } else {
                ""
            };
            format!("{}: {}{overtaken}", grouped(n), reason_words(reason))
        })
        .collect();
    if report.summary.interrupted {
        return vec![format!("No people are in an order: {}.", listed(&reasons))];
    }
    let verb = if count == 1 { "does" } else { "do" };
    let mut sentence = format!(
        "{} {verb} not arrive under this plan by {}",
        people(count),
        clock.moment(horizon_s(report), TimeRounding::Down)
    );
    if !reasons.is_empty() {
        sentence.push_str(&format!(" - {}", reasons.join("; ")));
    }
    sentence.push('.');
    vec![sentence]
}

/// How many people all that sets a bound together lets through, where that is next to nobody: where a hazard is there before people are, the
/// cut goes through roads in the last moment before they close.
pub(crate) fn few_people(bottlenecks: &[Bottleneck], evacuees: i64) -> Option<f64> {
    let through: f64 = bottlenecks.iter().map(|bottleneck| bottleneck.people).sum();
    (through < FEW * float(evacuees)).then_some(through)
}

fn what_sets_it(report: &PlanReport<'_>, lookup: &RowLookup<'_>, clock: &ScenarioClock) -> Vec<String> {
    if evacuees(report) == 0 {
        return Vec::new();
    }
    if report.bottlenecks.is_empty()
        && report.summary.people.arrived == 0
        && report.summary.t90_s.bound.is_none()
    {
        return vec!["No people can reach a destination, whatever the roads let through.".to_owned()];
    }
    if report.bottlenecks.is_empty() {
        return vec![
            "No road or destination sets the bound: it comes from travel times and the mobilization curve."
                .to_owned(),
        ];
    }
    let about = match report.summary.clearance_s.bound {
        Some(_) => "the proven minimum clearance time",
        None if of_those_with_a_road(report).is_some() => "the bound for all who have a road",
        None => "how many can arrive at all",
    };
    let mut sentences = vec![format!(
        "{} together set {about}; the largest come first. The bound is taken at {}.",
        counted(
            length(report.bottlenecks.len()),
            "road, centroid connector or destination",
            "roads, centroid connectors or destinations"
        ),
        clock.moment(cut_time_s(report), TimeRounding::Down),
    )];
    if let Some(people) = few_people(report.bottlenecks, evacuees(report)) {
        sentences.push(format!(
            "Together they let through at most {} people until then: nearly all of the bound comes from travel times, the mobilization curve and hazards.",
            crate::number::at_most(people),
        ));
    }
    for bottleneck in report.bottlenecks.iter().take(NAMED) {
        let name = label(bottleneck, lookup);
        let words = bound_words(bottleneck, report, lookup, clock);
        sentences.push(format!("{} ({}) {words}", name.place, name.detail));
    }
    sentences
}

fn latest_orders(report: &PlanReport<'_>, lookup: &RowLookup<'_>, clock: &ScenarioClock) -> Vec<String> {
    let mut limited: Vec<&ZoneOutcome> =
        report.zones.iter().filter(|z| z.hazard_s.is_some() && z.people > 0).collect();
    if limited.is_empty() {
        return Vec::new();
    }
    let margin = percent(report.scenario.settings.margin_share);
    // where even an order at the start is too late comes first
    let urgency = |z: &ZoneOutcome| z.latest_order_plan_s.or(z.latest_order_bound_s).unwrap_or(-1.0);
    limited.sort_by(|a, b| urgency(a).total_cmp(&urgency(b)).then(a.zone_id.cmp(&b.zone_id)));
    let mut sentences = vec![format!(
        "A hazard limits {}. The order times below leave a margin of {margin} on the time needed (rule TIM-02).",
        counted(length(limited.len()), "zone", "zones"),
    )];
    for zone in limited.iter().take(NAMED) {
        let name = lookup.zone_name(&zone.zone_id);
        let hazard = clock.moment(zone.hazard_s.unwrap_or_default(), TimeRounding::Down);
        let order = match (zone.latest_order_bound_s, zone.latest_order_plan_s) {
            (None, _) => "with that margin even an order at the start is too late, under any plan, for the whole zone to get through".to_owned(),
            (Some(bound), None) => format!(
                "with that margin even an order at the start is too late for the whole zone to get through under this plan; under any plan the latest order time is no later than {}",
                clock.moment(bound, TimeRounding::Up),
            ),
            (Some(bound), Some(plan)) => format!(
                "for the whole zone to get through, the latest order time is {} under this plan, and no later than {} under any plan",
                clock.moment(plan, TimeRounding::Down),
                clock.moment(bound, TimeRounding::Up),
            ),
        };
        sentences.push(format!(
            "{name} ({}): the hazard closes the zone or its last way out at {hazard}; {order}.",
            people(zone.people),
        ));
    }
    if limited.len() > NAMED {
        sentences.push(format!("The other {} are in the zones table.", limited.len() - NAMED));
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::{few_people, gap_words};
    use clearway_model::{Bottleneck, PlanAndBound};

    #[test]
    fn no_plan_is_said_to_take_less_than_the_bound() {
        let words = |plan, bound, gap| {
            gap_words(PlanAndBound { plan: Some(plan), bound: Some(bound) }, Some(gap), "for all")
                .unwrap_or_default()
        };
        assert_eq!(words(999.0, 1000.0, -0.001), "no longer for all");
        assert_eq!(words(1000.0, 1000.0, 0.0), "no longer for all");
        assert_eq!(words(1030.0, 1000.0, 0.03), "3.0 % longer for all (30 s)");
    }

    /// 2 and 3 of 1,000 people are next to nobody, 10 of them are not.
    #[test]
    fn what_lets_through_next_to_nobody_sets_hardly_anything() {
        let of = |people: &[f64]| -> Vec<Bottleneck> {
            people.iter().map(|&people| Bottleneck { people, ..Bottleneck::default() }).collect()
        };
        assert_eq!(few_people(&of(&[2.0, 3.0]), 1_000), Some(5.0));
        assert_eq!(few_people(&of(&[2.0, 8.0]), 1_000), None);
    }
}
