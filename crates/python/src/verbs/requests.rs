//! What requests are when nothing is asked for, so that the package can be held against it.

use crate::error::raised;
use clearway::{
    AuditRequest, BoundRequest, CompareRequest, ComposeRequest, ConnectRequest, EarlyWarningRequest,
    EnsembleRequest, ExportFormat, ExportRequest, GroupsRequest, ImportRequest, InterventionsRequest,
    LossesRequest, NeedsRequest, PlanRequest, ProposeFleetRequest, ProposePeopleRequest, ProposeSitesRequest,
    ReplanRequest, ReportRequest, ResolveRequest, RobustRequest, SimulateRequest,
};
use pyo3::prelude::*;
use serde_json::json;

/// The version of the program that the module is made of.
#[pyfunction]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Every request with its defaults, by verb, as JSON.
#[pyfunction]
pub fn request_defaults(py: Python<'_>) -> PyResult<String> {
    let defaults = json!({
        "audit": AuditRequest::default(),
        "bound": BoundRequest::default(),
        "compare": CompareRequest::default(),
        "compose": ComposeRequest::default(),
        "connect": ConnectRequest::default(),
        "early_warning": EarlyWarningRequest::default(),
        "ensemble": EnsembleRequest::default(),
        "export": ExportRequest::new(ExportFormat::Gpkg),
        "groups": GroupsRequest::default(),
        "import_roads": ImportRequest::default(),
        "interventions": InterventionsRequest::default(),
        "losses": LossesRequest::default(),
        "needs": NeedsRequest::default(),
        "plan": PlanRequest::default(),
        "plan_robust": RobustRequest::default(),
        "propose_fleet": ProposeFleetRequest::default(),
        "propose_people": ProposePeopleRequest::default(),
        "propose_sites": ProposeSitesRequest::default(),
        "replan": ReplanRequest::default(),
        "report": ReportRequest::default(),
        "resolve": ResolveRequest::default(),
        "simulate": SimulateRequest::default(),
    });
    serde_json::to_string(&defaults).map_err(|error| raised(py, error.into()))
}
