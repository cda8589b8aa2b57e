//! Awards of the scenario's variants: what-if questions answered beside the award.
//!
//! Fuel and wages are laid over the prepared region by one more customization, once for all variants of equal rates; every
//! other variant takes the hauls that are there. Each search starts from the award.

use super::matrices::Prepared;
use super::run::RunError;
use crate::award::{self, Alternative, Basis, EngineOptions};
use crate::cost::{self, HaulSource, TabledHauls};
use crate::matrix::Matrix;
use crate::progress::{Progress, Quiet};
use crate::scenario::{Scenario, Variant};
use crate::units::Ppm;
use rayon::prelude::*;

/// Where the hauls of variants come from.
#[derive(Clone, Copy)]
pub enum VariantHauls<'a, 'r> {
    /// The scenario's table of costs, as it stands.
    Table,
    /// The matrices of the scenario, and the region for those that cost something else; only variants that change rates
    /// need it.
    Map {
        /// Matrices of the scenario itself.
        matrices: &'a [Matrix],
        /// The region of the scenario.
        prepared: Option<&'a Prepared<'r>>,
    },
}

/// The award of each variant of a scenario, in order.
///
/// # Errors
/// [`RunError::Variant`] names the variant that cannot be answered; [`RunError::Interrupted`].
pub fn variants(
    scenario: &Scenario,
    hauls: VariantHauls<'_, '_>,
    basis: &Basis,
    progress: &dyn Progress,
) -> Result<Vec<Alternative>, RunError> {
    let variants = &scenario.settings.variants;
    if variants.is_empty() {
        return Ok(Vec::new());
    }
    progress.begin("variants", u64::try_from(variants.len()).ok());
    let mut rates: Vec<(Ppm, Ppm)> = variants.iter().map(Variant::rates).collect();
    rates.sort_unstable();
    rates.dedup();
    let mut answers: Vec<Option<Alternative>> = vec![None; variants.len()];
    for rates in rates {
        let of_rates: Vec<(usize, &Variant)> =
            variants.iter().enumerate().filter(|(_, variant)| variant.rates() == rates).collect();
        let again = match (hauls, of_rates.first()) {
            (VariantHauls::Map { prepared, .. }, Some((_, first))) if !first.keeps_rates() => {
                let prepared = prepared.ok_or(RunError::NoMap).map_err(|error| error.of_variant(first))?;
                let answer = prepared.matrices(&scenario.under(first), &Quiet(progress));
                Some(answer.map_err(|error| error.of_variant(first))?.matrices)
            }
            _ => None,
        };
        let answer = |(position, variant): &(usize, &Variant)| {
            let answer = one(scenario, variant, (hauls, again.as_deref()), basis, progress);
            progress.advance(1);
            answer.map(|answer| (*position, answer)).map_err(|error| error.of_variant(variant))
        };
        for (position, answer) in of_rates.par_iter().map(answer).collect::<Result<Vec<_>, _>>()? {
            answers[position] = Some(answer);
        }
        if progress.cancelled() {
            return Err(RunError::Interrupted);
        }
    }
    progress.finish(&format!("{} variants", variants.len()));
    Ok(answers.into_iter().flatten().collect())
}

fn one(
    scenario: &Scenario,
    variant: &Variant,
    (hauls, again): (VariantHauls<'_, '_>, Option<&[Matrix]>),
    basis: &Basis,
    progress: &dyn Progress,
) -> Result<Alternative, RunError> {
    let changed = scenario.under(variant);
    let (mapped, tabled);
    let source: &dyn HaulSource = match (hauls, again) {
        (VariantHauls::Table, _) => {
            tabled = TabledHauls::of(&changed).ok_or(RunError::NoMap)?;
            &tabled
        }
        (VariantHauls::Map { matrices, .. }, again) => {
            mapped = cost::hauls(&changed, again.unwrap_or(matrices))?;
            &mapped
        }
    };
    let haul_of = |hub, ddu| source.get(hub, ddu);
    Ok(award::alternative(&changed, &haul_of, EngineOptions::default(), basis, progress)?)
}
