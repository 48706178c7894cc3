//! Orders with queues that do not fit on their roads promise on paper what the road may not keep: they are simulated where queues take
//! space, and whoever does not arrive there is in no order.

use crate::finish::{FinishedPlan, PlanFinishing};
use crate::orders::PathOrder;
use clearway_loading::path::PathPool;
use clearway_network::LinkRooms;
use clearway_simulate::trial::{TrialOrder, TrialOutcome};

/// Trials in which only half of those go who do not arrive, as others get through when they are gone; and trials after which whole orders
/// go of which anybody does not.
const GENTLE_TRIALS: usize = 3;
const TRIALS: usize = 8;

impl PlanFinishing<'_> {
    /// What becomes of orders on the road; `None` where space does not count, or the computation is to end.
    pub(crate) fn carried_out(&self, pool: &PathPool, orders: &[PathOrder]) -> Option<TrialOutcome> {
        let trial = |order: &PathOrder| TrialOrder {
            elements: &pool.get(order.path).elements,
            people: order.people,
            from_ms: order.from,
            until_ms: order.until,
        };
        let orders: Vec<TrialOrder<'_>> = orders.iter().map(trial).collect();
        let cancel = &self.roads.cancel;
        self.road?.carry_out(&orders, &|| !cancel.is_cancelled())
    }

    /// Per order, people who do not arrive on the road; `None` where that is not asked: nothing overflows, space does not count, or the
    /// computation is to end.
    fn lost_on_road(&self, pool: &PathPool, plan: &FinishedPlan) -> Option<Vec<i64>> {
        if plan.overflow.is_spill_free() {
            return None;
        }
        self.carried_out(pool, &plan.orders).map(|trial| trial.not_arrived)
    }

    /// How many people of a plan arrive where queues take space; never more than on paper.
    pub(crate) fn arrived_on_road(&self, pool: &PathPool, plan: &FinishedPlan) -> i64 {
        *plan
            .arrived_on_road
            .get_or_init(|| plan.arrived - self.lost_on_road(pool, plan).map_or(0, |lost| lost.iter().sum()))
    }

    /// A plan without those who do not arrive on the road. Not all of them go at once: where some are gone others get through.
    pub(crate) fn kept_on_road(
        &self,
        rooms: &LinkRooms,
        pool: &PathPool,
        mut plan: FinishedPlan,
    ) -> FinishedPlan {
        // each of them leaves fewer in orders, so that there is an end
        for trial in 0.. {
            let Some(lost) = self.lost_on_road(pool, &plan) else { return plan };
            if lost.iter().all(|&people| people == 0) {
                return plan;
            }
            let choice = plan.choice;
            let mut orders = plan.orders;
            for (order, lost) in orders.iter_mut().zip(lost) {
                order.people -= match trial {
                    0..GENTLE_TRIALS => (lost + 1) / 2,
                    GENTLE_TRIALS..TRIALS => lost,
                    _ if lost > 0 => order.people,
                    _ => 0,
                };
            }
            orders.retain(|order| order.people > 0);
            plan = self.judged(rooms, pool, orders);
            plan.choice = choice;
        }
        plan
    }
}
