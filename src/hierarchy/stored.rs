//! A hierarchy as sections of a flat file ([`crate::flat_file`]), and whether it can be trusted.
//!
//! All arrays stay where the file is mapped. What a query or customization indexes by is checked here once, rows in
//! parallel, so that they may index without looking: the tree is one in postorder, every arc leads to an ancestor,
//! triangles lie below their arc, and every turn is filed exactly once under the arc that it belongs to.

use super::contract::{Cch, Half};
use super::elimination_tree::{self as tree, NONE};
use super::roads::RoadHierarchy;
use crate::flat_file::{Fault, FlatFile, Sections};
use crate::network::RoadNetwork;
use rayon::prelude::*;

/// Fewer rows are not worth another thread.
const GRAIN: usize = 4096;

impl RoadHierarchy {
    /// Adds the hierarchy to a file to be written.
    pub fn store<'a>(&'a self, file: &mut Sections<'a>) {
        let cch = &self.cch;
        file.add("hierarchy.rank", &cch.rank);
        file.add("hierarchy.node", &cch.node);
        file.add("hierarchy.parent", &cch.parent);
        file.add("hierarchy.depth", &cch.depth);
        file.add("hierarchy.subtree", &cch.subtree);
        file.add("hierarchy.tail", &self.tail);
        for (name, half) in [("up", &cch.up), ("down", &cch.down)] {
            let section = |array| format!("hierarchy.{name}.{array}");
            file.add(&section("first"), &half.first);
            file.add(&section("head"), &half.head);
            file.add(&section("depth"), &half.depth);
            file.add(&section("lower_first"), &half.lower_first);
            file.add(&section("lower"), &half.lower);
            file.add(&section("input_first"), &half.input_first);
            file.add(&section("input"), &half.input);
        }
    }

    /// Takes the hierarchy of a network from a file. Runs in the current rayon pool.
    ///
    /// # Errors
    /// When the sections are others, or the hierarchy is none of this network.
    pub fn restore(file: &mut FlatFile, network: &RoadNetwork) -> Result<Self, Fault> {
        let (rank, node) = (file.take("hierarchy.rank")?, file.take("hierarchy.node")?);
        let (parent, depth) = (file.take("hierarchy.parent")?, file.take("hierarchy.depth")?);
        let subtree = file.take("hierarchy.subtree")?;
        let tail = file.take("hierarchy.tail")?;
        let mut half = |name| -> Result<Half, Fault> {
            let section = |array| format!("hierarchy.{name}.{array}");
            Ok(Half {
                first: file.take(&section("first"))?,
                head: file.take(&section("head"))?,
                depth: file.take(&section("depth"))?,
                lower_first: file.take(&section("lower_first"))?,
                lower: file.take(&section("lower"))?,
                input_first: file.take(&section("input_first"))?,
                input: file.take(&section("input"))?,
            })
        };
        let (up, down) = (half("up")?, half("down")?);
        let mut cch = Cch { rank, node, parent, depth, height: 0, subtree, up, down };
        check_tree(&cch, network.arc_count())?;
        cch.height = cch.depth.iter().max().map_or(0, |d| *d as usize + 1);
        let hierarchy = Self { cch, tail };
        hierarchy.check(network)?;
        Ok(hierarchy)
    }

    /// True when all arrays lie in a mapped file.
    #[must_use]
    pub fn is_mapped(&self) -> bool {
        let Cch { rank, node, parent, depth, height: _, subtree, up, down } = &self.cch;
        let halves = [up, down].iter().all(|half| {
            let numbers = [&half.first, &half.head, &half.depth, &half.lower_first, &half.input_first];
            numbers.iter().all(|array| array.is_mapped()) && half.lower.is_mapped() && half.input.is_mapped()
        });
        halves && [rank, node, parent, depth, subtree, &self.tail].iter().all(|array| array.is_mapped())
    }

    fn check(&self, network: &RoadNetwork) -> Result<(), Fault> {
        let (cch, tail) = (&self.cch, &*self.tail);
        require(tail.len() == network.turn_count(), "turns of the hierarchy")?;
        let arcs = (0..network.arc_count()).into_par_iter().with_min_len(GRAIN);
        let tails = arcs.map(|a| {
            let row = network.first_out[a] as usize..network.first_out[a + 1] as usize;
            tail[row].iter().all(|t| *t as usize == a)
        });
        require(tails.all(|right| right), "turns of the hierarchy")?;
        for half in [&cch.up, &cch.down] {
            let rows = |first: &[u32], entries: usize| {
                first.len() == cch.node_count() + 1
                    && first.first() == Some(&0)
                    && first.last().is_some_and(|last| *last as usize == entries)
                    && first.is_sorted()
            };
            require(
                rows(&half.first, half.head.len()) && half.depth.len() == half.head.len(),
                "arcs of the hierarchy",
            )?;
            require(rows(&half.lower_first, half.lower.len()), "triangles of the hierarchy")?;
            require(rows(&half.input_first, half.input.len()), "inputs of the hierarchy")?;
        }
        #[allow(clippy::cast_possible_truncation)] // as many ranks as arcs of the network
        let ranks = || (0..cch.node_count() as u32).into_par_iter().with_min_len(GRAIN);
        ranks().try_for_each(|x| check_arcs(cch, &cch.up, x).and_then(|()| check_arcs(cch, &cch.down, x)))?;
        let loops = ranks().map(|r| {
            let node = cch.node[r as usize];
            let row = network.first_out[node as usize] as usize..network.first_out[node as usize + 1] as usize;
            network.head[row].iter().filter(|head| head.0 == node).count()
        });
        let filed = cch.up.input.len() + cch.down.input.len() + loops.sum::<usize>();
        require(filed == tail.len(), "inputs of the hierarchy")?;
        ranks().try_for_each(|y| {
            check_lower(cch, &cch.up, &cch.down, y)?;
            check_lower(cch, &cch.down, &cch.up, y)?;
            let ends = |turn: u32| {
                let tail = *tail.get(turn as usize)?;
                Some((cch.rank[tail as usize], cch.rank[network.head[turn as usize].index()]))
            };
            check_inputs(&cch.up, y, &ends)?;
            check_inputs(&cch.down, y, &|turn| ends(turn).map(|(a, b)| (b, a)))
        })
    }
}

/// Ranks are a permutation, and the tree is one, numbered in postorder.
fn check_tree(cch: &Cch, nodes: usize) -> Result<(), Fault> {
    let lengths = [&cch.rank, &cch.node, &cch.parent, &cch.depth, &cch.subtree];
    require(lengths.iter().all(|array| array.len() == nodes), "nodes of the hierarchy")?;
    let inverse = cch.node.par_iter().enumerate().with_min_len(GRAIN).all(|(r, node)| {
        let back = cch.rank.get(*node as usize);
        back.is_some_and(|back| *back as usize == r)
    });
    require(inverse, "order of the hierarchy")?;
    let above = |(x, p): (usize, &u32)| *p == NONE || (*p as usize > x && (*p as usize) < nodes);
    require(cch.parent.iter().enumerate().all(above), "tree of the hierarchy")?;
    let depths = || {
        cch.parent.iter().zip(&cch.depth).all(|(&p, &d)| match p {
            NONE => d == 0,
            p => cch.depth[p as usize].checked_add(1) == Some(d),
        })
    };
    // Subtrees that lie within their parents' and hold as many ranks as nodes are intervals.
    let intervals = || {
        (0_u32..).zip(tree::subtree_sizes(&cch.parent)).zip(&cch.parent).all(|((x, size), &p)| {
            let start = cch.subtree[x as usize];
            x + 1 - size == start && (p == NONE || cch.subtree[p as usize] <= start)
        })
    };
    require(depths() && intervals(), "tree of the hierarchy")
}

/// Arcs lead to ancestors, ascending.
fn check_arcs(cch: &Cch, half: &Half, x: u32) -> Result<(), Fault> {
    let mut before = x;
    for arc in half.row(x) {
        let head = half.head[arc];
        let right = head > before && cch.subtree.get(head as usize).is_some_and(|start| *start <= x);
        require(right && half.depth[arc] == cch.depth[head as usize], "arcs of the hierarchy")?;
        before = head;
    }
    Ok(())
}

/// Triangles of row `y` are over arcs to it from its subtree, ascending.
fn check_lower(cch: &Cch, half: &Half, other: &Half, y: u32) -> Result<(), Fault> {
    const FAULT: Fault = "triangles of the hierarchy";
    let lowest = cch.subtree[y as usize];
    let own = half.first[lowest as usize]..half.first[y as usize];
    let others = other.first[lowest as usize]..other.first[y as usize];
    let mut least = others.start;
    for lower in half.lower(y) {
        let inside = lower.arc >= least && lower.arc < others.end && lower.start >= own.start && lower.end <= own.end;
        let above = inside && lower.start < lower.end && half.head[lower.start as usize] > y;
        require(above && other.head[lower.arc as usize] == y, FAULT)?;
        least = lower.arc + 1;
    }
    Ok(())
}

/// Input arcs of row `y` are filed under the arc between their ends, ascending.
fn check_inputs(half: &Half, y: u32, ends: &impl Fn(u32) -> Option<(u32, u32)>) -> Result<(), Fault> {
    let row = half.row(y);
    let mut before = None;
    for &[arc, input] in half.inputs(y) {
        let inside = row.contains(&(arc as usize)) && Some(input) > before;
        require(inside && ends(input) == Some((y, half.head[arc as usize])), "inputs of the hierarchy")?;
        before = Some(input);
    }
    Ok(())
}

fn require(holds: bool, what: Fault) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(what) }
}
