//! The national auction: every feature is there, at any share, and the tables load without an error.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, clippy::cast_precision_loss)]

use ddu::cost::{HaulSource, TabledHauls};
use ddu::diagnostics::Severity;
use ddu::progress::Silent;
use ddu::sample::{NationalSettings, SampleError, SampleSummary, national};
use ddu::scenario::{LoadOptions, PriceBasis, Scenario, Service, load};
use ddu::units::{ClockTime, Pieces, Ppm};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const FILES: [&str; 7] =
    ["bidders.csv", "bids.csv", "costs.csv", "ddus.csv", "hubs.csv", "scenario.toml", "vehicles.toml"];

fn make(seed: u64, percent: u32) -> (tempfile::TempDir, SampleSummary) {
    let folder = tempfile::tempdir().unwrap();
    let summary = national(&NationalSettings { seed, percent }, folder.path(), &Silent).unwrap();
    (folder, summary)
}

fn loaded(folder: &Path) -> Scenario {
    let loaded = load(&folder.join("scenario.toml"), &LoadOptions::default());
    let text = ddu::diagnostics::render(&loaded.diagnostics, 20, false);
    assert_eq!(loaded.diagnostics.count(Severity::Error), 0, "{text}");
    assert!(loaded.diagnostics.is_empty(), "{text}");
    loaded.scenario.unwrap()
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let read = |folder: &Path| FILES.map(|name| fs::read(folder.join(name)).unwrap());
    let ((a, made), (b, again), (c, _)) = (make(3, 1), make(3, 1), make(4, 1));
    assert_eq!(made, again);
    assert!(read(a.path()) == read(b.path()));
    let (a, c) = (read(a.path()), read(c.path()));
    for (i, name) in FILES.iter().enumerate().filter(|(_, name)| !["scenario.toml", "vehicles.toml"].contains(name)) {
        assert!(a[i] != c[i], "{name}");
    }
    for percent in [0, 101] {
        let out = tempfile::tempdir().unwrap();
        let error = national(&NationalSettings { seed: 1, percent }, out.path(), &Silent).unwrap_err();
        assert!(matches!(error, SampleError::Size { what: "percent", .. }));
    }
}

/// The size of a share, and everything that couples bids.
fn check(percent: u32, bidders: [usize; 3], hubs: std::ops::Range<usize>) {
    let (folder, made) = make(7, percent);
    let s = loaded(folder.path());
    let share = percent as usize;
    assert_eq!((s.ddus.len(), made.packages), (180 * share, 100 * share));
    assert!(hubs.contains(&s.hubs.len()), "{} hubs", s.hubs.len());
    for (class, count) in ["national", "regional", "local"].iter().zip(bidders) {
        assert_eq!(s.bidders.iter().filter(|b| b.class == *class).count(), count, "{class}");
    }
    let (singles, packaged): (Vec<_>, Vec<_>) = s.bids.iter().partition(|bid| bid.package.is_none());
    assert!((1_800 * share..2_200 * share).contains(&singles.len()), "{} lines", singles.len());

    // Packages: most small, some large, all of neighbours and as a whole.
    let mut packages: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for bid in &packaged {
        packages.entry(bid.package.as_deref().unwrap()).or_default().push(*bid);
    }
    let sizes: Vec<usize> = packages.values().map(Vec::len).collect();
    let most = *sizes.iter().max().unwrap();
    assert!(sizes.iter().all(|n| *n >= 2) && (20..=200).contains(&most), "{most}");
    let small = sizes.iter().filter(|n| **n <= 5).count() * 100 / sizes.len();
    assert!((55..85).contains(&small), "{small} % of up to five units");

    // What is bid for, in shares of what units take.
    let sum = |bids: &[&ddu::scenario::BidLine]| bids.iter().map(|b| f64::from(b.volume_max.0)).sum::<f64>();
    let capacity: f64 = s.ddus.iter().map(|d| f64::from(d.capacity.0)).sum();
    let asked = (sum(&singles) + sum(&packaged)) / capacity;
    assert!((2.0..4.0).contains(&asked), "{asked} times the capacity");
    let largest: Vec<_> = singles.iter().filter(|b| b.bidder.0 == 0).copied().collect();
    assert!(sum(&largest) > 0.36 * capacity, "the share cap could not bind");
    assert_eq!(s.settings.award.share_cap, Some(Ppm(350_000)));

    // Prices: a package pays more than the same bidder's lines at its units, by a few cents a piece.
    let mut alone: BTreeMap<_, i64> = BTreeMap::new();
    let dock = |b: &ddu::scenario::BidLine| b.basis == PriceBasis::Dock;
    for bid in singles.iter().filter(|b| dock(b)) {
        let price = alone.entry((bid.bidder, bid.ddu, bid.service)).or_default();
        *price = (*price).max(bid.price.0);
    }
    let gains: Vec<i64> = packaged
        .iter()
        .filter(|b| dock(b))
        .filter_map(|b| Some(b.price.0 - alone.get(&(b.bidder, b.ddu, b.service))?))
        .collect();
    let dearer = gains.iter().filter(|gain| (0..80_000).contains(*gain)).count();
    assert!(gains.len() > 20 && dearer * 10 > gains.len() * 8, "{dearer} of {}", gains.len());

    // XOR groups: packages with packages, packages with lines, lines with lines; none alone.
    let mut groups: BTreeMap<(u32, &str), (BTreeSet<&str>, usize)> = BTreeMap::new();
    for bid in &s.bids {
        let Some(group) = &bid.xor_group else { continue };
        let members = groups.entry((bid.bidder.0, group)).or_default();
        match &bid.package {
            Some(package) => drop(members.0.insert(package)),
            None => members.1 += 1,
        }
    }
    let kinds = |test: &dyn Fn(usize, usize) -> bool| groups.values().filter(|(p, l)| test(p.len(), *l)).count();
    assert!(kinds(&|packages, _| packages > 1) >= share, "packages with packages");
    assert!(kinds(&|packages, lines| packages > 0 && lines > 0) >= share, "packages with lines");
    assert!(kinds(&|packages, lines| packages == 0 && lines > 1) >= 100 * share, "lines with lines");
    assert_eq!(kinds(&|packages, lines| packages + lines < 2), 0, "alone");

    // Both services and bases; slots and capacities.
    for service in [Service::SameDay, Service::NextDay] {
        let of = s.bids.iter().filter(|b| b.service == service).count() * 100 / s.bids.len();
        assert!((25..75).contains(&of), "{of} % {}", service.word());
    }
    let hub_basis = s.bids.iter().filter(|b| b.basis == PriceBasis::Hub).count() * 100 / s.bids.len();
    assert!((30..50).contains(&hub_basis), "{hub_basis} %");
    assert!(s.ddus.iter().all(|d| d.dock_slots.is_some()) && s.ddus.iter().any(|d| d.dock_slots == Some(1)));
    let limited = s.bidders.iter().filter(|b| b.capacity.is_some()).count();
    assert!(limited * 6 > s.bidders.len(), "{limited} capacities");
    let local = s.bidders.iter().filter(|b| b.class == "local" && b.min_volume.is_some()).count();
    assert!(local * 6 > bidders[2], "{local} local minimum volumes");
    assert!(s.bidders.iter().all(|b| b.min_volume.is_none() || b.capacity.is_none()), "both on one bidder");

    // A haul of two classes or more for nearly every line, in time for it.
    let hauls = TabledHauls::of(&s).unwrap();
    let mut classes = 0;
    for bid in &s.bids {
        let options = hauls.get(bid.hub, bid.ddu).unwrap().options.unwrap();
        classes += options.len();
        let by: ClockTime = bid.tender.min(s.ddus[bid.ddu.index()].dock_close);
        assert!(options.iter().all(|o| o.feasible_by(by) && o.injection_cost(Pieces(1)).is_some()), "{}", bid.id);
    }
    let mean = classes as f64 / s.bids.len() as f64;
    assert!((1.5..3.0).contains(&mean), "{mean} classes");
}

#[test]
fn one_per_cent_holds_every_feature() {
    check(1, [2, 3, 15], 20..45);
}

#[test]
fn so_do_ten_per_cent() {
    check(10, [2, 9, 52], 120..200);
}
