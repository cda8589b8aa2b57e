//! `overrides.csv`: awards that are forced or forbidden by hand, with who decided it and why.

use super::ddus::Units;
use super::shared::{Intake, Known, Rows};
use crate::diagnostics::Code;
use crate::ids::{BidIx, BidderIx, DduIx};
use crate::scenario::rules::{Finding, Rule, as_is, id, remark, word};
use crate::scenario::table::{Column, Place, RowReader, TableSpec, columns};
use crate::scenario::{BidLine, Bidder, Override, OverrideAction, OverrideTarget};
use std::collections::{BTreeMap, BTreeSet};

columns! {
    Action = "action" required;
    BidId = "bid_id" optional;
    BidderId = "bidder_id" optional;
    DduId = "ddu_id" optional;
    Who = "who" required;
    Why = "why" required;
}

/// Columns of the table.
pub(crate) fn columns() -> &'static [Column] {
    COLUMNS
}

/// What overrides name.
pub(crate) struct Named<'a> {
    pub(crate) bids: &'a Rows<BidLine>,
    pub(crate) bidders: &'a Rows<Bidder>,
    pub(crate) units: &'a Units,
}

struct Context<'a> {
    bids: Known<'a>,
    bidders: Known<'a>,
    ddus: Known<'a>,
    named: &'a Named<'a>,
}

/// Reads the overrides, sorted. Without what they name (`None`) only their rows are checked.
pub(crate) fn overrides(spec: &TableSpec, named: Option<&Named<'_>>, intake: &mut Intake) -> Option<Vec<Override>> {
    const ROLE: &str = "overrides";
    let context = named.map(|named| Context {
        bids: Known::new(named.bids.rows.iter().map(|(bid, _)| bid.id.as_str())),
        bidders: Known::new(named.bidders.rows.iter().map(|(bidder, _)| bidder.id.as_str())),
        ddus: Known::new(named.units.open.iter().map(|(ddu, _)| ddu.id.as_str())),
        named,
    });
    let mut read = intake.table(ROLE, spec, COLUMNS, Col::Action.into(), |row| override_row(row, context.as_ref()))?;
    let Some(named) = named else {
        intake.rejects.retain(|row| !row.codes.is_empty());
        return None;
    };
    read.rows.sort();
    let contradictory = contradictions(&read.rows, named);
    let mut kept: Vec<(Override, Place)> = Vec::with_capacity(read.rows.len());
    for (index, (decided, place)) in read.rows.into_iter().enumerate() {
        if let Some(finding) = contradictory.get(&index) {
            intake.report(&read.table, place, Col::Action, finding.clone());
            intake.rejects.push(read.table.rejected(place, vec![finding.code]));
            continue;
        }
        match kept.last() {
            Some((first, other)) if (first.action, first.target) == (decided.action, decided.target) => {
                let message = format!("line {} does the same", other.line);
                intake.report(&read.table, place, Col::Action, Finding::plain(Code::OverrideTwice, message));
            }
            _ => {
                if !named.bids.rows.iter().any(|(bid, _)| decided.target.names(bid)) && decided.target.bid().is_none() {
                    let message = "the bidder has no bids that could be forbidden";
                    intake.report(&read.table, place, Col::BidderId, Finding::plain(Code::OverrideIdle, message));
                }
                kept.push((decided, place));
            }
        }
    }
    intake.accepted(ROLE, kept.len());
    Some(kept.into_iter().map(|(decided, _)| decided).collect())
}

fn override_row(row: &mut RowReader<'_, '_>, context: Option<&Context<'_>>) -> Option<Override> {
    let actions = OverrideAction::ALL.map(|a| (a.word(), a));
    let action = row.required(Col::Action, |t| word(t, &actions));
    let mut given = [false; 3];
    let [bid_given, bidder_given, ddu_given] = &mut given;
    let bid = row.optional(Col::BidId, |t| {
        *bid_given = true;
        look_up(t, "bid", context.map(|c| (&c.bids, &c.named.bids.rejected)))
    });
    let bidder = row.optional(Col::BidderId, |t| {
        *bidder_given = true;
        look_up(t, "bidder", context.map(|c| (&c.bidders, &c.named.bidders.rejected)))
    });
    let ddu = row.optional(Col::DduId, |t| {
        *ddu_given = true;
        look_up(t, "unit", context.map(|c| (&c.ddus, &c.named.units.rejected)))
    });
    let who = row.required(Col::Who, remark);
    let why = row.required(Col::Why, remark);
    let action = action?;
    let target = match (action, given) {
        (_, [true, false, false]) => bid?.map(|ix| OverrideTarget::Bid(BidIx(ix))),
        (OverrideAction::Forbid, [false, true, false]) => bidder?.map(|ix| OverrideTarget::Bidder(BidderIx(ix))),
        (OverrideAction::Forbid, [false, true, true]) => {
            bidder?.zip(ddu?).map(|(bidder, ddu)| OverrideTarget::BidderAt(BidderIx(bidder), DduIx(ddu)))
        }
        _ => {
            let (message, at) = match action {
                OverrideAction::Force => ("force needs bid_id, and neither bidder_id nor ddu_id", Col::BidId),
                OverrideAction::Forbid => {
                    ("forbid needs bid_id alone, or bidder_id with or without ddu_id", Col::BidId)
                }
            };
            row.report(at, Finding::plain(Code::OverrideTargets, message));
            None
        }
    };
    Some(Override { action, target: target?, who: who?, why: why? })
}

/// Index of an id; `None` without a table to look it up in.
fn look_up(text: &str, what: &str, known: Option<(&Known<'_>, &BTreeSet<String>)>) -> Rule<Option<u32>> {
    let name = id(text)?.value;
    let Some((known, rejected)) = known else { return as_is(None) };
    match known.get(&name) {
        Some(ix) => as_is(Some(ix)),
        None if rejected.contains(&name) => {
            let message = format!("{what} `{name}` was set aside for errors in its own row");
            Err(Finding::plain(Code::OverrideUnknown, message))
        }
        None => Err(known.unknown(Code::OverrideUnknown, what, &name)),
    }
}

/// Rows of which one forces what the other forbids, by position.
fn contradictions(rows: &[(Override, Place)], named: &Named<'_>) -> BTreeMap<usize, Finding> {
    let mut found = BTreeMap::new();
    let bids = &named.bids.rows;
    let of = |action| rows.iter().enumerate().filter(move |(_, (o, _))| o.action == action);
    let mut by_package: BTreeMap<&str, Vec<&BidLine>> = BTreeMap::new();
    for (bid, _) in bids {
        if let Some(package) = &bid.package {
            by_package.entry(package).or_default().push(bid);
        }
    }
    for (force, (forced, force_at)) in of(OverrideAction::Force) {
        let Some((bid, _)) = forced.target.bid().and_then(|ix| bids.get(ix.index())) else { continue };
        // A package wins as a whole.
        let lines = bid.package.as_deref().and_then(|p| by_package.get(p)).cloned().unwrap_or_else(|| vec![bid]);
        for (forbid, (forbidden, forbid_at)) in of(OverrideAction::Forbid) {
            let named_bid = forbidden.target.bid().and_then(|ix| bids.get(ix.index())).map(|(bid, _)| &bid.id);
            let meets = |line: &&BidLine| forbidden.target.names(line) || named_bid == Some(&line.id);
            if lines.iter().any(meets) {
                let say = |other: &Place, does: &str| {
                    let message = format!("line {} {does} bid `{}` too", other.line, bid.id);
                    Finding::plain(Code::OverridesContradict, message)
                };
                found.entry(force).or_insert_with(|| say(forbid_at, "forbids"));
                found.entry(forbid).or_insert_with(|| say(force_at, "forces"));
            }
        }
    }
    found
}

impl OverrideTarget {
    /// Whether it names all bids of a bidder, with this line among them.
    fn names(&self, line: &BidLine) -> bool {
        match *self {
            Self::Bid(_) => false,
            Self::Bidder(bidder) => line.bidder == bidder,
            Self::BidderAt(bidder, ddu) => (line.bidder, line.ddu) == (bidder, ddu),
        }
    }

    fn bid(&self) -> Option<BidIx> {
        if let Self::Bid(bid) = *self { Some(bid) } else { None }
    }
}
