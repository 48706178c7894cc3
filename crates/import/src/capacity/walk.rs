//! Capacity and time on foot.

/// Sustained flow of mixed groups on a road, people per second and metre of usable width: low, central, high (rule PED-05).
pub const WALK_FLOW_PEOPLE_M_S: [f64; 3] = [0.5, 0.65, 0.8];
/// Speed of mixed families, m/s (rule PED-08).
pub const WALK_SPEED_M_S: f64 = 1.0;
/// Mean free speed of adults, m/s (rule PED-01), for the fastest time.
pub const WALK_SPEED_FAST_M_S: f64 = 1.34;
/// Assumed width of one sidewalk, m.
pub const SIDEWALK_WIDTH_M: f64 = 1.5;

/// Flow on foot in one direction, people/h, whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct WalkRange {
    /// Half the width at 0.5 people per second and metre.
    pub low: f64,
    /// Half the width at 0.65.
    pub central: f64,
    /// The whole width at 0.8: nobody comes the other way.
    pub optimistic: f64,
}

/// Capacity on foot of one direction of a way of this usable width in m.
///
/// ```
/// let range = clearway_import::capacity::walk_capacity(6.0);
/// // 3 m x 0.65 people/(m s) x 3600 s/h
/// assert_eq!((range.low, range.central, range.optimistic), (5400.0, 7020.0, 17280.0));
/// ```
pub fn walk_capacity(width_m: f64) -> WalkRange {
    let flow = |width: f64, rate: f64| (width * rate * 3600.0).round().max(1.0);
    let [low, central, high] = WALK_FLOW_PEOPLE_M_S;
    WalkRange {
        low: flow(width_m / 2.0, low),
        central: flow(width_m / 2.0, central),
        optimistic: flow(width_m, high),
    }
}
