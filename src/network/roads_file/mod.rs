//! The `.roads` file: a network as flat little-endian sections.
//!
//! ```text
//! header   magic "DDUROADS", format version u32, zero u32, length of the body u64, BLAKE3 of the body (32 bytes)
//! body     sections, each: name u32, bytes a row u32, rows u64, the rows, zeros up to a multiple of 8 bytes
//! ```
//! The same network gives the same bytes. Reading trusts nothing: length, checksum, sections and every index are
//! checked before a network comes out, so later stages may index without looking.

mod check;
mod rows;

use super::RoadNetwork;
use crate::artefact::write_atomically;
use rows::{Sections, decode, encode};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const MAGIC: [u8; 8] = *b"DDUROADS";
/// Grows with every change of the layout or of the meaning of a field.
const VERSION: u32 = 1;
const HEADER: usize = 8 + 4 + 4 + 8 + 32;

/// Why a `.roads` file cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum RoadsError {
    /// The system refused.
    #[error("{}: {source}; check that the path exists and may be used", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Another kind of file.
    #[error("{}: not a .roads file; make one from the map with `ddu prepare`", path.display())]
    NotRoads {
        /// The file.
        path: PathBuf,
    },
    /// Written by another version of the program.
    #[error("{}: .roads format {found}, but this program reads format {expected}; run `ddu prepare` again", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The format of this program.
        expected: u32,
    },
    /// Shorter or longer than it says.
    #[error("{}: {found} bytes instead of {expected}, it was cut off or added to; run `ddu prepare` again", path.display())]
    Length {
        /// The file.
        path: PathBuf,
        /// Its length.
        found: u64,
        /// The length in its header.
        expected: u64,
    },
    /// The bytes do not match their checksum.
    #[error("{}: damaged, its checksum does not match; run `ddu prepare` again", path.display())]
    Checksum {
        /// The file.
        path: PathBuf,
    },
    /// The contents contradict each other although the checksum matches.
    #[error("{}: invalid {what}; run `ddu prepare` again", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: &'static str,
    },
    /// Rows are stored as they lie in memory.
    #[error(".roads files are read and written on little-endian machines only; use one of these")]
    BigEndian,
}

impl From<io::Error> for RoadsError {
    fn from(source: io::Error) -> Self {
        Self::Io { path: PathBuf::new(), source }
    }
}

/// A network read from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedNetwork {
    /// The network.
    pub network: RoadNetwork,
    /// Fingerprint of the extract it was built from, as given to [`save`].
    pub source_fingerprint: String,
}

/// Writes a network, through a temporary name. `source_fingerprint` tells which extract it was built from
/// ([`crate::artefact::fingerprint`]).
///
/// # Errors
/// When the file cannot be written; an older file of that name is then untouched.
pub fn save(network: &RoadNetwork, source_fingerprint: &str, path: &Path) -> Result<(), RoadsError> {
    if cfg!(target_endian = "big") {
        return Err(RoadsError::BigEndian);
    }
    let body = encode(network, source_fingerprint);
    write_atomically(path, |file| -> Result<(), RoadsError> {
        file.write_all(&MAGIC)?;
        file.write_all(&VERSION.to_le_bytes())?;
        file.write_all(&0_u32.to_le_bytes())?;
        file.write_all(&(body.len() as u64).to_le_bytes())?;
        file.write_all(blake3::hash(&body).as_bytes())?;
        file.write_all(&body)?;
        Ok(())
    })
    .map_err(|error| match error {
        RoadsError::Io { source, .. } => RoadsError::Io { path: path.to_owned(), source },
        other => other,
    })
}

/// Reads a network and checks all of it.
///
/// # Errors
/// [`RoadsError`] says what is wrong with the file, and names the command that makes it anew.
pub fn load(path: &Path) -> Result<SavedNetwork, RoadsError> {
    if cfg!(target_endian = "big") {
        return Err(RoadsError::BigEndian);
    }
    let file = fs::read(path).map_err(|source| RoadsError::Io { path: path.to_owned(), source })?;
    parse(&file, path)
}

fn parse(file: &[u8], path: &Path) -> Result<SavedNetwork, RoadsError> {
    let path = || path.to_owned();
    if !file.starts_with(&MAGIC) {
        return Err(RoadsError::NotRoads { path: path() });
    }
    let found = file.len() as u64;
    let Some((header, body)) = file.split_at_checked(HEADER) else {
        return Err(RoadsError::Length { path: path(), found, expected: HEADER as u64 });
    };
    let version = rows::u32_at(header, 8);
    if version != VERSION {
        return Err(RoadsError::Version { path: path(), found: version, expected: VERSION });
    }
    let expected = rows::u64_at(header, 16).saturating_add(HEADER as u64);
    if found != expected {
        return Err(RoadsError::Length { path: path(), found, expected });
    }
    let checksum = header.get(24..).unwrap_or_default();
    if rows::u32_at(header, 12) != 0 || blake3::hash(body).as_bytes() != checksum {
        return Err(RoadsError::Checksum { path: path() });
    }
    let invalid = |what| RoadsError::Invalid { path: path(), what };
    let saved = decode(&Sections::new(body)).map_err(invalid)?;
    check::check(&saved.network).map_err(invalid)?;
    Ok(saved)
}
