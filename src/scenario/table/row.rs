//! A row, and the reader that turns its cells into values while it collects what is wrong with them.

use super::scan::{QuoteDefect, RawRecord};
use super::{Place, Source, Table};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, RejectedRow, Severity, Span};
use crate::scenario::rules::{Finding, Rule, control_characters};
use std::borrow::Cow;
use std::sync::Arc;

/// A row of a table.
#[derive(Clone, Copy)]
pub(crate) struct Row<'t> {
    table: &'t Table,
    place: Place,
    record: Option<&'t RawRecord>,
}

impl<'t> Row<'t> {
    pub(super) fn new(table: &'t Table, place: Place, record: Option<&'t RawRecord>) -> Self {
        Self { table, place, record }
    }

    /// The cell at a position of the file.
    fn at(&self, position: usize) -> Cow<'t, str> {
        match &self.table.source {
            Source::Csv(bytes) => {
                let field = self.record.and_then(|r| r.fields.get(position));
                field.map_or(Cow::Borrowed(""), |f| f.value(bytes))
            }
            Source::Parquet(batches) => Cow::Owned(batches.cell(self.place.at, position)),
        }
    }

    /// The cell of a column, as it stands; `None` when the file lacks the column.
    pub(crate) fn cell(&self, column: impl Into<usize>) -> Option<Cow<'t, str>> {
        let position = self.table.positions.get(column.into()).copied().flatten()?;
        Some(self.at(position))
    }

    /// The row as it stands in the file.
    pub(super) fn raw(&self) -> String {
        match &self.table.source {
            Source::Csv(bytes) => {
                let range = self.record.map_or(0..0, |r| r.start..r.end);
                String::from_utf8_lossy(bytes.get(range).unwrap_or_default()).into_owned()
            }
            Source::Parquet(_) => {
                let mut writer = csv::Writer::from_writer(Vec::new());
                let cells: Vec<Cow<'_, str>> = (0..self.table.width).map(|i| self.at(i)).collect();
                // Writing to memory does not fail; the row would be shown empty.
                let _ = writer.write_record(cells.iter().map(|c| c.as_bytes()));
                let bytes = writer.into_inner().unwrap_or_default();
                String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned()
            }
        }
    }

    /// A finding about the cell at a position (the whole row without one).
    pub(super) fn diagnostic(&self, position: Option<usize>, name: &str, finding: Finding) -> Diagnostic {
        if let (Source::Csv(_), Some(record)) = (&self.table.source, self.record) {
            return self.table.diagnostic_in(record, position.unwrap_or(usize::MAX), name, finding);
        }
        Diagnostic {
            code: finding.code,
            file: Arc::clone(&self.table.file),
            span: Some(Span { line: self.place.line, column: 1, width: 1, text: "".into() }),
            field: name.to_owned(),
            value: position.map_or(String::new(), |p| self.at(p).into_owned()),
            message: finding.message,
            help: finding.help,
        }
    }

    /// What is wrong with the row before its cells mean anything, and at which position.
    fn defect(&self) -> Option<(usize, Finding)> {
        let (Source::Csv(bytes), Some(record)) = (&self.table.source, self.record) else { return None };
        let finding = |code: Code, message: &str| Finding::new(code, message, code.action());
        match record.defect {
            Some(QuoteDefect::Unclosed(field)) => {
                return Some((field, finding(Code::BrokenQuotes, "the quote that begins here is never closed")));
            }
            Some(QuoteDefect::TextAfter(field)) => {
                return Some((field, finding(Code::BrokenQuotes, "text follows the closing quote")));
            }
            None => {}
        }
        let (found, width) = (record.fields.len(), self.table.width);
        if found != width {
            let message = format!("the row has {found} fields, the header {width}");
            return Some((found.min(width + 1).saturating_sub(1), finding(Code::RaggedRow, &message)));
        }
        let broken = |range| std::str::from_utf8(bytes.get(range).unwrap_or_default()).is_err();
        if broken(record.start..record.end) {
            let field = record.fields.iter().position(|f| broken(f.range())).unwrap_or(0);
            return Some((field, finding(Code::NotUtf8, "the value is not UTF-8 text")));
        }
        None
    }
}

/// Reads the cells of one row by rules; afterwards [`RowReader::finish`] tells whether the row can be used.
pub(crate) struct RowReader<'t, 'd> {
    row: Row<'t>,
    out: &'d mut Diagnostics,
    codes: Vec<Code>,
}

impl<'t, 'd> RowReader<'t, 'd> {
    /// Checks the row's shape; `Err` is the row as rejected.
    pub(crate) fn new(row: Row<'t>, out: &'d mut Diagnostics) -> Result<Self, RejectedRow> {
        match row.defect() {
            None => Ok(Self { row, out, codes: Vec::new() }),
            Some((position, finding)) => {
                let codes = vec![finding.code];
                out.push(row.diagnostic(Some(position), "", finding));
                Err(row.table.rejected(row.place, codes))
            }
        }
    }

    /// True when the file has the column.
    pub(crate) fn has(&self, column: impl Into<usize>) -> bool {
        self.row.table.has(column)
    }

    /// True when the table is CSV, where texts that look like formulas are escaped.
    pub(crate) fn is_csv(&self) -> bool {
        matches!(self.row.table.source, Source::Csv(_))
    }

    /// True when an error was found in the row.
    pub(crate) fn failed(&self) -> bool {
        !self.codes.is_empty()
    }

    /// Reports a finding about a cell.
    pub(crate) fn report(&mut self, column: impl Into<usize>, finding: Finding) {
        if finding.code.severity() == Severity::Error && !self.codes.contains(&finding.code) {
            self.codes.push(finding.code);
        }
        let column = column.into();
        let name = self.row.table.columns.get(column).map_or("", |c| c.name);
        let position = self.row.table.positions.get(column).copied().flatten();
        self.out.push_with(finding.code, || self.row.diagnostic(position, name, finding));
    }

    /// The cell without surrounding white space (reported); `None` when absent or unusable.
    pub(crate) fn text(&mut self, column: impl Into<usize>) -> Option<Cow<'t, str>> {
        let column = column.into();
        let cell = self.row.cell(column)?;
        let trimmed = cell.trim();
        if trimmed.len() != cell.len() && !trimmed.is_empty() {
            let message = format!("white space around `{}` removed", trimmed.escape_debug());
            self.report(column, Finding::new(Code::SpacesRemoved, message, Code::SpacesRemoved.action()));
        }
        if let Err(finding) = control_characters(trimmed) {
            self.report(column, finding);
            return None;
        }
        Some(if trimmed.len() == cell.len() { cell } else { Cow::Owned(trimmed.to_owned()) })
    }

    /// Applies a rule to a text of this column.
    pub(crate) fn apply<T>(&mut self, column: impl Into<usize>, result: Rule<T>) -> Option<T> {
        match result {
            Ok(reading) => {
                if let Some(note) = reading.note {
                    self.report(column, note);
                }
                Some(reading.value)
            }
            Err(finding) => {
                self.report(column, finding);
                None
            }
        }
    }

    /// The cell's value by a rule; an empty cell is an error.
    pub(crate) fn required<T>(&mut self, column: impl Into<usize>, rule: impl FnOnce(&str) -> Rule<T>) -> Option<T> {
        let column = column.into();
        let text = self.text(column)?;
        if text.is_empty() {
            let name = self.row.table.columns.get(column).map_or("", |c| c.name);
            let message = format!("`{name}` is empty");
            self.report(column, Finding::new(Code::MissingValue, message, Code::MissingValue.action()));
            return None;
        }
        self.apply(column, rule(&text))
    }

    /// The cell's value by a rule; `None` when empty, absent or wrong.
    pub(crate) fn optional<T>(&mut self, column: impl Into<usize>, rule: impl FnOnce(&str) -> Rule<T>) -> Option<T> {
        let column = column.into();
        let text = self.text(column)?;
        if text.is_empty() { None } else { self.apply(column, rule(&text)) }
    }

    /// The cell's value by a rule, or the default where the file lacks the column; an empty cell is an error.
    pub(crate) fn or_default<T>(
        &mut self,
        column: impl Into<usize>,
        default: T,
        rule: impl FnOnce(&str) -> Rule<T>,
    ) -> Option<T> {
        let column = column.into();
        if self.has(column) { self.required(column, rule) } else { Some(default) }
    }

    /// The value and its place if nothing is wrong with the row, else the row as rejected.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<(T, Place), RejectedRow> {
        match value {
            Some(value) if self.codes.is_empty() => Ok((value, self.row.place)),
            _ => Err(self.row.table.rejected(self.row.place, self.codes)),
        }
    }
}
