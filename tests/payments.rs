//! Payments: worked examples of the literature, and their definition by the value of every coalition.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    dead_code,
    unreachable_pub
)]

#[path = "support/auction.rs"]
mod auction;
#[path = "oracles/award_rules.rs"]
mod award_rules;
#[path = "oracles/award.rs"]
mod oracle;
#[path = "oracles/payments.rs"]
mod payments;

use auction::{Auction, Rng, bid, bidder, ddu, plain, small};
use ddu::award::{Award, CatsAuction, CatsBid, EngineOptions, PaymentStatus, Status, award, award_cats};
use ddu::progress::Silent;
use ddu::scenario::{MinimumWinners, PaymentRule, Scope};
use ddu::units::{MicroDollars, Ppm};
use payments::check;

/// Goods by letter, `|` between the sets one bidder would take, and what it bids in cents for any of them.
fn auction(bids: &[(&str, i64)]) -> CatsAuction {
    let goods = bids.iter().flat_map(|(sets, _)| sets.bytes()).filter(u8::is_ascii_lowercase).max().unwrap() - b'a' + 1;
    let mut auction = CatsAuction { goods: u32::from(goods), dummies: 0, decimals: 2, bids: Vec::new() };
    for (sets, value) in bids {
        let dummy = u32::from(goods) + auction.dummies;
        auction.dummies += u32::from(sets.contains('|'));
        for set in sets.split('|') {
            let mut goods: Vec<u32> = set.bytes().map(|good| u32::from(good - b'a')).collect();
            goods.extend(sets.contains('|').then_some(dummy));
            auction.bids.push(CatsBid { id: auction.bids.len() as u64, value: *value, goods });
        }
    }
    auction
}

/// VCG and core payments of the winners, to the cent.
fn paid(bids: &[(&str, i64)]) -> Vec<(String, String)> {
    let auction = auction(bids);
    let award = award_cats(&auction, None, None, PaymentRule::Core, &Silent).unwrap();
    assert_eq!(award.status, Status::Optimal);
    let one = 10_i128.pow(award.payment_decimals);
    let text = |amount: Option<i128>| {
        let cents = (amount.unwrap() * 100 + one / 2) / one;
        format!("{}.{:02}", cents / 100, cents % 100)
    };
    award.payments.iter().map(|p| (text(p.vcg), text(p.core))).collect()
}

fn pays(bids: &[(&str, i64)], expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(vcg, core)| ((*vcg).to_owned(), (*core).to_owned())).collect();
    assert_eq!(paid(bids), expected, "{bids:?}");
}

/// Ausubel and Milgrom, "The Lovely but Lonely Vickrey Auction" (2006): one bidder would pay 2 for both of two licences,
/// two others 2 for any one of them. The two win, V = 4; without either the others reach 2, so each discount is 2 and
/// VCG takes nothing. The first bidder blocks whatever stays below 2: the nearest payments are 1 and 1.
#[test]
fn ausubel_milgrom_2006() {
    pays(&[("ab", 200), ("a|b", 200), ("a|b", 200)], &[("0.00", "1.00"), ("0.00", "1.00")]);
}

/// Bünz, Lubin and Seuken, "Designing Core-Selecting Payment Rules" (Information Systems Research 2022), section 1.1:
/// 10 for {A, B}, 10 for A, 10 for B; VCG takes 0 and 0. In the core the winners pay 10 together, 5 each by symmetry.
#[test]
fn buenz_lubin_seuken_2022() {
    pays(&[("ab", 1_000), ("a", 1_000), ("b", 1_000)], &[("0.00", "5.00"), ("0.00", "5.00")]);
}

/// Schneider, Day and Garfinkel, "Risk aversion and loss aversion in core-selecting auctions" (Decision Support Systems
/// 2015), section 2.3: bids of 11 for X, 10 for Y, 15 for both; VCG 15 − 10 = 5 and 15 − 11 = 4. The core asks for 15
/// together, 6 more than 9, and each bears 3. With 8 for both, VCG takes nothing and the core 4 each.
#[test]
fn schneider_day_garfinkel_2015_section_2_3() {
    pays(&[("a", 1_100), ("b", 1_000), ("ab", 1_500)], &[("5.00", "8.00"), ("4.00", "7.00")]);
    pays(&[("a", 1_100), ("b", 1_000), ("ab", 800)], &[("0.00", "4.00"), ("0.00", "4.00")]);
}

/// The same, section 2.4.2, with the closed form of Goeree and Lien (2016) for two locals and a global bidder: bids of
/// 0.75, 0.50 and 1.00; VCG 0.50 and 0.25, in the core 0.25 more in sum, 0.125 each: 0.625 and 0.375. Here in units of
/// ten, so that they are whole cents.
#[test]
fn schneider_day_garfinkel_2015_section_2_4_2() {
    pays(&[("a", 750), ("b", 500), ("ab", 1_000)], &[("5.00", "6.25"), ("2.50", "3.75")]);
}

/// Prasad, Balcan and Sandholm, "Weakest Bidder Types and New Core-Selecting Combinatorial Auctions" (AAAI 2026), example
/// 4.4, after Day and Cramton (2012): VCG 10 each. The core asks p1 + p2 ≥ 28, p1 + p3 ≥ 26, p2 + p3 ≥ 23 and 41 in all.
/// Equal shares of 41 would be 13.67 each, below 28 for the first two: they pay 14 each, and the third the rest, 13.
#[test]
fn prasad_balcan_sandholm_2026_example_4_4() {
    let singles = [("a", 2_000), ("b", 2_000), ("c", 2_000)];
    let packages = [("ab", 2_800), ("ac", 2_600), ("bc", 2_300), ("abc", 4_100)];
    let rivals = [("a", 1_000), ("b", 1_000), ("c", 1_000)];
    let bids = [&singles[..], &packages, &rivals].concat();
    pays(&bids, &[("10.00", "14.00"), ("10.00", "14.00"), ("10.00", "13.00")]);
}

/// R. Weber, Kellogg School, notes of DECS 452 on the VCG procedure: 150 for A, 150 for B, 200 for both: 50 and 50. If
/// the first bids 160: 150 − (310 − 200) = 40 for the second, and still 50 for the first. In the core 200 together: 100
/// and 100; and 110 more than 50 + 40, which is 55 each.
#[test]
fn weber_kellogg_notes() {
    pays(&[("a", 15_000), ("b", 15_000), ("ab", 20_000)], &[("50.00", "100.00"), ("50.00", "100.00")]);
    pays(&[("a", 16_000), ("b", 15_000), ("ab", 20_000)], &[("50.00", "105.00"), ("40.00", "95.00")]);
}

/// The apples of encyclopaedias under "Vickrey auction": two apples; 5 for one, 2 for one, 6 for both. VCG 6 − 2 = 4 and
/// 6 − 5 = 1. The core asks for 6 together: half a dollar more each.
#[test]
fn two_apples() {
    pays(&[("a|b", 500), ("a|b", 200), ("ab", 600)], &[("4.00", "4.50"), ("1.00", "1.50")]);
}

/// A single good: the second price, by both rules (Vickrey, Journal of Finance 1961). Alone, a bidder pays nothing.
#[test]
fn second_price() {
    pays(&[("a", 1_999), ("a", 1_001), ("a", 500)], &[("10.01", "10.01")]);
    pays(&[("a", 1_999)], &[("0.00", "0.00")]);
}

/// Values of all coalitions of bidders, by trying all sets of bids.
fn coalition_values(auction: &CatsAuction, of: &[usize], bidders: usize, one: i128) -> Vec<Option<i128>> {
    let mut best = vec![0_i128; 1 << bidders];
    for choice in 0_u32..1 << auction.bids.len() {
        let chosen = || (0..auction.bids.len()).filter(|i| choice >> i & 1 == 1);
        let mut goods: Vec<u32> = chosen().flat_map(|i| auction.bids[i].goods.iter().copied()).collect();
        let all = goods.len();
        goods.sort_unstable();
        goods.dedup();
        if goods.len() == all {
            let value = chosen().map(|i| i128::from(auction.bids[i].value)).sum::<i128>() * one;
            let who = chosen().fold(0_usize, |set, i| set | 1 << of[i]);
            best[who] = best[who].max(value);
        }
    }
    let within = |coalition: usize| (0..1 << bidders).filter(move |who| who & !coalition == 0);
    (0..1_usize << bidders).map(|c| within(c).map(|who| best[who]).max()).collect()
}

#[test]
fn random_combinatorial_auctions_obey_the_definitions() {
    let mut rng = Rng(0xC0DE);
    let mut outside_core = 0;
    for case in 0..250 {
        let (goods, bidders) = (2 + rng.below(4), 2 + rng.below(6));
        let mut auction = CatsAuction { goods, dummies: bidders, decimals: 2, bids: Vec::new() };
        let mut of = Vec::new();
        for who in 0..bidders {
            for _ in 0..1 + rng.below(2) {
                let mut set: Vec<u32> = (0..goods).filter(|_| rng.one_in(2)).collect();
                if set.is_empty() {
                    set.push(rng.below(goods));
                }
                let value = set.len() as i64 * 1_000 + i64::from(rng.below(1_000)) * if rng.one_in(2) { 3 } else { 1 };
                set.push(goods + who);
                auction.bids.push(CatsBid { id: of.len() as u64, value, goods: set });
                of.push(who as usize);
            }
        }
        let award = award_cats(&auction, None, None, PaymentRule::Core, &Silent).unwrap();
        let scale = 10_i128.pow(award.payment_decimals - 2);
        let values = coalition_values(&auction, &of, bidders as usize, scale);
        let winners: Vec<_> = award
            .payments
            .iter()
            .map(|p| {
                let bid: i128 = p.winners.iter().map(|w| i128::from(auction.bids[*w].value)).sum();
                assert_eq!(p.uncertainty, Some(0), "case {case}");
                (of[p.bidder], bid * scale - p.vcg.unwrap(), bid * scale - p.core.unwrap())
            })
            .collect();
        check(&values, &winners, 100.0 * scale as f64, &format!("case {case}: {auction:?}"));
        outside_core += usize::from(winners.iter().any(|w| w.1 != w.2));
    }
    assert!(outside_core > 30, "only {outside_core} auctions whose VCG payments are blocked");
}

fn run(a: &Auction, exact_offers: usize) -> Award {
    award(
        &a.scenario,
        &|h, d| a.haul(h, d),
        EngineOptions { exact_offers, policy_prices: false, ..EngineOptions::default() },
        &Silent,
    )
    .unwrap()
}

/// The auction with the bids of some bidders only.
fn of_coalition(a: &Auction, coalition: usize) -> Auction {
    let mut a = a.clone();
    a.scenario.settings.award.payments = PaymentRule::None;
    a.scenario.settings.award.winning_levels = false;
    a.scenario.bids.retain(|b| coalition >> b.bidder.index() & 1 == 1);
    a
}

fn check_award(a: &Auction, award: &Award, values: &[Option<i128>], case: &str) -> usize {
    let payments = award.payments.as_ref().unwrap();
    let mut winners = Vec::new();
    for p in &payments.bidders {
        let without = values[(values.len() - 1) & !(1 << p.bidder.index())];
        assert_eq!(without.is_none(), p.status == PaymentStatus::Pivotal, "{case}: {p:?}");
        assert_eq!(without.is_none(), p.vcg.is_none() && p.core.is_none() && p.uncertainty.is_none(), "{case}: {p:?}");
        if let (Some(vcg), Some(core)) = (p.vcg, p.core) {
            winners.push((p.bidder.index(), i128::from(vcg.0), i128::from(core.0)));
        }
    }
    assert_eq!(values[values.len() - 1], Some(i128::from(award.value.0)), "{case}");
    check(values, &winners, 1e6, &format!("{case}: {:?}", a.scenario.bids));
    winners.len()
}

#[test]
fn random_awards_obey_the_definitions() {
    let mut winners = 0;
    for seed in 70_000..70_150 {
        let mut a = small(seed);
        if oracle::choices(&a).iter().map(|(_, v)| v.len() + 1).product::<usize>() > 400 {
            continue;
        }
        a.scenario.settings.award.payments = PaymentRule::Core;
        let coalitions = 0..1_usize << a.scenario.bidders.len();
        let values: Vec<_> = coalitions.map(|c| oracle::exhaustive(&of_coalition(&a, c)).0.first().copied()).collect();
        for exact_offers in [14, 0] {
            winners += check_award(&a, &run(&a, exact_offers), &values, &format!("seed {seed}, {exact_offers}"));
        }
    }
    assert!(winners > 200, "only {winners} winners");
}

/// Rules that an award must reach make bidders pivotal; coalitions that cannot reach them constrain nothing.
#[test]
fn pivotal_bidders_have_no_vcg_payment() {
    let (mut pivotal, mut others) = (0, 0);
    for seed in 80_000..80_150 {
        let mut a = small(seed);
        let least = MinimumWinners { scope: Scope::All, at_least: 2 };
        a.scenario.settings.award.minimum_winners.push(least);
        let value = |c| {
            let award = run(&of_coalition(&a, c), 14);
            (award.status != Status::Infeasible).then_some(i128::from(award.value.0))
        };
        let values: Vec<_> = (0..1_usize << a.scenario.bidders.len()).map(value).collect();
        a.scenario.settings.award.payments = PaymentRule::Core;
        let award = run(&a, 14);
        if award.status == Status::Infeasible {
            assert_eq!(award.payments, None);
            continue;
        }
        let known = check_award(&a, &award, &values, &format!("seed {seed}"));
        (pivotal, others) = (pivotal + award.payments.unwrap().bidders.len() - known, others + known);
    }
    assert!(pivotal > 20 && others > 20, "{pivotal} pivotal winners, {others} others");
}

/// One unit for 10 pieces: the bids of A at 2.00 and B at 1.50; A wins, and would pay the 15.00 that B offers.
#[test]
fn second_price_of_a_unit() {
    let bids = vec![bid("A1", 0, 0, (10, 10), 2_000_000), bid("B1", 1, 0, (10, 10), 1_500_000)];
    let mut a = plain(vec![ddu("D", 10)], vec![bidder("A"), bidder("B")], bids);
    assert_eq!(run(&a, 14).payments, None);
    a.scenario.settings.award.payments = PaymentRule::Vcg;
    let payments = run(&a, 14).payments.unwrap();
    assert_eq!(payments.bidders.len(), 1);
    assert_eq!(payments.bidders[0].vcg, Some(MicroDollars(5_000_000)));
    assert_eq!((payments.bidders[0].core, payments.bidders[0].status), (None, PaymentStatus::Exact));
}

/// With a gap accepted the discounts enclose the truth, and none is negative.
#[test]
fn gaps_are_told_as_uncertainty() {
    for seed in 90_000..90_060 {
        let mut a = small(seed);
        a.scenario.settings.award.payments = PaymentRule::Core;
        let exact = run(&a, 14);
        a.scenario.settings.award.gap_tolerance = Ppm(50_000);
        let rough = run(&a, 0);
        for p in &rough.payments.as_ref().unwrap().bidders {
            let (vcg, core, uncertainty) = (p.vcg.unwrap().0, p.core.unwrap().0, p.uncertainty.unwrap().0);
            assert!(0 <= core && core <= vcg, "seed {seed}: {p:?}");
            let everyone = (1 << a.scenario.bidders.len()) - 1;
            let without = run(&of_coalition(&a, everyone & !(1 << p.bidder.index())), 14);
            // That award was solved within the gap too; its bound and value enclose the truth.
            let (least, most) = (exact.value.0 - without.bound.0, exact.bound.0 - without.value.0);
            assert!(vcg + uncertainty >= least && vcg - uncertainty <= most, "seed {seed}: {p:?}, {least} to {most}");
            assert_eq!(p.status == PaymentStatus::Exact, uncertainty == 0);
        }
    }
}
