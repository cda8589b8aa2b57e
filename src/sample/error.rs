//! Why a sample could not be made.

use std::io;
use std::path::PathBuf;

/// Why a sample could not be made. Nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// A size is out of range.
    #[error("{what} = {value} is out of range; give {low} to {high}")]
    Size {
        /// Which size.
        what: &'static str,
        /// As given.
        value: u32,
        /// Least.
        low: u32,
        /// Most.
        high: u32,
    },
    /// The folder or a file in it cannot be written.
    #[error("cannot write the sample: {0}; check that the folder exists, is writable and has room")]
    Write(#[from] io::Error),
    /// A table to draw hubs or units from cannot be read.
    #[error("{}: {message}; give a CSV table with a header and the columns of the documentation", path.display())]
    Table {
        /// The table.
        path: PathBuf,
        /// What is wrong, with the line.
        message: String,
    },
    /// No hub or no unit of the tables lies inside the map.
    #[error("{}: no row lies inside the map's box; use tables of the map's region", path.display())]
    NothingInside {
        /// The table.
        path: PathBuf,
    },
    /// The user asked to stop.
    #[error("interrupted; nothing was written")]
    Cancelled,
}
