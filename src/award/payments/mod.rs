//! What winners would pay under other rules: bidders pay what they bid, and these payments are a diagnosis of that.
//!
//! All are *discounts* from what a winner bids, in the money of the objective, because a dollar less paid is a dollar
//! less of it. [`vcg`]: a winner's discount is what the objective loses when its bids are taken out. [`core`]: discounts
//! so small that no coalition of bidders could offer more for the whole than all winners pay together, and of these the
//! largest in sum and nearest to those of VCG. Losers pay nothing.

mod core;
mod nearest;
mod project;
mod vcg;

use super::AwardError;
use super::model::Model;
use super::solve::{Plan, Solution};
use crate::ids::BidderIx;
use crate::progress::Progress;
use crate::scenario::PaymentRule;
use crate::units::MicroDollars;
use std::collections::BTreeSet;
use vcg::Presence;

/// How far a discount is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentStatus {
    /// To the micro-dollar.
    Exact,
    /// Within [`BidderPayment::uncertainty`], because awards are proven within a gap only.
    WithinGap,
    /// No award obeys the policy without this bidder, so there is no objective to compare with.
    Pivotal,
    /// A limit ended the search for an award without this bidder before any was found.
    NotSettled,
}

impl PaymentStatus {
    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::WithinGap => "within_gap",
            Self::Pivotal => "pivotal",
            Self::NotSettled => "not_settled",
        }
    }
}

/// Discounts of one winner from what it bids, per operating day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BidderPayment {
    /// The winner.
    pub bidder: BidderIx,
    /// VCG discount; none where it is pivotal or not settled.
    pub vcg: Option<MicroDollars>,
    /// The true VCG discount differs from `vcg` by at most this.
    pub uncertainty: Option<MicroDollars>,
    /// Discount of the core payment of least revenue nearest to VCG, at most `vcg`.
    pub core: Option<MicroDollars>,
    /// How far `vcg` is known.
    pub status: PaymentStatus,
}

/// Payments of all winners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payments {
    /// What was asked for.
    pub rule: PaymentRule,
    /// Winners, ascending.
    pub bidders: Vec<BidderPayment>,
    /// Coalitions of bidders found that would have blocked larger discounts.
    pub coalitions: usize,
    /// No coalition could offer more than the winners pay by more than this; 0 where every award was proven to the
    /// micro-dollar.
    pub unproven: MicroDollars,
}

/// What the payments are worked out from.
struct Setting<'a> {
    model: &'a Model,
    award: &'a Solution,
    plan: &'a Plan<'a>,
    /// Every award is worth a multiple of this many micro-dollars, which sharpens bounds.
    unit: i128,
}

/// Works the payments out; `None` when none are wanted or the user stopped it.
pub(crate) fn payments(
    model: &Model,
    award: &Solution,
    plan: &Plan<'_>,
    rule: PaymentRule,
    unit: i64,
    progress: &dyn Progress,
) -> Result<Option<Payments>, AwardError> {
    if rule == PaymentRule::None {
        return Ok(None);
    }
    let setting = Setting { model, award, plan, unit: i128::from(unit.max(1)) };
    let wins = model.offers.iter().zip(&award.quantities).filter(|(_, q)| **q > 0);
    let winners: BTreeSet<BidderIx> = wins.map(|(offer, _)| offer.bidder).collect();
    progress.begin("payments", u64::try_from(winners.len()).ok());
    let Some(presences) = vcg::presences(&setting, &winners, progress)? else { return Ok(None) };
    let mut all = Payments {
        rule,
        bidders: winners.iter().zip(&presences).map(|(b, p)| payment(*b, p)).collect(),
        coalitions: 0,
        unproven: MicroDollars::ZERO,
    };
    if rule == PaymentRule::Core {
        let caps: Vec<(BidderIx, i64)> = all.bidders.iter().filter_map(|p| Some((p.bidder, p.vcg?.0))).collect();
        let Some(core) = core::discounts(&setting, &caps, progress)? else { return Ok(None) };
        let mut discounts = core.discounts.into_iter();
        for payment in all.bidders.iter_mut().filter(|p| p.vcg.is_some()) {
            payment.core = discounts.next().map(MicroDollars);
        }
        (all.coalitions, all.unproven) = (core.coalitions, money(core.unproven));
    }
    progress.finish(&format!("{} winners, {} blocking coalitions", all.bidders.len(), all.coalitions));
    Ok(Some(all))
}

fn payment(bidder: BidderIx, presence: &Presence) -> BidderPayment {
    let (vcg, uncertainty, status) = match *presence {
        Presence::Worth { amount, uncertainty: 0 } => (Some(amount), Some(0), PaymentStatus::Exact),
        Presence::Worth { amount, uncertainty } => (Some(amount), Some(uncertainty), PaymentStatus::WithinGap),
        Presence::Pivotal => (None, None, PaymentStatus::Pivotal),
        Presence::NotSettled => (None, None, PaymentStatus::NotSettled),
    };
    BidderPayment { bidder, vcg: vcg.map(money), uncertainty: uncertainty.map(money), core: None, status }
}

fn money(amount: i128) -> MicroDollars {
    MicroDollars(i64::try_from(amount).unwrap_or(i64::MAX))
}
