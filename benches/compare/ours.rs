//! This crate's hierarchy and its plain search.

use crate::engines::{Measured, ROWS};
use crate::measure::{Clock, NO_PATH, Sums};
use crate::problem::{GraphKind, Problem};
use ddu::hierarchy::order::{UndirectedView, edge_based, nested_dissection, planar};
use ddu::hierarchy::{Cch, Customized, Packed, SimdPath};
use ddu::ids::{ArcIx, DduIx, HubIx, SegmentIx, VehicleIx};
use ddu::lonlat::LonLat;
use ddu::matrix::compute;
use ddu::matrix::fast::{Batch, Ends, Selection};
use ddu::network::{NoSnap, Snap, Weight};
use ddu::progress::Silent;
use ddu::units::Decimetres;

fn rank(problem: &Problem) -> Vec<u32> {
    match &problem.roads {
        None => {
            let edges = problem.arcs().map(|(tail, head, _)| (tail, head));
            nested_dissection(&UndirectedView::from_edges(problem.xy.clone(), edges).unwrap()).rank
        }
        Some((network, _)) => {
            let roads: Vec<(u32, u32)> = network.segments().iter().map(|s| (s.from.0, s.to.0)).collect();
            let (mut first, mut arcs) = (vec![0], Vec::new());
            for segment in (0..roads.len()).map(SegmentIx::from_index) {
                arcs.extend(network.arcs_of(segment).map(|arc| arc.0));
                first.push(arcs.len() as u32);
            }
            edge_based(&planar(network.junctions()), &roads, &first, &arcs).unwrap().rank
        }
    }
}

/// All phases, in a pool of so many threads; of one thread in processor time, of several by the wall clock. Of tables
/// there and back, which the product always computes together, half the time is told.
pub fn hierarchy(problem: &Problem, threads: usize, both_ways: bool) -> Measured {
    let clock = if threads == 1 { Clock::Processor } else { Clock::Wall };
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
        let (order_ms, rank) = clock.median(3, || rank(problem));
        let (contract_ms, cch) = clock.median(3, || Cch::new(&problem.first_out, &problem.head, &rank).unwrap());
        let weight = |input: u32| Packed::new(problem.weight[input as usize]);
        let mut weights = Customized::new(&cch, weight);
        let (customize_ms, ()) = clock.median(7, || weights.renew(&cch, weight));
        let ends = |nodes: &[u32]| nodes.iter().map(|&v| vec![(v, Weight::ZERO)]).collect::<Vec<Ends>>();
        let (sources, targets) = (ends(&problem.sources), ends(&problem.targets));
        let ways = if both_ways { 2 } else { 1 };
        let (select_ms, selections) = clock.median(15, || {
            if both_ways {
                Vec::from(Selection::both_ways(&cch, &weights, [&sources, &targets], [&sources, &targets]))
            } else {
                vec![Selection::new(&cch, &weights, &sources, &targets)]
            }
        });
        let mut tables: Vec<_> = selections.iter().map(|s| s.compute(Batch::Large, SimdPath::best())).collect();
        let (sweep_ms, ()) = clock.median(15, || {
            for (selection, cells) in selections.iter().zip(&mut tables) {
                selection.compute_into(Batch::Large, SimdPath::best(), cells);
            }
        });
        let cells = &tables[0];
        let cell = |s, t| cells.get(s, t).map_or(NO_PATH, |w| [w.cost, w.length, w.time]);
        let row = |s| (s, (0..targets.len()).map(|t| cell(s, t)).collect());
        Measured {
            sums: Sums::Four,
            preparation: vec![("order", order_ms), ("contraction", contract_ms)],
            customization: Some(customize_ms),
            table: vec![("selection", select_ms / f64::from(ways)), ("sweep", sweep_ms / f64::from(ways))],
            extrapolated: false,
            rows: (0..sources.len()).map(row).collect(),
        }
    })
}

/// One search a source, over the crate's own queue where nodes are roads, else the oracle of the tests.
pub fn plain(problem: &Problem) -> Measured {
    match problem.kind {
        GraphKind::Junctions => oracle(problem),
        GraphKind::Turns => plain_roads(problem),
    }
}

fn oracle(problem: &Problem) -> Measured {
    let graph = crate::graphs::Graph {
        first_out: problem.first_out.clone(),
        head: problem.head.clone(),
        weight: problem.weight.iter().copied().map(Some).collect(),
        xy: Vec::new(),
    };
    let cell = |tree: &[Option<Weight>], t: u32| tree[t as usize].map_or(NO_PATH, |w| [w.cost, w.length, w.time]);
    let (tree_ms, rows) = Clock::Processor.each(0..ROWS, |s| {
        let tree = graph.dijkstra(&[(problem.sources[s], Weight::ZERO)]);
        problem.targets.iter().map(|&t| cell(&tree, t)).collect()
    });
    Measured::searches(Sums::Four, tree_ms, problem, rows)
}

/// `matrix::compute` makes two searches a source: there and back. One source a call, so that each search is timed.
fn plain_roads(problem: &Problem) -> Measured {
    let (network, profile) = problem.roads.as_ref().unwrap();
    // At the entry of the arc, as in the other engines: a route starts with the whole arc and ends before it.
    let snap = |&arc: &u32| -> Result<Snap, NoSnap> {
        let arc = ArcIx(arc);
        Ok(Snap {
            segment: network.arc(arc).segment,
            along: Decimetres(0),
            at: LonLat { lon_e7: 0, lat_e7: 0 },
            distance: Decimetres(0),
            starts: vec![(arc, profile.arc(arc).unwrap())],
            ends: vec![(arc, Weight::ZERO)],
            passed_island: false,
        })
    };
    let targets: Vec<_> = problem.targets.iter().map(snap).collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let search = |s: usize| {
        let hub = [snap(&problem.sources[s])];
        pool.install(|| compute(network, profile, VehicleIx(0), &hub, &targets, &Silent).unwrap())
    };
    let (both_ms, matrices) = Clock::Processor.each(0..ROWS, search);
    let cells = |matrix: &ddu::matrix::Matrix| {
        let leg = |t| matrix.outbound(HubIx(0), DduIx(t)).map_or(NO_PATH, |p| [0, p.length.0, p.time.0]);
        (0..targets.len() as u32).map(leg).collect()
    };
    let rows = matrices.iter().map(cells).collect();
    Measured::searches(Sums::LengthAndTime, both_ms / 2.0, problem, rows)
}
