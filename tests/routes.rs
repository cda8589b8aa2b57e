//! Routes on real maps and on drawn ones: they are the cells of the matrix, by both engines, and their lines are as long.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs, dead_code, unreachable_pub)]

#[path = "support/drawn.rs"]
mod drawn;
#[path = "support/shared.rs"]
mod shared;
#[path = "support/tiny_scenario.rs"]
mod tiny_scenario;

use ddu::hierarchy::RoadHierarchy;
use ddu::ids::VehicleIx;
use ddu::lonlat::LonLat;
use ddu::matrix::fast::Roads;
use ddu::matrix::{PathTotals, Route, compute, route};
use ddu::network::{Components, Locator, NoSnap, Profile, RoadNetwork, Snap, build};
use ddu::osm::read_extract;
use ddu::progress::Silent;
use ddu::scenario::{MapSettings, Mode, TurnCosts, VehicleClass};
use ddu::units::{Decimetres, MicroDollars};

type Snapped = Result<Snap, NoSnap>;

/// What is told adds up, the path is legal, and the line is where the roads are.
fn check(network: &RoadNetwork, profile: &Profile, mode: Mode, ends: [&Snap; 2], route: &Route) {
    let (mut length, mut time, mut tolls) = (0, 0, 0);
    for (at, stretch) in route.stretches.iter().enumerate() {
        if let Some(turn) = stretch.turn {
            assert!(!network.turn(turn).bans(mode));
            assert!(network.turns_from(route.stretches[at - 1].arc).any(|next| next == (turn, stretch.arc)));
            assert_eq!(network.ends_of(route.stretches[at - 1].arc).1, network.ends_of(stretch.arc).0);
            assert_eq!(profile.turn(network, turn), Some(stretch.turn_weight));
        }
        let road = profile.partial(network, stretch.arc, stretch.from, stretch.to).expect("a forbidden road");
        assert_eq!(road, stretch.weight);
        length += road.length;
        time += road.time + stretch.turn_weight.time;
        tolls += road.toll;
    }
    let PathTotals { money, .. } = route.totals;
    assert_eq!((route.totals.length.0, route.totals.time.0), (length, time));
    assert_eq!(route.totals.tolls, MicroDollars(tolls.into()));
    let legs: Vec<_> = route.legs.iter().map(|leg| leg.share).collect();
    for parts in [&legs, &route.classes.iter().map(|class| class.share).collect::<Vec<_>>()] {
        assert_eq!(MicroDollars::sum(parts.iter().map(|p| p.money)), Some(money));
        assert_eq!(parts.iter().map(|p| p.length.0).sum::<u32>(), length);
        assert_eq!(parts.iter().map(|p| p.time.0).sum::<u32>(), time);
    }
    for leg in &legs {
        let rates = profile.rates();
        let own = [rates.per_mile.per_mile_over(leg.length), rates.per_hour.per_hour_over(leg.time), Some(leg.tolls)];
        let own = MicroDollars::sum(own.map(Option::unwrap)).unwrap();
        assert!((leg.money.0 - own.0).abs() <= 3, "{leg:?} {own}");
    }

    let line = route.line(network, 0..route.stretches.len());
    assert_eq!((line[0], line[line.len() - 1]), (ends[0].at, ends[1].at));
    let metres: f64 = line.windows(2).map(|w| w[0].metres_to(w[1])).sum();
    // Each road is rounded to the decimetre; a cut is found in the plane and rounded to a centimetre.
    let tolerance = 0.06 * route.stretches.len() as f64 + 0.3;
    assert!((metres - route.totals.length.as_metres_f64()).abs() < tolerance, "{metres} {:?}", route.totals);
    // Lines of legs follow each other and make up the whole.
    let mut joined: Vec<LonLat> = Vec::new();
    for leg in &route.legs {
        let part = route.line(network, leg.stretches.clone());
        assert!(part.len() > 1 && joined.last().is_none_or(|last| *last == part[0]));
        joined.extend(part);
    }
    joined.dedup();
    let mut whole = line;
    whole.dedup();
    assert_eq!(joined, whole);
}

/// Compares routes with the cells between the first `hubs` points and the others; gives how many there are.
fn compare(
    network: &RoadNetwork,
    hierarchy: &RoadHierarchy,
    class: &VehicleClass,
    at: &[LonLat],
    hubs: usize,
) -> usize {
    let profile = Profile::new(network, class, &TurnCosts::default()).unwrap();
    let components = Components::new(network, &profile);
    let locator = Locator::new(network);
    let snap = |at: &LonLat| locator.snap(*at, &profile, &components, &MapSettings::default());
    let points: Vec<Snapped> = at.iter().map(snap).collect();
    let (hubs, ddus) = points.split_at(hubs);
    let weights = hierarchy.customize(network, &profile);
    let roads = Roads { network, profile: &profile, hierarchy, weights: &weights };
    let matrix = compute(network, &profile, VehicleIx(0), hubs, ddus, &Silent).unwrap();
    let mut found = 0;
    for (cell, [out, back]) in matrix.legs().enumerate() {
        let (hub, ddu) = (&hubs[cell / ddus.len()], &ddus[cell % ddus.len()]);
        for (from, to, leg) in [(hub, ddu, out), (ddu, hub, back)] {
            let fast = roads.route(from, to).unwrap();
            // Plain searches over a whole metro take their time.
            if cell % 5 == 0 {
                assert_eq!(route(network, &profile, from, to, &Silent).unwrap(), fast, "{from:?} {to:?}");
            }
            assert_eq!(fast.as_ref().map(|r| r.totals).ok(), leg.ok(), "{from:?} {to:?}");
            if let (Ok(from), Ok(to), Ok(route)) = (from, to, &fast) {
                check(network, &profile, class.mode, [from, to], route);
                found += 1;
            }
        }
    }
    found
}

/// Junctions all over a map, moved off the road.
fn spread(network: &RoadNetwork, count: usize) -> Vec<LonLat> {
    let all = network.junctions();
    let off = |at: LonLat| LonLat { lon_e7: at.lon_e7 + 1_700, lat_e7: at.lat_e7 - 900 };
    (0..count).map(|i| off(all[i * (all.len() / count)])).collect()
}

#[test]
fn real_maps() {
    let both = [tiny_scenario::truck(), tiny_scenario::van()];
    for (extract, count, hubs, classes) in [
        ("columbus-oh.osm.pbf", 30, 6, &both[..]),
        ("portland-or.osm.pbf", 30, 6, &both[..]),
        ("ny-metro.osm.pbf", 14, 2, &both[..1]),
    ] {
        let Some(file) = shared::shared(extract) else { return };
        let network = build(&read_extract(&file, &Silent).unwrap(), &Silent).unwrap();
        let hierarchy = RoadHierarchy::new(&network).unwrap();
        let mut points = spread(&network, count);
        // A unit at a hub's door, and one round the corner.
        points.push(points[0]);
        points.push(LonLat { lon_e7: points[1].lon_e7 + 3_000, ..points[1] });
        for class in classes {
            let found = compare(&network, &hierarchy, class, &points, hubs);
            println!("{extract} {}: {found} routes", class.name);
            assert!(found > 40, "{found}");
        }
    }
}

const TOWN: &str = "
    A--B--C--D
    |  |  |  |
    E--F--G--H
    |  |  |  |
    I--J--K--L";

/// Every street of a town with one-ways, bans over nodes and ways, and a private road, from anywhere to anywhere.
#[test]
fn drawn_town_in_full() {
    let town = drawn::Drawing::new(TOWN)
        .way("BF", "oneway=yes")
        .way("GK", "oneway=-1 highway=tertiary")
        .way("EFGH", "highway=secondary toll=yes")
        .way("KL", "access=destination")
        .restriction("no_left_turn AB B BF")
        .restriction("no_u_turn IJ JK KL")
        .build();
    let hierarchy = RoadHierarchy::new(&town.network).unwrap();
    let at: Vec<LonLat> = (0..44).map(|i| drawn::at(f64::from(i % 11) * 31.0, f64::from(i / 11) * 83.0)).collect();
    for class in [drawn::van(), drawn::truck()] {
        assert!(compare(&town.network, &hierarchy, &class, &at, 22) > 800);
    }
}

/// One street with a point in its middle, B at 150 m: nothing is left but one stretch, cut at both ends.
#[test]
fn a_line_is_cut_at_both_ends() {
    let town = drawn::Drawing::new("A--B--C").way("ABC", "").build();
    let van = drawn::van();
    let profile = town.profile(&van);
    let [from, to] = [130.0, 180.0].map(|east| town.snap(drawn::at(east, 0.0), &profile));
    let found = route(&town.network, &profile, &from, &to, &Silent).unwrap().unwrap();
    assert_eq!((found.stretches.len(), found.totals.length), (1, Decimetres(500)));
    let line = found.line(&town.network, 0..1);
    assert_eq!(line, [130.0, 150.0, 180.0].map(|east| drawn::at(east, 0.0)));
    let back = route(&town.network, &profile, &to, &from, &Silent).unwrap().unwrap();
    let mut reversed = back.line(&town.network, 0..1);
    reversed.reverse();
    assert_eq!(line, reversed);
    // The same point twice: a line of two equal points, nothing else.
    let none = route(&town.network, &profile, &from, &from, &Silent).unwrap().unwrap();
    assert_eq!(none.line(&town.network, 0..1), [drawn::at(130.0, 0.0); 2]);
    assert_eq!(none.totals, PathTotals::default());
}
