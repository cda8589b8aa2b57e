//! A file of flat arrays that is read by mapping it into memory.
//!
//! ```text
//! header    64 bytes: magic (8), format version u32, number of sections u32, length of the file u64, zero u64,
//!           BLAKE3 of everything behind the header (32)
//! table     one row a section: name (32 bytes, filled up with zeros), bytes a row u64, rows u64
//! sections  the rows as they lie in memory (little-endian), each section on a multiple of 64 bytes, zeros between
//! ```
//! The same sections give the same bytes. Opening checks length, version and checksum before it hands out a row; what
//! the rows mean is checked by the stage that they belong to. A mapped file must not be changed while it is in use:
//! writers replace it ([`Sections::write`]), so an open one stays as it was.

mod array;
mod read;
mod write;

pub use array::Array;
pub use read::FlatFile;
pub use write::Sections;

use std::io;
use std::path::{Path, PathBuf};

/// What is wrong with the rows of a file, in a few words.
pub type Fault = &'static str;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// First bytes of every file.
    pub magic: [u8; 8],
    /// Grows with every change of the layout or of the meaning of a field.
    pub version: u32,
    /// What users call it.
    pub kind: &'static str,
    /// The command that makes one.
    pub command: &'static str,
}

/// Sections start at multiples of this.
const ALIGN: usize = 64;
/// Bytes of the header.
const HEADER: usize = 64;
/// Bytes of a section's name.
const NAME: usize = 32;

/// A row of the table.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct Entry {
    name: [u8; NAME],
    row: u64,
    rows: u64,
}

/// Why a file cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum FlatFileError {
    /// The system refused.
    #[error("{}: {source}; check that the path exists and may be used", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Another kind of file.
    #[error("{}: not a {} file; make one from the map with `{}`", path.display(), format.kind, format.command)]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What was expected.
        format: Format,
    },
    /// Written by another version of the program.
    #[error(
        "{}: {} format {found}, but this program reads format {}; run `{}` again",
        path.display(), format.kind, format.version, format.command
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// What was expected.
        format: Format,
    },
    /// Shorter or longer than it says.
    #[error(
        "{}: {found} bytes instead of {expected}, it was cut off or added to; run `{}` again",
        path.display(), format.command
    )]
    Length {
        /// The file.
        path: PathBuf,
        /// Its length.
        found: u64,
        /// The length in its header.
        expected: u64,
        /// What was expected.
        format: Format,
    },
    /// The bytes do not match their checksum.
    #[error("{}: damaged, its checksum does not match; run `{}` again", path.display(), format.command)]
    Checksum {
        /// The file.
        path: PathBuf,
        /// What was expected.
        format: Format,
    },
    /// The contents contradict each other although the checksum matches.
    #[error("{}: invalid {what}; run `{}` again", path.display(), format.command)]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: Fault,
        /// What was expected.
        format: Format,
    },
    /// Rows are stored as they lie in memory.
    #[error("{} files are read and written on little-endian machines only; use one of these", format.kind)]
    BigEndian {
        /// What was expected.
        format: Format,
    },
}

impl FlatFileError {
    fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const FORMAT: Format = Format { magic: *b"TESTFILE", version: 7, kind: ".test", command: "make test" };

    #[test]
    fn rows_come_back_without_a_copy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.test");
        let numbers: Vec<u32> = (0..1000).collect();
        let mut sections = Sections::default();
        sections.add("numbers", &numbers);
        sections.add::<u64>("nothing", &[]);
        sections.add_rows("bytes", vec![1_u8, 2, 3]);
        let length = sections.write(&FORMAT, &path).unwrap();
        assert_eq!(length, fs::metadata(&path).unwrap().len());
        let mut file = FlatFile::open(&FORMAT, &path).unwrap();
        let back: Array<u32> = file.take("numbers").unwrap();
        assert!(file.take::<u32>("nothing").is_err(), "another row size");
        let nothing: Array<u64> = file.take("nothing").unwrap();
        assert!(file.clone().finish().is_err(), "a section is left");
        let bytes: Array<u8> = file.take("bytes").unwrap();
        file.finish().unwrap();
        assert_eq!(*back, *numbers);
        assert!(back.is_mapped() && back.as_ptr().addr().is_multiple_of(ALIGN));
        assert!(nothing.is_empty() && *bytes == [1, 2, 3]);
        assert!(!Array::from(numbers).is_mapped());
        // The mapping lives as long as any of its arrays, also when the name is gone.
        fs::remove_file(&path).unwrap();
        let clone = back.clone();
        drop((back, nothing, bytes));
        assert_eq!(clone[999], 999);
    }

    #[test]
    fn a_table_that_lies_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.test");
        let mut sections = Sections::default();
        sections.add("numbers", &[1_u32, 2, 3]);
        sections.write(&FORMAT, &path).unwrap();
        let good = fs::read(&path).unwrap();
        let (row, rows) = (HEADER + NAME, HEADER + NAME + 8);
        for (at, value) in [(row, 0_u64), (row, u64::MAX), (rows, 17), (rows, u64::MAX), (rows, 1 << 62)] {
            let mut bad = good.clone();
            bad[at..at + 8].copy_from_slice(&value.to_le_bytes());
            let checksum = blake3::hash(&bad[HEADER..]);
            bad[HEADER - 32..HEADER].copy_from_slice(checksum.as_bytes());
            fs::write(&path, &bad).unwrap();
            let opened = FlatFile::open(&FORMAT, &path);
            assert!(matches!(opened, Err(FlatFileError::Invalid { .. })), "{value} at {at}");
        }
    }
}
