//! `[[variant]]`: what-if questions, each with what differs from the scenario.

use super::policy::{PolicyNames, policy};
use super::settings::award_policy;
use crate::diagnostics::Code;
use crate::scenario::doc::{Section, choice, share, text};
use crate::scenario::rules::{Finding, id};
use crate::scenario::{AwardSettings, Variant};
use crate::units::Ppm;
use std::ops::Range;
use toml::de::DeValue;

const KEY: &str = "variant";

/// What a variant may leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Without {
    ShareCap,
    DockWindow,
    AlternativeRate,
    MinimumWinners,
    SetAside,
    Overrides,
}

impl Without {
    const ALL: [Self; 6] = [
        Self::ShareCap,
        Self::DockWindow,
        Self::AlternativeRate,
        Self::MinimumWinners,
        Self::SetAside,
        Self::Overrides,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::ShareCap => "share_cap",
            Self::DockWindow => "dock_window_min",
            Self::AlternativeRate => "alternative_rate",
            Self::MinimumWinners => "minimum_winners",
            Self::SetAside => "set_aside",
            Self::Overrides => "overrides",
        }
    }
}

/// Reads all variants, in the order they are written, with the names in their rules.
pub(super) fn variants(
    root: &Section<'_, '_>,
    base: &AwardSettings,
    costs_given: bool,
) -> (Vec<Variant>, Vec<PolicyNames>) {
    let mut read: Vec<(Variant, PolicyNames)> = Vec::new();
    match root.value(KEY) {
        None => {}
        Some((DeValue::Array(items), _)) => {
            for item in items.iter() {
                let section = root.as_section(KEY, item.get_ref(), item.span());
                let found = section.and_then(|section| variant(section, item.span(), base, costs_given));
                let Some((variant, names, at)) = found else { continue };
                if read.iter().any(|(other, _)| other.name == variant.name) {
                    let message = format!("two variants are named \"{}\"", variant.name);
                    let finding = Finding::new(Code::SettingOutOfRange, message, "name each variant once");
                    root.report("variant.name", at, finding);
                } else {
                    read.push((variant, names));
                }
            }
        }
        Some((_, at)) => {
            let help = "write [[variant]] in two brackets, once a variant";
            root.report(KEY, at, Finding::new(Code::WrongType, "`variant` is not a list of tables", help));
        }
    }
    read.into_iter().unzip()
}

/// A variant with the names in its rules and the place of its name.
fn variant(
    section: Section<'_, '_>,
    whole: Range<usize>,
    base: &AwardSettings,
    costs_given: bool,
) -> Option<(Variant, PolicyNames, Range<usize>)> {
    let name = section.required("name", name);
    let at = section.value("name").map_or(whole, |(_, at)| at);
    let mut award = award_policy(&section, base.clone());
    let mut names = policy(&section, KEY);
    let mut with_overrides = true;
    for without in section.or("without", Vec::new(), without) {
        if let Some((_, at)) = section.value(without.word()) {
            let message = format!("`variant.{}` is both set and left out", without.word());
            let finding = Finding::new(Code::SettingOutOfRange, message, "remove one of both");
            section.report(without.word(), at, finding);
        }
        match without {
            Without::ShareCap => award.share_cap = None,
            Without::DockWindow => award.dock_window = None,
            Without::AlternativeRate => award.alternative_rate = None,
            Without::MinimumWinners => names.no_minimum_winners(),
            Without::SetAside => names.no_set_asides(),
            Without::Overrides => with_overrides = false,
        }
    }
    let factor = |key| section.or(key, Ppm::ONE, share(10_000, 10_000_000));
    let rate = |key| {
        let factor = factor(key);
        match section.value(key).filter(|_| costs_given) {
            Some((_, at)) if factor != Ppm::ONE => {
                let message = format!("`variant.{key}` cannot change what `inputs.costs` gives");
                section.report(key, at, Finding::plain(Code::FactorWithoutMap, message));
                Ppm::ONE
            }
            _ => factor,
        }
    };
    let (volume_factor, fuel_factor, wage_factor) = (factor("volume_factor"), rate("fuel_factor"), rate("wage_factor"));
    section.finish();
    Some((Variant { name: name?, award, with_overrides, volume_factor, fuel_factor, wage_factor }, names, at))
}

fn name(value: &DeValue<'_>) -> Result<String, Finding> {
    let out_of_range = |message: &str, help: &str| Finding::new(Code::SettingOutOfRange, message, help);
    let name = text(value)?;
    if name.is_empty() || name == Variant::BASE {
        return Err(out_of_range("is no name for a variant", "give a name; \"base\" means the scenario itself"));
    }
    id(&name)
        .map(|reading| reading.value)
        .map_err(|f| out_of_range(&format!("is out of range: {}", f.message), &f.help))
}

fn without(value: &DeValue<'_>) -> Result<Vec<Without>, Finding> {
    let words = Without::ALL.map(|w| (w.word(), w));
    let DeValue::Array(items) = value else { return choice(&words)(value).map(|one| vec![one]) };
    items.iter().map(|item| choice(&words)(item.get_ref())).collect()
}
