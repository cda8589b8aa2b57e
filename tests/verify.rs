//! Random auctions, determined by the engine and verified from the files that it writes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    clippy::cast_possible_truncation,
    dead_code,
    unreachable_pub
)]

#[path = "support/auction.rs"]
mod auction;

use auction::{Auction, large, small};
use ddu::artefact::fingerprint;
use ddu::award::{Award, EngineOptions, Outcome, award};
use ddu::cost::{CostError, HaulSource};
use ddu::diagnostics::{Diagnostics, render};
use ddu::ids::{DduIx, HubIx, VehicleIx};
use ddu::progress::Silent;
use ddu::report::{AwardReport, AwardTable, Manifest, write_award_csv, write_hauls_csv, write_html, write_manifest};
use ddu::scenario::ClassOption;
use ddu::units::{MicroDollars, Pieces};
use ddu::verify::{Verified, verify_award};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

/// Hand-made hauls as a source; a class that a haul does not name has no path.
struct Hauls<'a>(&'a Auction);

impl HaulSource for Hauls<'_> {
    fn options(&self, hub: HubIx, ddu: DduIx) -> Result<Vec<ClassOption>, CostError> {
        let haul = &self.0.hauls[hub.index()][ddu.index()];
        let class = |at: usize| {
            let vehicle = VehicleIx::from_index(at);
            let none = ddu::cost::NoHaul::NoPath(ddu::matrix::NoPath::Unreachable);
            let option = match &haul.options {
                Ok(options) => options.iter().find(|o| o.vehicle == vehicle).copied().ok_or(none),
                Err(reason) => Err(*reason),
            };
            (vehicle, option)
        };
        Ok((0..self.0.scenario.vehicles.len()).map(class).collect())
    }
}

fn determine(a: &Auction) -> Award {
    let options = EngineOptions { policy_prices: true, ..EngineOptions::default() };
    award(&a.scenario, &|h, d| a.haul(h, d), options, &Silent).unwrap()
}

/// Writes what a run writes, as far as it concerns the award.
fn write(a: &Auction, award: &Award, folder: &Path) {
    let report = AwardReport { scenario: &a.scenario, award, ddu_snaps: None };
    let file = |name: &str| File::create(folder.join(name)).unwrap();
    for table in AwardTable::ALL {
        write_award_csv(&mut file(table.file_name()), table, &report).unwrap();
    }
    write_hauls_csv(&mut file("hauls.csv"), &a.scenario, &Hauls(a)).unwrap();
    write_html(&mut file("report.html"), &report).unwrap();
    let outputs: BTreeMap<String, String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !path.ends_with("manifest.json"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fingerprint(&path).unwrap()))
        .collect();
    let manifest = Manifest {
        scenario: &a.scenario,
        effective_settings: &toml::from_str(&a.scenario.settings.to_toml(&a.scenario.ddus)).unwrap(),
        award: Some(award),
        import_counts: &BTreeMap::new(),
        diagnostics: &Diagnostics::default(),
        outputs: &outputs,
    };
    write_manifest(&mut file("manifest.json"), &manifest).unwrap();
}

fn verified(a: &Auction, award: &Award) -> Verified {
    let folder = tempfile::tempdir().unwrap();
    write(a, award, folder.path());
    verify_award(folder.path(), &a.scenario)
}

#[test]
fn every_random_award_verifies() {
    let mut outcomes: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..300 {
        let a = small(seed);
        let award = determine(&a);
        let verified = verified(&a, &award);
        assert!(
            verified.findings.is_empty(),
            "seed {seed}: {}\n{:#?}\n{award:#?}",
            render(&verified.findings, 99, false),
            a.scenario.bids
        );
        assert!(verified.checks > 100);
        for line in &award.lines {
            let word = match &line.outcome {
                Outcome::Won(_) => "won",
                Outcome::Lost(lost) => lost.reason.word(),
            };
            *outcomes.entry(word).or_default() += 1;
        }
    }
    println!("{outcomes:?}");
    for word in ["capacity_taken", "arrives_late", "below_reserve", "budget", "share_cap", "no_path", "package_partner"]
    {
        assert!(outcomes.contains_key(word), "no {word}: {outcomes:?}");
    }
}

#[test]
fn a_large_award_verifies() {
    let mut a = large(12, 150, 8, 5);
    a.scenario.settings.award.gap_tolerance = ddu::units::Ppm(10_000);
    a.scenario.settings.award.winning_levels = false;
    let award = determine(&a);
    let verified = verified(&a, &award);
    assert!(verified.findings.is_empty(), "{}", render(&verified.findings, 99, false));
}

/// An award that is wrong by itself, consistently written: nothing but the rules and the bound can tell.
#[test]
fn consistent_lies_are_found() {
    let (mut fewer, mut dropped) = (0, 0);
    for seed in 0..150 {
        let a = small(seed);
        let award = determine(&a);
        let Some(at) = award.lines.iter().position(|line| line.won().is_some()) else { continue };
        let bid = &a.scenario.bids[at];
        // The award says that the winner's value is a dollar more, all sums included.
        let mut rich = award.clone();
        if let Outcome::Won(won) = &mut rich.lines[at].outcome {
            won.value = won.value.checked_add(MicroDollars(1)).unwrap();
        }
        rich.value = rich.value.checked_add(MicroDollars(1)).unwrap();
        rich.bound = rich.bound.checked_add(MicroDollars(1)).unwrap();
        assert!(!verified(&a, &rich).findings.is_empty(), "seed {seed}");
        // A winner is left out and called a loser of a tie.
        let mut poor = award.clone();
        let Outcome::Won(won) = poor.lines[at].outcome.clone() else { unreachable!() };
        let lost = ddu::award::Lost { reason: ddu::award::LostReason::TieBreak, rules: Vec::new(), winning_level: None };
        poor.lines[at].outcome = Outcome::Lost(lost);
        poor.value = poor.value.checked_sub(won.value).unwrap();
        poor.bound = poor.value;
        poor.gap_ppm = Some(0);
        if bid.package.is_none() && won.value.0 > 0 && bid.volume_min == bid.volume_max {
            dropped += 1;
            let found = verified(&a, &poor).findings;
            assert!(found.counts().keys().any(|code| code.id() == "E418"), "seed {seed}: {}", render(&found, 9, false));
        }
        // A piece less than the least volume.
        let mut short = award.clone();
        if let Outcome::Won(won) = &mut short.lines[at].outcome {
            if won.volume == bid.volume_min && won.volume.0 > 1 {
                won.volume = Pieces(won.volume.0 - 1);
                fewer += 1;
            } else {
                continue;
            }
        }
        let found = verified(&a, &short).findings;
        assert!(found.counts().keys().any(|code| code.id() == "E413"), "seed {seed}: {}", render(&found, 9, false));
    }
    assert!(fewer > 10 && dropped > 10, "{fewer} {dropped}");
}
