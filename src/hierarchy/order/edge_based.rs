//! Nested dissection of the edge-based graph by edge cuts of the junction graph.
//!
//! Routing nodes are directed roads, routing arcs are turns. A set of roads that parts the junctions also parts the
//! routing nodes: each cut of the junction graph is a separator of the routing graph (Buchhold, Wagner, Zeitz,
//! Zündorf, ATMOS 2020). Both directions and all copies of a road take neighbouring ranks.

use super::bisect::bisect;
use super::cell::{Cell, NONE, in_parallel};
use super::contract::{ReducedRoads, fewest_roads};
use super::grid;
use rayon::prelude::*;

/// Cells of at most so many roads are ordered greedily; above, cuts are better.
const LEAF: usize = 24;

/// Roads from lowest rank to highest. Every end must be below the number of positions.
pub(super) fn dissect(position: &[(f64, f64)], roads: &[(u32, u32)]) -> Vec<u32> {
    let reduced = ReducedRoads::new(position.len(), roads);
    let mut order = reduced.eliminated.clone();
    let places = grid::to_grid(position);
    let mut core: Vec<u32> = (0..position.len() as u32).filter(|&v| !reduced.roads_at(v).is_empty()).collect();
    core.par_sort_unstable_by_key(|&v| (grid::morton(places[v as usize]), v));
    let mut number = vec![NONE; position.len()];
    core.iter().zip(0u32..).for_each(|(&v, i)| number[v as usize] = i);
    let edges: Vec<(u32, u32, u32)> = (0u32..)
        .zip(&reduced.ends)
        .filter(|(_, ends)| ends.0 != NONE)
        .map(|(road, ends)| (number[ends.0 as usize], number[ends.1 as usize], road))
        .collect();
    let xy = core.iter().map(|&v| places[v as usize]).collect();
    let whole = Cell::new(xy, (0..core.len() as u32).collect(), &edges);
    drop((edges, reduced));
    let from = order.len();
    order.resize(from + whole.name.len(), 0);
    let (label, parts) = whole.components(&vec![0; core.len()]);
    let rows = |cell: &Cell| cell.name.len();
    in_parallel(whole.split(&label, parts), &mut order[from..], rows, &|cell, slice| order_cell(cell, &whole, slice));
    order
}

/// Orders the roads of a connected cell into its slice.
fn order_cell(cell: &Cell, whole: &Cell, slice: &mut [u32]) {
    if cell.name.len() <= LEAF || cell.len() < 3 {
        let order = fewest_roads(cell, |v| whole.neighbours(v).len());
        slice.iter_mut().zip(order).for_each(|(slot, edge)| *slot = cell.name[edge as usize]);
        return;
    }
    let source = bisect(cell);
    let part: Vec<u32> = source.iter().map(|&s| u32::from(s)).collect();
    let (label, parts) = cell.components(&part);
    let cells = cell.split(&label, parts);
    let inside: usize = cells.iter().map(|cell| cell.name.len()).sum();
    let (below, top) = slice.split_at_mut(inside);
    let mut is_cut = vec![false; cell.name.len()];
    for v in (0..cell.len() as u32).filter(|&v| source[v as usize]) {
        for arc in cell.arcs(v).filter(|&arc| !source[cell.head[arc] as usize]) {
            is_cut[cell.edge[arc] as usize] = true;
        }
    }
    let cut = cell.name.iter().zip(&is_cut).filter(|(_, cut)| **cut).map(|(&road, _)| road);
    top.iter_mut().zip(cut).for_each(|(slot, road)| *slot = road);
    in_parallel(cells, below, |cell| cell.name.len(), &|cell, slice| order_cell(cell, whole, slice));
}
