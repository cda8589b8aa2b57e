//! Against exhaustive search on small random models with every kind of rule.

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
