//! Where each figure of the capacity table comes from.

/// Whether a figure was read where it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureCheck {
    /// Read in the publisher's own document.
    Yes,
    /// Read as quoted by a third party.
    Quoted,
    /// Given from memory of the named document, to be verified.
    No,
    /// Nobody states it: an assumption of this tool.
    Assumed,
}

impl FigureCheck {
    /// In words, for notes.
    pub fn words(self) -> &'static str {
        match self {
            Self::Yes => "verified: yes",
            Self::Quoted => "verified: no, read as quoted by a third party",
            Self::No => "verified: no, from memory of the named document",
            Self::Assumed => "assumed by the tool",
        }
    }
}

/// One figure behind a column of `link.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CapacityFigure {
    /// Column it goes into.
    pub field: &'static str,
    /// Rule id, empty for assumptions.
    pub rule: &'static str,
    /// What the source states, in words with its figures.
    pub statement: &'static str,
    /// Who states it; empty for assumptions.
    pub source: &'static str,
    /// How far it was checked.
    pub verified: FigureCheck,
}

const MEFR: &str =
    "Dixit and Wolshon, TRB 90th Annual Meeting 2011, paper 11-4115 (hurricanes Ivan, Katrina, Gustav)";
const HCM: &str = "Highway Capacity Manual, 6th and 7th ed.";

/// All figures behind the defaults, in the order of the columns.
pub const FIGURES: &[CapacityFigure] = &[
    CapacityFigure {
        field: "capacity_pcu_h_high",
        rule: "TRA-01",
        statement: "motorway 2400 pcu/h per lane (range 2250 to 2400 for 55 to 70+ mph)",
        source: HCM,
        verified: FigureCheck::No,
    },
    CapacityFigure {
        field: "capacity_pcu_h_high",
        rule: "TRA-02",
        statement: "ramps of motorways and trunk roads, trunk roads with two or more lanes per direction 2200 pcu/h per lane (range 1900 to 2200 for multilane roads)",
        source: HCM,
        verified: FigureCheck::No,
    },
    CapacityFigure {
        field: "capacity_pcu_h_high",
        rule: "TRA-03",
        statement: "two-lane roads above 35 mph 1700 pcu/h per direction",
        source: HCM,
        verified: FigureCheck::Quoted,
    },
    CapacityFigure {
        field: "capacity_pcu_h_high",
        rule: "TRA-04",
        statement: "two-lane streets up to 20, 25, 30, 35 mph: 900, 1125, 1350, 1575 pcu/h per lane",
        source: "Highway Capacity Manual 2022, as read by an open-source repository",
        verified: FigureCheck::Quoted,
    },
    CapacityFigure {
        field: "capacity_pcu_h_high",
        rule: "TRA-05",
        statement: "other roads with two or more lanes per direction 1900 pcu/h per lane (base saturation flow, green held)",
        source: "FHWA, HPMS Field Manual, Appendix N",
        verified: FigureCheck::Quoted,
    },
    CapacityFigure {
        field: "capacity_pcu_h",
        rule: "TRA-06",
        statement: "the optimistic value less 10 % (motorways, trunk roads, their ramps) or 15 % (others), as observed in evacuations",
        source: MEFR,
        verified: FigureCheck::Yes,
    },
    CapacityFigure {
        field: "capacity_pcu_h",
        rule: "TRA-05",
        statement: "before that, at a traffic signal at most 1900 pcu/h x g/C per lane; g/C is assumed to be 0.5 unless given",
        source: "FHWA, HPMS Field Manual, Appendix N (1900); g/C assumed",
        verified: FigureCheck::Quoted,
    },
    CapacityFigure {
        field: "capacity_pcu_h_low",
        rule: "TRA-07",
        statement: "600 veh/h per lane sustained, never above the central value",
        source: MEFR,
        verified: FigureCheck::Yes,
    },
    CapacityFigure {
        field: "reserved_pcu_h",
        rule: "",
        statement: "5 % of the central capacity, rounded to whole pcu/h, kept free for responders and aid; all of it where the map closes the road at times, on conditions or perhaps: such a road is open in the optimistic case only",
        source: "",
        verified: FigureCheck::Assumed,
    },
    CapacityFigure {
        field: "lanes",
        rule: "",
        statement: "where the map states none: 2 per direction on motorways, 1 elsewhere; for the optimistic capacity one more on motorways to secondary roads and their ramps",
        source: "",
        verified: FigureCheck::Assumed,
    },
    CapacityFigure {
        field: "lanes",
        rule: "",
        statement: "one lane for both directions (lanes=1, passing places, up to 4 m wide): half a lane for either, a whole one for the optimistic capacity",
        source: "",
        verified: FigureCheck::Assumed,
    },
    CapacityFigure {
        field: "time_ms",
        rule: "",
        statement: "length over the posted limit; where the map states none: default speed of the road class",
        source: "",
        verified: FigureCheck::Assumed,
    },
    CapacityFigure {
        field: "time_ms_low",
        rule: "",
        statement: "8 km/h (5 mph) above the posted limit; where the map states none: 1.25 x the default speed of the road class",
        source: "",
        verified: FigureCheck::Assumed,
    },
    CapacityFigure {
        field: "walk_capacity_people_h",
        rule: "PED-05",
        statement: "half the usable width x 0.65 people/(m s); low: x 0.5; high: the whole width x 0.8",
        source: "derived from Fruin 1971, levels of service C to D",
        verified: FigureCheck::No,
    },
    CapacityFigure {
        field: "walk_capacity_people_h",
        rule: "",
        statement: "usable width where the map states none: lanes x lane width of the class, 1.5 m for each tagged sidewalk; paths by class",
        source: "",
        verified: FigureCheck::Assumed,
    },
    CapacityFigure {
        field: "walk_time_ms",
        rule: "PED-08",
        statement: "1.0 m/s for mixed families (range 0.6 to 1.0)",
        source: "MUTCD; tsunami plans of Japan",
        verified: FigureCheck::No,
    },
    CapacityFigure {
        field: "walk_time_ms_low",
        rule: "PED-01",
        statement: "1.34 m/s, mean free speed of adults",
        source: "Weidmann 1993",
        verified: FigureCheck::No,
    },
];
