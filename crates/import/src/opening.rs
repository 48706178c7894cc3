//! When a road is open, over the cases of a scenario.

/// Whether a direction of a road is open. Ordered by how open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) enum RoadOpening {
    /// Closed in all cases of a scenario.
    Closed,
    /// In the optimistic case only: the map says that it is open at times, or does not say clearly that it is closed.
    Optimistic,
    /// Open in all cases of a scenario.
    #[default]
    Open,
}

impl RoadOpening {
    /// Of several ways to read a map: open if it is open in each, open in the optimistic case if it is in one.
    pub fn of_readings(readings: impl IntoIterator<Item = Self>) -> Self {
        let mut all = readings.into_iter();
        let Some(first) = all.next() else { return Self::Open };
        let (least, most) = all.fold((first, first), |(least, most), one| (least.min(one), most.max(one)));
        if least == most { least } else { Self::Optimistic }
    }
}
