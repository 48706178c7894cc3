//! What has become of roads and sites: a scenario of the rest with it.

use clearway_model::number::length;
use clearway_model::{
    ClosureKind, ClosureRow, ClosureTarget, LinkRow, Mode, ReportedState, Scenario, SourceRow, SourceStatus,
    WindowRow, WindowTarget, counted, grouped,
};

/// What has become of a road or a site.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedChange {
    /// Of a road and not of a site.
    pub is_road: bool,
    /// Row of the link or site in its table.
    pub row: usize,
    /// What it is now.
    pub state: ReportedState,
    /// For how long it is closed, ms from the time of the new plan; `None`: for good.
    pub for_ms: Option<i64>,
    /// Capacity of the link, pcu/h, on foot people/h.
    pub capacity_pcu_h: Option<f64>,
    /// Places of the site, people, those who are there included.
    pub capacity_people: Option<i64>,
    /// Admission rate of the site, people/h.
    pub admission_people_h: Option<f64>,
    /// Who says so; may be empty.
    pub source: String,
    /// What is uncertain; may be empty.
    pub note: String,
}

/// Makes what was reported part of a scenario that begins when it holds. `arrived`: people who are at each site already, by row. Says in
/// sentences what was changed.
pub fn apply_reported(scenario: &mut Scenario, changes: &[ReportedChange], arrived: &[i64]) -> Vec<String> {
    let mut sentences = Vec::new();
    for change in changes {
        if change.is_road {
            road(scenario, change, &mut sentences);
        } else {
            site(scenario, change, arrived, &mut sentences);
        }
    }
    sentences
}

fn cite(scenario: &mut Scenario, change: &ReportedChange, table: &str, id: &str, field: &str) {
    scenario.sources.retain(|row| !(row.table == table && row.id == id && row.field == field));
    scenario.sources.push(SourceRow {
        table: table.to_owned(),
        id: id.to_owned(),
        field: field.to_owned(),
        status: if change.source.is_empty() { SourceStatus::Assumed } else { SourceStatus::Published },
        source: if change.source.is_empty() { "reported".to_owned() } else { change.source.clone() },
        note: change.note.clone(),
        ..SourceRow::default()
    });
}

fn name_of(name: &str, kind: &str, id: &str) -> String {
    if name.is_empty() { format!("{kind} {id}") } else { format!("{name} ({kind} {id})") }
}

fn for_how_long(change: &ReportedChange) -> String {
    change.for_ms.map_or_else(String::new, |ms| format!(" for {} min", ms / 60_000))
}

fn close(scenario: &mut Scenario, change: &ReportedChange, target: ClosureTarget, id: &str) {
    let mut number = scenario.closures.len() + 1;
    while scenario.closures.iter().any(|row| row.closure_id == format!("reported-{number}")) {
        number += 1;
    }
    let closure_id = format!("reported-{number}");
    scenario.closures.push(ClosureRow {
        closure_id: closure_id.clone(),
        target,
        target_id: id.to_owned(),
        until_ms: change.for_ms,
        kind: ClosureKind::Entry,
        cause: if change.source.is_empty() { "reported".to_owned() } else { change.source.clone() },
        ..ClosureRow::default()
    });
    cite(scenario, change, "closures", &closure_id, "*");
}

/// Takes out what shuts a place, all that stands for itself alone; how much, in words.
fn reopen(scenario: &mut Scenario, target: ClosureTarget, window: WindowTarget, id: &str) -> String {
    let (closures, windows) = (scenario.closures.len(), scenario.windows.len());
    let is_closure = |row: &ClosureRow| row.target == target && row.target_id == id;
    let is_window = |row: &WindowRow| row.target == window && row.target_id == id;
    // who says that it is shut says it of rows that are gone
    let (of_closures, of_windows) = (&scenario.closures, &scenario.windows);
    scenario.sources.retain(|source| match source.table.as_str() {
        "closures" => !of_closures.iter().any(|row| row.closure_id == source.id && is_closure(row)),
        "windows" => !of_windows.iter().any(|row| row.window_id == source.id && is_window(row)),
        _ => true,
    });
    scenario.closures.retain(|row| !is_closure(row));
    // windows say when alone it is open
    scenario.windows.retain(|row| !is_window(row));
    format!(
        "{} and {} taken out",
        counted(length(closures - scenario.closures.len()), "closure", "closures"),
        counted(length(windows - scenario.windows.len()), "window", "windows")
    )
}

fn road(scenario: &mut Scenario, change: &ReportedChange, sentences: &mut Vec<String>) {
    let Some(link) = scenario.links.get(change.row) else { return };
    let id = link.link_id.clone();
    let name = name_of(&link.name, "link", &id);
    match change.state {
        ReportedState::Lost | ReportedState::Closed => {
            close(scenario, change, ClosureTarget::Link, &id);
            sentences.push(format!("{name} is closed{}.", for_how_long(change)));
        }
        ReportedState::Open => {
            let opened = reopen(scenario, ClosureTarget::Link, WindowTarget::Link, &id);
            sentences.push(format!("{name} is open ({opened})."));
        }
        ReportedState::Full | ReportedState::Unsaid => {}
    }
    let is_on_foot = scenario.settings.class.first().is_some_and(|class| class.mode == Mode::Walk);
    if let Some(capacity) = change.capacity_pcu_h {
        let link = &mut scenario.links[change.row];
        let unit = if is_on_foot { "people/h" } else { "pcu/h" };
        set_capacity(link, is_on_foot, capacity);
        let field = if is_on_foot { "walk_capacity_people_h" } else { "capacity_pcu_h" };
        cite(scenario, change, "link", &id, field);
        sentences.push(format!("The capacity of {name} is {capacity} {unit}."));
    }
}

fn set_capacity(link: &mut LinkRow, is_on_foot: bool, capacity: f64) {
    let [value, low, high] = if is_on_foot {
        [
            &mut link.walk_capacity_people_h,
            &mut link.walk_capacity_people_h_low,
            &mut link.walk_capacity_people_h_high,
        ]
    } else {
        [&mut link.capacity_pcu_h, &mut link.capacity_pcu_h_low, &mut link.capacity_pcu_h_high]
    };
    (*value, *low, *high) = (Some(capacity), None, None);
    if !is_on_foot {
        // the GMNS column would contradict it
        link.capacity = None;
    }
}

fn site(scenario: &mut Scenario, change: &ReportedChange, arrived: &[i64], sentences: &mut Vec<String>) {
    let Some(site) = scenario.sites.get_mut(change.row) else { return };
    let id = site.site_id.clone();
    let name = name_of(&site.name, "site", &id);
    let there = arrived.get(change.row).copied().unwrap_or(0);
    if let Some(capacity) = change.capacity_people {
        let left = (capacity - there).max(0);
        (site.capacity_people, site.capacity_people_low, site.capacity_people_high) =
            (Some(left), None, None);
        sentences.push(format!("{name} has {} places, {} of them left.", grouped(capacity), grouped(left)));
    }
    if change.state == ReportedState::Full {
        (site.capacity_people, site.capacity_people_low, site.capacity_people_high) = (Some(0), None, None);
        sentences.push(format!("{name} is full."));
    }
    if let Some(rate) = change.admission_people_h {
        (site.admission_people_h, site.admission_people_h_low, site.admission_people_h_high) =
            (Some(rate), None, None);
        sentences.push(format!("{name} admits {rate} people/h."));
    }
    if change.capacity_people.is_some() || change.state == ReportedState::Full {
        cite(scenario, change, "sites", &id, "capacity_people");
    }
    if change.admission_people_h.is_some() {
        cite(scenario, change, "sites", &id, "admission_people_h");
    }
    match change.state {
        ReportedState::Closed => {
            close(scenario, change, ClosureTarget::Site, &id);
            sentences.push(format!("{name} receives nobody{}.", for_how_long(change)));
        }
        ReportedState::Open => {
            let opened = reopen(scenario, ClosureTarget::Site, WindowTarget::Site, &id);
            let site = &mut scenario.sites[change.row];
            (site.open_from_ms, site.open_until_ms) = (None, None);
            sentences.push(format!("{name} is open ({opened})."));
        }
        _ => {}
    }
}
