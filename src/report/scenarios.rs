//! `scenarios.csv`: one row a variant, the scenario itself first, per operating day; and `scenario_awards.csv`: who wins
//! under each, one row a bid line. For the planner: both hold bids of everybody.
//!
//! `pieces_gained` sums, over bidders and units, what a bidder brings to a unit beyond what it brings there in the base,
//! `pieces_lost` what it no longer brings: their difference is that of the awarded pieces. `difference_usd` is empty
//! under another objective, whose dollars are others.

use super::ReportError;
use super::award_report::{AwardReport, MISMATCH, Totals, percent};
use super::table::{Cell, Column, Kind, Sink};
use crate::award::{Alternative, Status, Won};
use crate::ids::{BidIx, BidderIx, DduIx};
use crate::scenario::{AwardSettings, Scenario, Variant};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const COLUMNS: [Column; 21] = [
    Column::new("variant", Kind::Text),
    Column::new("objective", Kind::Text),
    Column::new("status", Kind::Text),
    Column::new("value_usd", Kind::Usd),
    Column::new("bound_usd", Kind::Usd),
    Column::new("gap_ppm", Kind::Count),
    Column::new("difference_usd", Kind::Usd),
    Column::new("awards", Kind::Count),
    Column::new("winners", Kind::Count),
    Column::new("units_without_award", Kind::Count),
    Column::new("awarded_pieces", Kind::Count),
    Column::new("spend_usd", Kind::Usd),
    Column::new("injection_usd", Kind::Usd),
    Column::new("revenue_usd", Kind::Usd),
    Column::new("attributable_usd", Kind::Usd),
    Column::new("contribution_usd", Kind::Usd),
    Column::new("largest_group", Kind::Text),
    Column::new("largest_group_share_percent", Kind::Text),
    Column::new("not_viable", Kind::Count),
    Column::new("pieces_gained", Kind::Count),
    Column::new("pieces_lost", Kind::Count),
];

pub(crate) const AWARD_COLUMNS: [Column; 15] = [
    Column::new("variant", Kind::Text),
    Column::new("bid_id", Kind::Text),
    Column::new("bidder_id", Kind::Text),
    Column::new("package_id", Kind::Text),
    Column::new("ddu_id", Kind::Text),
    Column::new("hub_id", Kind::Text),
    Column::new("volume_pieces", Kind::Count),
    Column::new("vehicle", Kind::Text),
    Column::new("trips", Kind::Count),
    Column::new("spend_usd", Kind::Usd),
    Column::new("injection_usd", Kind::Usd),
    Column::new("revenue_usd", Kind::Usd),
    Column::new("attributable_usd", Kind::Usd),
    Column::new("contribution_usd", Kind::Usd),
    Column::new("value_usd", Kind::Usd),
];

/// Pieces by bidder and unit.
pub(super) type Brought = BTreeMap<(BidderIx, DduIx), u64>;

/// What each bidder brings to each unit.
pub(super) fn brought(scenario: &Scenario, won: &[(BidIx, Won)]) -> Result<Brought, ReportError> {
    let mut brought = Brought::new();
    for (bid, won) in won {
        let line = scenario.bids.get(bid.index()).ok_or(MISMATCH)?;
        *brought.entry((line.bidder, line.ddu)).or_default() += u64::from(won.volume.0);
    }
    Ok(brought)
}

/// Word of a status; `not_settled` where a limit came before any award.
pub(super) fn status_word(status: Option<Status>) -> &'static str {
    status.map_or("not_settled", Status::word)
}

pub(super) fn count(n: u64) -> Cell<'static> {
    Cell::Count(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Name, policy and award of the scenario itself and of each variant.
fn all<'a>(report: &AwardReport<'a>, base: &'a Alternative) -> Vec<(&'a str, &'a AwardSettings, &'a Alternative)> {
    let settings = &report.scenario.settings;
    let variants = settings.variants.iter().zip(report.variants);
    let variants = variants.map(|(variant, award)| (variant.name.as_str(), &variant.award, award));
    std::iter::once((Variant::BASE, &settings.award, base)).chain(variants).collect()
}

pub(crate) fn rows(report: &AwardReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let s = report.scenario;
    let base = Alternative::from(report.award);
    let before = brought(s, &base.won)?;
    for (name, policy, award) in all(report, &base) {
        let totals = Totals::of(award.won.iter().map(|(_, won)| won))?;
        let brought = brought(s, &award.won)?;
        let mut groups: BTreeMap<String, u64> = BTreeMap::new();
        for ((bidder, _), pieces) in &brought {
            *groups.entry(s.bidders.get(bidder.index()).ok_or(MISMATCH)?.share_group()).or_default() += pieces;
        }
        let largest = groups.iter().min_by_key(|(name, pieces)| (Reverse(**pieces), *name));
        let winners: BTreeSet<BidderIx> = brought.keys().map(|(bidder, _)| *bidder).collect();
        let served: BTreeSet<DduIx> = brought.keys().map(|(_, ddu)| *ddu).collect();
        let beyond = |more: &Brought, less: &Brought| -> u64 {
            more.iter().map(|(key, pieces)| pieces.saturating_sub(less.get(key).copied().unwrap_or(0))).sum()
        };
        let not_viable = award.won.iter().filter(|(_, won)| won.viable == Some(false)).count();
        let same_money = policy.objective == s.settings.award.objective;
        let difference = award.value.checked_sub(base.value).filter(|_| same_money);
        let units = s.ddus.len().saturating_sub(served.len());
        sink.row(&[
            Cell::Text(name),
            Cell::Text(policy.objective.word()),
            Cell::Text(status_word(award.status)),
            award.value.into(),
            award.bound.into(),
            award.gap_ppm.map_or(Cell::Empty, count),
            difference.into(),
            totals.awards.into(),
            count(u64::try_from(winners.len()).unwrap_or(u64::MAX)),
            count(u64::try_from(units).unwrap_or(u64::MAX)),
            count(totals.volume),
            totals.spend.into(),
            totals.injection.into(),
            totals.revenue.into(),
            totals.attributable.into(),
            totals.contribution.into(),
            largest.map_or(Cell::Empty, |(name, _)| Cell::Text(name)),
            largest.and_then(|(_, pieces)| percent(*pieces, totals.volume)).map_or(Cell::Empty, Cell::Owned),
            match policy.alternative_rate {
                Some(_) => count(u64::try_from(not_viable).unwrap_or(u64::MAX)),
                None => Cell::Empty,
            },
            count(beyond(&brought, &before)),
            count(beyond(&before, &brought)),
        ])?;
    }
    Ok(())
}

pub(crate) fn award_rows(report: &AwardReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let s = report.scenario;
    let base = Alternative::from(report.award);
    for (name, _, award) in all(report, &base) {
        for (bid, won) in &award.won {
            let line = s.bids.get(bid.index()).ok_or(MISMATCH)?;
            sink.row(&[
                Cell::Text(name),
                Cell::Text(&line.id),
                Cell::Text(&s.bidders.get(line.bidder.index()).ok_or(MISMATCH)?.id),
                line.package.as_deref().map_or(Cell::Empty, Cell::Text),
                Cell::Text(&s.ddus.get(line.ddu.index()).ok_or(MISMATCH)?.id),
                Cell::Text(&s.hubs.get(line.hub.index()).ok_or(MISMATCH)?.id),
                won.volume.0.into(),
                Cell::Text(&s.vehicles.get(won.vehicle.index()).ok_or(MISMATCH)?.name),
                won.trips.into(),
                won.spend.into(),
                won.injection.into(),
                won.revenue.into(),
                won.attributable.into(),
                won.contribution.into(),
                won.value.into(),
            ])?;
        }
    }
    Ok(())
}
