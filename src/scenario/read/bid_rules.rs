//! Rules over several bid lines: packages and groups.
//!
//! Each rule lists what it finds by position of the line; afterwards lines with errors are set aside, and with them all
//! lines of their packages.

use super::bids::at;
use super::shared::{Intake, Rows};
use crate::diagnostics::Code;
use crate::scenario::rules::Finding;
use crate::scenario::table::Place;
use crate::scenario::{BidLine, Bidder};
use std::collections::{BTreeMap, BTreeSet};

/// Line, column and finding.
type Found = (usize, usize, Finding);
/// Lines of each package, in order of their bids.
type Packages<'a> = BTreeMap<&'a str, Vec<usize>>;

/// Applies every rule and returns the lines that pass. `broken` names the packages that lost a line before.
pub(super) fn check(
    bids: Rows<BidLine>,
    bidders: &[&Bidder],
    mut broken: BTreeSet<String>,
    intake: &mut Intake,
) -> Vec<(BidLine, Place)> {
    let Rows { table, rows, .. } = bids;
    let lines: Vec<&BidLine> = rows.iter().map(|(line, _)| line).collect();
    let packages = packages(&lines);
    let mut found = Vec::new();
    found.extend(package_overlap(&lines, &packages));
    found.extend(package_range(&lines));
    found.extend(package_of_several_bidders(&lines, &packages, bidders));
    found.extend(package_mixes_groups(&lines, &packages));
    let mut errors: BTreeMap<usize, Vec<Code>> = BTreeMap::new();
    for (line, _, finding) in &found {
        errors.entry(*line).or_default().push(finding.code);
    }
    broken.extend(errors.keys().filter_map(|line| lines.get(*line)?.package.clone()));
    found.extend(package_incomplete(&lines, &packages, &broken, &errors));
    for (line, _, finding) in found.iter().filter(|f| f.2.code == Code::PackageIncomplete) {
        errors.entry(*line).or_default().push(finding.code);
    }
    found.extend(lonely_groups(&lines, &errors));
    found.extend(repeated_contents(&lines, &errors));
    for (line, column, finding) in found {
        if let Some((_, place)) = rows.get(line) {
            intake.report(&table, *place, column, finding);
        }
    }
    for (line, codes) in &errors {
        if let Some((_, place)) = rows.get(*line) {
            intake.rejects.push(table.rejected(*place, codes.clone()));
        }
    }
    rows.into_iter().enumerate().filter(|(i, _)| !errors.contains_key(i)).map(|(_, row)| row).collect()
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

/// Good lines of packages that lost another line.
fn package_incomplete(
    lines: &[&BidLine],
    packages: &Packages<'_>,
    broken: &BTreeSet<String>,
    errors: &BTreeMap<usize, Vec<Code>>,
) -> Vec<Found> {
    let members = packages.iter().filter(|(package, _)| broken.contains(**package)).flat_map(|(_, m)| m);
    members
        .filter(|i| !errors.contains_key(i))
        .filter_map(|i| {
            let line = lines.get(*i)?;
            let package = line.package.as_deref().unwrap_or_default();
            let message = format!("bid `{}` is set aside because package `{package}` lost a line", line.id);
            Some((*i, at::PACKAGE, Finding::plain(Code::PackageIncomplete, message)))
        })
        .collect()
}

/// Groups of one bidder in which only one bid or package is left.
fn lonely_groups(lines: &[&BidLine], errors: &BTreeMap<usize, Vec<Code>>) -> Vec<Found> {
    let mut members: BTreeMap<_, (usize, BTreeSet<(bool, &str)>)> = BTreeMap::new();
    for (i, line) in lines.iter().enumerate().filter(|(i, _)| !errors.contains_key(i)) {
        if let Some(group) = &line.xor_group {
            let bid = line.package.as_deref().map_or((false, line.id.as_str()), |package| (true, package));
            members.entry((line.bidder, group)).or_insert_with(|| (i, BTreeSet::new())).1.insert(bid);
        }
    }
    let lonely = members.into_iter().filter(|(_, (_, bids))| bids.len() == 1);
    lonely
        .map(|((_, group), (i, _))| {
            let message = format!("XOR group `{group}` has one member");
            (i, at::XOR_GROUP, Finding::plain(Code::LonelyXorGroup, message))
        })
        .collect()
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
