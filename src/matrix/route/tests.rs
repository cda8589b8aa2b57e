//! Routes of both engines against the cells of the matrix, on random networks full of ties and of arcs without weight.

use super::{Route, route};
use crate::hierarchy::RoadHierarchy;
use crate::ids::VehicleIx;
use crate::matrix::fast::Roads;
use crate::matrix::tests::{Snapped, case, on_ring, ring};
use crate::matrix::{MatrixError, compute};
use crate::network::{Profile, RoadNetwork, Snap, Weight};
use crate::progress::Silent;
use crate::units::{Decimetres, MicroDollars};

/// The path hangs together, and everything told about it follows from its stretches.
fn check(network: &RoadNetwork, profile: &Profile, from: &Snap, to: &Snap, route: &Route) {
    let stretches = &route.stretches;
    let offset = |snap: &Snap, at: usize| snap.offset(network, network.arc(stretches[at].arc).reverse);
    let last = stretches.len() - 1;
    assert_eq!(network.arc(stretches[0].arc).segment, from.segment);
    assert_eq!(network.arc(stretches[last].arc).segment, to.segment);
    let mut sum = Weight::ZERO;
    for (at, stretch) in stretches.iter().enumerate() {
        let length = network.segment(network.arc(stretch.arc).segment).length;
        assert_eq!(stretch.from, if at == 0 { offset(from, at) } else { Decimetres(0) });
        assert_eq!(stretch.to, if at == last { offset(to, at) } else { length });
        assert_eq!(profile.partial(network, stretch.arc, stretch.from, stretch.to), Some(stretch.weight));
        let turn = stretch.turn.map(|turn| {
            let before = stretches[at - 1].arc;
            assert!(network.turns_from(before).any(|next| next == (turn, stretch.arc)), "no such turn");
            profile.turn(network, turn).expect("a banned turn")
        });
        assert_eq!(turn.is_none(), at == 0);
        assert_eq!(turn.unwrap_or(Weight::ZERO), stretch.turn_weight);
        sum = sum.checked_add(stretch.turn_weight).unwrap().checked_add(stretch.weight).unwrap();
    }
    let told = (route.totals.length.0, route.totals.time.0, route.totals.tolls, route.totals.money);
    assert_eq!(told, (sum.length, sum.time, sum.tolls(), profile.money(&sum).unwrap()));
    let legs: Vec<_> = route.legs.iter().map(|leg| leg.share).collect();
    for parts in [legs, route.classes.iter().map(|class| class.share).collect()] {
        assert_eq!(parts.iter().map(|p| p.length.0).sum::<u32>(), sum.length);
        assert_eq!(parts.iter().map(|p| p.time.0).sum::<u32>(), sum.time);
        assert_eq!(
            parts.iter().map(|p| p.turn_time.0).sum::<u32>(),
            stretches.iter().map(|s| s.turn_weight.time).sum::<u32>()
        );
        assert_eq!(MicroDollars::sum(parts.iter().map(|p| p.tolls)), Some(sum.tolls()));
        assert_eq!(MicroDollars::sum(parts.iter().map(|p| p.money)), Some(route.totals.money));
        assert!(parts.iter().all(|p| p.money >= p.tolls));
    }
    let mut at = 0;
    for leg in &route.legs {
        assert!(leg.stretches.start == at && leg.stretches.end > at, "legs follow each other");
        at = leg.stretches.end;
        for stretch in &stretches[leg.stretches.clone()] {
            let road = network.segment(network.arc(stretch.arc).segment);
            assert_eq!((road.class, road.way), (leg.class, leg.way));
        }
    }
    assert_eq!(at, stretches.len());
    assert!(route.legs.windows(2).all(|w| (w[0].class, w[0].way) != (w[1].class, w[1].way)));
    assert!(route.classes.windows(2).all(|w| w[0].class < w[1].class));
}

#[test]
fn both_engines_give_the_cell_by_the_same_path() {
    let (mut turns, mut direct, mut none) = (0, 0, 0);
    for seed in 0..4_000 {
        let Some(case) = case(seed) else { continue };
        let (network, profile) = (&case.net, &case.profile);
        let matrix = case.matrix();
        let hierarchy = RoadHierarchy::new(network).unwrap();
        let weights = hierarchy.customize(network, profile);
        let roads = Roads { network, profile, hierarchy: &hierarchy, weights: &weights };
        let mut cells = matrix.legs();
        for hub in &case.hubs {
            for ddu in &case.ddus {
                let [outbound, inbound] = cells.next().unwrap();
                let mut compare = |from: &Snapped, to: &Snapped| {
                    let plain = route(network, profile, from, to, &Silent).unwrap();
                    let fast = roads.route(from, to).unwrap();
                    assert_eq!(plain, fast, "seed {seed}: {from:?} → {to:?} in {network:?}");
                    match (&plain, from, to) {
                        (Ok(route), Ok(from), Ok(to)) => {
                            check(network, profile, from, to, route);
                            turns += route.stretches.len() - 1;
                            direct += usize::from(route.stretches.len() == 1);
                        }
                        (Err(_), ..) => none += 1,
                        _ => panic!("a route from or to a point without road"),
                    }
                    plain.map(|route| route.totals)
                };
                assert_eq!(compare(hub, ddu), outbound, "seed {seed}: {hub:?} → {ddu:?} in {network:?}");
                // The reason names the end by the part it plays in the route.
                let back = compare(ddu, hub);
                assert_eq!(back.is_ok(), inbound.is_ok());
                assert!(back.is_err() || back == inbound, "seed {seed}: {ddu:?} → {hub:?} in {network:?}");
            }
        }
    }
    assert!(
        turns > 10_000 && direct > 500 && none > 1_000,
        "{turns} turns, {direct} without turn, {none} without path"
    );
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let (one, other) = ((0..).find_map(case).unwrap(), (50..).find_map(case).unwrap());
    assert_ne!(one.net.arc_count(), other.net.arc_count());
    let hub = &one.hubs[0];
    assert!(route(&one.net, &other.profile, hub, hub, &Silent).is_err());
    let hierarchy = RoadHierarchy::new(&other.net).unwrap();
    let weights = hierarchy.customize(&other.net, &other.profile);
    let roads = Roads { network: &one.net, profile: &one.profile, hierarchy: &hierarchy, weights: &weights };
    assert!(roads.route(hub, hub).is_err());
}

#[test]
fn a_cost_of_any_size_is_no_obstacle_but_a_length_is() {
    let (network, mut profile) = ring();
    // All around: 90 % of the first road, both others, 5 % of the first.
    let ends = |profile: &Profile| [on_ring(&network, profile, 10), on_ring(&network, profile, 5)];
    profile.arc.iter_mut().for_each(|arc| arc.cost = u32::MAX - 1);
    let [from, to] = ends(&profile);
    let found = route(&network, &profile, &from, &to, &Silent).unwrap().unwrap();
    let cell = compute(&network, &profile, VehicleIx(0), &[from], &[to], &Silent).unwrap().legs().next().unwrap()[0];
    assert_eq!((found.totals.length, Ok(found.totals)), (Decimetres(295), cell));
    profile.arc.iter_mut().for_each(|arc| arc.length = u32::MAX - 1);
    let [from, to] = ends(&profile);
    assert_eq!(route(&network, &profile, &from, &to, &Silent), Err(MatrixError::RouteTooLarge));
}
