//! What is recorded of links over time, against all that happened.

use crate::laws::{diary, towns};
use crate::towns::HOUR;
use clearway_simulate::recording::{LinkStates, Recorder, RecordingLimits, StateKind};
use clearway_simulate::traffic::{Demand, Turns, run};
use proptest::prelude::*;

proptest! {
    /// The bytes of each road and step are those that follow from the list of all entries and exits, whatever the length of a step, and who
    /// passes a road by hour and path is whom the traffic counts there.
    #[test]
    fn the_recording_is_what_happened(town in towns(), step_s in 1u32..200, most_steps in 2usize..60) {
        let end_us = 100 * HOUR;
        let (movement, diary) = diary(&town, end_us);
        let limits = RecordingLimits { step_s, most_steps, ..RecordingLimits::default() };
        let (streets, paths, vehicles) = (&town.streets[..], &town.paths[..], &town.vehicles[..]);
        let mut recorder = Recorder::new(streets, |street| street >= 5, paths, end_us, limits);
        run(Demand { streets, paths, vehicles, end_us, turns: Turns::Shared }, &mut recorder).unwrap();
        let recording = recorder.recorded(streets);
        let states = &recording.states;
        prop_assert!(states.steps <= most_steps);
        prop_assert_eq!(states.step_us % (i64::from(step_s) * 1_000_000), 0);
        for (link, &street) in states.links.iter().enumerate() {
            let room = streets[street as usize].storage.unwrap().vehicles;
            for step in 0..states.steps {
                let end_of_step_us = (step as i64 + 1) * states.step_us;
                let (mut inside, mut standing) = (0, 0);
                for &(time, vehicle, _, enters) in diary.iter().filter(|event| event.2 == street) {
                    let people = i64::from(vehicles[vehicle as usize].people);
                    let there = if enters { time + streets[street as usize].travel_us } else { time };
                    let sign = if enters { 1 } else { -1 };
                    inside += sign * i64::from(time < end_of_step_us);
                    standing += sign * people * i64::from(there < end_of_step_us);
                }
                prop_assert_eq!(
                    states.byte(StateKind::Standing, step, link),
                    Some(LinkStates::standing_byte(standing))
                );
                let share = (inside as f64 / f64::from(room) * 250.0 - 1e-9).ceil();
                prop_assert_eq!(states.byte(StateKind::Room, step, link), Some(share as u8));
            }
            // entering takes people / rate, however it is spread over steps; bytes are rounded up
            let busy: f64 =
                (0..states.steps).map(|step| f64::from(states.byte(StateKind::Flow, step, link).unwrap())).sum();
            let entering_s = busy / 250.0 * states.step_us as f64 / 1e6;
            let traffic = &movement.traffic[street as usize];
            let needed_s = traffic.people as f64 * 3.6e6 / streets[street as usize].rate.unwrap() as f64;
            let rounding_s = states.steps as f64 / 250.0 * states.step_us as f64 / 1e6 + 1e-3;
            prop_assert!(needed_s <= entering_s + 1e-3 && entering_s <= needed_s + rounding_s);
            let passed = recording.passages.by_hour().into_iter().filter(|((of, _), _)| *of == street);
            let (vehicles, people) =
                passed.fold((0, 0), |sum, (_, on)| (sum.0 + on.vehicles, sum.1 + on.people as i64));
            prop_assert_eq!((vehicles, people), (traffic.vehicles, traffic.people));
        }
    }
}
