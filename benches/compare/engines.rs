//! The engines: what each is called and how each is run.

use crate::measure::{Clock, NO_PATH, Outcome, Sums, forget_peak, peak};
use crate::ours;
use crate::problem::Problem;
use cch::{Cch, distance_matrix, inertial_order};
use ddu::ids::ArcIx;
use ddu::network::{PathWeight, ProfiledGraph};
use petgraph::algo::dijkstra;
use petgraph::csr::Csr;
use petgraph::visit::EdgeRef;

/// Sources that engines without a table search from.
pub const ROWS: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Ours1,
    OursBothWays,
    Ours2,
    Plain,
    Petgraph,
    PetgraphCost,
    Cch,
    FastPaths,
}

impl Engine {
    pub const ALL: [Self; 8] = [
        Self::Ours1,
        Self::OursBothWays,
        Self::Ours2,
        Self::Plain,
        Self::Petgraph,
        Self::PetgraphCost,
        Self::Cch,
        Self::FastPaths,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Ours1 => "ddu, 1 thread",
            Self::OursBothWays => "ddu, 1 thread, there and back, half of it",
            Self::Ours2 => "ddu, 2 threads (wall clock)",
            Self::Plain => "ddu, plain Dijkstra",
            Self::Petgraph => "petgraph Dijkstra",
            Self::PetgraphCost => "petgraph Dijkstra, cost alone",
            Self::Cch => "cch (RoutingKit in Rust)",
            Self::FastPaths => "fast_paths",
        }
    }

    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|engine| engine.name() == name).expect("name of an engine")
    }
}

/// What an engine tells of itself. Milliseconds; see [`Outcome`].
pub struct Measured {
    pub sums: Sums,
    pub preparation: Vec<(&'static str, f64)>,
    pub customization: Option<f64>,
    pub table: Vec<(&'static str, f64)>,
    pub extrapolated: bool,
    pub rows: Vec<(usize, Vec<[u32; 3]>)>,
}

impl Measured {
    /// Rows of the first sources, one after the other, that took `row_ms` each.
    pub fn searches(sums: Sums, row_ms: f64, problem: &Problem, rows: Vec<Vec<[u32; 3]>>) -> Self {
        let table = vec![("searches", row_ms * problem.sources.len() as f64)];
        let rows = rows.into_iter().enumerate().collect();
        Self { sums, preparation: Vec::new(), customization: None, table, extrapolated: true, rows }
    }
}

pub fn run(engine: Engine, problem: &Problem) -> Outcome {
    let graph_mb = forget_peak();
    let measured = match engine {
        Engine::Ours1 => ours::hierarchy(problem, 1, false),
        Engine::OursBothWays => ours::hierarchy(problem, 1, true),
        Engine::Ours2 => ours::hierarchy(problem, 2, false),
        Engine::Plain => ours::plain(problem),
        Engine::Petgraph => petgraph_four(problem),
        Engine::PetgraphCost => petgraph_cost(problem),
        Engine::Cch => routing_kit(problem),
        Engine::FastPaths => fast(problem),
    };
    let owned = |steps: Vec<(&str, f64)>| steps.into_iter().map(|(name, ms)| (name.to_owned(), ms)).collect();
    Outcome {
        sums: measured.sums,
        preparation: owned(measured.preparation),
        customization: measured.customization,
        table: owned(measured.table),
        extrapolated: measured.extrapolated,
        graph_mb,
        peak_mb: peak(),
        rows: measured.rows,
    }
}

/// The row of one tree, given what it holds for a node.
fn row(problem: &Problem, cell: impl Fn(u32) -> Option<[u32; 3]>) -> Vec<[u32; 3]> {
    problem.targets.iter().map(|t| cell(*t).unwrap_or(NO_PATH)).collect()
}

fn three(w: &PathWeight) -> [u32; 3] {
    [w.cost, w.length, w.time].map(|sum| u32::try_from(sum).unwrap())
}

/// petgraph with all four sums: on the product's graph where nodes are roads, else on petgraph's own rows.
fn petgraph_four(problem: &Problem) -> Measured {
    let sources = problem.sources[..ROWS].iter();
    let (tree_ms, rows) = match &problem.roads {
        Some((network, profile)) => {
            let graph = ProfiledGraph { network, profile };
            Clock::Processor.each(sources, |s| {
                let tree = dijkstra(graph, ArcIx(*s), None, |turn| *turn.weight());
                row(problem, |t| tree.get(&ArcIx(t)).map(three))
            })
        }
        None => {
            let arcs = problem.simple_arcs().into_iter().map(|(a, b, w)| (a, b, PathWeight::from(w)));
            let graph: Csr<(), PathWeight> = Csr::from_sorted_edges(&arcs.collect::<Vec<_>>()).unwrap();
            Clock::Processor.each(sources, |s| {
                let tree = dijkstra(&graph, *s, None, |arc| *arc.weight());
                row(problem, |t| tree.get(&t).map(three))
            })
        }
    };
    Measured::searches(Sums::Four, tree_ms, problem, rows)
}

/// petgraph at its leanest: one 32-bit sum.
fn petgraph_cost(problem: &Problem) -> Measured {
    let arcs: Vec<(u32, u32, u32)> = problem.simple_arcs().into_iter().map(|(a, b, w)| (a, b, w.cost)).collect();
    let graph: Csr<(), u32> = Csr::from_sorted_edges(&arcs).unwrap();
    drop(arcs);
    let (tree_ms, rows) = Clock::Processor.each(problem.sources[..ROWS].iter(), |s| {
        let tree = dijkstra(&graph, *s, None, |arc| *arc.weight());
        row(problem, |t| tree.get(&t).map(|cost| [*cost, 0, 0]))
    });
    Measured::searches(Sums::Cost, tree_ms, problem, rows)
}

/// The crate `cch`: customizable contraction hierarchy and table, ordered by inertial flow.
fn routing_kit(problem: &Problem) -> Measured {
    let tail: Vec<u32> = problem.arcs().map(|(tail, ..)| tail).collect();
    let weight: Vec<u32> = problem.weight.iter().map(|w| w.cost).collect();
    let [x, y] = [0, 1].map(|axis| {
        let coordinate = |p: &(f64, f64)| (if axis == 0 { p.0 } else { p.1 }) as f32;
        problem.xy.iter().map(coordinate).collect::<Vec<f32>>()
    });
    let (first_out, head) = (problem.first_out.clone(), problem.head.clone());
    let graph = cch::graph::Graph { first_out, head, weight };
    let nodes = problem.nodes() as u32;
    rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(|| {
        let (order_ms, order) = Clock::Processor.median(1, || inertial_order(nodes, &tail, &graph.head, &y, &x));
        let (build_ms, hierarchy) = Clock::Processor.median(1, || Cch::build(&graph, &order));
        let customizer = hierarchy.customizer();
        let mut metric = hierarchy.customize(&graph.weight);
        let (customize_ms, ()) = Clock::Processor.median(5, || customizer.customize_into(&graph.weight, &mut metric));
        let table = || distance_matrix(&hierarchy.view(), &metric.view(), &problem.sources, &problem.targets);
        let (table_ms, cells) = Clock::Processor.median(5, table);
        let cell = |cost: &u32| if *cost == cch::INF_WEIGHT { NO_PATH } else { [*cost, 0, 0] };
        let rows = cells.chunks_exact(problem.targets.len()).map(|row| row.iter().map(cell).collect());
        Measured {
            sums: Sums::Cost,
            preparation: vec![("order", order_ms), ("contraction", build_ms)],
            customization: Some(customize_ms),
            table: vec![("table", table_ms)],
            extrapolated: false,
            rows: rows.enumerate().collect(),
        }
    })
}

/// The crate `fast_paths`: a contraction hierarchy; pair by pair, with one calculator for all of them.
fn fast(problem: &Problem) -> Measured {
    let mut input = fast_paths::InputGraph::new();
    for (tail, head, arc) in problem.arcs() {
        // It leaves out arcs of weight 0; New York has none, which the comparison of cells would show.
        input.add_edge(tail as usize, head as usize, problem.weight[arc].cost as usize);
    }
    input.freeze();
    let (prepare_ms, graph) = Clock::Processor.median(1, || fast_paths::prepare(&input));
    let mut calculator = fast_paths::create_calculator(&graph);
    let mut row = |s: &u32| {
        let mut cost = |t: &u32| {
            let path = calculator.calc_path(&graph, *s as usize, *t as usize);
            path.map_or(NO_PATH, |path| [path.get_weight() as u32, 0, 0])
        };
        problem.targets.iter().map(&mut cost).collect()
    };
    let (row_ms, rows) = Clock::Processor.each(problem.sources[..ROWS].iter(), &mut row);
    let searches = Measured::searches(Sums::Cost, row_ms, problem, rows);
    Measured { preparation: vec![("contraction", prepare_ms)], ..searches }
}
