//! What one column of a table may hold: name, whether it must be given, limits. The reader, the check and the JSON Schemas
//! all go by the same list.

/// A column and its limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TableColumn {
    /// Name in the header; ends in the unit.
    pub name: &'static str,
    /// Every row must give it.
    pub required: bool,
    /// An id or a reference to one: no spaces at its ends.
    pub is_id: bool,
    /// Must be greater than this.
    pub above: Option<f64>,
    /// Must not be less than this.
    pub at_least: Option<f64>,
    /// Must not be greater than this; more is absurd, and most often another unit.
    pub at_most: Option<f64>,
}

impl TableColumn {
    const fn new(name: &'static str) -> Self {
        Self { name, required: false, is_id: false, above: None, at_least: None, at_most: None }
    }

    /// An id or a reference, required.
    pub(crate) const fn id(name: &'static str) -> Self {
        Self { is_id: true, required: true, ..Self::new(name) }
    }

    /// A reference that may be empty.
    pub(crate) const fn optional_id(name: &'static str) -> Self {
        Self { is_id: true, ..Self::new(name) }
    }

    /// A cell that must be given.
    pub(crate) const fn required(name: &'static str) -> Self {
        Self { required: true, ..Self::new(name) }
    }

    /// A cell that may be empty.
    pub(crate) const fn optional(name: &'static str) -> Self {
        Self::new(name)
    }

    pub(crate) const fn above(mut self, limit: f64) -> Self {
        self.above = Some(limit);
        self
    }

    pub(crate) const fn at_least(mut self, limit: f64) -> Self {
        self.at_least = Some(limit);
        self
    }

    pub(crate) const fn at_most(mut self, limit: f64) -> Self {
        self.at_most = Some(limit);
        self
    }

    /// Whether the number is within the limits.
    pub fn allows(&self, number: f64) -> bool {
        number.is_finite()
            && self.above.is_none_or(|limit| number > limit)
            && self.at_least.is_none_or(|limit| number >= limit)
            && self.at_most.is_none_or(|limit| number <= limit)
    }

    /// The limits in words: `more than 0 and at most 20000`; empty if there are none.
    pub fn limits(&self) -> String {
        let parts = [("more than", self.above), ("at least", self.at_least), ("at most", self.at_most)];
        let parts: Vec<String> =
            parts.iter().filter_map(|(words, limit)| limit.map(|limit| format!("{words} {limit}"))).collect();
        parts.join(" and ")
    }

    /// What the unit in the name means, as a hint for a figure out of its limits; empty where there is nothing to say.
    pub fn unit_hint(&self) -> &'static str {
        // the ends of a range have the unit of their figure
        let stem = self.name.trim_end_matches("_low").trim_end_matches("_high");
        match stem {
            "zone_id" => "the people of a row without id are in no zone",
            "walk_capacity_people_h" | "admission_people_h" => "people per hour",
            "x_coord" => "longitude in degrees (WGS 84); figures beyond 180 are metres of a map projection",
            "y_coord" => "latitude in degrees (WGS 84); are longitude and latitude swapped?",
            "share" => "a share between 0 and 1, not per cent",
            "length" => "GMNS length is in km",
            "free_speed" => "GMNS speed is in km/h",
            "capacity" => "GMNS capacity is in pcu/h per lane",
            _ if stem.ends_with("_ms") => "whole milliseconds since the start: 1 min = 60000, 1 h = 3600000",
            _ if stem.ends_with("_pcu_h") => "passenger-car units per hour, all lanes together",
            _ if stem.ends_with("_pcu") => "passenger-car units that stand on the link, all lanes together",
            _ if stem.ends_with("_m2") => "square metres",
            _ if stem.ends_with("_m") => "metres",
            _ if stem.ends_with("people") => "people, not thousands of people",
            _ => "",
        }
    }
}
