//! What round windows cost, and that queues fit on their roads, in plain sentences.

use crate::clock::{TimeRounding, after_start};
use crate::number::decimals;
use clearway_model::{PlacedTimes, Summary, WindowPrice};

/// The prices of a plan; nothing where they were not asked for.
pub(crate) fn price_words(summary: &Summary) -> Vec<String> {
    let Some(prices) = &summary.prices else { return Vec::new() };
    let mut sentences = Vec::new();
    if !prices.windows.is_empty() {
        let each: Vec<String> = prices.windows.iter().map(window_words).collect();
        sentences.push(format!(
            "Price of round windows, with the same people on the same routes and departures placed anew (90 % and all arrived): {}.",
            each.join("; ")
        ));
    }
    let ignoring = &prices.ignoring_space;
    let with = prices.least().map(|least| (least.times, "the windows that cost least"));
    let plan = PlacedTimes {
        t90_s: summary.t90_s.plan,
        clearance_s: summary.clearance_s.plan,
        person_hours: summary.person_hours.plan.unwrap_or(0.0),
        arrived: summary.people.arrived,
    };
    let (with, which) = with.unwrap_or((plan, "this plan"));
    sentences.push(format!(
        "Price of queues that fit on their roads: if all left as soon as they are ready and queues took no space, {} on paper; with {which} {}.",
        times(ignoring),
        difference(&with, ignoring)
    ));
    sentences
}

fn time(time: Option<f64>) -> String {
    time.map_or_else(|| "not within the horizon".to_owned(), |time| after_start(time, TimeRounding::Up))
}

fn times(of: &PlacedTimes) -> String {
    format!("90 % would have arrived after {} and all after {}", time(of.t90_s), time(of.clearance_s))
}

fn window_words(price: &WindowPrice) -> String {
    let length = after_start(price.window_s, TimeRounding::Up);
    let made = if price.made_s > price.window_s {
        format!(" (made as {})", after_start(price.made_s, TimeRounding::Up))
    } else {
        String::new()
    };
    let room = if price.spill_free { "" } else { ", not spill-free" };
    format!("{length}{made}: {} and {}{room}", time(price.times.t90_s), time(price.times.clearance_s))
}

/// How much later a kind of departures is than another.
fn difference(later: &PlacedTimes, than: &PlacedTimes) -> String {
    let by = |later: Option<f64>, than: Option<f64>| {
        let by = later? - than?;
        let word = if by < 0.0 { "earlier" } else { "later" };
        Some(format!("{} {word}", after_start(by.abs(), TimeRounding::Up)))
    };
    let unknown = || "not to be compared".to_owned();
    format!(
        "90 % are {}, all {}, at {} more person-hours",
        by(later.t90_s, than.t90_s).unwrap_or_else(unknown),
        by(later.clearance_s, than.clearance_s).unwrap_or_else(unknown),
        decimals(later.person_hours - than.person_hours, 0)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_said_as_differences() {
        let of = |t90_s, clearance_s, person_hours| PlacedTimes {
            t90_s: Some(t90_s),
            clearance_s: Some(clearance_s),
            person_hours,
            arrived: 9,
        };
        assert_eq!(
            difference(&of(7200.0, 9000.0, 120.0), &of(3600.0, 9060.0, 100.0)),
            "90 % are 1 h later, all 1 min earlier, at 20 more person-hours"
        );
        let price = WindowPrice {
            window_s: 60.0,
            made_s: 180.0,
            spill_free: false,
            times: PlacedTimes { clearance_s: None, ..of(60.0, 0.0, 0.0) },
        };
        assert_eq!(
            window_words(&price),
            "1 min (made as 3 min): 1 min and not within the horizon, not spill-free"
        );
    }
}
