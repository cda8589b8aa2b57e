//! The `.roads` file: a map prepared once, ready for every scenario on it.
//!
//! It holds the network, and the order and contraction of its hierarchy: all that depends on the map alone. It is
//! mapped into memory ([`crate::flat_file`]), so opening it takes the time of a checksum and of looking at every index.

use crate::flat_file::{Array, Fault, FlatFile, FlatFileError, Format, Sections};
use crate::hierarchy::RoadHierarchy;
use crate::network::RoadNetwork;
use crate::osm::ImportCounts;
use std::path::Path;

const FORMAT: Format = Format { magic: *b"DDUROADS", version: 3, kind: ".roads", command: "ddu prepare" };

/// A prepared map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedMap {
    /// The network.
    pub network: RoadNetwork,
    /// Its hierarchy.
    pub hierarchy: RoadHierarchy,
    /// Fingerprint of the extract it was built from ([`crate::artefact::fingerprint`]).
    pub source_fingerprint: String,
    /// What was read, kept and dropped of that extract.
    pub counts: ImportCounts,
}

impl PreparedMap {
    /// Writes the map, through a temporary name, and tells the length of the file. The same map gives the same bytes.
    ///
    /// # Errors
    /// When the file cannot be written; an older file of that name is then untouched.
    pub fn save(&self, path: &Path) -> Result<u64, FlatFileError> {
        let mut file = Sections::default();
        file.add("source", self.source_fingerprint.as_bytes());
        let (names, counts): (Vec<&str>, Vec<u64>) =
            self.counts.rows.iter().map(|(name, n)| (name.as_str(), *n)).unzip();
        file.add_rows("source.count_names", names.join("\n").into_bytes());
        file.add_rows("source.counts", counts);
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
        let counts = restore_counts(&mut file).map_err(invalid)?;
        let network = RoadNetwork::restore(&mut file).map_err(invalid)?;
        let hierarchy = RoadHierarchy::restore(&mut file, &network).map_err(invalid)?;
        file.finish().map_err(invalid)?;
        Ok(Self { network, hierarchy, source_fingerprint, counts })
    }

    /// True when all large arrays lie in the mapped file.
    #[must_use]
    pub fn is_mapped(&self) -> bool {
        self.network.is_mapped() && self.hierarchy.is_mapped()
    }
}

fn restore_counts(file: &mut FlatFile) -> Result<ImportCounts, Fault> {
    let names: Array<u8> = file.take("source.count_names")?;
    let counts: Array<u64> = file.take("source.counts")?;
    let names = std::str::from_utf8(&names).map_err(|_| "names of counts")?;
    let names: Vec<&str> = names.split('\n').filter(|name| !name.is_empty()).collect();
    if names.len() != counts.len() {
        return Err("counts of the extract");
    }
    Ok(ImportCounts { rows: names.into_iter().map(str::to_owned).zip(counts.iter().copied()).collect() })
}
