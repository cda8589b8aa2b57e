//! The page of a finished run, from its folder alone.

use super::marks::Marks;
use super::table::TableSink;
use super::{PageContext, PageData};
use crate::artefact::fingerprint;
use crate::csv_out::unescape_formula;
use crate::report::ReportError;
use crate::report::award_report::AwardTable;
use crate::report::table::{Cell, Column, Kind, Sink};
use crate::units::MicroDollars;
use serde_json::Value;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

/// Name of the file that holds a run's [`PageContext`].
pub const CONTEXT_FILE: &str = "page.json";

/// Name of the page.
pub const PAGE_FILE: &str = "report.html";

/// Files of a folder, held against the fingerprints that its manifest names.
pub(super) struct Files<'a> {
    folder: &'a Path,
    manifest: Value,
}

pub(super) fn wrong(path: &Path, what: impl Into<String>) -> ReportError {
    ReportError::Folder { path: path.to_owned(), what: what.into() }
}

impl<'a> Files<'a> {
    /// Opens the folder of a run, or of routes.
    pub(super) fn open(folder: &'a Path, routes: bool) -> Result<Self, ReportError> {
        let path = folder.join("manifest.json");
        let bytes = fs::read(&path).map_err(|e| wrong(&path, format!("{e}; name the folder of a finished run")))?;
        let manifest: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if manifest.get("program").and_then(Value::as_str) != Some(env!("CARGO_PKG_NAME")) {
            return Err(wrong(&path, "this is not the manifest of a run; name the folder of a finished run"));
        }
        match (manifest.get("routes").is_some_and(Value::is_object), routes) {
            (true, false) => {
                Err(wrong(&path, "the folder holds routes; name the run's folder, and this one with --routes"))
            }
            (false, true) => Err(wrong(&path, "the folder holds no routes; name one that `ddu routes` wrote")),
            _ => Ok(Self { folder, manifest }),
        }
    }

    fn lists(&self, name: &str) -> bool {
        self.manifest.get("outputs").and_then(|outputs| outputs.get(name)).is_some()
    }

    /// Opens a file that is as the run wrote it.
    pub(super) fn file(&self, name: &str) -> Result<BufReader<File>, ReportError> {
        let path = self.folder.join(name);
        let listed = self.manifest.get("outputs").and_then(|outputs| outputs.get(name)).and_then(Value::as_str);
        let Some(listed) = listed else {
            return Err(wrong(&path, "the manifest does not list it; an older version made the run: run it again"));
        };
        let found = fingerprint(&path).map_err(|e| wrong(&path, format!("{e}; run it again")))?;
        if found != listed {
            return Err(wrong(&path, "it changed since the run wrote it; run it again"));
        }
        Ok(BufReader::new(File::open(&path)?))
    }
}

/// The page that a run's files make, the same as the run made.
///
/// # Errors
/// When a file is missing, changed or malformed; the error names it and what to do.
pub fn read_page(folder: &Path) -> Result<PageData, ReportError> {
    let files = Files::open(folder, false)?;
    let context: PageContext = serde_json::from_reader(files.file(CONTEXT_FILE)?)
        .map_err(|e| wrong(&folder.join(CONTEXT_FILE), format!("{e}; run it again")))?;
    let hubs = context.map.hubs.iter().map(|hub| hub.id.as_str());
    let mut marks = Marks::new(hubs, context.map.units.iter().map(|unit| unit.id.as_str()));
    let mut tables = Vec::new();
    for table in AwardTable::ALL {
        if table == AwardTable::ScenarioAwards || !files.lists(table.file_name()) {
            continue;
        }
        let mut sink = TableSink::new(table, &mut marks);
        rows(table, &files, &mut sink)?;
        tables.push(sink.finish());
    }
    let data = PageData { facts: context.facts.clone(), tables, marks: marks.finish(), map: None };
    Ok(data.with(context))
}

fn rows(table: AwardTable, files: &Files<'_>, sink: &mut TableSink<'_>) -> Result<(), ReportError> {
    let (path, columns) = (files.folder.join(table.file_name()), table.columns());
    let mut reader = csv::ReaderBuilder::new().from_reader(files.file(table.file_name())?);
    let malformed = |e: csv::Error| wrong(&path, format!("{e}; run it again"));
    let header = reader.headers().map_err(malformed)?;
    if !header.iter().eq(columns.iter().map(|column| column.name)) {
        return Err(wrong(&path, "its columns are those of another version; run it again"));
    }
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(malformed)? {
        let mut cells = Vec::with_capacity(columns.len());
        for (column, text) in columns.iter().zip(&record) {
            let line = record.position().map_or(0, csv::Position::line);
            let cell = cell(column, text).ok_or_else(|| {
                let what = format!("line {line}, column {}: {text:?} cannot be read; run it again", column.name);
                wrong(&path, what)
            })?;
            cells.push(cell);
        }
        sink.row(&cells)?;
    }
    Ok(())
}

/// A cell as it was before it was written.
fn cell<'t>(column: &Column, text: &'t str) -> Option<Cell<'t>> {
    Some(match column.kind {
        _ if text.is_empty() => Cell::Empty,
        Kind::Usd => Cell::Usd(MicroDollars::parse(text).ok()?.amount),
        Kind::Count => Cell::Count(text.parse().ok()?),
        Kind::Text => Cell::Text(unescape_formula(text)),
        Kind::Metres | Kind::Seconds | Kind::Flag => Cell::Text(text),
    })
}
