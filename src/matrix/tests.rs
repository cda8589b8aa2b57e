//! The matrix against a plain oracle on random networks.

#[path = "../../tests/oracles/dijkstra.rs"]
#[allow(unreachable_pub)]
mod dijkstra;

use super::fast::Roads;
use super::{Leg, Matrix, MatrixError, NoPath, PathTotals, compute};
use crate::flat_file::Array;
use crate::hierarchy::RoadHierarchy;
use crate::ids::{ArcIx, JunctionIx, SegmentIx, VehicleIx};
use crate::lonlat::LonLat;
use crate::network::{
    ArcRole, NoSnap, PathWeight, Profile, ProfiledGraph, RoadArc, RoadNetwork, Segment, Snap, TurnByte, Weight,
};
use crate::osm::{Access, WayDirection, WayLimits};
use crate::progress::{Progress, Silent};
use crate::road_class::RoadClass;
use crate::scenario::Mode;
use crate::units::{Decimetres, Millis};
use dijkstra::{Edge, best_paths};
use petgraph::visit::EdgeRef;

pub(super) type Snapped = Result<Snap, NoSnap>;

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((z ^ (z >> 31)) % n).unwrap()
    }

    fn percent(&mut self, share: u32) -> bool {
        self.below(100) < share
    }
}

/// Roads between junctions: grid, tree, star, two parts, parallel roads, anything.
fn roads(random: &mut Random) -> Vec<(u32, u32)> {
    let n = 2 + random.below(9);
    match random.below(6) {
        0 => {
            let (w, h) = (2 + random.below(3), 2 + random.below(3));
            let at = |x, y| y * w + x;
            let across = (0..h).flat_map(|y| (1..w).map(move |x| (at(x - 1, y), at(x, y))));
            let down = (1..h).flat_map(|y| (0..w).map(move |x| (at(x, y - 1), at(x, y))));
            across.chain(down).collect()
        }
        1 => (1..n).map(|j| (random.below(j.into()), j)).collect(),
        2 => (1..n).map(|j| (0, j)).collect(),
        3 => (1..n).filter(|j| *j != n / 2).map(|j| (j - 1, j)).chain([(0, n / 4)]).collect(),
        4 => (0..n + 4).map(|_| (random.below(3), random.below(3))).collect(),
        _ => (0..n * 2).map(|_| (random.below(n.into()), random.below(n.into()))).collect(),
    }
}

fn network(random: &mut Random) -> RoadNetwork {
    let (one_way, banned) = (random.below(60), random.below(30));
    let mut net = RoadNetwork { limits: vec![WayLimits::NONE], ..RoadNetwork::default() };
    let mut first_arc = vec![0];
    let open = WayDirection { access: [Access::Yes; 3], speed_centimph: 0 };
    for (s, (from, to)) in roads(random).into_iter().enumerate() {
        let single = random.percent(one_way);
        let length = if random.percent(10) { 0 } else { random.below(1_000) };
        net.segments.push(Segment {
            from: JunctionIx(from),
            to: JunctionIx(to),
            length: Decimetres(length),
            class: RoadClass::ALL[s % 3],
            forward: open,
            backward: if single { WayDirection::default() } else { open },
            limits: 0,
            toll: 0,
            duration_ms: 0,
            way: i64::try_from(s / 2).unwrap(),
        });
        for reverse in if single { vec![false] } else { vec![false, true] } {
            net.arcs.push(RoadArc { segment: SegmentIx::from_index(s), reverse, role: ArcRole::Main });
        }
        first_arc.push(u32::try_from(net.arcs.len()).unwrap());
    }
    let (mut first_out, mut head, mut turn) = (vec![0], Vec::new(), Vec::new());
    for a in net.arcs() {
        let (arc, end) = (net.arc(a), net.ends_of(a).1);
        let next: Vec<ArcIx> = net.arcs().filter(|b| net.ends_of(*b).0 == end).collect();
        for b in &next {
            let u_turn = net.arc(*b).segment == arc.segment && net.arc(*b).reverse != arc.reverse;
            if (!u_turn || next.len() == 1) && !random.percent(banned) {
                head.push(*b);
                turn.push(TurnByte(u8::try_from(random.below(128)).unwrap()));
            }
        }
        first_out.push(u32::try_from(head.len()).unwrap());
    }
    let (first_arc, first_out) = (first_arc.into(), first_out.into());
    RoadNetwork { first_arc, first_out, head: head.into(), turn: turn.into(), ..net }
}

/// Small weights, so that ties in cost, length and time occur; some zero, some arcs and turns forbidden.
fn profile(net: &RoadNetwork, random: &mut Random) -> Profile {
    let mut profile = Profile::metres_only(net, Mode::Motorcar).unwrap();
    let mut weight = |zero| match random.percent(zero) {
        true => Weight::ZERO,
        false => {
            Weight { cost: random.below(8), length: random.below(4), time: random.below(4), toll: random.below(3) }
        }
    };
    profile.arc.iter_mut().for_each(|arc| *arc = weight(20));
    profile.turn.iter_mut().for_each(|turn| *turn = Some(weight(60)));
    profile.arc.iter_mut().filter(|_| random.percent(4)).for_each(|arc| *arc = Profile::FORBIDDEN);
    profile.turn.iter_mut().filter(|_| random.percent(8)).for_each(|turn| *turn = None);
    profile
}

fn snap(net: &RoadNetwork, profile: &Profile, random: &mut Random) -> Snapped {
    // Few segments, so that several points share one.
    let segment = SegmentIx(random.below(u64::try_from(net.segments.len()).unwrap().min(4)));
    let length = net.segment(segment).length;
    let along = Decimetres(random.below(u64::from(length.0) + 1));
    let at = |arc: ArcIx| if net.arc(arc).reverse { Decimetres(length.0 - along.0) } else { along };
    let usable: Vec<ArcIx> = net.arcs_of(segment).filter(|a| profile.arc(*a).is_some()).collect();
    if usable.is_empty() || random.percent(5) {
        return Err(NoSnap::Isolated { arcs: 7, distance: Decimetres(1) });
    }
    let partial = |from_here: bool, arc: &ArcIx| {
        let (from, to) = if from_here { (at(*arc), length) } else { (Decimetres(0), at(*arc)) };
        (*arc, profile.partial(net, *arc, from, to).unwrap())
    };
    Ok(Snap {
        segment,
        along,
        at: LonLat::default(),
        distance: Decimetres(0),
        starts: usable.iter().map(|arc| partial(true, arc)).collect(),
        ends: usable.iter().map(|arc| partial(false, arc)).collect(),
        passed_island: false,
    })
}

fn wide(w: Weight) -> dijkstra::Weight {
    [w.cost, w.length, w.time, w.toll].map(u64::from)
}

/// One leg from the oracle: nodes are arc entries, the source and the target.
fn expected(net: &RoadNetwork, profile: &Profile, from: &Snap, to: &Snap) -> Leg {
    let (source, target) = (net.arc_count(), net.arc_count() + 1);
    let mut edges: Vec<Edge> = Vec::new();
    for a in net.arcs() {
        for (turn, b) in net.turns_from(a) {
            let (Some(whole), Some(turn)) = (profile.arc(a), profile.turn(net, turn)) else { continue };
            let join = |first: Weight| std::array::from_fn(|i| wide(first)[i] + wide(turn)[i]);
            edges.push((a.index(), b.index(), join(whole)));
            edges.extend(from.starts.iter().filter(|s| s.0 == a).map(|s| (source, b.index(), join(s.1))));
        }
    }
    edges.extend(to.ends.iter().map(|end| (end.0.index(), target, wide(end.1))));
    if from.segment == to.segment {
        let length = net.segment(from.segment).length.0;
        for arc in net.arcs_of(from.segment).filter(|a| profile.arc(*a).is_some()) {
            let (x, y) = match net.arc(arc).reverse {
                false => (from.along.0, to.along.0),
                true => (length - from.along.0, length - to.along.0),
            };
            if x <= y {
                let part = profile.partial(net, arc, Decimetres(x), Decimetres(y)).unwrap();
                edges.push((source, target, wide(part)));
            }
        }
    }
    let best = best_paths(net.arc_count() + 2, &edges, source)[target].ok_or(NoPath::Unreachable)?;
    let [_, length, time, toll] = best;
    Ok(totals(profile, [length, time, toll]))
}

/// Length, time and toll of a path as a cell says them.
fn totals(profile: &Profile, sums: [u64; 3]) -> PathTotals {
    let [length, time, toll] = sums.map(|sum| u32::try_from(sum).unwrap());
    let total = Weight { cost: 0, length, time, toll };
    let money = profile.money(&total).unwrap();
    PathTotals { money, length: Decimetres(length), time: Millis(time), tolls: total.tolls() }
}

fn leg(net: &RoadNetwork, profile: &Profile, from: &Snapped, to: &Snapped, from_hub: bool) -> Leg {
    let isolated = |at_hub| Err(NoPath::IsolatedComponent { at_hub, arcs: 7 });
    match (from, to) {
        (Ok(from), Ok(to)) => expected(net, profile, from, to),
        (Err(_), Err(_)) => isolated(true),
        (Err(_), _) => isolated(from_hub),
        (_, Err(_)) => isolated(!from_hub),
    }
}

pub(super) struct Case {
    pub(super) net: RoadNetwork,
    pub(super) profile: Profile,
    pub(super) hubs: Vec<Snapped>,
    pub(super) ddus: Vec<Snapped>,
}

pub(super) fn case(seed: u64) -> Option<Case> {
    let random = &mut Random(seed);
    let mut net = network(random);
    let junctions = net.segments.iter().map(|s| s.from.0.max(s.to.0) + 1).max()?;
    net.junctions = (0..junctions).map(|j| LonLat { lon_e7: (j * j % 7) as i32, lat_e7: j as i32 }).collect();
    let profile = profile(&net, random);
    let mut points = |n: u32| (0..n).map(|_| snap(&net, &profile, random)).collect::<Vec<_>>();
    let (hubs, ddus) = (points(1 + u32::try_from(seed % 4).unwrap()), points(1 + u32::try_from(seed % 3).unwrap()));
    Some(Case { net, profile, hubs, ddus })
}

impl Case {
    pub(super) fn matrix(&self) -> Matrix {
        compute(&self.net, &self.profile, VehicleIx(3), &self.hubs, &self.ddus, &Silent).unwrap()
    }
}

#[test]
fn equals_the_oracle_on_random_networks() {
    let (mut paths, mut none, mut shared) = (0, 0, 0);
    for seed in 0..6_000 {
        let Some(case) = case(seed) else { continue };
        let matrix = case.matrix();
        assert_eq!((matrix.vehicle, matrix.columns), (VehicleIx(3), case.ddus.len()));
        let mut cells = matrix.legs();
        for (h, hub) in case.hubs.iter().enumerate() {
            for (d, ddu) in case.ddus.iter().enumerate() {
                let legs = cells.next().unwrap();
                let there = leg(&case.net, &case.profile, hub, ddu, true);
                let back = leg(&case.net, &case.profile, ddu, hub, false);
                assert_eq!(legs, [there, back], "seed {seed}, hub {h}, unit {d}: {:?}", case.net);
                paths += usize::from(there.is_ok());
                none += usize::from(there.is_err());
                shared += usize::from(matches!((hub, ddu), (Ok(h), Ok(d)) if h.segment == d.segment));
            }
        }
        assert!(cells.next().is_none());
    }
    // The generator must not degenerate.
    assert!(paths > 5_000 && none > 1_000 && shared > 1_000, "{paths} paths, {none} without, {shared} on one segment");
}

/// One leg by petgraph: a search from each arc that the first turn may enter.
fn by_petgraph(case: &Case, from: &Snap, to: &Snap) -> Leg {
    let (network, profile) = (&case.net, &case.profile);
    let graph = ProfiledGraph { network, profile };
    let mut best = from.direct(to, network, profile).map(PathWeight::from);
    for (start, partial) in &from.starts {
        for (_, entered, turn) in profile.turns_from(network, *start) {
            let found = petgraph::algo::dijkstra(graph, entered, None, |edge| *edge.weight());
            for (end, last) in &to.ends {
                let path = found.get(end).map(|w| *w + (*partial).into() + turn.into() + (*last).into());
                best = [best, path].into_iter().flatten().min();
            }
        }
    }
    best.map(|path| totals(profile, [path.length, path.time, path.toll])).ok_or(NoPath::Unreachable)
}

#[test]
fn equals_petgraph_on_random_networks() {
    for seed in 20_000..21_500 {
        let Some(case) = case(seed) else { continue };
        let matrix = case.matrix();
        for (cell, [outbound, inbound]) in matrix.legs().enumerate() {
            let (hub, ddu) = (&case.hubs[cell / case.ddus.len()], &case.ddus[cell % case.ddus.len()]);
            if let (Ok(hub), Ok(ddu)) = (hub, ddu) {
                assert_eq!(outbound, by_petgraph(&case, hub, ddu), "seed {seed}, cell {cell}: {:?}", case.net);
                assert_eq!(inbound, by_petgraph(&case, ddu, hub), "seed {seed}, cell {cell}: {:?}", case.net);
            }
        }
    }
}

#[test]
fn threads_and_other_points_do_not_matter() {
    for seed in 10_000..10_150 {
        let Some(case) = case(seed) else { continue };
        let matrix = case.matrix();
        for threads in [1, 2, 4] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert_eq!(pool.install(|| case.matrix()), matrix, "seed {seed}, {threads} threads");
        }
        for (h, hub) in case.hubs.iter().enumerate() {
            for (d, ddu) in case.ddus.iter().enumerate() {
                let (hubs, ddus) = (vec![hub.clone()], vec![ddu.clone()]);
                let alone = compute(&case.net, &case.profile, VehicleIx(3), &hubs, &ddus, &Silent).unwrap();
                let cell = h * case.ddus.len() + d;
                assert_eq!(alone.outbound[0], matrix.outbound[cell], "seed {seed}, hub {h}, unit {d}");
                assert_eq!(alone.inbound[0], matrix.inbound[cell], "seed {seed}, hub {h}, unit {d}");
            }
        }
    }
}

/// One-way ring of three segments of 100 dm each: 0 → 1 → 2 → 0.
pub(super) fn ring() -> (RoadNetwork, Profile) {
    let rows: Array<u32> = (0..=3).collect();
    let mut net = RoadNetwork {
        limits: vec![WayLimits::NONE],
        first_arc: rows.clone(),
        first_out: rows,
        head: [1, 2, 0].into_iter().map(ArcIx).collect(),
        turn: vec![TurnByte(0); 3].into(),
        ..RoadNetwork::default()
    };
    let open = WayDirection { access: [Access::Yes; 3], speed_centimph: 0 };
    for s in 0..3 {
        net.segments.push(Segment {
            from: JunctionIx(s),
            to: JunctionIx((s + 1) % 3),
            length: Decimetres(100),
            class: RoadClass::Residential,
            forward: open,
            backward: WayDirection::default(),
            limits: 0,
            toll: 0,
            duration_ms: 0,
            way: 0,
        });
        net.arcs.push(RoadArc { segment: SegmentIx(s), reverse: false, role: ArcRole::Main });
    }
    let profile = Profile::metres_only(&net, Mode::Hgv).unwrap();
    (net, profile)
}

pub(super) fn on_ring(net: &RoadNetwork, profile: &Profile, along: u32) -> Snapped {
    let part = |from, to| profile.partial(net, ArcIx(0), Decimetres(from), Decimetres(to)).unwrap();
    Ok(Snap {
        segment: SegmentIx(0),
        along: Decimetres(along),
        at: LonLat::default(),
        distance: Decimetres(0),
        starts: vec![(ArcIx(0), part(along, 100))],
        ends: vec![(ArcIx(0), part(0, along))],
        passed_island: false,
    })
}

#[test]
fn behind_on_a_one_way_means_around() {
    let (net, profile) = ring();
    let (hub, ddu) = (on_ring(&net, &profile, 70), on_ring(&net, &profile, 20));
    let matrix = compute(&net, &profile, VehicleIx(0), &[hub], &[ddu], &Silent).unwrap();
    // 70 → 100, two whole segments, 0 → 20: 250 dm. Back: 20 → 70.
    let lengths = matrix.legs().next().unwrap().map(|leg| leg.map(|path| path.length.0));
    assert_eq!(lengths, [Ok(250), Ok(50)]);
}

struct Stopped;

impl Progress for Stopped {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, _units: u64) {}
    fn finish(&self, _summary: &str) {}
    fn cancelled(&self) -> bool {
        true
    }
}

#[test]
fn refusals() {
    let (net, profile) = ring();
    let point = vec![on_ring(&net, &profile, 5)];
    let run = |profile: &Profile, points: &[Snapped], progress: &dyn Progress| {
        compute(&net, profile, VehicleIx(0), points, &point, progress)
    };
    assert_eq!(run(&profile, &point, &Stopped), Err(MatrixError::Interrupted));
    let mut foreign = profile.clone();
    foreign.arc.pop();
    assert!(matches!(run(&foreign, &point, &Silent), Err(MatrixError::Mismatch(_))));
    let mut astray = on_ring(&net, &profile, 5).unwrap();
    astray.starts[0].0 = ArcIx(3);
    assert!(matches!(run(&profile, &[Ok(astray)], &Silent), Err(MatrixError::Mismatch(_))));
    let mut heavy = profile.clone();
    heavy.arc[1].time = u32::MAX - 1;
    let far = [on_ring(&net, &profile, 6)];
    assert_eq!(run(&heavy, &far, &Silent), Err(MatrixError::TooLarge { hub: 0, ddu: 0 }));
    let empty = run(&profile, &[], &Silent).unwrap();
    assert_eq!((empty.cells(), empty.missing()), (0, 0));
}

#[test]
fn the_hierarchy_gives_the_same_matrix() {
    let mut paths = 0;
    for seed in 0..4_000 {
        let Some(case) = case(seed) else { continue };
        let hierarchy = RoadHierarchy::new(&case.net).unwrap();
        let weights = hierarchy.customize(&case.net, &case.profile);
        let roads = Roads { network: &case.net, profile: &case.profile, hierarchy: &hierarchy, weights: &weights };
        let found = roads.compute(VehicleIx(3), &case.hubs, &case.ddus, &Silent).unwrap();
        assert_eq!(found, case.matrix(), "seed {seed}: {:?} {:?}", case.net, case.profile);
        paths += 2 * found.cells() - found.missing();
    }
    assert!(paths > 8_000, "{paths}");
}
