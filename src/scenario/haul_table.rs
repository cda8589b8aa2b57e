//! Where an award's hauls come from: a map to route on, or a table that an earlier run wrote.

use crate::ids::{DduIx, HubIx, VehicleIx};
use crate::no_haul::NoHaul;
use crate::units::{ClockTime, Decimetres, MicroDollars, Pieces};
use std::path::{Path, PathBuf};

/// A vehicle class that can make a haul: what decides what a volume costs and whether it is in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VehicleOption {
    /// Vehicle class.
    pub vehicle: VehicleIx,
    /// Pieces a trip carries; at least 1.
    pub pieces_per_trip: Pieces,
    /// Money of one trip.
    pub trip: MicroDollars,
    /// Handling per piece, for all pieces.
    pub handling_per_piece: MicroDollars,
    /// Length of the loaded path.
    pub outbound: Decimetres,
    /// Arrival at the dock in minutes of the unit's local clock from midnight of the operating date, rounded up, when
    /// leaving at the hub's release time.
    pub arrival: ClockTime,
}

/// What `[inputs]` names to get hauls from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HaulInput {
    /// The map to read.
    Map(PathBuf),
    /// A table of hauls, as `ddu cost` writes it.
    Table(HaulTable),
}

impl HaulInput {
    /// The map, if there is one.
    #[must_use]
    pub fn map(&self) -> Option<&Path> {
        match self {
            Self::Map(path) => Some(path),
            Self::Table(_) => None,
        }
    }

    /// The table, if there is one.
    #[must_use]
    pub const fn table(&self) -> Option<&HaulTable> {
        match self {
            Self::Map(_) => None,
            Self::Table(table) => Some(table),
        }
    }
}

/// A class with its way to make a haul, or the reason why it has none.
pub type ClassOption = (VehicleIx, Result<VehicleOption, NoHaul>);

/// Hauls by hub and unit, in flat arrays: a national table has half a million rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HaulTable {
    /// Hub and unit of each haul, ascending, with its first row.
    hauls: Vec<(HubIx, DduIx, usize)>,
    /// By hub, unit and class.
    rows: Vec<ClassOption>,
}

impl HaulTable {
    /// A table of rows that ascend by hub, unit and class, each of them once.
    pub(super) fn new(sorted: impl Iterator<Item = (HubIx, DduIx, ClassOption)>) -> Self {
        let mut table = Self::default();
        for (hub, ddu, row) in sorted {
            if table.hauls.last().is_none_or(|last| (last.0, last.1) != (hub, ddu)) {
                table.hauls.push((hub, ddu, table.rows.len()));
            }
            table.rows.push(row);
        }
        table.hauls.shrink_to_fit();
        table.rows.shrink_to_fit();
        table
    }

    /// Classes of a haul in order of their index; none when the table does not hold it.
    pub fn rows(&self, hub: HubIx, ddu: DduIx) -> &[ClassOption] {
        let Ok(at) = self.hauls.binary_search_by_key(&(hub, ddu), |haul| (haul.0, haul.1)) else { return &[] };
        let first = |at: usize| self.hauls.get(at).map_or(self.rows.len(), |haul| haul.2);
        self.rows.get(first(at)..first(at + 1)).unwrap_or_default()
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Follows hubs and units to their new indices, which must ascend like the old; rows of those without are dropped.
    pub(super) fn renumber(&mut self, hubs: &[Option<u32>], ddus: &[Option<u32>]) {
        let moved = |hub: HubIx, ddu: DduIx| {
            let hub = hubs.get(hub.index()).copied().flatten()?;
            Some((HubIx(hub), DduIx(ddus.get(ddu.index()).copied().flatten()?)))
        };
        let rows = self.hauls.iter().filter_map(|&(hub, ddu, _)| Some((moved(hub, ddu)?, self.rows(hub, ddu))));
        let table = Self::new(rows.flat_map(|((hub, ddu), rows)| rows.iter().map(move |row| (hub, ddu, *row))));
        *self = table;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(vehicle: u32) -> ClassOption {
        (VehicleIx(vehicle), Err(NoHaul::PieceDoesNotFit))
    }

    #[test]
    fn hauls_are_found_by_hub_and_unit() {
        let at = [(0, 1, 0), (0, 1, 2), (2, 0, 1), (2, 3, 0), (2, 3, 1)];
        let mut table = HaulTable::new(at.into_iter().map(|(h, d, v)| (HubIx(h), DduIx(d), row(v))));
        let classes = |table: &HaulTable, h, d| -> Vec<u32> {
            table.rows(HubIx(h), DduIx(d)).iter().map(|(vehicle, _)| vehicle.0).collect()
        };
        for h in 0..4 {
            for d in 0..5 {
                let plain: Vec<u32> = at.iter().filter(|r| (r.0, r.1) == (h, d)).map(|r| r.2).collect();
                assert_eq!(classes(&table, h, d), plain, "{h} {d}");
            }
        }
        // Hub 0 goes, hub 2 becomes 0; unit 0 goes, unit 3 becomes 2.
        table.renumber(&[None, None, Some(0)], &[None, Some(0), Some(1), Some(2)]);
        assert_eq!((table.len(), classes(&table, 0, 2)), (2, vec![0, 1]));
    }
}
