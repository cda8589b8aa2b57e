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

use auction::{Auction, full, large, small};
use ddu::artefact::fingerprint;
use ddu::award::{Award, EngineOptions, Outcome, award};
use ddu::cost::{CostError, HaulSource};
use ddu::diagnostics::{Diagnostics, render};
use ddu::ids::{DduIx, HubIx, VehicleIx};
use ddu::progress::Silent;
use ddu::report::{
    AwardReport, AwardTable, Manifest, write_award_csv, write_certificate_csv, write_hauls_csv, write_manifest,
};
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

/// Packages of different bidders have different ids, as tables must give them.
fn named(mut a: Auction) -> Auction {
    for bid in &mut a.scenario.bids {
        bid.package = bid.package.take().map(|package| format!("{package}{}", bid.bidder.0));
    }
    a
}

fn determine(a: &Auction) -> Award {
    let options = EngineOptions { policy_prices: true, ..EngineOptions::default() };
    award(&a.scenario, &|h, d| a.haul(h, d), options, &Silent).unwrap()
}

/// Writes what a run writes, as far as it concerns the award.
fn write(a: &Auction, award: &Award, folder: &Path) {
    let report = AwardReport { scenario: &a.scenario, award, variants: &[], synergies: &[], ddu_snaps: None };
    let file = |name: &str| File::create(folder.join(name)).unwrap();
    for table in AwardTable::ALL {
        write_award_csv(&mut file(table.file_name()), table, &report).unwrap();
    }
    write_hauls_csv(&mut file("hauls.csv"), &a.scenario, &Hauls(a)).unwrap();
    let page = ddu::report::page::PageData::of(&report).unwrap();
    ddu::report::page::write_page(&mut file("report.html"), &page, ddu::report::page::Served::No).unwrap();
    if !award.certificate.is_empty() {
        write_certificate_csv(&mut file("certificate.csv"), &report).unwrap();
    }
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
        variants: &[],
        synergies: &[],
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
    let auctions =
        (0..200).map(|seed| (seed, named(small(seed)))).chain((0..300).map(|seed| (seed, named(full(seed)))));
    for (seed, a) in auctions {
        let award = determine(&a);
        *outcomes.entry(award.status.word()).or_default() += 1;
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
    for word in [
        "capacity_taken",
        "arrives_late",
        "below_reserve",
        "budget",
        "share_cap",
        "no_path",
        "package_partner",
        "forbidden",
        "set_aside",
        "minimum_volume",
        "tier_sibling_won",
        "optimal",
        "infeasible",
    ] {
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

/// Asks to stop from the n-th look on.
struct Stopping(std::sync::atomic::AtomicI64);

impl ddu::progress::Progress for Stopping {
    fn begin(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
    fn finish(&self, _: &str) {}
    fn cancelled(&self) -> bool {
        self.0.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) <= 1
    }
}

/// Stopped anywhere, by any engine: an award that obeys every rule with a bound that holds, and files that verify.
#[test]
fn stopped_awards_verify() {
    let (mut stopped, mut none, mut proven) = (0, 0, 0);
    let engines = [(14, usize::MAX), (0, usize::MAX), (0, 0)];
    for seed in 0..40 {
        let mut a = if seed % 8 == 0 { large(6, 40, 5, seed) } else { named(full(seed)) };
        if seed % 3 == 0 {
            a.scenario.settings.award.gap_tolerance = ddu::units::Ppm(100);
        }
        a.scenario.settings.award.winning_levels = seed % 2 == 0;
        let (exact_offers, dual_offers) = engines[(seed / 2 % 3) as usize];
        let options = EngineOptions { exact_offers, dual_offers, ..EngineOptions::default() };
        let whole = award(&a.scenario, &|h, d| a.haul(h, d), options, &Silent).unwrap();
        for look in [1, 2, 3, 5, 8, 13, 21, 40, 80, 200, 1_000, 1 << 40] {
            let progress = Stopping(look.into());
            let part = match award(&a.scenario, &|h, d| a.haul(h, d), options, &progress) {
                Ok(part) => part,
                Err(ddu::award::AwardError::Interrupted) => {
                    none += 1;
                    continue;
                }
                Err(error) => panic!("seed {seed}, look {look}: {error}"),
            };
            if !part.interrupted {
                // Looking changes nothing.
                assert_eq!(part, whole, "seed {seed}, look {look}");
                continue;
            }
            stopped += 1;
            proven += u32::from(part.status == whole.status && part.value == whole.value);
            assert!(part.value <= whole.bound && part.bound >= whole.value, "seed {seed}, look {look}: {part:?}");
            let verified = verified(&a, &part);
            assert!(verified.findings.is_empty(), "seed {seed}, look {look}: {}", render(&verified.findings, 9, false));
        }
    }
    println!("{stopped} stopped, {proven} of them proven; {none} before there was an award");
    assert!(stopped > 100 && proven > 20 && none > 0, "{stopped} {proven} {none}");
}

/// Verifies an award with a certificate of one leaf; gives the codes of what was found.
fn certified(a: &Auction, award: &Award, claimed: i64, rows: &str) -> (Vec<&'static str>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let mut award = award.clone();
    award.bound = MicroDollars(claimed.max(award.value.0));
    let table = format!("leaf,kind,name,ddu_id,amount\n1,bound,,,{claimed}\n{rows}");
    fs::write(folder.path().join("certificate.csv"), table).unwrap();
    write(a, &award, folder.path());
    let path = folder.path().join("manifest.json");
    let mut manifest: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    manifest["award"]["multiplier_bound_usd"] = MicroDollars(claimed).to_string().into();
    fs::write(&path, serde_json::to_vec(&manifest).unwrap()).unwrap();
    let verified = verify_award(folder.path(), &a.scenario);
    (verified.findings.counts().keys().map(|code| code.id()).collect(), verified.notes)
}

/// Without rules that join units the bound without prices is the optimum, to the micro-dollar.
#[test]
fn units_are_searched_exactly() {
    let mut seen = 0;
    for seed in 0..250 {
        let mut a = full(seed);
        let s = &mut a.scenario;
        s.overrides.clear();
        (s.settings.award.share_cap, s.settings.award.winning_levels) = (None, false);
        (s.settings.award.set_asides, s.settings.award.minimum_winners) = (Vec::new(), Vec::new());
        s.bidders.iter_mut().for_each(|b| (b.capacity, b.budget, b.min_volume) = (None, None, None));
        s.hubs.iter_mut().for_each(|h| h.capacity = None);
        let alone = s.ddus.len() == 1;
        for bid in &mut s.bids {
            bid.package = None;
            bid.xor_group = bid.xor_group.take().filter(|_| alone);
        }
        let award = determine(&a);
        let (codes, notes) = certified(&a, &award, award.value.0, "");
        assert!(codes.is_empty(), "seed {seed}: {codes:?} {:#?}\n{award:#?}", a.scenario.bids);
        assert!(notes.iter().any(|note| note.starts_with("bound recomputed")), "{notes:?}");
        if award.value.0 > 0 {
            let (codes, _) = certified(&a, &award, award.value.0 - 1, "");
            assert!(codes.contains(&"E423"), "seed {seed}: {codes:?}");
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
}

/// Whatever the prices: no bound follows that an award exceeds.
#[test]
fn no_certificate_proves_too_much() {
    let (mut priced, mut shared, mut charged) = (0, 0, 0);
    for seed in 0..250 {
        let a = full(seed);
        let award = determine(&a);
        if award.status.word() != "optimal" || award.value.0 == 0 {
            continue;
        }
        let mut rng = auction::Rng(seed | 1);
        let s = &a.scenario;
        let mut rows = String::new();
        let mut names: Vec<String> = Vec::new();
        names.extend(s.bids.iter().map(|b| {
            let id = &s.bidders[b.bidder.index()];
            match rng.below(3) {
                0 if id.capacity.is_some() => format!("bidders.capacity_pieces of {}", id.id),
                1 if s.settings.award.share_cap.is_some() && id.affiliate_group.is_empty() => {
                    format!("award.share_cap on bidder {}", id.id)
                }
                _ => String::new(),
            }
        }));
        names.sort();
        names.dedup();
        for name in names.iter().filter(|name| !name.is_empty()) {
            rows += &format!("1,price,{name},,{}\n", i64::from(rng.below(400_000)) << 20);
            priced += 1;
        }
        // A minimum volume whose bidder may win or lose, paid by the units.
        let bids = |at: usize| s.bids.iter().any(|bid| bid.bidder.index() == at);
        let bidders = s.bidders.iter().enumerate().filter(|(at, bidder)| bids(*at) && bidder.min_volume.is_some());
        for (_, bidder) in bidders {
            let price = i64::from(rng.below(400_000)) << 20;
            rows += &format!("1,price,bidders.min_volume_pieces of {},,{price}\n", bidder.id);
            for unit in &s.ddus {
                rows += &format!("1,charge,{},{},{}\n", bidder.id, unit.id, 256 * i64::from(rng.below(900_000)));
                charged += 1;
            }
        }
        // Shares that are large enough whatever the prices.
        for (first, bid) in s.bids.iter().enumerate().filter(|(_, bid)| bid.package.is_some()) {
            let of = |other: &ddu::scenario::BidLine| other.package == bid.package && other.bidder == bid.bidder;
            if s.bids.iter().position(of) == Some(first) {
                for line in s.bids.iter().filter(|line| of(line)) {
                    let at = &s.ddus[line.ddu.index()].id;
                    rows += &format!("1,share,{},{at},{}\n", bid.id, 256_i64 * 100_000_000);
                    shared += 1;
                }
            }
        }
        let (codes, notes) = certified(&a, &award, i64::MAX / 4, &rows);
        assert!(!codes.contains(&"E423"), "seed {seed}: {codes:?} {notes:?}\n{rows}");
        let (codes, _) = certified(&a, &award, award.value.0 - 1, &rows);
        assert!(codes.contains(&"E423"), "seed {seed}: {codes:?}\n{rows}");
        for row in [
            "1,price,bidders.budget of nobody,,5\n",
            "1,price,award.minimum_winners 1,,5\n",
            "2,loses,S0,,\n",
            "1,charge,S0,D0,-1\n",
        ] {
            let (codes, _) = certified(&a, &award, i64::MAX / 4, &format!("{rows}{row}"));
            assert!(codes.contains(&"E423"), "{row}: {codes:?}");
        }
    }
    assert!(priced > 20 && shared > 20 && charged > 20, "{priced} {shared} {charged}");
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
        let lost =
            ddu::award::Lost { reason: ddu::award::LostReason::TieBreak, rules: Vec::new(), winning_level: None };
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
