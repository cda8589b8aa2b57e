//! Where hubs, delivery units and closed roads come from, so that later stages can show a finding at their row.

use super::rules::Finding;
use super::table::{Place, Table};
use crate::diagnostics::{Code, Diagnostic, RejectedRow};
use crate::ids::{DduIx, HubIx};
use std::sync::Arc;

/// Rows of a scenario's hubs, units and closed roads. The tables' texts are kept, not a copy of every row.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    pub(super) hubs: Rows,
    pub(super) ddus: Rows,
    pub(super) closed_roads: Rows,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub(super) table: Option<Arc<Table>>,
    pub(super) places: Vec<Place>,
}

impl Rows {
    pub(super) fn retain(&mut self, keep: &[bool]) {
        let mut keep = keep.iter();
        self.places.retain(|_| keep.next().copied().unwrap_or(true));
    }

    fn at(&self, index: usize) -> RowOrigin<'_> {
        RowOrigin { row: self.table.as_deref().zip(self.places.get(index).copied()) }
    }
}

impl Origins {
    /// The row of a hub.
    #[must_use]
    pub fn hub(&self, hub: HubIx) -> RowOrigin<'_> {
        self.hubs.at(hub.index())
    }

    /// The row of a delivery unit.
    #[must_use]
    pub fn ddu(&self, ddu: DduIx) -> RowOrigin<'_> {
        self.ddus.at(ddu.index())
    }

    /// The row of a closed road, by its position in the scenario's list.
    #[must_use]
    pub fn closed_road(&self, position: usize) -> RowOrigin<'_> {
        self.closed_roads.at(position)
    }
}

/// A row of a table that was read.
#[derive(Clone, Copy, Debug)]
pub struct RowOrigin<'a> {
    row: Option<(&'a Table, Place)>,
}

impl RowOrigin<'_> {
    /// A finding at the row's cell in `column` (the whole row if the table has no such column).
    #[must_use]
    pub fn diagnostic(
        &self,
        code: Code,
        column: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        let finding = Finding::new(code, message, help);
        match self.row {
            Some((table, place)) => table.diagnostic_by_name(place, column, finding),
            None => Diagnostic {
                code: finding.code,
                file: Arc::default(),
                span: None,
                field: column.to_owned(),
                value: String::new(),
                message: finding.message,
                help: finding.help,
            },
        }
    }

    /// The row as it stands in its file, to be set aside for an error.
    #[must_use]
    pub fn rejected(&self, code: Code) -> Option<RejectedRow> {
        self.row.map(|(table, place)| table.rejected(place, vec![code]))
    }
}
