//! How many vehicles fit on a road, and how fast a gap travels back through those that stand.

/// Room that a standing passenger car takes in its lane, m: its length and the gap before it. 7.5 m is the default of SUMO (5 m and
/// 2.5 m) and of MATSim.
pub const SPACING_M: f64 = 7.5;
/// Speed at which a freed space travels back through standing vehicles, km/h. Counts on motorways give 15 to 20 (e.g. Kerner, The
/// Physics of Traffic, 2004, about 15).
pub const WAVE_KM_H: f64 = 15.0;

/// What the room of a road follows from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoadRoom {
    /// Length, m.
    pub length_m: f64,
    /// Lanes side by side; at least one half, where vehicles share a narrow road.
    pub lanes: f64,
    /// Passenger-car units of a vehicle.
    pub pcu_per_vehicle: f64,
    /// Vehicles that can enter, 1/h.
    pub vehicles_h: f64,
    /// Free-flow travel time, s.
    pub travel_s: f64,
}

/// Room and backward wave of a road.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Storage {
    /// How many vehicles it holds.
    pub vehicles: u32,
    /// How long a freed space takes to be of use at its beginning, µs.
    pub wave_us: i64,
}

impl RoadRoom {
    /// Vehicles that fit: length x lanes / spacing, and never fewer than the road's own flow needs, q x (tau + L / w) + 1. A road
    /// with less room could not carry the capacity that it is given, however smoothly its vehicles follow each other.
    pub fn storage(&self, spacing_m: f64, wave_km_h: f64) -> Storage {
        let wave_s = self.length_m.max(0.0) * 3.6 / wave_km_h;
        let fit = self.length_m * self.lanes / (spacing_m * self.pcu_per_vehicle);
        let needed = self.vehicles_h / 3600.0 * (self.travel_s + wave_s) + 1.0;
        // a part of a vehicle more than what is needed is one vehicle more; beyond 4 billion there is no such road
        let vehicles = fit.floor().max(needed.ceil()).clamp(1.0, f64::from(u32::MAX));
        Storage { vehicles: vehicles as u32, wave_us: (wave_s * 1e6).round() as i64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 km, 2 lanes, 7.5 m: 266 cars; 3,600 cars per hour at 60 km/h need 60 s + 240 s = 301 places.
    #[test]
    fn a_road_holds_what_fits_and_what_its_flow_needs() {
        let road = RoadRoom {
            length_m: 1000.0,
            lanes: 2.0,
            pcu_per_vehicle: 1.0,
            vehicles_h: 1800.0,
            travel_s: 60.0,
        };
        assert_eq!(road.storage(SPACING_M, WAVE_KM_H), Storage { vehicles: 266, wave_us: 240_000_000 });
        let busy = RoadRoom { vehicles_h: 3600.0, ..road };
        assert_eq!(busy.storage(SPACING_M, WAVE_KM_H).vehicles, 301);
        let buses = RoadRoom { pcu_per_vehicle: 2.0, vehicles_h: 100.0, ..road };
        assert_eq!(buses.storage(SPACING_M, WAVE_KM_H).vehicles, 133);
        let no_length = RoadRoom { length_m: 0.0, vehicles_h: 100.0, travel_s: 0.0, ..road };
        assert_eq!(no_length.storage(SPACING_M, WAVE_KM_H).vehicles, 1);
    }
}
