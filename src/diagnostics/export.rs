//! Findings for machines: JSON lines, and the rejected rows as they stood in their files.

use super::{Code, Diagnostics};
use crate::artefact::write_atomically;
use crate::csv_out::escape_formula;
use serde::Serialize;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A row that was set aside, as it stood in its file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RejectedRow {
    /// The file as the user named it.
    pub file: Arc<PathBuf>,
    /// Its first line (for Parquet: row number), counted from 1.
    pub line: u64,
    /// The raw row without its line end (for Parquet: its values as CSV).
    pub text: String,
    /// The errors it has, in order.
    pub codes: Vec<Code>,
}

/// Writes the rejected rows as CSV (`file,line,codes,row`), in order of file and line; cells are escaped against
/// formulas.
///
/// # Errors
/// When the file cannot be written; it is then untouched.
pub fn write_rejects(path: &Path, rows: &[RejectedRow]) -> io::Result<()> {
    let mut rows: Vec<&RejectedRow> = rows.iter().collect();
    rows.sort();
    write_atomically(path, |file| {
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(["file", "line", "codes", "row"])?;
        for row in rows {
            let codes: Vec<&str> = row.codes.iter().map(|c| c.id()).collect();
            let name = row.file.display().to_string();
            let cells = [&*escape_formula(&name), &row.line.to_string(), &codes.join(" "), &*escape_formula(&row.text)];
            writer.write_record(cells)?;
        }
        writer.flush()
    })
}

#[derive(Serialize)]
struct Line<'a> {
    code: &'static str,
    severity: &'static str,
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    field: &'a str,
    value: &'a str,
    message: &'a str,
    help: &'a str,
}

/// One JSON object a finding and line, in order of file, line and column.
#[must_use]
pub fn to_json_lines(diagnostics: &Diagnostics) -> String {
    let mut out = String::new();
    for d in diagnostics.sorted() {
        let line = Line {
            code: d.code.id(),
            severity: d.code.severity().word(),
            file: d.file.display().to_string(),
            line: d.span.as_ref().map(|s| s.line),
            column: d.span.as_ref().map(|s| s.column),
            field: &d.field,
            value: &d.value,
            message: &d.message,
            help: &d.help,
        };
        // Texts and numbers always serialise; an error would only leave the line out.
        if let Ok(text) = serde_json::to_string(&line) {
            out.push_str(&text);
            out.push('\n');
        }
    }
    out
}
