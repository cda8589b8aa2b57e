//! An award at hand, and what-if questions about it: hauls are weighed anew over the prepared region where rates change,
//! and each search starts from the award. Losers get their reasons, but no winning levels, and rules get no prices.

use super::matrices::Prepared;
use super::region::Region;
use super::run::RunError;
use crate::award::{self, Award, Basis, EngineOptions};
use crate::cost::{self, HaulSource, TabledHauls};
use crate::ids::BidderIx;
use crate::matrix::Matrix;
use crate::progress::{Progress, Quiet};
use crate::scenario::{Override, OverrideAction, OverrideTarget, PaymentRule, Scenario, Variant};

/// A scenario with its award.
pub struct AwardAtHand<'a> {
    scenario: &'a Scenario,
    source: Source<'a>,
    basis: Basis,
    award: Award,
}

enum Source<'a> {
    Table,
    Map { prepared: Box<Prepared<'a>>, matrices: Vec<Matrix> },
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question<'q> {
    /// Policy, volumes and rates.
    pub variant: &'q Variant,
    /// Bidders that take no part.
    pub without: &'q [BidderIx],
}

impl<'a> AwardAtHand<'a> {
    /// Takes a scenario on its region, or on its table of costs, with its award where that is known; else it is determined.
    ///
    /// # Errors
    /// As the award of a run.
    pub fn new(
        scenario: &'a Scenario,
        region: Option<&'a Region>,
        award: Option<Award>,
        progress: &dyn Progress,
    ) -> Result<Self, RunError> {
        let source = match region {
            None => Source::Table,
            Some(region) => {
                let prepared = Box::new(Prepared::new(scenario, region));
                let matrices = prepared.matrices(scenario, progress)?.matrices;
                Source::Map { prepared, matrices }
            }
        };
        let award = match award {
            Some(award) => award,
            None => source.award(&winners_only(scenario.clone()), None, &Basis::default(), progress)?,
        };
        Ok(Self { scenario, source, basis: award.basis.clone(), award })
    }

    /// The scenario itself.
    #[must_use]
    pub const fn scenario(&self) -> &'a Scenario {
        self.scenario
    }

    /// Its award.
    #[must_use]
    pub const fn award(&self) -> &Award {
        &self.award
    }

    /// The scenario that is asked about, and its award.
    ///
    /// # Errors
    /// As the award of a run.
    pub fn ask(&self, question: &Question<'_>, progress: &dyn Progress) -> Result<(Scenario, Award), RunError> {
        let mut changed = winners_only(self.scenario.under(question.variant));
        drop_bidders(&mut changed, question.without);
        let again = match &self.source {
            Source::Map { prepared, .. } if !question.variant.keeps_rates() => {
                Some(prepared.matrices(&changed, &Quiet(progress))?.matrices)
            }
            _ => None,
        };
        let award = self.source.award(&changed, again.as_deref(), &self.basis, progress)?;
        Ok((changed, award))
    }
}

impl Source<'_> {
    fn award(
        &self,
        scenario: &Scenario,
        again: Option<&[Matrix]>,
        basis: &Basis,
        progress: &dyn Progress,
    ) -> Result<Award, RunError> {
        let (mapped, tabled);
        let hauls: &dyn HaulSource = match self {
            Self::Table => {
                tabled = TabledHauls::of(scenario).ok_or(RunError::NoMap)?;
                &tabled
            }
            Self::Map { matrices, .. } => {
                mapped = cost::hauls(scenario, again.unwrap_or(matrices))?;
                &mapped
            }
        };
        let options = EngineOptions { policy_prices: false, ..EngineOptions::default() };
        let haul_of = |hub, ddu| hauls.get(hub, ddu);
        let award = award::award_from(scenario, &haul_of, options, basis, progress)?;
        if award.interrupted { Err(RunError::Interrupted) } else { Ok(award) }
    }
}

/// Leaves out what is reported besides winners and reasons.
fn winners_only(mut scenario: Scenario) -> Scenario {
    let award = &mut scenario.settings.award;
    award.winning_levels = false;
    award.payments = PaymentRule::None;
    award.drop_outs = 0;
    award.synergies = false;
    scenario
}

/// Forbids all bids of bidders, and takes out what forces them.
fn drop_bidders(scenario: &mut Scenario, bidders: &[BidderIx]) {
    if bidders.is_empty() {
        return;
    }
    let Scenario { bids, overrides, .. } = scenario;
    overrides.retain(|decided| match decided.target {
        OverrideTarget::Bid(bid) if decided.action == OverrideAction::Force => {
            bids.get(bid.index()).is_none_or(|line| !bidders.contains(&line.bidder))
        }
        _ => true,
    });
    overrides.extend(bidders.iter().map(|bidder| Override {
        action: OverrideAction::Forbid,
        target: OverrideTarget::Bidder(*bidder),
        who: "what if".to_owned(),
        why: "the bidder drops out".to_owned(),
    }));
    overrides.sort();
}
