//! Weights of vehicle classes, petgraph's view of them, and what makes them impossible.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, unreachable_pub, clippy::cast_precision_loss)]

#[path = "support/drawn.rs"]
mod drawn;

use ddu::ids::ArcIx;
use ddu::network::{NetworkError, PathWeight, Profile, ProfileError, ProfiledGraph, Weight, build};
use ddu::osm::Extract;
use ddu::progress::{Progress, Silent};
use ddu::road_class::RoadClass;
use ddu::scenario::{Mode, Rates, TurnCosts, VehicleClass};
use ddu::units::{Decimetres, MicroDollars, Millis, Ppm};
use drawn::{Drawing, Town, truck, van};
use petgraph::visit::{EdgeCount, EdgeRef, IntoEdgeReferences, IntoEdges, NodeCount, VisitMap, Visitable};

fn town() -> Town {
    let picture = "
A---B---C
|   |   |
D---E---F
|   |   |
G---H---I";
    Drawing::new(picture)
        .way("ABC", "highway=primary toll=yes")
        .way("BE", "access=private")
        .way("EH", "maxheight=3")
        .way("EF", "maxspeed=30")
        .restriction("no_left_turn GH EH DE")
        .build()
}

#[test]
fn an_arc_weighs_its_length_time_toll_and_money() {
    let town = town();
    let rates = Rates { toll_per_mile: MicroDollars::from_dollars(2), ..van().rates };
    let caps = {
        let mut caps = [None; RoadClass::ALL.len()];
        caps[RoadClass::Primary as usize] = Some(40_000);
        caps
    };
    let vehicle = VehicleClass { rates, speed_caps_millimph: caps, speed_factor: Ppm(800_000), ..van() };
    let profile = Profile::new(&town.network, &vehicle, &TurnCosts::default()).unwrap();
    let arc = town.arc("AB");
    let length = town.network.segment(town.network.arc(arc).segment).length;
    let weight = profile.arc(arc).unwrap();
    // 200 m at 40 mph × 0.8 = 14.30528 m/s: 13,981 ms. Cost in 10 micro-dollars: 3 USD a mile and 36 USD an hour.
    let metres = length.as_metres_f64();
    let time = metres / 14.305_28 * 1000.0;
    assert_eq!(weight.length, length.0);
    assert!((f64::from(weight.time) - time).abs() <= 0.5);
    let toll = metres / 1609.344 * 2e6;
    assert!((f64::from(weight.toll) - toll).abs() <= 0.5);
    let cost = (toll * 1.5 + f64::from(weight.time) * 10.0) / 10.0;
    assert!((f64::from(weight.cost) - cost).abs() <= 0.5, "{weight:?} {cost}");
    // The money of a path equals rate × quantity, each rounded once.
    let money = MicroDollars::from_dollars(1).per_mile_over(length).unwrap().0 + i64::from(weight.time) * 10;
    assert_eq!(profile.money(&weight), Some(MicroDollars(money + i64::from(weight.toll))));
    // 30 km/h beats the class default: 8.3333 m/s × 0.8.
    let slow = profile.arc(town.arc("EF")).unwrap();
    assert!((f64::from(slow.time) - f64::from(slow.length) * 100.0 / (8.333_333 * 0.8)).abs() < 20.0, "{slow:?}");
}

#[test]
fn parts_of_an_arc_add_up() {
    let town = town();
    for vehicle in [van(), truck()] {
        let profile = town.profile(&vehicle);
        for arc in town.network.arcs() {
            let length = town.network.segment(town.network.arc(arc).segment).length;
            let part = |from, to| profile.partial(&town.network, arc, Decimetres(from), Decimetres(to));
            let Some(whole) = profile.arc(arc) else {
                assert_eq!(part(0, length.0), None);
                continue;
            };
            assert_eq!(part(0, length.0), Some(whole));
            assert_eq!(part(0, u32::MAX), Some(whole));
            assert_eq!(part(7, 6), None);
            for cut in (0..=length.0).step_by(97) {
                let (before, after) = (part(0, cut).unwrap(), part(cut, length.0).unwrap());
                assert_eq!(before.checked_add(after), Some(whole));
                assert_eq!(before.length, cut);
            }
        }
    }
}

#[test]
fn metres_only_counts_nothing_else() {
    let town = town();
    let profile = Profile::metres_only(&town.network, Mode::Hgv).unwrap();
    let arc = town.arc("EH");
    let weight = profile.arc(arc).unwrap();
    assert_eq!((weight.cost, weight.toll), (weight.length, 0), "height does not matter");
    for (_, _, turn) in profile.turns_from(&town.network, arc) {
        assert_eq!(turn, Weight::ZERO);
    }
    assert_eq!(profile.money(&weight), Some(MicroDollars::ZERO));
    assert_eq!(town.profile(&truck()).arc(arc), None, "the truck is too high");
}

#[test]
fn petgraph_sees_what_the_profile_permits() {
    let town = town();
    let profile = town.profile(&truck());
    let graph = ProfiledGraph { network: &town.network, profile: &profile };
    assert_eq!(graph.node_count(), town.network.arc_count());
    let mut count = 0;
    for arc in town.network.arcs() {
        let edges: Vec<_> = if profile.arc(arc).is_some() { graph.edges(arc).collect() } else { vec![] };
        assert_eq!(edges.len(), graph.edges(arc).count(), "a forbidden arc has no edges");
        let expected = profile.turns_from(&town.network, arc).map(|(turn, head, weight)| {
            (arc, head, turn, PathWeight::from(profile.arc(arc).unwrap_or_default()) + weight.into())
        });
        let got = edges.iter().map(|e| (e.source(), e.target(), e.id(), *e.weight()));
        if profile.arc(arc).is_some() {
            assert!(got.eq(expected));
        }
        count += edges.len();
    }
    assert_eq!((graph.edge_count(), graph.edge_references().count()), (count, count));
    // The largest strongly connected set of petgraph is inside the main component.
    let components = ddu::network::Components::new(&town.network, &profile);
    let largest = petgraph::algo::tarjan_scc(graph).into_iter().max_by_key(Vec::len).unwrap();
    assert!(largest.iter().all(|arc| components.is_main(town.network.arc(*arc).segment)));
    let mut seen = graph.visit_map();
    assert!(seen.visit(ArcIx(3)) && !seen.visit(ArcIx(3)) && seen.is_visited(&ArcIx(3)));
    assert!(seen.unvisit(ArcIx(3)) && !seen.is_visited(&ArcIx(3)));
}

#[test]
fn hostile_vehicles_are_refused() {
    let town = town();
    let refused = |vehicle: &VehicleClass, turns: &TurnCosts| Profile::new(&town.network, vehicle, turns).unwrap_err();
    let with = |rates| VehicleClass { rates, ..van() };
    let most = MicroDollars(i64::MAX);
    let negative = with(Rates { tires_per_mile: MicroDollars(-1), ..Rates::default() });
    let usual = TurnCosts::default();
    assert!(matches!(refused(&negative, &usual), ProfileError::NegativeRate { rate: "tires_per_mile", .. }));
    let sum = with(Rates { fuel_per_mile: most, repair_per_mile: MicroDollars(1), ..Rates::default() });
    assert!(matches!(refused(&sum, &usual), ProfileError::RatesTooLarge { .. }));
    for rates in [
        Rates { fuel_per_mile: most, ..Rates::default() },
        Rates { toll_per_mile: most, ..Rates::default() },
        Rates { fuel_per_mile: most, toll_per_mile: most, wages_per_hour: most, ..Rates::default() },
    ] {
        assert!(matches!(refused(&with(rates), &usual), ProfileError::ArcTooHeavy { .. }), "{rates:?}");
    }
    let stopped = VehicleClass { speed_factor: Ppm(0), ..van() };
    assert!(matches!(refused(&stopped, &usual), ProfileError::NoSpeed { .. }));
    let crawling = VehicleClass { speed_factor: Ppm(1), ..van() };
    assert!(matches!(refused(&crawling, &usual), ProfileError::ArcTooHeavy { .. }));
    let fast = VehicleClass { speed_factor: Ppm(u32::MAX), rates: Rates::default(), ..van() };
    assert!(Profile::new(&town.network, &fast, &usual).is_ok());
    let slow_turns = TurnCosts { left: Millis(u32::MAX), signal: Millis(1), ..usual };
    assert!(matches!(refused(&van(), &slow_turns), ProfileError::TurnTooHeavy { .. }));
}

#[test]
fn extracts_without_roads_are_refused() {
    assert_eq!(build(&Extract::default(), &Silent).unwrap_err(), NetworkError::NoRoads);
    let raw = Drawing::new("A---B").raw();
    let mut extract = ddu::osm::assemble(&raw).unwrap();
    extract.ways[0].nodes.push(99);
    assert!(matches!(build(&extract, &Silent).unwrap_err(), NetworkError::MissingNode { .. }));
    extract.ways[0].nodes = vec![0];
    assert_eq!(build(&extract, &Silent).unwrap_err(), NetworkError::NoRoads);
    extract.ways[0].nodes = vec![];
    assert_eq!(build(&extract, &Silent).unwrap_err(), NetworkError::NoRoads);
    extract.ways[0].nodes = vec![0, 0, 1, 1];
    assert_eq!(build(&extract, &Silent).unwrap().segments().len(), 1, "a node given twice is no loop");
}

#[test]
fn a_crowded_junction_is_refused() {
    let mut extract = ddu::osm::assemble(&Drawing::new("A---B").raw()).unwrap();
    let way = extract.ways[0].clone();
    extract.ways = (0..1_001).map(|id| ddu::osm::Way { id, ..way.clone() }).collect();
    let error = build(&extract, &Silent).unwrap_err();
    assert!(matches!(error, NetworkError::CrowdedJunction { roads: 1_001, .. }), "{error}");
}

#[test]
fn a_cancelled_build_stops() {
    struct Impatient;
    impl Progress for Impatient {
        fn begin(&self, _: &str, _: Option<u64>) {}
        fn advance(&self, _: u64) {}
        fn finish(&self, _: &str) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let extract = ddu::osm::assemble(&Drawing::new("A---B").raw()).unwrap();
    assert_eq!(build(&extract, &Impatient).unwrap_err(), NetworkError::Cancelled);
}
