//! `[[award.minimum_winners]]` and `[[award.set_aside]]`: what an award must reach, and the same of variants.
//!
//! The settings are read before the tables, so units, regions and classes are names at first and looked up later.

use super::ddus::{Units, successor_help};
use super::shared::{Known, Rows};
use crate::diagnostics::Code;
use crate::ids::DduIx;
use crate::scenario::doc::{Doc, Section, integer, share, text};
use crate::scenario::rules::Finding;
use crate::scenario::{AwardSettings, Bidder, MinimumWinners, Scope, SetAside, Settings};
use crate::units::Ppm;
use std::collections::BTreeSet;
use std::ops::Range;
use toml::de::DeValue;

/// A name with its bytes in the file.
type Named = (String, Range<usize>);

/// Rules as written.
#[derive(Clone, Debug, Default)]
pub(crate) struct PolicyNames {
    /// Name of the section.
    section: &'static str,
    /// `None` where the section does not say.
    minimum_winners: Option<Vec<(NamedScope, u32)>>,
    set_asides: Option<Vec<(NamedScope, Named, Ppm)>>,
}

impl PolicyNames {
    /// Leaves all minimum numbers of winners out.
    pub(super) fn no_minimum_winners(&mut self) {
        self.minimum_winners = Some(Vec::new());
    }

    /// Leaves all set-asides out.
    pub(super) fn no_set_asides(&mut self) {
        self.set_asides = Some(Vec::new());
    }
}

/// Those of the scenario, and of each variant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policies {
    pub(crate) base: PolicyNames,
    pub(crate) variants: Vec<PolicyNames>,
}

#[derive(Clone, Debug)]
enum NamedScope {
    All,
    Region(Named),
    Ddu(Named),
}

impl NamedScope {
    /// The same place, wherever it was written.
    fn place(&self) -> (u8, &str) {
        match self {
            Self::All => (0, ""),
            Self::Region((name, _)) => (1, name),
            Self::Ddu((name, _)) => (2, name),
        }
    }
}

/// Reads both lists of `[award]` or of a variant.
pub(super) fn policy(award: &Section<'_, '_>, section: &'static str) -> PolicyNames {
    PolicyNames { section, minimum_winners: minimum_winners(award), set_asides: set_asides(award) }
}

fn minimum_winners(award: &Section<'_, '_>) -> Option<Vec<(NamedScope, u32)>> {
    let mut names: Vec<(NamedScope, u32)> = Vec::new();
    each(award, "minimum_winners", |section, at| {
        let at_least = section.required("at_least", integer(1..=u32::MAX));
        let scope = scope(&section, true);
        section.finish();
        let (scope, at_least) = (scope?, at_least?);
        if names.iter().any(|(other, _)| other.place() == scope.place()) {
            award.report("minimum_winners", at, twice("the same place"));
        } else {
            names.push((scope, at_least));
        }
        Some(())
    })?;
    names.sort_by(|a, b| a.0.place().cmp(&b.0.place()));
    Some(names)
}

fn set_asides(award: &Section<'_, '_>) -> Option<Vec<(NamedScope, Named, Ppm)>> {
    let mut names: Vec<(NamedScope, Named, Ppm)> = Vec::new();
    each(award, "set_aside", |section, at| {
        let class = named(&section, "class", true);
        let share = section.required("share", share(1, 1_000_000));
        let scope = scope(&section, false);
        section.finish();
        let (scope, class, share) = (scope?, class?, share?);
        let same = |(other, who, _): &(NamedScope, Named, Ppm)| other.place() == scope.place() && who.0 == class.0;
        if names.iter().any(same) {
            award.report("set_aside", at, twice("the same class and place"));
        } else {
            names.push((scope, class, share));
        }
        Some(())
    })?;
    names.sort_by(|a, b| (a.0.place(), &a.1.0).cmp(&(b.0.place(), &b.1.0)));
    Some(names)
}

fn twice(what: &str) -> Finding {
    Finding::new(Code::SettingOutOfRange, format!("two rules are for {what}"), "keep one of them")
}

/// The tables of a list, each with its bytes; `None` where the key is absent.
fn each<'d, 't>(
    award: &Section<'d, 't>,
    key: &'static str,
    mut read: impl FnMut(Section<'d, 't>, Range<usize>) -> Option<()>,
) -> Option<()> {
    match award.value(key)? {
        (DeValue::Array(items), _) => {
            for item in items.iter() {
                if let Some(section) = award.as_section(key, item.get_ref(), item.span()) {
                    read(section, item.span());
                }
            }
        }
        (_, at) => {
            let path = award.path(key);
            let help = format!("write [[{path}]] in two brackets, once a rule");
            award.report(key, at, Finding::new(Code::WrongType, format!("`{path}` is not a list of tables"), help));
        }
    }
    Some(())
}

/// A text of a section, with its bytes; `None` when absent or wrong.
fn named(section: &Section<'_, '_>, key: &'static str, needed: bool) -> Option<Named> {
    let name = if needed { section.required(key, text) } else { section.optional(key, text) };
    Some((name?, section.value(key)?.1))
}

/// Where a rule holds; `None` when that is wrong, which is reported.
fn scope(section: &Section<'_, '_>, units: bool) -> Option<NamedScope> {
    let given = |key| section.value(key).is_some();
    let region = named(section, "region", false);
    if !units {
        return if given("region") { region.map(NamedScope::Region) } else { Some(NamedScope::All) };
    }
    let ddu = named(section, "ddu", false);
    match (given("region"), section.value("ddu")) {
        (true, Some((_, at))) => {
            let help = "leave out one of them: a rule is for a unit or for a region";
            let finding = Finding::new(Code::SettingOutOfRange, "a unit and a region are both given", help);
            section.report("ddu", at, finding);
            None
        }
        (true, None) => region.map(NamedScope::Region),
        (false, Some(_)) => ddu.map(NamedScope::Ddu),
        (false, None) => Some(NamedScope::All),
    }
}

/// Looks all names up and puts the rules into the settings; a variant that does not say has those of the scenario. Names
/// are not looked up in tables that could not be read.
pub(crate) fn resolve(
    policies: Policies,
    settings: &mut Settings,
    doc: &Doc<'_>,
    units: Option<&Units>,
    bidders: Option<&Rows<Bidder>>,
) {
    let Some(units) = units else { return };
    let regions: BTreeSet<&str> = units.open.iter().map(|(ddu, _)| ddu.region.as_str()).collect();
    let classes: BTreeSet<&str> =
        bidders.into_iter().flat_map(|b| &b.rows).map(|(bidder, _)| bidder.class.as_str()).collect();
    let tables = Tables {
        doc,
        units,
        ids: Known::new(units.open.iter().map(|(ddu, _)| ddu.id.as_str())),
        regions: Known::new(regions.into_iter().filter(|region| !region.is_empty())),
        classes: bidders.map(|_| Known::new(classes.into_iter().filter(|class| !class.is_empty()))),
    };
    tables.resolve(policies.base, &mut settings.award);
    for (names, variant) in policies.variants.into_iter().zip(&mut settings.variants) {
        variant.award.minimum_winners.clone_from(&settings.award.minimum_winners);
        variant.award.set_asides.clone_from(&settings.award.set_asides);
        tables.resolve(names, &mut variant.award);
    }
}

/// What names are looked up in.
struct Tables<'a, 't> {
    doc: &'a Doc<'t>,
    units: &'a Units,
    ids: Known<'a>,
    regions: Known<'a>,
    /// `None` without a table of bidders.
    classes: Option<Known<'a>>,
}

impl Tables<'_, '_> {
    /// Replaces the rules that the section gives.
    fn resolve(&self, names: PolicyNames, award: &mut AwardSettings) {
        let section = names.section;
        if let Some(rules) = names.minimum_winners {
            let rule = |(named, at_least)| {
                Some(MinimumWinners { scope: self.scope(section, "minimum_winners", named)?, at_least })
            };
            award.minimum_winners = rules.into_iter().filter_map(rule).collect();
        }
        if let Some(rules) = names.set_asides {
            let rule = |(named, (class, at), share): (NamedScope, Named, Ppm)| {
                let scope = self.scope(section, "set_aside", named);
                if let Some(classes) = self.classes.as_ref().filter(|classes| classes.get(&class).is_none()) {
                    let finding = classes.unknown(Code::UnknownInPolicy, "class of bidders", &class);
                    self.doc.report(at, &format!("{section}.set_aside.class"), finding);
                    return None;
                }
                Some(SetAside { scope: scope?, class, share })
            };
            award.set_asides = rules.into_iter().filter_map(rule).collect();
        }
    }

    fn scope(&self, section: &str, key: &str, scope: NamedScope) -> Option<Scope> {
        match scope {
            NamedScope::All => Some(Scope::All),
            NamedScope::Region((region, at)) => match self.regions.get(&region) {
                Some(_) => Some(Scope::Region(region)),
                None => {
                    let finding = self.regions.unknown(Code::UnknownInPolicy, "region", &region);
                    self.doc.report(at, &format!("{section}.{key}.region"), finding);
                    None
                }
            },
            NamedScope::Ddu((id, at)) => match self.ids.get(&id) {
                Some(ix) => Some(Scope::Ddu(DduIx(ix))),
                None => {
                    self.doc.report(at, &format!("{section}.{key}.ddu"), unknown_ddu(self.units, &self.ids, &id));
                    None
                }
            },
        }
    }
}

/// The unit must take part: a rule about another could not be kept.
fn unknown_ddu(units: &Units, ids: &Known<'_>, id: &str) -> Finding {
    if let Some(reason) = units.no_part.get(id) {
        let help = successor_help(reason).unwrap_or_else(|| Code::UnknownInPolicy.action().to_owned());
        return Finding::new(Code::UnknownInPolicy, format!("unit `{id}`: {}", reason.why.title()), help);
    }
    if units.rejected.contains(id) {
        let message = format!("unit `{id}` has errors in its own row");
        return Finding::new(Code::UnknownInPolicy, message, "correct that row");
    }
    ids.unknown(Code::UnknownInPolicy, "unit", id)
}
