//! Rules over several bid lines: packages here, tiers and XOR groups in modules of their own.
//!
//! Each rule lists what it finds by position of the line; afterwards lines with errors are set aside, and with them all
//! lines of their packages and all tiers of their bids.

use super::bids::at;
use super::group_rules::{at_most_differs, idle_limits, lonely_groups};
use super::shared::{Intake, Rows};
use super::tier_rules;
use crate::diagnostics::{Code, Severity};
use crate::scenario::rules::Finding;
use crate::scenario::{BidLine, Bidder};
use std::collections::{BTreeMap, BTreeSet};

/// Line, column and finding.
pub(super) type Found = (usize, usize, Finding);
/// Lines of each package, in order of their bids.
type Packages<'a> = BTreeMap<&'a str, Vec<usize>>;

/// Lines that are read or set aside together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bundle {
    Package(String),
    Tiers(String),
}

impl Bundle {
    /// The bundles that these ids name.
    pub(super) fn of(package: Option<&str>, tiers: Option<&str>) -> Vec<Self> {
        let package = package.map(|id| Self::Package(id.to_owned()));
        package.into_iter().chain(tiers.map(|id| Self::Tiers(id.to_owned()))).collect()
    }

    /// The bundles of a line.
    pub(super) fn of_line(line: &BidLine) -> impl Iterator<Item = Self> {
        Self::of(line.package.as_deref(), line.tier.as_ref().map(|t| t.group.as_str())).into_iter()
    }

    /// Why a good line goes with the bundle.
    fn incomplete(&self, line: &BidLine) -> (usize, Finding) {
        let (id, column, code) = match self {
            Self::Package(id) => (format!("package `{id}` lost a line"), at::PACKAGE, Code::PackageIncomplete),
            Self::Tiers(id) => (format!("`{id}` lost a tier"), at::TIER_GROUP, Code::TierIncomplete),
        };
        (column, Finding::plain(code, format!("bid `{}` is set aside because {id}", line.id)))
    }
}

/// Applies every rule and keeps the lines that pass. `broken` names the bundles that lost a line before.
pub(super) fn check(bids: &mut Rows<BidLine>, bidders: &[&Bidder], mut broken: BTreeSet<Bundle>, intake: &mut Intake) {
    let lines: Vec<&BidLine> = bids.rows.iter().map(|(line, _)| line).collect();
    let packages = packages(&lines);
    let mut found = Vec::new();
    found.extend(package_overlap(&lines, &packages));
    found.extend(package_range(&lines));
    found.extend(package_of_several_bidders(&lines, &packages, bidders));
    found.extend(package_mixes_groups(&lines, &packages));
    found.extend(at_most_differs(&lines));
    found.extend(tier_rules::check(&lines, &broken));
    let mut errors: BTreeMap<usize, Vec<Code>> = BTreeMap::new();
    for (line, _, finding) in found.iter().filter(|f| f.2.code.severity() == Severity::Error) {
        errors.entry(*line).or_default().push(finding.code);
    }
    broken.extend(errors.keys().filter_map(|line| lines.get(*line)).flat_map(|line| Bundle::of_line(line)));
    for found_one in incomplete(&lines, &broken, &errors) {
        errors.entry(found_one.0).or_default().push(found_one.2.code);
        found.push(found_one);
    }
    found.extend(lonely_groups(&lines, &errors));
    found.extend(idle_limits(&lines, &errors));
    found.extend(tier_rules::lonely(&lines, &errors));
    found.extend(repeated_contents(&lines, &errors));
    for (line, column, finding) in found {
        if let Some((_, place)) = bids.rows.get(line) {
            intake.report(&bids.table, *place, column, finding);
        }
    }
    for (line, codes) in &errors {
        if let Some((line, place)) = bids.rows.get(*line) {
            intake.rejects.push(bids.table.rejected(*place, codes.clone()));
            bids.rejected.insert(line.id.clone());
        }
    }
    let mut position = 0..;
    bids.rows.retain(|_| position.next().is_none_or(|i| !errors.contains_key(&i)));
    tier_rules::set_offsets(&mut bids.rows);
}

fn packages<'a>(lines: &[&'a BidLine]) -> Packages<'a> {
    let mut packages = Packages::new();
    for (i, line) in lines.iter().enumerate() {
        if let Some(package) = &line.package {
            packages.entry(package).or_default().push(i);
        }
    }
    packages
}

/// Two lines of a package at the same unit and service level.
fn package_overlap(lines: &[&BidLine], packages: &Packages<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (package, members) in packages {
        let mut first_at = BTreeMap::new();
        for &i in members {
            let Some(line) = lines.get(i) else { continue };
            let first = *first_at.entry((line.ddu, line.service)).or_insert(i);
            if let Some(first) = lines.get(first).filter(|_| first != i) {
                let message =
                    format!("package `{package}` bids for this unit twice: bids `{}` and `{}`", first.id, line.id);
                found.push((i, at::DDU, Finding::plain(Code::PackageOverlap, message)));
            }
        }
    }
    found
}

/// A package line with a range of volumes.
fn package_range(lines: &[&BidLine]) -> Vec<Found> {
    let ranged = lines.iter().enumerate().filter(|(_, l)| l.package.is_some() && l.volume_min != l.volume_max);
    ranged
        .map(|(i, line)| {
            let message =
                format!("bid `{}` of a package ranges from {} to {}", line.id, line.volume_min, line.volume_max);
            (i, at::VOLUME_MIN, Finding::plain(Code::PackageRange, message))
        })
        .collect()
}

/// All lines of a package that several bidders use.
fn package_of_several_bidders(lines: &[&BidLine], packages: &Packages<'_>, bidders: &[&Bidder]) -> Vec<Found> {
    let mut found = Vec::new();
    for (package, members) in packages {
        let owners: BTreeSet<_> = members.iter().filter_map(|i| lines.get(*i)).map(|l| l.bidder).collect();
        if owners.len() > 1 {
            let names: Vec<&str> =
                owners.iter().take(3).filter_map(|b| bidders.get(b.index())).map(|b| b.id.as_str()).collect();
            let message = format!("package `{package}` is used by {} bidders: {}", owners.len(), names.join(", "));
            let finding = Finding::plain(Code::PackageOfSeveralBidders, message);
            found.extend(members.iter().map(|i| (*i, at::BIDDER, finding.clone())));
        }
    }
    found
}

/// All lines of a package whose lines name different groups.
fn package_mixes_groups(lines: &[&BidLine], packages: &Packages<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (package, members) in packages {
        let groups: BTreeSet<_> =
            members.iter().filter_map(|i| lines.get(*i)).map(|l| l.xor_group.as_deref()).collect();
        if groups.len() > 1 {
            let names: Vec<&str> = groups.iter().take(3).map(|g| g.unwrap_or("none")).collect();
            let message = format!("package `{package}` names different groups: {}", names.join(", "));
            let finding = Finding::plain(Code::PackageMixesGroups, message);
            found.extend(members.iter().map(|i| (*i, at::XOR_GROUP, finding.clone())));
        }
    }
    found
}

/// Good lines of bundles that lost another line.
fn incomplete(lines: &[&BidLine], broken: &BTreeSet<Bundle>, errors: &BTreeMap<usize, Vec<Code>>) -> Vec<Found> {
    let good = lines.iter().enumerate().filter(|(i, _)| !errors.contains_key(i));
    let of = |(i, line): (usize, &&BidLine)| {
        let bundle = Bundle::of_line(line).find(|bundle| broken.contains(bundle))?;
        let (column, finding) = bundle.incomplete(line);
        Some((i, column, finding))
    };
    good.filter_map(of).collect()
}

/// Divisible lines outside groups that differ in nothing but their id.
fn repeated_contents(lines: &[&BidLine], errors: &BTreeMap<usize, Vec<Code>>) -> Vec<Found> {
    let mut first_at = BTreeMap::new();
    let mut found = Vec::new();
    for (i, line) in lines.iter().enumerate().filter(|(i, _)| !errors.contains_key(i)) {
        if line.package.is_some() || line.xor_group.is_some() {
            continue;
        }
        let volumes = (line.volume_min, line.volume_max);
        let contents = (line.bidder, line.ddu, line.hub, line.service, line.tender, volumes, line.price, line.basis);
        let first: &str = first_at.entry(contents).or_insert(line.id.as_str());
        if first != line.id {
            let message = format!("bid `{}` has the same contents as bid `{first}`", line.id);
            found.push((i, at::BID, Finding::plain(Code::RepeatedContents, message)));
        }
    }
    found
}
