//! Tables of a run, row by row, with the place of every cell for findings. Columns are read by the names in the header.

use super::findings::{Fault, Findings};
use crate::csv_out::unescape_formula;
use crate::diagnostics::{Code, Span};
use crate::units::MicroDollars;
use csv::{ReaderBuilder, StringRecord};
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

/// A CSV file of the run.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) file: Arc<PathBuf>,
    text: String,
    header: StringRecord,
}

/// One of its rows.
pub(super) struct Row<'t> {
    table: &'t Table,
    record: &'t StringRecord,
    line: u64,
    start: usize,
}

impl Table {
    /// Reads a table; `None` when there is no such file, which the check of files tells, or when it cannot be used, which is
    /// a finding.
    pub(super) fn open(folder: &Path, name: &str, columns: &[&str], findings: &mut Findings) -> Option<Self> {
        let file = Arc::new(folder.join(name));
        let bytes = fs::read(&*file).ok()?;
        let text = String::from_utf8(bytes).ok();
        findings.check(text.is_some(), Code::RunTableMalformed, &file, || {
            Fault::whole("the table is not UTF-8 text".to_owned(), "tables of a run are CSV in UTF-8")
        });
        let text = text?;
        let mut header = StringRecord::new();
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let read = reader.read_record(&mut header).unwrap_or(false);
        let count = |column: &str| header.iter().filter(|name| *name == column).count();
        let wrong: Vec<&str> = columns.iter().copied().filter(|column| !read || count(column) != 1).collect();
        findings.check(wrong.is_empty(), Code::RunTableMalformed, &file, || {
            let message = format!("columns missing or given twice: {}", wrong.join(", "));
            Fault::whole(message, "docs/outputs.md lists the columns of every table")
        });
        wrong.is_empty().then_some(Self { file, text, header })
    }

    /// Hands out each row in order. Rows with more or fewer fields than the header are findings.
    pub(super) fn rows(&self, findings: &mut Findings, mut each: impl FnMut(&Row<'_>, &mut Findings)) {
        let mut reader = ReaderBuilder::new().has_headers(true).flexible(true).from_reader(self.text.as_bytes());
        let mut record = StringRecord::new();
        while reader.read_record(&mut record).unwrap_or(false) {
            let place = record.position().map_or((0, 0), |at| (at.line(), at.byte()));
            let start = usize::try_from(place.1).unwrap_or(usize::MAX);
            let row = Row { table: self, record: &record, line: place.0, start };
            let whole = record.len() == self.header.len();
            row.check(findings, whole, Code::RunTableMalformed, || {
                let (fields, columns) = (record.len(), self.header.len());
                Fault::whole(format!("the row has {fields} fields, the header {columns}"), "every row has all columns")
            });
            if whole {
                each(&row, findings);
            }
        }
    }

    /// A finding about the table as a whole.
    pub(super) fn check(&self, findings: &mut Findings, holds: bool, code: Code, fault: impl FnOnce() -> Fault) {
        findings.check(holds, code, &self.file, fault);
    }
}

impl Row<'_> {
    /// A cell as it was before it was escaped; empty where the table has no such column.
    pub(super) fn cell(&self, column: &str) -> &str {
        self.known(column).unwrap_or_default()
    }

    fn known(&self, column: &str) -> Option<&str> {
        let at = self.table.header.iter().position(|name| name == column)?;
        self.record.get(at).map(unescape_formula)
    }

    /// A cell as a number or a time; a finding when it is none.
    pub(super) fn read<T>(
        &self,
        findings: &mut Findings,
        column: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.cell(column);
        let value = parse(text);
        self.check(findings, value.is_some(), Code::RunTableMalformed, || Fault {
            field: column.to_owned(),
            found: text.to_owned(),
            message: format!("`{column}` holds `{text}`, which cannot be read"),
            rule: "docs/outputs.md tells what the column holds".to_owned(),
        });
        value
    }

    /// A cell as a whole number.
    pub(super) fn count<T: FromStr>(&self, findings: &mut Findings, column: &str) -> Option<T> {
        self.read(findings, column, |text| text.parse().ok())
    }

    /// A cell as an amount of money, in micro-dollars.
    pub(super) fn usd(&self, findings: &mut Findings, column: &str) -> Option<i128> {
        let exact = |text: &str| MicroDollars::parse(text).ok().map(|money| i128::from(money.amount.0));
        self.read(findings, column, exact)
    }

    /// Checks that a cell holds what follows from the scenario, to the letter.
    pub(super) fn expect(&self, findings: &mut Findings, code: Code, column: &str, expected: &str, rule: &str) {
        let found = self.cell(column);
        self.check(findings, found == expected, code, || Fault::differs(column, found, expected, rule));
    }

    /// The same where the table has the column; tables of other versions may lack it.
    pub(super) fn expect_if_there(
        &self,
        findings: &mut Findings,
        code: Code,
        column: &str,
        expected: &str,
        rule: &str,
    ) {
        if self.known(column).is_some() {
            self.expect(findings, code, column, expected, rule);
        }
    }

    /// A check of the row, shown at the fault's column.
    pub(super) fn check(&self, findings: &mut Findings, holds: bool, code: Code, fault: impl FnOnce() -> Fault) {
        findings.check_at(holds, code, &self.table.file, || {
            let fault = fault();
            (Some(self.span(&fault.field)), fault)
        });
    }

    /// The file it stands in.
    pub(super) fn file(&self) -> Arc<PathBuf> {
        Arc::clone(&self.table.file)
    }

    /// Where a cell stands.
    pub(super) fn span(&self, column: &str) -> Span {
        let text = self.table.text.get(self.start..).unwrap_or_default();
        // The reader's place may be the end of the line before.
        let text = text.trim_start_matches(['\r', '\n']).lines().next().unwrap_or_default();
        let at = self.table.header.iter().position(|name| name == column);
        let (first, width) = at.and_then(|at| fields(text).nth(at)).unwrap_or((0, text.chars().count()));
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span {
            line: self.line,
            column: narrow(first).saturating_add(1),
            width: narrow(width).max(1),
            text: text.into(),
        }
    }
}

/// First character and number of characters of each raw field of a line.
fn fields(line: &str) -> impl Iterator<Item = (usize, usize)> {
    let (mut quoted, mut from, mut found) = (false, 0, Vec::new());
    for (at, c) in line.chars().chain([',']).enumerate() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                found.push((from, at - from));
                from = at + 1;
            }
            _ => {}
        }
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> (tempfile::TempDir, Option<Table>, Findings) {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("t.csv"), text).unwrap();
        let mut findings = Findings::default();
        let table = Table::open(dir.path(), "t.csv", &["a", "b"], &mut findings);
        (dir, table, findings)
    }

    #[test]
    fn cells_are_found_at_their_place() {
        let (_dir, table, mut findings) = table("a,b\n1,'=x\n\"p, q\",\"é\"\n");
        table.unwrap().rows(&mut findings, |row, found| row.expect(found, Code::AwardFieldDiffers, "b", "=x", "rule"));
        let all = findings.all.sorted();
        assert_eq!(all.len(), 1, "{all:?}");
        let span = all[0].span.as_ref().unwrap();
        assert_eq!((span.line, span.column, span.width, &*span.text), (3, 8, 3, "\"p, q\",\"é\""));
        assert_eq!((all[0].field.as_str(), all[0].value.as_str()), ("b", "é"));
        assert_eq!(all[0].message, "`b` is `é`, expected `=x`");
    }

    #[test]
    fn headers_and_ragged_rows_are_findings() {
        for text in ["", "a\n1\n", "a,b,b\n", "a,b\n1\n"] {
            let (_dir, table, mut findings) = table(text);
            if let Some(table) = table {
                table.rows(&mut findings, |_, _| panic!("{text}"));
            }
            assert_eq!(findings.all.sorted().len(), 1, "{text}");
        }
    }
}
