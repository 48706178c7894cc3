//! What counts have too many or too few is taken up by what was not counted.

use crate::balance::Situation;
use crate::tally::Tally;
use crate::whole::share_out;
use clearway_model::number::float;

/// People too many (or, negative, too few) for those there were.
pub(crate) fn difference(made: &Situation) -> i64 {
    let start: i64 = made.zones.iter().map(|zone| zone.at_start).sum();
    made.totals().iter().sum::<i64>() - start
}

/// What was not counted takes up a difference. `left`: people of each zone who have left it by the plan.
pub(crate) fn take_up(made: &mut Situation, left: &[i64]) {
    let too_many = difference(made);
    if too_many > 0 {
        let road = made.road.iter_mut().map(|group| &mut group.people);
        let rest = remove(too_many, road.filter(|tally| tally.is_by_plan()).collect());
        let sites = made.sites.iter_mut().map(|site| &mut site.arrived);
        let rest = remove(rest, sites.filter(|tally| tally.is_by_plan()).collect());
        let zones = made.zones.iter_mut().map(|zone| &mut zone.waiting);
        remove(rest, zones.filter(|tally| tally.is_by_plan()).collect());
        for zone in &mut made.zones {
            zone.staying = zone.staying.min(zone.waiting.people);
        }
    } else if too_many < 0 {
        // who is missing has not left: nobody is taken to be farther than the counts say
        let zones: Vec<usize> = (0..made.zones.len())
            .filter(|&row| made.zones[row].waiting.is_by_plan() && left[row] > 0)
            .collect();
        let room = |row: usize| (made.zones[row].at_start - made.zones[row].waiting.people).max(0);
        let most: Vec<i64> = zones.iter().map(|&row| room(row)).collect();
        let back = (-too_many).min(most.iter().sum());
        let weights: Vec<f64> = most.iter().copied().map(float).collect();
        for (&row, people) in zones.iter().zip(share_out(back, &weights)) {
            made.zones[row].waiting.add(people);
        }
        let groups: Vec<usize> = (0..made.road.len())
            .filter(|&group| made.road[group].people.is_by_plan() && made.road[group].people.people > 0)
            .collect();
        let weights: Vec<f64> = groups.iter().map(|&group| float(made.road[group].people.people)).collect();
        for (&group, people) in groups.iter().zip(share_out(-too_many - back, &weights)) {
            made.road[group].people.add(people);
        }
    }
}

/// Takes people out of some places in proportion; how many could not be taken.
fn remove(people: i64, places: Vec<&mut Tally>) -> i64 {
    let all: i64 = places.iter().map(|tally| tally.people).sum();
    let taken = people.min(all);
    let weights: Vec<f64> = places.iter().map(|tally| float(tally.people)).collect();
    for (tally, less) in places.into_iter().zip(share_out(taken, &weights)) {
        tally.add(-less);
    }
    people - taken
}
