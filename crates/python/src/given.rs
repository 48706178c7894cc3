//! Requests as Python gives them: JSON, with the files beside it.

use clearway::{
    AuditRequest, AuditSubject, ComposeRequest, Error, FloodRequest, GroupsRequest, HazardRaster, InputFile,
    NeedsRequest, ProposeFleetRequest, ProposePeopleRequest, ProposeSitesRequest, ReportRequest,
    ResolveRequest,
};
use pyo3::pybacked::PyBackedBytes;
use serde::de::DeserializeOwned;

/// Files of a request: name and bytes. In the JSON a file stands as its place in this list, as text.
pub type GivenFiles = Vec<(String, PyBackedBytes)>;

/// Reads a request that has no files.
///
/// # Errors
/// [`Error::Request`] naming the field.
pub fn request<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    let read = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(json));
    read.map_err(|error| {
        let path = error.path().to_string();
        let problem = error.into_inner().to_string();
        // a place in a text that nobody has seen
        let problem = problem.split(" at line ").next().unwrap_or_default();
        Error::Request(if path == "." { problem.to_owned() } else { format!("{path}: {problem}") })
    })
}

/// Reads a request that may have files.
///
/// # Errors
/// As [`request`].
pub fn request_with_files<T: DeserializeOwned + HasFiles>(
    json: &str,
    files: &GivenFiles,
) -> Result<T, Error> {
    let mut request: T = request(json)?;
    for file in request.files() {
        let place: usize = file.name.parse().map_err(|_| not_given(&file.name))?;
        let (name, bytes) = files.get(place).ok_or_else(|| not_given(&file.name))?;
        *file = InputFile::new(name.clone(), bytes.to_vec());
    }
    Ok(request)
}

fn not_given(name: &str) -> Error {
    Error::Internal(format!("the file '{name}' of a request was not given"))
}

/// A request with files in it.
pub trait HasFiles {
    /// The files that are given.
    fn files(&mut self) -> Vec<&mut InputFile>;
}

fn given<const N: usize>(files: [&mut Option<InputFile>; N]) -> Vec<&mut InputFile> {
    files.into_iter().filter_map(Option::as_mut).collect()
}

impl HasFiles for ComposeRequest {
    fn files(&mut self) -> Vec<&mut InputFile> {
        let Self { area, population, zones, sites, exits, hazards, flood, .. } = self;
        let mut files = given([area, population, zones, sites, exits, hazards]);
        files.extend(flood.iter_mut().flat_map(files_of_flood));
        files
    }
}

impl HasFiles for NeedsRequest {
    fn files(&mut self) -> Vec<&mut InputFile> {
        let Self { supplies, aid, .. } = self;
        given([supplies, aid])
    }
}

impl HasFiles for GroupsRequest {
    fn files(&mut self) -> Vec<&mut InputFile> {
        let Self { facilities, fleet, settings, .. } = self;
        given([facilities, fleet, settings])
    }
}

impl HasFiles for ResolveRequest {
    fn files(&mut self) -> Vec<&mut InputFile> {
        let mut files: Vec<&mut InputFile> = self.flood.iter_mut().flat_map(files_of_flood).collect();
        if let Some(HazardRaster::Arrival { file, .. } | HazardRaster::Depth { file, .. }) = &mut self.raster
        {
            files.push(file);
        }
        files
    }
}

fn files_of_flood(flood: &mut FloodRequest) -> Vec<&mut InputFile> {
    let FloodRequest { terrain, water, .. } = flood;
    std::iter::once(terrain).chain(water.as_mut()).collect()
}

impl HasFiles for ProposeSitesRequest {
    fn files(&mut self) -> Vec<&mut InputFile> {
        let Self { area, hazards, .. } = self;
        given([area, hazards])
    }
}

impl HasFiles for ProposePeopleRequest {
    fn files(&mut self) -> Vec<&mut InputFile> {
        given([&mut self.area])
    }
}

impl HasFiles for ProposeFleetRequest {
    fn files(&mut self) -> Vec<&mut InputFile> {
        given([&mut self.feed])
    }
}

impl HasFiles for ReportRequest {
    fn files(&mut self) -> Vec<&mut InputFile> {
        let Self { simulation, interventions, cells, .. } = self;
        let mut files = given([simulation, interventions]);
        files.extend(cells.iter_mut().filter_map(|cell| cell.simulation.as_mut()));
        files
    }
}

impl HasFiles for AuditRequest {
    fn files(&mut self) -> Vec<&mut InputFile> {
        let Self { subject, supplies, aid, .. } = self;
        let mut files = given([supplies, aid]);
        match subject {
            AuditSubject::Blueprint(file) | AuditSubject::Movements { table: file, .. } => files.push(file),
            _ => {}
        }
        files
    }
}
