//! Tables as the page holds them: columns, cells as JSON, sums, and how many rows are left to the file.

use super::MOST_ROWS;
use super::marks::Marks;
use crate::report::ReportError;
use crate::report::award_report::AwardTable;
use crate::report::table::{Cell, Column, Kind, Sink};
use crate::units::MicroDollars;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A cell in JSON: null, a count as a number, all else (exact money too) as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PageCell {
    /// A count.
    Count(i64),
    /// Text, or an exact amount.
    Text(String),
    /// No value.
    Empty,
}

impl From<&Cell<'_>> for PageCell {
    fn from(cell: &Cell<'_>) -> Self {
        match cell {
            Cell::Empty => Self::Empty,
            Cell::Count(count) => Self::Count(*count),
            cell => match cell.plain() {
                text if text.is_empty() => Self::Empty,
                text => Self::Text(text.into_owned()),
            },
        }
    }
}

/// A column of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageColumn {
    /// Name, as in the table's file.
    pub name: Cow<'static, str>,
    /// `text`, `usd`, `count`, `metres`, `seconds` or `flag`.
    pub kind: Cow<'static, str>,
}

impl From<&Column> for PageColumn {
    fn from(column: &Column) -> Self {
        let kind = match column.kind {
            Kind::Text => "text",
            Kind::Usd => "usd",
            Kind::Count => "count",
            Kind::Metres => "metres",
            Kind::Seconds => "seconds",
            Kind::Flag => "flag",
        };
        Self { name: Cow::Borrowed(column.name), kind: Cow::Borrowed(kind) }
    }
}

/// A table of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageTable {
    /// Short name, that of its file without ending.
    pub name: String,
    /// Title for people.
    pub title: String,
    /// Columns.
    pub columns: Vec<PageColumn>,
    /// Rows, the first [`MOST_ROWS`].
    pub rows: Vec<Vec<PageCell>>,
    /// Rows of the table's file that are not here.
    pub left_out: u64,
    /// Sums over all rows, those left out too; empty where a sum means nothing.
    pub totals: Option<Vec<PageCell>>,
}

/// Title of a table for people.
const fn title(table: AwardTable) -> &'static str {
    match table {
        AwardTable::Awards => "Awards",
        AwardTable::BidsExplained => "Every bid explained",
        AwardTable::Bidders => "Bidders",
        AwardTable::Ddus => "Delivery units",
        AwardTable::PolicyPrices => "Price of each policy",
        AwardTable::Payments => "Payments under other rules (diagnostics: bidders pay what they bid)",
        AwardTable::Scenarios => "Variants side by side",
        AwardTable::ScenarioAwards => "Who wins under each variant",
        AwardTable::DropOuts => "When a large winner drops out",
        AwardTable::DropOutBidders => "Who steps in",
        AwardTable::Synergies => "Discounts of packages and routing savings (information)",
    }
}

/// Columns whose sum means something.
const SUMMED: [&str; 11] = [
    "volume_pieces",
    "awarded_pieces",
    "awards",
    "spend_usd",
    "vcg_discount_usd",
    "core_discount_usd",
    "injection_usd",
    "revenue_usd",
    "attributable_usd",
    "contribution_usd",
    "value_usd",
];

/// Takes the rows of a table.
pub(super) struct TableSink<'m> {
    source: AwardTable,
    marks: &'m mut Marks,
    rows: Vec<Vec<PageCell>>,
    left_out: u64,
    sums: Vec<i128>,
}

impl<'m> TableSink<'m> {
    /// No rows yet.
    pub(super) fn new(source: AwardTable, marks: &'m mut Marks) -> Self {
        Self { source, marks, rows: Vec::new(), left_out: 0, sums: vec![0; source.columns().len()] }
    }

    /// The table.
    pub(super) fn finish(self) -> PageTable {
        let columns = self.source.columns();
        let total = |(column, sum): (&Column, i128)| match column.kind {
            _ if !SUMMED.contains(&column.name) => PageCell::Empty,
            Kind::Usd => PageCell::Text(MicroDollars(i64::try_from(sum).unwrap_or(i64::MAX)).to_string()),
            _ => PageCell::Count(i64::try_from(sum).unwrap_or(i64::MAX)),
        };
        PageTable {
            name: self.source.file_name().trim_end_matches(".csv").to_owned(),
            title: title(self.source).to_owned(),
            columns: columns.iter().map(PageColumn::from).collect(),
            rows: self.rows,
            left_out: self.left_out,
            totals: self.source.has_total().then(|| columns.iter().zip(self.sums).map(total).collect()),
        }
    }
}

impl Sink for TableSink<'_> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ReportError> {
        if cells.len() != self.sums.len() {
            return Err(ReportError::Shape { position: cells.len(), columns: self.sums.len() });
        }
        self.marks.count(self.source, cells);
        for (cell, sum) in cells.iter().zip(&mut self.sums) {
            match cell {
                Cell::Usd(amount) => *sum += i128::from(amount.0),
                Cell::Count(count) => *sum += i128::from(*count),
                _ => {}
            }
        }
        if self.rows.len() < MOST_ROWS {
            self.rows.push(cells.iter().map(PageCell::from).collect());
        } else {
            self.left_out += 1;
        }
        Ok(())
    }
}
