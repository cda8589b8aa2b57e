//! Why a map cannot be read. Each message names the file, the place in it and what to do.

use std::io;
use std::path::PathBuf;

/// A map that cannot be used at all. Single odd elements are no errors: they are counted in
/// [`ImportCounts`](super::ImportCounts).
#[derive(Debug, thiserror::Error)]
pub enum OsmError {
    /// No such file.
    #[error("map file {} does not exist: check the path of the map in the scenario", .file.display())]
    Missing {
        /// The file as named by the user.
        file: PathBuf,
    },
    /// The path names a folder or a device.
    #[error("map {} is not a regular file: name the .osm.pbf file itself", .file.display())]
    NotAFile {
        /// The path as named by the user.
        file: PathBuf,
    },
    /// The file has no bytes.
    #[error("map file {} is empty: download the extract again", .file.display())]
    Empty {
        /// The file as named by the user.
        file: PathBuf,
    },
    /// The operating system could not read.
    #[error("map file {} cannot be read at byte {offset}: {source}; check permissions and the disk", .file.display())]
    Io {
        /// The file as named by the user.
        file: PathBuf,
        /// Where reading stopped.
        offset: u64,
        /// What the system said.
        source: io::Error,
    },
    /// The file does not begin like a PBF.
    #[error("{} is not an OpenStreetMap PBF file ({found}): convert it to .osm.pbf", .file.display())]
    NotPbf {
        /// The file as named by the user.
        file: PathBuf,
        /// What stands at its beginning.
        found: String,
    },
    /// The file ends inside a blob.
    #[error(
        "map file {} is cut off: blob {blob} at byte {offset} needs {needed} bytes, {left} are left; download it again",
        .file.display()
    )]
    Truncated {
        /// The file as named by the user.
        file: PathBuf,
        /// Number of the blob, from 0 (the header).
        blob: u64,
        /// Byte at which the missing part should begin.
        offset: u64,
        /// Bytes that should follow.
        needed: u64,
        /// Bytes that do.
        left: u64,
    },
    /// A blob breaks the rules of the format.
    #[error("map file {} is damaged in blob {blob} at byte {offset}: {what}; download it again", .file.display())]
    Damaged {
        /// The file as named by the user.
        file: PathBuf,
        /// Number of the blob, from 0 (the header).
        blob: u64,
        /// First byte of the blob in the file.
        offset: u64,
        /// What is wrong.
        what: String,
    },
    /// A blob is larger than the format allows.
    #[error(
        "map file {}: blob {blob} at byte {offset} claims {size} bytes, the format allows {limit}; download it again",
        .file.display()
    )]
    TooLarge {
        /// The file as named by the user.
        file: PathBuf,
        /// Number of the blob, from 0 (the header).
        blob: u64,
        /// First byte of the blob in the file.
        offset: u64,
        /// What it claims.
        size: u64,
        /// What is allowed.
        limit: u64,
    },
    /// The file asks for something that this reader does not do.
    #[error(
        "map file {} requires the feature \"{feature}\", which is not supported: use a current extract without history",
        .file.display()
    )]
    Feature {
        /// The file as named by the user.
        file: PathBuf,
        /// Name of the required feature.
        feature: String,
    },
    /// A blob is packed by a method that this reader does not know.
    #[error(
        "map file {}: blob {blob} at byte {offset} is compressed with {method}, which is not supported: \
         rewrite the file with zlib compression",
        .file.display()
    )]
    Compression {
        /// The file as named by the user.
        file: PathBuf,
        /// Number of the blob, from 0 (the header).
        blob: u64,
        /// First byte of the blob in the file.
        offset: u64,
        /// Name of the method.
        method: &'static str,
    },
    /// No way in the map is open to motor vehicles.
    #[error(
        "map {map} holds no road that a motor vehicle may use ({ways} ways read, none of {complete} road ways is \
         complete): use an extract with `highway` ways and their nodes"
    )]
    NoRoads {
        /// The file as named by the user, or a word for a map in memory.
        map: String,
        /// Ways read.
        ways: u64,
        /// Road ways among them.
        complete: u64,
    },
    /// More nodes than 32-bit positions can tell apart.
    #[error("map {map} has {nodes} road nodes, more than 4,294,967,295: cut it into smaller extracts")]
    TooManyNodes {
        /// The file as named by the user, or a word for a map in memory.
        map: String,
        /// Road nodes.
        nodes: u64,
    },
    /// The user asked to stop.
    #[error("reading map file {} was interrupted: run the command again", .file.display())]
    Interrupted {
        /// The file as named by the user.
        file: PathBuf,
    },
}
