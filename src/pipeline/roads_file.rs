//! The `.roads` file: a map prepared once, ready for every scenario on it.
//!
//! It holds the network, and the order and contraction of its hierarchy: all that depends on the map alone. It is
//! mapped into memory ([`crate::flat_file`]), so opening it takes the time of a checksum and of looking at every index.

use crate::flat_file::{Array, FlatFile, FlatFileError, Format, Sections};
use crate::hierarchy::RoadHierarchy;
use crate::network::RoadNetwork;
use std::path::Path;

const FORMAT: Format = Format { magic: *b"DDUROADS", version: 2, kind: ".roads", command: "ddu prepare" };

/// A prepared map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedMap {
    /// The network.
    pub network: RoadNetwork,
    /// Its hierarchy.
    pub hierarchy: RoadHierarchy,
    /// Fingerprint of the extract it was built from ([`crate::artefact::fingerprint`]).
    pub source_fingerprint: String,
}

impl PreparedMap {
    /// Writes the map, through a temporary name, and tells the length of the file. The same map gives the same bytes.
    ///
    /// # Errors
    /// When the file cannot be written; an older file of that name is then untouched.
    pub fn save(&self, path: &Path) -> Result<u64, FlatFileError> {
        let mut file = Sections::default();
        file.add("source", self.source_fingerprint.as_bytes());
        self.network.store(&mut file);
        self.hierarchy.store(&mut file);
        file.write(&FORMAT, path)
    }

    /// Opens a map and checks all of it. The file must not be changed while it is in use; replacing it is safe.
    ///
    /// # Errors
    /// [`FlatFileError`] says what is wrong with the file, and names the command that makes it anew.
    pub fn load(path: &Path) -> Result<Self, FlatFileError> {
        let mut file = FlatFile::open(&FORMAT, path)?;
        let invalid = |what| FlatFileError::Invalid { path: path.to_owned(), what, format: FORMAT };
        let source: Array<u8> = file.take("source").map_err(invalid)?;
        let source_fingerprint = String::from_utf8(source.to_vec()).map_err(|_| invalid("fingerprint"))?;
        let network = RoadNetwork::restore(&mut file).map_err(invalid)?;
        let hierarchy = RoadHierarchy::restore(&mut file, &network).map_err(invalid)?;
        file.finish().map_err(invalid)?;
        Ok(Self { network, hierarchy, source_fingerprint })
    }

    /// True when all large arrays lie in the mapped file.
    #[must_use]
    pub fn is_mapped(&self) -> bool {
        self.network.is_mapped() && self.hierarchy.is_mapped()
    }
}
