//! Sites with their places in the road network.

use crate::exit_sites::number;
use crate::exits::ExitKind;
use crate::join::connector;
use crate::report::ComposeReport;
use crate::roads::IndexedRoads;
use crate::sites::SiteDraft;
use clearway_model::{ConnectorPlace, ConnectorRow};
use std::collections::{BTreeMap, BTreeSet};

/// Sites and where they are joined to the roads.
pub(crate) struct ArrivalSites {
    pub(crate) sites: Vec<SiteDraft>,
    /// For each site the ids of its nodes, with the time from there to the site, ms.
    pub(crate) ends: Vec<Vec<(String, i64)>>,
    /// Where the sites were made of exits: what kind each node is. Such sites get their ids last.
    pub(crate) exits: Option<BTreeMap<String, ExitKind>>,
    /// With exits: nodes beyond them from which one gets away from the area.
    pub(crate) beyond: BTreeSet<String>,
}

impl ArrivalSites {
    /// Which nodes are joined to a site.
    pub(crate) fn goals(&self, roads: &IndexedRoads) -> Vec<bool> {
        let at = roads.nodes_by_id();
        let mut goals = vec![false; roads.node_count()];
        for node in self.ends.iter().flatten().filter_map(|(id, _)| at.get(id.as_str())) {
            goals[*node] = true;
        }
        goals
    }

    /// [`ArrivalSites::goals`], and what lies beyond exits: people who live along a road there have a way.
    pub(crate) fn goals_and_beyond(&self, roads: &IndexedRoads) -> Vec<bool> {
        let mut goals = self.goals(roads);
        for (goal, node) in goals.iter_mut().zip(&roads.network.nodes) {
            *goal |= self.beyond.contains(&node.node_id);
        }
        goals
    }

    /// Leaves out exits that no zone has a way to, such as those of a few streets cut off at the map's edge. Given sites are kept.
    pub(crate) fn leave_out_unreached(
        &mut self,
        roads: &IndexedRoads,
        starts: &[ConnectorRow],
        report: &mut ComposeReport,
    ) {
        if self.exits.is_none() {
            return;
        }
        let at = roads.nodes_by_id();
        let mut start = vec![false; roads.node_count()];
        for node in starts.iter().filter_map(|row| at.get(row.node_id.as_str())) {
            start[*node] = true;
        }
        let reached = roads.reachable_from(&start);
        let is_reached = |id: &str| at.get(id).is_some_and(|&node| reached[node]);
        let mut left_out: Vec<String> = Vec::new();
        let (sites, ends) = std::mem::take(&mut self.sites)
            .into_iter()
            .zip(std::mem::take(&mut self.ends))
            .filter_map(|(site, mut ends)| {
                ends.retain(|(id, _)| is_reached(id));
                if ends.is_empty() {
                    left_out.push(site.row.name);
                    return None;
                }
                Some((site, ends))
            })
            .unzip();
        (self.sites, self.ends) = (sites, ends);
        number(&mut self.sites);
        if !left_out.is_empty() {
            report.notes.push(format!(
                "{} exits that no zone has a way to are left out: {}",
                left_out.len(),
                left_out.join("; ")
            ));
        }
    }

    /// How many exits there are of each kind.
    pub(crate) fn kinds(&self) -> BTreeMap<ExitKind, usize> {
        let mut count = BTreeMap::new();
        for kind in self.ends.iter().flatten().filter_map(|(id, _)| self.exits.as_ref()?.get(id)) {
            *count.entry(*kind).or_insert(0) += 1;
        }
        count
    }

    /// Rows that join the sites to their nodes.
    pub(crate) fn connectors(&self) -> Vec<ConnectorRow> {
        self.sites
            .iter()
            .zip(&self.ends)
            .flat_map(|(site, ends)| {
                let id = &site.row.site_id;
                ends.iter().enumerate().map(|(number, (node, time))| {
                    connector(ConnectorPlace::Site, id, number + 1, node, *time)
                })
            })
            .collect()
    }
}
