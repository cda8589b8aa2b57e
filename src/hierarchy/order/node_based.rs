//! Nested dissection by node separators.

use super::bisect::bisect;
use super::cell::{Cell, NONE, in_parallel};
use super::{cover, grid, min_fill, reduce::Reduced, view::UndirectedView};
use rayon::prelude::*;

/// Cells of at most so many nodes are ordered by minimum fill: on road networks that beats further cuts.
const LEAF: usize = 400;

/// Nodes from lowest rank to highest.
pub(super) fn dissect(graph: &UndirectedView) -> Vec<u32> {
    let reduced = Reduced::new(graph);
    let mut node = reduced.eliminated.clone();
    let mut left = vec![true; graph.node_count()];
    node.iter().for_each(|&v| left[v as usize] = false);
    let places = grid::to_grid(graph.positions());
    let mut core: Vec<u32> = (0..graph.node_count() as u32).filter(|&v| left[v as usize]).collect();
    core.par_sort_unstable_by_key(|&v| (grid::morton(places[v as usize]), v));
    let mut number = vec![NONE; graph.node_count()];
    core.iter().zip(0u32..).for_each(|(&v, i)| number[v as usize] = i);
    let edges: Vec<(u32, u32, u32)> = core
        .iter()
        .zip(0u32..)
        .flat_map(|(&v, i)| {
            let number = &number;
            reduced
                .neighbours(v)
                .iter()
                .map(move |&w| number[w as usize])
                .filter(move |&w| w > i)
                .map(move |w| (i, w, 0))
        })
        .collect();
    let xy = core.iter().map(|&v| places[v as usize]).collect();
    let whole = Cell::new(xy, (0..core.len() as u32).collect(), &edges);
    drop(edges);
    let mut ranks = vec![0u32; core.len()];
    let (label, parts) = whole.components(&vec![0; core.len()]);
    in_parallel(whole.split(&label, parts), &mut ranks, Cell::len, &|cell, slice| order_cell(cell, &whole, slice));
    node.extend(ranks.into_iter().map(|i| core[i as usize]));
    node
}

/// Orders a connected cell into its slice.
fn order_cell(cell: &Cell, whole: &Cell, slice: &mut [u32]) {
    if cell.len() <= LEAF {
        let order = min_fill::min_fill(cell, |v| whole.neighbours(v));
        slice.iter_mut().zip(order).for_each(|(slot, v)| *slot = cell.node[v as usize]);
        return;
    }
    let source = bisect(cell);
    let (source, separator) = cover::smooth(cell, source);
    let mut part: Vec<u32> = source.iter().map(|&s| u32::from(s)).collect();
    separator.iter().for_each(|&v| part[v as usize] = NONE);
    let (label, parts) = cell.components(&part);
    let (below, top) = slice.split_at_mut(cell.len() - separator.len());
    top.iter_mut().zip(&separator).for_each(|(slot, &v)| *slot = cell.node[v as usize]);
    in_parallel(cell.split(&label, parts), below, Cell::len, &|cell, slice| order_cell(cell, whole, slice));
}
