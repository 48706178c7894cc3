//! What to do with a plan that needs more memory than it may use.

use crate::error::Error;
use crate::event::Event;
use crate::session::Session;
use clearway_model::Scenario;
use clearway_plan::PlanOptions;
use clearway_plan::memory::{estimate, finest_that_fits};

/// How many times as long as usual the steps must be for a plan to fit; tells if it is more than once.
///
/// # Errors
/// [`Error::TooLarge`] if it does not fit at all.
pub(crate) fn coarser(session: &Session, scenario: &Scenario, options: &PlanOptions) -> Result<u32, Error> {
    let Some(allowed_bytes) = session.memory_bytes() else { return Ok(1) };
    let usual_bytes = estimate(scenario, options, 1);
    match finest_that_fits(scenario, options, allowed_bytes) {
        Ok(1) => Ok(1),
        Ok(times) => {
            session.tell(Event::Coarsened { usual_bytes, allowed_bytes, times });
            Ok(times)
        }
        Err(least_bytes) => Err(Error::TooLarge { usual_bytes, least_bytes, allowed_bytes }),
    }
}
