//! Awards of variants and drop-outs: worked examples, and exhaustive search of the auction that each asks about.
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
#[path = "oracles/award_rules.rs"]
mod award_rules;
#[path = "oracles/award.rs"]
mod oracle;

use auction::{Auction, Rng, bid, bidder, ddu, full, plain};
use ddu::award::{Alternative, Award, EngineOptions, Status, alternative, award};
use ddu::ids::BidderIx;
use ddu::progress::Silent;
use ddu::report::{AwardReport, AwardTable, write_award_csv};
use ddu::scenario::{
    MinimumWinners, Objective, Override, OverrideAction, OverrideTarget, Scope, ShareBase, Tier, TierKind, Variant,
};
use ddu::units::{MicroDollars, Pieces, Ppm};

const EXACT: EngineOptions = EngineOptions { exact_offers: 14, dual_offers: usize::MAX, policy_prices: false };

fn run(a: &Auction, options: EngineOptions) -> Award {
    award(&a.scenario, &|h, d| a.haul(h, d), options, &Silent).unwrap()
}

fn under(a: &Auction, variant: &Variant) -> Auction {
    Auction { scenario: a.scenario.under(variant), ..a.clone() }
}

fn answer(a: &Auction, variant: &Variant, base: &Award, options: EngineOptions) -> Alternative {
    let changed = under(a, variant);
    alternative(&changed.scenario, &|h, d| a.haul(h, d), options, &base.basis, &Silent).unwrap()
}

fn variant(a: &Auction, name: &str) -> Variant {
    Variant {
        name: name.to_owned(),
        award: a.scenario.settings.award.clone(),
        with_overrides: true,
        volume_factor: Ppm::ONE,
        fuel_factor: Ppm::ONE,
        wage_factor: Ppm::ONE,
    }
}

fn volumes(a: &Auction, alternative: &Alternative) -> Vec<u32> {
    let mut volumes = vec![0; a.scenario.bids.len()];
    for (bid, won) in &alternative.won {
        volumes[bid.index()] = won.volume.0;
    }
    volumes
}

/// Two units of 100 pieces. A bids 2.00 and 1.50 for 1 to 100 pieces, B 1.80 at the first, C 1.40 for up to 60 at the
/// second. A wins all: 200 + 150 = 350.
///
/// - At most half: all 200 pieces are best, A has 100 of them: 60 at D1 (B 40), 40 at D2 (C 60), as A is 0.20 better at D1
///   and C can take only 60 at D2. 120 + 72 + 60 + 84 = 336.
/// - Two winners: the cheapest piece to give away is C's: 200 + 148.50 + 1.40 = 349.90.
/// - Half the volumes: A 50 and B 50 at D1, A 50 and C 30 at D2: 100 + 90 + 75 + 42 = 307.
/// - Four winners: there are only three bidders.
fn market() -> Auction {
    let bids = vec![
        bid("A1", 0, 0, (1, 100), 2_000_000),
        bid("A2", 0, 1, (1, 100), 1_500_000),
        bid("B1", 1, 0, (1, 100), 1_800_000),
        bid("C2", 2, 1, (1, 60), 1_400_000),
    ];
    let mut a = plain(vec![ddu("D1", 100), ddu("D2", 100)], vec![bidder("A"), bidder("B"), bidder("C")], bids);
    let mut variants = ["half", "two", "less", "four"].map(|name| variant(&a, name)).to_vec();
    variants[0].award.share_cap = Some(Ppm(500_000));
    variants[1].award.minimum_winners = vec![MinimumWinners { scope: Scope::All, at_least: 2 }];
    variants[2].volume_factor = Ppm(500_000);
    variants[3].award.minimum_winners = vec![MinimumWinners { scope: Scope::All, at_least: 4 }];
    a.scenario.settings.variants = variants;
    a
}

fn answers(a: &Auction, base: &Award, options: EngineOptions) -> Vec<Alternative> {
    a.scenario.settings.variants.iter().map(|variant| answer(a, variant, base, options)).collect()
}

fn csv_of(a: &Auction, award: &Award, variants: &[Alternative], table: AwardTable) -> String {
    let mut out = Vec::new();
    let report = AwardReport { scenario: &a.scenario, award, variants, synergies: &[], ddu_snaps: None };
    write_award_csv(&mut out, table, &report).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn variants_stand_side_by_side() {
    let a = market();
    for exact_offers in [14, 0] {
        let options = EngineOptions { exact_offers, ..EXACT };
        let mut base = run(&a, options);
        assert!((0..100).contains(&(base.bound.0 - base.value.0)));
        (base.bound, base.gap_ppm) = (base.value, Some(0));
        let mut variants = answers(&a, &base, options);
        for bound in variants.iter_mut().filter_map(|v| v.bound.as_mut().map(|bound| (bound, v.value, &mut v.gap_ppm)))
        {
            // The solver's numbers may leave a few millionths.
            let (bound, value, gap) = bound;
            assert!((0..100).contains(&(bound.0 - value.0)), "{bound} {value}");
            (*bound, *gap) = (value, Some(0));
        }
        let table = csv_of(&a, &base, &variants, AwardTable::Scenarios);
        let tail = |money: &str| format!("{money},0.00,{money},0.00,{money}");
        let expected = [
            "variant,objective,status,value_usd,bound_usd,gap_ppm,difference_usd,awards,winners,units_without_award,\
             awarded_pieces,spend_usd,injection_usd,revenue_usd,attributable_usd,contribution_usd,largest_group,\
             largest_group_share_percent,not_viable,pieces_gained,pieces_lost"
                .to_owned(),
            format!("base,contribution,optimal,350.00,350.00,0,0.00,2,1,0,200,{},bidder A,100,,0,0", tail("350.00")),
            format!(
                "half,contribution,optimal,336.00,336.00,0,-14.00,4,3,0,200,{},bidder A,50,,100,100",
                tail("336.00")
            ),
            format!("two,contribution,optimal,349.90,349.90,0,-0.10,3,2,0,200,{},bidder A,99.5,,1,1", tail("349.90")),
            format!(
                "less,contribution,optimal,307.00,307.00,0,-43.00,4,3,0,180,{},bidder A,55.5556,,80,100",
                tail("307.00")
            ),
            format!("four,contribution,infeasible,0.00,,,-350.00,0,0,2,0,{},,,,0,200", tail("0.00")),
        ];
        assert_eq!(table.lines().collect::<Vec<_>>(), expected);
        assert_eq!(variants[3].conflicts, ["award.minimum_winners 4"]);
        let awards = csv_of(&a, &base, &variants, AwardTable::ScenarioAwards);
        let rows: Vec<&str> = awards.lines().filter(|line| line.starts_with("two,")).collect();
        assert_eq!(
            rows,
            [
                "two,A1,A,,D1,H1,100,van,1,200.00,0.00,200.00,0.00,200.00,200.00",
                "two,A2,A,,D2,H1,99,van,1,148.50,0.00,148.50,0.00,148.50,148.50",
                "two,C2,C,,D2,H1,1,van,1,1.40,0.00,1.40,0.00,1.40,1.40",
            ]
        );
    }
}

/// Without A: B 100 at D1 and C 60 at D2, 180 + 84 = 264. Forty pieces find nobody.
#[test]
fn a_large_winner_drops_out() {
    let mut a = market();
    a.scenario.settings.award.drop_outs = 3;
    let base = run(&a, EXACT);
    let table = csv_of(&a, &base, &[], AwardTable::DropOuts);
    assert_eq!(
        table.lines().nth(1).unwrap(),
        "bidder A,A,optimal,350.00,264.00,264.00,86.00,200,200,160,0,160,2,0,160,2"
    );
    assert_eq!(table.lines().count(), 2, "A is the only winner\n{table}");
    let bidders = csv_of(&a, &base, &[], AwardTable::DropOutBidders);
    assert_eq!(
        bidders,
        "group,bidder_id,pieces_before,pieces_after,difference_pieces,taken_over_pieces\n\
         bidder A,B,0,100,100,100\nbidder A,C,0,60,60,60\n"
    );
}

/// B and C are affiliates: they go together. Under the cap of a half A keeps what it may: with nobody else half of the
/// pieces awarded is never reached, so nothing is awarded at all, and every unit stays without.
#[test]
fn affiliates_drop_out_together() {
    let mut a = market();
    for who in [1, 2] {
        a.scenario.bidders[who].affiliate_group = "G".to_owned();
    }
    a.scenario.settings.award.share_cap = Some(Ppm(500_000));
    a.scenario.settings.award.drop_outs = 1;
    let base = run(&a, EXACT);
    // A and the group have 100 pieces each; the name decides.
    let table = csv_of(&a, &base, &[], AwardTable::DropOuts);
    assert_eq!(
        table.lines().nth(1).unwrap(),
        "affiliate group G,B C,optimal,336.00,0.00,0.00,336.00,200,100,0,100,0,2,2,0,0"
    );
    let bidders = csv_of(&a, &base, &[], AwardTable::DropOutBidders);
    assert_eq!(bidders.lines().nth(1).unwrap(), "affiliate group G,A,100,0,-100,0");
}

/// A forced bid goes with its bidder, and a policy that needs the bidder cannot hold without it.
#[test]
fn what_a_drop_out_contradicts() {
    let mut a = market();
    a.scenario.settings.award.drop_outs = 1;
    let force = OverrideTarget::Bid(ddu::ids::BidIx(0));
    a.scenario.overrides = vec![Override {
        action: OverrideAction::Force,
        target: force,
        who: "J. Doe".to_owned(),
        why: "ticket".to_owned(),
    }];
    let forced = run(&a, EXACT);
    assert_eq!(forced.drop_outs[0].after.status, Some(Status::Optimal));
    assert_eq!(forced.drop_outs[0].after.value, MicroDollars(264_000_000));
    a.scenario.overrides.clear();
    a.scenario.settings.award.minimum_winners = vec![MinimumWinners { scope: Scope::All, at_least: 3 }];
    let three = run(&a, EXACT);
    let out = &three.drop_outs[0];
    assert_eq!((out.group.as_str(), out.after.status), ("bidder A", Some(Status::Infeasible)));
    assert_eq!(out.after.conflicts, ["award.minimum_winners 3"]);
    assert!(out.after.won.is_empty() && out.after.bound.is_none());
}

/// Volumes of 0.4: a line of 4 to 6 pieces becomes 2 (1.6) to 2 (2.4); one of 1 piece stays 1.
///
/// Incremental tiers 1-2 at 2.00, 3 at 1.50, 4-9 at 1.00 end behind pieces 0.8 → 1, 1.2 → 1 and 3.6 → 4: 1 at 2.00, the
/// second tier is gone, 2-4 at 1.00. The third charges its first piece 1.00 more than its own price.
#[test]
fn volumes_scale_with_their_tiers() {
    let mut bids = vec![bid("A", 0, 0, (4, 6), 1_000_000), bid("B", 0, 0, (1, 1), 1_000_000)];
    for (id, range, price, offset) in
        [("T1", (1, 2), 2_000_000, 0), ("T2", (3, 3), 1_500_000, 1_000_000), ("T3", (4, 9), 1_000_000, 2_500_000)]
    {
        let mut line = bid(id, 1, 0, range, price);
        line.tier = Some(Tier { group: "T".to_owned(), kind: TierKind::Incremental, offset: MicroDollars(offset) });
        bids.push(line);
    }
    let a = plain(vec![ddu("D", 100)], vec![bidder("R"), bidder("S")], bids);
    let mut less = variant(&a, "less");
    less.volume_factor = Ppm(400_000);
    let scaled = a.scenario.under(&less);
    let of = |i: usize| (scaled.bids[i].volume_min.0, scaled.bids[i].volume_max.0, scaled.bids[i].offset().0);
    assert_eq!([of(0), of(1), of(2)], [(2, 2, 0), (1, 1, 0), (1, 1, 0)]);
    assert_eq!(of(4), (2, 4, 1_000_000));
    let forbidden: Vec<_> = scaled.overrides.iter().map(|o| (o.action, o.target)).collect();
    assert_eq!(forbidden, [(OverrideAction::Forbid, OverrideTarget::Bid(ddu::ids::BidIx(3)))]);
    // The other way round nothing is lost, and neighbours still meet.
    less.volume_factor = Ppm(2_500_000);
    let scaled = a.scenario.under(&less);
    let of = |i: usize| (scaled.bids[i].volume_min.0, scaled.bids[i].volume_max.0, scaled.bids[i].offset().0);
    assert_eq!([of(2), of(3), of(4)], [(1, 5, 0), (6, 8, 2_500_000), (9, 23, 6_500_000)]);
    assert!(scaled.overrides.is_empty());
}

/// Some change of everything a variant can change.
fn drawn(a: &Auction, rng: &mut Rng) -> Variant {
    let mut drawn = variant(a, "drawn");
    let award = &mut drawn.award;
    match rng.below(6) {
        0 => award.share_cap = Some(Ppm(300_000 + 100_000 * rng.below(5))),
        1 => award.share_cap = None,
        _ => {}
    }
    if rng.one_in(3) {
        award.share_base = [ShareBase::Awarded, ShareBase::Capacity][rng.below(2) as usize];
    }
    if rng.one_in(3) {
        award.objective = [Objective::Contribution, Objective::Revenue, Objective::Surplus][rng.below(3) as usize];
    }
    match rng.below(5) {
        0 => award.minimum_winners.clear(),
        1 => award.minimum_winners = vec![MinimumWinners { scope: Scope::All, at_least: 1 + rng.below(3) }],
        _ => {}
    }
    if rng.one_in(3) {
        award.set_asides.clear();
    }
    if rng.one_in(3) {
        award.dock_window = None;
    }
    drawn.with_overrides = !rng.one_in(3);
    if rng.one_in(3) {
        drawn.volume_factor = [Ppm(500_000), Ppm(800_000), Ppm(1_200_000), Ppm(1_500_000)][rng.below(4) as usize];
    }
    drawn
}

fn too_many(a: &Auction) -> bool {
    oracle::choices(a).iter().map(|(_, v)| v.len() + 1).product::<usize>() > 1_500
}

/// What the award of an auction must be, by trying everything.
fn is_exhaustive(a: &Auction, found: &Alternative, what: &str) -> bool {
    let (rank, best) = oracle::exhaustive(a);
    assert_eq!(found.status == Some(Status::Infeasible), rank.is_empty(), "{what}: {found:#?}\n{a:#?}");
    if rank.is_empty() {
        assert!(found.won.is_empty() && found.value.0 == 0 && found.bound.is_none(), "{what}");
        return false;
    }
    assert_eq!(i128::from(found.value.0), rank[0], "{what}: {found:#?}\n{a:#?}");
    assert_eq!(found.status, Some(Status::Optimal), "{what}");
    assert!(best.contains(&volumes(a, found)), "{what}: {found:#?} {best:?}");
    true
}

#[test]
fn variants_equal_exhaustive_search() {
    let (mut same, mut feasible, mut infeasible) = (0, 0, 0);
    for seed in 0..500 {
        let a = full(seed);
        let drawn = drawn(&a, &mut Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1));
        let changed = under(&a, &drawn);
        // The oracle prices pieces by the tiers it finds, and knows none without pieces.
        let gone = changed.scenario.overrides.iter().any(|o| o.who == "volume_factor");
        if gone || too_many(&changed) {
            continue;
        }
        let options = EngineOptions { exact_offers: if seed % 3 == 0 { 0 } else { 14 }, ..EXACT };
        let base = run(&a, options);
        let found = answer(&a, &drawn, &base, options);
        if is_exhaustive(&changed, &found, &format!("seed {seed}")) {
            feasible += 1;
            same += u32::from(found.value == base.value);
        } else {
            infeasible += 1;
        }
    }
    assert!(feasible > 200 && infeasible > 20 && same < feasible * 3 / 4, "{feasible} {infeasible} {same}");
}

#[test]
fn drop_outs_equal_exhaustive_search() {
    let (mut feasible, mut infeasible, mut together) = (0, 0, 0);
    for seed in 2_000..2_500 {
        let mut a = full(seed);
        if too_many(&a) {
            continue;
        }
        a.scenario.settings.award.drop_outs = 2;
        let options = EngineOptions { exact_offers: if seed % 3 == 0 { 0 } else { 14 }, ..EXACT };
        let base = run(&a, options);
        for out in &base.drop_outs {
            let gone = |bidder: &BidderIx| out.bidders.contains(bidder);
            let mut without = a.clone();
            let s = &mut without.scenario;
            let bids = s.bids.clone();
            s.overrides.retain(|o| match o.target {
                OverrideTarget::Bid(bid) => !gone(&bids[bid.index()].bidder),
                _ => true,
            });
            s.overrides.extend(out.bidders.iter().map(|bidder| Override {
                action: OverrideAction::Forbid,
                target: OverrideTarget::Bidder(*bidder),
                who: String::new(),
                why: String::new(),
            }));
            together += u32::from(out.bidders.len() > 1);
            let what = format!("seed {seed} without {}", out.group);
            if is_exhaustive(&without, &out.after, &what) { feasible += 1 } else { infeasible += 1 }
        }
        // The largest come first.
        let pieces = |out: &ddu::award::DropOut| -> u32 {
            let theirs = base.winners().filter(|(bid, _)| out.bidders.contains(&a.scenario.bids[bid.index()].bidder));
            theirs.map(|(_, won)| won.volume.0).sum()
        };
        assert!(base.drop_outs.is_sorted_by_key(|out| std::cmp::Reverse(pieces(out))), "seed {seed}");
    }
    assert!(feasible > 150 && infeasible > 5 && together > 10, "{feasible} {infeasible} {together}");
}

/// What the search starts from decides nothing where everything is proven to the micro-dollar.
#[test]
fn the_start_decides_nothing() {
    for seed in 5_000..5_100 {
        let a = full(seed);
        let drawn = drawn(&a, &mut Rng(seed | 1));
        let base = run(&a, EXACT);
        let options = EngineOptions { exact_offers: 0, ..EXACT };
        let from_base = answer(&a, &drawn, &base, options);
        let changed = under(&a, &drawn);
        let alone = run(&changed, options);
        assert_eq!(from_base.won, Alternative::from(&alone).won, "seed {seed}");
        let nothing = alternative(&changed.scenario, &|h, d| a.haul(h, d), options, &Default::default(), &Silent);
        assert_eq!(nothing.unwrap().won, from_base.won, "seed {seed}");
    }
}

#[test]
fn packages_keep_equal_ends() {
    let mut bids = vec![bid("A", 0, 0, (7, 7), 1_000_000), bid("B", 0, 1, (3, 3), 1_000_000)];
    bids.iter_mut().for_each(|b| b.package = Some("P".to_owned()));
    let a = plain(vec![ddu("D", 100), ddu("E", 100)], vec![bidder("R")], bids);
    for factor in (10_000..3_000_000).step_by(77_777) {
        let mut some = variant(&a, "some");
        some.volume_factor = Ppm(factor);
        for line in &a.scenario.under(&some).bids {
            assert_eq!(line.volume_min, line.volume_max);
            assert!(line.volume_min > Pieces(0));
        }
    }
}
