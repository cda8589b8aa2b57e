//! Units assigned to hubs: against every assignment on small random problems, and by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use ddu::ids::{HubIx, VehicleIx};
use ddu::progress::Silent;
use ddu::quote::assign::{AssignProblem, AssignStatus, AssignUnit, Choice, LimitKind, Limits, assign, limit_prices};
use ddu::units::{MicroDollars, Pieces};

fn choice(hub: u32, vehicle: u32, trips: u32, dollars: i64, late: bool) -> Choice {
    Choice { hub: HubIx(hub), vehicle: VehicleIx(vehicle), trips, cost: MicroDollars::from_dollars(dollars), late }
}

/// Most pieces, then least cost, over all assignments.
fn by_trying_all(units: &[AssignUnit], limits: &Limits) -> (u64, i64) {
    let mut best = (0, 0);
    let mut chosen = vec![None; units.len()];
    loop {
        if limits.hold(units, &chosen) {
            let taken =
                || units.iter().zip(&chosen).filter_map(|(u, c): (_, &Option<usize>)| Some((u, u.choices[(*c)?])));
            let pieces: u64 = taken().map(|(u, _)| u64::from(u.pieces.0)).sum();
            let cost: i64 = taken().map(|(_, c)| c.cost.0).sum();
            if pieces > best.0 || (pieces == best.0 && cost < best.1) {
                best = (pieces, cost);
            }
        }
        let Some(next) = (0..units.len()).find(|i| chosen[*i].map_or(0, |c| c + 1) < units[*i].choices.len()) else {
            return best;
        };
        chosen[next] = Some(chosen[next].map_or(0, |c| c + 1));
        chosen[..next].iter_mut().for_each(|c| *c = None);
    }
}

#[test]
fn equals_trying_every_assignment() {
    let mut seed = 5_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut decided = 0;
    for case in 0..300 {
        let (hubs, classes) = (1 + next(3) as u32, 1 + next(2) as u32);
        let units: Vec<AssignUnit> = (0..1 + next(5))
            .map(|_| {
                let mut choices = Vec::new();
                for hub in 0..hubs {
                    for class in 0..classes {
                        if next(5) > 0 {
                            choices.push(choice(hub, class, 1 + next(3) as u32, 1 + next(40) as i64, next(6) == 0));
                        }
                    }
                }
                AssignUnit { pieces: Pieces(1 + next(9) as u32), choices }
            })
            .collect();
        let mut limits = Limits::default();
        for hub in 0..hubs {
            if next(3) > 0 {
                limits.hub_pieces.insert(HubIx(hub), next(20));
            }
            for class in 0..classes {
                if next(2) > 0 {
                    limits.trips.insert((HubIx(hub), VehicleIx(class)), next(5));
                }
            }
        }
        let found = assign(&units, &limits, None, &Silent).unwrap();
        assert!(limits.hold(&units, &found.chosen), "case {case}");
        assert_eq!((found.pieces, found.cost.0), by_trying_all(&units, &limits), "case {case}: {units:?} {limits:?}");
        assert_eq!(found.status, AssignStatus::Optimal, "case {case}");
        assert!(found.bound.unwrap() <= found.cost);
        decided += u32::from(found.tolerance.0 > 0);
        // Without a node to open what is found still holds, and is called optimal only if it is.
        let rough = assign(&units, &limits, Some(0), &Silent).unwrap();
        assert!(limits.hold(&units, &rough.chosen) && rough.pieces <= found.pieces, "case {case}");
        if rough.status == AssignStatus::Optimal {
            assert_eq!((rough.pieces, rough.cost), (found.pieces, found.cost), "case {case}");
        }
        let problem = AssignProblem { units: units.clone(), limits: limits.clone() };
        for price in limit_prices(&problem, &found, None, &Silent).unwrap() {
            let mut without = limits.clone();
            match price.limit {
                LimitKind::HubCapacity(hub) => drop(without.hub_pieces.remove(&hub)),
                LimitKind::Fleet(hub, vehicle) => drop(without.trips.remove(&(hub, vehicle))),
                LimitKind::Release(hub) => drop(without.released.insert(hub)),
            }
            let expected = by_trying_all(&units, &without);
            assert_eq!((price.without.pieces, price.without.cost.0), expected, "case {case}: {:?}", price.limit);
            // A limit that is lifted takes nothing away.
            assert!(price.without.pieces >= found.pieces, "case {case}");
            assert!(price.most.is_none_or(|most| price.used <= most), "case {case}");
        }
    }
    assert!(decided > 50, "the solver had to decide {decided} times only");
}

/// Two units of 60 pieces; hub 0 is 10 USD cheaper for the first and 4 for the second, and loads 100: the first goes to hub 0,
/// the second pays 4 USD more. Without the limit both go to hub 0, so the limit costs 4 USD.
#[test]
fn the_price_of_a_hub_by_hand() {
    let unit = |near: i64, far: i64| AssignUnit {
        pieces: Pieces(60),
        choices: vec![choice(0, 0, 1, near, false), choice(1, 0, 1, far, false)],
    };
    let mut limits = Limits::default();
    limits.hub_pieces.insert(HubIx(0), 100);
    let problem = AssignProblem { units: vec![unit(50, 60), unit(50, 54)], limits };
    let found = assign(&problem.units, &problem.limits, None, &Silent).unwrap();
    assert_eq!((found.chosen.clone(), found.cost), (vec![Some(0), Some(1)], MicroDollars::from_dollars(104)));
    let prices = limit_prices(&problem, &found, None, &Silent).unwrap();
    let [price] = &prices[..] else { panic!("{prices:?}") };
    assert_eq!((price.limit, price.most, price.used), (LimitKind::HubCapacity(HubIx(0)), Some(100), 60));
    assert_eq!(found.cost.0 - price.without.cost.0, 4_000_000);
}

/// A unit whose only vehicle comes late is not served, and the price of its hub's release time tells the pieces that it keeps.
#[test]
fn a_release_time_that_is_too_late_has_a_price() {
    let units = vec![AssignUnit { pieces: Pieces(7), choices: vec![choice(0, 0, 1, 9, true)] }];
    let problem = AssignProblem { units, limits: Limits::default() };
    let found = assign(&problem.units, &problem.limits, None, &Silent).unwrap();
    assert_eq!((found.pieces, found.chosen.clone()), (0, vec![None]));
    let prices = limit_prices(&problem, &found, None, &Silent).unwrap();
    assert_eq!(prices[0].limit, LimitKind::Release(HubIx(0)));
    assert_eq!(prices[0].without.pieces, 7);
}
