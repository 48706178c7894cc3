//! What helps those on foot, and what it costs those with vehicles.

use super::{InterventionGain, InterventionTrial};
use crate::error::Error;
use clearway_model::{BottleneckKind, LaneChoice, LinkRow, Means, PopulationGroups, Scenario, WalkSettings};
use clearway_multimodal::parts::{CommittedByOthers, part, people_of};
use clearway_plan::PlanAnswer;

/// A change for those on foot.
struct WalkChange {
    words: String,
    groups: PopulationGroups,
    takes_lanes: bool,
}

impl InterventionTrial<'_> {
    /// One more lane for walkers where they are held up most, one more hour of the day's walk: what the bound of those on foot gains, and
    /// what that of those with vehicles (`driving` as it is) loses.
    pub(super) fn on_foot(
        &mut self,
        scenario: &Scenario,
        groups: &PopulationGroups,
        driving: &PlanAnswer,
    ) -> Result<(), Error> {
        let Some(walk) = groups.settings.walk.as_ref().filter(|_| people_of(groups, Means::Walk) > 0) else {
            return Ok(());
        };
        let base = self.of(scenario, groups, Means::Walk, "bounds/on-foot-as-it-is")?;
        let drives = people_of(groups, Means::Vehicle) > 0;
        for (index, change) in self.changes(scenario, groups, walk, &base).into_iter().enumerate() {
            let folder = format!("bounds/on-foot-{}", index + 1);
            let answer = self.of(scenario, &change.groups, Means::Walk, &folder)?;
            let words = format!("{}, for those who walk", change.words);
            let mut gain = InterventionGain::between(&base, &answer, words, folder.clone());
            if drives && change.takes_lanes {
                let vehicles = format!("{folder}-vehicles");
                let after = self.of(scenario, &change.groups, Means::Vehicle, &vehicles)?;
                let lost = InterventionGain::between(driving, &after, String::new(), String::new());
                gain.intervention += &format!(
                    " (those with vehicles: all {}, {:.0} person-hours more)",
                    lost.clearance_s
                        .map_or_else(|| "no longer".to_owned(), |s| format!("{:.2} h later", -s / 3600.0)),
                    -lost.person_hours
                );
            }
            self.gains.push(gain);
        }
        Ok(())
    }

    /// The bound of one travel mode, with nothing taken from it.
    fn of(
        &mut self,
        scenario: &Scenario,
        groups: &PopulationGroups,
        means: Means,
        folder: &str,
    ) -> Result<PlanAnswer, Error> {
        let nothing = CommittedByOthers::nothing(scenario.sites.len());
        self.proved(folder, part(scenario, groups, means, &nothing), folder)
    }

    /// What might be changed.
    fn changes(
        &self,
        scenario: &Scenario,
        groups: &PopulationGroups,
        walk: &WalkSettings,
        base: &PlanAnswer,
    ) -> Vec<WalkChange> {
        let mut changes = Vec::new();
        if let Some(until) = walk.day_until_ms {
            let mut changed = groups.clone();
            if let Some(walk) = &mut changed.settings.walk {
                walk.day_until_ms = Some(until + 3_600_000);
            }
            let words = "one more hour of the day's walk".to_owned();
            changes.push(WalkChange { words, groups: changed, takes_lanes: false });
        }
        let links = base.bottlenecks.iter().filter(|b| b.element == BottleneckKind::Link);
        for bottleneck in links.take(self.request.most.div_ceil(3)) {
            let link = scenario.links.iter().find(|link| link.link_id == bottleneck.id);
            changes.extend(link.and_then(|link| one_more_lane(groups, walk, link)));
        }
        changes
    }
}

/// One more lane of a link for walkers; `None` where there is none.
fn one_more_lane(groups: &PopulationGroups, walk: &WalkSettings, link: &LinkRow) -> Option<WalkChange> {
    let own = walk.lane.iter().find(|choice| choice.link_id == link.link_id);
    let lanes = own.map_or(walk.lanes, |choice| choice.lanes);
    let more = (lanes + 1.0).min(link.lanes.unwrap_or(1.0));
    if link.capacity_pcu_h.is_none() || more <= lanes {
        return None;
    }
    let mut changed = groups.clone();
    if let Some(walk) = &mut changed.settings.walk {
        walk.lane.retain(|choice| choice.link_id != link.link_id);
        walk.lane.push(LaneChoice { link_id: link.link_id.clone(), lanes: more });
    }
    let name = if link.name.is_empty() { "link".to_owned() } else { format!("{}, link", link.name) };
    let words = format!("{more} instead of {lanes} lanes for those on foot on {name} {}", link.link_id);
    Some(WalkChange { words, groups: changed, takes_lanes: true })
}
