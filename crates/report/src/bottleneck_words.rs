//! A bottleneck in plain words: which road or site, where to, when, how many.

use crate::PlanReport;
use crate::clock::{ScenarioClock, TimeRounding};
use crate::geometry::heading;
use crate::lookup::RowLookup;
use crate::number::{at_most, at_most_people};
use clearway_model::number::float;
use clearway_model::time::seconds;
use clearway_model::{Bottleneck, BottleneckKind, Case, ConnectorPlace, Figure};

/// The name people know it by, and the detail that makes it unique.
pub struct BottleneckLabel {
    /// Road or site name.
    pub place: String,
    /// `link 12, heading north, towards Khan Younis`.
    pub detail: String,
}

/// A road as it is named in words: its name or class, then id, direction and where it leads.
pub fn link_label(id: &str, own: &str, lookup: &RowLookup<'_>) -> BottleneckLabel {
    let link = lookup.links.get(id);
    let class = link.map_or("", |link| link.facility_type.trim()).replace('_', " ");
    let place = match (own.is_empty(), class.is_empty()) {
        (false, _) => own.to_owned(),
        (true, false) => format!("unnamed {class} road"),
        (true, true) => "unnamed road".to_owned(),
    };
    let mut detail = format!("link {id}");
    if let Some(link) = link {
        let ends = lookup.node_point(&link.from_node_id).zip(lookup.node_point(&link.to_node_id));
        if let Some(word) = ends.and_then(|(from, to)| heading(from, to)) {
            detail.push_str(&format!(", heading {word}"));
        }
        let to = lookup.node_name(&link.to_node_id);
        if !to.is_empty() {
            detail.push_str(&format!(", towards {to}"));
        }
    }
    BottleneckLabel { place, detail }
}

/// Names a link, connector or site as a reader of a map would.
pub fn label(bottleneck: &Bottleneck, lookup: &RowLookup<'_>) -> BottleneckLabel {
    let own = bottleneck.name.trim();
    let id = &bottleneck.id;
    match bottleneck.element {
        BottleneckKind::Link => link_label(id, own, lookup),
        BottleneckKind::Site => BottleneckLabel {
            place: if own.is_empty() { lookup.site_name(id).to_owned() } else { own.to_owned() },
            detail: format!("site {id}"),
        },
        BottleneckKind::Connector => {
            let place = lookup.connectors.get(id.as_str()).map(|c| match c.place {
                ConnectorPlace::Zone => format!("way out of {}", lookup.zone_name(&c.place_id)),
                ConnectorPlace::Site => format!("way into {}", lookup.site_name(&c.place_id)),
            });
            let own = Some(own.to_owned()).filter(|own| !own.is_empty());
            BottleneckLabel {
                place: own.or(place).unwrap_or_else(|| "centroid connector".to_owned()),
                detail: format!("centroid connector {id}"),
            }
        }
    }
}

/// The time the cut is taken at, s: the bound for all arriving, or the horizon if no plan gets everybody there.
pub fn cut_time_s(report: &PlanReport<'_>) -> f64 {
    let horizon = seconds(report.scenario.settings.horizon_ms);
    report.summary.clearance_s.bound.or(of_those_with_a_road(report)).unwrap_or(horizon)
}

/// Before when no plan brings all who have a road, where some have none, s.
pub fn of_those_with_a_road(report: &PlanReport<'_>) -> Option<f64> {
    report.summary.with_access.and_then(|rest| rest.clearance_s.bound)
}

/// Whether it is the holding capacity of a site, not its admission rate, that counts.
fn is_full_site(bottleneck: &Bottleneck, lookup: &RowLookup<'_>, case: Case) -> bool {
    bottleneck.element == BottleneckKind::Site
        && lookup.sites.get(bottleneck.id.as_str()).is_some_and(|site| {
            site.capacity_people.is_some_and(|value| {
                let held = Figure::new(value, site.capacity_people_low, site.capacity_people_high);
                // a term is a sum in thousandths, so that it need not be the whole number itself
                (bottleneck.people - float(held.more_is_better(case))).abs() < 1.0
            })
        })
}

/// What it bounds, one or two sentences without the name: `at most 2,400 people/h; between ... at most 26,400 people.`
pub fn bound_words(
    bottleneck: &Bottleneck,
    report: &PlanReport<'_>,
    lookup: &RowLookup<'_>,
    clock: &ScenarioClock,
) -> String {
    let people = at_most_people(bottleneck.people);
    if is_full_site(bottleneck, lookup, Case::Central) {
        return format!("holds at most {people}.");
    }
    let hours = clock.interval(bottleneck.from_s, bottleneck.until_s);
    let what = if bottleneck.element == BottleneckKind::Site { "admits" } else { "lets through" };
    let mut words = if bottleneck.capacity_people_h.is_finite() && bottleneck.capacity_people_h > 0.0 {
        let rate = at_most(bottleneck.capacity_people_h);
        format!("{what} at most {rate} people/h; {hours} that is at most {people}.")
    } else {
        format!("{what} at most {people}, {hours}.")
    };
    if let Some(extra) = bottleneck.extra_lane_people {
        let by = clock.short(cut_time_s(report), TimeRounding::Down);
        words.push_str(&match at_most_people(extra).as_str() {
            "0 people" => format!(" One more lane here alone does not raise the bound at {by}."),
            extra => format!(
                " One more lane here alone raises the bound at {by} by at most {extra}, all else unchanged."
            ),
        });
    }
    words
}
