//! Where each figure of a composed scenario comes from: the rows of `sources.csv`.

use crate::connectors::{DRIVE_M_S, LEAST, MOST, PEOPLE_PER_CONNECTOR, WALK_M_S};
use crate::request::{ComposeInputs, MobilizationSpeed};
use clearway_model::{Mode, SourceRow, SourceStatus};

/// Rows of `sources.csv`, collected while a scenario is made, in the order in which choices are made.
#[derive(Debug, Default)]
pub(crate) struct SourceRows(pub(crate) Vec<SourceRow>);

impl SourceRows {
    /// A row for all ids of a table.
    pub(crate) fn add(
        &mut self,
        table: &str,
        field: &str,
        status: SourceStatus,
        source: impl Into<String>,
        note: impl Into<String>,
    ) {
        self.add_of(table, "*", field, status, source, note);
    }

    /// The same for the row of one id.
    pub(crate) fn add_of(
        &mut self,
        table: &str,
        id: &str,
        field: &str,
        status: SourceStatus,
        source: impl Into<String>,
        note: impl Into<String>,
    ) {
        self.0.push(SourceRow {
            table: table.into(),
            id: id.into(),
            field: field.into(),
            status,
            source: source.into(),
            note: note.into(),
            ..SourceRow::default()
        });
    }
}

/// What a figure that was asked for on the command line is called.
pub(crate) const COMMAND_LINE: &str = "given on the command line";

/// A default of the tool that has no other source.
pub(crate) const OUR_DEFAULT: &str = "Clearway default";

const SPREAD: &str =
    "spread over its streets by length; connectors have no limit of their own, the links behind them have";

/// Rows for the settings and the connectors, the parts that do not depend on how zones and sites are made.
pub(crate) fn of_request(request: &ComposeInputs, sources: &mut SourceRows) {
    let given = |is: bool| {
        if is { (SourceStatus::Published, COMMAND_LINE) } else { (SourceStatus::Default, OUR_DEFAULT) }
    };
    let mut setting = |field: &str, is_given: bool, note: &str| {
        let (status, source) = given(is_given);
        sources.add("scenario", field, status, source, if is_given { "" } else { note });
    };
    setting(
        "start",
        request.start.is_some(),
        "an arbitrary date and time: give the real one before clock times are read",
    );
    setting("time_zone", request.time_zone.is_some(), "UTC");
    setting("horizon_ms", request.horizon_ms.is_some(), "72 h");
    setting(
        "margin_share",
        request.margin_share.is_some(),
        "25 % on required time; by analogy with the safety factor of 1.25 in ship evacuation analysis",
    );
    match (request.mode, request.people_per_vehicle) {
        (Mode::Vehicle, Some(_)) => {
            sources.add("scenario", "class.people_per_vehicle", SourceStatus::Assumed, COMMAND_LINE, "");
        }
        (Mode::Vehicle, None) => sources.add(
            "scenario",
            "class.people_per_vehicle",
            SourceStatus::Assumed,
            "KLD Engineering evacuation time estimate reports: 2 to 3 people per car in the United States",
            "2.5, range 2 to 3; quoted from memory and not checked against the reports; far higher where vehicles are scarce: calibrate locally",
        ),
        (Mode::Walk, _) => {}
    }
    if request.mode == Mode::Vehicle {
        let note = "1: the class is a passenger car, the unit in which capacities are counted";
        sources.add("scenario", "class.pcu_per_vehicle", SourceStatus::Default, OUR_DEFAULT, note);
    }
    match request.release.unwrap_or_default() {
        MobilizationSpeed::Instant => sources.add(
            "zones",
            "mobilization_id",
            SourceStatus::Assumed,
            COMMAND_LINE,
            "everyone is ready at time 0: people need time to get ready, so this is a limit and not an expectation",
        ),
        release => sources.add(
            "mobilization",
            "share",
            if request.release.is_some() { SourceStatus::Assumed } else { SourceStatus::Default },
            "Rayleigh mobilization curve 1 - exp(-t^2 / 2 sigma^2) (Tweedie et al. 1986), stretched to the fast, medium and slow classes of about 3, 6 and 9 h used by the US Army Corps of Engineers",
            format!(
                "{}: 99 % ready at {} h, the rest in the last quarter of an hour before; quoted from memory and not checked against the documents",
                release.id(),
                release.duration_ms() / 3_600_000
            ),
        ),
    }
    let speed = match request.mode {
        Mode::Vehicle => format!("{} km/h", DRIVE_M_S * 3.6),
        Mode::Walk => format!("{WALK_M_S} m/s"),
    };
    sources.add(
        "connectors",
        "time_ms",
        SourceStatus::Assumed,
        OUR_DEFAULT,
        format!("zones: mean straight distance from the node of those of the zone's people for whom it is the nearest of its nodes; sites: straight distance from the node; at {speed}; 0 where a road leaves the area"),
    );
    sources.add(
        "connectors",
        "node_id",
        if request.connectors_per_zone.is_some() { SourceStatus::Derived } else { SourceStatus::Default },
        OUR_DEFAULT,
        match request.connectors_per_zone {
            Some(most) => format!("up to {most} nodes per zone, {SPREAD}"),
            None => format!("one node per {PEOPLE_PER_CONNECTOR} people, at least {LEAST} and at most {MOST} per zone, {SPREAD}"),
        },
    );
}
