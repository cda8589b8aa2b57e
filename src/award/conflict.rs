//! Why no award obeys the policy: a minimal set of rules that contradict each other.
//!
//! QuickXplain (Junker, AAAI 2004): halves of the candidate rules are tried as background until what is left cannot be
//! split. Each try asks whether any award obeys some of the rules, about `k·log(n / k)` tries for `k` conflicting rules of
//! `n`. Leaving any one of the result out leaves rules that some award obeys.

use super::AwardError;
use super::model::{Model, Rule};
use super::solve::{Plan, solve};
use crate::progress::{Progress, Quiet};

/// Indices of the rules, ascending.
///
/// # Errors
/// As [`solve`], and when the user stopped the search.
pub(crate) fn minimal(model: &Model, plan: &Plan<'_>, progress: &dyn Progress) -> Result<Vec<usize>, AwardError> {
    // Any award will do: neither value nor ties matter.
    let limits = super::mip::Limits { gap_ppm: 1_000_000, ..plan.limits };
    let plan = Plan { limits, ties: false, criteria: &[], assumed: &[], start: &[], ..*plan };
    let search = Search { model, plan, progress };
    // Rules that bid nothing be reached are met by no award at all, so what contradicts them comes last.
    let must = |rule: &Rule| rule.at_most < 0;
    let mut candidates: Vec<usize> = (0..model.rules.len()).collect();
    candidates.sort_by_key(|r| (model.rules.get(*r).is_none_or(must), *r));
    let mut found = search.explain(&[], false, &candidates)?;
    found.sort_unstable();
    if progress.cancelled() { Err(AwardError::Interrupted) } else { Ok(found) }
}

struct Search<'a> {
    model: &'a Model,
    plan: Plan<'a>,
    progress: &'a dyn Progress,
}

impl Search<'_> {
    fn obeyed(&self, rules: &[usize]) -> Result<bool, AwardError> {
        let kept = rules.iter().filter_map(|r| self.model.rules.get(*r)).cloned().collect();
        Ok(solve(&Model::new(self.model.offers.clone(), kept), &self.plan, &Quiet(self.progress))?.is_some())
    }

    /// A minimal part of `candidates` that contradicts itself together with `background`; `grown` tells that the
    /// background has grown since it was last seen to be obeyed.
    fn explain(&self, background: &[usize], grown: bool, candidates: &[usize]) -> Result<Vec<usize>, AwardError> {
        if self.progress.cancelled() || (grown && !self.obeyed(background)?) {
            return Ok(Vec::new());
        }
        if candidates.len() <= 1 {
            return Ok(candidates.to_vec());
        }
        let (first, second) = candidates.split_at(candidates.len() / 2);
        let of_second = self.explain(&[background, first].concat(), true, second)?;
        let of_first = self.explain(&[background, &of_second].concat(), !of_second.is_empty(), first)?;
        Ok([of_first, of_second].concat())
    }
}
