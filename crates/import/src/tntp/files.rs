//! Which files belong to one network.

use crate::ImportError;
use crate::map_file::MapFile;

/// The files of one network.
pub(crate) struct TntpFiles<'s> {
    /// What stands before `_net.tntp`.
    pub network: String,
    /// `X_node.tntp`, or GeoJSON points.
    pub node: MapFile<'s>,
}

impl<'s> TntpFiles<'s> {
    /// # Errors
    /// [`ImportError::MissingPartner`] if the nodes are not beside the network: a planner's tables need a place for each.
    pub fn find(net: &MapFile<'s>) -> Result<Self, ImportError> {
        let name = net.file_name();
        let stem = name.strip_suffix(".tntp").unwrap_or(&name);
        let network = stem.strip_suffix("_net").unwrap_or(stem).to_string();
        let lower = network.to_ascii_lowercase();
        let candidates = [
            format!("{network}_node.tntp"),
            format!("{network}_nodes.tntp"),
            format!("{network}_nodes.geojson"),
            format!("{lower}_nodes.geojson"),
        ];
        match candidates.iter().map(|name| net.beside(name)).find(MapFile::is_there) {
            Some(node) => Ok(Self { network, node }),
            None => {
                let wanted = format!("{network}_node.tntp (or {network}_nodes.geojson)");
                Err(ImportError::MissingPartner { path: net.path().into(), wanted })
            }
        }
    }
}
