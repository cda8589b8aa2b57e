//! An award at hand, and what-if questions about it: hauls are weighed anew over the prepared region where rates change,
//! and each search starts from the award, for an answer within a gap that the question names. Losers
//! get their reasons, but no winning levels, and rules get no prices.

use super::matrices::Prepared;
use super::region::Region;
use super::run::RunError;
use crate::award::{self, Award, Basis, EngineOptions};
use crate::cost::{self, HaulSource, TabledHauls};
use crate::ids::BidderIx;
use crate::matrix::Matrix;
use crate::progress::{Progress, Quiet};
use crate::scenario::{Override, OverrideAction, OverrideTarget, PaymentRule, Scenario, Variant};
use crate::units::Ppm;

/// A scenario with its award.
pub struct AwardAtHand<'a> {
    scenario: &'a Scenario,
    source: Source<'a>,
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
    /// Share of the bound within which the answer is proven, in place of that of the scenario.
    pub gap: Ppm,
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
            None => source.award(&winners_only(scenario.clone()), None, None, progress)?,
        };
        Ok(Self { scenario, source, award })
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

    /// The scenario that is asked about, and its award; the best found by then for whom stops it.
    ///
    /// # Errors
    /// As the award of a run.
    pub fn ask(&self, question: &Question<'_>, progress: &dyn Progress) -> Result<(Scenario, Award), RunError> {
        if question.without.is_empty() && *question.variant == self.unchanged(&question.variant.name) {
            return Ok((self.scenario.clone(), self.award.clone()));
        }
        let mut changed = winners_only(self.scenario.under(question.variant));
        changed.settings.award.gap_tolerance = question.gap;
        drop_bidders(&mut changed, question.without);
        let again = match &self.source {
            Source::Map { prepared, .. } if !question.variant.keeps_rates() => {
                Some(prepared.matrices(&changed, &Quiet(progress))?.matrices)
            }
            _ => None,
        };
        let award = self.source.award(&changed, again.as_deref(), Some(&self.award.basis), progress)?;
        Ok((changed, award))
    }

    /// The variant that asks for the scenario itself.
    fn unchanged(&self, name: &str) -> Variant {
        Variant {
            name: name.to_owned(),
            award: self.scenario.settings.award.clone(),
            with_overrides: true,
            volume_factor: Ppm::ONE,
            fuel_factor: Ppm::ONE,
            wage_factor: Ppm::ONE,
        }
    }
}

impl Source<'_> {
    fn award(
        &self,
        scenario: &Scenario,
        again: Option<&[Matrix]>,
        basis: Option<&Basis>,
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
        let award = match basis {
            None => award::award(scenario, &haul_of, options, progress)?,
            Some(basis) => award::award_from(scenario, &haul_of, options, basis, progress)?,
        };
        if award.interrupted && progress.abandoned() { Err(RunError::Interrupted) } else { Ok(award) }
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
