//! One drawn map for each rule of the road.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, unreachable_pub)]

#[path = "support/drawn.rs"]
mod drawn;

use ddu::network::{NoSnap, TurnKind};
use ddu::scenario::{Mode, Rates, VehicleClass};
use ddu::units::MicroDollars;
use drawn::{Drawing, at, truck, van, vehicle};

/// One block of 200 m with a stub at every corner; clockwise is cheaper, as right turns are.
const BLOCK: &str = "
E-A---B-F
  |   |
G-C---D-H";

/// Four blocks of 200 m.
const TOWN: &str = "
A---B---C
|   |   |
D---E---F
|   |   |
G---H---I";

#[test]
fn without_rules_the_cheaper_turns_decide() {
    let town = Drawing::new(BLOCK).build();
    let route = town.route(&van(), "AC", "BD").unwrap();
    assert_eq!(route.roads, "CA AB BD");
    // Half a block, a block, half a block, each rounded to the decimetre.
    assert!((3_999..=4_001).contains(&route.weight.length), "{:?}", route.weight);
    // 400 m at 25 mph (11.176 m/s) = 35,791 ms, and two right turns of 3,750 ms.
    assert!(route.weight.time.abs_diff(35_791 + 7_500) <= 15, "{:?}", route.weight);
    assert_eq!(town.roads(&van(), "BD", "AC"), "BD DC CA");
}

#[test]
fn oneway() {
    let town = Drawing::new(BLOCK).way("AB", "oneway=yes").build();
    assert_eq!(town.roads(&van(), "AC", "BD"), "CA AB BD");
    let town = Drawing::new(BLOCK).way("BA", "oneway=yes").build();
    assert_eq!(town.roads(&van(), "AC", "BD"), "AC CD DB");
}

#[test]
fn on_one_street_a_route_goes_straight_or_round_the_block() {
    let town = Drawing::new(BLOCK).way("AB", "oneway=yes").build();
    let profile = town.profile(&van());
    let locator = ddu::network::Locator::new(&town.network);
    let on = |share: f64| locator.snap_on(town.segment("AB"), at(100.0 + 200.0 * share, 0.0), &profile).unwrap();
    let (west, east) = (on(0.25), on(0.75));
    let direct = west.direct(&east, &town.network, &profile).unwrap();
    assert!(direct.length.abs_diff(1_000) <= 1, "{direct:?}");
    assert_eq!(east.direct(&west, &town.network, &profile), None, "against the one-way street");
    assert_eq!(west.direct(&west, &town.network, &profile), Some(ddu::network::Weight::ZERO));
    // Round the block the route leaves the arc and enters it again.
    let graph = ddu::network::ProfiledGraph { network: &town.network, profile: &profile };
    let (arc, rest) = east.starts[0];
    let round = profile
        .turns_from(&town.network, arc)
        .filter_map(|(_, next, _)| {
            let scores = petgraph::algo::dijkstra(graph, next, None, |t| *petgraph::visit::EdgeRef::weight(&t));
            scores.get(&west.ends[0].0).map(|w| w.length + u64::from(rest.length + west.ends[0].1.length))
        })
        .min()
        .unwrap();
    assert!(round.abs_diff(7_000) <= 3, "{round}");
}

#[test]
fn oneway_against_the_nodes() {
    let town = Drawing::new(BLOCK).way("AB", "oneway=-1").build();
    assert_eq!(town.roads(&van(), "AC", "BD"), "AC CD DB");
    assert_eq!(town.roads(&van(), "BD", "AC"), "BD DC CA");
    let town = Drawing::new(BLOCK).way("AB", "oneway=-1").way("CD", "oneway=yes").build();
    assert_eq!(town.roads(&van(), "BD", "AC"), "DB BA AC");
}

#[test]
fn a_roundabout_is_driven_one_way() {
    let picture = "
E-A---B-F
  |   |
G-C---D-H";
    let town = Drawing::new(picture).way("ACDBA", "junction=roundabout").build();
    assert_eq!(town.roads(&van(), "EA", "CG"), "EA AC CG");
    assert_eq!(town.roads(&van(), "GC", "EA"), "GC CD DB BA AE");
}

#[test]
fn kinds_of_turns() {
    let picture = "
A   B   C
 
D---E---F

G   H   I";
    // From H: left to D, right to F, straight to B; C lies 45 degrees to the right, I turns back sharply.
    let drawing = ["BE", "CE", "HE", "IE", "AE"].iter().fold(Drawing::new(picture), |d, way| d.way(way, ""));
    let town = drawing.node('E', "highway=traffic_signals").build();
    let kind = |from: &str, to: &str| {
        let head = town.arc(to);
        let (turn, _) = town.network.turns_from(town.arc(from)).find(|(_, arc)| *arc == head)?;
        assert!(town.network.turn(turn).signal() && !town.network.turn(turn).stop());
        Some(town.network.turn(turn).kind())
    };
    assert_eq!(kind("HE", "ED"), Some(TurnKind::Left));
    assert_eq!(kind("HE", "EF"), Some(TurnKind::Right));
    assert_eq!(kind("HE", "EB"), Some(TurnKind::Straight));
    assert_eq!(kind("HE", "EC"), Some(TurnKind::Right));
    assert_eq!(kind("HE", "EA"), Some(TurnKind::Left));
    assert_eq!(kind("HE", "EI"), Some(TurnKind::Right));
    assert_eq!(kind("FE", "ED"), Some(TurnKind::Straight));
    assert_eq!(kind("FE", "EB"), Some(TurnKind::Right));
    assert_eq!(kind("FE", "EH"), Some(TurnKind::Left));
    assert_eq!(kind("HE", "EH"), None, "no u-turn where a road goes on");
}

#[test]
fn u_turns_only_at_dead_ends() {
    let picture = "
A---B---C
    |
    D";
    let town = Drawing::new(picture).restriction("no_left_turn DB B BA").build();
    let route = town.route(&van(), "DB", "BA").unwrap();
    assert_eq!(route.roads, "DB BC CB BA");
    // Right turn 3,750 ms, u-turn 20,000 ms, 700 m... 100 + 200 + 200 + 100 m at 11.176 m/s = 53,686 ms.
    assert!(route.weight.time.abs_diff(53_686 + 23_750) <= 20, "{:?}", route.weight);
    let mut u_turns = Vec::new();
    for arc in town.network.arcs() {
        for (turn, _) in town.network.turns_from(arc) {
            if town.network.turn(turn).kind() == TurnKind::UTurn {
                u_turns.push(town.road(arc));
            }
        }
    }
    u_turns.sort();
    assert_eq!(u_turns, ["BA", "BC", "BD"]);
}

#[test]
fn a_road_that_goes_on_without_trucks_is_a_dead_end_for_them() {
    let picture = "
A---B---C---E
    |
    D";
    let town = Drawing::new(picture).way("CE", "hgv=no").restriction("no_left_turn DB B BA").build();
    assert_eq!(town.roads(&truck(), "DB", "BA"), "DB BC CB BA");
    assert_eq!(town.roads(&van(), "DB", "BA"), "DB BC CE EC CB BA");
}

#[test]
fn no_turn_at_a_node() {
    let town = || Drawing::new(TOWN).way("HE", "oneway=yes");
    assert_eq!(town().build().roads(&van(), "HE", "ED"), "HE ED");
    let town = town().restriction("no_left_turn HE E DE").build();
    assert_eq!(town.roads(&van(), "HE", "ED"), "HE EB BA AD DE");
    assert_eq!(town.roads(&van(), "BE", "ED"), "BE ED");
    assert_eq!(town.roads(&van(), "HE", "EF"), "HE EF");
    assert_eq!(town.network.counts().restrictions, 1);
}

#[test]
fn only_one_turn_at_a_node() {
    let town = Drawing::new(TOWN).way("HE", "oneway=yes").restriction("only_straight_on HE E EB").build();
    assert_eq!(town.roads(&van(), "HE", "EF"), "HE EB BC CF FE");
    assert_eq!(town.roads(&van(), "HE", "EB"), "HE EB");
    assert_eq!(town.roads(&van(), "DE", "EF"), "DE EF");
}

#[test]
fn two_commands_at_a_node_permit_both_roads() {
    let town = Drawing::new(TOWN)
        .way("HE", "oneway=yes")
        .restriction("only_straight_on HE E EB")
        .restriction("only_right_turn HE E EF")
        .build();
    assert_eq!(town.roads(&van(), "HE", "EF"), "HE EF");
    assert_eq!(town.roads(&van(), "HE", "EB"), "HE EB");
    assert_ne!(town.roads(&van(), "HE", "ED"), "HE ED");
}

#[test]
fn except_frees_a_mode() {
    let town = Drawing::new(TOWN).way("HE", "oneway=yes").restriction("no_left_turn HE E DE except=hgv").build();
    assert_eq!(town.roads(&van(), "HE", "ED"), "HE EB BA AD DE");
    assert_eq!(town.roads(&truck(), "HE", "ED"), "HE ED");
}

#[test]
fn a_restriction_for_trucks_only() {
    let town = Drawing::new(TOWN).way("HE", "oneway=yes").restriction("restriction:hgv=no_left_turn HE E DE").build();
    assert_eq!(town.roads(&truck(), "HE", "ED"), "HE EB BA AD DE");
    assert_eq!(town.roads(&van(), "HE", "ED"), "HE ED");
    assert_eq!(town.roads(&vehicle(Mode::Goods), "HE", "ED"), "HE ED");
}

#[test]
fn a_way_of_several_segments_is_restricted_where_it_touches_the_via() {
    // G-H-E would be one way from G; only its last segment is concerned.
    let town = Drawing::new(TOWN).way("GHE", "oneway=yes").restriction("no_left_turn GE E DE").build();
    assert_eq!(town.roads(&van(), "GH", "ED"), "GH HI IF FE ED");
    assert_eq!(town.roads(&van(), "HE", "ED"), "HE EB BA AD DE");
    assert_eq!(town.roads(&van(), "BE", "ED"), "BE ED");
}

#[test]
fn a_restriction_that_may_mean_two_turns_is_left_out() {
    let town = Drawing::new(TOWN).way("DEF", "").restriction("no_left_turn HE E DF").build();
    assert_eq!(town.roads(&van(), "HE", "ED"), "HE ED");
    assert_eq!((town.network.counts().restrictions, town.network.counts().restrictions_ambiguous), (0, 1));
}

const MEDIAN: &str = "
A---B---C
    |   |
D---E---F
    |
    G";

#[test]
fn no_turn_over_a_way() {
    let median = || Drawing::new(MEDIAN).way("CBA", "oneway=yes").way("DE", "oneway=yes").way("EF", "oneway=yes");
    assert_eq!(median().build().roads(&van(), "DE", "BA"), "DE EB BA");
    let town = Drawing::new(MEDIAN)
        .way("CB", "oneway=yes")
        .way("BA", "oneway=yes")
        .way("DE", "oneway=yes")
        .way("EF", "oneway=yes")
        .restriction("no_u_turn DE EB BA")
        .build();
    assert_eq!(town.roads(&van(), "DE", "BA"), "DE EF FC CB BA");
    // Who comes from elsewhere may turn, and who started on the via way has not driven `from`.
    assert_eq!(town.roads(&van(), "GE", "BA"), "GE EB BA");
    assert_eq!(town.roads(&van(), "EB", "BA"), "EB BA");
    assert_eq!(town.roads(&van(), "DE", "EB"), "DE EB");
}

#[test]
fn only_one_turn_over_a_way() {
    let town = Drawing::new(TOWN).way("HE", "oneway=yes").restriction("only_left_turn HE EB BA").build();
    assert_eq!(town.roads(&van(), "HE", "BC"), "HE EF FC CB");
    assert_eq!(town.roads(&van(), "HE", "BA"), "HE EB BA");
    assert_eq!(town.roads(&van(), "DE", "BC"), "DE EB BC");
}

#[test]
fn no_turn_over_several_ways_of_several_segments() {
    let picture = "
A---B---C---D---E
    |   |   |   |
    F   G   H---I";
    // The via way B-C-D has a side street in its midst.
    let town = Drawing::new(picture).way("BCD", "").restriction("no_right_turn AB BD DH").build();
    assert_eq!(town.roads(&van(), "AB", "DH"), "AB BC CD DE EI IH HD");
    assert_eq!(town.roads(&van(), "GC", "DH"), "GC CD DH");
    let town = Drawing::new(picture).restriction("no_right_turn AB BC CD DH").build();
    assert_eq!(town.roads(&van(), "AB", "DH"), "AB BC CD DE EI IH HD");
    assert_eq!(town.roads(&van(), "FB", "DH"), "FB BC CD DH");
}

#[test]
fn overlapping_restrictions_over_ways() {
    let picture = "
A---B---C---D
    |   |   |
    E   F   G";
    let town =
        Drawing::new(picture).restriction("no_right_turn AB BC CF").restriction("no_right_turn BC CD DG").build();
    // The ban on B-C-D-G holds for who comes from A too: the longer word gives way to its suffix.
    assert_eq!(town.roads(&van(), "AB", "CF"), "AB BE EB BC CF");
    assert_eq!(town.roads(&van(), "EB", "CF"), "EB BC CF");
    assert_eq!(town.roads(&van(), "AB", "DG"), "AB BE EB BC CF FC CD DG");
    assert_eq!(town.roads(&van(), "EB", "DG"), "EB BC CF FC CD DG");
    assert_eq!(town.roads(&van(), "FC", "DG"), "FC CD DG");
}

#[test]
fn size_limits_and_truck_bans() {
    for tags in ["maxheight=3.5", "maxweight=10", "maxlength=12", "maxwidth=2.3", "hgv=no"] {
        let town = Drawing::new(BLOCK).way("AB", tags).build();
        assert_eq!(town.roads(&van(), "AC", "BD"), "CA AB BD", "{tags}");
        assert_eq!(town.roads(&truck(), "AC", "BD"), "AC CD DB", "{tags}");
    }
    let exact = Drawing::new(BLOCK).way("AB", "maxheight=4.1").build();
    assert_eq!(exact.roads(&truck(), "AC", "BD"), "CA AB BD");
}

#[test]
fn through_traffic_keeps_off_private_roads() {
    for tags in ["access=private", "access=destination", "motor_vehicle=customers"] {
        let town = Drawing::new(TOWN).way("BE", tags).build();
        assert_eq!(town.roads(&van(), "DE", "BC"), "ED DA AB BC", "{tags}");
        assert_eq!(town.roads(&van(), "BE", "AB"), "EB BA", "{tags}: start inside");
        assert_eq!(town.roads(&van(), "DE", "BE"), "DE EB", "{tags}: end inside");
        assert_eq!(town.roads(&van(), "BE", "BE"), "", "{tags}: both inside");
    }
}

#[test]
fn both_ends_on_private_roads() {
    let town = Drawing::new(TOWN).way("BE", "access=private").way("EH", "access=private").way("CF", "access=private");
    let town = town.build();
    assert_eq!(town.roads(&van(), "BE", "EH"), "BE EH", "one area, never left");
    assert_eq!(town.roads(&van(), "BE", "CF"), "EB BC CF", "two areas");
    assert_eq!(town.roads(&van(), "EH", "CF"), "HE EF FC", "two areas");
    // From one area to a free road: the other area is no short cut.
    let town = Drawing::new("A---B---C---D").way("AB", "access=private").way("CD", "");
    assert_eq!(town.build().roads(&van(), "AB", "CD"), "AB BC CD");
    let town = Drawing::new("A---B---C---D---E").way("AB", "access=private").way("CD", "access=private");
    assert_eq!(town.build().roads(&van(), "AB", "DE"), "-");
}

#[test]
fn destination_for_trucks_only() {
    let town = Drawing::new(TOWN).way("BE", "hgv=destination").build();
    assert_eq!(town.roads(&truck(), "DE", "BC"), "ED DA AB BC");
    assert_eq!(town.roads(&van(), "DE", "BC"), "DE EB BC");
    assert_eq!(town.roads(&truck(), "BE", "AB"), "EB BA");
    assert_eq!(town.roads(&van(), "BE", "AB"), "EB BA");
}

#[test]
fn restrictions_hold_on_private_roads_too() {
    // B-E and E-H are one private area; who comes from A over B-E may not go on to H.
    let town = Drawing::new(TOWN).way("BE", "access=private").way("EH", "access=private");
    let town = town.restriction("no_straight_on AB BE EH").restriction("no_right_turn HE EB BC").build();
    assert_eq!(town.roads(&van(), "AB", "EH"), "BA AD DE EH");
    assert_eq!(town.roads(&van(), "CB", "EH"), "CB BE EH");
    assert_eq!(town.roads(&van(), "EH", "BC"), "HE EF FC CB");
    assert_eq!(town.roads(&van(), "EH", "BA"), "HE EB BA");
}

const BARRED: &str = "
E-A-X-B-F
  |   |
G-C---D-H";

#[test]
fn barriers() {
    let town = Drawing::new(BARRED).way("AXB", "").node('X', "barrier=bollard").build();
    assert_eq!(town.roads(&van(), "AC", "BD"), "AC CD DB");
    assert_eq!(town.roads(&van(), "AX", "XB"), "XA AC CD DB BX");
    let town = Drawing::new(BARRED).way("AXB", "").node('X', "barrier=lift_gate hgv=no").build();
    assert_eq!(town.roads(&van(), "AC", "BD"), "CA AX XB BD");
    assert_eq!(town.roads(&truck(), "AC", "BD"), "AC CD DB");
    let town = Drawing::new(BARRED).way("AXB", "").node('X', "barrier=height_restrictor maxheight=2.5").build();
    assert_eq!(town.roads(&van(), "AC", "BD"), "CA AX XB BD");
    assert_eq!(town.roads(&truck(), "AC", "BD"), "AC CD DB");
}

#[test]
fn private_gates_end_routes() {
    let gate = "barrier=gate access=private";
    let town = Drawing::new(BARRED).way("AXB", "").node('X', gate).build();
    assert_eq!(town.roads(&van(), "AC", "BD"), "AC CD DB", "no through traffic");
    // Y-Z and Z-W lie behind the gate X although no tag says so.
    let picture = "
A---B---X---Y---Z
|   |       |   |
C---D       V---W";
    let town = Drawing::new(picture).node('X', gate).build();
    assert_eq!(town.roads(&van(), "AC", "ZW"), "CA AB BX XY YZ ZW");
    assert_eq!(town.roads(&van(), "ZW", "AC"), "WZ ZY YX XB BA AC");
    assert_eq!(town.roads(&van(), "YV", "VW"), "YV VW");
    assert_eq!(town.network.counts().gated_segments, 5);
}

#[test]
fn a_ferry_takes_its_duration() {
    let town = Drawing::new("A---B       C---D").way("BC", "route=ferry duration=00:30 motor_vehicle=yes").build();
    let route = town.route(&van(), "AB", "CD").unwrap();
    assert_eq!(route.roads, "AB BC CD");
    // 200 m of streets at 11.176 m/s are 17,895 ms.
    assert!(route.weight.time.abs_diff(1_800_000 + 17_895) <= 10, "{:?}", route.weight);
}

#[test]
fn tolls() {
    let town = Drawing::new(BLOCK).way("AB", "toll=yes").build();
    let paying = |dollars| VehicleClass {
        rates: Rates { toll_per_mile: MicroDollars::from_dollars(dollars), ..van().rates },
        ..van()
    };
    let cheap = town.route(&paying(0), "AC", "BD").unwrap();
    assert_eq!((cheap.roads.as_str(), cheap.weight.toll), ("CA AB BD", 0));
    let dear = town.route(&paying(2), "AC", "BD").unwrap();
    assert_eq!((dear.roads.as_str(), dear.weight.toll), ("AC CD DB", 0));
    // 200 m at 2 USD a mile: 0.248548 USD, if there is no other way.
    let bridge = Drawing::new("A---B---C---D").way("BC", "toll=yes").build();
    let paid = bridge.route(&paying(2), "AB", "CD").unwrap();
    assert!(paid.weight.toll.abs_diff(248_548) <= 130, "{:?}", paid.weight);
}

#[test]
fn signals_and_stops_cost_time() {
    let plain = Drawing::new("A---X---B").way("AXB", "").build();
    let time = |town: &drawn::Town, to| town.route(&van(), "AX", to).unwrap().weight.time;
    let (signal, stop) = ("highway=traffic_signals", "highway=stop");
    // Without an event X is a shape node: A-B is one segment.
    assert_eq!(plain.network.segments().len(), 1);
    let signal = Drawing::new("A---X---B").way("AXB", "").node('X', signal).build();
    let stop = Drawing::new("A---X---B").way("AXB", "").node('X', stop).build();
    // 200 m at 11.176 m/s are 17,895 ms; each event 2,000 ms.
    for town in [&signal, &stop] {
        assert!(time(town, "XB").abs_diff(17_895 + 2_000) <= 5);
    }
}

#[test]
fn an_island_is_told_not_joined() {
    // The island lies 200 m below the road.
    let picture = "
A---B---C

X---Y";
    let town = Drawing::new(picture).build();
    let profile = town.profile(&van());
    let on_road = town.snap(at(100.0, 3.0), &profile).unwrap();
    assert_eq!((on_road.segment, on_road.passed_island), (town.segment("AB"), false));
    // 1 m beside the island: its component has two directed roads.
    let refused = town.snap(at(100.0, 199.0), &profile).unwrap_err();
    assert!(matches!(refused, NoSnap::Isolated { arcs: 2, distance } if distance.0.abs_diff(10) <= 1), "{refused:?}");
    // 110 m below the road, 90 m above the island: the road is 20 m farther, within the tolerance of 50 m.
    let passed = town.snap(at(100.0, 110.0), &profile).unwrap();
    assert_eq!((passed.segment, passed.passed_island), (town.segment("AB"), true));
    assert!(passed.distance.0.abs_diff(1_100) <= 1);
}

#[test]
fn why_a_point_has_no_place() {
    let picture = "
A---B---C
|       |
|       |
|       |
|       |
|       |
|       |
|       |
|       |
|       |
|       |
|       |
X---Y---Z";
    let town = Drawing::new(picture).build();
    let profile = town.profile(&van());
    assert_eq!(town.snap(at(-100.0, 0.0), &profile).unwrap_err(), NoSnap::OutsideMap);
    assert!(town.snap(at(200.0, 600.0), &profile).is_ok());
    let no_trucks = Drawing::new(picture).way("AX", "hgv=no").way("CZ", "hgv=no");
    let no_trucks = no_trucks.way("ABC", "hgv=no").build();
    let profile = no_trucks.profile(&truck());
    let refused = no_trucks.snap(at(10.0, 0.0), &profile).unwrap_err();
    assert!(matches!(refused, NoSnap::VehicleNotAllowed { nearest } if nearest.0 <= 1), "{refused:?}");
    // A wide empty frame: its centre is 1,500 m from any road.
    let frame = Drawing::new("A---B").way("AB", "");
    let mut raw = frame.raw();
    raw.bounds = ddu::lonlat::Bounds::around([at(0.0, 3_000.0), at(200.0, 0.0)]);
    let network = ddu::network::build(&ddu::osm::assemble(&raw).unwrap(), &ddu::progress::Silent).unwrap();
    let profile = ddu::network::Profile::metres_only(&network, Mode::Motorcar).unwrap();
    let components = ddu::network::Components::new(&network, &profile);
    let locator = ddu::network::Locator::new(&network);
    let far = locator.snap(at(100.0, 1_500.0), &profile, &components, &Default::default()).unwrap_err();
    assert!(matches!(far, NoSnap::NoRoadWithinLimit { nearest: Some(d) } if d.0.abs_diff(15_000) <= 2), "{far:?}");
}
