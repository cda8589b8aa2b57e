//! One pass over the bytes of a CSV table (RFC 4180): where each record and field begins and ends.
//!
//! A scanner of our own, because a finding needs the place of a field in the raw line, which `csv` does not give.
//! Separator is the comma, for tables of spreadsheets also what their first lines say ([`Cursor::spreadsheet`]); LF and CRLF end a record; a field that begins with a quote ends at the closing one and may
//! hold line breaks. A quote that is never closed ends its record at the end of its line, so that the rows below are
//! still checked.

use std::borrow::Cow;
use std::ops::Range;

/// What is wrong with the quotes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QuoteDefect {
    /// The file ends before the quote of this field is closed.
    Unclosed(usize),
    /// Text follows the closing quote of this field.
    TextAfter(usize),
}

/// A field: its bytes in the file, with quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawField {
    start: usize,
    end: usize,
    quoted: bool,
}

impl RawField {
    /// Its bytes in the file, with quotes.
    pub(crate) fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Its value: quotes removed, doubled quotes made single.
    pub(crate) fn value(self, bytes: &[u8]) -> Cow<'_, str> {
        let inner = if self.quoted { self.start + 1..self.end.saturating_sub(1) } else { self.start..self.end };
        let text = String::from_utf8_lossy(bytes.get(inner).unwrap_or_default());
        if self.quoted && text.contains("\"\"") { Cow::Owned(text.replace("\"\"", "\"")) } else { text }
    }
}

/// A record: a row of the table, possibly over several lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct RawRecord {
    /// First byte.
    pub(crate) start: usize,
    /// Byte after the last, without the line end.
    pub(crate) end: usize,
    /// Line of the first byte, counted from 1.
    pub(crate) line: u64,
    /// Fields; a blank line has one empty field.
    pub(crate) fields: Vec<RawField>,
    /// First defect of its quotes.
    pub(crate) defect: Option<QuoteDefect>,
}

impl RawRecord {
    /// True for a line without any text.
    pub(crate) fn is_blank(&self) -> bool {
        self.start == self.end
    }
}

/// Where the next record begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor {
    pub(crate) at: usize,
    pub(crate) line: u64,
    pub(crate) separator: u8,
}

impl Cursor {
    /// The first record: after the byte order mark, if there is one.
    pub(crate) fn first(bytes: &[u8]) -> Self {
        Self { at: if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }, line: 1, separator: b',' }
    }

    /// The same for a spreadsheet's table: a first line `sep=;` names the separator, as Excel writes it; without one a header
    /// without commas is split at semicolons, else at tabs.
    pub(crate) fn spreadsheet(bytes: &[u8]) -> Self {
        let mut cursor = Self::first(bytes);
        let line = |at: usize| bytes.get(at..).unwrap_or_default().split(|b| *b == b'\n').next().unwrap_or_default();
        let first = line(cursor.at);
        if let Some([separator @ (b',' | b';' | b'\t' | b'|')]) = first.trim_ascii_end().strip_prefix(b"sep=") {
            let at = (cursor.at + first.len() + 1).min(bytes.len());
            return Self { at, line: 2, separator: *separator };
        }
        if !first.contains(&b',') {
            cursor.separator = [b';', b'\t'].into_iter().find(|b| first.contains(b)).unwrap_or(b',');
        }
        cursor
    }
}

/// Reads the record at the cursor and moves it on; false at the end of the file.
pub(crate) fn next_record(bytes: &[u8], cursor: &mut Cursor, record: &mut RawRecord) -> bool {
    let (byte, separator) = (|at: usize| bytes.get(at).copied(), cursor.separator);
    if cursor.at >= bytes.len() {
        return false;
    }
    record.fields.clear();
    record.defect = None;
    (record.start, record.line) = (cursor.at, cursor.line);
    let mut at = cursor.at;
    loop {
        let start = at;
        let mut quoted = byte(at) == Some(b'"');
        if quoted {
            match closing_quote(bytes, at + 1) {
                Some(close) => at = close + 1,
                None => {
                    record.defect.get_or_insert(QuoteDefect::Unclosed(record.fields.len()));
                    quoted = false;
                }
            }
        }
        let text = at;
        while let Some(b) = byte(at)
            && b != separator
            && b != b'\n'
        {
            at += 1;
        }
        let mut end = at;
        if byte(at) != Some(separator) && end > text && byte(end - 1) == Some(b'\r') && byte(at) == Some(b'\n') {
            end -= 1;
        }
        if quoted && end > text {
            record.defect.get_or_insert(QuoteDefect::TextAfter(record.fields.len()));
            quoted = false;
        }
        record.fields.push(RawField { start, end, quoted });
        if byte(at) == Some(separator) {
            at += 1;
            continue;
        }
        record.end = end;
        let next = (at + 1).min(bytes.len());
        let breaks = bytes.get(cursor.at..next).unwrap_or_default().iter().filter(|b| **b == b'\n').count();
        *cursor = Cursor { at: next, line: cursor.line + breaks as u64, separator };
        return true;
    }
}

/// Position of the quote that ends a quoted text; doubled quotes belong to the text.
fn closing_quote(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == b'"')?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(bytes: &[u8]) -> Vec<(u64, Vec<String>, Option<QuoteDefect>)> {
        let mut cursor = Cursor::first(bytes);
        let mut record = RawRecord::default();
        let mut out = Vec::new();
        while next_record(bytes, &mut cursor, &mut record) {
            let fields = record.fields.iter().map(|f| f.value(bytes).into_owned()).collect();
            out.push((record.line, fields, record.defect));
        }
        out
    }

    fn ok(line: u64, fields: &[&str]) -> (u64, Vec<String>, Option<QuoteDefect>) {
        (line, fields.iter().map(|f| (*f).to_owned()).collect(), None)
    }

    #[test]
    fn marks_breaks_and_quotes() {
        let text = b"\xEF\xBB\xBFa,b\r\n\"x,\"\"y\"\"\n\",2\r\n\n,\"\"\nlast,";
        let expected =
            [ok(1, &["a", "b"]), ok(2, &["x,\"y\"\n", "2"]), ok(4, &[""]), ok(5, &["", ""]), ok(6, &["last", ""])];
        assert_eq!(all(text), expected);
    }

    #[test]
    fn spreadsheets_separate_as_they_say() {
        for (text, fields) in [
            (&b"\xEF\xBB\xBFsep=;\r\na;b,c\r\n"[..], [ok(2, &["a", "b,c"])]),
            (b"a;\"b;c\"\n", [ok(1, &["a", "b;c"])]),
            (b"a\tb\n", [ok(1, &["a", "b"])]),
            (b"a,b;c\n", [ok(1, &["a", "b;c"])]),
            (b"sep=;;\n", [ok(1, &["sep=", "", ""])]),
        ] {
            let mut cursor = Cursor::spreadsheet(text);
            let mut record = RawRecord::default();
            assert!(next_record(text, &mut cursor, &mut record));
            let found = record.fields.iter().map(|f| f.value(text).into_owned()).collect();
            assert_eq!([(record.line, found, record.defect)], fields);
        }
        assert_eq!(Cursor::spreadsheet(b"sep=;").at, 5);
    }

    #[test]
    fn an_open_quote_spoils_one_row_only() {
        let rows = all(b"a,\"b\nc,d\n");
        assert_eq!(rows, [(1, vec!["a".into(), "\"b".into()], Some(QuoteDefect::Unclosed(1))), ok(2, &["c", "d"])]);
        let rows = all(b"\"a\"x,b\n");
        assert_eq!(rows, [(1, vec!["\"a\"x".into(), "b".into()], Some(QuoteDefect::TextAfter(0)))]);
    }

    proptest! {
        /// The `csv` crate as oracle, on what both read alike: no lone CR, no broken quotes, no blank lines.
        #[test]
        fn agrees_with_the_csv_crate(text in "([ab,\"é]|\n|\r\n){0,40}") {
            let mine: Vec<_> = all(text.as_bytes());
            if mine.iter().all(|(_, _, defect)| defect.is_none()) {
                let mine: Vec<Vec<String>> = mine.into_iter().map(|r| r.1).collect();
                let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
                let theirs: Vec<Vec<String>> =
                    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
                // The crate skips blank lines.
                let raw_blank = |r: &Vec<String>| r.len() == 1 && r[0].is_empty();
                let keep = |rows: Vec<Vec<String>>| rows.into_iter().filter(|r| !raw_blank(r)).collect::<Vec<_>>();
                prop_assert_eq!(keep(mine), keep(theirs));
            }
        }

        #[test]
        fn any_bytes_are_read_to_the_end(bytes in proptest::collection::vec(prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), any::<u8>()], 0..200)) {
            let mut cursor = Cursor::first(&bytes);
            let mut record = RawRecord::default();
            let mut last = cursor.at;
            while next_record(&bytes, &mut cursor, &mut record) {
                prop_assert!(cursor.at > last || cursor.at == bytes.len());
                prop_assert_eq!(record.start, last);
                last = cursor.at;
            }
            prop_assert_eq!(last, bytes.len().max(last));
        }
    }
}
