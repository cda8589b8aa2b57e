//! The rows of the import table and a counter for each.
//!
//! Blobs are counted apart and added, so that the sums do not depend on threads.

use super::ImportCounts;

macro_rules! rows {
    ($($row:ident = $name:literal,)+) => {
        /// A row of [`ImportCounts`], in the order of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Row { $($row),+ }

        const NAMES: &[&str] = &[$($name),+];
    };
}

rows! {
    Invented = "maps that say they are invented",
    NodesRead = "nodes read",
    NodesKept = "nodes kept",
    NodesTwice = "nodes dropped: given twice",
    NodesOffGlobe = "nodes dropped: off the globe",
    NodesMissing = "nodes missing: named by a road way",
    WaysRead = "ways read",
    WaysKept = "road ways kept",
    PiecesKept = "road way pieces kept",
    WaysNoRoad = "ways dropped: not a road",
    WaysPlanned = "ways dropped: planned or under construction",
    WaysArea = "ways dropped: area",
    WaysReversible = "ways dropped: reversible",
    WaysClosed = "ways dropped: closed to motor vehicles",
    WaysTwice = "ways dropped: given twice",
    WaysShort = "ways dropped: fewer than two nodes",
    WaysAbsent = "ways dropped: no two neighbouring nodes present",
    WaysClipped = "ways clipped: missing nodes",
    RepeatedRefs = "way nodes dropped: repeated in a row",
    DurationsClipped = "ferry durations left out: way clipped",
    AccessUnknown = "access values not understood",
    OnewayUnknown = "oneway values not understood",
    SpeedUnknown = "maxspeed values not understood",
    SpeedHgv = "maxspeed values left out: for some vehicles only",
    LimitUnknown = "size limit values not understood",
    TollUnknown = "toll values not understood",
    DurationUnknown = "duration values not understood",
    BarrierUnknown = "barrier values not understood",
    Conditional = "conditional tags left out",
    NotUtf8 = "tags dropped: not UTF-8",
    RelationsRead = "relations read",
    RestrictionsRead = "restrictions read",
    RestrictionsKept = "restrictions kept",
    RestrictionsConditional = "restrictions left out: conditional",
    RestrictionsMode = "restrictions dropped: concern no motor vehicle",
    RestrictionsValue = "restrictions dropped: value not understood",
    RestrictionsTwice = "restrictions dropped: given twice",
    RestrictionsRole = "restrictions dropped: from, via or to not given",
    RestrictionsMany = "restrictions dropped: too many from, via or to",
    RestrictionsMissing = "restrictions dropped: member missing",
    RestrictionsApart = "restrictions dropped: members not connected",
}

/// A counter for each row.
#[derive(Clone, Debug)]
pub(super) struct Tally([u64; NAMES.len()]);

impl Default for Tally {
    fn default() -> Self {
        Self([0; NAMES.len()])
    }
}

impl Tally {
    /// Counts one.
    pub(super) fn add(&mut self, row: Row) {
        self.add_many(row, 1);
    }

    /// Counts several.
    pub(super) fn add_many(&mut self, row: Row, count: usize) {
        if let Some(cell) = self.0.get_mut(row as usize) {
            *cell = cell.saturating_add(count as u64);
        }
    }

    /// Takes over the counts of another part of the map.
    pub(super) fn absorb(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = mine.saturating_add(theirs);
        }
    }

    /// Count so far.
    pub(super) fn get(&self, row: Row) -> u64 {
        self.0.get(row as usize).copied().unwrap_or(0)
    }

    /// The table, rows of zero included, so that it has the same rows for every map.
    pub(super) fn table(&self) -> ImportCounts {
        ImportCounts { rows: NAMES.iter().zip(self.0).map(|(name, count)| ((*name).to_owned(), count)).collect() }
    }
}

impl ImportCounts {
    /// The count of a row; `None` when there is no row of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<u64> {
        self.rows.iter().find(|(row, _)| row == name).map(|(_, count)| *count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_names() {
        let mut tally = Tally::default();
        tally.add(Row::NodesRead);
        tally.add_many(Row::RestrictionsApart, 3);
        let mut sum = tally.clone();
        sum.absorb(&tally);
        let counts = sum.table();
        assert_eq!(counts.get("nodes read"), Some(2));
        assert_eq!(counts.get("restrictions dropped: members not connected"), Some(6));
        assert_eq!(counts.get("ways read"), Some(0));
        assert_eq!(counts.get("nonsense"), None);
    }
}
