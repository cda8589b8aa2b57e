//! Worked examples of the award, each with its arithmetic.
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

use auction::{Auction, bid, bidder, ddu, large, option, plain};
use ddu::award::{Award, EngineOptions, Ineligible, LostReason, Outcome, Status, award};
use ddu::cost::{Haul, NoHaul};
use ddu::ids::{BidderIx, DduIx, HubIx};
use ddu::progress::{Progress, Silent};
use ddu::scenario::{PriceBasis, ShareBase};
use ddu::units::{ClockTime, MicroDollars, Pieces, Ppm};

fn usd(text: &str) -> MicroDollars {
    MicroDollars::parse(text).unwrap().amount
}

fn run(a: &Auction) -> Award {
    run_with(a, EngineOptions::default())
}

fn run_with(a: &Auction, options: EngineOptions) -> Award {
    award(&a.scenario, &|h, d| a.haul(h, d), options, &Silent).unwrap()
}

fn volumes(award: &Award) -> Vec<u32> {
    award.lines.iter().map(|l| l.won().map_or(0, |w| w.volume.0)).collect()
}

fn lost(award: &Award, bid: usize) -> (&LostReason, Option<MicroDollars>) {
    match &award.lines[bid].outcome {
        Outcome::Lost(lost) => (&lost.reason, lost.winning_level),
        Outcome::Won(won) => panic!("bid {bid} won {won:?}"),
    }
}

/// One unit, 1,000 pieces, attributable cost 0.50. Vans of 300 pieces at 60 USD a trip, handling 0.02.
///
/// - B0, dock 0.90, 100..800: margin 0.40.
/// - B1, hub 1.20, 100..600: margin 0.70 − injection. 300 pieces: 210 − 60 − 6 = 144. 600: 420 − 120 − 12 = 288.
/// - B2, dock 0.70, 400..400: margin 0.20.
///
/// B1 600 + B0 400: 288 + 160 = 448. B0 800 + B1 200: 320 + (140 − 60 − 4 = 76) = 396. B1 300 + B0 700 = 144 + 280 = 424.
/// So B1 wins 600 in 2 trips and B0 400. B2 with 400 leaves 600: B1 600 is 288 + 80 = 368, and 80 USD are lost:
/// it needs 0.20 more than 0.70 plus something, so the level on steps of 0.10 is 1.00.
#[test]
fn hub_and_dock_bids_compete_at_the_dock() {
    let mut a = plain(vec![ddu("D", 1_000)], vec![bidder("R"), bidder("S"), bidder("T")], vec![]);
    a.scenario.ddus[0].attributable_cost = usd("0.50");
    a.scenario.ddus[0].reserve_price = usd("0.60");
    a.scenario.settings.award.alternative_rate = Some(usd("1.10"));
    a.hauls[0][0].options = Ok(vec![option(0, 300, 60_000_000, 20_000, 300, 100_000)]);
    let mut hub = bid("B1", 1, 0, (100, 600), 1_200_000);
    hub.basis = PriceBasis::Hub;
    a.scenario.bids = vec![bid("B0", 0, 0, (100, 800), 900_000), hub, bid("B2", 2, 0, (400, 400), 700_000)];
    let award = run(&a);
    assert_eq!((award.value, award.bound, award.status), (usd("448"), usd("448"), Status::Optimal));
    assert_eq!(volumes(&award), [400, 600, 0]);
    let won = award.lines[1].won().unwrap();
    // 600 × 1.20 = 720 spend; 132 injection; 588 at the dock, 0.98 a piece; 588 − 300 = 288.
    assert_eq!((won.trips, won.spend, won.injection, won.revenue), (2, usd("720"), usd("132"), usd("588")));
    assert_eq!((won.dock_price, won.contribution, won.value), (usd("0.98"), usd("288"), usd("288")));
    assert_eq!(won.viable, None);
    // B0: 0.90 + (2 × 60 + 8) / 400 = 0.90 + 0.32 = 1.22 > 1.10.
    assert_eq!(award.lines[0].won().unwrap().viable, Some(false));
    assert_eq!(lost(&award, 2), (&LostReason::CapacityTaken, Some(usd("1.00"))));
    // One more piece goes to B0 at a margin of 0.40.
    assert_eq!(award.ddu_prices[0].piece, usd("0.40"));
}

/// Hub price 1.00, reserve 0.60, handling 0.02, trips of 100 pieces at 19 USD. v·(1.00 − 0.60) ≥ 19·trips + 0.02·v, that
/// is 0.38·v ≥ 19·trips: from 50 on the first trip; 101..=199 on the second need 38, so v ≥ 100. All of 50..=150 may win.
/// At 15 USD less for the whole: with reserve 0.81, 0.17·v ≥ 19·trips needs 112 pieces of a trip that takes 100: never.
#[test]
fn the_reserve_on_hub_basis_depends_on_the_volume() {
    let mut a = plain(vec![ddu("D", 49)], vec![bidder("S")], vec![bid("B", 0, 0, (1, 150), 1_000_000)]);
    a.hauls[0][0].options = Ok(vec![option(0, 100, 19_000_000, 20_000, 300, 0)]);
    a.scenario.bids[0].basis = PriceBasis::Hub;
    a.scenario.ddus[0].reserve_price = usd("0.60");
    // 49 pieces are too few for a trip at this price, although 50 would do.
    let award = run(&a);
    assert_eq!(volumes(&award), [0]);
    assert_eq!(lost(&award, 0).0, &LostReason::CapacityTaken);
    a.scenario.ddus[0].capacity = Pieces(50);
    assert_eq!(volumes(&run(&a)), [50]);
    a.scenario.ddus[0].capacity = Pieces(500);
    assert_eq!(volumes(&run(&a)), [150]);
    a.scenario.ddus[0].reserve_price = usd("0.81");
    let award = run(&a);
    let reserve = usd("0.81");
    assert_eq!(lost(&award, 0).0, &LostReason::Ineligible(Ineligible::BelowReserve { reserve }));
    // 150 pieces in 2 trips: 150·(p − 0.81) ≥ 38 + 3 from p = 1.0834; 100 pieces: 100·(p − 0.81) ≥ 21 from p = 1.02.
    assert_eq!(lost(&award, 0).1, Some(usd("1.1")));
}

/// Two units of 10. The package takes both at 1.00 (20 USD); singles bid 1.20 (12 USD) and 0.70 (7 USD): the package
/// wins. Its rival at the second unit needs 0.80 + something beside the 12 USD: 0.90 on steps of 0.10.
#[test]
fn a_package_wins_as_a_whole() {
    let mut lines = vec![bid("K1", 0, 0, (10, 10), 1_000_000), bid("K2", 0, 1, (10, 10), 1_000_000)];
    lines.iter_mut().for_each(|l| l.package = Some("K".to_owned()));
    lines.push(bid("L1", 1, 0, (10, 10), 1_200_000));
    lines.push(bid("L2", 1, 1, (10, 10), 700_000));
    let mut a = plain(vec![ddu("D1", 10), ddu("D2", 10)], vec![bidder("S"), bidder("T")], lines);
    let award = run(&a);
    assert_eq!(volumes(&award), [10, 10, 0, 0]);
    assert_eq!(lost(&award, 3), (&LostReason::CapacityTaken, Some(usd("0.90"))));
    // With 0.90 the singles take 21 USD. The package then lacks room at both units.
    a.scenario.bids[3].price = usd("0.90");
    let award = run(&a);
    assert_eq!(volumes(&award), [0, 0, 10, 10]);
    // 0.05 more a piece would tie at 21; a step of 0.10 wins.
    assert_eq!(lost(&award, 0), (&LostReason::CapacityTaken, Some(usd("1.10"))));
    // The first unit has room again, the second has none: the first line names it.
    a.scenario.ddus[0].capacity = Pieces(20);
    a.scenario.bids[3].price = usd("3.00");
    let award = run(&a);
    assert_eq!(volumes(&award), [0, 0, 10, 10]);
    assert_eq!(lost(&award, 0).0, &LostReason::PackagePartner { ddus: vec![DduIx(1)] });
    assert_eq!(lost(&award, 1).0, &LostReason::CapacityTaken);
}

/// Every reason that needs no rival.
#[test]
fn bids_that_cannot_take_part_say_why() {
    let mut bids: Vec<_> = (0..7).map(|i| bid(&format!("B{i}"), 0, i, (1, 5), 1_000_000)).collect();
    bids[1].tender = ClockTime(1_100);
    bids[2].tender = ClockTime(200);
    bids[3].tender = ClockTime(310);
    bids[4].volume_min = Pieces(5);
    let ddus = (0..7).map(|d| ddu(&format!("D{d}"), 10)).collect();
    let mut a = plain(ddus, vec![bidder("S")], bids);
    a.hauls[0][0].options = Err(NoHaul::VehicleTooLargeForDock);
    a.hauls[0][3].options = Ok(vec![option(0, 10, 0, 0, 330, 0), option(1, 10, 0, 0, 317, 0)]);
    a.scenario.ddus[4].capacity = Pieces(4);
    a.scenario.ddus[5].cet_next_day = None;
    a.scenario.ddus[6].reserve_price = usd("1.000001");
    let award = run(&a);
    let expected = [
        Ineligible::NoHaul(NoHaul::VehicleTooLargeForDock),
        Ineligible::TenderAfterCet { cet: ClockTime(1_020) },
        Ineligible::TenderOutsideDock,
        // 5:10 is the deadline; the earlier class is there at 5:17.
        Ineligible::ArrivesLate { minutes: 7 },
        Ineligible::ExceedsCapacity { capacity: Pieces(4) },
        Ineligible::ServiceNotOffered,
        Ineligible::BelowReserve { reserve: usd("1.000001") },
    ];
    for (i, reason) in expected.into_iter().enumerate() {
        assert_eq!(lost(&award, i).0, &LostReason::Ineligible(reason), "bid {i}");
    }
    assert_eq!((award.value, award.bound), (MicroDollars(0), MicroDollars(0)));
}

/// 100 pieces each at two units; S bids 1.00 at both, T 0.50 at the second, U 0.40. Without a cap S wins all, 200 USD. With
/// half of the award at most: S 100 and T 100 are 150 USD. So the cap costs 50 USD and S's second bid lost by it.
/// T and U are affiliates then: each alone is fine, together they are T's half.
#[test]
fn a_share_cap_is_put_in_force_and_priced() {
    let line = |id: &str, who, at, price| bid(id, who, at, (100, 100), price);
    let bids = vec![line("A", 0, 0, 1_000_000), line("B", 0, 1, 1_000_000), line("C", 1, 1, 500_000)];
    let mut a = plain(vec![ddu("D1", 100), ddu("D2", 100)], vec![bidder("S"), bidder("T")], bids);
    a.scenario.settings.award.share_cap = Some(Ppm(500_000));
    for (base, exact_offers) in [(ShareBase::Awarded, 14), (ShareBase::Awarded, 0), (ShareBase::Capacity, 0)] {
        a.scenario.settings.award.share_base = base;
        let award = run_with(&a, EngineOptions { exact_offers, ..EngineOptions::default() });
        assert_eq!((volumes(&award), award.value), (vec![100, 0, 100], usd("150")), "{base:?}");
        assert_eq!(lost(&award, 1).0, &LostReason::ShareCap);
        let price = award.policy_prices.iter().find(|p| p.rule == "award.share_cap").unwrap();
        assert_eq!((price.value_without, price.difference), (usd("200"), usd("50")));
    }
    a.scenario.bidders[1].affiliate_group = "G".to_owned();
    a.scenario.bidders[0].affiliate_group = "G".to_owned();
    a.scenario.settings.award.share_base = ShareBase::Awarded;
    // One group wins all or nothing, and all is above the cap.
    assert_eq!(volumes(&run(&a)), [0, 0, 0]);
}

/// Equal bids: the draw decides by seed and bid id, whatever the names of the bidders and the order of indices.
#[test]
fn the_draw_is_fair_to_names() {
    let mut first = 0;
    for seed in 0..200 {
        let bids = vec![bid("A", 0, 0, (10, 10), 1_000_000), bid("B", 1, 0, (10, 10), 1_000_000)];
        let mut a = plain(vec![ddu("D", 10)], vec![bidder("S"), bidder("T")], bids);
        a.scenario.settings.seed = seed;
        let before = volumes(&run(&a));
        a.scenario.bids[0].bidder = BidderIx(1);
        a.scenario.bids[1].bidder = BidderIx(0);
        assert_eq!(
            volumes(&run_with(&a, EngineOptions { exact_offers: 0, dual_offers: usize::MAX, policy_prices: false })),
            before
        );
        first += u32::from(before[0] > 0);
    }
    assert!((70..=130).contains(&first), "A won {first} of 200 draws");
}

/// Cancels after the first component is done.
struct Impatient(std::sync::atomic::AtomicU32);

impl Progress for Impatient {
    fn begin(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {
        self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    }
    fn finish(&self, _: &str) {}
    fn cancelled(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::SeqCst) > 0
    }
}

#[test]
fn an_interrupted_run_has_a_valid_bound() {
    let a = large(12, 60, 8, 3);
    let whole = run_with(&a, EngineOptions { policy_prices: false, ..EngineOptions::default() });
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let progress = Impatient(0.into());
    let part = pool.install(|| award(&a.scenario, &|h, d| a.haul(h, d), EngineOptions::default(), &progress).unwrap());
    assert!(part.interrupted && part.status == Status::GapLimit);
    assert!(part.value < whole.value && part.bound >= whole.value, "{} {} {}", part.value, whole.value, part.bound);
}

/// A medium auction solved by both engines on one and on two threads.
#[test]
fn engines_and_threads_agree() {
    let a = large(16, 90, 9, 5);
    let mut runs = Vec::new();
    for (threads, exact_offers) in [(1, 14), (2, 14), (2, 0)] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        runs.push(pool.install(|| {
            run_with(&a, EngineOptions { exact_offers, dual_offers: usize::MAX, policy_prices: threads == 1 })
        }));
    }
    assert_eq!(runs[0].lines, runs[1].lines);
    assert_eq!(runs[0].lines, runs[2].lines);
    assert!(runs.iter().all(|r| r.status == Status::Optimal));
}

/// Money beyond what is exact is an error with advice, not a wrong award.
#[test]
fn huge_amounts_are_refused() {
    let mut a = plain(vec![ddu("D", u32::MAX)], vec![bidder("S")], vec![bid("B", 0, 0, (1, u32::MAX), i64::MAX)]);
    let run = |a: &Auction| award(&a.scenario, &|h, d| a.haul(h, d), EngineOptions::default(), &Silent);
    assert!(run(&a).unwrap_err().to_string().contains("`B`"));
    a.scenario.bids[0].price = usd("1.00");
    let tiny = Haul { hub: HubIx(0), ddu: DduIx(0), options: Ok(vec![option(0, 1, 1, 0, 300, 0)]) };
    a.hauls[0][0] = tiny;
    assert!(run(&a).unwrap_err().to_string().contains("trips a day"));
}
