//! Units of a TNTP map as arguments.

use crate::args::{TntpArgs, TntpLengthName, TntpPlaneName, TntpTimeName};
use clearway::{TntpCoordinates, TntpLength, TntpOptions, TntpTime};

impl From<&TntpArgs> for TntpOptions {
    fn from(args: &TntpArgs) -> Self {
        Self {
            length: args.tntp_length_unit.map(|unit| match unit {
                TntpLengthName::Km => TntpLength::Kilometre,
                TntpLengthName::M => TntpLength::Metre,
                TntpLengthName::Miles => TntpLength::Mile,
                TntpLengthName::Feet => TntpLength::Foot,
                TntpLengthName::Drawn => TntpLength::Drawn,
            }),
            time: args.tntp_time_unit.map(|unit| match unit {
                TntpTimeName::S => TntpTime::Second,
                TntpTimeName::Min => TntpTime::Minute,
                TntpTimeName::H => TntpTime::Hour,
                TntpTimeName::HundredthH => TntpTime::HundredthHour,
            }),
            capacity_h: args.tntp_capacity_hours,
            coordinates: args.tntp_coordinate_unit.map(|unit| {
                TntpCoordinates::Plane(match unit {
                    TntpPlaneName::Km => TntpLength::Kilometre,
                    TntpPlaneName::M => TntpLength::Metre,
                    TntpPlaneName::Miles => TntpLength::Mile,
                    TntpPlaneName::Feet => TntpLength::Foot,
                })
            }),
        }
    }
}
