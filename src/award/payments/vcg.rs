//! What the presence of each winner is worth: the objective less that of the best award without its bids.

use super::super::AwardError;
use super::super::model::Offer;
use super::super::solve::solve;
use super::Setting;
use crate::ids::BidderIx;
use crate::progress::{Progress, Quiet};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// What a winner adds to the objective, micro-dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// Both awards are known within their gaps: the truth differs from `amount` by at most `uncertainty`.
    Worth { amount: i128, uncertainty: i128 },
    /// No award obeys the policy without it.
    Pivotal,
    /// A limit ended the search.
    NotSettled,
}

/// One per winner; `None` when the user stopped it.
pub(super) fn presences(
    setting: &Setting<'_>,
    winners: &BTreeSet<BidderIx>,
    progress: &dyn Progress,
) -> Result<Option<Vec<Presence>>, AwardError> {
    let winners: Vec<BidderIx> = winners.iter().copied().collect();
    let of = |bidder: &BidderIx| {
        let presence = presence(setting, *bidder, progress);
        progress.advance(1);
        presence
    };
    let all = winners.par_iter().map(of).collect::<Result<Vec<_>, _>>()?;
    Ok((!progress.cancelled()).then_some(all))
}

fn presence(setting: &Setting<'_>, bidder: BidderIx, progress: &dyn Progress) -> Result<Presence, AwardError> {
    if progress.cancelled() {
        return Ok(Presence::NotSettled);
    }
    let Setting { model, award, plan, unit } = setting;
    let stays = |(offer, quantity): (&Offer, &u32)| if offer.bidder == bidder { 0 } else { *quantity };
    let start: Vec<u32> = model.offers.iter().zip(&award.quantities).map(stays).collect();
    let plan = super::Plan { start: &start, ..(*plan).clone() };
    let limited = plan.limits.nodes.is_some() || plan.limits.seconds.is_some();
    let without = match solve(&model.without(|other| other == bidder), &plan, &Quiet(progress)) {
        Ok(Some(without)) => without,
        // A search that a limit ended may have missed an award.
        Ok(None) if limited || progress.cancelled() => return Ok(Presence::NotSettled),
        Ok(None) => return Ok(Presence::Pivotal),
        Err(AwardError::NothingFound) => return Ok(Presence::NotSettled),
        Err(error) => return Err(error),
    };
    let bound = |bound: i128| bound.div_euclid(*unit) * *unit;
    Ok(difference((award.value, bound(award.bound)), (without.value, bound(without.bound))))
}

/// The difference of two optima that are known by value and bound. It is never negative: every award without a bidder is
/// one with it, too.
fn difference(with: (i128, i128), without: (i128, i128)) -> Presence {
    let amount = (with.0 - without.0).max(0);
    let (least, most) = ((with.0 - without.1).max(0), (with.1 - without.0).max(0));
    Presence::Worth { amount, uncertainty: (most - amount).max(amount - least) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_make_a_difference_uncertain_and_never_negative() {
        let worth = |amount, uncertainty| Presence::Worth { amount, uncertainty };
        assert_eq!(difference((10, 10), (7, 7)), worth(3, 0));
        assert_eq!(difference((10, 11), (7, 9)), worth(3, 2));
        assert_eq!(difference((10, 12), (7, 7)), worth(3, 2));
        assert_eq!(difference((10, 12), (11, 12)), worth(0, 1));
        assert_eq!(difference((10, 10), (10, 10)), worth(0, 0));
    }
}
