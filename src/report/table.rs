//! Columns and cells, whatever the file format.

use super::ReportError;
use crate::units::{ClockTime, Decimetres, MicroDollars, Millis};
use std::borrow::Cow;

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
    /// A longitude or latitude, in units of 1e-7 degrees.
    Degrees(i32),
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

impl Cell<'_> {
    /// The value as text, exact, without unit and without any escape.
    pub(crate) fn plain(&self) -> Cow<'_, str> {
        match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) => Cow::Borrowed(text),
            Cell::Owned(text) => Cow::Borrowed(text),
            Cell::Usd(amount) => Cow::Owned(amount.to_string()),
            Cell::Count(count) => Cow::Owned(count.to_string()),
            Cell::Metres(length) => Cow::Owned(length.to_string()),
            Cell::Seconds(ms) => Cow::Owned(format!("{}.{:03}", ms / 1000, ms % 1000)),
            Cell::Flag(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
            Cell::Degrees(e7) => {
                let (sign, e7) = (if *e7 < 0 { "-" } else { "" }, e7.unsigned_abs());
                Cow::Owned(format!("{sign}{}.{:07}", e7 / 10_000_000, e7 % 10_000_000))
            }
        }
    }
}

/// Where the rows of a table go.
pub(crate) trait Sink {
    /// Writes a row with one cell a column.
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ReportError>;
}
