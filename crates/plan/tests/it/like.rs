//! An earlier plan to stay close to: small changes of the input change little of it, and what is gone is not used.

use clearway_instances::{CityRequest, city};
use clearway_model::{LinkRow, Plan, Scenario};
use clearway_plan::like::kept_people;
use clearway_plan::{PlanOptions, answer};
use std::sync::Arc;

fn planned(scenario: &Scenario, routes: u32, like: Option<&Plan>) -> (Plan, f64, i64) {
    let like = like.map(|plan| Arc::new(plan.clone()));
    let options = PlanOptions { routes_per_zone: Some(routes), like, ..PlanOptions::default() };
    let made = answer(scenario, &options, &|_, _| {}).unwrap();
    let ordered = made.plan.orders.iter().map(|order| order.people).sum();
    (made.plan, made.summary.person_hours.plan.unwrap(), ordered)
}

fn town() -> Scenario {
    city(&CityRequest { seed: 7, side: 14, zones_side: 5, people: 20_000, ..CityRequest::default() })
}

#[test]
fn small_changes_of_the_input_change_little_of_the_plan() {
    let scenario = town();
    for routes in [1, 3] {
        let (plan, hours, people) = planned(&scenario, routes, None);
        let (same, same_hours, _) = planned(&scenario, routes, Some(&plan));
        assert!(kept_people(&plan, &same) as f64 > 0.97 * people as f64, "the same scenario");
        assert!(same_hours < hours * 1.01);
        // Every fifth zone has 2 % more people.
        let mut more = scenario.clone();
        for zone in more.zones.iter_mut().step_by(5) {
            zone.people += zone.people / 50;
        }
        let (near, near_hours, people) = planned(&more, routes, Some(&plan));
        let (anew, anew_hours, _) = planned(&more, routes, None);
        let (kept, kept_anew) = (kept_people(&plan, &near), kept_people(&plan, &anew));
        assert!(kept as f64 > 0.95 * people as f64, "{kept} of {people}, {kept_anew} if planned anew");
        assert!(kept > kept_anew);
        assert!(near_hours < anew_hours * 1.02, "{near_hours} against {anew_hours} if planned anew");
    }
}

#[test]
fn what_is_gone_is_not_used() {
    let scenario = town();
    let (plan, _, _) = planned(&scenario, 1, None);
    // The link that most people of the plan use is gone in the new picture.
    let used = |id: &str| {
        let routes = plan.routes.iter().filter(|route| route.links.iter().any(|link| link == id));
        let ids: Vec<&str> = routes.map(|route| route.route_id.as_str()).collect();
        let orders = plan.orders.iter().filter(|order| ids.contains(&order.route_id.as_str()));
        orders.map(|order| order.people).sum::<i64>()
    };
    let lost: &LinkRow = scenario.links.iter().max_by_key(|link| used(&link.link_id)).unwrap();
    let mut without = scenario.clone();
    without.links.retain(|link| link.link_id != lost.link_id);
    without.movements.retain(|turn| turn.ib_link_id != lost.link_id && turn.ob_link_id != lost.link_id);
    let (near, _, people) = planned(&without, 1, Some(&plan));
    assert!(near.routes.iter().all(|route| !route.links.contains(&lost.link_id)));
    assert!(people > 19_000, "{people} in orders");
    // Those who lost their way take room from others, so that more than they change.
    let others = 20_000 - used(&lost.link_id);
    let kept = kept_people(&plan, &near);
    let anew = kept_people(&plan, &planned(&without, 1, None).0);
    assert!(kept > others / 2 && kept > anew, "{kept} of {others}, {anew} if planned anew");
}
