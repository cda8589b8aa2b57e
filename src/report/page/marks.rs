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
#[derive(Clone, Debug, Default, Serialize)]
pub struct Marks {
    /// By unit: its state, pieces awarded a day, bids.
    units: Vec<(State, u64, u32)>,
    /// Hub, unit, pieces brought a day.
    flows: Vec<(u32, u32, u64)>,
    #[serde(skip)]
    hub_ids: FxHashMap<String, u32>,
    #[serde(skip)]
    ddu_ids: FxHashMap<String, u32>,
    #[serde(skip)]
    counted: Vec<Unit>,
    #[serde(skip)]
    brought: BTreeMap<(u32, u32), u64>,
}

impl Marks {
    /// Nothing counted yet.
    pub(super) fn new<'i>(hubs: impl Iterator<Item = &'i str>, ddus: impl Iterator<Item = &'i str>) -> Self {
        let numbered = |ids: &mut dyn Iterator<Item = &'i str>| -> FxHashMap<String, u32> {
            (0..).zip(ids).map(|(position, id)| (id.to_owned(), position)).collect()
        };
        let (mut hubs, mut ddus) = (hubs, ddus);
        let (hub_ids, ddu_ids) = (numbered(&mut hubs), numbered(&mut ddus));
        Self { counted: vec![Unit::default(); ddu_ids.len()], hub_ids, ddu_ids, ..Self::default() }
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
                let Some(&ddu) = self.ddu_ids.get(&*text("ddu_id")) else { return };
                let Some(&Cell::Count(pieces)) = cell("volume_pieces") else { return };
                let pieces = u64::try_from(pieces).unwrap_or_default();
                if let Some(unit) = self.counted.get_mut(ddu as usize) {
                    unit.pieces += pieces;
                }
                if let Some(&hub) = self.hub_ids.get(&*text("hub_id")) {
                    *self.brought.entry((hub, ddu)).or_default() += pieces;
                }
            }
            AwardTable::BidsExplained => {
                let position = self.ddu_ids.get(&*text("ddu_id")).map(|ddu| *ddu as usize);
                let Some(unit) = position.and_then(|position| self.counted.get_mut(position)) else { return };
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
    pub(super) fn finish(mut self) -> Self {
        self.units = self.counted.iter().map(|unit| (unit.state(), unit.pieces, unit.bids)).collect();
        self.flows = self.brought.iter().map(|(&(hub, ddu), &pieces)| (hub, ddu, pieces)).collect();
        self
    }
}
