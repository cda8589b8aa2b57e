//! What all table readers share: opening, reading rows, settling repeated ids, looking ids up.

use crate::artefact::fingerprint;
use crate::diagnostics::{Code, Diagnostics, RejectedRow, did_you_mean};
use crate::lonlat::LonLat;
use crate::scenario::rules::{Axis, Finding, State, Zones, point, state};
use crate::scenario::table::{Column, Place, RowReader, Table, TableSpec, file_finding};
use crate::scenario::{Duplicates, InputFile};
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// Words that are compared with all known ones to suggest the nearest; more are only called unknown.
const MOST_SUGGESTIONS: usize = 200;

/// What readers find and set aside.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    pub(crate) diagnostics: Diagnostics,
    pub(crate) rejects: Vec<RejectedRow>,
    pub(crate) files: Vec<InputFile>,
}

/// Rows that passed, and the ids of those that did not.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    pub(crate) table: Arc<Table>,
    pub(crate) rows: Vec<(T, Place)>,
    pub(crate) rejected: BTreeSet<String>,
}

impl Intake {
    /// Reads a file whole and notes its fingerprint; a failure is reported.
    pub(crate) fn file(&mut self, role: &'static str, shown: &Path, path: &Path) -> Option<Vec<u8>> {
        let bytes = fs::read(path).map_err(|e| self.unreadable(path, &e)).ok()?;
        let blake3 = blake3::hash(&bytes).to_hex().to_string();
        self.files.push(InputFile { role, path: shown.to_owned(), blake3, rows: 0, accepted: 0 });
        Some(bytes)
    }

    /// Notes the fingerprint of a file that a later stage reads; a failure is reported.
    pub(crate) fn fingerprint(&mut self, role: &'static str, shown: &Path, path: &Path) -> bool {
        match fingerprint(path) {
            Ok(blake3) => {
                self.files.push(InputFile { role, path: shown.to_owned(), blake3, rows: 0, accepted: 0 });
                true
            }
            Err(e) => {
                self.unreadable(path, &e);
                false
            }
        }
    }

    fn unreadable(&mut self, path: &Path, error: &std::io::Error) {
        let finding = Finding::plain(Code::FileMissing, format!("the file cannot be read: {error}"));
        self.diagnostics.push(file_finding(&Arc::new(path.to_owned()), finding));
    }

    /// Opens a table and reads its rows; rows with errors are set aside, with their ids.
    pub(crate) fn table<T>(
        &mut self,
        role: &'static str,
        spec: &TableSpec,
        columns: &'static [Column],
        id_column: usize,
        mut read: impl FnMut(&mut RowReader<'_, '_>) -> Option<T>,
    ) -> Option<Rows<T>> {
        let bytes = self.file(role, &spec.shown, &spec.path)?;
        let table = Arc::new(Table::open(spec, bytes, columns, &mut self.diagnostics)?);
        let mut rows = Vec::new();
        let mut rejected = BTreeSet::new();
        let mut count = 0_u64;
        table.for_each(|row| {
            count += 1;
            let result = RowReader::new(row, &mut self.diagnostics).and_then(|mut reader| {
                let value = read(&mut reader);
                reader.finish(value)
            });
            match result {
                Ok(accepted) => rows.push(accepted),
                Err(reject) => {
                    rejected.extend(row.cell(id_column).map(|id| id.trim().to_owned()));
                    self.rejects.push(reject);
                }
            }
        });
        if let Some(file) = self.files.last_mut() {
            file.rows = count;
        }
        if u32::try_from(count).is_err() {
            let finding = Finding::plain(Code::TooManyRows, format!("the table has {count} rows"));
            self.diagnostics.push(file_finding(table.file(), finding));
        }
        Some(Rows { table, rows, rejected })
    }

    /// Notes how many rows of a table were accepted.
    pub(crate) fn accepted(&mut self, role: &str, rows: usize) {
        if let Some(file) = self.files.iter_mut().find(|f| f.role == role) {
            file.accepted = rows as u64;
        }
    }

    /// Reports a finding about a cell of a row read before.
    pub(crate) fn report(&mut self, table: &Table, place: Place, column: impl Into<usize>, finding: Finding) {
        self.diagnostics.push_with(finding.code, || table.diagnostic(place, column, finding));
    }

    /// A table without any usable row ends the run.
    pub(crate) fn nothing_left<T>(&mut self, rows: &Rows<T>, left: usize, what: &str) {
        if left == 0 {
            let finding = Finding::plain(Code::NothingLeft, format!("no {what} is left"));
            self.diagnostics.push(file_finding(rows.table.file(), finding));
        }
    }
}

impl<T: PartialEq> Rows<T> {
    /// Sorts by id and leaves one row an id: repeated rows go by the policy, different rows of one id are all set
    /// aside, so that the result does not depend on the order of rows.
    pub(crate) fn settle(
        &mut self,
        id_column: impl Into<usize> + Copy,
        policy: Duplicates,
        id: impl Fn(&T) -> &str,
        intake: &mut Intake,
    ) {
        self.settle_by(id_column, policy, |a, b| id(a).cmp(id(b)), |row| id(row).to_owned(), intake);
    }

    /// The same for rows whose id is not one text.
    pub(crate) fn settle_by(
        &mut self,
        id_column: impl Into<usize> + Copy,
        policy: Duplicates,
        order: impl Fn(&T, &T) -> Ordering,
        id: impl Fn(&T) -> String,
        intake: &mut Intake,
    ) {
        self.rows.sort_by(|a, b| order(&a.0, &b.0).then(a.1.cmp(&b.1)));
        let mut settled = Vec::with_capacity(self.rows.len());
        let mut rows = std::mem::take(&mut self.rows).into_iter().peekable();
        while let Some(first) = rows.next() {
            let mut others = Vec::new();
            while let Some(next) = rows.next_if(|next| order(&next.0, &first.0) == Ordering::Equal) {
                others.push(next);
            }
            let conflict = others.iter().any(|o| o.0 != first.0);
            let first_line = first.1.line;
            let (repeated, code) = match (conflict, policy) {
                (true, _) => (Code::ConflictingId, Some(Code::ConflictingId)),
                (false, Duplicates::Reject) => (Code::RepeatedRow, Some(Code::RepeatedRow)),
                (false, Duplicates::Collapse) => (Code::RepeatedRowCollapsed, None),
            };
            if conflict {
                let lines: Vec<String> = others.iter().take(3).map(|o| o.1.line.to_string()).collect();
                let message = format!("id `{}` has other contents on line {}", id(&first.0), lines.join(", "));
                intake.report(&self.table, first.1, id_column, Finding::plain(repeated, message));
                intake.rejects.push(self.table.rejected(first.1, vec![repeated]));
                self.rejected.insert(id(&first.0));
            }
            for (value, place) in others {
                let what = if conflict { "has other contents on" } else { "repeats" };
                let message = format!("row `{}` {what} line {first_line}", id(&value));
                intake.report(&self.table, place, id_column, Finding::plain(repeated, message));
                intake.rejects.extend(code.map(|code| self.table.rejected(place, vec![code])));
            }
            if !conflict {
                settled.push(first);
            }
        }
        self.rows = settled;
    }
}

/// Warns where several rows share one coordinate: once a coordinate, at the row of the first id.
pub(crate) fn shared_coordinates<'a>(
    rows: impl Iterator<Item = (&'a str, LonLat, Place)>,
    table: &Table,
    column: impl Into<usize> + Copy,
    intake: &mut Intake,
) {
    let mut by_point: BTreeMap<LonLat, Vec<(&str, Place)>> = BTreeMap::new();
    for (id, at, place) in rows {
        by_point.entry(at).or_default().push((id, place));
    }
    for group in by_point.into_values() {
        if let [(id, place), others @ ..] = group.as_slice()
            && !others.is_empty()
        {
            let mut names: Vec<&str> = others.iter().take(3).map(|(id, _)| *id).collect();
            if others.len() > 3 {
                names.push("…");
            }
            let message =
                format!("`{id}` shares its coordinate with {} other rows: {}", others.len(), names.join(", "));
            intake.report(table, *place, column, Finding::plain(Code::SharedCoordinate, message));
        }
    }
}

/// Reads both coordinates.
pub(crate) fn read_point(
    reader: &mut RowReader<'_, '_>,
    lat: impl Into<usize> + Copy,
    lon: impl Into<usize> + Copy,
) -> Option<LonLat> {
    let text = |s: &str| crate::scenario::rules::id(s);
    let (lat_text, lon_text) = (reader.required(lat, text), reader.required(lon, text));
    match point(&lat_text?, &lon_text?) {
        Ok(at) => Some(at),
        Err((axis, finding)) => {
            reader.report(if axis == Axis::Lat { lat.into() } else { lon.into() }, finding);
            None
        }
    }
}

/// Reads the state, and the zone that is given or follows from it.
pub(crate) fn read_state_and_zone(
    reader: &mut RowReader<'_, '_>,
    zones: &mut Zones,
    state_column: impl Into<usize> + Copy,
    zone_column: impl Into<usize> + Copy,
    default: Option<&TimeZone>,
) -> (Option<&'static State>, Option<TimeZone>) {
    let state_text = reader.text(state_column).filter(|s| !s.is_empty());
    let known = state_text.as_ref().and_then(|s| reader.apply(state_column, state(s)));
    let zone_text = reader.text(zone_column).filter(|s| !s.is_empty());
    let zone = match zone_text {
        Some(name) => reader.apply(zone_column, zones.named(&name)),
        None if state_text.is_some() && known.is_none() => None,
        None => {
            let shown: usize = if reader.has(zone_column) { zone_column.into() } else { state_column.into() };
            reader.apply(shown, zones.fallback(known, default))
        }
    };
    (known, zone)
}

/// Ids of a table, to look up what another table refers to.
pub(crate) struct Known<'a> {
    index: FxHashMap<&'a str, u32>,
    names: Vec<&'a str>,
    suggested: RefCell<BTreeMap<String, Option<&'a str>>>,
}

impl<'a> Known<'a> {
    /// Ids in order of their index.
    pub(crate) fn new(ids: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = ids.collect();
        let index = names.iter().zip(0..).map(|(name, i)| (*name, i)).collect();
        Self { index, names, suggested: RefCell::default() }
    }

    /// Index of an id.
    pub(crate) fn get(&self, id: &str) -> Option<u32> {
        self.index.get(id).copied()
    }

    /// An unknown id, with the nearest known one.
    pub(crate) fn unknown(&self, code: Code, what: &str, id: &str) -> Finding {
        let mut suggested = self.suggested.borrow_mut();
        let near = match suggested.get(id) {
            Some(near) => *near,
            None if suggested.len() < MOST_SUGGESTIONS => {
                let near = did_you_mean(id, self.names.iter().copied());
                suggested.insert(id.to_owned(), near);
                near
            }
            None => None,
        };
        let help = near.map_or_else(|| code.action().to_owned(), |near| format!("did you mean `{near}`?"));
        Finding::new(code, format!("{what} `{id}` is not known"), help)
    }
}
