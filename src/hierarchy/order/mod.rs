//! Nested dissection orders: which nodes a hierarchy contracts first.
//!
//! A small balanced separator takes the highest ranks, the parts it leaves are ordered in the same way below it
//! (George 1973; for road networks Dibbelt, Strasser, Wagner, JEA 2016, section 4). Order of work: nodes of degree one
//! and two are eliminated first, which costs nothing; what is left is cut by inertial flow with growing terminals, in
//! parallel; small cells are ordered greedily by the fill they cause; ranks are a postorder of the elimination tree.
//! Integers decide everywhere: the order depends on the graph alone, not on threads.

mod bisect;
mod cell;
mod contract;
mod cover;
mod edge_based;
mod elimination;
mod flow;
mod grid;
mod min_fill;
mod node_based;
mod reduce;
mod view;
#[cfg(test)]
mod testing;

pub use elimination::{Completion, ROOT, completion, elimination_tree};
pub use grid::planar;
pub use view::UndirectedView;

use crate::hierarchy::elimination_tree::postorder;
use thiserror::Error;

/// A rank for every node: 0 is contracted first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// Rank by node.
    pub rank: Vec<u32>,
    /// Node by rank.
    pub node: Vec<u32>,
}

/// Why no order can be made.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum OrderError {
    /// An edge or road names a node that does not exist.
    #[error("edge names node {node}, but there are {nodes} nodes; give every node a position")]
    UnknownNode {
        /// The node.
        node: u32,
        /// How many there are.
        nodes: usize,
    },
    /// A routing node belongs to no road or to several.
    #[error("routing node {node} must belong to exactly one road; check the rows of roads and their nodes")]
    NotOneRoad {
        /// The node.
        node: u32,
    },
    /// Rows of roads do not start at 0, fall, or do not end where the nodes end.
    #[error("the rows of {roads} roads do not cover their {nodes} routing nodes; give one more row start than roads")]
    BadRows {
        /// Roads.
        roads: usize,
        /// Routing nodes.
        nodes: usize,
    },
    /// More than 32-bit indices can hold.
    #[error("{count} {what} exceed 32-bit indices; use a smaller extract")]
    TooLarge {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
    },
}

impl Order {
    /// From the nodes by rank, which must name each node once.
    fn from_nodes(node: Vec<u32>) -> Self {
        let mut rank = vec![0; node.len()];
        node.iter().zip(0u32..).for_each(|(&v, r)| rank[v as usize] = r);
        Self { rank, node }
    }

    /// The same completion, numbered in postorder of its elimination tree: each subtree is an interval of ranks.
    #[must_use]
    pub fn post_ordered(&self, graph: &UndirectedView) -> Self {
        let place = postorder(&elimination_tree(graph, self));
        let mut node = vec![0; self.node.len()];
        self.node.iter().zip(&place).for_each(|(&v, &to)| node[to as usize] = v);
        Self::from_nodes(node)
    }
}

/// Nested dissection of a node-based graph.
#[must_use]
pub fn nested_dissection(graph: &UndirectedView) -> Order {
    Order::from_nodes(node_based::dissect(graph)).post_ordered(graph)
}

/// Nested dissection of an edge-based graph, where road `r` between two junctions carries the routing nodes
/// `node[first_node[r]..first_node[r + 1]]` (its directions and their copies).
///
/// The order is a postorder of the elimination tree of the graph in which all roads that meet are joined; where turns
/// are missing, [`Order::post_ordered`] tells the finer tree.
///
/// # Errors
/// When a road names an unknown junction, rows do not fit, or a routing node does not belong to exactly one road.
pub fn edge_based(
    junction: &[(f64, f64)],
    roads: &[(u32, u32)],
    first_node: &[u32],
    node: &[u32],
) -> Result<Order, OrderError> {
    for (what, count) in [("junctions", junction.len()), ("roads", roads.len() * 2), ("routing nodes", node.len())] {
        if count >= u32::MAX as usize {
            return Err(OrderError::TooLarge { what, count });
        }
    }
    if let Some(unknown) = roads.iter().flat_map(|&(a, b)| [a, b]).find(|&v| v as usize >= junction.len()) {
        return Err(OrderError::UnknownNode { node: unknown, nodes: junction.len() });
    }
    let covers = first_node.first() == Some(&0) && first_node.last().map(|&end| end as usize) == Some(node.len());
    if first_node.len() != roads.len() + 1 || !covers || !first_node.is_sorted() {
        return Err(OrderError::BadRows { roads: roads.len(), nodes: node.len() });
    }
    let mut seen = vec![false; node.len()];
    for &v in node {
        match seen.get_mut(v as usize) {
            Some(seen) if !*seen => *seen = true,
            _ => return Err(OrderError::NotOneRoad { node: v }),
        }
    }
    let order = edge_based::dissect(junction, roads);
    let place = postorder(&contract::road_tree(junction.len(), roads, &order));
    let mut by_place = vec![0; order.len()];
    order.iter().zip(&place).for_each(|(&road, &to)| by_place[to as usize] = road);
    let nodes_of = |road: u32| &node[first_node[road as usize] as usize..first_node[road as usize + 1] as usize];
    Ok(Order::from_nodes(by_place.into_iter().flat_map(|road| nodes_of(road).iter().copied()).collect()))
}
