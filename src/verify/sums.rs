//! `bidders.csv` and `ddus.csv`: every sum over the winners' lines.

use super::awards::Winners;
use super::case::Case;
use super::findings::{Fault, Findings};
use super::money::{Money, usd};
use super::table::{Row, Table};
use crate::diagnostics::Code;
use crate::ids::{BidderIx, DduIx};
use crate::scenario::BidLine;
use crate::units::{Ppm, round_div};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

const BIDDERS: [&str; 16] = [
    "bidder_id",
    "name",
    "class",
    "affiliate_group",
    "bids",
    "awards",
    "ddus",
    "volume_pieces",
    "share_percent",
    "group_share_percent",
    "capacity_pieces",
    "budget_usd",
    "spend_usd",
    "injection_usd",
    "revenue_usd",
    "value_usd",
];

const DDUS: [&str; 17] = [
    "ddu_id",
    "name",
    "capacity_pieces",
    "awarded_pieces",
    "utilisation_percent",
    "dock_slots_per_window",
    "bids",
    "awards",
    "winners",
    "injection_usd",
    "revenue_usd",
    "attributable_usd",
    "contribution_usd",
    "value_usd",
    "one_more_piece_usd",
    "one_more_slot_usd",
    "snap_metres",
];

/// Sums over lines of one bidder or unit.
#[derive(Clone, Default)]
struct Sums {
    bids: u64,
    awards: u64,
    pieces: u64,
    spend: i128,
    injection: i128,
    revenue: i128,
    attributable: i128,
    contribution: i128,
    value: i128,
    bidders: BTreeSet<BidderIx>,
    ddus: BTreeSet<DduIx>,
}

impl Sums {
    fn add(&mut self, line: &BidLine, volume: u32, money: &Money) {
        self.awards += 1;
        self.pieces += u64::from(volume);
        self.spend += money.spend;
        self.injection += money.injection;
        self.revenue += money.revenue;
        self.attributable += money.attributable;
        self.contribution += money.contribution;
        self.value += money.value;
        self.bidders.insert(line.bidder);
        self.ddus.insert(line.ddu);
    }
}

/// By the index that `of` gives each line.
fn sums(case: &Case<'_>, winners: &Winners, len: usize, of: impl Fn(&BidLine) -> usize) -> Vec<Sums> {
    let mut all = vec![Sums::default(); len];
    for (bid, line) in case.bids() {
        let sum = &mut all[of(line)];
        sum.bids += 1;
        if let Some((volume, money)) = winners.volumes.get(&bid).zip(winners.money.get(&bid)) {
            sum.add(line, *volume, money);
        }
    }
    all
}

fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return String::new();
    }
    let share = round_div(i128::from(part) * i128::from(Ppm::ONE.0), i128::from(whole));
    Ppm(u32::try_from(share).unwrap_or(u32::MAX)).to_string()
}

fn optional<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Hands out each row with its index; every id must have one row.
fn by_id<I: Copy>(
    table: &Table,
    (column, ids): (&str, &HashMap<&str, I>),
    index: impl Fn(I) -> usize,
    findings: &mut Findings,
    mut each: impl FnMut(&Row<'_>, I, &mut Findings),
) {
    let mut seen = vec![false; ids.len()];
    table.rows(findings, |row, found| {
        let id = ids.get(row.cell(column)).copied();
        row.check(found, id.is_some_and(|id| !seen[index(id)]), Code::RunRowUnknown, || {
            Fault::differs(column, row.cell(column), "another id", "each of the scenario has one row")
        });
        if let Some(id) = id {
            seen[index(id)] = true;
            each(row, id, found);
        }
    });
    let mut missing: Vec<&str> = ids.iter().filter(|(_, id)| !seen[index(**id)]).map(|(id, _)| *id).collect();
    missing.sort_unstable();
    for id in missing {
        table.check(findings, false, Code::RunRowMissing, || Fault {
            found: id.to_owned(),
            ..Fault::whole(format!("`{id}` has no row"), "each of the scenario has one row")
        });
    }
}

/// Checks `bidders.csv`.
pub(super) fn bidders(folder: &Path, case: &Case<'_>, winners: &Winners, findings: &mut Findings) {
    let Some(table) = Table::open(folder, "bidders.csv", &BIDDERS, findings) else { return };
    let own = sums(case, winners, case.scenario.bidders.len(), |line| line.bidder.index());
    let whole: u64 = own.iter().map(|sum| sum.pieces).sum();
    let mut groups: HashMap<&str, u64> = HashMap::new();
    for (bidder, sum) in case.scenario.bidders.iter().zip(&own) {
        *groups.entry(&bidder.affiliate_group).or_default() += sum.pieces;
    }
    by_id(&table, ("bidder_id", &case.ids.bidders), BidderIx::index, findings, |row, at, found| {
        let (bidder, sum) = (case.bidder(at), &own[at.index()]);
        let group = bidder.affiliate_group.as_str();
        let together = if group.is_empty() { sum.pieces } else { groups.get(group).copied().unwrap_or(0) };
        let least = optional(bidder.min_volume);
        row.expect_if_there(found, Code::SumDiffers, "min_volume_pieces", &least, "as the scenario has it");
        expect_all(
            row,
            found,
            &[
                ("name", bidder.name.clone()),
                ("class", bidder.class.clone()),
                ("affiliate_group", group.to_owned()),
                ("capacity_pieces", optional(bidder.capacity)),
                ("budget_usd", optional(bidder.budget)),
                ("bids", sum.bids.to_string()),
                ("awards", sum.awards.to_string()),
                ("ddus", sum.ddus.len().to_string()),
                ("volume_pieces", sum.pieces.to_string()),
                ("share_percent", percent(sum.pieces, whole)),
                ("group_share_percent", percent(together, whole)),
                ("spend_usd", usd(sum.spend)),
                ("injection_usd", usd(sum.injection)),
                ("revenue_usd", usd(sum.revenue)),
                ("value_usd", usd(sum.value)),
            ],
        );
    });
}

/// Checks `ddus.csv`; what room at a unit is worth is checked with `policy_prices.csv`.
pub(super) fn ddus(folder: &Path, case: &Case<'_>, winners: &Winners, findings: &mut Findings) {
    let Some(table) = Table::open(folder, "ddus.csv", &DDUS, findings) else { return };
    let own = sums(case, winners, case.scenario.ddus.len(), |line| line.ddu.index());
    by_id(&table, ("ddu_id", &case.ids.ddus), DduIx::index, findings, |row, at, found| {
        let (ddu, sum) = (case.ddu(at), &own[at.index()]);
        expect_all(
            row,
            found,
            &[
                ("name", ddu.name.clone()),
                ("capacity_pieces", ddu.capacity.to_string()),
                ("awarded_pieces", sum.pieces.to_string()),
                ("utilisation_percent", percent(sum.pieces, u64::from(ddu.capacity.0))),
                ("dock_slots_per_window", optional(ddu.dock_slots)),
                ("bids", sum.bids.to_string()),
                ("awards", sum.awards.to_string()),
                ("winners", sum.bidders.len().to_string()),
                ("injection_usd", usd(sum.injection)),
                ("revenue_usd", usd(sum.revenue)),
                ("attributable_usd", usd(sum.attributable)),
                ("contribution_usd", usd(sum.contribution)),
                ("value_usd", usd(sum.value)),
            ],
        );
    });
}

fn expect_all(row: &Row<'_>, found: &mut Findings, cells: &[(&str, String)]) {
    for (column, expected) in cells {
        row.expect(found, Code::SumDiffers, column, expected, "as the scenario has it, or the sum over awards.csv");
    }
}
