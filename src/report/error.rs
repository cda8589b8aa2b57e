//! Why a table cannot be written.

/// A table that could not be written, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The disk is full, the folder is read-only, …
    #[error("cannot write: {0}; check free space and permissions of the output folder")]
    Io(#[from] std::io::Error),
    /// A finished run's file that cannot be used.
    #[error("{path}: {what}")]
    Folder {
        /// The file.
        path: std::path::PathBuf,
        /// What is wrong, and what to do.
        what: String,
    },
    /// The Parquet encoder failed.
    #[error("cannot write Parquet: {0}; check free space and permissions of the output folder")]
    Parquet(#[from] ::parquet::errors::ParquetError),
    /// An amount that a Parquet column of 18 digits cannot hold.
    #[error("{amount} USD in column `{column}` has more than 12 digits before the point; check the rates and volumes")]
    TooLarge {
        /// Column.
        column: &'static str,
        /// The amount.
        amount: crate::units::MicroDollars,
    },
    /// A row does not match the columns of its table: a defect of this program.
    #[error("column {position} of table with {columns} columns was given a wrong value; please report this as a bug")]
    Shape {
        /// Position in the row.
        position: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// The costs behind a row could not be computed.
    #[error(transparent)]
    Cost(#[from] crate::cost::CostError),
    /// The user asked to stop.
    #[error("interrupted")]
    Stopped,
    /// The quote behind a row could not be computed.
    #[error(transparent)]
    Quote(#[from] crate::quote::QuoteError),
    /// Tables handed in do not belong together.
    #[error("{0}; compute all of them in one run from the same scenario")]
    Mismatch(&'static str),
}
