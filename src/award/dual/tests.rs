//! Against exhaustive search on small random models with every kind of rule.

use super::block::{Pick, Search, Stand};
use super::bound::Relaxed;
use super::descent::{Ground, Node};
use super::prices::{Prices, Values};
use super::problem::{NONE, Problem};
use super::solve;
use crate::award::mip::Limits;
use crate::award::model::{Linear, Model, Offer, Piece, Presence, Rule, RuleKind, Term};
use crate::award::solve::Plan;
use crate::ids::{BidIx, BidderIx, DduIx};
use crate::progress::Silent;
use crate::scenario::Scope;

struct Rng(u64);

impl Rng {
    fn below(&mut self, n: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % u64::from(n.max(1))) as u32
    }

    fn one_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }
}

fn offer(rng: &mut Rng, index: u32, units: u32) -> Offer {
    let is_package = units > 1 && rng.one_in(3);
    let count = if is_package { 1 + rng.below(units) } else { 1 };
    let first = rng.below(units);
    let mut ddus: Vec<DduIx> = (0..count).map(|s| DduIx((first + s) % units)).collect();
    ddus.sort();
    let volumes: Vec<u32> = ddus.iter().map(|_| if is_package { 1 + rng.below(4) } else { 1 }).collect();
    let mut pieces = Vec::new();
    let mut lo = 1 + rng.below(3);
    for _ in 0..if is_package { 1 } else { 1 + rng.below(2) } {
        let hi = if is_package { 1 } else { lo + rng.below(3) };
        let lo_ = if is_package { 1 } else { lo };
        let value = Linear { fixed: i64::from(rng.below(40)) - 12, per_unit: i64::from(rng.below(14)) - 2 };
        pieces.push(Piece { lo: lo_, hi, value, scores: vec![Linear { fixed: 0, per_unit: i64::from(index) + 1 }] });
        lo = hi + 1 + rng.below(2);
    }
    if is_package {
        pieces[0].value = Linear { fixed: i64::from(rng.below(90)), per_unit: 0 };
    }
    let most = pieces.last().map_or(0, |p: &Piece| p.hi);
    Offer { bids: vec![BidIx(index)], bidder: BidderIx(rng.below(3)), is_package, ddus, volumes, most, pieces }
}

fn model(seed: u64) -> Model {
    let mut rng = Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let units = 1 + rng.below(3);
    let offers: Vec<Offer> = (0..3 + rng.below(4)).map(|i| offer(&mut rng, i, units)).collect();
    let size = |o: &Offer| o.volumes.iter().map(|v| i64::from(*v)).sum::<i64>();
    let counted = |o: &Offer, i: usize, pieces: i64| {
        let (per_win, per_unit) = if o.is_package { (pieces, 0) } else { (0, 1) };
        Term { offer: i, per_win, per_unit }
    };
    let mut rules = Vec::new();
    for unit in 0..units {
        let here = |(i, o): (usize, &Offer)| {
            let at = o.ddus.iter().position(|d| d.0 == unit)?;
            Some(counted(o, i, i64::from(o.volumes[at])))
        };
        let terms: Vec<Term> = offers.iter().enumerate().filter_map(here).collect();
        let slots: Vec<Term> = terms.iter().map(|t| Term { per_win: 1, per_unit: 0, ..*t }).collect();
        let at_most = i128::from(3 + rng.below(7));
        rules.push(Rule { kind: RuleKind::Capacity(DduIx(unit)), terms, common: 0, presences: Vec::new(), at_most });
        if rng.one_in(2) {
            let at_most = i128::from(1 + rng.below(2));
            let kind = RuleKind::DockSlots(DduIx(unit), 0);
            rules.push(Rule { kind, terms: slots, common: 0, presences: Vec::new(), at_most });
        }
    }
    for group in 0..rng.below(3) {
        let terms: Vec<Term> =
            (0..offers.len()).filter(|_| rng.one_in(2)).map(|offer| Term { offer, per_win: 1, per_unit: 0 }).collect();
        let at_most = i128::from(1 + rng.below(2));
        rules.push(Rule {
            kind: RuleKind::Xor(BidderIx(0), format!("{group}")),
            terms,
            common: 0,
            presences: Vec::new(),
            at_most,
        });
    }
    if rng.one_in(2) {
        let own = offers.iter().enumerate().filter(|(_, o)| o.bidder.0 == 0);
        let double = |t: Term| Term { per_win: 2 * t.per_win, per_unit: 2 * t.per_unit, ..t };
        let terms = own.map(|(i, o)| double(counted(o, i, size(o)))).collect();
        let kind = RuleKind::ShareCap("0".into());
        rules.push(Rule { kind, terms, common: -1, presences: Vec::new(), at_most: i128::from(rng.below(4)) });
    }
    for bidder in 0..3 {
        let own = || offers.iter().enumerate().filter(move |(_, o)| o.bidder.0 == bidder);
        if rng.one_in(4) && own().next().is_some() {
            let terms = own()
                .map(|(i, o)| {
                    let t = counted(o, i, size(o));
                    Term { per_win: -t.per_win, per_unit: -t.per_unit, ..t }
                })
                .collect();
            let presences =
                vec![Presence { offers: own().map(|(i, _)| i).collect(), weight: i64::from(2 + rng.below(6)) }];
            rules.push(Rule {
                kind: RuleKind::MinimumVolume(BidderIx(bidder)),
                terms,
                common: 0,
                presences,
                at_most: 0,
            });
        }
    }
    if rng.one_in(5) {
        let of = |b: u32| {
            let offers: Vec<usize> = (0..offers.len()).filter(|i| offers[*i].bidder.0 == b).collect();
            (!offers.is_empty()).then_some(Presence { offers, weight: -1 })
        };
        let presences = (0..3).filter_map(of).collect();
        rules.push(Rule {
            kind: RuleKind::MinimumWinners(Scope::All, 1),
            terms: Vec::new(),
            common: 0,
            presences,
            at_most: -1,
        });
    }
    if rng.one_in(5) {
        let terms = vec![Term { offer: rng.below(offers.len() as u32) as usize, per_win: -1, per_unit: 0 }];
        rules.push(Rule { kind: RuleKind::Forced(BidIx(0)), terms, common: 0, presences: Vec::new(), at_most: -1 });
    }
    Model::new(offers, rules)
}

fn exhaustive(model: &Model, at: usize, quantities: &mut Vec<u32>) -> Option<i128> {
    let Some(offer) = model.offers.get(at) else {
        return model.broken(quantities).is_empty().then(|| model.value(quantities)).flatten();
    };
    let choices: Vec<u32> = std::iter::once(0).chain(offer.pieces.iter().flat_map(|p| p.lo..=p.hi)).collect();
    let mut best = None;
    for q in choices {
        quantities[at] = q;
        best = best.max(exhaustive(model, at + 1, quantities));
    }
    quantities[at] = 0;
    best
}

fn plan<'a>() -> Plan<'a> {
    let limits = Limits::default();
    Plan { limits, criteria: &[], ties: true, exact_offers: 0, dual_offers: 0, assumed: &[], start: &[] }
}

#[test]
fn bound_and_award_hold_the_optimum() {
    let (mut all, mut equal, mut none) = (0, 0, 0);
    for seed in 1..1_500 {
        let model = model(seed);
        let optimum = exhaustive(&model, 0, &mut vec![0; model.offers.len()]);
        let offers = (0..model.offers.len()).collect();
        let found = solve(&model, offers, &|_| true, &[], &plan(), &Silent).unwrap();
        let (Some(found), Some(optimum)) = (&found, optimum) else {
            assert!(found.is_none(), "seed {seed}: an award of a policy that nothing obeys: {found:?}");
            none += 1;
            continue;
        };
        assert!(model.broken(&found.quantities).is_empty(), "seed {seed}: {found:?}");
        assert_eq!(model.value(&found.quantities), Some(found.value), "seed {seed}");
        assert!(
            found.value <= optimum && optimum <= found.bound && optimum <= found.multiplier_bound,
            "seed {seed}: {} {optimum} {}\n{model:#?}",
            found.value,
            found.bound
        );
        all += 1;
        equal += u32::from(found.value == optimum);
    }
    println!("{equal} of {all} optimal, {none} without an award");
    assert!(all > 1_000 && equal * 10 > all * 7, "{equal} of {all}");
}

/// The same on one thread and on two.
#[test]
fn threads_change_nothing() {
    for seed in 1..40 {
        let model = model(seed);
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let offers = (0..model.offers.len()).collect();
            let found = pool.install(|| solve(&model, offers, &|_| true, &[], &plan(), &Silent)).unwrap();
            found.map(|f| (f.quantities, f.bound))
        };
        assert_eq!(run(1), run(2), "seed {seed}");
    }
}

/// A minimum volume out of reach: the bound sees it before anything is decided, and so does the award.
#[test]
fn minimum_volumes_are_decided_inside_the_bound() {
    for (least, optimum) in [(15, 150), (16, 0)] {
        let line = |unit: u32| Offer {
            bids: vec![BidIx(unit)],
            bidder: BidderIx(0),
            is_package: false,
            ddus: vec![DduIx(unit)],
            volumes: vec![1],
            most: 5,
            pieces: vec![Piece { lo: 1, hi: 5, value: Linear { fixed: 0, per_unit: 10 }, scores: Vec::new() }],
        };
        let offers: Vec<Offer> = (0..3).map(line).collect();
        let terms = |sign: i64| (0..3).map(|offer| Term { offer, per_win: 0, per_unit: sign }).collect::<Vec<_>>();
        let presences = vec![Presence { offers: vec![0, 1, 2], weight: least }];
        let kind = RuleKind::MinimumVolume(BidderIx(0));
        let rules = vec![Rule { kind, terms: terms(-1), common: 0, presences, at_most: 0 }];
        let model = Model::new(offers, rules);
        let problem = Problem::new(&model, vec![0, 1, 2], |_| true);
        let mut root = Node::root(&problem);
        root.descend(&Ground::new(&problem), 20, i128::MIN, &mut Relaxed::default(), &|| true);
        assert!((optimum..=optimum + 1).contains(&root.bound), "{least}: {}", root.bound);
        let found = solve(&model, vec![0, 1, 2], &|_| true, &[], &plan(), &Silent).unwrap().unwrap();
        assert_eq!((found.value, found.bound), (optimum, optimum), "{least}");
    }
}

/// Every choice of a block that is worth enough is listed, and none else: against all sets of its items.
#[test]
fn choices_are_those_of_all_sets() {
    let mut compared = 0;
    for seed in 1..400 {
        let model = model(seed);
        let offers: Vec<usize> = (0..model.offers.len()).collect();
        let problem = Problem::new(&model, offers, |_| true);
        let prices = Prices::start(&problem);
        let mut values = Values::default();
        prices.values(&problem, &mut values);
        let mut search = Search::default();
        for block in 0..problem.blocks.len() {
            search.load(&problem, block, &values, |_| Stand::Free);
            let Some(best) = search.run(None, None, None) else { continue };
            let floor = best - (12 << 8);
            let (listed, all) = search.choices(floor, 100_000);
            assert!(all, "seed {seed}");
            let sets = |picks: &[Pick]| picks.iter().map(|p| (p.item, p.way)).collect::<Vec<_>>();
            let mut found: Vec<_> = listed.iter().map(|picks| sets(picks)).collect();
            found.sort();
            found.dedup();
            let mut plain = Vec::new();
            all_sets(
                &problem,
                &values,
                block,
                problem.blocks[block].items.start,
                &mut Vec::new(),
                &mut |set, value| {
                    if value >= floor {
                        plain.push(set.to_vec());
                    }
                },
            );
            plain.sort();
            assert_eq!(found, plain, "seed {seed}, block {block}");
            compared += plain.len();
        }
    }
    assert!(compared > 1_000, "{compared}");
}

/// Receives a set of items and ways, and its value.
type Tell<'a> = &'a mut dyn FnMut(&[(u32, u32)], i64);

/// Each set of items and ways of a block that fits, with its value filled by slope.
fn all_sets(
    problem: &Problem<'_>,
    values: &Values,
    block: usize,
    at: usize,
    set: &mut Vec<(u32, u32)>,
    tell: Tell<'_>,
) {
    let b = &problem.blocks[block];
    if at == b.items.end {
        let (mut left, mut value, mut room) = (b.capacity.unwrap_or(i64::MAX / 8), 0, b.rows.clone());
        let mut slopes = Vec::new();
        for (item, way) in set.iter() {
            let item = &problem.items[*item as usize];
            left -= item.weight.0;
            for count in &problem.counts[item.counts.start as usize..item.counts.end as usize] {
                room[count.row as usize] -= count.by;
            }
            let Some(w) = problem.ways.get(*way as usize) else {
                value += values.shares[item.copy as usize];
                continue;
            };
            let (base, slope) = values.ways[*way as usize];
            value += base;
            left -= item.weight.1 * i64::from(w.lo);
            slopes.push((slope, i64::from(w.hi - w.lo), item.weight.1));
        }
        slopes.sort_unstable_by(|a, b| b.cmp(a));
        if left < 0 || room.iter().any(|r| *r < 0) {
            return;
        }
        for (slope, more, weight) in slopes.into_iter().filter(|s| s.0 > 0) {
            let more = if weight > 0 { more.min(left) } else { more };
            left -= weight * more;
            value += slope * more;
        }
        return tell(set, value);
    }
    all_sets(problem, values, block, at + 1, set, tell);
    let item = &problem.items[at];
    let ways: Vec<u32> = if item.copy == NONE { item.ways.clone().collect() } else { vec![NONE] };
    for way in ways {
        set.push((at as u32, way));
        all_sets(problem, values, block, at + 1, set, tell);
        set.pop();
    }
}
