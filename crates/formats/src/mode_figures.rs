//! What follows from the tables of modes: shares of roads, times, boarding, folders (`docs/reference/multimodal.md`, Modes).

use clearway_model::number::{ceil, float};
use clearway_model::{LinkRow, LinkUseRow, Means, ModeId, ModeRow, Modes, RunRow, Store};
use std::collections::HashMap;

/// Folders of a multimodal plan that hold orders: for those with vehicles, on foot, and by each listed mode in the order of its id.
pub fn part_folders(plan: &dyn Store) -> Vec<String> {
    let names = plan.names().unwrap_or_default();
    let parts = || names.iter().filter_map(|name| name.strip_suffix("/plan.json"));
    let usual = [Means::Vehicle, Means::Walk];
    let mut listed: Vec<&str> = parts().filter(|name| ModeId::new(name).is_some()).collect();
    listed.sort_unstable();
    let usual = usual.iter().map(|means| means.word()).filter(|name| parts().any(|part| part == *name));
    usual.chain(listed).map(str::to_owned).collect()
}

/// What `link_use.csv` says of a mode, by link.
pub fn uses_of<'m>(modes: &'m Modes, mode: &str) -> HashMap<&'m str, &'m LinkUseRow> {
    let uses = modes.link_uses.iter().filter(|row| row.mode_id == mode);
    uses.map(|row| (row.link_id.as_str(), row)).collect()
}

/// Share of a link's vehicle capacity that is given to a mode; 0 where vehicles may not go.
pub fn share_of(mode: &ModeRow, link: &LinkRow, own: Option<&LinkUseRow>) -> f64 {
    if link.capacity_pcu_h.is_none() {
        return 0.0;
    }
    // a share given for the link itself counts on any kind of road
    let usual = || if mode.is_on(&link.facility_type) { mode.road_share.unwrap_or(0.0) } else { 0.0 };
    own.and_then(|row| row.road_share).unwrap_or_else(usual)
}

/// Share of each link's vehicle capacity that is given to listed modes, all together.
pub fn road_shares(modes: &Modes, links: &[LinkRow]) -> Vec<f64> {
    let mut shares = vec![0.0; links.len()];
    for mode in &modes.rows {
        let uses = uses_of(modes, &mode.mode_id);
        for (sum, link) in shares.iter_mut().zip(links) {
            *sum += share_of(mode, link, uses.get(link.link_id.as_str()).copied());
        }
    }
    shares
}

/// Travel time at a speed, ms, rounded up and at least 1.
pub fn time_at(length_m: f64, speed_km_h: f64) -> i64 {
    ceil(length_m * 3600.0 / speed_km_h).max(1)
}

/// How long people board, ms: as long as the places of a run take at the link's rate; `None` where the link has none for the mode.
pub fn boarding_ms(run: &RunRow, link: &LinkUseRow) -> Option<i64> {
    let rate = link.capacity_vehicles_h.filter(|rate| *rate > 0.0)?;
    Some(ceil(float(run.places) * 3_600_000.0 / rate))
}

/// How many times a run leaves before the horizon.
pub fn departures(run: &RunRow, horizon: i64) -> i64 {
    let until = run.repeat_until_ms.unwrap_or(horizon).min(horizon);
    match run.repeat_every_ms {
        None => i64::from(run.depart_ms < horizon),
        Some(every) if every > 0 && until > run.depart_ms => (until - run.depart_ms - 1) / every + 1,
        Some(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(depart_ms: i64, every: Option<i64>, until: Option<i64>) -> RunRow {
        RunRow { depart_ms, places: 200, repeat_every_ms: every, repeat_until_ms: until, ..RunRow::default() }
    }

    #[test]
    fn a_run_leaves_before_the_end_of_its_repetitions() {
        assert_eq!(departures(&run(600_000, None, None), 600_000), 0);
        assert_eq!(departures(&run(600_000, None, None), 600_001), 1);
        assert_eq!(departures(&run(600_000, Some(600_000), Some(1_800_000)), 86_400_000), 2);
        assert_eq!(departures(&run(600_000, Some(600_000), Some(1_800_001)), 86_400_000), 3);
    }

    #[test]
    fn people_board_at_the_rate_of_the_link() {
        let rate = |capacity_vehicles_h| LinkUseRow { capacity_vehicles_h, ..LinkUseRow::default() };
        assert_eq!(boarding_ms(&run(0, None, None), &rate(Some(2400.0))), Some(300_000));
        // 200 people at 7 per second and a bit: rounded up to whole ms.
        assert_eq!(boarding_ms(&run(0, None, None), &rate(Some(25_300.0))), Some(28_459));
        assert_eq!(boarding_ms(&run(0, None, None), &rate(None)), None);
    }

    #[test]
    fn what_is_said_of_a_link_goes_before_what_is_said_of_the_mode() {
        let mode = ModeRow { road_share: Some(0.2), facility_types: "primary".into(), ..ModeRow::default() };
        let road = |facility_type: &str, capacity_pcu_h| LinkRow {
            facility_type: facility_type.into(),
            capacity_pcu_h,
            ..LinkRow::default()
        };
        let own = LinkUseRow { road_share: Some(0.5), ..LinkUseRow::default() };
        assert_eq!(share_of(&mode, &road("primary", Some(1.0)), None), 0.2);
        assert_eq!(share_of(&mode, &road("motorway", Some(1.0)), None), 0.0);
        assert_eq!(share_of(&mode, &road("motorway", Some(1.0)), Some(&own)), 0.5);
        assert_eq!(share_of(&mode, &road("primary", None), Some(&own)), 0.0);
    }
}
