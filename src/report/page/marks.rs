//! What the award is at each unit, and from which hubs it is brought: what the map and its colours are drawn from.
//!
//! Counted over all rows of `awards.csv` and `bids_explained.csv`, also those that the page does not hold.

use crate::report::award_report::AwardTable;
use crate::report::table::Cell;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::collections::BTreeMap;

/// Reasons of losers that say that nothing can get there.
const NO_WAY: [&str; 4] = ["no_path", "vehicle_cannot_dock", "piece_does_not_fit", "no_haul_known"];

/// Reasons of losers that say that others were preferred.
const RIVALS: [&str; 5] = ["capacity_taken", "dock_slot_taken", "tie_break", "policy", "not_settled"];

/// What becomes of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// It has an award, and no bid lost its place to another.
    Awarded,
    /// It has an award, and bids that lost their place to others.
    Contested,
    /// It has none.
    Unserved,
    /// It has none, and of its bids no vehicle can make the haul.
    Unreachable,
}

#[derive(Clone, Copy, Debug, Default)]
struct Unit {
    bids: u32,
    won: u32,
    no_way: u32,
    rivals: u32,
    pieces: u64,
}

impl Unit {
    fn state(self) -> State {
        match self {
            Self { won: 1.., rivals: 0, .. } => State::Awarded,
            Self { won: 1.., .. } => State::Contested,
            Self { bids, no_way, .. } if bids > 0 && bids == no_way => State::Unreachable,
            _ => State::Unserved,
        }
    }
}

/// Units and hauls of an award, by positions of hubs and units sorted by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Marks {
    /// By unit: its state, pieces awarded a day, bids.
    units: Vec<(State, u64, u32)>,
    /// Hub, unit, pieces brought a day.
    flows: Vec<(u32, u32, u64)>,
}

/// Counts rows of an award's tables.
#[derive(Debug)]
pub(super) struct MarkCounter {
    hubs: FxHashMap<String, u32>,
    ddus: FxHashMap<String, u32>,
    units: Vec<Unit>,
    brought: BTreeMap<(u32, u32), u64>,
}

impl MarkCounter {
    /// Nothing counted yet; ids in order.
    pub(super) fn new<'i>(hubs: impl Iterator<Item = &'i str>, ddus: impl Iterator<Item = &'i str>) -> Self {
        let hubs = (0..).zip(hubs).map(|(position, id)| (id.to_owned(), position)).collect();
        let ddus: FxHashMap<String, u32> = (0..).zip(ddus).map(|(position, id)| (id.to_owned(), position)).collect();
        Self { hubs, units: vec![Unit::default(); ddus.len()], ddus, brought: BTreeMap::new() }
    }

    /// Counts a row of a table.
    pub(super) fn count(&mut self, table: AwardTable, row: &[Cell<'_>]) {
        let cell = |name: &str| {
            let position = table.columns().iter().position(|column| column.name == name)?;
            row.get(position)
        };
        let text = |name| cell(name).map(Cell::plain).unwrap_or_default();
        match table {
            AwardTable::Awards => {
                let Some(&ddu) = self.ddus.get(&*text("ddu_id")) else { return };
                let Some(&Cell::Count(pieces)) = cell("volume_pieces") else { return };
                let pieces = u64::try_from(pieces).unwrap_or_default();
                if let Some(unit) = self.units.get_mut(ddu as usize) {
                    unit.pieces += pieces;
                }
                if let Some(&hub) = self.hubs.get(&*text("hub_id")) {
                    *self.brought.entry((hub, ddu)).or_default() += pieces;
                }
            }
            AwardTable::BidsExplained => {
                let position = self.ddus.get(&*text("ddu_id")).map(|ddu| *ddu as usize);
                let Some(unit) = position.and_then(|position| self.units.get_mut(position)) else { return };
                unit.bids += 1;
                unit.won += u32::from(text("outcome") == "won");
                let reason = text("reason");
                unit.no_way += u32::from(NO_WAY.contains(&&*reason));
                unit.rivals += u32::from(RIVALS.contains(&&*reason));
            }
            _ => {}
        }
    }

    /// What was counted.
    pub(super) fn finish(self) -> Marks {
        Marks {
            units: self.units.iter().map(|unit| (unit.state(), unit.pieces, unit.bids)).collect(),
            flows: self.brought.iter().map(|(&(hub, ddu), &pieces)| (hub, ddu, pieces)).collect(),
        }
    }
}
