//! Folders of files, on a disk, in a ZIP archive or in memory, as Python holds them.

use crate::error::raised;
use clearway::{Artifacts, Disclosure, Error, FolderKind, FolderStore, MemoryStore, Store, ZipStore};
use clearway_artifacts::{MANIFEST, OutputFolder, Overwrite};
use clearway_model::StoredFile;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyDict};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files by name. Copies share them.
#[pyclass(frozen, module = "clearway._clearway", from_py_object)]
#[derive(Debug, Clone)]
pub struct Folder {
    files: Arc<FolderFiles>,
}

/// Where the files of a folder are.
#[derive(Debug)]
enum FolderFiles {
    /// In a folder of the disk.
    Disk(FolderStore),
    /// By the paths that a blueprint gives for them, which start from this folder and may lead anywhere.
    Beside(PathBuf),
    /// In a ZIP archive that was read.
    Archive(ZipStore),
    /// In memory, as they were given.
    Given(MemoryStore),
    /// As a verb has made them.
    Made(Artifacts),
}

impl From<Artifacts> for Folder {
    fn from(artifacts: Artifacts) -> Self {
        Self { files: Arc::new(FolderFiles::Made(artifacts)) }
    }
}

impl Store for Folder {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match &*self.files {
            FolderFiles::Disk(store) => store.read(name),
            // what is not there is an error, so that the message has the system's words
            FolderFiles::Beside(base) => std::fs::read(base.join(name)).map(Some),
            FolderFiles::Archive(store) => store.read(name),
            FolderFiles::Given(store) => store.read(name),
            FolderFiles::Made(artifacts) => Ok(artifacts.get(name).map(<[u8]>::to_vec)),
        }
    }

    fn names(&self) -> io::Result<Vec<String>> {
        match &*self.files {
            FolderFiles::Disk(store) => store.names(),
            FolderFiles::Beside(base) => FolderStore::new(base.join(".")).names(),
            FolderFiles::Archive(store) => store.names(),
            FolderFiles::Given(store) => store.names(),
            FolderFiles::Made(artifacts) => {
                let mut names: Vec<String> = artifacts.files().iter().map(|file| file.name.clone()).collect();
                names.sort();
                Ok(names)
            }
        }
    }

    fn names_in(&self, folder: &str) -> io::Result<Vec<String>> {
        match &*self.files {
            FolderFiles::Disk(store) => store.names_in(folder),
            FolderFiles::Beside(base) => FolderStore::new(base.join(folder)).names(),
            _ => {
                let inside = |name: String| name.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned);
                Ok(self.names()?.into_iter().filter_map(inside).collect())
            }
        }
    }

    fn names_at(&self, folder: &str) -> io::Result<Vec<String>> {
        match &*self.files {
            FolderFiles::Disk(store) => store.names_at(folder),
            _ => {
                let names = if folder.is_empty() { self.names()? } else { self.names_in(folder)? };
                Ok(names.into_iter().filter(|name| !name.contains('/')).collect())
            }
        }
    }

    fn open(&self, name: &str) -> io::Result<Option<StoredFile<'_>>> {
        match &*self.files {
            FolderFiles::Disk(store) => store.open(name),
            FolderFiles::Given(store) => store.open(name),
            _ => Ok(self.read(name)?.map(StoredFile::from)),
        }
    }

    fn label(&self) -> String {
        match &*self.files {
            FolderFiles::Disk(store) => store.label(),
            FolderFiles::Beside(base) => base.display().to_string(),
            FolderFiles::Archive(store) => store.label(),
            FolderFiles::Given(store) => store.label(),
            FolderFiles::Made(artifacts) => artifacts.kind().words().to_owned(),
        }
    }
}

impl Folder {
    /// All files, as those of a folder of a kind.
    fn artifacts(&self, kind: FolderKind) -> io::Result<Artifacts> {
        if let FolderFiles::Made(artifacts) = &*self.files {
            return Ok(artifacts.clone());
        }
        let mut files = Vec::new();
        for name in self.names()?.into_iter().filter(|name| name != MANIFEST) {
            if let Some(bytes) = self.read(&name)? {
                files.push((name, bytes));
            }
        }
        Ok(Artifacts::new(kind, Disclosure::Full, files))
    }

    fn unreadable(&self, name: &str, source: io::Error) -> Error {
        Error::Read { path: Path::new(&self.label()).join(name), source }
    }
}

#[pymethods]
impl Folder {
    /// Files in memory; `label` is how messages call them.
    #[staticmethod]
    fn of_files(label: &str, files: BTreeMap<String, PyBackedBytes>) -> Self {
        let mut store = MemoryStore::new(label);
        for (name, bytes) in files {
            store.insert(name, bytes.to_vec());
        }
        Self { files: Arc::new(FolderFiles::Given(store)) }
    }

    /// A folder of the disk, or a ZIP archive.
    #[staticmethod]
    fn at(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let is_archive =
            path.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip")) && path.is_file();
        let files = if is_archive {
            let opened = py.detach(|| {
                let bytes = std::fs::read(&path)?;
                ZipStore::new(path.display().to_string(), &bytes)
            });
            let opened = opened.map_err(|source| raised(py, Error::Read { path, source }))?;
            FolderFiles::Archive(opened)
        } else {
            FolderFiles::Disk(FolderStore::new(path))
        };
        Ok(Self { files: Arc::new(files) })
    }

    /// Files by the paths that a blueprint gives for them, which start from this folder.
    #[staticmethod]
    fn beside(base: PathBuf) -> Self {
        Self { files: Arc::new(FolderFiles::Beside(base)) }
    }

    /// How messages call it.
    #[getter]
    #[pyo3(name = "label")]
    fn label_in_python(&self) -> String {
        self.label()
    }

    /// Names of all files but the manifest, which is of those on a disk.
    #[pyo3(name = "names")]
    fn names_in_python(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let names = py.detach(|| self.names()).map_err(|source| raised(py, self.unreadable("", source)))?;
        Ok(names.into_iter().filter(|name| name != MANIFEST).collect())
    }

    /// What is in a file; `None` where there is none of that name.
    #[pyo3(name = "read")]
    fn read_in_python<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyBytes>>> {
        if let FolderFiles::Made(artifacts) = &*self.files {
            return Ok(artifacts.get(name).map(|bytes| PyBytes::new(py, bytes)));
        }
        let read =
            py.detach(|| self.read(name)).map_err(|source| raised(py, self.unreadable(name, source)))?;
        Ok(read.map(|bytes| PyBytes::new(py, &bytes)))
    }

    /// All files by name.
    fn files<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let files = PyDict::new(py);
        for name in self.names_in_python(py)? {
            if let Some(bytes) = self.read_in_python(py, &name)? {
                files.set_item(name, bytes)?;
            }
        }
        Ok(files)
    }

    /// Writes all files and a manifest, whole or not at all. `kind`: what the folder is, where no verb has made it. Returns what somebody
    /// should know.
    #[pyo3(signature = (path, replace, kind=None))]
    fn save(
        &self,
        py: Python<'_>,
        path: PathBuf,
        replace: bool,
        kind: Option<&str>,
    ) -> PyResult<Vec<String>> {
        let kind = match (&*self.files, kind) {
            (FolderFiles::Made(artifacts), _) => artifacts.kind(),
            (_, Some("scenario")) => FolderKind::Scenario,
            (_, Some("plan")) => FolderKind::Plan,
            _ => {
                let text = "only scenarios, plans and what a verb has made are written".to_owned();
                return Err(raised(py, Error::Request(text)));
            }
        };
        let overwrite = if replace { Overwrite::Replace } else { Overwrite::Refuse };
        let written = py.detach(|| {
            let artifacts = self.artifacts(kind).map_err(|source| self.unreadable("", source))?;
            let output = OutputFolder::new(&path, kind, overwrite, &[])?;
            let mut notes = output.notes().to_vec();
            notes.extend(output.write_artifacts(&artifacts)?);
            Ok(notes)
        });
        written.map_err(|error: Error| raised(py, error))
    }

    /// Writes some files of a folder on the disk anew and takes others away; all others stay.
    fn update(&self, py: Python<'_>, path: PathBuf, names: Vec<String>, gone: Vec<String>) -> PyResult<()> {
        let written = py.detach(|| {
            let mut files = Vec::new();
            for name in &names {
                if let Some(bytes) = self.read(name).map_err(|source| self.unreadable(name, source))? {
                    files.push((name.as_str(), bytes));
                }
            }
            let files: Vec<(&str, &[u8])> =
                files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
            let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
            Ok(OutputFolder::of(&path, FolderKind::Scenario)?.rename(&files, &gone)?)
        });
        written.map_err(|error: Error| raised(py, error))
    }
}

/// Writes a file, whole or not at all.
#[pyfunction]
pub fn write_file(py: Python<'_>, path: PathBuf, bytes: PyBackedBytes, replace: bool) -> PyResult<()> {
    let overwrite = if replace { Overwrite::Replace } else { Overwrite::Refuse };
    let written = py.detach(|| {
        clearway_artifacts::check_file(&path, overwrite, &[])?;
        clearway_artifacts::write_file(&path, &bytes, overwrite)
    });
    written.map_err(|error| raised(py, error.into()))
}
