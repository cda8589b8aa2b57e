//! Columns and cells, whatever the file format.

use super::ReportError;
use crate::units::{ClockTime, Decimetres, MicroDollars, Millis};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text.
    Text,
    /// Exact dollars.
    Usd,
    /// Counts.
    Count,
    /// Metres with one decimal.
    Metres,
    /// Seconds with three decimals.
    Seconds,
    /// `true` or `false`.
    Flag,
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// Name, with the unit in it where there is one.
    pub(crate) name: &'static str,
    /// What it holds. Every column may be empty.
    pub(crate) kind: Kind,
}

impl Column {
    /// A column of this name and kind.
    pub(crate) const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind }
    }
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    /// No value.
    Empty,
    /// Text that is borrowed, such as an id.
    Text(&'a str),
    /// Text that was made for the row.
    Owned(String),
    /// Money.
    Usd(MicroDollars),
    /// A count, or minutes.
    Count(i64),
    /// A length.
    Metres(Decimetres),
    /// A duration, in milliseconds (wider than [`Millis`] for sums).
    Seconds(u64),
    /// Yes or no.
    Flag(bool),
}

impl From<MicroDollars> for Cell<'_> {
    fn from(value: MicroDollars) -> Self {
        Self::Usd(value)
    }
}

impl From<Decimetres> for Cell<'_> {
    fn from(value: Decimetres) -> Self {
        Self::Metres(value)
    }
}

impl From<Millis> for Cell<'_> {
    fn from(value: Millis) -> Self {
        Self::Seconds(u64::from(value.0))
    }
}

impl From<ClockTime> for Cell<'_> {
    fn from(value: ClockTime) -> Self {
        Self::Owned(value.to_string())
    }
}

impl From<u32> for Cell<'_> {
    fn from(value: u32) -> Self {
        Self::Count(i64::from(value))
    }
}

impl From<bool> for Cell<'_> {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Empty, Into::into)
    }
}

/// Where the rows of a table go.
pub(crate) trait Sink {
    /// Writes a row with one cell a column.
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ReportError>;
}
