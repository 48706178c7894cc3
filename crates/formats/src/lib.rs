//! Files in and out: the scenario folder of `docs/reference/scenario.md`, the JSON files of `docs/reference/plan.md`.
//!
//! * [`read_scenario`] reads a `Store` and reports every fault at once, each with file, row, field, value, what was
//!   expected and a hint; [`check_scenario`] does the same for a scenario built in memory.
//! * [`write_scenario`] and [`OutputFolder`] write a folder whole or not at all.
//! * [`read_plan`], [`plan_json`] and their kin read and write the answer's JSON files.
//! * [`schemas`] gives the JSON Schemas of all of them.
//!
//! Nothing here plans, draws or talks to a terminal.

mod assumptions;
mod cell;
mod check;
mod column;
mod csv_text;
mod encoding;
mod features;
mod findings;
mod json_read;
mod json_write;
mod mode_figures;
mod modes;
mod multimodal;
mod nearest;
mod number;
mod origin;
mod read;
mod rows;
mod schema;
mod schema_tables;
mod settings_read;
mod shapes;
mod shapes_check;
mod sources;
mod spreadsheet;
mod table;
mod upgrade;
mod write;

pub use assumptions::assumptions;
pub use cell::{CellValue, ReadCell};
pub use check::check_scenario;
pub use column::TableColumn;
pub use csv_text::{csv_for_spreadsheets, csv_text};
pub use json_read::{read_certificate, read_plan, read_summary};
pub use json_write::{certificate_json, plan_json, summary_json};
pub use mode_figures::{boarding_ms, departures, part_folders, road_shares, share_of, time_at, uses_of};
pub use multimodal::{multimodal_files, read_groups, read_scenario_with_groups};
pub use nearest::nearest;
pub use number::short;
pub use read::{read_scenario, read_to_connect, scenario_files};
pub use rows::zone_outcomes_csv;
pub use schema::{schema_text, schemas};
pub use shapes::{HazardShape, ScenarioShapes, read_shapes};
pub use sources::FigureSources;
pub use spreadsheet::{is_spreadsheet, spreadsheet_csv};
pub use table::{RowCells, TableRow, read_limited, read_table, to_csv};
pub use upgrade::{CurrentScenario, upgraded_file};
pub use write::{NamedFiles, scenario_folder, scenario_text, write_scenario};
