//! Which files belong to one network.

use std::path::{Path, PathBuf};

use crate::ImportError;

/// The files of one network.
#[derive(Debug)]
pub(crate) struct Files {
    /// What stands before `_net.tntp`.
    pub network: String,
    /// `X_node.tntp`, or GeoJSON points.
    pub node: PathBuf,
}

impl Files {
    /// # Errors
    /// [`ImportError::MissingPartner`] if the nodes are not beside the network: a planner's tables need a place for each.
    pub fn find(net: &Path) -> Result<Self, ImportError> {
        let name = net.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let stem = name.strip_suffix(".tntp").unwrap_or(&name);
        let network = stem.strip_suffix("_net").unwrap_or(stem).to_string();
        let folder = net.parent().unwrap_or(Path::new(""));
        let lower = network.to_ascii_lowercase();
        let candidates = [
            format!("{network}_node.tntp"),
            format!("{network}_nodes.tntp"),
            format!("{network}_nodes.geojson"),
            format!("{lower}_nodes.geojson"),
        ];
        match candidates.iter().map(|name| folder.join(name)).find(|path| path.is_file()) {
            Some(node) => Ok(Self { network, node }),
            None => {
                let wanted = format!("{network}_node.tntp (or {network}_nodes.geojson)");
                Err(ImportError::MissingPartner { path: net.into(), wanted })
            }
        }
    }
}
