//! What a route passes: connectors, links, admissions, each with a rate, a travel time and an open set.

use crate::{NodeIndex, SiteIndex, ZoneIndex};
use clearway_flow::TimeSet;
use clearway_model::{Case, ClassOfUsers, ConnectorRow, Figure, LinkRow, Mode};

/// The table that an element comes from and its row there, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ElementKind {
    /// Row of `connectors.csv`: a connector of a zone or of a site.
    Connector(usize),
    /// Row of `link.csv`: a link in one direction.
    Link(usize),
    /// Row of `sites.csv`: being let in there.
    Admission(usize),
}

/// What an element leads from and to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ElementEnds {
    /// A connector of a zone.
    FromZone {
        /// The zone that people leave by it.
        zone: ZoneIndex,
        /// The node at which they come onto the roads.
        node: NodeIndex,
    },
    /// A link, from one node to another.
    BetweenNodes {
        /// The node at which it begins.
        from: NodeIndex,
        /// The node at which it ends.
        to: NodeIndex,
    },
    /// A connector of a site.
    ToSite {
        /// The node at which people leave the roads.
        node: NodeIndex,
        /// The site that they come to.
        site: SiteIndex,
    },
    /// The admission of a site: from before its door to inside.
    IntoSite {
        /// The site that takes people in.
        site: SiteIndex,
    },
}

impl ElementEnds {
    /// The node at which it begins; `None` for connectors of zones and admissions.
    #[inline]
    pub const fn node_before(self) -> Option<NodeIndex> {
        match self {
            Self::BetweenNodes { from: node, .. } | Self::ToSite { node, .. } => Some(node),
            Self::FromZone { .. } | Self::IntoSite { .. } => None,
        }
    }

    /// The node at which it ends; `None` for connectors of sites and admissions.
    #[inline]
    pub const fn node_after(self) -> Option<NodeIndex> {
        match self {
            Self::FromZone { node, .. } | Self::BetweenNodes { to: node, .. } => Some(node),
            Self::ToSite { .. } | Self::IntoSite { .. } => None,
        }
    }

    /// The zone that it leads out of; `None` for all but connectors of zones.
    #[inline]
    pub const fn zone(self) -> Option<ZoneIndex> {
        match self {
            Self::FromZone { zone, .. } => Some(zone),
            _ => None,
        }
    }

    /// The site that it leads to or into; `None` for links and connectors of zones.
    #[inline]
    pub const fn site(self) -> Option<SiteIndex> {
        match self {
            Self::ToSite { site, .. } | Self::IntoSite { site } => Some(site),
            _ => None,
        }
    }
}

/// What a route passes: a connector, a link or an admission.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkElement {
    /// The row that it comes from.
    pub kind: ElementKind,
    /// What it leads from and to.
    pub ends: ElementEnds,
    /// How many enter it at most, thousandths of a person per hour; `None`: unlimited.
    pub rate: Option<u64>,
    /// Travel time, from entering it to its end, ms.
    pub tau: i64,
    /// When it may be entered.
    pub open: TimeSet,
}

/// People per hour in thousandths; rounded half up as `docs/reference/semantics.md` says, what is negative to 0.
fn thousandths(people_h: f64) -> u64 {
    (people_h * 1000.0 + 0.5).floor().max(0.0) as u64
}

/// People per vehicle in a case, and passenger-car units per vehicle.
pub(crate) fn per_pcu(class: &ClassOfUsers, case: Case) -> (f64, f64) {
    let occupancy = Figure::new(
        class.people_per_vehicle.unwrap_or(1.0),
        class.people_per_vehicle_low,
        class.people_per_vehicle_high,
    );
    (occupancy.more_is_better(case), class.pcu_per_vehicle)
}

/// Rate of a link for a class in a case; 0 if the class cannot use it.
pub fn link_rate(link: &LinkRow, class: &ClassOfUsers, case: Case) -> u64 {
    match class.mode {
        Mode::Vehicle => {
            let Some(value) = link.capacity_pcu_h else { return 0 };
            let capacity =
                Figure::new(value, link.capacity_pcu_h_low, link.capacity_pcu_h_high).more_is_better(case);
            let reserved = if case == Case::Optimistic { 0.0 } else { link.reserved_pcu_h.unwrap_or(0.0) };
            let (occupancy, pcu) = per_pcu(class, case);
            thousandths((capacity - reserved).max(0.0) * occupancy / pcu)
        }
        Mode::Walk => {
            let Some(value) = link.walk_capacity_people_h else { return 0 };
            thousandths(
                Figure::new(value, link.walk_capacity_people_h_low, link.walk_capacity_people_h_high)
                    .more_is_better(case),
            )
        }
    }
}

/// Travel time of a link, ms; `None` if the class cannot use it.
pub(crate) fn link_time(link: &LinkRow, class: &ClassOfUsers, case: Case) -> Option<i64> {
    let (value, low) = match class.mode {
        Mode::Vehicle => (link.time_ms?, link.time_ms_low),
        Mode::Walk => (link.walk_time_ms?, link.walk_time_ms_low),
    };
    Some(if case == Case::Optimistic { low.unwrap_or(value) } else { value })
}

/// Rate of a connector, `None` if unlimited.
pub(crate) fn connector_rate(connector: &ConnectorRow, class: &ClassOfUsers, case: Case) -> Option<u64> {
    let value = connector.capacity_pcu_h?;
    let capacity =
        Figure::new(value, connector.capacity_pcu_h_low, connector.capacity_pcu_h_high).more_is_better(case);
    Some(match class.mode {
        Mode::Vehicle => {
            let (occupancy, pcu) = per_pcu(class, case);
            thousandths(capacity * occupancy / pcu)
        }
        Mode::Walk => thousandths(capacity),
    })
}

/// Admission rate, thousandths of a person per hour.
pub(crate) fn admission_rate(
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    case: Case,
) -> Option<u64> {
    Some(thousandths(Figure::new(value?, low, high).more_is_better(case)))
}
