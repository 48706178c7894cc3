//! Plans as files for other programs: what is in a plan folder, as GeoPackage, workbook, KML, road network, trips or drafts of alerts.
//!
//! [`ExportSource`] is what is read of a plan folder; [`PlanTables`] has its figures as tables, with the unit and meaning of every
//! column; each format has a module that turns them into bytes. Figures come from the exact network loading, as those of the plan
//! folder do, so that sums are the same in every format. Nothing here reads or writes a folder.
//!
//! An export holds exact places, roads and times, as the plan folder does that it is made of.

mod cap;
mod cells;
mod columns;
mod figures;
mod format;
mod geoparquet;
mod gmns;
mod gpkg;
mod kml;
mod matsim;
mod plane;
mod shape;
mod source;
mod styles;
mod sumo;
mod tables;
mod trips;
mod wkb;
mod xlsx;
mod xml;

pub use cells::{CellKind, ExportCell, ExportColumn, ExportTable};
pub use columns::all_columns;
pub use figures::{ElementUse, PlanFigures};
pub use format::{ExportError, ExportFormat, ExportOptions, NamedBytes, export_files};
pub use shape::{ExportShape, ShapeKind};
pub use source::ExportSource;
pub use tables::PlanTables;
pub use wkb::wkb;
