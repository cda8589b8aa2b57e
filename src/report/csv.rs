//! CSV: UTF-8, LF, a header, quoted where needed.
//!
//! Text that a spreadsheet would run as a formula is escaped ([`crate::csv_out`]); a negative amount is not.

use super::ReportError;
use super::table::{Cell, Column, Sink};
use crate::csv_out::escape_formula;
use std::io::{self, Write};

/// Writes the rows of one table as CSV.
pub(crate) struct CsvSink<W: Write> {
    writer: ::csv::Writer<W>,
    columns: usize,
}

impl<W: Write> CsvSink<W> {
    /// Writes the header.
    pub(crate) fn new(out: W, columns: &[Column]) -> Result<Self, ReportError> {
        let mut writer = ::csv::WriterBuilder::new().from_writer(out);
        writer.write_record(columns.iter().map(|column| column.name)).map_err(io_error)?;
        Ok(Self { writer, columns: columns.len() })
    }

    /// Writes what is still buffered.
    pub(crate) fn finish(mut self) -> Result<(), ReportError> {
        Ok(self.writer.flush()?)
    }
}

impl<W: Write> Sink for CsvSink<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ReportError> {
        if cells.len() != self.columns {
            return Err(ReportError::Shape { position: cells.len(), columns: self.columns });
        }
        for cell in cells {
            let text = match cell {
                Cell::Text(text) => escape_formula(text),
                Cell::Owned(text) => escape_formula(text),
                other => other.plain(),
            };
            self.writer.write_field(text.as_bytes()).map_err(io_error)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(io_error)
    }
}

/// Rows are counted before they are written, so only the writer below can fail.
fn io_error(error: ::csv::Error) -> ReportError {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => ReportError::Io(error),
        other => ReportError::Io(io::Error::other(format!("{other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::Kind;
    use super::*;
    use crate::units::MicroDollars;
    use proptest::prelude::*;

    fn written(columns: &[Column], rows: &[Vec<Cell<'_>>]) -> String {
        let mut out = Vec::new();
        let mut sink = CsvSink::new(&mut out, columns).unwrap();
        for row in rows {
            sink.row(row).unwrap();
        }
        sink.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn formulas_are_escaped_and_numbers_are_not() {
        let columns = [Column::new("id", Kind::Text), Column::new("net_usd", Kind::Usd)];
        let rows = [
            vec![Cell::Text("=1+1"), Cell::Usd(MicroDollars(-1_250_000))],
            vec![Cell::Text("a,\"b\""), Cell::Empty],
            vec![Cell::Owned("-3".to_owned()), Cell::Usd(MicroDollars(1))],
        ];
        assert_eq!(written(&columns, &rows), "id,net_usd\n'=1+1,-1.25\n\"a,\"\"b\"\"\",\n'-3,0.000001\n");
    }

    #[test]
    fn a_row_of_another_table_is_refused() {
        let mut out = Vec::new();
        let mut sink = CsvSink::new(&mut out, &[Column::new("a", Kind::Text)]).unwrap();
        assert!(matches!(sink.row(&[]), Err(ReportError::Shape { .. })));
    }

    proptest! {
        #[test]
        fn text_round_trips(text in "['=+@\\-a\t\r\n\",é ]{0,8}") {
            let file = written(&[Column::new("a", Kind::Text), Column::new("b", Kind::Text)], &[vec![Cell::Text(&text), Cell::Text("b")]]);
            let mut reader = ::csv::Reader::from_reader(file.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            prop_assert_eq!(crate::csv_out::unescape_formula(&record[0]), &text);
            prop_assert!(!record[0].starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
