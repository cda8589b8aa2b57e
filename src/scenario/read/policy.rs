//! `[[award.minimum_winners]]` and `[[award.set_aside]]`: what an award must reach.
//!
//! The settings are read before the tables, so units, regions and classes are names at first and looked up later.

use super::ddus::{Units, successor_help};
use super::shared::{Known, Rows};
use crate::diagnostics::Code;
use crate::ids::DduIx;
use crate::scenario::doc::{Doc, Section, integer, share, text};
use crate::scenario::rules::Finding;
use crate::scenario::{AwardSettings, Bidder, MinimumWinners, Scope, SetAside};
use crate::units::Ppm;
use std::collections::BTreeSet;
use std::ops::Range;
use toml::de::DeValue;

/// A name with its bytes in the file.
type Named = (String, Range<usize>);

/// Rules as written.
#[derive(Clone, Debug, Default)]
pub(crate) struct PolicyNames {
    minimum_winners: Vec<(NamedScope, u32)>,
    set_asides: Vec<(NamedScope, Named, Ppm)>,
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

/// Reads both lists of the section `[award]`.
pub(super) fn policy(award: &Section<'_, '_>) -> PolicyNames {
    let mut names = PolicyNames::default();
    each(award, "minimum_winners", |section, at| {
        let at_least = section.required("at_least", integer(1..=u32::MAX));
        let scope = scope(&section, true);
        section.finish();
        let (scope, at_least) = (scope?, at_least?);
        if names.minimum_winners.iter().any(|(other, _)| other.place() == scope.place()) {
            award.report("minimum_winners", at, twice("the same place"));
        } else {
            names.minimum_winners.push((scope, at_least));
        }
        Some(())
    });
    each(award, "set_aside", |section, at| {
        let class = named(&section, "class", true);
        let share = section.required("share", share(1, 1_000_000));
        let scope = scope(&section, false);
        section.finish();
        let (scope, class, share) = (scope?, class?, share?);
        let same = |(other, who, _): &(NamedScope, Named, Ppm)| other.place() == scope.place() && who.0 == class.0;
        if names.set_asides.iter().any(same) {
            award.report("set_aside", at, twice("the same class and place"));
        } else {
            names.set_asides.push((scope, class, share));
        }
        Some(())
    });
    names.minimum_winners.sort_by(|a, b| a.0.place().cmp(&b.0.place()));
    names.set_asides.sort_by(|a, b| (a.0.place(), &a.1.0).cmp(&(b.0.place(), &b.1.0)));
    names
}

fn twice(what: &str) -> Finding {
    Finding::new(Code::SettingOutOfRange, format!("two rules are for {what}"), "keep one of them")
}

/// The tables of a list, each with its bytes.
fn each<'d, 't>(
    award: &Section<'d, 't>,
    key: &'static str,
    mut read: impl FnMut(Section<'d, 't>, Range<usize>) -> Option<()>,
) {
    match award.value(key) {
        None => {}
        Some((DeValue::Array(items), _)) => {
            for item in items.iter() {
                if let Some(section) = award.as_section(key, item.get_ref(), item.span()) {
                    read(section, item.span());
                }
            }
        }
        Some((_, at)) => {
            let message = format!("`award.{key}` is not a list of tables");
            let help = format!("write [[award.{key}]] in two brackets, once a rule");
            award.report(key, at, Finding::new(Code::WrongType, message, help));
        }
    }
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

/// Looks all names up and puts the rules into the settings. Names are not looked up in tables that could not be read.
pub(crate) fn resolve(
    names: PolicyNames,
    award: &mut AwardSettings,
    doc: &Doc<'_>,
    units: Option<&Units>,
    bidders: Option<&Rows<Bidder>>,
) {
    let Some(units) = units else { return };
    let ids = Known::new(units.open.iter().map(|(ddu, _)| ddu.id.as_str()));
    let regions: BTreeSet<&str> = units.open.iter().map(|(ddu, _)| ddu.region.as_str()).collect();
    let regions = Known::new(regions.into_iter().filter(|region| !region.is_empty()));
    let scope = |key: &str, scope: NamedScope| match scope {
        NamedScope::All => Some(Scope::All),
        NamedScope::Region((region, at)) => match regions.get(&region) {
            Some(_) => Some(Scope::Region(region)),
            None => {
                let finding = regions.unknown(Code::UnknownInPolicy, "region", &region);
                doc.report(at, &format!("award.{key}.region"), finding);
                None
            }
        },
        NamedScope::Ddu((id, at)) => match ids.get(&id) {
            Some(ix) => Some(Scope::Ddu(DduIx(ix))),
            None => {
                doc.report(at, &format!("award.{key}.ddu"), unknown_ddu(units, &ids, &id));
                None
            }
        },
    };
    for (named, at_least) in names.minimum_winners {
        if let Some(scope) = scope("minimum_winners", named) {
            award.minimum_winners.push(MinimumWinners { scope, at_least });
        }
    }
    let classes: BTreeSet<&str> =
        bidders.into_iter().flat_map(|b| &b.rows).map(|(bidder, _)| bidder.class.as_str()).collect();
    let classes = Known::new(classes.into_iter().filter(|class| !class.is_empty()));
    for (named, (class, at), share) in names.set_asides {
        let scope = scope("set_aside", named);
        if bidders.is_some() && classes.get(&class).is_none() {
            let finding = classes.unknown(Code::UnknownInPolicy, "class of bidders", &class);
            doc.report(at, "award.set_aside.class", finding);
        } else if let Some(scope) = scope {
            award.set_asides.push(SetAside { scope, class, share });
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
