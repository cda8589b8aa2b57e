//! The tables of an award as JSON: the rows of its CSV files.

use crate::report::{AwardReport, AwardTable, ReportError, write_award_csv};
use serde_json::{Value, json};
use std::io;

/// All tables, with columns by name and cells as text.
pub(super) fn tables(report: &AwardReport<'_>) -> Result<Vec<Value>, ReportError> {
    AwardTable::of(report).map(|table| as_json(table, report)).collect()
}

fn as_json(table: AwardTable, report: &AwardReport<'_>) -> Result<Value, ReportError> {
    let mut text = Vec::new();
    write_award_csv(&mut text, table, report)?;
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_slice());
    let broken = |error: csv::Error| ReportError::Io(io::Error::other(error));
    let columns: Vec<Value> = reader.headers().map_err(broken)?.iter().map(|name| json!({ "name": name })).collect();
    let rows = reader.records().map(|row| row.map(|row| row.iter().map(Value::from).collect::<Vec<_>>()));
    let rows = rows.collect::<Result<Vec<_>, _>>().map_err(broken)?;
    Ok(json!({"name": table.file_name().trim_end_matches(".csv"), "columns": columns, "rows": rows}))
}
