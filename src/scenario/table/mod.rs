//! Tables: CSV or Parquet with a header, any order of columns, read row by row with the place of every cell.
//!
//! A [`Table`] keeps the file in memory and hands out [`Row`]s; a row's [`Place`] is enough to find its cells again, so
//! that later stages can show a finding in the file without every row's text being kept.

mod parquet;
mod row;
mod scan;

pub(crate) use row::{Row, RowReader};

use crate::diagnostics::{Code, Diagnostic, Diagnostics, RejectedRow, Span, did_you_mean};
use crate::scenario::rules::Finding;
use parquet::Batches;
use scan::{Cursor, RawRecord, next_record};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// Longest line that a finding shows.
const SHOWN_CHARS: usize = 4_096;

/// A column that a table may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// Header.
    pub(crate) name: &'static str,
    /// Whether the table is useless without it.
    pub(crate) required: bool,
}

/// Declares a table's columns: an enum for the code and their names for the header.
macro_rules! columns {
    ($($variant:ident = $name:literal $need:ident;)+) => {
        #[derive(Clone, Copy)]
        enum Col { $($variant),+ }
        const COLUMNS: &[$crate::scenario::table::Column] =
            &[$($crate::scenario::table::Column { name: $name, required: columns!(@$need) }),+];
        impl From<Col> for usize {
            fn from(column: Col) -> usize { column as usize }
        }
    };
    (@required) => { true };
    (@optional) => { false };
}
pub(crate) use columns;

/// Which file a table is in, and how its header differs from ours.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableSpec {
    /// As the user wrote it.
    pub(crate) shown: PathBuf,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Pairs of our column and the header it has in the file.
    pub(crate) headers: Vec<(String, String)>,
    /// Headers that are known to be of no use.
    pub(crate) ignore: Vec<String>,
    /// Whether other separators than the comma are read, as spreadsheets write them.
    pub(crate) spreadsheet: bool,
    /// Whether columns that we do not know are no finding.
    pub(crate) other_columns: bool,
}

/// Where a row begins: its line (Parquet: row number) and byte (Parquet: row).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) line: u64,
    at: usize,
}

enum Source {
    Csv(Vec<u8>),
    Parquet(Batches),
}

/// A table with its header understood.
pub(crate) struct Table {
    file: Arc<PathBuf>,
    source: Source,
    columns: &'static [Column],
    /// Position in the file of each of `columns`.
    positions: Vec<Option<usize>>,
    /// Columns in the file.
    width: usize,
    /// Where the rows begin.
    first: Cursor,
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Table {
    /// Reads the header; `None` when the file is no table or lacks a required column, which is then reported.
    pub(crate) fn open(
        spec: &TableSpec,
        bytes: Vec<u8>,
        columns: &'static [Column],
        out: &mut Diagnostics,
    ) -> Option<Self> {
        let file = Arc::new(spec.path.clone());
        let whole = |code, message: String| file_finding(&file, Finding::new(code, message, code.action()));
        let is_parquet = spec.path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet"));
        let (source, headers, first, header) = if is_parquet {
            match Batches::read(&spec.path) {
                Ok((batches, headers)) => (Source::Parquet(batches), headers, Cursor::first(&[]), None),
                Err(message) => {
                    out.push(whole(Code::BadParquet, message));
                    return None;
                }
            }
        } else {
            if let Err(message) = looks_like_text(&bytes) {
                out.push(whole(Code::NotText, message));
                return None;
            }
            let mut cursor = if spec.spreadsheet { Cursor::spreadsheet(&bytes) } else { Cursor::first(&bytes) };
            let mut header = RawRecord::default();
            if !next_record(&bytes, &mut cursor, &mut header) || header.is_blank() {
                out.push(whole(Code::EmptyTable, "the first line holds no header".into()));
                return None;
            }
            let headers = header.fields.iter().map(|f| f.value(&bytes).into_owned()).collect();
            (Source::Csv(bytes), headers, cursor, Some(header))
        };
        let width = headers.len();
        let mut table = Self { file, source, columns, positions: Vec::new(), width, first };
        let complete = table.match_header(spec, &headers, header.as_ref(), out);
        complete.then_some(table)
    }

    /// Finds each column's position; false when a required one is missing or one is given twice.
    fn match_header(
        &mut self,
        spec: &TableSpec,
        headers: &[String],
        record: Option<&RawRecord>,
        out: &mut Diagnostics,
    ) -> bool {
        let trimmed: Vec<&str> = headers.iter().map(|h| h.trim()).collect();
        let expected = |column: &Column| {
            let renamed = spec.headers.iter().find(|(name, _)| name == column.name);
            renamed.map_or(column.name.to_owned(), |(_, header)| header.clone())
        };
        let at_field = |field: Option<usize>, finding: Finding| match (record, field.or(Some(0))) {
            (Some(record), Some(field)) => self.diagnostic_in(record, field, "header", finding),
            _ => file_finding(&self.file, finding),
        };
        let mut complete = true;
        let mut positions = Vec::new();
        let mut known = Vec::new();
        for column in self.columns {
            let header = expected(column);
            let mut places = trimmed.iter().enumerate().filter(|(_, h)| **h == header).map(|(i, _)| i);
            let place = places.next();
            if let Some(again) = places.next() {
                complete = false;
                let message = format!("column `{header}` is given twice");
                out.push(at_field(
                    Some(again),
                    Finding::new(Code::RepeatedColumn, message, Code::RepeatedColumn.action()),
                ));
            }
            if place.is_none() && (column.required || header != column.name) {
                complete = false;
                let near = did_you_mean(&header, trimmed.iter().copied());
                let near = match near {
                    Some(near) => format!("; is it the column `{near}`?"),
                    None if trimmed.len() == 1 && headers.iter().any(|h| h.contains([';', '\t', '|'])) => {
                        "; fields must be separated by commas".to_owned()
                    }
                    None => String::new(),
                };
                let message = format!("no column `{header}`, which this table needs");
                let help = format!(
                    "name the header `{header}`, or map it with columns = {{ {} = \"…\" }} in [inputs]{near}",
                    column.name
                );
                out.push(at_field(None, Finding::new(Code::MissingColumn, message, help)));
            }
            known.push(header);
            positions.push(place);
        }
        for (i, header) in trimmed.iter().enumerate() {
            if !spec.other_columns && !known.iter().any(|k| k == header) && !spec.ignore.iter().any(|k| k == header) {
                let help = did_you_mean(header, known.iter().map(String::as_str))
                    .map_or_else(|| Code::UnknownColumn.action().to_owned(), |near| format!("did you mean `{near}`?"));
                let message = format!("column `{header}` is not used");
                out.push(at_field(Some(i), Finding::new(Code::UnknownColumn, message, help)));
            }
        }
        self.positions = positions;
        complete
    }

    /// The file, as it can be opened from where the user stands.
    pub(crate) fn file(&self) -> &Arc<PathBuf> {
        &self.file
    }

    /// Calls `visit` with every row in order of the file; blank lines are skipped.
    pub(crate) fn for_each(&self, mut visit: impl FnMut(Row<'_>)) {
        match &self.source {
            Source::Csv(bytes) => {
                let mut cursor = self.first;
                let mut record = RawRecord::default();
                while next_record(bytes, &mut cursor, &mut record) {
                    if !record.is_blank() {
                        visit(Row::new(self, Place { line: record.line, at: record.start }, Some(&record)));
                    }
                }
            }
            Source::Parquet(batches) => {
                for at in 0..batches.rows() {
                    visit(Row::new(self, Place { line: at as u64 + 1, at }, None));
                }
            }
        }
    }

    /// True when the file has the column.
    pub(crate) fn has(&self, column: impl Into<usize>) -> bool {
        self.positions.get(column.into()).copied().flatten().is_some()
    }

    /// A finding about a cell of a row read before.
    pub(crate) fn diagnostic(&self, place: Place, column: impl Into<usize>, finding: Finding) -> Diagnostic {
        let column = column.into();
        let name = self.columns.get(column).map_or("", |c| c.name);
        self.with_row(place, |row| row.diagnostic(self.positions.get(column).copied().flatten(), name, finding))
    }

    /// The same, by the column's name.
    pub(crate) fn diagnostic_by_name(&self, place: Place, column: &str, finding: Finding) -> Diagnostic {
        let position = self.columns.iter().position(|c| c.name == column);
        let place_of = position.and_then(|c| self.positions.get(c).copied().flatten());
        self.with_row(place, |row| row.diagnostic(place_of, column, finding))
    }

    /// A row as it stands in the file, with the errors it has.
    pub(crate) fn rejected(&self, place: Place, codes: Vec<Code>) -> RejectedRow {
        let text = self.with_row(place, |row| row.raw());
        RejectedRow { file: Arc::clone(&self.file), line: place.line, text, codes }
    }

    fn with_row<T>(&self, place: Place, use_row: impl FnOnce(Row<'_>) -> T) -> T {
        let mut record = RawRecord::default();
        if let Source::Csv(bytes) = &self.source {
            next_record(bytes, &mut Cursor { at: place.at, line: place.line, ..self.first }, &mut record);
        }
        use_row(Row::new(self, place, Some(&record)))
    }

    fn diagnostic_in(&self, record: &RawRecord, field: usize, name: &str, finding: Finding) -> Diagnostic {
        let bytes: &[u8] = if let Source::Csv(bytes) = &self.source { bytes } else { &[] };
        let raw = record.fields.get(field);
        let range = raw.map_or(record.start..record.end, |f| f.range());
        Diagnostic {
            code: finding.code,
            file: Arc::clone(&self.file),
            span: Some(span_of(bytes, record, range)),
            field: name.to_owned(),
            value: raw.map_or(Cow::Borrowed(""), |f| f.value(bytes)).into_owned(),
            message: finding.message,
            help: finding.help,
        }
    }
}

/// A finding about a whole file.
pub(crate) fn file_finding(file: &Arc<PathBuf>, finding: Finding) -> Diagnostic {
    Diagnostic {
        code: finding.code,
        file: Arc::clone(file),
        span: None,
        field: String::new(),
        value: String::new(),
        message: finding.message,
        help: finding.help,
    }
}

/// Line, column and width in characters of a range of bytes in a record.
fn span_of(bytes: &[u8], record: &RawRecord, range: Range<usize>) -> Span {
    let slice = |r: Range<usize>| bytes.get(r).unwrap_or_default();
    let chars = |r: Range<usize>| u32::try_from(String::from_utf8_lossy(slice(r)).chars().count()).unwrap_or(u32::MAX);
    let before = slice(record.start..range.start);
    let line_start = before.iter().rposition(|b| *b == b'\n').map_or(record.start, |i| record.start + i + 1);
    let rest = slice(line_start..bytes.len());
    let mut line_end = line_start + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    if line_end > line_start && bytes.get(line_end - 1) == Some(&b'\r') {
        line_end -= 1;
    }
    let text: String = String::from_utf8_lossy(slice(line_start..line_end)).chars().take(SHOWN_CHARS).collect();
    Span {
        line: record.line + before.iter().filter(|b| **b == b'\n').count() as u64,
        column: chars(line_start..range.start).saturating_add(1),
        width: chars(range.start..range.end.min(line_end).max(range.start)).max(1),
        text: text.into(),
    }
}

/// Tells other kinds of files by their first bytes.
fn looks_like_text(bytes: &[u8]) -> Result<(), String> {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err("the file is UTF-16".into());
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err("the file is a ZIP archive or a spreadsheet".into());
    }
    if bytes.starts_with(b"PAR1") {
        return Err("the file is Parquet but its name does not end in .parquet".into());
    }
    if bytes.iter().take(4_096).any(|b| *b == 0) {
        return Err("the file holds NUL bytes".into());
    }
    Ok(())
}
